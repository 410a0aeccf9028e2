"""
Pruning: an instrument whose dimensions are its questions.
"""

from collections.abc import Iterable
from fractions import Fraction

import attrs

from pelayanan.aggregation import STEP
from pelayanan.criteria import Criteria
from pelayanan.criterion import ROOT, Criterion, Group, Indicator, lineage, parent_of, place_of
from pelayanan.errors import InstrumentError, Problem
from pelayanan.exact import Exact, written
from pelayanan.scales import Option, Scale
from pelayanan.value import Value

__all__ = ["OF", "Pruning", "check_conditions", "check_stages", "cut", "pruned"]

OF = ("points", "share", "contribution")


@attrs.frozen
class Pruning(Value):
    """
    Which criteria became questions, and what their answers are.

    Args:
        whole: The fingerprint of the instrument that was pruned.
        own: The fingerprint that the pruned one had then; one that was changed since has another.
    """

    codes: tuple[str, ...]
    of: str
    whole: str = ""
    own: str = ""


def cut(criteria: Criteria, depth: int | None, at: Iterable[str] | None) -> tuple[str, ...]:
    """
    Return the codes of the criteria that become questions, in order.

    Raises:
        InstrumentError: Neither depth nor codes, no scored criterion there, or one inside
            another.
    """
    if (depth is None) == (at is None):
        raise _error("pruning", "state either depth or at", "pruned")
    if at is None:
        level = (code for code in criteria.by_code if code.count(".") + 1 == depth)
        codes = tuple(code for code in level if criteria.counts(code))
    else:
        wanted = set(at)
        codes = tuple(code for code in criteria.by_code if code in wanted)
    if not codes:
        where = f"at depth {depth!r}" if at is None else "in at"
        raise _error("pruning", f"there is no scored criterion {where}", "pruned")
    for code in codes:
        above = parent_of(code)
        while above != ROOT:
            if above in codes:
                raise _error("pruning", f"it lies inside {above!r}, which becomes a question", place_of(code))
            above = parent_of(above)
    return codes


def pruned(criteria: Criteria, codes: tuple[str, ...], of: str, maximum: Fraction) -> Criteria:
    """
    Return the criteria with those of ``codes`` as indicators, answered as ``of`` says.

    Raises:
        InstrumentError: ``of`` is no measure, or a criterion is not scored.
    """
    if not isinstance(of, str) or of not in OF:
        known = ", ".join(repr(each) for each in OF)
        raise _error("pruning", f"expected one of {known}, not {of!r}", "pruned")
    scales = {each.code: each.scale for each in criteria.listed if isinstance(each, Indicator)}
    lowest = criteria.shares({code: scale.worst for code, scale in scales.items()})
    highest = criteria.shares({code: scale.best for code, scale in scales.items()})
    for code in codes:
        if (highest[code] or 0) > 1:
            why = "is rounded" if code in criteria.staged else "has weights that add up"
            message = f"it {why} to more than the whole, so that its share can be {highest[code]}"
            raise _error("pruning", message, place_of(code))
    listed: list[Criterion] = []
    for code, each in criteria.by_code.items():
        if code in codes:
            listed.append(_question(criteria, each, of, maximum, lowest[code] or Fraction(0)))
        elif not any(code.startswith(f"{above}.") for above in codes):
            listed.append(each)
    weights = _weights_at_leaves(criteria, codes)
    restated = [attrs.evolve(each, weight=weights.get(each.code, each.weight)) for each in listed]
    return attrs.evolve(criteria, listed=tuple(restated))


def check_stages(criteria: Criteria, codes: tuple[str, ...]) -> None:
    """
    Check that nothing is rounded below the criteria that become questions.

    Raises:
        InstrumentError: Something is.
    """
    problems = [
        Problem("pruning", f"{code!r} below it is rounded on the way", place_of(above))
        for above in codes
        for code in criteria.staged
        if code.startswith(f"{above}.")
    ]
    if problems:
        raise InstrumentError.of("pruning", problems)


def check_conditions(criteria: Criteria, codes: tuple[str, ...]) -> None:
    """
    Check that what is left is asked under no condition on what is pruned.

    Raises:
        InstrumentError: Something is.
    """

    def goes(code: str) -> bool:
        return any(code.startswith(f"{above}.") for above in codes)

    problems = [
        Problem("pruning", f"it is asked only where {condition}, which is pruned", place_of(each.code))
        for each in criteria.listed
        for condition in each.asked_if
        if not goes(each.code) and (goes(condition.criterion) or condition.criterion in codes)
    ]
    if problems:
        raise InstrumentError.of("pruning", problems)


def _weights_at_leaves(criteria: Criteria, codes: tuple[str, ...]) -> dict[str, Exact]:
    """
    Return weights for what is left below groups whose weights are printed at their leaves.
    """
    found: dict[str, Exact] = {}
    for carrier in criteria.groups:
        if carrier.weights.over != "leaves" or carrier.code in criteria.carriers:
            continue
        within = "" if carrier.code == ROOT else f"{carrier.code}."
        cut_here = [code for code in codes if code.startswith(within)]
        if not cut_here:
            continue
        for leaf in criteria.leaves[carrier.code]:
            code = next((c for c in cut_here if leaf == c or leaf.startswith(f"{c}.")), leaf)
            found[code] = Exact(found.get(code, 0) + criteria.weights[leaf])
    return found


def _question(criteria: Criteria, each: Criterion, of: str, maximum: Fraction, lowest: Fraction) -> Indicator:
    if not criteria.counts(each.code):
        raise _error("pruning", "it is not scored and has no points", place_of(each.code))
    effective = criteria.effective_weights[each.code]
    if of == "contribution" and effective is None:
        message = "it stands below a rule that is not linear and has no contribution"
        raise _error("pruning", message, place_of(each.code))
    unit = {"points": maximum, "share": Fraction(1), "contribution": maximum * (effective or 1)}[of]
    leaves = criteria.leaves[each.code] if isinstance(each, Group) else (each.code,)
    certain = isinstance(each, Indicator) or not any(criteria.may_be_left_out(code) for code in leaves)
    policy = _policy({criteria.policy(code) for code in leaves}, lowest, certain)
    in_table = certain and criteria.group(parent_of(each.code)).rule == STEP
    if in_table and lowest >= 1:
        scale = Scale(options=[Option(written(unit), 1)])
    else:
        scale = Scale(low=unit * lowest if policy == "lowest" or in_table else 0, high=unit)
    return Indicator(
        each.code,
        scale,
        each.weight,
        title=each.title,
        missing=policy,
        optional=all(
            criteria.indicator(code).optional or _is_conditional(criteria, code, each.code) for code in leaves
        ),
        asked_if=each.asked_if,
        aliases=each.aliases if isinstance(each, Indicator) else (),
        tags=each.tags,
        source=each.source,
        standing={figure: said for figure, said in each.standing.items() if figure in _KEPT},
        disputed=each.disputed,
    )


def _is_conditional(criteria: Criteria, code: str, above: str) -> bool:
    """Return whether an indicator is asked under a condition that is said of it below a criterion."""
    below = (each for each in lineage(code) if each.startswith(f"{above}."))
    return any(criteria.by_code[each].asked_if for each in below)


def _policy(policies: set[str], lowest: Fraction, certain: bool) -> str:
    """
    Return what a missing answer does where all below are missing; refused where that is not one thing.

    Where what is below may be left out, a share can be lower than that of the lowest answers to all.
    """
    floored = policies == {"lowest"} and lowest > 0 and not certain
    if len(policies) > 1 or floored or (policies == {"lowest"} and lowest >= 1):
        return "refuse"
    return next(iter(policies))


_KEPT = ("criterion", "title", "weight", "missing", "asked_if", "tags")


def _error(code: str, message: str, place: str) -> InstrumentError:
    return InstrumentError.of("pruning", [Problem(code, message, place)])
