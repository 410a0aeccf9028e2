"""
Hypothesis strategies that build sound instruments and answers to them.

They need Hypothesis, which the extra ``testing`` brings.
"""

from fractions import Fraction
from typing import Any

import attrs
import numpy as np
from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

from pelayanan.aggregation import ALL_OR_NOTHING, RULES, STEP, WEAKEST_LINK, WEAKEST_LINK_PLUS
from pelayanan.answers import MISSING, NOT_APPLICABLE, Answers
from pelayanan.columns import state_or_value
from pelayanan.conditions import Condition
from pelayanan.criteria import Criteria
from pelayanan.criterion import MISSING_POLICIES, ROOT, Criterion, Group, Indicator
from pelayanan.exact import MODES, Exact, Rounding, written
from pelayanan.instrument import Instrument
from pelayanan.scales import Option, Scale
from pelayanan.stages import RoundingStage
from pelayanan.weighting import Weights
from pelayanan.zones import Band, Zones

__all__ = ["answers", "decimals", "instruments", "responses", "roundings", "scales", "tables", "zones"]


def decimals(*, low: int = 0, high: int = 100, places: int = 2) -> SearchStrategy[Fraction]:
    """
    Return decimals from low to high with at most so many places.

    >>> from hypothesis import find
    >>> find(decimals(low=3, high=9), lambda number: number > 3)
    Fraction(301, 100)
    """
    scale = 10**places
    return st.integers(low * scale, high * scale).map(lambda steps: Fraction(steps, scale))


def roundings(*, most: int = 3) -> SearchStrategy[Rounding]:
    """
    Return roundings of every mode to at most so many decimals.
    """
    return st.builds(Rounding, st.integers(0, most), st.sampled_from(MODES))


def _shares() -> SearchStrategy[Fraction]:
    return st.integers(1, 12).flatmap(
        lambda below: st.integers(0, below).map(lambda above: Fraction(above, below))
    )


@st.composite
def scales(
    draw: DrawFn, *, forms: tuple[str, ...] = ("options", "range", "count", "anchors", "steps")
) -> Scale:
    """
    Return sound scales of the forms asked for.
    """
    form = draw(st.sampled_from(forms))
    if form == "range":
        low = draw(st.sampled_from([0, 1, "0.5"]))
        return Scale(low=low, high=draw(st.sampled_from([3, 4, 5, 10, 100, "2.5"])))
    if form == "count":
        of = draw(st.integers(1, 14))
        return Scale(of=of, full=draw(st.integers(1, of)))
    if form == "options":
        return _options(draw)
    starts = draw(st.lists(st.integers(-20, 100), min_size=2, max_size=4, unique=True).map(sorted))
    pairs = [(start, draw(_shares())) for start in starts]
    return Scale(anchors=pairs) if form == "anchors" else Scale(steps=pairs)


def _options(draw: DrawFn) -> Scale:
    kind = draw(st.sampled_from(["likert", "uneven", "letters"]))
    if kind == "likert":
        first, count = draw(st.integers(0, 1)), draw(st.integers(2, 5))
        last = first + count - 1
        options = [Option(str(code), Fraction(code, last)) for code in range(first, last + 1)]
        return Scale(options=options, between=draw(st.booleans()))
    if kind == "uneven":
        codes = draw(st.lists(st.integers(0, 100), min_size=2, max_size=5, unique=True))
        options = [Option(str(code), draw(_shares())) for code in codes]
        return Scale(options=options, between=draw(st.booleans()))
    letters = draw(st.lists(st.sampled_from("ABCDE"), min_size=1, max_size=5, unique=True))
    return Scale(options=[Option(letter, draw(_shares())) for letter in letters])


@st.composite
def zones(draw: DrawFn, *, maximum: int = 100) -> Zones:
    """
    Return one to five bands over 0 to the maximum, some with gaps, decided in every way.
    """
    decide_on = draw(st.one_of(st.sampled_from(["published", "exact"]), roundings(most=2)))
    cuts = draw(st.lists(st.integers(1, maximum * 2 - 1), max_size=4, unique=True).map(sorted))
    floors = [Fraction(0), *(Fraction(cut, 2) for cut in cuts)]
    bands = []
    for index, floor in enumerate(floors):
        following = floors[index + 1] if index + 1 < len(floors) else None
        gap = following is not None and following - floor > 2 and draw(st.booleans())
        ends: dict[str, Any] = {"above" if index and draw(st.booleans()) else "floor": floor}
        if gap and following is not None:
            ends |= {"ceiling": following - 2, "gap_after": True}
        elif following is None and draw(st.booleans()):
            ends["ceiling"] = Fraction(maximum)
        bands.append(Band("ABCDE"[len(floors) - 1 - index], **ends))
    return Zones(bands, decide_on)


@st.composite
def instruments(
    draw: DrawFn,
    *,
    depth: int = 3,
    members: int = 4,
    policies: tuple[str, ...] = MISSING_POLICIES,
    rules: tuple[str, ...] = tuple(RULES),
    stages: int = 2,
    conditions: int = 1,
    forms: tuple[str, ...] = ("options", "range", "count", "anchors", "steps"),
    optional: bool = True,
    rounding: SearchStrategy[Rounding | None] | None = None,
) -> Instrument:
    """
    Return sound instruments of at most so many levels and members a group.

    Args:
        policies: What a missing answer may do.
        rules: The rules that groups may have.
        stages: How many criteria may be rounded on the way.
        conditions: How many criteria may be asked only where another has a certain answer.
        forms: The forms of the scales.
        optional: Whether indicators may be not applicable.
        rounding: How totals are published; by default in every mode.

    >>> from hypothesis import find
    >>> find(instruments(depth=1), lambda instrument: len(instrument.indicators) == 1)
    Instrument('drawn', 1 indicators)
    """
    listed: list[Criterion] = []

    def grow(prefix: str, level: int, between: bool) -> None:
        for index in range(draw(st.integers(1, members))):
            code = f"{prefix}{'abcdefghij'[index % 10]}{index // 10 or ''}"
            if level < depth and draw(st.booleans()):
                listed.append(_group(draw, code, between, rules, policies))
                grow(f"{code}.", level + 1, between or _over(listed[-1]))
            else:
                listed.append(
                    Indicator(
                        code,
                        draw(scales(forms=forms)),
                        missing=draw(st.sampled_from(["", *policies])),
                        optional=optional and draw(st.booleans()),
                    )
                )

    root = _group(draw, ROOT, False, rules, policies)
    grow("", 1, _over(root))
    for _ in range(conditions):
        _condition(draw, listed)
    published = draw(rounding if rounding is not None else roundings())
    maximum = draw(st.sampled_from([1, 4, 5, 75, 100, 110]))
    bands = draw(zones(maximum=maximum))
    return _weighted(draw, root, listed, policies, maximum, published, bands, stages)


def _condition(draw: DrawFn, listed: list[Criterion]) -> None:
    """Let a criterion be asked only under a condition on a question before it, or leave it."""
    index = draw(st.integers(0, len(listed) - 1))
    before = [each for each in listed[:index] if isinstance(each, Indicator)]
    wanted = draw(st.booleans())
    if before and wanted:
        about = draw(st.sampled_from(before))
        answers = draw(st.lists(responses(about.scale), min_size=1, max_size=3))
        condition = Condition(about.code, answers)
        listed[index] = attrs.evolve(listed[index], asked_if=(*listed[index].asked_if, condition))


def _over(each: Criterion) -> bool:
    return isinstance(each, Group) and each.weights.over == "leaves"


def _group(
    draw: DrawFn, code: str, between: bool, rules: tuple[str, ...], policies: tuple[str, ...]
) -> Group:
    missing = draw(st.sampled_from(["", *policies]))
    if between:
        return Group(code, missing=missing)
    rule = draw(st.sampled_from(rules))
    if RULES[rule].linear is None:
        plus = draw(_shares().filter(bool)) if RULES[rule] == WEAKEST_LINK_PLUS else None
        return Group(code, rule=rule, plus=plus, missing=missing)
    over = draw(st.sampled_from(["members", "members", "leaves"]))
    rescale = draw(st.booleans()) if rule == "weighted_sum" else None
    whole = 1 if rule == "weighted_sum" else None
    return Group(code, rule=rule, rescale=rescale, missing=missing, weights=Weights(whole, over))


def _weighted(
    draw: DrawFn,
    root: Group,
    listed: list[Criterion],
    policies: tuple[str, ...],
    maximum: int,
    published: Rounding | None,
    bands: Zones,
    stages: int,
) -> Instrument:
    """Return the instrument with weights that add up as each group declares."""
    tree = Criteria(root, tuple(listed))
    weights: dict[str, Exact] = {}
    groups: dict[str, Group] = {}
    for group in tree.groups:
        codes = tree.weighted.get(group.code)
        if codes is None or group.rule.linear is None:
            continue
        given = draw(st.sampled_from(["all", "some", "none"])) if len(codes) > 1 else "none"
        if given == "none":
            groups[group.code] = group
            continue
        named = codes if given == "all" else codes[:-1]
        printed = [draw(st.integers(1, 9999).map(lambda steps: Exact(Fraction(steps, 100)))) for _ in named]
        weights |= dict(zip(named, printed, strict=True))
        total = sum(printed, Fraction(0))
        spare = draw(st.integers(1, 500).map(lambda steps: Fraction(steps, 100)))
        partial = given == "some" or group.rule.of_whole
        whole = Exact(total + spare) if partial else None
        groups[group.code] = attrs.evolve(group, weights=attrs.evolve(group.weights, whole=whole))
    made = [attrs.evolve(groups.get(each.code, each), weight=weights.get(each.code)) for each in listed]
    tree = Criteria(groups.get(ROOT, root), tuple(made), maximum=Fraction(maximum))
    tree = _ruled(draw, attrs.evolve(tree, stages=tuple(_stages(draw, tree, stages))))
    return Instrument(
        id="drawn",
        criteria=tree.listed,
        root=tree.root,
        maximum=maximum,
        missing=draw(st.sampled_from(policies)),
        rounding=published,
        zones=bands,
        rounding_stages=tree.stages,
        rollup=draw(st.sampled_from(["published", "exact"])),
    )


def _ruled(draw: DrawFn, tree: Criteria) -> Criteria:
    """Return the criteria with what rules need of the members below."""
    for group in tree.groups:
        if group.rule == STEP:
            plain = {count: [(0, 0)] for count in range(1, len(tree.combined[group.code]) + 1)}
            tree = _replaced(tree, attrs.evolve(group, steps=plain))
    for group in sorted(tree.groups, key=lambda group: -group.code.count(".") - (group.code != ROOT)):
        codes = tree.combined[group.code]
        best = tree.shares({code: tree.indicator(code).scale.best for code in tree.leaves[group.code]})
        highest = [best[code] or Fraction(0) for code in codes]
        if group.rule == ALL_OR_NOTHING and min(highest) < 1:
            tree = _replaced(tree, attrs.evolve(group, rule=WEAKEST_LINK))
        elif group.rule == STEP:
            weights = {code: Exact(draw(st.sampled_from([1, 4, "2.5"]))) for code in codes}
            for code, weight in weights.items():
                tree = _replaced(tree, attrs.evolve(tree.by_code[code], weight=weight))
            tops = sorted(weight * top for weight, top in zip(weights.values(), highest, strict=True))
            tables = {
                count: _table(draw, sum(tops[-count:], Fraction(0))) for count in range(1, len(codes) + 1)
            }
            tree = _replaced(tree, attrs.evolve(tree.group(group.code), steps=tables))
    return tree


def _table(draw: DrawFn, highest: Fraction) -> list[tuple[Fraction, Fraction]]:
    """Return sums from 0 to at most the highest, with rising shares."""
    cuts = draw(st.lists(st.integers(1, 12), max_size=3, unique=True).map(sorted)) if highest else []
    starts = [Fraction(0), *(highest * cut / 12 for cut in cuts)]
    rising = draw(st.lists(_shares(), min_size=len(starts), max_size=len(starts)).map(sorted))
    return list(zip(starts, rising, strict=True))


def _replaced(tree: Criteria, criterion: Criterion) -> Criteria:
    if criterion.code == ROOT and isinstance(criterion, Group):
        return attrs.evolve(tree, root=criterion)
    listed = [criterion if each.code == criterion.code else each for each in tree.listed]
    return attrs.evolve(tree, listed=listed)


def _stages(draw: DrawFn, tree: Criteria, most: int) -> list[RoundingStage]:
    """Return rounding of at most so many criteria."""
    codes = [code for code in (ROOT, *tree.by_code) if code == ROOT or tree.counts(code)]
    found = []
    for code in draw(st.lists(st.sampled_from(codes), max_size=most, unique=True)):
        measures = ["points"] if tree.undefined(code) else ["points", "contribution"]
        grid: dict[str, Any] = draw(
            st.sampled_from([{"decimals": 0}, {"decimals": 2}, {"step": "1/40"}, {"step": "2/3"}])
        )
        mode = draw(st.sampled_from(MODES))
        found.append(RoundingStage(code, of=draw(st.sampled_from(measures)), mode=mode, **grid))
    return found


def responses(scale: Scale) -> SearchStrategy[Any]:
    """
    Return valid answers to a scale, as numbers and as texts.

    >>> from hypothesis import find
    >>> find(responses(Scale(of=10, full=5)), lambda answer: answer == 7)
    7
    """
    if scale.form == "options" and not scale.between:
        return st.sampled_from([option.code for option in scale.options if option.share is not None])
    if scale.form == "count" and scale.of is not None:
        return st.integers(0, int(scale.of))
    low, high = scale.ends
    top = high if high is not None else low + 100
    exact = st.integers(0, 1000).map(lambda step: low + (top - low) * Fraction(step, 1000))
    return exact.flatmap(
        lambda number: st.sampled_from(
            [number, written(number)]
            + ([float(number)] if low <= Fraction(repr(float(number))) <= top else [])
        )
    )


@st.composite
def answers(draw: DrawFn, instrument: Instrument) -> dict[str, Any]:
    """
    Return the answers of one unit: valid, missing where that is not refused, or not applicable.

    What is not asked, as a condition does not hold, is missing or not applicable.
    """
    found: dict[str, Any] = {}
    conditions = instrument.tree.conditions
    decisive = {each.criterion: each.is_ for held in conditions.values() for each in held}
    always = [each.code for each in instrument.indicators if each.code not in conditions]
    for code in (*always, *instrument.tree.asking):
        indicator = instrument.tree.indicator(code)
        held = (each.holds(state_or_value(found[each.criterion])) for each in conditions.get(code, ()))
        if not all(held):
            found[code] = draw(st.sampled_from([MISSING, NOT_APPLICABLE]))
            continue
        states: list[Any] = []
        if instrument.tree.policy(indicator.code) != "refuse":
            states.append(MISSING)
        if indicator.optional:
            states.append(NOT_APPLICABLE)
        valid = responses(indicator.scale)
        if code in decisive:
            valid = st.one_of(valid, st.sampled_from(decisive[code]))
        found[code] = draw(st.one_of(valid, valid, st.sampled_from(states)) if states else valid)
    return {each.code: found[each.code] for each in instrument.indicators}


@st.composite
def tables(draw: DrawFn, instrument: Instrument, *, units: int = 6) -> Answers:
    """
    Return answers of at most so many units, in columns of floats where they all are numbers.
    """
    rows = draw(st.lists(answers(instrument), min_size=1, max_size=units))
    columns: dict[str, Any] = {}
    for indicator in instrument.indicators:
        values = [row[indicator.code] for row in rows]
        plain = all(value is MISSING or isinstance(value, float | int) for value in values)
        columns[indicator.code] = (
            np.array([np.nan if value is MISSING else float(value) for value in values]) if plain else values
        )
    return Answers.from_columns(columns)
