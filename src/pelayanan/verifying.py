"""
Whether a result holds: it is computed again, and the first difference is pointed at.
"""

import json
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

import attrs
import numpy as np

from pelayanan.answers import Answers, row_given
from pelayanan.bases import Answered
from pelayanan.errors import JsonError, Problem, ScoresError
from pelayanan.exact import shown
from pelayanan.exchange import cell_said, parsed
from pelayanan.instrument import Instrument, check_instrument
from pelayanan.jsonform import Stated, stated
from pelayanan.mapping import printable
from pelayanan.matching import matched
from pelayanan.rollup import roll_up
from pelayanan.scorecard import Scorecard
from pelayanan.scores import Scores
from pelayanan.scoring import score, score_one
from pelayanan.value import Value

__all__ = ["Difference", "Verification", "verify"]

_OF_LINE = ("title", "tags", "depth", "share", "weight", "points", "contribution", "lost")


@attrs.frozen
class Difference(Value):
    """
    The first place where a result is not what is computed.

    Args:
        unit: The unit, as a text; empty where the units themselves differ in number.
        place: What of it, such as ``"lines['input'].contribution"``, ``"answers['u1']"`` or
            ``"total"``.
        said: What the result says there, as JSON.
        found: What is computed.

    >>> Difference("North", "total", "84.34", "84.33").place
    'total'
    """

    unit: str
    place: str
    said: str
    found: str


@attrs.frozen
class Verification(Value):
    """
    Whether a result holds.

    Args:
        of: ``"Scores"`` or ``"Scorecard"``.
        instrument: The id of the instrument that made it.
        fingerprint: The fingerprint of that instrument.
        version: The version of the library that made it; empty where it does not say.
        units: How many units it is of.
        holds: Whether all of it is computed again.
        difference: Where it is not, first of all; ``None`` where it holds.

    >>> Verification("Scores", "kiosk", "0f", "0.1.0", 3, holds=True).difference is None
    True
    """

    of: str
    instrument: str
    fingerprint: str
    version: str
    units: int
    holds: bool
    difference: Difference | None = None


def verify(result_json: str, instrument: Instrument, answers: Answers | Mapping[str, Any]) -> Verification:
    """
    Return whether a result is what the instrument computes of the answers.

    The result is the JSON of `Scores` or of a `Scorecard`. The answers are compared first, then
    the criteria from the questions up, and then the total and the zone, so that the first
    difference is where the two computations part. The version of the library is told and not
    compared.

    Args:
        answers: A table, or the answers of one unit as for `score_one`.

    Raises:
        JsonError: It is no JSON of scores or of a scorecard; every mistake with its place.
        ScoresError: The result was made by another instrument, of printed totals, or of units
            whose answers are not known.
        AnswerError, UnknownError: As in `score`, and for a unit that the table does not have.

    >>> import pelayanan
    >>> edition = pelayanan.load("ombudsman-2024").pruned(depth=1)
    >>> answers = {"input": 80, "proses": 90, "output": 85.5, "pengaduan": 70}
    >>> text = pelayanan.score_one(edition, answers).to_json()
    >>> verify(text, edition, answers).holds
    True
    >>> verify(text.replace('"total": "82.42"', '"total": "88.42"'), edition, answers).difference
    Difference(unit='0', place='total', said='88.42', found='82.42')
    """
    check_instrument(instrument)
    kind = _kind_of(result_json)
    if kind == "Scorecard":
        card = Scorecard.from_json(result_json)
        _check_instrument(card.instrument, card.fingerprint, instrument)
        differences = _of_card(card, instrument, answers)
        version, units = card.version, 1
    else:
        found = stated(result_json)
        _check_instrument(found.instrument.id, found.instrument.fingerprint, instrument)
        differences = _of_scores(found, instrument, answers)
        version, units = found.version, len(found.form.units)
    first = next(differences, None)
    return Verification(kind, instrument.id, instrument.fingerprint, version, units, first is None, first)


def _kind_of(text: str) -> str:
    """
    Return which kind of result a text is.

    Raises:
        JsonError: None.
    """
    kind = parsed(text).get("kind", "nothing")
    if kind not in ("Scores", "Scorecard"):
        message = f"expected the JSON of Scores or of a Scorecard, found that of a {kind!r:.60}"
        raise JsonError.of("result", [Problem("other-kind", message, "kind")])
    return str(kind)


def _check_instrument(id: str, fingerprint: str, instrument: Instrument) -> None:
    if fingerprint != instrument.fingerprint:
        message = (
            f"the result was made by {printable(id)!r:.60} with the fingerprint "
            f"{printable(fingerprint)[:12]!r}..., and {instrument.id!r} has "
            f"{instrument.fingerprint[:12]!r}...; verify it with the instrument that made it"
        )
        values = {"said": fingerprint, "found": instrument.fingerprint}
        raise ScoresError("other-instrument", message, **values)


def _of_card(
    card: Scorecard, instrument: Instrument, answers: Answers | Mapping[str, Any]
) -> Iterator[Difference]:
    if not card.lines and card.total is not None:
        message = f"the card of {card.unit!r} has no lines, as it is of an institution or of a printed total"
        raise ScoresError("not-held", f"{message}; verify the scores of the units", unit=card.unit)
    if isinstance(answers, Answers):
        again = score(instrument, answers, absent="missing").card(card.unit)
    else:
        again = score_one(instrument, answers, card.unit)
    said, found = (json.loads(attrs.evolve(each, version="").to_json()) for each in (card, again))
    unit = str(card.unit)
    yield from _of_lines(unit, said.pop("lines", []), found.pop("lines", []))
    for name in ("exact", *(name for name in found | said if name != "exact")):
        yield from _of_value(unit, name, said.get(name), found.get(name))


def _of_lines(unit: str, said: list[Any], found: list[Any]) -> Iterator[Difference]:
    """Return the differences of lines, answers first and then from the questions up."""
    codes = [[line["code"] for line in lines] for lines in (said, found)]
    yield from _of_value(unit, "lines", *codes)
    pairs = list(zip(said, found, strict=False))
    for name in ("state", "answer"):
        for one, other in pairs:
            yield from _of_value(unit, f"lines[{other['code']!r}].{name}", one.get(name), other.get(name))
    for one, other in sorted(pairs, key=lambda pair: -pair[1]["depth"]):
        for name in _OF_LINE:
            yield from _of_value(unit, f"lines[{other['code']!r}].{name}", one.get(name), other.get(name))


def _of_value(unit: str, place: str, said: Any, found: Any) -> Iterator[Difference]:
    if said != found:
        yield Difference(unit, place, _text(said), _text(found))


def _text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _of_scores(
    said: Stated, instrument: Instrument, answers: Answers | Mapping[str, Any]
) -> Iterator[Difference]:
    levels = [said.form]
    while levels[-1].members is not None:
        levels.append(levels[-1].members)
    units = levels[-1]
    if units.answers is None:
        message = "the result was made of printed totals, which cannot be computed again from answers"
        raise ScoresError("not-held", f"{message}; see pelayanan.audit.reconcile")
    table = (
        answers
        if isinstance(answers, Answers)
        else Answers.from_rows([row_given(answers)], units=units.units[:1])
    )
    made = score(instrument, table, absent="missing")
    yield from _of_answers(instrument, units.answers.value(), table)
    yield from _of_totals(units.units, units.total, units.zone, made)
    for level in reversed(levels[:-1]):
        made = roll_up(made, list(level.by))
        yield from _of_totals(level.units, level.total, level.zone, made)


def _of_answers(instrument: Instrument, said: Answers, found: Answers) -> Iterator[Difference]:
    labels = [each.units.tolist() for each in (said, found)]
    yield from _of_value("", "units", *labels)
    one, other = (Answered(matched(instrument, each, "missing")) for each in (said, found))
    for row, label in enumerate(labels[1]):
        for each in instrument.indicators:
            cells = [_cell_said(basis.cell(each.code, row)) for basis in (one, other)]
            yield from _of_value(str(label), f"answers[{each.code!r}]", *cells)


def _cell_said(cell: Any) -> Any:
    """Return an answer as JSON, and what is none as it is shown."""
    try:
        return cell_said(cell)
    except TypeError:
        return shown(cell.item() if isinstance(cell, np.generic) else cell)


def _of_totals(
    units: tuple[Any, ...], totals: tuple[Decimal | None, ...], zones: tuple[str | None, ...], made: Scores
) -> Iterator[Difference]:
    """Return the differences of the labels, the totals and the zones of units."""
    labels = made.units.tolist()
    yield from _of_value("", "units", list(units), labels)
    for name, stated_there in (("total", totals), ("zone", zones)):
        if len(stated_there) != len(labels):
            yield Difference("", name, f"{len(stated_there)} entries", f"{len(labels)} entries")
    bands = made.instrument.zones.bands
    for row, label in enumerate(labels):
        card = made.card(label)
        yield from _of_value(str(label), "total", _shown(totals[row]), _shown(card.total))
        band = int(made.zone[row])
        yield from _of_value(str(label), "zone", zones[row], bands[band].code if band >= 0 else None)


def _shown(total: Decimal | None) -> str | None:
    return None if total is None else str(total)
