from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import pelayanan
from pelayanan import MISSING, NOT_APPLICABLE, Answers, Indicator, Instrument, Rounding, Scale
from pelayanan.answers import NoRespondents
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
        (10**5000, "a value of too many digits to show is neither a number nor a text"),
    ],
    ids=range(5),
)
def test_what_is_no_token_and_no_answer_is_refused(cell, said):
    with pytest.raises(AnswerError) as caught:
        pelayanan.score_one(survey(), {"a": cell})

    assert f"survey: {said} @ unit 0, 'a'" == str(caught.value)
