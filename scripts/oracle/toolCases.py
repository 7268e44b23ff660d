"""The cases that tools.py runs, a line each (toolModules.py builds them).

{name, options}: a named model of torchvision or transformers, its attention in two products and a softmax.
{module, options, input}: a layer of torch.nn, with PyTorch's own options; `input` is the shape of x.
{call, options, input}: a function; `input` has the shape of each tensor.
{mode: "train"}: in training mode. {backward: true}: the backward pass too, that of the input included (torch only).
{attention}: how attention runs: "fused" as scaled_dot_product_attention, "fast path" as PyTorch's own op for a
nn.MultiheadAttention in eval mode without gradients, else in two products and a softmax.
"""


def one(module, input, *, case=None, mode=None, attention=None, **options):
    """A case of one layer."""
    about = {"case": case, "module": module, "options": options, "input": input, "mode": mode, "attention": attention}
    return {key: value for key, value in about.items() if value not in (None, {})}


def call(function, *input, attention=None, **options):
    """A case of one function."""
    about = {"call": function, "options": options, "input": list(input), "attention": attention}
    return {key: value for key, value in about.items() if value not in (None, {})}


def back(case):
    return {**case, "backward": True}


def vision(name, size=224, **more):
    return {"name": name, "options": {"imageSize": size}, **more}


MHA = dict(batch_first=True)
PLANE = [3, 8, 15, 17]
CASES = [
    *({"case": name, "name": name} for name in
      ["resnet18", "resnet50", "mobilenet_v2", "efficientnet_b0", "convnext_tiny", "vit_b_16"]),
    {"case": "deit_s(vit384x6)", "name": "deit_s"},
    one("Linear", [1, 768], case="Linear(768,3072) b=1", in_features=768, out_features=3072),
    one("Linear", [8, 768], case="Linear(768,3072) b=8", in_features=768, out_features=3072),
    one("Linear", [1, 512, 768], case="Linear 3D (1,512,768)", in_features=768, out_features=3072),
    one("Conv2d", [1, 64, 224, 224], case="Conv 64>128 k3 p0 224", in_channels=64, out_channels=128, kernel_size=3),
    one("Conv2d", [1, 64, 224, 224], case="Conv 64>128 k3 p1 224", in_channels=64, out_channels=128, kernel_size=3,
        padding=1),
    one("ConvTranspose2d", [1, 64, 28, 28], case="ConvT 64>32 k4 s2 p1 28", in_channels=64, out_channels=32,
        kernel_size=4, stride=2, padding=1),
    one("BatchNorm2d", [1, 64, 56, 56], case="BatchNorm2d(64) 56 eval", num_features=64),
    one("LayerNorm", [1, 512, 768], case="LayerNorm(768) 512", normalized_shape=768),
    one("Softmax", [1, 12, 512, 512], case="Softmax (12,512,512)", dim=-1),
    one("GELU", [1, 512, 3072], case="GELU (1,512,3072)"),
    one("ReLU", [1, 64, 56, 56], case="ReLU (1,64,56,56)"),
    one("MaxPool2d", [1, 64, 112, 112], case="MaxPool k3 s2 p1 112", kernel_size=3, stride=2, padding=1),
    one("AdaptiveAvgPool2d", [1, 2048, 7, 7], case="AdaptiveAvgPool 2048x7x7", output_size=1),
    one("MultiheadAttention", [1, 512, 768], case="MultiheadAttention d768 h12 s512", embed_dim=768, num_heads=12,
        **MHA),
    one("Embedding", [1, 512], case="Embedding 30522x768 s512", num_embeddings=30522, embedding_dim=768),
]
ACTIVATIONS = ["LeakyReLU", "ReLU6", "SiLU", "Sigmoid", "Tanh", "Hardswish", "Hardsigmoid", "ELU", "Softplus", "Mish",
               "ReLU", "GELU"]
IO = dict(in_channels=8, out_channels=12)
STEP = dict(input_size=10, hidden_size=20, batch_first=True)
LAYERS = [
    one("GroupNorm", [2, 64, 14, 14], case="GroupNorm(8,64) 14", num_groups=8, num_channels=64),
    one("BatchNorm2d", [2, 64, 14, 14], case="BatchNorm2d(64, affine=False) 14", num_features=64, affine=False),
    one("LayerNorm", [2, 10, 96], case="LayerNorm(96, elementwise_affine=False)", normalized_shape=96,
        elementwise_affine=False),
    one("BatchNorm2d", [2, 64, 14, 14], case="BatchNorm2d b2", num_features=64),
    one("LayerNorm", [2, 10, 96], case="LayerNorm(96) b2", normalized_shape=96),
    one("AvgPool2d", [2, 8, 13, 13], case="AvgPool2d 3 s2", kernel_size=3, stride=2),
    one("AdaptiveAvgPool2d", [2, 8, 14, 14], case="AdaptiveAvgPool2d 7 from 14", output_size=7),
    one("AdaptiveAvgPool2d", [1, 8, 13, 13], case="AdaptiveAvgPool2d 6 from 13", output_size=6),
    *(one(name, [2, 10, 30], case=name) for name in ACTIVATIONS),
    one("Softmax", [1, 3, 5], case="Softmax 3x5", dim=-1),
    one("Conv1d", [2, 8, 21], case="Conv1d 8>12 k3 s2 p1 bias b2", **IO, kernel_size=3, stride=2, padding=1),
    one("Conv3d", [2, 4, 5, 6, 7], case="Conv3d 4>6 k3 p1 b2", in_channels=4, out_channels=6, kernel_size=3, padding=1),
    one("Conv2d", PLANE, case="Conv2d 8>12 k3 s2 p2 d2 g4 b3", **IO, kernel_size=3, stride=2, padding=2, dilation=2,
        groups=4),
    one("Conv2d", PLANE, case="Conv2d 8>12 k3 nobias b3", **IO, kernel_size=3, bias=False),
    one("ConvTranspose2d", [2, 8, 9, 11], case="ConvT 8>12 k3 s2 p1 op1 g4 b2", **IO, kernel_size=3, stride=2,
        padding=1, output_padding=1, groups=4),
    one("ConvTranspose2d", [2, 8, 9, 11], case="ConvT 8>12 k4 s2 p1 nobias b2", **IO, kernel_size=4, stride=2,
        padding=1, bias=False),
    one("ConvTranspose1d", [2, 8, 9], case="ConvT1d 8>12 k4 s2 p1 b2", **IO, kernel_size=4, stride=2, padding=1),
    one("Linear", [4, 10], case="Linear nobias b4", in_features=10, out_features=20, bias=False),
    one("Linear", [4, 5, 10], case="Linear 3d b4 n5", in_features=10, out_features=20),
    one("Embedding", [4, 5], case="Embedding b4 n5", num_embeddings=100, embedding_dim=20),
    one("MultiheadAttention", [2, 7, 96], case="MHA 96 h4 b2 n7", embed_dim=96, num_heads=4, **MHA),
    {**one("MultiheadAttention", [2, 7, 96], case="MHA keywords 96 h4 b2 n7", embed_dim=96, num_heads=4, **MHA),
     "keywords": True},
    one("LSTM", [2, 5, 10], case="LSTM 10>20 b2 n5", **STEP),
    one("LSTM", [2, 5, 10], case="LSTM 10>20 L2 bi b2 n5", **STEP, num_layers=2, bidirectional=True),
    one("LSTM", [2, 5, 10], case="LSTM 10>20 nobias b2 n5", **STEP, bias=False),
    one("GRU", [2, 5, 10], case="GRU 10>20 b2 n5", **STEP),
    one("GRU", [2, 5, 10], case="GRU 10>20 L2 bi b2 n5", **STEP, num_layers=2, bidirectional=True),
    one("GRU", [2, 5, 10], case="GRU 10>20 nobias b2 n5", **STEP, bias=False),
    {"case": "gpt2@32", "name": "gpt2", "options": {"tokens": 32}},
    {"case": "llama-tiny@32", "name": "llama-tiny", "options": {"tokens": 32}},
]
MODELS = [
    *(vision(name) for name in ["alexnet", "vgg11", "vgg16_bn", "squeezenet1_0", "squeezenet1_1", "densenet121"]),
    vision("inception_v3", 299),
    *(vision(name) for name in ["regnet_y_400mf", "regnet_x_400mf", "mobilenet_v3_large", "mobilenet_v3_small"]),
    vision("efficientnet_v2_s", 384),
    vision("swin_t"),
    vision("swin_t", 256),
    *(vision(name) for name in ["vit_b_32", "resnext50_32x4d", "googlenet", "mnasnet1_0", "shufflenet_v2_x1_0"]),
    vision("swin_v2_t", 256),
    vision("maxvit_t"),
    *({"name": name, "options": {"tokens": 128}} for name in
      ["bert-base-uncased", "distilbert-base-uncased", "roberta-base"]),
    {"name": "t5-small", "options": {"sourceTokens": 128, "tokens": 32}},
    {"name": "whisper-tiny", "options": {"tokens": 4}},
]

# Every option near the rows above, and both run modes. Sizes are such that no two of them are equal.
LINE, SQUARE, CUBE = [2, 8, 21], [2, 8, 10, 13], [2, 8, 5, 6, 7]
WINDOWS = [
    dict(kernel_size=3), dict(kernel_size=3, bias=False), dict(kernel_size=3, padding="same"),
    dict(kernel_size=4, padding="same"), dict(kernel_size=4, padding="same", dilation=3, bias=False),
    dict(kernel_size=3, padding="same", groups=4), dict(kernel_size=3, padding="valid", stride=2),
    dict(kernel_size=3, padding=2, dilation=2, groups=2),
    dict(kernel_size=3, padding=1, stride=3, groups=4, bias=False),
    dict(kernel_size=3, padding=1, padding_mode="reflect"),
]
UPWARDS = [
    dict(kernel_size=3), dict(kernel_size=4, stride=2, padding=1, bias=False), dict(kernel_size=3, stride=2, groups=4),
    dict(kernel_size=3, stride=3, padding=1, output_padding=2), dict(kernel_size=3, dilation=2, groups=2, stride=2),
]
CONVOLUTIONS = [
    *(one("Conv2d", SQUARE, **IO, **w) for w in WINDOWS),
    *(one("Conv1d", LINE, **IO, **w) for w in WINDOWS),
    *(one("Conv3d", CUBE, **IO, **w) for w in WINDOWS[3:8]),
    one("Conv2d", SQUARE, **IO, kernel_size=[3, 4], stride=[1, 2], padding=[0, 2]),
    one("Conv2d", SQUARE, **IO, kernel_size=[3, 4], padding="same", dilation=[1, 2]),
    one("Conv2d", SQUARE, in_channels=8, out_channels=8, kernel_size=3, groups=8, padding=1),
    *(one("ConvTranspose2d", SQUARE, **IO, **w) for w in UPWARDS),
    *(one("ConvTranspose1d", LINE, **IO, **w) for w in UPWARDS),
    *(one("ConvTranspose3d", CUBE, **IO, **w) for w in UPWARDS[2:4]),
    one("ConvTranspose2d", SQUARE, in_channels=8, out_channels=8, kernel_size=3, groups=8, stride=2),
]
NORMS = [
    *(one(name, shape, num_features=8, mode=mode, **more) for name, shape in
      [("BatchNorm1d", [3, 8]), ("BatchNorm1d", LINE), ("BatchNorm2d", SQUARE), ("BatchNorm3d", CUBE)]
      for mode in (None, "train") for more in ({}, {"affine": False})),
    *(one("LayerNorm", [2, 5, 12], normalized_shape=12, mode=mode, **more) for mode in (None, "train")
      for more in ({}, {"elementwise_affine": False}, {"bias": False})),
    one("LayerNorm", [2, 5, 12], normalized_shape=[5, 12]),
    *(one("RMSNorm", [2, 5, 12], normalized_shape=12, **more) for more in ({}, {"elementwise_affine": False})),
    *(one("GroupNorm", shape, num_groups=4, num_channels=8, **more) for shape in (LINE, SQUARE, CUBE)
      for more in ({}, {"affine": False})),
]
POOLS = [
    *(one(f"{kind}Pool{n}d", shape, **window) for kind in ("Max", "Avg") for n, shape in
      ((1, LINE), (2, SQUARE), (3, CUBE)) for window in
      (dict(kernel_size=3), dict(kernel_size=2, stride=1), dict(kernel_size=3, stride=2, padding=1, ceil_mode=True))),
    one("MaxPool2d", SQUARE, kernel_size=2, dilation=2, stride=1),
    *(one(f"Adaptive{kind}Pool{n}d", shape, output_size=size) for kind in ("Max", "Avg") for n, shape in
      ((1, LINE), (2, SQUARE), (3, CUBE)) for size in (1, 4)),
    one("AdaptiveAvgPool2d", SQUARE, output_size=[3, 5]),
]
POINTWISE = [
    *(one(name, [2, 5, 12], mode=mode) for name in ACTIVATIONS for mode in (None, "train")),
    one("GELU", [2, 5, 12], approximate="tanh"),
    one("ReLU", [2, 5, 12], inplace=True),
    one("SiLU", [2, 5, 12], inplace=True),
    one("LeakyReLU", [2, 5, 12], negative_slope=0.2),
    *(one("Softmax", [2, 5, 12], dim=dim) for dim in (-1, 1, 0)),
    *(call(f"F.{name}", [2, 5, 12]) for name in
      ("relu", "relu6", "leaky_relu", "elu", "silu", "gelu", "mish", "softplus", "hardswish", "hardsigmoid")),
    call("F.gelu", [2, 5, 12], approximate="tanh"),
    *(call("F.softmax", [2, 5, 12], dim=dim) for dim in (-1, 1)),
]
RECURRENT = [
    one(name, [3, 7, 10], input_size=10, hidden_size=20, **more)
    for name in ("LSTM", "GRU")
    for more in ({"batch_first": True}, {}, {"batch_first": True, "num_layers": 3}, {"batch_first": True,
                 "bidirectional": True}, {"num_layers": 2, "bidirectional": True, "bias": False})
] + [
    one("LSTM", [3, 7, 10], input_size=10, hidden_size=20, batch_first=True, proj_size=6, **more)
    for more in ({}, {"bias": False}, {"num_layers": 3}, {"bidirectional": True},
                 {"num_layers": 2, "bidirectional": True})
] + [one("LSTM", [3, 7, 10], **STEP, mode="train"), one("GRU", [3, 7, 10], **STEP, mode="train")]
HEADS = dict(embed_dim=24, num_heads=4)
Q, KV = [2, 4, 5, 8], [2, 4, 7, 8]
ATTENTION = [
    *(one("MultiheadAttention", [2, 7, 24], **HEADS, **more, attention=how, mode=mode) for more in
      ({"batch_first": True}, {}, {"batch_first": True, "bias": False})
      for how, mode in ((None, None), (None, "train"), ("fused", None), ("fused", "train"))),
    one("MultiheadAttention", [2, 7, 24], **HEADS, batch_first=True, attention="fast path"),
    *(call("F.scaled_dot_product_attention", q, kv, kv, attention="fused", **more) for q, kv, more in (
        (Q, Q, {}), (Q, Q, {"is_causal": True}), (Q, KV, {}), (Q, [2, 2, 7, 8], {"enable_gqa": True}),
        ([1, 4, 7, 8], [1, 1, 7, 8], {"enable_gqa": True, "is_causal": True}), (Q, KV, {"scale": 0.3}))),
    call("F.scaled_dot_product_attention", Q, KV, KV, [5, 7], attention="fused"),
    call("F.scaled_dot_product_attention", Q, KV, [2, 4, 7, 6], attention="fused"),
]
PRODUCTS = [
    *(one("Linear", shape, in_features=10, out_features=20, **more) for shape in
      ([3, 10], [2, 3, 10], [2, 3, 4, 10], [2, 3, 4, 5, 10]) for more in ({}, {"bias": False})),
    *(call(name, [1, 5, 6], [1, 6, 7]) for name in ("torch.matmul", "torch.bmm", "Tensor.matmul", "Tensor.__matmul__",
                                                   "Tensor.bmm")),
    *(call(name, [5, 6], [6, 7]) for name in ("torch.mm", "torch.matmul", "Tensor.mm")),
    call("torch.matmul", [2, 3, 5, 6], [2, 3, 6, 7]),
    call("torch.matmul", [2, 5, 6], [6, 7]),
    call("F.linear", [5, 6], [7, 6]),
    call("F.linear", [5, 6], [7, 6], [7]),
    *(call("torch.einsum", *shapes, equation=equation) for equation, *shapes in (
        ("bij,bjk->bik", [2, 5, 6], [2, 6, 7]), ("bik,bjk->bij", [2, 5, 6], [2, 7, 6]),
        ("ij,jk->ik", [5, 6], [6, 7]), ("bhqd,bhkd->bhqk", [2, 3, 5, 6], [2, 3, 7, 6]),
        ("bhwc,hkc->bhwk", [2, 3, 5, 6], [3, 7, 6]), ("bi,bj->bij", [2, 5], [2, 7]), ("ij,ij->i", [5, 6], [5, 6]),
        ("bqd,bkd->bqk", [1, 101, 77], [1, 103, 77]), ("ij,jk->ik", [4, 1543], [1543, 1]))),
    call("F.embedding", [2, 5], [30, 4]),
]
DEEP = dict(input_size=20, hidden_size=24, num_layers=2, bidirectional=True, batch_first=True)
BACKWARD = [back(case) for case in [
    *(one("Conv2d", SQUARE, **IO, **w) for w in WINDOWS[:9]),
    one("Conv1d", LINE, **IO, kernel_size=3, groups=2),
    *(one("ConvTranspose2d", SQUARE, **IO, **w) for w in UPWARDS),
    one("Conv2d", SQUARE, in_channels=8, out_channels=8, kernel_size=3, groups=8, padding=1),
    one("Linear", [2, 3, 10], in_features=10, out_features=20),
    one("LayerNorm", [2, 5, 12], normalized_shape=12), one("BatchNorm2d", SQUARE, num_features=8, mode="train"),
    one("GELU", [2, 5, 12]), one("Softmax", [2, 5, 12], dim=-1), one("MaxPool2d", SQUARE, kernel_size=3),
    *(one(name, [3, 7, 10], **STEP, mode="train") for name in ("LSTM", "GRU")),
    one("LSTM", [3, 7, 10], **STEP, mode="train", proj_size=6),
    one("GRU", [3, 7, 20], **DEEP, mode="train"),
    one("LSTM", [3, 7, 20], **DEEP, mode="train", proj_size=5),
    one("MultiheadAttention", [2, 7, 24], **HEADS, batch_first=True, mode="train"),
    one("MultiheadAttention", [2, 7, 24], **HEADS, batch_first=True, mode="train", attention="fused"),
    call("F.scaled_dot_product_attention", Q, Q, Q, attention="fused", is_causal=True),
    call("F.scaled_dot_product_attention", Q, KV, KV, attention="fused"),
    call("F.scaled_dot_product_attention", Q, [2, 2, 7, 8], [2, 2, 7, 8], attention="fused", enable_gqa=True),
    call("F.scaled_dot_product_attention", Q, KV, [2, 4, 7, 6], attention="fused"),
    call("torch.matmul", [2, 5, 6], [2, 6, 7]),
    call("torch.bmm", [2, 5, 6], [2, 6, 7]),
    call("torch.einsum", [2, 5, 6], [2, 7, 6], equation="bik,bjk->bij"),
]]
RUN_MODES = [
    {"name": name, "options": {"imageSize": 224}, "attention": attention, **({"mode": mode} if mode else {})}
    for name in ("vit_b_16", "vit_b_32")
    for attention, mode in (("fused", None), ("fused", "train"), ("fast path", None))
]
GROUPS = {
    "cases": CASES, "layers": LAYERS, "models": MODELS, "convolutions": CONVOLUTIONS, "norms": NORMS, "pools": POOLS,
    "pointwise": POINTWISE, "recurrent": RECURRENT, "attention": ATTENTION, "products": PRODUCTS,
    "backward": BACKWARD, "runModes": RUN_MODES,
}
