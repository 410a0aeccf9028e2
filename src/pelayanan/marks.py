"""
Marks: labels that a unit has beside its zone.
"""

from collections.abc import Iterable

import attrs

from pelayanan.errors import InstrumentError, Problem, a_text, members_of
from pelayanan.mapping import FrozenMapping, Text
from pelayanan.provenance import Standings, as_codes, as_standings, as_text
from pelayanan.value import Value
from pelayanan.zones import Requirement

__all__ = ["Mark"]


def _requirements(value: Iterable[Requirement]) -> tuple[Requirement, ...]:
    return members_of("requires", value, Requirement, "Requirements")


@attrs.frozen(repr=False)
class Mark(Value):
    """
    A label beside the zone, such as "Tanpa Maladministrasi", for units that meet what it requires.

    It changes neither the total nor the zone; a unit without a score has none.

    Args:
        code: 1 to 40 characters.
        requires: What must hold, all of it; at least one requirement.
        label: Text by language.

    Raises:
        InstrumentError: A code of another length, or nothing that is required.

    >>> Mark("tuntas", [Requirement("tindak_lanjut", at_least=1, of="share")])
    Mark('tuntas', Requirement('tindak_lanjut' at least 1 of share))
    """

    code: str = attrs.field(validator=a_text)
    requires: tuple[Requirement, ...] = attrs.field(converter=_requirements)
    label: Text = attrs.field(default=FrozenMapping(), converter=as_text, kw_only=True)
    source: tuple[str, ...] = attrs.field(default=(), converter=as_codes, kw_only=True)
    standing: Standings = attrs.field(default=FrozenMapping(), converter=as_standings, kw_only=True)
    disputed: str = attrs.field(default="", validator=a_text, kw_only=True)

    def __attrs_post_init__(self) -> None:
        problems = []
        if not 1 <= len(self.code) <= 40:
            message = f"a code has 1 to 40 characters, not {len(self.code)}"
            problems.append(Problem("code", message, "code"))
        if not self.requires:
            message = "a mark that requires nothing says nothing of a unit"
            problems.append(Problem("requirement", message, "requires"))
        if problems:
            raise InstrumentError.of("mark", problems)

    def __repr__(self) -> str:
        return f"Mark({self.code!r}, {', '.join(map(repr, self.requires))})"
