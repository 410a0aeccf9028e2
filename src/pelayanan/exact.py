"""
Exact numbers: decimal text to fractions, and rounding to the published grid.
"""

import math
import re
from decimal import Context, Decimal
from fractions import Fraction
from typing import Any, Self

import attrs
import numpy as np
import numpy.typing as npt

from pelayanan.errors import NumberError, check_kind
from pelayanan.value import Value

__all__ = [
    "MODES",
    "Exact",
    "Rounding",
    "decimal",
    "float_above",
    "float_at_least",
    "fraction",
    "nearest_whole",
]

MODES = ("half_up", "half_even", "down")
_DIGITS = 30
_EXPONENT = 20
_LARGEST = 10**300
_LONGEST_TEXT = 3000
_SIZES = (Fraction(1, 10**50), Fraction(10**50))
_DECIMAL = re.compile(r"[+-]?([0-9]+)(?:\.([0-9]+))?(?:[eE]([+-]?[0-9]+))?")
_QUOTIENT = re.compile(r"([+-]?[0-9]+)/([0-9]+)")
_CONTEXT = Context(prec=28)

Floats = npt.NDArray[np.float64]


def fraction(value: object) -> Fraction:
    """
    Return the number that is meant, exactly.

    A float means the shortest decimal of its own type: ``86.62`` is 86.62, also as
    ``numpy.float32``. Text is a decimal with a point or a fraction such as ``"1/9"``.

    Raises:
        NumberError: Not a number, or not finite; text, a ``Decimal`` or an integer of more
            than 30 digits or an exponent of more than 20. ``True`` and ``False`` are not
            numbers.

    >>> fraction("21.85"), fraction(0.1), fraction("1/9")
    (Fraction(437, 20), Fraction(1, 10), Fraction(1, 9))
    """
    if isinstance(value, Fraction):
        if abs(value) >= _LARGEST:
            raise _too_long("a fraction of more than 300 digits before the point")
        return value
    if isinstance(value, bool | np.bool_):
        raise NumberError("not-a-number", f"expected a number, not {value!r}", value=value)
    if isinstance(value, int | np.integer):
        number = int(value)
        if abs(number) >= 10**_DIGITS:
            raise _too_long(f"a whole number of more than {_DIGITS} digits")
        return Fraction(number)
    if isinstance(value, str):
        return _of_text(value.strip())
    if isinstance(value, float | np.floating | Decimal):
        if not (value.is_finite() if isinstance(value, Decimal) else np.isfinite(value)):
            raise NumberError("not-finite", f"expected a finite number, not {value}", value=value)
        if isinstance(value, Decimal):
            return _of_text(str(value))
        return Fraction(repr(float(value)) if isinstance(value, float) else str(value))
    raise NumberError("not-a-number", f"expected a number, not {shown(value)}", value=value)


def _exactly(number: object) -> Fraction:
    """Return a number as a fraction; a float means the decimal that it shows."""
    return number if isinstance(number, Fraction) else fraction(number)


def number_in(text: str) -> Fraction | None:
    """
    Return the number that a text is, nothing where it is none.

    >>> number_in("0.5"), number_in("NA")
    (Fraction(1, 2), None)
    """
    try:
        return fraction(text)
    except NumberError:
        return None


def _of_text(text: str) -> Fraction:
    quotient = _QUOTIENT.fullmatch(text)
    if quotient:
        above, below = quotient.groups()
        _check_digits(text, above.lstrip("+-"))
        _check_digits(text, below)
        if int(below) == 0:
            raise NumberError("not-a-number", f"{text!r} divides by zero", value=text)
        return Fraction(int(above), int(below))
    match = _DECIMAL.fullmatch(text)
    if match is None:
        raise NumberError("not-a-number", f"expected a number, not {shown(text)}", value=text)
    whole, part, exponent = match.groups()
    _check_digits(text, whole + (part or ""))
    if exponent and (len(exponent) > 4 or abs(int(exponent)) > _EXPONENT):
        raise _too_long(f"an exponent of more than {_EXPONENT} in {shown(text)}")
    return Fraction(text)


def _check_digits(text: str, digits: str) -> None:
    if len(digits) > _DIGITS:
        raise _too_long(f"more than {_DIGITS} digits in {shown(text)}")


def _too_long(found: str) -> NumberError:
    return NumberError("too-many-digits", f"expected a shorter number, found {found}", found=found)


def shown(value: object) -> str:
    """
    Return a value as messages show it: at most 60 characters, and those of any number.

    >>> shown("1,5"), shown(10**5000)
    ("'1,5'", 'a value of too many digits to show')
    """
    try:
        text = repr(value)
    except ValueError:
        return "a value of too many digits to show"
    return text if len(text) <= 60 else f"{text[:57]}..."


class Exact(Fraction):
    """
    A fraction that remembers how it was printed.

    It is equal to every number of the same value; ``str`` gives it back as it was read.

    >>> Exact("0.50") == Exact("1/2") == Fraction(1, 2), str(Exact("0.50"))
    (True, '0.50')
    """

    __slots__ = ("printed",)
    printed: str

    def __new__(cls, value: object) -> Self:
        number = fraction(value)
        if number and not _SIZES[0] <= abs(number) <= _SIZES[1]:
            raise _too_long(f"{shown(value)}, which is not between 1e-50 and 1e50 in size")
        self = super().__new__(cls, number)
        if isinstance(value, str | Exact):
            self.printed = str(value).strip()
        elif isinstance(value, Decimal):
            plain = format(value, "f")
            self.printed = plain if sum(map(str.isdigit, plain)) <= _DIGITS else str(value)
        else:
            self.printed = written(number)
        return self

    @classmethod
    def from_float(cls, f: float) -> Fraction:  # type: ignore[override]  # a float was not printed
        """
        Return the number that a float is, which was not printed; comparing with floats needs it.
        """
        return Fraction.from_float(f)

    def __str__(self) -> str:
        return self.printed

    def __repr__(self) -> str:
        return f"Exact({self.printed!r})"

    def __reduce__(self) -> tuple[Any, ...]:
        return _reprinted, (type(self), Fraction(self), self.printed)

    def __copy__(self) -> Self:
        return self

    def __deepcopy__(self, memo: Any) -> Self:
        return self


def _reprinted(kind: type[Exact], number: Fraction, printed: str) -> Exact:
    made = kind(number)
    made.printed = printed
    return made


def exact_or_none(value: object) -> Exact | None:
    """
    Return the number as it was printed, nothing for nothing.
    """
    return None if value is None else Exact(value)


def written(number: Fraction) -> str:
    """
    Return the shortest exact text: a decimal where there is one, else a fraction.

    A fraction of more than 3,000 bits is only told about.

    >>> written(Fraction(437, 20)), written(Fraction(1, 9)), written(Fraction(-1, 8))
    ('21.85', '1/9', '-0.125')
    """
    if max(number.numerator.bit_length(), number.denominator.bit_length()) > _LONGEST_TEXT:
        return f"about {_float(number)}"
    rest, twos, fives = number.denominator, 0, 0
    while rest % 2 == 0:
        rest, twos = rest // 2, twos + 1
    while rest % 5 == 0:
        rest, fives = rest // 5, fives + 1
    if rest != 1:
        return f"{number.numerator}/{number.denominator}"
    places = max(twos, fives)
    digits = str(abs(number.numerator) * 10**places // number.denominator).rjust(places + 1, "0")
    sign = "-" if number < 0 else ""
    return sign + (f"{digits[:-places]}.{digits[-places:]}" if places else digits)


def _float(number: Fraction) -> str:
    try:
        return repr(float(number))
    except OverflowError:
        size = math.log10(abs(number.numerator)) - math.log10(number.denominator)
        return f"{'-' if number < 0 else ''}1e{round(size)}"


def decimal(number: Fraction, rounding: "Rounding | None") -> Decimal:
    """
    Return a number that was rounded as a ``Decimal`` with all its printed places.

    Without rounding it is exact where a decimal of 28 digits can be.

    >>> decimal(Fraction(79), Rounding(2))
    Decimal('79.00')
    """
    number = _exactly(number)
    check_kind("rounding", rounding, Rounding | None, "a Rounding or None")
    if rounding is None:
        return _CONTEXT.divide(Decimal(number.numerator), Decimal(number.denominator))
    return Decimal(f"{rounding.steps(number)}e-{rounding.decimals}")


def float_at_least(bound: Fraction) -> float:
    """
    Return the smallest float whose shortest decimal is not below ``bound``.

    A float compared with it is on the same side as the decimal that it shows.

    >>> float_at_least(Fraction(1, 3)), 0.3333333333333333 < float_at_least(Fraction(1, 3))
    (0.33333333333333337, True)
    """
    bound = _exactly(bound)
    number = float(bound)
    return number if fraction(number) >= bound else math.nextafter(number, math.inf)


def float_above(bound: Fraction) -> float:
    """
    Return the smallest float whose shortest decimal is above ``bound``.
    """
    bound = _exactly(bound)
    number = float_at_least(bound)
    return math.nextafter(number, math.inf) if fraction(number) == bound else number


def nearest_whole(number: Fraction, mode: str) -> int:
    """
    Return the whole number that a number is rounded to.

    >>> [nearest_whole(Fraction(5, 2), mode) for mode in MODES]
    [3, 2, 2]
    """
    number = _exactly(number)
    size = abs(number)
    whole = math.floor(size)
    beyond = size - whole - Fraction(1, 2)
    up = mode != "down" and (beyond > 0 or (beyond == 0 and (mode == "half_up" or whole % 2 == 1)))
    return -(whole + up) if number < 0 else whole + up


def _check_mode(_: Any, __: Any, mode: str) -> None:
    if not isinstance(mode, str) or mode not in MODES:
        known = ", ".join(repr(each) for each in MODES)
        raise NumberError("rounding-mode", f"expected a mode of {known}, not {mode!r}", mode=mode)


def _check_decimals(_: Any, __: Any, decimals: int) -> None:
    if isinstance(decimals, bool) or not isinstance(decimals, int) or not 0 <= decimals <= 10:
        message = f"expected 0 to 10 decimals, not {decimals!r}"
        raise NumberError("rounding-decimals", message, decimals=decimals)


@attrs.frozen
class Rounding(Value):
    """
    Rounding to decimals.

    ``half_up`` rounds a tie away from zero, ``half_even`` to the even digit, ``down``
    cuts towards zero.

    >>> Rounding(2).of(Fraction("95.325")), Rounding(2, "half_even").of(Fraction("95.325"))
    (Fraction(9533, 100), Fraction(2383, 25))
    """

    decimals: int = attrs.field(validator=_check_decimals)
    mode: str = attrs.field(default="half_up", validator=_check_mode)

    @property
    def scale(self) -> int:
        """How many steps of the grid make one point."""
        return int(10**self.decimals)

    def steps(self, number: Fraction) -> int:
        """
        Return the rounded number in steps of the last decimal.

        Raises:
            NumberError: No number.
        """
        return nearest_whole(_exactly(number) * self.scale, self.mode)

    def of(self, number: Fraction) -> Fraction:
        """
        Return the rounded number.
        """
        return Fraction(self.steps(number), self.scale)

    def turns(self, number: Fraction) -> set[Fraction]:
        """
        Return where rounded numbers pass from below a number to it, and from it to above.
        """
        step = _exactly(number) * self.scale // 1
        shift = Fraction(0) if self.mode == "down" else Fraction(1, 2)
        return {(Fraction(step + each) - shift) / self.scale for each in (0, 1)}

    def entry(self, number: Fraction) -> tuple[Fraction, bool]:
        """
        Return where numbers begin to be rounded to at least this one, and whether only beyond it.

        >>> Rounding(0).entry(Fraction(3)), Rounding(0, "half_even").entry(Fraction(3))
        ((Fraction(5, 2), False), (Fraction(5, 2), True))
        """
        number = _exactly(number)
        shift = Fraction(0) if self.mode == "down" else Fraction(1, 2)
        turn = (math.ceil(number * self.scale) - shift) / self.scale
        return turn, self.of(turn) < number

    def cell(self, published: Fraction) -> tuple[Fraction, Fraction]:
        """
        Return the ends of the numbers from 0 on that are rounded to a published one.

        Which of the ends belong to them depends on the mode; `of` tells.
        """
        published = _exactly(published)
        if self.mode == "down":
            return published, published + Fraction(1, self.scale)
        half = Fraction(1, 2 * self.scale)
        return published - half, published + half


def rounded_steps(scaled: Floats, mode: str) -> tuple[Floats, Floats]:
    """
    Round non-negative floats on the grid and say how near each is to where it would turn.

    Args:
        scaled: Numbers of any shape in steps of the last decimal [-]. NaN stays NaN.

    Returns:
        The whole steps, which hold where it does not lie at a turning point, and the distance
        to the nearest one, both of that shape [steps].
    """
    if mode == "down":
        steps = np.floor(scaled)
        return steps, np.abs(scaled - np.rint(scaled))
    steps = np.rint(scaled)
    beside = scaled - steps
    np.abs(beside, out=beside)
    return steps, np.subtract(0.5, beside, out=beside)


def turning_points(scaled: Floats, mode: str) -> Floats:
    """
    Return twice the turning point that is nearest to each number below 2**52 [half steps].
    """
    return 2 * np.rint(scaled) if mode == "down" else 2 * np.floor(scaled) + 1


def settled_steps(doubled: Floats, sign: npt.NDArray[np.int8], mode: str) -> Floats:
    """
    Return the rounded steps of numbers that lie below (-1), on (0) or above (1) a turning point.

    Args:
        doubled: shape ``(n,)``, from `turning_points`.
        sign: shape ``(n,)``, the side on which the exact number lies.
    """
    if mode == "down":
        cut: Floats = doubled / 2 - (sign < 0)
        return cut
    base = (doubled - 1) / 2
    tie = sign == 0 if mode == "half_up" else (sign == 0) & (base % 2 == 1)
    steps: Floats = base + ((sign > 0) | tie)
    return steps
