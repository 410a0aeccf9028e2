import pickle
from fractions import Fraction

import attrs
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pelayanan.aggregation import (
    ALL_OR_NOTHING,
    LONGEST,
    RULES,
    STEP,
    WEAKEST_LINK,
    WEAKEST_LINK_PLUS,
    WEIGHTED_MEAN,
    WEIGHTED_SUM,
    Members,
    Terms,
    all_or_nothing,
    step,
    weakest_link,
    weakest_link_plus,
    weighted_mean,
    weighted_sum,
)

SHARES = st.one_of(st.none(), st.just(Fraction(1)), st.fractions(0, 1, max_denominator=100))
WEIGHTS = st.integers(1, 9999).map(lambda steps: Fraction(steps, 100))


@st.composite
def tables(draw):
    """Sums of up to eight members, from 0 on, with shares that rise; more members need more."""
    starts = draw(st.lists(st.integers(1, 100), max_size=3, unique=True).map(sorted))
    shares = [Fraction(eighths, 8) for eighths in sorted(draw(st.tuples(*[st.integers(0, 8)] * 4)))]
    return {
        count: list(zip([Fraction(0), *(Fraction(count * start) for start in starts)], shares, strict=False))
        for count in range(1, 9)
    }


TERMS = st.builds(Terms, WEIGHTS, st.booleans(), st.fractions("0.01", 1, max_denominator=100), tables())
GROUPS = st.lists(st.tuples(SHARES, WEIGHTS), min_size=1, max_size=8).map(
    lambda pairs: tuple(zip(*pairs, strict=True))
)
rules = pytest.mark.parametrize("rule", RULES.values(), ids=lambda rule: rule.name)
linear = pytest.mark.parametrize("rule", [WEIGHTED_MEAN, WEIGHTED_SUM], ids=lambda rule: rule.name)
others = pytest.mark.parametrize(
    "rule", [WEAKEST_LINK, WEAKEST_LINK_PLUS, STEP, ALL_OR_NOTHING], ids=lambda rule: rule.name
)


def test_the_first_dimension_of_a_printed_total():
    shares = [Fraction("8.72") / Fraction("21.85"), Fraction("10.76") / Fraction("24.55")]

    assert Fraction("19.48") / Fraction("46.4") == weighted_mean(
        shares, [Fraction("21.85"), Fraction("24.55")]
    )


# All rules


@rules
@given(group=GROUPS, terms=TERMS, random=st.randoms())
def test_the_order_of_the_members_does_not_matter(rule, group, terms, random):
    pairs = list(zip(*group, strict=True))
    random.shuffle(pairs)
    shares, weights = zip(*pairs, strict=True)

    assert rule.exact(*group, terms) == rule.exact(shares, weights, terms)


@rules
@given(group=GROUPS, terms=TERMS, data=st.data())
def test_a_better_share_never_gives_less(rule, group, terms, data):
    shares, weights = group
    better = [share if share is None else data.draw(st.fractions(share, 1)) for share in shares]

    before, after = rule.exact(shares, weights, terms), rule.exact(better, weights, terms)

    assert (before is None) == (after is None)
    assert before is None or before <= after


@rules
@given(weights=st.lists(WEIGHTS, max_size=5), terms=TERMS)
def test_nothing_answered_has_no_share(rule, weights, terms):
    assert rule.exact([None] * len(weights), weights, terms) is None


@rules
@given(group=GROUPS, terms=TERMS)
def test_what_comes_out_lies_between_0_and_what_full_shares_give(rule, group, terms):
    shares, weights = group
    full = [share if share is None else Fraction(1) for share in shares]
    found = rule.exact(shares, weights, terms)

    assert found is None or 0 <= found <= rule.exact(full, weights, terms)
    assert found is None or rule is WEIGHTED_SUM or found <= 1


@rules
def test_a_rule_is_found_by_its_name_and_survives_pickle(rule):
    assert rule is RULES[rule.name]
    assert rule == pickle.loads(pickle.dumps(rule))


@rules
def test_a_rule_is_linear_or_has_a_kernel(rule):
    assert (rule.linear is None) == (rule.kernel is not None)
    assert "" == rule.version


def test_only_the_rule_of_steps_is_what_a_table_says_of_a_sum():
    terms = Terms(steps={1: [(Fraction(1), Fraction(1, 2))]})

    assert [STEP] == [rule for rule in RULES.values() if rule.table is not None]
    assert terms.steps == STEP.table(terms)


# Linear rules


@linear
@given(group=GROUPS, terms=TERMS)
def test_the_linear_form_is_the_exact_twin(rule, group, terms):
    shares, weights = group
    factor, normalised = rule.linear(weights, terms)

    pairs = [(share, weight) for share, weight in zip(shares, weights, strict=True) if share is not None]
    products = sum((share * weight for share, weight in pairs), Fraction(0))
    answered = sum((weight for _, weight in pairs), Fraction(0))
    expected = factor * products / (answered if normalised else 1) if pairs else None

    assert expected == rule.exact(shares, weights, terms)


@given(GROUPS, WEIGHTS)
def test_a_mean_lies_among_its_shares_and_does_not_know_the_unit_of_its_weights(group, unit):
    shares, weights = group
    answered = [share for share in shares if share is not None]
    mean = weighted_mean(shares, weights)

    assert mean is None or min(answered) <= mean <= max(answered)
    assert mean == weighted_mean(shares, [weight * unit for weight in weights])


@given(GROUPS, WEIGHTS)
def test_a_rescaled_sum_is_the_mean_of_what_was_answered_times_all_weights(group, whole):
    shares, weights = group
    mean, total = weighted_mean(shares, weights), sum(weights)
    rescaled = weighted_sum(shares, weights, whole=whole, rescale=True)

    assert rescaled == (None if mean is None else mean * total / whole)


@given(st.lists(WEIGHTS, min_size=1, max_size=8), WEIGHTS, st.booleans())
def test_a_sum_of_full_shares_is_the_sum_of_the_weights_in_parts_of_the_whole(weights, whole, rescale):
    full = weighted_sum([Fraction(1)] * len(weights), weights, whole=whole, rescale=rescale)

    assert sum(weights) / whole == full


def test_a_sum_that_is_not_rescaled_loses_what_is_left_out():
    shares, weights = [Fraction(1), None], [Fraction("0.4"), Fraction("0.5")]

    assert Fraction("0.4") == weighted_sum(shares, weights, whole=Fraction(1), rescale=False)
    assert Fraction("0.9") == weighted_sum(shares, weights, whole=Fraction(1), rescale=True)


@pytest.mark.parametrize("rescale", [True, False])
def test_as_many_weights_as_shares_are_needed(rescale):
    with pytest.raises(ValueError, match=r"zip\(\) argument 2 is shorter than argument 1") as error:
        weighted_sum([Fraction(1)], [], whole=Fraction(1), rescale=rescale)

    assert str(error.value) == "zip() argument 2 is shorter than argument 1"


# Rules that are not linear


def of_units(columns, common):
    """Members of many units, from rows of shares."""
    there = np.array([[share is not None for share in row] for row in columns])
    steps = np.array([[float((share or 0) * common) for share in row] for row in columns])
    return Members(steps, float(common), None if there.all() else there), there


@others
@given(data=st.data(), members=st.integers(1, 8), units=st.integers(1, 6), terms=TERMS, rows=st.booleans())
def test_the_kernel_of_many_units_is_the_exact_twin_of_each(rule, data, members, units, terms, rows):
    one = st.one_of(st.none(), st.integers(0, 40).map(lambda parts: Fraction(parts, 40)))
    share = data.draw(st.sampled_from([one, one.filter(lambda each: each is not None)]))
    columns = data.draw(
        st.lists(st.lists(share, min_size=units, max_size=units), min_size=members, max_size=members)
    )
    weights = data.draw(st.lists(WEIGHTS, min_size=members, max_size=members))
    found, there = of_units(columns, 40)
    if rows:
        found = attrs.evolve(found, common=np.full(units, found.common))
    num, den = rule.kernel(weights, terms)(found)
    for unit in range(units):
        wanted = rule.exact([column[unit] for column in columns], weights, terms)
        if wanted is not None:
            below = np.broadcast_to(den, num.shape)[unit]

            assert wanted == Fraction(int(num[unit]), int(below))
        assert there[:, unit].any() == (wanted is not None)


@pytest.mark.parametrize("common", [float(2**40), np.array([2.0**40])])
def test_a_sum_that_is_too_long_is_told_by_a_number_that_is(common):
    terms = Terms(steps={1: [(Fraction(0), Fraction(0)), (Fraction(1, 10**6), Fraction(1))]})
    members = Members(np.array([[2.0**40]]), common, None)
    num, _ = STEP.kernel([Fraction(10**4)], terms)(members)

    assert num[0] >= LONGEST


def test_the_weakest_link_is_the_lowest_and_plus_never_passes_the_highest():
    shares = [Fraction(1, 4), None, Fraction(1, 3), Fraction(1)]

    assert Fraction(1, 4) == weakest_link(shares)
    assert Fraction(3, 8) == weakest_link_plus(shares, plus=Fraction(1, 8))
    assert Fraction(1, 3) == weakest_link_plus(shares[:3], plus=Fraction(1, 8))
    assert Fraction(1, 4) == weakest_link_plus(shares[:2], plus=Fraction(1, 8))


def test_a_step_looks_in_the_row_of_as_many_as_have_a_score():
    steps = {1: [(Fraction(1), Fraction(1, 4))], 2: [(Fraction(2), Fraction(0)), (Fraction(5), Fraction(1))]}
    four = [Fraction(4)] * 2

    assert Fraction(1, 4) == step([Fraction(1, 4), None], four, steps=steps)
    assert Fraction(0) == step([Fraction(1, 4), Fraction(3, 4)], four, steps=steps)
    assert Fraction(1) == step([Fraction(1, 2), Fraction(3, 4)], four, steps=steps)


def test_all_or_nothing_is_1_only_where_all_that_have_a_score_are_full():
    assert all_or_nothing([Fraction(1), None, Fraction(1)]) == 1
    assert all_or_nothing([Fraction(1), Fraction(99, 100)]) == 0


@pytest.mark.parametrize("common", [4.0, np.array([4.0, 4.0])])
@pytest.mark.parametrize("gaps", [True, False])
def test_a_sum_just_at_a_row_of_the_table_has_its_share(common, gaps):
    rows = [(Fraction(1), Fraction(0)), (Fraction(5, 2), Fraction(1))]
    steps = np.array([[2.0, 2.0], [3.0, 2.0]])
    members = Members(steps, common, np.array([[True, True], [True, True]]) if gaps else None)
    num, den = STEP.kernel([Fraction(2)] * 2, Terms(steps={1: rows, 2: rows}))(members)

    assert [1.0, 0.0] == (num / den).tolist()


def test_a_table_may_have_more_rows_than_a_short_number_counts():
    rows = [(Fraction(start), Fraction(start, 40_000)) for start in range(40_000)]
    members = Members(np.array([[39_000.0]]), 1.0, None)
    num, den = STEP.kernel([Fraction(1)], Terms(steps={1: rows}))(members)

    assert [39 / 40] == (num / den).tolist()


def test_where_all_have_a_share_all_members_are_counted():
    assert [2, 2, 2] == Members(np.zeros((2, 3)), 1.0, None).count.tolist()
