"""
Weights that an overlay does not state: equal parts of one that is split, and re-balanced members.
"""

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from pelayanan.aggregation import RULES
from pelayanan.criterion import ROOT, lineage, parent_of
from pelayanan.errors import nearest
from pelayanan.exact import written
from pelayanan.exchange import exact_of, number_said
from pelayanan.instrument import Instrument

__all__ = ["equal_parts", "rebalanced", "weighed_at_leaves"]

Table = dict[str, Any]


def weighed_at_leaves(rows: Mapping[str, Table], code: str) -> bool:
    """
    Return whether a group there would carry no weight, as those of the indicators below count.

    >>> weighed_at_leaves({"*": {}, "a": {"weights": {"over": "leaves"}}}, "a.x")
    True
    """
    above = [rows.get(each, {}) for each in lineage(parent_of(code))]
    return any(each.get("weights", {}).get("over") == "leaves" for each in above)


def equal_parts(parts: list[Table], weight: Any, code: str, who: str) -> str:
    """
    Give the parts of an indicator that is split its weight, and return what is wrong with theirs.

    Args:
        parts: Their tables; without any weight they share equally.
        weight: As printed, in any unit.
        who: The overlay, for the standing of a weight that is worked out.

    >>> parts = [{"code": "a1"}, {"code": "a2"}]
    >>> equal_parts(parts, "12.5", "a", "kota"), parts[0]["weight"]
    ('', '6.25')
    >>> equal_parts([{"code": "a1", "weight": "5"}, {"code": "a2", "weight": "7"}], "12.5", "a", "kota")
    "the parts weigh 12 together, and 'a' weighs 12.5"
    """
    whole = exact_of(weight)
    given = [exact_of(each["weight"]) for each in parts if "weight" in each]
    if not given:
        why = f"an equal part of the {whole} of {code}, which {who} splits"
        for each in parts:
            each["weight"] = number_said(whole / len(parts))
            each["standing"] = each.get("standing", {}) | {"weight": {"is": "inferred", "why": why}}
        return ""
    if len(given) < len(parts):
        return "state the weights of all parts, or of none; without any they share equally"
    total = sum(given, Fraction(0))
    if total != whole:
        return f"the parts weigh {written(total)} together, and {code[:60]!r} weighs {whole}"
    return ""


def rebalanced(
    base: Instrument,
    rows: Mapping[str, Table],
    old: Mapping[str, str],
    group: str,
    given: set[str],
    how: str,
) -> tuple[dict[str, str], str]:
    """
    Return the weights of the members that were not set, and the whole that all keep together.

    Args:
        base: The instrument below, whose weights they had.
        rows: The tables of all criteria and the root, with what was set.
        old: The code that each had in the base.
        given: The codes whose weights were set.
        how: ``"proportional"`` to the weights that they had, or ``"equal"``.

    Raises:
        ValueError: Why the group cannot be re-balanced.
    """
    row, before = rows.get(group), base.tree.weighted.get(old.get(group, ""))
    if row is None or "scale" in row:
        groups = [code for code, each in rows.items() if "scale" not in each]
        raise ValueError(f"there is no group {group[:60]!r}{nearest(group, groups)}")
    rule = RULES.get(row.get("rule", "weighted_mean"))
    if before is None or rule is None or rule.linear is None:
        raise ValueError("its members have no weights of their own here")
    if all(base[code].weight is None for code in before):
        raise ValueError("its members have equal parts, which need no re-balancing")
    codes = _weighted(rows, group)
    left = [code for code in codes if code not in given]
    new = [code for code in left if old.get(code) not in before]
    if new:
        raise ValueError(f"state the weights of {', '.join(map(repr, new[:10]))}, which were not there")
    weights = {code: base.tree.weights[old[code]] for code in left}
    whole = sum((base.tree.weights[code] for code in before), Fraction(0))
    stated = row.get("weights", {}).get("whole")
    if stated is not None and not rule.of_whole:
        whole = exact_of(stated)
    set_here = sum((exact_of(rows[code]["weight"]) for code in codes if code in given), Fraction(0))
    rest = whole - set_here
    if left and rest <= 0:
        message = f"the weights that are set add up to {written(set_here)}, which leaves nothing of "
        raise ValueError(message + written(whole))
    total = sum(weights.values(), Fraction(0))
    parts = {code: each * rest / total for code, each in weights.items()}
    if how == "equal":
        parts = dict.fromkeys(left, rest / max(len(left), 1))
    return {code: number_said(part) for code, part in parts.items()}, written(whole)


def _weighted(rows: Mapping[str, Table], group: str) -> list[str]:
    """Return the codes whose weights are parts of a group: scored members, or scored leaves."""
    inside = "" if group == ROOT else f"{group}."
    leaves = [
        code
        for code, each in rows.items()
        if code != ROOT and code.startswith(inside) and "scale" in each and each.get("scored", True)
    ]
    if rows[group].get("weights", {}).get("over") == "leaves":
        return leaves
    members = [code for code in rows if code != ROOT and parent_of(code) == group]
    return [code for code in members if any(leaf == code or leaf.startswith(f"{code}.") for leaf in leaves)]
