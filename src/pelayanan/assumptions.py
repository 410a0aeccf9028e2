"""
What an instrument rests on that was not published.
"""

from collections.abc import Iterable, Iterator

import attrs

from pelayanan.criteria import Criteria
from pelayanan.criterion import Criterion, Group, Indicator
from pelayanan.marks import Mark
from pelayanan.provenance import Sourced, Standing, standing_of
from pelayanan.value import Value
from pelayanan.zones import Zones

__all__ = ["Assumption", "assumptions_of"]

_SHOWN = 6


@attrs.frozen
class Assumption(Value):
    """
    A figure that is inferred or assumed, or several of one group.

    Args:
        place: The group, ``"*"`` for the root; ``"scales[...]"`` for a named scale,
            ``"zones"`` for the bands, ``"marks"`` for the marks, empty for the head.
        figure: Which figure: ``weight``, ``scale``, ``rounding``, ``floor`` ...
        codes: The members, scales, bands or marks that it is about; empty for the place itself.
        standing: ``inferred`` or ``assumed``, and why.

    >>> print(Assumption("input", "weight", ("i1", "i2"), Standing("assumed")))
    input: weight of i1, i2 is assumed
    """

    place: str
    figure: str
    codes: tuple[str, ...]
    standing: Standing

    def __str__(self) -> str:
        where = f"{self.place}: " if self.place else ""
        names = [code.removeprefix(f"{self.place}.") for code in self.codes]
        listed = ", ".join(names[:_SHOWN]) + (
            f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
        )
        about = f" of {listed}" if names else ""
        why = f" ({self.standing.why})" if self.standing.why else ""
        return f"{where}{self.figure}{about} is {self.standing.is_}{why}"


def assumptions_of(
    head: Sourced,
    head_figures: Iterable[str],
    criteria: Criteria,
    zones: Zones,
    derived: Iterable[str],
    marks: Iterable[Mark] = (),
) -> tuple[Assumption, ...]:
    """
    Return what is not published, one line a group and reason.

    Args:
        head: The instrument, for the figures of its head that are in use.
        derived: The codes of criteria that were pruned, whose scale follows from the whole.
    """
    found = [
        *_grouped("", [(figure, "", standing_of(head, figure)) for figure in head_figures]),
        *_zones(zones),
        *_grouped("marks", [("requires", mark.code, standing_of(mark, "requires")) for mark in marks]),
        *_scales(criteria, set(derived)),
    ]
    for stage in criteria.stages:
        place = stage.of_group or stage.at
        codes = criteria.combined[place] if stage.of_group else ("",)
        found += _grouped(place, [("rounding", code, standing_of(stage, "rounding")) for code in codes])
    for group in criteria.groups:
        found += _grouped(group.code, _members(criteria, group, set(derived)))
    return tuple(found)


def _grouped(place: str, rows: Iterable[tuple[str, str, Standing]]) -> Iterator[Assumption]:
    """Return a line for the figures, of whichever member, that stand alike."""
    lines: dict[tuple[str, bool, Standing], list[str]] = {}
    for figure, code, standing in rows:
        if standing.is_ != "published":
            lines.setdefault((figure, bool(code), standing), []).append(code)
    for (figure, _, standing), codes in lines.items():
        yield Assumption(place, figure, tuple(code for code in codes if code), standing)


def _zones(zones: Zones) -> Iterator[Assumption]:
    if not zones.bands:
        return
    rows = [("decide_on", "", standing_of(zones, "decide_on"))]
    for band in zones.bands:
        for figure in ("floor", "above", "ceiling", "below"):
            if getattr(band, figure) is not None:
                rows.append((figure, band.code, standing_of(band, figure)))
        if band.requires:
            rows.append(("requires", band.code, standing_of(band, "requires")))
    yield from _grouped("zones", rows)


def _scales(criteria: Criteria, derived: set[str]) -> Iterator[Assumption]:
    scales = {
        each.scale.code: each.scale
        for each in criteria.listed
        if isinstance(each, Indicator) and each.scale.code and each.code not in derived
    }
    for code, scale in scales.items():
        rows = [(figure, "", standing_of(scale, figure)) for figure in ("scale", "share")]
        yield from _grouped(f"scales[{code!r}]", rows)


def _members(criteria: Criteria, group: Group, derived: set[str]) -> Iterator[tuple[str, str, Standing]]:
    if len(criteria.combined[group.code]) > 1:
        yield "rule", "", standing_of(group, "rule")
    for figure in ("plus", "steps"):
        if getattr(group, figure):
            yield figure, "", standing_of(group, figure)
    if group.missing:
        yield "missing", "", standing_of(group, "missing")
    for figure in ("least_answered", "least_respondents"):
        if getattr(group, figure) is not None:
            yield figure, "", standing_of(group, figure)
    for code in criteria.members[group.code]:
        each = criteria.by_code[code]
        yield "criterion", code, standing_of(each, "criterion")
        if each.asked_if:
            yield "asked_if", code, standing_of(each, "asked_if")
        if isinstance(each, Indicator):
            if not each.scale.code and code not in derived:
                yield "scale", code, standing_of(_scale_of(each), "scale")
            if each.missing:
                yield "missing", code, standing_of(each, "missing")
            if each.least_respondents is not None:
                yield "least_respondents", code, standing_of(each, "least_respondents")
    weighted = criteria.weighted.get(group.code, ()) if group.rule.weighs else ()
    if len(weighted) > 1:
        for code in weighted:
            yield "weight", code, _weight(criteria.by_code[code], group)


def _scale_of(indicator: Indicator) -> Sourced:
    """Return the table that says where a scale written in place comes from."""
    scale = indicator.scale
    return scale if scale.source or scale.standing else indicator


def _weight(member: Criterion, group: Group) -> Standing:
    if member.weight is not None or "weight" in member.standing:
        return standing_of(member, "weight")
    return Standing("published") if group.weights.equal else Standing("assumed", "not published")
