"""
Totals as they were printed: how they are read, and which zones they leave open.
"""

from collections.abc import Iterable, Iterator
from fractions import Fraction
from itertools import pairwise
from typing import Any

import numpy as np

from pelayanan.columns import MISSING, state_or_value
from pelayanan.errors import NumberError, Problem, in_order
from pelayanan.exact import Rounding, fraction, written
from pelayanan.instrument import Instrument
from pelayanan.zones import Zones

__all__ = ["position_of_printed", "printed_totals", "zone_of_printed"]


def printed_totals(instrument: Instrument, totals: Any) -> tuple[list[Fraction | None], list[Problem]]:
    """
    Return printed totals as exact numbers, ``None`` for no score, and what is wrong with them.
    """
    rounding = instrument.rounding
    found: list[Fraction | None] = []
    problems = []
    if isinstance(totals, np.ma.MaskedArray):
        pairs = zip(totals.data, np.ma.getmaskarray(totals), strict=True)
        totals = [None if masked else each for each, masked in pairs]
    listed = in_order("totals", totals, "totals, one a unit") if isinstance(totals, Iterable) else [totals]
    for row, value in enumerate(listed):
        cell = state_or_value(value)
        if cell is MISSING:
            found.append(None)
            continue
        try:
            number = fraction(cell)
        except NumberError as error:
            problems.append(Problem(error.code, str(error), f"total {row}"))
            continue
        found.append(number)
        if rounding is not None and rounding.of(number) != number:
            message = f"{written(number)} has more decimals than the {rounding.decimals} that are published"
            problems.append(Problem("off-grid", message, f"total {row}"))
    return found, problems


def zone_of_printed(instrument: Instrument, total: Fraction) -> tuple[int, int, bool]:
    """
    Return the zone of a printed total, that by the total alone, and whether the zone is open.

    It is open, and -1, where the printed total could lie in several, or where what the zone
    requires besides is not known.
    """
    by_total, is_open = position_of_printed(instrument, total, instrument)
    is_open |= by_total >= 0 and instrument.zones.gated[by_total]
    return -1 if is_open else by_total, by_total, is_open


def position_of_printed(of: Instrument, total: Fraction, under: Instrument) -> tuple[int, bool]:
    """
    Return the band of another edition in which a printed total lies, and whether that is open.

    What counts there is the same part of the maximum, of each exact total that is published as the
    printed one. It is open, and -1, where these lie in several bands.

    Args:
        of: The edition that published the total.
        under: The one whose bands they are.
    """
    zones, per = under.zones, Fraction(under.maximum) / of.maximum
    grid = zones.grid(under.rounding)

    def position(exact: Fraction) -> int:
        return zones.position(exact * per if grid is None else grid.of(exact * per))

    if of.rounding is None or (grid == of.rounding and per == 1):
        return position(total), False
    lowest, highest = of.lowest, of.attainable
    turns = {number / per for number in _turns(zones, grid)}
    found = {position(each) for each in _cell(of.rounding, total, turns) if lowest <= each <= highest}
    found = found or {position(total)}
    return (found.pop(), False) if len(found) == 1 else (-1, True)


def _turns(zones: Zones, grid: Rounding | None) -> set[Fraction]:
    """Return the exact totals at which another band can begin."""
    numbers = {number for number, _ in zones.edges[0]}
    return numbers if grid is None else {turn for number in numbers for turn in grid.turns(number)}


def _cell(rounding: Rounding, total: Fraction, turns: set[Fraction]) -> Iterator[Fraction]:
    """
    Return exact totals that are published as this one, at least one between any two turns.
    """
    low, high = rounding.cell(total)
    rising = sorted({low, high, total, *(each for each in turns if low <= each <= high)})
    middles = [(a + b) / 2 for a, b in pairwise(rising)]
    return (each for each in (*rising, *middles) if rounding.of(each) == total)
