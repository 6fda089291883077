"""Rows of logits as llama.cpp's --kl-divergence-base stores them, in its own 32-bit arithmetic with the C library's expf. Run: python3 kld.py > kld.json"""
import ctypes, json, math
import numpy
from numpy import float32 as f

libm = ctypes.CDLL("libm.so.6")
libm.expf.restype, libm.expf.argtypes = ctypes.c_float, [ctypes.c_float]


def encode(row):
    high, low = row[0], row[0]
    for x in row:
        if high < x: high = x
        if x < low: low = x
    if low < high - f(16): low = high - f(16)
    total = 0.0
    for x in row: total += float(f(libm.expf(x - high)))
    minimum = low - high - f(math.log(total))
    scale = (high - low) / f(65535)
    if not scale > 0: return scale, minimum, [0] * len(row)
    steps = f(1) / scale
    # numpy.rint rounds halves to even.
    return scale, minimum, [int(numpy.rint(steps * (x - low))) if x > low else 0 for x in row]


random = numpy.random.default_rng(5)
rows = [random.normal(0, spread, size).astype(f) for size in (1, 2, 7, 16, 33, 100) for spread in (1e-6, 1, 3, 12)]
rows += [numpy.full(9, 2.5, f), numpy.array([0, 16, -1, 15.999], f), numpy.array([0, 65535 * 2.0 ** -12, 0.5 * 2.0 ** -12, 1.5 * 2.0 ** -12, 2.5 * 2.0 ** -12] * 5, f)]
masked = random.normal(0, 3, 40).astype(f)
masked[::3] = -numpy.inf
rows += [masked, numpy.array([1e4, -1e4, 9999, 9990.5], f), numpy.array([0, 1e-44], f)]
entries = []
for row in rows:
    scale, minimum, quantized = encode(row)
    entries.append({"logits": row.tobytes().hex(), "scale": f(scale).tobytes().hex(), "minimum": f(minimum).tobytes().hex(), "quantized": quantized})
print("[\n" + ",\n".join(json.dumps(each) for each in entries) + "\n]")
