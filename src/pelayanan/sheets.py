"""
Answers from CSV as spreadsheets write it.
"""

import codecs
import csv
import io
import math
import re
from array import array
from collections.abc import Iterable, Iterator
from itertools import islice
from os import PathLike
from pathlib import Path
from typing import Any, TextIO

import attrs
import numpy as np
import numpy.typing as npt

from pelayanan.answers import Answers
from pelayanan.errors import (
    AnswerError,
    NumberError,
    Problem,
    UnknownError,
    check_kind,
    is_hashable,
    nearest,
    several,
)
from pelayanan.exact import fraction
from pelayanan.mapping import unguarded
from pelayanan.paths import path_of, unusable

__all__ = ["read_answers"]

_SEPARATORS = (";", ",", "\t")
_ROWS = 256  # their cells stay in the cache of a core, which takes a third of the time
_SAMPLE = 2**20
_KEPT = 2**16
_SHOWN = 10
_COMMA = re.compile(r"\s*[+-]?[0-9]+,[0-9]+(?:[eE][+-]?[0-9]+)?\s*")
_POINT = re.compile(r"\s*[+-]?[0-9]+\.[0-9]+(?:[eE][+-]?[0-9]+)?\s*")
_GROUPED = re.compile(r"\s*[+-]?[1-9][0-9]{0,2}(?:\.[0-9]{3})+\s*")
_ENCODINGS = {codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}

Array = npt.NDArray[Any]
Columns = dict[str, Array]


def read_answers(
    path: str | PathLike[str],
    unit: str | None = None,
    *,
    decimal: str | None = None,
    separator: str | None = None,
    ignore: Iterable[str] = (),
) -> Answers:
    """
    Return the answers of a CSV file: a header with the codes of criteria, then a row a unit.

    The separator and a byte-order mark are found out. What a cell says counts: a number is
    exactly the decimal that is written, and an empty cell is missing.

    Args:
        unit: The name of the column that holds the units; by default they are numbered.
        decimal: ``","`` or ``"."``, what stands before the decimals. Where it is not said, a
            file with semicolons may have either, but not both, and in other files a number
            with a comma is an error.
        separator: What stands between cells, where it cannot be found out.
        ignore: Names of columns that are no criteria; their texts are kept in ``ignored``.

    Raises:
        FileError: The file cannot be read.
        AnswerError: Rows with more or fewer cells than the header, numbers of both kinds or of
            a kind that has to be stated, units that are there twice or have no name, columns
            without a name, no rows; text that is not UTF-8 or UTF-16, quotes that do not fit.
        UnknownError: A column to ignore, or of the units, that is not there.
    """
    if decimal not in (None, ",", "."):
        raise _error("answers", "decimal", f"decimal= takes ',' or '.', not {decimal!r}")
    if isinstance(separator, str) and (len(separator) != 1 or separator in '"\r\n'):
        raise _error("answers", "separator", f"separator= takes one character, not {separator!r}")
    subject = path_of(path).name
    for argument, text in {"unit": unit, "separator": separator}.items():
        check_kind(argument, text, str | None, "a text")
    names = tuple(several("ignore", ignore, "names of columns"))
    try:
        with Path(path).open("rb") as raw:
            encoding = _ENCODINGS.get(raw.read(2), "utf-8-sig")
            raw.seek(0)
            with io.TextIOWrapper(raw, encoding=encoding, newline="") as stream:
                return _Sheet.opened(subject, stream, unit, decimal, separator, names).answers()
    except UnicodeDecodeError as error:
        raise _error(subject, "not-text", "the text is not UTF-8; save it as 'CSV UTF-8'") from error
    except AnswerError:
        raise
    except (OSError, ValueError) as error:
        raise unusable("read", path, error) from error


def _error(subject: str, code: str, message: str, place: str = "") -> AnswerError:
    return AnswerError.of(subject, [Problem(code, message, place)])


class _NoFloatError(Exception):
    """A cell that is no number, or one that no float is."""


class _Floats(dict[str, float]):
    """
    The floats of cells, each looked up once; the shortest decimal of each is what the cell says.
    """

    def __init__(self, decimal: str | None) -> None:
        super().__init__()
        self.decimal = decimal
        self.seen: dict[str, str] = {}

    def __missing__(self, text: str) -> float:
        value = self.cell(text)
        if not isinstance(value, float):
            raise _NoFloatError
        _keep(self, text, value)
        return value

    def cell(self, text: str) -> Any:
        """Return what a cell says: a float, a fraction that is none, or text; NaN for nothing."""
        if not text.strip():
            return math.nan
        plain = text
        if _COMMA.fullmatch(text) and self.decimal != ".":
            self.seen.setdefault("comma", text)
            plain = text.replace(",", ".")
        elif _POINT.fullmatch(text):
            self.seen.setdefault("grouped" if _GROUPED.fullmatch(text) else "point", text)
        try:
            number = fraction(plain)
        except NumberError:
            return unguarded(text)
        nearest_float = float(number)
        return nearest_float if fraction(nearest_float) == number else number


class _Objects(dict[str, Any]):
    """What cells say, each looked up once."""

    def __init__(self, floats: _Floats) -> None:
        super().__init__()
        self.floats = floats

    def __missing__(self, text: str) -> Any:
        value = self.floats.cell(text)
        found = None if value is math.nan else value
        _keep(self, text, found)
        return found


def _keep(known: dict[str, Any], text: str, value: Any) -> None:
    if len(known) >= _KEPT:
        known.clear()
    known[text] = value


@attrs.define
class _Sheet:
    """A CSV file that is being read; every mistake is kept."""

    subject: str
    rows: Any
    names: list[str]
    unit: int | None
    wanted: list[int]
    separator: str
    floats: _Floats
    above: int
    labels: list[str] = attrs.field(factory=list)
    numbers: "array[int]" = attrs.field(factory=lambda: array("q"))
    parts: dict[int, list[Array]] = attrs.field(factory=dict)
    ignored: dict[str, list[str]] = attrs.field(factory=dict)
    places: dict[str, str] = attrs.field(factory=dict)
    problems: list[Problem] = attrs.field(factory=list)

    @classmethod
    def opened(
        cls,
        subject: str,
        stream: TextIO,
        unit: str | None,
        decimal: str | None,
        separator: str | None,
        ignore: tuple[str, ...],
    ) -> "_Sheet":
        """Return the file with its header read."""
        sample = stream.read(_SAMPLE)
        stream.seek(0)
        said = re.match(r"sep=(.)\r?\n", sample)
        if separator is None:
            separator = said[1] if said else _separator(subject, sample, unit)
        rows = csv.reader(stream, delimiter=separator, strict=True)
        header: list[str] = []
        above = 0
        for row in rows:
            above += 1
            if row and not (said and above == 1):
                header = row
                break
        names = [name.strip() for name in header]
        problems = list(_header_problems(names))
        if problems:
            raise AnswerError.of(subject, problems)
        for name in (*ignore, *([] if unit is None else [unit])):
            if not is_hashable(name) or name not in names:
                known = [each for each in names if each]
                message = f"{subject} has no column {name!r}{nearest(name, known)}"
                raise UnknownError("unknown-column", message, column=name)
        at = None if unit is None else names.index(unit)
        wanted = [place for place, name in enumerate(names) if place != at and name not in ignore]
        floats = _Floats(decimal)
        kept: dict[str, list[str]] = {name: [] for name in ignore}
        return cls(subject, rows, names, at, wanted, separator, floats, above, ignored=kept)

    def answers(self) -> Answers:
        """Return the answers, read to the end."""
        objects = _Objects(self.floats)
        while rows := self._next():
            columns = list(zip(*rows, strict=True))
            for place in self.wanted:
                part = _part(columns[place], self.floats, objects)
                self.parts.setdefault(place, []).append(part)
            self._find_kinds(columns)
            if self.unit is not None:
                self.labels += [unguarded(label.strip()) for label in columns[self.unit]]
            for name, kept in self.ignored.items():
                kept += map(unguarded, columns[self.names.index(name)])
        self.problems += self._nameless()
        self.problems += self._twice()
        self.problems += self._decimals()
        if not self.problems and not self.numbers:
            self.problems.append(Problem("empty-table", "there are no rows below the header", ""))
        if self.problems:
            raise AnswerError.of(self.subject, self.problems, shown=_SHOWN)
        table = {
            self.names[place]: _joined(parts) for place, parts in self.parts.items() if self.names[place]
        }
        ignored = {name: np.array(texts, dtype=object) for name, texts in self.ignored.items()}
        labels = self.labels if self.unit is not None else None
        return Answers.from_columns({**table, **ignored}, labels, ignore=ignored)

    def _next(self) -> list[list[str]]:
        """Return the next rows that have as many cells as the header; none at the end."""
        kept: list[list[str]] = []
        while not kept:
            try:
                given = list(islice(self.rows, _ROWS))
            except csv.Error as error:
                place = f"line {self.rows.line_num}"
                raise _error(self.subject, "not-csv", f"this is not CSV: {error}", place) from error
            if not given:
                break
            numbers = range(self.above + 1, self.above + 1 + len(given))
            self.above += len(given)
            for number, row in zip(numbers, given, strict=True):
                if self._is_whole(number, row):
                    kept.append(row)
                    self.numbers.append(number)
        return kept

    def _is_whole(self, number: int, row: list[str]) -> bool:
        """Return whether a row is one of answers; what is wrong with another is kept."""
        if len(row) == len(self.names) and (self.unit is None or row[self.unit].strip()):
            return True
        if not row or (self.unit is not None and not any(cell.strip() for cell in row)):
            return False
        if len(row) != len(self.names):
            message = f"it has {len(row)} cells, and the header has {len(self.names)}"
            self.problems.append(Problem("ragged", message, f"row {number}"))
        else:
            self.problems.append(Problem("no-unit", "it has answers and no unit", f"row {number}"))
        return False

    def _find_kinds(self, columns: list[tuple[str, ...]]) -> None:
        """Note where a way of writing decimals was seen first."""
        for kind, text in self.floats.seen.items():
            if kind not in self.places:
                column = next(place for place in self.wanted if text in columns[place])
                number = self.numbers[columns[column].index(text) - len(columns[column])]
                self.places[kind] = f"row {number}, {self.names[column]!r}"

    def _nameless(self) -> Iterator[Problem]:
        for place, parts in self.parts.items():
            if not self.names[place]:
                empty = all(part.dtype != object and np.isnan(part).all() for part in parts)
                if not empty:
                    message = "it has cells, and the header has no name for it"
                    yield Problem("no-name", message, f"column {place + 1}")

    def _twice(self) -> Iterator[Problem]:
        first: dict[str, int] = {}
        for row, label in enumerate(self.labels):
            before = first.setdefault(label, row)
            if before != row:
                rows = f"rows {self.numbers[before]} and {self.numbers[row]}"
                yield Problem("duplicate-unit", f"the unit {label!r} is there twice", rows)

    def _decimals(self) -> Iterator[Problem]:
        seen, places, said = self.floats.seen, self.places, self.floats.decimal
        point = "point" if "point" in seen else "grouped"
        if "comma" in seen and point in seen and said is None:
            message = f"there are decimal commas, such as {seen['comma']!r}, and points, such as "
            message += f"{seen[point]!r} in {places[point]}; write all alike"
            yield Problem("mixed-decimals", message, places["comma"])
        elif point in seen and said == ",":
            message = f"{seen[point]!r} has a point, and decimal=',' is said; write all alike, and no "
            yield Problem("mixed-decimals", message + "separators of thousands", places[point])
        elif "comma" in seen and said is None and self.separator != ";":
            message = f"{seen['comma']!r} can be a number; say decimal=',' if it is one, else decimal='.'"
            yield Problem("decimal", message, places["comma"])
        elif point == "grouped" and point in seen and said is None and self.separator == ";":
            message = f"{seen[point]!r} can have a decimal point or a separator of thousands; say decimal="
            yield Problem("decimal", message, places[point])


def _part(cells: tuple[str, ...], floats: _Floats, objects: _Objects) -> Array:
    try:
        return np.fromiter(map(floats.__getitem__, cells), np.float64, len(cells))
    except _NoFloatError:
        return np.fromiter(map(objects.__getitem__, cells), object, len(cells))


def _joined(parts: list[Array]) -> Array:
    if any(part.dtype == object for part in parts):
        return np.concatenate([_as_objects(part) for part in parts])
    return np.concatenate(parts)


def _as_objects(part: Array) -> Array:
    found = part.astype(object)
    if part.dtype != object:
        found[np.isnan(part)] = None
    return found


def _separator(subject: str, sample: str, unit: str | None) -> str:
    """Return what divides the header into most cells, one of them the name of the units."""
    found: dict[str, list[str]] = {}
    for separator in _SEPARATORS:
        try:
            rows = csv.reader(io.StringIO(sample, newline=""), delimiter=separator, strict=True)
            found[separator] = next((row for row in rows if row), [])
        except csv.Error:
            continue
    if not found:
        raise _error(subject, "not-csv", "this is not CSV: the quotes of the header do not fit")
    named = {each: row for each, row in found.items() if unit in [name.strip() for name in row]} or found
    most = max(map(len, named.values()))
    best = [each for each, row in named.items() if len(row) == most]
    if most > 1 and len(best) > 1:
        message = f"the cells of the header could be separated by {' or '.join(map(repr, best))}"
        raise _error(subject, "separator", f"{message}; say separator=")
    return best[0]


def _header_problems(names: list[str]) -> Iterator[Problem]:
    if not any(names):
        yield Problem("no-header", "there is no header", "")
    seen: dict[str, int] = {}
    for place, name in enumerate(names):
        before = seen.setdefault(name, place)
        if name and before != place:
            message = f"the header has {name!r} in columns {before + 1} and {place + 1}"
            yield Problem("duplicate-column", message, "header")
