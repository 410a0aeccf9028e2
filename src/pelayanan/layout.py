"""
Which row each criterion has where a tree of groups becomes arrays.
"""

from collections.abc import Mapping

import attrs

__all__ = ["Layout", "Placed", "layout_of"]


@attrs.frozen
class Placed:
    """
    The rows of the members of one group.

    Args:
        code: The group.
        members: The codes of its members, in the order of their rows.
        leaves, groups: The rows of those that are leaves, and of those that are groups.
    """

    code: str
    members: tuple[str, ...]
    leaves: range
    groups: range


@attrs.frozen
class Layout:
    """
    The rows of a tree: the leaves first, then each group after its members, the root last.

    Args:
        leaves: The codes of the leaves, in the order of their rows.
        groups: The groups in the order of theirs.
    """

    leaves: tuple[str, ...]
    groups: tuple[Placed, ...]


def layout_of(code: str, members: Mapping[str, tuple[str, ...]], cut: frozenset[str]) -> Layout:
    """
    Return the rows of a group and all below it, those of each group's members next to each other.

    Args:
        code: The group.
        members: The codes directly below each group.
        cut: The groups that are leaves here.

    >>> found = layout_of("*", {"*": ("a", "b"), "a": ("a.x", "a.y")}, frozenset())
    >>> found.leaves, [(each.code, each.leaves, each.groups) for each in found.groups]
    (('a.x', 'a.y', 'b'), [('a', range(0, 2), range(0, 0)), ('*', range(2, 3), range(3, 4))])
    """

    def inside(code: str) -> bool:
        return code in members and code not in cut

    order = [code]
    for each in order:
        order += [member for member in members[each] if inside(member)]
    order.reverse()
    inner = {each: [member for member in reversed(members[each]) if inside(member)] for each in order}
    outer = {each: [member for member in members[each] if not inside(member)] for each in order}
    leaves = tuple(leaf for each in order for leaf in outer[each])
    rows = {each: row for row, each in enumerate((*leaves, *order))}

    def placed(code: str) -> Placed:
        below = (_range([rows[member] for member in part[code]]) for part in (outer, inner))
        return Placed(code, (*outer[code], *inner[code]), *below)

    return Layout(leaves, tuple(map(placed, order)))


def _range(rows: list[int]) -> range:
    return range(min(rows), max(rows) + 1) if rows else range(0)
