"""
Shares in floats, each with a bound of its error, whatever rule combines them.

No rule and no rounding gives less for more: what both ends of the error give, the exact share
gives. Where the ends differ, the exact share may still be told, as it is a whole number of
parts and near the float. A unit of which even so something is not told is left open.
"""

import math
from collections.abc import Callable, Sequence
from fractions import Fraction
from functools import lru_cache
from typing import Any

import attrs
import numpy as np
import numpy.typing as npt

from pelayanan.aggregation import LONGEST, Members
from pelayanan.wholes import DECIMALS

__all__ = ["ULP", "Block", "Inside", "Row", "answers_of", "index_of", "short"]

ULP = 2.0**-53
_MANY = 16
_PROBE = 32
_PATTERNS = 64
_NONE = np.empty(0, dtype=np.intp)

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
Indices = npt.NDArray[np.intp]
Index = slice | list[int]
Parts = Callable[[bytes], int]
Exactly = Callable[[Members], tuple[npt.NDArray[Any], Flags | bool]]


@attrs.frozen(eq=False, repr=False)
class Row:
    """
    What a row of a block holds: numbers that are worth shares.

    Args:
        worth: The share that a number of 1 is worth.
        relative, absolute: How far a share may be from the exact one: as a part of it, and
            besides; shares below 1e-300 are as good as 0, since no number of an instrument is.
        parts: Gives what exact shares are whole parts of where the answers are whole numbers, by
            which rows hold a share of every unit, 1 or 0 each; 0 where that is too long.
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

        @lru_cache(_PATTERNS)
        def parts(whole: bytes) -> int:
            return short(math.lcm(*(each.parts(whole) for each in found)))

        return cls(
            index_of(places),
            np.array([[float(each.worth)] for each in found]),
            max(each.relative for each in found),
            max(each.absolute for each in found),
            parts,
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
            they are many.
    """

    def __init__(self, values: Floats, there: Floats | None, answers: int, settles: bool) -> None:
        self.values, self.there, self.answers, self._settles = values, there, answers, settles
        self.open = np.zeros(values.shape[1], dtype=bool)
        self.whole = np.full(len(values), there is None)
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
        if not self._settled(near):
            return _NONE, 0
        return self._exact(np.flatnonzero(near), inside, exactly)

    def settle_each(
        self, near: Flags, insides: Sequence[Inside], exactly: Sequence[Exactly], out: npt.NDArray[Any]
    ) -> None:
        """
        Write what is exact for units near a turn that are settled, in rows each by itself.

        Args:
            near, out: shape ``(rows, units)``.
            insides, exactly: Of each row, as for `settle`.
        """
        if not self._settled(near):
            return
        for some, inside, each, row in zip(near, insides, exactly, out, strict=True):
            if some.any():
                within, found = self._exact(np.flatnonzero(some), inside, each)
                row[within] = found

    def apart(self, near: Flags, rows: slice, fills: Sequence[Callable[["Block"], None]]) -> None:
        """
        Fill rows of units near a turn in a block of their own, if they are settled.

        Args:
            near: shape ``(rows, units)``.
            fills: What fills these rows.
        """
        if not self._settled(near):
            np.copyto(self.values[rows], 0.0, where=near)
            return
        within = np.flatnonzero(np.logical_or.reduce(near))
        there = None if self.there is None else self.there.take(within, axis=1)
        part = Block(self.values.take(within, axis=1), there, self.answers, settles=True)
        part.whole[...], part._decimals = self.whole, self._decimals
        for fill, some in zip(fills, near, strict=True):
            if some.any():
                fill(part)
        self.values[rows, within] = part.values[rows]
        self.open[within] |= part.open

    def known(self, inside: Inside) -> Members | None:
        """Return the exact shares of all units, nothing where answers must be looked at for that."""
        if inside.answers:
            return None
        members, sound = self._members(self.values[inside.index], None, inside, 1)
        return members if sound is True else None

    def _exact(self, within: Indices, inside: Inside, exactly: Exactly) -> tuple[Indices, Any]:
        """Return for which units exact shares are told, and what is exact for them; open the others."""
        scale, short = self._scale(inside.answers, within)
        there = None if self.there is None else self.there[inside.index].take(within, axis=1) > 0
        members, near = self._members(self.values[inside.index].take(within, axis=1), there, inside, scale)
        found, holds = exactly(members)
        if short is True and near is True and holds is True:
            return within, found
        sound = np.broadcast_to(short & near & holds, within.shape)
        self.open[within[~sound]] = True
        return within[sound], found[..., sound]

    def _members(
        self, values: Floats, there: Flags | None, inside: Inside, scale: int
    ) -> tuple[Members, Flags | bool]:
        """Return shares in whole parts, and for which units they are near enough to floats for that."""
        common = float(scale * inside.parts(self.whole.tobytes()))
        shares = values * (inside.worths * common)
        sound: Flags | bool = 0 < common < LONGEST
        if not shares.max(initial=0.0) * inside.relative + inside.absolute * common < 0.25:
            sound = sound & (shares.max(axis=0) * inside.relative + inside.absolute * common < 0.25)
        return Members(np.rint(shares, out=shares), max(common, 1.0), there), sound

    def _settled(self, near: Flags) -> bool:
        """Return whether units near a turn, if there are any, are settled now; else leave them open."""
        count = np.count_nonzero(near)
        if not count:
            return False
        if self._settles or count * _MANY > near.size:
            return True
        self.open |= near if near.ndim == 1 else np.logical_or.reduce(near)
        return False

    def _scale(self, index: Index, within: Indices) -> tuple[int, Flags | bool]:
        """Return with what the answers of some units are multiplied to be whole, and for which."""
        if not index:
            return 1, True
        answers = self.values[index].take(within, axis=1)
        while True:
            scale = 10 ** DECIMALS[self._decimals]
            short = np.rint(answers * scale) / scale == answers
            if short.all():
                return scale, True
            if self._decimals == len(DECIMALS) - 1:
                return scale, short.all(axis=0)
            self._decimals += 1


def answers_of(places: Sequence[int], rows: Sequence[Row]) -> frozenset[int]:
    """Return the rows of the answers that must be whole numbers for some rows."""
    return frozenset().union(*(rows[place].answers for place in places))


def index_of(rows: Sequence[int]) -> Index:
    """
    Return rows as a slice where they are evenly apart.

    >>> index_of([2, 3, 4]), index_of([2, 4, 6]), index_of([2, 4, 5])
    (slice(2, 5, None), slice(2, 7, 2), [2, 4, 5])
    """
    apart = rows[1] - rows[0] if len(rows) > 1 else 1
    if rows and apart > 0 and list(rows) == list(range(rows[0], rows[-1] + 1, apart)):
        return slice(rows[0], rows[-1] + 1, apart if apart > 1 else None)
    return list(rows)


def short(number: float) -> int:
    """
    Return a whole number, 0 if it is too long.
    """
    return int(number) if number < LONGEST else 0
