"""
What an overlay contradicts: overlays below it, and what still needs what it drops.
"""

from collections.abc import Iterator, Mapping
from typing import Any

import attrs

from pelayanan.errors import Problem, nearest
from pelayanan.instrument import Instrument
from pelayanan.layers import ADDED_SOURCE, DROPPED, Layer
from pelayanan.overlays import Overlay
from pelayanan.placing import place

__all__ = ["Touched", "laid", "layers_of", "needing"]

Table = dict[str, Any]
Touched = dict[str, dict[str, tuple[str, ...]]]


def layers_of(instrument: Instrument) -> tuple[Layer, ...]:
    """
    Return the layers of an instrument; one that no overlay was laid over is its own.

    >>> import pelayanan
    >>> layers_of(pelayanan.load("ombudsman-2024"))
    (Layer('ombudsman-2024', 0 fields),)
    """
    on = instrument.in_force.from_ if instrument.in_force else None
    return instrument.layers or (Layer(instrument.id, on, instrument.fingerprint),)


def laid(
    base: Instrument, overlay: Overlay, touched: Touched, moved: Mapping[str, str]
) -> tuple[tuple[Layer, ...], list[Problem]]:
    """
    Return the layers below an overlay without what it sets again, and what both set.

    Args:
        touched: The keys that the overlay sets, by the place of their table.
        moved: The code that each criterion of the base has now.
    """
    below = layers_of(base)
    known = [layer.id for layer in below[1:]]
    problems = [
        Problem("unknown-layer", f"there is no overlay {name!r} below{nearest(name, known)}", "over")
        for name in overlay.over
        if name not in known
    ]
    places = {place("criteria", old): place("criteria", new) for old, new in moved.items()}
    found = [below[0]]
    for layer in below[1:]:
        kept: Touched = {}
        for old, keys in layer.fields.items():
            here = places.get(old, old)
            again = touched.get(here, {})
            anew = again.keys() | ({DROPPED} if again else set())
            both = [key for key in keys if key in anew and key != ADDED_SOURCE]
            if layer.id not in overlay.over:
                does = "drops it" if DROPPED in again else "sets it again"
                clashing = [""] if DROPPED in again else both
                problems += (_clash(layer.id, overlay.id, does, here, key) for key in clashing)
            left = {key: codes for key, codes in keys.items() if key not in both and DROPPED not in again}
            kept |= {here: left} if left else {}
        found.append(attrs.evolve(layer, fields=kept))
    return tuple(found), problems


def _clash(below: str, above: str, does: str, here: str, key: str) -> Problem:
    first, second = (repr(each) if each else "an overlay without an id" for each in (below, above))
    message = f"{first} sets it, and {second} {does}; keep one, or say over = [{below!r}]"
    return Problem("clash", message, ".".join(filter(None, (here, key))))


def needing(listed: Mapping[str, Mapping[str, Table]], dropped: Mapping[str, str]) -> Iterator[Problem]:
    """
    Return what still needs a criterion that is dropped.

    Args:
        listed: The tables that have names, by section and name.
        dropped: The codes that are dropped, with the place where that is said.
    """
    for what, code in dict.fromkeys(_needed(listed)):
        if code in dropped:
            message = f"{what} {code[:60]!r}, which is dropped; change that, too"
            yield Problem("dropped", message, dropped[code])


def _needed(listed: Mapping[str, Mapping[str, Table]]) -> Iterator[tuple[str, str]]:
    """Return the criteria that are needed, and what needs them."""
    for code, row in listed["criteria"].items():
        for each in row.get("asked_if", []):
            yield f"the condition of {code[:60]!r} is about", each["criterion"]
    for section, word in (("bands", "zone"), ("marks", "mark")):
        for name, row in listed[section].items():
            for each in row.get("requires", []):
                yield f"the {word} {name[:60]!r} requires", each.get("each_of") or each.get("criterion", "")
    for row in listed["rounding_stages"].values():
        yield "what is rounded on the way is", row.get("of_group") or row["at"]
