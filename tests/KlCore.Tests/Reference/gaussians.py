"""Writes gaussians.json: everything between two Gaussians on hard pairs, by the textbook formulas, with hundreds of digits.

Run:  python3 gaussians.py > gaussians.json        (mpmath 1.2.1)
The doubles are taken as exact numbers. Inverses and determinants are computed as the formulas say, and the cancellation is met by
digits; the Wasserstein distance goes by the eigenvalues of S T. Nothing here shares a form with the code under test.
"""
import json
import random
from mpmath import mp, mpf, matrix, log, exp, sqrt, det, inverse, diag, eye


def mean(g):
    m = g["mean"] if isinstance(g["mean"], list) else [g["mean"]]
    return matrix([mpf(x) for x in m])


def covariance(g):
    if "covariance" in g:
        return matrix([[mpf(x) for x in row] for row in g["covariance"]])
    if "variances" in g:
        return diag([mpf(v) for v in g["variances"]])
    if "standardDeviation" in g:
        return matrix([[mpf(g["standardDeviation"]) ** 2]])
    l = matrix([[mpf(x) for x in row] for row in g["choleskyFactor"]])
    return l * l.T


def trace(a):
    return sum(a[i, i] for i in range(a.rows))


def kl(m, s, n, t):
    ti, dm = inverse(t), n - m
    return (trace(ti * s) + (dm.T * ti * dm)[0] - s.rows + log(det(t)) - log(det(s))) / 2


def roots(s, t):
    """The eigenvalues of T^1/2 S T^1/2: those of L^T S L with T = L L^T."""
    l = mp.cholesky(t)
    w = l.T * s * l
    w = (w + w.T) / 2
    return mp.eigsy(w, eigvals_only=True)


def case(name, p, q, digits):
    mp.dps = digits
    m, s, n, t = mean(p), covariance(p), mean(q), covariance(q)
    dm, mid = n - m, (s + t) / 2
    forward, reverse = kl(m, s, n, t), kl(n, t, m, s)
    db = (dm.T * inverse(mid) * dm)[0] / 8 + log(det(mid) / sqrt(det(s) * det(t))) / 2
    w2 = (dm.T * dm)[0] + trace(s) + trace(t) - 2 * sum(sqrt(max(x, mpf(0))) for x in roots(s, t))
    def condition(a):
        e = mp.eigsy(a, eigvals_only=True)
        return max(e) / min(e)
    say = lambda x: mp.nstr(x, 20)
    return {"name": name, "p": p, "q": q, "forward": say(forward), "reverse": say(reverse), "bhattacharyya": say(db),
            "hellinger": say(sqrt(1 - exp(-db))), "wasserstein2": say(sqrt(max(w2, mpf(0)))),
            "trace": say(trace(inverse(t) * s)), "mahalanobis": say((dm.T * inverse(t) * dm)[0]), "logDeterminant": say(log(det(t)) - log(det(s))),
            "conditionOfP": say(condition(s)), "conditionOfQ": say(condition(t))}


def hilbert(n):
    return [[1.0 / (i + j + 1) for j in range(n)] for i in range(n)]


def well(rng, n, scale=1.0):
    a = [[rng.gauss(0, 1) for _ in range(n)] for _ in range(n)]
    s = [[0.0] * n for _ in range(n)]
    for i in range(n):
        for j in range(i + 1):
            s[i][j] = s[j][i] = scale * (sum(a[i][k] * a[j][k] for k in range(n)) / n + (0.5 if i == j else 0.0))
    return s


def nudged(rng, s, by):
    n = len(s)
    t = [row[:] for row in s]
    for i in range(n):
        for j in range(i + 1):
            t[i][j] = t[j][i] = s[i][j] * (1 + by * rng.uniform(-1, 1))
    return t


def factor(rng, n):
    return [[(rng.uniform(0.5, 2) if i == j else rng.gauss(0, 0.3)) if j <= i else 0.0 for j in range(n)] for i in range(n)]


def vector(rng, n):
    return [rng.gauss(0, 1) for _ in range(n)]


rng = random.Random(20)
cases = []
add = lambda name, p, q, digits=120: cases.append(case(name, p, q, digits))
add("line", {"mean": 0.3, "standardDeviation": 1.1}, {"mean": -0.2, "standardDeviation": 0.7})
add("line, variance against deviation", {"mean": 0.0, "standardDeviation": 1.1}, {"mean": 0.0, "variances": [1.21]})
add("line, 1e-9 apart", {"mean": 1.0, "standardDeviation": 2.0}, {"mean": 1.0, "standardDeviation": 2.0 * (1 + 1e-9)})
add("line, 1e-15 apart", {"mean": 1.0, "variances": [2.0]}, {"mean": 1.0, "variances": [2.0000000000000009]})
add("line, means 1e-9 apart", {"mean": 1.0, "standardDeviation": 2.0}, {"mean": 1.000000001, "standardDeviation": 2.0})
add("line, 1e-120 against 1e-119", {"mean": 1e-120, "standardDeviation": 1e-120}, {"mean": 0, "standardDeviation": 1e-119}, 600)
add("diagonal, scales from 1e-200 to 1e200", {"mean": [0.0, 1e100, 0.0], "variances": [1e-200, 1e200, 1.0]}, {"mean": [1e-100, 0.0, 0.5], "variances": [3e-200, 0.5e200, 1.5]}, 900)
add("plane", {"mean": [0, 0], "covariance": [[1, 0.2], [0.2, 2]]}, {"mean": [1, 0], "variances": [1, 1]})
add("plane, scales from 1e-200 to 1e200", {"mean": [0.0, 0.0], "covariance": [[1e-200, 0.5], [0.5, 1e200]]}, {"mean": [1e-100, 0.0], "covariance": [[2e-200, -0.25], [-0.25, 1e200]]}, 900)
add("plane, correlations near 1", {"mean": [0.0, 0.0], "covariance": [[1.0, 0.9999999], [0.9999999, 1.0]]}, {"mean": [0.1, 0.1], "covariance": [[1.0, 0.999999], [0.999999, 1.0]]})
add("d=5", {"mean": vector(rng, 5), "covariance": well(rng, 5)}, {"mean": vector(rng, 5), "covariance": well(rng, 5)})
add("d=5, by factors", {"mean": vector(rng, 5), "choleskyFactor": factor(rng, 5)}, {"mean": vector(rng, 5), "choleskyFactor": factor(rng, 5)})
add("d=5, covariance against factor", {"mean": vector(rng, 5), "covariance": well(rng, 5)}, {"mean": vector(rng, 5), "choleskyFactor": factor(rng, 5)})
s, m = well(rng, 5), vector(rng, 5)
add("d=5, 1e-9 apart", {"mean": m, "covariance": s}, {"mean": m, "covariance": nudged(rng, s, 1e-9)}, 160)
add("d=5, 1e-4 apart", {"mean": m, "covariance": s}, {"mean": [x + 1e-5 for x in m], "covariance": nudged(rng, s, 1e-4)}, 160)
l = factor(rng, 5)
add("d=5, factors 1e-9 apart", {"mean": m, "choleskyFactor": l}, {"mean": m, "choleskyFactor": [[x * (1 + 1e-9 * rng.uniform(-1, 1)) for x in row] for row in l]}, 160)
for n in (5, 8, 10):
    add(f"hilbert {n}", {"mean": [0.0] * n, "covariance": hilbert(n)}, {"mean": vector(rng, n), "variances": [1.0] * n}, 200)
    add(f"hilbert {n}, twice", {"mean": [0.0] * n, "covariance": hilbert(n)}, {"mean": [0.0] * n, "covariance": [[2 * x if i == j else x for j, x in enumerate(row)] for i, row in enumerate(hilbert(n))]}, 200)
add("d=50", {"mean": vector(rng, 50), "covariance": well(rng, 50)}, {"mean": vector(rng, 50), "covariance": well(rng, 50)}, 60)
add("d=70", {"mean": vector(rng, 70), "covariance": well(rng, 70)}, {"mean": vector(rng, 70), "covariance": well(rng, 70)}, 60)
s, m = well(rng, 70), vector(rng, 70)
add("d=70, 1e-9 apart", {"mean": m, "covariance": s}, {"mean": m, "covariance": nudged(rng, s, 1e-9)}, 80)
l = factor(rng, 70)
add("d=70, factors 1e-9 apart", {"mean": m, "choleskyFactor": l}, {"mean": m, "choleskyFactor": [[x * (1 + 1e-9 * rng.uniform(-1, 1)) for x in row] for row in l]}, 80)
print(json.dumps({"cases": cases}, indent=None, separators=(",", ":")).replace('{"name"', '\n{"name"'))
