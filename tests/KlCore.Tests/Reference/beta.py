"""Regularised incomplete beta functions and scaled Bessel functions: writes beta.json beside it.

The side of I_x(a, b) whose argument is below 1/2 by the series of 2F1(a + b, 1; a + 1; x), whose terms are all positive, in up to 320 digits; the
other side as the rest of 1. Bessel functions by mpmath itself. Every argument is a double taken as an exact number; y is 1 - x in full, so points close to 1 are given by y.
"""

import json
import pathlib

from mpmath import mp, mpf

mp.dps = 80


def power(a, b, x, y):
    return a * mp.log(x) + b * mp.log(y) - mp.loggamma(a) - mp.loggamma(b) + mp.loggamma(a + b)


def direct(a, b, x, y):
    total = term = mpf(1)
    n = 0
    while True:
        term *= x * (a + b + n) / (a + 1 + n)
        total += term
        n += 1
        if term < total * mpf(10) ** (10 - mp.dps) and x * (a + b + n) < (a + 1 + n) * 0.9999:
            return mp.exp(power(a, b, x, y)) / a * total


def both(a, b, x, y):
    a, b = mpf(a), mpf(b)
    below = x < 0.5
    # Past the mean the rest of 1 may have hundreds of zeros after the point.
    mp.dps = 60 if below == (x * (a + b) <= a) else 320
    if below:
        lower = direct(a, b, x, y)
        return lower, 1 - lower
    upper = direct(b, a, y, x)
    return 1 - upper, upper


def text(value):
    return mp.nstr(value, 20)


def log_text(value, other):
    return mp.nstr(mp.log(value), 20) if value < 0.5 else mp.nstr(mp.log1p(-other), 20)


points = []


def add(a, b, x=None, y=None):
    if y is None:
        ex, ey = mpf(x), 1 - mpf(x)
    else:
        ex, ey = 1 - mpf(y), mpf(y)
    lower, upper = both(a, b, ex, ey)
    points.append({"a": a, "b": b, "x": x, "y": y, "lower": text(lower), "upper": text(upper), "logLower": log_text(lower, upper), "logUpper": log_text(upper, lower)})


for a in [1e-8, 1e-3, 0.5, 1.0, 2.5, 17.0, 120.0]:
    for b in [1e-8, 1e-3, 0.5, 1.0, 3.5, 40.0, 700.0]:
        for x in [1e-300, 1e-12, 1e-3, 0.04, 0.3, 0.5, 0.77, 0.95]:
            add(a, b, x=x)
        for y in [1e-3, 1e-11, 1e-200]:
            add(a, b, y=y)
for a, b in [(1e4, 1e4), (1e5, 3.0), (2.5, 1e6), (1e6, 5e5), (1e8, 0.4), (30.0, 1e10), (1e-3, 1e10), (1e7, 1e7)]:
    mean = a / (a + b)
    deviation = (a * b / (a + b + 1)) ** 0.5 / (a + b)
    for k in [-25, -5, -1.5, 0.1, 1.5, 5, 25]:
        x = mean + k * deviation
        if 0 < x < 1:
            add(a, b, x=x)
for k in [-25.0, -3.0, 3.0, 25.0]:
    add(1e9, 1e9, x=0.5 + k * 0.5 / (2e9) ** 0.5)

bessel = []
for k in [0.0, 1e-300, 1e-8, 1e-3, 0.1, 0.7, 1.0, 2.5, 5.0, 7.74, 7.76, 8.0, 11.0, 15.0, 25.0, 40.0, 100.0, 700.0, 1e3, 1e5, 1e8, 1e10, 1e15, 1e300]:
    mp.dps = 80 if k < 1e4 else 60
    if k > 1e4:
        def scaled(v):
            total = term = mpf(1)
            for j in range(1, 40):
                term *= -(4 * v * v - (2 * j - 1) ** 2) / (mpf(8) * j * mpf(k))
                total += term
            return total / mp.sqrt(2 * mp.pi * mpf(k))
        i0, i1 = scaled(0), scaled(1)
        i2 = scaled(2)
    else:
        i0, i1, i2 = (mp.besseli(v, k) * mp.exp(-mpf(k)) for v in (0, 1, 2))
    ratio = i1 / i0
    slope = mpf(1) / 2 + i2 / i0 / 2 - ratio ** 2
    bessel.append({"k": k, "zero": text(i0), "one": text(i1), "ratio": text(ratio), "slope": text(slope)})

pathlib.Path(__file__).with_suffix(".json").write_text(json.dumps({"beta": points, "bessel": bessel}, indent=0) + "\n")
