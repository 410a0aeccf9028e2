"""
Improve: the smallest changes of answers with which a unit reaches a zone.
"""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any

import attrs

from pelayanan.aims import aims_of
from pelayanan.alternatives import Costs, Present, answer_of, checked_costs, fixed_codes, position_of
from pelayanan.errors import PlanError
from pelayanan.exact import written
from pelayanan.instrument import Instrument, check_instrument
from pelayanan.mapping import in_language, printable
from pelayanan.rendering import check_language
from pelayanan.scenarios import UNCHANGED, Point, Scenarios
from pelayanan.scoring import score_one
from pelayanan.search import Way, searched, ways_of
from pelayanan.value import Value
from pelayanan.zones import Band

__all__ = ["Change", "Outcome", "Plan", "plan"]

_WORDS = {
    "id": {
        "now": "sekarang",
        "after": "sesudahnya",
        "best": "semua yang tidak tetap pada yang terbaik",
        "zone": "zona",
        "none": "tanpa zona",
        "no_score": "tanpa nilai",
        "missing": "tidak dijawab",
        "there": "zona {band} sudah tercapai",
        "beyond": "zona {band} tidak terjangkau",
        "unknown": "tidak ditemukan rencana ke zona {band}",
        "plan": "ke zona {band}: perubahan {count}",
        "points": "nilai",
        "changes": "tidak ada rencana dengan perubahan yang lebih sedikit",
        "cost": "tidak ada rencana yang lebih murah; biayanya {cost}",
        "points_by": "tidak ada rencana yang menambah nilai lebih sedikit; tambahannya {cost}",
        "open": "rencana lain mungkin lebih kecil, tetapi tidak di bawah {least} (di sini {cost})",
        "fixed": "tetap",
    },
    "en": {
        "now": "now",
        "after": "after that",
        "best": "with everything that is not fixed at its best",
        "zone": "zone",
        "none": "no zone",
        "no_score": "no score",
        "missing": "missing",
        "there": "zone {band} is reached already",
        "beyond": "zone {band} is out of reach",
        "unknown": "no plan to zone {band} was found",
        "plan": "to zone {band}: changes {count}",
        "points": "points",
        "changes": "no plan has fewer changes",
        "cost": "no plan costs less; this costs {cost}",
        "points_by": "no plan adds fewer points; this adds {cost}",
        "open": "another plan may be smaller, but not below {least} (here {cost})",
        "fixed": "fixed",
    },
}


@attrs.frozen
class Change(Value):
    """
    One answer that becomes another.

    Args:
        code: The indicator.
        from_: The answer as it is, ``None`` where it is missing.
        to: The answer that it becomes, a real one of its scale.
        gain: What the exact total would lose if the answer were worth what it is worth now; one that
            is missing and refused, or left out, is worth 0 [points].

    >>> print(Change("d1.fees", "tidak", "ada", Fraction(16)))
    d1.fees: tidak -> ada, points +16
    """

    code: str
    from_: Fraction | str | None
    to: Fraction | str
    gain: Fraction

    def __str__(self) -> str:
        return self.text("en")

    def text(self, language: str = "id") -> str:
        """
        Return the change in words.
        """
        before, after = (printable(_answer(answer, language)) for answer in (self.from_, self.to))
        gain = _number(written(self.gain), language)
        return f"{self.code}: {before} -> {after}, {_words(language)['points']} +{gain}"


@attrs.frozen
class Outcome(Value):
    """
    A published total with its zone.

    Args:
        total: With its printed decimals, ``None`` without a score [points].
        zone: The band, or ``None``.

    >>> print(Outcome(Decimal("86.20"), Band("B")))
    86.20, zone B
    """

    total: Decimal | None
    zone: Band | None

    def __str__(self) -> str:
        return self.text("en")

    def text(self, language: str = "id") -> str:
        """
        Return the total and the zone in words.
        """
        words = _words(language)
        if self.total is None:
            return words["no_score"]
        zone = words["none"] if self.zone is None else f"{words['zone']} {printable(self.zone.code)}"
        return f"{_number(str(self.total), language)}, {zone}"


@attrs.frozen
class Plan(Value):
    """
    What to change so that a unit reaches a zone, or that it cannot.

    Args:
        instrument: The id of the instrument.
        fingerprint: Its fingerprint.
        target: The zone that is to be reached, or a better one.
        by: What is smallest: ``"changes"`` (how many), ``"cost"`` (what they cost together) or
            ``"points"`` (what the exact total has more than if all changed answers were worth what
            they are now, as for the gain of a change).
        changes: What to change, in the order of the instrument; nothing where the zone is reached
            already, or out of reach.
        now: What the unit has.
        total: The published total after the changes, ``None`` without a score [points].
        zone: The zone after the changes.
        reachable: Whether a plan was found, or none is needed.
        objective: How small the plan is, by what ``by`` says; ``None`` where there is none.
        bound: A proven lower limit of that; no plan is smaller. ``None`` where none reaches.
        proven: Whether the two meet, so that the plan is the smallest; or that none reaches.
        best: What the unit has with everything at its best that is not fixed.
        fixed: The indicators that were not to change, and those that decide whether others are
            asked.

    `text` says it in words, and so does ``str``, in Indonesian.

    >>> import pelayanan
    >>> dimensions = pelayanan.load("ombudsman-2022").pruned(depth=1)
    >>> office = {"input": 60, "proses": 80, "output": 85.5, "pengaduan": 62.4}
    >>> found = plan(dimensions, office, "B")
    >>> found.changes[0].code, str(found.changes[0].to), found.total, found.zone.code, found.proven
    ('input', '83', Decimal('78.20'), 'B', True)
    """

    instrument: str
    fingerprint: str
    target: Band
    by: str
    changes: tuple[Change, ...]
    now: Outcome
    total: Decimal | None
    zone: Band | None
    reachable: bool
    objective: Fraction | None
    bound: Fraction | None
    proven: bool
    best: Outcome
    fixed: tuple[str, ...] = ()

    @property
    def answers(self) -> dict[str, Fraction | str]:
        """The answers that the plan changes to, by indicator."""
        return {each.code: each.to for each in self.changes}

    def __str__(self) -> str:
        return self.text()

    def text(self, language: str = "id") -> str:
        """
        Return the plan in Indonesian (``"id"``) or English (``"en"``).
        """
        words = _words(language)
        band = printable(" ".join(filter(None, [self.target.code, in_language(self.target.label, language)])))
        lines = [f"{words['now']}: {self.now.text(language)}"]
        if not self.reachable:
            lines.append(words["beyond" if self.proven else "unknown"].format(band=band))
            lines.append(f"{words['best']}: {self.best.text(language)}")
        elif not self.changes:
            lines.append(words["there"].format(band=band))
        else:
            lines.append(f"{words['plan'].format(band=band, count=len(self.changes))}:")
            lines += [f"  {each.text(language)}" for each in self.changes]
            lines.append(f"{words['after']}: {Outcome(self.total, self.zone).text(language)}")
            lines.append(self._proof(language))
        if self.fixed:
            lines.append(f"{words['fixed']}: {', '.join(self.fixed)}")
        return "\n".join(lines)

    def _proof(self, language: str) -> str:
        cost, least = (
            "" if each is None else _number(written(each), language) for each in (self.objective, self.bound)
        )
        key = {"points": "points_by"}.get(self.by, self.by) if self.proven else "open"
        return _words(language)[key].format(cost=cost, least=least)


def _words(language: str) -> dict[str, str]:
    check_language(language)
    return _WORDS.get(language, _WORDS["en"])


def _number(text: str, language: str) -> str:
    return text.replace(".", ",") if language == "id" else text


def _answer(answer: Fraction | str | None, language: str) -> str:
    if answer is None:
        return _words(language)["missing"]
    return answer if isinstance(answer, str) else _number(written(answer), language)


def plan(
    instrument: Instrument,
    answers: Mapping[str, Any],
    target: str = "A",
    *,
    by: str = "changes",
    cost: Costs | None = None,
    fixed: Iterable[str] = (),
) -> Plan:
    """
    Return the smallest changes of answers with which a unit reaches a zone, or a better one.

    Each is to a real answer of its scale, and what the zone requires holds with all of them. What
    is not applicable stays so. A missing answer may be given, and must be where that is refused.
    What is changed at the same cost to whatever it leads to is changed to the least that suffices.

    Where the total is a sum of the answers the plan is the smallest, unless the solver stopped
    before it could tell; `Plan.proven` says so. Under other rules it is a plan, and `Plan.bound` says
    below what none lies.

    Args:
        answers: The answers of one unit, as for `score_one`.
        target: The code of the zone.
        by: What is smallest: ``"changes"``, ``"points"`` or ``"cost"``.
        cost: What changing an indicator costs, by its code or that of a group above it, or a
            function of the code, the answer and the one that it becomes. Costs are 0 or more.
        fixed: Indicators that may not change, or groups of them.

    Raises:
        UnknownError: A zone, or a criterion that is fixed or has a cost, that does not exist.
        PlanError: Costs that are none, a fixed answer that is missing where that is refused, or
            fixed answers with which there is no score.
        AnswerError: Answers that cannot be scored.
        ExtraError: An integer program is needed, and the extra ``optimise`` is not installed.

    >>> import pelayanan
    >>> dimensions = pelayanan.load("ombudsman-2022").pruned(depth=1)
    >>> office = {"input": 60, "proses": 90, "output": 85.5, "pengaduan": 70}
    >>> print(plan(dimensions, office, "B").text("en"))
    now: 78.05, zone B
    zone B green is reached already
    """
    check_instrument(instrument)
    index = position_of(instrument, target)
    by = checked_costs(instrument, by, cost)
    present = Present.of(instrument, answers, fixed_codes(instrument, fixed))
    now = Outcome(None, None) if present.refused else _outcome(instrument, present.cells)
    ways = ways_of(present, index, by, cost)
    made = attrs.evolve(
        _nothing_changed(instrument, instrument.zones.bands[index], now),
        by=by,
        best=_best(instrument, ways),
        fixed=present.fixed,
    )
    if now.zone in instrument.zones.bands[index:]:
        return made
    scenarios, point, objective, bound = searched(ways, aims_of(instrument, index), by)
    if point is None:
        return attrs.evolve(made, reachable=False, objective=None, bound=bound, proven=bound is None)
    after = _outcome(instrument, scenarios.cells_at(point))
    return attrs.evolve(
        made,
        changes=_changes(scenarios, point),
        total=after.total,
        zone=after.zone,
        objective=objective,
        bound=bound,
        proven=bound == objective,
    )


def _nothing_changed(instrument: Instrument, target: Band, now: Outcome) -> Plan:
    """Return the plan of a unit that has reached the zone, with nothing better known."""
    nothing = Fraction(0)
    return Plan(
        instrument=instrument.id,
        fingerprint=instrument.fingerprint,
        target=target,
        by="changes",
        changes=(),
        now=now,
        total=now.total,
        zone=now.zone,
        reachable=True,
        objective=nothing,
        bound=nothing,
        proven=True,
        best=now,
    )


def _best(instrument: Instrument, ways: list[Way]) -> Outcome:
    """
    Return what there is with everything at its best.

    Raises:
        PlanError: Nothing that may change gives a score.
    """
    found = [_outcome(instrument, each.scenarios.cells_at(each.scenarios.best)) for each in ways]
    scored = [(each.total, each) for each in found if each.total is not None]
    if not scored:
        message = f"{instrument.id}: with what may not change the unit has no score; leave more answers free"
        raise PlanError("no-score", message, instrument=instrument.id)
    return max(scored, key=lambda each: each[0])[1]


def _outcome(instrument: Instrument, cells: Mapping[str, Any]) -> Outcome:
    card = score_one(instrument, cells)
    return Outcome(card.total, card.zone)


def _changes(scenarios: Scenarios, point: Point) -> tuple[Change, ...]:
    """Return the changes of a point, in the order of the instrument."""
    total = scenarios.worth(point)
    found = []
    for place, (choice, level) in enumerate(zip(scenarios.choices, point, strict=True)):
        if level != UNCHANGED:
            gain = total - scenarios.worth((*point[:place], UNCHANGED, *point[place + 1 :]))
            to = choice.levels[level].answer
            found.append(Change(choice.code, answer_of(scenarios.cells[choice.code]), to, gain))
    return tuple(found)
