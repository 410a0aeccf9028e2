"""
Answers on their scales become blocks of floats, and whole numbers where those must decide.
"""

import math
from fractions import Fraction
from typing import Any

import attrs
import numpy as np
import numpy.typing as npt

from pelayanan.answers import NOT_APPLICABLE, Column, State, Unasked
from pelayanan.ratios import Ratios
from pelayanan.scales import Line, Pieces, Scale

__all__ = ["Known", "Lined", "Pieced", "Reader", "Rows", "Steps", "Survey", "Table", "read_cell", "reader"]

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
Rows = slice | npt.NDArray[np.intp]

_LONGEST = 1e15
_PLAIN = (str, int, float)
_KNOWN = (*_PLAIN, Fraction, State)


@attrs.frozen(eq=False, repr=False)
class Steps:
    """
    Answers as whole numbers.

    Args:
        steps: shape ``(n,)``; the share of each is steps x multiple / (denominator x scale).
        counts: shape ``(n,)``, what the shares are divided by besides (respondents), or nothing.
        sound: shape ``(n,)``, for which units this is exact; a missing answer is 0.
    """

    steps: Floats
    counts: Floats | None
    sound: Flags


def read_cell(value: Any, tokens: Any) -> Any:
    """
    Return an answer with the edition's tokens read as the states they are.
    """
    if isinstance(value, Unasked):
        inner = read_cell(value.answer, tokens)
        return NOT_APPLICABLE if isinstance(inner, State) else value
    if isinstance(value, str):
        token = tokens.get(value.strip())
        return value if token is None else State(token.replace("_", " "))
    return value


def reader(column: Column | None, scale: Scale, tokens: Any, length: int) -> "Reader":
    """
    Return how a column is read on a scale; without a column everything is missing.
    """
    kernel = scale.kernel
    if column is None:
        column = Column(np.full(length, np.nan))
    plain = column.is_number and not _beyond_floats(column, kernel)
    survey = column.counts is not None
    if survey and plain and isinstance(kernel, Line) and not kernel.whole and _short_ends(scale):
        return Survey(column, kernel, scale)
    if survey or not plain or kernel is None:
        return Table(column, scale, tokens)
    if isinstance(kernel, Line):
        return Lined(column, kernel)
    return Pieced(column, kernel, scale)


def _short_ends(scale: Scale) -> bool:
    """Return whether a mean of respondents is on the scale exactly where its float is."""
    ends = (end or Fraction(0) for end in scale.ends)
    return all(max(abs(end.numerator), end.denominator) < 2**20 for end in ends)


def _beyond_floats(column: Column, kernel: Line | Pieces | None) -> bool:
    """Return whether whole numbers could lose digits as floats."""
    if column.values.dtype.itemsize < 8 or column.values.dtype.kind == "f" or kernel is None:
        return False
    longest = [column.values] if column.counts is None else [column.values, column.counts]
    return kernel.highest >= 2.0**53 or (
        column.counts is not None and any(each.max(initial=0) >= 2**31 for each in longest)
    )


class _Numbers:
    """A column of machine numbers, as floats that are the decimals meant."""

    def __init__(self, column: Column) -> None:
        self._column = column
        kind, size = column.values.dtype.kind, column.values.dtype.itemsize
        self.integers = kind in "iu"
        self._short_floats = kind == "f" and size < 8
        info = np.iinfo(column.values.dtype) if self.integers else None
        codes = (column.missing, column.not_applicable)
        inside = [
            None if code is None or info is None or not info.min <= code <= info.max else code
            for code in codes
        ]
        self._missing, self._not_applicable = inside
        stated = (column.mask, column.unasked, self._missing, self._not_applicable)
        self.plain = not self._short_floats and all(each is None for each in stated)

    def read(self, rows: Rows, out: Floats) -> Flags | None:
        values = self._column.values[rows]
        out[...] = _decimals(values) if self._short_floats else values
        if self._column.mask is not None:
            np.putmask(out, self._column.mask[rows], np.nan)
        if self._missing is not None:
            np.putmask(out, values == self._missing, np.nan)
        not_applicable = None
        if self._not_applicable is not None:
            not_applicable = np.equal(values, self._not_applicable)
            if self._column.mask is not None:
                not_applicable &= ~self._column.mask[rows]
            np.putmask(out, not_applicable, np.nan)
        return _spared(self._column, rows, out, not_applicable)


def _spared(column: Column, rows: Rows, out: Floats, not_applicable: Flags | None) -> Flags | None:
    """Mark answers to what was not asked as invalid, and return what does not apply besides."""
    if column.unasked is None:
        return not_applicable
    unasked = column.unasked[rows]
    np.putmask(out, unasked & ~np.isnan(out), np.inf)
    return unasked if not_applicable is None else unasked | not_applicable


def _decimals(values: npt.NDArray[np.floating[Any]]) -> Floats:
    """Return short floats as the doubles of the decimals that they show."""
    wide = values.astype(np.float64)
    found = wide.copy()
    unique = min(2.0**20, 2.0 ** np.finfo(values.dtype).nmant)
    open_ = np.isfinite(wide)
    for places in range(7):
        rounded = np.rint(wide * 10.0**places) / 10.0**places
        fits = open_ & (np.abs(wide) < unique) & (rounded.astype(values.dtype) == values)
        found[fits] = rounded[fits]
        open_ &= ~fits
    found[open_] = [float(str(value)) for value in values[open_]]
    return found


class Lined:
    """Numbers on a scale whose share is a multiple of the answer."""

    straight = True

    def __init__(self, column: Column, line: Line) -> None:
        self._numbers = _Numbers(column)
        self.integers = self._numbers.integers
        self._line = line
        self.slope = float(line.slope)
        self.low, self.high = line.lowest, line.highest
        self.lowest = line.lowest
        self.multiple, self.denominator = line.slope.numerator, line.slope.denominator
        self.plain = (
            column.values if self._numbers.plain and (self._numbers.integers or not line.whole) else None
        )

    def fill(self, rows: Rows, out: Floats) -> Flags | None:
        not_applicable = self._numbers.read(rows, out)
        if self._line.whole and not self._numbers.integers:
            np.putmask(out, np.isfinite(out) & (np.rint(out) != out), np.inf)
        return not_applicable


def _count(rows: Rows) -> int:
    return rows.stop - rows.start if isinstance(rows, slice) else len(rows)


def _in_steps(answers: Floats, scale: int) -> Steps:
    steps = np.rint(answers * scale)
    return Steps(steps, None, (steps / scale == answers) & (np.abs(steps) < _LONGEST))


class Survey:
    """Sums over respondents on a scale whose share is a multiple of the answer."""

    straight = False

    def __init__(self, column: Column, line: Line, scale: Scale) -> None:
        self._column = column
        self.slope = float(line.slope)
        self.low, self.high = (float(end or 0) for end in scale.ends)
        self.lowest = line.lowest
        self.multiple, self.denominator = line.slope.numerator, line.slope.denominator
        counts = column.counts
        self._counts = counts if counts is not None else column.values

    def _states(self, rows: Rows) -> tuple[Floats, Floats, Flags, Flags]:
        """Return sums, counts, and which are not answered and not applicable."""
        sums = self._column.values[rows].astype(np.float64)
        counts = self._counts[rows].astype(np.float64)
        none = np.zeros(sums.shape, dtype=bool)
        if self._column.mask is not None:
            none |= self._column.mask[rows]
        not_applicable = np.zeros(sums.shape, dtype=bool)
        for code, flags in (
            (self._column.missing, none),
            (self._column.not_applicable, not_applicable),
        ):
            if code is not None:
                flags |= counts == code
        return sums, counts, none | not_applicable, not_applicable & ~none

    def fill(self, rows: Rows, out: Floats) -> Flags | None:
        sums, counts, none, not_applicable = self._states(rows)
        nobody = counts <= 0
        out[...] = sums / np.where(nobody, 1.0, counts)
        out[nobody] = np.inf
        out[none] = np.nan
        return _spared(self._column, rows, out, not_applicable)

    def steps(self, rows: Rows, scale: int, lowest: bool) -> Steps:
        sums, counts, none, not_applicable = self._states(rows)
        if self._column.unasked is not None:
            not_applicable = not_applicable | self._column.unasked[rows]
        counts = np.where(none, 1.0, counts)
        fill = np.where(not_applicable, 0.0, self.lowest if lowest else 0.0)
        steps = np.where(none, fill, sums) * scale
        return Steps(steps, counts, np.rint(steps) == steps)


class Pieced:
    """Numbers on a scale of straight pieces; the blocks hold shares."""

    straight = False

    slope, low, high = 1.0, -1.0, 2.0
    multiple = 1

    def __init__(self, column: Column, pieces: Pieces, scale: Scale) -> None:
        self._numbers = _Numbers(column)
        self._pieces = pieces
        self.lowest = float(scale.worst)
        self.denominator, self.error = pieces.denominator, pieces.error

    def fill(self, rows: Rows, out: Floats) -> Flags | None:
        not_applicable = self._numbers.read(rows, out)
        invalid = ~self._pieces.valid(out) & ~np.isnan(out)
        out[invalid] = 0.0
        out[...] = self._pieces.shares(out)
        out[invalid] = np.inf
        return not_applicable

    def steps(self, rows: Rows, scale: int, lowest: bool) -> Steps:
        answers = np.empty(_count(rows))
        self._numbers.read(rows, answers)
        none = np.isnan(answers)
        found = _in_steps(np.where(none, self._pieces.starts[0], answers), scale)
        sound = (found.sound | none) & (self._pieces.exact is not None)
        if lowest:
            sound &= ~none
        numerators = self._pieces.numerators(np.where(none, 0.0, found.steps), scale)
        return Steps(np.where(none, 0.0, numerators), None, sound & (np.abs(numerators) < _LONGEST))


class Table:
    """Text, objects and whatever is no machine number: looked up; the blocks hold shares."""

    straight = False

    slope, low, high = 1.0, -1.0, 2.0
    multiple = 1
    _NONE, _NOT_APPLICABLE, _INVALID = range(3)

    def __init__(self, column: Column, scale: Scale, tokens: Any) -> None:
        shares: list[Fraction] = []
        places: dict[Any, int] = {}
        codes = np.empty(len(column.values), dtype=np.intp)
        plain = column.values.dtype.kind in "OUT" and column.mask is None and column.unasked is None
        for row, value in enumerate(column.values.tolist()):
            given = value if plain and type(value) in _PLAIN else column.at(row)
            inner = given.answer if isinstance(given, Unasked) else given
            key = (type(given), type(inner), inner if isinstance(inner, _KNOWN) else None)
            place = places.get(key)
            if place is None:
                place = self._place(read_cell(column.at(row), tokens), scale, shares)
                places[key] = place
            codes[row] = place
        self._codes = codes
        self._floats = np.array([math.nan, math.nan, math.inf, *(float(each) for each in shares)])
        self.lowest = float(scale.worst)
        whole = math.lcm(scale.worst.denominator, *(each.denominator for each in shares))
        self._short = whole < _LONGEST
        self.denominator = whole if self._short else 1
        self.parts = whole if self._short else 0
        worths = [float(each * whole) if self._short else 0.0 for each in (scale.worst, *shares)]
        self._worst = worths[0]
        self._wholes = np.array([0.0, 0.0, 0.0, *worths[1:]])

    def _place(self, cell: Any, scale: Scale, shares: list[Fraction]) -> int:
        if isinstance(cell, State):
            return self._NOT_APPLICABLE if cell is NOT_APPLICABLE else self._NONE
        if not isinstance(cell, Fraction | str) or scale.fault(cell) is not None:
            return self._INVALID
        shares.append(scale.share(cell))
        return 2 + len(shares)

    def fill(self, rows: Rows, out: Floats) -> Flags | None:
        codes = self._codes[rows]
        np.take(self._floats, codes, out=out)
        return np.equal(codes, self._NOT_APPLICABLE)

    def steps(self, rows: Rows, scale: int, lowest: bool) -> Steps:
        codes = self._codes[rows]
        steps = self._wholes[codes]
        if lowest:
            steps = np.where(codes == self._NONE, self._worst, steps)
        steps = steps * scale
        return Steps(steps, None, np.full(len(codes), self._short) & (steps < _LONGEST))


class Known:
    """Shares that were worked out before; where there is none it is left out."""

    low, lowest = -1.0, 0.0
    multiple = 1

    def __init__(self, ratios: Ratios) -> None:
        self._ratios = ratios
        self._one = not isinstance(ratios.den, np.ndarray)
        self.denominator = int(ratios.den) if isinstance(ratios.den, float) else 1
        self.slope = 1 / self.denominator
        self.high = ratios.highest if self._one else math.inf
        self.straight = self._one and not ratios.rest
        self.plain = ratios.num if self.straight and ratios.all_there else None

    def fill(self, rows: Rows, out: Floats) -> Flags | None:
        if self._one:
            out[...] = self._ratios.num[rows]
        else:
            np.divide(self._ratios.num[rows], self._ratios.dens(rows), out=out)
        return np.isnan(out)

    def steps(self, rows: Rows, scale: int, lowest: bool) -> Steps:
        steps = np.nan_to_num(self._ratios.num[rows]) * scale
        counts = None if self._one else np.asarray(self._ratios.dens(rows))
        return Steps(steps, counts, self._ratios.sound[rows] & (steps < _LONGEST))


# How an indicator's answers are read in blocks. ``fill`` writes what the kernel multiplies with
# ``slope`` to give shares, NaN for what is not answered, and something outside ``low`` to
# ``high`` for what is no valid answer; it returns which are not applicable, if any can be.
Reader = Lined | Survey | Pieced | Table | Known
