"""Burstiness, perplexity and calibrated lists: python3 texts.py > texts.json

By the definitions: errors by leaving each gap out and starting over, the calibrated list by trying every candidate in every place with logarithms of NumPy, the best
list by itertools.
"""
import itertools, json, math, random
import numpy

rng = random.Random(3)


def burstiness(gaps):
    g = numpy.array(gaps)
    r = g.std() / g.mean()
    return (r - 1) / (r + 1)


def rhythm(gaps):
    n = len(gaps)
    g = numpy.array(gaps)
    r = g.std() / g.mean()
    left = [burstiness(gaps[:i] + gaps[i + 1:]) for i in range(n)] if n > 2 else None
    a, b = math.sqrt(n + 1), math.sqrt(n - 1)
    return {"gaps": gaps, "mean": g.mean(), "deviation": g.std(), "burstiness": burstiness(gaps), "corrected": (a * r - b) / ((a - 2) * r + b),
            "error": None if left is None else math.sqrt((n - 1) * numpy.var(left)), "memory": None if n < 3 else float(numpy.corrcoef(g[:-1], g[1:])[0, 1])}


def perplexity(rows, sizes, documents):
    flat = [-x for row in rows for x in row]
    nats = math.fsum(flat) / len(flat)
    groups = {}
    for row, size, document in zip(rows, sizes, documents):
        entry = groups.setdefault(document, [0.0, 0, 0])
        entry[0] -= math.fsum(row); entry[1] += len(row); entry[2] += size
    # The error of a ratio of means over documents, from the covariance of numerator and denominator.
    def ratio(k):
        s, u = numpy.array([g[0] for g in groups.values()]), numpy.array([g[k] for g in groups.values()], float)
        c = numpy.cov(numpy.stack([s, u]))
        value = s.sum() / u.sum()
        return value, math.sqrt((c[0, 0] - 2 * value * c[0, 1] + value**2 * c[1, 1]) / len(groups)) / u.mean()
    means = [-math.fsum(row) / len(row) for row in rows if row]
    byte = ratio(2)
    return {"rows": rows, "bytes": sizes, "documents": documents, "nats": nats, "error": float(numpy.std(flat, ddof=1) / math.sqrt(len(flat))), "clusterError": ratio(1)[1],
            "perplexity": math.exp(nats), "bitsPerByte": byte[0] / math.log(2), "bitsPerByteError": byte[1] / math.log(2), "spread": float(numpy.std(means, ddof=1))}


def shares(weights):
    return {g: w / sum(weights.values()) for g, w in weights.items()}


def divergence(p, names, items, places, alpha):
    q = {g: sum(places[k] * shares(items[n]).get(g, 0) for k, n in enumerate(names)) / sum(places[:len(names)]) for g in p}
    return sum(v * math.log(v / ((1 - alpha) * q[g] + alpha * v)) if (1 - alpha) * q[g] + alpha * v > 0 else math.inf for g, v in p.items() if v > 0)


def calibration(history, items, candidates, lam, alpha, length, places=None):
    total = sum(w for _, w in history)
    p = {}
    for name, weight in history:
        for genre, share in shares(items[name]).items():
            p[genre] = p.get(genre, 0) + weight / total * share
    score = dict(candidates)
    weights = places or [1.0] * length
    value = lambda names: (1 - lam) * sum(score[n] for n in names) - (lam * divergence(p, names, items, weights, alpha) if lam else 0)
    order = sorted(score, key=lambda n: -score[n])
    chosen = []
    while len(chosen) < min(length, len(order)):
        chosen.append(max((n for n in order if n not in chosen), key=lambda n: value(chosen + [n])))
    best = None if places else max(itertools.combinations(order, min(length, len(order))), key=value)
    return {"request": {"history": [{"item": n, "weight": w} for n, w in history], "items": items, "candidates": [{"item": n, "score": s} for n, s in candidates], "lambda": lam,
                        "alpha": alpha, "listLength": length, "placeWeights": places, "exact": best is not None},
            "liked": p, "before": order[:length], "after": chosen, "divergence": divergence(p, chosen, items, weights, alpha), "objective": value(chosen),
            "best": None if best is None else list(best), "bestObjective": None if best is None else value(list(best))}


genres = ["romance", "action", "drama", "comedy", "crime"]
catalogue = {f"film {i}": {g: round(rng.random() ** 3, 3) + 0.001 for g in rng.sample(genres, rng.randrange(1, 4))} for i in range(16)}
names = list(catalogue)
calibrations = []
for lam, alpha, length, places in ((0.5, 0.01, 4, None), (0.9, 0.01, 3, None), (0.99, 0.1, 5, None), (0, 0.01, 4, None), (1, 0.001, 2, None), (0.8, 0.01, 4, [1.0, 0.7, 0.5, 0.4]), (0.7, 0.05, 20, None)):
    history = [(n, float(rng.randrange(1, 9))) for n in rng.sample(names, 4)]
    calibrations.append(calibration(history, catalogue, [(n, round(rng.random(), 4)) for n in names[2:14]], lam, alpha, length, places))

gaps = [[1.0, 1.0, 1.0, 47.0, 1.0, 1.0, 48.0, 1.0], [2.0, 3.0], [5.0, 5.0, 5.0001, 5.0], [round(rng.expovariate(0.1), 3) for _ in range(60)], [0.0, 0.0, 1e-9, 0.0, 3e-9], [1e140, 3e140, 2e140]]
rows = [[round(-rng.expovariate(0.5), 4) for _ in range(rng.randrange(1, 9))] for _ in range(14)]
print(json.dumps({
    "rhythms": [rhythm(g) for g in gaps],
    "perplexities": [perplexity(rows, [3 * len(r) + 2 for r in rows], list(range(14))), perplexity(rows, [5 * len(r) for r in rows], [i // 3 for i in range(14)])],
    "calibrations": calibrations}, indent=0))
