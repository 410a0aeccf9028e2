import contextlib
import runpy
import statistics
from fractions import Fraction
from functools import partial
from pathlib import Path
from random import Random

import attrs
import numpy as np
import oracle
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from printed import read
from refusing import error_text
from test_markup import Reader

import pelayanan
from pelayanan import (
    MISSING,
    NOT_APPLICABLE,
    Answers,
    Band,
    Condition,
    Group,
    Indicator,
    Instrument,
    Option,
    Rounding,
    Scale,
    Scores,
    Zones,
)
from pelayanan import strategies as of
from pelayanan.bases import Answered
from pelayanan.errors import InstrumentError, ScoresError, UnknownError
from pelayanan.explain import _ranked, explain, lacking
from pelayanan.explanation import Explanation
from pelayanan.matching import matched
from pelayanan.stages import RoundingStage
from pelayanan.zones import MEASURES, Requirement

EXAMPLE = Path(__file__).parents[1] / "docs" / "examples" / "explained_office.py"
BREAKDOWNS = read("ombudsman_breakdowns.csv")
PERCENT = Scale(low=0, high=100)


def explained(instrument: Instrument, answers: dict, **rest):
    """The explanation of one unit."""
    table = Answers.from_rows(
        [answers or dict.fromkeys([each.code for each in instrument.indicators], MISSING)]
    )
    return explain(pelayanan.score(instrument, table, absent="missing"), 0, **rest)


# Published figures.


def kupang() -> Scores:
    rows = [row for row in BREAKDOWNS if row["entity"] == "Kota Kupang"]
    offices = Scores.of_totals(
        pelayanan.load("ombudsman-2022"), [row["score"] for row in rows], [row["component"] for row in rows]
    )
    return pelayanan.roll_up(offices, by=["Kota Kupang"] * len(rows))


def maluku_tenggara() -> Scores:
    """The two offices whose dimensions were printed, of seven."""
    rows = [row for row in BREAKDOWNS if row["entity"] == "Kabupaten Maluku Tenggara" and row["unit"]]
    instrument = pelayanan.load("ombudsman-2023").pruned(depth=1, of="contribution")
    units = list(dict.fromkeys(row["unit"] for row in rows))
    table = [{row["component"]: row["score"] for row in rows if row["unit"] == unit} for unit in units]
    scores = pelayanan.score(instrument, Answers.from_rows(table, units=units))
    return pelayanan.roll_up(scores, by=["Kabupaten Maluku Tenggara"] * len(units))


def test_who_holds_kota_kupang_down_in_points_of_the_city():
    found = lacking(kupang(), "Kota Kupang")

    # 100 less what was printed; a seventh of it is what the city lacks.
    assert [
        ("Dinas Pendidikan dan Kebudayaan", "39.56"),
        ("Dinas Kesehatan", "24.95"),
        ("Dinas Penanaman Modal dan PTSP", "19.57"),
        ("Dinas Sosial", "18.62"),
        ("Puskesmas Oepoi", "17.6"),
        ("Dinas Kependudukan dan Pencatatan Sipil", "13.85"),
        ("Puskesmas Oebobo", "11.97"),
    ] == [(each.unit, str(float(each.lacking))) for each in found]
    assert all(each.lacking / 7 == each.part for each in found)
    assert "5.6514" == f"{float(found[0].part):.4f}"
    assert 100 - kupang().basis.exact(0) == sum(each.part for each in found)


def test_who_is_below_the_green_zone_in_kota_kupang():
    city = kupang()
    green = city.instrument.zones.bands[3]

    assert [
        ("Dinas Pendidikan dan Kebudayaan", "B", "17.56"),
        ("Dinas Kesehatan", "B", "2.95"),
    ] == [(each.unit, each.zone, str(float(each.lacking))) for each in lacking(city, "Kota Kupang", to=green)]


def test_how_far_the_next_zone_of_each_office_of_kota_kupang_is():
    found = lacking(kupang(), "Kota Kupang", to="next")

    # A begins at 88, B at 78; Puskesmas Oebobo is in A.
    assert [
        ("Dinas Pendidikan dan Kebudayaan", "B", "17.56"),
        ("Dinas Penanaman Modal dan PTSP", "A", "7.57"),
        ("Dinas Sosial", "A", "6.62"),
        ("Puskesmas Oepoi", "A", "5.6"),
        ("Dinas Kesehatan", "B", "2.95"),
        ("Dinas Kependudukan dan Pencatatan Sipil", "A", "1.85"),
    ] == [(each.unit, each.zone, str(float(each.lacking))) for each in found]


def test_which_dimensions_hold_maluku_tenggara_down_in_points_of_the_regency():
    found = lacking(maluku_tenggara(), "Kabupaten Maluku Tenggara", depth=1, units=7)

    # The printed maxima 21.85, 32.37, 24.24 and 21.54 less what was printed.
    assert [
        ("Puskesmas Watdek", "proses", "21.61"),
        ("Dinas Pendidikan", "input", "16.02"),
        ("Dinas Pendidikan", "proses", "15.95"),
        ("Puskesmas Watdek", "input", "13.13"),
        ("Dinas Pendidikan", "pengaduan", "13.08"),
        ("Puskesmas Watdek", "pengaduan", "11.93"),
        ("Puskesmas Watdek", "output", "3.48"),
        ("Dinas Pendidikan", "output", "2.1"),
    ] == [(each.unit, each.code, str(float(each.lacking))) for each in found]
    assert all(each.lacking / 7 == each.part for each in found)
    assert "3.0871" == f"{float(found[0].part):.4f}"
    assert {"Proses", "Input", "Pengaduan", "Output"} == {each.title["id"] for each in found}


def test_the_printed_dimensions_of_puskesmas_watdek_explained():
    members = maluku_tenggara().basis.members
    found = explain(members, "Puskesmas Watdek", peers=members)

    assert ["proses", "input", "pengaduan"] == [each.code for each in found.weaknesses]
    assert ["output"] == [each.code for each in found.strengths]
    # Printed for Dinas Pendidikan: 5.83 of 21.85, 16.42 of 32.37, 22.14 of 24.24 and 8.46 of 21.54.
    assert Fraction("8.72") / Fraction("21.85") * 100 - Fraction("5.83") / Fraction("21.85") * 100 == (
        found["input"].ahead
    )
    assert ["input", "pengaduan"] == [each.code for each in found.ahead]
    assert ["proses", "output"] == [each.code for each in found.behind]
    assert Fraction("49.85") == found.card.exact == found["*"].contribution
    assert Fraction("50.15") == found["*"].could_add


# Properties.


@st.composite
def cases(draw, **rest):
    """Sound instruments, some with zones that require something, and answers of one unit."""
    instrument = draw(of.instruments(depth=2, members=3, **rest))
    codes = [code for code in instrument.criteria if instrument.tree.counts(code)]
    linear = [code for code in codes if not instrument.tree.undefined(code)]
    bands = list(instrument.zones.bands)
    for row in range(1, len(bands)):
        if draw(st.booleans()):
            code = draw(st.sampled_from(codes))
            measure = draw(st.sampled_from(MEASURES if code in linear else MEASURES[:2]))
            least = draw(st.fractions(0, 1)) * (1 if measure == "share" else instrument.maximum)
            rounding = draw(st.none() | st.just(Rounding(1)))
            gate = Requirement(code, at_least=least, of=measure, decide_on=rounding)
            bands[row] = attrs.evolve(bands[row], requires=[gate])
    with contextlib.suppress(InstrumentError):
        instrument = attrs.evolve(instrument, zones=attrs.evolve(instrument.zones, bands=bands))
    return instrument, draw(of.answers(instrument))


def exact_total(instrument: Instrument, answers: dict) -> Fraction | None:
    exact = {
        code: Fraction(repr(each)) if isinstance(each, float) else each for code, each in answers.items()
    }
    return oracle.exact_total(instrument, exact)


def unasked(instrument: Instrument, answers: dict) -> frozenset[str]:
    cells = {
        code: each if isinstance(each, str) or each in (MISSING, NOT_APPLICABLE) else oracle.number(each)
        for code, each in answers.items()
    }
    return instrument.tree.unasked(cells)


def without_unasked(instrument: Instrument, answers: dict) -> dict:
    """The answers of a unit; missing is what is not asked."""
    spared = unasked(instrument, answers)
    return {code: MISSING if code in spared else each for code, each in answers.items()}


def refused(instrument: Instrument, before: dict, after: dict) -> bool:
    """Whether a question that is asked only now may not be missing, and is."""
    opened = unasked(instrument, before) - unasked(instrument, after)
    decisive = instrument.tree.asked_about
    return any(
        after[code] is MISSING
        and instrument.tree.policy(code) == "refuse"
        and (instrument.tree.counts(code) or code in decisive)
        for code in opened
    )


@given(cases())
def test_what_the_next_better_answer_adds_is_what_scoring_the_unit_again_gives(case):
    instrument, answers = case
    found = explained(instrument, answers)
    for each in found.prospects:
        if each.better is None:
            continue
        if each.better.adds is None:
            base = without_unasked(instrument, answers)
            assert found.card.exact is None or refused(
                instrument, base, base | {each.code: each.better.answer}
            )
            continue
        changed = without_unasked(instrument, answers) | {each.code: each.better.answer}
        changed = without_unasked(instrument, changed)
        card = pelayanan.score_one(instrument, changed)

        assert exact_total(instrument, changed) - found.card.exact == each.better.adds
        assert (card.total, card.zone.code if card.zone else "") == (each.better.total, each.better.zone)
        assert card.total - found.card.total == each.better.adds_published


@given(cases(conditions=0))
def test_the_next_better_answer_is_the_next_on_its_scale(case):
    instrument, answers = case
    for each in explained(instrument, answers).prospects:
        if each.group:
            continue
        scale, answer = instrument[each.code].scale, answers[each.code]
        policy = instrument.tree.policy(each.code)
        if answer is NOT_APPLICABLE:
            assert each.better is None
        elif answer is MISSING and policy == "exclude":
            assert scale.best == each.better.share == oracle.share_of(scale, each.better.answer)
        else:
            lowest = {"zero": 0, "lowest": oracle.worst_of(scale)}
            share = lowest[policy] if answer is MISSING else oracle.share_of(scale, answer)
            assert (each.better is None) == (share == scale.best)
            if each.better is not None:
                assert share < each.better.share == oracle.share_of(scale, each.better.answer)
                others = [option.share for option in scale.options] + [share for _, share in scale.steps]
                others += [Fraction(k, int(scale.full or 1)) for k in range(int(scale.full or 0) + 1)]
                assert not [one for one in others if one is not None and share < one < each.better.share]
                if not others:
                    assert scale.best == each.better.share


@given(cases(conditions=0), st.data())
def test_nothing_below_a_criterion_adds_more_than_it_could(case, data):
    instrument, answers = case
    found = explained(instrument, answers)
    each = data.draw(st.sampled_from(found.prospects))
    leaves = instrument.tree.leaves.get(each.code, (each.code,))
    open_ = [code for code in leaves if answers[code] is not NOT_APPLICABLE]
    other = answers | {code: data.draw(of.responses(instrument[code].scale)) for code in open_}
    if found.card.exact is None:
        assert each.could_add is None
    elif instrument.root.least_answered is None:
        assert exact_total(instrument, other) - found.card.exact <= each.could_add or any(
            answers[code] is MISSING for code in open_
        )


@given(cases())
def test_what_a_criterion_could_add_is_what_the_best_answers_give(case):
    instrument, answers = case
    found = explained(instrument, answers)
    base = without_unasked(instrument, answers)
    for each in found.prospects:
        leaves = instrument.tree.leaves.get(each.code, (each.code,))
        changed = base
        for _ in leaves:
            spared = unasked(instrument, changed)
            open_ = [code for code in leaves if code not in spared and base[code] is not NOT_APPLICABLE]
            changed = changed | {code: best_of(instrument[code].scale) for code in open_}
        if found.card.exact is None:
            assert each.could_add is None
        elif each.could_add is None:
            assert refused(instrument, base, changed)
        else:
            assert exact_total(instrument, changed) - found.card.exact == each.could_add


def best_of(scale: Scale):
    """An answer with the highest share, found by trying all corners."""
    tried = [option.code for option in scale.options if option.share is not None]
    tried += [start for start, _ in (*scale.anchors, *scale.steps)]
    tried += [each for each in (scale.high, scale.full) if each is not None]
    return max(tried, key=lambda answer: oracle.share_of(scale, answer))


@given(cases())
def test_the_trace_leads_from_the_answers_to_the_zone_step_by_step(case):
    instrument, answers = case
    found = explained(instrument, answers)
    shares: dict[str, Fraction | None] = dict.fromkeys(instrument.criteria)
    for step in found.trace:
        if step.what == "answer":
            answer, policy = answers[step.code], instrument.tree.policy(step.code)
            scale = instrument[step.code].scale
            lowest = {"zero": 0, "lowest": oracle.worst_of(scale)}
            expected = lowest[policy] if answer is MISSING else oracle.share_of(scale, answer)
        elif step.what == "group":
            assert all(shares[each.code] == each.share for each in step.members)
            rule = instrument.tree.group(step.code).rule
            given = [each.share for each in step.members]
            weights = [each.weight for each in step.members]
            expected = rule.share(given, weights, instrument.tree.terms(instrument.tree.group(step.code)))
            if rule.linear is not None:
                assert expected == sum(each.part * (each.share or 0) for each in step.members)
        else:
            expected = found.card.exact / instrument.maximum
        assert expected == step.before
        assert (step.before, step.share) == tuple(
            each / instrument.maximum for each in (step.points_before, step.points)
        )
        if step.grid is None:
            assert step.before == step.share
        elif step.of == "points":
            down = step.points // step.grid * step.grid
            assert down == step.points
            assert abs(step.points - step.points_before) <= step.grid * (
                1 if step.mode == "down" else Fraction(1, 2)
            )
        shares[step.code] = step.share
    if found.card.exact is not None:
        published, zone = found.trace[-2:]

        assert (found.card.exact, Fraction(found.card.total)) == (published.points_before, published.points)
        assert (found.card.zone.code if found.card.zone else "") == zone.zone
        place = instrument.zones.classify(zone.points)
        assert place == found.card.zone_by_total


@given(cases())
def test_what_holds_a_zone_back_is_lacking_by_what_is_measured(case):
    instrument, answers = case
    found = explained(instrument, answers)

    assert found.card.held_back_by == tuple(each.requirement for each in found.shortfalls)
    for each in found.shortfalls:
        (unmet,) = each.unmet
        line = found.card[unmet.code]
        measure = {"share": line.share, "points": line.points}.get(each.requirement.of, line.contribution)

        assert (
            each.requirement
            in instrument.zones.bands[[b.code for b in instrument.zones.bands].index(each.zone)].requires
        )
        if line.share is None:
            assert (None, each.requirement.at_least) == (unmet.measure, unmet.lacking)
        else:
            rounding = each.requirement.decide_on
            deciding = measure if rounding is None else rounding.of(measure)
            assert (measure, each.requirement.at_least - deciding) == (unmet.measure, unmet.lacking)
            assert unmet.lacking > 0


@given(st.data())
def test_the_median_of_the_peers_is_exact_and_leaves_the_unit_out(data):
    instrument = data.draw(of.instruments(depth=2, members=3, stages=1))
    table = data.draw(of.tables(instrument, units=7))
    scores = pelayanan.score(instrument, table)
    cards = [scores.card(unit) for unit in scores.units.tolist()]
    unit = data.draw(st.sampled_from(scores.units.tolist()))
    found = explain(scores, unit, peers=scores)
    others = [card for card in cards if card.unit != unit and card.total is not None]

    assert len(others) == found.peers
    for each in found.prospects:
        points = [card[each.code].points for card in others if card[each.code].points is not None]
        expected = statistics.median(points) if points else None

        assert expected == each.median
        own = found.card[each.code].points
        assert (own is None or expected is None) == (each.ahead is None)
        assert each.ahead is None or own - expected == each.ahead


@given(st.lists(st.integers(0, 12), min_size=1, max_size=9), st.integers(0, 8), st.randoms())
@example([0, 1, 2, 3, 4, 5, 6], 2, Random(1))
@example([0, 1, 2, 3, 4, 5, 6], 4, Random(1))
def test_the_share_at_a_place_is_found_whatever_order_the_units_are_in(thirds, place, random):
    instrument = Instrument(
        id="thirds", criteria=[Indicator("a", PERCENT)], maximum=100, missing="refuse", rounding=Rounding(2)
    )
    basis = pelayanan.score(
        instrument, Answers.from_columns({"a": [Fraction(each, 3) for each in thirds]})
    ).basis
    rows = list(range(len(thirds)))
    random.shuffle(rows)
    place = min(place, len(thirds) - 1)

    assert Fraction(sorted(thirds)[place], 300) == _ranked(basis, "a", np.array(rows), place)


@given(st.data())
def test_others_as_peers_are_all_counted(data):
    instrument = data.draw(of.instruments(depth=1, members=2))
    scores = pelayanan.score(instrument, data.draw(of.tables(instrument, units=3)))
    others = pelayanan.score(instrument, data.draw(of.tables(instrument, units=4)))
    found = explain(scores, 0, peers=others)
    left_out = others == scores and found.card.total is not None

    assert np.count_nonzero(np.isfinite(others.total)) - left_out == found.peers


@given(cases())
def test_strengths_and_weaknesses_are_in_the_order_of_the_points_that_are_lost(case):
    found = explained(*case)
    strengths = [each.could_add for each in found.strengths]
    weaknesses = [each.could_add for each in found.weaknesses]
    losing = {each.code for each in found.prospects if not each.group and each.could_add}

    assert sorted(strengths) == strengths
    assert sorted(weaknesses, reverse=True) == weaknesses
    assert not {each.code for each in found.strengths} & {each.code for each in found.weaknesses}
    assert losing <= {each.code for each in (*found.strengths, *found.weaknesses)}
    assert all(each.better.adds > 0 for each in found.next_steps)
    assert sorted((each.better.adds for each in found.next_steps), reverse=True) == [
        each.better.adds for each in found.next_steps
    ]


@given(cases())
def test_an_explanation_can_be_shown_in_both_languages(case):
    found = explained(*case)
    for language in ("id", "en"):
        assert found.text(language).startswith("drawn  0\n")
        assert found.markdown(language).startswith("## 0\n")
        assert found.html(language).startswith(f'<article class="pelayanan" lang="{language}">')
    assert (str(found), found._repr_html_()) == (found.text("id"), found.html("id"))
    assert f"Explanation({found.card!r})" == repr(found)


@given(st.data())
def test_what_printed_units_lack_adds_up_to_what_the_institution_lacks(data):
    instrument = data.draw(of.instruments(depth=1, members=3, rounding=of.roundings()))
    instrument = attrs.evolve(instrument, rollup="published")
    best = instrument.rounding.of(instrument.attainable)
    totals = data.draw(st.lists(st.fractions(0, best).map(instrument.rounding.of), min_size=1, max_size=5))
    city = pelayanan.roll_up(Scores.of_totals(instrument, totals), by=["x"] * len(totals))
    found = lacking(city, "x")

    assert best - city.exact("x") == sum((each.part for each in found), Fraction(0))
    assert sorted((each.part for each in found), reverse=True) == [each.part for each in found]


@given(st.data())
def test_what_answered_units_lack_is_what_they_could_add(data):
    policy = data.draw(st.sampled_from(["exact", "published"]))
    instrument = attrs.evolve(data.draw(of.instruments(depth=1, members=3, conditions=0)), rollup=policy)
    scores = pelayanan.score(instrument, data.draw(of.tables(instrument, units=5)))
    city = pelayanan.roll_up(scores, by=["x"] * len(scores))
    found = {each.unit: each.lacking for each in lacking(city, "x")}
    counted = instrument.rounding.of if policy == "published" else Fraction
    for unit in scores.units.tolist():
        whole = explain(scores, unit)["*"]
        if whole.could_add is not None:
            now = scores.exact(unit)

            assert max(counted(now + whole.could_add) - counted(now), 0) == found.get(str(unit), 0)


@given(st.data())
def test_what_criteria_lack_is_what_the_institution_would_gain(data):
    instrument = attrs.evolve(data.draw(of.instruments(depth=2, members=2, conditions=0)), rollup="exact")
    table = data.draw(of.tables(instrument, units=3))
    scores = pelayanan.score(instrument, table)
    city = pelayanan.roll_up(scores, by=["x"] * len(scores))
    found = {(each.unit, each.code): each.part for each in lacking(city, "x", depth=1)}
    # Units without a score are no part of the institution; under a table of steps by the number of
    # those answered, one more answer can take away, and then nothing is lacking.
    scored = scores.units[np.isfinite(scores.total)].tolist()
    for unit in scored:
        for each in explain(scores, unit).prospects:
            if each.depth == 1 and each.could_add and each.could_add > 0:
                assert each.could_add / len(scored) == found[str(unit), each.code]
            elif each.depth == 1:
                assert (str(unit), each.code) not in found


# By hand.


def kiosk(**fields) -> Instrument:
    board = Scale(
        options=[Option("tidak", 0), Option("sebagian", "1/2", {"id": "sebagian ada"}), Option("ada", 1)]
    )
    criteria = [
        Group("seen", weight=60, title={"id": "Yang terlihat", "en": "What is seen"}),
        Indicator("seen.fees", board, 3, title="Tarif", labels={"ada": {"id": "dipasang", "en": "posted"}}),
        Indicator("seen.hours", Scale(of=10, full=5), 1, title="Jam buka", optional=True),
        Indicator("said", Scale(low=1, high=4), 40, title="Yang dikatakan", missing="exclude"),
    ]
    bands = [
        Band("C", floor=0),
        Band("B", floor=50, requires=[Requirement("said", at_least="1/2", of="share")]),
        Band("A", floor=60, requires=[Requirement(each_of="seen", at_least=70, of="points", exceptions=1)]),
    ]
    defaults = {"maximum": 100, "missing": "refuse", "rounding": Rounding(1), "zones": Zones(bands)}
    return Instrument(id="kiosk", criteria=criteria, **(defaults | fields))


def test_a_card_explained_by_hand():
    found = explained(kiosk(), {"seen.fees": "sebagian", "seen.hours": 3, "said": "1.5"})

    # 60 x (3 x 1/2 + 1 x 3/5) / 4 + 40 x 1.5 / 4 = 31.5 + 15 = 46.5
    assert Fraction("46.5") == found.card.exact
    assert [("seen", "28.5"), ("seen.fees", "22.5"), ("seen.hours", "6"), ("said", "25")] == [
        (each.code, f"{float(each.could_add):g}") for each in found.prospects[1:]
    ]
    better = found["seen.fees"].better
    assert ("ada", 1, {"id": "dipasang", "en": "posted"}) == (better.answer, better.share, better.label)
    assert (Fraction("22.5"), "69.0") == (better.adds, str(better.total))
    # 69.0 lies in A and 1.5 of 4 is below a half, but A asks only for one of the two members.
    assert "A" == better.zone
    hours = found["seen.hours"].better
    assert (4, Fraction(4, 5), 3, "") == (hours.answer, hours.share, hours.adds, "".join(hours.opens))
    assert (4, Fraction(1), 25) == (
        found["said"].better.answer,
        found["said"].better.share,
        found["said"].better.adds,
    )
    assert ["said", "seen.fees", "seen.hours"] == [each.code for each in found.next_steps]


def test_the_next_answer_may_add_nothing_to_the_published_total():
    parts = [Indicator("a", Scale(options=[Option("0", 0), Option("1", 1)]), 1), Indicator("b", PERCENT, 999)]
    wide = Instrument(id="wide", criteria=parts, maximum=10, missing="refuse", rounding=Rounding(1))
    better = explained(wide, {"a": 0, "b": 50})["a"].better

    assert (Fraction(1, 100), 0, "5.0") == (better.adds, better.adds_published, str(better.total))


def test_below_the_weakest_link_only_the_weakest_can_add():
    weakest = Instrument(
        id="weakest",
        criteria=[Indicator("a", PERCENT), Indicator("b", PERCENT), Indicator("c", PERCENT)],
        root=Group("*", rule="weakest_link"),
        maximum=100,
        missing="refuse",
        rounding=Rounding(0),
    )
    found = explained(weakest, {"a": 40, "b": 70, "c": 90})

    assert [60, 30, 0, 0] == [each.could_add for each in found.prospects]
    assert [None, 30, 0, 0] == [each.better and each.better.adds for each in found.prospects]
    assert [None] * 3 == [each.contribution for each in found.prospects[1:]]


def test_what_holds_a_zone_back_by_hand():
    found = explained(kiosk(), {"seen.fees": "sebagian", "seen.hours": 3, "said": 4})

    # 31.5 + 40 = 71.5 is an A by the total; fees has 50 and hours 60 points where one of them needs 70.
    assert ("A", "B") == (found.card.zone_by_total.code, found.card.zone.code)
    (held,) = found.shortfalls
    assert ("A", 1) == (held.zone, held.to_mend)
    assert [("seen.fees", 50, 20), ("seen.hours", 60, 10)] == [
        (each.code, each.measure, each.lacking) for each in held.unmet
    ]
    assert (
        "ditahan dari A oleh syarat:\n"
        "  cukup 1 dari 2:\n"
        "  Tarif: nilai 50,00, disyaratkan 70,00, kurang 20,00\n"
        "  Jam buka: nilai 60,00, disyaratkan 70,00, kurang 10,00\n" in found.text()
    )


def test_what_is_not_known_is_lacking_as_a_whole():
    found = explained(kiosk(), {"seen.fees": "ada", "seen.hours": 1, "said": MISSING})

    # 100 x (3 + 1/5) / 4 = 80, an A; without one B is not reached either.
    assert "A" == found.card.zone.code
    plain = kiosk(
        zones=Zones(
            [
                Band("C", floor=0),
                Band("B", floor=50, requires=[Requirement("said", at_least=50, of="points")]),
            ]
        )
    )
    found = explained(plain, {"seen.fees": "ada", "seen.hours": 1, "said": MISSING})

    assert [("said", None, 50)] == [
        (each.code, each.measure, each.lacking) for held in found.shortfalls for each in held.unmet
    ]
    assert "  Yang dikatakan: points not known, required 50.00" in found.text("en").splitlines()


def test_each_zone_says_what_it_is_held_back_by():
    bands = [
        Band("C", floor=0),
        Band("B", floor=10, requires=[Requirement("said", at_least=50, of="points")]),
        Band("A", floor=20, requires=[Requirement("seen.fees", at_least="3/4", of="share")]),
    ]
    found = explained(kiosk(zones=Zones(bands)), {"seen.fees": "sebagian", "seen.hours": 3, "said": "1.5"})

    assert (
        "zone C\n"
        "held back from A by:\n"
        "  Tarif: share 0.50, required 0.75, lacking 0.25\n"
        "held back from B by:\n"
        "  Yang dikatakan: points 37.50, required 50.00, lacking 12.50\n" in found.text("en")
    )


def test_an_explanation_of_a_card_alone_shows_its_head():
    card = explained(kiosk(), {"seen.fees": "ada", "seen.hours": 5, "said": 4}).card
    found = Explanation(attrs.evolve(card, assumptions=()))

    assert "kiosk  0\ntotal 100.0, zone A" == found.text("en")
    assert found.text("id") == str(found)
    assert found.html("id") == found._repr_html_()
    assert "## 0\n" == found.markdown("en")[:5]
    assert f"Explanation({found.card!r})" == repr(found)
    assert ((), (), ()) == (found.strengths, found.weaknesses, found.next_steps)


def conditional(policy: str) -> Instrument:
    return Instrument(
        id="counter",
        criteria=[
            Indicator("open", Scale(options=[Option("tidak", 0), Option("ya", 1)]), 1),
            Indicator("queue", PERCENT, 3, asked_if=Condition("open", "ya"), missing=policy),
        ],
        maximum=100,
        missing="refuse",
        rounding=Rounding(2),
    )


def test_a_better_answer_that_opens_a_question_says_so():
    refusing, zero = (explained(conditional(each), {"open": "tidak"})["open"] for each in ("refuse", "zero"))

    assert (("queue",), None, None) == (refusing.better.opens, refusing.better.adds, refusing.better.total)
    # A quarter of the weight is answered with the best, and the rest counts as zero.
    assert (("queue",), 25) == (zero.better.opens, zero.better.adds)
    assert (None, 25) == (refusing.could_add, zero.could_add)
    text = explained(conditional("refuse"), {"open": "tidak"}).text("en")
    assert "ya: then asked queue" in text


def test_what_was_not_applicable_as_it_was_not_asked_is_asked_then():
    unasked, empty = (
        explained(conditional("zero"), {"open": "tidak"} | given) for given in ({"queue": NOT_APPLICABLE}, {})
    )

    assert (25, 100) == (unasked["open"].better.adds, unasked["*"].could_add)
    assert empty.prospects == unasked.prospects


def test_the_whole_at_its_best_answers_what_comes_to_be_asked():
    found = explained(conditional("refuse"), {"open": "tidak"})

    assert 100 == found["*"].could_add
    assert (None, None) == (found["queue"].better, found["queue"].points)
    assert 0 == found["queue"].could_add


def test_an_answer_that_closes_a_question_takes_its_answer_away():
    closing = Instrument(
        id="closing",
        criteria=[
            Indicator("late", Scale(options=[Option("ya", 0), Option("tidak", 1)]), 1),
            Indicator("why", PERCENT, 1, asked_if=Condition("late", "ya"), missing="zero"),
        ],
        maximum=100,
        missing="refuse",
        rounding=Rounding(2),
    )
    found = explained(closing, {"late": "ya", "why": 80})

    assert (40, 60) == (found.card.exact, found["late"].better.adds)


def test_a_unit_without_a_score_has_nothing_to_add_to():
    found = explained(
        Instrument(
            id="left-out",
            criteria=[Indicator("a", PERCENT, 1), Indicator("b", PERCENT, 1)],
            root=Group("*", least_answered="2/3"),
            maximum=100,
            missing="exclude",
            rounding=Rounding(2),
        ),
        {"a": 50},
    )

    assert (None, None, ()) == (found.card.total, found["b"].could_add, found.shortfalls)
    # With b answered there would be a total, of which the difference is not known.
    assert (None, "75.00") == (found["b"].better.adds, str(found["b"].better.total))
    assert "nilai akhir tanpa nilai, zona tidak ada" == found.text().splitlines()[1]
    assert ["answer"] == [each.what for each in found.trace]


def test_titles_that_are_there_twice_are_told_with_their_groups():
    twice = Instrument(
        id="twice",
        criteria=[
            Group("a", title="Loket"),
            Indicator("a.x", PERCENT, title="Ramah"),
            Group("b", title="Antrean"),
            Indicator("b.x", PERCENT, title="Ramah"),
        ],
        maximum=100,
        missing="refuse",
        rounding=Rounding(2),
    )
    text = explained(twice, {"a.x": 10, "b.x": 100}).text()

    assert "  Loket \u203a Ramah: 45,00" in text.splitlines()
    assert "  Antrean \u203a Ramah: 100,00" in text.splitlines()


def test_an_explanation_is_asked_by_code():
    found = explained(kiosk(), {"seen.fees": "ada", "seen.hours": NOT_APPLICABLE, "said": 4})

    assert 100 == found["*"].contribution
    assert (None, None) == (found["seen.hours"].better, found["seen.hours"].attained)
    with pytest.raises(UnknownError) as error:
        found["seen.fee"]

    assert "the explanation of 0 has no 'seen.fee'; did you mean 'seen.fees'?" == str(error.value)


def test_the_page_of_the_documentation_is_a_whole_document():
    page = runpy.run_path(str(EXAMPLE))["page"]
    read = Reader(page("Dinas Contoh Utara"))

    assert ["html", "head", "meta", "title", "body", "article"] == read.tags[:6]
    assert not {"script", "a", "img", "link"} & set(read.tags)
    said = "".join(read.words)
    # 12 each for fees and the charter, 5 for the officer, 2 each for the toilet and the ramp are lost of 100.
    for words in ("67,00", "kurang 14,00 ke hijau", "Maklumat Layanan: 12,00", "di bawah 7 pembanding"):
        assert words in said
    assert EXAMPLE.with_suffix(".png").stat().st_size < 150_000


# Messages.


message = partial(error_text, ScoresError)


def test_scores_that_were_not_made_from_answers_cannot_be_explained():
    assert (
        "scores of ombudsman-2022 that were not made from answers cannot be explained"
        == message(explain, kupang(), "Kota Kupang")
        == message(lacking, kupang(), "Kota Kupang", depth=1)
    )


def test_peers_are_of_the_same_instrument():
    scores = pelayanan.score(kiosk(), Answers.from_rows([{"seen.fees": "ada", "seen.hours": 5, "said": 4}]))

    assert "the peers are of ombudsman-2022, another instrument than kiosk" == message(
        explain, scores, 0, peers=kupang()
    )


def test_a_unit_that_is_not_there_is_named():
    with pytest.raises(UnknownError) as error:
        lacking(kupang(), "Kota Kupan")

    assert "there is no unit 'Kota Kupan'; did you mean 'Kota Kupang'?" == str(error.value)


def test_what_is_lacking_needs_units():
    assert "scores of ombudsman-2022 that were not made by a roll-up have no units" == message(
        lacking, kupang().basis.members, "Dinas Sosial"
    )


def test_below_what_must_be_known():
    city = kupang()
    expected = "expected to='best', to='next' or a band of ombudsman-2022 with a floor, not "

    assert f"{expected}'A'" == message(lacking, city, "Kota Kupang", to="A")
    assert f"{expected}Band('A', from 90)" == message(lacking, city, "Kota Kupang", to=Band("A", floor=90))
    assert f"{expected}80" == message(lacking, city, "Kota Kupang", to=80)


def test_criteria_have_no_zones():
    assert "criteria have no zones; leave out to, or depth" == message(
        lacking, maluku_tenggara(), "Kabupaten Maluku Tenggara", to="next", depth=1
    )


def test_units_are_at_least_those_there_are():
    assert "'Kota Kupang' has 7 units, and units=6 says fewer" == message(
        lacking, kupang(), "Kota Kupang", units=6
    )


def test_rescored_units_have_the_shares_of_the_table_they_are_from():
    table = Answers.from_rows([{"seen.fees": "ada", "seen.hours": 5, "said": 4}])
    basis = Answered(matched(kiosk(), table, "missing"))

    assert {"seen.fees": 1, "seen.hours": 1, "said": 1} == {
        code: share for code, share in basis.shares(0).items() if code in ("seen.fees", "seen.hours", "said")
    }


def test_the_side_of_a_share_is_told_of_what_is_rounded_on_the_way_too():
    instrument = Instrument(
        id="thirds",
        criteria=[Indicator("a", PERCENT)],
        maximum=100,
        missing="exclude",
        rounding=Rounding(2),
        rounding_stages=[RoundingStage("a", of="points", decimals=0)],
    )
    basis = pelayanan.score(instrument, Answers.from_columns({"a": ["33.5", "33.6", "33.4", "34.5"]})).basis

    assert [0, 0, -1, 1] == basis.sides("a", Fraction(34, 100)).tolist()
    assert [0, 0, -1, 1] == basis.sides("*", Fraction(34, 100)).tolist()
