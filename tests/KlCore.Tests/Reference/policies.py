"""Best-of-n and KL budgets over a finite choice whose probabilities may lie thousands of nats apart: python3 policies.py > policies.json

The definitions as they stand, at 60 digits (more where the logits need them); the doubles are taken as exact numbers.
"""
import json, random
from mpmath import mp, mpf, exp, log

mp.dps = 60
rng = random.Random(7)


def reference(numbers, kind):
    if kind == "logits":
        top = max(numbers)
        weights = [exp(mpf(x) - mpf(top)) for x in numbers]
    else:
        weights = [mpf(x) for x in numbers]
    total = sum(weights)
    return [w / total for w in weights]


def kl(p, ref):
    return sum(a * log(a / b) for a, b in zip(p, ref) if a > 0)


def best_of(n, ref, rewards):
    if n == 1:
        return ref
    policy = [mpf(0)] * len(ref)
    for r in set(rewards):
        upto = sum(q for q, s in zip(ref, rewards) if s <= r)
        below = sum(q for q, s in zip(ref, rewards) if s < r)
        level = sum(q for q, s in zip(ref, rewards) if s == r)
        if level == 0:
            continue
        share = (upto**n - below**n) / level
        for i, s in enumerate(rewards):
            if s == r:
                policy[i] = ref[i] * share
    return policy


def tilted(beta, ref, rewards):
    best = max(r for r, q in zip(rewards, ref) if q > 0)
    if beta == 0:
        weights = [q if r == best else mpf(0) for q, r in zip(ref, rewards)]
    else:
        weights = [q * exp((mpf(r) - mpf(best)) / mpf(beta)) for q, r in zip(ref, rewards)]
    total = sum(weights)
    return [w / total for w in weights]


def largest(ref, rewards):
    best = max(r for r, q in zip(rewards, ref) if q > 0)
    return -log(sum(q for q, r in zip(ref, rewards) if r == best))


def number(x):
    return float(x)


def inputs():
    yield [0.0, -800.0], "logits", [0, 1]
    yield [0.0, -740.0], "logits", [0, 1]
    yield [0.0, -1e5], "logits", [0, 1]
    yield [1.0, 1e308], "weights", [1, 0]
    yield [1e-308, 1.0, 1e308], "weights", [2, 1, 0]
    for _ in range(36):
        size = rng.randint(2, 6)
        if rng.random() < 0.6:
            spread = rng.choice([1, 30, 400, 800, 3000, 20000])
            numbers, kind = [rng.uniform(-spread, 0) for _ in range(size)], "logits"
        else:
            power = rng.choice([2, 100, 300])
            numbers, kind = [10.0 ** rng.uniform(-power, power) for _ in range(size)], "weights"
            if rng.random() < 0.3:
                numbers[rng.randrange(size)] = 0.0
        yield numbers, kind, [float(rng.randint(0, 3)) for _ in range(size)]


def main():
    cases = []
    for numbers, kind, rewards in inputs():
        # Enough to tell 1 from 1 less the least probability.
        mp.dps = 700 if kind == "weights" else 60 + int((max(numbers) - min(numbers)) / 2)
        ref = reference(numbers, kind)
        case = {"reference": numbers, "input": kind, "rewards": rewards, "largestKl": number(largest(ref, rewards)), "bestOf": [], "tilted": []}
        for n in (1, 2, 7, 1000, 10**9):
            policy = best_of(n, ref, rewards)
            case["bestOf"].append({"n": n, "kl": number(kl(policy, ref)), "policy": [number(x) for x in policy]})
        for beta in (0, 1e-3, 1 / 800, 0.25, 1, 1e6):
            policy = tilted(beta, ref, rewards)
            case["tilted"].append({"beta": beta, "kl": number(kl(policy, ref)), "policy": [number(x) for x in policy]})
        cases.append(case)
    print("[\n" + ",\n".join(json.dumps(c) for c in cases) + "\n]")


main()
