"""
Levels: the real answers of a scale, as steps that somebody could take.
"""

import math
from collections.abc import Iterator
from fractions import Fraction

import attrs

from pelayanan.exact import Exact
from pelayanan.scales import Scale

__all__ = ["FINEST", "Answer", "Level", "best_answer", "levels_of", "next_answer"]

FINEST = 100

Answer = Exact | str


@attrs.frozen
class Level:
    """
    One real answer of a scale, with what it is worth.

    Args:
        answer: An option or a number.
        share: Its worth as a part of 1 [share].
    """

    answer: Answer
    share: Fraction


def levels_of(scale: Scale) -> tuple[Level, ...]:
    """
    Return the real answers of a scale, in its order.

    Options are those with a share; means between them are of many respondents and nobody's answer.
    A count has whole numbers up to the full one, and steps the numbers from which each share holds.
    Ranges and anchors are continuous: of them these are the numbers with as many decimals as their
    ends are printed with, and with fewer where that would be more than 100 steps, besides the
    printed ones themselves.

    >>> [str(level.answer) for level in levels_of(Scale(low=1, high="1.5"))]
    ['1', '1.1', '1.2', '1.3', '1.4', '1.5']
    >>> [str(level.answer) for level in levels_of(Scale(steps=[(0, "3/5"), (66, "4/5"), (81, 1)]))]
    ['0', '66', '81']
    """
    if scale.options or scale.steps:
        return _named(scale)
    printed = [level.answer for level in _named(scale) if isinstance(level.answer, Exact)]
    decimals = 0 if scale.full is not None else max(map(_decimals, printed))
    return tuple(Level(number, scale.share(number)) for number in _numbers(printed, decimals))


def best_answer(scale: Scale) -> Answer:
    """
    Return the first answer of a scale with the highest share.

    >>> best_answer(Scale(anchors=[(5, 1), (30, 0)]))
    Exact('5')
    """
    return next(level.answer for level in _named(scale) if level.share == scale.best)


def next_answer(scale: Scale, share: Fraction) -> Answer | None:
    """
    Return the next better answer of a scale, nothing where there is none.

    That is, of options, the first with the next higher share; of counts and steps, the least
    number with it; and of ranges and anchors, where there is no next one, the best.

    Args:
        share: What the present answer is worth [share].

    >>> next_answer(Scale(of=10, full=5), Fraction(2, 5)), next_answer(Scale(low=1, high=4), Fraction(1, 2))
    (Exact('3'), Exact('4'))
    """
    if share >= scale.best:
        return None
    if scale.full is not None:
        return Exact(share * scale.full // 1 + 1)
    if not scale.options and not scale.steps:
        return best_answer(scale)
    better = [level for level in _named(scale) if level.share > share]
    return min(better, key=lambda level: level.share).answer


def _named(scale: Scale) -> tuple[Level, ...]:
    """Return the answers that a scale itself names, in its order; numbers rise."""
    if scale.options:
        shared = [(each.code, each.share) for each in scale.options if each.share is not None]
        return tuple(Level(code, Fraction(share)) for code, share in shared)
    if scale.steps or scale.anchors:
        return tuple(Level(number, Fraction(share)) for number, share in scale.steps or scale.anchors)
    ends = (scale.low, scale.high) if scale.full is None else (Exact(0), scale.full)
    return tuple(Level(number, scale.share(number)) for number in ends if number is not None)


def _numbers(printed: list[Exact], decimals: int) -> Iterator[Exact]:
    """Return numbers from the first that is printed to the last, rising, all of these among them."""
    low, high = printed[0], printed[-1]
    step = Fraction(10) ** -decimals
    while (high - low) / step > FINEST:
        step *= 10
    grid = range(math.ceil(low / step), math.floor(high / step) + 1)
    known = {Fraction(number): number for number in printed}
    for number in sorted({*known, *(place * step for place in grid)}):
        yield known.get(number) or Exact(number)


def _decimals(number: Exact) -> int:
    """Return with how many decimals a number is printed; a fraction has none."""
    digits = str(number).partition(".")[2]
    return len(digits) if digits.isdigit() else 0
