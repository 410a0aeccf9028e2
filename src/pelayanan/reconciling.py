"""
Whether a printed total agrees with its printed parts, and if not, why it may differ.
"""

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Mapping
from fractions import Fraction
from typing import Any

import attrs

from pelayanan.catalog import editions, load
from pelayanan.causes import SLIPS, Case, Found, causes_of, ranked, slips_of_total
from pelayanan.composition import Composition, Reader, mean_of_units, number_printed, of_answers, weighted
from pelayanan.criterion import ROOT
from pelayanan.errors import (
    AnswerError,
    NumberError,
    Problem,
    UnknownError,
    check_kind,
    in_order,
    members_of,
    nearest,
)
from pelayanan.exact import Exact, Rounding, fraction, written
from pelayanan.instrument import Instrument, check_instrument
from pelayanan.misprints import places
from pelayanan.reconciliation import Cause, Recomputed, Reconciliation

__all__ = ["reconcile"]

_OF = ("", "units", "answers")


def reconcile(
    parts: Mapping[str, Any] | Iterable[Any],
    total: Any,
    *,
    instrument: Instrument | None = None,
    of: str = "",
    weights: Iterable[Any] | None = None,
    times: Any = 1,
    decimals: int | None = None,
    mode: str = "",
    rounded: bool | None = None,
    zone: str = "",
    others: Iterable[Instrument] | None = None,
) -> Reconciliation:
    """
    Return whether a printed total agrees with its printed parts, and what would explain it if not.

    The total of the parts is computed exactly, and with it the lowest and the highest that
    they allow: a part that was rounded when it was printed lies within half a unit of its last
    place. Where the printed total is published from none of these, every kind of cause is tried;
    one that is named makes the total agree.

    Args:
        parts: Numbers by name, or in order; none for a total beside its zone alone.
        total: The printed total [points].
        instrument: The edition, with its weights, its rounding and its zones.
        of: What the parts are: ``"units"`` of an institution, whose plain mean is taken, or
            ``"answers"`` to the instrument by code. By default they are answers where there are
            names and an instrument, and units otherwise.
        weights: Of parts without an instrument: the total is the sum of weight x part x ``times``.
        decimals, mode: How the total is published; by default as the instrument says, or half-up
            to two decimals.
        rounded: Whether the parts were rounded when they were printed. By default answers were,
            and units where they have fewer decimals than are published, or where the edition
            averages exact totals.
        zone: The printed zone, by its code or its label.
        others: The editions whose cut-offs are tried; by default those of the family.

    Raises:
        AnswerError: No parts and no zone; a part or a total that is no number or fits no
            reading; codes that the instrument does not have; more than one answer lacking that
            has to be there.
        UnknownError: A zone that the instrument does not have.
        NumberError: Decimals or a mode that do not exist.

    >>> found = reconcile(["62.41", "61.21", "75.41", "76.27"], "68.82")
    >>> found.agrees, found.recomputed.exact, found.recomputed.published
    (False, Fraction(2753, 40), Decimal('68.83'))
    >>> [(each.kind, each.implied) for each in found.causes[:1]]
    [('rounding', 'half_even')]
    """
    if instrument is not None:
        check_instrument(instrument)
    for argument, text in {"of": of, "mode": mode, "zone": zone}.items():
        check_kind(argument, text, str, "a text")
    check_kind("rounded", rounded, bool | None, "True or False")
    if others is not None:
        others = members_of("others", others, Instrument, "instruments")
    if weights is None and fraction(times) != 1:
        message = "times goes with weights, and there are none; give weights=, or leave times out"
        raise _refused("times", message, "times")
    named = _named(parts)
    _check_asked(named, instrument, of, zone)
    printed = _total(total)
    rounding = _rounding(printed, instrument, decimals, mode)
    if not named:
        composition: Composition = Composition((), Reader({}, None, 0, None), {})
    elif weights is not None:
        if instrument is not None:
            message = "an instrument has its own weights; give weights= without one"
            raise _refused("weights", message, "weights")
        composition = weighted(
            named, in_order("weights", weights, "a weight a part"), times=fraction(times), rounded=rounded
        )
    elif instrument is None or of == "units" or (not of and not isinstance(parts, Mapping)):
        composition = _mean_of_units(named, instrument, rounding, rounded)
    else:
        composition = of_answers(instrument, named, rounded=rounded)
    return _compared(composition, printed, rounding, instrument, zone, others)


def _named(parts: Mapping[str, Any] | Iterable[Any]) -> dict[str, Any]:
    if isinstance(parts, Mapping):
        named = {str(name): each for name, each in parts.items()}
        if len(named) < len(parts):
            twice = next(name for name, count in Counter(map(str, parts)).items() if count > 1)
            raise _refused("duplicate-code", f"the part {twice!r} is there twice", "parts")
        return named
    listed = in_order("parts", parts, "numbers by name or in order")
    return {str(place): each for place, each in enumerate(listed)}


def _check_asked(named: Mapping[str, Any], instrument: Instrument | None, of: str, zone: str) -> None:
    """Refuse parts of a kind that there is not, and what needs an instrument without one."""
    if not isinstance(of, str) or of not in _OF:
        known = ", ".join(repr(each) for each in _OF[1:])
        raise _refused("of", f"expected of = {known}, not {of!r}", "of")
    if of == "answers" and instrument is None:
        raise _refused("of", "of = 'answers' takes an instrument=", "of")
    if not named and (instrument is None or not zone):
        message = (
            "there are no parts; a total alone is compared with its zone, which takes instrument= and zone="
        )
        raise _refused("no-parts", message, "parts")


def _rounding(printed: Exact, instrument: Instrument | None, decimals: int | None, mode: str) -> Rounding:
    """
    Return how the total is published.

    Raises:
        AnswerError: The printed one has more decimals.
        NumberError: Decimals or a mode that do not exist.
    """
    published = instrument.rounding if instrument is not None else Rounding(2)
    base = published or Rounding((places(str(printed)) or (0, 2))[1])
    rounding = Rounding(base.decimals if decimals is None else decimals, mode or base.mode)
    if rounding.of(printed) != printed:
        message = f"{printed} has more decimals than the {rounding.decimals} that are published"
        raise _refused("off-grid", f"{message}; say decimals=", "total")
    return rounding


def _mean_of_units(
    named: Mapping[str, Any], instrument: Instrument | None, rounding: Rounding, rounded: bool | None
) -> Composition:
    """Return the mean of units, rounded when they were printed where the edition averages exact totals."""
    top = None if instrument is None else Fraction(instrument.maximum)
    if rounded is None and instrument is not None and instrument.rollup == "exact":
        rounded = True
    return mean_of_units(named, top=top, decimals=rounding.decimals, rounded=rounded)


def _refused(code: str, message: str, place: str) -> AnswerError:
    return AnswerError.of("reconcile", [Problem(code, message, place)])


def _total(total: Any) -> Exact:
    try:
        printed = Exact(number_printed(total))
    except NumberError as error:
        raise _refused(error.code, str(error), "total") from error
    if not places(str(printed)):
        raise _refused("not-a-number", f"expected a decimal from 0 on, not {printed}", "total")
    return printed


def _compared(
    composition: Composition,
    printed: Exact,
    rounding: Rounding,
    instrument: Instrument | None,
    zone: str,
    others: Iterable[Instrument] | None,
) -> Reconciliation:
    wanted = _wanted(instrument, zone)

    def zone_fits(number: Fraction) -> bool:
        return not wanted or not wanted.isdisjoint(_zones_of(instrument, number, rounding))

    top = None if instrument is None else Fraction(instrument.maximum)
    case = Case(composition, printed, rounding, top, _unit(instrument, composition), zone_fits)
    lacking = _refused_codes(instrument, composition)
    recomputed = None
    if composition.parts and not lacking:
        span = composition.span
        ends = (case.published(span.mid), case.published(span.low), case.published(span.high))
        recomputed = Recomputed(span.mid, *ends)
    total_agrees = not lacking and (not composition.parts or case.gives(composition.span))
    zone_agrees = zone_fits(printed)
    found: list[Found] = []
    if lacking:
        found.append(_lacking_answer(case, instrument, lacking))
    elif not total_agrees:
        found += [each if zone_agrees else _left_open(each) for each in causes_of(case)]
    elif not zone_agrees and not composition.parts:
        found += [slips_of_total(case, kind) for kind in SLIPS]
    if not zone_agrees and instrument is not None:
        of_zone = _zone_causes(case, instrument, zone, others, reached=total_agrees)
        found += [attrs.evolve(each, partly=not total_agrees) for each in of_zone]
    return Reconciliation(
        printed,
        agrees=total_agrees and zone_agrees,
        recomputed=recomputed,
        zone=zone,
        zone_of_total=_zones_of(instrument, printed, rounding),
        zone_agrees=zone_agrees,
        causes=ranked(found),
    )


def _left_open(found: Found) -> Found:
    """Return causes of another total than the printed one, which do not explain its zone."""
    return attrs.evolve(
        found, partly=any(each.place != "*" or each.kind not in SLIPS for each in found.causes)
    )


def _wanted(instrument: Instrument | None, zone: str) -> frozenset[str]:
    """
    Return the codes of the zones that a printed one may be.

    Raises:
        UnknownError: There is none.
    """
    if not zone:
        return frozenset()
    if instrument is None:
        raise _refused("zone", "a zone is compared with those of an edition, which takes instrument=", "zone")
    found = _bands_said(instrument, zone)
    if not found:
        known = [text for band in instrument.zones.bands for text in (band.code, *band.label.values())]
        message = f"{instrument.id} has no zone {zone!r}{nearest(zone, dict.fromkeys(known))}"
        raise UnknownError("unknown-zone", message, instrument=instrument.id, zone=zone)
    return found


def _bands_said(instrument: Instrument, zone: str) -> frozenset[str]:
    """Return the codes of the bands with that code, or else with that text."""
    said, bands = zone.strip().casefold(), instrument.zones.bands
    coded = [band.code for band in bands if band.code.casefold() == said]
    texts = {band.code: (*band.label.values(), *band.attributes.values()) for band in bands}
    named = [code for code, words in texts.items() if said in map(str.casefold, words)]
    return frozenset(coded or named)


def _zones_of(instrument: Instrument | None, published: Fraction, rounding: Rounding) -> tuple[str, ...]:
    """Return the zones that units may have whose total is published so."""
    if instrument is None:
        return ()
    zones = instrument.zones
    grid = zones.grid(rounding)
    low, high = (published, published) if grid == rounding else rounding.cell(published)
    if grid is not None:
        low, high = grid.of(low), grid.of(high)
    edges, bands = zones.edges
    first, last = (bisect_right(edges, (each, False)) for each in (low, high))
    positions = {each for each in bands[first : last + 1] if each >= 0}
    for position in tuple(positions):
        while position > 0 and zones.gated[position]:
            position -= 1
            positions.add(position)
    return tuple(zones.bands[each].code for each in sorted(positions))


def _unit(instrument: Instrument | None, composition: Composition) -> Fraction | None:
    """Return what one step of an answer is worth, where all have the same."""
    highs = {scale.high for scale in composition.reader.scales.values()}
    if instrument is None:
        return None if composition.scale == 1 else composition.scale
    high = highs.pop() if len(highs) == 1 else None
    return None if high is None else Fraction(instrument.maximum) / high


def _refused_codes(instrument: Instrument | None, composition: Composition) -> list[str]:
    """Return the answers that are lacking and have to be there."""
    if instrument is None or not composition.reader.scales:
        return []
    given = {each.name for each in composition.parts}
    tree = instrument.tree
    return [code for code in tree.leaves[ROOT] if code not in given and tree.policy(code) == "refuse"]


def _lacking_answer(case: Case, instrument: Instrument | None, lacking: list[str]) -> Found:
    """
    Return what the one answer that is lacking would have to be.

    Raises:
        AnswerError: Several are.
    """
    if instrument is None or len(lacking) > 1 or case.composition.whole is None:
        listed = ", ".join(repr(code) for code in lacking[:10])
        message = f"the answers to {listed} are lacking; only one can be worked out from the total"
        raise _refused("missing-answer", message, "parts")
    (code,) = lacking
    scale = instrument.tree.indicator(code).scale
    worths = {each.name: each.mid for each in case.composition.parts}
    low, high = (case.composition.whole({**worths, code: end}) for end in (Fraction(0), Fraction(1)))
    share = (case.printed - low) / (high - low) if high > low else Fraction(-1)
    if scale.high is None or not scale.worst <= share <= scale.best:
        return Found("part-missing", (), 1)
    answer = written(Rounding(4).of(share * scale.high))
    exact = Fraction(case.printed)
    return Found("part-missing", (Cause("part-missing", code, "", answer, exact),), 1)


def _zone_causes(
    case: Case, instrument: Instrument, zone: str, others: Iterable[Instrument] | None, *, reached: bool
) -> list[Found]:
    """
    Return why the zone is not that of the total: it was decided on another, or by other cut-offs.

    Args:
        reached: Whether the printed total is that of its parts.
    """
    wanted = _bands_said(instrument, zone)
    said = "the printed total" if instrument.zones.grid(case.rounding) == case.rounding else "the exact total"
    readings = {"the printed total": Fraction(case.printed)}
    if case.composition.parts and reached:
        readings["the exact total"] = case.composition.span.mid
    decided = [
        Cause("decided-on", "*", said, name, number)
        for name, number in readings.items()
        if name != said and _begun(instrument, number) in wanted
    ]
    tried = [
        each
        for each in (_family(instrument) if others is None else others)
        if each.maximum == instrument.maximum and _bands_said(each, zone)
    ]
    by_others = [
        Cause("cut-offs", "*", instrument.id, each.id)
        for each in tried
        if not _bands_said(each, zone).isdisjoint(_zones_of(each, case.printed, case.rounding))
    ]
    return [
        Found("decided-on", tuple(decided), len(readings)),
        Found("cut-offs", tuple(by_others), len(tried)),
    ]


def _begun(instrument: Instrument, number: Fraction) -> str:
    """Return the code of the highest band that begins at a total or below, whatever ceilings say."""
    begun = [band.code for band in instrument.zones.bands if not band.start or band.start <= (number, False)]
    return begun[-1] if begun else ""


def _family(instrument: Instrument) -> list[Instrument]:
    return [
        load(each.id) for each in editions() if each.family == instrument.family and each.id != instrument.id
    ]
