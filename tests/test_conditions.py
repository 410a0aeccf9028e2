"""
Conditions as values: which answers they hold for, and what is no condition.
"""

from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest
from drawn import CONDITIONS
from hypothesis import given
from hypothesis import strategies as st

from pelayanan import MISSING, NOT_APPLICABLE, Condition, Group, Indicator, Scale
from pelayanan.answers import Unasked, mean_of
from pelayanan.conditions import as_conditions
from pelayanan.errors import InstrumentError, NumberError
from pelayanan.exact import written

NUMBERS = st.one_of(st.integers(-9, 9).map(Fraction), st.sampled_from([Fraction(1, 2), Fraction(-1, 8)]))
WORDS = st.sampled_from(["ya", "tidak", "D*", "1 dari 2", "Ya"])


def worded(draw, number):
    """Return a number as someone could write it."""
    plain = written(number)
    return draw(st.sampled_from([number, plain, f" {plain} ", Decimal(plain), float(number)]))


@given(st.data(), st.lists(st.one_of(NUMBERS, WORDS), min_size=1, max_size=3), st.one_of(NUMBERS, WORDS))
def test_a_condition_holds_for_the_answers_that_it_names_however_they_are_written(data, named, answer):
    said = [each if isinstance(each, str) else worded(data.draw, each) for each in named]
    condition = Condition("a", said)
    words = [answer, f" {answer}\t"] if isinstance(answer, str) else [answer, written(answer)]
    asked = data.draw(st.sampled_from(words))

    assert (answer in named) == condition.holds(asked)


@given(CONDITIONS)
def test_a_condition_comes_back_from_json_and_holds_for_each_of_its_answers(condition):
    again = Condition.from_json(condition.to_json())

    assert condition == again
    assert all(again.holds(answer) for answer in condition.is_)


@given(CONDITIONS, st.sampled_from([MISSING, NOT_APPLICABLE, None, Unasked("ya"), Unasked(Fraction(1)), 1.5]))
def test_no_condition_holds_for_what_is_no_answer(condition, cell):
    assert not condition.holds(cell)


def test_a_mean_of_respondents_is_the_number_that_it_is():
    condition = Condition("a", "3.5")

    assert condition.holds(mean_of(7, 2))
    assert not condition.holds(mean_of(7, 3))


def test_one_answer_needs_no_list():
    assert Condition("a", ["ya"]) == Condition("a", "ya")
    assert Condition("a", 1) == Condition("a", ["1.0"]) == Condition("a", np.int8(1))
    assert Condition("a", "ya") != Condition("b", "ya")


def test_a_condition_says_what_it_is_about():
    assert "Condition('loket' is 'ada' or 0.5 or 1/3)" == repr(
        Condition("loket", ["ada", "0.50", Fraction(1, 3)])
    )
    assert "'loket' is 1" == str(Condition("loket", 1))


def test_a_criterion_takes_one_condition_or_several():
    one, other = Condition("a", "ya"), Condition("b", 1)

    assert (one,) == Indicator("c", Scale(low=0, high=1), asked_if=one).asked_if
    assert (one, other) == Group("c", asked_if=[one, other]).asked_if
    assert () == as_conditions(None)


def test_a_condition_without_an_answer_is_refused():
    with pytest.raises(InstrumentError) as caught:
        Condition("a", [])

    assert "condition: a condition names at least one answer with which the question is asked @ is" == str(
        caught.value
    )


def test_an_answer_that_is_neither_a_number_nor_a_text_is_refused():
    with pytest.raises(NumberError) as caught:
        Condition("a", [None])

    assert "expected a number, not None" == str(caught.value)


@pytest.mark.parametrize(
    ("given_one", "said"),
    [
        (["a"], "asked_if= takes Conditions, not 'a'"),
        ([Fraction(1, 2)], "asked_if= takes Conditions, not a Fraction"),
    ],
)
def test_what_is_no_condition_is_refused(given_one, said):
    with pytest.raises(TypeError) as caught:
        Indicator("c", Scale(low=0, high=1), asked_if=given_one)

    assert said == str(caught.value)
