"""
Chains of overlays: the regency over the province over the nation.
"""

from collections.abc import Callable

from pelayanan.errors import InstrumentError, Problem, UnknownError
from pelayanan.instrument import Instrument
from pelayanan.laying import extend
from pelayanan.overlays import Overlay

__all__ = ["chained"]

Find = Callable[[str], Instrument | Overlay]


def chained(overlay: Overlay, find: Find) -> Instrument:
    """
    Return the instrument of an overlay, with all that it extends.

    Args:
        overlay: The last of the chain.
        find: What gives the instrument or overlay of an id; it raises `UnknownError` where there
            is none.

    Raises:
        InstrumentError: The chain is a circle or begins with what is not known, and as for
            `extend`.
    """
    chain = [overlay]
    while True:
        found = _below(chain[-1], find)
        if isinstance(found, Instrument):
            return extend(found, *reversed(chain))
        chain.append(found)
        ids = [each.id for each in chain]
        if found.id in ids[:-1]:
            circle = " extends ".join(map(repr, ids[ids.index(found.id) :]))
            problem = Problem("cycle", f"{circle}, in a circle", "extends")
            raise InstrumentError.of(ids[0] or "overlay", [problem])


def _below(overlay: Overlay, find: Find) -> Instrument | Overlay:
    try:
        return find(overlay.extends)
    except UnknownError as error:
        message = f"it extends {overlay.extends!r}, which is not known; {error}"
        problem = Problem("unknown-base", message, "extends")
        raise InstrumentError.of(overlay.id or "overlay", [problem]) from error
