"""
Many units at once: answers in blocks through the kernel, with exact decisions where needed.
"""

import math
from collections.abc import Callable, Iterator
from fractions import Fraction
from typing import Any

import numpy as np
import numpy.typing as npt

from pelayanan.answers import NOT_APPLICABLE, Answers, Column, State
from pelayanan.criteria import ROOT, Indicator
from pelayanan.deciding import Decider
from pelayanan.errors import AnswerError, Problem, nearest
from pelayanan.instrument import Instrument
from pelayanan.loading import DECIMALS, Reader, Rows, read_cell, reader
from pelayanan.tree import SAFE, Kernel, Whole, settled_signs, times

__all__ = ["Batch", "columns_of", "exact_shares", "problem_of"]

BLOCK = 4096
_SHOWN = 10
_UNIT = 2.0**-53

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
Indices = npt.NDArray[np.intp]
Sides = Callable[[npt.NDArray[np.int64], int, float], npt.NDArray[np.int8]]


def columns_of(instrument: Instrument, answers: Answers, absent: str) -> dict[str, Column | None]:
    """
    Return the column of each indicator, ``None`` where there is none and that is allowed.

    Raises:
        AnswerError: A column that is no indicator, one that is there under two names, or
            indicators without a column where ``absent`` is ``"refuse"``.
    """
    if absent not in ("refuse", "missing"):
        message = f"expected absent='refuse' or 'missing', not {absent!r}"
        raise AnswerError.of(instrument.id, [Problem("absent", message, "")])
    names = {name: each.code for each in instrument.indicators for name in (each.code, *each.aliases)}
    found: dict[str, Column | None] = {each.code: None for each in instrument.indicators}
    problems = []
    for name, column in answers.columns.items():
        code = names.get(name)
        if code is None:
            problems.append(_unknown(instrument, name, names))
        elif found[code] is not None:
            message = f"{instrument.id} has answers to {code!r} twice"
            problems.append(Problem("duplicate-code", message, f"column {name!r}"))
        else:
            found[code] = column
    lacking = [code for code, column in found.items() if column is None]
    if lacking and absent == "refuse":
        listed = ", ".join(repr(code) for code in lacking[:_SHOWN])
        more = f" and {len(lacking) - _SHOWN} more" if len(lacking) > _SHOWN else ""
        message = f"the table has no column for {listed}{more}; say absent='missing' if they were not asked"
        problems.append(Problem("absent-column", message, "columns"))
    if problems:
        raise AnswerError.of(instrument.id, problems, shown=_SHOWN)
    return found


def _unknown(instrument: Instrument, name: str, names: dict[str, str]) -> Problem:
    if name in instrument.criteria:
        message = f"{name!r} is a group and has no answers of its own; see pruned(at=[{name!r}])"
        return Problem("group-answered", message, f"column {name!r}")
    message = f"{instrument.id} has no indicator {name!r}{nearest(name, names)}"
    return Problem("unknown-criterion", message, f"column {name!r}")


def problem_of(instrument: Instrument, indicator: Indicator, cell: Any, unit: Any) -> Problem | None:
    """
    Return why an answer cannot be scored, or nothing.
    """
    place = f"unit {unit!r}, {indicator.code!r}"
    if isinstance(cell, State):
        if cell is NOT_APPLICABLE:
            if indicator.optional or "not_applicable" in instrument.tokens.values():
                return None
            message = "not applicable is not allowed; only an optional criterion may be left out"
            return Problem("not-applicable", message, place)
        if indicator.scored and instrument.tree.policy(indicator.code) == "refuse":
            return Problem("missing-answer", "the answer is missing, and missing answers are refused", place)
        return None
    if isinstance(cell, Fraction | str):
        fault = indicator.scale.fault(cell)
        return fault and Problem(fault.code, fault.message, place)
    if isinstance(cell, float | np.floating) or type(cell).__name__ == "Decimal":
        return Problem("not-finite", f"the answer {cell} is not finite", place)
    if hasattr(cell, "count") and not isinstance(cell, tuple | list | bytes):
        message = f"a mean of {cell.count} respondents is no answer; leave it missing"
        return Problem("no-respondents", message, place)
    return Problem("not-an-answer", f"{cell!r:.60} is neither a number nor a text", place)


def exact_shares(
    instrument: Instrument, columns: dict[str, Column | None], row: int
) -> dict[str, Fraction | None]:
    """
    Return the exact share of each scored indicator of one unit, ``None`` where left out.
    """
    shares: dict[str, Fraction | None] = {}
    for code in instrument.tree.leaves[ROOT]:
        indicator = instrument.tree.indicator(code)
        column = columns[code]
        cell = None if column is None else read_cell(column.at(row), instrument.tokens)
        if isinstance(cell, Fraction | str):
            shares[code] = indicator.scale.share(cell)
        elif cell is NOT_APPLICABLE:
            shares[code] = None
        else:
            lowest = {"zero": Fraction(0), "lowest": indicator.scale.worst}
            shares[code] = lowest.get(instrument.tree.policy(code))
    return shares


class Batch:
    """
    The answers below one criterion, read and combined in blocks.

    Args:
        code: The criterion whose share is wanted, ``"*"`` for the whole.
        only: If given, the share is what the indicators below this criterion add to it.
    """

    def __init__(
        self,
        instrument: Instrument,
        answers: Answers,
        columns: dict[str, Column | None],
        code: str = ROOT,
        only: str = ROOT,
    ) -> None:
        criteria = instrument.tree
        self.instrument = instrument
        self.answers = answers
        self.columns = columns
        self.codes = criteria.leaves.get(code, (code,))
        self.length = len(answers)
        self.tree = criteria.tree(code)
        self.readers: list[Reader] = []
        for each in self.codes:
            scale = criteria.indicator(each).scale
            self.readers.append(reader(columns[each], scale, instrument.tokens, self.length))
        slopes = np.array([each.slope for each in self.readers])
        self.kernel = Kernel(self.tree, slopes, min(BLOCK, self.length))
        policies = [criteria.policy(each) for each in self.codes]
        self._lowest = [policy == "lowest" for policy in policies]
        self._fill = np.array(
            [each.lowest if low else 0.0 for each, low in zip(self.readers, self._lowest, strict=True)]
        )[:, None]
        self._low = np.array([each.low for each in self.readers])
        self._high = np.array([each.high for each in self.readers])
        self._counted = np.array([policy in ("zero", "lowest") for policy in policies])
        self._refused = np.array([policy == "refuse" for policy in policies])
        tokens = "not_applicable" in instrument.tokens.values()
        optional = [tokens or criteria.indicator(each).optional for each in self.codes]
        self._compulsory = ~np.array(optional)
        self._least = instrument.root.least_answered if code == ROOT else None
        self._others: Flags | None = None
        if only != ROOT:
            below = set(criteria.leaves.get(only, (only,)))
            self._others = np.array([each not in below for each in self.codes])
        self.problems: list[Problem] = []
        self.faults = 0
        largest = max(1.0, self.tree.highest) * float(instrument.maximum)
        kernels = [criteria.indicator(each).scale.kernel for each in self.codes]
        leaf = max((getattr(each, "error", 8.0) for each in kernels), default=8.0)
        self.error = float(instrument.maximum) * (self.tree.error + 2 * leaf * _UNIT * self.tree.highest)
        self.decider = Decider(instrument.rounding, instrument.zones, largest)

    def blocks(self) -> Iterator[tuple[slice, Floats, Flags | None]]:
        """
        Return the root's share of each block of units, and which have one; nothing where all.
        """
        for start in range(0, self.length, BLOCK):
            rows = slice(start, min(start + BLOCK, self.length))
            width = rows.stop - rows.start
            there = self._load(rows, width)
            if self._others is not None:
                self.kernel.shares[: len(self.codes), :width][self._others] = 0.0
            if there is None:
                yield rows, self.kernel.full(width), None
            else:
                share, answered = self.kernel.partial(width)
                answered &= there
                yield rows, share, answered
        if self.problems:
            raise AnswerError.of(self.instrument.id, self.problems, count=self.faults)

    def _load(self, rows: slice, width: int) -> Flags | None:
        """Fill a block; return which units have enough answers, nothing where all are answered."""
        count = len(self.codes)
        shares = self.kernel.shares[:count, :width]
        inapplicable = {}
        for row, each in enumerate(self.readers):
            left_out = each.fill(rows, shares[row])
            if left_out is not None and left_out.any():
                inapplicable[row] = left_out
        lows, highs = np.fmin.reduce(shares, axis=1), np.fmax.reduce(shares, axis=1)
        outside = bool((lows < self._low).any() or (highs > self._high).any())
        none = np.isnan(shares)
        some = bool(none.any())
        if outside:
            self._report(rows, ((shares < self._low[:, None]) | (shares > self._high[:, None])) & ~none)
        if not some:
            return None
        refused = none & self._refused[:, None] if self._refused.any() else None
        for row, left_out in inapplicable.items():
            if refused is not None:
                refused[row] = left_out if self._compulsory[row] else refused[row] & ~left_out
            elif self._compulsory[row]:
                refused = np.zeros_like(none)
                refused[row] = left_out
        if refused is not None and refused.any():
            self._report(rows, refused)
        np.fmax(shares, self._fill, out=shares)
        answered = self.kernel.answered[:count, :width]
        np.subtract(1.0, none, out=answered)
        enough = np.ones(width, dtype=bool)
        if self._least is not None:
            asked = np.full(width, count) - sum(inapplicable.values(), np.zeros(width, dtype=int))
            enough = answered.sum(axis=0) * self._least.denominator >= self._least.numerator * asked
        answered[self._counted] = 1.0
        for row, left_out in inapplicable.items():
            shares[row, left_out] = 0.0
            answered[row, left_out] = 0.0
        return enough

    def _report(self, rows: slice, bad: Flags) -> None:
        self.faults += int(bad.sum())
        for unit, leaf in np.argwhere(bad.T):
            if len(self.problems) >= _SHOWN:
                return
            row = rows.start + int(unit)
            code = self.codes[int(leaf)]
            column = self.columns[code]
            cell = State.MISSING if column is None else read_cell(column.at(row), self.instrument.tokens)
            label = self.answers.units[row : row + 1].tolist()[0]
            problem = problem_of(self.instrument, self.instrument.tree.indicator(code), cell, label)
            if problem is not None:
                self.problems.append(problem)

    def decided(self) -> tuple[Floats, Indices]:
        """
        Return the published total and the zone of every unit, each of shape ``(units,)``.
        """
        maximum = float(self.instrument.maximum)
        total = np.empty(self.length)
        zone = np.empty(self.length, dtype=np.intp)
        open_ = np.zeros(self.length, dtype=bool)
        approximate: list[Floats] = []
        for rows, share, there in self.blocks():
            share *= maximum
            if there is not None:
                share[~there] = np.nan
            total[rows], zone[rows], still = self.decider.publish(share, self.error)
            if still.any():
                open_[rows] = still
                approximate.append(share[still])
        undecided = np.flatnonzero(open_)
        if len(undecided):
            near = np.concatenate(approximate)
            for start in range(0, len(undecided), BLOCK):
                part = slice(start, start + BLOCK)
                rows_here = undecided[part]
                total[rows_here], zone[rows_here] = self._settled(rows_here, near[part])
        return total, zone

    def _settled(self, rows: Indices, totals: Floats) -> tuple[Floats, Indices]:
        """Decide some rows exactly: in whole numbers where they are short, else one by one."""
        found = self._sides(rows)
        if found is None:
            published, zone, rest = totals, np.full(len(rows), -1), np.ones(len(rows), dtype=bool)
        else:
            published, zone, rest = self.decider.settle(totals, self.error, found)
        for index in np.flatnonzero(rest):
            published[index], zone[index] = self.decider.decide(self.exact(int(rows[index])))
        return published, zone

    def exact(self, row: int) -> Fraction:
        """
        Return the exact total of a unit that has one.
        """
        share = self.instrument.tree.shares(exact_shares(self.instrument, self.columns, row))[ROOT]
        return self.instrument.maximum * (share or Fraction(0))

    def _sides(self, rows: Indices) -> Sides | None:
        """
        Return what tells on which side of a boundary the exact totals of some rows lie.
        """
        there = self._load(rows, len(rows))
        width = len(rows)
        answered = self.kernel.answered[: len(self.codes), :width]
        if there is None:
            answered[...] = 1.0
        steps, scale, counts, sound = self._steps(rows)
        steps *= answered
        denominator = math.lcm(*(each.denominator for each in self.readers))
        multiples = [each.multiple * denominator // each.denominator for each in self.readers]
        common: Whole = denominator * scale
        size = np.full(width, float(common))
        if counts is not None:
            common, size = times(common, counts), size * counts
        maximum = self.instrument.maximum
        finest = 2.0 * 10.0**self.decider.decimals * maximum.denominator * 4 * self.error
        reduce = bool(self.tree.largest_denominator * size.max() * finest >= SAFE)
        found = self.kernel.fractions(steps, answered, multiples, size, reduce)
        if found is None:
            return None
        num, den, den_size, fits = found
        sound = sound & fits

        def side(boundary: npt.NDArray[np.int64], over: int, gap: float) -> npt.NDArray[np.int8]:
            sides = settled_signs(
                num,
                den,
                den_size,
                scale=(maximum.denominator, over * maximum.numerator),
                boundary=boundary,
                common=common,
                common_size=size,
                gap=gap / float(maximum),
            )
            return np.where(sound, sides, np.int8(2))

        return side

    def _steps(self, rows: Indices) -> tuple[Floats, int, Whole | None, Flags]:
        """
        Return the answers as whole numbers with the fewest decimals that hold them all.
        """
        for decimals in DECIMALS:
            read = []
            for each, lowest in zip(self.readers, self._lowest, strict=True):
                read.append(each.steps(rows, 10**decimals, lowest))
                if decimals != DECIMALS[-1] and not read[-1].sound.all():
                    break
            else:
                break
        sound = np.logical_and.reduce([each.sound for each in read])
        steps = np.array([each.steps for each in read])
        shared: npt.NDArray[np.int64] | None = None
        for each in read:
            if each.counts is not None:
                own = each.counts.astype(np.int64)
                shared = own if shared is None else np.lcm(np.where(sound, shared, 1), own)
                sound &= shared < 2**31
        if shared is not None:
            for row, each in enumerate(read):
                steps[row] *= shared if each.counts is None else shared // each.counts
        return steps, 10**decimals, shared, sound
