"""
The shipped editions: what is published and what is not; test_testing runs the kit over them.
"""

from collections import Counter, defaultdict
from decimal import Decimal

import attrs
import pytest
import sources_page

import pelayanan

EDITIONS = [each.id for each in pelayanan.editions()]


@pytest.mark.parametrize("edition", EDITIONS)
def test_every_edition_has_a_printed_case(edition):
    assert pelayanan.load(edition).cases


def _standings(edition: str) -> dict[str, dict[str, set[str]]]:
    """Return how what is not published stands, by figure and place."""
    found: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for each in pelayanan.load(edition).assumptions:
        names = [code.removeprefix(f"{each.place}.") for code in each.codes] or [""]
        for name in names:
            found[each.figure][each.standing.is_].add(" ".join(filter(None, [each.place, name])))
    return {figure: dict(places) for figure, places in found.items()}


def _weights(edition: str) -> dict[str, set[str]]:
    return _standings(edition).get("weight", {})


FOUND_BANDS = {
    "egdi-2018": {"low", "very_high"},
    "ipp-2022": {"F", "E", "D", "C-", "C", "B-", "B", "A-", "A"},
    "kip-2022": {"informatif"},
    "ombudsman-2015": {"merah", "kuning", "hijau"},
    "ombudsman-2017-kl": {"merah", "kuning", "hijau"},
    "ombudsman-2018": {"merah", "kuning", "hijau"},
    "ombudsman-2021": {"merah", "kuning", "hijau"},
    "ombudsman-2022": {"A", "B", "C"},
    "ombudsman-2023": {"A", "B", "C"},
    "ombudsman-2024": {"A", "B", "C"},
    "ombudsman-2025": set(),
    "pefa-m1": set(),
    "pefa-m2": set(),
    "pemdi-2026": {"kurang", "cukup", "baik", "sangat_baik", "memuaskan"},
    "sakip-2021": {"AA", "A", "BB", "B", "CC", "C", "D"},
    "skm-2004": {"A", "B", "C", "D"},
    "skm-2017": {"A", "B", "C", "D"},
    "skm-2017-w0.11": {"A", "B", "C", "D"},
    "skm-2017-w0.111": {"A", "B", "C", "D"},
    "skm-2017-w0.1111": {"A", "B", "C", "D"},
    "spbe-2018": set(),
    "spbe-2023": {"kurang", "cukup", "baik", "sangat_baik", "memuaskan"},
    "spbe-2024": {"kurang", "cukup", "baik", "sangat_baik", "memuaskan"},
    "zi-2021": {"WBK", "WBBM"},
}
ENDS = ("floor", "above", "ceiling", "below")


@pytest.mark.parametrize("edition", FOUND_BANDS)
def test_the_bounds_of_an_edition_are_published_or_inferred_as_the_facts_are(edition):
    said = _standings(edition)
    inferred = {place for end in ENDS for place in said.get(end, {}).get("inferred", set())}
    codes = {band.code for band in pelayanan.load(edition).zones.bands}

    assert {f"zones {code}" for code in codes - FOUND_BANDS[edition]} == inferred
    assert not any("assumed" in said.get(end, {}) for end in ENDS)


def test_every_edition_but_that_of_2013_is_in_the_table_of_bounds():
    assert {"ombudsman-2013"} == set(EDITIONS) - FOUND_BANDS.keys()


def test_of_2013_the_two_slips_alone_are_no_published_bounds():
    said = _standings("ombudsman-2013")

    assert {"inferred": {"zones kuning", "zones hijau"}} == said["floor"]
    assert "ceiling" not in said


def test_the_weights_of_the_dimensions_are_published_for_2022_and_2023_and_inferred_after():
    first = {"* input", "* proses", "* output", "* pengaduan"}
    found = {edition: _weights(edition) for edition in ("ombudsman-2022", "ombudsman-2023", "ombudsman-2024")}

    assert {"* pengaduan"} == found["ombudsman-2022"]["inferred"]
    assert "inferred" not in found["ombudsman-2023"]
    assert first == found["ombudsman-2024"]["inferred"]


def test_of_the_indicators_input_1_alone_has_a_published_weight_in_2023():
    instrument = pelayanan.load("ombudsman-2023")
    indicators = {each.code for each in instrument.indicators if each.weight is not None}
    one = instrument["input.kompetensi_pelaksana.komponen_standar"]
    others = [each for each in instrument.indicators if each.code.startswith("input.") and each != one]

    assert {one.code} == indicators
    assert ("12.22", 14) == (str(one.weight), len(others))
    assert {Decimal("87.78") / 14} == {
        Decimal(instrument.weights[each.code].numerator) / instrument.weights[each.code].denominator
        for each in others
    }
    assert not any(
        one.code.endswith(place.rpartition(" ")[2]) for place in _weights("ombudsman-2023")["assumed"]
    )


def test_the_split_of_the_quality_of_2025_is_assumed_and_its_two_parts_are_published():
    dimensions = {f"kualitas {code}" for code in ("input", "proses", "output", "pengaduan")}

    assert {"assumed": dimensions} == _weights("ombudsman-2025")
    assert ["70", "30"] == [
        str(pelayanan.load("ombudsman-2025")[code].weight) for code in ("kualitas", "kepercayaan")
    ]


@pytest.mark.parametrize("edition", [each for each in EDITIONS if each.startswith("ombudsman")])
def test_what_a_missing_answer_does_and_what_an_answer_is_worth_are_assumed_in_every_year(edition):
    said = _standings(edition)

    assert "assumed" in said["missing"]
    assert "assumed" in said["share"]
    assert {"assumed", "inferred"} & said["rounding"].keys()


def test_the_plain_mean_of_units_is_stated_from_2022_on_and_nowhere_published_to_the_digit():
    found = {edition: pelayanan.load(edition).rollup for edition in EDITIONS}
    stands = {edition: set(_standings(edition).get("rollup", {})) for edition in EDITIONS}

    assert {"ombudsman-2013", "ombudsman-2018", "ombudsman-2021"} == {
        edition for edition, rollup in found.items() if not rollup and edition.startswith("ombudsman")
    }
    assert {""} == {rollup for edition, rollup in found.items() if not edition.startswith("ombudsman")}
    assert all(stands[edition] <= {"assumed", "inferred"} for edition in EDITIONS)
    assert all(bool(stands[edition]) == bool(found[edition]) for edition in EDITIONS)


def test_the_gaps_before_2021_are_those_that_were_printed():
    found = {}
    for edition in (
        "ombudsman-2013",
        "ombudsman-2015",
        "ombudsman-2017-kl",
        "ombudsman-2018",
        "ombudsman-2021",
    ):
        instrument = pelayanan.load(edition)
        bands = instrument.zones.bands
        found[edition] = [str(instrument.maximum), *(f"{band.floor}-{band.ceiling}" for band in bands)]

    assert {
        "ombudsman-2013": ["1000", "0-500", "501-800", "801-1000"],
        "ombudsman-2015": ["75", "0-38", "39-60", "61-75"],
        "ombudsman-2017-kl": ["110", "0-55", "56-88", "89-110"],
        "ombudsman-2018": ["100", "0-50", "51-80", "81-100"],
        "ombudsman-2021": ["100", "0-50.99", "51.00-80.99", "81.00-100"],
    } == found
    assert pelayanan.load("ombudsman-2018").zones.classify("50.5") is None


def test_the_zone_of_78_25_in_every_year_of_a_hundred_points():
    found = {}
    for edition in EDITIONS:
        instrument = pelayanan.load(edition)
        if instrument.family == "ombudsman" and instrument.maximum == 100:
            band = instrument.zones.classify("78.25")
            found[edition] = (band.code, band.label.get("id"))

    assert {
        "ombudsman-2018": ("kuning", "kuning"),
        "ombudsman-2021": ("kuning", "kuning"),
        "ombudsman-2022": ("B", "hijau"),
        "ombudsman-2023": ("B", "hijau"),
        "ombudsman-2024": ("B", "hijau"),
        "ombudsman-2025": ("B", "Baik"),
    } == found


def test_a_form_of_the_weight_of_a_survey_attains_what_was_worked_out_of_its_print():
    found = {
        edition: (float(made.attainable), str(made["u1"].weight))
        for edition, made in ((each, pelayanan.load(each)) for each in EDITIONS)
        if made.family == "skm"
    }
    stands = {edition: set(_weights(edition)) for edition in found}

    assert {
        "skm-2004": (99.40, "0.071"),
        "skm-2017": (100, "1/9"),
        "skm-2017-w0.11": (99.00, "0.11"),
        "skm-2017-w0.111": (99.90, "0.111"),
        "skm-2017-w0.1111": (99.99, "0.1111"),
    } == found
    assert {"skm-2017", "skm-2017-w0.11"} == {edition for edition, is_ in stands.items() if is_}
    assert {"inferred"} == stands["skm-2017"] | stands["skm-2017-w0.11"]


def test_a_variant_of_a_survey_asks_and_classifies_as_the_edition_that_it_varies():
    survey = pelayanan.load("skm-2017")
    variants = [pelayanan.load(each.id) for each in pelayanan.editions() if each.variant_of == "skm-2017"]
    bands = [(band.code, band.floor, band.ceiling) for band in survey.zones.bands]
    asked = [(each.code, each.title, each.scale.low, each.scale.high) for each in survey.indicators]

    assert 3 == len(variants)
    for variant in variants:
        assert bands == [(band.code, band.floor, band.ceiling) for band in variant.zones.bands]
        assert asked == [
            (each.code, each.title, each.scale.low, each.scale.high) for each in variant.indicators
        ]
        assert (survey.in_force, survey.rounding) == (variant.in_force, variant.rounding)


def test_of_electronic_government_the_two_years_differ_in_where_the_predicate_is_decided_alone():
    before, after = pelayanan.load("spbe-2023"), pelayanan.load("spbe-2024")
    zones = attrs.evolve(before.zones, decide_on="exact")
    named = attrs.evolve(before, id="spbe-2024", zones=zones)

    assert ("published", "exact") == (before.zones.decide_on, after.zones.decide_on)
    assert after.fingerprint == named.fingerprint != before.fingerprint
    assert [{"inferred"}, {"inferred"}] == [set(_standings(each.id)["decide_on"]) for each in (before, after)]


def test_of_electronic_government_the_weights_are_published_and_add_up_at_every_level():
    made = pelayanan.load("spbe-2023")
    sizes = Counter(each.code.rpartition(".")[0] for each in made.indicators)
    levels = {
        depth: sum(
            Decimal(str(each.weight)) for code, each in made.criteria.items() if code.count(".") == depth
        )
        for depth in range(3)
    }

    assert {} == _weights("spbe-2023")
    assert {0: 100, 1: 100, 2: 100} == levels
    assert [10, 4, 4, 2, 8, 3, 10, 6] == list(sizes.values())
    assert [f"i{number}" for number in range(1, 48)] == [each.aliases[0] for each in made.indicators]
    assert ["proses"] * 31 + ["layanan"] * 16 == [each.scale.code for each in made.indicators]
    assert (1, 5) == (made.lowest, made.attainable)


def test_of_electronic_government_in_2018_the_weights_of_the_domains_alone_are_published():
    made, after = pelayanan.load("spbe-2018"), pelayanan.load("spbe-2023")
    domains = [code for code in made.criteria if "." not in code]
    sizes = Counter(each.code.rpartition(".")[0] for each in made.indicators)
    weights = Counter(str(each.weight) for each in made.indicators)

    assert [("kebijakan", 17), ("tata_kelola", 28), ("layanan", 55)] == [
        (code, made[code].weight) for code in domains
    ]
    assert ["inferred"] == list(_weights("spbe-2018"))
    assert {each.code for each in made.indicators} == {
        place.replace(" ", ".") for place in _weights("spbe-2018")["inferred"]
    }
    assert [7, 10, 2, 2, 3, 7, 4] == list(sizes.values())
    assert {"1": 17, "4": 7, "5": 11} == weights
    assert [f"i{number}" for number in range(1, 36)] == [each.aliases[0] for each in made.indicators]
    assert ["proses"] * 24 + ["layanan"] * 10 + ["layanan_tiga"] == [
        each.scale.code for each in made.indicators
    ]
    assert (0, 5) == (made.lowest, made.attainable)
    assert set(domains) == {code for code in after.criteria if "." not in code} - {"manajemen"}


def test_of_electronic_government_in_2018_no_predicates_are_given_and_one_indicator_is_rounded():
    made = pelayanan.load("spbe-2018")
    (stage,) = made.rounding_stages

    assert () == made.zones.bands
    assert "predicates" in made.disputed
    assert ("layanan.publik.i35", "points", 0) == (stage.at, stage.of, stage.decimals)
    assert {"inferred": {"", "layanan.publik.i35"}} == _standings("spbe-2018")["rounding"]


def test_the_two_methods_of_pefa_differ_in_their_rule_alone_and_share_letters_and_dimensions():
    first, second = pelayanan.load("pefa-m1"), pelayanan.load("pefa-m2")
    asked = [[(each.code, each.title, each.scale) for each in made.indicators] for made in (first, second)]

    assert asked[0] == asked[1]
    assert first.zones == second.zones
    assert ("M1", "M2") == (first.applies_to, second.applies_to)
    assert (first.in_force, first.missing, first.tokens) == (second.in_force, second.missing, second.tokens)
    assert ("weakest_link_plus", "step") == (first.root.rule.name, second.root.rule.name)
    assert [({"inferred"}, None), (None, {"inferred"})] == [
        tuple(said.get(figure) and set(said[figure]) for figure in ("plus", "steps"))
        for said in (_standings("pefa-m1"), _standings("pefa-m2"))
    ]


def test_of_accountability_the_predicates_begin_above_their_cut_offs_and_90_is_disputed():
    made = pelayanan.load("sakip-2021")
    bands = made.zones.bands

    assert [None, "30", "50", "60", "70", "80", "90"] == [band.above and str(band.above) for band in bands]
    assert "90.00" in bands[-1].disputed
    assert ["6", "9", "15", "6", "9", "15", "3", "4.5", "7.5", "5", "7.5", "12.5"] == [
        str(each.weight) for each in made.indicators
    ]
    assert ["D"] == [band.code for band in bands if band.floor is not None]


def test_of_digital_government_every_weight_and_range_is_published_and_what_decides_is_not():
    said = _standings("pemdi-2026")
    made = pelayanan.load("pemdi-2026")
    sizes = Counter(each.code.rpartition(".")[0] for each in made.indicators)

    assert {"in_force", "missing", "rounding", "decide_on"} == said.keys()
    assert [2, 2, 4, 4, 2, 4, 2] == list(sizes.values())
    assert [f"i{number}" for number in range(1, 21)] == [each.aliases[0] for each in made.indicators]
    assert "exact" == made.zones.decide_on == pelayanan.load("spbe-2024").zones.decide_on


def test_of_the_index_of_public_service_the_weights_of_four_aspects_and_of_the_survey_are_contested():
    made = pelayanan.load("ipp-2022")
    said = _weights("ipp-2022")
    aspects = {place.split()[0] for place in said["inferred"]}

    assert {"profesionalisme_sdm", "sarana_prasarana", "sipp", "konsultasi_pengaduan"} == {
        place.removeprefix("f02.") for place in aspects
    }
    assert {f"f03 u{item}" for item in range(1, 15)} == said["assumed"]
    assert all(made[f"f02.kebijakan.i{number}"].disputed for number in range(1, 10))
    assert [""] + ["disputed"] * 8 == [band.disputed and "disputed" for band in made.zones.bands]
    assert ["f02.i31"] == [each.code for each in made.indicators if not each.scored]
    assert [f"{number}." for number in (*range(1, 31), *range(1, 13), 14, 15)] == [
        each.aliases[0][: each.aliases[0].index(".") + 1] for each in made.indicators if each.scored
    ]


def test_of_openness_all_weights_are_those_of_one_year_and_the_upper_ends_follow_from_the_next_band():
    made = pelayanan.load("kip-2022")
    said = _standings("kip-2022")
    reasons = {each.standing.why for each in made.assumptions if each.figure == "weight"}

    assert {"* saq", "* visitasi"} < said["weight"]["inferred"]
    assert 8 == len(said["weight"]["inferred"])
    assert {"stated by a commissioner for 2025; not seen for the years before"} == reasons
    assert {"inferred": {f"zones {band.code}" for band in made.zones.bands[:-1]}} == said["below"]
    assert [following.floor for following in made.zones.bands[1:]] == [
        band.below for band in made.zones.bands[:-1]
    ]


def test_of_the_index_of_the_united_nations_the_equal_weights_are_published():
    made = pelayanan.load("egdi-2018")

    assert {} == _weights("egdi-2018")
    assert {"osi": 1, "tii": 1, "hci": 1} == {code: 3 * weight for code, weight in made.weights.items()}
    assert "standardised" in made.disputed


# Words that come and go between the years without another question.
PADDING = {"ketersediaan", "penilaian", "publik", "pelayanan", "layanan", "internal"}


# Editions with the numbers of their own questionnaire for codes.
NUMBERED = {"skm-2004"}


def test_one_code_is_one_question_in_all_editions_of_a_family():
    questions: dict[tuple[str, str], set[str]] = defaultdict(set)
    for edition in EDITIONS:
        instrument = pelayanan.load(edition)
        name = edition if edition in NUMBERED else instrument.family
        for each in instrument.criteria.values():
            words = each.title.get("id", "").lower().split()
            questions[name, each.code].add(" ".join(w for w in words if w not in PADDING))
    several = {code: found - {""} for (_, code), found in questions.items() if len(found - {""}) > 1}

    assert {} == several
    assert len(questions) > 100


def test_the_two_surveys_number_their_items_in_their_own_order_and_share_what_they_call_alike():
    before, after = pelayanan.load("skm-2004"), pelayanan.load("skm-2017")
    asked = [
        {alias: each.code for each in made.indicators for alias in each.aliases} for made in (before, after)
    ]
    words = {alias for alias in asked[0].keys() & asked[1].keys() if alias.islower()}

    assert [f"u{item}" for item in range(1, 15)] == [each.code for each in before.indicators]
    assert [f"u{item}" for item in range(1, 10)] == [each.code for each in after.indicators]
    assert {"prosedur": ["u1", "u2"], "persyaratan": ["u2", "u1"]} == {
        word: [codes[word] for codes in asked] for word in words
    }
    assert not any(before[each.code].title == each.title for each in after.indicators)


def test_one_source_of_a_family_is_one_publication():
    found: dict[tuple[str, str], set[str]] = defaultdict(set)
    for edition in EDITIONS:
        instrument = pelayanan.load(edition)
        for code, source in instrument.sources.items():
            found[instrument.family, code].add(source.url)

    assert {} == {code: urls for code, urls in found.items() if len(urls) > 1}


@pytest.mark.parametrize("edition", EDITIONS)
def test_every_source_of_an_edition_is_used(edition):
    instrument = pelayanan.load(edition)
    used = {source for source, _, _ in sources_page.taken(instrument)}

    assert set(instrument.sources) == used


def test_the_page_of_sources_is_that_of_the_editions():
    assert sources_page.page() == sources_page.PAGE.read_text(encoding="utf-8")
