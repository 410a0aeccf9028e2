"""
What came of comparing a printed total with its parts, as values.
"""

from decimal import Decimal
from fractions import Fraction

import attrs

from pelayanan.exact import Exact
from pelayanan.mapping import printable
from pelayanan.rendering import check_language
from pelayanan.value import Value

__all__ = ["KINDS", "Cause", "Recomputed", "Reconciliation"]

KINDS = (
    "rounding",
    "fewer-decimals",
    "rounding-stage",
    "weights",
    "digits-swapped",
    "digit-dropped",
    "digit-misprinted",
    "part-missing",
    "part-twice",
    "decided-on",
    "cut-offs",
)

_WORDS = {
    "id": {
        "agrees": "{total} cocok dengan bagian-bagiannya",
        "zone_agrees": "{total} cocok dengan zona {zone}",
        "differs": "{total} tidak cocok",
        "recomputed": "dihitung ulang: {published}",
        "no_zone": "tidak ada",
        "zone": "zona {zone} tercetak, {found} menurut nilai",
        "causes": "yang dapat menjelaskannya:",
        "*": "nilai akhir",
        "parts": "semua bagian",
        "contributions": "semua nilai tertimbang",
        "weighted-answers": "semua jawaban tertimbang",
        "mean-answer": "rata-rata jawaban",
        "rounding": "{place}: dibulatkan dengan {implied}, bukan {printed}",
        "fewer-decimals": "{place}: {printed} dicetak dengan angka desimal lebih sedikit, mestinya {implied}",
        "short": "{place}: dicetak dengan angka desimal lebih sedikit daripada yang dihitung",
        "rounding-stage": "{place}: dibulatkan lebih dahulu sampai {implied} angka desimal",
        "weights": "{place}: bobot {implied}, bukan {printed}",
        "digits-swapped": "{place}: dua angka tertukar, {printed} mestinya {implied}",
        "digit-dropped": "{place}: satu angka hilang, {printed} mestinya {implied}",
        "digit-misprinted": "{place}: satu angka salah cetak, {printed} mestinya {implied}",
        "part-missing": "{place}satu bagian tidak tercetak, nilainya {implied}",
        "part-twice": "{place}: {printed} dihitung dua kali",
        "decided-on": "{place}: zona ditentukan dari {implied}",
        "cut-offs": "{place}: batas zona menurut {implied}",
    },
    "en": {
        "agrees": "{total} agrees with its parts",
        "zone_agrees": "{total} agrees with the zone {zone}",
        "differs": "{total} does not agree",
        "recomputed": "recomputed: {published}",
        "no_zone": "none",
        "zone": "zone {zone} was printed, {found} by the total",
        "causes": "what could explain it:",
        "*": "total",
        "parts": "all parts",
        "contributions": "all weighted values",
        "weighted-answers": "all weighted answers",
        "mean-answer": "mean of the answers",
        "rounding": "{place}: rounded by {implied}, not {printed}",
        "fewer-decimals": "{place}: {printed} was printed with fewer decimals, for {implied}",
        "short": "{place}: printed with fewer decimals than were averaged",
        "rounding-stage": "{place}: rounded before, to {implied} decimals",
        "weights": "{place}: weights of {implied}, not {printed}",
        "digits-swapped": "{place}: two digits were swapped, {printed} for {implied}",
        "digit-dropped": "{place}: a digit was dropped, {printed} for {implied}",
        "digit-misprinted": "{place}: a digit was misprinted, {printed} for {implied}",
        "part-missing": "{place}a part was not printed, it is {implied}",
        "part-twice": "{place}: {printed} was counted twice",
        "decided-on": "{place}: the zone was decided on {implied}",
        "cut-offs": "{place}: the cut-offs of {implied}",
    },
}


@attrs.frozen
class Recomputed(Value):
    """
    What the printed parts give.

    Args:
        exact: The total of the parts as they are printed, before it is rounded [points].
        published: The same as it would be published [points].
        lowest, highest: Between which published totals it lies, as each part was rounded when it
            was printed [points].

    >>> Recomputed(Fraction("68.825"), Decimal("68.83"), Decimal("68.83"), Decimal("68.83")).published
    Decimal('68.83')
    """

    exact: Fraction
    published: Decimal
    lowest: Decimal
    highest: Decimal


@attrs.frozen
class Cause(Value):
    """
    One thing that would explain why a total differs from its parts, or a zone from its total.

    Args:
        what: Its kind, one of `KINDS`.
        place: Where it is: a part by its name or code, ``"*"`` for the total, ``"parts"`` for all
            of them, empty for a unit that is not known. Of a stage of rounding also
            ``"contributions"``, the weighted values, ``"weighted-answers"``, the same in the unit
            of the answers, and ``"mean-answer"``, their sum.
        printed: What stands there, or what was stated: a number, a mode, a weight.
        implied: What it would have to be: a number, a mode, a weight, an edition.
        exact: The exact total that then follows; ``None`` where no parts are known [points].
        off: How far the printed total is from that one [points].
        fits: How many causes of this kind, in a part or in the total, would do as well.
        tried: Of how many.

    >>> Cause("digit-dropped", "*", "56.8", "56.18", Fraction("56.18"), fits=1, tried=19).implied
    '56.18'
    """

    what: str
    place: str
    printed: str
    implied: str
    exact: Fraction | None = None
    off: Fraction = Fraction(0)
    fits: int = 1
    tried: int = 1

    @property
    def kind(self) -> str:
        """Its kind, one of `KINDS`; in JSON ``"kind"`` is that of the value, and this is ``"what"``."""
        return self.what


@attrs.frozen
class Reconciliation(Value):
    """
    Whether a printed total agrees with its parts and its zone, and if not, what would explain it.

    Args:
        total: The total as it was printed [points].
        agrees: Whether the parts give it, within what their printed decimals allow, and
            whether the zone is that of the total, where one was given.
        recomputed: What the parts give; ``None`` without parts, and where one is lacking that
            has to be there.
        zone: The zone as it was printed; empty where none was given.
        zone_of_total: The codes of the zones that a unit with this total may have.
        zone_agrees: Whether the printed zone is one of them.
        causes: What would explain it, the most plausible first; empty where all agrees.

    `text` words it, in Indonesian or in English.

    >>> Reconciliation(Exact("79.12"), agrees=True).causes
    ()
    """

    total: Exact = attrs.field(converter=Exact)
    agrees: bool
    recomputed: Recomputed | None = None
    zone: str = ""
    zone_of_total: tuple[str, ...] = ()
    zone_agrees: bool = True
    causes: tuple[Cause, ...] = ()

    def text(self, language: str = "id") -> str:
        """
        Return it in words, in Indonesian (``"id"``) or English (``"en"``).

        >>> print(Reconciliation(Exact("79.12"), agrees=True).text("en"))
        79.12 agrees with its parts
        """
        check_language(language)
        words = _WORDS.get(language, _WORDS["en"])

        def number(text: str) -> str:
            return text.replace(".", ",") if language == "id" else text

        total = number(str(self.total))
        verdict = "differs"
        if self.agrees:
            verdict = "agrees" if self.recomputed or not self.zone else "zone_agrees"
        lines = [words[verdict].format(total=total, zone=self.zone)]
        if self.recomputed is not None:
            lines.append(words["recomputed"].format(published=number(str(self.recomputed.published))))
        if not self.zone_agrees:
            found = ", ".join(self.zone_of_total) or words["no_zone"]
            lines.append(words["zone"].format(zone=self.zone, found=found))
        if self.causes:
            lines.append(words["causes"])
        for each in self.causes:
            printed, implied = number(each.printed), number(each.implied)
            place = words.get(each.place, each.place)
            if each.kind == "part-missing" and place:
                place = f"{place}: "
            short = each.kind == "fewer-decimals" and each.place == "parts"
            said = words["short" if short else each.kind]
            lines.append("  " + said.format(place=place, printed=printed, implied=implied))
        return "\n".join(printable(line) for line in lines)
