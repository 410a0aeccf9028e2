"""
Neighbours: the units whose context is most like that of a unit.
"""

import math
from collections.abc import Iterable, Mapping
from typing import Any

import attrs
import numpy as np
import numpy.typing as npt

from pelayanan.answers import MISSING, labels_of, names_of, row_of
from pelayanan.arrays import read_only, restored
from pelayanan.columns import state_or_value
from pelayanan.errors import NumberError, PeersError, UnknownError, check_kind, in_order, nearest
from pelayanan.exact import fraction, shown, written
from pelayanan.ordering import ordered
from pelayanan.scores import Scores, check_scores
from pelayanan.value import Value

__all__ = ["Neighbours", "neighbours"]

_CELLS = 2**18

Array = npt.NDArray[Any]
Floats = npt.NDArray[np.float64]
Indices = npt.NDArray[np.intp]


def neighbours(
    context: Any,
    k: int = 15,
    weights: Mapping[str, object] | None = None,
    *,
    units: str | Iterable[Any] | None = None,
    outcome: Scores | None = None,
) -> "Neighbours":
    """
    Return the ``k`` units that are nearest to each by what they cannot choose, such as population.

    The distance of i and j is the root of the sum over the variables v of w_v (z_iv - z_jv)**2,
    with z_iv = (x_iv - mean_v) / sd_v over all units, and sd_v**2 the mean of (x_iv - mean_v)**2.
    Of units equally far the earlier one comes first.

    Args:
        context: Columns of numbers by name, of shape ``(units,)``: a dict or a data frame.
        k: How many; at most all others.
        weights: w_v by variable, from 0 on; what is not named weighs 1 [-].
        units: The name of the column that holds the units, or their labels; by default they are
            numbered from 0.
        outcome: Scores of these units. A variable that orders them as their totals do, or in
            reverse, is refused: it would make neighbours of those who score alike.

    Raises:
        PeersError: No variables; columns of other lengths; a value that is missing or not finite;
            a variable that is the same for all, or orders the units as the outcome does; ``k`` below 1,
            or more than there are others; a weight below 0, or none above.
        NumberError: A value or weight that is no number.
        UnknownError: A weight of no variable, a column that is not there, a unit without scores.
        AnswerError: A unit that is there twice.

    Source:
        CIPFA, Nearest Neighbours Model (England): 15 neighbours by the Euclidean distance of
        variables with mean 0 and standard deviation 1. NHS England, RightCare methodology: the
        similar 10 by demographic variables.

    >>> context = {"population": [10, 11, 30, 31], "area": [5, 5.5, 9, 9.5]}
    >>> found = neighbours(context, k=1, units=["A", "B", "C", "D"])
    >>> [found.of(unit)[0][0] for unit in "ABCD"]
    ['B', 'A', 'D', 'C']
    """
    columns, units = _columns(context, units)
    names = list(columns)
    count = len(columns[names[0]])
    labels = labels_of(units, count)
    _check_count(k, count)
    table = {name: _numbers(name, values, labels) for name, values in columns.items()}
    factors = _factors(names, weights)
    if outcome is not None:
        check_scores(outcome, "outcome")
        _check_outcome(table, labels, outcome)
    standard = np.array([math.sqrt(factors[name]) * _standardised(name, table[name]) for name in names])
    return Neighbours(labels, tuple(names), *_nearest(standard, k))


def _columns(context: Any, units: Any) -> tuple[dict[str, list[Any]], Any]:
    """
    Return the variables by name, all of one length, and the labels of the units, if there are any.

    Raises:
        PeersError: No variables, or columns of other lengths.
        UnknownError: A column of the units that there is not.
    """
    given = {str(name): name for name in names_of(context, "context")}
    names = list(given)
    if isinstance(units, str):
        if units not in names:
            message = f"the context has no column {units!r}{nearest(units, names)}"
            raise UnknownError("unknown-column", message, column=units)
        names.remove(units)
        units = context[given[units]]
    if not names:
        raise PeersError("empty-context", "there are no context variables")
    columns = {name: in_order(name, context[given[name]], "numbers, one a unit") for name in names}
    count = len(columns[names[0]])
    for name, values in columns.items():
        if len(values) != count:
            message = f"the context has {len(values)} values of {name!r}, and {count} of {names[0]!r}"
            raise PeersError("column-length", message, variable=name)
    return columns, units


def _check_count(k: int, count: int) -> None:
    if type(k) is not int or k < 1:
        raise PeersError("k", f"k is a whole number from 1 on, not {shown(k)}", k=k)
    if k >= count:
        message = f"k = {k} asks for more neighbours than there are: {count - 1} other units"
        raise PeersError("k", message, k=k, others=count - 1)


def _numbers(name: str, values: list[Any], labels: Array) -> Floats:
    """Return the values of a variable as floats, all finite."""
    found = np.empty(len(values))
    for row, value in enumerate(values):
        try:
            if value is np.ma.masked or state_or_value(value) is MISSING:
                message = f"the context has no {name!r} for the unit {_label(labels, row)!r}"
                raise PeersError("missing-context", f"{message}; leave one of the two out", variable=name)
            found[row] = float(fraction(value))
        except NumberError as error:
            message = f"the context has no number {name!r} for the unit {_label(labels, row)!r}: {error}"
            raise NumberError(error.code, message, variable=name) from error
    return found


def _label(labels: Array, row: int) -> Any:
    return labels[row : row + 1].tolist()[0]


def _factors(names: list[str], weights: Mapping[str, object] | None) -> dict[str, float]:
    """Return the weight of each variable."""
    found = dict.fromkeys(names, 1.0)
    check_kind("weights", weights, Mapping | None, "weights by variable")
    for name, weight in (weights or {}).items():
        if name not in found:
            message = f"there is no context variable {name!r}{nearest(name, names)}"
            raise UnknownError("unknown-variable", message, variable=name)
        number = fraction(weight)
        if number < 0:
            message = f"the weight of {name!r} is a number from 0 on, not {written(number)}"
            raise PeersError("weight", message, variable=name, weight=number)
        found[name] = float(number)
    if not any(found.values()):
        raise PeersError("weight", "all weights are 0, so that no unit is nearer than another")
    return found


def _standardised(name: str, values: Floats) -> Floats:
    """Return a variable with mean 0 and standard deviation 1, whatever the order of the units."""
    if values.min() == values.max():
        message = f"the context variable {name!r} is the same for every unit, {values[0]:g}; leave it out"
        raise PeersError("constant-context", message, variable=name)
    values = np.ldexp(values, -int(np.frexp(np.abs(values).max())[1]))
    apart = values - math.fsum(values) / len(values)
    found: Floats = apart / math.sqrt(math.fsum(apart * apart) / len(values))
    return found


def _check_outcome(table: dict[str, Floats], labels: Array, outcome: Scores) -> None:
    """Refuse a variable of which the order of the totals can be told."""
    order = ordered(outcome)
    codes = dict(zip(order.rows.tolist(), order.codes.tolist(), strict=True))
    found = [codes.get(outcome.row(unit)) for unit in labels.tolist()]
    rows = [row for row, code in enumerate(found) if code is not None]
    totals = np.array([code for code in found if code is not None])
    if len(set(totals.tolist())) < 2:
        return
    for name, values in table.items():
        for sign, how in ((1, "as"), (-1, "in reverse of what")):
            if _tells(sign * values[rows], totals):
                message = f"the context variable {name!r} orders the units {how} their totals do, so that "
                message += "it would make neighbours of those who score alike; leave it out"
                raise PeersError("outcome-as-context", message, variable=name)


def _tells(values: Floats, totals: Indices) -> bool:
    """Return whether a higher total always has a higher value."""
    order = np.lexsort([totals, values])
    rising, steps = np.diff(values[order]) > 0, np.diff(totals[order])
    return bool(((steps == 0) | (rising & (steps > 0))).all())


def _nearest(standard: Floats, k: int) -> tuple[Indices, Floats]:
    """Return the ``k`` nearest units of each and how far they are, in blocks of units."""
    count = standard.shape[1]
    index, distance = np.empty((count, k), dtype=np.intp), np.empty((count, k))
    block = max(_CELLS // count, 1)
    for start in range(0, count, block):
        rows = np.arange(start, min(start + block, count))
        square = np.zeros((len(rows), count))
        for values in standard:
            apart = values[rows, None] - values
            square += apart * apart
        square[np.arange(len(rows)), rows] = np.inf
        farthest = np.partition(square, k - 1, axis=1)[:, k - 1]
        for row, own, limit in zip(rows.tolist(), square, farthest.tolist(), strict=True):
            near = np.flatnonzero(own <= limit)
            index[row] = near[np.argsort(own[near], kind="stable")][:k]
            distance[row] = np.sqrt(own[index[row]])
    return index, distance


@attrs.frozen(eq=False, slots=False, repr=False)
class Neighbours(Value):
    """
    The nearest units of each, nearest first.

    Args:
        units: shape ``(units,)``, the labels.
        variables: The names of the context variables.
        index: shape ``(units, k)``, the rows of the neighbours [-].
        distance: shape ``(units, k)``, how far they are [standard deviations].

    >>> found = neighbours({"area": [1, 2, 4]}, k=2, units=["A", "B", "C"])
    >>> found
    Neighbours(3 units, the nearest 2 by area)
    >>> [unit for unit, _ in found.of("B")]
    ['A', 'C']
    """

    units: Array = attrs.field(converter=read_only)
    variables: tuple[str, ...]
    index: Indices = attrs.field(converter=read_only)
    distance: Floats = attrs.field(converter=read_only)

    __setstate__ = restored

    def __repr__(self) -> str:
        names = ", ".join(self.variables)
        return f"Neighbours({len(self)} units, the nearest {self.index.shape[1]} by {names})"

    def __len__(self) -> int:
        return len(self.units)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Neighbours):
            return NotImplemented
        return (
            self.variables == other.variables
            and np.array_equal(self.units, other.units)
            and np.array_equal(self.index, other.index)
            and np.array_equal(self.distance, other.distance)
        )

    def of(self, unit: Any) -> tuple[tuple[Any, float], ...]:
        """
        Return the neighbours of a unit and how far they are, nearest first.

        Raises:
            UnknownError: There is no such unit.

        >>> neighbours({"area": [0, 4]}, k=1, units=["A", "B"]).of("A")
        (('B', 2.0),)
        """
        names = self.units.tolist()
        row = row_of({name: row for row, name in enumerate(names)}, unit)
        pairs = zip(self.index[row].tolist(), self.distance[row].tolist(), strict=True)
        return tuple((names[each], far) for each, far in pairs)

    def columns(self) -> dict[str, Array]:
        """
        Return arrays for any data frame or picture, one row a unit and neighbour.

        They are unit, neighbour, place, 1 for the nearest, and distance.

        >>> neighbours({"area": [1, 2, 4]}, k=1, units=["A", "B", "C"]).columns()["neighbour"].tolist()
        ['B', 'A', 'B']
        """
        count, k = self.index.shape
        return {
            "unit": np.repeat(self.units, k),
            "neighbour": self.units[self.index.ravel()],
            "place": np.tile(np.arange(1, k + 1), count),
            "distance": self.distance.ravel(),
        }
