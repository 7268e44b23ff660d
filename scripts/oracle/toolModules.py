"""How a case of toolCases.py becomes a model and its inputs."""

import torch
from torch import nn
from torch.nn import functional as F


class Call(nn.Module):
    """A function of tensors as a module."""

    def __init__(self, path, options):
        super().__init__()
        home, name = path.rsplit(".", 1)
        self.function = name
        self.home = {"torch": torch, "F": F, "Tensor": torch.Tensor}[home]
        self.options = options

    def forward(self, a, b=None, c=None, d=None):
        tensors = [t for t in (a, b, c, d) if t is not None]
        function = getattr(self.home, self.function)
        if self.function == "einsum":
            return function(self.options["equation"], *tensors)
        return function(*tensors, **self.options)


class SelfAttention(nn.Module):
    """nn.MultiheadAttention, called on one tensor."""

    def __init__(self, attention, keywords, weights):
        super().__init__()
        self.attention, self.keywords, self.weights = attention, keywords, weights

    def forward(self, x):
        given = {"need_weights": self.weights}
        if self.keywords:
            return self.attention(query=x, key=x, value=x, **given)[0]
        return self.attention(x, x, x, **given)[0]


class Transformer(nn.Module):
    """A model of transformers that takes its inputs in order and gives its tensors back."""

    def __init__(self, model, names):
        super().__init__()
        self.model, self.names = model, names

    def forward(self, a, b=None):
        given = {name: x for name, x in zip(self.names, (a, b)) if x is not None}
        return self.model(**given, return_dict=False)


def ids(*shape):
    return torch.zeros(shape, dtype=torch.long)


ROBERTA = dict(vocab_size=50265, max_position_embeddings=514, type_vocab_size=1)
WHISPER = dict(d_model=384, encoder_layers=4, decoder_layers=4, encoder_attention_heads=6, decoder_attention_heads=6,
               encoder_ffn_dim=1536, decoder_ffn_dim=1536, vocab_size=51865, use_cache=False)
LLAMA = dict(vocab_size=320, hidden_size=64, intermediate_size=172, num_hidden_layers=2, num_attention_heads=4,
             use_cache=False)
TRANSFORMERS = {
    "bert-base-uncased": ("BertModel", {}),
    "distilbert-base-uncased": ("DistilBertModel", {}),
    "roberta-base": ("RobertaModel", ROBERTA),
    "t5-small": ("T5ForConditionalGeneration", {"use_cache": False}),
    "whisper-tiny": ("WhisperForConditionalGeneration", WHISPER),
    "gpt2": ("GPT2LMHeadModel", {"use_cache": False}),
    "llama-tiny": ("LlamaForCausalLM", LLAMA),
}
SIZES = {"deit_s": dict(image_size=224, patch_size=16, num_layers=12, num_heads=6, hidden_dim=384, mlp_dim=1536)}


def in_products(model):
    """Attention modules give their weights as well, which is how PyTorch computes scores that it can show."""

    def asked(module, args, given):
        return args, {**given, "need_weights": True}

    for module in model.modules():
        if isinstance(module, nn.MultiheadAttention):
            module.register_forward_pre_hook(asked, with_kwargs=True)


def transformer(name, tokens, sourceTokens=None):
    import transformers

    kind, sizes = TRANSFORMERS[name]
    made = getattr(transformers, kind)
    model = made._from_config(made.config_class(**sizes), attn_implementation="eager")
    if name == "whisper-tiny":
        return Transformer(model, ["input_features", "decoder_input_ids"]), [torch.zeros(1, 80, 3000), ids(1, tokens)]
    if sourceTokens:
        return Transformer(model, ["input_ids", "decoder_input_ids"]), [ids(1, sourceTokens), ids(1, tokens)]
    return Transformer(model, ["input_ids"]), [ids(1, tokens)]


def named(name, options, attention):
    if name in TRANSFORMERS:
        return transformer(name, **options)
    import torchvision

    if name in SIZES:
        model = torchvision.models.VisionTransformer(**SIZES[name])
    else:
        quiet = {"init_weights": False} if name in ("googlenet", "inception_v3") else {}
        model = torchvision.models.get_model(name, weights=None, **quiet)
    if attention == "products":
        in_products(model)
    size = options.get("imageSize", 224)
    return model, [torch.zeros(options.get("batch", 1), 3, size, size)]


def layer(case):
    options = dict(case.get("options", {}))
    attention = case.get("attention", "products")
    if case["module"] == "MultiheadAttention":
        return SelfAttention(nn.MultiheadAttention(**options), case.get("keywords"), attention == "products")
    return getattr(nn, case["module"])(**options)


def unfilled():
    """Weights are left as they were allocated: a count does not read them, and a large model is slow to fill."""
    for name in [name for name in dir(nn.init) if name.endswith("_") and not name.startswith("_")]:
        setattr(nn.init, name, lambda tensor, *_, **__: tensor)


def build(case):
    """The model and the inputs of a case."""
    unfilled()
    if "name" in case:
        model, inputs = named(case["name"], case.get("options", {}), case.get("attention", "products"))
    elif "call" in case:
        model = Call(case["call"], case.get("options", {}))
        inputs = [torch.randn(shape) for shape in case["input"]]
        if case["call"] == "F.embedding":
            inputs[0] = inputs[0].long() * 0
    else:
        model = layer(case)
        shape = case["input"]
        inputs = [ids(*shape) if case["module"] == "Embedding" else torch.randn(shape)]
    if case.get("backward"):
        for x in inputs:
            x.requires_grad_(x.is_floating_point())
    if case.get("attention") == "fast path":
        model.requires_grad_(False)
    return model, inputs
