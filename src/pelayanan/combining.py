"""
What fills the rows of a block: groups, what is rounded, and what is required.
"""

import math
from collections.abc import Callable, Sequence
from fractions import Fraction
from functools import cache, partial

import attrs
import numpy as np
import numpy.typing as npt

from pelayanan.aggregation import LONGEST, Combine, Members
from pelayanan.estimates import ULP, Block, Index, Inside, Row, answers_of, index_of, short
from pelayanan.exact import rounded_steps
from pelayanan.lookup import Lookup
from pelayanan.ratios import at_least, rounded
from pelayanan.tree import Node

__all__ = ["Required", "Rounded", "Ruled", "Stepped", "Weighted"]

_BELOW_HALF = math.nextafter(0.5, 0)

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]


@attrs.frozen(eq=False, repr=False)
class Weighted:
    """
    A group whose rule is linear.

    Args:
        row: Its row.
        index: The rows of its members.
        above, below: shape ``(members,)``, what the numbers of those with a share are multiplied
            with, and what that is divided by, if it is a mean.
        full_index, full: The rows, and what their numbers are multiplied with, where all is
            answered.
    """

    row: int
    index: Index
    mean: bool
    above: Floats
    below: Floats
    full_index: Index
    full: Floats

    @classmethod
    def of(cls, members: Sequence[int], rows: list[Row], node: Node, full: dict[int, Fraction]) -> "Weighted":
        """
        Return the group, and add its row.

        Args:
            full: What numbers are multiplied with where all is answered, by row.
        """
        inside = Inside.of(members, rows)
        total = sum(node.weights) if node.normalised else 1

        def parts(whole: bytes) -> int:
            some = node.normalised and not all(whole[member] for member in members)
            divisor = short(node.even) if some else total
            return short(inside.parts(whole) * node.factor.denominator * divisor)

        rows.append(
            Row(
                Fraction(1),
                inside.relative + (4 * max(len(members), len(full)) + 16) * ULP,
                inside.absolute * float(node.factor * sum(node.weights) / total) * 1.001,
                parts,
                answers_of(members, rows),
            )
        )
        pairs = zip(node.weights, members, strict=True)
        return cls(
            len(rows) - 1,
            inside.index,
            node.normalised,
            np.array([float(weight * node.factor * rows[member].worth) for weight, member in pairs]),
            np.array([float(weight) for weight in node.weights]),
            index_of(list(full)),
            np.array([float(each) for each in full.values()]),
        )

    def fill(self, block: Block) -> None:
        """Write the shares of the group."""
        out, there = block.values[self.row], block.held(self.index)
        if block.there is None:
            np.dot(self.full, block.values[self.full_index], out=out)
            return
        np.dot(self.above, block.values[self.index], out=out)
        left = self.below.sum() if there is None else self.below @ there
        if self.mean:
            np.divide(out, np.maximum(left, 1.0), out=out)
        block.hold(self.row, None if there is None else left > 0)


@attrs.frozen(eq=False, repr=False)
class Ruled:
    """
    A group whose rule is not linear.

    Args:
        row: Its row.
        inside: Its members.
        common: What their numbers are parts of, after those are multiplied.
        multiples: shape ``(members, 1)``, nothing where their numbers are worth the same.
        parts: What its numbers are parts of.
        ends: shape ``(2, 1)``, what their numbers may be parts of at least and at most, where
            that matters.
        combine: The kernel of the rule.
    """

    row: int
    inside: Inside
    common: float
    multiples: Floats | None
    parts: float
    ends: Floats | None
    combine: Combine

    @classmethod
    def of(cls, members: Sequence[int], rows: list[Row], combine: Combine, jumps: bool) -> "Ruled | None":
        """Return the group, and add its row; nothing where floats cannot tell where its rule jumps."""
        inside, kinds = Inside.of(members, rows), [rows[member] for member in members]
        common = float(1 / kinds[0].worth)
        multiples = inside.worths * common if len({each.worth for each in kinds}) > 1 else None
        num, den = combine(Members(np.full((len(members), 1), 2 * common), common, None))
        whole = multiples is None and all(each.whole for each in kinds) and max(num[0], den) < LONGEST
        if jumps and not (np.isfinite(num).all() and inside.absolute == 0):
            return None
        error = inside.relative + (4 * len(members) + 16) * ULP
        ends = np.array([[common * (1 - 2 * error)], [common * (1 + 2 * error)]])

        @cache
        def denominator(inner: int) -> int:
            return short(float(combine(Members(np.zeros((len(members), 1)), float(inner), None))[1]))

        worth = 1 / Fraction(float(den))
        row = Row(
            worth,
            4 * ULP if jumps else error,
            inside.absolute,
            lambda whole: denominator(inside.parts(whole)),
            frozenset() if jumps else answers_of(members, rows),
            whole=worth.numerator == 1 and (whole or jumps),
        )
        rows.append(row)
        bounds = ends if jumps and not whole else None
        return cls(len(rows) - 1, inside, common, multiples, float(den), bounds, combine)

    def fill(self, block: Block) -> None:
        """Write the shares of the group."""
        inner, held = block.values[self.inside.index], block.held(self.inside.index)
        if self.multiples is not None:
            inner = inner * self.multiples
        there, out = None if held is None else held > 0, block.values[self.row]
        if self.ends is None:
            out[...] = self.combine(Members(inner, self.common, there))[0]
        else:
            most, least = self.combine(Members(inner, self.ends, there))[0]
            out[...] = least
            within, exact = block.settle(most != least, self.inside, self._exactly)
            out[within] = exact
        some = None if there is None else np.logical_or.reduce(there, axis=0)
        if some is not None:
            out[~some] = 0.0
        block.hold(self.row, some)

    def _exactly(self, members: Members) -> tuple[Floats, Flags]:
        num, den = self.combine(members)
        return num * (self.parts / den), np.asarray((num < LONGEST) & (den < LONGEST))


@attrs.frozen(eq=False, repr=False)
class Stepped:
    """
    Groups of which one table says what the sum of their members gives.

    Args:
        rows: Their rows.
        groups: The same, for sums near where the table turns.
        lookup: The table, for all others.
    """

    rows: slice
    groups: tuple[Ruled, ...]
    lookup: Lookup

    @classmethod
    def of(
        cls,
        group: Ruled,
        rows: Sequence[Row],
        weights: Sequence[Fraction],
        highest: Sequence[float],
        lookup: Callable[..., Lookup],
    ) -> "Stepped":
        """
        Return one group, whose row is the last.

        Args:
            weights: Those of its members.
            highest: The highest share of each that there can be.
            lookup: Makes that of its table.
        """
        inside = group.inside
        parts = 0 if inside.answers else inside.parts(bytes(len(rows)))
        common = math.lcm(*(weight.denominator for weight in weights))
        divisor = math.gcd(*(int(weight * common) for weight in weights))
        worths = [Fraction(worth) for worth in inside.worths[:, 0].tolist()]
        made = lookup(
            weights=tuple(weight * worth for weight, worth in zip(weights, worths, strict=True)),
            top=sum(weight * Fraction(high) for weight, high in zip(weights, highest, strict=True)),
            unit=Fraction(divisor, common * parts) if parts else Fraction(0),
            error=inside.relative + (8 * len(weights) + 32) * ULP,
            worth=rows[group.row].worth,
        )
        return cls(slice(group.row, group.row + 1), (group,), made)

    def joined(self, other: "Stepped") -> "Stepped":
        """Return these groups with others of the same table, whose rows follow."""
        rows = slice(self.rows.start, other.rows.stop)
        return attrs.evolve(self, rows=rows, groups=self.groups + other.groups)

    def fill(self, block: Block) -> None:
        """Write the shares of the groups."""
        out, passed = block.values[self.rows], None
        for group, row in zip(self.groups, out, strict=True):
            np.dot(self.lookup.weights, block.values[group.inside.index], out=row)
        if block.there is not None:
            passed = np.empty(out.shape)
            for group, row in zip(self.groups, passed, strict=True):
                np.dot(self.lookup.ahead, block.there[group.inside.index], out=row)
            some = passed > 0
            block.there[self.rows], block.whole[self.rows] = some, some.all(axis=1)
        self.lookup.find(out, passed)
        if self.lookup.turns:
            block.apart(np.isnan(out), self.rows, [group.fill for group in self.groups])


@attrs.frozen(eq=False, repr=False)
class Rounded:
    """
    Criteria that are rounded on the way, all alike.

    Args:
        rows: Their rows.
        each: What is rounded.
        per_share: How many steps of the grid the share 1 is worth [-].
        mode: How it is rounded.
        factor: What the numbers are multiplied with to be steps of the grid.
        tolerance: How near to a turn they are near [steps]; 0 where floats are as exact as decimals.
        complete: Whether this holds only where all is answered.
    """

    rows: slice
    index: Index
    insides: list[Inside]
    per_share: Fraction
    mode: str
    factor: float
    tolerance: float
    complete: bool

    @classmethod
    def of(
        cls,
        sources: Sequence[int],
        rows: list[Row],
        per_share: Fraction,
        mode: str,
        *,
        highest: float,
        complete: bool,
    ) -> "Rounded":
        """
        Return how rows are rounded, and add the rows for that.

        Args:
            highest: The highest share that there can be.
        """
        source, insides = rows[sources[0]], [Inside.of([each], rows) for each in sources]
        factor = per_share * source.worth
        error = (source.relative + 4 * ULP) * highest + source.absolute
        tolerance = 0.0 if source.plain and factor == 1 else 2 * error * float(per_share)
        parts, whole = short(per_share.numerator), per_share.denominator == 1
        index = slice(len(rows), len(rows) + len(sources))
        rows += [Row(1 / per_share, 4 * ULP, 0.0, lambda _: parts, whole=whole) for _ in sources]
        return cls(index, index_of(sources), insides, per_share, mode, float(factor), tolerance, complete)

    def fill(self, block: Block) -> None:
        """Write the rounded numbers, in steps of the grid."""
        numbers, out = block.values[self.index], block.values[self.rows]
        if self.tolerance:
            out[...], distance = rounded_steps(numbers * self.factor, self.mode)
            exactly = [self._exactly] * len(out)
            block.settle_each(distance <= self.tolerance, self.insides, exactly, out)
        elif self.mode == "half_even":
            np.rint(numbers, out=out)
        else:
            np.floor(numbers if self.mode == "down" else np.add(numbers, _BELOW_HALF, out=out), out=out)
        if block.there is not None:
            block.there[self.rows], block.whole[self.rows] = block.there[self.index], block.whole[self.index]
            if self.complete:
                block.open |= ~block.there[: block.answers].all(axis=0)

    def _exactly(self, members: Members) -> tuple[Floats, Flags | bool]:
        num, _, holds = rounded(members.steps[0], members.common, self.per_share, self.mode)
        return num / float(self.per_share.denominator), holds


@attrs.frozen(eq=False, repr=False)
class Required:
    """
    The least shares that are required of some criteria.

    Args:
        each: Their rows.
        least: The shares.
        beyond: Whether it must be more.
        exceptions: How many may have less.
        reach: shape ``(rows, 1)``, the numbers from which on the least is reached surely.
        miss: shape ``(rows, 1)``, the numbers below which it surely is not.
    """

    index: Index
    insides: list[Inside]
    least: list[Fraction]
    beyond: bool
    exceptions: int
    reach: Floats
    miss: Floats

    @classmethod
    def of(
        cls,
        places: Sequence[int],
        rows: Sequence[Row],
        least: list[Fraction],
        *,
        beyond: bool,
        exceptions: int,
    ) -> "Required":
        """Return what is required of rows."""
        numbers = np.array(
            [[float(share / rows[row].worth)] for share, row in zip(least, places, strict=True)]
        )
        errors = [
            [2 * (rows[row].relative + 4 * ULP), 2 * rows[row].absolute / float(rows[row].worth)]
            for row in places
        ]
        relative, absolute = np.hsplit(np.array(errors), 2)
        error = relative * np.abs(numbers) + absolute
        insides = [Inside.of([row], rows) for row in places]
        return cls(index_of(places), insides, least, beyond, exceptions, numbers + error, numbers - error)

    def missed(self, block: Block) -> Flags:
        """Return which units do not meet it."""
        values, there = block.values[self.index], block.held(self.index)
        reached: Flags = values >= self.reach
        near = (values >= self.miss) != reached
        exactly = [partial(self._exactly, least) for least in self.least]
        block.settle_each(near, self.insides, exactly, reached)
        if there is not None:
            reached &= there > 0
        if not self.exceptions:
            return np.asarray(~np.logical_and.reduce(reached, axis=0))
        return np.asarray(np.count_nonzero(reached, axis=0) < len(self.least) - self.exceptions)

    def _exactly(self, least: Fraction, members: Members) -> tuple[Flags, Flags]:
        return at_least(members.steps[0], members.common, least, self.beyond)
