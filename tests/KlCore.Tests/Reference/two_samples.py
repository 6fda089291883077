"""Writes two_samples.json: distances and tests between two samples by SciPy, POT and NumPy, and by enumeration of all permutations.

Run:  python3 two_samples.py > two_samples.json        (scipy 1.10, numpy 1.24, POT 0.8)
"""
import itertools
import json
import math
import numpy as np
import ot
import scipy.stats as st
from scipy.optimize import linprog
from scipy.spatial.distance import cdist


def quantiles(u, v, order):
    """W_k by integrating the difference of quantile functions over the union of both grids."""
    u, v = np.sort(u), np.sort(v)
    n, m = len(u), len(v)
    grid = sorted({i * m for i in range(1, n + 1)} | {j * n for j in range(1, m + 1)})
    total, last = [], 0
    for g in grid:
        total.append((g - last) * abs(u[last // m] - v[last // n]) ** order)
        last = g
    return (math.fsum(total) / (n * m)) ** (1 / order)


def energy(x, y):
    return math.sqrt(max(0, 2 * cdist(x, y).mean() - cdist(x, x).mean() - cdist(y, y).mean()))


def mmd(x, y, h, unbiased):
    k = lambda a, b: np.exp(-cdist(a, b, "sqeuclidean") / (2 * h * h))
    n, m = len(x), len(y)
    if unbiased:
        return (k(x, x).sum() - n) / (n * (n - 1)) + (k(y, y).sum() - m) / (m * (m - 1)) - 2 * k(x, y).mean()
    return k(x, x).mean() + k(y, y).mean() - 2 * k(x, y).mean()


def median(x, y):
    z = np.vstack([x, y])
    d = cdist(z, z)[np.triu_indices(len(z), 1)]
    return float(np.median(d[d > 0]))


def stability(x, y, bins):
    edges = np.unique(np.quantile(x, np.arange(1, bins) / bins))
    edges = edges[edges < x.max()]
    count = lambda s: np.bincount(np.searchsorted(edges, s, side="left"), minlength=len(edges) + 1)
    e, a = count(x) / len(x), count(y) / len(y)
    with np.errstate(divide="ignore"):
        value = float(np.sum(np.where(a == e, 0, (a - e) * np.log(np.where(a == e, 1, a / e)))))
    return value, len(edges) + 1


def smirnov(x, y):
    """The exact permutation p-value, by all ways to choose x from the pooled points."""
    z = np.concatenate([x, y])
    n, m = len(x), len(y)
    points = np.unique(z)

    def distance(a, b):
        return max(abs((np.sum(a <= t) * m - np.sum(b <= t) * n)) for t in points)
    seen, hits, total = distance(x, y), 0, 0
    for chosen in itertools.combinations(range(n + m), n):
        rest = np.setdiff1d(np.arange(n + m), chosen)
        total += 1
        hits += distance(z[list(chosen)], z[rest]) >= seen
    return hits / total


def line(name, x, y):
    x, y = np.asarray(x, float), np.asarray(y, float)
    case = {"name": name, "x": x.tolist(), "y": y.tolist(), "wasserstein": {}}
    for order in (1, 1.5, 2, 5):
        case["wasserstein"][str(order)] = quantiles(x, y, order)
    assert abs(case["wasserstein"]["1"] - st.wasserstein_distance(x, y)) < 1e-10 * max(1, case["wasserstein"]["1"])
    case["energy"] = st.energy_distance(x, y)
    ks = st.ks_2samp(x, y, method="exact")
    case["smirnov"] = ks.statistic
    ties = len(np.unique(np.concatenate([x, y]))) < len(x) + len(y)
    if math.comb(len(x) + len(y), len(x)) < 5000:
        case["smirnovExact"] = smirnov(x, y)
    elif not ties:
        case["smirnovExact"] = ks.pvalue
    d = ks.statistic * math.sqrt(len(x) * len(y) / (len(x) + len(y)))
    case["smirnovAsymptotic"] = float(st.kstwobign.sf(d))
    if not ties:
        cvm = st.cramervonmises_2samp(x, y, method="asymptotic")
        case["cramerVonMises"], case["cramerVonMisesAsymptotic"] = cvm.statistic, cvm.pvalue
    case["stability"] = []
    for bins in (2, 5, 10):
        value, used = stability(x, y, bins)
        p = float(st.chi2.sf(value / (1 / len(x) + 1 / len(y)), used - 1)) if math.isfinite(value) and used > 1 else None
        case["stability"].append({"bins": bins, "value": value if math.isfinite(value) else "Infinity", "used": used, "pValue": p})
    space(case, x[:, None], y[:, None])
    return case


def space(case, x, y):
    h = median(x, y)
    case["medianBandwidth"] = h
    case["discrepancy"] = [{"bandwidth": b, "unbiased": mmd(x, y, b, True), "biased": mmd(x, y, b, False)} for b in (h, 0.3, 4.0)]


def cloud(name, x, y):
    case = {"name": name, "x": x.tolist(), "y": y.tolist(), "energy": energy(x, y), "transport": {}}
    space(case, x, y)
    n, m = len(x), len(y)
    for order in (1, 2, 3):
        cost = cdist(x, y) ** order
        case["transport"][str(order)] = float(ot.emd2(np.full(n, 1 / n), np.full(m, 1 / m), cost, numItermax=10**7)) ** (1 / order)
    case["entropic"] = []
    for order, part in ((1, 0.3), (2, 0.05)):
        reg = part * float((cdist(x, y) ** order).mean())
        value = lambda a, b: entropic(cdist(a, b) ** order, reg)
        (cost, objective), within, others = value(x, y), value(x, x)[1], value(y, y)[1]
        case["entropic"].append({"order": order, "regularization": reg, "cost": cost, "objective": objective, "divergence": objective - (within + others) / 2})
    return case


def entropic(cost, reg):
    """Cost and objective of the entropic plan of uniform masses, by Sinkhorn's iteration on log-sum-exps until nothing changes."""
    from scipy.special import logsumexp
    n, m = cost.shape
    f, g = np.zeros(n), np.zeros(m)
    if n == m and np.array_equal(cost, cost.T) and not cost.diagonal().any():
        # Taking turns hardly moves where it is best to stay; the mean of both does.
        for _ in range(20000):
            f = (f - reg * (logsumexp((f - cost) / reg, axis=1) - math.log(n))) / 2
        g = f
    for _ in range(0 if g is f else 20000):
        f = -reg * (logsumexp((g - cost) / reg, axis=1) - math.log(m))
        before, g = g, -reg * (logsumexp((f[:, None] - cost) / reg, axis=0) - math.log(n))
        if np.abs(g - before).max() < 1e-14 * cost.max():
            break
    plan = np.exp((f[:, None] + g - cost) / reg) / (n * m)
    moved = float((plan * cost).sum())
    return moved, moved + reg * float((plan * np.log(plan * n * m) - plan + 1 / (n * m)).sum())


def plan(name, p, q, cost):
    """The least cost by a general solver of linear programs."""
    p, q, cost = np.asarray(p, float), np.asarray(q, float), np.asarray(cost, float)
    n, m = cost.shape
    rows = np.vstack([np.kron(np.eye(n), np.ones(m)), np.kron(np.ones(n), np.eye(m))])
    found = linprog(cost.ravel(), A_eq=rows, b_eq=np.concatenate([p, q]), method="highs-ds", options={"primal_feasibility_tolerance": 1e-10, "dual_feasibility_tolerance": 1e-10})
    assert found.status == 0
    return {"name": name, "p": p.tolist(), "q": q.tolist(), "costs": cost.ravel().tolist(), "least": found.fun}


rng = np.random.default_rng(20)
lines = [
    line("equal sizes", rng.normal(size=40), rng.normal(0.4, 1.3, 40)),
    line("unequal sizes", rng.normal(size=37), rng.normal(0.4, 1.3, 23)),
    line("tiny", [0.1, 1.2, 3.4], [0.5, 2.2, 7.0, 9.5]),
    line("tied", rng.integers(0, 4, 6), rng.integers(1, 5, 6)),
    line("much tied", rng.integers(0, 9, 50), rng.integers(0, 11, 80)),
    line("far apart", rng.normal(size=30), rng.normal(9, 1, 25)),
    line("heavy tails", rng.standard_cauchy(60), 3 * rng.standard_cauchy(90)),
    line("one beside many", [0.3, 0.3], rng.uniform(size=200)),
    line("equal", np.arange(12.0), np.arange(12.0)),
    line("large", np.round(rng.normal(size=1500), 9), np.round(rng.normal(0.05, 1, 1800), 9)),
]
lines[-1].pop("smirnovExact", None)
clouds = [
    cloud("plane", rng.normal(size=(30, 2)), rng.normal(0.5, 1.2, (30, 2))),
    cloud("unequal", rng.normal(size=(25, 3)), rng.normal(0.5, 1.2, (40, 3))),
    cloud("many coordinates", rng.normal(size=(50, 20)), rng.normal(0.1, 1, (45, 20))),
    cloud("lattice", rng.integers(0, 3, (30, 2)).astype(float), rng.integers(0, 4, (20, 2)).astype(float)),
    cloud("far", rng.normal(size=(20, 2)), rng.normal(100, 1, (20, 2))),
]
counts = rng.multinomial(60, np.full(9, 1 / 9)), rng.multinomial(60, np.full(14, 1 / 14))
grid = np.array([(i, j) for i in range(5) for j in range(5)], float)
plans = [
    plan("uniform", np.ones(12), np.ones(12), rng.uniform(size=(12, 12))),
    plan("whole costs with ties", np.ones(15), np.ones(15), rng.integers(0, 4, (15, 15))),
    plan("unequal", 20 * np.ones(7), 7 * np.ones(20), rng.uniform(size=(7, 20))),
    plan("counts", *[c + 0.0 for c in counts], rng.integers(0, 10, (9, 14))),
    plan("all costs equal", np.ones(8), np.ones(8), np.full((8, 8), 3.0)),
    plan("no cost", np.ones(6), np.ones(6), np.zeros((6, 6))),
    plan("one source", [5], np.ones(5), rng.uniform(size=(1, 5))),
    plan("one sink", np.ones(5), [5], rng.uniform(size=(5, 1))),
    plan("lattice", np.ones(25), np.ones(25), cdist(grid, grid[::-1] + 1, "cityblock")),
    plan("collinear", np.ones(20), np.ones(20), cdist(np.arange(20.0)[:, None], np.arange(20.0)[:, None] + 7)),
    plan("duplicates", np.ones(16), np.ones(16), cdist(np.repeat(rng.normal(size=(4, 2)), 4, 0), np.repeat(rng.normal(size=(2, 2)), 8, 0), "sqeuclidean")),
]
print(json.dumps({"lines": lines, "clouds": clouds, "plans": plans}))
