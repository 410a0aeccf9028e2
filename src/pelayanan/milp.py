"""
Smallest choices by an integer program, with scipy, which the extra ``optimise`` brings.
"""

import importlib
import math
from collections.abc import Mapping
from fractions import Fraction
from typing import Any

import attrs
import numpy as np

from pelayanan.errors import ExtraError

__all__ = ["Key", "Program", "Solved"]

_LARGEST = 10**6

Key = Any
Terms = Mapping[Key, Fraction]


@attrs.frozen
class Solved:
    """
    What the solver found.

    Args:
        chosen: The choices that are taken; ``None`` where it stopped before it found any.
        least: A lower bound of what any choices cost that keep to the rows.
        nodes: How many nodes it looked at.
    """

    chosen: frozenset[Key] | None
    least: Fraction
    nodes: int


@attrs.define
class Program:
    """
    A program: choices of 0 or 1 that keep to rows, at the least cost.

    Rows are in whole numbers of at most a million, so that a float solver can tell apart what
    keeps to them: each asks for half a unit less than the whole number that it needs. Where a row
    or a cost has longer numbers, it is made easier by less than one unit a variable, never harder.
    So every choice that keeps to the exact rows keeps to these, `Solved.least` is a lower bound,
    and who asks checks exactly what was chosen.

    Args:
        costs: What each choice costs, not negative.
        shares: Further variables from 0 on, not whole, with the highest value of each.
    """

    costs: dict[Key, Fraction]
    shares: dict[Key, Fraction] = attrs.field(factory=dict)
    _rows: list[tuple[dict[Key, int], int]] = attrs.field(factory=list, init=False)

    def at_least(
        self, terms: Terms, least: Fraction, *, strict: bool = False, spare: Key | None = None
    ) -> None:
        """
        Add a row: the sum of the terms is at least a number, or with ``strict`` above it.

        Args:
            spare: A choice that lifts the row. Terms must not be negative then.
        """
        common = math.lcm(*(each.denominator for each in terms.values()))
        needed = least * common
        whole = not any(key in self.shares for key in terms)
        scaled = {key: each * common for key, each in terms.items()}
        if whole:
            needed = Fraction(math.floor(needed) + 1 if strict else math.ceil(needed))
        longest = max((abs(each) for each in scaled.values()), default=Fraction(0))
        if longest and (not whole or longest > _LARGEST):
            factor = _LARGEST / longest
            scaled = {key: each * factor for key, each in scaled.items()}
            needed *= factor
        row = {key: math.ceil(each) for key, each in scaled.items()}
        bound = math.floor(needed)
        if spare is not None:
            row[spare] = max(bound, 0)
        self._rows.append((row, bound))

    def solve(self, nodes: int) -> Solved | None:
        """
        Return the cheapest choices, nothing where no choices keep to the rows.

        Args:
            nodes: After how many nodes it stops with the cheapest that it has, or none.

        Raises:
            ExtraError: scipy is not installed.
        """
        optimize = _optimize()
        places = {key: place for place, key in enumerate((*self.costs, *self.shares))}
        common = math.lcm(*(each.denominator for each in self.costs.values()))
        longest = max((each * common for each in self.costs.values()), default=Fraction(0))
        unit = common * min(Fraction(1), _LARGEST / longest if longest else Fraction(1))
        costs = np.zeros(len(places))
        costs[: len(self.costs)] = [math.floor(each * unit) for each in self.costs.values()]
        highest = [1.0] * len(self.costs) + [float(each) for each in self.shares.values()]
        terms = np.zeros((len(self._rows), len(places)))
        for number, (row, _) in enumerate(self._rows):
            for key, each in row.items():
                terms[number, places[key]] = each
        found: Any = optimize.milp(
            costs,
            integrality=[1] * len(self.costs) + [0] * len(self.shares),
            bounds=optimize.Bounds(0.0, highest),
            constraints=optimize.LinearConstraint(terms, [bound - 0.5 for _, bound in self._rows], np.inf),
            options={"mip_rel_gap": 0.0, "node_limit": nodes},
        )
        if found.status == 2:
            return None
        proven = 0.0 if found.mip_dual_bound is None else float(found.mip_dual_bound)
        least = max(math.ceil(proven - 0.25), 0) if math.isfinite(proven) else 0
        chosen = None
        if found.x is not None:
            chosen = frozenset(key for key in self.costs if found.x[places[key]] > 0.5)
        return Solved(chosen, Fraction(least) / unit, int(found.mip_node_count or 0))


def _optimize() -> Any:
    try:
        return importlib.import_module("scipy.optimize")
    except ImportError as error:
        message = (
            "this plan needs an integer program, and scipy is not installed; "
            "install the extra, pip install 'pelayanan[optimise]'"
        )
        raise ExtraError("extra-lacking", message, extra="optimise") from error
