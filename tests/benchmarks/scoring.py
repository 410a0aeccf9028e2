"""
How fast scoring is, beside what one would use otherwise, in one run.

    python tests/benchmarks/scoring.py [units]

Rows are ratios: the time of the library over that of the plain float kernel (a), which
does the same in blocks but decides nothing exactly, and that of Polars (b) over the
library's. Instruments with requirements, rounding on the way and other rules stand over
the weighted mean of the same size, the two scored in turn. Each figure is the best of
several rounds.
"""

import os
import subprocess
import sys
import time
import tracemalloc
from collections.abc import Callable
from typing import Any

import attrs
import numpy as np

import pelayanan
from pelayanan import Answers, Band, Group, Indicator, Instrument, Rounding, Scale, Zones
from pelayanan.stages import RoundingStage
from pelayanan.zones import Requirement

BLOCK = 4096
DIMENSIONS = ["21.85", "32.37", "24.24", "11.54", "10"]
VARIABLES = ["40", "60"]
INDICATORS = ["20", "30", "50"]
CUTS = [0, 32, 54, 78, 88]


def three_levels(equal: bool = False) -> Instrument:
    """Return 5 dimensions of 2 variables of 3 indicators, left out where they are missing."""
    criteria: list[Any] = []
    for d, dimension in enumerate(DIMENSIONS):
        criteria.append(Group(f"d{d}", weight=None if equal else dimension))
        for v, variable in enumerate(VARIABLES):
            criteria.append(Group(f"d{d}.v{v}", weight=None if equal else variable))
            for i, indicator in enumerate(INDICATORS):
                code = f"d{d}.v{v}.i{i}"
                criteria.append(Indicator(code, Scale(low=0, high=100), None if equal else indicator))
    return made("three-levels", criteria)


def flat(members: int = 8) -> Instrument:
    """Return equal weights and answers from 0 to 4, so that half of all rows are ties."""
    return made("flat", [Indicator(f"i{i}", Scale(low=0, high=4)) for i in range(members)])


def made(id: str, criteria: list[Any]) -> Instrument:
    bands = [Band("EDCBA"[index], floor=cut) for index, cut in enumerate(CUTS)]
    return Instrument(
        id=id,
        criteria=criteria,
        maximum=100,
        missing="exclude",
        rounding=Rounding(2),
        zones=Zones(bands),
    )


def required(instrument: Instrument, *requirements: Requirement) -> Instrument:
    """Return the instrument with what all its zones but the lowest two require."""
    bands = list(instrument.zones.bands)
    bands[2:] = [attrs.evolve(band, requires=requirements) for band in bands[2:]]
    return attrs.evolve(instrument, zones=attrs.evolve(instrument.zones, bands=bands))


def ruled(instrument: Instrument, **rules: str) -> Instrument:
    """Return the instrument with other rules at some groups, ``d1_v0`` for the group d1.v0."""
    named = {code.replace("_", "."): rule for code, rule in rules.items()}
    steps = {count: [(0, 0), (count * 3, "1/4"), (count * 6, "3/4"), (count * 8, 1)] for count in (1, 2, 3)}
    criteria: list[Any] = []
    for each in instrument.criteria.values():
        above = named.get(each.code.rpartition(".")[0] or "*")
        if above is not None:
            each = attrs.evolve(each, weight=10 if above == "step" else None)
        rule = named.get(each.code)
        if rule is not None:
            plus = "1/8" if rule == "weakest_link_plus" else None
            each = attrs.evolve(each, rule=rule, plus=plus, steps=steps if rule == "step" else {})
        criteria.append(each)
    return attrs.evolve(instrument, criteria=criteria)


def of_every_kind(base: Instrument) -> dict[str, Instrument]:
    """Return instruments of the same size, with all that a decree may say besides a mean."""
    each = Requirement(each_of="*", at_least="3/5", of="share")
    dimensions = RoundingStage("each", of="points", decimals=2, of_group="*")
    variables = [code for code in base.criteria if code.count(".") == 1]
    indicators = [RoundingStage("each", of="points", decimals=0, of_group=code) for code in variables]
    named = [code.replace(".", "_") for code in variables]
    mixed = ruled(base, d0_v0="step", d1_v0="weakest_link", d1_v1="all_or_nothing", d2="weakest_link_plus")
    return {
        "a required dimension": required(base, Requirement("d1", at_least=60, of="points")),
        "each of 5 dimensions required": required(base, each),
        "5 dimensions rounded": attrs.evolve(base, rounding_stages=[dimensions]),
        "30 indicators rounded": attrs.evolve(base, rounding_stages=indicators),
        "the weakest of 2, five times": ruled(base, **{f"d{d}": "weakest_link" for d in range(5)}),
        "all or nothing of 3, ten times": ruled(base, **dict.fromkeys(named, "all_or_nothing")),
        "steps of 3, ten times": ruled(base, **dict.fromkeys(named, "step")),
        "required, rounded and mixed rules": required(
            attrs.evolve(mixed, rounding_stages=[RoundingStage("d3", of="points", decimals=1)]), each
        ),
    }


def beside(units: int, kind: str) -> None:
    """Print how long instruments of every kind take over the weighted mean, scored in turn."""
    base = three_levels()
    answers = Answers.from_columns(table(base, units, kind))
    rounds = 7 if units > 100_000 else 30
    for name, instrument in of_every_kind(base).items():
        pair = [[], []]
        for _ in range(rounds):
            for times, each in zip(pair, (base, instrument), strict=True):
                start = time.perf_counter()
                pelayanan.score(each, answers)
                times.append(time.perf_counter() - start)
        tracemalloc.start()
        pelayanan.score(instrument, answers)
        extra = tracemalloc.get_traced_memory()[1] / 2**20 - 16 * units / 2**20
        tracemalloc.stop()
        mean, own = map(min, pair)
        print(
            f"{name:34} {units:9,} units {own * 1e3:9.2f} ms  over the mean {own / mean:5.2f}"
            f"  extra {extra:5.1f} MiB  ({kind})"
        )


def plain_kernel(instrument: Instrument, columns: dict[str, Any]) -> tuple[Any, Any]:
    """Score in blocks of floats, as numpy users would, deciding and checking nothing (a)."""
    tree, leaves = instrument.tree.tree("*")
    high = np.array([float(instrument.tree.indicator(code).scale.high or 1) for code in leaves])
    listed = [columns[code] for code in leaves]
    count = len(listed[0])
    total, zone = np.empty(count), np.empty(count, dtype=np.intp)
    groups = []
    for index, node in enumerate(tree.nodes):
        rows = slice(*((node.leaves or node.groups).start, (node.leaves or node.groups).stop))
        slope = 1 / high[rows] if node.leaves else 1.0
        weights = np.array(node.weights, dtype=float)
        groups.append((rows, weights * slope, weights, weights * slope / weights.sum(), len(leaves) + index))
    shares = np.zeros((len(leaves) + len(tree.nodes), BLOCK))
    answered = np.zeros_like(shares)
    with np.errstate(invalid="ignore"):
        for start in range(0, count, BLOCK):
            part = slice(start, min(start + BLOCK, count))
            width = part.stop - part.start
            block = shares[: len(leaves), :width]
            for index, column in enumerate(listed):
                block[index] = column[part]
            none = np.isnan(block)
            some = none.any()
            if some:
                np.fmax(block, 0.0, out=block)
                np.subtract(1.0, none, out=answered[: len(leaves), :width])
            for rows, above, below, full, row in groups:
                if some:
                    left = below @ answered[rows, :width]
                    answered[row, :width] = left > 0
                    np.maximum(left, 1.0, out=left)
                    np.divide(above @ shares[rows, :width], left, out=shares[row, :width])
                else:
                    np.dot(full, shares[rows, :width], out=shares[row, :width])
            published = np.floor(shares[-1, :width] * 10_000 + 0.5) / 100
            total[part] = published
            found = np.full(width, -1, dtype=np.intp)
            for cut in CUTS:
                found += published >= cut
            zone[part] = found
    return total, zone


def polars_expressions(frame: Any) -> Any:
    """Return the same totals and zones as lazy expressions (b)."""
    import polars as pl

    def mean(parts: list[tuple[Any, float]]) -> Any:
        above = pl.sum_horizontal([(part * weight).fill_null(0.0) for part, weight in parts])
        below = pl.sum_horizontal(
            [pl.when(part.is_not_null()).then(weight).otherwise(0.0) for part, weight in parts]
        )
        return pl.when(below > 0).then(above / below)

    dimensions, variables = [], []
    for d, dimension in enumerate(DIMENSIONS):
        inner = []
        for v, variable in enumerate(VARIABLES):
            codes = [f"d{d}.v{v}.i{i}" for i in range(len(INDICATORS))]
            weights = [float(weight) for weight in INDICATORS]
            variables.append(mean([(pl.col(c), w) for c, w in zip(codes, weights)]).alias(f"v{d}{v}"))
            inner.append((pl.col(f"v{d}{v}"), float(variable)))
        dimensions.append((mean(inner).alias(f"d{d}"), float(dimension)))
    published = (
        (mean([(pl.col(f"d{d}"), w) for d, (_, w) in enumerate(dimensions)]) * 100 + 0.5).floor() / 100
    ).alias("total")
    zone = pl.sum_horizontal([(pl.col("total") >= cut).cast(pl.Int64) for cut in CUTS]) - 1
    return (
        frame.lazy()
        .with_columns(variables)
        .with_columns([each for each, _ in dimensions])
        .with_columns(published)
        .select("total", zone.alias("zone"))
    )


def table(instrument: Instrument, units: int, kind: str) -> dict[str, Any]:
    """Return random answers: decimals, with gaps, bytes, whole numbers to 4, or a tie."""
    random = np.random.default_rng(7)
    codes = instrument.tree.leaves["*"]
    if kind == "int8":
        return {code: random.integers(0, 101, units).astype(np.int8) for code in codes}
    if kind == "to 4":
        return {code: random.integers(0, 5, units).astype(float) for code in codes}
    if kind == "tie":
        return {code: np.full(units, 62.625) for code in codes}
    columns = {code: np.round(random.uniform(0, 100, units), 2) for code in codes}
    if kind == "gaps":
        for column in columns.values():
            column[random.random(units) < 0.05] = np.nan
    if kind == "tie and gaps":
        for code in columns:
            columns[code] = np.where(random.random(units) < 0.05, np.nan, 62.625)
    return columns


def best(task: Callable[[], Any], rounds: int) -> float:
    times = []
    for _ in range(rounds):
        start = time.perf_counter()
        task()
        times.append(time.perf_counter() - start)
    return min(times)


def row(name: str, instrument: Instrument, units: int, kind: str) -> None:
    columns = table(instrument, units, kind)
    rounds = 5 if units > 100_000 else 50
    answers = Answers.from_columns(columns)
    ours = best(lambda: pelayanan.score(instrument, answers), rounds)
    plain = best(lambda: plain_kernel(instrument, columns), rounds)
    making = best(lambda: Answers.from_columns(columns), rounds)
    scores = pelayanan.score(instrument, answers)
    total, _ = plain_kernel(instrument, columns)
    wrong = np.count_nonzero(~((total == scores.total) | (np.isnan(total) & np.isnan(scores.total))))
    tracemalloc.start()
    pelayanan.score(instrument, answers)
    extra = tracemalloc.get_traced_memory()[1] / 2**20 - 16 * units / 2**20
    tracemalloc.stop()
    print(
        f"{name:34} {units:9,} units {ours * 1e3:9.2f} ms  over (a) {ours / plain:5.2f}"
        f"  table {making * 1e3:7.3f} ms  extra {extra:5.1f} MiB  (a) prints {wrong / units:7.3%} otherwise"
    )


def polars_row(units: int) -> None:
    import polars as pl

    instrument = three_levels()
    columns = table(instrument, units, "gaps")
    answers = Answers.from_columns(columns)
    frame = pl.DataFrame(columns).with_columns(pl.all().fill_nan(None))
    query = polars_expressions(frame)
    ours = best(lambda: pelayanan.score(instrument, answers), 5)
    theirs = best(lambda: query.collect(), 5)
    threads = pl.thread_pool_size()
    print(
        f"Polars with {threads} thread(s) {units:9,} units {theirs * 1e3:9.2f} ms  (b) over ours {theirs / ours:5.2f}"
    )


def main(units: int) -> None:
    levels, equal, eight = three_levels(), three_levels(equal=True), flat()
    for size in sorted({587, 25_000, units}):
        row("three levels, 5 % missing", levels, size, "gaps")
        row("three levels, nothing missing", levels, size, "full")
        row("three levels, int8", levels, size, "int8")
        row("equal weights, 5 % missing", equal, size, "gaps")
        row("eight equal weights, half ties", eight, size, "to 4")
        row("three levels, all on a tie", levels, size, "tie")
        row("all on a tie, 5 % missing", levels, size, "tie and gaps")
        row("equal weights, all on a tie", equal, size, "tie")
    for size in (587, units):
        for kind in ("full", "gaps", "int8"):
            beside(size, kind)
    for threads in ("1", ""):
        environment = {**os.environ, "PELAYANAN_POLARS_ROW": str(units)}
        if threads:
            environment["POLARS_MAX_THREADS"] = threads
        subprocess.run([sys.executable, __file__], env=environment, check=True)


if __name__ == "__main__":
    if "PELAYANAN_POLARS_ROW" in os.environ:
        polars_row(int(os.environ["PELAYANAN_POLARS_ROW"]))
    else:
        main(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000)
