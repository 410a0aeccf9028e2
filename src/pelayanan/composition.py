"""
How printed parts make a total: the mean of units, a weighted sum, or the answers of an instrument.
"""

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from functools import cached_property

import attrs

from pelayanan.criterion import ROOT
from pelayanan.errors import AnswerError, NumberError, Problem, nearest
from pelayanan.exact import Exact, fraction, number_in, shown, written
from pelayanan.instrument import Instrument
from pelayanan.matching import missing_share
from pelayanan.misprints import misprinted, places, swapped, undropped
from pelayanan.scales import Scale

__all__ = ["Composition", "Part", "Span", "mean_of_units", "number_printed", "of_answers", "weighted"]

_COMMA = re.compile(r"[0-9]+,[0-9]+")


@attrs.frozen
class Span:
    """
    Where an exact total lies: as the parts are printed, and at most and at least [points].
    """

    low: Fraction
    mid: Fraction
    high: Fraction


@attrs.frozen
class Part:
    """
    One printed part.

    Args:
        name: The unit or the code of the criterion.
        printed: How it stands there.
        value: What was printed, a number or the code of an option.
        low, mid, high: What it is worth at least, as it is printed, and at most.
    """

    name: str
    printed: str
    value: Fraction | str
    low: Fraction
    mid: Fraction
    high: Fraction


def number_printed(value: object) -> str:
    """
    Return a number as it was printed; a float shows the shortest decimal that means it.

    Raises:
        NumberError: It is none; a decimal comma is told with the point to write.

    >>> number_printed("82.40"), number_printed(82.4)
    ('82.40', '82.4')
    """
    if isinstance(value, str) and _COMMA.fullmatch(value.strip()):
        point = value.strip().replace(",", ".")
        message = f"expected a number, not {shown(value)}; write {point!r}"
        raise NumberError("not-a-number", message, value=value)
    text = str(Exact(value))
    return text if places(text) else written(fraction(value))


@attrs.frozen(eq=False, slots=False)
class Composition:
    """
    Printed parts with what they make.

    Args:
        parts: The parts.
        reader: What tells what a text is worth as the part of a name.
        weights: What the worth 1 of each part adds to the total [points]; ``None`` where the
            total is not linear in the parts.
        whole: The total of worths by name where it is not.
        scale: What the weight 1 is worth [points].
        units: Whether the parts are units whose plain mean is taken.
    """

    parts: tuple[Part, ...]
    reader: "Reader"
    weights: Mapping[str, Fraction] | None
    whole: Callable[[Mapping[str, Fraction]], Fraction] | None = None
    scale: Fraction = Fraction(1)
    units: bool = False

    @cached_property
    def span(self) -> Span:
        """The total of the parts as they are."""
        return self.total({each.name: each for each in self.parts})

    def total(self, parts: Mapping[str, Part]) -> Span:
        """Return the total of some parts by name."""
        ends = []
        for end in ("low", "mid", "high"):
            worths = {name: getattr(each, end) for name, each in parts.items()}
            ends.append(self.exact(worths))
        return Span(*ends)

    def exact(self, worths: Mapping[str, Fraction]) -> Fraction:
        """Return the total of exact worths by name."""
        if self.weights is not None:
            return sum((self.weights[name] * worth for name, worth in worths.items()), Fraction(0))
        if self.whole is None:
            raise TypeError("a total that is not linear needs what makes it")
        return self.whole(worths)

    def replaced(self, span: Span, old: Part, new: Part) -> Span:
        """Return the total with one part in the place of another."""
        if self.weights is None:
            return self.total({each.name: new if each is old else each for each in self.parts})
        weight = self.weights[old.name]
        return Span(
            span.low + weight * (new.low - old.low),
            span.mid + weight * (new.mid - old.mid),
            span.high + weight * (new.high - old.high),
        )

    def slips(self, kind: str, part: Part) -> tuple[str, ...]:
        """Return what a part may have been before a slip of that kind, on its scale or not."""
        if not places(part.printed):
            return ()
        sizes = [size for size in (places(each.printed) for each in self.parts) if size]
        whole = max(self.reader.longest(part.name), *(before for before, _ in sizes))
        decimals = max(self.reader.full, *(after for _, after in sizes))
        return _slipped(kind, part.printed, whole, decimals)


def _slipped(kind: str, printed: str, whole: int, decimals: int) -> tuple[str, ...]:
    if kind == "digit-dropped":
        return undropped(printed, whole, decimals)
    return swapped(printed) if kind == "digits-swapped" else misprinted(printed)


@attrs.frozen(eq=False)
class Reader:
    """
    What printed texts are worth as parts.

    Args:
        scales: The scale of each part; empty where parts are totals themselves.
        top: The highest that a total may be, nothing where that is not known [points].
        full: The decimals with which a part was printed in full.
        rounded: Whether parts were rounded when they were printed: all, none, or, by ``None``,
            those with fewer decimals than ``full``.
    """

    scales: Mapping[str, Scale]
    top: Fraction | None
    full: int
    rounded: bool | None

    def part(self, name: str, text: str, *, beyond: bool = False) -> Part | None:
        """
        Return the part that a text is, nothing where it is on no scale.

        Args:
            beyond: Whether a number outside of its scale is worth what it would be if the
                scale went on; nothing where it could not.
        """
        number = number_in(text)
        value = text if number is None else number
        mid = self._worth(name, value) if not beyond else self._beyond(name, value)
        if mid is None:
            return None
        half = Fraction(0) if beyond or number is None else self.half(name, text)
        ends = [mid] if number is None else [mid, *self._ends(name, number, half)]
        return Part(name, text, value, min(ends), mid, max(ends))

    def _worth(self, name: str, value: Fraction | str) -> Fraction | None:
        scale = self.scales.get(name)
        if scale is not None:
            return None if scale.fault(value) else scale.share(value)
        inside = isinstance(value, Fraction) and value >= 0 and (self.top is None or value <= self.top)
        return Fraction(value) if inside else None

    def _beyond(self, name: str, value: Fraction | str) -> Fraction | None:
        scale = self.scales.get(name)
        if not isinstance(value, Fraction) or (scale is not None and scale.high is None):
            return None
        return value if scale is None or scale.high is None else Fraction(value / scale.high)

    def half(self, name: str, text: str) -> Fraction:
        """
        Return how far the number of a text may be from what it was before it was printed.
        """
        size, scale = places(text), self.scales.get(name)
        exact = scale is not None and (scale.of is not None or (bool(scale.options) and not scale.between))
        full = self.rounded is None and not self.scales and size is not None and size[1] >= self.full
        if size is None or exact or full or self.rounded is False:
            return Fraction(0)
        return Fraction(1, 2 * int(10 ** size[1]))

    def _ends(self, name: str, number: Fraction, half: Fraction) -> list[Fraction]:
        """Return the worth of a number at its ends, which do not leave its scale."""
        if not half:
            return []
        scale = self.scales.get(name)
        lowest, highest = (Fraction(0), self.top) if scale is None else scale.ends
        ends = [max(number - half, lowest), number + half if highest is None else min(number + half, highest)]
        return [worth for worth in (self._worth(name, end) for end in ends) if worth is not None]

    def parts(self, printed: Mapping[str, str]) -> tuple[Part, ...]:
        """
        Return the parts of texts by name.

        Raises:
            AnswerError: Parts that fit no reading.
        """
        found, problems = [], []
        for name, text in printed.items():
            part = self.part(name, text)
            slipped = part is None and any(self.part(name, each) for each in self._slips(text))
            if slipped:
                part = self.part(name, text, beyond=True)
            if part is None:
                problems.append(
                    Problem("outside-scale", self._outside(name, text, slipped=slipped), f"part {name!r}")
                )
            else:
                found.append(part)
        if problems:
            raise AnswerError.of("reconcile", problems, shown=10)
        return tuple(found)

    def longest(self, name: str) -> int:
        """
        Return how many digits the highest number of a part has before the point, 0 where that is not known.
        """
        scale = self.scales.get(name)
        highest = self.top if scale is None else scale.high
        return 0 if highest is None else len(str(int(highest)))

    def straight(self, name: str) -> tuple[Fraction, Fraction, Fraction | None] | None:
        """
        Return what the number 1 is worth as a part, and the ends of its scale, where that is a range.
        """
        scale = self.scales.get(name)
        if scale is None:
            return Fraction(1), Fraction(0), self.top
        if scale.low is None or scale.high is None:
            return None
        return 1 / Fraction(scale.high), scale.low, scale.high

    def _slips(self, text: str) -> tuple[str, ...]:
        if not places(text):
            return ()
        return (*swapped(text), *misprinted(text), *undropped(text, 2, 2))

    def _outside(self, name: str, text: str, *, slipped: bool) -> str:
        scale = self.scales.get(name)
        if scale is not None:
            fault = scale.fault(number_in(text) or text)
            found = "" if fault is None else fault.message
        else:
            reach = "from 0 on" if self.top is None else f"0 to {written(self.top)}"
            found = f"{text} is outside {reach}"
        return found if slipped else f"{found}; nor is there a number on it of which this could be a misprint"


def read_texts(named: Mapping[str, object], *, options: bool) -> dict[str, str]:
    """
    Return parts as they were printed, by name.

    Args:
        options: Whether texts that are no numbers may be codes of options.

    Raises:
        AnswerError: Parts that are no numbers; all are told.
    """
    found, problems = {}, []
    for name, value in named.items():
        try:
            found[name] = number_printed(value)
        except NumberError as error:
            if options and isinstance(value, str) and not _COMMA.fullmatch(value.strip()):
                found[name] = value
            else:
                problems.append(Problem(error.code, str(error), f"part {name!r}"))
    if problems:
        raise AnswerError.of("reconcile", problems, shown=10)
    return found


def mean_of_units(
    named: Mapping[str, object], *, top: Fraction | None, decimals: int, rounded: bool | None
) -> Composition:
    """
    Return the plain mean of units.

    Raises:
        AnswerError: Units that are no numbers, or fit no reading.
    """
    reader = Reader({}, top, decimals, rounded)
    parts = reader.parts(read_texts(named, options=False))
    return Composition(parts, reader, dict.fromkeys(named, Fraction(1, len(named))), units=True)


def weighted(
    named: Mapping[str, object], weights: Sequence[object], *, times: Fraction, rounded: bool | None
) -> Composition:
    """
    Return the sum of weight x part, times a number.

    Raises:
        AnswerError: Parts or weights that are no numbers, or not as many weights as parts; weights
            below 0 or all 0, or times that are not above it.
    """
    if len(weights) != len(named):
        message = f"there are {len(weights)} weights for {len(named)} parts"
        raise AnswerError.of("reconcile", [Problem("weights", message, "weights")])
    printed = read_texts(dict(zip(named, weights, strict=True)), options=False)
    reader = Reader({}, None, 0, rounded is None or rounded)
    parts = reader.parts(read_texts(named, options=False))
    stated = {name: times * fraction(text) for name, text in printed.items()}
    if times <= 0:
        message = f"times is a number above 0, not {written(times)}"
        raise AnswerError.of("reconcile", [Problem("times", message, "times")])
    if min(stated.values()) < 0 or not any(stated.values()):
        message = f"weights are numbers from 0 on, and not all 0, not {', '.join(printed.values())}"
        raise AnswerError.of("reconcile", [Problem("weights", message, "weights")])
    return Composition(parts, reader, stated, scale=times)


def of_answers(instrument: Instrument, named: Mapping[str, object], *, rounded: bool | None) -> Composition:
    """
    Return the total of the answers to an instrument, those that are lacking by its policies.

    Raises:
        AnswerError: Codes that the instrument does not have, answers that fit no reading.
    """
    codes = {name: each.code for each in instrument.indicators for name in (each.code, *each.aliases)}
    problems = [
        Problem(
            "unknown-criterion", f"there is no indicator {name!r}{nearest(name, codes)}", f"part {name!r}"
        )
        for name in named
        if name not in codes
    ]
    twice = [code for code, count in Counter(codes.get(name) for name in named).items() if code and count > 1]
    for code in twice:
        message = f"{instrument.id} has answers to {code!r} twice"
        problems.append(Problem("duplicate-code", message, f"part {code!r}"))
    if problems:
        raise AnswerError.of(instrument.id, problems, shown=10)
    scored = set(instrument.tree.leaves[ROOT])
    given = {codes[name]: value for name, value in named.items() if codes[name] in scored}
    scales = {code: instrument.tree.indicator(code).scale for code in given}
    reader = Reader(scales, None, 0, rounded is None or rounded)
    parts = reader.parts(read_texts(given, options=True))
    tree, maximum = instrument.tree, Fraction(instrument.maximum)
    lacking = _lacking(instrument, set(given))

    def whole(worths: Mapping[str, Fraction]) -> Fraction:
        return maximum * (tree.shares({**lacking, **worths})[ROOT] or Fraction(0))

    linear = not instrument.rounding_stages and all(group.rule.linear for group in tree.groups)
    if not linear or any(lacking.values()):
        return Composition(parts, reader, None, whole)
    there = tree.shares({**lacking, **{each.name: each.mid for each in parts}})
    left = tree.weights_left(there)
    return Composition(
        parts, reader, {each.name: maximum * (left[each.name] or 0) for each in parts}, whole, maximum
    )


def _lacking(instrument: Instrument, given: set[str]) -> dict[str, Fraction | None]:
    """Return the shares of what was not given, ``None`` for what is left out or refused."""
    tree = instrument.tree
    return {code: missing_share(tree, code) for code in tree.leaves[ROOT] if code not in given}
