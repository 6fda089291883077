"""Kullback-Leibler and Jensen-Shannon of two arrays: this library's kernels against NumPy and SciPy, interleaved, one thread.

usage: python3 discrete.py PATH/TO/KlCore.Benchmarks [rounds]        (needs numpy and scipy)

Both sides make the same numbers (splitmix64, see SplitMix.cs), so that values are compared as well as times. In each round every
case runs once on either side; the ratio of a round is of CPU times, and the table shows the median ratio with its range.
"""
import json
import os
import statistics
import subprocess
import sys
import time

# glibc returns every large temporary to the kernel, which costs NumPy more than its arithmetic; kept, it is at its best.
if os.environ.get("MALLOC_TRIM_THRESHOLD_") != "-1":
    os.environ.update(MALLOC_MMAP_MAX_="0", MALLOC_TRIM_THRESHOLD_="-1", MALLOC_TOP_PAD_="268435456")
    os.execv(sys.executable, [sys.executable] + sys.argv)
for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[name] = "1"
import numpy as np
import scipy.spatial.distance
import scipy.special
import scipy.stats


def uniform(seed, n):
    with np.errstate(over="ignore"):
        z = np.arange(1, n + 1, dtype=np.uint64) * np.uint64(0x9E3779B97F4A7C15) + np.uint64(seed * 0xD1342543DE82EF95 % 2**64)
        z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        z ^= z >> np.uint64(31)
    return (z >> np.uint64(11)).astype(np.float64) * 2.0**-53


def distribution(seed, n):
    values = uniform(seed, n) + 1e-3
    return values / values.sum()


def peers(p, q):
    def clip():
        a, b = np.clip(p, 1e-10, 1 - 1e-10), np.clip(q, 1e-10, 1 - 1e-10)
        return np.sum(a * np.log(a / b))

    def rel_entr_js():
        m = 0.5 * (p + q)
        return 0.5 * (scipy.special.rel_entr(p, m).sum() + scipy.special.rel_entr(q, m).sum())

    return {
        ("discrete_kl", "np.sum(p*np.log(p/q))"): lambda: np.sum(p * np.log(p / q)),
        ("discrete_kl", "np.clip, then the same"): clip,
        ("discrete_kl", "rel_entr(p, q).sum()"): lambda: scipy.special.rel_entr(p, q).sum(),
        ("discrete_kl", "scipy.stats.entropy(p, q)"): lambda: scipy.stats.entropy(p, q),
        ("discrete_js", "rel_entr of both halves"): rel_entr_js,
        ("discrete_js", "scipy jensenshannon ** 2"): lambda: scipy.spatial.distance.jensenshannon(p, q) ** 2,
    }


def seconds(work):
    work()
    start = time.perf_counter()
    work()
    calls = max(1, int(0.02 / max(time.perf_counter() - start, 1e-9)))
    best = float("inf")
    for _ in range(5):
        start = time.process_time()
        for _ in range(calls):
            value = work()
        best = min(best, (time.process_time() - start) / calls)
    return best, float(value)


def main(binary, rounds):
    print("| n | measure | peer | peer | kernel | ratio [range] | difference of the values |\n|---|---|---|---|---|---|---|")
    for n in (1_000, 1_000_000):
        p, q = distribution(1, n), distribution(2, n)
        rows = {}
        for _ in range(rounds):
            theirs = {key: seconds(work) for key, work in peers(p, q).items()}
            lines = subprocess.run([binary, "discrete", str(n), "5"], capture_output=True, text=True, check=True).stdout.splitlines()
            ours = {line["workload"]: line for line in map(json.loads, lines) if line["impl"] == "kernel"}
            for (workload, name), (peer, value) in theirs.items():
                row = rows.setdefault((workload, name), {"peer": [], "kernel": [], "difference": 0.0})
                row["peer"].append(peer)
                row["kernel"].append(ours[workload]["cpu_seconds_min"])
                row["difference"] = abs(ours[workload]["value"] / value - 1)
        for (workload, name), row in rows.items():
            ratios = [a / b for a, b in zip(row["peer"], row["kernel"])]
            print(f"| {n:,} | {workload[-2:].upper()} | `{name}` | {min(row['peer']) * 1e6:.4g} us | {min(row['kernel']) * 1e6:.4g} us "
                  f"| {statistics.median(ratios):.1f} [{min(ratios):.1f}-{max(ratios):.1f}] | {row['difference']:.0e} |")


main(sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 5)
