"""
An overlay is laid over an instrument.
"""

from collections.abc import Iterable, Mapping
from typing import Any

import attrs

from pelayanan.clashing import Touched, laid, needing
from pelayanan.criterion import ROOT, lineage
from pelayanan.errors import Hints, InstrumentError, Problem, check_kind
from pelayanan.exchange import exchanged
from pelayanan.figures import HEAD
from pelayanan.instrument import Instrument, check_instrument
from pelayanan.layers import ADDED, ADDED_SOURCE, DROPPED, Layer
from pelayanan.mapping import without
from pelayanan.overlays import Overlay, thawed, unsourced
from pelayanan.placing import by_floor, inserted, listed, place, renamed, stage_name
from pelayanan.reading import Reading
from pelayanan.reweighing import equal_parts, rebalanced, weighed_at_leaves
from pelayanan.writing import tables_of

__all__ = ["FIGURES", "Laying", "extend"]

Table = dict[str, Any]

_TREE_FIGURES = ("weight", "rule", "weights", "plus", "steps", "least_answered", "least_respondents")
_ASKED_FIGURES = ("scale", "optional", "scored", "asked_if")
_ZONE_FIGURES = ("decide_on", "floor", "above", "ceiling", "below", "requires")
FIGURES = {*HEAD, *_TREE_FIGURES, *_ASKED_FIGURES, *_ZONE_FIGURES}
_OF_PARTS = ("scale", "optional", "scored", "labels")
_HANDED_DOWN = ("missing", "asked_if", "least_respondents", "tags")
_SECTIONS = ("rename", "split", "add", "change", "drop", "order", "rebalance", "root", "zones", "without")
_LISTS = ("sources", "scales", "marks", "rounding_stages", "cases")


def extend(base: Instrument, *overlays: Overlay) -> Instrument:
    """
    Return the instrument with overlays laid over it, one after the other.

    What comes out is checked as an instrument file is. An overlay that changes nothing and has no
    id gives the same instrument. The printed cases of the base stay where nothing that decides a
    score is changed.

    Raises:
        InstrumentError: All that is wrong with an overlay, each with its place: it extends another
            instrument, names what is not there, sets what an overlay below it set, or drops what
            something needs; where there is nothing of that, all that is not sound in the
            instrument that it gives.

    >>> import pelayanan
    >>> overlay = Overlay(
    ...     "ombudsman-2024",
    ...     "ombudsman-2024-kota",
    ...     {"change": [{"code": "input", "weight": "31.85"}, {"code": "proses", "weight": "22.37"}]},
    ... )
    >>> kota = extend(pelayanan.load("ombudsman-2024"), overlay)
    >>> kota, str(kota["input"].weight), kota["input"].standing["weight"].is_
    (Instrument('ombudsman-2024-kota', 6 indicators), '31.85', 'assumed')
    """
    check_instrument(base, "base")
    for each in overlays:
        check_kind("overlays", each, Overlay, "Overlays", "; read one with read_overlay")
        base = _extended(base, each)
    return base


def _extended(base: Instrument, overlay: Overlay) -> Instrument:
    if overlay.extends not in {base.id, *(layer.id for layer in base.layers)}:
        message = f"it extends {overlay.extends!r}, and is laid over {base.id!r}; rebase it first"
        raise InstrumentError.of(_name(overlay), [Problem("other-base", message, "extends")])
    if not overlay.id and not overlay.changes:
        return base
    if base.pruning:
        message = "the instrument was pruned; extend the whole one, and prune what it gives"
        raise InstrumentError.of(_name(overlay), [Problem("pruning", message, "extends")])
    return Laying(base, overlay).instrument()


def _name(overlay: Overlay) -> str:
    return overlay.id or "overlay"


@attrs.define
class Laying:
    """One overlay being laid; every mistake is kept, and which keys of which tables it set."""

    base: Instrument
    overlay: Overlay
    tables: Table = attrs.field(init=False)
    listed: dict[str, dict[str, Table]] = attrs.field(init=False)
    changes: Table = attrs.field(init=False)
    problems: list[Problem] = attrs.field(factory=list)
    touched: Touched = attrs.field(factory=dict)
    dropped: dict[str, str] = attrs.field(factory=dict)
    moved: dict[str, str] = attrs.field(factory=dict)
    claimed: set[str] = attrs.field(factory=set)
    aliases: dict[str, str] = attrs.field(factory=dict)
    hints: Hints = attrs.field(factory=Hints)

    def __attrs_post_init__(self) -> None:
        self.tables = thawed(tables_of(self.base))
        self.listed = listed(self.tables)
        self.changes = thawed(self.overlay.changes)
        self.moved = {code: code for code in self.rows}

    @property
    def rows(self) -> dict[str, Table]:
        return self.listed["criteria"]

    @property
    def groups(self) -> dict[str, Table]:
        return {ROOT: self.tables.get("root", {}), **self.rows}

    @property
    def who(self) -> str:
        return self.overlay.id or "an overlay"

    def add(self, code: str, message: str, where: str) -> None:
        self.problems.append(Problem(code, message, where))

    def touch(self, here: str, keys: Iterable[str], sources: Iterable[str]) -> None:
        found = dict.fromkeys(keys, tuple(sources))
        if found:
            self.touched[here] = self.touched.get(here, {}) | found

    def instrument(self) -> Instrument:
        """Return the instrument with the overlay."""
        self.renames()
        self.splits()
        self.drops()
        self.adds()
        self.merges()
        for group, how in self.changes.get("rebalance", {}).items():
            self.rebalance(group, how)
        self.orders()
        layers, clashes = laid(self.base, self.overlay, self.touched, self.moved)
        self.problems += [*needing(self.listed, self.dropped), *clashes]
        if self.problems:
            raise InstrumentError.of(_name(self.overlay), self.problems)
        return self.read(layers)

    def read(self, layers: tuple[Layer, ...]) -> Instrument:
        """Return the instrument of the tables, checked as a file is."""
        stated = self.changes.get("cases", [])
        kept = () if stated or "cases" in self.changes.get("without", []) else self.base.cases
        rest = {key: rows for key, rows in self.listed.items() if key != "bands"}
        lists = {key: list(rest[key].values()) for key in ("criteria", "marks", "rounding_stages")}
        zones = self.tables.get("zones", {}) | {"bands": list(self.listed["bands"].values())}
        tables = (
            self.tables
            | rest
            | lists
            | {"zones": zones, "cases": stated, "id": self.overlay.id or self.base.id}
        )
        reading = Reading(made_of=exchanged().structure)
        made = reading.instrument(tables)
        if made is None:
            raise InstrumentError.of(f"{_name(self.overlay)} over {self.base.id}", reading.problems)
        if kept and attrs.evolve(made, id=self.base.id).fingerprint == self.base.fingerprint:
            made = attrs.evolve(made, cases=kept)
        on = made.in_force.from_ if made.in_force else None
        new = Layer(self.overlay.id, on, made.fingerprint, self.touched)
        return attrs.evolve(made, layers=(*layers, new))

    def merge(self, table: Table, change: Table, here: str, where: str) -> None:
        """Change keys of a table; figures that are changed without a source are assumed."""
        gone, named = change.get("without", []), change.get("source", [])
        for key in gone:
            if key not in table:
                hint = self.hints(key, table) if here else ""
                message = f"there is no {key[:60]!r} that could go{hint}"
                self.add("dead-reference", message, f"{where}.without" if where else "without")
            table.pop(key, None)
        said = {key: each for key, each in change.items() if key not in ("code", "without", "after")}
        new, standing = said.keys() - {"source", "standing"}, said.get("standing", {})
        held = {figure: each for figure, each in table.get("standing", {}).items() if figure not in new}
        if table.get("source") and not named:
            held |= {figure: unsourced(self.overlay.id) for figure in sorted(new & FIGURES)}
        sources = table.get("source", [])
        merged = {"standing": {k: v for k, v in held.items() if k not in gone} | standing}
        merged["source"] = sorted({*sources, *named}) if sources and named else sources or named
        table |= {key: said[key] for key in said if key in new}
        for key, each in merged.items():
            table.pop(key, None)
            table |= {key: each} if each else {}
        self.touch(here, sorted({*new, *gone, *standing} - {"standing"}), named)
        if "source" not in gone:
            self.touch(here, [ADDED_SOURCE] if named else [], [each for each in named if each not in sources])

    def renames(self) -> None:
        """Give criteria other codes, with all below them; the old ones stay as aliases."""
        to = {}
        for each in self.changes.get("rename", []):
            if each["code"] not in self.rows:
                self.unknown("criteria", each["code"], f"rename[{each['code'][:60]!r}]")
            to[each["code"]] = each["to"]
        if not to:
            return
        found: dict[str, Table] = {}
        for code, row in self.rows.items():
            new = renamed(code, to)
            if new in found:
                self.add("duplicate-code", f"two criteria would have the code {new[:60]!r}", "rename")
            if new != code:
                self.touch(place("criteria", new), ["code"], [])
                aliases = [each for each in row.get("aliases", []) if each != new]
                row |= {"aliases": [code, *aliases]} if "scale" in row else {}
            self.moved[code] = new
            found[new] = row | {"code": new}
        self.listed["criteria"] = found
        for row in found.values():
            self.follow(row.get("asked_if", []), ("criterion",))
        for section in ("bands", "marks"):
            for row in self.listed[section].values():
                self.follow(row.get("requires", []), ("criterion", "each_of"))
        stages = list(self.listed["rounding_stages"].values())
        self.follow(stages, ("at", "of_group"))
        self.listed["rounding_stages"] = {stage_name(each): each for each in stages}

    def follow(self, tables: list[Table], keys: tuple[str, ...]) -> None:
        for each in tables:
            each |= {key: self.moved.get(each[key], each[key]) for key in keys if key in each}

    def unknown(self, section: str, name: str, where: str) -> None:
        """Keep that something is named that is not there, and where it went."""
        message = f"{self.base.id} has nothing of the name {name[:60]!r} in {section}"
        if not self.aliases:
            self.aliases = {each: new for new, row in self.rows.items() for each in row.get("aliases", [])}
        there = self.aliases.get(name) if section == "criteria" else None
        hint = f"; it is {there!r} there" if there else self.hints(name, self.listed.get(section, ()))
        self.add("dead-reference", message + hint, where)

    def splits(self) -> None:
        """Put several indicators in the place of one, below it or beside it."""
        groups = self.groups
        parts = {each["code"]: self.parts(each, groups) for each in self.changes.get("split", [])}
        found: dict[str, Table] = {}
        for code, row in self.rows.items():
            found |= parts.get(code) or {code: row}
        self.listed["criteria"] = found
        self.claimed.clear()

    def parts(self, change: Table, groups: Mapping[str, Table]) -> dict[str, Table]:
        """Return what takes the place of an indicator, nothing where that is wrong."""
        code, parts = change["code"], change["into"]
        where, row = f"split[{code[:60]!r}]", self.rows.get(code)
        if row is None or "scale" not in row:
            if row is None:
                self.unknown("criteria", code, where)
            else:
                self.add("split", f"{code[:60]!r} is a group; an indicator is split", where)
            return {}
        below = all(each["code"].startswith(f"{code}.") for each in parts)
        weight = row.get("weight")
        carried = not below or weighed_at_leaves(groups, code)
        if carried and weight is None and row.get("scored", True):
            message = "it has no printed weight that could be shared; split it into criteria below it"
            self.add("split", message, where)
            return {}
        if carried and weight is not None:
            problem = equal_parts(parts, weight, code, self.who)
            if problem:
                self.add("weights-sum", problem, f"{where}.into")
        inherited = _OF_PARTS if below else (*_OF_PARTS, *_HANDED_DOWN)
        made = {each["code"]: {key: row[key] for key in inherited if key in row} | each for each in parts}
        own = made.get(code)
        for name, part in made.items():
            if name != code:
                self.claim(name, part, where)
        if own is not None:
            self.touch(place("criteria", code), [ADDED, *own], own.get("source", []))
        if below:
            keys = ("code", "title", *([] if carried else ["weight"]), *_HANDED_DOWN, "source", "disputed")
            group = {key: row[key] for key in keys if key in row}
            figures = {"criterion", "title", "weight", *_HANDED_DOWN}
            held = {key: each for key, each in row.get("standing", {}).items() if key in figures}
            made = {code: group | ({"standing": held} if held else {}), **made}
            self.touch(place("criteria", code), ["scale"], [])
        elif own is None:
            self.dropped[code] = where
        return made

    def claim(self, name: str, row: Table, where: str) -> bool:
        """Return whether a new criterion can have a code; one that is there already is a problem."""
        here = place("criteria", name)
        if name in self.rows or name in self.claimed:
            by = [layer.id for layer in self.base.layers if layer.set_at(here, ADDED)]
            said = f", added by {by[-1]!r}" if by else ""
            self.add("duplicate-code", f"{name[:60]!r} is there already{said}", where)
            return False
        keys = (key for key in row if key not in ("code", "standing"))
        self.touch(here, [ADDED, *keys], row.get("source", []))
        self.claimed.add(name)
        self.dropped.pop(name, None)
        return True

    def drops(self) -> None:
        """Take out what the overlay drops, criteria with all below them."""
        for section, names in self.changes.get("drop", {}).items():
            rows, where = self.listed[section], f"drop.{section}"
            for name in names:
                if name not in rows:
                    self.unknown(section, name, where)
            wanted, inside = set(names), section == "criteria"
            gone = [each for each in rows if not wanted.isdisjoint(lineage(each) if inside else [each])]
            for each in gone:
                del rows[each]
                self.dropped |= {each: where} if inside else {}
                self.touch(place(section, each), [DROPPED], [])

    def adds(self) -> None:
        """Add criteria, each behind another with what is below it, or last in its group."""
        made, after = {}, {}
        for change in self.changes.get("add", []):
            code, anchor = change["code"], change.pop("after", "")
            where = f"add[{code[:60]!r}]"
            if anchor and anchor not in self.rows and anchor not in made:
                self.unknown("criteria", anchor, f"{where}.after")
            if self.claim(code, change, where):
                made[code], after[code] = change, anchor
        self.listed["criteria"] = inserted(self.rows, made, after)

    def merges(self) -> None:
        """Change what is there, and add what is not."""
        for each in self.changes.get("change", []):
            code = each["code"]
            where, row = f"change[{code[:60]!r}]", self.rows.get(code)
            if row is None:
                self.unknown("criteria", code, where)
            else:
                self.merge(row, each, place("criteria", code), where)
        root = self.tables.setdefault("root", {})
        self.merge(root, self.changes.get("root", {}), "root", "root")
        zones = self.changes.get("zones", {})
        self.merge(self.tables.setdefault("zones", {}), without(zones, "bands"), "zones", "zones")
        self.named("bands", {each["code"]: each for each in zones.get("bands", [])}, "zones.bands")
        self.named("marks", {each["code"]: each for each in self.changes.get("marks", [])}, "marks")
        stages = {stage_name(each): each for each in self.changes.get("rounding_stages", [])}
        for section, rows in {
            "sources": self.changes.get("sources", {}),
            "scales": self.changes.get("scales", {}),
            "rounding_stages": stages,
        }.items():
            for name, each in rows.items():
                self.touch(place(section, name), [ADDED], each.get("source", []))
            self.listed[section] |= rows
        head = without(self.changes, *_SECTIONS, *_LISTS)
        gone = [key for key in self.changes.get("without", []) if key != "cases"]
        self.merge(self.tables, head | ({"without": gone} if gone else {}), "", "")

    def named(self, section: str, rows: Mapping[str, Table], start: str) -> None:
        """Change bands or marks that are there, and add others."""
        made = {}
        for name, each in rows.items():
            where, row = f"{start}[{name[:60]!r}]", self.listed[section].get(name)
            if row is not None:
                self.merge(row, each, place(section, name), where)
            elif "without" in each:
                self.unknown(section, name, where)
            else:
                self.touch(place(section, name), [ADDED, *without(each, "code")], each.get("source", []))
                made[name] = each
        old = self.listed[section]
        self.listed[section] = by_floor(old, made) if section == "bands" else old | made

    def rebalance(self, group: str, how: str) -> None:
        """Let the members that the overlay does not set keep the whole together."""
        given = {
            code
            for code, row in self.rows.items()
            if "weight" in row and "weight" in self.touched.get(place("criteria", code), {})
        }
        old = {new: code for code, new in self.moved.items()} | {ROOT: ROOT}
        try:
            weights, whole = rebalanced(self.base, self.groups, old, group, given, how)
        except ValueError as error:
            self.add("rebalance", str(error), f"rebalance[{group[:60]!r}]")
            return
        why = f"re-balanced by {self.who} ({how}): the members keep the whole of {whole}"
        for code, weight in weights.items():
            change = {"weight": weight, "standing": {"weight": {"is": "inferred", "why": why}}}
            self.merge(self.rows[code], change, place("criteria", code), f"rebalance[{group[:60]!r}]")

    def orders(self) -> None:
        """Put what has names into the order that the overlay says."""
        for section, names in self.changes.get("order", {}).items():
            rows = self.listed[section]
            if sorted(names) != sorted(rows):
                other = {*names} ^ rows.keys() or {each for each in names if names.count(each) > 1}
                listed = ", ".join(map(repr, sorted(other)[:10]))
                self.add("order", f"an order names each once, and here differs {listed}", f"order.{section}")
            else:
                self.listed[section] = {name: rows[name] for name in names}
