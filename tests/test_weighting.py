from fractions import Fraction

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pelayanan.errors import Problem
from pelayanan.exact import Exact, written
from pelayanan.weighting import Weights, resolved

CENTS = st.integers(1, 9999).map(lambda steps: Fraction(steps, 100))


def resolve(printed, of_whole=False, **declared):
    weights = [None if each is None else Exact(each) for each in printed]
    return resolved(weights, Weights(**declared), of_whole=of_whole, place="d1")


@st.composite
def printed_weights(draw) -> tuple[list[Fraction | None], Fraction]:
    """Weights of which at least one is absent, and a whole that leaves something for those."""
    given_ones = draw(st.lists(CENTS, max_size=6))
    absent = draw(st.integers(1, 4))
    weights = draw(st.permutations([*given_ones, *[None] * absent]))
    return weights, sum(given_ones, Fraction(0)) + draw(CENTS)


def test_the_printed_share_of_one_indicator_leaves_the_rest_to_the_others():
    parts, problems = resolve(["12.22", None, None], whole=100)

    assert (Fraction("12.22"), Fraction("43.89"), Fraction("43.89")) == parts
    assert [] == problems


@given(printed_weights(), st.booleans())
def test_absent_weights_share_what_is_left_of_the_whole(both, of_whole):
    printed, whole = both
    parts, problems = resolve(printed, of_whole, whole=whole)

    absent = [part for part, weight in zip(parts, printed, strict=True) if weight is None]

    assert [] == problems
    assert whole == sum(parts)
    assert 1 == len(set(absent))
    assert all(weight in (None, part) for part, weight in zip(parts, printed, strict=True))


@given(printed_weights(), CENTS)
def test_weights_follow_their_unit(both, factor):
    printed, whole = both
    scaled = [None if weight is None else weight * factor for weight in printed]

    parts, _ = resolve(printed, whole=whole)
    scaled_parts, _ = resolve(scaled, whole=whole * factor)

    assert [part * factor for part in parts] == list(scaled_parts)


@given(st.lists(CENTS, min_size=1, max_size=8))
def test_weights_that_all_are_printed_stay(printed):
    total = sum(printed, Fraction(0))

    for declared in ({}, {"whole": total}, {"sum": total}, {"whole": total + 1, "sum": total}):
        assert (tuple(printed), []) == resolve(printed, **declared)
    for declared in ({"whole": total}, {"whole": total + 1}, {"whole": total / 2, "sum": total}):
        assert (tuple(printed), []) == resolve(printed, True, **declared)


@given(st.integers(1, 20))
def test_weights_that_all_are_absent_are_equal(count):
    parts, problems = resolve([None] * count)

    assert (Fraction(1, count),) * count == parts
    assert [] == problems


@pytest.mark.parametrize(
    ("printed", "of_whole", "declared", "code", "message"),
    [
        ([1, 2], False, {"whole": 0}, "weights-whole", "the whole must be greater than 0, not 0"),
        ([1, 2], True, {"whole": "-1.0"}, "weights-whole", "the whole must be greater than 0, not -1.0"),
        (
            [1, 2],
            True,
            {},
            "weights-whole",
            "a weighted sum needs weights.whole: what are the weights parts of?",
        ),
        (
            [1, None, None],
            False,
            {},
            "weights-whole",
            "2 of 3 weights are absent; state weights.whole to share the rest",
        ),
        (
            ["60.50", "39.5", None],
            False,
            {"whole": "100.0"},
            "weights-sum",
            "the printed weights add up to 100, which leaves nothing of 100.0 for the 1 absent",
        ),
        (
            [None, None],
            False,
            {"sum": 1},
            "weights-sum",
            "weights.sum is stated, but not every weight is printed",
        ),
        (
            ["0.5", "0.49"],
            True,
            {"whole": 1, "sum": "0.999"},
            "weights-sum",
            "the weights add up to 0.99, not to the stated 0.999",
        ),
        (
            ["0.5", "0.51"],
            True,
            {"whole": 1},
            "weights-sum",
            "the weights add up to 1.01, more than the whole of 1; state weights.sum if it was printed so",
        ),
        (
            ["40", "59.99"],
            False,
            {"whole": 100},
            "weights-sum",
            "the weights add up to 99.99, not to the whole of 100",
        ),
    ],
)
def test_weights_that_do_not_add_up_are_told(printed, of_whole, declared, code, message):
    parts, problems = resolve(printed, of_whole, **declared)

    assert [Problem(code, message, "d1.weights")] == problems
    assert (1,) * len(printed) == parts


def test_weights_with_too_long_a_common_denominator_are_told():
    parts, problems = resolve([f"1/{10**20 + 1}", f"1/{10**20 + 3}"])

    message = "the common denominator of the weights has more than 30 digits"

    assert [Problem("weights-denominator", message, "d1.weights")] == problems
    assert 2 == len(parts)


def test_a_common_denominator_of_thirty_digits_is_taken():
    printed = (Fraction(1, 10**30), Fraction(1))

    assert (printed, []) == resolve(printed)


@given(st.lists(CENTS, max_size=4), st.fractions(max_value=0))
def test_weights_of_nothing_or_less_are_left_to_the_criteria(printed, bad):
    assert ((1,) * (len(printed) + 1), []) == resolve([*printed, bad], whole=3)


def test_declarations_are_exact_and_absent_by_default():
    declared = Weights("100.0", sum="99.90")

    assert Weights() == Weights(None, "members", "", None)
    assert ("100.0", "99.90") == (str(declared.whole), str(declared.sum))
    assert "99.9" == written(declared.sum)
    assert declared == attrs.evolve(declared, whole=100)
