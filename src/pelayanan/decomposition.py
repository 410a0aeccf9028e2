"""
Why a score changed, as values and as a page.
"""

from decimal import Decimal
from fractions import Fraction

import attrs

from pelayanan.criterion import ROOT
from pelayanan.errors import UnknownError, is_hashable, nearest
from pelayanan.exact import Exact, shown
from pelayanan.mapping import FrozenMapping, Text, in_language
from pelayanan.rendering import Banner, Notes, Page, Row, Table, check_language, number, stated
from pelayanan.value import Value
from pelayanan.zones import Band

__all__ = ["PARTS", "ChangeLine", "ChangePart", "Decomposition", "Placement"]

PARTS = ("dropped", "answers", "scales", "weights", "rounding", "maximum", "added")

_WORDS = {
    "id": {
        "change": "perubahan nilai",
        "zone": "zona",
        "none": "tanpa zona",
        "undetermined": "belum pasti",
        "parts": "dari mana perubahannya",
        "lines": "menurut pertanyaan",
        "points": "poin",
        "before": "sebelum",
        "after": "sesudah",
        "dropped": "pertanyaan yang dihapus",
        "answers": "jawaban",
        "scales": "cara menilai jawaban",
        "weights": "bobot dan aturan",
        "rounding": "pembulatan di tengah jalan",
        "maximum": "nilai maksimum",
        "added": "pertanyaan yang ditambah",
        "sum": "jumlah",
        "whole": "keseluruhan",
        "not told": (
            "tidak semua jawaban diketahui, sehingga perubahannya tidak dapat diuraikan; "
            "yang dapat dikatakan hanya zonanya"
        ),
        "nothing in common": (
            "tidak ada pertanyaan yang sama, sehingga tidak dapat dikatakan bagian mana dari "
            "perubahan ini berasal dari unit dan bagian mana dari instrumennya"
        ),
        "would be": "{total} pada {of}, {zone}, menurut batas {under} adalah {other}",
        "compared": " ({percent} % dari maksimum)",
        "requires": "; zona itu mensyaratkan lebih dari nilai",
    },
    "en": {
        "change": "change",
        "zone": "zone",
        "none": "no zone",
        "undetermined": "undetermined",
        "parts": "where the change comes from",
        "lines": "by question",
        "points": "points",
        "before": "before",
        "after": "after",
        "dropped": "questions dropped",
        "answers": "answers",
        "scales": "what answers are worth",
        "weights": "weights and rules",
        "rounding": "rounding on the way",
        "maximum": "maximum",
        "added": "questions added",
        "sum": "sum",
        "whole": "the whole",
        "not told": (
            "not all answers are known, so that the change cannot be split; only the zones can be told"
        ),
        "nothing in common": (
            "no question is the same, so that it cannot be told which part of the change is the "
            "unit's and which the instrument's"
        ),
        "would be": "{total} in {of}, {zone}, would be {other} by the cut-offs of {under}",
        "compared": " ({percent} % of the maximum)",
        "requires": "; that zone requires more than a total",
    },
}


@attrs.frozen
class ChangeLine(Value):
    """
    What one criterion brings to a part of a change.

    Args:
        code: Of the criterion, the new one where it moved; ``"*"`` for what is of no one alone.
        points: What it adds to the change [points].
        before, after: The answers, or the weights among the questions that are the same, in words;
            empty where there is none.

    >>> ChangeLine("input", points=Fraction("4.37"), before="60", after="80").after
    '80'
    """

    code: str
    title: Text = FrozenMapping()
    points: Fraction = Fraction(0)
    before: str = ""
    after: str = ""


@attrs.frozen
class ChangePart(Value):
    """
    A part of a change.

    Args:
        what: One of `PARTS`.
        points: What it adds to the change; the sum of its lines [points].
        lines: By criterion, those that add nothing left out.

    >>> ChangePart("answers", Fraction("4.37"), (ChangeLine("input", points=Fraction("4.37")),)).what
    'answers'
    """

    what: str
    points: Fraction = Fraction(0)
    lines: tuple[ChangeLine, ...] = ()


@attrs.frozen
class Placement(Value):
    """
    A total of one edition in the bands of another.

    Args:
        of, under: The ids of the edition that the total is of, and of that whose bands they are.
        total: The total [points].
        zone: The band that it has in its own edition, ``None`` for none.
        compared: The same part of the other maximum, of the exact total where that is known [points].
        maximum: That of the other edition [points].
        band: The band that this alone gives there, ``None`` for none.
        requires: Whether that band requires more than a total.
        zone_undetermined, band_undetermined: Whether the printed total leaves the band open.

    `text` says it as a sentence, and so does ``str``, in Indonesian.
    """

    of: str
    under: str
    total: Decimal
    zone: Band | None
    compared: Fraction
    maximum: Exact = attrs.field(converter=Exact)
    band: Band | None = None
    requires: bool = False
    zone_undetermined: bool = False
    band_undetermined: bool = False

    def __str__(self) -> str:
        return self.text()

    def text(self, language: str = "id") -> str:
        """
        Return the sentence, in Indonesian (``"id"``) or English (``"en"``).

        >>> yellow, green = Band("kuning", floor=51), Band("B", floor=78, label={"en": "green"})
        >>> total = Decimal("80.50")
        >>> Placement("x-2021", "x-2024", total, yellow, Fraction(total), 100, green).text("en")
        '80.50 in x-2021, kuning, would be B green by the cut-offs of x-2024'
        """
        check_language(language)
        words = _words(language)
        said = words["would be"].format(
            total=number(self.total, language),
            of=self.of,
            zone=words["undetermined"] if self.zone_undetermined else _zone(self.zone, language),
            other=words["undetermined"] if self.band_undetermined else _zone(self.band, language),
            under=self.under,
        )
        if abs(self.compared - Fraction(self.total)) >= _last_place(self.total):
            said += words["compared"].format(percent=number(100 * self.compared / self.maximum, language))
        return said + words["requires"] * self.requires


@attrs.frozen(repr=False)
class Decomposition(Value):
    """
    The change of a unit's total, split into parts that add up to it exactly.

    Args:
        unit: The unit, as a text.
        change: The exact total after less that before; of the published totals where the exact
            ones are not known [points].
        parts: In the order of `PARTS`, those that add nothing left out; none where only totals
            are known.
        told: Whether the answers are known, so that there can be parts.
        common: How many questions are the same.
        before: The total before, in the bands of the edition after.
        after: The total after, in the bands of the edition before.

    `text` gives it for a terminal, and so does ``str``, in Indonesian; `markdown` and `html` give
    it for pages, and a notebook shows the HTML.

    >>> same = Placement("kiosk", "kiosk", Decimal("80.00"), None, Fraction(80), 100)
    >>> found = Decomposition("Dinkes", Fraction(0), (), True, 4, same, same)
    >>> found, found["answers"]
    (Decomposition('Dinkes', 'kiosk' to 'kiosk', 0 parts), Fraction(0, 1))
    """

    unit: str
    change: Fraction
    parts: tuple[ChangePart, ...]
    told: bool
    common: int
    before: Placement
    after: Placement

    def __repr__(self) -> str:
        editions = f"{self.before.of!r} to {self.after.of!r}"
        return f"Decomposition({self.unit!r}, {editions}, {len(self.parts)} parts)"

    def __str__(self) -> str:
        return self.text()

    def __getitem__(self, what: str) -> Fraction:
        """
        Return what a part, one of `PARTS`, adds to the change [points].

        Raises:
            UnknownError: There is no part of that name, or none is told.
        """
        found = dict.fromkeys(PARTS, Fraction(0)) if self.told else {}
        found |= {each.what: each.points for each in self.parts}
        if not is_hashable(what) or what not in found:
            message = f"the change has no part {shown(what)}{nearest(what, found)}"
            raise UnknownError("unknown-part", message, part=what)
        return found[what]

    def text(self, language: str = "id") -> str:
        """
        Return it for a terminal, in Indonesian (``"id"``) or English (``"en"``).
        """
        return self.page(language).text()

    def markdown(self, language: str = "id") -> str:
        """
        Return it in Markdown, with tables; nothing in its labels acts as Markdown.
        """
        return self.page(language).markdown()

    def html(self, language: str = "id") -> str:
        """
        Return it as a piece of HTML, as `Scorecard.html` does.
        """
        return self.page(language).html()

    def _repr_html_(self) -> str:
        return self.html()

    def page(self, language: str) -> Page:
        """
        Return it as a page, before it becomes text, Markdown or HTML.
        """
        check_language(language)
        words = _words(language)
        zone = self.after.zone
        notes = [Notes(each.text(language)) for each in (self.before, self.after)]
        if not self.told:
            notes.append(Notes(words["not told"]))
        elif not self.common:
            notes.append(Notes(words["nothing in common"]))
        totals = f"{number(self.before.total, language)} \u2192 {number(self.after.total, language)}"
        banner = Banner(
            f"{self.before.of} \u2192 {self.after.of}",
            self.unit,
            (words["change"], f"{_signed(self.change, language)} ({totals})"),
            (
                words["zone"],
                zone.code if zone else words["none"],
                in_language(zone.label, language) if zone else "",
            ),
            colour=zone.colour if zone else "",
            notes=tuple(notes),
        )
        return Page(language, banner, tuple(self._tables(language)))

    def _tables(self, language: str) -> list[Table]:
        words = _words(language)
        parts = [Row(words[each.what], (_signed(each.points, language),)) for each in self.parts]
        if not parts:
            return []
        parts.append(Row(words["sum"], (_signed(self.change, language),)))
        lines = [
            Row(
                words["whole"] if line.code == ROOT else line.code,
                (
                    words[each.what],
                    *(stated(said, language) for said in (line.before, line.after)),
                    _signed(line.points, language),
                ),
                in_language(line.title, language),
            )
            for each in self.parts
            for line in sorted(each.lines, key=lambda line: -abs(line.points))
        ]
        heads = tuple(words[each] for each in ("before", "after", "points"))
        return [
            Table((words["points"],), tuple(parts), words["parts"]),
            Table(("", *heads), tuple(lines), words["lines"], words=frozenset({0}), folded=True),
        ]


def _last_place(number: Decimal) -> Fraction:
    """Return what one in the last place of a decimal is worth."""
    return Fraction(Decimal((0, (1,), int(number.as_tuple().exponent))))


def _words(language: str) -> dict[str, str]:
    return _WORDS.get(language, _WORDS["en"])


def _zone(band: Band | None, language: str) -> str:
    if band is None:
        return _words(language)["none"]
    return " ".join(dict.fromkeys(filter(None, [band.code, in_language(band.label, language)])))


def _signed(value: Fraction, language: str) -> str:
    return f"{'+' if value > 0 else ''}{number(value, language)}"
