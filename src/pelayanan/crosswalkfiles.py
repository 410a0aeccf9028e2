"""
Crosswalks from TOML files, and those that are shipped.
"""

import re
from collections.abc import Iterable
from os import PathLike
from pathlib import Path
from typing import Any

import attrs

from pelayanan.catalog import editions, load
from pelayanan.crosswalk import Crosswalk, Link, crosswalk, link_problems
from pelayanan.errors import (
    CrosswalkError,
    FileError,
    InstrumentError,
    Problem,
    UnknownError,
    check_kind,
    members_of,
    nearest,
)
from pelayanan.files import toml_tables
from pelayanan.instrument import Instrument
from pelayanan.limits import LARGEST
from pelayanan.mapping import FrozenMapping, printable
from pelayanan.paths import content_of, path_of
from pelayanan.provenance import Source
from pelayanan.reading import Reading, text_problems
from pelayanan.wording import kind_of

__all__ = ["load_crosswalk", "parse_crosswalk", "read_crosswalk", "shipped_crosswalks"]

_FOLDER = Path(__file__).parent / "crosswalks"
_BETWEEN = "--"
_HEAD: dict[str, Any] = {
    "from": str,
    "to": str,
    "title": FrozenMapping[str],
    "language": str,
    "sources": FrozenMapping[Source],
}
_KEYS = ("format", *_HEAD, "links")
_DRAFT: dict[str, Any] = {"from": [], "relation": "", "to": []}
_AFTER = {
    ("weights", "weights-unused"): ("from", "to"),
    ("standing", "unsourced"): ("source",),
}
_KEY = re.compile(r"[.\[]")

Table = dict[str, Any]


@attrs.define
class _Reading:
    """One file being read; every mistake is kept."""

    known: dict[str, Instrument]
    parts: Reading = attrs.field(factory=Reading)

    def crosswalk(self, table: Table) -> Crosswalk | None:
        """Return the crosswalk of the tables of a file, nothing where there are problems."""
        problems = self.parts.problems
        problems += text_problems(table)
        if table.get("format") != 1 or isinstance(table.get("format"), bool):
            found = table.get("format", "nothing")
            self._add("format", f"this version reads format = 1, found {found!r:.60}", "format")
        for key in table:
            if key not in _KEYS:
                message = f"there is no key {key[:60]!r} here{self.parts.hints(key, _KEYS)}"
                self._add("unknown-key", message, printable(key[:60]))
        rows = {f"links[{index}]": each for index, each in enumerate(self._rows(table))}
        language = table.get("language", "id")
        self._spread(table, "title", "title", language)
        for place, each in rows.items():
            self._spread(each, "why", f"{place}.why", language)
        head = {key: self.parts.made(kind, table[key], key) for key, kind in _HEAD.items() if key in table}
        links = dict(enumerate(self.parts.mended(Link, each, place, _DRAFT) for place, each in rows.items()))
        before, after = (self._edition(head.get(side), side, side in table) for side in ("from", "to"))
        if before is None or after is None:
            return None
        named = table.get("sources", {})
        if not isinstance(named, dict):
            named = {code for link in links.values() for code in link.source}
        found = link_problems(before, after, named, links)
        problems += [each for each in found if not self._follows(each)]
        if problems:
            return None
        title, sources = head.get("title") or {}, head.get("sources")
        return crosswalk(before, after, links.values(), title=title, sources=sources)

    def _add(self, code: str, message: str, place: str) -> None:
        self.parts.problems.append(Problem(code, message, place))

    def _follows(self, problem: Problem) -> bool:
        """Return whether a problem could be there only because something in its link was refused."""
        place, _, rest = problem.place.partition(".")
        key = _KEY.split(rest, maxsplit=1)[0]
        before = (key, *_AFTER.get((key, problem.code), ()))
        return not self.parts.broken.isdisjoint(f"{place}.{each}" for each in before)

    def _rows(self, table: Table) -> list[Table]:
        rows = table.get("links", [])
        if isinstance(rows, list) and all(isinstance(each, dict) for each in rows):
            return rows
        self._add("kind", f"expected tables [[links]], not {kind_of(rows)}", "links")
        return []

    def _spread(self, table: Table, key: str, place: str, language: Any) -> None:
        """Turn a plain text into one of the file's language, and take out what is no text."""
        value = table.get(key, {})
        if isinstance(value, str):
            table[key] = {language if isinstance(language, str) else "id": value}
        elif not isinstance(value, dict):
            message = f"expected a text, or a table of texts by language, not {kind_of(value)}"
            self._add("kind", message, place)
            del table[key]

    def _edition(self, name: Any, side: str, stated: bool) -> Instrument | None:
        """Return the edition of an id: one that was given, else one of the catalog."""
        if not stated:
            self._add("lacking", f"{side!r} is lacking", side)
        if name is None:
            return None
        if name in self.known:
            return self.known[name]
        try:
            return load(name)
        except UnknownError:
            known = [*self.known, *(each.id for each in editions())]
            message = f"there is no edition {name[:60]!r}{nearest(name, known)}"
            self._add("unknown-edition", message, side)
        return None


def parse_crosswalk(text: str, among: Iterable[Instrument] = ()) -> Crosswalk:
    """
    Return the crosswalk that a TOML text describes, with what codes say besides.

    Args:
        among: The editions that it may be between; another is loaded from the catalog.

    Raises:
        CrosswalkError: Every mistake, each with its place: not TOML, too large or deep, keys that
            are unknown or lacking, values of another kind, editions that are not known, and, once
            both are, all that is not sound in the crosswalk; two that differ and have one id.

    >>> parse_crosswalk('format = 1')
    Traceback (most recent call last):
        ...
    pelayanan.errors.CrosswalkError: crosswalk has 2 problems
      'from' is lacking @ from
      'to' is lacking @ to
    """
    check_kind("text", text, str, "TOML text")
    return _parsed(text.encode("utf-8", "surrogatepass"), "crosswalk", among)


def read_crosswalk(path: str | PathLike[str], among: Iterable[Instrument] = ()) -> Crosswalk:
    """
    Return the crosswalk of a TOML file, with what codes say besides.

    Args:
        among: As for `parse_crosswalk`.

    Raises:
        FileError: The file cannot be read, or its name does not end in ``.toml``.
        CrosswalkError: As for `parse_crosswalk`.
    """
    file = path_of(path)
    if file.suffix != ".toml":
        message = f"{file.name!r} is no crosswalk file; its name ends in '.toml'"
        raise FileError("file-name", message, path=str(path))
    return _parsed(content_of(path, LARGEST), file.name, among)


def _parsed(content: bytes, name: str, among: Iterable[Instrument]) -> Crosswalk:
    try:
        tables = toml_tables(content, name)
    except InstrumentError as error:
        raise CrosswalkError.of(name, error.problems) from error
    reading = _Reading(_by_id(among, name))
    made = reading.crosswalk(tables)
    if made is None:
        raise CrosswalkError.of(name, reading.parts.problems)
    return made


def _by_id(among: Iterable[Instrument], name: str) -> dict[str, Instrument]:
    found: dict[str, Instrument] = {}
    for each in members_of("among", among, Instrument, "instruments"):
        if found.setdefault(each.id, each) != each:
            message = f"two instruments have the id {each.id!r}, and differ; give one of them"
            raise CrosswalkError.of(name, [Problem("duplicate-id", message, "among")])
    return found


def shipped_crosswalks() -> tuple[tuple[str, str], ...]:
    """
    Return between which editions a crosswalk is shipped, by their ids.

    >>> shipped_crosswalks()
    (('spbe-2024', 'pemdi-2026'),)
    """
    names = sorted(each.stem for each in _FOLDER.glob("*.toml"))
    found = (name.partition(_BETWEEN) for name in names)
    return tuple((before, after) for before, _, after in found)


def load_crosswalk(before: str, after: str) -> Crosswalk:
    """
    Return the shipped crosswalk between two editions, by their ids.

    Raises:
        UnknownError: None is shipped; those that are are named.

    >>> load_crosswalk("spbe-2024", "pemdi-2026").before.id
    'spbe-2024'
    """
    check_kind("before", before, str, "the id of an edition")
    check_kind("after", after, str, "the id of an edition")
    shipped = shipped_crosswalks()
    if (before, after) not in shipped:
        listed = ", ".join(f"{one!r} to {other!r}" for one, other in shipped)
        message = f"no crosswalk from {before!r} to {after!r} is shipped; there is {listed}, "
        message += "and crosswalk() makes one of what codes say"
        raise UnknownError("unknown-crosswalk", message, before=before, after=after)
    return read_crosswalk(_FOLDER / f"{before}{_BETWEEN}{after}.toml")
