"""
The explanation of one unit's score: what could still be added, what is lacking, and how it was computed.
"""

from collections import Counter
from collections.abc import Iterator
from fractions import Fraction

import attrs

from pelayanan.criterion import ROOT, parent_of
from pelayanan.errors import UnknownError, nearest
from pelayanan.exact import shown
from pelayanan.mapping import in_language
from pelayanan.prospects import Better, Prospect, Shortfall
from pelayanan.rendering import Notes, Page, Row, Table, check_language, exactly, number
from pelayanan.scorecard import Scorecard
from pelayanan.tracing import Step, trace_table
from pelayanan.value import Value

__all__ = ["Explanation"]

_FEW = 5

_WORDS = {
    "id": {
        "criteria": "menurut kriteria",
        "points": "nilai",
        "contribution": "sumbangan",
        "lost": "masih dapat ditambah",
        "legend": "hilang",
        "peers": "dari median pembanding",
        "answer": "jawaban berikutnya",
        "strengths": "kekuatan (nilai)",
        "weaknesses": "kelemahan (poin yang hilang)",
        "ahead": "di atas {peers} pembanding (selisih nilai)",
        "behind": "di bawah {peers} pembanding (selisih nilai)",
        "first": "langkah berikutnya",
        "held": "ditahan dari {band} oleh syarat",
        "share": "bagian",
        "unmet": "{name}: {of} {measure}, disyaratkan {least}, kurang {lacking}",
        "unknown": "{name}: {of} tidak diketahui, disyaratkan {least}",
        "next": "{answer} ({adds} \u2192 {then})",
        "asked": "{answer}: lalu ditanyakan {codes}",
        "of_these": "cukup {count} dari {number}:",
        "assumed": "bergantung pada anggapan",
    },
    "en": {
        "criteria": "by criterion",
        "points": "points",
        "contribution": "contribution",
        "lost": "could still add",
        "legend": "lost",
        "peers": "from the median of peers",
        "answer": "next better answer",
        "strengths": "strengths (points)",
        "weaknesses": "weaknesses (points lost)",
        "ahead": "ahead of {peers} peers (points)",
        "behind": "behind {peers} peers (points)",
        "first": "next steps",
        "held": "held back from {band} by",
        "share": "share",
        "unmet": "{name}: {of} {measure}, required {least}, lacking {lacking}",
        "unknown": "{name}: {of} not known, required {least}",
        "next": "{answer} ({adds} \u2192 {then})",
        "asked": "{answer}: then asked {codes}",
        "of_these": "{count} of these {number} will do:",
        "assumed": "rests on assumptions",
    },
}


@attrs.frozen(repr=False)
class Explanation(Value):
    """
    One unit's score, explained.

    Args:
        card: Its scorecard.
        prospects: What each scored criterion adds and could still add, the whole first.
        shortfalls: The requirements that hold its zone back.
        trace: How the total came about, in the order of computing.
        peers: How many units it is compared with.

    `text` gives it for a terminal, and so does ``str``, in Indonesian.
    """

    card: Scorecard
    prospects: tuple[Prospect, ...] = ()
    shortfalls: tuple[Shortfall, ...] = ()
    trace: tuple[Step, ...] = ()
    peers: int = 0

    def __repr__(self) -> str:
        return f"Explanation({self.card!r})"

    def __str__(self) -> str:
        return self.text()

    def __contains__(self, code: object) -> bool:
        return isinstance(code, str) and any(each.code == code for each in self.prospects)

    __iter__ = None

    def __getitem__(self, code: str) -> Prospect:
        """
        Return what a criterion adds and could still add.

        Raises:
            UnknownError: It is not among those that are scored; the nearest is named.
        """
        found = {each.code: each for each in self.prospects}
        if not isinstance(code, str) or code not in found:
            message = f"the explanation of {self.card.unit!r} has no {shown(code)}{nearest(code, found)}"
            raise UnknownError("unknown-criterion", message, criterion=code)
        return found[code]

    @property
    def _indicators(self) -> list[Prospect]:
        return [each for each in self.prospects if not each.group]

    @property
    def strengths(self) -> tuple[Prospect, ...]:
        """
        The indicators that lose nothing, or attain a larger part of their best than the whole does.

        Those that lose the fewest points of the total come first; of these, those that add most.
        """
        found = [each for each in self._indicators if each.could_add is not None and self._is_strong(each)]
        return tuple(sorted(found, key=lambda each: (each.could_add, -(each.contribution or 0))))

    @property
    def weaknesses(self) -> tuple[Prospect, ...]:
        """
        The indicators that lose points and are no strengths, those that lose most first.
        """
        found = [each for each in self._indicators if each.could_add and not self._is_strong(each)]
        return tuple(sorted(found, key=lambda each: -(each.could_add or 0)))

    def _is_strong(self, each: Prospect) -> bool:
        whole = self.prospects[0].attained
        if each.attained is None or whole is None:
            return False
        return each.attained == 1 or each.attained > whole

    @property
    def ahead(self) -> tuple[Prospect, ...]:
        """The indicators with more points than the median of the peers, the farthest first."""
        return self._beside_peers(1)

    @property
    def behind(self) -> tuple[Prospect, ...]:
        """The indicators with fewer points than the median of the peers, the farthest first."""
        return self._beside_peers(-1)

    def _beside_peers(self, sign: int) -> tuple[Prospect, ...]:
        found = [each for each in self._indicators if each.ahead is not None and sign * each.ahead > 0]
        return tuple(sorted(found, key=lambda each: -sign * (each.ahead or 0)))

    @property
    def next_steps(self) -> tuple[Prospect, ...]:
        """The indicators whose next better answer adds to the exact total, what adds most first."""
        found = [each for each in self._indicators if each.better and (each.better.adds or 0) > 0]
        return tuple(sorted(found, key=lambda each: -((each.better and each.better.adds) or 0)))

    def text(self, language: str = "id") -> str:
        """
        Return the explanation for a terminal, in Indonesian (``"id"``) or English (``"en"``).
        """
        return self.page(language).text()

    def markdown(self, language: str = "id") -> str:
        """
        Return the explanation in Markdown, with tables; nothing in its labels acts as Markdown.
        """
        return self.page(language).markdown()

    def html(self, language: str = "id") -> str:
        """
        Return the explanation as a piece of HTML, as `Scorecard.html` does.
        """
        return self.page(language).html()

    def _repr_html_(self) -> str:
        return self.html()

    def page(self, language: str) -> Page:
        """
        Return the explanation as a page, before it becomes text, Markdown or HTML.
        """
        check_language(language)
        words = _words(language)
        banner = self.card.banner(language)
        if self.shortfalls:
            marks = tuple(each for each in banner.notes if not each.items)
            banner = attrs.evolve(banner, notes=(*marks, *self._held(language)))
        lists = {
            words["first"]: [(each, _next(each.better, language)) for each in self.next_steps],
            words["weaknesses"]: [(each, number(each.could_add, language)) for each in self.weaknesses],
            words["strengths"]: [(each, number(each.points, language)) for each in self.strengths],
            words["behind"]: [(each, _signed(each.ahead, language)) for each in self.behind],
            words["ahead"]: [(each, _signed(each.ahead, language)) for each in self.ahead],
        }
        blocks: list[Notes | Table] = []
        for title, found in lists.items():
            items = tuple(f"{self._name(each.code, language)}: {figure}" for each, figure in found[:_FEW])
            blocks += [Notes(title.format(peers=self.peers), items)] * bool(items)
        if self.prospects:
            blocks.append(self._table(language))
        trace = trace_table(self.trace, language)
        blocks += [trace] * bool(trace.rows)
        if self.card.assumptions:
            blocks.append(Notes(words["assumed"], tuple(map(str, self.card.assumptions)), small=True))
        return Page(language, banner, tuple(blocks))

    def _held(self, language: str) -> list[Notes]:
        words = _words(language)
        return [
            Notes(words["held"].format(band=zone), tuple(self._lacking(zone, language)))
            for zone in dict.fromkeys(each.zone for each in self.shortfalls)
        ]

    def _lacking(self, zone: str, language: str) -> Iterator[str]:
        words = _words(language)
        for each in self.shortfalls:
            if each.zone != zone:
                continue
            if each.to_mend < len(each.unmet):
                yield words["of_these"].format(count=each.to_mend, number=len(each.unmet))
            for unmet in each.unmet:
                yield words["unknown" if unmet.measure is None else "unmet"].format(
                    name=self._name(unmet.code, language),
                    of=words[each.requirement.of],
                    measure=number(unmet.measure, language),
                    least=number(each.requirement.at_least, language),
                    lacking=number(unmet.lacking, language),
                )

    def _name(self, code: str, language: str) -> str:
        """Return the title of a criterion, with that of its group where others have the same."""
        titles = {line.code: in_language(line.title, language) or line.code for line in self.card.lines}
        title = titles.get(code, code)
        alone = Counter(titles.values())[title] == 1
        return title if alone or code == ROOT else f"{titles.get(parent_of(code))} \u203a {title}"

    def _table(self, language: str) -> Table:
        words = _words(language)
        heads = ["points", "contribution", "lost", *["peers"] * bool(self.peers), "answer"]
        rows = []
        for each in self.prospects:
            drawn = (each.contribution, each.could_add)
            cells = [number(figure, language) for figure in (each.points, *drawn)]
            cells += [_signed(each.ahead, language)] * bool(self.peers)
            row = Row(
                each.code.rpartition(".")[2],
                (*cells, _next(each.better, language)),
                in_language(each.title, language),
                each.depth,
                None if drawn[0] is None or drawn[1] is None else (drawn[0], drawn[1]),
            )
            rows.append(row)
        return Table(
            tuple(words[each] for each in heads),
            tuple(rows),
            words["criteria"],
            words=frozenset({len(heads) - 1}),
            legend=(words["contribution"], words["legend"]),
        )


def _words(language: str) -> dict[str, str]:
    return _WORDS.get(language, _WORDS["en"])


def _signed(value: Fraction | None, language: str) -> str:
    return f"{'+' if value and value > 0 else ''}{number(value, language)}"


def _said(better: Better, language: str) -> str:
    """Return an answer by its label, else as it stands."""
    answer = better.answer
    if isinstance(answer, str):
        return in_language(better.label, language) or answer
    return exactly(answer, language)


def _next(better: Better | None, language: str) -> str:
    if better is None:
        return ""
    words, answer = _words(language), _said(better, language)
    if better.adds is None:
        return words["asked"].format(answer=answer, codes=", ".join(better.opens)) if better.opens else answer
    then = f"{number(better.total, language)} {better.zone}".rstrip()
    return words["next"].format(answer=answer, adds=_signed(better.adds, language), then=then)
