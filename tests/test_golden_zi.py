"""
Zona Integritas: what WBK and WBBM require, one requirement after the other, and printed worksheets.
"""

from fractions import Fraction

import attrs
import pytest

import pelayanan
from pelayanan import Answers
from pelayanan.errors import InstrumentError
from pelayanan.exact import fraction

ZI = pelayanan.load("zi-2021")
BANDS = {band.code: band for band in ZI.zones.bands}
AREAS = {
    "manajemen_perubahan": 8,
    "tatalaksana": 7,
    "sdm": 10,
    "akuntabilitas": 10,
    "pengawasan": 15,
    "pelayanan_publik": 10,
}
SPAK = "hasil.bersih_akuntabel.spak"
PERFORMANCE = "hasil.bersih_akuntabel.kinerja"
SERVICE = "hasil.pelayanan_prima"
BEFORE = "predikat_wbk"

# A little less, which no rounding to two decimals of a total brings back.
LESS = Fraction(1, 1000)


def unit(levers, spak=4, performance="A", service=4, before="Ya", **areas):
    """The answers of a unit with one share in all areas, but for those that are named."""
    shares = {code: areas.get(code, levers) for code in AREAS}
    halves = {
        f"pengungkit.{code}.{half}": share
        for code, share in shares.items()
        for half in ("pemenuhan", "reform")
    }
    return halves | {SPAK: spak, PERFORMANCE: performance, SERVICE: service, BEFORE: before}


def told(answers):
    """The total, the zone, that of the total alone, and which measures hold the unit back."""
    card = pelayanan.score_one(ZI, answers)
    held = [(each.code, str(each.at_least)) for each in card.held_back_by]
    return str(card.total), card.zone.code, card.zone_by_total.code, held


def required(code, zone):
    """What a zone requires of one criterion, as `told` names it."""
    (least,) = [str(each.at_least) for each in BANDS[zone].requires if each.criterion == code]
    return code, least


# What is just enough of one measure, and a little less of it, where all others are above their least.
WBK = {
    "pengungkit": (unit(Fraction(2, 3)), unit(Fraction(2, 3) - LESS)),
    SPAK: (unit(0.7, spak=3.6), unit(0.7, spak=3.6 - 0.001)),
    PERFORMANCE: (unit(0.7, performance="C"), unit(0.7, performance="D")),
    SERVICE: (unit(0.7, service=3.2), unit(0.7, service=3.199)),
}
WBBM = {
    "pengungkit": (unit(0.8), unit(0.799)),
    PERFORMANCE: (unit(0.9, performance="B"), unit(0.9, performance="C")),
    SERVICE: (unit(0.9, service=3.6), unit(0.9, service=3.599)),
    BEFORE: (unit(0.9), unit(0.9, before="Tidak")),
}


def test_what_both_zones_require_is_the_table_that_was_printed():
    found = {
        code: [(each.code, bool(each.each_of), str(each.at_least), each.of) for each in band.requires]
        for code, band in BANDS.items()
    }

    assert {
        "belum": [],
        "WBK": [
            ("pengungkit", False, "40", "contribution"),
            ("pengungkit", True, "0.60", "share"),
            ("hasil.bersih_akuntabel", False, "18.25", "contribution"),
            (SPAK, False, "15.75", "contribution"),
            (PERFORMANCE, False, "2.50", "contribution"),
            (SERVICE, False, "14.00", "contribution"),
        ],
        "WBBM": [
            ("pengungkit", False, "48", "contribution"),
            ("pengungkit", True, "0.75", "share"),
            ("hasil.bersih_akuntabel", False, "19.50", "contribution"),
            (SPAK, False, "15.75", "contribution"),
            (PERFORMANCE, False, "3.75", "contribution"),
            (SERVICE, False, "15.75", "contribution"),
            (BEFORE, False, "1", "share"),
        ],
    } == found
    assert {"belum": "0", "WBK": "75", "WBBM": "85"} == {
        code: str(band.floor) for code, band in BANDS.items()
    }
    assert not any(each.exceptions or each.decide_on for band in BANDS.values() for each in band.requires)


@pytest.mark.parametrize("code", WBK)
def test_a_unit_just_at_what_wbk_requires_has_wbk_and_just_below_is_held_back(code):
    enough, less = (told(answers) for answers in WBK[code])

    assert ("WBK", "WBK", []) == enough[1:]
    assert ("belum", "WBK", [required(code, "WBK")]) == less[1:]


@pytest.mark.parametrize("code", WBBM)
def test_a_unit_just_at_what_wbbm_requires_has_wbbm_and_just_below_falls_to_wbk(code):
    enough, less = (told(answers) for answers in WBBM[code])

    assert ("WBBM", "WBBM", []) == enough[1:]
    assert ("WBK", "WBBM", [required(code, "WBBM")]) == less[1:]


@pytest.mark.parametrize("area", AREAS)
def test_each_area_alone_needs_60_percent_for_wbk(area):
    enough, less = unit(0.74, **{area: 0.6}), unit(0.74, **{area: 0.599})

    assert ("WBK", "WBK", []) == told(enough)[1:]
    assert ("belum", "WBK", [("pengungkit", "0.60")]) == told(less)[1:]


@pytest.mark.parametrize("area", AREAS)
def test_each_area_alone_needs_75_percent_for_wbbm(area):
    enough, less = unit(0.85, **{area: 0.75}), unit(0.85, **{area: 0.749})

    assert ("WBBM", "WBBM", []) == told(enough)[1:]
    assert ("WBK", "WBBM", [("pengungkit", "0.75")]) == told(less)[1:]


def test_an_area_is_measured_as_a_whole_so_that_one_half_makes_up_for_the_other():
    halves = {"pengungkit.sdm.pemenuhan": 0.2, "pengungkit.sdm.reform": 1}

    assert ("WBK", "WBK", []) == told(unit(0.74) | halves)[1:]
    assert ("belum", "WBK", [("pengungkit", "0.60")]) == told(
        unit(0.74) | halves | {"pengungkit.sdm.reform": 0.999}
    )[1:]


def test_the_survey_of_corruption_is_required_alike_for_both_so_that_below_it_neither_is_left():
    assert ("WBBM", "WBBM", []) == told(unit(0.9, spak=3.6))[1:]
    assert ("belum", "WBBM", [(SPAK, "15.75")]) == told(unit(0.9, spak=3.599))[1:]


@pytest.mark.parametrize(("zone", "levers", "performance"), [("WBK", 0.72, "C"), ("WBBM", 0.9, "B")])
def test_clean_and_accountable_is_just_reached_by_the_least_of_its_two_parts(zone, levers, performance):
    least = required("hasil.bersih_akuntabel", zone)
    enough = unit(levers, spak=3.6, performance=performance)
    less = unit(levers, spak=3.599, performance=performance)

    assert (zone, zone, []) == told(enough)[1:]
    assert fraction(least[1]) == pelayanan.score_one(ZI, enough)["hasil.bersih_akuntabel"].contribution
    assert [least, (SPAK, "15.75")] == told(less)[3][:2]


@pytest.mark.parametrize("zone", ["WBK", "WBBM"])
def test_what_its_two_parts_require_adds_up_to_what_clean_and_accountable_requires(zone):
    least = [fraction(required(code, zone)[1]) for code in (SPAK, PERFORMANCE)]

    assert fraction(required("hasil.bersih_akuntabel", zone)[1]) == sum(least)


def test_a_unit_with_the_least_of_every_result_needs_a_total_of_75_for_wbk():
    least = {"spak": 3.6, "performance": "C", "service": 3.2}

    assert ("75.00", "WBK", "WBK", []) == told(unit(0.7125, **least))
    assert ("74.99", "belum", "belum", []) == told(unit(0.7124, **least))


def test_a_unit_with_the_least_of_every_result_needs_a_total_of_85_for_wbbm():
    least = {"spak": 3.6, "performance": "B", "service": 3.6}

    assert ("85.00", "WBBM", "WBBM", []) == told(unit(Fraction(199, 240), **least))
    assert ("84.99", "WBK", "WBK", []) == told(unit(0.829, **least))


def test_a_unit_that_does_not_say_whether_it_holds_wbk_has_no_wbbm():
    answers = unit(1)
    del answers[BEFORE]

    assert ("100.00", "WBK", "WBBM", [(BEFORE, "1")]) == told(answers)


def test_a_total_above_85_may_have_no_predicate_and_all_that_is_missed_is_told():
    total, zone, by_total, held = told(unit(1, spak=3.5, performance="D", service=3.1, before="Tidak"))

    assert ("90.13", "belum", "WBBM") == (total, zone, by_total)
    assert [
        ("hasil.bersih_akuntabel", "19.50"),
        (SPAK, "15.75"),
        (PERFORMANCE, "3.75"),
        (SERVICE, "15.75"),
        (BEFORE, "1"),
        ("hasil.bersih_akuntabel", "18.25"),
        (PERFORMANCE, "2.50"),
        (SERVICE, "14.00"),
    ] == held


def test_what_is_required_below_the_two_components_is_not_pruned_away():
    with pytest.raises(InstrumentError) as caught:
        ZI.pruned(depth=1)
    said = str(caught.value).splitlines()

    assert "pruning has 10 problems" == said[0]
    assert "the zone 'WBK' requires each of 'pengungkit' at least 0.60 of share @ criteria['pengungkit']" == (
        said[1].strip()
    )


def test_the_areas_as_questions_have_the_zones_of_their_halves():
    areas = ZI.pruned(at=[f"pengungkit.{code}" for code in AREAS], of="share")
    halves = unit(0.74, sdm=0.6)
    whole = {code.removesuffix(".reform"): each for code, each in halves.items() if "pemenuhan" not in code}
    less = whole | {"pengungkit.sdm": 0.599}

    assert pelayanan.score_one(ZI, halves).total == pelayanan.score_one(areas, whole).total
    assert ["WBK", "belum"] == [pelayanan.score_one(areas, each).zone.code for each in (whole, less)]


def test_many_units_at_once_have_the_zones_of_each_alone():
    units = [answers for pair in (*WBK.values(), *WBBM.values()) for answers in pair]
    table = Answers.from_columns({code: [each[code] for each in units] for code in units[0]})
    scores = pelayanan.score(ZI, table)
    zones = [ZI.zones.bands[index].code for index in scores.zone]

    assert [told(answers)[1] for answers in units] == zones
    assert ["WBK", "belum"] * 4 + ["WBBM", "WBK"] * 4 == zones


def test_the_areas_and_their_halves_have_the_weights_of_the_worksheet():
    whole = {code: 100 * ZI.effective_weights[f"pengungkit.{code}"] for code in AREAS}
    halves = [
        sum(100 * ZI.effective_weights[f"pengungkit.{code}.{half}"] for code in AREAS)
        for half in ("pemenuhan", "reform")
    ]

    assert AREAS == whole
    assert [30, 30] == halves
    assert (60, 40) == tuple(100 * ZI.effective_weights[code] for code in ("pengungkit", "hasil"))


@pytest.mark.parametrize(
    ("code", "index", "printed"),
    [(SPAK, "3.60", "15.75"), (SERVICE, "3.20", "14.00"), (SERVICE, "3.60", "15.75")],
)
def test_an_index_is_worth_what_was_printed_beside_it(code, index, printed):
    card = pelayanan.score_one(ZI, {code: index})

    assert fraction(printed) == card[code].contribution


# Pengadilan Negeri Serang, 2022: which part, its weight, its value and its percentage, as printed.
SERANG = [
    ("pengungkit", "60.00", "55.38", "92.31"),
    ("pemenuhan", "30.00", "27.34", "91.15"),
    ("manajemen_perubahan", "4.00", "3.67", "91.67"),
]


@pytest.mark.parametrize(("part", "weight", "value", "percent"), SERANG)
def test_the_printed_percentages_of_serang_are_its_values_over_the_weights_of_the_edition(
    part, weight, value, percent
):
    codes = {
        "pengungkit": ["pengungkit"],
        "pemenuhan": [f"pengungkit.{code}.pemenuhan" for code in AREAS],
        "manajemen_perubahan": ["pengungkit.manajemen_perubahan.pemenuhan"],
    }[part]
    weighs = sum(100 * ZI.effective_weights[code] for code in codes)
    # Both are rounded to two decimals.
    off = Fraction("0.005") * 100 / weighs + Fraction("0.005")

    assert fraction(weight) == weighs
    assert abs(fraction(percent) - 100 * fraction(value) / weighs) <= off


def serang():
    """What was printed of the parts of the levers, the rest as the printed sums leave it."""
    change, halves = fraction("3.67"), {"pemenuhan": fraction("27.34"), "reform": fraction("28.04")}
    codes = {half: [code for code in ZI.criteria if code.endswith(f".{half}")] for half in halves}
    weights = {code: 100 * ZI.effective_weights[code] for each in codes.values() for code in each}
    first = "pengungkit.manajemen_perubahan.pemenuhan"
    found = {first: change / weights[first]}
    for half, value in halves.items():
        open_ = [code for code in codes[half] if code not in found]
        left = value - sum(found[code] * weights[code] for code in codes[half] if code in found)
        found |= {code: left / sum(weights[code] for code in open_) for code in open_}
    return found


def test_pemenuhan_of_serang_is_summed_over_all_areas_by_its_tag():
    # The areas but one are not printed: each has here what the printed sums leave for all together.
    card = pelayanan.score_one(ZI, serang())
    scores = pelayanan.score(ZI, Answers.from_rows([serang()], units=["Serang"]), absent="missing")
    fulfilment, reform = (card.tagged("part", half) for half in ("pemenuhan", "reform"))

    assert (Fraction("27.34"), Fraction("0.3")) == (fulfilment.contribution, fulfilment.weight)
    assert [27.34] == scores.tagged("part", "pemenuhan").tolist()
    assert [28.04] == scores.tagged("part", "reform").tolist()
    assert fraction("55.38") == fulfilment.contribution + reform.contribution
    assert fraction("55.38") == card["pengungkit"].contribution
    # 27.34 of 30.00 is 91.13 %; the page prints 91.15 %, as 27.34 stands there rounded.
    assert abs(100 * fulfilment.share - fraction("91.15")) <= Fraction("0.005") * 100 / 30 + Fraction("0.005")


# The fulfilment of the first area, as the worksheet divides it: what a part weighs, its answers, and
# what was printed of it; of the two last parts only the sum follows from 3.67.
CHANGE = [
    ("tim", "0.5", [1, 1], "0.50"),
    ("rencana", "1.0", [1, 0, 1], "0.67"),
    ("pemantauan", "1.0", [1, 1], None),
    ("budaya", "1.5", [1, 1], None),
]


def test_the_parts_of_serang_that_were_printed_give_the_printed_fulfilment_of_its_first_area():
    # Of the plan two answers are printed, Ya and Tidak, and 66.67 %: the third is Ya.
    yes_no = pelayanan.Scale(options=[pelayanan.Option("1", 1), pelayanan.Option("0", 0)])
    criteria = []
    for code, weight, answers, _ in CHANGE:
        criteria.append(pelayanan.Group(code, weight))
        criteria += [pelayanan.Indicator(f"{code}.q{place}", yes_no) for place in range(len(answers))]
    part = pelayanan.Instrument(
        id="manajemen-perubahan",
        criteria=criteria,
        maximum=4,
        missing="zero",
        rounding=pelayanan.Rounding(2),
    )
    card = pelayanan.score_one(
        part,
        {f"{code}.q{place}": each for code, _, answers, _ in CHANGE for place, each in enumerate(answers)},
    )
    hundredths = pelayanan.Rounding(2)

    assert "3.67" == str(card.total)
    assert fraction("91.67") == hundredths.of(100 * card["*"].share)
    assert {code: fraction(printed) for code, *_, printed in CHANGE if printed} == {
        code: hundredths.of(card[code].contribution) for code, *_, printed in CHANGE if printed
    }
    assert fraction("66.67") == hundredths.of(100 * card["rencana"].share)


def test_the_printed_levers_of_serang_are_a_contribution_of_92_percent_and_enough_for_both_zones():
    free = [attrs.evolve(band, requires=()) for band in ZI.zones.bands]
    asked = attrs.evolve(ZI, zones=attrs.evolve(ZI.zones, bands=free)).pruned(depth=1, of="contribution")
    card = pelayanan.score_one(asked, {"pengungkit": "55.38"})

    assert ("55.38", Fraction("92.3")) == (str(card.total), card["pengungkit"].points)
    assert all(
        each.holds([card["pengungkit"].contribution])
        for band in BANDS.values()
        for each in band.requires
        if each.criterion == "pengungkit"
    )
