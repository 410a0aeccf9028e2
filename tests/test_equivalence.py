from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pelayanan import Option, Scale
from pelayanan import strategies as ps
from pelayanan.columns import state_or_value
from pelayanan.equivalence import Counterparts, Worth, same_answers
from pelayanan.errors import AnswerError
from pelayanan.levels import levels_of

LETTERS = Scale(
    options=[Option("A", 1), Option("B", "3/4"), Option("B-", "3/4"), Option("D*"), Option("C", 0)]
)
LIKERT = Scale(options=[Option(str(code), Fraction(code, 4)) for code in range(1, 5)])


@pytest.mark.parametrize(
    ("share", "scale", "expected"),
    [
        ("3/5", Scale(low=0, high=100), (60,)),
        ("1/3", Scale(low=0, high=100), (Fraction(100, 3),)),
        ("1/5", Scale(low=1, high=4), ()),
        ("1/4", Scale(low=1, high=4), (1,)),
        ("3/4", LIKERT, ("3",)),
        ("2/3", LIKERT, ()),
        ("3/4", LETTERS, ("B", "B-")),
        ("5/8", Scale(options=LIKERT.options, between=True), (Fraction(5, 2),)),
        ("3/5", Scale(of=10, full=5), (3,)),
        ("1/3", Scale(of=10, full=5), ()),
        ("1", Scale(of=10, full=5), (5, 10)),
        ("1", Scale(of=5, full=5), (5,)),
        ("1/2", Scale(anchors=[(5, 1), (30, 0)]), (Fraction(35, 2),)),
        ("1/2", Scale(anchors=[(0, 0), (10, 1), (20, 0)]), (5, 15)),
        ("1", Scale(anchors=[(0, 0), (10, 1), (20, 0)]), (10,)),
        ("1/2", Scale(anchors=[(0, "1/2"), (10, "1/2"), (20, 1)]), (0, 10)),
        ("4/5", Scale(steps=[(0, "3/5"), (66, "4/5"), (81, 1)]), (66, Fraction(147, 2))),
        ("1", Scale(steps=[(0, "3/5"), (66, "4/5"), (81, 1)]), (81, 82)),
        ("1/2", Scale(steps=[(0, "3/5"), (66, "4/5"), (81, 1)]), ()),
    ],
)
def test_the_answers_that_are_worth_something_are_found(share, scale, expected):
    assert expected == Worth(scale)(Fraction(share))


@pytest.mark.parametrize(
    ("answer", "scale", "other", "expected"),
    [
        ("B", LETTERS, LETTERS, ("B",)),
        (Fraction(7), Scale(of=10, full=5), Scale(of=12, full=5), (7,)),
        (Fraction(12), Scale(of=12, full=5), Scale(of=10, full=5), (5, 10)),
        (Fraction(60), Scale(low=0, high=100), Scale(low=0, high=5), (3,)),
        (Fraction(1), Scale(low=0, high=100), Scale(low=0, high=1), (Fraction(1, 100),)),
        ("3", LIKERT, LETTERS, ("B", "B-")),
        ("4", LIKERT, LETTERS, ("A",)),
    ],
)
def test_an_answer_stands_where_it_is_worth_the_same(answer, scale, other, expected):
    assert expected == Counterparts(scale, other)(answer)


def test_scales_are_the_same_whatever_they_and_their_options_are_called():
    renamed = Scale(
        options=[Option(each.code, each.share, "label") for each in LIKERT.options[::-1]], code="l"
    )

    assert same_answers(LIKERT, renamed)
    assert not same_answers(LIKERT, Scale(options=LIKERT.options, between=True))
    assert not same_answers(LIKERT, Scale(options=[*LIKERT.options, Option("5")]))
    assert not same_answers(Scale(low=0, high=4), Scale(low=1, high=4))


# Properties


@given(ps.scales(), ps.scales(), st.data())
def test_a_counterpart_is_on_the_other_scale_and_worth_the_same(scale, other, data):
    answer = state_or_value(data.draw(ps.responses(scale)))
    found = Counterparts(scale, other)(answer)

    assert [scale.share(answer)] * len(found) == [other.share(each) for each in found]
    assert len(set(found)) == len(found) <= 2


@given(ps.scales(), st.data())
def test_an_answer_of_a_scale_is_among_those_that_are_worth_what_it_is(scale, data):
    answer = state_or_value(data.draw(ps.responses(scale)))
    found = Worth(scale)(scale.share(answer))

    assert found
    assert len(found) > 1 or scale.share(found[0]) == scale.share(answer)
    if len(found) == 1:
        assert str(found[0]) == str(answer) or found[0] == Fraction(answer)


@given(
    ps.scales(),
    st.integers(1, 12).flatmap(lambda below: st.builds(Fraction, st.integers(0, below), st.just(below))),
)
def test_no_level_is_worth_what_no_answer_is_worth(scale, share):
    worth = [level.answer for level in levels_of(scale) if level.share == share]
    found = Worth(scale)(share)

    assert bool(found) or not worth
    assert len(found) > 1 or len(worth) <= 1


@given(ps.scales())
def test_a_scale_has_the_same_answers_as_itself(scale):
    assert same_answers(scale, scale)


# Messages


def test_an_answer_that_is_not_on_its_scale_has_no_counterpart():
    with pytest.raises(AnswerError) as error:
        Counterparts(LIKERT, LETTERS)(Fraction(7))

    assert "answer: the answer 7 is no option of the scale; the nearest valid answer is '4'" == str(
        error.value
    )
