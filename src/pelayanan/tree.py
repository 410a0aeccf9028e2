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
Flags = npt.NDArray[np.bool_]
Whole = Integers | int

_UNIT = 2.0**-53
SAFE = 2.0**61
_EXACT_FLOAT = 2.0**53
_SUMS = 256


@attrs.frozen(eq=False, repr=False)
class Node:
    """
    A group: ``factor x sum(weight x share)`` over its members.

    Args:
        leaves, groups: The ranges of rows of its members; either may be empty.
        weights: Their weights as whole numbers, in the order of the rows.
        factor: What the sum is multiplied with.
        normalised: Whether the sum is divided by the weights of the members answered.
    """

    leaves: range
    groups: range
    weights: tuple[int, ...]
    factor: Fraction
    normalised: bool

    @classmethod
    def of(
        cls, leaves: range, groups: range, weights: Sequence[Fraction], factor: Fraction, normalised: bool
    ) -> "Node":
        """
        Return the node with its weights as whole numbers without a common divisor.
        """
        common = math.lcm(*(weight.denominator for weight in weights))
        scaled = [int(weight * common) for weight in weights]
        divisor = math.gcd(*scaled)
        unit = Fraction(1) if normalised else Fraction(divisor, common)
        return cls(leaves, groups, tuple(each // divisor for each in scaled), factor * unit, normalised)

    @property
    def even(self) -> float:
        """What all sums of the weights of members that can be answered divide; infinite if it is long."""
        if not self.normalised:
            return 1.0
        sums = {0}
        for weight in self.weights:
            sums |= {weight + each for each in sums}
            if len(sums) > _SUMS:
                return math.inf
        found = math.lcm(*(sums - {0}))
        return float(found) if found < SAFE else math.inf

    @property
    def members(self) -> tuple[int, ...]:
        """The rows of the members."""
        return (*self.leaves, *self.groups)

    @property
    def full(self) -> tuple[Fraction, ...]:
        """What the share of each member is multiplied with when all are answered."""
        by = self.factor / sum(self.weights) if self.normalised else self.factor
        return tuple(weight * by for weight in self.weights)


@attrs.frozen(eq=False, repr=False)
class _Step:
    """A node as vectors of floats, for its leaves and its groups."""

    row: int
    leaves: slice
    groups: slice
    above: tuple[Floats, Floats]
    below: tuple[Floats, Floats]
    full: Floats
    normalised: bool


@attrs.frozen(slots=False, eq=False, repr=False)
class Tree:
    """
    Args:
        tops: An upper bound of the share of each leaf.
        nodes: The groups, each after its members, the root last.
    """

    tops: tuple[float, ...]
    nodes: tuple[Node, ...]

    @classmethod
    def of_leaf(cls, top: float) -> "Tree":
        """Return the tree of one leaf."""
        return cls((top,), (Node(range(1), range(0), (1,), Fraction(1), True),))

    @property
    def leaves(self) -> int:
        """How many rows are leaves."""
        return len(self.tops)

    @cached_property
    def steps(self) -> tuple[_Step, ...]:
        """The nodes as vectors of floats."""
        found = []
        for index, node in enumerate(self.nodes):
            count = len(node.leaves)
            weights = [float(weight) for weight in node.weights]
            above = [float(weight * node.factor) for weight in node.weights]
            full = [float(each) for each in node.full]
            above_two, below_two, full_two = (
                (np.array(each[:count]), np.array(each[count:])) for each in (above, weights, full)
            )
            leaves, groups = (slice(each.start, each.stop) for each in (node.leaves, node.groups))
            row = self.leaves + index
            found.append(_Step(row, leaves, groups, above_two, below_two, full_two[1], node.normalised))
        return tuple(found)

    @cached_property
    def effective_floats(self) -> Floats:
        """`effective` as floats, shape ``(leaves,)``."""
        return np.array([float(each) for each in self.effective])

    @cached_property
    def effective(self) -> tuple[Fraction, ...]:
        """What the share of each leaf adds to the root when everything is answered."""
        found = [Fraction(0)] * (self.leaves + len(self.nodes))
        found[-1] = Fraction(1)
        for row in range(len(found) - 1, self.leaves - 1, -1):
            node = self.nodes[row - self.leaves]
            for member, weight in zip(node.members, node.full, strict=True):
                found[member] = found[row] * weight
        return tuple(found[: self.leaves])

    @cached_property
    def highest(self) -> float:
        """An upper bound of the share of every group."""
        shares = list(self.tops)
        for node in self.nodes:
            best = max(shares[member] for member in node.members)
            reach = 1 if node.normalised else sum(node.weights)
            shares.append(max(1.0, float(node.factor) * reach * best) * 1.001)
        return max(shares)

    @cached_property
    def error(self) -> float:
        """How far the root's float share may be from the exact one, for exact leaves."""
        steps = [0.0] * self.leaves
        for node in self.nodes:
            own = 2 * len(node.members) + 8
            steps.append(own + max(steps[member] for member in node.members))
        return 2 * _UNIT * self.highest * max(steps[-1], self.leaves + 8)

    @cached_property
    def largest_denominator(self) -> float:
        """An upper bound of the denominator that `Kernel.fractions` reaches unreduced."""
        found = [1.0] * self.leaves
        for node in self.nodes:
            own = node.factor.denominator * (sum(node.weights) if node.normalised else 1)
            found.append(float(own) * math.prod(found[member] for member in node.members))
        return found[-1]

    @cached_property
    def evens(self) -> tuple[float, ...]:
        """Denominators of the groups that serve for all units, whatever is left out; infinite if long."""
        found = [1.0] * self.leaves
        for node in self.nodes:
            below = [found[member] for member in node.groups]
            inner = math.inf if math.inf in below else float(math.lcm(*map(int, below)))
            found.append(inner * node.even * node.factor.denominator)
        return tuple(found)

    def even(self, numerators: Floats, answered: Floats) -> Floats:
        """
        Return the root's exact share in parts of the last of `evens`, shape ``(n,)``.

        Args:
            numerators: shape ``(leaves, n)``, whole numbers, 0 for what is left out.
            answered: shape ``(leaves, n)``, 1 or 0.
        """
        nums: list[Floats] = [*numerators]
        there: list[Floats] = [*answered]
        for index, node in enumerate(self.nodes):
            parts = self.evens[self.leaves + index] / node.factor.denominator / node.even
            count = len(node.leaves)
            weights = np.array([float(weight) for weight in node.weights])
            inner = [parts / self.evens[member] for member in node.groups]
            num, left = np.zeros(numerators.shape[1]), np.zeros(numerators.shape[1])
            if count:
                rows = slice(node.leaves.start, node.leaves.stop)
                num, left = (weights[:count] * parts) @ numerators[rows], weights[:count] @ answered[rows]
            for member, weight, by in zip(node.groups, weights[count:], inner, strict=True):
                num += nums[member] * (weight * by)
                left += there[member] * weight
            if node.normalised:
                num *= node.even / np.maximum(left, 1.0)
            nums.append(num * float(node.factor.numerator) if node.factor.numerator != 1 else num)
            there.append(np.minimum(left, 1.0))
        return nums[-1]


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
        rows = tree.leaves + len(tree.nodes)
        self.shares = np.zeros((rows, width))
        self.answered = np.ones((rows, width))
        self._above = [(step.above[0] * slopes[step.leaves], step.above[1]) for step in tree.steps]
        self._effective = tree.effective_floats * slopes

    def full(self, width: int) -> Floats:
        """
        Return the root's share of each unit, shape ``(width,)``, where all is answered.
        """
        return self._effective @ self.shares[: self.tree.leaves, :width]

    def partial(self, width: int) -> tuple[Floats, Flags]:
        """
        Return the root's share and whether there is one, each of shape ``(width,)``.

        Unanswered leaves stand with 0 in ``shares`` and in ``answered``.
        """
        shares, answered = self.shares[:, :width], self.answered[:, :width]
        whole = [False] * self.tree.leaves
        for step, above in zip(self.tree.steps, self._above, strict=True):
            out = shares[step.row]
            if step.leaves.start == step.leaves.stop and all(whole[step.groups]):
                np.dot(step.full, shares[step.groups], out=out)
                answered[step.row] = 1.0
                whole.append(True)
                continue
            _dot(above, shares, step, out)
            left = answered[step.row]
            _dot(step.below, answered, step, left)
            whole.append(bool(np.minimum.reduce(left) > 0))
            some = None if whole[-1] else left > 0
            if step.normalised:
                np.maximum(left, 1.0, out=left)
                np.divide(out, left, out=out)
            left[...] = 1.0 if some is None else some
        return shares[-1].copy(), answered[-1] > 0

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
        count = numerators.shape[1]
        sound = np.ones(count, dtype=bool)
        largest = np.abs(numerators).max(axis=1, initial=0.0)
        factors = np.array([float(each) for each in multiples])
        nums: list[Whole] = [0] * self.tree.leaves
        dens: list[Whole] = [1] * self.tree.leaves
        there: list[Whole] = [1] * self.tree.leaves
        sizes: list[Floats] = [np.ones(1)] * self.tree.leaves
        for node in self.tree.nodes:
            rows = slice(node.leaves.start, node.leaves.stop)
            weights = np.array([float(weight) for weight in node.weights[: len(node.leaves)]])
            if max(float(sum(node.weights)), weights * factors[rows] @ largest[rows]) >= _EXACT_FLOAT:
                return None
            num: Whole = 0
            left: Whole = 0
            if node.leaves:
                num = ((weights * factors[rows]) @ numerators[rows]).astype(np.int64)
                left = (weights @ answered[rows]).astype(np.int64)
            den: Whole = 1
            den_size = np.ones(1)
            for member, weight in zip(node.groups, node.weights[len(node.leaves) :], strict=True):
                num = times(num, dens[member]) + times(times(nums[member], weight), den)
                den = times(den, dens[member])
                den_size = den_size * sizes[member]
                left = left + times(there[member], weight)
            num = times(num, node.factor.numerator)
            den = times(den, node.factor.denominator)
            den_size = den_size * float(node.factor.denominator)
            if node.normalised:
                held = np.maximum(left, 1)
                den = times(den, held)
                den_size = den_size * (held if reduce else float(sum(node.weights)))
            if reduce and node is not self.tree.nodes[-1]:
                num, den, fits = _reduced(num, den, den_size, size * self.tree.highest)
                sound &= fits
                den_size = np.asarray(den, dtype=np.float64)
            nums.append(num)
            dens.append(den)
            there.append(np.minimum(left, 1))
            sizes.append(den_size)
        return nums[-1], dens[-1], np.broadcast_to(sizes[-1], (count,)), sound


def _dot(vectors: tuple[Floats, Floats], rows: Floats, step: _Step, out: Floats) -> None:
    """Write the weighted sum of a node's members."""
    of_leaves, of_groups = vectors
    if len(of_leaves):
        np.dot(of_leaves, rows[step.leaves], out=out)
    if len(of_groups):
        inner = of_groups @ rows[step.groups]
        out[...] = inner + out if len(of_leaves) else inner


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
