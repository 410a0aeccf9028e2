"""
The JSON Schema of the instrument file, by which editors complete and check as one types.
"""

import copy
from typing import Any

from pelayanan.aggregation import RULES
from pelayanan.criterion import MISSING_POLICIES
from pelayanan.exact import MODES
from pelayanan.provenance import STANDINGS
from pelayanan.pruning import OF
from pelayanan.zones import MEASURES

__all__ = ["instrument_schema"]

Schema = dict[str, Any]

_DRAFT = "https://json-schema.org/draft/2020-12/schema"
_NUMBER = r"^\s*[+-]?([0-9]+(\.[0-9]+)?([eE][+-]?[0-9]{1,3})?|[0-9]+/0*[1-9][0-9]*)\s*$"
_POSITIVE = r"^\s*\+?[0-9./eE+-]*[1-9][0-9./eE+-]*\s*$"
_CODE = r"^[a-z0-9_]+(\.[a-z0-9_]+){0,11}$"

_BEYOND = {
    "absent-parent": "The parent of a dotted code is there and is a group.",
    "empty-group": "A criterion has a scale or members.",
    "duplicate-code": "Codes and aliases of criteria, options of a scale, bands and marks are there once.",
    "unknown-criterion": "Every criterion that is named is there.",
    "unknown-scale": "Every scale that is named is in [scales].",
    "unknown-source": "Every source that is named is in [sources].",
    "unknown-band": "The zone of a case is a band.",
    "unscored": "At least one indicator is scored.",
    "weights-whole": "Absent weights share what is left of weights.whole, and a weighted sum states it.",
    "weights-sum": "Printed weights add up to weights.whole, or to the stated weights.sum.",
    "weights-denominator": "The common denominator of the weights of a group has at most 30 digits.",
    "weight": "Under a step rule every member has a weight.",
    "weight-unused": "A weight stands only where the rule uses it.",
    "rescale": "A weighted sum from which answers may be left out states rescale, and no other rule does.",
    "plus": "plus goes with weakest_link_plus.",
    "steps": "steps go with step, rise, and have a row for each number of members that can have a score.",
    "unreachable": "What a rule, a requirement or a mark asks for can be reached.",
    "scale-order": "The answers of anchors and steps rise.",
    "scale-range": "A range has low < high.",
    "scale-count": "A count has full up to of.",
    "scale-between": "between needs two numeric options or more, all with a share.",
    "scale-share": "At least one option of a scale has a share.",
    "unknown-option": "labels of an indicator name options of its scale.",
    "band-ends": "Bands begin before they end, and only the lowest, or one that requires more, has no floor.",
    "band-order": "Bands go from low to high.",
    "band-overlap": "Bands do not overlap on the grid on which the zone is decided.",
    "band-gap": "A gap between bands is declared with gap_after.",
    "requirement": "A requirement asks for more than 0, and is about what can be measured.",
    "condition": "A condition names an indicator whose scale knows its answers.",
    "circle": "Conditions do not go round in a circle.",
    "rounding-stage": "What is rounded on the way is scored, is rounded once, and has what is rounded.",
    "token": "A token is no answer of a scale.",
    "in-force": "A period ends when it begins, or after.",
    "case": "A case has answers or units, not both, and the codes of its answers are there.",
    "unsourced": "A published figure has a source.",
    "unknown-figure": "A standing is of a figure of its table.",
    "too-many-digits": "Numbers have at most 30 digits, and totals at most 15.",
    "unprintable": "Texts have no characters that cannot be printed.",
}


def instrument_schema() -> Schema:
    """
    Return the JSON Schema of the instrument file, as of draft 2020-12.

    A file is checked once its TOML is read, days as texts. What the reader refuses and a schema
    cannot say is listed under ``x-rules``, by the code of the problem.

    >>> schema = instrument_schema()
    >>> schema["required"]
    ['format', 'id', 'maximum', 'missing', 'rounding', 'criteria']
    >>> schema["x-rules"]["band-order"]
    'Bands go from low to high.'
    """
    made = {
        "$schema": _DRAFT,
        "title": "Instrument file of pelayanan, format 1",
        "description": "One edition of one rubric.",
        "$comment": "x-rules lists what the reader refuses and a schema cannot say.",
        **_table(_HEAD, ["format", "id", "maximum", "missing", "rounding", "criteria"]),
        "$defs": _defs(),
        "x-rules": _BEYOND,
    }
    return copy.deepcopy(made)


def _ref(name: str, about: str = "") -> Schema:
    return {"$ref": f"#/$defs/{name}"} | ({"description": about} if about else {})


def _text(about: str = "", **said: Any) -> Schema:
    return {"type": "string", **said} | ({"description": about} if about else {})


def _whole(about: str, **said: Any) -> Schema:
    return {"type": "integer", "description": about, **said}


def _yes(about: str) -> Schema:
    return {"type": "boolean", "description": about}


def _of(values: Any, about: str) -> Schema:
    return {"enum": list(values), "description": about}


def _each(items: Schema, about: str = "", **said: Any) -> Schema:
    return {"type": "array", "items": items, **said} | ({"description": about} if about else {})


def _named(values: Schema, about: str) -> Schema:
    return {"type": "object", "additionalProperties": values, "description": about}


def _table(properties: Schema, required: list[str] | None = None, **said: Any) -> Schema:
    made = {"type": "object", "properties": properties, "additionalProperties": False, **said}
    return made | ({"required": required} if required else {})


def _pair(about: str) -> Schema:
    return _each(
        {"prefixItems": [_ref("number"), _ref("share")], **_each(_ref("number"), minItems=2, maxItems=2)},
        about,
    )


_KNOWN = {
    "source": _ref("codes", "The source, or the sources, of the figures of this table."),
    "standing": _named(_ref("standing"), "What stands otherwise, by figure."),
    "disputed": _text("What others say against it."),
}
_CRITERION = {
    "code": _text(
        "Dotted parts of a-z, 0-9 and _; the parent is the code without its last part.",
        pattern=_CODE,
        maxLength=200,
    ),
    "title": _ref("text"),
    "weight": _ref("positive", "As printed, in any unit."),
    "missing": _of(["", *MISSING_POLICIES], "What a missing answer does; a group hands it down."),
    "asked_if": _ref("conditions", "When it is asked."),
    "least_respondents": _whole("With fewer respondents an answer is missing.", minimum=1),
    "tags": _named(_text(), "Free groups across the tree."),
    **_KNOWN,
}
_INDICATOR = {
    **_CRITERION,
    "scale": {"anyOf": [_text(), _ref("scale")], "description": "The name of a scale, or one in place."},
    "optional": _yes("Whether it may be not applicable."),
    "scored": _yes("false: collected, not scored."),
    "aliases": _ref("codes", "Further codes under which answers may arrive."),
    "labels": _named(_ref("text"), "Labels of options that differ here."),
}
_GROUP = {
    **_CRITERION,
    "rule": _of(RULES, "How the shares of the members are combined; weighted_mean if absent."),
    "weights": _table(
        {
            "whole": _ref("positive", "What the weights are parts of."),
            "over": _of(["members", "leaves"], "Whether the weights are printed at the indicators below."),
            "equal": _text("The source that says that all weights are equal."),
            "sum": _ref("number", "Another sum that was printed."),
        }
    ),
    "rescale": _yes("Under a weighted sum: whether the others carry the weight of what is left out."),
    "plus": _ref("share", "Under weakest_link_plus: what is added to the lowest share."),
    "steps": {
        "type": "object",
        "patternProperties": {"^[1-9][0-9]{0,4}$": _pair("Pairs of a sum and a share.")},
        "additionalProperties": False,
        "description": "Under step: a row for each number of members with a score.",
    },
    "least_answered": _ref(
        "share", "The part of the questions asked that must be answered; at the root only."
    ),
}
_ROOT = {key: value for key, value in _GROUP.items() if key not in ("code", "weight", "asked_if", "tags")}
_HEAD = {
    "format": {"const": 1, "description": "The version of this notation."},
    "id": _text("Of the edition.", pattern="^[a-z0-9.-]+$"),
    "family": _text("Of which rubric it is an edition.", pattern="^[a-z0-9.-]*$"),
    "title": _ref("text"),
    "issuer": _text("Whose rubric it is."),
    "applies_to": _text("What tells editions of a family apart that are in force together."),
    "variant_of": _text("The edition that this is a variant of.", pattern="^[a-z0-9.-]*$"),
    "in_force": _table(
        {"from": _ref("day"), "until": _ref("day")}, ["from"], description="The assessed period."
    ),
    "language": _text("The language of plain texts; id if absent."),
    "maximum": _ref("positive", "What the share 1 of the whole is worth, in points."),
    "missing": _of(MISSING_POLICIES, "What a missing answer does where no criterion says so."),
    "tokens": _named({"enum": ["missing", "not_applicable"]}, "Answers that are states."),
    "rounding": {"anyOf": [{"const": "none"}, _ref("rounding")], "description": "How totals are published."},
    "rollup": _table(
        {"average": _of(["published", "exact"], "Which totals of units are averaged.")}, ["average"]
    ),
    **_KNOWN,
    "sources": _named(
        _table({"title": _text(), "locator": _text("Article, table, page."), "url": _text()}, ["title"]),
        "The publications that figures come from.",
    ),
    "scales": _named(_ref("scale"), "Named scales."),
    "root": _table(_ROOT, description="The group of the first-level criteria."),
    "criteria": _each(
        {"if": {"required": ["scale"]}, "then": _ref("indicator"), "else": _ref("group")},
        minItems=1,
        maxItems=10_000,
    ),
    "rounding_stages": _each(_ref("rounding_stage"), "Where the rubric rounds on the way."),
    "zones": _table(
        {
            "decide_on": {"anyOf": [{"enum": ["published", "exact"]}, _ref("rounding")]},
            "bands": _each(_ref("band"), "From low to high."),
            **_KNOWN,
        },
        ["bands"],
    ),
    "marks": _each(_ref("mark"), "Labels beside the zone."),
    "cases": _each(_ref("case"), "Results that the publisher printed."),
}


def _defs() -> Schema:
    exact = {"anyOf": [{"type": "number"}, _text(pattern=_NUMBER)]}
    some = {
        "anyOf": [
            {"type": "number", "exclusiveMinimum": 0},
            {"allOf": [_text(pattern=_NUMBER), _text(pattern=_POSITIVE)]},
        ]
    }
    label = {"label": _ref("text")}
    ends = {name: _ref("number", about) for name, about in _ENDS.items()}
    return {
        "number": exact | {"description": 'A number as printed, or a fraction such as "1/9".'},
        "positive": some | {"description": "A number greater than 0."},
        "share": {
            "anyOf": [{"type": "number", "minimum": 0, "maximum": 1}, _text(pattern=_NUMBER)],
            "description": "A part of 1.",
        },
        "text": {"anyOf": [_text(), _named(_text(), "")], "description": "A text, or a text by language."},
        "codes": {"anyOf": [_text(), _each(_text())]},
        "day": {"type": "string", "format": "date", "pattern": r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$"},
        "standing": _table(
            {"is": _of(STANDINGS, "How well the figure is known."), "why": _text("The reason.")}, ["is"]
        ),
        "rounding": _table(
            {"decimals": _whole("How many.", minimum=0, maximum=10), "mode": _of(MODES, "Where a tie goes.")},
            ["decimals", "mode"],
        ),
        "scale": _scale(),
        "indicator": _table(_INDICATOR, ["code", "scale"]),
        "group": _table(_GROUP, ["code"]),
        "conditions": {"anyOf": [_ref("condition"), _each(_ref("condition"))]},
        "condition": _table({"criterion": _text(), "is": _ref("answers")}, ["criterion", "is"]),
        "answers": {
            "anyOf": [_text(), {"type": "number"}, _each({"type": ["string", "number"]}, minItems=1)]
        },
        "rounding_stage": _table(
            {
                "at": _text("The criterion, * for the whole, or each for all members of of_group."),
                "of_group": _text("The group whose members each are rounded."),
                "of": _of(["points", "contribution"], "What is rounded."),
                "decimals": _whole("To how many.", minimum=0, maximum=10),
                "step": _ref("positive", "Or to which step."),
                "mode": _of(MODES, "Where a tie goes; half_up if absent."),
                **_KNOWN,
            },
            ["at", "of"],
            oneOf=[{"required": ["decimals"]}, {"required": ["step"]}],
            **{"if": {"properties": {"at": {"const": "each"}}}, "then": {"required": ["of_group"]}},
        ),
        "requirement": _table(
            {
                "criterion": _text("The criterion that is measured."),
                "each_of": _text("Or the group whose members each are."),
                "at_least": _ref("positive", "The least with which it holds."),
                "of": _of(MEASURES, "What is measured."),
                "exceptions": _whole("How many members may fail.", minimum=0),
                "decide_on": {"anyOf": [{"const": "none"}, _ref("rounding")]},
            },
            ["at_least", "of"],
            oneOf=[{"required": ["criterion"]}, {"required": ["each_of"]}],
        ),
        "band": _table(
            {
                "code": _text("Such as A.", minLength=1, maxLength=40),
                **ends,
                **label,
                "colour": _text("For pictures, #1e8449."),
                "attributes": _named(_text(), "Anything else that belongs to the band."),
                "printed": _text("The interval as it was printed."),
                "gap_after": _yes("Whether what follows does not adjoin, and was printed so."),
                "requires": _each(_ref("requirement"), "What else must hold."),
                **_KNOWN,
            },
            ["code"],
            allOf=[{"not": {"required": ["floor", "above"]}}, {"not": {"required": ["ceiling", "below"]}}],
        ),
        "mark": _table(
            {
                "code": _text("What it is called.", minLength=1, maxLength=40),
                "requires": _each(_ref("requirement"), "What must hold.", minItems=1),
                **label,
                **_KNOWN,
            },
            ["code", "requires"],
        ),
        "case": _table(
            {
                "name": _text("Whose result it is."),
                "answers": _named({"type": ["string", "number"]}, "Answers by criterion."),
                "units": _each(_ref("number"), "Or the totals of the units that were averaged."),
                "of": _of(["", *OF], "What the answers are, where they are none to the scales."),
                "at": _text("The criterion whose points were printed, * for the total."),
                "expects": _table({"total": _ref("number"), "zone": _text()}, minProperties=1),
                "within": _ref("number", "How far off the total may be."),
                "reason": _text("Why it may be off."),
                "source": _KNOWN["source"],
            },
            ["name", "expects"],
        ),
    }


_ENDS = {
    "floor": "Where it begins, itself included.",
    "above": "Where it begins, itself not included.",
    "ceiling": "Where it ends, itself included.",
    "below": "Where it ends, itself not included.",
}


def _scale() -> Schema:
    option = {"code": _text(minLength=1, maxLength=40), "share": _ref("share"), "label": _ref("text")}
    forms = {
        "options": _each(_table(option, ["code"]), "Named answers, each with its share.", minItems=1),
        "range": _table(
            {"low": _ref("number"), "high": _ref("positive")},
            ["low", "high"],
            description="The share is answer / high.",
        ),
        "count": _table(
            {"of": _ref("positive"), "full": _ref("positive")},
            ["of", "full"],
            description="The share is answer / full, at most 1.",
        ),
        "anchors": _pair("On the straight line between pairs of answer and share.") | {"minItems": 2},
        "steps": _pair("The share of the last pair whose answer is reached.") | {"minItems": 1},
    }
    return _table(
        {**forms, "between": _yes("Whether means of numeric options are admitted."), **_KNOWN},
        oneOf=[{"required": [form]} for form in forms],
        description="What an indicator may be answered with, in exactly one of five forms.",
    )
