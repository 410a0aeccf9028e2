import copy
import pickle
from datetime import date
from fractions import Fraction

import attrs
import pytest
from drawn import LINEAR
from hypothesis import given, settings
from hypothesis import strategies as st
from refusing import instrument_problems

import pelayanan
from pelayanan import Band, Group, Indicator, Instrument, Option, Rounding, Scale, Weights, Zones
from pelayanan.errors import Hints, InstrumentError, UnknownError
from pelayanan.exact import Exact
from pelayanan.instrument import Case, InForce, Pruning
from pelayanan.provenance import Source, Standing
from pelayanan.strategies import instruments

LIKERT = Scale(low=1, high=4)
PART = Scale(low=0, high=1)


def skm(weight: str | None = "0.111", **changes) -> Instrument:
    """Nine questions of 1 to 4, as satisfaction surveys print them."""
    given = {
        "id": "skm-2017",
        "criteria": [Indicator(f"u{number}", LIKERT, weight) for number in range(1, 10)],
        "root": Group("*", rule="weighted_sum", weights=Weights(whole=1)),
        "maximum": 100,
        "missing": "refuse",
        "rounding": Rounding(2),
    }
    return Instrument(**given | changes)


def plain(*criteria: Indicator | Group, **changes) -> Instrument:
    """An instrument of those criteria, or of one."""
    given = {
        "id": "x",
        "criteria": criteria or [Indicator("a", PART), Indicator("b", PART)],
        "maximum": 100,
        "missing": "refuse",
        "rounding": Rounding(2),
    }
    return Instrument(**given | changes)


# Published figures.


def test_nine_weights_of_0_111_attain_99_90_and_not_100():
    survey = skm()

    assert Fraction("99.90") == survey.attainable
    assert Fraction("24.975") == survey.lowest


def test_nine_weights_of_a_ninth_attain_100():
    assert (100, 25) == (skm("1/9").attainable, skm("1/9").lowest)
    assert (100, 25) == (skm(None).attainable, skm(None).lowest)


def test_the_effective_weights_of_an_edition_are_those_printed():
    weights = pelayanan.load("ombudsman-2022").effective_weights

    assert (1, Fraction("0.2185")) == (weights["*"], weights["input"])
    assert Fraction("0.2185") / 2 / 5 == weights["input.kompetensi_pelaksana.komponen_standar"]


# Properties.


@given(instruments())
@settings(max_examples=40)
def test_a_copy_and_a_pickle_of_an_instrument_are_equal_to_it(instrument):
    copies = [copy.deepcopy(instrument), copy.copy(instrument), pickle.loads(pickle.dumps(instrument))]
    copies.append(attrs.evolve(instrument))

    assert [instrument] * 4 == copies
    assert {hash(instrument)} == {hash(each) for each in copies}
    assert {instrument.digest} == {each.digest for each in copies}
    assert {instrument.fingerprint} == {each.fingerprint for each in copies}


@given(instruments(), instruments())
@settings(max_examples=40)
def test_instruments_are_equal_exactly_where_their_digests_are(one, other):
    assert (one == other) == (one.digest == other.digest)
    assert one != one.id


@given(instruments())
@settings(max_examples=40)
def test_the_lowest_total_is_not_above_the_highest(instrument):
    assert 0 <= instrument.lowest <= instrument.attainable


@given(instruments(**LINEAR))
@settings(max_examples=40)
def test_effective_weights_add_up_to_what_the_best_answers_give_where_all_are_worth_1(instrument):
    leaves = instrument.tree.leaves["*"]
    weights = instrument.effective_weights
    best = {each.code: each.scale.best for each in instrument.indicators}

    assert instrument.attainable == instrument.maximum * sum(weights[code] * best[code] for code in leaves)
    assert {"*", *instrument.criteria} == weights.keys()


@given(instruments())
@settings(max_examples=40)
def test_the_criterion_of_every_code_is_found(instrument):
    assert list(instrument.criteria.values()) == [instrument[code] for code in instrument.criteria]
    assert instrument.root == instrument["*"]
    assert set(instrument.indicators) <= set(instrument.criteria.values())


@given(instruments(**LINEAR), st.sampled_from(["points", "share", "contribution"]))
@settings(max_examples=40)
def test_a_pruned_instrument_is_comparable_with_the_whole(instrument, of):
    pruned = instrument.pruned(depth=1, of=of)

    assert instrument.fingerprint == instrument.comparable == pruned.comparable
    assert instrument.fingerprint != pruned.fingerprint
    assert instrument.comparable == pruned.pruned(depth=1).comparable


# Values.


def test_an_instrument_shows_its_id_its_size_and_its_pruning():
    kiosk = plain()

    assert "Instrument('x', 2 indicators)" == repr(kiosk)
    assert "Instrument('x', 2 indicators, pruned to share)" == repr(kiosk.pruned(depth=1, of="share"))


def test_criteria_may_be_given_as_a_mapping():
    kiosk = plain()

    assert kiosk == plain(criteria=kiosk.criteria)
    assert kiosk == plain(criteria=dict(kiosk.criteria))


def test_an_instrument_cannot_be_changed():
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        plain().maximum = 4

    assert 100 == plain().maximum


def test_a_title_moves_the_digest_and_not_the_fingerprint():
    plainly, titled = plain(), plain(title="Kios")

    assert plainly.fingerprint == titled.fingerprint
    assert plainly.digest != titled.digest
    assert plainly != titled


def test_the_weights_that_were_not_printed_are_worked_out():
    group = Group("*", weights=Weights(whole=10))
    kiosk = plain(Indicator("a", PART, 3), Indicator("b", PART), Indicator("c", PART), root=group)

    assert {"a": 3, "b": Fraction(7, 2), "c": Fraction(7, 2)} == dict(kiosk.weights)


@pytest.mark.parametrize(
    ("until", "day", "inside"),
    [
        (date(2023, 12, 31), date(2023, 1, 1), True),
        (date(2023, 12, 31), date(2023, 12, 31), True),
        (date(2023, 12, 31), date(2024, 1, 1), False),
        (date(2023, 12, 31), date(2022, 12, 31), False),
        (None, date(2099, 1, 1), True),
        (None, date(2022, 12, 31), False),
    ],
)
def test_both_ends_of_the_assessed_period_belong_to_it(until, day, inside):
    assert inside == (day in InForce(date(2023, 1, 1), until))


def test_only_the_first_unknown_names_get_a_hint():
    hints = Hints(left=1)

    assert "; did you mean 'fees'?" == hints("fee", ["fees"])
    assert "" == hints("fee", ["fees"])


def test_the_assumptions_of_a_head_leave_out_what_is_not_said():
    bare = [each.figure for each in plain().assumptions if each.place == ""]
    full = plain(rollup="exact", in_force=InForce(date(2024, 1, 1)))

    assert ["maximum", "missing", "rounding"] == bare
    assert ["maximum", "missing", "rounding", "rollup", "in_force"] == [
        each.figure for each in full.assumptions if each.place == ""
    ]


# Messages.


def test_an_unknown_criterion_is_refused_with_the_nearest():
    kiosk = plain(Group("d1"), Indicator("d1.fees", PART), id="kios-2024")
    with pytest.raises(UnknownError) as caught:
        kiosk["d1.fee"]

    assert "kios-2024 has no criterion 'd1.fee'; did you mean 'd1.fees'?" == str(caught.value)
    assert "unknown-criterion" == caught.value.code
    assert {"instrument": "kios-2024", "criterion": "d1.fee"} == caught.value.values


def test_pruning_at_an_unknown_criterion_is_refused():
    with pytest.raises(UnknownError, match=r"^x has no criterion 'c'; known are 'a', 'b'$"):
        plain().pruned(at=["c"])


CASE = Case("n", answers={"a": 1}, total=50)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"id": "Kios 1"}, "an id is made of a-z, 0-9, '.' and '-', not 'Kios 1' @ id"),
        ({"id": ""}, "an id is made of a-z, 0-9, '.' and '-', not '' @ id"),
        ({"family": "K"}, "an id is made of a-z, 0-9, '.' and '-', not 'K' @ family"),
        ({"variant_of": "K"}, "an id is made of a-z, 0-9, '.' and '-', not 'K' @ variant_of"),
        ({"maximum": "0.0"}, "a maximum is greater than 0, not 0.0 @ maximum"),
        ({"missing": ""}, "expected one of 'refuse', 'zero', 'lowest', 'exclude', not '' @ missing"),
        ({"rollup": "mean"}, "expected 'published' or 'exact', not 'mean' @ rollup.average"),
        (
            {"in_force": InForce(date(2024, 1, 2), date(2024, 1, 1))},
            "the period ends before it begins @ in_force",
        ),
        ({"tokens": {"-": ""}}, "expected 'missing' or 'not_applicable', not '' @ tokens['-']"),
        ({"root": Group("a.b")}, "the code of the root is '*', not 'a.b' @ root.code"),
        ({"root": Group("*", 1)}, "the root is the whole and has no weight @ root.weight"),
        ({"source": "S1"}, "there is no source 'S1' in [sources] @ source"),
        (
            {"standing": {"weight": Standing("assumed")}},
            "'weight' is no figure of this table; its figures are maximum, missing, rounding, rollup, "
            "in_force @ standing.weight",
        ),
        (
            {"standing": {"maximum": Standing("published")}},
            "a published figure needs a source @ standing.maximum",
        ),
        (
            {"root": Group("*", weights=Weights(equal="S1"))},
            "there is no source 'S1' in [sources] @ root.weights.equal",
        ),
        (
            {"root": Group("*", standing={"scale": Standing("assumed")})},
            "'scale' is no figure of this table; its figures are criterion, title, weight, missing, asked_if, "
            "least_respondents, tags, rule, weights, plus, steps, least_answered @ root.standing.scale",
        ),
        (
            {"criteria": [Indicator("a", PART, source="S2")]},
            "there is no source 'S2' in [sources] @ criteria['a'].source",
        ),
        (
            {"criteria": [Indicator("a", Scale(low=0, high=1, source="S2"))]},
            "there is no source 'S2' in [sources] @ criteria['a'].scale.source",
        ),
        (
            {
                "criteria": [
                    Indicator(code, Scale(low=0, high=1, code="s", standing={"share": Standing("?")}))
                    for code in "ab"
                ]
            },
            "expected one of 'published', 'inferred', 'assumed', not '?' @ scales['s'].standing.share.is",
        ),
        (
            {"zones": Zones([Band("A", source="S1")])},
            "there is no source 'S1' in [sources] @ zones.bands[0].source",
        ),
        ({"zones": Zones([], source="S1")}, "there is no source 'S1' in [sources] @ zones.source"),
        (
            {"zones": Zones([Band("B", floor=0, ceiling=50), Band("A", floor=50)])},
            "the bands 'B' and 'A' overlap @ zones.bands[0]",
        ),
        (
            {"zones": Zones([Band("B", floor=0, ceiling=49), Band("A", floor=50)])},
            "the bands 'B' and 'A' leave a gap; state gap_after = true if it was printed so @ zones.bands[0]",
        ),
        (
            {"zones": Zones([Band("B", floor=0, ceiling="49.99", gap_after=True), Band("A", floor=50)])},
            "the bands 'B' and 'A' leave no gap @ zones.bands[0].gap_after",
        ),
        (
            {"cases": [Case("n", total=1)]},
            "a case without answers and units expects a total and its zone @ cases[0].expects",
        ),
        (
            {"cases": [CASE, Case("n", answers={"a": 1}, units=[1], total=1)]},
            "a case has answers or units, not both @ cases[1]",
        ),
        ({"cases": [Case("n", answers={"a": 1})]}, "a case expects a total or a zone @ cases[0].expects"),
        (
            {"cases": [attrs.evolve(CASE, of="parts")]},
            "expected one of 'points', 'share', 'contribution', not 'parts' @ cases[0].of",
        ),
        (
            {"cases": [attrs.evolve(CASE, at="c")]},
            "there is no criterion 'c'; known are 'a', 'b' @ cases[0]",
        ),
        (
            {"cases": [attrs.evolve(CASE, answers={"aa": 1})]},
            "there is no criterion 'aa'; did you mean 'a'? @ cases[0]",
        ),
        (
            {"cases": [attrs.evolve(CASE, zone="hijo")], "zones": Zones([Band("hijau")])},
            "there is no band 'hijo'; did you mean 'hijau'? @ cases[0]",
        ),
        ({"cases": [attrs.evolve(CASE, source="S1")]}, "there is no source 'S1' in [sources] @ cases[0]"),
    ],
    ids=str,
)
def test_what_is_not_sound_is_refused_with_its_place(changes, said):
    assert [said] == instrument_problems(lambda: plain(**changes))


@pytest.mark.parametrize(
    "changes",
    [
        {"family": "kios", "variant_of": "skm-2017"},
        {"in_force": InForce(date(2024, 1, 1), date(2024, 1, 1))},
        {"tokens": {"-": "missing", "NA": "not_applicable"}},
        {"sources": {"S1": Source("t")}, "source": "S1", "standing": {"maximum": Standing("published")}},
        {"sources": {"S1": Source("t")}, "root": Group("*", weights=Weights(equal="S1"))},
        {"zones": Zones([Band("B", floor=0, ceiling="49.99"), Band("A", floor=50)])},
        {"zones": Zones([Band("B", below=50), Band("A", floor=50)], "exact")},
        {"cases": [CASE, Case("m", units=["1/2"], zone="A")], "zones": Zones([Band("A")])},
    ],
    ids=str,
)
def test_what_is_sound_is_admitted(changes):
    made = plain(**changes)

    assert all(getattr(made, name) is not None for name in changes)


def test_everything_that_is_not_sound_is_told_at_once():
    with pytest.raises(InstrumentError) as caught:
        plain(maximum=-1, missing="x", source="S1", zones=Zones([Band("B", ceiling=1), Band("A", floor=1)]))

    assert str(caught.value) == (
        "x has 4 problems\n"
        "  a maximum is greater than 0, not -1 @ maximum\n"
        "  expected one of 'refuse', 'zero', 'lowest', 'exclude', not 'x' @ missing\n"
        "  there is no source 'S1' in [sources] @ source\n"
        "  the bands 'B' and 'A' overlap @ zones.bands[0]"
    )


def test_a_code_that_is_there_twice_is_refused():
    twice = [Indicator("a", PART), Indicator("a", LIKERT)]

    assert ["the code 'a' is there twice @ criteria['a']"] == instrument_problems(lambda: plain(*twice))


def test_mistakes_of_the_tree_hide_none_elsewhere():
    criteria = [
        Indicator("x.a", PART, 1),
        Group("y", weights=Weights(whole=2)),
        Indicator("y.a", PART, 1),
    ]

    assert [
        "its parent 'x' is absent @ criteria['x.a']",
        "the weights add up to 1, not to the whole of 2 @ criteria['y'].weights",
        "a case without answers and units expects a total and its zone @ cases[0].expects",
    ] == instrument_problems(lambda: plain(*criteria, cases=[Case("n")]))


def test_a_case_may_be_answered_under_an_alias():
    made = plain(Indicator("a", PART, aliases="b"), cases=[Case("n", answers={"b": 1}, total=50)])

    assert ("b",) == tuple(made.cases[0].answers)


def test_totals_have_at_most_fifteen_digits_and_are_rounded_by_a_rounding():
    assert [
        "totals up to 10000000000000 with 2 decimals have more than 15 digits @ maximum"
    ] == instrument_problems(lambda: plain(Indicator("a", PART), maximum=10**13))
    assert ["expected a Rounding or None, not 'none' @ rounding"] == instrument_problems(
        lambda: plain(Indicator("a", PART), rounding="none")
    )


@pytest.mark.parametrize(
    ("scale", "token"),
    [
        (Scale(options=[Option("A", 1), Option("NA", 0)]), "NA"),
        (Scale(options=[Option("A", 1), Option("D*")]), "D*"),
        (Scale(options=[Option("1", 0), Option("3", 1)]), " 3.0 "),
        (Scale(options=[Option("1", 0), Option("3", 1)], between=True), "2.5"),
        (LIKERT, "4"),
        (LIKERT, "3/2"),
        (Scale(of=10, full=5), "10"),
        (Scale(steps=[(0, 1)]), "99"),
    ],
    ids=str,
)
def test_a_token_is_no_answer_of_a_scale(scale, token):
    criteria = [Indicator("a", PART), Indicator("b", scale)]

    assert [f"{token!r} is an answer of a scale, too @ tokens[{token!r}]"] == instrument_problems(
        lambda: plain(*criteria, tokens={token: "missing"})
    )


@pytest.mark.parametrize(
    ("scale", "token"),
    [
        (Scale(options=[Option("A", 1), Option("B", 0)]), "a"),
        (Scale(options=[Option("1", 0), Option("3", 1)]), "2"),
        (LIKERT, "0.99"),
        (LIKERT, "99"),
        (Scale(of=10, full=5), "2.5"),
        (Scale(steps=[(0, 1)]), "-1"),
    ],
    ids=str,
)
def test_what_no_scale_knows_may_be_a_token(scale, token):
    made = plain(Indicator("a", scale), tokens={token: "missing"})

    assert {token: "missing"} == dict(made.tokens)


def test_tokens_that_are_numbers_are_known_as_numbers():
    tokens = {"99": "missing", " -1.50 ": "not_applicable", "1/3": "missing", "NA": "missing", "": "missing"}
    made = plain(Indicator("a", Scale(low=4, high=5)), tokens=tokens)

    assert {
        Fraction(99): "missing",
        Fraction(-3, 2): "not_applicable",
        Fraction(1, 3): "missing",
    } == made.number_tokens
    assert {} == plain().number_tokens


def test_two_different_scales_have_two_names():
    named, other = Scale(low=0, high=1, code="s"), Scale(low=0, high=2, code="s")
    criteria = [Indicator("a", named), Indicator("b", attrs.evolve(named)), Indicator("c", other)]

    assert ["another scale has the name 's', too @ criteria['c'].scale"] == instrument_problems(
        lambda: plain(*criteria)
    )
    assert 2 == len(plain(*criteria[:2]).indicators)
    assert 2 == len(plain(Indicator("a", PART), Indicator("b", LIKERT)).indicators)


@pytest.mark.parametrize(
    ("pruning", "said"),
    [
        (
            Pruning(("a",), "nilai"),
            ["expected one of 'points', 'share', 'contribution', not 'nilai' @ pruning.of"],
        ),
        (Pruning(("a", "c"), "share"), ["there is no indicator 'c' @ pruning.codes"]),
        (Pruning(("g",), "points"), ["there is no indicator 'g' @ pruning.codes"]),
        (Pruning(("*",), "points"), ["there is no indicator '*' @ pruning.codes"]),
        (
            Pruning(("x" * 99, "g.a"), ""),
            [
                "expected one of 'points', 'share', 'contribution', not '' @ pruning.of",
                f"there is no indicator '{'x' * 60}' @ pruning.codes",
            ],
        ),
    ],
    ids=str,
)
def test_what_was_pruned_are_indicators_that_are_there(pruning, said):
    criteria = [Indicator("a", PART), Group("g"), Indicator("g.a", PART)]

    assert said == instrument_problems(lambda: plain(*criteria, pruning=pruning))
    assert plain(*criteria, pruning=Pruning(("a", "g.a"), "share")).pruning.of == "share"


def test_a_figure_that_is_none_is_named_so_that_it_can_be_printed():
    standing = {"\x1b[2J" + "x" * 99: Standing("assumed")}

    assert [
        f"'\\x1b[2J{'x' * 56}' is no figure of this table; its figures are maximum, missing, rounding, rollup, "
        f"in_force @ standing.\ufffd[2J{'x' * 56}"
    ] == instrument_problems(lambda: plain(standing=standing))


def test_equal_instruments_have_equal_hashes():
    one = plain(Indicator("a", PART, 1), Indicator("b", PART, 2), maximum="100")
    other = plain(Indicator("b", PART, "2.0"), Indicator("a", PART, 1), maximum="100.0")

    assert one == other
    assert hash(one) == hash(other)


def test_a_pruned_instrument_that_was_changed_since_is_no_longer_its_whole():
    whole = plain(Indicator("a", PART, 1), Indicator("b", PART, 2))
    pruned = whole.pruned(depth=1)

    assert whole.fingerprint == pruned.total_of == pruned.comparable
    assert whole.fingerprint == pruned.pruned(depth=1, of="share").comparable
    assert "" == attrs.evolve(pruned, maximum=50).total_of
    assert whole.fingerprint != attrs.evolve(pruned, maximum=50).comparable


def test_a_case_keeps_its_numbers_as_printed():
    case = Case("n", units=["88.00", 82.4], total="85.20", within="0.010")

    assert ["88.00", "82.4", "85.20", "0.010"] == [
        str(each) for each in (*case.units, case.total, case.within)
    ]
    assert (Exact(0), None) == (Case("n").within, Case("n").total)
