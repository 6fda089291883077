"""Networks trained: this library against PyTorch, and products of matrices against what the core could do at most.

usage: python3 networks.py PATH/TO/KlCore.Benchmarks --peers DIR [--blas DIR] [--rounds 5] [--steps 300]

DIR of --peers holds peer_train.py, which makes the same data; that of --blas an optimised libblas.so.3 for it, where the system's own is the reference
implementation. Every side has one thread. In each round each runs once, PyTorch as it comes and tuned (AVX-512 kernels in ATen and OpenBLAS, freed memory
kept); ratios are of CPU times within a round, and the tables show their median with the range.
"""
import argparse
import json
import os
import statistics
import subprocess

TRAININGS = ["mlp", "mlp_big", "distill", "gpt"]
STOCK, TUNED = ["--malloc", "stock"], ["--aten", "avx512", "--blas", "SkylakeX"]


def lines(command, environment=None):
    output = subprocess.run(command, capture_output=True, text=True, check=True, env={**os.environ, **(environment or {})}).stdout
    return [json.loads(line) for line in output.splitlines() if line.startswith("{")]


def peer(a, options):
    command = ["/usr/bin/python3", os.path.join(a.peers, "peer_train.py"), "--impl", ",".join(TRAININGS), "--reps", "3", "--steps", str(a.steps), *options]
    return {line["workload"]: line for line in lines(command, {"LD_LIBRARY_PATH": a.blas} if a.blas else None)}


def main(a):
    ours, stock, tuned, products = {}, {}, {}, {}
    for _ in range(a.rounds):
        for line in lines([a.binary, "networks", str(a.steps), "5"], {"DOTNET_PROCESSOR_COUNT": "1"}):
            ours.setdefault(line["workload"], []).append((line["cpu_seconds_min"] / line["size"], line))
        for there, options in ((stock, STOCK), (tuned, TUNED)):
            for workload, line in peer(a, options).items():
                there.setdefault(workload, []).append((line["cpu_seconds_min"], line))
        for line in lines([a.binary, "products", "7"], {"DOTNET_PROCESSOR_COUNT": "1"}):
            products.setdefault((line["impl"], line["m"], line["n"], line["k"]), []).append(line)

    print("| training | a step of PyTorch, tuned | a step here | ratio to tuned [range] | ratio to stock [range] | loss there | loss here | allocated |")
    print("|---|---|---|---|---|---|---|---|")
    for name in TRAININGS:
        workload = f"train_{name}"
        here = [seconds for seconds, _ in ours[workload]]
        line = ours[workload][0][1]

        def ratio(there):
            ratios = [x / y for (x, _), y in zip(there[workload], here)]
            return f"{statistics.median(ratios):.1f} [{min(ratios):.1f}-{max(ratios):.1f}]"

        print(f"| {name} | {min(x for x, _ in tuned[workload]) * 1e6:.1f} us | {min(here) * 1e6:.1f} us | {ratio(tuned)} | {ratio(stock)} "
              f"| {tuned[workload][0][1]['value']:.7f} | {line['value']:.7f} | {line['allocated_bytes']} B |")

    print("\n| product | m x n x k | GFLOP/s, best | of the core's peak, best round [all rounds] |")
    print("|---|---|---|---|")
    for (name, m, n, k), measured in products.items():
        shares = [line["of_peak"] for line in measured]
        print(f"| {name} | {m} x {n} x {k} | {max(line['gflops'] for line in measured):.0f} | {max(shares):.0%} [{min(shares):.0%}-{max(shares):.0%}] |")
    print(f"\npeak: {max(line['peak_gflops'] for measured in products.values() for line in measured):.0f} GFLOP/s")


parser = argparse.ArgumentParser()
parser.add_argument("binary")
parser.add_argument("--peers", required=True)
parser.add_argument("--blas")
parser.add_argument("--rounds", type=int, default=5)
parser.add_argument("--steps", type=int, default=300)
main(parser.parse_args())
