"""
How robust a zone is: how far its borders are, and how far weights and rounding may move.
"""

import itertools
import math
from collections.abc import Iterator, Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any

import attrs

from pelayanan.answers import Answers, row_given
from pelayanan.bases import Answered
from pelayanan.criterion import ROOT
from pelayanan.errors import AnswerError, Problem, ScoresError
from pelayanan.exact import MODES, Rounding, decimal, fraction
from pelayanan.gates import held_back
from pelayanan.instrument import Instrument, check_instrument
from pelayanan.matching import exact_shares, matched
from pelayanan.reweighting import WeightRange, edges_of, ranges_of
from pelayanan.scales import Scale
from pelayanan.value import Value

__all__ = ["Border", "Margins", "OtherRounding", "margins"]

_TRIES = 2000

Shares = Mapping[str, Fraction | None]


@attrs.frozen
class Border(Value):
    """
    Where the zone that the total gives changes.

    Args:
        below, above: The codes of the zones on both sides, empty for none.
        at: The exact total at which it changes [points].
        included: Whether that total already has the zone above.
        distance: How far the exact total has to move to get there: more than 0 to rise, 0 or
            less to fall [points].
        answers: The least number of answers that cross it, each moved to the next step of its
            scale; ``None`` where no such steps do, or none were found.
        codes: Which they are.

    >>> Border("C", "B", Fraction(78), True, Fraction("0.5"), answers=1, codes=("d1",)).above
    'B'
    """

    below: str
    above: str
    at: Fraction
    included: bool
    distance: Fraction
    answers: int | None = None
    codes: tuple[str, ...] = ()


@attrs.frozen
class OtherRounding(Value):
    """
    What another rounding mode would publish.

    Args:
        mode: The mode.
        total: The total by it [points].
        zone: The code of the zone by it, empty for none.
        total_changes, zone_changes: Whether they are others than by the mode of the edition.

    >>> OtherRounding("down", Decimal("77.99"), "C", True, True).zone
    'C'
    """

    mode: str
    total: Decimal
    zone: str
    total_changes: bool
    zone_changes: bool


@attrs.frozen
class Margins(Value):
    """
    How robust the zone of one unit is.

    Args:
        instrument: The id of the instrument.
        fingerprint: The fingerprint of it.
        total: The published total [points].
        exact: The total before it was rounded [points].
        zone: The code of the zone, empty for none.
        borders: Where the zone by the total changes, the lowest first.
        weights: The range of each weight. There is none for a criterion whose group has no
            weights or no other member, below a rule that is not linear, and where the edition
            rounds on the way to the total.
        roundings: What the other modes would publish; empty where nothing is rounded.
    """

    instrument: str
    fingerprint: str
    total: Decimal
    exact: Fraction
    zone: str
    borders: tuple[Border, ...] = ()
    weights: tuple[WeightRange, ...] = ()
    roundings: tuple[OtherRounding, ...] = ()


def margins(instrument: Instrument, answers: Mapping[str, Any]) -> Margins:
    """
    Return how robust the zone of one unit is: against answers, weights and rounding.

    Everything is exact, the ends of the ranges of weights too. Borders are those of the total
    alone; the ranges of weights also keep what a zone requires besides.

    The next step of a scale is its next option, one more that is present, or the start of the next
    step; on a scale of numbers in between it is the next whole number, or the end. Where the total
    is not linear in the answers, up to 2,000 sets of answers are tried, the smallest first.

    Args:
        answers: As for `score_one`.

    Raises:
        AnswerError: As in `score`.
        ScoresError: The unit has no score.

    >>> import pelayanan
    >>> edition = pelayanan.load("ombudsman-2022").pruned(depth=1)
    >>> found = margins(edition, {"input": 80, "proses": 79, "output": 77, "pengaduan": 76})
    >>> found.total, found.zone, [(each.above, each.distance, each.answers) for each in found.borders[2:]]
    (Decimal('78.09'), 'B', [('B', Fraction(-37, 400), 1), ('A', Fraction(3963, 400), None)])
    >>> [(each.code, round(float(each.lowest), 4)) for each in found.weights[:2]]
    [('input', 0.1807), ('proses', 0.2551)]
    >>> [(each.mode, each.total, each.zone_changes) for each in found.roundings]
    [('half_even', Decimal('78.09'), False), ('down', Decimal('78.08'), False)]
    """
    check_instrument(instrument)
    row = row_given(answers)
    if not row:
        raise AnswerError.of(instrument.id, [Problem("empty-table", "there are no answers", "")])
    given = matched(instrument, Answers.from_rows([row]), "missing")
    problems = list(Answered(given).problems(0))
    if problems:
        raise AnswerError.of(instrument.id, problems)
    card = Answered(given).card(0)
    if card.total is None or card.exact is None:
        message = f"{instrument.id} gives no score to these answers, so that there are no margins"
        raise ScoresError("no-score", message, instrument=instrument.id)
    codes = [each.code for each in instrument.indicators]
    state = _State(instrument, exact_shares(given, 0, codes), {code: given.cell(code, 0) for code in codes})
    return Margins(
        instrument.id,
        instrument.fingerprint,
        card.total,
        card.exact,
        card.zone.code if card.zone else "",
        tuple(_borders(state, card.exact)),
        tuple(ranges_of(instrument, state.answered)),
        tuple(_roundings(state, card.exact)),
    )


@attrs.frozen(eq=False)
class _State:
    """One unit: what its answers are worth, and what they are."""

    instrument: Instrument
    answered: Shares
    cells: Mapping[str, Any]

    def zone(self, total: Fraction, shares: Shares, grid: Rounding | None) -> str:
        """Return the code of the zone of a total and the shares of the criteria."""
        zones = self.instrument.zones
        place, _ = held_back(
            self.instrument, zones.position(total if grid is None else grid.of(total)), shares
        )
        return zones.bands[place].code if place >= 0 else ""


def _borders(state: _State, exact: Fraction) -> Iterator[Border]:
    instrument = state.instrument
    for at, included, below, above in edges_of(instrument):
        low = instrument.lowest < at or (instrument.lowest == at and not included)
        high = instrument.attainable > at or (instrument.attainable == at and included)
        if low and high:
            found = _fewest(state, exact, at, included)
            number = None if found is None else len(found)
            yield Border(below, above, at, included, at - exact, number, found or ())


def _fewest(state: _State, exact: Fraction, at: Fraction, included: bool) -> tuple[str, ...] | None:
    """Return the fewest answers that cross a border, each moved by one step of its scale."""
    criteria, maximum = state.instrument.tree, state.instrument.maximum

    def above(total: Fraction) -> bool:
        return total > at or (total == at and included)

    up = not above(exact)
    steps: dict[str, Fraction] = {}
    for code in criteria.leaves[ROOT]:
        share, cell = state.answered[code], state.cells[code]
        moved = None
        if share is not None and isinstance(cell, Fraction | str) and code not in criteria.asked_about:
            moved = _next_share(criteria.indicator(code).scale, cell, up=up)
        if moved is not None:
            steps[code] = moved
    shares = criteria.shares(state.answered)
    left = criteria.weights_left(shares)
    straight = not criteria.stages and all(left[code] is not None for code in steps)
    if straight:
        gains = {
            code: maximum * (left[code] or 0) * (moved - (shares[code] or 0)) for code, moved in steps.items()
        }
        order = sorted(steps, key=lambda code: -abs(gains[code]))
        for number in range(1, len(order) + 1):
            if above(exact + sum((gains[code] for code in order[:number]), Fraction(0))) == up:
                return tuple(order[:number])
        return None
    tries = 0
    for number in range(1, len(steps) + 1):
        for codes in itertools.combinations(steps, number):
            tries += 1
            if tries > _TRIES:
                return None
            moved_shares = {**state.answered, **{code: steps[code] for code in codes}}
            total = maximum * (criteria.shares(moved_shares)[ROOT] or Fraction(0))
            if above(total) == up:
                return codes
    return None


def _next_share(scale: Scale, answer: Fraction | str, *, up: bool) -> Fraction | None:
    """Return the share of the next better or worse step of a scale, nothing at its end."""
    share = scale.share(answer)
    if scale.full is not None:
        present = share * scale.full
        shares = {
            min(Fraction(each) / scale.full, Fraction(1)) for each in (present - 1, present + 1) if each >= 0
        }
    elif scale.options and not scale.between:
        shares = {Fraction(each.share) for each in scale.options if each.share is not None}
    elif scale.steps:
        shares = {Fraction(worth) for _, worth in scale.steps}
    else:
        number = fraction(answer)
        low, high = scale.ends
        fewer, more = Fraction(math.ceil(number) - 1), Fraction(math.floor(number) + 1)
        shares = {scale.share(max(fewer, low)), scale.share(more if high is None else min(more, high))}
    better = [each for each in shares if (each > share if up else each < share)]
    return (min(better) if up else max(better)) if better else None


def _roundings(state: _State, exact: Fraction) -> Iterator[OtherRounding]:
    instrument = state.instrument
    rounding, decide_on = instrument.rounding, instrument.zones.decide_on
    shares = instrument.tree.shares(state.answered)

    def by(mode: str) -> tuple[Decimal, str]:
        published = None if rounding is None else Rounding(rounding.decimals, mode)
        grid = published if decide_on == "published" else None
        if isinstance(decide_on, Rounding):
            grid = Rounding(decide_on.decimals, mode)
        total = exact if published is None else published.of(exact)
        return decimal(total, published), state.zone(exact, shares, grid)

    own = rounding or (decide_on if isinstance(decide_on, Rounding) else None)
    if own is None:
        return
    total = decimal(exact if rounding is None else rounding.of(exact), rounding)
    zone = state.zone(exact, shares, instrument.zones.grid(rounding))
    for mode in MODES:
        if mode != own.mode:
            other_total, other_zone = by(mode)
            yield OtherRounding(mode, other_total, other_zone, other_total != total, other_zone != zone)
