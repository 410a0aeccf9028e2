import itertools
import json
from collections.abc import Iterator
from typing import Any

import attrs
import pytest
from drawn import KIOSK, KIOSK_NTT, instruments
from hypothesis import given, settings
from hypothesis import strategies as st

import pelayanan
from pelayanan import Group, Indicator, Instrument, Rounding, Scale
from pelayanan import strategies as ps
from pelayanan.aggregation import Rule
from pelayanan.catalog import editions
from pelayanan.errors import InstrumentError
from pelayanan.history import diff
from pelayanan.overlay import Overlay, extend
from pelayanan.overlays import overlay_tables
from pelayanan.writing import tables_of

EDITIONS = [each.id for each in editions()]
FAMILIES = [
    pair
    for _, group in itertools.groupby(
        sorted(editions(), key=lambda each: each.family), lambda each: each.family
    )
    for pair in itertools.permutations([each.id for each in group], 2)
]
ANY = st.one_of(instruments(of=("",)), ps.instruments())


def said(before: str, after: str) -> dict[str, Any]:
    """What differs between two shipped editions, as it stands in a file."""
    return overlay_tables(diff(pelayanan.load(before), pelayanan.load(after)))


def row(rows: list[dict[str, Any]], code: str) -> dict[str, Any]:
    (found,) = [each for each in rows if each["code"] == code]
    return found


# Published: the history of the Ombudsman's assessment.


def test_from_2021_to_2022_one_dimension_becomes_four_and_three_zones_become_five():
    found = said("ombudsman-2021", "ombudsman-2022")
    weights = {each["code"]: each.get("weight") for each in (*found["add"], *found["change"])}
    bands = {each["code"]: (each["floor"], each["ceiling"]) for each in found["zones"]["bands"]}

    assert ["merah", "kuning", "hijau"] == found["drop"]["bands"]
    assert {
        "A": ("88.00", "100.00"),
        "B": ("78.00", "87.99"),
        "C": ("54.00", "77.99"),
        "D": ("32.00", "53.99"),
        "E": ("0", "31.99"),
    } == bands
    assert {"input": "21.85", "proses": "32.37", "output": "24.24", "pengaduan": "21.54"} == {
        code: weight for code, weight in weights.items() if "." not in code
    }


def test_from_2022_to_2023_a_question_on_recommendations_and_the_satisfaction_index_come_in():
    found = said("ombudsman-2022", "ombudsman-2023")
    added = [each["code"] for each in found["add"]]

    assert {"input.kompetensi_pelaksana.rekomendasi_ombudsman", "output.indeks_kepuasan_masyarakat"} <= set(
        added
    )
    assert "12.22" == row(found["change"], "input.kompetensi_pelaksana.komponen_standar")["weight"]
    assert not [each for each in found["change"] if "." not in each["code"] and "weight" in each]
    assert "bands" not in found.get("zones", {}).get("drop", {})


def test_from_2024_to_2025_quality_weighs_70_and_trust_30_and_a_suffix_stands_beside_the_zone():
    found = said("ombudsman-2024", "ombudsman-2025")

    assert ("70", "30") == tuple(row(found["add"], code)["weight"] for code in ("kualitas", "kepercayaan"))
    assert ["input", "proses", "output", "pengaduan"] == found["drop"]["criteria"]
    assert "Tanpa Maladministrasi" == row(found["marks"], "tanpa_maladministrasi")["label"]["id"]
    assert ["Sangat Baik", "Baik", "Cukup", "Kurang"] == [
        row(found["zones"]["bands"], code)["label"]["id"] for code in "ABCD"
    ]
    assert not [each for each in found["zones"]["bands"] if {"floor", "ceiling"} & each.keys()]


def test_the_variants_of_skm_differ_in_their_weights():
    found = said("skm-2017-w0.11", "skm-2017-w0.111")

    assert [f"u{item}" for item in range(1, 10)] == [each["code"] for each in found["change"]]
    assert {"0.111"} == {each["weight"] for each in found["change"]}


@pytest.mark.parametrize(("before", "after"), FAMILIES)
def test_extending_an_edition_by_what_differs_gives_another_of_its_family(before, after):
    one, other = pelayanan.load(before), pelayanan.load(after)
    made = extend(one, diff(one, other))

    assert other == made
    assert tables_of(other) == tables_of(made)


@given(st.sampled_from(EDITIONS), st.sampled_from(EDITIONS))
def test_extending_an_edition_by_what_differs_gives_any_other(before, after):
    one, other = pelayanan.load(before), pelayanan.load(after)
    made = extend(one, diff(one, other))

    assert other == made
    assert tables_of(other) == tables_of(made)


# Properties


@given(ANY, ANY, st.sampled_from(["drawn", "other"]))
@settings(max_examples=100)
def test_extending_an_instrument_by_what_differs_gives_the_other(one, other, name):
    other = attrs.evolve(other, id=name)
    overlay = diff(one, other)
    made = extend(one, overlay)

    assert other == made
    assert tables_of(other) == tables_of(made)
    assert other.fingerprint == made.fingerprint
    assert overlay == Overlay.from_json(overlay.to_json())


@given(ANY)
def test_nothing_differs_between_equal_instruments(instrument):
    assert Overlay("drawn") == diff(instrument, Instrument.from_json(instrument.to_json()))


@pytest.mark.parametrize("edition", EDITIONS)
def test_nothing_differs_between_an_edition_and_itself(edition):
    instrument = pelayanan.load(edition)

    assert Overlay(edition) == diff(instrument, instrument)
    assert instrument is extend(instrument, diff(instrument, instrument))


def test_how_an_instrument_was_made_is_no_difference():
    twice = extend(KIOSK, Overlay("kios-2024", "kios-2024-ntt"), diff(KIOSK, KIOSK_NTT))

    assert twice.layers != KIOSK_NTT.layers
    assert Overlay("kios-2024-ntt") == diff(KIOSK_NTT, twice)


@st.composite
def edited(draw, base: Instrument) -> Instrument:
    """The instrument with some of it dropped, added, renamed, weighed, cut or put in order anew."""
    for kind in draw(
        st.lists(st.sampled_from(["drop", "add", "rename", "weigh", "cut", "order", "title"]), max_size=4)
    ):
        code = draw(st.sampled_from(list(base.criteria)))
        band = draw(st.sampled_from(base.zones.bands))
        group = code.rpartition(".")[0]
        new = f"{group}.z{len(base.layers)}".lstrip(".")
        spare = {
            "code": new,
            "scale": {"range": {"low": 0, "high": 4}},
            "scored": False,
            "missing": "exclude",
        }
        changes: dict[str, Any] = {
            "drop": {"drop": {"criteria": [code]}},
            "add": {"add": [{**spare, "after": code}]},
            "rename": {"rename": [{"code": code, "to": f"{code}_baru"}]},
            "weigh": {"change": [{"code": code, "weight": "7.50"}]},
            "cut": {"zones": {"bands": [{"code": band.code, "label": {"id": draw(st.sampled_from("xyz"))}}]}},
            "order": {"order": {"criteria": draw(st.permutations(list(base.criteria)))}},
            "title": {"change": [{"code": code, "title": {"id": draw(st.sampled_from("xyz"))}}]},
        }[kind]
        over = tuple({layer.id for layer in base.layers[1:]})
        try:
            base = extend(base, Overlay(base.id, changes=changes, over=over))
        except InstrumentError:
            continue
    return base


@given(st.data())
@settings(max_examples=100)
def test_extending_an_instrument_by_what_was_edited_gives_the_edited_one_and_the_way_back(data):
    one = data.draw(instruments(of=("",)))
    other = data.draw(edited(one))

    assert tables_of(other) == tables_of(extend(one, diff(one, other)))
    assert tables_of(one) == tables_of(extend(other, diff(other, one)))


def smaller(changes: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The changes without one thing that they say."""
    for key, value in changes.items():
        yield {name: each for name, each in changes.items() if name != key}
        if key in ("add", "change", "marks", "rounding_stages", "rename"):
            for place, each in enumerate(value):
                rest = [*value[:place], *value[place + 1 :]]
                yield changes | {key: rest}
                for inner in [name for name in each if name not in ("code", "to")]:
                    less = {name: said for name, said in each.items() if name != inner}
                    yield changes | {key: [*value[:place], less, *value[place + 1 :]]}
        elif key in ("drop", "sources", "scales"):
            for inner in value:
                yield changes | {key: {name: each for name, each in value.items() if name != inner}}


@given(st.data())
@settings(max_examples=40)
def test_each_thing_that_an_overlay_says_is_needed(data):
    one = data.draw(instruments(of=("",)))
    other = data.draw(st.one_of(edited(one), instruments(of=("",))))
    overlay = diff(one, other)
    tables = overlay_tables(overlay)
    changes = {key: each for key, each in tables.items() if key not in ("format", "extends", "id", "over")}
    for less in smaller(json.loads(json.dumps(changes))):
        try:
            made = extend(one, Overlay(overlay.extends, overlay.id, less, overlay.over))
        except InstrumentError:
            continue

        assert tables_of(other) != tables_of(made), less


def test_the_order_is_said_only_where_places_do_not_do():
    scale = Scale(low=0, high=4)
    fields: dict[str, Any] = {"maximum": 100, "missing": "refuse", "rounding": Rounding(2)}
    abc, axbc, xabc, bac = (
        Instrument(id="kios", criteria=[Indicator(code, scale) for code in codes], **fields)
        for codes in ("abc", "axbc", "xabc", "bac")
    )
    new = {"code": "x", "scale": {"range": {"low": "0", "high": "4"}}}

    assert {"add": [new | {"after": "a"}]} == _changes(abc, axbc)
    assert {"add": [new], "order": {"criteria": ["x", "a", "b", "c"]}} == _changes(abc, xabc)
    assert {"order": {"criteria": ["b", "a", "c"]}} == _changes(abc, bac)


def _changes(one: Instrument, other: Instrument) -> dict[str, Any]:
    tables = overlay_tables(diff(one, other))
    return {key: each for key, each in tables.items() if key not in ("format", "extends")}


def test_cases_are_said_only_where_they_would_not_stay_or_go_by_themselves():
    without = attrs.evolve(KIOSK, cases=[])
    weighed = attrs.evolve(without, maximum=10)

    assert {"without": ["cases"]} == _changes(KIOSK, without)
    assert ["cases"] == list(_changes(without, KIOSK))
    assert {"maximum": "10"} == {
        key: each for key, each in _changes(KIOSK, weighed).items() if key != "standing"
    }


def test_an_overlay_says_which_layers_it_contradicts():
    city = extend(KIOSK_NTT, Overlay("kios-2024-ntt", "kios-kota", {"issuer": "Kota"}))
    back = diff(city, KIOSK)

    assert ("kios-2024-ntt", "kios-kota") == back.over
    assert ("kios-kota",) == diff(city, KIOSK_NTT).over
    assert tables_of(KIOSK) == tables_of(extend(city, back))


# Messages


def test_instruments_that_were_pruned_are_refused():
    whole = pelayanan.load("ombudsman-2024")
    dimensions = whole.pruned(depth=1)
    with pytest.raises(InstrumentError) as one:
        diff(whole, dimensions)
    with pytest.raises(InstrumentError) as both:
        diff(dimensions, dimensions)

    message = "it was pruned; compare the whole instruments, and prune what comes of them"
    assert f"ombudsman-2024 to ombudsman-2024: {message} @ after" == str(one.value)
    assert (
        f"ombudsman-2024 to ombudsman-2024 has 2 problems\n  {message} @ before\n  {message} @ after"
        == str(both.value)
    )


def test_a_rule_that_no_file_can_name_is_refused():
    lowest = Rule(
        "lowest", exact=lambda shares, weights, terms: min(filter(None, shares), default=None), version="1"
    )
    own = attrs.evolve(
        KIOSK, root=Group("*", rule=lowest), criteria=list(KIOSK.criteria.values())[3:], cases=[]
    )
    with pytest.raises(InstrumentError) as caught:
        diff(KIOSK, own)

    assert "kios-2024: the rule 'lowest' is not one that a file can name @ root.rule" == str(caught.value)
