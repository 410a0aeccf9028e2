"""
Figures of an instrument that have neither a source nor a reason.
"""

from collections.abc import Iterable, Iterator
from typing import Any

import attrs

from pelayanan.criterion import Indicator, place_of
from pelayanan.errors import Problem
from pelayanan.figures import BAND, GROUP, HEAD, INDICATOR, MARK
from pelayanan.instrument import Instrument

__all__ = ["unfounded"]

_PRESENCE = ("criterion", "scale")


def unfounded(instrument: Instrument) -> Iterator[Problem]:
    """
    Return the figures that have no source and do not say why they were inferred or assumed.

    A figure that is as it would be if nothing were said counts only where it decides a score.

    >>> import pelayanan
    >>> list(unfounded(pelayanan.load("ombudsman-2024")))
    []
    """
    head = [name for name in HEAD if name not in ("rollup", "in_force") or getattr(instrument, name)]
    yield from _of_table(instrument, "", head)
    scales = {each.scale: each for each in instrument.indicators}
    for scale, each in scales.items():
        if scale.code:
            yield from _of_table(scale, f"scales[{scale.code!r}]", ["scale", "share"])
        else:
            own = scale if scale.source or scale.standing else each
            yield from _of_table(own, f"{place_of(each.code)}.scale", ["scale"])
    for criterion in (instrument.root, *instrument.criteria.values()):
        several = not isinstance(criterion, Indicator) and len(instrument.tree.combined[criterion.code]) > 1
        said = _said(criterion, INDICATOR if isinstance(criterion, Indicator) else GROUP)
        always = ["criterion"] * (criterion is not instrument.root) + ["rule"] * several
        yield from _of_table(criterion, place_of(criterion.code), [*always, *said])
    for index, stage in enumerate(instrument.rounding_stages):
        yield from _of_table(stage, f"rounding_stages[{index}]", ["rounding"])
    if instrument.zones.bands:
        yield from _of_table(instrument.zones, "zones", ["decide_on"])
    for index, band in enumerate(instrument.zones.bands):
        yield from _of_table(band, f"zones.bands[{index}]", _said(band, BAND))
    for index, mark in enumerate(instrument.marks):
        yield from _of_table(mark, f"marks[{index}]", _said(mark, MARK))
    for index, case in enumerate(instrument.cases):
        if not case.source:
            yield Problem("no-source", f"the case {case.name!r} has no source; name it", f"cases[{index}]")


def _said(table: Any, figures: Iterable[str]) -> list[str]:
    """Return the figures of a table that are not as they would be if nothing were said."""
    defaults = {each.name: each.default for each in attrs.fields(type(table))}
    return [name for name in figures if name not in _PRESENCE and getattr(table, name) != defaults[name]]


def _of_table(table: Any, place: str, figures: list[str]) -> Iterator[Problem]:
    for figure in dict.fromkeys(figures):
        standing = table.standing.get(figure)
        if standing is None and not table.source:
            message = (
                f"{figure} has neither a source nor a standing; name its source, or say why it is assumed"
            )
            yield Problem("no-source", message, place)
        elif standing is not None and standing.is_ != "published" and not standing.why.strip():
            message = f"{figure} is {standing.is_} and does not say why"
            yield Problem("no-source", message, place)
