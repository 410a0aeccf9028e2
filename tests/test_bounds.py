"""
Bounds: they contain every completion, and are reached where nothing stands between.
"""

import itertools
import pickle
from decimal import Decimal
from fractions import Fraction
from functools import partial

import attrs
import numpy as np
import pytest
from drawn import with_requirements
from hypothesis import given, settings
from hypothesis import strategies as st
from refusing import error_text

from pelayanan import (
    MISSING,
    NOT_APPLICABLE,
    Answers,
    Band,
    Bounds,
    Condition,
    Group,
    Indicator,
    Instrument,
    Option,
    Rounding,
    Scale,
    Scores,
    Zones,
    bounds,
    score,
    score_one,
)
from pelayanan import strategies as of
from pelayanan.bounds import zones_between
from pelayanan.errors import AnswerError, InstrumentError, JsonError
from pelayanan.zones import Requirement

TEN = Scale(low=0, high=10)
THREE = Scale(options=[Option("a", "1/3"), Option("b", 1), Option("c", 0), Option("d*")])


def options_only(draw, scale):
    """Return a scale of at most three options with shares that differ."""
    shares = draw(
        st.lists(st.sampled_from(["0", "1/3", "1/2", "0.7", "1"]), min_size=2, max_size=3, unique=True)
    )
    return attrs.evolve(scale, options=[Option(code, share) for code, share in zip("xyz", shares)])


@st.composite
def banded(draw, instrument):
    """An instrument of which some bands do not adjoin, and the highest ends below the maximum."""
    steps = sorted(draw(st.sets(st.integers(1, 39), min_size=2, max_size=5)))
    edges = [instrument.maximum * step / 40 for step in steps]
    bands = [
        Band(f"B{place}", floor=low, below=high, gap_after=place + 1 < len(edges) // 2)
        for place, (low, high) in enumerate(zip(edges[::2], edges[1::2]))
    ]
    zones = Zones(bands, draw(st.sampled_from(["exact", "published"])))
    grid = instrument.rounding and Rounding(9)
    return attrs.evolve(instrument, zones=zones, rounding=grid)


@st.composite
def with_answers(draw):
    """Instruments without conditions, gaps and requirements among them, and answers of one unit."""
    kind = draw(st.sampled_from(["plain", "gates", "gaps"]))
    instrument = draw(of.instruments(depth=2, members=3, conditions=0))
    if kind == "gates":
        instrument = draw(with_requirements(conditions=0))
    if kind == "gaps":
        instrument = draw(banded(instrument))
    row = draw(of.answers(instrument))
    return instrument, row | dict.fromkeys(draw(st.sets(st.sampled_from(sorted(row)))), MISSING)


def place(instrument, band):
    return -1 if band is None else instrument.zones.bands.index(band)


def lies_within(instrument, found, card):
    """Check that a completion lies between the two ends."""
    if card.exact is None:
        assert found.lowest.exact is None
        return
    assert found.lowest.exact <= card.exact <= found.highest.exact
    assert found.lowest.total is None or found.lowest.total <= card.total <= found.highest.total
    low, high, zone = (place(instrument, each) for each in (found.lowest_zone, found.highest_zone, card.zone))
    if zone >= 0:
        assert low <= zone <= high
    if found.settled is not None:
        assert found.settled == card.zone


# Properties


@given(with_answers(), st.data())
def test_every_completion_lies_between_the_bounds(drawn, data):
    instrument, row = drawn
    found = bounds(instrument, row)
    for _ in range(4):
        completed = {
            code: data.draw(of.responses(instrument[code].scale)) if answer is MISSING else answer
            for code, answer in row.items()
        }
        lies_within(instrument, found, score_one(instrument, completed))


@st.composite
def small(draw):
    """Small trees of options, and answers of which few are missing."""
    fields = {"depth": 2, "members": 2, "conditions": 0, "forms": ("options",), "policies": ("refuse",)}
    instrument = draw(st.one_of(with_requirements(**fields), of.instruments(**fields).flatmap(banded)))
    row = draw(of.answers(instrument))
    closed = [each.code for each in instrument.indicators if not each.scale.between]
    open_ = draw(st.sets(st.sampled_from(closed), max_size=4)) if closed else ()
    return instrument, row, sorted(open_)


@given(small())
@settings(max_examples=40)
def test_all_completions_of_small_trees_lie_between_the_bounds(drawn):
    instrument, row, open_ = drawn
    options = [[each.code for each in instrument[code].scale.options] for code in open_]
    found = bounds(instrument, row | dict.fromkeys(open_, MISSING))
    for answers in itertools.product(*options):
        lies_within(instrument, found, score_one(instrument, row | dict(zip(open_, answers))))


@given(st.data())
@settings(max_examples=40)
def test_totals_and_zones_of_all_completions_have_these_ends(data):
    policies = st.sampled_from(["refuse", "zero", "lowest", "exclude"])
    scales = [options_only(data.draw, THREE) for _ in range(4)]
    rule = data.draw(st.sampled_from(["weighted_mean", "weakest_link", "all_or_nothing"]))
    if rule == "all_or_nothing":
        scales = [attrs.evolve(each, options=(*each.options, Option("w", 1))) for each in scales]
    instrument = Instrument(
        id="kecil",
        criteria=[
            Group("d", 3, rule=rule),
            Indicator("d.a", scales[0]),
            Indicator("d.b", scales[1]),
            Indicator("e", scales[2], 2),
            Indicator("f", scales[3], scored=False),
        ],
        maximum=100,
        missing=data.draw(policies),
        rounding=Rounding(0, data.draw(st.sampled_from(["half_up", "half_even", "down"]))),
        zones=Zones([Band("C"), Band("B", floor=34), Band("A", floor=67)]),
    )
    codes = ["d.a", "d.b", "e", "f"]
    row = {code: data.draw(st.sampled_from([MISSING, MISSING, "x", "y"])) for code in codes}
    every = [
        [each.code for each in instrument[code].scale.options] if row[code] is MISSING else [row[code]]
        for code in codes
    ]
    cards = [score_one(instrument, dict(zip(codes, answers))) for answers in itertools.product(*every)]
    exact, zones = [card.exact for card in cards], [place(instrument, card.zone) for card in cards]
    found = bounds(instrument, row)

    assert (min(exact), max(exact)) == (found.lowest.exact, found.highest.exact)
    assert (min(zones), max(zones)) == (
        place(instrument, found.lowest_zone),
        place(instrument, found.highest_zone),
    )
    assert (cards[0].zone if len(set(zones)) == 1 else None) == found.settled


@given(st.data())
def test_where_nothing_is_missing_both_ends_are_the_score(data):
    instrument = data.draw(of.instruments(policies=("refuse",), conditions=0))
    table = data.draw(of.tables(instrument))
    scores, found = score(instrument, table), bounds(instrument, table)

    assert scores == found.lowest == found.highest
    assert scores.zone.tolist() == found.settled.tolist() == found.lowest_zone.tolist()


@given(st.data())
def test_a_table_has_the_bounds_of_its_units_one_by_one(data):
    instrument = data.draw(
        st.one_of(
            of.instruments(depth=2, members=3, conditions=0),
            of.instruments(depth=2, members=3, conditions=0).flatmap(banded),
            with_requirements(conditions=0),
        )
    )
    table = data.draw(of.tables(instrument, units=4))
    gone = data.draw(st.sets(st.sampled_from(sorted(table.columns)), max_size=2))
    columns = {code: column.values for code, column in table.columns.items() if code not in gone}
    # A table of no columns is none.
    columns = columns or {code: [MISSING] * len(table) for code in gone}
    shown = Answers.from_columns(columns)
    many = bounds(instrument, shown)
    ones = [bounds(instrument, {code: shown.at(row, code) for code in columns}) for row in range(len(shown))]

    assert [each.lowest.exact for each in ones] == [many.lowest.exact(row) for row in range(len(table))]
    assert [each.highest.exact for each in ones] == [many.highest.exact(row) for row in range(len(table))]
    for name in ("lowest_zone", "highest_zone", "settled"):
        assert [place(instrument, getattr(each, name)) for each in ones] == getattr(many, name).tolist()


@given(with_answers())
def test_bounds_are_values(drawn):
    instrument, row = drawn
    one, many = bounds(instrument, row), bounds(instrument, Answers.from_rows([row]))

    assert one == pickle.loads(pickle.dumps(one)) == Bounds.from_json(one.to_json())
    assert many == pickle.loads(pickle.dumps(many)) == Bounds.from_json(many.to_json())
    assert one != many
    assert one != "bounds"


# Kinds of answers


def pair(**fields):
    """Two questions of 60 and 40."""
    criteria = [Indicator("a", TEN, 60), Indicator("b", Scale(anchors=[(5, 1), (30, "1/4")]), 40)]
    defaults = {"maximum": 100, "missing": "refuse", "rounding": Rounding(2)}
    return Instrument(**({"id": "dua", "criteria": criteria} | defaults | fields))


@pytest.mark.parametrize(
    "column",
    [
        np.array([5.0, np.nan]),
        np.array([5, np.nan], dtype=np.float32),
        np.array([5, -1], dtype=np.int8),
        np.ma.MaskedArray([5, 5], [False, True]),
        (np.array([15, 0]), np.array([3, -1])),
        ["5", ""],
        ["5.0", "NA"],
        [Fraction(5), None],
        ["5", MISSING],
    ],
    ids=range(9),
)
def test_what_is_missing_is_filled_in_columns_of_every_type(column):
    table = Answers.from_columns({"a": column, "b": np.array([5, 5])}, missing=-1)
    found = bounds(pair(tokens={"NA": "missing"}), table)

    assert [70, 40] == found.lowest.total.tolist()
    assert [70, 100] == found.highest.total.tolist()


def test_a_falling_scale_is_worst_at_its_end():
    found = bounds(pair(), {"a": 10})

    # 60 and a quarter of 40; the best is 5 days or fewer.
    assert (70, 100) == (found.lowest.total, found.highest.total)
    assert (Fraction(30), Fraction(5)) == (found.lowest["b"].answer, found.highest["b"].answer)


@pytest.mark.parametrize(
    ("scale", "ends"),
    [
        (Scale(low=1, high=4), (25, 100)),
        (Scale(of=10, full=5), (0, 100)),
        (Scale(steps=[(0, "3/5"), (66, "4/5"), (81, "0.9")]), (60, 90)),
        (Scale(anchors=[(0, "0.1"), (50, 1), (100, "0.3")]), (10, 100)),
        (THREE, (0, 100)),
        (Scale(options=[Option("1", "1/4"), Option("3", "3/4")], between=True), (25, 75)),
        (Scale(low=0, high="1/3"), (0, 100)),
    ],
    ids=range(7),
)
def test_a_unit_without_answers_lies_between_the_ends_of_the_scale(scale, ends):
    instrument = pair(criteria=[Indicator("a", scale)])
    one = bounds(instrument, {})
    many = bounds(instrument, Answers.from_columns({"a": np.array([np.nan])}))

    assert ends == (one.lowest.total, one.highest.total)
    assert ends == (many.lowest.total[0], many.highest.total[0])


def test_a_mean_of_too_few_respondents_can_still_be_anything():
    instrument = pair(criteria=[Indicator("a", TEN, least_respondents=3)])
    table = Answers.from_columns({"a": (np.array([10, 15]), np.array([2, 3]))})
    found = bounds(instrument, table)

    assert [0, 50] == found.lowest.total.tolist()
    assert [100, 50] == found.highest.total.tolist()


def test_what_is_not_applicable_stays_so():
    instrument = pair(
        criteria=[Indicator("a", TEN, 60, optional=True), Indicator("b", TEN, 40, missing="exclude")]
    )
    found = bounds(instrument, {"a": NOT_APPLICABLE, "b": 5})
    nothing = bounds(pair(criteria=[Indicator("a", TEN, optional=True)]), {"a": NOT_APPLICABLE})

    assert (50, 50) == (found.lowest.total, found.highest.total)
    assert (None, None, None, None) == (
        nothing.lowest.total,
        nothing.lowest_zone,
        nothing.highest_zone,
        nothing.settled,
    )


def test_a_column_that_is_lacking_is_refused_where_that_is_said():
    with pytest.raises(AnswerError) as caught:
        bounds(pair(), Answers.from_columns({"a": [1]}), absent="refuse")

    assert (
        "dua: the table has no column for 'b'; say absent='missing' if they were not asked @ columns"
        == str(caught.value)
    )
    assert [6] == bounds(pair(), Answers.from_columns({"a": [1], "b": [5]})).lowest.total - 40


def test_an_answer_that_is_not_on_its_scale_is_refused():
    with pytest.raises(AnswerError) as caught:
        bounds(pair(), {"a": 11})

    assert (
        "dua: the answer 11 is outside the scale 0 to 10; the nearest valid answer is 10 @ unit 0, 'a'"
        == str(caught.value)
    )


# Zones


def kuning(**fields):
    """Red to 50, yellow from 51 to 80, green from 81 on, as printed."""
    bands = [
        Band("merah", ceiling=50, gap_after=True),
        Band("kuning", floor=51, ceiling=80, gap_after=True),
        Band("hijau", floor=81, below=100, **fields),
    ]
    return pair(criteria=[Indicator("a", TEN, 60), Indicator("b", TEN, 40)], zones=Zones(bands))


def codes_of(found):
    return [each and each.code for each in (found.lowest_zone, found.highest_zone, found.settled)]


@pytest.mark.parametrize(
    ("answers", "said"),
    [
        # 48 to 88: all three.
        ({"a": 8}, ["merah", "hijau", None]),
        # 50.4 is in the gap, and 90.4 green: from yellow on.
        ({"a": "8.4"}, ["kuning", "hijau", None]),
        # 10.5 to 50.5 in the gap: red at most.
        ({"a": "1.75"}, ["merah", "merah", None]),
        # 60 to 100, where no band is: from yellow to green.
        ({"a": 10}, ["kuning", "hijau", None]),
        # 20 to 80: up to yellow.
        ({"b": 5}, ["merah", "kuning", None]),
        # 51 to 51.
        ({"a": "8.5", "b": 0}, ["kuning", "kuning", "kuning"]),
        # 80.5 lies in the gap whatever is answered, and so does 100.
        ({"a": 10, "b": "5.125"}, [None, None, None]),
        # 100 lies above all bands.
        ({"a": 10, "b": 10}, [None, None, None]),
    ],
    ids=range(8),
)
def test_a_total_in_a_gap_has_no_zone_and_those_above_or_below_it_are_possible(answers, said):
    assert said == codes_of(bounds(kuning(), answers))


def test_a_zone_that_begins_just_above_the_lowest_total_is_possible():
    bands = [Band("merah", ceiling=40, gap_after=True), Band("kuning", above=50, ceiling=80)]
    instrument = pair(criteria=[Indicator("a", TEN, 50), Indicator("b", TEN, 50)], zones=Zones(bands))

    # 50 to 100: 50 is in the gap, and 50.01 no more.
    assert ["kuning", "kuning", None] == codes_of(bounds(instrument, {"a": 10}))
    # 0 to 50: the gap has the highest.
    assert ["merah", "merah", None] == codes_of(bounds(instrument, {"a": 0}))


def test_what_is_already_certain_is_settled():
    instrument = pair(
        criteria=[Indicator("a", TEN, 90), Indicator("b", TEN, 10)],
        zones=Zones([Band("merah"), Band("kuning", floor=50), Band("hijau", floor=80)]),
    )

    assert ["kuning", "kuning", "kuning"] == codes_of(bounds(instrument, {"a": 6}))
    assert ["kuning", "hijau", None] == codes_of(bounds(instrument, {"a": 8}))


def test_a_zone_that_can_no_longer_be_reached_is_not_possible():
    gate = [Requirement("b", at_least="0.5", of="share")]
    instrument = pair(
        criteria=[Indicator("a", TEN, 90), Indicator("b", TEN, 10)],
        zones=Zones([Band("C", floor=0), Band("A", floor=80, requires=gate)]),
    )

    assert ["C", "C", "C"] == codes_of(bounds(instrument, {"b": 4}))
    assert ["C", "A", None] == codes_of(bounds(instrument, {"a": 10}))
    assert ["A", "A", "A"] == codes_of(bounds(instrument, {"a": 10, "b": 5}))


def test_a_unit_that_meets_no_requirement_has_no_zone():
    gate = [Requirement("b", at_least="0.5", of="share")]
    instrument = pair(
        criteria=[Indicator("a", TEN, 90), Indicator("b", TEN, 10)],
        zones=Zones([Band("C", floor=0, requires=gate), Band("A", floor=80, requires=gate)]),
    )

    assert [None, None, None] == codes_of(bounds(instrument, {"b": 4}))
    assert ["C", "A", None] == codes_of(bounds(instrument, {}))


def test_an_unscored_question_that_a_zone_requires_is_filled_too():
    gate = [Requirement("s", at_least=1, of="share")]
    instrument = pair(
        criteria=[Indicator("a", TEN), Indicator("s", Scale(low=0, high=1), scored=False)],
        zones=Zones([Band("C", floor=0), Band("A", floor=80, requires=gate)]),
    )

    assert ["C", "A", None] == codes_of(bounds(instrument, {"a": 9}))


def test_instruments_without_zones_have_none_between():
    assert [None, None, None] == codes_of(bounds(pair(), {"a": 5}))


def test_zones_between_printed_totals_are_those_of_the_totals():
    instrument = pair(zones=Zones([Band("C", floor=0), Band("A", floor=80)]))
    lowest, highest = (Scores.of_totals(instrument, each) for each in ([10, 80, None], [90, 85, None]))

    assert [[0, 1, -1], [1, 1, -1]] == [each.tolist() for each in zones_between(lowest, highest)]


# Values and messages


def test_bounds_of_one_unit_are_cards_and_those_of_many_are_scores():
    instrument = kuning()
    one = bounds(instrument, {"a": 8})
    many = bounds(instrument, Answers.from_columns({"a": [8, 10]}, units=["North", "South"]))

    assert (
        "Bounds(Scorecard('dua', 0, total=48.00, zone='merah'), Scorecard('dua', 0, total=88.00, zone='hijau'))"
        == repr(one)
    )
    assert (Decimal("48.00"), Decimal("88.00")) == (one.lowest.total, one.highest.total)
    assert ["North", "South"] == many.lowest.units.tolist()
    assert ([0, 1], [2, 2], [-1, -1]) == tuple(
        each.tolist() for each in (many.lowest_zone, many.highest_zone, many.settled)
    )
    assert not many.lowest_zone.flags.writeable


def test_bounds_with_other_zones_between_are_others():
    found = bounds(kuning(), {"a": 8})

    assert found != attrs.evolve(found, lowest_zone=found.highest_zone)
    assert found != attrs.evolve(found, highest_zone=None)
    assert found != "bounds"


@pytest.mark.parametrize("rounding", [Rounding(2), Rounding(9), None])
def test_a_gap_ends_where_exact_totals_do_also_where_their_floats_cannot_tell(rounding):
    zones = attrs.evolve(kuning().zones, decide_on="exact")
    instrument = attrs.evolve(kuning(), zones=zones, rounding=rounding)

    # 51 to 80 exactly, then a little below the one and above the other.
    table = Answers.from_columns({"a": ["8.5"] * 2, "b": ["0", "7.25"]})
    assert [[1, 1], [1, 1]] == zones_of(bounds(instrument, table))
    table = Answers.from_columns({"a": ["8.4999999999999999", "8.5"], "b": ["0", "7.2500000000000001"]})
    assert [[-1, -1], [-1, -1]] == zones_of(bounds(instrument, table))
    # 50.4 and a little less than 51, with what is still to come.
    table = Answers.from_columns({"a": ["8.4", "8.4999999999999999"]})
    assert [[1, 1], [2, 2]] == zones_of(bounds(instrument, table))


def zones_of(found):
    return [found.lowest_zone.tolist(), found.highest_zone.tolist()]


def test_bounds_of_questions_under_conditions_are_refused_with_each_condition():
    instrument = pair(
        criteria=[
            Indicator("a", TEN, 60),
            Group("d", 40, asked_if=Condition("a", [9, 10])),
            Indicator("d.b", TEN, asked_if=Condition("a", 10)),
        ]
    )
    with pytest.raises(InstrumentError) as caught:
        bounds(instrument, {"a": 5})

    hurts = (
        "so that a better answer can hurt and there are no bounds; score the completions that you consider"
    )
    assert (
        "dua has 2 problems\n"
        f"  it is asked only where 'a' is 9 or 10, {hurts} @ criteria['d'].asked_if\n"
        f"  it is asked only where 'a' is 10, {hurts} @ criteria['d.b'].asked_if" == str(caught.value)
    )
    assert ["better-can-hurt"] * 2 == [each.code for each in caught.value.problems]


_said = partial(error_text, JsonError)


def test_json_of_two_ends_that_do_not_belong_together_is_refused():
    instrument = kuning()
    one, many = bounds(instrument, {"a": 8}), bounds(instrument, Answers.from_columns({"a": [8, 10]}))
    other = bounds(instrument, Answers.from_columns({"a": [8, 10]}, units=["x", "y"]))

    assert "Bounds: the two ends are of different kinds" == _said(
        lambda: Bounds.from_json(Bounds(one.lowest, many.highest, None, None).to_json())
    )
    assert "Bounds: the two ends are of different units or instruments @ highest" == _said(
        lambda: Bounds.from_json(Bounds(many.lowest, other.highest, None, None).to_json())
    )
    assert "Bounds: expected a table, not a number @ lowest" == _said(
        lambda: Bounds.from_json('{"format": 1, "kind": "Bounds", "lowest": 3, "highest": {}}')
    )
