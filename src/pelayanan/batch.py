"""
Many units at once: blocks of answers through the kernel, with exact decisions where needed.
"""

from collections.abc import Iterator
from fractions import Fraction
from functools import cached_property

import attrs
import numpy as np
import numpy.typing as npt

from pelayanan.blocks import Blocks
from pelayanan.criterion import ROOT
from pelayanan.deciding import Decider
from pelayanan.loading import Rows
from pelayanan.matching import Matched, exact_shares
from pelayanan.scales import Pieces
from pelayanan.tree import Kernel
from pelayanan.wholes import Wholes
from pelayanan.zones import Zones

__all__ = ["Batch", "check", "check_unscored", "complete", "width_of"]

_WIDEST = 16384
_CELLS = 2**18
_MANY = 32
_UNIT = 2.0**-53
_LEAF_ERROR = 8.0

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
Indices = npt.NDArray[np.intp]


def width_of(rows: int, units: int) -> int:
    """Return how many units a block has, so that its work space stays small."""
    return min(max(_CELLS // rows, 64), _WIDEST, units)


def check(given: Matched) -> None:
    """
    Check all answers.

    Raises:
        AnswerError: Some scored indicators have answers that cannot be scored; else some that
            are only collected have.
    """
    whole = given.whole or given
    for _ in _loaded(whole, whole.instrument.tree.leaves[ROOT]):
        pass
    check_unscored(whole)


def check_unscored(given: Matched) -> None:
    """
    Check the answers to indicators that are collected and not scored.

    Raises:
        AnswerError: Some are outside their scale, or not applicable where that is not allowed.
    """
    for _ in _loaded(given, tuple(each.code for each in given.instrument.indicators if not each.scored)):
        pass


def complete(given: Matched) -> Flags:
    """
    Return which units have an answer to each scored indicator, shape ``(units,)``.
    """
    found = np.ones(len(given.answers), dtype=bool)
    for rows, _, answered in _loaded(given, given.instrument.tree.leaves[ROOT]):
        found[rows] = answered.all(axis=0)
    return found


def enough(given: Matched) -> Flags | None:
    """
    Return which units have enough answers for a score, shape ``(units,)``; nothing where all.
    """
    criteria = given.instrument.tree
    policies = {criteria.policy(code) for code in criteria.leaves[ROOT]}
    if criteria.root.least_answered is None and not policies & {"zero", "lowest"}:
        return None
    found = np.ones(len(given.answers), dtype=bool)
    for rows, there, _ in _loaded(given, criteria.leaves[ROOT]):
        if there is not None:
            found[rows] = there
    return None if found.all() else found


def _loaded(given: Matched, codes: tuple[str, ...]) -> Iterator[tuple[slice, Flags | None, Floats]]:
    """
    Return blocks of units: which have enough answers, nothing where all, and what is answered.

    Raises:
        AnswerError: After the last block, if answers cannot be scored.
    """
    if not codes:
        return
    blocks = Blocks(attrs.evolve(given, known={}), codes, least=len(codes))
    units = len(given.answers)
    width = width_of(len(codes), units)
    space = np.empty((2, len(codes), width))
    for start in range(0, units, width):
        rows = slice(start, min(start + width, units))
        shares, answered = space[:, :, : rows.stop - start]
        answered[...] = 1.0
        yield rows, blocks.load(rows, shares, answered), answered
    blocks.check()


class Batch:
    """
    The answers below one criterion, read and combined in blocks.

    Args:
        code: The criterion whose share is wanted, ``"*"`` for the whole.
        only: If given, the share is what this criterion adds to it.
        unit: What the share 1 is worth; the maximum of the instrument if it is not said.
        zones: The only thing wanted is where the result lies in these; else totals and zones.
    """

    def __init__(
        self,
        given: Matched,
        code: str = ROOT,
        only: str = ROOT,
        unit: Fraction | None = None,
        zones: Zones | None = None,
    ) -> None:
        instrument, criteria = given.instrument, given.instrument.tree
        cut = frozenset(given.known)
        if only != ROOT:
            cut = frozenset(each for each in cut if each != ROOT and not only.startswith(f"{each}."))
        tree, codes = criteria.tree(code, cut)
        self.given = given
        self.length = len(given.answers)
        real = not cut.intersection(codes)
        self.blocks = Blocks(given, codes, least=len(codes) if code == ROOT and real else 0)
        self._there = enough(given) if code == ROOT and not real else None
        readers = self.blocks.readers
        self.width = width_of(len(codes) + len(tree.nodes), self.length)
        self.kernel = Kernel(tree, np.array([each.slope for each in readers]), self.width)
        self.code, self.only = code, only
        self.unit = Fraction(instrument.maximum if unit is None else unit)
        self._many = False
        rest = [
            row
            for row, each in enumerate(codes)
            if only != ROOT and each != only and not each.startswith(f"{only}.")
        ]
        self._rest = np.array(rest, dtype=np.intp)
        scales = [None if each in given.known else criteria.indicator(each).scale for each in codes]
        pieces = [each.kernel.error for each in scales if each and isinstance(each.kernel, Pieces)]
        leaf = max([_LEAF_ERROR, *pieces])
        self.error = float(self.unit) * (tree.error + 2 * leaf * _UNIT * tree.highest)
        largest = float(self.unit) * tree.highest
        if zones is None:
            self.decider = Decider(instrument.rounding, instrument.zones, largest)
        else:
            self.decider = Decider(None, zones, largest, zones_only=True)

    @cached_property
    def wholes(self) -> Wholes:
        """What decides loaded units in whole numbers; made when it is needed."""
        return Wholes(
            self.kernel,
            self.blocks.readers,
            self.blocks.worst,
            self.blocks.high,
            self.unit,
            self.decider,
            self.error,
            self._rest,
        )

    def shares(self) -> Iterator[tuple[slice, Floats, Flags | None]]:
        """
        Return the root's share of each block of units, and which have one; nothing where all.

        Raises:
            AnswerError: After the last block, if answers cannot be scored.
        """
        for rows, there in self._loaded():
            yield rows, *self._combined(rows.stop - rows.start, there)

    def _loaded(self) -> Iterator[tuple[slice, Flags | None]]:
        for start in range(0, self.length, self.width):
            rows = slice(start, min(start + self.width, self.length))
            there = self._load(rows, rows.stop - rows.start)
            if not self.blocks.faults:
                yield rows, there
        if self.blocks.faults:
            check(self.given)

    def _load(self, rows: Rows, width: int) -> Flags | None:
        leaves = self.kernel.tree.leaves
        shares, answered = self.kernel.shares[:leaves, :width], self.kernel.answered[:leaves, :width]
        there = self.blocks.load(rows, shares, answered)
        if len(self._rest):
            shares[self._rest] = 0.0
        if self._there is None or self._there[rows].all():
            return there
        if there is None:
            answered[...] = 1.0
            return self._there[rows]
        return there & self._there[rows]

    def _combined(self, width: int, there: Flags | None) -> tuple[Floats, Flags | None]:
        if there is None:
            return self.kernel.full(width), None
        share, answered = self.kernel.partial(width)
        return share, answered & there

    def decided(self) -> tuple[Floats, Indices]:
        """
        Return the published total and the zone of every unit, each of shape ``(units,)``.

        Raises:
            AnswerError: Answers that cannot be scored.
        """
        total = np.empty(self.length)
        zone = np.empty(self.length, dtype=np.intp)
        open_rows: list[Indices] = []
        open_totals: list[Floats] = []
        for rows, there in self._loaded():
            width = rows.stop - rows.start
            found = self.wholes.again(width) if there is None and self._many else None
            if found is not None:
                total[rows], zone[rows] = found
                continue
            near = self._near(width, there)
            total[rows], zone[rows], still = self.decider.publish(near, self.error)
            within = np.flatnonzero(still)
            if len(within) * _MANY <= width:
                open_rows.append(within + rows.start)
                open_totals.append(near[within])
                continue
            self._many = True
            found = self.wholes.published(width) if there is None else None
            if found is not None:
                total[rows], zone[rows] = found
            else:
                here = within + rows.start
                total[here], zone[here] = self._settled(here, within, near[within], there is None)
        undecided, near = np.concatenate([*open_rows, []]), np.concatenate([*open_totals, []])
        for start in range(0, len(undecided), self.width):
            here = undecided[start : start + self.width].astype(np.intp)
            there = self._load(here, len(here))
            within = np.arange(len(here))
            part = near[start : start + self.width]
            total[here], zone[here] = self._settled(here, within, part, there is None)
        return total, zone

    def _near(self, width: int, there: Flags | None) -> Floats:
        """Return the totals of the loaded block in floats, NaN for no score."""
        share, answered = self._combined(width, there)
        share *= float(self.unit)
        if answered is not None and not answered.all():
            share[~answered] = np.nan
        return share

    def _settled(
        self, rows: Indices, within: Indices, near: Floats, complete: bool
    ) -> tuple[Floats, Indices]:
        """Decide loaded units exactly: in whole numbers where they are short, else one by one."""
        if complete:
            self.kernel.answered[: self.kernel.tree.leaves] = 1.0
        all_here = len(within) and len(within) == within[-1] + 1
        found = self.wholes.sides(rows, slice(0, len(within)) if all_here else within)
        if found is None:
            published, zone = near.copy(), np.full(len(rows), -1, dtype=np.intp)
            rest = np.ones(len(rows), dtype=bool)
        else:
            published, zone, rest = self.decider.settle(near, self.error, found)
        for index in np.flatnonzero(rest):
            published[index], zone[index] = self.decider.decide(self.exact(int(rows[index])))
        return published, zone

    def exact(self, row: int) -> Fraction:
        """
        Return the exact result of a unit that has one.
        """
        criteria = self.given.instrument.tree
        whole = self.only != ROOT or criteria.rounds_contributions
        codes = criteria.leaves[ROOT] if whole else criteria.leaves.get(self.code, (self.code,))
        shares = criteria.shares(exact_shares(self.given, row, codes))
        if self.only != ROOT:
            weight = criteria.weights_left(shares)[self.only]
            return self.unit * (weight or 0) * (shares[self.only] or 0)
        return self.unit * (shares[self.code] or Fraction(0))
