"""Writes networks.json: activations with their derivatives, whole networks with losses and gradients, and a thousand steps of descent.

Run:  python3 networks.py > networks.json        (mpmath 1.2, NumPy 1.24; a minute)
Activations and losses are the textbook's in 60 digits (1000 where they saturate), on the doubles taken as exact numbers. Every derivative is a central difference of
width 1e-20 in those digits: no gradient is written down. The descent is NumPy's, in float64, as an article would write it.
"""
import json
import random
import numpy as np
from mpmath import mp, mpf, exp, log, tanh, ncdf, fsum, inf

mp.dps = 60
random.seed(11)


def softmax(z):
    e = [exp(v) for v in z]
    return [v / fsum(e) for v in e]


POINTWISE = {
    "linear": lambda z: z,
    "relu": lambda z: z if z > 0 else mpf(0),
    "leaky-relu": lambda z: z if z > 0 else mpf(0.01) * z,
    "sigmoid": lambda z: 1 / (1 + exp(-z)),
    "tanh": tanh,
    "gelu": lambda z: z * ncdf(z),
    "silu": lambda z: z / (1 + exp(-z)),
    "softplus": lambda z: log(1 + exp(z)),
}


def activate(name, z):
    return softmax(z) if name == "softmax" else [POINTWISE[name](v) for v in z]


def kl(p, q):
    total = mpf(0)
    for a, b in zip(p, q):
        if a == 0:
            continue
        if b == 0:
            return inf
        total += a * log(a / b)
    return total


DIVERGENCES = {
    "cross-entropy": lambda t, y: -fsum(a * log(b) for a, b in zip(t, y) if a > 0),
    "forward-kl": kl,
    "reverse-kl": lambda t, y: kl(y, t),
    "jensen-shannon": lambda t, y: (kl(t, [(a + b) / 2 for a, b in zip(t, y)]) + kl(y, [(a + b) / 2 for a, b in zip(t, y)])) / 2,
}


def forward(layers, x):
    passes = []
    for layer in layers:
        z = [fsum(w * v for w, v in zip(row, x)) + b for row, b in zip(layer["weights"], layer["bias"])]
        x = activate(layer["activation"], z)
        passes.append((z, x))
    return passes


def loss_of(layers, inputs, targets, name):
    terms = []
    for x, t in zip(inputs, targets):
        y, last = forward(layers, x)[-1][1], layers[-1]["activation"]
        if name == "mean-squared-error":
            terms.append(fsum((a - b) ** 2 for a, b in zip(y, t)) / len(y))
        elif name == "mean-square":
            terms.append(fsum(a * a for a in y) / len(y))
        elif last == "sigmoid":
            terms.append(fsum(DIVERGENCES[name]([b, 1 - b], [a, 1 - a]) for a, b in zip(y, t)) / len(y))
        else:
            s = fsum(t)
            terms.append(DIVERGENCES[name]([v / s for v in t], softmax(y) if last == "linear" else y))
    return fsum(terms) / len(terms)


def exactly(value):
    return [exactly(v) for v in value] if isinstance(value, list) else mpf(value)


def slopes(get, put, value):
    """The shape of value with the derivative of get in the place of each number."""
    if isinstance(value, list):
        return [slopes(get, lambda w, i=i: put(value[:i] + [w] + value[i + 1:]), v) for i, v in enumerate(value)]
    h = mpf(10) ** (-mp.dps // 3)
    up = (put(value + h), get())[1]
    down = (put(value - h), get())[1]
    put(value)
    return float((up - down) / (2 * h))


def case(layers, inputs, targets, name):
    live = [{"weights": exactly(l["weights"]), "bias": exactly(l["bias"]), "activation": l["activation"]} for l in layers]
    data = {"inputs": exactly(inputs)}
    t = exactly(targets)
    get = lambda: loss_of(live, data["inputs"], t, name)
    result = {"layers": layers, "inputs": inputs, "targets": targets, "loss": name, "value": float(get())}
    passes = [forward(live, x) for x in data["inputs"]]
    result["passes"] = [{"preActivations": [[float(v) for v in p[i][0]] for p in passes], "activations": [[float(v) for v in p[i][1]] for p in passes]} for i in range(len(live))]
    result["gradients"] = [{part: slopes(get, lambda w, l=l, part=part: l.__setitem__(part, w), l[part]) for part in ("weights", "bias")} for l in live]
    result["inputGradients"] = slopes(get, lambda w: data.__setitem__("inputs", w), data["inputs"])
    return result


def numbers(count, spread):
    return [round(random.uniform(-spread, spread), 3) for _ in range(count)]


def network(hidden, last):
    return [
        {"weights": [numbers(2, 1.5) for _ in range(3)], "bias": numbers(3, 0.5), "activation": hidden},
        {"weights": [numbers(3, 1.5) for _ in range(3)], "bias": numbers(3, 0.5), "activation": last},
    ]


INPUTS = [[0.75, -1.25], [-0.5, 2.0]]
SHARES = [[0.25, 0.5, 0.25], [0.125, 0.125, 0.75]]
ACTIVATIONS = list(POINTWISE) + ["softmax"]


def networks():
    cases = []
    for hidden in ACTIVATIONS:
        for name in DIVERGENCES:
            cases.append(case(network(hidden, "softmax"), INPUTS, SHARES, name))
        cases.append(case(network(hidden, "linear"), INPUTS, [[1, -2, 0.5], [0, 3, -1]], "mean-squared-error"))
        cases.append(case(network(hidden, "linear"), INPUTS, [[0, 0, 0], [0, 0, 0]], "mean-square"))
    for last in ACTIVATIONS:
        cases.append(case(network("tanh", last), INPUTS, SHARES, "mean-squared-error"))
        cases.append(case(network("tanh", last), INPUTS, SHARES, "mean-square"))
    for last in ("linear", "sigmoid"):
        for name in DIVERGENCES:
            cases.append(case(network("silu", last), INPUTS, [[0.25, 0.0625, 0.6875], [0.5, 0.125, 0.375]], name))
    # Targets that leave classes out, where that has a finite value.
    for name in ("cross-entropy", "forward-kl", "jensen-shannon"):
        for last in ("softmax", "sigmoid"):
            cases.append(case(network("gelu", last), INPUTS, [[0, 1, 0], [1, 0, 0]], name))
    # Saturated: logits of 800 and more apart, and small ones that all but agree. 1 less e^-800 needs its digits.
    mp.dps = 1000
    for name in DIVERGENCES:
        for scale, targets in ((400, [[0.25, 0.5, 0.25]]), (1e-9, [[0.25, 0.5, 0.25]])):
            for last in ("softmax", "linear", "sigmoid"):
                layer = [{"weights": [[2 * scale, 0], [0, scale], [-2 * scale, 0]], "bias": [0.25, 0, 0], "activation": last}]
                cases.append(case(layer, [[1, 0.5]], targets, name))
    mp.dps = 60
    return cases


def activations():
    points = [0.0, 1e-300, 1e-20, 1e-8, 1e-3, 0.1, 0.3, 0.5, 0.6628, 0.7517915246935645, 1.0, 1.2784645427610738, 2.0, 3.5, 5.5, 5.7, 8.0, 12.5, 20.0, 37.0, 37.7, 40.0, 100.0, 700.0, 745.0, 800.0, 1e6]
    found = []
    for name, f in POINTWISE.items():
        for z in sorted({s * p for p in points for s in (1, -1)}):
            x = mpf(z)
            slope = {"relu": lambda: mpf(x > 0), "leaky-relu": lambda: mpf(1) if x > 0 else mpf(0.01)}.get(name)
            mp.dps = 800 if name in ("softplus", "sigmoid", "tanh", "silu", "gelu") else 60
            h = mpf(10) ** (-mp.dps // 3)
            derivative = slope() if slope else (f(x + h) - f(x - h)) / (2 * h)
            found.append({"activation": name, "z": z, "value": float(f(x)), "derivative": float(derivative)})
            mp.dps = 60
    return found


def descent():
    w, b, x = np.array([[1.0, 2.0], [3.0, 4.0]]), np.array([5.0, 6.0]), np.array([1.0, 2.0])
    printed = []
    for step in range(1, 1001):
        y = w @ x + b
        slope = 2 * y / y.size
        w, b = w - 0.01 * np.outer(slope, x), b - 0.01 * slope
        if step % 100 == 0:
            printed.append({"step": step, "weights": w.tolist(), "bias": b.tolist(), "loss": float(np.mean((w @ x + b) ** 2))})
    return printed


print(json.dumps({"activations": activations(), "networks": networks(), "descent": descent()}, indent=None, separators=(",", ":")))
