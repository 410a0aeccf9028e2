"""
Cases: results that a publisher printed, beside the instrument that gives them.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import attrs

from pelayanan.criteria import Criteria
from pelayanan.criterion import ROOT, Indicator
from pelayanan.errors import Hints, Problem, check_kind, in_order
from pelayanan.exact import Exact, exact_or_none
from pelayanan.mapping import FrozenMapping
from pelayanan.provenance import Source, as_codes
from pelayanan.pruning import OF
from pelayanan.value import Value
from pelayanan.zones import Zones

__all__ = ["Case", "case_problems"]


def _exacts(values: Iterable[Any]) -> tuple[Exact, ...]:
    return tuple(Exact(value) for value in in_order("units", values, "totals of units"))


def _answers(value: Mapping[str, Any]) -> FrozenMapping[str | Exact]:
    check_kind("answers", value, Mapping, "answers by criterion")
    return FrozenMapping(
        {code: each if isinstance(each, str) else Exact(each) for code, each in value.items()}
    )


@attrs.frozen
class Case(Value):
    """
    A result that the publisher printed.

    Args:
        name: Whose result it is.
        answers: Answers by criterion, to the scales or, with ``of``, as ``"points"``,
            ``"share"`` or ``"contribution"``.
        units: Or the totals of the units that were averaged. With neither, the case is a
            printed total and its zone.
        at: The criterion whose points were printed, ``"*"`` for the total.
        total: The printed total.
        zone: The code of the printed zone.
        within: How far off the recomputed total may be, with the ``reason``.
    """

    name: str
    answers: FrozenMapping[Any] = attrs.field(default=FrozenMapping(), converter=_answers)
    units: tuple[Exact, ...] = attrs.field(default=(), converter=_exacts)
    of: str = ""
    at: str = ROOT
    total: Exact | None = attrs.field(default=None, converter=exact_or_none)
    zone: str = ""
    within: Exact = attrs.field(default=Exact(0), converter=Exact)
    reason: str = ""
    source: tuple[str, ...] = attrs.field(default=(), converter=as_codes)


def case_problems(
    case: Case, place: str, criteria: Criteria, zones: Zones, sources: Mapping[str, Source], hints: Hints
) -> Iterator[Problem]:
    """
    Return everything that is wrong with a case, at its place.
    """
    lacking = (case.total is None) + (not case.zone)
    if case.answers and case.units:
        yield Problem("case", "a case has answers or units, not both", place)
    elif not case.answers and not case.units and lacking:
        message = "a case without answers and units expects a total and its zone"
        yield Problem("case", message, f"{place}.expects")
    elif lacking == 2:
        yield Problem("case", "a case expects a total or a zone", f"{place}.expects")
    if case.of not in ("", *OF):
        known = ", ".join(repr(each) for each in OF)
        yield Problem("case", f"expected one of {known}, not {case.of!r}", f"{place}.of")
    indicators = [each for each in criteria.listed if isinstance(each, Indicator)]
    aliases = {alias for each in indicators for alias in each.aliases}
    for code in (case.at, *case.answers):
        if code != ROOT and code not in criteria.by_code and code not in aliases:
            message = f"there is no criterion {code!r}{hints(code, criteria.by_code)}"
            yield Problem("unknown-criterion", message, place)
    if case.zone and case.zone not in {band.code for band in zones.bands}:
        codes = [band.code for band in zones.bands]
        yield Problem("unknown-band", f"there is no band {case.zone!r}{hints(case.zone, codes)}", place)
    for code in case.source:
        if code not in sources:
            yield Problem("unknown-source", f"there is no source {code!r} in [sources]", place)
