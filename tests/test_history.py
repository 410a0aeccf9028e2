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
from pelayanan.provenance import Source

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
    "a weight": lambda x: history.Link("a", "subset", "b", weights={"a": x}),
    "why": lambda x: history.Link("a", "subset", "b", why=x),
    "a source": lambda x: history.Link("a", "subset", "b", source=x),
    "standing": lambda x: history.Link("a", "subset", "b", standing=x),
    "title": lambda x: crosswalk(EDITION, EDITION, title=x).losses.text(),
    "sources": lambda x: crosswalk(EDITION, EDITION, sources=x),
    "Crosswalk before": lambda x: history.Crosswalk(x, EDITION),
    "Crosswalk after": lambda x: history.Crosswalk(EDITION, x),
    "Crosswalk links": lambda x: history.Crosswalk(EDITION, EDITION, x),
    "absent": lambda x: carry({"input.sarana_prasarana": 1}, WALK, absent=x),
    "Carried": lambda x: history.Carried(x, WALK.losses),
    "Carried losses": lambda x: history.Carried({"a": 1}, x),
    "Loss": lambda x: history.Losses("a", "b", 1, [history.Loss(x, "kept")]).text(),
    "outcome": lambda x: history.Loss("a", x),
    "of": lambda x: history.Losses("a", "b", 1, [history.Loss("a", "kept", x)]).text(),
    "relation of a loss": lambda x: history.Loss("a", "kept", relation=x),
    "weights of a loss": lambda x: history.Losses("a", "b", 1, [history.Loss("a", "kept", weights=x)]).text(),
    "reasons": lambda x: history.Losses("a", "b", 1, [history.Loss("a", "kept", reasons=x)]).text(),
    "units of a loss": lambda x: history.Losses("a", "b", 1, [history.Loss("a", "kept", units=x)]).text(),
    "title of a loss": lambda x: history.Losses("a", "b", 1, [history.Loss("a", "kept", title=x)]).text(),
    "why of a loss": lambda x: history.Losses("a", "b", 1, [history.Loss("a", "kept", why=x)]).text(),
    "Losses": lambda x: history.Losses(x, x, 1, ()).text(),
    "units": lambda x: history.Losses("a", "b", x, ()).text(),
    "lines": lambda x: history.Losses("a", "b", 1, x).text(),
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
AWKWARD = (
    *(None, 5, 2.5, "x", b"x", [1], [None], [{}], {"a": 1}, {1: "a"}, {1}, (1, 2)),
    *(np.ones((2, 2)), object(), EDITION, WALK),
)


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
        ("from", 3, "a question is given by its code, not 3"),
        ("from", [3], "a question is given by its code, not 3"),
        ("relation", 3, "relation= takes a text, not 3"),
        ("weights", [1], "weights= takes weights by code, not a list"),
        ("weights", {3: 1}, "weights= takes weights by code, not 3"),
        ("why", 3, "a title, label or reason is a text by language, not 3"),
        ("why", {"id": 3}, "a title, label or reason is a text by language, not 3"),
        ("title", 3, "a title, label or reason is a text by language, not 3"),
        ("title", {"id": 3}, "a title, label or reason is a text by language, not 3"),
        ("title", {3: "x"}, "a title, label or reason is a text by language, not 3"),
        ("sources", [1], "sources= takes Sources by code, not a list"),
        ("sources", {"x": 3}, "sources= takes Sources by code, not 3"),
        ("sources", {3: Source("x")}, "sources= takes Sources by code, not 3"),
        ("Crosswalk before", None, "before= takes an Instrument, not None; load gives that of an id"),
        ("Crosswalk after", "x", "after= takes an Instrument, not 'x'; load gives that of an id"),
        ("Crosswalk links", None, "links= takes Links, not None"),
        ("Crosswalk links", "xy", "links= takes Links, not 'xy'"),
        ("Crosswalk links", [1], "links= takes Links, not 1"),
        ("Carried", 3, "answers= takes Answers, or a mapping of criterion to answer, not 3"),
        ("Carried", {3: 1}, "answers= takes Answers, or a mapping of criterion to answer, not 3"),
        ("Carried losses", 3, "losses= takes Losses, not 3"),
        ("Loss", 3, "code= takes a text, not 3"),
        ("outcome", 3, "outcome= takes a text, not 3"),
        ("of", [3], "a question is given by its code, not 3"),
        ("relation of a loss", 3, "relation= takes a text, not 3"),
        ("weights of a loss", 3, "weights= takes weights by code, not 3"),
        ("reasons", 3, "a reason is one of REASONS, not 3"),
        ("units of a loss", "North", "units= takes labels of units, not 'North'"),
        ("title of a loss", 3, "a title, label or reason is a text by language, not 3"),
        ("why of a loss", 3, "a title, label or reason is a text by language, not 3"),
        ("Losses", 3, "before= takes a text, not 3"),
        ("units", None, "units= takes a whole number, not None"),
        ("units", True, "units= takes a whole number, not True"),
        ("lines", 3, "lines= takes a Loss for each question, not 3"),
        ("lines", [3], "lines= takes a Loss for each question, not 3"),
        ("answers", [1], "answers= takes a mapping of criterion to answer for a unit, not a list"),
        ("along", "x", "crosswalk= takes a Crosswalk, not 'x'; make it with crosswalk"),
        ("load", 5, "before= takes the id of an edition, not 5"),
        ("parse", None, "text= takes TOML text, not None"),
        ("among", 5, "among= takes instruments, not 5"),
        ("among", EDITION, "among= takes instruments, not an Instrument"),
        ("language of losses", None, "language= takes the code of a language, such as 'id', not None"),
    ],
)
def test_another_kind_than_is_taken_is_refused(what, thing, said):
    assert said == error_text(KindError, CALLS[what], thing)


def test_a_part_that_there_is_not_is_unknown():
    change = history.why_changed(*TOTALS)

    assert "the change has no part 'answers'" == error_text(UnknownError, lambda: change["answers"])
