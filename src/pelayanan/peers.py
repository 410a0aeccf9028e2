"""
Peers: where each unit stands among those that it is compared with.
"""

import math
from fractions import Fraction
from functools import cached_property
from typing import Any

import attrs
import numpy as np
import numpy.typing as npt

from pelayanan.arrays import read_only, restored
from pelayanan.distribution import Distribution, zone_words
from pelayanan.errors import PeersError, UnknownError, check_kind, nearest, several
from pelayanan.exact import decimal, fraction
from pelayanan.grouping import grouped
from pelayanan.mapping import printable
from pelayanan.ordering import Ordered, Reference, next_zone_gaps, ordered
from pelayanan.ranking import check_ties
from pelayanan.scores import Scores, check_scores
from pelayanan.value import Value

__all__ = ["Standing", "compare"]

_SHOWN = 20
_FIGURES = ("rank", "of", "percentile", "quartile", "z", "gap_to_best", "gap_to_median", "gap_to_next_zone")

Array = npt.NDArray[Any]
Flags = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]
Indices = npt.NDArray[np.intp]


def compare(
    scores: Scores,
    groups: Any = None,
    *,
    ties: str = "min",
    smallest_group: int = 1,
    among: Any = None,
    own: bool = True,
) -> "Standing":
    """
    Return where each unit stands among all, and inside its group.

    Totals are compared as they are published; where an edition does not round them, exactly.
    Units without a total are listed in ``unscored`` and are no one's peers.

    Args:
        groups: The group of each unit, such as its province: shape ``(units,)``, or a mapping by unit.
        ties: Equal totals get the ``"min"``, ``"max"`` or ``"average"`` of the ranks that they
            fill, or, ``"dense"``, one more than there are different totals above.
        smallest_group: Groups of fewer units with a total have no figures.
        among: Which units are compared: labels, or flags of shape ``(units,)``; all if not given.
        own: Whether a unit is one of those that its percentile, quartile, z-score, and gaps to the
            best and the median are taken of; its rank counts it always.

    Raises:
        PeersError: No such rule for ties; a smallest group that is none; nobody to compare.
        ScoresError: Labels of groups of another length or missing; a total that is not on the
            grid on which the edition publishes.
        UnknownError: A unit that ``groups`` does not name, or a label in ``among`` that is none.

    >>> import pelayanan
    >>> edition = pelayanan.load("ombudsman-2024")
    >>> cities = Scores.of_totals(edition, ["86.62", "89.62", "83.33"], units=["Kupang", "Mabar", "Belu"])
    >>> standing = compare(cities, groups=["city", "regency", "regency"])
    >>> standing.rank, standing.group_rank, standing.gap_to_best
    (array([2, 1, 3]), array([1, 1, 2]), array([3.  , 0.  , 6.29]))
    """
    check_scores(scores)
    check_kind("own", own, bool | np.bool_, "True or False")
    check_ties(ties)
    if type(smallest_group) is not int or smallest_group < 1:
        message = f"a smallest group is a whole number from 1 on, not {smallest_group!r}"
        raise PeersError("smallest-group", message, smallest_group=smallest_group)
    labels, index = (None, None) if groups is None else grouped(scores.units, groups)
    return Standing(scores, labels, index, ties, smallest_group, _compared(scores, among), bool(own))


def _compared(scores: Scores, among: Any) -> Flags:
    """Return which units are compared, at least one."""
    if among is None:
        return np.ones(len(scores), dtype=bool)
    given = among
    if not isinstance(among, np.ndarray) or among.ndim != 1:
        one = [among] if isinstance(among, str) else among
        given = several("among", one, "labels of units, or a flag a unit")
    if _are_flags(given):
        flags = np.array(given, dtype=bool)
    else:
        flags = np.zeros(len(scores), dtype=bool)
        flags[[scores.row(unit) for unit in given]] = True
    if flags.shape != (len(scores),):
        message = f"among has {flags.size} flags for {len(scores)} units"
        raise PeersError("among", message, flags=flags.size, units=len(scores))
    if not flags.any():
        raise PeersError("among", "among names no unit, so that there is nobody to compare")
    return flags


def _are_flags(given: Any) -> bool:
    if isinstance(given, np.ndarray) and given.dtype != object:
        return bool(given.dtype == bool)
    return len(given) > 0 and all(isinstance(each, bool | np.bool_) for each in given)


@attrs.frozen(eq=False, slots=False, repr=False)
class Standing(Value):
    """
    Where units stand among their peers, as read-only arrays that are worked out when first asked for.

    Each has the shape ``(units,)``. A unit without a total, or that is not compared, has no
    figures, and no group figures if its group is smaller than ``smallest_group``: -1 in arrays
    of whole numbers, NaN in the others.

    Args:
        scores: The scores of the units.
        groups: The labels of the groups, in order of first appearance; ``None`` without groups.
        group: shape ``(units,)``, index into ``groups`` of each unit; ``None`` without groups [-].
        ties, smallest_group, own: As in `compare`.
        compared: shape ``(units,)``, which units are compared.
        order: The totals that are compared, as whole numbers.

    >>> import pelayanan
    >>> edition = pelayanan.load("ombudsman-2024")
    >>> scores = Scores.of_totals(edition, ["86.62", None, "91.82"], units=["Kupang", "Alor", "TTU"])
    >>> standing = compare(scores)
    >>> standing.rank, standing.unscored
    (array([ 2, -1,  1]), ('Alor',))
    >>> print(standing)
    1  TTU        91.82  A  hijau
    2  Kupang     86.62  B  hijau
    """

    scores: Scores
    groups: tuple[Any, ...] | None
    group: Indices | None = attrs.field(converter=attrs.converters.optional(read_only))
    ties: str
    smallest_group: int
    compared: Flags = attrs.field(converter=read_only)
    own: bool
    order: Ordered = attrs.field(
        init=False, default=attrs.Factory(lambda self: ordered(self.scores, self.compared), takes_self=True)
    )

    __setstate__ = restored

    def __repr__(self) -> str:
        parts = [f"{len(self.order.rows)} of {len(self.scores)} units"]
        parts += [] if self.groups is None else [f"{len(self.groups)} groups"]
        return f"Standing({self.scores.instrument.id!r}, {', '.join(parts)})"

    def __len__(self) -> int:
        return len(self.scores)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Standing):
            return NotImplemented
        return (
            self.scores == other.scores
            and self.groups == other.groups
            and (self.group is None or other.group is None or np.array_equal(self.group, other.group))
            and np.array_equal(self.compared, other.compared)
            and (self.ties, self.smallest_group, self.own) == (other.ties, other.smallest_group, other.own)
        )

    def __str__(self) -> str:
        """
        Return a short table of the units with a total, the highest first.
        """
        order, scores = self.order, self.scores
        first = order.rows[np.argsort(-order.codes, kind="stable")][:_SHOWN].tolist()
        words = zone_words(scores.instrument.zones, scores.instrument.language)
        names = [printable(str(scores.units[row])) for row in first]
        ranks = [f"{self.rank[row]:g}" for row in first]
        wide, broad = max(map(len, ranks), default=0), max(map(len, names), default=0)
        lines = []
        for row, name, rank in zip(first, names, ranks, strict=True):
            total = decimal(fraction(float(scores.total[row])), scores.instrument.rounding)
            zone = f"{words['zone'][scores.zone[row]] or '-'}  {words['label'][scores.zone[row]]}"
            lines.append(f"{rank:>{wide}}  {name:{broad}}  {total:>8}  {zone}".rstrip())
        if len(order.rows) > len(first):
            lines.append(f"... {len(order.rows) - len(first)} more")
        return "\n".join(lines)

    @cached_property
    def _all(self) -> Reference:
        return Reference(self.order, None, len(self), self.ties, self.own, 1)

    @cached_property
    def _grouped(self) -> Reference:
        if self.group is None:
            raise _no_groups()
        group = self.group if len(self.order.rows) == len(self) else self.group[self.order.rows]
        there = np.bincount(group) > 0
        if not there.all():
            group = (np.cumsum(there) - 1)[group]
        return Reference(self.order, group, len(self), self.ties, self.own, self.smallest_group)

    @property
    def unscored(self) -> tuple[Any, ...]:
        """The units that are compared and have no total."""
        return tuple(self.scores.units[self.compared & ~np.isfinite(self.scores.total)].tolist())

    @cached_property
    def rank(self) -> Array:
        """The rank among all, 1 for the highest total; floats where ties are averaged [-]."""
        return self._all.rank()

    @cached_property
    def of(self) -> Indices:
        """Of how many, those with a total and the unit itself [-]."""
        return self._all.of()

    @cached_property
    def percentile(self) -> Floats:
        """
        Which part of the totals is below, those that are equal counted half [percent].

        100 (b + e / 2) / n, where b are below, e are equal, itself included, and n are all;
        ``kind="mean"`` of ``scipy.stats.percentileofscore``.
        """
        return self._all.percentile()

    @cached_property
    def quartile(self) -> Indices:
        """
        The quarter, 1 for the lowest to 4: one more than how many of the three quartiles are below [-].

        The quartiles are the quantiles of 1/4, 1/2 and 3/4 as in `Distribution.quantile`; a total
        that is equal to one is in the quarter below it.
        """
        return self._all.quartile()

    @cached_property
    def z(self) -> Floats:
        """
        How many standard deviations the total is above the mean; NaN where all are equal [-].

        (x - mean) / sd with sd**2 the mean of (x - mean)**2, divided by n and not by n - 1, since
        all peers are there and not a sample of them; ``scipy.stats.zscore`` with ``ddof=0``.
        """
        return self._all.z()

    @cached_property
    def gap_to_best(self) -> Floats:
        """How far the highest total is above [points]."""
        return self._all.gap_to_best()

    @cached_property
    def gap_to_median(self) -> Floats:
        """How far the median is above, negative where it is below [points]."""
        return self._all.gap_to_median()

    @cached_property
    def gap_to_next_zone(self) -> Floats:
        """How far the next zone is above by what zones are decided on, NaN in the highest [points]."""
        gaps = next_zone_gaps(self.scores)
        return read_only(gaps if self.compared.all() else np.where(self.compared, gaps, np.nan))

    @cached_property
    def group_rank(self) -> Array:
        """The rank in its group, as `rank` [-]."""
        return self._grouped.rank()

    @cached_property
    def group_of(self) -> Indices:
        """Of how many in its group, as `of` [-]."""
        return self._grouped.of()

    @cached_property
    def group_percentile(self) -> Floats:
        """The percentile in its group, as `percentile` [percent]."""
        return self._grouped.percentile()

    @cached_property
    def group_quartile(self) -> Indices:
        """The quarter of its group, as `quartile` [-]."""
        return self._grouped.quartile()

    @cached_property
    def group_z(self) -> Floats:
        """The z-score in its group, as `z` [-]."""
        return self._grouped.z()

    @cached_property
    def group_gap_to_best(self) -> Floats:
        """How far the highest total of its group is above [points]."""
        return self._grouped.gap_to_best()

    @cached_property
    def group_gap_to_median(self) -> Floats:
        """How far the median of its group is above, as `gap_to_median` [points]."""
        return self._grouped.gap_to_median()

    @cached_property
    def group_gap_to_next_zone(self) -> Floats:
        """How far the next zone is above, where its group has figures [points]."""
        return read_only(np.where(self.group_of > 0, self.gap_to_next_zone, np.nan))

    def distribution(self, group: Any = None) -> Distribution:
        """
        Return the distribution of the totals that are compared, or of those of a group.

        It counts from 0 to the maximum of the instrument, so that those of one edition add up.

        Raises:
            PeersError: The edition does not round its totals; the group has no unit with a total,
                or fewer than the smallest group; there are no groups; a total beyond the maximum.
            UnknownError: There is no such group.

        >>> import pelayanan
        >>> edition = pelayanan.load("ombudsman-2024")
        >>> scores = Scores.of_totals(edition, ["86.62", "91.82", "50.47"])
        >>> compare(scores, groups=["NTT", "NTT", "Maluku"]).distribution("NTT")
        Distribution(2 totals from 86.62 to 91.82)
        """
        instrument = self.scores.instrument
        if instrument.rounding is None:
            message = f"{instrument.id} does not round its totals, so that they lie on no grid"
            raise PeersError("no-grid", message, instrument=instrument.id)
        rows = self.order.rows if group is None else self._rows_of(group)
        decimals, scale = instrument.rounding.decimals, instrument.rounding.scale
        high = Fraction(math.ceil(instrument.maximum * scale), scale)
        return Distribution.of(self.scores.total[rows], decimals, 0, high)

    def _rows_of(self, group: Any) -> Indices:
        """Return the rows of a group that has figures."""
        if self.groups is None or self.group is None:
            raise _no_groups()
        if group not in self.groups:
            message = f"there is no group {group!r}{nearest(group, self.groups)}"
            raise UnknownError("unknown-group", message, group=group)
        rows: Indices = self.order.rows[self.group[self.order.rows] == self.groups.index(group)]
        if not len(rows):
            raise PeersError("empty-group", f"the group {group!r} has no unit with a total", group=group)
        if len(rows) < self.smallest_group:
            message = (
                f"the group {group!r} has too few units with a total: {len(rows)}, and figures are given "
            )
            raise PeersError("small-group", f"{message}from {self.smallest_group} on", group=group)
        return rows

    def figures(self, unit: Any) -> dict[str, Any]:
        """
        Return all that is known of one unit, by name, as plain Python values; ``None`` for none.

        Raises:
            UnknownError: There is no such unit.

        >>> import pelayanan
        >>> edition = pelayanan.load("ombudsman-2024")
        >>> standing = compare(Scores.of_totals(edition, ["86.62", "91.82"], units=["Kupang", "TTU"]))
        >>> city = standing.figures("Kupang")
        >>> city["rank"], city["of"], city["zone"], city["gap_to_best"], city["gap_to_next_zone"]
        (2, 2, 'B', 5.2, 1.38)
        """
        row = self.scores.row(unit)
        found = {name: array[row : row + 1].tolist()[0] for name, array in self.columns().items()}
        for name, value in found.items():
            whole = name.removeprefix("group_") in ("rank", "of", "quartile")
            if value != value or value == "" or (whole and value == -1):
                found[name] = None
        return found

    def columns(self, language: str | None = None) -> dict[str, Array]:
        """
        Return arrays for any data frame or picture, one row a unit.

        They are unit, total, zone, label, colour, then the figures among all, and where there
        are groups, ``group`` and the figures in it.

        Args:
            language: That of the labels of zones; that of the instrument if not given.
        """
        scores = self.scores
        spoken = scores.instrument.language if language is None else language
        words = zone_words(scores.instrument.zones, spoken)
        found = {"unit": scores.units, "total": scores.total}
        found |= {name: each[scores.zone] for name, each in words.items()}
        found |= {name: getattr(self, name) for name in _FIGURES}
        if self.groups is not None:
            found["group"] = np.fromiter(self.groups, dtype=object, count=len(self.groups))[self.group]
            found |= {f"group_{name}": getattr(self, f"group_{name}") for name in _FIGURES}
        return found


def _no_groups() -> PeersError:
    return PeersError("no-groups", "the units were compared without groups; compare them with groups=")
