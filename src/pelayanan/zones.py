"""
Zones: a total becomes a named band.
"""

import itertools
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from fractions import Fraction
from functools import cached_property
from typing import Any

import attrs
import numpy as np
import numpy.typing as npt

from pelayanan.errors import InstrumentError, Problem, a_flag, a_text, is_a, members_of
from pelayanan.exact import Exact, Rounding, exact_or_none, float_above, float_at_least, fraction
from pelayanan.mapping import FrozenMapping, Text
from pelayanan.provenance import Standings, as_codes, as_standings, as_text, as_texts
from pelayanan.value import Value

__all__ = ["MEASURES", "Band", "Requirement", "Zones"]

MEASURES = ("share", "points", "contribution")


@attrs.frozen(repr=False)
class Requirement(Value):
    """
    What else must hold for a zone: a gate.

    Args:
        criterion: The criterion that is measured.
        each_of: Or the group whose members each are.
        at_least: The least measure with which it holds.
        of: What is measured: ``"share"`` (0 to 1), ``"points"`` (0 to the maximum) or
            ``"contribution"`` (what it adds to the total).
        exceptions: How many members of ``each_of`` may fail.
        decide_on: How the measure is rounded before; ``None`` takes it exactly.

    A criterion without a score does not hold.

    >>> Requirement("pengungkit", at_least=40, of="contribution")
    Requirement('pengungkit' at least 40 of contribution)
    """

    criterion: str = attrs.field(default="", validator=a_text)
    each_of: str = attrs.field(default="", validator=a_text, kw_only=True)
    at_least: Exact = attrs.field(converter=Exact, kw_only=True)
    of: str = attrs.field(validator=a_text, kw_only=True)
    exceptions: int = attrs.field(default=0, validator=is_a(int, "a whole number"), kw_only=True)
    decide_on: Rounding | None = attrs.field(
        default=None, validator=is_a(Rounding | None, "a Rounding or None"), kw_only=True
    )

    def __repr__(self) -> str:
        return f"Requirement({self})"

    def __str__(self) -> str:
        about = f"each of {self.each_of!r}" if self.each_of else repr(self.criterion)
        but = f", but for {self.exceptions}" if self.exceptions else ""
        grid = self.decide_on
        rounded = f", rounded {grid.mode} to {grid.decimals} decimals" if grid else ""
        return f"{about} at least {self.at_least} of {self.of}{rounded}{but}"

    @property
    def code(self) -> str:
        """The criterion or group that it is about."""
        return self.each_of or self.criterion

    def holds(self, measures: Iterable[Fraction | None]) -> bool:
        """
        Return whether it holds for the exact measures of what it is about.

        >>> area = Requirement(each_of="a", at_least="3/5", of="share", exceptions=1)
        >>> area.holds([Fraction(1), Fraction(3, 5), None]), area.holds([Fraction(1, 2), None])
        (True, False)
        """
        found = list(measures)
        if self.decide_on is not None:
            found = [None if each is None else self.decide_on.of(each) for each in found]
        return sum(each is None or each < self.at_least for each in found) <= self.exceptions


def _requirements(value: Iterable[Requirement]) -> tuple[Requirement, ...]:
    return members_of("requires", value, Requirement, "Requirements")


@attrs.frozen(repr=False)
class Band(Value):
    """
    One zone: a named interval of totals.

    Args:
        code: 1 to 40 characters, such as ``"A"``.
        floor, above: The lower end, included or not; without one the band reaches down.
        ceiling, below: The upper end, included or not; without one it reaches to the next.
        label: Text by language, such as the name of the colour.
        colour: For pictures, ``"#1e8449"``.
        attributes: Anything else that belongs to the band, such as ``opini``.
        printed: The interval as it was printed.
        gap_after: Whether what follows does not adjoin, and was printed so.
        requires: What else must hold.

    >>> Band("C", floor=54, ceiling="77.99", label="kuning").label["id"]
    'kuning'
    """

    code: str = attrs.field(validator=a_text)
    floor: Exact | None = attrs.field(default=None, converter=exact_or_none, kw_only=True)
    above: Exact | None = attrs.field(default=None, converter=exact_or_none, kw_only=True)
    ceiling: Exact | None = attrs.field(default=None, converter=exact_or_none, kw_only=True)
    below: Exact | None = attrs.field(default=None, converter=exact_or_none, kw_only=True)
    label: Text = attrs.field(default=FrozenMapping(), converter=as_text, kw_only=True)
    colour: str = attrs.field(default="", validator=a_text, kw_only=True)
    attributes: FrozenMapping[str] = attrs.field(default=FrozenMapping(), converter=as_texts, kw_only=True)
    printed: str = attrs.field(default="", validator=a_text, kw_only=True)
    gap_after: bool = attrs.field(default=False, validator=a_flag, kw_only=True)
    requires: tuple[Requirement, ...] = attrs.field(default=(), converter=_requirements, kw_only=True)
    source: tuple[str, ...] = attrs.field(default=(), converter=as_codes, kw_only=True)
    standing: Standings = attrs.field(default=FrozenMapping(), converter=as_standings, kw_only=True)
    disputed: str = attrs.field(default="", validator=a_text, kw_only=True)

    def __repr__(self) -> str:
        ends = [
            f"{word} {number}"
            for word, number in (
                ("from", self.floor),
                ("above", self.above),
                ("to", self.ceiling),
                ("to below", self.below),
            )
            if number is not None
        ]
        return f"Band({self.code!r}{', ' if ends else ''}{' '.join(ends)})"

    @property
    def start(self) -> "Edge | None":
        """Where the band begins."""
        if self.floor is not None:
            return (Fraction(self.floor), False)
        return None if self.above is None else (Fraction(self.above), True)

    @property
    def end(self) -> "Edge | None":
        """Where what follows begins, if the band says so."""
        if self.ceiling is not None:
            return (Fraction(self.ceiling), True)
        return None if self.below is None else (Fraction(self.below), False)


# A place between numbers: just below the number, or just above it (True).
Edge = tuple[Fraction, bool]


def _on_grid(edge: Edge, grid: Rounding | None) -> Edge:
    """Return the first edge at or after this one that lies just below a step of the grid."""
    if grid is None:
        return edge
    number, beyond = edge
    step = -(-number * grid.scale // 1)
    if beyond and step == number * grid.scale:
        step += 1
    return (Fraction(step, grid.scale), False)


def _bands(value: Iterable[Band]) -> tuple[Band, ...]:
    return members_of("bands", value, Band, "Bands")


@attrs.frozen(slots=False)
class Zones(Value):
    """
    The bands of an instrument, lowest first.

    The band of a total is found by its ends alone. A unit's zone is the highest band, from that
    one down, whose requirements hold, too.

    Args:
        bands: The bands.
        decide_on: Which total decides: ``"published"`` (rounded as the instrument says),
            ``"exact"``, or a `Rounding` of its own.

    Raises:
        InstrumentError: Bands that are out of order, or a code that is there twice.

    >>> zones = Zones([Band("merah", floor=0, below=51), Band("hijau", floor=81, ceiling=100)])
    >>> zones.classify(50), zones.classify("50.99").code, zones.classify(60), zones.index([99.5, 101])
    (Band('merah', from 0 to below 51), 'merah', None, array([ 1, -1]))
    """

    bands: tuple[Band, ...] = attrs.field(default=(), converter=_bands)
    decide_on: "str | Rounding" = attrs.field(
        default="published", validator=is_a(str | Rounding, "'published', 'exact' or a Rounding")
    )
    source: tuple[str, ...] = attrs.field(default=(), converter=as_codes, kw_only=True)
    standing: Standings = attrs.field(default=FrozenMapping(), converter=as_standings, kw_only=True)
    disputed: str = attrs.field(default="", validator=a_text, kw_only=True)

    def __attrs_post_init__(self) -> None:
        problems = list(self._problems())
        if problems:
            raise InstrumentError.of("zones", problems)

    def _problems(self) -> Iterator[Problem]:
        if not isinstance(self.decide_on, Rounding) and self.decide_on not in ("published", "exact"):
            message = f"expected 'published', 'exact' or a rounding, not {self.decide_on!r}"
            yield Problem("decide-on", message, "decide_on")
        seen: set[str] = set()
        last = len(self.bands) - 1
        for index, band in enumerate(self.bands):
            place = f"bands[{index}]"
            if not 1 <= len(band.code) <= 40:
                message = f"a code has 1 to 40 characters, not {len(band.code)}"
                yield Problem("code", message, f"{place}.code")
            if band.code in seen:
                yield Problem("duplicate-code", f"the band {band.code!r} is there twice", place)
            seen.add(band.code)
            if band.floor is not None and band.above is not None:
                yield Problem("band-ends", "a band has a floor or an above, not both", place)
            if band.ceiling is not None and band.below is not None:
                yield Problem("band-ends", "a band has a ceiling or a below, not both", place)
            if band.start is None and index and not (band.requires and self.bands[index - 1].start is None):
                message = "only the lowest band, and those above it that require more than a total, may "
                yield Problem("band-ends", message + "leave out a floor", place)
            if band.start is None and band.end and index < last and self.bands[index + 1].start is None:
                message = "a band below one without a floor has no ceiling"
                yield Problem("band-ends", message, place)
            if band.start and band.end and band.start >= band.end:
                message = f"the band ends at {band.end[0]}, where it begins or before"
                yield Problem("band-ends", message, place)
            if band.gap_after and index == last:
                yield Problem("band-gap", "no band follows the gap", f"{place}.gap_after")
            if band.gap_after and band.end is None:
                yield Problem("band-gap", "a band with a gap after it needs a ceiling", place)
            start, before = band.start, self.bands[index - 1].start if index else None
            if start and before and start <= before:
                message = f"bands go from low to high; {start[0]} does not come after {before[0]}"
                yield Problem("band-order", message, place)

    def adjoining_problems(self, published: Rounding | None) -> Iterator[Problem]:
        """
        Return which neighbours overlap, or leave a gap that is not declared.

        Args:
            published: The rounding of the totals; the grid on which both are judged
                where the zone is decided on published totals.
        """
        grid = self.grid(published)
        for index, (band, following) in enumerate(itertools.pairwise(self.bands)):
            if band.end is None or following.start is None:
                continue
            end, start = _on_grid(band.end, grid), _on_grid(following.start, grid)
            pair = f"{band.code!r} and {following.code!r}"
            place = f"bands[{index}]"
            if end > start:
                yield Problem("band-overlap", f"the bands {pair} overlap", place)
            elif end < start and not band.gap_after:
                message = f"the bands {pair} leave a gap; state gap_after = true if it was printed so"
                yield Problem("band-gap", message, place)
            elif end == start and band.gap_after:
                message = f"the bands {pair} leave no gap"
                yield Problem("band-gap", message, f"{place}.gap_after")

    def grid(self, published: Rounding | None) -> Rounding | None:
        """
        Return how a total is rounded before its zone is decided; nothing where it is not.
        """
        if isinstance(self.decide_on, Rounding):
            return self.decide_on
        return published if self.decide_on == "published" else None

    @cached_property
    def gated(self) -> tuple[bool, ...]:
        """Which bands require something besides the total."""
        return tuple(bool(band.requires) for band in self.bands)

    @cached_property
    def edges(self) -> tuple[tuple[Edge, ...], tuple[int, ...]]:
        """
        Where totals change their band, rising, and the band before, between and after them.

        An edge is a number and whether it lies just above it; the bands are indices, -1
        for none, one more than there are edges.
        """
        edges: list[Edge] = []
        bands = [-1]
        for index, band in enumerate(self.bands):
            if band.start is None:
                bands[-1] = index
            elif edges and edges[-1] >= band.start:
                edges[-1], bands[-1] = band.start, index
            else:
                edges.append(band.start)
                bands.append(index)
            if band.end is not None:
                edges.append(band.end)
                bands.append(-1)
        return tuple(edges), tuple(bands)

    @cached_property
    def _float_edges(self) -> tuple[tuple[float, ...], npt.NDArray[np.intp]]:
        edges, bands = self.edges
        floats = [float_above(number) if beyond else float_at_least(number) for number, beyond in edges]
        return tuple(floats), np.array(bands, dtype=np.intp)

    def position(self, total: Fraction) -> int:
        """
        Return the index of the band that a total lies in, -1 for none.
        """
        edges, bands = self.edges
        return bands[bisect_right(edges, (total, False))]

    def beside(self, total: Fraction) -> tuple[int, int]:
        """
        Return the indices of the bands next to a total that lies in none, or twice that of its own.

        The first is -1 below all bands, the second their number above all.

        >>> zones = Zones([Band("merah", floor=0, below=51), Band("hijau", floor=81, ceiling=100)])
        >>> zones.beside(Fraction(60)), zones.beside(Fraction(101)), zones.beside(Fraction(90))
        ((0, 1), (1, 2), (1, 1))
        """
        edges, _ = self.edges
        below, above = self._neighbours
        region = bisect_right(edges, (total, False))
        return int(below[region]), int(above[region])

    def all_beside(
        self, totals: npt.NDArray[np.float64]
    ) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.intp]]:
        """
        Return what `beside` does, for finite numbers of at most 53 bits, each of their shape.
        """
        below, above = self._neighbours
        regions = self._regions(totals)
        return np.asarray(below[regions]), np.asarray(above[regions])

    @cached_property
    def _neighbours(self) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.intp]]:
        """For each part between the edges: the last band up to it, and the first from it on."""
        bands = np.array(self.edges[1], dtype=np.intp)
        below = np.maximum.accumulate(bands)
        above = np.minimum.accumulate(np.where(bands < 0, len(self.bands), bands)[::-1])[::-1]
        return below, above

    def classify(self, total: object) -> Band | None:
        """
        Return the band that a total lies in, or ``None``. The total is not rounded.

        Raises:
            NumberError: Not a finite number.
        """
        index = self.position(fraction(total))
        return None if index < 0 else self.bands[index]

    def index(self, totals: npt.ArrayLike) -> npt.NDArray[np.intp]:
        """
        Return the index into ``bands`` of each total, -1 for none. Nothing is rounded.

        Args:
            totals: any shape [points]. A float means the decimal that it shows; NaN is in
                no band.

        Raises:
            NumberError: Not a number, or an infinite one.
        """
        if isinstance(totals, np.ma.MaskedArray):
            return np.where(np.ma.getmaskarray(totals), -1, self.index(totals.filled(0)))
        given = np.asarray(totals)
        if not _compares_like_floats(given):
            numbers = [-1 if _is_nan(total) else self.position(fraction(total)) for total in given.flat]
            return np.array(numbers, dtype=np.intp).reshape(given.shape)
        return self.placed(given)

    def _regions(self, totals: npt.NDArray[Any]) -> npt.NDArray[Any]:
        """Return how many edges each total has passed."""
        edges, _ = self._float_edges
        passed = np.zeros(totals.shape, dtype=np.uint8 if len(edges) < 256 else np.intp)
        for edge in edges:
            passed += (totals >= edge).view(np.uint8)
        return passed

    def placed(self, totals: npt.NDArray[Any]) -> npt.NDArray[np.intp]:
        """
        Return what `index` does, for finite numbers of at most 53 bits and NaN only.
        """
        _, bands = self._float_edges
        found = np.asarray(bands[self._regions(totals)])
        if bands[0] >= 0:
            found[np.isnan(totals)] = -1
        return found


def _compares_like_floats(totals: npt.NDArray[Any]) -> bool:
    """Return whether comparing with a float tells on which side of a decimal each number is."""
    if totals.dtype == np.float64:
        return not np.isinf(totals).any()
    if totals.dtype.kind not in "iu":
        return False
    return not totals.size or -(2**53) < int(totals.min()) <= int(totals.max()) < 2**53


def _is_nan(total: object) -> bool:
    return isinstance(total, float | np.floating) and bool(np.isnan(total))
