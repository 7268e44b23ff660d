#!/usr/bin/env python3
"""What Ultralytics itself says of its models: parameters and multiply-accumulates of one image.

Each is built from the package's own description, unfused, and run once on the meta device with attention as two
products: half of what torch's FlopCounterMode counts. A row is {name, size, params, macs}. The first version 5
(yolov5n and its like) has the blocks of the package's version 5 and a head of three anchors a position.

  pip install torch ultralytics
  python scripts/oracle/yolo.py --record test/golden/yolo.json
"""

import argparse
import json
import warnings

import torch
import ultralytics
from torch.utils.flop_counter import FlopCounterMode
from ultralytics.nn.tasks import ClassificationModel, DetectionModel, yaml_model_load

warnings.filterwarnings("ignore")

VERSIONS = {
    "yolov5{}u": "yolov5{}.yaml",
    **dict.fromkeys(("yolov8{}", "yolov8{}-cls", "yolo11{}", "yolo11{}-cls", "yolo12{}", "yolo26{}")),
}


class Anchors(torch.nn.Module):
    """The first head of version 5: a 1x1 convolution of each size to three boxes of 80 classes."""

    def __init__(self, channels):
        super().__init__()
        self.m = torch.nn.ModuleList(torch.nn.Conv2d(c, 3 * 85, 1) for c in channels)

    def forward(self, x):
        return [m(each).sigmoid() for m, each in zip(self.m, x)]


def row_of(name, yaml=None, anchors=False, size=None):
    kind = ClassificationModel if name.endswith("-cls") else DetectionModel
    model = kind(yaml_model_load(yaml or f"{name}.yaml"), verbose=False).eval()
    if anchors:
        old = model.model[-1]
        head = Anchors([box[0].conv.in_channels for box in old.cv2])
        head.i, head.f, head.type = old.i, old.f, "Anchors"
        model.model[-1] = head
    stride = getattr(model.model[-1], "stride", None)
    model = model.to("meta")
    # Boxes are made of the strides' values, which the meta device has none of.
    if stride is not None:
        model.model[-1].stride = stride
    size = size or ([224, 224] if name.endswith("-cls") else [640, 640])
    with FlopCounterMode(display=False) as counter, torch.no_grad():
        model(torch.empty((1, 3, *size), device="meta"))
    params = sum(p.numel() for p in model.parameters())
    return {"name": name, "size": size, "params": params, "macs": counter.get_total_flops() // 2}


def rows():
    for scale in "nsmlx":
        yield row_of(f"yolov5{scale}", f"yolov5{scale}.yaml", anchors=True)
        for name, yaml in VERSIONS.items():
            yield row_of(name.format(scale), yaml and yaml.format(scale))
    yield row_of("yolo11n", size=[384, 672])
    yield row_of("yolo12n", size=[384, 672])
    yield row_of("yolov8n-cls", size=[200, 231])


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--record", metavar="TABLE", help="write the table")
    args = parser.parse_args()
    text = ",\n".join(json.dumps(row, separators=(",", ":")) for row in rows())
    versions = {"ultralytics": ultralytics.__version__, "torch": torch.__version__.split("+")[0]}
    if args.record:
        with open(args.record, "w") as out:
            out.write(f'{{\n"versions": {json.dumps(versions)},\n')
            out.write(f'"command": "python scripts/oracle/yolo.py --record {args.record}",\n"rows": [\n{text}\n]\n}}\n')
    else:
        print(text)


if __name__ == "__main__":
    main()
