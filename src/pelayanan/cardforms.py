"""
How scorecards, explanations and plans stand in JSON: what was answered as in answers.
"""

from collections.abc import Callable
from fractions import Fraction
from typing import Any

import cattrs
from cattrs.gen import override

from pelayanan.exchange import cell_of, cell_said, formless, label_of, label_said, number_or_text
from pelayanan.explanation import Explanation
from pelayanan.improve import Change, Plan
from pelayanan.scorecard import Line, Scorecard
from pelayanan.wording import of_table
from pelayanan.writing import said

__all__ = ["CARDS_SAID", "cards_registered"]

Table = dict[str, Any]


def _line_said(line: Line, place: str = "answer") -> Table:
    try:
        answer = None if line.answer is None else cell_said(line.answer)
    except TypeError as error:
        raise formless("Line", str(error), place) from error
    return {**said(line), "answer": answer}


def _line_answer(value: Any, _: Any) -> Any:
    return None if value is None else cell_of(value)


def _change_said(change: Change) -> Table:
    before = None if change.from_ is None else cell_said(change.from_)
    return {**said(change), "from": before, "to": cell_said(change.to)}


def _answer_or_none(value: Any, kind: Any) -> Fraction | str | None:
    return None if value is None else number_or_text(value, kind)


def _plan_said(plan: Plan) -> Table:
    return {**said(plan), "changes": [_change_said(each) for each in plan.changes]}


def _card_said(card: Scorecard) -> Table:
    lines = [_line_said(each, f"lines[{row}].answer") for row, each in enumerate(card.lines)]
    return {**said(card), **({"lines": lines} if lines else {}), "unit": label_said(card.unit, "unit")}


def _explanation_said(explanation: Explanation) -> Table:
    return {**said(explanation), "card": _card_said(explanation.card)}


CARDS_SAID: dict[type, Callable[[Any], Table]] = {
    Change: _change_said,
    Explanation: _explanation_said,
    Line: _line_said,
    Plan: _plan_said,
    Scorecard: _card_said,
}


def cards_registered(converter: cattrs.Converter) -> None:
    """
    Teach a converter to make lines, scorecards and changes of their forms.
    """
    fields: dict[type, dict[str, Any]] = {
        Line: {"answer": override(struct_hook=_line_answer)},
        Scorecard: {"unit": override(struct_hook=label_of)},
        Change: {
            "from_": override(rename="from", struct_hook=_answer_or_none),
            "to": override(struct_hook=number_or_text),
        },
    }
    for kind, differing in fields.items():
        converter.register_structure_hook(kind, of_table(converter, kind, **differing))
