#!/usr/bin/env python3
"""Fits the demo's model and writes it as ONNX: `python3 demo/models/haze.py`, with nothing but Python itself.

How likely the PM2.5 of six hours later is above 150 µg/m³ (重度污染, HJ 633—2012), from PM2.5, temperature and hour of
now: a logistic regression over the hours of 2010 to 2013, by iteratively reweighted least squares. The hours of 2014
tell how good it is.
"""

import csv
import gzip
import math
import struct
from pathlib import Path

DEMO = Path(__file__).parent.parent
AHEAD_HOURS = 6
HEAVY = 150.0
INPUTS = ["pm2_5", "temperature", "hour"]


def hours():
    """Each hour's year, inputs, and whether it was heavy six hours later; hours with a gap are left out."""
    with gzip.open(DEMO / "data/beijing_pm25_hourly.csv.gz", "rt") as file:
        rows = list(csv.DictReader(file))
    for now, later in zip(rows, rows[AHEAD_HOURS:]):
        if "NA" not in (now["pm2.5"], later["pm2.5"]):
            inputs = [float(now[name]) for name in ("pm2.5", "TEMP", "hour")]
            yield int(now["year"]), inputs, float(later["pm2.5"]) > HEAVY


def solve(matrix, right):
    """The solution of a small system of equations, by elimination."""
    rows = [line + [value] for line, value in zip(matrix, right)]
    for at in range(len(rows)):
        best = max(range(at, len(rows)), key=lambda line: abs(rows[line][at]))
        rows[at], rows[best] = rows[best], rows[at]
        rows[at] = [value / rows[at][at] for value in rows[at]]
        for line in range(len(rows)):
            if line != at:
                rows[line] = [a - rows[line][at] * b for a, b in zip(rows[line], rows[at])]
    return [line[-1] for line in rows]


def logistic(value):
    return 1 / (1 + math.exp(-value))


def fit(samples):
    """Weights and, last, the bias."""
    samples = [(inputs + [1.0], heavy) for inputs, heavy in samples]
    weights = [0.0] * len(samples[0][0])
    for _ in range(10):
        gradient = [0.0] * len(weights)
        hessian = [[0.0] * len(weights) for _ in weights]
        for inputs, heavy in samples:
            likely = logistic(sum(w * x for w, x in zip(weights, inputs)))
            for i, x in enumerate(inputs):
                gradient[i] += (heavy - likely) * x
                for j, y in enumerate(inputs):
                    hessian[i][j] += likely * (1 - likely) * x * y
        weights = [w + step for w, step in zip(weights, solve(hessian, gradient))]
    return weights


def varint(value):
    parts = bytearray()
    while value > 0x7F:
        parts.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes(parts + bytes([value]))


def whole(number, value):
    return varint(number << 3) + varint(value)


def part(number, value):
    value = value.encode() if isinstance(value, str) else value
    return varint(number << 3 | 2) + varint(len(value)) + value


def onnx(weights):
    """The model's file: protocol buffers, fields numbered as in onnx.proto3."""
    def tensor(name, dims, values):
        dims = b"".join(whole(1, dim) for dim in dims)
        return dims + whole(2, 1) + part(8, name) + part(9, struct.pack(f"<{len(values)}f", *values))

    def node(operator, inputs, output):
        return b"".join(part(1, name) for name in inputs) + part(2, output) + part(4, operator)

    def value(name, columns):
        shape = part(1, part(2, "rows")) + part(1, whole(1, columns))
        return part(1, name) + part(2, part(1, whole(1, 1) + part(2, shape)))

    *slopes, bias = weights
    graph = (
        part(1, node("Gemm", ["hours", "weights", "bias"], "odds"))
        + part(1, node("Sigmoid", ["odds"], "risk"))
        + part(2, "haze")
        + part(5, tensor("weights", [len(slopes), 1], slopes))
        + part(5, tensor("bias", [1], [bias]))
        + part(11, value("hours", len(slopes)))
        + part(12, value("risk", 1))
    )
    return whole(1, 8) + part(2, "demo/models/haze.py") + part(7, graph) + part(8, whole(2, 17))


def main():
    samples = list(hours())
    weights = fit([(inputs, heavy) for year, inputs, heavy in samples if year < 2014])
    print(dict(zip(INPUTS + ["bias"], weights)))
    tested = [(inputs + [1.0], heavy) for year, inputs, heavy in samples if year == 2014]
    right = sum((sum(w * x for w, x in zip(weights, inputs)) > 0) == heavy for inputs, heavy in tested)
    usual = sum(not heavy for _, heavy in tested)
    print(f"2014: {right / len(tested):.3f} of {len(tested)} hours right; {usual / len(tested):.3f} by saying never")
    (DEMO / "models/haze.onnx").write_bytes(onnx(weights))


main()
