"""
The change of a total, split exactly into answers, weights, questions, and what else decides it.
"""

from fractions import Fraction
from typing import Any

import attrs

from pelayanan.bases import Answered, Basis
from pelayanan.decomposition import PARTS, ChangePart, Decomposition, Placement
from pelayanan.errors import AnswerError, Problem, ScoresError
from pelayanan.exact import decimal, shown, written
from pelayanan.hybrids import Hybrids
from pelayanan.instrument import Instrument, check_instrument
from pelayanan.scorecard import Scorecard
from pelayanan.scoring import Joined, Scores
from pelayanan.totals import position_of_printed, printed_totals

__all__ = ["placed", "why_changed"]


def why_changed(before: Scores, after: Scores, unit: Any = None) -> Decomposition:
    """
    Return why the total of a unit changed: parts that add up exactly, and its zones by both cut-offs.

    Questions that the later instrument has not are taken out first, with the weights of the rest
    as the earlier one has them; those that it has anew come in last. What lies between is about the
    same questions: their answers, what these are worth, weights and rules, rounding on the way and
    the maximum. Each of these gets the mean of what it adds over all orders in which they can
    change (the Shapley value), and within it each question the mean of what it adds in the order
    of codes and in the reverse one. So every part is 0 where nothing of its kind changed, and the
    way back has the same parts with the other sign.

    Questions of one family of editions are the same where they have the same code and no names
    that speak against it, or certainly another code (see `moves`), and are answered alike; a
    question with other answers to choose is dropped and added. Whether a
    question was asked goes with its answer. Without a score of anything, a total counts as 0.

    Args:
        before, after: Scores of two times, of the same instrument or of another.
        unit: The unit, in both; it can be left out where each has only one. These are compared
            whatever their labels are, and both are named.

    Returns:
        Where one of them was not made from answers, the change has no parts.

    Raises:
        UnknownError: There is no such unit.
        ScoresError: Something else than scores, such as a scorecard; several units and none is
            named; a unit without a score.

    Source:
        L. S. Shapley, 1953, A value for n-person games, in Contributions to the Theory of Games II,
        pages 307-317, for the mean over all orders.

    >>> import pelayanan
    >>> one, other = (pelayanan.load(f"skm-2017{each}") for each in ("", "-w0.11"))
    >>> answers = pelayanan.Answers.from_rows([{f"u{item}": 3 for item in range(1, 10)}])
    >>> better = pelayanan.Answers.from_rows([{f"u{item}": 4 for item in range(1, 10)}])
    >>> found = why_changed(pelayanan.score(one, answers), pelayanan.score(other, better))
    >>> found.change, [(each.what, str(each.points)) for each in found.parts]
    (Fraction(24, 1), [('answers', '199/8'), ('weights', '-7/8')])
    """
    old, new = (_Side.of(scores, unit) for scores in (before, after))
    name = " \u2192 ".join(dict.fromkeys(str(each.card.unit) for each in (old, new)))
    placements = (_placed(old, new.instrument), _placed(new, old.instrument))
    if old.answered is None or new.answered is None:
        return Decomposition(name, new.total - old.total, (), False, 0, *placements)
    pair = Hybrids((old.answered, new.answered), (old.row, new.row))
    lines = pair.lines()
    parts = []
    for what in PARTS:
        told = tuple(each for each in lines[what] if each.points)
        parts += [ChangePart(what, sum((each.points for each in told), Fraction(0)), told)] * bool(told)
    change = (new.card.exact or Fraction(0)) - (old.card.exact or Fraction(0))
    return Decomposition(name, change, tuple(parts), True, len(pair.common), *placements)


def placed(total: Any, of: Instrument, under: Instrument) -> Placement:
    """
    Return a published total of one edition in the bands of another.

    Where the maxima differ, it is the same part of the maximum. Zones are told by the total alone,
    and one that the printed total leaves open is undetermined.

    Args:
        total: As published by ``of`` [points].

    Raises:
        AnswerError: No total that the edition can publish.
        KindError: No instrument.

    >>> import pelayanan
    >>> print(placed("49.12", pelayanan.load("ombudsman-2018"), pelayanan.load("ombudsman-2024")).text("en"))
    49.12 in ombudsman-2018, merah red, would be D red by the cut-offs of ombudsman-2024
    """
    check_instrument(of, "of")
    check_instrument(under, "under")
    return _placed(_Side.of(Scores.of_totals(of, [_possible(total, of)]), None), under)


def _possible(total: Any, of: Instrument) -> Fraction:
    """Return the number of a total, refused where no unit of an edition can have it."""
    found, problems = printed_totals(of, [total])
    number = found[0] if found else None
    ends = [each if of.rounding is None else of.rounding.of(each) for each in (of.lowest, of.attainable)]
    if number is None:
        problems = problems or [Problem("no-total", "expected a total, and it is missing", "total 0")]
    elif not ends[0] <= number <= ends[1]:
        reach = " to ".join(written(each) for each in ends)
        problems.append(Problem("outside", f"{written(number)} is outside of {reach}", "total 0"))
    if problems or number is None:
        raise AnswerError.of(of.id, problems)
    return number


@attrs.frozen
class _Side:
    """
    The score of one unit at one time.

    Args:
        answered: What it was made from, ``None`` where that is no answers.
        row: That of the unit in it.
    """

    instrument: Instrument
    card: Scorecard
    total: Fraction
    answered: Answered | None
    row: int

    @classmethod
    def of(cls, scores: Scores, unit: Any) -> "_Side":
        if not isinstance(scores, Scores):
            message = (
                f"expected scores, which know their instrument, not {shown(scores)}; see score and of_totals"
            )
            raise ScoresError("not-scores", message)
        if unit is None and len(scores) != 1:
            message = f"the scores of {scores.instrument.id} have {len(scores)} units; say which with unit="
            raise ScoresError("units", message, instrument=scores.instrument.id, found=len(scores))
        row = 0 if unit is None else scores.row(unit)
        card = scores.card(scores.units.tolist()[row])
        if card.total is None:
            message = f"{card.unit!r} has no score in {scores.instrument.id}, and no change can be told"
            raise ScoresError("no-score", message, instrument=scores.instrument.id, unit=card.unit)
        basis: Basis = scores.basis
        while isinstance(basis, Joined):
            parts = iter(basis.parts)
            each = next(parts)
            while row >= len(each):
                row, each = row - len(each), next(parts)
            basis = each.basis
        answered = basis if isinstance(basis, Answered) else None
        instrument = scores.instrument if answered is None else answered.instrument
        return cls(instrument, card, Fraction(card.total), answered, row)


def _placed(side: _Side, under: Instrument) -> Placement:
    """Return the total of a unit in the bands of an instrument."""
    zones, exact = under.zones, side.card.exact
    compared = (side.total if exact is None else exact) * under.maximum / side.instrument.maximum
    if exact is None:
        place, is_open = position_of_printed(side.instrument, side.total, under)
    else:
        grid = zones.grid(under.rounding)
        place, is_open = zones.position(compared if grid is None else grid.of(compared)), False
    band = zones.bands[place] if place >= 0 else None
    return Placement(
        side.instrument.id,
        under.id,
        decimal(side.total, side.instrument.rounding),
        side.card.zone,
        compared,
        under.maximum,
        band,
        band is not None and bool(band.requires),
        side.card.undetermined,
        is_open,
    )
