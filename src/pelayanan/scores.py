"""
Scores: totals and zones of many units, with what they were made from.
"""

from collections import Counter
from collections.abc import Iterable
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from typing import Any, Self

import attrs
import numpy as np
import numpy.typing as npt

from pelayanan.answers import labels_of, row_of
from pelayanan.arrays import read_only, restored
from pelayanan.bases import Basis, Printed
from pelayanan.criterion import ROOT
from pelayanan.errors import AnswerError, Problem, ScoresError, check_kind
from pelayanan.exact import decimal, fraction
from pelayanan.instrument import Instrument, check_instrument
from pelayanan.mapping import FrozenMapping, in_language, printable
from pelayanan.scorecard import Scorecard
from pelayanan.totals import printed_totals, zone_of_printed
from pelayanan.value import Value

__all__ = ["Joined", "Scores", "check_scores", "difference"]

Floats = npt.NDArray[np.float64]


@attrs.frozen(eq=False, slots=False, repr=False)
class Scores(Value):
    """
    Totals and zones of many units. Arrays are read-only and have one entry a unit.

    Args:
        instrument: What made them.
        units: shape ``(units,)``, the labels.
        total: shape ``(units,)``, published totals, NaN for no score [points].
        zone: shape ``(units,)``, index into ``instrument.zones.bands``, -1 for none [-].
        basis: What they were made from.
        undetermined: shape ``(units,)``, where a printed total leaves the zone open.
        left_out: Units without a score that a roll-up left out.
        zone_by_total: shape ``(units,)``, the band that the total alone gives, -1 for none [-].
    """

    instrument: Instrument
    units: npt.NDArray[Any] = attrs.field(converter=read_only)
    total: Floats = attrs.field(converter=read_only)
    zone: npt.NDArray[np.intp] = attrs.field(converter=read_only)
    basis: Basis
    undetermined: npt.NDArray[np.bool_] = attrs.field(
        default=attrs.Factory(lambda self: np.zeros(len(self.total), dtype=bool), takes_self=True),
        converter=read_only,
    )
    left_out: tuple[Any, ...] = ()
    zone_by_total: npt.NDArray[np.intp] = attrs.field(
        default=attrs.Factory(lambda self: self.zone, takes_self=True), converter=read_only
    )

    @classmethod
    def of_totals(cls, instrument: Instrument, totals: Any, units: Iterable[Any] | None = None) -> Self:
        """
        Return scores of totals as they were printed, for publications that print no more.

        Where the edition decides the zone on the exact total, and a printed one leaves it
        open, the unit is undetermined and has no zone.

        Args:
            totals: Numbers or texts, one a unit; NaN and ``None`` are no score [points].
            units: The labels; by default they are numbered from 0.

        Raises:
            AnswerError: A total that is no number, or has more decimals than the edition
                publishes; no totals; a unit that is there twice.

        >>> import pelayanan
        >>> scores = Scores.of_totals(pelayanan.load("ombudsman-2024"), [86.62, 78.09, None])
        >>> scores.zone
        array([ 3,  3, -1])
        """
        check_instrument(instrument)
        printed, problems = printed_totals(instrument, totals)
        if not printed and not problems:
            problems = [Problem("empty-table", "there are no totals", "")]
        if problems:
            raise AnswerError.of(instrument.id, problems)
        labels = labels_of(units, len(printed))
        total = np.array([np.nan if each is None else float(each) for each in printed])
        nothing = (-1, -1, False)
        places = [nothing if each is None else zone_of_printed(instrument, each) for each in printed]
        zone = np.array([place for place, _, _ in places], dtype=np.intp)
        by_total = np.array([place for _, place, _ in places], dtype=np.intp)
        undetermined = np.array([is_open for _, _, is_open in places])
        basis = Printed(instrument, labels, tuple(printed), zone, undetermined, by_total)
        return cls(instrument, labels, total, zone, basis, undetermined, zone_by_total=by_total)

    @classmethod
    def joined(cls, *scores: "Scores") -> Self:
        """
        Return the scores of all units, in order, made by one instrument.

        Instruments are one if they have the same fingerprint; titles and labels do not count,
        and a pruned instrument counts as the whole that it was pruned from. The instrument of
        what comes back is the one with the fewest criteria.

        Raises:
            ScoresError: No scores, scores of other instruments, a unit that is there twice.

        >>> import pelayanan
        >>> edition = pelayanan.load("ombudsman-2024")
        >>> north = Scores.of_totals(edition, ["86.62"], ["N"])
        >>> print(Scores.joined(north, Scores.of_totals(edition, ["78.00"], ["S"])))
        N     86.62  B  hijau
        S     78.00  B  hijau
        """
        if not scores:
            raise ScoresError("empty-table", "there are no scores to join; give at least one")
        for each in scores:
            check_scores(each)
        for each in scores[1:]:
            why = difference(scores[0].instrument, each.instrument)
            if why:
                raise ScoresError("mixed-instruments", f"scores cannot be joined: {why}", why=why)
        units = [unit for each in scores for unit in each.units.tolist()]
        if len(set(units)) < len(units):
            ((unit, _),) = Counter(units).most_common(1)
            message = f"scores cannot be joined: the unit {unit!r} is in more than one of them"
            raise ScoresError("duplicate-unit", message, unit=unit)
        fewest = min((each.instrument for each in scores), key=lambda instrument: len(instrument.criteria))
        arrays = {
            name: np.concatenate([getattr(each, name) for each in scores])
            for name in ("total", "zone", "undetermined", "zone_by_total")
        }
        left_out = tuple(unit for each in scores for unit in each.left_out)
        basis = Joined(fewest, scores)
        return cls(fewest, labels_of(units, len(units)), basis=basis, left_out=left_out, **arrays)

    @property
    def fingerprint(self) -> str:
        """The fingerprint of the instrument that made them."""
        return self.instrument.fingerprint

    def __repr__(self) -> str:
        return f"Scores({self.instrument.id!r}, {len(self.units)} units)"

    def __len__(self) -> int:
        return len(self.units)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Scores):
            return NotImplemented
        return (
            self.fingerprint == other.fingerprint
            and np.array_equal(self.units, other.units)
            and np.array_equal(self.total, other.total, equal_nan=True)
            and np.array_equal(self.zone, other.zone)
            and np.array_equal(self.zone_by_total, other.zone_by_total)
            and np.array_equal(self.undetermined, other.undetermined)
            and self.left_out == other.left_out
        )

    __setstate__ = restored

    def __str__(self) -> str:
        """
        Return a short table of the first units.
        """
        names = [str(label) for label in self.units[:20].tolist()]
        width = max(map(len, names), default=0)
        lines = []
        for row, name in enumerate(names):
            total = "-" if np.isnan(self.total[row]) else str(self._decimal(row))
            band = self.instrument.zones.bands[self.zone[row]] if self.zone[row] >= 0 else None
            zone = f"{band.code}  {in_language(band.label, 'id')}" if band else "-"
            lines.append(f"{printable(name):{width}}  {total:>8}  {zone}".rstrip())
        if len(self) > len(names):
            lines.append(f"... {len(self) - len(names)} more")
        return "\n".join(lines)

    def _decimal(self, row: int) -> Decimal:
        return decimal(fraction(float(self.total[row])), self.instrument.rounding)

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

    def exact(self, unit: Any) -> Fraction | None:
        """
        Return the exact total of a unit before it was published, ``None`` without a score.

        Raises:
            UnknownError: There is no such unit.
        """
        row = self.row(unit)
        return None if np.isnan(self.total[row]) else self.basis.exact(row)

    def points(self, code: str) -> Floats:
        """
        Return the points of a criterion, its share of the maximum, shape ``(units,)`` [points].

        They are not rounded; NaN where it has no score.

        Raises:
            UnknownError: There is no such criterion.
            ScoresError: The scores do not hold it.
        """
        return self.basis.points(self.instrument[code].code)

    def contribution(self, code: str) -> Floats:
        """
        Return the points that a criterion adds to the exact total, shape ``(units,)`` [points].

        With the weights that are left after what was left out: the contributions of the
        members of a group add up to its own, but for what is rounded on the way. NaN where
        there is no total, and below a rule that is not linear.

        Raises:
            UnknownError, ScoresError: As for `points`.
        """
        return self.basis.contribution(self.instrument[code].code)

    def tagged(self, tag: str, value: str) -> Floats:
        """
        Return what the criteria of a tag add together to the exact total, shape ``(units,)`` [points].

        One inside another of the same tag is counted with it. NaN as for `contribution`.

        Raises:
            UnknownError: No criterion has that tag with that value.
            ScoresError: None of them is scored, or the scores do not hold them.
        """
        codes = self.instrument.tagged(tag, value)
        if not codes:
            message = f"nothing with the tag {tag} = {value!r} is scored"
            raise ScoresError("not-scored", message, tag=tag, value=value)
        return self.basis.tagged(codes)

    @cached_property
    def marks(self) -> FrozenMapping[npt.NDArray[np.bool_]]:
        """
        Which units have each mark beside their zone, by the code of the mark, shape ``(units,)``.

        Raises:
            ScoresError: The instrument has marks, and the scores do not hold what they require.
        """
        if not self.instrument.marks:
            return FrozenMapping()
        scored = ~np.isnan(self.total)
        return FrozenMapping({code: read_only(has & scored) for code, has in self.basis.marks().items()})

    @cached_property
    def missing(self) -> npt.NDArray[np.intp]:
        """How many scored indicators were missing, shape ``(units,)`` [-]."""
        return read_only(self.basis.missing())

    def columns(self) -> dict[str, npt.NDArray[Any]]:
        """
        Return arrays for any data frame: unit, total, zone, label, colour, and points.

        ``zone`` holds the code of the band, empty for none; there is a column of points for
        each first-level criterion that the scores hold. Where zones require something besides
        the total, ``zone_by_total`` holds the code that the total alone gives; each mark has a
        column of booleans, ``"mark "`` and its code.
        """
        bands = self.instrument.zones.bands
        texts = {
            "zone": [band.code for band in bands],
            "label": [in_language(band.label, self.instrument.language) for band in bands],
            "colour": [band.colour for band in bands],
        }
        found = {"unit": self.units, "total": self.total}
        for name, words in texts.items():
            found[name] = np.array([*words, ""], dtype=object)[self.zone]
        if any(self.instrument.zones.gated):
            found["zone_by_total"] = np.array([*texts["zone"], ""], dtype=object)[self.zone_by_total]
        for code in self.instrument.tree.members[ROOT]:
            try:
                found[code] = self.points(code)
            except ScoresError:
                continue
        try:
            found |= {f"mark {code}": has for code, has in self.marks.items()}
        except ScoresError:
            return found
        return found

    def card(self, unit: Any) -> Scorecard:
        """
        Return the scorecard of a unit, computed exactly.

        Raises:
            UnknownError: There is no such unit.
        """
        return self.basis.card(self.row(unit))


def check_scores(scores: object, argument: str = "scores") -> None:
    """
    Refuse what are no scores.

    Raises:
        KindError: They are none.
    """
    check_kind(argument, scores, Scores, "Scores", "; make them with score")


def difference(one: Instrument, other: Instrument) -> str:
    """
    Return why totals of two instruments are not comparable, nothing where they are.

    >>> import pelayanan
    >>> difference(pelayanan.load("ombudsman-2023"), pelayanan.load("ombudsman-2024"))
    "'ombudsman-2023' and 'ombudsman-2024' are different instruments"
    """
    check_instrument(one, "one")
    check_instrument(other, "other")
    if one.comparable == other.comparable:
        return ""
    if one.id != other.id:
        return f"{one.id!r} and {other.id!r} are different instruments"
    marks = f"{one.comparable[:12]!r} and {other.comparable[:12]!r}"
    return f"two instruments are called {one.id!r}, and what decides a score differs (fingerprints {marks})"


@attrs.frozen(eq=False, repr=False, slots=False)
class Joined:
    """
    Scores that were joined, made by one instrument, whole or pruned.

    Args:
        instrument: The one with the fewest criteria.
        parts: What was joined, in order.
    """

    instrument: Instrument
    parts: tuple[Scores, ...]

    def _part(self, row: int) -> tuple[Basis, int]:
        """Return what a unit was made from, and its row there."""
        for each in self.parts[:-1]:
            if row < len(each):
                return each.basis, row
            row -= len(each)
        return self.parts[-1].basis, row

    def exact(self, row: int) -> Fraction | None:
        basis, own = self._part(row)
        return basis.exact(own)

    def approximate(self) -> tuple[Floats, float]:
        found = [each.basis.approximate() for each in self.parts]
        return np.concatenate([total for total, _ in found]), max(error for _, error in found)

    def points(self, code: str) -> Floats:
        return np.concatenate([each.points(code) for each in self.parts])

    def contribution(self, code: str) -> Floats:
        return np.concatenate([each.contribution(code) for each in self.parts])

    def tagged(self, codes: tuple[str, ...]) -> Floats:
        return np.concatenate([each.basis.tagged(codes) for each in self.parts])

    def marks(self) -> dict[str, npt.NDArray[np.bool_]]:
        found = [each.basis.marks() for each in self.parts]
        return {code: np.concatenate([has[code] for has in found]) for code in found[0]}

    def missing(self) -> npt.NDArray[np.intp]:
        return np.concatenate([each.missing for each in self.parts])

    def card(self, row: int) -> Scorecard:
        basis, own = self._part(row)
        return basis.card(own)
