"""
Ranks, percentiles and the like of totals counted in groups.

A cell is one total in one group, with how many units have it. Everything that a unit is told of
its peers depends on its cell alone, so that it is worked out once a cell, and not once a unit.
"""

from functools import cached_property

import attrs
import numpy as np
import numpy.typing as npt

from pelayanan.errors import PeersError

__all__ = ["TIES", "Cells", "check_ties", "counted"]

TIES = ("min", "max", "dense", "average")
_SPREAD = 2
_SHORT = 2**62

Floats = npt.NDArray[np.float64]
Indices = npt.NDArray[np.intp]
Whole = npt.NDArray[np.int64]


def counted(codes: Whole, steps: Whole, group: Indices | None = None) -> "Cells":
    """
    Return the cells of totals, counted where the grid is small and sorted where it is not.

    Args:
        codes: shape ``(n,)``, n > 0: whole numbers from 0 on in the order of the totals, equal
            where these are [-].
        steps: shape ``(n,)``: the totals, below 2**59 in size; they may be the codes [steps].
        group: shape ``(n,)``: the group of each, all from 0 on are there; one group if not given [-].

    >>> cells = counted(np.array([4, 0, 4]), np.array([94, 90, 94]))
    >>> cells.counts, cells.rank("min")[cells.cell]
    (array([1, 2]), array([1, 3, 1]))
    """
    groups = 1 if group is None else int(group.max()) + 1
    width = int(codes.max()) + 1
    if width * groups >= _SHORT:
        codes = np.unique(codes, return_inverse=True)[1]
        width = int(codes.max()) + 1
    key = codes
    if group is not None:
        key = group * width
        key += codes
    if width * groups <= _SPREAD * len(codes):
        every = np.bincount(key, minlength=width * groups)
        found = np.flatnonzero(every)
        place = np.cumsum(every > 0) - 1
        cell, counts = place[key], every[found]
    else:
        found, cell, counts = np.unique(key, return_inverse=True, return_counts=True)
    if steps is codes:
        of_cell = found % width
    else:
        of_cell = np.empty(len(found), dtype=np.int64)
        of_cell[cell] = steps
    starts = np.searchsorted(found, np.arange(groups + 1) * width)
    return Cells(cell, counts, of_cell, starts)


@attrs.frozen(eq=False, slots=False)
class Cells:
    """
    Cells by group, rising within each. All that they give has the shape ``(cells,)``.

    Args:
        cell: shape ``(n,)``, in which cell each total lies [-].
        counts: shape ``(cells,)``, how many lie in each [-].
        steps: shape ``(cells,)``, the total of each [steps].
        starts: shape ``(groups + 1,)``, the first cell of each group, and their number [-].
    """

    cell: Indices
    counts: Indices
    steps: Whole
    starts: Indices

    @cached_property
    def _passed(self) -> Indices:
        """How many totals lie in the cells before each, and in all."""
        return np.concatenate([[0], np.cumsum(self.counts)])

    @cached_property
    def _group(self) -> Indices:
        return np.repeat(np.arange(len(self.starts) - 1), np.diff(self.starts))

    @cached_property
    def size(self) -> Indices:
        """How many totals are in the group of each cell [-]."""
        return np.diff(self._passed[self.starts])[self._group]

    @cached_property
    def below(self) -> Indices:
        """How many totals of its group lie below each cell [-]."""
        below: Indices = self._passed[:-1] - self._passed[self.starts][self._group]
        return below

    def rank(self, ties: str) -> npt.NDArray[np.intp] | Floats:
        """
        Return the rank of each cell in its group, 1 for the highest total [-].

        Args:
            ties: Equal totals get the ``"min"``, ``"max"`` or ``"average"`` of the ranks that they
                fill, or, ``"dense"``, one more than there are different totals above.
        """
        if ties == "dense":
            return self.starts[1:][self._group] - np.arange(len(self.counts))
        above = self.size - self.below - self.counts
        if ties == "average":
            return above + (self.counts + 1) / 2
        return above + (1 if ties == "min" else self.counts)

    def percentile(self, own: bool) -> Floats:
        """
        Return which part of the totals is below, those that are equal counted half [percent].

        Args:
            own: Whether a total is one of those that it is compared with, here and below.
                Without, it is NaN where there is no other.
        """
        others = self._others(own)
        halves = 2 * self.below + self.counts - (not own)
        return np.where(others > 0, halves * 50 / np.maximum(others, 1), np.nan)

    def quartile(self, own: bool) -> Indices:
        """
        Return one more than how many of the three quartiles lie below, -1 where there is no other [-].
        """
        others = self._others(own)
        found = np.ones(len(self.counts), dtype=np.intp)
        for quarter in (1, 2, 3):
            place, part = np.divmod((others - 1) * quarter, 4)
            low = self._at(place, own)
            if own:
                found += np.arange(len(self.counts)) > low
            else:
                low_steps, high_steps = self.steps[low], self.steps[self._at(place + (part > 0), own)]
                found += (self.steps - low_steps) * 4 > (high_steps - low_steps) * part
        return np.where(others > 0, found, -1)

    def to_best(self, own: bool) -> Floats:
        """
        Return how far the highest total lies above, NaN where there is no other [steps].
        """
        others = self._others(own)
        best = self.steps[self._at(others - 1, own)]
        return np.where(others > 0, (best - self.steps).astype(np.float64), np.nan)

    def to_median(self, own: bool) -> Floats:
        """
        Return how far the median lies above, NaN where there is no other [steps].
        """
        others = self._others(own)
        low, high = (self.steps[self._at(place, own)] for place in ((others - 1) // 2, others // 2))
        return np.where(others > 0, (low + high - 2 * self.steps) / 2, np.nan)

    def z(self, own: bool) -> Floats:
        """
        Return how many standard deviations each total is above the mean [-].

        That is (x - mean) / sd with sd**2 = mean of (x - mean)**2, as (n x - S) / sqrt(n Q - S**2)
        of whole numbers, where S is the sum of the totals and Q that of their squares. NaN where
        all are equal, or where there is no other.
        """
        x = self.steps - self.steps.min()
        largest, most = int(x.max()), int(self.size.max())
        if most * largest**2 >= _SHORT:
            x = x.astype(object)
        first = self.starts[:-1]
        total = np.add.reduceat(self.counts * x, first)
        square = np.add.reduceat(self.counts * x * x, first)
        size = self.size[first]
        if own:
            spread = _spread(size, square, total, most, largest)[self._group]
            above = size[self._group] * x - total[self._group]
        else:
            size, total, square = size[self._group] - 1, total[self._group] - x, square[self._group] - x * x
            spread = _spread(size, square, total, most, largest)
            above = size * x - total
        found = np.full(len(x), np.nan)
        np.divide(above.astype(np.float64), np.sqrt(spread), out=found, where=spread > 0)
        return found

    def _others(self, own: bool) -> Indices:
        return self.size if own else self.size - 1

    def _at(self, place: Indices, own: bool) -> Indices:
        """Return the cell of the total at a place from the lowest, 0, in the group of each cell."""
        if not own:
            place = place + (place >= self.below + self.counts - 1)
        place = np.clip(place, 0, self.size - 1) + self._passed[self.starts][self._group]
        return np.searchsorted(self._passed, place, side="right") - 1


def _spread(size: Indices, square: Whole, total: Whole, most: int, largest: int) -> Floats:
    """Return n Q - S**2, exact before it becomes a float."""
    if (most * largest) ** 2 >= _SHORT:
        size, square, total = (each.astype(object) for each in (size, square, total))
    return (size * square - total * total).astype(np.float64)


def check_ties(ties: str) -> None:
    """
    Refuse a rule for equal totals that there is not.

    Raises:
        PeersError: It is none of `TIES`.
    """
    if not isinstance(ties, str) or ties not in TIES:
        known = ", ".join(repr(each) for each in TIES)
        raise PeersError("ties", f"expected ties of {known}, not {ties!r}", ties=ties)
