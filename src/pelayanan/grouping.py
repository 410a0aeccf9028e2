"""
The group of each unit: labels, or a mapping by unit, become indices.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from pelayanan.answers import MISSING
from pelayanan.columns import state_or_value
from pelayanan.errors import ScoresError, UnknownError, in_order, is_hashable
from pelayanan.exact import shown

__all__ = ["grouped"]

_SPREAD = 4
_BLOCK = 2**12

Indices = npt.NDArray[np.intp]


def grouped(
    units: npt.NDArray[Any], given: Any, argument: str = "groups", kind: str = "group", of: str = "unit"
) -> tuple[tuple[Any, ...], Indices]:
    """
    Return the groups in order of first appearance, and which one each unit is of.

    Args:
        units: shape ``(units,)``, the labels of the units.
        given: The group of each unit: shape ``(units,)``, or a mapping by unit.
        argument: What the caller calls ``given``, for the messages.
        kind: What the caller calls a group.
        of: What the caller calls a unit.

    Returns:
        The labels, and indices into them of shape ``(units,)`` [-].

    Raises:
        ScoresError: Labels of another length, missing, or that cannot be told apart.
        UnknownError: A unit that the mapping does not name.
        KindError: Labels in no order, such as a set or a table.

    >>> grouped(np.array(["a", "b", "c"]), ["Kupang", "Ende", "Kupang"])
    (('Kupang', 'Ende'), array([0, 1, 0]))
    """
    labels = _by_unit(units, given, argument, kind, of) if isinstance(given, Mapping) else given
    if isinstance(labels, str):
        labels = [labels]
    elif not isinstance(labels, np.ndarray) or labels.ndim != 1:
        labels = in_order(argument, labels, f"the {kind} of each {of}, in their order or by {of}")
    if len(labels) != len(units):
        message = f"{argument} has {len(labels)} labels for {len(units)} {of}s"
        raise ScoresError("labels", message, labels=len(labels), units=len(units))
    if isinstance(labels, np.ndarray):
        found = _counted(labels)
        if found is not None:
            return found
        labels = labels.tolist()
    places: dict[Any, int] = {}
    try:
        index = np.fromiter((places.setdefault(each, len(places)) for each in labels), np.intp, len(labels))
    except TypeError as error:
        wrong = next(row for row, each in enumerate(labels) if not is_hashable(each))
        unit = units[wrong : wrong + 1].tolist()[0]
        message = f"{argument} has {shown(labels[wrong])} for the {of} {unit!r}; give a text or a number"
        raise ScoresError("labels", message, unit=unit) from error
    for label, place in places.items():
        if state_or_value(label) is MISSING:
            row = int(np.argmax(index == place))
            unit = units[row : row + 1].tolist()[0]
            raise ScoresError("labels", f"{argument} has no {kind} for the {of} {unit!r}", unit=unit)
    return tuple(places), index


def _by_unit(
    units: npt.NDArray[Any], given: Mapping[Any, Any], argument: str, kind: str, of: str
) -> list[Any]:
    names = units.tolist()
    for unit in names:
        if unit not in given:
            message = f"{argument} names no {kind} for the {of} {unit!r}"
            raise UnknownError("unknown-unit", message, unit=unit)
    return [given[unit] for unit in names]


def _counted(labels: npt.NDArray[Any]) -> tuple[tuple[Any, ...], Indices] | None:
    """Return what `grouped` does for whole numbers that lie close together, else nothing."""
    if labels.dtype.kind not in "iu" or not labels.size or isinstance(labels, np.ma.MaskedArray):
        return None
    low, high = int(labels.min()), int(labels.max())
    width, count = high - low + 1, len(labels)
    if width > _SPREAD * count or not -(2**62) < low <= high < 2**62:
        return None
    index = labels.astype(np.intp) - low
    present = np.flatnonzero(np.bincount(index))
    order: list[int] = []
    for start in range(0, count, _BLOCK):
        if len(order) == len(present):
            break
        values, first = np.unique(index[start : start + _BLOCK], return_index=True)
        new = ~np.isin(values, order)
        order += values[new][np.argsort(first[new])].tolist()
    place = np.empty(width, dtype=np.intp)
    place[order] = np.arange(len(order))
    return tuple(each + low for each in order), place[index]
