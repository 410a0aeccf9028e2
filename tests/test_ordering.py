import math
from fractions import Fraction

import attrs
import drawn
import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

import pelayanan
from pelayanan import Answers, Band, Indicator, Instrument, Rounding, Scale, Scores, Zones
from pelayanan.errors import ScoresError
from pelayanan.ordering import next_zone_gaps, ordered

THIRD = Fraction(1, 3)
# Numbers that floats cannot tell apart, or only just.
NEAR = [
    THIRD,
    THIRD + Fraction(1, 10**20),
    THIRD - Fraction(1, 10**20),
    Fraction(repr(1 / 3)),
    Fraction(math.nextafter(1 / 3, 1)),
    Fraction(math.nextafter(1 / 3, 0)),
    Fraction(0),
    Fraction(4),
]
MODES = st.sampled_from(["half_up", "half_even", "down"])


def kiosk(bands=((0, "C"), (3, "A")), decide_on="published", members="ab", **fields):
    """Equal weights of answers from 0 to 4, so that many totals are equal or near to a cut-off."""
    defaults = {"maximum": 4, "missing": "exclude", "rounding": Rounding(2), "rollup": "exact"}
    return Instrument(
        id="kiosk",
        criteria=[Indicator(code, Scale(low=0, high=4)) for code in members],
        zones=Zones([Band(code, floor=floor) for floor, code in bands], decide_on),
        **(defaults | fields),
    )


def published(scores):
    """The exact published total of each unit that has one, by row."""
    found = {}
    for row, unit in enumerate(scores.units.tolist()):
        total = scores.card(unit).total if scores.instrument.rounding else scores.exact(unit)
        if total is not None:
            found[row] = Fraction(total)
    return found


def check_order(scores):
    """Assert that codes order as exact totals do, and steps are these totals."""
    expected, found = published(scores), ordered(scores)
    nearest = max(map(abs, expected.values()), default=0) * Fraction(1, 2**52)

    assert list(expected) == found.rows.tolist()
    for row, code, step in zip(found.rows.tolist(), found.codes.tolist(), found.steps.tolist()):
        for other, its_code in zip(found.rows.tolist(), found.codes.tolist()):
            assert (expected[row] < expected[other]) == (code < its_code)
        assert abs(expected[row] - Fraction(step) / Fraction(found.scale)) <= nearest
        assert code >= 0


# Properties


@given(drawn.scores())
def test_codes_are_in_the_order_of_the_exact_totals(scores):
    check_order(scores)


@given(st.lists(st.sampled_from(NEAR), min_size=1, max_size=12))
def test_totals_that_floats_cannot_tell_apart_are_told_apart(totals):
    check_order(Scores.of_totals(kiosk(rounding=None), totals))


@given(st.lists(st.tuples(st.sampled_from([THIRD, 2 * THIRD]), st.integers(-1, 1)), min_size=1, max_size=8))
def test_equal_exact_totals_tie_though_their_floats_differ_in_the_last_place(drawn_totals):
    scores = Scores.of_totals(kiosk(rounding=None), [total for total, _ in drawn_totals])
    beside = [np.nextafter(total, total + side) for total, (_, side) in zip(scores.total, drawn_totals)]

    check_order(attrs.evolve(scores, total=np.array(beside)))


@example([10**19, 10**19 - 1, 1, Fraction(10**21 - 1, 100), 10**19])
@given(st.lists(st.sampled_from([10**19, 10**19 - 1, 1, Fraction(10**21 - 1, 100), 0]), min_size=1))
def test_totals_of_more_digits_than_a_float_has_are_told_apart(totals):
    scores = Scores.of_totals(kiosk(bands=[(0, "C")]), totals)

    check_order(scores)


@given(st.lists(st.integers(-500, 500).map(lambda step: Fraction(step, 100)), min_size=1))
def test_totals_below_zero_have_their_place(totals):
    check_order(Scores.of_totals(kiosk(bands=[(3, "A")]), totals))


@given(st.lists(st.integers(0, 400), min_size=1), st.data())
def test_only_those_among_which_units_are_compared_count(steps, data):
    scores = Scores.of_totals(kiosk(), [Fraction(step, 100) for step in steps])
    among = np.array(data.draw(st.lists(st.booleans(), min_size=len(steps), max_size=len(steps))))
    found = ordered(scores, among)

    assert np.flatnonzero(among).tolist() == found.rows.tolist()
    assert [steps[row] for row in found.rows.tolist()] == found.steps.tolist()


def test_many_totals_are_read_in_blocks():
    steps = np.random.default_rng(5).integers(0, 401, 150_000)
    scores = attrs.evolve(Scores.of_totals(kiosk(), [1]), units=np.arange(150_000), total=steps / 100)

    assert np.array_equal(steps, ordered(scores).steps)


# The next zone


@given(drawn.scores())
def test_the_gap_to_the_next_zone_is_that_of_the_card(scores):
    gaps = [scores.card(unit).gap for unit in scores.units.tolist()]
    expected = [math.nan if gap is None else float(gap) for gap in gaps]

    np.testing.assert_allclose(next_zone_gaps(scores), expected, rtol=1e-12, atol=1e-12)


@given(
    st.lists(st.tuples(*[st.integers(0, 8).map(lambda half: half / 2)] * 3), min_size=1, max_size=12),
    st.sampled_from([None, Rounding(0), Rounding(1), Rounding(2)]),
    st.sampled_from(["published", "exact", Rounding(1), Rounding(0, "half_even"), Rounding(1, "down")]),
    st.sampled_from([[(0, "C"), (3, "A")], [("1/3", "C"), ("8/3", "B"), ("3.5", "A")], [(2, "B"), (4, "A")]]),
)
def test_the_gap_is_right_where_a_float_cannot_tell_the_zone(rows, rounding, decide_on, bands):
    instrument = kiosk(bands, decide_on, "abc", rounding=rounding)
    columns = dict(zip("abc", map(np.array, zip(*rows))))
    scores = pelayanan.score(instrument, Answers.from_columns(columns))
    for each in (scores, pelayanan.roll_up(scores, ["x"] * len(rows))):
        gaps = [each.card(unit).gap for unit in each.units.tolist()]
        expected = [math.nan if gap is None else float(gap) for gap in gaps]

        np.testing.assert_allclose(next_zone_gaps(each), expected, rtol=1e-12)


@given(st.lists(st.integers(0, 400).map(lambda step: Fraction(step, 100)), min_size=1, max_size=8), st.data())
def test_the_gap_of_printed_totals_is_that_of_the_card(totals, data):
    decide_on = data.draw(st.sampled_from(["published", "exact", Rounding(1)]))
    bands = data.draw(st.sampled_from([[(0, "C"), (3, "A")], [(0, "C"), ("8/3", "A")]]))
    scores = Scores.of_totals(kiosk(bands, decide_on), totals)
    gaps = [scores.card(unit).gap for unit in scores.units.tolist()]

    np.testing.assert_allclose(
        next_zone_gaps(scores), [math.nan if gap is None else float(gap) for gap in gaps], rtol=1e-12
    )


def test_the_gap_of_printed_totals_is_up_to_where_the_next_zone_can_begin():
    bands = [(0, "C"), ("8/3", "B"), (3, "A")]
    for decide_on in ("published", "exact", Rounding(1)):
        scores = Scores.of_totals(kiosk(bands, decide_on), ["2.66", "2.67", "2.99", "3"])
        expected = [scores.card(unit).gap for unit in scores.units.tolist()]

        assert [None if np.isnan(gap) else gap for gap in next_zone_gaps(scores).tolist()] == [
            None if gap is None else pytest.approx(float(gap), rel=1e-12) for gap in expected
        ]


def test_the_gap_on_a_grid_is_the_float_nearest_to_it():
    bands = [(0, "D"), ("0.07", "C"), ("78", "B"), ("88", "A")]
    scores = Scores.of_totals(kiosk(bands, maximum=100), ["0.06", "77.99", "86.62", "88", "0.07", None])

    assert [0.01, 0.01, 1.38] == next_zone_gaps(scores)[:3].tolist()
    assert 77.93 == next_zone_gaps(scores)[4]
    assert np.isnan(next_zone_gaps(scores)[[3, 5]]).all()


def test_a_total_just_below_a_zone_is_not_in_it():
    above = Fraction(3) + Fraction(1, 10**20)
    exact = Scores.of_totals(kiosk(rounding=None), [3, 3 - Fraction(1, 10**20), above, 2])

    assert [1e-20, 1.0] == next_zone_gaps(exact)[[1, 3]].tolist()
    assert np.isnan(next_zone_gaps(exact)[[0, 2]]).all()


def test_a_band_that_begins_above_a_number_begins_there_for_the_gap():
    zones = Zones([Band("C", floor=0, ceiling=3), Band("A", above=3)])
    scores = Scores.of_totals(attrs.evolve(kiosk(), zones=zones), ["3.00", "3.01"])

    assert 0.0 == next_zone_gaps(scores)[0] == scores.card(0).gap
    assert "A" == scores.card(0).following.code
    assert math.isnan(next_zone_gaps(scores)[1])


def test_bands_of_a_long_fraction_are_as_far_as_they_are():
    bands = [(0, "C"), (f"{10**15}/{10**15 * 3 + 1}", "A")]
    scores = Scores.of_totals(kiosk(bands, "published"), ["0.10"])

    np.testing.assert_allclose(next_zone_gaps(scores), [1 / 3 - 0.1], rtol=1e-14)


def test_exact_totals_on_a_zone_and_beside_it_have_their_gap():
    table = Answers.from_columns({"a": ["3", "2.9999999999999999", "3.0000000000000001"], "b": ["3"] * 3})
    scores = pelayanan.score(kiosk([(0, "C"), (3, "B"), ("3.5", "A")], "exact", rounding=None), table)

    assert [0.5, 5e-17, float("0.49999999999999995")] == next_zone_gaps(scores).tolist()


def test_exact_totals_that_floats_cannot_tell_apart_are_in_order():
    table = Answers.from_columns({"a": ["3.0000000000000001", "3", "3.00", "1"], "b": ["3", "3", "3", "1"]})
    found = ordered(pelayanan.score(kiosk(rounding=None), table))

    assert [2, 1, 1, 0] == found.codes.tolist()


def test_without_zones_none_follows():
    scores = Scores.of_totals(attrs.evolve(kiosk(), zones=Zones()), [1, 2])

    assert np.isnan(next_zone_gaps(scores)).all()


def test_answered_units_are_as_far_as_what_is_rounded_for_their_zone():
    instrument = kiosk(decide_on=Rounding(1))
    table = Answers.from_columns({"a": [2.94, 2.95, 2.94999999, 1], "b": [2.94, 2.95, 2.95, 1]})
    scores = pelayanan.score(instrument, table)

    np.testing.assert_allclose(next_zone_gaps(scores), [0.1, math.nan, 0.1, 2], rtol=1e-12)


def test_joined_scores_have_the_gaps_of_their_parts():
    instrument = kiosk(decide_on="exact")
    answered = pelayanan.score(
        instrument, Answers.from_columns({"a": [2.995, 1.0], "b": [2.995, 2.0]}, ["p", "q"])
    )
    printed = Scores.of_totals(instrument, ["2.99", None], ["r", "s"])
    gaps = next_zone_gaps(Scores.joined(answered, printed))

    np.testing.assert_allclose(gaps, [0.005, 1.5, 0.01, math.nan], rtol=1e-9)


# Bad input


def test_a_total_that_is_not_on_the_grid_is_refused():
    scores = attrs.evolve(Scores.of_totals(kiosk(), [1, 2], ["x", "y"]), total=np.array([1.0, 2.125]))
    with pytest.raises(ScoresError) as error:
        ordered(scores)

    assert "the total 2.125 of the unit 'y' has more decimals than the 2 that are published" == str(
        error.value
    )
    assert ("off-grid", {"unit": "y", "total": 2.125}) == (error.value.code, error.value.values)


def test_units_without_a_total_have_no_place():
    found = ordered(Scores.of_totals(kiosk(), [None, None]))

    assert [0, 0, 0] == [len(found.rows), len(found.codes), len(found.steps)]
