"""Reference values of rows of logits: textbook definitions with mpmath, 60 digits beyond what cancels. usage: /usr/bin/python3 rows.py > rows.json

Every logit is a number that its type holds exactly and is written in full. "-inf" stands for a masked token; an infinite divergence is "inf".
"""
import json
import random
import struct

import mpmath as mp

mp.mp.dps = 90


def f32(value):
    return struct.unpack("<f", struct.pack("<f", value))[0]


def f16(value):
    return struct.unpack("<e", struct.pack("<e", value))[0]


def bf16(value):
    bits = struct.unpack("<I", struct.pack("<f", value))[0]
    return struct.unpack("<f", struct.pack("<I", (bits + 0x7FFF + ((bits >> 16) & 1)) & 0xFFFF0000))[0]


ROUND = {"f64": float, "f32": f32, "f16": f16, "bf16": bf16}


def distribution(logits, temperature):
    scaled = [None if x == float("-inf") else mp.mpf(x) / mp.mpf(temperature) for x in logits]
    log_sum = mp.log(mp.fsum(mp.exp(x) for x in scaled if x is not None))
    return [None if x is None else x - log_sum for x in scaled]


def divergence(a, b):
    total = mp.mpf(0)
    for x, y in zip(a, b):
        if x is None:
            continue
        if y is None:
            return mp.inf
        total += mp.exp(x) * (x - y)
    return total


def probability(x):
    return mp.mpf(0) if x is None else mp.exp(x)


def measures(x, y, temperature):
    a, b = distribution(x, temperature), distribution(y, temperature)
    p, q = [probability(v) for v in a], [probability(v) for v in b]
    m = [(u + v) / 2 for u, v in zip(p, q)]
    to_mean = lambda r: mp.fsum(u * mp.log(u / w) for u, w in zip(r, m) if u > 0)
    entropy = lambda r: -mp.fsum(mp.exp(v) * v for v in r if v is not None)
    return {
        "forward": divergence(a, b),
        "reverse": divergence(b, a),
        "jensenShannon": (to_mean(p) + to_mean(q)) / 2,
        "totalVariation": mp.fsum(abs(u - v) for u, v in zip(p, q)) / 2,
        "hellinger": mp.sqrt(mp.fsum((mp.sqrt(u) - mp.sqrt(v)) ** 2 for u, v in zip(p, q)) / 2),
        "entropyP": entropy(a),
        "entropyQ": entropy(b),
        "targetLogP": mp.mpf("-inf") if a[1 % len(a)] is None else a[1 % len(a)],
        "targetLogQ": mp.mpf("-inf") if b[1 % len(b)] is None else b[1 % len(b)],
    }


def case(name, kind, x, y, temperature=1.0):
    x, y = [ROUND[kind](v) for v in x], [ROUND[kind](v) for v in y]
    text = lambda v: "-inf" if v == float("-inf") else v
    values = {k: "inf" if v == mp.inf else "-inf" if v == -mp.inf else float(v) for k, v in measures(x, y, temperature).items()}
    return {"name": name, "type": kind, "temperature": temperature, "x": [text(v) for v in x], "y": [text(v) for v in y], **values}


def main():
    random.seed(20)
    bell = lambda n, s: [random.gauss(0, s) for _ in range(n)]
    cases = []
    for kind in ROUND:
        x = bell(40, 4)
        cases.append(case(f"{kind}, ordinary", kind, x, [v + random.gauss(0, 0.3) for v in x]))
        cases.append(case(f"{kind}, far apart", kind, bell(33, 8), bell(33, 8)))
        cases.append(case(f"{kind}, shifted", kind, x, [v + 12 + random.gauss(0, 0.1) for v in x]))
        cases.append(case(f"{kind}, one token", kind, [3.0], [-7.0]))
        cases.append(case(f"{kind}, masked in both", kind, x[:5] + [float("-inf")] + x[6:], x[3:8] + [float("-inf")] + x[:34]))
        cases.append(case(f"{kind}, masked in q alone", kind, x[:20], [float("-inf")] + x[2:21]))
        cases.append(case(f"{kind}, confident", kind, [20.0] + bell(30, 2), [19.5] + bell(30, 2)))
    x = [f32(v) for v in bell(60, 3)]
    for steps in (1, 3, 50):
        y = [f32(v + steps * random.choice((-1, 0, 1)) * 2.0**-22) for v in x]
        cases.append(case(f"f32, nearly the same, {steps}", "f32", x, y))
        cases.append(case(f"f64, nearly the same, {steps}", "f64", x, y))
    cases.append(case("f32, ten thousand", "f32", [1e4, 9999.5, 9998.0, -1e4], [-3.0, -2.5, -1.0, -1e4]))
    cases.append(case("f64, temperature", "f64", bell(30, 3), bell(30, 3), 0.7))
    cases.append(case("f32, temperature", "f32", bell(30, 3), bell(30, 3), 3.0))
    print(json.dumps(cases, indent=0))


main()
