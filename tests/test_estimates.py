from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pelayanan.estimates import Block, Inside, Row, index_of, short


def settled(values, near, row, settles=True):
    """Settle whether shares are at least a half; return the units, what is told, and what is open."""
    rows = [row_of(number, row) for number in range(len(values))]
    block = Block(np.array(values), None, len(values), settles)
    inside = Inside.of(range(len(values)), rows)

    def at_least_half(members):
        return members.steps.min(axis=0) * 2 >= members.common, True

    within, found = block.settle(np.array(near), inside, at_least_half)
    return within.tolist(), np.array(found).tolist(), np.flatnonzero(block.open).tolist()


def row_of(number, row):
    relative, parts, decimals = row
    answers = frozenset([number] if decimals else ())
    return Row(Fraction(1), relative, 0.0, lambda _: parts, answers)


@pytest.mark.parametrize(
    ("relative", "parts", "still"),
    [(1e-3, 400, []), (1e-3, 600, [0]), (1e-15, 2**45, []), (1e-16, 2**53, [0]), (1e-3, 0, [0])],
)
def test_a_share_is_a_whole_number_of_parts_where_its_error_is_less_than_a_quarter(relative, parts, still):
    within, found, open_ = settled([[0.5, 0.7]], [True, False], (relative, parts, False))

    assert (([], []) if still else ([0], [True])) == (within, found)
    assert still == open_


@given(st.lists(st.integers(0, 200), min_size=1), st.floats(-0.2, 0.2))
def test_shares_beside_their_parts_are_told_as_these(numbers, beside):
    values = [(number + beside) / 200 for number in numbers]
    within, found, open_ = settled([values], [True] * len(values), (0.001, 200, False))

    assert (list(range(len(numbers))), []) == (within, open_)
    assert [number >= 100 for number in numbers] == found


def test_answers_are_looked_at_to_eight_decimals():
    answers = [0.5, 0.49, 0.4999, 0.49999999, 0.499999999, 0.1 + 0.2]
    within, found, open_ = settled([answers], [True] * 6, (1e-15, 1, True))

    assert ([0, 1, 2, 3], [4, 5]) == (within, open_)
    assert [True, False, False, False] == found


def test_units_are_left_open_until_they_are_settled_but_for_many():
    few, many = [True] * 2 + [False] * 38, [True] * 3 + [False] * 37
    values = [[0.5] * 40]

    assert ([], 0, [0, 1]) == settled(values, few, (1e-15, 2, True), settles=False)
    assert ([0, 1, 2], [True] * 3, []) == settled(values, many, (1e-15, 2, True), settles=False)


def test_rows_are_settled_each_by_itself_where_they_are_near():
    rows = [row_of(number, (1e-15, parts, True)) for number, parts in enumerate([2, 2, 0])]
    block = Block(np.array([[0.5, 0.1 + 0.2, 0.5], [0.5, 0.5, 0.1 + 0.2], [0.5] * 3]), None, 3, True)
    near = np.array([[True, True, False], [True, True, False], [False, False, True]])
    out = np.zeros((3, 3))
    insides, exactly = [Inside.of([row], rows) for row in range(3)], lambda members: (members.steps[0], True)
    block.settle_each(near, insides, [exactly] * 3, out)

    assert [[100, 0, 0], [100, 100, 0], [0, 0, 0]] == (out / 10**6).tolist()
    assert [1, 2] == np.flatnonzero(block.open).tolist()


def test_units_near_a_turn_are_filled_in_a_block_of_their_own():
    def doubled(row):
        def fill(part):
            part.values[row] = part.values[0] * 2
            part.open |= part.values[0] == 4
            part.whole[row] = True

        return fill

    values, there = np.array([[1.0, 2, 3, 4], [5, 5, 5, 5], [6, 6, 6, 6]]), np.ones((3, 4))
    near = np.array([[False, True, False, True], [False, False, False, False]])
    block = Block(values, there, 1, settles=True)
    block.apart(near, slice(1, 3), [doubled(1), doubled(2)])

    assert [[1, 2, 3, 4], [5, 4, 5, 8], [6, 6, 6, 6]] == values.tolist()
    assert ([3], False) == (np.flatnonzero(block.open).tolist(), block.whole.any())


def test_units_near_a_turn_that_are_left_open_have_nothing():
    values = np.full((2, 40), np.nan)
    near = np.zeros((1, 40), dtype=bool)
    near[0, 7] = True
    block = Block(values, None, 1, settles=False)
    block.apart(near, slice(1, 2), [])

    assert (0.0, [7]) == (values[1, 7], np.flatnonzero(block.open).tolist())


@pytest.mark.parametrize(
    ("relative", "parts", "steps"), [(1e-15, 8, [4, 5, 8]), (0.1, 8, None), (1e-15, 0, None)]
)
def test_shares_of_known_parts_are_known_for_all_units_if_they_are_short(relative, parts, steps):
    rows = [Row(Fraction(1, 2), relative, 0.0, lambda _: parts), row_of(1, (1e-15, 8, True))]
    block = Block(np.array([[1.0, 1.25, 2.0], [0.5] * 3]), None, 2, settles=False)
    known = block.known(Inside.of([0], rows))

    assert steps == (known and known.steps[0].tolist())
    assert block.known(Inside.of([1], rows)) is None


def test_rows_that_are_evenly_apart_are_a_slice_and_long_numbers_are_none():
    assert (slice(2, 5), slice(2, 5, 2), []) == (index_of([2, 3, 4]), index_of((2, 4)), index_of([]))
    assert ([2, 4, 5], [4, 2], [3, 3]) == (index_of([2, 4, 5]), index_of([4, 2]), index_of([3, 3]))
    assert (2**52 - 1, 0, 0) == (short(2**52 - 1), short(2.0**52), short(float("inf")))
