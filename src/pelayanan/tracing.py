"""
The trace of a calculation: every intermediate of one unit's total, exactly.
"""

from collections.abc import Iterator, Mapping
from fractions import Fraction

import attrs

from pelayanan.criterion import ROOT, Group, depth_of
from pelayanan.exact import Rounding
from pelayanan.instrument import Instrument
from pelayanan.rendering import Row, Table, exactly, number
from pelayanan.scorecard import Scorecard
from pelayanan.value import Value

__all__ = ["Member", "Step", "trace_table", "traced"]

_PLACES = 4

_WORDS = {
    "id": {
        "trace": "jejak perhitungan",
        "rule": "aturan",
        "part": "bagian",
        "points": "nilai",
        "gives": "hasil",
        "answer": "jawaban",
        "published": "nilai akhir yang diumumkan",
        "zone": "zona",
        "contribution": "sumbangan",
        "rounded": "{of} dibulatkan ke {grid} ({mode}) dari",
    },
    "en": {
        "trace": "trace of the calculation",
        "rule": "rule",
        "part": "part",
        "points": "points",
        "gives": "gives",
        "answer": "answer",
        "published": "published total",
        "zone": "zone",
        "contribution": "contribution",
        "rounded": "{of} rounded to {grid} ({mode}) from",
    },
}

Shares = Mapping[str, Fraction | None]


@attrs.frozen
class Member(Value):
    """
    What a group was computed of.

    Args:
        code: The criterion.
        share: Its share; ``None`` where it is left out.
        points: The same [points].
        weight: In the unit of its print; 1 where the rule knows no weights [-].
        part: What its share is multiplied with, after what was left out; ``None`` under a rule
            that is not linear [share].

    >>> Member("a", Fraction(1, 2), Fraction(50), Fraction(3), Fraction(3, 4)).part
    Fraction(3, 4)
    """

    code: str
    share: Fraction | None = None
    points: Fraction | None = None
    weight: Fraction = Fraction(1)
    part: Fraction | None = None


@attrs.frozen
class Step(Value):
    """
    One intermediate of a calculation, exactly.

    Args:
        what: ``"answer"`` and ``"group"`` for criteria, then ``"published"`` and ``"zone"``.
        code: The criterion, ``"*"`` for the whole.
        rule: How the members of a group are combined.
        members: What it was computed of.
        before, share: The share before and after it was rounded [share].
        points_before, points: The same two [points].
        grid: The step to which it was rounded; ``None`` where it was not [points].
        mode: How it was rounded.
        of: What was rounded: points, or the contribution to the total.
        zone: The code of the zone; empty for none.

    >>> Step("answer", "a", before=Fraction(1, 3), share=Fraction(1, 3), points=Fraction(100, 3)).grid is None
    True
    """

    what: str
    code: str
    rule: str = ""
    members: tuple[Member, ...] = ()
    before: Fraction | None = None
    share: Fraction | None = None
    points_before: Fraction | None = None
    points: Fraction | None = None
    grid: Fraction | None = None
    mode: str = ""
    of: str = "points"
    zone: str = ""


def traced(
    instrument: Instrument, answered: Shares, shares: Shares, before: Mapping[str, Fraction], card: Scorecard
) -> tuple[Step, ...]:
    """
    Return how the total of a unit came about: answers, groups from the bottom up, and its end.

    Args:
        answered: The share of the answer to each scored indicator, before it is rounded.
        shares: The share of every criterion.
        before: The shares of those that were rounded as they were before.
        card: What came out.

    >>> import pelayanan
    >>> dimensions = pelayanan.load("ombudsman-2022").pruned(depth=1)
    >>> office = {"input": 80, "proses": 90, "output": 85, "pengaduan": 70}
    >>> answered = {code: Fraction(points, 100) for code, points in office.items()}
    >>> card = pelayanan.score_one(dimensions, office)
    >>> steps = traced(dimensions, answered, *dimensions.tree.worked_out(answered), card)
    >>> [(step.what, float(step.points)) for step in steps][3:]
    [('answer', 70.0), ('group', 82.295), ('published', 82.3), ('zone', 82.3)]
    """
    steps = [
        _criterion(instrument, code, answered[code], shares[code])
        for code in instrument.tree.leaves[ROOT]
        if answered[code] is not None
    ]
    for group in sorted(instrument.tree.groups, key=lambda group: -depth_of(group.code)):
        share = shares[group.code]
        if instrument.tree.combined[group.code] and share is not None:
            step = _criterion(instrument, group.code, before.get(group.code, share), share)
            steps.append(
                attrs.evolve(
                    step, what="group", rule=group.rule.name, members=_members(instrument, group, shares)
                )
            )
    return (*steps, *_end(instrument, card))


def _criterion(instrument: Instrument, code: str, before: Fraction | None, share: Fraction | None) -> Step:
    stage = instrument.tree.staged.get(code)
    return Step(
        "answer",
        code,
        before=before,
        share=share,
        points_before=None if before is None else instrument.maximum * before,
        points=None if share is None else instrument.maximum * share,
        grid=stage.grid if stage else None,
        mode=stage.mode if stage else "",
        of=stage.of if stage else "points",
    )


def _members(instrument: Instrument, group: Group, shares: Shares) -> tuple[Member, ...]:
    criteria = instrument.tree
    codes = criteria.combined[group.code]
    weights = {code: criteria.weights[code] for code in codes}
    parts: dict[str, Fraction | None] = dict.fromkeys(codes)
    if group.rule.linear is not None:
        factor, normalised = group.rule.linear(list(weights.values()), criteria.terms(group))
        left = {code: weight for code, weight in weights.items() if shares[code] is not None}
        unit = factor / sum(left.values()) if normalised else factor
        parts = {code: unit * left.get(code, Fraction(0)) for code in codes}
    return tuple(
        Member(code, share, None if share is None else instrument.maximum * share, weights[code], parts[code])
        for code, share in ((code, shares[code]) for code in codes)
    )


def _end(instrument: Instrument, card: Scorecard) -> Iterator[Step]:
    """Return how the exact total was published, and its zone found."""
    if card.exact is None:
        return
    zone = card.zone.code if card.zone else ""
    yield _rounded("published", card.exact, instrument.rounding, instrument.maximum)
    grid = instrument.zones.grid(instrument.rounding)
    yield attrs.evolve(_rounded("zone", card.exact, grid, instrument.maximum), zone=zone)


def _rounded(what: str, exact: Fraction, rounding: Rounding | None, maximum: Fraction) -> Step:
    points = exact if rounding is None else rounding.of(exact)
    return Step(
        what,
        ROOT,
        before=exact / maximum,
        share=points / maximum,
        points_before=exact,
        points=points,
        grid=None if rounding is None else Fraction(1, rounding.scale),
        mode="" if rounding is None else rounding.mode,
    )


def trace_table(steps: tuple[Step, ...], language: str) -> Table:
    """
    Return a trace as a table: under each group what it was computed of.

    >>> group = Step("group", "*", rule="weighted_mean", members=(Member("fees"),))
    >>> [row.name for row in trace_table((group,), "en").rows]
    ['*', 'fees']
    """
    words = _WORDS.get(language, _WORDS["en"])
    columns = tuple(words[each] for each in ("rule", "part", "points", "gives"))
    rows = [row for step in steps for row in _rows_of(step, words, language)]
    return Table(columns, tuple(rows), words["trace"], words=frozenset({0}), folded=True)


def _rows_of(step: Step, words: Mapping[str, str], language: str) -> Iterator[Row]:
    def shown(points: Fraction | None) -> str:
        return number(points, language, _PLACES)

    names = {"published": words["published"], "zone": f"{words['zone']} {step.zone or '-'}"}
    if step.what == "answer" and step.grid is None:
        return
    rule = step.rule or (words["answer"] if step.what == "answer" else "")
    yield Row(names.get(step.what, step.code), (rule, "", "", shown(step.points)))
    for member in step.members:
        part = "-" if member.part is None else f"{number(member.part * 100, language)} %"
        gives = None if member.part is None or member.points is None else member.part * member.points
        yield Row(member.code.rpartition(".")[2], ("", part, shown(member.points), shown(gives)), depth=1)
    if step.grid is not None:
        rounding = words["rounded"].format(
            grid=exactly(step.grid, language), mode=step.mode, of=words[step.of]
        )
        yield Row("~", (rounding, "", shown(step.points_before), ""), depth=1)
