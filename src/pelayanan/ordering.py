"""
The order of totals, figures of it by unit, and how far the next zone is, as exact arithmetic has them.
"""

import itertools
import math
from collections.abc import Callable
from fractions import Fraction
from functools import cached_property
from typing import Any

import attrs
import numpy as np
import numpy.typing as npt

from pelayanan.arrays import read_only
from pelayanan.errors import ScoresError
from pelayanan.exact import Rounding, float_above, float_at_least, rounded_steps
from pelayanan.ranking import Cells, counted
from pelayanan.scores import Joined, Scores

__all__ = ["Ordered", "Reference", "next_zone_gaps", "ordered"]

_LONGEST = 10**15
_BITS = 59
_NEAR = 4
_BLOCK = 2**16

Array = npt.NDArray[Any]
Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
Indices = npt.NDArray[np.intp]
Whole = npt.NDArray[np.int64]


@attrs.frozen(eq=False)
class Ordered:
    """
    The totals of some units as whole numbers.

    Args:
        rows: shape ``(n,)``, the rows of the units that have a total.
        codes: shape ``(n,)``, from 0 on, in the order of the exact totals, equal where these are [-].
        steps: shape ``(n,)``, the totals [steps].
        scale: How many steps make one point. Where totals are rounded, a step is one of the last
            decimal, and the steps are the totals exactly; else one of a float far below the last
            place of the largest total.
    """

    rows: Indices
    codes: Whole
    steps: Whole
    scale: float


def ordered(scores: Scores, among: Flags | None = None) -> Ordered:
    """
    Return the totals of the units that have one, in the order of their exact totals.

    Args:
        among: shape ``(units,)``: which units count; all if not given.

    Raises:
        ScoresError: A total that is not on the grid on which the edition publishes.

    >>> import pelayanan
    >>> found = ordered(Scores.of_totals(pelayanan.load("ombudsman-2024"), ["86.62", None, "78.09"]))
    >>> found.rows, found.steps, found.codes
    (array([0, 2]), array([8662, 7809]), array([8662, 7809]))
    """
    there = np.isfinite(scores.total)
    rows = np.flatnonzero(there if among is None else there & among)
    total = scores.total if len(rows) == len(scores) else scores.total[rows]
    if not len(rows):
        return Ordered(rows, np.zeros(0, np.int64), np.zeros(0, np.int64), 1.0)
    grid = _short_grid(total, scores.instrument.rounding)
    if grid is not None:
        steps = _steps(scores, rows, total, grid)
        low = int(steps.min())
        return Ordered(rows, steps - low if low < 0 else steps, steps, float(grid.scale))
    scale = math.ldexp(1.0, _BITS - math.frexp(float(np.abs(total).max()))[1])
    return Ordered(rows, _settled(scores, rows, total), np.rint(total * scale).astype(np.int64), scale)


def _steps(scores: Scores, rows: Indices, total: Floats, grid: Rounding) -> Whole:
    """Return totals in steps of their grid, read in blocks that stay in cache."""
    steps = np.empty(len(total), dtype=np.int64)
    for start in range(0, len(total), _BLOCK):
        part = slice(start, start + _BLOCK)
        scaled = np.rint(total[part] * grid.scale)
        steps[part] = scaled
        off = scaled / grid.scale != total[part]
        if off.any():
            row = rows[part][off][:1]
            unit, found = (each[row].tolist()[0] for each in (scores.units, scores.total))
            message = f"the total {found!r} of the unit {unit!r} has more decimals than the {grid.decimals} "
            raise ScoresError("off-grid", message + "that are published", unit=unit, total=found)
    return steps


def _short_grid(total: Floats, rounding: Rounding | None) -> Rounding | None:
    """Return the grid of the totals where it is so wide that a float tells each step of it."""
    if rounding is None or np.nanmax(np.abs(total), initial=0.0) * rounding.scale >= _LONGEST:
        return None
    return rounding


def _settled(scores: Scores, rows: Indices, total: Floats) -> Whole:
    """Return whole numbers in the order of totals of any length; those with near floats are settled."""
    order = np.argsort(total, kind="stable")
    rising = total[order]
    is_new = np.concatenate([[True], rising[1:] > rising[:-1] + _NEAR * np.spacing(np.abs(rising[:-1]))])
    begin = np.flatnonzero(is_new)
    end = np.append(begin[1:], len(order))
    for first, last in zip(begin.tolist(), end.tolist(), strict=True):
        if last - first > 1:
            near = order[first:last].tolist()
            exact = {each: _exact(scores, int(rows[each])) for each in near}
            near.sort(key=exact.__getitem__)
            order[first:last] = near
            values = [exact[each] for each in near]
            is_new[first + 1 : last] = [a != b for a, b in itertools.pairwise(values)]
    codes = np.empty(len(order), dtype=np.int64)
    codes[order] = np.cumsum(is_new) - 1
    return codes


def _exact(scores: Scores, row: int) -> Fraction:
    """Return the total of a unit exactly as it is published."""
    if scores.instrument.rounding is None:
        return scores.basis.exact(row) or Fraction(0)
    return Fraction(scores.basis.card(row).total or 0)


@attrs.frozen(eq=False, slots=False)
class Reference:
    """
    Units among those that they are compared with: all, or their group.

    Args:
        order: The totals.
        group: shape ``(n,)``, the group of each total; nothing where all are compared.
        units: How many units there are, with those that have no total.
        ties, own: As in `compare`.
        smallest: The fewest totals of which there are figures.
    """

    order: Ordered
    group: Indices | None
    units: int
    ties: str
    own: bool
    smallest: int

    @cached_property
    def cells(self) -> Cells:
        """The totals counted."""
        return counted(self.order.codes, self.order.steps, self.group)

    def by_unit(self, figure: Callable[[Cells], Array], none: float = np.nan) -> Array:
        """
        Return a figure of each cell by unit, shape ``(units,)``; ``none`` where there is none.
        """
        rows = self.order.rows
        if not len(rows):
            return read_only(np.full(self.units, none))
        table = figure(self.cells)
        if self.smallest > 1:
            table = np.where(self.cells.size >= self.smallest, table, none)
        if len(rows) == self.units:
            return read_only(table[self.cells.cell])
        found = np.full(self.units, none, dtype=table.dtype)
        found[rows] = table[self.cells.cell]
        return read_only(found)

    def rank(self) -> Array:
        """Return the rank, 1 for the highest total [-]."""
        none = np.nan if self.ties == "average" else -1
        return self.by_unit(lambda cells: cells.rank(self.ties), none)

    def of(self) -> Array:
        """Return how many there are [-]."""
        return self.by_unit(lambda cells: cells.size, -1)

    def percentile(self) -> Array:
        """Return the percentile [percent]."""
        return self.by_unit(lambda cells: cells.percentile(self.own))

    def quartile(self) -> Array:
        """Return the quarter, 1 for the lowest [-]."""
        return self.by_unit(lambda cells: cells.quartile(self.own), -1)

    def z(self) -> Array:
        """Return the z-score [-]."""
        return self.by_unit(lambda cells: cells.z(self.own))

    def gap_to_best(self) -> Array:
        """Return how far the highest total is above [points]."""
        return self.by_unit(lambda cells: cells.to_best(self.own) / self.order.scale)

    def gap_to_median(self) -> Array:
        """Return how far the median is above [points]."""
        return self.by_unit(lambda cells: cells.to_median(self.own) / self.order.scale)


def next_zone_gaps(scores: Scores) -> Floats:
    """
    Return how far each unit is below the next zone, by what the zone is decided on [points].

    It is the ``gap`` of the unit's card. NaN for no score, and where no zone follows.

    >>> import pelayanan
    >>> next_zone_gaps(Scores.of_totals(pelayanan.load("ombudsman-2024"), ["86.62", "88", None]))
    array([1.38,  nan,  nan])
    """
    if isinstance(scores.basis, Joined):
        return np.concatenate([next_zone_gaps(each) for each in scores.basis.parts])
    zones, rounding = scores.instrument.zones, scores.instrument.rounding
    starts = [band.start for band in zones.bands if band.start is not None]
    if not starts:
        return np.full(len(scores), np.nan)
    numbers = [number for number, _ in starts]
    turns = [float_above(number) if beyond else float_at_least(number) for number, beyond in starts]
    grid = zones.grid(rounding)
    short = _short_grid(scores.total, rounding)
    if short is not None and grid == rounding:
        return _on_grid_gaps(scores.total, _passed(scores.total, turns), numbers, short)
    deciding, is_open = _deciding(scores, grid, numbers)
    gaps = np.array([*map(float, numbers), np.nan])[_passed(deciding, turns)] - deciding
    for row in np.flatnonzero(is_open & np.isfinite(scores.total)).tolist():
        gap = scores.basis.card(row).gap
        gaps[row] = np.nan if gap is None else float(gap)
    return gaps


def _passed(total: Floats, turns: list[float]) -> Indices:
    """Return how many of a few rising numbers each total has reached."""
    found = np.zeros(len(total), dtype=np.intp)
    for turn in turns:
        found += total >= turn
    return found


def _on_grid_gaps(total: Floats, passed: Indices, numbers: list[Fraction], grid: Rounding) -> Floats:
    """Return the gaps between totals on a grid and numbers that may lie beside it."""
    steps = [number * grid.scale for number in numbers]
    common = math.lcm(*(each.denominator for each in steps))
    if max(abs(number) for number in numbers) * grid.scale * common >= _LONGEST:
        common = 1
    ends = np.array([*(float(each * common) for each in steps), np.nan])
    found: Floats = (ends[passed] - np.rint(total * grid.scale) * common) / (grid.scale * common)
    return found


def _deciding(scores: Scores, grid: Rounding | None, numbers: list[Fraction]) -> tuple[Floats, Flags]:
    """Return the totals that zones are decided on, and where a float cannot tell the following one."""
    try:
        total, error = scores.basis.approximate()
    except ScoresError:
        total, error, grid = scores.total, 0.0, None
    if grid is not None:
        steps, distance = rounded_steps(total * grid.scale, grid.mode)
        far = np.nanmax(total, initial=0.0) * grid.scale >= _LONGEST
        return steps / grid.scale, far | (distance <= 2 * error * grid.scale)
    is_open = np.zeros(len(total), dtype=bool)
    for number in map(float, numbers):
        is_open |= np.abs(total - number) <= 2 * error + 4 * np.spacing(abs(number))
    return total, is_open
