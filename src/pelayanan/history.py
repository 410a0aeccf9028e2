"""
What changed between editions: which questions are the same, and answers carried to the next one.
"""

from pelayanan.carrying import Carried, carry
from pelayanan.crosswalk import RELATIONS, Crosswalk, Link, crosswalk
from pelayanan.crosswalkfiles import load_crosswalk, parse_crosswalk, read_crosswalk, shipped_crosswalks
from pelayanan.losses import OUTCOMES, REASONS, Loss, Losses

__all__ = [
    "OUTCOMES",
    "REASONS",
    "RELATIONS",
    "Carried",
    "Crosswalk",
    "Link",
    "Loss",
    "Losses",
    "carry",
    "crosswalk",
    "load_crosswalk",
    "parse_crosswalk",
    "read_crosswalk",
    "shipped_crosswalks",
]
