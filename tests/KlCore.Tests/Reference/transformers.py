"""Writes transformers.json: layer norm, causal attention, a small GPT and a feed-forward language model by torch in float64, with gradients by its automatic differentiation.

Run:  python3 transformers.py > transformers.json        (torch 1.13)
Inputs and parameters are floats. The modules are torch's own; the tensors of the GPT bear the names that its state_dict() gives them.
"""
import json
import torch
import torch.nn as nn
import torch.nn.functional as F

torch.manual_seed(11)
torch.set_default_dtype(torch.float64)


def randn(*shape):
    return torch.randn(*shape).float().double()


def flat(tensor, digits=9):
    return [float(f"{x:.{digits}g}") for x in tensor.detach().reshape(-1).tolist()]


class Attention(nn.Module):
    def __init__(self, d, heads):
        super().__init__()
        self.heads, self.c_attn, self.c_proj = heads, nn.Linear(d, 3 * d), nn.Linear(d, d)

    def forward(self, x):
        return self.c_proj(attend(self.c_attn(x), self.heads))


def attend(qkv, heads):
    B, T, D = qkv.shape
    d = D // 3
    q, k, v = [z.view(B, T, heads, d // heads).transpose(1, 2) for z in qkv.split(d, -1)]
    scores = q @ k.transpose(-1, -2) / (d // heads) ** 0.5
    mask = torch.full((T, T), float("-inf")).triu(1)
    return ((scores + mask).softmax(-1) @ v).transpose(1, 2).reshape(B, T, d)


class Perceptron(nn.Module):
    def __init__(self, d):
        super().__init__()
        self.c_fc, self.c_proj = nn.Linear(d, 4 * d), nn.Linear(4 * d, d)

    def forward(self, x):
        return self.c_proj(F.gelu(self.c_fc(x)))


class Block(nn.Module):
    def __init__(self, d, heads):
        super().__init__()
        self.ln_1, self.attn, self.ln_2, self.mlp = nn.LayerNorm(d), Attention(d, heads), nn.LayerNorm(d), Perceptron(d)

    def forward(self, x):
        x = x + self.attn(self.ln_1(x))
        return x + self.mlp(self.ln_2(x))


class GPT(nn.Module):
    def __init__(self, V, d, T, layers, heads, tied):
        super().__init__()
        self.transformer = nn.ModuleDict(dict(
            wte=nn.Embedding(V, d), wpe=nn.Embedding(T, d), h=nn.ModuleList(Block(d, heads) for _ in range(layers)), ln_f=nn.LayerNorm(d)))
        if not tied:
            self.lm_head = nn.Linear(d, V, bias=False)
        self.tied = tied

    def forward(self, tokens):
        t = self.transformer
        x = t.wte(tokens) + t.wpe(torch.arange(tokens.shape[1]))
        for block in t.h:
            x = block(x)
        x = t.ln_f(x)
        return x @ t.wte.weight.T if self.tied else self.lm_head(x)


class FeedForward(nn.Module):
    def __init__(self, V, n, m, hidden):
        super().__init__()
        self.embedding, self.hidden, self.output = nn.Embedding(V + 1, m), nn.Linear(n * m, hidden), nn.Linear(hidden, V)

    def forward(self, tokens):
        return self.output(self.hidden(self.embedding(tokens).flatten(1)).tanh())


def network(model, tokens, targets):
    for parameter in model.parameters():
        with torch.no_grad():
            parameter.copy_(0.3 * randn(*parameter.shape) + (1 if parameter.dim() == 1 else 0))
    logits = model(tokens)
    loss = F.cross_entropy(logits.reshape(-1, logits.shape[-1]), targets.reshape(-1))
    loss.backward()
    return {
        "tokens": tokens.reshape(-1).tolist(), "targets": targets.reshape(-1).tolist(), "logits": flat(logits), "loss": loss.item(),
        "parameters": {name: {"shape": list(p.shape), "values": flat(p), "gradient": flat(p.grad, 7)} for name, p in model.named_parameters()},
    }


def layer(function, x, *parameters):
    leaves = [z.requires_grad_() for z in (x, *parameters)]
    y = function(*leaves)
    g = randn(*y.shape)
    y.backward(g)
    return {"inputs": [flat(z) for z in leaves], "output": flat(y), "outputGradient": flat(g), "gradients": [flat(z.grad) for z in leaves]}


V, T, B, N = 11, 5, 3, 4
tokens, targets = torch.randint(V, (B, T)), torch.randint(V, (B, T))
print(json.dumps({
    "layerNorm": layer(lambda x, w, b: F.layer_norm(x, (21,), w, b), 3 * randn(4, 21) + 2, randn(21), randn(21)),
    "attention": layer(lambda x: attend(x, 2), randn(2, 35, 24)),
    "tied": network(GPT(V, 8, T, 2, 2, True), tokens, targets),
    "untied": network(GPT(V, 8, T, 1, 2, False), tokens, targets),
    "feedForward": network(FeedForward(V, N, 3, 7), torch.randint(V + 1, (B, N)), torch.randint(V, (B,))),
}))
