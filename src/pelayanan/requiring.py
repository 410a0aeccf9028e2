"""
Whether what zones require is sound: everything that is wrong with it, each with its place.
"""

from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction

from pelayanan.criteria import Criteria
from pelayanan.criterion import ROOT, Group, Indicator, place_of
from pelayanan.errors import InstrumentError, Problem, nearest
from pelayanan.zones import MEASURES, Requirement

__all__ = ["about", "check_requirements", "requirement_problems"]


def about(criteria: Criteria, requirement: Requirement) -> tuple[str, ...]:
    """
    Return the codes of the criteria that a requirement measures.

    Of each member of a group these are those that are scored; where none is, the indicators.
    """
    if not requirement.each_of:
        return (requirement.criterion,)
    members = criteria.members[requirement.each_of]
    return criteria.combined[requirement.each_of] or tuple(
        code for code in members if code not in criteria.combined
    )


def requirement_problems(
    criteria: Criteria, requires: Iterable[Requirement], maximum: Fraction, *, sound: bool
) -> Iterator[Problem]:
    """
    Return everything that is wrong with the requirements of a band or a mark.

    Args:
        sound: Whether the criteria are, so that it can be told what is never reached.
    """
    for number, each in enumerate(requires):
        for code, message in _problems(criteria, each, maximum, sound):
            yield Problem(code, message, f"requires[{number}]")


def _problems(
    criteria: Criteria, each: Requirement, maximum: Fraction, sound: bool
) -> Iterator[tuple[str, str]]:
    if each.of not in MEASURES:
        known = ", ".join(repr(measure) for measure in MEASURES)
        yield "requirement", f"expected of = one of {known}, not {each.of!r:.60}"
    if each.at_least <= 0:
        yield "requirement", f"at_least is greater than 0, not {each.at_least}"
    if bool(each.criterion) == bool(each.each_of):
        yield "requirement", "a requirement is about a criterion or each_of a group, one of the two"
        return
    found = criteria.root if each.code == ROOT else criteria.by_code.get(each.code)
    if found is None:
        hint = nearest(each.code, criteria.by_code)
        yield "unknown-criterion", f"there is no criterion {each.code[:60]!r}{hint}"
        return
    if each.each_of and not isinstance(found, Group):
        yield "requirement", f"{each.each_of!r} has no members, of which each could be measured"
        return
    codes = about(criteria, each)
    if not codes:
        yield "requirement", f"{each.each_of!r} has no members that could be measured"
        return
    if not 0 <= each.exceptions < max(len(codes), 1) or (each.exceptions and each.criterion):
        yield "requirement", f"there can be 0 to {len(codes) - 1} exceptions, not {each.exceptions}"
    elif each.of == "contribution" and any(criteria.undefined(code) for code in codes):
        message = (
            f"below a rule that is not linear nothing has a contribution; require points of {each.code!r}"
        )
        yield "requirement", message
    elif each.of in MEASURES and sound:
        yield from _unreachable(criteria, each, codes, maximum)


def _unreachable(
    criteria: Criteria, each: Requirement, codes: tuple[str, ...], maximum: Fraction
) -> Iterator[tuple[str, str]]:
    """Return why a requirement could never be met."""
    best = criteria.shares({code: criteria.indicator(code).scale.best for code in criteria.leaves[ROOT]})
    short = []
    for code in codes:
        member = criteria.by_code.get(code)
        if isinstance(member, Indicator) and not member.scored:
            share, weight = member.scale.best, Fraction(0)
        else:
            share = best[code] or Fraction(0)
            weight = Fraction(1) if criteria.leaves_out else criteria.effective_weights[code] or Fraction(0)
        most = {"share": share, "points": maximum * share, "contribution": maximum * weight * share}[each.of]
        if each.decide_on is not None:
            most = each.decide_on.of(most)
        if most < each.at_least:
            short.append((code, most))
    if len(short) > each.exceptions:
        code, most = short[0]
        message = f"the most that {code!r} can have is {float(most):g}, so that {each.at_least} cannot be met"
        yield "unreachable", message


def check_requirements(
    criteria: Criteria, required: Mapping[str, Iterable[Requirement]], codes: tuple[str, ...]
) -> None:
    """
    Check that nothing is required of criteria below those that become questions.

    Args:
        required: What is required, by who requires it, such as ``"the zone 'A'"``.

    Raises:
        InstrumentError: Something is.
    """
    problems = [
        Problem("pruning", f"{who} requires {each}", place_of(cut))
        for who, requires in required.items()
        for each in requires
        for cut in codes
        if any(code.startswith(f"{cut}.") for code in about(criteria, each))
    ]
    if problems:
        raise InstrumentError.of("pruning", problems)
