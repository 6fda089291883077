"""Estimators from samples by NumPy, SciPy and scikit-learn, for estimators.json. Distances are those of every pair; nothing here knows a tree.

usage: python3 estimators.py > estimators.json      (numpy 1.24, scipy 1.10, scikit-learn 1.2)
"""
import json

import numpy as np
from scipy.special import digamma, gammaln
from scipy.stats import differential_entropy, gaussian_kde
from sklearn.linear_model import LogisticRegression


def draw(seed, n, d, shift=0.0, scale=1.0):
    return np.round(np.random.default_rng(seed).normal(size=(n, d)) * scale + shift, 6)


def pairwise(a, b, norm):
    return np.linalg.norm(a[:, None, :] - b[None, :, :], ord=norm, axis=2)


def entropy(x, k, norm):
    n, d = x.shape
    rho = np.sort(pairwise(x, x, norm), axis=1)[:, k]
    ball = d * np.log(2) if norm == np.inf else d / 2 * np.log(np.pi) - gammaln(d / 2 + 1)
    return digamma(n) - digamma(k) + ball + d * np.mean(np.log(rho))


def information(x, y, k, variant):
    n = len(x)
    dx, dy = pairwise(x, x, np.inf), pairwise(y, y, np.inf)
    joint = np.maximum(dx, dy)
    np.fill_diagonal(joint, np.inf)
    others = ~np.eye(n, dtype=bool)
    order = np.argsort(joint, axis=1)[:, :k]
    if variant == 1:
        radius = np.sort(joint, axis=1)[:, k - 1][:, None]
        a, b = ((dx < radius) & others).sum(1), ((dy < radius) & others).sum(1)
        return digamma(k) + digamma(n) - np.mean(digamma(a + 1) + digamma(b + 1))
    ex = np.take_along_axis(dx, order, 1).max(1)[:, None]
    ey = np.take_along_axis(dy, order, 1).max(1)[:, None]
    a, b = ((dx <= ex) & others).sum(1), ((dy <= ey) & others).sum(1)
    return digamma(k) - 1 / k + digamma(n) - np.mean(digamma(a) + digamma(b))


def gaussian_kl(x, y):
    d = x.shape[1]
    s, t = np.atleast_2d(np.cov(x.T)), np.atleast_2d(np.cov(y.T))
    z = x.mean(0) - y.mean(0)
    inverse = np.linalg.inv(t)
    return 0.5 * (np.trace(inverse @ s) + z @ inverse @ z - d + np.linalg.slogdet(t)[1] - np.linalg.slogdet(s)[1])


def kernel_kl(x, y, rule):
    """Leaving the point itself out of its own density."""
    n, d = x.shape
    p, q = gaussian_kde(x.T, rule), gaussian_kde(y.T, rule)
    peak = -0.5 * np.linalg.slogdet(2 * np.pi * p.covariance)[1]
    own = (p(x.T) - np.exp(peak) / n) * n / (n - 1)
    return float(np.mean(np.log(own) - np.log(q(x.T))))


def kernel_entropy(x, rule):
    n = len(x)
    p = gaussian_kde(x.T, rule)
    peak = -0.5 * np.linalg.slogdet(2 * np.pi * p.covariance)[1]
    return float(-np.mean(np.log((p(x.T) - np.exp(peak) / n) * n / (n - 1))))


def logistic(x, y, strength):
    """Standardised features, then the penalty strength |w|^2 / 2 beside the sum of log losses; the intercept is free."""
    z = np.vstack([x, y])
    z = (z - z.mean(0)) / z.std(0)
    fit = LogisticRegression(C=1 / strength, tol=1e-12, max_iter=100000).fit(z, np.r_[np.ones(len(x)), np.zeros(len(y))])
    return [float(fit.intercept_[0]), *map(float, fit.coef_[0])]


cases = []
for name, x, y in [
    ("line", draw(1, 60, 1), draw(2, 45, 1, 0.5, 1.5)),
    ("plane", draw(3, 70, 2), draw(4, 70, 2, 0.7)),
    ("four", draw(5, 50, 4), draw(6, 80, 4, 0.3, 1.2)),
]:
    cases.append(dict(
        name=name, x=x.tolist(), y=y.tolist(),
        entropy=[dict(k=k, metric=metric, value=float(entropy(x, k, norm))) for k in (1, 3) for metric, norm in (("euclidean", 2), ("chebyshev", np.inf))],
        gaussianEntropy=float(0.5 * np.linalg.slogdet(2 * np.pi * np.e * np.atleast_2d(np.cov(x.T)))[1]),
        gaussian=float(gaussian_kl(x, y)),
        kernel=dict(silverman=kernel_kl(x, y, "silverman"), scott=kernel_kl(x, y, "scott")),
        kernelEntropy=dict(silverman=kernel_entropy(x, "silverman"), scott=kernel_entropy(x, "scott")),
        logistic=logistic(x, y, 1.0),
    ))

line = cases[0]["x"]
spacings = [dict(window=w, variant=variant, value=float(differential_entropy(np.ravel(line), window_length=w, method=variant))) for w in (None, 3, 10) for variant in ("vasicek", "ebrahimi")]

pairs = []
for name, x, noise, dy in [("line", draw(7, 80, 1), draw(8, 80, 1), 1), ("plane", draw(9, 60, 2), draw(10, 60, 1), 1)]:
    y = np.round(x[:, :1] * 0.8 + 0.6 * noise, 6)
    joint = np.cov(np.hstack([x, y]).T)
    dx = x.shape[1]
    gaussian = 0.5 * (np.linalg.slogdet(joint[:dx, :dx])[1] + np.linalg.slogdet(joint[dx:, dx:])[1] - np.linalg.slogdet(joint)[1])
    pairs.append(dict(name=name, x=x.tolist(), y=y.tolist(), gaussian=float(gaussian),
                      neighbours=[dict(k=k, variant=v, value=float(information(x, y, k, v))) for k in (1, 4) for v in (1, 2)]))

print(json.dumps(dict(cases=cases, spacings=spacings, pairs=pairs)))
