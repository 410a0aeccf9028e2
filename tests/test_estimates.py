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
    return Row(Fraction(1), relative, 0.0, lambda block: parts, answers)


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


def test_units_are_left_open_until_they_are_settled_but_for_many_of_known_parts():
    few, many = [True] + [False] * 39, [True, True] + [False] * 38
    values = [[0.5] * 40]

    assert ([], 0, [0]) == settled(values, few, (1e-15, 2, False), settles=False)
    assert ([0, 1], [True, True], []) == settled(values, many, (1e-15, 2, False), settles=False)
    assert ([], 0, [0, 1]) == settled(values, many, (1e-15, 2, True), settles=False)


def test_rows_that_follow_each_other_are_a_slice_and_long_numbers_are_none():
    assert (slice(2, 5), [2, 4], []) == (index_of([2, 3, 4]), index_of((2, 4)), index_of([]))
    assert (2**52 - 1, 0, 0) == (short(2**52 - 1), short(2.0**52), short(float("inf")))
