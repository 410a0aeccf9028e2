"""
What a table of steps gives to many sums at once, looked up and not compared start by start.
"""

import math
from fractions import Fraction

import attrs
import numpy as np
import numpy.typing as npt

__all__ = ["Lookup", "Starts"]

_CELLS = 2**15
_FEWEST = 8

Floats = npt.NDArray[np.float64]
Starts = tuple[tuple[int, tuple[tuple[Fraction, Fraction], ...]], ...]


@attrs.frozen(eq=False, repr=False)
class Lookup:
    """
    What a table gives, by how many members have a share, and by the cell that their sum lies in.

    Args:
        weights: shape ``(members,)``, what the numbers of the members are multiplied with, so
            that their sum counts cells.
        ahead: shape ``(members,)``, the same for which members have a share: for each, the cells
            of one number of members.
        given: shape ``(members + 1, cells)``, what the table gives, NaN where it turns within a cell.
        turns: Whether it does in any.
    """

    weights: Floats
    ahead: Floats
    given: Floats
    turns: bool

    @classmethod
    def of(
        cls,
        table: Starts,
        weights: tuple[Fraction, ...],
        *,
        top: Fraction,
        unit: Fraction,
        error: float,
        worth: Fraction,
    ) -> "Lookup":
        """
        Return the lookup of a table.

        Where sums are multiples of a unit, and few, the table turns within no cell: each multiple
        has two, as the float of a sum may lie a little below it.

        Args:
            table: From which sum on there is which share, by the number of members with a share.
            weights: What the numbers of the members are multiplied with for the sum.
            top: The highest sum that there can be.
            unit: What all sums are multiples of; 0 where that is not known.
            error: How far sums may be off, as a part of the highest.
            worth: The share that a number of 1 is worth.
        """
        cells = max(_CELLS // (len(weights) + 1), _FEWEST)
        margin = Fraction(error * cells * (len(weights) + 1))
        whole = 2 * top < unit * (cells - 2)
        size = unit / 2 if whole else top / (cells - 2)
        given = np.zeros((len(weights) + 1, math.ceil(top / size) + 2))
        for number, ((_, lowest), *rows) in table:
            given[number] = float(lowest / worth)
            for start, share in rows:
                if whole:
                    first = past = 2 * math.ceil(start / unit) - 1
                else:
                    first, past = math.floor(start / size - margin), math.floor(start / size + margin) + 1
                given[number, max(first, 0) : max(past, 0)] = np.nan
                given[number, max(past, 0) :] = float(share / worth)
        return cls(
            np.array([float(weight / size) for weight in weights]),
            np.full(len(weights), float(given.shape[1])),
            given,
            bool(np.isnan(given).any()),
        )

    def find(self, sums: Floats, ahead: Floats | None) -> None:
        """
        Put what the table gives in the place of sums.

        Args:
            sums: Of any shape, in cells.
            ahead: The cells that are passed by the number of members with a share; nothing where
                all have.
        """
        if ahead is None:
            self.given[-1].take(sums.astype(np.intp), out=sums, mode="clip")
        else:
            sums += ahead
            self.given.reshape(-1).take(sums.astype(np.intp), out=sums, mode="clip")
