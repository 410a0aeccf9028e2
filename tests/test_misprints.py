from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from planted import drop, swap

from pelayanan.misprints import misprinted, places, swapped, undropped

NUMBERS = st.integers(1, 99999).map(lambda number: f"{number // 100}.{number % 100:02d}")


@given(NUMBERS, st.randoms(use_true_random=False))
def test_a_swap_is_undone(printed, random):
    slipped = swap(random, printed)

    assert slipped == printed or printed in swapped(slipped)


@given(NUMBERS, st.randoms(use_true_random=False))
def test_a_dropped_digit_is_found_again(printed, random):
    slipped = drop(random, printed)
    whole, decimals = places(printed)

    assert Fraction(printed) in [Fraction(slipped), *map(Fraction, undropped(slipped, whole, decimals))]


@given(NUMBERS, st.data())
def test_a_misprint_is_undone(printed, data):
    place = data.draw(st.sampled_from([place for place, each in enumerate(printed) if each != "."]))
    digit = data.draw(st.sampled_from("0123456789"))
    slipped = printed[:place] + digit + printed[place + 1 :]
    idle = printed.startswith("0") and printed[1] != "."

    assert slipped == printed or idle or printed in misprinted(slipped)


@given(NUMBERS)
def test_each_number_is_given_once_and_is_another_than_the_printed_one(printed):
    for found in (swapped(printed), misprinted(printed), undropped(printed, 4, 3)):
        assert len(found) == len(set(found))
        assert printed not in found
        assert all(places(each) for each in found)


@pytest.mark.parametrize(
    ("printed", "found"),
    [("11", ()), ("10", ()), ("12", ("21",)), ("0.5", ("5.0",)), ("1.02", ("0.12", "1.20", "2.01"))],
)
def test_two_digits_are_swapped(printed, found):
    assert set(found) == set(swapped(printed))


@pytest.mark.parametrize(
    ("printed", "size"), [("56.18", (2, 2)), ("7", (1, 0)), ("-7", None), ("1e2", None), ("", None)]
)
def test_digits_are_counted_in_plain_decimals_only(printed, size):
    assert size == places(printed)
