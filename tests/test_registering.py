import os
import subprocess
import sys
import tomllib
from importlib import import_module
from pathlib import Path

import pytest
from hypothesis import find, settings
from hypothesis import strategies as st

import pelayanan
from pelayanan import Answers, Band, Group, Indicator, Instrument, Rounding, Scale, Scorecard, Scores, Zones
from pelayanan.exact import Exact
from pelayanan.registering import register

PROJECT = tomllib.loads((Path(__file__).parents[1] / "pyproject.toml").read_text(encoding="utf-8"))["project"]
DECLARED = PROJECT["entry-points"]["hypothesis"]
KINDS = [Answers, Band, Exact, Group, Indicator, Instrument, Rounding, Scale, Scorecard, Scores, Zones]


def test_the_entry_point_names_what_registers():
    module, _, name = DECLARED["pelayanan"].partition(":")

    assert register is getattr(import_module(module), name)


@pytest.mark.parametrize("kind", KINDS)
def test_a_type_of_the_library_is_drawn_by_its_type(kind):
    register()
    found = find(st.from_type(kind), lambda value: True, settings=settings(max_examples=5, database=None))

    assert isinstance(found, kind)


def test_a_drawn_instrument_can_be_scored_as_a_scorecard_of_its_own():
    register()
    card = find(st.from_type(Scorecard), lambda value: True, settings=settings(max_examples=5, database=None))

    assert "drawn" == card.instrument


@pytest.mark.parametrize("first", ["hypothesis", "pelayanan.strategies"])
def test_hypothesis_finds_the_types_whichever_is_imported_first(tmp_path, first):
    about = tmp_path / "declared-1.0.dist-info"
    about.mkdir()
    (about / "METADATA").write_text("Metadata-Version: 2.1\nName: declared\nVersion: 1.0\n")
    rows = "".join(f"{name} = {value}\n" for name, value in DECLARED.items())
    (about / "entry_points.txt").write_text(f"[hypothesis]\n{rows}")
    script = (
        f"import {first}, hypothesis, sys\n"
        "from hypothesis import strategies as st\n"
        "from pelayanan import Instrument\n"
        "print('pelayanan.registering' in sys.modules)\n"
        "print(hypothesis.find(st.from_type(Instrument), lambda each: len(each.indicators) == 1, "
        "settings=hypothesis.settings(database=None)))\n"
    )
    root = Path(pelayanan.__file__).parents[1]
    path = os.pathsep.join([str(tmp_path), str(root)])
    done = subprocess.run(
        [sys.executable, "-c", script],
        env=os.environ | {"PYTHONPATH": path},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )

    assert ("", "True\nInstrument('drawn', 1 indicators)\n") == (done.stderr, done.stdout)
