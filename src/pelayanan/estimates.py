"""
Shares in floats, each with a bound of its error, whatever rule combines them.

No rule and no rounding gives less for more: what both ends of the error give, the exact share
gives. Where the ends differ, the exact share may still be told, as it is a whole number of
parts and near the float. A unit of which even so something is not told is left open.
"""

import math
from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import Any

import attrs
import numpy as np
import numpy.typing as npt

from pelayanan.aggregation import LONGEST, Members
from pelayanan.wholes import DECIMALS

__all__ = ["ULP", "Block", "Inside", "Row", "answers_of", "index_of", "short"]

ULP = 2.0**-53
_MANY = 32
_NONE = np.empty(0, dtype=np.intp)

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
Indices = npt.NDArray[np.intp]
Index = slice | list[int]
Parts = Callable[["Block"], int]
Exactly = Callable[[Members], tuple[npt.NDArray[Any], Flags | bool]]


@attrs.frozen(eq=False, repr=False)
class Row:
    """
    What a row of a block holds: numbers that are worth shares.

    Args:
        worth: The share that a number of 1 is worth.
        relative, absolute: How far a share may be from the exact one: as a part of it, and
            besides; shares below 1e-300 are as good as 0, since no number of an instrument is.
        parts: Gives what exact shares are whole parts of where the answers are whole numbers;
            0 where that is too long.
        answers: The rows of these answers; none where the shares are such parts anyway.
        plain: Whether the numbers are decimals as they were answered.
        whole: Whether they are whole numbers, and so is the one that is worth the share 1.
    """

    worth: Fraction
    relative: float
    absolute: float
    parts: Parts
    answers: frozenset[int] = frozenset()
    plain: bool = False
    whole: bool = False


@attrs.frozen(eq=False, repr=False)
class Inside:
    """
    Rows that something is worked out from, with the largest of their errors.

    Args:
        index: Where they are.
        worths: shape ``(rows, 1)``, the shares that their numbers are worth.
        relative, absolute, parts: As of one row.
        answers: Where the answers are that must be whole numbers.
    """

    index: Index
    worths: Floats
    relative: float
    absolute: float
    parts: Parts
    answers: Index

    @classmethod
    def of(cls, places: Sequence[int], rows: Sequence[Row]) -> "Inside":
        """Return some of the rows."""
        found = [rows[place] for place in places]
        return cls(
            index_of(places),
            np.array([[float(each.worth)] for each in found]),
            max(each.relative for each in found),
            max(each.absolute for each in found),
            lambda block: short(math.lcm(*(each.parts(block) for each in found))),
            index_of(sorted(answers_of(places, rows))),
        )


class Block:
    """
    Units in floats.

    Args:
        values: shape ``(rows, units)``, the answers first; 0 where there is nothing.
        there: shape ``(rows, units)``, 1 or 0; nothing where all is answered.
        answers: How many of the rows are answers.
        settles: Whether all units near a turn are settled; else these are left open, but where
            they are many and no answer needs to be looked at.
    """

    def __init__(self, values: Floats, there: Floats | None, answers: int, settles: bool) -> None:
        self.values, self.there, self.answers, self._settles = values, there, answers, settles
        self.open = np.zeros(values.shape[1], dtype=bool)
        self.whole = np.zeros(len(values), dtype=bool)
        self._decimals = 0

    def held(self, index: Index) -> Floats | None:
        """Return which units have a share in some rows, 1 or 0; nothing where all have."""
        return None if self.there is None or self.whole[index].all() else self.there[index]

    def hold(self, row: int, some: Flags | None) -> None:
        """Keep which units have a share in a row; nothing where all have."""
        if self.there is not None:
            self.there[row] = 1.0 if some is None else some
            self.whole[row] = some is None or some.all()

    def settle(self, near: Flags, inside: Inside, exactly: Exactly) -> tuple[Indices, Any]:
        """
        Return which units near a turn are settled, and what is exact for them.

        Args:
            near: shape ``(units,)``.
            inside: What it is worked out from.
            exactly: Gives it for exact shares, of the shape ``(..., units)``, and where it holds.
        """
        count = np.count_nonzero(near)
        many = inside.answers == [] and count * _MANY > len(near)
        if not count or not (self._settles or many):
            self.open |= near
            return _NONE, 0
        within = np.flatnonzero(near)
        scale, sound = self._scale(inside, within)
        common = float(scale * inside.parts(self))
        shares = self.values[inside.index][:, within]
        shares *= inside.worths * common
        doubt = shares.max(axis=0) * inside.relative + inside.absolute * common
        sound &= (doubt < 0.25) & (0 < common < LONGEST)
        there = None if self.there is None else self.there[inside.index][:, within] > 0
        found, holds = exactly(Members(np.rint(shares), common or 1.0, there))
        sound &= holds
        self.open[within[~sound]] = True
        return within[sound], found[..., sound]

    def _scale(self, inside: Inside, within: Indices) -> tuple[int, Flags]:
        """Return with what the answers of some units are multiplied to be whole, and for which."""
        answers = self.values[inside.answers][:, within]
        while True:
            scale = 10 ** DECIMALS[self._decimals]
            sound = (np.rint(answers * scale) / scale == answers).all(axis=0)
            if sound.all() or self._decimals == len(DECIMALS) - 1:
                return scale, sound
            self._decimals += 1


def answers_of(places: Sequence[int], rows: Sequence[Row]) -> frozenset[int]:
    """Return the rows of the answers that must be whole numbers for some rows."""
    return frozenset().union(*(rows[place].answers for place in places))


def index_of(rows: Sequence[int]) -> Index:
    """
    Return rows as a slice where they follow each other.

    >>> index_of([2, 3, 4]), index_of([2, 4])
    (slice(2, 5, None), [2, 4])
    """
    if rows and list(rows) == list(range(rows[0], rows[0] + len(rows))):
        return slice(rows[0], rows[-1] + 1)
    return list(rows)


def short(number: float) -> int:
    """
    Return a whole number, 0 if it is too long.
    """
    return int(number) if number < LONGEST else 0
