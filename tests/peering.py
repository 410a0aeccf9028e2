"""
Slow, obvious figures of one total among others, each from its definition.
"""

import math
import statistics
from fractions import Fraction

TIES = ("min", "max", "dense", "average")


def rank(total, totals, ties="min"):
    """The rank of a total among totals that it is one of."""
    above = sum(each > total for each in totals)
    equal = sum(each == total for each in totals)
    if ties == "dense":
        return 1 + len({each for each in totals if each > total})
    return {"min": above + 1, "max": above + equal, "average": Fraction(2 * above + equal + 1, 2)}[ties]


def percentile(total, totals):
    """The mean of the parts that are below, and that are not above."""
    below = Fraction(sum(each < total for each in totals), len(totals))
    at_most = Fraction(sum(each <= total for each in totals), len(totals))
    return 50 * (below + at_most)


def quantile(totals, part):
    """The place (n - 1) q in the sorted totals, on the straight line between two."""
    rising = sorted(totals)
    place = (len(rising) - 1) * Fraction(part)
    low, high = rising[math.floor(place)], rising[math.ceil(place)]
    return low + (high - low) * (place - math.floor(place))


def quartile(total, totals):
    return 1 + sum(total > quantile(totals, Fraction(quarter, 4)) for quarter in (1, 2, 3))


def median_gap(total, totals):
    return statistics.median(map(Fraction, totals)) - total


def z(total, totals):
    """The z-score with sums that lose nothing; not-a-number where all totals are equal."""
    mean = math.fsum(totals) / len(totals)
    spread = math.sqrt(math.fsum((each - mean) ** 2 for each in totals) / len(totals))
    return (total - mean) / spread if len(set(totals)) > 1 else math.nan
