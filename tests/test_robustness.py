import itertools
from decimal import Decimal
from fractions import Fraction

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import pelayanan
from pelayanan import (
    MISSING,
    Band,
    Group,
    Indicator,
    Instrument,
    Option,
    Rounding,
    Scale,
    Weights,
    Zones,
    score_one,
)
from pelayanan import strategies as ps
from pelayanan.audit import margins
from pelayanan.errors import AnswerError, PelayananError, ScoresError
from pelayanan.exact import MODES
from pelayanan.reweighting import _SAMPLES, _Curve, edges_of
from pelayanan.stages import RoundingStage
from pelayanan.zones import Requirement

LINEAR = {"rules": ("weighted_mean", "weighted_sum"), "stages": 0, "conditions": 0}
GRID = [Fraction(step, 12) for step in range(1, 12)]
TINY = Fraction(1, 10**9)


def made(root: Group | None = None, **fields) -> Instrument:
    """Two questions of 60 and 40 out of 100, A from 50 on."""
    plain = {
        "id": "pair",
        "criteria": [Indicator("a", Scale(low=0, high=10), 60), Indicator("b", Scale(low=0, high=10), 40)],
        "root": root or Group("*"),
        "maximum": 100,
        "missing": "refuse",
        "rounding": Rounding(2),
        "zones": Zones([Band("C", floor=0), Band("A", floor=50)]),
    }
    return Instrument(**plain | fields)


def reweighted(instrument: Instrument, found, part: Fraction) -> Instrument:
    """The same instrument with another weight for one criterion, the others in their proportions."""
    codes = instrument.tree.weighted[found.group]
    whole = sum(instrument.weights[code] for code in codes)
    rest = whole - instrument.weights[found.code]
    weights = {code: instrument.weights[code] / rest * (1 - part) * whole for code in codes}
    weights[found.code] = part * whole
    criteria = [
        attrs.evolve(each, weight=weights.get(each.code, each.weight))
        for each in instrument.criteria.values()
    ]
    return attrs.evolve(instrument, criteria=criteria)


def inside(found, part: Fraction) -> bool:
    above = found.lowest < part or (found.lowest == part and found.lowest_included)
    return above and (part < found.highest or (part == found.highest and found.highest_included))


def code_of(band: Band | None) -> str:
    return band.code if band else ""


def without_means(each):
    return (
        attrs.evolve(each, scale=attrs.evolve(each.scale, between=False))
        if isinstance(each, Indicator)
        else each
    )


@st.composite
def units(draw, means: bool = True, **kinds):
    instrument = draw(ps.instruments(**{"depth": 2, "members": 3, **LINEAR, **kinds}))
    if not means:
        instrument = attrs.evolve(instrument, criteria=map(without_means, instrument.criteria.values()))
    answers = draw(ps.answers(instrument))
    try:
        card = score_one(instrument, answers)
    except PelayananError:
        answers = {each.code: draw(ps.responses(each.scale)) for each in instrument.indicators}
        card = score_one(instrument, answers)
    if card.total is None:
        answers = {each.code: draw(ps.responses(each.scale)) for each in instrument.indicators}
        card = score_one(instrument, answers)
    return instrument, answers, card


# Worked by hand.


def test_the_ends_of_a_weight_are_exact_and_say_whether_they_belong():
    # 0.2 w + 0.7 (1 - w) is published as 50.00 from 49.995 on: w up to 4001/10000.
    found = margins(made(), {"a": 2, "b": 7})
    a, b = found.weights

    assert ("C", Decimal("40.00")) == (found.zone, found.total)
    assert (Fraction(3, 5), Fraction(4001, 10000), False, Fraction(1), False) == (
        a.weight,
        a.lowest,
        a.lowest_included,
        a.highest,
        a.highest_included,
    )
    assert (Fraction(0), False, Fraction(5999, 10000), False) == (
        b.lowest,
        b.lowest_included,
        b.highest,
        b.highest_included,
    )


def test_a_zone_that_begins_at_a_weight_has_it():
    a, _ = margins(
        made(zones=Zones([Band("C", floor=0), Band("A", floor=50)], "exact")), {"a": 7, "b": 2}
    ).weights

    assert (Fraction(3, 5), True, Fraction(1), False) == (
        a.lowest,
        a.lowest_included,
        a.highest,
        a.highest_included,
    )


@pytest.mark.parametrize(
    ("of", "bound", "lowest", "included"),
    [
        ("contribution", 30, Fraction(3, 8), True),
        ("points", 30, Fraction(0), False),
        ("share", "0.1", Fraction(0), False),
    ],
)
def test_what_a_zone_requires_keeps_a_weight_too(of, bound, lowest, included):
    # The contribution of a is 80 w, and the total 90 - 10 w.
    zones = Zones(
        [Band("C", floor=0), Band("A", floor=50, requires=[Requirement("a", at_least=bound, of=of)])]
    )
    a, _ = margins(made(zones=zones), {"a": 8, "b": 9}).weights

    assert (lowest, included, Fraction(1)) == (a.lowest, a.lowest_included, a.highest)


def test_a_rounded_requirement_turns_where_it_is_rounded_up():
    gate = Requirement("a", at_least=30, of="contribution", decide_on=Rounding(0))
    a, _ = margins(
        made(zones=Zones([Band("C", floor=0), Band("A", floor=50, requires=[gate])])), {"a": 8, "b": 9}
    ).weights

    # 80 w is rounded to 30 from 29.5 on.
    assert (Fraction(59, 160), True) == (a.lowest, a.lowest_included)


def test_borders_are_told_in_points_and_in_answers():
    found = margins(made(), {"a": 2, "b": 7})
    (border,) = found.borders

    # 49.995 is published as 50.00; one more of 10 is worth 6 and 4 points.
    assert ("C", "A", Fraction("49.995"), True, Fraction("9.995")) == (
        border.below,
        border.above,
        border.at,
        border.included,
        border.distance,
    )
    assert (2, ("a", "b")) == (border.answers, border.codes)


def test_a_border_that_no_single_steps_cross_says_so():
    (border,) = margins(made(), {"a": 0, "b": 0}).borders

    assert (None, ()) == (border.answers, border.codes)


def test_the_tie_of_lombok_timur_is_told_by_mode():
    edition = made(zones=Zones([Band("C", floor=0), Band("A", floor="68.83")]))
    found = margins(edition, {"a": "6.8825", "b": "6.8825"})

    assert ("A", Decimal("68.83")) == (found.zone, found.total)
    assert [("half_even", "68.82", "C", True, True), ("down", "68.82", "C", True, True)] == [
        (each.mode, str(each.total), each.zone, each.total_changes, each.zone_changes)
        for each in found.roundings
    ]


def test_nothing_is_rounded_where_nothing_is_published_rounded():
    assert () == margins(made(rounding=None, zones=Zones()), {"a": 2, "b": 7}).roundings


def test_a_rounding_of_the_zone_alone_has_modes_too():
    zones = Zones([Band("C", floor=0), Band("A", floor=50)], Rounding(0))
    found = margins(made(rounding=None, zones=zones), {"a": "4.95", "b": "4.95"})

    assert [("half_even", False, False), ("down", False, True)] == [
        (each.mode, each.total_changes, each.zone_changes) for each in found.roundings
    ]


def test_weights_have_no_range_where_the_rule_has_none_or_rounds_on_the_way():
    weakest = made(
        Group("*", rule="weakest_link"), criteria=[Indicator(code, Scale(low=0, high=10)) for code in "ab"]
    )
    staged = made(rounding_stages=[RoundingStage("a", of="points", decimals=0)])

    assert () == margins(weakest, {"a": 2, "b": 7}).weights
    assert () == margins(staged, {"a": 2, "b": 7}).weights
    assert ("a",) == margins(weakest, {"a": "4.5", "b": 7}).borders[0].codes
    assert 2 == margins(staged, {"a": 2, "b": 7}).borders[0].answers


def test_weights_at_leaves_whose_total_is_bent_twice_have_no_range():
    edition = made(
        Group("*", weights=Weights(over="leaves")),
        criteria=[
            Group("d"),
            Indicator("d.a", Scale(low=0, high=10), 3),
            Indicator("d.b", Scale(low=0, high=10), 2, missing="exclude"),
            Indicator("d.f", Scale(low=0, high=10), 4),
            Group("e"),
            Indicator("e.c", Scale(low=0, high=10), 5),
            Indicator("e.d", Scale(low=0, high=10), 7),
        ],
    )
    all_there = margins(edition, {"d.a": 2, "d.b": 5, "d.f": 8, "e.c": 7, "e.d": 9})
    left_out = margins(edition, {"d.a": 2, "d.f": 8, "e.c": 7, "e.d": 9})

    assert ["d.a", "d.b", "d.f", "e.c", "e.d"] == [each.code for each in all_there.weights]
    assert ["d.b", "e.c", "e.d"] == [each.code for each in left_out.weights]


def test_a_band_between_two_steps_of_the_grid_has_no_borders():
    edition = made(zones=Zones([Band("X", floor="50.001", below="50.004")]))

    assert [] == edges_of(edition)


def test_a_requirement_on_what_has_no_score_holds_for_no_weight():
    gate = Requirement("c", at_least=30, of="points")
    edition = made(
        criteria=[*made().criteria.values(), Indicator("c", Scale(low=0, high=10), 20, missing="exclude")],
        zones=Zones([Band("C", floor=0), Band("A", floor=50, requires=[gate])]),
    )
    found = margins(edition, {"a": 8, "b": 9})

    assert "C" == found.zone
    assert [(0, 1)] * 3 == [(each.lowest, each.highest) for each in found.weights]


def test_a_measure_with_a_pole_is_no_curve():
    assert not _Curve.through([1 / at for at in _SAMPLES]).sound


def test_more_than_two_thousand_sets_of_answers_are_not_tried():
    many = made(
        Group("*", rule="weakest_link"),
        criteria=[Indicator(f"q{each}", Scale(low=0, high=10)) for each in range(12)],
    )
    (border,) = margins(many, {f"q{each}": "4.5" for each in range(12)}).borders

    assert (None, ()) == (border.answers, border.codes)


# Properties.


@given(units())
@settings(max_examples=40)
def test_ranges_agree_with_scoring_over_a_grid_of_weights(unit):
    instrument, answers, card = unit
    for found in margins(instrument, answers).weights:
        zones = {part: code_of(score_one(reweighted(instrument, found, part), answers).zone) for part in GRID}

        assert all(zones[part] == code_of(card.zone) for part in GRID if inside(found, part))
        assert not card.zone or all(
            zones[part] != code_of(card.zone) for part in GRID if not inside(found, part)
        )


@given(units())
@settings(max_examples=30)
def test_at_the_ends_of_a_range_the_zone_is_what_is_said(unit):
    instrument, answers, card = unit
    for found in margins(instrument, answers).weights:
        for end, included in ((found.lowest, found.lowest_included), (found.highest, found.highest_included)):
            if 0 < end < 1:
                there = score_one(reweighted(instrument, found, end), answers)

                assert included == (code_of(there.zone) == code_of(card.zone))


@given(units(rules=("weighted_mean", "weighted_sum", "weakest_link"), stages=1))
def test_at_a_border_the_zone_changes_from_the_one_below_to_the_one_above(unit):
    instrument, answers, card = unit
    found = margins(instrument, answers)
    grid = instrument.zones.grid(instrument.rounding)

    def zone(total: Fraction) -> str:
        return code_of(instrument.zones.classify(total if grid is None else grid.of(total)))

    for border in found.borders:
        assert border.below == zone(border.at - TINY)
        assert border.above == zone(border.at + TINY)
        assert zone(border.at) == (border.above if border.included else border.below)
        assert border.distance == border.at - card.exact
    assert (found.total, found.zone, found.exact) == (card.total, code_of(card.zone), card.exact)


@given(ps.instruments(depth=1, **LINEAR))
def test_between_two_borders_the_zone_stays(instrument):
    edges = edges_of(instrument)
    grid = instrument.zones.grid(instrument.rounding)
    for (low, *_, after), (high, _, before, _) in itertools.pairwise(edges):
        for step in range(1, 8):
            total = low + (high - low) * Fraction(step, 8)
            band = instrument.zones.classify(total if grid is None else grid.of(total))

            assert after == before == code_of(band)


def moved(scale: Scale, answer, up: bool):
    """The next answer of a scale of options or of a count, nothing at its end."""
    share = scale.share(answer)
    listed = (
        [(each.share, each.code) for each in scale.options if each.share is not None]
        if scale.options
        else [(scale.share(each), each) for each in range(int(scale.of) + 1)]
    )
    other = [each for each in listed if (each[0] > share if up else each[0] < share)]
    return (min if up else max)(other, key=lambda each: each[0])[1] if other else None


@given(
    units(
        means=False,
        forms=("options", "count"),
        depth=2,
        members=2,
        rules=("weighted_mean", "weighted_sum", "weakest_link", "step"),
    )
)
@settings(max_examples=40)
def test_the_fewest_answers_are_those_of_an_exhaustive_search(unit):
    instrument, answers, _ = unit
    for border in margins(instrument, answers).borders:
        up = border.distance > 0 or (border.distance == 0 and not border.included)
        there = {code for code, each in answers.items() if each not in (MISSING, pelayanan.NOT_APPLICABLE)}
        steps = {code: moved(instrument[code].scale, answers[code], up) for code in there}
        steps = {code: each for code, each in steps.items() if each is not None}
        crossing = [
            len(codes)
            for number in range(1, len(steps) + 1)
            for codes in itertools.combinations(steps, number)
            if crossed(instrument, {**answers, **{code: steps[code] for code in codes}}, border, up)
        ]

        assert min(crossing, default=None) == border.answers
        assert border.answers == (len(border.codes) or None)


def crossed(instrument, answers, border, up: bool) -> bool:
    exact = score_one(instrument, answers).exact
    return (exact > border.at or (exact == border.at and border.included)) == up


@given(units())
def test_the_other_modes_are_those_of_the_instrument_with_that_rounding(unit):
    instrument, answers, card = unit
    found = margins(instrument, answers).roundings
    own = instrument.zones.decide_on
    for each in found:
        decide_on = attrs.evolve(own, mode=each.mode) if isinstance(own, Rounding) else own
        other = attrs.evolve(
            instrument,
            rounding=attrs.evolve(instrument.rounding, mode=each.mode),
            zones=attrs.evolve(instrument.zones, decide_on=decide_on),
        )
        there = score_one(other, answers)

        assert (there.total, code_of(there.zone)) == (each.total, each.zone)
        assert (there.total != card.total, there.zone != card.zone) == (each.total_changes, each.zone_changes)
    assert {*MODES} - {instrument.rounding.mode} == {each.mode for each in found}


# Messages.


@pytest.mark.parametrize(
    ("answers", "said"),
    [
        ({}, "pair: there are no answers"),
        ({"a": 2}, "pair: the answer is missing, and missing answers are refused @ unit 0, 'b'"),
        (
            {"a": 2, "b": 70},
            "pair: the answer 70 is outside the scale 0 to 10; the nearest valid answer is 10 @ unit 0, 'b'",
        ),
        ({"a": 2, "b": 7, "cc": 1}, "pair: there is no indicator 'cc'; known are 'a', 'b' @ column 'cc'"),
    ],
)
def test_answers_that_cannot_be_scored_have_no_margins(answers, said):
    with pytest.raises(AnswerError) as caught:
        margins(made(), answers)

    assert said == str(caught.value)


def test_a_unit_without_a_score_has_no_margins():
    with pytest.raises(ScoresError) as caught:
        margins(made(missing="exclude"), {"a": MISSING, "b": MISSING})

    assert "pair gives no score to these answers, so that there are no margins" == str(caught.value)
    assert ("no-score", {"instrument": "pair"}) == (caught.value.code, caught.value.values)


@pytest.mark.parametrize(
    ("scale", "answer", "codes"),
    [
        (Scale(steps=[(0, "0.2"), (5, "0.9")]), 4, 1),
        (Scale(anchors=[(5, 1), (30, 0)]), 18, 1),
        (Scale(options=[Option("1", "0.2"), Option("2", "0.9")], between=True), "1.2", 1),
        (Scale(options=[Option("x", "0.2"), Option("y", "0.9"), Option("z")]), "x", 1),
        (Scale(of=4, full=1), 0, 1),
    ],
)
def test_every_form_of_scale_has_a_next_step(scale, answer, codes):
    edition = made(criteria=[Indicator("a", scale), Indicator("b", Scale(low=0, high=10))])
    (border,) = margins(edition, {"a": answer, "b": "4.9"}).borders

    assert codes == border.answers
