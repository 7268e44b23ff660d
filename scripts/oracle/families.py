#!/usr/bin/env python3
"""What transformers itself says of a configuration: parameters and multiply-accumulates of the class it names.

Reads rows {"config": {...}, "tokens"?: n, ...}: a .jsonl file, a table that --record wrote, or whole config.json files.
Each configuration's class (`architectures`, else the model type's own) is instantiated on the meta device, where no
weight takes memory, and the row comes back with
  class    the class instantiated
  params   its parameters, tied ones once
  parts    with --parts: the same by module
  buffers  elements of the floating-point buffers that a checkpoint stores, where there are any (a router's correction,
           running statistics)
  macs     of one eager forward pass, batch 1: half of what torch's FlopCounterMode counts, without the rotary table.
           Routed experts run as batched products, which multiply as often as a loop over experts; where a class runs
           every expert on every token (Llama 4), the share of those that were chosen.
  error    instead of these, in one line, where the class refuses the configuration; `unrun` where its pass fails
The pass reads `tokens` positions (an encoder-decoder on both sides); a vision model an image of its image_size (or the
row's `imageSize`), a decoder with cross-attention also `sourceTokens` of a source, a speech model `samples` of sound
(16000), Whisper the window that its configuration names. A model of text and images reads the row's `images` (none by
default), whose positions are among the `tokens`.
Recurrent and linear attention run as the plain torch code does, in chunks; another scan multiplies otherwise.

  pip install torch transformers
  python scripts/oracle/families.py --tokens 64 config.json            # a row on stdout
  python scripts/oracle/families.py --record test/golden/families.json # its rows again, in place
"""

import argparse
import json
import warnings

import torch
import transformers
from torch.utils.flop_counter import FlopCounterMode
from transformers import CONFIG_MAPPING

from familyInputs import first, inputs_of, masked

warnings.filterwarnings("ignore")
transformers.logging.set_verbosity_error()

AUTO = (
    "AutoModelForCausalLM",
    "AutoModelForSeq2SeqLM",
    "AutoModelForSpeechSeq2Seq",
    "AutoModelForImageClassification",
    "AutoModelForSemanticSegmentation",
    "AutoModel",
)
LARGEST_ON_CPU = 20_000_000
ALL_EXPERTS = {"Llama4TextExperts"}
# Classes whose pass ends in an error of their own behind its last product.
UNFINISHED = {"Llama4ForConditionalGeneration"}
ANSWERS = ("class", "params", "parts", "buffers", "macs", "error", "unrun")


def config_of(fields):
    """The configuration object of a config.json's fields; absent fields take the class's defaults.

    A type that is not transformers' own is read as the class that `architectures` names reads its own.
    """
    rest = dict(fields)
    kind = rest.pop("model_type", None)
    if kind in CONFIG_MAPPING:
        return CONFIG_MAPPING[kind].from_dict(rest)
    named = [getattr(transformers, name, None) for name in rest.get("architectures") or ()]
    if not named or named[0] is None:
        raise ValueError(f"model_type {kind!r} is none of transformers {transformers.__version__}")
    return named[0].config_class.from_dict(rest)


def class_of(config):
    """The class that the configuration was saved from, else the first head that the type has."""
    for name in config.architectures or ():
        found = getattr(transformers, name, None)
        if found is None:
            raise ValueError(f"architecture {name!r} is none of transformers {transformers.__version__}")
        return found
    for auto in AUTO:
        mapping = getattr(transformers, auto)._model_mapping
        if type(config) in mapping:
            found = mapping[type(config)]
            return found[0] if isinstance(found, (tuple, list)) else found
    raise ValueError(f"no class for {type(config).__name__}")


def built(fields, device):
    """The model on `device`, eager attention throughout."""
    config = config_of(fields)
    with torch.device(device):
        model = class_of(config)._from_config(
            config, attn_implementation="eager", experts_implementation="batched_mm"
        )
    return model.eval()


def stored_buffers(model):
    """Elements of persistent floating-point buffers, each once."""
    names = set(model.state_dict(keep_vars=True))
    return sum(b.numel() for name, b in model.named_buffers() if name in names and b.is_floating_point())


def by_part(model):
    """Parameters by the first two levels of modules; one shared by two belongs to the first."""
    seen = set()
    parts = {}
    for name, parameter in model.named_parameters(remove_duplicate=False):
        if id(parameter) in seen:
            continue
        seen.add(id(parameter))
        top = ".".join(name.split(".")[:2])
        parts[top] = parts.get(top, 0) + parameter.numel()
    return parts


def macs_of(model, inputs):
    """Multiply-accumulates of one pass, without what the preface leaves out."""
    cached = {"use_cache": False} if hasattr(model.config, "use_cache") else {}
    with torch.no_grad(), FlopCounterMode(display=False) as counter:
        try:
            model(**inputs, **cached)
        except AttributeError:
            if type(model).__name__ not in UNFINISHED or "pixel_values" in inputs:
                raise
    total = counter.get_total_flops()
    counts = {name: sum(ops.values()) for name, ops in counter.get_flop_counts().items()}
    for name, module in model.named_modules():
        flops = counts.get(f"{type(model).__name__}.{name}", 0)
        kind = type(module).__name__
        if "RotaryEmbedding" in kind:
            total -= flops
        if kind in ALL_EXPERTS:
            text = first(model.config, "text_config") or model.config
            chosen, experts = text.num_experts_per_tok, text.num_local_experts
            total -= flops * (experts - chosen) // experts
    return total // 2


def one_line(error):
    text = " ".join(str(error).split())
    return f"{type(error).__name__}: {text[:160]}"


def answer(row, parts=False):
    """The row with what transformers says of it."""
    out = {key: value for key, value in row.items() if key not in ANSWERS}
    try:
        model = built(row["config"], "meta")
    except Exception as error:  # whatever a class raises is its answer
        return {**out, "error": one_line(error)}
    out["class"] = type(model).__name__
    out["params"] = sum(p.numel() for p in model.parameters())
    buffers = stored_buffers(model)
    if buffers:
        out["buffers"] = buffers
    if parts:
        out["parts"] = by_part(model)
    # A pass that reads values (a loop over the experts that were hit) needs a real device.
    for device, mask in (("meta", True), ("meta", False), ("cpu", False)):
        if device == "cpu" and out["params"] > LARGEST_ON_CPU:
            break
        try:
            here = model if device == "meta" else built(row["config"], device)
            inputs = inputs_of(here, row, device)
            out["macs"] = macs_of(here, masked(here, inputs) if mask else inputs)
            out.pop("unrun", None)
            break
        except Exception as error:
            out["unrun"] = one_line(error)
    return out


def versions():
    return {"transformers": transformers.__version__, "torch": torch.__version__.split("+")[0]}


def rows_in(path, tokens=None):
    with open(path, encoding="utf8") as file:
        text = file.read()
    if path.endswith(".jsonl"):
        rows = [json.loads(line) for line in text.splitlines() if line.strip()]
    else:
        whole = json.loads(text)
        rows = whole["rows"] if "rows" in whole else [{"config": whole}]
    return [{**({"tokens": tokens} if tokens else {}), **row} for row in rows]


def write_table(path, command, rows):
    """A table in JSON, one row a line."""
    lines = ",\n".join(json.dumps(row, separators=(",", ":")) for row in rows)
    head = f'"versions": {json.dumps(versions())},\n"command": {json.dumps(command)}'
    with open(path, "w", encoding="utf8") as file:
        file.write(f'{{\n{head},\n"rows": [\n{lines}\n]\n}}\n')


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", nargs="*", help="rows in .jsonl, recorded tables, or config.json files")
    parser.add_argument("--tokens", type=int, help="positions, where a row does not say (default 64)")
    parser.add_argument("--parts", action="store_true", help="parameters by module too")
    parser.add_argument("--record", metavar="TABLE", help="ask the table's rows again and write it in place")
    parser.add_argument("--versions", action="store_true", help="print the versions and stop")
    asked = parser.parse_args()
    if asked.versions:
        print(json.dumps(versions()))
        return
    if asked.record:
        rows = [answer(row) for row in rows_in(asked.record, asked.tokens)]
        write_table(asked.record, "python scripts/oracle/families.py --record test/golden/families.json", rows)
        return
    if not asked.files:
        parser.error("a file is needed")
    for path in asked.files:
        for row in rows_in(path, asked.tokens):
            print(json.dumps(answer(row, asked.parts)), flush=True)


if __name__ == "__main__":
    main()
