"""
Parts are exact for every unit, also where numbers are too long for floats or 64 bits.
"""

import math
from fractions import Fraction

import attrs
import numpy as np
import oracle
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from test_scoring import assert_like_the_oracle, in_whole_numbers

import pelayanan
from pelayanan import Answers, Band, Group, Indicator, Instrument, Option, Rounding, Scale, Weights, Zones
from pelayanan.aggregation import RULES
from pelayanan.batch import enough
from pelayanan.errors import AnswerError
from pelayanan.matching import matched
from pelayanan.parts import parted
from pelayanan.stages import RoundingStage
from pelayanan.zones import Requirement

NUMBER = Scale(low=0, high=100)
LETTERS = Scale(options=[Option("A", 1), Option("B", "2/3"), Option("C", "1/3"), Option("D", 0)])
HALVES = Zones([Band("C", below=50), Band("A", floor=50)])


def made(*criteria, **fields):
    defaults = {"id": "x", "maximum": 100, "missing": "exclude", "rounding": Rounding(2), "zones": HALVES}
    return Instrument(criteria=criteria, **{**defaults, **fields})


def known(instrument, answers):
    return parted(matched(instrument, answers, "missing")).known


# Properties


ODD = st.sampled_from(
    [33.33, 50, 0, 100, 0.1 + 0.2, 1e-9, 99.99999999, "1/3", Fraction(1, 7), 12.345678901234, None]
)


@given(
    st.sampled_from(["weakest_link", "weakest_link_plus", "all_or_nothing"]),
    st.lists(st.tuples(*[ODD] * 5), min_size=1, max_size=5),
    st.sampled_from(["exclude", "zero", "lowest"]),
    st.sampled_from([None, "1/3", "0.123456789012345678"]),
)
@example(
    "weakest_link", [(33.33, 0, 1e-9, 33.33, 33.33), (33.33, 0, None, 33.33, 0.1 + 0.2)], "exclude", None
)
def test_answers_of_any_length_are_those_of_the_oracle(rule, rows, missing, weight):
    instrument = made(
        Group("a", "1/3", rule=rule, plus="1/7" if rule == "weakest_link_plus" else None),
        Indicator("a.a", NUMBER),
        Group("a.b"),
        Indicator("a.b.a", NUMBER, weight),
        Indicator("a.b.b", NUMBER, weight),
        Indicator("b", NUMBER, "2/3"),
        Indicator("c", NUMBER, 2),
        missing=missing,
        rounding_stages=[
            RoundingStage("a.b", of="points", step="1/40"),
            RoundingStage("c", of="contribution", decimals=1, mode="half_even"),
        ],
    )
    codes = ["a.a", "a.b.a", "a.b.b", "b", "c"]
    columns = {code: [row[place] for row in rows] for place, code in enumerate(codes)}

    assert_like_the_oracle(instrument, Answers.from_columns(columns))


@given(st.data(), st.sampled_from(sorted(RULES)))
def test_one_rule_over_groups_of_means_is_that_of_the_oracle(data, rule):
    steps = {1: [(0, 0), ("1/2", "1/3"), (1, 1)], 2: [(0, 0), ("2/3", "1/2")], 3: [(0, "1/9"), (3, 1)]}
    linear = RULES[rule].linear is not None
    root = Group(
        "*",
        rule=rule,
        plus="1/6" if rule == "weakest_link_plus" else None,
        steps=steps if rule == "step" else {},
        weights=Weights(3) if rule == "weighted_sum" else Weights(),
        rescale=data.draw(st.booleans()) if rule == "weighted_sum" else None,
    )
    weight = 1 if linear or rule == "step" else None
    criteria = [
        each
        for group in "abc"
        for each in (
            Group(group, weight),
            Indicator(f"{group}.x", LETTERS, 3),
            Indicator(f"{group}.y", NUMBER, "2.5"),
        )
    ]
    cells = {"x": st.sampled_from(["A", "B", "C", "D", None]), "y": st.sampled_from([0, 50, "33.3", None])}
    count = data.draw(st.integers(1, 6))
    columns = {
        f"{group}.{leaf}": data.draw(st.lists(cells[leaf], min_size=count, max_size=count))
        for group in "abc"
        for leaf in "xy"
    }

    assert_like_the_oracle(made(*criteria, root=root), Answers.from_columns(columns))


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), min_size=1, max_size=6), st.booleans())
def test_means_of_respondents_are_rounded_as_each_alone(sums, link):
    instrument = made(
        Indicator("u1", Scale(low=1, high=4)),
        Indicator("u2", Scale(low=1, high=4)),
        root=Group("*", rule="weakest_link") if link else Group("*"),
        rounding_stages=[RoundingStage("each", of="points", step="1/4", of_group="*")],
    )
    counts = (np.array([7 + one for one, _ in sums]), np.array([9 + two for _, two in sums]))
    columns = {
        "u1": (2 * counts[0] + np.array([one % 5 for one, _ in sums]), counts[0]),
        "u2": (3 * counts[1] - np.array([two % 3 for _, two in sums]), counts[1]),
    }

    assert_like_the_oracle(instrument, Answers.from_columns(columns))


SURVEYED = st.tuples(st.integers(280, 360), st.fractions(0, 1)).map(
    lambda drawn: (drawn[0] + round(3 * drawn[0] * drawn[1]), drawn[0])
)
PLAIN = st.sampled_from([1, 2, 3, 4, None])
LONG = [(406, 331), (1223, 347), (455, 320), (743, 301), (618, 293), (1337, 341)]
SHORT = [(832, 355), (922, 331), (1112, 294), (282, 282), (1244, 357), (1237, 314)]


@given(st.lists(st.tuples(*[PLAIN] * 6, *[SURVEYED] * 6), min_size=1, max_size=5), st.booleans())
@example([(1, 1, 3, 3, 2, 1, *LONG), (1, 4, None, None, None, 2, *SHORT)], True)
@example([(1, 1, 3, 3, 2, 1, *LONG), (1, 4, None, None, None, 2, *SHORT)], False)
def test_long_numbers_of_one_part_leave_those_of_the_parts_beside_it_as_they_are(rows, gated):
    scale = Scale(low=1, high=4)
    weights = ["12.22", "21.85", "11.54", "20.37", "31.13", "9.52", *["17.03", "23.11", "5.57"] * 2]
    codes = [f"{part}.{group}.{place}" for part in ("x.a", "b") for group in "gh" for place in "123"]
    gate = Requirement("b", at_least=1, of="contribution")
    instrument = made(
        Group("x"),
        Group("x.a", rule="all_or_nothing"),
        Group("b", rule="weakest_link"),
        *(Group(f"{part}.{group}") for part in ("x.a", "b") for group in "gh"),
        *(Indicator(code, scale, weight) for code, weight in zip(codes, weights)),
        zones=Zones([Band("C", floor=0), Band("A", floor=60, requires=[gate] * gated)]),
    )
    columns = {}
    for place, code in enumerate(codes):
        cells = [row[place] for row in rows]
        whole = [np.nan if each is None else float(each) for each in cells] if place < 6 else None
        columns[code] = whole or tuple(np.array(each) for each in zip(*cells))
    table = Answers.from_columns(columns)
    scores = pelayanan.score(instrument, table)

    assert_like_the_oracle(instrument, table)
    for code in ("x.a", "x.a.h", "b", "b.g"):
        exact = [scores.card(row)[code].points for row in range(len(rows))]
        np.testing.assert_allclose(
            scores.points(code), [np.nan if each is None else float(each) for each in exact], atol=1e-9
        )


@given(st.lists(st.integers(0, 10_000), min_size=1, max_size=30), st.sampled_from([1, 2, 3]))
def test_a_unit_whose_numbers_are_too_long_leaves_the_others_as_they_are(answers, every):
    instrument = made(
        Group("a", rule="weakest_link"),
        Indicator("a.a", NUMBER),
        Indicator("a.b", NUMBER),
        zones=Zones([Band("C", below=50), Band("A", floor=50, requires=[half("a")])]),
    )
    values = [Fraction(answer, 100) for answer in answers]
    long = [
        Fraction(10**25 - 1, 10**25) * value if row % every == 0 else value
        for row, value in enumerate(values)
    ]
    table = Answers.from_columns({"a.a": values, "a.b": long})
    scores = pelayanan.score(instrument, table)

    assert long == [scores.exact(row) for row in range(len(long))]
    assert [float(Rounding(2).of(value)) for value in long] == scores.total.tolist()
    assert [1 if value >= 50 else 0 for value in long] == scores.zone.tolist() or any(
        value < 50 <= Rounding(2).of(value) for value in long
    )


def half(code):
    return Requirement(code, at_least="1/2", of="share")


# Examples


def test_what_two_rules_share_is_read_once_and_a_part_of_a_part_before_it():
    instrument = made(
        Group("a", rule="weakest_link"),
        Group("a.b", rule="all_or_nothing"),
        Indicator("a.b.c", LETTERS),
        Indicator("a.d", LETTERS),
    )
    found = known(instrument, Answers.from_columns({"a.b.c": ["A", "B"], "a.d": ["B", "A"]}))

    assert {"a", "a.b"} == found.keys()
    assert [Fraction(2, 3), Fraction(0)] == [
        Fraction(each).limit_denominator(9) for each in found["a"].num / found["a"].den
    ]


def test_a_part_that_nobody_answered_has_no_share():
    instrument = made(Group("a", rule="weakest_link"), Indicator("a.b", NUMBER), Indicator("a.c", NUMBER))
    table = Answers.from_columns({"a.b": [50, np.nan, np.nan], "a.c": [60, 70, np.nan]})
    found = known(instrument, table)["a"]

    np.testing.assert_array_equal([0.5, 0.7, np.nan], found.num / found.den)
    assert [True, True, False] == found.reach(Fraction(1, 2)).tolist()


@pytest.mark.parametrize(
    ("fields", "long", "other", "share"),
    [
        ({"rule": "weakest_link"}, Fraction(10**15 + 1, 10**14), Fraction(30, 7), Fraction(3, 70)),
        ({"rule": "weakest_link_plus", "plus": "1/123456789"}, "0.0000005", "0.00000001", "0.000000005"),
    ],
)
def test_a_part_whose_numbers_are_too_long_is_settled_one_by_one(fields, long, other, share):
    instrument = made(Group("a", **fields), Indicator("a.b", NUMBER), Indicator("a.c", NUMBER))
    table = Answers.from_columns({"a.b": [long, 20], "a.c": [other, 20]})
    found = known(instrument, table)["a"]

    assert Fraction(share) == found.rest[0]
    assert_like_the_oracle(instrument, table)


def test_an_instrument_of_means_has_no_parts():
    instrument = made(Group("a"), Indicator("a.b", NUMBER))

    assert frozenset() == instrument.tree.parts
    assert {} == known(instrument, Answers.from_columns({"a.b": [1]}))


def test_a_zone_may_require_an_answer_that_is_not_scored():
    wtp = Scale(options=[Option("ya", 1), Option("tidak", 0)])
    zones = Zones(
        [Band("C", below=50), Band("A", floor=50, requires=[Requirement("wtp", at_least=1, of="share")])]
    )
    instrument = made(Indicator("a", NUMBER), Indicator("wtp", wtp, scored=False), zones=zones)
    table = Answers.from_columns({"a": [80, 80, 80, 40], "wtp": ["ya", "tidak", None, "ya"]})

    assert [1, 0, 0, 0] == pelayanan.score(instrument, table).zone.tolist()


@pytest.mark.parametrize("missing", ["zero", "lowest"])
def test_a_unit_that_answered_nothing_has_no_score_under_any_rule(missing):
    instrument = made(
        Indicator("a", Scale(low=1, high=4)),
        Indicator("b", Scale(low=1, high=4)),
        root=Group("*", rule="weakest_link"),
        missing=missing,
    )
    scores = pelayanan.score(instrument, Answers.from_columns({"a": [np.nan, 4.0], "b": [np.nan, np.nan]}))

    assert math.isnan(scores.total[0])
    assert scores.total[1] == {"zero": 0, "lowest": 25}[missing]


def test_least_answered_counts_questions_and_not_parts():
    instrument = made(
        Group("a", rule="weakest_link"),
        *(Indicator(f"a.{code}", NUMBER) for code in "abc"),
        Indicator("d", NUMBER),
        root=Group("*", least_answered="3/4"),
    )
    table = Answers.from_rows(
        [{"a.a": 50, "a.b": 60, "d": 70}, {"a.a": 50, "d": 70}, {"a.a": 5, "a.b": 5, "a.c": 5, "d": 5}]
    )
    scores = pelayanan.score(instrument, table)

    assert [60.0, 5.0] == scores.total[[0, 2]].tolist()
    assert math.isnan(scores.total[1])


def test_all_mistakes_of_a_table_are_told_by_unit_whatever_part_they_are_in():
    instrument = made(
        Group("a", rule="weakest_link"),
        Indicator("a.a", NUMBER),
        Indicator("b", NUMBER),
        Indicator("c", NUMBER, scored=False),
        missing="refuse",
    )
    table = Answers.from_columns({"a.a": [101, 5], "b": [5, -1], "c": [200, 5]}, units=["x", "y"])
    with pytest.raises(AnswerError) as caught:
        pelayanan.score(instrument, table)

    assert str(caught.value) == (
        "x has 2 problems\n"
        "  the answer 101 is outside the scale 0 to 100; the nearest valid answer is 100 @ unit 'x', 'a.a'\n"
        "  the answer -1 is outside the scale 0 to 100; the nearest valid answer is 0 @ unit 'y', 'b'"
    )
    with pytest.raises(AnswerError) as caught:
        pelayanan.score(
            attrs.evolve(instrument, criteria=[*instrument.criteria.values()]),
            Answers.from_columns({"a.a": [5], "b": [5], "c": [200]}),
        )

    assert str(caught.value) == (
        "x: the answer 200 is outside the scale 0 to 100; the nearest valid answer is 100 @ unit 0, 'c'"
    )


def test_weights_of_many_digits_are_added_one_by_one():
    instrument = made(
        Group("a", rule="weakest_link"),
        Group("a.b"),
        Indicator("a.b.c", NUMBER, "0.123456789012345678901234567"),
        Indicator("a.b.d", NUMBER, "0.3"),
        Indicator("a.e", NUMBER),
    )
    table = Answers.from_columns({"a.b.c": [10, 20, 30], "a.b.d": [90, 80, np.nan], "a.e": [70.5, 60, 50]})

    assert_like_the_oracle(instrument, table)
    assert not known(instrument, table)["a.b"].sound[:2].any()


def test_respondents_without_a_short_common_number_are_compared_one_by_one():
    instrument = made(
        *(Indicator(f"u{i}", Scale(low=1, high=4)) for i in range(5)), root=Group("*", rule="weakest_link")
    )
    primes = [10007, 10009, 10037, 10039, 10061]
    columns = {f"u{i}": (np.array([2 * prime + i]), np.array([prime])) for i, prime in enumerate(primes)}

    assert_like_the_oracle(instrument, Answers.from_columns(columns))


def test_contributions_and_points_of_parts_are_arrays_of_their_own():
    instrument = made(
        Group("a", 3),
        Indicator("a.x", NUMBER),
        Indicator("a.y", NUMBER),
        Group("b", 1, rule="weakest_link"),
        Indicator("b.x", NUMBER),
        Indicator("b.y", NUMBER),
        rounding_stages=[RoundingStage("a", of="points", decimals=0)],
    )
    table = Answers.from_columns({"a.x": [50], "a.y": [51], "b.x": [20], "b.y": [40]})
    scores = pelayanan.score(instrument, table)

    assert [51.0] == scores.points("a").tolist()
    assert [38.25] == scores.contribution("a").tolist()
    assert [18.75] == scores.contribution("a.x").tolist()
    assert [5.0] == scores.contribution("b").tolist()
    assert np.isnan(scores.contribution("b.x")).all()
    assert [40.0] == scores.points("b.y").tolist()
    assert Fraction("43.25") == oracle.exact_total(instrument, {"a.x": 50, "a.y": 51, "b.x": 20, "b.y": 40})


def test_units_that_are_scored_some_at_a_time_are_scored_as_all_at_once(monkeypatch):
    required = Zones([Band("C", below=50), Band("A", floor=50, requires=[half("a")])])
    instrument = made(
        Group("a", rule="weakest_link"),
        Indicator("a.a", NUMBER),
        Indicator("a.b", NUMBER),
        Indicator("b", NUMBER),
        missing="refuse",
        zones=required,
    )
    columns = {"a.a": [90, 40, 70, 10, 60], "a.b": [80, 95, 20, 90, 51], "b": [50, 90, 90, 100, 99.5]}
    together = pelayanan.score(instrument, Answers.from_columns(columns))
    monkeypatch.setattr("pelayanan.scoring._TOGETHER", 2)
    some = in_whole_numbers(instrument, Answers.from_columns(columns))

    assert together == some
    assert [1, 0, 0, 0, 1] == some.zone.tolist()
    assert [80.0, 40.0, 20.0, 10.0, 51.0] == some.points("a").tolist()
    with pytest.raises(AnswerError) as caught:
        pelayanan.score(instrument, Answers.from_columns(columns | {"b": [101, 1, 1, 1, -1]}))

    assert ["unit 0, 'b'", "unit 4, 'b'"] == [problem.place for problem in caught.value.problems]


def test_a_mistake_in_an_answer_that_only_a_zone_requires_is_told():
    wtp = Scale(options=[Option("ya", 1), Option("tidak", 0)])
    required = [Requirement("wtp", at_least=1, of="share")]
    zones = Zones([Band("C", below=50), Band("A", floor=50, requires=required)])
    instrument = made(Indicator("a", NUMBER), Indicator("wtp", wtp, scored=False), zones=zones)
    with pytest.raises(AnswerError) as caught:
        pelayanan.score(instrument, Answers.from_columns({"a": [80, 10], "wtp": ["yes", "yes"]}))

    assert ["unit 0, 'wtp'", "unit 1, 'wtp'"] == [problem.place for problem in caught.value.problems]


def test_a_bound_of_many_digits_is_not_reached_where_there_is_no_share():
    long = Requirement("a", at_least="0.123456789012345678901", of="share")
    instrument = made(
        Group("a", rule="weakest_link"),
        Indicator("a.a", NUMBER),
        Indicator("b", NUMBER),
        zones=Zones([Band("C", below=50), Band("A", floor=50, requires=[long])]),
    )
    scores = pelayanan.score(instrument, Answers.from_columns({"a.a": [None, 100, 12], "b": [100, 100, 100]}))

    assert [0, 1, 0] == scores.zone.tolist()


def test_units_are_asked_whether_all_is_answered_once_for_all_stages(monkeypatch):
    asked = []
    complete = pelayanan.parts.complete
    monkeypatch.setattr("pelayanan.parts.complete", lambda given: asked.append(1) or complete(given))
    stages = [RoundingStage("each", of="contribution", decimals=0, of_group="*")]
    instrument = made(*(Indicator(code, NUMBER) for code in "abc"), rounding_stages=stages)
    table = Answers.from_columns({"a": [10, 20], "b": [30, None], "c": [50, 60]})

    known(instrument, table)

    assert [1] == asked
    assert_like_the_oracle(instrument, table)


def test_blocks_in_which_all_is_answered_stand_beside_those_where_something_is_not(monkeypatch):
    monkeypatch.setattr("pelayanan.batch.width_of", lambda rows, units: 1)
    instrument = made(Indicator("a", NUMBER), Indicator("b", NUMBER), root=Group("*", least_answered="2/3"))
    table = Answers.from_columns({"a": [1, np.nan, 3], "b": [1, 2, 3]})

    assert [True, False, True] == enough(matched(instrument, table, "missing")).tolist()


def test_a_unit_with_too_few_answers_has_no_score_though_its_part_counts_as_zero():
    instrument = made(
        Group("a", rule="weakest_link"),
        Indicator("a.x", NUMBER),
        Indicator("a.y", NUMBER),
        Indicator("b", NUMBER),
        missing="zero",
        root=Group("*", least_answered="2/3"),
        rounding=None,
    )
    table = Answers.from_columns({"a.x": [80, np.nan], "a.y": [60, np.nan], "b": [80.0, 80.0]})
    scores = pelayanan.score(instrument, table)

    assert [70, None] == [scores.exact(0), scores.exact(1)]
    np.testing.assert_array_equal([70, np.nan], scores.total)


def test_where_totals_are_not_rounded_answers_are_checked_before_parts_are_worked_out():
    instrument = Instrument(
        id="x",
        criteria=[Indicator("a", Scale(low=0, high=4)), Indicator("b", Scale(low=0, high=4))],
        root=Group("*", rule="weakest_link"),
        maximum=100,
        missing="exclude",
        rounding=None,
    )
    with pytest.raises(AnswerError) as caught:
        pelayanan.score(instrument, Answers.from_columns({"a": [1.0, 5.0], "b": [2.0, 3.0]}))

    assert "x: the answer 5 is outside the scale 0 to 4; the nearest valid answer is 4 @ unit 1, 'a'" == str(
        caught.value
    )
