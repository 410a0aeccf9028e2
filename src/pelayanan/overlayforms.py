"""
How overlays stand in JSON, and instruments where they are inside another value.
"""

from collections.abc import Callable
from typing import Any

import attrs
import cattrs

from pelayanan.cores import Core
from pelayanan.files import exchange_tables, instrument_of
from pelayanan.instrument import Instrument
from pelayanan.overlays import Overlay, overlay_of, overlay_tables
from pelayanan.rebasing import Rebased
from pelayanan.wording import kind_of
from pelayanan.writing import said

__all__ = ["OVERLAYS_SAID", "overlays_registered"]

_FORMAT = 1

Table = dict[str, Any]


def _core_said(core: Core) -> Table:
    return {
        **said(attrs.evolve(core, lost=())),
        "instrument": exchange_tables(core.instrument),
        "lost": said(core.lost),
    }


def _rebased_said(found: Rebased) -> Table:
    return {"overlay": _overlay_said(found.overlay), "conflicts": said(found.conflicts)}


def _overlay_said(overlay: Overlay) -> Table:
    return {key: each for key, each in overlay_tables(overlay).items() if key != "format"}


def _overlay_of(value: Any, _: Any) -> Overlay:
    return overlay_of({"format": _FORMAT, **_table(value)})


def _instrument_of(value: Any, _: Any) -> Instrument:
    return instrument_of(_table(value), "instrument")


def _table(value: Any) -> Table:
    if not isinstance(value, dict):
        raise TypeError(f"expected a table, not {kind_of(value)}")
    return value


OVERLAYS_SAID: dict[type, Callable[[Any], Table]] = {
    Core: _core_said,
    Overlay: _overlay_said,
    Rebased: _rebased_said,
}


def overlays_registered(converter: cattrs.Converter) -> None:
    """
    Teach a converter to make overlays and instruments of their forms.
    """
    converter.register_structure_hook(Overlay, _overlay_of)
    converter.register_structure_hook(Instrument, _instrument_of)
