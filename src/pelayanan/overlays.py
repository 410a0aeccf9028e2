"""
Overlays: changes to be laid over an instrument, as values and as files.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from os import PathLike
from pathlib import Path
from typing import Any

import attrs

from pelayanan.cases import Case
from pelayanan.criterion import Group, Indicator
from pelayanan.errors import FileError, Hints, InstrumentError, Problem, check_kind
from pelayanan.exact import Rounding
from pelayanan.exchange import exchanged
from pelayanan.files import toml_instrument, toml_tables
from pelayanan.instrument import Instrument
from pelayanan.limits import LARGEST
from pelayanan.mapping import FrozenMapping, printable, without
from pelayanan.marks import Mark
from pelayanan.paths import content_of, path_of
from pelayanan.provenance import Source, Standing, as_codes
from pelayanan.reading import REFUSED, problems_in, spread, text_problems
from pelayanan.scales import Scale
from pelayanan.stages import RoundingStage
from pelayanan.value import Value
from pelayanan.wording import Head, kind_of, made_of
from pelayanan.writing import said
from pelayanan.zones import Band

__all__ = [
    "LISTED",
    "Overlay",
    "overlay_of",
    "overlay_tables",
    "parse_overlay",
    "read_either",
    "read_overlay",
    "thawed",
    "unsourced",
]

Table = dict[str, Any]
Structure = Callable[[Any, Any], Any]

LISTED = ("sources", "scales", "criteria", "bands", "marks", "rounding_stages")
_OWN = ("format", "extends", "id", "over")
_ID = re.compile(r"[a-z0-9.-]+")


def _keys(*kinds: type) -> dict[str, Any]:
    return {each.name.rstrip("_"): each.type for kind in kinds for each in attrs.fields(kind)}


_GONE: dict[str, Any] = {"without": tuple[str, ...]}
_CRITERION = _keys(Group, Indicator)
_BAND = _keys(Band) | _GONE
_ZONES: dict[str, Any] = {
    "decide_on": str | Rounding,
    "source": tuple[str, ...],
    "standing": FrozenMapping[Standing],
    "disputed": str,
}
_HEAD = without(_keys(Head), "id")
_ROWS: dict[str, dict[str, Any]] = {
    "rename": {"code": str, "to": str},
    "split": {"code": str},
    "add": _CRITERION | {"after": str},
    "change": _CRITERION | _GONE,
    "marks": _keys(Mark) | _GONE,
}
_WHOLE: dict[str, Any] = {
    "sources": FrozenMapping[Source],
    "scales": FrozenMapping[Scale],
    "rounding_stages": tuple[RoundingStage, ...],
    "cases": tuple[Case, ...],
    "rebalance": FrozenMapping[str],
    "without": tuple[str, ...],
}
_NEEDED = {"rename": ("to",), "split": ("into",)}
_SECTIONS = (*_ROWS, *_WHOLE, "drop", "order", "root", "zones")


@attrs.define
class _Checking:
    """What an overlay says, checked key by key; every mistake is kept."""

    structure: Structure
    problems: list[Problem] = attrs.field(factory=list)
    hints: Hints = attrs.field(factory=Hints)

    def add(self, code: str, message: str, place: str) -> None:
        self.problems.append(Problem(code, message, place))

    def value(self, value: Any, kind: Any, place: str) -> Any:
        """Return what stands there as JSON has it, nothing where it is refused."""
        try:
            made = self.structure(value, kind)
        except REFUSED as error:
            self.problems += problems_in(error, kind, place, self.hints)
            return None
        if made is None and kind is not Rounding:
            self.add("kind", "expected a value, not null; what goes is named in without", place)
        return "none" if made is None else said(made)

    def table(self, value: Any, known: Mapping[str, Any], place: str) -> Table:
        """Return a table of some of the keys that are known."""
        if not isinstance(value, dict):
            self.add("kind", f"expected a table, not {kind_of(value)}", place)
            return {}
        found: Table = {}
        for key, each in value.items():
            inner = f"{place}.{printable(key[:60])}" if place else printable(key[:60])
            if key not in known:
                message = f"there is no key {key[:60]!r} here{self.hints(key, known)}"
                self.add("unknown-key", message, inner)
            elif key == "scale" and isinstance(each, str):
                found[key] = each
            else:
                found[key] = self.value(each, known[key], inner)
        return found

    def rows(self, value: Any, known: Mapping[str, Any], place: str) -> list[Table]:
        """Return tables that each have a code of their own."""
        if not isinstance(value, list) or not all(isinstance(each, dict) for each in value):
            self.add("kind", f"expected tables [[{place}]], not {kind_of(value)}", place)
            return []
        found: dict[str, Table] = {}
        for index, each in enumerate(value):
            code = each.get("code")
            here = f"{place}[{code[:60]!r}]" if isinstance(code, str) else f"{place}[{index}]"
            parts = {"into": each["into"]} if place == "split" and "into" in each else {}
            row = self.table(without(each, *parts), known, here)
            for key in ("code", *_NEEDED.get(place, ())):
                if key not in each:
                    self.add("lacking", f"{key!r} is lacking", f"{here}.{key}")
            if parts:
                row["into"] = self.rows(parts["into"], _CRITERION, f"{here}.into")
            if isinstance(code, str):
                if code in found:
                    self.add("duplicate-code", f"the code {code[:60]!r} is there twice", here)
                found[code] = row
        return list(found.values())

    def changes(self, table: Any) -> Table:
        """Return all that an overlay changes."""
        found: Table = {}
        self.problems += text_problems(table)
        language = table.get("language", "id")
        spread(table, language if isinstance(language, str) else "id")
        for key, each in table.items():
            if key in _ROWS:
                found[key] = self.rows(each, _ROWS[key], key)
            elif key in _WHOLE:
                found[key] = self.value(each, _WHOLE[key], key)
            elif key in ("drop", "order"):
                found[key] = self.table(each, dict.fromkeys(LISTED, tuple[str, ...]), key)
            elif key == "root":
                found[key] = self.table(each, without(_keys(Group), "code") | _GONE, key)
            elif key == "zones":
                bands = {"bands": each["bands"]} if isinstance(each, dict) and "bands" in each else {}
                plain = without(each, "bands") if bands else each
                found[key] = self.table(plain, _ZONES | _GONE, key)
                if bands:
                    found[key]["bands"] = self.rows(bands["bands"], _BAND, "zones.bands")
        head = {key: each for key, each in table.items() if key not in _SECTIONS}
        found |= self.table(head, {**_HEAD, **dict.fromkeys(_SECTIONS)}, "")
        for key in found.get("without") or ():
            if key not in _HEAD and key != "cases":
                message = f"there is no key {key[:60]!r} in the head{self.hints(key, _HEAD)}"
                self.add("unknown-key", message, "without")
        for group, rule in (found.get("rebalance") or {}).items():
            if rule not in ("proportional", "equal"):
                message = f"expected 'proportional' or 'equal', not {rule!r:.60}"
                self.add("rebalance", message, f"rebalance[{group[:60]!r}]")
        return {key: each for key, each in found.items() if each not in (None, {}, [])}


def _frozen(value: Any) -> Any:
    if isinstance(value, Mapping):
        return FrozenMapping({key: _frozen(each) for key, each in value.items()})
    return tuple(map(_frozen, value)) if isinstance(value, list | tuple) else value


def thawed(value: Any) -> Any:
    """
    Return the tables of an overlay as they stand in a file, so that they can be changed.

    >>> thawed(FrozenMapping({"drop": FrozenMapping({"criteria": ("a",)})}))
    {'drop': {'criteria': ['a']}}
    """
    if isinstance(value, Mapping):
        return {key: thawed(each) for key, each in value.items()}
    return [thawed(each) for each in value] if isinstance(value, list | tuple) else value


def _changes(value: Mapping[str, Any]) -> FrozenMapping[Any]:
    checking = _Checking(exchanged().structure)
    found = checking.changes(thawed(value))
    if checking.problems:
        raise InstrumentError.of("overlay", checking.problems)
    return FrozenMapping(_frozen(found))


@attrs.frozen(repr=False)
class Overlay(Value):
    """
    Changes to be laid over an instrument.

    Args:
        extends: The id of the instrument, or of another overlay, that it is laid over.
        id: That of the instrument with it; empty where it keeps the id.
        changes: What changes, by the keys of an overlay file, with numbers as texts.
        over: The ids of overlays below that it may contradict.

    Raises:
        InstrumentError: Every mistake in it, each with its place.

    >>> Overlay("ombudsman-2024", "ombudsman-2024-ntt", {"drop": {"bands": ["E"]}})
    Overlay('ombudsman-2024-ntt', extends 'ombudsman-2024', drop)
    """

    extends: str
    id: str = ""
    changes: FrozenMapping[Any] = attrs.field(default=FrozenMapping(), converter=_changes)
    over: tuple[str, ...] = attrs.field(default=(), converter=as_codes)

    def __attrs_post_init__(self) -> None:
        problems = list(_name_problems(self.extends, self.id))
        if problems:
            raise InstrumentError.of("overlay", problems)

    def __repr__(self) -> str:
        said_of = "".join(f", {key}" for key in self.changes)
        return f"Overlay({self.id!r}, extends {self.extends!r}{said_of})"


def _name_problems(extends: Any, id: Any) -> Iterator[Problem]:
    for name, given in {"extends": extends, "id": "x" if id == "" else id}.items():
        if not isinstance(given, str):
            yield Problem("kind", f"expected a text, not {kind_of(given)}", name)
        elif not _ID.fullmatch(given):
            yield Problem("id", f"an id is made of a-z, 0-9, '.' and '-', not {given[:60]!r}", name)


def overlay_tables(overlay: Overlay) -> Table:
    """
    Return the tables that an overlay file would have, exact numbers and days as texts.

    >>> overlay_tables(Overlay("skm-2017", changes={"change": [{"code": "u1", "weight": "0.110"}]}))
    {'format': 1, 'extends': 'skm-2017', 'change': [{'code': 'u1', 'weight': '0.110'}]}
    """
    named = {"id": overlay.id, "over": list(overlay.over)}
    said_of = {name: each for name, each in named.items() if each}
    changes: Table = thawed(overlay.changes)
    return {"format": 1, "extends": overlay.extends} | said_of | changes


def overlay_of(tables: Table, name: str = "overlay", structure: Structure | None = None) -> Overlay:
    """
    Return the overlay of the tables of a file.

    Args:
        tables: As a parser gives them; plain texts in it become texts by language.
        structure: How values are made of them; by default as in JSON.

    Raises:
        InstrumentError: Every mistake, each with its place.
    """
    checking = _Checking(structure or exchanged().structure)
    if tables.get("format") != 1 or isinstance(tables.get("format"), bool):
        found = tables.get("format", "nothing")
        checking.add("format", f"this version reads format = 1, found {found!r:.60}", "format")
    if "extends" not in tables:
        checking.add("lacking", "'extends' is lacking", "extends")
    own = {key: tables.get(key, other) for key, other in (("extends", "x"), ("id", ""))}
    checking.problems += _name_problems(**own)
    over = checking.value(tables.get("over", []), tuple[str, ...], "over")
    changes = checking.changes(thawed(without(tables, *_OWN)))
    if checking.problems:
        raise InstrumentError.of(name, checking.problems)
    return Overlay(**own, changes=changes, over=over)


def unsourced(who: str) -> Table:
    """
    Return the standing of a figure that an overlay changes without a source.

    Args:
        who: Its id; empty where it has none.

    >>> unsourced("skm-2017-ntt")["why"]
    'changed by skm-2017-ntt without a source'
    """
    return {"is": "assumed", "why": f"changed by {who or 'an overlay'} without a source"}


def parse_overlay(text: str) -> Overlay:
    """
    Return the overlay that a TOML text describes.

    Raises:
        InstrumentError: Every mistake, each with its place: not TOML, too large or deep, keys
            that are unknown or lacking, values of another kind.

    >>> parse_overlay('''
    ... format = 1
    ... extends = "skm-2017"
    ... title = 3
    ... ''')
    Traceback (most recent call last):
        ...
    pelayanan.errors.InstrumentError: overlay: expected a table, not a number @ title
    """
    check_kind("text", text, str, "TOML text")
    return _parsed(text.encode("utf-8", "surrogatepass"), "overlay")


def read_overlay(path: str | PathLike[str]) -> Overlay:
    """
    Return the overlay of a TOML file.

    Raises:
        FileError: The file cannot be read, or its name does not end in ``.toml``.
        InstrumentError: As for `parse_overlay`.
    """
    file = path_of(path)
    if file.suffix != ".toml":
        message = f"{file.name!r} is no overlay file; its name ends in '.toml'"
        raise FileError("file-name", message, path=str(path))
    return _parsed(content_of(path, LARGEST), file.name)


def read_either(path: str | PathLike[str]) -> Instrument | Overlay:
    """
    Return the overlay of a TOML file that says what it extends, and else the instrument.

    Raises:
        FileError: The file cannot be read.
        InstrumentError: Every mistake in it, each with its place.
    """
    name = Path(path).name
    tables = toml_tables(content_of(path, LARGEST), name)
    return overlay_of(tables, name, made_of) if "extends" in tables else toml_instrument(tables, name)


def _parsed(content: bytes, name: str) -> Overlay:
    return overlay_of(toml_tables(content, name), name, made_of)
