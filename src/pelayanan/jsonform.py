"""
Values become JSON text, and come back.
"""

import functools
import json
from collections.abc import Callable
from typing import Any, NewType

import attrs
import cattrs
import numpy as np

from pelayanan.answerforms import AnswersForm, answers_registered
from pelayanan.answers import Answers
from pelayanan.bounds import Bounds, zones_between
from pelayanan.cardforms import CARDS_SAID, cards_registered
from pelayanan.carryforms import carries_registered, carries_said
from pelayanan.criterion import Group
from pelayanan.errors import JsonError, Problem
from pelayanan.exchange import exchanged, exchanging, formless
from pelayanan.files import exchange_tables, of_json
from pelayanan.instrument import Instrument
from pelayanan.jsonvalue import FORMAT, table_in, value_in
from pelayanan.overlayforms import OVERLAYS_SAID, overlays_registered
from pelayanan.peerforms import peers_registered, peers_said
from pelayanan.scales import Scale
from pelayanan.scorecard import Scorecard
from pelayanan.scoreforms import Stated, scores_registered, scores_said, stated_in, within
from pelayanan.scores import Scores
from pelayanan.wording import kind_of
from pelayanan.writing import said, unnamed
from pelayanan.zones import Band

__all__ = ["Stated", "json_of", "stated", "value_of"]

Table = dict[str, Any]


def json_of(value: Any) -> str:
    """
    Return a value as JSON text, exact numbers as strings.

    An instrument has the tables of its file and its fingerprint; any other value says its kind,
    and then its fields by name.

    Raises:
        JsonError, InstrumentError: Something in it has no JSON form.

    >>> from pelayanan import Band
    >>> json_of(Band("C", floor=54, ceiling="77.99", label="kuning"))
    '{"format": 1, "kind": "Band", "code": "C", "floor": "54", "ceiling": "77.99", "label": {"id": "kuning"}}'
    """
    if isinstance(value, Instrument):
        return _dumped(exchange_tables(value))
    try:
        return _dumped(_table_of(value))
    except JsonError as error:
        raise JsonError.of(type(value).__name__, error.problems) from error


def _table_of(value: Any) -> Table:
    form: Callable[[Any], Table] = _SAID.get(type(value), said)
    return {"format": FORMAT, "kind": type(value).__name__} | form(value)


def value_of(text: str, kind: type) -> Any:
    """
    Return the value of that kind that `json_of` gave the text of.

    Raises:
        JsonError, InstrumentError: Every mistake, each with its place.

    >>> from pelayanan import Band
    >>> value_of('{"format": 1, "kind": "Scale"}', Band)
    Traceback (most recent call last):
        ...
    pelayanan.errors.JsonError: Band: expected the JSON of a Band, found that of a 'Scale' @ kind
    """
    if issubclass(kind, Instrument):
        return of_json(text)
    return value_in(table_in(text, kind.__name__), kind, _converter().structure)


def _dumped(table: Table) -> str:
    try:
        return json.dumps(table, ensure_ascii=False)
    except ValueError as error:
        raise formless("JSON", "a whole number has too many digits to be written", "") from error


def _group_said(group: Group) -> Table:
    message = unnamed(group.rule)
    if message:
        raise formless("Group", message, "rule")
    table: Table = said(group)
    return table


def stated(text: str) -> Stated:
    """
    Return what the JSON of scores states, checked for its form alone.

    Raises:
        JsonError: It is no JSON of scores; every mistake with its place.

    >>> import pelayanan
    >>> scores = Scores.of_totals(pelayanan.load("ombudsman-2024"), ["88.03"])
    >>> stated(scores.to_json()).form.total
    (Decimal('88.03'),)
    """
    found: Stated = value_in(
        table_in(text, "Scores"), Scores, lambda table, _: stated_in(_converter(), table)
    )
    return found


Ends = NewType("Ends", object)


@attrs.frozen(eq=False, repr=False)
class _Bounds:
    """The JSON form of bounds: both ends with their kind, and for one unit the zones between."""

    lowest: Ends
    highest: Ends
    lowest_zone: Band | None = None
    highest_zone: Band | None = None

    @classmethod
    def saying(cls, found: Bounds) -> Table:
        """Return the form of bounds."""
        table = {"lowest": _table_of(found.lowest), "highest": _table_of(found.highest)}
        if isinstance(found.lowest, Scores):
            return table
        zones = {"lowest_zone": found.lowest_zone, "highest_zone": found.highest_zone}
        return table | {name: said(band) for name, band in zones.items() if band is not None}

    def value(self) -> Bounds:
        """Return the bounds."""
        lowest, highest = (self._end(name) for name in ("lowest", "highest"))
        if isinstance(lowest, Scores) and isinstance(highest, Scores):
            alike = lowest.fingerprint == highest.fingerprint and np.array_equal(lowest.units, highest.units)
            if not alike:
                message = "the two ends are of different units or instruments"
                raise JsonError.of("Bounds", [Problem("changed", message, "highest")])
            return Bounds(lowest, highest, *zones_between(lowest, highest))
        if type(lowest) is not type(highest):
            raise JsonError.of("Bounds", [Problem("other-kind", "the two ends are of different kinds", "")])
        return Bounds(lowest, highest, self.lowest_zone, self.highest_zone)

    def _end(self, name: str) -> Scores | Scorecard:
        table = getattr(self, name)
        if not isinstance(table, dict):
            problem = Problem("kind", f"expected a table, not {kind_of(table)}", name)
            raise JsonError.of("Bounds", [problem])
        with within(name):
            kind = Scorecard if table.get("kind") == "Scorecard" else Scores
            end: Scores | Scorecard = value_in(dict(table), kind, _converter().structure)
        return end


def _scale_of(value: Any, _: Any) -> Scale:
    if not isinstance(value, dict):
        return exchanged().structure(value, Scale)
    named = dict(value)
    code = named.pop("code", "")
    if not isinstance(code, str):
        message = f"expected a text, not {kind_of(code)}"
        raise JsonError.of("Scale", [Problem("kind", message, "code")])
    return attrs.evolve(exchanged().structure(named, Scale), code=code)


_SAID: dict[type, Callable[[Any], Table]] = {
    Answers: AnswersForm.saying,
    Bounds: _Bounds.saying,
    Group: _group_said,
    Scores: scores_said,
    **CARDS_SAID,
    **OVERLAYS_SAID,
    **carries_said(AnswersForm.saying),
    **peers_said(scores_said),
}


@functools.cache
def _converter() -> cattrs.Converter:
    """Return what makes values of the tables of JSON."""
    made = exchanging()
    made.register_structure_hook(Scale, _scale_of)
    made.register_structure_hook_func(lambda kind: kind is Ends, lambda value, _: value)
    made.register_structure_hook(Bounds, lambda value, _: made.structure(value, _Bounds).value())
    for registered in (
        answers_registered,
        cards_registered,
        carries_registered,
        overlays_registered,
        peers_registered,
        scores_registered,
    ):
        registered(made)
    return made
