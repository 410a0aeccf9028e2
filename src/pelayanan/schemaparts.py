"""
The tables of the files, each in the words of JSON Schema.
"""

from typing import Any

from pelayanan.aggregation import RULES
from pelayanan.criterion import MISSING_POLICIES
from pelayanan.exact import MODES
from pelayanan.provenance import STANDINGS
from pelayanan.pruning import OF
from pelayanan.zones import MEASURES

__all__ = [
    "BAND",
    "DEFINITIONS",
    "GROUP",
    "HEAD",
    "INDICATOR",
    "MARK",
    "ONE_END",
    "ROOT",
    "SECTIONS",
    "ZONES",
    "Schema",
    "each",
    "named",
    "one_of",
    "ref",
    "table",
    "text",
]

Schema = dict[str, Any]

_NUMBER = r"^\s*[+-]?([0-9]+(\.[0-9]+)?([eE][+-]?[0-9]{1,3})?|[0-9]+/0*[1-9][0-9]*)\s*$"
_POSITIVE = r"^\s*\+?[0-9./eE+-]*[1-9][0-9./eE+-]*\s*$"
_CODE = r"^[a-z0-9_]+(\.[a-z0-9_]+){0,11}$"


def ref(name: str, about: str = "") -> Schema:
    return {"$ref": f"#/$defs/{name}"} | ({"description": about} if about else {})


def text(about: str = "", **said: Any) -> Schema:
    return {"type": "string", **said} | ({"description": about} if about else {})


def whole(about: str, **said: Any) -> Schema:
    return {"type": "integer", "description": about, **said}


def yes(about: str) -> Schema:
    return {"type": "boolean", "description": about}


def one_of(values: Any, about: str) -> Schema:
    return {"enum": list(values), "description": about}


def each(items: Schema, about: str = "", **said: Any) -> Schema:
    return {"type": "array", "items": items, **said} | ({"description": about} if about else {})


def named(values: Schema, about: str) -> Schema:
    return {"type": "object", "additionalProperties": values, "description": about}


def table(properties: Schema, required: list[str] | None = None, **said: Any) -> Schema:
    made = {"type": "object", "properties": properties, "additionalProperties": False, **said}
    return made | ({"required": required} if required else {})


def _pair(about: str) -> Schema:
    return each(
        {"prefixItems": [ref("number"), ref("share")], **each(ref("number"), minItems=2, maxItems=2)},
        about,
    )


KNOWN = {
    "source": ref("codes", "The source, or the sources, of the figures of this table."),
    "standing": named(ref("standing"), "What stands otherwise, by figure."),
    "disputed": text("What others say against it."),
}
CRITERION = {
    "code": text(
        "Dotted parts of a-z, 0-9 and _; the parent is the code without its last part.",
        pattern=_CODE,
        maxLength=200,
    ),
    "title": ref("text"),
    "weight": ref("positive", "As printed, in any unit."),
    "missing": one_of(["", *MISSING_POLICIES], "What a missing answer does; a group hands it down."),
    "asked_if": ref("conditions", "When it is asked."),
    "least_respondents": whole("With fewer respondents an answer is missing.", minimum=1),
    "tags": named(text(), "Free groups across the tree."),
    **KNOWN,
}
INDICATOR = {
    **CRITERION,
    "scale": {"anyOf": [text(), ref("scale")], "description": "The name of a scale, or one in place."},
    "optional": yes("Whether it may be not applicable."),
    "scored": yes("false: collected, not scored."),
    "aliases": ref("codes", "Further codes under which answers may arrive."),
    "labels": named(ref("text"), "Labels of options that differ here."),
}
GROUP = {
    **CRITERION,
    "rule": one_of(RULES, "How the shares of the members are combined; weighted_mean if absent."),
    "weights": table(
        {
            "whole": ref("positive", "What the weights are parts of."),
            "over": one_of(["members", "leaves"], "Whether the weights are printed at the indicators below."),
            "equal": text("The source that says that all weights are equal."),
            "sum": ref("number", "Another sum that was printed."),
        }
    ),
    "rescale": yes("Under a weighted sum: whether the others carry the weight of what is left out."),
    "plus": ref("share", "Under weakest_link_plus: what is added to the lowest share."),
    "steps": {
        "type": "object",
        "patternProperties": {"^[1-9][0-9]{0,4}$": _pair("Pairs of a sum and a share.")},
        "additionalProperties": False,
        "description": "Under step: a row for each number of members with a score.",
    },
    "least_answered": ref(
        "share", "The part of the questions asked that must be answered; at the root only."
    ),
}
ROOT = {key: value for key, value in GROUP.items() if key not in ("code", "weight", "asked_if", "tags")}
HEAD = {
    "id": text("Of the edition.", pattern="^[a-z0-9.-]+$"),
    "family": text("Of which rubric it is an edition.", pattern="^[a-z0-9.-]*$"),
    "title": ref("text"),
    "issuer": text("Whose rubric it is."),
    "applies_to": text("What tells editions of a family apart that are in force together."),
    "variant_of": text("The edition that this is a variant of.", pattern="^[a-z0-9.-]*$"),
    "in_force": table(
        {"from": ref("day"), "until": ref("day")}, ["from"], description="The assessed period."
    ),
    "language": text("The language of plain texts; id if absent."),
    "maximum": ref("positive", "What the share 1 of the whole is worth, in points."),
    "missing": one_of(MISSING_POLICIES, "What a missing answer does where no criterion says so."),
    "tokens": named({"enum": ["missing", "not_applicable"]}, "Answers that are states."),
    "rounding": {"anyOf": [{"const": "none"}, ref("rounding")], "description": "How totals are published."},
    "rollup": table(
        {"average": one_of(["published", "exact"], "Which totals of units are averaged.")}, ["average"]
    ),
    **KNOWN,
}
ZONES = {"decide_on": {"anyOf": [{"enum": ["published", "exact"]}, ref("rounding")]}, **KNOWN}
SECTIONS = {
    "sources": named(
        table({"title": text(), "locator": text("Article, table, page."), "url": text()}, ["title"]),
        "The publications that figures come from.",
    ),
    "scales": named(ref("scale"), "Named scales."),
    "root": table(ROOT, description="The group of the first-level criteria."),
    "criteria": each(
        {"if": {"required": ["scale"]}, "then": ref("indicator"), "else": ref("group")},
        minItems=1,
        maxItems=10_000,
    ),
    "rounding_stages": each(ref("rounding_stage"), "Where the rubric rounds on the way."),
    "zones": table({"bands": each(ref("band"), "From low to high."), **ZONES}, ["bands"]),
    "marks": each(ref("mark"), "Labels beside the zone."),
    "cases": each(ref("case"), "Results that the publisher printed."),
}
_ENDS = {
    "floor": "Where it begins, itself included.",
    "above": "Where it begins, itself not included.",
    "ceiling": "Where it ends, itself included.",
    "below": "Where it ends, itself not included.",
}
STAGE = {
    "at": text("The criterion, * for the whole, or each for all members of of_group."),
    "of_group": text("The group whose members each are rounded."),
    "of": one_of(["points", "contribution"], "What is rounded."),
    "decimals": whole("To how many.", minimum=0, maximum=10),
    "step": ref("positive", "Or to which step."),
    "mode": one_of(MODES, "Where a tie goes; half_up if absent."),
    **KNOWN,
}
REQUIREMENT = {
    "criterion": text("The criterion that is measured."),
    "each_of": text("Or the group whose members each are."),
    "at_least": ref("positive", "The least with which it holds."),
    "of": one_of(MEASURES, "What is measured."),
    "exceptions": whole("How many members may fail.", minimum=0),
    "decide_on": {"anyOf": [{"const": "none"}, ref("rounding")]},
}
BAND = {
    "code": text("Such as A.", minLength=1, maxLength=40),
    **{name: ref("number", about) for name, about in _ENDS.items()},
    "label": ref("text"),
    "colour": text("For pictures, #1e8449."),
    "attributes": named(text(), "Anything else that belongs to the band."),
    "printed": text("The interval as it was printed."),
    "gap_after": yes("Whether what follows does not adjoin, and was printed so."),
    "requires": each(ref("requirement"), "What else must hold."),
    **KNOWN,
}
# At most one lower and one upper end.
ONE_END = {"allOf": [{"not": {"required": ["floor", "above"]}}, {"not": {"required": ["ceiling", "below"]}}]}
MARK = {
    "code": text("What it is called.", minLength=1, maxLength=40),
    "requires": each(ref("requirement"), "What must hold.", minItems=1),
    "label": ref("text"),
    **KNOWN,
}
CASE = {
    "name": text("Whose result it is."),
    "answers": named({"type": ["string", "number"]}, "Answers by criterion."),
    "units": each(ref("number"), "Or the totals of the units that were averaged."),
    "of": one_of(["", *OF], "What the answers are, where they are none to the scales."),
    "at": text("The criterion whose points were printed, * for the total."),
    "expects": table({"total": ref("number"), "zone": text()}, minProperties=1),
    "within": ref("number", "How far off the total may be."),
    "reason": text("Why it may be off."),
    "source": KNOWN["source"],
}
_OPTION = {"code": text(minLength=1, maxLength=40), "share": ref("share"), "label": ref("text")}
_FORMS = {
    "options": each(table(_OPTION, ["code"]), "Named answers, each with its share.", minItems=1),
    "range": table(
        {"low": ref("number"), "high": ref("positive")},
        ["low", "high"],
        description="The share is answer / high.",
    ),
    "count": table(
        {"of": ref("positive"), "full": ref("positive")},
        ["of", "full"],
        description="The share is answer / full, at most 1.",
    ),
    "anchors": _pair("On the straight line between pairs of answer and share.") | {"minItems": 2},
    "steps": _pair("The share of the last pair whose answer is reached.") | {"minItems": 1},
}
DEFINITIONS = {
    "number": {
        "anyOf": [{"type": "number"}, text(pattern=_NUMBER)],
        "description": 'A number as printed, or a fraction such as "1/9".',
    },
    "positive": {
        "anyOf": [
            {"type": "number", "exclusiveMinimum": 0},
            {"allOf": [text(pattern=_NUMBER), text(pattern=_POSITIVE)]},
        ],
        "description": "A number greater than 0.",
    },
    "share": {
        "anyOf": [{"type": "number", "minimum": 0, "maximum": 1}, text(pattern=_NUMBER)],
        "description": "A part of 1.",
    },
    "text": {"anyOf": [text(), named(text(), "")], "description": "A text, or a text by language."},
    "codes": {"anyOf": [text(), each(text())]},
    "day": {"type": "string", "format": "date", "pattern": r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$"},
    "standing": table(
        {"is": one_of(STANDINGS, "How well the figure is known."), "why": text("The reason.")}, ["is"]
    ),
    "rounding": table(
        {"decimals": whole("How many.", minimum=0, maximum=10), "mode": one_of(MODES, "Where a tie goes.")},
        ["decimals", "mode"],
    ),
    "scale": table(
        {**_FORMS, "between": yes("Whether means of numeric options are admitted."), **KNOWN},
        oneOf=[{"required": [form]} for form in _FORMS],
        description="What an indicator may be answered with, in exactly one of five forms.",
    ),
    "indicator": table(INDICATOR, ["code", "scale"]),
    "group": table(GROUP, ["code"]),
    "conditions": {"anyOf": [ref("condition"), each(ref("condition"))]},
    "condition": table({"criterion": text(), "is": ref("answers")}, ["criterion", "is"]),
    "answers": {"anyOf": [text(), {"type": "number"}, each({"type": ["string", "number"]}, minItems=1)]},
    "rounding_stage": table(
        STAGE,
        ["at", "of"],
        oneOf=[{"required": ["decimals"]}, {"required": ["step"]}],
        **{"if": {"properties": {"at": {"const": "each"}}}, "then": {"required": ["of_group"]}},
    ),
    "requirement": table(
        REQUIREMENT, ["at_least", "of"], oneOf=[{"required": ["criterion"]}, {"required": ["each_of"]}]
    ),
    "band": table(BAND, ["code"], **ONE_END),
    "mark": table(MARK, ["code", "requires"]),
    "case": table(CASE, ["name", "expects"]),
}
