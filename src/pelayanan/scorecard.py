"""
The scorecard: one unit, explained line by line.
"""

from collections.abc import Iterable, Iterator
from decimal import Decimal
from fractions import Fraction
from typing import Any

import attrs

from pelayanan.assumptions import Assumption
from pelayanan.errors import UnknownError, check_kind, nearest
from pelayanan.mapping import FrozenMapping, Text, in_language
from pelayanan.marks import Mark
from pelayanan.rendering import Banner, Notes, Page, Row, Table, check_language, number
from pelayanan.value import Value
from pelayanan.zones import Band, Requirement

__all__ = ["Line", "Scorecard"]

_WORDS = {
    "id": {
        "weight": "bobot",
        "points": "nilai",
        "contribution": "sumbangan",
        "lost": "hilang",
        "total": "nilai akhir",
        "zone": "zona",
        "none": "tidak ada",
        "no_score": "tanpa nilai",
        "missing": "tidak dijawab",
        "not applicable": "tidak berlaku",
        "gap": "kurang {gap} ke {band}",
        "marks": "tanda",
        "held_back": "ditahan dari {band} oleh syarat",
        "assumed": "bergantung pada anggapan",
        "units": "unit",
        "rounding": "pembulatan",
    },
    "en": {
        "weight": "weight",
        "points": "points",
        "contribution": "contribution",
        "lost": "lost",
        "total": "total",
        "zone": "zone",
        "none": "none",
        "no_score": "no score",
        "missing": "missing",
        "not applicable": "not applicable",
        "gap": "{gap} short of {band}",
        "marks": "marks",
        "held_back": "held back from {band} by",
        "assumed": "rests on assumptions",
        "units": "units",
        "rounding": "rounding",
    },
}


@attrs.frozen
class Line(Value):
    """
    One criterion of one unit; numbers are exact.

    Args:
        code: The criterion, ``"*"`` for the whole.
        title: Text by language.
        depth: 0 for the whole, 1 for the first level.
        weight: The part of the total that it is worth, after what was left out; ``None``
            below a rule that is not linear.
        share: Its score as a part of 1; ``None`` without one.
        points: The same [points].
        contribution: What it adds to the exact total; ``None`` as for the weight [points].
        lost: What it could still add with the best answers; ``None`` as for the weight [points].
        answer: What was answered, for an indicator.
        state: ``"answered"``, ``"missing"``, ``"not applicable"``, or ``"rounding"`` for what
            rounding added to the group of that code.
        tags: The free groups across the tree that it belongs to.
    """

    code: str
    title: Text
    depth: int
    weight: Fraction | None
    share: Fraction | None
    points: Fraction | None
    contribution: Fraction | None
    lost: Fraction | None
    answer: Any
    state: str
    tags: FrozenMapping[str] = FrozenMapping()


@attrs.frozen(repr=False)
class Scorecard(Value):
    """
    One unit's score, with everything that led to it.

    Args:
        instrument: The id of the instrument that made it.
        fingerprint: The fingerprint of that instrument.
        unit: The unit.
        total: The published total, with its printed decimals; ``None`` without a score [points].
        exact: The total before it was rounded [points].
        zone: The band, or ``None``.
        gap: How far the next band begins above the total that decides, or ``None`` [points].
        following: The next band.
        zone_by_total: The band that the total alone would give.
        marks: The labels that it has beside the zone.
        held_back_by: What that band and those between require and is not met.
        lines: The tree, the whole first; empty where only the total is known.
        missing: The codes of the indicators that were not answered.
        not_applicable: The codes of those that do not apply.
        policies: What a missing answer did, for each of ``missing``.
        assumptions: What it rests on that is not published.
        units: For an institution, the totals of its units by name.
        undetermined: Whether the printed total leaves the zone open.
        version: The version of the library that made it; empty where that is not known.

    `text` gives the card for a terminal, and so does ``str``, in Indonesian; `markdown` and `html`
    give it for pages, and a notebook shows the HTML.
    """

    instrument: str
    fingerprint: str
    unit: Any
    total: Decimal | None
    exact: Fraction | None
    zone: Band | None
    gap: Decimal | None = None
    following: Band | None = None
    zone_by_total: Band | None = None
    held_back_by: tuple[Requirement, ...] = ()
    marks: tuple[Mark, ...] = ()
    lines: tuple[Line, ...] = ()
    missing: tuple[str, ...] = ()
    not_applicable: tuple[str, ...] = ()
    policies: FrozenMapping[str] = FrozenMapping()
    assumptions: tuple[Assumption, ...] = ()
    units: FrozenMapping[Decimal] = FrozenMapping()
    undetermined: bool = False
    version: str = ""

    def __repr__(self) -> str:
        zone = self.zone.code if self.zone else None
        return f"Scorecard({self.instrument!r}, {self.unit!r}, total={self.total}, zone={zone!r})"

    def __str__(self) -> str:
        return self.text()

    def __contains__(self, code: object) -> bool:
        return isinstance(code, str) and any(line.code == code for line in self.lines)

    __iter__ = None

    def __getitem__(self, code: str) -> Line:
        """
        Return the line of a criterion.

        Raises:
            UnknownError: There is none; the nearest is named.
        """
        for line in self.lines:
            if line.code == code:
                return line
        codes = [line.code for line in self.lines]
        message = f"the card of {self.unit!r} has no line {code!r}{nearest(code, codes)}"
        raise UnknownError("unknown-criterion", message, criterion=code)

    def tagged(self, tag: str, value: str) -> Line:
        """
        Return the sum of the lines of a tag, without those inside another of it.

        Its weight, contribution and what it lost are sums, and its share and points are what
        the contribution is of the weight; ``None`` where a line below a rule that is not linear
        has no weight.

        Raises:
            UnknownError: There is no line with that tag.
        """
        for argument, given in {"tag": tag, "value": value}.items():
            check_kind(argument, given, str, "a text")
        found = [line for line in self.lines if line.tags.get(tag) == value]
        if not found:
            values = sorted({line.tags[tag] for line in self.lines if tag in line.tags})
            hint = nearest(value, values) if values else ""
            message = f"the card of {self.unit!r} has no line with the tag {tag} = {value!r}{hint}"
            raise UnknownError("unknown-tag", message, tag=tag, value=value)
        codes = {line.code for line in found}
        inside = [line for line in found if not codes.isdisjoint(_above(line.code))]
        outer = [line for line in found if line not in inside]
        weight, contribution, lost = (
            _sum(getattr(line, name) for line in outer) for name in ("weight", "contribution", "lost")
        )
        share, points = (
            _sum(None if line.weight is None else line.weight * (getattr(line, name) or 0) for line in outer)
            for name in ("share", "points")
        )
        return Line(
            code=f"{tag}={value}",
            title=FrozenMapping(),
            depth=1,
            weight=weight,
            share=share / weight if share is not None and weight else None,
            points=points / weight if points is not None and weight else None,
            contribution=contribution,
            lost=lost,
            answer=None,
            state="answered",
        )

    def text(self, language: str = "id") -> str:
        """
        Return the card for a terminal, in Indonesian (``"id"``) or English (``"en"``).
        """
        return self.page(language).text()

    def markdown(self, language: str = "id") -> str:
        """
        Return the card in Markdown, with tables; nothing in its labels acts as Markdown.
        """
        return self.page(language).markdown()

    def html(self, language: str = "id") -> str:
        """
        Return the card as a piece of HTML without scripts or links; `rendering.document` wraps it.

        Nothing in its labels acts as HTML, and a colour that is not ``#rrggbb`` is grey.
        """
        return self.page(language).html()

    def _repr_html_(self) -> str:
        return self.html()

    def page(self, language: str) -> Page:
        """
        Return the card as a page, before it becomes text, Markdown or HTML.

        Raises:
            KindError: The language is no text.
        """
        check_language(language)
        words = _WORDS.get(language, _WORDS["en"])
        blocks: list[Notes | Table] = []
        if self.lines:
            columns = tuple(words[each] for each in ("weight", "points", "contribution", "lost"))
            rows = tuple(self._row(line, language) for line in self.lines)
            blocks.append(Table(columns, rows, legend=(words["contribution"], words["lost"])))
        if self.units:
            units = (Row(unit, (number(each, language),)) for unit, each in self.units.items())
            blocks.append(Table((), tuple(units), words["units"]))
        if self.assumptions:
            blocks.append(Notes(words["assumed"], tuple(map(str, self.assumptions)), small=True))
        return Page(language, self.banner(language), tuple(blocks))

    def banner(self, language: str) -> Banner:
        """
        Return what stands at the top of a page about the unit.
        """
        words = _WORDS.get(language, _WORDS["en"])
        gap = ""
        if self.gap is not None and self.following is not None:
            gap = words["gap"].format(gap=number(self.gap, language), band=self.following.code)
        notes = []
        if self.marks:
            labels = [in_language(each.label, language) or each.code for each in self.marks]
            notes.append(Notes(f"{words['marks']} {', '.join(labels)}"))
        if self.held_back_by and self.zone_by_total is not None:
            title = words["held_back"].format(band=self.zone_by_total.code)
            notes.append(Notes(title, tuple(map(str, self.held_back_by))))
        code = words["none"] if self.zone is None else self.zone.code
        label = "" if self.zone is None else in_language(self.zone.label, language)
        return Banner(
            self.instrument,
            str(self.unit),
            (words["total"], words["no_score"] if self.total is None else number(self.total, language)),
            (words["zone"], code, label),
            gap,
            self.zone.colour if self.zone else "",
            tuple(notes),
        )

    def _row(self, line: Line, language: str) -> Row:
        words = _WORDS.get(language, _WORDS["en"])
        weight = "-" if line.weight is None else f"{number(line.weight * 100, language)} %"
        figures = (line.points, line.contribution, line.lost)
        rounded, drawn = line.state == "rounding", (line.contribution, line.lost)
        return Row(
            "~" if rounded else line.code.rpartition(".")[2],
            (weight, *(number(each, language) for each in figures)),
            " ".join(filter(None, [in_language(line.title, language), self._noted(line, words)])),
            line.depth,
            None if rounded or drawn[0] is None or drawn[1] is None else (drawn[0], drawn[1]),
        )

    def _noted(self, line: Line, words: dict[str, str]) -> str:
        if line.state == "answered":
            return ""
        policy = self.policies.get(line.code, "")
        return f"[{words[line.state]}{f', {policy}' if policy else ''}]"


def _above(code: str) -> Iterator[str]:
    """Return the codes of the groups above a criterion, but for the root."""
    while "." in code:
        code = code.rpartition(".")[0]
        yield code


def _sum(numbers: Iterable[Fraction | None]) -> Fraction | None:
    """Return the sum, nothing where one is lacking."""
    listed = list(numbers)
    known = [each for each in listed if each is not None]
    return sum(known, Fraction(0)) if len(known) == len(listed) else None
