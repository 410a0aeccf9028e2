"""
The tables of an instrument file become an instrument, or a list of all that is wrong with them.
"""

from collections.abc import Callable, Iterator, Mapping
from itertools import islice
from typing import Any, TypeVar, cast

import attrs
import cattrs

from pelayanan.cases import Case
from pelayanan.criterion import ROOT, Criterion, Group, Indicator, lineage, place_of
from pelayanan.errors import (
    AnswerError,
    CrosswalkError,
    Hints,
    InstrumentError,
    JsonError,
    NumberError,
    Problem,
)
from pelayanan.instrument import Instrument
from pelayanan.limits import unprintable
from pelayanan.mapping import printable
from pelayanan.marks import Mark
from pelayanan.provenance import Source
from pelayanan.pruning import Pruning
from pelayanan.scales import Scale
from pelayanan.stages import RoundingStage
from pelayanan.wording import Head, kind_of, made_of
from pelayanan.zones import Zones

__all__ = ["REFUSED", "Reading", "problems_in", "spread", "text_problems"]

Table = Mapping[str, Any]
Made = TypeVar("Made")

_LEVELS = 12
_TREE = ("sources", "scales", "root", "criteria", "rounding_stages")
_SECTIONS = ("format", *_TREE, "zones", "marks", "cases")
_ANY = {"range": {"low": 0, "high": 1}}
_DRAFT = {"id": "draft", "maximum": 1, "missing": "refuse", "rounding": "none"}
REFUSED = (cattrs.BaseValidationError, TypeError, ValueError)


@attrs.define
class Reading:
    """
    One file being read; every mistake is kept, and the places of what was not read as it stands.
    """

    made_of: Callable[[Any, Any], Any] = made_of
    problems: list[Problem] = attrs.field(factory=list)
    broken: set[str] = attrs.field(factory=set)
    hints: Hints = attrs.field(factory=Hints)

    def instrument(self, table: dict[str, Any], pruning: Pruning | None = None) -> Instrument | None:
        """
        Return the instrument, or nothing where there are problems.

        Args:
            table: The tables of the file; plain texts in it become texts by language.
            pruning: What was pruned, where that is known.
        """
        nulls = list(_nulls(table))
        if nulls:
            self.problems += nulls
            return None
        self.problems += text_problems(table)
        language = table.get("language", "id")
        spread(table, language if isinstance(language, str) else "id")
        if table.get("format") != 1 or isinstance(table.get("format"), bool):
            found = table.get("format", "nothing")
            self._add("format", f"this version reads format = 1, found {found!r}", "format")
        head = self.mended(Head, {k: v for k, v in table.items() if k not in _SECTIONS}, "", _DRAFT)
        fields = attrs.asdict(head, recurse=False)
        fields["rollup"] = head.rollup.average if head.rollup else ""
        sources = self._sources(table)
        scales = self._scales(table)
        root = self._root(table)
        criteria = self._criteria(table, scales)
        zones = self.made(Zones, self._table(table, "zones"), "zones") if "zones" in table else None
        stages = self._rows(RoundingStage, table, "rounding_stages")
        marks = self._rows(Mark, table, "marks")
        cases = self._rows(Case, table, "cases")
        try:
            made = Instrument(
                criteria=criteria,
                root=root,
                zones=zones or Zones(),
                sources=sources,
                rounding_stages=stages,
                marks=marks,
                cases=cases,
                pruning=pruning,
                **fields,
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
        if any(place.endswith(".steps") for place in self.broken):
            codes.add("steps")
        own = ("code", "too-deep", "absent-parent")
        return lambda each: each.code in codes or (each.place in places and each.code not in own)

    def _add(self, code: str, message: str, place: str) -> None:
        self.problems.append(Problem(code, message, place))

    def _refuse(self, error: Exception, kind: type, place: str) -> set[str]:
        """Keep what is wrong with a table, and return the keys that are."""
        self.problems += problems_in(error, kind, place, self.hints)
        wrong = _wrong_keys(error)
        self.broken |= {place, *(_joined(place, key) for key in wrong)}
        return wrong

    def made(self, kind: type[Made], table: Table, place: str) -> Made | None:
        """Return a value made of a table, or nothing where it is refused."""
        try:
            return cast(Made, self.made_of(table, kind))
        except REFUSED as error:
            self._refuse(error, kind, place)
        return None

    def mended(self, kind: type[Made], table: Table, place: str, stand_in: Table) -> Made:
        """
        Return a value made of what is right in a table, and of a stand-in; what is wrong is kept.

        Args:
            stand_in: A table of which a value can be made, for what is lacking or wrong.
        """
        try:
            return cast(Made, self.made_of(table, kind))
        except REFUSED as error:
            wrong = self._refuse(error, kind, place)
        right = {key: value for key, value in table.items() if key not in wrong}
        try:
            return cast(Made, self.made_of({**stand_in, **right}, kind))
        except REFUSED:
            return made_of(stand_in, kind)

    def _table(self, table: Table, key: str) -> Table:
        found = table.get(key, {})
        if isinstance(found, dict):
            return found
        self._add("kind", f"expected a table, not {kind_of(found)}", key)
        self.broken.add(key)
        return {}

    def _list(self, table: Table, key: str) -> list[Table]:
        found = table.get(key, [])
        if isinstance(found, list) and all(isinstance(each, dict) for each in found):
            return found
        self._add("kind", f"expected tables [[{key}]], not {kind_of(found)}", key)
        self.broken.add(key)
        return []

    def _sources(self, table: Table) -> dict[str, Source]:
        rows = self._table(table, "sources").items()
        return {name: self.made(Source, each, _joined("sources", name)) or Source("") for name, each in rows}

    def _rows(self, kind: type[Made], table: Table, key: str) -> list[Made]:
        rows = enumerate(self._list(table, key))
        made = [self.made(kind, each, f"{key}[{index}]") for index, each in rows]
        return [each for each in made if each is not None]

    def _scales(self, table: Table) -> dict[str, Scale | None]:
        found: dict[str, Scale | None] = {}
        for name, each in self._table(table, "scales").items():
            scale = self.made(Scale, each, _joined("scales", name))
            found[name] = None if scale is None else attrs.evolve(scale, code=name)
        return found

    def _root(self, table: Table) -> Group:
        found = self._table(table, "root")
        if "code" in found:
            self._add("unknown-key", "the root has no code of its own", "root.code")
        stand_in = {"code": ROOT}
        return self.mended(Group, {**found, **stand_in}, "root", stand_in)

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
            made["draft"] = made_of({"code": "draft", "scale": _ANY}, Indicator)
        return list(made.values())

    def _criterion(self, table: Table, scales: dict[str, Scale | None], place: str) -> Criterion:
        code = table.get("code")
        stand_in: dict[str, Any] = {"code": code if isinstance(code, str) else "draft"}
        if "scale" not in table:
            return self.mended(Group, table, place, stand_in)
        stand_in["scale"] = _ANY
        name = table["scale"]
        if not isinstance(name, str):
            return self.mended(Indicator, table, place, stand_in)
        made = self.mended(Indicator, {**table, "scale": _ANY}, place, stand_in)
        if name not in scales and "scales" not in self.broken:
            message = f"there is no scale {name[:60]!r} in [scales]{self.hints(name, scales)}"
            self._add("unknown-scale", message, f"{place}.scale")
        named = scales.get(name)
        return attrs.evolve(made, labels={}) if named is None else attrs.evolve(made, scale=named)


def text_problems(value: Any, place: str = "") -> Iterator[Problem]:
    """
    Return which texts of tables have characters that cannot be printed.
    """
    if isinstance(value, str):
        bad = unprintable(value)
        if bad is not None:
            message = f"the text has the character {bad!r}, which cannot be printed"
            yield Problem("unprintable", message, place)
    elif isinstance(value, dict):
        for key, each in value.items():
            yield from text_problems(key, f"the key {key[:60]!r}")
            yield from text_problems(each, _joined(place, key))
    elif isinstance(value, list):
        for index, each in enumerate(value):
            yield from text_problems(each, _row(place, index, each))


def _nulls(value: Any, place: str = "") -> Iterator[Problem]:
    """Return where null stands, which JSON has and a file has not."""
    if value is None:
        yield Problem("kind", "expected a value, not null; leave out what is not there", place)
    elif isinstance(value, dict):
        for key, each in value.items():
            yield from _nulls(each, _joined(place, key))
    elif isinstance(value, list):
        for index, each in enumerate(value):
            yield from _nulls(each, _row(place, index, each))


def _lineage(code: str) -> Iterator[str]:
    """Return a code and those of the groups above it, of a code that is too deep the lowest."""
    return islice(lineage(code), _LEVELS + 1)


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
_WITH_TEXTS = (
    "criteria",
    "root",
    "scale",
    "options",
    "zones",
    "bands",
    "marks",
    "add",
    "change",
    "split",
    "into",
)


def spread(table: Any, language: str) -> None:
    """
    Turn plain titles and labels of tables into texts of the file's language.

    >>> table = {"title": "Kios", "criteria": [{"code": "a", "title": {"en": "Fees"}}]}
    >>> spread(table, "id")
    >>> table
    {'title': {'id': 'Kios'}, 'criteria': [{'code': 'a', 'title': {'en': 'Fees'}}]}
    """
    if isinstance(table, list):
        for each in table:
            spread(each, language)
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
                spread(list(value.values()), language)
            elif key in _WITH_TEXTS:
                spread(value, language)


def _joined(place: str, name: str) -> str:
    if place in ("sources", "scales"):
        return f"{place}[{name[:60]!r}]"
    shown = printable(name[:60])
    return f"{place}.{shown}" if place else shown


def _placed(problem: Problem, place: str) -> Problem:
    inner = problem.place
    dot = "" if not place or not inner or inner.startswith("[") else "."
    return attrs.evolve(problem, place=f"{place}{dot}{inner}")


def problems_in(error: Exception, kind: Any, place: str, hints: Hints) -> Iterator[Problem]:
    """Return the problems of a validation error, each with its place."""
    if isinstance(error, cattrs.ClassValidationError):
        noted, others = error.group_exceptions()
        for each, note in noted:
            name = note.name.rstrip("_")
            inner = _joined(place, name)
            if isinstance(each, KeyError):
                yield Problem("lacking", f"{name!r} is lacking", inner)
            else:
                yield from problems_in(each, note.type, inner, hints)
        for each in others:
            yield from problems_in(each, error.cl, place, hints)
    elif isinstance(error, cattrs.IterableValidationError):
        for each, at in error.group_exceptions()[0]:
            inner = _joined(place, at.index) if isinstance(at.index, str) else f"{place}[{at.index}]"
            yield from problems_in(each, at.type, inner, hints)
    elif isinstance(error, cattrs.ForbiddenExtraKeysError):
        for key in sorted(error.extra_fields):
            yield _unknown_key(key, error.cl, place, hints)
    elif isinstance(error, InstrumentError | AnswerError | CrosswalkError | JsonError):
        for problem in error.problems:
            yield _placed(problem, place)
    elif isinstance(error, NumberError):
        yield Problem(error.code, str(error), place)
    else:
        yield Problem("kind", str(error), place)


def _unknown_key(key: str, kind: type, place: str, hints: Hints) -> Problem:
    inner = _joined(place, key)
    known = [each.name.rstrip("_") for each in attrs.fields(kind)]
    if kind is Head:
        known += _SECTIONS
    elif kind is Group and place != "root":
        known.append("scale")
    return Problem("unknown-key", f"there is no key {key[:60]!r} here{hints(key, known)}", inner)
