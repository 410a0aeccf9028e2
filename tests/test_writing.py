import json
import tomllib
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from fractions import Fraction
from importlib.resources import files
from typing import Any

import attrs
import pytest
from drawn import FRACTIONS, instruments
from hypothesis import given, settings
from hypothesis import strategies as st

import pelayanan
from pelayanan import Band, Group, Indicator, Instrument, Option, Rounding, Scale, Weights, Zones
from pelayanan.aggregation import RULES, WEIGHTED_MEAN, WEIGHTED_SUM, Rule
from pelayanan.criterion import Criterion
from pelayanan.errors import InstrumentError
from pelayanan.exact import Exact
from pelayanan.exchange import exchanged, number_of
from pelayanan.instrument import Case, InForce
from pelayanan.provenance import Source, Standing
from pelayanan.reading import Reading
from pelayanan.writing import said, tables_of, unnamed

SHIPPED = sorted(
    (each for each in (files("pelayanan") / "instruments").iterdir() if each.name.endswith(".toml")),
    key=lambda file: file.name,
)
PART = Scale(low=0, high=1)
DEFAULTS = {"decide_on": "published", "language": "id", "rule": "weighted_mean", "mode": "half_up"}


def plain(*criteria: Criterion, **changes: Any) -> Instrument:
    given = {
        "id": "x",
        "criteria": criteria or [Indicator("a", PART)],
        "maximum": "100.0",
        "missing": "refuse",
        "rounding": Rounding(2),
    }
    return Instrument(**given | changes)


PLAIN = {
    "format": 1,
    "id": "x",
    "maximum": "100.0",
    "missing": "refuse",
    "rounding": {"decimals": 2, "mode": "half_up"},
    "criteria": [{"code": "a", "scale": {"range": {"low": "0", "high": "1"}}}],
}


def read_again(tables: dict[str, Any], instrument: Instrument) -> Instrument | None:
    return Reading(made_of=exchanged().structure).instrument(tables, instrument.pruning)


def leaves_of(table: Any, *path: Any) -> Iterator[tuple[tuple[Any, ...], Any]]:
    """Every text, number, day and truth value of a file, with where it stands."""
    if isinstance(table, dict | list):
        for key, each in table.items() if isinstance(table, dict) else enumerate(table):
            yield from leaves_of(each, *path, key)
    else:
        yield path, table


def found_at(tables: Any, path: tuple[Any, ...]) -> Any:
    """What stands there, nothing where nothing does; one text for a text by language or a single code."""
    for key in path:
        inside = (isinstance(tables, dict) and key in tables) or (
            isinstance(tables, list) and key in range(len(tables))
        )
        tables = tables[key] if inside else None
    parts = list(tables.values()) if isinstance(tables, dict) else tables
    return parts[0] if isinstance(parts, list) and len(parts) == 1 else parts


# Published figures


@pytest.mark.parametrize("file", SHIPPED, ids=lambda file: file.name)
def test_what_the_file_of_an_edition_says_stands_in_the_tables(file):
    toml = tomllib.loads(file.read_text(encoding="utf-8"), parse_float=Decimal)
    tables = tables_of(pelayanan.read(file))
    used = {each["scale"] for each in toml["criteria"] if isinstance(each.get("scale"), str)}
    toml["scales"] = {name: each for name, each in toml.get("scales", {}).items() if name in used}
    for path, leaf in leaves_of(toml):
        found = found_at(tables, path)
        is_number = isinstance(leaf, int | Decimal) and isinstance(found, str)
        expected = str(leaf) if is_number or isinstance(leaf, date) else leaf

        assert expected == found or (found is None and DEFAULTS.get(path[-1]) == leaf), path


# Properties


@given(instruments())
@settings(max_examples=50)
def test_tables_are_what_json_has_and_give_the_instrument_again(instrument):
    tables = tables_of(instrument)
    kinds = {type(each) for _, each in leaves_of(tables)}
    again = read_again(json.loads(json.dumps(tables)), instrument)

    assert kinds <= {str, int, bool}
    assert (instrument, instrument.digest) == (again, again.digest)
    assert tables == tables_of(again)


@given(instruments())
@settings(max_examples=20)
def test_the_instrument_is_not_changed_by_a_change_of_its_tables(instrument):
    before = instrument.digest
    tables = tables_of(instrument)
    for value in tables.values():
        if isinstance(value, dict | list):
            value.clear()

    assert before == attrs.evolve(instrument).digest
    assert tables != tables_of(instrument)


@given(FRACTIONS)
def test_a_number_is_a_text_that_is_the_number(number):
    assert number == number_of(said(number))


@given(
    st.recursive(st.one_of(st.text(), st.booleans(), st.integers()), lambda inner: st.lists(inner).map(tuple))
)
def test_what_has_no_parts_is_said_as_it_is(value):
    def listed(each: Any) -> Any:
        return [listed(inner) for inner in each] if isinstance(each, tuple) else each

    assert listed(value) == said(value)


# Forms


def test_only_what_is_said_stands_in_the_tables():
    assert PLAIN == tables_of(plain())


@pytest.mark.parametrize(
    ("changes", "tables"),
    [
        ({"rounding": None}, {"rounding": "none"}),
        ({"family": "kios", "issuer": "A ministry"}, {"family": "kios", "issuer": "A ministry"}),
        ({"applies_to": "kota", "variant_of": "y"}, {"applies_to": "kota", "variant_of": "y"}),
        ({"title": "Kios"}, {"title": {"id": "Kios"}}),
        ({"title": {"id": "Kios", "en": "Kiosk"}}, {"title": {"id": "Kios", "en": "Kiosk"}}),
        ({"language": "jv"}, {"language": "jv"}),
        ({"in_force": InForce(date(2024, 1, 1))}, {"in_force": {"from": "2024-01-01"}}),
        ({"rollup": "exact"}, {"rollup": {"average": "exact"}}),
        ({"tokens": {"NA": "missing"}}, {"tokens": {"NA": "missing"}}),
        (
            {"sources": {"S1": Source("Decree")}, "source": "S1", "disputed": "by some"},
            {"sources": {"S1": {"title": "Decree"}}, "source": ["S1"], "disputed": "by some"},
        ),
        (
            {"standing": {"maximum": Standing("assumed", "unsaid")}},
            {"standing": {"maximum": {"is": "assumed", "why": "unsaid"}}},
        ),
        ({"root": Group("*", title="Semua")}, {"root": {"title": {"id": "Semua"}}}),
        (
            {"root": Group("*", rule="weighted_sum", weights=Weights(1), rescale=False)},
            {"root": {"rule": "weighted_sum", "weights": {"whole": "1"}, "rescale": False}},
        ),
        ({"zones": Zones((), "exact")}, {"zones": {"bands": [], "decide_on": "exact"}}),
        (
            {
                "zones": Zones(
                    [Band("B", below="50.0"), Band("A", floor=50, colour="#fff")], Rounding(1, "down")
                )
            },
            {
                "zones": {
                    "bands": [{"code": "B", "below": "50.0"}, {"code": "A", "floor": "50", "colour": "#fff"}],
                    "decide_on": {"decimals": 1, "mode": "down"},
                }
            },
        ),
        (
            {"cases": [Case("n", {"a": "0.50"}, of="share", total="50.00", within="0.0", reason="r")]},
            {
                "cases": [
                    {
                        "name": "n",
                        "of": "share",
                        "within": "0.0",
                        "reason": "r",
                        "answers": {"a": {"text": "0.50"}},
                        "expects": {"total": "50.00"},
                    }
                ]
            },
        ),
        (
            {"cases": [Case("n", units=["88.0", 82], at="a", total="85.0")]},
            {"cases": [{"name": "n", "units": ["88.0", "82"], "at": "a", "expects": {"total": "85.0"}}]},
        ),
    ],
    ids=str,
)
def test_what_is_said_stands_at_its_place(changes, tables):
    assert PLAIN | tables == tables_of(plain(**changes))


def test_a_scale_with_a_name_stands_once_and_one_without_in_its_place():
    board = Scale(options=[Option("ada", 1), Option("tidak", "0.0")], code="papan", disputed="by some")
    made = plain(
        Group("g", 1, missing="zero"),
        Indicator("g.a", board, labels={"ada": "dipasang"}),
        Indicator("g.b", board, optional=True),
        Indicator("c", Scale(of=10, full=5), 2, scored=True, aliases=("u1", "u2")),
    )
    found = tables_of(made)

    assert {
        "papan": {
            "options": [{"code": "ada", "share": "1"}, {"code": "tidak", "share": "0.0"}],
            "disputed": "by some",
        }
    } == found["scales"]
    assert [
        {"code": "g", "weight": "1", "missing": "zero"},
        {"code": "g.a", "scale": "papan", "labels": {"ada": {"id": "dipasang"}}},
        {"code": "g.b", "scale": "papan", "optional": True},
        {"code": "c", "scale": {"count": {"of": "10", "full": "5"}}, "weight": "2", "aliases": ["u1", "u2"]},
    ] == found["criteria"]


@pytest.mark.parametrize(
    ("value", "form"),
    [
        (Fraction(1, 3), "1/3"),
        (Exact("0.50"), "0.50"),
        (Decimal("78.00"), "78.00"),
        (date(2024, 12, 31), "2024-12-31"),
        (WEIGHTED_SUM, "weighted_sum"),
        (Rounding(0), {"decimals": 0, "mode": "half_up"}),
        (Zones(), {"bands": []}),
        (None, None),
        ((), []),
        ({}, {}),
    ],
    ids=str,
)
def test_a_value_stands_in_a_file_as(value, form):
    assert form == said(value)


# Messages


@pytest.mark.parametrize("rule", RULES.values(), ids=lambda rule: rule.name)
def test_a_rule_that_is_shipped_has_a_name(rule):
    assert "" == unnamed(rule)


@pytest.mark.parametrize("name", ["median", "weighted_mean"])
def test_a_rule_of_ones_own_cannot_be_written_whatever_its_name(name):
    own = Rule(name, WEIGHTED_MEAN.exact, "1", of_whole=True, linear=WEIGHTED_MEAN.linear)
    made = plain(
        Group("g", rule=own, weights=Weights(2)),
        Indicator("g.a", PART),
        root=Group("*", rule=own, weights=Weights(2)),
    )
    with pytest.raises(InstrumentError) as caught:
        tables_of(made)

    assert str(caught.value) == (
        "x has 2 problems\n"
        f"  the rule {name!r} is not one that a file can name @ root.rule\n"
        f"  the rule {name!r} is not one that a file can name @ criteria['g'].rule"
    )
    assert "unknown-rule" == caught.value.code
