"""
The national score out of a provincial assessment.
"""

from collections.abc import Iterator, Mapping
from typing import Any

import attrs

from pelayanan.answers import Answers
from pelayanan.criterion import Group, Indicator, place_of
from pelayanan.errors import InstrumentError, Problem
from pelayanan.instrument import Instrument
from pelayanan.layers import ADDED, at
from pelayanan.mapping import FrozenMapping
from pelayanan.marks import Mark
from pelayanan.scales import Scale
from pelayanan.value import Value
from pelayanan.zones import Band

__all__ = ["Core", "core_of"]


def _names(value: Mapping[str, tuple[str, ...]]) -> FrozenMapping[tuple[str, ...]]:
    return FrozenMapping({code: tuple(names) for code, names in value.items()})


@attrs.frozen(repr=False)
class Core(Value):
    """
    The instrument below an overlay, and how answers to the one with it are answers to it.

    Args:
        of: The id of the instrument with the overlay.
        instrument: The one below it.
        names: The codes under which the answers to each of its questions arrive.
        lost: Why answers to some of its questions are not there; empty where nothing is lost.
    """

    of: str
    instrument: Instrument
    names: FrozenMapping[tuple[str, ...]] = attrs.field(converter=_names)
    lost: tuple[Problem, ...] = ()

    def __repr__(self) -> str:
        return f"Core({self.instrument.id!r} of {self.of!r}, {len(self.lost)} lost)"

    def answers(self, answers: Any) -> Any:
        """
        Return the answers to the questions of the instrument below, under its codes.

        Args:
            answers: A table of answers, or those of one unit by code.

        Raises:
            InstrumentError: Something is lost.
        """
        if self.lost:
            raise InstrumentError.of(f"{self.instrument.id} out of {self.of}", self.lost)
        table = answers.columns if isinstance(answers, Answers) else answers
        given = {
            code: next((name for name in names if name in table), "") for code, names in self.names.items()
        }
        found = {code: table[name] for code, name in given.items() if name}
        return attrs.evolve(answers, columns=FrozenMapping(found)) if isinstance(answers, Answers) else found


def core_of(instrument: Instrument, base: Instrument) -> Core:
    """
    Return what is left of an instrument below overlays.

    >>> import pelayanan
    >>> base = pelayanan.load("skm-2017")
    >>> core_of(base, base).answers({"u1": 3, "prosedur": 4, "parkir": 1})
    {'u1': 3, 'u2': 4}
    """
    here = {name: each for each in instrument.indicators for name in (*each.aliases, each.code)}
    matched = {each.code: here.get(each.code) for each in base.indicators}
    names = {code: (each.code, *each.aliases) for code, each in matched.items() if each is not None}
    national = {each.code: code for code, each in matched.items() if each is not None}
    lost = [Problem("lost", why, place) for place, why in _lost(instrument, base, matched, national)]
    return Core(instrument.id, base, names, tuple(lost))


def _lost(
    instrument: Instrument,
    base: Instrument,
    matched: Mapping[str, Indicator | None],
    national: Mapping[str, str],
) -> Iterator[tuple[str, str]]:
    """Return the places of the questions below that are not kept, and why."""
    for code in _needed(base):
        each, before = matched[code], base.tree.indicator(code)
        if each is None:
            below = instrument.criteria.get(code)
            if isinstance(below, Group):
                parts = ", ".join(map(repr, instrument.tree.members[code]))
                yield place_of(code), f"it is a group here, of {parts}"
            else:
                yield place_of(code), "it is not asked here"
            continue
        by = [layer.id for layer in instrument.layers[1:] if layer.set_at(at("criteria", each.code), ADDED)]
        if by:
            yield place_of(code), f"another question has its code, added by {by[-1]!r}"
        elif _answered(each.scale) != _answered(before.scale):
            yield place_of(code), "it has another scale here"
        elif each.optional and not before.optional:
            yield place_of(code), "it may be not applicable here, and not there"
        held = base.tree.conditions.get(code, ())
        conditions = instrument.tree.conditions.get(each.code, ())
        followed = [
            attrs.evolve(one, criterion=national.get(one.criterion, one.criterion)) for one in conditions
        ]
        if not set(followed) <= set(held):
            yield place_of(code), "it is not always asked here when it is asked there"
    for token, state in instrument.tokens.items():
        if base.tokens.get(token) != state:
            yield f"tokens[{token!r}]", f"{token!r} stands for {state} here, and not there"


def _needed(base: Instrument) -> Iterator[str]:
    """Return the codes of the questions that decide a total, a zone or a mark."""
    requiring: list[Band | Mark] = [*base.zones.bands, *base.marks]
    required = {code for one in requiring for each in one.requires for code in base.about(each)}
    for each in base.indicators:
        if each.scored or each.code in required or each.code in base.tree.asked_about:
            yield each.code


def _answered(scale: Scale) -> Scale:
    """Return what a scale says of answers: not its name, labels or sources."""
    options = [attrs.evolve(each, label={}) for each in scale.options]
    return attrs.evolve(scale, code="", options=options, source=(), standing={}, disputed="")
