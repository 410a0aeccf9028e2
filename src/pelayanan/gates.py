"""
Requirements of zones and marks: which units meet them, many at once and one exactly.
"""

from collections.abc import Iterable, Mapping
from fractions import Fraction

import numpy as np
import numpy.typing as npt

from pelayanan.batch import Batch
from pelayanan.instrument import Instrument
from pelayanan.marks import Mark
from pelayanan.matching import Matched
from pelayanan.zones import Band, Requirement, Zones

__all__ = ["gated", "held_back", "marked", "marks_of", "measured"]

_FEW = 8

Indices = npt.NDArray[np.intp]
Flags = npt.NDArray[np.bool_]
Shares = Mapping[str, Fraction | None]


def measured(instrument: Instrument, code: str, of: str, shares: Shares) -> Fraction | None:
    """
    Return the share, the points or the contribution of a criterion of one unit, exactly.

    Args:
        shares: The share of every criterion, unscored ones too; ``None`` for one without.
    """
    share = shares[code]
    if share is None or of == "share":
        return share
    weight = instrument.tree.weights_left(shares)[code] if of == "contribution" else Fraction(1)
    return None if weight is None else instrument.maximum * share * weight


def held_back(instrument: Instrument, position: int, shares: Shares) -> tuple[int, tuple[Requirement, ...]]:
    """
    Return the zone of one unit whose total lies in a band, and the requirements that hold it back.

    Args:
        position: The index of the band of the total, -1 for none.
        shares: As for `measured`.
    """
    failed: list[Requirement] = []
    for index in range(position, -1, -1):
        missed = _missed(instrument, instrument.zones.bands[index].requires, shares)
        if not missed:
            return index, tuple(failed)
        failed += [each for each in missed if each not in failed]
    return -1, tuple(failed)


def gated(given: Matched, by_total: Indices) -> Indices:
    """
    Return the zones of units whose totals lie in bands: the twin of `held_back`.

    Args:
        by_total: shape ``(units,)``, the index of the band of each total, -1 for none.
    """
    bands = given.instrument.zones.bands
    zone = by_total.copy()
    for index in range(len(bands) - 1, -1, -1):
        rows = np.flatnonzero(zone == index)
        if not bands[index].requires or not len(rows):
            continue
        there = given if _FEW * len(rows) > len(zone) else given.part(rows)
        held = _held(there, bands[index].requires)
        zone[rows[~(held[rows] if there is given else held)]] = index - 1
    return zone


def marked(given: Matched) -> dict[str, Flags]:
    """
    Return which units meet what each mark requires, by its code, each of shape ``(units,)``.
    """
    return {mark.code: _held(given, mark.requires) for mark in given.instrument.marks}


def marks_of(instrument: Instrument, shares: Shares) -> tuple[Mark, ...]:
    """
    Return the marks of which one unit meets what is required: the twin of `marked`.

    Args:
        shares: As for `measured`.
    """
    return tuple(mark for mark in instrument.marks if not _missed(instrument, mark.requires, shares))


def _missed(instrument: Instrument, requires: Iterable[Requirement], shares: Shares) -> list[Requirement]:
    return [
        each
        for each in requires
        if not each.holds(measured(instrument, code, each.of, shares) for code in instrument.about(each))
    ]


def _held(given: Matched, requires: Iterable[Requirement]) -> Flags:
    """Return which units meet all that is required, shape ``(units,)``."""
    held = np.ones(len(given.answers), dtype=bool)
    for requirement in requires:
        failing = np.zeros(len(held), dtype=np.intp)
        for code in given.instrument.about(requirement):
            failing += ~_reached(given, requirement, code)
        held &= failing <= requirement.exceptions
    return held


def _reached(given: Matched, requirement: Requirement, code: str) -> Flags:
    """Return for which units a measure reaches the least that is required."""
    instrument = given.instrument
    unit = Fraction(1) if requirement.of == "share" else Fraction(instrument.maximum)
    if code in given.known and requirement.of != "contribution":
        least, beyond = Fraction(requirement.at_least), False
        if requirement.decide_on is not None:
            least, beyond = requirement.decide_on.entry(least)
        return given.known[code].reach(least / unit, beyond)
    reached = Zones([Band("reached", floor=requirement.at_least)], requirement.decide_on or "exact")
    if requirement.of == "contribution":
        batch = Batch(given, only=code, unit=unit, zones=reached)
    else:
        batch = Batch(given, code, unit=unit, zones=reached)
    return np.equal(batch.decided()[1], 0)
