"""
Floats are as near to exact shares as a plan says, and exact shares are whole in the parts it says.
"""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from test_drafts import number_tables

from pelayanan import Answers, Group, Indicator, Instrument, Scale
from pelayanan.aggregation import RULES
from pelayanan.blocks import Blocks
from pelayanan.criterion import ROOT
from pelayanan.estimates import Block
from pelayanan.exact import fraction
from pelayanan.matching import exact_shares, matched
from pelayanan.plans import Kind, planned
from pelayanan.stages import RoundingStage
from pelayanan.strategies import instruments

NUMBER = Scale(low=0, high=100)


def plan_of(given, asked=()):
    codes = given.instrument.tree.leaves[ROOT]
    blocks = Blocks(given, codes, least=len(codes))
    kinds = tuple(Kind.of(*each) for each in zip(blocks.readers, blocks.worst))
    return blocks, planned(given.instrument.tree, codes, kinds, frozenset(asked))


def filled(given, asked=()):
    """Return the plan of answers, and a block of all units that it filled."""
    blocks, plan = plan_of(given, asked)
    if plan is None:
        return None, None
    units = len(given.answers)
    values, there = np.zeros((len(plan.rows), units)), np.ones((len(plan.rows), units))
    enough = blocks.load(slice(0, units), values[: plan.answers], there[: plan.answers])
    block = Block(values, None if enough is None else there, plan.answers, settles=True)
    for step in plan.full_steps if enough is None else plan.steps:
        step.fill(block)
    return plan, block


TINY = Fraction(1, 10**300)
STEADY = tuple(name for name, rule in RULES.items() if not rule.jumps)
TOLD = st.one_of(
    instruments(depth=3, members=3, conditions=0, forms=("range", "options")),
    instruments(depth=3, members=3, conditions=0, forms=("range", "count", "options"), rules=STEADY),
)


@settings(max_examples=300)
@given(st.data(), TOLD, st.booleans())
def test_shares_are_as_near_to_the_exact_ones_as_their_rows_say(data, instrument, every):
    table = data.draw(number_tables(instrument))
    given = matched(instrument, table, "missing")
    codes = [
        code for code in (ROOT, *instrument.tree.by_code) if code == ROOT or instrument.tree.counts(code)
    ]
    asked = codes if every else [ROOT]
    plan, block = filled(given, asked)
    for unit in np.flatnonzero(~block.open).tolist():
        exact = instrument.tree.shares(exact_shares(given, unit, instrument.tree.leaves[ROOT]))
        short = all(
            (fraction(float(value)) * 10**8).denominator == 1 for value in block.values[: plan.answers, unit]
        )
        for code in asked:
            place = plan.place[code]
            row, number = plan.rows[place], Fraction(block.values[place, unit])
            share = exact[code] or Fraction(0)

            bound = Fraction(row.relative) * share + Fraction(row.absolute)

            assert abs(number * row.worth - share) <= max(bound, TINY)
            assert block.there is None or (block.there[place, unit] == 1) == (exact[code] is not None)
            assert not row.whole or (number.denominator, row.worth.numerator) == (1, 1)
            assert not short or (share * row.parts(block.whole.tobytes()) * 10**8).denominator == 1


def test_where_all_is_answered_groups_that_nobody_asks_for_are_passed_over():
    criteria = [Group("a", 3), Group("a.b", 1), Group("c", 1, rule="weakest_link")]
    criteria += [Indicator(code, NUMBER) for code in ("a.b.x", "a.b.y", "c.x", "c.y")]
    criteria += [Indicator("a.z", NUMBER, 2)]
    instrument = Instrument(id="x", criteria=criteria, maximum=100, missing="exclude", rounding=None)
    columns = {"a.b.x": [90.0], "a.b.y": [30.0], "a.z": [45.0], "c.x": [80.0], "c.y": [10.0]}
    given = matched(instrument, Answers.from_columns(columns), "refuse")
    plan, block = filled(given)
    asked, _ = filled(given, ["a.b"])

    assert ["c", ROOT] == [_code(plan, step) for step in plan.full_steps if _code(plan, step) != "a"]
    assert ["a.b", "c", "a", ROOT] == [_code(plan, step) for step in plan.steps]
    assert "a.b" in [_code(asked, step) for step in asked.full_steps]
    assert np.isclose(0.4, block.values[plan.place[ROOT], 0], rtol=1e-15)


def _code(plan, step):
    return {row: code for code, row in plan.place.items()}[step.row]


def test_criteria_that_are_rounded_alike_are_rounded_together():
    stage = RoundingStage("each", of="points", decimals=0, of_group="*")
    members = [Indicator(code, NUMBER) for code in "abc"]
    instrument = Instrument(
        id="x",
        criteria=[*members, Indicator("d", Scale(low=0, high=5))],
        maximum=100,
        missing="exclude",
        rounding=None,
        rounding_stages=[stage],
    )
    columns = {"a": [10.5], "b": [11.4], "c": [0.49], "d": [2.03]}
    plan, block = filled(matched(instrument, Answers.from_columns(columns), "refuse"))

    assert [slice(4, 7), slice(7, 8)] == [step.rows for step in plan.steps[:-1]]
    assert [11, 11, 0, 41] == block.values[4:8, 0].tolist()
    assert [0, 2] == [bool(step.tolerance) * 2 for step in plan.steps[:-1]]


STEPS = {"1": [(0, 0), (4, 1)], "2": [(0, 0), (3, "1/2"), (8, 1)]}


def stepped(*scales, weights=(4, 4, 4, 4), steps=(STEPS, STEPS)):
    """Return an instrument of two groups with a table each, of two members with these scales and weights."""
    criteria = [Group(code, rule="step", steps=each) for code, each in zip("ab", steps, strict=True)]
    codes = ["a.x", "a.y", "b.x", "b.y"]
    criteria += [Indicator(*each) for each in zip(codes, scales, weights, strict=True)]
    return Instrument(id="x", criteria=criteria, maximum=100, missing="exclude", rounding=None)


def test_neighbours_with_the_same_table_are_looked_up_together():
    columns = {"a.x": [100.0, 30.0], "a.y": [99.0, 44.9], "b.x": [75.0, np.nan], "b.y": [0.0, 100.0]}
    given = matched(stepped(*[NUMBER] * 4), Answers.from_columns(columns), "missing")
    plan, block = filled(given)

    assert [slice(4, 6)] == [step.rows for step in plan.steps[:-1]]
    assert [[1, 0], [1, 2]] == block.values[4:6].tolist()
    assert [[True, True]] * 2 == (block.there[4:6] > 0).tolist()


@pytest.mark.parametrize(
    ("instrument", "groups"),
    [
        (stepped(*[NUMBER] * 4), 1),
        (stepped(*[NUMBER] * 3, Scale(low=0, high=5)), 2),
        (stepped(*[NUMBER] * 4, weights=(4, 4, 4, 5)), 2),
        (stepped(*[NUMBER] * 4, steps=(STEPS, STEPS | {"1": [(0, 0), (3, 1)]})), 2),
    ],
)
def test_groups_of_other_scales_weights_or_tables_are_looked_up_by_themselves(instrument, groups):
    columns = {code: [1.0] for code in ("a.x", "a.y", "b.x", "b.y")}
    plan, _ = filled(matched(instrument, Answers.from_columns(columns), "refuse"))

    assert groups == len(plan.steps) - 1


def test_whole_answers_need_not_be_looked_at_and_have_no_sum_near_a_turn():
    codes = ("a.x", "a.y", "b.x", "b.y")
    tables = [Answers.from_columns({code: np.array([5], kind) for code in codes}) for kind in (float, "i1")]
    plans = [filled(matched(stepped(*[NUMBER] * 4), table, "refuse"))[0] for table in tables]

    assert [frozenset([0]), frozenset()] == [plan.rows[0].answers for plan in plans]
    assert [True, False] == [plan.steps[0].lookup.turns for plan in plans]


def test_only_some_plans_are_kept(monkeypatch):
    monkeypatch.setattr("pelayanan.plans._KEPT", 2)
    instrument = Instrument(
        id="x", criteria=[Indicator("a", NUMBER)], maximum=100, missing="exclude", rounding=None
    )
    kinds = [np.array([1.0]), np.array([1]), np.array(["1"]), np.array([1.0])]
    kept = []
    for column in kinds:
        plan_of(matched(instrument, Answers.from_columns({"a": column}), "refuse"))
        kept.append(len(instrument.tree.plans))

    assert [1, 2, 1, 2] == kept
