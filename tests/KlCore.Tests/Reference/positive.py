"""Writes positive.json: the families on x > 0 and the divergences from them.

Run:  python3 positive.py > positive.json        (mpmath 1.2.1, NumPy 1.24 with long doubles of 64 bits)
The doubles are taken as exact numbers. Densities are written out as their definitions say; distribution functions, moments, entropies and divergences are their
integrals in ln x, by Gauss's 40 points on each quarter unit in long doubles, 18 digits of which 16 are left. Nearly equal and extreme parameters go by textbook
formulas of the divergence with hundreds of digits instead. Nothing here shares a form with the code under test.
"""
import json
import numpy as np
import mpmath as m
from mpmath import mp, mpf, euler, nstr, inf

L = np.longdouble
mp.dps = 40
pi = L("3.14159265358979323846264338327950288")
log, exp, sqrt, log1p = np.log, np.exp, np.sqrt, np.log1p


def loggamma(x):
    return L(nstr(m.loggamma(mpf(float(x))), 25))


def f(family, **parameters):
    return {"family": family, **parameters}


def log_density(d):
    n = d["family"]
    v = {k: L(x) for k, x in d.items() if k != "family"}
    g = v.get
    if n == "exponential": return lambda x: log(g("rate")) - g("rate") * x
    if n == "gamma":
        a, b = g("shape"), g("rate"); c = a * log(b) - loggamma(a)
        return lambda x: c + (a - 1) * log(x) - b * x
    if n == "inverse-gamma":
        a, b = g("shape"), g("scale"); c = a * log(b) - loggamma(a)
        return lambda x: c - (a + 1) * log(x) - b / x
    if n == "chi-squared":
        k = g("degreesOfFreedom"); c = -k / 2 * log(2) - loggamma(k / 2)
        return lambda x: c + (k / 2 - 1) * log(x) - x / 2
    if n == "chi":
        k = g("degreesOfFreedom"); c = (1 - k / 2) * log(2) - loggamma(k / 2)
        return lambda x: c + (k - 1) * log(x) - x * x / 2
    if n == "maxwell":
        s = g("scale"); c = log(2 / pi) / 2 - 3 * log(s)
        return lambda x: c + 2 * log(x) - x * x / (2 * s * s)
    if n == "rayleigh":
        s = g("scale")
        return lambda x: log(x) - 2 * log(s) - x * x / (2 * s * s)
    if n == "half-normal":
        s = g("scale"); c = log(2 / pi) / 2 - log(s)
        return lambda x: c - x * x / (2 * s * s)
    if n == "nakagami":
        m, w = g("shape"), g("spread"); c = log(2) + m * log(m / w) - loggamma(m)
        return lambda x: c + (2 * m - 1) * log(x) - m * x * x / w
    if n == "weibull":
        k, l = g("shape"), g("scale")
        return lambda x: log(k / l) + (k - 1) * log(x / l) - (x / l) ** k
    if n == "frechet":
        k, l = g("shape"), g("scale")
        return lambda x: log(k / l) - (k + 1) * log(x / l) - (x / l) ** -k
    if n == "levy":
        s = g("scale"); c = log(s / (2 * pi)) / 2
        return lambda x: c - 3 * log(x) / 2 - s / (2 * x)
    if n == "log-normal":
        m, s = g("location"), g("scale"); c = log(s * sqrt(2 * pi))
        return lambda x: -(log(x) - m) ** 2 / (2 * s * s) - log(x) - c
    if n == "inverse-gaussian":
        m, l = g("mean"), g("shape"); c = log(l / (2 * pi)) / 2
        return lambda x: c - 3 * log(x) / 2 - l * (x - m) ** 2 / (2 * m * m * x)
    if n == "lindley":
        b = g("parameter"); c = 2 * log(b) - log(1 + b)
        return lambda x: c + log1p(x) - b * x
    if n == "log-logistic":
        b, a = g("shape"), g("scale")
        return lambda x: log(b / a) + (b - 1) * log(x / a) - 2 * log1p((x / a) ** b)
    if n == "lomax":
        a, s = g("shape"), g("scale")
        return lambda x: log(a / s) - (a + 1) * log1p(x / s)
    if n == "pareto":
        a, s = g("shape"), g("scale"); c = log(a) + a * log(s)
        return lambda x: np.where(x >= s, c - (a + 1) * log(x), -np.inf)
    if n == "gompertz":
        e, b = g("shape"), g("rate"); c = log(b * e) + e
        return lambda x: c + b * x - e * exp(b * x)
    if n == "half-cauchy":
        s = g("scale"); c = log(2 / (pi * s))
        return lambda x: c - log1p((x / s) ** 2)
    if n == "log-uniform":
        l, u = g("lower"), g("upper"); c = log(log(u / l))
        return lambda x: np.where((l <= x) & (x <= u), -log(x) - c, -np.inf)
    if n == "normal":
        m, s = g("mean"), g("standardDeviation"); c = log(s * sqrt(2 * pi))
        return lambda x: -(x - m) ** 2 / (2 * s * s) - c
    if n == "laplace":
        m, s = g("location"), g("scale"); c = log(2 * s)
        return lambda x: -abs(x - m) / s - c
    if n == "gumbel":
        m, s = g("location"), g("scale"); c = log(s)
        return lambda x: -(x - m) / s - exp(-(x - m) / s) - c
    if n == "moyal":
        m, s = g("location"), g("scale"); c = log(s) + log(2 * pi) / 2
        return lambda x: -((x - m) / s + exp(-(x - m) / s)) / 2 - c
    raise KeyError(n)


def gauss(n):
    nodes = []
    for i in range(1, n + 1):
        x = m.cos(m.pi * (i - mpf(1) / 4) / (n + mpf(1) / 2))
        for _ in range(60):
            p0, p1 = mpf(1), x
            for k in range(2, n + 1):
                p0, p1 = p1, ((2 * k - 1) * x * p1 - (k - 1) * p0) / k
            slope = n * (x * p1 - p0) / (x * x - 1)
            dx = p1 / slope
            x -= dx
            if abs(dx) < mpf(10) ** -35: break
        nodes.append((x, 2 / ((1 - x * x) * slope ** 2)))
    return np.array([L(nstr(x, 25)) for x, _ in nodes]), np.array([L(nstr(w, 25)) for _, w in nodes])


NODES, WEIGHTS = gauss(40)
np.seterr(all="ignore")


def ends_of(d):
    if d["family"] == "pareto": return log(L(d["scale"])), L(np.inf)
    if d["family"] == "log-uniform": return log(L(d["lower"])), log(L(d["upper"]))
    return L(-np.inf), L(np.inf)


def panels(ends):
    a, b = ends[:-1, None], ends[1:, None]
    return ((a + b) / 2 + (b - a) / 2 * NODES).ravel(), ((b - a) / 2 * WEIGHTS).ravel()


def points(d):
    """x, p(x) dx and ln p(x) over all that matters, in ln x; ends of the support are ends of panels."""
    lower, upper = ends_of(d)
    ends = np.arange(-1600, 1601).astype(L) / 4
    ends = np.unique(np.concatenate([ends[(ends > lower) & (ends < upper)], [e for e in (lower, upper) if np.isfinite(e)]]))
    u, w = panels(ends)
    x = exp(u)
    l = log_density(d)(x)
    keep = l + u > np.max(l + u) - 400
    return x[keep], (exp(l + u) * w)[keep], l[keep]


def mean(d, function):
    x, w, l = points(d)
    return np.sum(w * function(x, l))


def say(x):
    return np.format_float_scientific(x, precision=19, unique=False) if isinstance(x, np.longdouble) else nstr(x, 20)


def divergence(p, q):
    log_q = log_density(q)
    return {"p": p, "q": q, "value": say(mean(p, lambda x, l: l - log_q(x)))}


def part(d, x, upper):
    """P(X <= x), or P(X > x): panels beside x."""
    lower, top = ends_of(d)
    steps = np.arange(0, 1600).astype(L) / 8
    ends = log(L(x)) + (steps if upper else -steps)
    u, w = panels(np.unique(np.clip(ends, lower, top)))
    return np.sum(exp(log_density(d)(exp(u)) + u) * w) if len(u) else L(0)


TYPICAL = [
    f("exponential", rate=0.4), f("gamma", shape=2.5, rate=0.7), f("gamma", shape=0.3, rate=2.0), f("inverse-gamma", shape=3.5, scale=2.0), f("chi-squared", degreesOfFreedom=5.0),
    f("chi", degreesOfFreedom=3.3), f("maxwell", scale=1.2), f("rayleigh", scale=0.7), f("half-normal", scale=2.0), f("nakagami", shape=0.8, spread=3.0),
    f("weibull", shape=1.7, scale=2.0), f("frechet", shape=4.5, scale=1.5), f("levy", scale=0.8), f("log-normal", location=-0.5, scale=0.9), f("inverse-gaussian", mean=2.0, shape=3.0),
    f("lindley", parameter=0.6), f("log-logistic", shape=5.5, scale=3.0), f("lomax", shape=3.5, scale=4.0), f("pareto", scale=1.5, shape=4.2), f("gompertz", shape=0.2, rate=0.5),
    f("half-cauchy", scale=1.7), f("log-uniform", lower=0.2, upper=5.0),
]

MORE = [f("gamma", shape=30.0, rate=3.0), f("inverse-gamma", shape=25.0, scale=40.0), f("nakagami", shape=40.0, spread=9.0), f("weibull", shape=1.02, scale=2.4), f("chi", degreesOfFreedom=90.0),
        f("lindley", parameter=3.0), f("gompertz", shape=3.0, rate=0.9), f("frechet", shape=2.6, scale=0.9), f("inverse-gaussian", mean=1.0, shape=40.0), f("log-normal", location=0.3, scale=0.2)]

LINE = [f("normal", mean=1.0, standardDeviation=2.0), f("laplace", location=1.0, scale=0.8), f("gumbel", location=0.5, scale=1.5), f("moyal", location=0.5, scale=1.5)]


def exists(p, q):
    """Whether the integral is finite: the growth of -ln q against the tails of p."""
    n, m = p["family"], q["family"]
    power = {"inverse-gamma": "shape", "frechet": "shape", "log-logistic": "shape", "lomax": "shape", "pareto": "shape"}
    heavy = mpf(p[power[n]]) if n in power else {"levy": mpf(1) / 2, "half-cauchy": mpf(1)}.get(n, inf)
    # p ~ x^(rise - 1) near 0.
    rise = {"exponential": 1, "gamma": p.get("shape"), "chi-squared": p.get("degreesOfFreedom", 0) / 2, "chi": p.get("degreesOfFreedom"), "maxwell": 3, "rayleigh": 2, "half-normal": 1,
            "nakagami": 2 * p.get("shape", 0), "weibull": p.get("shape"), "lindley": 1, "log-logistic": p.get("shape"), "lomax": 1, "gompertz": 1, "half-cauchy": 1}.get(n, inf)
    up = {"exponential": 1, "gamma": 1, "chi-squared": 1, "chi": 2, "maxwell": 2, "rayleigh": 2, "half-normal": 2, "nakagami": 2, "weibull": q.get("shape"), "inverse-gaussian": 1, "lindley": 1,
          "normal": 2, "laplace": 1, "gumbel": 1, "moyal": 1}.get(m, 0)
    down = {"inverse-gamma": 1, "frechet": q.get("shape"), "levy": 1, "inverse-gaussian": 1}.get(m, 0)
    if m in ("pareto", "log-uniform"):
        if n not in ("pareto", "log-uniform"): return False
        start = p["scale"] if n == "pareto" else p["lower"]
        return start >= q["scale"] if m == "pareto" else n == "log-uniform" and start >= q["lower"] and p["upper"] <= q["upper"]
    if m == "gompertz":
        if heavy < inf or n == "log-normal": return False
        limit = {"exponential": p.get("rate"), "gamma": p.get("rate"), "chi-squared": 0.5, "lindley": p.get("parameter"), "inverse-gaussian": mpf(p.get("shape", 1)) / 2 / mpf(p.get("mean", 1)) ** 2}.get(n, inf)
        return q["rate"] < limit
    # With a margin, for integrals that converge slowly are not for these panels.
    return up < heavy - (mpf(3) / 10 if up else 0) and down < rise - (mpf(3) / 10 if down else 0)


def textbook(p, q):
    """The divergence by its formula, as a textbook has it."""
    n = p["family"]
    assert n == q["family"]
    a = {k: mpf(x) for k, x in p.items() if k != "family"}
    b = {k: mpf(x) for k, x in q.items() if k != "family"}
    def gammas(k, r, l, s): return (k - l) * m.psi(0, k) - m.loggamma(k) + m.loggamma(l) + l * m.log(r / s) + k * (s - r) / r
    if n == "exponential": return gammas(mpf(1), a["rate"], mpf(1), b["rate"])
    if n == "gamma": return gammas(a["shape"], a["rate"], b["shape"], b["rate"])
    if n == "inverse-gamma": return gammas(a["shape"], a["scale"], b["shape"], b["scale"])
    if n in ("chi-squared", "chi"): return gammas(a["degreesOfFreedom"] / 2, mpf(1), b["degreesOfFreedom"] / 2, mpf(1))
    if n == "nakagami": return gammas(a["shape"], a["shape"] / a["spread"], b["shape"], b["shape"] / b["spread"])
    if n in ("maxwell", "rayleigh", "half-normal"):
        k = {"maxwell": mpf(3) / 2, "rayleigh": mpf(1), "half-normal": mpf(1) / 2}[n]
        return gammas(k, a["scale"] ** -2, k, b["scale"] ** -2)
    if n == "levy": return gammas(mpf(1) / 2, a["scale"], mpf(1) / 2, b["scale"])
    if n in ("weibull", "frechet"):
        k, l, n2, s = a["shape"], a["scale"], b["shape"], b["scale"]
        if n == "frechet": l, s = 1 / l, 1 / s
        return m.log(k / n2) + n2 * m.log(s / l) + (n2 / k - 1) * euler + (l / s) ** n2 * m.gamma(1 + n2 / k) - 1
    if n == "log-normal": return (a["scale"] ** 2 + (a["location"] - b["location"]) ** 2) / (2 * b["scale"] ** 2) - mpf(1) / 2 + m.log(b["scale"] / a["scale"])
    if n == "inverse-gaussian": return (m.log(a["shape"] / b["shape"]) + b["shape"] / a["shape"] - 1 + b["shape"] * (a["mean"] - b["mean"]) ** 2 / (b["mean"] ** 2 * a["mean"])) / 2
    if n == "lindley":
        t, u = a["parameter"], b["parameter"]
        return 2 * m.log(t / u) + m.log((1 + u) / (1 + t)) + (u - t) * (t + 2) / (t * (t + 1))
    if n == "log-logistic":
        d = a["shape"] * m.log(a["scale"] / b["scale"])
        return d * (m.exp(d) + 1) / (m.exp(d) - 1) - 2
    if n == "lomax": return m.log(a["shape"] / b["shape"]) + b["shape"] / a["shape"] - 1
    if n == "gompertz": return m.log(a["shape"] / b["shape"]) + b["shape"] / a["shape"] - 1
    if n == "pareto": return m.log(a["shape"] / b["shape"]) + b["shape"] / a["shape"] - 1 + b["shape"] * m.log(a["scale"] / b["scale"])
    if n == "half-cauchy": return m.log((a["scale"] + b["scale"]) ** 2 / (4 * a["scale"] * b["scale"]))
    if n == "log-uniform": return m.log(m.log(b["upper"] / b["lower"]) / m.log(a["upper"] / a["lower"]))
    raise KeyError(n)


def near(d):
    """Changes by 1e-12 and 1e-6 of every parameter alone and of all together, where the formula allows them."""
    fixed = {"log-logistic": ["shape"], "lomax": ["scale"], "gompertz": ["rate"], "pareto": [], "log-uniform": []}.get(d["family"], [])
    names = [k for k in d if k != "family" and k not in fixed]
    for e in (1e-12, 1e-6, 1e-2):
        changes = [{k: d[k] * (1 + e)} for k in names] + ([{k: d[k] * (1 + e * (j + 1)) for j, k in enumerate(names)}] if len(names) > 1 else [])
        for change in changes:
            q = {**d, **change}
            if d["family"] == "log-uniform": q = {**d, "lower": d["lower"] * (1 - e), "upper": d["upper"] * (1 + 2 * e)}
            if d["family"] == "pareto": q = {**q, "scale": d["scale"] * (1 - e)}
            yield d, q


EXTREME = [
    (f("gamma", shape=1e10, rate=3.0), f("gamma", shape=1.00001e10, rate=3.0)), (f("gamma", shape=1e10, rate=3.0), f("gamma", shape=1.00001e10, rate=3.00003)),
    (f("gamma", shape=1e10, rate=1e200), f("gamma", shape=2.0, rate=1e200)), (f("gamma", shape=1e-8, rate=1.0), f("gamma", shape=3e-8, rate=5.0)), (f("gamma", shape=1e-8, rate=1.0), f("gamma", shape=1e10, rate=1.0)),
    (f("gamma", shape=1e6, rate=1.0), f("gamma", shape=1e6 + 1.0, rate=1.0 + 1e-6)), (f("gamma", shape=1e-3, rate=1e-200), f("gamma", shape=2e-3, rate=1e200)),
    (f("gamma", shape=15.0, rate=2.0), f("gamma", shape=15.3, rate=2.04)), (f("gamma", shape=4.0, rate=2.0), f("gamma", shape=4.04, rate=2.02)),
    (f("inverse-gamma", shape=1e10, scale=3.0), f("inverse-gamma", shape=1.00001e10, scale=3.00003)), (f("nakagami", shape=1e10, spread=3.0), f("nakagami", shape=1.0001e10, spread=3.0)),
    (f("nakagami", shape=1e-8, spread=1e200), f("nakagami", shape=1e-7, spread=1e-200)), (f("chi-squared", degreesOfFreedom=1e10), f("chi-squared", degreesOfFreedom=1e10 + 1e5)),
    (f("chi", degreesOfFreedom=1e-8), f("chi", degreesOfFreedom=2e-8)), (f("weibull", shape=1e-3, scale=1.0), f("weibull", shape=1.0000001e-3, scale=1.00001)),
    (f("weibull", shape=500.0, scale=1.0), f("weibull", shape=500.001, scale=1.0001)), (f("weibull", shape=2.0, scale=1e200), f("weibull", shape=2.0, scale=1e199)),
    (f("weibull", shape=1e-8, scale=1.0), f("weibull", shape=3e-8, scale=7.0)), (f("weibull", shape=1e10, scale=1.0), f("weibull", shape=1.0000001e10, scale=1.0)),
    (f("frechet", shape=300.0, scale=1e-200), f("frechet", shape=301.0, scale=1.0001e-200)), (f("exponential", rate=1e-200), f("exponential", rate=1e100)), (f("rayleigh", scale=1e200), f("rayleigh", scale=3e200)),
    (f("half-cauchy", scale=1e-200), f("half-cauchy", scale=1e200)), (f("inverse-gaussian", mean=1e10, shape=1e-8), f("inverse-gaussian", mean=2e10, shape=2e-8)),
    (f("log-normal", location=100.0, scale=1e-8), f("log-normal", location=100.0, scale=1.0001e-8)), (f("lindley", parameter=1e-8), f("lindley", parameter=1.0001e-8)), (f("lindley", parameter=1e10), f("lindley", parameter=1.0001e10)),
    (f("log-uniform", lower=1e-300, upper=1e300), f("log-uniform", lower=1e-301, upper=1e300)), (f("pareto", scale=1e-200, shape=1e-8), f("pareto", scale=1e-200, shape=1e10)),
]

if __name__ == "__main__":
    data = {"functions": [], "divergences": [], "toLine": [], "near": []}
    for d in TYPICAL + MORE:
        entry = {"distribution": d, "points": []}
        assert abs(mean(d, lambda x, l: 1) - 1) < 5e-15, (d, mean(d, lambda x, l: 1))
        for x in (1e-6, 0.05, 0.3, 1.0, 1.9, 2.7, 4.4, 20.0, 90.0):
            l = log_density(d)(L(x))
            if not -600 < l < np.inf: continue
            entry["points"].append({"x": x, "logDensity": say(L(l)), "lower": say(part(d, x, False)), "upper": say(part(d, x, True))})
        entry["entropy"] = say(mean(d, lambda x, l: -l))
        if exists(d, f("exponential", rate=1.0)): entry["mean"] = say(mean(d, lambda x, l: x))
        if exists(d, f("normal", mean=0.0, standardDeviation=1.0)):
            centre = mean(d, lambda x, l: x)
            entry["variance"] = say(mean(d, lambda x, l: (x - centre) ** 2))
        data["functions"].append(entry)
    for p in TYPICAL + MORE:
        for q in TYPICAL + MORE[:8] + LINE:
            if p != q and exists(p, q) and not (p in MORE and q in MORE): data["toLine" if q in LINE else "divergences"].append(divergence(p, q))
    data["divergences"] += [divergence(f("gompertz", shape=0.3, rate=0.5), f("gompertz", shape=0.2, rate=0.8)), divergence(f("exponential", rate=3.0), f("gompertz", shape=0.3, rate=0.5)),
                            divergence(f("gamma", shape=2.0, rate=3.0), f("gompertz", shape=0.3, rate=0.5)), divergence(f("lindley", parameter=2.0), f("gompertz", shape=0.3, rate=0.5)),
                            divergence(f("log-uniform", lower=2.0, upper=5.0), f("pareto", scale=1.5, shape=0.7)), divergence(f("pareto", scale=3.0, shape=2.0), f("pareto", scale=1.5, shape=0.7)),
                            divergence(f("log-uniform", lower=2.0, upper=3.0), f("log-uniform", lower=1.0, upper=7.0)), divergence(f("log-logistic", shape=2.0, scale=3.0), f("log-logistic", shape=2.0, scale=1.0)),
                            divergence(f("weibull", shape=2.0, scale=3.0), f("log-logistic", shape=2.0, scale=1.0)), divergence(f("frechet", shape=2.0, scale=3.0), f("log-logistic", shape=2.0, scale=1.0))]
    mp.dps = 700
    for d in TYPICAL:
        seen = {}
        for p, q in near(d): seen[json.dumps(q)] = (p, q)
        data["near"] += [{"p": p, "q": q, "value": say(textbook(p, q))} for p, q in seen.values()]
    data["near"] += [{"p": p, "q": q, "value": say(textbook(p, q))} for p, q in EXTREME]
    print("{")
    print(",\n".join(f' "{key}": [\n' + ",\n".join("  " + json.dumps(item) for item in items) + "\n ]" for key, items in data.items()))
    print("}")
