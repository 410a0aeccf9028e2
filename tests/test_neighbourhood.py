import math
import pickle
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from refusing import error_text

import pelayanan
from pelayanan import Neighbours, Scores, neighbours
from pelayanan.errors import AnswerError, NumberError, PeersError, UnknownError

EDITION = pelayanan.load("ombudsman-2024")


class NAType:
    """What pandas calls the class of its missing value."""


@st.composite
def contexts(draw, most=12):
    """Two variables of which none is constant, with many equal values."""
    count = draw(st.integers(2, most))
    values = st.one_of(st.integers(-3, 3).map(float), st.floats(-1e12, 1e12))
    column = st.lists(values, min_size=count, max_size=count).filter(lambda each: len({*each}) > 1)
    return {"population": draw(column), "area": draw(column)}


def distances(context, weights):
    """The distance of each pair by the formula, with sums that lose nothing."""
    count = len(next(iter(context.values())))
    squares = [[0.0] * count for _ in range(count)]
    for name, values in context.items():
        mean = sum(map(Fraction, values)) / count
        spread = sum((Fraction(each) - mean) ** 2 for each in values) / count
        for i in range(count):
            for j in range(count):
                apart = Fraction(values[i]) - Fraction(values[j])
                squares[i][j] += float(Fraction(weights.get(name, 1)) * apart * apart / spread)
    return [[math.sqrt(each) for each in row] for row in squares]


# Properties


@given(contexts(), st.data())
def test_neighbours_are_the_nearest_by_the_formula(context, data):
    count = len(context["area"])
    k = data.draw(st.integers(1, count - 1))
    weights = data.draw(st.dictionaries(st.just("area"), st.sampled_from([0, 1, "2.5", 0.1])))
    found = neighbours(context, k, weights)
    expected = distances(context, {name: Fraction(str(each)) for name, each in weights.items()})
    for row in range(count):
        others = sorted(expected[row][each] for each in range(count) if each != row)
        own = [expected[row][each] for each in found.index[row]]

        assert row not in found.index[row]
        assert k == len({*found.index[row].tolist()})
        np.testing.assert_allclose(found.distance[row], others[:k], rtol=1e-9, atol=1e-12)
        np.testing.assert_allclose(found.distance[row], own, rtol=1e-9, atol=1e-12)


@given(contexts(), st.randoms(use_true_random=False))
def test_permuting_the_units_permutes_their_distances(context, random):
    order = list(range(len(context["area"])))
    random.shuffle(order)
    k = len(order) - 1
    here = neighbours(context, k)
    there = neighbours(
        {name: [values[row] for row in order] for name, values in context.items()}, k, units=order
    )

    assert np.array_equal(here.distance[order], there.distance)


@given(contexts(), st.integers(-40, 40))
def test_the_unit_of_a_variable_is_of_no_account(context, exponent):
    scaled = {**context, "area": [each * 2.0**exponent for each in context["area"]]}

    assert neighbours(context, 1) == neighbours(scaled, 1)


@given(contexts())
@example({"area": [1.0, 2.0, 4.0], "budget": [3.0, 1.0, 2.0]})
def test_neighbours_are_a_value(context):
    found = neighbours(context, 1)
    again = pickle.loads(pickle.dumps(found))

    assert found == again == Neighbours.from_json(found.to_json())
    assert not again.distance.flags.writeable
    assert found != neighbours({**context, "budget": context["area"]}, 1)
    assert found != context


def test_distances_are_those_of_scipy():
    distance = pytest.importorskip("scipy.spatial.distance")
    random = np.random.default_rng(3)
    table = random.lognormal(10, 2, (3, 40))
    found = neighbours({"population": table[0], "budget": table[1], "area": table[2]}, 39)
    expected = np.sort(
        distance.squareform(distance.pdist(table.T, "seuclidean", V=table.var(axis=1))), axis=1
    )[:, 1:]

    np.testing.assert_allclose(found.distance, expected, rtol=1e-12)


def test_many_units_are_compared_in_blocks():
    random = np.random.default_rng(4)
    context = {"population": random.lognormal(10, 2, 600), "area": random.lognormal(5, 1, 600)}
    found = neighbours(context)
    rows = random.choice(600, 20, replace=False)
    standard = [(np.array(each) - np.mean(each)) / np.std(each) for each in context.values()]
    for row in rows:
        square = sum((each - each[row]) ** 2 for each in standard)

        assert np.argsort(square, kind="stable")[1:16].tolist() == found.index[row].tolist()


# By hand


def test_four_units_by_hand():
    """Mean 4 and deviation 3 give -1, -1, 1, 1; mean 2 and deviation 2 the same in another order."""
    context = {"population": [1, 1, 7, 7], "area": [0, 4, 0, 4]}
    found = neighbours(context, 2, units=["A", "B", "C", "D"])

    assert (("B", 2.0), ("C", 2.0)) == found.of("A")
    assert [[1, 2], [0, 3], [0, 3], [1, 2]] == found.index.tolist()
    assert (("B", 2.0), ("C", 4.0)) == neighbours(
        context, 2, {"population": 4}, units=["A", "B", "C", "D"]
    ).of("A")
    assert (("B", 0.0), ("C", 2.0)) == neighbours(context, 2, {"area": 0}, units=["A", "B", "C", "D"]).of("A")


def test_columns_have_a_row_for_each_unit_and_neighbour():
    found = neighbours({"area": [1, 2, 4]}, 2, units=["A", "B", "C"]).columns()

    assert ["unit", "neighbour", "place", "distance"] == list(found)
    assert ["A", "A", "B", "B", "C", "C"] == found["unit"].tolist()
    assert ["B", "C", "A", "C", "B", "A"] == found["neighbour"].tolist()
    assert [1, 2] * 3 == found["place"].tolist()


@pytest.mark.parametrize("library", ["pandas", "polars"])
def test_a_frame_is_a_context_and_names_its_units(library):
    frame = pytest.importorskip(library).DataFrame({"kota": ["A", "B", "C"], "area": [1, 2, 4]})

    assert neighbours({"area": ["1", 2, Fraction(4)]}, 1, units=["A", "B", "C"]) == neighbours(
        frame, 1, units="kota"
    )
    assert 3 == len(neighbours(frame, 1, units="kota"))
    assert "Neighbours(3 units, the nearest 1 by area)" == repr(neighbours(frame, 1, units="kota"))


def test_anything_with_columns_is_a_context():
    class Table:
        columns = ("area",)

        def __getitem__(self, name):
            return {"area": [1, 2, 4]}[name]

    assert [1, 0, 1] == neighbours(Table(), 1).index[:, 0].tolist()


# The outcome is no context


def context_and_scores(values, totals):
    units = [f"unit {row}" for row in range(len(totals))]
    context = {"area": [3, 1, 2, 5][: len(totals)], "index": values}
    return context, units, Scores.of_totals(EDITION, totals, units)


@pytest.mark.parametrize(
    ("values", "how"),
    [
        ([10, 20, 30, 40], "as"),
        ([8, 6, 4, 2], "in reverse of what"),
        ([1.5, 2, 3, 3.5], "as"),
    ],
)
def test_a_variable_that_orders_the_units_as_their_totals_do_is_refused(values, how):
    context, units, scores = context_and_scores(values, [50, 60, 60, 70])
    with pytest.raises(PeersError) as error:
        neighbours(context, 1, units=units, outcome=scores)

    assert (
        f"the context variable 'index' orders the units {how} their totals do, so that it would make neighbours "
        "of those who score alike; leave it out" == str(error.value)
    )
    assert "outcome-as-context" == error.value.code


@pytest.mark.parametrize("values", [[10, 20, 30, 25], [10, 10, 30, 40], [10, 10, 10, 20]])
def test_a_variable_that_orders_the_units_otherwise_is_admitted(values):
    context, units, scores = context_and_scores(values, [50, 60, 65, 70])

    assert neighbours(context, 1, units=units, outcome=scores) == neighbours(context, 1, units=units)


@given(st.permutations(range(8)), st.permutations(range(8)))
def test_only_the_order_of_the_totals_is_refused(values, totals):
    scores = Scores.of_totals(EDITION, totals)
    same = all((values[a] < values[b]) == (totals[a] < totals[b]) for a in range(8) for b in range(8))
    reverse = all(
        (values[a] > values[b]) == (totals[a] < totals[b]) for a in range(8) for b in range(8) if a != b
    )
    if same or reverse:
        with pytest.raises(PeersError):
            neighbours({"x": values}, 1, outcome=scores)
    else:
        assert neighbours({"x": values}, 1) == neighbours({"x": values}, 1, outcome=scores)


def test_units_without_a_total_tell_nothing_of_the_order():
    context, units, scores = context_and_scores([10, 20, 30, 5], [50, 60, 65, None])

    with pytest.raises(PeersError):
        neighbours(context, 1, units=units, outcome=scores)


def test_equal_totals_have_no_order_to_be_told():
    context, units, scores = context_and_scores([10, 20, 30, 40], [50, 50, 50, 50])

    assert neighbours(context, 1, units=units) == neighbours(context, 1, units=units, outcome=scores)


# Bad input


def refused(kind, *arguments, **options):
    return error_text(kind, neighbours, *arguments, **options)


def test_more_neighbours_than_there_are_are_refused():
    assert "k = 15 asks for more neighbours than there are: 2 other units" == refused(
        PeersError, {"area": [1, 2, 4]}
    )
    assert "k = 3 asks for more neighbours than there are: 2 other units" == refused(
        PeersError, {"area": [1, 2, 4]}, 3
    )
    for wrong in (0, True, 1.0):
        assert f"k is a whole number from 1 on, not {wrong!r}" == refused(
            PeersError, {"area": [1, 2, 4]}, wrong
        )


def test_a_constant_variable_is_refused():
    assert "the context variable 'budget' is the same for every unit, 7.5; leave it out" == refused(
        PeersError, {"area": [1, 2, 4], "budget": [7.5] * 3}, 1
    )


@pytest.mark.parametrize("value", [None, float("nan"), "", NAType()])
def test_a_missing_value_is_refused(value):
    message = "the context has no 'area' for the unit 'B'; leave one of the two out"

    assert message == refused(PeersError, {"area": [1, value, 4]}, 1, units=["A", "B", "C"])


def test_a_masked_value_is_refused():
    assert "the context has no 'area' for the unit 1; leave one of the two out" == refused(
        PeersError, {"area": np.ma.MaskedArray([1, 2, 4], [False, True, False])}, 1
    )


def test_what_is_no_number_is_refused():
    assert "the context has no number 'area' for the unit 1: expected a number, not 'luas'" == refused(
        NumberError, {"area": [1, "luas", 4]}, 1
    )
    assert "the context has no number 'area' for the unit 1: expected a finite number, not inf" == refused(
        NumberError, {"area": [1, math.inf, 4]}, 1
    )


def test_columns_that_do_not_fit_are_refused():
    assert "there are no context variables" == refused(PeersError, {})
    assert "the context has 2 values of 'area', and 3 of 'budget'" == refused(
        PeersError, {"budget": [1, 2, 3], "area": [1, 2]}, 1
    )
    assert "the context has no column 'kot'; did you mean 'kota'?" == refused(
        UnknownError, {"kota": ["A", "B"], "area": [1, 2]}, 1, units="kot"
    )
    assert "answers: the unit 'A' is there twice @ row 1" == refused(
        AnswerError, {"area": [1, 2]}, 1, units=["A", "A"]
    )


def test_weights_that_make_no_sense_are_refused():
    context = {"area": [1, 2, 4], "budget": [3, 1, 1]}

    assert "the weight of 'area' is a number from 0 on, not -0.5" == refused(
        PeersError, context, 1, {"area": "-0.5"}
    )
    assert "all weights are 0, so that no unit is nearer than another" == refused(
        PeersError, context, 1, {"area": 0, "budget": 0}
    )
    assert "there is no context variable 'are'; did you mean 'area'?" == refused(
        UnknownError, context, 1, {"are": 1}
    )
    assert "expected a number, not 'berat'" == refused(NumberError, context, 1, {"area": "berat"})


def test_units_without_scores_are_refused():
    scores = Scores.of_totals(EDITION, [50, 60], ["A", "B"])

    assert "there is no unit 'C'; known are 'A', 'B'" == refused(
        UnknownError, {"area": [1, 2, 4]}, 1, units=["A", "B", "C"], outcome=scores
    )


def test_an_unknown_unit_has_no_neighbours():
    found = neighbours({"area": [1, 2, 4]}, 1, units=["A", "B", "C"])
    with pytest.raises(UnknownError) as error:
        found.of("D")

    assert "there is no unit 'D'; known are 'A', 'B', 'C'" == str(error.value)
