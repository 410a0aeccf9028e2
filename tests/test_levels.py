from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pelayanan import Option, Scale
from pelayanan import strategies as ps
from pelayanan.levels import best_answer, levels_of, next_answer

BOARD = Scale(options=[Option("tidak", 0), Option("sebagian", "1/2"), Option("ada", 1)])


@pytest.mark.parametrize(
    ("scale", "expected"),
    [
        (BOARD, ["tidak", "sebagian", "ada"]),
        (Scale(options=[Option("A", 1), Option("D*")]), ["A"]),
        (Scale(options=[Option("1", 0), Option("3", 1)], between=True), ["1", "3"]),
        (Scale(of=5, full=3), ["0", "1", "2", "3"]),
        (Scale(low=0, high="1.00"), [f"{step / 100:g}" for step in range(100)] + ["1.00"]),
        (Scale(low=0, high="21.85"), [*map(str, range(22)), "21.85"]),
        (Scale(low="1/3", high=3), ["1/3", "1", "2", "3"]),
        (
            Scale(anchors=[(5, 1), ("7.5", 0)]),
            [
                "5",
                *(f"5.{step}" for step in range(1, 10)),
                "6",
                *(f"6.{step}" for step in range(1, 10)),
                "7",
                *(f"7.{step}" for step in range(1, 5)),
                "7.5",
            ],
        ),
        (Scale(steps=[(0, "3/5"), (66, "4/5"), (81, 1)]), ["0", "66", "81"]),
        (Scale(of=250, full=250), [str(step) for step in range(0, 251, 10)]),
    ],
)
def test_the_real_answers_of_a_scale(scale, expected):
    assert expected == [str(level.answer) for level in levels_of(scale)]


@pytest.mark.parametrize(
    ("scale", "share", "expected"),
    [
        (BOARD, 0, "sebagian"),
        (BOARD, "1/4", "sebagian"),
        (BOARD, 1, None),
        (Scale(options=[Option("A", 1), Option("B", "1/2"), Option("b", "1/2"), Option("C", 0)]), 0, "B"),
        (Scale(of=10, full=5), "2/5", "3"),
        (Scale(of=1000, full=900), "1/3", "301"),
        (Scale(steps=[(0, 0), (5, "3/5"), (6, "1/5"), (66, "4/5")]), "1/5", "5"),
        (Scale(low=1, high="4.0"), "1/4", "4.0"),
        (Scale(anchors=[("5.0", 1), (30, 0)]), "1/2", "5.0"),
    ],
)
def test_the_next_better_answer_of_a_scale(scale, share, expected):
    found = next_answer(scale, Fraction(share))

    assert expected == (None if found is None else str(found))


# Properties.


@given(ps.scales())
def test_each_level_is_an_answer_that_is_worth_what_it_says(scale):
    found = levels_of(scale)

    assert [scale.share(level.answer) for level in found] == [level.share for level in found]
    assert scale.best == max(level.share for level in found)
    assert 0 < len(found) <= 105


@given(ps.scales())
def test_the_best_answer_is_the_first_of_those_that_are_worth_most(scale):
    found = best_answer(scale)

    assert scale.best == scale.share(found)
    assert found == next(level.answer for level in levels_of(scale) if level.share == scale.best)


@given(ps.scales(), st.data())
def test_the_next_answer_is_better_and_leaves_none_out(scale, data):
    share = data.draw(st.sampled_from(levels_of(scale))).share
    found = next_answer(scale, share)

    if found is None:
        assert share == scale.best
        return
    assert share < scale.share(found)
    if scale.form in ("range", "anchors"):
        assert found == best_answer(scale)
    else:
        assert not [level for level in levels_of(scale) if share < level.share < scale.share(found)]
