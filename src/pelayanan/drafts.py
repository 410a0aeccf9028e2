"""
Totals and zones of instruments with parts or requirements, as far as floats tell them.
"""

from collections.abc import Mapping
from fractions import Fraction
from functools import cache, reduce

import attrs
import numpy as np
import numpy.typing as npt

from pelayanan.aggregation import Members
from pelayanan.batch import check, width_of
from pelayanan.blocks import Blocks
from pelayanan.combining import Required
from pelayanan.criterion import ROOT
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
        return cls(np.empty(units), np.empty(units, np.intp), np.empty(units, np.intp), np.arange(units))


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
    found = [_required(instrument, plan, each) for each in gates]
    required = {gate: each for gate, each in zip(gates, found, strict=True) if each is not None}
    if len(required) < len(gates):
        return Draft.empty(units)
    return _Drafting(given, blocks, plan, decider, required).draft()


def _required(instrument: Instrument, plan: Plan, requirement: Requirement) -> Required | None:
    """Return the least shares that a requirement is about; nothing where they differ by unit."""
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
    shares = [least / worth for worth in worths]
    return plan.required(codes, shares, beyond=beyond, exceptions=requirement.exceptions)


@attrs.frozen(eq=False, repr=False)
class _Waiting:
    """Units near a turn, with what was read of them, and how many wait with them until here."""

    units: Indices
    answers: Floats
    there: Floats | None
    enough: Flags | None
    until: int = 0


class _Drafting:
    """A draft that is being made."""

    def __init__(
        self,
        given: Matched,
        blocks: Blocks,
        plan: Plan,
        decider: Decider,
        required: Mapping[Requirement, Required],
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
        self._gates = [[required[each] for each in band.requires] for band in instrument.zones.bands]
        by_total = np.empty(self._units, np.intp)
        zone = np.empty_like(by_total) if required else by_total
        self._found = Draft(np.empty(self._units), by_total, zone, _NONE)
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
            near = self._tell(rows, enough, settles)
            if settles:
                still.append(near + start)
                continue
            settles = len(near) * _MOST > count
            if len(near):
                read = (None, None) if enough is None else (there[:, near], enough[near])
                still.append(self._wait(_Waiting(near + start, answers[:, near], *read)))
        if self._blocks.faults:
            check(self._given)
        still += [self._again(waiting) for waiting in self._waiting.values()]
        return attrs.evolve(self._found, open=np.concatenate([_NONE, *still]))

    def _wait(self, some: _Waiting) -> Indices:
        """Keep units for later; return those that are open after others were settled."""
        waiting = self._waiting[some.enough is None]
        found = _NONE
        if waiting and waiting[-1].until + len(some.units) > self._width:
            found = self._again(waiting)
        until = len(some.units) + (waiting[-1].until if waiting else 0)
        waiting.append(attrs.evolve(some, until=until))
        return found

    def _again(self, waiting: list[_Waiting]) -> Indices:
        """Tell of the units that are waiting, with those near a turn settled; return the open ones."""
        if not waiting:
            return _NONE
        units = np.concatenate([each.units for each in waiting])
        values, held = (each[: self._answers, : len(units)] for each in (self._values, self._there))
        np.concatenate([each.answers for each in waiting], axis=1, out=values)
        there = [each.there for each in waiting if each.there is not None]
        enough = [each.enough for each in waiting if each.enough is not None]
        if there:
            np.concatenate(there, axis=1, out=held)
        waiting.clear()
        return units[self._tell(units, np.concatenate(enough) if enough else None, settles=True)]

    def _tell(self, units: Rows, enough: Flags | None, settles: bool) -> Indices:
        """Write what is told of units that were read, and return where those are that stay open."""
        count = units.stop - units.start if isinstance(units, slice) else len(units)
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
        if self._found.zone is not self._found.by_total:
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
        missed: dict[Required, Flags] = {}
        for index in range(len(self._gates) - 1, -1, -1):
            for gate in self._gates[index]:
                if gate not in missed:
                    missed[gate] = gate.missed(block)
            if self._gates[index]:
                lower = reduce(np.logical_or, [missed[gate] for gate in self._gates[index]])
                zone -= lower & (zone == index)
