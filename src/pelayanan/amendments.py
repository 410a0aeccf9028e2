"""
What differs between two editions, one thing at a time.
"""

from fractions import Fraction

import attrs

from pelayanan.mapping import FrozenMapping, Text
from pelayanan.rendering import stated
from pelayanan.value import Value
from pelayanan.zones import Band

__all__ = ["KINDS_OF_CHANGE", "SECTIONS", "Amendment", "BandChange", "WeightChange", "interval"]

KINDS_OF_CHANGE = (
    "added",
    "dropped",
    "moved",
    "reworded",
    "reweighted",
    "rescaled",
    "recut",
    "other",
    "sourced",
)
SECTIONS = (
    "criteria",
    "bands",
    "head",
    "root",
    "zones",
    "scales",
    "marks",
    "rounding_stages",
    "sources",
    "cases",
)
_AT_LEAST, _AT_MOST = "\u2265 ", "\u2264 "


@attrs.frozen
class Amendment(Value):
    """
    One thing that differs between two editions.

    Args:
        what: One of `KINDS_OF_CHANGE`.
        section: Where it is, one of `SECTIONS`.
        code: Of the criterion, the band or another table with a name; the new one where it moved.
        title: Of the criterion, or the label of the band, by language.
        key: The key of the table that differs; empty for a whole table.
        before, after: As it stands in the file, with numbers as they were printed; empty for nothing.
        within: The title of the group that a criterion is in.
        questions: How many questions a criterion has that was added or dropped.

    >>> Amendment("reweighted", "criteria", "u1", key="weight", before="0.11", after="0.111").after
    '0.111'
    """

    what: str
    section: str
    code: str = ""
    title: Text = FrozenMapping()
    key: str = ""
    before: str = ""
    after: str = ""
    within: Text = FrozenMapping()
    questions: int = 0


@attrs.frozen
class WeightChange(Value):
    """
    The weight of a criterion of the first level in two editions.

    Args:
        code: Of the criterion; the new one where it moved.
        before, after: As printed; empty where it was not, or the criterion is not there.
        part_before, part_after: The part of the total that it is worth; ``None`` where it is not
            there, or a rule that is not linear leaves it undefined [share].

    >>> WeightChange("input", before="21.85", after="21.85").before
    '21.85'
    """

    code: str
    title: Text = FrozenMapping()
    before: str = ""
    after: str = ""
    part_before: Fraction | None = None
    part_after: Fraction | None = None


@attrs.frozen
class BandChange(Value):
    """
    A zone in two editions, ``None`` where it is not there.

    >>> BandChange("A", None, Band("A", floor=88)).after
    Band('A', from 88)
    """

    code: str
    before: Band | None = None
    after: Band | None = None


def interval(band: Band, language: str = "id") -> str:
    """
    Return the totals of a band in words, as its edition prints their ends.

    >>> interval(Band("C", floor="51.00", ceiling="80.99")), interval(Band("A", above=80), "en")
    ('51,00-80,99', '> 80')
    """
    start, end = (
        stated(str(each), language) if each is not None else ""
        for each in (
            band.floor if band.floor is not None else band.above,
            band.ceiling if band.ceiling is not None else band.below,
        )
    )
    low, high = "> " * (band.above is not None), "< " * (band.below is not None)
    if start and end:
        return f"{low}{start}{' - ' if low or high else '-'}{high}{end}"
    if start:
        return f"{low or _AT_LEAST}{start}"
    return f"{high or _AT_MOST}{end}" if end else "-"
