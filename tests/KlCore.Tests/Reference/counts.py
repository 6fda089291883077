"""Writes counts.json: entropies and divergences from counts under every correction, by their definitions, with 50 and more digits.

Run:  python3 counts.py > counts.json        (mpmath 1.2.1, scipy 1.10)
Zhang's and Chao, Wang and Jost's are summed as the series in which they were published where these can be summed, the jackknife leaves out
one observation after the other, NSB is integrated over beta itself in pieces. Nothing here shares a form with the code under test.
"""
import json
from mpmath.calculus.quadrature import GaussLegendre
from mpmath import mp, mpf, log, psi, loggamma, exp, sqrt, quad, inf, gammainc, binomial, factorial

mp.dps = 60


def plugin(c):
    n = mpf(sum(c))
    return -sum(x / n * log(x / n) for x in map(mpf, c) if x)


def grassberger(c):
    n = mpf(sum(c))
    g = lambda k: psi(0, mpf(k)) + mpf(-1) ** (k % 2) / 2 * (psi(0, mpf(k + 1) / 2) - psi(0, mpf(k) / 2))
    return log(n) - sum(k * g(k) for k in c if k) / n


def chao_shen(c):
    n, f1 = sum(c), c.count(1)
    if f1 == n:
        f1 = n - 1
    cov = 1 - mpf(f1) / n
    return -sum(cov * mpf(x) / n * log(cov * mpf(x) / n) / (1 - (1 - cov * mpf(x) / n) ** n) for x in c if x)


def shrink(c, k):
    n = mpf(sum(c))
    ps = [x / n for x in c] + [mpf(0)] * (k - len(c))
    d = (n - 1) * sum((mpf(1) / k - p) ** 2 for p in ps)
    lam = mpf(1) if d == 0 else min(mpf(1), (1 - sum(p * p for p in ps)) / d)
    return [lam / k + (1 - lam) * p for p in ps]


def added(c, k, a):
    n = mpf(sum(c))
    return [(mpf(x) + a) / (n + k * a) for x in c] + [a / (n + k * a)] * (k - len(c))


def entropy(ps):
    return -sum(p * log(p) for p in ps if p)


def zhang(c):
    n = sum(c)
    if n > 3000:
        return sum(mpf(x) / n * (psi(0, mpf(n)) - psi(0, mpf(x))) for x in c if x)
    total = mpf(0)
    for x in c:
        if not x:
            continue
        product = mpf(1)
        for v in range(1, n):
            # N^v (N-v-1)!/(N-1)! times the product over j of (1 - n/N - j/N), factor by factor.
            product *= (mpf(n) - x - (v - 1)) / (n - v)
            if product == 0:
                break
            total += mpf(x) / n * product / v
    return total


def cwj(c):
    n, f1, f2 = sum(c), c.count(1), c.count(2)
    z = sum(mpf(x) / n * (psi(0, mpf(n)) - psi(0, mpf(x))) for x in c if x)
    if f1 == 0:
        return z
    a = mpf(2) * f2 / ((n - 1) * f1 + 2 * f2) if f2 else mpf(2) / ((n - 1) * (f1 - 1) + 2)
    if a == 1:
        return z
    if n > 3000:
        # The rest of -ln A is an incomplete beta function.
        mp.dps += 40
        rest = quad(lambda t: t ** (n - 1) / (1 - t) if t < 1 else 0, [0, (1 - a) * (1 - 200 * mpf(1) / n), 1 - a]) if n < 10 ** 7 else quad(
            lambda s: exp(n * log((1 - a) * (1 - s / n))) / ((1 - a) * (1 - s / n)) * (1 - a) / n / (1 - (1 - a) * (1 - s / n)), [0, n * a / 8, n * a, 1, 10, 50, 200])
        mp.dps -= 40
    else:
        rest = -log(a) - sum((1 - a) ** r / r for r in range(1, n))
    return z + mpf(f1) / n * (1 - a) ** (1 - n) * rest


def jackknife(c):
    n = sum(c)
    mp.dps += 40
    total = n * plugin(c)
    for x in set(c):
        if not x:
            continue
        less = list(c)
        less[c.index(x)] -= 1
        total -= mpf(n - 1) / n * c.count(x) * x * plugin(less)
    mp.dps -= 40
    return total


def nsb(c, k):
    if k == 1:
        return mpf(0), mpf(0)
    n = sum(c)
    seen = [x for x in c if x]

    def weight(b):
        s = loggamma(k * b) - loggamma(n + k * b) + sum(loggamma(x + b) - loggamma(b) for x in seen)
        return s, k * psi(1, k * b + 1) - psi(1, b + 1)

    def mean(b):
        t = n + k * b
        return psi(0, t + 1) - sum((x + b) / t * psi(0, x + b + 1) for x in seen) - (k - len(seen)) * b / t * psi(0, b + 1)

    def second(b):
        t = n + k * b
        xs = [(x + b, 1) for x in seen] + ([(b, k - len(seen))] if k > len(seen) else [])
        d = lambda x: psi(0, x + 1) - psi(0, t + 2)
        off = sum(w * x * d(x) for x, w in xs) ** 2 - sum(w * (x * d(x)) ** 2 for x, w in xs) - psi(1, t + 2) * (t * t - sum(w * x * x for x, w in xs))
        on = sum(w * x * (x + 1) * ((psi(0, x + 2) - psi(0, t + 2)) ** 2 + psi(1, x + 2) - psi(1, t + 2)) for x, w in xs)
        return (off + on) / (t * (t + 1))

    mp.dps = 30 + (20 if n > 10 ** 6 else 0)
    grid = [mpf(10) ** (mpf(i) / 2) for i in range(-40, 50)]
    height = lambda b: weight(b)[0] + log(weight(b)[1] * b)
    top = max(height(b) for b in grid)
    low = next(b for b in grid if height(b) > top - 60)
    high = next(b for b in reversed(grid) if height(b) > top - 60)
    # Gauss's rule of 24 points on pieces of ln beta.
    ends = [log(low) - mpf(1), log(high) + mpf(1)]
    count = max(12, int(ends[1] - ends[0]))
    rule = GaussLegendre(mp).calc_nodes(4, 80)
    z = m = s = mpf(0)
    for i in range(count):
        a, b = ends[0] + (ends[1] - ends[0]) * i / count, ends[0] + (ends[1] - ends[0]) * (i + 1) / count
        for x, w in rule:
            beta = exp((a + b) / 2 + (b - a) / 2 * x)
            t = weight(beta)
            u = w * exp(t[0] - top) * t[1] * beta
            h = mean(beta)
            z, m, s = z + u, m + u * h, s + u * second(beta)
    m, s = m / z, s / z
    mp.dps = 60
    return m, sqrt(s - m * m)


def kl(ps, qs):
    return inf if any(p and not q for p, q in zip(ps, qs)) else sum(p * log(p / q) for p, q in zip(ps, qs) if p)


def kl_zhang(c, d):
    n, m = sum(c), sum(d)
    total = mpf(0)
    for x, y in zip(c, d):
        if not x:
            continue
        product = mpf(1)
        for v in range(1, m - y + 1):
            product *= 1 - mpf(y) / (m - v + 1)
            total += mpf(x) / n * product / v
        product = mpf(1)
        for v in range(1, n - x + 1):
            product *= 1 - mpf(x - 1) / (n - v)
            total -= mpf(x) / n * product / v
    return total


say = lambda x: "Infinity" if x == inf else mp.nstr(x, 20)


def entropies(name, c, k=None):
    k = k or len(c)
    n, s = sum(c), sum(1 for x in c if x)
    out = {
        "none": plugin(c), "miller-madow": plugin(c) + mpf(s - 1) / (2 * n), "grassberger": grassberger(c), "chao-shen": chao_shen(c),
        "james-stein": entropy(shrink(c, k)), "dirichlet/laplace": entropy(added(c, k, mpf(1))), "dirichlet/jeffreys": entropy(added(c, k, mpf(1) / 2)),
        "dirichlet/perks": entropy(added(c, k, mpf(1) / k)), "dirichlet/minimax": entropy(added(c, k, sqrt(mpf(n)) / k)),
        "zhang": zhang(c), "chao-wang-jost": cwj(c), "jackknife": jackknife(c) if n > 1 else mpf(0),
    }
    out["nsb"], deviation = nsb(c, k)
    p = [mpf(x) / n for x in c if x]
    h = plugin(c)
    delta = sqrt(sum(x * (log(x) + h) ** 2 for x in p) / n)
    return {"name": name, "counts": c, "categories": k, "entropies": {key: say(value) for key, value in out.items()}, "nsbDeviation": say(deviation), "delta": say(delta)}


def divergences(name, c, d, k=None):
    k = k or len(c)
    n, m = sum(c), sum(d)
    p, q = [mpf(x) / n for x in c], [mpf(x) / m for x in d]
    plug = kl(p, q)
    mm = inf if plug == inf else plug - mpf(sum(1 for x in c if x) - 1) / (2 * n) - (sum(x * x / y / x for x, y in zip(p, q) if x) - 1) / (2 * m)
    r = [(mpf(x) + y) / (n + m) for x, y in zip(c, d)]
    g = 2 * n * kl(p, r) + 2 * m * kl(q, r)
    chi = sum((x - e) ** 2 / e for x, e in [(mpf(x), n * t) for x, t in zip(c, r) if t] + [(mpf(y), m * t) for y, t in zip(d, r) if t])
    df = sum(1 for t in r if t) - 1
    pv = lambda x: gammainc(mpf(df) / 2, x / 2, inf, regularized=True)
    out = {"none": plug, "miller-madow": mm, "zhang": kl_zhang(c, d), "james-stein": kl(shrink(c, k), shrink(d, k)), "dirichlet/laplace": kl(added(c, k, mpf(1)), added(d, k, mpf(1)))}
    return {"name": name, "p": c, "q": d, "categories": k, "divergences": {key: say(value) for key, value in out.items()},
            "g": say(g), "gPValue": say(pv(g)), "chi": say(chi), "chiPValue": say(pv(chi)), "degrees": df}


zipf = [max(1, 2000 // i) for i in range(1, 60)]
print(json.dumps({
    "entropies": [
        entropies("divergences.md", [2, 2, 1, 1, 1]),
        entropies("one observation", [1, 0, 0]),
        entropies("one category", [7], 4),
        entropies("singletons", [1] * 8, 20),
        entropies("singletons and one pair", [2] + [1] * 9, 100),
        entropies("no singletons", [4, 2, 2, 5, 3]),
        entropies("uniform", [100] * 10),
        entropies("typical", [4, 2, 3, 0, 2, 4, 0, 0, 2, 1, 1], 15),
        entropies("zipf", zipf, 80),
        entropies("large and nearly certain", [10 ** 15 - 1, 1]),
        entropies("large", [6 * 10 ** 14, 3 * 10 ** 14, 10 ** 14]),
        entropies("large and rare", [10 ** 12, 5 * 10 ** 11, 1, 1, 1, 2], 10),
        entropies("large and uniform", [2 * 10 ** 14] * 5),
    ],
    "divergences": [
        divergences("both small", [2, 2, 1, 1, 1], [1, 3, 2, 1, 2]),
        divergences("empty in q", [10, 5, 3, 2], [8, 6, 0, 0]),
        divergences("empty in p", [10, 0, 3, 0], [8, 6, 1, 2], 6),
        divergences("nearly equal", [1000, 2000, 3000], [1001, 1999, 3001]),
        divergences("far", [90, 9, 1], [1, 9, 90]),
        divergences("zipf", zipf, zipf[1:] + [500]),
    ],
}, indent=1))
