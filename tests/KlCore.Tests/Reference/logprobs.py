"""Bounds of divergences between two distributions of which only top-k lists are known.

The least value by scipy's SLSQP (linear programming for total variation) over all completions of both lists, without any of the structure that
makes it easy; the largest by trying every pair of vertices of the two polytopes of completions, where a convex function has its maximum.
"""
import itertools
import json
import math

import numpy as np
from scipy.optimize import linprog, minimize

rng = np.random.default_rng(20)
TINY = 1e-300


def kl(p, q):
    keep = p > 0
    if np.any(q[keep] <= 0):
        return math.inf
    return float(np.sum(p[keep] * np.log(p[keep] / q[keep])))


def js(p, q):
    m = (p + q) / 2
    return (kl(p, m) + kl(q, m)) / 2


MEASURES = {
    "forward": kl,
    "reverse": lambda p, q: kl(q, p),
    "jensenShannon": js,
    "totalVariation": lambda p, q: float(np.abs(p - q).sum() / 2),
    "hellinger": lambda p, q: math.sqrt(max(0.0, float(((np.sqrt(p) - np.sqrt(q)) ** 2).sum() / 2))),
}


def top(distribution, k):
    listed = np.argsort(-distribution, kind="stable")[:k]
    return {int(i): float(distribution[i]) for i in listed}


def bounds(listed, vocabulary, floor):
    residual = 1 - math.fsum(listed.values())
    cap = min(min(listed.values()), residual)
    return [(listed[i], listed[i]) if i in listed else (floor, cap) for i in range(vocabulary)]


def smallest(name, bp, bq, starts):
    n = len(bp)
    if name == "totalVariation":
        # minimise sum(t)/2 with t >= |p - q|
        cost = np.concatenate([np.zeros(2 * n), np.full(n, 0.5)])
        eye, zero = np.eye(n), np.zeros((n, n))
        above = np.vstack([np.hstack([eye, -eye, -eye]), np.hstack([-eye, eye, -eye])])
        equal = np.zeros((2, 3 * n))
        equal[0, :n] = 1
        equal[1, n:2 * n] = 1
        found = linprog(cost, above, np.zeros(2 * n), equal, [1, 1], bp + bq + [(0, None)] * n, method="highs")
        return found.fun
    measure = MEASURES[name]
    objective = (lambda z: measure(np.maximum(z[:n], TINY), np.maximum(z[n:], TINY)) ** (2 if name == "hellinger" else 1))
    best = math.inf
    for start in starts:
        found = minimize(objective, start, method="SLSQP", bounds=bp + bq, options={"maxiter": 2000, "ftol": 1e-16},
                         constraints=[{"type": "eq", "fun": lambda z: z[:n].sum() - 1}, {"type": "eq", "fun": lambda z: z[n:].sum() - 1}])
        z = np.clip(found.x, [b[0] for b in bp + bq], [b[1] for b in bp + bq])
        if abs(z[:n].sum() - 1) < 1e-9 and abs(z[n:].sum() - 1) < 1e-9:
            best = min(best, found.fun)
    return math.sqrt(max(0.0, best)) if name == "hellinger" else best


def vertices(b):
    free = [i for i, (low, high) in enumerate(b) if low < high]
    fixed = np.array([low for low, _ in b])
    if not free:
        return [fixed]
    found = []
    for last in free:
        others = [i for i in free if i != last]
        for choice in itertools.product((0, 1), repeat=len(others)):
            v = fixed.copy()
            for i, c in zip(others, choice):
                v[i] = b[i][c]
            v[last] = 0
            v[last] = 1 - v.sum()
            if b[last][0] - 1e-12 <= v[last] <= b[last][1] + 1e-12:
                v[last] = min(max(v[last], b[last][0]), b[last][1])
                found.append(v)
    return found


def sample(b, rng):
    low, high = np.array([x for x, _ in b]), np.array([x for _, x in b])
    room = high - low
    need = 1 - low.sum()
    x = low + room * (need / room.sum() if room.sum() > 0 else 0)
    return x


problems = []
for number in range(24):
    vocabulary = int(rng.integers(4, 8))
    floor = 0.0
    p = rng.dirichlet(np.full(vocabulary, rng.choice([0.3, 1.0])))
    q = rng.dirichlet(np.full(vocabulary, rng.choice([0.3, 1.0]))) if number % 3 else 0.7 * p + 0.3 * rng.dirichlet(np.ones(vocabulary))
    if number % 4 == 3:
        floor = 0.002
        p, q = (0.98 * p + 0.02 / vocabulary), (0.98 * q + 0.02 / vocabulary)
    kp, kq = int(rng.integers(1, vocabulary)), int(rng.integers(1, vocabulary))
    a, b = top(p, kp), top(q, kq)
    bp, bq = bounds(a, vocabulary, floor), bounds(b, vocabulary, floor)
    starts = [np.concatenate([p, q]), np.concatenate([sample(bp, rng), sample(bq, rng)])]
    entry = {"vocabulary": vocabulary, "floor": math.log(floor) if floor else None,
             "p": [[i, math.log(v)] for i, v in a.items()], "q": [[i, math.log(v)] for i, v in b.items()],
             "lower": {}, "upper": {}, "value": {}}
    vp, vq = vertices(bp), vertices(bq)
    for name, measure in MEASURES.items():
        entry["lower"][name] = max(0.0, smallest(name, bp, bq, starts))
        largest = max(measure(x, y) for x in vp for y in vq)
        entry["upper"][name] = "Infinity" if math.isinf(largest) else largest
        entry["value"][name] = measure(p, q)
    problems.append(entry)

with open("logprobs.json", "w") as file:
    json.dump(problems, file, indent=1)
