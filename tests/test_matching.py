from decimal import Decimal
from fractions import Fraction

import attrs
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import pelayanan
from pelayanan import MISSING, NOT_APPLICABLE, Answers, Indicator, Instrument, Option, Rounding, Scale
from pelayanan.answers import NoRespondents, mean_of
from pelayanan.errors import AnswerError
from pelayanan.matching import matched

TOKENS = {"99": "missing", "98.0": "not_applicable", "NA": "missing"}
STATES = {99: MISSING, 98: NOT_APPLICABLE}
VALUES = st.lists(st.sampled_from([0, 3, 10, 98, 99]), min_size=1, max_size=5)
KINDS = {
    "list": list,
    "floats": lambda values: np.array(values, dtype=np.float64),
    "short floats": lambda values: np.array(values, dtype=np.float16),
    "integers": lambda values: np.array(values, dtype=np.int8),
    "unsigned": lambda values: np.array(values, dtype=np.uint64),
    "fractions": lambda values: [Fraction(value) for value in values],
    "decimals": lambda values: np.array([Decimal(value) for value in values], dtype=object),
    "a mask of none": lambda values: np.ma.MaskedArray(np.array(values), False),
    "survey": lambda values: (np.array(values) * 3, np.full(len(values), 3)),
}


def survey(**tokens: str) -> Instrument:
    """One question of 0 to 10, of which 99 is missing and 98 not applicable."""
    return Instrument(
        id="survey",
        criteria=[Indicator("a", Scale(low=0, high=10))],
        maximum=100,
        missing="zero",
        rounding=Rounding(2),
        tokens=tokens or TOKENS,
    )


def cells(instrument: Instrument, answers: Answers) -> list:
    column = matched(instrument, answers, "refuse").columns["a"]
    return [column.at(row) for row in range(len(answers))]


# Properties


@given(VALUES, st.sampled_from(sorted(KINDS)))
def test_a_number_that_is_a_token_is_its_state_in_columns_of_every_type(values, kind):
    answers = Answers.from_columns({"a": KINDS[kind](values)})

    assert [STATES.get(value, value) for value in values] == cells(survey(), answers)


@given(VALUES, st.sampled_from(sorted(KINDS)))
def test_scores_are_those_of_the_states(values, kind):
    given_ones = pelayanan.score(survey(), Answers.from_columns({"a": KINDS[kind](values)}))
    by_hand = pelayanan.score(
        survey(), Answers.from_columns({"a": [STATES.get(each, each) for each in values]})
    )

    assert by_hand == given_ones
    assert by_hand.missing.tolist() == given_ones.missing.tolist()
    assert [by_hand.card(row) for row in range(len(values))] == [
        given_ones.card(row) for row in range(len(values))
    ]


@given(
    st.sampled_from([0, 3, 10, 98, 99]), st.sampled_from([int, float, Fraction, Decimal, np.int8, np.float32])
)
def test_one_unit_is_scored_as_many_are(value, kind):
    found = pelayanan.score_one(survey(), {"a": kind(value)})

    assert pelayanan.score_one(survey(), {"a": STATES.get(value, value)}) == found


# Kinds of answers


def test_a_number_is_the_token_that_it_shows():
    tenth = survey(**{"-0.1": "missing"})
    answers = Answers.from_columns({"a": np.array([-0.1, 0.1], dtype=np.float32)})

    assert [MISSING, Fraction(1, 10)] == cells(tenth, answers)


@given(
    st.lists(st.tuples(st.sampled_from([-1, -2, 0, 3, 10]), st.booleans()), min_size=1, max_size=6),
    st.sampled_from(["zero", "exclude"]),
    st.sampled_from([{}, TOKENS]),
)
def test_what_a_mask_hides_is_missing_whatever_code_stands_there(given_ones, policy, tokens):
    optional = Indicator("a", Scale(low=0, high=10), optional=True)
    criteria = [optional, Indicator("b", Scale(low=0, high=10))]
    instrument = attrs.evolve(survey(), criteria=criteria, missing=policy, tokens=tokens)
    values, hidden = (list(each) for each in zip(*given_ones, strict=True))
    columns = {"a": np.ma.MaskedArray(values, hidden), "b": np.full(len(values), 4)}
    said = {-1: MISSING, -2: NOT_APPLICABLE}
    plain = [MISSING if gone else said.get(value, value) for value, gone in given_ones]
    scores = pelayanan.score(instrument, Answers.from_columns(columns, missing=-1, not_applicable=-2))
    expected = pelayanan.score(instrument, Answers.from_columns({"a": plain, "b": columns["b"]}))

    assert expected.total.tolist() == scores.total.tolist()
    assert [expected.exact(row) for row in range(len(values))] == [
        scores.exact(row) for row in range(len(values))
    ]


def test_codes_and_masks_and_what_is_no_number_stay_what_they_are():
    codes = Answers.from_columns({"a": np.array([-1, -2, 99, 3])}, missing=-1, not_applicable=-2)
    masked = Answers.from_columns({"a": np.ma.MaskedArray([3, 4, 99], [True, False, False])})
    nobody = Answers.from_columns({"a": (np.array([3, 99]), np.array([0, 1]))})
    loose = Answers.from_columns({"a": ["99", "x", None, True, NOT_APPLICABLE]})

    assert [MISSING, NOT_APPLICABLE, MISSING, 3] == cells(survey(), codes)
    assert [MISSING, 4, MISSING] == cells(survey(), masked)
    assert [NoRespondents(0), MISSING] == cells(survey(), nobody)
    assert ["99", "x", MISSING, True, NOT_APPLICABLE] == cells(survey(), loose)


def test_a_text_that_is_a_token_is_its_state_too():
    scores = pelayanan.score(survey(), Answers.from_columns({"a": ["99", " 99 ", "NA", "10"]}))

    assert [1, 1, 1, 0] == scores.missing.tolist()
    assert [0, 0, 0, 100] == [0 if np.isnan(total) else total for total in scores.total]


def test_without_a_token_that_is_a_number_columns_are_taken_as_they_are():
    answers = Answers.from_columns({"a": np.array([1, 2])})

    assert answers.columns["a"] is matched(survey(NA="missing"), answers, "refuse").columns["a"]
    assert answers.columns["a"] is not matched(survey(), answers, "refuse").columns["a"]


# Messages


@pytest.mark.parametrize(
    ("cell", "said"),
    [
        (Fraction(97), "the answer 97 is outside the scale 0 to 10; the nearest valid answer is 10"),
        ("99.0", "the answer '99.0' is outside the scale 0 to 10; the nearest valid answer is 10"),
        ("9,9", "the answer '9,9' is not a number; write '9.9', or read it with decimal=','"),
        ([1], "[1] is neither a number nor a text"),
        (10**5000, "expected a shorter number, found a whole number of more than 30 digits"),
    ],
    ids=range(5),
)
def test_what_is_no_token_and_no_answer_is_refused(cell, said):
    with pytest.raises(AnswerError) as caught:
        pelayanan.score_one(survey(), {"a": cell})

    assert f"survey: {said} @ unit 0, 'a'" == str(caught.value)


def of_few(**fields):
    """A survey of which an answer of fewer than five respondents is missing."""
    return Instrument(
        id="few",
        **{
            "criteria": [Indicator("a", Scale(low=1, high=4), least_respondents=5)],
            "maximum": 100,
            "missing": "zero",
            "rounding": Rounding(2),
        }
        | fields,
    )


@given(st.lists(st.tuples(st.integers(1, 9), st.booleans()), min_size=1, max_size=6), st.booleans())
def test_a_mean_of_too_few_respondents_is_missing_in_columns_of_every_type(rows, loose):
    counts, gone = (np.array(each) for each in zip(*rows))
    sums = np.ma.MaskedArray(counts * 3, gone)
    column = (sums, counts)
    if loose:
        column = [None if lost else mean_of(int(count) * 3, int(count)) for count, lost in zip(counts, gone)]
    found = matched(of_few(), Answers.from_columns({"a": column}), "refuse").columns["a"]

    assert [MISSING if lost or count < 5 else 3 for count, lost in rows] == [
        found.at(row) for row in range(len(rows))
    ]


def test_an_answer_that_is_no_mean_of_a_survey_has_enough_respondents():
    for column in ([3, "3"], np.array([3, 3]), np.array(["3", "3.0"])):
        assert [75, 75] == pelayanan.score(of_few(), Answers.from_columns({"a": column})).total.tolist()


def test_a_token_of_a_survey_leaves_its_respondents_counted():
    answers = Answers.from_columns({"a": (np.array([12, 15, 18]), np.array([4, 5, 6]))})

    assert [MISSING, 3, 3] == cells(of_few(tokens={"9": "missing"}), answers)


def test_states_of_a_survey_stay_what_they_are():
    table = Answers.from_columns(
        {"a": (np.array([0, 0, 0, 15]), np.array([-1, -2, 0, 5]))}, missing=-1, not_applicable=-2
    )

    assert [MISSING, NOT_APPLICABLE, NoRespondents(0), 3] == cells(of_few(), table)


@pytest.mark.parametrize(
    ("scale", "cell", "said"),
    [
        (
            Scale(low=1, high=4),
            (9, 2),
            "the sum 9 of 2 respondents is outside 2 to 8, which the scale allows",
        ),
        (
            Scale(low=1, high=4),
            (1, 2),
            "the sum 1 of 2 respondents is outside 2 to 8, which the scale allows",
        ),
        (
            Scale(low="0.5", high=4),
            mean_of(Fraction(1, 3), 1),
            "the sum 1/3 of 1 respondent is outside 0.5 to 4, which the scale allows",
        ),
        (
            Scale(steps=[(1, "0.5"), (3, 1)]),
            (3, 4),
            "the sum 3 of 4 respondents is outside 4 and more, which the scale allows",
        ),
        (
            Scale(options=[Option("1", 0), Option("2", 1)], between=True),
            (5, 2),
            "the sum 5 of 2 respondents is outside 2 to 4, which the scale allows",
        ),
        (
            Scale(options=[Option("1", 0), Option("2", 1)]),
            (3, 2),
            "the answer 1.5 is no option of the scale; the nearest valid answer is '1'",
        ),
        (
            Scale(of=10, full=5),
            (3, 2),
            "the answer 1.5 is not a whole number; the nearest valid answer is 2",
        ),
        (Scale(low=1, high=4), (3, 0), "a mean of 0 respondents is no answer; leave it missing"),
        (Scale(low=1, high=4), (3, -2), "a mean of -2 respondents is no answer; leave it missing"),
    ],
    ids=range(9),
)
def test_a_sum_that_no_respondents_can_have_is_refused_of_one_and_of_many(scale, cell, said):
    instrument = of_few(criteria=[Indicator("a", scale)])
    sums, counts = cell if isinstance(cell, tuple) else ([cell], None)
    column = (np.array([sums]), np.array([counts])) if counts is not None else sums
    for make in (
        lambda: pelayanan.score_one(instrument, {"a": cell}),
        lambda: pelayanan.score(instrument, Answers.from_columns({"a": column})),
    ):
        with pytest.raises(AnswerError) as caught:
            make()

        assert f"few: {said} @ unit 0, 'a'" == str(caught.value)
