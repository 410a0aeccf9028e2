"""
Shares that are worked out by themselves: rules that are not linear, and rounding on the way.

Each is exact for every unit, and then stands as one answer in what is above it.
"""

import math
from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction

import attrs
import numpy as np
import numpy.typing as npt

from pelayanan.aggregation import LONGEST, Combine, Kernel, Members, Rule, Terms
from pelayanan.batch import check, complete, width_of
from pelayanan.blocks import Blocks
from pelayanan.criteria import Criteria
from pelayanan.criterion import ROOT, depth_of
from pelayanan.matching import Matched, exact_shares
from pelayanan.ratios import Ratios, rounded
from pelayanan.tree import SAFE, Tree, times
from pelayanan.tree import Kernel as Arrays
from pelayanan.wholes import Numbers

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
    known: dict[str, Ratios] = {}
    for layer in _layers(given):
        now = attrs.evolve(given, known=dict(known))
        for parts in _read_together(given, layer):
            _work_out(now, parts, known)
    return attrs.evolve(given, known=known)


@attrs.frozen(eq=False, repr=False)
class _Part:
    """
    One criterion that is worked out, of which all parts below are known.

    Args:
        code: The criterion.
        codes: The criteria that it is worked out from.
        combine: What combines the shares of these.
        stage: What rounds the result.
    """

    code: str
    codes: tuple[str, ...]
    combine: Callable[[Members], Block]
    stage: Callable[[slice, Block], Block]


def _layers(given: Matched) -> list[list[_Part]]:
    """Return the parts, those that need others after these."""
    criteria = given.instrument.tree
    whole = complete(given) if criteria.rounds_contributions and criteria.leaves_out else None
    height: dict[str, int] = {}
    layers: dict[int, list[_Part]] = {}
    for code in sorted(criteria.parts, key=lambda code: (-depth_of(code), code)):
        part = _part(criteria, code, _staging(criteria, code, whole))
        height[code] = 1 + max((height[each] for each in part.codes if each in height), default=0)
        layers.setdefault(height[code], []).append(part)
    return [layers[each] for each in sorted(layers)]


def _read_together(given: Matched, layer: list[_Part]) -> Iterator[list[_Part]]:
    """Return parts whose answers are read at once; those with respondents are read alone."""

    def asks(part: _Part) -> bool:
        columns = [given.columns.get(code) for code in part.codes]
        return any(column is not None and column.counts is not None for column in columns)

    yield from ([part] for part in layer if asks(part))
    together = [part for part in layer if not asks(part)]
    if together:
        yield together


def _work_out(given: Matched, parts: list[_Part], known: dict[str, Ratios]) -> None:
    """
    Put in the shares of parts that are read together.

    Raises:
        AnswerError: After the last block, if answers cannot be scored.
    """
    codes = tuple(dict.fromkeys(code for part in parts for code in part.codes))
    blocks, units = Blocks(given, codes, least=0), len(given.answers)
    numbers = Numbers(blocks.readers, blocks.worst, blocks.high)
    insides = [_Inside.of([codes.index(code) for code in part.codes], numbers.slopes) for part in parts]
    found = [Ratios.empty(units) for _ in parts]
    width = width_of(len(codes), units)
    space = np.empty((4, len(codes), width))
    spare = (space[2], space[3], np.empty((len(codes), width), dtype=bool))
    for start in range(0, units, width):
        rows = slice(start, min(start + width, units))
        shares, answered = space[:2, :, : rows.stop - start]
        gaps = blocks.load(rows, shares, answered) is not None
        if blocks.faults:
            continue
        there = answered > 0 if gaps and not answered.all() else None
        steps, scale, counts, short = numbers.steps(shares, np.arange(rows.start, rows.stop), spare)
        longest = numbers.longest(steps, scale)
        exactly = True if numbers.fit and short.all() else short & numbers.fit
        for part, inside, ratios in zip(parts, insides, found, strict=True):
            members, sound = inside.members(steps, scale, counts, longest, exactly, there)
            num, den, held = part.combine(members)
            sound = sound & held
            if sound is not True:
                num = np.where(sound, num, 0.0)
                den = den if isinstance(den, float) else np.where(sound, den, 1.0)
            num, den, sound = part.stage(rows, (num, den, sound))
            if members.there is not None:
                some = members.there.any(axis=0)
                num, sound = np.where(some, num, np.nan), np.asarray(sound | ~some)
            ratios.put(rows, num, den, sound)
    if blocks.faults:
        check(given)
    for part, ratios in zip(parts, found, strict=True):
        _settle(given, part.code, ratios)
        known[part.code] = ratios


@attrs.frozen(eq=False, repr=False)
class _Inside:
    """
    Where the shares that a part combines stand among what was read.

    Args:
        rows: Their rows.
        multiples: shape ``(members,)``, what their numbers are multiplied with.
        denominator: What the shares are then parts of, besides the scale and the counts.
    """

    rows: slice | list[int]
    multiples: Floats
    denominator: int

    @classmethod
    def of(cls, rows: list[int], slopes: Sequence[Fraction]) -> "_Inside":
        """Return where the rows stand, given the slopes of all."""
        together = rows == list(range(rows[0], rows[0] + len(rows)))
        denominator = math.lcm(*(slopes[row].denominator for row in rows))
        multiples = np.array([float(slopes[row] * denominator) for row in rows])
        return cls(slice(rows[0], rows[-1] + 1) if together else rows, multiples, denominator)

    def members(
        self,
        steps: Floats,
        scale: int,
        counts: npt.NDArray[np.int64] | None,
        longest: Floats,
        exactly: Flags | bool,
        there: Flags | None,
    ) -> tuple[Members, Flags | bool]:
        """Return the shares of a block in common parts, and for which units that holds."""
        parts = float(self.denominator * scale)
        common = parts if counts is None else parts * counts.astype(np.float64)
        inner = steps[self.rows]
        if (self.multiples != 1).any():
            inner = inner * self.multiples[:, None]
        sound: Flags | bool = True
        if isinstance(exactly, np.ndarray):
            sound = np.logical_and.reduce(exactly[self.rows], axis=0)
        if not max(np.max(longest[self.rows] * self.multiples), np.max(common)) < LONGEST:
            sound = sound & np.asarray(np.maximum(np.maximum.reduce(inner, axis=0), common) < LONGEST)
        return Members(inner, common, None if there is None else there[self.rows]), sound


def _settle(given: Matched, code: str, found: Ratios) -> None:
    """Put in the shares of the units whose numbers are too long, one by one."""
    criteria = given.instrument.tree
    found.close()
    codes = criteria.leaves[ROOT] if criteria.rounds_contributions else criteria.leaves.get(code, (code,))
    for row in np.flatnonzero(~found.sound).tolist():
        found.settle(row, criteria.shares(exact_shares(given, row, codes))[code])


def _part(criteria: Criteria, code: str, stage: Callable[[slice, Block], Block]) -> _Part:
    """Return how a criterion is worked out."""
    if code not in criteria.combined:
        return _Part(code, (code,), lambda members: (members.steps[0], members.common, True), stage)
    group = criteria.group(code)
    if group.rule.linear is None:
        codes = criteria.combined[code]
        weights, terms = [criteria.weights[each] for each in codes], criteria.terms(group)
        return _Part(code, codes, _ruled(group.rule, weights, terms), stage)
    tree, codes = criteria.tree(code, criteria.parts - {code})
    return _Part(code, codes, _weighted(tree), stage)


def _ruled(rule: Rule, weights: Sequence[Fraction], terms: Terms) -> Callable[[Members], Block]:
    """Return what combines shares by a rule that is not linear."""
    kernel = (rule.kernel or _by_combination(rule))(weights, terms)

    def combine(members: Members) -> Block:
        num, den = kernel(members)
        if members.there is not None:
            num = np.where(members.count > 0, num, 0.0)
        if max(np.max(num), np.max(den)) < LONGEST:
            return num, den, True
        return num, den, (num < LONGEST) & (den < LONGEST)

    return combine


def _weighted(tree: Tree) -> Callable[[Members], Block]:
    """Return what combines shares by the weights of a tree."""
    parts = math.lcm(*(weight.denominator for weight in tree.effective))
    weights = np.array([float(weight * parts) for weight in tree.effective])
    short = parts < LONGEST and float(weights.max()) < LONGEST
    arrays = Arrays(tree, np.ones(tree.leaves), 1)
    even = tree.evens[-1] * max(tree.highest, 1.0) * 4
    ones = [1] * tree.leaves

    def combine(members: Members) -> Block:
        units = members.steps.shape[1]
        if members.there is None and short:
            num, den = weights @ members.steps, members.common * float(parts)
            sound = num < LONGEST
            return num, den, True if sound.all() and np.max(den) < LONGEST else sound & (den < LONGEST)
        there = np.ones(members.steps.shape) if members.there is None else members.there.astype(float)
        if float(np.max(members.common)) * even < LONGEST:
            return tree.even(members.steps, there), members.common * tree.evens[-1], True
        size = np.broadcast_to(np.asarray(members.common), (units,))
        reduce = bool(tree.largest_denominator * size.max() >= SAFE)
        found = arrays.fractions(members.steps, there, ones, size, reduce)
        if found is None:
            return np.zeros(units), 1.0, np.zeros(units, dtype=bool)
        top, below, den_size, sound = found
        sound = sound & (den_size * size * max(tree.highest, 1.0) < SAFE)
        above = np.where(sound, top, 0)
        common = np.where(sound, size, 1.0).astype(np.int64)
        whole = np.where(sound, times(below, common), 1)
        divisor = np.gcd(above, whole)
        return (above // divisor).astype(np.float64), (whole // divisor).astype(np.float64), sound

    return combine


def _staging(criteria: Criteria, code: str, whole: Flags | None) -> Callable[[slice, Block], Block]:
    """
    Return how blocks of shares of a criterion are rounded.

    Args:
        whole: Which units have all answers, so that a contribution weighs what it always does;
            nothing where all.
    """
    stage = criteria.staged.get(code)
    if stage is None:
        return lambda rows, block: block
    worth, mode = criteria.maximum / stage.grid, stage.mode
    contributes = stage.of == "contribution"
    if contributes:
        worth *= criteria.effective_weights[code] or 1

    def staged(rows: slice, block: Block) -> Block:
        num, den, fits = rounded(block[0], block[1], worth, mode)
        sound = block[2] & fits
        return num, den, sound & whole[rows] if contributes and whole is not None else sound

    return staged


def _by_combination(rule: Rule) -> Kernel:
    """Return a kernel that asks the exact twin once for each combination of shares."""

    def kernel(weights: Sequence[Fraction], terms: Terms) -> Combine:
        count = len(weights)

        def combine(members: Members) -> tuple[Floats, Floats]:
            there = np.ones(members.steps.shape) if members.there is None else members.there
            keys = np.vstack([members.steps, there, np.broadcast_to(members.common, there.shape[1:])])
            kinds, places = np.unique(keys, axis=1, return_inverse=True)
            num, den = np.empty(kinds.shape[1]), np.empty(kinds.shape[1])
            for index, kind in enumerate(kinds.T.tolist()):
                shares = [
                    Fraction(int(step), int(kind[-1])) if has else None
                    for step, has in zip(kind[:count], kind[count:-1], strict=True)
                ]
                share = rule.share(shares, weights, terms) or Fraction(0)
                num[index], den[index] = float(share.numerator), float(share.denominator)
            return num[places.ravel()], den[places.ravel()]

        return combine

    return kernel
