"""
How long listing 50 installed editions takes, each in a package of its own, and which files it opens.

    python tests/benchmarks/catalog.py
"""

import compileall
import statistics
import subprocess
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

import attrs

import pelayanan
from pelayanan.catalog import Edition
from pelayanan.instrument import Instrument

EDITIONS, ROUNDS = 50, 25


def install(site: Path, number: int, instrument: Instrument) -> None:
    """Write a package as an installer leaves it: its module, and what was installed."""
    name = f"daerah-{number}"
    folder = site / f"daerah_{number}"
    folder.mkdir()
    (folder / "__init__.py").write_text('"""Instruments of a province."""\n')
    (folder / f"{name}.toml").write_text("no instrument: listing must not read it\n")
    edition = attrs.evolve(Edition.of(instrument), id=name, family="daerah")
    (folder / "editions.jsonl").write_text(f"{edition.to_json()}\n")
    about = site / f"daerah_{number}-1.0.dist-info"
    about.mkdir()
    (about / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n")
    (about / "entry_points.txt").write_text(f"[pelayanan.instruments]\n{name} = daerah_{number}\n")


def measure(site: str) -> None:
    sys.path.insert(0, site)
    import pelayanan.catalog

    opened: list[str] = []
    sys.addaudithook(lambda event, args: opened.append(str(args[0])) if event == "open" else None)
    wall, processor = [], []
    for _ in range(ROUNDS):
        start, used = time.perf_counter(), time.process_time()
        found = pelayanan.editions()
        wall.append((time.perf_counter() - start) * 1e3)
        processor.append((time.process_time() - used) * 1e3)
    count = sum(each.family == "daerah" for each in found)
    read = sum(name.endswith(".toml") for name in opened)
    print(f"{count} installed editions, {read} instrument files opened")
    for name, times in (("wall clock", wall), ("processor", processor)):
        print(f"{name:10} {times[0]:6.1f} ms at first, {statistics.median(times[1:]):6.1f} ms after")


def main() -> None:
    with TemporaryDirectory() as folder:
        instrument = pelayanan.load("ombudsman-2024")
        for number in range(EDITIONS):
            install(Path(folder), number, instrument)
        compileall.compile_dir(folder, quiet=1)
        subprocess.run([sys.executable, __file__, folder], check=True)


if __name__ == "__main__":
    measure(*sys.argv[1:]) if len(sys.argv) > 1 else main()
