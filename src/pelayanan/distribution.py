"""
A distribution: how often each published total occurs.
"""

import math
from bisect import bisect_left, bisect_right
from fractions import Fraction
from functools import cached_property
from operator import mul
from typing import Any, Self

import attrs
import numpy as np
import numpy.typing as npt

from pelayanan.arrays import read_only, restored
from pelayanan.errors import KindError, PeersError, check_kind
from pelayanan.exact import Exact, Rounding, fraction, shown
from pelayanan.grid import Grid
from pelayanan.mapping import FrozenMapping, in_language
from pelayanan.ranking import check_ties
from pelayanan.rendering import check_language
from pelayanan.value import Value
from pelayanan.zones import Zones

__all__ = ["Distribution", "zone_words"]

_MOST = 2**50
_PRECISION = 128

Array = npt.NDArray[Any]
Whole = npt.NDArray[np.int64]


def _whole(values: Any) -> Whole:
    found = np.asarray(values)
    if found.size and found.dtype.kind not in "iu":
        raise KindError.of("a step or count", "a whole number", values)
    return read_only(found.astype(np.int64, copy=False))


@attrs.frozen(eq=False, slots=False, repr=False)
class Distribution(Value):
    """
    How often each published total occurs: all that ranks, percentiles and quantiles need.

    Totals lie on a grid, so that few of them differ however many units there are. Two
    distributions add up to that of the units of both. What is not whole is the float nearest
    to the exact number.

    Args:
        decimals: With how many decimals totals are published, 0 to 10.
        low, high: The lowest and the highest total that can be [points].
        steps: shape ``(totals,)``, the totals that occur, rising, in steps of the last decimal.
        counts: shape ``(totals,)``, how often each occurs [-].

    Raises:
        PeersError: Ends that do not lie on the grid, or are too long; totals that do not rise
            or lie outside of them; counts below 1, or of 2**50 totals or more.

    >>> here = Distribution.of([86.62, 91.82, 89.62])
    >>> there = Distribution.of(["78.09", "86.62"])
    >>> (here + there).rank("86.62"), len(here + there)
    (3, 5)
    """

    decimals: int
    low: Exact = attrs.field(converter=Exact)
    high: Exact = attrs.field(converter=Exact)
    steps: Whole = attrs.field(converter=_whole)
    counts: Whole = attrs.field(converter=_whole)

    def __attrs_post_init__(self) -> None:
        grid, steps, counts = self.grid, self.steps, self.counts
        if not steps.shape == counts.shape == (steps.size,):
            message = f"steps and counts have one shape (totals,), not {steps.shape} and {counts.shape}"
            raise PeersError("counts", message, steps=steps.shape, counts=counts.shape)
        if (np.diff(steps) <= 0).any() or (counts < 1).any():
            raise PeersError("counts", "the totals of a distribution rise, and each occurs at least once")
        for step in steps[[0, -1]].tolist() if steps.size else ():
            if not grid.holds(step):
                message = f"the total {grid.said(step)} is not between {self.low} and {self.high}"
                raise PeersError("outside", message, total=Fraction(step, grid.scale))
        if counts.sum(dtype=np.float64) >= _MOST:
            raise PeersError("too-many", "a distribution counts fewer than 2**50 totals")

    @classmethod
    def of(cls, totals: Any, decimals: int = 2, low: object = 0, high: object = 100) -> Self:
        """
        Return the distribution of published totals.

        Args:
            totals: shape ``(n,)``, numbers or texts [points]. A float means the decimal that it shows.
            decimals, low, high: The grid.

        Raises:
            PeersError: A total that is missing, not on the grid, or not between its ends.
            NumberError: A total that is no number.

        An array of float64 or of whole numbers is counted in blocks, without a copy.

        >>> Distribution.of([4.2, 3.5, 4.2], decimals=1, low=0, high=5)
        Distribution(3 totals from 3.5 to 4.2)
        """
        grid = Grid(decimals, Exact(low), Exact(high))
        return cls(decimals, grid.low, grid.high, *grid.counted(totals))

    @cached_property
    def grid(self) -> Grid:
        """Where the totals may lie."""
        return Grid(self.decimals, self.low, self.high)

    __setstate__ = restored

    def __repr__(self) -> str:
        if not self:
            return "Distribution(0 totals)"
        ends = " to ".join(self.grid.said(step) for step in self.steps[[0, -1]].tolist())
        return f"Distribution({len(self)} totals from {ends})"

    def __len__(self) -> int:
        return int(self.counts.sum())

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Distribution):
            return NotImplemented
        return (
            self.grid == other.grid
            and np.array_equal(self.steps, other.steps)
            and np.array_equal(self.counts, other.counts)
        )

    def __add__(self, other: "Distribution") -> Self:
        """
        Return the distribution of the units of both.

        Raises:
            PeersError: They lie on different grids.
        """
        if not isinstance(other, Distribution):
            return NotImplemented
        self._check_grid(other)
        steps, place = np.unique(np.concatenate([self.steps, other.steps]), return_inverse=True)
        counts = np.zeros(len(steps), dtype=np.int64)
        counts[place[: self.steps.size]] += self.counts
        counts[place[self.steps.size :]] += other.counts
        return attrs.evolve(self, steps=steps, counts=counts)

    def __radd__(self, other: object) -> Self:
        """
        Return the distribution itself for the 0 that ``sum`` begins with.
        """
        return self if other == 0 else NotImplemented

    def __sub__(self, other: "Distribution") -> Self:
        """
        Return the distribution of the units that are in this one and not in the other.

        Raises:
            PeersError: They lie on different grids, or the other is not contained in this one.
        """
        if not isinstance(other, Distribution):
            return NotImplemented
        self._check_grid(other)
        here = dict(zip(self.steps.tolist(), self.counts.tolist(), strict=True))
        for step, count in zip(other.steps.tolist(), other.counts.tolist(), strict=True):
            if here.get(step, 0) < count:
                found = f"it counts {count} of {self.grid.said(step)}, and this one {here.get(step, 0)}"
                message = f"a distribution that is not contained cannot be subtracted: {found}"
                raise PeersError("not-contained", message, total=Fraction(step, self.grid.scale))
            here[step] -= count
        left = {step: count for step, count in here.items() if count}
        return attrs.evolve(self, steps=list(left), counts=list(left.values()))

    def _check_grid(self, other: "Distribution") -> None:
        if self.grid != other.grid:
            grids = [f"{each.low} to {each.high} in steps of {each.grid.said(1)}" for each in (self, other)]
            message = f"distributions lie on different grids, {grids[0]} and {grids[1]}; count both on one"
            raise PeersError("grid", message)

    @cached_property
    def _passed(self) -> list[int]:
        """How many totals lie below each of those that occur, and in all."""
        return [0, *np.cumsum(self.counts).tolist()]

    def _count(self, what: str) -> int:
        """Return how many totals there are, at least one."""
        if not self._passed[-1]:
            raise PeersError("empty", f"a distribution of no totals has no {what}")
        return self._passed[-1]

    def _split(self, total: object) -> tuple[int, int, int]:
        """Return how many totals are below a total, equal, and above, and the place of the next."""
        number = fraction(total) * self.grid.scale
        place = bisect_left(self.steps, number)
        equal = int(self.counts[place]) if place < self.steps.size and self.steps[place] == number else 0
        return self._passed[place], equal, place

    def rank(self, total: object, ties: str = "min") -> int | float:
        """
        Return the rank of any total, 1 for the highest; one that does not occur gets the place it would have.

        Args:
            total: A number or a text, also between the steps of the grid [points].
            ties: Equal totals get the ``"min"``, ``"max"`` or ``"average"`` of the ranks that they
                fill, or, ``"dense"``, one more than there are different totals above.

        Raises:
            PeersError: No such rule.
            NumberError: No number.

        >>> peers = Distribution.of([91.82, 89.62, 86.62, 86.62, 78.09])
        >>> [peers.rank(86.62, ties) for ties in ("min", "max", "dense", "average")], peers.rank(80)
        ([3, 4, 3, 3.5], 5)
        """
        check_ties(ties)
        below, equal, place = self._split(total)
        above = self._passed[-1] - below - equal
        if ties == "dense":
            return self.steps.size - place - (equal > 0) + 1
        fills = max(equal, 1)
        if ties == "average":
            return above + (fills + 1) / 2
        return above + (1 if ties == "min" else fills)

    def percentile(self, total: object) -> float:
        """
        Return which part of the totals is below any total, those that are equal counted half [percent].

        100 (b + e / 2) / n, where b are below, e are equal, and n are all.

        Raises:
            PeersError: There are no totals.
            NumberError: No number.

        Source:
            SciPy, ``scipy.stats.percentileofscore`` with ``kind="mean"``.

        >>> Distribution.of([91.82, 89.62, 86.62, 86.62, 78.09]).percentile(86.62)
        40.0
        """
        count = self._count("percentiles")
        below, equal, _ = self._split(total)
        return (2 * below + equal) * 50 / count

    def quantile(self, q: object) -> float:
        """
        Return the total below which a part ``q`` of the totals is [points].

        With the totals x_0 <= ... <= x_(n-1) and h = (n - 1) q, that is x_h, and between two
        of them what lies on the straight line.

        Args:
            q: 0 to 1 [share].

        Raises:
            PeersError: There are no totals; ``q`` is not between 0 and 1.
            NumberError: No number.

        Source:
            R. J. Hyndman and Y. Fan (1996), Sample Quantiles in Statistical Packages, The American
            Statistician 50(4), 361-365, definition 7; ``method="linear"`` of ``numpy.quantile``.

        >>> peers = Distribution.of([91.82, 89.62, 86.62, 78.09])
        >>> peers.quantile(0.5), peers.quantile("1/3")
        (88.12, 86.62)
        """
        part = fraction(q)
        count = self._count("quantiles")
        if not 0 <= part <= 1:
            raise PeersError("quantile", f"a quantile is that of a share from 0 to 1, not {shown(q)}", q=q)
        place = (count - 1) * part
        low = int(self.steps[bisect_right(self._passed, math.floor(place)) - 1])
        high = int(self.steps[bisect_right(self._passed, math.ceil(place)) - 1])
        return float((low + (high - low) * (place % 1)) / self.grid.scale)

    @cached_property
    def _sum(self) -> int:
        return sum(map(mul, self.counts.tolist(), self.steps.tolist()))

    @property
    def mean(self) -> float:
        """
        The mean of the totals [points].

        Raises:
            PeersError: There are none.
        """
        return float(Fraction(self._sum, self._count("mean") * self.grid.scale))

    @property
    def std(self) -> float:
        """
        The standard deviation of the totals: the root of the mean squared distance to the mean [points].

        Raises:
            PeersError: There are none.
        """
        count = self._count("standard deviation")
        square = sum(map(mul, self.counts.tolist(), (step * step for step in self.steps.tolist())))
        root = math.isqrt((count * square - self._sum**2) << 2 * _PRECISION)
        return float(Fraction(root, (count * self.grid.scale) << _PRECISION))

    def share_at_least(self, total: object) -> float:
        """
        Return which part of the totals is at least any total [share].

        Raises:
            PeersError: There are no totals.
            NumberError: No number.

        >>> Distribution.of([91.82, 89.62, 86.62, 78.09]).share_at_least(86.62)
        0.75
        """
        count = self._count("shares")
        return (count - self._split(total)[0]) / count

    def zone_counts(self, zones: Zones) -> FrozenMapping[int]:
        """
        Return how many totals lie in each zone, by its code; those in none by the empty text, if any.

        Raises:
            PeersError: A total that lies in several zones, since these are decided on totals before
                they were rounded, or in a zone that requires something besides.

        >>> import pelayanan
        >>> zones = pelayanan.load("ombudsman-2024").zones
        >>> Distribution.of([91.82, 89.62, 86.62, 78.09]).zone_counts(zones)
        {'E': 0, 'D': 0, 'C': 0, 'B': 2, 'A': 2}
        """
        band = self._zones(zones) + 1
        none, *inside = np.bincount(band, self.counts, len(zones.bands) + 1).astype(np.int64).tolist()
        found = {band.code: count for band, count in zip(zones.bands, inside, strict=True)}
        return FrozenMapping(found | ({"": none} if none else {}))

    def _zones(self, zones: Zones) -> npt.NDArray[np.intp]:
        """Return the band of each total that occurs, -1 for none."""
        check_kind("zones", zones, Zones, "Zones")
        totals = [Fraction(step, self.grid.scale) for step in self.steps.tolist()]
        grid = zones.grid(None)
        found = np.array([zones.position(grid.of(each) if grid else each) for each in totals], dtype=np.intp)
        for total, band in zip(totals, found.tolist(), strict=True):
            why = "requires more than a total" if band >= 0 and zones.gated[band] else ""
            if zones.decide_on != "published" and _is_between(zones, total, self.grid.scale):
                why = "is decided on the total before it is rounded"
            if why:
                message = f"the zone of {self.grid.said(int(total * self.grid.scale))} {why}"
                message += "; count the zones of the scores"
                raise PeersError("zone", message, total=total)
        return found

    def columns(self, zones: Zones | None = None, language: str = "id") -> dict[str, Array]:
        """
        Return arrays for any data frame or picture, one row a total: total, count, and its zone.

        Args:
            zones: If given, there are ``zone``, ``label`` and ``colour``, too.
            language: That of the labels.

        Raises:
            PeersError: As for `zone_counts`.

        >>> Distribution.of([86.62, 78.09, 86.62]).columns()
        {'total': array([78.09, 86.62]), 'count': array([1, 2])}
        """
        found: dict[str, Array] = {"total": self.steps / self.grid.scale, "count": self.counts}
        if zones is not None:
            band = self._zones(zones)
            found |= {name: words[band] for name, words in zone_words(zones, language).items()}
        return found

    def zone_columns(self, zones: Zones, language: str = "id") -> dict[str, Array]:
        """
        Return arrays for any data frame or picture, one row a zone: zone, label, colour, count, share.

        Zones that no total lies in have a row, too; totals in none have the last, if any.

        Raises:
            PeersError: As for `zone_counts`; there are no totals.

        >>> import pelayanan
        >>> bars = Distribution.of([86.62, 78.09, 91.82]).zone_columns(pelayanan.load("ombudsman-2024").zones)
        >>> bars["zone"][3:], bars["colour"][3:], bars["count"][3:]
        (array(['B', 'A'], dtype=object), array(['#58d68d', '#1e8449'], dtype=object), array([2, 1]))
        """
        total = self._count("shares")
        counts = np.array(list(self.zone_counts(zones).values()))
        words = {name: each[: len(counts)] for name, each in zone_words(zones, language).items()}
        return {**words, "count": counts, "share": counts / total}


def zone_words(zones: Zones, language: str) -> dict[str, Array]:
    """
    Return the codes, labels and colours of the bands, each of shape ``(bands + 1,)``, empty for none.
    """
    check_language(language)
    bands = zones.bands
    texts = {
        "zone": [band.code for band in bands],
        "label": [in_language(band.label, language) for band in bands],
        "colour": [band.colour for band in bands],
    }
    return {name: np.array([*words, ""], dtype=object) for name, words in texts.items()}


def _is_between(zones: Zones, total: Fraction, scale: int) -> bool:
    """Return whether what is published as this total can lie on two sides of a cut-off."""
    edges, _ = zones.edges
    low, high = total - Fraction(1, scale), total + Fraction(1, scale)
    if isinstance(zones.decide_on, Rounding):
        first, last = (bisect_right(edges, (zones.decide_on.of(end), False)) for end in (low, high))
        return first != last
    return bisect_right(edges, (low, True)) != bisect_left(edges, (high, False))
