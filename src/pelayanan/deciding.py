"""
From totals in floats to published totals and zones, and which of them a float cannot decide.
"""

import math
from bisect import bisect_left, bisect_right
from collections.abc import Callable
from fractions import Fraction
from functools import cached_property

import numpy as np
import numpy.typing as npt

from pelayanan.exact import (
    Rounding,
    rounded_steps,
    settled_steps,
    turning_points,
)
from pelayanan.zones import Zones

__all__ = ["Decider"]

Floats = npt.NDArray[np.float64]
Indices = npt.NDArray[np.intp]
Flags = npt.NDArray[np.bool_]
Signs = npt.NDArray[np.int8]

_LONGEST = 2.0**52


class Decider:
    """
    Publishes totals and finds their zones.

    A total in floats comes with a bound of its error. Where the exact total could be
    published otherwise, or lie in another zone, the row stays open for `settle` and
    `decide`.

    Args:
        rounding: How the total is published.
        zones: The zones, with what they are decided on.
        largest: The largest total that can be [points].
        zones_only: Whether nothing is published, and the zones alone are wanted.
    """

    def __init__(
        self, rounding: Rounding | None, zones: Zones, largest: float, *, zones_only: bool = False
    ) -> None:
        self.rounding = rounding
        self.zones = zones
        self.largest = largest
        self.grid = zones.grid(rounding)
        self._own_grid = zones.decide_on != "published" or rounding is None
        self.decimals = max((each.decimals for each in (rounding, self.grid) if each is not None), default=0)
        self.always_open = largest * 10**self.decimals >= _LONGEST or (rounding is None and not zones_only)
        self._numbers = numbers = sorted({number for number, _ in zones.edges[0]})
        self._edges = np.array([float(number) for number in numbers])
        self._common = math.lcm(*(number.denominator for number in numbers))
        self._numerators = [int(number * self._common) for number in numbers]
        self._short = all(abs(each) < 2**62 for each in self._numerators)
        gaps = np.diff(self._edges)
        self._closest = float(gaps.min()) if len(gaps) else math.inf

    @cached_property
    def _beside(self) -> Indices:
        """The bands just below, at, and just above each cut-off, shape ``(cut-offs, 3)``."""
        edges, bands = self.zones.edges
        rows = [
            (
                bands[bisect_left(edges, (number, False))],
                bands[bisect_right(edges, (number, False))],
                bands[bisect_right(edges, (number, True))],
            )
            for number in self._numbers
        ]
        return np.array(rows, dtype=np.intp).reshape(len(rows), 3)

    def publish(self, totals: Floats, error: float) -> tuple[Floats, Indices, Flags]:
        """
        Return the published totals, the zones, and which rows are open, each of shape ``(n,)``.

        Args:
            totals: shape ``(n,)``, not rounded and not negative; NaN is in no zone [points].
            error: How far each may be from the exact total [points].
        """
        if self.always_open:
            return totals, self.zones.placed(totals), ~np.isnan(totals)
        published, open_ = totals, np.zeros(totals.shape, dtype=bool)
        if self.rounding is not None:
            published, open_ = self._rounded(totals, error, self.rounding)
        if not self._own_grid:
            return published, self.zones.placed(published), open_
        if self.grid is None:
            zone = self.zones.placed(totals)
            for edge in self._edges:
                open_ |= np.abs(totals - edge) <= 2 * error
            return published, zone, open_
        regrouped, also_open = self._rounded(totals, error, self.grid)
        return published, self.zones.placed(regrouped), open_ | also_open

    def _rounded(self, totals: Floats, error: float, rounding: Rounding) -> tuple[Floats, Flags]:
        scaled = totals * rounding.scale
        steps, distance = rounded_steps(scaled, rounding.mode)
        return steps / rounding.scale, distance <= 2 * error * rounding.scale

    def fits(self, largest: float, denominator: int) -> bool:
        """
        Return whether totals up to ``largest / denominator`` can be published by `publish_ratio`.
        """
        scale = 10**self.decimals
        edges = [abs(number * denominator) for number, _ in self.zones.edges[0]]
        return (
            2 * largest * scale + denominator < _LONGEST
            and denominator < _LONGEST
            and all(edge < _LONGEST for edge in edges)
        )

    def publish_ratio(self, numerators: Floats, denominator: int) -> tuple[Floats, Indices]:
        """
        Return the published totals and the zones of exact totals ``numerators / denominator``.

        Args:
            numerators: shape ``(n,)``, whole numbers of which `fits` holds [points x denominator].
        """
        published = self._ratio_rounded(numerators, denominator, self.rounding)
        if not self._own_grid:
            return published, self.zones.placed(published)
        if self.grid is not None:
            return published, self.zones.placed(self._ratio_rounded(numerators, denominator, self.grid))
        edges, bands = self.zones.edges
        passed = np.zeros(numerators.shape, dtype=np.intp)
        for number, beyond in edges:
            place = number * denominator
            passed += numerators >= (math.floor(place) + 1 if beyond else math.ceil(place))
        return published, np.array(bands, dtype=np.intp)[passed]

    def _ratio_rounded(self, numerators: Floats, denominator: int, rounding: Rounding | None) -> Floats:
        if rounding is None:
            return numerators / denominator
        scale = rounding.scale
        if rounding.mode == "down":
            return np.floor(numerators * scale / denominator) / scale
        above = numerators * (2 * scale) + denominator
        steps = np.floor(above / (2 * denominator))
        if rounding.mode == "half_even":
            steps -= (steps * (2 * denominator) == above) & (steps % 2 == 1)
        return steps / scale

    def settle(
        self, totals: Floats, error: float, sign: Callable[[npt.NDArray[np.int64], int, float], Signs]
    ) -> tuple[Floats, Indices, Flags]:
        """
        Decide open rows by the side of their nearest turning points; the rest stays open.

        Args:
            totals, error: As in `publish`.
            sign: Given boundaries of shape ``(n,)`` as whole numbers over one
                denominator, and how far they are at most [points]: on which side each exact
                total lies, -1, 0 or 1, and 2 where it cannot say.
        """
        if self.always_open:
            return totals, self.zones.placed(totals), np.ones(totals.shape, dtype=bool)
        published, open_ = totals, np.zeros(totals.shape, dtype=bool)
        if self.rounding is not None:
            published, open_ = self._settled(totals, error, self.rounding, sign)
        if not self._own_grid:
            return published, self.zones.placed(published), open_
        if self.grid is not None:
            regrouped, also_open = self._settled(totals, error, self.grid, sign)
            return published, self.zones.placed(regrouped), open_ | also_open
        if not len(self._edges):
            return published, self.zones.placed(totals), open_
        distances = np.abs(totals[:, None] - self._edges)
        nearest = distances.argmin(axis=1)
        near = distances[np.arange(len(totals)), nearest] <= 2 * error
        if not self._short or self._closest <= 8 * error:
            return published, self.zones.placed(totals), open_ | near
        boundary = np.array(self._numerators, dtype=np.int64)[nearest]
        side = sign(boundary, self._common, 4 * error)
        beside = self._beside[nearest, np.minimum(side, 1) + 1]
        return published, np.where(near, beside, self.zones.placed(totals)), open_ | (near & (side == 2))

    def _settled(
        self,
        totals: Floats,
        error: float,
        rounding: Rounding,
        sign: Callable[[npt.NDArray[np.int64], int, float], Signs],
    ) -> tuple[Floats, Flags]:
        scaled = totals * rounding.scale
        steps, distance = rounded_steps(scaled, rounding.mode)
        near = distance <= 2 * error * rounding.scale
        doubled = turning_points(scaled, rounding.mode)
        side = sign(doubled.astype(np.int64), 2 * rounding.scale, 4 * error)
        settled = settled_steps(doubled, side, rounding.mode)
        return np.where(near, settled, steps) / rounding.scale, near & (side == 2)

    def decide(self, total: Fraction) -> tuple[float, int]:
        """
        Return the published total and the zone of an exact one: the twin of the rest.
        """
        published = total if self.rounding is None else self.rounding.of(total)
        deciding = total if self.grid is None else self.grid.of(total)
        return float(published), self.zones.position(deciding)
