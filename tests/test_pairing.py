import pytest
from hypothesis import given
from hypothesis import strategies as st

from pelayanan import Indicator, Scale
from pelayanan.pairing import named, unique

PAIRS = st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from("xyz")))


def asked(code: str, *aliases: str) -> Indicator:
    return Indicator(code, Scale(low=0, high=4), aliases=aliases)


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ([asked("u1")], [asked("fees", "u1")], {("u1", "fees")}),
        ([asked("u1", "fees")], [asked("fees")], {("u1", "fees")}),
        ([asked("u1", "fees")], [asked("fees", "u1")], {("u1", "fees")}),
        ([asked("u1"), asked("u2")], [asked("fees", "u1", "u2")], {("u1", "fees"), ("u2", "fees")}),
        ([asked("u1", "i1")], [asked("fees", "i1")], set()),
        ([asked("u1")], [asked("u1")], set()),
    ],
)
def test_questions_are_paired_where_one_has_the_code_of_the_other_as_an_alias(before, after, expected):
    assert expected == set(named(before, after))


@given(PAIRS)
def test_a_unique_pair_is_the_only_one_of_both_of_its_sides(pairs):
    expected = {
        (old, new)
        for old, new in pairs
        if {new} == {b for a, b in pairs if a == old} and {old} == {a for a, b in pairs if b == new}
    }

    assert expected == set(unique(pairs).items())


def test_of_pairs_that_share_a_side_none_is_unique():
    assert {"c": "z"} == unique([("a", "x"), ("a", "y"), ("b", "x"), ("c", "z"), ("c", "z")])
