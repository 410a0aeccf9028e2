import math
import pickle
from fractions import Fraction

import attrs
import drawn
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from refusing import error_text

import pelayanan
from pelayanan import Band, Rounding, Scores, Trend, Zones, trend
from pelayanan.errors import PeersError, ScoresError, UnknownError

EDITION = {year: pelayanan.load(f"ombudsman-{year}") for year in (2018, 2021, 2022, 2023, 2024)}
CITY = "Kota Kupang"

# Totals of Kota Kupang and Kabupaten Alor as they were printed: Bisnis.com, 14 December 2018; Tajuk
# Flores, December 2019; ANTARA Kupang 103971 for 2022 and 142569 for 2024.
PRINTED = {
    2018: Scores.of_totals(EDITION[2018], ["49.12", "48.94"], [CITY, "Alor"]),
    2019: Scores.of_totals(EDITION[2018], ["40.02", "59.35"], [CITY, "Alor"]),
    2022: Scores.of_totals(EDITION[2022], ["79.12"], [CITY]),
    2024: Scores.of_totals(EDITION[2024], ["86.62"], [CITY]),
}
ONE = ["ombudsman-2022", "ombudsman-2024"]


# Published figures


def test_kota_kupang_is_not_compared_across_the_change_of_instrument():
    found = trend(PRINTED)
    city = found.row(CITY)

    assert (2022, 2024) == found.breaks
    assert [49.12, 40.02, 79.12, 86.62] == found.total[city].tolist()
    assert [math.nan, -9.1, math.nan, math.nan] == pytest.approx(
        found.change_of_total[city].tolist(), abs=0, nan_ok=True
    )
    assert "Trend(2 units, 2018 to 2024, breaks in 2022, 2024)" == repr(found)


def test_editions_that_are_taken_for_one_are_compared():
    found = trend(PRINTED, same=[ONE])
    city = found.row(CITY)

    assert (2022,) == found.breaks
    assert 7.5 == found.change_of_total[city, 3]
    assert 0.0 == found.change_of_zone[city, 3] == found.change_of_rank[city, 3]
    assert np.isnan(found.change_of_total[city, 2])


# Properties


@st.composite
def years(draw):
    """Totals in steps by unit of some years, each of one of two editions."""
    found = {}
    for year in sorted(draw(st.lists(st.integers(2000, 2009), min_size=1, max_size=5, unique=True))):
        steps = draw(
            st.dictionaries(st.sampled_from("abcd"), st.one_of(st.none(), st.integers(0, 10_000)), min_size=1)
        )
        found[year] = (draw(st.sampled_from([2022, 2024])), steps)
    return found


def made(drawn_years):
    return {
        year: Scores.of_totals(
            EDITION[edition],
            [None if step is None else Fraction(step, 100) for step in steps.values()],
            list(steps),
        )
        for year, (edition, steps) in drawn_years.items()
    }


@given(years(), st.booleans())
def test_changes_are_those_of_the_definition(given_years, taken):
    known = {edition for edition, _ in given_years.values()}
    same = [[f"ombudsman-{edition}" for edition in known]] if taken else []
    found = trend(made(given_years), same)
    units = list(dict.fromkeys(unit for _, steps in given_years.values() for unit in steps))
    listed = list(given_years.values())

    assert units == found.units.tolist()
    for row, unit in enumerate(units):
        for column, (edition, steps) in enumerate(listed):
            step = steps.get(unit)
            there = sorted((each for each in steps.values() if each is not None), reverse=True)

            assert (
                found.total[row, column] == step / 100
                if step is not None
                else np.isnan(found.total[row, column])
            )
            assert (there.index(step) + 1 if step is not None else -1) == found.rank[row, column]
            assert (len(there) if step is not None else -1) == found.of[row, column]
            before_edition, before = listed[column - 1] if column else (None, {})
            new = bool(column) and before_edition != edition and not taken
            assert new == found.is_break[column]
            changes = [found.change_of_total, found.change_of_rank, found.change_of_zone]
            if step is None or before.get(unit) is None or new:
                assert all(np.isnan(each[row, column]) for each in changes)
                continue
            both = [each for each in steps if steps[each] is not None and before.get(each) is not None]
            ranks = [1 + sum(year[each] > year[unit] for each in both) for year in (before, steps)]
            cuts = [sum(each >= cut for cut in (3200, 5400, 7800, 8800)) for each in (before[unit], step)]

            assert float(Fraction(step - before[unit], 100)) == changes[0][row, column]
            assert ranks[1] - ranks[0] == changes[1][row, column]
            assert cuts[1] - cuts[0] == changes[2][row, column]


@given(years())
def test_columns_have_a_row_for_each_unit_and_year_with_scores(given_years):
    found = trend(made(given_years))
    columns = found.columns()
    expected = [
        (unit, year, f"ombudsman-{edition}")
        for year, (edition, steps) in given_years.items()
        for unit in steps
    ]

    assert expected == list(
        zip(columns["unit"].tolist(), columns["year"].tolist(), columns["instrument"].tolist())
    )
    assert [steps[unit] is not None for _, steps in given_years.values() for unit in steps] == np.isfinite(
        columns["total"]
    ).tolist()
    assert {len(expected)} == {len(each) for each in columns.values()}


@given(st.data())
def test_a_trend_of_any_scores_is_a_value(data):
    found = trend({2023: data.draw(drawn.scores()), 2024: data.draw(drawn.scores())})
    again = pickle.loads(pickle.dumps(found))

    assert found == again
    assert len(found) == len(found.units) == found.change_of_total.shape[0]
    assert found != trend({2023: found.scores[0]})
    assert found != 2023
    assert not found.total.flags.writeable


@given(years())
def test_the_order_in_which_years_are_given_is_of_no_account(given_years):
    scores = made(given_years)

    assert trend(scores) == trend(dict(reversed(scores.items())))


# What is compared


def test_a_pruned_instrument_is_no_break():
    whole, pruned = EDITION[2022], EDITION[2022].pruned(depth=1)
    found = trend({2022: Scores.of_totals(whole, [50], ["x"]), 2023: Scores.of_totals(pruned, [54.5], ["x"])})

    assert () == found.breaks
    assert [4.5, 0.0, 1.0] == [
        each[0, 1] for each in (found.change_of_total, found.change_of_rank, found.change_of_zone)
    ]
    assert "Trend(1 units, 2022 to 2023)" == repr(found)


def test_a_change_of_rank_is_among_those_who_have_a_total_in_both_years():
    """Three newcomers above push a unit from 1 to 4, and take no place from it."""
    one = Scores.of_totals(EDITION[2024], [80, 70], ["x", "y"])
    other = Scores.of_totals(EDITION[2024], [80, 81, 82, 83, 79], ["x", "a", "b", "c", "y"])
    found = trend({2023: one, 2024: other})

    assert [1, 4] == found.rank[found.row("x")].tolist()
    assert 0.0 == found.change_of_rank[found.row("x"), 1] == found.change_of_rank[found.row("y"), 1]


def test_years_without_a_unit_in_both_have_no_changes():
    scores = [Scores.of_totals(EDITION[2024], ["86.62"], [unit]) for unit in ("Kupang", "Ende")]
    found = trend({2023: scores[0], 2024: scores[1]})

    assert np.isnan(found.change_of_rank).all()
    assert np.isnan(found.change_of_total).all()


def test_a_trend_is_equal_to_one_of_the_same_scores():
    scores = Scores.of_totals(EDITION[2024], ["86.62"], ["Kupang"])

    assert trend({2024: scores}) == trend({2024: scores})
    assert trend({2024: scores}) != trend({2023: scores})
    assert trend({2024: scores}) != scores


def test_a_change_into_no_zone_is_none():
    scores = [Scores.of_totals(EDITION[2018], [total], ["Gorontalo"]) for total in ("49.00", "50.12")]
    found = trend({2016: scores[0], 2017: scores[1]})

    assert 1.12 == found.change_of_total[0, 1]
    assert np.isnan(found.change_of_zone[0, 1])


def test_totals_that_are_not_rounded_differ_as_their_floats_do():
    instrument = attrs.evolve(EDITION[2024], rounding=None, zones=Zones(), cases=())
    found = trend(
        {year: Scores.of_totals(instrument, [total], ["x"]) for year, total in ((1, "1/3"), (2, "2/3"))}
    )

    assert 1 / 3 == pytest.approx(found.change_of_total[0, 1], rel=1e-15)


def test_columns_come_with_zone_colour_and_breaks():
    columns = trend(PRINTED, same=[ONE]).columns(language="en")
    city = columns["unit"] == CITY

    assert ["red", "red", "green", "green"] == columns["label"][city].tolist()
    assert ["#c0392b", "#c0392b", "#58d68d", "#58d68d"] == columns["colour"][city].tolist()
    assert [False, False, True, False] == columns["is_break"][city].tolist()
    assert [
        "unit",
        "year",
        "instrument",
        "is_break",
        "total",
        "zone",
        "label",
        "colour",
        "rank",
        "of",
        "change_of_total",
        "change_of_rank",
        "change_of_zone",
    ] == list(columns)
    assert "merah" == trend(PRINTED).columns()["label"][0]


# Bad input


def refused(kind, *arguments):
    return error_text(kind, trend, *arguments)


def test_what_is_no_trend_is_refused():
    assert "there are no years" == refused(PeersError, {})
    assert "a year is a whole number, not '2024'" == refused(PeersError, {"2024": PRINTED[2024]})
    assert "a year is a whole number, not True" == refused(PeersError, {True: PRINTED[2024]})
    assert (
        "same names 'ombudsman-2025', and no year has that instrument; did you mean 'ombudsman-2022'?"
        == refused(UnknownError, {2022: PRINTED[2022]}, [["ombudsman-2025"]])
    )


@pytest.mark.parametrize(
    ("changes", "what"),
    [
        ({"maximum": 110}, "maximum"),
        ({"rounding": Rounding(2, "down")}, "rounding"),
        ({"zones": Zones([Band("A", floor=0)]), "cases": ()}, "zones"),
    ],
)
def test_instruments_whose_totals_mean_something_else_are_not_taken_for_one(changes, what):
    other = attrs.evolve(EDITION[2024], **changes)
    scores = {2022: PRINTED[2022], 2024: Scores.of_totals(other, [5])}

    assert (
        f"'ombudsman-2022' and 'ombudsman-2024' cannot be taken for the same: their {what} differ"
        == refused(ScoresError, scores, [ONE])
    )


def test_editions_of_other_zones_are_not_taken_for_one():
    assert (
        "'ombudsman-2018' and 'ombudsman-2022' cannot be taken for the same: their zones differ"
        == refused(ScoresError, PRINTED, [["ombudsman-2018", "ombudsman-2022"]])
    )


def test_an_unknown_unit_has_no_row():
    with pytest.raises(UnknownError) as error:
        trend(PRINTED).row("Kupang")

    assert "there is no unit 'Kupang'; did you mean 'Kota Kupang'?" == str(error.value)


def test_the_face_has_trends():
    assert pelayanan.Trend is Trend
    assert pelayanan.trend is trend
