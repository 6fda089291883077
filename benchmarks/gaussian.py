"""KL between two Gaussians: the service's core beside SciPy (two Cholesky factorisations, two triangular solves), on the same numbers.

Run:  python3 gaussian.py path/to/KlCore.Benchmarks
Both sides take turns on one thread; of each the best CPU time of one call counts.
"""
import json
import os
import subprocess
import sys
import time

for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[name] = "1"
import numpy as np
import scipy.linalg as sl


def uniform(seed, n):
    z = np.arange(1, n + 1, dtype=np.uint64) * np.uint64(0x9E3779B97F4A7C15) + np.uint64(seed * 0xD1342543DE82EF95 % 2**64)
    z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return ((z ^ (z >> np.uint64(31))) >> np.uint64(11)).astype(float) * 2.0**-53


def bell(seed, n):
    return (sum(uniform(4 * seed + k, n) for k in range(4)) - 2) * 1.7320508075688772


def covariance(seed, d):
    a = bell(seed, d * d).reshape(d, d)
    return a @ a.T / d + 0.5 * np.eye(d)


def scipy_kl(m, s, n, t):
    lower, other = sl.cholesky(t, lower=True, check_finite=False), sl.cholesky(s, lower=True, check_finite=False)
    x = sl.solve_triangular(lower, other, lower=True, check_finite=False)
    v = sl.solve_triangular(lower, n - m, lower=True, check_finite=False)
    return 0.5 * ((x * x).sum() + v @ v - len(m)) + np.log(np.diag(lower)).sum() - np.log(np.diag(other)).sum()


def best(work, rounds=7, seconds=0.02):
    work()
    times = []
    for _ in range(rounds):
        calls, start = 0, time.process_time()
        while time.process_time() - start < seconds:
            work()
            calls += 1
        times.append((time.process_time() - start) / calls)
    return min(times)


print("| d | SciPy | KL alone | ratio | everything that is answered | difference of the values |\n|---|---|---|---|---|---|")
for d in (10, 100, 1000):
    given = bell(23, d), covariance(21, d), bell(24, d), covariance(22, d)
    peer, ours, all_ours = [], [], []
    for _ in range(3):
        peer.append(best(lambda: scipy_kl(*given)))
        lines = subprocess.run([sys.argv[1], "gaussian", str(d), "7" if d < 1000 else "3"], capture_output=True, text=True, check=True).stdout.splitlines()
        forward, everything = map(json.loads, lines)
        ours.append(forward["cpu_seconds_min"])
        all_ours.append(everything["cpu_seconds_min"])
    expected = scipy_kl(*given)
    print(f"| {d} | {min(peer) * 1e6:.4g} us | {min(ours) * 1e6:.4g} us | {min(peer) / min(ours):.2f} | {min(all_ours) * 1e6:.4g} us | {abs(forward['value'] / expected - 1):.0e} |")
