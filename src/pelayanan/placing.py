"""
The tables of an instrument that have names, and their places.
"""

from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import Any

from pelayanan.criterion import ROOT
from pelayanan.exact import number_in
from pelayanan.layers import at

__all__ = ["by_floor", "listed", "place", "places_of", "renamed", "stage_name"]

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

    >>> place("criteria", "input"), place("criteria", "*"), place("bands", "A")
    ("criteria['input']", 'root', "zones.bands['A']")
    """
    if section == "criteria" and name == ROOT:
        return "root"
    return at("zones.bands" if section == "bands" else section, name)


def renamed(code: str, to: Mapping[str, str]) -> str:
    """
    Return the code that a criterion gets when it, or the nearest group above it, is renamed.

    >>> renamed("input.i1", {"input": "masukan"}), renamed("input", {"input.i1": "x"})
    ('masukan.i1', 'input')
    """
    above = [each for each in to if code == each or code.startswith(f"{each}.")]
    longest = max(above, key=len, default="")
    return to[longest] + code[len(longest) :] if longest else code


def by_floor(rows: Mapping[str, Table], new: str) -> Iterator[tuple[str, Table]]:
    """
    Return bands with a new one before the first that begins higher.

    >>> bands = {"C": {"floor": "0"}, "A": {"floor": "80"}, "B": {"above": "50"}}
    >>> [name for name, band in by_floor(bands, "B")]
    ['C', 'B', 'A']
    """
    start = _start(rows[new])
    waiting = start is not None
    for name, row in rows.items():
        here = _start(row)
        if waiting and start is not None and here is not None and here > start:
            yield new, rows[new]
            waiting = False
        if name != new or waiting or start is None:
            yield name, row


def _start(band: Table) -> Fraction | None:
    return number_in(str(band.get("floor", band.get("above", ""))))
