"""Writes lattice.json: distributions of integers, their masses, tails, moments and entropies, and divergences between them.

Run:  python3 lattice.py > lattice.json        (mpmath 1.2.1)
The doubles are taken as exact numbers. Masses are the textbook formulas, tails are sums of masses or mpmath's own special functions,
divergences the textbook formulas, whose cancellation is met by digits, or sums over masses. Nothing here shares a form with the code under test.
"""
import json
from functools import lru_cache
from mpmath import mp, mpf, log, exp, loggamma, binomial, zeta, inf, isinf, gammainc, hyp2f1, floor

mp.dps = 60


def lbin(n, k):
    return loggamma(n + 1) - loggamma(k + 1) - loggamma(n - k + 1)


def xlogy(x, y):
    return mpf(0) if x == 0 else -inf if y == 0 else x * log(y)


def lbeta(a, b):
    return loggamma(a) + loggamma(b) - loggamma(a + b)


def family(d):
    """(least, largest, ln mass) of a distribution."""
    g = {k: v for k, v in d.items() if k != "family"}
    v = {k: mpf(x) for k, x in g.items() if not isinstance(x, list)}
    f = d["family"]
    if f == "bernoulli":
        p = v["probability"]
        return (0 if p < 1 else 1), (1 if p > 0 else 0), lambda k: xlogy(k, p) + xlogy(1 - k, 1 - p)
    if f == "binomial":
        n, p = v["trials"], v["probability"]
        return (0 if p < 1 else n), (n if p > 0 else 0), lambda k: lbin(n, k) + xlogy(k, p) + xlogy(n - k, 1 - p)
    if f == "geometric":
        p = v["probability"]
        return 0, (inf if p < 1 else 0), lambda k: log(p) + xlogy(k, 1 - p)
    if f == "negative-binomial":
        r, p = v["successes"], v["probability"]
        return 0, (inf if p < 1 else 0), lambda k: loggamma(k + r) - loggamma(r) - loggamma(k + 1) + r * log(p) + xlogy(k, 1 - p)
    if f == "poisson":
        m = v["rate"]
        return 0, (inf if m > 0 else 0), lambda k: xlogy(k, m) - m - loggamma(k + 1)
    if f == "categorical":
        p = [mpf(x) for x in g["probabilities"]]
        t = sum(p)
        return min(i for i, x in enumerate(p) if x > 0), max(i for i, x in enumerate(p) if x > 0), lambda k: log(p[int(k)] / t) if p[int(k)] > 0 else -inf
    if f == "discrete-uniform":
        a, b = v["lower"], v["upper"]
        return a, b, lambda k: -log(b - a + 1)
    if f == "beta-binomial":
        n, a, b = v["trials"], v["alpha"], v["beta"]
        return 0, n, lambda k: lbin(n, k) + lbeta(k + a, n - k + b) - lbeta(a, b)
    if f == "hypergeometric":
        N, K, n = v["population"], v["successes"], v["draws"]
        return max(mpf(0), n + K - N), min(n, K), lambda k: lbin(K, k) + lbin(N - K, n - k) - lbin(N, n)
    if f == "zeta":
        s = v["exponent"]
        return 1, inf, lambda k: -s * log(k) - log(zeta(s))
    if f == "logarithmic":
        t = v["probability"]
        return 1, inf, lambda k: k * log(t) - log(k) - log(-log(1 - t))
    raise ValueError(f)


def summed(mass, start, end, step):
    """The sum of masses from start towards end, which fall from some point on."""
    total, k, largest = mpf(0), mpf(start), mpf(0)
    while (k - end) * step <= 0:
        term = exp(mass(k))
        total += term
        largest = max(largest, term)
        if term < largest * mpf(10) ** -38:
            break
        k += step
    return total


def tails(d, k):
    least, largest, mass = family(d)
    f = d["family"]
    if k >= largest:
        return mpf(1), mpf(0)
    if f == "zeta":
        above = zeta(mpf(d["exponent"]), k + 1) / zeta(mpf(d["exponent"]))
        return 1 - above, above
    if f == "logarithmic":
        t = mpf(d["probability"])
        above = t ** (k + 1) * hyp2f1(1, k + 1, k + 2, t) / (k + 1) / -log(1 - t)
        return 1 - above, above
    if f == "geometric":
        above = (1 - mpf(d["probability"])) ** (k + 1)
        return 1 - above, above
    if f == "negative-binomial" and d["probability"] < 1e-3:
        r, p = mpf(d["successes"]), mpf(d["probability"])
        at_most = mp.betainc(r, k + 1, 0, p, regularized=True)
        return at_most, 1 - at_most
    if f == "discrete-uniform":
        at_most = (mpf(k) - least + 1) / (largest - least + 1)
        return at_most, 1 - at_most
    # The smaller of both by its own terms.
    near = mass(k)
    if k + 1 <= largest and mass(k + 1) < near:
        above = summed(mass, k + 1, largest, 1)
        return 1 - above, above
    at_most = summed(mass, k, least, -1)
    return at_most, 1 - at_most


def say(x):
    return "Infinity" if x == inf else "-Infinity" if x == -inf else mp.nstr(x, 20)


def case(d, points, sums=True, cumulative=True):
    least, largest, mass = family(d)
    entry = {"distribution": d, "points": []}
    for k in points:
        point = {"x": k, "logMass": say(mass(mpf(k)))}
        if cumulative:
            point["atMost"], point["above"] = map(say, tails(d, mpf(k)))
        entry["points"].append(point)
    if sums:
        mean = variance = entropy = mpf(0)
        k = mpf(least)
        while k <= largest:
            l = mass(k)
            p = exp(l)
            mean += k * p
            variance += k * k * p
            entropy -= p * l if p > 0 else 0
            if k > 20 and p < mpf(10) ** -50 and mass(k + 1) < l:
                break
            k += 1
        entry.update(mean=say(mean), variance=say(variance - mean * mean), entropy=say(entropy))
    return entry


def given(d, points, mean, variance, entropy=None, cumulative=True):
    entry = case(d, points, sums=False, cumulative=cumulative)
    entry.update(mean=say(mean), variance=say(variance))
    if entropy is not None:
        entry["entropy"] = say(entropy)
    return entry


def entropy_around(d, mean, deviation):
    """-sum p ln p within 13 standard deviations: what is beyond is below 1e-36. For laws like Poisson's."""
    least, largest, mass = family(d)
    start, end = max(mpf(least), floor(mean - 13 * deviation)), min(mpf(largest), floor(mean + 13 * deviation))
    k, l, total = start, mass(start), mpf(0)
    while k <= end:
        l = mass(k)
        total -= l * exp(l)
        k += 1
    return total


def D(name, **parameters):
    return {"family": name, **parameters}


def poisson_entropy(rate):
    """Its expansion for large rates; what is left is below 1e-22."""
    m = mpf(rate)
    return log(2 * mp.pi * mp.e * m) / 2 - 1 / (12 * m) - 1 / (24 * m ** 2) - mpf(19) / (360 * m ** 3)


def zeta_case(s, points):
    x = mpf(s)
    mean = zeta(x - 1) / zeta(x) if x > 2 else inf
    variance = zeta(x - 2) / zeta(x) - mean ** 2 if x > 3 else inf
    return given(D("zeta", exponent=s), points, mean, variance, -x * zeta(x, 1, 1) / zeta(x) + log(zeta(x)))


def log_case(t, points):
    x = mpf(t)
    L = -log(1 - x)
    return given(D("logarithmic", probability=t), points, x / ((1 - x) * L), x * (L - x) / ((1 - x) * L) ** 2)


def geometric_case(p, points):
    x = mpf(p)
    h = -x * log(x) - xlogy(1 - x, 1 - x)
    return given(D("geometric", probability=p), points, (1 - x) / x, (1 - x) / x ** 2, h / x)


def binomial_case(n, p, points):
    x = mpf(p)
    d, variance = D("binomial", trials=n, probability=p), n * x * (1 - x)
    return given(d, points, n * x, variance, entropy_around(d, n * x, mp.sqrt(variance)) if 1e4 < variance < 1e7 else None)


def families():
    near_one = 1 - 2.0 ** -53
    yield from (case(D("bernoulli", probability=p), [0, 1] if 0 < p < 1 else [int(p)]) for p in (0, 1, 0.3, 1e-300, near_one, 0.5))
    yield from (case(D("binomial", trials=n, probability=p), ks) for n, p, ks in (
        (0, 0.3, [0]), (1, 0.25, [0, 1]), (10, 0.3, [0, 1, 3, 9, 10]), (10, 0, [0]), (10, 1, [10]), (60, 1e-5, [0, 1, 5, 40]), (100, near_one, [100, 99, 60]), (40, 0.999, [40, 30, 2])))
    yield binomial_case(10 ** 9, 0.3, [300000000, 300014491, 299900000, 300200000, 0, 10 ** 9])
    yield binomial_case(10 ** 9, 1e-12, [0, 1, 4])
    yield binomial_case(10 ** 6, 0.5, [500000, 497000, 503500])
    yield given(D("binomial", trials=2 ** 53 - 1, probability=0.25), [2 ** 51, 2 ** 51 + 10 ** 8, 2 ** 51 - 3 * 10 ** 8], mpf(2 ** 53 - 1) / 4, mpf(2 ** 53 - 1) * 3 / 16, cumulative=False)
    yield from (geometric_case(p, ks) for p, ks in ((0.3, [0, 1, 5, 100]), (1e-12, [0, 10 ** 12, 3 * 10 ** 13]), (1, [0]), (0.999999, [0, 1, 7])))
    yield from (case(D("negative-binomial", successes=r, probability=p), ks) for r, p, ks in (
        (2.5, 0.3, [0, 1, 6, 90]), (1, 0.25, [0, 3]), (1e-8, 0.5, [0, 1, 30]), (5, 1, [0]), (700.25, 0.8, [0, 175, 300])))
    yield given(D("negative-binomial", successes=1e10, probability=0.9999999), [0, 990, 1000, 1200], 1e10 * (1 - mpf(0.9999999)) / mpf(0.9999999), 1e10 * (1 - mpf(0.9999999)) / mpf(0.9999999) ** 2)
    yield given(D("negative-binomial", successes=3, probability=1e-9), [0, 10 ** 6, 3 * 10 ** 9, 4 * 10 ** 10], 3 * (1 - mpf(1e-9)) / mpf(1e-9), 3 * (1 - mpf(1e-9)) / mpf(1e-9) ** 2)
    yield from (case(D("poisson", rate=m), ks) for m, ks in ((0, [0]), (0.5, [0, 1, 30]), (30, [0, 30, 31, 100]), (1e-300, [0]), (250.75, [250, 100, 420])))
    yield given(D("poisson", rate=1e15), [10 ** 15, 10 ** 15 + 10 ** 8, 10 ** 15 - 10 ** 8], mpf(1e15), mpf(1e15), poisson_entropy(1e15), cumulative=False)
    yield given(D("poisson", rate=1e6), [10 ** 6, 10 ** 6 - 9000, 10 ** 6 + 12000], mpf(1e6), mpf(1e6), poisson_entropy(1e6))
    yield from (case(D("categorical", probabilities=p), ks) for p, ks in (
        ([0.1, 0.2, 0.7], [0, 1, 2]), ([1], [0]), ([0, 0.25, 0, 0.75, 0], [0, 1, 2, 3, 4]), ([1e-300, 1, 1e-17], [0, 1, 2]), ([0.3, 0.3000001, 0.4000001], [0, 1, 2])))
    yield from (case(D("discrete-uniform", lower=a, upper=b), ks) for a, b, ks in ((1, 6, [1, 4, 6]), (-3, -3, [-3]), (-5, 94, [-5, 0, 94])))
    yield given(D("discrete-uniform", lower=-2 ** 53 + 1, upper=2 ** 53 - 1), [-2 ** 53 + 1, 0, 2 ** 53 - 1], mpf(0), (mpf(2 ** 54 - 1) ** 2 - 1) / 12, log(mpf(2 ** 54 - 1)))
    yield from (case(D("beta-binomial", trials=n, alpha=a, beta=b), ks) for n, a, b, ks in (
        (10, 2, 3, [0, 1, 4, 10]), (0, 2, 3, [0]), (12, 1e-8, 1e-8, [0, 1, 6, 12]), (100, 1e10, 3e10, [0, 25, 40, 100]), (30, 600, 0.25, [0, 15, 30]), (200, 1, 1, [0, 100, 200])))
    yield given(D("beta-binomial", trials=10 ** 9, alpha=0.5, beta=0.5), [0, 5, 5 * 10 ** 8, 10 ** 9], mpf(10 ** 9) / 2, mpf(10 ** 9) / 4 * (10 ** 9 + 1) / 2, cumulative=False)
    n = mpf(10 ** 9)
    uniform = given(D("beta-binomial", trials=10 ** 9, alpha=1, beta=1), [0, 100, 12345678, 10 ** 9 - 1], n / 2, ((n + 1) ** 2 - 1) / 12, log(n + 1), cumulative=False)
    for point in uniform["points"]:
        point.update(atMost=say((point["x"] + 1) / (n + 1)), above=say((n - point["x"]) / (n + 1)))
    yield uniform
    yield from (case(D("hypergeometric", population=N, successes=K, draws=n), ks) for N, K, n, ks in (
        (50, 20, 10, [0, 4, 10]), (10, 10, 5, [5]), (10, 0, 3, [0]), (10, 4, 0, [0]), (30, 25, 20, [15, 17, 20]), (1000, 500, 500, [180, 250, 300]), (0, 0, 0, [0])))
    N, K, n = mpf(10 ** 9), mpf(3 * 10 ** 8), mpf(10 ** 6)
    d, mean, variance = D("hypergeometric", population=10 ** 9, successes=3 * 10 ** 8, draws=10 ** 6), n * K / N, n * K / N * (N - K) / N * (N - n) / (N - 1)
    yield given(d, [0, 300000, 298000, 303000], mean, variance, entropy_around(d, mean, mp.sqrt(variance)))
    yield from (zeta_case(s, ks) for s, ks in ((1 + 1e-10, [1, 2, 20, 10 ** 9, 10 ** 15]), (1.0625, [1, 15, 16, 10 ** 6]), (1.5, [1, 3, 100]), (2.5, [1, 2, 50]), (4, [1, 2, 1000]), (50, [1, 2, 30]), (800, [1, 2])))
    yield from (log_case(t, ks) for t, ks in ((1e-10, [1, 2, 7]), (0.3, [1, 2, 40]), (0.62, [1, 19, 25]), (0.9, [1, 5, 20, 300]), (1 - 1e-10, [1, 15, 10 ** 9, 3 * 10 ** 11]), (near_one, [1, 10 ** 12])))


def bern(p, q):
    return xlogy(p, p) - xlogy(p, q) + xlogy(1 - p, 1 - p) - xlogy(1 - p, 1 - q)


def logs(p, q, a):
    """ln sum p^a q^(1-a) over a few outcomes."""
    return log(sum(x ** a * y ** (1 - a) for x, y in zip(p, q)))


def pair(p, q, forward, chernoff=None):
    return {"p": p, "q": q, "forward": say(forward), "chernoff": [{"a": a, "value": say(v)} for a, v in (chernoff or [])]}


A = (0.5, 0.125, 0.9375, 2.0, -0.5)


def with_chernoff(f):
    return [(a, f(mpf(a))) for a in A]


def bernoulli_pair(p, q):
    x, y = mpf(p), mpf(q)
    return pair(D("bernoulli", probability=p), D("bernoulli", probability=q), bern(x, y), with_chernoff(lambda a: logs([x, 1 - x], [y, 1 - y], a)))


def binomial_pair(n, p, q):
    x, y = mpf(p), mpf(q)
    return pair(D("binomial", trials=n, probability=p), D("binomial", trials=n, probability=q), n * bern(x, y), with_chernoff(lambda a: n * logs([x, 1 - x], [y, 1 - y], a)))


def waiting(x, y, a):
    ratio = (1 - x) ** a * (1 - y) ** (1 - a)
    return inf if ratio >= 1 else a * log(x) + (1 - a) * log(y) - log(1 - ratio)


def geometric_pair(p, q):
    x, y = mpf(p), mpf(q)
    return pair(D("geometric", probability=p), D("geometric", probability=q), bern(x, y) / x, with_chernoff(lambda a: waiting(x, y, a)))


def negative_pair(r, p, q):
    x, y = mpf(p), mpf(q)
    return pair(D("negative-binomial", successes=r, probability=p), D("negative-binomial", successes=r, probability=q), mpf(r) * bern(x, y) / x, with_chernoff(lambda a: mpf(r) * waiting(x, y, a)))


def poisson_pair(p, q):
    x, y = mpf(p), mpf(q)
    return pair(D("poisson", rate=p), D("poisson", rate=q), x * log(x / y) - x + y, with_chernoff(lambda a: x ** a * y ** (1 - a) - a * x - (1 - a) * y))


def zeta_pair(s, t):
    x, y = mpf(s), mpf(t)
    return pair(D("zeta", exponent=s), D("zeta", exponent=t), log(zeta(y) / zeta(x)) - (y - x) * zeta(x, 1, 1) / zeta(x),
                with_chernoff(lambda a: log(zeta(a * x + (1 - a) * y)) - a * log(zeta(x)) - (1 - a) * log(zeta(y)) if a * x + (1 - a) * y > 1 else inf))


def log_pair(s, t):
    x, y = mpf(s), mpf(t)
    L, M = -log(1 - x), -log(1 - y)
    def chernoff(a):
        m = x ** a * y ** (1 - a)
        return log(-log(1 - m)) - a * log(L) - (1 - a) * log(M) if m < 1 else inf
    return pair(D("logarithmic", probability=s), D("logarithmic", probability=t), log(M / L) + x / ((1 - x) * L) * log(x / y), with_chernoff(chernoff))


def by_sum(p, q):
    least, largest, mass = family(p)
    low, high, other = family(q)
    total, k, quiet = mpf(0), mpf(least), 0
    while k <= largest:
        l = mass(k)
        if l > -inf:
            if not low <= k <= high or other(k) == -inf:
                return pair(p, q, inf)
            total += exp(l) * (l - other(k))
            if k > 5 and l < -160:
                break
        k += 1
    return pair(p, q, total)


def pairs():
    near = 1 + 2.0 ** -42
    tiny = 1e-300
    one = 1 - 2.0 ** -53
    for p, q in ((0.3, 0.4), (0.3, 0.3 * near), (0.3, 0.3 + 2.0 ** -54), (tiny, 0.5), (0.5, tiny), (0.5, one), (one, 0.5), (1e-9, 2e-9), (1e-12, 1e-12 * near), (0.1, 0.11)):
        yield bernoulli_pair(p, q)
    for n, p, q in ((10, 0.3, 0.4), (10, 0.5, 0.5 * near), (10 ** 9, 0.25, 0.2500001), (2 ** 53 - 1, 1e-15, 3e-15)):
        yield binomial_pair(n, p, q)
    for p, q in ((0.3, 0.4), (0.4, 0.3), (0.3, 0.3 * near), (1e-9, 1e-9 * near), (1e-12, 1e-3), (0.9, 1e-12), (one, 0.5)):
        yield geometric_pair(p, q)
    for r, p, q in ((2.5, 0.3, 0.4), (1e-8, 0.3, 0.4), (1e10, 0.999, 0.999 * (2 - near)), (700, 0.01, 0.011)):
        yield negative_pair(r, p, q)
    for p, q in ((3, 4), (3, 3 * near), (1e15, 1e15 + 2 ** 26), (1e-300, 1e-10), (1e10, 1e-3), (0.25, 0.26)):
        yield poisson_pair(p, q)
    for s, t in ((2.5, 3.5), (2.5, 2.5 * near), (1 + 1e-10, 1 + 1.25e-10), (1 + 1e-10, 2), (3, 1.0001), (1.5, 1.55), (40, 41.5), (4, 30)):
        yield zeta_pair(s, t)
    for s, t in ((0.3, 0.4), (0.3, 0.3 * near), (1e-10, 2e-10), (1e-10, 0.9), (1 - 1e-10, 1 - 2e-10), (1 - 1e-10, 0.5), (0.999, 0.9991), (0.6, 0.99)):
        yield log_pair(s, t)
    yield by_sum(D("discrete-uniform", lower=2, upper=5), D("discrete-uniform", lower=0, upper=7))
    yield by_sum(D("discrete-uniform", lower=0, upper=7), D("discrete-uniform", lower=2, upper=5))
    yield by_sum(D("categorical", probabilities=[0.2, 0.3, 0.5]), D("categorical", probabilities=[0.25, 0.25, 0.25, 0.25]))
    yield by_sum(D("categorical", probabilities=[0.2, 0.3, 0.5]), D("categorical", probabilities=[0.2, 0.3 * near, 0.5 - 0.3 * 2.0 ** -42]))
    yield by_sum(D("categorical", probabilities=[0.2, 0.3, 0.5]), D("categorical", probabilities=[0.5, 0.5]))
    yield by_sum(D("categorical", probabilities=[0.5, 0.5]), D("categorical", probabilities=[1e-300, 1]))
    for b in (0.3, 1e-9, 0.875):
        p = D("bernoulli", probability=b)
        for q in (D("poisson", rate=0.4), D("poisson", rate=1e-9), D("geometric", probability=0.6), D("geometric", probability=1 - 1e-9), D("binomial", trials=5, probability=0.1), D("binomial", trials=1, probability=0.31),
                  D("negative-binomial", successes=1.5, probability=0.75), D("categorical", probabilities=[0.5, 0.25, 0.25]), D("discrete-uniform", lower=-2, upper=4), D("discrete-uniform", lower=1, upper=4)):
            yield by_sum(p, q)
    yield by_sum(D("categorical", probabilities=[0.3, 0.7]), D("bernoulli", probability=0.2))
    yield by_sum(D("categorical", probabilities=[0.3, 0.6, 0.1]), D("bernoulli", probability=0.2))
    yield by_sum(D("binomial", trials=1, probability=0.3), D("bernoulli", probability=0.2))
    yield by_sum(D("binomial", trials=4, probability=0), D("bernoulli", probability=0.2))
    yield by_sum(D("binomial", trials=4, probability=0.3), D("bernoulli", probability=0.2))
    yield by_sum(D("binomial", trials=4, probability=1), D("binomial", trials=6, probability=0.2))
    yield by_sum(D("binomial", trials=4, probability=0), D("binomial", trials=3, probability=0.2))
    yield by_sum(D("binomial", trials=4, probability=0.5), D("binomial", trials=3, probability=0.2))
    yield by_sum(D("binomial", trials=4, probability=0.5), D("binomial", trials=4, probability=0))
    yield by_sum(D("binomial", trials=4, probability=1), D("binomial", trials=4, probability=0.25))
    yield by_sum(D("poisson", rate=0), D("poisson", rate=2))
    yield by_sum(D("poisson", rate=0), D("poisson", rate=0))
    yield by_sum(D("poisson", rate=0), D("bernoulli", probability=0.25))
    yield by_sum(D("poisson", rate=2), D("poisson", rate=0))
    yield by_sum(D("poisson", rate=2), D("bernoulli", probability=0.25))
    yield by_sum(D("poisson", rate=2), D("binomial", trials=30, probability=0.25))
    yield by_sum(D("geometric", probability=1), D("geometric", probability=1))
    yield by_sum(D("geometric", probability=1), D("geometric", probability=0.25))
    yield by_sum(D("geometric", probability=0.5), D("geometric", probability=1))
    yield by_sum(D("geometric", probability=0.3), D("negative-binomial", successes=1, probability=0.4))
    yield by_sum(D("negative-binomial", successes=1, probability=0.3), D("geometric", probability=0.4))
    yield by_sum(D("negative-binomial", successes=3, probability=1), D("negative-binomial", successes=2, probability=0.4))
    yield by_sum(D("bernoulli", probability=1), D("zeta", exponent=2.5))
    x, t = mpf(3.5), mpf(0.5)
    yield pair(D("zeta", exponent=3.5), D("logarithmic", probability=0.5), (x - 1) * zeta(x, 1, 1) / zeta(x) - log(zeta(x)) - zeta(x - 1) / zeta(x) * log(t) + log(-log(1 - t)))
    yield pair(D("zeta", exponent=2), D("logarithmic", probability=0.5), inf)


def lines(name, entries):
    return f'"{name}": [\n' + ",\n".join(json.dumps(entry) for entry in entries) + "\n]"


print("{" + lines("families", families()) + ",\n" + lines("pairs", pairs()) + "}")
