"""
Search: which missing answers are given, and the smallest changes of all that could be tried.
"""

import itertools
from collections.abc import Mapping
from fractions import Fraction

import attrs

from pelayanan.alternatives import Costs, Present
from pelayanan.attempts import Aim, Attempts, Point
from pelayanan.criterion import Indicator
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

    attempts: Attempts
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
        attempts = Attempts(present.instrument, choices, shares, present.cells)
        if by == "points":
            attempts = _by_points(attempts)
        found.append(Way(attempts, by == "changes" or isinstance(cost, Mapping), rest))
    return found


def _rest(present: Present, out: list[Indicator], by: str, cost: Costs | None) -> Fraction:
    """Return the least that it can cost to answer two or more of what is left out."""
    choices = present.choices(out, [each.code for each in out], cost)
    cheapest = sorted(min(each.costs) for each in choices)
    return Fraction(0) if by == "points" else sum(cheapest[:2], Fraction(0))


def _by_points(attempts: Attempts) -> Attempts:
    """Return attempts in which a change costs what it adds to the exact total, where that is a sum."""
    total = Model(attempts).total
    costs = (
        tuple(total.get((place, level), Fraction(0)) for level in range(len(each.levels)))
        for place, each in enumerate(attempts.choices)
    )
    choices = (attrs.evolve(each, costs=paid) for each, paid in zip(attempts.choices, costs, strict=True))
    return attrs.evolve(attempts, choices=tuple(choices))


def searched(
    ways: list[Way], aims: tuple[Aim, ...], by: str
) -> tuple[Attempts, Point | None, Fraction | None, Fraction | None]:
    """Return the smallest of all that is tried, what it costs, and a lower bound of that."""
    best: tuple[Attempts, Point | None, Fraction | None] = (ways[0].attempts, None, None)
    bounds = [each.rest for each in ways[:1] if each.rest is not None]
    for each, aim in itertools.product(ways, aims):
        found = _found(each, aim, by, best[2])
        bounds += [] if found.least is None else [found.least]
        if found.cost is not None and (best[2] is None or found.cost < best[2]):
            best = (each.attempts, found.point, found.cost)
    return *best, min(bounds, default=None)


def _found(each: Way, aim: Aim, by: str, known: Fraction | None) -> Found:
    """Return the smallest changes that meet one aim, or a bound of them that is enough."""
    model = Model(each.attempts, sparse=each.even and aim.end is None)
    if by == "points" and not model.is_sum:
        return _added(each.attempts, aim)
    least = each.attempts.cost_of_forced
    if known is not None and known <= least:
        return Found(None, None, least)
    if by == "changes" and model.is_sum:
        found = fewest(model, aim)
        if found.point is not None or found.least is None or (known is not None and known <= found.least):
            return found
    return smallest(model, aim)


def _added(attempts: Attempts, aim: Aim) -> Found:
    """Return changes that meet an aim of a total that is no sum, and the least that any add."""
    if not attempts.climbs(attempts.best, aim):
        return Found(None, None, None)
    before = attempts.worth(attempts.unchanged)
    least = max(aim.start[0] - before, Fraction(0))
    if not attempts.meets(attempts.best, aim):
        return Found(None, None, least)
    point = attempts.lowered(attempts.best, aim)
    return Found(point, attempts.worth(point) - before, least)
