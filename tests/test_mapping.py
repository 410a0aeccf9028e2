import copy
import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pelayanan.mapping import FrozenMapping, guarded, in_language, printable, text, unguarded

ITEMS = st.dictionaries(st.text(max_size=5), st.integers())


@given(ITEMS)
def test_a_frozen_mapping_is_equal_to_the_dict_it_was_made_of(items):
    frozen = FrozenMapping(items)

    assert items == frozen
    assert (list(items), len(items)) == (list(frozen), len(frozen))
    assert [items[key] for key in items] == [frozen[key] for key in items]
    assert repr(items) == repr(frozen)


@given(ITEMS, st.randoms())
def test_equal_mappings_have_one_hash_whatever_their_order(items, random):
    pairs = list(items.items())
    random.shuffle(pairs)

    assert FrozenMapping(items) == FrozenMapping(pairs)
    assert hash(FrozenMapping(items)) == hash(FrozenMapping(pairs))


@given(ITEMS)
def test_a_frozen_mapping_survives_pickle_and_copy_with_its_order(items):
    frozen = FrozenMapping(items)

    for again in (pickle.loads(pickle.dumps(frozen)), copy.copy(frozen), copy.deepcopy(frozen)):
        assert list(items.items()) == list(again.items())
        assert type(again) is FrozenMapping


@given(ITEMS)
def test_a_change_of_the_dict_does_not_reach_the_mapping(items):
    given_items = dict(items)
    frozen = FrozenMapping(given_items)

    given_items["another key"] = 1

    assert items == frozen


def test_a_frozen_mapping_cannot_be_changed():
    frozen = FrozenMapping({"id": "hijau"})

    with pytest.raises(TypeError) as error:
        frozen["id"] = "merah"

    assert str(error.value) == "'FrozenMapping' object does not support item assignment"
    assert frozen == {"id": "hijau"}


@given(st.text(min_size=1), st.sampled_from(["id", "en"]))
def test_plain_words_are_in_the_language_that_is_said(words, language):
    assert {language: words} == text(words, language)
    assert words == in_language(text(words, language), "en")
    assert words == in_language(text(words, language), "id")


def test_words_come_in_the_language_asked_for_else_in_the_first():
    words = text({"id": "hijau", "en": "green"})

    assert ("green", "hijau", "hijau") == tuple(in_language(words, tag) for tag in ("en", "id", "fr"))


def test_no_words_are_no_text():
    assert {} == text("") == text({})
    assert "" == in_language(text(""), "id")


@given(st.text())
def test_printable_words_hold_nothing_that_a_terminal_obeys(words):
    shown = printable(words)

    assert len(words) == len(shown)
    assert shown.isprintable()
    assert all(before == after or after == "\ufffd" for before, after in zip(words, shown, strict=True))
    assert [each for each in words if each.isprintable()] == [
        after for before, after in zip(words, shown, strict=True) if before.isprintable()
    ]


FORMULAS = ["=1+1", "+62 811", "-5", "@a", "\t=1", "\r=1", "'=1", "''=1", "'-"]
LOOSE = st.builds("{}{}{}".format, st.sampled_from(["", "'", "''"]), st.sampled_from("=+-@\t\ra'"), st.text())


@given(st.one_of(st.text(), LOOSE))
def test_guarded_words_are_no_formula_and_come_back(words):
    shown = guarded(words)

    assert shown[:1] not in list("=+-@\t\r")
    assert words == unguarded(shown)
    assert shown in (words, f"'{words}")


@pytest.mark.parametrize("words", FORMULAS)
def test_what_a_spreadsheet_would_run_gets_an_apostrophe(words):
    assert f"'{words}" == guarded(words)


@pytest.mark.parametrize("words", ["", "Dinas Sosial", "'kota'", "1-2", " =1", "'", "a=1"])
def test_other_words_are_not_guarded(words):
    assert words == guarded(words) == unguarded(words)
