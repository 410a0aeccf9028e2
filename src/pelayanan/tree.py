"""
A tree of weighted groups as arrays: many units at once, in floats and in whole numbers.

Nodes are rows: the leaves first, then the groups, each after its members, the root
last. Shapes are ``(nodes, units)``, so that a row is contiguous.
"""

import math
from collections.abc import Sequence
from fractions import Fraction
from functools import cached_property

import attrs
import numpy as np
import numpy.typing as npt

__all__ = ["SAFE", "Kernel", "Node", "Tree", "Whole", "settled_signs", "times"]

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]
Whole = Integers | int

_UNIT = 2.0**-53
SAFE = 2.0**61
_EXACT_FLOAT = 2.0**53


@attrs.frozen
class Node:
    """
    A group: ``factor x sum(weight x share)`` over its members.

    Args:
        members: Rows of the members.
        weights: Their weights as whole numbers.
        factor: What the sum is multiplied with.
        normalised: Whether the sum is divided by the weights of the members answered.
    """

    members: tuple[int, ...]
    weights: tuple[int, ...]
    factor: Fraction
    normalised: bool

    @classmethod
    def of(
        cls, members: Sequence[int], weights: Sequence[Fraction], factor: Fraction, normalised: bool
    ) -> "Node":
        """
        Return the node with its weights as whole numbers without a common divisor.
        """
        common = math.lcm(*(weight.denominator for weight in weights))
        scaled = [int(weight * common) for weight in weights]
        divisor = math.gcd(*scaled)
        unit = Fraction(1) if normalised else Fraction(divisor, common)
        return cls(tuple(members), tuple(each // divisor for each in scaled), factor * unit, normalised)

    @property
    def full(self) -> tuple[Fraction, ...]:
        """What the share of each member is multiplied with when all are answered."""
        by = self.factor / sum(self.weights) if self.normalised else self.factor
        return tuple(weight * by for weight in self.weights)


@attrs.frozen(eq=False)
class _Level:
    """Groups whose members all lie in lower levels, as matrices over a range of rows."""

    members: slice
    groups: slice
    above: Floats
    below: Floats
    full: Floats
    fixed: npt.NDArray[np.bool_]


@attrs.frozen(slots=False, eq=False)
class Tree:
    """
    Args:
        leaves: How many rows are leaves.
        nodes: The groups, rising in height, the root last.
    """

    leaves: int
    nodes: tuple[Node, ...]

    @cached_property
    def heights(self) -> tuple[int, ...]:
        """The height of each group: one more than its highest member."""
        found: list[int] = []
        for node in self.nodes:
            inner = [found[member - self.leaves] for member in node.members if member >= self.leaves]
            found.append(1 + max(inner, default=0))
        return tuple(found)

    @cached_property
    def levels(self) -> tuple[_Level, ...]:
        """The matrices of each height."""
        levels = []
        for height in range(1, self.heights[-1] + 1):
            first = self.heights.index(height)
            count = self.heights.count(height)
            nodes = self.nodes[first : first + count]
            rows = [member for node in nodes for member in node.members]
            low, high = min(rows), max(rows) + 1
            above, below, full = np.zeros((3, count, high - low))
            for group, node in enumerate(nodes):
                at = [member - low for member in node.members]
                above[group, at] = [float(weight * node.factor) for weight in node.weights]
                below[group, at] = node.weights
                full[group, at] = [float(each) for each in node.full]
            fixed = np.array([not node.normalised for node in nodes])
            groups = slice(self.leaves + first, self.leaves + first + count)
            levels.append(_Level(slice(low, high), groups, above, below, full, fixed))
        return tuple(levels)

    @cached_property
    def effective(self) -> tuple[Fraction, ...]:
        """What the share of each node adds to the root when everything is answered."""
        found = [Fraction(0)] * (self.leaves + len(self.nodes))
        found[-1] = Fraction(1)
        for row in range(len(found) - 1, self.leaves - 1, -1):
            node = self.nodes[row - self.leaves]
            for member, weight in zip(node.members, node.full, strict=True):
                found[member] += found[row] * weight
        return tuple(found)

    @cached_property
    def highest(self) -> float:
        """An upper bound of the share of every group."""
        shares = [1.0] * self.leaves
        for node in self.nodes:
            best = max(shares[member] for member in node.members)
            reach = 1 if node.normalised else sum(node.weights)
            shares.append(max(1.0, float(node.factor) * reach * best) * 1.001)
        return max(shares)

    @cached_property
    def error(self) -> float:
        """How far the root's float share may be from the exact one, for exact leaves."""
        steps = 0.0
        for height in range(1, self.heights[-1] + 1):
            groups = [node for node, own in zip(self.nodes, self.heights, strict=True) if own == height]
            steps += 2 * max(len(node.members) for node in groups) + 8
        return 2 * _UNIT * self.highest * max(steps, self.leaves + 8)

    @cached_property
    def largest_denominator(self) -> float:
        """An upper bound of the denominator that `Kernel.fractions` reaches unreduced."""
        found = [1.0] * self.leaves
        for node in self.nodes:
            own = node.factor.denominator * (sum(node.weights) if node.normalised else 1)
            found.append(float(own) * math.prod(found[member] for member in node.members))
        return found[-1]


class Kernel:
    """
    A tree with its work space, for blocks of units.

    Args:
        tree: The tree.
        slopes: shape ``(leaves,)``, what the rows of the leaves are multiplied with to
            give shares [share / answer].
        width: How many units a block has at most.
    """

    def __init__(self, tree: Tree, slopes: Floats, width: int) -> None:
        self.tree = tree
        self.shares = np.zeros((tree.leaves + len(tree.nodes), width))
        self.answered = np.ones((tree.leaves + len(tree.nodes), width))
        scale = np.concatenate([slopes, np.ones(len(tree.nodes))])
        self._levels = [
            attrs.evolve(
                level, above=level.above * scale[level.members], full=level.full * scale[level.members]
            )
            for level in tree.levels
        ]
        effective = [float(each) for each in tree.effective[: tree.leaves]]
        self._effective = np.array(effective) * slopes

    def full(self, width: int) -> Floats:
        """
        Return the root's share of each unit, shape ``(width,)``, where all is answered.
        """
        return self._effective @ self.shares[: self.tree.leaves, :width]

    def partial(self, width: int) -> tuple[Floats, npt.NDArray[np.bool_]]:
        """
        Return the root's share and whether there is one, each of shape ``(width,)``.

        Unanswered leaves stand with 0 in ``shares`` and in ``answered``.
        """
        for level in self._levels:
            members = self.shares[level.members, :width]
            answered = self.answered[level.members, :width]
            groups = self.shares[level.groups, :width]
            left = self.answered[level.groups, :width]
            if answered.all():
                np.matmul(level.full, members, out=groups)
                left[...] = 1.0
                continue
            np.matmul(level.above, members, out=groups)
            np.matmul(level.below, answered, out=left)
            none = left == 0
            left[none] = 1.0
            if level.fixed.any():
                left[level.fixed] = 1.0
            np.divide(groups, left, out=groups)
            np.subtract(1.0, none, out=left)
        return self.shares[-1, :width].copy(), self.answered[-1, :width] > 0

    def fractions(
        self, numerators: Floats, answered: Floats, multiples: Sequence[int], size: Floats, reduce: bool
    ) -> "tuple[Whole, Whole, Floats, npt.NDArray[np.bool_]] | None":
        """
        Return the root's exact share as numerator and denominator, wrapped to 64 bits.

        Args:
            numerators: shape ``(leaves, n)``, whole numbers; the share of a leaf is its
                numerator x multiple / common, where common is the same for a unit.
            answered: shape ``(leaves, n)``, 1 or 0.
            multiples: One for each leaf.
            size: shape ``(n,)``, the size of common.
            reduce: Whether to divide out what the two have in common after each group.

        Returns:
            Numerator, denominator, the size of the denominator, and for which units they
            hold, each of shape ``(n,)`` or a number for all; nothing where the numbers
            are too long for all.
        """
        leaves, count = self.tree.leaves, numerators.shape[1]
        sound = np.ones(count, dtype=bool)
        largest = np.abs(numerators).max(axis=1, initial=0.0)
        factors = np.array([float(each) for each in multiples])
        nums: list[Whole] = [0] * leaves
        dens: list[Whole] = [1] * leaves
        sizes: list[Floats | float] = [1.0] * leaves
        there: list[Whole] = [1] * leaves
        for node in self.tree.nodes:
            rows = [member for member in node.members if member < leaves]
            inner = [
                (member, weight)
                for member, weight in zip(node.members, node.weights, strict=True)
                if member >= leaves
            ]
            weights = np.array(
                [float(w) for m, w in zip(node.members, node.weights, strict=True) if m < leaves]
            )
            if sum(node.weights) >= _EXACT_FLOAT or (weights * factors[rows]) @ largest[rows] >= _EXACT_FLOAT:
                return None
            num: Whole = 0
            left: Whole = 0
            if rows:
                num = ((weights * factors[rows]) @ numerators[rows]).astype(np.int64)
                left = (weights @ answered[rows]).astype(np.int64)
            den: Whole = 1
            den_size: Floats | float = 1.0
            for member, weight in inner:
                num = times(num, dens[member]) + times(times(nums[member], weight), den)
                den = times(den, dens[member])
                den_size = den_size * sizes[member]
                left = left + times(there[member], weight)
            factor = node.factor
            num = times(num, factor.numerator)
            answered_here = np.minimum(left, 1)
            if node.normalised:
                held = np.maximum(left, 1)
                den = times(times(den, held), factor.denominator)
                den_size = den_size * held * float(factor.denominator)
            else:
                den = times(den, factor.denominator)
                den_size = den_size * float(factor.denominator)
            if reduce and node is not self.tree.nodes[-1]:
                num, den, fits = _reduced(num, den, den_size, size * self.tree.highest)
                sound &= fits
                den_size = np.abs(den).astype(np.float64) if isinstance(den, np.ndarray) else float(den)
            nums.append(num)
            dens.append(den)
            sizes.append(den_size)
            there.append(answered_here)
        return nums[-1], dens[-1], np.broadcast_to(np.asarray(sizes[-1]), (count,)), sound


def _wrapped(number: int) -> int:
    return (number + 2**63) % 2**64 - 2**63


def times(a: Whole, b: Whole) -> Whole:
    """Return the product, wrapped to 64 bits where it is an array."""
    if isinstance(a, int) and isinstance(b, int):
        return a * b
    if isinstance(a, int):
        return b if a == 1 else b * _wrapped(a)
    if isinstance(b, int):
        return a if b == 1 else a * _wrapped(b)
    return a * b


def _reduced(
    num: Whole, den: Whole, den_size: Floats | float, reach: Floats
) -> tuple[Whole, Whole, npt.NDArray[np.bool_]]:
    """
    Return the fraction in lower terms, and for which units it fits 62 bits.
    """
    fits = np.broadcast_to(den_size * np.maximum(reach, 1.0) < SAFE, reach.shape)
    top = np.where(fits, num, 0)
    bottom = np.where(fits, den if isinstance(den, np.ndarray) else _wrapped(den), 1)
    quotient = top // bottom
    whole = quotient * bottom == top
    if whole.all():
        return quotient, 1, fits
    divisor = bottom.copy()
    rest = ~whole
    divisor[rest] = np.gcd(top[rest], bottom[rest])
    return top // divisor, bottom // divisor, fits


def settled_signs(
    num: Whole,
    den: Whole,
    den_size: Floats,
    *,
    scale: tuple[int, int],
    boundary: Integers,
    common: Whole,
    common_size: Floats,
    gap: float,
) -> npt.NDArray[np.int8]:
    """
    Return on which side of its boundary each number lies: -1, 0, 1, or 2 for not settled.

    The number is ``num / (den * common)``, the boundary ``boundary x scale[0] / scale[1]``,
    and the two are known to be no further apart than ``gap``. Their difference times the
    denominators is then a short whole number, which 64 bits hold even where its parts do not.

    Args:
        num, den, boundary, common: shape ``(n,)`` or one for all, wrapped to 64 bits.
        den_size, common_size: shape ``(n,)``, the true sizes.
    """
    left = times(num, scale[1])
    right = times(times(boundary, scale[0]), times(den, common))
    difference = np.asarray(left - right)
    settled = den_size * common_size * float(scale[1]) * gap < SAFE
    return np.where(settled, np.sign(difference), 2).astype(np.int8)
