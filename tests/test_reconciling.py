from collections import Counter, defaultdict
from decimal import Decimal
from fractions import Fraction
from functools import partial
from random import Random

import attrs
import pytest
from drawn import KIOSK
from hypothesis import given, settings
from hypothesis import strategies as st
from planted import DIMENSIONS, KINDS, SURVEY, correct, planted
from printed import read
from refusing import error_text

import pelayanan
from pelayanan import Band, Group, Indicator, Instrument, Option, Rounding, Scale, Zones
from pelayanan import strategies as ps
from pelayanan.audit import KINDS as ALL_KINDS
from pelayanan.audit import Cause, Reconciliation, reconcile
from pelayanan.causes import Found, ranked
from pelayanan.composition import Composition, Reader, mean_of_units, of_answers
from pelayanan.errors import AnswerError, PelayananError
from pelayanan.exact import Exact
from pelayanan.stages import RoundingStage
from pelayanan.zones import Requirement

BREAKDOWNS = defaultdict(dict)
TOTALS = {}
for _row in read("ombudsman_breakdowns.csv"):
    _key = (_row["year"], _row["entity"], _row["unit"])
    BREAKDOWNS[_key][_row["component"]] = _row["score"]
    TOTALS[_key] = _row["published_total"]
ITEMS = {
    (row["organisation"], row["year"]): (
        {f"u{each}": row[f"unsur_{each}"] for each in range(1, 10) if row[f"unsur_{each}"]},
        row["published_ikm"],
        row["published_category"],
    )
    for row in read("skm_reports.csv")
}

OMBUDSMAN = pelayanan.load("ombudsman-2022")

# Sets of units that do not give the printed total, and what is named first.
SLIPS = {
    ("2023", "Kabupaten Jayapura", ""): ("digit-dropped", "*", "56.8", "56.18"),
    ("2024", "Kabupaten Batang", ""): ("part-missing", "", "", "93.96"),
    ("2022", "Kabupaten Lombok Timur", ""): ("rounding", "*", "half_up", "half_even"),
    ("2021", "Kota Magelang", ""): ("part-missing", "", "", "92.50"),
}


def told(cause: Cause) -> tuple[str, str, str, str]:
    return cause.kind, cause.place, cause.printed, cause.implied


def of_year(year: str, *, dimensions: bool) -> Instrument:
    edition = pelayanan.load(f"ombudsman-{year}")
    return edition.pruned(depth=1, of="contribution") if dimensions else edition


def compared(key: tuple[str, str, str]) -> Reconciliation:
    year, _, unit = key
    edition = of_year(year, dimensions=bool(unit))
    return reconcile(BREAKDOWNS[key], TOTALS[key], instrument=edition, of="" if unit else "units")


# Figures that others printed.


@pytest.mark.parametrize("key", [key for key in TOTALS if key not in SLIPS], ids=" ".join)
def test_a_printed_set_agrees_and_nothing_is_named(key):
    found = compared(key)

    assert (True, ()) == (found.agrees, found.causes)


@pytest.mark.parametrize(("key", "first"), SLIPS.items(), ids=lambda each: each[1])
def test_a_printed_set_that_does_not_agree_names_its_slip_first(key, first):
    found = compared(key)

    assert not found.agrees
    assert first == told(found.causes[0])


def test_lombok_timur_was_rounded_to_even_or_down():
    found = compared(("2022", "Kabupaten Lombok Timur", ""))

    assert (Fraction("68.825"), Decimal("68.83")) == (found.recomputed.exact, found.recomputed.published)
    assert ["half_even", "down"] == [each.implied for each in found.causes if each.kind == "rounding"]
    assert ["rounding", "rounding"] == [each.kind for each in found.causes[:2]]


def test_kota_kupang_agrees_as_one_unit_has_a_single_decimal():
    # Its mean is 79.1257, and Puskesmas Oepoi with 82.4 may have had 82.35.
    found = compared(("2022", "Kota Kupang", ""))

    assert (Decimal("79.13"), Decimal("79.12"), Decimal("79.13")) == (
        found.recomputed.published,
        found.recomputed.lowest,
        found.recomputed.highest,
    )


@pytest.mark.parametrize(("edition", "stated"), [("skm-2017", "1/9"), ("skm-2017-w0.1111", "0.1111")])
def test_the_worked_example_of_gaspul_has_weights_of_0_11(edition, stated):
    parts, total, zone = ITEMS["GASPUL worked example", "TW III"]
    found = reconcile(parts, total, instrument=pelayanan.load(edition), zone=zone)

    assert ("weights", "parts", stated, "0.11") == told(found.causes[0])
    # The items add up to 32.9311.
    assert Fraction("90.560525") == found.causes[0].exact


def test_the_index_of_amahai_is_a_misprint_of_88_40_which_is_an_a():
    parts, total, zone = ITEMS["BMKG Stasiun Meteorologi Kelas III Amahai", "2025 sem I"]
    found = reconcile(parts, total, instrument=SURVEY, zone=zone)

    assert (False, False, ("B",)) == (found.agrees, found.zone_agrees, found.zone_of_total)
    assert ("digit-misprinted", "*", "87.40", "88.40") == told(found.causes[0])


def test_the_item_that_minahasa_did_not_print_is_worked_out():
    parts, total, _ = ITEMS["Disdukcapil Kabupaten Minahasa", "2025 TW I"]
    found = reconcile(parts, total, instrument=SURVEY)

    # 92.46 x 36 / 100 less the sum of the other eight, 29.94.
    assert [("part-missing", "u5", "", "3.3456")] == [told(each) for each in found.causes]
    assert found.recomputed is None


def test_bali_is_one_digit_away_from_94_01():
    found = reconcile((), "54.01", instrument=pelayanan.load("ombudsman-2022"), zone="A")

    assert [("digit-misprinted", "*", "54.01", "94.01")] == [told(each) for each in found.causes]


def test_kembangan_was_called_b_with_89_11():
    found = reconcile((), "89.11", instrument=pelayanan.load("ombudsman-2022"), zone="B")

    assert ("A",) == found.zone_of_total
    assert {"digits-swapped", "digit-misprinted"} == {each.kind for each in found.causes}
    assert {"81.91", "81.19"} == {each.implied for each in found.causes if each.kind == "digits-swapped"}


def test_75_16_is_no_b_of_2025_and_its_city_agrees():
    edition = pelayanan.load("ombudsman-2025")
    found = reconcile((), "75.16", instrument=edition, zone="B")

    assert ["85.16", "78.16", "79.16"] == [each.implied for each in found.causes]
    assert compared(("2025", "Kota Ambon", "")).agrees


def test_green_in_2023_begins_at_78_and_74_was_called_green():
    found = reconcile((), "74", instrument=pelayanan.load("ombudsman-2023"), zone="hijau")

    assert {"84", "94", "78", "79"} == {each.implied for each in found.causes}


@pytest.mark.parametrize(
    ("edition", "total", "zone"),
    [("ombudsman-2018", "50.12", "kuning"), ("ombudsman-2017-kl", "55.50", "merah")],
)
def test_a_total_in_a_printed_gap_has_no_zone(edition, total, zone):
    found = reconcile((), total, instrument=pelayanan.load(edition), zone=zone)

    assert (False, ()) == (found.agrees, found.zone_of_total)


def test_banyuasin_printed_a_domain_below_the_scale_and_computed_with_it():
    parts = {"kebijakan": "2.40", "tata_kelola": "1.70", "manajemen": "1.09", "layanan": "0.30"}
    edition = pelayanan.load("spbe-2023")
    edition = edition if set(parts) == {each.code for each in edition.indicators} else edition.pruned(depth=1)
    found = reconcile(parts, "1.05", instrument=edition, zone="Kurang")

    assert (True, Decimal("1.05")) == (found.agrees, found.recomputed.published)


def test_a_zone_that_was_decided_on_the_exact_total_is_named():
    # 77.9967 is published as 78.00, a B, and lies below it.
    edition = pelayanan.load("ombudsman-2022")
    found = reconcile(["77.99", "78.00", "78.00"], "78.00", instrument=edition, of="units", zone="C")

    assert ("decided-on", "*", "the printed total", "the exact total") == told(found.causes[0])


def test_a_zone_by_the_cut_offs_of_another_edition_is_named():
    # Green began at 81 in 2021 and at 78 in 2022.
    found = reconcile(
        ["80.00"], "80.00", instrument=pelayanan.load("ombudsman-2022"), of="units", zone="kuning"
    )
    others = [each.implied for each in found.causes if each.kind == "cut-offs"]

    assert "ombudsman-2021" in others
    assert ["2021"] == [
        each.implied
        for each in reconcile(
            ["80.00"],
            "80.00",
            instrument=pelayanan.load("ombudsman-2022"),
            of="units",
            zone="kuning",
            others=[attrs.evolve(pelayanan.load("ombudsman-2021"), id="2021")],
        ).causes
    ]


# Properties.


@given(st.randoms(use_true_random=False), st.sampled_from(["units", "items", "dimensions"]))
def test_a_correct_set_agrees_and_nothing_is_named(random, form):
    parts, total, edition = correct(random, form)
    found = reconcile(parts, total, **edition)

    assert (True, ()) == (found.agrees, found.causes)


@given(
    st.lists(st.integers(0, 10**7), min_size=1, max_size=8).map(
        lambda listed: [Fraction(each, 10**5) for each in listed]
    ),
    st.lists(st.integers(0, 3), min_size=8, max_size=8),
    st.sampled_from(["half_up", "half_even", "down"]),
)
def test_parts_that_were_rounded_when_they_were_printed_agree_with_the_total_of_the_exact_ones(
    exact, places, mode
):
    parts = [str(Decimal(Rounding(size).steps(each)).scaleb(-size)) for each, size in zip(exact, places)]
    total = Rounding(2, mode).of(sum(exact) / len(exact))
    found = reconcile(parts, str(Decimal(int(total * 100)) / 100), mode=mode, rounded=True)

    assert found.agrees


def test_a_unit_that_is_lacking_may_be_larger_than_those_that_are_there_as_the_total_shows():
    (found,) = [each for each in reconcile(["9.00", "9.00"], "21.00").causes if each.kind == "part-missing"]

    assert "45.00" == found.implied


@pytest.mark.parametrize("kind", KINDS)
@given(random=st.randoms(use_true_random=False))
@settings(max_examples=40)
def test_a_planted_mistake_is_among_the_causes_where_the_set_does_not_agree_any_more(kind, random):
    parts, total, edition = planted(random, kind)
    found = reconcile(parts, total, **edition)

    assert found.agrees or kind in {each.kind for each in found.causes}


@pytest.mark.parametrize("kind", KINDS)
def test_the_kind_of_a_planted_mistake_is_among_the_first_three_causes(kind):
    random = Random(f"{kind} 2024")
    places = Counter()
    for _ in range(500):
        parts, total, edition = planted(random, kind)
        found = reconcile(parts, total, **edition)
        if not found.agrees:
            places[kind in [each.kind for each in found.causes[:3]]] += 1

    assert places[True] >= 0.95 * places.total()
    assert places.total() >= 350


@given(st.randoms(use_true_random=False), st.sampled_from(KINDS))
def test_what_a_cause_implies_makes_the_set_agree(random, kind):
    parts, total, edition = planted(random, kind)
    for cause in reconcile(parts, total, **edition).causes:
        assert mended(parts, total, edition, cause).agrees, cause


def mended(parts, total, edition, cause) -> Reconciliation:
    """The same set with the cause undone."""
    if cause.kind == "part-missing":
        return reconcile({**parts, "unit that was not printed": cause.implied}, total, **edition)
    if cause.kind == "part-twice":
        return reconcile({**parts, "again": parts[cause.place]}, total, **edition)
    if cause.kind == "rounding":
        return reconcile(parts, total, mode=cause.implied, **edition)
    if cause.kind == "weights":
        return reweighted(parts, total, edition, cause.implied)
    if cause.kind == "rounding-stage" or (cause.kind, cause.place) == ("fewer-decimals", "parts"):
        # These are checked by the total that they give.
        within = cause.place == "parts" and cause.kind == "fewer-decimals"
        agrees = Rounding(2).of(cause.exact) == Fraction(total) or within
        return Reconciliation(Exact(total), agrees=agrees)
    if cause.place == "*":
        return reconcile(parts, cause.implied, **edition)
    return reconcile({**parts, cause.place: cause.implied}, total, **edition)


def reweighted(parts, total, edition, implied) -> Reconciliation:
    """The same set with other weights, computed as plain numbers where these are alike."""
    times = 25 if edition.get("instrument") is SURVEY else 1
    if " " in implied:
        return Reconciliation(Exact(total), agrees=True)
    rounded = None if edition else False
    weights = [implied] * len(parts)
    if not edition:
        wide = reconcile(parts, total, weights=weights, times=times, rounded=rounded)
        return wide if wide.agrees else reconcile(parts, total, weights=weights, times=times)
    return reconcile(parts, total, weights=weights, times=times)


@given(st.data())
@settings(max_examples=60)
def test_the_answers_to_any_instrument_agree_with_their_total(data):
    instrument = data.draw(
        ps.instruments(depth=2, members=3, conditions=0, optional=False, policies=("zero", "lowest"))
    )
    answers = data.draw(ps.answers(instrument))
    given_answers = {code: each for code, each in answers.items() if each is not pelayanan.MISSING}
    card = pelayanan.score_one(instrument, answers)
    found = (
        reconcile(
            given_answers or (), card.total, instrument=instrument, zone=card.zone.code if card.zone else ""
        )
        if given_answers or card.zone
        else None
    )

    assert found is None or found.agrees
    assert found is None or found.recomputed is None or found.recomputed.exact == card.exact


@given(st.randoms(use_true_random=False), st.sampled_from(["units", "items", "dimensions"]), st.data())
def test_one_part_in_the_place_of_another_changes_the_total_as_if_all_were_added_anew(random, form, data):
    parts, _, edition = correct(random, form)
    if edition:
        composition = of_answers(edition["instrument"], parts, rounded=None)
    else:
        composition = mean_of_units(parts, top=None, decimals=2, rounded=None)
    old = data.draw(st.sampled_from(composition.parts))
    new = composition.reader.part(old.name, data.draw(st.sampled_from(["3", "3.4", "3.456"])))
    anew = attrs.evolve(composition, parts=[new if each is old else each for each in composition.parts])

    assert anew.span == composition.replaced(composition.span, old, new)


JUNK = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-5, 10**40),
    st.floats(),
    st.text(max_size=6),
    st.fractions(),
    st.decimals(),
)


@given(
    st.dictionaries(st.text(max_size=3), JUNK, max_size=4) | st.lists(JUNK, max_size=4),
    JUNK,
    st.sampled_from([None, KIOSK, DIMENSIONS]),
    st.sampled_from(["", "A", "hijau", "x"]),
)
def test_arbitrary_parts_give_an_answer_or_the_error_of_the_library(parts, total, instrument, zone):
    try:
        found = reconcile(parts, total, instrument=instrument, zone=zone)
    except PelayananError as error:
        found = error

    assert str(found).isprintable() or "\n" in str(found)


# Kinds of causes, each alone.


def kinds(found: Reconciliation) -> set[tuple[str, str, str]]:
    return {(each.kind, each.place, each.implied) for each in found.causes}


def test_a_total_with_fewer_decimals_than_are_published_is_named():
    assert ("fewer-decimals", "*", "56.18") in kinds(reconcile(["56.10", "56.25"], "56.2"))
    assert ("fewer-decimals", "*", "56.18") in kinds(reconcile(["56.10", "56.25"], "56.1"))
    assert not {"fewer-decimals"} & {each.kind for each in reconcile(["56.10", "56.25"], "56.20").causes}


def test_a_unit_that_was_cut_to_fewer_decimals_is_named_with_what_it_had():
    # With 82.39 the mean is 81.20, and 82.3 stands for at most 82.35 where it was rounded.
    found = reconcile(["80.01", "82.3"], "81.20")

    assert ("fewer-decimals", "1", "82.39") in kinds(found)


def test_units_that_are_short_prints_of_what_was_averaged_are_named():
    # 60.004 and 60.024 are printed as 60.00 and 60.02, and have the mean 60.014.
    found = reconcile(["60.00", "60.02", "60.01"], "60.02")

    assert ("fewer-decimals", "parts", "") not in kinds(reconcile(["60.00", "60.03"], "60.03"))
    assert ("fewer-decimals", "parts", "") not in kinds(reconcile(["60.00", "60.02"], "60.09"))
    assert not found.agrees


def test_rounding_before_the_mean_is_named():
    # 60.44 and 60.64 become 60 and 61.
    assert ("rounding-stage", "parts", "0") in kinds(reconcile(["60.44", "60.64"], "60.50"))


def test_weighted_values_that_were_rounded_before_they_were_added_are_named():
    # Each third of 50.00 is 16.67, and three of them are 50.01.
    found = reconcile(["50.00", "50.00", "50.00"], "50.01")

    assert ("rounding-stage", "contributions", "2") in kinds(found)


def test_a_mean_of_items_that_was_rounded_before_it_was_scaled_is_named():
    # The mean 3.496 is 3.50 in two decimals, and 87.50 of 100.
    parts = {f"u{each}": "3.4960" for each in range(1, 10)}
    found = reconcile(parts, "87.50", instrument=SURVEY)

    assert ("rounding-stage", "mean-answer", "2") in kinds(found)


def test_weighted_items_that_were_rounded_before_they_were_added_are_named():
    # A ninth of 3.4960 is 0.38844, 0.39 in two decimals; nine of them are 3.51, and 87.75 of 100.
    parts = {f"u{each}": "3.4960" for each in range(1, 10)}
    found = reconcile(parts, "87.75", instrument=SURVEY)

    assert ("rounding-stage", "weighted-answers", "2") in kinds(found)


def test_equal_weights_instead_of_the_printed_ones_are_named():
    parts = {"input": "80.00", "proses": "40.00", "output": "60.00", "pengaduan": "60.00"}
    found = reconcile(parts, "60.00", instrument=DIMENSIONS)

    assert ("weights", "parts", "0.25") in kinds(found)


def test_a_unit_that_was_counted_twice_is_named():
    # (60 + 70 + 80 + 80) / 4.
    found = reconcile({"A": "60.00", "B": "70.00", "C": "80.00"}, "72.50")

    assert ("part-twice", "C", "80.00") in kinds(found)


def test_a_unit_that_would_have_to_be_outside_the_scale_is_not_named():
    assert "part-missing" not in {each.kind for each in reconcile(["60.00", "61.00"], "99.00").causes}
    assert "part-missing" not in {each.kind for each in reconcile(["60.00", "61.00"], "12.00").causes}


def test_fourteen_items_of_the_survey_of_2004_with_another_weight_are_named():
    edition = pelayanan.load("skm-2004")
    parts = {each.code: "3.000" for each in edition.indicators}
    found = reconcile(parts, "75.00", instrument=edition)

    # 14 x 0.071 is 0.994, which gives 74.55.
    assert Decimal("74.55") == found.recomputed.published
    assert ("weights", "parts", "0.071", "1/14") in {told(each) for each in found.causes}


def test_a_weighted_sum_without_an_instrument_is_compared_too():
    agreeing = reconcile(["80", "60.0"], "70.50", weights=["0.525", "0.475"])
    found = reconcile(["3.50", "3.70"], "88.20", weights=["0.49", "0.49"], times=25, rounded=False)

    assert agreeing.agrees
    assert Fraction("88.20") == found.recomputed.exact
    assert found.agrees


def test_an_edition_that_averages_exact_totals_lets_units_be_rounded():
    edition = attrs.evolve(pelayanan.load("ombudsman-2022"), rollup="exact")
    found = reconcile(["62.41", "61.21", "75.41", "76.27"], "68.82", instrument=edition, of="units")

    assert (True, Decimal("68.82")) == (found.agrees, found.recomputed.lowest)


STAGED = Instrument(
    id="staged",
    criteria=[
        Group("a", "1"),
        Indicator("a.x", Scale(low=0, high=10)),
        Indicator("a.y", Scale(low=0, high=10)),
        Indicator("b", Scale(of=5, full=5), "1"),
        Indicator("c", Scale(options=[Option("ya", 1), Option("tidak", 0)]), "2", missing="lowest"),
    ],
    maximum=100,
    missing="refuse",
    rounding=None,
    zones=Zones(
        [Band("C", floor=0), Band("A", floor=50, requires=[Requirement("a", at_least=60, of="points")])]
    ),
    rounding_stages=[RoundingStage("a", of="points", decimals=0)],
)


def test_a_total_that_is_rounded_on_the_way_is_compared_too():
    parts = {"a.x": 7, "a.y": 7, "b": 3, "c": "ya"}
    found = reconcile(parts, "82.5", instrument=STAGED, rounded=False, zone="C")
    missing = reconcile({"a.x": 7, "a.y": 7, "b": 3}, "32.5", instrument=STAGED, rounded=False)
    slipped = reconcile({**parts, "b": 2}, "82.5", instrument=STAGED, rounded=False)

    # 17.5 + 15 + 50; a group held back may still be in the lower zone.
    assert (True, ("C", "A")) == (found.agrees, found.zone_of_total)
    assert missing.agrees
    assert ("digit-misprinted", "b", "3") in kinds(slipped)


def test_answers_under_an_alias_and_answers_that_are_not_scored_are_read():
    found = reconcile({"d1.fees": "ada", "u1": 7, "d2": 4, "d3": 5}, "91.00", instrument=KIOSK)

    # 60 x (1 + 0.7) / 2 + 40.
    assert (True, Fraction(91)) == (found.agrees, found.recomputed.exact)


def test_an_answer_that_is_lacking_and_cannot_be_worked_out_is_not_named():
    parts = {f"u{each}": "3.5" for each in range(1, 9)}

    assert () == reconcile(parts, "99.00", instrument=SURVEY).causes


def test_options_stay_as_they_are_where_numbers_are_rounded_before():
    # 60 x (1 + 0.74) / 2 + 40, and with 7 instead of 7.4 it is 91.
    found = reconcile({"d1.fees": "ada", "u1": "7.4", "d2": 4}, "91.00", instrument=KIOSK, rounded=False)

    assert ("rounding-stage", "parts", "0") in kinds(found)


def test_a_weight_that_would_be_printed_as_nothing_is_not_named():
    found = reconcile(["50.00"] * 250, "51.00")

    assert "0.00" not in {each.implied for each in found.causes}


def test_a_number_that_may_be_a_misprint_is_computed_with_and_a_total_above_the_top_is_not_implied():
    found = reconcile({f"u{each}": "4.0" for each in range(1, 9)} | {"u9": "0.4"}, "91.00", instrument=SURVEY)
    city = reconcile(["3.00", "3.10"], "4.05", instrument=pelayanan.load("spbe-2023"), of="units")

    # 32.4 of 36.
    assert Fraction(90) == found.recomputed.exact
    assert all(Fraction(each.implied) <= 5 for each in city.causes if each.kind == "digit-misprinted")


# Words and messages.


def test_a_reconciliation_is_worded_in_both_languages():
    found = compared(("2023", "Kabupaten Jayapura", ""))
    lines = (
        "56.8 does not agree\n"
        "recomputed: 56.18\n"
        "what could explain it:\n"
        "  total: a digit was dropped, 56.8 for 56.18\n"
        "  a part was not printed, it is 61.15"
    )

    assert lines == found.text("en")
    assert (
        "56,8 tidak cocok\n"
        "dihitung ulang: 56,18\n"
        "yang dapat menjelaskannya:\n"
        "  nilai akhir: satu angka hilang, 56,8 mestinya 56,18\n"
        "  satu bagian tidak tercetak, nilainya 61,15"
    ) == found.text()
    assert lines == found.text("nl")


def test_a_zone_is_worded_too():
    bali = reconcile((), "54.01", instrument=pelayanan.load("ombudsman-2022"), zone="A")
    gap = reconcile((), "50.12", instrument=pelayanan.load("ombudsman-2018"), zone="kuning")
    sound = reconcile((), "94.01", instrument=pelayanan.load("ombudsman-2022"), zone="hijau")

    assert (
        "54.01 does not agree\nzone A was printed, C by the total\nwhat could explain it:\n"
        "  total: a digit was misprinted, 54.01 for 94.01"
    ) == bali.text("en")
    assert "zone kuning was printed, none by the total" == gap.text("en").split("\n")[1]
    assert "94.01 agrees with the zone hijau" == sound.text("en")
    assert "79.12 agrees with its parts\nrecomputed: 79.13" == compared(("2022", "Kota Kupang", "")).text(
        "en"
    )


@pytest.mark.parametrize("kind", ALL_KINDS)
@pytest.mark.parametrize("language", ["id", "en"])
def test_every_kind_of_cause_has_words(kind, language):
    for place in ("*", "parts", "u5", ""):
        found = Reconciliation(Exact("1"), agrees=False, causes=(Cause(kind, place, "2", "3"),))
        line = found.text(language).split("\n")[-1]

        assert line.startswith("  ")
        assert "{" not in line


def test_causes_of_several_kinds_take_turns_and_modes_stay_together():
    def found(kind: str, number: int, tried: int, partly: bool = False) -> Found:
        return Found(kind, tuple(Cause(kind, "*", "", str(each)) for each in range(number)), tried, partly)

    listed = ranked(
        [
            found("digit-misprinted", 2, 100),
            found("cut-offs", 1, 1, True),
            found("digits-swapped", 2, 20),
            found("rounding", 2, 2),
        ]
    )

    assert [
        ("rounding", "0"),
        ("rounding", "1"),
        ("digits-swapped", "0"),
        ("digit-misprinted", "0"),
        ("cut-offs", "0"),
        ("digits-swapped", "1"),
        ("digit-misprinted", "1"),
    ] == [(each.kind, each.implied) for each in listed]
    assert (2, 100) == (listed[3].fits, listed[3].tried)


refused = partial(error_text, PelayananError, reconcile)


@pytest.mark.parametrize(
    ("given_parts", "total", "named", "said"),
    [
        (
            [],
            "79.12",
            {},
            "reconcile: there are no parts; a total alone is compared with its zone, which takes instrument= and zone= @ parts",
        ),
        (
            [],
            "79.12",
            {"instrument": OMBUDSMAN},
            "reconcile: there are no parts; a total alone is compared with its zone, which takes instrument= and zone= @ parts",
        ),
        (["79,12"], "79.12", {}, "reconcile: expected a number, not '79,12'; write '79.12' @ part '0'"),
        (["79.12"], "79,12", {}, "reconcile: expected a number, not '79,12'; write '79.12' @ total"),
        (["79.12"], "tujuh", {}, "reconcile: expected a number, not 'tujuh' @ total"),
        (["79.12"], float("nan"), {}, "reconcile: expected a finite number, not nan @ total"),
        (["79.12"], "-1", {}, "reconcile: expected a decimal from 0 on, not -1 @ total"),
        (["79.12"], "1/3", {}, "reconcile: expected a decimal from 0 on, not 1/3 @ total"),
        (
            {"Dinkes": None, "Dinsos": "x"},
            "79.12",
            {},
            "reconcile has 2 problems\n  expected a number, not None @ part 'Dinkes'\n  expected a number, not 'x' @ part 'Dinsos'",
        ),
        (
            ["79.125"],
            "79.125",
            {},
            "reconcile: 79.125 has more decimals than the 2 that are published; say decimals= @ total",
        ),
        (
            {"Dinkes": "1000", "Dinsos": "80"},
            "79.12",
            {"instrument": OMBUDSMAN, "of": "units"},
            "reconcile: 1000 is outside 0 to 100; nor is there a number on it of which this could be a misprint @ part 'Dinkes'",
        ),
        (
            ["-5"],
            "79.12",
            {},
            "reconcile: -5 is outside from 0 on; nor is there a number on it of which this could be a misprint @ part '0'",
        ),
        (
            {"u1": "95"},
            "79.12",
            {"instrument": SURVEY},
            "reconcile: the answer 95 is outside the scale 1 to 4; the nearest valid answer is 4; nor is there a number on it "
            "of which this could be a misprint @ part 'u1'",
        ),
        (
            {"d1.fees": "adda"},
            "79.12",
            {"instrument": KIOSK},
            "reconcile: the answer 'adda' is no option of the scale; did you mean 'ada'?; nor is there a number on it "
            "of which this could be a misprint @ part 'd1.fees'",
        ),
        (
            {"d2": "9"},
            "79.12",
            {"instrument": KIOSK},
            "reconcile: the answer 9 is outside the scale 1 to 4; the nearest valid answer is 4 @ part 'd2'",
        ),
        (
            {"inputt": "80"},
            "79.12",
            {"instrument": DIMENSIONS},
            "ombudsman-2022: there is no indicator 'inputt'; did you mean 'input'? @ part 'inputt'",
        ),
        (
            {"input": "80", "proses": "70"},
            "79.12",
            {"instrument": DIMENSIONS},
            "reconcile: the answers to 'output', 'pengaduan' are lacking; only one can be worked out from the total @ parts",
        ),
        (["80"], "80", {"of": "unit"}, "reconcile: expected of = 'units', 'answers', not 'unit' @ of"),
        (
            {"input": "80"},
            "80",
            {"instrument": DIMENSIONS, "weights": [1]},
            "reconcile: an instrument has its own weights; give weights= without one @ weights",
        ),
        (["80", "70"], "80", {"weights": [1]}, "reconcile: there are 1 weights for 2 parts @ weights"),
        (["80"], "80", {"weights": ["x"]}, "reconcile: expected a number, not 'x' @ part '0'"),
        (
            ["80"],
            "80",
            {"zone": "A"},
            "reconcile: a zone is compared with those of an edition, which takes instrument= @ zone",
        ),
        (
            ["80"],
            "80",
            {"instrument": OMBUDSMAN, "zone": "hijua"},
            "ombudsman-2022 has no zone 'hijua'; did you mean 'hijau'?",
        ),
        (["80"], "80", {"mode": "up"}, "expected a mode of 'half_up', 'half_even', 'down', not 'up'"),
        (["80"], "80", {"decimals": 11}, "expected 0 to 10 decimals, not 11"),
        ({1: "80", "1": "70"}, "75", {}, "reconcile: the part '1' is there twice @ parts"),
        (
            {"d1.door": 7, "u1": 8},
            "75",
            {"instrument": KIOSK},
            "kios-2024: kios-2024 has answers to 'd1.door' twice @ part 'd1.door'",
        ),
        (["80"], "80", {"of": "answers"}, "reconcile: of = 'answers' takes an instrument= @ of"),
    ],
)
def test_what_cannot_be_compared_is_refused(given_parts, total, named, said):
    assert said == refused(given_parts, total, **named)


def test_errors_have_stable_codes():
    codes = {}
    for named in ({}, {"zone": "A"}, {"of": "x"}, {"decimals": 0}):
        with pytest.raises(AnswerError) as caught:
            reconcile([] if not named else ["80.5"], "80.5", **named)
        codes |= {caught.value.code: caught.value.problems[0].place}

    assert {"no-parts": "parts", "zone": "zone", "of": "of", "off-grid": "total"} == codes


def test_a_total_that_is_not_linear_needs_what_makes_it():
    composition = Composition((), Reader({}, None, 0, None), None)

    with pytest.raises(TypeError, match=r"^a total that is not linear needs what makes it$"):
        composition.exact({})
