"""
What a criterion could still add to a total, and what is lacking for a zone.
"""

from decimal import Decimal
from fractions import Fraction
from typing import Any

import attrs

from pelayanan.exact import Exact
from pelayanan.mapping import FrozenMapping, Text
from pelayanan.value import Value
from pelayanan.zones import Requirement

__all__ = ["Better", "Prospect", "Shortfall", "Unmet"]


def _answer(value: Any) -> str | Exact:
    return value if isinstance(value, str) else Exact(value)


@attrs.frozen
class Better(Value):
    """
    The next better answer to an indicator, and what it would change, all else unchanged.

    Args:
        answer: An option, or a number.
        share: What it is worth.
        label: Of the option, by language.
        adds: What it adds to the exact total; ``None`` where there would be no total [points].
        total: The published total with it [points].
        adds_published: What that is more than the one there is [points].
        zone: The code of the zone with it; empty for none.
        opens: The questions that would be asked then; where one of them may not be missing,
            nothing is known of the total.

    >>> Better("ada", Fraction(1), adds=Fraction(5), total=Decimal("80.00"), zone="B").zone
    'B'
    """

    answer: str | Exact = attrs.field(converter=_answer)
    share: Fraction
    label: Text = FrozenMapping()
    adds: Fraction | None = None
    total: Decimal | None = None
    adds_published: Decimal | None = None
    zone: str = ""
    opens: tuple[str, ...] = ()


@attrs.frozen
class Prospect(Value):
    """
    What a scored criterion adds to the total of a unit, and what it could still add.

    Args:
        code: The criterion, ``"*"`` for the whole.
        title: Text by language.
        depth: 0 for the whole, 1 for the first level.
        group: Whether it combines others.
        points: Its score; ``None`` without one [points].
        contribution: What it adds to the exact total; ``None`` below a rule that is not linear [points].
        could_add: What it would add to the exact total with everything below it at its best and all
            else unchanged; ``None`` where there is or would be no total [points].
        better: The next better answer, for an indicator that has one.
        attained: Its score as a part of the best it can have; ``None`` without one [share].
        median: Of the points of its peers; ``None`` without any [points].

    >>> Prospect("a", points=Fraction(60), median=Fraction(75)).ahead
    Fraction(-15, 1)
    """

    code: str
    title: Text = FrozenMapping()
    depth: int = 0
    group: bool = False
    points: Fraction | None = None
    contribution: Fraction | None = None
    could_add: Fraction | None = None
    better: Better | None = None
    attained: Fraction | None = None
    median: Fraction | None = None

    @property
    def ahead(self) -> Fraction | None:
        """By how much its points are above the median of the peers [points]."""
        return None if self.points is None or self.median is None else self.points - self.median


@attrs.frozen
class Unmet(Value):
    """
    A measure that does not reach what a zone requires.

    Args:
        code: The criterion.
        title: Text by language.
        measure: What it has, exactly; ``None`` where that is not known.
        lacking: How much is lacking, on the grid on which that is decided; all of it where nothing is known.

    >>> Unmet("a", measure=Fraction(35), lacking=Fraction(5)).lacking
    Fraction(5, 1)
    """

    code: str
    title: Text = FrozenMapping()
    measure: Fraction | None = None
    lacking: Fraction = Fraction(0)


@attrs.frozen
class Shortfall(Value):
    """
    A requirement that holds a unit back from a zone.

    Args:
        zone: The code of the highest zone, at or below that of the total, which requires it.
        requirement: What is required.
        unmet: The criteria that fail, the one that lacks most first.
        to_mend: How many of them must be mended; fewer than all where exceptions are allowed.

    >>> Shortfall("A", Requirement("a", at_least=40, of="points"), (Unmet("a"),)).to_mend
    1
    """

    zone: str
    requirement: Requirement
    unmet: tuple[Unmet, ...]
    to_mend: int = 1
