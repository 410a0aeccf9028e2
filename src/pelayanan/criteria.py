"""
The criteria of an instrument, as a tree of dotted codes.
"""

from collections.abc import Iterable, Mapping
from fractions import Fraction
from functools import cached_property
from graphlib import TopologicalSorter
from typing import Any

import attrs

from pelayanan.aggregation import Terms
from pelayanan.conditions import Condition
from pelayanan.criterion import ROOT, Criterion, Group, Indicator, depth_of, lineage, parent_of, place_of
from pelayanan.errors import Problem
from pelayanan.layout import Layout, layout_of
from pelayanan.mapping import FrozenMapping
from pelayanan.stages import EACH, RoundingStage
from pelayanan.tree import Node, Tree
from pelayanan.weighting import resolved

__all__ = ["Criteria"]


def _criteria(value: Iterable[Criterion]) -> tuple[Criterion, ...]:
    return tuple(value)


@attrs.frozen(slots=False, repr=False)
class Criteria:
    """
    The criteria of an instrument in order, with what follows from their codes.

    Nothing is raised here: `soundness.problems_of` lists what is wrong, and the rest holds for
    sound criteria only.

    Args:
        root: The group of the first-level criteria.
        listed: All other criteria, in the order of the file.
        missing: What a missing answer does where no criterion says so.
        skippable: Whether any criterion may be not applicable, as the edition has a token for it.
        maximum: What the share 1 of the whole is worth, for rounding on the way [points].
        stages: Where shares are rounded on the way.
    """

    root: Group
    listed: tuple[Criterion, ...] = attrs.field(converter=_criteria)
    missing: str = "refuse"
    skippable: bool = False
    maximum: Fraction = Fraction(1)
    stages: tuple[RoundingStage, ...] = ()

    def __getstate__(self) -> dict[str, Any]:
        return {each.name: getattr(self, each.name) for each in attrs.fields(Criteria)}

    @cached_property
    def by_code(self) -> FrozenMapping[Criterion]:
        """The criteria by code, in order, without the root."""
        return FrozenMapping({each.code: each for each in self.listed})

    def group(self, code: str) -> Group:
        """
        Return the group of that code.
        """
        found = self.root if code == ROOT else self.by_code[code]
        if not isinstance(found, Group):
            raise KeyError(code)
        return found

    def indicator(self, code: str) -> Indicator:
        """
        Return the indicator of that code.
        """
        found = self.by_code[code]
        if not isinstance(found, Indicator):
            raise KeyError(code)
        return found

    @cached_property
    def groups(self) -> tuple[Group, ...]:
        """The groups in order, the root first."""
        return (self.root, *(each for each in self.listed if isinstance(each, Group)))

    @cached_property
    def members(self) -> Mapping[str, tuple[str, ...]]:
        """The codes directly below each group, in order."""
        below: dict[str, list[str]] = {group.code: [] for group in self.groups}
        for each in self.listed:
            below.setdefault(parent_of(each.code), []).append(each.code)
        return {code: tuple(codes) for code, codes in below.items()}

    @cached_property
    def leaves(self) -> Mapping[str, tuple[str, ...]]:
        """The codes of the scored indicators below each group, in the order of the tree."""
        found: dict[str, tuple[str, ...]] = {}
        for group in sorted(self.groups, key=lambda group: -depth_of(group.code)):
            codes: list[str] = []
            for code in self.members[group.code]:
                member = self.by_code[code]
                if isinstance(member, Group):
                    codes += found[code]
                elif member.scored:
                    codes.append(code)
            found[group.code] = tuple(codes)
        return found

    @cached_property
    def carriers(self) -> Mapping[str, str]:
        """For groups between: the group whose weights are printed at the leaves below it."""
        groups = {group.code: group for group in self.groups}
        found = {}
        for code in groups:
            above = code
            while above != ROOT and parent_of(above) in groups:
                above = parent_of(above)
                if groups[above].weights.over == "leaves":
                    found[code] = above
                    break
        return found

    @cached_property
    def combined(self) -> Mapping[str, tuple[str, ...]]:
        """The codes whose shares the rule of each group combines: its members that are scored."""
        return {
            code: tuple(member for member in members if self.counts(member))
            for code, members in self.members.items()
        }

    @cached_property
    def weighted(self) -> Mapping[str, tuple[str, ...]]:
        """The codes whose weights are printed as parts of each group; none of a group between."""
        return {
            group.code: self.leaves[group.code]
            if group.weights.over == "leaves"
            else self.combined[group.code]
            for group in self.groups
            if group.code not in self.carriers
        }

    def counts(self, code: str) -> bool:
        """
        Return whether a criterion is scored, or something below it is.
        """
        member = self.by_code[code]
        return member.scored if isinstance(member, Indicator) else bool(self.leaves[code])

    @cached_property
    def _resolved(self) -> tuple[dict[str, Fraction], list[Problem]]:
        weights: dict[str, Fraction] = {}
        problems: list[Problem] = []
        for group in self.groups:
            codes = self.weighted.get(group.code)
            if not codes:
                continue
            if group.rule.linear is None:
                weights |= {code: Fraction(self.by_code[code].weight or 1) for code in codes}
                continue
            printed = [self.by_code[code].weight for code in codes]
            parts, found = resolved(
                printed, group.weights, of_whole=group.rule.of_whole, place=place_of(group.code)
            )
            weights |= dict(zip(codes, parts, strict=True))
            problems += found
        for code in self.carriers:
            weights[code] = sum((weights[leaf] for leaf in self.leaves[code]), Fraction(0))
        return weights, problems

    @property
    def weights(self) -> Mapping[str, Fraction]:
        """
        The weight of each criterion in the unit of its print, absent ones worked out.

        A group between weighs what the leaves below it do.
        """
        return self._resolved[0]

    @property
    def weight_problems(self) -> list[Problem]:
        """What is wrong with the weights that the groups declare."""
        return self._resolved[1]

    def policy_of(self, code: str) -> str:
        """
        Return what a criterion or a group above it says of a missing answer; else nothing.
        """
        said = (self.by_code[each].missing for each in lineage(code) if each in self.by_code)
        return next(filter(None, said), self.root.missing)

    @cached_property
    def conditions(self) -> Mapping[str, tuple[Condition, ...]]:
        """What must hold for each indicator to be asked, by its own and its groups' conditions."""
        found: dict[str, tuple[Condition, ...]] = {}
        for code, each in self.by_code.items():
            if isinstance(each, Indicator):
                above = [self.by_code[group] for group in lineage(code) if group in self.by_code]
                held = tuple(condition for one in above for condition in one.asked_if)
                found |= {code: held} if held else {}
        return found

    @cached_property
    def asking(self) -> tuple[str, ...]:
        """
        The indicators that are not always asked, each after those that its conditions are about.

        Raises:
            graphlib.CycleError: Conditions that refer to themselves in a circle.
        """
        about = {code: [each.criterion for each in held] for code, held in self.conditions.items()}
        return tuple(code for code in TopologicalSorter(about).static_order() if code in about)

    @cached_property
    def asked_about(self) -> frozenset[str]:
        """The indicators that decide whether others are asked that are scored, directly or by others."""
        return self.asked_before(self.leaves[ROOT])

    def asked_before(self, codes: Iterable[str]) -> frozenset[str]:
        """
        Return the indicators that decide whether some others are asked, directly or by others.
        """
        wanted, found = set(codes), set[str]()
        for code in reversed(self.asking):
            if code in wanted:
                about = {each.criterion for each in self.conditions[code]}
                wanted |= about
                found |= about
        return frozenset(found)

    def unasked(self, cells: Mapping[str, Any]) -> frozenset[str]:
        """
        Return the indicators of one unit that are not asked.

        Args:
            cells: The answer to each indicator, or its state.
        """
        found: set[str] = set()
        for code in self.asking:
            held = self.conditions[code]
            if not all(each.criterion not in found and each.holds(cells[each.criterion]) for each in held):
                found.add(code)
        return frozenset(found)

    def least_respondents(self, code: str) -> int:
        """
        Return with how many respondents an answer of a survey counts at least.
        """
        above = (self.root if each == ROOT else self.by_code.get(each) for each in lineage(code))
        said = (each.least_respondents for each in above if each is not None)
        return next((least for least in said if least is not None), 0)

    def policy(self, code: str) -> str:
        """
        Return what a missing answer to a criterion does.
        """
        return self._policies[code]

    @cached_property
    def _policies(self) -> dict[str, str]:
        return {code: self.policy_of(code) or self.missing for code in (ROOT, *self.by_code)}

    def terms(self, group: Group) -> Terms:
        """
        Return what the rule of a group takes besides shares and weights.
        """
        whole = group.weights.whole
        return Terms(
            Fraction(1 if whole is None else whole),
            bool(group.rescale),
            Fraction(group.plus or 0),
            {int(number): rows for number, rows in group.steps.items()},
        )

    @cached_property
    def staged(self) -> Mapping[str, RoundingStage]:
        """The rounding stage of each criterion that has one."""
        found: dict[str, RoundingStage] = {}
        for stage in self.stages:
            codes = self.combined.get(stage.of_group, ()) if stage.at == EACH else (stage.at,)
            found |= dict.fromkeys(codes, stage)
        return found

    @cached_property
    def leaves_out(self) -> bool:
        """Whether a unit can be scored without some indicator, so that the others weigh more."""
        return any(self.may_be_left_out(code) for code in self.leaves[ROOT])

    @property
    def rounds_contributions(self) -> bool:
        """Whether what a criterion adds to the total is rounded on the way."""
        return any(stage.of == "contribution" for stage in self.stages)

    @cached_property
    def parts(self) -> frozenset[str]:
        """
        The criteria whose shares are worked out by themselves, before what stands above them.

        They are those that are rounded, the groups whose rules are not linear, and the groups
        that these combine.
        """
        found = set(self.staged)
        for group in self.groups:
            if group.rule.linear is None:
                inner = [code for code in self.combined[group.code] if code in self.combined]
                found |= {group.code, *inner}
        return frozenset(found)

    def undefined(self, code: str) -> bool:
        """
        Return whether a criterion has no weight in the whole, as a rule above it is not linear.
        """
        while code != ROOT:
            code = parent_of(code)
            if self.group(code).rule.linear is None:
                return True
        return False

    @cached_property
    def plans(self) -> dict[Any, Any]:
        """What others work out from the criteria, kept so that it is done once."""
        return {}

    @cached_property
    def _trees(self) -> dict[tuple[str, frozenset[str]], tuple[Tree, tuple[str, ...]]]:
        return {}

    def tree(self, code: str, cut: frozenset[str] = frozenset()) -> tuple[Tree, tuple[str, ...]]:
        """
        Return the criterion of that code with what is below it as arrays, and the codes of its leaves.

        Args:
            cut: The criteria that are leaves there, whatever stands below them.
        """
        key = (code, cut)
        if key not in self._trees:
            inner = code in self.combined and code not in cut
            self._trees[key] = (
                self._grown(layout_of(code, self.combined, cut))
                if inner
                else (Tree.of_leaf(self.bounds[code]), (code,))
            )
        return self._trees[key]

    def _grown(self, layout: Layout) -> tuple[Tree, tuple[str, ...]]:
        nodes = []
        for each in layout.groups:
            weights = [self.weights[member] for member in each.members]
            factor, normalised = self._linear(self.group(each.code), weights)
            nodes.append(Node.of(each.leaves, each.groups, weights, factor, normalised))
        return Tree(tuple(self.bounds[leaf] for leaf in layout.leaves), tuple(nodes)), layout.leaves

    def _linear(self, group: Group, weights: list[Fraction]) -> tuple[Fraction, bool]:
        """Return the rule of a group as what the sum is multiplied with, and whether it is a mean."""
        if group.rule.linear is None:
            raise ValueError(f"{group.rule.name} is not linear")
        return group.rule.linear(weights, self.terms(group))

    @cached_property
    def bounds(self) -> Mapping[str, float]:
        """An upper bound of the share of each criterion."""
        found: dict[str, float] = {}

        def keep(code: str, bound: float) -> None:
            stage = self.staged.get(code)
            weight = self.effective_weights[code] if stage and stage.of == "contribution" else Fraction(1)
            found[code] = bound + (float(stage.grid / self.maximum / (weight or 1)) if stage else 0.0)

        for code in self.by_code:
            keep(code, 1.0)
        for group in sorted(self.groups, key=lambda group: -depth_of(group.code)):
            codes = self.combined[group.code]
            best = max((found[code] for code in codes), default=1.0)
            if group.rule.linear is not None and codes:
                weights = [self.weights[code] for code in codes]
                factor, normalised = self._linear(group, weights)
                best *= float(factor) * (1.0 if normalised else float(sum(weights)))
            keep(group.code, max(1.0, best) * 1.001)
        return found

    @cached_property
    def effective_weights(self) -> Mapping[str, Fraction | None]:
        """
        The part of the whole that each criterion is worth when everything is answered.

        Nothing below a rule that is not linear.
        """
        return self.weights_left({code: Fraction(1) for code in (ROOT, *self.by_code)})

    def weights_left(self, shares: Mapping[str, Fraction | None]) -> dict[str, Fraction | None]:
        """
        Return the part of the whole that each criterion is worth after what was left out.

        Nothing below a rule that is not linear.

        Args:
            shares: The share of every criterion, ``None`` for one without a score.
        """
        found: dict[str, Fraction | None] = dict.fromkeys((ROOT, *self.by_code), Fraction(0))
        found[ROOT] = Fraction(0 if shares[ROOT] is None else 1)
        for group in sorted(self.groups, key=lambda group: depth_of(group.code)):
            members = self.combined[group.code]
            above = found[group.code]
            if above is None or group.rule.linear is None:
                found |= dict.fromkeys(members)
                continue
            weights = [self.weights[code] for code in members]
            left = {code: self.weights[code] for code in members if shares[code] is not None}
            factor, normalised = self._linear(group, weights)
            whole = sum(left.values(), Fraction(0)) if normalised else Fraction(1)
            for code, weight in left.items():
                found[code] = above * factor * weight / whole
        return found

    def shares(self, answered: Mapping[str, Fraction | None]) -> dict[str, Fraction | None]:
        """
        Return the share of every criterion of one unit, exactly: the twin of the kernels.

        Args:
            answered: The share of each indicator, ``None`` for one that is left out.
        """
        return self.worked_out(answered)[0]

    def worked_out(
        self, answered: Mapping[str, Fraction | None]
    ) -> tuple[dict[str, Fraction | None], dict[str, Fraction]]:
        """
        Return the share of every criterion of one unit, and those that were rounded as they were before.

        Args:
            answered: As for `shares`.
        """
        found: dict[str, Fraction | None] = {code: answered.get(code) for code in self.by_code}
        units = self._stage_units(found)
        before: dict[str, Fraction] = {}

        def keep(code: str, share: Fraction | None) -> None:
            if code in units and share is not None:
                before[code] = share
                share = self.staged[code].rounded(share, units[code])
            found[code] = share

        for code in [code for code in units if code not in self.combined]:
            keep(code, found[code])
        for group in sorted(self.groups, key=lambda group: -depth_of(group.code)):
            codes = self.combined[group.code]
            weights = [self.weights[code] for code in codes]
            shares = [found[code] for code in codes]
            keep(group.code, group.rule.share(shares, weights, self.terms(group)) if codes else None)
        return found, before

    def _stage_units(self, answered: Mapping[str, Fraction | None]) -> dict[str, Fraction]:
        """Return what the share 1 of each rounded criterion is worth, where it has a share [points]."""
        units = dict.fromkeys(self.staged, self.maximum)
        contributions = [code for code, stage in self.staged.items() if stage.of == "contribution"]
        if contributions:
            there = dict(answered)
            for group in sorted(self.groups, key=lambda group: -depth_of(group.code)):
                scored = any(there[code] is not None for code in self.combined[group.code])
                there[group.code] = Fraction(1) if scored else None
            left = self.weights_left(there)
            units |= {code: self.maximum * (left[code] or 1) for code in contributions}
        return units

    def may_be_skipped(self, code: str) -> bool:
        """
        Return whether an indicator may be said to be not applicable.
        """
        return self.skippable or self.indicator(code).optional

    def may_be_left_out(self, code: str) -> bool:
        """
        Return whether a unit can be scored without the indicator.
        """
        return self.may_be_skipped(code) or code in self.conditions or self.policy(code) == "exclude"
