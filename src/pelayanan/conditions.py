"""
Conditions: a question that is asked only where another was answered in a certain way.
"""

from collections.abc import Iterable
from fractions import Fraction
from typing import Any

import attrs

from pelayanan.errors import InstrumentError, Problem, a_text, members_of
from pelayanan.exact import Exact, number_in, written
from pelayanan.value import Value

__all__ = ["Condition", "as_conditions"]


def _answers(value: Any) -> tuple[str | Exact, ...]:
    listed = value if isinstance(value, tuple | list) else [value]
    return tuple(Exact(each) if _is_number(each) else each.strip() for each in listed)


def _is_number(answer: Any) -> bool:
    return not isinstance(answer, str) or number_in(answer) is not None


@attrs.frozen(repr=False)
class Condition(Value):
    """
    That an indicator has one of certain answers.

    Args:
        criterion: The indicator.
        is_: The answers, options or numbers, one or several; texts of numbers are numbers.

    Raises:
        InstrumentError: No answer.

    >>> counter = Condition("loket", ["ada", "sebagian"])
    >>> counter, counter.holds("sebagian"), counter.holds("tidak")
    (Condition('loket' is 'ada' or 'sebagian'), True, False)
    """

    criterion: str = attrs.field(validator=a_text)
    is_: tuple[str | Exact, ...] = attrs.field(converter=_answers)

    def __attrs_post_init__(self) -> None:
        if not self.is_:
            message = "a condition names at least one answer with which the question is asked"
            raise InstrumentError.of("condition", [Problem("condition", message, "is")])

    def __repr__(self) -> str:
        return f"Condition({self})"

    def __str__(self) -> str:
        words = [repr(each) if isinstance(each, str) else written(each) for each in self.is_]
        return f"{self.criterion!r} is {' or '.join(words)}"

    def holds(self, answer: object) -> bool:
        """
        Return whether an answer is among those; texts of numbers are these numbers.

        Args:
            answer: A number or a text; a state is none of them.

        >>> Condition("loket", 1).holds("1.0"), Condition("loket", 1).holds(Fraction(1, 2))
        (True, False)
        """
        if isinstance(answer, str):
            number = number_in(answer)
            return (answer.strip() if number is None else number) in self.is_
        return isinstance(answer, Fraction) and answer in self.is_


def as_conditions(value: "Condition | Iterable[Condition] | None") -> tuple[Condition, ...]:
    """
    Return one condition, several, or none as a tuple.

    Raises:
        KindError: Something else.
    """
    given: Any = () if value is None else value
    return members_of("asked_if", [given] if isinstance(given, Condition) else given, Condition, "Conditions")
