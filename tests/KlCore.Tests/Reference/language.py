"""n-gram probabilities under every smoothing, from their definitions over dictionaries of exact fractions; and byte pairs by going through the whole text for each join."""
import json
import random
import re
from collections import Counter, defaultdict
from fractions import Fraction as F

END = 9


def sequences():
    random.seed(11)
    table = {(a, b): [random.random() ** 4 for _ in range(9)] for a in range(9) for b in range(9)}
    text = [0, 1]
    while len(text) < 700:
        text.append(random.choices(range(9), table[text[-2], text[-1]])[0])
    documents, at = [], 0
    while at < 500:
        length = random.randint(1, 25)
        documents.append(text[at:at + length])
        at += length
    return text, [END] + [token for document in documents for token in document + [END]]


class Counts:
    def __init__(self, text, order, end):
        self.order, self.end = order, end
        self.c = [Counter() for _ in range(order + 1)]
        for k in range(1, order + 1):
            for i in range(len(text) - k + 1):
                gram = tuple(text[i:i + k])
                if end not in gram[1:-1]:
                    self.c[k][gram] += 1
        self.continuation = [None] + [Counter() for _ in range(order)]
        for k in range(1, order):
            left = defaultdict(set)
            for gram in self.c[k + 1]:
                left[gram[1:]].add(gram[0])
            start = tuple(text[:k])
            if start in self.c[k]:
                left[start].add("start")
            for gram, count in self.c[k].items():
                self.continuation[k][gram] = count if k > 1 and gram[0] == end else len(left[gram])
        self.continuation[order] = self.c[order]

    def followers(self, counts, context):
        return {gram[-1]: n for gram, n in counts[len(context) + 1].items() if gram[:-1] == context}


def cut(context, order, end):
    if end in context:
        context = context[len(context) - 1 - context[::-1].index(end):]
    return tuple(context[max(0, len(context) - order + 1):])


def interpolate(counts, table, context, vocabulary, rule):
    lower = [F(1, vocabulary)] * vocabulary if not context else interpolate(counts, table, context[1:], vocabulary, rule)
    seen = counts.followers(table, context)
    return rule(len(context) + 1, seen, lower) if seen else lower


def n_of(table, k):
    return Counter(table[k].values())


def usual(table, k):
    n = n_of(table, k)
    return F(n[1], n[1] + 2 * n[2]) if n[1] and n[2] else F(1, 2)


def discounting(discount):
    def rule(k, seen, lower):
        total, taken = sum(seen.values()), sum(discount(k, n) for n in seen.values())
        return [((seen[w] - discount(k, seen[w]) if w in seen else 0) + taken * p) / F(total) for w, p in enumerate(lower)]
    return rule


def modified(table):
    def discounts(k):
        n = n_of(table, k)
        if 0 in (n[1], n[2], n[3], n[4]):
            return [F(1, 2), F(1), F(3, 2)]
        y = F(n[1], n[1] + 2 * n[2])
        found = [1 - 2 * y * n[2] / n[1], 2 - 3 * y * n[3] / n[2], 3 - 4 * y * n[4] / n[3]]
        return found if min(found) > 0 else [F(1, 2), F(1), F(3, 2)]
    return discounting(lambda k, n: discounts(k)[min(n, 3) - 1])


def katz(counts, context, vocabulary):
    lower = [F(1, vocabulary)] * vocabulary if not context else katz(counts, context[1:], vocabulary)
    seen = counts.followers(counts.c, context)
    if not seen:
        return lower
    k = len(context) + 1
    n = n_of(counts.c, k)
    factors = None
    if all(n[r] for r in range(1, 7)):
        beyond = F(6 * n[6], n[1])
        factors = [(F((r + 1) * n[r + 1], r * n[r]) - beyond) / (1 - beyond) if beyond != 1 else F(2) for r in range(1, 6)]
        if any(not 0 < d < 1 for d in factors):
            factors = None
    if factors is None:
        factors = [(r - usual(counts.c, k)) / r for r in range(1, 6)]
    kept = {w: (factors[r - 1] if r <= 5 else 1) * F(r) for w, r in seen.items()}
    others = 1 - sum(lower[w] for w in seen)
    total = F(sum(seen.values()))
    if others == 0:
        return [kept.get(w, F(0)) / sum(kept.values()) for w in range(vocabulary)]
    if sum(kept.values()) == total:
        total += 1
    left = (total - sum(kept.values())) / total / others
    return [kept[w] / total if w in kept else left * lower[w] for w in range(vocabulary)]


def row(counts, smoothing, context, vocabulary):
    method, raw, cont = smoothing["method"], counts.c, counts.continuation
    context = cut(context, counts.order, counts.end)
    if method == "good-turing":
        return katz(counts, context, vocabulary)
    if method == "none":
        while context and not counts.followers(raw, context):
            context = context[1:]
        seen = counts.followers(raw, context)
        return [F(seen.get(w, 0), sum(seen.values())) for w in range(vocabulary)]
    if method == "additive":
        alpha, seen = F(smoothing["alpha"]), counts.followers(raw, context)
        return [(seen.get(w, 0) + alpha) / (sum(seen.values()) + alpha * vocabulary) for w in range(vocabulary)]
    if method == "jelinek-mercer":
        share = F(smoothing["lambda"])
        return interpolate(counts, raw, context, vocabulary, lambda k, seen, lower: [(1 - share) * F(seen.get(w, 0), sum(seen.values())) + share * p for w, p in enumerate(lower)])
    if method == "dirichlet":
        mu = F(smoothing["mu"])
        return interpolate(counts, raw, context, vocabulary, lambda k, seen, lower: [(seen.get(w, 0) + mu * p) / (sum(seen.values()) + mu) for w, p in enumerate(lower)])
    if method == "witten-bell":
        return interpolate(counts, raw, context, vocabulary, lambda k, seen, lower: [(seen.get(w, 0) + len(seen) * p) / F(sum(seen.values()) + len(seen)) for w, p in enumerate(lower)])
    if method == "absolute-discount":
        return interpolate(counts, raw, context, vocabulary, discounting(lambda k, n: F(smoothing["delta"]) if "delta" in smoothing else usual(raw, k)))
    if method == "kneser-ney":
        return interpolate(counts, cont, context, vocabulary, discounting(lambda k, n: F(smoothing["delta"]) if "delta" in smoothing else usual(cont, k)))
    return interpolate(counts, cont, context, vocabulary, modified(cont))


SMOOTHINGS = [
    {"method": "none"}, {"method": "additive", "alpha": 0.25}, {"method": "jelinek-mercer", "lambda": 0.375}, {"method": "dirichlet", "mu": 3.5}, {"method": "absolute-discount"},
    {"method": "absolute-discount", "delta": 0.625}, {"method": "witten-bell"}, {"method": "good-turing"}, {"method": "kneser-ney"}, {"method": "kneser-ney", "delta": 0.5},
    {"method": "modified-kneser-ney"}]


def pieces(text):
    return re.findall(r"\n| ?[A-Za-z]+(?:'[A-Za-z]+)*| ?[0-9]+| ?[^A-Za-z0-9\s]+", text)


def byte_pairs(text, joins):
    words = [[bytes([b]) for b in piece.encode()] for piece in pieces(text)]
    assert "".join(pieces(text)) == text
    tokens = [bytes([b]) for b in range(256)]
    merges = []
    for _ in range(joins):
        pairs = Counter((a, b) for word in words for a, b in zip(word, word[1:]))
        best = min(pairs, key=lambda pair: (-pairs[pair], tokens.index(pair[0]), tokens.index(pair[1])))
        if pairs[best] < 2:
            break
        merges.append([tokens.index(best[0]), tokens.index(best[1])])
        joined = best[0] + best[1]
        tokens.append(joined)
        for word in words:
            i = 0
            while i + 1 < len(word):
                if (word[i], word[i + 1]) == best:
                    word[i:i + 2] = [joined]
                i += 1
    return merges, [tokens.index(token) for word in words for token in word]


VERSE = """Tyger Tyger, burning bright,
In the forests of the night;
What immortal hand or eye,
Could frame thy fearful symmetry?

In what distant deeps or skies,
Burnt the fire of thine eyes?
On what wings dare he aspire?
What the hand, dare seize the fire?

And what shoulder, & what art,
Could twist the sinews of thy heart?
And when thy heart began to beat,
What dread hand? & what dread feet?

What the hammer? what the chain,
In what furnace was thy brain?
What the anvil? what dread grasp,
Dare its deadly terrors clasp!

When the stars threw down their spears
And water'd heaven with their tears:
Did he smile his work to see?
Did he who made the Lamb make thee?
"""


def main():
    running, documents = sequences()
    random.seed(12)
    cases = []
    for name, text, end, vocabulary in (("running", running, None, 9), ("documents", documents, END, 10)):
        for order in (1, 2, 3, 4):
            counts = Counts(text, order, end)
            contexts = [[], [0], [3, 7]] + [text[i:i + 4] for i in random.sample(range(len(text) - 4), 5)] + [random.choices(range(vocabulary), k=4) for _ in range(3)]
            for smoothing in SMOOTHINGS:
                for context in contexts:
                    found = row(counts, smoothing, context, vocabulary)
                    assert sum(found) == 1
                    cases.append({"text": name, "order": order, "smoothing": smoothing, "context": context, "row": [float(p) for p in found]})
    merges, tokens = byte_pairs(VERSE, 60)
    frequent = sorted(Counter(pieces(VERSE)).items(), key=lambda entry: (-entry[1], entry[0]))[:30]
    with open("language.json", "w") as file:
        json.dump({"running": running, "documents": documents, "end": END, "cases": cases, "verse": VERSE, "merges": merges, "tokens": tokens, "words": [word for word, _ in frequent]}, file, separators=(",", ":"))


main()
