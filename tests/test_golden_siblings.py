"""
What was printed under the rubrics beside the Ombudsman's: surveys.
"""

from fractions import Fraction

import attrs
import pytest
from printed import read

import pelayanan
from pelayanan.errors import AnswerError
from pelayanan.exact import fraction

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
