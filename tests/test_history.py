import importlib

import pytest

from pelayanan import history
from pelayanan.carrying import carry
from pelayanan.crosswalk import crosswalk
from pelayanan.crosswalkfiles import load_crosswalk, read_crosswalk

MODULES = (
    "amending",
    "amendments",
    "carrying",
    "changes",
    "crosswalk",
    "crosswalkfiles",
    "decomposing",
    "decomposition",
    "differing",
    "losses",
    "moves",
)


@pytest.mark.parametrize("name", history.__all__)
def test_a_name_of_the_face_is_that_of_its_module(name):
    homes = [importlib.import_module(f"pelayanan.{module}") for module in MODULES]

    assert any(getattr(history, name) is getattr(home, name, None) for home in homes)


def test_the_functions_are_those_of_the_modules():
    assert (carry, crosswalk, load_crosswalk, read_crosswalk) == (
        history.carry,
        history.crosswalk,
        history.load_crosswalk,
        history.read_crosswalk,
    )
