import tomllib
from decimal import Decimal

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from pelayanan.limits import LARGEST, limit_problems, unprintable

# What stands in strings and comments does not count, whatever it is.
HARMLESS = st.text(st.sampled_from("[]{}.#=,019eExX_ \t"), max_size=400)
QUOTES = st.sampled_from(['"{}"', "'{}'", '"""{}"""', "'''{}'''", '"""\n{}\n"""', "'''\n{}'''"])
SOUP = st.text(st.sampled_from("ab01.e+-_\"'\\#=[]{},\n\t "), max_size=200)


def _said(text: str) -> list[str]:
    return [str(problem) for problem in limit_problems(text)]


@given(HARMLESS, QUOTES)
def test_nothing_inside_a_string_counts(inner, quotes):
    text = f"a = {quotes.format(inner)}\n"

    assert [] == limit_problems(text)
    assert {"a"} == tomllib.loads(text).keys()


@given(HARMLESS)
def test_nothing_inside_a_comment_counts(inner):
    text = f"a = 1 # {inner} \" ''' 1e999\nb = 2"

    assert [] == limit_problems(text)


@given(st.text(st.characters(codec="utf-8"), max_size=300))
def test_every_text_is_judged_without_an_exception(text):
    judged = limit_problems(text)

    assert len(judged) <= 20


@given(SOUP)
@example('a = """')
@example("'''")
@example('"\\')
@example("]" * 30)
@example("[a]" * 30)
def test_what_looks_like_toml_is_judged_with_the_line_of_each_problem(text):
    lines = {f"line {number + 1}" for number in range(text.count("\n") + 1)}

    assert {problem.place for problem in limit_problems(text)} <= lines


@given(
    st.decimals(allow_nan=False, allow_infinity=False),
    st.sampled_from(
        ["a = {}\n", "a = [1, {}]", "[t]\na.b = { c = {} }".replace("{ c = {} }", "{{ c = {} }}")]
    ),
)
def test_a_number_is_refused_exactly_where_it_is_too_long(number, around):
    _, digits, exponent = number.as_tuple()
    text = f"{''.join(map(str, digits))}.0e{exponent}"
    refused = len(digits) + 1 > 30 or abs(exponent) > 20

    assert refused == bool(limit_problems(around.format(text)))


@given(
    st.text("abc_-", min_size=1, max_size=260),
    st.sampled_from(["{} = 1", '"{}" = 1', "'{}' . b = 1", "[x.{}]"]),
)
def test_a_key_has_at_most_200_characters_however_it_is_written(key, around):
    text = around.format(key)

    assert (len(key) > 200) == bool(limit_problems(text))


@given(st.integers(1, 30), st.sampled_from(["a = {}1{}", "a = [\n{}1{}]", "a = [{}[]{}]"]))
def test_brackets_lie_in_each_other_at_most_20_times(depth, around):
    text = around.format("[" * depth, "]" * depth)
    inside = depth + (around != "a = {}1{}") + (around == "a = [{}[]{}]")

    assert (inside > 20) == bool(limit_problems(text))


@given(st.integers(0, 30), st.sampled_from(["{} = 1", "[{}]", "[[{}]]", "a = {{ {} = 1 }}"]))
def test_a_key_has_at_most_12_dots(dots, around):
    text = around.format(".".join("a" * (dots + 1)))

    assert (dots > 12) == bool(limit_problems(text))


@given(st.integers(0, 40))
def test_dots_of_one_line_are_not_added_to_those_of_the_next(lines):
    text = "a.b = 1.5\n" * lines + "x = [" + "1.5, " * lines + "]"

    assert [] == limit_problems(text)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a = 1e21", "1e21 has an exponent of more than 20 @ line 1"),
        ("\na = -1.5E-21", "-1.5E-21 has an exponent of more than 20 @ line 2"),
        ("a = 1e999999999", "1e999999999 has an exponent of more than 20 @ line 1"),
        ("a = 1" + "0" * 30, "1000000000000000000000000000000 has more than 30 digits @ line 1"),
        ("a = " + "9" * 50, "9999999999999999999999999999999999999... has more than 30 digits @ line 1"),
        ("a = 0." + "3" * 30, "0.333333333333333333333333333333 has more than 30 digits @ line 1"),
        ("a = [1,\n1e99 ]", "1e99 has an exponent of more than 20 @ line 2"),
        ("a = 0x1F", "write 0x1F as a decimal @ line 1"),
        ("a = +0o17", "write +0o17 as a decimal @ line 1"),
        ("a = 0b101\n", "write 0b101 as a decimal @ line 1"),
        ("k" * 201 + " = 1", "a key has at most 200 characters @ line 1"),
        (f'"{"k" * 201}" = 1', "a key has at most 200 characters @ line 1"),
        (f"[t.'{'k' * 201}']", "a key has at most 200 characters @ line 1"),
        ("a = { " + "k" * 201 + " = 1 }", "a key has at most 200 characters @ line 1"),
        ("a" + ".b" * 13 + " = 1", "a key has at most 12 dots @ line 1"),
        ("a" + " . b" * 13 + " = 1", "a key has at most 12 dots @ line 1"),
        ("a = " + "[" * 21, "brackets lie in each other at most 20 times @ line 1"),
        ("a = " + "{a=" * 21, "brackets lie in each other at most 20 times @ line 1"),
        ('a = "open\nb = "closed"', "a string is not closed @ line 1"),
        ("a = 1\nb = '''", "a string is not closed @ line 2"),
        ('a = """ \\"""', "a string is not closed @ line 1"),
    ],
)
def test_each_bound_is_worded(text, said):
    assert [said] == _said(text)


@pytest.mark.parametrize(
    "text",
    [
        "a = 1e20",
        "a = 1E-20",
        "a = " + "9" * 30,
        "a = 1_000_000.000_1",
        "a = 2024-01-01 07:00:00",
        "a = 1979-05-27T00:32:00.999999-07:00",
        "1e999 = 1\n[0x1F]\n0b1.1e99 . x = 2",
        "9" * 60 + " = 1",
        'a = "' + "k" * 1000 + '"',
        "'" + "k" * 200 + "' = 1",
        "[[" + ".".join("a" * 13) + "]]",
        'a = """""two"" quotes"""""',
        "a = ''''one' quote''''",
        "a = [\"\", '', \"\"\"\"\"\", '''''']",
        'a = "\\" [[[[[[[[[[[[[[[[[[[[[[[ \\\\"',
        "a = 1 # it's",
    ],
)
def test_what_keeps_to_the_bounds_has_no_problem_and_is_toml(text):
    assert [] == limit_problems(text)
    assert tomllib.loads(text, parse_float=Decimal)


def test_several_problems_are_listed_with_their_lines():
    text = "a = 1e99\nb = 0x1\n" + ".".join("c" * 20) + " = 5"

    assert [
        "1e99 has an exponent of more than 20 @ line 1",
        "write 0x1 as a decimal @ line 2",
        "a key has at most 12 dots @ line 3",
    ] == _said(text)


def test_only_the_first_20_problems_are_listed():
    assert [f"1e99 has an exponent of more than 20 @ line {line}" for line in range(1, 21)] == _said(
        "a = 1e99\n" * 50
    )


def test_a_text_of_more_than_a_mebibyte_is_refused_unseen():
    assert ["a file has at most 1048576 bytes, not 1048577"] == _said("[" * (LARGEST + 1))
    assert [] == _said("#" * LARGEST)


@pytest.mark.parametrize(
    "text",
    [
        ".".join("a" * 20_000) + " = 1",
        "a = " + "[" * 500_000,
        "a = " + "1" * 1_000_000,
        "a = 1e" + "1" * 1_000_000,
        "a = " + "1." * 500_000,
        'a = """' + "x\\\\" * 300_000,
        '"""x" \n' + '\\""" "\n' * 100_000,
        "'''x' \n" + "a''' '\n" * 100_000,
        "a = '" + "x" * 1_000_000,
    ],
    ids=range(9),
)
def test_what_is_made_to_take_long_is_refused(text):
    # A quadratic reading of any of these would take minutes.
    assert limit_problems(text)


@given(st.text(max_size=30))
def test_the_first_character_that_cannot_be_printed_is_found(words):
    bad = [each for each in words if each not in "\n\t" and not each.isprintable()]

    assert (bad[0] if bad else None) == unprintable(words)
