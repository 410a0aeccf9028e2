import importlib
import itertools
import sys
from decimal import Decimal
from fractions import Fraction
from typing import Any

import attrs
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import pelayanan
from pelayanan import (
    MISSING,
    NOT_APPLICABLE,
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
    score_one,
    smallest,
)
from pelayanan import strategies as ps
from pelayanan.aggregation import RULES
from pelayanan.aims import aims_of
from pelayanan.columns import state_or_value
from pelayanan.errors import AnswerError, ExtraError, InstrumentError, PelayananError, PlanError, UnknownError
from pelayanan.exact import Exact
from pelayanan.improve import Change, Outcome, Plan, plan
from pelayanan.milp import Program, Solved
from pelayanan.stages import RoundingStage
from pelayanan.zones import Requirement

BOARD = Scale(options=[Option("tidak", 0), Option("sebagian", "1/2"), Option("ada", 1)])
TEN = Scale(of=10, full=10)
LOW, HIGH = Band("C", floor=0), Band("A", floor=80)


def made(*criteria: Any, bands: Any = (LOW, HIGH), decide_on: Any = "published", **more: Any) -> Instrument:
    settled = {"id": "kios", "maximum": 100, "missing": "refuse", "rounding": Rounding(2)}
    return Instrument(criteria=list(criteria), zones=Zones(bands, decide_on), **settled | more)


def boards(*weights: Any, **more: Any) -> Instrument:
    return made(*(Indicator("abcdefgh"[row], BOARD, each) for row, each in enumerate(weights)), **more)


def steps(found: Plan) -> list[tuple[str, Any, Any]]:
    return [(each.code, each.from_, each.to) for each in found.changes]


def refused(kind: type[PelayananError], *given: Any, **more: Any) -> tuple[str, str]:
    with pytest.raises(kind) as caught:
        plan(*given, **more)
    return caught.value.code, str(caught.value)


# Published figures.


def test_puskesmas_watdek_reaches_yellow_with_one_dimension():
    """
    Printed for 2023: 8.72, 10.76, 20.76 and 9.61, together 49.85, a D (Maluku Tenggara). From 53.995
    on a total is published as 54.00: 4.145 are lacking, so 14.905 of the 32.37 of proses.
    """
    printed = {"input": "8.72", "proses": "10.76", "output": "20.76", "pengaduan": "9.61"}
    instrument = pelayanan.load("ombudsman-2023").pruned(depth=1, of="contribution")
    found = plan(instrument, printed, "C")

    assert Outcome(Decimal("49.85"), instrument.zones.bands[1]) == found.now
    assert [("proses", Fraction("10.76"), Fraction(15))] == [
        (each.code, each.from_, each.to) for each in found.changes
    ]
    assert (Fraction("4.24"), Decimal("54.09"), "C") == (found.changes[0].gain, found.total, found.zone.code)
    assert (Fraction(1), Fraction(1), True) == (found.objective, found.bound, found.proven)


def test_what_is_out_of_reach_is_told_with_the_best_that_there_is():
    """
    With input at 60 and pengaduan at 70 fixed, 100 of the two others give 21.85 x 0.6 + 32.37 + 24.24
    + 21.54 x 0.7 = 84.798, so that the 88 of an A are out of reach.
    """
    instrument = pelayanan.load("ombudsman-2022").pruned(depth=1)
    office = {"input": 60, "proses": 90, "output": 85.5, "pengaduan": 70}
    found = plan(instrument, office, fixed=["input", "pengaduan"])

    assert (False, True, (), None, None) == (
        found.reachable,
        found.proven,
        found.changes,
        found.objective,
        found.bound,
    )
    assert (
        "sekarang: 78,05, zona B\n"
        "zona A hijau tidak terjangkau\n"
        "semua yang tidak tetap pada yang terbaik: 84,80, zona B\n"
        "tetap: input, pengaduan"
    ) == str(found)


# By thought.


def test_the_fewest_changes_take_the_largest_gains_and_no_more_than_is_needed():
    found = plan(boards(50, 30, 20), {"a": "tidak", "b": "ada", "c": "tidak"})

    assert [("a", "tidak", "ada")] == steps(found)
    assert (Decimal("80.00"), Fraction(50)) == (found.total, found.changes[0].gain)


def test_the_least_answer_that_suffices_is_named():
    instrument = made(Indicator("a", Scale(low=0, high=5), 60), Indicator("b", TEN, 40))
    found = plan(instrument, {"a": 1, "b": 9})

    assert [("a", 1, 4)] == steps(found)


def test_costs_decide_what_is_changed():
    instrument, answers = boards(50, 50), {"a": "sebagian", "b": "sebagian"}
    either = {"bands": [LOW, Band("A", floor=75)]}
    instrument = boards(50, 50, **either)
    by_code = plan(instrument, answers, cost={"a": "2.5", "b": "1/3"})
    by_group = plan(instrument, answers, cost={"*": 2, "a": 1})
    by_answer = plan(instrument, answers, cost=lambda code, now, to: {"sebagian": 3}[now] + len(code + to))

    assert ([("b", "sebagian", "ada")], Fraction(1, 3), "cost") == (
        steps(by_code),
        by_code.objective,
        by_code.by,
    )
    assert ([("a", "sebagian", "ada")], 1) == (steps(by_group), by_group.objective)
    assert 7 == by_answer.objective


def test_by_points_nothing_more_is_added_than_must_be():
    instrument = made(Indicator("a", BOARD, 50), Indicator("b", TEN, 50), bands=[LOW, Band("A", floor=70)])
    found = plan(instrument, {"a": "tidak", "b": 6}, by="points")

    assert [("b", 6, 9), ("a", "tidak", "sebagian")] == sorted(steps(found), key=str, reverse=True)
    assert (40, 40, Decimal("70.00")) == (found.objective, found.bound, found.total)


def test_a_total_that_is_rounded_up_to_the_zone_is_in_it():
    instrument = made(Indicator("a", Scale(anchors=[("0.001", 0), ("99.999", 1)])), bands=[LOW, HIGH])
    exact = attrs.evolve(instrument, zones=Zones([LOW, HIGH], "exact"))
    scale = Scale(options=[Option("0", 0), Option("79995", "0.79995"), Option("8", "0.8")])
    instrument, exact = (attrs.evolve(each, criteria=[Indicator("a", scale)]) for each in (instrument, exact))

    assert [("a", 0, "79995")] == steps(plan(instrument, {"a": 0}))
    assert [("a", 0, "8")] == steps(plan(exact, {"a": 0}))


def test_what_a_zone_requires_holds_in_the_plan():
    gate = Requirement("c", at_least="1/2", of="share")
    instrument = boards(50, 45, 5, bands=[LOW, Band("A", floor=80, requires=[gate])])
    found = plan(instrument, {"a": "ada", "b": "tidak", "c": "tidak"})

    assert [("b", "tidak", "ada"), ("c", "tidak", "sebagian")] == steps(found)


def test_members_that_may_fail_are_left_alone():
    gate = Requirement(each_of="*", at_least=50, of="points", exceptions=1, decide_on=Rounding(0, "down"))
    instrument = boards(60, 20, 20, bands=[LOW, Band("A", floor=50, requires=[gate])])
    found = plan(instrument, {"a": "ada", "b": "tidak", "c": "tidak"}, cost={"b": 2, "c": 1, "a": 9})

    assert [("c", "tidak", "sebagian")] == steps(found)


def test_what_is_only_collected_is_changed_where_a_zone_requires_it():
    gate = Requirement("b", at_least=1, of="share")
    instrument = made(
        Indicator("a", BOARD),
        Indicator("b", BOARD, scored=False),
        Indicator("c", BOARD, scored=False),
        bands=[LOW, Band("A", floor=50, requires=[gate])],
    )
    found = plan(instrument, {"a": "ada"})

    assert [("b", None, "ada")] == steps(found)
    assert 0 == found.changes[0].gain


def test_a_better_zone_that_requires_less_is_a_way_too():
    gate = Requirement("a", at_least=1, of="share")
    bands = [LOW, Band("B", floor=50, requires=[gate]), Band("A", floor=80)]
    found = plan(boards(20, 80, bands=bands), {"a": "tidak", "b": "tidak"}, "B", fixed=["a"])

    assert ([("b", "tidak", "ada")], "A") == (steps(found), found.zone.code)


def test_a_plan_does_not_leap_into_a_gap():
    bands = [
        Band("merah", floor=0, ceiling=50, gap_after=True),
        Band("kuning", floor=60, ceiling=70, gap_after=True),
        Band("hijau", floor=90),
    ]
    instrument = made(Indicator("a", Scale(of=20, full=20)), bands=bands)
    found = plan(instrument, {"a": 4}, "kuning")
    beyond = plan(
        boards(40, 40, 20, bands=bands), {"a": "ada", "b": "ada", "c": "tidak"}, "kuning", fixed=["c"]
    )
    only = plan(boards(40, 40, 20, bands=bands), {"a": "ada", "b": "sebagian", "c": "tidak"}, "kuning")

    assert (Fraction(1), True) == (found.objective, found.proven)
    assert found.zone.code in ("kuning", "hijau")
    assert (False, None) == (beyond.reachable, beyond.now.zone)
    assert "kuning" == only.now.zone.code


def test_a_missing_answer_that_is_refused_must_be_given():
    found = plan(boards(80, 20), {"a": "ada"})

    assert ([("b", None, "tidak")], 0) == (steps(found), found.changes[0].gain)
    assert (Outcome(None, None), Decimal("80.00")) == (found.now, found.total)


def test_a_missing_answer_that_is_left_out_may_be_given_or_not():
    instrument = boards(50, 50, missing="exclude")
    lifted = plan(instrument, {"a": "sebagian"}, fixed=["a"])
    raised = plan(instrument, {"a": "sebagian"}, cost={"a": 3, "b": 1})

    assert not lifted.reachable
    assert "75.00, zone C" == str(lifted.best)
    assert ([("a", "sebagian", "ada")], 3) == (steps(raised), raised.objective)


def test_of_many_that_are_left_out_only_some_ways_are_tried_and_that_is_told():
    instrument = boards(*[1] * 8, missing="exclude")
    few, whole = (
        plan(instrument, {"a": answer}, by=by)
        for answer, by in (("tidak", "changes"), ("sebagian", "points"))
    )
    stuck = plan(instrument, {"a": "tidak"}, fixed=["a"])

    assert ([("a", "tidak", "ada")], 1, True) == (steps(few), few.objective, few.proven)
    assert (Fraction(0), False) == (whole.bound, whole.proven)
    assert (True, 2, False, 7) == (stuck.reachable, stuck.bound, stuck.proven, len(stuck.changes))


def test_enough_must_be_answered_for_a_score():
    root = Group("*", least_answered="2/3")
    instrument = boards(80, 10, 10, missing="zero", root=root)
    found = plan(instrument, {"a": "ada"}, cost={"a": 0, "b": 2, "c": 1})
    fewest = plan(instrument, {"a": "ada"})

    assert ([("c", None, "tidak")], Outcome(None, None)) == (steps(found), found.now)
    assert 1 == len(fewest.changes)


def test_what_decides_whether_others_are_asked_stays():
    instrument = made(
        Indicator("a", BOARD, 20),
        Indicator("b", BOARD, 40, asked_if=Condition("a", "ada")),
        Indicator("c", BOARD, 40),
    )
    found = plan(instrument, {"a": "sebagian", "c": "sebagian"}, "A")

    assert (("a",), [("c", "sebagian", "ada")], Decimal("83.33")) == (found.fixed, steps(found), found.total)


def test_what_is_reached_needs_no_plan():
    found = plan(boards(50, 50), {"a": "ada", "b": "ada"}, "C", cost={"*": 1}, fixed=["a"])

    assert ((), True, True, 0, 0) == (
        found.changes,
        found.reachable,
        found.proven,
        found.objective,
        found.bound,
    )
    assert "now: 100.00, zone A\nzone C is reached already\nfixed: a" == found.text("en")


def test_a_plan_under_the_weakest_link_raises_each_link():
    instrument = made(
        *(Indicator(code, BOARD) for code in "abc"),
        root=Group("*", rule="weakest_link"),
        bands=[LOW, Band("A", floor=50)],
    )
    found = plan(instrument, {"a": "tidak", "b": "ada", "c": "tidak"})
    points = plan(instrument, {"a": "tidak", "b": "ada", "c": "tidak"}, by="points")

    assert [("a", "tidak", "sebagian"), ("c", "tidak", "sebagian")] == steps(found) == steps(points)
    assert (2, 2, True) == (found.objective, found.bound, found.proven)
    assert (50, Fraction(49995, 1000), False) == (points.objective, points.bound, points.proven)
    assert [50, 50] == [each.gain for each in found.changes]


def test_a_search_that_is_cut_short_says_how_small_a_plan_could_be(monkeypatch):
    monkeypatch.setattr(smallest, "_ROUNDS", 1)
    steps_of = {3: [(0, 0), ("2.9", 1)]}
    criteria = [Indicator(code, BOARD, 1) for code in "abc"]
    instrument = made(*criteria, root=Group("*", rule="step", steps=steps_of))
    found = plan(instrument, dict.fromkeys("abc", "sebagian"))

    assert (3, Fraction(0), False, True) == (found.objective, found.bound, found.proven, found.reachable)
    assert found.text("en").endswith("another plan may be smaller, but not below 0 (here 3)")


def test_a_solver_that_finds_nothing_in_time_is_helped(monkeypatch):
    monkeypatch.setattr(Program, "solve", lambda self, nodes: Solved(None, Fraction(1, 2), nodes))
    found = plan(boards(50, 50), {"a": "tidak", "b": "tidak"}, cost={"a": 1, "b": 2})

    assert (3, Fraction(1, 2), False) == (found.objective, found.bound, found.proven)


def test_a_change_and_a_plan_are_told_in_both_languages():
    instrument = boards(50, 50, bands=[LOW, Band("A", floor="87.5", label={"id": "hijau", "en": "green"})])
    found = plan(instrument, {"a": "sebagian"})
    priced = plan(instrument, {"a": "ada", "b": "tidak"}, cost={"*": "1.5"})
    points = plan(instrument, {"a": "ada", "b": "tidak"}, by="points")

    assert (
        "sekarang: tanpa nilai\n"
        "ke zona A hijau: perubahan 2:\n"
        "  a: sebagian -> ada, nilai +25\n"
        "  b: tidak dijawab -> ada, nilai +50\n"
        "sesudahnya: 100,00, zona A\n"
        "tidak ada rencana dengan perubahan yang lebih sedikit"
    ) == str(found)
    assert "no plan costs less; this costs 1.5" == priced.text("en").splitlines()[-1]
    assert "tidak ada rencana yang lebih murah; biayanya 1,5" == priced.text().splitlines()[-1]
    assert "no plan adds fewer points; this adds 50" == points.text("nl").splitlines()[-1]
    assert "x: 1,5 -> 2,5, nilai +0,1" == Change("x", Exact("1.5"), Exact("2.5"), Fraction(1, 10)).text()
    assert "x: missing -> ya, points +0" == str(Change("x", None, "ya", Fraction(0)))
    assert ("86,20, tanpa zona", "no score") == (
        Outcome(Decimal("86.20"), None).text(),
        str(Outcome(None, None)),
    )
    assert {"a": "ada", "b": "ada"} == found.answers


@pytest.mark.parametrize(
    ("stage", "expected"),
    [
        (RoundingStage("*", of="points", decimals=0), "59"),
        (RoundingStage("b", of="contribution", decimals=0), "59"),
        (RoundingStage("b", of="contribution", decimals=0, mode="down"), "100"),
        (RoundingStage("b", of="points", step=20), "59"),
    ],
)
def test_what_is_rounded_on_the_way_counts_as_rounded(stage, expected):
    """59 of 100 points are 29.5 of the 80 that are lacking 30; in steps of 20 they are 60."""
    scale = Scale(options=[Option("0", 0), Option("59", "0.59"), Option("100", 1)])
    instrument = made(
        Indicator("a", BOARD), Indicator("b", scale), rounding=Rounding(0, "down"), rounding_stages=[stage]
    )
    found = plan(instrument, {"a": "ada", "b": "0"})

    assert ([("b", "0", expected)], True) == (steps(found), found.proven)


def test_a_group_without_a_score_fails_what_is_required_of_each():
    def zoned(exceptions: int) -> Instrument:
        gate = Requirement(each_of="*", at_least=1, of="share", exceptions=exceptions)
        criteria = [Indicator("a", BOARD, 60), Group("g", 40), Indicator("g.x", BOARD, optional=True)]
        root = Group("*", rule="weighted_sum", weights=Weights(100), rescale=False)
        return made(*criteria, root=root, bands=[LOW, Band("A", floor=10, requires=[gate])])

    answers = {"a": "sebagian", "g.x": NOT_APPLICABLE}

    assert not plan(zoned(0), answers).reachable
    assert [("a", "sebagian", "ada")] == steps(plan(zoned(1), answers))


def test_costs_that_a_float_cannot_tell_apart_are_told_apart():
    near, far = 10**12, 10**12 + 1
    instrument = boards(50, 50, bands=[LOW, Band("A", floor=50)])
    both = [plan(instrument, ANSWERED, cost=dict(zip("ab", costs))) for costs in ((near, far), (far, near))]

    assert [("a", near, True), ("b", near, True)] == [
        (each.changes[0].code, each.objective, each.proven) for each in both
    ]


def test_of_answers_that_are_worth_the_same_the_cheapest_and_then_the_nearest_is_named():
    falling = Scale(anchors=[(0, 1), (10, 1), (20, 0)])
    twins = Scale(options=[Option("x", 1), Option("y", 1), Option("z", 1), Option("o", 0)])
    nearest = plan(made(Indicator("a", falling)), {"a": 20}, by="points")
    cheapest = plan(
        made(Indicator("a", twins)), {"a": "o"}, cost=lambda _, now, to: {"x": 2, "y": 1, "z": 3}[to]
    )

    assert [("a", 20, 12)] == steps(nearest)
    assert [("a", "o", "y")] == steps(cheapest)


def test_a_total_above_the_highest_band_is_in_no_zone():
    root = Group("*", rule="weakest_link")
    bands = [LOW, Band("A", floor=50, ceiling=70)]
    criteria = [Indicator("a", Scale(options=[Option("tidak", 0), Option("ada", 1)])), Indicator("b", BOARD)]
    instrument = made(*criteria, root=root, bands=bands)
    found = plan(instrument, {"a": "tidak", "b": "ada"})
    points = plan(instrument, {"a": "tidak", "b": "ada"}, by="points")
    stuck = plan(instrument, {"a": "tidak", "b": "ada"}, by="points", fixed=["a"])

    assert (False, True, None, "100.00, no zone") == (
        found.reachable,
        found.proven,
        found.bound,
        str(found.best),
    )
    assert (False, False, Fraction("49.995")) == (points.reachable, points.proven, points.bound)
    assert "zone A is out of reach" == found.text("en").splitlines()[1]
    assert "no plan to zone A was found" == points.text("en").splitlines()[1]
    assert (False, True, None) == (stuck.reachable, stuck.proven, stuck.bound)


def test_a_zone_that_requires_more_than_a_lower_one_is_no_way_of_its_own():
    def gates(least: int) -> list[Requirement]:
        return [Requirement("a", at_least=least, of="contribution")]

    bands = [LOW, Band("WBK", floor=75, requires=gates(40)), Band("WBBM", floor=85, requires=gates(48))]
    less = [LOW, Band("WBK", floor=75, requires=gates(48)), Band("WBBM", floor=85, requires=gates(40))]

    assert [Fraction("74.995")] == [aim.start[0] for aim in aims_of(boards(60, 40, bands=bands), 1)]
    assert [Fraction("74.995"), Fraction("84.995")] == [
        aim.start[0] for aim in aims_of(boards(60, 40, bands=less), 1)
    ]


EITHER = Scale(options=[Option("tidak", 0), Option("ada", 1)])


def test_the_cheapest_is_found_where_the_total_is_rounded_on_the_way():
    """A total of 49.5 becomes 50: a alone costs 3, b and c together 4."""
    short = Scale(options=[Option("tidak", 0), Option("ada", "0.99")])
    criteria = [Indicator("a", short, 50), Indicator("b", EITHER, 25), Indicator("c", EITHER, 25)]
    stages = [RoundingStage("*", of="points", decimals=0)]
    instrument = made(*criteria, bands=[LOW, Band("A", floor=50)], rounding_stages=stages)
    found = plan(instrument, dict.fromkeys("abc", "tidak"), cost={"a": 3, "b": 2, "c": 2})

    assert ([("a", "tidak", "ada")], 3, True) == (steps(found), found.objective, found.proven)


def test_the_cheapest_is_found_under_a_step_rule():
    """The sum 2 is reached by a alone, which costs 3, and by b and c together, which cost 4."""
    table = {3: [(0, 0), (2, 1)]}
    criteria = [Indicator("a", EITHER, 2), Indicator("b", EITHER, 1), Indicator("c", EITHER, 1)]
    instrument = made(*criteria, root=Group("*", rule="step", steps=table))
    found = plan(instrument, dict.fromkeys("abc", "tidak"), cost={"a": 3, "b": 2, "c": 2})

    assert ([("a", "tidak", "ada")], 3, True) == (steps(found), found.objective, found.proven)


def test_a_zone_that_admits_more_failures_than_a_lower_one_is_a_way_of_its_own():
    def bands(*exceptions: int) -> list[Band]:
        gates = [[Requirement(each_of="*", at_least=1, of="share", exceptions=each)] for each in exceptions]
        return [LOW, Band("B", floor=50, requires=gates[0]), Band("A", floor=80, requires=gates[1])]

    assert [2, 1] == [
        len(aims_of(boards(60, 40, bands=bands(*exceptions)), 1)) for exceptions in ((0, 1), (1, 0))
    ]


# Programs.


def test_rows_of_long_numbers_are_made_easier_and_never_harder():
    thirds = Fraction(10**9, 3)
    program = Program({"a": Fraction(1), "b": Fraction(1)})
    program.at_least({"a": thirds, "b": thirds + Fraction(1, 10**12)}, thirds + Fraction(1, 10**12))
    solved = program.solve(100)

    assert 1 == len(solved.chosen)
    assert 1 == solved.least


def test_many_terms_of_a_long_row_are_enough_together():
    """Four times 19 is 76; in a row scaled by a tenth that is 7.6, and the terms are 1.9 each."""
    program = Program(dict.fromkeys("abcd", Fraction(1)) | {"z": Fraction(100)})
    program.at_least(dict.fromkeys("abcd", Fraction(19)) | {"z": Fraction(10**7)}, Fraction(76))

    assert frozenset("abcd") == program.solve(100).chosen


def test_a_strict_row_is_not_met_by_its_bound():
    program = Program({"a": Fraction(1), "b": Fraction("0.5")})
    program.at_least({"a": Fraction(1, 2), "b": Fraction(1, 3)}, Fraction(1, 3), strict=True)
    solved = program.solve(100)

    assert (frozenset("a"), 1) == (solved.chosen, solved.least)


def test_a_program_without_a_solution_has_none():
    program = Program({"a": Fraction(1)})
    program.at_least({"a": Fraction(1)}, Fraction(2))

    assert program.solve(100) is None


def test_costs_of_long_numbers_give_a_bound_that_is_not_above_them():
    long = Fraction(10**9 + 1, 7**3)
    program = Program({"a": long, "b": long + Fraction(1, 11)})
    program.at_least({"a": Fraction(1), "b": Fraction(1)}, Fraction(1))
    solved = program.solve(100)

    assert 0 <= long - solved.least <= long / 10**6


@attrs.frozen
class Stopped:
    status: int = 1
    x: Any = None
    mip_dual_bound: Any = None
    mip_node_count: Any = None


@pytest.mark.parametrize("bound", [None, float("-inf"), -0.3])
def test_a_solver_that_stopped_without_anything_has_bound_nothing(monkeypatch, bound):
    optimize = importlib.import_module("scipy.optimize")
    monkeypatch.setattr(optimize, "milp", lambda *_, **__: Stopped(mip_dual_bound=bound))

    assert Solved(None, Fraction(0), 0) == Program({"a": Fraction(1)}).solve(100)


# Properties.


def real(scale: Scale) -> list[Any]:
    """The real answers of a scale, by thought."""
    if scale.options:
        return [option.code for option in scale.options if option.share is not None]
    if scale.full is not None:
        return list(range(int(scale.full) + 1))
    return [start for start, _ in scale.steps]


@st.composite
def gated(draw, instrument: Instrument) -> Instrument:
    """The instrument with requirements of some of its zones, as far as they can be met."""
    for place in range(len(instrument.zones.bands)):
        groups = [group.code for group in instrument.tree.groups if instrument.tree.members[group.code]]
        of = draw(st.sampled_from(["share", "points", "contribution"]))
        part = draw(st.sampled_from([Fraction(1, 2), Fraction(1, 4), Fraction(3, 5), Fraction(1, 10)]))
        unit = {"share": Fraction(1), "points": instrument.maximum, "contribution": instrument.maximum / 3}[
            of
        ]
        about: dict[str, Any] = {"criterion": draw(st.sampled_from(["*", *instrument.criteria]))}
        if draw(st.booleans()):
            code = draw(st.sampled_from(groups))
            about = {"each_of": code, "exceptions": draw(st.integers(0, 1))}
        grid = draw(st.sampled_from([None, None, Rounding(0), Rounding(1, "half_even")]))
        bands = list(instrument.zones.bands)
        if draw(st.booleans()):
            gate = Requirement(at_least=part * unit, of=of, decide_on=grid, **about)
            bands[place] = attrs.evolve(bands[place], requires=[gate])
        try:
            instrument = attrs.evolve(instrument, zones=attrs.evolve(instrument.zones, bands=bands))
        except InstrumentError:
            continue
    return instrument


@attrs.frozen
class Case:
    instrument: Instrument
    answers: dict[str, Any]
    fixed: list[str]
    target: str
    by: str
    costs: dict[str, Any]

    def cost(self, code: str, _: Any, to: Any) -> Fraction:
        return Fraction(self.costs[code]) + (len(str(to)) % 3 if self.by == "function" else 0)

    def planned(self) -> Plan:
        given: dict[str, Any] = {"by": self.by}
        if self.by in ("cost", "function"):
            given = {"cost": self.costs if self.by == "cost" else self.cost}
        return plan(self.instrument, self.answers, self.target, fixed=self.fixed, **given)

    @property
    def place(self) -> int:
        return [band.code for band in self.instrument.zones.bands].index(self.target)


@st.composite
def cases(draw, *, conditions: int = 0, **more: Any) -> Case:
    forms = ("options", "count", "steps")
    instrument = draw(
        ps.instruments(depth=2, members=2, forms=forms, conditions=conditions, **more).filter(
            lambda each: len(each.indicators) <= 5
        )
    )
    instrument = draw(gated(instrument))
    answers = draw(ps.answers(instrument))
    decisive = {each.criterion for held in instrument.tree.conditions.values() for each in held}
    for code in draw(st.sets(st.sampled_from(sorted(answers)), max_size=2)):
        if answers[code] is not NOT_APPLICABLE and code not in decisive:
            answers[code] = MISSING
    fixed = [
        code
        for code in draw(st.lists(st.sampled_from(sorted(answers)), max_size=1))
        if answers[code] is not MISSING or instrument.tree.policy(code) != "refuse"
    ]
    costs = {code: draw(st.sampled_from([0, 1, 2, "1/3", "2.5", 7])) for code in answers}
    target = draw(st.sampled_from([band.code for band in instrument.zones.bands]))
    return Case(
        instrument,
        answers,
        fixed,
        target,
        draw(st.sampled_from(["changes", "points", "cost", "function"])),
        costs,
    )


def worth(case: Case, code: str) -> Fraction | None:
    """What an answer is worth as it is, by what the instrument says of missing ones."""
    scale, answer = case.instrument[code].scale, case.answers[code]
    if answer is NOT_APPLICABLE:
        return None
    if answer is not MISSING:
        return scale.share(answer)
    return {"refuse": Fraction(0), "zero": Fraction(0), "lowest": scale.worst, "exclude": None}[
        case.instrument.tree.policy(code)
    ]


def exhausted(case: Case) -> Fraction | None:
    """The smallest of all plans, by trying each combination of better answers; nothing where none is."""
    instrument = case.instrument
    decisive = {each.criterion for held in instrument.tree.conditions.values() for each in held}
    unasked = instrument.tree.unasked({code: state_or_value(each) for code, each in case.answers.items()})
    held = decisive | unasked | set(case.fixed)
    possible = []
    for each in instrument.indicators:
        answer = case.answers[each.code]
        free = each.code not in held and answer is not NOT_APPLICABLE
        better = [
            to
            for to in (real(each.scale) if free else [])
            if answer is MISSING or each.scale.share(to) > each.scale.share(answer)
        ]
        possible.append([(each.code, None), *((each.code, to) for to in better)])
    found = []
    for chosen in itertools.product(*possible):
        changes = {code: to for code, to in chosen if to is not None}
        try:
            card = score_one(instrument, case.answers | changes)
        except AnswerError:
            continue
        if card.zone not in instrument.zones.bands[case.place :]:
            continue
        if not changes:
            return Fraction(0)
        found.append(size(case, changes, card.exact, unasked))
    return min(found, default=None)


def size(case: Case, changes: dict[str, Any], total: Fraction, unasked: Any) -> Fraction:
    if case.by == "changes":
        return Fraction(len(changes))
    if case.by != "points":
        return sum((case.cost(code, None, to) for code, to in changes.items()), Fraction(0))
    scored = case.instrument.tree.leaves["*"]
    before = {code: None if code in unasked else worth(case, code) for code in scored}
    before |= {code: before[code] or Fraction(0) for code in changes if code in before}
    return total - case.instrument.maximum * (case.instrument.tree.shares(before)["*"] or 0)


def check_reaches(case: Case, found: Plan) -> None:
    """A plan names real answers of what may change, and gives what it says when it is applied."""
    card = score_one(case.instrument, case.answers | found.answers)

    assert (found.total, found.zone) == (card.total, card.zone)
    assert card.zone in case.instrument.zones.bands[case.place :]
    for each in found.changes:
        assert each.code not in case.fixed
        assert case.answers[each.code] is not NOT_APPLICABLE
        assert each.to in [
            Fraction(to) if not isinstance(to, str) else to for to in real(case.instrument[each.code].scale)
        ]


LINEAR = {"rules": ("weighted_mean", "weighted_sum"), "stages": 0}
SLOW = settings(suppress_health_check=list(HealthCheck), deadline=None)


@given(st.one_of(cases(**LINEAR, conditions=0), cases(**LINEAR, conditions=2)))
@SLOW
def test_a_plan_is_as_small_as_the_smallest_of_all(case):
    best = exhausted(case)
    try:
        found = case.planned()
    except PlanError:
        assert best is None
        return

    assert (best is not None, best, True) == (found.reachable, found.objective, found.proven)
    assert found.objective == found.bound
    if found.reachable:
        check_reaches(case, found)
    if case.by == "points":
        assert found.objective in (None, sum((each.gain for each in found.changes), Fraction(0)))


@given(cases(rules=tuple(RULES), stages=2))
@SLOW
def test_a_plan_of_any_rule_reaches_and_no_plan_is_below_its_bound(case):
    best = exhausted(case)
    try:
        found = case.planned()
    except PlanError:
        assert best is None
        return

    assert (best is None) == (not found.reachable)
    if found.reachable:
        check_reaches(case, found)
        assert found.bound <= best <= found.objective
        assert found.proven == (found.bound == found.objective)


def test_a_plan_by_cost_of_forty_indicators_with_gates_is_proven():
    weights = ["21.85", "32.37", "24.24", "11.54", "10"]
    criteria: list[Any] = []
    for row, weight in enumerate(weights):
        criteria.append(Group(f"d{row}", weight))
        criteria += [Indicator(f"d{row}.i{each}", BOARD, f"{7 + 3 * each}.{row}") for each in range(8)]
    gates = [
        Requirement(each_of="*", at_least="3/5", of="share"),
        Requirement(each_of="d2", at_least="1/2", of="share", exceptions=2),
        Requirement("d0", at_least=18, of="contribution"),
    ]
    instrument = made(*criteria, bands=[LOW, Band("A", floor=88, requires=gates)])
    codes = [each.code for each in instrument.indicators]
    answers = {code: ["tidak", "sebagian", "ada"][number % 7 % 3] for number, code in enumerate(codes)}
    found = plan(instrument, answers, cost={code: 1 + number * 7 % 11 for number, code in enumerate(codes)})

    assert (True, True, "A") == (found.reachable, found.proven, found.zone.code)
    assert "A" == score_one(instrument, answers | found.answers).zone.code


# Without the extra.


def test_without_the_extra_the_fewest_changes_are_found_where_nothing_is_required(monkeypatch):
    monkeypatch.setitem(sys.modules, "scipy.optimize", None)
    gate = Requirement("b", at_least=1, of="share")
    answers = {"a": "tidak", "b": "tidak"}
    found = plan(boards(80, 20), answers)
    met = plan(boards(20, 80, bands=[LOW, Band("A", floor=80, requires=[gate])]), answers)
    said = (
        "extra-lacking",
        "this plan needs an integer program, and scipy is not installed; install the extra, "
        "pip install 'pelayanan[optimise]'",
    )

    assert [("a", "tidak", "ada")] == steps(found)
    assert [("b", "tidak", "ada")] == steps(met)
    assert said == refused(ExtraError, boards(80, 20), answers, cost={"*": 1})
    assert said == refused(ExtraError, boards(80, 20), answers, by="points")
    assert said == refused(
        ExtraError, boards(80, 20, bands=[LOW, Band("A", floor=80, requires=[gate])]), answers
    )


# Messages.

ANSWERED = {"a": "tidak", "b": "tidak"}


@pytest.mark.parametrize(
    ("kind", "more", "expected"),
    [
        (UnknownError, {"target": "A+"}, ("unknown-zone", "kios has no zone 'A+'; did you mean 'A'?")),
        (UnknownError, {"target": "WBK"}, ("unknown-zone", "kios has no zone 'WBK'; known are 'C', 'A'")),
        (
            UnknownError,
            {"fixed": ["aa"]},
            ("unknown-criterion", "kios has no criterion 'aa'; did you mean 'a'?"),
        ),
        (
            UnknownError,
            {"cost": {"a": 1, "bb": 1}},
            ("unknown-criterion", "kios has no criterion 'bb'; did you mean 'b'?"),
        ),
        (
            PlanError,
            {"cost": {"a": 1, "b": "-0.5"}},
            ("cost", "kios: the cost of 'b' is -0.5; a cost is 0 or more"),
        ),
        (PlanError, {"cost": lambda *_: -1}, ("cost", "kios: the cost of 'a' is -1; a cost is 0 or more")),
        (
            PlanError,
            {"cost": {"a": "dear"}},
            ("cost", "kios: the cost of 'a' is no number: expected a number, not 'dear'"),
        ),
        (
            PlanError,
            {"cost": {"a": 1}},
            ("cost", "kios: there is no cost of 'b'; name one, or fix the answer"),
        ),
        (
            PlanError,
            {"by": "effort"},
            ("by", "kios: expected by = 'changes', 'points' or 'cost', not 'effort'"),
        ),
        (
            PlanError,
            {"by": "cost"},
            ("by", "kios: a plan by cost needs costs; say cost= for each indicator that may change"),
        ),
        (
            PlanError,
            {"by": "points", "cost": {"*": 1}},
            ("by", "kios: a plan by points has no costs; leave cost out, or say by='cost'"),
        ),
        (PlanError, {"fixed": "ab"}, ("fixed", "kios: fixed is a list of codes, not the text 'ab'")),
    ],
)
def test_what_cannot_be_asked_is_refused(kind, more, expected):
    assert expected == refused(kind, boards(50, 50), ANSWERED, **more)


def test_fixed_answers_that_contradict_are_refused():
    missing = refused(PlanError, boards(50, 50), {"a": "ada"}, fixed=["b"])
    scoreless = refused(PlanError, boards(50, 50, missing="exclude"), {}, fixed=["*"])

    assert (
        "fixed-missing",
        "kios: 'b' may not change and is missing, and missing answers are refused; give its answer",
    ) == missing
    assert (
        "no-score",
        "kios: with what may not change the unit has no score; leave more answers free",
    ) == scoreless


def test_answers_that_cannot_be_scored_are_refused_and_instruments_without_zones():
    wrong = refused(AnswerError, boards(50, 50), {"a": "adda"})
    zoneless = refused(UnknownError, boards(50, 50, bands=[]), ANSWERED)

    assert (
        "outside-scale",
        "kios: the answer 'adda' is no option of the scale; did you mean 'ada'? @ unit 0, 'a'",
    ) == wrong
    assert ("unknown-zone", "kios has no zone 'A'; it has no zones") == zoneless


def test_a_way_into_a_zone_that_lies_between_two_published_totals_is_none():
    bands = [LOW, Band("B", above="50.001", ceiling="50.004", gap_after=True), Band("A", floor=80)]

    assert [("79.995", None)] == [
        (str(float(aim.start[0])), aim.end) for aim in aims_of(boards(50, 50, bands=bands), 1)
    ]
