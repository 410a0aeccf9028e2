import copy
import pickle
from fractions import Fraction
from functools import partial

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from refusing import error_text

from pelayanan import MISSING, NOT_APPLICABLE, Answers
from pelayanan.answers import Column, NoRespondents, Unasked, mean_of
from pelayanan.errors import AnswerError, UnknownError


def cells(answers, code):
    return [answers.at(row, code) for row in range(len(answers))]


# Properties


@given(st.lists(st.one_of(st.none(), st.integers(0, 9), st.text(max_size=3), st.fractions()), min_size=1))
def test_rows_and_columns_of_the_same_answers_are_the_same_table(values):
    columns = Answers.from_columns({"a": values})
    rows = Answers.from_rows([{"a": value} for value in values])

    assert columns == rows
    assert columns == pickle.loads(pickle.dumps(columns))


@given(st.lists(st.floats(allow_infinity=False, width=32), min_size=1))
def test_a_float_is_the_decimal_that_it_shows_and_nan_is_missing(values):
    column = np.array(values, dtype=np.float32)
    expected = [MISSING if np.isnan(value) else Fraction(str(value)) for value in column]

    assert expected == cells(Answers.from_columns({"a": column}), "a")


@given(st.lists(st.integers(-(2**70), 2**70), min_size=1, unique=True))
@example([1, 2**63])
@example([2**64 - 1, 2**53 + 1])
def test_whole_numbers_of_a_list_stay_exact_as_answers_and_as_units(numbers):
    answers = Answers.from_columns({"a": numbers}, units=numbers)

    assert numbers == cells(answers, "a") == [answers.label(row) for row in range(len(numbers))]
    assert all(type(answers.label(row)) is int for row in range(len(numbers)))


# Kinds of columns


def test_none_the_empty_text_and_not_a_number_are_missing_and_nothing_else_is():
    column = [None, "", "  ", float("nan"), NAType(), 0, "0", MISSING, NOT_APPLICABLE]
    found = cells(Answers.from_columns({"a": column}), "a")

    assert [MISSING] * 5 + [0, "0", MISSING, NOT_APPLICABLE] == found


class NAType:
    """What pandas calls the class of its missing value."""


def test_what_is_no_answer_at_all_stays_as_it_is():
    answers = Answers.from_columns({"a": [True, [1], float("inf")]})

    assert [True, [1], float("inf")] == cells(answers, "a")


def test_integers_stay_integers_and_state_their_codes():
    column = np.array([3, -1, -2], dtype=np.int8)
    answers = Answers.from_columns({"a": column}, missing=-1, not_applicable=-2)

    assert [3, MISSING, NOT_APPLICABLE] == cells(answers, "a")
    assert np.int8 == answers.columns["a"].values.dtype
    assert np.shares_memory(column, answers.columns["a"].values)


def test_codes_are_for_integers_only():
    answers = Answers.from_columns({"a": [3.0, -1.0], "b": ["x", "-1"]}, missing=-1)

    assert [3, -1] == cells(answers, "a")
    assert ["x", "-1"] == cells(answers, "b")


def test_masked_answers_are_missing():
    column = np.ma.masked_array([1, 2], mask=[False, True])

    assert [1, MISSING] == cells(Answers.from_columns({"a": column}), "a")


def test_survey_means_are_exact_fractions():
    sums = np.ma.masked_array([10, 5, -1, 4, 9, 7], mask=[0, 0, 0, 0, 1, 0])
    counts = np.array([3, 0, -1, -2, 3, -1])
    answers = Answers.from_columns({"a": (sums, counts)}, missing=-1, not_applicable=-2)

    assert [Fraction(10, 3), NoRespondents(0), MISSING, NOT_APPLICABLE, MISSING, MISSING] == cells(
        answers, "a"
    )


def test_a_row_may_hold_a_sum_and_a_count():
    answers = Answers.from_rows([{"a": (10, 3)}, {"a": (1, 0)}, {"a": ("x", "y")}])

    assert [Fraction(10, 3), NoRespondents(0), ("x", "y")] == cells(answers, "a")


@pytest.mark.parametrize("library", ["pandas", "polars"])
def test_data_frames_are_tables(library):
    made = pytest.importorskip(library).DataFrame(
        {"office": ["North", "South"], "a": [1.5, None], "b": ["ya", None], "note": ["", ""]}
    )
    answers = Answers.from_columns(made, units="office", ignore=["note"])

    assert ["North", "South"] == answers.units.tolist()
    assert ["a", "b"] == list(answers.columns)
    assert [Fraction(3, 2), MISSING] == cells(answers, "a")
    assert ["ya", MISSING] == cells(answers, "b")


def test_nullable_integers_of_pandas_are_read():
    pd = pytest.importorskip("pandas")
    frame = pd.DataFrame({"a": pd.array([1, None], dtype="Int64")})

    assert [1, MISSING] == cells(Answers.from_columns(frame), "a")


def test_columns_are_read_only_views_unless_they_are_copied():
    column = np.array([1.0, 2.0])
    view, copy = Answers.from_columns({"a": column}), Answers.from_columns({"a": column}, copy=True)
    column[0] = 9

    assert 9 == view.at(0, "a")
    assert 1 == copy.at(0, "a")
    with pytest.raises(ValueError, match="^assignment destination is read-only$"):
        view.columns["a"].values[0] = 5


def test_a_table_is_a_value_with_a_short_name():
    answers = Answers.from_columns({"a": [1, 2]}, units=["x", "y"])

    assert "Answers(2 units, 1 columns)" == repr(answers)
    assert (answers == 1) is False
    assert answers != Answers.from_columns({"b": [1, 2]}, units=["x", "y"])
    assert answers != Answers.from_columns({"a": [1, 3]}, units=["x", "y"])
    assert answers != Answers.from_columns({"a": [1, 2]}, units=["x", "z"])
    with pytest.raises(TypeError, match="^unhashable type: 'Answers'$"):
        hash(answers)
    assert 1 == answers.row("y")
    assert "y" == answers.label(1)
    assert "pelayanan.MISSING" == repr(MISSING)


# Bad input


refused = partial(error_text, AnswerError, Answers.from_columns)


def test_empty_tables_are_refused():
    assert "answers: there are no columns" == refused({})
    assert "answers: there are no units" == refused({"a": []})


def test_columns_of_different_lengths_are_refused():
    assert (
        "answers has 2 problems\n"
        "  it has 1 answers, and 'a' has 2 @ column 'b'\n"
        "  it has 3 answers, and 'a' has 2 @ column 'c'" == refused({"a": [1, 2], "b": [1], "c": [1, 2, 3]})
    )
    assert "answers: there are 1 units and 2 answers a column @ units" == refused({"a": [1, 2]}, units=["x"])


def test_columns_that_hold_no_answers_are_refused():
    numbers = np.array([1, 2])
    columns = {
        "bytes": np.array([b"a", b"b"]),
        "flags": np.array([True, False]),
        "two": np.zeros((2, 2)),
        "three": (numbers, numbers, numbers),
        "parts": (numbers, numbers[:1]),
        "means": (numbers / 2, numbers),
    }

    assert (
        "answers has 6 problems\n"
        "  a column of |S1 holds no answers; decode bytes to text @ column 'bytes'\n"
        "  a column of bool holds no answers; give numbers, text or objects @ column 'flags'\n"
        "  a column has one answer a unit, not the shape (2, 2) @ column 'two'\n"
        "  a survey column is a tuple of sums and counts, not of 3 @ column 'three'\n"
        "  there are 2 sums and 1 counts @ column 'parts'\n"
        "  sums and counts are whole numbers, not float64 and int64 @ column 'means'" == refused(columns)
    )


def test_a_unit_that_is_there_twice_is_refused():
    assert (
        "answers has 2 problems\n  the unit 'x' is there twice @ row 2\n  the unit 'y' is there twice @ row 3"
        == refused({"a": [1, 2, 3, 4]}, units=["x", "y", "x", "y"])
    )


def test_a_code_that_could_be_a_number_of_respondents_is_refused():
    survey = (np.array([20, 30]), np.array([9, 10]))

    assert (
        "answers: missing=9 could be a number of respondents; in tables with surveys the codes lie below 1"
        " @ column 'a'" == refused({"a": survey}, missing=9)
    )


def test_lists_and_labels_of_several_kinds_keep_them():
    columns = {"a": [2**60 + 1, 0.5, 1], "b": [2**70, 2**71, 2**72]}
    answers = Answers.from_columns(columns, units=["1", 1, ("x", "y")])

    assert [2**60 + 1, Fraction(1, 2), 1] == cells(answers, "a")
    assert [2**70, 2**71, 2**72] == cells(answers, "b")
    assert [0, 1, 2] == [answers.row("1"), answers.row(1), answers.row(("x", "y"))]


def test_copies_are_as_read_only_as_the_table():
    for copied in (pickle.loads(pickle.dumps(Answers.from_columns({"a": [1.0]}))),):
        assert not copied.units.flags.writeable
        assert not copied.columns["a"].values.flags.writeable


def test_the_codes_of_the_two_states_differ():
    assert "answers: missing and not_applicable are both -1; give each its own code" == refused(
        {"a": [1]}, missing=-1, not_applicable=-1
    )


def test_columns_that_are_not_there_cannot_be_ignored_or_name_the_units():
    for options in ({"ignore": ["note"]}, {"units": "note"}):
        with pytest.raises(UnknownError) as error:
            Answers.from_columns({"a": [1], "notes": [2]}, **options)

        assert "the table has no column 'note'; did you mean 'notes'?" == str(error.value)


def test_an_unknown_unit_is_named_with_the_nearest():
    with pytest.raises(UnknownError) as error:
        Answers.from_columns({"a": [1]}, units=["North"]).row("Nort")

    assert "there is no unit 'Nort'; did you mean 'North'?" == str(error.value)


def test_columns_that_are_ignored_are_kept_and_are_no_part_of_the_answers():
    table = {"a": [1, 2], "kota": ["Kupang", "Ende"], "n": np.array([3, 4])}
    answers = Answers.from_columns(table, ignore=(name for name in ("kota", "n")))

    assert {"kota": ["Kupang", "Ende"], "n": [3, 4]} == {k: v.tolist() for k, v in answers.ignored.items()}
    assert Answers.from_columns({"a": [1, 2]}) == answers
    assert not answers.ignored["n"].flags.writeable
    assert {"kota": ["X"]} == {
        k: v.tolist() for k, v in Answers.from_rows([{"a": 1, "kota": "X"}], ignore=["kota"]).ignored.items()
    }


@given(st.fractions(max_denominator=99), st.integers(1, 10**6))
def test_a_mean_is_the_number_that_it_is_and_knows_its_respondents(total, count):
    found = mean_of(total, count)

    assert (total / count, hash(total / count)) == (found, hash(found))
    assert (total, count) == (found.total, found.count)
    for again in (copy.copy(found), copy.deepcopy(found), pickle.loads(pickle.dumps(found))):
        assert (found, total, count) == (again, again.total, again.count)


@given(st.integers(-9, 9), st.integers(-9, 0))
def test_a_mean_of_nobody_is_none(total, count):
    assert NoRespondents(count) == mean_of(total, count)


def test_a_mean_shows_its_sum_and_its_respondents():
    assert "Mean(34, 10)" == repr(mean_of(34, 10))
    assert "Mean(0.5, 3)" == repr(mean_of(Fraction(1, 2), 3))


def test_parts_of_a_column_keep_who_was_spared_the_question():
    column = Column(np.array([1, 2, 3, -1]), missing=-1, unasked=np.array([True, False, True, True]))
    part = column.part(np.array([3, 1, 0]))

    assert [NOT_APPLICABLE, 2, Unasked(Fraction(1))] == [part.at(row) for row in range(3)]
    assert -1 == part.missing
    assert [False, False, False] == part.missing_flags({}).tolist()


def test_what_was_not_asked_is_not_missing():
    for values in (np.array([np.nan, np.nan]), np.array([None, None])):
        column = Column(values, unasked=np.array([True, False]))

        assert [False, True] == column.missing_flags({}).tolist()


def test_a_text_of_an_array_is_a_plain_text():
    answers = Answers.from_columns({"a": np.array(["ya", " "])})

    assert str is type(answers.at(0, "a"))
    assert MISSING is answers.at(1, "a")
