import json
import re
from datetime import date
from decimal import Decimal
from fractions import Fraction

import cattrs
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from pelayanan import MISSING, NOT_APPLICABLE, Band, Rounding
from pelayanan.answers import NoRespondents, mean_of
from pelayanan.errors import JsonError, NumberError
from pelayanan.exact import Exact, decimal, fraction
from pelayanan.exchange import (
    cell_of,
    cell_said,
    day_of,
    decimal_of,
    exact_of,
    exchanged,
    exchanging,
    number_of,
    number_said,
    parsed,
)
from pelayanan.instrument import Case
from pelayanan.strategies import roundings

HUGE = f"{10**5000:#x}/0x1"
LENGTHS = (1, 30, 300, 900, 3000, 6000)


@st.composite
def wholes(draw) -> int:
    """Whole numbers of 1 to some thousand digits."""
    digits = draw(st.sampled_from(LENGTHS))
    return draw(st.integers(-99, 99)) * 10**digits + draw(st.integers(-99, 99))


FRACTIONS = st.one_of(
    st.fractions(), st.builds(Fraction, wholes(), wholes().map(lambda number: abs(number) or 1))
)


@st.composite
def printed(draw) -> str:
    """Numbers as people print them, such as 0.50, +7, 1e3 and 3/9."""
    whole, part = (
        draw(st.text("0123456789", min_size=1, max_size=20)),
        draw(st.text("0123456789", max_size=9)),
    )
    tail = draw(st.sampled_from(["", "e3", "E-15"]))
    text = f"{draw(st.sampled_from(['', '-', '+']))}{whole}{'.' if part else ''}{part}{tail}"
    return draw(st.sampled_from([text, f"{whole}/{draw(st.integers(1, 10**29))}"]))


NEAR_ONE = st.integers(1, 6000).flatmap(
    lambda digits: st.integers(1, 9).map(lambda step: Fraction(10**digits + step, 10**digits))
)
EXACTS = st.one_of(printed().map(Exact), NEAR_ONE.map(Exact))
ANYTHING = st.one_of(st.none(), st.booleans(), st.integers(), st.text(max_size=9), st.decimals())
ANYTHING = st.one_of(ANYTHING, st.lists(ANYTHING, max_size=2), st.dictionaries(st.text(max_size=5), ANYTHING))
CELLS = st.one_of(
    FRACTIONS,
    EXACTS,
    st.text(max_size=9),
    printed(),
    st.sampled_from(["1/0", "0x1/0x3", " 3 ", "nan", "", "1_0", "9" * 31, "9" * 5000, HUGE, "1,5"]),
    st.sampled_from([MISSING, NOT_APPLICABLE]),
    st.integers(max_value=0).map(NoRespondents),
)


def through_json(value):
    """What arrives where the JSON of a value is read, its numbers exact."""
    return parsed(json.dumps({"value": value}))["value"]


# Properties


@given(FRACTIONS)
@example(Fraction(2**3000 - 1))
@example(Fraction(1, 2**3000))
@example(Fraction(2**10_000 - 1, 2**9_999))
@example(Fraction(-(2**10_000)))
def test_a_number_of_any_length_comes_back_exactly(number):
    assert number == number_of(through_json(number_said(number)))


@given(EXACTS)
@example(Exact("0.50"))
@example(Exact("-0"))
@example(Exact(1e40))
@example(Exact(Fraction(10**40 + 1, 10**40)))
@example(Exact(Decimal("1.234567890123456E-19")))
def test_an_exact_number_comes_back_as_it_was_printed(number):
    again = exact_of(through_json(number_said(number)))

    assert number == again
    assert str(number) == str(again)


@given(st.integers(-(10**29), 10**29), st.integers(0, 20))
def test_a_number_of_json_is_one_too(steps, places):
    number = Decimal(f"{steps}e-{places}")

    assert Fraction(number) == number_of(number) == exact_of(number)
    assert Fraction(steps) == number_of(steps) == exact_of(steps)


@given(CELLS)
def test_an_answer_comes_back_as_what_it_was(cell):
    again = cell_of(through_json(cell_said(cell)))

    assert cell == again
    assert isinstance(again, Fraction) == isinstance(cell, Fraction)


@given(CELLS)
def test_only_texts_that_could_be_numbers_say_that_they_are_texts(cell):
    said = cell_said(cell)

    assert isinstance(said, dict) == (isinstance(cell, str) and _reads_as_number(cell)) or isinstance(
        cell, NoRespondents | type(NOT_APPLICABLE)
    )


def _reads_as_number(text: str) -> bool:
    try:
        return isinstance(number_of(text), Fraction)
    except NumberError:
        return False


@given(st.dates())
def test_a_day_comes_back(day):
    assert day == day_of(through_json(day.isoformat()))


@given(st.fractions(), st.one_of(st.none(), roundings(most=10)), st.integers(-250, 6000))
@example(Fraction(1, 101), None, 0)
@example(Fraction(1), None, -250)
def test_a_decimal_comes_back_with_its_places(number, rounding, digits):
    for each in (number, number / Fraction(10) ** digits):
        shown = decimal(each, rounding)
        again = decimal_of(through_json(str(shown)))

        assert str(shown) == str(again)


@given(ANYTHING)
@example("\ud800")
@example("0x1/0x0")
@example("1/0")
@example("-" + HUGE)
@example("1" * 5000)
@example("2024-02-30")
@example("1E-99999")
@example("1E-100000")
def test_anything_is_a_value_or_refused(value):
    for read in (number_of, exact_of, cell_of, day_of, decimal_of):
        try:
            found = read(value)
        except (TypeError, ValueError) as error:
            found = error
        words = str(found) if isinstance(found, Exception) else ""

        assert found == "" or words.isprintable()
        assert not words.startswith("Exceeds")


@given(st.text())
@example("[" * 100_000)
@example('{"a":' * 100_000)
@example('"\\ud800"')
@example('{"a": 1e99999999999999999999}')
@example('{"a": ' + "1" * 5000 + "}")
@example("\ufeff{}")
def test_an_arbitrary_text_is_an_object_or_refused(text):
    try:
        found = parsed(text)
    except JsonError as error:
        found = {}
        words = str(error)
    else:
        words = ""

    assert isinstance(found, dict)
    assert words.isprintable()


@given(st.dictionaries(st.text(max_size=3), ANYTHING, max_size=4))
def test_an_object_is_read_as_it_was_written(table):
    plain = json.dumps(table, default=str)
    expected = json.loads(plain)

    assert expected == parsed(plain)


@given(st.integers(1, 30), st.booleans(), st.booleans())
def test_brackets_lie_in_each_other_up_to_twenty_times(depth, are_lists, is_filled):
    around, inner = depth - 1, "1" if is_filled else ("[]" if are_lists else "{}")
    around -= not is_filled
    text = "[" * around + inner + "]" * around if are_lists else '{"a":' * around + inner + "}" * around
    if depth <= 20:
        assert ["a"] == list(parsed(f'{{"a":{text}}}'))
    else:
        with pytest.raises(JsonError, match="^JSON: brackets lie in each other at most 20 times$"):
            parsed(f'{{"a":{text}}}')


# Forms


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (Fraction(1, 8), "0.125"),
        (Fraction(-1, 9), "-1/9"),
        (Exact("3/9"), "3/9"),
        (Exact("+7.00"), "+7.00"),
        (Fraction(2**3000 - 1), str(2**3000 - 1)),
        (Fraction(2**3000), f"{2**3000}/1"),
        (Exact(Fraction(3**2000, 3**2000 + 1)), f"{3**2000}/{3**2000 + 1}"),
        (Fraction(2**10_000 - 1), f"{2**10_000 - 1}/1"),
        (Fraction(-(2**10_000)), "-0x1" + "0" * 2500 + "/0x1"),
    ],
    ids=range(9),
)
def test_long_numbers_are_quotients_and_very_long_ones_hexadecimal(number, text):
    assert text == number_said(number)


@pytest.mark.parametrize(
    ("cell", "said"),
    [
        (Exact("0.50"), "0.50"),
        (Fraction(1, 3), "1/3"),
        ("ya", "ya"),
        ("0.50", {"text": "0.50"}),
        (" 1e3 ", {"text": " 1e3 "}),
        ("0x1/0x3", {"text": "0x1/0x3"}),
        ("9" * 31, {"text": "9" * 31}),
        ("1e99", "1e99"),
        ("1/0", "1/0"),
        ("1,5", "1,5"),
        ("", ""),
        (MISSING, None),
        (NOT_APPLICABLE, {"state": "not applicable"}),
        (NoRespondents(-1), {"respondents": -1}),
        (mean_of(34, 10), {"sum": "34", "count": 10}),
        (mean_of(Fraction(1, 3), 2), {"sum": "1/3", "count": 2}),
    ],
    ids=str,
)
def test_an_answer_has_one_form(cell, said):
    assert said == cell_said(cell)


@given(FRACTIONS, st.integers(1, 10**9))
def test_a_mean_comes_back_with_its_respondents(total, count):
    again = cell_of(cell_said(mean_of(total, count)))

    assert (total / count, total, count) == (again, again.total, again.count)


def test_numbers_of_json_are_answers_that_keep_their_print():
    half, one = cell_of(Decimal("0.50")), cell_of(1)

    assert ("0.50", "1") == (str(half), str(one))


def test_converters_are_made_anew_and_the_shared_one_once():
    assert exchanged() is exchanged()
    assert exchanging() is not exchanging()
    assert Band("A", floor="0.50") == exchanged().structure({"code": "A", "floor": "0.50"}, Band)


def test_numbers_of_a_text_are_exact():
    found = parsed('{"a": 21.850, "b": [1e-5, 3], "c": "x"}')

    assert {"a": Decimal("21.850"), "b": [Decimal("0.00001"), 3], "c": "x"} == found
    assert "21.850" == str(found["a"])


# Messages


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("5", "JSON: expected an object, not a number"),
        ("null", "JSON: expected an object, not null"),
        ("[1]", "JSON: expected an object, not a list"),
        ('"x"', "JSON: expected an object, not a text"),
        ("true", "JSON: expected an object, not a truth value"),
        ('{"a": NaN}', "JSON: this is not JSON: NaN is not a number"),
        ('{"a": -Infinity}', "JSON: this is not JSON: -Infinity is not a number"),
        ('{"a": 1, "b": 2, "a": 3}', "JSON: this is not JSON: the key 'a' is there twice"),
        ('{"x": {"b\\u001b": 1, "b\\u001b": 1}}', "JSON: this is not JSON: the key 'b\\x1b' is there twice"),
        (
            '{"a": 1e99999999999999999999}',
            "JSON: this is not JSON: 1e99999999999999999999 has an exponent of too many digits",
        ),
        (
            '{"a": ' + "[" * 20 + "]" * 20 + "}",
            "JSON: brackets lie in each other at most 20 times",
        ),
    ],
)
def test_what_is_no_object_of_json_is_refused(text, said):
    with pytest.raises(JsonError) as caught:
        parsed(text)

    assert said == str(caught.value)


@pytest.mark.parametrize("text", ["", "{", "{'a': 1}", "{} {}", '{"a": 01}', "[" * 100_000])
def test_what_is_no_json_is_refused_with_the_words_of_the_standard_library(text):
    with pytest.raises(JsonError, match="^JSON: this is not JSON: ."):
        parsed(text)


@pytest.mark.parametrize(
    ("read", "value", "said"),
    [
        (number_of, "1/0", "'1/0' divides by zero"),
        (number_of, "0x1/0x0", "'0x1/0x0' divides by zero"),
        (number_of, "0X1/0x2", "expected a number, not '0X1/0x2'"),
        (number_of, "1,5", "expected a number, not '1,5'"),
        (number_of, True, "expected a number, not True"),
        (number_of, None, "expected a number, not None"),
        (number_of, "9" * 4001, f"expected a shorter number, found more than 30 digits in '{'9' * 56}..."),
        (exact_of, "1/0", "'1/0' divides by zero"),
        (exact_of, "x", "expected a number, not 'x'"),
        (exact_of, [1], "expected a number, not [1]"),
        (exact_of, 10**31, "expected a shorter number, found a whole number of more than 30 digits"),
        (
            exact_of,
            "0x1/0x1" + "0" * 100,
            "expected a shorter number, found Fraction(1, "
            "258224987808690858965591917200301187432970579..., which is not between 1e-50 and 1e50 in size",
        ),
        (
            exact_of,
            "0x1/0x1" + "0" * 5000,
            "expected a shorter number, found a value of too many digits to show, "
            "which is not between 1e-50 and 1e50 in size",
        ),
        (
            exact_of,
            HUGE,
            "expected a shorter number, found a fraction of more than 300 digits before the point",
        ),
        (cell_of, True, "expected an answer, not a truth value"),
        (cell_of, [], "expected an answer, not a list"),
        (cell_of, {}, "expected an answer, not a table"),
        (cell_of, {"text": 3}, "expected an answer, not a table"),
        (cell_of, {"text": "3", "state": "missing"}, "expected an answer, not a table"),
        (cell_of, {"state": "missing"}, "expected an answer, not a table"),
        (cell_of, {"respondents": 1}, "expected an answer, not a table"),
        (cell_of, {"respondents": False}, "expected an answer, not a table"),
        (cell_of, {"answer": "3"}, "expected an answer, not a table"),
        (cell_of, {"sum": "3"}, "expected an answer, not a table"),
        (cell_of, {"sum": "3", "count": 0}, "expected a number of respondents from 1 on"),
        (cell_of, {"sum": "3", "count": True}, "expected a number of respondents from 1 on"),
        (cell_of, {"sum": "3", "count": "2"}, "expected a number of respondents from 1 on"),
        (cell_of, {"sum": "x", "count": 2}, "expected a number, not 'x'"),
        (cell_of, {"sum": None, "count": 2}, "expected a number, not None"),
        (day_of, 20240101, "expected a date, not a number"),
        (day_of, None, "expected a date, not null"),
        (day_of, "20240101", "expected a date such as '2024-12-31', not '20240101'"),
        (day_of, "2024-1-1", "expected a date such as '2024-12-31', not '2024-1-1'"),
        (day_of, "2024-01-01T00:00", "expected a date such as '2024-12-31', not '2024-01-01T00:00'"),
        (decimal_of, 78, "expected a text, not a number"),
        (decimal_of, None, "expected a text, not null"),
        (decimal_of, "1/8", "expected a decimal, not '1/8'"),
        (decimal_of, "1/0", "'1/0' divides by zero"),
        (decimal_of, "NaN", "expected a number, not 'NaN'"),
        (decimal_of, "1e21", "expected a shorter number, found an exponent of more than 20 in '1e21'"),
        (
            decimal_of,
            "1E-100000",
            "expected a shorter number, found an exponent of more than 20 in '1E-100000'",
        ),
    ],
)
def test_what_is_no_such_value_is_refused(read, value, said):
    with pytest.raises((TypeError, ValueError)) as caught:
        read(value)

    assert said == str(caught.value)


@pytest.mark.parametrize("text", ["2024-13-01", "2024-02-30", "0000-01-01"])
def test_a_day_that_no_calendar_has_is_refused_with_the_words_of_the_standard_library(text):
    with pytest.raises(ValueError, match=r"^(month|day|year) .*"):
        day_of(text)


@pytest.mark.parametrize(
    ("cell", "said"),
    [
        (True, "True is neither a number nor a text"),
        (1.5, "1.5 is neither a number nor a text"),
        ([1], "[1] is neither a number nor a text"),
        (b"x", "b'x' is neither a number nor a text"),
        (10**5000, "a value of too many digits to show is neither a number nor a text"),
        (range(10**59, 10**60), f"range(1{'0' * 50}... is neither a number nor a text"),
    ],
    ids=range(6),
)
def test_what_is_no_answer_has_no_form(cell, said):
    with pytest.raises(TypeError) as caught:
        cell_said(cell)

    assert said == str(caught.value)


@pytest.mark.parametrize("value", [None, {"state": "not applicable"}, {"respondents": 0}])
def test_a_state_is_no_number_or_text_where_one_belongs(value):
    kind = "null" if value is None else "a table"
    with pytest.raises(cattrs.BaseValidationError) as caught:
        exchanged().structure({"name": "n", "expects": {}, "answers": {"a": value}}, Case)

    assert re.search(f"expected a number or a text, not {kind}", _flat(caught.value))


def _flat(error: BaseException) -> str:
    parts = [_flat(each) for each in error.exceptions] if isinstance(error, BaseExceptionGroup) else []
    return "\n".join([str(error), *parts])


def test_what_the_tables_of_json_make_is_what_was_said():
    made = exchanged().structure({"decimals": 2, "mode": "down"}, Rounding)
    days = exchanged().structure(["2024-12-31"], tuple[date, ...])

    assert (Rounding(2, "down"), (date(2024, 12, 31),)) == (made, days)
    assert fraction("1/3") == exchanged().structure("1/3", Fraction)
