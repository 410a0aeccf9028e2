"""
Which figures the tables of an instrument have, and whether what is said of where they come from is sound.
"""

from collections.abc import Iterable, Iterator, Mapping

from pelayanan.criteria import Criteria
from pelayanan.criterion import Indicator, place_of
from pelayanan.errors import Problem
from pelayanan.marks import Mark
from pelayanan.provenance import Source, Sourced, standing_problems
from pelayanan.scales import Scale
from pelayanan.stages import RoundingStage
from pelayanan.zones import Zones

__all__ = ["BAND", "GROUP", "HEAD", "INDICATOR", "MARK", "figure_problems"]

HEAD = ("maximum", "missing", "rounding", "rollup", "in_force")
_CRITERION = ("criterion", "title", "weight", "missing", "asked_if", "least_respondents", "tags")
GROUP = (*_CRITERION, "rule", "weights", "plus", "steps", "least_answered")
INDICATOR = (*_CRITERION, "scale", "optional", "scored", "labels")
_SCALE = ("scale", "share", "labels")
MARK = ("requires", "label")
BAND = ("floor", "above", "ceiling", "below", "requires", "label", "colour", "attributes")


def figure_problems(
    head: Sourced,
    criteria: Criteria,
    zones: Zones,
    marks: Iterable[Mark],
    stages: Iterable[RoundingStage],
    sources: Mapping[str, Source],
) -> Iterator[Problem]:
    """
    Return what is wrong with the sources and standings of all tables of an instrument.

    Args:
        head: The instrument, for the figures of its head.
    """
    yield from standing_problems(head, HEAD, sources, "")
    yield from standing_problems(zones, ("decide_on",), sources, "zones")
    for index, band in enumerate(zones.bands):
        place = f"zones.bands[{index}]"
        yield from standing_problems(band, BAND, sources, place)
    for index, mark in enumerate(marks):
        yield from standing_problems(mark, MARK, sources, f"marks[{index}]")
    for index, stage in enumerate(stages):
        yield from standing_problems(stage, ("rounding",), sources, f"rounding_stages[{index}]")
    scales: dict[str, Scale] = {}
    for each in (criteria.root, *criteria.listed):
        figures = INDICATOR if isinstance(each, Indicator) else GROUP
        place = place_of(each.code)
        yield from standing_problems(each, figures, sources, place)
        if isinstance(each, Indicator):
            where = f"scales[{each.scale.code!r}]" if each.scale.code else f"{place}.scale"
            other = scales.setdefault(where, each.scale)
            if other is not each.scale and other != each.scale:
                message = f"another scale has the name {each.scale.code!r}, too"
                yield Problem("duplicate-code", message, f"{place}.scale")
        elif each.weights.equal and each.weights.equal not in sources:
            message = f"there is no source {each.weights.equal!r} in [sources]"
            yield Problem("unknown-source", message, f"{place}.weights.equal")
    for place, scale in scales.items():
        yield from standing_problems(scale, _SCALE, sources, place)
