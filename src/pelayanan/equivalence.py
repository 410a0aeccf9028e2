"""
The answer of another scale that is worth the same, exactly.
"""

import itertools
from collections.abc import Iterator
from fractions import Fraction

import attrs

from pelayanan.scales import Scale

__all__ = ["Answer", "answers_worth", "counterparts", "same_answers"]

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


def counterparts(answer: Answer, scale: Scale, other: Scale) -> tuple[Answer, ...]:
    """
    Return the answers of another scale that are worth what an answer is: none, one, or two of several.

    The answer itself comes alone where the other scale knows it, and it is worth the same there.

    Args:
        answer: One of ``scale``.

    Raises:
        AnswerError: The answer is not on its scale.

    >>> three, ten = Scale(low=0, high=3), Scale(of=10, full=5)
    >>> counterparts(Fraction("0.6"), three, ten), counterparts(Fraction(2), three, ten)
    ((Fraction(1, 1),), ())
    """
    share = scale.share(answer)
    if other.fault(answer) is None and other.share(answer) == share:
        return (answer,)
    return answers_worth(other, share)


def answers_worth(scale: Scale, share: Fraction) -> tuple[Answer, ...]:
    """
    Return the answers of a scale that have a share: none, the only one, or two of several.

    Args:
        share: What they are worth as a part of 1 [share].

    >>> answers_worth(Scale(low=0, high=100), Fraction(1, 3))
    (Fraction(100, 3),)
    >>> answers_worth(Scale(of=10, full=5), Fraction(1, 3)), answers_worth(Scale(of=10, full=5), Fraction(1))
    ((), (Fraction(5, 1), Fraction(10, 1)))
    """
    if scale.options and not scale.between:
        return tuple([each.code for each in scale.options if each.share == share][:2])
    found = _on_steps(scale, share) if scale.steps else _on_lines(scale, share)
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


def _on_lines(scale: Scale, share: Fraction) -> Iterator[Fraction]:
    """Return where straight pieces have a share, of a level one both ends."""
    for (low, at_low), (high, at_high) in itertools.pairwise(_points(scale)):
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
