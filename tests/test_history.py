import importlib

import numpy as np
import pytest
from refusing import error_text, escaping

import pelayanan
from pelayanan import Scores, history
from pelayanan.carrying import carry
from pelayanan.crosswalk import crosswalk
from pelayanan.crosswalkfiles import load_crosswalk, read_crosswalk
from pelayanan.errors import KindError, UnknownError

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


EDITION = pelayanan.load("ombudsman-2024")
WALK = crosswalk(EDITION, EDITION)
TOTALS = [Scores.of_totals(EDITION, [total], ["Kota"]) for total in ("80", "81")]
CALLS = {
    "diff before": lambda x: history.diff(x, EDITION),
    "diff after": lambda x: history.diff(EDITION, x),
    "changes": lambda x: history.changes(EDITION, x),
    "moves": lambda x: history.moves(x, EDITION),
    "a total": lambda x: history.placed(x, EDITION, EDITION),
    "placed of": lambda x: history.placed(80, x, EDITION),
    "placed under": lambda x: history.placed(80, EDITION, x),
    "why_changed": lambda x: history.why_changed(x, x),
    "a unit": lambda x: history.why_changed(*TOTALS, x),
    "a part": lambda x: history.why_changed(*TOTALS)[x],
    "crosswalk": lambda x: crosswalk(x, EDITION),
    "links": lambda x: crosswalk(EDITION, EDITION, x),
    "a link": lambda x: crosswalk(EDITION, EDITION, [x]),
    "from": lambda x: history.Link(x, "equal", "a"),
    "relation": lambda x: history.Link("a", x, "b"),
    "weights": lambda x: history.Link("a", "subset", "b", weights=x),
    "answers": lambda x: carry(x, WALK),
    "along": lambda x: carry({"input.sarana_prasarana": 1}, x),
    "load": lambda x: load_crosswalk(x, x),
    "read": lambda x: read_crosswalk(x),
    "parse": lambda x: history.parse_crosswalk(x),
    "among": lambda x: history.parse_crosswalk("format = 1", x),
    "language of changes": lambda x: history.changes(EDITION, EDITION).text(x),
    "language of a placement": lambda x: history.placed(80, EDITION, EDITION).text(x),
    "language of a change": lambda x: history.why_changed(*TOTALS).text(x),
    "language of losses": lambda x: WALK.losses.text(x),
}
AWKWARD = (None, 5, 2.5, "x", b"x", [1], {"a": 1}, {1}, (1, 2), np.ones((2, 2)), object())


@pytest.mark.parametrize("what", CALLS)
def test_whatever_is_given_nothing_but_errors_of_the_library_comes_out(what):
    assert [] == [each for each in (escaping(CALLS[what], thing) for thing in AWKWARD) if each is not None]


@pytest.mark.parametrize(
    ("what", "thing", "said"),
    [
        ("diff before", "x", "before= takes an Instrument, not 'x'; load gives that of an id"),
        ("diff after", None, "after= takes an Instrument, not None; load gives that of an id"),
        ("changes", 5, "after= takes an Instrument, not 5; load gives that of an id"),
        ("moves", "x", "before= takes an Instrument, not 'x'; load gives that of an id"),
        ("placed under", "x", "under= takes an Instrument, not 'x'; load gives that of an id"),
        ("crosswalk", "x", "before= takes an Instrument, not 'x'; load gives that of an id"),
        ("links", "x", "links= takes Links, not 'x'"),
        ("a link", 5, "links= takes Links, not 5"),
        ("weights", [1], "weights= takes weights by code, not a list"),
        ("answers", [1], "answers= takes a mapping of criterion to answer for a unit, not a list"),
        ("along", "x", "crosswalk= takes a Crosswalk, not 'x'; make it with crosswalk"),
        ("load", 5, "before= takes the id of an edition, not 5"),
        ("parse", None, "text= takes TOML text, not None"),
        ("among", 5, "among= takes instruments, not 5"),
        ("language of losses", None, "language= takes the code of a language, such as 'id', not None"),
    ],
)
def test_another_kind_than_is_taken_is_refused(what, thing, said):
    assert said == error_text(KindError, CALLS[what], thing)


def test_a_part_that_there_is_not_is_unknown():
    change = history.why_changed(*TOTALS)

    assert "the change has no part 'answers'" == error_text(UnknownError, lambda: change["answers"])
