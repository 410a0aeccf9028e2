"""
Sample answers to an instrument: the worst, the best, and those between.
"""

from collections.abc import Callable, Mapping
from fractions import Fraction
from functools import cached_property
from itertools import pairwise
from random import Random
from typing import Any

import attrs

from pelayanan.answers import MISSING, NOT_APPLICABLE
from pelayanan.columns import state_or_value
from pelayanan.conditions import Condition
from pelayanan.criterion import ROOT
from pelayanan.instrument import Instrument
from pelayanan.scales import Scale

__all__ = ["Answer", "Pick", "Samples", "highest", "ladder", "lowest"]

Answer = Fraction | str
Pick = Callable[[str, tuple[Answer, ...]], Any]


def ladder(scale: Scale) -> tuple[Answer, ...]:
    """
    Return valid answers to a scale from the worst to the best: all options, or ends and middles.

    >>> ladder(Scale(low=1, high=4))
    (Fraction(1, 1), Fraction(5, 2), Fraction(4, 1))
    >>> ladder(Scale(anchors=[(5, 1), (30, 0)]))
    (Fraction(30, 1), Fraction(35, 2), Fraction(5, 1))
    """
    found: list[Answer]
    if scale.options and not scale.between:
        found = [option.code for option in scale.options if option.share is not None]
    elif scale.steps:
        found = [Fraction(start) for start, _ in scale.steps]
    elif scale.of is not None and scale.full is not None:
        found = [Fraction(each) for each in sorted({0, int(scale.full) // 2, int(scale.full), int(scale.of)})]
    else:
        ends = _ends(scale)
        found = [*map(Fraction, ends), *((low + high) / 2 for low, high in pairwise(ends))]
    return tuple(sorted(found, key=scale.share))


def _ends(scale: Scale) -> list[Fraction]:
    """Return where the straight pieces of a scale begin and end, rising."""
    if scale.between:
        return sorted(option.number for option in scale.options if option.number is not None)
    if scale.anchors:
        return [Fraction(answer) for answer, _ in scale.anchors]
    low, high = scale.ends
    return [low, low if high is None else high]


def lowest(code: str, rungs: tuple[Answer, ...]) -> Answer:
    """
    Return the worst of the answers.

    >>> lowest("a", ("tidak", "ada"))
    'tidak'
    """
    return rungs[0]


def highest(code: str, rungs: tuple[Answer, ...]) -> Answer:
    """
    Return the best of the answers.

    >>> highest("a", ("tidak", "ada"))
    'ada'
    """
    return rungs[-1]


@attrs.frozen(slots=False, eq=False)
class Samples:
    """
    Units that answer an instrument in ways that one chooses.

    >>> import pelayanan
    >>> made = Samples(pelayanan.load("ombudsman-2024").pruned(depth=1))
    >>> made.total(made.unit(lowest)), made.total(made.unit(highest))
    (Fraction(0, 1), Fraction(100, 1))
    """

    instrument: Instrument

    @cached_property
    def ladders(self) -> dict[str, tuple[Answer, ...]]:
        """The answers to each question, from the worst to the best."""
        return {each.code: ladder(each.scale) for each in self.instrument.indicators}

    def wanted(self, code: str) -> dict[str, Answer] | None:
        """
        Return the answers elsewhere with which a question is asked, ``None`` where it never is.
        """
        held: dict[str, list[Condition]] = {}
        waiting = [code]
        while waiting:
            for condition in self.instrument.tree.conditions.get(waiting.pop(), ()):
                if condition.criterion not in held:
                    waiting.append(condition.criterion)
                held.setdefault(condition.criterion, []).append(condition)
        found: dict[str, Answer] = {}
        for about, (first, *others) in held.items():
            answers = [state_or_value(each) for each in first.is_]
            fitting = [each for each in answers if all(other.holds(each) for other in others)]
            if not fitting:
                return None
            found[about] = fitting[0]
        return found

    def unit(self, pick: Pick, fixed: Mapping[str, Answer] | None = None) -> dict[str, Any]:
        """
        Return the answers of one unit; what is not asked is not applicable.

        Args:
            pick: What is answered, of the answers from the worst to the best.
            fixed: Answers that are given in any case.
        """
        tree, given = self.instrument.tree, fixed or {}
        found: dict[str, Any] = {}
        always = [code for code in self.ladders if code not in tree.conditions]
        for code in (*always, *tree.asking):
            conditions = tree.conditions.get(code, ())
            if not all(each.holds(state_or_value(found[each.criterion])) for each in conditions):
                found[code] = NOT_APPLICABLE
            else:
                found[code] = given[code] if code in given else pick(code, self.ladders[code])
        return {code: found[code] for code in self.ladders}

    def units(self, count: int) -> list[dict[str, Any]]:
        """
        Return the answers of some units, always the same ones, some missing where that is not refused.
        """
        random, tree = Random(self.instrument.id), self.instrument.tree

        def pick(code: str, rungs: tuple[Answer, ...]) -> Any:
            spare = [MISSING] * (tree.policy(code) != "refuse") + [NOT_APPLICABLE] * tree.may_be_skipped(code)
            return random.choice([*rungs, *spare])

        return [self.unit(pick) for _ in range(count)]

    def picks(self, count: int) -> list[Pick]:
        """
        Return what picks the worst, the best, and the answers of some units, none missing.
        """
        random = Random(self.instrument.id)
        chosen = [{code: random.choice(rungs) for code, rungs in self.ladders.items()} for _ in range(count)]
        return [lowest, highest, *(_picking(each) for each in chosen)]

    def total(self, answers: Mapping[str, Any]) -> Fraction | None:
        """
        Return the exact total of answers of which none is missing, ``None`` without a score [points].
        """
        tree = self.instrument.tree
        shares = {
            code: None if answers[code] is NOT_APPLICABLE else tree.indicator(code).scale.share(answers[code])
            for code in tree.leaves[ROOT]
        }
        share = tree.shares(shares)[ROOT]
        return None if share is None else self.instrument.maximum * share


def _picking(chosen: Mapping[str, Answer]) -> Pick:
    return lambda code, rungs: chosen[code]
