"""
Exact decisions in whole numbers: answers in steps of their last decimal.
"""

import math
from collections.abc import Callable
from fractions import Fraction

import numpy as np
import numpy.typing as npt

from pelayanan.deciding import Decider
from pelayanan.exact import fraction
from pelayanan.loading import Lined, Reader, Rows, Survey
from pelayanan.tree import SAFE, Kernel, Whole, settled_signs, times

__all__ = ["Numbers", "Wholes"]

DECIMALS = (0, 2, 4, 8)
_LONGEST = 1e15
_PROBE = 64

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
Indices = npt.NDArray[np.intp]
Space = tuple[Floats, Floats, Flags]
Sides = Callable[[npt.NDArray[np.int64], int, float], npt.NDArray[np.int8]]


class Numbers:
    """
    Reads loaded rows as whole numbers, as long as these are short.

    The share of a row is its number x slope, divided by the scale and the counts.

    Args:
        readers: How each row was read.
        worst: The worst share of each row whose missing answers count as that, else ``None``.
        high: shape ``(rows,)``, the highest valid answer of each row.
    """

    def __init__(self, readers: list[Reader], worst: list[Fraction | None], high: Floats) -> None:
        self._lowest = [share is not None for share in worst]
        self._straight = [row for row, each in enumerate(readers) if each.straight]
        self._others = [
            (row, each)
            for row, each in enumerate(readers)
            if not isinstance(each, Lined) and not each.straight
        ]
        self._high = high
        self.slopes = [Fraction(each.multiple, each.denominator) for each in readers]
        self.straight = not self._others
        top = max((high[row] for row in self._straight), default=0.0)
        self._decimals = [each for each in DECIMALS if top * 10.0**each < _LONGEST] or [0]
        self.fit = top < _LONGEST and all(
            share is None or not isinstance(each, Lined | Survey) or fraction(each.lowest) * slope == share
            for share, each, slope in zip(worst, readers, self.slopes, strict=True)
        )

    def longest(self, steps: Floats, scale: int) -> Floats:
        """
        Return an upper bound of the numbers of each row, shape ``(rows,)``.

        Args:
            steps, scale: As `steps` returned them.
        """
        return self._high * scale if self.straight else np.maximum.reduce(steps, axis=1)

    def steps(
        self, answers: Floats, rows: Rows, space: Space | None = None
    ) -> tuple[Floats, int, npt.NDArray[np.int64] | None, Flags]:
        """
        Return loaded answers as whole numbers with the fewest decimals that hold them all.

        Besides: the scale of the decimals, the respondents that the shares are divided by,
        and which numbers are exact.

        Args:
            answers: shape ``(rows, units)``, as they were loaded.
            rows: The units.
            space: Where the numbers may be written, at least as large as the answers: twice
                for numbers, and for which are exact. It saves getting memory for each block.
        """
        straight = answers if self.straight else answers[self._straight]
        for decimals in self._decimals:
            scale = 10**decimals
            if decimals != self._decimals[-1] and not _in_steps(straight[:, :_PROBE], scale)[1].all():
                continue
            steps, short = _in_steps(straight, scale, space)
            if short.all():
                break
        if self.straight:
            return steps, scale, None, short
        whole, exactly = steps, short
        steps, short = np.empty(answers.shape), np.ones(answers.shape, dtype=bool)
        steps[self._straight], short[self._straight] = whole, exactly
        counts: npt.NDArray[np.int64] | None = None
        divided: dict[int, npt.NDArray[np.int64]] = {}
        for row, each in self._others:
            found = each.steps(rows, scale, self._lowest[row])
            steps[row], short[row] = found.steps, found.sound
            if found.counts is not None:
                short[row] &= found.counts < 2**31
                divided[row] = np.where(short[row], found.counts, 1).astype(np.int64)
                counts = divided[row] if counts is None else np.lcm(counts, divided[row])
                long = counts >= 2**31
                short[:, long] = False
                counts = np.where(long, 1, counts)
        if counts is not None:
            for row in range(len(steps)):
                steps[row] *= counts // divided[row] if row in divided else counts
        return steps, scale, counts, short


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
        self._numbers = Numbers(readers, worst, high)
        self._maximum = maximum
        self._decider = decider
        self._denominator = math.lcm(*(slope.denominator for slope in self._numbers.slopes))
        self._multiples = [int(slope * self._denominator) for slope in self._numbers.slopes]
        for row in rest.tolist():
            self._multiples[row] = 0
        finest = 2.0 * 10.0**decider.decimals * maximum.denominator * 4 * error
        self._bound = kernel.tree.largest_denominator * finest
        self._error = error
        self._ratios = self._made_ratios(high) if self._numbers.straight else {}
        self._hint: int | None = None

    def _made_ratios(self, high: Floats) -> dict[int, tuple[Floats, int]]:
        """
        Return, by decimals of the answers, whole weights and a denominator of exact totals.

        Where all is answered the total is the weighted sum of the answers in steps of their
        last decimal, over the denominator, as long as floats hold all of it exactly.
        """
        pairs = zip(self._kernel.tree.effective, self._numbers.slopes, strict=True)
        weights = [self._maximum * part * slope for part, slope in pairs]
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
        weights, denominator = self._ratios[decimals]
        answers = self._kernel.shares[: len(weights), :width]
        steps, exactly = _in_steps(answers, 10**decimals)
        if not exactly.all():
            return None
        return self._decider.publish_ratio(weights @ steps, denominator)

    def sides(self, rows: Indices, within: slice | Indices) -> Sides | None:
        """
        Return what tells on which side of a boundary exact totals lie; nothing where none does.

        Args:
            rows: The units.
            within: Where they stand in the loaded block.
        """
        if not self._numbers.fit or self._denominator >= _LONGEST:
            return None
        leaves = self._kernel.tree.leaves
        answered = self._kernel.answered[:leaves][:, within]
        steps, scale, counts, short = self._numbers.steps(self._kernel.shares[:leaves][:, within], rows)
        sound = np.logical_and.reduce(short, axis=0)
        common: Whole = self._denominator * scale
        size = np.full(len(rows), float(common))
        if counts is not None:
            common, size = times(common, counts), size * counts
        reduce = bool(self._bound * size.max() >= SAFE)
        found = self._kernel.fractions(steps, answered, self._multiples, size, reduce)
        if found is None:
            return None
        num, den, den_size, fits = found
        sound &= fits
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


def _in_steps(answers: Floats, scale: int, space: Space | None = None) -> tuple[Floats, Flags]:
    """Return answers in steps of a decimal place, and which of them these are exactly."""
    count, width = answers.shape
    steps, back, short = space or (
        np.empty(answers.shape),
        np.empty(answers.shape),
        np.empty(answers.shape, bool),
    )
    steps, back, short = steps[:count, :width], back[:count, :width], short[:count, :width]
    np.multiply(answers, scale, out=steps)
    np.rint(steps, out=steps)
    np.divide(steps, scale, out=back)
    np.equal(back, answers, out=short)
    return steps, short
