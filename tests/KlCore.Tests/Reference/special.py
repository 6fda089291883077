"""Writes special.json: the logarithm of gamma, its Bregman divergence, and the incomplete gamma functions, with many digits.

Run:  python3 special.py > special.json        (mpmath 1.2.1)
The doubles are taken as exact numbers; the Bregman divergence goes by its definition, where cancellation is met by digits. The incomplete functions
of moderate shapes are mpmath's own series; those of large shapes integrate the density from its far side.
"""
import json
import random
from mpmath import mp, mpf, loggamma, psi, log, exp, gammainc, quad, sqrt, erfc, inf, nstr

draw = random.Random(7)


def bregman(b, a):
    mp.dps = 700
    b, a = mpf(b), mpf(a)
    return nstr(loggamma(b) - loggamma(a) - (b - a) * psi(0, a), 20)


def log_gamma(x):
    mp.dps = 60
    return nstr(loggamma(mpf(x)), 20)


def pair_cases():
    for a in (1e-300, 1e-20, 1e-8, 1e-3, 0.3, 1.0, 2.5, 7.0, 11.9, 12.1, 40.0, 1e3, 1e6, 1e10, 1e15):
        for b in (1e-300, 1e-8, 0.01, 0.7, 3.0, 15.0, 1e4, 1e10, 1e15):
            if a != b:
                yield b, a
        for r in (2.0 ** -50, 1e-13, 1e-8, 1e-4, 0.1, 0.45, -1e-13, -1e-6, -0.1, -0.3):
            yield a * (1 + r), a


def tails(a, x):
    """(P, Q) by series of positive terms for the one, by the transformed integral for the other."""
    mp.dps = 50
    a, x = mpf(a), mpf(x)
    kernel = exp(a * log(x) - x - loggamma(a + 1))
    if a > 1000:
        # Both sides by quadrature over t = x(1 + s), scaled by the value at x.
        width = sqrt(a) / x
        f = lambda s: exp((a - 1) * log(1 + s) - x * s)
        points = lambda sign: [0] + [sign * width * k for k in (0.25, 0.5, 1, 2, 3, 4, 6, 8, 12, 16, 24)]
        peak = (a - x) / x
        def side(sign):
            ends = sorted(set([p for p in points(sign) if p > -1] + [peak + q * width for q in range(-18, 19) if (peak + q * width) * sign > 0 and peak + q * width > -1]), key=abs)
            return abs(quad(f, ends))
        p, q = kernel * a * side(-1), kernel * a * side(1)
        assert abs(p + q - 1) < mpf(10) ** -20, (a, x, p + q)
        return p, q
    term, total, n = mpf(1), mpf(1), 1
    while term > total * mpf(10) ** -48 and n < 200000:
        term *= x / (a + n)
        total += term
        n += 1
    p = kernel * total
    mp.dps = 50 + int(min(x, 3000) / 2)
    q = gammainc(a, x, inf, regularized=True)
    return p, q


def incomplete_cases():
    for a in (1e-8, 1e-3, 0.2, 0.9, 1.0, 3.3, 9.9, 11.9, 12.1, 30.0, 150.0, 999.0):
        for t in (1e-9, 1e-3, 0.2, 0.29, 0.31, 0.6, 0.95, 1.0, 1.05, 1.4, 2.3, 2.4, 4.0):
            yield a, a * t
        for x in (1e-300, 1e-30, 0.01, 0.4, 1.05, 1.2, 5.0, 60.0, 600.0):
            yield a, x
    for a in (2.5e3, 1e6, 1e10):
        for z in (-20, -8, -3, -1, -0.01, 0, 0.5, 2, 6, 15, 25):
            yield a, a + z * a ** 0.5


if __name__ == "__main__":
    gammas = [1e-300, 1e-20, 1e-3, 0.3, 0.4999, 0.5001, 0.9, 1 - 1e-9, 1 + 1e-12, 1.2, 1.4616321449683623, 1.5001, 1.9, 2 - 1e-10, 2 + 1e-7, 2.2, 2.4999, 2.51, 3.7, 6.1, 9.99, 10.01, 47.3, 1e4, 1e10, 1e15, 1e300]
    data = {"logGamma": [{"x": x, "value": log_gamma(x)} for x in gammas],
            "bregman": [{"b": b, "a": a, "value": bregman(b, a)} for b, a in pair_cases()],
            "incompleteGamma": []}
    for a, x in incomplete_cases():
        if x <= 0:
            continue
        p, q = tails(a, x)
        mp.dps = 40
        data["incompleteGamma"].append({"a": a, "x": x, "lower": nstr(p, 20), "upper": nstr(q, 20), "logLower": nstr(log(p) if p < 0.5 else mp.log1p(-q), 20), "logUpper": nstr(log(q) if q < 0.5 else mp.log1p(-p), 20)})
    print("{")
    print(",\n".join(f' "{key}": [\n' + ",\n".join("  " + json.dumps(item) for item in items) + "\n ]" for key, items in data.items()))
    print("}")
