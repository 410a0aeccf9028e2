"""
One unit, scored anew with other answers.

Which questions are asked follows from the other answers here, so that the unit is matched and
checked again; `scenarios` holds the same questions asked, and tries thousands of answers.
"""

from collections.abc import Iterable, Mapping
from typing import Any

import attrs
import numpy as np

from pelayanan.answers import MISSING, NOT_APPLICABLE, Column
from pelayanan.asking import asked
from pelayanan.bases import Answered
from pelayanan.criterion import ROOT
from pelayanan.levels import Answer, best_answer
from pelayanan.matching import problem_of

__all__ = ["Rescored"]


@attrs.frozen(eq=False, repr=False)
class Rescored:
    """
    One unit, which can be scored anew with other answers.

    Args:
        basis: What its score was made from; it has no other units.

    >>> import pelayanan
    >>> dimensions = pelayanan.load("ombudsman-2022").pruned(depth=1)
    >>> office = {"input": 80, "proses": 90, "output": 85, "pengaduan": 70}
    >>> one = Rescored(pelayanan.score(dimensions, pelayanan.Answers.from_rows([office])).basis)
    >>> float(one.changed({"pengaduan": 100}).basis.exact(0) - one.basis.exact(0))
    6.462
    """

    basis: Answered

    @property
    def codes(self) -> list[str]:
        """The whole and the criteria that are scored."""
        criteria = self.basis.instrument.tree
        return [ROOT, *(code for code in criteria.by_code if criteria.counts(code))]

    def cell(self, code: str) -> Any:
        return self.basis.cell(code, 0)

    def changed(self, cells: Mapping[str, Any]) -> "Rescored":
        """Return the unit with other answers; a question that is no longer asked, or only now, has none."""
        given = self.basis.given
        columns = dict(given.columns) | {code: _column(cell) for code, cell in cells.items()}
        columns = asked(given.instrument, columns, 1)
        for code in given.instrument.tree.conditions:
            column = columns[code]
            if column is not None and column.unasked is not None and column.unasked[0]:
                columns[code] = attrs.evolve(_column(MISSING), unasked=column.unasked)
            elif given.unasked(code, 0) and code not in cells:
                columns[code] = _column(MISSING)
        return Rescored(Answered(attrs.evolve(given, columns=columns)))

    def opened(self, after: "Rescored") -> tuple[str, ...]:
        """Return the questions that are asked after a change, and were not before."""
        codes = self.basis.instrument.tree.conditions
        return tuple(
            code
            for code in codes
            if self.basis.given.unasked(code, 0) and not after.basis.given.unasked(code, 0)
        )

    def refused(self, codes: Iterable[str]) -> bool:
        """Return whether one of the questions may not be missing and is."""
        return any(problem_of(self.basis.given, code, 0) is not None for code in codes)

    def at_best(self, code: str) -> "Rescored":
        """Return the unit with everything below a criterion at its best, what comes to be asked, too."""
        criteria = self.basis.instrument.tree
        leaves = criteria.leaves.get(code, (code,))
        found, cells = self, dict[str, Answer]()
        while True:
            asked_now = [
                leaf for leaf in leaves if leaf not in cells and found.cell(leaf) is not NOT_APPLICABLE
            ]
            if not asked_now:
                return found
            cells |= {leaf: best_answer(criteria.indicator(leaf).scale) for leaf in asked_now}
            found = self.changed(cells)


def _column(cell: Any) -> Column:
    cells = np.empty(1, dtype=object)
    cells[0] = cell
    return Column(cells)
