"""
Instruments over the years: what changed between editions, and why a score changed.
"""

from pelayanan.amending import changes
from pelayanan.amendments import KINDS_OF_CHANGE, Amendment, BandChange, WeightChange
from pelayanan.changes import Changes
from pelayanan.decomposing import placed, why_changed
from pelayanan.decomposition import PARTS, ChangeLine, ChangePart, Decomposition, Placement
from pelayanan.differing import diff
from pelayanan.moves import moves

__all__ = [
    "KINDS_OF_CHANGE",
    "PARTS",
    "Amendment",
    "BandChange",
    "ChangeLine",
    "ChangePart",
    "Changes",
    "Decomposition",
    "Placement",
    "WeightChange",
    "changes",
    "diff",
    "moves",
    "placed",
    "why_changed",
]
