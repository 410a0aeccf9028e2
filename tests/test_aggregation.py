import pickle
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pelayanan.aggregation import RULES, WEIGHTED_MEAN, WEIGHTED_SUM, Terms, weighted_mean, weighted_sum

SHARES = st.one_of(st.none(), st.fractions(0, 1, max_denominator=100))
WEIGHTS = st.integers(1, 9999).map(lambda steps: Fraction(steps, 100))
TERMS = st.builds(Terms, WEIGHTS, st.booleans())
GROUPS = st.lists(st.tuples(SHARES, WEIGHTS), min_size=1, max_size=8).map(
    lambda pairs: tuple(zip(*pairs, strict=True))
)
rules = pytest.mark.parametrize("rule", [WEIGHTED_MEAN, WEIGHTED_SUM], ids=lambda rule: rule.name)


def test_the_first_dimension_of_a_printed_total():
    shares = [Fraction("8.72") / Fraction("21.85"), Fraction("10.76") / Fraction("24.55")]

    assert Fraction("19.48") / Fraction("46.4") == weighted_mean(
        shares, [Fraction("21.85"), Fraction("24.55")]
    )


@rules
@given(group=GROUPS, terms=TERMS)
def test_the_linear_form_is_the_exact_twin(rule, group, terms):
    shares, weights = group
    factor, normalised = rule.linear(weights, terms)

    pairs = [(share, weight) for share, weight in zip(shares, weights, strict=True) if share is not None]
    products = sum((share * weight for share, weight in pairs), Fraction(0))
    answered = sum((weight for _, weight in pairs), Fraction(0))
    expected = factor * products / (answered if normalised else 1) if pairs else None

    assert expected == rule.exact(shares, weights, terms)


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


@rules
def test_a_rule_is_found_by_its_name_and_survives_pickle(rule):
    assert rule is RULES[rule.name]
    assert rule == pickle.loads(pickle.dumps(rule))
