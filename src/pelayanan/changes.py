"""
What differs between two editions, as a page.
"""

from collections.abc import Iterable, Iterator
from fractions import Fraction

import attrs

from pelayanan.amendments import (
    KINDS_OF_CHANGE,
    SECTIONS,
    Amendment,
    BandChange,
    WeightChange,
    interval,
)
from pelayanan.criterion import parent_of
from pelayanan.errors import UnknownError, check_kind, nearest
from pelayanan.mapping import FrozenMapping, Text, in_language
from pelayanan.rendering import Banner, Notes, Page, Row, Table, check_language, number, stated
from pelayanan.value import Value
from pelayanan.zones import Band

__all__ = ["Changes"]

_NAMED = {"title", "label", "labels"}

_WORDS = {
    "id": {
        "changes": "perubahan",
        "none": "tidak ada",
        "weights": "bobot tingkat pertama",
        "weight of": "bobot {edition}",
        "part of": "bagian {edition}",
        "bands": "zona menurut nilai (maksimum {maximum})",
        "interval": "nilai {edition}",
        "label": "sebutan {edition}",
        "added": "ditambah",
        "dropped": "dihapus",
        "moved": "dipindah",
        "reworded": "rumusan diubah",
        "reweighted": "pembobotan diubah",
        "rescaled": "cara menjawab diubah",
        "recut": "batas dan syarat diubah",
        "other": "lainnya",
        "sourced": "sumber dan keterangan: {count} perubahan",
        "questions": "{count} pertanyaan",
        "order": "urutan kriteria",
        "root": "keseluruhan",
        "head": "instrumen",
        "zones": "zona",
        "scales": "skala {code}",
        "marks": "tanda {code}",
        "rounding_stages": "pembulatan {code}",
        "bands_named": "zona {code}",
    },
    "en": {
        "changes": "changes",
        "none": "none",
        "weights": "weights of the first level",
        "weight of": "weight {edition}",
        "part of": "part {edition}",
        "bands": "zones by total (maximum {maximum})",
        "interval": "total {edition}",
        "label": "name {edition}",
        "added": "added",
        "dropped": "dropped",
        "moved": "moved",
        "reworded": "re-worded",
        "reweighted": "re-weighted",
        "rescaled": "answered otherwise",
        "recut": "limits and requirements changed",
        "other": "other",
        "sourced": "sources and notes: {count} changes",
        "questions": "{count} questions",
        "order": "order of the criteria",
        "root": "the whole",
        "head": "instrument",
        "zones": "zones",
        "scales": "scale {code}",
        "marks": "mark {code}",
        "rounding_stages": "rounding of {code}",
        "bands_named": "zone {code}",
    },
}
_KEYS = {
    "id": {
        "title": "judul",
        "label": "sebutan",
        "labels": "sebutan jawaban",
        "attributes": "keterangan",
        "weight": "bobot",
        "weights": "penjumlahan bobot",
        "rule": "aturan",
        "scale": "skala",
        "options": "pilihan jawaban",
        "range": "rentang",
        "low": "terendah",
        "high": "tertinggi",
        "steps": "jenjang",
        "missing": "jawaban kosong",
        "optional": "boleh tidak berlaku",
        "scored": "dinilai",
        "asked_if": "ditanyakan jika",
        "requires": "syarat",
        "maximum": "nilai maksimum",
        "rounding": "pembulatan",
        "rollup": "nilai instansi:",
        "in_force": "masa berlaku",
        "issuer": "penerbit",
        "decide_on": "penentu zona",
        "colour": "warna",
        "printed": "tercetak",
        "floor": "mulai",
        "above": "di atas",
        "ceiling": "sampai",
        "below": "di bawah",
        "code": "kode",
        "from": "mulai",
        "until": "sampai",
        "average": "rata-rata dari nilai",
        "decimals": "desimal",
        "mode": "cara",
        "source": "sumber",
    },
    "en": {
        "labels": "labels of answers",
        "weights": "how weights add up",
        "options": "answers to choose",
        "missing": "missing answers",
        "optional": "may not apply",
        "asked_if": "asked if",
        "rollup": "institutions:",
        "average": "average of totals",
        "in_force": "in force",
        "decide_on": "what decides the zone",
        "floor": "from",
        "ceiling": "to",
    },
}


@attrs.frozen(repr=False)
class Changes(Value):
    """
    What differs between two editions, to be read.

    Args:
        before, after: The ids of the editions.
        title: Of the later one.
        maxima: Of both [points].
        entries: What differs, one by one.
        weights: The criteria of the first level; empty where their weights are the same.
        bands: The zones, highest first; empty where they are the same.

    `text` gives it for a terminal, and so does ``str``, in Indonesian; `markdown` and `html` give
    it for pages, and a notebook shows the HTML.

    >>> Changes("skm-2004", "skm-2017", entries=(Amendment("dropped", "criteria", "u14"),))
    Changes('skm-2004' to 'skm-2017', 1 entries)
    """

    before: str
    after: str
    title: Text = FrozenMapping()
    maxima: tuple[str, str] = ("", "")
    entries: tuple[Amendment, ...] = ()
    weights: tuple[WeightChange, ...] = ()
    bands: tuple[BandChange, ...] = ()

    def __repr__(self) -> str:
        return f"Changes({self.before!r} to {self.after!r}, {len(self.entries)} entries)"

    def __str__(self) -> str:
        return self.text()

    def of(self, what: str, section: str = "criteria") -> tuple[Amendment, ...]:
        """
        Return the entries of a kind, one of `KINDS_OF_CHANGE`, of one of `SECTIONS`.

        Raises:
            UnknownError: There is no such kind, or no such section; the nearest is named.
            KindError: It is no text.

        >>> Changes("x", "y", entries=(Amendment("added", "bands", "A"),)).of("added", "bands")[0].code
        'A'
        """
        check_kind("what", what, str, "a kind of changes")
        check_kind("section", section, str, "a section of changes")
        for kind, given, known in (("kind", what, KINDS_OF_CHANGE), ("section", section, SECTIONS)):
            if given not in known:
                message = f"there is no {kind} of changes {given[:60]!r}{nearest(given, known)}"
                raise UnknownError(f"unknown-{kind}", message, **{kind: given})
        return tuple(each for each in self.entries if each.what == what and each.section == section)

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
        words = _WORDS.get(language, _WORDS["en"])
        told = [each for each in self.entries if each.what != "sourced"]
        blocks: list[Notes | Table] = []
        if self.weights:
            blocks.append(self._weights(language))
        if self.bands:
            blocks.append(self._bands(language))
        for what in KINDS_OF_CHANGE:
            found = [each for each in told if each.what == what and each.section not in ("sources", "cases")]
            items = tuple(_items(what, found, language))
            blocks += [Notes(words[what], items)] * bool(items)
        rest = len(self.entries) - len(told)
        if rest:
            blocks.append(Notes(words["sourced"].format(count=rest), small=True))
        banner = Banner(
            f"{self.before} \u2192 {self.after}",
            in_language(self.title, language) or self.after,
            (words["changes"], str(len(told)) if told else words["none"]),
        )
        return Page(language, banner, tuple(blocks))

    def _weights(self, language: str) -> Table:
        words = _WORDS.get(language, _WORDS["en"])
        columns = [
            words[each].format(edition=edition)
            for edition in (self.before, self.after)
            for each in ("weight of", "part of")
        ]
        rows = []
        for each in self.weights:
            printed = [stated(weight, language) or "-" for weight in (each.before, each.after)]
            parts = [_percent(part, language) for part in (each.part_before, each.part_after)]
            cells = (printed[0], parts[0], printed[1], parts[1])
            rows.append(Row(each.code, cells, in_language(each.title, language)))
        return Table(tuple(columns), tuple(rows), words["weights"])

    def _bands(self, language: str) -> Table:
        words = _WORDS.get(language, _WORDS["en"])
        columns = [
            words[each].format(edition=edition)
            for edition in (self.before, self.after)
            for each in ("interval", "label")
        ]
        rows = []
        for each in self.bands:
            cells = [
                cell
                for band in (each.before, each.after)
                for cell in (
                    ("-", "") if band is None else (interval(band, language), _called(band, language))
                )
            ]
            rows.append(Row(each.code, tuple(cells)))
        maxima = dict.fromkeys(stated(each, language) for each in self.maxima)
        title = words["bands"].format(maximum=" \u2192 ".join(maxima))
        return Table(tuple(columns), tuple(rows), title, words=frozenset({1, 3}))


def _called(band: Band, language: str) -> str:
    names = [in_language(band.label, language), *band.attributes.values()]
    return ", ".join(dict.fromkeys(filter(None, names)))


def _percent(part: Fraction | None, language: str) -> str:
    return "-" if part is None else f"{number(part * 100, language)} %"


def _items(what: str, entries: list[Amendment], language: str) -> Iterator[str]:
    """Return the lines of a list: whole criteria by group, then what else differs."""
    whole = [each for each in entries if not each.key and each.section == "criteria"]
    codes = {each.code for each in whole}
    words = _WORDS.get(language, _WORDS["en"])
    groups: dict[str, list[str]] = {}
    for each in whole:
        if parent_of(each.code) not in codes:
            name = _name(each, language)
            if each.questions > 1:
                name = f"{name} ({words['questions'].format(count=each.questions)})"
            groups.setdefault(in_language(each.within, language), []).append(name)
    for group, names in groups.items():
        yield f"{group}: {'; '.join(names)}" if group else "; ".join(names)
    for each in _in_one_language([each for each in entries if each.key], language):
        if each.section != "bands" or each.what not in ("recut", "reworded"):
            yield _said(each, language)
    others = (each for each in entries if not each.key and each.section not in ("criteria", "bands"))
    yield from (_name(each, language) for each in others)


def _in_one_language(entries: list[Amendment], language: str) -> Iterable[Amendment]:
    """Return the entries, of a text in several languages the one that is asked for, else the first."""
    found: dict[tuple[str, str, str], Amendment] = {}
    for each in entries:
        base, _, tongue = each.key.rpartition(".")
        name = (each.section, each.code, base if base.partition(".")[0] in _NAMED else each.key)
        if name not in found or tongue == language:
            found[name] = each
    return found.values()


def _name(each: Amendment, language: str) -> str:
    words = _WORDS.get(language, _WORDS["en"])
    title = in_language(each.title, language)
    if each.section == "criteria":
        return f"{title} ({each.code})" if title and each.what != "dropped" else title or each.code
    named = words["bands_named"] if each.section == "bands" else words.get(each.section, each.section)
    return named.format(code=each.code if each.section == "bands" else title or each.code)


def _said(each: Amendment, language: str) -> str:
    words = _WORDS.get(language, _WORDS["en"])
    if each.key == "order":
        return words["order"]
    base, *rest = each.key.split(".")
    named = _KEYS.get(language, _KEYS["en"])
    parts = [base, *(rest if base not in _NAMED else ())]
    key = " ".join(named.get(each, each) for each in parts)
    before, after = (stated(side, language) or words["none"] for side in (each.before, each.after))
    return f"{_name(each, language)}: {key} {before} \u2192 {after}"
