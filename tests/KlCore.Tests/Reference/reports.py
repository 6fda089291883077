"""Writes reports.json: positions of a made-up comparison, and what a report on them must say, by numpy and textbook formulas."""
import json
import math

import numpy as np

rng = np.random.default_rng(20240611)
CHUNK, CHUNKS, LAST = 24, 12, 10  # eleven whole chunks and one of ten rows
n = CHUNK * (CHUNKS - 1) + LAST
level = np.repeat(rng.normal(0, 0.6, CHUNKS), CHUNK)[:n]
forward = np.exp(-5 + level + rng.normal(0, 1.2, n))
reverse = forward * np.exp(rng.normal(0.1, 0.3, n))
js = forward / 8 * np.exp(rng.normal(0, 0.05, n))
tv = np.sqrt(forward / 2) * rng.uniform(0.6, 1, n)
hellinger = np.sqrt(forward / 4) * rng.uniform(0.8, 1, n)
entropy_p, entropy_q = rng.gamma(2, 1, n), rng.gamma(2, 1.05, n)
target_p = np.log(rng.beta(1.2, 1.5, n))
target_q = target_p + rng.normal(-0.01, 0.1, n) + level / 50
target_q = np.minimum(target_q, -1e-4)
top_p = rng.beta(2, 1, n)
same = rng.uniform(size=n) < 0.93
rank = np.where(same, 1, rng.integers(2, 9, n))
overlap5 = rng.integers(3, 6, n)
ordered5 = np.where(overlap5 == 5, rng.integers(2, 6, n), rng.integers(0, 4, n))
llama = forward.astype(np.float32) + np.float32(1e-6) * rng.normal(size=n).astype(np.float32)
llama_q, llama_p = (-target_q).astype(np.float32), (-target_p).astype(np.float32)
PERCENTS = [0.1, 1, 5, 10, 25, 50, 75, 90, 95, 99, 99.9]


def mean(x, keep):
    x = np.asarray(x, float)
    chunk = np.arange(n)[keep] // CHUNK
    x = x[keep]
    m = float(np.mean(x))
    parts = [x[chunk == c] for c in np.unique(chunk)]
    residual = sum((float(np.sum(part)) - m * len(part)) ** 2 for part in parts)
    k = len(parts)
    return {
        "mean": m,
        "standardDeviation": float(np.std(x, ddof=1)),
        "standardError": float(np.std(x, ddof=1) / math.sqrt(len(x))),
        "clusterStandardError": math.sqrt(k / (k - 1) * residual) / len(x),
        "clusters": k,
        "minimum": float(np.min(x)),
        "maximum": float(np.max(x)),
        "percentiles": [float(np.percentile(x, f)) for f in PERCENTS],
    }


def report(skip):
    keep = np.arange(n) % CHUNK >= skip
    measures = {"forward": forward, "reverse": reverse, "jeffreys": forward + reverse, "jensenShannon": js, "totalVariation": tv, "hellinger": hellinger}
    change = np.exp(target_q) - np.exp(target_p)
    classes = []
    for low, high in [(0, .25), (.25, .5), (.5, .75), (.75, .95), (.95, 1.1)]:
        inside = keep & (top_p >= low) & (top_p < high)
        classes.append([int(inside.sum()), float(forward[inside].mean()), float(reverse[inside].mean()), float(same[inside].mean())])
    places = []
    for tenth in range(10):
        inside = keep & (np.arange(n) % CHUNK * 10 // CHUNK == tenth)
        places.append([int(inside.sum()), float(forward[inside].mean()) if inside.any() else None])
    loss_p, loss_q = -target_p[keep], -target_q[keep]
    return {
        "skip": skip,
        "compared": int(keep.sum()),
        "measures": {name: mean(x, keep) for name, x in measures.items()},
        "entropy": [float(entropy_p[keep].mean()), float(entropy_q[keep].mean()), float((entropy_p + forward)[keep].mean()), float((entropy_q + reverse)[keep].mean())],
        "top1": float(same[keep].mean()),
        "overlap5": float(overlap5[keep].mean() / 5),
        "sameSet5": float((overlap5[keep] == 5).mean()),
        "orderedMatch5": float((ordered5[keep] == 5).mean()),
        "meanRank": float(rank[keep].mean()),
        "perplexity": [math.exp(loss_p.mean()), math.exp(loss_q.mean()), math.exp((loss_q - loss_p).mean())],
        "logRatio": mean(target_p - target_q, keep),
        "change": mean(change, keep),
        "rootMeanSquare": float(np.sqrt(np.mean(change[keep] ** 2))),
        "byConfidence": classes,
        "byPosition": places,
        "worst": [int(i) for i in sorted(np.nonzero(keep)[0], key=lambda i: -forward[i])[:10]],
        "llama": printed(keep),
    }


def printed(keep):
    """llama-perplexity's numbers, by the formulas of its source, in 32 bits where it has 32 bits."""
    f4 = np.float32
    kld, q, p = llama[keep], llama_q[keep], llama_p[keep]
    m = len(kld)

    def mu(s, s2):
        f = s / m
        d = s2 / m - f * f
        return [f, math.sqrt(d / (m - 1)) if d > 0 and m > 10 else 0.0]

    def total(x):
        return math.fsum(map(float, x))

    def ordered(values, percents, scale):
        v = np.sort(values)
        out = {}
        for percent in percents:
            place = f4(f4(percent / 100) * f4(m - 1))
            i = int(place)
            w = f4(place - f4(i))
            out[str(percent)] = scale * float(f4(f4(f4(1) - w) * v[i]) + f4(w * v[min(i + 1, m - 1)]))
        middle = f4(0.5) * f4(v[m // 2] + v[m // 2 - 1]) if m % 2 == 0 else v[m // 2]
        return {"maximum": scale * float(v[-1]), "minimum": scale * float(v[0]), "median": scale * float(middle), "percentiles": out}

    change = (np.exp(-q) - np.exp(-p)).astype(f4)
    fq, fp = mu(total(q), total(q * q)), mu(total(p), total(p * p))
    cov = (total(q * p) / m - fq[0] * fp[0]) / (m - 1)
    ppl, base = math.exp(fq[0]), math.exp(fp[0])
    log_error = math.sqrt(fq[1] ** 2 + fp[1] ** 2 - 2 * cov)
    ratio = math.exp(fq[0] - fp[0])
    square = mu(total(change * change), math.fsum(float(x) * float(x) for x in change * change))
    rms = math.sqrt(square[0])
    top = float(same[keep].mean())
    return {
        "q": [ppl, ppl * fq[1]],
        "base": [base, base * fp[1]],
        "correlation": 100 * cov / (fq[1] * fp[1]),
        "logRatio": [fq[0] - fp[0], log_error],
        "ratio": [ratio, ratio * log_error],
        "difference": [ppl - base, math.sqrt((ppl * fq[1]) ** 2 + (base * fp[1]) ** 2 - 2 * ppl * base * cov)],
        "divergence": {"mean": mu(total(kld), math.fsum(float(x) ** 2 for x in kld)), **ordered(kld, [99.9, 99, 95, 90, 10, 5, 1, 0.1], 1)},
        "change": {"mean": [100 * v for v in mu(total(change), total(change * change))], **ordered(change, [99.9, 99, 95, 90, 75, 25, 10, 5, 1, 0.1], 100)},
        "rootMeanSquare": [100 * rms, 100 * 0.5 / rms * square[1]],
        "sameTop": [100 * top, 100 * math.sqrt(top * (1 - top) / (m - 1))],
    }


def listed(x):
    return [float(v) for v in x]


with open("reports.json", "w") as file:
    json.dump({
        "chunkRows": CHUNK,
        "percents": PERCENTS,
        "positions": {
            "forward": listed(forward), "reverse": listed(reverse), "jensenShannon": listed(js), "totalVariation": listed(tv), "hellinger": listed(hellinger),
            "entropyP": listed(entropy_p), "entropyQ": listed(entropy_q), "targetLogP": listed(target_p), "targetLogQ": listed(target_q),
            "topProbabilityP": listed(top_p), "same": [int(v) for v in same], "rank": [int(v) for v in rank],
            "overlap5": [int(v) for v in overlap5], "ordered5": [int(v) for v in ordered5],
            "llamaDivergence": listed(llama), "llamaLossQ": listed(llama_q), "llamaLossP": listed(llama_p),
        },
        "reports": [report(0), report(5)],
    }, file, separators=(",", ":"))
