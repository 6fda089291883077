"""Families on the line and on bounded intervals, by textbook densities integrated in 28 digits, or in 60 where two are nearly equal: writes lines.json beside it.

For each distribution: ln p, P(X <= x) and P(X > x) at some points, mean, variance and entropy; for pairs of them KL(p||q).
Every parameter is a double taken as an exact number.
"""

import json
import multiprocessing
import pathlib

from mpmath import mp, mpf

mp.dps = 28
inf = mp.inf


def t(v):
    return mp.nstr(v, 20)


def laplace(location, scale):
    m, s = mpf(location), mpf(scale)
    return lambda x: -abs(x - m) / s - mp.log(2 * s), [m - 60 * s, m - 8 * s, m - 2 * s, m, m + 2 * s, m + 8 * s, m + 60 * s], (-inf, inf)


def grown(z):
    # e^z where it stands in an exponent: beyond this nothing of the density is left, and no need to know how little.
    return mp.exp(z) if z < 300 else mpf(10) ** 100


def gumbel(location, scale):
    m, s = mpf(location), mpf(scale)
    return lambda x: -(x - m) / s - grown(-(x - m) / s) - mp.log(s), [m + s * k for k in (-6, -4, -3, -2, -1, 0, 1, 3, 6, 12, 25, 60, 110)], (-inf, inf)


def logistic(location, scale):
    m, s = mpf(location), mpf(scale)
    return lambda x: -(x - m) / s - 2 * mp.log1p(mp.exp(-(x - m) / s)) - mp.log(s), [m + s * k for k in (-110, -60, -30, -15, -8, -4, -2, -1, 0, 1, 2, 4, 8, 15, 30, 60, 110)], (-inf, inf)


def cauchy(location, scale):
    m, s = mpf(location), mpf(scale)
    return lambda x: -mp.log(mp.pi * s) - mp.log1p(((x - m) / s) ** 2), [m], (-inf, inf)


def student_t(degreesOfFreedom, location, scale):
    n, m, s = mpf(degreesOfFreedom), mpf(location), mpf(scale)
    norm = mp.loggamma((n + 1) / 2) - mp.loggamma(n / 2) - mp.log(n * mp.pi) / 2 - mp.log(s)
    return lambda x: norm - (n + 1) / 2 * mp.log1p(((x - m) / s) ** 2 / n), [m + s * k for k in (-1e6, -1e4, -1e3, -100, -30, -10, -4, -1.5, 0, 1.5, 4, 10, 30, 100, 1e3, 1e4, 1e6)], (-inf, inf)


def moyal(location, scale):
    m, s = mpf(location), mpf(scale)
    return lambda x: -((x - m) / s + grown(-(x - m) / s)) / 2 - mp.log(s) - mp.log(2 * mp.pi) / 2, [m + s * k for k in (-6, -4, -3, -2, -1, 0, 1, 3, 6, 12, 25, 60, 110, 220)], (-inf, inf)


def generalized_normal(location, scale, shape):
    m, s, b = mpf(location), mpf(scale), mpf(shape)
    far = mp.mpf(110) ** (1 / b)
    parts = [m + s * far * mpf(k) for k in (-1, -0.5, -0.25, -0.1, -0.03, -0.01, -0.001, 0, 0.001, 0.01, 0.03, 0.1, 0.25, 0.5, 1)]
    return lambda x: mp.log(b / (2 * s)) - mp.loggamma(1 / b) - (abs(x - m) / s) ** b, parts, (-inf, inf)


def normal(mean, standardDeviation):
    m, s = mpf(mean), mpf(standardDeviation)
    return lambda x: -((x - m) / s) ** 2 / 2 - mp.log(s) - mp.log(2 * mp.pi) / 2, [m + s * k for k in (-15, -9, -5, -3, -1.5, 0, 1.5, 3, 5, 9, 15)], (-inf, inf)


def von_mises(mean, concentration):
    m, k = mpf(mean), mpf(concentration)
    norm = mp.log(2 * mp.pi * mp.besseli(0, k))
    centre = m - 2 * mp.pi * mp.nint(m / (2 * mp.pi))
    # The support is between the doubles next to -pi and pi, and so are the masses at 20 digits.
    pi = mp.pi
    width = min(mpf(1), 1 / mp.sqrt(k + 1))
    parts = sorted({p for p in [centre + width * j for j in (-12, -6, -3, -1, 0, 1, 3, 6, 12)] if -pi < p < pi})
    return lambda x: k * mp.cos(x - m) - norm, [-pi] + parts + [pi], (-pi, pi)


def uniform(lower, upper):
    a, b = mpf(lower), mpf(upper)
    return lambda x: -mp.log(b - a), [a, b], (a, b)


def beta(alpha, beta):
    a, b = mpf(alpha), mpf(beta)
    norm = mp.loggamma(a + b) - mp.loggamma(a) - mp.loggamma(b)
    mean = a / (a + b)
    sd = mp.sqrt(mean * (1 - mean) / (a + b + 1))
    parts = sorted({p for p in [mean + sd * j for j in (-25, -12, -6, -3, -1, 0, 1, 3, 6, 12, 25)] + ([mpf(10) ** -k for k in (3, 8, 16, 30, 60, 90)] if a < 1 else []) if 0 < p < 1})
    return lambda x: norm + (a - 1) * mp.log(x) + (b - 1) * mp.log1p(-x), [mpf(0)] + parts + [mpf(1)], (mpf(0), mpf(1))


def kumaraswamy(a, b):
    a, b = mpf(a), mpf(b)
    return lambda x: mp.log(a * b) + (a - 1) * mp.log(x) + (b - 1) * mp.log1p(-x ** a), [mpf(0), mpf("1e-6"), mpf("0.01"), mpf("0.2"), mpf("0.5"), mpf("0.8"), mpf("0.99"), mpf("0.999999"), mpf(1)], (mpf(0), mpf(1))


def logit_normal(location, scale):
    m, s = mpf(location), mpf(scale)
    sig = lambda y: 1 / (1 + mp.exp(-y))
    return lambda x: -((mp.log(x) - mp.log1p(-x) - m) / s) ** 2 / 2 - mp.log(s) - mp.log(2 * mp.pi) / 2 - mp.log(x) - mp.log1p(-x), [mpf(0)] + [sig(m + s * k) for k in (-9, -5, -3, -1.5, 0, 1.5, 3, 5, 9)] + [mpf(1)], (mpf(0), mpf(1))


def triangular(lower, mode, upper):
    a, c, b = mpf(lower), mpf(mode), mpf(upper)

    def log(x):
        return mp.log(2 / (b - a)) + (mp.log((x - a) / (c - a)) if x < c else mp.log((b - x) / (b - c)) if x > c else 0)

    return log, sorted({a, c, b}), (a, b)


def truncated_normal(mean, standardDeviation, lower, upper):
    m, s, a, b = mpf(mean), mpf(standardDeviation), mpf(lower), mpf(upper)
    z = (mp.erfc((a - m) / s / mp.sqrt(2)) - mp.erfc((b - m) / s / mp.sqrt(2))) / 2 if a >= m else (mp.erfc((m - b) / s / mp.sqrt(2)) - mp.erfc((m - a) / s / mp.sqrt(2))) / 2
    peak = min(max(m, a), b)
    width = s / (1 + abs(peak - m) / s)
    parts = sorted({p for p in [peak + width * j for j in (-110, -60, -30, -12, -6, -3, -1, 0, 1, 3, 6, 12, 30, 60, 110)] if a < p < b})
    return lambda x: -((x - m) / s) ** 2 / 2 - mp.log(s * z * mp.sqrt(2 * mp.pi)), ([a] if a > -inf else []) + parts + ([b] if b < inf else []), (a, b)


def continuous_bernoulli(parameter):
    l = mpf(parameter)
    c = mpf(2) if l == mpf(1) / 2 else 2 * mp.atanh(1 - 2 * l) / (1 - 2 * l)
    return lambda x: mp.log(c) + x * mp.log(l) + (1 - x) * mp.log1p(-l), [mpf(0), mpf("0.1"), mpf("0.5"), mpf("0.9"), mpf(1)], (mpf(0), mpf(1))


def exponential(rate):
    return lambda x: mp.log(mpf(rate)) - rate * x, [mpf(0), 1 / mpf(rate), 10 / mpf(rate), 50 / mpf(rate), 110 / mpf(rate)], (mpf(0), inf)


def gamma(shape, rate):
    a, b = mpf(shape), mpf(rate)
    return lambda x: a * mp.log(b) + (a - 1) * mp.log(x) - b * x - mp.loggamma(a), [mpf(0), a / b, 10 * a / b, 150 * a / b], (mpf(0), inf)


def pareto(scale, shape):
    s, a = mpf(scale), mpf(shape)
    return lambda x: mp.log(a) + a * mp.log(s) - (a + 1) * mp.log(x), [s, 10 * s], (s, inf)


makers = {f.__name__.replace("_", "-"): f for f in (
    laplace, gumbel, logistic, cauchy, student_t, moyal, generalized_normal, normal, von_mises, uniform, beta, kumaraswamy, logit_normal, triangular, truncated_normal,
    continuous_bernoulli, exponential, gamma, pareto)}


def make(d):
    return makers[d["family"]](**{k: (inf if v == "Infinity" else -inf if v == "-Infinity" else v) for k, v in d.items() if k != "family"})


def within(parts, support, f):
    a, b = support
    ends = sorted({p for p in parts if a <= p <= b})
    return mp.quad(f, ([a] if ends[0] > a else []) + ends + ([b] if ends[-1] < b else []))


def mass(log, parts, a, b):
    ends = [a] + [p for p in parts if a < p < b] + [b]
    # Towards a finite end in the midst of a tail the density may fall steeply.
    if not mp.isinf(b):
        width = min(b - ends[-2], abs(b) + 1) if not mp.isinf(ends[-2]) else mpf(1)
        ends = ends[:-1] + [b - width / 2 ** k for k in range(0 if mp.isinf(ends[-2]) else 1, 9)] + [b]
    if not mp.isinf(a):
        width = ends[1] - a if not mp.isinf(ends[1]) else mpf(1)
        ends = [a] + [a + width / 2 ** k for k in range(8, -1 if mp.isinf(ends[1]) else 0, -1)] + ends[1:]
    return mp.quad(lambda x: mp.exp(log(x)), ends) if a < b else mpf(0)


def entry(d, xs, moments=True):
    mp.dps = 28
    log, parts, (a, b) = make(d)
    whole = [] if mp.isinf(a) else [a]
    points = []
    for x in xs:
        e = mpf(x)
        points.append({"x": x, "log": t(log(e)), "lower": t(mass(log, parts, a, e)), "upper": t(mass(log, parts, e, b))})
    answer = {"distribution": d, "points": points}
    h = -within(parts, (a, b), lambda x: mp.exp(log(x)) * log(x))
    answer["entropy"] = t(h)
    if moments:
        mean = within(parts, (a, b), lambda x: mp.exp(log(x)) * x)
        answer["mean"] = t(mean)
        answer["variance"] = t(within(parts, (a, b), lambda x: mp.exp(log(x)) * (x - mean) ** 2))
    return answer


def kl(p, q, digits=28):
    mp.dps = digits
    log, parts, support = make(p)
    other, more, _ = make(q)
    more = [m for m in more if support[0] < m < support[1]]
    value = within(sorted(set(parts) | set(more)), support, lambda x: mp.exp(log(x)) * (log(x) - other(x)))
    # What is nearly 0 is the sum of much larger terms of both signs.
    return kl(p, q, 60) if abs(value) < 1e-10 and digits < 60 else {"p": p, "q": q, "value": t(value)}


def F(family, **parameters):
    return {"family": family, **parameters}


singles = [
    (F("laplace", location=0.7, scale=2.0), [-80.0, -3.0, 0.7, 1.9, 60.0], True),
    (F("gumbel", location=-1.0, scale=0.5), [-2.4, -1.5, -1.0, 0.3, 15.0], True),
    (F("logistic", location=3.0, scale=1.5), [-20.0, 2.0, 3.0, 8.0, 30.0], True),
    (F("cauchy", location=-2.0, scale=0.3), [-1e8, -2.5, -2.0, 0.0, 1e6], False),
    (F("student-t", degreesOfFreedom=3.5, location=1.0, scale=2.0), [-3e4, -4.0, 1.0, 2.5, 900.0], True),
    (F("student-t", degreesOfFreedom=0.8, location=0.0, scale=1.0), [-1e9, -1.0, 0.1, 1e5], False),
    (F("student-t", degreesOfFreedom=200.0, location=0.0, scale=1.0), [-6.0, -1.0, 0.1, 5.0], True),
    (F("moyal", location=2.0, scale=0.4), [0.6, 1.7, 2.0, 3.0, 25.0], True),
    (F("generalized-normal", location=0.5, scale=2.0, shape=1.4), [-20.0, -1.0, 0.5, 2.0, 9.0], True),
    (F("generalized-normal", location=0.5, scale=2.0, shape=6.0), [-2.8, -1.0, 0.5, 2.0, 3.1], True),
    (F("von-mises", mean=0.4, concentration=1.5), [-3.1, -1.0, 0.4, 2.0, 3.0], True),
    (F("von-mises", mean=3.0, concentration=4.0), [-3.1, -1.0, 0.4, 2.0, 3.0], True),
    (F("von-mises", mean=-20.0, concentration=300.0), [-1.5, -1.2, -1.1, -0.9], True),
    (F("uniform", lower=-1.0, upper=2.5), [-0.9, 0.0, 2.4], True),
    (F("beta", alpha=0.4, beta=1.7), [1e-9, 0.2, 0.9], True),
    (F("beta", alpha=30.0, beta=700.0), [0.004, 0.03, 0.045, 0.12], True),
    (F("beta", alpha=2e6, beta=3e6), [0.398, 0.4, 0.4005], True),
    (F("kumaraswamy", a=0.6, b=2.3), [1e-7, 0.1, 0.5, 0.999], True),
    (F("kumaraswamy", a=4.0, b=1.5), [1e-3, 0.1, 0.5, 0.999], True),
    (F("logit-normal", location=-0.5, scale=0.8), [1e-3, 0.3, 0.5, 0.98], True),
    (F("triangular", lower=-1.0, mode=0.25, upper=3.0), [-0.999, 0.0, 0.25, 1.0, 2.99], True),
    (F("triangular", lower=-1.0, mode=3.0, upper=3.0), [-0.999, 0.0, 2.99], True),
    (F("truncated-normal", mean=0.5, standardDeviation=1.2, lower=-1.0, upper=4.0), [-0.99, 0.0, 1.0, 3.99], True),
    (F("truncated-normal", mean=0.0, standardDeviation=1.0, lower=30.0, upper=40.0), [30.001, 30.1, 31.0], True),
    (F("truncated-normal", mean=5.0, standardDeviation=1.0, lower="-Infinity", upper=2.0), [-3.0, 1.0, 1.9], True),
    (F("truncated-normal", mean=0.0, standardDeviation=10.0, lower=-1.0, upper=1.0), [-0.9, 0.1, 0.99], True),
    (F("continuous-bernoulli", parameter=0.2), [0.01, 0.4, 0.99], True),
    (F("continuous-bernoulli", parameter=0.5000001), [0.01, 0.4, 0.99], True),
    (F("continuous-bernoulli", parameter=0.999), [0.01, 0.4, 0.99], True),
]

N = lambda m, s: F("normal", mean=m, standardDeviation=s)
L = lambda m, s: F("laplace", location=m, scale=s)
G = lambda m, s: F("gumbel", location=m, scale=s)
U = lambda a, b: F("uniform", lower=a, upper=b)
B = lambda a, b: F("beta", alpha=a, beta=b)
C = lambda l: F("continuous-bernoulli", parameter=l)
K = lambda a, b: F("kumaraswamy", a=a, b=b)
V = lambda m, k: F("von-mises", mean=m, concentration=k)
GN = lambda m, s, b: F("generalized-normal", location=m, scale=s, shape=b)
TN = lambda m, s, a, b: F("truncated-normal", mean=m, standardDeviation=s, lower=a, upper=b)
T = lambda a, c, b: F("triangular", lower=a, mode=c, upper=b)
M = lambda m, s: F("moyal", location=m, scale=s)
LN = lambda m, s: F("logit-normal", location=m, scale=s)
LG = lambda m, s: F("logistic", location=m, scale=s)
ST = lambda n, m, s: F("student-t", degreesOfFreedom=n, location=m, scale=s)
E = lambda r: F("exponential", rate=r)
GA = lambda a, b: F("gamma", shape=a, rate=b)
P = lambda s, a: F("pareto", scale=s, shape=a)
CA = lambda m, s: F("cauchy", location=m, scale=s)

pairs = [
    (N(0.5, 1.5), N(-1.0, 0.7)), (N(1.0, 2.0), N(1.0 + 1e-12, 2.0 - 3e-12)),
    (L(0.7, 2.0), L(-1.0, 0.8)), (L(0.0, 1.0), L(1e-12, 1.0 + 2e-12)), (L(0.0, 1e-3), L(5.0, 2.0)),
    (G(0.7, 2.0), G(-1.0, 0.8)), (G(0.7, 0.3), G(0.2, 1.8)), (G(0.0, 1.0), G(1e-12, 1.0 + 2e-12)),
    (LG(0.7, 2.0), LG(-3.0, 2.0)), (LG(0.0, 1.0), LG(1e-12, 1.0)), (LG(0.0, 1.0), LG(60.0, 1.0)),
    (CA(0.7, 2.0), CA(-3.0, 0.5)), (M(0.7, 2.0), M(-3.0, 2.0)), (M(0.7, 2.0), M(-1.0, 1.3)), (M(0.0, 1.0), M(1e-12, 1.0 - 2e-12)),
    (GN(0.5, 2.0, 1.4), GN(0.5, 1.0, 3.0)), (GN(0.5, 2.0, 1.4), GN(0.5, 2.0 + 2e-12, 1.4)), (GN(0.0, 2.0, 6.0), GN(0.0, 1.0, 1.4)),
    (V(0.4, 1.5), V(2.0, 6.0)), (V(3.0, 40.0), V(-3.0, 25.0)), (V(0.0, 3.0), V(1e-12, 3.0 + 1e-11)), (V(0.4, 0.0), V(2.0, 6.0)), (V(0.0, 1000.0), V(0.01, 1000.0 + 1e-8)),
    (U(-1.0, 2.5), U(-2.0, 2.5)), (B(0.4, 1.7), B(3.0, 0.9)), (B(30.0, 700.0), B(25.0, 720.0)), (B(2e6, 3e6), B(2.00001e6, 2.99999e6)), (B(2.0, 1e6), B(2.5, 2e6)),
    (B(1.5, 2.5), B(1.5 + 1e-12, 2.5 - 1e-12)), (B(200.0, 300.0), B(200.0 + 1e-10, 300.0)),
    (K(0.6, 2.3), K(0.6, 1.1)), (K(4.0, 1.5), K(2.5, 1.5)), (K(4.0, 1.5), K(0.5, 1.5)), (K(4.0, 2.0), B(2.5, 1.5)), (K(2.0, 3.0), K(2.0, 3.0 + 1e-11)),
    (C(0.2), C(0.7)), (C(0.2), C(0.2 + 1e-12)), (C(0.5), C(0.5000001)), (C(0.999999), C(1e-6)),
    (TN(0.5, 1.2, -1.0, 4.0), TN(2.0, 0.7, -1.0, 4.0)), (TN(0.5, 1.2, -1.0, 4.0), TN(0.5 + 1e-11, 1.2, -1.0, 4.0)),
    (TN(0.0, 1.0, 30.0, 40.0), TN(1.0, 1.5, 30.0, 40.0)), (T(-1.0, 0.25, 3.0), T(-1.0, 2.0, 3.0)), (T(-1.0, -1.0, 3.0), T(-2.0, 2.0, 4.0)),
    (B(1.5, 2.5), C(0.3)), (B(1.5, 2.5), E(2.0)), (B(1.5, 2.5), GA(2.2, 3.0)), (B(1.5, 2.5), N(0.2, 0.5)), (B(1.5, 2.5), U(0.0, 1.0)), (B(1.5, 2.5), U(-1.0, 3.0)), (B(1.5, 2.5), L(0.3, 0.7)), (B(1.5, 2.5), L(-0.3, 0.7)),
    (B(2.5, 1.5), K(4.0, 1.0)), (C(0.3), E(2.0)), (C(0.3), N(0.2, 0.5)), (C(0.3), U(0.0, 1.0)), (C(0.3), U(-1.0, 3.0)), (C(0.3), B(2.0, 0.7)), (C(0.3), L(0.4, 0.7)),
    (G(0.7, 2.0), N(1.0, 3.0)), (L(0.7, 2.0), N(1.0, 3.0)), (LG(0.7, 2.0), N(1.0, 3.0)), (ST(5.0, 0.7, 2.0), N(1.0, 3.0)), (ST(200.0, 0.0, 1.0), N(0.0, 1.0)), (M(0.7, 2.0), N(1.0, 3.0)), (GN(0.5, 2.0, 1.4), N(1.0, 3.0)),
    (T(-1.0, 0.25, 3.0), N(1.0, 3.0)), (K(4.0, 1.5), N(1.0, 3.0)), (LN(-0.5, 0.8), N(0.3, 0.2)), (TN(0.5, 1.2, -1.0, 4.0), N(1.0, 3.0)), (TN(0.5, 1.2, -1.0, 4.0), N(0.5, 1.2)), (V(0.4, 1.5), N(1.0, 3.0)),
    (N(0.5, 1.5), G(0.0, 2.0)), (N(0.5, 1.5), L(0.0, 2.0)), (N(0.5, 1.5), L(0.5, 1.2)), (N(0.5, 0.01), L(3.0, 1.2)), (G(0.7, 2.0), L(1.0, 1.5)), (G(0.7, 2.0), L(30.0, 1.5)), (G(0.7, 2.0), L(-9.0, 1.5)),
    (U(0.0, 1.0), B(2.0, 0.7)), (U(0.2, 0.7), B(2.0, 0.7)), (U(0.0, 1.0), C(0.3)), (U(0.2, 0.7), C(0.3)), (U(0.0, 2.0), E(2.0)), (U(0.0, 2.0), GA(2.2, 3.0)), (U(0.5, 2.0), GA(2.2, 3.0)), (U(-1.0, 2.0), G(0.7, 2.0)), (U(-1.0, 2.0), N(1.0, 3.0)),
    (U(1.5, 4.0), P(1.5, 2.0)), (U(2.0, 4.0), P(1.5, 2.0)), (U(-1.0, 2.0), L(0.7, 2.0)), (U(-1.0, 2.0), L(5.0, 2.0)), (U(-1.0, 2.0), LG(0.7, 2.0)),
]



def single(arguments):
    return entry(*arguments)


def pair(arguments):
    return kl(*arguments)


if __name__ == "__main__":
    with multiprocessing.Pool(6) as pool:
        distributions, divergences = pool.map_async(single, singles, 1), pool.map_async(pair, pairs, 1)
        found = {"distributions": distributions.get(), "pairs": divergences.get()}
    pathlib.Path(__file__).with_suffix(".json").write_text(json.dumps(found, indent=0) + "\n")
