"""
What scores were made from: answers, or totals as they were printed.
"""

from collections.abc import Collection, Iterator, Mapping
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from typing import Any, Protocol

import attrs
import numpy as np
import numpy.typing as npt

from pelayanan.answers import MISSING, NOT_APPLICABLE, Answers, State
from pelayanan.assumptions import Assumption
from pelayanan.batch import Batch
from pelayanan.criterion import ROOT, Group
from pelayanan.errors import Problem, ScoresError
from pelayanan.exact import Rounding, decimal
from pelayanan.gates import gated, held_back, marked, marks_of
from pelayanan.instrument import Instrument
from pelayanan.mapping import FrozenMapping
from pelayanan.matching import Matched, exact_shares, problem_of
from pelayanan.parts import parted
from pelayanan.scorecard import Line, Scorecard
from pelayanan.version import VERSION
from pelayanan.zones import Band, Zones

__all__ = ["Answered", "Basis", "Printed", "card_of_total"]

_PLACES = 9

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
Indices = npt.NDArray[np.intp]
Shares = dict[str, Fraction | None]


class Basis(Protocol):
    """What scores were made from; it answers what the totals alone cannot."""

    def exact(self, row: int) -> Fraction | None:
        """Return the exact total of a unit."""

    def approximate(self) -> tuple[Floats, float]:
        """Return the totals before they were published, and how far off they may be [points]."""

    def points(self, code: str) -> Floats:
        """Return the points of a criterion for all units."""

    def contribution(self, code: str) -> Floats:
        """Return what a criterion adds to the totals of all units."""

    def tagged(self, codes: tuple[str, ...]) -> Floats:
        """Return what several criteria add together to the totals of all units."""

    def marks(self) -> dict[str, Flags]:
        """Return which units have each mark."""

    def missing(self) -> npt.NDArray[np.intp]:
        """Return how many scored indicators are missing for each unit."""

    def card(self, row: int) -> Scorecard:
        """Return the scorecard of a unit."""


@attrs.frozen(eq=False, repr=False, slots=False)
class Answered:
    """Scores made from answers."""

    given: Matched

    @cached_property
    def _parted(self) -> Matched:
        """The answers with the shares of the parts, once they are asked for."""
        return parted(self.given)

    @property
    def instrument(self) -> Instrument:
        """What made them."""
        return self.given.instrument

    @property
    def answers(self) -> Answers:
        """The table."""
        return self.given.answers

    def cell(self, code: str, row: int) -> Any:
        """Return one answer, tokens read as states."""
        return self.given.cell(code, row)

    def unit(self, row: int) -> Any:
        """Return the label of a row."""
        return self.answers.label(row)

    def gated(self, positions: Indices) -> Indices:
        """Return the zones of units whose totals lie in bands, by what these require."""
        return gated(self._parted, positions)

    def problems(self, row: int) -> Iterator[Problem]:
        """Return why a unit cannot be scored."""
        for indicator in self.instrument.indicators:
            problem = problem_of(self.given, indicator.code, row)
            if problem is not None:
                yield problem

    def shares(self, row: int) -> Shares:
        """Return the exact share of every criterion, ``None`` where it has no score."""
        return self.worked_out(row)[0]

    def worked_out(self, row: int) -> tuple[Shares, dict[str, Fraction]]:
        """Return the shares, and those that were rounded as they were before."""
        criteria = self.instrument.tree
        found, before = criteria.worked_out(exact_shares(self.given, row, criteria.leaves[ROOT]))
        return (found if self._enough(row) else found | {ROOT: None}), before

    def _enough(self, row: int) -> bool:
        cells = [self.cell(code, row) for code in self.instrument.tree.leaves[ROOT]]
        asked = [cell for cell in cells if cell is not NOT_APPLICABLE]
        answered = sum(cell is not MISSING for cell in asked)
        return 0 < answered >= (self.instrument.root.least_answered or 0) * len(asked)

    def exact(self, row: int) -> Fraction | None:
        share = self.shares(row)[ROOT]
        return None if share is None else self.instrument.maximum * share

    def approximate(self) -> tuple[Floats, float]:
        batch = Batch(self._parted)
        return self._floats(batch), batch.error

    def points(self, code: str) -> Floats:
        if not self.instrument.tree.leaves.get(code, (code,)):
            raise ScoresError("not-scored", f"{code!r} is not scored and has no points", criterion=code)
        return self._floats(Batch(self._parted, code))

    def sides(self, code: str, share: Fraction) -> Indices:
        """Return where the share of each unit that has one lies: below (-1), at (0) or above (1) another."""
        if code in self._parted.known:
            known = self._parted.known[code]
            return known.reach(share).astype(np.intp) + known.reach(share, beyond=True) - 1
        at = Band("at", floor=share, ceiling=share)
        zones = Zones([Band("below", below=share), at, Band("above", above=share)], "exact")
        return Batch(self._parted, code, unit=Fraction(1), zones=zones).decided()[1] - 1

    def contribution(self, code: str) -> Floats:
        if self.instrument.tree.undefined(code):
            return np.full(len(self.answers), np.nan)
        return self._floats(Batch(self._parted, only=code))

    def tagged(self, codes: tuple[str, ...]) -> Floats:
        if any(self.instrument.tree.undefined(code) for code in codes):
            return np.full(len(self.answers), np.nan)
        total, error = np.zeros(len(self.answers)), 0.0
        for code in codes:
            batch = Batch(self._parted, only=code)
            total += self._points(batch)
            error += 2 * batch.error
        return _shortened(total, error)

    def marks(self) -> dict[str, Flags]:
        return marked(self._parted)

    def _floats(self, batch: Batch) -> Floats:
        """Return the points of all units; those of a short decimal are that decimal."""
        return _shortened(self._points(batch), batch.error)

    def _points(self, batch: Batch) -> Floats:
        found = np.empty(batch.length)
        for rows, share, there in batch.shares():
            found[rows] = share * float(self.instrument.maximum)
            if there is not None:
                found[rows][~there] = np.nan
        return found

    def missing(self) -> npt.NDArray[np.intp]:
        found = np.zeros(len(self.answers), dtype=np.intp)
        for code in self.instrument.tree.leaves[ROOT]:
            column = self.given.columns[code]
            found += 1 if column is None else column.missing_flags(self.instrument.tokens)
        return found

    def card(self, row: int) -> Scorecard:
        criteria = self.instrument.tree
        shares, before = self.worked_out(row)
        leaves = criteria.leaves[ROOT]
        cells = {each.code: self.cell(each.code, row) for each in self.instrument.indicators}
        missing = tuple(code for code in leaves if cells[code] is MISSING)
        card = self._outcome(row, shares)
        return attrs.evolve(
            card,
            lines=self._lines(shares, before, cells),
            missing=missing,
            not_applicable=tuple(code for code in leaves if cells[code] is NOT_APPLICABLE),
            policies=FrozenMapping({code: criteria.policy(code) for code in missing}),
            assumptions=resting_on(
                self.instrument, card.zone, card.zone_by_total, self._figures(missing), shares
            ),
        )

    def outcome(self, row: int) -> Scorecard:
        """Return the card of a unit without its lines and what it rests on."""
        return self._outcome(row, self.shares(row))

    def _outcome(self, row: int, shares: Shares) -> Scorecard:
        share = shares[ROOT]
        exact = None if share is None else self.instrument.maximum * share
        return card_of_total(self.instrument, self.unit(row), exact, shares | self.unscored(row))

    def unscored(self, row: int) -> Shares:
        """Return the shares of the indicators that are collected only, where they are answered."""
        collected = [each for each in self.instrument.indicators if not each.scored]
        cells = {each.code: self.cell(each.code, row) for each in collected}
        return {
            each.code: each.scale.share(cells[each.code])
            for each in collected
            if isinstance(cells[each.code], Fraction | str)
        }

    def _lines(
        self, shares: Shares, before: Mapping[str, Fraction], cells: Mapping[str, Any]
    ) -> tuple[Line, ...]:
        """Return the lines of a card, the whole first; what a group was rounded by follows it."""
        criteria, maximum = self.instrument.tree, self.instrument.maximum
        left = criteria.weights_left(shares)
        best = criteria.shares(
            {
                code: None if shares[code] is None else criteria.indicator(code).scale.best
                for code in criteria.leaves[ROOT]
            }
        )
        lines = []
        for each in (criteria.root, *criteria.listed):
            share, weight, cell = shares[each.code], left[each.code], cells.get(each.code)
            state = cell.value if isinstance(cell, State) else "answered"
            unit = None if weight is None else maximum * weight
            line = Line(
                code=each.code,
                title=self.instrument.title if each.code == ROOT else each.title,
                depth=0 if each.code == ROOT else each.code.count(".") + 1,
                weight=weight,
                share=share,
                points=None if share is None else maximum * share,
                contribution=None if unit is None else unit * (share or 0),
                lost=None if unit is None else unit * ((best[each.code] or 0) - (share or 0)),
                answer=cell if state == "answered" else None,
                state=state,
                tags=each.tags,
            )
            lines.append(line)
            if share is not None and isinstance(each, Group) and each.code in before:
                change = share - before[each.code]
                lines.append(
                    attrs.evolve(
                        line,
                        title=FrozenMapping(),
                        tags=FrozenMapping(),
                        depth=line.depth + 1,
                        share=change,
                        points=maximum * change,
                        contribution=None if unit is None else unit * change,
                        lost=None if unit is None else Fraction(0),
                        state="rounding",
                    )
                )
        return tuple(lines)

    def _figures(self, missing: tuple[str, ...]) -> set[str]:
        """Return the figures of the head that a total with these answers missing rests on."""
        criteria = self.instrument.tree
        inherited = any(criteria.policy_of(code) == "" for code in missing)
        return {"maximum", "rounding"} | ({"missing"} if inherited else set())


def _shortened(points: Floats, error: float) -> Floats:
    """Return points, those within the error of a decimal of a few places as that decimal."""
    short = np.round(points, _PLACES)
    return np.where(np.abs(short - points) <= error, short, points)


def resting_on(
    instrument: Instrument,
    zone: Band | None,
    by_total: Band | None,
    figures: Collection[str],
    shares: Shares | None = None,
) -> tuple[Assumption, ...]:
    """
    Return the assumptions that a total and its zone rest on.

    Args:
        zone: The band that was found.
        by_total: The band that the total alone gives; what it requires counts, too.
        figures: Which figures of the instrument's head led to it.
        shares: The shares of the criteria, where there are answers; what has none does not count.
    """
    found: Shares = shares or {}
    scales = {
        f"scales[{each.scale.code!r}]" for each in instrument.indicators if found.get(each.code) is not None
    }
    codes = [band.code for band in instrument.zones.bands]
    first = codes.index(zone.code) if zone else -1
    last = codes.index(by_total.code) if by_total else first
    required = codes[max(first, 0) : last + 1]

    def touched(each: Assumption) -> bool:
        if each.place == "":
            return each.figure in figures
        if each.place == "zones":
            of_zone = required if each.figure == "requires" else [zone.code] if zone else []
            return not each.codes or not set(of_zone).isdisjoint(each.codes)
        if each.place == "marks":
            return bool(found)
        return each.place in scales or found.get(each.place) is not None

    return tuple(each for each in instrument.assumptions if touched(each))


def card_of_total(
    instrument: Instrument, unit: Any, exact: Fraction | None, shares: Shares | None = None
) -> Scorecard:
    """
    Return the card of a unit of which the exact total is known.

    Args:
        shares: The shares of all criteria, where they are known; else a zone that requires
            something of them stays open.
    """
    zones, rounding = instrument.zones, instrument.rounding
    if exact is None:
        return Scorecard(instrument.id, instrument.fingerprint, unit, None, None, None, version=VERSION)
    grid = zones.grid(rounding)
    deciding = exact if grid is None else grid.of(exact)
    by_total = zones.position(deciding)
    zone, failed = (by_total, ()) if shares is None else held_back(instrument, by_total, shares)
    is_open = shares is None and by_total >= 0 and zones.gated[by_total]
    published = exact if rounding is None else rounding.of(exact)
    card = _card(instrument, unit, published, deciding, by_total, -1 if is_open else zone)
    marks = () if shares is None else marks_of(instrument, shares)
    return attrs.evolve(card, exact=exact, held_back_by=failed, marks=marks, undetermined=is_open)


def _card(
    instrument: Instrument, unit: Any, published: Fraction, deciding: Fraction, by_total: int, zone: int
) -> Scorecard:
    bands = instrument.zones.bands
    following = next((band for band in bands if band.start and band.start > (deciding, False)), None)
    gap = following.start[0] - deciding if following and following.start else None
    return Scorecard(
        instrument.id,
        instrument.fingerprint,
        unit,
        decimal(published, instrument.rounding),
        None,
        bands[zone] if zone >= 0 else None,
        zone_by_total=bands[by_total] if by_total >= 0 else None,
        gap=None if gap is None else _places(gap, instrument.zones.grid(instrument.rounding)),
        following=following,
        version=VERSION,
    )


def _places(gap: Fraction, grid: Rounding | None) -> Decimal:
    """Return a gap with the decimals of the totals, where it has no more."""
    return decimal(gap, grid if grid is not None and grid.of(gap) == gap else None)


@attrs.frozen(eq=False, repr=False)
class Printed:
    """Scores of totals as they were printed."""

    instrument: Instrument
    units: npt.NDArray[Any]
    totals: tuple[Fraction | None, ...]
    zone: npt.NDArray[np.intp]
    undetermined: npt.NDArray[np.bool_]
    zone_by_total: npt.NDArray[np.intp]

    def exact(self, row: int) -> Fraction | None:
        if self.instrument.rounding is None:
            return self.totals[row]
        raise self._lacking("exact totals")

    def approximate(self) -> tuple[Floats, float]:
        raise self._lacking("exact totals")

    def points(self, code: str) -> Floats:
        raise self._lacking(f"points of {code!r}")

    def contribution(self, code: str) -> Floats:
        raise self._lacking(f"contribution of {code!r}")

    def tagged(self, codes: tuple[str, ...]) -> Floats:
        raise self._lacking(f"contribution of {codes[0]!r}")

    def marks(self) -> dict[str, Flags]:
        raise self._lacking("marks")

    def missing(self) -> npt.NDArray[np.intp]:
        raise self._lacking("answers")

    def _lacking(self, what: str) -> ScoresError:
        message = f"scores of {self.instrument.id} that were made from printed totals hold no {what}"
        return ScoresError("not-held", message, instrument=self.instrument.id, wanted=what)

    def card(self, row: int) -> Scorecard:
        unit, total = self.units.tolist()[row], self.totals[row]
        if total is None:
            return card_of_total(self.instrument, unit, None)
        card = _card(self.instrument, unit, total, total, int(self.zone_by_total[row]), int(self.zone[row]))
        return attrs.evolve(
            card,
            undetermined=bool(self.undetermined[row]),
            assumptions=resting_on(self.instrument, card.zone, card.zone_by_total, ()),
        )
