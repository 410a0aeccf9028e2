"""
An instrument becomes the tables of its file.
"""

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

import attrs

from pelayanan.aggregation import RULES, Rule
from pelayanan.cases import Case
from pelayanan.conditions import Condition
from pelayanan.criterion import Group, Indicator, place_of
from pelayanan.errors import InstrumentError, Problem
from pelayanan.exact import Exact, Rounding
from pelayanan.exchange import cell_said, number_said
from pelayanan.instrument import Instrument
from pelayanan.mapping import without
from pelayanan.prospects import Better
from pelayanan.scales import Scale
from pelayanan.zones import Zones

__all__ = ["said", "tables_of", "unnamed"]

_HEAD = ("id", "family", "title", "issuer", "applies_to", "variant_of", "in_force", "language", "maximum")
_REST = ("tokens", "source", "standing", "disputed")
_SCALE = ("code", "options", "anchors", "steps", "between", "source", "standing", "disputed")

Table = dict[str, Any]


def tables_of(instrument: Instrument) -> Table:
    """
    Return the tables that an instrument file would have, exact numbers and dates as texts.

    Raises:
        InstrumentError: A rule that the library does not ship.

    >>> import pelayanan
    >>> tables_of(pelayanan.load("ombudsman-2022"))["criteria"][0]["weight"]
    '21.85'
    """
    problems = list(_unwritable(instrument))
    if problems:
        raise InstrumentError.of(instrument.id, problems)
    found: Table = {"format": 1} | _fields(instrument, _HEAD)
    found["missing"] = instrument.missing
    found["rounding"] = "none" if instrument.rounding is None else said(instrument.rounding)
    if instrument.rollup:
        found["rollup"] = {"average": instrument.rollup}
    found |= _fields(instrument, _REST)
    scales = {each.scale.code: each.scale for each in instrument.indicators if each.scale.code}
    tables = {
        "sources": said(instrument.sources),
        "scales": {code: without(said(scale), "code") for code, scale in scales.items()},
        "root": without(said(instrument.root), "code"),
        "criteria": [_criterion(each) for each in instrument.criteria.values()],
        "rounding_stages": said(instrument.rounding_stages),
        "marks": said(instrument.marks),
        "zones": {} if instrument.zones == Zones() else said(instrument.zones),
        "cases": said(instrument.cases),
    }
    return found | {name: table for name, table in tables.items() if table}


def _unwritable(instrument: Instrument) -> Iterator[Problem]:
    for group in instrument.tree.groups:
        message = unnamed(group.rule)
        if message:
            yield Problem("unknown-rule", message, f"{place_of(group.code)}.rule")


def unnamed(rule: Rule) -> str:
    """
    Return why a file cannot name a rule, nothing where it can.
    """
    return "" if RULES.get(rule.name) == rule else f"the rule {rule.name!r} is not one that a file can name"


def _criterion(each: Indicator | Group) -> Table:
    found = _fields(each)
    if isinstance(each, Indicator) and each.scale.code:
        found["scale"] = each.scale.code
    return found


def said(value: Any) -> Any:
    """
    Return a value as it stands in a file, tables for what has parts.

    What is as it would be if nothing were said is left out.
    """
    if isinstance(value, Fraction):
        return number_said(value)
    if isinstance(value, Scale):
        return _scale(value)
    if isinstance(value, Zones):
        return {"bands": said(value.bands)} | _fields(value)
    if isinstance(value, Case):
        return _case(value)
    if isinstance(value, Condition):
        return {"criterion": value.criterion, "is": [cell_said(each) for each in value.is_]}
    if isinstance(value, Better):
        return _fields(value) | {"answer": cell_said(value.answer)}
    if isinstance(value, Rounding):
        return {"decimals": value.decimals, "mode": value.mode}
    if isinstance(value, Rule):
        return value.name
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, tuple):
        return [said(each) for each in value]
    if isinstance(value, Mapping):
        return {key: said(each) for key, each in value.items()}
    return _fields(value) if attrs.has(type(value)) else value


def _fields(value: Any, names: tuple[str, ...] = ()) -> Table:
    """Return the fields of a value, or those named, by the keys of a file."""
    found = {}
    for field in attrs.fields(type(value)):
        each = getattr(value, field.name)
        if (not names or field.name in names) and not _is_default(each, field.default):
            found[field.name.rstrip("_")] = said(each)
    return found


def _is_default(value: Any, default: Any) -> bool:
    """Return whether a value is what it would be if nothing were said, also in print."""
    return bool(value == default) and (not isinstance(value, Exact) or str(value) == str(default))


def _scale(scale: Scale) -> Table:
    found = _fields(scale, _SCALE)
    if scale.low is not None:
        found["range"] = {"low": said(scale.low), "high": said(scale.high)}
    if scale.of is not None:
        found["count"] = {"of": said(scale.of), "full": said(scale.full)}
    return found


def _case(case: Case) -> Table:
    found = without(_fields(case), "total", "zone")
    if case.answers:
        found["answers"] = {code: cell_said(answer) for code, answer in case.answers.items()}
    return found | {"expects": _fields(case, ("total", "zone"))}
