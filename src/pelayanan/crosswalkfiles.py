"""
Crosswalks from TOML files, and those that are shipped.
"""

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
    Hints,
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
from pelayanan.reading import REFUSED, problems_in, text_problems
from pelayanan.wording import kind_of, made_of

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

Table = dict[str, Any]


@attrs.define
class _Reading:
    """One file being read; every mistake is kept."""

    known: dict[str, Instrument]
    problems: list[Problem] = attrs.field(factory=list)
    hints: Hints = attrs.field(factory=Hints)

    def crosswalk(self, table: Table) -> Crosswalk | None:
        """Return the crosswalk of the tables of a file, nothing where there are problems."""
        self.problems += text_problems(table)
        if table.get("format") != 1 or isinstance(table.get("format"), bool):
            found = table.get("format", "nothing")
            self._add("format", f"this version reads format = 1, found {found!r:.60}", "format")
        for key in table:
            if key not in _KEYS:
                message = f"there is no key {key[:60]!r} here{self.hints(key, _KEYS)}"
                self._add("unknown-key", message, printable(key[:60]))
        rows = self._rows(table)
        _spread([table, *rows], table.get("language", "id"))
        head = {key: self._made(table[key], kind, key) for key, kind in _HEAD.items() if key in table}
        made = {index: self._made(each, Link, f"links[{index}]") for index, each in enumerate(rows)}
        before, after = (self._edition(head.get(side), side, side in table) for side in ("from", "to"))
        if before is None or after is None:
            return None
        sources = table.get("sources")
        named = sources if isinstance(sources, dict) else {}
        links = {index: link for index, link in made.items() if link is not None}
        self.problems += link_problems(before, after, named, links)
        if self.problems:
            return None
        return crosswalk(
            before, after, links.values(), title=head.get("title", ""), sources=head.get("sources")
        )

    def _add(self, code: str, message: str, place: str) -> None:
        self.problems.append(Problem(code, message, place))

    def _made(self, value: Any, kind: Any, place: str) -> Any:
        """Return a value made of what stands in the file, nothing where it is refused."""
        try:
            return made_of(value, kind)
        except REFUSED as error:
            self.problems += problems_in(error, kind, place, self.hints)
        return None

    def _rows(self, table: Table) -> list[Table]:
        rows = table.get("links", [])
        if isinstance(rows, list) and all(isinstance(each, dict) for each in rows):
            return rows
        self._add("kind", f"expected tables [[links]], not {kind_of(rows)}", "links")
        return []

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


def _spread(tables: Iterable[Table], language: Any) -> None:
    """Turn plain titles and reasons into texts of the file's language."""
    for table in tables:
        for key in ("title", "why"):
            if isinstance(table.get(key), str):
                table[key] = {language if isinstance(language, str) else "id": table[key]}


def parse_crosswalk(text: str, among: Iterable[Instrument] = ()) -> Crosswalk:
    """
    Return the crosswalk that a TOML text describes, with what codes say besides.

    Args:
        among: The editions that it may be between; another is loaded from the catalog.

    Raises:
        CrosswalkError: Every mistake, each with its place: not TOML, too large or deep, keys that
            are unknown or lacking, values of another kind, editions that are not known, and all
            that is not sound in the crosswalk.

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
    known = members_of("among", among, Instrument, "instruments")
    reading = _Reading({each.id: each for each in known})
    made = reading.crosswalk(tables)
    if made is None:
        raise CrosswalkError.of(name, reading.problems)
    return made


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
