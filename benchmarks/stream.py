#!/usr/bin/env python3
"""Streams a candidate against a stored baseline and watches the service's memory.

    python3 benchmarks/stream.py src/KlApi/bin/Release/net10.0/KlApi.dll --gigabytes 2 [--port 6100] [--vocabulary 32768] [--type f2]

The baseline is sent once, the candidate once; both are made on the fly from a few blocks of random logits, and nothing is written but to the
socket. Prints how long each took and the resident memory of the process before, at its peak and after.
"""
import argparse, http.client, json, os, subprocess, tempfile, threading, time, urllib.request
import numpy as np


def resident(pid):
    with open(f"/proc/{pid}/status") as status:
        return next(int(line.split()[1]) / 1024 for line in status if line.startswith("VmRSS"))


def processor(pid):
    with open(f"/proc/{pid}/stat") as stat:
        fields = stat.read().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def header(kind, rows, vocabulary):
    text = f"{{'descr': '<{kind}', 'fortran_order': False, 'shape': ({rows}, {vocabulary}), }}"
    length = -(-(10 + len(text) + 1) // 64) * 64 - 10
    return b"\x93NUMPY\x01\x00" + length.to_bytes(2, "little") + text.ljust(length - 1).encode() + b"\n"


def send(port, method, path, parts, length):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=3600)
    connection.putrequest(method, path)
    connection.putheader("Content-Type", "application/x-npy")
    connection.putheader("Content-Length", str(length))
    connection.endheaders()
    for part in parts:
        connection.send(part)
    answer = connection.getresponse()
    body = answer.read()
    if answer.status >= 300:
        raise SystemExit(f"{method} {path}: {answer.status} {body.decode()}")
    return json.loads(body)


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("dll")
    arguments.add_argument("--gigabytes", type=float, default=2)
    arguments.add_argument("--vocabulary", type=int, default=32768)
    arguments.add_argument("--type", default="f2", choices=["f2", "f4"])
    arguments.add_argument("--port", type=int, default=6100)
    wanted = arguments.parse_args()
    size = int(wanted.type[1])
    block = 16
    rows = int(wanted.gigabytes * 2**30 / (wanted.vocabulary * size)) // block * block
    random = np.random.default_rng(1)
    logits = [random.normal(0, 3, (block, wanted.vocabulary)) for _ in range(8)]
    near = [values + random.normal(0, 0.05, values.shape) for values in logits]
    start = header(wanted.type, rows, wanted.vocabulary)
    length = len(start) + rows * wanted.vocabulary * size

    def parts(blocks):
        encoded = [values.astype("<" + wanted.type).tobytes() for values in blocks]
        yield start
        for i in range(rows // block):
            yield encoded[i % len(encoded)]

    with tempfile.TemporaryDirectory() as folder:
        environment = dict(os.environ, KlService__DataDirectory=folder, ASPNETCORE_URLS=f"http://127.0.0.1:{wanted.port}", Serilog__MinimumLevel="Warning")
        for limit in ("UploadBytes", "StorageBytes"):
            environment[f"KlService__Limits__{limit}"] = str(2**46)
        service = subprocess.Popen(["dotnet", wanted.dll], env=environment, stdout=subprocess.DEVNULL)
        peak, done = 0, threading.Event()
        try:
            while True:
                try:
                    urllib.request.urlopen(f"http://127.0.0.1:{wanted.port}/health/ready")
                    break
                except OSError:
                    time.sleep(0.1)
            before = resident(service.pid)

            def watch():
                nonlocal peak
                while not done.wait(0.05):
                    peak = max(peak, resident(service.pid))

            threading.Thread(target=watch, daemon=True).start()
            for name, method, path, blocks in (("store", "PUT", "/v1/baselines/base", logits), ("compare", "POST", "/v1/baselines/base/compare", near)):
                wall, cpu = time.monotonic(), processor(service.pid)
                answer = send(wanted.port, method, path, parts(blocks), length)
                wall, cpu = time.monotonic() - wall, processor(service.pid) - cpu
                print(f"{name}: {length / 2**30:.2f} GiB, {rows} rows of {wanted.vocabulary} {wanted.type}: {wall:.1f} s ({length / 2**30 / wall:.2f} GiB/s), {cpu:.1f} s of processor time; "
                      f"resident {before:.0f} MB at start, {peak:.0f} MB at its peak")
            print(f"forward KL {answer['forward']['mean']:.9g} +- {answer['forward']['standardError']:.2g}")
        finally:
            done.set()
            service.terminate()
            service.wait()


if __name__ == "__main__":
    main()
