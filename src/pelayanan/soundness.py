"""
Whether criteria are sound: everything that is wrong with them, each with its place.
"""

import re
from collections.abc import Iterator
from fractions import Fraction
from graphlib import CycleError
from itertools import pairwise

from pelayanan.aggregation import ALL_OR_NOTHING, RULES, STEP, WEAKEST_LINK_PLUS, WEIGHTED_MEAN
from pelayanan.conditions import Condition
from pelayanan.criteria import Criteria
from pelayanan.criterion import (
    MISSING_POLICIES,
    ROOT,
    Criterion,
    Group,
    Indicator,
    depth_of,
    lineage,
    parent_of,
    place_of,
)
from pelayanan.errors import Problem, nearest
from pelayanan.exact import written
from pelayanan.stages import EACH, RoundingStage
from pelayanan.weighting import Weights

__all__ = ["problems_of"]

_PART = re.compile(r"[a-z0-9_]+(\.[a-z0-9_]+)*")
_LEVELS = 12
_MOST = 10_000
_LONGEST = 10**15


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
    found = [
        *criteria.weight_problems,
        *_group_problems(criteria),
        *_stage_problems(criteria),
        *_condition_problems(criteria),
    ]
    yield from (
        each
        for each in found
        if not (structural and each.code == "unscored") and not each.place.startswith(touched)
    )
    if not structural and not found:
        yield from _reach_problems(criteria)


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
            inert &= group.plus is None and not group.steps
            if not inert or group.rule != WEIGHTED_MEAN:
                message = f"the weights of {carrier!r} are printed at its leaves; a group between has none"
                yield Problem("weight-unused", message, place)
            continue
        left_out = [code for code in criteria.leaves[group.code] if criteria.may_be_left_out(code)]
        if group.rule.of_whole and left_out and group.rescale is None:
            message = f"answers below a weighted sum may be left out ({left_out[0]!r}); state rescale"
            yield Problem("rescale", message, f"{place}.rescale")
        if not group.rule.of_whole and group.rescale is not None:
            also = "; a weighted mean always rescales" if group.rule == WEIGHTED_MEAN else ""
            yield Problem("rescale", f"rescale is for a weighted sum{also}", f"{place}.rescale")
        yield from _rule_problems(criteria, group, place)
    for code, each in criteria.by_code.items():
        if each.weight is not None and not criteria.counts(code):
            message = "it is not scored, so that a weight has no use"
            yield Problem("weight-unused", message, f"{place_of(code)}.weight")


def _rule_problems(criteria: Criteria, group: Group, place: str) -> Iterator[Problem]:
    """Return what is wrong with what a group says for its rule, and with what it does not."""
    rule, members = group.rule, criteria.combined[group.code]
    shipped = rule in RULES.values()
    if not rule.name or (not shipped and not rule.version):
        message = "a rule of one's own has a name and a version"
        yield Problem("rule", message, f"{place}.rule")
    if rule.linear is None and group.weights != Weights():
        message = f"the rule {rule.name!r} has no weights that are parts of something"
        yield Problem("weight-unused", message, f"{place}.weights")
    for code in members:
        where = f"{place_of(code)}.weight"
        weight = criteria.by_code[code].weight
        if not rule.weighs and weight is not None:
            message = f"the rule {rule.name!r} of its group ignores weights"
            yield Problem("weight-unused", message, where)
        elif rule == STEP and weight is None:
            message = "a step rule needs the weight of every member: what its share 1 adds to the sum"
            yield Problem("weight", message, where)
    if rule == WEAKEST_LINK_PLUS and not 0 < (group.plus or 0) <= 1:
        message = (
            f"the rule {rule.name!r} needs plus, above 0 and up to 1: what is added where another is higher"
        )
        yield Problem("plus", message, f"{place}.plus")
    elif shipped and rule != WEAKEST_LINK_PLUS and group.plus is not None:
        yield Problem("plus", f"plus is for the rule {WEAKEST_LINK_PLUS.name!r}", f"{place}.plus")
    if rule == STEP:
        yield from _table_problems(criteria, group, f"{place}.steps")
    elif shipped and group.steps:
        yield Problem("steps", f"steps are for the rule {STEP.name!r}", f"{place}.steps")


def _table_problems(criteria: Criteria, group: Group, place: str) -> Iterator[Problem]:
    """Return what is wrong with the table of a step rule, whatever the scales are."""
    members = criteria.combined[group.code]
    least = max(sum(_always_scored(criteria, code) for code in members), 1)
    for count in range(least, len(members) + 1):
        if str(count) not in group.steps:
            message = f"{count} of {len(members)} members can have a score, and there is no row for {count}"
            yield Problem("steps", message, f"{place}.{count}")
    for number, rows in group.steps.items():
        here = f"{place}.{number}"
        if int(number) > len(members):
            message = f"a row is for {number} members, and the group has {len(members)}"
            yield Problem("steps", message, here)
        if not rows:
            yield Problem("steps", "a row gives at least one sum and its share", here)
        for (start, share), (following, better) in pairwise(rows):
            if following <= start:
                yield Problem("steps", f"the sums rise, and {following} follows {start}", here)
            if better < share:
                yield Problem("steps", f"the shares rise, and {better} follows {share}", here)
        for _, share in rows:
            if not 0 <= share <= 1:
                yield Problem("steps", f"a share lies between 0 and 1, not at {share}", here)


def _always_scored(criteria: Criteria, code: str) -> bool:
    leaves = criteria.leaves.get(code, (code,))
    return not all(criteria.may_be_left_out(leaf) for leaf in leaves)


def _reach_problems(criteria: Criteria) -> Iterator[Problem]:
    """Return which rules have sums outside their tables, or can give nothing; for sound criteria."""
    leaves = criteria.leaves[ROOT]
    scales = {code: criteria.indicator(code).scale for code in leaves}
    best = criteria.shares({code: scale.best for code, scale in scales.items()})
    zero = Fraction(0)
    worst = criteria.shares(
        {code: zero if criteria.policy(code) == "zero" else scale.worst for code, scale in scales.items()}
    )
    for group in criteria.groups:
        members = criteria.combined[group.code]
        for code in members if group.rule == ALL_OR_NOTHING else ():
            if (best[code] or 0) < 1:
                message = (
                    f"its share is at most {written(best[code] or Fraction(0))}, so that all is never reached"
                )
                yield Problem("unreachable", message, place_of(code))
        if group.rule != STEP:
            continue
        lows, highs = [], []
        for code in members:
            certain = not any(criteria.may_be_left_out(leaf) for leaf in criteria.leaves.get(code, ()))
            lows.append(criteria.weights[code] * ((worst[code] or 0) if certain else 0))
            highs.append(criteria.weights[code] * (best[code] or 0))
        for number, rows in group.steps.items():
            lowest, highest = sum(sorted(lows)[: int(number)]), sum(sorted(highs)[-int(number) :])
            place = f"{place_of(group.code)}.steps.{number}"
            if rows[0][0] > lowest:
                least = written(Fraction(lowest))
                message = f"the table begins at {rows[0][0]}, and the sum of {number} can be {least}"
                yield Problem("steps", message, place)
            if rows[-1][0] > highest:
                most = f"the sum of {number} is at most {written(Fraction(highest))}"
                message = f"{most}, so that {rows[-1][0]} is never reached"
                yield Problem("unreachable", message, place)


def _condition_problems(criteria: Criteria) -> Iterator[Problem]:
    """Return what is wrong with the conditions under which questions are asked."""
    if criteria.root.asked_if:
        yield Problem("condition", "the root is the whole and is always asked", "root.asked_if")
    if criteria.root.tags:
        yield Problem("tags", "the root is the whole and has no tags", "root.tags")
    unknown = False
    for each in criteria.listed:
        place = f"{place_of(each.code)}.asked_if"
        for condition in each.asked_if:
            for code, message in _condition_faults(criteria, condition):
                unknown |= code == "unknown-criterion"
                yield Problem(code, message, place)
    if unknown:
        return
    try:
        criteria.asking  # noqa: B018 - worked out when it is asked for, which is when a circle shows
    except CycleError as error:
        circle = error.args[1][::-1]
        words = ", which is asked under a condition on ".join(repr(code) for code in circle[:10])
        more = f" and so on, {len(circle)} in all" if len(circle) > 10 else ""
        message = f"the conditions go round in a circle: {words}{more}"
        yield Problem("circle", message, f"{place_of(circle[0])}.asked_if")


def _condition_faults(criteria: Criteria, condition: Condition) -> Iterator[tuple[str, str]]:
    about = criteria.by_code.get(condition.criterion)
    if about is None:
        hint = nearest(condition.criterion, criteria.by_code)
        yield "unknown-criterion", f"there is no criterion {condition.criterion[:60]!r}{hint}"
        return
    if not isinstance(about, Indicator):
        yield "condition", f"{condition.criterion!r} is a group and has no answer of its own"
        return
    for answer in condition.is_:
        fault = about.scale.fault(answer)
        if fault is not None:
            yield "condition", f"{condition.criterion!r} never has this answer, as {fault.message}"


def _stage_problems(criteria: Criteria) -> Iterator[Problem]:
    """Return what is wrong with the rounding stages."""
    taken: set[str] = set()
    for index, stage in enumerate(criteria.stages):
        for code, message in _stage_faults(criteria, stage, taken):
            yield Problem(code, message, f"rounding_stages[{index}]")


def _stage_faults(criteria: Criteria, stage: RoundingStage, taken: set[str]) -> Iterator[tuple[str, str]]:
    named = stage.of_group if stage.at == EACH else stage.at
    if named != ROOT and named not in criteria.by_code:
        yield "unknown-criterion", f"there is no criterion {named[:60]!r}{nearest(named, criteria.by_code)}"
        return
    if stage.at == EACH and named not in criteria.combined:
        yield "rounding-stage", f"{named!r} has no members, of which each could be rounded"
        return
    for code in criteria.combined[named] if stage.at == EACH else (named,):
        if code != ROOT and not criteria.counts(code):
            yield "rounding-stage", f"{code!r} is not scored, and there is nothing to round"
        if code in taken:
            yield "rounding-stage", f"{code!r} is rounded twice"
        taken.add(code)
        if stage.of == "contribution" and _in_groups(criteria, code) and criteria.undefined(code):
            message = (
                f"{code!r} stands below a rule that is not linear and has no contribution; round its points"
            )
            yield "rounding-stage", message
    if criteria.maximum >= _LONGEST * stage.grid:
        yield "too-many-digits", f"there are more than {_LONGEST} steps up to {written(criteria.maximum)}"


def _in_groups(criteria: Criteria, code: str) -> bool:
    """Return whether all above a criterion are groups; what is not is told elsewhere."""
    above = [each for each in lineage(code) if each not in (code, ROOT)]
    return all(isinstance(criteria.by_code.get(each), Group) for each in above)


def _own_problems(each: Criterion) -> Iterator[Problem]:
    place = place_of(each.code)
    if each.weight is not None and each.weight <= 0:
        message = f"a weight is greater than 0, not {each.weight}"
        yield Problem("weight", message, f"{place}.weight")
    if each.missing and each.missing not in MISSING_POLICIES:
        known = ", ".join(repr(policy) for policy in MISSING_POLICIES)
        message = f"expected one of {known}, not {each.missing!r}"
        yield Problem("missing-policy", message, f"{place}.missing")
    if each.least_respondents is not None and each.least_respondents < 1:
        message = f"least_respondents is a whole number from 1 on, not {each.least_respondents}"
        yield Problem("least-respondents", message, f"{place}.least_respondents")
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
