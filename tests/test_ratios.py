from fractions import Fraction

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from pelayanan.exact import MODES, nearest_whole
from pelayanan.ratios import Ratios, at_least, rounded

WHOLES = st.one_of(st.integers(0, 40), st.integers(0, 2**52 - 1))
DENS = st.one_of(st.integers(1, 12), st.integers(1, 2**40))
PAIRS = st.lists(st.tuples(WHOLES, DENS), min_size=1, max_size=5)
WORTHS = st.one_of(st.fractions("1/40", 1000, max_denominator=40), st.sampled_from([Fraction(10**20)]))


def arrays(pairs, one):
    """Numerators, and denominators that differ or are the first for all."""
    nums = np.array([float(num) for num, _ in pairs])
    dens = np.array([float(den) for _, den in pairs])
    return nums, float(dens[0]) if one else dens


def shares_of(nums, dens):
    below = np.broadcast_to(dens, nums.shape)
    return [Fraction(int(num), int(den)) for num, den in zip(nums.tolist(), below.tolist(), strict=True)]


@given(PAIRS, WORTHS, st.sampled_from(MODES), st.booleans())
@example([(2**50, 3), (1, 3)], Fraction(100), "half_up", False)
def test_many_ratios_are_rounded_as_each_alone_or_are_said_not_to_be(pairs, worth, mode, one):
    nums, dens = arrays(pairs, one)
    found, below, sound = rounded(nums, dens, worth, mode)
    for unit, share in enumerate(shares_of(nums, dens)):
        if np.broadcast_to(sound, nums.shape)[unit]:
            assert nearest_whole(share * worth, mode) / worth == Fraction(int(found[unit]), int(below))


@given(PAIRS, st.fractions(0, 4, max_denominator=10**6), st.booleans(), st.booleans())
def test_many_ratios_reach_a_bound_as_each_alone_or_are_said_not_to_be_certain(pairs, bound, beyond, one):
    nums, dens = arrays(pairs, one)
    found, certain = at_least(nums, dens, bound, beyond)
    for unit, share in enumerate(shares_of(nums, dens)):
        if np.broadcast_to(certain, nums.shape)[unit]:
            assert found[unit] == (share > bound if beyond else share >= bound)


@given(PAIRS, st.fractions(0, 4), st.booleans())
@example([(1, 3), (2, 3)], Fraction(10**16 + 1, 3 * 10**16), True)
def test_what_is_not_certain_is_decided_one_by_one(pairs, bound, beyond):
    nums, dens = arrays(pairs, one=False)
    ratios = Ratios(nums, dens, np.ones(len(nums), dtype=bool))
    wanted = [share > bound if beyond else share >= bound for share in shares_of(nums, dens)]

    assert wanted == ratios.reach(bound, beyond).tolist()


def test_blocks_with_other_denominators_make_one_column():
    ratios = Ratios.empty(5)
    ratios.put(slice(0, 2), np.array([1.0, 2.0]), 4.0, True)
    ratios.put(slice(2, 3), np.array([np.nan]), 4.0, True)
    ratios.put(slice(3, 4), np.array([3.0]), np.array([8.0]), np.array([True]))
    ratios.put(slice(4, 5), np.array([1.0]), 2.0, np.array([False]))
    ratios.close()
    ratios.settle(4, Fraction(1, 3))

    assert [4, 4, 4, 8, 2] == ratios.dens(slice(None)).tolist()
    assert [True, True, True, True, False] == ratios.sound.tolist()
    assert [True, True, False, True, True] == ratios.reach(Fraction(1, 4)).tolist()
    assert not ratios.all_there
    assert 3.0 == ratios.highest


def test_a_unit_without_a_share_is_settled_as_one():
    ratios = Ratios(np.array([1.0, 1.0]), 2.0, np.array([True, False]))
    ratios.settle(1, None)

    assert [True, False] == ratios.reach(Fraction(1, 2)).tolist()
    assert ratios.sound.all()
    assert {} == ratios.rest


@pytest.mark.parametrize("den", [2.0**60, np.array([2.0**33])])
def test_what_is_too_long_to_compute_with_is_not_sound(den):
    ratios = Ratios(np.array([1.0]), den, np.array([True]))
    ratios.close()

    assert not ratios.sound.any()


def test_a_numerator_that_is_too_long_is_not_sound():
    ratios = Ratios(np.array([2.0**52, 1.0]), 2.0, np.array([True, True]))
    ratios.close()

    assert [False, True] == ratios.sound.tolist()


def test_a_part_of_the_units_has_their_shares():
    ratios = Ratios(
        np.array([1.0, 0.5, np.nan, 3.0]), np.array([2.0, 1.0, 1.0, 4.0]), np.array([True, False, True, True])
    )
    ratios.rest[1] = Fraction(1, 2)
    some = ratios.part(np.array([1, 3]))

    assert [1.0, 4.0] == some.dens(slice(None)).tolist()
    assert {0: Fraction(1, 2)} == some.rest
    assert [True, True] == some.reach(Fraction(1, 2)).tolist()
    assert [False, True] == some.reach(Fraction(1, 2), beyond=True).tolist()


@pytest.mark.parametrize(
    ("mode", "steps"), [("half_up", [1, 2, 3]), ("half_even", [0, 2, 2]), ("down", [0, 1, 2])]
)
@pytest.mark.parametrize("den", [2.0, np.array([2.0, 2.0, 2.0])])
def test_ties_are_rounded_as_the_mode_says(mode, steps, den):
    found, below, sound = rounded(np.array([1.0, 3.0, 5.0]), den, Fraction(1), mode)

    assert steps == (found / below).tolist()
    assert sound is True


@given(PAIRS, st.sampled_from(MODES), st.booleans())
def test_halves_of_a_grid_are_rounded_as_each_alone(pairs, mode, one):
    nums, _ = arrays([(2 * (num % 1000) + 1, 2) for num, _ in pairs], one)
    found, below, _ = rounded(nums, 2.0 if one else np.full(len(nums), 2.0), Fraction(1), mode)

    assert [nearest_whole(Fraction(int(num), 2), mode) for num in nums] == (found / below).tolist()
