"""
Tables of figures that others printed: those in ``data``, and those that stay outside of the project.
"""

import csv
import os
from pathlib import Path

DATA = Path(__file__).parent / "data"
OUTSIDE = "PELAYANAN_GOLDEN"


def read(name: str, folder: Path = DATA) -> list[dict[str, str]]:
    with (folder / name).open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def outside(name: str) -> list[dict[str, str]]:
    """Return a table of the folder that the environment variable names."""
    return read(name, Path(os.environ[OUTSIDE]))
