"""
Totals and zones of instruments with parts or requirements, as far as floats tell them.
"""

from collections.abc import Mapping
from fractions import Fraction
from functools import cache, reduce
from itertools import groupby

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
    for gate in gates:
        if gate not in plan.required:
            plan.required[gate] = _required(instrument, plan, gate)
    found = {gate: plan.required[gate] for gate in gates}
    required = {gate: each for gate, each in found.items() if each is not None}
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
    return plan.requiring(codes, shares, beyond=beyond, exceptions=requirement.exceptions)


class _Space:
    """
    Where units are worked out, or wait for it.

    Args:
        rows: How many rows a block has.
        answers: How many of the first hold answers.
        width: For how many units there is room.
    """

    def __init__(self, rows: int, answers: int, width: int) -> None:
        self.values, self.there = np.zeros((rows, width)), np.ones((rows, width))
        self.units, self.enough = np.empty(width, dtype=np.intp), np.empty(width, dtype=bool)
        self.count, self._answers = 0, answers

    def answers(self, count: int, start: int = 0) -> tuple[Floats, Floats]:
        """Return where answers are put, and which there are."""
        rows, units = slice(0, self._answers), slice(start, start + count)
        return self.values[rows, units], self.there[rows, units]

    def keep(self, block: "_Space", near: Indices, start: int, enough: Flags | None) -> None:
        """Keep some units of another space, whose first is the unit ``start``."""
        count = len(near)
        here = slice(self.count, self.count + count)
        self.units[here] = near + start
        values, there = self.answers(count, self.count)
        values[...] = block.values[: self._answers].take(near, axis=1)
        if enough is not None:
            there[...] = block.there[: self._answers].take(near, axis=1)
            self.enough[here] = enough[near]
        self.count += count


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
        self._units = len(given.answers)
        self._width = width_of(rows, self._units)
        self._space = _Space(rows, plan.answers, self._width)
        self._root, self._inside = plan.place[ROOT], plan.inside(ROOT)
        self._maximum = Fraction(instrument.maximum)
        self._unit = float(self._maximum * plan.rows[self._root].worth)
        self._error = (self._inside.relative + 4 * ULP) * decider.largest
        self._error += self._inside.absolute * float(self._maximum)
        self._fits = cache(lambda common: decider.fits(decider.largest * common, common))
        bands = instrument.zones.bands
        alike = groupby(range(len(bands)), lambda index: bands[index].requires)
        runs = [(requires, list(run)) for requires, run in alike if requires]
        self._gates = [(run[0], run[-1], [required[each] for each in requires]) for requires, run in runs]
        by_total = np.empty(self._units, np.intp)
        zone = np.empty_like(by_total) if required else by_total
        self._found = Draft(np.empty(self._units), by_total, zone, _NONE)
        self._waiting: dict[bool, _Space] = {}

    def draft(self) -> Draft:
        """
        Return the draft.

        Raises:
            AnswerError: After the last block, if answers cannot be scored.
        """
        still, space, width = [], self._space, self._width
        settles = self._units <= width
        for start in range(0, self._units, width):
            rows = slice(start, min(start + width, self._units))
            enough = self._blocks.load(rows, *space.answers(rows.stop - start))
            if self._blocks.faults:
                continue
            near = self._tell(space, rows, enough, settles)
            if settles:
                still.append(near + start)
            elif len(near):
                still.append(self._wait(near, start, enough))
        if self._blocks.faults:
            check(self._given)
        still += [self._again(complete) for complete in self._waiting]
        return attrs.evolve(self._found, open=np.concatenate([_NONE, *still]))

    def _wait(self, near: Indices, start: int, enough: Flags | None) -> Indices:
        """Keep units of a block for later; return those that are open after others were settled."""
        complete, found = enough is None, _NONE
        if complete not in self._waiting:
            self._waiting[complete] = _Space(len(self._plan.rows), self._plan.answers, self._width)
        waiting = self._waiting[complete]
        if waiting.count + len(near) > self._width:
            found = self._again(complete)
        waiting.keep(self._space, near, start, enough)
        return found

    def _again(self, complete: bool) -> Indices:
        """Tell of the units that are waiting, with those near a turn settled; return the open ones."""
        space = self._waiting[complete]
        units, enough = space.units[: space.count], None if complete else space.enough[: space.count]
        space.count = 0
        return units[self._tell(space, units, enough, settles=True)]

    def _tell(self, space: _Space, units: Rows, enough: Flags | None, settles: bool) -> Indices:
        """Write what is told of units that were read, and return where those are that stay open."""
        count = units.stop - units.start if isinstance(units, slice) else len(units)
        there = None if enough is None else space.there[:, :count]
        block = Block(space.values[:, :count], there, self._plan.answers, settles)
        for step in self._plan.full_steps if there is None else self._plan.steps:
            step.fill(block)
        scored = None if enough is None or there is None else enough & (there[self._root] > 0)
        published, zone = self._published(block, scored)
        self._found.total[units], self._found.by_total[units] = published, zone
        if self._found.zone is not self._found.by_total:
            self._hold_back(block, zone)
            self._found.zone[units] = zone
        return np.flatnonzero(block.open)

    def _published(self, block: Block, scored: Flags | None) -> tuple[Floats, Indices]:
        """Return published totals and the bands that they alone give; open units near a turn."""
        known = block.known(self._inside)
        found = None if known is None else self._of(known)
        if found is not None:
            published, zone = found
            if scored is not None:
                published[~scored], zone[~scored] = np.nan, -1
            return published, zone
        totals = block.values[self._root] * self._unit
        if scored is not None:
            totals[~scored] = np.nan
        published, zone, near = self._decider.publish(totals, self._error)
        within, exact = block.settle(near, self._inside, self._exactly)
        if len(within):
            published[within], zone[within] = exact
        return published, zone

    def _of(self, members: Members) -> tuple[Floats, Indices] | None:
        """Return published totals and zones of exact shares, nothing where these are too long."""
        common = int(members.common) * self._maximum.denominator
        if not self._fits(common):
            return None
        return self._decider.publish_ratio(members.steps[0] * float(self._maximum.numerator), common)

    def _exactly(self, members: Members) -> tuple[Floats, bool]:
        """Return published totals and zones of exact shares, and whether they hold."""
        found = self._of(members)
        return np.zeros((2, members.steps.shape[1])) if found is None else np.stack(found), found is not None

    def _hold_back(self, block: Block, zone: Indices) -> None:
        """Lower the zones of units that do not meet what these require."""
        missed: dict[Required, Flags] = {}
        for first, last, gates in reversed(self._gates):
            for gate in gates:
                if gate not in missed:
                    missed[gate] = gate.missed(block)
            lower = (zone >= first) & (zone <= last)
            lower &= reduce(np.logical_or, [missed[gate] for gate in gates])
            np.putmask(zone, lower, first - 1)
