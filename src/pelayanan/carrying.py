"""
Answers to one edition become answers to another, along a crosswalk.
"""

from collections.abc import Callable, Iterator, Mapping
from fractions import Fraction
from typing import Any

import attrs
import numpy as np
import numpy.typing as npt

from pelayanan.answers import MISSING, NOT_APPLICABLE, Answers, Column, Mean, State, mean_of, row_given
from pelayanan.asking import met
from pelayanan.conditions import Condition
from pelayanan.conversion import States, column_of, converted, without
from pelayanan.crosswalk import Crosswalk, Link
from pelayanan.equivalence import Answer, Counterparts, Worth, same_answers
from pelayanan.errors import AnswerError, Problem, check_kind, is_a
from pelayanan.exact import number_in
from pelayanan.instrument import Instrument
from pelayanan.losses import REASONS, Loss, Losses
from pelayanan.mapping import FrozenMapping
from pelayanan.matching import SHOWN, Matched, check_absent, matched, problem_of
from pelayanan.scales import Scale
from pelayanan.value import Value

__all__ = ["Carried", "carry"]

Flags = npt.NDArray[np.bool_]
Found = tuple[Any, str]


def _answers(value: Answers | Mapping[str, Any]) -> Answers | FrozenMapping[Any]:
    if isinstance(value, Answers):
        return value
    expected = "Answers, or a mapping of criterion to answer"
    check_kind("answers", value, Mapping, expected)
    for code in value:
        check_kind("answers", code, str, expected)
    return FrozenMapping(value)


@attrs.frozen(repr=False)
class Carried(Value):
    """
    Answers that were carried along a crosswalk, and what was lost.

    Args:
        answers: Those to the edition after: a table, or a mapping where that was given.
        losses: What became of each question.

    >>> Carried({"u1": 3}, Losses("skm-2017", "skm-2017-w0.11", 1, ()))
    Carried(Losses('skm-2017' to 'skm-2017-w0.11', 0 kept, 0 mapped, 0 split, 0 to be asked again, 0 dropped))
    """

    answers: Answers | FrozenMapping[Any] = attrs.field(converter=_answers)
    losses: Losses = attrs.field(validator=is_a(Losses, "Losses"))

    def __repr__(self) -> str:
        return f"Carried({self.losses!r})"


def carry(answers: Answers | Mapping[str, Any], crosswalk: Crosswalk, *, absent: str = "refuse") -> Carried:
    """
    Return the answers to one edition as answers to another, with the loss report.

    What stands on the same scale stays as it is, also sums over respondents. On another scale it
    becomes the answer that is worth exactly the same; where there is none, or several, it must be
    asked again. The answers to several questions become the one whose share is their weighted
    mean. What must be asked again is missing, what was missing stays so, and what does not apply
    still does not. What the answers to come may open is to be asked again as well.

    Args:
        answers: Those to ``crosswalk.before``: a table, or a mapping for one unit.
        absent: What a whole column that the table lacks means: ``"refuse"`` or ``"missing"``.

    Raises:
        AnswerError: Answers to another edition, or that the edition before refuses, but for those
            that are missing, of which the first ten are named, with their number; another
            ``absent``.

    >>> import pelayanan
    >>> from pelayanan.crosswalk import crosswalk
    >>> walk = crosswalk(pelayanan.load("ombudsman-2021"), pelayanan.load("ombudsman-2022"))
    >>> found = carry({"proses.standar_pelayanan.biaya": "ada", "proses.atribut": "ada"}, walk)
    >>> found.answers["proses.standar_pelayanan.biaya"]
    '3'
    """
    check_kind("crosswalk", crosswalk, Crosswalk, "a Crosswalk", "; make it with crosswalk")
    check_absent(crosswalk.before, absent)
    if isinstance(answers, Answers):
        return _Carrying(answers, crosswalk, absent).carried()
    given = row_given(answers)
    if not given:
        raise AnswerError.of(crosswalk.before.id, [Problem("empty-table", "there are no answers", "")])
    carrying = _Carrying(Answers.from_rows([given]), crosswalk, "missing")
    return carrying.of_unit(carrying.carried())


def _matched(answers: Answers, crosswalk: Crosswalk, absent: str) -> Matched:
    """Return the answers to the edition before, with whom each question was not asked."""
    before, after = crosswalk.before, crosswalk.after
    try:
        found = matched(before, answers, absent)
    except AnswerError as error:
        if _fits(before, answers) or not _fits(after, answers):
            raise
        message = f"these are answers to {after.id}, and the crosswalk goes from {before.id} to it"
        raise AnswerError.of(before.id, [Problem("other-instrument", message, "columns")]) from error
    columns = {code: column and _of_any(column, code, found) for code, column in found.columns.items()}
    return attrs.evolve(found, columns=columns)


def _fits(instrument: Instrument, answers: Answers) -> bool:
    """Return whether all columns are questions of an instrument."""
    names = {name for each in instrument.indicators for name in (each.code, *each.aliases)}
    return answers.columns.keys() <= names


def _of_any(column: Column, code: str, found: Matched) -> Column:
    """Return a column with means of any number of respondents; which suffice is said by each edition."""
    original = _original(found, code)
    if found.instrument.tree.least_respondents(code) <= 1 or original is None:
        return column
    return attrs.evolve(column, mask=None if found.instrument.number_tokens else original.mask)


def _original(given: Matched, code: str) -> Column | None:
    """Return the column of a question as it was given."""
    names = (code, *given.instrument.tree.indicator(code).aliases)
    return next((given.answers.columns[name] for name in names if name in given.answers.columns), None)


def _checked(given: Matched) -> dict[str, States]:
    """
    Return what units said to each question that has a column.

    Raises:
        AnswerError: Answers that the edition refuses; the first ten are named.
    """
    columns = {code: column for code, column in given.columns.items() if column is not None}
    found = {code: States.of(column, code, given.instrument) for code, column in columns.items()}
    places = [
        (int(row), position)
        for position, states in enumerate(found.values())
        for row in np.flatnonzero(states.refused)
    ]
    if places:
        codes = list(found)
        told = (problem_of(given, codes[position], row) for row, position in sorted(places)[:SHOWN])
        raise AnswerError.of(given.instrument.id, filter(None, told), count=len(places))
    return found


def _as_worth(cell: Any, found: tuple[Answer, ...]) -> Found:
    """Return the only answer that is worth what another is, or why there is none."""
    if len(found) != 1:
        return MISSING, "several-answers" if found else "no-answer"
    (answer,) = found
    if not isinstance(cell, Mean):
        return answer, ""
    number = number_in(answer) if isinstance(answer, str) else answer
    return (answer if number is None else mean_of(number * cell.count, cell.count)), ""


@attrs.frozen(eq=False, repr=False)
class _Built:
    """
    The answers to one question after, before it is known whom it is asked.

    Args:
        column: Its answers; what must be asked again is missing.
        had: shape ``(units,)``, which units had an answer before.
        unasked: shape ``(units,)``, which were not asked before.
        lost: By reason, shape ``(units,)``: which have none now.
    """

    column: Column
    had: Flags
    unasked: Flags
    lost: Mapping[str, Flags]


@attrs.frozen(eq=False, repr=False)
class _Now:
    """
    The answers to one question after, once it is known whom it may yet be asked.

    Args:
        column: Its answers, without those to what is certainly not asked.
        lost: By reason, shape ``(units,)``: which must be asked again, or may come to be asked.
        surplus: shape ``(units,)``, which had an answer, and are certainly not asked.
        closed: shape ``(units,)``, which are certainly not asked, whatever is answered again.
    """

    column: Column
    lost: Mapping[str, Flags]
    surplus: Flags
    closed: Flags

    @property
    def again(self) -> Flags:
        """Shape ``(units,)``, of whom the answer is not known now."""
        again: Flags = np.logical_or.reduce([*self.lost.values()])
        return again


class _Carrying:
    """Answers on their way along a crosswalk."""

    def __init__(self, answers: Answers, crosswalk: Crosswalk, absent: str) -> None:
        self._given = _matched(answers, crosswalk, absent)
        self._states = _checked(self._given)
        self._crosswalk, self._before, self._after = crosswalk, crosswalk.before, crosswalk.after
        self._nobody = np.zeros(len(answers), dtype=bool)
        self._counterparts: dict[tuple[Scale, Scale], Counterparts] = {}

    def carried(self) -> Carried:
        """Return the answers to the edition after, and the losses."""
        lines = {each.code: each for each in self._crosswalk.losses.lines if each.outcome != "dropped"}
        built = {code: self._built(code, line) for code, line in lines.items()}
        now = self._asked(built)
        found = [self._line(line, now[code]) for code, line in lines.items()]
        losses = Losses(self._before.id, self._after.id, len(self._nobody), [*found, *self._dropped(now)])
        columns = FrozenMapping({code: now[code].column for code in lines})
        return Carried(attrs.evolve(self._given.answers, columns=columns), losses)

    def of_unit(self, found: Carried) -> Carried:
        """Return the answers of the only unit as a mapping, without those that nobody named."""
        again = {each.code for each in found.losses.asked_again}
        columns = found.answers.columns if isinstance(found.answers, Answers) else {}
        cells = {code: each.at(0) for code, each in columns.items() if code in again or self._named(code)}
        return Carried(cells, found.losses)

    def _named(self, code: str) -> bool:
        return any(_original(self._given, source) for source in self._crosswalk.by_target[code].from_)

    def _built(self, code: str, line: Loss) -> _Built:
        link = self._crosswalk.by_target.get(code)
        if link is None or not link.carries:
            lost = dict.fromkeys(line.reasons, ~self._nobody)
            return _Built(self._missing(), self._nobody, self._nobody, lost)
        if len(link.from_) > 1:
            return self._joined(link, code)
        (source,) = link.from_
        column, original = self._given.columns[source], _original(self._given, source)
        unasked = self._nobody if column is None or column.unasked is None else column.unasked
        if column is None or original is None:
            return _Built(self._missing(), self._nobody, unasked, {})
        scale = self._before.tree.indicator(source).scale
        other = self._after.tree.indicator(code).scale
        same = same_answers(scale, other)
        plain = original.is_number and not self._before.number_tokens
        if same and (plain or self._before.tokens == self._after.tokens):
            return _Built(original, self._states[source].answered, unasked, {})

        if (scale, other) not in self._counterparts:
            self._counterparts[scale, other] = Counterparts(scale, other)
        found = self._counterparts[scale, other]

        def alone(cells: list[Any]) -> Found:
            (cell,) = cells
            if same or isinstance(cell, State):
                return cell, ""
            return _as_worth(cell, found(Fraction(cell) if isinstance(cell, Mean) else cell))

        made = self._converted([attrs.evolve(column, unasked=None)], alone)
        return attrs.evolve(made, had=self._states[source].answered, unasked=unasked)

    def _joined(self, link: Link, code: str) -> _Built:
        """Return the answers to a question that several have become."""
        columns = [self._given.columns[source] or self._missing() for source in link.from_]
        weights = [link.weights[source] for source in link.from_]
        scales = [self._before.tree.indicator(source).scale for source in link.from_]
        worth = Worth(self._after.tree.indicator(code).scale)

        def joined(cells: list[Any]) -> Found:
            states = [cell for cell in cells if isinstance(cell, State)]
            if len(states) < len(cells):
                if states:
                    return MISSING, "partly-answered"
                shares = [scale.share(cell) for scale, cell in zip(scales, cells, strict=True)]
                mean = sum((w * share for w, share in zip(weights, shares, strict=True)), Fraction(0))
                return _as_worth(None, worth(mean))
            return (MISSING if MISSING in states else NOT_APPLICABLE), ""

        found = [self._states[source].answered for source in link.from_ if source in self._states]
        had = np.logical_or.reduce([self._nobody, *found])
        return attrs.evolve(self._converted(columns, joined), had=had)

    def _missing(self) -> Column:
        return column_of([MISSING], np.zeros(len(self._nobody), dtype=np.intp))

    def _converted(self, columns: list[Column], convert: Callable[[list[Any]], Found]) -> _Built:
        found, index = converted(columns, self._before, convert)
        reasons = [reason for _, reason in found]
        lost = {
            each: np.array([reason == each for reason in reasons])[index]
            for each in REASONS
            if each in reasons
        }
        return _Built(column_of([cell for cell, _ in found], index), self._nobody, self._nobody, lost)

    def _asked(self, built: Mapping[str, _Built]) -> dict[str, _Now]:
        """Return the answers as far as the edition after asks for them, or may yet."""
        given = FrozenMapping({code: each.column for code, each in built.items()})
        answers = attrs.evolve(self._given.answers, columns=given)
        columns = matched(self._after, answers, "missing").columns
        conditions = self._after.tree.conditions
        found: dict[str, _Now] = {}
        for code in (*(code for code in built if code not in conditions), *self._after.tree.asking):
            failing = [
                self._failing(each, columns[each.criterion], found[each.criterion])
                for each in conditions.get(code, ())
            ]
            closed = np.logical_or.reduce([self._nobody, *failing])
            found[code] = self._now(code, built[code], closed)
        return found

    def _failing(self, condition: Condition, column: Column | None, now: _Now) -> Flags:
        """Return at which units a condition fails whatever is answered again, shape ``(units,)``."""
        answered = column and attrs.evolve(column, unasked=None)
        holding = met(answered, condition, self._after.tokens, len(self._nobody))
        return now.closed | ~(now.again | holding)

    def _now(self, code: str, built: _Built, closed: Flags) -> _Now:
        """
        Return the answers to one question as far as it is asked, or may yet be.

        Args:
            closed: shape ``(units,)``, whom it is certainly not asked.
        """
        states = States.of(built.column, code, self._after)
        blank = states.inapplicable & ~closed
        if self._after.tree.may_be_skipped(code):
            blank = self._nobody
        not_asked = built.unasked & (blank | ~(states.answered | states.inapplicable))
        lost = {
            **built.lost,
            "not-applicable": blank & ~built.unasked,
            "not-asked": not_asked,
        }
        lost = {reason: rows & ~closed for reason, rows in lost.items()}
        surplus = built.had & closed
        gone = (blank | surplus) & (states.answered | states.inapplicable)
        column = without(built.column, gone) if gone.any() else built.column
        return _Now(column, lost, surplus, closed)

    def _line(self, line: Loss, now: _Now) -> Loss:
        """Return what becomes of a question with these answers."""
        again = now.again
        if line.outcome != "asked_again" and not again.any():
            return line
        reasons = [each for each in REASONS if each in now.lost and now.lost[each].any()]
        if not again.any():
            return attrs.evolve(line, reasons=(*line.reasons, "not-asked-now"))
        return attrs.evolve(line, outcome="asked_again", reasons=reasons, units=self._labels(again))

    def _labels(self, rows: Flags) -> tuple[Any, ...]:
        """Return the labels of some units, none for all of them."""
        if rows.all():
            return ()
        return tuple(self._given.answers.label(int(row)) for row in np.flatnonzero(rows))

    def _dropped(self, now: Mapping[str, _Now]) -> Iterator[Loss]:
        """Return the questions whose answers go nowhere, at all units or at some."""
        lines = {each.code: each for each in self._crosswalk.losses.dropped}
        links = {code: link for link in self._crosswalk.links if link.carries for code in link.from_}
        for question in self._before.indicators:
            if question.code in lines:
                yield lines[question.code]
                continue
            link, states = links[question.code], self._states.get(question.code)
            rows = np.logical_and.reduce([now[code].surplus for code in link.to])
            rows = rows & (self._nobody if states is None else states.answered)
            if rows.any():
                yield Loss(
                    question.code,
                    "dropped",
                    link.to,
                    link.relation,
                    reasons=("not-asked-now",),
                    units=self._labels(rows),
                    title=question.title,
                )
