"""
One unit at two times, scored with some of what differs taken from the one time and some from the other.
"""

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from functools import cached_property
from itertools import combinations
from math import factorial
from typing import Any, TypeVar

import attrs

from pelayanan.aggregation import STEP, Terms, step
from pelayanan.answers import NOT_APPLICABLE, State
from pelayanan.bases import Answered
from pelayanan.criteria import Criteria
from pelayanan.criterion import ROOT, Group
from pelayanan.decomposition import PARTS, ChangeLine
from pelayanan.exact import Rounding, decimal, written
from pelayanan.moves import moves
from pelayanan.pairing import same_names
from pelayanan.placing import renamed
from pelayanan.scales import Scale
from pelayanan.stages import RoundingStage

__all__ = ["Hybrids"]

Share = Fraction | None
Points = dict[str, Fraction]
Name = TypeVar("Name", bound=Hashable)

_FACTORS = ("answers", "scales", "weights", "rounding", "maximum")
_OF_CRITERIA = frozenset({"weights", "rounding", "maximum"})
_PERCENT = Rounding(2)


@attrs.frozen(eq=False, slots=False)
class Hybrids:
    """
    One unit at two times; what is the same at both is scored with some of what differs taken from each.

    Args:
        given: The answers before and after.
        rows: The rows of the unit in them.

    >>> import pelayanan
    >>> dimensions = pelayanan.load("ombudsman-2022").pruned(depth=1)
    >>> office = {"input": 60, "proses": 90, "output": 85, "pengaduan": 70}
    >>> tables = [pelayanan.Answers.from_rows([office | {"input": points}]) for points in (60, 80)]
    >>> before, after = (pelayanan.score(dimensions, each).basis for each in tables)
    >>> [(each.code, str(each.points)) for each in Hybrids((before, after), (0, 0)).lines()["answers"]]
    [('input', '437/100')]
    """

    given: tuple[Answered, Answered]
    rows: tuple[int, int]

    @cached_property
    def trees(self) -> tuple[Criteria, Criteria]:
        old, new = (each.instrument.tree for each in self.given)
        return old, new

    @cached_property
    def to(self) -> dict[str, str]:
        """The code after of each criterion before."""
        new = moves(self.given[0].instrument, self.given[1].instrument)
        return {code: renamed(code, new) for code in (ROOT, *self.trees[0].by_code)}

    @cached_property
    def common(self) -> tuple[tuple[str, str], ...]:
        """The codes of the questions that are the same, before and after."""
        old, new = (each.instrument for each in self.given)
        if old.family != new.family:
            return ()
        after = set(self.trees[1].leaves[ROOT])
        pairs = [(code, self.to[code]) for code in self.trees[0].leaves[ROOT] if self.to[code] in after]
        return tuple(sorted((pair for pair in pairs if self.alike(*pair)), key=sorted))

    def alike(self, old: str, new: str) -> bool:
        """Return whether it is one question, and both its answers can be given to it at either time."""
        one, other = (tree.indicator(code) for tree, code in zip(self.trees, (old, new), strict=True))
        if old == new and not same_names(one, other):
            return False
        scales = (one.scale, other.scale)
        cells = (self.cell(0, old), self.cell(1, new))
        read = (isinstance(cell, State) or scale.fault(cell) is None for scale in scales for cell in cells)
        return _domain(scales[0]) == _domain(scales[1]) and all(read)

    def cell(self, side: int, code: str) -> Any:
        return self.given[side].cell(code, self.rows[side])

    def worth(self, side: int, code: str, cell: Any) -> Share:
        """Return what an answer is worth at one time."""
        indicator = self.trees[side].indicator(code)
        if isinstance(cell, State):
            lowest = {"zero": Fraction(0), "lowest": indicator.scale.worst}
            return None if cell is NOT_APPLICABLE else lowest.get(self.trees[side].policy(code))
        return indicator.scale.share(cell)

    def worths(self, taken: frozenset[str]) -> list[Share]:
        """Return what the common questions are worth, with some factors taken from after."""
        answers, scales = ("answers" in taken, "scales" in taken)
        return [
            self.worth(int(scales), pair[scales], self.cell(int(answers), pair[answers]))
            for pair in self.common
        ]

    @cached_property
    def _criteria(self) -> dict[frozenset[str], Criteria]:
        return {}

    def criteria(self, taken: frozenset[str]) -> Criteria:
        """Return the criteria of one time, rounded on the way as at that or the other, of a maximum."""
        key = taken & _OF_CRITERIA
        if key not in self._criteria:
            here, staged = int("weights" in key), int("rounding" in key)
            tree = self.trees[here]
            listed = [_stepping(each) if isinstance(each, Group) else each for each in tree.listed]
            stages = tree.stages if here == staged else self._stages(staged)
            self._criteria[key] = attrs.evolve(
                tree, root=_stepping(tree.root), listed=listed, stages=stages, maximum=self.maximum(key)
            )
        return self._criteria[key]

    def _stages(self, side: int) -> tuple[RoundingStage, ...]:
        """Return how one time rounds on the way, for the criteria of the other that are the same."""
        to = self.to if side == 0 else {new: old for old, new in self.to.items()}
        tree = self.trees[1 - side]
        found = []
        for code, stage in self.trees[side].staged.items():
            there = to.get(code, "")
            scored = there == ROOT or (there in tree.by_code and tree.counts(there))
            if scored and (stage.of == "points" or not tree.undefined(there)):
                found.append(attrs.evolve(stage, at=there, of_group=""))
        return tuple(found)

    def maximum(self, taken: frozenset[str]) -> Fraction:
        return Fraction(self.given["maximum" in taken].instrument.maximum)

    def total(self, taken: frozenset[str], worths: Iterable[Share], more: Mapping[str, Share]) -> Fraction:
        """
        Return the exact total [points], 0 where nothing has a score.

        Args:
            worths: Of the common questions.
            more: Of others, by their code.
        """
        codes = (pair["weights" in taken] for pair in self.common)
        answered = dict(zip(codes, worths, strict=True)) | dict(more)
        share = self.criteria(taken).shares(answered)[ROOT]
        return self.maximum(taken) * (share or 0)

    @cached_property
    def factors(self) -> tuple[str, ...]:
        """What may differ between the two times, besides which questions there are."""
        old, new = (each.instrument for each in self.given)
        cells = [(self.cell(0, old_code), self.cell(1, new_code)) for old_code, new_code in self.common]
        rescaled = any(
            self.worth(0, pair[0], cell) != self.worth(1, pair[1], cell)
            for pair, both in zip(self.common, cells, strict=True)
            for cell in both
        )
        other = old.fingerprint != new.fingerprint
        differ = {
            "answers": any(one != two for one, two in cells),
            "scales": rescaled,
            "weights": other,
            "rounding": other and any(tree.staged for tree in self.trees),
            "maximum": old.maximum != new.maximum,
        }
        return tuple(factor for factor in _FACTORS if differ[factor])

    def lines(self) -> dict[str, list[ChangeLine]]:
        """Return what each criterion brings, by part."""
        points = {what: dict[str, Fraction]() for what in PARTS}
        for taken, factor, part in _orders(self.factors):
            for code, added in self.added(taken, factor).items():
                points[factor][code] = points[factor].get(code, Fraction(0)) + part * added
        points["dropped"] = {code: -each for code, each in self.extra(0).items()}
        points["added"] = self.extra(1)
        return {
            what: [self.line(what, code, each) for code, each in found.items()]
            for what, found in points.items()
        }

    def added(self, taken: frozenset[str], factor: str) -> Points:
        """Return what a factor adds after others, by the code of the criterion."""
        then = taken | {factor}
        here, there = self.worths(taken), self.worths(then)
        if factor in ("answers", "scales"):
            return self._one_by_one(taken, here, there)
        linear = not (self.criteria(taken).parts or self.criteria(then).parts)
        if factor == "weights" and linear:
            sides = [self._weights(each, here) for each in (taken, then)]
            return {
                pair[1]: self.maximum(taken) * (after - before) * (share or 0)
                for pair, before, after, share in zip(self.common, *sides, here, strict=True)
            }
        return {ROOT: self.total(then, there, {}) - self.total(taken, here, {})}

    def _weights(self, taken: frozenset[str], worths: Sequence[Share]) -> list[Fraction]:
        """Return the part of the whole that each common question is worth after what was left out."""
        criteria = self.criteria(taken)
        codes = [pair["weights" in taken] for pair in self.common]
        left = criteria.weights_left(criteria.shares(dict(zip(codes, worths, strict=True))))
        return [left[code] or Fraction(0) for code in codes]

    def _one_by_one(self, taken: frozenset[str], here: Sequence[Share], there: Sequence[Share]) -> Points:
        """Return what each common question adds when it changes, in order and in reverse."""
        places = [place for place, one in enumerate(here) if one != there[place]]
        same = all((here[place] is None) == (there[place] is None) for place in places)
        if same and not self.criteria(taken).parts:
            weights, maximum = self._weights(taken, here), self.maximum(taken)
            return {
                self.common[place][1]: maximum * weights[place] * ((there[place] or 0) - (here[place] or 0))
                for place in places
            }

        def changed(done: Iterable[int]) -> Fraction:
            now = set(done)
            return self.total(
                taken, [there[place] if place in now else one for place, one in enumerate(here)], {}
            )

        return {self.common[place][1]: each for place, each in _both_ways(places, changed).items()}

    def extra(self, side: int) -> Points:
        """Return what each question adds that only one of the times has."""
        common = {pair[side] for pair in self.common}
        codes = sorted(code for code in self.trees[side].leaves[ROOT] if code not in common)
        more = {code: self.worth(side, code, self.cell(side, code)) for code in codes}
        taken = frozenset(_FACTORS) if side else frozenset[str]()
        worths = self.worths(taken)
        return _both_ways(codes, lambda done: self.total(taken, worths, {code: more[code] for code in done}))

    def line(self, what: str, code: str, points: Fraction) -> ChangeLine:
        """Return a line in words."""
        side = int(what != "dropped")
        if code == ROOT:
            return ChangeLine(code, self.given[side].instrument.title, points)
        codes = (code, code) if what in ("dropped", "added") else self._codes[code]
        said = ["", ""]
        for place in (0, 1):
            if what == "answers" or (what, place) in (("dropped", 0), ("added", 1)):
                said[place] = _worded(self.cell(place, codes[place]))
            elif what == "weights":
                said[place] = f"{decimal(100 * self._shown_weights[place][code], _PERCENT)} %"
        title = self.trees[side].by_code[codes[side]].title
        return ChangeLine(code, title, points, *said)

    @cached_property
    def _shown_weights(self) -> list[Points]:
        """The part of the whole that each common question is worth among them, before and after."""
        ends = (frozenset[str](), frozenset(_FACTORS))
        new = [pair[1] for pair in self.common]
        return [dict(zip(new, self._weights(each, self.worths(each)), strict=True)) for each in ends]

    @cached_property
    def _codes(self) -> dict[str, tuple[str, str]]:
        return {pair[1]: pair for pair in self.common}


def _orders(factors: Sequence[str]) -> Iterator[tuple[frozenset[str], str, Fraction]]:
    """Return each factor after each set of others, with the part of all orders that have it so."""
    count = len(factors)
    for factor in factors:
        others = [each for each in factors if each != factor]
        for size in range(count):
            part = Fraction(factorial(size) * factorial(count - size - 1), factorial(count))
            for taken in combinations(others, size):
                yield frozenset(taken), factor, part


def _both_ways(names: Sequence[Name], total: Callable[[Sequence[Name]], Fraction]) -> dict[Name, Fraction]:
    """Return what each adds to a total, one after the other: the mean of the order and the reverse."""
    found = dict.fromkeys(names, Fraction(0))
    for order in (list(names), list(reversed(names))):
        last = total([]) if order else Fraction(0)
        for place, name in enumerate(order, 1):
            now = total(order[:place])
            found[name] += (now - last) / 2
            last = now
    return found


def _domain(scale: Scale) -> tuple[Any, ...]:
    """Return what tells scales apart on which an answer does not mean the same."""
    if scale.options:
        return ("options", frozenset(option.code for option in scale.options), scale.between)
    if scale.anchors or scale.steps:
        return ("numbers",)
    return ("range", scale.low, scale.high, scale.of)


def _stepping(group: Group) -> Group:
    """Return a group that has no score where its table of steps lacks a number of members."""
    return attrs.evolve(group, rule=_STEPPING) if group.rule == STEP else group


def _step_or_nothing(shares: Sequence[Share], weights: Sequence[Fraction], terms: Terms) -> Share:
    answered = sum(share is not None for share in shares)
    return step(shares, weights, steps=terms.steps) if answered in terms.steps else None


_STEPPING = attrs.evolve(STEP, exact=_step_or_nothing)


def _worded(cell: Any) -> str:
    if isinstance(cell, State):
        return str(cell.value)
    return written(cell) if isinstance(cell, Fraction) else str(cell)
