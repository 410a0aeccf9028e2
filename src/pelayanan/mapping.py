"""
A mapping that cannot be changed, and texts by language made of it.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, TypeVar

__all__ = ["FrozenMapping", "Text", "guarded", "in_language", "printable", "text", "unguarded", "without"]

_FORMULA = re.compile(r"'*[=+\-@\t\r]")

Value = TypeVar("Value")


class FrozenMapping(Mapping[str, Value]):
    """
    An immutable mapping of text to values, in order, hashable where its values are.

    >>> FrozenMapping({"id": "hijau"})["id"]
    'hijau'
    """

    __slots__ = ("_items",)

    def __init__(self, items: Mapping[str, Value] | Iterable[tuple[str, Value]] = ()) -> None:
        self._items = dict(items)

    def __getitem__(self, key: str) -> Value:
        return self._items[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._items)

    def __len__(self) -> int:
        return len(self._items)

    def __hash__(self) -> int:
        return hash(frozenset(self._items.items()))

    def __repr__(self) -> str:
        return repr(self._items)

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (self._items,)


Text = FrozenMapping[str]


def text(value: str | Mapping[str, str], language: str = "id") -> Text:
    """
    Return a text by language; a plain string is in ``language``.

    >>> text("hijau"), text({"id": "hijau", "en": "green"})["en"]
    ({'id': 'hijau'}, 'green')
    """
    if isinstance(value, str):
        return FrozenMapping({language: value} if value else {})
    return FrozenMapping(value)


def in_language(words: Mapping[str, str], language: str) -> str:
    """
    Return the words in the language asked for, else in the first there is, else nothing.

    >>> in_language(text("hijau"), "en")
    'hijau'
    """
    return words.get(language) or next(iter(words.values()), "")


def printable(words: str) -> str:
    """
    Return the words with what a terminal could take as a command replaced.

    >>> printable("Dinas\x1b[2J Sosial")
    'Dinas\ufffd[2J Sosial'
    """
    return "".join(each if each.isprintable() else "\ufffd" for each in words)


def guarded(words: str) -> str:
    """
    Return the words with an apostrophe before what a spreadsheet would run as a formula.

    >>> guarded("=1+1"), guarded("Dinas Sosial")
    ("'=1+1", 'Dinas Sosial')
    """
    return f"'{words}" if _FORMULA.match(words) else words


def unguarded(words: str) -> str:
    """
    Return the words that `guarded` was given.

    >>> unguarded("'=1+1"), unguarded("'kota'")
    ('=1+1', "'kota'")
    """
    return words[1:] if words.startswith("'") and _FORMULA.match(words[1:]) else words


def without(table: Mapping[str, Value], *names: str) -> dict[str, Value]:
    """
    Return a table without some of its keys.

    >>> without({"code": "a", "weight": 3}, "weight")
    {'code': 'a'}
    """
    return {name: value for name, value in table.items() if name not in names}
