"""
Tables for spreadsheets: one to fill in, and columns as CSV that spreadsheets open.
"""

import csv
import re
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from fractions import Fraction
from itertools import zip_longest
from os import PathLike
from typing import Any

import numpy as np
import numpy.typing as npt

from pelayanan.answers import MISSING, labels_of, names_of
from pelayanan.columns import state_or_value
from pelayanan.errors import AnswerError, Problem, check_kind, in_order
from pelayanan.exact import written
from pelayanan.instrument import Instrument, check_instrument
from pelayanan.mapping import guarded
from pelayanan.paths import path_of, replaced

__all__ = ["form", "write_columns"]

_DECIMAL = re.compile(r"-?[0-9]+(?:\.[0-9]+)?")

Columns = dict[str, npt.NDArray[Any]]


def form(instrument: Instrument, units: Iterable[Any] = (), *, unit: str = "unit") -> Columns:
    """
    Return the empty table to fill in: a column of units, and one for each indicator.

    Args:
        units: The units that will be assessed, a row each.
        unit: The name of the column of units.

    Raises:
        AnswerError: An indicator has the name of the column of units; a unit that is there twice.

    >>> import pelayanan
    >>> list(form(pelayanan.load("ombudsman-2022").pruned(depth=1)))
    ['unit', 'input', 'proses', 'output', 'pengaduan']
    """
    check_instrument(instrument)
    check_kind("unit", unit, str, "the name of a column")
    codes = [each.code for each in instrument.indicators]
    if unit in codes:
        message = f"{unit!r} is an indicator, too; give the column of units another name with unit="
        raise AnswerError.of(instrument.id, [Problem("column", message, f"column {unit!r}")])
    labels = in_order("units", units, "labels, one a unit")
    found = {unit: labels_of(labels, len(labels)).astype(object)}
    return found | {code: np.full(len(labels), "", dtype=object) for code in codes}


def write_columns(columns: Any, path: str | PathLike[str], *, decimal: str = ".") -> None:
    """
    Write columns as CSV that spreadsheets open; a file that was there is replaced.

    Numbers are written exactly as the decimals that they show, and not-a-number as an empty
    cell. The file begins with a byte-order mark. A text that a spreadsheet would run as a
    formula gets an apostrophe before it, which `read_answers` takes off.

    Args:
        columns: Arrays or lists of one length by name: ``scores.columns()``, a data frame.
        decimal: ``"."``, with commas between cells, or ``","``, with semicolons, which is
            what a spreadsheet expects where numbers have decimal commas.

    Raises:
        AnswerError: Columns of different lengths or of none, cells that are no number, text or
            day.
        FileError: The file cannot be written.
    """
    if decimal not in (",", "."):
        message = f"decimal= takes ',' or '.', not {decimal!r}"
        raise AnswerError.of("columns", [Problem("decimal", message, "")])
    path = path_of(path)
    names = names_of(columns)
    cells: list[list[str]] = []
    problems: list[Problem] = []
    for name in names:
        try:
            cells.append(_cells(columns[name], decimal))
        except (TypeError, ValueError) as error:
            problems.append(Problem("column", str(error), f"column {name!r}"))
    first = len(cells[0]) if cells else 0
    if not names:
        problems.append(Problem("empty-table", "there are no columns", ""))
    for name, each in zip(names, cells, strict=False):
        if len(each) != first and not problems:
            message = f"{name!r} has {len(each)} cells, and {names[0]!r} has {first}"
            problems.append(Problem("column-length", message, ""))
    if problems:
        raise AnswerError.of("columns", problems)
    writer = csv.writer(_Echo(), delimiter=";" if decimal == "," else ",")
    header = [guarded(str(name)) for name in names]
    replaced(path, (writer.writerow(row) for row in (header, *zip(*cells, strict=True))), "utf-8-sig")


class _Echo:
    """What a writer of rows writes to, to get each row back."""

    def write(self, row: str) -> str:
        return row


def _cells(given: Any, decimal: str) -> list[str]:
    if hasattr(given, "__array__"):
        values = np.asarray(given)
    else:
        cells = in_order("a column", given, "cells, one a row")
        values = np.fromiter(cells, dtype=object, count=len(cells))
    if values.ndim != 1:
        raise ValueError(f"a column has one cell a row, not the shape {values.shape}")
    hidden = np.ma.getmaskarray(given) if isinstance(given, np.ma.MaskedArray) else ()
    listed = [None if masked else each for each, masked in zip_longest(values, hidden)]
    found = [_cell(each, row) for row, each in enumerate(listed, start=2)]
    if decimal == ",":
        return [text.replace(".", ",") if is_number else text for text, is_number in found]
    return [text for text, _ in found]


def _cell(value: Any, row: int) -> tuple[str, bool]:
    """Return the text of a cell, and whether it is a number."""
    if isinstance(value, np.bool_ | bool):
        return str(bool(value)).upper(), False
    if isinstance(value, date):
        return value.isoformat(), False
    meant = state_or_value(value)
    if meant is MISSING:
        return "", False
    if isinstance(meant, str):
        return guarded(meant), False
    if isinstance(meant, Fraction):
        text = written(meant)
        return (text, True) if _DECIMAL.fullmatch(text) else (_plain(float(meant)), True)
    raise ValueError(f"the cell {value!r:.60} of row {row} is neither a number nor a text nor a day")


def _plain(number: float) -> str:
    return format(Decimal(repr(number)), "f")
