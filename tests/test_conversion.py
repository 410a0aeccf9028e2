from fractions import Fraction
from typing import Any

import attrs
import numpy as np
import pytest
from drawn import answers
from hypothesis import given
from hypothesis import strategies as st

from pelayanan import MISSING, NOT_APPLICABLE, Answers, Condition, Indicator, Instrument, Rounding, Scale
from pelayanan import strategies as ps
from pelayanan.answers import Column, Mean, State, mean_of
from pelayanan.conversion import States, column_of, converted, without
from pelayanan.loading import read_cell
from pelayanan.matching import matched, problem_of

KIOSK = Instrument(
    id="kiosk",
    criteria=[
        Indicator("a", Scale(low=0, high=4)),
        Indicator("b", Scale(low=0, high=4), optional=True, asked_if=Condition("a", 1)),
    ],
    maximum=100,
    missing="exclude",
    rounding=Rounding(2),
    tokens={"NA": "not_applicable", "-": "missing"},
)
STRICT = attrs.evolve(KIOSK, tokens={})


def column(values: Any, **codes: int) -> Column:
    return Answers.from_columns({"a": values}, **codes).columns["a"]


def told(states: States) -> list[list[bool]]:
    return [states.answered.tolist(), states.inapplicable.tolist(), states.refused.tolist()]


@pytest.mark.parametrize(
    ("instrument", "values", "codes", "expected"),
    [
        (KIOSK, [3.0, np.nan, 5.0], {}, [[True, False, True], [False] * 3, [False, False, True]]),
        (
            STRICT,
            np.array([3, -1, -2]),
            {"missing": -1, "not_applicable": -2},
            [[True, False, False], [False, False, True], [False, False, True]],
        ),
        (
            STRICT,
            np.ma.MaskedArray(np.array([3, -2]), [False, True]),
            {"not_applicable": -2},
            [[True, False], [False, False], [False, False]],
        ),
        (
            KIOSK,
            ["3", "NA", "-", "x"],
            {},
            [[True, False, False, True], [False, True, False, False], [False, False, False, True]],
        ),
    ],
)
def test_what_units_said_is_told_from_what_they_did_not(instrument, values, codes, expected):
    assert expected == told(States.of(column(values, **codes), "a", instrument))


def test_an_answer_to_what_was_not_asked_is_refused_and_a_state_is_not():
    table = Answers.from_columns({"a": [0, 0, 0, 1], "b": [3, NOT_APPLICABLE, None, 3]})
    found = States.of(matched(KIOSK, table, "refuse").columns["b"], "b", KIOSK)

    assert [[True, False, False, True], [False, True, True, False], [True, False, False, False]] == told(
        found
    )


def test_answers_are_made_once_for_units_that_are_alike():
    asked: list[Any] = []
    columns = [column([1.0, 2.0, np.nan, 1.0, np.nan]), column(["x", "x", "-", "x", "NA"])]
    found, index = converted(columns, KIOSK, lambda cells: asked.append(cells) or len(asked))

    assert [[1, "x"], [2, "x"], [MISSING, MISSING], [MISSING, NOT_APPLICABLE]] == sorted(
        asked, key=lambda cells: (isinstance(cells[0], State), str(cells[0]), cells[1] is NOT_APPLICABLE)
    )
    assert 4 == len(found)
    assert index[0] == index[3]


def test_means_of_different_respondents_differ():
    pair = (np.array([4, 8, 4]), np.array([2, 4, 2]))
    found, index = converted([column(pair)], KIOSK, lambda cells: (cells[0], cells[0].count))
    objects, same = converted([column([mean_of(4, 2), mean_of(8, 4)])], KIOSK, lambda cells: cells[0].count)

    assert [(2, 2), (2, 4), (2, 2)] == [found[place] for place in index]
    assert [2, 4] == [objects[place] for place in same]


@pytest.mark.parametrize(
    ("cells", "kind"),
    [
        ([Fraction(1, 2), MISSING], "f"),
        ([Fraction("86.62")], "f"),
        ([Fraction(1, 3)], "O"),
        ([Fraction(2**60)], "O"),
        ([NOT_APPLICABLE, Fraction(1)], "O"),
        ([mean_of(3, 2)], "O"),
        (["x"], "O"),
    ],
)
def test_floats_stand_for_what_they_mean_exactly(cells, kind):
    found = column_of(cells, np.arange(len(cells)))

    assert kind == found.values.dtype.kind
    assert cells == [found.at(row) for row in range(len(cells))]
    assert not found.values.flags.writeable


@pytest.mark.parametrize("code", [0, 1, -2])
def test_what_is_taken_out_is_missing_also_where_a_code_said_it_does_not_apply(code):
    given_column = column(np.array([code, code, 3]), not_applicable=code)
    found = without(given_column, np.array([True, False, False]))
    states = States.of(found, "a", KIOSK)

    assert [MISSING, NOT_APPLICABLE, 3] == [found.at(row) for row in range(3)]
    assert [False, True, False] == states.inapplicable.tolist()


# Properties


def _told_apart(cells: list[Any]) -> list[Any]:
    return [(cell, cell.count if isinstance(cell, Mean) else None) for cell in cells]


@given(answers(), st.data())
def test_what_is_made_of_each_answer_is_made_of_the_cell_of_each_unit(table, data):
    names = data.draw(st.lists(st.sampled_from(list(table.columns)), min_size=1, max_size=3))
    columns = [table.columns[name] for name in names]
    found, index = converted(columns, KIOSK, lambda cells: cells)
    expected = [[read_cell(each.at(row), KIOSK.tokens) for each in columns] for row in range(len(table))]

    assert [_told_apart(cells) for cells in expected] == [_told_apart(found[place]) for place in index]


@given(answers(), st.data())
def test_nothing_else_changes_where_answers_are_taken_out(table, data):
    name = data.draw(st.sampled_from(list(table.columns)))
    rows = np.array(data.draw(st.lists(st.booleans(), min_size=len(table), max_size=len(table))))
    before, found = table.columns[name], without(table.columns[name], rows)

    assert _told_apart([MISSING if out else before.at(row) for row, out in enumerate(rows)]) == _told_apart(
        [found.at(row) for row in range(len(rows))]
    )


@given(
    ps.instruments(depth=1, members=2).flatmap(lambda each: st.tuples(st.just(each), ps.tables(each))),
    st.data(),
)
def test_what_is_refused_is_what_cannot_be_scored(drawn, data):
    instrument, table = drawn
    code = data.draw(st.sampled_from(list(table.columns)))
    cells = [table.at(row, code) for row in range(len(table))]
    wild = st.one_of(st.sampled_from([*cells, MISSING, NOT_APPLICABLE, Fraction(10**9), "?"]))
    columns = {name: each.values for name, each in table.columns.items()}
    columns[code] = data.draw(st.lists(wild, min_size=len(table), max_size=len(table)))
    given_answers = matched(instrument, Answers.from_columns(columns), "refuse")
    states = States.of(given_answers.columns[code], code, instrument)
    problems = [problem_of(given_answers, code, row) for row in range(len(table))]
    wrong = [each is not None and each.code != "missing-answer" for each in problems]

    assert wrong == states.refused.tolist()
