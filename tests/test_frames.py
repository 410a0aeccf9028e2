"""
Series and frames of pandas and Polars: what of them is taken, and what is refused.
"""

from decimal import Decimal

import pytest
from refusing import error_text, escaping
from test_refusals import CALLS, DIMENSIONS, OFFICE, SCORES

import pelayanan
from pelayanan import Answers, Scores
from pelayanan.audit import margins
from pelayanan.errors import AnswerError, KindError

pd = pytest.importorskip("pandas")
pl = pytest.importorskip("polars")

REFUSED = {
    "of_totals of a frame": (
        lambda: Scores.of_totals(DIMENSIONS, pd.DataFrame({1: [80], 2: [81]})),
        "totals= takes totals, one a unit, not a DataFrame",
    ),
    "roll_up by a frame": (
        lambda: pelayanan.roll_up(SCORES, pd.DataFrame({"kota": ["K", "L"], "kode": [1, 2]})),
        "by= takes the institution of each unit, in their order or by unit, not a DataFrame",
    ),
    "columns of a lazy frame": (
        lambda: Answers.from_columns(pl.LazyFrame({"a": [1]})),
        "columns= takes columns by name, not a LazyFrame; collect it first",
    ),
    "columns of units in a frame": (
        lambda: Answers.from_columns({"a": [1]}, pd.DataFrame({"unit": ["A"]})),
        "units= takes labels, one a unit, not a DataFrame",
    ),
}
AWKWARD = (
    pd.Series([1, None], dtype="Int64"),
    pd.Series(["a", None], dtype="category"),
    pd.DataFrame({"a": [1, 2]}),
    pl.Series([[1], [2]]),
    pl.DataFrame({"a": [1, 2]}),
    pd.NA,
)
HOLE = "answers: the unit has no label; give a text or a number @ row 1"


@pytest.mark.parametrize(("call", "said"), REFUSED.values(), ids=REFUSED)
def test_a_frame_where_none_is_taken_is_refused(call, said):
    assert said == error_text(KindError, call)


@pytest.mark.parametrize("what", CALLS)
def test_nothing_but_errors_of_the_library_comes_of_frames(what):
    found = [(type(value).__name__, escaping(CALLS[what], value)) for value in AWKWARD]

    assert [] == [(kind, error) for kind, error in found if error is not None]


def test_a_column_of_labels_with_a_hole_is_refused():
    frame = pd.DataFrame({"unit": ["A", None], "a": [1, 2]})
    labels = pd.Series(["A", None], dtype="string")

    assert HOLE == error_text(AnswerError, Answers.from_columns, frame, "unit")
    assert HOLE == error_text(AnswerError, Answers.from_columns, {"a": [1, 2]}, labels)


def test_a_row_of_a_data_frame_is_the_answers_of_a_unit():
    frame = pd.DataFrame([OFFICE], index=["A"])

    assert Decimal("82.42") == pelayanan.score_one(DIMENSIONS, frame.iloc[0]).total
    assert Answers.from_rows([OFFICE]) == Answers.from_rows([row for _, row in frame.iterrows()])
    assert DIMENSIONS.zones.bands[3] == pelayanan.bounds(DIMENSIONS, frame.iloc[0]).settled


def test_an_empty_series_is_no_answers():
    for call in (pelayanan.score_one, margins):
        assert "ombudsman-2022: there are no answers" == error_text(
            AnswerError, call, DIMENSIONS, pd.Series(dtype=float)
        )


def test_variables_may_be_called_by_numbers():
    frame = pd.DataFrame({0: ["A", "B", "C"], 1: [1, 2, 4]})

    found = pelayanan.neighbours(frame[[1]], 1, units=frame[0])

    assert (("1",), "B") == (found.variables, found.of("A")[0][0])
