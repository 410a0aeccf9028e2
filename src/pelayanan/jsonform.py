"""
Values become JSON text, and come back.
"""

import functools
import json
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from decimal import Decimal
from fractions import Fraction
from typing import Any, NewType

import attrs
import cattrs
import numpy as np
import numpy.typing as npt
from cattrs.gen import make_dict_structure_fn, override

from pelayanan.answers import Answers, Column, labels_of, state_or_value
from pelayanan.bases import Answered, Printed
from pelayanan.bounds import Bounds, zones_between
from pelayanan.carryforms import carries_registered, carries_said
from pelayanan.cores import Core
from pelayanan.criterion import Group
from pelayanan.errors import AnswerError, Hints, InstrumentError, JsonError, Problem
from pelayanan.exact import decimal, fraction
from pelayanan.exchange import (
    Label,
    cell_of,
    cell_said,
    exchanged,
    exchanging,
    formless,
    label_of,
    label_said,
    labels_said,
    number_of,
    number_said,
    parsed,
)
from pelayanan.explanation import Explanation
from pelayanan.files import exchange_tables, instrument_of, of_json
from pelayanan.improve import Change, Plan
from pelayanan.instrument import Instrument
from pelayanan.mapping import FrozenMapping, printable
from pelayanan.overlays import Overlay, overlay_of, overlay_tables
from pelayanan.peerforms import peers_registered, peers_said
from pelayanan.reading import problems_in
from pelayanan.rebasing import Rebased
from pelayanan.rollup import RolledUp, roll_up
from pelayanan.scales import Scale
from pelayanan.scorecard import Line, Scorecard
from pelayanan.scoring import Joined, Scores, score
from pelayanan.version import VERSION
from pelayanan.wording import kind_of
from pelayanan.writing import said, unnamed
from pelayanan.zones import Band

__all__ = ["Stated", "json_of", "stated", "value_of"]

_FORMAT = 1
_DTYPES = {
    each.name: each for each in map(np.dtype, [*"efd", "int8", "int16", "int32", "int64", *"BHI", "uint64"])
}
_FLOAT = re.compile(r"-?(?:[0-9]+(?:\.[0-9]+)?(?:e[+-]?[0-9]+)?|inf)")

Table = dict[str, Any]
Array = npt.NDArray[Any]


def json_of(value: Any) -> str:
    """
    Return a value as JSON text, exact numbers as strings.

    An instrument has the tables of its file and its fingerprint; any other value says its kind,
    and then its fields by name.

    Raises:
        JsonError, InstrumentError: Something in it has no JSON form.

    >>> from pelayanan import Band
    >>> json_of(Band("C", floor=54, ceiling="77.99", label="kuning"))
    '{"format": 1, "kind": "Band", "code": "C", "floor": "54", "ceiling": "77.99", "label": {"id": "kuning"}}'
    """
    if isinstance(value, Instrument):
        return _dumped(exchange_tables(value))
    try:
        return _dumped(_table_of(value))
    except JsonError as error:
        raise JsonError.of(type(value).__name__, error.problems) from error


def _table_of(value: Any) -> Table:
    form: Callable[[Any], Table] = _SAID.get(type(value), said)
    return {"format": _FORMAT, "kind": type(value).__name__} | form(value)


def value_of(text: str, kind: type) -> Any:
    """
    Return the value of that kind that `json_of` gave the text of.

    Raises:
        JsonError, InstrumentError: Every mistake, each with its place.

    >>> from pelayanan import Band
    >>> value_of('{"format": 1, "kind": "Scale"}', Band)
    Traceback (most recent call last):
        ...
    pelayanan.errors.JsonError: Band: expected the JSON of a Band, found that of a 'Scale' @ kind
    """
    if issubclass(kind, Instrument):
        return of_json(text)
    return _value_in(_table_in(text, kind.__name__), kind)


def _table_in(text: str, name: str) -> Table:
    try:
        return parsed(text)
    except JsonError as error:
        raise JsonError.of(name, error.problems) from error


def _value_in(table: Table, kind: type, structure: Callable[[Table, Any], Any] | None = None) -> Any:
    """Return the value of a table that says its kind."""
    name = kind.__name__
    found, version = table.pop("kind", "nothing"), table.pop("format", "nothing")
    if found != name:
        message = f"expected the JSON of a {name}, found that of a {found!r:.60}"
        raise JsonError.of(name, [Problem("other-kind", message, "kind")])
    if version != _FORMAT or isinstance(version, bool):
        message = f"this version reads format = {_FORMAT}, found {version!r:.60}"
        raise JsonError.of(name, [Problem("format", message, "format")])
    try:
        return (structure or _converter().structure)(table, kind)
    except (cattrs.BaseValidationError, ArithmeticError, TypeError, ValueError) as error:
        raise JsonError.of(name, problems_in(error, kind, "", Hints())) from error


def _dumped(table: Table) -> str:
    try:
        return json.dumps(table, ensure_ascii=False)
    except ValueError as error:
        raise formless("JSON", "a whole number has too many digits to be written", "") from error


def _group_said(group: Group) -> Table:
    message = unnamed(group.rule)
    if message:
        raise formless("Group", message, "rule")
    table: Table = said(group)
    return table


def _line_said(line: Line, place: str = "answer") -> Table:
    try:
        answer = None if line.answer is None else cell_said(line.answer)
    except TypeError as error:
        raise formless("Line", str(error), place) from error
    return {**said(line), "answer": answer}


def _line_answer(value: Any, _: Any) -> Any:
    return None if value is None else cell_of(value)


def _change_said(change: Change) -> Table:
    before = None if change.from_ is None else cell_said(change.from_)
    return {**said(change), "from": before, "to": cell_said(change.to)}


def _answer_or_none(value: Any, kind: Any) -> Fraction | str | None:
    return None if value is None else _answer_of(value, kind)


def _answer_of(value: Any, _: Any) -> Fraction | str:
    found = cell_of(value)
    if not isinstance(found, Fraction | str):
        raise TypeError(f"expected a number or a text, not {kind_of(value)}")
    return found


def _plan_said(plan: Plan) -> Table:
    return {**said(plan), "changes": [_change_said(each) for each in plan.changes]}


def _card_said(card: Scorecard) -> Table:
    lines = [_line_said(each, f"lines[{row}].answer") for row, each in enumerate(card.lines)]
    return {**said(card), **({"lines": lines} if lines else {}), "unit": label_said(card.unit, "unit")}


def _explanation_said(explanation: Explanation) -> Table:
    return {**said(explanation), "card": _card_said(explanation.card)}


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
class _Answers:
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


@attrs.frozen(eq=False, repr=False)
class _Scores:
    """
    The JSON form of scores: totals and zones to be read, and what they are made of again.

    That is answers, or printed totals, or the scores of the units of institutions, or scores
    that were joined.
    """

    units: tuple[Label, ...]
    total: tuple[Decimal | None, ...]
    zone: tuple[str | None, ...]
    answers: _Answers | None = None
    printed: tuple[Fraction | None, ...] = ()
    members: "_Scores | None" = None
    by: tuple[Label, ...] = ()
    joined: tuple[Scores, ...] = ()

    @classmethod
    def saying(cls, scores: Scores) -> Table:
        """Return the form of scores, but for their instrument."""
        instrument, basis = scores.instrument, scores.basis
        bands = instrument.zones.bands
        totals = [None if np.isnan(each) else fraction(float(each)) for each in scores.total]
        found: Table = {
            "units": labels_said(scores.units),
            "total": [None if each is None else str(decimal(each, instrument.rounding)) for each in totals],
            "zone": [bands[each].code if each >= 0 else None for each in scores.zone.tolist()],
        }
        if isinstance(basis, Answered):
            return found | {"answers": _Answers.saying(basis.answers)}
        if isinstance(basis, Printed):
            return found | {"printed": [None if each is None else number_said(each) for each in basis.totals]}
        if isinstance(basis, RolledUp):
            by = [found["units"][place] for place in basis.index.tolist()]
            return found | {"members": cls.saying(basis.members), "by": by}
        if isinstance(basis, Joined):
            return found | {"joined": [_scores_said(each) for each in basis.parts]}
        message = f"scores that were made from a {type(basis).__name__} have no JSON form"
        raise formless("Scores", message, "basis")

    def value(self, instrument: Instrument) -> Scores:
        """
        Return the scores, computed again.

        Raises:
            JsonError: What stands there is not what they are made of gives.
        """
        if self.answers is not None:
            with _within("answers"):
                answers = self.answers.value()
            made = score(instrument, answers, absent="missing")
        elif self.members is not None:
            with _within("members"):
                members = self.members.value(instrument)
            made = roll_up(members, list(self.by))
        elif self.joined:
            made = Scores.joined(*self.joined)
            if made.fingerprint != instrument.fingerprint:
                message = f"it is another than {made.instrument.id!r}, which is that of the scores joined"
                raise JsonError.of("Scores", [Problem("changed", message, "instrument")])
        else:
            made = Scores.of_totals(instrument, self.printed, list(self.units))
        again = _Scores.saying(made)
        for name in ("units", "total", "zone"):
            stated, found = getattr(self, name), again[name]
            if len(stated) != len(found):
                message = f"it has {len(stated)} entries, and what it is made of gives {len(found)}"
                raise JsonError.of("Scores", [Problem("changed", message, name)])
            for row, (said_here, given) in enumerate(zip(stated, found, strict=True)):
                if (str(said_here) if isinstance(said_here, Decimal) else said_here) != given:
                    message = f"it says {said_here!s:.60}, and what it is made of gives {given!s:.60}"
                    raise JsonError.of("Scores", [Problem("changed", printable(message), f"{name}[{row}]")])
        return made


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


def _scores_said(scores: Scores) -> Table:
    return {"version": VERSION, "instrument": exchange_tables(scores.instrument)} | _Scores.saying(scores)


def _scores_of(table: Any, _: Any) -> Scores:
    found = _stated(table, _)
    return found.form.value(found.instrument)


@attrs.frozen(eq=False, repr=False)
class Stated:
    """
    What the JSON of scores states, before anything is computed.

    Args:
        instrument: The instrument that it holds.
        version: The version of the library that made it; empty where it does not say.
        form: Its units, totals, zones, and what they are made of.
    """

    instrument: Instrument
    version: str
    form: _Scores


def stated(text: str) -> Stated:
    """
    Return what the JSON of scores states, checked for its form alone.

    Raises:
        JsonError: It is no JSON of scores; every mistake with its place.

    >>> import pelayanan
    >>> scores = Scores.of_totals(pelayanan.load("ombudsman-2024"), ["88.03"])
    >>> stated(scores.to_json()).form.total
    (Decimal('88.03'),)
    """
    found: Stated = _value_in(_table_in(text, "Scores"), Scores, _stated)
    return found


def _stated(table: Any, _: Any) -> Stated:
    tables = dict(table)
    version = tables.pop("version", "")
    if not isinstance(version, str):
        problem = Problem("kind", f"expected a text, not {kind_of(version)}", "version")
        raise JsonError.of("Scores", [problem])
    instrument = tables.pop("instrument", None)
    if not isinstance(instrument, dict):
        raise JsonError.of("Scores", [Problem("lacking", "'instrument' is lacking", "instrument")])
    form = _converter().structure(tables, _Scores)
    with _within("instrument"):
        made = instrument_of(instrument, "instrument")
    return Stated(made, version, form)


@contextmanager
def _within(place: str) -> Iterator[None]:
    """Give the places of what is wrong inside a part of scores."""
    try:
        yield
    except (AnswerError, InstrumentError, JsonError) as error:
        raise JsonError.of("Scores", problems_in(error, Scores, place, Hints())) from error


def _core_said(core: Core) -> Table:
    return {
        **said(attrs.evolve(core, lost=())),
        "instrument": exchange_tables(core.instrument),
        "lost": said(core.lost),
    }


def _rebased_said(found: Rebased) -> Table:
    return {"overlay": _overlay_said(found.overlay), "conflicts": said(found.conflicts)}


def _overlay_said(overlay: Overlay) -> Table:
    return {key: each for key, each in overlay_tables(overlay).items() if key != "format"}


def _overlay_of(value: Any, _: Any) -> Overlay:
    if not isinstance(value, dict):
        raise TypeError(f"expected a table, not {kind_of(value)}")
    return overlay_of({"format": _FORMAT, **value})


def _instrument_of(value: Any, _: Any) -> Instrument:
    if not isinstance(value, dict):
        raise TypeError(f"expected a table, not {kind_of(value)}")
    return instrument_of(value, "instrument")


Ends = NewType("Ends", object)


@attrs.frozen(eq=False, repr=False)
class _Bounds:
    """The JSON form of bounds: both ends with their kind, and for one unit the zones between."""

    lowest: Ends
    highest: Ends
    lowest_zone: Band | None = None
    highest_zone: Band | None = None

    @classmethod
    def saying(cls, found: Bounds) -> Table:
        """Return the form of bounds."""
        table = {"lowest": _table_of(found.lowest), "highest": _table_of(found.highest)}
        if isinstance(found.lowest, Scores):
            return table
        zones = {"lowest_zone": found.lowest_zone, "highest_zone": found.highest_zone}
        return table | {name: said(band) for name, band in zones.items() if band is not None}

    def value(self) -> Bounds:
        """Return the bounds."""
        lowest, highest = (self._end(name) for name in ("lowest", "highest"))
        if isinstance(lowest, Scores) and isinstance(highest, Scores):
            alike = lowest.fingerprint == highest.fingerprint and np.array_equal(lowest.units, highest.units)
            if not alike:
                message = "the two ends are of different units or instruments"
                raise JsonError.of("Bounds", [Problem("changed", message, "highest")])
            return Bounds(lowest, highest, *zones_between(lowest, highest))
        if type(lowest) is not type(highest):
            raise JsonError.of("Bounds", [Problem("other-kind", "the two ends are of different kinds", "")])
        return Bounds(lowest, highest, self.lowest_zone, self.highest_zone)

    def _end(self, name: str) -> Scores | Scorecard:
        table = getattr(self, name)
        if not isinstance(table, dict):
            problem = Problem("kind", f"expected a table, not {kind_of(table)}", name)
            raise JsonError.of("Bounds", [problem])
        with _within(name):
            kind = Scorecard if table.get("kind") == "Scorecard" else Scores
            end: Scores | Scorecard = _value_in(dict(table), kind)
        return end


def _scale_of(value: Any, _: Any) -> Scale:
    if not isinstance(value, dict):
        return exchanged().structure(value, Scale)
    named = dict(value)
    code = named.pop("code", "")
    if not isinstance(code, str):
        message = f"expected a text, not {kind_of(code)}"
        raise JsonError.of("Scale", [Problem("kind", message, "code")])
    return attrs.evolve(exchanged().structure(named, Scale), code=code)


_SAID: dict[type, Callable[[Any], Table]] = {
    Answers: _Answers.saying,
    Bounds: _Bounds.saying,
    Explanation: _explanation_said,
    Change: _change_said,
    Group: _group_said,
    Line: _line_said,
    Plan: _plan_said,
    Core: _core_said,
    Overlay: _overlay_said,
    Rebased: _rebased_said,
    Scorecard: _card_said,
    Scores: _scores_said,
    **carries_said(_Answers.saying),
    **peers_said(_scores_said),
}


@functools.cache
def _converter() -> cattrs.Converter:
    """Return what makes values of the tables of JSON."""
    made = exchanging()
    strict: Any = {"_cattrs_forbid_extra_keys": True, "_cattrs_detailed_validation": True}
    line = make_dict_structure_fn(Line, made, answer=override(struct_hook=_line_answer), **strict)
    made.register_structure_hook_func(lambda kind: kind is Label, label_of)
    made.register_structure_hook_func(lambda kind: kind == list[Any], _list_of)
    made.register_structure_hook(Line, _of_table(line))
    card = make_dict_structure_fn(Scorecard, made, unit=override(struct_hook=label_of), **strict)
    made.register_structure_hook(Scorecard, _of_table(card))
    before = override(rename="from", struct_hook=_answer_or_none)
    change = make_dict_structure_fn(Change, made, from_=before, to=override(struct_hook=_answer_of), **strict)
    made.register_structure_hook(Change, _of_table(change))
    made.register_structure_hook(Scale, _scale_of)
    made.register_structure_hook(Answers, lambda value, _: made.structure(value, _Answers).value())
    made.register_structure_hook(Scores, _scores_of)
    made.register_structure_hook(Overlay, _overlay_of)
    made.register_structure_hook(Instrument, _instrument_of)
    made.register_structure_hook_func(lambda kind: kind is Ends, lambda value, _: value)
    made.register_structure_hook(Bounds, lambda value, _: made.structure(value, _Bounds).value())
    carries_registered(made)
    peers_registered(made)
    return made


def _of_table(structure: Callable[[Any, Any], Any]) -> Callable[[Any, Any], Any]:
    """Return what refuses all but tables, in the words that other values do."""

    def structured(value: Any, kind: Any) -> Any:
        if not isinstance(value, dict):
            raise TypeError(f"expected a table, not {kind_of(value)}")
        return structure(value, kind)

    return structured


def _list_of(value: Any, _: Any) -> list[Any]:
    if not isinstance(value, list):
        raise TypeError(f"expected a list, not {kind_of(value)}")
    return value
