"""
How shares in floats are worked out: which row holds what, and what fills them in turn.
"""

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from functools import cache, partial
from itertools import groupby
from typing import Any, NamedTuple

import attrs

from pelayanan.combining import Required, Rounded, Ruled, Stepped, Weighted
from pelayanan.criteria import Criteria
from pelayanan.criterion import depth_of
from pelayanan.estimates import ULP, Inside, Row, index_of, short
from pelayanan.exact import fraction
from pelayanan.loading import Lined, Pieced, Reader, Survey, Table
from pelayanan.lookup import Lookup, Starts
from pelayanan.tree import Node
from pelayanan.zones import Requirement

__all__ = ["Kind", "Plan", "planned"]

_ANSWER = 16 * ULP
_KEPT = 16

Step = Weighted | Ruled | Stepped | Rounded


class Kind(NamedTuple):
    """
    What a plan needs to know of how answers are read.

    Args:
        plain: Whether blocks hold the decimals as they were answered.
        integers: Whether these are whole numbers.
        multiple, denominator: The share that a number of 1 is worth.
        parts: What shares are whole parts of where the decimals are whole numbers; 0 for not known.
        error: How far a share may be off besides a part of it.
        lowest, worst: The number and the share of a missing answer that counts as the worst.
    """

    plain: bool
    integers: bool
    multiple: int
    denominator: int
    parts: int
    error: float
    lowest: float
    worst: Fraction | None

    @classmethod
    def of(cls, reader: Reader, worst: Fraction | None) -> "Kind":
        """Return that of a reader, and of the worst share if a missing answer counts as that."""
        lowest = reader.lowest if worst is not None else 0.0
        slope = (reader.multiple, reader.denominator) if isinstance(reader, Lined | Survey) else (1, 1)
        if isinstance(reader, Lined):
            return cls(True, reader.integers, *slope, reader.denominator, 0.0, lowest, worst)
        parts = reader.parts if isinstance(reader, Table) else 0
        error = 2 * reader.error * ULP if isinstance(reader, Pieced) else 0.0
        return cls(False, False, *slope, parts, error, lowest, worst)

    def row(self, number: int) -> Row:
        """Return the row of that number."""
        worth = Fraction(self.multiple, self.denominator)
        exact = self.worst is None or fraction(self.lowest) * worth == self.worst or not self.plain
        plain = self.plain and exact
        integers = plain and self.integers and self.lowest.is_integer()
        whole = integers and self.multiple == 1
        parts = short(self.parts) if exact else 0
        answers = frozenset([number] if self.plain and not integers else ())
        return Row(worth, _ANSWER, self.error, lambda _: parts, answers, plain, whole)


@attrs.frozen(eq=False, repr=False)
class Plan:
    """
    How the shares of all criteria are worked out.

    Args:
        answers: How many rows hold answers.
        rows: What each row holds.
        steps: What fills the others, in turn.
        full_steps: What fills those that matter where all is answered.
        place: The row of each criterion.
        required: What tells which units meet a requirement, of those that were asked for.
    """

    answers: int
    rows: Sequence[Row]
    steps: Sequence[Step]
    full_steps: Sequence[Step]
    place: Mapping[str, int]
    required: dict[Requirement, Required | None] = attrs.field(factory=dict)

    def inside(self, code: str) -> Inside:
        """Return the row of a criterion."""
        return Inside.of([self.place[code]], self.rows)

    def requiring(
        self, codes: Sequence[str], least: list[Fraction], *, beyond: bool, exceptions: int
    ) -> Required:
        """
        Return what tells which units have the least shares of criteria.

        Args:
            beyond: Whether they must have more.
            exceptions: How many of the criteria may have less.
        """
        places = [self.place[code] for code in codes]
        return Required.of(places, self.rows, least, beyond=beyond, exceptions=exceptions)


def planned(
    criteria: Criteria, codes: tuple[str, ...], kinds: tuple[Kind, ...], asked: frozenset[str]
) -> Plan | None:
    """
    Return how shares are worked out, nothing where floats cannot tell what a rule gives.

    Args:
        codes: The indicators whose answers are read, all that are scored among them.
        kinds: How each of these is read.
        asked: The criteria whose shares are asked for.
    """
    key = (codes, kinds, asked)
    if key not in criteria.plans:
        if len(criteria.plans) >= _KEPT:
            criteria.plans.clear()
        criteria.plans[key] = _Planning(criteria, codes, kinds, asked).plan()
    found: Plan | None = criteria.plans[key]
    return found


class _Planning:
    """A plan that is being made."""

    def __init__(
        self, criteria: Criteria, codes: tuple[str, ...], kinds: tuple[Kind, ...], asked: frozenset[str]
    ) -> None:
        self.criteria, self.codes, self.asked = criteria, codes, asked
        self.rows = [kind.row(number) for number, kind in enumerate(kinds)]
        self.place = {code: row for row, code in enumerate(codes)}
        self.steps: list[Step] = []
        self.full: dict[int, dict[int, Fraction]] = {}
        self.skipped: set[int] = set()
        self.lookup = cache(Lookup.of)

    def plan(self) -> Plan | None:
        """Return the plan."""
        for codes in self._levels():
            for code in codes:
                if code not in self.place and not self._group(code):
                    return None
            self._round([code for code in codes if code in self.criteria.staged])
        full = [step for step in self.steps if not (isinstance(step, Weighted) and step.row in self.skipped)]
        return Plan(len(self.codes), self.rows, self.steps, full, self.place)

    def _levels(self) -> Iterator[list[str]]:
        """Return the codes of criteria, those first that others are worked out from."""
        height = dict.fromkeys(self.codes, 0)
        for group in sorted(self.criteria.groups, key=lambda group: -depth_of(group.code)):
            members = self.criteria.combined[group.code]
            if members:
                height[group.code] = 1 + max(height[member] for member in members)
        rising = sorted(height, key=lambda code: height[code])
        yield from (list(codes) for _, codes in groupby(rising, lambda code: height[code]))

    def _group(self, code: str) -> bool:
        """Add a group, and return whether that is possible."""
        criteria, group = self.criteria, self.criteria.group(code)
        rule, codes = group.rule, criteria.combined[code]
        weights, terms = [criteria.weights[member] for member in codes], criteria.terms(group)
        members = [self.place[member] for member in codes]
        step: Weighted | Ruled | None = None
        if rule.linear is not None:
            node = Node.of(range(len(members)), range(0), weights, *rule.linear(weights, terms))
            full = self._full(members, node)
            step = Weighted.of(members, self.rows, node, full)
            if code not in self.asked and code not in criteria.staged:
                self.full[step.row] = full
        elif rule.kernel is not None and rule.jumps is not None:
            step = Ruled.of(members, self.rows, rule.kernel(weights, terms), rule.jumps)
        if step is None:
            return False
        self.place[code] = step.row
        if isinstance(step, Ruled) and rule.table is not None:
            table = tuple((number, tuple(rows)) for number, rows in rule.table(terms).items())
            self._look_up(step, table, weights, [criteria.bounds[member] for member in codes])
        else:
            self.steps.append(step)
        return True

    def _look_up(
        self, group: Ruled, table: Starts, weights: Sequence[Fraction], highest: Sequence[float]
    ) -> None:
        """Add a group of which a table tells, to those before it if theirs is the same."""
        step = Stepped.of(group, self.rows, weights, highest, partial(self.lookup, table))
        last = self.steps[-1] if self.steps else None
        if isinstance(last, Stepped) and last.lookup is step.lookup:
            self.steps[-1] = last.joined(step)
        else:
            self.steps.append(step)

    def _full(self, members: Sequence[int], node: Node) -> dict[int, Fraction]:
        """Return what numbers are multiplied with where all is answered, past groups if that is a slice."""
        near: dict[int, Fraction] = {}
        far: dict[int, Fraction] = {}
        for member, weight in zip(members, node.full, strict=True):
            near[member] = weight * self.rows[member].worth
            below = self.full.get(member)
            far |= (
                {member: near[member]}
                if below is None
                else {row: weight * each for row, each in below.items()}
            )
        if not isinstance(index_of(list(far)), slice):
            return near
        self.skipped |= self.full.keys() & near.keys()
        return far

    def _round(self, codes: Sequence[str]) -> None:
        """Add what is rounded, together where it is alike."""
        criteria = self.criteria

        def alike(code: str) -> tuple[Any, ...]:
            stage, row = criteria.staged[code], self.rows[self.place[code]]
            contributes = stage.of == "contribution"
            weight = criteria.effective_weights[code] if contributes else None
            per_share = criteria.maximum / stage.grid * (weight or 1)
            kind = (row.worth, row.relative, row.absolute, row.plain)
            return per_share, stage.mode, criteria.bounds[code], contributes, kind

        for (per_share, mode, highest, complete, _), group in groupby(codes, alike):
            together = list(group)
            sources = [self.place[code] for code in together]
            step = Rounded.of(sources, self.rows, per_share, mode, highest=highest, complete=complete)
            self.steps.append(step)
            self.place |= zip(together, range(step.rows.start, step.rows.stop), strict=True)
