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

from pelayanan.answers import MISSING, NOT_APPLICABLE, Answers, Column, NoRespondents, State
from pelayanan.criteria import Indicator
from pelayanan.errors import AnswerError, Problem, nearest
from pelayanan.exact import shown
from pelayanan.instrument import Instrument
from pelayanan.loading import read_cell
from pelayanan.mapping import FrozenMapping
from pelayanan.ratios import Ratios

__all__ = ["SHOWN", "Matched", "exact_shares", "matched", "problem_of"]

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
        AnswerError: A column that is no indicator, one that is there under two names, or
            indicators without a column where ``absent`` is ``"refuse"``.
    """
    if absent not in ("refuse", "missing"):
        message = f"expected absent='refuse' or 'missing', not {absent!r}"
        raise AnswerError.of(instrument.id, [Problem("absent", message, "")])
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
    lacking = [code for code, column in found.items() if column is None]
    if lacking and absent == "refuse":
        listed = ", ".join(repr(code) for code in lacking[:SHOWN])
        more = f" and {len(lacking) - SHOWN} more" if len(lacking) > SHOWN else ""
        message = f"the table has no column for {listed}{more}; say absent='missing' if they were not asked"
        problems.append(Problem("absent-column", message, "columns"))
    if problems:
        raise AnswerError.of(instrument.id, problems, shown=SHOWN)
    return Matched(instrument, answers, found)


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


def problem_of(instrument: Instrument, indicator: Indicator, cell: Any, unit: Any) -> Problem | None:
    """
    Return why an answer cannot be scored, or nothing.
    """
    place = f"unit {unit!r}, {indicator.code!r}"
    if isinstance(cell, State):
        if cell is NOT_APPLICABLE:
            if instrument.tree.may_be_skipped(indicator.code):
                return None
            message = "not applicable is not allowed; only an optional criterion may be left out"
            return Problem("not-applicable", message, place)
        if indicator.scored and instrument.tree.policy(indicator.code) == "refuse":
            return Problem("missing-answer", "the answer is missing, and missing answers are refused", place)
        return None
    if isinstance(cell, Fraction | str):
        fault = indicator.scale.fault(cell)
        return fault and Problem(fault.code, fault.message, place)
    if isinstance(cell, float | np.floating | Decimal):
        return Problem("not-finite", f"the answer {cell} is not finite", place)
    if isinstance(cell, NoRespondents):
        message = f"a mean of {cell.count} respondents is no answer; leave it missing"
        return Problem("no-respondents", message, place)
    return Problem("not-an-answer", f"{shown(cell)} is neither a number nor a text", place)


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
            lowest = {"zero": Fraction(0), "lowest": indicator.scale.worst}
            shares[code] = lowest.get(criteria.policy(code))
    return shares
