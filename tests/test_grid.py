from collections import Counter
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from refusing import error_text

from pelayanan.errors import NumberError, PeersError
from pelayanan.exact import Exact
from pelayanan.grid import Grid

CENTS = Grid(2, Exact(0), Exact(100))


def expected(steps):
    """Which steps occur, rising, and how often."""
    return [list(each) for each in zip(*sorted(Counter(steps).items()))] or [[], []]


def found(grid, totals):
    return [each.tolist() for each in grid.counted(totals)]


# Properties


@given(
    st.lists(st.integers(0, 10_000), max_size=40),
    st.sampled_from(["float64", "object", "U", "list", "exact"]),
)
def test_each_way_to_give_totals_is_counted_alike(steps, kind):
    given_totals = {
        "float64": lambda: np.array([step / 100 for step in steps], dtype=np.float64),
        "object": lambda: np.fromiter(
            (Fraction(step, 100) for step in steps), dtype=object, count=len(steps)
        ),
        "U": lambda: np.array([f"{step / 100:.2f}" for step in steps], dtype="U6"),
        "list": lambda: [step / 100 for step in steps],
        "exact": lambda: [Exact(f"{step}e-2") for step in steps],
    }[kind]()

    assert expected(steps) == found(CENTS, given_totals)


@given(st.integers(0, 10), st.data())
def test_a_grid_larger_than_the_data_is_counted_alike(decimals, data):
    grid = Grid(decimals, Exact(-50), Exact(100))
    steps = data.draw(st.lists(st.integers(-50 * grid.scale, 100 * grid.scale), max_size=20))
    totals = np.array([step / grid.scale for step in steps], dtype=np.float64)

    assert expected(steps) == found(grid, totals)


@given(st.lists(st.integers(-5, 120), max_size=20), st.sampled_from(["int8", "int64", "uint8"]))
def test_whole_numbers_are_totals(numbers, dtype):
    inside = [abs(number) for number in numbers if abs(number) <= 100]

    assert expected([100 * number for number in inside]) == found(CENTS, np.array(inside, dtype=dtype))


@given(st.lists(st.integers(0, 10_000), max_size=10), st.sampled_from(["float32", "float16"]))
def test_narrow_floats_mean_the_decimals_that_they_show(steps, dtype):
    totals = np.array([step // 100 + 0.25 for step in steps if step < 10_000], dtype=dtype)

    assert expected([step // 100 * 100 + 25 for step in steps if step < 10_000]) == found(CENTS, totals)


@given(st.lists(st.integers(0, 10_000), min_size=1, max_size=5), st.integers(20_000, 70_000))
def test_many_totals_are_counted_in_blocks(few, times):
    totals = np.tile(np.array(few) / 100, times)

    assert expected(few)[0] == found(CENTS, totals)[0]
    assert [count * times for count in expected(few)[1]] == found(CENTS, totals)[1]


@given(st.one_of(st.floats(), st.integers(0, 10_000).map(lambda step: step / 100)))
def test_any_float_is_counted_as_its_decimal_or_refused(total):
    shown = Fraction(repr(total)) * 100 if np.isfinite(total) else Fraction(-1)
    for totals in ([total], np.array([total])):
        if shown.denominator == 1 and 0 <= shown <= 10_000:
            assert [[shown], [1]] == found(CENTS, totals)
        else:
            with pytest.raises((PeersError, NumberError), match=r"^total 0"):
                CENTS.counted(totals)


def test_a_float32_that_two_steps_share_means_the_decimal_that_it_shows():
    grid = Grid(2, Exact(0), Exact(10**6))

    assert [[25, 52428810], [1, 2]] == found(
        grid, np.array([524288.09375, 0.25, 524288.09375], dtype=np.float32)
    )


# Bad input


def refused(totals, grid=CENTS, kind=PeersError):
    return error_text(kind, grid.counted, totals)


@pytest.mark.parametrize("total", [None, float("nan"), "", np.nan])
def test_a_total_that_is_missing_is_refused(total):
    message = "total 1 is missing; leave out the units without a score"

    assert message == refused([86.62, total])
    assert message == refused(np.array([86.62, total], dtype=object))


def test_a_missing_total_of_an_array_is_refused():
    message = "total 1 is missing; leave out the units without a score"

    assert message == refused(np.array([86.62, np.nan, 101]))
    assert message == refused(np.ma.MaskedArray([86.62, 1.0], [False, True]))
    assert "total 70000 is missing; leave out the units without a score" == refused(
        np.append(np.zeros(70_000), np.nan)
    )


def test_a_total_beside_the_grid_is_refused():
    message = "total 0, 86.625, has more decimals than the 2 of the grid"

    assert message == refused([86.625])
    assert message == refused(np.array([86.625]))
    assert message == refused(np.array([86.625], dtype=np.float32))
    assert "total 1, 1/3, has more decimals than the 2 of the grid" == refused(["1", "1/3"])


def test_a_total_beyond_the_ends_is_refused():
    assert "total 0, 100.01, is not between 0 and 100" == refused([100.01])
    assert "total 0, 101, is not between 0 and 100" == refused(np.array([101.0]))
    assert "total 0, -0.01, is not between 0 and 100" == refused(np.array([-0.01]))
    assert "total 0, -1, is not between 0 and 100" == refused(np.array([-1], dtype=np.int8))


def test_what_is_no_number_is_refused():
    assert "total 1: expected a number, not '86,62'" == refused(["86.62", "86,62"], kind=NumberError)
    assert "total 0: expected a finite number, not inf" == refused(np.array([np.inf]), kind=NumberError)
    assert "total 0: expected a number, not True" == refused(np.array([True]), kind=NumberError)


@pytest.mark.parametrize(
    ("decimals", "low", "high", "found_ends"),
    [
        (2, "0.005", "100", "0.005 to 100"),
        (0, "0", "1/3", "0 to 1/3"),
        (1, "5", "4", "5 to 4"),
        (10, "0", "1e6", "0 to 1e6"),
    ],
)
def test_a_grid_needs_ends_that_lie_on_it(decimals, low, high, found_ends):
    with pytest.raises(PeersError) as error:
        Grid(decimals, Exact(low), Exact(high))

    assert (
        f"totals of {decimals} decimals cannot be counted from {found_ends}; "
        "give ends that lie on their grid, the lower one first, of at most 15 digits" == str(error.value)
    )


def test_the_longest_grid_has_fifteen_digits():
    grid = Grid(10, Exact(0), Exact("99999.9999999999"))

    assert [[10**15 - 1], [1]] == found(grid, [99999.9999999999])
    assert [[10**15 - 1], [1]] == found(grid, np.array([99999.9999999999]))
    assert "99999.9999999999" == grid.said(10**15 - 1)
