"""
Letters that PEFA assessments printed for dimensions, and for the indicators that these make.
"""

import re
from collections import Counter, defaultdict
from fractions import Fraction
from itertools import combinations_with_replacement
from math import floor

import pytest
from printed import outside, read

import pelayanan
from pelayanan import Answers
from pelayanan.errors import AnswerError

METHODS = {"M1": pelayanan.load("pefa-m1"), "M2": pelayanan.load("pefa-m2")}
OTHER = {"M1": "M2", "M2": "M1"}
LETTERS = ["D", "D+", "C", "C+", "B", "B+", "A"]
POINTS = {"D": 1, "C": 2, "B": 3, "A": 4}

Row = dict[str, str]
Key = tuple[str, str, str]

# Indicators whose printed letter is another than that of their dimensions, by how it may have come about.
CONGO, BOSNIA = "Democratic Republic of Congo", "Bosnia and Herzegovina - BiH"
WITHOUT_PLUS: dict[Key, str] = {
    (CONGO, "2020", "PI-17"): "D+",
    (CONGO, "2020", "PI-18"): "D+",
    (CONGO, "2020", "PI-23"): "D+",
    (CONGO, "2020", "PI-26"): "D+",
    ("Nauru", "2022", "PI-18"): "D+",
    ("Nauru", "2022", "PI-20"): "D+",
    ("Nauru", "2022", "PI-22"): "D+",
    (BOSNIA, "2023", "PI-18"): "D+",
}
AS_BY_THE_OTHER: dict[Key, str] = {
    ("Timor-Leste", "2020", "PI-19"): "B",
    ("Iraq", "2017", "PI-08"): "D",
    ("Afghanistan", "2018", "PI-13"): "C",
    ("Costa Rica", "2016", "PI-31"): "C+",
    ("Kenya", "2019", "PI-24"): "A",
    ("Ukraine", "2016", "PI-11"): "D",
    ("Paraguay", "2023", "PI-26"): "D+",
}
UNEXPLAINED: dict[Key, str] = {
    ("Kyrgyz Republic", "2021", "PI-28"): "B+",  # A, printed although two of three are B
    ("Kyrgyz Republic", "2021", "PI-21"): "B",  # C, C, A, A is B in seven others
    ("New Caledonia", "2019", "PI-27"): "D+",  # D, D, C, B is D+ in eighteen others
    ("Niger", "2017", "PI-24"): "B",  # C, C, B, A is B in six others
    ("Ukraine", "2016", "PI-27"): "B+",  # B, B, A is B+ in all fifteen others
    ("Greenland", "2021", "PI-24"): "C+",  # D, D, B, A is C+ in five others
    ("Tanzania", "2022", "PI-21"): "D+",  # D, C, C, C is D+ in eleven others
}
SLIPS = WITHOUT_PLUS | AS_BY_THE_OTHER | UNEXPLAINED


@pytest.fixture(scope="module", params=["edges", pytest.param("table", marks=pytest.mark.outside)])
def indicators(request) -> list[Row]:
    """The indicators at the edges, which are in ``data``, and the whole table, which is not."""
    return read("pefa_edges.csv") if request.param == "edges" else outside("pefa.csv")


def _key(row: Row) -> Key:
    return row["country"], row["year"], row["indicator"]


def _scores(row: Row) -> list[str]:
    return row["dimension_scores"].split("|")


def _left(row: Row) -> str:
    """The letters that count, from the lowest up."""
    return "".join(sorted((each[0] for each in _scores(row) if each != "NA"), reverse=True))


def _letters(rows: list[Row], method: str) -> list[str]:
    """The letters of many indicators at once; dimensions that an indicator does not have are missing."""
    answers = [[*_scores(row), "", "", ""][:4] for row in rows]
    columns = {f"d{place + 1}": [row[place] for row in answers] for place in range(4)}
    scores = pelayanan.score(METHODS[method], Answers.from_columns(columns))
    return [METHODS[method].zones.bands[zone].code for zone in scores.zone]


def _letter(method: str, letters: str) -> str:
    answers = {f"d{place}": each for place, each in enumerate(letters.split(), start=1)}
    return pelayanan.score_one(METHODS[method], answers).zone.code


@pytest.mark.parametrize("method", METHODS)
def test_an_indicator_has_its_printed_letter_by_its_method_or_is_named(indicators, method):
    rows = [row for row in indicators if row["method"] == method]
    found = _letters(rows, method)

    assert {key: letter for key, letter in SLIPS.items() if key in map(_key, rows)} == {
        _key(row): letter for row, letter in zip(rows, found) if letter != row["published"]
    }


@pytest.mark.parametrize("method", METHODS)
def test_one_indicator_and_many_have_the_same_letters(method):
    rows = [row for row in read("pefa_edges.csv") if row["method"] == method]

    assert _letters(rows, method) == [_letter(method, " ".join(_scores(row))) for row in rows]


def test_with_the_other_method_the_letters_are_others(indicators):
    for method in METHODS:
        rows = [row for row in indicators if row["method"] == method and len(set(_left(row))) > 1]
        off = sum(each != row["published"] for row, each in zip(rows, _letters(rows, OTHER[method])))

        assert 3 * off > len(rows)


def test_all_named_indicators_are_at_the_edges():
    assert SLIPS.keys() <= {_key(row) for row in read("pefa_edges.csv")}
    assert 22 == len(SLIPS) == len(WITHOUT_PLUS) + len(AS_BY_THE_OTHER) + len(UNEXPLAINED)


def test_three_assessments_leave_out_the_plus():
    rows = {_key(row): row for row in read("pefa_edges.csv")}

    assert set(WITHOUT_PLUS.values()) == {f"{rows[key]['published']}+" for key in WITHOUT_PLUS}


def test_seven_indicators_have_the_letter_of_the_other_method():
    rows = [row for row in read("pefa_edges.csv") if _key(row) in AS_BY_THE_OTHER]

    assert {"M1": 1, "M2": 6} == Counter(row["method"] for row in rows)
    assert [row["published"] for row in rows] == [_letters([row], OTHER[row["method"]])[0] for row in rows]


def test_no_method_gives_the_letters_that_are_not_explained():
    rows = [row for row in read("pefa_edges.csv") if _key(row) in UNEXPLAINED]
    given = [{_letters([row], method)[0] for method in METHODS} for row in rows]

    assert not any(row["published"] in letters for row, letters in zip(rows, given))


@pytest.mark.parametrize("size", [2, 3, 4])
def test_every_combination_of_letters_was_printed_with_the_letter_of_the_second_method(indicators, size):
    printed: dict[str, Counter[str]] = defaultdict(Counter)
    for row in indicators:
        if row["method"] == "M2" and _key(row) not in SLIPS:
            printed[_left(row)][row["published"]] += 1
    combinations = ["".join(each) for each in combinations_with_replacement("DCBA", size)]

    assert {each: {_letter("M2", " ".join(each))} for each in combinations} == {
        each: set(printed[each]) for each in combinations
    }


def test_the_same_sum_of_points_has_one_letter_by_the_second_method_and_a_higher_one_no_lower():
    for size in (1, 2, 3, 4):
        by_sum: dict[int, set[int]] = defaultdict(set)
        for each in combinations_with_replacement("DCBA", size):
            letter = _letter("M2", " ".join(each))
            by_sum[sum(POINTS[part] for part in each)].add(LETTERS.index(letter))
        places = [place for total in sorted(by_sum) for place in by_sum[total]]

        assert len(by_sum) == len(places)
        assert sorted(places) == places
        assert {0, 6} == {places[0], places[-1]}


def test_what_a_presentation_adds_to_the_mean_gives_other_letters_than_were_printed_for_three_sums():
    added = {3: Fraction(1, 3), 4: Fraction(1, 4)}
    off = {}
    for row in read("pefa_edges.csv"):
        left = _left(row)
        if row["method"] == "M2" and len(left) in added and _key(row) not in SLIPS:
            total = sum(POINTS[letter] for letter in left)
            raised = LETTERS[floor(2 * (Fraction(total, len(left)) + added[len(left)])) - 2]
            if raised != row["published"]:
                off[len(left), total] = (raised, row["published"])

    assert {(3, 5): ("C", "D+"), (4, 5): ("D+", "D"), (4, 7): ("C", "D+")} == off


@pytest.mark.parametrize("letter", "ABCD")
@pytest.mark.parametrize("method", METHODS)
def test_a_dimension_that_is_the_only_one_is_the_letter_of_its_indicator(method, letter):
    assert letter == _letter(method, letter) == _letter(method, f"NA NA {letter} NA")


@pytest.mark.parametrize("method", METHODS)
def test_too_little_information_counts_as_d_and_loses_its_asterisk(method):
    for size in (1, 2, 3):
        for each in combinations_with_replacement("ABCD", size):
            rest = " ".join(each)

            assert _letter(method, f"D {rest}") == _letter(method, f"D* {rest}")
    assert "D" == _letter(method, "D* D* D* D*")


@pytest.mark.parametrize("method", METHODS)
def test_a_dimension_that_is_not_applicable_and_one_that_is_not_there_are_left_out(method):
    assert _letter(method, "C A B") == _letter(method, "C NA A B") == _letter(method, "C A B NA")

    card = pelayanan.score_one(METHODS[method], {"d1": "NA", "d2": "NA"})
    assert (None, None) == (card.total, card.zone)


@pytest.mark.parametrize("letter", ["NU", "NR", "B+", "E"])
@pytest.mark.parametrize("method", METHODS)
def test_what_no_rule_was_found_for_and_what_is_no_letter_of_a_dimension_is_refused(method, letter):
    with pytest.raises(AnswerError, match=rf"{re.escape(repr(letter))}.*@ unit 0, 'd2'"):
        _letter(method, f"A {letter}")


@pytest.mark.outside
def test_the_whole_table_is_counted():
    rows = outside("pefa.csv")
    named = {_key(row) for row in rows if row["match"] == "no"}

    assert 1293 == len(rows) == len({_key(row) for row in rows})
    assert 102 == len({(row["country"], row["year"]) for row in rows})
    assert {("M1", "yes"): 426, ("M1", "no"): 9, ("M2", "yes"): 845, ("M2", "no"): 13} == Counter(
        (row["method"], row["match"]) for row in rows
    )
    assert SLIPS.keys() == named
    assert {"A", "B", "C", "D", "D*", "NA"} == {each for row in rows for each in _scores(row)}
    assert (80, 57) == (
        sum(each == "D*" for row in rows for each in _scores(row)),
        sum("NA" in _scores(row) for row in rows),
    )


@pytest.mark.outside
def test_the_letter_of_a_combination_is_the_one_that_was_printed_most():
    printed: dict[str, Counter[str]] = defaultdict(Counter)
    for row in outside("pefa.csv"):
        if row["method"] == "M2":
            printed[_left(row)][row["published"]] += 1
    most = {each: letters.most_common(1)[0][0] for each, letters in printed.items()}

    assert most == {each: _letter("M2", " ".join(each)) for each in printed}
    assert 13 == sum(letters.total() - max(letters.values()) for letters in printed.values())


@pytest.mark.outside
def test_an_indicator_is_always_scored_by_one_method_and_has_one_number_of_dimensions():
    found = defaultdict(set)
    for row in outside("pefa.csv"):
        found[row["indicator"]].add((row["method"], len(_scores(row))))

    assert {1} == {len(each) for each in found.values()}
    assert 9 == sum(each.pop()[0] == "M1" for each in found.values())


@pytest.mark.outside
def test_the_indicators_at_the_edges_are_those_of_the_whole_table():
    table = {_key(row): row for row in outside("pefa.csv")}
    edges = read("pefa_edges.csv")

    assert edges == [{name: table[_key(row)][name] for name in row} for row in edges]


def test_the_indicators_at_the_edges_reach_every_letter_and_every_state_by_both_methods():
    rows = read("pefa_edges.csv")

    assert 121 == len(rows) == len({_key(row) for row in rows})
    for method in METHODS:
        of_method = [row for row in rows if row["method"] == method]

        assert set(LETTERS) == {row["published"] for row in of_method if _key(row) not in SLIPS}
        assert {"A", "B", "C", "D", "D*", "NA"} == {each for row in of_method for each in _scores(row)}
