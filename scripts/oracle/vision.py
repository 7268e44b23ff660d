#!/usr/bin/env python3
"""What timm itself says of its architectures: parameters and multiply-accumulates at the size that each was made for.

Each is made on the meta device, where no weight takes memory, with its own number of classes, and run once on one image
with attention as two products: half of what torch's FlopCounterMode counts. A row is {name, size, params, macs}; `macs`
is absent where the pass does not run without memory.

  pip install torch timm
  python scripts/oracle/vision.py resnet50 vit_base_patch16_224       # rows on stdout
  python scripts/oracle/vision.py --record test/golden/timm.json      # the rows of a table again, in place
"""

import argparse
import json
import warnings

import timm
import torch
from torch.utils.flop_counter import FlopCounterMode

warnings.filterwarnings("ignore")


def row_of(name):
    with torch.device("meta"):
        model = timm.create_model(name, pretrained=False).eval()
    for module in model.modules():
        if hasattr(module, "fused_attn"):
            module.fused_attn = False
    size = model.default_cfg["input_size"]
    row = {"name": name, "size": list(size[1:]), "params": sum(p.numel() for p in model.parameters())}
    try:
        with FlopCounterMode(display=False) as counter, torch.no_grad():
            model(torch.empty((1, *size), device="meta"))
        row["macs"] = counter.get_total_flops() // 2
    except Exception as error:  # a pass that needs real numbers
        print(f"{name}: {str(error).splitlines()[0]}")
    return row


def write(path, names):
    rows = [json.dumps(row_of(name), separators=(",", ":")) for name in names]
    head = {"versions": {"timm": timm.__version__, "torch": torch.__version__.split("+")[0]}}
    with open(path, "w") as out:
        out.write(f'{{\n"versions": {json.dumps(head["versions"])},\n')
        out.write(f'"command": "python scripts/oracle/vision.py --record {path}",\n"rows": [\n')
        out.write(",\n".join(rows) + "\n]\n}\n")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*", help="timm's names")
    parser.add_argument("--record", metavar="TABLE", help="ask the names of a table again, in place")
    args = parser.parse_args()
    if args.record:
        with open(args.record) as table:
            names = [row["name"] for row in json.load(table)["rows"]]
        write(args.record, sorted({*names, *args.names}))
    else:
        for name in args.names:
            print(json.dumps(row_of(name)))


if __name__ == "__main__":
    main()
