import subprocess
import sys

import pytest

import pelayanan
from pelayanan import Band, Option, Rounding, Scale
from pelayanan.errors import JsonError, PelayananError
from pelayanan.value import Value

KINDS = sorted(
    (each for each in map(pelayanan.__dict__.get, pelayanan.__all__) if isinstance(each, type)),
    key=lambda kind: kind.__name__,
)


def test_a_value_comes_back_from_its_json():
    rounding = Rounding(2, "half_even")

    assert '{"format": 1, "kind": "Rounding", "decimals": 2, "mode": "half_even"}' == rounding.to_json()
    assert rounding == Rounding.from_json(rounding.to_json())


@pytest.mark.parametrize("kind", [kind for kind in KINDS if not issubclass(kind, PelayananError)])
def test_every_class_of_the_face_is_such_a_value(kind):
    assert issubclass(kind, Value)


@pytest.mark.parametrize("value", [Rounding(2), Option("ya", 1), Scale(low=0, high=1), Band("A")])
def test_the_json_of_one_kind_is_no_other_kind(value):
    other = Option if not isinstance(value, Option) else Band
    with pytest.raises(JsonError) as caught:
        other.from_json(value.to_json())

    found = f"expected the JSON of a {other.__name__}, found that of a {type(value).__name__!r}"
    assert f"{other.__name__}: {found} @ kind" == str(caught.value)


def test_a_value_adds_nothing_to_what_it_is_derived_into():
    assert () == Value.__slots__
    assert {"from_json", "to_json"} == {name for name in vars(Value) if not name.startswith("_")}


def test_what_makes_json_is_imported_when_it_is_asked_for():
    code = (
        "import sys, pelayanan; before = 'pelayanan.jsonform' in sys.modules; pelayanan.Rounding(2).to_json();"
        "print(before, 'pelayanan.jsonform' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)

    assert "False True" == done.stdout.strip()
