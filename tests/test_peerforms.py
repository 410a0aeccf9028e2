import json

import numpy as np
import pytest
from refusing import error_text

import pelayanan
from pelayanan import Distribution, Neighbours, Scores, Standing, Trend, compare, neighbours, trend
from pelayanan.errors import JsonError

EDITION = pelayanan.load("ombudsman-2024").pruned(depth=1)
SCORES = Scores.of_totals(EDITION, ["86.62", None, "91.82"], units=["Kupang", 7, "TTU"])
DISTRIBUTION = Distribution.of(["86.62", "78.09", "86.62"])
NEAR = neighbours({"area": [1, 2, 4]}, 2, units=["A", "B", "C"])


def changed(value, **parts):
    """The JSON of a value with some parts replaced; those that are ``None`` are left out."""
    table = json.loads(value.to_json()) | parts
    return json.dumps({name: part for name, part in table.items() if part is not None})


def refused(value, **parts):
    return error_text(JsonError, type(value).from_json, changed(value, **parts))


# What is written


def test_a_distribution_writes_totals_as_they_are_printed():
    expected = (
        '{"format": 1, "kind": "Distribution", "decimals": 2, "low": "0", "high": "100", '
        '"totals": ["78.09", "86.62"], "counts": [1, 2]}'
    )

    assert expected == DISTRIBUTION.to_json()


def test_neighbours_write_distances_as_decimals():
    table = json.loads(neighbours({"area": [1, 3]}, 1, units=["A", "B"]).to_json())

    assert {
        "format": 1,
        "kind": "Neighbours",
        "units": ["A", "B"],
        "variables": ["area"],
        "index": [[1], [0]],
        "distance": [["2"], ["2"]],
    } == table


def test_a_standing_writes_who_is_compared_and_how():
    table = json.loads(compare(SCORES, ["x", "y", "x"], among=["Kupang", 7], own=False).to_json())

    assert ["format", "kind", "scores", "groups", "among", "ties", "smallest_group", "own"] == list(table)
    assert (["x", "y", "x"], [0, 1]) == (table["groups"], table["among"])
    assert ("min", 1, False) == (table["ties"], table["smallest_group"], table["own"])
    assert ["Kupang", 7, "TTU"] == table["scores"]["units"]
    assert {"groups", "among"}.isdisjoint(json.loads(compare(SCORES).to_json()))


def test_a_trend_writes_scores_by_year():
    table = json.loads(trend({2024: SCORES, 2023: SCORES}, [["ombudsman-2024"]]).to_json())

    assert ["2023", "2024"] == list(table["scores"])
    assert [["ombudsman-2024"]] == table["same"]
    assert "same" not in json.loads(trend({2024: SCORES}).to_json())


def test_joined_scores_come_back_as_their_parts():
    whole = pelayanan.load("ombudsman-2024")
    joined = Scores.joined(SCORES, Scores.of_totals(whole, ["50"], units=["Alor"]))
    again = Scores.from_json(joined.to_json())

    assert joined == again
    assert [EDITION, whole] == [part.instrument for part in again.basis.parts]


def test_a_label_without_a_form_is_refused():
    with pytest.raises(JsonError) as error:
        compare(SCORES, [("x", 1), "y", "z"]).to_json()

    assert "Standing: a label of a unit is a text or a whole number, not a tuple @ groups[0]" == str(
        error.value
    )


# What is refused


def test_a_distribution_that_is_not_sound_is_refused():
    assert "Distribution: there are 2 totals and 1 counts" == refused(DISTRIBUTION, counts=[1])
    assert "Distribution: a count is a whole number from 1 on, below 2**50" == refused(
        DISTRIBUTION, counts=[0, 1]
    )
    assert "Distribution: a count is a whole number from 1 on, below 2**50" == refused(
        DISTRIBUTION, counts=[1, 2**50]
    )
    assert "Distribution: total 1, 86.625, has more decimals than the 2 of the grid" == refused(
        DISTRIBUTION, totals=["78.09", "86.625"]
    )
    assert "Distribution: total 0, 101, is not between 0 and 100" == refused(
        DISTRIBUTION, totals=["101", "102"]
    )
    assert "Distribution: the totals of a distribution rise, and each occurs at least once" == refused(
        DISTRIBUTION, totals=["86.62", "78.09"]
    )
    assert "Distribution: 'high' is lacking @ high" == refused(DISTRIBUTION, high=None)
    assert "Distribution: expected 0 to 10 decimals, not 11" == refused(DISTRIBUTION, decimals=11)


@pytest.mark.parametrize(
    ("parts", "message"),
    [
        (
            {"index": [[1, 2], [0, 2]]},
            "Neighbours: index and distance have as many rows as there are units, 3, all of one length",
        ),
        (
            {"index": [[1], [0], [0]]},
            "Neighbours: index and distance have as many rows as there are units, 3, all of one length",
        ),
        (
            {"index": [[], [], []], "distance": [[], [], []]},
            "Neighbours: index and distance have as many rows as there are units, 3, all of one length",
        ),
        (
            {"units": [], "index": [], "distance": []},
            "Neighbours: index and distance have as many rows as there are units, 0, all of one length",
        ),
        ({"index": [[1, 2], [0, 2], [2, 0]]}, "Neighbours: index[2] does not name 2 of the other rows"),
        ({"index": [[1, 1], [0, 2], [1, 0]]}, "Neighbours: index[0] does not name 2 of the other rows"),
        ({"index": [[1, 3], [0, 2], [1, 0]]}, "Neighbours: index[0] does not name 2 of the other rows"),
        ({"distance": [["2", "1"]] * 3}, "Neighbours: distances are 0 or more, and rise in each row"),
        ({"distance": [["-1", "1"]] * 3}, "Neighbours: distances are 0 or more, and rise in each row"),
    ],
)
def test_neighbours_that_cannot_be_are_refused(parts, message):
    assert message == refused(NEAR, **parts)


def test_a_standing_that_cannot_be_is_refused():
    standing = compare(SCORES, ["x", "y", "x"])

    assert "Standing: expected ties of 'min', 'max', 'dense', 'average', not 'first'" == refused(
        standing, ties="first"
    )
    assert "Standing: groups has 1 labels for 3 units" == refused(standing, groups=["x"])
    assert "Standing: among names rows that are not among the 3" == refused(standing, among=[3])
    assert "Standing: among names rows that are not among the 3" == refused(standing, among=[-1])
    assert "Standing: among names no unit, so that there is nobody to compare" == refused(standing, among=[])
    assert "Standing: 'scores' is lacking @ scores" == refused(standing, scores=None)


def test_a_trend_that_cannot_be_is_refused():
    found = trend({2024: SCORES})
    scores = json.loads(found.to_json())["scores"]["2024"]

    assert "Trend: a year is a whole number, not 'now'" == refused(found, scores={"now": scores})
    assert "Trend: there are no years" == refused(found, scores={})
    assert (
        "Trend: same names 'ombudsman-2023', and no year has that instrument; did you mean 'ombudsman-2024'?"
        == refused(found, same=[["ombudsman-2023"]])
    )
    wrong = scores | {"total": ["86.62", None, "91.83"]}
    assert "Trend: it says 91.83, and what it is made of gives 91.82 @ scores.2024.total[2]" == refused(
        found, scores={"2024": wrong}
    )


def test_joined_scores_say_the_instrument_of_what_was_joined():
    joined = Scores.joined(SCORES, Scores.of_totals(EDITION, ["50"], units=["Alor"]))
    other = json.loads(Scores.of_totals(pelayanan.load("ombudsman-2023"), [1]).to_json())["instrument"]

    assert (
        "Scores: it is another than 'ombudsman-2024', which is that of the scores joined @ instrument"
        == refused(joined, instrument=other)
    )


def test_joined_scores_of_two_instruments_are_refused():
    joined = Scores.joined(SCORES, Scores.of_totals(EDITION, ["50"], units=["Alor"]))
    parts = json.loads(joined.to_json())["joined"]
    other = json.loads(Scores.of_totals(pelayanan.load("ombudsman-2023"), [1]).to_json())

    assert (
        "Scores: scores cannot be joined: 'ombudsman-2024' and 'ombudsman-2023' are different instruments"
        == refused(
            joined,
            joined=[parts[0], {name: each for name, each in other.items() if name not in ("format", "kind")}],
        )
    )


def test_the_figures_of_a_standing_are_worked_out_again():
    again = Standing.from_json(compare(SCORES, ["x", "y", "x"]).to_json())

    assert [2, -1, 1] == again.rank.tolist()
    assert [2, -1, 1] == again.group_rank.tolist()
    assert not again.rank.flags.writeable
    assert isinstance(Trend.from_json(trend({2024: SCORES}).to_json()), Trend)
    assert np.array_equal(NEAR.distance, Neighbours.from_json(NEAR.to_json()).distance)
