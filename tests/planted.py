"""
Correct sets of parts and totals with one mistake planted in each, seeded.
"""

from collections.abc import Callable
from fractions import Fraction
from random import Random
from typing import Any

import pelayanan
from pelayanan import Rounding
from pelayanan.exact import decimal

SURVEY = pelayanan.load("skm-2017")
DIMENSIONS = pelayanan.load("ombudsman-2022").pruned(depth=1)
WEIGHTS = dict(
    zip(("input", "proses", "output", "pengaduan"), ("21.85", "32.37", "24.24", "21.54"), strict=True)
)
KINDS = ("digits-swapped", "digit-dropped", "part-missing", "weights")

Set = tuple[dict[str, str], str, dict[str, Any]]


def text(number: Fraction, places: int = 2) -> str:
    return str(decimal(number, Rounding(places)))


def between(random: Random, low: float, mean: float, spread: float, high: float, places: int = 2) -> str:
    return f"{min(high, max(low, random.gauss(mean, spread))):.{places}f}"


def correct(random: Random, form: str, weight: str = "1/9") -> Set:
    """Units of an institution, items of a survey, or dimensions, with the total that they have."""
    if form == "units":
        mean, spread = random.uniform(45, 92), random.uniform(2, 8)
        parts = {
            f"unit {each}": between(random, 10, mean, spread, 99.99) for each in range(random.randint(3, 10))
        }
        exact = sum(map(Fraction, parts.values()), Fraction(0)) / len(parts)
        return parts, text(exact), {}
    if form == "items":
        places = random.choice([3, 4])
        parts = {f"u{each}": between(random, 1, 3.5, 0.2, 4, places) for each in range(1, 10)}
        exact = sum(map(Fraction, parts.values()), Fraction(0)) * Fraction(weight) * 25
        return parts, text(exact), {"instrument": SURVEY}
    parts = {code: between(random, 1, 75, 12, 99.99) for code in WEIGHTS}
    exact = sum((Fraction(WEIGHTS[code]) * Fraction(each) for code, each in parts.items()), Fraction(0)) / 100
    return parts, text(exact), {"instrument": DIMENSIONS}


def swap(random: Random, printed: str) -> str:
    """Two neighbouring digits in each other's place, the same where there are none that differ."""
    digits = [place for place, each in enumerate(printed) if each != "."]
    found = []
    for one, other in zip(digits, digits[1:], strict=False):
        listed = list(printed)
        listed[one], listed[other] = listed[other], listed[one]
        found.append("".join(listed))
    return random.choice([each for each in found if not each.startswith("0")] or [printed])


def drop(random: Random, printed: str) -> str:
    """One digit less, the same where the number would be another kind of thing."""
    digits = [place for place, each in enumerate(printed) if each != "."]
    place = random.choice(digits)
    found = printed[:place] + printed[place + 1 :]
    return printed if found.startswith((".", "0")) else found


def planted(random: Random, kind: str) -> Set:
    """A set with a mistake of that kind in it."""
    if kind == "weights":
        return correct(random, "items", random.choice(["0.11", "0.111", "0.1111"]))
    parts, total, edition = correct(random, random.choice(["units", "items", "dimensions"]))
    if kind == "part-missing":
        parts, total, edition = correct(random, "units")
        del parts[random.choice(list(parts))]
        return parts, total, edition
    slip: Callable[[Random, str], str] = swap if kind == "digits-swapped" else drop
    slipped = {code: slip(random, each) for code, each in parts.items()}
    changed = [code for code in parts if slipped[code] != parts[code]]
    of_total = slip(random, total)
    if of_total != total and (not changed or random.random() < 0.3):
        return parts, of_total, edition
    if not changed:
        return planted(random, kind)
    code = random.choice(changed)
    return {**parts, code: slipped[code]}, total, edition
