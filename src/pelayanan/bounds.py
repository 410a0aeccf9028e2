"""
Bounds: between which totals and zones a unit still lies while answers are missing.
"""

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

import attrs
import numpy as np
import numpy.typing as npt

from pelayanan.answers import MISSING, Answers, row_given
from pelayanan.arrays import read_only, restored
from pelayanan.bases import Answered
from pelayanan.columns import Column
from pelayanan.criterion import place_of
from pelayanan.errors import InstrumentError, Problem
from pelayanan.exact import Rounding, fraction
from pelayanan.instrument import Instrument, check_instrument
from pelayanan.mapping import FrozenMapping
from pelayanan.matching import Matched, matched
from pelayanan.scales import Scale
from pelayanan.scorecard import Scorecard
from pelayanan.scores import Scores
from pelayanan.scoring import score
from pelayanan.value import Value
from pelayanan.zones import Band

__all__ = ["Bounds", "bounds", "zones_between"]

Indices = npt.NDArray[np.intp]
Answer = Fraction | str


def _places(value: Any) -> Any:
    return read_only(value) if isinstance(value, np.ndarray) else value


@attrs.frozen(eq=False, slots=False, repr=False)
class Bounds(Value):
    """
    Where units still may end.

    Of many units these are scores and arrays, of one a scorecard and a band or ``None``.

    Args:
        lowest: What they have if every missing answer is the worst.
        highest: And if every one is the best.
        lowest_zone: The lowest zone that is still possible: shape ``(units,)``, index into the
            bands, -1 where none is [-].
        highest_zone: And the highest.
    """

    lowest: Scores | Scorecard
    highest: Scores | Scorecard
    lowest_zone: Any = attrs.field(converter=_places)
    highest_zone: Any = attrs.field(converter=_places)

    __setstate__ = restored

    def __repr__(self) -> str:
        return f"Bounds({self.lowest!r}, {self.highest!r})"

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Bounds):
            return NotImplemented
        zones = ((self.lowest_zone, other.lowest_zone), (self.highest_zone, other.highest_zone))
        return (
            self.lowest == other.lowest
            and self.highest == other.highest
            and all(np.array_equal(mine, theirs) for mine, theirs in zones)
        )

    @property
    def settled(self) -> Any:
        """
        The zone that is certain whatever the missing answers are.

        For many units shape ``(units,)``, index into the bands, -1 where several zones or none
        are possible; for one a band or ``None``.
        """
        if isinstance(self.lowest, Scores):
            return np.where(self.lowest.zone == self.highest.zone, self.lowest.zone, -1)
        return self.lowest.zone if self.lowest.zone == self.highest.zone else None


def bounds(
    instrument: Instrument, answers: Answers | Mapping[str, Any], *, absent: str = "missing"
) -> Bounds:
    """
    Return the lowest and the highest total and zone still possible while answers are missing.

    Every missing answer is still to come, and any answer of its scale can come; what is not
    applicable stays so. As a better answer never hurts, the two ends are those of the worst and
    of the best answers, computed exactly, and every completion lies between them.

    A total in a printed gap has no zone; the zones that are possible are told besides.

    Args:
        answers: A table, or the answers of one unit as for `score_one`.
        absent: What a column that the table lacks means: ``"missing"`` or ``"refuse"``.

    Raises:
        InstrumentError: A better answer can hurt, as questions are asked under conditions.
        AnswerError: As in `score`, but for answers that are missing.

    >>> import pelayanan
    >>> dimensions = pelayanan.load("ombudsman-2022").pruned(depth=1)
    >>> found = bounds(dimensions, {"input": 80, "proses": 90, "output": 85.5})
    >>> found.lowest.total, found.highest.total, found.settled, found.lowest_zone.code
    (Decimal('67.34'), Decimal('88.88'), None, 'C')
    """
    check_instrument(instrument)
    _check_better_never_hurts(instrument)
    if isinstance(answers, Answers):
        return Bounds(*_ends(instrument, answers, absent))
    given = row_given(answers) or dict.fromkeys([each.code for each in instrument.indicators], MISSING)
    lowest, highest, *zones = _ends(instrument, Answers.from_rows([given]), absent)
    bands: tuple[Band | None, ...] = (*instrument.zones.bands, None)
    first, last = (bands[int(each[0])] for each in zones)
    return Bounds(lowest.card(0), highest.card(0), first, last)


def _check_better_never_hurts(instrument: Instrument) -> None:
    problems = [
        Problem(
            "better-can-hurt",
            f"it is asked only where {condition}, so that a better answer can hurt and there are no "
            "bounds; score the completions that you consider",
            f"{place_of(each.code)}.asked_if",
        )
        for each in instrument.criteria.values()
        for condition in each.asked_if
    ]
    if problems:
        raise InstrumentError.of(instrument.id, problems)


def _ends(instrument: Instrument, answers: Answers, absent: str) -> tuple[Scores, Scores, Indices, Indices]:
    """Return the scores of the worst and of the best completion, and the zones between."""
    given = matched(instrument, answers, absent)
    worst, best = (_completed(given, which) for which in ("worst", "best"))
    lowest, highest = score(instrument, worst), score(instrument, best)
    return lowest, highest, *zones_between(lowest, highest)


def _completed(given: Matched, which: str) -> Answers:
    """Return the answers with the worst or the best answer where one is missing."""
    columns = {}
    for indicator in given.instrument.indicators:
        scale = indicator.scale
        answer = _answer_worth(scale, scale.worst if which == "worst" else scale.best)
        columns[indicator.code] = _filled(given, indicator.code, answer)
    return Answers(FrozenMapping(columns), given.answers.units)


def _answer_worth(scale: Scale, share: Fraction) -> Answer:
    """Return an answer with that share, which is the best or the worst of the scale."""
    pairs: list[tuple[Answer, Fraction | None]]
    if scale.options:
        pairs = [(each.code, each.share) for each in scale.options]
    elif scale.anchors or scale.steps:
        pairs = [(number, worth) for number, worth in scale.anchors or scale.steps]
    else:
        pairs = [(end, scale.share(end)) for end in scale.ends if end is not None]
    return next(answer for answer, worth in pairs if worth == share)


def _filled(given: Matched, code: str, answer: Answer) -> Column:
    """Return a column with one answer wherever it is missing."""
    column, units = given.columns[code], len(given.answers)
    if column is None:
        column = Column(np.full(units, np.nan))
    missing = column.missing_flags(given.instrument.tokens)
    if not missing.any():
        return column
    number = None if isinstance(answer, str) else float(answer)
    if column.values.dtype == np.float64 and number is not None and fraction(number) == answer:
        return Column(np.where(missing, number, column.values))
    cells = np.empty(units, dtype=object)
    for row in range(units):
        cells[row] = answer if missing[row] else column.at(row)
    return Column(cells)


def zones_between(lowest: Scores, highest: Scores) -> tuple[Indices, Indices]:
    """
    Return the lowest and the highest zone of what lies between two completions of units.

    Each is of shape ``(units,)``, index into the bands, -1 where no zone is possible [-].
    """
    low, _ = _placed(lowest)
    _, high = _placed(highest)
    none = (low > high) | np.isnan(lowest.total)
    low[none] = high[none] = -1
    first, last = (_gated(scores, places) for scores, places in ((lowest, low), (highest, high)))
    return np.where(last < 0, -1, np.maximum(first, 0)), last


def _placed(scores: Scores) -> tuple[Indices, Indices]:
    """Return the bands of totals; of those in none the next band above, and the next one below."""
    zones, rounding = scores.instrument.zones, scores.instrument.rounding
    above, below = scores.zone_by_total.copy(), scores.zone_by_total.copy()
    rows = np.flatnonzero(np.isfinite(scores.total) & (above < 0))
    if not zones.bands or not len(rows):
        return above, below
    below[rows], above[rows] = zones.all_beside(scores.total[rows])
    grid = zones.grid(rounding)
    if rounding is None or grid != rounding:
        totals = scores.total[rows]
        off = 2 * float(max(_step(rounding), _step(grid))) + np.abs(totals) * 2.0**-50
        edges = np.array([float(number) for number, _ in zones.edges[0]])
        near = np.abs(totals[:, None] - edges).min(axis=1) <= off
        for row in rows[near].tolist():
            exact = scores.basis.exact(row) or Fraction(0)
            below[row], above[row] = zones.beside(exact if grid is None else grid.of(exact))
    return above, below


def _step(grid: Rounding | None) -> Fraction:
    """Return the step of a grid; of none, a small one."""
    return Fraction(1, 10**9) if grid is None else Fraction(1, grid.scale)


def _gated(scores: Scores, places: Indices) -> Indices:
    return scores.basis.gated(places) if isinstance(scores.basis, Answered) else places
