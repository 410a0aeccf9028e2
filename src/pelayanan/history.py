"""
Instruments over the years: what changed, why a score changed, and answers that are carried along.
"""

from pelayanan.amending import changes
from pelayanan.amendments import KINDS_OF_CHANGE, SECTIONS, Amendment, BandChange, WeightChange
from pelayanan.carrying import Carried, carry
from pelayanan.changes import Changes
from pelayanan.crosswalk import RELATIONS, Crosswalk, Link, crosswalk
from pelayanan.crosswalkfiles import load_crosswalk, parse_crosswalk, read_crosswalk, shipped_crosswalks
from pelayanan.decomposing import placed, why_changed
from pelayanan.decomposition import PARTS, ChangeLine, ChangePart, Decomposition, Placement
from pelayanan.differing import diff
from pelayanan.losses import OUTCOMES, REASONS, Loss, Losses
from pelayanan.moves import moves

__all__ = [
    "Amendment",
    "BandChange",
    "Carried",
    "ChangeLine",
    "ChangePart",
    "Changes",
    "Crosswalk",
    "Decomposition",
    "KINDS_OF_CHANGE",
    "Link",
    "Loss",
    "Losses",
    "OUTCOMES",
    "PARTS",
    "Placement",
    "REASONS",
    "RELATIONS",
    "SECTIONS",
    "WeightChange",
    "carry",
    "changes",
    "crosswalk",
    "diff",
    "load_crosswalk",
    "moves",
    "parse_crosswalk",
    "placed",
    "read_crosswalk",
    "shipped_crosswalks",
    "why_changed",
]
