"""
Arrays that cannot be written to.
"""

from typing import Any

import numpy as np
import numpy.typing as npt

__all__ = ["listed", "owned", "read_only", "restored"]

_MACHINE = {float: "f", int: "i", str: "U"}

Array = npt.NDArray[Any]


def restored(self: Any, state: dict[str, Any]) -> None:
    """
    Set the state of an unpickled or copied value, its arrays as read-only views again.
    """
    for name, value in state.items():
        object.__setattr__(self, name, read_only(value) if isinstance(value, np.ndarray) else value)


def read_only(values: Array) -> Array:
    """
    Return a view of an array that cannot be written through.
    """
    view = values.view()
    view.flags.writeable = False
    return view


def owned(values: Array, copy: bool) -> Array:
    """
    Return a view of an array, or of a copy that nobody else has, that cannot be written through.
    """
    return read_only(values.copy() if copy else values)


def listed(given: list[Any], plain: tuple[type, ...]) -> Array:
    """
    Return a list as an array, of objects unless all are of one of the plain types.

    >>> listed([1, 2], (float, int)).dtype.kind, listed([1, 2.5], (float, int)).dtype.kind
    ('i', 'O')
    """
    kinds = {type(each) for each in given}
    if len(kinds) == 1 and kinds <= set(plain):
        values = np.asarray(given)
        if values.dtype.kind == _MACHINE[kinds.pop()]:
            return values
    return np.fromiter(given, dtype=object, count=len(given))
