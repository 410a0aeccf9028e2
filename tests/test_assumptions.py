import attrs
from hypothesis import given
from hypothesis import strategies as st

from pelayanan.assumptions import Assumption, assumptions_of
from pelayanan.conditions import Condition
from pelayanan.criteria import Criteria
from pelayanan.criterion import ROOT, Group, Indicator
from pelayanan.mapping import FrozenMapping
from pelayanan.marks import Mark
from pelayanan.provenance import Standing
from pelayanan.scales import Scale
from pelayanan.strategies import instruments
from pelayanan.weighting import Weights
from pelayanan.zones import Band, Requirement, Zones


@attrs.frozen
class Head:
    source: tuple[str, ...] = ()
    standing: FrozenMapping = FrozenMapping()


ASSUMED = Standing("assumed")
SOUND = Head(("S1",))


def indicator(code, weight=None, **others):
    return Indicator(code, others.pop("scale", Scale(low=0, high=10)), weight, source="S1", **others)


def lines(*listed, root=None, zones=Zones(), head=SOUND, figures=(), derived=()):
    tree = Criteria(root or Group(ROOT, source="S1"), listed)
    return [str(each) for each in assumptions_of(head, figures, tree, zones, derived)]


def sourced(value):
    """The same with one source for everything and nothing said besides."""
    fields = {"source": "S1", "standing": {}}
    if isinstance(value, Indicator):
        fields["scale"] = attrs.evolve(value.scale, source="S1", standing={})
    if isinstance(value, Group):
        fields["weights"] = attrs.evolve(value.weights, equal="S1")
    return attrs.evolve(value, **fields)


@given(instruments(members=3))
def test_what_is_published_throughout_rests_on_nothing(instrument):
    tree = Criteria(sourced(instrument.root), [sourced(each) for each in instrument.criteria.values()])
    bands = [sourced(band) for band in instrument.zones.bands]
    zones = Zones(bands, instrument.zones.decide_on, source="S1")

    assert () == assumptions_of(SOUND, ["rounding", "missing"], tree, zones, ())


@given(instruments(members=3))
def test_each_figure_without_a_source_is_told_once(instrument):
    tree = instrument.tree
    found = assumptions_of(Head(), ["rounding", "missing"], tree, instrument.zones, ())
    told = [(each.place, each.figure, code) for each in found for code in each.codes or ("",)]

    assert len(told) == len(set(told))
    assert {("", "rounding", ""), ("", "missing", ""), ("zones", "decide_on", "")} <= set(told)
    for code in tree.by_code:
        assert ("criterion", code) in {(figure, code) for _, figure, code in told}
    for group in tree.groups:
        combined = tree.combined[group.code]
        weights = {code for place, figure, code in told if (place, figure) == (group.code, "weight")}
        weighted = tree.leaves[group.code] if group.weights.over == "leaves" else combined
        shared_out = len(weighted) > 1 and group.code not in tree.carriers and group.rule.weighs

        assert set(weighted if shared_out else ()) == weights
        assert ((group.code, "rule", "") in told) == (len(combined) > 1)


def test_members_that_stand_alike_share_a_line():
    group = Group("input", source="S1", standing={"rule": Standing("inferred", "ten totals fit")})
    found = lines(
        group,
        indicator("input.i1"),
        indicator("input.i2", 3, standing={"weight": Standing("inferred", "from a total")}),
        indicator("input.i3"),
    )

    assert [
        "input: rule is inferred (ten totals fit)",
        "input: weight of i1, i3 is assumed (not published)",
        "input: weight of i2 is inferred (from a total)",
    ] == found


def test_equal_weights_with_a_source_are_published():
    equal = Group("a", source="S1", weights=Weights(equal="S1"))

    assert [] == lines(equal, indicator("a.x"), indicator("a.y"))
    assert ["a: weight of x is assumed"] == lines(
        equal, indicator("a.x", standing={"weight": ASSUMED}), indicator("a.y")
    )


def test_an_only_member_needs_no_weight_and_no_rule():
    assert [] == lines(Group("a", source="S1", standing={"rule": ASSUMED}), indicator("a.x"))


def test_weights_at_the_leaves_are_told_at_the_group_that_has_them():
    found = lines(
        Group("a", source="S1", weights=Weights(100, "leaves")),
        Group("a.b", source="S1"),
        indicator("a.b.x", 60),
        indicator("a.b.y"),
    )

    assert ["a: weight of b.y is assumed (not published)"] == found


def test_figures_of_the_head_come_first():
    head = Head(("S1",), FrozenMapping({"missing": Standing("assumed", "no rule was found")}))
    found = lines(indicator("a"), head=head, figures=["rounding", "missing"], root=Group(ROOT))

    assert ["missing is assumed (no rule was found)"] == found


def test_policies_and_least_answers_are_told_where_they_are_said():
    found = lines(
        Group("a", source="S1", missing="zero", standing={"missing": ASSUMED}),
        indicator("a.x", missing="exclude", standing={"missing": Standing("inferred")}),
        root=Group(ROOT, missing="lowest", least_answered="2/3"),
    )

    assert [
        "*: missing is assumed",
        "*: least_answered is assumed",
        "a: missing is assumed",
        "a: missing of x is inferred",
    ] == found


def test_a_scale_in_place_stands_as_it_says_or_as_its_criterion():
    said = Scale(low=0, high=4, standing={"scale": Standing("assumed", "not shown")})
    with_source = Scale(low=0, high=4, source="S2")
    found = lines(
        Group("a", source="S1", weights=Weights(equal="S1")),
        indicator("a.x", scale=said),
        indicator("a.y", scale=with_source, standing={"scale": ASSUMED}),
        indicator("a.z", standing={"scale": ASSUMED}),
    )

    assert ["a: scale of x is assumed (not shown)", "a: scale of z is assumed"] == found


def test_a_named_scale_is_told_once_for_all_that_use_it():
    likert = Scale(low=1, high=4, code="likert", standing={"share": Standing("inferred")})
    group = Group("a", source="S1", weights=Weights(equal="S1"))

    assert ["scales['likert']: scale is assumed", "scales['likert']: share is inferred"] == lines(
        group, indicator("a.x", scale=likert), indicator("a.y", scale=likert)
    )


def test_the_scale_of_a_pruned_criterion_follows_from_the_whole():
    plain, points = Scale(low=0, high=10), Scale(low=0, high=100, code="points")

    assert [] == lines(indicator("a", scale=points), derived=["a"])
    assert [] == lines(indicator("a", scale=plain, standing={"scale": ASSUMED}), derived=["a"])
    assert ["*: scale of a is assumed"] == lines(indicator("a", scale=plain, standing={"scale": ASSUMED}))


def test_bands_are_told_by_the_ends_that_they_have():
    zones = Zones(
        [
            Band("C", ceiling=50),
            Band("B", above=50, below=80, source="S1", standing={"below": Standing("inferred")}),
            Band("A", floor=80),
        ],
        source="S1",
    )

    assert [
        "zones: ceiling of C is assumed",
        "zones: below of B is inferred",
        "zones: floor of A is assumed",
    ] == lines(indicator("a"), zones=zones)
    assert "zones: decide_on is assumed" == lines(indicator("a"), zones=Zones(zones.bands))[0]


@given(st.integers(1, 20))
def test_six_codes_are_shown_and_the_others_counted(count):
    codes = tuple(f"input.i{number}" for number in range(count))
    shown = ", ".join(f"i{number}" for number in range(min(count, 6)))
    more = f" and {count - 6} more" if count > 6 else ""

    assert f"input: weight of {shown}{more} is assumed" == str(Assumption("input", "weight", codes, ASSUMED))


def test_conditions_and_respondents_are_told_at_the_group():
    asked = Condition("a.x", 1)
    found = lines(
        Group(
            "a", source="S1", asked_if=Condition("b", 1), least_respondents=30, weights=Weights(equal="S1")
        ),
        indicator("a.x"),
        indicator(
            "a.y", asked_if=asked, least_respondents=9, standing={"asked_if": Standing("inferred", "c")}
        ),
        indicator("a.z", asked_if=asked, standing={"asked_if": ASSUMED}),
        indicator("b", 1),
        root=Group(ROOT, source="S1", least_respondents=5, weights=Weights(equal="S1")),
    )
    unsourced = lines(
        attrs.evolve(indicator("a", asked_if=Condition("b", 1), least_respondents=9), source=()),
        indicator("b"),
        root=Group(
            ROOT, least_respondents=5, weights=Weights(equal="S1"), standing={"rule": Standing("published")}
        ),
    )

    assert ["a: asked_if of y is inferred (c)", "a: asked_if of z is assumed"] == [
        each for each in found if "asked_if" in each
    ]
    assert [] == [each for each in found if "respondents" in each]
    assert [
        "*: asked_if of a is assumed",
        "*: least_respondents is assumed",
        "*: least_respondents of a is assumed",
    ] == sorted(each for each in unsourced if "asked_if" in each or "respondents" in each)


def test_marks_are_told_by_what_they_require():
    half = [Requirement("a", at_least="0.5", of="share")]
    marks = [
        Mark("m", half, source="S1"),
        Mark("n", half),
        Mark("o", half),
        Mark("p", half, source="S1", standing={"requires": Standing("inferred", "a case")}),
    ]
    tree = Criteria(Group(ROOT, source="S1"), [indicator("a")])
    found = assumptions_of(SOUND, (), tree, Zones(), (), marks)

    assert ["marks: requires of n, o is assumed", "marks: requires of p is inferred (a case)"] == [
        str(each) for each in found
    ]
