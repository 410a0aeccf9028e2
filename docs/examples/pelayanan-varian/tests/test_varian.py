from decimal import Decimal
from importlib.resources import files

import pytest

import pelayanan
from pelayanan.overlay import core
from pelayanan.testing import CHECKS, check_index

# Each with the number of national questions that it loses.
EDITIONS = {
    "ipp-2022-jatim": 0,
    "ipp-2022-muaro-jambi": 44,
    "sakip-2021-trenggalek": 1,
    "skm-2017-banda-aceh": 0,
}


@pytest.mark.parametrize("edition", EDITIONS)
@pytest.mark.parametrize("check", CHECKS)
def test_an_edition_is_sound(check, edition):
    check(pelayanan.load(edition))


def test_the_index_is_what_the_files_say():
    check_index(files("pelayanan_varian"))


@pytest.mark.parametrize(("edition", "lost"), EDITIONS.items())
def test_so_many_questions_of_the_nation_are_lost(edition, lost):
    assert lost == len(core(pelayanan.load(edition)).lost)


@pytest.mark.parametrize(("achieved", "total"), [("A", "88.10"), ("D", "83.60"), ("AA", "88.85")])
def test_trenggalek_adds_what_was_achieved(achieved, total):
    case = next(each for each in pelayanan.load("sakip-2021").cases if each.total == Decimal("88.10"))
    answers = {**case.answers, "evaluasi.capaian": achieved}

    assert Decimal(total) == pelayanan.score_one(pelayanan.load("sakip-2021-trenggalek"), answers).total


def test_banda_aceh_has_eleven_items_and_the_national_index():
    city = pelayanan.load("skm-2017-banda-aceh")
    answers = {f"u{item}": 3 for item in range(1, 10)} | {"u10": 4, "u11": 4}
    national = core(city)

    assert Decimal("79.55") == pelayanan.score_one(city, answers).total
    assert Decimal("75.00") == pelayanan.score_one(national.instrument, national.answers(answers)).total


def test_east_java_takes_plain_means_and_has_the_national_index():
    province = pelayanan.load("ipp-2022-jatim")
    national = core(province)
    answers = {each.code: 3 for each in national.instrument.indicators}
    answers |= {"f02.kebijakan.i1": 5, "f03.u14": 5}

    assert Decimal("3.14") == pelayanan.score_one(province, answers).total
    assert Decimal("3.10") == pelayanan.score_one(national.instrument, national.answers(answers)).total


def test_muaro_jambi_takes_the_mean_of_three_assessors():
    regency = pelayanan.load("ipp-2022-muaro-jambi")
    answers = {each.code: 5 if each.code.endswith("mandiri") else 4 for each in regency.indicators}
    card = pelayanan.score_one(regency, answers)

    assert (Decimal("4.33"), "A-") == (card.total, card.zone.code)
