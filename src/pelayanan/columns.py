"""
The answers to one indicator as a column: answered, missing, or not applicable.
"""

from collections.abc import Mapping
from enum import Enum
from fractions import Fraction
from typing import Any, Self

import attrs
import numpy as np
import numpy.typing as npt

from pelayanan.arrays import listed, owned, restored
from pelayanan.errors import NumberError
from pelayanan.exact import fraction, written

__all__ = [
    "MISSING",
    "NOT_APPLICABLE",
    "Column",
    "Mean",
    "NoRespondents",
    "State",
    "Unasked",
    "column_of",
    "mean_of",
    "state_or_value",
]


class State(Enum):
    """What an indicator is when it is not answered; missing is not zero."""

    MISSING = "missing"
    NOT_APPLICABLE = "not applicable"

    def __repr__(self) -> str:
        return f"pelayanan.{self.name}"


MISSING = State.MISSING
NOT_APPLICABLE = State.NOT_APPLICABLE

Array = npt.NDArray[Any]


@attrs.frozen(eq=False, repr=False, slots=False)
class Column:
    """
    The answers to one indicator.

    Args:
        values: shape ``(units,)``: floats, integers, text or objects. Not-a-number,
            ``None`` and the empty text are missing.
        counts: shape ``(units,)``: for a survey, of how many respondents ``values`` are sums.
        mask: shape ``(units,)``: which answers are missing besides.
        missing, not_applicable: The codes of the states in integer columns.
        unasked: shape ``(units,)``: whom a condition of the instrument spares the question.
    """

    values: Array
    counts: Array | None = None
    mask: npt.NDArray[np.bool_] | None = None
    missing: int | None = None
    not_applicable: int | None = None
    unasked: npt.NDArray[np.bool_] | None = attrs.field(default=None, kw_only=True)

    __setstate__ = restored

    @property
    def is_number(self) -> bool:
        """Whether the column holds numbers of a plain machine type."""
        return self.values.dtype.kind in "fiu" and self.values.dtype.itemsize <= 8

    def part(self, rows: slice | npt.NDArray[np.intp]) -> "Column":
        """
        Return the answers of some units.
        """
        counts, mask, unasked = (
            None if each is None else each[rows] for each in (self.counts, self.mask, self.unasked)
        )
        return attrs.evolve(self, values=self.values[rows], counts=counts, mask=mask, unasked=unasked)

    def at(self, row: int) -> Any:
        """
        Return one answer as it stands: a number, a text, anything else, or its state.
        """
        cell = self._given(row)
        if self.unasked is None or not self.unasked[row]:
            return cell
        return NOT_APPLICABLE if isinstance(cell, State) else Unasked(cell)

    def _given(self, row: int) -> Any:
        if self.mask is not None and self.mask[row]:
            return MISSING
        value = self.values[row]
        if self.counts is not None:
            return self._mean(value, self.counts[row])
        if self.values.dtype.kind in "iu":
            code = int(value)
            if code == self.missing:
                return MISSING
            return NOT_APPLICABLE if code == self.not_applicable else Fraction(code)
        return state_or_value(value)

    def missing_flags(self, tokens: Mapping[str, str]) -> npt.NDArray[np.bool_]:
        """
        Return which answers are missing, shape ``(units,)``.

        Args:
            tokens: Texts that are states, by the name of the state.
        """
        if self.counts is None and self.values.dtype.kind in "fiu":
            found = np.isnan(self.values) if self.values.dtype.kind == "f" else self.values == self.missing
            found = found if self.mask is None else found | self.mask
            return found if self.unasked is None else found & ~self.unasked
        rows = range(len(self.values))
        return np.array([self._is_missing(row, tokens) for row in rows], dtype=bool)

    def _is_missing(self, row: int, tokens: Mapping[str, str]) -> bool:
        cell = self.at(row)
        return cell is MISSING or (isinstance(cell, str) and tokens.get(cell.strip()) == "missing")

    def _mean(self, total: Any, count: Any) -> Any:
        if int(count) == self.missing:
            return MISSING
        if int(count) == self.not_applicable:
            return NOT_APPLICABLE
        return mean_of(int(total), int(count))


@attrs.frozen
class NoRespondents:
    """A survey answer of nobody: not a number, and not missing either."""

    count: int


@attrs.frozen
class Unasked:
    """An answer to a question that was not asked."""

    answer: Any


class Mean(Fraction):
    """
    The mean of a survey, which knows how many respondents it is of.

    >>> mean_of(34, 10), mean_of(34, 10) == Fraction("3.4"), mean_of(34, 10).count
    (Mean(34, 10), True, 10)
    """

    __slots__ = ("count", "total")
    total: Fraction
    count: int

    def __repr__(self) -> str:
        return f"Mean({written(self.total)}, {self.count})"

    def __reduce__(self) -> tuple[Any, ...]:
        return mean_of, (self.total, self.count)

    def __copy__(self) -> Self:
        return self

    def __deepcopy__(self, memo: Any) -> Self:
        return self


def mean_of(total: Fraction | int, count: int) -> Mean | NoRespondents:
    """
    Return the mean of so many respondents, by the sum of their answers.
    """
    if count <= 0:
        return NoRespondents(count)
    made = Mean(total, count)
    made.total, made.count = Fraction(total), count
    return made


def state_or_value(value: Any) -> Any:
    """
    Return the state that a value stands for, else the value, numbers as fractions.

    Text stays text; what is no answer at all stays as it is, for the error to show.
    """
    if isinstance(value, str):
        return str(value) if value.strip() else MISSING
    if value is None or type(value).__name__ in ("NAType", "NaTType"):
        return MISSING
    if isinstance(value, float | np.floating) and np.isnan(value):
        return MISSING
    if isinstance(value, State):
        return value
    try:
        return fraction(value)
    except NumberError:
        return value


def column_of(given: Any, codes: dict[str, int | None], copy: bool) -> Column:
    """
    Return the column of an array, a masked array, a list, or a tuple of sums and counts.

    Args:
        given: shape ``(units,)``, or two of that shape.
        codes: What stands for ``"missing"`` and ``"not_applicable"`` in whole numbers.
        copy: Whether to own the arrays.

    Raises:
        TypeError, ValueError: It holds no answers.

    >>> column_of([3, -1], {"missing": -1, "not_applicable": None}, copy=False).at(1)
    pelayanan.MISSING
    """
    if isinstance(given, tuple):
        return _survey(given, codes, copy)
    mask = None
    if isinstance(given, np.ma.MaskedArray):
        mask = owned(np.ma.getmaskarray(given), copy)
        given = given.data
    values = _array(given)
    if values.dtype.kind not in "fiuUTO":
        kind = "text" if values.dtype.kind == "S" else str(values.dtype)
        hint = "decode bytes to text" if kind == "text" else "give numbers, text or objects"
        raise TypeError(f"a column of {values.dtype} holds no answers; {hint}")
    return Column(owned(values, copy), None, mask, *_stated(values, codes))


def _survey(given: tuple[Any, ...], codes: dict[str, int | None], copy: bool) -> Column:
    if len(given) != 2:
        raise ValueError(f"a survey column is a tuple of sums and counts, not of {len(given)}")
    for name, code in codes.items():
        if code is not None and code > 0:
            words = f"{name}={code} could be a number of respondents"
            raise ValueError(f"{words}; in tables with surveys the codes lie below 1")
    masks = [np.ma.getmaskarray(each) for each in given if isinstance(each, np.ma.MaskedArray)]
    sums, counts = (_array(np.ma.getdata(each)) for each in given)
    if sums.dtype.kind not in "iu" or counts.dtype.kind not in "iu":
        raise TypeError(f"sums and counts are whole numbers, not {sums.dtype} and {counts.dtype}")
    if len(sums) != len(counts):
        raise ValueError(f"there are {len(sums)} sums and {len(counts)} counts")
    mask = np.logical_or.reduce(masks) if masks else None
    return Column(owned(sums, copy), owned(counts, copy), mask, *_stated(sums, codes))


def _stated(values: Array, codes: dict[str, int | None]) -> tuple[int | None, int | None]:
    whole = values.dtype.kind in "iu"
    return (codes["missing"], codes["not_applicable"]) if whole else (None, None)


def _array(given: Any) -> Array:
    values = listed(given, (float, int)) if isinstance(given, list) else np.asarray(given)
    if values.ndim != 1:
        raise ValueError(f"a column has one answer a unit, not the shape {values.shape}")
    return values
