"""
Criteria that have another code in another edition.
"""

from collections import Counter
from collections.abc import Hashable, Iterator, Mapping
from typing import Any

import attrs

from pelayanan.criteria import Criteria
from pelayanan.criterion import Criterion, Group, Indicator, depth_of
from pelayanan.instrument import Instrument, check_instrument
from pelayanan.mapping import FrozenMapping
from pelayanan.pairing import named, unique
from pelayanan.placing import renamed

__all__ = ["moves", "question"]

_Key = tuple[Hashable, ...]


def moves(before: Instrument, after: Instrument) -> dict[str, str]:
    """
    Return the new codes of criteria whose code went and that are certainly there under another.

    An indicator is, where one of the two names the code of the other among its aliases; or where
    both ask the same (see `question`), with a title, and no other indicator of either does. A group
    is, where all its indicators that are there stand below one new group by the same last parts of
    their codes; or where it has the same title and all below it asks the same under the same
    last parts. What is below a group moves along and is not named again.

    >>> import pelayanan
    >>> from pelayanan.laying import extend
    >>> from pelayanan.overlays import Overlay
    >>> base = pelayanan.load("ombudsman-2024")
    >>> overlay = Overlay("ombudsman-2024", changes={"rename": [{"code": "pengaduan", "to": "aduan"}]})
    >>> moves(base, extend(base, overlay)), moves(base, pelayanan.load("ombudsman-2025"))
    ({'pengaduan': 'aduan'}, {})
    """
    check_instrument(before, "before")
    check_instrument(after, "after")
    gone = {code: each for code, each in before.criteria.items() if code not in after.criteria}
    new = {code: each for code, each in after.criteria.items() if code not in before.criteria}
    asked, asking = ([each for each in side.values() if isinstance(each, Indicator)] for side in (gone, new))
    leaves = unique(named(asked, asking))
    leaves |= unique(_asked_alike(before, after, gone, new, {*leaves, *leaves.values()}))
    groups = _groups(before.tree, after.tree, gone, new, leaves)
    to = groups | leaves
    if len({renamed(code, to) for code in before.criteria}) < len(before.criteria):
        to = leaves
    found: dict[str, str] = {}
    for code in sorted(to, key=depth_of):
        if renamed(code, found) != to[code]:
            found[code] = to[code]
    return found


def question(each: Indicator) -> _Key:
    """
    Return what an indicator asks: its title, its scale, when it is asked, and whether it is scored.

    Weights, sources, and where figures come from do not count.

    >>> from pelayanan import Scale
    >>> question(Indicator("a", Scale(low=1, high=4), 3)) == question(Indicator("b", Scale(low=1, high=4)))
    True
    """
    scale = attrs.evolve(each.scale, code="", source=(), standing=FrozenMapping(), disputed="")
    return (each.title, scale, each.labels, each.asked_if, each.optional, each.scored)


def _asked_alike(
    before: Instrument, after: Instrument, gone: Any, new: Any, taken: set[str]
) -> Iterator[tuple[str, str]]:
    """Return indicators with a title that ask the same, each alone in its edition."""
    sides = []
    for instrument, codes in ((before, gone), (after, new)):
        asked = [(question(each), each) for each in instrument.indicators if each.title]
        count = Counter(key for key, _ in asked)
        sides.append(
            {
                key: each.code
                for key, each in asked
                if count[key] == 1 and each.code in codes and each.code not in taken
            }
        )
    yield from ((code, sides[1][key]) for key, code in sides[0].items() if key in sides[1])


def _groups(
    before: Criteria,
    after: Criteria,
    gone: Mapping[str, Criterion],
    new: Mapping[str, Criterion],
    leaves: Mapping[str, str],
) -> dict[str, str]:
    """Return groups that have another code, with all below them."""
    found: dict[str, str] = {}
    olds = {code: each for code, each in gone.items() if isinstance(each, Group)}
    above = {code for code, each in new.items() if isinstance(each, Group)}
    for code in olds:
        tails = {old[len(code) :]: to for old, to in leaves.items() if old.startswith(f"{code}.")}
        places = {to.removesuffix(tail) if to.endswith(tail) else "" for tail, to in tails.items()}
        if len(places) == 1 and places <= above:
            found[code] = places.pop()
    alike = [_below(before, code) for code in olds if code not in found]
    others = [_below(after, code) for code in above.difference(found.values())]
    return found | unique((old, to) for old, key in alike for to, other in others if key == other and key)


def _below(criteria: Criteria, code: str) -> tuple[str, _Key]:
    """Return a group with its title and what is asked below it, nothing where it has no title."""
    title = criteria.by_code[code].title
    if not title:
        return code, ()
    inner = (
        (each.code[len(code) :], question(each) if isinstance(each, Indicator) else (each.title,))
        for each in criteria.listed
        if each.code.startswith(f"{code}.")
    )
    return code, (title, *inner)
