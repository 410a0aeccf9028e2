import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from refusing import error_text

from pelayanan.errors import ScoresError, UnknownError
from pelayanan.grouping import grouped

TEXTS = st.sampled_from(["Ende", "Kupang", " x", "0"])
NUMBERS = st.one_of(st.integers(-3, 6), st.integers(-(2**62), 2**62))


def units(count):
    return np.array([f"unit {row}" for row in range(count)])


# Properties


@given(st.one_of(st.lists(TEXTS, max_size=20), st.lists(NUMBERS, max_size=20)))
def test_the_index_leads_back_to_the_labels_in_order_of_first_appearance(given_labels):
    labels, index = grouped(units(len(given_labels)), given_labels)

    assert given_labels == [labels[place] for place in index.tolist()]
    assert tuple(dict.fromkeys(given_labels)) == labels


@given(
    st.sampled_from(["int8", "uint16", "int64", "uint64"]),
    st.lists(st.integers(0, 120), max_size=40),
    st.integers(1, 400),
)
@example("int64", [5, 3, 9], 400)
def test_arrays_of_whole_numbers_are_what_lists_are(dtype, few, times):
    listed = few * times
    array = np.array(listed, dtype=dtype)
    labels, index = grouped(units(len(listed)), array)
    expected, places = grouped(units(len(listed)), listed)

    assert expected == labels
    assert places.tolist() == index.tolist()
    assert all(type(each) is int for each in labels)


def test_groups_that_come_late_in_a_long_array_are_found_and_no_more_is_looked_for():
    late = np.repeat([5, 3, 9], [5000, 100, 9000])
    labels, index = grouped(units(len(late)), late)

    assert (5, 3, 9) == labels
    assert [0, 1, 2] == index[[4999, 5000, 5100]].tolist()


@given(st.lists(st.integers(-(2**63), 2**63 - 1), min_size=1, max_size=5))
@example([-(2**63), 0, 2**63 - 1])
def test_whole_numbers_far_apart_are_told_apart(listed):
    labels, index = grouped(units(len(listed)), np.array(listed, dtype=np.int64))

    assert listed == [labels[place] for place in index.tolist()]


@given(st.lists(TEXTS, max_size=10))
def test_a_mapping_by_unit_is_what_labels_are(listed):
    names = units(len(listed))
    labels, index = grouped(names, dict(zip(names.tolist(), listed)))
    expected, places = grouped(names, np.array(listed, dtype=object))

    assert (expected, places.tolist()) == (labels, index.tolist())


# Bad input


def refused(kind, *arguments):
    return error_text(kind, grouped, *arguments)


def test_labels_that_do_not_fit_are_refused():
    two = units(2)

    assert "groups has 1 labels for 2 units" == refused(ScoresError, two, ["x"])
    assert "groups has 1 labels for 2 units" == refused(ScoresError, two, "xy")
    assert "groups has 3 labels for 2 units" == refused(ScoresError, two, np.array([1, 2, 3]))
    assert "by has 0 labels for 2 units" == refused(ScoresError, two, [], "by", "institution")


@pytest.mark.parametrize(
    "labels",
    [
        ["x", ""],
        ["x", "  "],
        ["x", None],
        [1.0, float("nan")],
        np.array([1, np.nan]),
        np.array(["x", None], dtype=object),
        np.ma.MaskedArray([1, 2], [False, True]),
    ],
)
def test_a_label_that_is_missing_is_refused(labels):
    assert "groups has no group for the unit 'unit 1'" == refused(ScoresError, units(2), labels)


def test_a_mapping_names_each_unit():
    assert "groups names no group for the unit 'unit 1'" == refused(UnknownError, units(2), {"unit 0": "x"})


@pytest.mark.parametrize(("label", "shown"), [([1], "[1]"), (("x", []), "('x', [])")])
def test_a_label_that_cannot_be_told_apart_is_refused(label, shown):
    assert f"groups has {shown} for the unit 'unit 1'; give a text or a number" == refused(
        ScoresError, units(2), ["x", label]
    )
