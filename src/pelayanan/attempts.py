"""
Attempts: what one unit would have if some of its answers were others, exactly.

The same questions are asked in all of them, so that shares are all that is kept of a unit and
thousands can be tried; `rescoring` scores a unit anew with any other answers, at nearly twice the time.
"""

import math
from collections.abc import Iterator, Mapping
from fractions import Fraction
from functools import cached_property
from typing import Any

import attrs

from pelayanan.answers import NOT_APPLICABLE, State
from pelayanan.criterion import ROOT
from pelayanan.exact import Rounding
from pelayanan.gates import measured
from pelayanan.instrument import Instrument
from pelayanan.levels import Level
from pelayanan.zones import Edge, Requirement

__all__ = ["UNCHANGED", "Aim", "Attempts", "Choice", "Point", "aims_of", "reached"]

UNCHANGED = -1

Point = tuple[int, ...]
Shares = dict[str, Fraction | None]


@attrs.frozen
class Choice:
    """
    An indicator whose answer may change.

    Args:
        levels: The answers that are better than the present one, the best last.
        costs: What it costs to change to each.
        forced: Whether it must change, as it is missing and that is refused.
    """

    code: str
    levels: tuple[Level, ...]
    costs: tuple[Fraction, ...]
    forced: bool


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


@attrs.frozen(slots=False, eq=False)
class Attempts:
    """
    What one unit would have, by the levels that are taken of its choices.

    A point has one entry for each choice, the place of its level or `UNCHANGED`.

    Args:
        shares: What every indicator is worth now, ``None`` for one that is left out; 0 for one that
            must be answered [share].
        cells: The answers as they are, or their states.
    """

    instrument: Instrument
    choices: tuple[Choice, ...]
    shares: Mapping[str, Fraction | None]
    cells: Mapping[str, Any]

    @cached_property
    def best(self) -> Point:
        """The point with everything at its best."""
        return tuple(len(each.levels) - 1 for each in self.choices)

    @cached_property
    def start(self) -> Point:
        """The point with nothing changed but what must be, and that to the least."""
        return tuple(0 if each.forced else UNCHANGED for each in self.choices)

    @property
    def unchanged(self) -> Point:
        """The point with nothing changed."""
        return (UNCHANGED,) * len(self.choices)

    @cached_property
    def cost_of_forced(self) -> Fraction:
        """What must change costs at least this much."""
        return sum((min(each.costs) for each in self.choices if each.forced), Fraction(0))

    def cells_at(self, point: Point) -> dict[str, Any]:
        """
        Return the answers at a point.
        """
        taken = zip(self.choices, point, strict=True)
        return dict(self.cells) | {
            each.code: each.levels[level].answer for each, level in taken if level != UNCHANGED
        }

    def answered(self, point: Point) -> Shares:
        """
        Return the share of every indicator at a point.
        """
        found = dict(self.shares)
        for choice, level in zip(self.choices, point, strict=True):
            if level != UNCHANGED:
                found[choice.code] = choice.levels[level].share
        return found

    def at(self, point: Point) -> Shares:
        """
        Return the share of every criterion at a point; none of the whole without enough answers.
        """
        given = self.answered(point)
        criteria = self.instrument.tree
        scored = {code: given[code] for code in criteria.leaves[ROOT]}
        found = criteria.shares(scored) | {code: each for code, each in given.items() if code not in scored}
        return found if self.answers_at(point) >= self.least_answers else found | {ROOT: None}

    @cached_property
    def least_answers(self) -> int:
        """How many scored indicators must be answered for a score."""
        criteria = self.instrument.tree
        asked = sum(self.cells[code] is not NOT_APPLICABLE for code in criteria.leaves[ROOT])
        return max(1, math.ceil((criteria.root.least_answered or 0) * asked))

    def answers_at(self, point: Point) -> int:
        """
        Return how many scored indicators are answered at a point.
        """
        leaves = self.instrument.tree.leaves[ROOT]
        there = sum(not isinstance(self.cells[code], State) for code in leaves)
        taken = zip(self.choices, point, strict=True)
        return there + sum(level != UNCHANGED and self.is_fresh(choice) for choice, level in taken)

    def is_fresh(self, choice: Choice) -> bool:
        """
        Return whether a choice is a scored indicator that is missing now.
        """
        return isinstance(self.cells[choice.code], State) and self.instrument.tree.counts(choice.code)

    def worth(self, point: Point) -> Fraction:
        """
        Return the exact total at a point, however few answers there are [points].
        """
        given = self.answered(point)
        scored = {code: given[code] for code in self.instrument.tree.leaves[ROOT]}
        return self.instrument.maximum * (self.instrument.tree.shares(scored)[ROOT] or 0)

    def total(self, point: Point) -> Fraction | None:
        """
        Return the exact total at a point [points].
        """
        share = self.at(point)[ROOT]
        return None if share is None else self.instrument.maximum * share

    def climbs(self, point: Point, aim: Aim) -> bool:
        """
        Return whether a point is high enough: whatever is at least as good at each choice is, too.
        """
        shares = self.at(point)
        share = shares[ROOT]
        if share is None or not reached(self.instrument.maximum * share, aim.start):
            return False
        return all(
            each.holds(
                measured(self.instrument, code, each.of, shares) for code in self.instrument.about(each)
            )
            for each in aim.requires
        )

    def meets(self, point: Point, aim: Aim) -> bool:
        """
        Return whether a point is in the target zone, or in a better one, in this way.
        """
        if not self.climbs(point, aim):
            return False
        return aim.end is None or not reached(self.total(point) or Fraction(0), aim.end)

    def cost(self, point: Point) -> Fraction:
        """
        Return what the changes of a point cost together.
        """
        taken = zip(self.choices, point, strict=True)
        costs = (choice.costs[level] for choice, level in taken if level != UNCHANGED)
        return sum(costs, Fraction(0))

    def raised(self, point: Point, aim: Aim) -> Point:
        """
        Return a point that is not high enough, raised as far as it stays so.
        """
        found = list(point)
        for place, best in enumerate(self.best):
            low, high = found[place], best
            while low < high:
                found[place] = (low + high + 1) // 2
                if self.climbs(tuple(found), aim):
                    high = found[place] - 1
                else:
                    low = found[place]
            found[place] = low
        return tuple(found)

    def lowered(self, point: Point, aim: Aim) -> Point:
        """
        Return a point that meets an aim without what it does not need, at no higher cost.

        Changes are taken back where that is enough, the dearest first; then each is lowered as
        far as the point still meets the aim.
        """
        found = point
        places = sorted(range(len(point)), key=lambda place: -max(self.choices[place].costs))
        spare = [place for place in places if not self.choices[place].forced]
        trials: list[tuple[int, tuple[int, ...]]] = [(place, (UNCHANGED,)) for place in spare]
        trials += [(place, tuple(range(point[place]))) for place in range(len(point))]
        for place, levels in trials:
            for level in levels:
                trial = (*found[:place], level, *found[place + 1 :])
                lower = level < found[place] and self.cost(trial) <= self.cost(found)
                if lower and self.meets(trial, aim):
                    found = trial
                    break
        return found
