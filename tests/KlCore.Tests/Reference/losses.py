"""Writes losses.json: distillation losses, their reductions and their gradients by torch's automatic differentiation in float64.

Run:  python3 losses.py > losses.json        (torch 1.13)
The losses are written as the papers and torch's own functions have them, on softmax probabilities; no gradient is written down.
"""
import json
import torch
import torch.nn.functional as F

torch.manual_seed(7)
torch.set_default_dtype(torch.float64)
POSITIONS, V = 6, 11
CASES = {
    "moderate": (2 * torch.randn(POSITIONS, V), 2 * torch.randn(POSITIONS, V)),
    "peaked": (8 * torch.randn(POSITIONS, V), 8 * torch.randn(POSITIONS, V)),
}
BASE = 2 * torch.randn(POSITIONS, V)
CASES["near"] = (BASE, BASE + 0.05 * torch.randn(POSITIONS, V))
LABELS = torch.tensor([3, -100, 0, 10, 5, -100])


def kl(p, q):
    return (p * (p.log() - q.log())).sum(-1)


def akl(p, q, mu):
    order = p.argsort(dim=-1, descending=True)
    sp, sq = p.gather(-1, order), q.detach().gather(-1, order)
    gap = (sp - sq).abs()
    tail = sp.cumsum(-1) > mu
    tail[:, 0] = False
    head = gap.masked_fill(tail, 0).sum(-1) / gap.sum(-1)
    return head * kl(p, q) + (1 - head) * kl(q, p)


def dkd(t, z, labels, alpha, beta, T):
    y = F.one_hot(labels, V).bool()
    p, q = (t / T).softmax(-1), (z / T).softmax(-1)
    b = lambda x: torch.stack([x[y], x.masked_fill(y, 0).sum(-1)], -1)
    rest = lambda x: (x / T).masked_select(~y).view(-1, V - 1).softmax(-1)
    return (alpha * kl(b(p), b(q)) + beta * kl(rest(t), rest(z))) * T * T


def topk(p, q, k, tail):
    at = p.topk(k, dim=-1).indices
    pk, qk = p.gather(-1, at), q.gather(-1, at)
    if tail == "none":
        return (pk * (pk / qk).log()).sum(-1)
    if tail == "renormalise":
        return kl(pk / pk.sum(-1, keepdim=True), qk / qk.sum(-1, keepdim=True))
    add = lambda x: torch.cat([x, 1 - x.sum(-1, keepdim=True)], -1)
    return kl(add(pk), add(qk))


def per_position(loss, t, z, labels, T):
    name, g = loss["name"], loss.get
    p, q = (t / T).softmax(-1), (z / T).softmax(-1)
    if name == "forward-kl":
        return F.kl_div((z / T).log_softmax(-1), p, reduction="none").sum(-1)
    if name == "reverse-kl":
        return F.kl_div((t / T).log_softmax(-1), (z / T).log_softmax(-1), reduction="none", log_target=True).sum(-1)
    if name == "jeffreys":
        return kl(p, q) + kl(q, p)
    if name == "jensen-shannon":
        m = g("beta") * p + (1 - g("beta")) * q
        return g("beta") * kl(p, m) + (1 - g("beta")) * kl(q, m)
    if name == "skew-forward":
        return kl(p, g("lambda") * p + (1 - g("lambda")) * q)
    if name == "skew-reverse":
        return kl(q, (1 - g("lambda")) * p + g("lambda") * q)
    if name == "total-variation":
        return 0.5 * (p - q).abs().sum(-1)
    if name == "adaptive":
        return akl(p, q, g("mu"))
    if name == "cross-entropy":
        return F.cross_entropy(z / T, labels, reduction="none")
    if name == "soft-cross-entropy":
        return F.cross_entropy(z / T, p, reduction="none")
    if name == "decoupled":
        return dkd(t, z, labels, g("alpha"), g("beta"), T)
    if name == "top-k":
        return topk(p, q, g("k"), g("tail"))
    if name == "distillm-symmetric":
        return (1 - g("lambda")) * F.cross_entropy(z / T, p, reduction="none") + g("lambda") * kl(q, p)
    if name == "taid":
        target = (((1 - g("t")) * z.detach() + g("t") * t) / T).softmax(-1)
        return F.cross_entropy(z / T, target, reduction="none")
    if name == "uld":
        return (p.sort(dim=-1, descending=True).values - q.sort(dim=-1, descending=True).values).abs().sum(-1)
    if name == "mean-squared-error":
        return F.mse_loss(z, t, reduction="none").mean(-1)
    raise ValueError(name)


LOSSES = [{"name": "forward-kl"}, {"name": "reverse-kl"}, {"name": "jeffreys"}, {"name": "total-variation"}, {"name": "cross-entropy"},
          {"name": "soft-cross-entropy"}, {"name": "mean-squared-error"}]
LOSSES += [{"name": "jensen-shannon", "beta": b} for b in (0.01, 0.1, 0.5, 0.9)]
LOSSES += [{"name": n, "lambda": x} for n in ("skew-forward", "skew-reverse") for x in (0.0, 0.1, 0.5, 0.9)]
LOSSES += [{"name": "uld"}] + [{"name": "distillm-symmetric", "lambda": x} for x in (0.0, 0.9, 1.0)] + [{"name": "taid", "t": x} for x in (0.0, 0.4, 1.0)]
LOSSES += [{"name": "adaptive", "mu": m} for m in (0.0, 0.5, 0.9)]
LOSSES += [{"name": "decoupled", "alpha": a, "beta": b} for a, b in ((1.0, 0.5), (1.0, 8.0), (0.0, 1.0), (1.0, 0.0))]
LOSSES += [{"name": "top-k", "k": k, "tail": tail} for k in (1, 3, 10) for tail in ("none", "renormalise", "bucket")]

cases = []
for title, (t, z) in CASES.items():
    for T in (1.0, 2.5):
        for loss in LOSSES:
            z = z.detach().clone().requires_grad_()
            keep = LABELS != -100
            value = per_position(loss, t[keep], z[keep], LABELS[keep], T)
            value.sum().backward()
            cases.append({"pair": title, "temperature": T, "loss": loss, "values": value.tolist(), "gradient": z.grad.tolist()})

# The reductions as torch names them, on the rows that count, flattened.
t, z = CASES["moderate"]
keep = LABELS != -100
log_q, p = z[keep].log_softmax(-1), t[keep].softmax(-1)
reductions = {
    "kl_div": {r: F.kl_div(log_q, p, reduction=r).item() for r in ("sum", "mean", "batchmean")},
    "kl_div_all_rows": {r: F.kl_div(z.log_softmax(-1), t.softmax(-1), reduction=r).item() for r in ("sum", "mean", "batchmean")},
    "cross_entropy": {r: F.cross_entropy(z, LABELS, reduction=r).item() for r in ("sum", "mean")},
    "mse_loss": {r: F.mse_loss(z, t, reduction=r).item() for r in ("sum", "mean")},
    "kl_div_swapped": F.kl_div(p.log(), log_q.exp(), reduction="sum").item(),
}
print(json.dumps({"pairs": {k: {"teacher": t.tolist(), "student": z.tolist()} for k, (t, z) in CASES.items()}, "labels": LABELS.tolist(),
                  "cases": cases, "reductions": reductions}))
