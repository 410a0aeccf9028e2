"""
Questions under conditions: whom they spare, many at once and one at a time, and what is refused.
"""

from fractions import Fraction

import attrs
import numpy as np
import oracle
import pytest
from hypothesis import given
from hypothesis import strategies as st

import pelayanan
from pelayanan import (
    MISSING,
    NOT_APPLICABLE,
    Answers,
    Band,
    Condition,
    Group,
    Indicator,
    Instrument,
    Option,
    Rounding,
    Scale,
    Zones,
)
from pelayanan import strategies as of
from pelayanan.answers import Unasked
from pelayanan.asking import asked
from pelayanan.columns import state_or_value
from pelayanan.errors import AnswerError
from pelayanan.matching import matched
from pelayanan.zones import Requirement

TEN = Scale(low=0, high=10)
YES_NO = Scale(options=[Option("ya", 1), Option("tidak", 0)])
FIVE = Scale(options=[Option(str(code), Fraction(code, 4)) for code in range(5)])
PIECES = Scale(anchors=[(0, "1/7"), (3, "1/2"), (10, 1)])
NUMBERS = {"range": TEN, "options": FIVE, "anchors": PIECES, "count": Scale(of=10, full=5)}
WHOLES = ("int8", "int16", "int32", "int64")
COUNTING = ("uint8", "uint64")
FLOATS = ("float16", "float32", "float64")
NO_ANSWER, NOT_FOR = -1, -2


def encoded(kind, values):
    """Return answers from 0 to 4 and states as a column of a kind."""
    mask = [value is MISSING for value in values]
    if kind in FLOATS:
        return np.array([np.nan if value is MISSING else value for value in values], dtype=kind)
    coded = [{MISSING: NO_ANSWER, NOT_APPLICABLE: NOT_FOR}.get(value, value) for value in values]
    if kind in WHOLES:
        return np.array(coded, dtype=kind)
    if kind in COUNTING:
        return np.ma.MaskedArray(np.array([max(each, 0) for each in coded], dtype=kind), mask)
    if kind == "masked":
        return np.ma.MaskedArray(np.array(coded, dtype=np.int16), mask)
    if kind == "masked floats":
        return np.ma.MaskedArray(np.array([max(each, 0) for each in coded], dtype=float), mask)
    if kind == "text":
        return np.array([{NO_ANSWER: " ", NOT_FOR: "NA"}.get(each, f"{each}") for each in coded])
    if kind == "loose":
        return [{NO_ANSWER: "-", NOT_FOR: "NA"}.get(each, f"{each}.0") for each in coded]
    if kind == "survey":
        counts = np.array([each if each < 0 else 3 for each in coded])
        return np.array([each * 3 for each in coded], dtype=np.int16), counts
    return values


STATELESS = (*FLOATS, *COUNTING, "masked floats")
KINDS = (*STATELESS, *WHOLES, "masked", "text", "loose", "survey", "object")


@st.composite
def gated(draw):
    """An instrument with questions under conditions, its answers as rows, and as columns of all kinds."""
    about = draw(st.sampled_from(sorted(NUMBERS)))
    named = draw(st.lists(st.integers(0, 4), min_size=1, max_size=3, unique=True))
    policies = st.sampled_from(["zero", "lowest", "exclude"])
    scored = draw(st.booleans())
    rule, weight = draw(st.sampled_from([("weighted_mean", 2), ("weakest_link", None)]))
    instrument = Instrument(
        id="gated",
        criteria=[
            Indicator("g", NUMBERS[about], 3 if scored else None, missing="exclude", scored=scored),
            Group("d", 5, rule=rule, asked_if=Condition("g", named) if draw(st.booleans()) else None),
            Indicator(
                "d.a", draw(st.sampled_from([*NUMBERS.values()])), weight, asked_if=Condition("g", named)
            ),
            Indicator(
                "d.b", TEN, weight, asked_if=Condition("d.a", draw(st.sampled_from([0, 4, [1, 2, 3]])))
            ),
            Indicator("c", TEN, 2),
        ],
        root=Group("*", least_answered=draw(st.sampled_from([None, None, "2/3"]))),
        maximum=100,
        missing=draw(policies),
        rounding=Rounding(1),
        zones=Zones([Band("C", floor=0), Band("A", floor=50)]),
        tokens={"NA": "not_applicable", "-": "missing"},
    )
    kinds = {each.code: draw(st.sampled_from(KINDS)) for each in instrument.indicators}
    rows = []
    for _ in range(draw(st.integers(1, 5))):
        row = {}
        for code in ("g", "d.a", "d.b", "c"):
            states = [MISSING] if kinds[code] in STATELESS else [MISSING, NOT_APPLICABLE]
            number = st.integers(0, 4)
            if code in instrument.tree.unasked(dict.fromkeys(instrument.criteria, MISSING) | row):
                row[code] = draw(st.sampled_from(states))
            else:
                row[code] = draw(st.one_of(number, number, st.sampled_from(states)))
            row[code] = state_or_value(row[code])
        rows.append(row)
    return instrument, rows, kinds


def columns_of(rows, kinds):
    plain = [
        {code: int(each) if isinstance(each, Fraction) else each for code, each in row.items()}
        for row in rows
    ]
    return Answers.from_columns(
        {code: encoded(kind, [row[code] for row in plain]) for code, kind in kinds.items()},
        missing=NO_ANSWER,
        not_applicable=NOT_FOR,
    )


def told(card):
    """Return what a card says, but for how the answers were written."""
    lines = [
        (line.code, line.share, line.weight, line.contribution, line.lost, line.state) for line in card.lines
    ]
    return card.total, card.zone, card.missing, card.not_applicable, card.policies, lines


# Properties


@given(gated())
def test_many_at_once_are_one_at_a_time_and_the_oracle_for_columns_of_every_type(drawn):
    instrument, rows, kinds = drawn
    scores = pelayanan.score(instrument, columns_of(rows, kinds))
    cards = [pelayanan.score_one(instrument, row) for row in rows]
    exact = [oracle.exact_total(instrument, row) for row in rows]

    assert exact == [scores.exact(unit) for unit in range(len(rows))]
    assert exact == [card.exact for card in cards]
    assert [-1 if each is None else oracle.zone(instrument, each) for each in exact] == scores.zone.tolist()
    assert [len(card.missing) for card in cards] == scores.missing.tolist()
    assert [told(card) for card in cards] == [told(scores.card(row)) for row in range(len(rows))]


@given(gated())
def test_who_is_spared_a_question_is_what_the_exact_twin_says(drawn):
    instrument, rows, kinds = drawn
    answers = columns_of(rows, kinds)
    found = asked(instrument, dict(answers.columns), len(rows))

    assert [instrument.tree.unasked(row) for row in rows] == [
        {code for code, column in found.items() if column.unasked is not None and column.unasked[row]}
        for row in range(len(rows))
    ]


@given(gated(), st.data())
def test_an_answer_to_what_is_not_asked_is_refused_in_columns_of_every_type(drawn, data):
    instrument, rows, kinds = drawn
    spared = [(row, code) for row, each in enumerate(rows) for code in sorted(instrument.tree.unasked(each))]
    if not spared:
        rows[0] = dict(rows[0], **{"g": MISSING, "d.a": MISSING, "d.b": MISSING})
        spared = [(0, "d.a"), (0, "d.b")]
    row, code = data.draw(st.sampled_from(spared))
    rows[row] = rows[row] | {code: Fraction(data.draw(st.integers(0, 4)))}
    held = " and ".join(map(str, instrument.tree.conditions[code]))
    said = f"it has the answer {{}}, and is asked only where {held} @ unit {row}, {code!r}"
    answer = int(rows[row][code])
    shown = {"text": f"'{answer}'", "loose": f"'{answer}.0'"}.get(kinds[code], f"{answer}")
    with pytest.raises(AnswerError) as caught:
        pelayanan.score(instrument, columns_of(rows, kinds))

    assert [said.format(shown)] == [str(each) for each in caught.value.problems]
    with pytest.raises(AnswerError) as caught:
        pelayanan.score_one(instrument, rows[row])

    assert [said.format(answer).replace(f"unit {row}", "unit 0")] == [
        str(each) for each in caught.value.problems
    ]


@given(st.data())
def test_drawn_instruments_with_many_conditions_are_scored_as_the_oracle_does(data):
    instrument = data.draw(of.instruments(conditions=4, depth=2, members=4))
    table = data.draw(of.tables(instrument))
    scores = pelayanan.score(instrument, table)
    rows = [{code: table.at(row, code) for code in table.columns} for row in range(len(table))]

    assert [oracle.exact_total(instrument, row) for row in rows] == [
        scores.exact(row) for row in range(len(rows))
    ]
    assert [instrument.tree.unasked(row) for row in rows] == [
        {code for code in table.columns if matched(instrument, table, "refuse").unasked(code, row)}
        for row in range(len(rows))
    ]


@given(st.sampled_from(FLOATS), st.integers(0, 100))
def test_a_float_meets_the_condition_on_the_decimal_that_it_shows(kind, tenths):
    instrument = Instrument(
        id="decimals",
        criteria=[
            Indicator("g", TEN, 1),
            Indicator("a", TEN, 1, asked_if=Condition("g", Fraction(tenths, 10))),
        ],
        maximum=10,
        missing="zero",
        rounding=None,
    )
    columns = {"g": np.array([tenths / 10, (tenths + 1) % 100 / 10], dtype=kind), "a": [10, None]}
    scores = pelayanan.score(instrument, Answers.from_columns(columns))

    assert [Fraction(tenths, 20) + 5, Fraction((tenths + 1) % 100, 10)] == [
        scores.exact(0),
        scores.exact(1),
    ]


def test_many_blocks_of_units_are_as_a_few():
    columns = {"loket": ["ya", "tidak", "ya"], "antre": [10, None, 0], "biaya": [5, 5, 7]}
    few = pelayanan.score(kiosk(), Answers.from_columns(columns))
    many = pelayanan.score(
        kiosk(), Answers.from_columns({code: values * 20_000 for code, values in columns.items()})
    )

    assert [87.5, 50, 17.5] == few.total.tolist()
    assert np.array_equal(np.tile(few.total, 20_000), many.total)


# What a condition means


def kiosk(**fields):
    """A question of one point that is asked only of units with a counter, and one of another."""
    fields = {"maximum": 100, "missing": "refuse", "rounding": Rounding(2)} | fields
    return Instrument(
        id="kios",
        criteria=[
            Indicator("loket", YES_NO, scored=False),
            Indicator("antre", TEN, 3, asked_if=Condition("loket", "ya")),
            Indicator("biaya", TEN, 1),
        ],
        **fields,
    )


def said_of(instrument, answers, absent="refuse"):
    """Return what is said of the answers of one unit, or of a table with these columns."""
    many = any(isinstance(each, list) for each in answers.values())
    table = Answers.from_columns(answers) if many else Answers.from_rows([answers])
    with pytest.raises(AnswerError) as caught:
        pelayanan.score(instrument, table, absent=absent if many else "missing")
    return [str(each) for each in caught.value.problems]


def test_what_is_not_asked_leaves_its_weight_to_the_others():
    # 5 of 10 alone is 50; with 10 of 10 at three times its weight it is 87.5.
    answers = {"loket": ["tidak", "ya", "tidak"], "antre": [None, 10, NOT_APPLICABLE], "biaya": [5, 5, 5]}
    scores = pelayanan.score(kiosk(), Answers.from_columns(answers))

    assert [50, 87.5, 50] == scores.total.tolist()
    assert [0, 0, 0] == scores.missing.tolist()
    assert ("antre",) == scores.card(0).not_applicable
    assert "not applicable" == scores.card(2)["antre"].state


def test_what_is_not_asked_is_no_part_of_what_must_be_answered():
    half = kiosk(root=Group("*", least_answered="2/3"), missing="exclude")
    answers = {"loket": ["tidak", "ya"], "antre": [None, None], "biaya": [5, 5]}
    scores = pelayanan.score(half, Answers.from_columns(answers))

    assert [50] == scores.total[:1].tolist()
    assert np.isnan(scores.total[1])


def test_a_question_below_a_group_is_asked_where_the_conditions_of_both_hold():
    instrument = Instrument(
        id="dua",
        criteria=[
            Indicator("x", YES_NO, scored=False),
            Indicator("y", YES_NO, scored=False),
            Group("d", asked_if=Condition("x", "ya")),
            Indicator("d.a", TEN, asked_if=Condition("y", "ya")),
            Indicator("c", TEN),
        ],
        maximum=10,
        missing="refuse",
        rounding=None,
    )
    rows = [("ya", "ya", 10), ("ya", "tidak", None), ("tidak", "ya", None), ("tidak", "tidak", None)]
    x, y, a = zip(*rows)
    answers = {"x": x, "y": y, "d.a": a, "c": [4, 4, 4, 4]}
    found = pelayanan.score(
        instrument, Answers.from_columns({code: list(each) for code, each in answers.items()})
    )

    assert [7, 4, 4, 4] == found.total.tolist()
    assert [
        "it has the answer 3, and is asked only where 'y' is 'ya' and 'x' is 'ya' @ unit 0, 'd.a'"
    ] == said_of(instrument, {"x": "tidak", "y": "ya", "d.a": 3, "c": 1})


def test_an_option_that_is_a_text_is_met_by_no_number_and_a_long_number_by_no_short_type():
    instrument = kiosk(missing="exclude")
    never = Instrument(
        id="never",
        criteria=[
            Indicator("g", Scale(low=0, high="1e20"), 1),
            Indicator("a", TEN, 1, asked_if=Condition("g", ["1e19", "300", "0.5", "1e6"])),
        ],
        maximum=10,
        missing="exclude",
        rounding=None,
    )
    columns = matched(
        instrument, Answers.from_columns({"loket": np.array([1, 0]), "biaya": [1, 2]}), "missing"
    )

    assert [True, True] == [columns.unasked("antre", row) for row in range(2)]
    for kind, values, spared in (
        ("int8", [1, 44], [True, True]),
        ("int16", [300, 1], [False, True]),
        ("float16", [300, 0.5], [False, False]),
        ("float16", [np.inf, 0.25], [True, True]),
        ("uint64", [10**19, 0], [False, True]),
    ):
        given_ones = matched(never, Answers.from_columns({"g": np.array(values, dtype=kind)}), "missing")

        assert spared == [given_ones.unasked("a", row) for row in range(2)]


def test_a_float_beside_a_number_that_none_shows_does_not_meet_it():
    instrument = Instrument(
        id="third",
        criteria=[Indicator("g", TEN, 1), Indicator("a", TEN, 1, asked_if=Condition("g", "1/3"))],
        maximum=10,
        missing="exclude",
        rounding=None,
    )
    short, exact = (Answers.from_columns({"g": each}) for each in (np.array([1 / 3]), [Fraction(1, 3)]))

    assert matched(instrument, short, "missing").unasked("a", 0)
    assert not matched(instrument, exact, "missing").unasked("a", 0)


@pytest.mark.parametrize("kind", [np.int8, np.float64, object])
def test_an_answer_to_what_was_not_asked_meets_no_condition(kind):
    instrument = Instrument(
        id="tiga",
        criteria=[
            Indicator("g", TEN, 1),
            Indicator("a", TEN, 1, asked_if=Condition("g", 1)),
            Indicator("b", TEN, 1, asked_if=Condition("a", 2)),
        ],
        maximum=10,
        missing="exclude",
        rounding=None,
    )
    table = Answers.from_columns({"g": np.array([1, 0], dtype=kind), "a": np.array([2, 2], dtype=kind)})
    found = matched(instrument, table, "missing")

    assert [False, True] == [found.unasked("b", row) for row in range(2)]


def test_a_code_of_a_state_meets_no_condition():
    instrument = kiosk(missing="exclude")
    coded = attrs.evolve(
        instrument,
        criteria=[
            Indicator("loket", FIVE, scored=False, optional=True),
            Indicator("antre", TEN, 3, asked_if=Condition("loket", [0, 1, 2])),
            instrument["biaya"],
        ],
    )
    table = Answers.from_columns(
        {"loket": np.array([0, 1, 2]), "biaya": np.array([5, 5, 5])}, missing=1, not_applicable=2
    )
    found = matched(coded, table, "missing")

    assert [False, True, True] == [found.unasked("antre", row) for row in range(3)]


def test_a_condition_is_about_exactly_the_mean_of_a_survey():
    instrument = Instrument(
        id="mean",
        criteria=[Indicator("g", TEN, 1), Indicator("a", TEN, 1, asked_if=Condition("g", ["3.5", "1/3"]))],
        maximum=10,
        missing="exclude",
        rounding=None,
    )
    table = Answers.from_columns({"g": (np.array([7, 35, 1, 35]), np.array([2, 10, 3, 11]))})
    found = matched(instrument, table, "missing")

    assert [False, False, False, True] == [found.unasked("a", row) for row in range(4)]


def test_a_unit_of_no_column_is_spared_what_depends_on_it():
    found = matched(kiosk(missing="exclude"), Answers.from_columns({"biaya": [1, 2]}), "missing")

    assert found.unasked("antre", 0)
    assert not found.unasked("loket", 0)
    assert NOT_APPLICABLE is found.cell("antre", 1)


def test_an_answer_that_was_not_asked_for_is_shown_as_it_was_given():
    table = Answers.from_columns({"loket": ["tidak", "tidak"], "antre": ["3", "NA"], "biaya": [1, 1]})
    found = matched(kiosk(tokens={"NA": "missing"}), table, "refuse")

    assert Unasked("3") == found.cell("antre", 0)
    assert NOT_APPLICABLE is found.cell("antre", 1)


# What a total depends on


CHAIN = [
    Indicator("satu", YES_NO, scored=False),
    Indicator("dua", YES_NO, scored=False, asked_if=Condition("satu", "ya")),
    Indicator("tiga", TEN, 1, asked_if=Condition("dua", "ya")),
    Indicator("empat", TEN, 1),
    Indicator("lepas", YES_NO, scored=False),
    Indicator("catatan", YES_NO, scored=False, asked_if=Condition("lepas", "ya")),
]


def chain(**fields):
    fields = {"maximum": 100, "missing": "refuse", "rounding": Rounding(2)} | fields
    return Instrument(id="rantai", criteria=CHAIN, **fields)


def test_a_question_on_which_others_depend_over_another_may_not_be_missing():
    missing = "the answer is missing, and whether other questions are asked depends on it @ unit 0, {!r}"

    assert {"satu", "dua"} == chain().tree.asked_about
    assert [missing.format("satu")] == said_of(chain(), {"empat": 5})
    assert [missing.format("dua")] == said_of(chain(), {"satu": "ya", "empat": 5})
    assert 50 == pelayanan.score_one(chain(), {"satu": "tidak", "empat": 5}).total
    assert 50 == pelayanan.score_one(chain(missing="exclude"), {"empat": 5}).total


def test_many_units_may_not_lack_it_either():
    answers = {"satu": ["ya", None], "dua": ["ya", None], "tiga": [10, None], "empat": [5, 5]}

    assert [
        "the answer is missing, and whether other questions are asked depends on it @ unit 1, 'satu'"
    ] == said_of(chain(), answers, absent="missing")


def test_a_column_that_a_table_lacks_is_refused_only_where_it_decides_something():
    lacking = "the table has no column for {}; say absent='missing' if they were not asked @ columns"
    bands = [
        Band("C", floor=0),
        Band("A", floor=50, requires=[Requirement("catatan", at_least=1, of="share")]),
    ]

    whole = {"satu": ["ya"], "dua": ["ya"], "tiga": [1], "empat": [2]}

    assert [lacking.format("'satu', 'dua'")] == said_of(chain(), {"tiga": [1], "empat": [2]})
    assert [lacking.format("'lepas', 'catatan'")] == said_of(chain(zones=Zones(bands)), whole)

    assert [15] == pelayanan.score(chain(), Answers.from_columns(whole)).total.tolist()


# Messages


def test_an_answer_to_an_unscored_question_that_was_not_asked_is_refused_too():
    answers = {"satu": "tidak", "empat": 5, "lepas": "tidak", "catatan": "ya"}
    said = "it has the answer 'ya', and is asked only where 'lepas' is 'ya' @ unit 0, 'catatan'"

    assert [said] == said_of(chain(), answers)
    assert 50 == pelayanan.score_one(chain(), answers | {"lepas": "ya"}).total


@pytest.mark.parametrize(
    ("answers", "said"),
    [
        (
            {"loket": "tidak", "antre": 3, "biaya": 5},
            "it has the answer 3, and is asked only where 'loket' is 'ya' @ unit 0, 'antre'",
        ),
        (
            {"loket": "tidak", "antre": [3], "biaya": 5},
            "it has the answer [3], and is asked only where 'loket' is 'ya' @ unit 0, 'antre'",
        ),
        (
            {"loket": "tidak", "antre": (0, 0), "biaya": 5},
            "it has the answer a mean of 0 respondents, and is asked only where 'loket' is 'ya' @ unit 0, 'antre'",
        ),
        (
            {"loket": "ya", "biaya": 5},
            "the answer is missing, and missing answers are refused @ unit 0, 'antre'",
        ),
        (
            {"loket": "ya", "antre": NOT_APPLICABLE, "biaya": 5},
            "not applicable is not allowed where it is asked; it is asked only where 'loket' is 'ya' "
            "@ unit 0, 'antre'",
        ),
        (
            {"biaya": 5},
            "the answer is missing, and whether other questions are asked depends on it @ unit 0, 'loket'",
        ),
        (
            {"loket": NOT_APPLICABLE, "biaya": 5},
            "not applicable is not allowed; only an optional criterion may be left out @ unit 0, 'loket'",
        ),
    ],
    ids=range(7),
)
def test_what_contradicts_a_condition_is_told_of_one_unit_and_of_many(answers, said):
    rows = [{"loket": "ya", "antre": 1, "biaya": 2}, answers]
    with pytest.raises(AnswerError) as caught:
        pelayanan.score(kiosk(), Answers.from_rows(rows))

    assert f"kios: {said.replace('unit 0', 'unit 1')}" == str(caught.value)
    with pytest.raises(AnswerError) as caught:
        pelayanan.score_one(kiosk(), answers)

    assert f"kios: {said}" == str(caught.value)


def test_an_answer_that_was_not_asked_for_is_told_with_a_code():
    with pytest.raises(AnswerError) as caught:
        pelayanan.score_one(kiosk(), {"loket": "tidak", "antre": 3, "biaya": 5})

    assert ["not-asked"] == [each.code for each in caught.value.problems]


def test_means_of_respondents_on_a_tie_are_decided_with_what_was_not_asked_left_out():
    yes_no = Scale(options=[Option("1", 1), Option("0", 0)])
    instrument = Instrument(
        id="x",
        criteria=[
            Indicator("ada", yes_no, scored=False),
            Indicator("nilai", Scale(low=0, high=1), asked_if=Condition("ada", 1)),
            Indicator("lain", Scale(low=0, high=1)),
        ],
        maximum=1,
        missing="exclude",
        rounding=Rounding(0),
    )
    counts = np.array([2, 0, 2])
    table = Answers.from_columns(
        {"ada": [1, 0, 1], "nilai": (np.array([1, 0, 0]), counts), "lain": (np.array([1, 1, 1]), counts + 2)},
        missing=0,
    )

    # (1/2 + 1/4) / 2 is 3/8; of the second only 1/2 is asked, which is a tie; the third has 1/8.
    assert [0, 1, 0] == pelayanan.score(instrument, table).total.tolist()
