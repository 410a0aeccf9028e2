import csv
import io
import math
from datetime import date
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import pelayanan
from pelayanan import Answers, Indicator, Instrument, Scale, Scores
from pelayanan.answers import NOT_APPLICABLE
from pelayanan.errors import AnswerError, FileError

DIMENSIONS = pelayanan.load("ombudsman-2022").pruned(depth=1)


def written(tmp_path, columns, **options):
    """The bytes of a file of columns."""
    path = tmp_path / "hasil.csv"
    pelayanan.write_columns(columns, path, **options)
    return path.read_bytes()


def test_a_form_has_a_column_for_the_units_and_each_question():
    table = pelayanan.form(DIMENSIONS, ["Dinas A", "Dinas B"])

    assert ["unit", "input", "proses", "output", "pengaduan"] == list(table)
    assert ["Dinas A", "Dinas B"] == table["unit"].tolist()
    assert [["", ""]] * 4 == [table[code].tolist() for code in list(table)[1:]]


def test_a_form_without_units_is_a_header(tmp_path):
    table = pelayanan.form(DIMENSIONS, unit="kantor")

    assert b"\xef\xbb\xbfkantor,input,proses,output,pengaduan\r\n" == written(tmp_path, table)


def test_a_form_whose_units_would_be_called_like_a_question_is_refused():
    instrument = Instrument(
        id="kios",
        criteria=[Indicator("unit", Scale(low=0, high=1))],
        maximum=1,
        missing="refuse",
        rounding=None,
    )

    with pytest.raises(AnswerError) as caught:
        pelayanan.form(instrument)
    assert (
        "kios: 'unit' is an indicator, too; give the column of units another name with unit= @ column 'unit'"
        == str(caught.value)
    )
    assert ["kantor", "unit"] == list(pelayanan.form(instrument, unit="kantor"))


def test_a_form_that_was_filled_in_is_scored(tmp_path):
    path = tmp_path / "formulir.csv"
    pelayanan.write_columns(pelayanan.form(DIMENSIONS, ["Dinas A"]), path, decimal=",")
    text = path.read_text(encoding="utf-8-sig")
    path.write_text(text.replace("Dinas A;;;;", "Dinas A;79,2;88;81,5;57,8"), encoding="utf-8-sig")
    scores = pelayanan.score(DIMENSIONS, pelayanan.read_answers(path, unit="unit"))

    assert ([78.0], ["Dinas A"]) == (scores.total.tolist(), scores.units.tolist())


def test_what_is_written_opens_in_a_spreadsheet(tmp_path):
    scores = Scores.of_totals(
        pelayanan.load("ombudsman-2024"), ["86.62", None], ["Kota; Kupang", 'Kab. "Ende"']
    )
    columns = {name: scores.columns()[name] for name in ("unit", "total", "zone")}
    with_points = '\ufeffunit,total,zone\r\nKota; Kupang,86.62,B\r\n"Kab. ""Ende""",,\r\n'
    with_commas = '\ufeffunit;total;zone\r\n"Kota; Kupang";86,62;B\r\n"Kab. ""Ende""";;\r\n'

    assert with_points == written(tmp_path, columns).decode()
    assert with_commas == written(tmp_path, columns, decimal=",").decode()


CELLS = [
    (86.62, "86.62"),
    (np.float32(86.62), "86.62"),
    (1e-7, "0.0000001"),
    (1e22, "10000000000000000000000"),
    (-0.5, "-0.5"),
    (math.nan, ""),
    (None, ""),
    ("", ""),
    (3, "3"),
    (np.int8(-3), "-3"),
    (True, "TRUE"),
    (np.bool_(False), "FALSE"),
    (date(2024, 12, 31), "2024-12-31"),
    (Decimal("78.50"), "78.5"),
    (Fraction(1, 8), "0.125"),
    (Fraction(1, 3), "0.3333333333333333"),
    ("ya", "ya"),
    ("=1+1", "'=1+1"),
    ("+62", "'+62"),
    ("-", "'-"),
    ("@a", "'@a"),
    ("'=1", "''=1"),
    ("'ya'", "'ya'"),
]


@pytest.mark.parametrize(("value", "said"), CELLS, ids=[repr(value) for value, _ in CELLS])
def test_a_cell_is_written_as_the_number_or_text_that_it_is(tmp_path, value, said):
    text = written(tmp_path, {"a": [value], "b": ["x"]}).decode("utf-8-sig")

    assert [["a", "b"], [said, "x"]] == list(csv.reader(io.StringIO(text)))


def test_decimal_commas_stand_in_numbers_alone(tmp_path):
    columns = {"a.b": [0.5, "0.5", "a.b"], "c": [date(2024, 1, 2), Decimal("1.25"), Fraction(1, 8)]}

    assert "a.b;c\r\n0,5;2024-01-02\r\n0.5;1,25\r\na.b;0,125\r\n" == written(
        tmp_path, columns, decimal=","
    ).decode("utf-8-sig")


@pytest.mark.parametrize("library", ["pandas", "polars"])
def test_data_frames_are_columns(tmp_path, library):
    frames = pytest.importorskip(library)
    frame = frames.DataFrame({"unit": ["A", "B"], "n": [1.5, 2.0]})

    assert b"unit,n\r\nA,1.5\r\nB,2\r\n" == written(tmp_path, frame)[3:]


@pytest.mark.parametrize(
    ("columns", "said"),
    [
        ({}, "columns: there are no columns"),
        ({"a": [1], "b": [1, 2], "c": [3]}, "columns: 'b' has 2 cells, and 'a' has 1"),
        (
            {"a": [1, [2]]},
            "columns: the cell [2] of row 3 is neither a number nor a text nor a day @ column 'a'",
        ),
        (
            {"a": [math.inf]},
            "columns: the cell inf of row 2 is neither a number nor a text nor a day @ column 'a'",
        ),
        (
            {"a": [NOT_APPLICABLE]},
            "columns: the cell pelayanan.NOT_APPLICABLE of row 2 is neither a number nor a text nor a day "
            "@ column 'a'",
        ),
        (
            {"a": [(1, 2)]},
            "columns: the cell (1, 2) of row 2 is neither a number nor a text nor a day @ column 'a'",
        ),
        (
            {"a": np.zeros((2, 2)), "b": [object]},
            "columns has 2 problems\n"
            "  a column has one cell a row, not the shape (2, 2) @ column 'a'\n"
            "  the cell <class 'object'> of row 2 is neither a number nor a text nor a day @ column 'b'",
        ),
    ],
)
def test_columns_that_cannot_be_written_leave_a_file_as_it_was(tmp_path, columns, said):
    path = tmp_path / "hasil.csv"
    path.write_text("as it was", encoding="utf-8")

    with pytest.raises(AnswerError) as caught:
        pelayanan.write_columns(columns, path)
    assert said == str(caught.value)
    assert ("as it was", [path]) == (path.read_text(encoding="utf-8"), list(tmp_path.iterdir()))


def test_decimals_have_a_point_or_a_comma(tmp_path):
    with pytest.raises(AnswerError) as caught:
        pelayanan.write_columns({"a": [1]}, tmp_path / "a.csv", decimal=";")

    assert "columns: decimal= takes ',' or '.', not ';'" == str(caught.value)


def test_a_folder_that_is_not_there_is_told(tmp_path):
    with pytest.raises(FileError) as caught:
        pelayanan.write_columns({"a": [1]}, tmp_path / "none" / "a.csv")

    assert "cannot write 'a.csv': No such file or directory" == str(caught.value)


texts = st.text(st.characters(codec="utf-8", exclude_characters="\x00\r"), max_size=12)


@given(
    st.lists(st.tuples(texts, st.decimals(-1000, 1000, places=3)), min_size=1, max_size=8),
    st.sampled_from(",."),
)
def test_what_is_written_is_read_again(tmp_path_factory, rows, decimal):
    path = tmp_path_factory.mktemp("forms") / "hasil.csv"
    labels = [f"unit {row}" for row in range(len(rows))]
    columns = {
        "unit": labels,
        "text": [f"teks {text}" for text, _ in rows],
        "number": [each for _, each in rows],
    }
    pelayanan.write_columns(columns, path, decimal=decimal)
    found = pelayanan.read_answers(path, unit="unit", decimal=decimal)

    assert Answers.from_columns(columns, units="unit") == found


@given(st.text(st.characters(codec="utf-8", exclude_characters="\x00\r"), min_size=1, max_size=12))
def test_a_text_that_a_spreadsheet_would_run_is_read_again_as_it_was(tmp_path_factory, text):
    path = tmp_path_factory.mktemp("forms") / "hasil.csv"
    columns = {"unit": ["A", "B"], "a": [f"={text}", f"'{text}x"]}
    pelayanan.write_columns(columns, path)

    assert Answers.from_columns(columns, units="unit") == pelayanan.read_answers(
        path, unit="unit", decimal="."
    )
