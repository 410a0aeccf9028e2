"""
Units become an institution: the plain mean of its units' totals.
"""

from fractions import Fraction
from functools import cached_property
from typing import Any

import attrs
import numpy as np
import numpy.typing as npt

from pelayanan.answers import labels_of
from pelayanan.bases import card_of_total, resting_on
from pelayanan.deciding import Decider
from pelayanan.errors import ScoresError
from pelayanan.exact import decimal, fraction
from pelayanan.grouping import grouped
from pelayanan.instrument import Instrument
from pelayanan.mapping import FrozenMapping
from pelayanan.scorecard import Scorecard
from pelayanan.scores import Scores, check_scores

__all__ = ["RolledUp", "roll_up"]

Floats = npt.NDArray[np.float64]
Indices = npt.NDArray[np.intp]


def roll_up(scores: Scores, by: Any) -> Scores:
    """
    Return the scores of institutions, each the plain mean of its units.

    The edition says whether the published or the exact totals of the units are averaged.
    The mean is exact, and published and zoned as the totals of units are. Units without a
    score are left out and listed in ``left_out``; an institution of such units alone has
    no score.

    What a zone requires besides the total is known of units and not of institutions; where the
    total of an institution lies in such a zone, it is undetermined.

    Args:
        by: The institution of each unit: shape ``(units,)``, or a mapping by unit.

    Returns:
        Scores of the institutions in order of first appearance.

    Raises:
        ScoresError: The edition has no rule for that, labels of another length or missing,
            or totals that were printed where exact ones are averaged.
        UnknownError: A unit that the mapping does not name.

    >>> import pelayanan
    >>> units = Scores.of_totals(pelayanan.load("ombudsman-2022"), ["75.05", "60.44", "88.03"])
    >>> roll_up(units, by=["Kupang", "Kupang", "Ende"]).total
    array([67.75, 88.03])
    """
    check_scores(scores)
    instrument = scores.instrument
    if not instrument.rollup:
        message = f"{instrument.id} does not say how units become an institution (rollup.average)"
        raise ScoresError("no-rollup", message, instrument=instrument.id)
    names, index = grouped(scores.units, by, "by", "institution")
    labels = labels_of(list(names), len(names))
    basis = RolledUp(scores, labels, index, np.isfinite(scores.total))
    total, by_total = basis.decided()
    is_open = np.array([*instrument.zones.gated, False])[by_total]
    zone = np.where(is_open, -1, by_total)
    left_out = tuple(scores.units[~basis.scored].tolist())
    return Scores(instrument, labels, total, zone, basis, is_open, left_out=left_out, zone_by_total=by_total)


@attrs.frozen(eq=False, repr=False, slots=False)
class RolledUp:
    """Scores that are means of units."""

    members: Scores
    units: npt.NDArray[Any]
    index: Indices
    scored: npt.NDArray[np.bool_]

    @property
    def instrument(self) -> Instrument:
        return self.members.instrument

    def _mean(self, values: Floats) -> Floats:
        """Return the mean of the scored units of each institution, NaN for none."""
        count = self._count()
        total = np.bincount(self.index[self.scored], values[self.scored], len(self.units))
        means = np.full(len(count), np.nan)
        np.divide(total, count, out=means, where=count > 0)
        return means

    def _count(self) -> Indices:
        return np.bincount(self.index[self.scored], minlength=len(self.units))

    def approximate(self) -> tuple[Floats, float]:
        if self.instrument.rollup == "published":
            values, error = self.members.total, 0.0
        else:
            values, error = self.members.basis.approximate()
        largest = float(np.nanmax(values, initial=0.0))
        return self._mean(values), error + largest * 2.0**-52 * (int(self._count().max()) + 4)

    def decided(self) -> tuple[Floats, Indices]:
        means, error = self.approximate()
        largest = max(float(np.nanmax(means, initial=0.0)), 1.0)
        decider = Decider(self.instrument.rounding, self.instrument.zones, largest)
        total, zone, open_ = decider.publish(means, error)
        total = total.copy()
        for row in np.flatnonzero(open_):
            total[row], zone[row] = decider.decide(self.exact(int(row)) or Fraction(0))
        return total, zone

    @cached_property
    def _order(self) -> tuple[Indices, Indices]:
        """The rows of the scored units by institution, and where each institution's begin."""
        scored = np.flatnonzero(self.scored)
        order = scored[np.argsort(self.index[scored], kind="stable")]
        starts = np.searchsorted(self.index[order], np.arange(len(self.units) + 1))
        return order, starts

    def rows(self, row: int) -> Indices:
        """Return the rows of the scored units of an institution."""
        order, starts = self._order
        return order[starts[row] : starts[row + 1]]

    def exact(self, row: int) -> Fraction | None:
        found = [self.averaged(int(each)) for each in self.rows(row)]
        return sum(found, Fraction(0)) / len(found) if found else None

    def averaged(self, row: int) -> Fraction:
        """Return the total of a unit that is averaged: the published or the exact one."""
        if self.instrument.rollup == "published" and self.instrument.rounding is not None:
            return fraction(float(self.members.total[row]))
        return self.members.basis.exact(row) or Fraction(0)

    def counted(self, exact: Fraction) -> Fraction:
        """Return what an exact total of a unit counts in the average."""
        rounding = self.instrument.rounding
        return exact if self.instrument.rollup == "exact" or rounding is None else rounding.of(exact)

    def points(self, code: str) -> Floats:
        return self._averaged(self.members.points(code), code)

    def contribution(self, code: str) -> Floats:
        return self._averaged(self.members.contribution(code), code)

    def tagged(self, codes: tuple[str, ...]) -> Floats:
        return self._averaged(self.members.basis.tagged(codes), codes[0])

    def marks(self) -> dict[str, npt.NDArray[np.bool_]]:
        message = "what a mark requires is known of units and not of institutions"
        raise ScoresError("not-held", message, instrument=self.instrument.id, wanted="marks")

    def _averaged(self, values: Floats, code: str) -> Floats:
        lacking = self.scored & np.isnan(values)
        if lacking.any():
            unit = self.members.units[lacking][:1].tolist()[0]
            message = f"the unit {unit!r} has no points of {code!r}, so that they have no mean"
            raise ScoresError("not-held", message, criterion=code, unit=unit)
        return self._mean(values)

    def missing(self) -> npt.NDArray[np.intp]:
        found = np.bincount(self.index[self.scored], self.members.missing[self.scored], len(self.units))
        return found.astype(np.intp)

    def card(self, row: int) -> Scorecard:
        rounding = self.instrument.rounding
        unit = self.units[row : row + 1].tolist()[0]
        names = self.members.units.tolist()
        units = {
            str(names[each]): decimal(self._published(each), rounding) for each in self.rows(row).tolist()
        }
        card = card_of_total(self.instrument, unit, self.exact(row))
        assumptions = resting_on(self.instrument, card.zone, card.zone_by_total, ("rollup", "rounding"))
        return attrs.evolve(card, units=FrozenMapping(units), assumptions=assumptions)

    def _published(self, row: int) -> Fraction:
        return fraction(float(self.members.total[row]))
