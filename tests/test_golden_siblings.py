"""
What was printed under the rubrics beside the Ombudsman's: surveys, electronic government, accountability.
"""

from collections import Counter
from fractions import Fraction
from itertools import product

import attrs
import pytest
from printed import outside, read

import pelayanan
from pelayanan import Answers, Instrument, Scores
from pelayanan.errors import AnswerError
from pelayanan.exact import Rounding, fraction

CENT = Fraction("0.01")

# Satisfaction surveys

NINE = ("skm-2017", "skm-2017-w0.1111", "skm-2017-w0.111", "skm-2017-w0.11")

# The form of the weight with which each printed index was worked out.
WEIGHED = {
    ("Dinas Pertanahan dan Tata Ruang Kabupaten Bantul", "2023"): "skm-2017",
    ("GASPUL worked example", "TW III"): "skm-2017-w0.11",
    ("Disdukcapil Kabupaten Tulang Bawang Barat", "2023 sem I"): "skm-2017",
    ("(not named in the file)", "2025 TW II"): "skm-2017",
    ("(not named in the file)", "2025 TW III"): "skm-2017",
    ("Badan Perizinan Terpadu Kabupaten Bogor", "2011"): "skm-2004",
    ("Badan Perizinan Terpadu Kabupaten Bogor", "2012"): "skm-2004",
}
LEFT_OUT = ("Disdukcapil Kabupaten Minahasa", "2025 TW I")  # item 5 is not printed
SLIP = ("BMKG Stasiun Meteorologi Kelas III Amahai", "2025 sem I")  # no weight gives 87.40, nor is that an A

SURVEYS = {
    (row["organisation"], row["year"]): row
    for name in ("skm_reports.csv", "skm_2004_reports.csv")
    for row in read(name)
}


def _items(row: dict[str, str]) -> dict[str, str]:
    return {name.replace("unsur_", "u"): each for name, each in row.items() if name.startswith("unsur_")}


def _index(edition: str, row: dict[str, str]) -> tuple[Fraction, str]:
    card = pelayanan.score_one(pelayanan.load(edition), _items(row))
    return fraction(card.total), card.zone.label["id"]


def _printed(row: dict[str, str]) -> tuple[Fraction, str]:
    called = {"A": "Sangat Baik", "B": "Baik", "C": "Kurang Baik", "D": "Tidak Baik"}
    category = row["published_category"]
    return fraction(row["published_ikm"]), called.get(category, category)


def test_every_printed_survey_has_the_form_of_its_weight_or_is_named():
    assert SURVEYS.keys() == WEIGHED.keys() | {LEFT_OUT, SLIP}


@pytest.mark.parametrize(("key", "edition"), WEIGHED.items(), ids=str)
def test_a_survey_has_its_printed_index_and_category_by_the_weight_that_it_used(key, edition):
    row = SURVEYS[key]

    assert _printed(row) == _index(edition, row)


@pytest.mark.parametrize(("key", "edition"), WEIGHED.items(), ids=str)
def test_no_other_form_of_the_weight_gives_the_index_of_a_survey(key, edition):
    row = SURVEYS[key]
    forms = NINE if edition in NINE else ("skm-2004",)

    assert [edition] == [each for each in forms if _index(each, row) == _printed(row)]


def test_a_fourteenth_gives_no_index_of_the_surveys_of_fourteen_items():
    survey = pelayanan.load("skm-2004")
    equal = [attrs.evolve(each, weight="1/14") for each in survey.criteria.values()]
    root = attrs.evolve(survey.root, weights=attrs.evolve(survey.root.weights, sum=None))
    exact = attrs.evolve(survey, criteria=equal, root=root, cases=())
    rows = [row for row in SURVEYS.values() if "unsur_14" in row]

    assert ["75.12", "74.96"] == [str(pelayanan.score_one(exact, _items(row)).total) for row in rows]
    assert ["74.67", "74.51"] == [row["published_ikm"] for row in rows]


def test_a_tie_of_a_survey_is_printed_half_up():
    row = SURVEYS["(not named in the file)", "2025 TW III"]
    mean = sum(map(fraction, _items(row).values())) / 9

    assert Fraction("95.325") == mean * 25
    assert (Fraction("95.33"), "Sangat Baik") == _index("skm-2017", row)


def test_a_survey_with_an_item_that_is_not_printed_is_refused_and_not_scored_without_it():
    row = SURVEYS[LEFT_OUT]

    with pytest.raises(AnswerError) as caught:
        _index("skm-2017", row)
    assert "skm-2017: the answer is missing, and missing answers are refused @ unit 0, 'u5'" == " ".join(
        str(caught.value).split()
    )
    assert ("", "92.46") == (row["unsur_5"], row["published_ikm"])


def test_the_survey_of_amahai_contradicts_itself_and_every_form_of_the_weight():
    row = SURVEYS[SLIP]
    found = [_index(edition, row) for edition in NINE]

    assert ["88.47", "88.46", "88.38", "87.59"] == [f"{float(total):.2f}" for total, _ in found]
    assert (Fraction("87.40"), "Sangat Baik") == _printed(row)
    assert "B" == pelayanan.load("skm-2017").zones.classify("87.40").code


# Electronic government

DOMAINS = {
    "kebijakan": "d1_kebijakan",
    "tata_kelola": "d2_tata_kelola",
    "manajemen": "d3_manajemen",
    "layanan": "d4_layanan",
}
YEARS = {"2023": pelayanan.load("spbe-2023"), "2024": pelayanan.load("spbe-2024")}

# Its Layanan is printed as 0.30, below the lowest level, so that no levels give it.
BELOW = ("2023", "Pemerintah Kab. Banyuasin")

# Results that tell on which index the predicate was decided: every exact index that the printed domains
# allow, the index and the predicate as they were printed, and why these are no slip.
TELLING = {
    ("2023", "Pemerintah Kab. Nias Barat"): ("1.795 1.7975", "1.80", "Cukup", "the rounded index decides"),
    ("2023", "Pemerintah Kab. Boven Digoel"): ("1.7995", "1.80", "Cukup", "the rounded index decides"),
    ("2024", "Pemerintah Kab. Nias Barat"): ("1.7975 1.8", "1.80", "Kurang", "the exact one does: 1.7975"),
    ("2024", "Pemerintah Kab. Pacitan"): ("3.4985", "3.50", "Baik", "the exact index decides"),
    ("2024", "Pemerintah Kab. Luwu"): ("2.596 2.5985", "2.60", "Cukup", "the exact index decides"),
}

# Results beside a cut-off that both rules allow.
OPEN = {
    ("2023", "Pemerintah Kota Serang"): ("2.5985 2.601", "2.60", "Baik"),
    ("2024", "Badan Intelijen Negara"): ("4.1995 4.202", "4.20", "Memuaskan"),
    ("2024", "Pemerintah Kab. Wonogiri"): ("4.1975 4.2", "4.20", "Memuaskan"),
}

Row = dict[str, str]


@pytest.fixture(scope="module", params=["edges", pytest.param("table", marks=pytest.mark.outside)])
def results(request) -> list[Row]:
    """The results beside the edges, which are in ``data``, and the whole table, which is not."""
    return read("spbe_edges.csv") if request.param == "edges" else outside("spbe_results.csv")


def _key(row: Row) -> tuple[str, str]:
    return row["year"], row["organisation"]


def _scored(rows: list[Row], instrument: Instrument) -> Scores:
    columns = {code: [row[name] for row in rows] for code, name in DOMAINS.items()}
    table = Answers.from_columns(columns, units=[row["organisation"] for row in rows])
    return pelayanan.score(instrument.pruned(depth=1), table)


def _predicates(scores: Scores) -> list[str]:
    return [scores.instrument.zones.bands[zone].label["id"] for zone in scores.zone]


def _exact(row: Row) -> Fraction:
    """The index of the four domains as they were printed, not rounded."""
    weights = YEARS[row["year"]].effective_weights
    return sum(weights[code] * fraction(row[name]) for code, name in DOMAINS.items())


def _by_printed(instrument: Instrument, domain: str) -> dict[Fraction, set[Fraction]]:
    """By the index of a domain as it is printed, the exact ones that levels of 1 to 5 can give."""
    within = instrument.effective_weights
    weights = Counter(
        within[each.code] / within[domain]
        for each in instrument.indicators
        if each.code.startswith(f"{domain}.")
    )
    found = {Fraction(0)}
    for weight, count in weights.items():
        found = {so_far + weight * levels for so_far in found for levels in range(count, 5 * count + 1)}
    printed: dict[Fraction, set[Fraction]] = {}
    for each in found:
        printed.setdefault(fraction(instrument.rounding.of(each)), set()).add(each)
    return printed


LEVELS = {code: _by_printed(YEARS["2023"], code) for code in DOMAINS}


def _allowed(row: Row) -> list[Fraction]:
    """Every exact index of levels that give the four domains as they were printed."""
    weights = YEARS[row["year"]].effective_weights
    domains = [LEVELS[code].get(fraction(row[name]), set()) for code, name in DOMAINS.items()]
    return sorted(
        sum(weights[code] * points for code, points in zip(DOMAINS, each)) for each in product(*domains)
    )


def _fitting(row: Row) -> list[Fraction]:
    """Those that also give the index as it was printed."""
    rounded = YEARS[row["year"]].rounding
    return [each for each in _allowed(row) if rounded.of(each) == fraction(row["published_index"])]


def _tied(row: Row) -> bool:
    """Whether every exact index within half a cent of the printed one lies midway between two cents."""
    near = [each for each in _allowed(row) if abs(each - fraction(row["published_index"])) <= CENT / 2]
    return bool(near) and all((each / CENT).denominator == 2 for each in near)


def _called(row: Row, index: Fraction | str) -> str:
    return YEARS[row["year"]].zones.classify(index).label["id"]


# The three worked examples of PermenPANRB 59/2020, Lampiran I: an aspect, a domain, and an index, each
# with its exact value, which we worked out, and the one that is printed.
REGULATION = {
    "tata_kelola.perencanaan_strategis": ({"i11": 3, "i12": 4, "i13": 3, "i14": 2}, "3", "3.00"),
    "tata_kelola": ({"perencanaan_strategis": 3, "tik": 4, "penyelenggara": 3}, "3.4", "3.40"),
    "*": ({"kebijakan": "3.7", "tata_kelola": "3.4", "manajemen": 3, "layanan": "3.2"}, "3.282", "3.28"),
}


@pytest.mark.parametrize("year", YEARS)
@pytest.mark.parametrize("code", REGULATION)
def test_the_worked_examples_of_the_regulation_have_their_printed_values(code, year):
    parts, exact, printed = REGULATION[code]
    answers = {part if code == "*" else f"{code}.{part}": index for part, index in parts.items()}
    of_levels = attrs.evolve(YEARS[year], missing="exclude")
    asked = of_levels if "i11" in parts else of_levels.pruned(at=list(answers), of="points")
    points = pelayanan.score_one(asked, answers)[code].points

    assert (fraction(exact), fraction(printed)) == (points, asked.rounding.of(points))


def test_the_four_printed_domains_give_the_index_within_their_rounding(results):
    # Half of a cent of each domain, whose weights add up to 1, and half of a cent of the index.
    off = [_key(row) for row in results if abs(_exact(row) - fraction(row["published_index"])) > CENT]

    assert [] == off


@pytest.mark.parametrize("year", YEARS)
def test_the_edition_of_the_year_gives_the_printed_predicate_from_the_four_printed_domains(results, year):
    rows = [row for row in results if row["year"] == year]

    assert [row["published_predicate"] for row in rows] == _predicates(_scored(rows, YEARS[year]))


def test_with_the_rule_of_the_other_year_results_beside_a_cut_off_have_another_predicate(results):
    other = {"2023": YEARS["2024"], "2024": YEARS["2023"]}
    found = set()
    for year in YEARS:
        rows = [row for row in results if row["year"] == year]
        given = _predicates(_scored(rows, other[year]))
        found |= {_key(row) for row, each in zip(rows, given) if each != row["published_predicate"]}

    assert TELLING.keys() | {("2023", "Pemerintah Kota Serang")} == found


def test_every_index_but_one_is_that_of_levels_that_give_the_printed_domains(results):
    assert [BELOW] == [_key(row) for row in results if not _fitting(row)]


def test_a_predicate_of_2023_is_that_of_the_printed_index(results):
    rows = [row for row in results if row["year"] == "2023"]

    assert [row["published_predicate"] for row in rows] == [
        _called(row, row["published_index"]) for row in rows
    ]


def test_two_predicates_of_2023_are_that_of_no_exact_index(results):
    rows = [row for row in results if row["year"] == "2023" and _key(row) != BELOW]
    found = {
        _key(row)
        for row in rows
        if row["published_predicate"] not in {_called(row, each) for each in _fitting(row)}
    }

    assert {key for key in TELLING if key[0] == "2023"} == found


def test_a_predicate_of_2024_is_that_of_an_exact_index_that_the_printed_figures_allow(results):
    rows = [row for row in results if row["year"] == "2024"]

    assert [] == [
        _key(row)
        for row in rows
        if row["published_predicate"] not in {_called(row, each) for each in _fitting(row)}
    ]


def test_three_predicates_of_2024_are_not_that_of_the_printed_index(results):
    rows = [row for row in results if row["year"] == "2024"]
    found = {_key(row) for row in rows if row["published_predicate"] != _called(row, row["published_index"])}

    assert {key for key in TELLING if key[0] == "2024"} == found


@pytest.mark.parametrize("key", TELLING | OPEN, ids=str)
def test_a_result_beside_a_cut_off_allows_these_exact_indices(key):
    (row,) = [row for row in read("spbe_edges.csv") if _key(row) == key]
    exact, index, predicate, *_ = (TELLING | OPEN)[key]

    assert list(map(Fraction, exact.split())) == _fitting(row) == _allowed(row)
    assert (index, predicate) == (row["published_index"], row["published_predicate"])


def test_a_domain_that_is_printed_below_the_scale_is_named_and_its_index_follows_all_the_same():
    (row,) = [row for row in read("spbe_edges.csv") if _key(row) == BELOW]
    card = pelayanan.score_one(
        YEARS["2023"].pruned(depth=1), {code: row[name] for code, name in DOMAINS.items()}
    )

    assert ("0.30", "1.05", "Kurang") == (
        row["d4_layanan"],
        str(card.total),
        row["published_predicate"],
    )
    assert min(LEVELS["layanan"]) == 1
    assert [] == _allowed(row)


def test_an_index_that_can_only_be_a_tie_is_printed_half_up(results):
    ties = [row for row in results if _tied(row)]
    even = Rounding(2, "half_even")

    assert ties
    assert any(even.of(index) != fraction(row["published_index"]) for row in ties for index in _fitting(row))
    assert {CENT / 2} == {fraction(row["published_index"]) - index for row in ties for index in _fitting(row)}


@pytest.mark.outside
def test_the_whole_table_of_both_years_is_counted():
    rows = outside("spbe_results.csv")
    off = {year: Counter() for year in YEARS}
    for year in YEARS:
        of_year = [row for row in rows if row["year"] == year]
        for row, total in zip(of_year, _scored(of_year, YEARS[year]).total):
            off[year][float(fraction(row["published_index"]) - fraction(float(total)))] += 1

    assert 594 == len(rows) == len({_key(row) for row in rows})
    assert {"2023": {0: 273, 0.01: 20, -0.01: 7}, "2024": {0: 263, 0.01: 18, -0.01: 13}} == off
    assert {"2023": 13, "2024": 15} == Counter(row["year"] for row in rows if _tied(row))
    assert {1: 96, 2: 497, 0: 1} == Counter(len(_allowed(row)) for row in rows)


@pytest.mark.outside
def test_the_results_beside_the_edges_are_those_of_the_whole_table():
    table = {_key(row): row for row in outside("spbe_results.csv")}
    edges = read("spbe_edges.csv")

    assert edges == [{name: table[_key(row)][name] for name in row} for row in edges]


def test_the_results_beside_the_edges_reach_every_predicate_and_every_way_of_being_off():
    rows = read("spbe_edges.csv")
    off = {
        (
            row["year"],
            fraction(row["published_index"]) - fraction(YEARS[row["year"]].rounding.of(_exact(row))),
        )
        for row in rows
    }

    assert 45 == len(rows)
    assert set(product(YEARS, (0, CENT, -CENT))) == off
    assert set(product(YEARS, ("Kurang", "Cukup", "Baik", "Sangat Baik", "Memuaskan"))) == {
        (row["year"], row["published_predicate"]) for row in rows
    }


# Electronic government in 2018

DENPASAR = pelayanan.load("spbe-2018")

# The levels that the assessors gave Kota Denpasar, of indicators 1 to 34 and of the three services of 35.
LEVELS_OF_2018 = [*"1113233", *"2111333133", *"13", *"23", *"322", *"3144434", *"323"]
SERVICES = (1, 3, 3)

# What was printed for them, and what it is without the rounding of indicator 35 where that differs.
ASPECTS = {
    "kebijakan.tata_kelola": ("2.00", ""),
    "kebijakan.layanan": ("2.10", ""),
    "tata_kelola.kelembagaan": ("2.00", ""),
    "tata_kelola.strategi_perencanaan": ("2.50", ""),
    "tata_kelola.tik": ("2.33", ""),
    "layanan.administrasi": ("3.29", ""),
    "layanan.publik": ("2.50", "2.58"),
}
PRINTED_IN_2018 = ASPECTS | {
    "kebijakan": ("2.06", ""),
    "tata_kelola": ("2.29", ""),
    "layanan": ("3.00", "3.03"),
    "*": ("2.64", "2.66"),
}


def _of_levels(instrument: Instrument, last: object) -> dict[str, str]:
    """The index of each aspect, each domain and the whole, as it would be printed."""
    answers = {f"i{number}": level for number, level in enumerate(LEVELS_OF_2018, start=1)} | {"i35": last}
    card = pelayanan.score_one(instrument, answers)
    return {code: f"{float(instrument.rounding.of(card[code].points)):.2f}" for code in PRINTED_IN_2018}


def test_the_levels_of_denpasar_give_every_printed_index():
    mean = Fraction(sum(SERVICES), len(SERVICES))

    assert {code: printed for code, (printed, _) in PRINTED_IN_2018.items()} == _of_levels(DENPASAR, mean)


def test_without_the_rounding_of_its_three_services_three_indices_of_denpasar_are_not_the_printed_ones():
    exact = attrs.evolve(DENPASAR, rounding_stages=())
    mean = Fraction(sum(SERVICES), len(SERVICES))

    assert {code: without or printed for code, (printed, without) in PRINTED_IN_2018.items()} == _of_levels(
        exact, mean
    )


def test_of_the_levels_0_to_5_of_indicator_35_two_alone_gives_the_printed_indices():
    exact = attrs.evolve(DENPASAR, rounding_stages=())
    printed = {code: index for code, (index, _) in PRINTED_IN_2018.items()}

    assert ["2"] == [level for level in "012345" if _of_levels(exact, level) == printed]
    assert printed == _of_levels(DENPASAR, "2")


def test_indicator_35_is_answered_with_a_level_a_mean_or_a_sum_over_its_services():
    levels = {f"i{number}": [level] for number, level in enumerate(LEVELS_OF_2018, start=1)}
    summed = ([sum(SERVICES)], [len(SERVICES)])
    totals = [
        pelayanan.score(DENPASAR, Answers.from_columns(levels | {"i35": last})).total.tolist()
        for last in (["2"], [2], ["7/3"], [2.33], summed)
    ]

    assert [[2.64]] * 5 == totals


@pytest.mark.parametrize(("mean", "level"), [("2.49", 2), ("2.5", 3), ("0.4", 0), ("4.5", 5), ("5", 5)])
def test_the_mean_of_the_services_becomes_the_nearest_level(mean, level):
    answers = {f"i{number}": "0" for number in range(1, 35)} | {"i35": mean}
    card = pelayanan.score_one(DENPASAR, answers)

    assert (level, level * Fraction("0.05")) == (card["layanan.publik.i35"].points, fraction(card.total))


def test_no_other_indicator_of_2018_takes_a_mean():
    answers = {f"i{number}": "0" for number in range(1, 36)}

    with pytest.raises(AnswerError, match=r"'layanan.publik.i34'"):
        pelayanan.score_one(DENPASAR, answers | {"i34": "2.5"})


# Accountability for performance


def _letters(sakip: Instrument, letters: str) -> dict[str, str]:
    return dict(zip((each.code for each in sakip.indicators), letters.split()))


def test_the_worked_example_of_the_evaluation_has_its_components_and_its_total():
    sakip = pelayanan.load("sakip-2021")
    card = pelayanan.score_one(sakip, _letters(sakip, "A A B  AA A A  A A A  AA A A"))
    parts = [card[code].contribution for code in ("perencanaan", "pengukuran", "pelaporan", "evaluasi")]

    assert ["24.00", "27.60", "13.50", "23.00"] == [f"{float(each):.2f}" for each in parts]
    assert ("88.10", "A", "Memuaskan") == (str(card.total), card.zone.code, card.zone.label["id"])


@pytest.mark.parametrize(
    ("total", "code"),
    [
        ("100", "AA"),
        ("90.01", "AA"),
        ("90.00", "A"),
        ("80.01", "A"),
        ("80", "BB"),
        ("70", "B"),
        ("60", "CC"),
        ("50.01", "CC"),
        ("50", "C"),
        ("30.01", "C"),
        ("30", "D"),
        ("0", "D"),
    ],
)
def test_a_total_at_a_cut_off_belongs_to_the_predicate_below_it(total, code):
    sakip = pelayanan.load("sakip-2021")
    scores = Scores.of_totals(sakip, [total])

    assert code == sakip.zones.classify(total).code == sakip.zones.bands[scores.zone[0]].code


def test_the_letter_a_everywhere_gives_exactly_90_and_with_it_the_predicate_a():
    sakip = pelayanan.load("sakip-2021")
    card = pelayanan.score_one(sakip, _letters(sakip, "A " * 12))

    assert ("90.00", "A") == (str(card.total), card.zone.code)


def test_the_letter_without_a_share_that_was_found_is_known_and_refused():
    sakip = pelayanan.load("sakip-2021")

    with pytest.raises(AnswerError, match=r"'E'"):
        pelayanan.score_one(sakip, _letters(sakip, "E" + " A" * 11))
