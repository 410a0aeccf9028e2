from fractions import Fraction

import attrs
import pytest
from drawn import LINEAR
from hypothesis import given
from hypothesis import strategies as st

import pelayanan
from pelayanan import NOT_APPLICABLE, Condition, Instrument, Rounding
from pelayanan.criteria import Criteria
from pelayanan.criterion import ROOT, Group, Indicator
from pelayanan.errors import InstrumentError
from pelayanan.provenance import Standing
from pelayanan.pruning import OF, cut, pruned
from pelayanan.scales import Option, Scale
from pelayanan.soundness import problems_of
from pelayanan.strategies import instruments
from pelayanan.weighting import Weights

SCALE = Scale(low=0, high=10)
MEASURES = st.sampled_from(OF)
MAXIMA = st.sampled_from([Fraction(1), Fraction(4), Fraction(100), Fraction("1.1")])


def indicator(code, weight=None, **others):
    return Indicator(code, SCALE, weight, **others)


def criteria(*listed, missing="refuse", **root):
    return Criteria(Group(ROOT, **root), listed, missing)


def inside(code: str, above: str) -> bool:
    return code == above or code.startswith(f"{above}.")


KIOSK = criteria(
    Group("input", 60, title="Masukan", weights=Weights(100, "leaves")),
    Group("input.kompetensi", missing="zero"),
    indicator("input.kompetensi.i1", "12.22"),
    indicator("input.kompetensi.i2", "30.00"),
    indicator("input.sarana"),
    indicator("note", scored=False),
    Group("output", 40),
    indicator("output.fees", 3, missing="exclude"),
    indicator("output.door", 1, missing="zero"),
)


@st.composite
def trees_and_cuts(draw):
    """Criteria with some of them, none inside another, that become questions."""
    tree = draw(instruments(members=3, forms=("range", "options"), **LINEAR)).tree
    chosen: list[str] = []
    for code in draw(st.permutations(list(tree.by_code))):
        if not any(inside(code, other) or inside(other, code) for other in chosen):
            chosen.append(code)
    wanted = draw(st.sets(st.sampled_from(chosen), min_size=1))
    return tree, cut(tree, None, wanted)


def answers_to(tree, codes, of, maximum, shares):
    """What a publication prints of each question."""
    unit = {"points": maximum, "share": 1}
    return {
        code: None
        if shares[code] is None
        else shares[code] * unit.get(of, maximum * tree.effective_weights[code])
        for code in codes
    }


@given(trees_and_cuts(), MEASURES, MAXIMA, st.data())
def test_a_pruned_instrument_gives_the_same_exact_totals(both, of, maximum, data):
    tree, codes = both
    left_out = data.draw(st.sets(st.sampled_from(list(tree.by_code)), max_size=3))
    answered = {}
    for code, each in tree.by_code.items():
        if isinstance(each, Indicator):
            none = any(inside(code, above) for above in left_out)
            answered[code] = None if none else data.draw(st.fractions(each.scale.worst, each.scale.best))
    shares = tree.shares(answered)
    coarse = pruned(tree, codes, of, maximum)
    for code, answer in answers_to(tree, codes, of, maximum, shares).items():
        question = coarse.indicator(code)
        answered[code] = None if answer is None else question.scale.share(answer)
    found = coarse.shares(answered)

    assert [] == list(problems_of(coarse))
    assert all(found[code] == shares[code] for code in (*coarse.by_code, ROOT))


@given(trees_and_cuts(), MEASURES, MAXIMA)
def test_effective_weights_of_what_is_left_stay(both, of, maximum):
    tree, codes = both
    coarse = pruned(tree, codes, of, maximum)

    assert all(tree.effective_weights[code] == part for code, part in coarse.effective_weights.items())
    assert [
        code for code in tree.by_code if code in codes or not any(inside(code, each) for each in codes)
    ] == list(coarse.by_code)


@given(trees_and_cuts(), MEASURES, MAXIMA)
def test_a_missing_answer_does_what_it_does_to_all_below_or_is_refused(both, of, maximum):
    tree, codes = both
    coarse = pruned(tree, codes, of, maximum)
    worst = tree.shares(
        {code: each.scale.worst for code, each in tree.by_code.items() if isinstance(each, Indicator)}
    )
    for code in codes:
        below = tree.leaves.get(code, (code,))
        policies = {tree.policy(leaf) for leaf in below}
        question = coarse.indicator(code)

        assert question.missing == "refuse" or {question.missing} == policies
        assert question.missing == "refuse" or question.scale.worst == (
            worst[code] if question.missing == "lowest" else 0
        )
        assert question.missing != "refuse" or policies not in ({"zero"}, {"exclude"})
        assert question.optional == all(tree.indicator(leaf).optional for leaf in below)


@given(trees_and_cuts(), MAXIMA)
def test_pruning_to_shares_again_changes_nothing(both, maximum):
    tree, codes = both
    once = pruned(tree, codes, "share", Fraction(100))

    assert once == pruned(once, codes, "share", maximum)


def test_weights_at_the_leaves_are_added_up():
    coarse = pruned(KIOSK, ("input.kompetensi",), "points", Fraction(100))

    assert ("42.22", "57.78") == (
        str(coarse.by_code["input.kompetensi"].weight),
        str(coarse.by_code["input.sarana"].weight),
    )
    assert [] == list(problems_of(coarse))


def test_weights_at_the_leaves_go_with_their_group():
    coarse = pruned(KIOSK, ("input",), "contribution", Fraction(100))

    assert Fraction(60) == coarse.by_code["input"].weight == coarse.indicator("input").scale.high
    assert ("input", "note", "output", "output.fees", "output.door") == tuple(coarse.by_code)


def test_weights_at_the_leaves_of_the_whole_are_added_up():
    tree = criteria(
        Group("a"),
        indicator("a.x", 1),
        indicator("a.y", 2),
        indicator("b", 5),
        weights=Weights(over="leaves"),
    )
    coarse = pruned(tree, ("a",), "share", Fraction(1))

    assert {"a": 3, "b": 5} == dict(coarse.weights)


def test_the_depth_says_which_criteria_become_questions():
    assert ("input", "output") == cut(KIOSK, 1, None)
    assert ("input.kompetensi", "input.sarana", "output.fees", "output.door") == cut(KIOSK, 2, None)
    assert ("input.sarana", "output") == cut(KIOSK, None, ["output", "input.sarana"])


def test_what_is_not_scored_stays_as_it_is():
    coarse = pruned(KIOSK, cut(KIOSK, 1, None), "points", Fraction(100))

    assert KIOSK.by_code["note"] == coarse.by_code["note"]
    assert ("input", "note", "output") == tuple(coarse.by_code)


def test_a_question_keeps_what_is_known_of_its_criterion():
    standing = {"weight": Standing("inferred", "adds up"), "scale": Standing("assumed")}
    tree = criteria(
        Indicator(
            "a", SCALE, 1, title="Tarif", aliases=["x"], source="S1", standing=standing, disputed="by some"
        )
    )
    question = pruned(tree, ("a",), "points", Fraction(5)).indicator("a")
    expected = Indicator(
        "a",
        Scale(low=0, high=5),
        1,
        title="Tarif",
        aliases=["x"],
        missing="refuse",
        source="S1",
        standing={"weight": standing["weight"]},
        disputed="by some",
    )

    assert expected == question


def test_policies_that_differ_below_a_question_are_refused():
    coarse = pruned(KIOSK, ("input.kompetensi", "output"), "points", Fraction(100))

    assert ("zero", "refuse") == (coarse.policy("input.kompetensi"), coarse.policy("output"))


def test_the_lowest_answer_to_a_question_is_the_lowest_of_all_below():
    likert = Scale(low=1, high=4)
    tree = criteria(
        Group("a"), Indicator("a.x", likert), Indicator("a.y", Scale(low=1, high=2)), missing="lowest"
    )
    scale = pruned(tree, ("a",), "points", Fraction(100)).indicator("a").scale

    assert (Fraction("37.5"), Fraction(100)) == scale.ends


def test_a_question_with_one_share_only_is_refused_where_it_is_missing():
    tree = criteria(Indicator("a", Scale(options=[Option("ya", 1)])), missing="lowest")
    question = pruned(tree, ("a",), "points", Fraction(100)).indicator("a")

    assert ("refuse", Fraction(0)) == (question.missing, question.scale.low)


@pytest.mark.parametrize(
    ("depth", "at", "message"),
    [
        (None, None, "state either depth or at @ pruned"),
        (1, ["input"], "state either depth or at @ pruned"),
        (4, None, "there is no scored criterion at depth 4 @ pruned"),
        (0, None, "there is no scored criterion at depth 0 @ pruned"),
        (None, [], "there is no scored criterion in at @ pruned"),
        (
            None,
            ["input", "input.kompetensi.i1"],
            "it lies inside 'input', which becomes a question @ criteria['input.kompetensi.i1']",
        ),
    ],
)
def test_a_cut_that_cannot_be_is_refused(depth, at, message):
    with pytest.raises(InstrumentError) as error:
        cut(KIOSK, depth, at)

    assert f"pruning: {message}" == str(error.value)
    assert error.value.code == "pruning"


@pytest.mark.parametrize(
    ("codes", "of", "message"),
    [
        (("input",), "nilai", "expected one of 'points', 'share', 'contribution', not 'nilai' @ pruned"),
        (("note",), "points", "it is not scored and has no points @ criteria['note']"),
    ],
)
def test_what_cannot_be_a_question_is_refused(codes, of, message):
    with pytest.raises(InstrumentError) as error:
        pruned(KIOSK, codes, of, Fraction(100))

    assert f"pruning: {message}" == str(error.value)


def test_the_whole_is_not_changed():
    before = attrs.evolve(KIOSK)
    pruned(KIOSK, ("input",), "points", Fraction(100))

    assert before == KIOSK


def test_a_group_whose_share_can_be_more_than_one_is_no_question():
    tree = criteria(
        Group("a", rule="weighted_sum", weights=Weights(1, sum="1.2")),
        indicator("a.x", "0.6"),
        indicator("a.y", "0.6"),
    )
    with pytest.raises(InstrumentError) as error:
        pruned(tree, ("a",), "points", Fraction(100))

    assert (
        "pruning: it has weights that add up to more than the whole, so that its share can be 6/5 @ criteria['a']"
        == str(error.value)
    )


def test_a_token_that_is_an_answer_of_the_new_questions_is_none_any_more():
    scale = Scale(low=0, high=3)
    whole = Instrument(
        id="kios",
        criteria=[Group("a"), Indicator("a.x", scale), Indicator("a.y", scale), Indicator("b", scale)],
        maximum=100,
        missing="exclude",
        rounding=Rounding(2),
        tokens={"99": "missing", "-": "missing"},
    )

    assert ["-"] == list(whole.pruned(depth=1).tokens)
    assert ["99", "-"] == list(whole.pruned(depth=1, of="share").tokens)
    assert 99 == pelayanan.score_one(whole.pruned(depth=1), {"a": 99, "b": "-"}).total


LETTERS = Scale(options=[Option("A", 1), Option("D", "1/4")])


def linked(rule, **fields):
    weight = 4 if rule == "step" else None
    return pelayanan.Instrument(
        id="x",
        criteria=[Indicator("d1", LETTERS, weight), Indicator("d2", LETTERS, weight)],
        root=Group(ROOT, rule=rule, **fields),
        maximum=4,
        missing="exclude",
        rounding=None,
    )


def test_nothing_below_a_rule_that_is_not_linear_is_answered_as_a_contribution():
    with pytest.raises(InstrumentError) as caught:
        linked("weakest_link").pruned(depth=1, of="contribution")

    assert str(caught.value) == (
        "pruning: it stands below a rule that is not linear and has no contribution @ criteria['d1']"
    )


@pytest.mark.parametrize("of", ["points", "share"])
def test_members_of_a_step_table_are_answered_from_their_lowest_on(of):
    whole = linked("step", steps={1: [(1, "1/4"), (4, 1)], 2: [(2, "1/4"), (5, "1/2"), (8, 1)]})
    pruned = whole.pruned(depth=1, of=of)
    unit = {"points": 4, "share": 1}[of]

    assert Fraction(unit, 4) == pruned["d1"].scale.low
    assert pelayanan.score_one(whole, {"d1": "A", "d2": "D"}).exact == (
        pelayanan.score_one(pruned, {"d1": unit, "d2": Fraction(unit, 4)}).exact
    )


def conditional(**fields):
    """A gate beside two groups, one asked only under a condition, and conditions inside both."""
    defaults = {"maximum": 100, "missing": "exclude", "rounding": Rounding(2)}
    criteria = [
        indicator("g"),
        Group(
            "d", asked_if=Condition("g", [9, 10]), tags={"t": "v"}, standing={"tags": Standing("inferred")}
        ),
        indicator("d.x"),
        indicator("d.y", asked_if=Condition("d.x", 10)),
        Group("e"),
        indicator("e.x", optional=True),
        indicator("e.y", asked_if=Condition("g", 1)),
    ]
    return Instrument(**({"id": "bersyarat", "criteria": criteria} | defaults | fields))


def test_a_question_keeps_the_conditions_and_the_tags_of_its_group():
    made = conditional().pruned(at=["d", "e"])

    assert (Condition("g", [9, 10]),) == made["d"].asked_if
    assert {"t": "v"} == dict(made["d"].tags)
    assert {"tags": Standing("inferred")} == dict(made["d"].standing)
    assert () == made["e"].asked_if
    # Nothing of e need apply, as x is optional and y asked under a condition.
    assert [False, True] == [made[code].optional for code in ("d", "e")]


def test_a_pruned_instrument_with_conditions_gives_the_same_exact_totals():
    whole = conditional()
    made = whole.pruned(at=["d", "e"])
    rows = [
        {"g": 9, "d.x": 10, "d.y": 4, "e.x": 3},
        {"g": 10, "d.x": 8, "e.x": 3},
        {"g": 1, "e.x": 7, "e.y": 2},
        {"g": 3, "e.x": NOT_APPLICABLE},
    ]
    for row in rows:
        card = pelayanan.score_one(whole, row)
        points = {code: card[code].points for code in ("d", "e") if card[code].points is not None}

        assert card.exact == pelayanan.score_one(made, {"g": row["g"]} | points).exact


def test_what_is_left_cannot_be_asked_under_a_condition_on_what_is_pruned():
    criteria = [
        Group("a"),
        indicator("a.x"),
        indicator("b", asked_if=[Condition("a.x", 1), Condition("c", 2)]),
        indicator("c"),
        Group("d", asked_if=Condition("a.x", 3)),
        indicator("d.x", asked_if=Condition("a.x", 4)),
    ]
    with pytest.raises(InstrumentError) as caught:
        conditional(criteria=criteria).pruned(depth=1)

    assert [
        "it is asked only where 'a.x' is 1, which is pruned @ criteria['b']",
        "it is asked only where 'c' is 2, which is pruned @ criteria['b']",
        "it is asked only where 'a.x' is 3, which is pruned @ criteria['d']",
    ] == [str(each) for each in caught.value.problems]


def test_a_member_of_a_step_table_that_is_always_full_has_one_answer():
    there = Scale(options=[Option("ada", 1)])
    whole = Instrument(
        id="x",
        criteria=[Group("a", 4), Indicator("a.x", there), Indicator("b", Scale(low=1, high=4), 4)],
        root=Group("*", rule="step", steps={2: [(5, "1/4"), (8, 1)]}),
        maximum=100,
        missing="refuse",
        rounding=Rounding(2),
    )
    pruned = whole.pruned(depth=1)

    assert ["100"] == [option.code for option in pruned["a"].scale.options]
    assert 100 == pelayanan.score_one(pruned, {"a": 100, "b": 100}).total
    assert 25 == pelayanan.score_one(pruned, {"a": 100, "b": 25}).total


def test_where_parts_may_be_left_out_a_group_has_no_lowest_answer():
    likert = Scale(low=1, high=4)
    criteria = [
        Group("a"),
        Indicator("a.x", likert, optional=True),
        Indicator("a.y", Scale(low=0, high=4)),
        Indicator("b", likert),
    ]
    whole = Instrument(id="x", criteria=criteria, maximum=100, missing="lowest", rounding=Rounding(2))
    pruned = whole.pruned(depth=1)
    lowest = pelayanan.score_one(whole, {"a.x": NOT_APPLICABLE, "a.y": 0, "b": 1})

    # Without x the share of a is 0, below 1/8, that of the lowest answers to both.
    assert "refuse" == pruned.tree.policy("a")
    assert lowest.total == pelayanan.score_one(pruned, {"a": 0, "b": 25}).total
