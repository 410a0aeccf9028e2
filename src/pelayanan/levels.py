"""
Levels: the real answers of a scale, as steps that somebody could take.
"""

import math
from collections.abc import Iterator
from fractions import Fraction

import attrs

from pelayanan.exact import Exact
from pelayanan.scales import Scale

__all__ = ["FINEST", "Level", "levels_of"]

FINEST = 100


@attrs.frozen
class Level:
    """
    One real answer of a scale, with what it is worth.

    Args:
        answer: An option or a number.
        share: Its worth as a part of 1 [share].
    """

    answer: Fraction | str
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
    if scale.options:
        return tuple(
            Level(each.code, Fraction(each.share)) for each in scale.options if each.share is not None
        )
    return tuple(Level(number, scale.share(number)) for number in _numbers(scale))


def _numbers(scale: Scale) -> Iterator[Exact]:
    """Return the real numbers of a numeric scale, rising."""
    if scale.steps:
        printed = [start for start, _ in scale.steps]
        yield from printed
        return
    if scale.full is not None:
        printed = [Exact(0), scale.full]
    elif scale.anchors:
        printed = [number for number, _ in scale.anchors]
    else:
        printed = [number for number in (scale.low, scale.high) if number is not None]
    low, high = printed[0], printed[-1]
    decimals = 0 if scale.full is not None else max(map(_decimals, printed))
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
