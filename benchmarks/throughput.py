#!/usr/bin/env python3
"""HTTP throughput of POST /v1/divergences beside an endpoint that answers a constant (alone, and behind
the service's own middleware) and beside FastAPI with SciPy, in one run.

Rounds are interleaved: in each, every server is started alone, warmed up, measured with wrk over eight connections, and stopped. What is
printed is the median over rounds of the ratio within a round, with the smallest and the largest.

    dotnet build -c Release && python3 benchmarks/throughput.py --peers DIR [--size 100] [--rounds 5] [--seconds 4]

DIR holds peer_http_app.py (FastAPI: POST /kl with scipy.stats.entropy). Needs wrk, and for the peer python3-fastapi, uvicorn,
python3-uvloop, python3-httptools, python3-scipy. Every server has one process; all of them share the machine's cores with wrk.
"""
import argparse, json, os, random, re, shutil, statistics, subprocess, sys, tempfile, time, urllib.request

parser = argparse.ArgumentParser()
parser.add_argument("--peers", default=os.environ.get("KL_PEERS", ""))
parser.add_argument("--size", type=int, default=100)
parser.add_argument("--rounds", type=int, default=5)
parser.add_argument("--seconds", type=int, default=4)
parser.add_argument("--port", type=int, default=18070)
options = parser.parse_args()

here = os.path.dirname(os.path.abspath(__file__))
source = random.Random(1)
weights = [[source.random() + 1e-3 for _ in range(options.size)] for _ in "pq"]
body = json.dumps(dict(zip("pq", [[w / sum(ws) for w in ws] for ws in weights])))


def release(project):
    folder = os.path.join(here, "..", project, "bin", "Release", "net10.0")
    return os.path.abspath(os.path.join(folder, os.path.basename(project) + ".dll"))


def servers():
    quiet = {"Logging__LogLevel__Default": "Warning", "Serilog__MinimumLevel__Default": "Warning"}
    yield "constant", ["dotnet", release("benchmarks/Constant")], "/const", quiet, None
    yield "constant in the service", ["dotnet", release("benchmarks/Constant"), "--host"], "/const", quiet, None
    yield "klservice", ["dotnet", release("src/KlApi")], "/v1/divergences", quiet, None
    yield "klservice, forward KL only", ["dotnet", release("src/KlApi")], "/v1/divergences", quiet, '{"measures":[{"name":"kullback-leibler"}],'
    if options.peers:
        yield "fastapi + scipy", ["/usr/bin/python3", "-m", "uvicorn", "peer_http_app:app", "--port", str(options.port), "--log-level", "error"], "/kl", {}, None


def wrk(url, seconds, script):
    out = subprocess.run(["wrk", "-t1", "-c8", f"-d{seconds}s", "-s", script, "--latency", url], capture_output=True, text=True).stdout
    bad = re.search(r"Non-2xx or 3xx responses: (\d+)", out)
    if bad: sys.exit(f"{url}: {bad[0]}")
    return float(re.search(r"Requests/sec:\s+([\d.]+)", out)[1]), re.search(r"99%\s+(\S+)", out)[1]


def measure(command, path, environment, prefix):
    payload = body if prefix is None else prefix + body[1:]
    data = tempfile.mkdtemp()
    lua = os.path.join(data, "post.lua")
    with open(lua, "w") as file: file.write('wrk.method="POST"\nwrk.headers["Content-Type"]="application/json"\nwrk.body=[[%s]]\n' % payload)
    url = f"http://127.0.0.1:{options.port}"
    env = dict(os.environ, ASPNETCORE_URLS=url, KlService__DataDirectory=os.path.join(data, "data"), OMP_NUM_THREADS="1", **environment)
    server = subprocess.Popen(command, cwd=options.peers if "uvicorn" in command else os.path.dirname(command[1]), env=env, stdout=subprocess.DEVNULL)
    try:
        for _ in range(150):
            try:
                urllib.request.urlopen(urllib.request.Request(url + path, payload.encode(), {"Content-Type": "application/json"}), timeout=5).read()
                break
            except OSError: time.sleep(0.1)
        wrk(url + path, 2, lua)
        return wrk(url + path, options.seconds, lua)
    finally:
        server.terminate(); server.wait(); shutil.rmtree(data, ignore_errors=True)


rates = {}
for _ in range(options.rounds):
    for name, *how in servers():
        rate, tail = measure(*how)
        rates.setdefault(name, []).append((rate, tail))
print(f"n = {options.size}, body {len(body)} bytes, {options.rounds} rounds of {options.seconds} s")
for name, rounds in rates.items():
    print(f"  {name:<28} {statistics.median(r for r, _ in rounds):>9.0f} requests/s   p99 {rounds[len(rounds) // 2][1]}")
for name in ("klservice", "klservice, forward KL only"):
    for peer in ("constant", "constant in the service", "fastapi + scipy"):
        if peer not in rates: continue
        ratios = sorted(a / b for (a, _), (b, _) in zip(rates[name], rates[peer]))
        print(f"  {name} / {peer}: {statistics.median(ratios):.2f} [{ratios[0]:.2f}-{ratios[-1]:.2f}]")
