"""
What the face refuses that is of another kind than it takes: whole texts, and nothing leaks out.
"""

import pickle
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from refusing import escaping

import pelayanan
from pelayanan import (
    Answers,
    Band,
    Condition,
    Distribution,
    Group,
    Indicator,
    Instrument,
    Option,
    Rounding,
    Scale,
    Scores,
    Weights,
    Zones,
)
from pelayanan.aggregation import Rule
from pelayanan.audit import margins, reconcile, verify
from pelayanan.cases import Case
from pelayanan.errors import (
    AnswerError,
    FileError,
    KindError,
    PelayananError,
    PlanError,
    ScoresError,
    UnknownError,
)
from pelayanan.exact import decimal, float_above, float_at_least, nearest_whole
from pelayanan.explain import explain, lacking
from pelayanan.forms import form, write_columns
from pelayanan.improve import plan
from pelayanan.instrument import InForce
from pelayanan.marks import Mark
from pelayanan.overlay import core, extended, origin, parse_overlay, rebase
from pelayanan.packages import indexed, write_index
from pelayanan.provenance import Source, Standing
from pelayanan.scoring import difference
from pelayanan.stages import RoundingStage
from pelayanan.testing import CHECKS, check_index
from pelayanan.zones import Requirement

WHOLE = pelayanan.load("ombudsman-2022")
DIMENSIONS = WHOLE.pruned(depth=1)
SKM = pelayanan.load("skm-2017")
OFFICE = {"input": 80, "proses": 90, "output": 85.5, "pengaduan": 70}
TABLE = Answers.from_rows([OFFICE, OFFICE], units=["A", "B"])
SCORES = pelayanan.score(DIMENSIONS, TABLE)
CITY = pelayanan.roll_up(SCORES, ["Kupang", "Kupang"])
PEOPLE = Answers.from_columns({"u1": [3, 4], "kantor": ["A", "B"]}, ignore=["kantor"])
OVERLAY = pelayanan.overlay.Overlay("ombudsman-2022", "kota", {"issuer": "Kota"})
CARD = SCORES.card("A")
SCALE = Scale(low=0, high=4)

NO_INSTRUMENT = "instrument= takes an Instrument, not 'skm-2017'; load gives that of an id"
NO_SCORES = "scores= takes Scores, not an Answers; make them with score"
NO_TABLE = "answers= takes Answers, not a dict; make them with Answers.from_columns"
NO_ROW = "answers= takes a mapping of criterion to answer for a unit, not a list"
NO_LANGUAGE = "language= takes the code of a language, such as 'id', not None"
NO_TITLE = "a title, label or reason is a text by language, not None"
NO_TAG = "a tag, attribute or token is a text by name, not 'a'"
NO_SOURCE = "a source or alias is a code, not None"
NO_STANDING = "standing= takes standings by figure, not 'assumed'"


def instrument(**fields):
    made = {
        "id": "kiosk",
        "criteria": [Indicator("a", SCALE)],
        "maximum": 100,
        "missing": "refuse",
        "rounding": Rounding(2),
    }
    return Instrument(**(made | fields))


REFUSED = {
    "score of an id": (lambda: pelayanan.score("skm-2017", TABLE), NO_INSTRUMENT),
    "score of a dict": (lambda: pelayanan.score(DIMENSIONS, {"input": [80]}), NO_TABLE),
    "score_one of an id": (lambda: pelayanan.score_one("skm-2017", OFFICE), NO_INSTRUMENT),
    "score_one of a list": (lambda: pelayanan.score_one(DIMENSIONS, [80, 90]), NO_ROW),
    "bounds of an id": (lambda: pelayanan.bounds("skm-2017", OFFICE), NO_INSTRUMENT),
    "bounds of a list": (lambda: pelayanan.bounds(DIMENSIONS, []), NO_ROW),
    "tally of an id": (lambda: pelayanan.tally("skm-2017", PEOPLE, "kantor"), NO_INSTRUMENT),
    "tally of a dict": (lambda: pelayanan.tally(SKM, {"u1": [3]}, ["A"]), NO_TABLE),
    "tally by a set": (
        lambda: pelayanan.tally(SKM, PEOPLE, {"A", "B"}),
        "by= takes the unit of each respondent, in their order or by respondent, not a set",
    ),
    "of_totals of an id": (lambda: Scores.of_totals("skm-2017", [80]), NO_INSTRUMENT),
    "of_totals of a text": (
        lambda: Scores.of_totals(DIMENSIONS, "80"),
        "totals= takes totals, one a unit, not '80'",
    ),
    "of_totals with a text of units": (
        lambda: Scores.of_totals(DIMENSIONS, [80, 90], "AB"),
        "units= takes labels, one a unit, not 'AB'",
    ),
    "joined answers": (lambda: Scores.joined(SCORES, TABLE), NO_SCORES),
    "difference of an id": (
        lambda: difference("skm-2017", WHOLE),
        "one= takes an Instrument, not 'skm-2017'; load gives that of an id",
    ),
    "difference from an id": (
        lambda: difference(WHOLE, "skm-2017"),
        "other= takes an Instrument, not 'skm-2017'; load gives that of an id",
    ),
    "roll_up of answers": (lambda: pelayanan.roll_up(TABLE, ["K", "K"]), NO_SCORES),
    "roll_up by an array of two": (
        lambda: pelayanan.roll_up(SCORES, np.ones((2, 2))),
        "by= takes the institution of each unit, in their order or by unit, not an array",
    ),
    "compare of answers": (lambda: pelayanan.compare(TABLE), NO_SCORES),
    "compare with a set of groups": (
        lambda: pelayanan.compare(SCORES, groups={"NTT", "NTB"}),
        "groups= takes the group of each unit, in their order or by unit, not a set",
    ),
    "compare among one number": (
        lambda: pelayanan.compare(SCORES, among=5),
        "among= takes labels of units, or a flag a unit, not 5",
    ),
    "compare with a word for own": (
        lambda: pelayanan.compare(SCORES, own="no"),
        "own= takes True or False, not 'no'",
    ),
    "trend of a list": (
        lambda: pelayanan.trend([SCORES]),
        "scores_by_year= takes a mapping of year to scores, not a list",
    ),
    "trend of answers": (
        lambda: pelayanan.trend({2024: TABLE}),
        "scores_by_year= takes Scores, not an Answers; make them with score",
    ),
    "trend with one id for the same": (
        lambda: pelayanan.trend({2024: SCORES}, same=["ombudsman-2022"]),
        "same= takes sets of ids of instruments, not 'ombudsman-2022'",
    ),
    "trend with a number for the same": (
        lambda: pelayanan.trend({2024: SCORES}, same=[5]),
        "same= takes sets of ids of instruments, not 5",
    ),
    "explain of answers": (lambda: explain(TABLE, "A"), NO_SCORES),
    "explain with answers as peers": (
        lambda: explain(SCORES, "A", peers=TABLE),
        "peers= takes Scores, not an Answers; make them with score",
    ),
    "lacking of answers": (lambda: lacking(TABLE, "Kupang"), NO_SCORES),
    "lacking with half a unit": (
        lambda: lacking(CITY, "Kupang", units=2.5),
        "units= takes a whole number, not 2.5",
    ),
    "lacking with a flag for a depth": (
        lambda: lacking(CITY, "Kupang", depth=True),
        "depth= takes a whole number, not True",
    ),
    "plan of an id": (lambda: plan("skm-2017", OFFICE), NO_INSTRUMENT),
    "plan of nothing": (
        lambda: plan(DIMENSIONS, None),
        "answers= takes a mapping of criterion to answer for a unit, not None",
    ),
    "plan with a number for a cost": (
        lambda: plan(DIMENSIONS, OFFICE, cost=5),
        "cost= takes costs by code, or a function of code and answers, not 5",
    ),
    "plan with a number that is fixed": (
        lambda: plan(DIMENSIONS, OFFICE, fixed=5),
        "fixed= takes codes of criteria, not 5",
    ),
    "plan in no language": (lambda: plan(DIMENSIONS, OFFICE, "B").text(None), NO_LANGUAGE),
    "reconcile with an id": (lambda: reconcile([1], 1, instrument="skm-2017"), NO_INSTRUMENT),
    "reconcile of a set": (
        lambda: reconcile({1, 2}, "1.5"),
        "parts= takes numbers by name or in order, not a set",
    ),
    "reconcile with one weight": (
        lambda: reconcile([1, 2], "1.5", weights=1),
        "weights= takes a weight a part, not 1",
    ),
    "reconcile with a number for a zone": (
        lambda: reconcile(OFFICE, "82.42", instrument=DIMENSIONS, zone=2),
        "zone= takes a text, not 2",
    ),
    "reconcile with a word for rounded": (
        lambda: reconcile([1, 2], "1.5", rounded="no"),
        "rounded= takes True or False, not 'no'",
    ),
    "reconcile with ids of others": (
        lambda: reconcile([1, 2], "1.5", others=["ombudsman-2023"]),
        "others= takes instruments, not 'ombudsman-2023'",
    ),
    "reconcile in no language": (lambda: reconcile([1, 2], "1.5").text(None), NO_LANGUAGE),
    "verify with an id": (lambda: verify(CARD.to_json(), "skm-2017", OFFICE), NO_INSTRUMENT),
    "verify of a card": (
        lambda: verify(CARD, DIMENSIONS, OFFICE),
        "text= takes JSON text, not a Scorecard",
    ),
    "verify with a list": (
        lambda: verify(SCORES.to_json(), DIMENSIONS, [80]),
        "answers= takes a mapping of criterion to answer for a unit, not a list",
    ),
    "margins of an id": (lambda: margins("skm-2017", OFFICE), NO_INSTRUMENT),
    "margins of a list": (lambda: margins(DIMENSIONS, [80]), NO_ROW),
    "extend an id": (
        lambda: pelayanan.extend("skm-2017", OVERLAY),
        "base= takes an Instrument, not 'skm-2017'; load gives that of an id",
    ),
    "extend with a path": (
        lambda: pelayanan.extend(WHOLE, "kota.toml"),
        "overlays= takes Overlays, not 'kota.toml'; read one with read_overlay",
    ),
    "extended of a path": (
        lambda: extended("kota.toml"),
        "overlay= takes an Overlay, not 'kota.toml'; read one with read_overlay",
    ),
    "extended among one instrument": (
        lambda: extended(OVERLAY, WHOLE),
        "among= takes overlays and instruments, not an Instrument",
    ),
    "extended among ids": (
        lambda: extended(OVERLAY, ["ombudsman-2022"]),
        "among= takes overlays and instruments, not 'ombudsman-2022'",
    ),
    "origin in an id": (lambda: origin("skm-2017", "u1", "weight"), NO_INSTRUMENT),
    "origin of a number": (
        lambda: origin(SKM, 1, "weight"),
        "code= takes the code of a criterion or the place of a table, not 1",
    ),
    "core of an id": (lambda: core("skm-2017"), NO_INSTRUMENT),
    "core of a base that is an id": (
        lambda: core(WHOLE, "ombudsman-2022"),
        "base= takes an Instrument, not 'ombudsman-2022'; load gives that of an id",
    ),
    "rebase of a path": (
        lambda: rebase("kota.toml", onto=WHOLE),
        "overlay= takes an Overlay, not 'kota.toml'; read one with read_overlay",
    ),
    "rebase onto an id": (
        lambda: rebase(OVERLAY, onto="ombudsman-2023"),
        "onto= takes an Instrument, not 'ombudsman-2023'; load gives that of an id",
    ),
    "rebase from an id": (
        lambda: rebase(OVERLAY, onto=WHOLE, base="ombudsman-2022"),
        "base= takes an Instrument, not 'ombudsman-2022'; load gives that of an id",
    ),
    "load a number": (
        lambda: pelayanan.load(2024),
        "name= takes the id of an edition, or a family, not 2024",
    ),
    "load for a number": (
        lambda: pelayanan.load("ombudsman", on=date(2024, 1, 1), applies_to=1),
        "applies_to= takes a text, not 1",
    ),
    "on_file of a number": (
        lambda: pelayanan.catalog.on_file(2024),
        "id= takes the id of an edition, not 2024",
    ),
    "read nothing": (lambda: pelayanan.read(None), "path= takes a path, not None"),
    "read_overlay of nothing": (lambda: pelayanan.read_overlay(None), "path= takes a path, not None"),
    "read_answers of nothing": (lambda: pelayanan.read_answers(None), "path= takes a path, not None"),
    "read_answers of units by a number": (
        lambda: pelayanan.read_answers("a.csv", 1),
        "unit= takes a text, not 1",
    ),
    "read_answers with a number between": (
        lambda: pelayanan.read_answers("a.csv", separator=1),
        "separator= takes a text, not 1",
    ),
    "read_answers that ignores a text": (
        lambda: pelayanan.read_answers("a.csv", ignore="kota"),
        "ignore= takes names of columns, not 'kota'",
    ),
    "write an id": (lambda: pelayanan.write("skm-2017", "a.json"), NO_INSTRUMENT),
    "write to nothing": (lambda: pelayanan.write(WHOLE, None), "path= takes a path, not None"),
    "write_columns to nothing": (
        lambda: write_columns({"a": [1]}, None),
        "path= takes a path, not None",
    ),
    "write_columns of a list": (
        lambda: write_columns([1], "a.csv"),
        "columns= takes columns by name: a dict or a data frame, not a list",
    ),
    "write_index of nothing": (lambda: write_index(None), "path= takes a path, not None"),
    "indexed of nothing": (lambda: list(indexed(None)), "path= takes a path, not None"),
    "check_index of nothing": (lambda: check_index(None), "path= takes a path, not None"),
    "parse bytes": (lambda: pelayanan.parse(b"format = 1"), "text= takes TOML text, not a bytes"),
    "parse_overlay of a path": (
        lambda: parse_overlay(5),
        "text= takes TOML text, not 5",
    ),
    "an instrument from a dict": (
        lambda: Instrument.from_json({"format": 1}),
        "text= takes JSON text, not a dict",
    ),
    "a band from a dict": (lambda: Band.from_json({"format": 1}), "text= takes JSON text, not a dict"),
    "form of an id": (lambda: form("skm-2017"), NO_INSTRUMENT),
    "form of units in a text": (
        lambda: form(SKM, "AB"),
        "units= takes labels, one a unit, not 'AB'",
    ),
    "form with a number for a name": (
        lambda: form(SKM, unit=5),
        "unit= takes the name of a column, not 5",
    ),
    "neighbours of a list": (
        lambda: pelayanan.neighbours([1, 2], 1),
        "context= takes columns by name: a dict or a data frame, not a list",
    ),
    "neighbours of a set": (
        lambda: pelayanan.neighbours({"area": {1, 2}}, 1),
        "area= takes numbers, one a unit, not a set",
    ),
    "neighbours with one weight": (
        lambda: pelayanan.neighbours({"area": [1, 2]}, 1, 2),
        "weights= takes weights by variable, not 2",
    ),
    "neighbours with answers for an outcome": (
        lambda: pelayanan.neighbours({"area": [1, 2]}, 1, outcome=TABLE),
        "outcome= takes Scores, not an Answers; make them with score",
    ),
    "distribution of a text": (
        lambda: Distribution.of("80"),
        "totals= takes totals, one a unit, not '80'",
    ),
    "distribution of a set": (
        lambda: Distribution.of({80, 81}),
        "totals= takes totals, one a unit, not a set",
    ),
    "distribution of half steps": (
        lambda: Distribution(2, 0, 100, [1.5], [1]),
        "a step or count is a whole number, not a list",
    ),
    "zones of a distribution": (
        lambda: Distribution.of([80]).zone_counts(WHOLE),
        "zones= takes Zones, not an Instrument",
    ),
    "zones of a distribution in no language": (
        lambda: Distribution.of([80]).zone_columns(WHOLE.zones, None),
        NO_LANGUAGE,
    ),
    "card in no language": (lambda: CARD.text(None), NO_LANGUAGE),
    "explanation in no language": (lambda: explain(SCORES, "A").html(None), NO_LANGUAGE),
    "a line of a number for a tag": (lambda: CARD.tagged(1, "a"), "tag= takes a text, not 1"),
    "pruned at a text": (
        lambda: WHOLE.pruned(at="input"),
        "at= takes codes of criteria, not 'input'",
    ),
    "pruned to a flag": (lambda: WHOLE.pruned(True), "depth= takes a whole number, not True"),
    "flattened by a number": (
        lambda: WHOLE.flattened(rule=5),
        "rule= takes a rule or its name, not 5",
    ),
    "columns of a list": (
        lambda: Answers.from_columns([[1, 2]]),
        "columns= takes columns by name: a dict or a data frame, not a list",
    ),
    "columns of a set of units": (
        lambda: Answers.from_columns({"a": [1, 2]}, {"A", "B"}),
        "units= takes labels, one a unit, not a set",
    ),
    "columns of units by a mapping": (
        lambda: Answers.from_columns({"a": [1, 2]}, {"A": 0, "B": 1}),
        "units= takes labels, one a unit, not a dict",
    ),
    "columns that ignore a text": (
        lambda: Answers.from_columns({"a": [1]}, ignore="kota"),
        "ignore= takes names of columns, not 'kota'",
    ),
    "a text for missing": (
        lambda: Answers.from_columns({"a": [1]}, missing="-"),
        "missing= takes a whole number, not '-'",
    ),
    "a flag for not applicable": (
        lambda: Answers.from_columns({"a": [1]}, not_applicable=False),
        "not_applicable= takes a whole number, not False",
    ),
    "rows of one row": (
        lambda: Answers.from_rows({"a": 1}),
        "rows= takes mappings, one a unit, not a dict",
    ),
    "rows of lists": (
        lambda: Answers.from_rows([[1, 2]]),
        "rows= takes a mapping of criterion to answer for a unit, not a list",
    ),
    "an indicator with a number for a code": (
        lambda: Indicator(1, SCALE),
        "code= takes a text, not 1",
    ),
    "an indicator with a name for a scale": (
        lambda: Indicator("a", "papan"),
        "scale= takes a Scale, not 'papan'",
    ),
    "an indicator without a title": (lambda: Indicator("a", SCALE, title=None), NO_TITLE),
    "an indicator with a number in a title": (
        lambda: Indicator("a", SCALE, title={"id": 5}),
        "a title, label or reason is a text by language, not 5",
    ),
    "an indicator with a number for a language": (
        lambda: Indicator("a", SCALE, title={1: "Tarif"}),
        "a title, label or reason is a text by language, not 1",
    ),
    "an indicator with a word for optional": (
        lambda: Indicator("a", SCALE, optional="no"),
        "optional= takes True or False, not 'no'",
    ),
    "an indicator with a flag of respondents": (
        lambda: Indicator("a", SCALE, least_respondents=True),
        "least_respondents= takes a whole number, not True",
    ),
    "an indicator with a text of respondents": (
        lambda: Indicator("a", SCALE, least_respondents="30"),
        "least_respondents= takes a whole number, not '30'",
    ),
    "an indicator without a source": (lambda: Indicator("a", SCALE, source=None), NO_SOURCE),
    "an indicator with a number for an alias": (
        lambda: Indicator("a", SCALE, aliases=["b", 1]),
        "a source or alias is a code, not 1",
    ),
    "an indicator with a label for all options": (
        lambda: Indicator("a", SCALE, labels="ada"),
        "labels= takes labels by option, not 'ada'",
    ),
    "an indicator with a number for an option": (
        lambda: Indicator("a", SCALE, labels={1: "ada"}),
        "labels= takes labels by option, not 1",
    ),
    "an indicator with a text for tags": (lambda: Indicator("a", SCALE, tags="a"), NO_TAG),
    "an indicator with a text for standings": (
        lambda: Indicator("a", SCALE, standing="assumed"),
        NO_STANDING,
    ),
    "an indicator with a text for a standing": (
        lambda: Indicator("a", SCALE, standing={"weight": "assumed"}),
        NO_STANDING,
    ),
    "an indicator with a number for a figure": (
        lambda: Indicator("a", SCALE, standing={1: Standing("assumed")}),
        "standing= takes standings by figure, not 1",
    ),
    "a group with a number for a rule": (
        lambda: Group("a", rule=5),
        "rule= takes a rule or its name, not 5",
    ),
    "a group with a list of weights": (
        lambda: Group("a", weights=[1, 2]),
        "weights= takes Weights, not a list",
    ),
    "a group with a word for rescale": (
        lambda: Group("a", rescale="yes"),
        "rescale= takes True or False, not 'yes'",
    ),
    "a rule with its version for a function": (
        lambda: Rule("own", "1", max),
        "exact= takes a function, not '1'",
    ),
    "a rule with a number for a kernel": (
        lambda: Rule("own", max, "1", kernel=5),
        "kernel= takes a function, not 5",
    ),
    "a rule with a number for linear": (
        lambda: Rule("own", max, "1", linear=5),
        "linear= takes a function, not 5",
    ),
    "a rule with a number for a table": (
        lambda: Rule("own", max, "1", table=5),
        "table= takes a function, not 5",
    ),
    "a rule with a word for jumps": (
        lambda: Rule("own", max, "1", jumps="no"),
        "jumps= takes True or False, not 'no'",
    ),
    "a requirement with a word for decide_on": (
        lambda: Requirement("a", at_least=1, of="points", decide_on="exact"),
        "decide_on= takes a Rounding or None, not 'exact'",
    ),
    "a rule with a number for a version": (
        lambda: Rule("own", max, 1),
        "version= takes a text, not 1",
    ),
    "a rule with a word for weighs": (
        lambda: Rule("own", max, weighs="no"),
        "weighs= takes True or False, not 'no'",
    ),
    "an option with a number for a code": (lambda: Option(1, 1), "code= takes a text, not 1"),
    "a scale of pairs for options": (
        lambda: Scale([("ada", 1)]),
        "options= takes Options, not a tuple",
    ),
    "a scale of a set of anchors": (
        lambda: Scale(anchors={(0, 0), (1, 1)}),
        "a list of anchors or steps is pairs of answer and share, not a set",
    ),
    "a scale of numbers for anchors": (
        lambda: Scale(anchors=[0, 1]),
        "a list of anchors or steps is pairs of answer and share, not 0",
    ),
    "a scale with a word for between": (
        lambda: Scale([Option("1", 1)], between="no"),
        "between= takes True or False, not 'no'",
    ),
    "a condition on a number": (lambda: Condition(1, "ada"), "criterion= takes a text, not 1"),
    "a band with a number for a code": (lambda: Band(1, floor=0), "code= takes a text, not 1"),
    "a band with a text for attributes": (lambda: Band("A", attributes="a"), NO_TAG),
    "a band that requires a text": (
        lambda: Band("A", requires="input"),
        "requires= takes Requirements, not 'input'",
    ),
    "zones of codes": (lambda: Zones(["A"]), "bands= takes Bands, not 'A'"),
    "zones decided on a number": (
        lambda: Zones((), 2),
        "decide_on= takes 'published', 'exact' or a Rounding, not 2",
    ),
    "a requirement on a number": (
        lambda: Requirement(1, at_least=1, of="share"),
        "criterion= takes a text, not 1",
    ),
    "a mark that requires a text": (
        lambda: Mark("m", "a"),
        "requires= takes Requirements, not 'a'",
    ),
    "a stage at a number": (lambda: RoundingStage(1, of="points", decimals=0), "at= takes a text, not 1"),
    "weights over a number": (lambda: Weights(over=1), "over= takes a text, not 1"),
    "a source of a number": (lambda: Source(2024), "title= takes a text, not 2024"),
    "a standing of a number": (lambda: Standing(1), "is_= takes a text, not 1"),
    "a case of answers in a list": (
        lambda: Case("a", answers=[1]),
        "answers= takes answers by criterion, not a list",
    ),
    "a case of one unit": (lambda: Case("a", units="80"), "units= takes totals of units, not '80'"),
    "a period from a text": (lambda: InForce("2024-01-01"), "a day is a date, not '2024-01-01'"),
    "a year in a period": (
        lambda: 2024 in InForce(date(2024, 1, 1)),
        "a day is a date, not 2024",
    ),
    "an instrument with a number for an id": (
        lambda: instrument(id=5),
        "id= takes a text, not 5",
    ),
    "an instrument of codes": (
        lambda: instrument(criteria=["a"]),
        "criteria= takes Groups and Indicators, not 'a'",
    ),
    "an instrument with bands for zones": (
        lambda: instrument(zones=[Band("A", floor=0)]),
        "zones= takes Zones, not a list",
    ),
    "an instrument with a code for a root": (
        lambda: instrument(root="*"),
        "root= takes a Group, not '*'",
    ),
    "an instrument in force since a day": (
        lambda: instrument(in_force=date(2024, 1, 1)),
        "in_force= takes an InForce, not a date",
    ),
    "an instrument with a text for tokens": (lambda: instrument(tokens="a"), NO_TAG),
    "an instrument with a list of sources": (
        lambda: instrument(sources=[Source("S")]),
        "sources= takes Sources by code, not a list",
    ),
    "an instrument with texts for sources": (
        lambda: instrument(sources={"s": "S"}),
        "sources= takes Sources by code, not 'S'",
    ),
    "an instrument with a number for a source": (
        lambda: instrument(sources={1: Source("S")}),
        "sources= takes Sources by code, not 1",
    ),
    "an instrument of one mark": (
        lambda: instrument(marks="m"),
        "marks= takes Marks, not 'm'",
    ),
    "an instrument of one stage": (
        lambda: instrument(rounding_stages=5),
        "rounding_stages= takes RoundingStages, not 5",
    ),
    "an instrument of one case": (lambda: instrument(cases=5), "cases= takes Cases, not 5"),
    "an instrument of one layer": (lambda: instrument(layers=5), "layers= takes Layers, not 5"),
    "a decimal of a number of decimals": (
        lambda: decimal(Fraction(1, 2), 2),
        "rounding= takes a Rounding or None, not 2",
    ),
}
REFUSED |= {
    f"{check.__name__} of an id": (lambda check=check: check("skm-2017"), NO_INSTRUMENT) for check in CHECKS
}


@pytest.mark.parametrize("what", REFUSED)
def test_another_kind_than_is_taken_is_refused(what):
    call, said = REFUSED[what]
    with pytest.raises(KindError) as caught:
        call()

    assert (said, "kind") == (str(caught.value), caught.value.code)
    assert isinstance(caught.value, TypeError)
    assert ["name", "expected", "found"] == list(caught.value.values)


AWKWARD = (
    None,
    True,
    np.True_,
    -1,
    2.5,
    float("nan"),
    float("inf"),
    10**400,
    Fraction(1, 10**400),
    Decimal("sNaN"),
    Decimal("1E+5000"),
    1j,
    b"a",
    "",
    "\ud800",
    "a\nb",
    "\uff11\uff12",
    np.float32(2.5),
    np.datetime64("NaT"),
    date(2024, 1, 1),
    [],
    [1, 2],
    [[1], [2]],
    [None, None],
    ["a", 1],
    {},
    {"a": 1},
    {1: [1, 2]},
    {1, 2},
    (1, 2),
    range(2),
    object(),
    np.array(5.0),
    np.ones((2, 2)),
    np.array([1j, 2]),
    np.ma.array([1, 2], mask=[True, False]),
    pelayanan.MISSING,
)
CALLS = {
    "from_columns": lambda x: Answers.from_columns(x),
    "a column": lambda x: pelayanan.score(SKM, Answers.from_columns({"u1": x}), absent="missing"),
    "units": lambda x: Answers.from_columns({"a": [1, 2]}, x).to_json(),
    "ignore": lambda x: Answers.from_columns({"a": [1, 2]}, ignore=x),
    "ignored": lambda x: Answers.from_columns({"a": [1, 2], "b": x}, ignore=["b"]),
    "missing": lambda x: Answers.from_columns({"a": [1, 2]}, missing=x),
    "from_rows": lambda x: Answers.from_rows(x),
    "a row": lambda x: Answers.from_rows([x]),
    "an answer": lambda x: pelayanan.score_one(DIMENSIONS, OFFICE | {"input": x}),
    "a mean": lambda x: pelayanan.score_one(SKM, {f"u{number}": 3 for number in range(1, 9)} | {"u9": x}),
    "answers": lambda x: pelayanan.score_one(DIMENSIONS, x),
    "a unit": lambda x: pelayanan.score_one(DIMENSIONS, OFFICE, x).text(),
    "score": lambda x: pelayanan.score(x, TABLE),
    "table": lambda x: pelayanan.score(DIMENSIONS, x),
    "bounds": lambda x: pelayanan.bounds(DIMENSIONS, x),
    "of_totals": lambda x: Scores.of_totals(DIMENSIONS, x),
    "a total": lambda x: Scores.of_totals(DIMENSIONS, [x]),
    "joined": lambda x: Scores.joined(x),
    "row": lambda x: TABLE.row(x),
    "label": lambda x: TABLE.label(x),
    "at": lambda x: TABLE.at(0, x),
    "a row of at": lambda x: TABLE.at(x, "input"),
    "card": lambda x: SCORES.card(x),
    "points": lambda x: SCORES.points(x),
    "tagged": lambda x: SCORES.tagged(x, x),
    "a criterion": lambda x: WHOLE[x],
    "pruned": lambda x: WHOLE.pruned(at=x),
    "roll_up": lambda x: pelayanan.roll_up(SCORES, x),
    "tally": lambda x: pelayanan.tally(SKM, PEOPLE, x),
    "compare": lambda x: pelayanan.compare(SCORES, x),
    "among": lambda x: pelayanan.compare(SCORES, among=x),
    "neighbours": lambda x: pelayanan.neighbours(x, 1),
    "a variable": lambda x: pelayanan.neighbours({"a": [1, 2], "b": x}, 1),
    "trend": lambda x: pelayanan.trend(x),
    "explain": lambda x: explain(SCORES, x),
    "lacking": lambda x: lacking(CITY, "Kupang", units=x),
    "plan": lambda x: plan(DIMENSIONS, OFFICE, "B", fixed=x),
    "reconcile": lambda x: reconcile(x, "1.5"),
    "a part": lambda x: reconcile([x, 2], "1.5"),
    "weights": lambda x: reconcile([1, 2], "1.5", weights=x),
    "distribution": lambda x: Distribution.of(x),
    "a rank": lambda x: Distribution.of([80]).rank(x),
    "load": lambda x: pelayanan.load(x),
    "a day": lambda x: pelayanan.load("ombudsman", on=x),
    "read": lambda x: pelayanan.read(x),
    "parse": lambda x: pelayanan.parse(x),
    "from_json": lambda x: Scores.from_json(x),
    "form": lambda x: form(SKM, x),
    "language": lambda x: CARD.text(x),
    "rounded": lambda x: Rounding(2).of(x),
    "title": lambda x: Indicator("a", SCALE, title=x),
    "labels": lambda x: Indicator("a", SCALE, labels=x),
    "standing": lambda x: Indicator("a", SCALE, standing=x),
    "sources": lambda x: instrument(sources=x),
    "code": lambda x: instrument(criteria=[Indicator(x, SCALE)]),
    "source": lambda x: instrument(source=x),
    "zones": lambda x: Zones(x),
    "requires": lambda x: Band("A", requires=x),
    "options": lambda x: Scale(x),
    "anchors": lambda x: Scale(anchors=x),
    "fault": lambda x: SCALE.fault(x),
    "steps": lambda x: Group("a", steps={"2": x}),
    "absent": lambda x: pelayanan.score(DIMENSIONS, TABLE, absent=x),
    "mode": lambda x: Rounding(2, x),
    "ties": lambda x: pelayanan.compare(SCORES, ties=x),
    "ties of a rank": lambda x: Distribution.of([80]).rank(80, x),
    "of": lambda x: DIMENSIONS.pruned(depth=0, of=x),
    "of parts": lambda x: reconcile([1, 2], "1.5", of=x),
    "language of a standing": lambda x: pelayanan.compare(SCORES).columns(x),
    "language of a trend": lambda x: pelayanan.trend({2024: SCORES}).columns(x),
}


@pytest.mark.parametrize("what", CALLS)
def test_whatever_is_given_nothing_but_errors_of_the_library_comes_out(what):
    found = [(type(value).__name__, escaping(CALLS[what], value)) for value in AWKWARD]

    assert [] == [each for each in found if each[1] is not None]


LEAVES = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.decimals()
    | st.fractions()
    | st.text()
    | st.binary()
    | st.dates()
)


def holding(inner):
    return (
        st.lists(inner, max_size=3) | st.tuples(inner, inner) | st.dictionaries(st.text(), inner, max_size=3)
    )


THINGS = LEAVES | holding(LEAVES | holding(LEAVES))


@given(st.sampled_from(sorted(CALLS.keys() - {"read"})), THINGS)
def test_a_thing_of_any_kind_gives_a_value_or_an_error_of_the_library(what, thing):
    assert escaping(CALLS[what], thing) is None


@given(THINGS)
def test_an_error_of_another_kind_is_pickled_whatever_was_given(thing):
    error = KindError.of("scores", "Scores", thing)

    again = pickle.loads(pickle.dumps(error))

    assert (str(error), error.values) == (str(again), again.values)


def problem(call, kind=AnswerError):
    with pytest.raises(kind) as caught:
        call()

    return str(caught.value)


@pytest.mark.parametrize(
    ("units", "said"),
    [
        (["A", None], "the unit has no label; give a text or a number @ row 1"),
        ([float("nan"), "B"], "the unit has no label; give a text or a number @ row 0"),
        (np.ma.array([1, 2], mask=[0, 1]), "the unit has no label; give a text or a number @ row 1"),
        (np.array(["2024", "NaT"], dtype="M8[Y]"), "the unit has no label; give a text or a number @ row 1"),
        ([["A"], "B"], "the label ['A'] cannot be looked up; give a text or a number @ row 0"),
        (
            [Decimal("sNaN"), 1],
            "the label Decimal('sNaN') cannot be looked up; give a text or a number @ row 0",
        ),
        ([1, True], "the unit True is there twice @ row 1"),
    ],
)
def test_a_label_that_nobody_can_look_up_is_refused(units, said):
    assert f"answers: {said}" == problem(lambda: Answers.from_columns({"a": [1, 2]}, units))


def test_a_blank_and_a_date_and_both_kinds_of_one_are_labels():
    table = Answers.from_columns({"a": [1, 2, 3, 4]}, ["", date(2024, 1, 1), 1, "1"])

    assert [0, 1, 2, 3] == [table.row(unit) for unit in ("", date(2024, 1, 1), 1, "1")]


@pytest.mark.parametrize("unit", [["A"], {"A"}, np.array(["A"]), Decimal("sNaN")])
def test_what_cannot_be_a_unit_is_no_unit(unit):
    for call in (TABLE.row, SCORES.row, SCORES.exact, SCORES.card, lambda x: explain(SCORES, x)):
        assert problem(lambda call=call: call(unit), UnknownError).startswith("there is no unit ")


def test_rows_and_columns_that_are_not_there_are_refused():
    assert "there is no row 2; rows are counted from 0 to 1" == problem(lambda: TABLE.label(2), UnknownError)
    assert "there is no row -1; rows are counted from 0 to 1" == problem(
        lambda: TABLE.at(-1, "input"), UnknownError
    )
    assert "there is no row 'A'; rows are counted from 0 to 1" == problem(
        lambda: TABLE.at("A", "input"), UnknownError
    )
    assert "the table has no column 'inputs'; did you mean 'input'?" == problem(
        lambda: TABLE.at(0, "inputs"), UnknownError
    )


def test_a_criterion_or_a_tag_that_is_no_text_is_unknown():
    assert problem(lambda: WHOLE[["input"]], UnknownError).startswith(
        "ombudsman-2022 has no criterion ['input']; "
    )
    assert "ombudsman-2022 has no tag [1]" == problem(lambda: WHOLE.tagged([1], "a"), UnknownError)


def test_two_names_that_are_one_text_are_refused():
    assert "answers: the names of two columns are '1' @ column '1'" == problem(
        lambda: Answers.from_columns({1: [3, 4], "1": [1, 2]})
    )
    assert "answers: the names of two columns are '1' @ column 1" == problem(
        lambda: Answers.from_rows([{"1": 3, 1: 4}])
    )


def test_no_answers_of_one_unit_are_still_refused():
    for call in (pelayanan.score_one, margins):
        assert "ombudsman-2022: there are no answers" == problem(lambda call=call: call(DIMENSIONS, {}))


def test_groups_that_look_alike_stay_apart_in_a_column_that_is_ignored():
    people = Answers.from_columns({"u1": [1, 2, 3], "kantor": ["1", 1, "1"]}, ignore=["kantor"])

    assert ["1", 1] == pelayanan.tally(SKM, people, "kantor").units.tolist()


def test_what_the_mask_of_an_ignored_column_hides_is_no_unit():
    hidden = np.ma.array(["A", "B"], mask=[False, True])
    people = Answers.from_columns({"u1": [1, 2], "kantor": hidden}, ignore=["kantor"])

    assert "respondents: by has no unit for the respondent 1" == problem(
        lambda: pelayanan.tally(SKM, people, "kantor")
    )


def test_an_ignored_column_has_a_cell_for_each_unit():
    assert "answers: it has the shape (1,), and there are 2 answers a column @ column 'kantor'" == problem(
        lambda: Answers.from_columns({"a": [1, 2], "kantor": ["A"]}, ignore=["kantor"])
    )
    survey = (np.array([3, 4]), np.array([1, 1]))
    kept = Answers.from_columns({"a": [1, 2], "u1": survey}, ignore=["u1"]).ignored["u1"]
    assert [[3, 4], [1, 1]] == kept.tolist()


def test_how_many_are_missing_cannot_be_changed():
    with pytest.raises(ValueError, match=r"^assignment destination is read-only$"):
        SCORES.missing[0] = 3

    assert [0, 0] == SCORES.missing.tolist()


def test_the_tokens_that_are_numbers_cannot_be_changed():
    made = instrument(tokens={"99": "missing"})
    made.number_tokens.clear()

    assert {Fraction(99): "missing"} == made.number_tokens


@pytest.mark.parametrize("mode", ["half_up", "half_even", "down"])
@given(st.decimals(0, 100, places=4))
def test_a_float_is_rounded_as_the_decimal_that_it_shows(mode, number):
    rounding = Rounding(2, mode)
    exact = Fraction(number)

    assert rounding.of(exact) == rounding.of(float(number)) == rounding.of(str(number))
    assert rounding.steps(exact) == rounding.steps(float(number))
    assert rounding.turns(exact) == rounding.turns(float(number))
    assert rounding.entry(exact) == rounding.entry(float(number))
    assert rounding.cell(exact) == rounding.cell(float(number))
    assert decimal(exact, rounding) == decimal(float(number), rounding)
    assert nearest_whole(exact, mode) == nearest_whole(float(number), mode)
    assert float_at_least(exact) == float(number) == float_at_least(float(number))
    assert float_above(exact) == float_above(float(number)) > float(number)


def test_a_float_at_a_tie_is_rounded_up():
    assert Fraction("1.01") == Rounding(2).of(1.005)
    assert Fraction("78.00") == Rounding(2).of(77.995)


def test_an_answer_of_too_many_digits_is_a_number():
    longest = "expected a shorter number, found "

    assert [
        f"ombudsman-2022: {longest}a whole number of more than 30 digits @ unit 0, 'input'",
        f"ombudsman-2022: {longest}an exponent of more than 20 in '1E+5000' @ unit 0, 'input'",
    ] == [
        problem(lambda value=value: pelayanan.score_one(DIMENSIONS, OFFICE | {"input": value}))
        for value in (10**400, Decimal("1E+5000"))
    ]


def test_criteria_lack_something_at_a_depth_that_there_is():
    for depth, said in ((2, "1 to 1, not 2"), (-1, "1 to 1, not -1")):
        assert f"ombudsman-2022 has criteria of depth {said}" == problem(
            lambda depth=depth: lacking(CITY, "Kupang", depth=depth), ScoresError
        )


def test_times_without_weights_are_refused():
    assert (
        "reconcile: times goes with weights, and there are none; give weights=, or leave times out @ times"
        == (problem(lambda: reconcile([3, 4], "87.5", times=25)))
    )


@pytest.mark.parametrize(
    ("weights", "times", "said"),
    [
        ([0, 0], 1, "weights are numbers from 0 on, and not all 0, not 0, 0 @ weights"),
        (["1", "-1"], 1, "weights are numbers from 0 on, and not all 0, not 1, -1 @ weights"),
        ([1, 1], 0, "times is a number above 0, not 0 @ times"),
        ([1, 1], "-1/2", "times is a number above 0, not -0.5 @ times"),
    ],
)
def test_weights_that_add_up_to_nothing_are_refused(weights, times, said):
    assert f"reconcile: {said}" == problem(lambda: reconcile([1, 2], "1.5", weights=weights, times=times))


def test_a_moment_is_in_the_period_of_its_day():
    period = InForce(datetime(2024, 1, 1, 12), date(2024, 12, 31))

    assert InForce(date(2024, 1, 1), date(2024, 12, 31)) == period
    assert datetime(2024, 12, 31, 23) in period
    assert datetime(2025, 1, 1) not in period


def test_what_a_mask_hides_is_an_empty_cell(tmp_path):
    hidden = np.ma.array([1, 0.1], mask=[True, False], dtype=np.float32)
    write_columns({"a": hidden}, tmp_path / "a.csv")

    assert "a\n\n0.1\n" == (tmp_path / "a.csv").read_text("utf-8-sig").replace('""', "")


def test_columns_of_a_text_or_a_set_are_not_written(tmp_path):
    assert (
        "columns has 2 problems\n"
        "  a column is cells, one a row, not 'abc' @ column 'a'\n"
        "  a column is cells, one a row, not a set @ column 'b'"
        == problem(lambda: write_columns({"a": "abc", "b": {1, 2, 3}}, tmp_path / "a.csv"))
    )


def test_a_folder_whose_name_is_too_long_cannot_be_read():
    for call in (write_index, check_index, lambda folder: list(indexed(folder))):
        assert f"cannot read {'x' * 300!r}: File name too long" == problem(
            lambda call=call: call("x" * 300), FileError
        )


def test_a_form_has_each_unit_once():
    assert "answers: the unit 'A' is there twice @ row 1" == problem(lambda: form(SKM, ["A", "A"]))


def test_units_are_compared_among_a_set_or_flags_of_any_kind():
    for among in ({"A"}, ["A"], np.array(["A"]), [True, False], np.array([True, False], dtype=object)):
        assert [1, -1] == pelayanan.compare(SCORES, among=among).rank.tolist()


def test_a_number_that_is_no_fraction_is_judged_by_a_scale():
    found = SCALE.fault(4.5)

    assert "the answer 4.5 is outside the scale 0 to 4; the nearest valid answer is 4" == found.message
    assert SCALE.fault(np.int8(3)) is None


def test_steps_that_are_no_pairs_are_refused():
    for steps in ({"2": 5}, {"2": [5]}, {"2": [(0, 1, 2)]}, [1]):
        with pytest.raises(PelayananError) as caught:
            Group("a", steps=steps)

        assert "steps: expected pairs of a sum and a share, by the number of members" == str(caught.value)


def test_a_rule_of_ones_own_and_overlays_in_a_set_are_taken():
    own = Rule("own", lambda shares, weights, terms: shares[0], "1")

    assert own == Group("a", rule=own).rule
    assert ("input",) == tuple(each.code for each in WHOLE.pruned(at={"input"}).indicators[:1])
    assert ("input",) == plan(DIMENSIONS, OFFICE, "B", fixed={"input"}).fixed


def test_one_text_of_what_is_fixed_is_refused_as_before():
    assert "ombudsman-2022: fixed is a list of codes, not the text 'input'" == problem(
        lambda: plan(DIMENSIONS, OFFICE, fixed="input"), PlanError
    )


@pytest.mark.parametrize(
    ("made", "kind"),
    [(DIMENSIONS, "Instrument"), (CARD, "Scorecard"), (explain(SCORES, "A"), "Explanation")],
)
def test_a_code_is_in_what_has_it_and_nothing_goes_through_it(made, kind):
    there = [code in made for code in ("*", "input", "inputs", 0, None, ["input"])]

    assert [True, True, False, False, False, False] == there
    with pytest.raises(TypeError, match=f"^'{kind}' object is not iterable$"):
        list(made)


def test_a_criterion_that_is_no_text_is_not_explained():
    assert (
        "the explanation of 'A' has no 0; known are '*', 'input', 'proses', 'output', 'pengaduan'"
        == problem(lambda: explain(SCORES, "A")[0], UnknownError)
    )
