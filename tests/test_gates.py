from fractions import Fraction

import attrs
import numpy as np
from drawn import with_requirements
from hypothesis import given
from hypothesis import strategies as st
from test_scoring import in_whole_numbers

import pelayanan
from pelayanan import Answers, Band, Group, Indicator, Instrument, Rounding, Scale, Zones
from pelayanan import strategies as of
from pelayanan.stages import RoundingStage
from pelayanan.zones import Requirement

PERCENT = Scale(low=0, high=100)


def parted(*requires: Requirement, **fields: object) -> Instrument:
    """Two parts of 60 and 40 with two questions each, in two zones of which the upper has gates."""
    bands = [Band("belum", floor=0), Band("WBK", floor=75, requires=requires)]
    return Instrument(
        id="zi",
        criteria=[
            Group("pengungkit", 60),
            Indicator("pengungkit.a", PERCENT, 8),
            Indicator("pengungkit.b", PERCENT, 7),
            Group("hasil", 40),
            Indicator("hasil.a", PERCENT, 1, missing="exclude"),
            Indicator("hasil.b", PERCENT, 1),
            Indicator("status", Scale(low=0, high=1), scored=False, missing="exclude"),
        ],
        **{"maximum": 100, "missing": "refuse", "rounding": Rounding(2), "zones": Zones(bands)} | fields,
    )


def zones_of(instrument: Instrument, **columns: list[object]) -> list[str | None]:
    named = {"pengungkit": ("pengungkit.a", "pengungkit.b"), "hasil": ("hasil.a", "hasil.b")}
    table = {name: columns[part] for part, names in named.items() for name in names}
    table |= {name.replace("__", "."): values for name, values in columns.items() if name not in named}
    scores = pelayanan.score(instrument, Answers.from_columns(table), absent="missing")
    bands = instrument.zones.bands
    cards = [scores.card(row) for row in range(len(scores))]
    found = [bands[index].code if index >= 0 else None for index in scores.zone]

    assert found == [card.zone.code if card.zone else None for card in cards]
    assert scores.zone_by_total.tolist() == [bands.index(card.zone_by_total) for card in cards]
    return found


def test_a_zone_that_requires_a_contribution_is_held_back_below_it():
    instrument = parted(Requirement("pengungkit", at_least=40, of="contribution"))

    assert ["WBK", "belum", "belum"] == zones_of(
        instrument, pengungkit=[66.67, 66.66, 100], hasil=[100, 100, 10]
    )


def test_a_measure_that_is_just_reached_holds():
    instrument = parted(Requirement("pengungkit", at_least="2/3", of="share"))
    # 8 x 60 + 7 x 74.2857142857142857... over 15 is two thirds exactly.
    exact = [Fraction(60), Fraction(15 * 200, 3 * 7) - Fraction(8 * 60, 7)]
    table = {
        "pengungkit.a": [exact[0], exact[0]],
        "pengungkit.b": [exact[1], exact[1] - Fraction(1, 10**20)],
        "hasil.a": [100, 100],
        "hasil.b": [100, 100],
    }
    scores = pelayanan.score(instrument, Answers.from_columns(table), absent="missing")

    assert [1, 0] == scores.zone.tolist()
    assert [1, 1] == scores.zone_by_total.tolist()


def test_a_contribution_that_is_just_reached_holds_also_where_weights_are_long():
    third = Fraction(10**20, 3 * 10**20 - 1)
    weights = [third, 1 - third]
    least = 100 * third * Fraction("0.8")
    bands = [
        Band("C", floor=0),
        Band("A", floor=10, requires=[Requirement("a", at_least=least, of="contribution")]),
    ]
    instrument = Instrument(
        id="long",
        criteria=[Indicator("a", PERCENT, weights[0]), Indicator("b", PERCENT, weights[1])],
        maximum=100,
        missing="refuse",
        rounding=Rounding(2),
        zones=Zones(bands),
    )
    table = Answers.from_columns({"a": ["80", "79.99999999999999999999"], "b": ["50", "50"]})
    scores = pelayanan.score(instrument, table)

    assert [1, 0] == scores.zone.tolist()
    assert [(), ("a",)] == [tuple(each.code for each in scores.card(row).held_back_by) for row in (0, 1)]


def test_each_member_may_be_required_with_exceptions():
    strict = Requirement(each_of="pengungkit", at_least=60, of="points")
    lenient = attrs.evolve(strict, exceptions=1)
    answers = {
        "pengungkit__a": [100, 100, 59.99],
        "pengungkit__b": [60, 59.99, 59.99],
        "hasil": [100, 100, 100],
    }
    base = {name.replace("__", "."): values for name, values in answers.items() if "__" in name}
    table = base | {"hasil.a": answers["hasil"], "hasil.b": answers["hasil"]}
    rows = Answers.from_columns(table)

    assert [1, 0, 0] == pelayanan.score(parted(strict), rows, absent="missing").zone.tolist()
    assert [1, 1, 0] == pelayanan.score(parted(lenient), rows, absent="missing").zone.tolist()


def test_a_precondition_is_an_indicator_that_is_not_scored():
    instrument = parted(Requirement("status", at_least=1, of="share"))

    assert ["WBK", "belum", "belum"] == zones_of(
        instrument, pengungkit=[90, 90, 90], hasil=[90, 90, 90], status=[1, 0, None]
    )


def test_a_measure_may_be_rounded_before_it_is_compared():
    exact = Requirement("pengungkit", at_least=80, of="points")
    rounded = attrs.evolve(exact, decide_on=Rounding(1))

    assert ["belum"] == zones_of(parted(exact), pengungkit=[79.95], hasil=[90])
    assert ["WBK"] == zones_of(parted(rounded), pengungkit=[79.95], hasil=[90])
    assert ["belum"] == zones_of(parted(rounded), pengungkit=[79.94], hasil=[90])


def test_what_was_rounded_on_the_way_may_be_rounded_again_before_it_is_compared():
    required = Requirement("pengungkit", at_least=80, of="points", decide_on=Rounding(0))
    stage = RoundingStage("pengungkit", of="points", decimals=2)
    answers = {"pengungkit": [79.494, 79.495, 79.5], "hasil": [90] * 3}
    for rounding in (Rounding(2), None):
        instrument = parted(required, rounding_stages=[stage], rounding=rounding)

        assert ["belum", "WBK", "WBK"] == zones_of(instrument, **answers)


def test_what_holds_a_unit_back_is_told():
    gates = (
        Requirement("pengungkit", at_least=40, of="contribution"),
        Requirement("hasil", at_least="1/2", of="share"),
        Requirement("status", at_least=1, of="share"),
    )
    instrument = parted(*gates)
    answers = {"pengungkit.a": 100, "pengungkit.b": 100, "hasil.a": 40, "hasil.b": 50, "status": 1}
    card = pelayanan.score_one(instrument, answers, unit="Dinas")

    assert ("78.00", "belum", "WBK") == (str(card.total), card.zone.code, card.zone_by_total.code)
    assert (gates[1],) == card.held_back_by
    assert "ditahan dari WBK oleh syarat:\n  'hasil' at least 1/2 of share" in str(card)
    assert "held back from WBK by:\n" in card.text("en")


def test_a_unit_falls_to_the_highest_band_that_it_meets_and_to_none_where_there_is_none():
    area = Requirement("pengungkit", at_least=60, of="points")
    bands = [
        Band("C", floor=0, requires=[attrs.evolve(area, at_least=20)]),
        Band("B", floor=10, requires=[area]),
        Band("A", floor=20, requires=[attrs.evolve(area, at_least=80)]),
    ]
    instrument = parted(zones=Zones(bands))

    assert ["A", "B", "C", None] == zones_of(instrument, pengungkit=[80, 79, 59, 19], hasil=[90] * 4)


def test_bands_that_are_decided_by_what_they_require_have_no_floors():
    count = Requirement(each_of="pengungkit", at_least=50, of="points", exceptions=1)
    every = attrs.evolve(count, exceptions=0)
    bands = [Band("inadequate"), Band("fair", requires=[count]), Band("good", requires=[every])]
    instrument = parted(zones=Zones(bands))
    table = Answers.from_columns(
        {"pengungkit.a": [50, 50, 49], "pengungkit.b": [50, 49, 49], "hasil.a": [0] * 3, "hasil.b": [0] * 3}
    )
    scores = pelayanan.score(instrument, table, absent="missing")

    assert [2, 1, 0] == scores.zone.tolist()
    assert [2, 2, 2] == scores.zone_by_total.tolist()


def test_a_total_in_a_gap_or_above_all_bands_keeps_no_zone():
    bands = [
        Band("C", floor=0, ceiling=50, gap_after=True),
        Band("A", floor=51, below=90, requires=[Requirement("hasil", at_least=1, of="share")]),
    ]
    scores = pelayanan.score(
        parted(zones=Zones(bands)).pruned(depth=1),
        Answers.from_columns({"pengungkit": [50.5, 95, 60], "hasil": [50.5, 95, 60]}),
        absent="missing",
    )

    assert [-1, -1, 0] == scores.zone.tolist()
    assert [-1, -1, 1] == scores.zone_by_total.tolist()


def test_printed_totals_leave_a_zone_open_that_requires_more():
    instrument = parted(Requirement("pengungkit", at_least=40, of="contribution"))
    scores = pelayanan.Scores.of_totals(instrument, [74.99, 75, None])

    assert [0, -1, -1] == scores.zone.tolist()
    assert [0, 1, -1] == scores.zone_by_total.tolist()
    assert [False, True, False] == scores.undetermined.tolist()
    assert (None, "WBK", True) == (
        scores.card(1).zone,
        scores.card(1).zone_by_total.code,
        scores.card(1).undetermined,
    )


def test_the_zone_of_an_institution_is_open_where_it_requires_more_than_a_total():
    instrument = parted(Requirement("pengungkit", at_least=40, of="contribution"), rollup="published")
    rows = Answers.from_columns({"pengungkit": [90, 80, 10], "hasil": [90, 80, 10]})
    scores = pelayanan.score(instrument.pruned(depth=1), rows, absent="missing")
    whole = pelayanan.roll_up(scores, ["X", "X", "Y"])

    assert [-1, 0] == whole.zone.tolist()
    assert [1, 0] == whole.zone_by_total.tolist()
    assert [True, False] == whole.undetermined.tolist()
    assert [(None, True), ("belum", False)] == [
        (card.zone and card.zone.code, card.undetermined) for card in (whole.card("X"), whole.card("Y"))
    ]


def test_columns_tell_the_zone_by_the_total_where_there_are_requirements():
    instrument = parted(Requirement("pengungkit", at_least=40, of="contribution")).pruned(depth=1)
    scores = pelayanan.score(
        instrument, Answers.from_columns({"pengungkit": [60], "hasil": [100]}), absent="missing"
    )

    assert (["belum"], ["WBK"]) == (
        scores.columns()["zone"].tolist(),
        scores.columns()["zone_by_total"].tolist(),
    )
    assert (
        "zone_by_total"
        not in pelayanan.score(
            parted().pruned(depth=1),
            Answers.from_columns({"pengungkit": [60], "hasil": [100]}),
            absent="missing",
        ).columns()
    )


@given(st.data())
def test_many_units_at_once_are_held_back_as_each_alone(data):
    instrument = data.draw(with_requirements())
    table = data.draw(of.tables(instrument))
    scores = pelayanan.score(instrument, table)
    cards = [scores.card(row) for row in range(len(table))]
    bands = [*instrument.zones.bands, None]

    assert in_whole_numbers(instrument, table) == scores
    assert [card.zone for card in cards] == [bands[index] for index in scores.zone]
    assert [card.zone_by_total for card in cards] == [bands[index] for index in scores.zone_by_total]
    assert (scores.zone <= scores.zone_by_total).all()


@given(st.data())
def test_what_is_required_never_raises_a_zone_and_moves_no_total(data):
    instrument = data.draw(with_requirements())
    table = data.draw(of.tables(instrument))
    free = [attrs.evolve(band, requires=()) for band in instrument.zones.bands]
    without = attrs.evolve(instrument, zones=attrs.evolve(instrument.zones, bands=free))
    scores, others = pelayanan.score(instrument, table), pelayanan.score(without, table)

    assert np.array_equal(others.total, scores.total, equal_nan=True)
    assert np.array_equal(others.zone, scores.zone_by_total)
    assert (scores.zone <= others.zone).all()
