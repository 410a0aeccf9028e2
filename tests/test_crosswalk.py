from fractions import Fraction
from random import Random
from typing import Any

import attrs
import pytest
from drawn import KIOSK, KIOSK_25, WALK, crosswalks
from hypothesis import example, given
from hypothesis import strategies as st

import pelayanan
from pelayanan import Indicator, Instrument, Rounding, Scale
from pelayanan import strategies as ps
from pelayanan.crosswalk import Crosswalk, Link, crosswalk
from pelayanan.equivalence import same_answers
from pelayanan.errors import CrosswalkError
from pelayanan.moves import moves
from pelayanan.provenance import Source, Standing

LOAD = pelayanan.load
FOUR = Scale(low=0, high=4)


def made(*codes: str, **fields: Any) -> Instrument:
    """An instrument with questions of these codes, the aliases behind a stroke."""
    parts = [code.partition("|") for code in codes]
    questions = [Indicator(code, FOUR, aliases=filter(None, names.split())) for code, _, names in parts]
    about: dict[str, Any] = {"id": "x", "maximum": 100, "missing": "refuse", "rounding": Rounding(2)}
    return Instrument(**{**about, "criteria": questions, **fields})


def pairs(found: Crosswalk) -> list[tuple[str, str, str]]:
    return [(*each.from_, each.relation, *each.to) for each in found.links]


# Published figures


def test_the_same_47_indicators_are_asked_in_2023_and_2024():
    found = crosswalk(LOAD("spbe-2023"), LOAD("spbe-2024"))

    assert {"equal"} == {each.relation for each in found.links}
    assert [each.code for each in found.after.indicators] == [each.code for each in found.losses.kept]


def test_the_numbers_of_the_indicators_of_2018_are_not_those_of_2023():
    losses = crosswalk(LOAD("spbe-2018"), LOAD("spbe-2023")).losses

    assert [47, 35] == [len(losses.asked_again), len(losses.dropped)]


def test_the_numbers_of_the_survey_of_2004_are_not_those_of_2017():
    losses = crosswalk(LOAD("skm-2004"), LOAD("skm-2017")).losses

    assert [("other-names",)] * 9 == [each.reasons for each in losses.asked_again]
    assert 14 == len(losses.dropped)


def test_one_indicator_of_2022_has_another_scale_in_2023_and_three_are_new():
    losses = crosswalk(LOAD("ombudsman-2022"), LOAD("ombudsman-2023")).losses

    assert ["input.sarana_prasarana.keamanan_keselamatan"] == [each.code for each in losses.mapped]
    assert ["i10", "i11", "i12", "i13"] == [each.code.rpartition(".")[2] for each in losses.dropped]
    assert {"no-link"} == {reason for each in losses.asked_again for reason in each.reasons}


def test_groups_of_2023_are_questions_of_2024():
    losses = crosswalk(LOAD("ombudsman-2023"), LOAD("ombudsman-2024")).losses

    assert [("group",)] * 5 == [each.reasons for each in losses.asked_again]
    assert ["output.indeks_kepuasan_masyarakat"] == [each.code for each in losses.kept]


# By thought


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        (["a"], ["a"], [("a", "equal", "a")]),
        (["a"], ["b|a"], [("a", "equal", "b")]),
        (["a|b"], ["b"], [("a", "equal", "b")]),
        (["a|i1"], ["b|i1"], []),
        (["a", "c"], ["b|a c"], []),
        (["a", "c|b"], ["b|a"], []),
        (["a|b"], ["b|a"], [("a", "equal", "b")]),
        (["a|x"], ["a"], [("a", "equal", "a")]),
        (["a|x"], ["a|x y"], [("a", "equal", "a")]),
        (["a|x"], ["a|y"], []),
        (["a|x", "b"], ["a|y b"], [("b", "equal", "a")]),
        (["a"], ["b|a", "c"], [("a", "equal", "b")]),
        (["a|b c"], ["b", "c"], []),
        (["x|t2"], ["t1|x", "t2"], []),
        (["x|t2"], ["t2", "t1|x"], []),
        (["u1", "u2|v"], ["v", "w|u1 u2"], []),
        (["u1", "u2|v"], ["w|u1 u2", "v"], []),
        (["a", "c|d"], ["b|a", "c", "d"], [("a", "equal", "b"), ("c", "equal", "c")]),
    ],
)
def test_codes_and_aliases_say_which_questions_are_the_same(before, after, expected):
    assert expected == pairs(crosswalk(made(*before), made(*after)))


def test_codes_of_another_family_say_nothing():
    assert () == crosswalk(made("a", family="spbe"), made("a", family="pemdi")).links
    assert () == crosswalk(made("a"), made("a", family="pemdi")).links


def test_codes_of_other_scales_are_equivalent():
    after = made("a", criteria=[Indicator("a", Scale(low=0, high=5))])
    (found,) = crosswalk(made("a"), after).links

    assert "equivalent" == found.relation
    assert {"relation": Standing("inferred", "both have this code")} == found.standing


def test_what_is_given_comes_before_what_codes_say():
    before, after = made("a", "b", "c", "d"), made("a", "b|d", "c", "e", "f")
    given_links = [
        Link("a", "intersects", "a"),
        Link("b", "superset", ["e", "f"], weights={"e": "1/2", "f": "1/2"}),
    ]
    found = crosswalk(before, after, given_links)

    assert given_links == list(found.links[:2])
    assert [("d", "equal", "b"), ("c", "equal", "c")] == pairs(attrs.evolve(found, links=found.links[2:]))
    assert "one is an alias of the other" == found.links[2].standing["relation"].why


def test_the_report_says_what_becomes_of_each_question_whatever_the_answers_are():
    lines = {each.code: each for each in WALK.losses.lines}

    assert {"d1": "mapped", "d2": "split", "d2b": "split", "d4": "asked_again", "d3": "dropped"} == {
        code: each.outcome for code, each in lines.items()
    }
    assert {"d1.fees": Fraction(1, 4), "d1.door": Fraction(3, 4)} == lines["d1"].weights
    assert {"d2": Fraction(1, 2)} == lines["d2b"].weights
    assert ("intersects", ("intersects",), ("d3",)) == (
        lines["d4"].relation,
        lines["d4"].reasons,
        lines["d4"].of,
    )
    assert ("intersects", (), ("d4",)) == (lines["d3"].relation, lines["d3"].reasons, lines["d3"].of)
    assert 0 == WALK.losses.units


def test_a_question_that_is_near_in_several_ways_has_no_one_relation():
    links = [Link("a", "subset", "b"), Link("a", "intersects", ["c", "d"])]
    (found,) = crosswalk(made("a"), made("b", "c", "d"), links).losses.dropped

    assert ("", ("b", "c", "d")) == (found.relation, found.of)


def test_the_short_form_counts_the_links():
    assert "Crosswalk('kios-2024' to 'kios-2025', 3 links)" == repr(WALK)


# Properties


@given(ps.instruments(depth=2, members=3))
def test_an_identity_keeps_every_question(instrument):
    found = crosswalk(instrument, instrument)

    assert [(each.code, "equal", each.code) for each in instrument.indicators] == pairs(found)
    assert len(instrument.indicators) == len(found.losses.kept) == len(found.losses.lines)


@st.composite
def questions(draw, own="abcdef", others="abcdef") -> list[str]:
    """Codes with aliases behind a stroke, as `made` takes them; an alias is that of one question."""
    codes = draw(st.lists(st.sampled_from(own), unique=True, min_size=1))
    aliases: dict[str, list[str]] = {code: [] for code in codes}
    for name in draw(st.lists(st.sampled_from(others), unique=True)):
        if name not in codes:
            aliases[draw(st.sampled_from(codes))].append(name)
    return [f"{code}|{' '.join(names)}" for code, names in aliases.items()]


@given(questions(), questions(), st.randoms(use_true_random=False))
@example(["x|t2"], ["t1|x", "t2"], Random(0))
@example(["u1", "u2|v"], ["v", "w|u1 u2"], Random(0))
def test_the_order_of_questions_does_not_matter(before, after, random):
    found = crosswalk(made(*before), made(*after))
    for side in (before, after):
        random.shuffle(side)
    turned = crosswalk(made(*before), made(*after))

    assert sorted(pairs(found)) == sorted(pairs(turned))


@given(questions("abc", "abcuvw"), questions("uvw", "abcuvw"))
def test_where_all_codes_are_other_ones_the_same_questions_moved(before, after):
    one, other = made(*before), made(*after)

    assert moves(one, other) == {old: new for old, _, new in pairs(crosswalk(one, other))}


@given(crosswalks())
def test_a_crosswalk_can_be_made_of_its_own_links(walk):
    assert walk == Crosswalk(walk.before, walk.after, walk.links, walk.title, walk.sources)
    assert walk == crosswalk(walk.before, walk.after, walk.links, title=walk.title)


@given(crosswalks())
def test_equal_links_are_of_equal_scales(walk):
    scales = [
        (walk.before.tree.indicator(each.from_[0]).scale, walk.after.tree.indicator(each.to[0]).scale)
        for each in walk.links
        if each.relation == "equal"
    ]

    assert all(same_answers(*each) for each in scales)


@given(crosswalks(), st.data())
def test_a_target_in_a_second_link_is_refused(walk, data):
    if walk.links:
        twice = Link(walk.before.indicators[0].code, "intersects", data.draw(st.sampled_from(walk.links)).to)
        with pytest.raises(CrosswalkError) as error:
            Crosswalk(walk.before, walk.after, [*walk.links, twice])

        assert "target-twice" == error.value.code


@given(st.lists(st.integers(1, 9), min_size=2, max_size=4), st.sampled_from(["-1/7", "1/1000000", "1"]))
def test_weights_that_do_not_add_up_are_refused_however_near_they_are(parts, off):
    weights = {f"a{place}": Fraction(part, sum(parts)) for place, part in enumerate(parts)}
    before, after = made(*weights), made("b")
    sound = crosswalk(before, after, [Link([*weights], "subset", "b", weights=weights)])
    weights["a0"] += abs(Fraction(off))
    with pytest.raises(CrosswalkError) as error:
        crosswalk(before, after, [Link([*weights], "subset", "b", weights=weights)])

    assert 1 == len(sound.losses.mapped)
    assert "weights-sum" == error.value.code


# Messages


def told(*links: Link, sources: Any = (), before: Instrument = KIOSK, after: Instrument = KIOSK_25) -> str:
    with pytest.raises(CrosswalkError) as error:
        crosswalk(before, after, links, sources=dict.fromkeys(sources, Source("x")))
    return str(error.value)


@pytest.mark.parametrize(
    ("link", "message"),
    [
        (
            Link("d2", "superset", ["d2", "d2b"], weights={"d2": "0.5", "d2b": "0.4"}),
            "the weights add up to 0.9, and not to 1 @ links[0].weights",
        ),
        (
            Link(["d1.fees", "d1.door"], "subset", "d1", weights={"d1.fees": "0.333", "d1.door": "2/3"}),
            "the weights add up to 2999/3000, and not to 1 @ links[0].weights",
        ),
        (
            Link("d1.fee", "equivalent", "d1"),
            "kios-2024 has no question 'd1.fee'; did you mean 'd1.fees'? @ links[0].from",
        ),
        (
            Link("d2", "equivalent", "d5"),
            "kios-2025 has no question 'd5'; known are 'd1', 'd2', 'd2b', 'd4' @ links[0].to",
        ),
        (
            Link("d1", "intersects", "d1"),
            "'d1' is a group of kios-2024; name its questions, such as 'd1.fees', 'd1.door' @ links[0].from",
        ),
        (
            Link("d2", "same", "d2"),
            "expected one of 'equal', 'equivalent', 'subset', 'superset', 'intersects', not 'same' @ links[0].relation",
        ),
        (
            Link("d2", "equal", "d2"),
            "'d2' and 'd2' have different scales; say equivalent @ links[0].relation",
        ),
        (
            Link("d2", "equivalent", ["d2", "d2b"]),
            "equivalent links one question with one, not 1 with 2; say subset or superset, with weights @ links[0].relation",
        ),
        (Link((), "intersects", "d2"), "a link has a question or more in from @ links[0].from"),
        (Link("d2", "intersects", ()), "a link has a question or more in to @ links[0].to"),
        (Link(["d2", "d2"], "intersects", "d2"), "'d2' is there twice @ links[0].from"),
        (
            Link("d2", "intersects", ["d2", "d2b"], weights={"d2": "0.5", "d2b": "0.5"}),
            "weights go with subset, from several questions to one, and with superset, from one to several @ links[0].weights",
        ),
        (
            Link("d2", "equivalent", "d2", weights={"d2": 1}),
            "weights go with subset, from several questions to one, and with superset, from one to several @ links[0].weights",
        ),
        (
            Link("d2", "subset", ["d2", "d2b"], weights={"d2": "0.5", "d2b": "0.5"}),
            "weights go with subset, from several questions to one, and with superset, from one to several @ links[0].weights",
        ),
        (
            Link("d2", "superset", ["d2", "d2b"], weights={"d2": 1}),
            "the weight of 'd2b' is lacking @ links[0].weights",
        ),
        (
            Link("d2", "superset", ["d2", "d2b"], weights={"d2": "0.5", "d2b": "0.5", "d2c": 0}),
            "'d2c' is not one of its questions; did you mean 'd2'? @ links[0].weights\n"
            "  a weight is greater than 0, not 0 @ links[0].weights['d2c']",
        ),
        (
            Link("d2", "superset", ["d2", "d2b"], weights={"d2": "1.5", "d2b": "-0.5"}),
            "a weight is greater than 0, not -0.5 @ links[0].weights['d2b']",
        ),
        (
            Link("d2", "intersects", "d2", source="S9"),
            "there is no source 'S9' in [sources] @ links[0].source",
        ),
        (
            Link("d2", "intersects", "d2", standing={"weight": Standing("inferred")}),
            "'weight' is no figure of this table; its figures are relation, weights @ links[0].standing.weight",
        ),
    ],
)
def test_a_link_that_is_not_sound_is_refused(link, message):
    count = message.count("\n") + 1
    head = "kios-2024 to kios-2025: " if count == 1 else f"kios-2024 to kios-2025 has {count} problems\n  "

    assert f"{head}{message}" == told(link)


def test_a_target_that_two_links_claim_is_refused():
    links = [Link("d2", "intersects", "d2"), Link("d3", "intersects", ["d4", "d2"])]
    expected = "kios-2024 to kios-2025: 'd2' stands in the to of links[0] already; make one link of the two @ links[1].to"

    assert expected == told(*links)


def test_answers_that_two_links_carry_are_refused():
    links = [Link("d2", "equivalent", "d2"), Link("d2", "equivalent", "d2b")]
    expected = (
        "kios-2024 to kios-2025: the answers to 'd2' go along links[0] already; "
        "say superset with weights in one link, or intersects @ links[1].from"
    )

    assert expected == told(*links)


def test_all_mistakes_are_told_at_once():
    links = [
        Link("d2", "superset", ["d2", "d2b"], weights={"d2": "0.5", "d2b": "0.4"}),
        Link("d1.fee", "alike", "d2", source="S2"),
    ]
    expected = (
        "kios-2024 to kios-2025 has 5 problems\n"
        "  the weights add up to 0.9, and not to 1 @ links[0].weights\n"
        "  there is no source 'S2' in [sources] @ links[1].source\n"
        "  kios-2024 has no question 'd1.fee'; did you mean 'd1.fees'? @ links[1].from\n"
        "  expected one of 'equal', 'equivalent', 'subset', 'superset', 'intersects', not 'alike' @ links[1].relation\n"
        "  'd2' stands in the to of links[0] already; make one link of the two @ links[1].to"
    )

    assert expected == told(*links, sources=["S1"])
