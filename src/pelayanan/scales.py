"""
Scales: what an indicator may be answered with, and what each answer is worth.
"""

import itertools
import math
from collections.abc import Iterable
from fractions import Fraction
from functools import cached_property
from typing import Any

import attrs

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
from pelayanan.exact import Exact, exact_or_none, fraction, number_in, written
from pelayanan.mapping import FrozenMapping, Text
from pelayanan.piecewise import Line, Pieces, of_members, of_points, of_steps
from pelayanan.provenance import Standings, as_codes, as_standings, as_text
from pelayanan.value import Value

__all__ = ["Line", "Option", "Pieces", "Scale"]

_PAIRS = "pairs of answer and share"


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
    def kernel(self) -> Line | Pieces | None:
        """How number columns are read; nothing where no number is an answer."""
        if self.steps:
            return of_steps(self.steps)
        if self.options and not self.between:
            return of_members([(number, share) for number, share in self._numbered() if share is not None])
        return of_points(self._line, whole=self.of is not None)


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
