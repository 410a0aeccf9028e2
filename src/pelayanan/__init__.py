"""
Indonesia's public-service assessments, computed exactly: instruments, scores and zones.
"""

import importlib
from typing import TYPE_CHECKING, Any

from pelayanan.answers import MISSING, NOT_APPLICABLE, Answers
from pelayanan.criteria import Group, Indicator
from pelayanan.errors import PelayananError
from pelayanan.exact import Rounding
from pelayanan.instrument import Instrument
from pelayanan.rollup import roll_up
from pelayanan.scales import Option, Scale
from pelayanan.scorecard import Scorecard
from pelayanan.scoring import Scores, score, score_one
from pelayanan.weighting import Weights
from pelayanan.zones import Band, Zones

if TYPE_CHECKING:
    from pelayanan.catalog import load
    from pelayanan.files import parse, read

__all__ = [
    "Answers",
    "Band",
    "Group",
    "Indicator",
    "Instrument",
    "MISSING",
    "NOT_APPLICABLE",
    "Option",
    "PelayananError",
    "Rounding",
    "Scale",
    "Scorecard",
    "Scores",
    "Weights",
    "Zones",
    "load",
    "parse",
    "read",
    "roll_up",
    "score",
    "score_one",
]

_READING = {"load": "catalog", "parse": "files", "read": "files"}


def __getattr__(name: str) -> Any:
    """
    Return what reads instrument files, imported when it is first asked for.

    A program that is given its instruments starts a tenth faster without it.
    """
    if name not in _READING:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    found = getattr(importlib.import_module(f"{__name__}.{_READING[name]}"), name)
    globals()[name] = found
    return found
