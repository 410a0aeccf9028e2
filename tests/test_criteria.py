from fractions import Fraction

import attrs
import pytest
from drawn import LINEAR
from hypothesis import given
from hypothesis import strategies as st

from pelayanan import MISSING, NOT_APPLICABLE
from pelayanan.aggregation import WEIGHTED_SUM, Rule, Terms
from pelayanan.conditions import Condition
from pelayanan.criteria import Criteria
from pelayanan.criterion import ROOT, Group, Indicator, lineage, parent_of
from pelayanan.errors import InstrumentError, Problem
from pelayanan.scales import Option, Scale
from pelayanan.soundness import problems_of
from pelayanan.stages import RoundingStage
from pelayanan.strategies import instruments
from pelayanan.weighting import Weights

SCALE = Scale(low=0, high=100)
PLAIN = {"members": 3, "forms": ("range",)}
trees = instruments(**PLAIN, **LINEAR).map(lambda instrument: instrument.tree)
means = instruments(rules=("weighted_mean",), stages=0, **PLAIN).map(lambda instrument: instrument.tree)


def indicator(code, weight=None, **others):
    return Indicator(code, SCALE, weight, **others)


def criteria(*listed, head="refuse", **root):
    return Criteria(Group(ROOT, **root), listed, head)


def told(*listed, **root):
    return [str(problem) for problem in problems_of(criteria(*listed, **root))]


def indicators_of(tree):
    return [each for each in tree.listed if isinstance(each, Indicator)]


@st.composite
def answered(draw, kind=trees, absent=True):
    """Criteria with the share of each indicator, some left out."""
    tree = draw(kind)
    shares = st.fractions(0, 1, max_denominator=20)
    one = st.one_of(st.none(), shares) if absent else shares
    return tree, {each.code: draw(one) for each in indicators_of(tree)}


def share_by_hand(tree, code, given_shares):
    """The mean or sum over what the group combines, from the top, in plain arithmetic."""
    if code in given_shares:
        return given_shares[code]
    group = tree.group(code)
    rows = [
        (share_by_hand(tree, member, given_shares), tree.weights[member]) for member in tree.combined[code]
    ]
    there = [(share, weight) for share, weight in rows if share is not None]
    if not there:
        return None
    products = sum(share * weight for share, weight in there)
    if group.rule is not WEIGHTED_SUM:
        return products / sum(weight for _, weight in there)
    if group.rescale:
        products *= sum(weight for _, weight in rows) / sum(weight for _, weight in there)
    return products / group.weights.whole


def test_weights_printed_at_the_leaves_are_parts_of_their_dimension():
    tree = criteria(
        Group("input", "21.85", weights=Weights(100, "leaves")),
        Group("input.kompetensi"),
        indicator("input.kompetensi.i1", "12.22"),
        indicator("input.kompetensi.i2", "37.78"),
        Group("input.sarana"),
        indicator("input.sarana.i3"),
        indicator("proses", "78.15"),
        weights=Weights(100),
    )
    effective = tree.effective_weights

    assert [] == list(problems_of(tree))
    assert Fraction("21.85") * Fraction("12.22") / 10000 == effective["input.kompetensi.i1"]
    assert Fraction("21.85") * 50 / 10000 == effective["input.kompetensi"] == effective["input.sarana.i3"]
    assert Fraction("0.2185") == effective["input"]
    one = tree.shares({"input.kompetensi.i1": Fraction(1), "input.kompetensi.i2": Fraction(0)})

    assert Fraction("12.22") / 50 == one["input.kompetensi"] == one["input"]
    assert 50 == tree.weights["input.kompetensi"] == tree.weights["input.sarana"]


@given(means)
def test_effective_weights_of_means_add_up_to_one(tree):
    effective = tree.effective_weights

    assert 1 == effective[ROOT] == sum(effective[code] for code in tree.leaves[ROOT])
    for group in tree.groups:
        assert effective[group.code] == sum(effective[code] for code in tree.leaves[group.code])


@given(means)
def test_the_weights_of_members_are_parts_of_their_group(tree):
    for group in tree.groups:
        codes = tree.combined[group.code]
        total = sum(tree.weights[code] for code in codes)
        for code in codes:
            part = tree.effective_weights[group.code] * tree.weights[code] / total

            assert part == tree.effective_weights[code]


@given(answered(absent=False))
def test_effective_weights_say_what_each_share_adds_to_the_total(both):
    tree, shares = both
    added = [tree.effective_weights[code] * shares[code] for code in tree.leaves[ROOT]]

    assert sum(added) == tree.shares(shares)[ROOT]


@given(answered())
def test_the_share_of_every_criterion_is_that_of_its_members(both):
    tree, shares = both
    by_hand = {code: share_by_hand(tree, code, shares) for code in (*tree.by_code, ROOT)}

    assert by_hand == tree.shares(shares)


@given(answered(), st.randoms())
def test_the_order_of_the_criteria_does_not_matter(both, random):
    tree, shares = both
    listed = list(tree.listed)
    random.shuffle(listed)
    shuffled = attrs.evolve(tree, listed=listed)
    effective = shuffled.effective_weights

    assert [] == list(problems_of(shuffled))
    assert tree.weights == shuffled.weights
    assert tree.effective_weights == effective
    assert tree.shares(shares) == shuffled.shares(shares)
    assert {code: set(codes) for code, codes in tree.leaves.items()} == {
        code: set(codes) for code, codes in shuffled.leaves.items()
    }


@given(answered(), st.data())
def test_a_better_answer_never_gives_less(both, data):
    tree, shares = both
    better = {
        code: share if share is None else data.draw(st.fractions(share, 1)) for code, share in shares.items()
    }

    before, after = tree.shares(shares), tree.shares(better)

    assert all(before[code] is None or before[code] <= after[code] for code in before)
    assert [code for code in before if before[code] is None] == [
        code for code in after if after[code] is None
    ]


@given(trees)
def test_members_and_leaves_are_those_whose_codes_begin_with_the_group(tree):
    for group in tree.groups:
        below = [code for code in tree.by_code if group.code == ROOT or code.startswith(f"{group.code}.")]

        assert tuple(code for code in below if parent_of(code) == group.code) == tree.members[group.code]
        assert {code for code in below if isinstance(tree.by_code[code], Indicator)} == set(
            tree.leaves[group.code]
        )


@given(trees)
def test_drawn_criteria_are_sound_and_found_by_code(tree):
    assert [] == list(problems_of(tree))
    assert list(tree.listed) == list(tree.by_code.values())
    assert tree.root is tree.group(ROOT) is tree.groups[0]
    for each in tree.listed:
        kind, other = tree.indicator, tree.group
        if isinstance(each, Group):
            kind, other = other, kind

        assert each is kind(each.code)
        with pytest.raises(KeyError) as error:
            other(each.code)
        assert error.value.args == (each.code,)


@given(trees)
def test_the_arrays_of_a_criterion_give_its_leaves_their_effective_weights(tree):
    for code in (ROOT, *tree.by_code):
        arrays, leaves = tree.tree(code)
        own = tree.combined.get(code)
        whole = tree.effective_weights[code]

        assert set(tree.leaves.get(code, (code,))) == set(leaves)
        assert own is None or own or not leaves
        assert [tree.effective_weights[leaf] / whole for leaf in leaves] == list(
            arrays.effective[: len(leaves)]
        )
        assert tree.tree(code)[0] is arrays


@given(trees, st.sampled_from(["refuse", "zero", "lowest", "exclude"]))
def test_the_nearest_policy_holds(tree, head):
    tree = attrs.evolve(tree, missing=head)
    for code in (*tree.by_code, ROOT):
        parts = code.split(".")
        path = [".".join(parts[:depth]) for depth in range(len(parts), 0, -1)] if code != ROOT else []
        said = [tree.by_code[each].missing for each in path] + [tree.root.missing, head]

        assert next(each for each in said if each) == tree.policy(code)
    for each in indicators_of(tree):
        assert (each.optional or tree.policy(each.code) == "exclude") == tree.may_be_left_out(each.code)


def test_what_may_be_not_applicable_may_be_left_out():
    tree = criteria(Group("a"), indicator("a.x", optional=True), indicator("a.y"), head="zero")

    assert (True, False) == (tree.may_be_left_out("a.x"), tree.may_be_left_out("a.y"))


def test_what_a_rule_takes_besides_shares_and_weights():
    tree = criteria(
        Group("a", rule="weighted_sum", weights=Weights("0.999"), rescale=True), indicator("a.x", "0.5")
    )

    assert Terms(Fraction("0.999"), True) == tree.terms(tree.group("a"))
    assert Terms(Fraction(1), False) == tree.terms(tree.root)


def test_what_is_not_scored_has_no_part_in_the_total():
    tree = criteria(
        indicator("a", 3),
        indicator("note", scored=False),
        Group("notes"),
        indicator("notes.one", scored=False),
        Group("notes.more"),
        indicator("notes.more.two", scored=False),
    )
    shares = tree.shares({"a": Fraction(1, 2), "note": Fraction(1), "notes.one": Fraction(1)})

    assert [] == list(problems_of(tree))
    assert ("a",) == tree.leaves[ROOT] == tree.combined[ROOT]
    assert {"*": 1, "a": 1} == {code: part for code, part in tree.effective_weights.items() if part}
    assert (Fraction(1, 2), Fraction(1), None) == (shares[ROOT], shares["note"], shares["notes"])


def test_a_member_without_a_share_leaves_the_weights_of_its_parent():
    tree = criteria(Group("a", 3), indicator("a.x"), indicator("b", 1), weights=Weights(4))

    assert Fraction(1, 2) == tree.shares({"a.x": None, "b": Fraction(1, 2)})[ROOT]
    assert tree.shares({"a.x": None})[ROOT] is None


def test_one_weighted_sum_below_its_whole_is_worth_its_weights():
    tree = criteria(
        indicator("a", "0.4"),
        indicator("b", "0.5"),
        rule="weighted_sum",
        weights=Weights(1, sum="0.9"),
    )

    assert [] == list(problems_of(tree))
    assert (Fraction("0.4"), 1) == (tree.effective_weights["a"], tree.effective_weights[ROOT])
    assert Fraction("0.9") == tree.shares({"a": Fraction(1), "b": Fraction(1)})[ROOT]


@pytest.mark.parametrize(
    ("listed", "root", "problem"),
    [
        ((), {}, "there are no criteria @ criteria"),
        ((indicator("a"), indicator("a")), {}, "the code 'a' is there twice @ criteria['a']"),
        (
            (indicator("a"), indicator("b", aliases=["x", "a"])),
            {},
            "the code 'a' is there twice @ criteria['b']",
        ),
        ((indicator("a.b"),), {}, "its parent 'a' is absent @ criteria['a.b']"),
        (
            (indicator("a"), indicator("a.b")),
            {},
            "its parent 'a' has a scale and cannot have members @ criteria['a.b']",
        ),
        (
            (indicator("a"), Group("b")),
            {},
            "a criterion has a scale or members, and this one has neither @ criteria['b']",
        ),
        (
            (indicator("Tarif 1"),),
            {},
            "a code is dotted parts of a-z, 0-9 and _, not 'Tarif 1' @ criteria['Tarif 1']",
        ),
        (
            (indicator("x" * 201),),
            {},
            f"a code is dotted parts of a-z, 0-9 and _, not {'x' * 60!r} @ criteria[{'x' * 60!r}]",
        ),
        (
            (indicator("a"), indicator("a.")),
            {},
            "a code is dotted parts of a-z, 0-9 and _, not 'a.' @ criteria['a.']",
        ),
        (
            (*(Group(".".join("a" * depth)) for depth in range(1, 13)), indicator(".".join("a" * 13))),
            {},
            f"13 levels are more than 12 @ criteria[{'.'.join('a' * 13)!r}]",
        ),
        ((indicator("a", 0),), {}, "a weight is greater than 0, not 0 @ criteria['a'].weight"),
        (
            (Group("a", "-1.50"), indicator("a.x")),
            {},
            "a weight is greater than 0, not -1.50 @ criteria['a'].weight",
        ),
        (
            (indicator("a", 60), indicator("b", "39.9")),
            {"weights": Weights(100)},
            "the weights add up to 99.9, not to the whole of 100 @ root.weights",
        ),
        (
            (Group("a"), indicator("a.x", 1), indicator("a.y")),
            {},
            "1 of 2 weights are absent; state weights.whole to share the rest @ criteria['a'].weights",
        ),
        (
            (indicator("a", missing="skip"),),
            {},
            "expected one of 'refuse', 'zero', 'lowest', 'exclude', not 'skip' @ criteria['a'].missing",
        ),
        (
            (indicator("a"),),
            {"missing": "skip"},
            "expected one of 'refuse', 'zero', 'lowest', 'exclude', not 'skip' @ root.missing",
        ),
        (
            (indicator("a"),),
            {"weights": Weights(over="leafs")},
            "expected 'members' or 'leaves', not 'leafs' @ root.weights.over",
        ),
        (
            (Group("a", least_answered="0.5"), indicator("a.x")),
            {},
            "least_answered is for the root only @ criteria['a'].least_answered",
        ),
        (
            (indicator("a"),),
            {"least_answered": "0.0"},
            "least_answered lies above 0 and up to 1, not at 0.0 @ root.least_answered",
        ),
        (
            (indicator("a"),),
            {"least_answered": "4/3"},
            "least_answered lies above 0 and up to 1, not at 4/3 @ root.least_answered",
        ),
        (
            (Indicator("a", Scale(options=[Option("ya", 1)]), labels={"ya": "Ya", "tidak": "Tidak"}),),
            {},
            "the scale has no option 'tidak' to label @ criteria['a'].labels",
        ),
        (
            (indicator("a"), indicator("b", 3, scored=False)),
            {},
            "it is not scored, so that a weight has no use @ criteria['b'].weight",
        ),
        (
            (indicator("a"), Group("b", 3), indicator("b.x", scored=False)),
            {},
            "it is not scored, so that a weight has no use @ criteria['b'].weight",
        ),
        ((indicator("a", scored=False),), {}, "no indicator is scored @ criteria"),
        (
            (indicator("a", "0.5", optional=True),),
            {"rule": "weighted_sum", "weights": Weights(1)},
            "answers below a weighted sum may be left out ('a'); state rescale @ root.rescale",
        ),
        (
            (Group("a", "0.5"), indicator("a.x", missing="exclude")),
            {"rule": "weighted_sum", "weights": Weights(1)},
            "answers below a weighted sum may be left out ('a.x'); state rescale @ root.rescale",
        ),
        (
            (indicator("a"),),
            {"rescale": False},
            "rescale is for a weighted sum; a weighted mean always rescales @ root.rescale",
        ),
        *(
            (
                (Group("a", weights=Weights(over="leaves")), Group("a.b", **between), indicator("a.b.x", 1)),
                {},
                "the weights of 'a' are printed at its leaves; a group between has none @ criteria['a.b']",
            )
            for between in (
                {"weight": 1},
                {"weights": Weights(1)},
                {"rescale": False},
                {"rule": "weighted_sum"},
            )
        ),
    ],
)
def test_each_mistake_is_told_once_with_its_place(listed, root, problem):
    assert [problem] == told(*listed, **root)


def test_too_many_criteria_are_told_alone():
    many = [indicator(f"i{number}", -1) for number in range(10_001)]

    assert ["10001 criteria are more than 10000 @ criteria"] == told(*many)
    assert 10_000 == len(told(*many[:10_000]))


def test_twelve_levels_and_least_answers_of_all_are_taken():
    groups = [Group(".".join("a" * depth)) for depth in range(1, 12)]

    assert [] == told(*groups, indicator(".".join("a" * 12)), least_answered=1)


def test_problems_of_one_criterion_do_not_hide_those_of_another():
    found = told(indicator("a", 0), indicator("b.c"), indicator("d", missing="x"))

    assert [
        "its parent 'b' is absent @ criteria['b.c']",
        "a weight is greater than 0, not 0 @ criteria['a'].weight",
        "expected one of 'refuse', 'zero', 'lowest', 'exclude', not 'x' @ criteria['d'].missing",
    ] == found


def test_a_sum_that_says_what_is_left_out_may_rescale_or_not():
    for rescale in (True, False):
        assert [] == told(
            indicator("a", "0.5", optional=True),
            rule="weighted_sum",
            weights=Weights(1),
            rescale=rescale,
        )


def test_an_unknown_rule_is_refused():
    with pytest.raises(InstrumentError) as error:
        Group("a", rule="median")

    assert str(error.value) == (
        "group 'a': expected one of the rules 'weighted_mean', 'weighted_sum', 'weakest_link', 'weakest_link_plus', 'step', 'all_or_nothing', not 'median' @ rule"
    )


def test_a_rule_may_be_a_value():
    mine = Rule("mine", WEIGHTED_SUM.exact, "1", linear=WEIGHTED_SUM.linear)

    assert mine is Group("a", rule=mine).rule
    assert WEIGHTED_SUM is Group("a", rule="weighted_sum").rule


def test_a_criterion_of_the_other_kind_is_not_found():
    tree = criteria(Group("a"), indicator("a.x"))

    assert [ROOT, "a.x"] == [tree.group(ROOT).code, tree.indicator("a.x").code]
    with pytest.raises(KeyError, match="'a.x'"):
        tree.group("a.x")
    with pytest.raises(KeyError, match="'a'"):
        tree.indicator("a")


def test_criteria_show_what_they_are():
    assert "Indicator('a.x', range)" == repr(indicator("a.x"))
    assert "Group('a', weighted_sum)" == repr(Group("a", rule=WEIGHTED_SUM))
    assert {"ya": {"id": "Ya"}} == indicator("a", labels={"ya": "Ya"}).labels
    assert Problem("x", "y", "z") not in list(problems_of(criteria(indicator("a"))))


@given(st.data())
def test_criteria_with_some_of_them_gone_twice_or_of_another_kind_are_told_about_and_never_raise(data):
    whole = data.draw(instruments(depth=4, members=3, optional=False))
    codes = sorted(whole.criteria)
    gone = data.draw(st.sets(st.sampled_from(codes), max_size=2))
    twice = data.draw(st.lists(st.sampled_from(codes), max_size=2))
    questions = data.draw(st.sets(st.sampled_from(codes), max_size=1))
    kept = [attrs.evolve(whole[code], missing="") for code in (*whole.criteria, *twice) if code not in gone]
    listed = [indicator(each.code, each.weight) if each.code in questions else each for each in kept]
    found = list(problems_of(Criteria(whole.root, tuple(listed), whole.missing)))

    assert all(each.message and each.place for each in found)


def test_a_group_below_an_absent_one_hides_no_mistake_and_raises_nothing():
    tree = criteria(
        Group("a", weights=Weights(over="leaves")),
        indicator("a.z"),
        Group("a.b.c"),
        Group("a.b.c.d", weights=Weights(whole=2)),
        indicator("a.b.c.d.x", 1),
    )

    assert [
        "its parent 'a.b' is absent @ criteria['a.b.c']",
        "the weights add up to 1, not to the whole of 2 @ criteria['a.b.c.d'].weights",
    ] == [str(each) for each in problems_of(tree)]


def test_a_group_whose_rule_is_not_linear_is_no_tree_of_weights():
    tree = criteria(indicator("a"), indicator("b"), rule="weakest_link")

    with pytest.raises(ValueError, match="weakest_link is not linear"):
        tree.tree(ROOT)


def test_the_bound_of_a_group_knows_how_far_rounding_below_it_goes():
    stage = RoundingStage("a.b", of="points", step=5)
    tree = Criteria(
        Group(ROOT), (Group("a"), indicator("a.b")), "refuse", maximum=Fraction(1), stages=(stage,)
    )

    assert 6.0 == tree.bounds["a.b"]
    assert 6.0 < tree.bounds["a"] < tree.bounds[ROOT]


CHAIN = criteria(
    Group("d", asked_if=Condition("g", 1), least_respondents=30),
    indicator("d.a", asked_if=Condition("h", 2), least_respondents=5),
    indicator("d.b"),
    indicator("h", asked_if=[Condition("g", 3), Condition("z", 4)], scored=False),
    indicator("g", scored=False),
    indicator("z"),
    indicator("n", asked_if=Condition("m", 1), scored=False),
    indicator("m", scored=False),
    least_respondents=9,
)


def test_conditions_are_those_of_the_question_and_of_the_groups_above_it():
    assert {
        "d.a": (Condition("h", 2), Condition("g", 1)),
        "d.b": (Condition("g", 1),),
        "h": (Condition("g", 3), Condition("z", 4)),
        "n": (Condition("m", 1),),
    } == CHAIN.conditions
    assert {"d.a", "d.b", "h", "n"} == set(CHAIN.asking)
    assert CHAIN.asking.index("h") < CHAIN.asking.index("d.a")


def test_what_is_asked_about_decides_over_others_whether_something_scored_is_asked():
    assert {"g", "h", "z"} == CHAIN.asked_about
    assert {"m"} == CHAIN.asked_before(["n"])
    assert {"g", "z"} == CHAIN.asked_before(["h", "g"])
    assert frozenset() == CHAIN.asked_before(["z"])


@pytest.mark.parametrize(
    ("cells", "spared"),
    [
        ({"g": 1, "h": MISSING, "z": 4}, {"d.a", "h"}),
        ({"g": 3, "h": 2, "z": 4}, {"d.a", "d.b"}),
        ({"g": 1, "h": 2, "z": 4}, {"d.a", "h"}),
        ({"g": MISSING, "h": NOT_APPLICABLE, "z": 4}, {"d.a", "d.b", "h"}),
    ],
    ids=range(4),
)
def test_a_question_on_one_that_was_not_asked_is_not_asked(cells, spared):
    exact = {code: Fraction(each) if isinstance(each, int) else each for code, each in cells.items()}

    assert spared | {"n"} == CHAIN.unasked(dict.fromkeys(CHAIN.by_code, MISSING) | exact)


def test_the_nearest_least_number_of_respondents_holds():
    assert {"d.a": 5, "d.b": 30, "d": 30, "g": 9} == {
        code: CHAIN.least_respondents(code) for code in ("d.a", "d.b", "d", "g")
    }
    assert 0 == criteria(indicator("a")).least_respondents("a")


def test_what_is_asked_under_a_condition_may_be_left_out_and_not_skipped():
    assert [True, True, False] == [CHAIN.may_be_left_out(code) for code in ("d.a", "d.b", "z")]
    assert not CHAIN.may_be_skipped("d.a")


def test_a_lineage_ends_at_the_root():
    assert ["a.b.c", "a.b", "a", "*"] == list(lineage("a.b.c"))
    assert ["*"] == list(lineage("*"))
