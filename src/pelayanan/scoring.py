"""
Scoring: an instrument and answers give scores.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from pelayanan.answers import Answers, row_given
from pelayanan.bases import Answered
from pelayanan.batch import Batch, check_unscored
from pelayanan.drafts import drafted
from pelayanan.errors import AnswerError, Problem
from pelayanan.gates import gated
from pelayanan.instrument import Instrument, check_instrument
from pelayanan.matching import Matched, matched
from pelayanan.parts import parted
from pelayanan.scorecard import Scorecard
from pelayanan.scores import Joined, Scores, difference

__all__ = ["Joined", "Scores", "difference", "score", "score_one"]

_TOGETHER = 2**17

Floats = npt.NDArray[np.float64]
Indices = npt.NDArray[np.intp]


def score(instrument: Instrument, answers: Answers, *, absent: str = "refuse") -> Scores:
    """
    Return the published total and the zone of every unit.

    Both are those of exact arithmetic, for every input.

    Args:
        absent: What a whole column that the table lacks means: ``"refuse"`` or ``"missing"``.

    Raises:
        AnswerError: Answers outside their scale, missing where the instrument refuses that,
            or not applicable where that is not allowed; columns that are no criteria, or
            lacking. The first ten are named, with their number.

    >>> import pelayanan
    >>> dimensions = pelayanan.load("ombudsman-2022").pruned(depth=1)
    >>> table = pelayanan.Answers.from_columns(
    ...     {"input": [80, 60.5], "proses": [90, 51], "output": [85.5, 40], "pengaduan": [70, 35]},
    ...     units=["A", "B"],
    ... )
    >>> pelayanan.score(dimensions, table).total
    array([82.42, 46.96])
    """
    given = matched(instrument, answers, absent)
    if instrument.tree.parts or any(instrument.zones.gated):
        total, by_total, zone = _decided(given)
    else:
        total, by_total = Batch(given).decided()
        zone = by_total
    check_unscored(given)
    return Scores(instrument, answers.units, total, zone, Answered(given), zone_by_total=by_total)


def _decided(given: Matched) -> tuple[Floats, Indices, Indices]:
    """Return the published totals, the bands that they alone give, and the zones."""
    draft = drafted(given)
    every = len(draft.open) == len(given.answers)
    for start in range(0, len(draft.open), _TOGETHER):
        here = slice(start, start + _TOGETHER)
        rows = here if every else draft.open[here]
        known = parted(given.part(rows))
        draft.total[rows], draft.by_total[rows] = Batch(known).decided()
        draft.zone[rows] = gated(known, draft.by_total[rows])
    return draft.total, draft.by_total, draft.zone


def score_one(instrument: Instrument, answers: Mapping[str, Any], unit: Any = 0) -> Scorecard:
    """
    Return the scorecard of one unit, computed exactly.

    Args:
        answers: Criterion to answer: a number, a text, a tuple of sum and count, `MISSING`
            or `NOT_APPLICABLE`; one that is not named is missing.
        unit: What the unit is called.

    Raises:
        AnswerError: As in `score`.

    >>> import pelayanan
    >>> dimensions = pelayanan.load("ombudsman-2022").pruned(depth=1)
    >>> card = pelayanan.score_one(dimensions, {"input": 80, "proses": 90, "output": 85.5, "pengaduan": 70})
    >>> card.total, card.zone.code
    (Decimal('82.42'), 'B')
    """
    check_instrument(instrument)
    given = row_given(answers)
    if not given:
        raise AnswerError.of(instrument.id, [Problem("empty-table", "there are no answers", "")])
    table = Answers.from_rows([given], units=[unit])
    basis = Answered(matched(instrument, table, "missing"))
    problems = list(basis.problems(0))
    if problems:
        raise AnswerError.of(instrument.id, problems)
    return basis.card(0)
