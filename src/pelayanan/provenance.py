"""
Where a figure comes from, and how well it is known.
"""

from collections.abc import Mapping
from typing import Any, Protocol, TypeVar

import attrs

from pelayanan.errors import Problem, a_text, check_kind, members_of
from pelayanan.mapping import FrozenMapping, Text, printable, text
from pelayanan.value import Value

__all__ = [
    "STANDINGS",
    "Source",
    "Sourced",
    "Standing",
    "as_codes",
    "as_sources",
    "as_standings",
    "as_text",
    "as_texts",
    "standing_of",
]

STANDINGS = ("published", "inferred", "assumed")

Held = TypeVar("Held")


@attrs.frozen
class Source(Value):
    """
    A publication.

    Args:
        title: Author, title and year as printed.
        locator: Where in it: article, table, page or slide.
        url: Where it was seen.
    """

    title: str = attrs.field(validator=a_text)
    locator: str = attrs.field(default="", validator=a_text)
    url: str = attrs.field(default="", validator=a_text)


@attrs.frozen
class Standing(Value):
    """
    How well one figure is known: ``published``, ``inferred`` or ``assumed``, and why.
    """

    is_: str = attrs.field(validator=a_text)
    why: str = attrs.field(default="", validator=a_text)


Standings = FrozenMapping[Standing]


class Sourced(Protocol):
    """A table of an instrument that says where its figures come from."""

    @property
    def source(self) -> tuple[str, ...]: ...

    @property
    def standing(self) -> Standings: ...


def as_codes(value: str | tuple[str, ...] | list[str]) -> tuple[str, ...]:
    """
    Return one code or several as a tuple.

    Raises:
        KindError: Something else.
    """
    return (value,) if isinstance(value, str) else members_of("a source or alias", value, str, "a code")


def as_standings(value: Mapping[str, Standing]) -> Standings:
    """
    Return standings by figure that cannot be changed.

    Raises:
        KindError: Something else.
    """
    return _by_name("standing", value, Standing, "standings by figure")


def as_sources(value: Mapping[str, Source]) -> FrozenMapping[Source]:
    """
    Return sources by code that cannot be changed.

    Raises:
        KindError: Something else.

    >>> as_sources({"S1": Source("Decree", "article 3")})["S1"].locator
    'article 3'
    """
    return _by_name("sources", value, Source, "Sources by code")


def as_text(value: str | Mapping[str, str]) -> Text:
    """
    Return a text by language, a plain one in Indonesian.

    Raises:
        KindError: Something else.

    >>> as_text("hijau")
    {'id': 'hijau'}
    """
    if isinstance(value, str):
        return text(value)
    return _by_name("a title, label or reason", value, str, "a text by language")


def as_texts(value: Mapping[str, str]) -> FrozenMapping[str]:
    """
    Return texts by name that cannot be changed.

    Raises:
        KindError: Something else.

    >>> as_texts({"opini": "Kualitas Tinggi"})
    {'opini': 'Kualitas Tinggi'}
    """
    return _by_name("a tag, attribute or token", value, str, "a text by name")


def _by_name(what: str, value: Mapping[str, Held], kind: type[Held], expected: str) -> FrozenMapping[Held]:
    check_kind(what, value, Mapping, expected)
    for name, each in value.items():
        check_kind(what, name, str, expected)
        check_kind(what, each, kind, expected)
    return FrozenMapping(value)


def standing_of(table: Sourced, figure: str) -> Standing:
    """
    Return the standing of one figure of a table.

    What the table says of the figure comes first; else the table's source makes it
    published, and without a source it is assumed.
    """
    said = table.standing.get(figure)
    return said or Standing("published" if table.source else "assumed")


def standing_problems(table: Sourced, figures: tuple[str, ...], sources: Any, place: str) -> list[Problem]:
    """
    Return what is wrong with the sources and standings that a table names.
    """
    dot = f"{place}." if place else ""
    found = [
        Problem("unknown-source", f"there is no source {code!r} in [sources]", f"{dot}source")
        for code in table.source
        if code not in sources
    ]
    for figure, standing in table.standing.items():
        here = f"{dot}standing.{printable(figure[:60])}"
        if figure not in figures:
            known = ", ".join(figures)
            message = f"{figure[:60]!r} is no figure of this table; its figures are {known}"
            found.append(Problem("unknown-figure", message, here))
        elif standing.is_ not in STANDINGS:
            known = ", ".join(repr(each) for each in STANDINGS)
            message = f"expected one of {known}, not {standing.is_!r}"
            found.append(Problem("unknown-standing", message, f"{here}.is"))
        elif standing.is_ == "published" and not table.source:
            message = "a published figure needs a source"
            found.append(Problem("unsourced", message, here))
    return found
