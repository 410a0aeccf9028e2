"""
Indonesia's public-service assessments, computed exactly: instruments, scores and zones.
"""

from pelayanan.answers import MISSING, NOT_APPLICABLE, Answers
from pelayanan.catalog import load
from pelayanan.criteria import Group, Indicator
from pelayanan.errors import PelayananError
from pelayanan.exact import Rounding
from pelayanan.files import parse, read
from pelayanan.instrument import Instrument
from pelayanan.rollup import roll_up
from pelayanan.scales import Option, Scale
from pelayanan.scorecard import Scorecard
from pelayanan.scoring import Scores, score, score_one
from pelayanan.weighting import Weights
from pelayanan.zones import Band, Zones

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
