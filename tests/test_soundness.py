"""
What groups say for their rules, and what is wrong with it, whole texts.
"""

import copy
import pickle
from fractions import Fraction

import attrs
import pytest
from refusing import instrument_problems

import pelayanan
from pelayanan import Condition, Group, Indicator, Instrument, Option, Rounding, Scale, Weights
from pelayanan.aggregation import WEAKEST_LINK, Rule

LETTERS = Scale(options=[Option(letter, Fraction(4 - place, 4)) for place, letter in enumerate("ABCD")])
ROWS = {1: [(1, "1/4"), (4, 1)], 2: [(2, "1/4"), (5, "5/8"), (8, 1)]}


def made(root, *criteria, **fields):
    listed = criteria or (Indicator("d1", LETTERS, 4), Indicator("d2", LETTERS, 4))
    defaults = {"id": "x", "maximum": 4, "missing": "exclude", "rounding": Rounding(1)}
    return Instrument(root=root, criteria=listed, **{**defaults, **fields})


def unweighted(*codes, scale=LETTERS):
    return [Indicator(code, scale) for code in codes]


@pytest.mark.parametrize("rule", ["weakest_link", "weakest_link_plus", "all_or_nothing"])
def test_a_weight_under_a_rule_that_ignores_weights_is_refused(rule):
    root = Group("*", rule=rule, plus="1/8" if rule == "weakest_link_plus" else None)

    assert [
        f"the rule {rule!r} of its group ignores weights @ criteria['d1'].weight",
        f"the rule {rule!r} of its group ignores weights @ criteria['d2'].weight",
    ] == instrument_problems(lambda: made(root))


@pytest.mark.parametrize("rule", ["weakest_link", "all_or_nothing", "step"])
def test_weights_that_are_parts_of_something_are_refused_where_nothing_is_divided(rule):
    root = Group("*", rule=rule, weights=Weights(8), steps=ROWS if rule == "step" else {})
    members = None if rule == "step" else unweighted("d1", "d2")

    assert [
        f"the rule {rule!r} has no weights that are parts of something @ root.weights"
    ] == instrument_problems(lambda: made(root, *(members or ())))


def test_a_step_rule_needs_the_weight_of_every_member_and_says_nothing_of_a_whole():
    members = (Indicator("d1", LETTERS, 4), Indicator("d2", LETTERS))

    assert [
        "a step rule needs the weight of every member: what its share 1 adds to the sum "
        "@ criteria['d2'].weight"
    ] == instrument_problems(lambda: made(Group("*", rule="step", steps=ROWS), *members))


@pytest.mark.parametrize(
    ("steps", "said"),
    [
        (
            {},
            [
                "1 of 2 members can have a score, and there is no row for 1 @ root.steps.1",
                "2 of 2 members can have a score, and there is no row for 2 @ root.steps.2",
            ],
        ),
        ({2: ROWS[2]}, ["1 of 2 members can have a score, and there is no row for 1 @ root.steps.1"]),
        (ROWS | {3: [(3, 0)]}, ["a row is for 3 members, and the group has 2 @ root.steps.3"]),
        (ROWS | {1: []}, ["a row gives at least one sum and its share @ root.steps.1"]),
        (ROWS | {1: [(1, 0), (1, 1)]}, ["the sums rise, and 1 follows 1 @ root.steps.1"]),
        (ROWS | {1: [(1, "0.5"), (2, "0.25")]}, ["the shares rise, and 0.25 follows 0.5 @ root.steps.1"]),
        (ROWS | {1: [(1, "5/4")]}, ["a share lies between 0 and 1, not at 5/4 @ root.steps.1"]),
        (ROWS | {1: [("1.5", 0)]}, ["the table begins at 1.5, and the sum of 1 can be 1 @ root.steps.1"]),
        (
            ROWS | {2: [(2, 0), ("8.5", 1)]},
            ["the sum of 2 is at most 8, so that 8.5 is never reached @ root.steps.2"],
        ),
    ],
    ids=str,
)
def test_a_step_table_with_holes_or_of_other_numbers_of_members_is_refused(steps, said):
    assert said == instrument_problems(lambda: made(Group("*", rule="step", steps=steps)))


def test_a_row_is_needed_only_for_as_many_as_can_have_a_score():
    certain = made(Group("*", rule="step", steps={2: ROWS[2]}), missing="refuse")

    assert Fraction(5, 2) == pelayanan.score_one(certain, {"d1": "B", "d2": "C"}).exact


def test_a_group_of_which_something_may_be_missing_can_be_worth_nothing_in_a_sum():
    members = (Group("g", 4), *unweighted("g.a", "g.b"), Indicator("d2", LETTERS, 4))

    assert [
        "the table begins at 1, and the sum of 1 can be 0 @ root.steps.1",
        "the table begins at 2, and the sum of 2 can be 1 @ root.steps.2",
    ] == instrument_problems(lambda: made(Group("*", rule="step", steps=ROWS), *members))


@pytest.mark.parametrize(
    ("steps", "said"),
    [
        ({"two": [(1, 0)]}, "a row is for a number of members, such as 2, not for 'two' @ steps"),
        ({0: [(1, 0)]}, "a row is for a number of members, such as 2, not for '0' @ steps"),
        ([(1, 2)], "expected pairs of a sum and a share, by the number of members"),
        ({1: [(1, 2, 3)]}, "expected pairs of a sum and a share, by the number of members"),
    ],
    ids=str,
)
def test_what_is_no_table_of_steps_is_refused(steps, said):
    assert [said] == instrument_problems(lambda: Group("*", rule="step", steps=steps))


@pytest.mark.parametrize("plus", [None, 0, "-1/8", "9/8"])
def test_the_weakest_link_with_plus_needs_one(plus):
    root = Group("*", rule="weakest_link_plus", plus=plus)

    assert [
        "the rule 'weakest_link_plus' needs plus, above 0 and up to 1: what is added where another is higher "
        "@ root.plus"
    ] == instrument_problems(lambda: made(root, *unweighted("d1", "d2")))


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"plus": "1/8"}, "plus is for the rule 'weakest_link_plus' @ root.plus"),
        ({"steps": ROWS}, "steps are for the rule 'step' @ root.steps"),
        ({"rescale": True}, "rescale is for a weighted sum; a weighted mean always rescales @ root.rescale"),
        (
            {"rescale": True, "rule": "weakest_link"},
            "rescale is for a weighted sum @ root.rescale",
        ),
    ],
    ids=str,
)
def test_what_is_said_for_another_rule_is_refused(fields, said):
    assert [said] == instrument_problems(lambda: made(Group("*", **fields), *unweighted("d1", "d2")))


def test_a_group_between_has_no_table_and_no_rule_of_its_own():
    criteria = [Group("a", weights=Weights(100, "leaves")), Group("a.b", plus="1/8"), *unweighted("a.b.c")]

    assert [
        "the weights of 'a' are printed at its leaves; a group between has none @ criteria['a.b']"
    ] == instrument_problems(lambda: made(Group("*"), *criteria))


def test_all_is_never_reached_where_a_member_cannot_be_full():
    half = Scale(options=[Option("ada", "1/2"), Option("tidak", 0)])
    criteria = [*unweighted("a"), Indicator("b", half)]

    assert ["its share is at most 0.5, so that all is never reached @ criteria['b']"] == instrument_problems(
        lambda: made(Group("*", rule="all_or_nothing"), *criteria)
    )


def test_an_unscored_indicator_with_a_weight_is_refused():
    criteria = [*unweighted("a"), Indicator("b", LETTERS, 3, scored=False)]

    assert ["it is not scored, so that a weight has no use @ criteria['b'].weight"] == instrument_problems(
        lambda: made(Group("*"), *criteria)
    )


# Rules of one's own


def median_low(shares, weights, terms):
    answered = sorted(share for share in shares if share is not None)
    return answered[(len(answered) - 1) // 2] if answered else None


MEDIAN = Rule("median_low", median_low, "1", weighs=False)


def test_a_rule_of_ones_own_scores_one_unit_and_many_alike():
    instrument = made(Group("*", rule=MEDIAN), *unweighted("a", "b", "c"))
    letters = [("A", "B", "D"), ("C", "A", "A"), ("D", "D", None), (None, None, None)]
    table = {code: [row[place] for row in letters] for place, code in enumerate("abc")}
    scores = pelayanan.score(instrument, pelayanan.Answers.from_columns(table))

    assert [3.0, 4.0, 1.0] == scores.total[:3].tolist()
    assert str(scores.total[3]) == "nan"
    assert [Fraction(3), Fraction(4), Fraction(1), None] == [scores.card(row).exact for row in range(4)]


def test_another_version_is_another_instrument():
    one, two = (
        made(Group("*", rule=Rule("median_low", median_low, version)), *unweighted("a")) for version in "12"
    )

    assert one.fingerprint != two.fingerprint
    assert one.digest != two.digest
    assert one.fingerprint != made(Group("*", rule=WEAKEST_LINK), *unweighted("a")).fingerprint


@pytest.mark.parametrize(("name", "version"), [("", "1"), ("median_low", "")])
def test_a_rule_of_ones_own_has_a_name_and_a_version(name, version):
    rule = Rule(name, median_low, version)

    assert ["a rule of one's own has a name and a version @ root.rule"] == instrument_problems(
        lambda: made(Group("*", rule=rule), *unweighted("a", "b"))
    )


@pytest.mark.parametrize(
    ("found", "said"),
    [
        (0.5, "the rule 'odd' gives 0.5, expected a fraction from 0 to 1 @ exact"),
        (Fraction(-1, 2), "the rule 'odd' gives Fraction(-1, 2), expected a fraction from 0 to 1 @ exact"),
        (Fraction(3), "the rule 'odd' gives Fraction(3, 1), expected a fraction from 0 to 1 @ exact"),
        (None, "the rule 'odd' gives None, expected a fraction from 0 to 1 @ exact"),
    ],
    ids=str,
)
def test_a_rule_of_ones_own_that_gives_no_share_is_named(found, said):
    odd = Rule("odd", lambda shares, weights, terms: found, "1")

    assert [said] == instrument_problems(lambda: odd.share([Fraction(1), None], [Fraction(1)] * 2, None))
    assert [said] == instrument_problems(lambda: made(Group("*", rule=odd), *unweighted("a", "b")))


def test_a_rule_of_ones_own_gives_nothing_where_nothing_is_answered():
    odd = Rule("odd", lambda shares, weights, terms: Fraction(0), "1")

    assert [
        "the rule 'odd' gives Fraction(0, 1), expected None, as nothing is answered @ exact"
    ] == instrument_problems(lambda: odd.share([None], [Fraction(1)], None))


@pytest.mark.parametrize("edition", ["pefa-m1", "pefa-m2"])
def test_a_copy_of_an_instrument_has_the_same_rules_and_is_sound_again(edition):
    whole = pelayanan.load(edition)
    for copied in (pickle.loads(pickle.dumps(whole)), copy.deepcopy(whole)):
        assert whole == attrs.evolve(copied)
        assert whole.pruned(depth=1) == copied.pruned(depth=1)


def test_a_rule_of_ones_own_may_have_the_name_of_another():
    half = Scale(options=[Option("ada", "1/2"), Option("tidak", 0)])
    own = Rule("all_or_nothing", median_low, "1", weighs=False)
    instrument = made(Group("*", rule=own), Indicator("a", half))

    assert Fraction(2) == pelayanan.score_one(instrument, {"a": "ada"}).exact


# Conditions, and respondents


YES_NO = Scale(options=[Option("ya", 1), Option("tidak", 0), Option("D*")])
TEN = Scale(low=0, high=10)


def asking(*criteria, **fields):
    """Criteria under conditions beside one that is always asked."""
    return made(fields.pop("root", None) or Group("*"), *criteria, Indicator("akhir", TEN), **fields)


def asked(code, *conditions, scale=TEN, **fields):
    return Indicator(code, scale, asked_if=[Condition(*each) for each in conditions], **fields)


@pytest.mark.parametrize(
    ("criteria", "said"),
    [
        (
            [asked("a", ("akhr", 1))],
            ["there is no criterion 'akhr'; did you mean 'akhir'? @ criteria['a'].asked_if"],
        ),
        (
            [Group("d"), Indicator("d.x", TEN), asked("a", ("d", 1), ("*", 1))],
            [
                "'d' is a group and has no answer of its own @ criteria['a'].asked_if",
                "there is no criterion '*'; known are 'd', 'd.x', 'a', 'akhir' @ criteria['a'].asked_if",
            ],
        ),
        (
            [Indicator("g", YES_NO), asked("a", ("g", ["ya", "yo", "D*", 1]), ("akhir", ["11", "x"]))],
            [
                "'g' never has this answer, as the answer 'yo' is no option of the scale; known are 'ya', 'tidak' "
                "@ criteria['a'].asked_if",
                "'g' never has this answer, as the option 'D*' has no share and cannot be scored "
                "@ criteria['a'].asked_if",
                "'g' never has this answer, as the answer 1 is no option of the scale; known are 'ya', 'tidak' "
                "@ criteria['a'].asked_if",
                "'akhir' never has this answer, as the answer 11 is outside the scale 0 to 10; "
                "the nearest valid answer is 10 @ criteria['a'].asked_if",
                "'akhir' never has this answer, as the answer 'x' is not a number @ criteria['a'].asked_if",
            ],
        ),
    ],
    ids=range(3),
)
def test_a_condition_on_what_is_never_answered_so_is_refused(criteria, said):
    assert said == instrument_problems(lambda: asking(*criteria))


CIRCLE = "the conditions go round in a circle: {} @ criteria[{!r}].asked_if"
ASKED = ", which is asked under a condition on "


@pytest.mark.parametrize(
    ("criteria", "codes"),
    [
        ([asked("a", ("a", 1))], "aa"),
        ([asked("a", ("b", 1)), asked("b", ("a", 1))], "aba"),
        ([asked("a", ("b", 1)), asked("b", ("c", 1)), asked("c", ("akhir", 1), ("a", 2))], "abca"),
    ],
    ids=range(3),
)
def test_a_condition_that_comes_back_to_itself_is_refused(criteria, codes):
    (said,) = instrument_problems(lambda: asking(*criteria))
    # A circle has no first: it may be told from each of its members on.
    round_ = codes[:-1]
    told = [round_[place:] + round_[: place + 1] for place in range(len(round_))]

    assert said in [CIRCLE.format(ASKED.join(repr(code) for code in each), each[0]) for each in told]


def test_a_group_that_is_asked_only_after_a_question_inside_it_goes_round_in_a_circle():
    group = Group("d", asked_if=Condition("d.x", 1))
    said = CIRCLE.format(f"'d.x'{ASKED}'d.x'", "d.x")

    assert [said] == instrument_problems(lambda: asking(group, Indicator("d.x", TEN), Indicator("d.y", TEN)))


def test_of_a_long_circle_the_first_ten_are_shown():
    count = 12
    criteria = [asked(f"q{place}", (f"q{(place + 1) % count}", 1)) for place in range(count)]
    (said,) = instrument_problems(lambda: asking(*criteria))

    assert 10 == said.count("'q") - said.count("criteria['q")
    assert " and so on, 13 in all @ criteria['q" in said


def test_the_whole_is_always_asked():
    assert ["the root is the whole and is always asked @ root.asked_if"] == instrument_problems(
        lambda: asking(root=Group("*", asked_if=Condition("akhir", 1)))
    )


@pytest.mark.parametrize("least", [0, -1])
def test_the_least_number_of_respondents_is_one_or_more(least):
    said = f"least_respondents is a whole number from 1 on, not {least} @ {{}}.least_respondents"

    assert [said.format("criteria['a']")] == instrument_problems(
        lambda: asking(Indicator("a", TEN, least_respondents=least))
    )
    assert [said.format("root")] == instrument_problems(
        lambda: asking(root=Group("*", least_respondents=least))
    )


def test_a_step_table_needs_rows_for_what_is_left_where_some_are_not_asked():
    root = Group("*", rule="step", steps={2: [(0, 0), (5, 1)]})
    members = [Indicator("d1", LETTERS, 4), Indicator("d2", LETTERS, 4, asked_if=Condition("d1", "A"))]

    assert [
        "1 of 2 members can have a score, and there is no row for 1 @ root.steps.1"
    ] == instrument_problems(lambda: made(root, *members, missing="refuse"))
