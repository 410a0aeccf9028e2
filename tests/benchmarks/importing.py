"""
How long importing the library takes, over importing what it needs, in one run.

    python tests/benchmarks/importing.py
"""

import statistics
import subprocess
import sys
import time

ROUNDS = 25


def seconds(statement: str) -> float:
    start = time.perf_counter()
    subprocess.run([sys.executable, "-c", statement], check=True)
    return time.perf_counter() - start


def main() -> None:
    tasks = {
        "nothing": "",
        "numpy, attrs, cattrs": "import numpy, attrs, cattrs",
        "and the standard library": (
            "import numpy, attrs, cattrs, bisect, datetime, decimal, difflib, enum, fractions, hashlib, json, "
            "importlib, math, re"
        ),
        "pelayanan": "import pelayanan",
    }
    times = {name: [] for name in tasks}
    for _ in range(ROUNDS):
        for name, statement in tasks.items():
            times[name].append(seconds(statement))
    typical = {name: statistics.median(found) for name, found in times.items()}
    base = typical["numpy, attrs, cattrs"]
    for name, found in typical.items():
        print(f"{name:26} {found * 1e3:7.1f} ms  {found / base:5.2f}")


if __name__ == "__main__":
    main()
