import itertools
from decimal import Decimal
from fractions import Fraction
from typing import Any

import attrs
import pytest
from drawn import instruments
from hypothesis import given, settings
from hypothesis import strategies as st

import pelayanan
from pelayanan import Answers, Instrument
from pelayanan import strategies as ps
from pelayanan.catalog import editions
from pelayanan.errors import InstrumentError, Problem
from pelayanan.mapping import FrozenMapping
from pelayanan.overlay import Overlay, core, extend, parse_overlay, rebase
from pelayanan.provenance import Standing
from pelayanan.writing import tables_of

LINEAR = {"rules": ("weighted_mean", "weighted_sum")}
EQUAL = {"forms": ("range",), "optional": False, "conditions": 0, "stages": 0}


def laid(base: Instrument, **changes: Any) -> Instrument:
    return extend(base, Overlay(base.id, "lokal", changes))


def problems(base: Instrument, *overlays: Overlay) -> str:
    with pytest.raises(InstrumentError) as error:
        extend(base, *overlays)
    return str(error.value)


# Published: what regencies and provinces changed, as far as figures are known.

SAKIP = pelayanan.load("sakip-2021")
TRENGGALEK = parse_overlay("""
format = 1
extends = "sakip-2021"
id = "sakip-2021-trenggalek"

[[split]]
code = "evaluasi.pemanfaatan"
into = [
    { code = "evaluasi.pemanfaatan", weight = 5, title = "Pemanfaatan" },
    { code = "evaluasi.capaian", weight = 7.5, title = "Capaian" },
]
""")


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


BANDA_ACEH = parse_overlay("""
format = 1
extends = "skm-2017"
id = "skm-2017-banda-aceh"
rebalance = { "*" = "equal" }

[[add]]
code = "u10"
weight = "1/11"
scale = "satu_empat"

[[add]]
code = "u11"
weight = "1/11"
scale = "satu_empat"
""")


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


def east_java() -> Overlay:
    """Plain means inside the aspects, and the public's form as the mean of five means."""
    national = pelayanan.load("ipp-2022")
    sizes = [4, 3, 4, 2, 1]
    aspects = list(itertools.chain(*([place] * size for place, size in enumerate(sizes, 1))))
    inside = [code for code in national.criteria if code.count(".") == 2]
    changes = {
        "change": [{"code": code, "without": ["weight"], "source": "jatim"} for code in inside],
        "rename": [
            {"code": f"f03.u{item}", "to": f"f03.a{aspect}.u{item}"} for item, aspect in enumerate(aspects, 1)
        ],
        "add": [
            {"code": f"f03.a{aspect}", "weights": {"equal": "jatim"}, "source": "jatim"}
            for aspect in range(1, 6)
        ],
    }
    return Overlay("ipp-2022", "ipp-2022-jatim", changes)


def test_east_java_takes_plain_means_inside_of_aspects():
    national = pelayanan.load("ipp-2022")
    province = extend(national, east_java())
    answers = {each.code: 3 for each in national.indicators} | {"f02.kebijakan.i1": 5, "f03.u14": 5}

    assert Decimal("3.14") == pelayanan.score_one(province, answers).total
    assert Decimal("3.10") == pelayanan.score_one(national, core(province).answers(answers)).total


def test_muaro_jambi_has_four_components_and_three_assessors_and_the_nine_grades():
    national = pelayanan.load("ipp-2022")
    components = [f"k{number}" for number in range(1, 5)]
    assessors = [
        {"code": f"{component}.{who}", "scale": "responden"}
        for component in components
        for who in ("mandiri", "kabupaten", "provinsi")
    ]
    regency = laid(
        national,
        drop={"criteria": ["f02", "f03"]},
        add=[*({"code": each} for each in components), *assessors],
    )
    answers = {each["code"]: 5 if "mandiri" in each["code"] else 4 for each in assessors}
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
