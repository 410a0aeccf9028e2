import math
from fractions import Fraction

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from pelayanan import Band, Rounding, Zones
from pelayanan.deciding import Decider
from pelayanan.strategies import roundings, zones

published = st.one_of(st.none(), roundings())


def exactly(totals):
    """Return what tells the side of a boundary from the exact totals themselves."""

    def side(boundary, over, gap):
        places = [Fraction(int(number), over) for number in boundary]
        return np.array([(t > p) - (t < p) for t, p in zip(totals, places)], dtype=np.int8)

    return side


def beside(total):
    return [total, total + Fraction(1, 10**15), total - Fraction(1, 10**15)]


def turning(rounding, bands, steps):
    """Exact totals on and next to where rounding or the zone turns."""
    scale = 2 * 10 ** (rounding.decimals if rounding else 3)
    found = [each for step in steps for each in beside(Fraction(step, scale))]
    found += [each for number, _ in bands.edges[0] for each in beside(number)]
    return [each for each in found if each >= 0]


@given(published, zones(), st.lists(st.integers(1, 20_000), min_size=1, max_size=20))
def test_near_a_turning_point_a_float_decides_only_with_the_side_of_the_exact_total(rounding, bands, steps):
    decider = Decider(rounding, bands, 100.0)
    totals = turning(rounding, bands, steps)
    near = np.array([float(total) for total in totals])
    total, zone, open_ = decider.publish(near, 1e-12)
    wanted = [decider.decide(each) for each in totals]
    for row in np.flatnonzero(~open_):
        assert wanted[row] == (total[row], zone[row])
    total, zone, open_ = decider.settle(near, 1e-12, exactly(totals))
    for row in np.flatnonzero(~open_):
        assert wanted[row] == (total[row], zone[row])
    if rounding is not None:
        assert not open_.any()


@given(published, zones(), st.integers(1, 997), st.lists(st.integers(0, 100_000), min_size=1, max_size=20))
def test_whole_numerators_over_a_denominator_are_published_exactly(rounding, bands, denominator, numerators):
    decider = Decider(rounding, bands, 1e5)
    numerators = [number // denominator * denominator + number % denominator for number in numerators]
    numerators += [int(number * denominator) for number, _ in bands.edges[0]]

    assert decider.fits(float(max(numerators)), denominator)
    total, zone = decider.publish_ratio(np.array(numerators, dtype=float), denominator)
    for row, number in enumerate(numerators):
        assert decider.decide(Fraction(number, denominator)) == (total[row], zone[row])


def test_what_cannot_be_told_stays_open():
    bands = Zones([Band("C", floor=0), Band("A", floor=50)], decide_on="exact")
    decider = Decider(Rounding(2), bands, 100.0)

    def undecided(boundary, over, gap):
        return np.full(len(boundary), 2, dtype=np.int8)

    _, _, open_ = decider.settle(np.array([50.0, 33.333, 33.335]), 1e-12, undecided)

    assert [True, False, True] == open_.tolist()


def test_cut_offs_closer_to_each_other_than_the_error_stay_open():
    close = Fraction(50) + Fraction(1, 10**13)
    bands = Zones([Band("C", floor=0), Band("B", floor=50), Band("A", floor=close)], decide_on="exact")
    decider = Decider(Rounding(2), bands, 100.0)
    totals = [Fraction(50), close]
    _, _, open_ = decider.settle(np.array([50.0, 50.0]), 1e-12, exactly(totals))

    assert [True, True] == open_.tolist()
    assert [1, 2] == [decider.decide(total)[1] for total in totals]


def test_without_bands_there_is_no_zone():
    decider = Decider(Rounding(2), Zones((), decide_on="exact"), 100.0)
    total, zone, open_ = decider.settle(np.array([33.335]), 1e-12, exactly([Fraction("33.335")]))

    assert ([33.34], [-1], [False]) == (total.tolist(), zone.tolist(), open_.tolist())


def test_totals_too_long_for_floats_are_never_decided_by_them():
    decider = Decider(Rounding(10), Zones(), 1e6)
    _, _, open_ = decider.publish(np.array([1.0, math.nan]), 1e-12)

    assert [True, False] == open_.tolist()
    assert not decider.fits(1e16, 1)
    assert not decider.fits(1.0, 2**60)
    assert not Decider(None, Zones([Band("A", floor=1e6)]), 1.0).fits(1.0, 2**40)
