"""
Scenarios: what one unit would have if some of its answers were others, exactly.

The same questions are asked in all of them, so that shares are all that is kept of a unit and
thousands can be tried; `rescoring` scores a unit anew with any other answers, at nearly twice the time.
"""

import math
from collections.abc import Mapping
from fractions import Fraction
from functools import cached_property
from typing import Any

import attrs

from pelayanan.aims import Aim, reached
from pelayanan.answers import NOT_APPLICABLE, State
from pelayanan.criterion import ROOT
from pelayanan.gates import measured
from pelayanan.instrument import Instrument
from pelayanan.levels import Level

__all__ = ["UNCHANGED", "Choice", "Point", "Scenarios"]

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


@attrs.frozen(slots=False, eq=False)
class Scenarios:
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
