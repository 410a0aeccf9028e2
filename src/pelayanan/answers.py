"""
Answers: a table of units and indicators, tied to no file format.
"""

from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import Any, Self

import attrs
import numpy as np
import numpy.typing as npt

from pelayanan.arrays import listed, owned, read_only, restored
from pelayanan.columns import (
    MISSING,
    NOT_APPLICABLE,
    Column,
    Mean,
    NoRespondents,
    State,
    Unasked,
    column_of,
    mean_of,
)
from pelayanan.errors import AnswerError, Problem, UnknownError, nearest
from pelayanan.mapping import FrozenMapping
from pelayanan.value import Value

__all__ = [
    "MISSING",
    "NOT_APPLICABLE",
    "Answers",
    "Column",
    "Mean",
    "NoRespondents",
    "State",
    "Unasked",
    "mean_of",
]

Array = npt.NDArray[Any]


@attrs.frozen(slots=False, eq=False, repr=False)
class Answers(Value):
    """
    Answers of many units, as columns by criterion.

    The columns are read-only views: whoever changes an array changes the answers.

    Args:
        columns: The answers by criterion.
        units: The labels of the units.
        ignored: The columns that are no criteria, such as the city of each office; they are
            kept for the caller, and are no part of what the answers are.

    >>> Answers.from_columns({"fees": [3.0, None], "door": ["ya", ""]}, units=["North", "South"])
    Answers(2 units, 2 columns)
    """

    columns: FrozenMapping[Column]
    units: Array
    ignored: FrozenMapping[Array] = FrozenMapping()

    @classmethod
    def from_columns(
        cls,
        columns: Any,
        units: str | Iterable[Any] | None = None,
        *,
        ignore: Iterable[str] = (),
        missing: int | None = None,
        not_applicable: int | None = None,
        copy: bool = False,
    ) -> Self:
        """
        Return the table of anything with column names and ``[]``: a dict or a data frame.

        Args:
            columns: Arrays or lists of shape ``(units,)``; a masked array brings its mask;
                a survey column is a tuple of two integer arrays, sums and counts.
            units: The name of the column that holds the units, or their labels;
                by default they are numbered from 0.
            ignore: Names of columns that are no criteria; they are kept in ``ignored``.
            missing, not_applicable: What stands for the states in integer columns, and
                in the counts of survey columns.
            copy: Whether to own the arrays.

        Raises:
            AnswerError: No units or no columns, columns of different lengths, a unit that
                is there twice, or a column of a type that holds no answers.
            UnknownError: A column to ignore, or of the units, that is not there.

        Integers stay integers: a table of int8 takes a byte an answer.
        """
        names = list(columns.keys() if hasattr(columns, "keys") else columns.columns)
        ignore = tuple(ignore)
        left_out = [*ignore, units] if isinstance(units, str) else list(ignore)
        for name in left_out:
            if name not in names:
                message = f"the table has no column {name!r}{nearest(name, names)}"
                raise UnknownError("unknown-column", message, column=name)
        labels = columns[units] if isinstance(units, str) else units
        if missing is not None and missing == not_applicable:
            message = f"missing and not_applicable are both {missing}; give each its own code"
            raise AnswerError.of("answers", [Problem("states", message, "")])
        codes = {"missing": missing, "not_applicable": not_applicable}
        made = _columns(columns, [name for name in names if name not in left_out], codes, copy)
        count = _count(made)
        ignored = {name: owned(np.asarray(columns[name]), copy) for name in ignore}
        return cls(FrozenMapping(made), labels_of(labels, count), FrozenMapping(ignored))

    @classmethod
    def from_rows(
        cls,
        rows: Iterable[Mapping[str, Any]],
        units: str | Iterable[Any] | None = None,
        *,
        ignore: Iterable[str] = (),
    ) -> Self:
        """
        Return the table of one mapping a unit; what a mapping does not name is missing.

        Args:
            rows: Mappings of criterion to answer: a number, a text, a tuple of sum and
                count, `MISSING` or `NOT_APPLICABLE`.
            units, ignore: As in `from_columns`.

        Raises:
            AnswerError, UnknownError: As in `from_columns`.

        >>> Answers.from_rows([{"fees": 3}, {"fees": 4, "door": "ya"}]).at(0, "door")
        pelayanan.MISSING
        """
        listed = list(rows)
        names = dict.fromkeys(name for row in listed for name in row)
        columns = {}
        for name in names:
            column = np.empty(len(listed), dtype=object)
            for index, row in enumerate(listed):
                column[index] = _cell(row.get(name))
            columns[name] = column
        return cls.from_columns(columns, units, ignore=ignore)

    __setstate__ = restored

    def __repr__(self) -> str:
        return f"Answers({len(self.units)} units, {len(self.columns)} columns)"

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Answers):
            return NotImplemented
        if self.columns.keys() != other.columns.keys() or len(self.units) != len(other.units):
            return False
        rows = range(len(self.units))
        return bool(np.array_equal(self.units, other.units)) and all(
            self.at(row, name) == other.at(row, name) for name in self.columns for row in rows
        )

    def __len__(self) -> int:
        return len(self.units)

    @cached_property
    def _rows(self) -> dict[Any, int]:
        return {label: row for row, label in enumerate(self.units.tolist())}

    def row(self, unit: Any) -> int:
        """
        Return the row of a unit.

        Raises:
            UnknownError: There is none; the nearest is named.
        """
        return row_of(self._rows, unit)

    def label(self, row: int) -> Any:
        """
        Return the label of a row, as a plain Python value.
        """
        return self.units[row : row + 1].tolist()[0]

    def at(self, row: int, code: str) -> Any:
        """
        Return the answer of one row to one criterion, as `Column.at` does.
        """
        return self.columns[code].at(row)


def _cell(value: Any) -> Any:
    if isinstance(value, tuple) and [isinstance(each, int | np.integer) for each in value] == [True] * 2:
        return mean_of(*map(int, value))
    return value


def _columns(table: Any, names: list[Any], codes: dict[str, int | None], copy: bool) -> dict[str, Column]:
    """
    Return the columns of some names.

    Raises:
        AnswerError: Columns that hold no answers; all are told.
    """
    made, problems = {}, []
    for name in names:
        try:
            made[str(name)] = column_of(table[name], codes, copy)
        except (TypeError, ValueError) as error:
            problems.append(Problem("column", str(error), f"column {name!r}"))
    if problems:
        raise AnswerError.of("answers", problems)
    return made


def _count(columns: Mapping[str, Column]) -> int:
    """
    Return how many units some columns have.

    Raises:
        AnswerError: None, or not the same number; all that differ from the first are told.
    """
    lengths = {name: len(column.values) for name, column in columns.items()}
    first, count = next(iter(lengths.items()), ("", 0))
    if count == 0:
        message = "there are no units" if lengths else "there are no columns"
        raise AnswerError.of("answers", [Problem("empty-table", message, "")])
    problems = [
        Problem("column-length", f"it has {length} answers, and {first!r} has {count}", f"column {name!r}")
        for name, length in lengths.items()
        if length != count
    ]
    if problems:
        raise AnswerError.of("answers", problems)
    return count


def row_of(rows: dict[Any, int], unit: Any) -> int:
    """
    Return the row of a unit among those that there are.

    Raises:
        UnknownError: There is none; the nearest is named.
    """
    if unit not in rows:
        message = f"there is no unit {unit!r}{nearest(unit, rows)}"
        raise UnknownError("unknown-unit", message, unit=unit)
    return rows[unit]


def labels_of(given: Any, count: int) -> Array:
    if given is None:
        labels = np.arange(count)
    else:
        labels = np.asarray(given) if hasattr(given, "__array__") else listed(list(given), (str, int))
        if labels.ndim != 1 or len(labels) != count:
            message = f"there are {len(labels)} units and {count} answers a column"
            raise AnswerError.of("answers", [Problem("column-length", message, "units")])
        _check_labels(labels)
    return read_only(labels)


def _check_labels(labels: Array) -> None:
    listed = labels.tolist()
    if len(set(listed)) == len(listed):
        return
    first = {label: row for row, label in reversed(list(enumerate(listed)))}
    twice = [row for row, label in enumerate(listed) if first[label] != row]
    problems = [
        Problem("duplicate-unit", f"the unit {listed[row]!r} is there twice", f"row {row}")
        for row in twice[:10]
    ]
    raise AnswerError.of("answers", problems, count=len(twice))
