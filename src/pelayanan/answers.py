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
    state_or_value,
)
from pelayanan.errors import (
    AnswerError,
    KindError,
    Problem,
    UnknownError,
    check_order,
    in_order,
    is_hashable,
    nearest,
    several,
)
from pelayanan.exact import shown
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
                is there twice or has no label, or a column of a type that holds no answers.
            UnknownError: A column to ignore, or of the units, that is not there.
            KindError: No table, units in no order, or a code that is no whole number.

        Integers stay integers: a table of int8 takes a byte an answer.
        """
        names = names_of(columns)
        ignore = tuple(several("ignore", ignore, "names of columns"))
        left_out = [*ignore, units] if isinstance(units, str) else list(ignore)
        for name in left_out:
            if not is_hashable(name) or name not in names:
                message = f"the table has no column {shown(name)}{nearest(name, names)}"
                raise UnknownError("unknown-column", message, column=name)
        labels = columns[units] if isinstance(units, str) else units
        codes = {"missing": missing, "not_applicable": not_applicable}
        _check_codes(codes)
        made = _columns(columns, [name for name in names if name not in left_out], codes, copy)
        count = _count(made)
        ignored = _ignored(columns, ignore, count, copy)
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
            AnswerError, UnknownError, KindError: As in `from_columns`.

        >>> Answers.from_rows([{"fees": 3}, {"fees": 4, "door": "ya"}]).at(0, "door")
        pelayanan.MISSING
        """
        listed = [row_given(row, "rows") for row in in_order("rows", rows, "mappings, one a unit")]
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

        Raises:
            UnknownError: There is no such row.
        """
        self._check_row(row)
        return self.units[row : row + 1].tolist()[0]

    def at(self, row: int, code: str) -> Any:
        """
        Return the answer of one row to one criterion, as `Column.at` does.

        Raises:
            UnknownError: There is no such row or column.
        """
        column = self.columns.get(code) if isinstance(code, str) else None
        if column is None:
            message = f"the table has no column {shown(code)}{nearest(code, self.columns)}"
            raise UnknownError("unknown-column", message, column=code)
        self._check_row(row)
        return column.at(row)

    def _check_row(self, row: Any) -> None:
        if not isinstance(row, int | np.integer) or not 0 <= row < len(self.units):
            message = f"there is no row {shown(row)}; rows are counted from 0 to {len(self.units) - 1}"
            raise UnknownError("unknown-row", message, row=row)


def names_of(columns: Any, argument: str = "columns") -> list[Any]:
    """
    Return the names of the columns of a table.

    Raises:
        KindError: It is no table.
    """
    if hasattr(columns, "collect"):
        raise KindError.of(argument, "columns by name", columns, "; collect it first")
    names = getattr(columns, "keys", None)
    if names is None and not hasattr(columns, "columns"):
        raise KindError.of(argument, "columns by name: a dict or a data frame", columns)
    return list(names() if callable(names) else columns.columns)


def row_given(answers: Any, argument: str = "answers") -> dict[Any, Any]:
    """
    Return the answers of one unit by criterion: those of a mapping, or of a row of a data frame.

    Raises:
        KindError: They have no names.

    >>> row_given({"fees": 3})
    {'fees': 3}
    """
    if isinstance(answers, dict):
        return answers
    if not hasattr(answers, "keys") or not hasattr(answers, "get"):
        raise KindError.of(argument, "a mapping of criterion to answer for a unit", answers)
    names = answers.keys()
    return {name: answers.get(name) for name in names}


def _cell(value: Any) -> Any:
    if isinstance(value, tuple) and [isinstance(each, int | np.integer) for each in value] == [True] * 2:
        return mean_of(*map(int, value))
    return value


def _check_codes(codes: Mapping[str, int | None]) -> None:
    for argument, code in codes.items():
        if code is not None and (isinstance(code, bool) or not isinstance(code, int | np.integer)):
            raise KindError.of(argument, "a whole number", code)
    missing = codes["missing"]
    if missing is not None and missing == codes["not_applicable"]:
        message = f"missing and not_applicable are both {missing}; give each its own code"
        raise AnswerError.of("answers", [Problem("states", message, "")])


def _columns(table: Any, names: list[Any], codes: dict[str, int | None], copy: bool) -> dict[str, Column]:
    """
    Return the columns of some names.

    Raises:
        AnswerError: Columns that hold no answers, or have one name; all are told.
    """
    made: dict[str, Column] = {}
    problems = []
    for name in names:
        if str(name) in made:
            message = f"the names of two columns are {str(name)!r}"
            problems.append(Problem("duplicate-code", message, f"column {name!r}"))
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


def _ignored(table: Any, names: Iterable[Any], count: int, copy: bool) -> dict[str, Array]:
    """
    Return the columns that are no criteria, as they stand.

    Raises:
        AnswerError: Columns that have not one value a unit; all are told.
    """
    found, problems = {}, []
    for name in names:
        try:
            found[name] = owned(_kept(table[name], count), copy)
        except (TypeError, ValueError) as error:
            problems.append(Problem("column", str(error), f"column {name!r}"))
    if problems:
        raise AnswerError.of("answers", problems)
    return found


def _kept(given: Any, count: int) -> Array:
    """Return a column that is no criterion as it stands."""
    if isinstance(given, tuple):
        survey = column_of(given, {"missing": None, "not_applicable": None}, False)
        return np.array([survey.values, survey.counts])
    values = listed(given, (float, int, str)) if isinstance(given, list) else np.asanyarray(given)
    if values.shape != (count,):
        raise ValueError(f"it has the shape {values.shape}, and there are {count} answers a column")
    return values


def row_of(rows: dict[Any, int], unit: Any) -> int:
    """
    Return the row of a unit among those that there are.

    Raises:
        UnknownError: There is none; the nearest is named.
    """
    if not is_hashable(unit) or unit not in rows:
        message = f"there is no unit {shown(unit)}{nearest(unit, rows)}"
        raise UnknownError("unknown-unit", message, unit=unit)
    return rows[unit]


def labels_of(given: Any, count: int) -> Array:
    """
    Return the labels of units as a read-only array, numbers from 0 where there are none.

    Raises:
        AnswerError: Too many or too few, one that is there twice, is missing, or that nobody can
            look up.
        KindError: They are in no order: a text, a set, a mapping, a table.
    """
    if given is None:
        labels = np.arange(count)
    else:
        check_order("units", given, "labels, one a unit")
        plain = hasattr(given, "__array__") and not isinstance(given, np.ma.MaskedArray)
        labels = np.asarray(given) if plain else listed(list(given), (str, int))
        if len(labels) != count:
            message = f"there are {len(labels)} units and {count} answers a column"
            raise AnswerError.of("answers", [Problem("column-length", message, "units")])
        _check_labels(labels)
    return read_only(labels)


def _label_problem(label: Any) -> tuple[str, str] | None:
    """Return why nobody can look a label up, nothing where it can be."""
    if label is not np.ma.masked and not is_hashable(label):
        return "labels", f"the label {shown(label)} cannot be looked up; give a text or a number"
    if label is np.ma.masked or (not isinstance(label, str) and state_or_value(label) is MISSING):
        return "no-unit", "the unit has no label; give a text or a number"
    return None


def _check_labels(labels: Array) -> None:
    listed = labels.tolist()
    if labels.dtype.kind not in "biuU":
        doubtful = [row for row, label in enumerate(listed) if type(label) not in (str, int)]
        found = [(row, _label_problem(listed[row])) for row in doubtful]
        wrong = [Problem(*problem, f"row {row}") for row, problem in found if problem is not None]
        if wrong:
            raise AnswerError.of("answers", wrong[:10], count=len(wrong))
    if len(set(listed)) == len(listed):
        return
    first = {label: row for row, label in reversed(list(enumerate(listed)))}
    twice = [row for row, label in enumerate(listed) if first[label] != row]
    problems = [
        Problem("duplicate-unit", f"the unit {listed[row]!r} is there twice", f"row {row}")
        for row in twice[:10]
    ]
    raise AnswerError.of("answers", problems, count=len(twice))
