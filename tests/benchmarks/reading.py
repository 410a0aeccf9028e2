"""
How long reading a CSV of answers takes, beside pandas and Polars reading the same file.

    python tests/benchmarks/reading.py

One million units of 30 answers with decimal commas, 5 % of them empty, as a spreadsheet writes
them: semicolons and a byte-order mark. Each reader runs in a process of its own, which also tells
its greatest memory.
"""

import json
import resource
import subprocess
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

UNITS, INDICATORS, ROUNDS = 1_000_000, 30, 3
PART = 10_000


def write(path: Path) -> None:
    random = np.random.default_rng(1)
    with path.open("w", encoding="utf-8-sig", newline="") as stream:
        stream.write(";".join(["unit", *(f"c{number}" for number in range(INDICATORS))]) + "\r\n")
        for start in range(0, UNITS, PART):
            cents = random.integers(0, 10_001, (PART, INDICATORS))
            empty = random.random((PART, INDICATORS)) < 0.05
            for row in range(PART):
                cells = [
                    "" if gone else f"{value // 100},{value % 100:02d}"
                    for value, gone in zip(cents[row].tolist(), empty[row].tolist(), strict=True)
                ]
                stream.write(";".join([f"Unit {start + row}", *cells]) + "\r\n")


def ours(path: str) -> object:
    import pelayanan

    return pelayanan.read_answers(path, unit="unit")


def pandas(path: str) -> object:
    import pandas

    return pandas.read_csv(path, sep=";", decimal=",", encoding="utf-8-sig")


def polars(path: str) -> object:
    import polars

    return polars.read_csv(path, separator=";", decimal_comma=True)


READERS = {each.__name__: each for each in (ours, pandas, polars)}


def measure(name: str, path: str) -> None:
    with Path(path).open("rb") as stream:
        small = stream.read(4096).rpartition(b"\n")[0]
    warm = Path(path).with_suffix(f".{name}")
    warm.write_bytes(small)
    READERS[name](str(warm))
    start = time.perf_counter()
    READERS[name](path)
    seconds = time.perf_counter() - start
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print(json.dumps([seconds, peak / 2**10]))


def main() -> None:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "answers.csv"
        write(path)
        print(f"{UNITS} x {INDICATORS} answers, {path.stat().st_size / 2**20:.0f} MiB")
        found = {}
        for name in READERS:
            runs = [
                json.loads(subprocess.check_output([sys.executable, __file__, name, str(path)]))
                for _ in range(ROUNDS)
            ]
            found[name] = min(runs)
        for name, (seconds, peak) in found.items():
            ratio = seconds / found["pandas"][0]
            print(f"{name:8} {seconds:6.2f} s  {ratio:6.2f} of pandas  {peak:6.0f} MiB")


if __name__ == "__main__":
    measure(*sys.argv[1:]) if len(sys.argv) > 1 else main()
