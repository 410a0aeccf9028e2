"""
Where answers meet an instrument: which column answers what, and what is wrong with an answer.
"""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any

import attrs
import numpy as np
import numpy.typing as npt

from pelayanan.answers import (
    MISSING,
    NOT_APPLICABLE,
    Answers,
    Column,
    Mean,
    NoRespondents,
    State,
    Unasked,
)
from pelayanan.asking import asked
from pelayanan.criteria import Criteria
from pelayanan.criterion import ROOT
from pelayanan.errors import AnswerError, NumberError, Problem, check_kind, nearest
from pelayanan.exact import fraction, shown, written
from pelayanan.instrument import Instrument, check_instrument
from pelayanan.loading import read_cell
from pelayanan.mapping import FrozenMapping
from pelayanan.ratios import Ratios
from pelayanan.scales import Scale

__all__ = ["SHOWN", "Matched", "check_absent", "exact_shares", "matched", "missing_share", "problem_of"]

SHOWN = 10


@attrs.frozen(eq=False, repr=False)
class Matched:
    """
    Answers to an instrument.

    Args:
        columns: The column of each indicator, ``None`` for one that was not asked.
        known: The shares of criteria that were worked out before.
        whole: All units, where these are some of them; mistakes are told of all.
    """

    instrument: Instrument
    answers: Answers
    columns: Mapping[str, Column | None]
    known: Mapping[str, Ratios] = attrs.field(factory=dict)
    whole: "Matched | None" = None

    def part(self, rows: slice | npt.NDArray[np.intp]) -> "Matched":
        """Return the answers of some units."""
        columns = {code: column and column.part(rows) for code, column in self.columns.items()}
        known = {code: ratios.part(rows) for code, ratios in self.known.items()}
        answers = Answers(FrozenMapping({}), self.answers.units[rows])
        return Matched(self.instrument, answers, columns, known, self.whole or self)

    def unasked(self, code: str, row: int) -> bool:
        """Return whether a unit was spared a question."""
        column = self.columns[code]
        return column is not None and column.unasked is not None and bool(column.unasked[row])

    def cell(self, code: str, row: int) -> Any:
        """Return one answer, tokens read as states."""
        column = self.columns[code]
        return MISSING if column is None else read_cell(column.at(row), self.instrument.tokens)


def matched(instrument: Instrument, answers: Answers, absent: str) -> Matched:
    """
    Return answers to an instrument, a column for each indicator that was asked.

    Args:
        absent: What a column that is lacking means: ``"refuse"`` or ``"missing"``.

    Raises:
        KindError: No instrument, or no answers.
        AnswerError: A column that is no indicator, one that is there under two names, or
            indicators without a column where ``absent`` is ``"refuse"``.
    """
    check_instrument(instrument)
    check_kind("answers", answers, Answers, "Answers", "; make them with Answers.from_columns")
    check_absent(instrument, absent)
    names = {name: each.code for each in instrument.indicators for name in (each.code, *each.aliases)}
    found: dict[str, Column | None] = {each.code: None for each in instrument.indicators}
    numbers = {number: State(state.replace("_", " ")) for number, state in instrument.number_tokens.items()}
    problems = []
    for name, column in answers.columns.items():
        code = names.get(name)
        if code is None:
            problems.append(_unknown(instrument, name, names))
        elif found[code] is not None:
            message = f"{instrument.id} has answers to {code!r} twice"
            problems.append(Problem("duplicate-code", message, f"column {name!r}"))
        else:
            found[code] = _without_tokens(column, numbers)
    deciding = _deciding(instrument)
    lacking = [code for code, column in found.items() if column is None and code in deciding]
    if lacking and absent == "refuse":
        listed = ", ".join(repr(code) for code in lacking[:SHOWN])
        more = f" and {len(lacking) - SHOWN} more" if len(lacking) > SHOWN else ""
        message = f"the table has no column for {listed}{more}; say absent='missing' if they were not asked"
        problems.append(Problem("absent-column", message, "columns"))
    if problems:
        raise AnswerError.of(instrument.id, problems, shown=SHOWN)
    enough = {
        code: column and _of_enough(column, instrument.tree.least_respondents(code))
        for code, column in found.items()
    }
    return Matched(instrument, answers, asked(instrument, enough, len(answers)))


def check_absent(instrument: Instrument, absent: object) -> None:
    """
    Refuse what says nothing of columns that are lacking.

    Raises:
        AnswerError: It is neither ``"refuse"`` nor ``"missing"``.
    """
    if not isinstance(absent, str) or absent not in ("refuse", "missing"):
        message = f"expected absent='refuse' or 'missing', not {absent!r}"
        raise AnswerError.of(instrument.id, [Problem("absent", message, "")])


def _deciding(instrument: Instrument) -> frozenset[str]:
    """Return the indicators without which a total or a zone could be another."""
    required = [
        code for band in instrument.zones.bands for each in band.requires for code in instrument.about(each)
    ]
    codes = {*instrument.tree.leaves[ROOT], *required}
    return instrument.tree.asked_before(codes).union(codes)


def _of_enough(column: Column, least: int) -> Column:
    """Return a column in which means of too few respondents are missing."""
    if least <= 1:
        return column
    if column.counts is not None:
        few = (column.counts > 0) & (column.counts < least)
    elif column.values.dtype.kind == "O":
        few = np.array([isinstance(each, Mean) and each.count < least for each in column.values])
    else:
        return column
    return attrs.evolve(column, mask=few if column.mask is None else few | column.mask)


def _without_tokens(column: Column, numbers: dict[Fraction, State]) -> Column:
    """Return a column with the numbers that are tokens of the edition as the states they are."""
    if not numbers:
        return column
    cells = np.empty(len(column.values), dtype=object)
    for row in range(len(cells)):
        cell = column.at(row)
        cells[row] = numbers.get(cell, cell) if isinstance(cell, Fraction) else cell
    return Column(cells)


def _unknown(instrument: Instrument, name: str, names: dict[str, str]) -> Problem:
    if name in instrument.criteria:
        message = f"{name!r} is a group and has no answers of its own; see pruned(at=[{name!r}])"
        return Problem("group-answered", message, f"column {name!r}")
    message = f"there is no indicator {name!r}{nearest(name, names)}"
    return Problem("unknown-criterion", message, f"column {name!r}")


def problem_of(given: Matched, code: str, row: int) -> Problem | None:
    """
    Return why an answer cannot be scored, or nothing.
    """
    place = f"unit {given.answers.label(row)!r}, {code!r}"
    cell = given.cell(code, row)
    if isinstance(cell, State):
        wrong = _state_problem(given, code, row, cell)
        return wrong and Problem(*wrong, place)
    if isinstance(cell, Fraction | str):
        scale = given.instrument.tree.indicator(code).scale
        fault = scale.fault(cell)
        if fault is not None and isinstance(cell, Mean):
            return Problem(fault.code, _sum_fault(cell, scale) or fault.message, place)
        return fault and Problem(fault.code, fault.message, place)
    if isinstance(cell, Unasked):
        message = f"it has the answer {_answer(cell.answer)}, and is {_asked_only(given, code)}"
        return Problem("not-asked", message, place)
    try:
        fraction(cell)
    except NumberError as error:
        if error.code == "too-many-digits":
            return Problem(error.code, str(error), place)
    if isinstance(cell, float | np.floating | Decimal):
        return Problem("not-finite", f"the answer {cell} is not finite", place)
    if isinstance(cell, NoRespondents):
        message = f"{_answer(cell)} is no answer; leave it missing"
        return Problem("no-respondents", message, place)
    return Problem("not-an-answer", f"{shown(cell)} is neither a number nor a text", place)


def _state_problem(given: Matched, code: str, row: int, cell: State) -> tuple[str, str] | None:
    """Return why an answer may not be missing, or may not be left out."""
    criteria = given.instrument.tree
    if cell is NOT_APPLICABLE:
        if criteria.may_be_skipped(code) or given.unasked(code, row):
            return None
        if code in criteria.conditions:
            return (
                "not-applicable",
                f"not applicable is not allowed where it is asked; it is {_asked_only(given, code)}",
            )
        return "not-applicable", "not applicable is not allowed; only an optional criterion may be left out"
    if criteria.policy(code) != "refuse":
        return None
    if criteria.indicator(code).scored:
        return "missing-answer", "the answer is missing, and missing answers are refused"
    if code in criteria.asked_about:
        return "missing-answer", "the answer is missing, and whether other questions are asked depends on it"
    return None


def _answer(cell: Any) -> str:
    if isinstance(cell, NoRespondents):
        return f"a mean of {cell.count} respondents"
    return written(cell) if isinstance(cell, Fraction) else shown(cell)


def _asked_only(given: Matched, code: str) -> str:
    held = given.instrument.tree.conditions[code]
    return f"asked only where {' and '.join(map(str, held))}"


def _sum_fault(mean: Mean, scale: Scale) -> str:
    """Return why no respondents of a number can have a sum, nothing where they can."""
    if scale.options and not scale.between:
        return ""
    lowest, highest = scale.ends
    if lowest <= mean and (highest is None or mean <= highest):
        return ""
    sums = [written(end * mean.count) for end in (lowest, highest) if end is not None]
    allowed = " to ".join(sums) if highest is not None else f"{sums[0]} and more"
    people = "1 respondent" if mean.count == 1 else f"{mean.count} respondents"
    return f"the sum {written(mean.total)} of {people} is outside {allowed}, which the scale allows"


def exact_shares(given: Matched, row: int, codes: Iterable[str]) -> dict[str, Fraction | None]:
    """
    Return the exact share of some indicators of one unit, ``None`` where left out.
    """
    criteria = given.instrument.tree
    shares: dict[str, Fraction | None] = {}
    for code in codes:
        indicator = criteria.indicator(code)
        cell = given.cell(code, row)
        if isinstance(cell, Fraction | str):
            shares[code] = indicator.scale.share(cell)
        elif cell is NOT_APPLICABLE or not indicator.scored:
            shares[code] = None
        else:
            shares[code] = missing_share(criteria, code)
    return shares


def missing_share(criteria: Criteria, code: str) -> Fraction | None:
    """
    Return what a missing answer is worth by its policy, ``None`` where it is left out or refused.
    """
    worst = {"zero": Fraction(0), "lowest": criteria.indicator(code).scale.worst}
    return worst.get(criteria.policy(code))
