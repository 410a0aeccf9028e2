"""
One criterion: a question or a group, as a value.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import attrs

from pelayanan.aggregation import RULES, WEIGHTED_MEAN, Rule
from pelayanan.conditions import Condition, as_conditions
from pelayanan.errors import InstrumentError, Problem, a_count, a_flag, a_text, check_kind, is_a
from pelayanan.exact import Exact, exact_or_none
from pelayanan.mapping import FrozenMapping, Text
from pelayanan.provenance import Standings, as_codes, as_standings, as_text, as_texts
from pelayanan.scales import Scale
from pelayanan.value import Value
from pelayanan.weighting import Weights

__all__ = [
    "MISSING_POLICIES",
    "ROOT",
    "Criterion",
    "Group",
    "Indicator",
    "depth_of",
    "lineage",
    "parent_of",
    "place_of",
]

MISSING_POLICIES = ("refuse", "zero", "lowest", "exclude")
ROOT = "*"


def _labels(value: Mapping[str, Any]) -> FrozenMapping[Text]:
    check_kind("labels", value, Mapping, "labels by option")
    for code in value:
        check_kind("labels", code, str, "labels by option")
    return FrozenMapping({code: as_text(label) for code, label in value.items()})


@attrs.frozen(repr=False)
class Indicator(Value):
    """
    A criterion that is answered: a question.

    Args:
        code: Dotted parts of ``[a-z0-9_]+``; the parent is the code without its last part.
        scale: What it may be answered with.
        weight: As printed, in any unit; ``None`` where it was not.
        title: Text by language.
        missing: What a missing answer does, ``"refuse"``, ``"zero"``, ``"lowest"`` or
            ``"exclude"``; empty takes it from the group.
        optional: Whether it may be not applicable.
        scored: Whether it counts; otherwise it is collected only.
        asked_if: What must be answered elsewhere for it to be asked, all of it; where it is not
            asked, it is not applicable.
        least_respondents: Of a survey: with fewer respondents an answer is missing.
        aliases: Further codes under which answers may arrive.
        labels: Labels of the scale's options that differ here, by option.
        tags: Free groups across the tree, by their name; they never score.
    """

    code: str = attrs.field(validator=a_text)
    scale: Scale = attrs.field(validator=is_a(Scale, "a Scale"))
    weight: Exact | None = attrs.field(default=None, converter=exact_or_none)
    title: Text = attrs.field(default=FrozenMapping(), converter=as_text, kw_only=True)
    missing: str = attrs.field(default="", validator=a_text, kw_only=True)
    optional: bool = attrs.field(default=False, validator=a_flag, kw_only=True)
    scored: bool = attrs.field(default=True, validator=a_flag, kw_only=True)
    asked_if: tuple[Condition, ...] = attrs.field(default=(), converter=as_conditions, kw_only=True)
    least_respondents: int | None = attrs.field(default=None, validator=a_count, kw_only=True)
    aliases: tuple[str, ...] = attrs.field(default=(), converter=as_codes, kw_only=True)
    labels: FrozenMapping[Text] = attrs.field(default=FrozenMapping(), converter=_labels, kw_only=True)
    tags: FrozenMapping[str] = attrs.field(default=FrozenMapping(), converter=as_texts, kw_only=True)
    source: tuple[str, ...] = attrs.field(default=(), converter=as_codes, kw_only=True)
    standing: Standings = attrs.field(default=FrozenMapping(), converter=as_standings, kw_only=True)
    disputed: str = attrs.field(default="", validator=a_text, kw_only=True)

    def __repr__(self) -> str:
        return f"Indicator({self.code!r}, {self.scale.form})"


def _rule(value: str | Rule) -> Rule | str:
    return RULES.get(value, value) if isinstance(value, str) else value


_NUMBER = re.compile(r"[1-9][0-9]{0,4}")
Steps = FrozenMapping[tuple[tuple[Exact, Exact], ...]]


def _steps(value: Mapping[Any, Iterable[tuple[Any, Any]]]) -> Steps:
    tables = isinstance(value, Mapping) and all(isinstance(each, tuple | list) for each in value.values())
    rows_given = [row for each in value.values() for row in each] if tables else []
    pairs = tables and all(isinstance(row, tuple | list) and len(row) == 2 for row in rows_given)
    if not pairs:
        message = "expected pairs of a sum and a share, by the number of members"
        raise InstrumentError.of("steps", [Problem("steps", message, "")])
    rows = {
        str(number): tuple((Exact(start), Exact(share)) for start, share in each)
        for number, each in value.items()
    }
    return FrozenMapping(rows)


@attrs.frozen(repr=False)
class Group(Value):
    """
    A criterion that combines others: a dimension, variable or aspect.

    Args:
        code: As for an indicator; the root is ``"*"``.
        weight: As printed, in any unit; ``None`` where it was not.
        rule: How the shares of the members are combined, by name or as a value.
        weights: What is declared of the members' weights.
        rescale: Under a weighted sum from which answers may be left out: whether the
            others carry their weight.
        plus: Under the weakest link with plus: what is added to the lowest share where
            another is higher.
        steps: Under a step rule, by the number of members with a score: pairs of the sum of
            weight x share from which on a share holds, and that share, in rising order.
        least_answered: The part of the questions asked that must be answered for there
            to be a score; at the root only.
        asked_if, least_respondents: As for an indicator, for all that are below.
        tags: As for an indicator.
    """

    code: str = attrs.field(validator=a_text)
    weight: Exact | None = attrs.field(default=None, converter=exact_or_none)
    title: Text = attrs.field(default=FrozenMapping(), converter=as_text, kw_only=True)
    rule: Rule = attrs.field(
        default=WEIGHTED_MEAN, converter=_rule, validator=is_a(str | Rule, "a rule or its name"), kw_only=True
    )
    weights: Weights = attrs.field(default=Weights(), validator=is_a(Weights, "Weights"), kw_only=True)
    rescale: bool | None = attrs.field(
        default=None, validator=is_a(bool | None, "True or False"), kw_only=True
    )
    plus: Exact | None = attrs.field(default=None, converter=exact_or_none, kw_only=True)
    steps: Steps = attrs.field(default=FrozenMapping(), converter=_steps, kw_only=True)
    missing: str = attrs.field(default="", validator=a_text, kw_only=True)
    least_answered: Exact | None = attrs.field(default=None, converter=exact_or_none, kw_only=True)
    asked_if: tuple[Condition, ...] = attrs.field(default=(), converter=as_conditions, kw_only=True)
    least_respondents: int | None = attrs.field(default=None, validator=a_count, kw_only=True)
    tags: FrozenMapping[str] = attrs.field(default=FrozenMapping(), converter=as_texts, kw_only=True)
    source: tuple[str, ...] = attrs.field(default=(), converter=as_codes, kw_only=True)
    standing: Standings = attrs.field(default=FrozenMapping(), converter=as_standings, kw_only=True)
    disputed: str = attrs.field(default="", validator=a_text, kw_only=True)

    def __attrs_post_init__(self) -> None:
        problems = []
        if isinstance(self.rule, str):
            known = ", ".join(repr(name) for name in RULES)
            message = f"expected one of the rules {known}, not {self.rule!r}"
            problems.append(Problem("unknown-rule", message, "rule"))
        for number in self.steps:
            if not _NUMBER.fullmatch(number):
                message = f"a row is for a number of members, such as 2, not for {number[:60]!r}"
                problems.append(Problem("steps", message, "steps"))
        if problems:
            raise InstrumentError.of(f"group {self.code!r}", problems)

    def __repr__(self) -> str:
        return f"Group({self.code!r}, {self.rule.name})"


Criterion = Indicator | Group


def parent_of(code: str) -> str:
    """
    Return the code of the group that a criterion belongs to.

    >>> parent_of("input.i1"), parent_of("input")
    ('input', '*')
    """
    return code.rpartition(".")[0] or ROOT


def lineage(code: str) -> Iterator[str]:
    """
    Return a code and those of the groups above it, up to the root.

    >>> list(lineage("input.i1"))
    ['input.i1', 'input', '*']
    """
    while code != ROOT:
        yield code
        code = parent_of(code)
    yield ROOT


def place_of(code: str) -> str:
    """
    Return how problems name the place of a criterion.
    """
    return "root" if code == ROOT else f"criteria[{code[:60]!r}]"


def depth_of(code: str) -> int:
    """
    Return how many levels a criterion lies below the root.
    """
    return 0 if code == ROOT else code.count(".") + 1
