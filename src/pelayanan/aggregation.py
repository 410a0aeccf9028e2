"""
Rules that combine the shares of a group, as a numpy kernel and as an exact twin.

Linear rules are ``factor x sum(weight x share)``, which `tree` computes; each other one has
a kernel of its own here. Kernels work on whole numbers that floats hold exactly.
"""

import math
from bisect import bisect_right
from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from functools import reduce
from typing import Any

import attrs
import numpy as np
import numpy.typing as npt

from pelayanan.errors import InstrumentError, KindError, Problem, a_flag, a_text
from pelayanan.exact import shown

__all__ = [
    "ALL_OR_NOTHING",
    "LONGEST",
    "RULES",
    "STEP",
    "WEAKEST_LINK",
    "WEAKEST_LINK_PLUS",
    "WEIGHTED_MEAN",
    "WEIGHTED_SUM",
    "Members",
    "Rule",
    "Terms",
    "all_or_nothing",
    "step",
    "weakest_link",
    "weakest_link_plus",
    "weighted_mean",
    "weighted_sum",
]

LONGEST = 2.0**52

Share = Fraction | None
Table = Mapping[int, Sequence[tuple[Fraction, Fraction]]]
Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]


def weighted_mean(shares: Sequence[Share], weights: Sequence[Fraction]) -> Share:
    """
    Return the sum of weight x share over the sum of the weights of those answered.

    Nothing answered gives ``None``.

    >>> weighted_mean([Fraction(1), Fraction(0), None], [Fraction(1), Fraction(2), Fraction(5)])
    Fraction(1, 3)
    """
    answered = [(share, weight) for share, weight in zip(shares, weights, strict=True) if share is not None]
    if not answered:
        return None
    return sum((share * weight for share, weight in answered), Fraction(0)) / sum(
        weight for _, weight in answered
    )


def weighted_sum(
    shares: Sequence[Share], weights: Sequence[Fraction], *, whole: Fraction, rescale: bool
) -> Share:
    """
    Return the sum of weight / whole x share, not normalised.

    Nothing answered gives ``None``. With ``rescale`` the others carry the weight of what
    is left out, up to the sum of all printed weights.

    >>> weighted_sum([Fraction(1), None], [Fraction("0.4"), Fraction("0.5")], whole=Fraction(1), rescale=True)
    Fraction(9, 10)
    """
    if rescale:
        mean = weighted_mean(shares, weights)
        return None if mean is None else mean * sum(weights, Fraction(0)) / whole
    if all(share is None for share in shares):
        return None
    pairs = zip(shares, weights, strict=True)
    return sum((share * weight for share, weight in pairs if share is not None), Fraction(0)) / whole


def weakest_link(shares: Sequence[Share]) -> Share:
    """
    Return the lowest share of those answered; a 0 anywhere gives 0.

    Nothing answered gives ``None``.

    >>> weakest_link([Fraction(3, 4), Fraction(1, 4), None])
    Fraction(1, 4)
    """
    return min((share for share in shares if share is not None), default=None)


def weakest_link_plus(shares: Sequence[Share], *, plus: Fraction) -> Share:
    """
    Return the lowest share, and ``plus`` more where another is higher, up to the highest.

    Nothing answered gives ``None``. PEFA's method M1 is this with half a letter: on shares
    of quarters, D and A give D+.

    >>> weakest_link_plus([Fraction(1, 4), Fraction(1)], plus=Fraction(1, 8))
    Fraction(3, 8)
    """
    answered = [share for share in shares if share is not None]
    return min(min(answered) + plus, max(answered)) if answered else None


def step(shares: Sequence[Share], weights: Sequence[Fraction], *, steps: Table) -> Share:
    """
    Return the share that a table gives to the sum of weight x share of those answered.

    Nothing answered gives ``None``. PEFA's method M2 is this: A to D are 4 to 1 points, and
    the sum of two, three or four has its own table.

    Args:
        steps: By the number of those answered: from which sum on there is which share,
            in rising order. The first sum is the lowest that there can be.

    >>> of_one = [(Fraction(1), Fraction(1, 4)), (Fraction(3), Fraction(3, 4))]
    >>> step([Fraction(1), None], [Fraction(4)] * 2, steps={1: of_one})
    Fraction(3, 4)
    """
    answered = [share * weight for share, weight in zip(shares, weights, strict=True) if share is not None]
    if not answered:
        return None
    rows = steps[len(answered)]
    return rows[max(bisect_right([start for start, _ in rows], sum(answered)) - 1, 0)][1]


def all_or_nothing(shares: Sequence[Share]) -> Share:
    """
    Return 1 where every share answered is 1, else 0.

    Nothing answered gives ``None``.

    >>> all_or_nothing([Fraction(1), None]), all_or_nothing([Fraction(1), Fraction(9, 10)])
    (Fraction(1, 1), Fraction(0, 1))
    """
    answered = [share for share in shares if share is not None]
    return Fraction(min(answered) >= 1) if answered else None


@attrs.frozen
class Terms:
    """
    What a rule takes besides shares and weights.

    Args:
        whole: What the weights are parts of (weighted sum).
        rescale: Whether the others carry the weight of what is left out (weighted sum).
        plus: What is added to the lowest share (weakest link with plus).
        steps: From which sum on there is which share, by the number answered (step).
    """

    whole: Fraction = Fraction(1)
    rescale: bool = False
    plus: Fraction = Fraction(0)
    steps: Table = attrs.field(factory=dict)


@attrs.frozen(eq=False, repr=False)
class Members:
    """
    The shares of the members of a group for many units, in whole numbers.

    Args:
        steps: shape ``(members, units)``, each share in parts of ``common``; 0 where there
            is none.
        common: What the shares of a unit are parts of, shape ``(units,)`` or one for all; of the
            shape ``(n, 1)`` for what a rule that jumps gives with each of these.
        there: shape ``(members, units)``, which have a share; nothing where all have.
    """

    steps: Floats
    common: Floats | float
    there: Flags | None

    @property
    def count(self) -> npt.NDArray[np.intp]:
        """How many members of each unit have a share, shape ``(units,)``."""
        members, units = self.steps.shape
        if self.there is None:
            return np.full(units, members)
        found = np.add.reduce(self.there, axis=0, dtype=np.uint8 if members < 256 else np.intp)
        return np.asarray(found.astype(np.intp))

    @property
    def lowest(self) -> Floats:
        """The lowest share of each unit, shape ``(units,)``; infinite where there is none."""
        if self.there is None:
            return np.asarray(np.minimum.reduce(self.steps, axis=0))
        rows = (np.where(there, steps, np.inf) for there, steps in zip(self.there, self.steps, strict=True))
        return reduce(np.minimum, rows)

    @property
    def highest(self) -> Floats:
        """The highest share of each unit, shape ``(units,)``."""
        return np.asarray(np.maximum.reduce(self.steps, axis=0))


Exactly = Callable[[Sequence[Share], Sequence[Fraction], Terms], Share]
Linear = Callable[[Sequence[Fraction], Terms], tuple[Fraction, bool]]
Ratio = tuple[Floats, Floats | float]
Combine = Callable[[Members], Ratio]
Kernel = Callable[[Sequence[Fraction], Terms], Combine]


def _check_function(_: object, field: "attrs.Attribute[Any]", given: object) -> None:
    if not callable(given):
        raise KindError.of(field.name, "a function", given)


@attrs.frozen
class Rule:
    """
    One way of combining the shares of a group.

    A rule of one's own needs a name, its exact twin and a version; it must not give more
    when a share falls, and nothing outside 0 to the highest share or 1.

    Args:
        name: As it stands in a file.
        exact: The twin: shares (``None`` for not answered) and weights to a share.
        version: Of a rule of one's own; it is a part of the fingerprint.
        weighs: Whether weights count.
        of_whole: Whether the weights are parts of a stated whole.
        linear: The rule as ``factor x sum(weight x share)``, divided by the sum of the
            weights of those answered where the second value is true.
        kernel: A rule that is not linear, for many units: what gives, with these weights and
            terms, numerators and denominators, which hold as long as they are below `LONGEST`.
            Without one the twin is asked once for each combination of shares.
        table: A rule with a kernel that gives what a table says of the sum of weight x share: the
            table.
        jumps: Whether the share can rise at a stroke while those of the members hardly do; ``None``
            where that is not known, and floats tell nothing of it.
    """

    name: str = attrs.field(validator=a_text)
    exact: Exactly = attrs.field(validator=_check_function)
    version: str = attrs.field(default="", validator=a_text)
    weighs: bool = attrs.field(default=True, validator=a_flag)
    of_whole: bool = attrs.field(default=False, validator=a_flag)
    linear: Linear | None = attrs.field(default=None, validator=attrs.validators.optional(_check_function))
    kernel: Kernel | None = attrs.field(default=None, validator=attrs.validators.optional(_check_function))
    table: Callable[[Terms], Table] | None = attrs.field(
        default=None, validator=attrs.validators.optional(_check_function)
    )
    jumps: bool | None = attrs.field(default=None, validator=attrs.validators.optional(a_flag))

    def share(self, shares: Sequence[Share], weights: Sequence[Fraction], terms: Terms) -> Share:
        """
        Return the share of a group by the exact twin.

        Raises:
            InstrumentError: A rule of one's own gives what is no share: not a fraction, a
                share where nothing is answered or none where something is, or one outside 0
                to the highest share or 1.
        """
        found = self.exact(shares, weights, terms)
        if not self.version:
            return found
        answered = [share for share in shares if share is not None]
        fraction = isinstance(found, Fraction) and 0 <= found <= max([Fraction(1), *answered])
        if fraction if answered else found is None:
            return found
        expected = "a fraction from 0 to 1" if answered else "None, as nothing is answered"
        message = f"the rule {self.name!r} gives {shown(found)}, expected {expected}"
        raise InstrumentError.of(f"rule {self.name!r}", [Problem("rule", message, "exact")])


def _mean_exact(shares: Sequence[Share], weights: Sequence[Fraction], terms: Terms) -> Share:
    return weighted_mean(shares, weights)


def _sum_exact(shares: Sequence[Share], weights: Sequence[Fraction], terms: Terms) -> Share:
    return weighted_sum(shares, weights, whole=terms.whole, rescale=terms.rescale)


def _weakest_exact(shares: Sequence[Share], weights: Sequence[Fraction], terms: Terms) -> Share:
    return weakest_link(shares)


def _plus_exact(shares: Sequence[Share], weights: Sequence[Fraction], terms: Terms) -> Share:
    return weakest_link_plus(shares, plus=terms.plus)


def _step_exact(shares: Sequence[Share], weights: Sequence[Fraction], terms: Terms) -> Share:
    return step(shares, weights, steps=terms.steps)


def _all_exact(shares: Sequence[Share], weights: Sequence[Fraction], terms: Terms) -> Share:
    return all_or_nothing(shares)


def _mean_linear(weights: Sequence[Fraction], terms: Terms) -> tuple[Fraction, bool]:
    return Fraction(1), True


def _sum_linear(weights: Sequence[Fraction], terms: Terms) -> tuple[Fraction, bool]:
    if terms.rescale:
        return sum(weights, Fraction(0)) / terms.whole, True
    return 1 / terms.whole, False


def _weakest_kernel(weights: Sequence[Fraction], terms: Terms) -> Combine:
    return lambda members: (members.lowest, members.common)


def _plus_kernel(weights: Sequence[Fraction], terms: Terms) -> Combine:
    above, below = float(terms.plus.numerator), float(terms.plus.denominator)

    def combine(members: Members) -> Ratio:
        raised = members.lowest * below + members.common * above
        return np.minimum(raised, members.highest * below), members.common * below

    return combine


def _step_kernel(weights: Sequence[Fraction], terms: Terms) -> Combine:
    unit = math.lcm(*(weight.denominator for weight in weights))
    wholes = np.array([_in_parts(weight, unit) for weight in weights])
    below = math.lcm(*(share.denominator for rows in terms.steps.values() for _, share in rows))
    tables = {number: _Steps.of(rows, below) for number, rows in terms.steps.items()}
    all_here = tables.pop(len(weights))

    def combine(members: Members) -> Ratio:
        sums, whole = wholes @ members.steps, np.asarray(members.common * float(unit))
        found = all_here.passed(sums, whole)
        if members.there is not None:
            counts = members.count
            for number, steps in tables.items():
                here = np.flatnonzero(counts == number)
                if len(here):
                    some = whole[here] if whole.shape == sums.shape else whole
                    found[..., here] = steps.passed(sums[here], some)
        return found, float(below)

    return combine


def _steps_of(terms: Terms) -> Table:
    return terms.steps


def _in_parts(number: Fraction, unit: int) -> float:
    """Return a number in parts of a unit that its denominator divides."""
    return float(number.numerator * (unit // number.denominator))


@attrs.frozen(eq=False, repr=False)
class _Steps:
    """
    A table of steps.

    Args:
        starts: From which sums on the next share counts, as numerators and denominators.
        shares: shape ``(starts + 1,)``, the shares in parts of a denominator.
        longest: The longest number of the starts.
    """

    starts: list[tuple[float, float]]
    shares: Floats
    longest: float

    @classmethod
    def of(cls, rows: Sequence[tuple[Fraction, Fraction]], parts: int) -> "_Steps":
        """Return the table, its shares in parts of a denominator."""
        starts = [(float(start.numerator), float(start.denominator)) for start, _ in rows[1:]]
        shares = np.array([_in_parts(share, parts) for _, share in rows])
        return cls(starts, shares, max((max(pair) for pair in starts), default=1.0))

    def passed(self, sums: Floats, whole: Floats) -> Floats:
        """Return the shares of sums in parts of the whole; infinite where numbers are too long."""
        shape = np.broadcast(sums, whole).shape
        passed = np.zeros(shape, dtype=np.uint8 if len(self.starts) < 256 else np.intp)
        for above, below in self.starts:
            passed += (sums >= whole * above / below).view(np.uint8)
        found = self.shares.take(passed)
        if not max(whole.max() * self.longest, sums.max()) < LONGEST:
            short = np.maximum(whole * self.longest, sums) < LONGEST
            found[np.broadcast_to(~short, shape)] = np.inf
        return found


def _all_kernel(weights: Sequence[Fraction], terms: Terms) -> Combine:
    return lambda members: ((members.lowest >= members.common).astype(np.float64), 1.0)


WEIGHTED_MEAN = Rule(
    "weighted_mean",
    exact=_mean_exact,
    linear=_mean_linear,
)
WEIGHTED_SUM = Rule(
    "weighted_sum",
    exact=_sum_exact,
    of_whole=True,
    linear=_sum_linear,
)
WEAKEST_LINK = Rule(
    "weakest_link",
    exact=_weakest_exact,
    weighs=False,
    kernel=_weakest_kernel,
    jumps=False,
)
WEAKEST_LINK_PLUS = Rule(
    "weakest_link_plus",
    exact=_plus_exact,
    weighs=False,
    kernel=_plus_kernel,
    jumps=False,
)
STEP = Rule(
    "step",
    exact=_step_exact,
    kernel=_step_kernel,
    table=_steps_of,
    jumps=True,
)
ALL_OR_NOTHING = Rule(
    "all_or_nothing",
    exact=_all_exact,
    weighs=False,
    kernel=_all_kernel,
    jumps=True,
)
RULES = {
    rule.name: rule
    for rule in (WEIGHTED_MEAN, WEIGHTED_SUM, WEAKEST_LINK, WEAKEST_LINK_PLUS, STEP, ALL_OR_NOTHING)
}
