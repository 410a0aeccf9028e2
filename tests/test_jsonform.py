import importlib
import json
import pkgutil
from datetime import date
from decimal import Decimal
from fractions import Fraction
from importlib.resources import files
from typing import Any

import attrs
import numpy as np
import pytest
from drawn import (
    BOARD,
    CARD,
    DRAWN,
    KEYS,
    KIOSK,
    PRINTED,
    SAMPLES,
    SCORED,
    TABLE,
    TABLES,
    VALUES,
    answers,
    instruments,
    mutated,
    scores,
)
from hypothesis import example, given, settings
from hypothesis import strategies as st
from refusing import error_text

import pelayanan
from pelayanan import (
    Answers,
    Band,
    Bounds,
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
    roll_up,
    score,
)
from pelayanan.aggregation import WEIGHTED_MEAN, Rule
from pelayanan.assumptions import Assumption
from pelayanan.audit import Margins, OtherRounding, Recomputed, Reconciliation
from pelayanan.carrying import Carried
from pelayanan.catalog import Edition
from pelayanan.errors import AnswerError, InstrumentError, JsonError, PelayananError
from pelayanan.exact import Exact
from pelayanan.explanation import Explanation
from pelayanan.history import Decomposition, Placement
from pelayanan.identity import digest_of
from pelayanan.improve import Outcome, Plan
from pelayanan.instrument import Case, InForce, Pruning
from pelayanan.jsonform import json_of, value_of
from pelayanan.prospects import Better, Prospect
from pelayanan.provenance import Source, Standing
from pelayanan.scorecard import Line
from pelayanan.value import Value
from pelayanan.version import VERSION

SHIPPED = sorted(
    each.name.removesuffix(".toml")
    for each in (files("pelayanan") / "instruments").iterdir()
    if each.name.endswith(".toml")
)
KINDS = pytest.mark.parametrize("kind", DRAWN, ids=lambda kind: kind.__name__)


def kinds_below(kind: type) -> set[type]:
    below = set(kind.__subclasses__())
    return below.union(*map(kinds_below, below))


def told(ask: Any, *given: Any) -> str:
    """What is answered, or why not, as a text that tells all apart."""
    try:
        found = ask(*given)
    except PelayananError as error:
        found = error
    return repr(found.tolist() if isinstance(found, np.ndarray) else found)


def held(scores: Scores) -> list[str]:
    """All that scores can be asked, as texts."""
    codes = ["*", *scores.instrument.criteria]
    found = [told(ask, code) for ask in (scores.points, scores.contribution) for code in codes]
    found += [told(scores.exact, unit) for unit in scores.units.tolist()]
    return [*found, told(lambda: scores.missing), told(scores.columns), repr(scores.left_out)]


# Round trips.


def test_every_public_value_is_drawn_here():
    for module in pkgutil.iter_modules(pelayanan.__path__, "pelayanan."):
        importlib.import_module(module.name)
    public = {kind for kind in kinds_below(Value) if kind.__module__.startswith("pelayanan.")}

    assert public == DRAWN.keys() == SAMPLES.keys()


@KINDS
@given(data=st.data())
@settings(max_examples=40)
def test_a_value_comes_back_from_its_json(kind, data):
    value = data.draw(DRAWN[kind])
    text = value.to_json()
    again = kind.from_json(text)

    assert value == again
    assert type(again) is kind
    assert text == again.to_json() == json_of(value)
    assert again == value_of(text, kind)


@KINDS
@given(data=st.data())
@settings(max_examples=10)
def test_the_json_of_a_value_says_its_kind_and_survives_other_programs(kind, data):
    value = data.draw(DRAWN[kind])
    table = json.loads(value.to_json())
    turned = json.dumps(dict(reversed(table.items())), indent=3)

    assert (1, kind.__name__) == (table["format"], table.get("kind", "Instrument"))
    assert value == kind.from_json(turned)


@given(instruments())
@settings(max_examples=40)
def test_an_instrument_comes_back_with_its_digest_and_what_it_was_pruned_from(instrument):
    again = Instrument.from_json(instrument.to_json())

    assert (instrument.digest, instrument.fingerprint) == (again.digest, again.fingerprint)
    assert (instrument.comparable, instrument.pruning) == (again.comparable, again.pruning)


# What zones require and what is rounded on the way below the dimensions must stay: there other groups
# become questions.
AREAS = ["manajemen_perubahan", "tatalaksana", "sdm", "akuntabilitas", "pengawasan", "pelayanan_publik"]
QUESTIONS = {
    "zi-2021": {"at": [f"pengungkit.{area}" for area in AREAS]},
    "spbe-2018": {"at": ["kebijakan", "tata_kelola", "layanan.administrasi"]},
}

# Below a rule that is not linear nothing has a contribution.
MEASURES = ["", "points", "share", "contribution"]
MEASURED = {"pefa-m1": MEASURES[:3], "pefa-m2": MEASURES[:3]}


@pytest.mark.parametrize(
    ("edition", "of"), [(edition, of) for edition in SHIPPED for of in MEASURED.get(edition, MEASURES)]
)
def test_a_shipped_edition_comes_back(edition, of):
    whole = pelayanan.read(files("pelayanan") / "instruments" / f"{edition}.toml")
    instrument = whole.pruned(**QUESTIONS.get(edition, {"depth": 1}), of=of) if of else whole
    again = Instrument.from_json(instrument.to_json())

    assert instrument == again
    assert (instrument.digest, instrument.fingerprint) == (again.digest, again.fingerprint)
    assert (instrument.comparable, whole.fingerprint) == (again.comparable, again.comparable)


# Arrays, and published totals, whose places are told apart by their text alone.
BY_TEXT = (
    Answers,
    Better,
    Bounds,
    Decomposition,
    Distribution,
    Explanation,
    Margins,
    Neighbours,
    OtherRounding,
    Outcome,
    Placement,
    Plan,
    Prospect,
    Carried,
    Recomputed,
    Reconciliation,
    Scorecard,
    Scores,
    Trend,
    pelayanan.Standing,
)


@pytest.mark.parametrize("kind", [kind for kind in DRAWN if kind not in BY_TEXT])
@given(data=st.data())
@settings(max_examples=20)
def test_numbers_come_back_as_they_were_printed(kind, data):
    value = data.draw(DRAWN[kind])

    assert digest_of(value) == digest_of(kind.from_json(value.to_json()))


@given(scores())
@settings(max_examples=60)
def test_scores_come_back_with_all_that_they_hold(made):
    again = Scores.from_json(made.to_json())

    assert held(made) == held(again)
    assert [made.card(unit) for unit in made.units.tolist()] == [
        again.card(unit) for unit in again.units.tolist()
    ]
    assert type(made.basis) is type(again.basis)


def bits(values: np.ndarray | None) -> tuple[str, bytes] | None:
    """The type and the bytes of numbers, any not-a-number as 0; nothing for what is no numbers."""
    if values is None or values.dtype.kind not in "fiu":
        return None
    kept = np.where(values == values, values, 0)
    return kept.dtype.name, kept.tobytes()


@given(answers())
@settings(max_examples=100)
def test_columns_come_back_in_their_type_to_the_bit(made):
    again = Answers.from_json(made.to_json())
    for name, column in made.columns.items():
        other = again.columns[name]

        assert (bits(column.values), bits(column.counts)) == (bits(other.values), bits(other.counts))
        assert (column.missing, column.not_applicable) == (other.missing, other.not_applicable)
        assert np.array_equal(column.mask, other.mask)


def test_a_mask_of_nothing_and_other_text_columns_come_back():
    made = Answers.from_columns(
        {
            "a": np.ma.MaskedArray([1, 2], False),
            "b": np.array(["x", ""], dtype=np.dtypes.StringDType())
            if hasattr(np.dtypes, "StringDType")
            else [1, 2],
            "c": np.ma.MaskedArray(np.array(["x\0", "y"], dtype=object), [False, True]),
            "d": np.array([1, 2], dtype=np.longdouble) / 8,
        },
        units=[np.int64(3), np.str_("x")],
    )

    assert made == Answers.from_json(made.to_json())


def test_a_total_that_was_not_rounded_comes_back_however_small():
    part = Indicator("a", Scale(low=0, high=1))
    made = Instrument(id="x", criteria=[part], maximum=1, missing="refuse", rounding=None)
    shares = [Fraction(1, 101), Fraction(1, 10**25), Fraction(1, 10**5000)]
    found = score(made, Answers.from_columns({"a": shares}))

    assert found == Scores.from_json(found.to_json())
    assert [found.card(unit) for unit in range(3)] == [
        Scorecard.from_json(found.card(unit).to_json()) for unit in range(3)
    ]


def test_scores_of_a_table_without_some_columns_come_back():
    made = score(KIOSK, Answers.from_columns({"u1": [7, 10], "d2": [3, 4]}), absent="missing")

    assert made == Scores.from_json(made.to_json())
    assert [1, 1] == Scores.from_json(made.to_json()).missing.tolist()


def test_a_printed_total_of_any_size_comes_back():
    made = Scores.of_totals(attrs.evolve(KIOSK, rounding=None), [10**29, "1e20", Fraction(10**299)])

    assert made == Scores.from_json(made.to_json())
    assert made.card(2) == Scorecard.from_json(made.card(2).to_json())


# Whatever is read gives a value or the library's own error.


def assert_made_or_refused(kind: type[Value], text: str) -> None:
    """A value that comes back, or the library's own error in printable words; nothing else is raised."""
    try:
        made: Any = kind.from_json(text)
    except PelayananError as error:
        made = error
    if isinstance(made, PelayananError):
        assert str(made).replace("\n", "").isprintable()
    else:
        assert made == kind.from_json(made.to_json())


@KINDS
@given(data=st.data())
@settings(max_examples=60)
def test_mutated_json_gives_a_value_or_a_problem(kind, data):
    table = data.draw(st.sampled_from(TABLES[kind]).flatmap(mutated))

    assert_made_or_refused(kind, json.dumps(table))


@KINDS
@given(fields=st.dictionaries(KEYS, VALUES, max_size=4))
@settings(max_examples=15)
def test_an_arbitrary_object_gives_a_value_or_a_problem(kind, fields):
    assert_made_or_refused(kind, json.dumps(fields))
    assert_made_or_refused(kind, json.dumps({"format": 1, "kind": kind.__name__} | fields))


@KINDS
@given(text=st.text())
@settings(max_examples=10)
@example(text="")
@example(text="[" * 100_000)
@example(text="{}")
def test_an_arbitrary_text_is_refused(kind, text):
    with pytest.raises((JsonError, InstrumentError)) as caught:
        kind.from_json(text)

    assert str(caught.value).replace("\n", "").isprintable()


@given(st.sampled_from(SHIPPED).map(lambda edition: EDITIONS_SAID[edition]).flatmap(mutated))
@settings(max_examples=25)
def test_a_mutated_edition_gives_an_instrument_or_a_problem(table):
    assert_made_or_refused(Instrument, json.dumps(table))


EDITIONS_SAID = {
    edition: json.loads(pelayanan.read(files("pelayanan") / "instruments" / f"{edition}.toml").to_json())
    for edition in SHIPPED
}


# Forms.


@pytest.mark.parametrize(
    ("value", "fields"),
    [
        (Source("Decree", url="https://example.org"), {"title": "Decree", "url": "https://example.org"}),
        (Standing("inferred"), {"is": "inferred"}),
        (Option("ya", "0.50", "iya"), {"code": "ya", "share": "0.50", "label": {"id": "iya"}}),
        (Scale(low="0.0", high=10), {"range": {"low": "0.0", "high": "10"}}),
        (Scale(of=10, full="5"), {"count": {"of": "10", "full": "5"}}),
        (Scale(steps=[(0, "3/5")], code="s"), {"code": "s", "steps": [["0", "3/5"]]}),
        (Scale(anchors=[(5, 1), ("30.0", 0)]), {"anchors": [["5", "1"], ["30.0", "0"]]}),
        (Weights(1, sum="0.950"), {"whole": "1", "sum": "0.950"}),
        (Group("*"), {"code": "*"}),
        (
            Group("d", rule="weighted_sum", rescale=False, weights=Weights(1)),
            {"code": "d", "rule": "weighted_sum", "weights": {"whole": "1"}, "rescale": False},
        ),
        (
            Indicator("a", Scale(low=0, high=1, code="s"), "0.50", scored=False, aliases="u1"),
            {
                "code": "a",
                "scale": {"code": "s", "range": {"low": "0", "high": "1"}},
                "weight": "0.50",
                "scored": False,
                "aliases": ["u1"],
            },
        ),
        (Band("C", above="53.90", gap_after=True), {"code": "C", "above": "53.90", "gap_after": True}),
        (Zones(), {"bands": []}),
        (
            Zones([Band("A")], Rounding(1)),
            {"bands": [{"code": "A"}], "decide_on": {"decimals": 1, "mode": "half_up"}},
        ),
        (Rounding(0, "down"), {"decimals": 0, "mode": "down"}),
        (InForce(date(2024, 1, 1), date(2024, 12, 31)), {"from": "2024-01-01", "until": "2024-12-31"}),
        (
            Case("n", {"a": "0.50", "b": Exact("0.50")}, zone="A", within="0.0"),
            {
                "name": "n",
                "within": "0.0",
                "answers": {"a": {"text": "0.50"}, "b": "0.50"},
                "expects": {"zone": "A"},
            },
        ),
        (Pruning(("a",), "points", "w", "o"), {"codes": ["a"], "of": "points", "whole": "w", "own": "o"}),
        (
            Assumption("d", "weight", (), Standing("assumed", "why")),
            {"place": "d", "figure": "weight", "codes": [], "standing": {"is": "assumed", "why": "why"}},
        ),
        (
            Edition("kios-2024", "kios", "Kios", InForce(date(2024, 1, 1)), variant_of="x"),
            {
                "id": "kios-2024",
                "family": "kios",
                "title": {"id": "Kios"},
                "in_force": {"from": "2024-01-01"},
                "variant_of": "x",
            },
        ),
        (
            Line("a", {}, 1, Fraction(1, 3), None, None, Fraction(0), Fraction(1), "3", "answered"),
            {
                "code": "a",
                "title": {},
                "depth": 1,
                "weight": "1/3",
                "share": None,
                "points": None,
                "contribution": "0",
                "lost": "1",
                "answer": {"text": "3"},
                "state": "answered",
            },
        ),
        (
            Scorecard("x", "f", 3, Decimal("78.00"), None, None, units={"a": Decimal("1.50")}),
            {
                "instrument": "x",
                "fingerprint": "f",
                "unit": 3,
                "total": "78.00",
                "exact": None,
                "zone": None,
                "units": {"a": "1.50"},
            },
        ),
        (
            TABLE,
            {
                "units": ["North", "South", 3],
                "columns": {
                    "d1.fees": {"type": "object", "values": ["ada", "tidak", None]},
                    "u1": {"type": "int8", "values": ["7", "10", "3"], "masked": [], "not_applicable": -1},
                    "d2": {
                        "type": "int64",
                        "values": ["10", "-1", "8"],
                        "counts_type": "int64",
                        "counts": ["3", "-1", "2"],
                        "not_applicable": -1,
                    },
                    "d3": {"type": "float32", "values": ["5.5", "30.0", "6.0"]},
                },
            },
        ),
        (
            PRINTED,
            {
                "version": VERSION,
                "instrument": json.loads(KIOSK.to_json()),
                "units": [0, 1, 2],
                "total": ["86.62", None, "79.99"],
                "zone": ["A", None, "C"],
                "printed": ["86.62", None, "79.99"],
            },
        ),
        (
            roll_up(PRINTED, ["x", "y", "x"]),
            {
                "version": VERSION,
                "instrument": json.loads(KIOSK.to_json()),
                "units": ["x", "y"],
                "total": ["83.31", None],
                "zone": ["A", None],
                "members": {
                    "units": [0, 1, 2],
                    "total": ["86.62", None, "79.99"],
                    "zone": ["A", None, "C"],
                    "printed": ["86.62", None, "79.99"],
                },
                "by": ["x", "y", "x"],
            },
        ),
    ],
    ids=lambda each: type(each).__name__,
)
def test_a_value_has_one_form(value, fields):
    assert {"format": 1, "kind": type(value).__name__} | fields == json.loads(value.to_json())


def test_a_table_of_numbers_of_json_is_read_with_its_print():
    text = '{"format": 1, "kind": "Band", "code": "A", "floor": 0.50, "below": 7}'

    assert ("0.50", "7") == (str(Band.from_json(text).floor), str(Band.from_json(text).below))


def test_a_number_beyond_its_type_is_infinite_and_cannot_be_scored():
    again = Answers.from_json(changed(TABLE, "columns", "d3", "values", 1, "1e300"))

    assert float("inf") == again.at(1, "d3")
    with pytest.raises(AnswerError, match="^kios-2024: the answer inf is not finite @ unit 'South', 'd3'$"):
        score(KIOSK, again)


def test_text_stands_in_json_as_it_is():
    assert '"Dinas Sosial \u00e9"' in Source("Dinas Sosial \u00e9").to_json()


# Messages.


def changed(value: Any, *path: Any) -> str:
    """The JSON of a value in which the last of the path stands at its place, ``...`` for nothing."""
    table = json.loads(value.to_json())
    *above, key, given = path
    holder = table
    for each in above:
        holder = holder[each]
    if given is ...:
        del holder[key]
    else:
        holder[key] = given
    return json.dumps(table)


def refused(kind: type[Value], text: str) -> str:
    return error_text((JsonError, InstrumentError), kind.from_json, text)


BAND, FEES, IN_2024 = KIOSK.zones.bands[0], KIOSK["d1.fees"], KIOSK.in_force
CITIES = roll_up(roll_up(SCORED, [1, 2, 2]), ["x", "x"])
TYPES = (
    "expected 'text', 'object' or one of 'float16', 'float32', 'float64', 'int8', 'int16', 'int32', 'int64', "
    "'uint8', 'uint16', 'uint32', 'uint64', not"
)


@pytest.mark.parametrize(
    ("value", "path", "said"),
    [
        (BAND, ["format", 2], "this version reads format = 1, found 2 @ format"),
        (BAND, ["format", True], "this version reads format = 1, found True @ format"),
        (BAND, ["format", "1"], "this version reads format = 1, found '1' @ format"),
        (BAND, ["format", ...], "this version reads format = 1, found 'nothing' @ format"),
        (BAND, ["kind", "Scale"], "expected the JSON of a Band, found that of a 'Scale' @ kind"),
        (BAND, ["kind", ...], "expected the JSON of a Band, found that of a 'nothing' @ kind"),
        (BAND, ["kind", []], "expected the JSON of a Band, found that of a [] @ kind"),
        (BAND, ["floor", "1,5"], "expected a number, not '1,5' @ floor"),
        (BAND, ["floor", "1/0"], "'1/0' divides by zero @ floor"),
        (BAND, ["flor", 1], "there is no key 'flor' here; did you mean 'floor'? @ flor"),
        (BAND, ["code", ...], "'code' is lacking @ code"),
        (BAND, ["label", "merah"], "expected a table, not a text @ label"),
        (BAND, ["label", "id", 3], "expected a text, not a number @ label.id"),
        (BAND, ["source", [1]], "expected a text or a list of texts, not a list @ source"),
        (BAND, ["gap_after", "yes"], "expected true or false, not a text @ gap_after"),
        (BAND, ["attributes", None], "expected a table, not null @ attributes"),
        (IN_2024, ["from", "20240101"], "expected a date such as '2024-12-31', not '20240101' @ from"),
        (IN_2024, ["from", 2024], "expected a date, not a number @ from"),
        (IN_2024, ["from_", "2024-01-01"], "there is no key 'from_' here; did you mean 'from'? @ from_"),
        (IN_2024, ["from", ...], "'from' is lacking @ from"),
        (BOARD, ["code", 5], "expected a text, not a number @ code"),
        (BOARD, ["options", 0, 5], "expected a table, not a number @ options[0]"),
        (BOARD, ["options", 0, "share", 2], "a share lies between 0 and 1, not at 2 @ options[0].share"),
        (
            BOARD,
            ["range", {"low": 0, "high": 1}],
            "a scale has exactly one of options, range, count, anchors, steps; found options and range",
        ),
        (
            BOARD,
            ["low", 1],
            "there is no key 'low' here; known are 'options', 'range', 'count', 'anchors', 'steps', 'between', "
            "'source', 'standing', 'disputed' @ low",
        ),
        (FEES, ["scale", "papan"], "expected a table, not a text @ scale"),
        (FEES, ["scale", "code", []], "expected a text, not a list @ scale.code"),
        (FEES, ["scale", "options", 1, "code", "ada"], "the option 'ada' is there twice @ scale.options[1]"),
        (FEES, ["labels", "ada", "x"], "expected a table, not a text @ labels.ada"),
        (
            KIOSK["d1"],
            ["rule", "median"],
            "expected one of the rules 'weighted_mean', 'weighted_sum', 'weakest_link', 'weakest_link_plus', 'step', 'all_or_nothing', not 'median' @ rule",
        ),
        (
            KIOSK["d1"],
            ["weights", {"hole": 3}],
            "there is no key 'hole' here; did you mean 'whole'? @ weights.hole",
        ),
        (KIOSK.zones, ["decide_on", "x"], "expected 'published', 'exact' or a rounding, not 'x' @ decide_on"),
        (
            KIOSK.zones,
            ["bands", 1, "floor", "-1"],
            "bands go from low to high; -1 does not come after 0 @ bands[1]",
        ),
        (Rounding(2), ["decimals", "2"], "expected a whole number, not a text @ decimals"),
        (Rounding(2), ["mode", "up"], "expected a mode of 'half_up', 'half_even', 'down', not 'up'"),
        (
            KIOSK.cases[0],
            ["answers", "d1.fees", None],
            "expected a number or a text, not null @ answers.d1.fees",
        ),
        (KIOSK.cases[0], ["expects", "total", "x"], "expected a number, not 'x' @ expects.total"),
        (
            KIOSK.cases[0],
            ["total", 1],
            "there is no key 'total' here; known are 'name', 'expects', 'answers', 'units', 'of', 'at', 'within', "
            "'reason', 'source' @ total",
        ),
        (Standing("assumed"), ["is", ...], "'is' is lacking @ is"),
        (Pruning((), "share"), ["codes", [1]], "expected a text or a list of texts, not a list @ codes"),
        (CARD.lines[1], ["weight", "x"], "expected a number, not 'x' @ weight"),
        (CARD.lines[1], ["answer", []], "expected an answer, not a list @ answer"),
        (CARD.lines[1], ["depth", True], "expected a whole number, not a truth value @ depth"),
        (CARD.lines[1], ["weigth", 1], "there is no key 'weigth' here; did you mean 'weight'? @ weigth"),
        (CARD, ["unit", 1.5], "expected a text or a whole number, not a number @ unit"),
        (CARD, ["total", 84.33], "expected a text, not a number @ total"),
        (CARD, ["gap", "1/8"], "expected a decimal, not '1/8' @ gap"),
        (CARD, ["lines", 5], "expected a list, not a number @ lines"),
        (CARD, ["lines", 2, []], "expected a table, not a list @ lines[2]"),
        (CARD, ["lines", 2, "answer", {"text": 5}], "expected an answer, not a table @ lines[2].answer"),
        (CARD, ["lines", 2, "share", "x"], "expected a number, not 'x' @ lines[2].share"),
        (CARD, ["zone", "A"], "expected a table, not a text @ zone"),
        (CARD, ["lnes", 5], "there is no key 'lnes' here; did you mean 'lines'? @ lnes"),
        (TABLE, ["units", 0, 1.5], "expected a text or a whole number, not a number @ units[0]"),
        (TABLE, ["units", 0, False], "expected a text or a whole number, not a truth value @ units[0]"),
        (TABLE, ["units", 1, "North"], "the unit 'North' is there twice @ row 1"),
        (TABLE, ["columns", {}], "there are no columns @ columns"),
        (TABLE, ["columns", "u1", 5], "expected a table, not a number @ columns.u1"),
        (TABLE, ["columns", "u1", "type", "int7"], f"{TYPES} 'int7' @ columns['u1']"),
        (TABLE, ["columns", "u1", "type", ...], "'type' is lacking @ columns.u1.type"),
        (
            TABLE,
            ["columns", "u1", "values", 1, "200"],
            "expected whole numbers from -128 to 127 @ columns['u1']",
        ),
        (
            TABLE,
            ["columns", "u1", "values", 1, "-129"],
            "expected whole numbers from -128 to 127 @ columns['u1']",
        ),
        (
            TABLE,
            ["columns", "u1", "values", 1, "1/2"],
            "expected whole numbers from -128 to 127 @ columns['u1']",
        ),
        (TABLE, ["columns", "u1", "values", 1, None], "expected a number, not None @ columns['u1']"),
        (TABLE, ["columns", "u1", "values", "x"], "expected a list, not a text @ columns.u1.values"),
        (TABLE, ["columns", "u1", "values", ["1"]], "it has 1 answers for 3 units @ columns['u1']"),
        (
            TABLE,
            ["columns", "u1", "masked", [3]],
            "masked names rows that are not among the 3 @ columns['u1']",
        ),
        (
            TABLE,
            ["columns", "u1", "masked", [-1]],
            "masked names rows that are not among the 3 @ columns['u1']",
        ),
        (
            TABLE,
            ["columns", "u1", "masked", ["0"]],
            "expected a whole number, not a text @ columns.u1.masked[0]",
        ),
        (
            TABLE,
            ["columns", "u1", "missing", "-1"],
            "expected a whole number, not a text @ columns.u1.missing",
        ),
        (
            TABLE,
            ["columns", "u1", "missing", -1],
            "missing and not_applicable are both -1; give each its own code @ columns['u1']",
        ),
        (
            TABLE,
            ["columns", "d2", "missing", 2],
            "missing=2 could be a number of respondents; in tables with surveys the codes lie below 1 "
            "@ columns['d2']",
        ),
        (TABLE, ["columns", "d2", "counts", ["1"]], "there are 3 sums and 1 counts @ columns['d2']"),
        (TABLE, ["columns", "d2", "counts_type", ...], f"{TYPES} '' @ columns['d2']"),
        (
            TABLE,
            ["columns", "d2", "counts_type", "float32"],
            "sums and counts are whole numbers, not int64 and float32 @ columns['d2']",
        ),
        (
            TABLE,
            ["columns", "d3", "values", 1, 1],
            "expected a number as a text, or null, not 1 @ columns['d3']",
        ),
        (
            TABLE,
            ["columns", "d3", "values", 1, "nan"],
            "expected a number as a text, or null, not 'nan' @ columns['d3']",
        ),
        (
            TABLE,
            ["columns", "d1.fees", "values", 1, {"state": "missing"}],
            "expected an answer, not a table @ columns['d1.fees']",
        ),
        (
            TABLE,
            ["columns", "d1.fees", "values", 1, True],
            "expected an answer, not a truth value @ columns['d1.fees']",
        ),
        (
            TABLE,
            ["columns", "d1.fees", "vals", 1],
            "there is no key 'vals' here; did you mean 'values'? @ columns.d1.fees.vals",
        ),
        (
            SAMPLES[Answers][1],
            ["columns", "a", "values", 0, None],
            "expected texts @ columns['a']",
        ),
        (SCORED, ["total", 0, "84.34"], "it says 84.34, and what it is made of gives 84.33 @ total[0]"),
        (SCORED, ["total", 0, "84.330"], "it says 84.330, and what it is made of gives 84.33 @ total[0]"),
        (SCORED, ["total", 0, None], "it says None, and what it is made of gives 84.33 @ total[0]"),
        (SCORED, ["total", 2, ...], "it has 2 entries, and what it is made of gives 3 @ total"),
        (SCORED, ["zone", 0, "C"], "it says C, and what it is made of gives A @ zone[0]"),
        (SCORED, ["zone", 0, "\x1b[2J"], "it says \ufffd[2J, and what it is made of gives A @ zone[0]"),
        (PRINTED, ["zone", 1, "None"], "it says None, and what it is made of gives None @ zone[1]"),
        (SCORED, ["units", 0, "East"], "it says East, and what it is made of gives North @ units[0]"),
        (SCORED, ["version", 1], "expected a text, not a number @ version"),
        (CARD, ["version", 1], "expected a text, not a number @ version"),
        (SCORED, ["instrument", ...], "'instrument' is lacking @ instrument"),
        (SCORED, ["instrument", "kios-2024"], "'instrument' is lacking @ instrument"),
        (
            SCORED,
            ["instrument", "criteria", 0, "weight", "x"],
            "expected a number, not 'x' @ instrument.criteria['d1'].weight",
        ),
        (SCORED, ["answers", ...], "there are no totals"),
        (SCORED, ["answers", 5], "expected a table, not a number @ answers"),
        (SCORED, ["answers", "columns", "u1", "type", "x"], f"{TYPES} 'x' @ answers.columns['u1']"),
        (
            SCORED,
            ["answers", "columns", "d1.fees", "values", 0, "adda"],
            "the answer 'adda' is no option of the scale; did you mean 'ada'? @ unit 'North', 'd1.fees'",
        ),
        (
            PRINTED,
            ["printed", 0, "86.625"],
            "86.625 has more decimals than the 2 that are published @ total 0",
        ),
        (PRINTED, ["printed", 0, "x"], "expected a number, not 'x' @ printed[0]"),
        (CITIES, ["by", 0, "y"], "it has 1 entries, and what it is made of gives 2 @ units"),
        (CITIES, ["by", 0, ...], "by has 1 labels for 2 units"),
        (CITIES, ["by", 0, None], "expected a text or a whole number, not null @ by[0]"),
        (
            CITIES,
            ["members", "total", 0, "0.00"],
            "it says 0.00, and what it is made of gives 84.33 @ members.total[0]",
        ),
        (
            CITIES,
            ["members", "members", "units", 0, "East"],
            "it says East, and what it is made of gives North @ members.members.units[0]",
        ),
        (CITIES, ["members", "by", 0, ""], "by has no institution for the unit 'North'"),
    ],
    ids=lambda each: type(each).__name__ if isinstance(each, Value) else None,
)
def test_what_is_no_such_value_is_refused_with_its_place(value, path, said):
    assert f"{type(value).__name__}: {said}" == refused(type(value), changed(value, *path))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            "{",
            "this is not JSON: Expecting property name enclosed in double quotes: line 1 column 2 (char 1)",
        ),
        ("5", "expected an object, not a number"),
        ('{"floor": NaN}', "this is not JSON: NaN is not a number"),
        ('{"code": "A", "code": "B"}', "this is not JSON: the key 'code' is there twice"),
        ('{"code": ' + "[" * 20 + "]" * 20 + "}", "brackets lie in each other at most 20 times"),
        ("{}", "expected the JSON of a Band, found that of a 'nothing' @ kind"),
    ],
)
def test_what_is_no_json_of_a_value_is_refused_by_its_kind(text, said):
    assert f"Band: {said}" == refused(Band, text)


def test_a_day_that_no_calendar_has_is_refused():
    # The words are those of the standard library.
    said = refused(InForce, changed(IN_2024, "until", "2024-13-01"))

    assert said.startswith("InForce: month must be in 1..12")
    assert said.endswith(" @ until")


def test_every_mistake_is_told_at_once():
    table = json.loads(TABLE.to_json())
    table["columns"]["u1"]["values"] = ["1"]
    table["columns"]["d2"]["counts"] = ["1"]
    table["columns"]["d3"]["type"] = "int8"

    assert refused(Answers, json.dumps(table)) == (
        "Answers has 3 problems\n"
        "  it has 1 answers for 3 units @ columns['u1']\n"
        "  there are 3 sums and 1 counts @ columns['d2']\n"
        "  expected whole numbers from -128 to 127 @ columns['d3']"
    )
    assert refused(Line, '{"format": 1, "kind": "Line", "cod": 1, "title": 2}') == (
        "Line has 11 problems\n"
        "  'code' is lacking @ code\n"
        "  expected a table, not a number @ title\n"
        "  'depth' is lacking @ depth\n"
        "  'weight' is lacking @ weight\n"
        "  'share' is lacking @ share\n"
        "  'points' is lacking @ points\n"
        "  'contribution' is lacking @ contribution\n"
        "  'lost' is lacking @ lost\n"
        "  'answer' is lacking @ answer\n"
        "  'state' is lacking @ state\n"
        "  there is no key 'cod' here; did you mean 'code'? @ cod"
    )


@pytest.mark.parametrize("value", [SCORED, PRINTED, CARD], ids=["scores", "printed", "card"])
def test_a_result_says_the_version_of_the_library_and_is_read_without_it(value):
    older = changed(value, "version", ...)

    assert VERSION == json.loads(value.to_json())["version"]
    assert "version" not in json.loads(older)
    assert (
        attrs.evolve(value, version="") == CARD.from_json(older)
        if value is CARD
        else value == SCORED.from_json(older)
    )


def test_a_changed_weight_does_not_go_unseen():
    for kind, value, above, place in (
        (Instrument, KIOSK, [], "fingerprint"),
        (Scores, SCORED, ["instrument"], "instrument.fingerprint"),
    ):
        lighter = Instrument.from_json(_unsigned(changed(KIOSK, "criteria", 0, "weight", "59")))
        said = refused(kind, changed(value, *above, "criteria", 0, "weight", "59"))

        assert said == (
            f"{'instrument' if kind is Instrument else 'Scores'}: what decides a score was changed: the "
            f"fingerprint says '{KIOSK.fingerprint[:12]}'..., and what stands here has "
            f"'{lighter.fingerprint[:12]}'...; write it anew, or leave it out @ {place}"
        )


def _unsigned(text: str) -> str:
    """The JSON of an instrument without its fingerprint."""
    table = json.loads(text)
    del table["fingerprint"]
    return json.dumps(table)


def test_a_changed_title_is_read():
    again = Instrument.from_json(changed(KIOSK, "title", "id", "Kios"))

    assert {"id": "Kios", "en": "Service kiosk"} == dict(again.title)


def test_a_number_that_is_too_long_to_compute_with_is_refused():
    whole = Instrument(
        id="x", criteria=[Indicator("a", Scale(low=0, high=1))], maximum=1, missing="zero", rounding=None
    )
    made = score(whole, Answers.from_columns({"a": [0.5]}))
    table = json.loads(_unsigned(json.dumps(json.loads(made.to_json())["instrument"])))
    table["maximum"] = f"{10**5000 + 1:#x}/{10**5000:#x}"
    said = refused(Scores, changed(made, "instrument", table))

    assert "Scores: int too large to convert to float" == said


OWN = Rule("median", WEIGHTED_MEAN.exact, "1", linear=WEIGHTED_MEAN.linear)
FALSE_MEAN = attrs.evolve(WEIGHTED_MEAN, version="1")


@attrs.frozen
class OwnBasis:
    """A basis that the library does not know."""


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (
            Answers.from_columns({"a": [1, 2]}, units=[1.5, 2.5]),
            "Answers: a label of a unit is a text or a whole number, not a float @ units[0]",
        ),
        (
            Answers.from_columns({"a": [1, 2]}, units=["x", ("a", "b")]),
            "Answers: a label of a unit is a text or a whole number, not a tuple @ units[1]",
        ),
        (
            Answers.from_columns({"a": [1, 2]}, units=np.array(["2024-01-01", "2025-01-01"], dtype="M8[D]")),
            "Answers: a label of a unit is a text or a whole number, not a date @ units[0]",
        ),
        (
            attrs.evolve(CARD, unit=True),
            "Scorecard: a label of a unit is a text or a whole number, not a bool @ unit",
        ),
        (
            roll_up(PRINTED, [1.5, 1.5, 2.5]),
            "Scores: a label of a unit is a text or a whole number, not a float @ units[0]",
        ),
        (attrs.evolve(CARD, unit=10**5000), "Scorecard: a whole number has too many digits to be written"),
        (
            Answers.from_columns({"a": [1, 2], "b": [1, True]}),
            "Answers: True is neither a number nor a text @ columns['b']",
        ),
        (
            Answers.from_columns({"a": [1, 2], "b": [float("inf"), None]}),
            "Answers: inf is neither a number nor a text @ columns['b']",
        ),
        (attrs.evolve(CARD.lines[1], answer=[1]), "Line: [1] is neither a number nor a text @ answer"),
        (
            attrs.evolve(CARD, lines=[CARD.lines[0], attrs.evolve(CARD.lines[1], answer=[1])]),
            "Scorecard: [1] is neither a number nor a text @ lines[1].answer",
        ),
        (Group("d", rule=OWN), "Group: the rule 'median' is not one that a file can name @ rule"),
        (
            Group("d", rule=FALSE_MEAN),
            "Group: the rule 'weighted_mean' is not one that a file can name @ rule",
        ),
        (
            attrs.evolve(PRINTED, basis=OwnBasis()),
            "Scores: scores that were made from a OwnBasis have no JSON form @ basis",
        ),
        (
            attrs.evolve(KIOSK, root=Group("*", rule=OWN)),
            "kios-2024: the rule 'median' is not one that a file can name @ root.rule",
        ),
        (
            attrs.evolve(PRINTED, instrument=attrs.evolve(KIOSK, root=Group("*", rule=OWN))),
            "kios-2024: the rule 'median' is not one that a file can name @ root.rule",
        ),
        (
            attrs.evolve(KIOSK, title="Kios\u200b"),
            "kios-2024: the text has the character '\\u200b', which cannot be printed @ title.id",
        ),
    ],
    ids=range(16),
)
def test_what_has_no_json_form_is_refused_with_its_place(value, said):
    with pytest.raises((JsonError, InstrumentError)) as caught:
        value.to_json()

    assert said == str(caught.value)
