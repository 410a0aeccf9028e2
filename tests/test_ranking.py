import math
from fractions import Fraction

import numpy as np
import peering
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from pelayanan.errors import PeersError
from pelayanan.ranking import TIES, check_ties, counted

# Totals of a narrow grid are counted, those of a wide one are sorted, and the widest become codes first.
WIDTHS = st.sampled_from([1, 4, 100, 10**6, 2**58])


@st.composite
def members(draw):
    """Totals in steps and the group of each, every group there."""
    width = draw(WIDTHS)
    few = draw(st.lists(st.integers(0, width), min_size=1, max_size=4))
    steps = draw(st.lists(st.one_of(st.sampled_from(few), st.integers(0, width)), min_size=1, max_size=30))
    groups = draw(st.integers(1, min(len(steps), 9)))
    more = st.lists(st.integers(0, groups - 1), min_size=len(steps) - groups, max_size=len(steps) - groups)
    return steps, draw(st.permutations([*range(groups), *draw(more)]))


def made(steps, group):
    values = np.array(steps, dtype=np.int64)
    return counted(values - values.min(), values, np.array(group, dtype=np.intp))


def peers_of(row, steps, group, own):
    """The totals that a total is compared with."""
    return [steps[each] for each in range(len(steps)) if group[each] == group[row] and (own or each != row)]


def by_definition(figure, steps, group, own, none=math.nan):
    found = []
    for row, step in enumerate(steps):
        peers = peers_of(row, steps, group, own)
        found.append(figure(step, peers) if peers else none)
    return found


# Squares of these are longer than 64 bits.
LONG = ([0, 2**57, 2**58, 2**58 - 1, 3], [0, 0, 0, 1, 1])


# Properties


@given(members(), st.sampled_from(TIES))
def test_ranks_are_those_of_the_definition(drawn, ties):
    steps, group = drawn
    cells = made(steps, group)

    assert (
        by_definition(lambda step, peers: peering.rank(step, peers, ties), steps, group, True)
        == cells.rank(ties)[cells.cell].tolist()
    )


@given(members())
def test_sizes_and_what_is_below_are_counted(drawn):
    steps, group = drawn
    cells = made(steps, group)

    assert [group.count(each) for each in group] == cells.size[cells.cell].tolist()
    assert (
        by_definition(lambda step, peers: sum(each < step for each in peers), steps, group, True)
        == cells.below[cells.cell].tolist()
    )


@given(members(), st.booleans())
def test_percentiles_are_the_floats_nearest_to_those_of_the_definition(drawn, own):
    steps, group = drawn
    cells = made(steps, group)
    expected = by_definition(peering.percentile, steps, group, own)

    assert np.array_equal(np.array(expected, dtype=float), cells.percentile(own)[cells.cell], equal_nan=True)


@given(members(), st.booleans())
def test_quartiles_are_those_of_the_definition(drawn, own):
    steps, group = drawn
    cells = made(steps, group)

    assert by_definition(peering.quartile, steps, group, own, -1) == cells.quartile(own)[cells.cell].tolist()


@given(members(), st.booleans())
def test_gaps_are_the_floats_nearest_to_those_of_the_definition(drawn, own):
    steps, group = drawn
    cells = made(steps, group)
    best = by_definition(lambda step, peers: max(peers) - step, steps, group, own)
    median = by_definition(peering.median_gap, steps, group, own)

    assert np.array_equal(np.array(best, dtype=float), cells.to_best(own)[cells.cell], equal_nan=True)
    assert np.array_equal(np.array(median, dtype=float), cells.to_median(own)[cells.cell], equal_nan=True)


@given(members(), st.booleans())
@example(LONG, True)
@example(LONG, False)
def test_z_scores_are_those_of_exact_sums(drawn, own):
    steps, group = drawn
    cells = made(steps, group)

    def squared(step, peers):
        """The square of the z-score as a fraction, with its sign."""
        mean = Fraction(sum(peers), len(peers))
        spread = sum((each - mean) ** 2 for each in peers) / len(peers)
        if not spread:
            return math.nan
        return math.copysign(math.sqrt((step - mean) ** 2 / spread), step - mean)

    expected = by_definition(squared, steps, group, own)

    np.testing.assert_allclose(cells.z(own)[cells.cell], np.array(expected, dtype=float), rtol=1e-14)


@given(members(), st.booleans())
def test_z_scores_are_those_of_sums_of_floats(drawn, own):
    steps, group = drawn
    totals = [step % 10_001 / 100 for step in steps]
    cells = made([step % 10_001 for step in steps], group)
    expected = by_definition(peering.z, totals, group, own)

    np.testing.assert_allclose(cells.z(own)[cells.cell], np.array(expected), rtol=1e-12, atol=1e-12)


@given(members(), st.randoms(use_true_random=False))
def test_the_order_of_the_totals_is_of_no_account(drawn, random):
    steps, group = drawn
    order = list(range(len(steps)))
    random.shuffle(order)
    here, there = made(steps, group), made([steps[row] for row in order], [group[row] for row in order])
    for figure in ("percentile", "quartile", "to_best", "to_median", "z"):
        for own in (True, False):
            one, other = (getattr(cells, figure)(own)[cells.cell] for cells in (here, there))
            assert np.array_equal(one[order], other, equal_nan=True)


@given(members())
def test_codes_alone_are_the_steps(drawn):
    steps, group = drawn
    codes = np.array(steps, dtype=np.int64)
    cells = counted(codes, codes, np.array(group, dtype=np.intp))

    assert steps == cells.steps[cells.cell].tolist()


@given(st.lists(st.integers(0, 40), min_size=1, max_size=30), st.sampled_from(TIES))
def test_without_groups_all_are_one_group(steps, ties):
    codes = np.array(steps, dtype=np.int64)
    cells, grouped = counted(codes, codes), made(steps, [0] * len(steps))

    assert cells.rank(ties)[cells.cell].tolist() == grouped.rank(ties)[grouped.cell].tolist()


# Beside SciPy and NumPy


@given(members(), st.sampled_from(TIES))
def test_ranks_and_percentiles_are_those_of_scipy(drawn, ties):
    stats = pytest.importorskip("scipy.stats")
    steps, group = np.array(drawn[0]), np.array(drawn[1])
    cells = made(*drawn)
    for each in set(drawn[1]):
        inside = group == each
        ranks = stats.rankdata(-steps[inside], method=ties)
        percentiles = [stats.percentileofscore(steps[inside], step, kind="mean") for step in steps[inside]]

        assert ranks.tolist() == cells.rank(ties)[cells.cell][inside].tolist()
        np.testing.assert_allclose(cells.percentile(True)[cells.cell][inside], percentiles, rtol=1e-13)


@given(st.lists(st.integers(0, 10_000), min_size=1, max_size=40))
def test_quartiles_are_those_of_numpy(steps):
    codes = np.array(steps, dtype=np.int64)
    cells = counted(codes, codes)
    quarters = np.quantile(codes, [0.25, 0.5, 0.75], method="linear")

    assert np.searchsorted(quarters, codes).tolist() == (cells.quartile(True)[cells.cell] - 1).tolist()


def test_groups_of_grids_too_wide_to_lie_beside_each_other_are_ranked():
    group = [row // 2 for row in range(80)]
    steps = [2**58 - row % 2 * (row + 1) for row in range(80)]
    steps[0] = 0
    cells = made(steps, group)

    assert [2, 1, *[1, 2] * 39] == cells.rank("min")[cells.cell].tolist()
    for row, gap in enumerate(cells.to_best(True)[cells.cell].tolist()):
        assert float(max(steps[row // 2 * 2 : row // 2 * 2 + 2]) - steps[row]) == gap


# By hand


def test_five_totals_by_hand():
    steps = np.array([8662, 9182, 8662, 7809, 8962])
    cells = counted(steps, steps)

    assert [3, 1, 3, 5, 2] == cells.rank("min")[cells.cell].tolist()
    assert [4, 1, 4, 5, 2] == cells.rank("max")[cells.cell].tolist()
    assert [3, 1, 3, 4, 2] == cells.rank("dense")[cells.cell].tolist()
    assert [3.5, 1, 3.5, 5, 2] == cells.rank("average")[cells.cell].tolist()
    assert [40, 90, 40, 10, 70] == cells.percentile(True)[cells.cell].tolist()
    assert [37.5, 100, 37.5, 0, 75] == cells.percentile(False)[cells.cell].tolist()
    assert [1, 4, 1, 1, 3] == cells.quartile(True)[cells.cell].tolist()
    assert [520, 0, 520, 1373, 220] == cells.to_best(True)[cells.cell].tolist()
    assert [520, -220, 520, 1373, 220] == cells.to_best(False)[cells.cell].tolist()
    assert [0, -520, 0, 853, -300] == cells.to_median(True)[cells.cell].tolist()
    assert [150, -520, 150, 1003, -300] == cells.to_median(False)[cells.cell].tolist()


def test_one_to_five_have_the_root_of_two_as_deviation():
    steps = np.arange(1, 6)
    cells = counted(steps, steps)
    root = math.sqrt(2)

    np.testing.assert_allclose(cells.z(True)[cells.cell], [-2 / root, -1 / root, 0, 1 / root, 2 / root])


def test_a_total_alone_has_a_rank_and_nothing_beside_it():
    steps = np.array([7])
    cells = counted(steps, steps)

    assert [1] == cells.rank("min").tolist()
    assert [50] == cells.percentile(True).tolist()
    assert [-1] == cells.quartile(False).tolist()
    for figure in (
        cells.percentile(False),
        cells.to_best(False),
        cells.to_median(False),
        cells.z(True),
        cells.z(False),
    ):
        assert np.isnan(figure).all()


def test_a_rule_for_ties_that_there_is_not_is_refused():
    with pytest.raises(PeersError) as error:
        check_ties("first")

    assert "expected ties of 'min', 'max', 'dense', 'average', not 'first'" == str(error.value)
    assert "ties" == error.value.code
