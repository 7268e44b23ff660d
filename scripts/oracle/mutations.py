#!/usr/bin/env python3
"""Each configuration of families.json with one field changed, and what transformers then says of it.

A field of the configuration is given other sizes, left out (so that the class's default shows), made null or flipped; a
field that the configuration leaves to its class is set to something else than the default; the class is exchanged for
the body alone and for other heads; and the whole is written as transformers saves it (change "saved"). Changes that the
class refuses, or whose pass fails, are left out. A row names its configuration by type (and variant) and says
  change   {"field": value}: set; {"field": null}: null; "absent": the field named by `field` is left out
  params, macs, buffers  as in families.py

  python scripts/oracle/mutations.py test/golden/families.json test/golden/familyMutations.json --jobs 2
"""

import argparse
import json
import math
import re
from concurrent.futures import ProcessPoolExecutor

import families
import torch
import transformers

# Fields that change neither a size nor what is run.
IDLE = re.compile(
    r"token_id|^(architectures|model_type|id2label|label2id|dtype|torch_dtype|transformers_version|_name_or_path|"
    r"use_cache|return_dict|output_\w+|problem_type|chunk_size_feed_forward|is_encoder_decoder|\w*dropout\w*|layerdrop|"
    r"pruned_heads|initializer\w*|mask_\w+|ctc_\w+|summary_\w+|suppress_tokens|begin_suppress_tokens|rope_\w+|"
    r"num_negatives|codevector_dim|\w*codevector\w*|apply_spec_augment|use_mamba_kernels|use_mambapy|tdnn_\w+|"
    r"deterministic_flash_attn|out_features|out_indices|stage_names|encoder_no_repeat_ngram_size|init_device|"
    r"time_step_\w+|xvector_output_dim|semantic_loss\w*|auxiliary_loss\w*)$"
)
HEADS = ("Model", "ForCausalLM", "ForSequenceClassification", "ForTokenClassification", "ForQuestionAnswering")
FRACTIONS = re.compile(r"ratio|factor|multiplier|fraction")
ABSENT = object()


def set_in(fields, path, value):
    """A copy of `fields` with the field at the dotted path set or left out."""
    head, _, rest = path.partition(".")
    copy = dict(fields)
    if rest:
        copy[head] = set_in(copy[head], rest, value)
    elif value is ABSENT:
        del copy[head]
    else:
        copy[head] = value
    return copy


def is_size(value):
    return isinstance(value, int) and not isinstance(value, bool)


def others(value):
    """Values to try instead: the first two that the class takes are kept."""
    if isinstance(value, bool):
        return [not value]
    if value is None:
        return [True, 2, 6]
    if is_size(value):
        near = dict.fromkeys((2 * value, value + 1, value - 1, value + 2, 1))
        return [n for n in near if n >= 0 and n != value]
    if isinstance(value, float):
        return [0.5 * value] if value else []
    if isinstance(value, list) and value and value != value[::-1]:
        return [value[::-1]]
    return []


def given(fields, at=""):
    """Paths and values of a configuration's own fields."""
    for name, value in fields.items():
        if IDLE.search(name):
            continue
        if isinstance(value, dict):
            yield from given(value, f"{at}{name}.")
        else:
            yield f"{at}{name}", value


def left_out(fields):
    """Fields that the class has and the configuration does not say, with what the class makes of them."""
    whole = families.config_of(fields).to_dict()
    yield from left_out_of(fields, whole)
    for part in ("text_config", "vision_config"):
        if isinstance(fields.get(part), dict):
            yield from left_out_of(fields[part], whole[part], f"{part}.")


def left_out_of(fields, whole, at=""):
    for name, value in whole.items():
        idle = name in fields or IDLE.search(name) or isinstance(value, (dict, list, str))
        if not idle and (not isinstance(value, float) or FRACTIONS.search(name)):
            yield f"{at}{name}", value


def saved(fields):
    """What save_pretrained writes, as far as JSON can say it."""
    config = families.config_of(fields)
    infinite = lambda v: isinstance(v, float) and not math.isfinite(v)
    whole = {
        name: value
        for name, value in config.to_dict().items()
        if not infinite(value) and not (isinstance(value, list) and any(map(infinite, value)))
    }
    whole.update(architectures=fields["architectures"], model_type=fields["model_type"])
    return {name: value for name, value in whole.items() if name not in fields or fields[name] != value}


def other_classes(fields):
    [name] = fields["architectures"]
    stem = re.sub(r"(For[A-Z]\w*|LMHeadModel|MTModel|Model)$", "", name)
    return [stem + head for head in HEADS if stem + head != name and hasattr(transformers, stem + head)]


def mutations(row):
    """Rows of one configuration, each with one change that its class takes."""
    fields = row["config"]
    about = {key: row[key] for key in ("type", "variant") if key in row}
    asked_of = ("tokens", "sourceTokens", "imageSize", "images", "image", "samples")
    work = {key: row[key] for key in asked_of if key in row}

    def asked(field, change, config):
        said = families.answer({**work, "config": config})
        if "macs" not in said:
            return None
        numbers = {key: said[key] for key in ("params", "macs", "buffers") if key in said}
        return {**about, "field": field, "change": change, **numbers}

    def tried(field, values, most):
        kept = 0
        for value in values:
            found = asked(field, {field: value}, set_in(fields, field, value))
            if found is not None:
                yield found
                kept += 1
            if kept == most:
                return

    rows = []
    for field, value in given(fields):
        rows.append(asked(field, "absent", set_in(fields, field, ABSENT)))
        rows.extend(tried(field, [None], 1))
        rows.extend(tried(field, others(value), 2))
    for field, value in left_out(fields):
        rows.extend(tried(field, others(value), 1))
    for name in other_classes(fields):
        rows.append(asked("architectures", {"architectures": [name]}, set_in(fields, "architectures", [name])))
    whole = saved(fields)
    if not row.get("variant"):
        rows.append(asked("saved", whole, {**fields, **whole}))
    return [found for found in rows if found is not None]


def safely(row):
    torch.set_num_threads(1)
    return mutations(row)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("table", help="the table of families")
    parser.add_argument("out", help="the table to write")
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--type", action="append", help="only these types (written as they are, to try out)")
    asked = parser.parse_args()
    rows = [row for row in families.rows_in(asked.table) if not asked.type or row["type"] in asked.type]
    rows = [row for row in rows if not (row.get("variant") or "").startswith(row["config"]["architectures"][0])]
    found = []
    with ProcessPoolExecutor(asked.jobs) as pool:
        for row, some in zip(rows, pool.map(safely, rows)):
            found.extend(some)
            print(f"{row['type']}: {len(some)}", flush=True)
    command = "python scripts/oracle/mutations.py test/golden/families.json test/golden/familyMutations.json"
    families.write_table(asked.out, command, found)


if __name__ == "__main__":
    main()
