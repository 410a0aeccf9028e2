"""
What would explain that a printed total differs from its parts, kind by kind.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from decimal import Decimal
from fractions import Fraction

import attrs

from pelayanan.composition import Composition, Part, Span
from pelayanan.exact import MODES, Exact, Rounding, decimal, written
from pelayanan.misprints import misprinted, places, swapped, undropped
from pelayanan.reconciliation import Cause

__all__ = ["SLIPS", "Case", "Found", "causes_of", "ranked", "slips_of_total"]

SLIPS = ("digits-swapped", "digit-dropped", "digit-misprinted")
_COMMON = {
    "rounding": 8,
    "fewer-decimals": 4,
    "rounding-stage": 2,
    "weights": 4,
    "digits-swapped": 2,
    "digit-dropped": 8,
    "digit-misprinted": 1,
    "part-missing": 8,
    "part-twice": 1,
    "decided-on": 4,
    "cut-offs": 2,
}
_STAGES = (2, 3, 4)
_SIZES = (2, 3, 4)


Ends = tuple[Fraction, Fraction | None]


@attrs.frozen(eq=False)
class Case:
    """
    A printed total beside the parts that should make it.

    Args:
        composition: The parts.
        printed: The total as it stands there.
        rounding: How it is published.
        top: The highest total that can be, nothing where that is not known [points].
        unit: What one step of an answer is worth in a total of nothing but such answers; nothing
            where the answers have no unit of their own [points].
        zone_fits: Whether a total may have the zone that was printed.
    """

    composition: Composition
    printed: Exact
    rounding: Rounding
    top: Fraction | None
    unit: Fraction | None
    zone_fits: Callable[[Fraction], bool]

    def gives(self, span: Span, rounding: Rounding | None = None) -> bool:
        """Return whether an exact total in a span is published as the printed one."""
        grid = rounding or self.rounding
        return grid.of(span.low) <= self.printed <= grid.of(span.high)

    def published(self, exact: Fraction) -> Decimal:
        """Return how an exact total is published."""
        return decimal(self.rounding.of(exact), self.rounding)

    def cause(self, kind: str, place: str, printed: str, implied: str, exact: Fraction) -> Cause:
        """Return a cause with what follows from it."""
        return Cause(kind, place, printed, implied, exact, abs(self.printed - exact))


@attrs.frozen(eq=False)
class Found:
    """
    The causes of one kind that would do, of how many that were tried.

    Args:
        partly: Whether they leave something else unexplained.
    """

    kind: str
    causes: tuple[Cause, ...]
    tried: int
    partly: bool = False

    @property
    def plausible(self) -> Fraction:
        """How plausible the kind is: how common it is, and how rarely it would do by chance."""
        return Fraction(_COMMON[self.kind] * len(self.causes), self.tried) if self.tried else Fraction(0)


def ranked(found: Iterable[Found]) -> tuple[Cause, ...]:
    """
    Return causes, the most plausible first: the first of each kind, then the second of each.

    Modes of rounding stay together. What leaves something unexplained comes last.
    """
    rows = []
    for place, each in enumerate(sorted(found, key=lambda each: (each.partly, -each.plausible))):
        for row, cause in enumerate(each.causes):
            told = attrs.evolve(cause, fits=len(each.causes), tried=each.tried)
            rows.append((0 if each.kind == "rounding" else row, place, told))
    return tuple(cause for _, _, cause in sorted(rows, key=lambda row: row[:2]))


def causes_of(case: Case) -> Iterator[Found]:
    """
    Return what would explain the total, kind by kind.
    """
    yield from _rounding(case)
    yield _stages(case)
    yield _weights(case)
    for kind in SLIPS:
        yield slips_of_total(case, kind)
        yield _slips_of_parts(case, kind)
    yield _cut_parts(case)
    yield _printed_short(case)
    if case.composition.units:
        yield _missing(case)
        yield _twice(case)


def _rounding(case: Case) -> Iterator[Found]:
    """Return how else the total of the parts, as they are printed, may have been rounded."""
    exact, rounding = case.composition.span.mid, case.rounding
    others = [Rounding(rounding.decimals, mode) for mode in MODES if mode != rounding.mode]
    modes = [
        attrs.evolve(case.cause("rounding", "*", rounding.mode, each.mode, exact), off=Fraction(0))
        for each in others
        if each.of(exact) == case.printed
    ]
    yield Found("rounding", tuple(modes), len(others))
    text = str(case.printed)
    _, size = places(text) or (0, 0)
    coarser = [Rounding(size, mode) for mode in (rounding.mode, "down")] if size < rounding.decimals else []
    meant = str(case.published(exact))
    fewer = any(case.gives(case.composition.span, each) for each in coarser)
    found = (case.cause("fewer-decimals", "*", text, meant, exact),) if fewer else ()
    yield Found("fewer-decimals", found, len(coarser))


def _stages(case: Case) -> Found:
    """Return at which stage numbers may have been rounded before the total was."""
    composition, mode = case.composition, case.rounding.mode
    trials: list[tuple[str, int, Fraction]] = []
    most = max((size[1] for size in (places(each.printed) for each in composition.parts) if size), default=0)
    for size in range(most):
        grid = Rounding(size, mode)
        parts = [_rounded(composition, each, grid) for each in composition.parts]
        exact = composition.exact({each.name: each.mid for each in parts if each})
        trials += [("parts", size, exact)] if all(parts) else []
    trials += list(_summed(case))
    found = [
        case.cause("rounding-stage", place, str(case.rounding.decimals), str(size), exact)
        for place, size, exact in trials
        if case.rounding.of(exact) == case.printed
    ]
    return Found("rounding-stage", tuple(found), len(trials))


def _printed_short(case: Case) -> Found:
    """Return whether the parts are short prints of longer numbers, where they were taken in full."""
    composition = case.composition
    if composition.reader.rounded is not None or composition.reader.scales:
        return Found("fewer-decimals", (), 0)
    reader = attrs.evolve(composition.reader, rounded=True)
    parts = [reader.part(each.name, each.printed) or each for each in composition.parts]
    if not case.gives(attrs.evolve(composition, parts=tuple(parts)).span):
        return Found("fewer-decimals", (), 1)
    cause = case.cause("fewer-decimals", "parts", "", "", Fraction(case.printed))
    return Found("fewer-decimals", (cause,), 2 * len(parts))


def _rounded(composition: Composition, part: Part, grid: Rounding) -> Part | None:
    if isinstance(part.value, str):
        return part
    return composition.reader.part(part.name, written(grid.of(part.value)))


def _summed(case: Case) -> Iterator[tuple[str, int, Fraction]]:
    """Return totals of weighted values that were rounded, in points and in the unit of the answers."""
    composition, mode = case.composition, case.rounding.mode
    if composition.weights is None:
        return
    values = [composition.weights[each.name] * each.mid for each in composition.parts]
    units = {"contributions": Fraction(1)}
    if case.unit is not None:
        units["weighted-answers"] = case.unit
    for place, unit in units.items():
        for size in _STAGES:
            grid = Rounding(size, mode)
            yield place, size, unit * sum((grid.of(each / unit) for each in values), Fraction(0))
            if place == "weighted-answers" or size > case.rounding.decimals:
                whole = "mean-answer" if place == "weighted-answers" else "*"
                yield whole, size, unit * grid.of(sum(values, Fraction(0)) / unit)


def _weights(case: Case) -> Found:
    """Return which other weights, as they are written elsewhere, give the total."""
    composition = case.composition
    if composition.weights is None or not composition.parts:
        return Found("weights", (), 0)
    names = [each.name for each in composition.parts]
    scale = composition.scale
    stated = {name: composition.weights[name] / scale for name in names}
    tried = 0
    found = []
    seen = [stated]
    for implied, weights in _forms(stated):
        if weights in seen:
            continue
        seen.append(weights)
        tried += 1
        other = attrs.evolve(composition, weights={name: weight * scale for name, weight in weights.items()})
        if case.gives(other.span):
            found.append(case.cause("weights", "parts", _said(stated), implied, other.span.mid))
    return Found("weights", tuple(found), tried)


def _said(weights: Mapping[str, Fraction]) -> str:
    """Return equal weights as their number, others as what they are."""
    distinct = set(weights.values())
    return written(distinct.pop()) if len(distinct) == 1 else "weighted"


def _forms(stated: Mapping[str, Fraction]) -> Iterator[tuple[str, dict[str, Fraction]]]:
    """Return weights as they may have been written: in full, with fewer decimals, all equal."""
    whole = sum(stated.values(), Fraction(0))
    full = {name: weight / whole for name, weight in stated.items()}
    equal = dict.fromkeys(stated, Fraction(1, len(stated)))
    alike = len(set(stated.values())) == 1
    yield _said(full) if alike else "in full", full
    yield _said(equal), equal
    for size in _SIZES:
        for mode in ("half_up", "down"):
            grid = Rounding(size, mode)
            short = {name: grid.of(weight) for name, weight in full.items()}
            if all(short.values()):
                yield _said(short) if alike else f"{size} decimals", short
                yield (
                    f"{size} decimals of {_said(equal)}" if not alike else _said(short),
                    {name: grid.of(weight) for name, weight in equal.items()},
                )


def slips_of_total(case: Case, kind: str) -> Found:
    """
    Return which totals a slip of that kind may have turned into the printed one.
    """
    text = str(case.printed)
    whole = len(str(int(case.top))) - 1 if case.top is not None and case.top >= 10 else 0
    span = case.composition.span if case.composition.parts else None
    if span is not None:
        whole = max(whole, len(str(int(case.rounding.of(span.mid)))))
    made = {
        "digits-swapped": swapped(text),
        "digit-misprinted": misprinted(text),
        "digit-dropped": undropped(text, whole, case.rounding.decimals),
    }[kind]
    found, tried = [], 0
    for each in made:
        number = Fraction(each)
        if case.top is not None and number > case.top:
            continue
        tried += 1
        meant = attrs.evolve(case, printed=Exact(each))
        if (span is None or meant.gives(span)) and case.zone_fits(number):
            exact = None if span is None else span.mid
            off = Fraction(0) if exact is None else abs(number - exact)
            found.append(Cause(kind, "*", text, each, exact, off))
    return Found(kind, tuple(found), tried)


def _slips_of_parts(case: Case, kind: str) -> Found:
    composition, span, tried, found = case.composition, case.composition.span, 0, []
    for old in composition.parts:
        ends, near = _ends_of_numbers(case, span, old)
        for text in composition.slips(kind, old):
            number = Fraction(text)
            if ends is not None and not (ends[0] <= number and (ends[1] is None or number <= ends[1])):
                continue
            new = (
                composition.reader.part(old.name, text)
                if near is None or near[0] <= number <= near[1]
                else old
            )
            tried += new is not None
            if new is None or new is old:
                continue
            with_new = composition.replaced(span, old, new)
            if case.gives(with_new):
                found.append(case.cause(kind, old.name, old.printed, new.printed, with_new.mid))
    return Found(kind, tuple(sorted(found, key=lambda each: each.off)), tried)


def _ends_of_numbers(
    case: Case, span: Span, part: Part
) -> tuple[Ends | None, tuple[Fraction, Fraction] | None]:
    """
    Return between which numbers a part lies on its scale, and between which the total could be right.

    Nothing where that is not known.
    """
    line, weights = case.composition.reader.straight(part.name), case.composition.weights
    ends = None if line is None else line[1:]
    weight = weights[part.name] if weights is not None else Fraction(0)
    if line is None or not weight:
        return ends, None
    low, high = case.rounding.cell(case.printed)
    slack = case.composition.reader.half(part.name, part.printed)
    least = (low - span.high + weight * part.high) / weight / line[0] - slack
    most = (high - span.low + weight * part.low) / weight / line[0] + slack
    return ends, (least, most)


def _cut_parts(case: Case) -> Found:
    """Return which part may have been cut to fewer decimals than the others have."""
    composition, span, found, tried = case.composition, case.composition.span, [], 0
    sizes = [size[1] for size in (places(each.printed) for each in composition.parts) if size]
    most = max([composition.reader.full, *sizes])
    for part in composition.parts:
        size = places(part.printed)
        if composition.weights is None or size is None or size[1] >= most or isinstance(part.value, str):
            continue
        top = composition.reader.part(part.name, written(part.value + Fraction(1, 10 ** size[1])))
        tried += 1
        if top is None or part.mid == top.mid:
            continue
        wide = attrs.evolve(part, low=min(part.low, top.mid), high=max(part.high, top.mid))
        if case.gives(composition.replaced(span, part, wide)):
            rest = span.mid - composition.weights[part.name] * part.mid
            worth = (case.printed - rest) / composition.weights[part.name]
            per = (top.mid - part.mid) * 10 ** size[1]
            implied = Rounding(most).of(part.value + (worth - part.mid) / per)
            text = str(decimal(implied, Rounding(most)))
            found.append(case.cause("fewer-decimals", part.name, part.printed, text, case.printed))
    return Found("fewer-decimals", tuple(found), tried)


def _missing(case: Case) -> Found:
    """Return what a unit that was not printed would have to be."""
    composition, count = case.composition, len(case.composition.parts)
    worths = [each.mid for each in composition.parts]
    lowest, highest = min(worths), max(worths)
    largest = int(max(highest, case.printed))
    top = case.top if case.top is not None else Fraction(10 ** len(str(largest)))
    low, high = (end * (count + 1) - composition.span.mid * count for end in case.rounding.cell(case.printed))
    if high < 0 or low > top:
        return Found("part-missing", (), 1)
    implied = min(max(case.printed * (count + 1) - composition.span.mid * count, Fraction(0)), top)
    inside = lowest <= implied <= highest
    steps = int((highest - lowest if inside else top) * case.rounding.scale)
    text = str(decimal(case.rounding.of(implied), case.rounding))
    exact = (composition.span.mid * count + implied) / (count + 1)
    return Found("part-missing", (case.cause("part-missing", "", "", text, exact),), steps // (count + 1) + 1)


def _twice(case: Case) -> Found:
    composition, span, found = case.composition, case.composition.span, []
    count = len(composition.parts)
    for part in composition.parts:
        more = Span(
            *(
                (getattr(span, end) * count + getattr(part, end)) / (count + 1)
                for end in ("low", "mid", "high")
            )
        )
        if case.gives(more):
            found.append(case.cause("part-twice", part.name, part.printed, part.printed, more.mid))
    return Found("part-twice", tuple(found), count)
