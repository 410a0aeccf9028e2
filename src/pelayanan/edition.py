"""
What is known of an edition before its file is read.
"""

import attrs

from pelayanan.instrument import InForce, Instrument
from pelayanan.mapping import FrozenMapping, Text
from pelayanan.provenance import as_text
from pelayanan.value import Value

__all__ = ["Edition"]


@attrs.frozen(repr=False)
class Edition(Value):
    """
    What is known of an edition before its file is read.

    Args:
        id: What `load` takes.
        family: Of which rubric it is an edition.
        title: Text by language.
        in_force: The assessed period; ``None`` where it is not known.
        applies_to: What tells editions of a family apart that are in force together; empty
            for one that applies to all.
        variant_of: The edition that it is a variant of; a variant is never chosen by day.

    >>> from datetime import date
    >>> Edition("kios-2024", "kios", in_force=InForce(date(2024, 1, 1)))
    Edition('kios-2024', from 2024-01-01)
    """

    id: str
    family: str
    title: Text = attrs.field(default=FrozenMapping(), converter=as_text)
    in_force: InForce | None = None
    applies_to: str = ""
    variant_of: str = ""

    @classmethod
    def of(cls, instrument: Instrument) -> "Edition":
        """
        Return what an instrument says of itself.

        One that overlays were laid over, and that has the family of what they extend, is a variant
        of it.

        >>> import pelayanan
        >>> from pelayanan.overlay import Overlay, extend
        >>> Edition.of(extend(pelayanan.load("skm-2017"), Overlay("skm-2017", "skm-2017-ende"))).variant_of
        'skm-2017'
        """
        fields = {field.name: getattr(instrument, field.name) for field in attrs.fields(cls)}
        if not any(layer.set_at("", "family") for layer in instrument.layers[1:]):
            fields["variant_of"] = instrument.variant_of or "".join(each.id for each in instrument.layers[:1])
        return cls(**fields)

    def __repr__(self) -> str:
        return f"Edition({self.id!r}, {self.period})"

    @property
    def period(self) -> str:
        """The period in words."""
        if self.in_force is None:
            return "no known period"
        until = self.in_force.until
        return f"{self.in_force.from_} to {until}" if until else f"from {self.in_force.from_}"
