"""Writes divergences.json: every measure on hard pairs, by the definitions, with hundreds of digits.

Run:  python3 divergences.py > divergences.json        (mpmath 1.2.1)
The doubles are taken as exact rationals and normalised without rounding. Nothing here shares a formula with the code under test:
each measure is its textbook definition, and the cancellation is met by digits.
"""
import json
import math
from mpmath import mp, mpf, log, exp, sqrt, inf


def nxt(x, k=1):
    for _ in range(abs(k)):
        x = math.nextafter(x, math.inf if k > 0 else -math.inf)
    return x


def read(values, kind, temperature):
    if kind in ("probabilities", "weights"):
        w = [mpf(v) for v in values]
    else:
        top = max(v for v in values)
        w = [mpf(0) if v == -math.inf else exp((mpf(v) - mpf(top)) / mpf(temperature)) for v in values]
    total = sum(w)
    return [x / total for x in w]


def given(values, kind, masses):
    if kind in ("probabilities", "weights"):
        return [mpf(v) for v in values]
    if kind == "log-probabilities":
        return [mpf(0) if v == -math.inf else exp(mpf(v)) for v in values]
    return masses


def smooth(p, values, kind, smoothing):
    if not smoothing:
        return p
    method = smoothing["method"]
    K = len(p)
    n = [mpf(v) for v in values] if kind == "weights" else p
    N = sum(n)
    T = sum(1 for x in n if x > 0)
    bg = [mpf(b) for b in smoothing["background"]] if "background" in smoothing else [mpf(1) / K] * K
    bg = [b / sum(bg) for b in bg]
    if method == "clip":
        low, high = mpf(smoothing["epsilon"]), mpf(1 - smoothing["epsilon"])
        return [min(max(x, low), high) for x in p]
    if method == "additive":
        a = mpf(smoothing["alpha"])
        return [(x + a) / (N + a * K) for x in n]
    if method == "jelinek-mercer":
        l = mpf(smoothing["lambda"])
        return [(1 - l) * x / N + l * b for x, b in zip(n, bg)]
    if method == "dirichlet":
        m = mpf(smoothing["mu"])
        return [(x + m * b) / (N + m) for x, b in zip(n, bg)]
    if method == "absolute-discount":
        d = mpf(smoothing["delta"])
        return [max(x - d, mpf(0)) / N + d * T / (N * K) for x in n]
    if method == "witten-bell":
        Z = K - T
        return [x / (N + T) if x > 0 else T / (Z * (N + T)) for x in n]
    if method == "good-turing":
        return good_turing([int(x) for x in values])
    raise ValueError(method)


def good_turing(n):
    """Gale and Sampson (1995), section 'The SGT procedure', with the unseen mass shared evenly."""
    r = sorted(set(x for x in n if x > 0))
    times = {k: sum(1 for x in n if x == k) for k in r}
    N = sum(n)
    p0 = mpf(times[1]) / N
    z = []
    for j, k in enumerate(r):
        i = r[j - 1] if j else 0
        t = r[j + 1] if j + 1 < len(r) else 2 * k - i
        z.append(mpf(2 * times[k]) / (t - i))
    X, Y = [log(mpf(k)) for k in r], [log(v) for v in z]
    mx, my = sum(X) / len(X), sum(Y) / len(Y)
    b = sum((x - mx) * (y - my) for x, y in zip(X, Y)) / sum((x - mx) ** 2 for x in X)
    a = my - b * mx
    smooth_n = lambda k: exp(a + b * log(mpf(k)))
    star, switched = {}, False
    for k in r:
        y = (k + 1) * smooth_n(k + 1) / smooth_n(k)
        if k + 1 not in times:
            switched = True
        if not switched:
            x = mpf(k + 1) * times[k + 1] / times[k]
            if abs(x - y) <= mpf("1.96") * sqrt(mpf(k + 1) ** 2 * times[k + 1] / mpf(times[k]) ** 2 * (1 + mpf(times[k + 1]) / times[k])):
                switched = True
            else:
                y = x
        star[k] = y
    total = sum(times[k] * star[k] for k in r)
    empty = sum(1 for x in n if x == 0)
    out = [p0 / empty if x == 0 else (1 - p0) * star[x] / total for x in n]
    whole = sum(out)
    return [x / whole for x in out]


def xlogy(x, y):  # x ln(x/y)
    if x == 0:
        return mpf(0)
    return inf if y == 0 else x * log(x / y)


def kl(p, q):
    return sum(xlogy(a, b) for a, b in zip(p, q))


def power(p, q, a, b):  # sum p^a q^b
    s = mpf(0)
    for x, y in zip(p, q):
        if x == 0 and y == 0:
            continue
        if x == 0 and a == 0 or y == 0 and b == 0:
            s += 0  # outside the support
        elif x == 0:
            s += 0 if a > 0 else inf
        elif y == 0:
            s += 0 if b > 0 else inf
        else:
            s += x ** a * y ** b
    return s


def js(p, q, w):
    m = [w * a + (1 - w) * b for a, b in zip(p, q)]
    return w * kl(p, m) + (1 - w) * kl(q, m)


def renyi(p, q, order):
    if order == 1:
        return kl(p, q)
    if order == "Infinity":
        return max(inf if b == 0 else log(a / b) for a, b in zip(p, q) if a > 0)
    if order == 0:
        s = sum(b for a, b in zip(p, q) if a > 0)
        return inf if s == 0 else -log(s)
    s = power(p, q, mpf(order), 1 - mpf(order))
    return inf if s in (0, inf) else log(s) / (mpf(order) - 1)


def tsallis(p, q, order):
    if order == 1:
        return kl(p, q)
    if order == 0:
        return 1 - sum(b for a, b in zip(p, q) if a > 0)
    return (power(p, q, mpf(order), 1 - mpf(order)) - 1) / (mpf(order) - 1)


def alpha(p, q, a):
    if abs(a) == 1:
        return kl(p, q) if a == -1 else kl(q, p)
    a = mpf(a)
    return 4 / (1 - a * a) * (1 - power(p, q, (1 - a) / 2, (1 + a) / 2))


def cressie(p, q, l):
    if l in (0, -1):
        return kl(p, q) if l == 0 else kl(q, p)
    l = mpf(l)
    return (power(p, q, 1 + l, -l) - 1) / (l * (l + 1))


def chi(p, q):
    return sum(mpf(0) if a == b else inf if b == 0 else (a - b) ** 2 / b for a, b in zip(p, q))


def cross(p, q):
    return sum(mpf(0) if a == 0 else inf if b == 0 else -a * log(b) for a, b in zip(p, q))


def cumulative(p, q):
    out, s = [], mpf(0)
    for a, b in zip(p, q):
        s += b - a
        out.append(s)
    return out[:-1]


def w2(p, q):
    i = j = 0
    a, b, s, tiny = p[0], q[0], mpf(0), mpf(10) ** (-mp.dps + 30)
    while True:
        t = min(a, b)
        s += t * (i - j) ** 2
        a, b = a - t, b - t
        if abs(a) <= tiny:
            i += 1
            if i == len(p):
                return sqrt(s)
            a = p[i]
        if abs(b) <= tiny:
            j += 1
            if j == len(q):
                return sqrt(s)
            b = q[j]


def measures(p, q, gp, gq):
    bc = sum(sqrt(a * b) for a, b in zip(p, q))
    # 2 (1 - bc) for distributions; clipped masses do not sum to 1.
    roots = sum((sqrt(a) - sqrt(b)) ** 2 for a, b in zip(p, q))
    m = [(a + b) / 2 for a, b in zip(p, q)]
    c = cumulative(p, q)
    yield {"name": "kullback-leibler"}, kl(p, q)
    yield {"name": "kullback-leibler", "direction": "reverse"}, kl(q, p)
    yield {"name": "jeffreys"}, kl(p, q) + kl(q, p)
    yield {"name": "population-stability"}, kl(p, q) + kl(q, p)
    for w in (0.5, 0.1, 1e-9, 0.999):
        yield {"name": "jensen-shannon", "weight": w}, js(p, q, mpf(w))
    yield {"name": "jensen-shannon-distance"}, sqrt(js(p, q, mpf(1) / 2))
    for l in (0.0, 0.01, 0.5, 0.99):
        yield {"name": "skew", "lambda": l}, kl(p, [mpf(l) * a + (1 - mpf(l)) * b for a, b in zip(p, q)])
    yield {"name": "k-divergence"}, kl(p, m)
    yield {"name": "topsoe"}, kl(p, m) + kl(q, m)
    for o in (0, 0.01, 0.25, 0.5, 1 - 1e-9, 1, 1 + 1e-9, 1.5, 2, 10, "Infinity"):
        yield {"name": "renyi", "order": o}, renyi(p, q, o)
    for o in (0, 0.01, 0.5, 1 - 1e-9, 1, 1.5, 2):
        yield {"name": "tsallis", "order": o}, tsallis(p, q, o)
    for a in (-3.0, -1 + 1e-9, -1.0, -0.5, 0.0, 0.5, 1.0, 3.0):
        yield {"name": "alpha", "alpha": a}, alpha(p, q, a)
    for l in (-2.0, -1.0, -0.5, 0.0, 1e-9, 2 / 3, 1.0):
        yield {"name": "power", "lambda": l}, cressie(p, q, l)
    yield {"name": "chi-squared", "kind": "pearson"}, chi(p, q)
    yield {"name": "chi-squared", "kind": "neyman"}, chi(q, p)
    yield {"name": "hellinger"}, sqrt(roots / 2)
    yield {"name": "squared-hellinger"}, roots / 2
    yield {"name": "bhattacharyya"}, inf if bc == 0 else -log(bc)
    yield {"name": "total-variation"}, sum(abs(a - b) for a, b in zip(p, q)) / 2
    yield {"name": "triangular"}, sum(mpf(0) if a == b else (a - b) ** 2 / (a + b) for a, b in zip(p, q))
    yield {"name": "cross-entropy"}, cross(p, q)
    yield {"name": "cross-entropy", "direction": "reverse"}, cross(q, p)
    yield {"name": "generalized-kullback-leibler"}, kl(gp, gq) - sum(gp) + sum(gq)
    yield {"name": "wasserstein", "order": 1}, sum(abs(x) for x in c)
    yield {"name": "wasserstein", "order": 2}, w2(p, q)
    yield {"name": "energy-distance"}, sqrt(2 * sum(x * x for x in c))
    yield {"name": "kolmogorov-smirnov"}, max([abs(x) for x in c] or [mpf(0)])


def zipf(n, s):
    return [1.0 / (k + 1) ** s for k in range(n)]


def cases():
    tenth = [0.1, 0.2, 0.3, 0.4]
    yield "textbook", "probabilities", [0.1, 0.9], [0.9, 0.1], {}
    yield "four", "probabilities", tenth, [0.4, 0.3, 0.2, 0.1], {}
    yield "certain", "probabilities", [1.0], [1.0], {}
    yield "one-ulp", "probabilities", tenth, [nxt(0.1), 0.2, 0.3, 0.4], {}
    yield "one-ulp-weights", "weights", [3.0, 5.0, 7.0], [3.0, nxt(5.0), 7.0], {}
    for e in (-4, -8, -12, -15):
        d = 10.0 ** e
        yield f"near-1e{e}", "probabilities", [0.25, 0.25, 0.5], [0.25 + d, 0.25 - d / 2, 0.5 - d / 2], {}
    yield "sums-off", "probabilities", [0.3, 0.7000003], [0.2999999, 0.7], {}
    yield "rare", "probabilities", [1e-300, 1.0], [2e-300, 1.0], {}
    yield "rare-against-half", "probabilities", [0.5, 0.5], [1e-300, 1.0], {}
    yield "subnormal", "probabilities", [0.5, 0.5], [5e-324, 1.0], {}
    yield "subnormal-off", "probabilities", [0.5, 0.5], [5e-324, 0.9999999], {}
    yield "subnormals", "weights", [5e-324, 1e-323, 2e-322], [1e-322, 1e-323, 5e-324], {}
    yield "huge", "weights", [1e308, 1.7e308, 1e300], [1.5e308, 1e308, 3e299], {}
    yield "huge-and-tiny", "weights", [1e308, 1e-300, 3.0], [1e308, 1e-308, 2.0], {}
    yield "proportional", "weights", [1.0, 2.0, 3.0], [7.0, 14.0, 21.0], {}
    yield "proportional-nearly", "weights", [1.0, 2.0, 3.0], [7.0, 14.0, nxt(21.0, 5)], {}
    yield "zeros", "probabilities", [0.5, 0.5, 0.0, 0.0], [0.25, 0.25, 0.5, 0.0], {}
    yield "outside", "probabilities", [0.25, 0.25, 0.5], [0.5, 0.5, 0.0], {}
    yield "disjoint", "probabilities", [0.5, 0.5, 0.0, 0.0], [0.0, 0.0, 0.5, 0.5], {}
    yield "nearly-certain", "probabilities", [1.0, 1e-20], [1.0, 3e-20], {}
    yield "counts", "weights", [12.0, 0.0, 7.0, 1.0, 30.0], [10.0, 3.0, 0.0, 2.0, 25.0], {}
    ninf = -math.inf
    yield "logits", "logits", [1.0, 2.0, 3.0], [3.0, 1.0, 0.5], {}
    yield "logits-hot", "logits", [1.0, 2.0, 3.0], [3.0, 1.0, 0.5], {"temperature": 2.5}
    yield "logits-gap", "logits", [0.0, 1000.0], [1000.0, 0.0], {}
    yield "logits-gap-behind", "logits", [1000.0, 0.0, 999.0], [1000.0, -1000.0, 999.5], {}
    yield "logits-wide", "logits", [0.0, 1.0, 0.0], [0.0, -1e300, 5.0], {}
    yield "logits-cold", "logits", [1.0, 1.0078125, 0.9], [1.0, 1.0, 0.8], {"temperature": 1e-3}
    yield "logits-shifted", "logits", [1.0, 2.0, 3.0], [1e15 + 3, 1e15 + 1, 1e15 + 2], {}
    yield "logits-shifted-equal", "logits", [1.0, 2.0, 3.0], [1e15 + 1, 1e15 + 2, 1e15 + 3], {}
    yield "logits-near", "logits", [0.1, 0.2, 0.3], [0.1 + 1e-9, 0.2, 0.3 - 1e-9], {}
    yield "logits-one-ulp", "logits", [0.1, 0.2, 3.3], [nxt(0.1), 0.2, 3.3], {}
    yield "logits-one-ulp-at-top", "logits", [0.1, 0.2, 3.3], [0.1, 0.2, nxt(3.3)], {}
    yield "logits-tiny", "logits", [0.0, 1e-20, 0.0], [0.0, 2e-20, 3e-20], {}
    yield "logits-masked", "logits", [1.0, ninf, 2.0], [1.5, ninf, 1.0], {}
    yield "logits-masked-in-q", "logits", [1.0, 0.0, 2.0], [1.5, ninf, 1.0], {}
    yield "log-probabilities", "log-probabilities", [math.log(0.1), math.log(0.9)], [math.log(0.9), math.log(0.1)], {}
    yield "log-probabilities-rare", "log-probabilities", [-600.0, 0.0], [-700.0, 0.0], {}
    yield "log-probabilities-zero", "log-probabilities", [ninf, math.log(0.5), math.log(0.5)], [math.log(0.25), math.log(0.5), math.log(0.25)], {}
    yield "zipf-1000", "weights", zipf(1000, 1.0), zipf(1000, 1.1), {}
    yield "zipf-1000-near", "weights", zipf(1000, 1.0), [x * (1 + 1e-11 * math.sin(k)) for k, x in enumerate(zipf(1000, 1.0))], {}
    counts = ([12.0, 0.0, 7.0, 1.0, 30.0], [10.0, 3.0, 0.0, 2.0, 25.0])
    bg = [0.1, 0.2, 0.3, 0.15, 0.25]
    for s in ({"method": "additive", "alpha": 0.5}, {"method": "jelinek-mercer", "lambda": 0.2}, {"method": "jelinek-mercer", "lambda": 0.2, "background": bg},
              {"method": "dirichlet", "mu": 3.0}, {"method": "dirichlet", "mu": 3.0, "background": bg}, {"method": "absolute-discount", "delta": 0.75},
              {"method": "witten-bell"}):
        yield "counts-" + s["method"] + ("-background" if "background" in s else ""), "weights", *counts, {"smoothing": s}
    words = [float(max(0, round(300 / (k + 1) ** 1.1) - (k % 7 == 3))) for k in range(120)], [float(max(0, round(250 / (k + 3) ** 1.2) - (k % 5 == 1))) for k in range(120)]
    yield "words-good-turing", "weights", *words, {"smoothing": {"method": "good-turing"}}
    full = [1.0, 1.0, 1.0, 2.0, 2.0, 3.0, 5.0, 9.0], [4.0, 1.0, 1.0, 1.0, 1.0, 2.0, 3.0, 8.0]
    yield "full-good-turing", "weights", *full, {"smoothing": {"method": "good-turing"}}
    yield "clip", "probabilities", [0.0, 0.3, 0.7], [0.5, 0.5, 0.0], {"smoothing": {"method": "clip", "epsilon": 1e-10}}
    yield "clip-certain", "probabilities", [1.0, 0.0], [0.25, 0.75], {"smoothing": {"method": "clip", "epsilon": 1e-10}}
    yield "additive-probabilities", "probabilities", [0.0, 0.3, 0.7], [0.5, 0.5, 0.0], {"smoothing": {"method": "additive", "alpha": 0.01}}
    yield "additive-near", "probabilities", [0.25, 0.25, 0.5], [0.25 + 1e-13, 0.25 - 1e-13, 0.5], {"smoothing": {"method": "additive", "alpha": 0.01}}
    yield "logits-additive-near", "logits", [0.1, 0.2, 0.3], [0.1 + 1e-13, 0.2, 0.3], {"smoothing": {"method": "additive", "alpha": 0.01}}


def text(v):
    v = mp.re(v)
    if abs(v) < mpf(10) ** (-420 if mp.dps == 900 else -60):  # what is left of digits that should have cancelled
        return "0"
    if v == inf:
        return "Infinity"
    return mp.nstr(v, 25, min_fixed=0, max_fixed=0)


def number(v):
    return "-Infinity" if v == -math.inf else v


def main():
    out = []
    for name, kind, p, q, options in cases():
        mp.dps = 900 if len(p) < 20 else 80
        masses = read(p, kind, options.get("temperature", 1)), read(q, kind, options.get("temperature", 1))
        a, b = (smooth(m, v, kind, options.get("smoothing")) for m, v in zip(masses, (p, q)))
        smoothed = "smoothing" in options
        values = measures(a, b, a if smoothed else given(p, kind, a), b if smoothed else given(q, kind, b))
        skip = ("wasserstein", "energy-distance", "kolmogorov-smirnov") if options.get("smoothing", {}).get("method") == "clip" else ()
        out.append({"name": name, "input": kind, "p": [number(v) for v in p], "q": [number(v) for v in q], **options,
                    "expected": [{"measure": m, "value": text(v)} for m, v in values if m["name"] not in skip]})
    print('{ "cases": [')
    print(",\n".join(json.dumps(case) for case in out))
    print("] }")


main()
