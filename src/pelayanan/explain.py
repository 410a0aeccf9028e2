"""
What is lacking: one unit's score explained, and which units and criteria hold an institution down.
"""

from collections.abc import Iterator
from fractions import Fraction
from typing import Any

import attrs
import numpy as np
import numpy.typing as npt

from pelayanan.answers import NOT_APPLICABLE
from pelayanan.bases import Answered
from pelayanan.criterion import ROOT, Group, Indicator, depth_of
from pelayanan.errors import KindError, ScoresError
from pelayanan.exact import shown
from pelayanan.explanation import Explanation
from pelayanan.gates import measured
from pelayanan.levels import Answer, best_answer, next_answer
from pelayanan.mapping import FrozenMapping, Text
from pelayanan.matching import exact_shares
from pelayanan.prospects import Better, Prospect, Shortfall, Unmet
from pelayanan.rescoring import Rescored
from pelayanan.rollup import RolledUp
from pelayanan.scorecard import Scorecard
from pelayanan.scores import Scores, check_scores
from pelayanan.tracing import Step, traced
from pelayanan.value import Value
from pelayanan.zones import Band, Requirement

__all__ = ["Lack", "explain", "lacking"]

Indices = npt.NDArray[np.intp]


def explain(scores: Scores, unit: Any, *, peers: Scores | None = None) -> Explanation:
    """
    Return the score of a unit with what each criterion could still add, what is lacking, and its trace.

    What a change would add is found by scoring the unit anew, exactly, so that it holds for
    every rule, for rounding on the way and for requirements; it can be 0.

    Args:
        scores: Made from answers.
        peers: Scores of the same instrument, made from answers, whose median is the reference;
            where they are ``scores`` itself, the unit is left out of it.

    Raises:
        UnknownError: There is no such unit.
        ScoresError: Scores that were not made from answers, or peers of another instrument.

    >>> import pelayanan
    >>> dimensions = pelayanan.load("ombudsman-2022").pruned(depth=1)
    >>> office = {"input": 80, "proses": 90, "output": 85, "pengaduan": 70}
    >>> scores = pelayanan.score(dimensions, pelayanan.Answers.from_rows([office]))
    >>> found = explain(scores, 0)
    >>> [(each.code, float(each.could_add)) for each in found.weaknesses]
    [('pengaduan', 6.462), ('input', 4.37)]
    """
    check_scores(scores)
    if peers is not None:
        check_scores(peers, "peers")
    basis, row = _answered(scores), scores.row(unit)
    one = Rescored(Answered(basis.given.part(np.array([row]))))
    medians: dict[str, Fraction | None] = {}
    count = 0
    if peers is not None:
        if peers.fingerprint != scores.fingerprint:
            message = (
                f"the peers are of {peers.instrument.id}, another instrument than {scores.instrument.id}"
            )
            raise ScoresError(
                "other-instrument", message, instrument=scores.instrument.id, peers=peers.instrument.id
            )
        rows = np.flatnonzero(np.isfinite(peers.total))
        rows = rows[rows != row] if peers == scores else rows
        count = len(rows)
        medians = {code: _median(_answered(peers), code, rows) for code in one.codes}
    card = basis.card(row)
    return Explanation(
        card,
        tuple(_prospect(one, code, card, medians.get(code)) for code in one.codes),
        tuple(_shortfalls(one, card)),
        _trace(one, card),
        count,
    )


def _answered(scores: Scores) -> Answered:
    if isinstance(scores.basis, Answered):
        return scores.basis
    message = f"scores of {scores.instrument.id} that were not made from answers cannot be explained"
    raise ScoresError("not-held", message, instrument=scores.instrument.id, wanted="answers")


def _prospect(one: Rescored, code: str, card: Scorecard, median: Fraction | None) -> Prospect:
    line = card[code]
    best = one.at_best(code)
    exact = None if best.refused(one.opened(best)) else best.basis.exact(0)
    each = one.basis.instrument[code]
    highest = best.basis.shares(0)[code]
    return Prospect(
        code,
        line.title,
        line.depth,
        isinstance(each, Group),
        line.points,
        line.contribution,
        None if card.exact is None or exact is None else exact - card.exact,
        _better(one, each, card) if isinstance(each, Indicator) else None,
        line.share / highest if line.share is not None and highest else None,
        median,
    )


def _better(one: Rescored, indicator: Indicator, card: Scorecard) -> Better | None:
    cell = one.cell(indicator.code)
    if cell is NOT_APPLICABLE:
        return None
    share = exact_shares(one.basis.given, 0, [indicator.code])[indicator.code]
    answer = best_answer(indicator.scale) if share is None else next_answer(indicator.scale, share)
    if answer is None:
        return None
    after = one.changed({indicator.code: answer})
    opens = one.opened(after)
    found = Better(answer, indicator.scale.share(answer), _label(indicator, answer), opens=opens)
    if after.refused(opens):
        return found
    then = after.basis.outcome(0)
    zone = then.zone.code if then.zone else ""
    found = attrs.evolve(found, total=then.total, zone=zone)
    if then.exact is None or card.exact is None or then.total is None or card.total is None:
        return found
    return attrs.evolve(found, adds=then.exact - card.exact, adds_published=then.total - card.total)


def _shortfalls(one: Rescored, card: Scorecard) -> Iterator[Shortfall]:
    """Return the requirements that hold the zone back."""
    instrument = one.basis.instrument
    shares = one.basis.shares(0) | one.basis.unscored(0)
    bands = instrument.zones.bands
    reached = bands[: bands.index(card.zone_by_total) + 1] if card.zone_by_total else ()
    for requirement in card.held_back_by:
        zone = next(band for band in reversed(reached) if requirement in band.requires)
        unmet = [
            Unmet(code, instrument[code].title, measure, _short(requirement, measure))
            for code in instrument.about(requirement)
            for measure in [measured(instrument, code, requirement.of, shares)]
        ]
        failing = [each for each in unmet if each.lacking > 0]
        failing.sort(key=lambda each: -each.lacking)
        yield Shortfall(zone.code, requirement, tuple(failing), len(failing) - requirement.exceptions)


def _trace(one: Rescored, card: Scorecard) -> tuple[Step, ...]:
    instrument = one.basis.instrument
    answered = exact_shares(one.basis.given, 0, instrument.tree.leaves[ROOT])
    return traced(instrument, answered, *one.basis.worked_out(0), card)


def _short(requirement: Requirement, measure: Fraction | None) -> Fraction:
    if measure is None:
        return Fraction(requirement.at_least)
    deciding = measure if requirement.decide_on is None else requirement.decide_on.of(measure)
    return requirement.at_least - deciding


def _label(indicator: Indicator, answer: Answer) -> Text:
    option = next((each for each in indicator.scale.options if each.code == answer), None)
    if option is None:
        return FrozenMapping()
    return indicator.labels.get(option.code, option.label)


def _median(basis: Answered, code: str, rows: Indices) -> Fraction | None:
    """Return the exact median of the points of a criterion over some units, of those that have points."""
    points = basis.points(code)[rows]
    there = ~np.isnan(points)
    rising = rows[there][np.argsort(points[there], kind="stable")]
    middle = {(len(rising) - 1) // 2, len(rising) // 2}
    shares = [_ranked(basis, code, rising, rank) for rank in middle if len(rising)]
    return basis.instrument.maximum * sum(shares, Fraction(0)) / len(shares) if shares else None


def _ranked(basis: Answered, code: str, rising: Indices, rank: int) -> Fraction:
    """
    Return the exact share that stands at a place among those of some units.

    Args:
        rising: The rows of the units, nearly in the order of their shares.
    """
    while True:
        share = basis.shares(int(rising[rank]))[code] or Fraction(0)
        side = basis.sides(code, share)[rising]
        below, same = (int(np.count_nonzero(side == each)) for each in (-1, 0))
        if below <= rank < below + same:
            return share
        rising, rank = (rising[side < 0], rank) if rank < below else (rising[side > 0], rank - below - same)


@attrs.frozen
class Lack(Value):
    """
    What a unit, or a criterion of it, holds an institution down by.

    Args:
        unit: The unit, as a text.
        code: The criterion, ``"*"`` for all of the unit.
        title: Of the criterion, by language.
        zone: The code of the zone whose floor is meant; empty for the best there can be.
        lacking: By how much the unit's total is below that [points].
        part: What that is in the total of the institution [points].

    >>> Lack("Dinas Kesehatan", zone="B", lacking=Fraction("2.95"), part=Fraction("2.95") / 7).code
    '*'
    """

    unit: str
    code: str = ROOT
    title: Text = FrozenMapping()
    zone: str = ""
    lacking: Fraction = Fraction(0)
    part: Fraction = Fraction(0)


def lacking(
    scores: Scores, institution: Any, *, to: str | Band = "best", depth: int = 0, units: int | None = None
) -> tuple[Lack, ...]:
    """
    Return which units of an institution are furthest below something, what weighs most first.

    As an institution is the plain mean of its units, a point of one of n units is 1/n of a point
    of the institution.

    Args:
        scores: Of institutions, made by `roll_up`.
        to: Below what: ``"best"`` is the highest total there can be, for units that were made from
            answers with what does not apply to them left out; ``"next"`` is the floor of the next zone
            of each unit by its total, and a band of the instrument its own floor.
        depth: 1 for what each criterion of the first level lacks to its best, 2 for those below
            them, and so on; it needs units that were made from answers.
        units: How many units the institution has, where the scores hold only some of them.

    Returns:
        What lacks something; where the best would open questions that may not be missing, it is not
        known and left out.

    Raises:
        UnknownError: There is no such institution.
        ScoresError: Scores that were not made by a roll-up, units without answers, a band that has
            no floor, fewer units than there are, a depth that there is not, or criteria below a zone.

    >>> import pelayanan
    >>> offices = Scores.of_totals(pelayanan.load("ombudsman-2022"), ["88.03", "75.05"], units=["p", "q"])
    >>> city = pelayanan.roll_up(offices, by=["Kupang", "Kupang"])
    >>> [(each.unit, float(each.part)) for each in lacking(city, "Kupang")]
    [('q', 12.475), ('p', 5.985)]
    """
    check_scores(scores)
    for argument, given in {"depth": depth, "units": 0 if units is None else units}.items():
        if isinstance(given, bool) or not isinstance(given, int | np.integer):
            raise KindError.of(argument, "a whole number", given)
    deepest = max(map(depth_of, scores.instrument.criteria))
    if not 0 <= depth <= deepest:
        message = f"{scores.instrument.id} has criteria of depth 1 to {deepest}, not {depth}"
        raise ScoresError("depth", message, instrument=scores.instrument.id, depth=depth)
    basis, row = scores.basis, scores.row(institution)
    if not isinstance(basis, RolledUp):
        message = f"scores of {scores.instrument.id} that were not made by a roll-up have no units"
        raise ScoresError("not-held", message, instrument=scores.instrument.id, wanted="units")
    members = [int(each) for each in basis.rows(row)]
    count = len(members) if units is None else units
    if count < len(members):
        message = f"{institution!r} has {len(members)} units, and units={units} says fewer"
        raise ScoresError("units", message, units=units, found=len(members))
    by_answers = depth or (to == "best" and isinstance(basis.members.basis, Answered))
    found = _of_criteria(basis, members, depth, to) if by_answers else _of_units(basis, members, to)
    scaled = [attrs.evolve(each, part=each.lacking / count) for each in found if each.lacking > 0]
    return tuple(sorted(scaled, key=lambda each: -each.part))


def _of_units(basis: RolledUp, members: list[int], to: str | Band) -> Iterator[Lack]:
    instrument = basis.instrument
    known = to in ("best", "next") if isinstance(to, str) else to in instrument.zones.bands and to.start
    if not known:
        message = f"expected to='best', to='next' or a band of {instrument.id} with a floor, not {shown(to)}"
        raise ScoresError("to", message, instrument=instrument.id, to=to)
    for row in members:
        card = basis.members.basis.card(row)
        band = to if isinstance(to, Band) else card.following
        if to == "best":
            best = basis.counted(instrument.attainable)
            yield Lack(str(card.unit), lacking=best - basis.averaged(row))
        elif band is not None and band.start is not None:
            yield Lack(str(card.unit), zone=band.code, lacking=band.start[0] - basis.averaged(row))


def _of_criteria(basis: RolledUp, members: list[int], depth: int, to: str | Band) -> Iterator[Lack]:
    if to != "best":
        raise ScoresError("to", "criteria have no zones; leave out to, or depth", to=to, depth=depth)
    answered = _answered(basis.members)
    for row in members:
        one = Rescored(Answered(answered.given.part(np.array([row]))))
        for code in one.codes:
            best = one.at_best(code)
            exact = best.basis.exact(0)
            if depth_of(code) == depth and exact is not None and not best.refused(one.opened(best)):
                more = basis.counted(exact) - basis.averaged(row)
                title = basis.instrument[code].title
                yield Lack(str(answered.unit(row)), code, title, lacking=more)
