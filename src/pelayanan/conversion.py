"""
Columns of answers: what units said, their distinct answers, and columns made of others.
"""

from collections.abc import Callable, Iterable
from fractions import Fraction
from typing import Any

import attrs
import numpy as np
import numpy.typing as npt

from pelayanan.arrays import read_only
from pelayanan.columns import MISSING, Array, Column, Mean
from pelayanan.exact import fraction
from pelayanan.instrument import Instrument
from pelayanan.loading import read_cell, reader

__all__ = ["States", "column_of", "converted", "without"]

Flags = npt.NDArray[np.bool_]
Indices = npt.NDArray[np.intp]

_WHOLE = 2**53


@attrs.frozen(eq=False, repr=False)
class States:
    """
    What units said to one question, each of shape ``(units,)``.

    Args:
        answered: Who gave an answer.
        inapplicable: To whom it is said not to apply, and who was not asked and did not answer.
        refused: Whose answer the instrument refuses.
    """

    answered: Flags
    inapplicable: Flags
    refused: Flags

    @classmethod
    def of(cls, column: Column, code: str, instrument: Instrument) -> "States":
        """
        Return them of a column.

        Missing answers are not refused here, whatever the instrument does about them.
        """
        units = len(column.values)
        read = reader(column, instrument.tree.indicator(code).scale, instrument.tokens, units)
        out = np.empty(units)
        left_out = read.fill(slice(0, units), out)
        answered = ~np.isnan(out)
        inapplicable = np.zeros(units, dtype=bool) if left_out is None else left_out & ~answered
        if column.mask is not None:
            inapplicable = inapplicable & ~column.mask
        refused = (out < read.low) | (out > read.high)
        if not instrument.tree.may_be_skipped(code):
            refused |= inapplicable if column.unasked is None else inapplicable & ~column.unasked
        return cls(answered, inapplicable, refused)


def converted(
    columns: Iterable[Column], instrument: Instrument, convert: Callable[[list[Any]], Any]
) -> tuple[list[Any], Indices]:
    """
    Return what becomes of the answers of each unit to some questions, once for answers that are alike.

    Args:
        columns: One for each question.
        instrument: Whose tokens are read as the states they are.
        convert: Gets one answer to each of them, or its state.

    Returns:
        What it gave for each that differs, and which of these each unit has, of shape ``(units,)``.

    >>> import pelayanan
    >>> columns = pelayanan.Answers.from_columns({"a": [1, 2, 1], "b": ["x", "x", "x"]}).columns.values()
    >>> converted(columns, pelayanan.load("skm-2017"), lambda cells: cells)
    ([[Fraction(1, 1), 'x'], [Fraction(2, 1), 'x']], array([0, 1, 0]))
    """
    listed = list(columns)
    first, index = _distinct([key for column in listed for key in _keys(column)])
    read = [[read_cell(column.at(int(row)), instrument.tokens) for column in listed] for row in first]
    return [convert(cells) for cells in read], index


def _distinct(keys: list[Array]) -> tuple[Indices, Indices]:
    """Return the first unit of those that are alike in all keys, and the place of each among them."""
    first, index = _places(keys[0])
    for key in keys[1:]:
        places = _places(key)[1]
        first, index = _places(index * (int(places.max()) + 1) + places)
    return first, index


def _places(key: Array) -> tuple[Indices, Indices]:
    _, first, index = np.unique(key, return_index=True, return_inverse=True)
    return first, index.reshape(-1)


def _keys(column: Column) -> list[Array]:
    """Return what is the same for two units where their answers are."""
    if column.is_number:
        given = (column.values, column.counts, column.mask, column.unasked)
        return [each for each in given if each is not None]
    places: dict[Any, int] = {}
    cells = (column.at(row) for row in range(len(column.values)))
    keys = ((type(cell), cell, cell.count if isinstance(cell, Mean) else 0) for cell in cells)
    return [np.fromiter((places.setdefault(key, len(places)) for key in keys), dtype=np.intp)]


def column_of(cells: list[Any], index: Indices) -> Column:
    """
    Return the column of some distinct answers: floats where those mean them exactly, else objects.

    Args:
        cells: Numbers, texts, means and states.
        index: shape ``(units,)``, which of them each unit has.

    >>> column_of([Fraction(1, 2), MISSING], np.array([0, 1, 0])).values
    array([0.5, nan, 0.5])
    >>> column_of([Fraction(1, 3)], np.array([0])).values
    array([Fraction(1, 3)], dtype=object)
    """
    table: Array
    if all(cell is MISSING or _is_short(cell) for cell in cells):
        table = np.array([np.nan if cell is MISSING else float(cell) for cell in cells])
    else:
        table = np.fromiter(cells, dtype=object, count=len(cells))
    return Column(read_only(table[index]))


def _is_short(cell: Any) -> bool:
    """Return whether a float means a number exactly."""
    if not isinstance(cell, Fraction) or isinstance(cell, Mean):
        return False
    return max(abs(cell.numerator), cell.denominator) < _WHOLE and fraction(float(cell)) == cell


def without(column: Column, rows: Flags) -> Column:
    """
    Return a column in which the answers of some units are missing.

    Args:
        rows: shape ``(units,)``, whose.

    >>> without(Column(np.array([3, 4])), np.array([True, False])).at(0)
    pelayanan.MISSING
    """
    mask = rows if column.mask is None else column.mask | rows
    values = column.values
    if column.counts is None and column.not_applicable is not None:
        other = column.values.dtype.type(column.not_applicable == 0)
        values = np.where(rows, other, column.values)
    return attrs.evolve(column, values=read_only(values), mask=read_only(mask))
