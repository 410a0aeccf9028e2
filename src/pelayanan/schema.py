"""
The JSON Schema of the files, by which editors complete and check as one types.
"""

import copy

from pelayanan.overlays import LISTED
from pelayanan.schemaparts import (
    BAND,
    DEFINITIONS,
    GROUP,
    HEAD,
    INDICATOR,
    MARK,
    ONE_END,
    ROOT,
    SECTIONS,
    ZONES,
    Schema,
    each,
    named,
    one_of,
    ref,
    table,
    text,
)

__all__ = ["instrument_schema", "overlay_schema"]

_DRAFT = "https://json-schema.org/draft/2020-12/schema"

_OF_INSTRUMENTS = {
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


_OF_OVERLAYS = {
    "duplicate-code": "Codes are named once in a list, and what is added or renamed has a code of its own.",
    "other-base": "An overlay is laid over what it extends.",
    "unknown-base": "What it extends is known.",
    "cycle": "A chain of overlays is no circle.",
    "pruning": "What it extends was not pruned.",
    "dead-reference": "What is changed, dropped, renamed, split or goes is there.",
    "dropped": "Nothing needs what is dropped.",
    "split": "What is split is an indicator, with a weight that its parts can share.",
    "weights-sum": "The parts of an indicator weigh together what it weighs.",
    "rebalance": "What is re-balanced has members with weights, and something is left for them.",
    "order": "An order names each once.",
    "unknown-layer": "What it may contradict is an overlay below it.",
    "clash": "Two overlays do not set the same field, unless the later names the earlier in over.",
}
_FORMAT = {"const": 1, "description": "The version of this notation."}
_WITHOUT = {"without": ref("codes", "The keys that go, before others are set.")}
_CRITERION = GROUP | INDICATOR
_AFTER = {"after": text("The criterion behind which it stands.")}
_NAMED = {name: ref("codes", "By name.") for name in LISTED}
_ROWS = {
    "rename": each(
        table({"code": text("The old code."), "to": text("The new one.")}, ["code", "to"]),
        "Criteria that get another code, with all below them.",
    ),
    "split": each(
        table(
            {
                "code": text("Of the indicator."),
                "into": each(table(_CRITERION, ["code"]), "What takes its place."),
            },
            ["code", "into"],
        ),
        "Indicators that become several.",
    ),
    "drop": table(_NAMED, description="What goes; criteria with all below them."),
    "add": each(
        {
            "if": {"required": ["scale"]},
            "then": table(INDICATOR | _AFTER, ["code", "scale"]),
            "else": table(GROUP | _AFTER, ["code"]),
        },
        "Criteria that are new.",
    ),
    "change": each(table(_CRITERION | _WITHOUT, ["code"]), "Keys of criteria that change."),
    "root": table(ROOT | _WITHOUT, description="Keys of the root that change."),
    "zones": table(
        {
            "bands": each(
                table(BAND | _WITHOUT, ["code"], **ONE_END), "Changed where they are there, else added."
            )
        }
        | ZONES
        | _WITHOUT
    ),
    "marks": each(table(MARK | _WITHOUT, ["code"]), "Changed where they are there, else added."),
    "rebalance": named(
        one_of(["proportional", "equal"], "What the members' weights do that are not set."),
        "By the code of the group, * for the root.",
    ),
    "order": table(_NAMED, description="All names of a list, in their order."),
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
    return _schema(
        "Instrument file",
        "One edition of one rubric.",
        {"format": _FORMAT} | HEAD | SECTIONS,
        ["format", "id", "maximum", "missing", "rounding", "criteria"],
        _OF_INSTRUMENTS,
    )


def overlay_schema() -> Schema:
    """
    Return the JSON Schema of the overlay file, as of draft 2020-12.

    It is used as `instrument_schema` is. ``x-rules`` lists what is refused when the overlay is read
    or laid; what comes out is held to the rules of instruments, too.

    >>> schema = overlay_schema()
    >>> schema["required"]
    ['format', 'extends']
    >>> schema["x-rules"]["dropped"]
    'Nothing needs what is dropped.'
    """
    own = {
        "format": _FORMAT,
        "extends": text("The id of the instrument or overlay that it is laid over.", pattern="^[a-z0-9.-]+$"),
        "over": ref("codes", "The overlays below that it may contradict."),
    }
    kept = {name: SECTIONS[name] for name in ("sources", "scales", "rounding_stages", "cases")}
    return _schema(
        "Overlay file",
        "What changes in an instrument.",
        own | HEAD | _WITHOUT | kept | _ROWS,
        ["format", "extends"],
        _OF_OVERLAYS,
    )


def _schema(
    title: str, about: str, properties: Schema, required: list[str], beyond: dict[str, str]
) -> Schema:
    made = {
        "$schema": _DRAFT,
        "title": f"{title} of pelayanan, format 1",
        "description": about,
        "$comment": "x-rules lists what is refused and a schema cannot say.",
        **table(properties, required),
        "$defs": DEFINITIONS,
        "x-rules": beyond,
    }
    return copy.deepcopy(made)
