"""Estimates from samples: this library against SciPy and POT.

usage: python3 samples.py PATH/TO/KlCore.Benchmarks --peers DIR [--rounds 5] [--sizes 10000,100000] [--dimensions 2,5,10] [--k 1] [--only transport]

DIR holds peer_samples.py, which makes the same numbers. Every side has one thread. In each round each runs once; ratios are of CPU times within a round, and the
table shows their median with the range. What is compared is the whole of an estimate of KL by nearest neighbours, both trees included.
"""
import argparse
import json
import math
import os
import statistics
import subprocess


def lines(command, environment=None):
    output = subprocess.run(command, capture_output=True, text=True, check=True, env={**os.environ, **(environment or {})}).stdout
    return [json.loads(line) for line in output.splitlines() if line.startswith("{")]


def neighbours(a):
    print("| n | d | cKDTree | here | ratio [range] | growth here, from ten times fewer points | difference of the values |")
    print("|---|---|---|---|---|---|---|")
    before = {}
    for n in a.sizes:
        for d in a.dimensions:
            ours, theirs = [], []
            for _ in range(a.rounds):
                ours += lines([a.binary, "neighbours", str(n), "3", str(d), str(a.k)], {"DOTNET_PROCESSOR_COUNT": "1"})
                theirs += lines(["/usr/bin/python3", os.path.join(a.peers, "peer_samples.py"), "--impl", "knn_ckdtree", "--n", str(n), "--d", str(d), "--k", str(a.k), "--reps", "3"])
            ratios = [there["cpu_seconds_min"] / here["cpu_seconds_min"] for there, here in zip(theirs, ours)]
            here, there = min(line["cpu_seconds_min"] for line in ours), min(line["cpu_seconds_min"] for line in theirs)
            growth = f"{here / before[n // 10, d]:.1f} (n log n: {10 * math.log(n) / math.log(n / 10):.1f})" if (n // 10, d) in before else ""
            before[n, d] = here
            print(f"| {n} | {d} | {there * 1e3:.1f} ms | {here * 1e3:.1f} ms | {statistics.median(ratios):.1f} [{min(ratios):.1f}-{max(ratios):.1f}] | {growth} "
                  f"| {abs(ours[0]['value'] - theirs[0]['value']):.0e} |", flush=True)


def transport(a):
    """Sinkhorn: 200 iterations on both sides, and the whole solution to 1e-10 beside POT's 200 iterations in the log domain."""
    pairs = {"w1": "w1_scipy", "emd": "emd_pot", "sinkhorn": "sinkhorn_pot", "sinkhorn_log": "sinkhorn_pot_log", "sinkhorn_solved": "sinkhorn_pot_log"}
    ours, theirs = {name: [] for name in pairs}, {name: [] for name in pairs}
    for _ in range(a.rounds):
        for line in lines([a.binary, "transport", "1000", "3"], {"DOTNET_PROCESSOR_COUNT": "1"}):
            ours[line["workload"]].append(line)
        found = {line["impl"]: line for line in lines(["/usr/bin/python3", os.path.join(a.peers, "peer_samples.py"), "--impl", ",".join(sorted(set(pairs.values()))), "--reps", "3"])}
        for name, peer in pairs.items():
            theirs[name].append(found[peer])
    print("| what | peer | peer | here | ratio [range] | difference of the values |\n|---|---|---|---|---|---|")
    for name, peer in pairs.items():
        ratios = [there["cpu_seconds_min"] / here["cpu_seconds_min"] for there, here in zip(theirs[name], ours[name])]
        here, there = min(line["cpu_seconds_min"] for line in ours[name]), min(line["cpu_seconds_min"] for line in theirs[name])
        print(f"| {name} | {peer} | {there * 1e3:.1f} ms | {here * 1e3:.1f} ms | {statistics.median(ratios):.1f} [{min(ratios):.1f}-{max(ratios):.1f}] "
              f"| {abs(ours[name][0]['value'] / theirs[name][0]['value'] - 1):.0e} |", flush=True)


def numbers(text):
    return [int(number) for number in text.split(",")]


parser = argparse.ArgumentParser()
parser.add_argument("binary")
parser.add_argument("--peers", required=True)
parser.add_argument("--rounds", type=int, default=5)
parser.add_argument("--sizes", type=numbers, default=[10_000, 100_000])
parser.add_argument("--dimensions", type=numbers, default=[2, 5, 10])
parser.add_argument("--k", type=int, default=1)
parser.add_argument("--only", choices=["neighbours", "transport"])
arguments = parser.parse_args()
if arguments.only != "transport":
    neighbours(arguments)
if arguments.only != "neighbours":
    transport(arguments)
