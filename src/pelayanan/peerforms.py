"""
How standings, distributions, neighbours and trends stand in JSON.
"""

import re
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import attrs
import cattrs
import numpy as np

from pelayanan.answers import labels_of
from pelayanan.distribution import Distribution
from pelayanan.errors import UnknownError
from pelayanan.exact import Exact, fraction
from pelayanan.exchange import Label, labels_said, number_said
from pelayanan.mapping import FrozenMapping
from pelayanan.neighbourhood import Neighbours
from pelayanan.peers import Standing, compare
from pelayanan.scores import Scores
from pelayanan.trends import Trend, trend

__all__ = ["peers_registered", "peers_said"]

_YEAR = re.compile(r"-?[0-9]{1,9}")

Table = dict[str, Any]
Said = Callable[[Any], Table]


def peers_said(scores_said: Said) -> dict[type, Said]:
    """
    Return by kind what gives the form of a value.

    Args:
        scores_said: What gives that of scores.
    """

    def standing_said(standing: Standing) -> Table:
        found: Table = {"scores": scores_said(standing.scores)}
        if standing.groups is not None and standing.group is not None:
            names = labels_said(standing.groups, "groups")
            found["groups"] = [names[place] for place in standing.group.tolist()]
        if not standing.compared.all():
            found["among"] = np.flatnonzero(standing.compared).tolist()
        options = {"ties": standing.ties, "smallest_group": standing.smallest_group, "own": standing.own}
        return found | options

    def trend_said(found: Trend) -> Table:
        years = zip(found.years, found.scores, strict=True)
        same = [list(each) for each in found.same]
        return {"scores": {str(year): scores_said(each) for year, each in years}} | (
            {"same": same} if same else {}
        )

    return {
        Distribution: _distribution_said,
        Neighbours: _neighbours_said,
        Standing: standing_said,
        Trend: trend_said,
    }


def _distribution_said(distribution: Distribution) -> Table:
    ends = {"low": number_said(distribution.low), "high": number_said(distribution.high)}
    totals = [distribution.grid.said(step) for step in distribution.steps.tolist()]
    return {
        "decimals": distribution.decimals,
        **ends,
        "totals": totals,
        "counts": distribution.counts.tolist(),
    }


def _neighbours_said(found: Neighbours) -> Table:
    return {
        "units": labels_said(found.units),
        "variables": list(found.variables),
        "index": found.index.tolist(),
        "distance": [[number_said(fraction(each)) for each in row] for row in found.distance.tolist()],
    }


def peers_registered(converter: cattrs.Converter) -> None:
    """
    Teach a converter that knows scores and labels to make these values of their forms.
    """
    forms: dict[type, Any] = {
        Distribution: _Distribution,
        Neighbours: _Neighbours,
        Standing: _Standing,
        Trend: _Trend,
    }
    for kind, form in forms.items():
        converter.register_structure_hook(kind, _made_by(converter, form))


def _made_by(converter: cattrs.Converter, form: Any) -> Callable[[Any, Any], Any]:
    return lambda value, _: converter.structure(value, form).value()


@attrs.frozen(eq=False, repr=False)
class _Distribution:
    decimals: int
    low: Exact
    high: Exact
    totals: tuple[Fraction, ...]
    counts: tuple[int, ...]

    def value(self) -> Distribution:
        """Return the distribution."""
        empty = Distribution.of([], self.decimals, self.low, self.high)
        if len(self.totals) != len(self.counts):
            raise ValueError(f"there are {len(self.totals)} totals and {len(self.counts)} counts")
        if not all(0 < count < 2**50 for count in self.counts):
            raise ValueError("a count is a whole number from 1 on, below 2**50")
        steps = [empty.grid.step(total, row) for row, total in enumerate(self.totals)]
        return attrs.evolve(empty, steps=steps, counts=self.counts)


@attrs.frozen(eq=False, repr=False)
class _Neighbours:
    units: tuple[Label, ...]
    variables: tuple[str, ...]
    index: tuple[tuple[int, ...], ...]
    distance: tuple[tuple[Fraction, ...], ...]

    def value(self) -> Neighbours:
        """Return the neighbours."""
        count = len(self.units)
        shapes = [[len(row) for row in table] for table in (self.index, self.distance)]
        k = shapes[0][0] if shapes[0] else 0
        if not shapes[0] == shapes[1] == [k] * count or not 0 < k < count:
            raise ValueError(
                f"index and distance have as many rows as there are units, {count}, all of one length"
            )
        for row, places in enumerate(self.index):
            if row in places or len({*places}) < k or not all(0 <= place < count for place in places):
                raise ValueError(f"index[{row}] does not name {k} of the other rows")
        distance = np.array([[float(each) for each in row] for row in self.distance])
        if (distance < 0).any() or (np.diff(distance) < 0).any():
            raise ValueError("distances are 0 or more, and rise in each row")
        return Neighbours(labels_of(list(self.units), count), self.variables, np.array(self.index), distance)


@attrs.frozen(eq=False, repr=False)
class _Standing:
    scores: Scores
    ties: str
    smallest_group: int
    own: bool
    groups: tuple[Label, ...] | None = None
    among: tuple[int, ...] | None = None

    def value(self) -> Standing:
        """Return the standing, whose figures are worked out again."""
        flags = None
        if self.among is not None:
            if not all(0 <= row < len(self.scores) for row in self.among):
                raise ValueError(f"among names rows that are not among the {len(self.scores)}")
            flags = np.zeros(len(self.scores), dtype=bool)
            flags[list(self.among)] = True
        options: Table = {"ties": self.ties, "smallest_group": self.smallest_group, "own": self.own}
        return compare(self.scores, self.groups, among=flags, **options)


@attrs.frozen(eq=False, repr=False)
class _Trend:
    scores: FrozenMapping[Scores]
    same: tuple[tuple[str, ...], ...] = ()

    def value(self) -> Trend:
        """Return the trend, whose changes are worked out again."""
        for year in self.scores:
            if not _YEAR.fullmatch(year):
                raise ValueError(f"a year is a whole number, not {year[:60]!r}")
        try:
            return trend({int(year): each for year, each in self.scores.items()}, self.same)
        except UnknownError as error:
            raise ValueError(str(error)) from error
