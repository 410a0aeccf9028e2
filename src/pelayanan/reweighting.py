"""
Between which weights of a criterion the zone of a unit stays.
"""

import itertools
import math
from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction

import attrs

from pelayanan.criteria import Criteria
from pelayanan.criterion import ROOT
from pelayanan.instrument import Instrument
from pelayanan.value import Value
from pelayanan.zones import Requirement

__all__ = ["WeightRange", "edges_of", "ranges_of"]

_SAMPLES = tuple(Fraction(step, 7) for step in (1, 2, 3, 5, 6))

Shares = Mapping[str, Fraction | None]
Key = tuple[str, str]
_TOTAL: Key = (ROOT, "total")


@attrs.frozen
class WeightRange(Value):
    """
    Between which weights of one criterion the zone stays, the others keeping their proportions.

    Args:
        code: The criterion.
        group: The group that its weight is a part of.
        weight: Its weight as a part of that of the group [-].
        lowest, highest: Between which parts the zone stays [-].
        lowest_included, highest_included: Whether it still is that zone there; 0 and 1
            themselves are no weights.

    >>> WeightRange("d1", "*", Fraction(3, 5), Fraction(1, 4), Fraction(1), True, False).lowest
    Fraction(1, 4)
    """

    code: str
    group: str
    weight: Fraction
    lowest: Fraction
    highest: Fraction
    lowest_included: bool
    highest_included: bool


def edges_of(instrument: Instrument) -> list[tuple[Fraction, bool, str, str]]:
    """
    Return where exact totals change their zone: the total, whether it has the upper one, and both.

    >>> import pelayanan
    >>> edges_of(pelayanan.load("ombudsman-2024"))[3]
    (Fraction(15599, 200), True, 'C', 'B')
    """
    zones = instrument.zones
    grid = zones.grid(instrument.rounding)
    codes = [*(band.code for band in zones.bands), ""]
    edges, bands = zones.edges
    entries: list[tuple[Fraction, bool]] = []
    for number, beyond in edges:
        if grid is None:
            entries.append((number, beyond))
        else:
            step = number * grid.scale
            first = math.floor(step) + 1 if beyond else math.ceil(step)
            entries.append(grid.entry(Fraction(first, grid.scale)))
    found: list[tuple[Fraction, bool, str, str]] = []
    for place, (at, beyond) in enumerate(entries):
        below, above = codes[bands[place]], codes[bands[place + 1]]
        if found and (at, not beyond) == found[-1][:2]:
            below = found.pop()[2]
        if below != above:
            found.append((at, not beyond, below, above))
    return found


@attrs.frozen(eq=False)
class _Curve:
    """
    A measure by the weight w of one criterion: (start + slope x w) / (1 + bend x w).

    That is what weighted means and sums give, nested ones too.

    Args:
        there: Whether there is such a measure at all.
        sound: Whether the measure is one of these.
    """

    start: Fraction = Fraction(0)
    slope: Fraction = Fraction(0)
    bend: Fraction = Fraction(0)
    there: bool = True
    sound: bool = True

    @classmethod
    def through(cls, values: Sequence[Fraction | None]) -> "_Curve":
        """Return the curve through three of the samples; it is sound if the others lie on it, too."""
        known = [each for each in values if each is not None]
        if len(known) < len(values):
            return cls(there=False, sound=not known)
        if len(set(known)) == 1:
            return cls(known[0])
        (p, q, r), (x, y, z) = _SAMPLES[:3], known[:3]
        # Two equations without the start, of which the slope goes next.
        left = (y * q - x * p) * (r - p) - (z * r - x * p) * (q - p)
        right = (x - y) * (r - p) - (x - z) * (q - p)
        if left == 0:
            return cls(sound=False)
        bend = right / left
        slope = (y * (1 + bend * q) - x * (1 + bend * p)) / (q - p)
        start = x * (1 + bend * p) - slope * p
        made = cls(start, slope, bend)
        on_it = all(made.value(at) == each for at, each in zip(_SAMPLES, known, strict=True))
        return attrs.evolve(made, sound=bend > -1 and on_it)

    def value(self, at: Fraction) -> Fraction | None:
        """Return the measure at a weight."""
        return (self.start + self.slope * at) / (1 + self.bend * at) if self.there else None

    def turn(self, bound: Fraction) -> Fraction | None:
        """Return the weight at which the measure is a bound, nothing where it never is or always."""
        steep = self.slope - bound * self.bend
        return (bound - self.start) / steep if self.there and steep else None


@attrs.frozen(eq=False)
class _Measures:
    """What decides the zone, by the weight of one criterion."""

    instrument: Instrument
    curves: Mapping[Key, _Curve]

    def turns(self) -> set[Fraction]:
        """Return the weights at which the zone may change."""
        found = [self.curves[_TOTAL].turn(at) for at, *_ in edges_of(self.instrument)]
        for each in _requirements(self.instrument):
            bound = Fraction(each.at_least)
            if each.decide_on is not None:
                bound, _ = each.decide_on.entry(bound)
            found += [self.curves[code, each.of].turn(bound) for code in self.instrument.about(each)]
        return {each for each in found if each is not None and 0 < each < 1}

    def zone(self, at: Fraction) -> int:
        """Return the index of the zone at a weight, -1 for none."""
        zones = self.instrument.zones
        total = self.curves[_TOTAL].value(at) or Fraction(0)
        grid = zones.grid(self.instrument.rounding)
        place = zones.position(total if grid is None else grid.of(total))
        while place >= 0 and not all(self._holds(each, at) for each in zones.bands[place].requires):
            place -= 1
        return place

    def _holds(self, requirement: Requirement, at: Fraction) -> bool:
        codes = self.instrument.about(requirement)
        return requirement.holds([self.curves[code, requirement.of].value(at) for code in codes])


def _requirements(instrument: Instrument) -> Iterator[Requirement]:
    for band in instrument.zones.bands:
        yield from band.requires


def _measured(instrument: Instrument, criteria: Criteria, answered: Shares) -> dict[Key, Fraction | None]:
    """Return the total and what is required besides, by other weights."""
    maximum, shares = Fraction(instrument.maximum), criteria.shares(answered)
    left = criteria.weights_left(shares)
    found: dict[Key, Fraction | None] = {_TOTAL: maximum * (shares[ROOT] or Fraction(0))}
    for each in _requirements(instrument):
        for code in instrument.about(each):
            share, weight = shares[code], left[code] if each.of == "contribution" else Fraction(1)
            unit = Fraction(1) if each.of == "share" else maximum
            found[code, each.of] = None if share is None or weight is None else share * weight * unit
    return found


def ranges_of(instrument: Instrument, answered: Shares) -> Iterator[WeightRange]:
    """
    Return the range of each weight in which the zone of one unit stays.

    Args:
        answered: The share of each indicator, ``None`` for one that is left out.
    """
    criteria = instrument.tree
    if criteria.stages:
        return
    for group in criteria.groups:
        codes = criteria.weighted.get(group.code, ())
        if group.rule.linear is None or criteria.undefined(group.code) or len(codes) < 2:
            continue
        whole = sum((criteria.weights[code] for code in codes), Fraction(0))
        for code in codes:
            found = _range(instrument, answered, group.code, codes, code, whole)
            if found is not None:
                yield found


def _range(
    instrument: Instrument,
    answered: Shares,
    group: str,
    codes: tuple[str, ...],
    code: str,
    whole: Fraction,
) -> WeightRange | None:
    """Return between which parts of its group the weight of one criterion keeps the zone."""
    criteria = instrument.tree
    part = criteria.weights[code] / whole
    samples = [
        _measured(instrument, _reweighted(criteria, codes, code, at, whole), answered) for at in _SAMPLES
    ]
    curves = {key: _Curve.through([sample[key] for sample in samples]) for key in samples[0]}
    if not all(curve.sound for curve in curves.values()):
        return None
    measures = _Measures(instrument, curves)
    turns = [Fraction(0), *sorted(measures.turns()), Fraction(1)]
    places: list[tuple[Fraction, Fraction]] = [(turns[0], turns[1])]
    for low, high in itertools.pairwise(turns[1:]):
        places += [(low, low), (low, high)]
    zones = [measures.zone((low + high) / 2) for low, high in places]
    here = [low == part == high or low < part < high for low, high in places].index(True)
    first = last = here
    while first > 0 and zones[first - 1] == zones[here]:
        first -= 1
    while last + 1 < len(places) and zones[last + 1] == zones[here]:
        last += 1
    lowest, highest = places[first][0], places[last][1]
    ends = places[first][0] == places[first][1], places[last][0] == places[last][1]
    return WeightRange(code, group, part, lowest, highest, *ends)


def _reweighted(
    criteria: Criteria, codes: tuple[str, ...], code: str, part: Fraction, whole: Fraction
) -> Criteria:
    """Return criteria in which one has that part of its group, and the others their proportions."""
    rest = whole - criteria.weights[code]
    weights = {each: criteria.weights[each] * (1 - part) * whole / rest for each in codes}
    weights[code] = part * whole
    listed = [attrs.evolve(each, weight=weights.get(each.code, each.weight)) for each in criteria.listed]
    return attrs.evolve(criteria, listed=tuple(listed))
