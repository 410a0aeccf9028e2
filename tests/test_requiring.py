from fractions import Fraction

import attrs
import pytest

import pelayanan
from pelayanan import Band, Group, Indicator, Instrument, Rounding, Scale, Zones
from pelayanan.errors import InstrumentError
from pelayanan.zones import Requirement

PERCENT = Scale(low=0, high=100)
HALF = Requirement("a", at_least="1/2", of="share")


def gated(*requires, **fields):
    bands = [Band("C", floor=0), Band("A", floor=75, requires=requires)]
    return Instrument(
        id="zi",
        criteria=[
            Group("a", 60),
            Indicator("a.x", PERCENT, 8),
            Indicator("a.y", Scale(of=10, full=5), 7),
            Indicator("b", PERCENT, 40),
            Indicator("status", Scale(low=0, high=1), scored=False, missing="exclude"),
            Group("temuan"),
            Indicator("temuan.x", Scale(low=0, high=1), scored=False, missing="exclude"),
            Indicator("temuan.y", Scale(low=0, high=1), scored=False, missing="exclude"),
            Group("kosong"),
            Group("kosong.dalam"),
            Indicator("kosong.dalam.z", Scale(low=0, high=1), scored=False, missing="exclude"),
        ],
        **{"maximum": 100, "missing": "refuse", "rounding": Rounding(2), "zones": Zones(bands)} | fields,
    )


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"criterion": "a.z"}, "there is no criterion 'a.z'; did you mean 'a.y'?"),
        ({"criterion": ""}, "a requirement is about a criterion or each_of a group, one of the two"),
        ({"each_of": "a"}, "a requirement is about a criterion or each_of a group, one of the two"),
        ({"criterion": "", "each_of": "b"}, "'b' has no members, of which each could be measured"),
        ({"of": "part"}, "expected of = one of 'share', 'points', 'contribution', not 'part'"),
        ({"at_least": 0}, "at_least is greater than 0, not 0"),
        ({"exceptions": 1}, "there can be 0 to 0 exceptions, not 1"),
        ({"criterion": "", "each_of": "a", "exceptions": 2}, "there can be 0 to 1 exceptions, not 2"),
        ({"criterion": "", "each_of": "a", "exceptions": -1}, "there can be 0 to 1 exceptions, not -1"),
        ({"at_least": "1.01"}, "the most that 'a' can have is 1, so that 1.01 cannot be met"),
        (
            {"at_least": "100.5", "of": "points"},
            "the most that 'a' can have is 100, so that 100.5 cannot be met",
        ),
        (
            {"at_least": 61, "of": "contribution"},
            "the most that 'a' can have is 60, so that 61 cannot be met",
        ),
        (
            {"criterion": "", "each_of": "a", "at_least": 30, "of": "contribution"},
            "the most that 'a.y' can have is 28, so that 30 cannot be met",
        ),
        (
            {"criterion": "", "each_of": "kosong"},
            "'kosong' has no members that could be measured",
        ),
        (
            {"criterion": "", "each_of": "temuan", "exceptions": 2},
            "there can be 0 to 1 exceptions, not 2",
        ),
        (
            {"criterion": "", "each_of": "temuan", "at_least": "1.5"},
            "the most that 'temuan.x' can have is 1, so that 1.5 cannot be met",
        ),
        (
            {"criterion": "status", "at_least": 1, "of": "contribution"},
            "the most that 'status' can have is 0, so that 1 cannot be met",
        ),
    ],
)
def test_a_requirement_that_is_not_sound_is_refused(fields, said):
    with pytest.raises(InstrumentError) as caught:
        gated(attrs.evolve(HALF, **fields))

    assert f"zi: {said} @ zones.bands[1].requires[0]" == str(caught.value)


def test_every_requirement_that_is_not_sound_is_told():
    with pytest.raises(InstrumentError) as caught:
        gated(attrs.evolve(HALF, criterion="c", of="part"), HALF, attrs.evolve(HALF, at_least=2))

    assert [
        "expected of = one of 'share', 'points', 'contribution', not 'part' @ zones.bands[1].requires[0]",
        "there is no criterion 'c'; known are 'a', 'a.x', 'a.y', 'b', 'status', 'temuan', 'temuan.x', 'temuan.y', "
        "'kosong', 'kosong.dalam' and 1 more @ zones.bands[1].requires[0]",
        "the most that 'a' can have is 1, so that 2 cannot be met @ zones.bands[1].requires[2]",
    ] == [str(each) for each in caught.value.problems]


def test_a_contribution_may_grow_where_others_can_be_left_out():
    most = Requirement("a", at_least=100, of="contribution")
    beyond = attrs.evolve(most, at_least="100.01")

    assert (most,) == gated(most, missing="exclude").zones.bands[1].requires
    with pytest.raises(
        InstrumentError, match=r"the most that 'a' can have is 100, so that 100\.01 cannot be met"
    ):
        gated(beyond, missing="exclude")


def test_each_of_the_first_level_may_be_required():
    made = gated(Requirement(each_of="*", at_least="1/2", of="share", exceptions=1))

    assert ("a", "b") == made.about(made.zones.bands[1].requires[0])


@pytest.mark.parametrize(
    "requirement",
    [Requirement("a.x", at_least=60, of="points"), Requirement(each_of="a", at_least=60, of="points")],
    ids=str,
)
def test_what_a_zone_requires_cannot_be_pruned_away(requirement):
    with pytest.raises(InstrumentError) as caught:
        gated(requirement).pruned(depth=1)

    assert f"pruning: the zone 'A' requires {requirement} @ criteria['a']" == str(caught.value)


def test_what_a_zone_requires_may_be_a_question_after_pruning():
    requirement = Requirement("a", at_least=60, of="points")
    pruned = gated(requirement).pruned(depth=1)

    assert (requirement,) == pruned.zones.bands[1].requires


def test_requirements_decide_the_fingerprint():
    prints = {
        gated(*requires).fingerprint
        for requires in (
            (),
            (HALF,),
            (attrs.evolve(HALF, at_least="0.51"),),
            (attrs.evolve(HALF, of="points"),),
            (attrs.evolve(HALF, criterion="b"),),
            (attrs.evolve(HALF, criterion="", each_of="a"),),
            (attrs.evolve(HALF, criterion="", each_of="a", exceptions=1),),
            (attrs.evolve(HALF, decide_on=Rounding(1)),),
        )
    }

    assert 8 == len(prints)
    assert gated(HALF).fingerprint == gated(attrs.evolve(HALF, at_least="0.50")).fingerprint


def test_what_is_required_is_an_assumption_where_it_is_not_published():
    found = [str(each) for each in gated(HALF).assumptions]

    assert "zones: requires of A is assumed" in found
    assert "requires" not in " ".join(str(each) for each in gated().assumptions)


def test_of_a_group_with_scored_members_only_these_are_measured():
    made = gated(HALF)

    assert ("a", "b") == made.about(Requirement(each_of="*", at_least=1, of="share"))
    assert ("temuan.x", "temuan.y") == made.about(Requirement(each_of="temuan", at_least=1, of="share"))
    assert ("temuan",) == made.about(Requirement("temuan", at_least=1, of="share"))


def weighing(requirement, weight):
    """Two questions, the first of which weighs that much of 100."""
    zones = Zones([Band("C", floor=0), Band("A", floor=75, requires=[requirement])])
    return Instrument(
        id="two",
        criteria=[Indicator("a", PERCENT, weight), Indicator("b", PERCENT, 100 - Fraction(weight))],
        maximum=100,
        missing="refuse",
        rounding=Rounding(2),
        zones=zones,
    )


def test_what_is_rounded_before_it_is_compared_can_be_met_as_it_is_rounded():
    up = Requirement("a", at_least=40, of="contribution", decide_on=Rounding(0))
    down = attrs.evolve(up, at_least="39.9", decide_on=Rounding(0, "down"))
    card = pelayanan.score_one(weighing(up, "39.9"), {"a": 100, "b": 100})

    assert "A" == card.zone.code
    with pytest.raises(InstrumentError) as caught:
        weighing(down, "39.9")
    assert (
        "two: the most that 'a' can have is 39, so that 39.9 cannot be met @ zones.bands[1].requires[0]"
        == str(caught.value)
    )


def test_a_requirement_says_how_it_is_rounded():
    required = Requirement(each_of="a", at_least=3, of="points", exceptions=1, decide_on=Rounding(1, "down"))

    assert "each of 'a' at least 3 of points, rounded down to 1 decimals, but for 1" == str(required)
