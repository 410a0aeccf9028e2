"""
Instrument files: TOML in.
"""

import tomllib
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from os import PathLike
from pathlib import Path
from types import GenericAlias
from typing import Any, TypeVar, get_origin

import attrs
import cattrs
from cattrs.gen import make_dict_structure_fn, override

from pelayanan.aggregation import Rule
from pelayanan.criteria import ROOT, Criterion, Group, Indicator, parent_of, place_of
from pelayanan.errors import FileError, InstrumentError, NumberError, Problem
from pelayanan.exact import Exact, Rounding
from pelayanan.instrument import Case, Hints, InForce, Instrument
from pelayanan.limits import LARGEST, limit_problems, unprintable
from pelayanan.mapping import FrozenMapping, printable
from pelayanan.provenance import Source, Standing
from pelayanan.scales import Option, Scale
from pelayanan.zones import Band, Zones

__all__ = ["parse", "read"]

Table = Mapping[str, Any]
Made = TypeVar("Made")

_LEVELS = 12
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
    except (OSError, ValueError) as error:
        message = f"cannot read {file.name!r}: {getattr(error, 'strerror', error)}"
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


@attrs.frozen(eq=False, repr=False)
class _Rollup:
    average: str


@attrs.frozen(eq=False, repr=False)
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
    disputed: str = ""


_SECTIONS = ("format", "sources", "scales", "root", "criteria", "zones", "cases")
_ANY = {"range": {"low": 0, "high": 1}}
_DRAFT = {"id": "draft", "maximum": 1, "missing": "refuse", "rounding": "none"}
_REFUSED = (cattrs.BaseValidationError, TypeError, ValueError)


@attrs.define
class _Reading:
    """
    One file being read; every mistake is kept, and the places of what was not read as it stands.
    """

    problems: list[Problem] = attrs.field(factory=list)
    broken: set[str] = attrs.field(factory=set)
    hints: Hints = attrs.field(factory=Hints)

    def instrument(self, table: dict[str, Any]) -> Instrument | None:
        """Return the instrument, or nothing where there are problems."""
        self._check_texts(table, "")
        language = table.get("language", "id")
        _spread(table, language if isinstance(language, str) else "id")
        if table.get("format") != 1 or isinstance(table.get("format"), bool):
            found = table.get("format", "nothing")
            self._add("format", f"this version reads format = 1, found {found!r}", "format")
        head = self._mended(_Head, {k: v for k, v in table.items() if k not in _SECTIONS}, "", _DRAFT)
        fields = attrs.asdict(head, recurse=False)
        fields["rollup"] = head.rollup.average if head.rollup else ""
        sources = self._sources(table)
        scales = self._scales(table)
        root = self._root(table)
        criteria = self._criteria(table, scales)
        zones = self._made(Zones, self._table(table, "zones"), "zones") if "zones" in table else None
        cases = self._cases(table)
        try:
            made = Instrument(
                criteria=criteria, root=root, zones=zones or Zones(), sources=sources, cases=cases, **fields
            )
        except InstrumentError as error:
            follows = self._following([root, *criteria])
            self.problems += [each for each in error.problems if not follows(each)]
            return None
        return None if self.problems else made

    def _following(self, criteria: list[Criterion]) -> Callable[[Problem], bool]:
        """Return what tells the problems that could be there only because something was refused."""
        broken = {each.code for each in criteria if place_of(each.code) in self.broken}
        above = {code for each in broken for code in _lineage(each)}
        below = {each.code for each in criteria if not broken.isdisjoint(_lineage(each.code))}
        places = {f"{place_of(code)}.weights" for code in above | below}
        places |= {place for code in broken for place in (place_of(code), f"{place_of(code)}.labels")}
        codes = {"rescale"} if broken else set()
        if "criteria" in self.broken:
            codes |= {"absent-parent", "empty-group", "unscored", "rescale", "unknown-criterion"}
            places |= {f"{place_of(each.code)}.weights" for each in criteria}
        if "zones" in self.broken:
            codes.add("unknown-band")
        if "sources" in self.broken:
            codes.add("unknown-source")
        if "rounding" in self.broken:
            codes |= {"band-gap", "band-overlap"}
        own = ("code", "too-deep", "absent-parent")
        return lambda each: each.code in codes or (each.place in places and each.code not in own)

    def _add(self, code: str, message: str, place: str) -> None:
        self.problems.append(Problem(code, message, place))

    def _check_texts(self, value: Any, place: str) -> None:
        if isinstance(value, str):
            bad = unprintable(value)
            if bad is not None:
                message = f"the text has the character {bad!r}, which cannot be printed"
                self._add("unprintable", message, place)
        elif isinstance(value, dict):
            for key, each in value.items():
                self._check_texts(key, f"the key {key[:60]!r}")
                self._check_texts(each, _joined(place, key))
        elif isinstance(value, list):
            for index, each in enumerate(value):
                self._check_texts(each, _row(place, index, each))

    def _refuse(self, error: Exception, kind: type, place: str) -> set[str]:
        """Keep what is wrong with a table, and return the keys that are."""
        self.problems += _flat(error, kind, place, self.hints)
        wrong = _wrong_keys(error)
        self.broken |= {place, *(_joined(place, key) for key in wrong)}
        return wrong

    def _made(self, kind: type[Made], table: Table, place: str) -> Made | None:
        """Return a value made of a table, or nothing where it is refused."""
        try:
            return _converter.structure(table, kind)
        except _REFUSED as error:
            self._refuse(error, kind, place)
        return None

    def _mended(self, kind: type[Made], table: Table, place: str, stand_in: Table) -> Made:
        """Return a value made of what is right in a table, and of a stand-in."""
        try:
            return _converter.structure(table, kind)
        except _REFUSED as error:
            wrong = self._refuse(error, kind, place)
        right = {key: value for key, value in table.items() if key not in wrong}
        try:
            return _converter.structure({**stand_in, **right}, kind)
        except _REFUSED:
            return _converter.structure(stand_in, kind)

    def _table(self, table: Table, key: str) -> Table:
        found = table.get(key, {})
        if isinstance(found, dict):
            return found
        self._add("kind", f"expected a table, not {_kind(found)}", key)
        self.broken.add(key)
        return {}

    def _list(self, table: Table, key: str) -> list[Table]:
        found = table.get(key, [])
        if isinstance(found, list) and all(isinstance(each, dict) for each in found):
            return found
        self._add("kind", f"expected tables [[{key}]], not {_kind(found)}", key)
        self.broken.add(key)
        return []

    def _sources(self, table: Table) -> dict[str, Source]:
        rows = self._table(table, "sources").items()
        return {name: self._made(Source, each, _joined("sources", name)) or Source("") for name, each in rows}

    def _cases(self, table: Table) -> list[Case]:
        rows = enumerate(self._list(table, "cases"))
        made = [self._made(Case, each, f"cases[{index}]") for index, each in rows]
        return [each for each in made if each is not None]

    def _scales(self, table: Table) -> dict[str, Scale | None]:
        found: dict[str, Scale | None] = {}
        for name, each in self._table(table, "scales").items():
            scale = self._made(Scale, each, _joined("scales", name))
            found[name] = None if scale is None else attrs.evolve(scale, code=name)
        return found

    def _root(self, table: Table) -> Group:
        found = self._table(table, "root")
        if "code" in found:
            self._add("unknown-key", "the root has no code of its own", "root.code")
        stand_in = {"code": ROOT}
        return self._mended(Group, {**found, **stand_in}, "root", stand_in)

    def _criteria(self, table: Table, scales: dict[str, Scale | None]) -> list[Criterion]:
        made: dict[str, Criterion] = {}
        rows = self._list(table, "criteria")
        if not rows and "criteria" not in self.broken:
            self._add("empty-group", "there are no criteria", "criteria")
        for index, each in enumerate(rows):
            code, place = each.get("code"), _row("criteria", index, each)
            criterion = self._criterion(each, scales, place)
            if not isinstance(code, str):
                self.broken.add("criteria")
            elif code in made:
                self._add("duplicate-code", f"the code {code[:60]!r} is there twice", place)
            else:
                made[code] = criterion
        if not made:
            self.broken.add("criteria")
            made["draft"] = _converter.structure({"code": "draft", "scale": _ANY}, Indicator)
        return list(made.values())

    def _criterion(self, table: Table, scales: dict[str, Scale | None], place: str) -> Criterion:
        code = table.get("code")
        stand_in: dict[str, Any] = {"code": code if isinstance(code, str) else "draft"}
        if "scale" not in table:
            return self._mended(Group, table, place, stand_in)
        stand_in["scale"] = _ANY
        name = table["scale"]
        if not isinstance(name, str):
            return self._mended(Indicator, table, place, stand_in)
        made = self._mended(Indicator, {**table, "scale": _ANY}, place, stand_in)
        if name not in scales and "scales" not in self.broken:
            message = f"there is no scale {name[:60]!r} in [scales]{self.hints(name, scales)}"
            self._add("unknown-scale", message, f"{place}.scale")
        named = scales.get(name)
        return attrs.evolve(made, labels={}) if named is None else attrs.evolve(made, scale=named)


def _lineage(code: str) -> Iterator[str]:
    """Return a code and those of the groups above it."""
    yield code
    for _ in range(_LEVELS):
        if code == ROOT:
            return
        code = parent_of(code)
        yield code


def _row(place: str, index: int, row: Any) -> str:
    code = row.get("code") if isinstance(row, dict) and place == "criteria" else None
    return place_of(code) if isinstance(code, str) else f"{place}[{index}]"


def _wrong_keys(error: Exception) -> set[str]:
    if not isinstance(error, cattrs.ClassValidationError):
        return set()
    noted, others = error.group_exceptions()
    extra = [each.extra_fields for each in others if isinstance(each, cattrs.ForbiddenExtraKeysError)]
    return {note.name.rstrip("_") for _, note in noted}.union(*extra)


_TEXTS = ("title", "label")
_WITH_TEXTS = ("criteria", "root", "scale", "options", "zones", "bands")


def _spread(table: Any, language: str) -> None:
    """Turn plain titles and labels into texts of the file's language."""
    if isinstance(table, list):
        for each in table:
            _spread(each, language)
    elif isinstance(table, dict):
        for key, value in table.items():
            if key in _TEXTS and isinstance(value, str):
                table[key] = {language: value}
            elif key == "labels" and isinstance(value, dict):
                words = value.items()
                table[key] = {
                    code: {language: each} if isinstance(each, str) else each for code, each in words
                }
            elif key == "scales" and isinstance(value, dict):
                _spread(list(value.values()), language)
            elif key in _WITH_TEXTS:
                _spread(value, language)


def _joined(place: str, name: str) -> str:
    if place in ("sources", "scales"):
        return f"{place}[{name[:60]!r}]"
    shown = printable(name[:60])
    return f"{place}.{shown}" if place else shown


def _placed(problem: Problem, place: str) -> Problem:
    inner = problem.place
    dot = "" if not place or not inner or inner.startswith("[") else "."
    return attrs.evolve(problem, place=f"{place}{dot}{inner}")


def _kind(value: Any) -> str:
    kinds = {bool: "a truth value", str: "a text", list: "a list", dict: "a table"}
    number = "a number" if isinstance(value, int | Decimal) else f"a {type(value).__name__}"
    return kinds.get(type(value), number)


def _flat(error: Exception, kind: Any, place: str, hints: Hints) -> Iterator[Problem]:
    """Return the problems of a validation error, each with its place."""
    if isinstance(error, cattrs.ClassValidationError):
        noted, others = error.group_exceptions()
        for each, note in noted:
            name = note.name.rstrip("_")
            inner = _joined(place, name)
            if isinstance(each, KeyError):
                yield Problem("lacking", f"{name!r} is lacking", inner)
            else:
                yield from _flat(each, note.type, inner, hints)
        for each in others:
            yield from _flat(each, error.cl, place, hints)
    elif isinstance(error, cattrs.IterableValidationError):
        for each, at in error.group_exceptions()[0]:
            inner = _joined(place, at.index) if isinstance(at.index, str) else f"{place}[{at.index}]"
            yield from _flat(each, at.type, inner, hints)
    elif isinstance(error, cattrs.ForbiddenExtraKeysError):
        for key in sorted(error.extra_fields):
            yield _unknown_key(key, error.cl, place, hints)
    elif isinstance(error, InstrumentError):
        for problem in error.problems:
            yield _placed(problem, place)
    elif isinstance(error, NumberError):
        yield Problem(error.code, str(error), place)
    else:
        yield Problem("kind", str(error), place)


def _unknown_key(key: str, kind: type, place: str, hints: Hints) -> Problem:
    inner = _joined(place, key)
    if key in _LATER:
        return Problem("later-key", f"{key!r} is not read by this version of the library", inner)
    known = [each.name.rstrip("_") for each in attrs.fields(kind)]
    if kind is _Head:
        known += _SECTIONS
    elif kind is Group and place != "root":
        known.append("scale")
    return Problem("unknown-key", f"there is no key {key[:60]!r} here{hints(key, known)}", inner)


# How the file words what the instrument says; each becomes the value beside it.


@attrs.frozen(eq=False, repr=False)
class _Range:
    low: Exact
    high: Exact


@attrs.frozen(eq=False, repr=False)
class _Count:
    of: Exact
    full: Exact


@attrs.frozen(eq=False, repr=False)
class _Scale:
    options: tuple[Option, ...] = ()
    range: _Range | None = None
    count: _Count | None = None
    anchors: tuple[tuple[Exact, Exact], ...] = ()
    steps: tuple[tuple[Exact, Exact], ...] = ()
    between: bool = False
    source: tuple[str, ...] = ()
    standing: FrozenMapping[Standing] = FrozenMapping()
    disputed: str = ""

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
            disputed=self.disputed,
        )


@attrs.frozen(eq=False, repr=False)
class _Zones:
    bands: tuple[Band, ...]
    decide_on: str | Rounding = "published"
    source: tuple[str, ...] = ()
    standing: FrozenMapping[Standing] = FrozenMapping()
    disputed: str = ""

    def value(self) -> Zones:
        """Return the zones."""
        return Zones(
            self.bands,
            self.decide_on,
            source=self.source,
            standing=self.standing,
            disputed=self.disputed,
        )


@attrs.frozen(eq=False, repr=False)
class _Expects:
    total: Exact | None = None
    zone: str = ""


@attrs.frozen(eq=False, repr=False)
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
    plain: Any = GenericAlias(dict, (str, *kind.__args__))
    return FrozenMapping(_converter.structure(value, plain))


def _answer(value: Any, _: Any) -> Any:
    return value if isinstance(value, str) else Exact(value)


def _codes(value: Any, _: Any) -> tuple[str, ...]:
    listed = [value] if isinstance(value, str) else value
    if not isinstance(listed, list) or not all(isinstance(each, str) for each in listed):
        raise TypeError(f"expected a text or a list of texts, not {_kind(value)}")
    return tuple(listed)


def _decide_on(value: Any, _: Any) -> str | Rounding | None:
    return value if isinstance(value, str) else _rounding(value, Rounding)


def _rounding(value: Any, _: Any) -> Rounding | None:
    if value == "none":
        return None
    return Rounding(**attrs.asdict(_converter.structure(value, _Rounding)))


@attrs.frozen(eq=False, repr=False)
class _Rounding:
    decimals: int
    mode: str


_RENAMED = {InForce: {"from_": "from"}, Standing: {"is_": "is"}}


def _tables_only(kind: Any) -> Any:
    """Return how a table becomes a value of an attrs class; other kinds are refused."""
    renamed: dict[str, Any] = {name: override(rename=key) for name, key in _RENAMED.get(kind, {}).items()}
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
    parts = kind.__args__
    alike: Any = GenericAlias(list, parts[:1]) if parts[-1] is Ellipsis else None

    def structured(value: Any, _: Any) -> Any:
        if not isinstance(value, list):
            raise TypeError(f"expected a list, not {_kind(value)}")
        if alike is not None:
            return tuple(_converter.structure(value, alike))
        if len(value) != len(parts):
            raise ValueError(f"expected a list of {len(parts)}, found {len(value)}")
        return tuple(_converter.structure(each, part) for each, part in zip(value, parts, strict=True))

    return structured


def _is(origin: type) -> Callable[[Any], bool]:
    return lambda kind: get_origin(kind) is origin


_converter = cattrs.Converter(detailed_validation=True)
_converter.register_structure_hook_factory(attrs.has, _tables_only)
_converter.register_structure_hook_factory(_is(tuple), _lists_only)
_converter.register_structure_hook_func(_is(FrozenMapping), _mapping)
_converter.register_structure_hook_func(lambda kind: kind == tuple[str, ...], _codes)
_converter.register_structure_hook_func(lambda kind: kind is Any, _answer)
_converter.register_structure_hook_func(lambda kind: kind == str | Rounding, _decide_on)
for _type, _words in ((str, "a text"), (bool, "true or false"), (int, "a whole number"), (date, "a date")):
    _converter.register_structure_hook(_type, _strict(_type, _words))
_converter.register_structure_hook(Exact, lambda value, _: Exact(value))
_converter.register_structure_hook(Rule, _strict(str, "a text"))
_converter.register_structure_hook(Rounding, _rounding)
for _worded, _meant in ((_Scale, Scale), (_Zones, Zones), (_Case, Case)):
    _converter.register_structure_hook(
        _meant, lambda value, _, worded=_worded: _converter.structure(value, worded).value()
    )
