"""
Search: which missing answers are given, and the smallest changes of all that could be tried.
"""

import itertools
from collections.abc import Mapping
from fractions import Fraction

import attrs

from pelayanan.aims import Aim
from pelayanan.alternatives import Costs, Present
from pelayanan.criterion import Indicator
from pelayanan.scenarios import Point, Scenarios
from pelayanan.smallest import Found, Model, fewest, smallest

__all__ = ["Way", "searched", "ways_of"]

_LEFT_OUT = 6


@attrs.frozen(eq=False)
class Way:
    """
    What may change, with some of what is left out as it is missing answered, and the rest left out.

    Args:
        even: Whether all levels of a choice cost the same.
        rest: A lower bound of what is not tried besides, ``None`` where everything is.
    """

    scenarios: Scenarios
    even: bool
    rest: Fraction | None


def ways_of(present: Present, target: int, by: str, cost: Costs | None) -> list[Way]:
    """Return what to try: all subsets of what is left out, or, of many, the smallest and the whole."""
    free = present.free(target)
    out = [each for each in free if present.left_out(each)]
    few = len(out) <= _LEFT_OUT
    sizes = range(len(out) + 1) if few else (0, 1, len(out))
    rest = None if few else _rest(present, out, by, cost)
    found = []
    for answered in itertools.chain(*(itertools.combinations(out, size) for size in sizes)):
        codes = [each.code for each in answered]
        shares = dict(present.shares) | dict.fromkeys(codes, Fraction(0))
        choices = present.choices(free, codes, cost)
        scenarios = Scenarios(present.instrument, choices, shares, present.cells)
        if by == "points":
            scenarios = _by_points(scenarios)
        found.append(Way(scenarios, by == "changes" or isinstance(cost, Mapping), rest))
    return found


def _rest(present: Present, out: list[Indicator], by: str, cost: Costs | None) -> Fraction:
    """Return the least that it can cost to answer two or more of what is left out."""
    choices = present.choices(out, [each.code for each in out], cost)
    cheapest = sorted(min(each.costs) for each in choices)
    return Fraction(0) if by == "points" else sum(cheapest[:2], Fraction(0))


def _by_points(scenarios: Scenarios) -> Scenarios:
    """Return scenarios in which a change costs what it adds to the exact total, where that is a sum."""
    total = Model(scenarios).total
    costs = (
        tuple(total.get((place, level), Fraction(0)) for level in range(len(each.levels)))
        for place, each in enumerate(scenarios.choices)
    )
    choices = (attrs.evolve(each, costs=paid) for each, paid in zip(scenarios.choices, costs, strict=True))
    return attrs.evolve(scenarios, choices=tuple(choices))


def searched(
    ways: list[Way], aims: tuple[Aim, ...], by: str
) -> tuple[Scenarios, Point | None, Fraction | None, Fraction | None]:
    """Return the smallest of all that is tried, what it costs, and a lower bound of that."""
    best: tuple[Scenarios, Point | None, Fraction | None] = (ways[0].scenarios, None, None)
    bounds = [each.rest for each in ways[:1] if each.rest is not None]
    for each, aim in itertools.product(ways, aims):
        found = _found(each, aim, by, best[2])
        bounds += [] if found.least is None else [found.least]
        if found.cost is not None and (best[2] is None or found.cost < best[2]):
            best = (each.scenarios, found.point, found.cost)
    return *best, min(bounds, default=None)


def _found(each: Way, aim: Aim, by: str, known: Fraction | None) -> Found:
    """Return the smallest changes that meet one aim, or a bound of them that is enough."""
    model = Model(each.scenarios, sparse=each.even and aim.end is None)
    if by == "points" and not model.is_sum:
        return _added(each.scenarios, aim)
    least = each.scenarios.cost_of_forced
    if known is not None and known <= least:
        return Found(None, None, least)
    if by == "changes" and model.is_sum:
        found = fewest(model, aim)
        if found.point is not None or found.least is None or (known is not None and known <= found.least):
            return found
    return smallest(model, aim)


def _added(scenarios: Scenarios, aim: Aim) -> Found:
    """Return changes that meet an aim of a total that is no sum, and the least that any add."""
    if not scenarios.climbs(scenarios.best, aim):
        return Found(None, None, None)
    before = scenarios.worth(scenarios.unchanged)
    least = max(aim.start[0] - before, Fraction(0))
    if not scenarios.meets(scenarios.best, aim):
        return Found(None, None, least)
    point = scenarios.lowered(scenarios.best, aim)
    return Found(point, scenarios.worth(point) - before, least)
