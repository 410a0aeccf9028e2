"""
A lookup gives what the table does, or says that it cannot tell.
"""

import math
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from pelayanan.aggregation import step
from pelayanan.lookup import Lookup

ULP = 2.0**-53
WEIGHTS = st.lists(st.integers(1, 40).map(lambda steps: Fraction(steps, 4)), min_size=1, max_size=4)


@st.composite
def tables(draw, members):
    """Sums with rising shares of a few twelfths, for each number of members."""
    table = {}
    for number in range(1, members + 1):
        starts = sorted(draw(st.sets(st.integers(0, 40 * number), min_size=1, max_size=6)))
        shares = sorted(draw(st.tuples(*[st.integers(0, 12)] * len(starts))))
        table[number] = tuple(
            (Fraction(start, 4), Fraction(share, 12)) for start, share in zip(starts, shares, strict=True)
        )
    return table


def lookup_of(table, weights, parts=None):
    """Return the lookup of shares from 0 to 1, as numbers in twelfths; in whole parts where these are given."""
    divisor = math.gcd(*(int(weight * 4) for weight in weights))
    unit = Fraction(divisor, 4 * parts) if parts else Fraction(0)
    top = sum(weights)
    return Lookup.of(
        tuple(table.items()), tuple(weights), top=top, unit=unit, error=64 * ULP, worth=Fraction(1, 12)
    )


def found(lookup, numbers, there=None):
    """Return what a lookup gives to shares of the shape ``(members, units)``."""
    sums = lookup.weights @ np.array(numbers, dtype=float)
    lookup.find(sums, None if there is None else lookup.ahead @ np.array(there, dtype=float))
    return sums.tolist()


def twelfths(shares, weights, table):
    share = step(shares, weights, steps=table)
    return 0.0 if share is None else float(share * 12)


@given(st.data(), WEIGHTS, st.sampled_from([1, 3, 4, 7, 100, 10_000]), st.integers(-1, 1))
def test_what_a_lookup_gives_is_what_the_table_gives(data, weights, parts, beside):
    table = data.draw(tables(len(weights)))
    unit = st.one_of(st.none(), st.integers(0, parts).map(lambda part: Fraction(part, parts)))
    units = data.draw(st.lists(st.tuples(*[unit] * len(weights)), min_size=1, max_size=8))
    floats = [[float(share or 0) * (1 + 2 * beside * ULP) for share in shares] for shares in zip(*units)]
    there = [[share is not None for share in shares] for shares in zip(*units)]
    known = lookup_of(table, weights, parts)
    gives = found(known, floats, there)
    guesses = found(lookup_of(table, weights), floats, there)
    expected = [twelfths(shares, weights, table) for shares in units]

    assert gives == expected or known.turns
    assert all(
        math.isnan(each) or each == right for each, right in zip(guesses + gives, expected * 2, strict=True)
    )


@given(st.data(), WEIGHTS)
def test_where_all_have_a_share_it_gives_the_same_without_asking(data, weights):
    table = data.draw(tables(len(weights)))
    shares = [data.draw(st.floats(0, 1)) for _ in weights]
    lookup = lookup_of(table, weights)
    numbers = [[share] for share in shares]

    assert repr(found(lookup, numbers)) == repr(found(lookup, numbers, [[1]] * len(weights)))


@given(
    st.integers(1, 1000).flatmap(lambda below: st.tuples(st.integers(1, below), st.just(below))),
    st.integers(-400, 400),
)
@example((1, 3), 0)
def test_a_sum_nearer_to_a_turn_than_its_error_is_not_told(turn, ulps):
    start = Fraction(*turn)
    lookup = lookup_of({1: ((Fraction(0), Fraction(0)), (start, Fraction(1)))}, [Fraction(1)])
    number = float(start) * (1 + ulps * ULP)
    (given,) = found(lookup, [[number]])

    assert math.isnan(given) or given == (12.0 if Fraction(number) >= start else 0.0)
    assert math.isnan(given) or abs(ulps) > 64


def test_sums_of_letters_are_told_wherever_the_table_turns():
    table = {2: tuple((Fraction(sum_), Fraction(sum_, 8)) for sum_ in range(2, 9))}
    lookup = lookup_of(table, [Fraction(4), Fraction(4)], parts=4)
    letters = np.array([[1, 1, 2, 3, 4], [1, 2, 2, 3, 4]]) / 4

    assert not lookup.turns
    assert [3, 4.5, 6, 9, 12] == found(lookup, letters) == found(lookup, letters * (1 - 4 * ULP))


def test_few_cells_of_many_are_left_out_of_a_long_scale():
    table = {1: ((Fraction(0), Fraction(0)), (Fraction(1, 3), Fraction(1, 2)), (Fraction(2, 3), Fraction(1)))}
    lookup = lookup_of(table, [Fraction(1)], parts=10**6)

    assert lookup.turns
    assert 2 == np.count_nonzero(np.isnan(lookup.given))
    assert [0, 6, 12] == found(lookup, [[0.333, 0.334, 0.667]])


@pytest.mark.parametrize("members", [2, 40_000])
def test_there_are_some_cells_for_any_number_of_members(members):
    weights = [Fraction(1)] * members
    lookup = lookup_of({members: ((Fraction(0), Fraction(0)), (Fraction(members), Fraction(1)))}, weights)

    assert 8 <= lookup.given.shape[1] <= 2**15
    assert [0] == found(lookup, np.full((members, 1), 0.25))
