"""
Flattening: an instrument with all its indicators directly under the root.
"""

from collections.abc import Iterable, Mapping
from typing import Any, TypeVar

import attrs

from pelayanan.aggregation import RULES, STEP, WEAKEST_LINK_PLUS, WEIGHTED_SUM, Rule
from pelayanan.criteria import Criteria
from pelayanan.criterion import ROOT, Group, Indicator, lineage
from pelayanan.errors import InstrumentError, Problem
from pelayanan.exact import Exact
from pelayanan.mapping import FrozenMapping
from pelayanan.marks import Mark
from pelayanan.provenance import Standing
from pelayanan.stages import RoundingStage
from pelayanan.zones import Band, Zones

__all__ = ["flat_fields"]

_NEEDING_MORE = (STEP, WEAKEST_LINK_PLUS, WEIGHTED_SUM)

Names = Mapping[str, str]
Requiring = TypeVar("Requiring", Band, Mark)


def flat_fields(
    criteria: Criteria,
    zones: Zones,
    marks: Iterable[Mark],
    stages: Iterable[RoundingStage],
    *,
    rule: str | Rule,
    equal: bool,
) -> dict[str, Any]:
    """
    Return the fields of an instrument whose indicators all stand directly under the root.

    Args:
        rule: The rule of the root.
        equal: Whether the weights are left out.

    Raises:
        InstrumentError: A rule that needs more than shares and weights, or one that does not
            exist; a zone, a mark or a rounding stage that is about a group.
    """
    names = _names(criteria)
    given = RULES.get(rule) if isinstance(rule, str) else rule
    problems = [
        *_rule_problems(rule, given),
        *_group_problems(names, {f"zones.bands[{index}]": band for index, band in enumerate(zones.bands)}),
        *_group_problems(names, {f"marks[{index}]": mark for index, mark in enumerate(marks)}),
        *_stage_problems(names, stages),
    ]
    if problems or given is None:
        raise InstrumentError.of("flattening", problems)
    printed = any(criteria.by_code[code].weight is not None for code in criteria.leaves[ROOT])
    weighs = given.weighs and printed and not equal
    indicators = [each for each in criteria.listed if isinstance(each, Indicator)]
    root = criteria.root
    return {
        "root": Group(ROOT, rule=given, missing=root.missing, least_answered=root.least_answered),
        "criteria": [_flat(criteria, each, names, weighs) for each in indicators],
        "zones": attrs.evolve(zones, bands=[_renamed(band, names) for band in zones.bands]),
        "marks": [_renamed(mark, names) for mark in marks],
        "rounding_stages": [attrs.evolve(stage, at=names[stage.at]) for stage in stages],
    }


def _names(criteria: Criteria) -> dict[str, str]:
    """Return a code without dots for each indicator, and the root's own."""
    indicators = [each for each in criteria.listed if isinstance(each, Indicator)]
    names = {each.code: each.code for each in indicators if "." not in each.code}
    taken = names.keys() | {alias for each in indicators for alias in each.aliases}
    names[ROOT] = ROOT
    for each in indicators:
        if each.code in names:
            continue
        name = plain = each.code.replace(".", "_")
        number = 1
        while name in taken:
            number += 1
            name = f"{plain}_{number}"
        taken.add(name)
        names[each.code] = name
    return names


def _rule_problems(rule: str | Rule, given: Rule | None) -> list[Problem]:
    if given is None:
        known = ", ".join(repr(name) for name in RULES)
        return [Problem("unknown-rule", f"expected one of the rules {known}, not {rule!r:.60}", "rule")]
    if given in _NEEDING_MORE:
        message = f"the rule {given.name!r} needs more than shares and weights"
        return [Problem("flattening", message, "rule")]
    return []


def _group_problems(names: Names, requiring: Mapping[str, Band | Mark]) -> list[Problem]:
    return [
        Problem("flattening", f"{each} is required, and groups are gone", f"{place}.requires[{number}]")
        for place, one in requiring.items()
        for number, each in enumerate(one.requires)
        if each.each_of or each.criterion not in names
    ]


def _stage_problems(names: Names, stages: Iterable[RoundingStage]) -> list[Problem]:
    return [
        Problem("flattening", f"{each.of_group or each.at!r} is rounded, and groups are gone", place)
        for place, each in ((f"rounding_stages[{index}]", stage) for index, stage in enumerate(stages))
        if each.of_group or each.at not in names
    ]


def _renamed(each: Requiring, names: Names) -> Requiring:
    """Return a band or a mark that requires something of indicators under their new codes."""
    requires = [attrs.evolve(one, criterion=names[one.criterion]) for one in each.requires]
    return attrs.evolve(each, requires=requires)


def _flat(criteria: Criteria, each: Indicator, names: Names, weighs: bool) -> Indicator:
    """Return an indicator with what the groups above said of it."""
    standing = {figure: said for figure, said in each.standing.items() if weighs or figure != "weight"}
    weight = each.weight if weighs else None
    if weighs and each.scored and weight is None:
        weight = Exact(criteria.weights[each.code])
        standing["weight"] = Standing("assumed", "its part of what its group leaves")
    above = [criteria.by_code[code] for code in lineage(each.code) if code in criteria.by_code]
    above.reverse()
    conditions = [condition for one in above for condition in one.asked_if]
    return attrs.evolve(
        each,
        code=names[each.code],
        weight=weight,
        missing=criteria.policy_of(each.code),
        asked_if=[attrs.evolve(one, criterion=names[one.criterion]) for one in conditions],
        least_respondents=criteria.least_respondents(each.code) or None,
        aliases=each.aliases if names[each.code] == each.code else (each.code, *each.aliases),
        tags=FrozenMapping({tag: value for one in above for tag, value in one.tags.items()}),
        standing=FrozenMapping(standing),
    )
