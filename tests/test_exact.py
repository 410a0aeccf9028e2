import copy
import decimal as decimals_of
import math
import pickle
import re
from decimal import ROUND_DOWN, ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from pelayanan.errors import NumberError
from pelayanan.exact import (
    MODES,
    Exact,
    Rounding,
    decimal,
    float_above,
    float_at_least,
    fraction,
    number_in,
    rounded_steps,
    settled_steps,
    shown,
    turning_points,
    written,
)
from pelayanan.strategies import roundings

WORDS = {"half_up": ROUND_HALF_UP, "half_even": ROUND_HALF_EVEN, "down": ROUND_DOWN}
FLOATS = st.floats(allow_nan=False, allow_infinity=False)
WIDE = decimals_of.Context(prec=200)


@st.composite
def printed(draw, *, digits: int = 30, exponents: tuple[str, ...] = ("", "e3", "E-20", "e+20")) -> str:
    """Decimals as people print them, of at most so many digits."""
    whole = draw(st.text("0123456789", min_size=1, max_size=digits - 8))
    part = draw(st.text("0123456789", max_size=8))
    sign = draw(st.sampled_from(["", "-", "+"]))
    exponent = draw(st.sampled_from(exponents))
    return f"{sign}{whole}{'.' if part else ''}{part}{exponent}"


quotients = st.builds("{}/{}".format, st.integers(-(10**30) + 1, 10**30 - 1), st.integers(1, 10**30 - 1))
texts = st.one_of(printed(), quotients)
short_decimals = printed(digits=20, exponents=("", "e3", "E-9")).map(Decimal)


@given(printed())
def test_decimal_text_means_what_decimal_reads(text):
    assert Fraction(Decimal(text)) == fraction(text) == fraction(f"  {text}\n")


@given(short_decimals)
def test_a_decimal_is_itself(number):
    assert Fraction(number) == fraction(number)


@given(st.integers(-(10**30) + 1, 10**30 - 1), st.integers(1, 10**30 - 1))
def test_a_quotient_is_exact(above, below):
    assert Fraction(above, below) == fraction(f"{above}/{below}")


@given(st.integers(-(10**30) + 1, 10**30 - 1))
def test_a_whole_number_is_itself(number):
    assert Fraction(number) == fraction(number)


@given(FLOATS)
def test_a_float_means_the_decimal_that_it_shows(number):
    assert Fraction(Decimal(repr(number))) == fraction(number) == fraction(np.float64(number))


@given(st.integers(-99999, 99999), st.integers(0, 2))
def test_a_float_of_any_size_means_the_decimal_that_was_written(steps, places):
    number = Decimal(steps).scaleb(-places)

    assert Fraction(number) == fraction(np.float32(number)) == fraction(float(number))
    assert Fraction(steps % 100) == fraction(np.float16(steps % 100)) == fraction(np.int8(steps % 100))


def test_a_long_double_may_be_larger_than_a_float():
    largest = np.finfo(np.longdouble).max

    assert Fraction(Decimal(str(largest))) == fraction(largest)


@given(st.one_of(st.text(), st.binary(), st.floats(), st.none(), st.decimals(), st.lists(st.integers())))
def test_anything_is_a_number_or_our_error(value):
    try:
        number = fraction(value)
    except NumberError as error:
        number = None
        told = str(error)

    assert isinstance(number, Fraction) or re.match("(expected a .*number|'.*' divides by zero)", told)


@pytest.mark.parametrize(
    ("value", "code", "message"),
    [
        (True, "not-a-number", "expected a number, not True"),
        (np.bool_(False), "not-a-number", f"expected a number, not {np.bool_(False)!r}"),
        (None, "not-a-number", "expected a number, not None"),
        ([1], "not-a-number", "expected a number, not [1]"),
        ("1,5", "not-a-number", "expected a number, not '1,5'"),
        ("x" * 100, "not-a-number", f"expected a number, not '{'x' * 56}..."),
        ("x" * 58, "not-a-number", f"expected a number, not '{'x' * 58}'"),
        ("\u0661", "not-a-number", "expected a number, not '\u0661'"),
        ("1_000", "not-a-number", "expected a number, not '1_000'"),
        ("1/0", "not-a-number", "'1/0' divides by zero"),
        (math.inf, "not-finite", "expected a finite number, not inf"),
        (math.nan, "not-finite", "expected a finite number, not nan"),
        (np.float32("-inf"), "not-finite", "expected a finite number, not -inf"),
        (Decimal("NaN"), "not-finite", "expected a finite number, not NaN"),
        (Decimal("sNaN"), "not-finite", "expected a finite number, not sNaN"),
        (Decimal("Infinity"), "not-finite", "expected a finite number, not Infinity"),
        (
            10**30,
            "too-many-digits",
            "expected a shorter number, found a whole number of more than 30 digits",
        ),
        (
            "1" * 31,
            "too-many-digits",
            f"expected a shorter number, found more than 30 digits in '{'1' * 31}'",
        ),
        (
            "1." + "1" * 30,
            "too-many-digits",
            f"expected a shorter number, found more than 30 digits in '1.{'1' * 30}'",
        ),
        (
            "1/" + "1" * 31,
            "too-many-digits",
            f"expected a shorter number, found more than 30 digits in '1/{'1' * 31}'",
        ),
        (
            "-" + "1" * 31 + "/1",
            "too-many-digits",
            f"expected a shorter number, found more than 30 digits in '-{'1' * 31}/1'",
        ),
        (
            "1e21",
            "too-many-digits",
            "expected a shorter number, found an exponent of more than 20 in '1e21'",
        ),
        (
            "1e-00021",
            "too-many-digits",
            "expected a shorter number, found an exponent of more than 20 in '1e-00021'",
        ),
        (
            Decimal("1e999"),
            "too-many-digits",
            "expected a shorter number, found an exponent of more than 20 in '1E+999'",
        ),
    ],
)
def test_what_is_no_number_is_refused(value, code, message):
    with pytest.raises(NumberError) as error:
        fraction(value)

    assert message == str(error.value)
    assert code == error.value.code


def test_thirty_digits_and_an_exponent_of_twenty_are_still_read():
    assert Fraction(10**30 - 1) == fraction("9" * 30) == fraction(10**30 - 1)
    assert Fraction(1, 10**20) == fraction("1e-20")
    assert Fraction(-1, 10**30 - 1) == fraction("-1/" + "9" * 30)


@given(texts)
def test_an_exact_number_is_equal_to_its_value_and_shows_its_print(text):
    number = Exact(text)

    assert fraction(text) == number == Exact(number)
    assert hash(fraction(text)) == hash(number)
    assert text == str(number) == str(Exact(f" {text} ")) == str(Exact(number))
    assert f"Exact({text!r})" == repr(number)


@given(
    st.one_of(
        texts,
        FLOATS.filter(lambda number: not number or 1e-49 < abs(number) < 1e49),
        short_decimals,
        st.fractions(max_denominator=10**40),
        st.builds(Fraction, st.integers(1, 10**40), st.integers(1, 10**40)),
    )
)
@example("86.620")
def test_an_exact_number_survives_pickle_and_copy(value):
    number = Exact(value)

    for again in (pickle.loads(pickle.dumps(number)), copy.copy(number), copy.deepcopy(number)):
        assert (Exact, Fraction(number), str(number)) == (type(again), Fraction(again), str(again))


@pytest.mark.parametrize("value", [1e51, Fraction(1, 10**51), 5e-324])
def test_an_exact_number_is_of_a_size_that_one_prints(value):
    with pytest.raises(NumberError) as error:
        Exact(value)

    assert str(error.value).startswith(f"expected a shorter number, found {value!r}"[:60])
    assert str(error.value).endswith(", which is not between 1e-50 and 1e50 in size")


def test_fractions_too_long_for_floats_are_refused_and_others_only_told_about():
    with pytest.raises(NumberError) as error:
        fraction(Fraction(10**400))

    assert "expected a shorter number, found a fraction of more than 300 digits before the point" == str(
        error.value
    )
    assert "about 3.0" == written(3 + Fraction(1, 3**5000))
    assert ("about 1e5000", "about -1e400") == (
        written(Fraction(10**5000)),
        written(Fraction(-(10**1300), 10**900 + 1)),
    )


@given(st.one_of(texts, st.text()))
def test_the_number_in_a_text_is_what_it_is_read_as_or_nothing(text):
    found = number_in(text)
    try:
        expected = fraction(text)
    except NumberError:
        expected = None

    assert expected == found


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("0.50", Fraction(1, 2)),
        (" 1/3 ", Fraction(1, 3)),
        ("1/0", None),
        ("NA", None),
        ("1e99", None),
        ("", None),
    ],
)
def test_a_text_holds_a_number_or_none(text, number):
    assert number == number_in(text)


@given(st.one_of(st.text(), st.integers(), st.lists(st.integers())))
def test_a_value_is_shown_in_at_most_60_characters(value):
    words = shown(value)

    assert len(words) <= 60
    assert repr(value).startswith(words.removesuffix("..."))


@pytest.mark.parametrize("value", [10**5000, Fraction(1, 10**5000), [10**5000]], ids=range(3))
def test_numbers_of_more_digits_than_python_writes_are_told_about(value):
    assert "a value of too many digits to show" == shown(value)


def test_an_exact_number_of_too_many_digits_to_show_is_refused():
    with pytest.raises(NumberError) as error:
        Exact(Fraction(1, 10**5000))

    assert str(error.value) == (
        "expected a shorter number, found a value of too many digits to show, "
        "which is not between 1e-50 and 1e50 in size"
    )


@given(st.one_of(texts, short_decimals, st.integers(-(10**29), 10**29)))
def test_what_an_exact_number_prints_is_read_as_itself(value):
    number = Exact(value)

    assert number == Exact(str(number))
    assert str(number) == str(Exact(str(number)))


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (Decimal("0.50"), "0.50"),
        (Decimal("1E+3"), "1000"),
        (Decimal("1E-9"), "0.000000001"),
        (Decimal("1.234567890123456E-19"), "1.234567890123456E-19"),
        (0.1, "0.1"),
        (Fraction(1, 9), "1/9"),
        (Fraction(-5, 4), "-1.25"),
        (7, "7"),
    ],
)
def test_numbers_without_a_print_get_the_shortest(value, text):
    assert text == str(Exact(value))


def test_arithmetic_forgets_the_print():
    kinds = {type(made) for made in (Exact("0.50") + 1, -Exact("0.50"), abs(Exact("0.50")))}

    assert {Fraction} == kinds


@given(st.fractions())
def test_written_numbers_read_back(number):
    text = written(number)

    assert number == Fraction(text)
    assert ("/" not in text) == (10**400 % number.denominator == 0)


@given(st.integers(-(10**12), 10**12), st.integers(0, 12))
def test_a_decimal_is_written_without_needless_zeros(steps, places):
    text = written(Fraction(steps, 10**places))

    expected = format(Decimal(steps).scaleb(-places), "f")

    assert (expected.rstrip("0").rstrip(".") if "." in expected else expected) == text.replace("-0", "-0")


@given(st.integers(-(10**12), 10**12), roundings(most=10))
def test_a_published_number_has_all_its_places(steps, rounding):
    number = rounding.of(Fraction(steps, 10**6))

    shown = decimal(number, rounding)

    assert number == Fraction(shown)
    assert -rounding.decimals == shown.as_tuple().exponent


@given(st.integers(-(10**40), 10**40), st.integers(0, 10), st.integers(1, 9))
def test_a_decimal_does_not_depend_on_the_context_of_the_caller(steps, decimals, precision):
    number = Fraction(steps, 10**decimals)
    with decimals_of.localcontext() as context:
        context.prec = precision
        context.traps[decimals_of.Inexact] = True
        shown = decimal(number, Rounding(decimals))
        exact = decimal(Fraction(1, 3), None)

    assert number == Fraction(shown)
    assert Decimal("0.3333333333333333333333333333") == exact


@given(st.integers(-(10**27), 10**27), st.integers(0, 30))
def test_a_number_that_is_not_rounded_is_shown_exactly_where_it_is_short(steps, places):
    assert Fraction(steps, 10**places) == Fraction(decimal(Fraction(steps, 10**places), None))


bounds = st.one_of(
    st.fractions(),
    st.integers(-(10**7), 10**7).map(lambda steps: Fraction(steps, 100)),
    FLOATS.filter(lambda number: abs(number) < 1e300).map(Fraction),
    FLOATS.filter(lambda number: abs(number) < 1e300).map(lambda number: Fraction(repr(number))),
    st.builds(Fraction, st.integers(-(10**50), 10**50), st.integers(1, 10**50)),
)


def nearby(number: float) -> list[float]:
    found = [number]
    for direction in (-math.inf, math.inf):
        each = number
        for _ in range(3):
            each = math.nextafter(each, direction)
            found.append(each)
    return found


@given(bounds, FLOATS)
@example(Fraction(0), -0.0)
@example(Fraction(-1, 10**400), 0.0)
@example(Fraction(78), 78.0)
@example(Fraction("77.995"), 77.995)
def test_a_float_lies_on_the_side_of_a_bound_on_which_its_decimal_lies(bound, far):
    at_least, above = float_at_least(bound), float_above(bound)

    for number in (far, *nearby(float(bound))):
        assert (Fraction(repr(number)) >= bound) == (number >= at_least)
        assert (Fraction(repr(number)) > bound) == (number >= above)


@given(st.integers(-(10**12), 10**12), st.integers(0, 14), roundings(most=10))
def test_rounding_is_that_of_the_decimal_module(steps, places, rounding):
    number = Decimal(steps).scaleb(-places)
    grid = Decimal(1).scaleb(-rounding.decimals)

    published = number.quantize(grid, rounding=WORDS[rounding.mode], context=WIDE)

    assert Fraction(published) == rounding.of(Fraction(number))
    assert int(published.scaleb(rounding.decimals, WIDE)) == rounding.steps(Fraction(number))


@given(st.fractions(), roundings())
def test_rounding_twice_is_rounding_once_and_never_far(number, rounding):
    published = rounding.of(number)

    assert published == rounding.of(published)
    assert abs(published - number) * rounding.scale < 1
    assert rounding.of(-number) == -published


@given(st.fractions(), st.fractions(), roundings())
def test_rounding_keeps_the_order(one, another, rounding):
    assert rounding.of(min(one, another)) <= rounding.of(max(one, another))


@given(st.fractions(0, 1000), roundings())
def test_the_cell_of_a_published_number_holds_what_is_rounded_to_it(number, rounding):
    low, high = rounding.cell(rounding.of(number))
    inner = low + (high - low) * Fraction(1, 1000)

    assert low <= number <= high
    assert rounding.of(number) == rounding.of(max(inner, Fraction(0)))
    assert rounding.of(high + (high - low) / 1000) > rounding.of(number)
    assert Fraction(1, rounding.scale) == high - low


@pytest.mark.parametrize("mode", ["up", "", "HALF_UP", None])
def test_an_unknown_mode_is_refused(mode):
    with pytest.raises(NumberError) as error:
        Rounding(2, mode)

    assert str(error.value) == f"expected a mode of 'half_up', 'half_even', 'down', not {mode!r}"
    assert error.value.code == "rounding-mode"


@pytest.mark.parametrize("decimals", [-1, 11, True, 2.0, "2"])
def test_decimals_that_are_none_are_refused(decimals):
    with pytest.raises(NumberError) as error:
        Rounding(decimals)

    assert str(error.value) == f"expected 0 to 10 decimals, not {decimals!r}"
    assert error.value.code == "rounding-decimals"


@st.composite
def near_turns(draw) -> float:
    """Floats on and next to ties and whole steps, and anywhere else."""
    turn = draw(st.integers(0, 2**52).map(lambda halves: halves / 2))
    number = draw(st.sampled_from(nearby(turn)))
    return draw(st.one_of(st.just(max(number, 0.0)), st.floats(0, 2.0**51)))


@given(st.lists(near_turns(), min_size=1), st.sampled_from(MODES))
@example([0.49999999999999994, 0.5, 0.0, 5e-324, 2.0**52 - 0.5], "half_up")
def test_floats_are_rounded_as_their_exact_twins_but_for_ties(numbers, mode):
    steps, distance = rounded_steps(np.array(numbers), mode)

    for number, step, far in zip(numbers, steps.tolist(), distance.tolist(), strict=True):
        exact = Fraction(number)
        turns = [exact // 1 + Fraction(k, 2) for k in ((1,) if mode != "down" else (0, 2))]

        assert math.isclose(float(min(abs(exact - turn) for turn in turns)), far, rel_tol=1e-15)
        assert far == 0 or Rounding(0, mode).steps(exact) == step


@given(st.lists(near_turns(), min_size=1), st.sampled_from(MODES))
def test_the_side_of_the_nearest_turning_point_settles_the_steps(numbers, mode):
    doubled = turning_points(np.array(numbers), mode)
    turns = [Fraction(each) / 2 for each in doubled.tolist()]
    signs = np.array(
        [(number > turn) - (number < turn) for number, turn in zip(numbers, turns, strict=True)],
        dtype=np.int8,
    )

    settled = settled_steps(doubled, signs, mode).tolist()

    assert [Rounding(0, mode).steps(Fraction(number)) for number in numbers] == settled
    assert all(abs(n - t) <= Fraction(1, 2) for n, t in zip(map(Fraction, numbers), turns, strict=True))


@pytest.mark.parametrize("mode", MODES)
def test_not_a_number_stays_so(mode):
    steps, distance = rounded_steps(np.array([math.nan]), mode)

    assert np.isnan(steps).all()
    assert np.isnan(distance).all()


def test_a_printed_number_is_compared_with_floats():
    assert Exact("0.50") == 0.5
    assert Exact("0.1") != 0.1  # the float is a little more than a tenth
    assert Exact("0.1") < 0.1
