import json
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import partial
from pathlib import Path
from typing import Any

import attrs
import pytest
from drawn import KIOSK, instruments, mutated
from hypothesis import given, settings
from hypothesis import strategies as st
from refusing import error_text

import pelayanan
from pelayanan import (
    Answers,
    Band,
    Condition,
    Group,
    Indicator,
    Instrument,
    Rounding,
    Scale,
    Weights,
    Zones,
)
from pelayanan import strategies as ps
from pelayanan.catalog import editions
from pelayanan.errors import InstrumentError, JsonError, PelayananError, Problem, UnknownError
from pelayanan.instrument import Case, InForce
from pelayanan.layers import Layer, Origin
from pelayanan.mapping import FrozenMapping
from pelayanan.overlay import Overlay, core, extend, extended, origin, read_overlay, rebase
from pelayanan.provenance import Source, Standing
from pelayanan.stages import RoundingStage
from pelayanan.writing import tables_of
from pelayanan.zones import Requirement

LINEAR = {"rules": ("weighted_mean", "weighted_sum")}


def laid(base: Instrument, **changes: Any) -> Instrument:
    return extend(base, Overlay(base.id, "lokal", changes))


problems = partial(error_text, InstrumentError, extend)


# Published: what regencies and provinces changed, as far as figures are known.

SAKIP = pelayanan.load("sakip-2021")
VARIANTS = Path(__file__).parents[1] / "docs" / "examples" / "pelayanan-varian" / "pelayanan_varian"
TRENGGALEK = read_overlay(VARIANTS / "sakip-2021-trenggalek.toml")


@pytest.mark.parametrize(("achieved", "total"), [("A", "88.10"), ("D", "83.60"), ("AA", "88.85")])
def test_trenggalek_splits_a_part_of_12_5_into_5_and_7_5(achieved, total):
    case = next(each for each in SAKIP.cases if each.total == Decimal("88.10"))
    trenggalek = extend(SAKIP, TRENGGALEK)

    assert (
        Decimal(total)
        == pelayanan.score_one(trenggalek, {**case.answers, "evaluasi.capaian": achieved}).total
    )


def test_trenggalek_keeps_the_weight_of_each_component_and_loses_one_question():
    trenggalek = extend(SAKIP, TRENGGALEK)

    assert {"keberadaan": 5, "kualitas": Fraction("7.5"), "pemanfaatan": 5, "capaian": Fraction("7.5")} == {
        code.partition(".")[2]: weight
        for code, weight in trenggalek.weights.items()
        if code.startswith("evaluasi.")
    }
    assert (
        Problem(
            "lost",
            "another question has its code, added by 'sakip-2021-trenggalek'",
            "criteria['evaluasi.pemanfaatan']",
        ),
    ) == core(trenggalek).lost


BANDA_ACEH = read_overlay(VARIANTS / "skm-2017-banda-aceh.toml")


def test_banda_aceh_asks_eleven_items_and_the_national_index_stays_computable():
    national = pelayanan.load("skm-2017")
    city = extend(national, BANDA_ACEH)
    answers = {f"u{item}": 3 for item in range(1, 10)} | {"u10": 4, "u11": 4}

    assert {Fraction(1, 11)} == set(city.weights.values())
    assert Decimal("79.55") == pelayanan.score_one(city, answers).total
    assert Decimal("75.00") == pelayanan.score_one(national, core(city).answers(answers)).total
    assert (
        Standing("inferred", "re-balanced by skm-2017-banda-aceh (equal): the members keep the whole of 1")
        == city["u1"].standing["weight"]
    )


def test_east_java_takes_plain_means_inside_of_aspects():
    national = pelayanan.load("ipp-2022")
    province = extend(national, read_overlay(VARIANTS / "ipp-2022-jatim.toml"))
    answers = {each.code: 3 for each in national.indicators} | {"f02.kebijakan.i1": 5, "f03.u14": 5}

    assert Decimal("3.14") == pelayanan.score_one(province, answers).total
    assert Decimal("3.10") == pelayanan.score_one(national, core(province).answers(answers)).total


def test_muaro_jambi_has_four_components_and_three_assessors_and_the_nine_grades():
    national = pelayanan.load("ipp-2022")
    regency = extend(national, read_overlay(VARIANTS / "ipp-2022-muaro-jambi.toml"))
    answers = {each.code: 5 if "mandiri" in each.code else 4 for each in regency.indicators}
    card = pelayanan.score_one(regency, answers)

    assert (Decimal("4.33"), "A-", 9) == (card.total, card.zone.code, len(regency.zones.bands))
    assert 45 - 1 == len(core(regency).lost)


# Properties


@given(instruments(of=("",)))
def test_an_overlay_without_id_and_changes_is_the_identity(instrument):
    assert instrument is extend(instrument, Overlay("drawn"))


@given(instruments(of=("",)))
def test_an_overlay_with_an_id_alone_changes_the_id_alone(instrument):
    made = extend(instrument, Overlay("drawn", "lokal"))

    assert tables_of(instrument) == tables_of(made) | {"id": "drawn"}
    assert ("drawn", "lokal") == tuple(layer.id for layer in made.layers)


@pytest.mark.parametrize("edition", [each.id for each in editions()])
def test_a_shipped_edition_with_another_id_says_the_same(edition):
    base = pelayanan.load(edition)
    made = extend(base, Overlay(edition, "lokal"))

    assert tables_of(base) == tables_of(made) | {"id": edition}


def by_name(tables: dict[str, Any], section: str) -> dict[str, Any]:
    rows = tables.get("zones", {}).get("bands", []) if section == "bands" else tables.get(section, [])
    return {each["code"]: each for each in rows} if isinstance(rows, list) else dict(rows)


def changed(one: dict[str, Any], other: dict[str, Any], *names: str) -> dict[str, Any]:
    """What a change of a table says, so that one becomes the other; what is named is said anew."""
    stated = {
        key: each for key, each in other.items() if one.get(key) != each or key in ("source", "standing")
    }
    gone = [key for key in one if key not in names and (key not in other or key in ("source", "standing"))]
    return {key: each for key, each in stated.items() if key not in names} | (
        {"without": gone} if gone else {}
    )


def difference(one: Instrument, other: Instrument) -> Overlay:
    """An overlay that makes the one of the other, by name."""
    before, after = tables_of(one), tables_of(other)
    sections = ("sources", "scales", "root", "criteria", "rounding_stages", "marks", "zones", "cases")
    found = changed(before, after, "format", "id", *sections)
    found |= {name: after[name] for name in ("sources", "scales", "cases") if name in after}
    if "cases" not in after:
        found["without"] = [*found.get("without", []), "cases"]
    rows = {
        name: (by_name(before, name), by_name(after, name))
        for name in ("criteria", "bands", "sources", "scales")
    }
    found["drop"] = {name: [key for key in old if key not in new] for name, (old, new) in rows.items()}
    found["drop"]["rounding_stages"] = [each["at"] for each in before.get("rounding_stages", [])]
    found["rounding_stages"] = after.get("rounding_stages", [])
    found["root"] = changed(before.get("root", {}), after.get("root", {}))
    old, new = rows["criteria"]
    found["add"] = [row for code, row in new.items() if code not in old]
    found["change"] = [
        {"code": code} | changed(old[code], row, "code") for code, row in new.items() if code in old
    ]
    old, new = rows["bands"]
    bands = [
        {"code": code} | changed(old[code], row, "code") if code in old else row for code, row in new.items()
    ]
    found["zones"] = changed(before["zones"], after["zones"], "bands") | {"bands": bands}
    found["order"] = {name: list(rows[name][1]) for name in ("criteria", "bands", "sources")}
    return Overlay(one.id, other.id, found)


@given(st.lists(instruments(of=("",)), min_size=2, max_size=2))
def test_an_overlay_can_say_any_difference_of_two_instruments(pair):
    one, other = pair
    other = attrs.evolve(other, id="other")
    made = extend(one, difference(one, other))

    assert other == made
    assert tables_of(other) == tables_of(made)


EDITS = ("title", "label", "issuer", "source", "scale", "add", "rename", "disputed", "alias")


@st.composite
def edits(draw, base: Instrument) -> list[dict[str, Any]]:
    """Changes of different fields, each as what an overlay says of it."""
    found: dict[str, dict[str, Any]] = {}
    free = {each.code for each in base.indicators}
    for kind in draw(st.lists(st.sampled_from(EDITS), min_size=2, max_size=6)):
        code = draw(st.sampled_from([each.code for each in base.indicators]))
        band = draw(st.sampled_from(base.zones.bands)).code
        if kind in ("title", "disputed", "alias") and (code in free or f"{kind} {code}" not in found):
            key, value = {
                "title": ("title", {"en": "Fees"}),
                "disputed": ("disputed", "by some"),
                "alias": ("aliases", ["z9"]),
            }[kind]
            if f"rename {code}" not in found and (
                kind != "alias" or "alias" not in {each.split()[0] for each in found}
            ):
                found[f"{kind} {code}"] = {"change": [{"code": code, key: value}]}
                free.discard(code)
        elif kind == "label":
            found[f"label {band}"] = {
                "zones": {"bands": [{"code": band, "label": {"id": "biru"}, "source": "S1"}]}
            }
        elif kind == "issuer":
            found["issuer"] = {"issuer": "NTT"}
        elif kind == "source":
            found["source"] = {"sources": {"P": {"title": "Pergub"}}}
        elif kind == "scale":
            found["scale"] = {"scales": {"lain": {"range": {"low": 0, "high": 1}}}}
        elif kind == "add":
            row = {
                "code": "zz",
                "scale": {"range": {"low": 0, "high": 1}},
                "scored": False,
                "missing": "exclude",
            }
            found["add"] = {"add": [row]}
        elif kind == "rename" and code in free:
            found[f"rename {code}"] = {"rename": [{"code": code, "to": f"{code}_baru"}]}
            free.discard(code)
    return list(found.values())


def merged(changes: list[dict[str, Any]]) -> dict[str, Any]:
    """One overlay that says all that several do."""
    found: dict[str, Any] = {}
    rows: dict[str, dict[str, Any]] = {}
    for each in changes:
        for key, value in each.items():
            if key == "zones":
                for band in value["bands"]:
                    rows.setdefault("bands", {}).setdefault(band["code"], {}).update(band)
            elif isinstance(value, list):
                for row in value:
                    rows.setdefault(key, {}).setdefault(row["code"], {}).update(row)
            else:
                found[key] = value
    found |= {key: list(each.values()) for key, each in rows.items() if key != "bands"}
    return found | ({"zones": {"bands": list(rows["bands"].values())}} if "bands" in rows else {})


@given(st.data())
def test_overlays_that_touch_different_fields_commute(data):
    base = data.draw(instruments(of=("",)))
    drawn = data.draw(edits(base))
    cut = data.draw(st.integers(0, len(drawn)))
    first, second = (
        Overlay("drawn", name, merged(part)) for name, part in (("satu", drawn[:cut]), ("dua", drawn[cut:]))
    )
    one, other = extend(base, first, second), extend(base, second, first)

    assert attrs.evolve(one, id="drawn") == attrs.evolve(other, id="drawn")
    assert attrs.evolve(one, id="drawn").fingerprint == attrs.evolve(other, id="drawn").fingerprint


@st.composite
def weighed(draw) -> Instrument:
    """Instruments whose first-level weights are printed."""
    made = draw(ps.instruments(depth=2, members=3, **LINEAR))
    printed = [made[code].weight is not None for code in made.tree.weighted["*"]]
    return made if any(printed) else draw(weighed())


@st.composite
def adding(draw, base: Instrument, id: str = "lokal") -> Overlay:
    """An overlay that adds questions to the whole, scored ones and others."""
    codes = base.tree.weighted["*"]
    printed = any(base[code].weight is not None for code in codes)
    whole = sum((base.weights[code] for code in codes), Fraction(0))
    rows = []
    for number in range(draw(st.integers(1, 3))):
        row: dict[str, Any] = {"code": f"z{number}", "scale": {"range": {"low": 0, "high": 4}}}
        if draw(st.booleans()):
            row["scored"] = False
        elif printed:
            row["weight"] = str(whole * draw(st.integers(1, 3)) / 10)
        rows.append(row | {"missing": draw(st.sampled_from(["zero", "lowest"]))})
    how = draw(st.sampled_from(["proportional", "equal"]))
    return Overlay("drawn", id, {"add": rows} | ({"rebalance": {"*": how}} if printed else {}))


@given(st.data())
def test_the_core_of_an_overlay_that_only_adds_scores_as_the_base(data):
    base = data.draw(ps.instruments(depth=2, members=3, **LINEAR))
    made = extend(base, data.draw(adding(base)))
    answers = data.draw(ps.tables(base))
    more = {each.code: [1] * len(answers) for each in made.indicators if each.code not in base.criteria}
    columns = {**answers.columns, **Answers.from_columns(more).columns}
    table = attrs.evolve(answers, columns=FrozenMapping(columns))
    national = core(made, base)
    expected, found = (
        pelayanan.score(national.instrument, each) for each in (answers, national.answers(table))
    )

    assert () == national.lost
    assert expected.total.tobytes() == found.total.tobytes()
    assert expected.zone.tolist() == found.zone.tolist()


@given(st.data())
def test_rebalancing_keeps_the_whole_and_the_proportions_exactly(data):
    base = data.draw(weighed())
    overlay = data.draw(adding(base))
    made = extend(base, overlay)
    old, new = base.tree.weighted["*"], made.tree.weighted["*"]
    ratios = {made.weights[code] / base.weights[code] for code in old}

    assert sum(base.weights[code] for code in old) == sum(made.weights[code] for code in new)
    if overlay.changes["rebalance"]["*"] == "proportional":
        assert 1 == len(ratios)
    else:
        assert 1 == len({made.weights[code] for code in old})


@given(st.data())
def test_rebasing_onto_the_same_edition_is_the_identity(data):
    base = data.draw(weighed())
    overlay = data.draw(adding(base))
    found = rebase(overlay, onto=base, base=base)

    assert (overlay, ()) == (found.overlay, found.conflicts)


@given(st.data())
def test_rebasing_edits_onto_the_same_edition_is_the_identity(data):
    base = data.draw(instruments(of=("",)))
    overlay = Overlay("drawn", "lokal", merged(data.draw(edits(base))))
    found = rebase(overlay, onto=base, base=base)

    assert (overlay, ()) == (found.overlay, found.conflicts)


@given(st.data())
@settings(max_examples=30)
def test_an_extended_instrument_comes_back_from_its_json_with_its_layers(data):
    base = data.draw(weighed())
    made = extend(base, data.draw(adding(base)))
    again = Instrument.from_json(made.to_json())

    assert (made, made.layers, made.digest) == (again, again.layers, again.digest)


LOCAL_FUZZ = Overlay(
    "kios-2024",
    "kios-ntt",
    {
        "title": {"id": "Kios NTT"},
        "rounding": "none",
        "sources": {"P": {"title": "Pergub"}},
        "scales": {"papan": {"range": {"low": 0, "high": 1}}},
        "rename": [{"code": "d1.door", "to": "d1.pintu"}],
        "split": [{"code": "d2", "into": [{"code": "d2.a"}, {"code": "d2.b", "weight": "2"}]}],
        "drop": {"criteria": ["d3"], "marks": ["selesai"]},
        "add": [{"code": "d4", "weight": "10.0", "scale": "likert", "source": "S1", "after": "d2"}],
        "change": [
            {"code": "d1.fees", "labels": {"x": {"id": "y"}}, "without": ["missing"], "scale": "likert"}
        ],
        "root": {"least_answered": "1/2"},
        "zones": {
            "bands": [{"code": "B", "floor": "50"}, {"code": "C", "below": "50"}],
            "decide_on": "published",
        },
        "rounding_stages": [{"at": "d1", "of": "points", "decimals": 1}],
        "rebalance": {"*": "proportional"},
        "order": {"criteria": ["d4", "d1", "d1.fees", "d1.pintu", "d2", "d2.a", "d2.b"]},
    },
)


@given(mutated(json.loads(LOCAL_FUZZ.to_json())))
@settings(max_examples=400)
def test_a_mutated_overlay_gives_an_instrument_or_a_problem(table):
    try:
        made = extend(KIOSK, Overlay.from_json(json.dumps(table)))
    except PelayananError as error:
        made = error

    assert isinstance(made, Instrument | InstrumentError | JsonError)


# What an overlay does, by hand.

DOOR = Scale(low=0, high=1)
PLAIN = Instrument(
    id="kios",
    criteria=[
        Group(
            "a", 60, weights=Weights(100), source="S", standing={"weight": Standing("inferred", "adds up")}
        ),
        Indicator("a.x", DOOR, 30, missing="zero", source="S"),
        Indicator("a.y", DOOR, 70, aliases="u1"),
        Indicator("b", DOOR, 40, asked_if=Condition("a.x", 1)),
    ],
    maximum=100,
    missing="refuse",
    rounding=Rounding(2),
    zones=Zones(
        [Band("C", floor=0), Band("A", floor=80, requires=[Requirement("a.x", at_least=1, of="share")])]
    ),
    rounding_stages=[RoundingStage("a.y", of="points", decimals=1)],
    sources={"S": Source("Decree")},
    in_force=InForce(date(2024, 1, 1)),
    cases=[Case("A", {"a.x": 1, "a.y": 1, "b": 1}, total=100)],
)


def test_what_is_changed_without_a_source_is_assumed_and_what_stood_of_it_goes():
    made = laid(PLAIN, change=[{"code": "a", "weight": "50"}, {"code": "b", "weight": "50"}])

    assert {"weight": Standing("assumed", "changed by lokal without a source")} == made["a"].standing
    assert ("S",) == made["a"].source
    assert {} == made["b"].standing


def test_what_is_changed_with_a_source_is_published():
    pergub = {"sources": {"P": {"title": "Pergub"}}}
    made = laid(
        PLAIN, change=[{"code": "a", "weight": "50", "source": "P"}, {"code": "b", "weight": "50"}], **pergub
    )

    assert ({}, ("P", "S")) == (made["a"].standing, made["a"].source)
    assert ("P",) == origin(made, "a", "weight").source
    assert ("S",) == origin(made, "a", "rule").source


def test_a_title_without_a_source_is_not_assumed():
    made = laid(PLAIN, change=[{"code": "a", "title": {"id": "Yang terlihat"}}])

    assert PLAIN["a"].standing == made["a"].standing


def test_what_refers_to_a_renamed_criterion_follows_and_old_answers_arrive():
    made = laid(PLAIN, rename=[{"code": "a", "to": "z"}, {"code": "a.y", "to": "z.pintu"}])
    answers = {"a.x": 1, "a.y": 0, "b": 1}

    assert ("z", "z.x", "z.pintu", "b") == tuple(made.criteria)
    assert ("a.y", "u1") == made["z.pintu"].aliases
    assert "z.x" == made["b"].asked_if[0].criterion
    assert "z.x" == made.zones.bands[1].requires[0].criterion
    assert "z.pintu" == made.rounding_stages[0].at
    assert set(answers) <= {alias for each in made.indicators for alias in (each.code, *each.aliases)}


def test_an_alias_that_becomes_the_code_is_no_alias_any_more():
    base = laid(PLAIN, change=[{"code": "a.y", "aliases": ["a.pintu", "u1"]}])
    renames = [{"code": "a.y", "to": "a.pintu"}, {"code": "b", "to": "b"}]

    assert ("a.y", "u1") == extend(base, Overlay("lokal", "kota", {"rename": renames}, over="lokal"))[
        "a.pintu"
    ].aliases


def test_a_new_band_stands_where_it_begins():
    made = laid(PLAIN, zones={"bands": [{"code": "B", "above": "50.5"}, {"code": "A+", "floor": 90}]})

    assert ["C", "B", "A", "A+"] == [band.code for band in made.zones.bands]


def test_several_new_bands_stand_in_the_order_of_their_floors():
    base = attrs.evolve(
        PLAIN, zones=Zones([Band("K", below=50, gap_after=True), Band("A", floor=80)]), cases=()
    )
    rows = [
        {"code": "A+", "floor": 90},
        {"code": "B-", "floor": 50},
        {"code": "B", "above": 60},
        {"code": "K", "without": ["gap_after"]},
    ]
    made = laid(base, zones={"bands": rows})

    assert ["K", "B-", "B", "A", "A+"] == [band.code for band in made.zones.bands]


def test_criteria_that_come_after_the_same_one_keep_their_order():
    row = {"scale": {"range": {"low": 0, "high": 1}}, "scored": False}
    rows = [row | {"code": code, "after": after} for code, after in [("c", "a"), ("d", "a"), ("e", "c")]]
    made = laid(PLAIN, add=rows)

    assert ["a", "a.x", "a.y", "c", "e", "d", "b"] == list(made.criteria)


def test_a_new_criterion_stands_after_the_one_named_with_what_is_below_it():
    row = {"code": "c", "scale": {"range": {"low": 0, "high": 1}}, "scored": False}
    inside = row | {"code": "a.z"}

    assert ["a", "a.x", "a.y", "c", "b"] == [*laid(PLAIN, add=[row | {"after": "a"}]).criteria]
    assert ["a", "a.x", "a.y", "b", "c"] == [*laid(PLAIN, add=[row]).criteria]
    assert ["a", "a.x", "a.y", "a.z", "b"] == [*laid(PLAIN, add=[inside]).criteria]


def test_a_criterion_that_is_split_below_itself_becomes_a_group_with_its_weight():
    made = laid(
        PLAIN,
        split=[{"code": "a.x", "into": [{"code": "a.x.p"}, {"code": "a.x.q"}]}],
        zones={"bands": [{"code": "A", "without": ["requires"]}]},
        change=[{"code": "b", "without": ["asked_if"]}],
    )

    assert (30, "zero", ("S",)) == (made["a.x"].weight, made["a.x"].missing, made["a.x"].source)
    assert Fraction(9, 100) == made.effective_weights["a.x.p"]


def test_what_is_split_beside_others_without_weights_shares_equally_and_says_so():
    made = laid(
        PLAIN,
        split=[{"code": "a.y", "into": [{"code": f"a.y{part}"} for part in "123"]}],
        drop={"rounding_stages": "a.y"},
    )

    assert {Fraction(70, 3)} == {made.weights[f"a.y{part}"] for part in "123"}
    assert (
        Standing("inferred", "an equal part of the 70 of a.y, which lokal splits")
        == made["a.y1"].standing["weight"]
    )


def test_what_is_split_where_the_leaves_weigh_leaves_its_weight_to_the_parts():
    base = attrs.evolve(
        PLAIN,
        criteria=[
            attrs.evolve(PLAIN["a"], weights=Weights(100, over="leaves")),
            *list(PLAIN.criteria.values())[1:],
        ],
    )
    made = laid(
        base,
        split=[{"code": "a.y", "into": [{"code": "a.y.p", "weight": 20}, {"code": "a.y.q", "weight": 50}]}],
    )

    assert (None, 70, 20) == (made["a.y"].weight, made.weights["a.y"], made["a.y.p"].weight)


def test_a_question_that_is_only_collected_is_split_without_weights():
    base = attrs.evolve(PLAIN, criteria=[*PLAIN.criteria.values(), Indicator("c", DOOR, scored=False)])
    made = laid(base, split=[{"code": "c", "into": [{"code": "c1"}, {"code": "c2"}]}])

    assert (False, False) == (made["c1"].scored, made["c2"].scored)


def test_cases_stay_while_nothing_that_decides_a_score_is_changed():
    said = {"cases": [{"name": "B", "answers": {"a.x": "0"}, "expects": {"total": "0"}}]}

    assert PLAIN.cases == laid(PLAIN, issuer="NTT").cases
    assert () == laid(PLAIN, missing="zero").cases
    assert () == laid(PLAIN, issuer="NTT", without=["cases"]).cases
    assert [Case("B", {"a.x": 0}, total=0)] == list(laid(PLAIN, **said).cases)


def test_the_head_changes_key_by_key():
    made = laid(
        PLAIN,
        title={"en": "Kiosk"},
        in_force={"from": "2025-02-01"},
        rounding={"decimals": 0, "mode": "down"},
    )

    assert ({"en": "Kiosk"}, date(2025, 2, 1), Rounding(0, "down")) == (
        made.title,
        made.in_force.from_,
        made.rounding,
    )
    assert Layer("kios", date(2024, 1, 1), PLAIN.fingerprint) == made.layers[0]
    assert (date(2025, 2, 1), made.fingerprint) == (made.layers[1].on, made.layers[1].fingerprint)


def test_rounding_stages_marks_and_orders():
    stage = {"at": "each", "of_group": "a", "of": "points", "decimals": 2}
    mark = {"code": "m", "requires": [{"criterion": "b", "at_least": 1, "of": "share"}]}
    made = laid(
        PLAIN,
        drop={"rounding_stages": ["a.y"]},
        rounding_stages=[stage],
        marks=[mark],
        order={"criteria": ["b", "a", "a.y", "a.x"]},
    )
    again = extend(made, Overlay("lokal", "kota", {"marks": [{"code": "m", "label": {"id": "Baik"}}]}))

    assert ["b", "a", "a.y", "a.x"] == list(made.criteria)
    assert [RoundingStage("each", of="points", decimals=2, of_group="a")] == list(made.rounding_stages)
    assert ({"id": "Baik"}, "b") == (again.marks[0].label, again.marks[0].requires[0].criterion)


def test_a_criterion_can_be_dropped_and_another_take_its_code():
    made = laid(
        PLAIN,
        drop={"criteria": "b"},
        add=[{"code": "b", "weight": 40, "scale": {"range": {"low": 0, "high": 9}}}],
    )

    assert (9, ()) == (made["b"].scale.high, made["b"].asked_if)
    assert ["another question has its code, added by 'lokal'"] == [
        each.message for each in core(made, PLAIN).lost
    ]


def test_a_group_is_dropped_with_all_below_it_once():
    base = attrs.evolve(PLAIN, zones=Zones(), rounding_stages=(), cases=())
    made = laid(base, drop={"criteria": ["a", "a.x"]}, change=[{"code": "b", "without": ["asked_if"]}])

    assert ["b"] == list(made.criteria)


def test_rebalancing_takes_a_whole_that_is_stated_anew():
    made = laid(
        PLAIN,
        rebalance={"a": "proportional"},
        change=[{"code": "a", "weights": {"whole": "10"}}, {"code": "a.x", "weight": "2"}],
    )

    assert (2, 8) == (made["a.x"].weight, made["a.y"].weight)


def test_a_weight_that_goes_is_rebalanced_and_groups_without_questions_weigh_nothing():
    base = attrs.evolve(
        PLAIN, criteria=[*PLAIN.criteria.values(), Group("c"), Indicator("c.x", DOOR, scored=False)]
    )
    made = laid(base, rebalance={"*": "equal"}, change=[{"code": "b", "without": ["weight"]}])

    assert (50, 50, None) == (made["a"].weight, made["b"].weight, made["c"].weight)


def test_leaves_that_weigh_are_rebalanced_across_their_groups():
    base = attrs.evolve(
        PLAIN,
        root=attrs.evolve(PLAIN.root, weights=Weights(100, over="leaves")),
        criteria=[
            Group("a"),
            Indicator("a.x", DOOR, 30),
            Indicator("a.y", DOOR, 30),
            Indicator("b", DOOR, 40),
        ],
        zones=Zones(),
        rounding_stages=(),
        cases=(),
    )
    made = laid(base, rebalance={"*": "proportional"}, change=[{"code": "a.x", "weight": 65}])

    assert (65, 15, 20) == (made["a.x"].weight, made["a.y"].weight, made["b"].weight)


def test_nothing_is_rebalanced_where_all_is_said():
    made = laid(
        PLAIN, rebalance={"a": "equal"}, change=[{"code": "a.x", "weight": 50}, {"code": "a.y", "weight": 50}]
    )

    assert (50, 50) == (made["a.x"].weight, made["a.y"].weight)


# Layers: nation, province, regency.

PROVINCE = Overlay(
    "kios",
    "kios-ntt",
    {
        "sources": {"P": {"title": "Pergub NTT"}},
        "in_force": {"from": "2024-07-01"},
        "change": [{"code": "a", "title": {"id": "Yang terlihat"}, "source": "P"}],
        "add": [
            {
                "code": "c",
                "scale": {"range": {"low": 0, "high": 1}},
                "scored": False,
                "missing": "zero",
                "source": "P",
            }
        ],
    },
)
REGENCY = Overlay(
    "kios-ntt",
    "kios-ende",
    {"change": [{"code": "a.x", "title": {"id": "Tarif"}}], "in_force": {"from": "2025-01-01"}},
    over="kios-ntt",
)


def test_a_chain_begins_with_the_nation_and_ends_with_the_regency():
    made = extended(REGENCY, among=[PROVINCE, PLAIN])

    assert extend(PLAIN, PROVINCE, REGENCY) == made
    assert ["kios", "kios-ntt", "kios-ende"] == [layer.id for layer in made.layers]
    assert "kios-ende" == made.id


def test_two_overlays_may_extend_the_same_instrument():
    other = Overlay("kios", "kios-tema", {"issuer": "Tema"})

    assert "Tema" == extend(PLAIN, PROVINCE, other).issuer


@pytest.mark.parametrize(
    ("code", "field", "expected"),
    [
        ("a", "title", Origin("kios-ntt", ("P",), date(2024, 7, 1), Standing("published"))),
        ("a", "weight", Origin("kios", ("S",), date(2024, 1, 1), Standing("inferred", "adds up"))),
        ("a.x", "title", Origin("kios-ende", (), date(2025, 1, 1), Standing("assumed"))),
        ("c", "scale", Origin("kios-ntt", ("P",), date(2024, 7, 1), Standing("published"))),
        ("c", "weight", Origin("kios-ntt", ("P",), date(2024, 7, 1), Standing("published"))),
        ("", "in_force", Origin("kios-ende", (), date(2025, 1, 1), Standing("assumed"))),
        ("", "maximum", Origin("kios", (), date(2024, 1, 1), Standing("assumed"))),
        ("*", "rule", Origin("kios", (), date(2024, 1, 1), Standing("assumed"))),
        ("zones.bands['A']", "floor", Origin("kios", (), date(2024, 1, 1), Standing("assumed"))),
        ("sources['P']", "title", Origin("kios-ntt", (), date(2024, 7, 1), Standing("assumed"))),
    ],
)
def test_every_field_names_its_layer_source_and_day(code, field, expected):
    assert expected == origin(extend(PLAIN, PROVINCE, REGENCY), code, field)


def test_an_instrument_that_was_not_extended_is_the_origin_of_its_fields():
    national = pelayanan.load("sakip-2021")

    assert Origin("sakip-2021", ("huruf", "tsemar"), date(2021, 1, 1), Standing("published")) == origin(
        national, "evaluasi.kualitas", "scale"
    )


def test_a_scale_that_is_replaced_is_the_origin_of_the_questions_that_have_it():
    scale = {"range": {"low": 0, "high": 4}, "source": "huruf"}
    made = laid(pelayanan.load("sakip-2021"), scales={"huruf": scale})

    assert Origin("lokal", ("huruf",), date(2021, 1, 1), Standing("published")) == origin(
        made, "evaluasi.kualitas", "scale"
    )


def test_what_a_later_layer_may_set_again_is_its_own_then():
    regency = Overlay(
        "kios-ntt",
        "kios-ende",
        {"change": [{"code": "a", "title": {"id": "Tampak"}}], "drop": {"criteria": "c"}},
        over="kios-ntt",
    )
    made = extend(PLAIN, PROVINCE, regency)

    assert "kios-ende" == origin(made, "a", "title").layer
    assert not made.layers[1].set_at("criteria['c']")


def test_fields_follow_a_criterion_that_a_later_layer_renames():
    made = extend(
        PLAIN, PROVINCE, Overlay("kios-ntt", "kios-ende", {"rename": [{"code": "a", "to": "tampak"}]})
    )

    assert ("kios-ntt", "kios-ende") == (
        origin(made, "tampak", "title").layer,
        origin(made, "tampak", "code").layer,
    )


# The next edition.


def test_the_next_edition_and_the_overlay_change_the_same_field():
    overlay = Overlay(
        "kios",
        "kios-ntt",
        {
            "change": [{"code": "a", "title": {"id": "Tampak"}, "weight": "60"}],
            "drop": {"criteria": "c"},
            "issuer": "NTT",
        },
    )
    old = attrs.evolve(PLAIN, criteria=[*PLAIN.criteria.values(), Indicator("c", DOOR, scored=False)])
    new = attrs.evolve(
        old,
        id="kios-2025",
        issuer="Pusat",
        criteria=[
            attrs.evolve(old["a"], title="Yang terlihat", weight="60.0"),
            *list(old.criteria.values())[1:-1],
            attrs.evolve(old["c"], title="Cuaca"),
        ],
    )
    found = rebase(overlay, onto=new, base=old)

    assert attrs.evolve(overlay, extends="kios-2025") == found.overlay
    assert [
        "kios-2025 changes its title, and the overlay drops it @ criteria['c']",
        "kios has None, kios-2025 has {'id': 'Yang terlihat'}, and the overlay says {'id': 'Tampak'} @ criteria['a'].title",
        "kios has None, kios-2025 has 'Pusat', and the overlay says 'NTT' @ issuer",
    ] == [str(each) for each in found.conflicts]


def test_an_overlay_that_changes_nothing_is_rebased_onto_anything():
    nothing = Overlay("kios")
    found = rebase(nothing, onto=attrs.evolve(PLAIN, id="kios-2025"), base=PLAIN)

    assert (Overlay("kios-2025"), ()) == (found.overlay, found.conflicts)
    assert "Rebased('' on 'kios-2025', 0 conflicts)" == repr(found)
    assert "Overlay('', extends 'kios')" == repr(nothing)


def test_the_same_change_on_both_sides_is_no_conflict():
    overlay = Overlay("kios", "kios-ntt", {"issuer": "NTT", "drop": {"rounding_stages": "a.y"}})
    new = attrs.evolve(PLAIN, id="kios-2025", issuer="NTT")

    assert () == rebase(overlay, onto=new, base=PLAIN).conflicts


def test_what_a_rebalancing_sets_is_worked_out_anew():
    overlay = Overlay(
        "kios", "kios-ntt", {"rebalance": {"*": "proportional"}, "change": [{"code": "b", "weight": 10}]}
    )
    new = attrs.evolve(
        PLAIN,
        id="kios-2025",
        criteria=[
            attrs.evolve(PLAIN["a"], weight=55),
            *list(PLAIN.criteria.values())[1:-1],
            attrs.evolve(PLAIN["b"], weight=40),
        ],
    )
    found = rebase(overlay, onto=new, base=PLAIN)

    assert () == found.conflicts
    assert 85 == extend(new, found.overlay)["a"].weight


def test_what_both_replace_is_a_conflict():
    base = attrs.evolve(PLAIN, cases=())
    stage = {"at": "a.y", "of": "points", "decimals": 0}
    overlay = Overlay("kios", "kios-ntt", {"rounding_stages": [stage]})
    finer = attrs.evolve(
        base, id="kios-2025", rounding_stages=[RoundingStage("a.y", of="points", decimals=2)]
    )
    same = attrs.evolve(base, id="kios-2025", rounding_stages=[RoundingStage("a.y", of="points", decimals=0)])

    assert ["kios-2025 changes its decimals, and the overlay replaces it @ rounding_stages['a.y']"] == [
        str(each) for each in rebase(overlay, onto=finer, base=base).conflicts
    ]
    assert () == rebase(overlay, onto=same, base=base).conflicts


def test_what_is_new_below_a_group_that_is_dropped_is_a_conflict():
    free = [*list(PLAIN.criteria.values())[:3], Indicator("b", DOOR, 40)]
    base = attrs.evolve(PLAIN, criteria=free, zones=Zones(), rounding_stages=(), cases=())
    less = [attrs.evolve(each, weight=20) if each.code == "a.x" else each for each in free]
    new = attrs.evolve(base, id="kios-2025", criteria=[*less, Indicator("a.w", DOOR, 10)])
    overlay = Overlay(base.id, "kios-ntt", {"drop": {"criteria": "a"}, "rebalance": {"*": "proportional"}})

    assert [
        "kios-2025 changes its weight, and the overlay drops it @ criteria['a.x']",
        "kios-2025 adds it below 'a', which the overlay drops @ criteria['a.w']",
    ] == [str(each) for each in rebase(overlay, onto=new, base=base).conflicts]


def test_a_weight_that_only_a_rebalancing_sets_is_no_conflict_where_the_row_is_changed():
    change = [{"code": "a", "title": "Tampak"}, {"code": "b", "weight": 10}]
    overlay = Overlay("kios", "kios-ntt", {"rebalance": {"*": "proportional"}, "change": change})
    new = attrs.evolve(
        PLAIN,
        id="kios-2025",
        criteria=[
            attrs.evolve(PLAIN["a"], weight=55),
            *list(PLAIN.criteria.values())[1:-1],
            attrs.evolve(PLAIN["b"], weight=40),
        ],
    )

    assert () == rebase(overlay, onto=new, base=PLAIN).conflicts


def test_an_overlay_of_a_layer_below_is_rebased_onto_the_same_edition_as_it_is():
    province = extend(PLAIN, Overlay("kios", "kios-ntt", {"issuer": "NTT"}))
    overlay = Overlay("kios", "kios-ende", {"change": [{"code": "a", "title": "Tampak"}]})

    assert (overlay, ()) == (
        rebase(overlay, onto=province, base=province).overlay,
        rebase(overlay, onto=province, base=province).conflicts,
    )


def test_dead_references_and_weights_that_no_longer_add_up_are_conflicts():
    overlay = Overlay(
        "kios",
        "kios-ntt",
        {
            "rename": [{"code": "a.y", "to": "a.z"}],
            "change": [{"code": "a.z", "weight": 60}, {"code": "a.x", "weight": 40}],
        },
    )
    three = [PLAIN["a"], Indicator("a.w", DOOR, 50), Indicator("a.y", DOOR, 30), PLAIN["a.x"], PLAIN["b"]]
    third = attrs.evolve(
        PLAIN, id="kios-2025", criteria=[*three[:3], attrs.evolve(PLAIN["a.x"], weight=20), PLAIN["b"]]
    )
    renamed = laid(PLAIN, rename=[{"code": "a.x", "to": "a.v"}])

    assert [
        "kios has '70', kios-2025 has '30', and the overlay says '60' @ criteria['a.z'].weight",
        "kios has '30', kios-2025 has '20', and the overlay says '40' @ criteria['a.x'].weight",
        "the weights add up to 150, not to the whole of 100 @ criteria['a'].weights",
    ] == [str(each) for each in rebase(overlay, onto=third, base=PLAIN).conflicts]
    assert ["lokal has nothing of the name 'a.x' in criteria; it is 'a.v' there @ change['a.x']"] == [
        str(each) for each in rebase(overlay, onto=renamed, base=PLAIN).conflicts
    ]


def test_what_the_next_edition_does_not_ask_any_more_is_a_dead_reference():
    changes = [
        {"code": code, "title": {"id": "Biaya"}} for code in ("input", "proses.standar_pelayanan.biaya")
    ]
    overlay = Overlay("ombudsman-2023", "kota", {"change": changes})

    assert [
        "ombudsman-2024 has nothing of the name 'proses.standar_pelayanan.biaya' in criteria; "
        "did you mean 'proses.standar_pelayanan'? @ change['proses.standar_pelayanan.biaya']"
    ] == [str(each) for each in rebase(overlay, onto=pelayanan.load("ombudsman-2024")).conflicts]


# What is lost of the national score.


def test_what_is_lost_is_said_question_by_question():
    row = {"range": {"low": 0, "high": 9}}
    made = laid(
        PLAIN,
        tokens={"NN": "missing"},
        change=[
            {"code": "a.x", "scale": row, "without": ["missing"]},
            {"code": "a.y", "optional": True, "asked_if": {"criterion": "a.x", "is": 9}},
        ],
        split=[{"code": "b", "into": [{"code": "b.a"}, {"code": "b.b"}]}],
    )
    with pytest.raises(InstrumentError) as error:
        core(made, PLAIN).answers({"a.x": 1})

    assert (
        "kios out of lokal has 5 problems\n"
        "  it has another scale here @ criteria['a.x']\n"
        "  it may be not applicable here, and not there @ criteria['a.y']\n"
        "  it is not always asked here when it is asked there @ criteria['a.y']\n"
        "  it is a group here, of 'b.a', 'b.b' @ criteria['b']\n"
        "  'NN' stands for missing here, and not there @ tokens['NN']"
    ) == str(error.value)


def test_a_question_that_decides_nothing_is_not_lost():
    base = attrs.evolve(PLAIN, criteria=[*PLAIN.criteria.values(), Indicator("c", DOOR, scored=False)])
    made = laid(base, drop={"criteria": "c"})
    found = core(made, base)

    assert () == found.lost
    assert "Core('kios' of 'lokal', 0 lost)" == repr(found)
    assert "Layer('lokal', 1 fields)" == repr(made.layers[1])
    assert {"a.y": 1} == found.answers({"u1": 1, "x": 3})


def test_a_question_that_only_decides_a_zone_is_needed():
    loket = Instrument(
        id="loket",
        criteria=[Indicator("a", DOOR), Indicator("b", DOOR, scored=False, missing="exclude")],
        maximum=1,
        missing="zero",
        rounding=Rounding(1),
        zones=Zones(
            [Band("C", floor=0), Band("A", floor=1, requires=[Requirement("b", at_least=1, of="share")])]
        ),
    )
    made = laid(loket, drop={"criteria": "b"}, zones={"bands": [{"code": "A", "without": ["requires"]}]})

    assert ["it is not asked here @ criteria['b']"] == [str(each) for each in core(made, loket).lost]


# Messages


def kios(**changes: Any) -> Overlay:
    return Overlay("kios", "kios-ntt", changes)


PART = {"range": {"low": 0, "high": 1}}


@pytest.mark.parametrize(
    ("overlay", "message"),
    [
        (
            Overlay("kios-2025", "x", {"issuer": "NTT"}),
            "x: it extends 'kios-2025', and is laid over 'kios'; rebase it first @ extends",
        ),
        (
            kios(drop={"criteria": "a.z", "bands": "Z", "marks": "m"}),
            "kios-ntt has 3 problems\n"
            "  kios has nothing of the name 'a.z' in criteria; did you mean 'a.y'? @ drop.criteria\n"
            "  kios has nothing of the name 'Z' in bands; known are 'C', 'A' @ drop.bands\n"
            "  kios has nothing of the name 'm' in marks @ drop.marks",
        ),
        (
            kios(
                rename=[{"code": "q", "to": "r"}],
                split=[{"code": "a", "into": []}, {"code": "s", "into": []}],
                add=[{"code": "t", "scale": PART, "scored": False, "after": "v"}],
                change=[{"code": "u1", "weight": 3}, {"code": "a.x", "without": ["wieght"]}],
                zones={"bands": [{"code": "Q", "without": ["label"]}]},
                without=["issuer"],
            ),
            "kios-ntt has 8 problems\n"
            "  kios has nothing of the name 'q' in criteria; known are 'a', 'a.x', 'a.y', 'b' @ rename['q']\n"
            "  'a' is a group; an indicator is split @ split['a']\n"
            "  kios has nothing of the name 's' in criteria; known are 'a', 'a.x', 'a.y', 'b' @ split['s']\n"
            "  kios has nothing of the name 'v' in criteria; known are 'a', 'a.x', 'a.y', 'b' @ add['t'].after\n"
            "  kios has nothing of the name 'u1' in criteria; it is 'a.y' there @ change['u1']\n"
            "  there is no 'wieght' that could go; did you mean 'weight'? @ change['a.x'].without\n"
            "  kios has nothing of the name 'Q' in bands; known are 'C', 'A' @ zones.bands['Q']\n"
            "  there is no 'issuer' that could go @ without",
        ),
        (
            kios(rename=[{"code": "a.x", "to": "a.y"}], add=[{"code": "b", "scale": PART}]),
            "kios-ntt has 2 problems\n"
            "  two criteria would have the code 'a.y' @ rename\n"
            "  'b' is there already @ add['b']",
        ),
        (
            kios(drop={"criteria": ["a.x", "a.y"]}),
            "kios-ntt has 3 problems\n"
            "  the condition of 'b' is about 'a.x', which is dropped; change that, too @ drop.criteria\n"
            "  the zone 'A' requires 'a.x', which is dropped; change that, too @ drop.criteria\n"
            "  what is rounded on the way is 'a.y', which is dropped; change that, too @ drop.criteria",
        ),
        (
            kios(
                split=[
                    {
                        "code": "a.y",
                        "into": [{"code": "a.p", "weight": 30}, {"code": "a.q", "weight": "30.5"}],
                    },
                    {"code": "a.x", "into": [{"code": "a.r", "weight": 1}, {"code": "a.s"}]},
                ]
            ),
            "kios-ntt has 5 problems\n"
            "  the parts weigh 60.5 together, and 'a.y' weighs 70 @ split['a.y'].into\n"
            "  state the weights of all parts, or of none; without any they share equally @ split['a.x'].into\n"
            "  the condition of 'b' is about 'a.x', which is dropped; change that, too @ split['a.x']\n"
            "  the zone 'A' requires 'a.x', which is dropped; change that, too @ split['a.x']\n"
            "  what is rounded on the way is 'a.y', which is dropped; change that, too @ split['a.y']",
        ),
        (
            kios(change=[{"code": "a.x", "weight": 31}]),
            "kios-ntt over kios: the weights add up to 101, not to the whole of 100 @ criteria['a'].weights",
        ),
        (
            kios(
                rebalance={"a": "equal", "b": "equal", "q": "equal", "*": "proportional"},
                change=[{"code": "a.x", "weight": 100}],
                add=[{"code": "d", "scale": PART}],
            ),
            "kios-ntt has 4 problems\n"
            "  the weights that are set add up to 100, which leaves nothing of 100 @ rebalance['a']\n"
            "  there is no group 'b'; known are '*', 'a' @ rebalance['b']\n"
            "  there is no group 'q'; known are '*', 'a' @ rebalance['q']\n"
            "  state the weights of 'd', which were not there @ rebalance['*']",
        ),
        (
            kios(order={"criteria": ["a", "b", "b"], "sources": ["S", "S"]}),
            "kios-ntt has 2 problems\n"
            "  an order names each once, and here differs 'a.x', 'a.y' @ order.criteria\n"
            "  an order names each once, and here differs 'S' @ order.sources",
        ),
        (
            attrs.evolve(kios(issuer="x"), over="kios-nt"),
            "kios-ntt: there is no overlay 'kios-nt' below @ over",
        ),
        (
            kios(maximum=-1, change=[{"code": "a", "weight": 0}]),
            "kios-ntt over kios has 2 problems\n"
            "  a maximum is greater than 0, not -1 @ maximum\n"
            "  a weight is greater than 0, not 0 @ criteria['a'].weight",
        ),
    ],
    ids=lambda each: getattr(each, "id", None) or each[:40],
)
def test_what_is_wrong_with_an_overlay_is_told_with_its_layer_and_place(overlay, message):
    assert message == problems(PLAIN, overlay)


@pytest.mark.parametrize(
    ("regency", "message"),
    [
        (
            {"change": [{"code": "a", "title": {"id": "Tampak"}}, {"code": "c", "missing": "lowest"}]},
            "kios-ende has 2 problems\n"
            "  'kios-ntt' sets it, and 'kios-ende' sets it again; keep one, or say over = ['kios-ntt'] @ criteria['c'].missing\n"
            "  'kios-ntt' sets it, and 'kios-ende' sets it again; keep one, or say over = ['kios-ntt'] @ criteria['a'].title",
        ),
        (
            {"drop": {"criteria": "c"}},
            "kios-ende: 'kios-ntt' sets it, and 'kios-ende' drops it; keep one, or say over = ['kios-ntt'] @ criteria['c']",
        ),
        (
            {"add": [{"code": "c", "scale": PART}]},
            "kios-ende: 'c' is there already, added by 'kios-ntt' @ add['c']",
        ),
        (
            {"in_force": {"from": "2025-01-01"}},
            "kios-ende: 'kios-ntt' sets it, and 'kios-ende' sets it again; keep one, or say over = ['kios-ntt'] @ in_force",
        ),
    ],
)
def test_two_layers_that_both_set_a_field_are_both_named(regency, message):
    assert message == problems(extend(PLAIN, PROVINCE), Overlay("kios-ntt", "kios-ende", regency))


def test_rebalancing_sets_the_weights_of_all_siblings():
    one = kios(change=[{"code": "b", "weight": 40}])
    other = Overlay(
        "kios", "tema", {"rebalance": {"*": "equal"}, "add": [{"code": "d", "weight": 10, "scale": PART}]}
    )

    assert (
        "tema: 'kios-ntt' sets it, and 'tema' sets it again; keep one, or say over = ['kios-ntt'] @ criteria['b'].weight"
    ) == problems(PLAIN, one, other)


def test_rebalancing_different_groups_commutes():
    one = kios(rebalance={"a": "proportional"}, change=[{"code": "a.x", "weight": 45}])
    other = Overlay("kios", "tema", {"rebalance": {"*": "equal"}, "change": [{"code": "b", "weight": 10}]})
    first, second = extend(PLAIN, one, other), extend(PLAIN, other, one)

    assert attrs.evolve(first, id="kios") == attrs.evolve(second, id="kios")
    assert (90, 45, 55, 10) == tuple(first.weights[code] for code in ("a", "a.x", "a.y", "b"))


def test_what_one_layer_drops_and_the_next_adds_again_is_a_clash():
    one = kios(drop={"criteria": "b"})
    other = Overlay("kios", "tema", {"add": [{"code": "b", "weight": 40, "scale": PART}]})

    assert (
        "tema: 'kios-ntt' sets it, and 'tema' sets it again; keep one, or say over = ['kios-ntt'] @ criteria['b'].dropped"
    ) == problems(PLAIN, one, other)


def test_overlays_without_an_id_clash_too():
    nameless = [Overlay("kios", changes={"issuer": name}) for name in ("NTT", "NTB")]

    assert (
        "overlay: an overlay without an id sets it, and an overlay without an id sets it again; keep one, or say over = [''] @ issuer"
    ) == problems(PLAIN, *nameless)
    assert "NTB" == extend(PLAIN, nameless[0], attrs.evolve(nameless[1], over="")).issuer


def test_a_pruned_instrument_is_not_extended():
    base = pelayanan.load("ombudsman-2024").pruned(depth=1)

    assert (
        "x: the instrument was pruned; extend the whole one, and prune what it gives @ extends"
    ) == problems(base, Overlay("ombudsman-2024", "x"))


@pytest.mark.parametrize(
    ("national", "changes", "message"),
    [
        (
            "ombudsman-2023",
            {"rebalance": {"proses": "equal", "input.kompetensi_pelaksana": "equal"}},
            "x has 2 problems\n  its members have equal parts, which need no re-balancing @ rebalance['proses']\n  its members have no weights of their own here @ rebalance['input.kompetensi_pelaksana']",
        ),
        (
            "ombudsman-2023",
            {
                "split": [
                    {
                        "code": "proses.standar_pelayanan.biaya",
                        "into": [{"code": "proses.standar_pelayanan.a"}],
                    }
                ]
            },
            "x: it has no printed weight that could be shared; split it into criteria below it @ split['proses.standar_pelayanan.biaya']",
        ),
        (
            "pefa-m1",
            {"rebalance": {"*": "equal"}},
            "x: its members have no weights of their own here @ rebalance['*']",
        ),
    ],
)
def test_weights_that_were_never_printed_are_neither_shared_nor_rebalanced(national, changes, message):
    assert message == problems(pelayanan.load(national), Overlay(national, "x", changes))


@pytest.mark.parametrize(
    ("overlay", "among", "message"),
    [
        (
            Overlay("b", "a"),
            [Overlay("c", "b"), Overlay("b", "c")],
            "a: 'b' extends 'c' extends 'b', in a circle @ extends",
        ),
        (Overlay("b", "a"), [Overlay("a", "b")], "a: 'a' extends 'b' extends 'a', in a circle @ extends"),
        (
            Overlay("b", "a"),
            [Overlay("ombudsman-2032", "b")],
            "b: it extends 'ombudsman-2032', which is not known; there is no edition 'ombudsman-2032'; did you mean 'ombudsman-2025'? @ extends",
        ),
        (
            Overlay("skm-207"),
            [],
            "overlay: it extends 'skm-207', which is not known; there is no edition 'skm-207'; did you mean 'skm-2017'? @ extends",
        ),
        (
            Overlay("b", "a"),
            [Overlay("skm-2017", "b"), Overlay("skm-2004", "b")],
            "a: two that differ have the id 'b' @ among",
        ),
    ],
)
def test_a_chain_that_is_a_circle_or_begins_nowhere_is_refused(overlay, among, message):
    with pytest.raises(InstrumentError) as error:
        extended(overlay, among)

    assert message == str(error.value)


def test_an_overlay_may_keep_the_id_of_a_shipped_edition():
    assert "NTT" == extended(Overlay("skm-2017", "skm-2017", {"issuer": "NTT"})).issuer


@pytest.mark.parametrize(
    ("ask", "message", "code"),
    [
        (
            lambda: origin(PLAIN, "a.z", "weight"),
            "kios has no criterion 'a.z'; did you mean 'a.y'?",
            "unknown-criterion",
        ),
        (
            lambda: origin(PLAIN, "a.x", "wieght"),
            "kios has no field 'wieght' at criteria['a.x']; did you mean 'weight'?",
            "unknown-field",
        ),
        (
            lambda: origin(PLAIN, "", "roundin"),
            "kios has no field 'roundin' at its head; did you mean 'rounding'?",
            "unknown-field",
        ),
        (
            lambda: core(extend(PLAIN, PROVINCE)),
            "kios-ntt extends 'kios', which is not in the catalog; give it as base",
            "unknown-base",
        ),
        (
            lambda: rebase(PROVINCE, onto=PLAIN),
            "kios-ntt extends 'kios', which is not in the catalog; give it as base",
            "unknown-base",
        ),
    ],
)
def test_what_is_not_known_is_told(ask, message, code):
    with pytest.raises(UnknownError) as error:
        ask()

    assert (message, code) == (str(error.value), error.value.code)


def test_a_core_needs_layers_and_the_base_that_was_there():
    other = attrs.evolve(PLAIN, maximum=10)
    with pytest.raises(InstrumentError) as bare:
        core(PLAIN)
    with pytest.raises(InstrumentError) as wrong:
        core(extend(PLAIN, PROVINCE), other)

    assert "kios: no overlay was laid over it, so that it is its own core @ layers" == str(bare.value)
    assert (
        f"kios-ntt: it was laid over 'kios' with the fingerprint {PLAIN.fingerprint[:12]!r}..., "
        f"and 'kios' has {other.fingerprint[:12]!r}...; give the same as base @ layers"
    ) == str(wrong.value)


def test_an_overlay_that_does_not_fit_its_own_edition_is_not_rebased():
    with pytest.raises(InstrumentError) as error:
        rebase(PROVINCE, onto=PLAIN, base=attrs.evolve(PLAIN, id="lain"))

    assert "kios-ntt: it extends 'kios', and is laid over 'lain'; rebase it first @ extends" == str(
        error.value
    )
