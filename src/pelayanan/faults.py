"""
What is wrong with an instrument that can be made and is still not sound, each with its place.
"""

from collections.abc import Iterator, Mapping
from fractions import Fraction

import attrs
import numpy as np

from pelayanan.answers import MISSING, NOT_APPLICABLE, Answers
from pelayanan.criterion import ROOT, Indicator, place_of
from pelayanan.errors import PelayananError, Problem
from pelayanan.exact import written
from pelayanan.instrument import Instrument
from pelayanan.printed import recomputed
from pelayanan.samples import Answer, Pick, Samples, highest, lowest
from pelayanan.scoring import score, score_one

__all__ = [
    "batch_problems",
    "better_problems",
    "case_problems",
    "end_problems",
    "idle_problems",
    "language_problems",
    "weight_problems",
    "zone_problems",
]

_UNITS = 40
_OTHERS = 4
_WHOLES = (1, 100)


def weight_problems(instrument: Instrument) -> Iterator[Problem]:
    """
    Return the groups whose printed weights do not add up to what they are parts of.

    >>> import pelayanan
    >>> list(weight_problems(pelayanan.load("ombudsman-2024")))
    []
    """
    for group in instrument.tree.groups:
        codes = instrument.tree.weighted.get(group.code, ())
        printed = [instrument[code].weight for code in codes]
        given = [weight for weight in printed if weight is not None]
        declared = group.weights
        if not given or group.rule.linear is None or len(codes) == 1:
            continue
        total = sum(given, Fraction(0))
        printed_so = "state weights.sum if it was printed so"
        if declared.sum is not None:
            continue
        if declared.whole is None and total not in _WHOLES:
            message = f"the weights add up to {written(total)}, neither to 1 nor to 100; "
            message += f"state weights.whole, or {printed_so}"
        elif group.rule.of_whole and len(given) == len(codes) and total != declared.whole:
            message = (
                f"the weights add up to {written(total)}, not to the whole of {declared.whole}; {printed_so}"
            )
        else:
            continue
        yield Problem("weights", message, f"{place_of(group.code)}.weights")


def _of_whole(instrument: Instrument) -> Instrument:
    """Return the instrument as if weights that were printed with another sum made up the whole."""
    groups = {}
    for group in instrument.tree.groups:
        if group.rule.of_whole and group.weights.sum is not None:
            weights = attrs.evolve(group.weights, whole=group.weights.sum, sum=None)
            groups[group.code] = attrs.evolve(group, weights=weights)
    criteria = [groups.get(each.code, each) for each in instrument.criteria.values()]
    return attrs.evolve(instrument, root=groups.get(ROOT, instrument.root), criteria=criteria, cases=())


def end_problems(instrument: Instrument) -> Iterator[Problem]:
    """
    Return what no unit can reach: the maximum, a band, or what the best zone requires.

    >>> import pelayanan
    >>> list(end_problems(pelayanan.load("ombudsman-2024")))
    []
    """
    meant = _of_whole(instrument)
    if meant.attainable != meant.maximum:
        message = f"the best answers give {written(meant.attainable)}, not the maximum of {meant.maximum}"
        for each in meant.indicators:
            if each.scored and each.scale.best < 1:
                message += f"; the best answer to {each.code!r} is worth {written(each.scale.best)}"
                break
        yield Problem("ends", message, "maximum")
    for index, band in enumerate(meant.zones.bands):
        place = f"zones.bands[{index}]"
        grid = meant.zones.grid(meant.rounding)
        low, high = (each if grid is None else grid.of(each) for each in (meant.lowest, meant.attainable))
        if band.start is not None and band.start > (high, False):
            message = f"the band {band.code!r} begins above {written(high)}, the highest total"
            yield Problem("ends", message, place)
        elif band.end is not None and band.end <= (low, False):
            message = f"the band {band.code!r} ends below {written(low)}, the lowest total"
            yield Problem("ends", message, place)
    card = score_one(instrument, Samples(instrument).unit(highest))
    if card.held_back_by and card.zone_by_total is not None:
        message = f"the best answers are held back from {card.zone_by_total.code!r} by {card.held_back_by[0]}"
        index = instrument.zones.bands.index(card.zone_by_total)
        yield Problem("ends", message, f"zones.bands[{index}].requires")


def idle_problems(instrument: Instrument) -> Iterator[Problem]:
    """
    Return the scored questions of which no answer changes the total.

    >>> import pelayanan
    >>> list(idle_problems(pelayanan.load("ombudsman-2024")))
    []
    """
    made = Samples(instrument)
    picks = made.picks(_OTHERS)
    for code in instrument.tree.leaves[ROOT]:
        fixed = made.wanted(code)
        if fixed is None:
            message = "it is never asked, as its conditions exclude each other; mend them"
            yield Problem("idle", message, f"{place_of(code)}.asked_if")
        elif not any(_counts(made, code, fixed, pick) for pick in picks):
            message = "no answer to it changes the total; "
            message += "give its answers other shares, or state scored = false"
            yield Problem("idle", message, place_of(code))


def _counts(made: Samples, code: str, fixed: Mapping[str, Answer], pick: Pick) -> bool:
    rungs = made.ladders[code]
    ends = [made.unit(pick, {**fixed, code: answer}) for answer in (rungs[0], rungs[-1])]
    return made.total(ends[0]) != made.total(ends[1])


def better_problems(instrument: Instrument) -> Iterator[Problem]:
    """
    Return the questions where a better answer gives a lower total or zone.

    >>> import pelayanan
    >>> list(better_problems(pelayanan.load("ombudsman-2024")))
    []
    """
    made = Samples(instrument)
    deciding = {each.criterion for held in instrument.tree.conditions.values() for each in held}
    steps, rows = [], []
    for code in instrument.tree.leaves[ROOT]:
        fixed = made.wanted(code)
        if code in deciding or fixed is None:
            continue
        for pick in made.picks(_OTHERS):
            before: Answer | None = None
            for answer in made.ladders[code]:
                steps.append((code, before, answer))
                rows.append(made.unit(pick, {**fixed, code: answer}))
                before = answer
    if not rows:
        return
    scores = score(instrument, Answers.from_rows(rows))
    codes = [band.code for band in instrument.zones.bands]
    told: set[str] = set()
    for row, (code, before, answer) in enumerate(steps):
        if before is None or code in told:
            continue
        worse, better = scores.total[row - 1 : row + 1].tolist()
        below, above = scores.zone[row - 1 : row + 1].tolist()
        if better < worse or -1 < above < below:
            given, instead = f"{better:g}", f"{worse:g}"
            if better >= worse:
                given, instead = repr(codes[above]), repr(codes[below])
            message = f"{_said(answer)} is better than {_said(before)} and gives {given} instead of {instead}"
            yield Problem("better-hurts", message, place_of(code))
            told.add(code)


def _said(answer: object) -> str:
    return written(answer) if isinstance(answer, Fraction) else repr(answer)


def batch_problems(instrument: Instrument) -> Iterator[Problem]:
    """
    Return the first unit that many at once give another total or zone than it has by itself.

    >>> import pelayanan
    >>> list(batch_problems(pelayanan.load("ombudsman-2024")))
    []
    """
    made = Samples(instrument)
    rows = [made.unit(lowest), made.unit(highest), *made.units(_UNITS)]
    bands = [*instrument.zones.bands, None]
    scores = score(instrument, Answers.from_rows(rows))
    for row, answers in enumerate(rows):
        card = score_one(instrument, answers)
        total, band = scores.total[row], bands[scores.zone[row]]
        alone = np.nan if card.total is None else float(card.total)
        if not np.array_equal(total, alone, equal_nan=True) or band != card.zone:
            zones = [each.code if each else None for each in (band, card.zone)]
            given = {code: each for code, each in answers.items() if each not in (MISSING, NOT_APPLICABLE)}
            message = f"many at once give {total:g} and {zones[0]!r}, one alone {alone:g} and {zones[1]!r}; "
            message += f"the first answers are {_listed(given)}"
            yield Problem("batch", message, f"unit {row}")
            return


def _listed(answers: Mapping[str, object]) -> str:
    return ", ".join(f"{code} = {_said(answer)}" for code, answer in list(answers.items())[:3])


def zone_problems(instrument: Instrument) -> Iterator[Problem]:
    """
    Return totals that can be had and lie in no zone, and in no gap that was printed.

    >>> import pelayanan
    >>> list(zone_problems(pelayanan.load("ombudsman-2024")))
    []
    """
    meant = _of_whole(instrument)
    bands, grid = meant.zones.bands, meant.zones.grid(meant.rounding)
    if not bands:
        return
    step = Fraction(1, 10**6) if grid is None else Fraction(1, grid.scale)
    low, high = (each if grid is None else grid.of(each) for each in (meant.lowest, meant.attainable))
    edges = {number + beside for number, _ in meant.zones.edges[0] for beside in (-step, 0, step)}
    told: set[int] = set()
    for total in sorted({low, high} | {each for each in edges if low <= each <= high}):
        below, above = meant.zones.beside(total)
        inside = 0 <= below < above < len(bands)
        if below != above and not (inside and bands[below].gap_after) and above not in told:
            told.add(above)
            index, side = (0, "lowest") if below < 0 else (len(bands) - 1, "highest")
            message = (
                f"the total {written(total)} can be had and lies outside of the {side} band; mend its ends"
            )
            yield Problem("no-zone", message, f"zones.bands[{index}]")


def language_problems(instrument: Instrument) -> Iterator[Problem]:
    """
    Return the texts that are not in the languages of the title.

    >>> import pelayanan
    >>> list(language_problems(pelayanan.load("ombudsman-2024")))
    []
    """
    declared = [instrument.language, *(each for each in instrument.title if each != instrument.language)]
    for place, words, disputed in _texts(instrument):
        lacking = [each for each in declared if not words.get(each, "").strip()]
        beside = [each for each in words if each not in declared]
        if words and lacking and not disputed:
            message = f"the text is not there in {lacking[0]!r}, a language of the title; add it"
            yield Problem("language", message, place)
        elif beside:
            message = (
                f"the text is there in {beside[0]!r}, and the title is not; add it there, or mend the name"
            )
            yield Problem("language", message, place)


def _texts(instrument: Instrument) -> Iterator[tuple[str, Mapping[str, str], str]]:
    """Return the place, the words and the doubts of every text for people."""
    yield "title", instrument.title, ""
    scales = {each.scale: each.code for each in instrument.indicators}
    for scale, code in scales.items():
        where = f"scales[{scale.code!r}]" if scale.code else f"{place_of(code)}.scale"
        for index, option in enumerate(scale.options):
            yield f"{where}.options[{index}].label", option.label, scale.disputed
    for each in (instrument.root, *instrument.criteria.values()):
        yield f"{place_of(each.code)}.title", each.title, each.disputed
        if isinstance(each, Indicator):
            for code, label in each.labels.items():
                yield f"{place_of(each.code)}.labels[{code!r}]", label, each.disputed
    for index, band in enumerate(instrument.zones.bands):
        yield f"zones.bands[{index}].label", band.label, band.disputed
    for index, mark in enumerate(instrument.marks):
        yield f"marks[{index}].label", mark.label, mark.disputed


def case_problems(instrument: Instrument) -> Iterator[Problem]:
    """
    Return the printed cases that are not reproduced.

    >>> import pelayanan
    >>> list(case_problems(pelayanan.load("ombudsman-2024")))
    []
    """
    for index, case in enumerate(instrument.cases):
        place = f"cases[{index}]"
        try:
            total, zone = recomputed(instrument, case)
        except PelayananError as error:
            yield Problem("case", f"{case.name!r} cannot be scored: {error}", place)
            continue
        if case.total is not None and abs(case.total - total) > case.within:
            off = f" and off by at most {case.within}" if case.within else ""
            message = f"{case.name!r} has the total {written(total)}, and {case.total}{off} was printed"
            yield Problem("case", message, place)
        if case.zone not in ("", zone):
            yield Problem(
                "case", f"{case.name!r} has the zone {zone!r}, and {case.zone!r} was printed", place
            )
