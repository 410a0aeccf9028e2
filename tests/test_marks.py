"""
Marks beside the zone and tags across the tree: many units at once as each alone.
"""

import pickle
from fractions import Fraction

import attrs
import numpy as np
import pytest
from drawn import MARKS, with_requirements
from hypothesis import given
from hypothesis import strategies as st
from refusing import error_text

import pelayanan
from pelayanan import (
    MISSING,
    Answers,
    Band,
    Group,
    Indicator,
    Instrument,
    Rounding,
    Scale,
    Scores,
    Zones,
    roll_up,
    score,
    score_one,
)
from pelayanan import strategies as of
from pelayanan.errors import InstrumentError, ScoresError, UnknownError
from pelayanan.marks import Mark
from pelayanan.zones import Requirement

PERCENT = Scale(low=0, high=100)
SHARE = Scale(low=0, high=1)


def office(*marks, **fields):
    """Input and process of 3 : 1 with findings that are collected besides, and marks."""
    defaults = {"maximum": 100, "missing": "exclude", "rounding": Rounding(2)}
    criteria = [
        Indicator("input", PERCENT, 3, tags={"bagian": "pemenuhan"}),
        Group("proses", 1),
        Indicator("proses.a", PERCENT, 1, tags={"bagian": "pemenuhan"}),
        Indicator("proses.b", PERCENT, 1, tags={"bagian": "reform"}),
        Group("temuan"),
        Indicator("temuan.x", SHARE, scored=False, missing="exclude"),
        Indicator("temuan.y", SHARE, scored=False, missing="exclude"),
    ]
    return Instrument(**({"id": "kantor", "criteria": criteria, "marks": marks} | defaults | fields))


CLEAN = Mark(
    "bersih",
    [Requirement(each_of="temuan", at_least=1, of="share")],
    label={"id": "Tanpa Maladministrasi", "en": "Without maladministration"},
)
HIGH = Mark(
    "tinggi", [Requirement("*", at_least=80, of="points"), Requirement("input", at_least=50, of="points")]
)
COLUMNS = {
    "input": [90, 80, 50, None],
    "proses.a": [100, 0, 90, None],
    "proses.b": [60, 100, 100, None],
    "temuan.x": [1, 1, 0, 1],
    "temuan.y": [1, None, 1, 1],
}


# Properties


@given(st.data())
def test_many_units_have_the_marks_that_each_has_alone(data):
    instrument = data.draw(with_requirements(depth=2, members=3))
    table = data.draw(of.tables(instrument))
    scores = score(instrument, table)
    codes = [mark.code for mark in instrument.marks]

    assert codes == list(scores.marks)
    assert [[mark.code for mark in scores.card(row).marks] for row in range(len(table))] == [
        [code for code in codes if scores.marks[code][row]] for row in range(len(table))
    ]


@given(st.data())
def test_marks_change_neither_totals_nor_zones(data):
    instrument = data.draw(with_requirements(depth=2, members=3))
    table = data.draw(of.tables(instrument))
    with_marks, without = score(instrument, table), score(attrs.evolve(instrument, marks=()), table)
    cards = [
        attrs.evolve(scores.card(0), marks=(), fingerprint="", assumptions=())
        for scores in (with_marks, without)
    ]

    assert np.array_equal(without.total, with_marks.total, equal_nan=True)
    assert np.array_equal(without.zone, with_marks.zone)
    assert cards[0] == cards[1]


@given(MARKS)
def test_a_mark_comes_back_from_json_and_from_a_pickle(mark):
    assert mark == Mark.from_json(mark.to_json()) == pickle.loads(pickle.dumps(mark))


@st.composite
def tagged(draw, **fields):
    """Instruments in which a tag parts the questions in two, and another is wherever it may be."""
    instrument = draw(of.instruments(**({"depth": 3, "members": 3, "stages": 0} | fields)))
    criteria = []
    for each in instrument.criteria.values():
        tags = {}
        if isinstance(each, Indicator):
            tags["part"] = draw(st.sampled_from(["x", "y"]))
        if draw(st.booleans()):
            tags["loose"] = draw(st.sampled_from(["x", "y"]))
        criteria.append(attrs.evolve(each, tags=tags))
    return attrs.evolve(instrument, criteria=criteria)


LINEAR = {"rules": ("weighted_mean", "weighted_sum")}


@given(st.data())
def test_the_parts_of_a_tag_that_every_question_has_add_up_to_the_exact_total(data):
    instrument = data.draw(tagged(**LINEAR))
    table = data.draw(of.tables(instrument))
    scores = score(instrument, table)
    values = {each.tags["part"] for each in instrument.indicators}
    for row in range(len(table)):
        card = scores.card(row)
        parts = [card.tagged("part", value).contribution for value in values]

        assert (card.exact or 0) == sum(parts)


@given(st.data())
def test_what_a_tag_adds_to_many_units_is_what_each_card_says_exactly(data):
    instrument = data.draw(tagged(stages=data.draw(st.integers(0, 2))))
    table = data.draw(of.tables(instrument))
    scores = score(instrument, table)
    for name, value in {pair for each in instrument.criteria.values() for pair in each.tags.items()}:
        found = scores.tagged(name, value)
        cards = [scores.card(row) for row in range(len(table))]
        exact = [None if card.exact is None else card.tagged(name, value).contribution for card in cards]
        near = [each is None or abs(Fraction(float(one)) - each) < 1e-9 for one, each in zip(found, exact)]

        assert [each is None for each in exact] == np.isnan(found).tolist()
        assert all(near)


@given(st.data())
def test_a_criterion_inside_another_of_its_tag_is_counted_with_it(data):
    instrument = data.draw(tagged(**LINEAR))
    # Tags of a sibling code that only begins alike, such as a and a1, are not inside.
    for value in ("x", "y"):
        codes = [code for code, each in instrument.criteria.items() if each.tags.get("loose") == value]
        outer = [code for code in codes if not any(code.startswith(f"{above}.") for above in codes)]
        if codes:
            assert tuple(outer) == instrument.tagged("loose", value)


# Marks


def test_units_have_the_marks_of_which_they_meet_all():
    scores = score(office(CLEAN, HIGH), Answers.from_columns(COLUMNS))

    # 3/4 of 90 and 1/4 of 80 are 87.5; 72.5 and 61.25 are below 80.
    assert [87.5, 72.5, 61.25] == scores.total[:3].tolist()
    assert {"bersih": [True, False, False, False], "tinggi": [True, False, False, False]} == {
        code: has.tolist() for code, has in scores.marks.items()
    }
    assert (CLEAN, HIGH) == scores.card(0).marks
    assert () == scores.card(1).marks
    assert () == scores.card(3).marks


def test_marks_are_columns_besides():
    scores = score(office(CLEAN, HIGH), Answers.from_columns(COLUMNS))
    columns = scores.columns()

    assert ["mark bersih", "mark tinggi"] == list(columns)[-2:]
    assert [True, False, False, False] == columns["mark bersih"].tolist()
    assert not scores.marks["bersih"].flags.writeable


def test_a_mark_is_shown_below_the_total_in_the_language_asked_for():
    card = score(office(CLEAN, HIGH), Answers.from_columns(COLUMNS)).card(0)

    assert "tanda Tanpa Maladministrasi, tinggi" == card.text().splitlines()[2]
    assert "marks Without maladministration, tinggi" == card.text("en").splitlines()[2]
    assert "tanda" not in score(office(CLEAN), Answers.from_columns(COLUMNS)).card(1).text()


def test_all_of_a_group_that_is_collected_only_can_be_required_but_for_exceptions():
    one = Mark("satu", [Requirement(each_of="temuan", at_least=1, of="share", exceptions=1)])
    instrument = office(one)

    assert ("temuan.x", "temuan.y") == instrument.about(one.requires[0])
    assert [True, True, True, False] == score(instrument, Answers.from_columns(COLUMNS)).marks[
        "satu"
    ].tolist()


def test_a_zone_can_require_what_is_collected_only():
    gate = [Requirement(each_of="temuan", at_least="0.5", of="points")]
    instrument = office(zones=Zones([Band("C", floor=0), Band("A", floor=60, requires=gate)]))
    scores = score(instrument, Answers.from_columns(COLUMNS))

    assert [1, 0, 0, -1] == scores.zone.tolist()
    assert [1, 1, 1, -1] == scores.zone_by_total.tolist()


def test_scores_without_marks_have_none():
    printed = Scores.of_totals(office(), [80])

    assert {} == dict(printed.marks)
    assert {} == dict(score(office(), Answers.from_columns(COLUMNS)).marks)


def test_printed_totals_and_institutions_do_not_hold_marks():
    instrument = office(CLEAN, rollup="published")
    printed = Scores.of_totals(instrument, [80, 90])
    institution = roll_up(score(instrument, Answers.from_columns(COLUMNS)), ["x"] * 4)

    assert () == printed.card(0).marks
    assert () == institution.card("x").marks
    for scores in (printed, institution):
        assert not any(name.startswith("mark ") for name in scores.columns())
    assert "what a mark requires is known of units and not of institutions" == error_text(
        ScoresError, lambda: institution.marks
    )
    assert "scores of kantor that were made from printed totals hold no marks" == error_text(
        ScoresError, lambda: printed.marks
    )


def test_a_mark_says_what_it_requires():
    assert (
        "Mark('tinggi', Requirement('*' at least 80 of points), Requirement('input' at least 50 of points))"
        == repr(HIGH)
    )


@pytest.mark.parametrize(
    ("code", "requires", "said"),
    [
        ("", [HIGH.requires[0]], "mark: a code has 1 to 40 characters, not 0 @ code"),
        ("x" * 41, [HIGH.requires[0]], "mark: a code has 1 to 40 characters, not 41 @ code"),
        ("x" * 40, [], "mark: a mark that requires nothing says nothing of a unit @ requires"),
        (
            "",
            [],
            "mark has 2 problems\n  a code has 1 to 40 characters, not 0 @ code\n"
            "  a mark that requires nothing says nothing of a unit @ requires",
        ),
    ],
    ids=range(4),
)
def test_a_mark_without_a_code_or_a_requirement_is_refused(code, requires, said):
    with pytest.raises(InstrumentError) as caught:
        Mark(code, requires)

    assert said == str(caught.value)


def test_every_mistake_of_the_marks_of_an_instrument_is_told_with_its_place():
    marks = [
        CLEAN,
        attrs.evolve(CLEAN, source="S9"),
        Mark(
            "x", [Requirement("inpt", at_least=1, of="share"), Requirement("input", at_least=2, of="share")]
        ),
        Mark("y", [Requirement(each_of="input", at_least=1, of="bagian")]),
        Mark("z", [Requirement(each_of="temuan", at_least=1, of="share", exceptions=2)]),
    ]
    with pytest.raises(InstrumentError) as caught:
        office(*marks)

    assert [
        "there is no source 'S9' in [sources] @ marks[1].source",
        "there is no criterion 'inpt'; did you mean 'input'? @ marks[2].requires[0]",
        "the most that 'input' can have is 1, so that 2 cannot be met @ marks[2].requires[1]",
        "expected of = one of 'share', 'points', 'contribution', not 'bagian' @ marks[3].requires[0]",
        "'input' has no members, of which each could be measured @ marks[3].requires[0]",
        "there can be 0 to 1 exceptions, not 2 @ marks[4].requires[0]",
        "the mark 'bersih' is there twice @ marks[1]",
    ] == [str(each) for each in caught.value.problems]


def test_what_a_mark_requires_cannot_be_pruned_away():
    mark = Mark("a", [Requirement("proses.a", at_least=1, of="share")])
    with pytest.raises(InstrumentError) as caught:
        office(mark).pruned(depth=1)

    assert "pruning: the mark 'a' requires 'proses.a' at least 1 of share @ criteria['proses']" == str(
        caught.value
    )
    assert office(HIGH).marks == office(HIGH).pruned(at=["input", "proses"]).marks


# Tags


def test_a_tag_adds_up_what_its_criteria_contribute():
    scores = score(office(), Answers.from_columns(COLUMNS))

    # 90 x 3/4 + 100 x 1/8 and 60 x 1/8.
    assert [80, 60, 48.75] == scores.tagged("bagian", "pemenuhan")[:3].tolist()
    assert [7.5, 12.5, 12.5] == scores.tagged("bagian", "reform")[:3].tolist()
    assert np.isnan(scores.tagged("bagian", "reform")[3])


def test_the_line_of_a_tag_is_a_sum_and_its_points_are_what_that_is_of_its_weight():
    line = score(office(), Answers.from_columns(COLUMNS)).card(0).tagged("bagian", "pemenuhan")

    assert ("bagian=pemenuhan", Fraction(7, 8), 80) == (line.code, line.weight, line.contribution)
    # 80 of 87.5 is 32/35.
    assert (Fraction(32, 35), Fraction(640, 7)) == (line.share, line.points)
    assert (Fraction(15, 2), None, "answered", 1) == (line.lost, line.answer, line.state, line.depth)


def test_what_is_left_out_weighs_nothing_in_its_tag():
    card = score_one(office(), {"input": 90, "proses.a": MISSING, "proses.b": 100})
    nothing = score_one(office(), {"input": MISSING, "proses.a": MISSING, "proses.b": 100})

    assert (Fraction(3, 4), Fraction(9, 10)) == (
        card.tagged("bagian", "pemenuhan").weight,
        card.tagged("bagian", "pemenuhan").share,
    )
    assert (0, None, None, 0) == (
        nothing.tagged("bagian", "pemenuhan").weight,
        nothing.tagged("bagian", "pemenuhan").share,
        nothing.tagged("bagian", "pemenuhan").points,
        nothing.tagged("bagian", "pemenuhan").contribution,
    )


def nested(**fields):
    """Tags of a group, of one inside it, of one beside it that begins alike, and of one not scored."""
    tag = {"t": "v"}
    criteria = [
        Group("a", 1, tags=tag, **fields),
        Indicator("a.x", PERCENT, tags=tag),
        Indicator("a.y", PERCENT, tags={"t": "w"}),
        Indicator("a1", PERCENT, 1, tags=tag),
        Indicator("n", PERCENT, scored=False, missing="exclude", tags=tag | {"u": "v"}),
    ]
    return office(criteria=criteria)


def test_the_outermost_criterion_of_a_tag_counts_once():
    instrument = nested()
    scores = score(instrument, Answers.from_columns({"a.x": [100], "a.y": [0], "a1": [50], "n": [3]}))
    line = scores.card(0).tagged("t", "v")

    assert ("a", "a1") == instrument.tagged("t", "v")
    assert ("a.y",) == instrument.tagged("t", "w")
    assert [50] == scores.tagged("t", "v").tolist()
    assert (1, 50, 50) == (line.weight, line.contribution, line.lost)


def test_below_a_rule_that_is_not_linear_a_tag_has_no_sum():
    instrument = nested(rule="weakest_link")
    scores = score(instrument, Answers.from_columns({"a.x": [100], "a.y": [0], "a1": [50], "n": [3]}))
    line = scores.card(0).tagged("t", "w")

    assert np.isnan(scores.tagged("t", "w")).tolist() == [True]
    assert (None, None, None, None, None) == (
        line.weight,
        line.share,
        line.points,
        line.contribution,
        line.lost,
    )
    assert [25] == scores.tagged("t", "v").tolist()


def test_an_institution_has_the_average_of_its_units():
    instrument = office(rollup="published")
    table = Answers.from_columns({code: values[:3] for code, values in COLUMNS.items()})
    institution = roll_up(score(instrument, table), ["x", "x", "y"])

    assert [70, 48.75] == institution.tagged("bagian", "pemenuhan").tolist()


def test_a_tag_that_is_not_there_is_told_with_the_nearest():
    scores = score(nested(), Answers.from_columns({"a.x": [1], "a.y": [0], "a1": [5], "n": [3]}))

    assert "kantor has no tag 's'; known are 't', 'u'" == error_text(
        UnknownError, lambda: scores.tagged("s", "v")
    )
    assert "kantor has no criterion with the tag t = 'x'; known are 'v', 'w'" == error_text(
        UnknownError, lambda: scores.tagged("t", "x")
    )
    assert "nothing with the tag u = 'v' is scored" == error_text(
        ScoresError, lambda: scores.tagged("u", "v")
    )
    assert "the card of 0 has no line with the tag t = 'x'; known are 'v', 'w'" == error_text(
        UnknownError, lambda: scores.card(0).tagged("t", "x")
    )
    assert "the card of 0 has no line with the tag s = 'x'" == error_text(
        UnknownError, lambda: scores.card(0).tagged("s", "x")
    )


def test_a_tag_of_no_words_is_a_tag_like_any_other():
    instrument = office(criteria=[Indicator("a", PERCENT, tags={"": ""}), Indicator("b", PERCENT)])

    assert ("a",) == instrument.tagged("", "")


def test_printed_totals_hold_no_tags():
    printed = Scores.of_totals(office(rollup="published"), [80])

    assert (
        "scores of kantor that were made from printed totals hold no contribution of 'proses.b'"
        == error_text(ScoresError, lambda: printed.tagged("bagian", "reform"))
    )


def test_the_root_has_no_tags_as_it_is_the_whole():
    assert "kantor: the root is the whole and has no tags @ root.tags" == error_text(
        InstrumentError, lambda: office(root=Group("*", tags={"t": "v"}))
    )


def test_a_pruned_group_keeps_its_tags():
    pruned = nested().pruned(depth=1)

    assert ("a", "a1") == pruned.tagged("t", "v")
    assert {"t": "v"} == dict(pelayanan.score_one(pruned, {"a": 1, "a1": 2})["a"].tags)


def test_joined_scores_have_the_marks_and_the_tags_of_each():
    instrument = office(CLEAN, HIGH)
    first = {name: column[:1] for name, column in COLUMNS.items()}
    rest = {name: column[1:] for name, column in COLUMNS.items()}
    whole = score(instrument, Answers.from_columns(COLUMNS, units=[*"ABCD"]))
    joined = pelayanan.Scores.joined(
        score(instrument, Answers.from_columns(first, units=["A"])),
        score(instrument, Answers.from_columns(rest, units=[*"BCD"])),
    )

    assert {code: has.tolist() for code, has in whole.marks.items()} == {
        code: has.tolist() for code, has in joined.marks.items()
    }
    assert np.array_equal(whole.tagged("bagian", "reform"), joined.tagged("bagian", "reform"), equal_nan=True)
