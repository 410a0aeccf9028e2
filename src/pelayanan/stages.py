"""
Rounding stages: where a rubric rounds on the way to the total.
"""

from fractions import Fraction

import attrs

from pelayanan.errors import InstrumentError, Problem, a_text
from pelayanan.exact import MODES, Exact, exact_or_none, nearest_whole
from pelayanan.mapping import FrozenMapping
from pelayanan.provenance import Standings, as_codes, as_standings
from pelayanan.value import Value

__all__ = ["EACH", "RoundingStage"]

EACH = "each"
_OF = ("points", "contribution")


@attrs.frozen(repr=False)
class RoundingStage(Value):
    """
    A criterion that is rounded before what stands above it is computed.

    Args:
        at: The criterion, ``"*"`` for the whole, or ``"each"`` for all members of ``of_group``.
        of: What is rounded: ``"points"`` (0 to the maximum) or ``"contribution"`` (what the
            criterion adds to the total).
        decimals: To how many decimals.
        step: Or to which step, such as 1/40.
        mode: ``"half_up"``, ``"half_even"`` or ``"down"``.
        of_group: The group whose members each are rounded.

    Raises:
        InstrumentError: Neither decimals nor a step, or both; a measure or a mode that does
            not exist; a group without ``"each"``.

    >>> RoundingStage("layanan.i35", of="points", decimals=0)
    RoundingStage('layanan.i35', points to 0 decimals, half_up)
    """

    at: str = attrs.field(validator=a_text)
    of: str = attrs.field(validator=a_text, kw_only=True)
    decimals: int | None = attrs.field(default=None, kw_only=True)
    step: Exact | None = attrs.field(default=None, converter=exact_or_none, kw_only=True)
    mode: str = attrs.field(default="half_up", validator=a_text, kw_only=True)
    of_group: str = attrs.field(default="", validator=a_text, kw_only=True)
    source: tuple[str, ...] = attrs.field(default=(), converter=as_codes, kw_only=True)
    standing: Standings = attrs.field(default=FrozenMapping(), converter=as_standings, kw_only=True)
    disputed: str = attrs.field(default="", validator=a_text, kw_only=True)

    def __attrs_post_init__(self) -> None:
        problems = list(self._problems())
        if problems:
            raise InstrumentError.of("rounding stage", problems)

    def _problems(self) -> list[Problem]:
        found = []
        if self.of not in _OF:
            known = " or ".join(repr(each) for each in _OF)
            found.append(Problem("rounding-stage", f"expected {known}, not {self.of!r:.60}", "of"))
        if self.mode not in MODES:
            known = ", ".join(repr(each) for each in MODES)
            message = f"expected a mode of {known}, not {self.mode!r:.60}"
            found.append(Problem("rounding-mode", message, "mode"))
        if (self.decimals is None) == (self.step is None):
            found.append(Problem("rounding-stage", "state decimals or a step, one of the two", ""))
        if self.decimals is not None and not _is_places(self.decimals):
            message = f"expected 0 to 10 decimals, not {self.decimals!r:.60}"
            found.append(Problem("rounding-decimals", message, "decimals"))
        if self.step is not None and self.step <= 0:
            message = f"a step is greater than 0, not {self.step}"
            found.append(Problem("rounding-stage", message, "step"))
        if (self.at == EACH) != bool(self.of_group):
            message = f"of_group goes with at = {EACH!r}: which group has the members that are rounded?"
            found.append(Problem("rounding-stage", message, "of_group"))
        return found

    def __repr__(self) -> str:
        where = f"each of {self.of_group!r}" if self.of_group else repr(self.at)
        grid = f"{self.decimals} decimals" if self.step is None else f"steps of {self.step}"
        return f"RoundingStage({where}, {self.of} to {grid}, {self.mode})"

    @property
    def grid(self) -> Fraction:
        """The step of the grid [points]."""
        return Fraction(1, 10 ** (self.decimals or 0)) if self.step is None else Fraction(self.step)

    def rounded(self, share: Fraction, unit: Fraction) -> Fraction:
        """
        Return the share whose points or contribution are the rounded ones.

        Args:
            unit: What the share 1 is worth [points].

        >>> RoundingStage("a", of="points", step="1/40").rounded(Fraction(1, 3), unit=Fraction(100))
        Fraction(1333, 4000)
        """
        return nearest_whole(share * unit / self.grid, self.mode) * self.grid / unit


def _is_places(decimals: object) -> bool:
    return isinstance(decimals, int) and not isinstance(decimals, bool) and 0 <= decimals <= 10
