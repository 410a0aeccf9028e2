import math
import sys
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pelayanan.errors import AnswerError, InstrumentError
from pelayanan.exact import written
from pelayanan.scales import Line, Option, Pieces, Scale
from pelayanan.strategies import responses, scales

NUMERIC = ("range", "count", "anchors", "steps")
LETTERS = [("A", 1), ("B", "0.75"), ("D*", None)]
LIKERT = Scale(options=[Option(str(code), Fraction(code, 4)) for code in range(1, 5)])


def options(*pairs, between=False):
    return Scale(options=[Option(code, share) for code, share in pairs], between=between)


def shown(number: float) -> Fraction:
    return Fraction(repr(number))


def share_of(scale: Scale, number: float) -> Fraction | None:
    """The share of a float that is on the scale, else nothing."""
    answer = shown(number)
    return None if scale.fault(answer) is not None else scale.share(answer)


def ends(scale: Scale) -> list[Fraction]:
    numbers = [*scale.ends] if scale.kernel is not None and scale.form != "options" else []
    numbers += [answer for answer, _ in (*scale.anchors, *scale.steps)]
    numbers += [option.number for option in scale.options if option.number is not None]
    numbers += [scale.full] if scale.full is not None else []
    return [number for number in numbers if number is not None]


@st.composite
def scales_and_floats(draw, kinds=Line | Pieces):
    """A scale that numbers can answer, with floats on, next to, between and far from its ends."""
    scale = draw(scales().filter(lambda scale: isinstance(scale.kernel, kinds)))
    near = [float(number) for number in ends(scale)]
    near += [math.nextafter(number, way) for number in near for way in (-math.inf, math.inf)]
    between = st.floats(min(near), max(near) + 1)
    short = st.integers(-2500, 11000).map(lambda steps: steps / 100)
    number = st.one_of(st.sampled_from(near), between, short, short.map(round).map(float))
    return scale, draw(st.lists(number, min_size=1, max_size=20))


@given(scales_and_floats())
def test_the_kernel_is_the_exact_twin(both):
    scale, numbers = both
    kernel = scale.kernel
    expected = [share_of(scale, number) for number in numbers]
    answers = np.array(numbers)
    if isinstance(kernel, Line):
        valid = (answers >= kernel.lowest) & (answers <= kernel.highest)
        valid &= (np.rint(answers) == answers) if kernel.whole else True
        shares = [kernel.slope * shown(number) for number in numbers]
        near = shares
    else:
        valid, near = kernel.valid(answers), kernel.shares(answers).tolist()

    assert [share is not None for share in expected] == valid.tolist()
    for exact, found in zip(expected, near, strict=True):
        assert exact is None or 0 <= exact <= 1
        if isinstance(kernel, Line):
            assert exact is None or exact == found
        else:
            assert exact is None or abs(exact - Fraction(found)) <= Fraction(kernel.error) / 2**53


@given(scales_and_floats(Pieces), st.sampled_from([1, 10, 100, 1000]))
def test_numerators_of_pieces_are_exact(both, scale_of_steps):
    scale, numbers = both
    kernel = scale.kernel
    steps = [round(number * scale_of_steps) for number in numbers]
    answers = [Fraction(step, scale_of_steps) for step in steps]
    valid = [scale.fault(answer) is None for answer in answers]
    numerators = kernel.numerators(np.array(steps, dtype=np.float64), scale_of_steps).tolist()

    assert isinstance(kernel.exact, tuple)
    for answer, is_valid, numerator in zip(answers, valid, numerators, strict=True):
        found = Fraction(numerator) / (kernel.denominator * scale_of_steps)
        assert not is_valid or scale.share(answer) == found


@given(scales_and_floats(), st.sampled_from([math.nan, math.inf, -math.inf]))
def test_what_is_no_number_is_invalid_and_not_a_number_stays_so(both, number):
    kernel = both[0].kernel
    if isinstance(kernel, Line):
        valid = kernel.lowest <= number <= kernel.highest
    else:
        valid = bool(kernel.valid(np.array([number]))[0])

    assert not valid
    assert isinstance(kernel, Line) or np.isnan(kernel.shares(np.array([math.nan]))).all()


@given(st.data(), scales())
def test_valid_answers_are_worth_between_the_worst_and_the_best(data, scale):
    answer = data.draw(responses(scale))

    assert scale.fault(answer if isinstance(answer, str) else Fraction(str(answer))) is None
    assert 0 <= scale.worst <= scale.share(answer) <= scale.best <= 1


@given(
    scales(), st.one_of(st.text(max_size=4), st.integers(-30, 120).map(str), st.sampled_from(["D*", "1,5"]))
)
def test_a_scale_knows_the_texts_that_it_scores(scale, answer):
    try:
        scored = 0 <= scale.share(answer) <= 1
    except AnswerError:
        scored = False

    assert scored == scale.knows(answer)


def test_an_option_that_cannot_be_scored_is_known_all_the_same():
    assert [True, True, False, False] == [options(*LETTERS).knows(each) for each in ("A", "D*", "a", "1")]
    assert [True, True, False] == [LIKERT.knows(each) for each in ("4", " 4.0 ", "5")]


@given(scales(forms=NUMERIC), st.data())
def test_the_worst_and_the_best_are_attained(scale, data):
    shares = {scale.share(answer) for answer in ends(scale)}

    assert {scale.worst, scale.best} <= shares


@given(scales(forms=("range", "count")), st.data())
def test_more_is_never_worth_less(scale, data):
    high = scale.ends[1]
    parts = sorted(data.draw(st.lists(st.fractions(0, 1), min_size=2, max_size=9)))
    whole = scale.form == "count"
    answers = [scale.ends[0] + (high - scale.ends[0]) * part for part in parts]
    shares = [scale.share(answer // 1 if whole else answer) for answer in answers]

    assert sorted(shares) == shares


@given(st.data())
def test_rising_pairs_rise_and_falling_pairs_fall(data):
    starts = sorted(data.draw(st.sets(st.integers(-20, 100), min_size=2, max_size=5)))
    worth = sorted(data.draw(st.lists(st.fractions(0, 1), min_size=len(starts), max_size=len(starts))))
    parts = sorted(data.draw(st.lists(st.fractions(0, 1), min_size=2, max_size=9)))
    answers = [starts[0] + (starts[-1] - starts[0]) * part for part in parts]
    for form in ("anchors", "steps"):
        rising = Scale(**{form: list(zip(starts, worth, strict=True))})
        falling = Scale(**{form: list(zip(starts, reversed(worth), strict=True))})
        up = [rising.share(answer) for answer in answers]
        down = [falling.share(answer) for answer in answers]

        assert sorted(up) == up
        assert sorted(down, reverse=True) == down


@given(st.integers(0, 500), st.integers(1, 500), st.fractions(0, 1))
def test_a_range_is_worth_answer_over_high(low, more, part):
    scale = Scale(low=low, high=low + more)
    answer = low + more * part

    assert answer / (low + more) == scale.share(answer)
    assert (Fraction(low, low + more), 1) == (scale.worst, scale.best)


@given(st.integers(1, 60), st.data())
def test_a_count_is_full_at_its_full_number(of, data):
    full = data.draw(st.integers(1, of))
    present = data.draw(st.integers(0, of))

    assert min(Fraction(present, full), 1) == Scale(of=of, full=full).share(present)


@given(scales(forms=("options",)), st.data())
def test_options_are_worth_their_shares_however_they_are_named(scale, data):
    option = data.draw(st.sampled_from(scale.options))
    names = [option.code]
    if option.number is not None:
        names += [option.number, int(option.number), f" {option.code}.0 ", float(option.number)]

    assert {option.share} == {scale.share(name) for name in names}


@given(scales())
def test_a_scale_is_equal_to_one_that_is_made_alike(scale):
    again = Scale(
        scale.options, scale.between, scale.low, scale.high, scale.of, scale.full, scale.anchors, scale.steps
    )

    assert scale == again
    assert hash(scale) == hash(again)
    assert scale.form == again.form


def test_numbers_are_answers_where_they_are_the_code_of_an_option():
    numbers = np.array([0.5, 1.0, 1.5, 2.0, 4.0, 5.0, np.nan])

    scale = options(("1", 0), ("2", "0.5"), ("4", 1))

    assert [False, True, False, True, True, False, False] == scale.kernel.valid(numbers).tolist()


def test_means_of_numeric_options_lie_on_the_line_between_their_neighbours():
    scale = options(("1", 0), ("2", "0.5"), ("4", 1), between=True)

    assert (Fraction(1, 4), Fraction(3, 4)) == (scale.share("1.5"), scale.share(3))


def test_half_an_item_is_no_count():
    kernel = Scale(of=4, full=2).kernel

    assert [True, False, True, True, False] == kernel.valid(np.array([1.0, 1.5, 2, 4, 5])).tolist()


def test_letters_have_no_kernel():
    assert options(*LETTERS).kernel is None
    assert isinstance(LIKERT.kernel, Line)
    assert isinstance(options(("1", 0), ("2", 1)).kernel, Pieces)
    assert isinstance(options(("0", 0)).kernel, Pieces)


def test_an_option_that_no_float_shows_is_not_read_from_floats():
    kernel = options(("0.12345678901234567890", 1), ("1", "1/2"), ("3", 1)).kernel

    assert [1.0, 3.0] == kernel.starts.tolist()


def test_shares_of_more_than_53_bits_have_no_exact_numerators():
    scale = Scale(steps=[(0, "1/30030030030030031"), (1, "1/7")])
    kernel = scale.kernel
    found = kernel.numerators(np.array([0.0, 1.0]), 1)

    assert kernel.exact is None
    assert [1 / 30030030030030031, 1 / 7] == found.tolist()


def test_steps_go_on_without_end():
    scale = Scale(steps=[(0, "0.6"), (66, "0.8"), (81, 1)])

    assert ("3/5", "3/5", "4/5", "1", "1") == tuple(
        str(scale.share(answer)) for answer in (0, "65.99", 66, 81, 10**20)
    )
    assert (0, None) == scale.ends
    assert sys.float_info.max == scale.kernel.highest


@pytest.mark.parametrize(
    ("scale", "answer", "message"),
    [
        (
            Scale(low=1, high=4),
            "0.99",
            "the answer '0.99' is outside the scale 1 to 4; the nearest valid answer is 1",
        ),
        (
            Scale(low=1, high=4),
            Fraction("4.01"),
            "the answer 4.01 is outside the scale 1 to 4; the nearest valid answer is 4",
        ),
        (
            Scale(steps=[(5, 0)]),
            Fraction(1, 3),
            "the answer 1/3 is outside the scale from 5 on; the nearest valid answer is 5",
        ),
        (
            Scale(of=10, full=5),
            Fraction(7, 2),
            "the answer 3.5 is not a whole number; the nearest valid answer is 4",
        ),
        (
            Scale(of=10, full=5),
            Fraction(11),
            "the answer 11 is outside the scale 0 to 10; the nearest valid answer is 10",
        ),
        (
            Scale(low=0, high=10),
            "8,5",
            "the answer '8,5' is not a number; write '8.5', or read it with decimal=','",
        ),
        (Scale(low=0, high=10), "a,b", "the answer 'a,b' is not a number"),
        (Scale(low=0, high=10), "1,2,3", "the answer '1,2,3' is not a number"),
        (options(*LETTERS), "b", "the answer 'b' is no option of the scale; known are 'A', 'B'"),
        (options(*LETTERS), Fraction(3), "the answer 3 is no option of the scale; known are 'A', 'B'"),
        (options(*LETTERS), "D*", "the option 'D*' has no share and cannot be scored"),
        (
            options(("ada", 1), ("tidak", 0)),
            "tidka",
            "the answer 'tidka' is no option of the scale; did you mean 'tidak'?",
        ),
        (LIKERT, Fraction(5), "the answer 5 is no option of the scale; the nearest valid answer is '4'"),
        (LIKERT, "2.4", "the answer '2.4' is no option of the scale; the nearest valid answer is '2'"),
        (
            options(("1", 0), ("3", 1), between=True),
            "0",
            "the answer '0' is outside the scale 1 to 3; the nearest valid answer is 1",
        ),
    ],
)
def test_an_answer_off_the_scale_is_told_the_nearest(scale, answer, message):
    with pytest.raises(AnswerError) as error:
        scale.share(answer)

    assert f"answer: {message}" == str(error.value)
    assert (error.value.problems[0],) == (scale.fault(answer),)


FORM = "a scale has exactly one of options, range, count, anchors, steps; found"


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({}, f"{FORM} none"),
        ({"low": 0, "high": 1, "steps": [(0, 1)]}, f"{FORM} range and steps"),
        ({"low": 0}, "a range has a low and a high end @ range"),
        ({"low": 4, "high": 4}, "a range has 0 <= low < high, not 4 and 4 @ range"),
        ({"low": "-0.5", "high": 4}, "a range has 0 <= low < high, not -0.5 and 4 @ range"),
        ({"of": 4}, "a count says of how many, and how many are full @ count"),
        ({"of": 4, "full": 5}, "a count has whole numbers with 1 <= full <= of, not 5 and 4 @ count"),
        ({"of": 4, "full": 0}, "a count has whole numbers with 1 <= full <= of, not 0 and 4 @ count"),
        ({"of": 4, "full": "1.5"}, "a count has whole numbers with 1 <= full <= of, not 1.5 and 4 @ count"),
        ({"of": "4.5", "full": 1}, "a count has whole numbers with 1 <= full <= of, not 1 and 4.5 @ count"),
        ({"anchors": [(0, 1)]}, "anchors need two pairs or more @ anchors"),
        ({"anchors": [(0, 1), (0, "0.5")]}, "answers rise; 0 does not come after 0 @ anchors[1]"),
        ({"anchors": [(0, 1), (1, "1.5")]}, "a share lies between 0 and 1, not at 1.5 @ anchors[1]"),
        ({"steps": [(0, "-0.1")]}, "a share lies between 0 and 1, not at -0.1 @ steps[0]"),
        ({"options": [Option("", 1)]}, "a code has 1 to 40 characters, not 0 @ options[0].code"),
        ({"options": [Option("x" * 41, 1)]}, "a code has 1 to 40 characters, not 41 @ options[0].code"),
        ({"options": [Option("1", 1), Option("1.0", 0)]}, "the option '1.0' is there twice @ options[1]"),
        ({"options": [Option("a", 2)]}, "a share lies between 0 and 1, not at 2 @ options[0].share"),
        ({"options": [Option("a")]}, "no option has a share @ options"),
        (
            {"options": [Option("a", 1), Option("1", 0)], "between": True},
            "between needs numeric options that all have a share @ between",
        ),
        (
            {"options": [Option("1", 1), Option("2")], "between": True},
            "between needs numeric options that all have a share @ between",
        ),
        ({"options": [Option("1", 1)], "between": True}, "between needs two options or more @ between"),
        ({"low": 0, "high": 1, "between": True}, "between needs two options or more @ between"),
    ],
)
def test_a_scale_that_is_not_sound_is_refused(fields, message):
    with pytest.raises(InstrumentError) as error:
        Scale(**fields)

    assert f"scale: {message}" == str(error.value)


def test_all_problems_of_a_named_scale_come_at_once():
    with pytest.raises(InstrumentError) as error:
        Scale(options=[Option("", 2), Option("", 0)], code="papan")

    assert str(error.value) == (
        "scale 'papan' has 4 problems\n"
        "  a code has 1 to 40 characters, not 0 @ options[0].code\n"
        "  a share lies between 0 and 1, not at 2 @ options[0].share\n"
        "  a code has 1 to 40 characters, not 0 @ options[1].code\n"
        "  the option '' is there twice @ options[1]"
    )
    assert error.value.code == "several-problems"


def test_a_share_is_kept_as_it_was_printed():
    assert "0.50" == str(Option("a", "0.50").share)
    assert "0.5" == written(Option("a", "0.50").share)
