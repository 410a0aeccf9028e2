from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sound import edited

import pelayanan
from pelayanan import NOT_APPLICABLE, Option, Scale
from pelayanan import strategies as ps
from pelayanan.samples import Samples, highest, ladder, lowest


@pytest.mark.parametrize(
    ("scale", "answers"),
    [
        (Scale(low=1, high=4), [1, Fraction(5, 2), 4]),
        (Scale(of=14, full=10), [0, 5, 10, 14]),
        (Scale(of=1, full=1), [0, 1]),
        (Scale(anchors=[(5, 1), (30, 0)]), [30, Fraction(35, 2), 5]),
        (Scale(steps=[(0, "3/5"), (66, "4/5"), (81, 1)]), [0, 66, 81]),
        (Scale(options=[Option("B", "1/2"), Option("A", 1), Option("D*"), Option("C", 0)]), ["C", "B", "A"]),
        (
            Scale(options=[Option("3", 0), Option("1", 1)], between=True),
            [3, 2, 1],
        ),
    ],
)
def test_a_ladder_goes_from_the_worst_answer_to_the_best(scale, answers):
    assert answers == list(ladder(scale))


@given(scale=ps.scales())
def test_a_ladder_has_valid_answers_both_ends_among_them(scale):
    shares = [scale.share(answer) for answer in ladder(scale)]

    assert sorted(shares) == shares
    assert (scale.worst, scale.best) == (shares[0], shares[-1])


@given(data=st.data())
@settings(max_examples=50)
def test_units_can_be_scored_and_have_the_totals_of_their_cards(data):
    made = Samples(data.draw(ps.instruments(depth=2, members=3)))
    rows = [made.unit(pick) for pick in made.picks(2)]

    assert [made.total(row) for row in rows] == [
        pelayanan.score_one(made.instrument, row).exact for row in rows
    ]
    assert all(pelayanan.score_one(made.instrument, row).unit == 0 for row in made.units(3))
    assert made.units(3) == made.units(3)


def test_what_is_not_asked_is_not_applicable_and_what_is_wanted_lets_it_be_asked():
    made = Samples(edited())
    wanted = made.wanted("antre.nomor")

    assert {"loket": "ada"} == wanted
    assert NOT_APPLICABLE is made.unit(lowest)["antre.nomor"]
    assert "tidak" == made.unit(lowest, wanted)["antre.nomor"]
    assert "ada" == made.unit(highest)["antre.nomor"]
    assert {} == made.wanted("tarif")


def test_what_is_wanted_goes_back_over_all_conditions():
    first, second = 'code = "antre.khusus"\n', 'code = "kepuasan"\n'
    made = Samples(
        edited(
            (first, first + 'asked_if = { criterion = "antre.nomor", is = ["sebagian", "ada"] }\n'),
            (
                second,
                second + 'asked_if = [{ criterion = "antre.khusus", is = [2, 3] }, '
                '{ criterion = "antre.khusus", is = 3 }]\n',
            ),
            ("kepuasan = 5", 'kepuasan = "-"'),
            ("standing.missing", 'tokens = { "-" = "not_applicable" }\nstanding.missing'),
        )
    )

    assert {"antre.khusus": 3, "antre.nomor": "sebagian", "loket": "ada"} == made.wanted("kepuasan")
