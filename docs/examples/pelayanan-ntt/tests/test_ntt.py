from importlib.resources import files

import pytest

import pelayanan
from pelayanan.overlay import core
from pelayanan.testing import CHECKS, check_index


@pytest.mark.parametrize("edition", ["ombudsman-2024-ntt"])
@pytest.mark.parametrize("check", CHECKS)
def test_an_edition_is_sound(check, edition):
    check(pelayanan.load(edition))


def test_the_national_score_stays_computable():
    assert core(pelayanan.load("ombudsman-2024-ntt")).lost == ()


def test_the_index_is_what_the_files_say():
    check_index(files("pelayanan_ntt"))
