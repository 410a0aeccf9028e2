"""
The smallest changes of one unit that meet an aim, and how small they can be at all.
"""

from collections.abc import Mapping
from fractions import Fraction
from functools import cached_property

import attrs

from pelayanan.aggregation import ALL_OR_NOTHING, WEAKEST_LINK, WEAKEST_LINK_PLUS
from pelayanan.aims import Aim, reached
from pelayanan.criterion import ROOT, Group
from pelayanan.milp import Key, Program
from pelayanan.scenarios import UNCHANGED, Point, Scenarios
from pelayanan.zones import Requirement

__all__ = ["Found", "Model", "fewest", "smallest"]

_ROUNDS = 200
_NODES = 500
_CONSTANT = ""
_LINKS = (WEAKEST_LINK, WEAKEST_LINK_PLUS, ALL_OR_NOTHING)

Terms = dict[Key, Fraction]


@attrs.frozen
class Found:
    """
    What a search found.

    Args:
        point: The changes; ``None`` where it found none.
        cost: What they cost together.
        least: A lower bound of what any changes cost that meet the aim; ``None`` where none do.
    """

    point: Point | None
    cost: Fraction | None
    least: Fraction | None


class Model:
    """
    What a unit would have, as sums of the levels that are taken.

    A share is a sum where everything below is linear and not rounded on the way. Else it is a
    variable that is not below what the share can be: under the weakest link and what is like it
    not above any member, and rounded by at most half a step.

    Args:
        sparse: Whether only the best level of each choice is wanted, as all cost the same.
    """

    def __init__(self, scenarios: Scenarios, *, sparse: bool = False) -> None:
        self.scenarios = scenarios
        self.criteria = scenarios.instrument.tree
        self.taken = {
            choice.code: [
                (place, level) for level in range(len(choice.levels) - 1 if sparse else 0, len(choice.levels))
            ]
            for place, choice in enumerate(scenarios.choices)
        }
        self.highest = scenarios.at(scenarios.best)
        self.left = self.criteria.weights_left(self.highest)
        self.variables: dict[Key, Fraction] = {}
        self.links: list[tuple[Terms, Fraction]] = []
        self._known: dict[str, Terms | None] = {}

    @cached_property
    def total(self) -> Terms:
        """The exact total as a sum [points]."""
        return _times(self.share(ROOT) or {}, Fraction(self.scenarios.instrument.maximum))

    @property
    def constant(self) -> Fraction:
        """What the total is with no level taken [points]."""
        return self.total.get(_CONSTANT, Fraction(0))

    @property
    def is_sum(self) -> bool:
        """Whether the total is a sum of what is answered."""
        return not any(key in self.variables for key in self.total)

    def share(self, code: str) -> Terms | None:
        """
        Return the share of a criterion, ``None`` for one that has none.
        """
        if code not in self._known:
            inner = self._grouped(self.criteria.group(code)) if code in self.criteria.combined else None
            found = self._leaf(code) if code not in self.criteria.combined else inner
            stage = self.criteria.staged.get(code)
            if stage is not None and found is not None:
                unit = Fraction(self.scenarios.instrument.maximum)
                unit *= (self.left[code] or 1) if stage.of == "contribution" else 1
                half = Fraction(0) if stage.mode == "down" else stage.grid / unit / 2
                found = self._below(f"{code} rounded", code, [(found, half)])
            self._known[code] = found
        return self._known[code]

    def _leaf(self, code: str) -> Terms | None:
        now = self.scenarios.shares[code]
        if code not in self.taken:
            return None if now is None else {_CONSTANT: now}
        base = now or Fraction(0)
        found: Terms = {_CONSTANT: base}
        for place, level in self.taken[code]:
            found[place, level] = self.scenarios.choices[place].levels[level].share - base
        return found

    def _grouped(self, group: Group) -> Terms | None:
        codes = self.criteria.combined[group.code]
        members = {code: terms for code in codes if (terms := self.share(code)) is not None}
        if not members:
            return None
        if group.rule.linear is None:
            plus = Fraction(group.plus or 0) if group.rule == WEAKEST_LINK_PLUS else Fraction(0)
            above = [(terms, plus) for terms in members.values()] if group.rule in _LINKS else []
            return self._below(group.code, group.code, above)
        weights = [self.criteria.weights[code] for code in codes]
        factor, normalised = group.rule.linear(weights, self.criteria.terms(group))
        if normalised:
            factor /= sum(self.criteria.weights[code] for code in members)
        found: Terms = {}
        for code, terms in members.items():
            for key, each in _times(terms, factor * self.criteria.weights[code]).items():
                found[key] = found.get(key, Fraction(0)) + each
        return found

    def _below(self, name: str, code: str, above: list[tuple[Terms, Fraction]]) -> Terms:
        """Return a variable that is not above any of some sums, nor the highest share there is."""
        self.variables[name] = self.highest[code] or Fraction(0)
        for terms, more in above:
            self.links.append(({**terms, name: Fraction(-1)}, -more))
        return {name: Fraction(1)}

    def program(self, aim: Aim) -> Program:
        """
        Return the program whose choices include all that meet an aim.
        """
        scenarios, maximum = self.scenarios, Fraction(self.scenarios.instrument.maximum)
        costs = {
            (place, level): scenarios.choices[place].costs[level]
            for keys in self.taken.values()
            for place, level in keys
        }
        made = Program(dict(costs))
        total = self.total
        required = [(each, *self._measures(each, maximum)) for each in aim.requires]
        made.shares |= self.variables
        for terms, least in self.links:
            _row(made, terms, least)
        for choice in scenarios.choices:
            one = dict.fromkeys(self.taken[choice.code], Fraction(1))
            made.at_least(_times(one, Fraction(-1)), Fraction(-1))
            if choice.forced:
                made.at_least(one, Fraction(1))
        fresh = [each.code for each in scenarios.choices if scenarios.is_fresh(each)]
        answers = {key: Fraction(1) for code in fresh for key in self.taken[code]}
        made.at_least(answers, Fraction(scenarios.least_answers - scenarios.answers_at(scenarios.start)))
        _row(made, total, aim.start[0], strict=aim.start[1])
        if aim.end is not None and self.is_sum:
            _row(made, _times(total, Fraction(-1)), -aim.end[0], strict=not aim.end[1])
        for number, (each, measures, lacking) in enumerate(required):
            least, strict = Fraction(each.at_least), False
            if each.decide_on is not None:
                least, strict = each.decide_on.entry(least)
            spares = {code: f"{number} {code} fails" for code in measures} if each.exceptions else {}
            made.costs |= dict.fromkeys(spares.values(), Fraction(0))
            for code, terms in measures.items():
                _row(made, terms, least, strict=strict, spare=spares.get(code))
            made.at_least(dict.fromkeys(spares.values(), Fraction(-1)), Fraction(lacking - each.exceptions))
        return made

    def _measures(self, requirement: Requirement, maximum: Fraction) -> tuple[dict[str, Terms], int]:
        """Return what a requirement measures as sums, and how many members have no measure."""
        found: dict[str, Terms] = {}
        codes = self.scenarios.instrument.about(requirement)
        for code in codes:
            terms = self.share(code)
            weight = self.left[code] if requirement.of == "contribution" else Fraction(1)
            if terms is not None:
                unit = Fraction(1) if requirement.of == "share" else maximum
                found[code] = _times(terms, unit * (weight or 0))
        return found, len(codes) - len(found)

    def point(self, chosen: frozenset[Key]) -> Point:
        """
        Return the point of the choices that a program took.
        """
        found = [UNCHANGED] * len(self.scenarios.choices)
        for keys in self.taken.values():
            for place, level in keys:
                if (place, level) in chosen:
                    found[place] = level
        return tuple(found)

    def better(self, point: Point) -> Terms:
        """
        Return a sum that is 1 or more for each point that is better somewhere than this one.
        """
        keys = (key for listed in self.taken.values() for key in listed)
        return {(place, level): Fraction(1) for place, level in keys if level > point[place]}

    def other(self, point: Point) -> tuple[Terms, Fraction]:
        """
        Return a sum, and what it is at least, for each point but this one.
        """
        keys = [key for listed in self.taken.values() for key in listed]
        here = {(place, level): Fraction(-1) for place, level in keys if level == point[place]}
        away = {key: Fraction(1) for key in keys if point[key[0]] == UNCHANGED}
        return here | away, Fraction(1 - len(here))


def _times(terms: Mapping[Key, Fraction], factor: Fraction) -> Terms:
    return {key: each * factor for key, each in terms.items()}


def _row(
    program: Program, terms: Terms, least: Fraction, *, strict: bool = False, spare: Key | None = None
) -> None:
    """Add a row, its constant on the other side."""
    moved = {key: each for key, each in terms.items() if key != _CONSTANT}
    program.at_least(moved, least - terms.get(_CONSTANT, Fraction(0)), strict=strict, spare=spare)


def fewest(model: Model, aim: Aim) -> Found:
    """
    Return the fewest changes that meet an aim without a solver, or else how few there can be.

    What levels add to a sum does not depend on each other. So k changes add at most what the
    k largest do, each choice with its best level, and fewer than those that are needed to reach
    the run of the aim do not suffice. If these meet all of the aim, they are the fewest.
    """
    scenarios = model.scenarios
    if not scenarios.climbs(scenarios.best, aim):
        return Found(None, None, None)
    gains = [model.total.get((place, best), Fraction(0)) for place, best in enumerate(scenarios.best)]
    forced = [place for place, each in enumerate(scenarios.choices) if each.forced]
    free = [place for place in range(len(gains)) if place not in forced]
    free.sort(key=lambda place: -gains[place])
    total = model.constant + sum(gains[place] for place in forced)
    taken = list(forced)
    while not reached(total, aim.start):
        taken.append(free.pop(0))
        total += gains[taken[-1]]
    point = tuple(best if place in taken else UNCHANGED for place, best in enumerate(scenarios.best))
    cost = scenarios.cost(point)
    if not scenarios.meets(point, aim):
        return Found(None, None, cost)
    return Found(scenarios.lowered(point, aim), cost, cost)


def smallest(model: Model, aim: Aim) -> Found:
    """
    Return the cheapest changes that meet an aim, by an integer program, and how cheap any can be.

    The program may take what does not quite meet the aim; whether it does is checked exactly. A
    point that is not high enough is raised as far as it stays so. Whatever meets the aim is better
    than that somewhere, so this is asked for besides, and the program is solved again.

    Raises:
        ExtraError: scipy is not installed.
    """
    scenarios = model.scenarios
    if not scenarios.choices or not scenarios.climbs(scenarios.best, aim):
        return Found(None, None, None)
    program = model.program(aim)
    found, least = _by_hand(scenarios, aim, None if model.is_sum else scenarios.best), Fraction(0)
    nodes = _NODES
    for _ in range(_ROUNDS):
        solved = program.solve(nodes)
        if solved is None:
            return Found(found, *(None if found is None else scenarios.cost(found),) * 2)
        least, nodes = max(least, solved.least), nodes - solved.nodes
        point = None if solved.chosen is None else model.point(solved.chosen)
        if point is not None and scenarios.meets(point, aim):
            found = min(filter(None, (found, scenarios.lowered(point, aim))), key=scenarios.cost)
        if point is None or nodes <= 0 or (found is not None and scenarios.cost(found) <= least):
            break
        if scenarios.climbs(point, aim):
            program.at_least(*model.other(point))
        else:
            program.at_least(model.better(scenarios.raised(point, aim)), Fraction(1))
    found = found if found is not None else _by_hand(scenarios, aim, scenarios.best)
    cost = None if found is None else scenarios.cost(found)
    return Found(found, cost, least if cost is None else min(least, cost))


def _by_hand(scenarios: Scenarios, aim: Aim, point: Point | None) -> Point | None:
    """Return a point that meets an aim, lowered as far as it goes, if it does meet it."""
    return scenarios.lowered(point, aim) if point is not None and scenarios.meets(point, aim) else None
