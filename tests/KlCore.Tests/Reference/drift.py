"""Writes drift.json: scores and p-values between two columns.

Run:  python3 drift.py > drift.json        (numpy 1.24, scipy 1.10)
"""
import json
import numpy as np
from scipy import stats

x = [round(float(np.sin(i * 1.7) * 3 + i % 7), 6) for i in range(80)]
y = [round(float(np.sin(i * 2.3) * 3.5 + i % 6 + 0.8), 6) for i in range(60)]
s = np.std(x, ddof=1)
ks = stats.ks_2samp(x, y, method="exact")
reference, current = {"a": 40, "b": 25, "c": 10, "d": 5}, {"a": 22, "b": 30, "c": 12, "e": 6}
names = sorted(set(reference) | set(current))
n, m = np.array([reference.get(k, 0) for k in names]), np.array([current.get(k, 0) for k in names])
p, q = n / n.sum(), m / m.sum()
p1, q1 = (n + 0.5) / (n.sum() + 0.5 * len(n)), (m + 0.5) / (m.sum() + 0.5 * len(m))
mid = (p + q) / 2
chi, chi_p, _, _ = stats.chi2_contingency([n, m], correction=False)
g, g_p, _, _ = stats.chi2_contingency([n, m], correction=False, lambda_="log-likelihood")
missing, missing_p, _, _ = stats.chi2_contingency([[8, 72], [15, 45]], correction=False, lambda_="log-likelihood")
print(json.dumps({
    "x": x, "y": y,
    "numeric": {
        "kolmogorov-smirnov": ks.statistic, "wasserstein": stats.wasserstein_distance(x, y) / s, "energy-distance": stats.energy_distance(x, y) / np.sqrt(s),
        "pValue": ks.pvalue, "mean": float(np.mean(x)), "standardDeviation": float(s),
    },
    "reference": reference, "current": current,
    "categorical": {
        "jensen-shannon": float(0.5 * stats.entropy(p, mid) + 0.5 * stats.entropy(q, mid)), "kullback-leibler": float(stats.entropy(p1, q1)),
        "population-stability": float(((q1 - p1) * np.log(q1 / p1)).sum()), "hellinger": float(np.sqrt(1 - np.sqrt(p * q).sum())),
        "total-variation": float(abs(p - q).sum() / 2), "chi-squared": chi, "g-test": g,
    },
    "chiPValue": chi_p, "gPValue": g_p, "missingPValue": missing_p,
}, indent=1))
