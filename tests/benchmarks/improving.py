"""
How long plans take, for an instrument of forty indicators with requirements.

    python tests/benchmarks/improving.py

For each of several units: the plan to an A by changes, by two kinds of cost and by points, the
time of each, and that time over the time of scoring the unit once. Each figure is the best of
three; a plan that is not proven says how far its bound is from it.
"""

import random
import time
from collections.abc import Callable
from fractions import Fraction
from typing import Any

from pelayanan import Band, Group, Indicator, Instrument, Option, Rounding, Scale, Zones, score_one
from pelayanan.improve import plan
from pelayanan.zones import Requirement

DIMENSIONS = ["21.85", "32.37", "24.24", "11.54", "10"]
BOARD = Scale(options=[Option("tidak", 0), Option("sebagian", "1/3"), Option("ada", 1)])
LEVELS = Scale(options=[Option(str(level), Fraction(level, 4)) for level in range(5)])
GATES = [
    Requirement(each_of="*", at_least="3/5", of="share"),
    Requirement(each_of="d2", at_least="1/2", of="share", exceptions=2),
    Requirement("d0", at_least=18, of="contribution"),
]


def forty() -> Instrument:
    """Return 5 dimensions of 8 indicators of uneven weights, with requirements of an A."""
    criteria: list[Any] = []
    for row, weight in enumerate(DIMENSIONS):
        criteria.append(Group(f"d{row}", weight))
        for each in range(8):
            printed = f"{7 + (37 * each + 11 * row) % 23}.{(7 * each + row) % 10}"
            criteria.append(Indicator(f"d{row}.i{each}", LEVELS if each % 2 else BOARD, printed))
    bands = [Band("C", floor=0), Band("B", floor=78), Band("A", floor=88, requires=GATES)]
    return Instrument(
        id="forty", criteria=criteria, maximum=100, missing="refuse", rounding=Rounding(2), zones=Zones(bands)
    )


def best_of(count: int, work: Callable[[], Any]) -> tuple[float, Any]:
    """Return the shortest time of several, and what the work gives."""
    times = []
    for _ in range(count):
        start = time.perf_counter()
        found = work()
        times.append(time.perf_counter() - start)
    return min(times), found


def main() -> None:
    """Print a line for each unit and kind of plan."""
    instrument = forty()
    print(f"{'unit':>4}  {'by':8} {'seconds':>8} {'scorings':>9} {'changes':>8}  proven")
    for unit in range(4):
        draw = random.Random(unit)
        answers = {
            each.code: draw.choice(
                each.scale.options[:-1] if draw.random() < 0.8 else each.scale.options
            ).code
            for each in instrument.indicators
        }
        days = {code: draw.randint(1, 40) for code in answers}
        money = {code: Fraction(draw.randint(1, 10**6), 343) for code in answers}
        once, _ = best_of(3, lambda answers=answers: score_one(instrument, answers))
        for name, more in (
            ("changes", {}),
            ("days", {"cost": days}),
            ("money", {"cost": money}),
            ("points", {"by": "points"}),
        ):
            rounds = 1 if name == "points" else 3
            took, found = best_of(
                rounds, lambda answers=answers, more=more: plan(instrument, answers, **more)
            )
            proven = "yes" if found.proven else f"to {float(found.objective - found.bound):.4f}"
            print(f"{unit:4}  {name:8} {took:8.3f} {took / once:9.0f} {len(found.changes):8}  {proven}")


if __name__ == "__main__":
    main()
