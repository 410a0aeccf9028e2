"""
What Hypothesis draws for the types of the library, once it knows how.
"""

import importlib
from typing import Any

import hypothesis.strategies as st

from pelayanan.answers import Answers
from pelayanan.criterion import Group, Indicator
from pelayanan.exact import Exact, Rounding
from pelayanan.instrument import Instrument
from pelayanan.scales import Scale
from pelayanan.scorecard import Scorecard
from pelayanan.scores import Scores
from pelayanan.scoring import score
from pelayanan.zones import Band, Zones

__all__ = ["register"]


def register() -> None:
    """
    Tell Hypothesis how the types of the library are drawn, so that ``from_type`` does it.

    Hypothesis calls it by its entry point as soon as it is imported; `pelayanan.strategies` is
    imported when the first such value is drawn.

    >>> register()
    >>> st.from_type(Rounding).validate()
    """
    drawn = {
        Answers: lambda make: make.instruments().flatmap(make.tables),
        Band: lambda make: make.zones().flatmap(lambda zones: st.sampled_from(zones.bands)),
        Exact: lambda make: make.decimals().map(Exact),
        Group: lambda make: make.instruments().map(lambda instrument: instrument.root),
        Indicator: lambda make: make.instruments().flatmap(
            lambda instrument: st.sampled_from(instrument.indicators)
        ),
        Instrument: lambda make: make.instruments(),
        Rounding: lambda make: make.roundings(),
        Scale: lambda make: make.scales(),
        Scorecard: lambda make: (
            make.instruments()
            .flatmap(lambda instrument: st.tuples(st.just(instrument), make.tables(instrument, units=1)))
            .map(lambda both: score(*both).card(0))
        ),
        Scores: lambda make: (
            make.instruments()
            .flatmap(lambda instrument: st.tuples(st.just(instrument), make.tables(instrument)))
            .map(lambda both: score(*both))
        ),
        Zones: lambda make: make.zones(),
    }
    for kind, draw in drawn.items():
        st.register_type_strategy(kind, _drawing(draw))


def _drawing(draw: Any) -> Any:
    return lambda kind: draw(importlib.import_module("pelayanan.strategies"))
