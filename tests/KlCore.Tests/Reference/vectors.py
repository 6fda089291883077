"""Writes vectors.json: distributions of vectors and matrices, their densities and entropies, and divergences between them.

Run:  python3 vectors.py > vectors.json        (mpmath 1.2.1)
The doubles are taken as exact numbers. Everything is the textbook formula, with determinants and inverses as it says; what cancels is met by digits.
"""
import json
from mpmath import mp, mpf, log, exp, loggamma, psi, matrix, det, inverse, inf, pi, e

mp.dps = 120


def say(x):
    return "Infinity" if x == inf else "-Infinity" if x == -inf else mp.nstr(x, 20)


def vector(v):
    return [mpf(x) for x in v]


def M(rows):
    return matrix([[mpf(x) for x in row] for row in rows])


def tr(a):
    return sum(a[i, i] for i in range(a.rows))


def lmgamma(d, x):
    return mpf(d * (d - 1)) / 4 * log(pi) + sum(loggamma(x - mpf(i) / 2) for i in range(d))


def mpsi(d, x):
    return sum(psi(0, x - mpf(i) / 2) for i in range(d))


def lbeta(a):
    return sum(loggamma(x) for x in a) - loggamma(sum(a))


def log_density(g, x):
    f, x = g["family"], vector(x)
    if f == "dirichlet":
        a, t = vector(g["concentration"]), sum(x)
        return sum((p - 1) * log(y / t) for p, y in zip(a, x) if p != 1) - lbeta(a)
    if f == "multinomial":
        p = vector(g["probabilities"])
        t = sum(p)
        return loggamma(mpf(g["trials"]) + 1) + sum(y * log(q / t) - loggamma(y + 1) for q, y in zip(p, x) if y > 0)
    if f == "wishart":
        v, n = M(g["scale"]), mpf(g["degreesOfFreedom"])
        d = v.rows
        X = matrix(d, d)
        for i in range(d):
            for j in range(d):
                X[i, j] = x[i * d + j]
        return (n - d - 1) / 2 * log(det(X)) - tr(inverse(v) * X) / 2 - n * d / 2 * log(mpf(2)) - n / 2 * log(det(v)) - lmgamma(d, n / 2)
    c, m = M(g["covariance"]), matrix(vector(g["mean"]))
    z = matrix(x) - m
    return -((z.T * inverse(c) * z)[0] + log(det(c)) + c.rows * log(2 * pi)) / 2


def entropy(g):
    f = g["family"]
    if f == "dirichlet":
        a = vector(g["concentration"])
        A = sum(a)
        return lbeta(a) + (A - len(a)) * psi(0, A) - sum((x - 1) * psi(0, x) for x in a)
    if f == "wishart":
        v, n = M(g["scale"]), mpf(g["degreesOfFreedom"])
        d = v.rows
        return mpf(d + 1) / 2 * log(det(v)) + mpf(d * (d + 1)) / 2 * log(mpf(2)) + lmgamma(d, n / 2) - (n - d - 1) / 2 * mpsi(d, n / 2) + n * d / 2
    if f == "multivariate-normal":
        c = M(g["covariance"])
        return (c.rows * log(2 * pi * e) + log(det(c))) / 2
    return None


def kl(g, h):
    f = g["family"]
    if f == "dirichlet":
        a, b = vector(g["concentration"]), vector(h["concentration"])
        A = sum(a)
        return lbeta(b) - lbeta(a) + sum((x - y) * (psi(0, x) - psi(0, A)) for x, y in zip(a, b))
    if f == "multinomial":
        p, q = vector(g["probabilities"]), vector(h["probabilities"])
        P, Q = sum(p), sum(q)
        if g["trials"] != h["trials"] or any(x > 0 and y == 0 for x, y in zip(p, q)):
            return inf
        return g["trials"] * sum(x / P * log(x * Q / (y * P)) for x, y in zip(p, q) if x > 0)
    if f == "wishart":
        v, w, n, m = M(g["scale"]), M(h["scale"]), mpf(g["degreesOfFreedom"]), mpf(h["degreesOfFreedom"])
        d, r = v.rows, inverse(w) * v
        return n / 2 * (tr(r) - d) - m / 2 * log(det(r)) + lmgamma(d, m / 2) - lmgamma(d, n / 2) + (n - m) / 2 * mpsi(d, n / 2)
    s, t = M(g["covariance"]), M(h["covariance"])
    z = matrix(vector(g["mean"])) - matrix(vector(h["mean"]))
    return ((z.T * inverse(t) * z)[0] + tr(inverse(t) * s) - s.rows + log(det(t)) - log(det(s))) / 2


def positive(m):
    return all(det(m[: k + 1, : k + 1]) > 0 for k in range(m.rows))


def chernoff(g, h, a):
    f, b = g["family"], 1 - a
    if f == "dirichlet":
        p, q = vector(g["concentration"]), vector(h["concentration"])
        m = [a * x + b * y for x, y in zip(p, q)]
        return lbeta(m) - a * lbeta(p) - b * lbeta(q) if min(m) > 0 else inf
    if f == "multinomial":
        p, q = vector(g["probabilities"]), vector(h["probabilities"])
        P, Q = sum(p), sum(q)
        return g["trials"] * log(sum((x / P) ** a * (y / Q) ** b for x, y in zip(p, q)))
    if f == "wishart":
        v, w, n, m = M(g["scale"]), M(h["scale"]), mpf(g["degreesOfFreedom"]), mpf(h["degreesOfFreedom"])
        d, k, inv = v.rows, a * n + b * m, a * inverse(v) + b * inverse(w)
        if k <= d - 1 or not positive(inv):
            return inf
        return lmgamma(d, k / 2) - a * lmgamma(d, n / 2) - b * lmgamma(d, m / 2) - k / 2 * log(det(inv)) - a * n / 2 * log(det(v)) - b * m / 2 * log(det(w))
    s, t = M(g["covariance"]), M(h["covariance"])
    z = matrix(vector(g["mean"])) - matrix(vector(h["mean"]))
    blend = b * s + a * t
    if not positive(blend):
        return inf
    return -(a * b * (z.T * inverse(blend) * z)[0] + log(det(blend)) - b * log(det(s)) - a * log(det(t))) / 2


def D(name, **parameters):
    return {"family": name, **parameters}


def dirichlet(*a):
    return D("dirichlet", concentration=list(a))


def wishart(n, v):
    return D("wishart", degreesOfFreedom=n, scale=v)


def normal(m, c):
    return D("multivariate-normal", mean=m, covariance=c)


near = 1 + 2.0 ** -42
V = [[2, 0.5, 0.25], [0.5, 1, -0.125], [0.25, -0.125, 0.75]]
W = [[1, 0.125, 0], [0.125, 2, 0.5], [0, 0.5, 1]]
NEAR_V = [[2 * near, 0.5, 0.25], [0.5, 1, -0.125], [0.25, -0.125, 0.75]]


def flat(m, factor):
    return [x * factor for row in m for x in row]


densities = [
    (dirichlet(2, 3, 0.5), [[0.2, 0.3, 0.5], [0.5, 0.25, 0.25], [1e-300, 0.75, 0.25]]),
    (dirichlet(1e-8, 1e-8), [[0.5, 0.5], [1e-9, 1 - 1e-9]]),
    (dirichlet(1e10, 3e10, 1), [[0.25, 0.75, 2.0 ** -36], [0.25 - 2.0 ** -20, 0.75 + 2.0 ** -20 - 2.0 ** -40, 2.0 ** -40]]),
    (dirichlet(1, 1, 1, 1), [[0, 0.5, 0.25, 0.25], [0.25, 0.25, 0.25, 0.25]]),
    (D("multinomial", trials=10, probabilities=[0.2, 0.3, 0.5]), [[2, 3, 5], [10, 0, 0], [0, 0, 10]]),
    (D("multinomial", trials=10 ** 9, probabilities=[0.25, 0.25, 0.5]), [[250000000, 250000000, 500000000], [250020000, 249970000, 500010000]]),
    (D("multinomial", trials=0, probabilities=[0.25, 0.75]), [[0, 0]]),
    (wishart(5, V), [flat(V, 5), flat(W, 3), flat(V, 100)]),
    (wishart(2.5, V), [flat(V, 1), flat(W, 1e-5)]),
    (wishart(1e8, V), [flat(V, 1e8), flat(V, 1.0001e8)]),
    (wishart(3, [[2]]), [[4], [1e-5]]),
    (normal([1, -2, 0.5], V), [[1, -2, 0.5], [3, 0, 0]]),
    (normal([0], [[1e-300]]), [[0], [1e-150]]),
]

pairs = [
    (dirichlet(2, 3, 0.5), dirichlet(1, 4, 2)), (dirichlet(2, 3, 0.5), dirichlet(2 * near, 3, 0.5)), (dirichlet(1e-8, 1e-8), dirichlet(1e-3, 1)),
    (dirichlet(1e10, 2e10, 3e10), dirichlet(1e10, 2e10 * near, 3e10)), (dirichlet(1e10, 2e10), dirichlet(1.5e10, 3e10)), (dirichlet(1e5, 2), dirichlet(2e5, 2)),
    (dirichlet(1e5, 2), dirichlet(7, 1e5)), (dirichlet(20, 20, 20), dirichlet(20, 20, 25)), (dirichlet(0.01, 0.02, 0.03), dirichlet(0.011, 0.02, 0.03)),
    (dirichlet(5, 6), dirichlet(5, 6)), (dirichlet(1, 1, 1), dirichlet(1e-8, 1e10, 1)),
    (D("multinomial", trials=10, probabilities=[0.2, 0.3, 0.5]), D("multinomial", trials=10, probabilities=[0.3, 0.3, 0.4])),
    (D("multinomial", trials=10 ** 9, probabilities=[0.25, 0.25, 0.5]), D("multinomial", trials=10 ** 9, probabilities=[0.25 + 2.0 ** -40, 0.25 - 2.0 ** -40, 0.5])),
    (wishart(5, V), wishart(7, W)), (wishart(5, V), wishart(5, V)), (wishart(5, V), wishart(5 * near, V)), (wishart(5, V), wishart(5, NEAR_V)), (wishart(2.5, V), wishart(40, W)),
    (wishart(1e6, V), wishart(1.5e6, W)), (wishart(1e6, V), wishart(1e6, NEAR_V)), (wishart(300, V), wishart(3, W)), (wishart(50, V), wishart(55, V)), (wishart(2 + 1e-8, V), wishart(4, V)),
    (wishart(3, [[2]]), wishart(5, [[1.25]])),
    (normal([1, -2, 0.5], V), normal([0, 0, 0], W)), (normal([1, -2, 0.5], V), normal([1, -2, 0.5], NEAR_V)), (normal([1], [[4]]), normal([1 + 2.0 ** -42], [[4]])),
]

out = {"densities": [], "pairs": []}
for g, points in densities:
    entry = {"distribution": g, "points": [{"x": x, "logDensity": say(log_density(g, x))} for x in points]}
    if entropy(g) is not None:
        entry["entropy"] = say(entropy(g))
    out["densities"].append(entry)
for g, h in pairs:
    for p, q in ((g, h), (h, g)):
        out["pairs"].append({"p": p, "q": q, "forward": say(kl(p, q)), "chernoff": [{"a": a, "value": say(chernoff(p, q, mpf(a)))} for a in (0.5, 0.125, 2.0, -0.5)]})
print("{" + ",\n".join(f'"{name}": [\n' + ",\n".join(json.dumps(entry) for entry in entries) + "\n]" for name, entries in out.items()) + "}")
