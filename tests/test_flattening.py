"""
The flat instrument: all indicators directly under the root, with the weights printed beside them.
"""

from fractions import Fraction

import attrs
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from refusing import instrument_problems

from pelayanan import (
    NOT_APPLICABLE,
    Answers,
    Band,
    Condition,
    Group,
    Indicator,
    Instrument,
    Option,
    Rounding,
    Scale,
    Weights,
    Zones,
    score,
    score_one,
)
from pelayanan import strategies as of
from pelayanan.aggregation import Rule
from pelayanan.instrument import Case
from pelayanan.marks import Mark
from pelayanan.provenance import Source, Standing
from pelayanan.stages import RoundingStage
from pelayanan.zones import Requirement

TEN = Scale(low=0, high=10)
RULE = Scale(options=[Option("pass", 1), Option("fail", 0)])
BENCHMARK = Instrument(
    id="benchmark",
    criteria=[
        Group("g1", 2),
        Indicator("g1.r1", RULE, 1, optional=True),
        Indicator("g1.r2", RULE, 3, optional=True),
        Indicator("g1.r3", RULE, 2, optional=True),
        Group("g2", 3),
        Indicator("g2.r4", RULE, 5, optional=True),
        Group("g2.s", 1),
        Indicator("g2.s.r5", RULE, 4, optional=True),
        Indicator("g2.s.r6", RULE, 1, optional=True),
        Indicator("r7", RULE, 5, optional=True),
    ],
    maximum=100,
    missing="refuse",
    rounding=None,
)
MIXED = dict.fromkeys(["g1.r1", "g2.r4", "g2.s.r5", "r7"], "pass") | {
    "g1.r2": "fail",
    "g1.r3": NOT_APPLICABLE,
    "g2.s.r6": "fail",
}
PASSED = {code: NOT_APPLICABLE if code == "g1.r3" else "pass" for code in MIXED}
FAILED = {code: NOT_APPLICABLE if code == "g1.r3" else "fail" for code in MIXED}


# Published models


def test_one_benchmark_has_the_four_scores_of_xccdf():
    # NIST, Interagency Report 7275 Revision 4, section 7.3.2, as parts of the maximum of each model;
    # a rule that does not apply is counted in none.
    models = {
        "default": BENCHMARK,
        "flat": BENCHMARK.flattened(),
        "flat-unweighted": BENCHMARK.flattened(equal=True),
        "absolute": BENCHMARK.flattened(rule="all_or_nothing"),
    }
    # default: g1 is 1 of 1 + 3, which is 1/4; g2.s is 4 of 5; g2 is (5 + 4/5) / 6, which is 29/30;
    # the whole is (2 x 1/4 + 3 x 29/30 + 5) / 10, which is 0.84.
    # flat: 1 + 5 + 4 + 5 of 1 + 3 + 5 + 4 + 1 + 5. flat-unweighted: 4 of 6 rules. absolute: not all.
    expected = {
        "default": Fraction(84),
        "flat": Fraction(1500, 19),
        "flat-unweighted": Fraction(200, 3),
        "absolute": Fraction(0),
    }

    assert expected == {name: score_one(model, MIXED).exact for name, model in models.items()}
    assert dict.fromkeys(models, 100) == {
        name: score_one(model, PASSED).exact for name, model in models.items()
    }
    assert dict.fromkeys(models, 0) == {
        name: score_one(model, FAILED).exact for name, model in models.items()
    }


# Properties

RULES = ("weighted_mean", "weakest_link", "all_or_nothing")


@given(st.data())
def test_an_instrument_that_is_flat_already_keeps_its_scores(data):
    instrument = data.draw(of.instruments(depth=1, rules=RULES, stages=0))
    table = data.draw(of.tables(instrument))
    flat = instrument.flattened(rule=instrument.root.rule)
    scores, others = score(instrument, table), score(flat, table)

    assert [scores.exact(row) for row in range(len(table))] == [
        others.exact(row) for row in range(len(table))
    ]
    assert scores.zone.tolist() == others.zone.tolist()
    assert scores.missing.tolist() == others.missing.tolist()
    assert list(instrument.criteria) == list(flat.criteria)


@given(st.data())
def test_with_equal_weights_the_score_is_the_mean_of_what_was_counted(data):
    instrument = data.draw(of.instruments(depth=3, members=3, stages=0))
    table = data.draw(of.tables(instrument))
    cards = [score(instrument, table).card(row) for row in range(len(table))]
    found = score(instrument.flattened(equal=True), table)
    for row, card in enumerate(cards):
        shares = [card[each.code].share for each in instrument.indicators]
        counted = [share for share in shares if share is not None and card.exact is not None]

        assert (instrument.maximum * sum(counted) / len(counted) if counted else None) == found.exact(row)


@given(st.data())
def test_flat_weights_are_those_beside_the_questions(data):
    drawn = data.draw(of.instruments(depth=3, members=3, stages=0, rules=("weighted_mean",)))
    weights = {each.code: data.draw(st.integers(1, 99)) for each in drawn.indicators}
    listed = [
        attrs.evolve(each, weight=weights.get(each.code), weights=Weights())
        if isinstance(each, Group)
        else attrs.evolve(each, weight=weights[each.code])
        for each in drawn.criteria.values()
    ]
    listed = [attrs.evolve(each, weight=7) if isinstance(each, Group) else each for each in listed]
    instrument = attrs.evolve(drawn, criteria=listed, root=attrs.evolve(drawn.root, weights=Weights()))
    table = data.draw(of.tables(instrument))
    cards = [score(instrument, table).card(row) for row in range(len(table))]
    found = score(instrument.flattened(), table)
    for row, card in enumerate(cards):
        counted = [(weights[code], card[code].share) for code in weights if card[code].share is not None]
        counted = counted if card.exact is not None else []
        whole = sum(weight for weight, _ in counted)
        above = sum(weight * share for weight, share in counted)

        assert (instrument.maximum * above / whole if counted else None) == found.exact(row)


@given(st.data())
def test_all_or_nothing_is_all_only_where_every_question_has_its_full_share(data):
    instrument = data.draw(
        of.instruments(depth=3, members=2, stages=0, forms=("range", "count"), policies=("refuse", "exclude"))
    )
    table = data.draw(of.tables(instrument))
    scores = score(instrument, table)
    found = score(instrument.flattened(rule="all_or_nothing"), table)
    for row in range(len(table)):
        shares = [scores.card(row)[each.code].share for each in instrument.indicators]
        counted = [share for share in shares if share is not None]

        assert (
            instrument.maximum * all(share == 1 for share in counted) if counted else None
        ) == found.exact(row)


@given(of.instruments(depth=3, members=3, stages=0))
def test_a_flat_instrument_is_sound_and_comes_back_from_json(instrument):
    flat = instrument.flattened()

    assert flat == Instrument.from_json(flat.to_json())
    assert [each.code.replace(".", "_") for each in instrument.indicators] == list(flat.criteria)
    assert flat.fingerprint != instrument.fingerprint


# What is kept


def office(**fields):
    """Nested questions with all that groups say of those below."""
    defaults = {
        "id": "kantor",
        "criteria": [
            Indicator("loket", RULE, scored=False, missing="zero"),
            Group("d", 60, missing="lowest", asked_if=Condition("loket", "pass"), tags={"t": "v", "s": "d"}),
            Group("d.e", 1, asked_if=Condition("d.x", [9, 10]), least_respondents=5, source="S1"),
            Indicator(
                "d.e.y",
                TEN,
                2,
                title="Tarif",
                aliases=["q1"],
                tags={"t": "w"},
                standing={"weight": Standing("inferred", "adds up"), "title": Standing("inferred")},
                source="S1",
            ),
            Indicator("d.x", TEN, 3, missing="exclude", asked_if=Condition("b", 1)),
            Indicator("b", Scale(low=0, high=1), 40, least_respondents=2),
        ],
        "maximum": 100,
        "missing": "refuse",
        "rounding": Rounding(2),
        "root": Group("*", missing="zero", least_answered="1/2", least_respondents=9, source="S1"),
        "sources": {"S1": Source("Decree")},
    }
    return Instrument(**(defaults | fields))


def test_what_groups_say_is_said_of_each_indicator():
    flat = office().flattened()

    assert ["loket", "d_e_y", "d_x", "b"] == list(flat.criteria)
    assert ["zero", "lowest", "exclude", "zero"] == [each.missing for each in flat.indicators]
    assert [9, 5, 9, 2] == [each.least_respondents for each in flat.indicators]
    assert [(), ("d.e.y", "q1"), ("d.x",), ()] == [each.aliases for each in flat.indicators]
    assert [{}, {"t": "w", "s": "d"}, {"t": "v", "s": "d"}, {}] == [
        dict(each.tags) for each in flat.indicators
    ]
    assert {
        Condition("loket", "pass"),
        Condition("d_x", [9, 10]),
    } == set(flat["d_e_y"].asked_if)
    assert {Condition("loket", "pass"), Condition("b", 1)} == set(flat["d_x"].asked_if)
    assert ("zero", Fraction(1, 2)) == (flat.root.missing, flat.root.least_answered)
    assert "kantor-flat" == flat.id
    assert flat["d_e_y"].title == {"id": "Tarif"}


def test_the_same_answers_are_scored():
    answers = {"loket": "pass", "b": 1, "d.x": 9, "q1": 5}

    # 40 x 1 + 3 x 9/10 + 2 x 5/10 of 45 is 43.7 of 45.
    assert Fraction(4370, 45) == score_one(office().flattened(), answers).exact


def test_a_weight_that_was_not_printed_is_what_its_group_leaves():
    instrument = office(
        criteria=[
            Group("d", 50, weights=Weights(10)),
            Indicator("d.a", TEN, 7, standing={"weight": Standing("inferred", "adds up")}),
            Indicator("d.b", TEN),
            Indicator("c", TEN, 50),
            Indicator("n", TEN, scored=False, missing="zero"),
        ]
    )
    flat = instrument.flattened()

    assert [7, 3, 50, None] == [each.weight for each in flat.indicators]
    assert {"weight": Standing("assumed", "its part of what its group leaves")} == dict(flat["d_b"].standing)
    assert {"weight": Standing("inferred", "adds up")} == dict(flat["d_a"].standing)
    assert {} == dict(instrument.flattened(equal=True)["d_a"].standing)
    assert [None] * 4 == [each.weight for each in instrument.flattened(rule="weakest_link").indicators]


def test_where_no_weight_was_printed_beside_a_question_all_weigh_the_same():
    instrument = office(
        criteria=[
            Group("d", 90),
            Indicator("d.a", TEN),
            Indicator("d.b", TEN),
            Group("e", 10),
            Indicator("e.a", TEN),
        ]
    )

    assert [None] * 3 == [each.weight for each in instrument.flattened().indicators]
    assert Fraction(100, 3) == score_one(instrument.flattened(), {"d.a": 0, "d.b": 0, "e.a": 10}).exact


def test_codes_that_would_be_the_same_are_told_apart():
    instrument = office(
        criteria=[
            Group("a"),
            Indicator("a.b", TEN),
            Group("a.c"),
            Indicator("a.c.d", TEN),
            Indicator("a_b", TEN),
            Group("e"),
            Indicator("e.x", TEN, aliases=["a_c_d"]),
            Indicator("a_b_2", TEN),
        ]
    )
    flat = instrument.flattened()

    assert ["a_b_3", "a_c_d_2", "a_b", "e_x", "a_b_2"] == list(flat.criteria)
    answers = {"a.b": 1, "a.c.d": 2, "a_b": 3, "e.x": 4, "a_b_2": 10}

    assert 40 == score_one(flat, answers).exact


def test_what_zones_and_marks_require_of_a_question_and_its_rounding_are_kept():
    gate = [Requirement("d.a", at_least=5, of="points"), Requirement("*", at_least=1, of="points")]
    instrument = Instrument(
        id="syarat",
        criteria=[Group("d"), Indicator("d.a", TEN, 1), Indicator("d.b", TEN, 1)],
        maximum=10,
        missing="refuse",
        rounding=Rounding(2),
        zones=Zones([Band("C", floor=0), Band("A", floor=4, requires=gate)]),
        marks=[Mark("m", gate[:1])],
        rounding_stages=[
            RoundingStage("d.b", of="points", decimals=0),
            RoundingStage("*", of="points", decimals=1),
        ],
        cases=[Case("k", {"d.a": 5, "d.b": 5}, total=5)],
    )
    flat = instrument.flattened()
    table = Answers.from_columns({"d.a": [5, 4], "d.b": [5.4, 6.6]})
    scores = score(flat, table)

    assert ["d_a", "*"] == [each.criterion for each in flat.zones.bands[1].requires]
    assert ["d_b", "*"] == [stage.at for stage in flat.rounding_stages]
    assert () == flat.cases
    # 5 and 5.4 rounded to 5 are 5; 4 and 7 are 5.5, and 4 is too little.
    assert [5, 5.5] == scores.total.tolist()
    assert [1, 0] == scores.zone.tolist()
    assert [True, False] == scores.marks["m"].tolist()


def test_a_pruned_instrument_can_be_flattened():
    flat = BENCHMARK.pruned(at=["g1", "g2.s"]).flattened()

    assert ["g1", "g2_r4", "g2_s", "r7"] == list(flat.criteria)
    assert flat.pruning is None


def test_a_rule_of_ones_own_combines_all():
    def median(shares, weights, terms):
        listed = sorted(share for share in shares if share is not None)
        return listed[len(listed) // 2] if listed else None

    rule = Rule("median", median, "1", weighs=False)
    found = score(
        BENCHMARK.flattened(rule=rule), Answers.from_rows([MIXED | {"r7": "fail"}, FAILED | {"r7": "pass"}])
    )

    assert np.array_equal([100, 0], found.total)


# Messages


@pytest.mark.parametrize("rule", ["step", "weakest_link_plus", "weighted_sum"])
def test_a_rule_that_needs_more_is_refused(rule):
    assert [f"the rule {rule!r} needs more than shares and weights @ rule"] == instrument_problems(
        lambda: BENCHMARK.flattened(rule=rule)
    )


def test_a_rule_that_there_is_not_is_refused():
    known = "'weighted_mean', 'weighted_sum', 'weakest_link', 'weakest_link_plus', 'step', 'all_or_nothing'"

    assert [f"expected one of the rules {known}, not 'median' @ rule"] == instrument_problems(
        lambda: BENCHMARK.flattened(rule="median")
    )


def test_what_is_about_a_group_is_refused_with_its_place():
    bands = [
        Band("C", floor=0),
        Band(
            "A",
            floor=50,
            requires=[
                Requirement("r7", at_least=1, of="share"),
                Requirement("g1", at_least=1, of="share"),
                Requirement(each_of="*", at_least="1/2", of="share"),
            ],
        ),
    ]
    instrument = attrs.evolve(
        BENCHMARK,
        zones=Zones(bands, "exact"),
        marks=[Mark("m", [Requirement("g2.s", at_least=1, of="share")])],
        rounding_stages=[
            RoundingStage("g1", of="points", decimals=1),
            RoundingStage("r7", of="points", decimals=1),
            RoundingStage("each", of="points", decimals=1, of_group="g2"),
        ],
    )

    assert [
        "'g1' at least 1 of share is required, and groups are gone @ zones.bands[1].requires[1]",
        "each of '*' at least 1/2 of share is required, and groups are gone @ zones.bands[1].requires[2]",
        "'g2.s' at least 1 of share is required, and groups are gone @ marks[0].requires[0]",
        "'g1' is rounded, and groups are gone @ rounding_stages[0]",
        "'g2' is rounded, and groups are gone @ rounding_stages[2]",
    ] == instrument_problems(instrument.flattened)


def test_all_or_nothing_that_is_never_reached_is_refused():
    instrument = office(criteria=[Group("d"), Indicator("d.a", Scale(steps=[(0, "0.2"), (5, "0.9")]))])

    assert [
        "its share is at most 0.9, so that all is never reached @ criteria['d_a']"
    ] == instrument_problems(lambda: instrument.flattened(rule="all_or_nothing"))
