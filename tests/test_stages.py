from fractions import Fraction

import attrs
import pytest
from drawn import STAGES
from hypothesis import given
from hypothesis import strategies as st
from refusing import instrument_problems

import pelayanan
from pelayanan import Answers, Group, Indicator, Instrument, Rounding, Scale, Weights
from pelayanan.exact import nearest_whole
from pelayanan.stages import RoundingStage

LEVEL = Scale(low=0, high=5)


def made(*stages, criteria=(), **fields):
    """A service of two questions of 0 to 5, and a third question; the total is up to 5."""
    listed = criteria or (
        Group("layanan", 3),
        Indicator("layanan.a", LEVEL),
        Indicator("layanan.b", LEVEL),
        Indicator("audit", LEVEL, 1),
    )
    defaults = {"id": "kios", "maximum": 5, "missing": "refuse", "rounding": Rounding(2)}
    return Instrument(criteria=listed, rounding_stages=stages, **{**defaults, **fields})


ANSWERS = {"layanan.a": 3, "layanan.b": "2.7", "audit": 4}


def test_points_of_a_group_are_rounded_before_what_stands_above():
    exact = pelayanan.score_one(made(), ANSWERS)
    rounded = pelayanan.score_one(made(RoundingStage("layanan", of="points", decimals=1)), ANSWERS)

    assert Fraction("2.85") == exact["layanan"].points
    assert Fraction("2.9") == rounded["layanan"].points
    assert (Fraction("2.85") * 3 + 4) / 4 == exact.exact
    assert (Fraction("2.9") * 3 + 4) / 4 == rounded.exact


def test_a_contribution_is_rounded_with_the_weight_that_it_has():
    card = pelayanan.score_one(made(RoundingStage("layanan", of="contribution", decimals=1)), ANSWERS)

    assert Fraction("2.85") * 3 / 4 == Fraction("2.1375")
    assert Fraction("2.1") == card["layanan"].contribution
    assert Fraction("3.1") == card.exact


def test_a_contribution_that_others_carry_is_rounded_with_what_it_then_weighs():
    instrument = made(RoundingStage("layanan", of="contribution", decimals=0), missing="exclude")
    rows = [{"layanan.a": 3, "layanan.b": 3, "audit": 4}, {"layanan.a": 3, "layanan.b": 3}]
    scores = pelayanan.score(instrument, Answers.from_rows(rows))

    assert [Fraction(3), Fraction(3)] == [scores.exact(0), scores.exact(1)]
    assert [2, 3] == scores.contribution("layanan").tolist()


def test_each_member_of_a_group_is_rounded():
    stage = RoundingStage("each", of="points", decimals=0, of_group="layanan", mode="down")
    card = pelayanan.score_one(made(stage), ANSWERS)

    assert [3, 2] == [card["layanan.a"].points, card["layanan.b"].points]


def test_a_step_is_a_grid_of_any_width():
    stage = RoundingStage("layanan", of="points", step="1/40", mode="half_even")
    card = pelayanan.score_one(made(stage), ANSWERS | {"layanan.b": "2.725"})

    assert Fraction("2.8625") == (3 + Fraction("2.725")) / 2
    assert Fraction("2.85") == card["layanan"].points


def test_the_whole_may_be_rounded_before_it_is_published():
    stage = RoundingStage("*", of="points", step="1/2")
    card = pelayanan.score_one(made(stage), ANSWERS)

    assert Fraction(3) == card.exact


def test_the_order_in_which_stages_are_said_does_not_matter_and_what_is_below_is_rounded_first():
    stages = [
        RoundingStage("layanan", of="points", decimals=0),
        RoundingStage("layanan.b", of="points", decimals=0, mode="down"),
    ]
    cards = [pelayanan.score_one(made(*order), ANSWERS) for order in (stages, stages[::-1])]

    assert [Fraction(3), Fraction(3)] == [card["layanan"].points for card in cards]
    assert cards[0].lines == cards[1].lines


def test_a_card_tells_what_rounding_added_to_a_group():
    card = pelayanan.score_one(made(RoundingStage("layanan", of="points", decimals=1)), ANSWERS)
    lines = [(line.code, line.state, line.depth, line.contribution) for line in card.lines]

    assert [
        ("*", "answered", 0, card.exact),
        ("layanan", "answered", 1, Fraction("2.175")),
        ("layanan", "rounding", 2, Fraction("0.0375")),
        ("layanan.a", "answered", 2, Fraction("1.125")),
        ("layanan.b", "answered", 2, Fraction("1.0125")),
        ("audit", "answered", 1, Fraction(1)),
    ] == lines
    assert "answered" == card["layanan"].state
    assert card.text("en").splitlines()[3:7] == [
        "             weight  points  contribution  lost",
        "*          100.00 %    3.18          3.18  1.83",
        "  layanan   75.00 %    2.90          2.18  1.58",
        "    ~       75.00 %    0.05          0.04  0.00  [rounding]",
    ]


@given(STAGES, st.fractions(0, 1), st.sampled_from([Fraction(4), Fraction(100), Fraction("21.85")]))
def test_what_is_rounded_lies_on_the_grid_next_to_what_it_was(stage, share, unit):
    found = stage.rounded(share, unit) * unit

    assert 0 == found % stage.grid
    assert abs(found - share * unit) <= (stage.grid if stage.mode == "down" else stage.grid / 2)
    assert found == nearest_whole(share * unit / stage.grid, stage.mode) * stage.grid


def test_a_contribution_below_a_question_or_below_nothing_is_told_as_what_is_wrong_above_it():
    stage = RoundingStage("audit.a", of="contribution", decimals=0)
    below = [Indicator("audit", LEVEL), Indicator("audit.a", LEVEL)]

    assert [
        "its parent 'audit' has a scale and cannot have members @ criteria['audit.a']"
    ] == instrument_problems(lambda: made(stage, criteria=below))
    assert ["its parent 'audit' is absent @ criteria['audit.a']"] == instrument_problems(
        lambda: made(stage, criteria=below[1:])
    )


def test_stages_are_a_part_of_the_fingerprint_and_their_sources_are_not():
    stage = RoundingStage("layanan", of="points", decimals=1)
    one = made(stage)

    assert one.fingerprint != made().fingerprint
    assert one.fingerprint != made(attrs.evolve(stage, mode="down")).fingerprint
    assert one.fingerprint == made(attrs.evolve(stage, decimals=None, step="0.10")).fingerprint
    assert one.fingerprint == made(attrs.evolve(stage, disputed="by some")).fingerprint
    assert one.digest != made(attrs.evolve(stage, disputed="by some")).digest


def test_a_stage_that_was_not_published_is_an_assumption():
    stages = [
        RoundingStage("layanan", of="points", decimals=1),
        RoundingStage("each", of="points", decimals=1, of_group="layanan"),
    ]
    found = [str(each) for each in made(*stages).assumptions if each.figure == "rounding" and each.place]

    assert ["layanan: rounding is assumed", "layanan: rounding of a, b is assumed"] == found


# Bad input


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"of": "share"}, ["expected 'points' or 'contribution', not 'share' @ of"]),
        ({"mode": "up"}, ["expected a mode of 'half_up', 'half_even', 'down', not 'up' @ mode"]),
        ({"decimals": None}, ["state decimals or a step, one of the two"]),
        ({"step": "1/40"}, ["state decimals or a step, one of the two"]),
        ({"decimals": 11}, ["expected 0 to 10 decimals, not 11 @ decimals"]),
        ({"decimals": True}, ["expected 0 to 10 decimals, not True @ decimals"]),
        ({"decimals": None, "step": 0}, ["a step is greater than 0, not 0 @ step"]),
        (
            {"at": "each"},
            ["of_group goes with at = 'each': which group has the members that are rounded? @ of_group"],
        ),
        (
            {"of_group": "*"},
            ["of_group goes with at = 'each': which group has the members that are rounded? @ of_group"],
        ),
        (
            {"of": "x", "mode": "y", "decimals": -1},
            [
                "expected 'points' or 'contribution', not 'x' @ of",
                "expected a mode of 'half_up', 'half_even', 'down', not 'y' @ mode",
                "expected 0 to 10 decimals, not -1 @ decimals",
            ],
        ),
    ],
    ids=str,
)
def test_a_stage_that_is_not_sound_is_refused(fields, said):
    assert said == instrument_problems(
        lambda: RoundingStage(**{"at": "a", "of": "points", "decimals": 0, **fields})
    )


LINK = (
    Group("layanan", 3, rule="weakest_link"),
    Indicator("layanan.a", LEVEL),
    Indicator("layanan.b", LEVEL),
    Indicator("audit", LEVEL, 1),
    Indicator("catatan", LEVEL, scored=False),
)


@pytest.mark.parametrize(
    ("stage", "said"),
    [
        (
            RoundingStage("layana", of="points", decimals=0),
            "there is no criterion 'layana'; did you mean 'layanan'? @ rounding_stages[0]",
        ),
        (
            RoundingStage("each", of="points", decimals=0, of_group="audit"),
            "'audit' has no members, of which each could be rounded @ rounding_stages[0]",
        ),
        (
            RoundingStage("catatan", of="points", decimals=0),
            "'catatan' is not scored, and there is nothing to round @ rounding_stages[0]",
        ),
        (
            RoundingStage("layanan.a", of="contribution", decimals=0),
            "'layanan.a' stands below a rule that is not linear and has no contribution; round its points "
            "@ rounding_stages[0]",
        ),
        (
            RoundingStage("audit", of="points", step="1e-15"),
            "there are more than 1000000000000000 steps up to 5 @ rounding_stages[0]",
        ),
    ],
    ids=str,
)
def test_a_stage_that_does_not_fit_the_criteria_is_refused_with_its_place(stage, said):
    assert [said] == instrument_problems(lambda: made(stage, criteria=LINK))


def test_a_criterion_is_rounded_once():
    stages = [
        RoundingStage("layanan.a", of="points", decimals=0),
        RoundingStage("each", of="points", decimals=1, of_group="layanan"),
    ]

    assert ["'layanan.a' is rounded twice @ rounding_stages[1]"] == instrument_problems(lambda: made(*stages))


def test_what_is_rounded_on_the_way_is_not_pruned_away():
    instrument = made(RoundingStage("layanan.a", of="points", decimals=0))

    assert ["'layanan.a' below it is rounded on the way @ criteria['layanan']"] == instrument_problems(
        lambda: instrument.pruned(depth=1)
    )
    assert instrument.rounding_stages == instrument.pruned(at=["layanan.a"]).rounding_stages


def test_what_is_rounded_beyond_the_whole_is_no_question():
    stage = RoundingStage("layanan", of="points", step=3)

    assert [
        "it is rounded to more than the whole, so that its share can be 6/5 @ criteria['layanan']"
    ] == instrument_problems(lambda: made(stage).pruned(depth=1))


def test_a_sum_that_is_rounded_keeps_what_the_rule_loses():
    criteria = (Indicator("a", LEVEL, "0.111"), Indicator("b", LEVEL, "0.111"))
    root = Group("*", rule="weighted_sum", weights=Weights("0.222"))
    stage = RoundingStage("each", of="contribution", decimals=1, of_group="*")
    card = pelayanan.score_one(made(stage, criteria=criteria, root=root), {"a": "3.3", "b": "3.3"})

    assert Fraction("3.4") == card.exact
