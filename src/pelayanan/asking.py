"""
Which questions were asked: conditions on answers, for many units at once.
"""

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

import attrs
import numpy as np
import numpy.typing as npt

from pelayanan.answers import Column
from pelayanan.conditions import Condition
from pelayanan.exact import fraction
from pelayanan.instrument import Instrument
from pelayanan.loading import read_cell

__all__ = ["asked", "met"]

Flags = npt.NDArray[np.bool_]


def asked(
    instrument: Instrument, columns: Mapping[str, Column | None], units: int
) -> dict[str, Column | None]:
    """
    Return the columns with whom each question was not asked.

    Args:
        columns: The column of each indicator, ``None`` for one that nobody answered.
        units: How many units there are.
    """
    found = dict(columns)
    for code in instrument.tree.asking:
        unasked = np.zeros(units, dtype=bool)
        for condition in instrument.tree.conditions[code]:
            unasked |= ~met(found[condition.criterion], condition, instrument.tokens, units)
        column = found[code]
        column = Column(np.full(units, np.nan)) if column is None else column
        found[code] = attrs.evolve(column, unasked=unasked)
    return found


def met(column: Column | None, condition: Condition, tokens: Mapping[str, str], units: int) -> Flags:
    """
    Return for which units a condition holds, shape ``(units,)``; it does not where nothing was asked.

    Args:
        column: The answers to what the condition is about, ``None`` where nobody answered.
        tokens: The texts that the edition reads as states.
        units: How many units there are.

    >>> met(Column(np.array([1, 0, 1])), Condition("loket", 1), {}, 3)
    array([ True, False,  True])
    """
    if column is None:
        return np.zeros(units, dtype=bool)
    if not column.is_number or column.counts is not None:
        cells = (read_cell(column.at(row), tokens) for row in range(units))
        return np.fromiter((condition.holds(cell) for cell in cells), dtype=bool, count=units)
    found = np.zeros(units, dtype=bool)
    for answer in condition.is_:
        number = None if isinstance(answer, str) else _in_type(answer, column.values.dtype)
        if number is not None and number not in (column.missing, column.not_applicable):
            found |= column.values == number
    for spared in (column.mask, column.unasked):
        if spared is not None:
            found &= ~spared
    return found


def _in_type(number: Fraction, dtype: np.dtype[Any]) -> Any:
    """Return the machine number that means a number, nothing where none does."""
    if dtype.kind == "f":
        with np.errstate(over="ignore"):
            nearest = dtype.type(float(number))
        return nearest if np.isfinite(nearest) and fraction(nearest) == number else None
    info = np.iinfo(dtype)
    fits = number.denominator == 1 and info.min <= number <= info.max
    return dtype.type(int(number)) if fits else None
