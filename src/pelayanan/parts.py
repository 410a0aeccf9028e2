"""
Shares that are worked out by themselves: rules that are not linear, rounding, requirements.

Each is exact for every unit, and then stands as one answer in what is above it.
"""

from collections.abc import Callable, Sequence
from fractions import Fraction

import attrs
import numpy as np
import numpy.typing as npt

from pelayanan.aggregation import LONGEST, Members, Rule, Terms
from pelayanan.batch import Batch, complete
from pelayanan.criteria import ROOT, Group, depth_of
from pelayanan.matching import Matched, exact_shares
from pelayanan.ratios import Ratios, members_of, rounded

__all__ = ["parted"]

_WIDTH = 4096

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
Block = tuple[Floats, Floats | float, Flags]


def parted(given: Matched) -> Matched:
    """
    Return the answers with the exact shares of all parts of the instrument.

    Raises:
        AnswerError: Answers that cannot be scored.
    """
    known: dict[str, Ratios] = {}
    for code in sorted(given.instrument.parts, key=lambda code: -depth_of(code)):
        known[code] = _shares(attrs.evolve(given, known=dict(known)), code)
    return attrs.evolve(given, known=known)


def _shares(given: Matched, code: str) -> Ratios:
    """Return the shares of one criterion, of which all parts below are known."""
    criteria = given.instrument.tree
    found = Ratios.empty(len(given.answers))
    staged = _staging(given, code)
    group = criteria.group(code) if code in criteria.combined else None
    if group is not None and group.rule.linear is None:
        _combine(given, group, staged, found)
    else:
        for rows, num, den, sound, there in Batch(given, code, unit=Fraction(1)).ratios():
            num, den, sound = staged(rows, (num, den, sound))
            found.put(rows, num if there is None else np.where(there, num, np.nan), den, sound)
    found.close()
    codes = criteria.leaves[ROOT] if criteria.rounds_contributions else criteria.leaves.get(code, (code,))
    for row in np.flatnonzero(~found.sound).tolist():
        found.settle(row, criteria.shares(exact_shares(given, row, codes))[code])
    return found


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
    ratios = [given.known[code] for code in codes]
    kernel = group.rule.kernel or _by_combination(group.rule)
    for start in range(0, len(found.num), _WIDTH):
        rows = slice(start, min(start + _WIDTH, len(found.num)))
        members, sound = members_of(ratios, rows)
        there = members.there.any(axis=0)
        num, den = kernel(members, weights, terms)
        fits = sound & there & (num < LONGEST) & (den < LONGEST)
        num, one, sound = staged(rows, (np.where(fits, num, 0.0), np.where(fits, den, 1.0), fits))
        found.put(rows, np.where(there, num, np.nan), one, sound | ~there)


def _by_combination(rule: Rule) -> Callable[[Members, Sequence[Fraction], Terms], tuple[Floats, Floats]]:
    """Return a kernel that asks the exact twin once for each combination of shares."""

    def kernel(members: Members, weights: Sequence[Fraction], terms: Terms) -> tuple[Floats, Floats]:
        keys = np.vstack([members.steps, members.there, members.common])
        kinds, places = np.unique(keys, axis=1, return_inverse=True)
        count = len(weights)
        num, den = np.empty(kinds.shape[1]), np.empty(kinds.shape[1])
        for index, kind in enumerate(kinds.T.tolist()):
            shares = [
                Fraction(int(step), int(kind[-1])) if there else None
                for step, there in zip(kind[:count], kind[count:-1], strict=True)
            ]
            share = rule.exact(shares, weights, terms) or Fraction(0)
            num[index], den[index] = float(share.numerator), float(share.denominator)
        return num[places.ravel()], den[places.ravel()]

    return kernel
