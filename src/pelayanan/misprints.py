"""
What a printed number may have been before a slip of the pen: digits swapped, misprinted or dropped.
"""

import itertools
import re

__all__ = ["misprinted", "places", "swapped", "undropped"]

_PLAIN = re.compile(r"[0-9]+(?:\.[0-9]+)?")
_DIGITS = "0123456789"


def places(printed: str) -> tuple[int, int] | None:
    """
    Return how many digits stand before and after the point; nothing where it is no plain decimal.

    >>> places("56.18"), places("100"), places("1/9")
    ((2, 2), (3, 0), None)
    """
    if not _PLAIN.fullmatch(printed):
        return None
    whole, _, part = printed.partition(".")
    return len(whole), len(part)


def swapped(printed: str) -> tuple[str, ...]:
    """
    Return the numbers of which two digits were swapped, neighbours first.

    >>> swapped("56.18")
    ('65.18', '51.68', '56.81', '16.58', '58.16', '86.15')
    """
    digits = [index for index, each in enumerate(printed) if each in _DIGITS]
    pairs = sorted(itertools.combinations(range(len(digits)), 2), key=lambda pair: pair[1] - pair[0])
    found = []
    for first, second in pairs:
        text = list(printed)
        one, other = digits[first], digits[second]
        text[one], text[other] = text[other], text[one]
        found.append("".join(text))
    return _sound(found, printed)


def misprinted(printed: str) -> tuple[str, ...]:
    """
    Return the numbers of which one digit was misprinted.

    >>> len(misprinted("56.18")), misprinted("7")[:3]
    (35, ('0', '1', '2'))
    """
    found = [
        printed[:index] + digit + printed[index + 1 :]
        for index, each in enumerate(printed)
        if each in _DIGITS
        for digit in _DIGITS
    ]
    return _sound(found, printed)


def undropped(printed: str, whole: int, decimals: int) -> tuple[str, ...]:
    """
    Return the numbers of which one digit was dropped, where fewer digits are there than should be.

    Args:
        whole: How many digits stand before the point of such numbers.
        decimals: And how many after it.

    >>> undropped("56.8", 2, 2)[:3], len(undropped("56.8", 2, 2)), undropped("56.80", 2, 2)
    (('56.08', '56.18', '56.28'), 18, ())
    """
    found = []
    before, _, after = printed.partition(".")
    if len(after) < decimals:
        for index in range(len(after) + 1):
            found += [f"{before}.{after[:index]}{digit}{after[index:]}" for digit in _DIGITS]
    if len(before) < whole:
        rest = f".{after}" if after else ""
        for index in range(len(before) + 1):
            found += [f"{before[:index]}{digit}{before[index:]}{rest}" for digit in _DIGITS]
    return _sound(found, f"{before}.{after}0" if after else f"{before}.0")


def _sound(found: list[str], printed: str) -> tuple[str, ...]:
    """Return each number once, without the one that was printed and without idle zeros in front."""
    distinct = dict.fromkeys(found)
    return tuple(
        each
        for each in distinct
        if each != printed and not (each.startswith("0") and each[1:2] not in ("", "."))
    )
