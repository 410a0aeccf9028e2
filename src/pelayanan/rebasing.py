"""
An overlay is moved to the next edition of what it extends.
"""

from collections.abc import Iterator
from typing import Any

import attrs

from pelayanan.errors import InstrumentError, Problem
from pelayanan.exact import number_in, shown
from pelayanan.instrument import Instrument
from pelayanan.layers import ADDED, ADDED_SOURCE, DROPPED
from pelayanan.laying import extend
from pelayanan.overlays import Overlay
from pelayanan.placing import place, places_of, renamed
from pelayanan.value import Value
from pelayanan.writing import tables_of

__all__ = ["Rebased", "rebased"]


@attrs.frozen(repr=False)
class Rebased(Value):
    """
    An overlay on the next edition, and what does not fit there.

    Args:
        overlay: The same changes, laid over the next edition.
        conflicts: What both the overlay and the next edition set, what is not there any more,
            and what is not sound in the instrument that they give; empty where it can be extended.
    """

    overlay: Overlay
    conflicts: tuple[Problem, ...] = ()

    def __repr__(self) -> str:
        return f"Rebased({self.overlay.id!r} on {self.overlay.extends!r}, {len(self.conflicts)} conflicts)"


def rebased(overlay: Overlay, base: Instrument, onto: Instrument) -> Rebased:
    """
    Return the overlay on another edition than that which it extends.

    Args:
        base: The edition that it extends.
        onto: The next one.

    Raises:
        InstrumentError: The overlay does not fit the edition that it extends.

    >>> import pelayanan
    >>> overlay = Overlay("ombudsman-2023", "kota", {"issuer": "Kota Kupang"})
    >>> rebased(overlay, pelayanan.load("ombudsman-2023"), pelayanan.load("ombudsman-2024"))
    Rebased('kota' on 'ombudsman-2024', 0 conflicts)
    """
    made = extend(base, overlay)
    below = {layer.id for layer in onto.layers}
    moved = overlay if overlay.extends in below else attrs.evolve(overlay, extends=onto.id)
    conflicts = [*_conflicts(overlay, base, made, onto), *_hidden(overlay, base, onto)]
    try:
        extend(onto, moved)
    except InstrumentError as error:
        conflicts += error.problems
    return Rebased(moved, tuple(conflicts))


def _conflicts(overlay: Overlay, base: Instrument, made: Instrument, onto: Instrument) -> Iterator[Problem]:
    """Return the fields that the overlay and the next edition set to different values."""
    if made is base:
        return
    before, mine, after = (places_of(tables_of(each)) for each in (base, made, onto))
    to = {each["code"]: each["to"] for each in overlay.changes.get("rename", ())}
    originals = {place("criteria", renamed(code, to)): place("criteria", code) for code in base.criteria}
    stated = {
        place("criteria", each["code"])
        for section in ("change", "add", "split")
        for each in overlay.changes.get(section, ())
        if "weight" in each
    }
    for here, keys in made.layers[-1].fields.items():
        was, is_there = (tables.get(originals.get(here, here)) for tables in (before, after))
        if was is None or is_there is None:
            continue
        if ADDED in keys or DROPPED in keys:
            changed = [key for key in {**was, **is_there} if not _same(was.get(key), is_there.get(key))]
            if changed and (DROPPED in keys or is_there != mine[here]):
                does = "drops" if DROPPED in keys else "replaces"
                message = f"{onto.id} changes its {', '.join(changed)}, and the overlay {does} it"
                yield Problem("conflict", message, here)
            continue
        for key in keys:
            if key in ("code", ADDED_SOURCE) or (key == "weight" and here not in stated):
                continue
            old, new, own = was.get(key), is_there.get(key), mine[here].get(key)
            if not _same(old, new) and not _same(new, own):
                message = f"{base.id} has {shown(old)}, {onto.id} has {shown(new)}, "
                message += f"and the overlay says {shown(own)}"
                yield Problem("conflict", message, f"{here}.{key}" if here else key)


def _hidden(overlay: Overlay, base: Instrument, onto: Instrument) -> Iterator[Problem]:
    """Return the criteria that are new in the next edition below what the overlay drops."""
    for dropped in overlay.changes.get("drop", {}).get("criteria", ()):
        for code in onto.criteria:
            if code.startswith(f"{dropped}.") and code not in base.criteria:
                message = f"{onto.id} adds it below {dropped!r}, which the overlay drops"
                yield Problem("conflict", message, place("criteria", code))


def _same(one: Any, other: Any) -> bool:
    """Return whether two entries of tables say the same, numbers in any print."""
    if isinstance(one, str) and isinstance(other, str):
        number = number_in(one)
        return one == other or (number is not None and number == number_in(other))
    return bool(one == other)
