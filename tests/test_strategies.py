from fractions import Fraction

import numpy as np
import pytest
from hypothesis import Phase, find, given, settings
from hypothesis import strategies as st
from hypothesis.errors import NoSuchExample

import pelayanan
from pelayanan import MISSING, NOT_APPLICABLE, Answers, Rounding, Scale, Zones
from pelayanan import strategies as ps
from pelayanan.columns import state_or_value
from pelayanan.exact import MODES

FORMS = ("options", "range", "count", "anchors", "steps")
QUICK = settings(max_examples=300, database=None, phases=[Phase.generate])


@given(st.data(), st.integers(-5, 5), st.integers(0, 10), st.integers(0, 4))
def test_decimals_lie_between_their_ends_and_have_no_more_places(data, low, width, places):
    number = data.draw(ps.decimals(low=low, high=low + width, places=places))

    assert low <= number <= low + width
    assert 1 == (number * 10**places).denominator


@given(st.data(), st.integers(0, 5))
def test_roundings_have_no_more_decimals_than_asked(data, most):
    rounding = data.draw(ps.roundings(most=most))

    assert 0 <= rounding.decimals <= most
    assert rounding.mode in MODES


@given(st.data(), st.sampled_from(FORMS))
def test_scales_have_the_form_that_was_asked_for(data, form):
    assert form == data.draw(ps.scales(forms=(form,))).form


@given(st.data())
def test_responses_are_answers_to_their_scale(data):
    scale = data.draw(ps.scales())
    share = scale.share(data.draw(ps.responses(scale)))

    assert scale.worst <= share <= scale.best


@pytest.mark.parametrize("kind", [int, float, str, Fraction])
def test_responses_come_as_numbers_and_as_texts(kind):
    responses = ps.scales().flatmap(ps.responses)

    assert isinstance(find(responses, lambda answer: type(answer) is kind, settings=QUICK), kind)


def test_an_option_without_a_share_is_no_response():
    scale = Scale(options=[pelayanan.Option("A", 1), pelayanan.Option("D*")])

    with pytest.raises(NoSuchExample):
        find(ps.responses(scale), lambda answer: answer == "D*", settings=QUICK)


@given(st.data(), st.sampled_from([1, 5, 100]))
def test_zones_hold_every_total_but_those_in_gaps(data, maximum):
    zones = data.draw(ps.zones(maximum=maximum))
    codes = [band.code for band in zones.bands]
    gaps = any(band.gap_after for band in zones.bands)
    steps = range(4 * maximum + 1)
    found = [zones.classify(Fraction(step, 4)) for step in steps]

    assert sorted(codes, reverse=True) == codes
    assert gaps or None not in found
    assert zones.bands[0] == found[0]


@pytest.mark.parametrize(
    "is_found",
    [
        lambda zones: any(band.gap_after for band in zones.bands),
        lambda zones: any(band.above is not None for band in zones.bands),
        lambda zones: zones.bands[-1].ceiling is not None,
        lambda zones: zones.decide_on == "exact",
        lambda zones: isinstance(zones.decide_on, Rounding),
        lambda zones: len(zones.bands) == 5,
    ],
)
def test_zones_are_drawn_of_every_kind(is_found):
    assert isinstance(find(ps.zones(), is_found, settings=QUICK), Zones)


@given(st.data(), st.integers(1, 3), st.integers(1, 5))
@settings(max_examples=50)
def test_instruments_keep_to_what_was_asked_for(data, depth, members):
    instrument = data.draw(
        ps.instruments(
            depth=depth,
            members=members,
            policies=("zero", "exclude"),
            rules=("weighted_mean",),
            forms=("range",),
            optional=False,
            rounding=st.none(),
        )
    )
    tree = instrument.tree

    assert max(code.count(".") + 1 for code in instrument.criteria) <= depth
    assert max(map(len, tree.members.values())) <= members
    assert {tree.policy(each.code) for each in instrument.indicators} <= {"zero", "exclude"}
    assert {"weighted_mean"} == {group.rule.name for group in tree.groups}
    assert {"range"} == {each.scale.form for each in instrument.indicators}
    assert not any(each.optional for each in instrument.indicators)
    assert instrument.rounding is None


@given(ps.instruments(members=12, depth=1))
@settings(max_examples=20)
def test_more_than_ten_members_have_codes_of_their_own(instrument):
    assert len(instrument.indicators) == len({each.code for each in instrument.indicators})


KINDS = {
    "three levels": lambda each: {0, 1, 2} == {code.count(".") for code in each.criteria},
    "weights at the leaves": lambda each: bool(each.tree.carriers),
    "a weighted sum that rescales": lambda each: each.root.rescale is True,
    "a weighted sum that does not": lambda each: each.root.rescale is False,
    "some weights absent": lambda each: {True, False} == {m.weight is None for m in each.criteria.values()},
    "optional indicators": lambda each: any(indicator.optional for indicator in each.indicators),
    "exact totals rolled up": lambda each: each.rollup == "exact",
    "missing answers left out": lambda each: each.missing == "exclude",
    "a maximum that is not 100": lambda each: each.maximum == 110,
    "cutting": lambda each: each.rounding.mode == "down",
    "the weakest link": lambda each: each.root.rule.name == "weakest_link",
    "the weakest link with plus": lambda each: each.root.rule.name == "weakest_link_plus",
    "a step table of several rows": lambda each: any(len(rows) > 1 for rows in each.root.steps.values()),
    "all or nothing": lambda each: each.root.rule.name == "all_or_nothing",
    "rounded points": lambda each: any(stage.of == "points" for stage in each.rounding_stages),
    "rounded contributions": lambda each: any(stage.of != "points" for stage in each.rounding_stages),
    "a question under a condition": lambda each: any(item.asked_if for item in each.indicators),
    "a group under a condition": lambda each: any(group.asked_if for group in each.tree.groups),
    "a step of rounding": lambda each: any(stage.step for stage in each.rounding_stages),
}


def test_instruments_are_drawn_of_every_kind():
    seen = set()

    @settings(max_examples=400, database=None, derandomize=True, phases=[Phase.generate])
    @given(ps.instruments())
    def collect(each):
        seen.update(kind for kind, holds in KINDS.items() if holds(each))

    collect()

    assert KINDS.keys() == seen


@given(st.data())
@settings(max_examples=50)
def test_answers_can_be_scored(data):
    instrument = data.draw(ps.instruments())
    answers = data.draw(ps.answers(instrument))
    card = pelayanan.score_one(instrument, answers)

    assert [each.code for each in instrument.indicators] == list(answers)
    assert card.exact is None or 0 <= card.exact <= instrument.maximum * instrument.tree.bounds["*"]


@given(st.data())
@settings(max_examples=50)
def test_answers_are_missing_or_not_applicable_only_where_that_is_allowed(data):
    instrument = data.draw(ps.instruments())
    answers = data.draw(ps.answers(instrument))
    cells = {code: state_or_value(answer) for code, answer in answers.items()}
    asked = answers.keys() - instrument.tree.unasked(cells)
    missing = {code for code in asked if answers[code] is MISSING}
    beside = {code for code in asked if answers[code] is NOT_APPLICABLE}

    assert "refuse" not in {instrument.tree.policy(code) for code in missing}
    assert all(instrument[code].optional for code in beside)


@given(st.data(), st.integers(1, 8))
@settings(max_examples=50)
def test_tables_can_be_scored_and_have_no_more_units_than_asked(data, units):
    instrument = data.draw(ps.instruments())
    table = data.draw(ps.tables(instrument, units=units))
    scores = pelayanan.score(instrument, table)

    assert isinstance(table, Answers)
    assert 1 <= len(table) <= units
    assert np.all((scores.zone >= -1) & (scores.zone < len(instrument.zones.bands)))
