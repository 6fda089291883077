"""Arrays of logits as NumPy writes them, with their values row by row: the readers' golden files. Run: python3 logits.py > logits.json"""
import io, json
import numpy
from numpy.lib import format as npy

entries = []


def entry(name, array, version=(1, 0)):
    stream = io.BytesIO()
    npy.write_array(stream, array, version=version)
    rows = numpy.ascontiguousarray(array).reshape(-1, array.shape[-1])
    entries.append({
        "name": name, "shape": list(array.shape), "descr": array.dtype.str, "fortran": bool(array.flags.fnc), "file": stream.getvalue().hex(),
        "rows": [[repr(float(value)) if numpy.isfinite(value) else "-Infinity" for value in row] for row in rows],
    })


values = numpy.array([1.5, -2.25, 0.1, -numpy.inf, 3.0, 65504, -1e-5, 0, 7, 8, -9, 10.125] * 2)
for order in "<>":
    for kind in ("f2", "f4", "f8"):
        for version in ((1, 0), (2, 0), (3, 0)):
            entry(f"{order}{kind} v{version[0]} c", values.reshape(4, 6).astype(order + kind), version)
        entry(f"{order}{kind} 3-d", values.reshape(2, 3, 4).astype(order + kind))
        entry(f"{order}{kind} 1-d", values.astype(order + kind))
        entry(f"{order}{kind} fortran", numpy.asfortranarray(values.reshape(4, 6).astype(order + kind)))
        entry(f"{order}{kind} fortran 3-d", numpy.asfortranarray(values.reshape(2, 3, 4).astype(order + kind)))
entry("one number", numpy.array([[4.5]], dtype="<f4"))
entry("fortran of one row", numpy.asfortranarray(values[:5].reshape(1, 5).astype("<f4")))
entry("fortran of one column", numpy.asfortranarray(values.reshape(2, 3, 4, 1).astype("<f4")))
print("[\n" + ",\n".join(json.dumps(each) for each in entries) + "\n]")
