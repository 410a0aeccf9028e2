"""
Exact decisions in whole numbers: answers in steps of their last decimal.
"""

import math
from collections.abc import Callable
from fractions import Fraction

import numpy as np
import numpy.typing as npt

from pelayanan.aggregation import LONGEST
from pelayanan.deciding import Decider
from pelayanan.exact import fraction
from pelayanan.loading import Lined, Reader, Survey
from pelayanan.tree import SAFE, Kernel, Whole, settled_signs, times

__all__ = ["Wholes"]

DECIMALS = (0, 2, 4, 8)
_LONGEST = 1e15
_PROBE = 64

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
Indices = npt.NDArray[np.intp]
Sides = Callable[[npt.NDArray[np.int64], int, float], npt.NDArray[np.int8]]


class Wholes:
    """
    Decides the units of a loaded block exactly, as long as the whole numbers are short.

    Args:
        kernel: Its work space holds the answers.
        readers: How each row was read.
        worst: The worst share of each row whose missing answers count as that, else ``None``.
        high: shape ``(rows,)``, the highest valid answer of each row.
        maximum: What the share 1 of the root is worth [points].
        decider: What publishes totals.
        error: How far a float total may be from the exact one [points].
        rest: The rows that add nothing to the total.
    """

    def __init__(
        self,
        kernel: Kernel,
        readers: list[Reader],
        worst: list[Fraction | None],
        high: Floats,
        maximum: Fraction,
        decider: Decider,
        error: float,
        rest: Indices,
    ) -> None:
        self._kernel = kernel
        self._readers = readers
        self._lowest = [share is not None for share in worst]
        self._maximum = maximum
        self._decider = decider
        self._straight = [row for row, each in enumerate(readers) if each.straight]
        self._others = [
            (row, each)
            for row, each in enumerate(readers)
            if not isinstance(each, Lined) and not each.straight
        ]
        slopes = [Fraction(each.multiple, each.denominator) for each in readers]
        top = max((high[row] for row in self._straight), default=0.0)
        self._decimals = [each for each in DECIMALS if top * 10.0**each < _LONGEST] or [0]
        self._denominator = math.lcm(*(each.denominator for each in readers))
        self._fit = top < _LONGEST and self._denominator < _LONGEST
        self._fit &= all(
            share is None or not isinstance(each, Lined | Survey) or fraction(each.lowest) * slope == share
            for share, each, slope in zip(worst, readers, slopes, strict=True)
        )
        self._multiples = [each.multiple * self._denominator // each.denominator for each in readers]
        for row in rest.tolist():
            self._multiples[row] = 0
        finest = 2.0 * 10.0**decider.decimals * maximum.denominator * 4 * error
        self._bound = kernel.tree.largest_denominator * finest
        self._error = error
        self._ratios = {} if self._others else self._made_ratios(slopes, high)
        self._hint: int | None = None
        self._long = kernel.tree.largest_denominator * self._denominator * 10.0 ** self._decimals[0] >= 2**31

    def _made_ratios(self, slopes: list[Fraction], high: Floats) -> dict[int, tuple[Floats, int]]:
        """
        Return, by decimals of the answers, whole weights and a denominator of exact totals.

        Where all is answered the total is the weighted sum of the answers in steps of their
        last decimal, over the denominator, as long as floats hold all of it exactly.
        """
        effective = self._kernel.tree.effective
        weights = [self._maximum * part * slope for part, slope in zip(effective, slopes, strict=True)]
        common = math.lcm(*(weight.denominator for weight in weights))
        if common >= _LONGEST:
            return {}
        wholes = [float(weight * common) for weight in weights]
        most = sum(whole * top for whole, top in zip(wholes, high.tolist(), strict=True))
        return {
            decimals: (np.array(wholes), common * 10**decimals)
            for decimals in DECIMALS
            if self._decider.fits(most * 10.0**decimals, common * 10**decimals)
        }

    def again(self, width: int) -> tuple[Floats, Indices] | None:
        """
        Return totals and zones of a block in which all is answered, if that worked before.
        """
        return None if self._hint is None else self._published(width, self._hint)

    def published(self, width: int) -> tuple[Floats, Indices] | None:
        """
        Return totals and zones of a block in which all is answered, if the numbers are short.
        """
        for decimals in self._ratios:
            found = self._published(width, decimals)
            if found is not None:
                self._hint = decimals
                return found
        self._hint = None
        return None

    def _published(self, width: int, decimals: int) -> tuple[Floats, Indices] | None:
        found = self._summed(width, decimals)
        return None if found is None else self._decider.publish_ratio(*found)

    def _summed(self, width: int, decimals: int) -> tuple[Floats, int] | None:
        """Return exact totals of a block in which all is answered, if so many decimals hold it."""
        weights, denominator = self._ratios[decimals]
        answers = self._kernel.shares[: len(weights), :width]
        steps, exactly = _in_steps(answers, 10**decimals)
        return (weights @ steps, denominator) if exactly.all() else None

    def ratios(self, rows: slice, complete: bool) -> tuple[Floats, Floats | float, Flags | bool]:
        """
        Return exact shares of a loaded block as numerators and denominators, and which hold.

        For a maximum of 1.

        Args:
            rows: The units.
            complete: Whether all is answered.
        """
        width = rows.stop - rows.start
        start = list(self._ratios).index(self._hint) if self._hint is not None else 0
        for decimals in list(self._ratios)[start:] if complete else ():
            summed = self._summed(width, decimals)
            if summed is not None:
                self._hint = decimals
                return summed[0], float(summed[1]), True
        found = self._fractions(np.arange(rows.start, rows.stop), slice(0, width), reduce=self._long)
        if found is None:
            return np.zeros(width), 1.0, np.zeros(width, dtype=bool)
        num, den, den_size, sound, common, size = found
        sound = sound & (den_size * size * max(self._kernel.tree.highest, 1.0) < SAFE)
        top = np.where(sound, num, 0)
        below = np.where(sound, times(den, common), 1)
        if below.max() >= 2**31:
            divisor = np.gcd(top, below)
            top, below = top // divisor, below // divisor
        return top.astype(np.float64), below.astype(np.float64), sound

    def members(self, rows: slice) -> tuple[Floats, Floats | float, Flags | bool]:
        """
        Return the shares of loaded rows in common parts, what these are, and for which units it holds.
        """
        width = rows.stop - rows.start
        if not self._fit:
            return np.zeros((len(self._readers), width)), 1.0, np.zeros(width, dtype=bool)
        steps, scale, counts, sound = self._steps(np.arange(rows.start, rows.stop), slice(0, width))
        if any(multiple != 1 for multiple in self._multiples):
            steps = steps * np.array([float(each) for each in self._multiples])[:, None]
        parts = float(self._denominator * scale)
        common = parts if counts is None else parts * counts.astype(np.float64)
        longest = np.maximum(np.maximum.reduce(steps, axis=1).max(), np.max(common))
        if longest < LONGEST:
            return steps, common, True if sound.all() else sound
        return steps, common, sound & (np.maximum(np.maximum.reduce(steps, axis=0), common) < LONGEST)

    def sides(self, rows: Indices, within: slice | Indices) -> Sides | None:
        """
        Return what tells on which side of a boundary exact totals lie; nothing where none does.

        Args:
            rows: The units.
            within: Where they stand in the loaded block.
        """
        found = self._fractions(rows, within)
        if found is None:
            return None
        num, den, den_size, sound, common, size = found
        maximum = self._maximum

        def side(boundary: npt.NDArray[np.int64], over: int, gap: float) -> npt.NDArray[np.int8]:
            sides = settled_signs(
                num,
                den,
                den_size,
                scale=(maximum.denominator, over * maximum.numerator),
                boundary=boundary,
                common=common,
                common_size=size,
                gap=gap / float(maximum),
            )
            return np.where(sound, sides, np.int8(2))

        return side

    def _fractions(
        self, rows: Indices, within: slice | Indices, reduce: bool = False
    ) -> tuple[Whole, Whole, Floats, Flags, Whole, Floats] | None:
        """
        Return the exact share of loaded units: numerator, denominator, its size, which hold.

        The denominator is to be multiplied with what all shares of a unit are parts of, which
        follows with its size.
        """
        if not self._fit:
            return None
        answered = self._kernel.answered[: len(self._readers)][:, within]
        steps, scale, counts, sound = self._steps(rows, within)
        common: Whole = self._denominator * scale
        size = np.full(len(rows), float(common))
        if counts is not None:
            common, size = times(common, counts), size * counts
        reduce |= bool(self._bound * size.max() >= SAFE)
        found = self._kernel.fractions(steps, answered, self._multiples, size, reduce)
        if found is None:
            return None
        num, den, den_size, fits = found
        return num, den, den_size, sound & fits, common, size

    def _steps(
        self, rows: Indices, within: slice | Indices
    ) -> tuple[Floats, int, npt.NDArray[np.int64] | None, Flags]:
        """
        Return the answers as whole numbers with the fewest decimals that hold them all.

        Besides: the scale of the decimals, the respondents that the shares are divided by,
        and for which units this is exact.
        """
        answers = self._kernel.shares[: len(self._readers)][:, within]
        straight = answers if not self._others else answers[self._straight]
        for decimals in self._decimals:
            scale = 10**decimals
            if decimals != self._decimals[-1] and not _in_steps(straight[:, :_PROBE], scale)[1].all():
                continue
            whole, short = _in_steps(straight, scale)
            if short.all():
                break
        sound = np.logical_and.reduce(short, axis=0)
        steps = whole if not self._others else np.empty((len(self._readers), len(rows)))
        if self._others:
            steps[self._straight] = whole
        counts: npt.NDArray[np.int64] | None = None
        divided: dict[int, npt.NDArray[np.int64]] = {}
        for row, each in self._others:
            found = each.steps(rows, scale, self._lowest[row])
            steps[row] = found.steps
            sound &= found.sound
            if found.counts is not None:
                divided[row] = found.counts.astype(np.int64)
                counts = divided[row] if counts is None else np.lcm(counts, divided[row])
                sound &= counts < 2**31
                counts = np.where(sound, counts, 1)
        if counts is not None:
            for row in range(len(steps)):
                steps[row] *= counts // divided[row] if row in divided else counts
        return steps, scale, counts, sound


def _in_steps(answers: Floats, scale: int) -> tuple[Floats, Flags]:
    """Return answers in steps of a decimal place, and which of them these are exactly."""
    steps = np.rint(answers * scale) if scale > 1 else np.rint(answers)
    return steps, (steps / scale if scale > 1 else steps) == answers
