#!/usr/bin/env python3
"""Streams a candidate against a stored baseline and watches the service's memory.

    python3 benchmarks/stream.py src/KlApi/bin/Release/net10.0/KlApi.dll --gigabytes 2 [--port 6100] [--vocabulary 32768] [--type f2]

The baseline is sent once, the candidate once; both are made on the fly from a few blocks of random logits, and nothing is written but to the
socket. Prints how long each took, the resident memory of the process before and at its peak, its curve over the comparison, sampled twice a
second, and beside it how fast the stored baseline can be read from the same disk at all.
"""
import argparse, http.client, json, os, subprocess, tempfile, threading, time, urllib.request
import numpy as np


def resident(pid):
    with open(f"/proc/{pid}/status") as status:
        return next(int(line.split()[1]) / 1024 for line in status if line.startswith("VmRSS"))


def read_rate(path):
    """Bytes per second of reading a file to its end and doing nothing."""
    buffer, count, start = bytearray(1 << 20), 0, time.monotonic()
    with open(path, "rb", buffering=0) as file:
        while length := file.readinto(buffer):
            count += length
    return count / (time.monotonic() - start)


def curve(samples, points=20):
    """As many of the samples as fit a line, evenly spaced, the last one among them."""
    step = max(1, -(-len(samples) // points))
    return " ".join(f"{megabytes:.0f}" for megabytes in samples[::-1][::step][::-1])


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
        peak, samples, done = 0, [], threading.Event()
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
                ticks = 0
                while not done.wait(0.05):
                    now = resident(service.pid)
                    peak, ticks = max(peak, now), ticks + 1
                    if ticks % 10 == 0:
                        samples.append(now)

            threading.Thread(target=watch, daemon=True).start()
            for name, method, path, blocks in (("store", "PUT", "/v1/baselines/base", logits), ("compare", "POST", "/v1/baselines/base/compare", near)):
                samples.clear()
                wall, cpu = time.monotonic(), processor(service.pid)
                answer = send(wanted.port, method, path, parts(blocks), length)
                wall, cpu = time.monotonic() - wall, processor(service.pid) - cpu
                print(f"{name}: {length / 2**30:.2f} GiB, {rows} rows of {wanted.vocabulary} {wanted.type}: {wall:.1f} s ({length / 2**30 / wall:.2f} GiB/s), {cpu:.1f} s of processor time; "
                      f"resident {before:.0f} MB at start, {peak:.0f} MB at its peak")
            print(f"resident during the comparison, MB: {curve(samples)}")
            stored = max((os.path.join(folder, "baselines", name) for name in os.listdir(os.path.join(folder, "baselines"))), key=os.path.getsize)
            print(f"reading the stored baseline and nothing else: {read_rate(stored) / 2**30:.2f} GiB/s")
            print(f"forward KL {answer['forward']['mean']:.9g} +- {answer['forward']['standardError']:.2g}")
        finally:
            done.set()
            service.terminate()
            service.wait()


if __name__ == "__main__":
    main()
