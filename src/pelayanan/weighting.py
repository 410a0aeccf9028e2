"""
Printed weights become exact parts of their group.
"""

import math
from collections.abc import Sequence
from fractions import Fraction

import attrs

from pelayanan.errors import Problem, a_text
from pelayanan.exact import Exact, exact_or_none, written
from pelayanan.value import Value

__all__ = ["Weights", "resolved"]

_LARGEST_DENOMINATOR = 10**30


@attrs.frozen
class Weights(Value):
    """
    What a group declares of the weights of its members.

    Args:
        whole: What the printed weights are parts of; absent weights share what is left.
        over: ``"members"``, or ``"leaves"`` where the weights are printed at the
            indicators below and groups between carry none.
        equal: The source that says that all weights are equal.
        sum: What the printed weights add up to, where that is not the whole (0.999).
    """

    whole: Exact | None = attrs.field(default=None, converter=exact_or_none)
    over: str = attrs.field(default="members", validator=a_text)
    equal: str = attrs.field(default="", validator=a_text)
    sum: Exact | None = attrs.field(default=None, converter=exact_or_none)


def resolved(
    printed: Sequence[Fraction | None], weights: Weights, *, of_whole: bool, place: str
) -> tuple[tuple[Fraction, ...], list[Problem]]:
    """
    Return the weight of every member in the unit of the print, and what is wrong with them.

    Args:
        printed: The weights as printed, ``None`` where there is none.
        of_whole: Whether the rule takes weights as parts of the whole, which must
            then be stated (weighted sum).
        place: Where the group stands, for the problems.

    >>> resolved([Fraction("12.22"), None, None], Weights(whole=100), of_whole=False, place="d")[0]
    (Fraction(611, 50), Fraction(4389, 100), Fraction(4389, 100))
    """
    whole, declared = weights.whole, weights.sum
    given = [weight for weight in printed if weight is not None]
    absent = len(printed) - len(given)
    total = sum(given, Fraction(0))
    here = f"{place}.weights"
    problems = []

    def problem(code: str, message: str) -> None:
        problems.append(Problem(code, message, here))

    none = tuple(Fraction(1) for _ in printed)
    if any(weight <= 0 for weight in given):
        return none, []
    if whole is not None and whole <= 0:
        return none, [Problem("weights-whole", f"the whole must be greater than 0, not {whole}", here)]
    if of_whole and whole is None:
        problem("weights-whole", "a weighted sum needs weights.whole: what are the weights parts of?")
    elif given and absent and whole is None:
        message = f"{absent} of {len(printed)} weights are absent; state weights.whole to share the rest"
        problem("weights-whole", message)
    elif absent and given and whole is not None and total >= whole:
        message = f"the printed weights add up to {written(total)}, which leaves nothing of {whole} "
        problem("weights-sum", message + f"for the {absent} absent")
    if declared is not None and absent:
        problem("weights-sum", "weights.sum is stated, but not every weight is printed")
    elif declared is not None and total != declared:
        problem("weights-sum", f"the weights add up to {written(total)}, not to the stated {declared}")
    elif declared is None and whole is not None and not absent:
        if of_whole and total > whole:
            message = f"the weights add up to {written(total)}, more than the whole of {whole}"
            problem("weights-sum", message + "; state weights.sum if it was printed so")
        elif not of_whole and total != whole:
            problem("weights-sum", f"the weights add up to {written(total)}, not to the whole of {whole}")
    if problems:
        return none, problems
    left = ((whole or Fraction(1)) - total) / absent if absent else Fraction(0)
    parts = tuple(left if weight is None else Fraction(weight) for weight in printed)
    if math.lcm(*(part.denominator for part in parts)) > _LARGEST_DENOMINATOR:
        problem("weights-denominator", "the common denominator of the weights has more than 30 digits")
    return parts, problems
