"""
Values with all that can be said of them, drawn and made by hand, and JSON with mistakes in it.
"""

import copy
import json
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

import attrs
import numpy as np
from hypothesis import strategies as st

import pelayanan
from pelayanan import (
    MISSING,
    NOT_APPLICABLE,
    Answers,
    Band,
    Bounds,
    Condition,
    Distribution,
    Group,
    Indicator,
    Instrument,
    Neighbours,
    Option,
    Rounding,
    Scale,
    Scorecard,
    Scores,
    Trend,
    Weights,
    Zones,
    bounds,
    compare,
    roll_up,
    score,
)
from pelayanan import strategies as ps
from pelayanan.aggregation import RULES
from pelayanan.answers import NoRespondents, mean_of
from pelayanan.assumptions import Assumption
from pelayanan.audit import (
    Border,
    Cause,
    Difference,
    Margins,
    OtherRounding,
    Recomputed,
    Reconciliation,
    Verification,
    WeightRange,
    margins,
    reconcile,
    verify,
)
from pelayanan.bases import Answered
from pelayanan.carrying import Carried, carry
from pelayanan.catalog import Edition
from pelayanan.cores import Core
from pelayanan.crosswalk import RELATIONS, Crosswalk, Link, crosswalk
from pelayanan.equivalence import same_answers
from pelayanan.errors import Problem
from pelayanan.exact import Exact
from pelayanan.explain import Lack, explain
from pelayanan.explanation import Explanation
from pelayanan.history import (
    KINDS_OF_CHANGE,
    Amendment,
    BandChange,
    ChangeLine,
    ChangePart,
    Changes,
    Decomposition,
    Placement,
    WeightChange,
    changes,
    why_changed,
)
from pelayanan.improve import Change, Outcome, Plan, plan
from pelayanan.instrument import Case, InForce, Pruning
from pelayanan.layers import Layer, Origin
from pelayanan.losses import OUTCOMES as BECOMES
from pelayanan.losses import REASONS, Loss, Losses
from pelayanan.mapping import FrozenMapping, text
from pelayanan.marks import Mark
from pelayanan.overlay import core, extend, origin, rebase
from pelayanan.overlays import Overlay
from pelayanan.packages import Package
from pelayanan.prospects import Better, Prospect, Shortfall, Unmet
from pelayanan.provenance import STANDINGS, Source, Standing
from pelayanan.ranking import TIES
from pelayanan.rebasing import Rebased
from pelayanan.requiring import requirement_problems
from pelayanan.scorecard import Line
from pelayanan.stages import RoundingStage
from pelayanan.tracing import Member, Step
from pelayanan.value import Value
from pelayanan.zones import MEASURES, Requirement

LINEAR = {"rules": ("weighted_mean", "weighted_sum"), "stages": 0, "conditions": 0}
FLOATS = {"float16": 16, "float32": 32, "float64": 64}
WHOLES = ("int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64")

# What values are made of.

TEXTS = st.text(max_size=6)
SHOWN = st.text(st.one_of(st.characters(categories=["L", "N", "P", "S", "M"]), st.just(" ")), max_size=6)
LANGUAGES = st.sampled_from(["id", "en", "title", "label", ""])
DAYS = st.dates()


def by_language(words=TEXTS) -> st.SearchStrategy[dict[str, str]]:
    return st.dictionaries(LANGUAGES, words, max_size=2)


@st.composite
def printed(draw) -> str:
    """Numbers from 0 on as they are printed: 0.50, 7, 3/9, 1e3."""
    whole = draw(st.integers(0, 999))
    part = draw(st.sampled_from(["", ".0", ".50", ".005", "e3", "E-15", f"/{draw(st.integers(1, 99))}"]))
    return f"{whole}{part}"


NEAR_ONE = st.integers(1, 6000).map(lambda digits: Fraction(10**digits + 1, 10**digits))
EXACTS = st.one_of(printed(), printed(), NEAR_ONE, st.fractions(Fraction(1, 10**9), 10**9)).map(Exact)
SIGNED = st.one_of(EXACTS, printed().map(lambda number: Exact(f"-{number}")))
PARTS = st.one_of(st.sampled_from(["0", "0.50", "1.00", "1/3", "+1"]), st.fractions(0, 1)).map(Exact)
FRACTIONS = st.one_of(
    st.fractions(), st.builds(Fraction, NEAR_ONE), NEAR_ONE.map(lambda each: 7**9000 * each)
)
CODES = st.lists(st.sampled_from(["S1", "S2", "s 3"]), max_size=2, unique=True).map(tuple)
SOURCES = st.builds(Source, SHOWN, SHOWN, SHOWN)
STANDINGS_OF = st.builds(Standing, st.sampled_from([*STANDINGS, "?"]), SHOWN)
CELLS = st.one_of(EXACTS, FRACTIONS, TEXTS, printed())


def known(*figures: str) -> st.SearchStrategy[dict[str, Standing]]:
    return st.dictionaries(st.sampled_from(figures), STANDINGS_OF, max_size=2)


def provenance(*figures: str) -> dict[str, Any]:
    return {"source": CODES, "standing": known(*figures), "disputed": TEXTS}


OPTIONS = st.builds(Option, TEXTS, st.one_of(st.none(), PARTS), by_language())
ROUNDINGS = ps.roundings(most=10)
WHOLE = st.integers(0, 10**6)


@st.composite
def scales(draw) -> Scale:
    """Scales of all forms, with all that is known of them, named or not."""
    drawn = draw(ps.scales())
    options = [attrs.evolve(each, label=draw(by_language())) for each in drawn.options]
    if options and not drawn.between:
        options.append(Option("D*", None, draw(by_language())))
    about = draw(st.fixed_dictionaries(provenance("scale", "share", "labels")))
    return attrs.evolve(drawn, options=options, code=draw(st.sampled_from(["", "papan", "s 1"])), **about)


ENDS = {
    (low, high): st.builds(Band, TEXTS, **{low: SIGNED, high: SIGNED})
    for low in ("floor", "above")
    for high in ("ceiling", "below")
}
BANDS = st.one_of(
    *ENDS.values(),
    st.builds(
        Band,
        TEXTS,
        floor=st.one_of(st.none(), SIGNED),
        label=by_language(),
        colour=TEXTS,
        attributes=st.dictionaries(TEXTS, TEXTS, max_size=2),
        printed=TEXTS,
        gap_after=st.booleans(),
        **provenance("floor", "label"),
    ),
)


REQUIREMENTS = st.one_of(
    st.builds(Requirement, TEXTS, at_least=SIGNED, of=TEXTS, decide_on=st.none() | ps.roundings()),
    st.builds(Requirement, each_of=TEXTS, at_least=SIGNED, of=TEXTS, exceptions=st.integers(0, 9)),
)


@st.composite
def zones(draw) -> Zones:
    drawn = draw(
        st.one_of(st.builds(Zones, st.just(()), st.sampled_from(["published", "exact"])), ps.zones())
    )
    bands = [attrs.evolve(each, label=draw(by_language()), colour=draw(TEXTS)) for each in drawn.bands]
    return attrs.evolve(drawn, bands=bands, **draw(st.fixed_dictionaries(provenance("decide_on"))))


STAGES = st.one_of(
    st.builds(
        RoundingStage,
        st.sampled_from(["a", "*", ""]),
        of=st.sampled_from(["points", "contribution"]),
        decimals=st.integers(0, 10),
        mode=st.sampled_from(["half_up", "half_even", "down"]),
        **provenance("rounding"),
    ),
    st.builds(
        RoundingStage,
        st.just("each"),
        of=st.just("points"),
        step=EXACTS.filter(bool),
        of_group=TEXTS.filter(bool),
    ),
)
CONDITIONS = st.builds(Condition, TEXTS, st.lists(st.one_of(EXACTS, TEXTS), min_size=1, max_size=2))
MARKS = st.builds(
    Mark,
    TEXTS.filter(bool),
    st.lists(REQUIREMENTS, min_size=1, max_size=2),
    label=by_language(),
    **provenance("requires"),
)
WEIGHTS = st.builds(
    Weights,
    st.one_of(st.none(), EXACTS),
    st.sampled_from(["members", "leaves"]),
    TEXTS,
    st.one_of(st.none(), EXACTS),
)
GROUPS = st.builds(
    Group,
    TEXTS,
    st.one_of(st.none(), SIGNED),
    title=by_language(),
    rule=st.sampled_from(list(RULES)),
    plus=st.one_of(st.none(), PARTS),
    steps=st.dictionaries(st.integers(1, 12), st.lists(st.tuples(EXACTS, PARTS), max_size=2), max_size=2),
    weights=WEIGHTS,
    rescale=st.sampled_from([None, True, False]),
    missing=TEXTS,
    least_answered=st.one_of(st.none(), PARTS),
    asked_if=st.lists(CONDITIONS, max_size=2),
    least_respondents=st.one_of(st.none(), st.integers(-1, 9)),
    tags=st.dictionaries(TEXTS, TEXTS, max_size=2),
    **provenance("weight", "rule"),
)
INDICATORS = st.builds(
    Indicator,
    TEXTS,
    scales(),
    st.one_of(st.none(), SIGNED),
    title=by_language(),
    missing=TEXTS,
    optional=st.booleans(),
    scored=st.booleans(),
    aliases=CODES,
    labels=st.dictionaries(TEXTS, by_language(), max_size=2),
    asked_if=st.lists(CONDITIONS, max_size=2),
    least_respondents=st.one_of(st.none(), st.integers(-1, 9)),
    tags=st.dictionaries(TEXTS, TEXTS, max_size=2),
    **provenance("scale", "weight"),
)
IN_FORCE = st.builds(InForce, DAYS, st.one_of(st.none(), DAYS))
CASES = st.builds(
    Case,
    TEXTS,
    st.dictionaries(TEXTS, st.one_of(EXACTS, TEXTS, printed()), max_size=3),
    st.lists(EXACTS, max_size=2),
    TEXTS,
    st.sampled_from(["*", "a", ""]),
    st.one_of(st.none(), EXACTS),
    TEXTS,
    st.sampled_from(["0", "0.00", "0.01"]).map(Exact),
    TEXTS,
    CODES,
)
EDITIONS = st.builds(Edition, TEXTS, TEXTS, by_language(), st.one_of(st.none(), IN_FORCE), TEXTS, TEXTS)
PACKAGES = st.builds(Package, TEXTS, TEXTS, st.lists(EDITIONS, max_size=2).map(tuple), TEXTS)
PRUNINGS = st.builds(Pruning, CODES, TEXTS, TEXTS, TEXTS)
ASSUMPTIONS = st.builds(Assumption, TEXTS, TEXTS, CODES, STANDINGS_OF)
LINES = st.builds(
    Line,
    TEXTS,
    by_language().map(FrozenMapping),
    st.integers(0, 12),
    FRACTIONS,
    st.one_of(st.none(), FRACTIONS),
    st.one_of(st.none(), FRACTIONS),
    FRACTIONS,
    FRACTIONS,
    st.one_of(st.none(), CELLS),
    TEXTS,
    st.dictionaries(TEXTS, TEXTS, max_size=2).map(FrozenMapping),
)


FOUND = st.one_of(st.none(), FRACTIONS)
TITLES = by_language().map(FrozenMapping)
DECIMALS = st.one_of(st.none(), st.decimals(-999, 999, places=2))
BETTERS = st.builds(
    Better, st.one_of(EXACTS, TEXTS, printed()), FRACTIONS, TITLES, FOUND, DECIMALS, DECIMALS, TEXTS, CODES
)
PROSPECTS = st.builds(
    Prospect,
    TEXTS,
    TITLES,
    st.integers(0, 12),
    st.booleans(),
    FOUND,
    FOUND,
    FOUND,
    st.one_of(st.none(), BETTERS),
    FOUND,
    FOUND,
)
UNMETS = st.builds(Unmet, TEXTS, TITLES, FOUND, FRACTIONS)
SHORTFALLS = st.builds(
    Shortfall, TEXTS, REQUIREMENTS, st.lists(UNMETS, max_size=2).map(tuple), st.integers(0, 9)
)
MEMBERS = st.builds(Member, TEXTS, FOUND, FOUND, FRACTIONS, FOUND)
STEPS = st.builds(
    Step,
    TEXTS,
    TEXTS,
    TEXTS,
    st.lists(MEMBERS, max_size=2).map(tuple),
    *[FOUND] * 5,
    TEXTS,
    st.sampled_from(["points", "contribution"]),
    TEXTS,
)
LACKS = st.builds(Lack, TEXTS, TEXTS, TITLES, TEXTS, FRACTIONS, FRACTIONS)


@st.composite
def instruments(draw, of: tuple[str, ...] = ("", "points", "share", "contribution")) -> Instrument:
    """Sound instruments with all that is known of them, whole or pruned."""
    unrounded = st.one_of(st.none(), ps.roundings(), ps.roundings())
    whole = "" not in of
    drawn = draw(ps.instruments(depth=2, members=3, rounding=unrounded, **(LINEAR if whole else {})))
    inferred = st.builds(Standing, st.sampled_from(["inferred", "assumed"]), SHOWN)

    def about(*figures: str) -> dict[str, Any]:
        standing = st.dictionaries(st.sampled_from(figures), inferred, max_size=2)
        return {"source": draw(CODES), "standing": draw(standing), "disputed": draw(SHOWN)}

    criteria = []
    for row, each in enumerate(drawn.criteria.values()):
        fields: dict[str, Any] = {"title": draw(by_language(SHOWN)), **about("criterion", "weight")}
        if isinstance(each, Indicator):
            scale = attrs.evolve(
                each.scale, code=draw(st.sampled_from(["", f"s{row}"])), **about("scale", "share")
            )
            codes = [option.code for option in scale.options]
            labels = st.dictionaries(st.sampled_from(codes or ["x"]), by_language(SHOWN), max_size=2)
            fields |= {"aliases": draw(st.sampled_from([(), (f"u{row}",)])), "scale": scale}
            fields["labels"] = draw(labels) if codes else {}
        criteria.append(attrs.evolve(each, **fields))
    bands = [
        attrs.evolve(band, label=draw(by_language(SHOWN)), **about("floor")) for band in drawn.zones.bands
    ]
    case = Case(
        draw(SHOWN),
        draw(st.dictionaries(st.sampled_from(list(drawn.criteria)), st.one_of(EXACTS, SHOWN, printed()))),
        total=draw(EXACTS),
        zone=draw(st.sampled_from([band.code for band in bands])),
        within=draw(st.sampled_from(["0", "0.00", "0.01"])),
        source=draw(CODES),
    )
    made = attrs.evolve(
        drawn,
        criteria=criteria,
        zones=attrs.evolve(drawn.zones, bands=bands, **about("decide_on")),
        title=draw(by_language(SHOWN)),
        family=draw(st.sampled_from(["", "kios"])),
        in_force=draw(st.one_of(st.none(), st.builds(InForce, DAYS))),
        language=draw(st.sampled_from(["id", "jv"])),
        tokens=draw(st.sampled_from([{}, {"NA": "not_applicable", "-": "missing"}, {"title": "missing"}])),
        sources={code: draw(SOURCES) for code in ("S1", "S2", "s 3")},
        cases=[case],
        **about("rounding", "maximum"),
    )
    below = (set(made.tree.staged) - {"*"}) | made.tree.conditions.keys()
    linear = made.root.rule.linear is not None
    possible = [each for each in of if not each or not below]
    measure = draw(st.sampled_from([each for each in possible if each != "contribution" or linear]))
    return made.pruned(depth=1, of=measure) if measure else made


@st.composite
def with_requirements(draw, **fields: Any) -> Instrument:
    """Sound instruments of which zones require something, and marks beside them."""
    instrument = draw(ps.instruments(**{"depth": 2, "members": 3, **fields}))
    groups = [each.code for each in instrument.tree.groups if instrument.tree.combined[each.code]]
    scored = [code for code in instrument.tree.by_code if instrument.tree.counts(code)]
    unit = {"share": Fraction(1), "points": instrument.maximum, "contribution": instrument.maximum}

    def requirement() -> Requirement:
        measure = draw(st.sampled_from(MEASURES))
        least = unit[measure] * Fraction(draw(st.integers(1, 8)), 16)
        grid = draw(st.sampled_from([None, None, Rounding(1), Rounding(2, "down")]))
        if draw(st.booleans()):
            return Requirement(
                draw(st.sampled_from([*scored, "*"])), at_least=least, of=measure, decide_on=grid
            )
        group = draw(st.sampled_from(groups))
        most = len(instrument.tree.combined[group]) - 1
        exceptions = draw(st.integers(0, most))
        return Requirement(each_of=group, at_least=least, of=measure, exceptions=exceptions, decide_on=grid)

    def sound(requires: list[Requirement]) -> bool:
        return not list(requirement_problems(instrument.tree, requires, instrument.maximum, sound=True))

    bands = [
        attrs.evolve(band, requires=[requirement() for _ in range(draw(st.integers(0, 2)))])
        for band in instrument.zones.bands
    ]
    drawn = [[requirement() for _ in range(draw(st.integers(1, 2)))] for _ in range(2)]
    marks = [Mark(f"tanda {place}", requires) for place, requires in enumerate(drawn) if sound(requires)]
    held = sound([each for band in bands for each in band.requires])
    zones = attrs.evolve(instrument.zones, bands=bands) if held else instrument.zones
    return attrs.evolve(instrument, zones=zones, marks=marks)


LABELS = st.lists(st.one_of(st.integers(-(2**70), 2**70), SHOWN), min_size=4, max_size=4, unique=True)


@st.composite
def scores(draw, kinds: tuple[str, ...] = ("answers", "totals", "once", "twice", "joined")) -> Scores:
    """Scores of answers, of printed totals, of institutions and theirs, and of several joined."""
    instrument = draw(ps.instruments(depth=2, members=3, rounding=st.one_of(st.none(), ps.roundings())))
    labels, kind = draw(LABELS), draw(st.sampled_from(kinds))
    if kind == "totals" or draw(st.booleans()):
        instrument = attrs.evolve(instrument, rollup="published")
        total = st.fractions(0, instrument.maximum)
        grid = total if instrument.rounding is None else total.map(instrument.rounding.of)
        totals = draw(st.lists(st.one_of(st.none(), grid, grid), min_size=1, max_size=4))
        made = Scores.of_totals(instrument, totals, labels[: len(totals)])
    else:
        table = draw(ps.tables(instrument, units=4))
        columns = {code: column.values for code, column in table.columns.items()}
        decisive = {each.criterion for held in instrument.tree.conditions.values() for each in held}
        spare = [code for code in columns.keys() - decisive if instrument.tree.policy(code) != "refuse"]
        absent = draw(st.sets(st.sampled_from(sorted(spare)), max_size=2)) if len(spare) > 2 else set()
        asked = {code: values for code, values in columns.items() if code not in absent}
        made = score(instrument, Answers.from_columns(asked, labels[: len(table)]), absent="missing")
    if kind == "joined":
        totals = [total for total in [None, *made.total.tolist()] if total is None or total == total]
        printed_ones = Scores.of_totals(
            made.instrument, totals, [f"printed {row}" for row in range(len(totals))]
        )
        return Scores.joined(*draw(st.permutations([made, printed_ones])))
    for _ in range({"once": 1, "twice": 2}.get(kind, 0)):
        by = st.lists(st.sampled_from(["Kupang", "Ende", 7]), min_size=len(made), max_size=len(made))
        made = roll_up(made, draw(by))
    return made


@st.composite
def columns(draw, count: int) -> Any:
    """Answers to one indicator, of any type."""
    kind = draw(st.sampled_from([*FLOATS, *WHOLES, "text", "object", "survey"]))

    def listed(each: st.SearchStrategy[Any]) -> list[Any]:
        return draw(st.lists(each, min_size=count, max_size=count))

    if kind in FLOATS:
        order = draw(st.sampled_from("<>"))
        given = np.array(listed(st.floats(width=FLOATS[kind])), dtype=np.dtype(kind).newbyteorder(order))
    elif kind in WHOLES:
        limits = np.iinfo(kind)
        ends = [limits.min, limits.max]
        given = np.array(
            listed(st.one_of(st.sampled_from(ends), st.integers(*ends), st.integers(0, 9))), dtype=kind
        )
    elif kind == "text":
        given = np.array(listed(TEXTS), dtype=np.str_)
    elif kind == "object":
        loose = [
            None,
            "",
            " ",
            1,
            0.1,
            Decimal("0.10"),
            np.float32(0.1),
            np.int8(7),
            np.float64("nan"),
            2**90,
        ]
        states = [MISSING, NOT_APPLICABLE, NoRespondents(-1), "a\0", "3", "0x1/0x2", Fraction(10**400)]
        states += [mean_of(7, 2), mean_of(Fraction(7, 2), 1)]
        given = np.fromiter(listed(st.one_of(CELLS, st.sampled_from([*loose, *states]))), object, count)
    else:
        dtypes = draw(st.sampled_from([("int8", "uint8"), ("int64", "int16")]))
        given = tuple(np.array(listed(st.integers(0, 100)), dtype=dtype) for dtype in dtypes)
    if draw(st.booleans()):
        first, *rest = given if isinstance(given, tuple) else (given,)
        mask = [True, *listed(st.booleans())[1:]]
        masked = np.ma.MaskedArray(first, mask)
        given = (masked, *rest) if rest else masked
    return given


@st.composite
def answers(draw) -> Answers:
    """Answers of every type of column, with codes for the states or without."""
    count = draw(st.integers(1, 4))
    names = draw(st.lists(TEXTS, min_size=1, max_size=3, unique=True))
    codes = draw(st.sampled_from([(None, None), (-1, None), (None, 0), (-1, -2)]))
    return Answers.from_columns(
        {name: draw(columns(count)) for name in names},
        draw(LABELS)[:count],
        missing=codes[0],
        not_applicable=codes[1],
    )


@st.composite
def cards(draw) -> Scorecard:
    made = draw(scores())
    return made.card(draw(st.sampled_from(made.units.tolist())))


@st.composite
def ends(draw) -> Bounds:
    """Bounds of several units, and of one."""
    instrument = draw(ps.instruments(depth=2, members=3, conditions=0))
    row = draw(ps.answers(instrument))
    for code in draw(st.sets(st.sampled_from(sorted(row)), max_size=2)):
        row[code] = MISSING
    if draw(st.booleans()):
        return bounds(instrument, row)
    return bounds(instrument, Answers.from_rows([row], units=draw(LABELS)[:1]))


@st.composite
def distributions(draw) -> Distribution:
    decimals = draw(st.integers(0, 10))
    scale = 10**decimals
    totals = draw(
        st.lists(st.integers(-scale, 3 * scale).map(lambda step: Fraction(step, scale)), max_size=6)
    )
    return Distribution.of(totals, decimals, low=-1, high=draw(st.sampled_from([3, "3.0", "100"])))


@st.composite
def peers(draw) -> pelayanan.Standing:
    """Standings of scores, in groups or not, of all or some."""
    made = draw(scores())
    labels = st.lists(st.sampled_from(["Kupang", "Ende", 7]), min_size=len(made), max_size=len(made))
    return compare(
        made,
        draw(st.one_of(st.none(), labels)),
        ties=draw(st.sampled_from(TIES)),
        smallest_group=draw(st.integers(1, 3)),
        among=draw(st.one_of(st.none(), st.lists(st.sampled_from(made.units.tolist()), min_size=1))),
        own=draw(st.booleans()),
    )


@st.composite
def neighbourhoods(draw) -> Neighbours:
    count = draw(st.integers(2, 4))
    values = st.lists(st.floats(-1e9, 1e9), min_size=count, max_size=count, unique=True)
    names = draw(st.lists(TEXTS, min_size=1, max_size=2, unique=True))
    table = {name: draw(values) for name in names}
    return pelayanan.neighbours(table, draw(st.integers(1, count - 1)), units=draw(LABELS)[:count])


@st.composite
def trends(draw) -> Trend:
    years = draw(st.lists(st.integers(-3, 9999), min_size=1, max_size=3, unique=True))
    found = {year: draw(scores()) for year in years}
    same = [["drawn"]] if draw(st.booleans()) and len(years) == 1 else []
    return pelayanan.trend(found, same)


@st.composite
def explanations(draw) -> Explanation:
    made = draw(scores(kinds=("answers",)).filter(lambda made: isinstance(made.basis, Answered)))
    return explain(
        made, draw(st.sampled_from(made.units.tolist())), peers=draw(st.sampled_from([None, made]))
    )


DECIMALS = st.decimals(0, 999, places=2)
OUTCOMES = st.builds(Outcome, st.one_of(st.none(), DECIMALS), st.one_of(st.none(), BANDS))
CHANGES = st.builds(Change, TEXTS, st.one_of(st.none(), CELLS), CELLS, FRACTIONS)
PLANS = st.builds(
    Plan,
    TEXTS,
    TEXTS,
    BANDS,
    st.sampled_from(["changes", "points", "cost"]),
    st.lists(CHANGES, max_size=2).map(tuple),
    OUTCOMES,
    st.one_of(st.none(), DECIMALS),
    st.one_of(st.none(), BANDS),
    st.booleans(),
    st.one_of(st.none(), FRACTIONS),
    st.one_of(st.none(), FRACTIONS),
    st.booleans(),
    OUTCOMES,
    CODES,
)
TABLES_AT = st.sampled_from(["", "root", "criteria['a']", "zones.bands['A']", "scales['s 1']"])
LAYERS = st.builds(
    Layer,
    TEXTS,
    st.none() | DAYS,
    TEXTS,
    st.dictionaries(TABLES_AT, st.dictionaries(TEXTS, CODES, max_size=2), max_size=2),
)
ORIGINS = st.builds(Origin, TEXTS, CODES, st.none() | DAYS, STANDINGS_OF)
PROBLEMS = st.builds(Problem, TEXTS, TEXTS, TEXTS)
IDS = st.text("az09.-", min_size=1, max_size=4)
WORDS = by_language(SHOWN)
OVERLAYS = st.builds(
    Overlay,
    IDS,
    IDS | st.just(""),
    st.fixed_dictionaries(
        {},
        optional={
            "title": WORDS,
            "rounding": st.sampled_from(["none", {"decimals": 1, "mode": "down"}]),
            "in_force": DAYS.map(lambda day: {"from": day.isoformat()}),
            "without": st.lists(st.sampled_from(["issuer", "cases"]), max_size=2),
            "drop": st.fixed_dictionaries({}, optional={"criteria": CODES, "bands": CODES}),
            "rename": st.just([{"code": "a", "to": "b"}]),
            "split": st.just([{"code": "a", "into": [{"code": "a.x", "weight": "0.50"}, {"code": "a.y"}]}]),
            "add": SHOWN.map(lambda word: [{"code": "c", "scale": "s 1", "tags": {"x": word}, "after": "b"}]),
            "change": st.tuples(EXACTS, WORDS).map(
                lambda pair: [{"code": "a", "weight": pair[0], "title": pair[1], "without": ["missing"]}]
            ),
            "root": st.just({"rule": "weakest_link"}),
            "zones": st.builds(lambda floor: {"bands": [{"code": "A", "floor": floor}]}, SIGNED),
            "scales": st.just({"s 1": {"range": {"low": 0, "high": "2.50"}}}),
            "rebalance": st.just({"*": "equal"}),
            "order": st.just({"criteria": ["b", "a"]}),
        },
    ),
    CODES,
)


CAUSES = st.builds(Cause, TEXTS, TEXTS, TEXTS, TEXTS, st.none() | FRACTIONS, FRACTIONS, WHOLE, WHOLE)
RECOMPUTED = st.builds(Recomputed, FRACTIONS, DECIMALS, DECIMALS, DECIMALS)
RECONCILIATIONS = st.builds(
    Reconciliation,
    EXACTS,
    st.booleans(),
    st.none() | RECOMPUTED,
    TEXTS,
    CODES,
    st.booleans(),
    st.lists(CAUSES, max_size=2).map(tuple),
)
BORDERS = st.builds(Border, TEXTS, TEXTS, FRACTIONS, st.booleans(), FRACTIONS, st.none() | WHOLE, CODES)
RANGES = st.builds(WeightRange, TEXTS, TEXTS, FRACTIONS, FRACTIONS, FRACTIONS, st.booleans(), st.booleans())
OTHERS = st.builds(OtherRounding, TEXTS, DECIMALS, TEXTS, st.booleans(), st.booleans())
MARGINS = st.builds(
    Margins,
    TEXTS,
    TEXTS,
    DECIMALS,
    FRACTIONS,
    TEXTS,
    st.lists(BORDERS, max_size=2).map(tuple),
    st.lists(RANGES, max_size=2).map(tuple),
    st.lists(OTHERS, max_size=2).map(tuple),
)
DIFFERENCES = st.builds(Difference, TEXTS, TEXTS, TEXTS, TEXTS)
VERIFICATIONS = st.builds(
    Verification, TEXTS, TEXTS, TEXTS, TEXTS, WHOLE, st.booleans(), st.none() | DIFFERENCES
)


@st.composite
def cores(draw) -> Core:
    """What is left of instruments below an overlay that changes what is not scored, or more."""
    base = draw(instruments(of=("",)))
    change = draw(st.sampled_from([{"issuer": "NTT"}, {"tokens": {"NN": "missing"}}]))
    return core(extend(base, Overlay("drawn", "lokal", change)), base)


AMENDMENTS = st.builds(
    Amendment,
    st.sampled_from(KINDS_OF_CHANGE),
    TEXTS,
    TEXTS,
    TITLES,
    TEXTS,
    TEXTS,
    TEXTS,
    TITLES,
    WHOLE,
)
WEIGHT_CHANGES = st.builds(WeightChange, TEXTS, TITLES, TEXTS, TEXTS, FOUND, FOUND)
BAND_CHANGES = st.builds(BandChange, TEXTS, st.none() | BANDS, st.none() | BANDS)
CHANGES_BETWEEN = st.builds(
    Changes,
    TEXTS,
    TEXTS,
    TITLES,
    st.tuples(TEXTS, TEXTS),
    st.lists(AMENDMENTS, max_size=2).map(tuple),
    st.lists(WEIGHT_CHANGES, max_size=2).map(tuple),
    st.lists(BAND_CHANGES, max_size=2).map(tuple),
)
CHANGE_LINES = st.builds(ChangeLine, TEXTS, TITLES, FRACTIONS, TEXTS, TEXTS)
CHANGE_PARTS = st.builds(ChangePart, TEXTS, FRACTIONS, st.lists(CHANGE_LINES, max_size=2).map(tuple))
PLACEMENTS = st.builds(
    Placement,
    TEXTS,
    TEXTS,
    st.decimals(0, 999, places=2),
    st.none() | BANDS,
    FRACTIONS,
    EXACTS.filter(bool),
    st.none() | BANDS,
    st.booleans(),
)
DECOMPOSITIONS = st.builds(
    Decomposition,
    TEXTS,
    FRACTIONS,
    st.lists(CHANGE_PARTS, max_size=2).map(tuple),
    st.booleans(),
    WHOLE,
    PLACEMENTS,
    PLACEMENTS,
)


@st.composite
def crosswalks(draw, **fields: Any) -> Crosswalk:
    """Crosswalks between any two instruments: some links of every relation, and what codes say."""
    before, after = (draw(ps.instruments(**{"depth": 2, "members": 3, **fields})) for _ in range(2))
    after = attrs.evolve(after, family=draw(st.sampled_from(["", "", "other"])))
    before, after = (
        attrs.evolve(each, tokens=draw(st.sampled_from([{}, {}, {"NN": "missing"}])))
        for each in (before, after)
    )
    names = [draw(st.permutations([each.code for each in side.indicators])) for side in (before, after)]
    links = []
    while all(names) and draw(st.booleans()):
        relation = draw(st.sampled_from(RELATIONS))
        sizes = {"subset": (3, 1), "superset": (1, 3), "intersects": (2, 2)}.get(relation, (1, 1))
        sides = [
            [side.pop() for _ in range(draw(st.integers(1, min(most, len(side)))))]
            for side, most in zip(names, sizes)
        ]
        several = max(sides, key=len)
        weights: dict[str, Fraction] = {}
        if relation in ("subset", "superset") and len(several) > 1 and draw(st.booleans()):
            parts = [draw(st.integers(1, 9)) for _ in several]
            weights = {code: Fraction(part, sum(parts)) for code, part in zip(several, parts)}
        scales = [side.tree.indicator(codes[0]).scale for side, codes in zip((before, after), sides)]
        if relation == "equal" and not same_answers(*scales):
            relation = "equivalent"
        about: dict[str, Any] = {"weights": weights, "why": draw(by_language(SHOWN))}
        links.append(Link(sides[0], relation, sides[1], **about))
    return crosswalk(before, after, links, title=draw(by_language(SHOWN)))


@st.composite
def carriages(draw) -> Carried:
    """Answers of a table or of one unit, carried along any crosswalk."""
    walk = draw(crosswalks())
    if draw(st.booleans()):
        return carry(draw(ps.answers(walk.before)), walk)
    table = draw(ps.tables(walk.before, units=4))
    columns = {code: column.values for code, column in table.columns.items()}
    return carry(Answers.from_columns(columns, draw(LABELS)[: len(table)]), walk)


LINKS = st.builds(
    Link,
    CODES,
    TEXTS,
    CODES,
    weights=st.dictionaries(TEXTS, SIGNED, max_size=2),
    why=by_language(),
    source=CODES,
    standing=known("relation", "weights"),
)
LABELLED = st.lists(st.one_of(st.integers(-(2**70), 2**70), SHOWN), max_size=2)
LOSSES = st.builds(
    Loss,
    TEXTS,
    st.sampled_from(BECOMES),
    CODES,
    TEXTS,
    st.dictionaries(TEXTS, SIGNED, max_size=2),
    st.lists(st.sampled_from(REASONS), max_size=2),
    LABELLED,
    by_language(),
    by_language(),
)


# How each kind of value is drawn; one that is lacking is found by a test below.
DRAWN: dict[type[Value], st.SearchStrategy[Any]] = {
    Amendment: AMENDMENTS,
    Answers: answers(),
    Assumption: ASSUMPTIONS,
    Band: BANDS,
    BandChange: BAND_CHANGES,
    ChangeLine: CHANGE_LINES,
    ChangePart: CHANGE_PARTS,
    Changes: CHANGES_BETWEEN,
    Decomposition: DECOMPOSITIONS,
    Placement: PLACEMENTS,
    WeightChange: WEIGHT_CHANGES,
    Better: BETTERS,
    Bounds: ends(),
    Carried: carriages(),
    Case: CASES,
    Change: CHANGES,
    Condition: CONDITIONS,
    Distribution: distributions(),
    Border: BORDERS,
    Cause: CAUSES,
    Difference: DIFFERENCES,
    Core: cores(),
    Crosswalk: crosswalks(),
    Edition: st.one_of(EDITIONS, instruments().map(Edition.of)),
    Explanation: explanations(),
    Group: GROUPS,
    InForce: IN_FORCE,
    Indicator: INDICATORS,
    Instrument: instruments(),
    Lack: LACKS,
    Layer: LAYERS,
    Line: LINES,
    Link: LINKS,
    Loss: LOSSES,
    Losses: st.builds(Losses, TEXTS, TEXTS, WHOLE, st.lists(LOSSES, max_size=2)),
    Margins: MARGINS,
    Mark: MARKS,
    Neighbours: neighbourhoods(),
    Member: MEMBERS,
    Option: OPTIONS,
    Prospect: PROSPECTS,
    Outcome: OUTCOMES,
    Plan: PLANS,
    OtherRounding: OTHERS,
    Package: PACKAGES,
    Pruning: PRUNINGS,
    Recomputed: RECOMPUTED,
    Reconciliation: RECONCILIATIONS,
    Origin: ORIGINS,
    Overlay: OVERLAYS,
    Rebased: st.builds(Rebased, OVERLAYS, st.lists(PROBLEMS, max_size=2).map(tuple)),
    Requirement: REQUIREMENTS,
    Rounding: ROUNDINGS,
    RoundingStage: STAGES,
    Scale: scales(),
    Scorecard: cards(),
    Scores: scores(),
    Shortfall: SHORTFALLS,
    Source: st.builds(Source, TEXTS, TEXTS, TEXTS),
    Standing: STANDINGS_OF,
    Trend: trends(),
    pelayanan.Standing: peers(),
    Step: STEPS,
    Unmet: UNMETS,
    Verification: VERIFICATIONS,
    WeightRange: RANGES,
    Weights: WEIGHTS,
    Zones: zones(),
}
# Made by hand.

LIKERT = Scale(
    options=[Option(str(code), Fraction(code, 4), f"nilai {code}") for code in range(1, 5)],
    between=True,
    code="likert",
)
BOARD = Scale(options=[Option("ada", "1.00"), Option("tidak", 0), Option("D*")], code="papan", source="S1")
KIOSK = Instrument(
    id="kios-2024",
    family="kios",
    title={"id": "Kios layanan", "en": "Service kiosk"},
    in_force=InForce(date(2024, 1, 1), date(2024, 12, 31)),
    criteria=[
        Group("d1", "60.0", title="Yang terlihat", source="S1"),
        Indicator("d1.fees", BOARD, "0.50", labels={"ada": "dipasang"}, missing="zero"),
        Indicator("d1.door", Scale(low=0, high=10), "0.50", aliases="u1"),
        Indicator("d2", LIKERT, 40, optional=True, standing={"weight": Standing("inferred", "adds up")}),
        Indicator("d3", Scale(anchors=[(5, 1), (30, 0)]), scored=False, tags={"bagian": "waktu"}),
    ],
    maximum=100,
    missing="refuse",
    rounding=Rounding(2),
    zones=Zones([Band("C", floor=0, below=80, label="merah"), Band("A", floor=80, label="hijau")], "exact"),
    rollup="published",
    tokens={"NA": "missing"},
    sources={"S1": Source("Decree", "article 3")},
    marks=[Mark("selesai", [Requirement("d3", at_least="0.50", of="share")], label="Selesai", source="S1")],
    cases=[Case("kiosk A", {"d1.fees": "ada", "d1.door": "7.50"}, total="93.33", zone="A")],
)
TABLE = Answers.from_columns(
    {
        "d1.fees": ["ada", "tidak", None],
        "u1": np.ma.MaskedArray(np.array([7, 10, 3], dtype=np.int8), [False, False, False]),
        "d2": (np.array([10, -1, 8]), np.array([3, -1, 2])),
        "d3": np.array([5.5, 30, 6], dtype=np.float32),
    },
    units=["North", "South", 3],
    not_applicable=-1,
)
SCORED = score(KIOSK, TABLE)
LOCAL = Overlay(
    "kios-2024",
    "kios-2024-ntt",
    {
        "title": {"id": "Kios NTT"},
        "rebalance": {"*": "proportional"},
        "add": [{"code": "d4", "weight": "10.0", "scale": "likert", "source": "S1"}],
        "change": [{"code": "d1.fees", "labels": {"ada": {"id": "ditempel"}}, "without": ["missing"]}],
    },
)
KIOSK_NTT = extend(KIOSK, LOCAL)
PRINTED = Scores.of_totals(KIOSK, ["86.62", None, "79.99"])
CARD = SCORED.card("North")
UNMET = Unmet("d2", text("Yang dikatakan"), Fraction(100, 3), Fraction(50, 3))
EXPLAINED = explain(SCORED, "North", peers=SCORED)
PLAN = plan(KIOSK, {"d1.fees": "tidak", "d2": 3}, fixed=["d2"])
FIRM = margins(KIOSK, {"d1.fees": "ada", "d1.door": 7, "d2": 3})
MISPRINTED = reconcile(["38.50", "41.48", "91.31"], "57.9", instrument=KIOSK, of="units", zone="hijau")
CHANGED = verify(
    CARD.to_json().replace('"84.33"', '"84.34"'),
    KIOSK,
    TABLE,
)
AMENDED = changes(KIOSK, KIOSK_NTT)
BETTER = {"d1.fees": "ada", "d1.door": 9, "d2": "3.5", "d4": 3}
GREW = why_changed(SCORED, score(KIOSK_NTT, Answers.from_rows([BETTER], units=["North"])), "North")
TOTALS_ALONE = why_changed(Scores.of_totals(KIOSK, ["79.99"]), Scores.of_totals(KIOSK_NTT, ["86.62"]))
KIOSK_25 = Instrument(
    id="kios-2025",
    family="kios",
    criteria=[
        Indicator("d1", Scale(low=0, high=1), 60),
        Indicator("d2", Scale(low=0, high=8), 20, missing="zero", title="Dikatakan"),
        Indicator("d2b", Scale(low=0, high=4), 20, missing="zero"),
        Indicator("d4", Scale(of=3, full=2), scored=False, missing="exclude"),
    ],
    maximum=100,
    missing="refuse",
    rounding=Rounding(2),
)
WALK = crosswalk(
    KIOSK,
    KIOSK_25,
    [
        Link(
            ["d1.fees", "d1.door"],
            "subset",
            "d1",
            weights={"d1.fees": "0.250", "d1.door": "3/4"},
            source="S1",
        ),
        Link("d2", "superset", ["d2", "d2b"], weights={"d2": "0.50", "d2b": "0.50"}, why="dibagi dua"),
        Link("d3", "intersects", "d4", standing={"relation": Standing("inferred", "by its name")}),
    ],
    title={"en": "Kiosks"},
    sources={"S1": Source("Decree", "article 4")},
)
CARRIED = carry(TABLE, WALK)
SAMPLES: dict[type[Value], list[Any]] = {
    Amendment: list(AMENDED.entries),
    BandChange: [BandChange("A", None, KIOSK.zones.bands[1]), BandChange("A", KIOSK.zones.bands[1])],
    ChangeLine: [line for part in GREW.parts for line in part.lines],
    ChangePart: list(GREW.parts),
    Changes: [AMENDED, Changes("x", "x")],
    Decomposition: [GREW, TOTALS_ALONE],
    Placement: [GREW.before, TOTALS_ALONE.after],
    WeightChange: list(AMENDED.weights),
    Answers: [
        TABLE,
        Answers.from_columns({"a": np.array(["x", "3"]), "b": [NOT_APPLICABLE, NoRespondents(0)]}),
        Answers.from_columns({"a": np.ma.MaskedArray([1, 2], [True, False]), "b": ["3", Fraction(1, 3)]}),
    ],
    Assumption: list(CARD.assumptions),
    Band: list(KIOSK.zones.bands),
    Better: [*(each.better for each in EXPLAINED.prospects if each.better), Better("3", 1, opens=("d2",))],
    Bounds: [bounds(KIOSK, TABLE), bounds(KIOSK, {"d1.fees": "ada", "d2": 3})],
    Carried: [CARRIED, carry({"d1.fees": "ada", "d2": mean_of(7, 2)}, WALK)],
    Case: [*KIOSK.cases, Case("n", units=["88.0", "82.4"], total="85.20", source=["S1", "S2"])],
    Change: [*PLAN.changes, Change("a", "3", Fraction(1, 3), Fraction(0))],
    Core: [
        core(KIOSK_NTT, KIOSK),
        core(extend(KIOSK, Overlay("kios-2024", "x", {"drop": {"criteria": "d2"}})), KIOSK),
    ],
    Condition: [Condition("d1.fees", ["ada", "0.50"])],
    Crosswalk: [WALK, crosswalk(KIOSK, KIOSK)],
    Distribution: [Distribution.of(["86.62", "78.09", "86.62"]), Distribution.of([], 1, "0.0", 5)],
    Border: list(FIRM.borders),
    Cause: list(MISPRINTED.causes),
    Difference: [CHANGED.difference],
    Edition: [Edition.of(KIOSK)],
    Explanation: [EXPLAINED, Explanation(CARD)],
    Group: [
        KIOSK.root,
        KIOSK["d1"],
        Group("*", rule="weighted_sum", weights=Weights("1.0", sum="0.99")),
        Group("d1", rule="weakest_link_plus", plus="1/8"),
        Group("d1", rule="step", steps={1: [(1, "0.250"), (2, "1/2")], 2: [(2, "1/4")]}),
    ],
    InForce: [KIOSK.in_force],
    Indicator: [
        *KIOSK.indicators,
        Indicator("d2", LIKERT, asked_if=Condition("d1.fees", ["ada", "0.50"]), least_respondents=30),
    ],
    Lack: [Lack("Dinas Kesehatan", "d1", text("Yang terlihat"), "A", Fraction("2.95"), Fraction("2.95") / 7)],
    Layer: list(KIOSK_NTT.layers),
    Origin: [origin(KIOSK_NTT, "d4", "weight"), origin(KIOSK_NTT, "d1", "weight")],
    Overlay: [LOCAL, Overlay("kios-2024")],
    Rebased: [
        rebase(LOCAL, onto=KIOSK, base=KIOSK),
        rebase(LOCAL, onto=attrs.evolve(KIOSK_NTT, layers=()), base=KIOSK),
    ],
    Instrument: [KIOSK, KIOSK_NTT, KIOSK.pruned(depth=1, of="contribution")],
    Line: list(CARD.lines),
    Link: list(WALK.links),
    Loss: [*CARRIED.losses.lines, Loss("a", "dropped", units=["North", 3])],
    Losses: [CARRIED.losses, WALK.losses],
    Margins: [FIRM],
    Mark: list(KIOSK.marks),
    Neighbours: [pelayanan.neighbours({"area": [1, 2, 4], "budget": [3, 1, 1]}, 2, units=["x", "y", 3])],
    Member: [member for step in EXPLAINED.trace for member in step.members],
    Option: list(BOARD.options),
    Prospect: list(EXPLAINED.prospects),
    Outcome: [PLAN.now, PLAN.best],
    Plan: [PLAN, plan(KIOSK, {"d1.fees": "tidak", "d1.door": 0, "d2": 3}, fixed=["*"])],
    OtherRounding: list(FIRM.roundings),
    Package: [
        Package("pelayanan-ntt", "pelayanan_ntt", (Edition.of(KIOSK),)),
        Package("x", "x", problem="no index"),
    ],
    Pruning: [KIOSK.pruned(at=["d1"]).pruning],
    Recomputed: [MISPRINTED.recomputed],
    Reconciliation: [MISPRINTED],
    Requirement: [
        Requirement("d1", at_least="60.0", of="points", decide_on=Rounding(1)),
        Requirement(each_of="*", at_least="3/5", of="share", exceptions=1),
    ],
    Rounding: [Rounding(2)],
    RoundingStage: [
        RoundingStage("layanan.i35", of="points", decimals=0, source="S1"),
        RoundingStage("each", of="contribution", step="1/40", mode="half_even", of_group="*"),
    ],
    Scale: [BOARD, LIKERT, Scale(of=10, full=5), Scale(steps=[(0, "0.6"), (81, 1)])],
    Scorecard: [CARD, PRINTED.card(0), roll_up(SCORED, ["x", "x", "y"]).card("x")],
    Scores: [
        SCORED,
        PRINTED,
        roll_up(PRINTED, ["x", "y", "x"]),
        roll_up(roll_up(SCORED, [1, 2, 2]), ["x", "x"]),
        Scores.joined(SCORED, Scores.of_totals(KIOSK, ["79.99"])),
    ],
    Shortfall: [Shortfall("A", Requirement("d2", at_least=50, of="points"), (UNMET,))],
    Source: [Source("Decree", "article 3", "https://example.org")],
    Standing: [Standing("inferred", "adds up")],
    Trend: [
        pelayanan.trend({2024: PRINTED, 2023: SCORED}),
        pelayanan.trend({2024: PRINTED}, [["kios-2024"]]),
    ],
    Step: list(EXPLAINED.trace),
    Unmet: [UNMET],
    Verification: [CHANGED],
    WeightRange: list(FIRM.weights),
    Weights: [Weights(100, "leaves", "S1", "99.90")],
    Zones: [KIOSK.zones, attrs.evolve(KIOSK.zones, decide_on=Rounding(1, "down"))],
    pelayanan.Standing: [
        compare(SCORED),
        compare(PRINTED, ["x", 7, "x"], ties="average", smallest_group=2, among=[0, 2], own=False),
    ],
}
TABLES = {kind: [json.loads(value.to_json()) for value in values] for kind, values in SAMPLES.items()}
# Without a fingerprint, what is changed in an instrument is computed with.
for _table in [copy.deepcopy(each) for each in TABLES[Scores]]:
    del _table["instrument"]["fingerprint"]
    TABLES[Scores].append(_table)
HUGE = f"{10**5000:#x}"
LEAVES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-3, 3),
    st.sampled_from(
        [10**30, -(10**400), 0.5, 1e300, "1/3", "1/0", "0.50", "nan", "inf", "-1", "1e999", "9" * 40]
    ),
    st.sampled_from([f"{HUGE}/0x1", f"0x1/{HUGE}", f"{HUGE}/{HUGE}1", f"-{HUGE}1/{HUGE}", "0x1/0x0"]),
    st.sampled_from(
        ["", " ", "*", "a", "d1", "d1.fees", "S1", "A", "ada", "exact", "leaves", "float16", "text"]
    ),
    st.sampled_from(["2024-02-30", "2024-01-01", "\ud800", "\x1b[2J", "a\0", "\xa0", "x" * 5000]),
    st.text(max_size=3),
)
KEYS = st.one_of(
    st.sampled_from(
        ["code", "scale", "weight", "values", "type", "counts", "masked", "missing", "units", "text"]
    ),
    st.sampled_from(
        ["answers", "members", "printed", "by", "total", "zone", "of", "is", "from", "state", "x"]
    ),
    st.text(max_size=2),
)
VALUES = st.recursive(
    LEAVES,
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(KEYS, inner, max_size=3)),
    max_leaves=5,
)


def places_in(table: Any) -> list[tuple[Any, Any]]:
    """Every container inside a table with each of its keys."""
    if not isinstance(table, dict | list):
        return []
    keys = list(table) if isinstance(table, dict) else range(len(table))
    return [pair for key in keys for pair in [(table, key), *places_in(table[key])]]


@st.composite
def mutated(draw, table: dict[str, Any]) -> dict[str, Any]:
    """The JSON of a value with parts deleted, replaced, moved, nested, doubled or renamed."""
    table = copy.deepcopy(table)
    for _ in range(draw(st.integers(1, 3))):
        places = places_in(table)[2 if len(table) > 2 else 0 :] or [(table, draw(KEYS))]
        (holder, key), (source, other) = (places[draw(st.integers(0, len(places) - 1))] for _ in range(2))
        kind = draw(st.sampled_from(["delete", "replace", "replace", "move", "nest", "double", "rename"]))
        if kind == "delete":
            holder.pop(key, None) if isinstance(holder, dict) else holder.pop(key)
        elif kind == "move":
            holder[key] = copy.deepcopy(source.get(other) if isinstance(source, dict) else source[other])
        elif kind == "nest":
            within = copy.deepcopy(holder[key]) if key in holder or isinstance(holder, list) else None
            holder[key] = draw(st.sampled_from([[within], {"x": within}, {draw(KEYS): within}]))
        elif kind == "double" and isinstance(holder, list):
            holder.append(copy.deepcopy(holder[key]))
        elif kind == "rename" and isinstance(holder, dict):
            holder[draw(KEYS)] = holder.pop(key, None)
        else:
            holder[key] = draw(VALUES)
    return table
