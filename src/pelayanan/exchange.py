"""
How numbers, answers and days stand in JSON, and how its text is read.
"""

import functools
import json
import re
from collections import Counter
from collections.abc import Iterable
from datetime import date
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from typing import Any, NewType

import cattrs
import numpy as np

from pelayanan.answers import MISSING, NOT_APPLICABLE, Mean, NoRespondents, mean_of
from pelayanan.errors import JsonError, NumberError, Problem, check_kind
from pelayanan.exact import Exact, fraction, shown, written
from pelayanan.wording import converter, kind_of

__all__ = [
    "Label",
    "cell_of",
    "cell_said",
    "day_of",
    "decimal_of",
    "exact_of",
    "exchanged",
    "exchanging",
    "formless",
    "label_of",
    "label_said",
    "labels_said",
    "number_of",
    "number_or_text",
    "number_said",
    "parsed",
]

_DEPTH = 20
_SHORT_BITS = 3000
_LONG_BITS = 10_000
_LONG = re.compile(r"-?[0-9]{1,4000}(?:\.[0-9]{1,4000}|/[0-9]{1,4000})?")
_HEX = re.compile(r"(-?0x[0-9a-f]+)/(0x[0-9a-f]+)")
_DECIMAL = re.compile(r"-?[0-9]{1,400}(?:\.[0-9]{1,400})?(?:E(?:-[0-9]{1,5}|\+[0-9]{1,3}))?")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def number_said(number: Fraction) -> str:
    """
    Return a number as text that is exactly the number: as printed, a decimal, or a quotient.

    A quotient of more than 3,000 digits is in hexadecimal, which any length can be read from.

    >>> number_said(Exact("0.50")), number_said(Fraction(1, 8)), number_said(Fraction(1, 9))
    ('0.50', '0.125', '1/9')
    """
    above, below = number.numerator, number.denominator
    longest = max(above.bit_length(), below.bit_length())
    if longest <= _SHORT_BITS:
        return number.printed if isinstance(number, Exact) else written(number)
    return f"{above}/{below}" if longest <= _LONG_BITS else f"{above:#x}/{below:#x}"


def number_of(value: object) -> Fraction:
    """
    Return the number that `number_said` gave this text of; a JSON number is one, too.

    Raises:
        NumberError: It is no number.
    """
    if not isinstance(value, str):
        return fraction(value)
    quotient = _HEX.fullmatch(value)
    try:
        if quotient:
            return Fraction(*(int(each, 16) for each in quotient.groups()))
        if _LONG.fullmatch(value):
            return Fraction(value)
    except ZeroDivisionError as error:
        raise NumberError("not-a-number", f"{value[:60]!r} divides by zero", value=value) from error
    return fraction(value)


def exact_of(value: object) -> Exact:
    """
    Return a number as it was printed, of any length that `number_said` gives.

    Raises:
        NumberError: It is no number, or not between 1e-50 and 1e50 in size.
    """
    try:
        return Exact(value)
    except NumberError:
        return Exact(number_of(value))


def cell_said(cell: Any) -> Any:
    """
    Return an answer as JSON: nothing for missing, a text for numbers and texts, else an object.

    A text that could be taken for a number says that it is a text, and a mean of respondents of
    how many it is.

    >>> [cell_said(each) for each in (Fraction(3, 2), "ya", "3", MISSING, NOT_APPLICABLE)]
    ['1.5', 'ya', {'text': '3'}, None, {'state': 'not applicable'}]

    Raises:
        TypeError: It is no answer.
    """
    if cell is MISSING:
        return None
    if cell is NOT_APPLICABLE:
        return {"state": cell.value}
    if isinstance(cell, Mean):
        return {"sum": number_said(cell.total), "count": cell.count}
    if isinstance(cell, Fraction):
        return number_said(cell)
    if isinstance(cell, str):
        return cell if _number_in(cell) is None else {"text": cell}
    if isinstance(cell, NoRespondents):
        return {"respondents": cell.count}
    raise TypeError(f"{shown(cell)} is neither a number nor a text")


def cell_of(value: Any) -> Any:
    """
    Return the answer that `cell_said` gave.

    Raises:
        TypeError: It is none.
    """
    if value is None:
        return MISSING
    if isinstance(value, str):
        number = _number_in(value)
        return value if number is None else number
    if isinstance(value, int | Decimal) and not isinstance(value, bool):
        return exact_of(value)
    if isinstance(value, dict) and set(value) == {"sum", "count"}:
        return _mean(value["sum"], value["count"])
    if isinstance(value, dict) and len(value) == 1:
        ((name, said),) = value.items()
        if name == "text" and isinstance(said, str):
            return said
        if name == "state" and said == NOT_APPLICABLE.value:
            return NOT_APPLICABLE
        if name == "respondents" and type(said) is int and said <= 0:
            return NoRespondents(said)
    raise TypeError(f"expected an answer, not {kind_of(value)}")


def _mean(total: Any, count: Any) -> Any:
    if type(count) is not int or count <= 0:
        raise TypeError("expected a number of respondents from 1 on")
    return mean_of(number_of(total), count)


def _number_in(text: str) -> Fraction | None:
    for read in (exact_of, number_of):
        try:
            return read(text)
        except NumberError:
            continue
    return None


def day_of(value: Any, _: Any = None) -> date:
    """
    Return the day of a text such as ``"2024-12-31"``.

    Raises:
        TypeError, ValueError: It is none.
    """
    if not isinstance(value, str):
        raise TypeError(f"expected a date, not {kind_of(value)}")
    if not _DAY.fullmatch(value):
        raise ValueError(f"expected a date such as '2024-12-31', not {value[:60]!r}")
    return date.fromisoformat(value)


def decimal_of(value: Any, _: Any = None) -> Decimal:
    """
    Return the decimal of a text such as ``"78.00"``, with its places.

    Raises:
        TypeError, NumberError: It is none.
    """
    if not isinstance(value, str):
        raise TypeError(f"expected a text, not {kind_of(value)}")
    if not _DECIMAL.fullmatch(value):
        fraction(value)
    if "/" in value:
        raise NumberError("not-a-number", f"expected a decimal, not {value!r}", value=value)
    return Decimal(value.strip())


Label = NewType("Label", object)


def formless(kind: str, message: str, place: str) -> JsonError:
    """
    Return the error of a value that has no JSON form.
    """
    return JsonError.of(kind, [Problem("no-json-form", message, place)])


def label_said(label: Any, place: str) -> Any:
    """
    Return the label of a unit or group as JSON: a text or a whole number.

    >>> label_said("Kupang", "units[0]"), label_said(7, "units[1]")
    ('Kupang', 7)

    Raises:
        JsonError: It is neither.
    """
    plain = label.item() if isinstance(label, np.generic) else label
    if type(plain) not in (str, int):
        kind = type(label).__name__
        raise formless("JSON", f"a label of a unit is a text or a whole number, not a {kind}", place)
    return plain


def labels_said(labels: Iterable[Any], name: str = "units") -> list[Any]:
    """
    Return labels as JSON; ``name`` is what they are called there.

    Raises:
        JsonError: One is neither a text nor a whole number.
    """
    listed = labels.tolist() if isinstance(labels, np.ndarray) else labels
    return [label_said(each, f"{name}[{row}]") for row, each in enumerate(listed)]


def label_of(value: Any, _: Any = None) -> Any:
    """
    Return the label that `label_said` gave.

    Raises:
        TypeError: It is none.
    """
    if type(value) not in (str, int):
        raise TypeError(f"expected a text or a whole number, not {kind_of(value)}")
    return value


def exchanging() -> cattrs.Converter:
    """
    Return what makes values of the tables of JSON, to which kinds of values can be added.
    """
    made = converter()
    made.register_structure_hook(date, day_of)
    made.register_structure_hook(Decimal, decimal_of)
    made.register_structure_hook(Fraction, lambda value, _: number_of(value))
    made.register_structure_hook(Exact, lambda value, _: exact_of(value))
    made.register_structure_hook_func(lambda kind: kind is Any or kind == str | Exact, number_or_text)
    return made


exchanged = functools.cache(exchanging)


def number_or_text(value: Any, _: Any = None) -> Fraction | str:
    """
    Return the answer that `cell_said` gave, of one that is a number or a text.

    Raises:
        TypeError: It is none, or a state.
    """
    found = cell_of(value)
    if not isinstance(found, Fraction | str):
        raise TypeError(f"expected a number or a text, not {kind_of(value)}")
    return found


def parsed(text: str) -> dict[str, Any]:
    """
    Return the object that a JSON text describes, its numbers exact.

    Raises:
        JsonError: It is no JSON, no object, says a key twice, or lies too deep.

    >>> parsed('{"weight": 21.85}')
    {'weight': Decimal('21.85')}
    """
    check_kind("text", text, str | bytes, "JSON text")
    try:
        found = json.loads(text, parse_float=_decimal, parse_constant=_no_number, object_pairs_hook=_distinct)
    except (ValueError, RecursionError) as error:
        raise JsonError.of("JSON", [Problem("not-json", f"this is not JSON: {error}", "")]) from error
    if not isinstance(found, dict):
        problem = Problem("not-json", f"expected an object, not {kind_of(found)}", "")
        raise JsonError.of("JSON", [problem])
    if _depth(found) > _DEPTH:
        problem = Problem("too-deep", f"brackets lie in each other at most {_DEPTH} times", "")
        raise JsonError.of("JSON", [problem])
    return found


def _decimal(text: str) -> Decimal:
    try:
        return Decimal(text)
    except InvalidOperation as error:
        raise ValueError(f"{text[:60]} has an exponent of too many digits") from error


def _no_number(text: str) -> Any:
    raise ValueError(f"{text} is not a number")


def _distinct(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        ((twice, _),) = Counter(name for name, _ in pairs).most_common(1)
        raise ValueError(f"the key {twice[:60]!r} is there twice")
    return found


def _depth(value: Any) -> int:
    """Return how many brackets lie in each other, at most one more than are admitted."""
    level, depth = [value], 0
    while level and depth <= _DEPTH:
        outer = [each for each in level if isinstance(each, dict | list)]
        depth += bool(outer)
        level = [inner for each in outer for inner in (each.values() if isinstance(each, dict) else each)]
    return depth
