"""
The answer of another scale that is worth the same, exactly.
"""

import itertools
from collections.abc import Iterator
from fractions import Fraction

import attrs

from pelayanan.scales import Scale

__all__ = ["Answer", "Counterparts", "Worth", "same_answers"]

Answer = Fraction | str
Point = tuple[Fraction, Fraction]


def same_answers(scale: Scale, other: Scale) -> bool:
    """
    Return whether two scales have the same answers, each worth the same, whatever they are called.

    >>> same_answers(Scale(low=1, high=5, code="proses"), Scale(low=1, high="5.0"))
    True
    """
    return _answered(scale) == _answered(other)


def _answered(scale: Scale) -> Scale:
    options = sorted((attrs.evolve(each, label={}) for each in scale.options), key=lambda each: each.code)
    return attrs.evolve(scale, code="", options=options, source=(), standing={}, disputed="")


class Counterparts:
    """
    The answers of another scale that are worth what the answers of a scale are.

    Each answer is looked for once.

    Args:
        scale: The one on which answers are given.
        other: The one on which they are to be.

    >>> from_three_to_ten = Counterparts(Scale(low=0, high=3), Scale(of=10, full=5))
    >>> from_three_to_ten(Fraction("0.6")), from_three_to_ten(Fraction(2))
    ((Fraction(1, 1),), ())
    """

    def __init__(self, scale: Scale, other: Scale) -> None:
        self._scale, self._other = scale, other
        self._worth = Worth(other)
        self._found: dict[Answer, tuple[Answer, ...]] = {}

    def __call__(self, answer: Answer) -> tuple[Answer, ...]:
        """
        Return them: none, one, or two of several.

        The answer itself comes alone where the other scale knows it, and it is worth the same there.

        Raises:
            AnswerError: The answer is not on its scale.
        """
        found = self._found.get(answer)
        if found is None:
            share = self._scale.share(answer)
            stands = self._other.fault(answer) is None and self._other.share(answer) == share
            found = self._found[answer] = (answer,) if stands else self._worth(share)
        return found


class Worth:
    """
    The answers of a scale by their share.

    >>> Worth(Scale(low=0, high=100))(Fraction(1, 3))
    (Fraction(100, 3),)
    >>> of_ten = Worth(Scale(of=10, full=5))
    >>> of_ten(Fraction(1, 3)), of_ten(Fraction(1))
    ((), (Fraction(5, 1), Fraction(10, 1)))
    """

    def __init__(self, scale: Scale) -> None:
        self._scale = scale
        self._listed = bool(scale.options) and not scale.between
        self._points = [] if self._listed or scale.steps else _points(scale)

    def __call__(self, share: Fraction) -> tuple[Answer, ...]:
        """
        Return the answers that have a share: none, the only one, or two of several.

        Args:
            share: What they are worth as a part of 1 [share].
        """
        scale = self._scale
        if self._listed:
            return tuple([each.code for each in scale.options if each.share == share][:2])
        found = _on_steps(scale, share) if scale.steps else _on_lines(self._points, share)
        whole = scale.of is not None
        numbers = dict.fromkeys(each for each in found if not whole or each.denominator == 1)
        return tuple(itertools.islice(numbers, 2))


def _on_steps(scale: Scale, share: Fraction) -> Iterator[Fraction]:
    """Return the number from which each such step holds, and one within it."""
    starts = [Fraction(start) for start, _ in scale.steps]
    for (_, worth), start, end in zip(scale.steps, starts, [*starts[1:], starts[-1] + 2], strict=True):
        if worth == share:
            yield start
            yield (start + end) / 2


def _on_lines(points: list[Point], share: Fraction) -> Iterator[Fraction]:
    """Return where straight pieces have a share, of a level one both ends."""
    for (low, at_low), (high, at_high) in itertools.pairwise(points):
        if at_low == at_high == share:
            yield low
            yield high
        elif at_low != at_high and min(at_low, at_high) <= share <= max(at_low, at_high):
            yield low + (share - at_low) * (high - low) / (at_high - at_low)


def _points(scale: Scale) -> list[Point]:
    """Return the answers between which the share is linear, rising, with their shares."""
    if scale.options:
        numbers = [each.number for each in scale.options if each.number is not None]
    elif scale.anchors:
        numbers = [Fraction(number) for number, _ in scale.anchors]
    elif scale.full is not None and scale.of is not None:
        numbers = [Fraction(0), Fraction(scale.full), Fraction(scale.of)]
    else:
        numbers = [end for end in scale.ends if end is not None]
    return [(number, scale.share(number)) for number in sorted({*numbers})]
