"""
The same units over the years, with breaks where the instrument changed.
"""

from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from itertools import pairwise
from typing import Any

import attrs
import numpy as np
import numpy.typing as npt

from pelayanan.answers import labels_of, row_of
from pelayanan.arrays import read_only
from pelayanan.distribution import zone_words
from pelayanan.errors import (
    KindError,
    PeersError,
    ScoresError,
    UnknownError,
    check_kind,
    in_order,
    nearest,
)
from pelayanan.exact import shown
from pelayanan.instrument import Instrument
from pelayanan.peers import compare
from pelayanan.scores import Scores, check_scores, difference
from pelayanan.value import Value

__all__ = ["Trend", "trend"]

Array = npt.NDArray[Any]
Floats = npt.NDArray[np.float64]
Indices = npt.NDArray[np.intp]


def trend(scores_by_year: Mapping[int, Scores], same: Iterable[Iterable[str]] = ()) -> "Trend":
    """
    Return the totals, ranks and zones of units over the years, and their changes.

    A year whose instrument is another than that of the year before is a break, and nothing is
    compared across it: the changes of that year are NaN. Instruments are one as for `Scores.joined`.

    Args:
        scores_by_year: The scores of each year; years in between may lack.
        same: Sets of ids of instruments that the caller takes for one, such as editions that
            differ in their questions alone. They must have the same maximum, rounding and zones.

    Raises:
        PeersError: No years; a year that is no whole number.
        UnknownError: An id in ``same`` that none of the instruments has.
        ScoresError: Instruments in ``same`` that differ in more than their criteria.

    >>> import pelayanan
    >>> found = trend(
    ...     {
    ...         2022: Scores.of_totals(pelayanan.load("ombudsman-2022"), ["79.12"], units=["Kota Kupang"]),
    ...         2024: Scores.of_totals(pelayanan.load("ombudsman-2024"), ["86.62"], units=["Kota Kupang"]),
    ...     }
    ... )
    >>> found.breaks, found.change_of_total
    ((2024,), array([[nan, nan]]))
    """
    check_kind("scores_by_year", scores_by_year, Mapping, "a mapping of year to scores")
    for each in scores_by_year.values():
        check_scores(each, "scores_by_year")
    if not scores_by_year:
        raise PeersError("empty-trend", "there are no years")
    for year in scores_by_year:
        if type(year) is not int:
            raise PeersError("year", f"a year is a whole number, not {shown(year)}", year=year)
    years = tuple(sorted(scores_by_year))
    scores = tuple(scores_by_year[year] for year in years)
    taken = []
    for ids in in_order("same", same, "sets of ids of instruments"):
        if isinstance(ids, str) or not isinstance(ids, Iterable):
            raise KindError.of("same", "sets of ids of instruments", ids)
        taken.append(tuple(ids))
    known = {each.instrument.id for each in scores}
    for ids in taken:
        for name in ids:
            if name not in known:
                message = (
                    f"same names {name!r}, and no year has that instrument{nearest(name, sorted(known))}"
                )
                raise UnknownError("unknown-instrument", message, instrument=name)
        for one, other in pairwise(each.instrument for each in scores if each.instrument.id in ids):
            _check_same(one, other)
    return Trend(years, scores, tuple(taken))


def _check_same(one: Instrument, other: Instrument) -> None:
    """Refuse instruments whose totals or zones mean something else."""
    for what in ("maximum", "rounding", "zones"):
        here, there = (_deciding(each) if what == "zones" else getattr(each, what) for each in (one, other))
        if here != there:
            message = f"{one.id!r} and {other.id!r} cannot be taken for the same: their {what} differ"
            raise ScoresError("mixed-instruments", message, what=what)


def _deciding(instrument: Instrument) -> tuple[Any, ...]:
    """Return what decides the zone of a total."""
    bands = ((band.code, band.start, band.end, band.requires) for band in instrument.zones.bands)
    return (instrument.zones.decide_on, *bands)


@attrs.frozen(eq=False, slots=False, repr=False)
class Trend(Value):
    """
    Totals, ranks and zones of units over the years. Arrays are read-only.

    What a unit has not, such as a change in the first year or in a break, is NaN, or -1 in
    arrays of whole numbers.

    Args:
        years: The years, rising.
        scores: The scores of each.
        same: Sets of ids of instruments that are taken for one.

    >>> import pelayanan
    >>> edition = pelayanan.load("ombudsman-2018")
    >>> found = trend(
    ...     {
    ...         2018: Scores.of_totals(edition, ["49.12", "48.94"], units=["Kota Kupang", "Alor"]),
    ...         2019: Scores.of_totals(edition, ["40.02", "59.35"], units=["Kota Kupang", "Alor"]),
    ...     }
    ... )
    >>> found.change_of_total[:, 1], found.change_of_rank[:, 1], found.change_of_zone[:, 1]
    (array([-9.1 , 10.41]), array([ 1., -1.]), array([0., 1.]))
    """

    years: tuple[int, ...]
    scores: tuple[Scores, ...]
    same: tuple[tuple[str, ...], ...] = ()

    def __repr__(self) -> str:
        breaks = f", breaks in {', '.join(map(str, self.breaks))}" if self.breaks else ""
        return f"Trend({len(self)} units, {self.years[0]} to {self.years[-1]}{breaks})"

    def __len__(self) -> int:
        return len(self.units)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Trend):
            return NotImplemented
        return (self.years, self.scores, self.same) == (other.years, other.scores, other.same)

    @cached_property
    def units(self) -> Array:
        """The labels of the units in order of first appearance, shape ``(units,)``."""
        found = list(dict.fromkeys(unit for each in self.scores for unit in each.units.tolist()))
        return labels_of(found, len(found))

    @cached_property
    def _rows(self) -> dict[Any, int]:
        return {label: row for row, label in enumerate(self.units.tolist())}

    def row(self, unit: Any) -> int:
        """
        Return the row of a unit.

        Raises:
            UnknownError: There is none; the nearest is named.
        """
        return row_of(self._rows, unit)

    @cached_property
    def is_break(self) -> npt.NDArray[np.bool_]:
        """In which years the instrument is another than in the year before, shape ``(years,)``."""
        found = np.zeros(len(self.years), dtype=bool)
        for column, (before, after) in enumerate(pairwise(self.scores), 1):
            ids = {before.instrument.id, after.instrument.id}
            taken = any(ids <= set(each) for each in self.same)
            found[column] = bool(difference(before.instrument, after.instrument)) and not taken
        return read_only(found)

    @property
    def breaks(self) -> tuple[int, ...]:
        """The years in which the instrument is another than in the year before."""
        return tuple(year for year, is_new in zip(self.years, self.is_break.tolist(), strict=True) if is_new)

    @cached_property
    def total(self) -> Floats:
        """The published totals, shape ``(units, years)`` [points]."""
        return self._spread([each.total for each in self.scores], np.nan)

    @cached_property
    def zone(self) -> Indices:
        """The zones, index into the bands of the year's instrument, shape ``(units, years)`` [-]."""
        return self._spread([each.zone for each in self.scores], -1)

    @cached_property
    def rank(self) -> Indices:
        """The rank among all units of that year, 1 for the highest, shape ``(units, years)`` [-]."""
        return self._spread([compare(each).rank for each in self.scores], -1)

    @cached_property
    def of(self) -> Indices:
        """Of how many units with a total, shape ``(units, years)`` [-]."""
        return self._spread([compare(each).of for each in self.scores], -1)

    def _spread(self, arrays: Iterable[Array], none: float) -> Array:
        """Return arrays by unit of each year as one, ``none`` for a unit that the year lacks."""
        found = np.full((len(self), len(self.years)), none)
        for column, (scores, values) in enumerate(zip(self.scores, arrays, strict=True)):
            found[[self._rows[unit] for unit in scores.units.tolist()], column] = values
        return read_only(found)

    @cached_property
    def change_of_total(self) -> Floats:
        """The total less that of the year before, shape ``(units, years)`` [points]."""
        found = np.full(self.total.shape, np.nan)
        for column in self._compared():
            rounding = self.scores[column].instrument.rounding
            change = self.total[:, column] - self.total[:, column - 1]
            scale = 1 if rounding is None else rounding.scale
            found[:, column] = change if rounding is None else np.rint(change * scale) / scale
        return read_only(found)

    @cached_property
    def change_of_rank(self) -> Floats:
        """
        The rank less that of the year before, both among the units with a total in both years [-].

        Shape ``(units, years)``; below 0 is an improvement.
        """
        found = np.full(self.total.shape, np.nan)
        for column in self._compared():
            rows = np.flatnonzero(np.isfinite(self.total[:, [column - 1, column]]).all(axis=1))
            if len(rows):
                units = self.units[rows].tolist()
                before, after = (self._ranks(each, units) for each in self.scores[column - 1 : column + 1])
                found[rows, column] = after - before
        return read_only(found)

    @cached_property
    def change_of_zone(self) -> Floats:
        """How many zones higher than in the year before, shape ``(units, years)`` [zones]."""
        found = np.full(self.total.shape, np.nan)
        for column in self._compared():
            before, after = self.zone[:, column - 1], self.zone[:, column]
            found[:, column] = np.where((before >= 0) & (after >= 0), after - before, np.nan)
        return read_only(found)

    def _compared(self) -> Iterator[int]:
        """Return the years that are compared with the one before."""
        return iter((np.flatnonzero(~self.is_break[1:]) + 1).tolist())

    def _ranks(self, scores: Scores, units: list[Any]) -> Array:
        """Return the ranks of some units among themselves."""
        ranks = compare(scores, among=units).rank
        found: Array = ranks[[scores.row(unit) for unit in units]]
        return found

    def columns(self, language: str | None = None) -> dict[str, Array]:
        """
        Return arrays for any data frame or picture, one row a unit and year that it has scores in.

        They are unit, year, instrument, whether the year is a break, total, zone, label, colour,
        rank, of, and the three changes.

        Args:
            language: That of the labels of zones; that of the year's instrument if not given.
        """
        rows, columns = [], []
        words: dict[str, list[Any]] = {"zone": [], "label": [], "colour": []}
        for column, scores in enumerate(self.scores):
            instrument = scores.instrument
            texts = zone_words(instrument.zones, instrument.language if language is None else language)
            rows += [self._rows[unit] for unit in scores.units.tolist()]
            columns += [column] * len(scores)
            for name, listed in words.items():
                listed += texts[name][scores.zone].tolist()
        at = (np.array(rows), np.array(columns))
        ids = np.array([each.instrument.id for each in self.scores], dtype=object)
        return {
            "unit": self.units[at[0]],
            "year": np.array(self.years)[at[1]],
            "instrument": ids[at[1]],
            "is_break": self.is_break[at[1]],
            "total": self.total[at],
            **{name: np.array(listed, dtype=object) for name, listed in words.items()},
            "rank": self.rank[at],
            "of": self.of[at],
            "change_of_total": self.change_of_total[at],
            "change_of_rank": self.change_of_rank[at],
            "change_of_zone": self.change_of_zone[at],
        }
