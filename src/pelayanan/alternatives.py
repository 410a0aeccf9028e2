"""
Alternatives of one unit: its answers as they are, and to what each could be changed.
"""

from collections.abc import Callable, Iterable, Mapping
from fractions import Fraction
from typing import Any

import attrs

from pelayanan.answers import MISSING, NOT_APPLICABLE, Answers, row_given
from pelayanan.bases import Answered
from pelayanan.columns import State
from pelayanan.criterion import Indicator, lineage
from pelayanan.errors import (
    AnswerError,
    KindError,
    NumberError,
    PlanError,
    UnknownError,
    nearest,
    several,
)
from pelayanan.exact import fraction, shown, written
from pelayanan.instrument import Instrument
from pelayanan.levels import Level, levels_of
from pelayanan.matching import matched, missing_share
from pelayanan.scenarios import Choice

__all__ = ["Costs", "Present", "answer_of", "checked_costs", "fixed_codes", "position_of"]

Costs = Mapping[str, Any] | Callable[[str, Any, Any], Any]


def position_of(instrument: Instrument, target: str) -> int:
    """
    Return the index of a zone.

    Raises:
        UnknownError: There is none of that code; the nearest is named.
    """
    codes = [band.code for band in instrument.zones.bands]
    if not isinstance(target, str) or target not in codes:
        hint = nearest(target, codes) or "; it has no zones"
        message = f"{instrument.id} has no zone {shown(target)}{hint}"
        raise UnknownError("unknown-zone", message, instrument=instrument.id, zone=target)
    return codes.index(target)


def fixed_codes(instrument: Instrument, fixed: Iterable[str]) -> tuple[str, ...]:
    """
    Return the indicators that may not change, those below each group that is fixed too.

    Those that decide whether others are asked may not change either: so the same questions are
    asked before and after.

    Raises:
        UnknownError: A code that does not exist.
        PlanError: One text instead of several.
    """
    if isinstance(fixed, str):
        message = f"{instrument.id}: fixed is a list of codes, not the text {shown(fixed)}"
        raise PlanError("fixed", message, fixed=fixed)
    listed = several("fixed", fixed, "codes of criteria")
    named = {instrument[code].code for code in listed}
    asking = {each.criterion for held in instrument.tree.conditions.values() for each in held}
    return tuple(
        each.code
        for each in instrument.indicators
        if each.code in asking or not named.isdisjoint(lineage(each.code))
    )


def checked_costs(instrument: Instrument, by: str, cost: Costs | None) -> str:
    """
    Return by what a plan is smallest; with costs it is ``"cost"``.

    Raises:
        PlanError: Something else than changes, points or cost; a cost without costs, or costs that
            something else contradicts; a cost that is negative or no number.
        UnknownError: A cost of something that is no criterion.
    """
    if by not in ("changes", "points", "cost"):
        message = f"{instrument.id}: expected by = 'changes', 'points' or 'cost', not {shown(by)}"
        raise PlanError("by", message, by=by)
    if cost is None and by == "cost":
        message = f"{instrument.id}: a plan by cost needs costs; say cost= for each indicator that may change"
        raise PlanError("by", message, by=by)
    if cost is not None and by == "points":
        message = f"{instrument.id}: a plan by points has no costs; leave cost out, or say by='cost'"
        raise PlanError("by", message, by=by)
    if cost is not None and not isinstance(cost, Mapping) and not callable(cost):
        raise KindError.of("cost", "costs by code, or a function of code and answers", cost)
    if isinstance(cost, Mapping):
        for code, each in cost.items():
            _amount(instrument, instrument[code].code, each)
    return by if cost is None else "cost"


def _amount(instrument: Instrument, code: str, cost: Any) -> Fraction:
    try:
        found = fraction(cost)
    except NumberError as error:
        message = f"{instrument.id}: the cost of {code!r} is no number: {error}"
        raise PlanError("cost", message, criterion=code, cost=cost) from error
    if found < 0:
        message = f"{instrument.id}: the cost of {code!r} is {written(found)}; a cost is 0 or more"
        raise PlanError("cost", message, criterion=code, cost=found)
    return found


@attrs.frozen(eq=False)
class Present:
    """
    The answers of one unit as they are, and what may become of them.

    Args:
        cells: The answer to each indicator, or its state.
        shares: What each is worth, ``None`` where it is left out; nothing where it is refused that
            it is missing [share].
        fixed: The indicators that may not change.
    """

    instrument: Instrument
    cells: Mapping[str, Any]
    shares: Mapping[str, Fraction | None]
    fixed: tuple[str, ...]

    @classmethod
    def of(cls, instrument: Instrument, answers: Mapping[str, Any], fixed: tuple[str, ...]) -> "Present":
        """
        Return the answers of a unit.

        Raises:
            AnswerError: Answers that cannot be scored, but for missing ones that may change.
            PlanError: A fixed one is missing, and that is refused.
        """
        given = row_given(answers) or dict.fromkeys([each.code for each in instrument.indicators], MISSING)
        basis = Answered(matched(instrument, Answers.from_rows([given]), "missing"))
        cells = {each.code: basis.cell(each.code, 0) for each in instrument.indicators}
        refused = {code for code in cells if _is_refused(instrument, code, cells[code])}
        lacking = [code for code in fixed if code in refused]
        if lacking:
            message = (
                f"{instrument.id}: {lacking[0]!r} may not change and is missing, and missing answers are "
                "refused; give its answer"
            )
            raise PlanError("fixed-missing", message, criterion=lacking[0])
        problems = [each for each in basis.problems(0) if each.code != "missing-answer"]
        if problems:
            raise AnswerError.of(instrument.id, problems)
        cells = {code: _numbered(instrument.tree.indicator(code), cell) for code, cell in cells.items()}
        shares = {
            code: _share(instrument.tree.indicator(code), cell, instrument) for code, cell in cells.items()
        }
        return cls(instrument, cells, shares, fixed)

    @property
    def refused(self) -> bool:
        """Whether the unit has no score, as an answer is missing and that is refused."""
        return any(_is_refused(self.instrument, code, cell) for code, cell in self.cells.items())

    def free(self, target: int) -> list[Indicator]:
        """
        Return the indicators that may change and could help to reach a zone.
        """
        needed = {
            code
            for band in self.instrument.zones.bands[target:]
            for each in band.requires
            for code in self.instrument.about(each)
        }
        return [
            each
            for each in self.instrument.indicators
            if each.code not in self.fixed
            and self.cells[each.code] is not NOT_APPLICABLE
            and (each.scored or each.code in needed)
        ]

    def left_out(self, indicator: Indicator) -> bool:
        """
        Return whether an indicator is left out as it is missing, so that the others weigh more.
        """
        missing = self.cells[indicator.code] is MISSING
        return missing and indicator.scored and self.instrument.tree.policy(indicator.code) == "exclude"

    def choices(
        self, free: Iterable[Indicator], answered: Iterable[str], cost: Costs | None
    ) -> tuple[Choice, ...]:
        """
        Return what may change, and to what.

        Args:
            answered: Those of the ones that are left out that are to be answered; the others
                stay left out.
            cost: As for a plan; without, each change costs 1.
        """
        found = []
        for each in free:
            forced = each.code in answered or _is_refused(self.instrument, each.code, self.cells[each.code])
            if self.left_out(each) and not forced:
                continue
            priced = self._priced(each, cost)
            if priced:
                levels, costs = zip(*priced, strict=True)
                found.append(Choice(each.code, levels, costs, forced))
        return tuple(found)

    def _priced(self, each: Indicator, cost: Costs | None) -> list[tuple[Level, Fraction]]:
        """Return the better answers, rising; of those worth the same the cheapest, then the nearest."""
        cell, now = self.cells[each.code], self.shares[each.code]
        better = [
            level
            for level in levels_of(each.scale)
            if now is None or level.share > now or (cell is MISSING and level.share == now)
        ]
        found: dict[Fraction, tuple[Level, Fraction]] = {}
        for level in sorted(better, key=lambda level: (level.share, _distance(cell, level.answer))):
            price = self._price(each.code, level, cost)
            if level.share not in found or price < found[level.share][1]:
                found[level.share] = (level, price)
        return list(found.values())

    def _price(self, code: str, level: Level, cost: Costs | None) -> Fraction:
        if cost is None:
            return Fraction(1)
        if callable(cost):
            return _amount(self.instrument, code, cost(code, answer_of(self.cells[code]), level.answer))
        named = next((each for each in lineage(code) if each in cost), None)
        if named is None:
            message = f"{self.instrument.id}: there is no cost of {code!r}; name one, or fix the answer"
            raise PlanError("cost", message, criterion=code)
        return _amount(self.instrument, code, cost[named])


def _numbered(each: Indicator, cell: Any) -> Any:
    """Return the number that a text means on a scale of numbers, else the answer as it is."""
    numeric = each.scale.between or not each.scale.options
    return fraction(cell) if numeric and isinstance(cell, str) else cell


def answer_of(cell: Any) -> Any:
    """
    Return an answer, nothing for one that is missing.
    """
    return None if isinstance(cell, State) else cell


def _distance(cell: Any, answer: Fraction | str) -> Fraction:
    both = isinstance(cell, Fraction) and isinstance(answer, Fraction)
    return abs(Fraction(cell) - Fraction(answer)) if both else Fraction(0)


def _is_refused(instrument: Instrument, code: str, cell: Any) -> bool:
    criteria = instrument.tree
    needed = criteria.indicator(code).scored or code in criteria.asked_about
    return cell is MISSING and needed and criteria.policy(code) == "refuse"


def _share(each: Indicator, cell: Any, instrument: Instrument) -> Fraction | None:
    """Return what an answer is worth; a missing one as its policy says, and 0 where it is refused."""
    if not isinstance(cell, State):
        return each.scale.share(cell)
    if cell is NOT_APPLICABLE or not each.scored:
        return None
    refused = instrument.tree.policy(each.code) == "refuse"
    return Fraction(0) if refused else missing_share(instrument.tree, each.code)
