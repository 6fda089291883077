"""Divergences between named distributions of x > 0 as integrals over s = ln x, of 25 digits, written to integrals.json.

Each family is its textbook density; nothing is shared with the code under test but the names of the parameters.
"""
import json

from mpmath import exp, gamma, inf, linspace, log, mp, mpf, pi, quad, sqrt

mp.dps = 25

# ln of the density at x = e^s, of the parameters in the order of their names.
LOG_DENSITIES = {
    "gamma": lambda s, k, b: k * log(b) - log(gamma(k)) + (k - 1) * s - b * exp(s),
    "exponential": lambda s, b: log(b) - b * exp(s),
    "log-normal": lambda s, m, w: -((s - m) / w) ** 2 / 2 - s - log(w * sqrt(2 * pi)),
    "weibull": lambda s, k, w: log(k / w) + (k - 1) * (s - log(w)) - exp(k * (s - log(w))),
    "lomax": lambda s, a, w: log(a / w) - (a + 1) * log(1 + exp(s) / w),
    "half-cauchy": lambda s, w: log(2 / (pi * w)) - log(1 + exp(2 * (s - log(w)))),
    "levy": lambda s, c: log(c / (2 * pi)) / 2 - c / 2 * exp(-s) - 3 * s / 2,
    "frechet": lambda s, a, w: log(a / w) - (a + 1) * (s - log(w)) - exp(-a * (s - log(w))),
    "log-logistic": lambda s, a, w: log(a / w) + (a - 1) * (s - log(w)) - 2 * log(1 + exp(a * (s - log(w)))),
    "inverse-gamma": lambda s, a, b: a * log(b) - log(gamma(a)) - (a + 1) * s - b * exp(-s),
    "inverse-gaussian": lambda s, m, k: log(k / (2 * pi)) / 2 - 3 * s / 2 - k * (exp(s) - m) ** 2 / (2 * m * m * exp(s)),
    "nakagami": lambda s, m, w: log(2) + m * log(m / w) - log(gamma(m)) + (2 * m - 1) * s - m / w * exp(2 * s),
    "gompertz": lambda s, n, b: log(b * n) + n + b * exp(s) - n * exp(b * exp(s)) if b * exp(s) < 10000 else -inf,
    "lindley": lambda s, t: 2 * log(t) - log(1 + t) + log(1 + exp(s)) - t * exp(s),
    "rayleigh": lambda s, w: s - 2 * log(w) - exp(2 * s) / (2 * w * w),
    "half-normal": lambda s, w: log(2 / pi) / 2 - log(w) - exp(2 * s) / (2 * w * w),
}

PARAMETERS = {
    "gamma": ["shape", "rate"], "exponential": ["rate"], "log-normal": ["location", "scale"], "weibull": ["shape", "scale"], "lomax": ["shape", "scale"],
    "half-cauchy": ["scale"], "levy": ["scale"], "frechet": ["shape", "scale"], "log-logistic": ["shape", "scale"], "inverse-gamma": ["shape", "scale"],
    "inverse-gaussian": ["mean", "shape"], "nakagami": ["shape", "spread"], "gompertz": ["shape", "rate"], "lindley": ["parameter"], "rayleigh": ["scale"],
    "half-normal": ["scale"],
}

PAIRS = [
    (("gamma", 0.3, 2), ("log-normal", 0, 1.5)), (("log-normal", 0, 1), ("gamma", 2, 0.5)), (("log-normal", 0, 1), ("exponential", 1)),
    (("weibull", 0.7, 2), ("gamma", 3, 1)), (("gamma", 7.5, 0.1), ("weibull", 1.5, 60)), (("exponential", 0.4), ("lomax", 2, 3)),
    (("lomax", 3, 2), ("half-cauchy", 1)), (("half-cauchy", 1), ("lomax", 0.5, 1)), (("levy", 1), ("half-cauchy", 3)),
    (("frechet", 2, 1), ("log-logistic", 1.5, 2)), (("inverse-gamma", 3.5, 2), ("log-normal", 0, 1)), (("inverse-gaussian", 1, 2), ("gamma", 2, 2)),
    (("nakagami", 0.6, 3), ("exponential", 1)), (("gompertz", 0.5, 1), ("weibull", 2, 1)), (("lindley", 1), ("gamma", 1.5, 1)),
    (("log-logistic", 3, 1), ("lomax", 1, 1)), (("weibull", 0.05, 1), ("log-normal", 0, 20)), (("gamma", 0.05, 1), ("log-normal", -20, 20)),
    (("frechet", 0.5, 1), ("log-logistic", 0.3, 1)), (("rayleigh", 0.7), ("gamma", 2, 2)), (("gamma", 400, 1), ("log-normal", 6, 0.05)),
    (("half-normal", 1e-6), ("half-cauchy", 1)), (("half-normal", 1), ("half-cauchy", 1e-6)), (("inverse-gamma", 0.2, 1e-5), ("log-normal", 0, 30)),
]


def log_density(distribution, s):
    return LOG_DENSITIES[distribution[0]](s, *(mpf(parameter) for parameter in distribution[1:]))


def integral(function):
    ends = [-3000, -1500, -1000, -700, -500, -350, -250] + [mpf(x) for x in linspace(-180, -40, 15)] + [mpf(x) for x in linspace(-36, 36, 109)] + [mpf(x) for x in linspace(40, 180, 15)] + [250, 350, 500, 700]
    return quad(function, ends, maxdegree=7)


def divergences(p, q):
    def at(s, f):
        a, b = log_density(p, s) + s, log_density(q, s) + s
        return f(exp(a), exp(b), a, b) if a > -1e6 or b > -1e6 else mpf(0)

    def middle(x, y, a, b):
        m = (x + y) / 2
        return ((x * (a - log(m)) if x else 0) + (y * (b - log(m)) if y else 0)) / 2 if m else mpf(0)

    return {
        "kullbackLeibler": integral(lambda s: at(s, lambda x, y, a, b: x * (a - b) if a > -2000 else mpf(0))),
        "jensenShannon": integral(lambda s: at(s, middle)),
        "bhattacharyya": -log(integral(lambda s: at(s, lambda x, y, a, b: sqrt(x * y)))),
    }


def described(distribution):
    return {"family": distribution[0], **dict(zip(PARAMETERS[distribution[0]], distribution[1:]))}


if __name__ == "__main__":
    rows = []
    for p, q in PAIRS:
        found = divergences(p, q)
        rows.append({"p": described(p), "q": described(q), **{name: float(value) for name, value in found.items()}})
        print(rows[-1], flush=True)
    with open("integrals.json", "w") as file:
        json.dump(rows, file, indent=1)
        file.write("\n")
