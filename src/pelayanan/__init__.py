"""
Indonesia's public-service assessments, computed exactly: instruments, scores and zones.
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
    from pelayanan.files import parse, read, write
    from pelayanan.forms import form, write_columns
    from pelayanan.overlay import extend, read_overlay
    from pelayanan.sheets import read_answers

__all__ = [
    "Answers",
    "Band",
    "Bounds",
    "Condition",
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
    "bounds",
    "editions",
    "extend",
    "form",
    "load",
    "parse",
    "read",
    "read_answers",
    "read_overlay",
    "roll_up",
    "score",
    "score_one",
    "tally",
    "write",
    "write_columns",
]

_EDGES = {
    "editions": "catalog",
    "extend": "overlay",
    "form": "forms",
    "load": "catalog",
    "parse": "files",
    "read": "files",
    "read_answers": "sheets",
    "read_overlay": "overlay",
    "write": "files",
    "write_columns": "forms",
}


def __getattr__(name: str) -> Any:
    """
    Return what reads or writes files, imported when it is first asked for.

    A program that is given its instruments starts a tenth faster without it.
    """
    if name not in _EDGES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    found = getattr(importlib.import_module(f"{__name__}.{_EDGES[name]}"), name)
    globals()[name] = found
    return found
