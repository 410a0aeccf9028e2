from fractions import Fraction
from functools import partial

import attrs
import drawn
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from refusing import error_text

import pelayanan
from pelayanan import Answers, Band, Scores, Zones, compare
from pelayanan.errors import ScoresError, UnknownError
from pelayanan.scoring import difference
from pelayanan.strategies import instruments, tables

WHOLE = pelayanan.load("ombudsman-2022")
COARSE = WHOLE.pruned(depth=1)
ANSWERS = {"input": [80, 60.5], "proses": [90, 51], "output": [85.5, 40], "pengaduan": [70, 35]}


def named(scores, start):
    """The same scores with other labels."""
    return attrs.evolve(scores, units=np.array([f"{start}{row}" for row in range(len(scores))]))


# Properties


@given(st.data())
def test_joined_scores_are_those_of_all_answers_at_once(data):
    instrument = data.draw(instruments(depth=2, members=3))
    table = data.draw(tables(instrument))
    columns = {code: column.values for code, column in table.columns.items()}
    cut = data.draw(st.integers(1, max(len(table) - 1, 1)))
    parts = [slice(0, cut), slice(cut, None)] if len(table) > 1 else [slice(0, 1)]
    scored = [
        pelayanan.score(
            instrument,
            Answers.from_columns({code: values[part] for code, values in columns.items()}, table.units[part]),
        )
        for part in parts
    ]
    joined, whole = Scores.joined(*scored), pelayanan.score(instrument, table)

    assert whole == joined
    assert [whole.exact(unit) for unit in whole.units] == [joined.exact(unit) for unit in joined.units]
    assert [whole.card(unit) for unit in whole.units] == [joined.card(unit) for unit in joined.units]
    for code in ("*", *instrument.criteria):
        for ask in ("points", "contribution"):
            assert drawn_equal(getattr(whole, ask), getattr(joined, ask), code)
    assert whole.missing.tolist() == joined.missing.tolist()
    np.testing.assert_allclose(whole.basis.approximate()[0], joined.basis.approximate()[0], rtol=1e-14)


def drawn_equal(one, other, code):
    try:
        expected = one(code)
    except ScoresError as error:
        with pytest.raises(ScoresError) as raised:
            other(code)
        return str(error) == str(raised.value)
    return np.allclose(expected, other(code), rtol=1e-14, atol=1e-14, equal_nan=True)


@given(drawn.scores(kinds=("answers", "totals", "once")), drawn.scores(kinds=("answers", "totals", "once")))
def test_scores_of_two_instruments_are_joined_only_where_these_are_one(one, other):
    pair = (named(one, "a"), named(other, "b"))
    if one.instrument.comparable == other.instrument.comparable:
        joined = Scores.joined(*pair)

        assert [*one.total, *other.total] == pytest.approx(joined.total.tolist(), abs=0, nan_ok=True)
    else:
        with pytest.raises(ScoresError) as error:
            Scores.joined(*pair)

        assert "mixed-instruments" == error.value.code


@given(drawn.scores())
def test_scores_joined_alone_are_themselves(scores):
    assert scores == Scores.joined(scores)


# One instrument


def test_a_pruned_instrument_counts_as_the_whole_that_it_came_from():
    pruned = pelayanan.score(COARSE, Answers.from_columns(ANSWERS, units=["A", "B"]))
    printed = Scores.of_totals(WHOLE, ["79.12", None], units=["Kota Kupang", "Alor"])
    joined = Scores.joined(printed, pruned)

    assert ["Kota Kupang", "Alor", "A", "B"] == joined.units.tolist()
    assert [79.12, 82.42, 46.96] == joined.total[[0, 2, 3]].tolist()
    assert ["B", "", "B", "D"] == joined.columns()["zone"].tolist()
    assert COARSE == joined.instrument
    assert [2, -1, 1, 3] == compare(joined).rank.tolist()
    assert Fraction("82.4162") == joined.exact("A")
    assert "Kota Kupang" == joined.card("Kota Kupang").unit


def test_joined_scores_are_those_of_their_parts():
    parts = [
        pelayanan.score(
            COARSE, Answers.from_columns({code: [cells[row]] for code, cells in ANSWERS.items()}, [unit])
        )
        for row, unit in enumerate("AB")
    ]
    joined = Scores.joined(*parts)

    assert [each.exact(each.units[0]) for each in parts] == [joined.exact(unit) for unit in "AB"]
    assert [each.card(each.units[0]) for each in parts] == [joined.card(unit) for unit in "AB"]
    for name in ("points", "contribution"):
        assert [float(getattr(each, name)("input")[0]) for each in parts] == getattr(joined, name)(
            "input"
        ).tolist()
    assert [0, 0] == joined.missing.tolist()
    totals, error = joined.basis.approximate()
    np.testing.assert_allclose(joined.total, totals, rtol=0, atol=0.005 + error)


def test_what_a_part_does_not_hold_joined_scores_do_not_hold():
    pruned = pelayanan.score(COARSE, Answers.from_columns(ANSWERS, units=["A", "B"]))
    joined = Scores.joined(pruned, Scores.of_totals(WHOLE, ["79.12"], units=["C"]))
    with pytest.raises(ScoresError) as error:
        joined.points("input")

    assert "scores of ombudsman-2022 that were made from printed totals hold no points of 'input'" == str(
        error.value
    )
    with pytest.raises(UnknownError):
        joined.points("input.kompetensi_pelaksana")


def test_a_mended_label_breaks_nothing():
    mended = attrs.evolve(
        WHOLE,
        title="Penilaian",
        zones=Zones([attrs.evolve(band, label="x", colour="#000000") for band in WHOLE.zones.bands]),
    )
    joined = Scores.joined(Scores.of_totals(WHOLE, [1], ["a"]), Scores.of_totals(mended, [2], ["b"]))

    assert [1, 2] == joined.total.tolist()


def test_units_of_two_kinds_of_label_keep_their_kind():
    joined = Scores.joined(Scores.of_totals(WHOLE, [1], [7]), Scores.of_totals(WHOLE, [2], ["7"]))

    assert [7, "7"] == joined.units.tolist()


def test_what_a_roll_up_left_out_stays_listed():
    units = Scores.of_totals(WHOLE, ["75.05", None], units=["x", "y"])
    city = pelayanan.roll_up(units, ["Kupang", "Kupang"])
    joined = Scores.joined(city, Scores.of_totals(WHOLE, ["60"], ["Ende"]))

    assert ("y",) == joined.left_out
    assert ["Kupang", "Ende"] == joined.units.tolist()


# Refused


refused = partial(error_text, ScoresError, Scores.joined)


def test_scores_of_different_instruments_are_refused_with_the_reason():
    one = Scores.of_totals(WHOLE, [1])
    other = Scores.of_totals(pelayanan.load("ombudsman-2024"), [2], ["x"])

    assert (
        "scores cannot be joined: 'ombudsman-2022' and 'ombudsman-2024' are different instruments"
        == refused(one, other)
    )


def test_an_instrument_that_was_changed_is_another():
    changed = attrs.evolve(WHOLE, zones=Zones([Band("A", floor=0)]), cases=())
    one, other = Scores.of_totals(WHOLE, [1]), Scores.of_totals(changed, [2], ["x"])
    marks = f"{WHOLE.fingerprint[:12]!r} and {changed.fingerprint[:12]!r}"

    assert (
        "scores cannot be joined: two instruments are called 'ombudsman-2022', and what decides a score differs "
        f"(fingerprints {marks})" == refused(one, other)
    )
    assert "" == difference(WHOLE, COARSE)


def test_a_unit_is_joined_once():
    one, other = Scores.of_totals(WHOLE, [1, 2], ["x", "y"]), Scores.of_totals(WHOLE, [2], ["y"])

    assert "scores cannot be joined: the unit 'y' is in more than one of them" == refused(one, other)


def test_nothing_is_not_joined():
    assert "there are no scores to join; give at least one" == refused()
