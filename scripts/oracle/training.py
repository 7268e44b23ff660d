"""What PyTorch keeps for the backward pass, counted by torch.autograd.graph.saved_tensors_hooks: the bytes of the
distinct storages that are neither parameters nor buffers. Writes test/golden/trainingMemory.json.

    python scripts/oracle/training.py
"""

import json
from pathlib import Path

import torch
import torchvision
from torch import nn
from torch.nn import functional as F
from torch.utils.checkpoint import checkpoint


def norm(hidden):
    """A layer norm: on a CPU PyTorch takes an RMS norm apart, which keeps x / rms as well."""
    return nn.LayerNorm(hidden, bias=False)


class Layer(nn.Module):
    """A Llama layer written with PyTorch's own functions, so that each op of the model is one op here."""

    def __init__(self, hidden, heads, inner, fused):
        super().__init__()
        self.heads, self.fused = heads, fused
        self.input_norm, self.post_norm = norm(hidden), norm(hidden)
        self.q, self.k, self.v, self.o = (nn.Linear(hidden, hidden, bias=False) for _ in range(4))
        self.gate, self.up = (nn.Linear(hidden, inner, bias=False) for _ in range(2))
        self.down = nn.Linear(inner, hidden, bias=False)

    def attend(self, x, cos, sin):
        batch, tokens, hidden = x.shape
        split = lambda y: y.view(batch, tokens, self.heads, hidden // self.heads).transpose(1, 2)
        turn = lambda y: y * cos + torch.cat([-y.chunk(2, -1)[1], y.chunk(2, -1)[0]], -1) * sin
        q, k, v = turn(split(self.q(x))), turn(split(self.k(x))), split(self.v(x))
        if self.fused:
            y = F.scaled_dot_product_attention(q, k, v, is_causal=True)
        else:
            scores = q @ k.transpose(-1, -2) / (hidden // self.heads) ** 0.5
            mask = torch.ones(tokens, tokens, dtype=torch.bool).triu(1)
            y = torch.softmax(scores + torch.zeros(tokens, tokens).masked_fill(mask, float("-inf")), -1) @ v
        return self.o(y.transpose(1, 2).reshape(batch, tokens, hidden))

    def forward(self, x, cos, sin):
        x = x + self.attend(self.input_norm(x), cos, sin)
        y = self.post_norm(x)
        return x + self.down(F.silu(self.gate(y)) * self.up(y))


class Llama(nn.Module):
    def __init__(self, vocab, hidden, layers, heads, inner, fused=True, recompute=False):
        super().__init__()
        self.embed = nn.Embedding(vocab, hidden)
        self.layers = nn.ModuleList(Layer(hidden, heads, inner, fused) for _ in range(layers))
        self.norm = norm(hidden)
        self.head = nn.Linear(hidden, vocab, bias=False)
        self.recompute, self.dim = recompute, hidden // heads

    def forward(self, ids):
        angle = torch.arange(ids.shape[1])[:, None] * torch.ones(self.dim)[None]
        self.register_buffer("cos", angle.cos(), persistent=False)
        self.register_buffer("sin", angle.sin(), persistent=False)
        x = self.embed(ids)
        for layer in self.layers:
            again = self.recompute
            x = checkpoint(layer, x, self.cos, self.sin, use_reentrant=True) if again else layer(x, self.cos, self.sin)
        return self.head(self.norm(x))


def kept(model, x, labels):
    """Bytes of what is saved at the end of the forward pass, and of the gradients afterwards."""
    model.train()
    saved = {}

    def pack(tensor):
        storage = tensor.untyped_storage()
        saved[storage.data_ptr()] = (storage.nbytes(), tensor)
        return tensor

    with torch.autograd.graph.saved_tensors_hooks(pack, lambda tensor: tensor):
        logits = model(x)
        loss = F.cross_entropy(logits.reshape(-1, logits.shape[-1]), labels)
    constants = {t.untyped_storage().data_ptr() for t in [*model.parameters(), *model.buffers()]}
    total = sum(n for p, (n, _) in saved.items() if p not in constants)
    loss.backward()
    return {"activations": total, "labels": labels.untyped_storage().nbytes(),
            "gradients": sum(4 * p.grad.numel() for p in model.parameters())}


def llama(about, batch, tokens, **shape):
    torch.manual_seed(0)
    model = Llama(**shape)
    ids = torch.randint(shape["vocab"], (batch, tokens))
    counted = kept(model, ids, ids.reshape(-1).clone())
    return {"about": about, "llama": shape, "batch": batch, "tokens": tokens, **counted}


def vision(name, batch, size):
    torch.manual_seed(0)
    model = torchvision.models.get_model(name)
    for module in model.modules():
        if isinstance(module, (nn.Dropout, torchvision.ops.StochasticDepth)):
            module.p = 0.0
    x = torch.randn(batch, 3, size, size)
    counted = kept(model, x, torch.zeros(batch).long())
    return {"about": name, "model": name, "batch": batch, "imageSize": size, **counted}


small = {"vocab": 97, "hidden": 32, "layers": 3, "heads": 4, "inner": 80}
rows = [
    llama("fused attention", 2, 24, **small),
    llama("scores written", 2, 24, **small, fused=False),
    llama("fused attention, each layer recomputed", 2, 24, **small, recompute=True),
    vision("resnet18", 2, 64),
    vision("resnet50", 2, 64),
    vision("vgg11_bn", 1, 64),
    vision("densenet121", 1, 64),
    vision("mobilenet_v2", 2, 64),
    vision("vit_b_16", 1, 224),
    vision("convnext_tiny", 1, 64),
]
about = (
    "Bytes that autograd keeps at the end of a forward pass and a cross-entropy, fp32: distinct storages seen by "
    f"torch.autograd.graph.saved_tensors_hooks that are no parameters or buffers; labels: those of the loss's labels "
    f"among them. torch {torch.__version__}, torchvision {torchvision.__version__}, CPU. Remade by "
    "python scripts/oracle/training.py"
)
path = Path(__file__).parents[2] / "test/golden/trainingMemory.json"
path.write_text(json.dumps({"about": about, "rows": rows}, indent=1) + "\n")
print(json.dumps(rows, indent=1))
