from fractions import Fraction

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

import pelayanan
from pelayanan import Answers
from pelayanan.errors import AnswerError, FileError, PelayananError, UnknownError
from pelayanan.exact import fraction

DIMENSIONS = pelayanan.load("ombudsman-2022").pruned(depth=1)
EXCEL = "\ufeffunit;input;proses;output;pengaduan\r\nDinas A;79,2;88;81,5;57,8\r\nDinas B;78;78;78;78\r\n"


@pytest.fixture
def sheet(tmp_path):
    """Write a CSV of the text or bytes given, and return its path."""

    def written(text, encoding="utf-8"):
        path = tmp_path / "nilai.csv"
        path.write_bytes(text if isinstance(text, bytes) else text.encode(encoding))
        return path

    return written


def cells(answers: Answers) -> dict[str, list[object]]:
    return {name: [answers.at(row, name) for row in range(len(answers))] for name in answers.columns}


def test_a_file_as_excel_saves_it_is_scored_with_no_option_but_the_units(sheet):
    answers = pelayanan.read_answers(sheet(EXCEL), unit="unit")
    scores = pelayanan.score(DIMENSIONS, answers)

    assert ["Dinas A", "Dinas B"] == scores.units.tolist()
    assert [78.0, 78.0] == scores.total.tolist()
    assert Fraction("77.99652") == scores.exact("Dinas A")
    assert {np.dtype("float64")} == {column.values.dtype for column in answers.columns.values()}


EXPECTED = {"a": [Fraction("86.62"), pelayanan.MISSING], "b": ["ya", Fraction(70)]}


@pytest.mark.parametrize(
    ("text", "encoding", "options"),
    [
        ("unit;a;b\nA;86,62;ya\nB;;70\n", "utf-8", {}),
        ("unit;a;b\r\nA;86.62;ya\r\nB;;70\r\n", "utf-8-sig", {}),
        ("unit,a,b\nA,86.62,ya\nB,,70", "utf-8", {}),
        ('unit,a,b\nA,"86,62",ya\nB,"",70\n', "utf-8", {"decimal": ","}),
        ("unit\ta\tb\nA\t86,62\tya\nB\t\t70\n", "utf-16", {"decimal": ","}),
        ("unit\ta\tb\nA\t86.62\tya\nB\t \t70\n", "utf-16", {}),
        ("sep=|\nunit|a|b\nA|86.62|ya\nB||70\n", "utf-8", {}),
        ("sep=;\r\nunit;a;b\r\nA;86,62;ya\r\nB;;70\r\n", "utf-8-sig", {}),
        ("unit^a^b\nA^86.62^ya\nB^^70\n", "utf-8", {"separator": "^"}),
        ("\n unit ; a;b ;;\n A ;86,62;ya;;\n\n;;;;\nB;;70;;\n;;;;\n", "utf-8", {}),
        ('"unit";"a";"b"\n"A";"86,62";"ya"\n"B";;"70"\n', "utf-8", {}),
        ("x;unit;a;b\n1;A;86,62;ya\n2;B;;70\n", "utf-8", {"ignore": ["x"]}),
    ],
)
def test_a_table_is_the_same_in_every_dress(sheet, text, encoding, options):
    answers = pelayanan.read_answers(sheet(text, encoding), unit="unit", **options)

    assert ["A", "B"] == answers.units.tolist()
    assert EXPECTED == cells(answers)


def test_columns_that_are_no_criteria_are_kept_for_the_caller(sheet):
    text = "unit;kota;a;catatan\nA;Kupang;1;\nB;'=Ende;2;86,6\n"
    answers = pelayanan.read_answers(sheet(text), unit="unit", ignore=["kota", "catatan"])

    assert {"kota": ["Kupang", "=Ende"], "catatan": ["", "86,6"]} == {
        name: column.tolist() for name, column in answers.ignored.items()
    }
    assert ["a"] == list(answers.columns)


def test_without_a_column_of_units_they_are_numbered(sheet):
    answers = pelayanan.read_answers(sheet("a;b\n1;2\n;\n"))

    assert [0, 1] == answers.units.tolist()
    assert {"a": [1, pelayanan.MISSING], "b": [2, pelayanan.MISSING]} == cells(answers)


def test_a_cell_is_the_decimal_that_is_written_and_not_the_float_near_it(sheet):
    long = "0.1000000000000000055511151231"
    answers = pelayanan.read_answers(sheet(f"unit;a\nA;{long}\nB;1/9\nC;-2e3\nD;0.1\n"), unit="unit")

    assert [Fraction(long), Fraction(1, 9), Fraction(-2000), Fraction(1, 10)] == cells(answers)["a"]


def test_quoted_cells_hold_separators_quotes_and_line_ends(sheet):
    text = 'unit;a\n"Dinas; ""A""";"satu\ndua"\n'
    answers = pelayanan.read_answers(sheet(text), unit="unit")

    assert (['Dinas; "A"'], ["satu\ndua"]) == (answers.units.tolist(), cells(answers)["a"])


def test_a_column_may_turn_to_text_late_and_have_more_texts_than_are_kept(sheet):
    rows = [f"{row};{row / 100:.2f};{row}" for row in range(70_000)]
    rows[60_000] = "60000;teks;60000"
    answers = pelayanan.read_answers(sheet("unit;a;b\n" + "\n".join(rows)), unit="unit")

    assert [Fraction(1, 100), "teks", Fraction("699.99")] == [
        answers.at(row, "a") for row in (1, 60_000, 69_999)
    ]
    assert np.arange(70_000.0).tolist() == answers.columns["b"].values.tolist()


SEPARATED = st.sampled_from([(";", ","), (";", "."), (",", "."), ("\t", "."), ("\t", ",")])
NUMBERS = st.decimals(-10_000, 10_000, places=4).map(fraction)
WORDS = st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=8).map(
    lambda text: f"t{text}"
)


def _quoted(text: str) -> str:
    return '"' + text.replace('"', '""') + '"'


def _shown(cell: object, decimal: str) -> str:
    if isinstance(cell, Fraction):
        steps = int(cell * 10_000)
        return f"{'-' if steps < 0 else ''}{abs(steps) // 10_000}{decimal}{abs(steps) % 10_000:04d}"
    return "" if cell is None else _quoted(str(cell))


@given(
    st.lists(st.tuples(st.none() | NUMBERS, st.none() | NUMBERS | WORDS), min_size=1, max_size=6),
    SEPARATED,
    st.sampled_from(["\n", "\r\n"]),
    st.booleans(),
)
def test_what_is_written_in_a_table_is_what_is_read(tmp_path_factory, rows, way, end, mark):
    separator, decimal = way
    lines = [separator.join(["unit", "a", "b"])]
    for number, row in enumerate(rows):
        shown = [_shown(cell, decimal) for cell in row]
        if decimal == "," and separator == ",":
            shown = [_quoted(each) for each in shown]
        lines.append(separator.join([f"u{number}", *shown]))
    path = tmp_path_factory.mktemp("sheets") / "a.csv"
    path.write_bytes((("\ufeff" if mark else "") + end.join(lines) + end).encode())
    found = pelayanan.read_answers(path, unit="unit", decimal=decimal)
    meant = [
        [pelayanan.MISSING if cell is None else cell for cell in column] for column in zip(*rows, strict=True)
    ]

    assert {"a": meant[0], "b": meant[1]} == cells(found)
    assert [f"u{number}" for number in range(len(rows))] == found.units.tolist()


@given(st.data())
def test_a_table_from_a_file_scores_like_the_same_cells_as_texts(tmp_path_factory, data):
    rows = data.draw(st.lists(st.tuples(*[st.decimals(0, 100, places=2)] * 4), min_size=1, max_size=5))
    codes = [each.code for each in DIMENSIONS.indicators]
    path = tmp_path_factory.mktemp("sheets") / "a.csv"
    lines = [";".join(["unit", *codes]), *(";".join([f"u{n}", *map(str, row)]) for n, row in enumerate(rows))]
    path.write_text("\n".join(lines).replace(".", ","), encoding="utf-8")
    texts = {code: [str(row[place]) for row in rows] for place, code in enumerate(codes)}
    table = Answers.from_columns(texts, units=[f"u{n}" for n in range(len(rows))])

    assert pelayanan.score(DIMENSIONS, table) == pelayanan.score(
        DIMENSIONS, pelayanan.read_answers(path, unit="unit")
    )


NOISE = st.text(st.sampled_from(list(';,"\n\r\t0189.-ab\x00=')), max_size=60).map(str.encode)


@given(
    st.binary(max_size=200) | NOISE | NOISE.map(lambda noise: b"unit;a\n" + noise),
    st.sampled_from([None, "unit"]),
)
@example(b"\xff\xfe", None)
@example(b"\xfe\xff\xd8\x00", "unit")
@example(b"unit;a\n" + b"x" * 140_000, "unit")
def test_arbitrary_bytes_give_answers_or_an_error_of_the_library(tmp_path_factory, content, unit):
    path = tmp_path_factory.mktemp("sheets") / "a.csv"
    path.write_bytes(content)
    try:
        found = pelayanan.read_answers(path, unit=unit)
    except PelayananError as error:
        found = error

    assert isinstance(found, Answers | AnswerError | UnknownError)


@pytest.mark.parametrize(
    ("text", "options", "said"),
    [
        ("", {}, "nilai.csv: there is no header"),
        ("\n;;\n", {}, "nilai.csv: there is no header"),
        ("unit;a\n", {}, "nilai.csv: there are no rows below the header"),
        ("unit\nA\n", {}, "answers: there are no columns"),
        ("unit;a;a\nA;1;2\n", {}, "nilai.csv: the header has 'a' in columns 2 and 3 @ header"),
        (
            "unit;a;\nA;1;\nB;2;3\n",
            {},
            "nilai.csv: it has cells, and the header has no name for it @ column 3",
        ),
        (
            "unit;a;b\nA;1\n\nB;1;2;3\nC;1;2\n",
            {},
            "nilai.csv has 2 problems\n"
            "  it has 2 cells, and the header has 3 @ row 2\n"
            "  it has 4 cells, and the header has 3 @ row 4",
        ),
        (
            "unit;a\nA;1\nB;1\n A;2\n",
            {},
            "nilai.csv: the unit 'A' is there twice @ rows 2 and 4",
        ),
        ("unit;a\nA;1\n ;2\n", {}, "nilai.csv: it has answers and no unit @ row 3"),
        (
            "unit;a;b\nA;1;86,62\nB;86.62;2\n",
            {},
            "nilai.csv: there are decimal commas, such as '86,62', and points, such as '86.62' in row 3, 'a'; "
            "write all alike @ row 2, 'b'",
        ),
        (
            "unit;a\nA;86,62\nB;1.234\n",
            {},
            "nilai.csv: there are decimal commas, such as '86,62', and points, such as '1.234' in row 3, 'a'; "
            "write all alike @ row 2, 'a'",
        ),
        (
            "unit;a\nA;86.62\n",
            {"decimal": ","},
            "nilai.csv: '86.62' has a point, and decimal=',' is said; write all alike, and no separators of "
            "thousands @ row 2, 'a'",
        ),
        (
            'unit,a\nA,1\nB,"86,62"\n',
            {},
            "nilai.csv: '86,62' can be a number; say decimal=',' if it is one, else decimal='.' @ row 3, 'a'",
        ),
        (
            "unit;a\nA;1.234\n",
            {},
            "nilai.csv: '1.234' can have a decimal point or a separator of thousands; say decimal= @ row 2, 'a'",
        ),
        ('unit;a\nA;"1\n', {}, "nilai.csv: this is not CSV: unexpected end of data @ line 2"),
        ('"unit;a\nA;1\n', {}, "nilai.csv: this is not CSV: the quotes of the header do not fit"),
        (b"unit;a\nA;\xff\n", {}, "nilai.csv: the text is not UTF-8; save it as 'CSV UTF-8'"),
        (
            "unit;a,b\nA;1,2\n",
            {"unit": None},
            "nilai.csv: the cells of the header could be separated by ';' or ','; say separator=",
        ),
        ("unit;a\nA;1\n", {"decimal": "x"}, "answers: decimal= takes ',' or '.', not 'x'"),
        ("unit;a\nA;1\n", {"separator": "||"}, "answers: separator= takes one character, not '||'"),
        ("unit;a\nA;1\n", {"separator": '"'}, "answers: separator= takes one character, not '\"'"),
        (
            "unit;a\n" + "A\n" * 12,
            {},
            "nilai.csv has 12 problems\n"
            + "".join(f"  it has 1 cells, and the header has 2 @ row {row}\n" for row in range(2, 12))
            + "  and 2 more",
        ),
    ],
)
def test_a_file_that_is_not_right_is_refused_with_all_that_is_wrong(sheet, text, options, said):
    with pytest.raises(AnswerError) as caught:
        pelayanan.read_answers(sheet(text), **({"unit": "unit"} | options))

    assert said == str(caught.value)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"unit": "unti"}, "nilai.csv has no column 'unti'; did you mean 'unit'?"),
        ({"unit": "unit", "ignore": ["inptu"]}, "nilai.csv has no column 'inptu'; did you mean 'input'?"),
    ],
)
def test_a_column_that_is_not_there_is_told_with_the_nearest(sheet, options, said):
    with pytest.raises(UnknownError) as caught:
        pelayanan.read_answers(sheet(EXCEL), **options)

    assert said == str(caught.value)


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("none.csv", "cannot read 'none.csv': No such file or directory"),
        ("", "cannot read '{}': Is a directory"),
        ("a\x00.csv", r"cannot read 'a\x00.csv': embedded null byte"),
    ],
)
def test_a_file_that_cannot_be_read_is_told(tmp_path, name, said):
    with pytest.raises(FileError) as caught:
        pelayanan.read_answers(tmp_path / name, unit="unit")

    assert said.format(tmp_path.name) == str(caught.value)


@pytest.mark.parametrize(
    ("header", "said"),
    [
        (
            "unit;input;proses;output",
            "the table has no column for 'pengaduan'; say absent='missing' if they were not asked @ columns",
        ),
        (
            "unit;inptu;proses;output;pengaduan",
            "there is no indicator 'inptu'; did you mean 'input'? @ column 'inptu'",
        ),
    ],
)
def test_columns_that_the_instrument_lacks_or_the_file_are_told_when_it_is_scored(sheet, header, said):
    count = header.count(";")
    answers = pelayanan.read_answers(sheet(f"{header}\nA{';70' * count}\n"), unit="unit")

    with pytest.raises(AnswerError) as caught:
        pelayanan.score(DIMENSIONS, answers)
    assert said in str(caught.value)
