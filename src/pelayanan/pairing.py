"""
Which questions of two editions are paired by their aliases.
"""

from collections import Counter
from collections.abc import Iterable, Iterator

from pelayanan.criterion import Indicator

__all__ = ["named", "same_names", "unique"]


def named(before: Iterable[Indicator], after: Iterable[Indicator]) -> Iterator[tuple[str, str]]:
    """
    Return the codes of two indicators of which one has the code of the other as an alias.

    A pair comes twice where each has the code of the other.

    >>> from pelayanan import Scale
    >>> scale = Scale(low=0, high=4)
    >>> list(named([Indicator("i1", scale)], [Indicator("fees", scale, aliases="i1")]))
    [('i1', 'fees')]
    """
    olds, news = ({each.code: each for each in side} for side in (before, after))
    for code, each in news.items():
        yield from ((alias, code) for alias in each.aliases if alias in olds)
    for code, each in olds.items():
        yield from ((code, alias) for alias in each.aliases if alias in news)


def unique(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    """
    Return the pairs of which neither side is in another pair, by their first side.

    Which they are does not depend on the order of the pairs.

    >>> unique([("i1", "fees"), ("i2", "door"), ("i2", "time"), ("i1", "fees")])
    {'i1': 'fees'}
    """
    listed = list(dict.fromkeys(pairs))
    olds, news = Counter(old for old, _ in listed), Counter(new for _, new in listed)
    return {old: new for old, new in listed if olds[old] == news[new] == 1}


def same_names(one: Indicator, other: Indicator) -> bool:
    """
    Return whether the aliases of one question are among those of another.

    Of two questions with one code they say whether it is one question: numbered questions whose
    numbers moved each have a name that the other lacks.
    """
    return set(one.aliases) <= set(other.aliases) or set(other.aliases) <= set(one.aliases)
