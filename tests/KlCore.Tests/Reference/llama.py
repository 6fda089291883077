"""Writes llama.json: what llama-perplexity computes for rows of logits, operation by operation in its 32-bit arithmetic."""
import json
import math

import numpy as np

f4 = np.float32
rng = np.random.default_rng(5)


def encode(x):
    high, low = max(x), min(x)
    low = max(low, f4(high - f4(16)))
    lse = f4(math.log(sum(float(np.exp(f4(v - high))) for v in x)))
    minimum = f4(f4(low - high) - lse)
    scale = f4(f4(high - low) / f4(65535))
    steps = f4(f4(1) / scale) if scale else None
    words = [int(np.rint(f4(steps * f4(v - low)))) if scale and v > low else 0 for v in x]
    return [f4(f4(scale * f4(w)) + minimum) for w in words], words


def compare(stored, x, target):
    high = max(x)
    lse = f4(math.log(sum(float(np.exp(f4(v - high))) for v in x)))
    s = f4(high + lse)
    total = 0.0
    for b, v in zip(stored, x):
        if b > f4(-16):
            total += float(f4(np.exp(b) * f4(f4(b - v) + s)))
    return {"divergence": total, "lossQ": float(f4(s - x[target])), "lossP": float(-stored[target]), "sameTop": int(np.argmax(x)) == int(np.argmax(stored))}


cases = []
for i, size in enumerate([5, 37, 64, 501, 501, 501]):
    p = (rng.normal(0, [1, 2, 4, 5, 3, 5][i], size)).astype(f4)
    q = (p + rng.normal(0, [1, .1, .01, .5, 1e-4, 1e-6][i], size)).astype(f4)
    if i == 3:
        q[np.argmin(p)] = -np.inf
        p[7] = -np.inf
    target = int(np.argmin(p)) if i == 5 else int(rng.integers(size))
    stored, words = encode(p)
    cases.append({"p": [float(v) for v in p], "q": [float(v) for v in q], "target": target, "saturated": bool(words[target] == 0 and max(p) - min(p) > 16),
                  "stored": [float(v) for v in stored], **compare(stored, q, target)})

text = json.dumps(cases, separators=(",", ":")).replace("-Infinity", '"-Infinity"')
with open("llama.json", "w") as file:
    file.write(text)
