import json
from datetime import date

import attrs
import pytest
from drawn import CARRIED, KIOSK, WALK, carriages, crosswalks
from hypothesis import given

from pelayanan import MISSING, NOT_APPLICABLE
from pelayanan.answers import mean_of
from pelayanan.carrying import Carried, carry
from pelayanan.crosswalk import Crosswalk
from pelayanan.errors import JsonError
from pelayanan.losses import Loss, Losses

EMPTY = Losses("a", "b", 1, ())


def test_the_answers_of_one_unit_stand_by_code():
    cells = {"a": "3", "units": MISSING, "c": NOT_APPLICABLE, "d": mean_of(7, 2), "e": "ya"}
    found = json.loads(Carried(cells, EMPTY).to_json())

    assert {
        "a": {"text": "3"},
        "units": None,
        "c": {"state": "not applicable"},
        "d": {"sum": "7", "count": 2},
        "e": "ya",
    } == found["unit"]
    assert {"before": "a", "after": "b", "units": 1, "lines": []} == found["losses"]


def test_a_table_stands_as_answers_do():
    found = json.loads(CARRIED.to_json())

    assert ["North", "South", 3] == found["table"]["units"]
    assert {"d1", "d2", "d2b", "d4"} == found["table"]["columns"].keys()


def test_a_crosswalk_holds_both_editions_with_their_fingerprints():
    found = json.loads(WALK.to_json())

    assert [WALK.before.fingerprint, WALK.after.fingerprint] == [
        found[side]["fingerprint"] for side in ("before", "after")
    ]
    assert {"from": ["d3"], "relation": "intersects", "to": ["d4"]} == {
        key: found["links"][2][key] for key in ("from", "relation", "to")
    }


def test_units_of_losses_and_walks_come_back():
    units = Losses("a", "b", 2, (Loss("d1", "kept", units=("North", 3)),))

    assert units == Carried.from_json(Carried({"d1": "3"}, units).to_json()).losses
    assert WALK == Crosswalk.from_json(WALK.to_json())


# Properties


@given(crosswalks())
def test_a_crosswalk_comes_back(walk):
    again = Crosswalk.from_json(walk.to_json())

    assert walk == again
    assert walk.losses == again.losses


@given(carriages())
def test_carried_answers_come_back(carried):
    assert carried == Carried.from_json(carried.to_json())


# Messages


@pytest.mark.parametrize(
    ("table", "message"),
    [
        ({}, "expected either a table of answers or those of one unit"),
        (
            {"unit": {}, "table": {"units": [1], "columns": {"a": {"type": "text", "values": ["x"]}}}},
            "expected either a table of answers or those of one unit",
        ),
        ({"unit": 3}, "expected a table, not a number @ unit"),
        ({"unit": {"a": [3]}}, "expected an answer, not a list @ unit"),
        ({"table": 3}, "expected a table, not a number @ table"),
        ({"unit": {}, "losses": 3}, "expected a table, not a number @ losses"),
        (
            {"unit": {}, "losses": {"before": "a", "after": "b", "units": 1, "lines": [3]}},
            "expected a table, not a number @ losses.lines[0]",
        ),
        (
            {
                "unit": {},
                "losses": {
                    "before": "a",
                    "after": "b",
                    "units": 1,
                    "lines": [{"code": "x", "outcome": "kept", "units": 3}],
                },
            },
            "expected a list, not a number @ losses.lines[0].units",
        ),
        (
            {
                "unit": {},
                "losses": {
                    "before": "a",
                    "after": "b",
                    "units": 1,
                    "lines": [{"code": "x", "outcome": "keep"}],
                },
            },
            "there is no 'keep' here; did you mean 'kept'? @ losses.lines[0].outcome",
        ),
    ],
)
def test_json_that_is_no_carried_answers_is_refused(table, message):
    losses = {"before": "a", "after": "b", "units": 1, "lines": []}
    text = json.dumps({"format": 1, "kind": "Carried", "losses": losses} | table)
    with pytest.raises(JsonError) as error:
        Carried.from_json(text)

    assert f"Carried: {message}" == str(error.value)


def test_json_of_a_crosswalk_that_is_not_sound_is_refused_with_its_places():
    table = json.loads(WALK.to_json())
    table["links"][1]["weights"]["d2b"] = "0.4"
    with pytest.raises(JsonError) as error:
        Crosswalk.from_json(json.dumps(table))

    assert "Crosswalk: the weights add up to 0.9, and not to 1 @ links[1].weights" == str(error.value)


def test_json_of_a_crosswalk_between_instruments_that_were_changed_is_refused():
    table = json.loads(WALK.to_json())
    table["before"]["maximum"] = "50"
    with pytest.raises(JsonError) as error:
        Crosswalk.from_json(json.dumps(table))
    (problem,) = error.value.problems

    assert ("changed", "before.fingerprint") == (problem.code, problem.place)


def test_an_answer_without_a_form_is_refused():
    with pytest.raises(JsonError) as error:
        Carried({"a": 2j}, EMPTY).to_json()

    assert "Carried: 2j is neither a number nor a text @ answers['a']" == str(error.value)


def test_a_label_without_a_form_is_refused():
    with pytest.raises(JsonError) as error:
        attrs.evolve(EMPTY, lines=[Loss("x", "kept", units=[date(2024, 1, 1)])]).to_json()

    assert "Losses: a label of a unit is a text or a whole number, not a date @ units[0]" == str(error.value)


def test_an_identity_of_a_crosswalk_is_its_own():
    walk = Crosswalk(KIOSK, KIOSK)

    assert walk == Crosswalk.from_json(walk.to_json())
    assert carry({"d2": 3}, walk).losses.kept == ()
