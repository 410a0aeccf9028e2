import math
import pickle
from fractions import Fraction
from functools import partial

import attrs
import numpy as np
import peering
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from refusing import error_text

import pelayanan
from pelayanan import Band, Distribution, Rounding, Zones
from pelayanan.errors import NumberError, PeersError
from pelayanan.zones import Requirement

# The twelve green governments of Nusa Tenggara Timur of 2024 (ANTARA Kupang, 17 November 2024).
GREENS = [91.82, 89.62, 86.62, 83.33, 83.22, 83.17, 82.87, 82.06, 80.65, 80.42, 78.63, 78.09]
EDITION = pelayanan.load("ombudsman-2024")

STEPS = st.lists(st.one_of(st.integers(0, 10_000), st.integers(7790, 7810)), max_size=30)
SOME = st.lists(st.one_of(st.integers(0, 10_000), st.integers(7790, 7810)), min_size=1, max_size=30)
ANY = st.one_of(
    st.integers(-20_000, 20_000).map(lambda half: Fraction(half, 200)),
    st.fractions(-10, 110),
    st.floats(0, 100).map(lambda number: Fraction(repr(number))),
)


def made(steps):
    return Distribution.of([Fraction(step, 100) for step in steps])


def totals(steps):
    return [Fraction(step, 100) for step in steps]


# Published figures


def test_kota_kupang_stands_third_of_the_twelve_greens():
    greens = Distribution.of(GREENS)

    assert (3, 12) == (greens.rank("86.62"), len(greens))
    assert {"E": 0, "D": 0, "C": 0, "B": 10, "A": 2} == dict(greens.zone_counts(EDITION.zones))


# Properties


@given(STEPS, STEPS, STEPS)
def test_distributions_add_up_in_any_order(one, two, three):
    a, b, c = made(one), made(two), made(three)

    assert made(one + two) == a + b == b + a
    assert (a + b) + c == a + (b + c)
    assert a == a + made([]) == sum([a, made([])])
    assert made(one + two + three) == sum([a, b, c])


@given(STEPS, STEPS)
def test_what_was_added_can_be_taken_away(one, two):
    assert made(one) == (made(one) + made(two)) - made(two)
    assert made([]) == made(one) - made(one)


@given(SOME, SOME, st.sampled_from(peering.TIES))
def test_ranks_of_a_union_are_those_of_the_whole(one, two, ties):
    both = made(one) + made(two)

    for step in one + two:
        assert peering.rank(step, one + two, ties) == both.rank(Fraction(step, 100), ties)


@given(STEPS, ANY, st.sampled_from(peering.TIES))
def test_a_total_that_does_not_occur_gets_the_rank_that_it_would_have(steps, total, ties):
    there = totals(steps)
    joined = there if total in there else [*there, total]

    assert peering.rank(total, joined, ties) == made(steps).rank(total, ties)


@given(SOME, ANY)
def test_percentiles_and_shares_are_those_of_the_definition(steps, total):
    there = totals(steps)
    share = Fraction(sum(each >= total for each in there), len(there))

    assert float(peering.percentile(total, there)) == made(steps).percentile(total)
    assert float(share) == made(steps).share_at_least(total)


@given(SOME, st.one_of(st.fractions(0, 1), st.floats(0, 1)))
@example([7800], 1)
def test_quantiles_are_the_floats_nearest_to_those_of_the_definition(steps, q):
    part = q if isinstance(q, Fraction) else Fraction(repr(float(q)))

    assert float(peering.quantile(totals(steps), part)) == made(steps).quantile(q)


@given(SOME)
def test_mean_and_deviation_are_those_of_the_definition(steps):
    there = totals(steps)
    mean = sum(there) / len(there)
    spread = sum((each - mean) ** 2 for each in there) / len(there)

    assert float(mean) == made(steps).mean
    assert math.isclose(math.sqrt(spread), made(steps).std, rel_tol=1e-15)


@given(SOME)
def test_figures_of_a_distribution_are_those_of_numpy(steps):
    there = np.array(steps) / 100
    distribution = Distribution.of(there)
    parts = [0, 0.05, 0.25, 1 / 3, 0.5, 0.9, 1]
    quantiles = np.quantile(there, parts, method="linear")

    np.testing.assert_allclose([distribution.quantile(q) for q in parts], quantiles, rtol=1e-13)
    np.testing.assert_allclose([distribution.mean, distribution.std], [there.mean(), there.std()], atol=1e-11)


@given(SOME, ANY, st.sampled_from(peering.TIES))
def test_ranks_and_percentiles_are_those_of_scipy(steps, total, ties):
    stats = pytest.importorskip("scipy.stats")
    there = np.array(steps) / 100
    distribution = Distribution.of(there)

    assert stats.rankdata(-there, ties).tolist() == [distribution.rank(each, ties) for each in there]
    assert math.isclose(
        stats.percentileofscore(there, float(total), kind="mean"),
        distribution.percentile(float(total)),
        rel_tol=1e-13,
    )


@given(STEPS)
def test_zones_are_counted_as_each_total_alone_is_classified(steps):
    found = made(steps).zone_counts(EDITION.zones)
    codes = [EDITION.zones.classify(total).code for total in totals(steps)]

    assert {code: codes.count(code) for code in "EDCBA"} == dict(found)


@given(STEPS)
@example([8662, 7809, 7809])
def test_a_distribution_is_a_value(steps):
    distribution = made(steps)
    again = pickle.loads(pickle.dumps(distribution))

    assert distribution == again
    assert len(steps) == len(distribution) == len(again)
    assert not again.steps.flags.writeable
    assert distribution != made([*steps, 5])
    assert distribution != steps


@given(SOME)
def test_adding_a_total_never_improves_the_rank_of_another(steps):
    rest = steps[1:]
    for step in rest:
        assert made(rest).rank(Fraction(step, 100)) <= made(steps).rank(Fraction(step, 100))


# Pictures as data


def test_columns_give_each_total_with_its_zone_and_colour():
    found = Distribution.of([86.62, 78.09, 86.62, 91.82]).columns(EDITION.zones, language="en")

    assert ["total", "count", "zone", "label", "colour"] == list(found)
    assert [78.09, 86.62, 91.82] == found["total"].tolist()
    assert [1, 2, 1] == found["count"].tolist()
    assert ["B", "B", "A"] == found["zone"].tolist()
    assert ["green"] * 3 == found["label"].tolist()
    assert ["#58d68d", "#58d68d", "#1e8449"] == found["colour"].tolist()


def test_columns_without_zones_are_totals_and_counts():
    found = Distribution.of([86.62, 78.09, 86.62]).columns()

    assert ["total", "count"] == list(found)
    assert [2] == found["count"][1:].tolist()


def test_a_zone_bar_has_a_row_for_each_zone_and_one_for_totals_in_none():
    zones = pelayanan.load("ombudsman-2018").zones
    found = Distribution.of(["49.12", "50.12", "63.58", "48.94"]).zone_columns(zones)

    assert ["merah", "kuning", "hijau", ""] == found["zone"].tolist() == found["label"].tolist()
    assert ["#c0392b", "#f1c40f", "#1e8449", ""] == found["colour"].tolist()
    assert [2, 1, 0, 1] == found["count"].tolist()
    assert [0.5, 0.25, 0.0, 0.25] == found["share"].tolist()


def test_a_distribution_says_how_many_totals_it_has_and_their_ends():
    assert "Distribution(3 totals from 7.80 to 91.82)" == repr(Distribution.of([91.82, "7.8", 50]))
    assert "Distribution(0 totals)" == repr(Distribution.of([]))


# Zones that are decided on more than published totals


def two_bands(decide_on="exact", **fields):
    return Zones([Band("C", floor=0), Band("A", floor="4.20", **fields)], decide_on)


def test_zones_decided_on_exact_totals_are_counted_where_rounding_leaves_no_doubt():
    far = Distribution.of(["4.19", "4.21", "3.00"], 2, 0, 5)

    assert {"C": 2, "A": 1} == dict(far.zone_counts(two_bands()))
    assert {"C": 2, "A": 1} == dict(far.zone_counts(two_bands("published")))


def test_zones_decided_on_other_decimals_are_counted_where_rounding_leaves_no_doubt():
    coarse = two_bands(Rounding(1))

    assert {"C": 1, "A": 2} == dict(Distribution.of(["4.13", "4.17", "4.21"], 2, 0, 5).zone_counts(coarse))
    with pytest.raises(PeersError) as error:
        Distribution.of(["4.15"], 2, 0, 5).zone_counts(coarse)

    assert (
        "the zone of 4.15 is decided on the total before it is rounded; count the zones of the scores"
        == str(error.value)
    )


def test_a_zone_that_rounding_leaves_open_is_not_counted():
    with pytest.raises(PeersError) as error:
        Distribution.of(["3.00", "4.20"], 2, 0, 5).zone_counts(two_bands())

    assert (
        "the zone of 4.20 is decided on the total before it is rounded; count the zones of the scores"
        == str(error.value)
    )
    assert Fraction("4.2") == error.value.values["total"]


def test_a_zone_that_requires_more_than_a_total_is_not_counted():
    gated = two_bands("published", requires=[Requirement("a", at_least=1, of="share")])
    with pytest.raises(PeersError) as error:
        Distribution.of(["3.00", "4.20"], 2, 0, 5).columns(gated)

    assert "the zone of 4.20 requires more than a total; count the zones of the scores" == str(error.value)
    assert {"C": 1, "A": 0} == dict(Distribution.of(["3.00"], 2, 0, 5).zone_counts(gated))


# Bad input


refused = partial(error_text, PeersError)


def test_what_does_not_contain_another_cannot_lose_it():
    here = Distribution.of([86.62, 78.09])

    assert (
        "a distribution that is not contained cannot be subtracted: it counts 2 of 86.62, and this one 1"
        == refused(lambda: here - Distribution.of([86.62, 86.62]))
    )
    assert (
        "a distribution that is not contained cannot be subtracted: it counts 1 of 7.00, and this one 0"
        == refused(lambda: here - Distribution.of([7]))
    )


def test_distributions_on_different_grids_are_not_added():
    here, there = Distribution.of([4.2]), Distribution.of([4.2], 1, 0, 5)
    message = (
        "distributions lie on different grids, 0 to 100 in steps of 0.01 and 0 to 5 in steps of 0.1; "
        "count both on one"
    )

    assert message == refused(lambda: here + there) == refused(lambda: here - there)
    assert here != there


def test_only_distributions_are_added():
    here = Distribution.of([4.2])
    for other in (3, "x", None):
        with pytest.raises(TypeError):
            here + other
        with pytest.raises(TypeError):
            here - other
        with pytest.raises(TypeError):
            other + here


@pytest.mark.parametrize(
    ("ask", "what"),
    [
        (lambda nobody: nobody.percentile(5), "percentiles"),
        (lambda nobody: nobody.quantile(0.5), "quantiles"),
        (lambda nobody: nobody.mean, "mean"),
        (lambda nobody: nobody.std, "standard deviation"),
        (lambda nobody: nobody.share_at_least(5), "shares"),
        (lambda nobody: nobody.zone_columns(EDITION.zones), "shares"),
    ],
)
def test_a_distribution_of_no_totals_has_no_figures(ask, what):
    assert f"a distribution of no totals has no {what}" == refused(ask, Distribution.of([]))


def test_a_distribution_of_no_totals_can_still_be_asked_for_a_rank():
    assert 1 == Distribution.of([]).rank(5)
    assert {"E": 0, "D": 0, "C": 0, "B": 0, "A": 0} == dict(Distribution.of([]).zone_counts(EDITION.zones))


def test_questions_that_make_no_sense_are_refused():
    here = Distribution.of([86.62])

    assert "expected ties of 'min', 'max', 'dense', 'average', not 'first'" == refused(here.rank, 5, "first")
    assert "a quantile is that of a share from 0 to 1, not 1.5" == refused(here.quantile, 1.5)
    assert "a quantile is that of a share from 0 to 1, not '-1/3'" == refused(here.quantile, "-1/3")
    with pytest.raises(NumberError) as error:
        here.rank("86,62")

    assert "expected a number, not '86,62'" == str(error.value)


@pytest.mark.parametrize(
    ("steps", "counts", "message"),
    [
        ([1, 2], [1], "steps and counts have one shape (totals,), not (2,) and (1,)"),
        ([[1, 2]], [[1, 1]], "steps and counts have one shape (totals,), not (1, 2) and (1, 2)"),
        ([2, 1], [1, 1], "the totals of a distribution rise, and each occurs at least once"),
        ([1, 1], [1, 1], "the totals of a distribution rise, and each occurs at least once"),
        ([1, 2], [1, 0], "the totals of a distribution rise, and each occurs at least once"),
        ([1, 10_001], [1, 1], "the total 100.01 is not between 0 and 100"),
        ([-1, 1], [1, 1], "the total -0.01 is not between 0 and 100"),
        ([1, 2], [2**49, 2**49], "a distribution counts fewer than 2**50 totals"),
    ],
)
def test_a_distribution_that_is_not_sound_is_refused(steps, counts, message):
    assert message == refused(Distribution, 2, 0, 100, steps, counts)


def test_a_grid_that_cannot_be_counted_is_refused():
    assert (
        "totals of 0 decimals cannot be counted from 0 to 99.5; "
        "give ends that lie on their grid, the lower one first, of at most 15 digits"
        == refused(Distribution.of, [5], 0, 0, "99.5")
    )


def test_more_totals_than_can_be_there_are_not_added():
    half = Distribution(2, 0, 100, [5], [2**49])

    assert "a distribution counts fewer than 2**50 totals" == refused(lambda: half + half)
    assert 2**49 == len(attrs.evolve(half))
