"""
The overlay that makes one instrument of another.
"""

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Any

import attrs

from pelayanan.clashing import laid
from pelayanan.criterion import ROOT, parent_of
from pelayanan.errors import InstrumentError, Problem
from pelayanan.instrument import Instrument, check_instrument
from pelayanan.laying import FIGURES, Laying
from pelayanan.moves import moves
from pelayanan.overlays import Overlay, thawed, unsourced
from pelayanan.placing import listed
from pelayanan.writing import tables_of

__all__ = ["check_whole", "diff", "head_of"]

Table = dict[str, Any]
Rows = Mapping[str, Table]
Changed = Callable[[Table, Table], Table]

_ORDERED = ("criteria", "bands", "marks", "rounding_stages")
_LISTS = ("sources", "scales", "criteria", "rounding_stages", "marks", "cases")
_OTHERS = ("format", "id", "root", "zones", *_LISTS)


def diff(before: Instrument, after: Instrument) -> Overlay:
    """
    Return the overlay that makes one instrument of another: what differs, and nothing else.

    ``extend(before, diff(before, after))`` is equal to ``after``, and its file has the same tables.
    Of equal instruments nothing differs. A criterion that certainly has another code is renamed
    (see `moves`), any other whose code went is dropped. Layers are not compared, and the overlay
    may contradict those of ``before``.

    Raises:
        InstrumentError: One of them was pruned; it has a rule of one's own, which a file cannot
            name, or a text that a file cannot hold.

    >>> import pelayanan
    >>> older, newer = pelayanan.load("skm-2017-w0.11"), pelayanan.load("skm-2017-w0.111")
    >>> diff(older, newer).changes["change"][0]
    {'code': 'u1', 'weight': '0.111', 'source': ('tubaba', 'penajam'), 'without': ('source',)}
    """
    check_whole(before, after)
    tables = thawed(tables_of(after))
    wanted, to = listed(tables), moves(before, after)
    changes: Table = {"rename": [{"code": old, "to": new} for old, new in to.items()]} if to else {}
    start = Laying(before, Overlay(before.id, changes=changes))
    start.renames()
    old, name = start.listed, after.id if after.id != before.id else ""
    changed = partial(_changed, name)
    changes |= changed(head_of(start.tables), head_of(tables))
    changes |= _of_lists(old, wanted, changed)
    changes |= {"root": changed(start.tables.get("root", {}), tables.get("root", {}))}
    zones = [_zones_alone(each) for each in (start.tables, tables)]
    changes |= {"zones": changed(*zones) | {"bands": _rows(old["bands"], wanted["bands"], changed)}}
    _with_cases(changes, before, after, tables)
    changes = _said(changes)
    done = Laying(before, Overlay(before.id, changes=changes))
    for step in (done.renames, done.drops, done.adds, done.merges):
        step()
    order = {
        section: list(wanted[section])
        for section in _ORDERED
        if list(done.listed[section]) != list(wanted[section])
    }
    if "criteria" in order:
        changes["add"] = [
            {key: each for key, each in row.items() if key != "after"} for row in changes.get("add", [])
        ]
    overlay = Overlay(before.id, name, _said(changes | {"order": order}))
    return attrs.evolve(overlay, over=tuple(dict.fromkeys(_contradicted(done, overlay))))


def check_whole(before: Instrument, after: Instrument) -> None:
    """
    Refuse what is no instrument, or was pruned.

    Raises:
        KindError: One of them is none.
        InstrumentError: Which of the two was pruned.
    """
    check_instrument(before, "before")
    check_instrument(after, "after")
    message = "it was pruned; compare the whole instruments, and prune what comes of them"
    pair = {"before": before, "after": after}
    problems = [Problem("pruning", message, name) for name, each in pair.items() if each.pruning]
    if problems:
        raise InstrumentError.of(f"{before.id} to {after.id}", problems)


def head_of(tables: Table) -> Table:
    """
    Return the keys above the first table, but for the id.

    >>> head_of({"format": 1, "id": "kios", "maximum": "100", "criteria": []})
    {'maximum': '100'}
    """
    return {key: each for key, each in tables.items() if key not in _OTHERS}


def _zones_alone(tables: Table) -> Table:
    return {key: each for key, each in tables.get("zones", {}).items() if key != "bands"}


def _said(changes: Table) -> Table:
    """Return what an overlay says, without what is empty."""
    return {key: each for key, each in changes.items() if each not in ({}, [], {"bands": []})}


def _changed(who: str, one: Table, other: Table) -> Table:
    """Return what a change of a table says, so that the one becomes the other; who says it is an id."""
    plain = {
        key: each for key, each in other.items() if key not in ("source", "standing") and one.get(key) != each
    }
    gone = [key for key in one if key not in other and key not in ("source", "standing")]
    named, anew = _sources(one, other, plain)
    standing = other.get("standing", {})
    held = {
        figure: each
        for figure, each in one.get("standing", {}).items()
        if figure not in plain and figure not in gone
    }
    if one.get("source") and not named and not anew:
        held |= dict.fromkeys(plain.keys() & FIGURES, unsourced(who))
    if held.keys() <= standing.keys():
        standing = {figure: each for figure, each in standing.items() if held.get(figure) != each}
    else:
        gone.append("standing")
    gone += ["source"] * anew
    parts = {"source": named, "standing": standing, "without": gone}
    return plain | {key: each for key, each in parts.items() if each}


def _sources(one: Table, other: Table, plain: Table) -> tuple[list[str], bool]:
    """
    Return the sources that a change names, and whether those of the table go before.

    What is named is added to those of the table, and a figure that is changed without a source is
    assumed, unless its standing is said.
    """
    here, wanted = one.get("source", []), other.get("source", [])
    figures = plain.keys() & FIGURES
    if here == wanted and (not here or figures <= other.get("standing", {}).keys()):
        return [], False
    more = [each for each in wanted if each not in here] or wanted
    if wanted == (sorted({*here, *more}) if here and more else here or more):
        return more, False
    return wanted, True


def _rows(old: Rows, new: Rows, changed: Changed) -> list[Table]:
    """Return the rows that are new, and of the others what changes."""
    found = []
    for code, row in new.items():
        change = changed(old[code], row) if code in old else row
        if change:
            found.append({"code": code} | change)
    return found


def _of_lists(old: Mapping[str, Rows], new: Mapping[str, Rows], changed: Changed) -> Table:
    """Return what an overlay says of the tables that have names, but for bands that are there."""
    gone = {
        section: [name for name in rows if name not in new[section]]
        for section, rows in old.items()
        if section not in ("criteria", "scales")
    }
    left = {ROOT, *new["criteria"]}
    gone["criteria"] = [code for code in old["criteria"] if code not in left and parent_of(code) in left]
    whole = {
        section: {name: row for name, row in new[section].items() if old[section].get(name) != row}
        for section in ("sources", "scales", "rounding_stages")
    }
    there = {code: row for code, row in new["criteria"].items() if code in old["criteria"]}
    return {
        "drop": {section: names for section, names in gone.items() if names},
        **whole,
        "rounding_stages": list(whole["rounding_stages"].values()),
        "marks": _rows(old["marks"], new["marks"], changed),
        "add": list(_added(old["criteria"], new["criteria"])),
        "change": _rows(old["criteria"], there, changed),
    }


def _added(old: Rows, new: Rows) -> Iterator[Table]:
    """Return the criteria that are new, each with the one behind which it stands, unless it is last."""
    members: dict[str, list[str]] = {}
    for code in new:
        members.setdefault(parent_of(code), []).append(code)
    behind: dict[str, str] = {}
    for codes in members.values():
        last = max((place for place, code in enumerate(codes) if code in old), default=-1)
        behind |= {codes[place]: codes[place - 1] for place in range(1, last)}
    for code, row in new.items():
        if code not in old:
            yield row | ({"after": behind[code]} if code in behind else {})


def _with_cases(changes: Table, before: Instrument, after: Instrument, tables: Table) -> None:
    """Say the cases, unless they stay, or go, by themselves: they stay while no score can change."""
    stay = attrs.evolve(after, id=before.id).fingerprint == before.fingerprint
    kept = tables_of(before).get("cases", []) if stay else []
    wanted = tables.get("cases", [])
    if kept != wanted and wanted:
        changes["cases"] = wanted
    elif kept != wanted:
        changes["without"] = [*changes.get("without", []), "cases"]


def _contradicted(done: Laying, overlay: Overlay) -> Iterator[str]:
    """Return the ids of the layers that set what the overlay sets again."""
    first, others = done.base.layers[:1], done.base.layers[1:]
    for layer in others:
        base = attrs.evolve(done.base, layers=(*first, layer))
        _, clashes = laid(base, overlay, done.touched, done.moved)
        if clashes:
            yield layer.id
