"""
A JSON text that says its kind becomes a value of that kind.
"""

from collections.abc import Callable
from typing import Any

import cattrs

from pelayanan.errors import Hints, JsonError, Problem
from pelayanan.exchange import parsed
from pelayanan.reading import problems_in

__all__ = ["FORMAT", "table_in", "value_in"]

FORMAT = 1

Table = dict[str, Any]


def table_in(text: str, name: str) -> Table:
    """
    Return the tables of a JSON text.

    Args:
        name: The kind of value that is expected, for the messages.

    Raises:
        JsonError: It is no JSON, or no object.
    """
    try:
        return parsed(text)
    except JsonError as error:
        raise JsonError.of(name, error.problems) from error


def value_in(table: Table, kind: type, structure: Callable[[Table, Any], Any]) -> Any:
    """
    Return the value of a table that says its kind.

    Args:
        structure: What makes a value of that kind of the other fields.

    Raises:
        JsonError: Every mistake, each with its place.

    >>> from pelayanan import Rounding
    >>> from pelayanan.exchange import exchanged
    >>> table = table_in('{"format": 1, "kind": "Rounding", "decimals": 2, "mode": "down"}', "Rounding")
    >>> value_in(table, Rounding, exchanged().structure)
    Rounding(decimals=2, mode='down')
    """
    name = kind.__name__
    found, version = table.pop("kind", "nothing"), table.pop("format", "nothing")
    if found != name:
        message = f"expected the JSON of a {name}, found that of a {found!r:.60}"
        raise JsonError.of(name, [Problem("other-kind", message, "kind")])
    if version != FORMAT or isinstance(version, bool):
        message = f"this version reads format = {FORMAT}, found {version!r:.60}"
        raise JsonError.of(name, [Problem("format", message, "format")])
    try:
        return structure(table, kind)
    except (cattrs.BaseValidationError, ArithmeticError, TypeError, ValueError) as error:
        raise JsonError.of(name, problems_in(error, kind, "", Hints())) from error
