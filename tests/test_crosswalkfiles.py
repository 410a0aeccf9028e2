import json
import tomllib
from pathlib import Path

import pytest
from drawn import KIOSK, KIOSK_25, VALUES, WALK
from hypothesis import given
from hypothesis import strategies as st
from refusing import error_text

import pelayanan
from pelayanan import Instrument, score_one
from pelayanan.carrying import carry
from pelayanan.crosswalk import Crosswalk
from pelayanan.crosswalkfiles import load_crosswalk, parse_crosswalk, read_crosswalk, shipped_crosswalks
from pelayanan.errors import CrosswalkError, FileError, UnknownError
from pelayanan.provenance import standing_of

TOML = """
format = 1
from = "kios-2024"
to = "kios-2025"
language = "en"
title = "Kiosks"

[sources.S1]
title = "Decree"
locator = "article 4"

[[links]]
from = ["d1.fees", "d1.door"]
relation = "subset"
to = "d1"
weights = { "d1.fees" = 0.250, "d1.door" = "3/4" }
source = "S1"

[[links]]
from = "d2"
relation = "superset"
to = ["d2", "d2b"]
weights = { d2 = 0.50, d2b = 0.50 }
why = { id = "dibagi dua" }

[[links]]
from = "d3"
relation = "intersects"
to = "d4"
standing.relation = { is = "inferred", why = "by its name" }
"""
KIOSKS = [KIOSK, KIOSK_25]


# Published figures


def test_no_answer_of_2024_is_an_answer_of_pemdi_and_eleven_indicators_overlap():
    losses = load_crosswalk("spbe-2024", "pemdi-2026").losses
    near = [each for each in losses.asked_again if each.of]

    assert [0, 0, 0, 20, 47] == [
        len(part) for part in (losses.kept, losses.mapped, losses.split, losses.asked_again, losses.dropped)
    ]
    assert 11 == len(near)
    assert {("intersects",)} == {each.reasons for each in near}
    assert 27 == len({code for each in near for code in each.of})


def test_every_link_of_a_shipped_crosswalk_has_a_source_and_a_reason():
    for pair in shipped_crosswalks():
        for link in load_crosswalk(*pair).links:
            standing = standing_of(link, "relation")

            assert link.source
            assert ("inferred", True) == (standing.is_, bool(standing.why)) or "published" == standing.is_
            assert {"id", "en"} == set(link.why)


def test_what_was_answered_in_2024_gives_no_index_of_pemdi():
    walk = load_crosswalk("spbe-2024", "pemdi-2026")
    levels = {each.code: 5 for each in walk.before.indicators}
    found = carry(levels, walk)

    assert [pelayanan.MISSING] * 20 == list(found.answers.values())
    assert score_one(walk.after, found.answers).total is None


def test_a_shipped_crosswalk_stands_in_a_file_of_its_editions():
    folder = Path(pelayanan.__file__).parent / "crosswalks"
    stems = {each.stem for each in folder.iterdir()}

    assert stems == {f"{before}--{after}" for before, after in shipped_crosswalks()}
    assert list(shipped_crosswalks()) == [
        (walk.before.id, walk.after.id) for walk in (load_crosswalk(*pair) for pair in shipped_crosswalks())
    ]


# By thought


def test_a_file_says_what_its_links_say():
    assert WALK == parse_crosswalk(TOML, KIOSKS)
    assert ["0.250", "3/4"] == [str(each) for each in parse_crosswalk(TOML, KIOSKS).links[0].weights.values()]


def test_plain_texts_are_in_the_language_of_the_file():
    text = TOML.replace('language = "en"\n', "").replace('why = { id = "dibagi dua" }', 'why = "dibagi dua"')
    found = parse_crosswalk(text, KIOSKS)

    assert ({"id": "Kiosks"}, {"id": "dibagi dua"}) == (found.title, found.links[1].why)


def test_a_file_is_read_with_a_byte_order_mark(tmp_path):
    file = tmp_path / "kios.toml"
    file.write_text(TOML, encoding="utf-8-sig")

    assert WALK == read_crosswalk(file, KIOSKS)


def test_a_file_without_links_has_those_of_the_codes():
    found = parse_crosswalk('format = 1\nfrom = "spbe-2023"\nto = "spbe-2024"')

    assert 47 == len(found.losses.kept)


# Properties


@given(st.text())
def test_an_arbitrary_text_is_refused(text):
    with pytest.raises(CrosswalkError) as error:
        parse_crosswalk(text)

    assert error.value.problems


def _in_toml(value):
    """A JSON value as TOML, where null is a text and keys are quoted."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{json.dumps(key)} = {_in_toml(each)}" for key, each in value.items()) + "}"
    if isinstance(value, list):
        return f"[{', '.join(map(_in_toml, value))}]"
    return json.dumps("null" if value is None else value)


@given(st.sampled_from(["from", "to", "title", "language", "sources", "links", "format"]), VALUES)
def test_an_arbitrary_value_of_a_key_gives_a_crosswalk_or_a_problem(key, value):
    tables = {"format": 1, "from": "kios-2024", "to": "kios-2025"} | {key: value}
    text = "\n".join(f"{name} = {_in_toml(each)}" for name, each in tables.items())
    try:
        made = parse_crosswalk(text, KIOSKS)
    except (CrosswalkError, UnknownError) as error:
        made = error

    assert isinstance(made, Crosswalk | CrosswalkError)


@given(st.sampled_from(["from", "relation", "to", "weights", "why", "source", "standing", "wight"]), VALUES)
def test_an_arbitrary_value_in_a_link_gives_a_crosswalk_or_a_problem(key, value):
    link = {"from": "d2", "relation": "intersects", "to": "d2"} | {key: value}
    lines = "\n".join(f"{name} = {_in_toml(each)}" for name, each in link.items())
    text = f'format = 1\nfrom = "kios-2024"\nto = "kios-2025"\n[[links]]\n{lines}'
    try:
        made = parse_crosswalk(text, KIOSKS)
    except CrosswalkError as error:
        made = error

    assert isinstance(made, Crosswalk | CrosswalkError)


KINDS = st.sampled_from([3, 0.5, True, "zzz", [], [3], ["d2", "d3"], {}, {"x": 3}, {"x": "y"}])


@given(st.sampled_from(["from", "relation", "to", "weights", "why", "source", "x"]), KINDS)
def test_whatever_else_is_wrong_in_a_link_its_standing_and_the_next_link_are_checked(key, value):
    link = {"from": "d2", "relation": "intersects", "to": "d2"} | {key: value}
    standing = {"standing": {"relation": {"is": "nope"}}}
    lines = [f"{name} = {_in_toml(each)}" for name, each in (link | standing).items()]
    text = "\n".join([HEAD, "[[links]]", *lines, "[[links]]", 'from = "d8"\nrelation = "equal"\nto = "d1"'])
    said = told(text)

    assert "not 'nope' @ links[0].standing.relation.is" in said
    assert "kios-2024 has no question 'd8'" in said


def test_the_file_of_the_tests_is_toml():
    assert {"format", "from", "to", "language", "title", "sources", "links"} == tomllib.loads(TOML).keys()


# Messages


def told(text: str) -> str:
    with pytest.raises(CrosswalkError) as error:
        parse_crosswalk(text, KIOSKS)
    return str(error.value)


HEAD = 'format = 1\nfrom = "kios-2024"\nto = "kios-2025"\n'


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("x = ", "crosswalk: this is not TOML: Invalid value (at end of document)"),
        ("weight = 1e999", "crosswalk: 1e999 has an exponent of more than 20 @ line 1"),
        (
            "format = true",
            "crosswalk has 3 problems\n"
            "  this version reads format = 1, found True @ format\n"
            "  'from' is lacking @ from\n"
            "  'to' is lacking @ to",
        ),
        (
            'from = "kios-2024"\nto = "kios-2025"',
            "crosswalk: this version reads format = 1, found 'nothing' @ format",
        ),
        (f"{HEAD}link = []", "crosswalk: there is no key 'link' here; did you mean 'links'? @ link"),
        (f"{HEAD}links = 3", "crosswalk: expected tables [[links]], not a number @ links"),
        (
            f'{HEAD}title = "a\\u0007"',
            "crosswalk: the text has the character '\\x07', which cannot be printed @ title",
        ),
        (f"{HEAD}sources = []", "crosswalk: expected a table, not a list @ sources"),
        (
            f'{HEAD}sources = []\n[[links]]\nfrom = "d2"\nrelation = "intersects"\nto = "d2"\nsource = "S1"',
            "crosswalk: expected a table, not a list @ sources",
        ),
        (
            f"{HEAD}title = 3",
            "crosswalk: expected a text, or a table of texts by language, not a number @ title",
        ),
        (
            f"{HEAD}title = {{ id = 3 }}",
            "crosswalk: expected a text, not a number @ title.id",
        ),
        (
            f"{HEAD}why = 3",
            "crosswalk: there is no key 'why' here; known are "
            "'format', 'from', 'to', 'title', 'language', 'sources', 'links' @ why",
        ),
        (
            'format = 1\nfrom = "kios-2023"\nto = 3',
            "crosswalk has 2 problems\n"
            "  expected a text, not a number @ to\n"
            "  there is no edition 'kios-2023'; did you mean 'kios-2025'? @ from",
        ),
        (
            f'{HEAD}[[links]]\nfrom = "d2"',
            "crosswalk has 2 problems\n"
            "  'relation' is lacking @ links[0].relation\n"
            "  'to' is lacking @ links[0].to",
        ),
    ],
)
def test_a_text_that_is_no_crosswalk_is_refused(text, message):
    assert message == told(text)


def test_all_mistakes_of_a_file_are_told_at_once():
    text = f"""{HEAD}
titel = "Kiosks"

[sources.S1]
titel = "Decree"

[[links]]
form = "d2"
relation = "equal"
to = "d2"

[[links]]
from = "d2"
relation = "superset"
to = ["d2", "d2b"]
weights = {{ d2 = 0.5, d2b = 0.4 }}
source = "S1"

[[links]]
from = "d1.fee"
relation = "alike"
to = "d2"
weights = {{ d2 = "much" }}

[[links]]
from = "d1.fee"
relation = "alike"
to = "d2"
source = "S2"
"""
    expected = (
        "crosswalk has 15 problems\n"
        "  there is no key 'titel' here; did you mean 'title'? @ titel\n"
        "  'title' is lacking @ sources['S1'].title\n"
        "  there is no key 'titel' here; did you mean 'title'? @ sources['S1'].titel\n"
        "  'from' is lacking @ links[0].from\n"
        "  there is no key 'form' here; did you mean 'from'? @ links[0].form\n"
        "  expected a number, not 'much' @ links[2].weights.d2\n"
        "  the weights add up to 0.9, and not to 1 @ links[1].weights\n"
        "  'd2' stands in the to of links[0] already; make one link of the two @ links[1].to\n"
        "  kios-2024 has no question 'd1.fee'; did you mean 'd1.fees'? @ links[2].from\n"
        "  expected one of 'equal', 'equivalent', 'subset', 'superset', 'intersects', not 'alike' @ links[2].relation\n"
        "  'd2' stands in the to of links[0] already; make one link of the two @ links[2].to\n"
        "  there is no source 'S2' in [sources] @ links[3].source\n"
        "  kios-2024 has no question 'd1.fee'; did you mean 'd1.fees'? @ links[3].from\n"
        "  expected one of 'equal', 'equivalent', 'subset', 'superset', 'intersects', not 'alike' @ links[3].relation\n"
        "  'd2' stands in the to of links[0] already; make one link of the two @ links[3].to"
    )

    assert expected == told(text)


@pytest.mark.parametrize(
    ("link", "message"),
    [
        (
            'from = "d2"\nrelation = "intersects"\nto = "d2"\nwhy = ["x"]',
            ": expected a text, or a table of texts by language, not a list @ links[0].why",
        ),
        (
            'from = "d2"\nrelation = "intersects"\nto = "d2"\nwhy = { id = 3 }\nstanding.relation.is = "nope"',
            " has 2 problems\n"
            "  expected a text, not a number @ links[0].why.id\n"
            "  expected one of 'published', 'inferred', 'assumed', not 'nope' @ links[0].standing.relation.is",
        ),
        (
            'from = 3\nrelation = "subset"\nto = "d9"\nweights = { d2 = "1/2", d3 = "1/2" }',
            " has 2 problems\n"
            "  expected a text or a list of texts, not a number @ links[0].from\n"
            "  kios-2025 has no question 'd9'; known are 'd1', 'd2', 'd2b', 'd4' @ links[0].to",
        ),
        (
            'from = ["d2", "d9"]\nrelation = "superset"\nto = 3\nweights = { d2 = "1/2", d3 = "1/2" }',
            " has 2 problems\n"
            "  expected a text or a list of texts, not a number @ links[0].to\n"
            "  kios-2024 has no question 'd9'; known are 'd1.fees', 'd1.door', 'd2', 'd3' @ links[0].from",
        ),
        (
            'from = "d2"\nrelation = 3\nto = "d2"\nweights = { d2 = 2 }\nsource = "S9"',
            " has 2 problems\n"
            "  expected a text, not a number @ links[0].relation\n"
            "  there is no source 'S9' in [sources] @ links[0].source",
        ),
        (
            'from = "d2"\nrelation = "equal"\nto = "d2"\nsource = 3\nstanding.relation.is = "published"',
            " has 2 problems\n"
            "  expected a text or a list of texts, not a number @ links[0].source\n"
            "  'd2' and 'd2' have different scales; say equivalent @ links[0].relation",
        ),
        (
            'from = ["d1.fees", "d1.door"]\nrelation = "subset"\nto = "d9"\nweights = { "d1.fees" = [] }',
            " has 2 problems\n"
            "  expected a number, not [] @ links[0].weights.d1.fees\n"
            "  kios-2025 has no question 'd9'; known are 'd1', 'd2', 'd2b', 'd4' @ links[0].to",
        ),
    ],
)
def test_what_is_right_in_a_link_is_checked_although_something_else_is_wrong(link, message):
    assert f"crosswalk{message}" == told(f"{HEAD}[[links]]\n{link}")


def test_two_instruments_of_one_id_are_refused_where_they_differ():
    expected = "crosswalk: two instruments have the id 'kios-2024', and differ; give one of them @ among"
    again = Instrument.from_json(KIOSK.to_json())

    assert WALK == parse_crosswalk(TOML, [KIOSK, KIOSK_25, again])
    assert expected == error_text(
        CrosswalkError, parse_crosswalk, TOML, [KIOSK, KIOSK_25, KIOSK.pruned(depth=1)]
    )


def test_a_file_of_another_ending_is_refused(tmp_path):
    with pytest.raises(FileError) as error:
        read_crosswalk(tmp_path / "kios.json")

    assert "'kios.json' is no crosswalk file; its name ends in '.toml'" == str(error.value)


def test_the_name_of_the_file_stands_in_what_is_wrong_with_it(tmp_path):
    file = tmp_path / "kios.toml"
    file.write_bytes(b"\xff")
    with pytest.raises(CrosswalkError) as error:
        read_crosswalk(file)

    assert "kios.toml: the text is not UTF-8 @ byte 0" == str(error.value)


def test_a_crosswalk_that_is_not_shipped_is_unknown():
    with pytest.raises(UnknownError) as error:
        load_crosswalk("spbe-2024", "../spbe-2024--pemdi-2026")
    expected = (
        "no crosswalk from 'spbe-2024' to '../spbe-2024--pemdi-2026' is shipped; there is "
        "'spbe-2024' to 'pemdi-2026', and crosswalk() makes one of what codes say"
    )

    assert expected == str(error.value)
