"""
The tables of an instrument that have names, and their places.
"""

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from pelayanan.criterion import ROOT, lineage, parent_of
from pelayanan.exact import number_in
from pelayanan.layers import at

__all__ = ["by_floor", "inserted", "listed", "place", "places_of", "renamed", "stage_name"]

Table = dict[str, Any]


def places_of(tables: Table) -> dict[str, Table]:
    """
    Return every table of an instrument that has a place, the head without what is in others.

    >>> sorted(places_of({"id": "x", "criteria": [{"code": "a"}], "zones": {"bands": [{"code": "A"}]}}))
    ['', "criteria['a']", 'root', 'zones', "zones.bands['A']"]
    """
    found = {"": tables, "root": tables.get("root", {}), "zones": tables.get("zones", {})}
    for section, rows in listed(tables).items():
        found |= {place(section, name): row for name, row in rows.items()}
    return found


def listed(tables: Table) -> dict[str, dict[str, Table]]:
    """
    Return the tables that have names, by section and name.

    >>> listed({"rounding_stages": [{"at": "each", "of_group": "input"}]})["rounding_stages"]
    {'each of input': {'at': 'each', 'of_group': 'input'}}
    """
    return {
        "sources": dict(tables.get("sources", {})),
        "scales": dict(tables.get("scales", {})),
        "criteria": {each["code"]: each for each in tables.get("criteria", [])},
        "bands": {each["code"]: each for each in tables.get("zones", {}).get("bands", [])},
        "marks": {each["code"]: each for each in tables.get("marks", [])},
        "rounding_stages": {stage_name(each): each for each in tables.get("rounding_stages", [])},
    }


def stage_name(table: Table) -> str:
    """
    Return what a rounding stage is called: the criterion, or each member of a group.
    """
    return f"each of {table['of_group']}" if "of_group" in table else str(table["at"])


def place(section: str, name: str) -> str:
    """
    Return the place of a named table.

    >>> place("criteria", "input"), place("bands", "A")
    ("criteria['input']", "zones.bands['A']")
    """
    return at("zones.bands" if section == "bands" else section, name)


def renamed(code: str, to: Mapping[str, str]) -> str:
    """
    Return the code that a criterion gets when it, or the nearest group above it, is renamed.

    >>> renamed("input.i1", {"input": "masukan"}), renamed("input", {"input.i1": "x"})
    ('masukan.i1', 'input')
    """
    nearest = next((each for each in lineage(code) if each in to), "")
    return to[nearest] + code[len(nearest) :] if nearest else code


def inserted(
    rows: Mapping[str, Table], added: Mapping[str, Table], after: Mapping[str, str]
) -> dict[str, Table]:
    """
    Return criteria with new ones behind those that ``after`` names, or last in their group.

    What is below a criterion goes before what stands behind it.

    >>> list(inserted({"a": {}, "a.x": {}, "b": {}}, {"a.y": {}, "c": {}, "d": {}}, {"c": "a", "d": "a"}))
    ['a', 'a.x', 'a.y', 'c', 'd', 'b']
    """
    last = {each: code for code in rows for each in lineage(code)}
    following = dict(zip(["", *rows], [*rows, ""], strict=True))
    behind: dict[str, str] = {}
    for code in added:
        anchor = after.get(code, "")
        start = last.get(parent_of(code), last.get(ROOT, ""))
        if anchor in last:
            start = behind.get(anchor, last[anchor])
            behind[anchor] = code
        following[code], following[start] = following[start], code
        last |= {each: code for each in lineage(code) if last.get(each, start) == start}
    found: dict[str, Table] = {}
    code = following[""]
    while code:
        found[code] = added[code] if code in added else rows[code]
        code = following[code]
    return found


def by_floor(rows: Mapping[str, Table], added: Mapping[str, Table]) -> dict[str, Table]:
    """
    Return bands with each new one before the first that begins higher.

    >>> bands = by_floor({"C": {"floor": "0"}, "A": {"floor": "80"}}, {"B": {"above": "50"}, "WBK": {}})
    >>> list(bands)
    ['C', 'B', 'A', 'WBK']
    """
    starts = {name: _start(row) for name, row in added.items()}
    waiting = sorted((start, name) for name, start in starts.items() if start is not None)
    waiting.reverse()
    found: dict[str, Table] = {}
    for name, row in rows.items():
        here = _start(row)
        while waiting and here is not None and here > waiting[-1][0]:
            new = waiting.pop()[1]
            found[new] = added[new]
        found[name] = row
    rest = [name for _, name in reversed(waiting)] + [name for name, start in starts.items() if start is None]
    return found | {name: added[name] for name in rest}


def _start(band: Table) -> Fraction | None:
    return number_in(str(band.get("floor", band.get("above", ""))))
