"""
Whether criteria are sound: everything that is wrong with them, each with its place.
"""

import re
from collections.abc import Iterator

from pelayanan.aggregation import WEIGHTED_MEAN
from pelayanan.criteria import (
    MISSING_POLICIES,
    ROOT,
    Criteria,
    Criterion,
    Group,
    Indicator,
    depth_of,
    parent_of,
    place_of,
)
from pelayanan.errors import Problem
from pelayanan.weighting import Weights

__all__ = ["problems_of"]

_PART = re.compile(r"[a-z0-9_]+(\.[a-z0-9_]+)*")
_LEVELS = 12
_MOST = 10_000


def problems_of(criteria: Criteria) -> Iterator[Problem]:
    """
    Return everything that is wrong with the criteria, each with its place.
    """
    if len(criteria.listed) > _MOST:
        yield Problem(
            "too-many-criteria", f"{len(criteria.listed)} criteria are more than {_MOST}", "criteria"
        )
        return
    structural = list(_structural_problems(criteria))
    yield from structural
    for criterion in (criteria.root, *criteria.listed):
        yield from _own_problems(criterion)
    if structural and {each.code for each in structural} & {"code", "too-deep"}:
        return
    touched = _touched(criteria, [each.place for each in structural])
    for each in (*criteria.weight_problems, *_group_problems(criteria)):
        if not (structural and each.code == "unscored") and not each.place.startswith(touched):
            yield each


def _touched(criteria: Criteria, places: list[str]) -> tuple[str, ...]:
    """Return the places of the criteria there, and of the groups above them."""
    found: set[str] = set()
    for code in criteria.by_code:
        if place_of(code) in places:
            found.add(place_of(code))
            while code != ROOT:
                code = parent_of(code)
                found.add(place_of(code))
    return tuple(found)


def _structural_problems(criteria: Criteria) -> Iterator[Problem]:
    seen: set[str] = set()
    groups = {group.code for group in criteria.groups}
    for each in criteria.listed:
        place = place_of(each.code)
        names = [each.code, *(each.aliases if isinstance(each, Indicator) else ())]
        for name in names:
            if name in seen:
                yield Problem("duplicate-code", f"the code {name!r} is there twice", place)
            seen.add(name)
        if not _PART.fullmatch(each.code) or len(each.code) > 200:
            message = f"a code is dotted parts of a-z, 0-9 and _, not {each.code[:60]!r}"
            yield Problem("code", message, place)
        elif depth_of(each.code) > _LEVELS:
            yield Problem("too-deep", f"{depth_of(each.code)} levels are more than {_LEVELS}", place)
        elif parent_of(each.code) not in groups:
            parent = parent_of(each.code)
            if parent in criteria.by_code:
                message = f"its parent {parent!r} has a scale and cannot have members"
            else:
                message = f"its parent {parent!r} is absent"
            yield Problem("absent-parent", message, place)
    parents = {parent_of(each.code) for each in criteria.listed}
    for group in criteria.groups:
        if group.code not in parents and group.code != ROOT:
            message = "a criterion has a scale or members, and this one has neither"
            yield Problem("empty-group", message, place_of(group.code))
    if not criteria.listed:
        yield Problem("empty-group", "there are no criteria", "criteria")


def _group_problems(criteria: Criteria) -> Iterator[Problem]:
    if not criteria.leaves[ROOT]:
        yield Problem("unscored", "no indicator is scored", "criteria")
    for group in criteria.groups:
        place = place_of(group.code)
        if group.code in criteria.carriers:
            carrier = criteria.carriers[group.code]
            inert = group.weight is None and group.weights == Weights() and group.rescale is None
            if not inert or group.rule is not WEIGHTED_MEAN:
                message = f"the weights of {carrier!r} are printed at its leaves; a group between has none"
                yield Problem("weight-unused", message, place)
            continue
        left_out = [code for code in criteria.leaves[group.code] if criteria.may_be_left_out(code)]
        if group.rule.of_whole and left_out and group.rescale is None:
            message = f"answers below a weighted sum may be left out ({left_out[0]!r}); state rescale"
            yield Problem("rescale", message, f"{place}.rescale")
        if not group.rule.of_whole and group.rescale is not None:
            message = "rescale is for a weighted sum; a weighted mean always rescales"
            yield Problem("rescale", message, f"{place}.rescale")
    for code, each in criteria.by_code.items():
        if each.weight is not None and not criteria.counts(code):
            message = "it is not scored, so that a weight has no use"
            yield Problem("weight-unused", message, f"{place_of(code)}.weight")


def _own_problems(each: Criterion) -> Iterator[Problem]:
    place = place_of(each.code)
    if each.weight is not None and each.weight <= 0:
        message = f"a weight is greater than 0, not {each.weight}"
        yield Problem("weight", message, f"{place}.weight")
    if each.missing and each.missing not in MISSING_POLICIES:
        known = ", ".join(repr(policy) for policy in MISSING_POLICIES)
        message = f"expected one of {known}, not {each.missing!r}"
        yield Problem("missing-policy", message, f"{place}.missing")
    if isinstance(each, Group):
        if each.weights.over not in ("members", "leaves"):
            message = f"expected 'members' or 'leaves', not {each.weights.over!r}"
            yield Problem("weights-over", message, f"{place}.weights.over")
        if each.least_answered is not None and each.code != ROOT:
            message = "least_answered is for the root only"
            yield Problem("least-answered", message, f"{place}.least_answered")
        elif each.least_answered is not None and not 0 < each.least_answered <= 1:
            message = f"least_answered lies above 0 and up to 1, not at {each.least_answered}"
            yield Problem("least-answered", message, f"{place}.least_answered")
    else:
        codes = {option.code for option in each.scale.options}
        for label in each.labels:
            if label not in codes:
                message = f"the scale has no option {label!r} to label"
                yield Problem("unknown-option", message, f"{place}.labels")
