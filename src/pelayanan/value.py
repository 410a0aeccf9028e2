"""
What every public value can do: become JSON, and come back.
"""

import importlib
from typing import Any, Self

__all__ = ["Value"]


class Value:
    """
    A value with a JSON form that round-trips.

    `pelayanan.jsonform` makes the form; it is imported when the first is asked for, since it
    brings what reads files, and it knows every kind of value, so that none needs to know it.
    """

    __slots__ = ()

    def to_json(self) -> str:
        """
        Return the value as JSON text, exact numbers as strings.

        Raises:
            JsonError, InstrumentError: Something in it has no JSON form, such as a label that is
                neither text nor a whole number.

        >>> from pelayanan import Rounding
        >>> Rounding(2).to_json()
        '{"format": 1, "kind": "Rounding", "decimals": 2, "mode": "half_up"}'
        """
        made: str = _forms().json_of(self)
        return made

    @classmethod
    def from_json(cls, text: str) -> Self:
        """
        Return the value that `to_json` gave this text of.

        Raises:
            JsonError, InstrumentError: Every mistake, each with its place: no JSON, another kind of
                value, another version of the form, keys that are unknown or lacking, values
                of another kind.

        >>> from pelayanan import Rounding
        >>> Rounding.from_json('{"format": 1, "kind": "Rounding", "decimals": 2, "mode": "down"}')
        Rounding(decimals=2, mode='down')
        """
        made: Self = _forms().value_of(text, cls)
        return made


def _forms() -> Any:
    return importlib.import_module("pelayanan.jsonform")
