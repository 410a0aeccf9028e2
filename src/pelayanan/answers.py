"""
Answers: a table of units and indicators, tied to no file format.
"""

from collections.abc import Iterable, Mapping
from enum import Enum
from fractions import Fraction
from functools import cached_property
from typing import Any, Self

import attrs
import numpy as np
import numpy.typing as npt

from pelayanan.errors import (
    AnswerError,
    KindError,
    NumberError,
    Problem,
    UnknownError,
    check_order,
    in_order,
    is_hashable,
    nearest,
    several,
)
from pelayanan.exact import fraction, shown, written
from pelayanan.mapping import FrozenMapping
from pelayanan.value import Value

__all__ = ["MISSING", "NOT_APPLICABLE", "Answers", "Column", "Mean", "State", "mean_of"]


class State(Enum):
    """What an indicator is when it is not answered; missing is not zero."""

    MISSING = "missing"
    NOT_APPLICABLE = "not applicable"

    def __repr__(self) -> str:
        return f"pelayanan.{self.name}"


MISSING = State.MISSING
NOT_APPLICABLE = State.NOT_APPLICABLE

Answer = Fraction | str | State
Array = npt.NDArray[Any]

_MACHINE = {float: "f", int: "i", str: "U"}


def restored(self: Any, state: dict[str, Any]) -> None:
    """
    Set the state of an unpickled or copied value, its arrays as read-only views again.
    """
    for name, value in state.items():
        object.__setattr__(self, name, read_only(value) if isinstance(value, np.ndarray) else value)


def read_only(values: Array) -> Array:
    """
    Return a view of an array that cannot be written through.
    """
    view = values.view()
    view.flags.writeable = False
    return view


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
        labels: Any = units
        ignore = tuple(several("ignore", ignore, "names of columns"))
        left_out = list(ignore)
        if isinstance(units, str):
            left_out.append(units)
        for name in left_out:
            if not is_hashable(name) or name not in names:
                message = f"the table has no column {shown(name)}{nearest(name, names)}"
                raise UnknownError("unknown-column", message, column=name)
        if isinstance(units, str):
            labels = columns[units]
        codes = {"missing": missing, "not_applicable": not_applicable}
        for argument, code in codes.items():
            if code is not None and (isinstance(code, bool) or not isinstance(code, int | np.integer)):
                raise KindError.of(argument, "a whole number", code)
        if missing is not None and missing == not_applicable:
            message = f"missing and not_applicable are both {missing}; give each its own code"
            raise AnswerError.of("answers", [Problem("states", message, "")])
        made: dict[str, Column] = {}
        problems = []
        for name in names:
            if name not in left_out:
                if str(name) in made:
                    message = f"the names of two columns are {str(name)!r}"
                    problems.append(Problem("duplicate-code", message, f"column {name!r}"))
                try:
                    made[str(name)] = _column(columns[name], codes, copy)
                except (TypeError, ValueError) as error:
                    problems.append(Problem("column", str(error), f"column {name!r}"))
        if problems:
            raise AnswerError.of("answers", problems)
        lengths = {name: len(column.values) for name, column in made.items()}
        count = next(iter(lengths.values()), 0)
        if count == 0:
            message = "there are no units" if made else "there are no columns"
            raise AnswerError.of("answers", [Problem("empty-table", message, "")])
        for name, length in lengths.items():
            if length != count:
                first = next(iter(lengths))
                message = f"it has {length} answers, and {first!r} has {count}"
                problems.append(Problem("column-length", message, f"column {name!r}"))
        if problems:
            raise AnswerError.of("answers", problems)
        ignored = {}
        for name in ignore:
            try:
                ignored[name] = _owned(_kept(columns[name], count), copy)
            except (TypeError, ValueError) as error:
                problems.append(Problem("column", str(error), f"column {name!r}"))
        if problems:
            raise AnswerError.of("answers", problems)
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


def _column(given: Any, codes: dict[str, int | None], copy: bool) -> Column:
    if isinstance(given, tuple):
        return _survey(given, codes, copy)
    mask = None
    if isinstance(given, np.ma.MaskedArray):
        mask = _owned(np.ma.getmaskarray(given), copy)
        given = given.data
    values = _array(given)
    if values.dtype.kind not in "fiuUTO":
        kind = "text" if values.dtype.kind == "S" else str(values.dtype)
        hint = "decode bytes to text" if kind == "text" else "give numbers, text or objects"
        raise TypeError(f"a column of {values.dtype} holds no answers; {hint}")
    return Column(_owned(values, copy), None, mask, *_stated(values, codes))


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
    return Column(_owned(sums, copy), _owned(counts, copy), mask, *_stated(sums, codes))


def _stated(values: Array, codes: dict[str, int | None]) -> tuple[int | None, int | None]:
    whole = values.dtype.kind in "iu"
    return (codes["missing"], codes["not_applicable"]) if whole else (None, None)


def _array(given: Any) -> Array:
    values = _listed(given, (float, int)) if isinstance(given, list) else np.asarray(given)
    if values.ndim != 1:
        raise ValueError(f"a column has one answer a unit, not the shape {values.shape}")
    return values


def _listed(given: list[Any], plain: tuple[type, ...]) -> Array:
    """Return a list as an array, of objects unless all are of one of the plain types."""
    kinds = {type(each) for each in given}
    if len(kinds) == 1 and kinds <= set(plain):
        values = np.asarray(given)
        if values.dtype.kind == _MACHINE[kinds.pop()]:
            return values
    return np.fromiter(given, dtype=object, count=len(given))


def _kept(given: Any, count: int) -> Array:
    """Return a column that is no criterion as it stands."""
    if isinstance(given, tuple):
        survey = _survey(given, {"missing": None, "not_applicable": None}, False)
        return np.array([survey.values, survey.counts])
    values = _listed(given, (float, int, str)) if isinstance(given, list) else np.asanyarray(given)
    if values.shape != (count,):
        raise ValueError(f"it has the shape {values.shape}, and there are {count} answers a column")
    return values


def _owned(values: Array, copy: bool) -> Array:
    return read_only(values.copy() if copy else values)


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
        labels = np.asarray(given) if plain else _listed(list(given), (str, int))
        if len(labels) != count:
            message = f"there are {len(labels)} units and {count} answers a column"
            raise AnswerError.of("answers", [Problem("column-length", message, "units")])
        _check_labels(labels)
    return _owned(labels, False)


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
