"""Online variational Bayes for topics: the service's core beside Gensim's LdaModel, on the same 5,000 documents, on one thread.

Run:  python3 topics.py path/to/KlCore.Benchmarks --peers DIR [--rounds N]
DIR holds peer_lda.py, the Gensim side; the sides take turns, and the ratio is that of the processor times in each round.
"""
import argparse
import json
import os
import statistics
import subprocess
import sys

arguments = argparse.ArgumentParser()
arguments.add_argument("program")
arguments.add_argument("--peers", default=os.environ.get("KL_PEERS"), required="KL_PEERS" not in os.environ)
arguments.add_argument("--rounds", type=int, default=3)
arguments = arguments.parse_args()


def ask(*command):
    lines = subprocess.run(command, capture_output=True, text=True, check=True, cwd=arguments.peers if command[0] == sys.executable else None).stdout.splitlines()
    return json.loads(lines[-1])


program = os.path.abspath(arguments.program)
rounds = []
for _ in range(arguments.rounds):
    peer = ask(sys.executable, os.path.join(os.path.abspath(arguments.peers), "peer_lda.py"), "--impl", "gensim", "--reps", "1")
    rounds.append((peer, ask(program, "topics", "5000", "5")))

times = [(peer["cpu_seconds_min"], ours["cpu_seconds_min"]) for peer, ours in rounds]
ratios = sorted(peer / ours for peer, ours in times)
print("| Gensim | here | ratio [range] | bound, Gensim | bound, here | allocated |\n|---|---|---|---|---|---|")
print(f"| {min(peer for peer, _ in times) * 1e3:.0f} ms | {min(ours for _, ours in times) * 1e3:.1f} ms | {statistics.median(ratios):.1f} [{ratios[0]:.1f}-{ratios[-1]:.1f}] "
      f"| {rounds[0][0]['value']:.4f} | {rounds[0][1]['value']:.4f} | {rounds[0][1]['allocated_bytes'] / 1e6:.1f} MB |")
