import copy
import tomllib
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any

import attrs
import pytest
import schema_file
from drawn import instruments, mutated
from hypothesis import given, settings
from hypothesis import strategies as st
from sound import SOUND

import pelayanan
from pelayanan import Group, Indicator
from pelayanan import strategies as ps
from pelayanan.conditions import Condition
from pelayanan.errors import InstrumentError
from pelayanan.exchange import exchanged
from pelayanan.marks import Mark
from pelayanan.overlay import Overlay, extend, extended
from pelayanan.overlays import overlay_of
from pelayanan.reading import Reading
from pelayanan.scales import Option
from pelayanan.schema import instrument_schema, overlay_schema
from pelayanan.stages import RoundingStage
from pelayanan.weighting import Weights
from pelayanan.wording import Head, made_of
from pelayanan.writing import tables_of
from pelayanan.zones import Band, Requirement

jsonschema = pytest.importorskip("jsonschema")

EDITIONS = [each.id for each in pelayanan.editions()]
SCHEMAS = {"instrument": instrument_schema, "overlay": overlay_schema}
BEYOND = instrument_schema()["x-rules"]


@cache
def _validator(kind: str) -> Any:
    return jsonschema.Draft202012Validator(SCHEMAS[kind]())


def _told(table: Any, kind: str = "instrument") -> list[str]:
    return [f"{each.json_path}: {each.message}" for each in _validator(kind).iter_errors(_plain(table))]


def _plain(value: Any) -> Any:
    """Return tables as an editor sees them: days as texts, and texts that JSON marks as such plain."""
    if isinstance(value, dict):
        if value.keys() == {"text"} and isinstance(value["text"], str):
            return value["text"]
        return {key: _plain(each) for key, each in value.items()}
    if isinstance(value, list):
        return [_plain(each) for each in value]
    return value.isoformat() if isinstance(value, date) else value


# What is sound.


@pytest.mark.parametrize("made", SCHEMAS.values(), ids=SCHEMAS)
def test_a_schema_is_one_of_its_draft(made):
    jsonschema.Draft202012Validator.check_schema(made())

    assert "https://json-schema.org/draft/2020-12/schema" == made()["$schema"]


@pytest.mark.parametrize(("path", "text"), list(schema_file.texts()), ids=SCHEMAS)
def test_the_file_is_the_schema(path, text):
    assert text == path.read_text(encoding="utf-8")


@pytest.mark.parametrize("edition", EDITIONS)
def test_every_shipped_file_is_valid(edition):
    text = files("pelayanan").joinpath("instruments", f"{edition}.toml").read_text(encoding="utf-8")

    assert [] == _told(tomllib.loads(text))


def test_the_keys_of_every_table_are_those_that_are_read():
    made = instrument_schema()
    tables = made["$defs"]
    kinds = {
        "band": Band,
        "condition": Condition,
        "group": Group,
        "indicator": Indicator,
        "mark": Mark,
        "requirement": Requirement,
        "rounding_stage": RoundingStage,
    }
    for name, kind in kinds.items():
        assert {field.name.rstrip("_") for field in attrs.fields(kind)} == tables[name]["properties"].keys()
    head = {field.name for field in attrs.fields(Head)}
    sections = {
        "format",
        "sources",
        "scales",
        "root",
        "criteria",
        "rounding_stages",
        "zones",
        "marks",
        "cases",
    }
    weights = {field.name for field in attrs.fields(Weights)}
    option = {field.name for field in attrs.fields(Option)}

    assert head | sections == made["properties"].keys()
    assert weights == tables["group"]["properties"]["weights"]["properties"].keys()
    assert option == tables["scale"]["properties"]["options"]["items"]["properties"].keys()


# Without cases, whose numbers may be longer in JSON than in a file.
UNTRIED = instruments(of=("",)).map(lambda each: attrs.evolve(each, cases=()))


# Properties: whatever the reader takes is valid, and what is not valid the reader refuses.


@given(instrument=st.one_of(ps.instruments(), UNTRIED))
@settings(max_examples=40)
def test_the_file_of_every_instrument_is_valid(instrument):
    assert [] == _told(tables_of(instrument))


@given(data=st.data())
@settings(max_examples=60)
def test_what_is_not_valid_is_refused_by_the_reader(data):
    instrument = data.draw(st.one_of(ps.instruments(depth=2, members=3), UNTRIED))
    tables = data.draw(mutated(tables_of(instrument)))
    shown = copy.deepcopy(tables)
    read = Reading(made_of=exchanged().structure).instrument(tables)

    told = [] if "0x" in str(shown) else _told(shown)

    assert read is None or not told


# Faults: each is refused by the reader; those that the schema cannot say are among its rules.

SAID = {
    "an unknown key": [("weight = 20", "wieght = 20")],
    "a key that is lacking": [('id = "loket-2024"\n', "")],
    "another format": [("format = 1", "format = 2")],
    "an id with a capital": [('id = "loket-2024"', 'id = "Loket-2024"')],
    "a maximum of nothing": [("maximum = 100", "maximum = 0")],
    "a policy that does not exist": [('missing = "refuse"', 'missing = "skip"')],
    "another mode of rounding": [('mode = "half_up"', 'mode = "up"')],
    "eleven decimals": [("decimals = 2", "decimals = 11")],
    "a rule that does not exist": [('rule = "weighted_mean"', 'rule = "mean"')],
    "two forms of a scale": [
        ("range = { low = 0, high = 10 }", "range = { low = 0, high = 10 }, anchors = [[0, 0], [1, 1]]")
    ],
    "no form of a scale": [("{ range = { low = 0, high = 10 } }", "{ between = false }")],
    "a range without an end": [("low = 0, high = 10", "low = 0")],
    "a share above 1": [("share = 1 }", "share = 1.5 }")],
    "one anchor": [("range = { low = 0, high = 10 }", "anchors = [[0, 0]]")],
    "an anchor of three": [("range = { low = 0, high = 10 }", "anchors = [[0, 0, 0], [1, 1, 1]]")],
    "a code with a capital": [('code = "kepuasan"', 'code = "Kepuasan"'), ("kepuasan = 5", "Kepuasan = 5")],
    "a weight of nothing": [("weight = 20", "weight = 0")],
    "a weight that is a text": [("weight = 20", 'weight = "a fifth"')],
    "a weight that divides by nothing": [("weight = 20", 'weight = "1/0"')],
    "a truth value that is a text": [("scored = false", 'scored = "no"')],
    "no respondents": [("weight = 20", "weight = 20\nleast_respondents = 0")],
    "a standing that does not exist": [('is = "inferred"', 'is = "guessed"')],
    "two lower ends": [("floor = 51", "floor = 51\nabove = 51")],
    "two upper ends": [("ceiling = 100", "ceiling = 100\nbelow = 101")],
    "a requirement on nothing": [('criterion = "tarif", at_least', "at_least")],
    "a requirement of nothing": [("at_least = 1,", "at_least = 0,")],
    "another measure": [('at_least = 1, of = "share"', 'at_least = 1, of = "weight"')],
    "a mark that requires nothing": [
        ('requires = [{ each_of = "antre", at_least = "1/2", of = "share" }]', "requires = []")
    ],
    "a mark without a code": [('code = "tuntas"', 'code = ""')],
    "a decision that does not exist": [('decide_on = "published"', 'decide_on = "rounded"')],
    "a condition without an answer": [('is = ["ada"]', "is = []")],
    "a case that expects nothing": [('expects = { total = 90, zone = "hijau" }', "expects = {}")],
    "a stage of nothing": [("[zones]", '[[rounding_stages]]\nat = "tarif"\nof = "points"\n\n[zones]')],
    "a stage of each of none": [
        ("[zones]", '[[rounding_stages]]\nat = "each"\nof = "points"\ndecimals = 1\n\n[zones]')
    ],
    "weights over something else": [
        ('rule = "weighted_mean"', 'rule = "weighted_mean"\nweights = { over = "all" }')
    ],
    "a root with a code": [("[root]", '[root]\ncode = "a"')],
    "a row for no members": [('rule = "weighted_mean"', 'rule = "step"\nsteps.0 = [[0, 0]]')],
    "a source that is a number": [("standing.weight = {", "aliases = 3\nstanding.weight = {")],
}
STEP = 'rule = "step"\nsteps.1 = [[0, 0]]\nsteps.2 = [[0, 0]]\nsteps.3 = {}'
UNSAID = {
    "absent-parent": [('code = "antre.nomor"', 'code = "antri.nomor"')],
    "empty-group": [("scale = { range = { low = 0, high = 10 } }\nweight = 20", "weight = 20")],
    "duplicate-code": [('code = "kuning"', 'code = "merah"')],
    "unknown-criterion": [('criterion = "tarif"', 'criterion = "tarip"')],
    "unknown-scale": [
        ("weight = 40", 'weight = 40\nmissing = "zero"'),
        ('code = "antre.nomor"\nscale = "papan"', 'code = "antre.nomor"\nscale = "papam"'),
    ],
    "unknown-source": [("[sources.SK]", "[sources.SKK]")],
    "unknown-band": [('zone = "hijau"', 'zone = "hijao"')],
    "weights-whole": [("weight = 20\n", "")],
    "weights-sum": [('rule = "weighted_mean"', 'rule = "weighted_mean"\nweights = { whole = 99 }')],
    "weight-unused": [('rule = "weighted_mean"', 'rule = "weakest_link"')],
    "rescale": [('rule = "weighted_mean"', 'rule = "weighted_mean"\nrescale = true')],
    "plus": [('rule = "weighted_mean"', 'rule = "weighted_mean"\nplus = 0.5')],
    "steps": [('rule = "weighted_mean"', 'rule = "step"\nsteps.1 = [[0, 0]]')],
    "unreachable": [
        (
            'criterion = "tarif", at_least = 1, of = "share"',
            'criterion = "tarif", at_least = 101, of = "points"',
        )
    ],
    "scale-order": [("range = { low = 0, high = 10 }", "anchors = [[1, 0], [0, 1]]")],
    "scale-range": [("low = 0, high = 10", "low = 10, high = 10")],
    "scale-count": [("range = { low = 0, high = 10 }", "count = { of = 5, full = 6 }")],
    "scale-between": [
        ("{ range = { low = 0, high = 10 } }", '{ between = true, options = [{ code = "A", share = 1 }] }')
    ],
    "scale-share": [("{ range = { low = 0, high = 10 } }", '{ options = [{ code = "5" }] }')],
    "unknown-option": [("labels = { ada =", "labels = { ad =")],
    "band-ends": [("floor = 80\nceiling = 100", "floor = 80\nceiling = 79")],
    "band-order": [("floor = 80\nceiling = 100", "floor = 40\nceiling = 100")],
    "band-overlap": [("ceiling = 50\ngap_after = true", "ceiling = 52")],
    "band-gap": [("ceiling = 50\ngap_after = true", "ceiling = 50")],
    "condition": [('is = ["ada"]', 'is = ["buka"]')],
    "circle": [("scored = false", 'scored = false\nasked_if = { criterion = "antre.nomor", is = "ada" }')],
    "rounding-stage": [
        ("[zones]", '[[rounding_stages]]\nat = "loket"\nof = "points"\ndecimals = 1\n\n[zones]')
    ],
    "token": [
        ('source = "SK"\nstanding.missing', 'tokens = { ada = "missing" }\nsource = "SK"\nstanding.missing')
    ],
    "in-force": [("maximum = 100", "in_force = { from = 2024-12-31, until = 2024-01-01 }\nmaximum = 100")],
    "case": [("expects = {", "units = [90]\nexpects = {")],
    "unscored": [(f"weight = {weight}\n", "scored = false\n") for weight in (30, 40, 60, 20)],
    "weight": [("weight = 20\n", ""), ('rule = "weighted_mean"', 'rule = "step"\nsteps.3 = [[0, 0]]')],
    "requirement": [('criterion = "tarif", at_least', 'each_of = "tarif", at_least')],
    "unsourced": [
        ('source = "SK"\nstanding.missing = { is = "assumed"', 'standing.missing = { is = "published"'),
    ],
    "unknown-figure": [("standing.weight", "standing.wieght")],
    "unprintable": [('en = "Queue"', 'en = "Queue\\u202E"')],
    "too-many-digits": [("weight = 20", 'weight = "0.' + "1" * 31 + '"')],
    "weights-denominator": [
        ("weight = 40", 'weight = "1/1000003"'),
        ("weight = 60", 'weight = "1/1000000007000000000000001"'),
    ],
}


def _edited(edits) -> str:
    text = SOUND
    for before, after in edits:
        assert before in text, before
        text = text.replace(before, after, 1)
    return text


def _refused(text: str) -> list[str]:
    with pytest.raises(InstrumentError) as caught:
        pelayanan.parse(text)
    return [each.code for each in caught.value.problems]


@pytest.mark.parametrize("edits", SAID.values(), ids=SAID)
def test_a_fault_that_a_schema_can_say_is_refused_by_both(edits):
    text = _edited(edits)

    assert _told(tomllib.loads(text))
    assert _refused(text)


@pytest.mark.parametrize(("code", "edits"), UNSAID.items(), ids=UNSAID)
def test_a_fault_that_a_schema_cannot_say_is_refused_by_the_reader_and_listed(code, edits):
    text = _edited(edits)

    assert [] == _told(tomllib.loads(text))
    assert code in _refused(text)
    assert code in BEYOND


def test_every_rule_that_is_listed_has_a_fault_here():
    assert UNSAID.keys() == BEYOND.keys()


def test_the_sound_rubric_is_valid_and_what_a_group_has_is_told_where_there_is_no_scale():
    assert [] == _told(tomllib.loads(SOUND))
    assert ["$.criteria[2]: Additional properties are not allowed ('optional' was unexpected)"] == _told(
        tomllib.loads(_edited([("weight = 50", "weight = 50\noptional = true")]))
    )


@pytest.mark.parametrize("made", SCHEMAS.values(), ids=SCHEMAS)
def test_a_schema_is_made_anew_on_each_call(made):
    made()["properties"].clear()

    assert made()["properties"]


# Overlays.

OVERLAY = """\
format = 1
extends = "loket-2024"
id = "loket-2024-ntt"
over = []
title = { id = "Penilaian loket NTT", en = "Assessment of counters in NTT" }
rebalance = { "*" = "proportional" }
without = ["family"]

[sources.pergub]
title = "Invented regulation 7/2024"

[drop]
marks = ["tuntas"]

[order]
bands = ["merah", "kuning", "hijau", "emas"]

[[rename]]
code = "loket"
to = "konter"

[[split]]
code = "antre.nomor"
into = [{ code = "antre.nomor.cetak" }, { code = "antre.nomor.daring", title = "Daring" }]

[[add]]
code = "jemput_bola"
weight = 10
scale = { range = { low = 0, high = 4 } }
after = "tarif"
source = "pergub"

[[change]]
code = "kepuasan"
title = "Kepuasan warga"
without = ["standing"]

[root]
weights = { whole = 100 }
without = ["source"]

[zones]
decide_on = "exact"

[[zones.bands]]
code = "hijau"
label = { id = "hijau tua" }
below = 95
without = ["ceiling"]

[[zones.bands]]
code = "emas"
floor = 95

[[marks]]
code = "lengkap"
requires = [{ criterion = "jemput_bola", at_least = 1, of = "share" }]

[[rounding_stages]]
at = "antre"
of = "points"
decimals = 1

[[cases]]
name = "Kantor B"
answers = {}
expects = { total = 0, zone = "merah" }
"""


def _laid(text: str) -> pelayanan.Instrument:
    return pelayanan.extend(pelayanan.parse(SOUND), overlay_of(tomllib.loads(text), "overlay", made_of))


def test_an_overlay_of_all_kinds_of_changes_is_valid_and_can_be_laid():
    assert [] == _told(tomllib.loads(OVERLAY), "overlay")
    assert "loket-2024-ntt" == _laid(OVERLAY).id


EXAMPLES = sorted((schema_file.DOCS / "examples").glob("*/*/*.toml"))


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_every_overlay_of_the_examples_is_valid(path):
    assert [] == _told(tomllib.loads(path.read_text(encoding="utf-8")), "overlay")


def test_the_keys_of_an_overlay_are_those_that_are_read():
    own = {"format", "extends", "over", "without"}
    kept = {"sources", "scales", "rounding_stages", "cases", "root", "zones", "marks"}
    rows = {"rename", "split", "drop", "add", "change", "rebalance", "order"}
    made = overlay_schema()["properties"]
    criterion = {field.name for kind in (Group, Indicator) for field in attrs.fields(kind)}

    assert own | kept | rows | {field.name for field in attrs.fields(Head)} == made.keys()
    assert criterion | {"without"} == made["change"]["items"]["properties"].keys()
    assert criterion == made["split"]["items"]["properties"]["into"]["items"]["properties"].keys()


SAID_OF_OVERLAYS = {
    "an unknown key": [('code = "kepuasan"\n', 'code = "kepuasan"\nwieght = 3\n')],
    "no base": [('extends = "loket-2024"\n', "")],
    "another format": [("format = 1", "format = 2")],
    "an id with a capital": [('id = "loket-2024-ntt"', 'id = "NTT"')],
    "a rebalancing that does not exist": [('"proportional"', '"best"')],
    "a list that has no names": [('marks = ["tuntas"]', "titles = []")],
    "a new name that is lacking": [('to = "konter"\n', "")],
    "parts that are lacking": [
        ('into = [{ code = "antre.nomor.cetak" }, { code = "antre.nomor.daring", title = "Daring" }]\n', "")
    ],
    "a part without a code": [('{ code = "antre.nomor.cetak" }', '{ title = "Cetak" }')],
    "a new criterion without a code": [('code = "jemput_bola"\n', "")],
    "a weight of nothing": [("weight = 10", "weight = 0")],
    "a scale of two forms": [("low = 0, high = 4 } }", "low = 0, high = 4 }, steps = [[0, 1]] }")],
    "a root with a code": [("[root]", '[root]\ncode = "a"')],
    "a decision that does not exist": [('decide_on = "exact"', 'decide_on = "rounded"')],
    "two lower ends": [("floor = 95", "floor = 95\nabove = 95")],
    "a requirement of nothing": [("at_least = 1", "at_least = 0")],
    "a stage of nothing": [("decimals = 1\n", "")],
    "a case that expects nothing": [('expects = { total = 0, zone = "merah" }', "expects = {}")],
    "a rule that does not exist": [("[root]", '[root]\nrule = "mean"')],
    "a change of nothing": [('code = "kepuasan"\n', "")],
}
UNSAID_OF_OVERLAYS = {
    "duplicate-code": [("[[zones.bands]]", '[[change]]\ncode = "kepuasan"\n\n[[zones.bands]]')],
    "other-base": [('extends = "loket-2024"', 'extends = "loket-2023"')],
    "dead-reference": [('code = "kepuasan"', 'code = "kepuasen"')],
    "dropped": [
        ('marks = ["tuntas"]', 'marks = ["tuntas"]\ncriteria = ["tarif"]'),
        ('after = "tarif"\n', ""),
    ],
    "split": [('code = "antre.nomor"\n', 'code = "antre"\n')],
    "weights-sum": [
        (
            '{ code = "antre.nomor.cetak" }, { code = "antre.nomor.daring", title = "Daring" }',
            '{ code = "antre.cetak", weight = 30 }, { code = "antre.daring", weight = 20 }',
        )
    ],
    "rebalance": [('"*" = "proportional"', 'konter = "equal"')],
    "order": [('"hijau", "emas"]', '"emas"]')],
    "unknown-layer": [("over = []", 'over = ["loket-ntb"]')],
}


def _changed(edits: list[tuple[str, str]]) -> str:
    text = OVERLAY
    for before, after in edits:
        assert before in text, before
        text = text.replace(before, after, 1)
    return text


@pytest.mark.parametrize("edits", SAID_OF_OVERLAYS.values(), ids=SAID_OF_OVERLAYS)
def test_a_fault_of_an_overlay_that_a_schema_can_say_is_refused_by_both(edits):
    text = _changed(edits)

    assert _told(tomllib.loads(text), "overlay")
    with pytest.raises(InstrumentError) as caught:
        _laid(text)
    assert caught.value.problems


@pytest.mark.parametrize(("code", "edits"), UNSAID_OF_OVERLAYS.items(), ids=UNSAID_OF_OVERLAYS)
def test_a_fault_of_an_overlay_that_a_schema_cannot_say_is_refused_and_listed(code, edits):
    text = _changed(edits)

    assert [] == _told(tomllib.loads(text), "overlay")
    with pytest.raises(InstrumentError) as caught:
        _laid(text)
    assert code in [each.code for each in caught.value.problems]


def _refusing(call, *args):
    with pytest.raises(InstrumentError) as caught:
        call(*args)
    return [each.code for each in caught.value.problems]


def test_the_rules_of_several_layers_are_refused_and_listed():
    base, province = pelayanan.parse(SOUND), Overlay("loket-2024", "ntt", {"issuer": "NTT"})
    national = pelayanan.load("ombudsman-2024")
    faults = {
        "clash": (extend, base, province, Overlay("ntt", "ende", {"issuer": "Ende"})),
        "cycle": (extended, Overlay("b", "a"), [Overlay("a", "b")]),
        "pruning": (extend, national.pruned(depth=1), Overlay("ombudsman-2024", "ntt", {"issuer": "NTT"})),
        "unknown-base": (extended, Overlay("loket-2023")),
    }

    assert UNSAID_OF_OVERLAYS.keys() | faults.keys() == overlay_schema()["x-rules"].keys()
    for code, (call, *args) in faults.items():
        assert [code] == _refusing(call, *args)


@given(data=st.data())
@settings(max_examples=40)
def test_what_can_be_laid_is_valid(data):
    base = data.draw(instruments(of=("",)))
    tables = data.draw(mutated(data.draw(_restated(base))))
    try:
        pelayanan.extend(base, overlay_of(copy.deepcopy(tables)))
    except InstrumentError:
        return
    told = [] if "0x" in str(tables) else _told(tables, "overlay")

    assert [] == told


@st.composite
def _restated(draw: Any, base: pelayanan.Instrument) -> dict[str, Any]:
    """The tables of an overlay that says anew some of what the base says, and adds a criterion."""
    said = tables_of(base)
    found = {key: each for key, each in said.items() if key not in ("root", "criteria", "zones", "cases")}
    found["change"] = said["criteria"]
    found["root"] = said.get("root", {})
    found["zones"] = said["zones"]
    found["add"] = [{"code": "zz", "scale": {"range": {"low": 0, "high": 1}}, "scored": False}]
    found["rename"] = [{"code": "zy", "to": "zx"}]
    found["rebalance"] = {"*": "equal"}
    found["order"] = {"criteria": [*base.criteria, "zz"]}
    kept = draw(st.lists(st.sampled_from(sorted(found)), unique=True))
    return {"format": 1, "extends": base.id, "id": "lokal"} | {key: found[key] for key in kept}
