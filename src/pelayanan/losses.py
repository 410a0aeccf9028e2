"""
What becomes of answers when another edition asks: kept, mapped, split, to be asked again, dropped.
"""

from collections.abc import Iterable, Mapping
from typing import Any

import attrs

from pelayanan.errors import (
    CrosswalkError,
    Problem,
    a_count,
    a_text,
    check_kind,
    in_order,
    is_a,
    members_of,
    nearest,
)
from pelayanan.exact import Exact
from pelayanan.mapping import FrozenMapping, Text, in_language
from pelayanan.provenance import as_text
from pelayanan.rendering import Banner, Notes, Page, check_language, exactly
from pelayanan.value import Value

__all__ = ["OUTCOMES", "REASONS", "Loss", "Losses", "as_questions", "as_weights"]

OUTCOMES = ("kept", "mapped", "split", "asked_again", "dropped")
REASONS = (
    "no-link",
    "subset",
    "superset",
    "intersects",
    "group",
    "other-names",
    "no-answer",
    "several-answers",
    "partly-answered",
    "not-applicable",
    "not-asked",
    "not-asked-now",
)

_WORDS = {
    "id": {
        "report": "laporan jawaban yang terbawa",
        "carried": "terbawa",
        "of": "{part} dari {whole}",
        "ask": "ditanyakan lagi",
        "near": "bandingkan",
        "from": "dari",
        "to": "ke",
        "kept": "tetap",
        "mapped": "disetarakan",
        "split": "dipecah",
        "asked_again": "ditanyakan lagi",
        "dropped": "gugur",
        "units": "{part} dari {whole} unit",
        "no-link": "tidak ada padanannya",
        "subset": "yang ditanyakan dulu hanya sebagian darinya",
        "superset": "yang ditanyakan dulu lebih luas",
        "intersects": "hanya beririsan",
        "group": "dulu sebuah kelompok",
        "other-names": "kodenya sama, nama lainnya berbeda",
        "no-answer": "tidak ada jawaban yang nilainya sama pada skalanya",
        "several-answers": "beberapa jawaban pada skalanya bernilai sama",
        "partly-answered": "hanya sebagian asalnya terjawab",
        "not-applicable": "dulu tidak berlaku, kini harus dijawab",
        "not-asked": "dulu tidak ditanyakan",
        "not-asked-now": "kini tidak ditanyakan",
    },
    "en": {
        "report": "loss report",
        "carried": "carried",
        "of": "{part} of {whole}",
        "ask": "to be asked again",
        "near": "compare",
        "from": "from",
        "to": "to",
        "kept": "kept",
        "mapped": "mapped",
        "split": "split",
        "asked_again": "to be asked again",
        "dropped": "dropped",
        "units": "{part} of {whole} units",
        "no-link": "nothing corresponds to it",
        "subset": "what was asked is only a part of it",
        "superset": "what was asked is wider",
        "intersects": "they only overlap",
        "group": "it was a group",
        "other-names": "the code is the same, and its other names differ",
        "no-answer": "no answer on its scale is worth the same",
        "several-answers": "several answers on its scale are worth the same",
        "partly-answered": "only some of what it is made of was answered",
        "not-applicable": "it did not apply, and must be answered now",
        "not-asked": "it was not asked",
        "not-asked-now": "it is not asked now",
    },
}


def as_questions(value: str | Iterable[str]) -> tuple[str, ...]:
    """
    Return the code of one question, or of several, as a tuple.

    Raises:
        KindError: Something else.

    >>> as_questions("u1"), as_questions(["u1", "u2"])
    (('u1',), ('u1', 'u2'))
    """
    return (value,) if isinstance(value, str) else members_of("a question", value, str, "given by its code")


def as_weights(value: Mapping[str, Any]) -> FrozenMapping[Exact]:
    """
    Return the exact weights of questions by code.

    Raises:
        KindError: Something else.
        NumberError: A weight that is no number.

    >>> as_weights({"u1": "0.250"})["u1"] + 1
    Fraction(5, 4)
    """
    check_kind("weights", value, Mapping, "weights by code")
    for code in value:
        check_kind("weights", code, str, "weights by code")
    return FrozenMapping({code: Exact(weight) for code, weight in value.items()})


def _reasons(value: str | Iterable[str]) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else members_of("a reason", value, str, "one of REASONS")


def _labels(value: Iterable[Any]) -> tuple[Any, ...]:
    return tuple(in_order("units", value, "labels of units"))


@attrs.frozen
class Loss(Value):
    """
    What becomes of one question, or of its answers at some units.

    Args:
        code: A question of the edition after; of one that is dropped, of the edition before.
        outcome: One of `OUTCOMES`.
        of: The questions on the other side that it is linked with.
        relation: How, as in a `Link`; empty where there is none.
        weights: The parts that questions are worth, where several become one or one becomes several.
        reasons: Why it is not carried, of `REASONS`.
        units: The units that this is about, where it is not all.
        title: Text by language.
        why: What the crosswalk says of the link, by language.

    Raises:
        CrosswalkError: Another outcome, or another reason.

    >>> Loss("i2", "asked_again", of="i1", relation="intersects", reasons="intersects").of
    ('i1',)
    """

    code: str = attrs.field(validator=a_text)
    outcome: str = attrs.field(validator=a_text)
    of: tuple[str, ...] = attrs.field(default=(), converter=as_questions)
    relation: str = attrs.field(default="", validator=a_text)
    weights: FrozenMapping[Exact] = attrs.field(default=FrozenMapping(), converter=as_weights)
    reasons: tuple[str, ...] = attrs.field(default=(), converter=_reasons)
    units: tuple[Any, ...] = attrs.field(default=(), converter=_labels)
    title: Text = attrs.field(default=FrozenMapping(), converter=as_text)
    why: Text = attrs.field(default=FrozenMapping(), converter=as_text)

    def __attrs_post_init__(self) -> None:
        said = [("outcome", self.outcome, OUTCOMES), *(("reasons", each, REASONS) for each in self.reasons)]
        problems = [
            Problem(f"unknown-{place}", f"there is no {each[:60]!r} here{nearest(each, known)}", place)
            for place, each, known in said
            if each not in known
        ]
        if problems:
            raise CrosswalkError.of("loss", problems)


def _lines(value: Iterable[Loss]) -> tuple[Loss, ...]:
    return members_of("lines", value, Loss, "a Loss for each question")


@attrs.frozen(repr=False)
class Losses(Value):
    """
    The loss report: what becomes of each question from one edition to another.

    Each question of the edition after is in exactly one of `kept`, `mapped`, `split` and
    `asked_again`. Those are carried for all units; one that must be asked at a single unit is among
    those to be asked again, and names the unit.

    Args:
        before, after: The ids of the editions.
        units: How many units had answers; 0 where nothing was carried yet.
        lines: One for each question after, in its order, and then for each that is dropped.

    `text` gives it for a terminal, and so does ``str``, in Indonesian.

    >>> found = Losses("kios-2024", "kios-2025", 1, [Loss("a", "kept", of=("a",)), Loss("b", "asked_again")])
    >>> found, [each.code for each in found.asked_again]
    (Losses('kios-2024' to 'kios-2025', 1 kept, 0 mapped, 0 split, 1 to be asked again, 0 dropped), ['b'])
    """

    before: str = attrs.field(validator=a_text)
    after: str = attrs.field(validator=a_text)
    units: int = attrs.field(validator=[is_a(int, "a whole number"), a_count])
    lines: tuple[Loss, ...] = attrs.field(converter=_lines)

    def __repr__(self) -> str:
        counts = ", ".join(f"{len(self._of(each))} {_WORDS['en'][each]}" for each in OUTCOMES)
        return f"Losses({self.before!r} to {self.after!r}, {counts})"

    def __str__(self) -> str:
        return self.text()

    def _of(self, outcome: str) -> tuple[Loss, ...]:
        return tuple(each for each in self.lines if each.outcome == outcome)

    @property
    def kept(self) -> tuple[Loss, ...]:
        """The same question on the same scale: the answers stand as they were."""
        return self._of("kept")

    @property
    def mapped(self) -> tuple[Loss, ...]:
        """The answers of the same worth on another scale, or out of several questions."""
        return self._of("mapped")

    @property
    def split(self) -> tuple[Loss, ...]:
        """The answers to one question that became several."""
        return self._of("split")

    @property
    def asked_again(self) -> tuple[Loss, ...]:
        """What must be asked, at all units or at some."""
        return self._of("asked_again")

    @property
    def dropped(self) -> tuple[Loss, ...]:
        """The questions before whose answers go nowhere, at all units or at some."""
        return self._of("dropped")

    def text(self, language: str = "id") -> str:
        """
        Return the report for a terminal, in Indonesian (``"id"``) or English (``"en"``).
        """
        return self.page(language).text()

    def markdown(self, language: str = "id") -> str:
        """
        Return the report in Markdown; nothing in its titles acts as Markdown.
        """
        return self.page(language).markdown()

    def html(self, language: str = "id") -> str:
        """
        Return the report as a piece of HTML that stands by itself.
        """
        return self.page(language).html()

    def _repr_html_(self) -> str:
        return self.html()

    def page(self, language: str) -> Page:
        """
        Return the report as a page, before it becomes text, Markdown or HTML.
        """
        check_language(language)
        words = _words(language)
        asked = len(self.asked_again)
        whole = len(self.lines) - len(self.dropped)
        banner = Banner(
            f"{self.before} \u2192 {self.after}",
            words["report"],
            (words["carried"], words["of"].format(part=whole - asked, whole=whole)),
            (words["ask"], str(asked), ""),
        )
        notes = []
        for outcome in OUTCOMES:
            found = self._of(outcome)
            title = f"{words[outcome]} ({len(found)})"
            items = tuple(self._item(each, language) for each in found)
            notes += [Notes(title, items)] * bool(items)
        return Page(language, banner, tuple(notes))

    def _item(self, each: Loss, language: str) -> str:
        """Return what becomes of one question, in one line."""
        words = _words(language)
        name = f"{each.code} {in_language(each.title, language)}".rstrip()
        others = ", ".join(_other(code, each.weights.get(code), language) for code in each.of)
        if others and each.of != (each.code,):
            name += f" ({words[_side(each)]} {others})"
        said = [words[reason] for reason in each.reasons]
        if each.units:
            said.append(words["units"].format(part=len(each.units), whole=self.units))
        remark = "; ".join(filter(None, [*said, in_language(each.why, language)]))
        return f"{name}: {remark}" if remark else name


def _words(language: str) -> dict[str, str]:
    return _WORDS.get(language, _WORDS["en"])


def _side(each: Loss) -> str:
    """Return whether the questions on the other side are only near, or where answers come from or go to."""
    if each.outcome == "dropped":
        return "to" if each.reasons else "near"
    return "from" if {"subset", "superset", "intersects"}.isdisjoint(each.reasons) else "near"


def _other(code: str, weight: Exact | None, language: str) -> str:
    """Return a question on the other side, with the part that is its own."""
    return code if weight is None else f"{exactly(weight, language)} \u00d7 {code}"
