import json
from typing import Any

import pytest
from drawn import OVERLAYS, VALUES
from hypothesis import given
from hypothesis import strategies as st

from pelayanan.cores import Core
from pelayanan.errors import FileError, InstrumentError, JsonError, PelayananError
from pelayanan.overlays import Overlay, overlay_of, overlay_tables, parse_overlay, read_overlay
from pelayanan.rebasing import Rebased

TOML = """
format = 1
extends = "kios-2024"
id = "kios-2024-ntt"
over = "kios-2024-x"
language = "en"
title = "Kiosk"
in_force = { from = 2025-01-01 }
rounding = "none"
rebalance = { "*" = "equal" }
without = ["issuer"]

[sources.P]
title = "Pergub"

[scales.papan]
options = [{ code = "ada", share = 1, label = "there" }, { code = "tidak", share = 0.0 }]

[drop]
criteria = ["d3"]
bands = "C"

[order]
criteria = ["d1", "d2"]

[[rename]]
code = "d1.door"
to = "d1.pintu"

[[split]]
code = "d2"
into = [{ code = "d2a", weight = 2.50, title = "A" }, { code = "d2b", weight = "1/3" }]

[[add]]
code = "d4"
weight = 0.50
scale = { range = { low = 0, high = 4.0 }, source = "P" }
asked_if = { criterion = "d1.fees", is = "3" }
after = "d2"

[[change]]
code = "d1.fees"
labels = { ada = "on the wall" }
without = "weight"

[root]
weights = { whole = 100 }
without = ["missing"]

[zones]
decide_on = { decimals = 1, mode = "down" }

[[zones.bands]]
code = "A"
floor = 80.0
requires = [{ each_of = "d1", at_least = 0.5, of = "share" }]

[[marks]]
code = "m"
label = "Mark"

[[rounding_stages]]
at = "d1"
of = "points"
step = "1/40"

[[cases]]
name = "A"
answers = { "d1.fees" = "3", d2 = 3 }
expects = { total = 50.0 }
"""

SAID: dict[str, Any] = {
    "language": "en",
    "title": {"en": "Kiosk"},
    "in_force": {"from": "2025-01-01"},
    "rounding": "none",
    "rebalance": {"*": "equal"},
    "without": ["issuer"],
    "sources": {"P": {"title": "Pergub"}},
    "scales": {
        "papan": {
            "options": [
                {"code": "ada", "share": "1", "label": {"en": "there"}},
                {"code": "tidak", "share": "0.0"},
            ]
        }
    },
    "drop": {"criteria": ["d3"], "bands": ["C"]},
    "order": {"criteria": ["d1", "d2"]},
    "rename": [{"code": "d1.door", "to": "d1.pintu"}],
    "split": [
        {
            "code": "d2",
            "into": [
                {"code": "d2a", "weight": "2.50", "title": {"en": "A"}},
                {"code": "d2b", "weight": "1/3"},
            ],
        }
    ],
    "add": [
        {
            "code": "d4",
            "weight": "0.50",
            "scale": {"range": {"low": "0", "high": "4.0"}, "source": ["P"]},
            "asked_if": [{"criterion": "d1.fees", "is": ["3"]}],
            "after": "d2",
        }
    ],
    "change": [{"code": "d1.fees", "labels": {"ada": {"en": "on the wall"}}, "without": ["weight"]}],
    "root": {"weights": {"whole": "100"}, "without": ["missing"]},
    "zones": {
        "decide_on": {"decimals": 1, "mode": "down"},
        "bands": [
            {
                "code": "A",
                "floor": "80.0",
                "requires": [{"each_of": "d1", "at_least": "0.5", "of": "share"}],
            }
        ],
    },
    "marks": [{"code": "m", "label": {"en": "Mark"}}],
    "rounding_stages": [{"at": "d1", "of": "points", "step": "1/40"}],
    "cases": [{"name": "A", "answers": {"d1.fees": {"text": "3"}, "d2": "3"}, "expects": {"total": "50.0"}}],
}


def test_a_toml_file_says_what_its_json_says():
    made = parse_overlay(TOML)
    named = {"id": "kios-2024-ntt", "over": ["kios-2024-x"]}

    assert {"format": 1, "extends": "kios-2024"} | named | SAID == overlay_tables(made)
    assert Overlay("kios-2024", "kios-2024-ntt", SAID, "kios-2024-x") == made
    assert hash(Overlay.from_json(made.to_json())) == hash(made)


def test_a_file_is_read_with_a_byte_order_mark(tmp_path):
    file = tmp_path / "ntt.toml"
    file.write_text(TOML, encoding="utf-8-sig")

    assert parse_overlay(TOML) == read_overlay(file)


# Properties


@given(OVERLAYS)
def test_an_overlay_comes_back_from_its_tables(overlay):
    assert overlay == overlay_of(json.loads(json.dumps(overlay_tables(overlay))))


@given(st.text())
def test_an_arbitrary_text_is_refused(text):
    with pytest.raises(InstrumentError) as error:
        parse_overlay(text)

    assert error.value.problems


@given(st.sampled_from(sorted(SAID)), VALUES)
def test_an_arbitrary_value_of_a_key_gives_an_overlay_or_a_problem(key, value):
    try:
        made = overlay_of({"format": 1, "extends": "x", key: value})
    except PelayananError as error:
        made = error

    assert isinstance(made, Overlay | InstrumentError)


# Messages


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            "",
            "overlay has 2 problems\n  this version reads format = 1, found 'nothing' @ format\n  'extends' is lacking @ extends",
        ),
        ("x = ", "overlay: this is not TOML: Invalid value (at end of document)"),
        ("weight = 1e999", "overlay: 1e999 has an exponent of more than 20 @ line 1"),
        (
            'format = true\nextends = "Kios"\nid = 3\nover = 4',
            "overlay has 4 problems\n"
            "  this version reads format = 1, found True @ format\n"
            "  an id is made of a-z, 0-9, '.' and '-', not 'Kios' @ extends\n"
            "  expected a text, not a number @ id\n"
            "  expected a text or a list of texts, not a number @ over",
        ),
    ],
)
def test_a_text_that_is_no_overlay_is_refused(text, message):
    with pytest.raises(InstrumentError) as error:
        parse_overlay(text)

    assert message == str(error.value)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"titel": "x"}, "there is no key 'titel' here; did you mean 'title'? @ titel"),
        ({"missing": 3}, "expected a text, not a number @ missing"),
        ({"title": None}, "expected a table, not null @ title"),
        ({"in_force": None}, "expected a value, not null; what goes is named in without @ in_force"),
        (
            {"title": {"id": "a\x07"}},
            "the text has the character '\\x07', which cannot be printed @ title.id",
        ),
        (
            {"without": ["criteria"]},
            "there is no key 'criteria' in the head; known are 'maximum', 'missing', 'rounding', 'family', 'title', "
            "'issuer', 'applies_to', 'variant_of', 'in_force', 'language' and 5 more @ without",
        ),
        ({"without": ["titel"]}, "there is no key 'titel' in the head; did you mean 'title'? @ without"),
        ({"rebalance": {"a": "best"}}, "expected 'proportional' or 'equal', not 'best' @ rebalance['a']"),
        ({"rebalance": ["a"]}, "expected a table, not a list @ rebalance"),
        (
            {"drop": {"indicators": []}},
            "there is no key 'indicators' here; known are 'sources', 'scales', 'criteria', 'bands', 'marks', 'rounding_stages' @ drop.indicators",
        ),
        ({"order": 3}, "expected a table, not a number @ order"),
        ({"change": {"code": "a"}}, "expected tables [[change]], not a table @ change"),
        (
            {"change": [{"code": "a", "wieght": 3}]},
            "there is no key 'wieght' here; did you mean 'weight'? @ change['a'].wieght",
        ),
        ({"change": [{"code": "a", "weight": "much"}]}, "expected a number, not 'much' @ change['a'].weight"),
        ({"change": [{"weight": 3}]}, "'code' is lacking @ change[0].code"),
        ({"change": [{"code": 3}]}, "expected a text, not a number @ change[0].code"),
        ({"change": [{"code": "a"}, {"code": "a"}]}, "the code 'a' is there twice @ change['a']"),
        ({"rename": [{"code": "a"}]}, "'to' is lacking @ rename['a'].to"),
        ({"split": [{"code": "a"}]}, "'into' is lacking @ split['a'].into"),
        ({"split": [{"code": "a", "into": [{"weight": 1}]}]}, "'code' is lacking @ split['a'].into[0].code"),
        (
            {"split": [{"code": "a", "into": 3}]},
            "expected tables [[split['a'].into]], not a number @ split['a'].into",
        ),
        (
            {"add": [{"code": "a", "scale": {"range": 3}}]},
            "expected a table, not a number @ add['a'].scale.range",
        ),
        (
            {"root": {"code": "x"}},
            "there is no key 'code' here; known are 'weight', 'title', 'rule', 'weights', 'rescale', 'plus', 'steps', "
            "'missing', 'least_answered', 'asked_if' and 6 more @ root.code",
        ),
        (
            {"zones": {"band": []}},
            "there is no key 'band' here; known are 'decide_on', 'source', 'standing', 'disputed', 'without' @ zones.band",
        ),
        ({"zones": 3}, "expected a table, not a number @ zones"),
        (
            {"zones": {"bands": [{"code": "A", "flor": 3}]}},
            "there is no key 'flor' here; did you mean 'floor'? @ zones.bands['A'].flor",
        ),
        (
            {"scales": {"s": {}}},
            "a scale has exactly one of options, range, count, anchors, steps; found none @ scales['s']",
        ),
        (
            {"rounding_stages": [{"at": "a", "of": "share", "decimals": 1}]},
            "expected 'points' or 'contribution', not 'share' @ rounding_stages[0].of",
        ),
    ],
    ids=str,
)
def test_what_is_wrong_stands_with_its_place(changes, message):
    with pytest.raises(InstrumentError) as error:
        Overlay("kios-2024", changes=changes)

    assert f"overlay: {message}" == str(error.value)


def test_a_name_that_is_none_is_refused():
    with pytest.raises(InstrumentError) as error:
        Overlay("", "A b")

    assert (
        "overlay has 2 problems\n"
        "  an id is made of a-z, 0-9, '.' and '-', not '' @ extends\n"
        "  an id is made of a-z, 0-9, '.' and '-', not 'A b' @ id"
    ) == str(error.value)


def test_a_file_of_another_name_or_size_is_refused(tmp_path):
    large = tmp_path / "large.toml"
    large.write_bytes(b"#" * (2**20 + 1))
    latin = tmp_path / "latin.toml"
    latin.write_bytes(b'title = "\xe9"')
    with pytest.raises(FileError) as name:
        read_overlay(tmp_path / "ntt.json")
    with pytest.raises(InstrumentError) as size:
        read_overlay(large)
    with pytest.raises(InstrumentError) as text:
        read_overlay(latin)

    assert "'ntt.json' is no overlay file; its name ends in '.toml'" == str(name.value)
    assert "large.toml: a file has at most 1048576 bytes" == str(size.value)
    assert "latin.toml: the text is not UTF-8 @ byte 9" == str(text.value)


@pytest.mark.parametrize(
    ("kind", "table", "message"),
    [
        (Rebased, {"overlay": 3}, "Rebased: expected a table, not a number @ overlay"),
        (
            Rebased,
            {"overlay": {"extends": "x", "titel": 3}},
            "Rebased: there is no key 'titel' here; did you mean 'title'? @ overlay.titel",
        ),
        (Core, {"of": "x", "names": {}, "instrument": []}, "Core: expected a table, not a list @ instrument"),
    ],
)
def test_what_is_no_json_of_an_overlay_inside_another_value_is_refused(kind, table, message):
    with pytest.raises(JsonError) as error:
        kind.from_json(json.dumps({"format": 1, "kind": kind.__name__} | table))

    assert message == str(error.value)
