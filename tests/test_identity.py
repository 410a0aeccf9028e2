import hashlib
from datetime import date
from fractions import Fraction

import attrs
import pytest
from drawn import LINEAR
from hypothesis import given
from hypothesis import strategies as st

from pelayanan.aggregation import WEIGHTED_SUM
from pelayanan.conditions import Condition
from pelayanan.criteria import Criteria
from pelayanan.criterion import ROOT, Group, Indicator
from pelayanan.exact import Exact, Rounding
from pelayanan.identity import digest_of, fingerprint_of
from pelayanan.mapping import FrozenMapping
from pelayanan.marks import Mark
from pelayanan.provenance import Standing
from pelayanan.scales import Option, Scale
from pelayanan.strategies import instruments
from pelayanan.weighting import Weights
from pelayanan.zones import Band, Requirement, Zones

PAPAN = Scale(options=[Option("ya", 1), Option("tidak", 0)])
PLAIN = instruments(members=3, forms=("range",), **LINEAR)
LISTED = (
    Group("d1", 60),
    Indicator("d1.fees", PAPAN, 3),
    Indicator("d1.door", Scale(low=0, high=10), 1, missing="zero"),
    Indicator("d2", Scale(anchors=[(5, 1), (30, 0)]), 40),
)
BANDS = (Band("C", floor=0, ceiling="79.99"), Band("A", floor=80))
HEAD = {"id": "kios-2024", "maximum": Exact(100), "rounding": Rounding(2), "tokens": FrozenMapping()}


HALF = Requirement("d1", at_least="0.5", of="share")


def of(
    listed=LISTED,
    bands=BANDS,
    head=(),
    decide_on="published",
    root=Group(ROOT),
    missing="refuse",
    marks=(),
):
    return fingerprint_of(
        Criteria(root, tuple(listed), missing), Zones(bands, decide_on), {**HEAD, **dict(head)}, marks
    )


def with_one(index, **changes):
    listed = list(LISTED)
    listed[index] = attrs.evolve(listed[index], **changes)
    return listed


def of_drawn(instrument, tree=None):
    return fingerprint_of(tree or instrument.tree, instrument.zones, {"id": instrument.id})


@given(PLAIN, st.randoms())
def test_the_order_of_the_criteria_does_not_count(instrument, random):
    listed = list(instrument.tree.listed)
    random.shuffle(listed)

    assert of_drawn(instrument) == of_drawn(instrument, attrs.evolve(instrument.tree, listed=listed))


@given(PLAIN, st.integers(1, 999).map(lambda steps: Fraction(steps, 100)))
def test_the_unit_of_the_weights_does_not_count(instrument, factor):
    def in_unit(each):
        fields = {"weight": None if each.weight is None else each.weight * factor}
        if isinstance(each, Group) and each.weights.whole is not None:
            fields["weights"] = attrs.evolve(each.weights, whole=each.weights.whole * factor)
        return attrs.evolve(each, **fields)

    tree = instrument.tree
    # A weighted sum without printed weights has parts of its whole, in whatever unit.
    scaled = Criteria(in_unit(tree.root), [in_unit(each) for each in tree.listed], tree.missing)

    assert of_drawn(instrument) == of_drawn(instrument, scaled)


@given(PLAIN)
def test_absent_weights_count_as_what_they_come_to(instrument):
    tree = instrument.tree
    listed = [
        each if each.code in tree.carriers else attrs.evolve(each, weight=tree.weights.get(each.code))
        for each in tree.listed
    ]

    assert of_drawn(instrument) == of_drawn(instrument, attrs.evolve(tree, listed=listed))


@given(instruments(members=3), st.text(max_size=5))
def test_labels_titles_and_sources_do_not_count(instrument, words):
    def worded(each):
        fields = {"title": words, "source": words, "disputed": words, "standing": {"weight": Standing(words)}}
        fields["tags"] = {words: words}
        if isinstance(each, Indicator):
            options = [attrs.evolve(option, label=words) for option in each.scale.options]
            fields["scale"] = attrs.evolve(each.scale, options=options, code=words, source=words)
        return attrs.evolve(each, **fields)

    tree = instrument.tree
    stages = [attrs.evolve(stage, source=words, disputed=words) for stage in tree.stages]
    again = attrs.evolve(
        tree,
        root=worded(tree.root),
        listed=[worded(each) for each in tree.listed],
        stages=tuple(stages),
    )
    bands = [
        attrs.evolve(
            band, label=words, colour=words, printed=words, attributes={"opini": words}, source=words
        )
        for band in instrument.zones.bands
    ]
    zones = Zones(bands, instrument.zones.decide_on, source=words)

    assert of_drawn(instrument) == fingerprint_of(again, zones, {"id": instrument.id})


@pytest.mark.parametrize(
    "same",
    [
        of(with_one(0, weight="60.00")),
        of(with_one(3, scale=Scale(anchors=[("5.0", "1.0"), (30, 0)]))),
        of(bands=[Band("C", floor="0.0", ceiling="79.990"), Band("A", floor=80)]),
        of(with_one(1, scale=Scale(options=[Option("tidak", 0), Option("ya", 1)]))),
        of(with_one(1, missing="refuse")),
        of(head={"tokens": {}}),
        of(head={"maximum": Fraction(100)}),
    ],
)
def test_the_print_of_a_number_and_the_place_of_a_policy_do_not_count(same):
    assert of() == same


def test_the_order_and_the_print_of_conditions_and_marks_do_not_count():
    conditions = [Condition("d1.fees", ["ya", "tidak"]), Condition("d2", ["5", 6])]
    turned = [Condition("d2", ["6.0", 5]), Condition("d1.fees", ["tidak", " ya "])]
    marks = [Mark("m", [HALF], label="Tuntas"), Mark("n", [HALF])]
    reworded = [
        Mark("n", [HALF], source="S1"),
        Mark("m", [attrs.evolve(HALF, at_least="1/2")], label="Selesai"),
    ]

    assert of(with_one(2, asked_if=conditions)) == of(with_one(2, asked_if=turned))
    assert of(marks=marks) == of(marks=reworded)


DIFFERENT = {
    "weight": of(with_one(0, weight=61)),
    "weight of a leaf": of(with_one(1, weight=4)),
    "code": of([*LISTED[:3], attrs.evolve(LISTED[3], code="d3")]),
    "range": of(with_one(2, scale=Scale(low=1, high=10))),
    "high": of(with_one(2, scale=Scale(low=0, high=11))),
    "anchor": of(with_one(3, scale=Scale(anchors=[(5, 1), (31, 0)]))),
    "form": of(with_one(3, scale=Scale(steps=[(5, 1), (30, 0)]))),
    "share": of(with_one(1, scale=Scale(options=[Option("ya", 1), Option("tidak", "0.1")]))),
    "no share": of(with_one(1, scale=Scale(options=[Option("ya", 1), Option("tidak")]))),
    "count": of(with_one(2, scale=Scale(of=10, full=10))),
    "missing": of(with_one(2, missing="lowest")),
    "missing of the head": of(missing="exclude"),
    "optional": of(with_one(1, optional=True)),
    "scored": of(with_one(1, scored=False)),
    "alias": of(with_one(1, aliases=["tarif"])),
    "rule": of(root=Group(ROOT, rule="weighted_sum", weights=Weights(100))),
    "whole": of(root=Group(ROOT, rule="weighted_sum", weights=Weights(101))),
    "rescale": of(root=Group(ROOT, rule="weighted_sum", weights=Weights(100), rescale=True)),
    "least answered": of(root=Group(ROOT, least_answered="2/3")),
    "floor": of(bands=[Band("C", floor=0, ceiling="79.99"), Band("A", floor="80.01")]),
    "above": of(bands=[Band("C", floor=0, ceiling="79.99"), Band("A", above=80)]),
    "ceiling": of(bands=[Band("C", floor=0, ceiling="79.98"), Band("A", floor=80)]),
    "below": of(bands=[Band("C", floor=0, below="79.99"), Band("A", floor=80)]),
    "band code": of(bands=[Band("D", floor=0, ceiling="79.99"), Band("A", floor=80)]),
    "decided exactly": of(decide_on="exact"),
    "decided on a grid": of(decide_on=Rounding(1)),
    "decided on another grid": of(decide_on=Rounding(1, "down")),
    "decimals": of(head={"rounding": Rounding(1)}),
    "mode": of(head={"rounding": Rounding(2, "half_even")}),
    "no rounding": of(head={"rounding": None}),
    "maximum": of(head={"maximum": Exact(75)}),
    "id": of(head={"id": "kios-2025"}),
    "token": of(head={"tokens": {"NA": "missing"}}),
    "list": of(head={"pruned": ["points", "d1"]}),
    "condition": of(with_one(2, asked_if=Condition("d1.fees", "ya"))),
    "condition of a group": of(with_one(0, asked_if=Condition("d2", 5))),
    "answer of a condition": of(with_one(2, asked_if=Condition("d1.fees", "tidak"))),
    "answers of a condition": of(with_one(2, asked_if=Condition("d1.fees", ["ya", "tidak"]))),
    "criterion of a condition": of(with_one(2, asked_if=Condition("d2", 5))),
    "number of a condition": of(with_one(2, asked_if=Condition("d2", 6))),
    "two conditions": of(with_one(2, asked_if=[Condition("d1.fees", "ya"), Condition("d2", 5)])),
    "respondents": of(with_one(2, least_respondents=30)),
    "more respondents": of(with_one(2, least_respondents=31)),
    "respondents of a group": of(with_one(0, least_respondents=30)),
    "mark": of(marks=[Mark("m", [HALF])]),
    "code of a mark": of(marks=[Mark("n", [HALF])]),
    "two marks": of(marks=[Mark("m", [HALF]), Mark("n", [HALF])]),
    "requirement of a mark": of(marks=[Mark("m", [attrs.evolve(HALF, at_least="0.6")])]),
    "measure of a mark": of(marks=[Mark("m", [attrs.evolve(HALF, of="points")])]),
}


@pytest.mark.parametrize("changed", DIFFERENT)
def test_whatever_decides_a_score_counts(changed):
    assert of() != DIFFERENT[changed]


def test_no_two_different_changes_look_alike():
    assert len(DIFFERENT) == len(set(DIFFERENT.values()))


def test_between_counts():
    options = [Option("1", 0), Option("2", 1)]
    found = {of(with_one(1, scale=Scale(options=options, between=between))) for between in (True, False)}

    assert 2 == len(found)


def test_a_digest_is_the_hash_of_everything_that_is_said():
    value = {
        "maximum": Exact("100.0"),
        "third": Fraction(1, 3),
        "rule": WEIGHTED_SUM,
        "day": date(2024, 1, 31),
        "codes": ("b", "a"),
        "listed": [True, None, 3],
        "rounding": Rounding(2),
    }
    said = (
        '[["maximum","100.0"],["third","1/3"],["rule","weighted_sum"],["day","2024-01-31"],'
        '["codes",["b","a"]],["listed",[true,null,3]],["rounding",{"decimals":2,"mode":"half_up"}]]'
    )

    assert hashlib.sha256(said.encode()).hexdigest() == digest_of(value)


def test_a_fingerprint_is_the_hash_of_what_decides():
    scale = '{"between":false,"numbers":["0","10",null,null,[],[]],"options":{}}'
    hashed = hashlib.sha256(scale.encode()).hexdigest()
    said = (
        '{"bands":[["A",["80",false],null]],'
        '"criteria":{"*":{"least_answered":null,"rescale":null,"rule":"weighted_mean","weights":{"a":"1"}},'
        f'"a":{{"aliases":[],"missing":"zero","optional":false,"scale":"{hashed}","scored":true}}}},'
        '"decide_on":"exact","head":{"maximum":"100"}}'
    )
    found = fingerprint_of(
        Criteria(Group(ROOT), [Indicator("a", Scale(low=0, high="10.0"), 7)], "zero"),
        Zones([Band("A", floor=80, label="hijau")], "exact"),
        {"maximum": Exact("100.00")},
    )

    assert hashlib.sha256(said.encode()).hexdigest() == found


@given(PLAIN)
def test_the_digest_sees_every_word_and_print(instrument):
    tree = instrument.tree
    first = tree.listed[0]
    changed = [
        attrs.evolve(first, title="lain"),
        attrs.evolve(first, source="lain"),
        attrs.evolve(first, weight="1.000"),
        attrs.evolve(first, disputed="lain"),
    ]
    digests = {digest_of(attrs.evolve(tree, listed=[each, *tree.listed[1:]])) for each in (first, *changed)}

    assert 5 == len(digests)
    assert digest_of(tree) == digest_of(attrs.evolve(tree))
    assert digest_of(tree) in digests
