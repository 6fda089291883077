"""Divergences between the n-grams of two texts: python3 ngrams.py > ngrams.json

Counting by slices of lists, words by a regular expression (of texts in ASCII, where it says the same as the service's rules), everything else by the
definitions at 50 digits. The error is checked in the tests by drawing texts.
"""
import json, re
from collections import Counter
from mpmath import mp, mpf, log, sqrt

mp.dps = 50
ONCE = """Tell me not, in mournful numbers,
Life is but an empty dream! For the soul is dead that slumbers,
And things are not what they seem. Life is real! Life is earnest!
And the grave is not its goal; Dust thou art, to dust returnest,
Was not spoken of the soul."""
TWICE = """Let us, then, be up and doing, with a heart for any fate;
Still achieving, still pursuing, learn to labor and to wait.
Not enjoyment, and not sorrow, is our destined end or way;
But to act, that each to-morrow find us farther than to-day. It's 1838, isn't it?"""
LISTS = [["a rose is a rose", "is a rose", "x"], ["a rose by any other name", "would smell as sweet as a rose", ""]]
ACCENTS = ["Ein Bär, zwei Bären; drei Bären!", "Ein Bär, vier Bären, naïve Füchse \U0001F98A"]


def tokens(text, kind, lowercase, punctuation):
    text = text.lower() if lowercase else text
    if kind == "byte":
        return list(text.encode())
    if kind == "character":
        return list(text)
    found = re.findall(r"[A-Za-z]+(?:'[A-Za-z]+)*|[0-9]+|[^\sA-Za-z0-9]+", text)
    return found if punctuation else [word for word in found if word[0].isalnum()]


def count(texts, order, **how):
    grams = []
    for text in texts:
        cut = tokens(text, **how)
        grams += [tuple(cut[i:i + order]) for i in range(len(cut) - order + 1)]
    return Counter(grams)


def smooth(counts, vocabulary, method, pooled):
    total, size = sum(counts[g] for g in vocabulary), len(vocabulary)
    seen = sum(1 for g in vocabulary if counts[g])
    name = method["method"]
    if name == "none":
        return [mpf(counts[g]) / total for g in vocabulary]
    if name == "additive":
        a = mpf(method["alpha"])
        return [(counts[g] + a) / (total + a * size) for g in vocabulary]
    if name == "jelinek-mercer":
        l = mpf(method["lambda"])
        return [(1 - l) * counts[g] / total + l * b for g, b in zip(vocabulary, pooled)]
    if name == "dirichlet":
        return [(counts[g] + mpf(method["mu"]) * b) / (total + mpf(method["mu"])) for g, b in zip(vocabulary, pooled)]
    if name == "witten-bell":
        empty = size - seen
        return [mpf(counts[g]) / (total + seen) if counts[g] else mpf(seen) / (empty * (total + seen)) for g in vocabulary]


def kl(p, q):
    return mp.inf if any(a > 0 and b == 0 for a, b in zip(p, q)) else sum(a * log(a / b) for a, b in zip(p, q) if a > 0)


def number(x):
    return "Infinity" if x == mp.inf else float(x)


def case(p, q, order, kind="word", lowercase=False, punctuation=True, smoothing=None, background="uniform", minimum=1):
    how = dict(kind=kind, lowercase=lowercase, punctuation=punctuation)
    smoothing = smoothing or {"method": "additive", "alpha": 0.5}
    left, right = count(p, order, **how), count(q, order, **how)
    both = left + right
    kept = [g for g in both if both[g] >= minimum]
    rare = [g for g in both if both[g] < minimum]
    if rare:
        for counts in (left, right):
            counts["rare"] = sum(counts[g] for g in rare)
        kept.append("rare")
    pooled = [mpf(left[g] + right[g]) / sum(both.values()) for g in kept] if background == "pooled" else [mpf(1) / len(kept)] * len(kept)
    a, b = smooth(left, kept, smoothing, pooled), smooth(right, kept, smoothing, pooled)
    m = [(x + y) / 2 for x, y in zip(a, b)]
    forward = {g: x * log(x / y) for g, x, y in zip(kept, a, b) if x > 0 and y > 0}
    first = max(forward, key=lambda g: forward[g]) if kl(a, b) != mp.inf else None
    size = lambda texts: sum(max(0, len(tokens(t, **how)) - order + 1) for t in texts)
    return {
        "request": {"p": p, "q": q, "order": order, "tokens": kind, "lowercase": lowercase, "punctuation": punctuation, "smoothing": smoothing, "background": background, "minimumCount": minimum},
        "vocabulary": len(kept), "outOfVocabulary": len(rare), "ngrams": [size(p), size(q)],
        "forward": number(kl(a, b)), "reverse": number(kl(b, a)), "jensenShannon": number((kl(a, m) + kl(b, m)) / 2),
        "bias": [float(mpf(sum(left[g] > 0 for g in kept) - 1) / (2 * size(p))), float(mpf(sum(right[g] > 0 for g in kept) - 1) / (2 * size(q)))],
        "largest": None if first is None else float(forward[first]),
    }


cases = []
for kind in ("word", "character", "byte"):
    for order in (1, 2, 3, 4, 5):
        cases.append(case([ONCE], [TWICE], order, kind))
for kind in ("character", "byte"):
    for order in (1, 3, 5):
        cases.append(case([ACCENTS[0]], [ACCENTS[1]], order, kind))
for order in (1, 2, 3):
    cases.append(case(LISTS[0], LISTS[1], order))
    cases.append(case([ONCE], [TWICE], order, lowercase=True, punctuation=False))
    cases.append(case([ONCE], [TWICE], order, "character", lowercase=True, minimum=4))
for smoothing in ({"method": "none"}, {"method": "additive", "alpha": 1e-9}, {"method": "jelinek-mercer", "lambda": 0.25}, {"method": "dirichlet", "mu": 7.5}, {"method": "witten-bell"}):
    cases.append(case([ONCE], [TWICE], 2, "character", smoothing=smoothing))
for smoothing in ({"method": "jelinek-mercer", "lambda": 0.25}, {"method": "dirichlet", "mu": 7.5}):
    cases.append(case([ONCE], [TWICE], 1, smoothing=smoothing, background="pooled"))
    cases.append(case([ONCE], [TWICE], 1, smoothing=smoothing, background="pooled", minimum=2, lowercase=True))
print(json.dumps(cases, indent=0, ensure_ascii=True))
