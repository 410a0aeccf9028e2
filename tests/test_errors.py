import copy
import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pelayanan.errors import (
    AnswerError,
    FileError,
    InstrumentError,
    NumberError,
    PelayananError,
    Problem,
    ScoresError,
    UnknownError,
    nearest,
)

KINDS = {
    PelayananError: Exception,
    NumberError: ValueError,
    UnknownError: LookupError,
    ScoresError: ValueError,
    FileError: OSError,
    InstrumentError: ValueError,
    AnswerError: ValueError,
}
LISTS = [InstrumentError, AnswerError]


def problems(*, least: int = 1, most: int = 8) -> st.SearchStrategy[list[Problem]]:
    made = st.builds(Problem, st.sampled_from(["weight", "code"]), st.text(min_size=1), st.text())
    return st.lists(made, min_size=least, max_size=most)


@given(st.sampled_from(sorted(KINDS, key=str)), st.text(min_size=1), st.text(), st.integers())
def test_every_error_is_caught_as_its_builtin_and_tells_its_parts(kind, code, message, number):
    error = kind(code, message, number=number)

    assert issubclass(kind, PelayananError)
    assert isinstance(error, KINDS[kind])
    assert (code, message, {"number": number}) == (error.code, str(error), error.values)


@given(st.sampled_from(sorted(KINDS, key=str)), st.text(min_size=1), st.text(), st.integers())
def test_every_error_survives_pickle_and_copy(kind, code, message, number):
    error = kind(code, message, number=number)

    for again in (pickle.loads(pickle.dumps(error)), copy.copy(error), copy.deepcopy(error)):
        assert (kind, code, message, {"number": number}) == (
            type(again),
            again.code,
            str(again),
            again.values,
        )


@given(st.sampled_from(LISTS), problems())
def test_a_list_of_problems_survives_pickle(kind, found):
    error = kind.of("kios", found)

    again = pickle.loads(pickle.dumps(error))

    assert (kind, str(error), tuple(found)) == (type(again), str(again), again.problems)


@given(st.sampled_from(LISTS), problems(least=2), st.integers(1, 8), st.integers(0, 12))
def test_every_problem_is_shown_or_counted(kind, found, shown, count):
    error = kind.of("kios", found, shown=shown, count=count)

    listed = [f"  {problem}" for problem in found][:shown]
    left = max(count, len(found)) - len(listed)
    more = [f"  and {left} more"] if left else []
    heading = f"kios has {max(count, len(found))} problems"

    assert "\n".join([heading, *listed, *more]) == str(error)
    assert tuple(found) == error.problems


def test_one_problem_stands_on_the_line_of_its_subject():
    error = InstrumentError.of("kios", [Problem("weight", "a weight is greater than 0, not 0", "a.weight")])

    assert str(error) == "kios: a weight is greater than 0, not 0 @ a.weight"
    assert error.code == "weight"


def test_problems_of_one_kind_keep_its_code_and_others_are_several():
    one = InstrumentError.of("kios", [Problem("weight", "x", "a"), Problem("weight", "y", "b")])
    several = InstrumentError.of("kios", [Problem("weight", "x", "a"), Problem("code", "y", "b")])

    assert (one.code, several.code) == ("weight", "several-problems")
    assert str(several) == "kios has 2 problems\n  x @ a\n  y @ b"


def test_the_first_problem_of_many_counts_the_others():
    error = AnswerError.of("answers", [Problem("x", "it is wrong", "row 1")], count=3)

    assert str(error) == "answers has 3 problems\n  it is wrong @ row 1\n  and 2 more"


def test_a_problem_without_a_place_is_its_message():
    assert "it is wrong" == str(Problem("x", "it is wrong", ""))
    assert "it is wrong @ there" == str(Problem("x", "it is wrong", "there"))


@given(st.lists(st.text(max_size=12), unique=True, min_size=1), st.data())
def test_a_known_name_is_its_own_nearest(names, data):
    name = data.draw(st.sampled_from([each for each in names if each] or ["x"]))

    assert nearest(name, [*names, name]) == f"; did you mean {name!r}?"


@pytest.mark.parametrize(
    ("name", "known", "hint"),
    [
        ("d1.fee", ["d1.door", "d1.fees"], "; did you mean 'd1.fees'?"),
        ("qqq", ["hijau", "kuning"], "; known are 'hijau', 'kuning'"),
        ("qqq", [], ""),
        (7, [70, 8], "; did you mean '70'?"),
        ("qqq", "abcdefghij", "; known are " + ", ".join(repr(each) for each in "abcdefghij")),
        ("qqq", "abcdefghijkl", "; known are " + ", ".join(repr(x) for x in "abcdefghij") + " and 2 more"),
    ],
)
def test_an_unknown_name_is_answered_with_what_there_is(name, known, hint):
    assert hint == nearest(name, known)
