"""
Shares that are worked out by themselves: rules that are not linear, rounding, requirements.

Each is exact for every unit, and then stands as one answer in what is above it.
"""

from collections.abc import Callable, Sequence
from fractions import Fraction

import attrs
import numpy as np
import numpy.typing as npt

from pelayanan.aggregation import LONGEST, Kernel, Members, Rule, Terms
from pelayanan.batch import Batch, complete
from pelayanan.criteria import ROOT, Group, depth_of
from pelayanan.matching import Matched, exact_shares
from pelayanan.ratios import Ratios, rounded

__all__ = ["parted"]

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
Block = tuple[Floats, Floats | float, Flags | bool]


def parted(given: Matched) -> Matched:
    """
    Return the answers with the exact shares of all parts of the instrument.

    Raises:
        AnswerError: Answers that cannot be scored.
    """
    criteria = given.instrument.tree
    parts = sorted(given.instrument.parts, key=lambda code: -depth_of(code))
    known = _of_indicators(given, [code for code in parts if code not in criteria.combined])
    for code in parts:
        if code in criteria.combined:
            known[code] = _of_group(attrs.evolve(given, known=dict(known)), criteria.group(code))
    return attrs.evolve(given, known=known)


def _of_indicators(given: Matched, codes: list[str]) -> dict[str, Ratios]:
    """Return the shares of some indicators, rounded where they are."""
    surveys = [code for code in codes if (column := given.columns[code]) and column.counts is not None]
    others = tuple(code for code in codes if code not in surveys)
    found = {code: Ratios.empty(len(given.answers)) for code in codes}
    for together in filter(None, [others, *((code,) for code in surveys)]):
        staged = [_staging(given, code) for code in together]
        for rows, members, sound in Batch(given, members=together).members():
            for row, code in enumerate(together):
                num, den, fits = staged[row](rows, (members.steps[row], members.common, sound))
                if members.there is not None:
                    num = np.where(members.there[row], num, np.nan)
                found[code].put(rows, num, den, fits)
    for code in codes:
        _settle(given, code, found[code])
    return found


def _of_group(given: Matched, group: Group) -> Ratios:
    """Return the shares of a group, of which all parts below are known."""
    found, staged = Ratios.empty(len(given.answers)), _staging(given, group.code)
    if group.rule.linear is None:
        _combine(given, group, staged, found)
    else:
        for rows, num, den, sound, there in Batch(given, group.code, unit=Fraction(1)).ratios():
            num, den, sound = staged(rows, (num, den, sound))
            found.put(rows, num if there is None else np.where(there, num, np.nan), den, sound)
    _settle(given, group.code, found)
    return found


def _settle(given: Matched, code: str, found: Ratios) -> None:
    """Put in the shares of the units whose numbers are too long, one by one."""
    criteria = given.instrument.tree
    found.close()
    codes = criteria.leaves[ROOT] if criteria.rounds_contributions else criteria.leaves.get(code, (code,))
    for row in np.flatnonzero(~found.sound).tolist():
        found.settle(row, criteria.shares(exact_shares(given, row, codes))[code])


def _staging(given: Matched, code: str) -> Callable[[slice, Block], Block]:
    """Return how blocks of shares of a criterion are rounded."""
    criteria = given.instrument.tree
    stage = criteria.staged.get(code)
    if stage is None:
        return lambda rows, block: block
    worth, mode = criteria.maximum / stage.grid, stage.mode
    whole: Flags | None = None
    if stage.of == "contribution":
        worth *= criteria.effective_weights[code] or 1
        if criteria.leaves_out:
            whole = complete(given)

    def staged(rows: slice, block: Block) -> Block:
        num, den, fits = rounded(block[0], block[1], worth, mode)
        sound = block[2] & fits
        return num, den, sound if whole is None else sound & whole[rows]

    return staged


def _combine(given: Matched, group: Group, staged: Callable[[slice, Block], Block], found: Ratios) -> None:
    """Put the shares of a group whose rule is not linear."""
    criteria = given.instrument.tree
    codes = criteria.combined[group.code]
    weights, terms = [criteria.weights[code] for code in codes], criteria.terms(group)
    kernel = group.rule.kernel or _by_combination(group.rule)
    for rows, members, sound in Batch(given, members=codes).members():
        num, den = kernel(members, weights, terms)
        if sound is not True or not max(np.max(num), np.max(den)) < LONGEST:
            sound = sound & (num < LONGEST) & (den < LONGEST)
            num, den = np.where(sound, num, 0.0), np.where(sound, den, 1.0)
        num, one, sound = staged(rows, (num, den, sound))
        if members.there is not None:
            there = members.count > 0
            num, sound = np.where(there, num, np.nan), sound | ~there
        found.put(rows, num, one, sound)


def _by_combination(rule: Rule) -> Kernel:
    """Return a kernel that asks the exact twin once for each combination of shares."""

    def kernel(members: Members, weights: Sequence[Fraction], terms: Terms) -> tuple[Floats, Floats | float]:
        there = np.ones(members.steps.shape) if members.there is None else members.there
        keys = np.vstack([members.steps, there, np.broadcast_to(members.common, there.shape[1:])])
        kinds, places = np.unique(keys, axis=1, return_inverse=True)
        count = len(weights)
        num, den = np.empty(kinds.shape[1]), np.empty(kinds.shape[1])
        for index, kind in enumerate(kinds.T.tolist()):
            shares = [
                Fraction(int(step), int(kind[-1])) if has else None
                for step, has in zip(kind[:count], kind[count:-1], strict=True)
            ]
            share = rule.exact(shares, weights, terms) or Fraction(0)
            num[index], den[index] = float(share.numerator), float(share.denominator)
        return num[places.ravel()], den[places.ravel()]

    return kernel
