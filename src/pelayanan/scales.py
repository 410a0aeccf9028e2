"""
Scales: what an indicator may be answered with, and what each answer is worth.
"""

import itertools
import math
import sys
from collections.abc import Iterable
from fractions import Fraction
from functools import cached_property
from typing import Any

import attrs
import numpy as np
import numpy.typing as npt

from pelayanan.errors import (
    AnswerError,
    InstrumentError,
    KindError,
    Problem,
    a_flag,
    a_text,
    in_order,
    members_of,
    nearest,
)
from pelayanan.exact import Exact, exact_or_none, float_above, float_at_least, fraction, number_in, written
from pelayanan.mapping import FrozenMapping, Text
from pelayanan.provenance import Standings, as_codes, as_standings, as_text
from pelayanan.value import Value

__all__ = ["Line", "Option", "Pieces", "Scale"]

_PAIRS = "pairs of answer and share"

Floats = npt.NDArray[np.float64]


def _options(value: Iterable["Option"]) -> tuple["Option", ...]:
    return members_of("options", value, Option, "Options")


def _pairs(value: Iterable[tuple[Any, Any]]) -> tuple[tuple[Exact, Exact], ...]:
    listed = in_order("a list of anchors or steps", value, _PAIRS)
    for pair in listed:
        if not isinstance(pair, tuple | list) or len(pair) != 2:
            raise KindError.of("a list of anchors or steps", _PAIRS, pair)
    return tuple((Exact(answer), Exact(share)) for answer, share in listed)


@attrs.frozen
class Option(Value):
    """
    One answer of a scale, with what it is worth.

    Args:
        code: What stands in the answers, 1 to 40 characters.
        share: Its worth as a part of 1; without one the option is known, but
            choosing it is an error.
        label: Text by language.
    """

    code: str = attrs.field(validator=a_text)
    share: Exact | None = attrs.field(default=None, converter=exact_or_none)
    label: Text = attrs.field(default=FrozenMapping(), converter=as_text)

    @property
    def number(self) -> Fraction | None:
        """The number that the code is, if it is one."""
        return number_in(self.code)


@attrs.frozen
class Line:
    """
    A numeric scale whose share is the answer times a slope: arrays in, arrays out.

    Args:
        lowest, highest: The valid answers, as floats that compare like decimals do.
        slope: [share / answer]
        whole: Whether only whole numbers are answers.
    """

    lowest: float
    highest: float
    slope: Fraction
    whole: bool


@attrs.frozen(eq=False, repr=False)
class Pieces:
    """
    A numeric scale of straight pieces: arrays in, arrays out.

    Args:
        starts: shape ``(k,)``, the answer from which each piece counts, rising.
        intercepts, slopes: shape ``(k,)``, the share is intercept + slope x answer.
        exact: The same two as whole numbers over ``denominator``, each of shape ``(k,)``;
            ``None`` where they have more than 53 bits.
        members: Whether the starts are the only valid answers.
        error: How far the float shares may be from the exact ones [2**-53].
    """

    lowest: float
    highest: float
    whole: bool
    members: bool
    starts: Floats
    intercepts: Floats
    slopes: Floats
    exact: tuple[Floats, Floats] | None
    denominator: int
    error: float

    def _piece(self, answers: Floats) -> npt.NDArray[np.intp]:
        return np.maximum(np.searchsorted(self.starts, answers, side="right") - 1, 0)

    def valid(self, answers: Floats) -> npt.NDArray[np.bool_]:
        """
        Return which answers, shape ``(n,)``, are on the scale. NaN is not.
        """
        found = (answers >= self.lowest) & (answers <= self.highest)
        if self.whole:
            found &= np.rint(answers) == answers
        if self.members:
            found &= self.starts[self._piece(answers)] == answers
        return found

    def shares(self, answers: Floats) -> Floats:
        """
        Return the shares of valid answers, shape ``(n,)``; NaN stays NaN.
        """
        piece = self._piece(answers)
        return self.intercepts[piece] + self.slopes[piece] * answers

    def numerators(self, steps: Floats, scale: int) -> Floats:
        """
        Return the shares of the answers ``steps / scale`` in parts of ``denominator * scale``.

        Whole numbers in, whole numbers out, exact while they stay below 2**53. Where
        the scale itself has longer numbers, ``exact`` is ``None`` and there are none.
        """
        piece = self._piece(steps / scale)
        intercepts, slopes = self.exact or (self.intercepts, self.slopes)
        return intercepts[piece] * scale + slopes[piece] * steps


_FORMS = ("options", "range", "count", "anchors", "steps")


@attrs.frozen(slots=False)
class Scale(Value):
    """
    What an indicator may be answered with, in exactly one of five forms.

    Args:
        options: Named answers, each with its share.
        between: Whether means of numeric options are admitted; the share of a mean
            lies on the straight line between its neighbours.
        low, high: A range; the share is answer / high, so that 1 to 4 starts at 1/4.
        of, full: A count of present items out of ``of``, of which ``full`` are the most.
        anchors: Pairs of answer and share, linear in between; falling is fine.
        steps: Pairs of answer and share; each share counts from its answer on.
        code: The name of the scale in its file.

    Raises:
        InstrumentError: More than one form, none, or one that is not sound.

    >>> Scale(low=1, high=4).share(1), Scale(of=10, full=5).share(7)
    (Fraction(1, 4), Fraction(1, 1))
    >>> Scale(anchors=[(5, 1), (30, 0)]).share("17.5")
    Fraction(1, 2)
    """

    options: tuple[Option, ...] = attrs.field(default=(), converter=_options)
    between: bool = attrs.field(default=False, validator=a_flag)
    low: Exact | None = attrs.field(default=None, converter=exact_or_none)
    high: Exact | None = attrs.field(default=None, converter=exact_or_none)
    of: Exact | None = attrs.field(default=None, converter=exact_or_none)
    full: Exact | None = attrs.field(default=None, converter=exact_or_none)
    anchors: tuple[tuple[Exact, Exact], ...] = attrs.field(default=(), converter=_pairs)
    steps: tuple[tuple[Exact, Exact], ...] = attrs.field(default=(), converter=_pairs)
    code: str = attrs.field(default="", validator=a_text)
    source: tuple[str, ...] = attrs.field(default=(), converter=as_codes)
    standing: Standings = attrs.field(default=FrozenMapping(), converter=as_standings)
    disputed: str = attrs.field(default="", validator=a_text)

    def __attrs_post_init__(self) -> None:
        problems = list(self._problems())
        if problems:
            raise InstrumentError.of(f"scale {self.code!r}" if self.code else "scale", problems)

    @property
    def form(self) -> str:
        """Which of the five forms the scale has."""
        return next(name for name, given in self._forms() if given)

    def _forms(self) -> list[tuple[str, bool]]:
        ranged = self.low is not None or self.high is not None
        counted = self.of is not None or self.full is not None
        given = (bool(self.options), ranged, counted, bool(self.anchors), bool(self.steps))
        return list(zip(_FORMS, given, strict=True))

    def _problems(self) -> Iterable[Problem]:
        given = [name for name, is_given in self._forms() if is_given]
        if len(given) != 1:
            found = " and ".join(given) or "none"
            message = f"a scale has exactly one of {', '.join(_FORMS)}; found {found}"
            yield Problem("scale-form", message, "")
            return
        yield from getattr(self, f"_{given[0]}_problems")()
        if self.between and any(option.number is None or option.share is None for option in self.options):
            yield Problem("scale-between", "between needs numeric options that all have a share", "between")
        if self.between and len(self.options) < 2:
            yield Problem("scale-between", "between needs two options or more", "between")

    def _options_problems(self) -> Iterable[Problem]:
        seen: set[object] = set()
        for index, option in enumerate(self.options):
            place = f"options[{index}]"
            if not 1 <= len(option.code) <= 40:
                message = f"a code has 1 to 40 characters, not {len(option.code)}"
                yield Problem("code", message, f"{place}.code")
            key = option.code if option.number is None else option.number
            if key in seen:
                yield Problem("duplicate-code", f"the option {option.code!r} is there twice", place)
            seen.add(key)
            if option.share is not None:
                yield from _share_problem(option.share, f"{place}.share")
        if all(option.share is None for option in self.options):
            yield Problem("scale-share", "no option has a share", "options")

    def _range_problems(self) -> Iterable[Problem]:
        if self.low is None or self.high is None:
            yield Problem("scale-range", "a range has a low and a high end", "range")
        elif not 0 <= self.low < self.high:
            message = f"a range has 0 <= low < high, not {self.low} and {self.high}"
            yield Problem("scale-range", message, "range")

    def _count_problems(self) -> Iterable[Problem]:
        if self.of is None or self.full is None:
            yield Problem("scale-count", "a count says of how many, and how many are full", "count")
        elif self.of.denominator != 1 or self.full.denominator != 1 or not 1 <= self.full <= self.of:
            message = f"a count has whole numbers with 1 <= full <= of, not {self.full} and {self.of}"
            yield Problem("scale-count", message, "count")

    def _anchors_problems(self) -> Iterable[Problem]:
        if len(self.anchors) < 2:
            yield Problem("scale-anchors", "anchors need two pairs or more", "anchors")
        yield from _pairs_problems(self.anchors, "anchors")

    def _steps_problems(self) -> Iterable[Problem]:
        yield from _pairs_problems(self.steps, "steps")

    @cached_property
    def _shares(self) -> dict[object, Option]:
        named: dict[object, Option] = {option.code: option for option in self.options}
        numbered = {option.number: option for option in self.options if option.number is not None}
        return named | numbered

    @cached_property
    def _line(self) -> tuple[tuple[Fraction, Fraction], ...]:
        """The pairs of answer and share between which the share is linear, rising."""
        if self.low is not None and self.high is not None:
            return ((self.low, self.low / self.high), (self.high, Fraction(1)))
        if self.of is not None and self.full is not None:
            pairs = [(Fraction(0), Fraction(0)), (Fraction(self.full), Fraction(1))]
            return (*pairs, (Fraction(self.of), Fraction(1))) if self.full < self.of else tuple(pairs)
        if self.between:
            pairs = [(number, share) for number, share in self._numbered() if share is not None]
            return tuple(sorted(pairs))
        return self.anchors

    def _numbered(self) -> list[tuple[Fraction, Fraction | None]]:
        return [(option.number, option.share) for option in self.options if option.number is not None]

    def fault(self, answer: Fraction | str) -> Problem | None:
        """
        Return why an answer is not on the scale, with the nearest valid one; else nothing.

        >>> print(Scale(low=0, high=100).fault(Fraction(120)))
        the answer 120 is outside the scale 0 to 100; the nearest valid answer is 100
        """
        answer = answer if isinstance(answer, str | Fraction) else fraction(answer)
        shown = repr(answer) if isinstance(answer, str) else written(answer)
        if self.options and not self.between:
            option = self._option(answer)
            if option is None:
                valid = [each.code for each in self.options if each.share is not None]
                hint = self._nearest(answer, valid)
                return Problem("outside-scale", f"the answer {shown} is no option of the scale{hint}", "")
            if option.share is None:
                message = f"the option {option.code!r} has no share and cannot be scored"
                return Problem("option-unscored", message, "")
            return None
        number = _number(answer)
        if number is None:
            hint = _comma_hint(answer)
            return Problem("not-a-number", f"the answer {shown} is not a number{hint}", "")
        lowest, highest = self.ends
        if number < lowest or (highest is not None and number > highest):
            valid_one = written(lowest if number < lowest or highest is None else highest)
            bounds = (
                f"{written(lowest)} to {written(highest)}"
                if highest is not None
                else f"from {written(lowest)} on"
            )
            message = f"the answer {shown} is outside the scale {bounds}"
            return Problem("outside-scale", f"{message}; the nearest valid answer is {valid_one}", "")
        if self.of is not None and number.denominator != 1:
            message = f"the answer {shown} is not a whole number"
            hint = f"; the nearest valid answer is {math.floor(number + Fraction(1, 2))}"
            return Problem("outside-scale", message + hint, "")
        return None

    def knows(self, answer: str) -> bool:
        """
        Return whether an answer is on the scale, or an option of it that cannot be scored.

        >>> Scale(low=1, high=4).knows("3"), Scale(low=1, high=4).knows("9")
        (True, False)
        """
        found = self.fault(answer)
        return found is None or found.code == "option-unscored"

    def _option(self, answer: Fraction | str) -> Option | None:
        found = self._shares.get(answer)
        if found is None and isinstance(answer, str):
            number = _number(answer)
            return None if number is None else self._shares.get(number)
        return found

    def _nearest(self, answer: Fraction | str, valid: list[str]) -> str:
        number = _number(answer)
        numbered = [
            (abs(option.number - number), option.code)
            for option in self.options
            if number is not None and option.number is not None and option.share is not None
        ]
        if numbered:
            return f"; the nearest valid answer is {min(numbered)[1]!r}"
        return nearest(answer, valid)

    @property
    def ends(self) -> tuple[Fraction, Fraction | None]:
        """The lowest and the highest valid number; steps have no highest."""
        if self.steps:
            return self.steps[0][0], None
        return self._line[0][0], self._line[-1][0]

    def share(self, answer: object) -> Fraction:
        """
        Return what an answer is worth, exactly: the twin of the kernels.

        Raises:
            AnswerError: The answer is not on the scale; the nearest valid one is named.
        """
        given = answer if isinstance(answer, str) else fraction(answer)
        fault = self.fault(given)
        if fault is not None:
            raise AnswerError.of("answer", [fault])
        if self.options and not self.between:
            option = self._option(given)
            return Fraction(option.share if option and option.share is not None else 0)
        number = fraction(given)
        if self.steps:
            return Fraction([share for start, share in self.steps if number >= start][-1])
        pieces = itertools.pairwise(self._line)
        (low, at_low), (high, at_high) = next(piece for piece in pieces if number <= piece[1][0])
        return at_low + (number - low) * (at_high - at_low) / (high - low)

    @cached_property
    def best(self) -> Fraction:
        """The highest share that an answer can have."""
        return max(self._attainable)

    @cached_property
    def worst(self) -> Fraction:
        """The lowest share that an answer can have."""
        return min(self._attainable)

    @property
    def _attainable(self) -> list[Fraction]:
        if self.options:
            return [Fraction(option.share) for option in self.options if option.share is not None]
        return [Fraction(share) for _, share in self.steps or self._line]

    @cached_property
    def kernel(self) -> "Line | Pieces | None":
        """How number columns are read; nothing where no number is an answer."""
        if not self.options or self.between:
            return (
                self._linear_kernel()
                if not self.steps
                else self._pieces(
                    [(start, Fraction(share), Fraction(0)) for start, share in self.steps], members=False
                )
            )
        numbered = sorted(
            (number, share)
            for number, share in self._numbered()
            if share is not None and fraction(float(number)) == number
        )
        if not numbered:
            return None
        first, last = numbered[0][0], numbered[-1][0]
        slope = numbered[-1][1] / last if last else Fraction(0)
        rising = [(Fraction(first + step), slope * (first + step)) for step in range(len(numbered))]
        if first >= 0 and first.denominator == 1 and slope and numbered == rising:
            return Line(float(first), float(last), slope, whole=True)
        return self._pieces([(number, share, Fraction(0)) for number, share in numbered], members=True)

    def _linear_kernel(self) -> "Line | Pieces":
        line = self._line
        pieces = []
        for (low, at_low), (high, at_high) in itertools.pairwise(line):
            slope = (at_high - at_low) / (high - low)
            pieces.append((low, at_low - slope * low, slope))
        whole = self.of is not None
        if len(pieces) == 1 and pieces[0][1] == 0 and pieces[0][2] > 0 and line[0][0] >= 0:
            highest = _float_at_most(line[-1][0])
            return Line(float_at_least(line[0][0]), highest, pieces[0][2], whole)
        return self._pieces(pieces, members=False)

    def _pieces(self, pieces: list[tuple[Fraction, Fraction, Fraction]], *, members: bool) -> Pieces:
        lowest, highest = pieces[0][0], pieces[-1][0] if members else self.ends[1]
        denominator = math.lcm(*(number.denominator for _, *line in pieces for number in line))
        reach = max(abs(lowest), abs(highest or pieces[-1][0]))
        steep = max(abs(intercept) + abs(slope) * reach for _, intercept, slope in pieces)
        as_float = np.array([[float(number) for number in piece] for piece in pieces])
        whole = [[int(number * denominator) for number in line] for _, *line in pieces]
        short = max(abs(number) for line in whole for number in line) < 2**53
        exact = np.array(whole, dtype=np.float64).T if short else None
        return Pieces(
            lowest=float_at_least(lowest),
            highest=sys.float_info.max if highest is None else _float_at_most(highest),
            whole=self.of is not None,
            members=members,
            starts=np.array([float_at_least(start) for start, *_ in pieces]),
            intercepts=as_float[:, 1],
            slopes=as_float[:, 2],
            exact=None if exact is None else (exact[0], exact[1]),
            denominator=denominator,
            error=8.0 * float(steep) + 8.0,
        )


def _float_at_most(bound: Fraction) -> float:
    return math.nextafter(float_above(bound), -math.inf)


def _number(answer: Fraction | str) -> Fraction | None:
    return number_in(answer) if isinstance(answer, str) else fraction(answer)


def _comma_hint(answer: Fraction | str) -> str:
    if isinstance(answer, str) and answer.count(",") == 1:
        with_point = answer.replace(",", ".")
        if _number(with_point) is not None:
            return f"; write {with_point!r}, or read it with decimal=','"
    return ""


def _share_problem(share: Fraction, place: str) -> Iterable[Problem]:
    if not 0 <= share <= 1:
        yield Problem("scale-share", f"a share lies between 0 and 1, not at {share}", place)


def _pairs_problems(pairs: tuple[tuple[Exact, Exact], ...], place: str) -> Iterable[Problem]:
    for index, (answer, share) in enumerate(pairs):
        if index and answer <= pairs[index - 1][0]:
            message = f"answers rise; {answer} does not come after {pairs[index - 1][0]}"
            yield Problem("scale-order", message, f"{place}[{index}]")
        yield from _share_problem(share, f"{place}[{index}]")
