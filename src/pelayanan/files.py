"""
Instrument files: TOML in.
"""

import tomllib
from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from os import PathLike
from pathlib import Path
from typing import Any, TypeVar, get_origin

import attrs
import cattrs
from cattrs.gen import make_dict_structure_fn, override

from pelayanan.aggregation import Rule
from pelayanan.criteria import ROOT, Criterion, Group, Indicator, place_of
from pelayanan.errors import FileError, InstrumentError, NumberError, Problem, nearest
from pelayanan.exact import Exact, Rounding
from pelayanan.instrument import Case, InForce, Instrument
from pelayanan.limits import LARGEST, limit_problems, unprintable
from pelayanan.mapping import FrozenMapping
from pelayanan.provenance import Source, Standing
from pelayanan.scales import Option, Scale
from pelayanan.zones import Band, Zones

__all__ = ["parse", "read"]

Table = Mapping[str, Any]
Made = TypeVar("Made")

_LATER = ("asked_if", "marks", "requires", "rounding_stages", "tags")


def read(path: str | PathLike[str]) -> Instrument:
    """
    Return the instrument of a TOML file.

    Raises:
        FileError: The file cannot be read, or its name does not end in ``.toml``.
        InstrumentError: As for `parse`.
    """
    file = Path(path)
    if file.suffix != ".toml":
        message = f"{file.name!r} is no instrument file; its name ends in '.toml'"
        raise FileError("file-name", message, path=str(path))
    try:
        with file.open("rb") as stream:
            content = stream.read(LARGEST + 1)
    except OSError as error:
        message = f"cannot read {file.name!r}: {error.strerror}"
        raise FileError("unreadable", message, path=str(path)) from error
    return _parsed(content, file.name)


def parse(text: str) -> Instrument:
    """
    Return the instrument that a TOML text describes.

    Raises:
        InstrumentError: Every mistake, each with its place: not TOML, too large or deep,
            keys that are unknown or lacking, values of another kind, and all that is not
            sound in the instrument.

    >>> parse("format = 1")
    Traceback (most recent call last):
        ...
    pelayanan.errors.InstrumentError: instrument has 5 problems
      'id' is lacking @ id
      'maximum' is lacking @ maximum
      'missing' is lacking @ missing
      'rounding' is lacking @ rounding
      there are no criteria @ criteria
    """
    return _parsed(text.encode("utf-8", "surrogatepass"), "instrument")


def _parsed(content: bytes, name: str) -> Instrument:
    reading = _Reading()
    try:
        table = _tables(content)
    except InstrumentError as error:
        raise InstrumentError.of(name, error.problems) from error
    instrument = reading.instrument(table)
    if instrument is None:
        raise InstrumentError.of(name, reading.problems)
    return instrument


def _tables(content: bytes) -> dict[str, Any]:
    """Return the tables of a TOML text whose bounds hold."""
    if len(content) > LARGEST:
        problem = Problem("too-large", f"a file has at most {LARGEST} bytes", "")
        raise InstrumentError.of("file", [problem])
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        problem = Problem("not-toml", "the text is not UTF-8", f"byte {error.start}")
        raise InstrumentError.of("file", [problem]) from error
    problems = limit_problems(text)
    if problems:
        raise InstrumentError.of("file", problems)
    try:
        return tomllib.loads(text, parse_float=Decimal)
    except (ValueError, ArithmeticError, RecursionError) as error:
        problem = Problem("not-toml", f"this is not TOML: {error}", "")
        raise InstrumentError.of("file", [problem]) from error


@attrs.frozen
class _Rollup:
    average: str


@attrs.frozen
class _Head:
    """The keys above the first table."""

    id: str
    maximum: Exact
    missing: str
    rounding: Rounding
    family: str = ""
    title: FrozenMapping[str] = FrozenMapping()
    issuer: str = ""
    applies_to: str = ""
    variant_of: str = ""
    in_force: InForce | None = None
    language: str = "id"
    tokens: FrozenMapping[str] = FrozenMapping()
    rollup: _Rollup | None = None
    source: tuple[str, ...] = ()
    standing: FrozenMapping[Standing] = FrozenMapping()


_SECTIONS = ("format", "sources", "scales", "root", "criteria", "zones", "cases")


@attrs.define
class _Reading:
    """One file being read; every mistake is kept."""

    problems: list[Problem] = attrs.field(factory=list)
    broken: set[str] = attrs.field(factory=set)

    def instrument(self, table: dict[str, Any]) -> Instrument | None:
        """Return the instrument, or nothing where there are problems."""
        self._check_texts(table, "")
        language = table.get("language", "id")
        _spread(table, language if isinstance(language, str) else "id")
        if table.get("format") != 1 or isinstance(table.get("format"), bool):
            found = table.get("format", "nothing")
            self._add("format", f"this version reads format = 1, found {found!r}", "format")
        head = self._made(_Head, {k: v for k, v in table.items() if k not in _SECTIONS}, "")
        sources = self._named(table, "sources", Source)
        scales = self._scales(table)
        root = self._made(Group, {"code": ROOT, **self._table(table, "root")}, "root")
        criteria = self._criteria(table, scales)
        zones = self._made(Zones, self._table(table, "zones"), "zones") if "zones" in table else Zones()
        cases = self._listed(table, "cases", Case)
        draft = head or _Head("draft", Exact(100), "refuse", Rounding(2))
        fields = attrs.asdict(draft, recurse=False)
        fields["rollup"] = draft.rollup.average if draft.rollup else ""
        try:
            made = Instrument(
                criteria=criteria,
                root=root or Group(ROOT),
                zones=zones or Zones(),
                sources=sources,
                cases=cases,
                **fields,
            )
        except InstrumentError as error:
            self.problems += [each for each in error.problems if not self._follows(each)]
            return None
        return None if self.problems else made

    def _follows(self, problem: Problem) -> bool:
        """Return whether a problem could be there only because a table was refused."""
        if problem.code in ("unknown-source", "unknown-criterion", "unknown-band", "rescale"):
            return bool(self.problems)
        groups = {"*", *self.broken} | {each.rpartition(".")[0] or ROOT for each in self.broken}
        places = tuple(f"{place_of(each)}" for each in groups) if self.broken else ()
        return problem.place.startswith(places) if places else False

    def _add(self, code: str, message: str, place: str) -> None:
        self.problems.append(Problem(code, message, place))

    def _check_texts(self, value: Any, place: str) -> None:
        if isinstance(value, str):
            bad = unprintable(value)
            if bad is not None:
                self._add(
                    "unprintable", f"the text has the character {bad!r}, which cannot be printed", place
                )
        elif isinstance(value, dict):
            for key, each in value.items():
                self._check_texts(key, f"the key {key[:60]!r}")
                self._check_texts(each, _joined(place, key))
        elif isinstance(value, list):
            for index, each in enumerate(value):
                self._check_texts(each, f"{place}[{index}]")

    def _made(self, kind: type[Made], table: Table, place: str) -> Made | None:
        """Return a value made of a table, or keep what is wrong with it."""
        try:
            return _converter.structure(table, kind)
        except cattrs.BaseValidationError as error:
            self.problems += _flat(error, kind, place)
        except InstrumentError as error:
            self.problems += [_placed(each, place) for each in error.problems]
        return None

    def _table(self, table: Table, key: str) -> Table:
        found = table.get(key, {})
        if isinstance(found, dict):
            return found
        self._add("kind", f"expected a table, not {_kind(found)}", key)
        return {}

    def _list(self, table: Table, key: str) -> list[Table]:
        found = table.get(key, [])
        if isinstance(found, list) and all(isinstance(each, dict) for each in found):
            return found
        self._add("kind", f"expected tables [[{key}]], not {_kind(found)}", key)
        return []

    def _named(self, table: Table, key: str, kind: type[Made]) -> dict[str, Made]:
        made = {}
        for name, each in self._table(table, key).items():
            value = self._made(kind, each, _joined(key, name))
            if value is not None:
                made[name] = value
        return made

    def _listed(self, table: Table, key: str, kind: type[Made]) -> list[Made]:
        rows = enumerate(self._list(table, key))
        made = [self._made(kind, each, f"{key}[{index}]") for index, each in rows]
        return [each for each in made if each is not None]

    def _scales(self, table: Table) -> dict[str, Scale | None]:
        found: dict[str, Scale | None] = {}
        for name, each in self._table(table, "scales").items():
            scale = self._made(Scale, each, _joined("scales", name))
            found[name] = None if scale is None else attrs.evolve(scale, code=name)
        return found

    def _criteria(self, table: Table, scales: dict[str, Scale | None]) -> list[Criterion]:
        made: list[Criterion] = []
        rows = self._list(table, "criteria")
        if not rows:
            self._add("empty-group", "there are no criteria", "criteria")
        for index, each in enumerate(rows):
            code = each.get("code")
            known = isinstance(code, str)
            place = place_of(code) if isinstance(code, str) else f"criteria[{index}]"
            criterion = self._criterion(each, scales, place)
            if criterion is not None:
                made.append(criterion)
            elif known:
                self.broken.add(str(code))
                stand_in = "scale" in each
                made.append(Indicator(str(code), _ANY) if stand_in else Group(str(code)))
        return made or [Indicator("draft", _ANY)]

    def _criterion(self, table: Table, scales: dict[str, Scale | None], place: str) -> Criterion | None:
        if "scale" not in table:
            return self._made(Group, table, place)
        scale = table["scale"]
        if not isinstance(scale, str):
            return self._made(Indicator, table, place)
        if scale not in scales:
            message = f"there is no scale {scale!r} in [scales]{nearest(scale, scales)}"
            self._add("unknown-scale", message, f"{place}.scale")
            return None
        made = self._made(Indicator, {**table, "scale": {"range": {"low": 0, "high": 1}}}, place)
        named = scales[scale]
        return made if made is None or named is None else attrs.evolve(made, scale=named)


_ANY = Scale(low=0, high=1)


def _spread(table: Any, language: str) -> None:
    """Turn plain titles and labels into texts of the file's language."""
    if isinstance(table, list):
        for each in table:
            _spread(each, language)
    elif isinstance(table, dict):
        for key, value in table.items():
            if key in ("sources", "cases", "standing"):
                continue
            if key in ("title", "label") and isinstance(value, str):
                table[key] = {language: value}
            elif key == "labels" and isinstance(value, dict):
                for code, each in value.items():
                    value[code] = {language: each} if isinstance(each, str) else each
            else:
                _spread(value, language)


def _joined(place: str, name: str) -> str:
    if place in ("sources", "scales"):
        return f"{place}[{name[:60]!r}]"
    return f"{place}.{name[:60]}" if place else name[:60]


def _placed(problem: Problem, place: str) -> Problem:
    inner = problem.place
    dot = "" if not place or not inner or inner.startswith("[") else "."
    return attrs.evolve(problem, place=f"{place}{dot}{inner}")


def _kind(value: Any) -> str:
    kinds = {bool: "a truth value", str: "a text", list: "a list", dict: "a table"}
    number = "a number" if isinstance(value, int | Decimal) else f"a {type(value).__name__}"
    return kinds.get(type(value), number)


def _flat(error: BaseException, kind: Any, place: str) -> Iterator[Problem]:
    """Return the problems of a validation error, each with its place."""
    if isinstance(error, cattrs.ClassValidationError):
        noted, others = error.group_exceptions()
        for each, note in noted:
            name = note.name.rstrip("_")
            inner = f"{place}.{name}" if place else name
            if isinstance(each, KeyError):
                yield Problem("lacking", f"{name!r} is lacking", inner)
            else:
                yield from _flat(each, note.type, inner)
        for each in others:
            yield from _flat(each, error.cl, place)
    elif isinstance(error, cattrs.IterableValidationError):
        indexed, others = error.group_exceptions()
        for each, at in indexed:
            yield from _flat(each, at.type, f"{place}[{at.index!r}]")
        for each in others:
            yield from _flat(each, kind, place)
    elif isinstance(error, cattrs.ForbiddenExtraKeysError):
        for key in sorted(error.extra_fields):
            yield _unknown_key(key, error.cl, place)
    elif isinstance(error, InstrumentError):
        for problem in error.problems:
            yield _placed(problem, place)
    elif isinstance(error, NumberError):
        yield Problem(error.code, str(error), place)
    else:
        yield Problem("kind", str(error), place)


def _unknown_key(key: str, kind: type, place: str) -> Problem:
    inner = _joined(place, key)
    if key in _LATER:
        return Problem("later-key", f"{key!r} is not read by this version of the library", inner)
    known = [each.name.rstrip("_") for each in attrs.fields(kind)]
    known = [*known, *_SECTIONS] if kind is _Head else known
    return Problem("unknown-key", f"there is no key {key[:60]!r} here{nearest(key, known)}", inner)


# How the file words what the instrument says; each becomes the value beside it.


@attrs.frozen
class _Range:
    low: Exact
    high: Exact


@attrs.frozen
class _Count:
    of: Exact
    full: Exact


@attrs.frozen
class _Scale:
    options: tuple[Option, ...] = ()
    range: _Range | None = None
    count: _Count | None = None
    anchors: tuple[tuple[Exact, Exact], ...] = ()
    steps: tuple[tuple[Exact, Exact], ...] = ()
    between: bool = False
    source: tuple[str, ...] = ()
    standing: FrozenMapping[Standing] = FrozenMapping()

    def value(self) -> Scale:
        """Return the scale."""
        return Scale(
            options=self.options,
            between=self.between,
            low=self.range and self.range.low,
            high=self.range and self.range.high,
            of=self.count and self.count.of,
            full=self.count and self.count.full,
            anchors=self.anchors,
            steps=self.steps,
            source=self.source,
            standing=self.standing,
        )


@attrs.frozen
class _Zones:
    bands: tuple[Band, ...]
    decide_on: Any = "published"
    source: tuple[str, ...] = ()
    standing: FrozenMapping[Standing] = FrozenMapping()

    def value(self) -> Zones:
        """Return the zones."""
        grid = self.decide_on
        if isinstance(grid, dict):
            grid = _converter.structure(grid, Rounding)
        return Zones(self.bands, grid, source=self.source, standing=self.standing)


@attrs.frozen
class _Expects:
    total: Exact | None = None
    zone: str = ""


@attrs.frozen
class _Case:
    name: str
    expects: _Expects
    answers: FrozenMapping[Any] = FrozenMapping()
    units: tuple[Exact, ...] = ()
    of: str = ""
    at: str = ROOT
    within: Exact = Exact(0)
    reason: str = ""
    source: tuple[str, ...] = ()

    def value(self) -> Case:
        """Return the case."""
        fields = attrs.asdict(self, recurse=False)
        expects = fields.pop("expects")
        return Case(total=expects.total, zone=expects.zone, **fields)


def _strict(kind: type, words: str) -> Any:
    def structured(value: Any, _: Any) -> Any:
        if type(value) is not kind:
            raise TypeError(f"expected {words}, not {_kind(value)}")
        return value

    return structured


def _mapping(value: Any, kind: Any) -> FrozenMapping[Any]:
    if not isinstance(value, dict):
        raise TypeError(f"expected a table, not {_kind(value)}")
    (inner,) = kind.__args__
    return FrozenMapping(_converter.structure(value, dict[str, inner]))


def _answer(value: Any, _: Any) -> Any:
    return value if isinstance(value, str) else Exact(value)


def _codes(value: Any, _: Any) -> tuple[str, ...]:
    listed = [value] if isinstance(value, str) else value
    if not isinstance(listed, list) or not all(isinstance(each, str) for each in listed):
        raise TypeError(f"expected a text or a list of texts, not {_kind(value)}")
    return tuple(listed)


def _rounding(value: Any, _: Any) -> Rounding | None:
    if value == "none":
        return None
    return Rounding(**attrs.asdict(_converter.structure(value, _Rounding)))


@attrs.frozen
class _Rounding:
    decimals: int
    mode: str


_RENAMED = {InForce: {"from_": "from"}, Standing: {"is_": "is"}}


def _tables_only(kind: Any) -> Any:
    """Return how a table becomes a value of an attrs class; other kinds are refused."""
    renamed = {name: override(rename=key) for name, key in _RENAMED.get(kind, {}).items()}
    made = make_dict_structure_fn(
        kind, _converter, _cattrs_forbid_extra_keys=True, _cattrs_detailed_validation=True, **renamed
    )

    def structured(value: Any, kind: Any) -> Any:
        if not isinstance(value, dict):
            raise TypeError(f"expected a table, not {_kind(value)}")
        return made(value, kind)

    return structured


def _lists_only(kind: Any) -> Any:
    """Return how a list becomes a tuple; other kinds are refused."""
    inner = kind.__args__[0] if kind.__args__[-1] is Ellipsis else None

    def structured(value: Any, _: Any) -> Any:
        if not isinstance(value, list):
            raise TypeError(f"expected a list, not {_kind(value)}")
        if inner is not None:
            return tuple(_converter.structure(value, list[inner]))
        if len(value) != len(kind.__args__):
            raise ValueError(f"expected a list of {len(kind.__args__)}, found {len(value)}")
        return tuple(
            _converter.structure(each, part) for each, part in zip(value, kind.__args__, strict=True)
        )

    return structured


_converter = cattrs.Converter(detailed_validation=True)
_converter.register_structure_hook_factory(attrs.has, _tables_only)
_converter.register_structure_hook_factory(lambda kind: get_origin(kind) is tuple, _lists_only)
_converter.register_structure_hook_func(lambda kind: get_origin(kind) is FrozenMapping, _mapping)
_converter.register_structure_hook_func(lambda kind: kind == tuple[str, ...], _codes)
_converter.register_structure_hook_func(lambda kind: kind is Any, _answer)
for _type, _words in ((str, "a text"), (bool, "true or false"), (int, "a whole number"), (date, "a date")):
    _converter.register_structure_hook(_type, _strict(_type, _words))
_converter.register_structure_hook(Exact, lambda value, _: Exact(value))
_converter.register_structure_hook(Rule, _strict(str, "a text"))
_converter.register_structure_hook(Rounding, _rounding)
for _worded, _meant in ((_Scale, Scale), (_Zones, Zones), (_Case, Case)):
    _converter.register_structure_hook(
        _meant, lambda value, _, worded=_worded: _converter.structure(value, worded).value()
    )
