"""
Totals and zones of instruments with parts or requirements, as far as floats tell them.
"""

from collections.abc import Mapping, Sequence
from fractions import Fraction
from functools import cache

import attrs
import numpy as np
import numpy.typing as npt

from pelayanan.aggregation import Members
from pelayanan.batch import check, width_of
from pelayanan.blocks import Blocks
from pelayanan.combining import Bound
from pelayanan.criteria import ROOT
from pelayanan.deciding import Decider
from pelayanan.estimates import ULP, Block
from pelayanan.instrument import Instrument
from pelayanan.loading import Rows
from pelayanan.matching import Matched
from pelayanan.plans import Kind, Plan, planned
from pelayanan.zones import Requirement

__all__ = ["Draft", "drafted"]

_MOST = 4
_NONE = np.empty(0, dtype=np.intp)

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
Indices = npt.NDArray[np.intp]


@attrs.frozen(eq=False, repr=False)
class Draft:
    """
    What is told of each unit.

    Args:
        total: shape ``(units,)``, published totals, NaN for no score [points].
        by_total: shape ``(units,)``, the band that the total alone gives, -1 for none [-].
        zone: shape ``(units,)``, the zone [-].
        open: The units of which these are not told, in any order.
    """

    total: Floats
    by_total: Indices
    zone: Indices
    open: Indices

    @classmethod
    def empty(cls, units: int) -> "Draft":
        """Return a draft that tells of no unit."""
        total, by_total, zone = np.empty(units), np.empty(units, np.intp), np.empty(units, np.intp)
        return cls(total, by_total, zone, np.arange(units))


def drafted(given: Matched) -> Draft:
    """
    Return published totals and zones, as far as floats tell them.

    Raises:
        AnswerError: Answers that cannot be scored.
    """
    instrument, criteria, units = given.instrument, given.instrument.tree, len(given.answers)
    largest = float(instrument.maximum) * criteria.bounds[ROOT]
    decider = Decider(instrument.rounding, instrument.zones, largest)
    if decider.always_open:
        return Draft.empty(units)
    gates = list(dict.fromkeys(each for band in instrument.zones.bands for each in band.requires))
    asked = {code: None for each in gates for code in instrument.about(each)}
    scored = criteria.leaves[ROOT]
    others = [code for code in asked if code in criteria.by_code and not criteria.counts(code)]
    blocks = Blocks(given, (*scored, *others), least=len(scored))
    kinds = tuple(Kind.of(*each) for each in zip(blocks.readers, blocks.worst, strict=True))
    plan = planned(criteria, blocks.codes, kinds, frozenset(asked))
    if plan is None:
        return Draft.empty(units)
    bounds = [_bounds(instrument, plan, each) for each in gates]
    told = [each for each in bounds if each is not None]
    if len(told) < len(bounds):
        return Draft.empty(units)
    return _Drafting(given, blocks, plan, decider, dict(zip(gates, told, strict=True))).draft()


def _bounds(instrument: Instrument, plan: Plan, requirement: Requirement) -> list[Bound] | None:
    """Return the least share of each that is measured; nothing where it is not the same for all units."""
    criteria, codes = instrument.tree, instrument.about(requirement)
    least, beyond = Fraction(requirement.at_least), False
    if requirement.decide_on is not None:
        least, beyond = requirement.decide_on.entry(least)
    worths = [Fraction(1 if requirement.of == "share" else instrument.maximum)] * len(codes)
    if requirement.of == "contribution":
        weights = [criteria.effective_weights[code] or Fraction(0) for code in codes]
        if criteria.leaves_out or not all(weights):
            return None
        worths = [worth * weight for worth, weight in zip(worths, weights, strict=True)]
    return [plan.bound(code, least / worth, beyond) for code, worth in zip(codes, worths, strict=True)]


@attrs.frozen(eq=False, repr=False)
class _Waiting:
    """Units near a turn, with what was read of them."""

    units: Indices
    answers: Floats
    there: Floats
    enough: Flags | None


class _Drafting:
    """A draft that is being made."""

    def __init__(
        self,
        given: Matched,
        blocks: Blocks,
        plan: Plan,
        decider: Decider,
        gates: Mapping[Requirement, list[Bound]],
    ) -> None:
        instrument, rows = given.instrument, len(plan.rows)
        self._given, self._blocks, self._plan, self._decider = given, blocks, plan, decider
        self._units, self._answers = len(given.answers), plan.answers
        self._width = width_of(rows, self._units)
        self._values, self._there = np.zeros((rows, self._width)), np.ones((rows, self._width))
        self._root, self._inside = plan.place[ROOT], plan.inside(ROOT)
        self._maximum = Fraction(instrument.maximum)
        self._unit = float(self._maximum * plan.rows[self._root].worth)
        self._error = (self._inside.relative + 4 * ULP) * decider.largest
        self._error += self._inside.absolute * float(self._maximum)
        self._fits = cache(lambda common: decider.fits(decider.largest * common, common))
        self._gates = [(bounds, gate.exceptions) for gate, bounds in gates.items()]
        places = {gate: place for place, gate in enumerate(gates)}
        self._required = [[places[gate] for gate in band.requires] for band in instrument.zones.bands]
        self._found = Draft.empty(self._units)
        self._waiting: dict[bool, list[_Waiting]] = {False: [], True: []}

    def draft(self) -> Draft:
        """
        Return the draft.

        Raises:
            AnswerError: After the last block, if answers cannot be scored.
        """
        still = []
        settles = self._units <= self._width
        for start in range(0, self._units, self._width):
            rows = slice(start, min(start + self._width, self._units))
            count = rows.stop - start
            answers, there = self._values[: self._answers, :count], self._there[: self._answers, :count]
            enough = self._blocks.load(rows, answers, there)
            if self._blocks.faults:
                continue
            near = self._tell(rows, count, enough, settles)
            if settles:
                still.append(near + start)
                continue
            settles = len(near) * _MOST > count
            some = None if enough is None else enough[near]
            if len(near):
                still.append(self._wait(_Waiting(near + start, answers[:, near], there[:, near], some)))
        if self._blocks.faults:
            check(self._given)
        still += [self._again(waiting) for waiting in self._waiting.values()]
        return attrs.evolve(self._found, open=np.concatenate([_NONE, *still]))

    def _wait(self, some: _Waiting) -> Indices:
        """Keep units for later; return those that are open after others were settled."""
        waiting = self._waiting[some.enough is None]
        full = sum(len(each.units) for each in [*waiting, some]) > self._width
        found = self._again(waiting) if full else _NONE
        waiting.append(some)
        return found

    def _again(self, waiting: list[_Waiting]) -> Indices:
        """Tell of the units that are waiting, with those near a turn settled; return the open ones."""
        if not waiting:
            return _NONE
        units = np.concatenate([each.units for each in waiting])
        inside = (slice(self._answers), slice(len(units)))
        self._values[inside] = np.concatenate([each.answers for each in waiting], axis=1)
        self._there[inside] = np.concatenate([each.there for each in waiting], axis=1)
        enough = [each.enough for each in waiting if each.enough is not None]
        waiting.clear()
        near = self._tell(units, len(units), np.concatenate(enough) if enough else None, settles=True)
        return units[near]

    def _tell(self, units: Rows, count: int, enough: Flags | None, settles: bool) -> Indices:
        """Write what is told of the units that were read, and return those that are open."""
        values, there = self._values[:, :count], None if enough is None else self._there[:, :count]
        block = Block(values, there, self._answers, settles)
        for step in self._plan.full_steps if there is None else self._plan.steps:
            step.fill(block)
        totals = values[self._root] * self._unit
        if there is not None and enough is not None:
            totals[~(enough & (there[self._root] > 0))] = np.nan
        published, zone, near = self._decider.publish(totals, self._error)
        within, exact = block.settle(near, self._inside, self._exactly)
        if len(within):
            published[within], zone[within] = exact
        self._found.total[units], self._found.by_total[units] = published, zone
        self._hold_back(block, zone)
        self._found.zone[units] = zone
        return np.flatnonzero(block.open)

    def _exactly(self, members: Members) -> tuple[Floats, bool]:
        """Return published totals and zones of exact shares, and whether they hold."""
        numerators = members.steps[0] * float(self._maximum.numerator)
        common = int(members.common) * self._maximum.denominator
        if not self._fits(common):
            return np.zeros((2, len(numerators))), False
        return np.stack(self._decider.publish_ratio(numerators, common)), True

    def _hold_back(self, block: Block, zone: Indices) -> None:
        """Lower the zones of units that do not meet what these require."""
        missed: dict[int, Flags] = {}
        for index in range(len(self._required) - 1, -1, -1):
            if not self._required[index]:
                continue
            for gate in self._required[index]:
                if gate not in missed:
                    missed[gate] = self._missed(block, *self._gates[gate])
            lower = np.logical_or.reduce([missed[gate] for gate in self._required[index]])
            zone -= lower & (zone == index)

    def _missed(self, block: Block, bounds: Sequence[Bound], exceptions: int) -> Flags:
        """Return which units do not meet a requirement."""
        if not exceptions:
            return np.asarray(~np.logical_and.reduce([bound.reached(block) for bound in bounds]))
        failing = sum(~bound.reached(block) for bound in bounds)
        return np.asarray(failing > exceptions)
