"""
Indonesia's public-service assessments, computed exactly: instruments, scores, zones and peers.
"""

import importlib
from typing import TYPE_CHECKING, Any

from pelayanan.answers import MISSING, NOT_APPLICABLE, Answers
from pelayanan.bounds import Bounds, bounds
from pelayanan.conditions import Condition
from pelayanan.criterion import Group, Indicator
from pelayanan.errors import PelayananError
from pelayanan.exact import Rounding
from pelayanan.instrument import Instrument
from pelayanan.rollup import roll_up
from pelayanan.scales import Option, Scale
from pelayanan.scorecard import Scorecard
from pelayanan.scoring import Scores, score, score_one
from pelayanan.survey import tally
from pelayanan.weighting import Weights
from pelayanan.zones import Band, Zones

if TYPE_CHECKING:
    from pelayanan.catalog import editions, load
    from pelayanan.distribution import Distribution
    from pelayanan.files import parse, read, write
    from pelayanan.forms import form, write_columns
    from pelayanan.neighbourhood import Neighbours, neighbours
    from pelayanan.overlay import extend, read_overlay
    from pelayanan.peers import Standing, compare
    from pelayanan.sheets import read_answers
    from pelayanan.trends import Trend, trend

__all__ = [
    "Answers",
    "Band",
    "Bounds",
    "Condition",
    "Distribution",
    "Group",
    "Indicator",
    "Instrument",
    "MISSING",
    "NOT_APPLICABLE",
    "Neighbours",
    "Option",
    "PelayananError",
    "Rounding",
    "Scale",
    "Scorecard",
    "Scores",
    "Standing",
    "Trend",
    "Weights",
    "Zones",
    "bounds",
    "compare",
    "editions",
    "extend",
    "form",
    "load",
    "neighbours",
    "parse",
    "read",
    "read_answers",
    "read_overlay",
    "roll_up",
    "score",
    "score_one",
    "tally",
    "trend",
    "write",
    "write_columns",
]

_LATER = {
    "Distribution": "distribution",
    "Neighbours": "neighbourhood",
    "Standing": "peers",
    "Trend": "trends",
    "compare": "peers",
    "editions": "catalog",
    "extend": "overlay",
    "form": "forms",
    "load": "catalog",
    "neighbours": "neighbourhood",
    "parse": "files",
    "read": "files",
    "read_answers": "sheets",
    "trend": "trends",
    "read_overlay": "overlay",
    "write": "files",
    "write_columns": "forms",
}


def __getattr__(name: str) -> Any:
    """
    Return what reads or writes files, or compares units, imported when it is first asked for.

    A program that only scores starts faster without it.
    """
    if name not in _LATER:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    found = getattr(importlib.import_module(f"{__name__}.{_LATER[name]}"), name)
    globals()[name] = found
    return found
