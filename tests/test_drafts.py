"""
What floats tell of units is exact, and what they leave open is little.
"""

import math
import pickle
from fractions import Fraction

import numpy as np
import pytest
from drawn import with_requirements
from hypothesis import example, given, settings
from hypothesis import strategies as st
from test_scoring import assert_like_the_oracle, in_whole_numbers

import pelayanan
from pelayanan import Answers, Band, Group, Indicator, Instrument, Option, Rounding, Scale, Weights, Zones
from pelayanan.aggregation import Rule
from pelayanan.drafts import drafted
from pelayanan.errors import AnswerError
from pelayanan.exact import MODES
from pelayanan.matching import matched
from pelayanan.stages import RoundingStage
from pelayanan.zones import Requirement

NUMBER = Scale(low=0, high=100)
LETTERS = Scale(options=[Option("A", 1), Option("B", "2/3"), Option("C", "1/3"), Option("D", 0)])
HALVES = Zones([Band("C", below=50), Band("A", floor=50)])


def made(*criteria, **fields):
    defaults = {"id": "x", "maximum": 100, "missing": "exclude", "rounding": Rounding(2), "zones": HALVES}
    return Instrument(criteria=criteria, **{**defaults, **fields})


def told(instrument, **columns):
    """Return the totals and the zones of machine numbers, and the units that floats leave open."""
    table = Answers.from_columns(
        {
            code.replace("_", "."): column if isinstance(column, tuple) else np.array(column, dtype=float)
            for code, column in columns.items()
        }
    )
    scores = pelayanan.score(instrument, table)
    still = drafted(matched(instrument, table, "missing")).open
    assert in_whole_numbers(instrument, table) == scores
    return scores.total.tolist(), scores.zone.tolist(), sorted(still.tolist())


def gated(requirement):
    return Zones([Band("C", below=50), Band("A", floor=50, requires=[requirement])])


@st.composite
def number_tables(draw, instrument, units=12):
    """Machine numbers that often meet a turn, and now and then lie just beside it."""
    count = draw(st.integers(1, units))
    random = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    columns = {}
    for indicator in instrument.indicators:
        scale = indicator.scale
        if scale.form == "options":
            codes = [option.code for option in scale.options if option.share is not None]
            values = random.choice(codes, count).astype(object)
        else:
            low, high = (float(end or 0) for end in scale.ends)
            decimals = draw(st.sampled_from([None, 0, 2, 5]))
            values = low + (high - low) * random.integers(0, 9, count) / 8
            if decimals is not None and scale.form != "count":
                values = np.clip(np.round(values, decimals), low, high)
            beside = np.nextafter(values, random.choice([low, high]))
            values = np.where((random.random(count) < 0.2) & (scale.form != "count"), beside, values)
            whole = draw(st.booleans()) and scale.form == "count"
            values = np.rint(values) if scale.form == "count" else values
            values = values.astype(np.int16) if whole else values
        if values.dtype.kind != "i" and instrument.tree.policy(indicator.code) != "refuse":
            values[random.random(count) < 0.2] = np.nan if values.dtype.kind == "f" else None
        columns[indicator.code] = values
    return Answers.from_columns(columns)


# Properties


@settings(max_examples=200)
@given(st.data(), st.integers(1, 5))
def test_what_floats_tell_in_blocks_of_any_width_is_what_whole_numbers_do(data, width):
    forms = ("range", "range", "count", "options")
    instrument = data.draw(with_requirements(depth=2, members=3, forms=forms, conditions=0))
    table = data.draw(number_tables(instrument))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("pelayanan.drafts.width_of", lambda rows, units: min(width, units))
        patch.setattr("pelayanan.estimates._MANY", data.draw(st.sampled_from([0, 16, 10**9])))
        patch.setattr("pelayanan.lookup._CELLS", data.draw(st.sampled_from([1, 64, 2**15])))
        narrow = pelayanan.score(instrument, table)

    assert in_whole_numbers(instrument, table) == narrow == pelayanan.score(instrument, table)


@given(
    st.lists(st.tuples(*[st.integers(0, 8)] * 4), min_size=1, max_size=12),
    st.sampled_from(MODES),
    st.sampled_from([0, 1, 2]),
    st.sampled_from([np.float64, np.float32, np.int8]),
    st.integers(1, 4),
)
@example([(3, 3, 3, 3), (5, 1, 8, 0)], "half_up", 0, np.float64, 4)
def test_whole_answers_that_are_rounded_on_ties_are_those_of_the_oracle(rows, mode, decimals, kind, width):
    eighths = Scale(low=0, high=8)
    stages = [RoundingStage(code, of="points", decimals=decimals, mode=mode) for code in ("a", "a.x", "b")]
    instrument = made(
        Group("a", "0.3"),
        Indicator("a.x", eighths, 2),
        Indicator("a.y", eighths, 3),
        Indicator("b", eighths, "0.3"),
        Indicator("c", eighths, "0.4"),
        rounding_stages=stages,
    )
    columns = {code: np.array(each, kind) for code, each in zip(["a.x", "a.y", "b", "c"], zip(*rows))}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("pelayanan.drafts.width_of", lambda rows, units: min(width, units))

        assert_like_the_oracle(instrument, Answers.from_columns(columns))


TURNS = st.sampled_from([0.0, 0.49999999999999994, 0.5, 1.5, 2.5, 33.5, 99.5, 100.0])


@given(
    st.lists(TURNS.flatmap(lambda turn: st.sampled_from(beside(turn))), min_size=1), st.sampled_from(MODES)
)
@example([0.49999999999999994, 0.5, 1.5, 33.5, 100.0], "half_up")
@example([0.49999999999999994, 0.5, 1.5, 33.5, 100.0], "half_even")
@example([0.49999999999999994, 0.5, 1.5, 33.5, 100.0], "down")
def test_answers_next_to_a_tie_are_rounded_as_their_decimals(answers, mode):
    stage = RoundingStage("a", of="points", decimals=0, mode=mode)
    instrument = made(Indicator("a", NUMBER), Indicator("b", NUMBER), rounding_stages=[stage])

    assert_like_the_oracle(instrument, Answers.from_columns({"a": answers, "b": answers}))


def beside(turn):
    return [turn, max(math.nextafter(turn, 0), 0.0), min(math.nextafter(turn, 100), 100.0)]


@given(
    st.lists(st.tuples(st.integers(1, 40_000), st.integers(0, 39 * 10**8)), min_size=5, max_size=5),
    st.integers(-3, 3),
)
def test_shares_of_more_parts_than_floats_can_tell_are_not_taken_for_their_neighbours(pairs, step):
    weights = [1, *(weight for weight, _ in pairs for _ in (0, 1))]
    steps = [step, *(beside for _, size in pairs for beside in (size, -size))]
    members = [Indicator(f"a.i{i}", NUMBER, weight) for i, weight in enumerate(weights)]
    requirement = Requirement("a", at_least=50, of="points")
    columns = {f"a_i{i}": [float(Fraction(50 * 10**8 + each, 10**8))] for i, each in enumerate(steps)}

    assert [int(step >= 0)] == told(made(Group("a"), *members, zones=gated(requirement)), **columns)[1]


# Examples


@pytest.mark.parametrize("kind", [np.float64, np.int16])
def test_full_answers_are_full_on_scales_of_any_length(kind):
    for high in range(1, 200):
        scale = Scale(low=0, high=high)
        instrument = made(
            Indicator("a", scale), Indicator("b", scale), root=Group("*", rule="all_or_nothing")
        )
        columns = {code: np.array([high, high, high - 1], kind) for code in "ab"}

        assert [100, 100, 0] == pelayanan.score(instrument, Answers.from_columns(columns)).total.tolist()


@pytest.mark.parametrize("width", [1, 2, 3, 7])
def test_units_near_a_turn_are_settled_together_with_those_of_other_blocks(monkeypatch, width):
    monkeypatch.setattr("pelayanan.drafts.width_of", lambda rows, units: min(width, units))
    monkeypatch.setattr("pelayanan.estimates._MANY", 0)
    stage = RoundingStage("a", of="points", decimals=0)
    instrument = made(
        Group("a"),
        Indicator("a.x", NUMBER),
        Indicator("a.y", NUMBER),
        Indicator("b", NUMBER),
        root=Group("*", least_answered="2/3"),
        rounding_stages=[stage],
    )
    x, y = [0.1, 1.1, 2.2, 3.3, 99.1, 7, np.nan], [0.9, 1.9, 2.8, np.nan, 99.9, 8, 1.5]
    found = told(instrument, a_x=x, a_y=y, b=[0, 0, 0, 97, 100, 93, np.nan])

    assert [0.5, 1, 1.5, 50, 100, 50.5] == found[0][:6]
    assert np.isnan(found[0][6])
    assert [0, 0, 0, 1, 1, 1, -1] == found[1]


@pytest.mark.parametrize(
    ("mode", "totals"), [("half_even", [0, 0.02, 49.95, 49.94]), ("down", [0, 0.01, 49.95, 49.94])]
)
def test_totals_of_whole_answers_are_rounded_by_their_mode_and_decide_on_another_grid(mode, totals):
    instrument = made(
        Group("a", rule="weakest_link"),
        Indicator("a.x", NUMBER),
        Indicator("a.y", NUMBER),
        Indicator("b", NUMBER),
        rounding=Rounding(2, mode),
        zones=Zones(HALVES.bands, Rounding(1)),
    )
    x = [0.01, 0.03, 49.9, 49.88]

    assert (totals, [0, 0, 1, 0]) == told(instrument, a_x=x, a_y=[100.0] * 4, b=[0, 0, 50, 50])[:2]


def test_shares_of_many_parts_and_totals_of_many_decimals_stay_open():
    instrument = made(
        Group("a", 1, rule="weakest_link"),
        Indicator("a.x", LETTERS),
        Indicator("b", LETTERS, 999_983),
        rounding=Rounding(10),
    )
    table = Answers.from_columns({"a.x": ["A", "B", "D"], "b": ["D", "A", "D"]})
    scores = pelayanan.score(instrument, table)

    assert [float(Rounding(10).of(Fraction(100, 999_984))), 99.9999666661, 0] == scores.total.tolist()
    assert in_whole_numbers(instrument, table) == scores


def test_a_sum_beside_a_rule_counts_what_is_left_out_as_nothing():
    instrument = made(
        Group("a", "0.5", rule="weakest_link"),
        Indicator("a.x", NUMBER),
        Indicator("b", NUMBER, "0.3"),
        Indicator("c", NUMBER, "0.2"),
        root=Group("*", rule="weighted_sum", weights=Weights(1), rescale=False),
    )

    assert ([50, 30, 70], [1, 0, 1]) == told(
        instrument, a_x=[100, np.nan, 100], b=[np.nan, 100, np.nan], c=[np.nan, np.nan, 100]
    )[:2]


def test_a_worst_answer_that_is_no_float_is_not_taken_for_one():
    scale = Scale(low="0.49999999999999999999", high=100)
    stage = RoundingStage("a", of="points", decimals=0)
    instrument = made(
        Indicator("a", scale), Indicator("b", NUMBER), missing="lowest", rounding_stages=[stage]
    )

    assert ([1, 2], [0, 0], [0]) == told(instrument, a=[np.nan, 2], b=[2, 2])


def test_a_sum_that_just_reaches_its_step_or_nearly_does_is_told():
    steps = {"1": [(0, 0)], "2": [(0, 0), ("1.2", "1/4"), ("1.3", 1)]}
    instrument = made(
        Indicator("a", NUMBER, 1), Indicator("b", NUMBER, 1), root=Group("*", rule="step", steps=steps)
    )
    a, b = [70.1, 70.1, 64.9, 64.99999999], [49.9, 49.89999999, 65.1, 65.00000001]

    assert ([25, 0, 100, 100], [0, 0, 1, 1], []) == told(instrument, a=a, b=b)


def test_a_mean_of_fewer_letters_in_a_sum_is_not_taken_for_one_of_all():
    steps = {"1": [(0, 0)], "2": [(0, 0), ("0.55", 1)]}
    yes = Scale(options=[Option("yes", 1), Option("no", 0)])
    instrument = made(
        Group("a", 1),
        *(Indicator(code, yes) for code in ("a.x", "a.y", "a.z")),
        Indicator("b", yes, 1),
        root=Group("*", rule="step", steps=steps),
    )
    columns = {"a.x": ["yes", "yes"], "a.y": ["no", "yes"], "a.z": [None, "no"], "b": ["no", "no"]}
    table = Answers.from_columns(columns)

    assert [0, 100] == pelayanan.score(instrument, table).total.tolist()
    assert [] == drafted(matched(instrument, table, "missing")).open.tolist()


def test_sums_of_long_decimals_are_told_but_for_those_on_a_step():
    steps = {"1": [(0, 0)], "2": [(0, 0), (1, "1/4"), ("1.2", "1/2"), ("1.3", 1)]}
    instrument = made(
        Indicator("a", NUMBER, 1), Indicator("b", NUMBER, 1), root=Group("*", rule="step", steps=steps)
    )
    a, b = [59.9999999999, 60.0000000001, 60.0000000001, 5e-11], [60.0, 60.0, 59.9999999999, 100.0]
    totals = [25, 50, 50, 25]

    assert (totals * 9, [2]) == told_of_many(instrument, a=a * 9, b=b * 9)


def told_of_many(instrument, **columns):
    """Return totals, and which of the first four kinds of units floats leave open."""
    totals, _, still = told(instrument, **columns)
    return totals, sorted({unit % 4 for unit in still})


def test_a_unit_without_a_score_has_no_zone_where_the_lowest_has_no_floor():
    instrument = made(
        Group("a", rule="weakest_link"), Indicator("a.x", LETTERS), Indicator("b", LETTERS), missing="exclude"
    )
    table = Answers.from_columns({"a.x": ["B", None, None], "b": ["D", None, "A"]})
    draft = drafted(matched(instrument, table, "missing"))

    assert [[33.33, 100], []] == [draft.total[[0, 2]].tolist(), draft.open.tolist()]
    assert np.isnan(draft.total[1])
    assert [0, -1, 1] == draft.zone.tolist()


def test_a_unit_falls_below_all_zones_that_require_what_it_misses():
    a, b = (Requirement(code, at_least=60, of="points") for code in "ab")
    floors = [(0, ()), (20, (a,)), (40, (a,)), (50, (b,)), (60, (a, b)), (70, (a, b)), (80, ())]
    bands = [Band("GFEDCBA"[place], floor=floor, requires=each) for place, (floor, each) in enumerate(floors)]
    instrument = made(Indicator("a", NUMBER), Indicator("b", NUMBER), zones=Zones(bands))
    columns = {"a": [100, 90, 59, 80, 59, 100, 60, 50], "b": [100, 59, 90, 80, 60, 0, 59, 40]}

    assert [6, 2, 3, 6, 3, 2, 2, 0] == told(instrument, **columns)[1]


def test_the_float_before_a_full_answer_is_not_full():
    instrument = made(Indicator("a", NUMBER), Indicator("b", NUMBER), root=Group("*", rule="all_or_nothing"))
    a, b = [100.0, 99.99999999999999, 100.0], [100.0, 100.0, 99.99999999]

    assert ([100, 0, 0], [1, 0, 0], [1]) == told(instrument, a=a, b=b)


def test_thirds_of_letters_are_told_where_a_table_turns():
    steps = {"1": [(0, 0)], "2": [(0, 0), (1, "1/2")], "3": [(0, 0), (2, 1)]}
    instrument = made(
        *(Indicator(code, LETTERS, 1) for code in "abc"), root=Group("*", rule="step", steps=steps)
    )
    table = Answers.from_columns({"a": ["B", "B", "C"], "b": ["B", "C", "B"], "c": ["B", "A", None]})

    assert [100, 100, 50] == pelayanan.score(instrument, table).total.tolist()
    assert [] == drafted(matched(instrument, table, "refuse")).open.tolist()


def test_answers_of_more_than_eight_decimals_stay_open_where_they_are_near_a_turn():
    instrument = made(
        Indicator("a", NUMBER),
        Indicator("b", NUMBER),
        zones=gated(Requirement("a", at_least=60, of="points")),
    )
    a = [60, 59.9999999999999, 12.345678901234, 60.00000001]

    assert ([65, 65, 41.17, 65], [1, 0, 0, 1], [1]) == told(instrument, a=a, b=[70] * 4)


def test_means_of_respondents_stay_open_where_they_are_near_a_turn():
    four, stage = Scale(low=1, high=4), RoundingStage("a", of="points", step="1/4")
    instrument = made(Indicator("a", four), Indicator("b", four), maximum=4, rounding_stages=[stage])
    a = (np.array([25, 23, 27]), np.array([8, 8, 9]))

    assert ([3.63, 3.5, 3.5], [0, 0, 0], [0, 1]) == told(instrument, a=a, b=[4, 4, 4])


def lowest(shares, weights, terms):
    return min((share for share in shares if share is not None), default=None)


@pytest.mark.parametrize(
    "fields",
    [
        {"rounding": None},
        {"root": Group("*", rule=Rule("lowest", lowest, version="1"))},
        {"zones": gated(Requirement("a", at_least=30, of="contribution"))},
    ],
)
def test_nothing_is_told_of_rules_of_ones_own_exact_totals_and_weights_that_differ_by_unit(fields):
    stage = RoundingStage("a", of="points", decimals=0)
    instrument = made(Indicator("a", NUMBER), Indicator("b", NUMBER), rounding_stages=[stage], **fields)

    assert [0, 1] == told(instrument, a=[59.5, 80], b=[70, np.nan])[2]


def test_contributions_are_told_where_nothing_is_left_out():
    requirement = Requirement("a", at_least=30, of="contribution")
    instrument = made(
        Indicator("a", NUMBER, 1), Indicator("b", NUMBER, 2), missing="zero", zones=gated(requirement)
    )
    a, b = [90, 89.99, 100, np.nan], [80, 80, np.nan, 100]

    assert ([83.33, 83.33, 33.33, 66.67], [1, 0, 0, 0], []) == told(instrument, a=a, b=b)


def test_contributions_that_are_rounded_stay_open_where_something_is_left_out():
    stage = RoundingStage("a", of="contribution", decimals=0)
    instrument = made(Indicator("a", NUMBER, 1), Indicator("b", NUMBER, 3), rounding_stages=[stage])

    assert ([50.5, 50], [1, 1], [1]) == told(instrument, a=[50, 50], b=[50, np.nan])


def test_shares_of_a_scale_of_pieces_stay_open_near_a_turn_and_wherever_a_rule_jumps():
    fall, stage = Scale(anchors=[(5, 1), (30, 0)]), RoundingStage("b", of="points", decimals=0)
    members = [Indicator("a.x", fall), Indicator("a.y", fall), Indicator("b", fall)]
    a, b = {"a_x": [5, 17.5, 30], "a_y": [5, 5, 17.5]}, [5, 17.625, 17.7]
    jumps = made(Group("a", rule="all_or_nothing"), *members)
    steady = made(Group("a", rule="weakest_link"), *members, rounding_stages=[stage])

    assert ([100, 24.75, 24.6], [1, 0, 0], [0, 1, 2]) == told(jumps, **a, b=b)
    assert ([100, 50, 24.5], [1, 1, 0], [1]) == told(steady, **a, b=b)


def test_totals_of_ten_decimals_stay_open_on_a_tie():
    instrument = made(
        Group("a", 1, rule="weakest_link"),
        Indicator("a.x", NUMBER),
        Indicator("b", NUMBER, 199),
        rounding=Rounding(10),
    )

    assert ([1e-10, 50], [0, 1], [0]) == told(instrument, a_x=[0.00000001, 50], b=[0, 50])


def test_an_indicator_that_is_not_scored_may_be_required_and_counts_for_no_least_answered():
    requirement = Requirement("c", at_least=1, of="share")
    instrument = made(
        Indicator("a", NUMBER),
        Indicator("b", NUMBER),
        Indicator("c", Scale(low=0, high=1), scored=False),
        root=Group("*", least_answered="3/4"),
        zones=gated(requirement),
    )
    a, b, c = [80, 80, 80, np.nan], [80, 80, np.nan, np.nan], [1, np.nan, 1, 1]
    totals, zones, still = told(instrument, a=a, b=b, c=c)

    assert ([80, 80], [1, 0, -1, -1], []) == (totals[:2], zones, still)
    assert np.isnan(totals[2:]).all()


def test_mistakes_in_any_block_are_told_of_all(monkeypatch):
    instrument = made(Group("a", rule="weakest_link"), Indicator("a.x", NUMBER), Indicator("b", NUMBER))
    table = Answers.from_columns({"a.x": [1, 101, 3, 4], "b": [1, 2, 3, -4]})
    monkeypatch.setattr("pelayanan.drafts.width_of", lambda rows, units: 2)
    with pytest.raises(AnswerError) as caught:
        pelayanan.score(instrument, table)

    assert ["unit 1, 'a.x'", "unit 3, 'b'"] == [problem.place for problem in caught.value.problems]


def test_how_an_instrument_is_scored_is_worked_out_once_and_not_carried_along():
    instrument = made(Group("a", rule="weakest_link"), Indicator("a.x", NUMBER), Indicator("b", NUMBER))
    table = Answers.from_columns({"a.x": [1, 30], "b": [1, 2]})
    scores = pelayanan.score(instrument, table)
    plans = list(instrument.tree.plans.values())

    assert scores == pelayanan.score(instrument, table)
    assert plans == list(instrument.tree.plans.values())
    assert scores == pickle.loads(pickle.dumps(scores))
    assert {} == pickle.loads(pickle.dumps(instrument)).tree.plans


def test_what_a_requirement_asks_for_is_worked_out_once_for_a_kind_of_answers():
    a, b = Requirement("a", at_least=60, of="points"), Requirement("b", at_least=30, of="contribution")
    zones = Zones([Band("C", below=50), Band("B", floor=50, requires=[a]), Band("A", floor=80, requires=[b])])
    instrument = made(Indicator("a", NUMBER), Indicator("b", NUMBER), zones=zones)
    table = Answers.from_columns({"a": [59.0, 90.0], "b": [70.0, 90.0]})
    pelayanan.score(instrument, table)
    (plan,) = instrument.tree.plans.values()
    first = dict(plan.required)

    assert [0, 2] == pelayanan.score(instrument, table).zone.tolist()
    assert [True, False] == [first[each] is not None for each in (a, b)]
    assert all(each is plan.required[gate] for gate, each in first.items())
