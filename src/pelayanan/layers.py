"""
Layers: what an instrument was made of, one laid over the other.
"""

from collections.abc import Mapping
from datetime import date

import attrs

from pelayanan.mapping import FrozenMapping
from pelayanan.provenance import Standing
from pelayanan.value import Value

__all__ = ["ADDED", "ADDED_SOURCE", "DROPPED", "Fields", "Layer", "Origin", "at"]

# Beside keys of the file: that the table was added or replaced, that it was dropped, and the
# sources that were named for some of its keys and are not those of all.
ADDED = "added"
DROPPED = "dropped"
ADDED_SOURCE = "source+"

# The keys that a layer set, by the place of their table, each with the sources named for it.
Fields = FrozenMapping[FrozenMapping[tuple[str, ...]]]


def _fields(value: Mapping[str, Mapping[str, tuple[str, ...]]]) -> Fields:
    made = {
        place: FrozenMapping({key: tuple(codes) for key, codes in keys.items()})
        for place, keys in value.items()
    }
    return FrozenMapping(made)


@attrs.frozen(repr=False)
class Layer(Value):
    """
    One layer of an instrument: the one that was there first, or an overlay.

    Args:
        id: That of the instrument or overlay; empty for an overlay that keeps the id.
        on: The first day on which the instrument is in force with this layer.
        fingerprint: That of the instrument with this layer and those below it.
        fields: The keys that the layer set and no later one set again, by the place of their
            table, with the codes of the sources that it names for each.

    >>> Layer("kios-2024-ntt", fields={"criteria['fees']": {"weight": ["pergub"]}})
    Layer('kios-2024-ntt', 1 fields)
    """

    id: str
    on: date | None = None
    fingerprint: str = ""
    fields: Fields = attrs.field(default=FrozenMapping(), converter=_fields)

    def __repr__(self) -> str:
        return f"Layer({self.id!r}, {sum(map(len, self.fields.values()))} fields)"

    def set_at(self, place: str, key: str = "") -> bool:
        """
        Return whether the layer set a key of a table, or any key of it.

        >>> Layer("x", fields={"": {"rounding": []}}).set_at("", "rounding")
        True
        """
        keys = self.fields.get(place, FrozenMapping[tuple[str, ...]]())
        return key in keys if key else bool(keys)


def at(section: str, name: str) -> str:
    """
    Return the place of a named table, such as that of a criterion.

    >>> at("criteria", "input.i1"), at("zones.bands", "A")
    ("criteria['input.i1']", "zones.bands['A']")
    """
    return f"{section}[{name!r}]"


@attrs.frozen
class Origin(Value):
    """
    Where one field of an instrument comes from.

    Args:
        layer: The id of the instrument or overlay that set it; empty for an overlay without one.
        source: The codes of the sources that are named for it.
        on: The first day on which the instrument is in force with that layer.
        standing: How well it is known.
    """

    layer: str
    source: tuple[str, ...] = ()
    on: date | None = None
    standing: Standing = Standing("assumed")
