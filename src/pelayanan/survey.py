"""
Surveys: respondents become the answers of units, as exact means.
"""

from fractions import Fraction
from typing import Any

import numpy as np
import numpy.typing as npt

from pelayanan.answers import MISSING, NOT_APPLICABLE, Answers, Column, Mean, labels_of, mean_of
from pelayanan.criterion import Indicator
from pelayanan.errors import AnswerError, Problem, ScoresError, UnknownError, nearest
from pelayanan.exact import fraction, number_in, shown
from pelayanan.grouping import grouped
from pelayanan.instrument import Instrument
from pelayanan.mapping import FrozenMapping
from pelayanan.matching import SHOWN, Matched, matched, problem_of

__all__ = ["tally"]

_LONGEST = 2.0**53

Indices = npt.NDArray[np.intp]
Flags = npt.NDArray[np.bool_]


def tally(instrument: Instrument, respondents: Answers, by: Any) -> Answers:
    """
    Return the answers of units, each the exact mean of its respondents who answered the question.

    Every question has its own number of respondents: who left it out is not counted. Where
    nobody answered it is missing; where it applies to nobody it is not applicable.

    Args:
        respondents: One row a respondent, numbers or texts of numbers; a mean of several counts as
            so many.
        by: The unit of each respondent: shape ``(respondents,)``, a mapping by respondent, or the
            name of a column that was ignored when the table was made.

    Returns:
        Answers of the units in order of first appearance, sums and numbers of respondents.

    Raises:
        AnswerError: Answers that are not on their scale or are no numbers, columns that are no
            indicators, or respondents without a unit.
        UnknownError: There is no such column, or a respondent that the mapping does not name.

    >>> import pelayanan
    >>> survey = pelayanan.load("skm-2017")
    >>> people = pelayanan.Answers.from_columns(
    ...     {"u1": [3, 4, 4], "u2": [3, None, 4], "kantor": ["A", "A", "B"]}, ignore=["kantor"]
    ... )
    >>> units = tally(survey, people, by="kantor")
    >>> units.at(0, "u1"), units.at(0, "u2")
    (Mean(7, 2), Mean(3, 1))
    """
    given = matched(instrument, respondents, "missing")
    labels, index = _units(respondents, by)
    problems: list[Problem] = []
    columns = {}
    for indicator in instrument.indicators:
        column = given.columns[indicator.code]
        if column is not None:
            sums = _whole_sums(given, column, indicator, index, len(labels))
            code = indicator.code
            columns[code] = sums or _exact_sums(given, code, index, len(labels), problems)
    if problems:
        raise AnswerError.of(instrument.id, problems[:SHOWN], count=len(problems))
    return Answers(FrozenMapping(columns), labels_of(labels, len(labels)))


def _units(respondents: Answers, by: Any) -> tuple[tuple[Any, ...], Indices]:
    """Return the units in order of first appearance, and which one each respondent is of."""
    if isinstance(by, str):
        if by not in respondents.ignored:
            hint = nearest(by, respondents.ignored)
            message = f"no column {by!r} was ignored when the table was made{hint}"
            raise UnknownError("unknown-column", message, column=by)
        by = respondents.ignored[by]
    try:
        return grouped(respondents.units, by, "by", "unit", "respondent")
    except ScoresError as error:
        raise AnswerError.of("respondents", [Problem("labels", str(error), "")]) from error


def _whole_sums(
    given: Matched, column: Column, indicator: Indicator, index: Indices, units: int
) -> Column | None:
    """Return the sums of a column of short whole numbers on their scale; nothing for another."""
    values = column.values
    if not column.is_number or column.counts is not None or column.unasked is not None:
        return None
    there = ~column.missing_flags({})
    not_applicable = np.zeros(len(values), dtype=bool)
    if column.not_applicable is not None:
        not_applicable = there & np.equal(values, column.not_applicable)
    if not_applicable.any() and not given.instrument.tree.may_be_skipped(indicator.code):
        return None
    answered = values[there & ~not_applicable]
    distinct = np.unique(answered)
    whole = np.isfinite(distinct).all() and np.array_equal(np.rint(distinct), distinct)
    longest = float(np.abs(distinct.astype(np.float64)).max(initial=0.0)) * len(values)
    if not whole or longest >= _LONGEST or any(indicator.scale.fault(fraction(each)) for each in distinct):
        return None
    places = index[there & ~not_applicable]
    counts = np.bincount(places, minlength=units)
    sums = np.bincount(places, answered.astype(np.float64), units).astype(np.int64)
    nobody = _applies_to_nobody(index, there, not_applicable, units)
    return Column(sums, np.where(nobody & (counts == 0), -1, counts), None, 0, -1)


def _applies_to_nobody(index: Indices, there: Flags, not_applicable: Flags, units: int) -> Flags:
    """Return for which units nobody left a question out to which it applies."""
    missing = np.bincount(index[~there], minlength=units)
    return np.asarray((missing == 0) & (np.bincount(index[not_applicable], minlength=units) > 0))


def _exact_sums(given: Matched, code: str, index: Indices, units: int, problems: list[Problem]) -> Column:
    """Return the means of any column, its numbers read one by one."""
    totals, counts = [Fraction(0)] * units, [0] * units
    missing, not_applicable = [0] * units, [0] * units
    for row, unit in enumerate(index.tolist()):
        cell = given.cell(code, row)
        if cell is MISSING:
            missing[unit] += 1
            continue
        problem = problem_of(given, code, row)
        number = number_in(cell) if isinstance(cell, str) else cell
        if problem is not None:
            problems.append(problem)
        elif cell is NOT_APPLICABLE:
            not_applicable[unit] += 1
        elif isinstance(number, Mean):
            totals[unit] += number.total
            counts[unit] += number.count
        elif isinstance(number, Fraction):
            totals[unit] += number
            counts[unit] += 1
        else:
            place = f"unit {given.answers.label(row)!r}, {code!r}"
            message = f"the answer {shown(cell)} is no number, and has no mean with others"
            problems.append(Problem("not-a-number", message, place))
    cells = np.empty(units, dtype=object)
    for unit in range(units):
        if counts[unit]:
            cells[unit] = mean_of(totals[unit], counts[unit])
        else:
            cells[unit] = NOT_APPLICABLE if not_applicable[unit] and not missing[unit] else MISSING
    return Column(cells)
