"""
Blocks of answers: read, checked against their scales, and with their states resolved.
"""

from fractions import Fraction

import numpy as np
import numpy.typing as npt

from pelayanan.criterion import ROOT
from pelayanan.errors import AnswerError, Problem
from pelayanan.loading import Known, Lined, Reader, Rows, reader
from pelayanan.matching import SHOWN, Matched, problem_of

__all__ = ["Blocks"]

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]


class Blocks:
    """
    The shares of some criteria, written block by block into a work space.

    They are answers to indicators, or what was worked out before.

    Args:
        codes: The criteria, one a row of the work space.
        least: How many of the first are all scored indicators, of which a unit needs a least
            part answered for a score; 0 where they are not.
    """

    def __init__(self, given: Matched, codes: tuple[str, ...], *, least: int) -> None:
        instrument, criteria = given.instrument, given.instrument.tree
        self.given = given
        self.codes = codes
        self.problems: list[Problem] = []
        self.faults = 0
        self._gaps = False
        self.readers = [self._reader(code) for code in codes]
        scored = set(criteria.leaves[ROOT]) - given.known.keys()
        policies = [criteria.policy(code) if code in scored else "exclude" for code in codes]
        needed = scored | (criteria.asked_about - given.known.keys())
        refused = [code in needed and criteria.policy(code) == "refuse" for code in codes]
        self.lowest = [policy == "lowest" for policy in policies]
        self.worst = [
            criteria.indicator(code).scale.worst if low else None
            for code, low in zip(codes, self.lowest, strict=True)
        ]
        fill = [each.lowest if low else 0.0 for each, low in zip(self.readers, self.lowest, strict=True)]
        self._fill: Floats | float = np.array(fill)[:, None] if any(fill) else 0.0
        self._low = np.array([each.low for each in self.readers])
        self.high = np.array([each.high for each in self.readers])
        self._counted = np.array([policy in ("zero", "lowest") for policy in policies])
        self._refused = np.array(refused)[:, None]
        self._optional = [code in given.known or criteria.may_be_skipped(code) for code in codes]
        self._scored = least
        self._least = instrument.root.least_answered or Fraction(0)
        plain = [each.plain if isinstance(each, Lined | Known) else None for each in self.readers]
        self._copied = [(row, values) for row, values in enumerate(plain) if values is not None]
        self._read = [(row, self.readers[row]) for row, values in enumerate(plain) if values is None]

    def _reader(self, code: str) -> Reader:
        given = self.given
        if code in given.known:
            return Known(given.known[code])
        scale = given.instrument.tree.indicator(code).scale
        return reader(given.columns[code], scale, given.instrument.tokens, len(given.answers))

    def load(self, rows: Rows, shares: Floats, answered: Floats) -> Flags | None:
        """
        Fill the work space; return which units have enough answers, nothing where all is answered.

        Args:
            rows: The units.
            shares: shape ``(codes, units)``, gets what the kernel multiplies: 0 for what is
                left out.
            answered: shape ``(codes, units)``, gets 1 or 0, where not all is answered.
        """
        inapplicable: dict[int, Flags] = {}
        for row, values in self._copied:
            shares[row] = values[rows]
        for row, each in self._read:
            left_out = each.fill(rows, shares[row])
            if left_out is not None and left_out.any():
                inapplicable[row] = left_out
        if not self._gaps and self._complete(rows, shares):
            return None
        lows, highs = np.fmin.reduce(shares, axis=1), np.fmax.reduce(shares, axis=1)
        if (lows < self._low).any() or (highs > self.high).any():
            self._report(rows, (shares < self._low[:, None]) | (shares > self.high[:, None]))
        there = np.equal(shares, shares)
        self._gaps = not there.all()
        if not self._gaps:
            return None
        self._refuse(rows, there, inapplicable)
        np.fmax(shares, self._fill, out=shares)
        np.copyto(answered, there)
        enough = self._enough(answered, inapplicable)
        answered[self._counted] = 1.0
        for row, left_out in inapplicable.items():
            shares[row, left_out] = 0.0
            answered[row, left_out] = 0.0
        return enough

    def _complete(self, rows: Rows, shares: Floats) -> bool:
        """Return whether all is answered and on its scale."""
        lows = np.minimum.reduce(shares, axis=1)
        if not (lows >= self._low).all():
            return False
        return bool((np.maximum.reduce(shares, axis=1) <= self.high).all())

    def _refuse(self, rows: Rows, there: Flags, inapplicable: dict[int, Flags]) -> None:
        """Report what may not be missing, and what may not be left out."""
        compulsory = [row for row in inapplicable if not self._optional[row]]
        if not self._refused.any() and not compulsory:
            return
        refused = ~there & self._refused
        for row, left_out in inapplicable.items():
            refused[row] &= ~left_out
        for row in compulsory:
            unasked = self._unasked(row, rows)
            refused[row] |= inapplicable[row] if unasked is None else inapplicable[row] & ~unasked
        if refused.any():
            self._report(rows, refused)

    def _unasked(self, row: int, rows: Rows) -> Flags | None:
        """Return which units were spared a question, nothing where none is."""
        column = self.given.columns[self.codes[row]]
        return None if column is None or column.unasked is None else column.unasked[rows]

    def _enough(self, answered: Floats, inapplicable: dict[int, Flags]) -> Flags:
        """Return which units answered something, and as much as the instrument wants."""
        width = answered.shape[1]
        if not self._scored or not (self._least or self._counted.any()):
            return np.ones(width, dtype=bool)
        asked = np.full(width, self._scored)
        for row, left_out in inapplicable.items():
            asked -= left_out & (row < self._scored)
        found = answered[: self._scored].sum(axis=0)
        enough = found * self._least.denominator >= self._least.numerator * asked
        return np.asarray((found > 0) & enough)

    def _report(self, rows: Rows, bad: Flags) -> None:
        """Keep the first problems, by unit, and count the others."""
        self.faults += int(np.count_nonzero(bad))
        numbers = np.arange(len(self.given.answers))[rows]
        for unit, leaf in np.argwhere(bad.T)[: SHOWN - len(self.problems)]:
            problem = problem_of(self.given, self.codes[int(leaf)], int(numbers[unit]))
            self.problems += [] if problem is None else [problem]

    def check(self) -> None:
        """
        Raise the problems met so far.

        Raises:
            AnswerError: There are some; the first ten are named, with their number.
        """
        if self.faults:
            raise AnswerError.of(self.given.instrument.id, self.problems, count=self.faults)
