"""
Rules that combine the shares of a group, as a numpy kernel and as an exact twin.
"""

from collections.abc import Callable, Sequence
from fractions import Fraction

import attrs

__all__ = [
    "RULES",
    "WEIGHTED_MEAN",
    "WEIGHTED_SUM",
    "Rule",
    "Terms",
    "weighted_mean",
    "weighted_sum",
]

Share = Fraction | None


def weighted_mean(shares: Sequence[Share], weights: Sequence[Fraction]) -> Share:
    """
    Return the sum of weight x share over the sum of the weights of those answered.

    Nothing answered gives ``None``.

    >>> weighted_mean([Fraction(1), Fraction(0), None], [Fraction(1), Fraction(2), Fraction(5)])
    Fraction(1, 3)
    """
    answered = [(share, weight) for share, weight in zip(shares, weights, strict=True) if share is not None]
    if not answered:
        return None
    return sum((share * weight for share, weight in answered), Fraction(0)) / sum(
        weight for _, weight in answered
    )


def weighted_sum(
    shares: Sequence[Share], weights: Sequence[Fraction], *, whole: Fraction, rescale: bool
) -> Share:
    """
    Return the sum of weight / whole x share, not normalised.

    Nothing answered gives ``None``. With ``rescale`` the others carry the weight of what
    is left out, up to the sum of all printed weights.

    >>> weighted_sum([Fraction(1), None], [Fraction("0.4"), Fraction("0.5")], whole=Fraction(1), rescale=True)
    Fraction(9, 10)
    """
    if rescale:
        mean = weighted_mean(shares, weights)
        return None if mean is None else mean * sum(weights, Fraction(0)) / whole
    if all(share is None for share in shares):
        return None
    pairs = zip(shares, weights, strict=True)
    return sum((share * weight for share, weight in pairs if share is not None), Fraction(0)) / whole


@attrs.frozen
class Terms:
    """
    What a rule takes besides shares and weights.

    Args:
        whole: What the weights are parts of (weighted sum).
        rescale: Whether the others carry the weight of what is left out (weighted sum).
    """

    whole: Fraction = Fraction(1)
    rescale: bool = False


@attrs.frozen
class Rule:
    """
    One way of combining the shares of a group.

    Args:
        name: As it stands in a file.
        of_whole: Whether the weights are parts of a stated whole.
        exact: The twin: shares (``None`` for not answered) and weights to a share.
        linear: The rule as ``factor x sum(weight x share)``, divided by the sum of the
            weights of those answered where the second value is true.
    """

    name: str
    of_whole: bool
    exact: Callable[[Sequence[Share], Sequence[Fraction], Terms], Share]
    linear: Callable[[Sequence[Fraction], Terms], tuple[Fraction, bool]]


def _mean_exact(shares: Sequence[Share], weights: Sequence[Fraction], terms: Terms) -> Share:
    return weighted_mean(shares, weights)


def _sum_exact(shares: Sequence[Share], weights: Sequence[Fraction], terms: Terms) -> Share:
    return weighted_sum(shares, weights, whole=terms.whole, rescale=terms.rescale)


def _mean_linear(weights: Sequence[Fraction], terms: Terms) -> tuple[Fraction, bool]:
    return Fraction(1), True


def _sum_linear(weights: Sequence[Fraction], terms: Terms) -> tuple[Fraction, bool]:
    if terms.rescale:
        return sum(weights, Fraction(0)) / terms.whole, True
    return 1 / terms.whole, False


WEIGHTED_MEAN = Rule(
    "weighted_mean",
    of_whole=False,
    exact=_mean_exact,
    linear=_mean_linear,
)
WEIGHTED_SUM = Rule(
    "weighted_sum",
    of_whole=True,
    exact=_sum_exact,
    linear=_sum_linear,
)
RULES = {rule.name: rule for rule in (WEIGHTED_MEAN, WEIGHTED_SUM)}
