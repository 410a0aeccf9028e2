import json
from fractions import Fraction
from importlib.metadata import version

import attrs
import pytest
from drawn import CARD, KIOSK, PRINTED, SCORED, TABLE, TABLES, mutated
from hypothesis import given, settings
from hypothesis import strategies as st

import pelayanan
from pelayanan import Answers, Scorecard, Scores, roll_up, score, score_one
from pelayanan import strategies as ps
from pelayanan.audit import Difference, Verification, verify
from pelayanan.errors import AnswerError, JsonError, PelayananError, ScoresError, UnknownError
from pelayanan.version import VERSION


def changed(value, *path, to) -> str:
    """The JSON of a value with one place changed."""
    table = json.loads(value.to_json())
    inner = table
    for key in path[:-1]:
        inner = inner[key]
    inner[path[-1]] = to
    return json.dumps(table)


def first(text: str, answers=TABLE, instrument=KIOSK) -> tuple[str, str, str, str]:
    found = verify(text, instrument, answers)
    assert not found.holds
    return attrs.astuple(found.difference)


# Results that hold, and where they do not.


@given(st.data())
@settings(max_examples=40)
def test_what_the_library_computed_holds(data):
    instrument = data.draw(ps.instruments(depth=2, members=3))
    table = data.draw(ps.tables(instrument, units=3))
    scores = score(instrument, table)
    unit = data.draw(st.sampled_from(scores.units.tolist()))

    assert Verification(
        "Scores", instrument.id, instrument.fingerprint, VERSION, len(scores), True
    ) == verify(scores.to_json(), instrument, table)
    assert verify(scores.card(unit).to_json(), instrument, table).holds


@given(st.data())
@settings(max_examples=40)
def test_a_card_of_other_answers_points_at_the_first_that_differs(data):
    instrument = data.draw(ps.instruments(depth=2, members=3, conditions=0, stages=0))
    one, other = data.draw(ps.answers(instrument)), data.draw(ps.answers(instrument))
    cards = [score_one(instrument, each) for each in (one, other)]
    found = verify(cards[0].to_json(), instrument, other)
    differing = [
        line.code
        for line, there in zip(cards[0].lines, cards[1].lines, strict=True)
        if (line.state, line.answer) != (there.state, there.answer)
    ]

    assert found.holds == (not differing)
    assert found.holds or found.difference.place.rpartition(".")[0] in {
        f"lines[{code!r}]" for code in differing
    }


@pytest.mark.parametrize(
    ("text", "difference"),
    [
        (changed(CARD, "total", to="84.34"), ("North", "total", "84.34", "84.33")),
        (changed(CARD, "exact", to="84"), ("North", "exact", "84", "253/3")),
        (changed(CARD, "zone", "code", to="B"), ("North", "zone")),
        (changed(CARD, "missing", to=["d2"]), ("North", "missing", '["d2"]', "null")),
        (changed(CARD, "lines", 1, "share", to="0.9"), ("North", "lines['d1'].share", "0.9", "0.85")),
        (
            changed(CARD, "lines", 2, "contribution", to="1"),
            ("North", "lines['d1.fees'].contribution", "1", "30"),
        ),
        (changed(CARD, "lines", 3, "answer", to="8"), ("North", "lines['d1.door'].answer", "8", "7")),
        (changed(CARD, "lines", 0, "code", to="**"), ("North", "lines")),
        (changed(SCORED, "total", 1, to="1.00"), ("South", "total", "1.00")),
        (changed(SCORED, "zone", 0, to=None), ("North", "zone", "null", "A")),
        (changed(SCORED, "total", to=["84.33"]), ("", "total", "1 entries", "3 entries")),
        (changed(SCORED, "zone", to=[]), ("", "zone", "0 entries", "3 entries")),
        (
            changed(SCORED, "units", 0, to="East"),
            ("", "units", '["East", "South", 3]', '["North", "South", 3]'),
        ),
        (
            changed(SCORED, "answers", "columns", "u1", "values", 1, to="9"),
            ("South", "answers['d1.door']", "9", "10"),
        ),
        (
            changed(SCORED, "answers", "units", 0, to="East"),
            ("", "units", '["East", "South", 3]', '["North", "South", 3]'),
        ),
    ],
)
def test_the_first_difference_is_pointed_at(text, difference):
    assert difference == first(text)[: len(difference)]


def test_questions_are_compared_before_what_is_made_of_them():
    table = json.loads(changed(CARD, "lines", 1, "share", to="0.9"))
    table["lines"][3]["share"] = "0.8"

    assert ("North", "lines['d1.door'].share", "0.8", "0.7") == first(json.dumps(table))


def test_an_institution_is_computed_again_from_its_units():
    cities = roll_up(roll_up(SCORED, [1, 2, 2]), ["x", "x"])

    assert verify(cities.to_json(), KIOSK, TABLE).holds
    assert ("x", "total", "1.00", str(cities.card("x").total)) == first(
        changed(cities, "total", 0, to="1.00")
    )
    assert ("1", "zone", "C", "A") == first(changed(cities, "members", "zone", 0, to="C"))
    assert ("North", "total") == first(changed(cities, "members", "members", "total", 0, to="1.00"))[:2]


def test_the_answers_of_one_unit_may_be_given_by_code():
    answers = {"d1.fees": "ada", "d1.door": 7, "d2": 3}
    scores = score(KIOSK, Answers.from_rows([answers], units=["North"]), absent="missing")

    assert verify(scores.to_json(), KIOSK, answers).holds
    assert verify(score_one(KIOSK, answers, "North").to_json(), KIOSK, answers).holds


def test_a_unit_without_a_score_is_computed_again():
    edition = attrs.evolve(
        KIOSK,
        missing="exclude",
        criteria=[attrs.evolve(each, missing="") for each in KIOSK.criteria.values()],
    )
    table = Answers.from_columns({code: [None] for code in ("d1.fees", "d1.door", "d2", "d3")})
    scores = score(edition, table)

    assert verify(scores.to_json(), edition, table).holds
    assert verify(scores.card(0).to_json(), edition, table).holds


def test_an_answer_that_is_none_is_shown():
    said = changed(SCORED, "answers", "columns", "d1.fees", "values", 0, to={"respondents": 0})
    wrong = changed(SCORED, "answers", "columns", "d3", to={"type": "float64", "values": ["inf", "30", "6"]})

    assert ("North", "answers['d1.fees']", '{"respondents": 0}', "ada") == first(said)
    assert ("North", "answers['d3']", "inf", "5.5") == first(wrong)


@pytest.mark.parametrize("value", [CARD, SCORED], ids=["card", "scores"])
def test_a_result_tells_its_version_which_is_not_compared(value):
    table = json.loads(value.to_json())
    older = json.dumps(table | {"version": "0.0.1"})
    del table["version"]

    assert ("0.0.1", True) == (verify(older, KIOSK, TABLE).version, verify(older, KIOSK, TABLE).holds)
    assert ("", True) == (
        verify(json.dumps(table), KIOSK, TABLE).version,
        verify(json.dumps(table), KIOSK, TABLE).holds,
    )


def test_the_version_is_that_of_the_package():
    assert version("pelayanan") == VERSION


def test_a_difference_and_a_verification_come_back_from_their_json():
    found = verify(changed(CARD, "total", to="84.34"), KIOSK, TABLE)

    assert Difference("North", "total", "84.34", "84.33") == found.difference
    assert found == Verification.from_json(found.to_json())


# Hostile results, and messages.


@pytest.mark.parametrize("kind", [Scores, Scorecard])
@given(data=st.data())
@settings(max_examples=150)
def test_mutated_results_give_an_answer_or_the_error_of_the_library(kind, data):
    table = data.draw(st.sampled_from(TABLES[kind]).flatmap(mutated))
    try:
        found = verify(json.dumps(table), KIOSK, TABLE)
    except PelayananError as error:
        found = error

    assert str(found)


@given(
    st.text()
    | st.recursive(
        st.none() | st.integers() | st.text(max_size=3),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(max_size=3), inner),
        max_leaves=4,
    ).map(json.dumps)
)
def test_arbitrary_texts_are_refused(text):
    with pytest.raises(JsonError):
        verify(text, KIOSK, TABLE)


OTHER = attrs.evolve(KIOSK, maximum=110)


@pytest.mark.parametrize(
    ("text", "instrument", "answers", "kind", "said"),
    [
        (
            CARD.to_json(),
            OTHER,
            TABLE,
            ScoresError,
            f"the result was made by 'kios-2024' with the fingerprint '{KIOSK.fingerprint[:12]}'..., and 'kios-2024' has "
            f"'{OTHER.fingerprint[:12]}'...; verify it with the instrument that made it",
        ),
        (
            SCORED.to_json(),
            OTHER,
            TABLE,
            ScoresError,
            f"the result was made by 'kios-2024' with the fingerprint '{KIOSK.fingerprint[:12]}'..., and 'kios-2024' has "
            f"'{OTHER.fingerprint[:12]}'...; verify it with the instrument that made it",
        ),
        (
            PRINTED.to_json(),
            KIOSK,
            TABLE,
            ScoresError,
            "the result was made of printed totals, which cannot be computed again from answers; see pelayanan.audit.reconcile",
        ),
        (
            roll_up(SCORED, ["x", "x", "y"]).card("x").to_json(),
            KIOSK,
            TABLE,
            ScoresError,
            "the card of 'x' has no lines, as it is of an institution or of a printed total; verify the scores of the units",
        ),
        (
            KIOSK.zones.to_json(),
            KIOSK,
            TABLE,
            JsonError,
            "result: expected the JSON of Scores or of a Scorecard, found that of a 'Zones' @ kind",
        ),
        (
            "{}",
            KIOSK,
            TABLE,
            JsonError,
            "result: expected the JSON of Scores or of a Scorecard, found that of a 'nothing' @ kind",
        ),
        ("5", KIOSK, TABLE, JsonError, "JSON: expected an object, not a number"),
        (
            changed(CARD, "total", to=1),
            KIOSK,
            TABLE,
            JsonError,
            "Scorecard: expected a text, not a number @ total",
        ),
        (
            changed(SCORED, "total", to=1),
            KIOSK,
            TABLE,
            JsonError,
            "Scores: expected a list, not a number @ total",
        ),
        (
            changed(CARD, "unit", to="Nort"),
            KIOSK,
            TABLE,
            UnknownError,
            "there is no unit 'Nort'; did you mean 'North'?",
        ),
        (CARD.to_json(), KIOSK, {}, AnswerError, "kios-2024: there are no answers"),
        (
            SCORED.to_json(),
            KIOSK,
            {"d9": 1},
            AnswerError,
            "kios-2024: there is no indicator 'd9'; known are 'd1.fees', 'd1.door', 'u1', 'd2', 'd3' @ column 'd9'",
        ),
    ],
    ids=range(12),
)
def test_what_cannot_be_verified_is_refused(text, instrument, answers, kind, said):
    with pytest.raises(kind) as caught:
        verify(text, instrument, answers)

    assert said == str(caught.value)


def test_both_fingerprints_are_told():
    with pytest.raises(ScoresError) as caught:
        verify(CARD.to_json(), OTHER, TABLE)

    assert ("other-instrument", {"said": KIOSK.fingerprint, "found": OTHER.fingerprint}) == (
        caught.value.code,
        caught.value.values,
    )


def test_the_card_that_is_changed_here_is_right_by_hand():
    # 60 x (1 + 0.7) / 2 and 40 x 10 / 3 / 4.
    assert Fraction(253, 3) == pelayanan.Scorecard.from_json(CARD.to_json()).exact
