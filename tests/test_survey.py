"""
Respondents become the answers of units: exact means, each question with its own respondents.
"""

import copy
import math
import pickle
from decimal import Decimal
from fractions import Fraction

import numpy as np
import oracle
import pytest
from hypothesis import given
from hypothesis import strategies as st
from refusing import error_text

from pelayanan import (
    MISSING,
    NOT_APPLICABLE,
    Answers,
    Band,
    Condition,
    Indicator,
    Instrument,
    Option,
    Rounding,
    Scale,
    Zones,
    score,
    score_one,
    tally,
)
from pelayanan.answers import Mean, mean_of
from pelayanan.errors import AnswerError, UnknownError

FOUR = Scale(low=1, high=4)
UNITS = ("loket", "kasir", "parkir")


def survey(**fields):
    """Two questions of 1 to 4, of which the second need not be answered."""
    defaults = {"maximum": 100, "missing": "exclude", "rounding": Rounding(2)}
    criteria = [Indicator("u1", FOUR), Indicator("u2", FOUR, optional=True)]
    return Instrument(**({"id": "survei", "criteria": criteria} | defaults | fields))


def kinds():
    """How respondents' whole numbers and gaps are held in columns."""
    return {
        "floats": lambda values: np.array([np.nan if value is None else value for value in values]),
        "short floats": lambda values: np.array(
            [np.nan if value is None else value for value in values], dtype=np.float16
        ),
        "integers": lambda values: np.array([-1 if value is None else value for value in values], np.int8),
        "unsigned": lambda values: np.ma.MaskedArray(
            np.array([value or 0 for value in values], np.uint64), [value is None for value in values]
        ),
        "masked floats": lambda values: np.ma.MaskedArray(
            np.array([value or 0 for value in values], float), [value is None for value in values]
        ),
        "text": lambda values: np.array(["" if value is None else f"{value}.0" for value in values]),
        "objects": lambda values: [MISSING if value is None else Fraction(value) for value in values],
        "decimals": lambda values: [None if value is None else Decimal(value) for value in values],
        "surveys of one": lambda values: (
            np.array([value or 0 for value in values]),
            np.array([-1 if value is None else 1 for value in values]),
        ),
    }


KINDS = kinds()
ANSWERS = st.one_of(st.none(), st.integers(1, 4), st.integers(1, 4))
PEOPLE = st.lists(st.tuples(st.sampled_from(UNITS), ANSWERS, ANSWERS), min_size=1, max_size=12)


def tallied(people, kind, instrument=None):
    units, first, second = zip(*people)
    columns = {"u1": KINDS[kind](first), "u2": KINDS[kind](second)}
    return tally(instrument or survey(), Answers.from_columns(columns, missing=-1), list(units))


def by_hand(people, unit, question):
    """Return the sum and the number of those of a unit who answered."""
    answers = [each[question] for each in people if each[0] == unit and each[question] is not None]
    return sum(answers), len(answers)


# Properties


@given(PEOPLE, st.sampled_from(sorted(KINDS)))
def test_an_answer_is_the_mean_of_those_who_gave_one_in_columns_of_every_type(people, kind):
    units = tallied(people, kind)
    order = list(dict.fromkeys(each[0] for each in people))

    assert order == units.units.tolist()
    for row, unit in enumerate(order):
        for question, code in ((1, "u1"), (2, "u2")):
            total, count = by_hand(people, unit, question)
            found = units.at(row, code)

            assert (Fraction(total, count) if count else MISSING) == found
            assert not count or (total, count) == (found.total, found.count)


@given(PEOPLE, st.sampled_from(sorted(KINDS)), st.randoms())
def test_the_order_of_the_respondents_does_not_count(people, kind, random):
    shuffled = list(people)
    random.shuffle(shuffled)
    first, second = tallied(people, kind), tallied(shuffled, kind)

    assert {unit: (first.at(row, "u1"), first.at(row, "u2")) for row, unit in enumerate(first.units)} == {
        unit: (second.at(row, "u1"), second.at(row, "u2")) for row, unit in enumerate(second.units)
    }


@given(PEOPLE, st.sampled_from(sorted(KINDS)), st.data())
def test_units_of_units_are_those_of_all_their_respondents(people, kind, data):
    desks = data.draw(st.lists(st.integers(0, 2), min_size=len(people), max_size=len(people)))
    columns = {
        "u1": KINDS[kind]([each[1] for each in people]),
        "u2": KINDS[kind]([each[2] for each in people]),
    }
    offices = [f"{desk} {each[0]}" for desk, each in zip(desks, people)]
    small = tally(survey(), Answers.from_columns(columns, missing=-1), offices)
    whole = tally(survey(), small, [label.split()[1] for label in small.units.tolist()])

    assert tallied(people, kind) == whole
    assert [getattr(tallied(people, kind).at(row, "u1"), "count", 0) for row in range(len(whole))] == [
        getattr(whole.at(row, "u1"), "count", 0) for row in range(len(whole))
    ]


@given(PEOPLE, st.sampled_from(sorted(KINDS)))
def test_scores_of_respondents_are_those_of_their_exact_means(people, kind):
    units = tallied(people, kind)
    scores = score(survey(), units)
    for unit in units.units:
        shares = [
            Fraction(total, count * 4)
            for total, count in (by_hand(people, unit, each) for each in (1, 2))
            if count
        ]

        assert (sum(shares) * 100 / len(shares) if shares else None) == scores.exact(unit)


@st.composite
def ties(draw):
    """Respondents to one question of 1 to 5, whose total is a tie of the rounding, and the tie."""
    decimals = draw(st.integers(0, 2))
    grid = 2 * 10**decimals
    # A share of m / (5 n) of 100 is a tie where 20 m / n = (2 k + 1) / (2 x 10^decimals).
    steps = draw(st.integers(20 * grid // 2, 100 * grid // 2 - 1))
    tie = Fraction(2 * steps + 1, grid)
    mean = tie / 20
    count = mean.denominator * draw(st.integers(1, 3))
    total = int(mean * count)
    low = total // count
    answers = [low] * (count - (total - low * count)) + [low + 1] * (total - low * count)
    return decimals, tie, draw(st.permutations(answers)) if count < 50 else answers


@given(ties(), st.sampled_from(["half_up", "half_even", "down"]), st.sampled_from(sorted(KINDS)))
def test_totals_that_are_ties_out_of_respondents_are_published_right(drawn, mode, kind):
    decimals, tie, answers = drawn
    rounding = Rounding(decimals, mode)
    instrument = survey(
        criteria=[Indicator("u1", Scale(low=1, high=5))],
        rounding=rounding,
        zones=Zones([Band("C"), Band("A", floor=tie)], "exact"),
    )
    table = Answers.from_columns({"u1": KINDS[kind]([*answers, None])}, missing=-1)
    units = tally(instrument, table, ["x"] * (len(answers) + 1))
    scores = score(instrument, units)
    scaled = tie * 10**decimals
    low, high = math.floor(scaled), math.floor(scaled) + 1
    published = {"half_up": high, "half_even": low if low % 2 == 0 else high, "down": low}[mode]

    assert len(answers) == units.at(0, "u1").count
    assert tie == scores.exact("x")
    assert published / 10**decimals == scores.total[0]
    assert [1] == scores.zone.tolist()
    assert oracle.rounded(tie, rounding) == Fraction(published, 10**decimals)


@given(st.lists(st.sampled_from(["1", "2.5", "10/3", " 4 "]), min_size=1, max_size=9))
def test_numbers_between_are_means_too(answers):
    units = tally(survey(), Answers.from_columns({"u1": answers}), ["x"] * len(answers))
    total = sum(map(Fraction, (each.strip() for each in answers)))

    assert total / len(answers) == units.at(0, "u1")
    assert (total, len(answers)) == (units.at(0, "u1").total, units.at(0, "u1").count)


# Kinds of answers


def test_every_question_has_its_own_number_of_respondents():
    people = Answers.from_columns(
        {"u1": [3, 4, 4], "u2": [3, None, 4], "kantor": ["A", "A", "B"]}, ignore=["kantor"]
    )
    units = tally(survey(), people, by="kantor")

    assert ["A", "B"] == units.units.tolist()
    assert "[Mean(7, 2), Mean(3, 1), Mean(4, 1)]" == str(
        [units.at(0, "u1"), units.at(0, "u2"), units.at(1, "u2")]
    )
    # 7/8 and 3/4 of 100 are 81.25 on average.
    assert [81.25, 100] == score(survey(), units).total.tolist()


@pytest.mark.parametrize("kind", [np.int8, object])
def test_what_applies_to_nobody_is_not_applicable_and_what_nobody_answered_is_missing(kind):
    answers = [-2, -2, -1, -2, -1, 3, -2, 4]
    if kind is object:
        answers = [{-2: NOT_APPLICABLE, -1: None}.get(each, each) for each in answers]
    columns = {"u1": np.full(8, 4), "u2": np.array(answers, dtype=kind)}
    people = Answers.from_columns(columns, missing=-1, not_applicable=-2)
    units = tally(survey(), people, ["x", "x", "y", "y", "z", "z", "w", "w"])

    assert [NOT_APPLICABLE, MISSING, 3, 4] == [units.at(row, "u2") for row in range(4)]
    assert [4, 4, 4] == [units.at(row, "u1") for row in range(3)]


def test_a_column_that_is_lacking_stays_lacking():
    units = tally(survey(), Answers.from_columns({"u2": [1, 2]}), ["x", "x"])

    assert ["u2"] == list(units.columns)


def test_an_alias_is_the_question_that_it_stands_for():
    instrument = survey(criteria=[Indicator("u1", FOUR, aliases=["P1"])])
    units = tally(instrument, Answers.from_columns({"P1": [1, 2]}), ["x", "x"])

    assert Fraction(3, 2) == units.at(0, "u1")


def test_numbers_that_are_tokens_are_left_out():
    instrument = survey(tokens={"9": "missing", "8": "not_applicable"})
    units = tally(instrument, Answers.from_columns({"u1": np.array([9, 3, 8, 8])}), ["x", "x", "y", "y"])

    assert [3, NOT_APPLICABLE] == [units.at(row, "u1") for row in range(2)]
    assert 1 == units.at(0, "u1").count


def test_a_respondent_who_was_not_asked_is_not_counted():
    instrument = survey(
        criteria=[
            Indicator("g", Scale(low=0, high=1), scored=False),
            Indicator("u1", FOUR, asked_if=Condition("g", 1)),
        ]
    )
    people = Answers.from_columns(
        {"g": np.array([1, 0, 1, 0]), "u1": np.ma.MaskedArray([4, 1, 3, 1], [False, True, False, True])}
    )
    units = tally(instrument, people, ["x", "x", "x", "y"])

    assert [Fraction(7, 2), NOT_APPLICABLE] == [units.at(row, "u1") for row in range(2)]


def test_a_mean_of_too_few_respondents_is_missing():
    instrument = survey(
        criteria=[Indicator("u1", FOUR, least_respondents=3), Indicator("u2", FOUR)], missing="exclude"
    )
    people = Answers.from_columns(
        {"u1": [4, 4, None, 4, 4, 4], "u2": [1] * 6, "kantor": ["A"] * 3 + ["B"] * 3}, ignore=["kantor"]
    )
    scores = score(instrument, tally(instrument, people, by="kantor"))

    assert [25, 62.5] == scores.total.tolist()
    assert [1, 0] == scores.missing.tolist()
    assert 62.5 == score_one(instrument, {"u1": (12, 3), "u2": 1}).total
    assert 25 == score_one(instrument, {"u1": (8, 2), "u2": 1}).total


def test_sums_too_long_for_a_machine_number_are_exact():
    wide = survey(criteria=[Indicator("u1", Scale(low=0, high=10**18))])
    people = Answers.from_columns({"u1": np.array([10**17 + 1, 10**17 + 2, 10**17], dtype=np.int64)})
    units = tally(wide, people, ["x"] * 3)

    assert 3 * 10**17 + 3 == units.at(0, "u1").total
    assert 10**17 + 1 == units.at(0, "u1")


def test_floats_are_the_decimals_that_they_show():
    people = Answers.from_columns({"u1": np.array([1.1, 1.2, np.nan], dtype=np.float32)})

    assert Fraction("1.15") == tally(survey(), people, ["x"] * 3).at(0, "u1")


@pytest.mark.parametrize("by", [np.array([2, 1, 2]), (2, 1, 2), iter([2, 1, 2])], ids=range(3))
def test_units_are_in_order_of_first_appearance(by):
    units = tally(survey(), Answers.from_columns({"u1": [1, 2, 4]}), by)

    assert [2, 1] == units.units.tolist()
    assert [Fraction(5, 2), 2] == [units.at(row, "u1") for row in range(2)]


# Messages


def said_of(error, columns, by, instrument=None, **fields):
    people = Answers.from_columns(columns, **fields)
    return error_text(error, tally, instrument or survey(), people, by)


OPTIONS = survey(criteria=[Indicator("u1", Scale(options=[Option("ya", 1), Option("2", 0)]))])


@pytest.mark.parametrize(
    ("columns", "by", "said"),
    [
        ({"u1": [1, 2]}, ["x"], "respondents: by has 1 labels for 2 respondents"),
        (
            {"u1": [1, 2]},
            ["x", ["y"]],
            "respondents: by has ['y'] for the respondent 1; give a text or a number",
        ),
        ({"u1": [1, 2]}, ["x", None], "respondents: by has no unit for the respondent 1"),
        ({"u1": [1, 2]}, ["x", " "], "respondents: by has no unit for the respondent 1"),
        ({"u1": [1, 2]}, np.array([1, np.nan]), "respondents: by has no unit for the respondent 1"),
        (
            {"u1": np.array([1, 5])},
            ["x", "y"],
            "survei: the answer 5 is outside the scale 1 to 4; the nearest valid answer is 4 @ unit 1, 'u1'",
        ),
        ({"u1": np.array([1, np.inf])}, ["x", "y"], "survei: the answer inf is not finite @ unit 1, 'u1'"),
        (
            {"u1": [1, NOT_APPLICABLE]},
            ["x", "y"],
            "survei: not applicable is not allowed; only an optional criterion may be left out @ unit 1, 'u1'",
        ),
        (
            {"u1": (np.array([4, 9]), np.array([2, 2]))},
            ["x", "y"],
            "survei: the sum 9 of 2 respondents is outside 2 to 8, which the scale allows @ unit 1, 'u1'",
        ),
        (
            {"u1": (np.array([4, 0]), np.array([2, 0]))},
            ["x", "y"],
            "survei: a mean of 0 respondents is no answer; leave it missing @ unit 1, 'u1'",
        ),
        (
            {"u3": [1, 2]},
            ["x", "y"],
            "survei: there is no indicator 'u3'; known are 'u1', 'u2' @ column 'u3'",
        ),
    ],
    ids=range(11),
)
def test_what_cannot_be_counted_is_told_with_the_respondent(columns, by, said):
    assert said == said_of(AnswerError, columns, by)


def test_the_unit_of_each_respondent_may_be_a_mapping():
    people = Answers.from_columns({"u1": [1, 2, 4]}, units=["Budi", "Tuti", "Sari"])
    of = {"Budi": "A", "Sari": "B", "Tuti": "A"}

    assert tally(survey(), people, ["A", "A", "B"]) == tally(survey(), people, of)
    assert "by names no unit for the respondent 'Tuti'" == said_of(
        UnknownError, {"u1": [1, 2]}, {"Budi": "A"}, units=["Budi", "Tuti"]
    )


def test_integers_that_are_not_applicable_where_that_is_not_allowed_are_told():
    said = "survei: not applicable is not allowed; only an optional criterion may be left out @ unit 1, 'u1'"

    assert said == said_of(AnswerError, {"u1": np.array([1, -2])}, ["x", "y"], not_applicable=-2)


def test_an_option_without_a_number_has_no_mean():
    said = "survei: the answer 'ya' is no number, and has no mean with others @ unit {}, 'u1'"

    assert said.format(0) == said_of(AnswerError, {"u1": ["ya", "2"]}, ["x", "y"], OPTIONS)
    assert said.format("'Tuti'") == said_of(
        AnswerError, {"u1": np.array(["2", "ya"])}, ["x", "y"], OPTIONS, units=["Budi", "Tuti"]
    )


def test_ten_mistakes_are_shown_and_all_are_counted():
    said = said_of(AnswerError, {"u1": np.full(12, 5)}, ["x"] * 12)

    assert "survei has 12 problems" == said.splitlines()[0]
    assert 10 == said.count("unit ")


def test_a_column_that_was_not_ignored_is_no_column_of_units():
    people = {"u1": [1, 2], "kantor": ["A", "B"]}
    said = "no column 'kntor' was ignored when the table was made; did you mean 'kantor'?"

    assert said == said_of(UnknownError, people, "kntor", ignore=["kantor"])


def test_a_mean_of_respondents_is_an_answer_like_any_other():
    mean = mean_of(7, 2)

    assert isinstance(mean, Mean)
    for again in (pickle.loads(pickle.dumps(mean)), copy.copy(mean), copy.deepcopy(mean)):
        assert (Mean, 7, 2) == (type(again), again.total, again.count)
    assert 87.5 == score_one(survey(), {"u1": mean, "u2": mean}).total
    assert score_one(survey(), {"u1": (7, 2)}).exact == score_one(survey(), {"u1": "3.5"}).exact
