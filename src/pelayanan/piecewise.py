"""
Numeric scales as straight pieces: columns of answers become shares, arrays in, arrays out.
"""

import itertools
import math
import sys
from collections.abc import Sequence
from fractions import Fraction

import attrs
import numpy as np
import numpy.typing as npt

from pelayanan.exact import float_above, float_at_least, fraction

__all__ = ["Line", "Pieces", "of_members", "of_points", "of_steps"]

Floats = npt.NDArray[np.float64]
Pairs = Sequence[tuple[Fraction, Fraction]]


@attrs.frozen
class Line:
    """
    A numeric scale whose share is the answer times a slope: arrays in, arrays out.

    Args:
        lowest, highest: The valid answers, as floats that compare like decimals do.
        slope: [share / answer]
        whole: Whether only whole numbers are answers.
    """

    lowest: float
    highest: float
    slope: Fraction
    whole: bool


@attrs.frozen(eq=False, repr=False)
class Pieces:
    """
    A numeric scale of straight pieces: arrays in, arrays out.

    Args:
        starts: shape ``(k,)``, the answer from which each piece counts, rising.
        intercepts, slopes: shape ``(k,)``, the share is intercept + slope x answer.
        exact: The same two as whole numbers over ``denominator``, each of shape ``(k,)``;
            ``None`` where they have more than 53 bits.
        members: Whether the starts are the only valid answers.
        error: How far the float shares may be from the exact ones [2**-53].
    """

    lowest: float
    highest: float
    whole: bool
    members: bool
    starts: Floats
    intercepts: Floats
    slopes: Floats
    exact: tuple[Floats, Floats] | None
    denominator: int
    error: float

    def _piece(self, answers: Floats) -> npt.NDArray[np.intp]:
        return np.maximum(np.searchsorted(self.starts, answers, side="right") - 1, 0)

    def valid(self, answers: Floats) -> npt.NDArray[np.bool_]:
        """
        Return which answers, shape ``(n,)``, are on the scale. NaN is not.
        """
        found = (answers >= self.lowest) & (answers <= self.highest)
        if self.whole:
            found &= np.rint(answers) == answers
        if self.members:
            found &= self.starts[self._piece(answers)] == answers
        return found

    def shares(self, answers: Floats) -> Floats:
        """
        Return the shares of valid answers, shape ``(n,)``; NaN stays NaN.
        """
        piece = self._piece(answers)
        return self.intercepts[piece] + self.slopes[piece] * answers

    def numerators(self, steps: Floats, scale: int) -> Floats:
        """
        Return the shares of the answers ``steps / scale`` in parts of ``denominator * scale``.

        Whole numbers in, whole numbers out, exact while they stay below 2**53. Where
        the scale itself has longer numbers, ``exact`` is ``None`` and there are none.
        """
        piece = self._piece(steps / scale)
        intercepts, slopes = self.exact or (self.intercepts, self.slopes)
        return intercepts[piece] * scale + slopes[piece] * steps


def of_points(points: Pairs, *, whole: bool) -> Line | Pieces:
    """
    Return the kernel of a scale that is linear between points of answer and share.

    Args:
        points: Rising by their answers.
        whole: Whether only whole numbers are answers.

    >>> of_points([(Fraction(1), Fraction(1, 4)), (Fraction(4), Fraction(1))], whole=False)
    Line(lowest=1.0, highest=4.0, slope=Fraction(1, 4), whole=False)
    """
    pieces = []
    for (low, at_low), (high, at_high) in itertools.pairwise(points):
        slope = (at_high - at_low) / (high - low)
        pieces.append((low, at_low - slope * low, slope))
    lowest, highest = points[0][0], points[-1][0]
    if len(pieces) == 1 and pieces[0][1] == 0 and pieces[0][2] > 0 and lowest >= 0:
        return Line(float_at_least(lowest), _float_at_most(highest), pieces[0][2], whole)
    return _pieces(pieces, highest, whole=whole, members=False)


def of_steps(steps: Pairs) -> Pieces:
    """
    Return the kernel of a scale whose shares each count from an answer on, without an end.

    >>> of_steps([(Fraction(0), Fraction(3, 5)), (Fraction(66), Fraction(4, 5))]).shares(np.array([65.9, 66]))
    array([0.6, 0.8])
    """
    level = [(start, Fraction(share), Fraction(0)) for start, share in steps]
    return _pieces(level, None, whole=False, members=False)


def of_members(pairs: Pairs) -> Line | Pieces | None:
    """
    Return the kernel of a scale of some numbers, ``None`` where no float is one of them.

    >>> of_members([(Fraction(each), Fraction(each, 5)) for each in (1, 2, 3)])
    Line(lowest=1.0, highest=3.0, slope=Fraction(1, 5), whole=True)
    """
    numbered = sorted((number, share) for number, share in pairs if fraction(float(number)) == number)
    if not numbered:
        return None
    first, last = numbered[0][0], numbered[-1][0]
    slope = numbered[-1][1] / last if last else Fraction(0)
    rising = [(Fraction(first + step), slope * (first + step)) for step in range(len(numbered))]
    if first >= 0 and first.denominator == 1 and slope and numbered == rising:
        return Line(float(first), float(last), slope, whole=True)
    level = [(number, share, Fraction(0)) for number, share in numbered]
    return _pieces(level, last, whole=False, members=True)


def _pieces(
    pieces: list[tuple[Fraction, Fraction, Fraction]],
    highest: Fraction | None,
    *,
    whole: bool,
    members: bool,
) -> Pieces:
    """Return the kernel of pieces, each the answer from which it counts, its intercept and its slope."""
    lowest = pieces[0][0]
    denominator = math.lcm(*(number.denominator for _, *line in pieces for number in line))
    reach = max(abs(lowest), abs(highest or pieces[-1][0]))
    steep = max(abs(intercept) + abs(slope) * reach for _, intercept, slope in pieces)
    as_float = np.array([[float(number) for number in piece] for piece in pieces])
    scaled = [[int(number * denominator) for number in line] for _, *line in pieces]
    short = max(abs(number) for line in scaled for number in line) < 2**53
    exact = np.array(scaled, dtype=np.float64).T if short else None
    return Pieces(
        lowest=float_at_least(lowest),
        highest=sys.float_info.max if highest is None else _float_at_most(highest),
        whole=whole,
        members=members,
        starts=np.array([float_at_least(start) for start, *_ in pieces]),
        intercepts=as_float[:, 1],
        slopes=as_float[:, 2],
        exact=None if exact is None else (exact[0], exact[1]),
        denominator=denominator,
        error=8.0 * float(steep) + 8.0,
    )


def _float_at_most(bound: Fraction) -> float:
    return math.nextafter(float_above(bound), -math.inf)
