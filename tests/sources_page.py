"""
The page of sources, made of the shipped editions.

    python tests/sources_page.py

writes ``docs/sources.md`` anew; a test compares the two.
"""

from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import pelayanan
from pelayanan import Indicator, Instrument
from pelayanan.criterion import ROOT, parent_of

PAGE = Path(__file__).parents[1] / "docs" / "sources.md"

HEAD = """\
# Sources

Every publication that a shipped edition cites, and what was taken from it.
The code before each is its name in the edition's file, where the figure that stands on it is found.
A figure that a file calls inferred or assumed stands on no publication alone; the file says why.
The page is made of the files by `tests/sources_page.py`.
"""

FIGURES = ("maximum", "missing", "rounding", "rollup", "in_force")


def taken(instrument: Instrument) -> Iterator[tuple[str, str, str]]:
    """Return for each use of a source: its code, in which kind of table, and which."""
    assumed = {name for name, standing in instrument.standing.items() if standing.is_ == "assumed"}
    head = [name for name in FIGURES if name not in assumed and getattr(instrument, name)]
    for source in instrument.source:
        yield source, "head", ", ".join(head)
    scales = {each.scale.code or each.code: each.scale for each in instrument.indicators}
    for name, scale in scales.items():
        yield from ((source, "scale", name) for source in scale.source)
    for each in (instrument.root, *instrument.criteria.values()):
        yield from ((source, "criteria", each.code) for source in each.source)
        if not isinstance(each, Indicator) and each.weights.equal:
            yield each.weights.equal, "equal weights", each.code
    yield from ((source, "zones", "decision") for source in instrument.zones.source)
    for band in instrument.zones.bands:
        yield from ((source, "zones", band.code) for source in band.source)
    for mark in instrument.marks:
        yield from ((source, "marks", mark.code) for source in mark.source)
    for case in instrument.cases:
        yield from ((source, "printed results", case.name) for source in case.source)


def listed(codes: list[str]) -> Iterator[str]:
    """Return the codes in words, those of one group together."""
    tops = [code for code in codes if code == ROOT or parent_of(code) not in codes or parent_of(code) == ROOT]
    groups: dict[str, list[str]] = defaultdict(list)
    for code in tops:
        groups["" if parent_of(code) == ROOT else parent_of(code)].append(code)
    for group, members in groups.items():
        if group and len(members) > 2:
            yield f"{len(members)} in `{group}`"
            continue
        for code in members:
            count = sum(each.startswith(f"{code}.") for each in codes)
            name = "the whole" if code == ROOT else f"`{code}`"
            yield f"{name} and {count} below" if count else name


def rows(instrument: Instrument) -> Iterator[str]:
    uses: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for source, kind, name in taken(instrument):
        uses[source][kind].append(name)
    for code, source in instrument.sources.items():
        parts = []
        for kind, names in uses[code].items():
            said = ", ".join(filter(None, listed(names) if kind == "criteria" else names))
            parts.append(f"{kind}: {said}" if said else kind)
        locator = f" ({source.locator})" if source.locator else ""
        title = source.title.replace("|", "/")
        yield f"| {code} | [{title}]({source.url}){locator} | {'; '.join(parts)} |"


def page() -> str:
    parts = [HEAD]
    for edition in pelayanan.editions():
        instrument = pelayanan.load(edition.id)
        table = "\n".join(["| code | publication | taken from it |", "|---|---|---|", *rows(instrument)])
        parts.append(f"## {edition.id}\n\n{instrument.title['id']}\n\n{table}\n")
    return "\n".join(parts)


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
