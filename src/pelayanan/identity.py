"""
Fingerprints: two instruments with the same one give the same scores.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from datetime import date
from fractions import Fraction
from typing import Any

import attrs

from pelayanan.aggregation import Rule
from pelayanan.conditions import Condition
from pelayanan.criteria import Criteria
from pelayanan.criterion import Group, Indicator
from pelayanan.exact import Exact, Rounding, written
from pelayanan.marks import Mark
from pelayanan.scales import Scale
from pelayanan.zones import Requirement, Zones

__all__ = ["digest_of", "fingerprint_of"]


def digest_of(value: Any) -> str:
    """
    Return the SHA-256 over everything that a value says, numbers as they were printed.
    """
    return _hashed(_said(value, {}))


def fingerprint_of(
    criteria: Criteria, zones: Zones, head: Mapping[str, Any], marks: Iterable[Mark] = ()
) -> str:
    """
    Return the SHA-256 over what decides a score.

    Weights are normalised, numbers in lowest terms, criteria and options sorted by code.

    Args:
        head: The fields of the instrument's head that decide a score.
    """
    scales: dict[int, str] = {}
    deciding = {
        "head": _reduced(dict(head)),
        "criteria": {
            each.code: _criterion(criteria, each, scales) for each in (criteria.root, *criteria.listed)
        },
        "decide_on": _reduced(zones.decide_on),
        "bands": [
            [band.code, _reduced(band.start), _reduced(band.end), *map(_required, band.requires)]
            for band in zones.bands
        ],
    }
    required = {mark.code: [*map(_required, mark.requires)] for mark in marks}
    if required:
        deciding["marks"] = required
    if criteria.staged:
        deciding["stages"] = {
            code: [stage.of, _reduced(stage.grid), stage.mode] for code, stage in criteria.staged.items()
        }
    return _hashed(deciding)


def _hashed(value: Any) -> str:
    canonical = json.dumps(value, sort_keys=True, ensure_ascii=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


def _criterion(criteria: Criteria, each: Group | Indicator, scales: dict[int, str]) -> dict[str, Any]:
    """Return what decides the score of a criterion; a scale that many have is hashed once."""
    if isinstance(each, Indicator):
        if id(each.scale) not in scales:
            scales[id(each.scale)] = _hashed(_scale(each.scale))
        return _asked(each) | {
            "scale": scales[id(each.scale)],
            "missing": criteria.policy(each.code),
            "optional": each.optional,
            "scored": each.scored,
            "aliases": sorted(each.aliases),
        }
    weights = {code: criteria.weights[code] for code in criteria.combined[each.code]}
    unit = criteria.terms(each).whole if each.rule.of_whole else sum(weights.values(), Fraction(0))
    if each.rule.linear is None:
        unit = Fraction(1)
    of_rule = {"version": each.rule.version, "plus": _reduced(each.plus), "steps": _reduced(each.steps)}
    return (
        _asked(each)
        | {name: said for name, said in of_rule.items() if said}
        | {
            "rule": each.rule.name,
            "rescale": each.rescale,
            "weights": {code: written(weight / unit) for code, weight in weights.items()},
            "least_answered": _reduced(each.least_answered),
        }
    )


def _asked(each: Group | Indicator) -> dict[str, Any]:
    """Return what decides whether a criterion is asked, and whether its respondents suffice."""
    asked = [_condition(condition) for condition in each.asked_if]
    found = {"asked_if": sorted(asked), "least_respondents": each.least_respondents}
    return {name: said for name, said in found.items() if said}


def _condition(condition: Condition) -> list[Any]:
    return [condition.criterion, *sorted(_hashed(_reduced(each)) for each in condition.is_)]


def _required(each: Requirement) -> list[Any]:
    about = [each.criterion, each.each_of, each.of, each.exceptions]
    return [*about, _reduced(each.at_least), _reduced(each.decide_on)]


def _scale(scale: Scale) -> dict[str, Any]:
    options = {option.code: _reduced(option.share) for option in scale.options}
    numbers = (scale.low, scale.high, scale.of, scale.full, scale.anchors, scale.steps)
    return {"options": options, "between": scale.between, "numbers": _reduced(numbers)}


def _reduced(value: Any) -> Any:
    """Return a value as JSON, with numbers in lowest terms."""
    if isinstance(value, Fraction):
        return written(Fraction(value))
    if isinstance(value, Rounding):
        return [value.decimals, value.mode]
    if isinstance(value, tuple | list):
        return [_reduced(each) for each in value]
    if isinstance(value, Mapping):
        return {key: _reduced(each) for key, each in value.items()}
    return value


def _said(value: Any, scales: dict[int, str]) -> Any:
    """Return a value as JSON, with all that it says and nothing normalised."""
    if isinstance(value, Exact):
        return value.printed
    if isinstance(value, Fraction):
        return written(value)
    if isinstance(value, Rule):
        return f"{value.name} {value.version}".strip()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, tuple | list):
        return [_said(each, scales) for each in value]
    if isinstance(value, Mapping):
        return [[key, _said(each, scales)] for key, each in value.items()]
    if isinstance(value, Scale):
        if id(value) not in scales:
            scales[id(value)] = _hashed(_fields_said(value, scales))
        return scales[id(value)]
    return _fields_said(value, scales) if attrs.has(type(value)) else value


def _fields_said(value: Any, scales: dict[int, str]) -> dict[str, Any]:
    fields = attrs.fields(type(value))
    return {field.name: _said(getattr(value, field.name), scales) for field in fields}
