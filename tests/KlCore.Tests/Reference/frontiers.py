"""Divergence frontiers between histograms: python3 frontiers.py > frontiers.json

MAUVE by the definition at 40 digits: 25 mixtures and both ends, areas by trapezoids over the points sorted by either coordinate, their mean. The frontier integral
by numerical integration of its definition, not by its closed form. Features: clouds so far apart that every clustering is the same, counted by which cloud a row was
drawn from; the dimension that keeps 90 % of the variance by NumPy's singular values.
"""
import json, random
import numpy
from mpmath import mp, mpf, log, exp, quad, inf

mp.dps = 40
rng = random.Random(11)


def kl(p, q):
    return sum(a * log(a / b) if b > 0 else inf for a, b in zip(p, q) if a > 0)


def mix(w, p, q):
    return [w * a + (1 - w) * b for a, b in zip(p, q)]


def area(points):
    # Where several share a coordinate, the curve falls at that place: the larger of the other coordinate comes first.
    points = sorted(points, key=lambda t: (t[0], -t[1]))
    return sum((b[0] - a[0]) * (a[1] + b[1]) / 2 for a, b in zip(points, points[1:]))


def frontier(p, q, scale, count):
    points = [(mpf(1), mpf(0)), (mpf(0), mpf(1))]
    edge = mpf("1e-6")
    for i in range(count):
        w = edge + (1 - 2 * edge) * i / (count - 1)
        r = mix(w, p, q)
        points.append((exp(-scale * kl(q, r)), exp(-scale * kl(p, r))))
    return (area(points) + area([(y, x) for x, y in points])) / 2


def integral(p, q):
    return 2 * quad(lambda w: w * kl(p, mix(w, p, q)) + (1 - w) * kl(q, mix(w, p, q)), [0, 0.001, 0.03, 0.5, 0.97, 0.999, 1])


def normal(x, extra=0):
    x = [mpf(v) + mpf(extra) for v in x]
    return [v / sum(x) for v in x]


def case(p, q, scale=5, count=25):
    a, b = normal(p), normal(q)
    s, t = normal(p, 0.5), normal(q, 0.5)
    return {"p": p, "q": q, "scale": scale, "points": count, "mauve": float(frontier(a, b, scale, count)), "star": float(frontier(s, t, scale, count)),
            "integral": float(integral(a, b)), "starIntegral": float(integral(s, t))}


cases = [case([30, 25, 20, 15, 10], [10, 25, 20, 15, 30]), case([5, 0, 3], [0, 4, 4]), case([7, 0], [0, 9]), case([1000, 1001, 999], [1001, 1000, 999]),
         case([3, 3], [3, 3]), case([2, 0, 0, 0, 0], [1, 1, 1, 1, 1]), case([30, 25, 20], [10, 25, 20], scale=1, count=2), case([30, 25, 20], [10, 25, 20], scale=12.5, count=101)]
for size in (4, 12, 40):
    cases.append(case([rng.randrange(0, 30) for _ in range(size)], [rng.randrange(0, 50) for _ in range(size)]))

features = []
for clouds, dimension in ((3, 2), (4, 9)):
    centres = [[40.0 * rng.random() if g == c % dimension else rng.random() for g in range(dimension)] for c in range(clouds)]
    for c in range(clouds):
        centres[c][c % dimension] = 30.0 + 20 * (c // dimension)
    draw = lambda c: [round(centres[c][g] + rng.gauss(0, 0.05), 4) for g in range(dimension)]
    left, right = [rng.randrange(clouds) for _ in range(30)] + list(range(clouds)), [rng.choice([0, 0, 1, clouds - 1]) for _ in range(25)] + list(range(clouds))
    p, q = [draw(c) for c in left], [draw(c) for c in right]
    both = numpy.array(p + q)
    unit = both / numpy.linalg.norm(both, axis=1, keepdims=True)
    share = numpy.cumsum(numpy.linalg.svd(unit - unit.mean(axis=0), compute_uv=False) ** 2)
    counts = [[side.count(c) for c in range(clouds)] for side in (left, right)]
    features.append({"p": p, "q": q, "clusters": clouds, "dimension": int(numpy.argmax(share / share[-1] >= 0.9)) + 1, "mauve": float(frontier(normal(counts[0]), normal(counts[1]), 5, 25))})
print(json.dumps({"histograms": cases, "features": features}, indent=0))
