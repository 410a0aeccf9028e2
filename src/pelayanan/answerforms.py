"""
How answers stand in JSON: columns of a machine type, of texts or of objects.
"""

import re
from typing import Any

import attrs
import cattrs
import numpy as np
import numpy.typing as npt

from pelayanan.answers import Answers, Column, labels_of
from pelayanan.columns import state_or_value
from pelayanan.errors import AnswerError, Hints, JsonError, Problem
from pelayanan.exchange import Label, cell_of, cell_said, formless, label_of, labels_said, number_of
from pelayanan.mapping import FrozenMapping
from pelayanan.reading import problems_in
from pelayanan.wording import kind_of

__all__ = ["AnswersForm", "answers_registered"]

_DTYPES = {
    each.name: each for each in map(np.dtype, [*"efd", "int8", "int16", "int32", "int64", *"BHI", "uint64"])
}
_FLOAT = re.compile(r"-?(?:[0-9]+(?:\.[0-9]+)?(?:e[+-]?[0-9]+)?|inf)")

Table = dict[str, Any]
Array = npt.NDArray[Any]


@attrs.frozen(eq=False, repr=False)
class _Column:
    """The JSON form of the answers to one indicator; ``type`` is a machine type, text or object."""

    type: str
    values: list[Any]
    counts_type: str = ""
    counts: list[Any] | None = None
    masked: tuple[int, ...] = ()
    missing: int | None = None
    not_applicable: int | None = None

    @classmethod
    def saying(cls, column: Column) -> Table:
        """Return the form of a column."""
        found: Table = {"type": _type_of(column.values), "values": _values_said(column.values)}
        if column.counts is not None:
            found |= {"counts_type": _type_of(column.counts), "counts": _values_said(column.counts)}
        if column.mask is not None:
            found["masked"] = np.flatnonzero(column.mask).tolist()
        states = {"missing": column.missing, "not_applicable": column.not_applicable}
        return found | {name: code for name, code in states.items() if code is not None}

    def value(self) -> Column:
        """Return the column."""
        given = _values_of(self.type, self.values)
        if self.masked:
            if not all(0 <= row < len(given) for row in self.masked):
                raise ValueError(f"masked names rows that are not among the {len(given)}")
            mask = np.zeros(len(given), dtype=bool)
            mask[list(self.masked)] = True
            given = np.ma.MaskedArray(given, mask)
        if self.counts is not None:
            given = (given, _values_of(self.counts_type, self.counts))
        missing, beside = self.missing, self.not_applicable
        try:
            return Answers.from_columns({"": given}, missing=missing, not_applicable=beside).columns[""]
        except AnswerError as error:
            problems = [attrs.evolve(each, place="") for each in error.problems]
            raise JsonError.of("Answers", problems) from error


@attrs.frozen(eq=False, repr=False)
class AnswersForm:
    """The JSON form of answers."""

    units: tuple[Label, ...]
    columns: FrozenMapping[_Column]

    @classmethod
    def saying(cls, answers: Answers) -> Table:
        """Return the form of answers."""
        columns = {}
        for name, column in answers.columns.items():
            try:
                columns[name] = _Column.saying(column)
            except TypeError as error:
                raise formless("Answers", str(error), f"columns[{name!r}]") from error
        return {"units": labels_said(answers.units), "columns": columns}

    def value(self) -> Answers:
        """Return the answers."""
        columns: dict[str, Column] = {}
        problems = [] if self.columns else [Problem("empty-table", "there are no columns", "columns")]
        for name, each in self.columns.items():
            place = f"columns[{name!r}]"
            try:
                column = columns[name] = each.value()
            except (TypeError, ValueError) as error:
                problems += problems_in(error, _Column, place, Hints())
                continue
            if len(column.values) != len(self.units):
                message = f"it has {len(column.values)} answers for {len(self.units)} units"
                problems.append(Problem("column-length", message, place))
        if problems:
            raise JsonError.of("Answers", problems)
        return Answers(FrozenMapping(columns), labels_of(list(self.units), len(self.units)))


def answers_registered(converter: cattrs.Converter) -> None:
    """
    Teach a converter to make answers, and the labels of units, of their forms.
    """
    converter.register_structure_hook_func(lambda kind: kind is Label, label_of)
    converter.register_structure_hook_func(lambda kind: kind == list[Any], _list_of)
    converter.register_structure_hook(
        Answers, lambda value, _: converter.structure(value, AnswersForm).value()
    )


def _type_of(values: Array) -> str:
    """Return the name of the machine type of numbers, else ``text`` or ``object``."""
    if values.dtype.kind in "fiu" and values.dtype.itemsize <= 8:
        return values.dtype.name
    return "text" if values.dtype.kind == "U" else "object"


def _values_said(values: Array) -> list[Any]:
    kind = _type_of(values)
    if kind == "text":
        return list(values.tolist())
    if kind == "object":
        return [cell_said(state_or_value(each)) for each in values.tolist()]
    return [None if each != each else str(each) for each in values]


def _values_of(kind: str, values: list[Any]) -> Any:
    """Return the array, or the list of any objects, that `_values_said` gave."""
    if kind == "object":
        return np.fromiter(map(cell_of, values), dtype=object, count=len(values))
    if kind == "text":
        if not all(isinstance(each, str) for each in values):
            raise TypeError("expected texts")
        found = np.array(values, dtype=np.str_)
        return found if found.tolist() == values else np.array(values, dtype=object)
    dtype = _DTYPES.get(kind)
    if dtype is None:
        known = ", ".join(repr(name) for name in _DTYPES)
        raise ValueError(f"expected 'text', 'object' or one of {known}, not {kind!r:.60}")
    if dtype.kind == "f":
        with np.errstate(over="ignore"):
            return np.array([_float_of(each) for each in values]).astype(dtype)
    whole = [number_of(each) for each in values]
    limits: Any = np.iinfo(dtype.name)
    if not all(each.denominator == 1 and limits.min <= each <= limits.max for each in whole):
        raise ValueError(f"expected whole numbers from {limits.min} to {limits.max}")
    return np.array([int(each) for each in whole], dtype=dtype)


def _float_of(value: Any) -> float:
    if value is None:
        return np.nan
    if not isinstance(value, str) or not _FLOAT.fullmatch(value):
        raise ValueError(f"expected a number as a text, or null, not {value!r:.60}")
    return float(value)


def _list_of(value: Any, _: Any) -> list[Any]:
    if not isinstance(value, list):
        raise TypeError(f"expected a list, not {kind_of(value)}")
    return value
