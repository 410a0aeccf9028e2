from typing import Any

import pytest
from drawn import instruments
from hypothesis import given
from hypothesis import strategies as st

import pelayanan
from pelayanan import Group, Indicator, Instrument, Rounding, Scale
from pelayanan.catalog import editions
from pelayanan.criterion import Criterion
from pelayanan.history import moves
from pelayanan.overlay import Overlay, extend

SCORE = Scale(low=0, high=4)


def kiosk(*criteria: Criterion) -> Instrument:
    return Instrument(id="kios", criteria=criteria, maximum=100, missing="refuse", rounding=Rounding(2))


def asked(code: str, title: str = "", **fields: Any) -> Indicator:
    return Indicator(code, SCORE, title=title, **fields)


# Thought


def test_a_question_whose_old_code_is_an_alias_has_moved_both_ways():
    old, new = kiosk(asked("u1"), asked("u2")), kiosk(asked("u1"), asked("tarif", aliases=["u2"]))

    assert {"u2": "tarif"} == moves(old, new)
    assert {"tarif": "u2"} == moves(new, old)


def test_an_alias_says_so_whatever_else_is_different():
    new = Indicator("tarif", Scale(low=1, high=5), title="Tarif", aliases="u2")

    assert {"u2": "tarif"} == moves(kiosk(asked("u1"), asked("u2", "Biaya")), kiosk(asked("u1"), new))


def test_two_questions_that_became_one_have_not_moved():
    new = kiosk(asked("tarif", aliases=["u1", "u2"]))

    assert {} == moves(kiosk(asked("u1"), asked("u2")), new)


def test_a_question_word_by_word_on_the_same_scale_has_moved():
    old = kiosk(Group("d1"), asked("d1.tarif", "Tarif dipasang"), Group("d2"), asked("d2.x", "Loket"))
    new = kiosk(
        Group("d1"), asked("d1.loket", "Loket"), Group("d2"), asked("d2.tarif", "Tarif dipasang", weight=3)
    )

    assert {"d1.tarif": "d2.tarif", "d2.x": "d1.loket"} == moves(old, new)


@pytest.mark.parametrize(
    "other",
    [
        asked("z", "Tarif"),
        asked("z", "Tarif dipasang", optional=True),
        Indicator("z", Scale(low=0, high=5), title="Tarif dipasang"),
        asked("z", {"id": "Tarif dipasang", "en": "Fees are posted"}),
    ],
    ids=["another title", "may not apply", "another scale", "another language, too"],
)
def test_a_question_that_is_not_the_same_in_all_has_not_moved(other):
    assert {} == moves(kiosk(asked("a"), asked("u", "Tarif dipasang")), kiosk(asked("a"), other))


def test_of_questions_that_are_asked_twice_nobody_knows_which_moved():
    old = kiosk(asked("a", "Tarif"), asked("b", "Tarif"))

    assert {} == moves(old, kiosk(asked("a", "Tarif"), asked("c", "Tarif")))
    assert {} == moves(old, kiosk(asked("c", "Tarif")))


def test_questions_without_a_title_are_not_known_again():
    assert {} == moves(kiosk(asked("a")), kiosk(asked("b")))


def test_a_group_has_moved_with_the_questions_that_moved_to_the_same_places_of_it():
    old = kiosk(Group("p"), asked("p.x", "X"), asked("p.y"), asked("q"))
    new = kiosk(Group("proses"), asked("proses.x", "X"), asked("proses.y"), asked("q"))

    assert {"p": "proses"} == moves(old, new)


def test_a_group_of_which_questions_went_to_several_groups_has_not_moved():
    old = kiosk(Group("p"), asked("p.x", "X"), asked("p.y", "Y"))
    new = kiosk(Group("q"), asked("q.x", "X"), Group("r"), asked("r.y", "Y"))

    assert {"p.x": "q.x", "p.y": "r.y"} == moves(old, new)


def test_a_group_with_the_same_title_and_the_same_questions_has_moved():
    old = kiosk(Group("p", title="Proses"), asked("p.i1"), asked("p.i2"))

    assert {"p": "proses"} == moves(
        old, kiosk(Group("proses", title="Proses"), asked("proses.i1"), asked("proses.i2"))
    )
    assert {} == moves(old, kiosk(Group("proses", title="Proses"), asked("proses.i1"), asked("proses.i3")))
    assert {} == moves(old, kiosk(Group("proses"), asked("proses.i1"), asked("proses.i2")))


def test_where_a_group_would_bring_a_question_to_a_code_that_another_has_only_questions_have_moved():
    old = kiosk(Group("p"), asked("p.x", "X"), asked("p.y"), asked("z", "Y"))
    new = kiosk(Group("q"), asked("q.x", "X"), asked("q.y", "Y"))

    assert {"p.x": "q.x", "z": "q.y"} == moves(old, new)


@pytest.mark.parametrize(
    ("before", "after"), [("2021", "2022"), ("2022", "2023"), ("2023", "2024"), ("2024", "2025")]
)
def test_no_question_of_the_ombudsman_certainly_has_another_code(before, after):
    assert {} == moves(*(pelayanan.load(f"ombudsman-{year}") for year in (before, after)))


# Properties


@given(instruments(of=("",)), instruments(of=("",)))
def test_a_code_that_went_gets_one_that_is_new_and_no_two_get_the_same(one, other):
    found = moves(one, other)

    assert found.keys() <= one.criteria.keys() - other.criteria.keys()
    assert set(found.values()) <= other.criteria.keys() - one.criteria.keys()
    assert len(found) == len(set(found.values()))


@given(st.data())
def test_what_an_overlay_renames_has_moved_and_comes_back(data):
    base = data.draw(instruments(of=("",)))
    code = data.draw(st.sampled_from(list(base.criteria)))
    rename = {"code": code, "to": f"{code}_baru"}
    made = extend(base, Overlay("drawn", changes={"rename": [rename]}))
    scored = any(each.code == code or each.code.startswith(f"{code}.") for each in base.indicators)

    assert scored
    assert {code: f"{code}_baru"} == moves(base, made)
    assert {f"{code}_baru": code} == moves(made, base)


@pytest.mark.parametrize("edition", [each.id for each in editions()])
def test_in_the_same_edition_nothing_has_moved(edition):
    instrument = pelayanan.load(edition)

    assert {} == moves(instrument, instrument)
