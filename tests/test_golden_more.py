"""
What was printed for digital government, the index of public service, open information, and EGDI.
"""

from fractions import Fraction
from itertools import permutations

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

import pelayanan
from pelayanan import Answers, Scores, Weights
from pelayanan.errors import AnswerError, ScoresError
from pelayanan.exact import Rounding, fraction

PEMDI, IPP, KIP, EGDI = map(pelayanan.load, ("pemdi-2026", "ipp-2022", "kip-2022", "egdi-2018"))


def _zone(instrument, total):
    """The zone of a total that was printed."""
    band = Scores.of_totals(instrument, [total]).card(0).zone
    return band and band.code


def _exact(instrument, answers):
    return pelayanan.score_one(instrument, answers)["*"].points


# Digital government: Kabupaten Aceh Tengah 2026, indicators 1 to 20, and what is printed of them.
ACEH_TENGAH = [
    *("2.0", "1.5"),
    *("1.26", "1.3"),
    *("1.0", "1.0", "1.0", "1.0"),
    *("1.0", "1.0", "1.5", "1.25"),
    *("1.17", "1.0"),
    *("1.0", "1.0", "2.5", "1.0"),
    *("1.0", "1.3"),
]
ASPECTS = {
    "tata_kelola_manajemen": "1.75",
    "penyelenggara": "1.28",
    "data": "1.00",
    "keamanan": "1.17",
    "teknologi": "1.08",
    "keterpaduan": "1.40",
    "kepuasan_pengguna": "1.18",
}
# 1.17 and 1.00 give this, which is 1.09 half up; 1.17 is itself printed rounded.
OFF = {"teknologi": "1.085"}
INDEX, EXACT_INDEX = "1.24", "1.2415"
# The first index, by the kabupaten itself, of which no scores are printed.
SELF_ASSESSED = "1.42"

WEIGHTS = dict(zip(range(1, 21), [5, 5, 5, 5, 5, 3, 3, 4, 4, 4, 3, 4, 5, 5, 4, 4, 4, 3, 10, 15]))
OF_ASPECT = dict(zip(ASPECTS, [10, 10, 15, 15, 10, 15, 25]))

# Taken from the index of another institution that was not there.
ELSEWHERE = (5, 6, 7, 18)


def _scores(values):
    return {f"i{number}": value for number, value in enumerate(values, start=1)}


def test_the_index_of_aceh_tengah_is_the_printed_one():
    card = pelayanan.score_one(PEMDI, _scores(ACEH_TENGAH))

    assert (INDEX, "kurang") == (str(card.total), card.zone.code)
    assert Fraction(EXACT_INDEX) == card["*"].points


@pytest.mark.parametrize("aspect", [code for code in ASPECTS if code not in OFF])
def test_an_aspect_of_aceh_tengah_is_the_printed_one(aspect):
    points = pelayanan.score_one(PEMDI, _scores(ACEH_TENGAH))[aspect].points

    assert fraction(ASPECTS[aspect]) == PEMDI.rounding.of(points)


def test_the_one_aspect_that_is_off_follows_from_every_lower_score_that_is_printed_alike():
    cards = [
        pelayanan.score_one(PEMDI, _scores(ACEH_TENGAH) | {"i13": application})
        for application in ("1.165", "7/6", "1.1699", "1.17", "1.1749")
    ]
    aspects = [PEMDI.rounding.of(card["teknologi"].points) for card in cards]

    assert [fraction(ASPECTS["teknologi"])] * 3 + [Fraction("1.09")] * 2 == aspects
    assert fraction(OFF["teknologi"]) == cards[3]["teknologi"].points
    assert {INDEX} == {str(card.total) for card in cards}


def test_an_aspect_is_a_case_of_the_edition_as_it_was_printed():
    cases = {case.at: case for case in PEMDI.cases}

    assert ASPECTS == {code: f"{float(cases[code].total):.2f}" for code in ASPECTS}
    assert OFF.keys() == {code for code in ASPECTS if cases[code].within}
    assert ASPECTS.keys() == {code for code in PEMDI.criteria if "." not in code}


def test_the_self_assessment_of_aceh_tengah_has_no_printed_scores_and_is_classified_alone():
    assert "kurang" == _zone(PEMDI, SELF_ASSESSED)


@pytest.mark.parametrize("left_out", [ELSEWHERE, (8, 14, 16), (9, 10, 15, 19)], ids=str)
def test_an_indicator_that_is_missing_counts_1_as_in_the_printed_result(left_out):
    scores = {code: value for code, value in _scores(ACEH_TENGAH).items() if int(code[1:]) not in left_out}
    card = pelayanan.score_one(PEMDI, scores)

    assert {"1.0"} == {ACEH_TENGAH[number - 1] for number in left_out}
    assert (INDEX, Fraction(EXACT_INDEX)) == (str(card.total), card["*"].points)


def test_the_weights_of_digital_government_are_those_of_the_regulation():
    effective = {each.aliases[0]: 100 * PEMDI.effective_weights[each.code] for each in PEMDI.indicators}

    assert {f"i{number}": weight for number, weight in WEIGHTS.items()} == effective
    assert OF_ASPECT == {code: 100 * PEMDI.effective_weights[code] for code in OF_ASPECT}
    assert (1, 5) == (PEMDI.lowest, PEMDI.attainable)


@pytest.mark.parametrize(
    ("index", "predicate"),
    [
        ("1.00", "kurang"),
        ("1.49", "kurang"),
        ("1.50", "cukup"),
        ("2.49", "cukup"),
        ("2.50", "baik"),
        ("3.49", "baik"),
        ("3.50", "sangat_baik"),
        ("3.99", "sangat_baik"),
        ("4.00", "memuaskan"),
        ("5.00", "memuaskan"),
    ],
)
def test_an_index_has_the_predicate_in_whose_half_open_range_it_lies(index, predicate):
    card = pelayanan.score_one(PEMDI, _scores([index] * 20))

    assert (index, predicate) == (str(card.total), card.zone.code)
    assert predicate == PEMDI.zones.classify(index).code


def test_an_index_just_below_a_range_is_printed_like_its_start_and_is_not_in_it():
    card = pelayanan.score_one(PEMDI, _scores(["1.4999"] * 20))

    assert ("1.50", "kurang") == (str(card.total), card.zone.code)


# The index of public service.
CITY = "Kota Madiun"
# Printed without a grade (GoodStats, Beritajatim): the grade is that of the edition alone.
WITHOUT_GRADE = {
    "Jawa Barat 2024": "4.76",
    "Jawa Timur 2024": "4.63",
    "DI Yogyakarta 2024": "4.62",
    "Sumatera Selatan 2024": "4.60",
    "Kalimantan Selatan 2024": "4.56",
    "DKI Jakarta 2024": "4.53",
    "Jawa Tengah 2024": "4.53",
    "Kota Surabaya 2024": "4.57",
    "Kota Malang 2024": "4.54",
    "Kabupaten Sidoarjo 2024": "4.65",
}
# The index, and the same of 100, as the city printed both.
CONVERTED = {
    "Kota Madiun 2025": ("4.74", "94.75"),
    "Kota Madiun 2024": ("4.61", "92.20"),
    "Dinas Kependudukan dan Pencatatan Sipil 2025": ("5", "100"),
    "Puskesmas Banjarejo 2025": ("4.97", "99.39"),
    "DPMPTSP 2025": ("4.95", "99.02"),
}

INDICATORS = {
    "kebijakan": (24, [17, 14, 7, 14, 10, 17, 7, 7, 7]),
    "profesionalisme_sdm": (25, [10, 20, 20, 20, 30]),
    "sarana_prasarana": (18, [15, 23, 20, 20, 11, 11]),
    "sipp": (11, [30, 20, 20, 30]),
    "konsultasi_pengaduan": (10, [20, 25, 25, 30]),
    "inovasi": (12, [50, 50]),
}
EVALUATED = [
    Fraction(aspect * weight, 10_000) for aspect, weights in INDICATORS.values() for weight in weights
]


def _forms(levels, items):
    codes = [each.code for each in IPP.indicators if each.scored]
    return dict(zip(codes, [*map(str, levels), *items]))


@pytest.mark.parametrize("name", WITHOUT_GRADE)
def test_a_total_that_is_printed_without_a_grade_can_only_be_classified(name):
    assert "A" == _zone(IPP, WITHOUT_GRADE[name])


def test_no_total_that_is_printed_without_a_grade_is_a_case_of_the_edition():
    assert [CITY] * 3 == [case.name[: len(CITY)] for case in IPP.cases]


@pytest.mark.parametrize("name", CONVERTED)
def test_an_index_is_printed_rounded_and_not_cut(name):
    index, of_100 = CONVERTED[name]

    assert fraction(index) == IPP.rounding.of(fraction(of_100) / 20)


def test_cutting_gives_two_of_the_printed_indices_otherwise():
    cut = Rounding(2, "down")
    off = {name for name, (index, of) in CONVERTED.items() if cut.of(fraction(of) / 20) != fraction(index)}

    assert {"Kota Madiun 2025", "Puskesmas Banjarejo 2025"} == off


def test_how_units_become_a_city_is_not_settled_and_no_roll_up_is_given():
    units = ["4.73", "4.63", "4.63"]
    mean = sum(map(fraction, units)) / 3

    with pytest.raises(ScoresError) as caught:
        pelayanan.roll_up(Scores.of_totals(IPP, units), by=[CITY] * 3)
    assert "ipp-2022 does not say how units become an institution (rollup.average)" == str(caught.value)
    assert Fraction("4.66") == IPP.rounding.of(mean)
    # Each unit may be half of a cent higher before it was rounded, and then 4.67 follows.
    assert Fraction("4.67") == IPP.rounding.of(mean + Fraction("0.0049"))


@pytest.mark.parametrize(
    ("f02", "f03", "index", "grade"),
    [
        ("4.2", "3.8", "4.10", "A-"),
        ("5", "3.02", "4.51", "A"),
        ("5", "3", "4.50", "A-"),
        ("0", "5", "1.25", "E"),
    ],
)
def test_the_evaluator_has_three_quarters_of_the_index_and_the_public_one(f02, f03, index, grade):
    card = pelayanan.score_one(IPP.pruned(depth=1), {"f02": f02, "f03": f03})

    assert (index, grade) == (str(card.total), card.zone.code)


def test_the_weights_of_the_forms_the_aspects_and_the_indicators_multiply():
    scored = [each.code for each in IPP.indicators if each.scored]
    weights = [IPP.effective_weights[code] for code in scored]

    assert [Fraction(3, 4) * weight for weight in EVALUATED] + [Fraction(1, 56)] * 14 == weights
    assert (30, 14, 1) == (len(EVALUATED), len(scored) - len(EVALUATED), sum(weights))
    assert (0, 5) == (IPP.lowest, IPP.attainable)


def test_the_contested_weights_of_the_first_aspect_move_its_score():
    indicators = [code for code in IPP.criteria if code.startswith("f02.kebijakan.")]
    plain = [attrs.evolve(IPP[code], weight=None) for code in indicators]
    aspect = attrs.evolve(IPP["f02.kebijakan"], weights=Weights())
    changed = {each.code: each for each in (aspect, *plain)}
    equal = attrs.evolve(IPP, criteria=[changed.get(code, IPP[code]) for code in IPP.criteria], cases=())
    levels = [5, 5, 0, 5, 0, 5, 0, 0, 0] + [0] * 21
    answers = _forms(levels, [0] * 14)
    aspects = [pelayanan.score_one(each, answers)["f02.kebijakan"].points for each in (IPP, equal)]

    assert [Fraction("3.1"), Fraction(20, 9)] == aspects


GRADES = [
    ("A", "4.51", "5.00", "Hijau"),
    ("A-", "4.01", "4.50", "Hijau"),
    ("B", "3.51", "4.00", "Hijau"),
    ("B-", "3.01", "3.50", "Kuning"),
    ("C", "2.51", "3.00", "Kuning"),
    ("C-", "2.01", "2.50", "Kuning"),
    ("D", "1.51", "2.00", "Merah"),
    ("E", "1.01", "1.50", "Merah"),
    ("F", "0.00", "1.00", "Merah"),
]


@pytest.mark.parametrize(("grade", "low", "high", "group"), GRADES)
def test_a_grade_goes_from_one_printed_end_to_the_other_and_has_its_group(grade, low, high, group):
    (band,) = [band for band in IPP.zones.bands if band.code == grade]

    assert [grade, grade] == [_zone(IPP, total) for total in (low, high)]
    assert group == band.attributes["zona"]
    assert f"{low}-{high}".replace(".", ",") == band.printed.replace("0-1,00", "0,00-1,00")


def test_an_index_between_two_printed_ends_has_a_grade_once_it_is_rounded_and_none_before():
    card = pelayanan.score_one(IPP.pruned(depth=1), {"f02": "4.005", "f03": "4.005"})

    assert IPP.zones.classify("4.005") is None
    assert ("4.01", "A-") == (str(card.total), card.zone.code)


def test_the_system_for_queues_is_collected_and_not_scored():
    answers = _forms([3] * 30, [4] * 14)
    totals = [_exact(IPP, answers | queue) for queue in ({}, {"f02.i31": "0"}, {"f02.i31": "5"})]

    assert [Fraction("3.25")] * 3 == totals
    assert "f02.i31" not in answers


def test_an_item_of_the_survey_is_a_mean_or_a_sum_over_its_respondents():
    levels = {code: [level] for code, level in _forms([4] * 30, []).items()}
    items = {f"f03.u{item}": [4] for item in range(2, 15)} | {"f02.i31": ["0"]}
    totals = [
        pelayanan.score(IPP, Answers.from_columns(levels | items | {"f03.u1": first})).exact(0)
        for first in (["13/4"], [3.25], ([52], [16]))
    ]

    # One item of fourteen, a quarter of the whole, is lower by 0.75.
    assert [4 - Fraction("0.75") / 56] * 3 == totals


# Openness of information: 2018 (Antara), 2021 (Klik Positif, Antara, Eksekutor) and 2025 (NU Bandung).
INFORMATIVE_2018 = {
    "Institut Pertanian Bogor": "92.14",
    "Pelindo III": "90.89",
    "KAI": "90.72",
    "PPATK": "94.30",
    "BP Batam": "90.91",
    "Bawaslu": "90.66",
    "Batan": "93.80",
    "Bank Indonesia": "92.54",
    "Lapan": "92.49",
    "Jawa Tengah": "96.95",
    "DKI Jakarta": "93.19",
    "Kalimantan Barat": "90.53",
    "Jawa Barat": "90.32",
    "Kementerian Keuangan": "96.90",
    "Kementerian Kominfo": "94.88",
}
ON_THE_WAY_2021 = {"UIN Jakarta": "82.09", "ISI Padang Panjang": "82.36", "Universitas Andalas": "80.81"}
INFORMATIVE_2021 = {"Bawaslu": "98.50", "BP Batam": "92.10", "Provinsi Kalimantan Timur": "93.79"}
INFORMATIVE_2025 = [
    *("98.32", "97.82", "97.28", "96.85", "94.95", "94.38"),
    *("94.24", "93.39", "93.23", "91.94", "91.15"),
]

STAGES = {"saq": 80, "visitasi": 20}
QUESTIONS = {
    "jenis_informasi": 40,
    "digitalisasi": 20,
    "kualitas_informasi": 10,
    "pelayanan_informasi": 10,
    "komitmen_organisasi": 10,
    "sarana_prasarana": 10,
}


@pytest.mark.parametrize("body", INFORMATIVE_2018)
def test_a_body_of_2018_is_informative_by_the_bands_that_were_printed_with_its_score(body):
    # The report of 5 November 2018 prints 90 - 100 to below 39,9 and these scores together.
    assert "informatif" == _zone(KIP, INFORMATIVE_2018[body])


def test_by_the_whole_numbers_of_the_regulation_of_2016_no_body_of_2018_was_informative():
    highest = max(map(fraction, INFORMATIVE_2018.values()))

    assert Fraction("96.95") == highest
    assert 96 < highest < 97
    assert "97-100, 80-96" in KIP.zones.disputed


@pytest.mark.parametrize("body", ON_THE_WAY_2021)
def test_a_body_of_2021_is_on_the_way_as_it_was_printed(body):
    assert "menuju_informatif" == _zone(KIP, ON_THE_WAY_2021[body])


@pytest.mark.parametrize("score", [*INFORMATIVE_2021.values(), *INFORMATIVE_2025])
def test_a_score_of_2021_or_2025_is_informative_as_it_was_printed(score):
    assert "informatif" == _zone(KIP, score)


def test_scores_of_before_2022_are_no_cases_of_the_edition():
    years = {case.name[-4:] for case in KIP.cases}

    assert {"2022", "2024", "2025"} == years
    assert 2022 == KIP.in_force.from_.year


@pytest.mark.parametrize(
    ("total", "code"),
    [
        ("0", "tidak_informatif"),
        ("39.9", "tidak_informatif"),
        ("40", "kurang_informatif"),
        ("59.9", "kurang_informatif"),
        ("60", "cukup_informatif"),
        ("79.9", "cukup_informatif"),
        ("80", "menuju_informatif"),
        ("89.9", "menuju_informatif"),
        ("90", "informatif"),
        ("100", "informatif"),
    ],
)
def test_a_total_of_one_decimal_is_in_the_band_that_was_printed(total, code):
    assert code == _zone(KIP, total)


def test_a_total_between_two_printed_ends_is_in_the_lower_band_as_applications_have_it():
    totals = [Fraction(cents, 100) for cents in range(10_001)]
    codes = [KIP.zones.bands[index].code for index in KIP.zones.index([float(each) for each in totals])]
    names = ("tidak_informatif", "kurang_informatif", "cukup_informatif", "menuju_informatif", "informatif")
    passed = [sum(total >= least for least in (40, 60, 80, 90)) for total in totals]

    assert [names[steps] for steps in passed] == codes
    assert "menuju_informatif" == codes[8_995]


def test_a_total_that_is_printed_as_90_is_informative():
    answers = {each.code: "89.996" for each in KIP.indicators}
    card = pelayanan.score_one(KIP, answers)

    assert ("90.00", "informatif") == (str(card.total), card.zone.code)


def test_the_stages_and_the_indicators_have_the_weights_that_were_stated():
    codes = {f"saq.{code}": Fraction(80 * weight, 10_000) for code, weight in QUESTIONS.items()}

    assert codes | {"visitasi": Fraction(1, 5)} == {
        each.code: KIP.effective_weights[each.code] for each in KIP.indicators
    }
    assert STAGES == {code: KIP[code].weight for code in STAGES}


# The index of the United Nations.
IRAN = {"osi": "0.6319", "tii": "0.4566", "hci": "0.7364"}
# Of the survey of 2020, by the same formula: 1.9835 / 3 is 0.66117.
INDONESIA_2020 = {"osi": "0.6824", "tii": "0.5669", "hci": "0.7342"}


def test_the_index_of_iran_and_its_group_are_the_printed_ones():
    card = pelayanan.score_one(EGDI, IRAN)

    assert ("0.6083", "High-EGDI") == (str(card.total), card.zone.label["en"])


def test_the_index_of_indonesia_two_years_later_is_rounded_and_not_cut():
    card = pelayanan.score_one(EGDI, INDONESIA_2020)

    assert ("0.6612", "High-EGDI") == (str(card.total), card.zone.label["en"])
    assert Fraction("0.6611") == Rounding(4, "down").of(card["*"].points)


@pytest.mark.parametrize("values", list(permutations(IRAN.values())), ids=str)
def test_the_mean_does_not_tell_which_component_is_which(values):
    assert Fraction("0.6083") == _exact(EGDI, dict(zip(IRAN, values)))


@pytest.mark.parametrize(
    ("index", "group"),
    [
        ("0", "low"),
        ("0.2499", "low"),
        ("0.25", "middle"),
        ("0.4999", "middle"),
        ("0.5", "high"),
        ("0.75", "high"),
        ("0.7501", "very_high"),
        ("1", "very_high"),
    ],
)
def test_an_index_at_an_end_is_in_the_group_that_was_printed(index, group):
    card = pelayanan.score_one(EGDI, dict.fromkeys(IRAN, index))

    assert (fraction(index), group) == (fraction(card.total), card.zone.code)


@given(st.lists(st.tuples(*[st.integers(0, 10_000)] * 3), min_size=1, max_size=20))
def test_a_country_has_the_index_of_its_components_whatever_the_other_countries_have(countries):
    columns = {code: [f"{each[place]}e-4" for each in countries] for place, code in enumerate(IRAN)}
    scores = pelayanan.score(EGDI, Answers.from_columns(columns))

    # A third of whole ten-thousandths is never a tie.
    assert [(sum(each) + 1) // 3 / 10_000 for each in countries] == scores.total.tolist()


# All four, many units at once and one at a time.


@given(st.lists(st.lists(st.integers(100, 500), min_size=20, max_size=20), min_size=1, max_size=10))
def test_an_index_of_digital_government_is_the_sum_of_weight_and_score(units):
    columns = {f"i{number}": [f"{unit[number - 1]}e-2" for unit in units] for number in WEIGHTS}
    scores = pelayanan.score(PEMDI, Answers.from_columns(columns))
    sums = [sum(weight * unit[number - 1] for number, weight in WEIGHTS.items()) for unit in units]

    assert [Fraction(each, 10_000) for each in sums] == [scores.exact(row) for row in range(len(units))]
    assert [(each + 50) // 100 / 100 for each in sums] == scores.total.tolist()


@given(
    st.lists(st.integers(0, 5), min_size=30, max_size=30),
    st.lists(st.integers(0, 500), min_size=14, max_size=14),
)
def test_an_index_of_public_service_is_the_sum_of_its_two_forms(levels, cents):
    evaluated = sum(weight * level for weight, level in zip(EVALUATED, levels))
    public = Fraction(sum(cents), 1400)

    assert Fraction(3, 4) * evaluated + public / 4 == _exact(
        IPP, _forms(levels, [Fraction(each, 100) for each in cents])
    )


@given(st.lists(st.integers(0, 1000), min_size=7, max_size=7))
def test_a_score_of_openness_is_the_sum_of_its_two_stages(tenths):
    *questions, visit = [Fraction(each, 10) for each in tenths]
    saq = sum(weight * points for weight, points in zip(QUESTIONS.values(), questions)) / 100
    answers = {f"saq.{code}": points for code, points in zip(QUESTIONS, questions)} | {"visitasi": visit}

    assert Fraction(4, 5) * saq + visit / 5 == _exact(KIP, answers)


LADDERS = [
    (PEMDI, st.integers(100, 500).map(lambda step: Fraction(step, 100))),
    (IPP, st.integers(0, 5)),
    (KIP, st.integers(0, 1000).map(lambda step: Fraction(step, 10))),
    (EGDI, st.integers(0, 10_000).map(lambda step: Fraction(step, 10_000))),
]


@pytest.mark.parametrize(("instrument", "answers"), LADDERS, ids=repr)
@given(data=st.data())
def test_a_better_answer_never_gives_a_lower_total_or_zone(instrument, answers, data):
    codes = [each.code for each in instrument.indicators]
    others = data.draw(st.lists(answers, min_size=len(codes), max_size=len(codes)))
    better = data.draw(st.sampled_from(codes))
    columns = {code: [answer, answer] for code, answer in zip(codes, others)}
    columns[better] = sorted([columns[better][0], data.draw(answers)])
    scores = pelayanan.score(instrument, Answers.from_columns(columns))

    assert scores.total[0] <= scores.total[1]
    assert scores.zone[0] <= scores.zone[1]


# Messages.


@pytest.mark.parametrize(
    ("instrument", "answers", "said"),
    [
        (
            PEMDI,
            _scores(ACEH_TENGAH) | {"i20": 0},
            "pemdi-2026: the answer 0 is outside the scale 1 to 5; the nearest valid answer is 1 "
            "@ unit 0, 'kepuasan_pengguna.i20'",
        ),
        (PEMDI, {}, "pemdi-2026: there are no answers"),
        (
            IPP,
            _forms([4] * 30, [4] * 14) | {"f02.inovasi.i30": 2.5},
            "ipp-2022: the answer 2.5 is no option of the scale; the nearest valid answer is '2' "
            "@ unit 0, 'f02.inovasi.i30'",
        ),
        (
            IPP,
            _forms([4] * 30, [4] * 13),
            "ipp-2022: the answer is missing, and missing answers are refused @ unit 0, 'f03.u14'",
        ),
        (
            KIP,
            {f"saq.{code}": 90 for code in QUESTIONS},
            "kip-2022: the answer is missing, and missing answers are refused @ unit 0, 'visitasi'",
        ),
        (
            EGDI,
            IRAN | {"hci": "1.0001"},
            "egdi-2018: the answer '1.0001' is outside the scale 0 to 1; the nearest valid answer is 1 "
            "@ unit 0, 'hci'",
        ),
    ],
)
def test_an_answer_that_an_edition_does_not_take_is_told(instrument, answers, said):
    with pytest.raises(AnswerError) as caught:
        pelayanan.score_one(instrument, answers)

    assert said == " ".join(str(caught.value).split())
