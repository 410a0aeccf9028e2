import math
from fractions import Fraction

import numpy as np
import pytest
from drawn import LINEAR
from hypothesis import given
from hypothesis import strategies as st

from pelayanan import Group, Indicator, Scale, Weights
from pelayanan.criteria import Criteria
from pelayanan.criterion import ROOT
from pelayanan.strategies import instruments
from pelayanan.tree import Kernel, Node, Tree, settled_signs, times

wholes = st.integers(-(2**80), 2**80)


def wrapped(number):
    return (number + 2**63) % 2**64 - 2**63


def drawn(data, units):
    """Return a tree, and the shares of its leaves in eighths, ``None`` for what is left out."""
    criteria = data.draw(instruments(**LINEAR)).tree
    tree, leaves = criteria.tree(ROOT)
    cells = st.one_of(st.none(), st.integers(0, 8))
    rows = data.draw(
        st.lists(st.lists(cells, min_size=units, max_size=units), min_size=len(leaves), max_size=len(leaves))
    )
    exact = []
    for unit in range(units):
        shares = {
            leaf: None if row[unit] is None else Fraction(row[unit], 8) for leaf, row in zip(leaves, rows)
        }
        exact.append(criteria.shares(shares)[ROOT])
    return tree, rows, exact


def filled(rows):
    eighths = np.array([[0 if cell is None else cell for cell in row] for row in rows], dtype=float)
    answered = np.array([[cell is not None for cell in row] for row in rows], dtype=float)
    return eighths, answered


@given(st.data(), st.integers(1, 4))
def test_the_float_kernel_is_within_its_error_of_the_exact_twin(data, units):
    tree, rows, exact = drawn(data, units)
    kernel = Kernel(tree, np.full(tree.leaves, 1 / 8), units)
    kernel.shares[: tree.leaves], kernel.answered[: tree.leaves] = filled(rows)
    found, there = kernel.partial(units)
    for unit, share in enumerate(exact):
        assert (share is not None) == there[unit]
        if share is not None:
            assert abs(Fraction(found[unit]) - share) <= tree.error
            assert share <= tree.highest


@given(st.data(), st.integers(1, 4))
def test_where_all_is_answered_one_product_is_enough(data, units):
    tree, rows, _ = drawn(data, units)
    kernel = Kernel(tree, np.full(tree.leaves, 1 / 8), units)
    kernel.shares[: tree.leaves] = filled(rows)[0]
    together = kernel.full(units)
    kernel.answered[...] = 1.0
    one_by_one, there = kernel.partial(units)

    assert there.all()
    assert np.allclose(together, one_by_one, rtol=0, atol=tree.error)


@given(st.data(), st.integers(1, 4), st.booleans())
def test_whole_numbers_give_the_exact_share_or_say_that_they_do_not_hold(data, units, reduce):
    tree, rows, exact = drawn(data, units)
    kernel = Kernel(tree, np.ones(tree.leaves), units)
    eighths, answered = filled(rows)
    found = kernel.fractions(eighths, answered, [1] * tree.leaves, np.full(units, 8.0), reduce)

    assert found is not None
    num, den, size, sound = found
    num, den = np.broadcast_to(num, (units,)), np.broadcast_to(den, (units,))
    for unit, share in enumerate(exact):
        if sound[unit] and share is not None and size[unit] < 2.0**59:
            assert share == Fraction(int(num[unit]), int(den[unit]) * 8)
            assert den[unit] <= size[unit]


def test_fractions_that_are_no_whole_numbers_are_reduced_to_lower_terms():
    criteria = [Group("a", weight=1), Group("b", weight=1)]
    criteria += [
        Indicator(f"{g}.i{i}", Scale(low=0, high=1), w) for g in "ab" for i, w in enumerate([1, 2, 3])
    ]
    tree, _ = Criteria(Group(ROOT), criteria).tree(ROOT)
    kernel = Kernel(tree, np.ones(6), 2)
    numerators = np.array([[1.0, 1], [1, 1], [1, 1], [1, 0], [0, 1], [0, 0]])
    num, den, _, sound = kernel.fractions(numerators, np.ones((6, 2)), [1] * 6, np.ones(2), True)

    assert sound.all()
    assert [Fraction(7, 12), Fraction(2, 3)] == [Fraction(int(n), int(d)) for n, d in zip(num, den)]
    assert [12, 6] == den.tolist()


@given(wholes, wholes)
def test_products_wrap_to_64_bits(a, b):
    array = np.array([wrapped(a)], dtype=np.int64)

    assert a * b == times(a, b)
    assert (
        wrapped(a * b) == times(array, b)[0] == times(b, array)[0] == times(array, np.array([wrapped(b)]))[0]
    )


@given(
    num=st.integers(0, 10**9),
    den=st.integers(1, 10**9),
    common=st.integers(1, 10**12),
    nudge=st.integers(-3, 3),
    over=st.integers(1, 10**6),
)
def test_the_side_of_a_boundary_holds_even_where_its_parts_do_not_fit_64_bits(num, den, common, nudge, over):
    number = Fraction(num, den * common)
    boundary = math.floor(number * over) + nudge
    gap = abs(float(number) - boundary / over) * 1.001 + 1e-300
    found = settled_signs(
        np.array([num]),
        np.array([den]),
        np.array([float(den)]),
        scale=(1, over),
        boundary=np.array([boundary]),
        common=common,
        common_size=np.array([float(common)]),
        gap=gap,
    )
    place = Fraction(boundary, over)

    assert found[0] in (2, (number > place) - (number < place))
    if float(den) * common * over * gap < 2.0**60:
        assert 2 != found[0]


@pytest.mark.parametrize("normalised", [True, False])
def test_a_node_has_whole_weights_without_a_common_divisor(normalised):
    node = Node.of(range(2), range(0), [Fraction("0.4"), Fraction("0.6")], Fraction(1), normalised)

    assert (2, 3) == node.weights
    assert (Fraction(2, 5), Fraction(3, 5)) == node.full


@given(st.data(), st.integers(1, 4))
def test_one_denominator_for_all_units_gives_the_exact_share(data, units):
    tree, rows, exact = drawn(data, units)
    numerators, answered = filled(rows)
    if tree.evens[-1] * tree.highest * 8 < 2**50:
        found = tree.even(numerators, answered)
        for unit, share in enumerate(exact):
            assert (share or 0) == Fraction(int(found[unit]), 8 * int(tree.evens[-1]))


def test_groups_of_groups_have_one_denominator_whatever_is_left_out():
    criteria = [Group("a", weight=1), Group("b", weight=2)]
    criteria += [Indicator(f"{g}.i{i}", Scale(low=0, high=1), w) for g in "ab" for i, w in enumerate([1, 2])]
    tree, leaves = Criteria(Group(ROOT), criteria).tree(ROOT)
    shares = {"a.i0": [1.0, 1, 0], "a.i1": [0, 1, 0], "b.i0": [1, 0, 0], "b.i1": [1, 0, 0]}
    numerators = np.array([shares[leaf] for leaf in leaves])
    answered = np.array([[1, not leaf.startswith("b"), 1] for leaf in leaves], dtype=float)
    found = tree.even(numerators, answered) / tree.evens[-1]

    assert [7 / 9, 1, 0] == found.tolist()


def test_a_sum_that_is_not_normalised_has_the_denominator_of_its_weights():
    criteria = [Indicator(f"i{i}", Scale(low=0, high=1), weight) for i, weight in enumerate(["0.2", "0.3"])]
    tree, _ = Criteria(Group(ROOT, rule="weighted_sum", weights=Weights(1), rescale=False), criteria).tree(
        ROOT
    )
    found = tree.even(np.array([[1.0, 0], [1, 1]]), np.array([[1.0, 0], [1, 1]])) / tree.evens[-1]

    np.testing.assert_allclose([0.5, 0.3], found, rtol=1e-15)


@pytest.mark.parametrize("reduce", [False, True])
def test_a_sum_that_is_not_normalised_counts_what_is_left_out_as_nothing(reduce):
    criteria = [Group("a", weight="0.5"), Group("b", weight="0.5"), Indicator("b.i", Scale(low=0, high=1))]
    criteria += [Indicator(f"a.i{i}", Scale(low=0, high=1), weight) for i, weight in enumerate([3, 1])]
    tree, leaves = Criteria(
        Group(ROOT, rule="weighted_sum", weights=Weights(1), rescale=False), criteria
    ).tree(ROOT)
    answered = np.array(
        [{"a.i0": [1, 1, 0], "a.i1": [1, 0, 0], "b.i": [0, 1, 0]}[leaf] for leaf in leaves], float
    )
    ones = answered.copy()
    kernel = Kernel(tree, np.ones(3), 3)
    kernel.shares[:3], kernel.answered[:3] = ones, answered
    found, there = kernel.partial(3)
    num, den, _, sound = kernel.fractions(ones, answered, [1] * 3, np.ones(3), reduce)

    np.testing.assert_allclose([0.5, 1, 0], found, rtol=1e-15)
    assert [True, True, False] == there.tolist()
    assert sound.all()
    assert [Fraction(1, 2), 1, 0] == [
        Fraction(int(n), int(d)) for n, d in zip(num, np.broadcast_to(den, num.shape))
    ]


def test_many_weights_have_too_many_sums_for_one_denominator():
    weights = [Fraction(2**place) for place in range(9)]
    node = Node.of(range(9), range(0), weights, Fraction(1), True)

    assert math.inf == node.even == Tree((1.0,) * 9, (node,)).evens[-1]
    assert 1.0 == Node.of(range(9), range(0), weights, Fraction(1), False).even
    assert (
        840.0 == Node.of(range(3), range(0), [Fraction(2), Fraction(3), Fraction(5)], Fraction(1), True).even
    )
