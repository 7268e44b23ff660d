#!/usr/bin/env python3
"""What diffusers itself says of its classes: parameters and multiply-accumulates of one pass.

Each configuration is made on the meta device, where no weight takes memory, and run once with attention as two
products: half of what torch's FlopCounterMode counts. A row is {class, config, params, macs} and what it was run on:
`latent` (or `image`), `tokens` of a text. Small configurations also say `trained`, the MACs of a pass and its
gradients, and stand with one field changed (`changed`): other sizes, left out, null, flipped; changes that the class
refuses, or whose pass fails, are left out.

  pip install torch diffusers transformers
  python scripts/oracle/diffusion.py --record test/golden/diffusers.json
"""

import argparse
import inspect
import json
import warnings

import diffusers
import torch
from diffusion_configs import IDLE, LISTS, REAL, SMALL
from torch.nn.attention import SDPBackend, sdpa_kernel
from torch.utils.flop_counter import FlopCounterMode

warnings.filterwarnings("ignore")
diffusers.utils.logging.set_verbosity_error()


def inputs(model, name, size, tokens):
    c = model.config
    size = size or getattr(c, "sample_size", None) or 128
    height, width = (size, size) if isinstance(size, int) else size
    t = lambda *shape: torch.empty(shape, device="meta")
    if name == "AutoencoderKL":
        return [height, width], {"sample": t(1, c.in_channels, height, width)}
    time = torch.zeros(1, dtype=torch.long, device="meta")
    latent = t(1, c.in_channels, height, width)
    if name in ("DiTTransformer2DModel", "Transformer2DModel"):
        return [height, width], {"hidden_states": latent, "timestep": time, "class_labels": time}
    if name == "SD3Transformer2DModel":
        text = t(1, tokens, c.joint_attention_dim)
        pooled = t(1, c.pooled_projection_dim)
        return [height, width], dict(hidden_states=latent, encoder_hidden_states=text, pooled_projections=pooled,
            timestep=time)
    if name == "FluxTransformer2DModel":
        n = (height // 2) * (width // 2)
        given = dict(
            hidden_states=t(1, n, c.in_channels), encoder_hidden_states=t(1, tokens, c.joint_attention_dim),
            pooled_projections=t(1, c.pooled_projection_dim), timestep=t(1), img_ids=t(n, 3), txt_ids=t(tokens, 3),
        )
        return [height, width], {**given, **({"guidance": t(1)} if c.guidance_embeds else {})}
    dims = c.cross_attention_dim
    widths = [dims] if isinstance(dims, int) else list(dims)
    given = {"sample": latent, "timestep": time, "encoder_hidden_states": t(1, tokens,
        c.encoder_hid_dim or widths[0])}
    if c.class_embed_type in ("projection", "simple_projection"):
        given["class_labels"] = t(1, c.projection_class_embeddings_input_dim)
    elif c.class_embed_type == "identity":
        given["class_labels"] = t(1, c.time_embedding_dim or 4 * c.block_out_channels[0])
    elif c.class_embed_type == "timestep" or c.num_class_embeds is not None:
        given["class_labels"] = time
    if c.addition_embed_type == "text_time":
        known = c.projection_class_embeddings_input_dim
        ids = min(6, (known - 1) // c.addition_time_embed_dim)
        given["added_cond_kwargs"] = {"text_embeds": t(1, known - ids * c.addition_time_embed_dim),
            "time_ids": t(1, ids)}
    if c.time_cond_proj_dim is not None:
        given["timestep_cond"] = t(1, c.time_cond_proj_dim)
    return [height, width], given


def row_of(title, name, config, size, tokens, changed=None):
    with torch.device("meta"):
        model = getattr(diffusers, name).from_config({**config, "_class_name": name}).eval()
    ran, given = inputs(model, name, size, tokens)
    if name == "FluxTransformer2DModel" and any(side % 2 for side in ran):
        raise ValueError("odd")
    with FlopCounterMode(display=False) as counter, torch.no_grad(), sdpa_kernel(SDPBackend.MATH):
        model(**given)
    row = {"name": title, **({"changed": changed} if changed else {}), "class": name, "config": config}
    row["image" if name == "AutoencoderKL" else "latent"] = ran
    if tokens is not None:
        row["tokens"] = tokens
    if title.startswith("small") and changed is None:
        with FlopCounterMode(display=False) as both, sdpa_kernel(SDPBackend.MATH):
            model.train()(**given).sample.sum().backward()
        row["trained"] = both.get_total_flops() // 2
    return {**row, "params": sum(p.numel() for p in model.parameters()), "macs": counter.get_total_flops() // 2}


def others(field, value):
    """Values to try instead."""
    more = LISTS.get(field, [])
    if isinstance(value, bool):
        return [not value, *more]
    if isinstance(value, int):
        return [*dict.fromkeys(n for n in (2 * value, value + 1, value - 1, value + 2, 1,
            0) if n >= 0 and n != value), *more]
    if value is None:
        return [True, 2, 6, *more]
    return [*more, None]


def mutations(title, name, config, size, tokens):
    defaults = inspect.signature(getattr(diffusers, name).__init__).parameters
    for field, parameter in defaults.items():
        if field == "self" or field in IDLE:
            continue
        tries = others(field, config.get(field, parameter.default))
        changed = [{**config, field: value} for value in [*tries, None]]
        if field in config:
            changed.append({key: value for key, value in config.items() if key != field})
        seen = []
        for own in changed:
            if own in seen or own == config:
                continue
            seen.append(own)
            asked = None if field == "sample_size" else size
            try:
                yield row_of(title, name, own, asked, tokens, field)
            except Exception:  # a change that the class, or its pass, does not take
                continue


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--record", metavar="TABLE", help="write the table")
    args = parser.parse_args()
    rows = [row_of(*own) for own in REAL + SMALL]
    rows += [row for own in SMALL for row in mutations(*own)]
    text = ",\n".join(json.dumps(row, separators=(",", ":")) for row in rows)
    versions = {"diffusers": diffusers.__version__, "torch": torch.__version__.split("+")[0]}
    if args.record:
        with open(args.record, "w") as out:
            out.write(f'{{\n"versions": {json.dumps(versions)},\n')
            out.write(f'"command": "python scripts/oracle/diffusion.py --record {args.record}",\n')
            out.write(f'"rows": [\n{text}\n]\n}}\n')
    else:
        print(text)


if __name__ == "__main__":
    main()
