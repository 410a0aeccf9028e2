"""
Exact shares of many units, as numerators and denominators that floats hold exactly.
"""

import math
from collections.abc import Sequence
from fractions import Fraction

import attrs
import numpy as np
import numpy.typing as npt

from pelayanan.aggregation import LONGEST, Members

__all__ = ["Ratios", "at_least", "members_of", "rounded"]

_LONGEST_COUNT = 2.0**31

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
Rows = slice | npt.NDArray[np.intp]


@attrs.define(eq=False, repr=False)
class Ratios:
    """
    The share of one criterion for many units.

    Args:
        num: shape ``(units,)``, numerators; NaN where there is no share.
        den: The denominators, of shape ``(units,)`` or one for all.
        sound: shape ``(units,)``, where the two are whole and give the share exactly;
            elsewhere ``num / den`` is near it, and ``rest`` has it.
        rest: The shares of the units that are not sound, by row.
    """

    num: Floats
    den: Floats | float
    sound: Flags
    rest: dict[int, Fraction] = attrs.field(factory=dict)

    @classmethod
    def empty(cls, units: int) -> "Ratios":
        """Return shares of so many units that are still to be put in."""
        return cls(np.empty(units), 0.0, np.ones(units, dtype=bool))

    def put(self, rows: slice, num: Floats, den: Floats | float, sound: Flags) -> None:
        """
        Write the shares of some units, rising blocks one after the other.
        """
        if isinstance(den, np.ndarray):
            first = float(den[0])
            den = first if (den == first).all() else den
        if rows.start == 0 and not isinstance(den, np.ndarray):
            self.den = den
        self.num[rows] = num
        self.sound[rows] = sound & ~(num >= LONGEST)
        if isinstance(self.den, float) and isinstance(den, float) and den == self.den:
            return
        if isinstance(self.den, float):
            self.den = np.full(len(self.num), self.den)
        self.den[rows] = den

    def close(self) -> None:
        """Mark as not sound what is too long to compute with."""
        if isinstance(self.den, np.ndarray):
            self.sound &= self.den < _LONGEST_COUNT
        elif self.den >= LONGEST:
            self.sound[:] = False

    def settle(self, row: int, share: Fraction | None) -> None:
        """
        Write the share of a unit that is not sound.
        """
        den = float(self.den[row]) if isinstance(self.den, np.ndarray) else self.den
        self.num[row] = math.nan if share is None else float(share) * den
        if share is None:
            self.sound[row] = True
        else:
            self.rest[row] = share

    def dens(self, rows: Rows) -> Floats | float:
        """Return the denominators of some units."""
        return self.den[rows] if isinstance(self.den, np.ndarray) else self.den

    def reach(self, bound: Fraction, beyond: bool = False) -> Flags:
        """
        Return which units have a share of at least a bound, shape ``(units,)``.

        Args:
            beyond: Whether it must be more.
        """
        found, sound = at_least(self.num, self.den, bound, beyond)
        for row in np.flatnonzero(~(sound & self.sound)).tolist():
            share = self.rest.get(row)
            if share is None:
                share = Fraction(int(self.num[row]), int(np.broadcast_to(self.den, self.num.shape)[row]))
            found[row] = share > bound or (share == bound and not beyond)
        return found


def at_least(num: Floats, den: Floats | float, bound: Fraction, beyond: bool = False) -> tuple[Flags, Flags]:
    """
    Return which ratios reach a bound, and for which that is certain.

    Args:
        num: shape ``(n,)``, whole, NaN for none, which reaches nothing.
        den: shape ``(n,)`` or one for all.
        beyond: Whether they must be more.
    """
    left, right = num * float(bound.denominator), np.asarray(den * float(bound.numerator))
    certain = ~(np.maximum(left, right) >= LONGEST) & bool(max(bound.denominator, bound.numerator) < LONGEST)
    return np.asarray(left > right if beyond else left >= right), np.asarray(certain)


def rounded(num: Floats, den: Floats | float, per_share: Fraction, mode: str) -> tuple[Floats, float, Flags]:
    """
    Return ratios on a grid, their one denominator, and for which units they hold.

    Args:
        num: shape ``(n,)``, whole, NaN for none.
        den: shape ``(n,)`` or one for all.
        per_share: How many steps of the grid the share 1 is worth [-].
    """
    above, below = float(per_share.numerator), float(per_share.denominator)
    left, right = num * above, np.asarray(den * below)
    if mode == "down":
        steps = np.floor(left / right)
    else:
        steps = np.floor((2 * left + right) / (2 * right))
        if mode == "half_even":
            steps -= (steps * (2 * right) == 2 * left + right) & (steps % 2 == 1)
    sound = ~(2 * left + 2 * right >= LONGEST) & bool(max(above, below) < LONGEST)
    return steps * below, above, np.asarray(sound)


def members_of(ratios: Sequence[Ratios], rows: slice) -> tuple[Members, Flags]:
    """
    Return the shares of the members of a group in common parts, and for which units that holds.

    Args:
        ratios: One for each member.
        rows: The units.
    """
    nums = np.array([each.num[rows] for each in ratios])
    sound = np.logical_and.reduce([each.sound[rows] for each in ratios], axis=0)
    there = nums == nums
    dens = [each.dens(rows) for each in ratios]
    common: Floats | float
    if all(isinstance(den, float) for den in dens):
        common = float(math.lcm(*(int(den) for den in dens if isinstance(den, float) and den < LONGEST)))
        sound &= all(den < LONGEST for den in dens if isinstance(den, float)) and common < LONGEST
    else:
        whole = np.ones(nums.shape[1], dtype=np.int64)
        for den in dens:
            whole = np.lcm(whole, np.asarray(den, dtype=np.int64))
            sound &= whole < LONGEST
            whole[~sound] = 1
        common = whole.astype(np.float64)
    for row, den in enumerate(dens):
        nums[row] *= np.floor(common / den)
    nums[~there] = 0.0
    sound &= nums.max(axis=0) < LONGEST
    return Members(nums, np.broadcast_to(np.asarray(common, dtype=np.float64), nums.shape[1:]), there), sound
