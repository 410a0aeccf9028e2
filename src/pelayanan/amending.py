"""
What differs between two editions, table by table.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from pelayanan.amendments import Amendment, BandChange, WeightChange
from pelayanan.changes import Changes
from pelayanan.criterion import ROOT, Group, Indicator, parent_of
from pelayanan.differing import check_whole, head_of
from pelayanan.instrument import Instrument
from pelayanan.laying import Laying
from pelayanan.mapping import FrozenMapping, Text
from pelayanan.moves import moves
from pelayanan.overlays import Overlay, thawed
from pelayanan.pairing import same_names
from pelayanan.placing import listed, renamed
from pelayanan.writing import tables_of

__all__ = ["changes"]

Table = dict[str, Any]

_WHATS = {
    **dict.fromkeys(("weight", "weights", "rule", "plus", "rescale"), "reweighted"),
    **dict.fromkeys(("title", "label", "labels", "attributes", "colour", "printed"), "reworded"),
    **dict.fromkeys(("floor", "above", "ceiling", "below", "gap_after", "requires", "decide_on"), "recut"),
    **dict.fromkeys(("scale", "options", "range", "count", "anchors", "between"), "rescaled"),
    **dict.fromkeys(("source", "standing", "disputed"), "sourced"),
}
_STEPS = {"criteria": "reweighted", "root": "reweighted", "scales": "rescaled"}


def changes(before: Instrument, after: Instrument) -> Changes:
    """
    Return what differs between two editions, for people: the same that `diff` says for programs.

    A criterion that certainly has another code was moved (see `moves`). A question whose code stands
    for another one, as numbers that moved do, was dropped and added: `diff` says it as new words. Of
    equal instruments there are no entries; layers are not compared.

    Raises:
        InstrumentError: As for `diff`.

    >>> import pelayanan
    >>> found = changes(pelayanan.load("ombudsman-2021"), pelayanan.load("ombudsman-2022"))
    >>> [each.code for each in found.of("added", "bands")], found.weights[1].before, found.weights[1].after
    (['E', 'D', 'C', 'B', 'A'], '100', '32.37')
    """
    check_whole(before, after)
    to = moves(before, after)
    start = Laying(before, Overlay(before.id, changes=_renames(to)))
    start.renames()
    new = thawed(tables_of(after))
    entries = [
        *_moved(before, after, to),
        *_differing("head", "", head_of(start.tables), head_of(new), after.title),
        *_differing("root", ROOT, start.tables.get("root", {}), new.get("root", {}), FrozenMapping()),
        *_differing("zones", "", _alone(start.tables), _alone(new), FrozenMapping()),
    ]
    for section, rows in listed(new).items():
        entries += _of_section(section, start.listed[section], rows, before, after, to)
    entries += _cases(start.tables.get("cases", []), new.get("cases", []))
    return Changes(
        before.id,
        after.id,
        after.title,
        (str(before.maximum), str(after.maximum)),
        tuple(entries),
        _weights(before, after, to),
        _bands(before, after),
    )


def _renames(to: Mapping[str, str]) -> Table:
    return {"rename": [{"code": old, "to": new} for old, new in to.items()]} if to else {}


def _alone(tables: Table) -> Table:
    return {key: each for key, each in tables.get("zones", {}).items() if key != "bands"}


def _cases(old: list[Table], new: list[Table]) -> Iterator[Amendment]:
    """Return the names of the cases where they differ: they are sources of an edition, not its rules."""
    if old != new:
        was, now = (_text([each["name"] for each in cases]) for cases in (old, new))
        yield Amendment("sourced", "cases", key="source", before=was, after=now)


def _moved(before: Instrument, after: Instrument, to: Mapping[str, str]) -> Iterator[Amendment]:
    """Return the criteria that have another code, and whether the others stand in another order."""
    for old, new in to.items():
        yield Amendment("moved", "criteria", new, after[new].title, "code", old, new)
    now = [renamed(code, to) for code in before.criteria]
    if [code for code in now if code in after.criteria] != [
        code for code in after.criteria if code in set(now)
    ]:
        yield Amendment("moved", "criteria", key="order")


def _of_section(
    section: str,
    old: Mapping[str, Table],
    new: Mapping[str, Table],
    before: Instrument,
    after: Instrument,
    to: Mapping[str, str],
) -> Iterator[Amendment]:
    """Return what differs between the tables of a section that have names."""
    what = {"sources": "sourced"}.get(section)
    gone = {new_code: code for code, new_code in ((each, renamed(each, to)) for each in before.criteria)}
    kept = {
        name for name in old if name in new and not (section == "criteria" and _other(name, before, after))
    }
    for name, row in new.items():
        if name not in kept:
            yield _whole(what or "added", section, name, row, after, name)
        else:
            yield from _differing(section, name, old[name], row, _title(row))
    for name, row in old.items():
        if name not in kept:
            yield _whole(what or "dropped", section, name, row, before, gone.get(name, name))


def _other(code: str, before: Instrument, after: Instrument) -> bool:
    """Return whether a code stands for another question than before, by what the two are called."""
    one, other = before.criteria.get(code), after.criteria[code]
    return isinstance(one, Indicator) and isinstance(other, Indicator) and not same_names(one, other)


def _whole(what: str, section: str, name: str, row: Table, instrument: Instrument, code: str) -> Amendment:
    """Return a table that one of two instruments has alone."""
    if section != "criteria":
        return Amendment(what, section, name, _title(row))
    each = instrument[code]
    inner = instrument.indicators if isinstance(each, Group) else ()
    count = sum(leaf.code.startswith(f"{code}.") for leaf in inner) + isinstance(each, Indicator)
    above = parent_of(code)
    within = FrozenMapping[str]() if above == ROOT else instrument[above].title
    return Amendment(what, section, name, each.title, within=within, questions=count)


def _title(row: Table) -> Text:
    found = row.get("title", row.get("label", {}))
    return FrozenMapping(found if isinstance(found, dict) else {"": found})


def _differing(section: str, name: str, old: Table, new: Table, title: Text) -> Iterator[Amendment]:
    """Return the keys that differ between two tables, those of tables within one by one."""
    for key in dict.fromkeys([*old, *new]):
        if old.get(key) != new.get(key):
            what = _STEPS.get(section, "other") if key == "steps" else _WHATS.get(key, "other")
            what = "sourced" if section == "sources" else what
            for inner, before, after in _inner(key, old.get(key), new.get(key)):
                yield Amendment(what, section, name, title, inner, before, after)


def _inner(key: str, old: Any, new: Any) -> Iterator[tuple[str, str, str]]:
    if all(isinstance(each, dict) or each is None for each in (old, new)):
        one, other = old or {}, new or {}
        for name in dict.fromkeys([*one, *other]):
            if one.get(name) != other.get(name):
                yield from _inner(f"{key}.{name}", one.get(name), other.get(name))
    else:
        yield key, _text(old), _text(new)


def _text(value: Any) -> str:
    """Return what stands in a table as one line."""
    if isinstance(value, dict):
        return ", ".join(f"{key} {_text(each)}" for key, each in value.items())
    if isinstance(value, list):
        return "; ".join(map(_text, value))
    return "" if value is None else str(value).lower() if isinstance(value, bool) else str(value)


def _weights(before: Instrument, after: Instrument, to: Mapping[str, str]) -> tuple[WeightChange, ...]:
    """Return the weights of the first level, nothing where all are the same."""
    old = {renamed(code, to): code for code in before.tree.members[ROOT]}
    new = after.tree.members[ROOT]
    kept = {code for code in new if code in old and not _other(code, before, after)}
    rows = [(code, old[code] if code in kept else "", code) for code in new]
    rows += [(code, was, "") for code, was in old.items() if code not in kept]
    found = []
    for code, was, now in rows:
        if (was and before.tree.counts(was)) or (now and after.tree.counts(now)):
            printed, parts = zip(_weight(before, was), _weight(after, now), strict=True)
            title = after[now].title if now else before[was].title
            found.append(WeightChange(code, title, *printed, *parts))
    same = all((each.before, each.part_before) == (each.after, each.part_after) for each in found)
    return () if same else tuple(found)


def _weight(instrument: Instrument, code: str) -> tuple[str, Any]:
    if not code:
        return "", None
    weight = instrument[code].weight
    return "" if weight is None else str(weight), instrument.effective_weights[code]


def _bands(before: Instrument, after: Instrument) -> tuple[BandChange, ...]:
    """Return the bands of both, highest first, nothing where all are cut alike and called the same."""
    old, new = ({band.code: band for band in each.zones.bands} for each in (before, after))
    codes = [*reversed(new), *(code for code in reversed(old) if code not in new)]
    said = [
        [
            (band.code, band.start, band.end, band.requires, band.label, band.attributes)
            for band in each.zones.bands
        ]
        for each in (before, after)
    ]
    if said[0] == said[1] and before.maximum == after.maximum:
        return ()
    return tuple(BandChange(code, old.get(code), new.get(code)) for code in codes)
