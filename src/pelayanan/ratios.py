"""
Exact shares of many units, as numerators and denominators that floats hold exactly.
"""

import math
from fractions import Fraction

import attrs
import numpy as np
import numpy.typing as npt

from pelayanan.aggregation import LONGEST

__all__ = ["Ratios", "at_least", "rounded"]

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

    def put(self, rows: slice, num: Floats, den: Floats | float, sound: Flags | bool) -> None:
        """
        Write the shares of some units, rising blocks one after the other.
        """
        self.num[rows] = num
        if sound is not True:
            self.sound[rows] = sound
        if isinstance(den, np.ndarray):
            first = float(den[0])
            den = first if (den == first).all() else den
        if rows.start == 0 and isinstance(den, float):
            self.den = den
        if isinstance(self.den, float) and isinstance(den, float) and den == self.den:
            return
        if isinstance(self.den, float):
            self.den = np.full(len(self.num), self.den)
        self.den[rows] = den

    @property
    def all_there(self) -> bool:
        """Whether every unit has a share."""
        return not np.isnan(self.num).any()

    @property
    def highest(self) -> float:
        """The highest numerator, 0 where nothing has a share."""
        return float(np.fmax.reduce(self.num, initial=0.0))

    def close(self) -> None:
        """Mark as not sound what is too long to compute with."""
        if not self.highest < LONGEST:
            self.sound &= ~(self.num >= LONGEST)
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

    def part(self, rows: Rows) -> "Ratios":
        """Return the shares of some units."""
        numbers = np.arange(len(self.num))[rows].tolist() if self.rest else []
        rest = {place: self.rest[row] for place, row in enumerate(numbers) if row in self.rest}
        return Ratios(self.num[rows], self.dens(rows), self.sound[rows], rest)

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
        for row in np.flatnonzero(~(sound & self.sound) & ~np.isnan(self.num)).tolist():
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


def rounded(
    num: Floats, den: Floats | float, per_share: Fraction, mode: str
) -> tuple[Floats, float, Flags | bool]:
    """
    Return ratios on a grid, their one denominator, and for which units they hold.

    Args:
        num: shape ``(n,)``, whole.
        den: shape ``(n,)`` or one for all.
        per_share: How many steps of the grid the share 1 is worth [-].
    """
    above, below = float(per_share.numerator), float(per_share.denominator)
    doubled, right = num * (2 * above), den * (2 * below)
    longest = np.maximum.reduce(doubled, initial=0.0) + np.max(right)
    sound: Flags | bool = True
    if not (longest < LONGEST and max(above, below) < LONGEST):
        sound = np.asarray((doubled + right < LONGEST) & bool(max(above, below) < LONGEST))
    if mode != "down":
        doubled += right / 2
    steps = doubled / right
    np.floor(steps, out=steps)
    if mode == "half_even":
        steps -= (steps * right == doubled) & (steps % 2 == 1)
    return steps * below if below != 1 else steps, above, sound
