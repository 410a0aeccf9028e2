import itertools
from decimal import Decimal
from fractions import Fraction
from math import factorial
from typing import Any

import attrs
import pytest
from drawn import with_requirements
from hypothesis import given, reject, settings
from hypothesis import strategies as st

import pelayanan
from pelayanan import (
    MISSING,
    Answers,
    Band,
    Group,
    Indicator,
    Instrument,
    Option,
    Rounding,
    Scale,
    Scores,
    Zones,
)
from pelayanan import strategies as ps
from pelayanan.errors import AnswerError, InstrumentError, ScoresError, UnknownError
from pelayanan.history import PARTS, Decomposition, Placement, placed, why_changed
from pelayanan.hybrids import Hybrids
from pelayanan.stages import RoundingStage
from pelayanan.zones import Requirement

BACK = {"added": "dropped", "dropped": "added"}
ZONES = Zones([Band("C", floor=0, below=50), Band("A", floor=50)])
SCORE = Scale(low=0, high=10)


def kiosk(*criteria: Any, **fields: Any) -> Instrument:
    defaults = {"id": "kios", "maximum": 100, "missing": "exclude", "rounding": Rounding(2), "zones": ZONES}
    return Instrument(criteria=criteria, **{**defaults, **fields})


def scored(instrument: Instrument, unit: str = "Dinkes", **answers: Any) -> Scores:
    return pelayanan.score(instrument, Answers.from_rows([answers], units=[unit]))


def parts(found: Decomposition) -> dict[str, Fraction]:
    return {each.what: each.points for each in found.parts}


def lines(found: Decomposition, what: str) -> dict[str, Fraction]:
    (part,) = [each for each in found.parts if each.what == what]
    return {line.code: line.points for line in part.lines}


# Published


def test_between_two_units_of_maluku_tenggara_each_dimension_brings_the_difference_of_its_printed_value():
    dimensions = pelayanan.load("ombudsman-2023").pruned(depth=1, of="contribution")
    health = scored(dimensions, input="8.72", proses="10.76", output="20.76", pengaduan="9.61")
    education = scored(dimensions, input="5.83", proses="16.42", output="22.14", pengaduan="8.46")
    found = why_changed(health, education)

    assert {"answers": Fraction("3.00")} == parts(found)
    assert {
        "input": Fraction("-2.89"),
        "proses": Fraction("5.66"),
        "output": Fraction("1.38"),
        "pengaduan": Fraction("-1.15"),
    } == lines(found, "answers")


TOTALS = {"2018": "49.12", "2022": "79.12", "2024": "86.62"}
CALLED = {
    ("2018", "2018"): "merah",
    ("2018", "2021"): "merah",
    ("2018", "2022"): "D",
    ("2018", "2024"): "D",
    ("2018", "2025"): "D",
    ("2022", "2018"): "kuning",
    ("2022", "2021"): "kuning",
    ("2022", "2024"): "B",
    ("2024", "2018"): "hijau",
    ("2024", "2021"): "hijau",
    ("2024", "2022"): "B",
    ("2024", "2025"): "B",
}


@pytest.mark.parametrize(("year", "under"), CALLED)
def test_the_totals_of_kota_kupang_have_these_zones_by_the_cut_offs_of_each_year(year, under):
    of, other = (pelayanan.load(f"ombudsman-{each}") for each in (year, under))
    found = placed(TOTALS[year], of, other)

    assert CALLED[year, under] == found.band.code
    assert (Decimal(TOTALS[year]), Fraction(TOTALS[year]), False) == (
        found.total,
        found.compared,
        found.requires,
    )


def test_kota_kupang_rose_from_2022_to_2024_by_totals_of_which_nobody_printed_the_parts():
    before, after = (
        Scores.of_totals(pelayanan.load(f"ombudsman-{year}"), [TOTALS[year]], units=["Kota Kupang"])
        for year in ("2022", "2024")
    )
    found = why_changed(before, after, "Kota Kupang")

    assert (Fraction("7.5"), (), False, 0) == (found.change, found.parts, found.told, found.common)
    assert ("B", "B") == (found.before.band.code, found.after.band.code)
    assert "tidak semua jawaban diketahui" in found.text()


def test_yellow_of_2021_from_78_on_is_green_in_2024():
    found = placed("80.99", pelayanan.load("ombudsman-2021"), pelayanan.load("ombudsman-2024"))

    assert ("kuning", "B", "hijau") == (found.zone.code, found.band.code, found.band.label["id"])
    assert "80,99 pada ombudsman-2021, kuning, menurut batas ombudsman-2024 adalah B hijau" == str(found)


def test_75_points_of_2015_are_placed_by_their_part_of_the_maximum():
    found = placed("60", pelayanan.load("ombudsman-2015"), pelayanan.load("ombudsman-2024"))

    assert (Fraction(80), "B") == (found.compared, found.band.code)
    assert (
        "60.00 in ombudsman-2015, kuning yellow, would be B green by the cut-offs of ombudsman-2024 (80.00 % of the maximum)"
        == found.text("en")
    )


# Thought


ABC = kiosk(*(Indicator(code, SCORE) for code in "abc"))


def test_better_answers_bring_their_weight_times_their_change():
    found = why_changed(scored(ABC, a=5, b=5, c=2), scored(ABC, a=8, b=4, c=2))

    assert {"a": Fraction(10), "b": Fraction(-10, 3)} == lines(found, "answers")
    assert Fraction(20, 3) == found.change == found["answers"]
    assert 0 == found["weights"] == found["added"]
    assert [("5", "8"), ("5", "4")] == [(each.before, each.after) for each in found.parts[0].lines]


def test_other_weights_of_the_same_answers_bring_what_they_move():
    heavy = kiosk(Indicator("a", SCORE, 1), Indicator("b", SCORE, 1), Indicator("c", SCORE, 2))
    found = why_changed(scored(ABC, a=6, b=6, c=9), scored(heavy, a=6, b=6, c=9))

    assert {"weights": Fraction("5")} == parts(found)
    assert {"a": Fraction(-5), "b": Fraction(-5), "c": Fraction(15)} == lines(found, "weights")
    assert ("33.33 %", "50.00 %") == (found.parts[0].lines[2].before, found.parts[0].lines[2].after)


def test_where_answers_and_weights_both_change_each_gets_half_of_what_they_do_together():
    heavy = kiosk(Indicator("a", SCORE, 3), Indicator("b", SCORE, 1))
    even = kiosk(Indicator("a", SCORE, 1), Indicator("b", SCORE, 1))
    found = why_changed(scored(even, a=2, b=6), scored(heavy, a=8, b=6))

    assert 40 + Fraction("37.5") - 40 + Fraction("35") - Fraction("37.5") == 35 == 75 - 40
    assert {"answers": (30 + 45) / Fraction(2), "weights": (Fraction(-10) + 5) / 2} == parts(found)


def test_a_question_that_comes_in_brings_what_it_adds_to_the_others_alone():
    more = kiosk(*(Indicator(code, SCORE) for code in "abcd"))
    found = why_changed(scored(ABC, a=6, b=6, c=6), scored(more, a=6, b=6, c=6, d=10))

    assert {"added": Fraction(10)} == parts(found)
    assert ("", "10") == (found.parts[0].lines[0].before, found.parts[0].lines[0].after)


def test_a_question_as_good_as_the_others_changes_nothing_when_it_goes():
    found = why_changed(scored(ABC, a=6, b=6, c=6), scored(kiosk(*list(ABC.indicators)[:2]), a=6, b=6))

    assert (Fraction(0), ()) == (found.change, found.parts)
    assert 2 == found.common


def test_a_question_on_another_scale_is_another_question():
    other = kiosk(*list(ABC.indicators)[:2], Indicator("c", Scale(low=0, high=100)))
    found = why_changed(scored(ABC, a=6, b=6, c=9), scored(other, a=6, b=6, c=90))

    assert {"dropped": Fraction(-10), "added": Fraction(10)} == parts(found)


def test_an_answer_that_both_scales_know_does_not_make_them_one():
    other = kiosk(*list(ABC.indicators)[:2], Indicator("c", Scale(low=0, high=100)))
    found = why_changed(scored(ABC, a=6, b=6, c=9), scored(other, a=6, b=6, c=9))

    assert {"dropped": Fraction(60 - 70), "added": Fraction(43 - 60)} == parts(found)
    assert 2 == found.common


def test_options_that_are_worth_more_bring_what_answers_are_worth():
    old, new = (
        kiosk(Indicator("a", Scale(options=[Option("B", half), Option("A", 1)])), Indicator("b", SCORE))
        for half in ("1/2", "3/4")
    )
    found = why_changed(scored(old, a="B", b=4), scored(new, a="B", b=4))

    assert {"scales": Fraction("12.5")} == parts(found)
    assert {"a": Fraction("12.5")} == lines(found, "scales")


def test_a_missing_answer_that_is_counted_otherwise_is_worth_otherwise():
    strict = attrs.evolve(ABC, missing="zero")
    found = why_changed(scored(ABC, a=6, b=6, c=MISSING), scored(strict, a=6, b=6, c=MISSING))

    assert {"scales": Fraction(-20)} == parts(found)
    assert {"c": Fraction(-20)} == lines(found, "scales")


def test_an_answer_that_was_missing_is_named_so():
    found = why_changed(
        scored(attrs.evolve(ABC, missing="zero"), a=6, b=6, c=MISSING), scored(ABC, a=6, b=6, c=6)
    )
    (line,) = next(each for each in found.parts if each.what == "answers").lines

    assert ("c", "missing", "6") == (line.code, line.before, line.after)


def test_a_question_whose_numbers_are_worth_otherwise_is_the_same():
    low, high = (Scale(anchors=[(0, 0), (middle, "1/2"), (10, 1)]) for middle in (4, 5))
    found = why_changed(scored(kiosk(Indicator("a", low)), a=4), scored(kiosk(Indicator("a", high)), a=4))

    assert {"scales": Fraction(-10)} == parts(found)


def test_another_maximum_brings_what_it_stretches():
    found = why_changed(scored(attrs.evolve(ABC, maximum=75), a=8, b=8, c=8), scored(ABC, a=8, b=8, c=8))

    assert {"maximum": Fraction(20)} == parts(found)
    assert {"*": Fraction(20)} == lines(found, "maximum")
    assert (
        "60.00 in kios, A, would be A by the cut-offs of kios (80.00 % of the maximum)"
        == found.before.text("en")
    )


def test_rounding_on_the_way_brings_what_it_adds():
    rounded = attrs.evolve(ABC, rounding_stages=[RoundingStage("a", of="points", decimals=0, mode="down")])
    found = why_changed(scored(ABC, a="6.66", b=6, c=6), scored(rounded, a="6.66", b=6, c=6))

    assert {"rounding": Fraction("-0.6") / 3} == parts(found)
    assert {"*": Fraction("-0.2")} == lines(found, "rounding")


def test_rounding_goes_along_to_a_question_with_another_code_and_not_to_one_that_is_not_there():
    stages = [RoundingStage("each", of="points", decimals=0, mode="down", of_group="*")]
    old = attrs.evolve(ABC, rounding_stages=stages)
    new = kiosk(Indicator("a", SCORE), Indicator("biaya", SCORE, aliases="b"), Indicator("z", SCORE))
    there, back = (
        why_changed(*pair)
        for pair in itertools.permutations(
            [scored(old, a="6.66", b="6.66", c=6), scored(new, a="6.66", biaya="6.66", z=6)]
        )
    )

    assert {
        "rounding": Fraction("0.6"),
        "dropped": Fraction(66 + 66, 2) - Fraction(66 + 66 + 60, 3),
        "added": Fraction("-2.2"),
    } == parts(there)
    assert {BACK.get(what, what): -each for what, each in parts(there).items()} == parts(back)


def test_a_rule_that_is_not_linear_changes_as_a_whole():
    lowest = attrs.evolve(ABC, root=Group("*", rule="weakest_link"))
    found = why_changed(scored(ABC, a=3, b=6, c=9), scored(lowest, a=3, b=6, c=9))

    assert {"*": Fraction(-30)} == lines(found, "weights")


def test_under_the_weakest_link_answers_get_the_mean_of_both_orders():
    lowest = attrs.evolve(ABC, root=Group("*", rule="weakest_link"))
    found = why_changed(scored(lowest, a=3, b=3, c=9), scored(lowest, a=6, b=7, c=9))

    assert {"a": Fraction(15), "b": Fraction(15)} == lines(found, "answers")


def test_a_table_of_steps_without_a_row_for_the_questions_that_are_the_same_gives_no_score():
    steps = {3: [(0, 0), (15, "1/2"), (30, 1)]}
    old = attrs.evolve(
        ABC,
        missing="refuse",
        root=Group("*", rule="step", steps=steps),
        criteria=[Indicator(code, SCORE, 10) for code in "abc"],
    )
    found = why_changed(scored(old, a=6, b=6, c=6), scored(kiosk(*list(ABC.indicators)[:2]), a=6, b=6))

    assert Fraction(10) == found.change
    assert {"dropped": Fraction(-50), "weights": Fraction(60)} == parts(found)


def test_without_a_row_for_what_is_left_below_a_group_the_group_has_no_share():
    steps = {3: [(0, 0), (15, "1/2"), (30, 1)]}
    members = [Indicator(f"g.{code}", SCORE, 10) for code in "abc"]
    old = kiosk(Group("g", rule="step", steps=steps), *members, Indicator("d", SCORE), missing="refuse")
    new = kiosk(Group("g"), *members[:2], Indicator("d", SCORE))
    found = why_changed(
        scored(old, **{"g.a": 6, "g.b": 6, "g.c": 6}, d=6), scored(new, **{"g.a": 6, "g.b": 6}, d=6)
    )

    assert Fraction(5) == found.change
    assert sum(parts(found).values()) == found.change


def test_where_nothing_is_the_same_all_goes_and_all_comes():
    found = why_changed(
        scored(pelayanan.load("ombudsman-2021").pruned(depth=1), proses=80),
        scored(kiosk(Indicator("kualitas", SCORE)), kualitas=9),
    )

    assert {"dropped": Fraction(-80), "added": Fraction(90)} == parts(found)
    assert 0 == found.common
    assert "tidak ada pertanyaan yang sama" in found.text()


def test_a_question_that_moved_is_the_same():
    moved = kiosk(Indicator("a", SCORE), Indicator("tarif", SCORE, aliases="b"), Indicator("c", SCORE))
    found = why_changed(scored(ABC, a=6, b=6, c=6), scored(moved, a=6, tarif=9, c=6))

    assert {"tarif": Fraction(10)} == lines(found, "answers")
    assert 3 == found.common


def test_a_zone_that_requires_more_than_a_total_is_placed_by_the_total_and_says_so():
    gated = attrs.evolve(
        ABC,
        zones=Zones(
            [
                Band("C", floor=0, below=50),
                Band("A", floor=50, requires=[Requirement("a", at_least=80, of="points")]),
            ]
        ),
    )
    found = why_changed(scored(ABC, a=6, b=9, c=9), scored(gated, a=6, b=9, c=9))

    assert ("C", "A") == (found.after.zone.code, found.before.band.code)
    assert (True, False) == (found.before.requires, found.after.requires)
    assert found.before.text("en").endswith(
        "would be A by the cut-offs of kios; that zone requires more than a total"
    )


def test_a_zone_that_is_decided_on_exact_totals_is_placed_by_the_exact_one():
    exactly = attrs.evolve(
        ABC, zones=Zones([Band("C", floor=0, below="66.67"), Band("A", floor="66.67")], "exact")
    )
    whole = attrs.evolve(exactly, zones=attrs.evolve(exactly.zones, decide_on=Rounding(0)))
    rows = scored(ABC, a=6, b=7, c=7)

    assert ("66.67", "C") == (
        str(rows.card("Dinkes").total),
        why_changed(rows, scored(exactly, a=6, b=6, c=6)).before.band.code,
    )
    assert "A" == why_changed(rows, scored(whole, a=6, b=6, c=6)).before.band.code
    open_there = placed("66.67", ABC, exactly)
    assert (None, True) == (open_there.band, open_there.band_undetermined)


def test_a_band_that_a_printed_total_leaves_open_is_undetermined():
    before, after = pelayanan.load("spbe-2023"), pelayanan.load("spbe-2024")
    there, back = placed("2.60", before, after), placed("2.60", after, before)

    assert "2.60 in spbe-2023, baik Good, would be undetermined by the cut-offs of spbe-2024" == there.text(
        "en"
    )
    assert "2,60 pada spbe-2024, belum pasti, menurut batas spbe-2023 adalah baik Baik" == back.text()
    assert [(False, True), (True, False)] == [
        (each.zone_undetermined, each.band_undetermined) for each in (there, back)
    ]
    assert ("baik", "baik") == tuple(each.band.code for each in (placed("2.61", before, after), back))
    assert there == Placement.from_json(there.to_json())


def test_the_exact_total_is_placed_where_it_is_known_and_else_all_that_a_printed_one_can_be():
    five = kiosk(Indicator("a", Scale(low=0, high=100)), maximum=5, zones=at("2.6"), id="lima")
    hundred = kiosk(Indicator("a", Scale(low=0, high=100)), zones=at("52"), id="seratus")
    whole = attrs.evolve(hundred, rounding=Rounding(0), zones=at("50"))
    low, high = (why_changed(scored(five, a=each), scored(hundred, a=each)) for each in ("51.92", "52.08"))

    assert "2.60 in lima, A, would be C by the cut-offs of seratus (51.92 %" in low.before.text("en")
    assert ["C", "A"] == [each.before.band.code for each in (low, high)]
    assert placed("2.60", five, hundred).band_undetermined
    assert ["C", "A"] == [placed(total, five, hundred).band.code for total in ("2.59", "2.61")]
    assert "C" == why_changed(scored(hundred, a="49.496"), scored(whole, a="49.496")).before.band.code
    assert placed("49.50", hundred, whole).band_undetermined
    assert "A" == placed("49.51", hundred, whole).band.code


def at(cut: str) -> Zones:
    return Zones([Band("C", floor=0, below=cut), Band("A", floor=cut)])


@given(st.data())
def test_a_unit_is_placed_as_the_other_edition_scores_the_same_answers(data: Any) -> None:
    one, other = (data.draw(one_question()) for _ in range(2))
    answer = data.draw(st.integers(0, 10_000).map(lambda step: Fraction(step, 100)))
    found = why_changed(scored(one, a=answer), scored(other, a=answer))

    assert found.before.band == found.after.zone
    assert found.after.band == found.before.zone


@given(st.data())
def test_a_printed_total_is_placed_as_all_units_are_that_could_have_it(data: Any) -> None:
    one, other = (data.draw(one_question()) for _ in range(2))
    answer = data.draw(st.integers(0, 10_000).map(lambda step: Fraction(step, 100)))
    found = placed(scored(one, a=answer).card("Dinkes").total, one, other)

    assert found.band_undetermined or found.band == scored(other, a=answer).card("Dinkes").zone


@st.composite
def one_question(draw: Any) -> Instrument:
    """A question of 0 to 100 points, with a maximum, a rounding and cut-offs of its own."""
    maximum, cut = draw(st.sampled_from([1, 4, 5, 100])), Fraction(draw(st.integers(1, 99)), 100)
    rounding = draw(
        st.sampled_from([Rounding(0), Rounding(1), Rounding(2), Rounding(2, "down"), Rounding(9)])
    )
    zones = Zones(
        [Band("C", below=cut * maximum), Band("A", floor=cut * maximum)],
        draw(st.sampled_from(["exact", "published"])),
    )
    return kiosk(Indicator("a", Scale(low=0, high=100)), maximum=maximum, rounding=rounding, zones=zones)


def test_two_units_are_both_named():
    found = why_changed(scored(ABC, "Kupang", a=6, b=6, c=6), scored(ABC, "Sikka", a=6, b=6, c=9))

    assert "Kupang \u2192 Sikka" == found.unit


@pytest.mark.parametrize(
    ("total", "message"),
    [
        (None, "kios: expected a total, and it is missing @ total 0"),
        (float("nan"), "kios: expected a total, and it is missing @ total 0"),
        ("-1", "kios: -1 is outside of 0 to 100 @ total 0"),
        ("100.01", "kios: 100.01 is outside of 0 to 100 @ total 0"),
        ("baik", "kios: expected a number, not 'baik' @ total 0"),
        ("86.625", "kios: 86.625 has more decimals than the 2 that are published @ total 0"),
    ],
)
def test_what_no_unit_can_have_is_not_placed(total, message):
    with pytest.raises(AnswerError) as error:
        placed(total, ABC, ABC)

    assert message == str(error.value)


def test_the_same_code_is_another_question_where_its_names_or_its_family_say_so():
    old = attrs.evolve(ABC, criteria=[Indicator("a", SCORE, aliases=["kecepatan"]), Indicator("b", SCORE)])
    new = attrs.evolve(ABC, criteria=[Indicator("a", SCORE, aliases=["perilaku"]), Indicator("b", SCORE)])
    found = why_changed(scored(old, a=4, b=4), scored(new, a=8, b=8))

    assert 1 == found.common
    assert {"dropped": Fraction(0), "answers": Fraction(40)} == {
        "dropped": found["dropped"],
        "answers": found["answers"],
    }
    assert 2 == why_changed(scored(old, a=4, b=4), scored(old, a=8, b=8)).common
    family = why_changed(scored(attrs.evolve(old, family="x"), a=4, b=4), scored(old, a=8, b=8))
    assert (0, {"dropped": Fraction(-40), "added": Fraction(80)}) == (family.common, parts(family))


def test_of_numbered_questions_whose_numbers_moved_none_is_the_same():
    tables = {
        "skm-2004": {f"u{item}": 3 for item in range(1, 15)},
        "skm-2017": {f"u{item}": 4 for item in range(1, 10)},
    }
    found = why_changed(*(scored(pelayanan.load(name), **row) for name, row in tables.items()))

    assert 0 == found.common
    assert {"dropped", "added"} == parts(found).keys()


def test_a_question_whose_numbers_are_read_on_another_scale_is_another():
    ten, hundred = (Scale(anchors=[(0, 0), (top, 1)]) for top in (10, 100))
    found = why_changed(scored(kiosk(Indicator("a", ten)), a=5), scored(kiosk(Indicator("a", hundred)), a=50))

    assert (0, {"dropped": Fraction(-50), "added": Fraction(50)}) == (found.common, parts(found))


def test_a_total_in_a_printed_gap_has_no_zone_there():
    gap = attrs.evolve(
        ABC, zones=Zones([Band("C", floor=0, ceiling=50, gap_after=True), Band("A", floor=60)])
    )
    found = placed("55.00", ABC, gap)

    assert found.band is None
    assert "55,00 pada kios, A, menurut batas kios adalah tanpa zona" == str(found)


def test_totals_of_institutions_and_joined_scores_are_understood():
    rows = [{"a": 6, "b": 6, "c": 6}, {"a": 9, "b": 9, "c": 9}]
    edition = attrs.evolve(ABC, rollup="published")
    offices = pelayanan.score(edition, Answers.from_rows(rows, units=["x", "y"]))
    later = pelayanan.score(edition, Answers.from_rows([{"a": 9, "b": 6, "c": 6}], units=["y"]))
    city = pelayanan.roll_up(offices, ["Kupang", "Kupang"])
    joined = Scores.joined(scored(edition, "z", a=1, b=1, c=1), offices)

    assert {"answers": Fraction(-20)} == parts(why_changed(joined, later, "y"))
    assert (False, Fraction(15)) == (
        why_changed(city, Scores.of_totals(edition, ["90.00"], units=["Kupang"]), "Kupang").told,
        why_changed(city, Scores.of_totals(edition, ["90.00"], units=["Kupang"]), "Kupang").change,
    )


TEXT = """\
kios \u2192 kios  Dinkes
perubahan nilai +6,67 (40,00 \u2192 46,67), zona C
40,00 pada kios, C, menurut batas kios adalah C
46,67 pada kios, C, menurut batas kios adalah C

dari mana perubahannya:
          poin
jawaban  +6,67
jumlah   +6,67

menurut pertanyaan:
            sebelum  sesudah    poin
a  jawaban        5        8  +10,00
b  jawaban        5        4   -3,33"""


def test_it_is_told_as_tables():
    found = why_changed(scored(ABC, a=5, b=5, c=2), scored(ABC, a=8, b=4, c=2))

    assert TEXT == str(found) == found.text()
    assert "answers   +6.67" in found.text("en")
    assert found.text("en") == found.text("fr")
    assert "| jawaban | +6,67 |" in found.markdown()
    assert found.html() == found._repr_html_()
    assert "Decomposition('Dinkes', 'kios' to 'kios', 1 parts)" == repr(found)
    assert found == Decomposition.from_json(found.to_json())


# Properties


@st.composite
def times(draw, id: str) -> Scores:
    """Scores of one unit, of any instrument."""
    made = draw(st.one_of(ps.instruments(depth=2, members=3), ps.instruments(members=2), with_requirements()))
    answers = draw(ps.answers(made).filter(lambda row: has_score(made, row)))
    return pelayanan.score(attrs.evolve(made, id=id), Answers.from_rows([answers], units=["x"]))


def has_score(instrument: Instrument, row: dict[str, Any]) -> bool:
    return pelayanan.score_one(instrument, row).total is not None


@given(times("one"), times("other"))
@settings(max_examples=80)
def test_the_parts_and_their_lines_add_up_to_the_change_of_the_exact_total(before, after):
    found = why_changed(before, after)

    assert after.exact("x") - before.exact("x") == found.change == sum(parts(found).values())
    assert [each.points for each in found.parts] == [
        sum(line.points for line in each.lines) for each in found.parts
    ]
    assert [each.what for each in found.parts] == [what for what in PARTS if what in parts(found)]


@given(times("one"), times("other"))
@settings(max_examples=80)
def test_the_way_back_has_the_same_parts_with_the_other_sign(before, after):
    there, back = why_changed(before, after), why_changed(after, before)

    assert {BACK.get(what, what): -each for what, each in parts(there).items()} == parts(back)
    assert (there.before, there.after) == (back.after, back.before)
    assert there.common == back.common


@given(st.data())
def test_of_one_instrument_all_is_answers_and_what_was_answered_alike_brings_nothing(data):
    instrument = data.draw(ps.instruments(depth=2, members=3))
    rows = [
        data.draw(ps.answers(instrument).filter(lambda row: has_score(instrument, row))) for _ in range(2)
    ]
    before, after = (pelayanan.score(instrument, Answers.from_rows([row], units=["x"])) for row in rows)
    found = why_changed(before, after)
    same = {code for code, cell in rows[0].items() if cell is rows[1][code]}

    assert found.change == found["answers"]
    assert not [line.code for part in found.parts for line in part.lines if line.code in same]


@given(times("one"))
def test_what_did_not_change_has_no_parts(scores):
    again = attrs.evolve(scores.instrument, id="other")
    other = pelayanan.score(again, scores.basis.answers)
    found = why_changed(scores, other)

    assert (0, ()) == (found.change, found.parts)


@given(st.data())
@settings(max_examples=60)
def test_with_few_factors_each_gets_the_mean_over_all_orders(data):
    before = data.draw(times("one"))
    maximum = before.instrument.maximum * 2
    try:
        other = attrs.evolve(before.instrument, id="other", maximum=maximum, rounding_stages=[])
    except InstrumentError:
        reject()  # a step that only rounding on the way reaches
    answers = data.draw(ps.answers(other).filter(lambda row: has_score(other, row)))
    after = pelayanan.score(other, Answers.from_rows([answers], units=["x"]))
    hybrids = Hybrids((before.basis, after.basis), (0, 0))
    mean = dict.fromkeys(hybrids.factors, Fraction(0))
    for order in itertools.permutations(hybrids.factors):
        taken = frozenset[str]()
        for factor in order:
            then = taken | {factor}
            now, last = (hybrids.total(each, hybrids.worths(each), {}) for each in (then, taken))
            mean[factor] += (now - last) / factorial(len(order))
            taken = then
    found = why_changed(before, after)

    assert mean == {factor: found[factor] for factor in hybrids.factors}


@given(times("one"), st.data())
@settings(max_examples=60)
def test_questions_one_by_one_bring_the_same_as_by_their_weights(before, data):
    row = data.draw(ps.answers(before.instrument).filter(lambda row: has_score(before.instrument, row)))
    after = pelayanan.score(before.instrument, Answers.from_rows([row], units=["x"]))
    hybrids = Hybrids((before.basis, after.basis), (0, 0))
    here, there = (hybrids.worths(frozenset(each)) for each in ((), ("answers",)))
    expected = dict.fromkeys((new for _, new in hybrids.common), Fraction(0))
    for order in (range(len(here)), range(len(here))[::-1]):
        now = list(here)
        for place in order:
            last = hybrids.total(frozenset(), now, {})
            now[place] = there[place]
            expected[hybrids.common[place][1]] += (hybrids.total(frozenset(), now, {}) - last) / 2
    found = why_changed(before, after)

    assert {code: each for code, each in expected.items() if each} == (
        lines(found, "answers") if found.parts else {}
    )


# Messages


def said(kind: type[Exception], *given: Any, **named: Any) -> str:
    with pytest.raises(kind) as caught:
        why_changed(*given, **named)
    return str(caught.value)


def test_a_unit_that_is_not_there_is_refused_with_the_nearest():
    assert "there is no unit 'Dinke'; did you mean 'Dinkes'?" == said(
        UnknownError, scored(ABC, a=1, b=1, c=1), scored(ABC, a=1, b=1, c=1), "Dinke"
    )


def test_of_several_units_one_must_be_named():
    two = Scores.of_totals(ABC, ["50.00", "60.00"])

    assert "the scores of kios have 2 units; say which with unit=" == said(ScoresError, two, two)


def test_a_unit_without_a_score_is_refused():
    assert "'Dinkes' has no score in kios, and no change can be told" == said(
        ScoresError, scored(ABC, a=MISSING, b=MISSING, c=MISSING), scored(ABC, a=1, b=1, c=1)
    )


def test_scorecards_do_not_know_their_instrument_and_are_refused():
    card = scored(ABC, a=1, b=1, c=1).card("Dinkes")
    expected = "expected scores, which know their instrument, not Scorecard('kios', 'Dinkes', total=10.00, zone='C'); see score and of_totals"

    assert expected == said(ScoresError, card, card)


def test_answers_of_another_instrument_are_refused_where_they_are_scored():
    with pytest.raises(AnswerError) as caught:
        scored(ABC, a=1, b=1, tarif=1)

    assert (
        "kios has 2 problems\n"
        "  there is no indicator 'tarif'; known are 'a', 'b', 'c' @ column 'tarif'\n"
        "  the table has no column for 'c'; say absent='missing' if they were not asked @ columns"
    ) == str(caught.value)
