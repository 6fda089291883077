"""Writes zipf.json: p_k = 1/k against q_k = 1/(k sqrt k), k = 1 ... 1,000,000, as doubles taken exactly.   python3 zipf.py > zipf.json"""
import json
import math
from mpmath import mp, mpf, log, sqrt

mp.dps = 40
n = 1_000_000
w = [1.0 / k for k in range(1, n + 1)]
v = [1.0 / (k * math.sqrt(k)) for k in range(1, n + 1)]
W, V = sum(map(mpf, w)), sum(map(mpf, v))
kl = rev = js = tv = bc = mpf(0)
for a, b in zip(w, v):
    p, q = a / W, b / V
    l = log(p / q)
    m = (p + q) / 2
    kl += p * l
    rev -= q * l
    js += (p * log(p / m) + q * log(q / m)) / 2
    tv += abs(p - q) / 2
    bc += sqrt(p * q)
print(json.dumps({k: mp.nstr(x, 25) for k, x in dict(forward=kl, reverse=rev, jensenShannon=js, totalVariation=tv, squaredHellinger=1 - bc).items()}, indent=2))
