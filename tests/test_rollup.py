import math
from decimal import Decimal
from fractions import Fraction

import numpy as np
import oracle
import pytest
from hypothesis import given
from hypothesis import strategies as st
from refusing import error_text

import pelayanan
from pelayanan import Answers, Band, Indicator, Instrument, Rounding, Scale, Scores, Zones
from pelayanan.errors import ScoresError, UnknownError
from pelayanan.strategies import instruments, tables


def office(**fields):
    criteria = [
        Indicator("a", Scale(low=0, high=100), 1),
        Indicator("b", Scale(low=0, high=100), 2),
    ]
    bands = Zones([Band("C", floor=0, label="merah"), Band("A", floor=50, label="hijau")])
    defaults = {"maximum": 100, "missing": "exclude", "rounding": Rounding(1), "rollup": "published"}
    return Instrument(id="office", criteria=criteria, zones=bands, **(defaults | fields))


# Properties


@given(st.data())
def test_a_city_is_the_exact_mean_of_its_units(data):
    instrument = data.draw(instruments())
    units = pelayanan.score(instrument, data.draw(tables(instrument)))
    by = data.draw(st.lists(st.sampled_from("xyz"), min_size=len(units), max_size=len(units)))
    cities = pelayanan.roll_up(units, by)

    assert list(dict.fromkeys(by)) == cities.units.tolist()
    for row, city in enumerate(cities.units.tolist()):
        exact = [units.exact(unit) for unit, own in zip(units.units.tolist(), by) if own == city]
        exact = [each for each in exact if each is not None]
        if instrument.rollup == "published":
            exact = [oracle.rounded(each, instrument.rounding) for each in exact]
        if not exact:
            assert math.isnan(cities.total[row])
            assert cities.exact(city) is None
            continue
        mean = sum(exact) / len(exact)

        assert mean == cities.exact(city)
        assert float(oracle.rounded(mean, instrument.rounding)) == cities.total[row]
        assert oracle.zone(instrument, mean) == cities.zone[row]


@given(
    st.lists(st.integers(0, 1000), min_size=1, max_size=40), st.sampled_from(["half_up", "half_even", "down"])
)
def test_means_of_two_which_are_half_ties_are_decided_exactly(steps, mode):
    instrument = office(rounding=Rounding(1, mode))
    printed = [Fraction(step, 10) for step in steps]
    cities = pelayanan.roll_up(Scores.of_totals(instrument, printed), [row // 2 for row in range(len(steps))])
    for row in range(len(cities)):
        pair = printed[2 * row : 2 * row + 2]
        assert float(oracle.rounded(sum(pair) / len(pair), instrument.rounding)) == cities.total[row]


# What a city holds


def city(**fields):
    table = Answers.from_columns({"a": [10.0, 20.0, 90.0], "b": [40.0, np.nan, 50.0]}, units=["x", "y", "z"])
    return pelayanan.roll_up(pelayanan.score(office(**fields), table), {"x": "P", "y": "Q", "z": "P"})


def test_points_and_contributions_are_means_of_the_units():
    table = Answers.from_columns({"a": [10.0, 90.0], "b": [40.0, 50.0]})
    cities = pelayanan.roll_up(pelayanan.score(office(), table), ["P", "P"])

    assert [50.0] == cities.points("a").tolist()
    assert [30.0] == cities.contribution("b").tolist()
    assert [0] == cities.missing.tolist()
    assert ["unit", "total", "zone", "label", "colour", "a", "b"] == list(cities.columns())


def test_points_that_a_unit_lacks_have_no_mean():
    with pytest.raises(ScoresError) as error:
        city().points("b")

    assert "the unit 'y' has no points of 'b', so that they have no mean" == str(error.value)
    assert [0, 1] == city().missing.tolist()
    assert ["unit", "total", "zone", "label", "colour", "a"] == list(city().columns())


def test_the_card_of_a_city_lists_its_units():
    card = city().card("P")

    assert {"x": Decimal("30.0"), "z": Decimal("63.3")} == dict(card.units)
    assert Decimal("46.7") == card.total
    assert Fraction(933, 20) == card.exact
    assert "rollup" in [each.figure for each in card.assumptions]
    assert "unit:\nx  30,0\nz  63,3" in str(card)


def test_the_edition_says_whether_rounded_or_exact_totals_are_averaged():
    instrument = {"rounding": Rounding(0)}
    table = Answers.from_columns({"a": [1.5, 1.5, 1.9], "b": [1.5, 1.5, 1.9]})
    published = pelayanan.roll_up(pelayanan.score(office(**instrument), table), ["P"] * 3)
    exact = pelayanan.roll_up(pelayanan.score(office(rollup="exact", **instrument), table), ["P"] * 3)

    assert 2 == published.exact("P")
    assert Fraction(49, 30) == exact.exact("P")


def test_units_without_a_score_are_left_out_and_listed():
    table = Answers.from_columns({"a": [10.0, np.nan, np.nan], "b": [np.nan] * 3}, units=["x", "y", "z"])
    cities = pelayanan.roll_up(pelayanan.score(office(), table), ["P", "P", "Q"])

    assert ("y", "z") == cities.left_out
    assert 10.0 == cities.total[0]
    assert math.isnan(cities.total[1])
    assert -1 == cities.zone[1]
    assert cities.card("Q").total is None


def test_cities_roll_up_again():
    provinces = pelayanan.roll_up(city(), ["R", "R"])

    assert Fraction(667, 20) == provinces.exact("R")
    assert [33.4] == provinces.total.tolist()


def test_an_edition_without_rounding_averages_exact_totals():
    table = Answers.from_columns({"a": [10.0, 20.0], "b": [10.0, 20.1]})
    cities = pelayanan.roll_up(pelayanan.score(office(rounding=None), table), ["P", "P"])

    assert Fraction(451, 30) == cities.exact("P")


# Bad input


def refused(kind, *arguments):
    return error_text(kind, pelayanan.roll_up, *arguments)


def test_what_cannot_be_rolled_up_is_refused():
    printed = Scores.of_totals(office(), [50, 60])
    silent = Scores.of_totals(office(rollup=""), [50])
    exact = Scores.of_totals(office(rollup="exact"), [50])

    assert "office does not say how units become an institution (rollup.average)" == refused(
        ScoresError, silent, ["P"]
    )
    assert "by has 1 labels for 2 units" == refused(ScoresError, printed, ["P"])
    assert "by has no institution for the unit 1" == refused(ScoresError, printed, ["P", None])
    assert "by has no institution for the unit 0" == refused(ScoresError, printed, ["", "P"])
    assert "by has no institution for the unit 0" == refused(ScoresError, printed, np.array([np.nan, 1]))
    assert "by names no institution for the unit 1" == refused(UnknownError, printed, {0: "P"})
    assert "scores of office that were made from printed totals hold no exact totals" == refused(
        ScoresError, exact, ["P"]
    )
