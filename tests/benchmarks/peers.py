"""
How fast peers are compared, beside what one would use otherwise, in one run.

    python tests/benchmarks/peers.py [totals of the distribution]

(a) is a loop of ``scipy.stats.rankdata`` over all and each group, (b) two expressions of Polars,
``rank`` and ``rank().over``, on whole numbers as groups. Ranks of all three are the same, which is
checked. The tasks take turns, so that what else the machine does disturbs all alike; each figure is
the best of several rounds. The distribution is counted block by block in a process of its own,
whose greatest memory is told.
"""

import resource
import subprocess
import sys
import time
from collections.abc import Callable
from typing import Any

import attrs
import numpy as np
import polars as pl
from scipy.stats import rankdata

import pelayanan
from pelayanan import Distribution, Scores, compare

GROUPS = 38
BLOCK = 1_000_000
FIGURES = ["rank", "of", "percentile", "quartile", "z", "gap_to_best", "gap_to_median", "gap_to_next_zone"]


def printed(units: int) -> tuple[Scores, np.ndarray]:
    """Return random totals of two decimals, and the group of each as a whole number."""
    random = np.random.default_rng(7)
    edition = pelayanan.load("ombudsman-2024")
    total = random.integers(3000, 9900, units) / 100
    zone = edition.zones.placed(total)
    made = Scores.of_totals(edition, [50])
    arrays = {
        "total": total,
        "zone": zone,
        "zone_by_total": zone,
        "undetermined": np.zeros(units, dtype=bool),
    }
    return attrs.evolve(made, units=np.arange(units), **arrays), random.integers(0, GROUPS, units)


def ours(scores: Scores, groups: Any) -> tuple[Any, Any]:
    standing = compare(scores, groups)
    return standing.rank, standing.group_rank


def by_scipy(total: np.ndarray, groups: np.ndarray) -> tuple[Any, Any]:
    inside = np.empty(len(total))
    for group in range(GROUPS):
        own = groups == group
        inside[own] = rankdata(-total[own], method="min")
    return rankdata(-total, method="min"), inside


def by_polars(frame: pl.DataFrame) -> pl.DataFrame:
    rank = pl.col("total").rank("min", descending=True)
    return frame.select(rank.alias("all"), rank.over("group").alias("inside"))


def figures(scores: Scores, groups: Any) -> None:
    standing = compare(scores, groups)
    for name in FIGURES:
        getattr(standing, name)
        getattr(standing, f"group_{name}")


def best_in_turn(tasks: dict[str, Callable[[], Any]], rounds: int) -> dict[str, float]:
    times: dict[str, list[float]] = {name: [] for name in tasks}
    for _ in range(rounds):
        for name, task in tasks.items():
            start = time.perf_counter()
            task()
            times[name].append(time.perf_counter() - start)
    return {name: min(found) for name, found in times.items()}


def ranks(units: int) -> None:
    scores, groups = printed(units)
    labels = np.array([f"Provinsi {group}" for group in range(GROUPS)])[groups]
    frame = pl.DataFrame({"total": scores.total, "group": groups})
    for found, expected in zip(ours(scores, groups), by_scipy(scores.total, groups), strict=True):
        assert np.array_equal(found, expected)
    for found, column in zip(ours(scores, groups), by_polars(frame).get_columns(), strict=True):
        assert np.array_equal(found, column.to_numpy())
    tasks: dict[str, Callable[[], Any]] = {
        "ranks": lambda: ours(scores, groups),
        "(a)": lambda: by_scipy(scores.total, groups),
        "(b)": lambda: by_polars(frame),
        "text labels": lambda: ours(scores, labels),
        "a list of texts": lambda: ours(scores, labels.tolist()),
        "all sixteen figures": lambda: figures(scores, groups),
    }
    found = best_in_turn(tasks, 9 if units > 100_000 else 200)
    for name, seconds in found.items():
        print(
            f"{units:9,} totals  {name:20} {seconds * 1e3:9.3f} ms  over ranks {seconds / found['ranks']:6.2f}"
        )


def distribution(totals: int) -> None:
    """Count so many totals block by block, and print how long that takes and how much memory."""
    random = np.random.default_rng(7)
    whole, counting, start = Distribution.of([]), 0.0, time.perf_counter()
    for _ in range(totals // BLOCK):
        block = random.integers(0, 10_001, BLOCK) / 100
        begin = time.perf_counter()
        whole += Distribution.of(block)
        counting += time.perf_counter() - begin
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    kept = (whole.steps.nbytes + whole.counts.nbytes) / 2**10
    begin = time.perf_counter()
    whole.rank("86.62")
    asked = time.perf_counter() - begin
    print(
        f"{len(whole):,} totals  counted in {counting:.2f} s of {time.perf_counter() - start:.2f} s,"
        f" greatest memory {peak:.2f} GiB, kept {kept:.0f} KiB, a rank {asked * 1e6:.0f} us"
    )


def main(totals: int) -> None:
    for units in (587, 25_000, 1_000_000):
        ranks(units)
    print(f"Polars with {pl.thread_pool_size()} thread(s)")
    subprocess.run([sys.executable, __file__, "distribution", str(totals)], check=True)


if __name__ == "__main__":
    if sys.argv[1:2] == ["distribution"]:
        distribution(int(sys.argv[2]))
    else:
        main(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000_000)
