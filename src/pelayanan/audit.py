"""
Whether a printed number is right: its parts, its computation, and how robust its zone is.
"""

from pelayanan.reconciliation import KINDS, Cause, Recomputed, Reconciliation
from pelayanan.reconciling import reconcile
from pelayanan.reweighting import WeightRange
from pelayanan.robustness import Border, Margins, OtherRounding, margins
from pelayanan.verifying import Difference, Verification, verify

__all__ = [
    "KINDS",
    "Border",
    "Cause",
    "Difference",
    "Margins",
    "OtherRounding",
    "Recomputed",
    "Reconciliation",
    "Verification",
    "WeightRange",
    "margins",
    "reconcile",
    "verify",
]
