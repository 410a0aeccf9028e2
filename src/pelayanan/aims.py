"""
Aims: what the exact total must be, and what must hold besides, for a zone or a better one.
"""

from collections.abc import Iterator
from fractions import Fraction
from typing import Any

import attrs

from pelayanan.exact import Rounding
from pelayanan.instrument import Instrument
from pelayanan.zones import Edge, Requirement

__all__ = ["Aim", "aims_of", "reached"]


@attrs.frozen
class Aim:
    """
    One way to be in the target zone: a run of totals, and what a zone there requires.

    Args:
        start: Where the exact totals of the run begin, and whether only beyond it [points].
        end: Where they end, ``None`` where they do not.
        requires: What must hold besides.
    """

    start: Edge
    end: Edge | None
    requires: tuple[Requirement, ...]


def reached(total: Fraction, edge: Edge) -> bool:
    """
    Return whether a total lies at an edge or after it.
    """
    return (total, False) >= edge


def aims_of(instrument: Instrument, target: int) -> tuple[Aim, ...]:
    """
    Return all ways to be in a zone or a better one.

    The zone of a unit is the highest, from that of its total down, whose requirements hold. So it
    is this one or a better one if the total lies in a band from some zone on, and what that zone
    requires holds. A zone that requires all that a lower one does is no further way.
    """
    found: list[Aim] = []
    bands = instrument.zones.bands
    for index in range(target, len(bands)):
        lower = [band.requires for band in bands[target:index]]
        if any(_implied(each, bands[index].requires) for each in lower):
            continue
        found += [Aim(start, end, bands[index].requires) for start, end in _runs(instrument, index)]
    return tuple(found)


def _implied(lower: tuple[Requirement, ...], upper: tuple[Requirement, ...]) -> bool:
    """Return whether what the upper ones require holds only where the lower ones do."""

    def of(one: Requirement) -> tuple[Any, ...]:
        return one.criterion, one.each_of, one.of, one.decide_on

    return all(
        any(
            of(each) == of(other) and each.at_least <= other.at_least and each.exceptions >= other.exceptions
            for other in upper
        )
        for each in lower
    )


def _runs(instrument: Instrument, index: int) -> Iterator[tuple[Edge, Edge | None]]:
    """Return the runs of exact totals that lie in a band or a higher one."""
    edges, bands = instrument.zones.edges
    grid = instrument.zones.grid(instrument.rounding)
    starts: list[Edge] = [(Fraction(0), False), *(_entry(edge, grid) for edge in edges)]
    pieces = zip(starts, [*starts[1:], None], bands, strict=True)
    inside = [(start, end) for start, end, band in pieces if band >= index and (end is None or start < end)]
    while inside:
        start, end = inside.pop(0)
        while inside and end == inside[0][0]:
            end = inside.pop(0)[1]
        yield start, end


def _entry(edge: Edge, grid: Rounding | None) -> Edge:
    """Return where the exact totals begin that are past an edge once they are rounded."""
    number, beyond = edge
    if grid is None:
        return edge
    if beyond and grid.of(number) == number:
        number += Fraction(1, grid.scale)
    return grid.entry(number)
