"""
Printed cases, worked out anew.
"""

from fractions import Fraction

import attrs

from pelayanan.cases import Case
from pelayanan.criterion import ROOT
from pelayanan.exact import fraction
from pelayanan.instrument import Instrument
from pelayanan.rollup import roll_up
from pelayanan.scores import Scores
from pelayanan.scoring import score_one

__all__ = ["recomputed"]


def recomputed(instrument: Instrument, case: Case) -> tuple[Fraction, str]:
    """
    Return the total of a case, or the points where only those were printed, and the code of its zone.

    The zone is empty where there is none.

    Raises:
        AnswerError, InstrumentError, ScoresError: What was printed cannot be scored.

    >>> import pelayanan
    >>> edition = pelayanan.load("ombudsman-2022")
    >>> [case] = [each for each in edition.cases if each.name == "Kota Kupang"]
    >>> recomputed(edition, case)
    (Fraction(7913, 100), 'B')
    """
    if not case.units and not case.answers:
        card = Scores.of_totals(instrument, [case.total]).card(0)
    elif case.units:
        units = Scores.of_totals(instrument, list(case.units))
        card = roll_up(units, by=[case.name] * len(units)).card(case.name)
    else:
        asked = instrument.pruned(at=list(case.answers), of=case.of) if case.of else instrument
        card = score_one(asked if case.at == ROOT else _part(asked, case.at), case.answers)
    zone = card.zone.code if card.zone else ""
    if case.at == ROOT:
        return fraction(card.total), zone
    points = card[case.at].points or Fraction(0)
    return points if instrument.rounding is None else instrument.rounding.of(points), zone


def _part(instrument: Instrument, code: str) -> Instrument:
    """Return the instrument where what is not below a criterion may be left out."""
    part = attrs.evolve(instrument[code], missing="refuse")
    criteria = [part if each.code == code else each for each in instrument.criteria.values()]
    return attrs.evolve(instrument, criteria=criteria, missing="exclude", cases=())
