"""
How scores stand in JSON: totals and zones, and what they are computed of again.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from fractions import Fraction
from typing import Any

import attrs
import cattrs
import numpy as np

from pelayanan.answerforms import AnswersForm
from pelayanan.bases import Answered, Printed
from pelayanan.errors import AnswerError, Hints, InstrumentError, JsonError, Problem
from pelayanan.exact import decimal, fraction
from pelayanan.exchange import Label, formless, labels_said, number_said
from pelayanan.files import exchange_tables, instrument_of
from pelayanan.instrument import Instrument
from pelayanan.mapping import printable
from pelayanan.reading import problems_in
from pelayanan.rollup import RolledUp, roll_up
from pelayanan.scores import Joined, Scores
from pelayanan.scoring import score
from pelayanan.version import VERSION
from pelayanan.wording import kind_of

__all__ = ["ScoresForm", "Stated", "scores_registered", "scores_said", "stated_in", "within"]

Table = dict[str, Any]


@contextmanager
def within(place: str) -> Iterator[None]:
    """
    Give the places of what is wrong inside a part of scores.
    """
    try:
        yield
    except (AnswerError, InstrumentError, JsonError) as error:
        raise JsonError.of("Scores", problems_in(error, Scores, place, Hints())) from error


@attrs.frozen(eq=False, repr=False)
class ScoresForm:
    """
    The JSON form of scores: totals and zones to be read, and what they are made of again.

    That is answers, or printed totals, or the scores of the units of institutions, or scores
    that were joined.
    """

    units: tuple[Label, ...]
    total: tuple[Decimal | None, ...]
    zone: tuple[str | None, ...]
    answers: AnswersForm | None = None
    printed: tuple[Fraction | None, ...] = ()
    members: "ScoresForm | None" = None
    by: tuple[Label, ...] = ()
    joined: tuple[Scores, ...] = ()

    @classmethod
    def saying(cls, scores: Scores) -> Table:
        """Return the form of scores, but for their instrument."""
        instrument, basis = scores.instrument, scores.basis
        bands = instrument.zones.bands
        totals = [None if np.isnan(each) else fraction(float(each)) for each in scores.total]
        found: Table = {
            "units": labels_said(scores.units),
            "total": [None if each is None else str(decimal(each, instrument.rounding)) for each in totals],
            "zone": [bands[each].code if each >= 0 else None for each in scores.zone.tolist()],
        }
        if isinstance(basis, Answered):
            return found | {"answers": AnswersForm.saying(basis.answers)}
        if isinstance(basis, Printed):
            return found | {"printed": [None if each is None else number_said(each) for each in basis.totals]}
        if isinstance(basis, RolledUp):
            by = [found["units"][place] for place in basis.index.tolist()]
            return found | {"members": cls.saying(basis.members), "by": by}
        if isinstance(basis, Joined):
            return found | {"joined": [scores_said(each) for each in basis.parts]}
        message = f"scores that were made from a {type(basis).__name__} have no JSON form"
        raise formless("Scores", message, "basis")

    def value(self, instrument: Instrument) -> Scores:
        """
        Return the scores, computed again.

        Raises:
            JsonError: What stands there is not what they are made of gives.
        """
        if self.answers is not None:
            with within("answers"):
                answers = self.answers.value()
            made = score(instrument, answers, absent="missing")
        elif self.members is not None:
            with within("members"):
                members = self.members.value(instrument)
            made = roll_up(members, list(self.by))
        elif self.joined:
            made = Scores.joined(*self.joined)
            if made.fingerprint != instrument.fingerprint:
                message = f"it is another than {made.instrument.id!r}, which is that of the scores joined"
                raise JsonError.of("Scores", [Problem("changed", message, "instrument")])
        else:
            made = Scores.of_totals(instrument, self.printed, list(self.units))
        again = ScoresForm.saying(made)
        for name in ("units", "total", "zone"):
            stated, found = getattr(self, name), again[name]
            if len(stated) != len(found):
                message = f"it has {len(stated)} entries, and what it is made of gives {len(found)}"
                raise JsonError.of("Scores", [Problem("changed", message, name)])
            for row, (said_here, given) in enumerate(zip(stated, found, strict=True)):
                if (str(said_here) if isinstance(said_here, Decimal) else said_here) != given:
                    message = f"it says {said_here!s:.60}, and what it is made of gives {given!s:.60}"
                    raise JsonError.of("Scores", [Problem("changed", printable(message), f"{name}[{row}]")])
        return made


def scores_said(scores: Scores) -> Table:
    """
    Return the form of scores, with their instrument and the version of the library.

    Raises:
        JsonError, InstrumentError: Something in them has no JSON form.
    """
    said = {"version": VERSION, "instrument": exchange_tables(scores.instrument)}
    return said | ScoresForm.saying(scores)


@attrs.frozen(eq=False, repr=False)
class Stated:
    """
    What the JSON of scores states, before anything is computed.

    Args:
        instrument: The instrument that it holds.
        version: The version of the library that made it; empty where it does not say.
        form: Its units, totals, zones, and what they are made of.
    """

    instrument: Instrument
    version: str
    form: ScoresForm


def stated_in(converter: cattrs.Converter, table: Any) -> Stated:
    """
    Return what the form of scores states, checked for its form alone.

    Args:
        converter: What knows scores.

    Raises:
        JsonError, cattrs.BaseValidationError, TypeError, ValueError: It is no such form.
    """
    tables = dict(table)
    version = tables.pop("version", "")
    if not isinstance(version, str):
        problem = Problem("kind", f"expected a text, not {kind_of(version)}", "version")
        raise JsonError.of("Scores", [problem])
    instrument = tables.pop("instrument", None)
    if not isinstance(instrument, dict):
        raise JsonError.of("Scores", [Problem("lacking", "'instrument' is lacking", "instrument")])
    form = converter.structure(tables, ScoresForm)
    with within("instrument"):
        made = instrument_of(instrument, "instrument")
    return Stated(made, version, form)


def scores_registered(converter: cattrs.Converter) -> None:
    """
    Teach a converter that knows answers to make scores of their form.
    """

    def made(value: Any, _: Any) -> Scores:
        found = stated_in(converter, value)
        return found.form.value(found.instrument)

    converter.register_structure_hook(Scores, made)
