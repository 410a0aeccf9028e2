import json
import re
from datetime import date
from fractions import Fraction
from functools import partial
from importlib.resources import files
from pathlib import Path

import attrs
import drawn
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from refusing import error_text

import pelayanan
from pelayanan import Condition, Group, Instrument, Rounding
from pelayanan.aggregation import WEIGHTED_MEAN
from pelayanan.errors import FileError, InstrumentError, PelayananError
from pelayanan.exact import Exact
from pelayanan.files import exchange_tables, instrument_of, of_json
from pelayanan.instrument import InForce
from pelayanan.limits import LARGEST
from pelayanan.marks import Mark
from pelayanan.provenance import Source, Standing
from pelayanan.zones import Requirement

# The example of DESIGN.md, without what a later version reads, and with a case that it admits.
KIOSK = """\
format = 1
id = "kios-2024"
family = "kios"
title = { id = "Kios layanan", en = "Service kiosk" }
issuer = "An invented example"
in_force = { from = 2024-01-01 }
maximum = 100
missing = "refuse"                       # or "zero", "exclude"
rounding = { decimals = 2, mode = "half_up" }

[sources.decree]
title = "Invented decree 1/2024"

[scales.papan]
[[scales.papan.options]]
code = "tidak_ada"
share = 0
[[scales.papan.options]]
code = "sebagian"
share = "1/2"
[[scales.papan.options]]
code = "lengkap"
share = 1

[[criteria]]
code = "d1"
title = { id = "Yang terlihat", en = "What citizens can see" }
weight = 60                              # as printed
source = "decree"

[[criteria]]
code = "d1.fees"
title = { id = "Tarif dipasang", en = "Fees are posted" }
weight = 3
scale = "papan"

[zones]
decide_on = "published"                  # or "exact"

[[zones.bands]]
code = "C"
floor = 0
label = { id = "merah" }

[[zones.bands]]
code = "A"
floor = 80
label = { id = "hijau" }

[[cases]]                                # a result that the publisher printed
name = "kiosk A"
answers = { "d1.fees" = "sebagian" }
expects = { total = 50, zone = "C" }
source = "decree"
"""

SHIPPED = {
    each.name: each.read_text(encoding="utf-8") for each in (files("pelayanan") / "instruments").iterdir()
}

HEAD = """\
format = 1
id = "x"
maximum = 100
missing = "refuse"
rounding = { decimals = 2, mode = "half_up" }
"""

TREE = """
[[criteria]]
code = "a"
scale = { range = { low = 1, high = 4 } }
"""


PART = "{ range = { low = 0, high = 1 } }"


def _read(content: bytes, folder: Path) -> Instrument:
    path = folder / "edition.toml"
    path.write_bytes(content)
    return pelayanan.read(path)


def _said(text: str) -> list[str]:
    """What is wrong with a text, each problem with its place."""
    with pytest.raises(InstrumentError, match=r"^instrument(:| has) ") as caught:
        pelayanan.parse(text)
    return [str(problem) for problem in caught.value.problems]


def assert_made_or_refused(text: str) -> None:
    """An instrument, or the library's own error in printable words; nothing else is raised."""
    try:
        made: Instrument | PelayananError = pelayanan.parse(text)
    except PelayananError as error:
        made = error
    if isinstance(made, Instrument):
        assert made == pelayanan.parse(text)
        assert made.lowest <= made.attainable
    else:
        assert str(made).replace("\n", "").isprintable()


# Arbitrary input gives an instrument or the library's own error.


@given(content=st.binary(max_size=300))
@example(content=b"\xef\xbb\xbf")
@example(content=b"\xff")
def test_arbitrary_bytes_are_refused_by_the_name_of_their_file(tmp_path_factory, content):
    with pytest.raises(InstrumentError, match=r"^edition\.toml(:| has) "):
        _read(content, tmp_path_factory.getbasetemp())


@given(st.text(max_size=300))
@example("\ud800")
@example("a = 2020-01-01T00:00:00+25:00")
@example("a = 2020-02-31")
@example('a = "\\ud800"')
@example("a = nan\nb = inf")
def test_an_arbitrary_text_is_refused(text):
    with pytest.raises(InstrumentError, match=r"^instrument(:| has) "):
        pelayanan.parse(text)


VALUES = st.recursive(
    st.one_of(
        st.sampled_from(["true", "1", "-2", "0.5", "nan", "inf", "2024-01-01", "07:00:00", '"1/9"', '""']),
        st.sampled_from(
            ["2024-01-01T07:00:00Z", '"none"', '"x"', '"\\u001b"', '"published"', '"d1"', '"papan"']
        ),
    ),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3).map(lambda each: f"[{', '.join(each)}]"),
        st.dictionaries(
            st.sampled_from(["id", "code", "from", "low", "high", "is", "whole", "decimals", "mode", "x"]),
            inner,
            max_size=3,
        ).map(lambda each: "{" + ", ".join(f"{key} = {value}" for key, value in each.items()) + "}"),
    ),
    max_leaves=5,
)


@st.composite
def with_other_values(draw, text: str) -> str:
    """A file some of whose values are others, of any kind."""
    lines = text.splitlines()
    with_value = [index for index, line in enumerate(lines) if " = " in line]
    for index in draw(st.lists(st.sampled_from(with_value), min_size=1, max_size=3)):
        key = lines[index].partition(" = ")[0]
        lines[index] = f"{key} = {draw(VALUES)}"
    return "\n".join(lines)


@st.composite
def mutated(draw, text: str) -> str:
    """A file with lines and characters deleted, doubled, swapped or replaced."""
    lines = text.splitlines()
    for _ in range(draw(st.integers(1, 3))):
        first, second = (draw(st.integers(0, len(lines) - 1)) for _ in range(2))
        line = lines[first]
        place = draw(st.integers(0, len(line)))
        kind = draw(st.sampled_from(["delete", "double", "swap", "replace", "insert", "drop"]))
        if kind == "delete" and len(lines) > 1:
            del lines[first]
        elif kind == "double":
            lines.insert(second, line)
        elif kind == "swap":
            lines[first], lines[second] = lines[second], line
        elif kind == "replace":
            lines[first] = lines[second]
        else:
            added = draw(st.text(max_size=2)) if kind == "insert" else ""
            lines[first] = line[:place] + added + line[place + (kind == "drop") :]
    return "\n".join(lines)


@given(st.one_of(mutated(KIOSK), with_other_values(KIOSK)))
@settings(max_examples=400)
def test_a_mutated_example_gives_an_instrument_or_a_problem(text):
    assert_made_or_refused(text)


@given(
    st.sampled_from(sorted(SHIPPED.values())).flatmap(
        lambda text: st.one_of(mutated(text), with_other_values(text))
    )
)
@settings(max_examples=60)
def test_a_mutated_edition_gives_an_instrument_or_a_problem(text):
    assert_made_or_refused(text)


@given(
    VALUES,
    st.sampled_from(["sources", "scales", "root", "criteria", "zones", "cases", "title", "tokens", "format"]),
)
def test_a_section_of_another_kind_gives_an_instrument_or_a_problem(value, section):
    assert_made_or_refused(f"{section} = {value}\n" + KIOSK)
    assert_made_or_refused(f"{section} = {value}\n" + HEAD + ("" if section == "criteria" else TREE))
    assert_made_or_refused(HEAD + TREE + f"\n[{section}]\nx = {value}")


# What a file says arrives.


def test_the_example_of_the_design_is_read():
    kiosk = pelayanan.parse(KIOSK)
    card = pelayanan.score_one(kiosk, kiosk.cases[0].answers)

    assert ("kios-2024", "kios", "An invented example") == (kiosk.id, kiosk.family, kiosk.issuer)
    assert {"id": "Kios layanan", "en": "Service kiosk"} == dict(kiosk.title)
    assert InForce(date(2024, 1, 1)) == kiosk.in_force
    assert ["d1", "d1.fees"] == list(kiosk.criteria)
    assert ("60", ("decree",)) == (str(kiosk["d1"].weight), kiosk["d1"].source)
    assert ("papan", Fraction(1, 2)) == (
        kiosk["d1.fees"].scale.code,
        kiosk["d1.fees"].scale.share("sebagian"),
    )
    assert (kiosk.cases[0].total, kiosk.cases[0].zone) == (card.total, card.zone.code)


EVERYTHING = """\
format = 1
id = "skm-x.2017"
family = "skm"
title = "Survei"
issuer = "A ministry"
applies_to = "pemerintah daerah"
variant_of = "skm-2017"
in_force = { from = 2023-01-01, until = 2023-12-31 }
maximum = "100"
missing = "exclude"
rounding = "none"
rollup = { average = "exact" }
language = "jv"
tokens = { NA = "not_applicable", "-" = "missing", title = "missing", label = "missing" }
source = ["S1", "S2"]
standing.rounding = { is = "inferred", why = "of the tables" }
standing.missing.is = "assumed"
disputed = "by a minister"

[sources.S1]
title = "Decree"
locator = "article 3"
url = "https://example.org"
[sources.S2]
title = "Slides"
[sources.label]
title = "A source that is called label"

[scales.label]
options = [
    { code = "1", share = "1/4", label = "ala" },
    { code = "4", share = 1.00, label = { en = "good" } },
    { code = "D*" },
]
source = "S1"
standing.share = { is = "assumed", why = "not printed" }

[scales.mean]
options = [{ code = "0", share = 0 }, { code = "10", share = 1 }]
between = true

[root]
rule = "weighted_sum"
weights = { whole = 1, sum = "0.950" }
rescale = true
least_answered = "2/3"
title = "Kabeh"
source = "S1"
standing.rule = { is = "published" }

[[criteria]]
code = "a"
title = "Siji"
weight = "0.45"
weights = { equal = "S2" }
missing = "zero"
disputed = "by a workshop"
standing.weight = { is = "inferred", why = "of 2023" }

[[criteria]]
code = "a.i1"
scale = "label"
labels = { "1" = "ora apik", "4" = { id = "baik" } }
optional = true
aliases = ["u1", "title"]

[[criteria]]
code = "a.i2"
scale = "mean"
scored = false
aliases = "u2"

[[criteria]]
code = "a.i3"
scale = { count = { of = 10, full = 5 }, source = "S1", disputed = "by a school" }
missing = "lowest"

[[criteria]]
code = "b"
weight = 0.50
scale = { anchors = [[5, 1], ["30", 0]], standing = { scale = { is = "inferred", why = "of a figure" } } }
disputed = "by an office"

[[criteria]]
code = "c"
scale = { steps = [[0, "3/5"], [66, "4/5"], [81, 1]] }
scored = false

[zones]
decide_on = { decimals = 1, mode = "half_even" }
source = "S2"
disputed = "by a member"
standing.decide_on = { is = "assumed", why = "unsaid" }

[[zones.bands]]
code = "merah"
label = "abang"
colour = "#c0392b"
attributes = { opini = "Rendah", title = "x", label = "y" }
below = 50
printed = "0-50"
source = "S1"
disputed = "by the press"
standing.below = { is = "inferred", why = "of the next" }

[[zones.bands]]
code = "kuning"
floor = 50
ceiling = 70
gap_after = true

[[zones.bands]]
code = "hijau"
above = 80
ceiling = 95

[[cases]]
name = "Puskesmas A"
answers = { a = 0.9, b = "1/2" }
of = "share"
at = "a"
expects = { total = 49.850, zone = "merah" }
within = 0.01
reason = "rounded parts"
source = "S1"

[[cases]]
name = "Kota B"
units = [88.03, "82.4"]
expects = { total = 85.215 }
source = ["S1", "S2"]
"""


def test_every_key_of_the_head_arrives():
    made = pelayanan.parse(EVERYTHING)

    assert ("skm-x.2017", "skm", "A ministry") == (made.id, made.family, made.issuer)
    assert ("pemerintah daerah", "skm-2017", "jv") == (made.applies_to, made.variant_of, made.language)
    assert InForce(date(2023, 1, 1), date(2023, 12, 31)) == made.in_force
    assert ("100", "exclude", None, "exact") == (str(made.maximum), made.missing, made.rounding, made.rollup)
    assert {
        "NA": "not_applicable",
        "-": "missing",
        "title": "missing",
        "label": "missing",
    } == dict(made.tokens)
    assert {"rounding": Standing("inferred", "of the tables"), "missing": Standing("assumed")} == dict(
        made.standing
    )
    assert ("S1", "S2") == made.source
    assert Source("Decree", "article 3", "https://example.org") == made.sources["S1"]
    assert ["S1", "S2", "label"] == list(made.sources)


def test_plain_texts_are_in_the_language_of_the_file():
    made = pelayanan.parse(EVERYTHING)

    assert {"jv": "Survei"} == dict(made.title)
    assert {"jv": "Kabeh"} == dict(made.root.title)
    assert {"jv": "Siji"} == dict(made["a"].title)
    assert [{"jv": "ala"}, {"en": "good"}, {}] == [dict(each.label) for each in made["a.i1"].scale.options]
    assert {"1": {"jv": "ora apik"}, "4": {"id": "baik"}} == {
        code: dict(label) for code, label in made["a.i1"].labels.items()
    }
    assert {"jv": "abang"} == dict(made.zones.bands[0].label)


def test_every_key_of_groups_and_indicators_arrives():
    made = pelayanan.parse(EVERYTHING)
    root, a, i1, b = made.root, made["a"], made["a.i1"], made["b"]

    assert ("weighted_sum", True, Fraction(2, 3)) == (root.rule.name, root.rescale, root.least_answered)
    assert (1, "0.950", "members") == (root.weights.whole, str(root.weights.sum), root.weights.over)
    assert Standing("published") == root.standing["rule"]
    assert ("0.45", "S2", "zero", "by a workshop") == (str(a.weight), a.weights.equal, a.missing, a.disputed)
    assert Standing("inferred", "of 2023") == a.standing["weight"]
    assert (True, True, ("u1", "title")) == (i1.optional, i1.scored, i1.aliases)
    assert (False, ("u2",), False) == (made["a.i2"].scored, made["a.i2"].aliases, made["c"].scored)
    assert ("lowest", "0.50", "by an office") == (made["a.i3"].missing, str(b.weight), b.disputed)
    assert ("by a school", "by a member") == (made["a.i3"].scale.disputed, made.zones.disputed)
    assert "by a minister" == made.disputed


def test_every_key_of_scales_arrives():
    made = pelayanan.parse(EVERYTHING)
    label, count = made["a.i1"].scale, made["a.i3"].scale

    assert [("1", Fraction(1, 4)), ("4", 1), ("D*", None)] == [
        (each.code, each.share) for each in label.options
    ]
    assert ("label", ("S1",)) == (label.code, label.source)
    assert Standing("assumed", "not printed") == label.standing["share"]
    assert (False, True) == (label.between, made["a.i2"].scale.between)
    assert (10, 5, "", ("S1",)) == (count.of, count.full, count.code, count.source)
    assert ((5, 1), (30, 0)) == made["b"].scale.anchors
    assert Standing("inferred", "of a figure") == made["b"].scale.standing["scale"]
    assert ((0, Fraction(3, 5)), (66, Fraction(4, 5)), (81, 1)) == made["c"].scale.steps


def test_every_key_of_zones_arrives():
    zones = pelayanan.parse(EVERYTHING).zones
    merah, kuning, hijau = zones.bands

    assert (Rounding(1, "half_even"), ("S2",)) == (zones.decide_on, zones.source)
    assert Standing("assumed", "unsaid") == zones.standing["decide_on"]
    assert (None, None, None, 50) == (merah.floor, merah.above, merah.ceiling, merah.below)
    assert ("#c0392b", "0-50", ("S1",)) == (merah.colour, merah.printed, merah.source)
    assert {"opini": "Rendah", "title": "x", "label": "y"} == dict(merah.attributes)
    assert ("by the press", Standing("inferred", "of the next")) == (merah.disputed, merah.standing["below"])
    assert (50, 70, True) == (kuning.floor, kuning.ceiling, kuning.gap_after)
    assert (80, 95, False) == (hijau.above, hijau.ceiling, hijau.gap_after)


def test_every_key_of_cases_arrives():
    unit, city = pelayanan.parse(EVERYTHING).cases

    assert ("Puskesmas A", "share", "a", "merah") == (unit.name, unit.of, unit.at, unit.zone)
    assert {"a": Exact("0.9"), "b": "1/2"} == dict(unit.answers)
    assert ("49.850", Exact("0.01"), "rounded parts") == (str(unit.total), unit.within, unit.reason)
    assert (("S1",), ("S1", "S2")) == (unit.source, city.source)
    assert ((Exact("88.03"), Exact("82.4")), "", "*", 0) == (city.units, city.zone, city.at, city.within)


@pytest.mark.parametrize("name", ["published", "exact"])
def test_a_zone_may_be_decided_on_a_named_total(name):
    text = HEAD + TREE + f'[zones]\ndecide_on = "{name}"\nbands = [{{ code = "all" }}]'

    assert name == pelayanan.parse(text).zones.decide_on


def test_a_file_without_zones_sources_or_cases_has_none():
    made = pelayanan.parse(HEAD + TREE)

    assert ((), (), 0, "") == (made.zones.bands, made.cases, len(made.sources), made.rollup)
    assert (Rounding(2), {}) == (made.rounding, dict(made.title))


def test_weights_printed_at_the_leaves_arrive():
    text = HEAD + 'root.weights = { whole = 10, over = "leaves" }\n[[criteria]]\ncode = "g"\n'
    text += '[[criteria]]\ncode = "g.a"\nweight = 3\nscale = { range = { low = 0, high = 1 } }\n'
    text += '[[criteria]]\ncode = "b"\nscale = { range = { low = 0, high = 1 } }\n'
    made = pelayanan.parse(text)

    assert (3, 7) == (made.weights["g.a"], made.weights["b"])


# Files.


def test_a_file_is_read_like_its_text_with_and_without_a_byte_order_mark(tmp_path):
    plain = _read(KIOSK.encode(), tmp_path)
    marked = _read(b"\xef\xbb\xbf" + KIOSK.encode(), tmp_path)
    windows = _read(KIOSK.replace("\n", "\r\n").encode(), tmp_path)

    assert pelayanan.parse(KIOSK) == plain == marked == windows
    assert plain == pelayanan.read(str(tmp_path / "edition.toml"))


def test_the_error_of_a_file_names_it(tmp_path):
    with pytest.raises(InstrumentError, match=r"^edition\.toml: the text is not UTF-8 @ byte 4$"):
        _read(b'a = \xff"', tmp_path)


def test_a_file_that_is_too_large_is_refused(tmp_path):
    large = b"#" * (LARGEST - len(HEAD + TREE)) + b"\n" + (HEAD + TREE).encode()

    with pytest.raises(InstrumentError, match=r"^edition\.toml: a file has at most 1048576 bytes$"):
        _read(large, tmp_path)

    assert pelayanan.parse(HEAD + TREE) == _read(large[1:], tmp_path)


def test_a_text_that_is_too_large_in_bytes_is_refused():
    assert ["a file has at most 1048576 bytes"] == _said("# " + "é" * (LARGEST // 2))


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("absent.toml", "cannot read 'absent.toml': No such file or directory"),
        ("folder.toml", "cannot read 'folder.toml': Is a directory"),
        ("nul\0.toml", "cannot read 'nul\\x00.toml': embedded null byte"),
        ("absent.json", "cannot read 'absent.json': No such file or directory"),
        ("folder.json", "cannot read 'folder.json': Is a directory"),
        ("edition.csv", "'edition.csv' is no instrument file; its name ends in '.toml' or '.json'"),
        ("edition.JSON", "'edition.JSON' is no instrument file; its name ends in '.toml' or '.json'"),
        ("edition", "'edition' is no instrument file; its name ends in '.toml' or '.json'"),
    ],
)
def test_what_is_no_file_that_can_be_read_is_refused(tmp_path, name, said):
    for folder in ("folder.toml", "folder.json"):
        (tmp_path / folder).mkdir()
    (tmp_path / "edition.csv").touch()

    with pytest.raises(FileError, match=f"^{re.escape(said)}$") as caught:
        pelayanan.read(tmp_path / name)

    assert str(tmp_path / name) == caught.value.values["path"]


# JSON files.


def _written(instrument: Instrument, folder: Path) -> Path:
    path = folder / "edition.json"
    pelayanan.write(instrument, path)
    return path


def _with_json(folder: Path, text: str | bytes) -> Path:
    path = folder / "edition.json"
    path.write_bytes(text.encode("utf-8", "surrogatepass") if isinstance(text, str) else text)
    return path


_refused = partial(error_text, InstrumentError)


@given(instrument=drawn.instruments())
@settings(max_examples=40)
def test_what_is_written_is_read_back(tmp_path_factory, instrument):
    folder = tmp_path_factory.mktemp("written")
    again = pelayanan.read(_written(instrument, folder))

    assert (instrument, instrument.digest) == (again, again.digest)
    assert (instrument.fingerprint, instrument.comparable) == (again.fingerprint, again.comparable)
    assert ["edition.json"] == [each.name for each in folder.iterdir()]


@pytest.mark.parametrize("name", sorted(SHIPPED))
def test_an_edition_is_the_same_in_both_kinds_of_files(tmp_path, name):
    edition = pelayanan.parse(SHIPPED[name])
    again = pelayanan.read(str(_written(edition, tmp_path)))

    assert (edition, edition.digest) == (again, again.digest)


def test_every_key_of_a_file_is_written(tmp_path):
    made = pelayanan.parse(EVERYTHING)
    text = _written(made, tmp_path).read_text(encoding="utf-8")
    again = pelayanan.read(tmp_path / "edition.json")

    assert (made, made.digest) == (again, again.digest)
    assert made == of_json(text) == Instrument.from_json(text)
    assert exchange_tables(made) == json.loads(text)
    assert made.fingerprint == json.loads(text)["fingerprint"]


def test_a_file_is_written_for_people_and_for_any_program(tmp_path):
    path = _written(
        pelayanan.parse(HEAD.replace("maximum = 100", 'title = "é"\nmaximum = "100.0"') + TREE), tmp_path
    )

    assert path.read_bytes().decode() == (
        '{\n "format": 1,\n "id": "x",\n "maximum": "100.0",\n "title": {\n  "id": "é"\n },\n'
        ' "missing": "refuse",\n "rounding": {\n  "decimals": 2,\n  "mode": "half_up"\n },\n'
        ' "criteria": [\n  {\n   "code": "a",\n   "scale": {\n    "range": {\n     "low": "1",\n'
        '     "high": "4"\n    }\n   }\n  }\n ],\n'
        f' "fingerprint": "{pelayanan.read(path).fingerprint}"\n}}\n'
    )


def test_numbers_and_plain_texts_may_stand_in_json_as_in_toml(tmp_path):
    text = """{"format": 1, "id": "x", "maximum": 100.0, "missing": "refuse", "rounding": "none", "title": "Kios",
        "criteria": [{"code": "a", "weight": 0.50, "scale": {"range": {"low": 1, "high": 4}}}]}"""
    made = pelayanan.read(_with_json(tmp_path, text))

    assert ("100.0", "0.50", {"id": "Kios"}) == (str(made.maximum), str(made["a"].weight), dict(made.title))
    assert made == pelayanan.read(_with_json(tmp_path, "\ufeff" + text.replace("\n", "\r\n")))


def test_the_tables_that_are_read_stay_as_they_are():
    tables = json.loads(json.dumps(exchange_tables(pelayanan.parse(KIOSK))))
    before = sorted(tables)

    assert pelayanan.parse(KIOSK) == instrument_of(tables, "kiosk")
    assert before == sorted(tables)


def test_a_fingerprint_may_be_left_out_and_a_changed_title_leaves_it():
    tables = exchange_tables(pelayanan.parse(KIOSK))
    titled = of_json(json.dumps(tables | {"title": "Kios"}))
    del tables["fingerprint"]

    assert {"id": "Kios"} == dict(titled.title)
    assert pelayanan.parse(KIOSK) == of_json(json.dumps(tables))


@given(content=st.binary(max_size=300))
@example(content=b"")
@example(content=b"\xff")
@example(content=b"{}")
@example(content=b"[" * 100_000)
@example(content=b'{"a": ' * 100_000)
def test_arbitrary_bytes_are_refused_by_the_name_of_their_json_file(tmp_path_factory, content):
    said = _refused(lambda: pelayanan.read(_with_json(tmp_path_factory.getbasetemp(), content)))

    assert re.match(r"edition\.json(:| has) ", said)
    assert said.replace("\n", "").isprintable()


@given(table=st.sampled_from(drawn.TABLES[Instrument]).flatmap(drawn.mutated))
@settings(max_examples=60)
def test_a_mutated_json_file_gives_an_instrument_or_a_problem(tmp_path_factory, table):
    path = _with_json(tmp_path_factory.getbasetemp(), json.dumps(table))
    try:
        made: Instrument | PelayananError = pelayanan.read(path)
    except PelayananError as error:
        made = error
    if isinstance(made, Instrument):
        assert made == of_json(json.dumps(exchange_tables(made)))
    else:
        assert re.match(r"edition\.json(:| has) ", str(made))


def test_a_json_text_that_is_too_large_is_refused():
    assert "instrument: a file has at most 16777216 bytes" == _refused(lambda: of_json(" " * (2**24 + 1)))


@given(st.one_of(drawn.VALUES, st.dictionaries(drawn.KEYS, drawn.VALUES, max_size=4)))
def test_an_arbitrary_object_of_json_is_refused(table):
    said = _refused(lambda: of_json(json.dumps(table)))

    assert re.match(r"instrument(:| has) ", said)


def _changed(**changes: object) -> str:
    """The JSON of the example with other fields, ``...`` for none."""
    tables = exchange_tables(pelayanan.parse(KIOSK)) | changes
    return json.dumps({key: each for key, each in tables.items() if each is not ...})


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (b'{"a": \xff}', "the text is not UTF-8 @ byte 6"),
        ("5", "expected an object, not a number"),
        ('{"maximum": NaN}', "this is not JSON: NaN is not a number"),
        ('{"id": "x", "id": "y"}', "this is not JSON: the key 'id' is there twice"),
        ('{"id": ' + "[" * 20 + "]" * 20 + "}", "brackets lie in each other at most 20 times"),
        (_changed(format=2), "this version reads format = 1, found 2 @ format"),
        (_changed(format=...), "this version reads format = 1, found 'nothing' @ format"),
        (_changed(kind="Band"), "expected the JSON of an instrument, found that of a 'Band' @ kind"),
        (_changed(famly="x"), "there is no key 'famly' here; did you mean 'family'? @ famly"),
        (_changed(id=...), "'id' is lacking @ id"),
        (_changed(maximum="1/0"), "'1/0' divides by zero @ maximum"),
        (_changed(title=None), "expected a value, not null; leave out what is not there @ title"),
        (
            _changed(criteria=[{"code": "a", "scale": "x", "weight": None}]),
            "expected a value, not null; leave out what is not there @ criteria['a'].weight",
        ),
        (_changed(pruning=None), "expected a table, not null @ pruning"),
        (_changed(title="\x1b"), "the text has the character '\\x1b', which cannot be printed @ title"),
        (
            _changed(in_force={"from": "20240101"}),
            "expected a date such as '2024-12-31', not '20240101' @ in_force.from",
        ),
        (_changed(criteria={}), "expected tables [[criteria]], not a table @ criteria"),
        (_changed(pruning=5), "expected a table, not a number @ pruning"),
        (_changed(pruning={"codes": []}), "'of' is lacking @ pruning.of"),
        (
            _changed(pruning={"codes": ["d1.fees"], "of": "points", "own": "\x1b"}),
            "the text has the character '\\x1b', which cannot be printed @ pruning.own",
        ),
        (
            _changed(pruning={"codes": "d1.fees", "of": "nilai"}),
            "expected one of 'points', 'share', 'contribution', not 'nilai' @ pruning.of",
        ),
        (
            _changed(pruning={"codes": ["d1"], "of": "points"}),
            "there is no indicator 'd1' @ pruning.codes",
        ),
        (
            _changed(scales={"papan": {"code": 5, "range": {"low": 0, "high": 1}}}),
            "there is no key 'code' here; known are 'options', 'range', 'count', 'anchors', 'steps', 'between', "
            "'source', 'standing', 'disputed' @ scales['papan'].code",
        ),
    ],
    ids=range(23),
)
def test_a_mistake_of_a_json_file_is_told_with_its_place(tmp_path, text, said):
    assert f"edition.json: {said}" == _refused(lambda: pelayanan.read(_with_json(tmp_path, text)))


@pytest.mark.parametrize("stated", ["", "5", 5, None, ["x"], "0" * 64])
def test_a_fingerprint_of_another_instrument_is_refused(tmp_path, stated):
    found = pelayanan.parse(KIOSK).fingerprint[:12]
    said = _refused(lambda: pelayanan.read(_with_json(tmp_path, _changed(fingerprint=stated))))

    assert said == (
        "edition.json: what decides a score was changed: the fingerprint says "
        f"{str(stated)[:12]!r}..., and what stands here has {found!r}...; write it anew, or leave it out "
        "@ fingerprint"
    )


def test_a_weight_that_was_changed_is_seen(tmp_path):
    tables = exchange_tables(pelayanan.parse(KIOSK))
    tables["criteria"].append({"code": "d2", "scale": "papan", "weight": "40"})
    said = _refused(lambda: pelayanan.read(_with_json(tmp_path, json.dumps(tables))))

    assert said.startswith("edition.json: what decides a score was changed: the fingerprint says ")


def test_a_json_file_that_is_too_large_is_refused(tmp_path):
    path = _with_json(tmp_path, b"{}")
    with path.open("r+b") as stream:
        stream.truncate(16 * LARGEST)

    assert _refused(lambda: pelayanan.read(path)).startswith("edition.json: this is not JSON: ")
    with path.open("r+b") as stream:
        stream.truncate(16 * LARGEST + 1)

    assert "edition.json: a file has at most 16777216 bytes" == _refused(lambda: pelayanan.read(path))


OWN = attrs.evolve(WEIGHTED_MEAN, name="median", version="1")


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        (
            {"root": Group("*", rule=OWN)},
            "kios-2024: the rule 'median' is not one that a file can name @ root.rule",
        ),
        (
            {"issuer": "a\x1b", "title": {"\u200b": "x"}},
            "kios-2024 has 2 problems\n"
            "  the text has the character '\\u200b', which cannot be printed @ the key '\\u200b'\n"
            "  the text has the character '\\x1b', which cannot be printed @ issuer",
        ),
        (
            {"issuer": "\ud800"},
            "kios-2024: the text has the character '\\ud800', which cannot be printed @ issuer",
        ),
    ],
    ids=["a rule of one's own", "unprintable", "no text"],
)
def test_what_cannot_be_read_again_is_not_written_and_the_file_stays(tmp_path, changes, said):
    path = _written(pelayanan.parse(KIOSK), tmp_path)
    before = path.read_bytes()
    broken = attrs.evolve(pelayanan.parse(KIOSK), **changes)

    assert said == _refused(lambda: pelayanan.write(broken, path))
    assert said == _refused(lambda: exchange_tables(broken))
    assert (before, [path]) == (path.read_bytes(), list(tmp_path.iterdir()))


def test_what_would_be_too_large_to_read_is_not_written(tmp_path, monkeypatch):
    kiosk = pelayanan.parse(KIOSK)
    path = _written(kiosk, tmp_path)
    before = path.read_bytes()
    for most in (len(kiosk.to_json()) - 1, len(before) - 1):
        monkeypatch.setattr("pelayanan.files._LARGEST_JSON", most)

        assert f"kios-2024: a file has at most {most} bytes" == _refused(lambda: pelayanan.write(kiosk, path))
    monkeypatch.setattr("pelayanan.files._LARGEST_JSON", len(before))
    pelayanan.write(kiosk, path)

    assert before == path.read_bytes()


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("edition.toml", "an instrument is written as JSON; the name 'edition.toml' does not end in '.json'"),
        ("edition", "an instrument is written as JSON; the name 'edition' does not end in '.json'"),
        ("absent/edition.json", "cannot write 'edition.json': No such file or directory"),
        ("folder.json", "cannot write 'folder.json': Is a directory"),
        ("nul\0.json", "cannot write 'nul\\x00.json': embedded null byte"),
    ],
)
def test_where_no_file_can_be_none_is_written(tmp_path, name, said):
    (tmp_path / "folder.json").mkdir()
    with pytest.raises(FileError, match=f"^{re.escape(said)}$") as caught:
        pelayanan.write(pelayanan.parse(KIOSK), tmp_path / name)

    assert str(tmp_path / name) == caught.value.values["path"]
    assert ["folder.json"] == [each.name for each in tmp_path.iterdir()]


def test_a_file_that_is_written_again_keeps_its_permissions(tmp_path):
    path = _written(pelayanan.parse(HEAD + TREE), tmp_path)
    path.chmod(0o640)
    pelayanan.write(pelayanan.parse(KIOSK), path)

    assert (0o640, pelayanan.parse(KIOSK)) == (path.stat().st_mode & 0o777, pelayanan.read(path))


# Every mistake at once.

MISTAKEN = """\
format = 2
id = "Kios 2024"
famly = "kios"
in_force = { from = 2024-12-31, until = 2024-01-01 }
maximum = 0
missing = "guess"
rounding = { decimals = 2, mode = "up" }
tokens = { NA = "unknown" }
source = "S9"
standing.weight = { is = "assumed" }

[sources.S1]
titel = "Decree"

[scales.papan]
options = [{ code = "a", share = 2 }, { code = "a", share = 1 }]

[root]
rule = "median"

[[criteria]]
code = "d1"
wieght = 60
source = "S2"

[[criteria]]
code = "d1.a"
scale = "papan"
weight = true
tags = []

[[criteria]]
code = "d1.b"
scale = "papn"
labels = { x = "y" }
missing = "guess"

[[criteria]]
code = "d1.b"
scale = "papan"

[[criteria]]
code = "d2.a"
scale = { range = { low = 4, high = 1 } }
source = "S1"

[[criteria]]
code = "D3"
scale = "papan"
optional = "yes"

[zones]
decide_on = "median"
[[zones.bands]]
code = "C"
floor = 50
[[zones.bands]]
code = "C"
floor = 40

[[cases]]
name = "kiosk"
answers = { d1 = 1, d9 = 2 }
expects = { total = nan, zone = "Z" }
"""

MISTAKES = """\
instrument has 30 problems
  this version reads format = 1, found 2 @ format
  expected a mode of 'half_up', 'half_even', 'down', not 'up' @ rounding
  there is no key 'famly' here; did you mean 'family'? @ famly
  'title' is lacking @ sources['S1'].title
  there is no key 'titel' here; did you mean 'title'? @ sources['S1'].titel
  a share lies between 0 and 1, not at 2 @ scales['papan'].options[0].share
  the option 'a' is there twice @ scales['papan'].options[1]
  expected one of the rules 'weighted_mean', 'weighted_sum', 'weakest_link', 'weakest_link_plus', 'step', 'all_or_nothing', not 'median' @ root.rule
  there is no key 'wieght' here; did you mean 'weight'? @ criteria['d1'].wieght
  expected a number, not True @ criteria['d1.a'].weight
  expected a table, not a list @ criteria['d1.a'].tags
  there is no scale 'papn' in [scales]; did you mean 'papan'? @ criteria['d1.b'].scale
  the code 'd1.b' is there twice @ criteria['d1.b']
  a range has 0 <= low < high, not 4 and 1 @ criteria['d2.a'].scale.range
  expected true or false, not a text @ criteria['D3'].optional
  expected 'published', 'exact' or a rounding, not 'median' @ zones.decide_on
  the band 'C' is there twice @ zones.bands[1]
  bands go from low to high; 40 does not come after 50 @ zones.bands[1]
  expected a finite number, not NaN @ cases[0].expects.total
  an id is made of a-z, 0-9, '.' and '-', not 'Kios 2024' @ id
  a maximum is greater than 0, not 0 @ maximum
  expected one of 'refuse', 'zero', 'lowest', 'exclude', not 'guess' @ missing
  the period ends before it begins @ in_force
  expected 'missing' or 'not_applicable', not 'unknown' @ tokens['NA']
  there is no source 'S9' in [sources] @ source
  'weight' is no figure of this table; its figures are maximum, missing, rounding, rollup, in_force \
@ standing.weight
  there is no source 'S2' in [sources] @ criteria['d1'].source
  its parent 'd2' is absent @ criteria['d2.a']
  a code is dotted parts of a-z, 0-9 and _, not 'D3' @ criteria['D3']
  expected one of 'refuse', 'zero', 'lowest', 'exclude', not 'guess' @ criteria['d1.b'].missing"""


def test_every_mistake_of_a_file_is_told_at_once():
    with pytest.raises(InstrumentError) as caught:
        pelayanan.parse(MISTAKEN)

    assert MISTAKES == str(caught.value)
    assert "several-problems" == caught.value.code


GATES = """
[[zones.bands]]
code = "B"
floor = 0

[[zones.bands]]
code = "A"
floor = 75
requires = [
    { criterion = "a", at_least = "80.0", of = "points", decide_on = { decimals = 1, mode = "down" } },
    { each_of = "*", at_least = "3/5", of = "share", exceptions = 1 },
]
"""


def test_what_a_zone_requires_is_read_and_written(tmp_path):
    tree = TREE + '[[criteria]]\ncode = "b"\nscale = { range = { low = 0, high = 4 } }\n'
    made = pelayanan.parse(HEAD + tree + GATES)
    gates = (
        Requirement("a", at_least="80.0", of="points", decide_on=Rounding(1, "down")),
        Requirement(each_of="*", at_least="3/5", of="share", exceptions=1),
    )

    assert ((), gates) == tuple(band.requires for band in made.zones.bands)
    assert made == pelayanan.read(_written(made, tmp_path))


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        (
            ('of = "share"', 'off = "share"'),
            [
                "'of' is lacking @ zones.bands[1].requires[1].of",
                "there is no key 'off' here; did you mean 'of'? @ zones.bands[1].requires[1].off",
            ],
        ),
        (
            ('at_least = "3/5"', 'at_least = "most"'),
            ["expected a number, not 'most' @ zones.bands[1].requires[1].at_least"],
        ),
        (
            ("exceptions = 1", 'exceptions = "one"'),
            ["expected a whole number, not a text @ zones.bands[1].requires[1].exceptions"],
        ),
        (
            ('criterion = "a"', 'criterion = "c"'),
            ["there is no criterion 'c'; known are 'a', 'b' @ zones.bands[1].requires[0]"],
        ),
    ],
)
def test_what_a_zone_requires_is_checked_with_its_place(changed, said):
    tree = TREE + '[[criteria]]\ncode = "b"\nscale = { range = { low = 0, high = 4 } }\n'

    assert said == _said(HEAD + tree + GATES.replace(*changed))


@pytest.mark.parametrize(
    ("extra", "said"),
    [
        ("[[marks]]\ncode = 'x'", "'requires' is lacking @ marks[0].requires"),
        ("[marks]", "expected tables [[marks]], not a table @ marks"),
        ("[tages]", "there is no key 'tages' here; did you mean 'cases'? @ tages"),
        (
            "[zones]\nbnds = []\nbands = []",
            "there is no key 'bnds' here; did you mean 'bands'? @ zones.bnds",
        ),
        ("[zones]", "'bands' is lacking @ zones.bands"),
        ("[zones]\nbands = 1", "expected a list, not a number @ zones.bands"),
        ("[zones]\nbands = [1]", "expected a table, not a number @ zones.bands[0]"),
        (
            "[zones]\nbands = []\ndecide_on = 1",
            "expected a table, not a number @ zones.decide_on",
        ),
        (
            "[zones]\nbands = []\ndecide_on = { decimals = 2 }",
            "'mode' is lacking @ zones.decide_on.mode",
        ),
        (
            "[zones]\nbands = []\ndecide_on = { decimals = 11, mode = 'down' }",
            "expected 0 to 10 decimals, not 11 @ zones.decide_on",
        ),
        ("[[zones.bands]]\ncode = 1", "expected a text, not a number @ zones.bands[0].code"),
        (
            "[[zones.bands]]\ncode = 'A'\nlabel = { id = 1 }",
            "expected a text, not a number @ zones.bands[0].label.id",
        ),
        ("[root]\ncode = 'x'", "the root has no code of its own @ root.code"),
        ("[root]\nweight = 1", "the root is the whole and has no weight @ root.weight"),
        ("[root]\nscale = 'x'", "there is no key 'scale' here; did you mean 'rescale'? @ root.scale"),
        ("[root]\nweights = 3", "expected a table, not a number @ root.weights"),
        ("[sources]\nx = 5", "expected a table, not a number @ sources['x']"),
        ("[scales]\nx = 5", "expected a table, not a number @ scales['x']"),
        (
            "[scales.x]",
            "a scale has exactly one of options, range, count, anchors, steps; found none @ scales['x']",
        ),
        ("[scales.x]\nrange = { low = 1 }", "'high' is lacking @ scales['x'].range.high"),
        ("[scales.x]\nsteps = [[1, 0, 2]]", "expected a list of 2, found 3 @ scales['x'].steps[0]"),
        ("[scales.x]\nsteps = [1]", "expected a list, not a number @ scales['x'].steps[0]"),
        ("[scales.x]\nsteps = [[1, 'a']]", "expected a number, not 'a' @ scales['x'].steps[0]"),
        (
            "[[cases]]\nname = 'n'\nexpects = 3\nunits = [1]",
            "expected a table, not a number @ cases[0].expects",
        ),
        (
            "[[cases]]\nname = 'n'\nunits = [true]\nexpects.total = 1",
            "expected a number, not True @ cases[0].units[0]",
        ),
        (
            "[[cases]]\nname = 'n'\nanswers.a = 2024-01-01\nexpects.total = 1",
            "expected a number, not datetime.date(2024, 1, 1) @ cases[0].answers.a",
        ),
        (
            "[[cases]]\nname = 'n'\nanswers.a = 1\nexpects.total = 1\nsource = 1",
            "expected a text or a list of texts, not a number @ cases[0].source",
        ),
        (
            "[[cases]]\nname = 'n'\nanswers.a = 1\nexpects.total = 1\nsource = [1]",
            "expected a text or a list of texts, not a list @ cases[0].source",
        ),
    ],
)
def test_a_mistake_below_is_told_with_its_place(extra, said):
    assert [said] == _said(HEAD + TREE + extra)


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("format = true", "this version reads format = 1, found True @ format"),
        ("format = '1'", "this version reads format = 1, found '1' @ format"),
        ("# no format", "this version reads format = 1, found 'nothing' @ format"),
        ("format = 1.0\ntitle = 1", "expected a table, not a number @ title"),
        ("format = 1\ntitle = { id = true }", "expected a text, not a truth value @ title.id"),
        ("format = 1\nlanguage = 1", "expected a text, not a number @ language"),
        ("format = 1\nin_force = 2024-01-01", "expected a table, not a date @ in_force"),
        ("format = 1\nin_force = {}", "'from' is lacking @ in_force.from"),
        (
            "format = 1\nin_force = { from = 2024-01-01T00:00:00 }",
            "expected a date, not a datetime @ in_force.from",
        ),
        ("format = 1\nstanding.maximum = {}", "'is' is lacking @ standing.maximum.is"),
        (
            "format = 1\nstanding.maximum = { is = 'guessed' }",
            "expected one of 'published', 'inferred', 'assumed', not 'guessed' @ standing.maximum.is",
        ),
        ("format = 1\nrollup = 'exact'", "expected a table, not a text @ rollup"),
        (
            "format = 1\nrollup.average = 'median'",
            "expected 'published' or 'exact', not 'median' @ rollup.average",
        ),
        (
            "format = 1\ncriterion = []",
            "there is no key 'criterion' here; did you mean 'criteria'? @ criterion",
        ),
        ("format = 1\nvariant_of = 'SKM'", "an id is made of a-z, 0-9, '.' and '-', not 'SKM' @ variant_of"),
        ("format = 1\nfamily = ' '", "an id is made of a-z, 0-9, '.' and '-', not ' ' @ family"),
        ("format = 1\ntokens = ['NA']", "expected a table, not a list @ tokens"),
    ],
)
def test_a_mistake_of_the_head_is_told_with_its_place(line, said):
    assert [said] == _said(line + "\n" + HEAD.removeprefix("format = 1\n") + TREE)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ("true", "expected a number, not True"),
        ("nan", "expected a finite number, not NaN"),
        ("-inf", "expected a finite number, not -Infinity"),
        ("'nan'", "expected a number, not 'nan'"),
        ("'1/0'", "'1/0' divides by zero"),
        ("'1e21'", "expected a shorter number, found an exponent of more than 20 in '1e21'"),
        ("[1]", "expected a number, not [1]"),
        ("2024-01-01", "expected a number, not datetime.date(2024, 1, 1)"),
    ],
)
def test_what_is_no_number_is_refused_where_one_belongs(given, said):
    assert [f"{said} @ maximum"] == _said(HEAD.replace("maximum = 100", f"maximum = {given}") + TREE)


@pytest.mark.parametrize("given", ["'none'", "{ decimals = 0, mode = 'down' }"])
def test_a_rounding_is_none_or_has_decimals_and_a_mode(given):
    text = re.sub("rounding = .*", f"rounding = {given}", HEAD) + TREE
    expected = None if given == "'none'" else Rounding(0, "down")

    assert expected == pelayanan.parse(text).rounding


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ("2", "expected a table, not a number @ rounding"),
        ("'half_up'", "expected a table, not a text @ rounding"),
        ("{ decimals = 2 }", "'mode' is lacking @ rounding.mode"),
        ("{ decimals = 2.0, mode = 'down' }", "expected a whole number, not a number @ rounding.decimals"),
        (
            "{ decimals = true, mode = 'down' }",
            "expected a whole number, not a truth value @ rounding.decimals",
        ),
        ("{ decimals = -1, mode = 'down' }", "expected 0 to 10 decimals, not -1 @ rounding"),
    ],
)
def test_a_rounding_of_another_kind_is_refused(given, said):
    assert [said] == _said(re.sub("rounding = .*", f"rounding = {given}", HEAD) + TREE)


@pytest.mark.parametrize(
    ("extra", "said"),
    [
        ("[[criteria]]\nscale = 'x'", ["'code' is lacking @ criteria[1].code"]),
        ("[[criteria]]\ncode = 5", ["expected a text, not a number @ criteria[1].code"]),
        (
            "[[criteria]]\ncode = 'b'",
            ["a criterion has a scale or members, and this one has neither @ criteria['b']"],
        ),
        ("[[criteria]]\ncode = 'b'\nscale = []", ["expected a table, not a list @ criteria['b'].scale"]),
        (
            "[[criteria]]\ncode = 'a.b'\nscale = 'x'\n[scales.x]\nrange = { low = 0, high = 1 }",
            ["its parent 'a' has a scale and cannot have members @ criteria['a.b']"],
        ),
        ("weight = -1", ["a weight is greater than 0, not -1 @ criteria['a'].weight"]),
        ("aliases = 'a'", ["the code 'a' is there twice @ criteria['a']"]),
        ("labels = { x = 'y' }", ["the scale has no option 'x' to label @ criteria['a'].labels"]),
        ("scored = false", ["no indicator is scored @ criteria"]),
        (
            "[root]\nweights.whole = 1\n[[criteria]]\ncode = 'b'\nweight = 2\nscale = PART",
            ["the printed weights add up to 2, which leaves nothing of 1 for the 1 absent @ root.weights"],
        ),
        (
            "[root]\nleast_answered = 2",
            ["least_answered lies above 0 and up to 1, not at 2 @ root.least_answered"],
        ),
    ],
)
def test_what_is_not_sound_in_the_tree_is_told_with_its_place(extra, said):
    if extra.startswith("[[criteria]]\nscale"):
        extra += "\n[scales.x]\nrange = { low = 0, high = 1 }"

    assert said == _said(HEAD + TREE + extra.replace("PART", PART))


@pytest.mark.parametrize("text", [HEAD, HEAD + "criteria = []"])
def test_a_file_without_criteria_is_refused(text):
    assert ["there are no criteria @ criteria"] == _said(text)


@pytest.mark.parametrize(
    ("section", "said"),
    [
        ("criteria = 5", "expected tables [[criteria]], not a number @ criteria"),
        ("criteria = [5]", "expected tables [[criteria]], not a list @ criteria"),
        ("cases = {}", "expected tables [[cases]], not a table @ cases"),
        ("root = 5", "expected a table, not a number @ root"),
        ("zones = []", "expected a table, not a list @ zones"),
        ("sources = 'x'", "expected a table, not a text @ sources"),
        ("scales = true", "expected a table, not a truth value @ scales"),
    ],
)
def test_a_section_of_another_kind_is_refused(section, said):
    tree = "" if section.startswith("criteria") else TREE
    found = _said(HEAD + section + "\n" + tree)

    assert said == found[0]
    # Tables that are no tables have no bands either.
    assert found[1:] == (["'bands' is lacking @ zones.bands"] if section == "zones = []" else [])


# What follows from a mistake is not told.

BELOW = """
[[cases]]
name = "n"
answers = { a = 1 }
expects = { total = 25, zone = "A" }
source = "S1"
"""


@pytest.mark.parametrize(
    ("broken", "said"),
    [
        pytest.param(
            HEAD + "[scales.s]\nrange = 1\n[[criteria]]\ncode = 'a'\nscale = 's'\nlabels = { x = 'y' }",
            ["expected a table, not a number @ scales['s'].range"],
            id="a refused scale does not make its users unknown",
        ),
        pytest.param(
            HEAD + "scales = 3\n[[criteria]]\ncode = 'a'\nscale = 's'",
            ["expected a table, not a number @ scales"],
            id="scales that are no table have no names",
        ),
        pytest.param(
            HEAD + TREE.replace("range", "rang") + "labels = { x = 'y' }",
            [
                "there is no key 'rang' here; did you mean 'range'? @ criteria['a'].scale.rang",
            ],
            id="a refused scale in place has no options to label",
        ),
        pytest.param(
            HEAD + TREE + "[zones]\nbands = [1]" + BELOW.replace('source = "S1"', ""),
            ["expected a table, not a number @ zones.bands[0]"],
            id="refused zones have no codes",
        ),
        pytest.param(
            HEAD + "sources = 1\n" + TREE + BELOW.replace(', zone = "A"', ""),
            ["expected a table, not a number @ sources"],
            id="sources that are no table have no names",
        ),
        pytest.param(
            HEAD + TREE + "[sources.S1]\nurl = 1" + BELOW.replace(', zone = "A"', ""),
            ["'title' is lacking @ sources['S1'].title", "expected a text, not a number @ sources['S1'].url"],
            id="a refused source keeps its name",
        ),
        pytest.param(
            HEAD
            + "[root]\nweights.whole = 10\n[[criteria]]\ncode = 'a'\nweigth = 3\n"
            + TREE[25:]
            + "[[criteria]]\ncode = 'b'\nweight = 3\n"
            + TREE[25:],
            ["there is no key 'weigth' here; did you mean 'weight'? @ criteria['a'].weigth"],
            id="a misspelled weight is not also absent",
        ),
        pytest.param(
            HEAD + "[[criteria]]\ncode = 'a'\nscal = 's'\n",
            ["there is no key 'scal' here; did you mean 'scale'? @ criteria['a'].scal"],
            id="a misspelled scale does not make an empty group",
        ),
        pytest.param(
            HEAD + "[[criteria]]\ncode = 1\n[[criteria]]\ncode = 'g.a'\nscale = PART",
            ["expected a text, not a number @ criteria[0].code"],
            id="a criterion without a code may be the absent parent",
        ),
        pytest.param(
            HEAD + "root.weights = { whole = 10, over = 'leaves' }\n[[criteria]]\ncode = 'g'\n"
            "[[criteria]]\ncode = 'g.a'\nweight = 'x'\nscale = PART\n"
            "[[criteria]]\ncode = 'b'\nweight = 3\nscale = PART\n",
            ["expected a number, not 'x' @ criteria['g.a'].weight"],
            id="a refused weight is not missed by the carrier further up",
        ),
        pytest.param(
            HEAD + "root.weights = { whole = 3, over = 'leafs', all = 1 }\n[[criteria]]\ncode = 'g'\n"
            "[[criteria]]\ncode = 'g.a'\nweight = 1\nscale = PART\n"
            "[[criteria]]\ncode = 'g.b'\nscale = PART\n",
            ["there is no key 'all' here; known are 'whole', 'over', 'equal', 'sum' @ root.weights.all"],
            id="refused weights of a group may be printed at the leaves below",
        ),
        pytest.param(
            HEAD.replace("decimals = 2", "decimal = 2")
            + TREE
            + "[[zones.bands]]\ncode = 'B'\nceiling = 49.99\n[[zones.bands]]\ncode = 'A'\nfloor = 50",
            [
                "'decimals' is lacking @ rounding.decimals",
                "there is no key 'decimal' here; did you mean 'decimals'? @ rounding.decimal",
            ],
            id="without a rounding bands are not said to leave gaps",
        ),
        pytest.param(
            HEAD
            + "root = { rule = 'weighted_sum', weights.whole = 1 }\n[[criteria]]\ncode = 'g'\nmissing = 1\n"
            "[[criteria]]\ncode = 'g.a'\noptional = true\nscale = PART\n",
            ["expected a text, not a number @ criteria['g'].missing"],
            id="whether answers are left out is not known below a refused group",
        ),
        pytest.param(
            HEAD + "criteria = 1\n" + BELOW.replace(', zone = "A"', "").replace('source = "S1"', ""),
            ["expected tables [[criteria]], not a number @ criteria"],
            id="criteria that are no tables have no codes",
        ),
    ],
)
def test_what_only_follows_from_a_mistake_is_not_told(broken, said):
    assert said == _said(broken.replace("PART", PART))


def test_a_mistake_beside_a_refused_table_is_told_too():
    text = HEAD.replace("maximum = 100", "maximum = -1\nfoo = 1") + TREE + "weight = 0\nfoo = 1"

    assert [
        "there is no key 'foo' here; known are 'id', 'maximum', 'missing', 'rounding', 'family', 'title', "
        "'issuer', 'applies_to', 'variant_of', 'in_force' and 15 more @ foo",
        "there is no key 'foo' here; known are 'code', 'scale', 'weight', 'title', 'missing', 'optional', "
        "'scored', 'asked_if', 'least_respondents', 'aliases' and 5 more @ criteria['a'].foo",
        "a maximum is greater than 0, not -1 @ maximum",
        "a weight is greater than 0, not 0 @ criteria['a'].weight",
    ] == _said(text)


# Bounds and characters.


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("maximum = 1e999999999", "1e999999999 has an exponent of more than 20 @ line 1"),
        ("a" + ".a" * 20_000 + " = 1", "a key has at most 12 dots @ line 1"),
        ("a = " + "[" * 100_000, "brackets lie in each other at most 20 times @ line 1"),
        ("maximum = 0x64", "write 0x64 as a decimal @ line 1"),
        ("a = 'open", "a string is not closed @ line 1"),
    ],
)
def test_what_is_beyond_the_bounds_is_refused_before_it_is_parsed(text, said):
    assert [said] == _said(text)


def test_what_is_not_toml_is_refused_with_the_line():
    # The words after the colon are those of the standard library.
    (said,) = _said("a = 1\na = 2\n")

    assert re.fullmatch(r"this is not TOML: .*line 2.*", said)


@pytest.mark.parametrize("bad", ["\\u001b", "\\u0000", "\\u007f", "\\u202e", "\\u200b"])
def test_characters_that_cannot_be_printed_are_refused_in_texts_and_keys(bad):
    shown = repr(bad.encode().decode("unicode_escape"))
    said = f"the text has the character {shown}, which cannot be printed"
    text = (
        HEAD + f'issuer = "a{bad}"\n' + TREE + f'aliases = ["b{bad}"]\n[sources."c{bad}"]\ntitle = "{bad}"\n'
    )
    key = shown.replace("'", "")

    assert [
        f"{said} @ issuer",
        f"{said} @ criteria['a'].aliases[0]",
        f"{said} @ the key 'c{key}'",
        f"{said} @ sources['c{key}'].title",
    ] == _said(text)


def test_lines_and_tabs_are_texts():
    made = pelayanan.parse(HEAD + 'issuer = """a\n\tb"""\n' + TREE)

    assert "a\n\tb" == made.issuer


def test_a_place_shows_no_character_that_cannot_be_printed():
    found = _said(HEAD + '"k\\u001b[2J" = "\\u0007"\n' + TREE)

    assert [
        "the text has the character '\\x1b', which cannot be printed @ the key 'k\\x1b[2J'",
        "the text has the character '\\x07', which cannot be printed @ k�[2J",
        "there is no key 'k\\x1b[2J' here; known are 'id', 'maximum', 'missing', 'rounding', 'family', "
        "'title', 'issuer', 'applies_to', 'variant_of', 'in_force' and 15 more @ k�[2J",
    ] == found


@pytest.mark.parametrize(
    "text",
    [
        HEAD + "[[criteria]]\n" * 20_000,
        HEAD + "".join(f"k{number} = 1\n" for number in range(20_000)) + TREE,
        HEAD
        + "".join(f"[[criteria]]\ncode = 'c{number}'\nscale = 's{number}'\n" for number in range(2000))
        + "".join(f"[scales.x{number}]\nrange = {{ low = 0, high = 1 }}\n" for number in range(2000)),
        HEAD
        + "".join(f"[[criteria]]\ncode = 'c{number}'\nscale = 1\n" for number in range(5000))
        + "".join(f"[[criteria]]\ncode = 'C{number}'\n" for number in range(5000)),
        HEAD + "[[criteria]]\ncode = '" + "." * 500_000 + "'\nscale = 1",
        HEAD + TREE * 10_001,
    ],
    ids=range(6),
)
def test_many_mistakes_are_told_without_a_long_search(text):
    # Looking for the nearest name of each, or for what follows from each, would take minutes.
    with pytest.raises(InstrumentError) as caught:
        pelayanan.parse(text)

    assert len(str(caught.value).splitlines()) <= 102


def test_a_pair_of_a_table_that_is_no_pair_of_numbers_is_the_only_mistake_told():
    root = '[root]\nrule = "step"\n[root.steps]\n1 = [[1, "x"], [2, 1, 3]]\n'

    assert [
        "expected a number, not 'x' @ root.steps.1[0]",
        "expected a list of 2, found 3 @ root.steps.1[1]",
    ] == _said(HEAD + root + TREE.replace('code = "a"', 'code = "a"\nweight = 4'))


def test_all_that_is_wrong_with_a_rounding_stage_is_told_with_its_place():
    stage = '[[rounding_stages]]\nat = "a"\nof = "share"\nmode = "up"\nto = 1\n'

    assert [
        "there is no key 'to' here; known are 'at', 'of', 'decimals', 'step', 'mode', 'of_group', 'source', "
        "'standing', 'disputed' @ rounding_stages[0].to"
    ] == _said(HEAD + TREE + stage)
    assert [
        "expected 'points' or 'contribution', not 'share' @ rounding_stages[0].of",
        "expected a mode of 'half_up', 'half_even', 'down', not 'up' @ rounding_stages[0].mode",
        "state decimals or a step, one of the two @ rounding_stages[0]",
    ] == _said(HEAD + TREE + stage.replace("to = 1\n", ""))


CONDITIONAL = """
[root]
least_respondents = 9

[[criteria]]
code = "loket"
scored = false
scale = { options = [{ code = "ada", share = 1 }, { code = "tidak", share = 0 }] }
tags = { bagian = "sarana" }

[[criteria]]
code = "antre"
weight = 3
scale = { range = { low = 0, high = 10 } }
asked_if = { criterion = "loket", is = ["ada"] }
least_respondents = 30

[[criteria]]
code = "d"
weight = 1
tags = { bagian = "proses", tahap = "2" }
asked_if = [{ criterion = "loket", is = ["ada", "tidak"] }, { criterion = "antre", is = ["0.50", 10] }]

[[criteria]]
code = "d.x"
scale = { range = { low = 0, high = 10 } }

[[marks]]
code = "tuntas"
label = { id = "Tanpa Maladministrasi", en = "Without maladministration" }
requires = [{ criterion = "loket", at_least = 1, of = "share" }, { each_of = "d", at_least = "2.50", of = "points" }]
source = "S1"
standing.label = { is = "inferred", why = "a letter" }

[[marks]]
code = "cepat"
label = "Cepat"
requires = [{ criterion = "d", at_least = 5, of = "points", decide_on = { decimals = 0, mode = "down" } }]

[sources.S1]
title = "Decree"
"""


def test_conditions_tags_marks_and_respondents_are_read_and_written(tmp_path):
    made = pelayanan.parse(HEAD + CONDITIONAL)
    marks = (
        Mark(
            "tuntas",
            [
                Requirement("loket", at_least=1, of="share"),
                Requirement(each_of="d", at_least="2.50", of="points"),
            ],
            label={"id": "Tanpa Maladministrasi", "en": "Without maladministration"},
            source="S1",
            standing={"label": Standing("inferred", "a letter")},
        ),
        Mark(
            "cepat", [Requirement("d", at_least=5, of="points", decide_on=Rounding(0, "down"))], label="Cepat"
        ),
    )

    assert (Condition("loket", "ada"),) == made["antre"].asked_if
    assert (Condition("loket", ["ada", "tidak"]), Condition("antre", ["0.50", 10])) == made["d"].asked_if
    assert [None, 30, None, None] == [each.least_respondents for each in made.criteria.values()]
    assert 9 == made.root.least_respondents
    assert [{"bagian": "sarana"}, {}, {"bagian": "proses", "tahap": "2"}, {}] == [
        dict(each.tags) for each in made.criteria.values()
    ]
    assert marks == made.marks
    assert made == pelayanan.read(_written(made, tmp_path))
    assert made.digest == pelayanan.read(_written(made, tmp_path)).digest


def test_what_was_printed_of_a_condition_is_written_again(tmp_path):
    tables = json.loads(_written(pelayanan.parse(HEAD + CONDITIONAL), tmp_path).read_text(encoding="utf-8"))
    group = next(each for each in tables["criteria"] if each["code"] == "d")

    assert [
        {"criterion": "loket", "is": ["ada", "tidak"]},
        {"criterion": "antre", "is": ["0.50", "10"]},
    ] == group["asked_if"]
    assert {"bagian": "proses", "tahap": "2"} == group["tags"]
    assert "2.50" == tables["marks"][0]["requires"][1]["at_least"]


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        (
            ('{ criterion = "loket", is = ["ada"] }', '{ criterion = "loket", is = false }'),
            ["expected a number, not False @ criteria['antre'].asked_if.is"],
        ),
        (
            ('{ criterion = "loket", is = ["ada"] }', '{ criterion = "loket" }'),
            ["'is' is lacking @ criteria['antre'].asked_if.is"],
        ),
        (
            ('{ criterion = "loket", is = ["ada"] }', '{ criterion = "loket", is = [] }'),
            [
                "a condition names at least one answer with which the question is asked @ criteria['antre'].asked_if.is"
            ],
        ),
        (
            ('{ criterion = "loket", is = ["ada"] }', '{ criteria = "loket", is = [true] }'),
            [
                "'criterion' is lacking @ criteria['antre'].asked_if.criterion",
                "expected a number, not True @ criteria['antre'].asked_if.is[0]",
                "there is no key 'criteria' here; did you mean 'criterion'? @ criteria['antre'].asked_if.criteria",
            ],
        ),
        (
            ('{ criterion = "loket", is = ["ada"] }', '"loket"'),
            ["expected a table, not a text @ criteria['antre'].asked_if"],
        ),
        (
            ('{ criterion = "antre", is = ["0.50", 10] }', '{ criterion = "antre", is = [11, false] }'),
            ["expected a number, not False @ criteria['d'].asked_if[1].is[1]"],
        ),
        (
            ('{ criterion = "antre", is = ["0.50", 10] }', '{ criterion = "antri", is = [11] }'),
            ["there is no criterion 'antri'; did you mean 'antre'? @ criteria['d'].asked_if"],
        ),
        (
            ('{ criterion = "antre", is = ["0.50", 10] }', '{ criterion = "d.x", is = [1] }'),
            [
                "the conditions go round in a circle: 'd.x', which is asked under a condition on 'd.x' "
                "@ criteria['d.x'].asked_if"
            ],
        ),
        (
            ("least_respondents = 30", "least_respondents = 30.5"),
            ["expected a whole number, not a number @ criteria['antre'].least_respondents"],
        ),
        (
            ("least_respondents = 30", "least_respondents = 0"),
            ["least_respondents is a whole number from 1 on, not 0 @ criteria['antre'].least_respondents"],
        ),
        (
            ("least_respondents = 9", 'least_respondents = "9"'),
            ["expected a whole number, not a text @ root.least_respondents"],
        ),
        (
            ('tags = { bagian = "sarana" }', "tags = { bagian = 1 }"),
            ["expected a text, not a number @ criteria['loket'].tags.bagian"],
        ),
        (
            ('tags = { bagian = "sarana" }', 'tags = "sarana"'),
            ["expected a table, not a text @ criteria['loket'].tags"],
        ),
        (
            ("[root]\n", '[root]\ntags = { a = "b" }\nasked_if = { criterion = "loket", is = ["ada"] }\n'),
            [
                "the root is the whole and is always asked @ root.asked_if",
                "the root is the whole and has no tags @ root.tags",
            ],
        ),
        (('code = "cepat"', 'code = "tuntas"'), ["the mark 'tuntas' is there twice @ marks[1]"]),
        (('code = "cepat"', 'code = ""'), ["a code has 1 to 40 characters, not 0 @ marks[1].code"]),
        (
            ('source = "S1"\nstanding.label', 'source = "S2"\nstanding.labl'),
            [
                "there is no source 'S2' in [sources] @ marks[0].source",
                "'labl' is no figure of this table; its figures are requires, label @ marks[0].standing.labl",
            ],
        ),
        (
            ('label = "Cepat"', 'labels = "Cepat"'),
            ["there is no key 'labels' here; did you mean 'label'? @ marks[1].labels"],
        ),
        (
            (
                '{ each_of = "d", at_least = "2.50", of = "points" }',
                '{ each_of = "d", at_least = "2,5", of = "points" }',
            ),
            ["expected a number, not '2,5' @ marks[0].requires[1].at_least"],
        ),
    ],
    ids=range(19),
)
def test_mistakes_of_conditions_tags_and_marks_are_told_with_their_place(changed, said):
    assert changed[0] in CONDITIONAL
    assert said == _said(HEAD + CONDITIONAL.replace(*changed))


def test_one_answer_of_a_condition_needs_no_list():
    single = CONDITIONAL.replace('is = ["ada"]', 'is = "ada"')

    assert pelayanan.parse(HEAD + CONDITIONAL) == pelayanan.parse(HEAD + single)


def test_an_overlay_is_no_instrument(tmp_path):
    (tmp_path / "ntt.toml").write_text('format = 1\nextends = "skm-2017"\n')

    with pytest.raises(InstrumentError) as caught:
        pelayanan.read(tmp_path / "ntt.toml")

    assert (
        "ntt.toml: what extends another instrument is an overlay; read it with pelayanan.read_overlay @ extends"
        == str(caught.value)
    )
