"""
The grid on which totals are published, and how often each of its steps occurs.
"""

from fractions import Fraction
from functools import cached_property
from typing import Any

import attrs
import numpy as np
import numpy.typing as npt

from pelayanan.answers import MISSING
from pelayanan.columns import state_or_value
from pelayanan.errors import NumberError, PeersError, check_order
from pelayanan.exact import Exact, Rounding, decimal, fraction, written

__all__ = ["Grid"]

_LONGEST = 10**15
_BLOCK = 2**16

Array = npt.NDArray[Any]
Whole = npt.NDArray[np.int64]


@attrs.frozen(slots=False)
class Grid:
    """
    Decimals from a lowest to a highest total, both included.

    Args:
        decimals: How many, 0 to 10.
        low, high: The ends, of at most 15 digits in steps of the last decimal [points].

    Raises:
        PeersError: Ends that are too long, do not lie on the grid, or the lower one second.
        NumberError: No such number of decimals.

    >>> Grid(1, Exact(0), Exact(5)).counted([4.2, "3.5", 4.2])
    (array([35, 42]), array([1, 2]))
    """

    decimals: int
    low: Exact
    high: Exact

    def __attrs_post_init__(self) -> None:
        first, last = self.low * self.scale, self.high * self.scale
        sound = first.denominator == last.denominator == 1 and -_LONGEST < first <= last < _LONGEST
        if not sound:
            message = f"totals of {self.decimals} decimals cannot be counted from {self.low} to {self.high}; "
            message += "give ends that lie on their grid, the lower one first, of at most 15 digits"
            values = {"decimals": self.decimals, "low": self.low, "high": self.high}
            raise PeersError("grid", message, **values)

    @cached_property
    def scale(self) -> int:
        """How many steps make one point."""
        return Rounding(self.decimals).scale

    @cached_property
    def _first(self) -> int:
        return int(self.low * self.scale)

    @cached_property
    def _last(self) -> int:
        return int(self.high * self.scale)

    def holds(self, step: int) -> bool:
        """
        Return whether a step lies between the ends.
        """
        return self._first <= step <= self._last

    def said(self, step: int) -> str:
        """
        Return a step as it is printed, with all its decimals.

        >>> Grid(2, Exact(0), Exact(100)).said(780)
        '7.80'
        """
        return str(decimal(Fraction(step, self.scale), Rounding(self.decimals)))

    def counted(self, totals: Any) -> tuple[Whole, Whole]:
        """
        Return which totals occur, rising, and how often, each of shape ``(totals,)`` [steps] [-].

        Args:
            totals: shape ``(n,)``, numbers or texts [points]. A float means the decimal that it shows.

        Raises:
            PeersError: A total that is missing, not on the grid, or not between its ends.
            NumberError: A total that is no number.
        """
        check_order("totals", totals, "totals, one a unit")
        values = totals if hasattr(totals, "__array__") else list(totals)
        if not isinstance(values, np.ma.MaskedArray):
            values = np.asarray(values, dtype=object if isinstance(values, list) else None)
        width = self._last - self._first + 1
        counts = np.zeros(width if width <= max(2 * values.size, _BLOCK) else 0, dtype=np.int64)
        apart = [np.zeros(0, dtype=np.int64)]
        for start in range(0, len(values), _BLOCK):
            steps = self._steps(values[start : start + _BLOCK], start)
            if counts.size:
                counts += np.bincount(steps - self._first, minlength=width)
            else:
                apart.append(steps)
        if counts.size:
            found = np.flatnonzero(counts)
            return found + self._first, counts[found]
        steps, counts = np.unique(np.concatenate(apart), return_counts=True)
        return steps, counts

    def _steps(self, values: Array, start: int) -> Whole:
        """Return totals in steps; ``start`` is the row of the first."""
        if isinstance(values, np.ma.MaskedArray) or values.dtype.kind not in "fiu":
            listed = [self.step(each, start + row) for row, each in enumerate(values.tolist())]
            return np.array(listed, dtype=np.int64)
        if values.dtype.kind == "f" and values.dtype != np.float64:
            several, rows, place = np.unique(values, return_index=True, return_inverse=True)
            steps = [self.step(each, start + row) for each, row in zip(several, rows.tolist(), strict=True)]
            return np.array(steps, dtype=np.int64)[place]
        with np.errstate(over="ignore"):
            scaled = np.rint(values * float(self.scale))
        sound = (scaled >= self._first) & (scaled <= self._last) & (scaled / self.scale == values)
        if not sound.all():
            row = int(np.argmin(sound))
            self.step(values[row], start + row)
        return scaled.astype(np.int64)

    def step(self, value: Any, row: int) -> int:
        """
        Return one total in steps; ``row`` is where it stands, for the messages.

        Raises:
            PeersError, NumberError: As for `counted`.
        """
        if state_or_value(value) is MISSING:
            message = f"total {row} is missing; leave out the units without a score"
            raise PeersError("missing-total", message, row=row)
        try:
            number = fraction(value)
        except NumberError as error:
            raise NumberError(error.code, f"total {row}: {error}", row=row) from error
        step = number * self.scale
        if step.denominator > 1:
            message = (
                f"total {row}, {written(number)}, has more decimals than the {self.decimals} of the grid"
            )
            raise PeersError("off-grid", message, row=row, total=number)
        if not self.holds(int(step)):
            message = f"total {row}, {written(number)}, is not between {self.low} and {self.high}"
            raise PeersError("outside", message, row=row, total=number)
        return int(step)
