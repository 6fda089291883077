"""Rows of logits compared: this library against PyTorch and SciPy, and against how fast the machine reads memory.

usage: python3 logits.py PATH/TO/KlCore.Benchmarks --peers DIR [--limits PROGRAM] [--rows 64] [--rounds 5] [--threads 1]

DIR holds peer_logits.py, which makes the same numbers; PROGRAM prints the read bandwidth as "stream-sum 1 thread, 2 streams ... median". In each
round every side runs once; ratios are of CPU times within a round where one thread works, and the table shows their median with the range.
"""
import argparse
import json
import os
import re
import statistics
import subprocess

PEERS = {
    ("f32", "logits_fwd"): ["torch_fwd", "torch_kl_div"],
    ("f32", "logits_all"): ["torch_all_chunked", "torch_all"],
    ("f16", "logits_fwd"): ["torch_fwd"],
    ("f16", "logits_all"): ["torch_all_chunked"],
    ("bf16", "logits_fwd"): ["torch_fwd"],
    ("bf16", "logits_all"): ["torch_all_chunked"],
}


def lines(command, environment=None):
    output = subprocess.run(command, capture_output=True, text=True, check=True, env={**os.environ, **(environment or {})}).stdout
    return [json.loads(line) for line in output.splitlines() if line.startswith("{")]


def bandwidth(program):
    output = subprocess.run([program], capture_output=True, text=True, check=True).stdout
    return float(re.search(r"stream-sum 1 thread, 2 streams.*max\s+([\d.]+)", output).group(1))


def main(a):
    ours, theirs, limits = {}, {}, []
    key = "cpu_seconds_min" if a.threads == 1 else "seconds_min"
    for _ in range(a.rounds):
        if a.limits:
            limits.append(bandwidth(a.limits))
        for line in lines([a.binary, "logits", str(a.rows), "5", str(a.threads)]):
            ours.setdefault((line["dtype"], line["workload"]), []).append(line)
        for dtype in ("f32", "f16", "bf16"):
            impls = sorted({impl for (d, _), names in PEERS.items() if d == dtype for impl in names})
            for line in lines(["/usr/bin/python3", os.path.join(a.peers, "peer_logits.py"), "--tokens", str(a.rows), "--dtype", dtype, "--impl", ",".join(impls),
                               "--reps", "3", "--threads", str(a.threads), "--aten", "avx512"]):
                theirs.setdefault((dtype, line["workload"], line["impl"]), []).append(line)

    print("| type | what | peer | peer | here | ratio [range] | here, each pair of logits | of the read bandwidth | difference of the values |")
    print("|---|---|---|---|---|---|---|---|---|")
    pairs = a.rows * 151_936
    for (dtype, workload), impls in PEERS.items():
        here = [line[key] for line in ours[dtype, workload]]
        rate = pairs * (8 if dtype == "f32" else 4) / min(here) / 1e9
        share = f"{rate:.1f} GB/s, {rate / max(limits):.0%}" if limits else f"{rate:.1f} GB/s"
        for impl in impls:
            peer = [line[key] for line in theirs[dtype, workload, impl]]
            value = theirs[dtype, workload, impl][0]["value"]
            value = value if isinstance(value, float) else value[0]
            ratios = [x / y for x, y in zip(peer, here)]
            print(f"| {dtype} | {workload[7:]} | `{impl}` | {min(peer) * 1e3:.1f} ms | {min(here) * 1e3:.2f} ms | {statistics.median(ratios):.1f} [{min(ratios):.1f}-{max(ratios):.1f}] "
                  f"| {min(here) / pairs * 1e9:.2f} ns | {share} | {abs(ours[dtype, workload][0]['value'] / value - 1):.0e} |")
    for (dtype, workload), measured in ours.items():
        if workload in ("logits_top", "logits_temperature"):
            print(f"{dtype} {workload}: {min(line[key] for line in measured) * 1e3:.2f} ms")
    if limits:
        print(f"read bandwidth of one thread, two streams: {min(limits):.1f}-{max(limits):.1f} GB/s")


parser = argparse.ArgumentParser()
parser.add_argument("binary")
parser.add_argument("--peers", required=True)
parser.add_argument("--limits")
parser.add_argument("--rows", type=int, default=64)
parser.add_argument("--rounds", type=int, default=5)
parser.add_argument("--threads", type=int, default=1)
main(parser.parse_args())
