from collections import Counter
from fractions import Fraction
from itertools import product
from typing import Any

import attrs
import numpy as np
import pytest
from drawn import KIOSK, LIKERT, TABLE, WALK, crosswalks
from hypothesis import event, given
from hypothesis import strategies as st

import pelayanan
from pelayanan import (
    MISSING,
    NOT_APPLICABLE,
    Answers,
    Condition,
    Group,
    Indicator,
    Instrument,
    Option,
    Rounding,
    Scale,
    score,
    score_one,
)
from pelayanan import strategies as ps
from pelayanan.answers import State, mean_of
from pelayanan.carrying import carry
from pelayanan.crosswalk import Link, crosswalk
from pelayanan.errors import AnswerError
from pelayanan.losses import REASONS

LOAD = pelayanan.load
PLAIN = {"depth": 2, "members": 3}


def made(*indicators: Indicator, **fields: Any) -> Instrument:
    """An instrument of one family with some questions."""
    about: dict[str, Any] = {"maximum": 100, "missing": "exclude", "rounding": Rounding(2)}
    return Instrument(**{"id": "x", "criteria": indicators, **about, **fields})


def cells(answers: Answers, code: str) -> list[Any]:
    return [answers.at(row, code) for row in range(len(answers))]


def state(cell: Any) -> Any:
    return cell if isinstance(cell, State) else "answered"


# Published figures


def test_the_levels_of_2023_are_those_of_2024():
    before, after = LOAD("spbe-2023"), LOAD("spbe-2024")
    levels = {each.code: 1 + place % 5 for place, each in enumerate(before.indicators)}
    found = carry(levels, crosswalk(before, after))

    assert (47, (), ()) == (len(found.losses.kept), found.losses.asked_again, found.losses.dropped)
    assert levels == found.answers
    assert score_one(before, levels).exact == score_one(after, found.answers).exact


def test_a_level_of_safety_becomes_a_count_where_that_is_certain():
    walk = crosswalk(LOAD("ombudsman-2022"), LOAD("ombudsman-2023"))
    code = "input.sarana_prasarana.keamanan_keselamatan"
    table = Answers.from_columns({code: ["0", "1", "2", "3"]}, units=["A", "B", "C", "D"])
    found = carry(table, walk, absent="missing")
    (line,) = [each for each in found.losses.asked_again if each.code == code]

    assert ["0", MISSING, MISSING, MISSING] == cells(found.answers, code)
    assert (("no-answer", "several-answers"), ("B", "C", "D")) == (line.reasons, line.units)
    assert 30 == len(found.losses.kept)


def test_the_variables_of_2023_are_carried_as_far_as_they_are_pruned_to():
    variables = [each.code for each in LOAD("ombudsman-2024").indicators]
    before = LOAD("ombudsman-2023")
    points = {"input.kompetensi_pelaksana": "86.15"}
    found = carry(points, crosswalk(before.pruned(at=variables), LOAD("ombudsman-2024")))

    assert points == {code: str(float(cell)) for code, cell in found.answers.items()}
    assert variables == [each.code for each in found.losses.kept]


def test_no_answer_of_2024_says_what_is_asked_in_2025():
    losses = crosswalk(LOAD("ombudsman-2024"), LOAD("ombudsman-2025")).losses

    assert [6, 6] == [len(losses.asked_again), len(losses.dropped)]


# By thought


def test_what_became_of_a_table_is_told_by_question_and_unit():
    found = carry(TABLE, WALK)
    lines = {(each.outcome, each.code): (each.of, each.reasons, each.units) for each in found.losses.lines}

    assert {
        ("asked_again", "d1"): (("d1.fees", "d1.door"), ("partly-answered",), (3,)),
        ("asked_again", "d2"): (("d2",), ("not-applicable",), ("South",)),
        ("asked_again", "d2b"): (("d2",), ("not-applicable",), ("South",)),
        ("asked_again", "d4"): (("d3",), ("intersects",), ()),
        ("dropped", "d3"): (("d4",), (), ()),
    } == lines
    assert [Fraction("0.775"), Fraction("0.75"), MISSING] == cells(found.answers, "d1")
    assert [Fraction(20, 3), MISSING, 8] == cells(found.answers, "d2")
    assert [Fraction(10, 3), MISSING, 4] == cells(found.answers, "d2b")
    assert [MISSING] * 3 == cells(found.answers, "d4")
    assert ["North", "South", 3] == found.answers.units.tolist()


def test_means_keep_their_respondents():
    before, after = made(Indicator("a", Scale(low=1, high=4))), made(Indicator("a", Scale(low=0, high=100)))
    table = Answers.from_columns({"a": (np.array([34, 3]), np.array([10, 1]))})
    found = carry(table, crosswalk(before, after)).answers

    assert [(mean_of(850, 10), 10), (mean_of(75, 1), 1)] == [(each, each.count) for each in cells(found, "a")]
    assert 850 == cells(found, "a")[0].total


def test_sums_over_respondents_stay_as_they_are():
    walk = crosswalk(KIOSK, KIOSK)
    column = carry(TABLE, walk).answers.columns["d2"]

    assert TABLE.columns["d2"] is column


def test_a_mean_of_too_few_is_carried_for_the_next_edition_to_judge():
    few = {"scale": LIKERT, "least_respondents": 5}
    before = made(Indicator("a", **few), Indicator("b", **few))
    after = made(Indicator("a", LIKERT), Indicator("b", Scale(low=0, high=8), least_respondents=2))
    table = Answers.from_columns({code: (np.array([9]), np.array([3])) for code in "ab"})
    found = carry(table, crosswalk(before, after)).answers

    assert [(3, 3), (6, 3)] == [(found.at(0, code), found.at(0, code).count) for code in "ab"]


def test_a_mean_becomes_the_option_of_its_worth():
    scale = Scale(options=[Option("A", 1), Option("2", "1/2")])
    before, after = made(Indicator("a", Scale(low=0, high=4))), made(Indicator("a", scale))
    table = Answers.from_columns({"a": (np.array([8, 4, 3]), np.array([2, 2, 2]))})
    found = cells(carry(table, crosswalk(before, after)).answers, "a")

    assert ["A", 2, MISSING] == found
    assert 2 == found[1].count


def test_a_number_beside_a_mean_of_the_same_worth_stays_a_number():
    before = made(Indicator("a", Scale(low=0, high=4)))
    after = made(Indicator("a", Scale(anchors=[(0, 0), (4, 1)])))
    table = Answers.from_columns({"a": [mean_of(34, 10), Fraction("3.4"), mean_of(17, 5)]})
    found = cells(carry(table, crosswalk(before, after)).answers, "a")

    assert [(Fraction("3.4"), 10), (Fraction("3.4"), None), (Fraction("3.4"), 5)] == [
        (each, getattr(each, "count", None)) for each in found
    ]


def test_questions_on_the_same_scales_are_carried_alike():
    before, after = (made(*(Indicator(code, Scale(low=0, high=high)) for code in "ab")) for high in (4, 100))
    found = carry({"a": 3, "b": "3"}, crosswalk(before, after))

    assert {"a": 75, "b": 75} == found.answers
    assert ["a", "b"] == [each.code for each in found.losses.mapped]


def test_the_answer_itself_stands_where_several_are_worth_the_same():
    before, after = (made(Indicator("a", Scale(of=of, full=5))) for of in (10, 12))
    found = carry(Answers.from_columns({"a": [7, 2]}), crosswalk(before, after))

    assert [7, 2] == cells(found.answers, "a")


def test_tokens_are_read_by_the_edition_that_has_them():
    tokens = {"NA": "not_applicable", "99": "missing"}
    before = made(Indicator("a", Scale(low=0, high=4), optional=True), tokens=tokens)
    walk = crosswalk(before, made(Indicator("a", Scale(low=0, high=4), optional=True)))
    objects = Answers.from_columns({"a": ["NA", "99", "3", 99, None]})
    numbers = Answers.from_columns({"a": np.array([99, 3], dtype=np.int8)})

    assert [NOT_APPLICABLE, MISSING, "3", MISSING, MISSING] == cells(carry(objects, walk).answers, "a")
    assert [MISSING, 3] == cells(carry(numbers, walk).answers, "a")


def test_codes_for_states_in_columns_of_integers_stay():
    columns = {"a": np.array([3, -1, -2], dtype=np.int8)}
    table = Answers.from_columns(columns, missing=-1, not_applicable=-2)
    before = made(Indicator("a", Scale(low=0, high=4), optional=True))
    strict = made(Indicator("a", Scale(low=0, high=4)))
    same, other = (carry(table, crosswalk(before, after)) for after in (before, strict))

    assert table.columns["a"] is same.answers.columns["a"]
    assert [3, MISSING, MISSING] == cells(other.answers, "a")
    assert [(("not-applicable",), (2,))] == [(each.reasons, each.units) for each in other.losses.asked_again]
    assert [100.0 * 3 / 4] == score(strict, other.answers).total[:1].tolist()


def test_what_was_not_asked_and_is_now_must_be_asked():
    question = Indicator("b", Scale(low=0, high=4), optional=True)
    before = made(
        Indicator("a", Scale(low=0, high=1)),
        attrs.evolve(question, optional=False, asked_if=Condition("a", 1)),
    )
    after = made(Indicator("a", Scale(low=0, high=1)), question)
    table = Answers.from_columns({"a": [1, 0, 0, 1], "b": [3, None, NOT_APPLICABLE, None]})
    strict = made(Indicator("a", Scale(low=0, high=1)), attrs.evolve(question, optional=False))
    found, other = (carry(table, crosswalk(before, each)) for each in (after, strict))

    assert [3, MISSING, NOT_APPLICABLE, MISSING] == cells(found.answers, "b")
    assert [(("not-asked",), (1,))] == [(each.reasons, each.units) for each in found.losses.asked_again]
    assert [3, MISSING, MISSING, MISSING] == cells(other.answers, "b")
    assert [(("not-asked",), (1, 2))] == [(each.reasons, each.units) for each in other.losses.asked_again]


def test_an_answer_to_what_is_not_asked_any_more_is_dropped():
    plain = [Indicator("a", Scale(low=0, high=1)), Indicator("b", Scale(low=0, high=4))]
    after = made(plain[0], attrs.evolve(plain[1], asked_if=Condition("a", 1)))
    table = Answers.from_columns({"a": [1, 0, 0], "b": [3, 2, None]})
    found = carry(table, crosswalk(made(*plain), after))

    assert [3, MISSING, MISSING] == cells(found.answers, "b")
    assert ((), ["b"]) == (found.losses.asked_again, [each.code for each in found.losses.dropped])
    assert (("not-asked-now",), (1,), ("b",)) == (
        found.losses.dropped[0].reasons,
        found.losses.dropped[0].units,
        found.losses.dropped[0].of,
    )
    assert [87.5, 0, 0] == score(after, found.answers).total.tolist()


def test_an_answer_stays_while_it_is_open_whether_it_is_asked():
    before = made(Indicator("a", Scale(low=0, high=3)), Indicator("b", Scale(low=0, high=4)))
    after = made(Indicator("a", Scale(of=1, full=1)), attrs.evolve(before["b"], asked_if=Condition("a", 1)))
    found = carry(Answers.from_columns({"a": [1, 0, 3], "b": [4, 4, 4]}), crosswalk(before, after))

    assert [MISSING, 0, 1] == cells(found.answers, "a")
    assert [4, MISSING, 4] == cells(found.answers, "b")
    assert [("a", (0,))] == [(each.code, each.units) for each in found.losses.asked_again]
    assert [("b", (1,))] == [(each.code, each.units) for each in found.losses.dropped]


def test_what_depends_on_what_is_open_is_open_too():
    first, last = Indicator("a", Scale(low=0, high=3)), Indicator("a", Scale(of=1, full=1))
    others = [
        Indicator("b", Scale(low=0, high=4), asked_if=Condition("a", 1)),
        Indicator("c", Scale(low=0, high=4), asked_if=Condition("b", 4)),
    ]
    columns = {"a": [1, 0, 2, 1], "b": [4, None, None, 3], "c": [2, None, None, None]}
    found = carry(Answers.from_columns(columns), crosswalk(made(first, *others), made(last, *others)))

    assert [[MISSING, 0, MISSING, MISSING], [4, MISSING, MISSING, 3], [2, MISSING, MISSING, MISSING]] == [
        cells(found.answers, code) for code in "abc"
    ]
    assert [
        ("a", ("no-answer",), (0, 2, 3)),
        ("b", ("not-asked",), (2,)),
        ("c", ("not-asked",), (2,)),
    ] == [(each.code, each.reasons, each.units) for each in found.losses.asked_again]
    assert () == found.losses.dropped


YES_NO = Scale(options=[Option("ya", 1), Option("tidak", 0)])


@pytest.mark.parametrize("said", [{}, {"p": None}, {"p": NOT_APPLICABLE}])
def test_what_a_new_question_may_open_is_told_with_it(said):
    before = made(Indicator("q", YES_NO), Indicator("p", YES_NO, asked_if=Condition("q", "ya")))
    after = made(
        before["q"],
        Indicator("t", YES_NO),
        Indicator("p", YES_NO, asked_if=Condition("t", "ya")),
        missing="refuse",
    )
    found = carry({"q": "tidak"} | said, crosswalk(before, after))

    assert {"q": "tidak", "t": MISSING, "p": MISSING} == found.answers
    assert [("t", ("no-link",)), ("p", ("not-asked",))] == [
        (each.code, each.reasons) for each in found.losses.asked_again
    ]
    assert 100 == score_one(after, {"q": "ya", "t": "ya", "p": "ya"}).total
    assert 0 == score_one(after, {"q": "tidak", "t": "tidak"}).total


def test_what_did_not_apply_and_may_come_to_be_asked_is_told():
    before = made(Indicator("p", YES_NO, optional=True))
    after = made(Indicator("t", YES_NO), Indicator("p", YES_NO, asked_if=Condition("t", "ya")))
    found = carry({"p": NOT_APPLICABLE}, crosswalk(before, after))

    assert {"t": MISSING, "p": MISSING} == found.answers
    assert [("t", ("no-link",)), ("p", ("not-applicable",))] == [
        (each.code, each.reasons) for each in found.losses.asked_again
    ]


def test_what_hangs_on_what_is_not_asked_any_more_is_not_asked_either():
    before = made(*(Indicator(code, YES_NO) for code in "qxp"))
    hanging = [Indicator(code, YES_NO, asked_if=Condition(above, "ya")) for code, above in ("xq", "px")]
    found = carry({"q": "tidak", "x": "ya", "p": "ya"}, crosswalk(before, made(before["q"], *hanging)))

    assert {"q": "tidak", "x": MISSING, "p": MISSING} == found.answers
    assert ((), ["x", "p"]) == (found.losses.asked_again, [each.code for each in found.losses.dropped])


def test_what_is_not_asked_whatever_is_answered_again_is_dropped():
    before = made(Indicator("d", YES_NO), Indicator("p", YES_NO))
    both = [Condition("t", "ya"), Condition("d", "ya")]
    after = made(before["d"], Indicator("t", YES_NO), Indicator("p", YES_NO, asked_if=both))
    found = carry(Answers.from_columns({"d": ["ya", "tidak"], "p": ["ya", "ya"]}), crosswalk(before, after))

    assert ["ya", MISSING] == cells(found.answers, "p")
    assert [("t", ()), ("p", (1,))] == [
        (each.code, each.units) for each in (*found.losses.asked_again, *found.losses.dropped)
    ]


def test_of_parts_that_are_not_asked_any_more_only_what_was_answered_is_dropped():
    parts = [Indicator(code, Scale(low=0, high=4)) for code in "abd"]
    whole = Indicator("c", Scale(low=0, high=4), asked_if=Condition("d", 1))
    link = Link(["a", "b"], "subset", "c", weights={"a": "0.5", "b": "0.5"})
    table = Answers.from_columns({"a": [None, 3], "b": [4, 1], "d": [0, 0]})
    walk = crosswalk(made(*parts), made(parts[2], whole), [link])
    found = carry(table, walk).losses.dropped
    unnamed = carry({"b": 4, "d": 0}, walk).losses.dropped

    assert [("a", (1,)), ("b", ())] == [(each.code, each.units) for each in found]
    assert ["b"] == [each.code for each in unnamed]


def test_a_new_question_is_to_be_asked_only_where_it_is_asked():
    before = made(Indicator("a", Scale(low=0, high=1)))
    after = made(before["a"], Indicator("b", Scale(low=0, high=4), asked_if=Condition("a", 1)))
    walk = crosswalk(before, after)
    some = carry(Answers.from_columns({"a": [1, 0]}), walk).losses.asked_again
    none = carry({"a": 0}, walk).losses.asked_again

    assert [("b", ("no-link",), (0,))] == [(each.code, each.reasons, each.units) for each in some]
    assert [("b", ("no-link", "not-asked-now"), ())] == [
        (each.code, each.reasons, each.units) for each in none
    ]


def test_parts_that_do_not_apply_make_a_whole_that_does_not():
    parts = [Indicator(code, Scale(low=0, high=4), optional=True) for code in "ab"]
    after = made(Indicator("c", Scale(low=0, high=100), optional=True))
    walk = crosswalk(made(*parts), after, [Link(["a", "b"], "subset", "c", weights={"a": "1/3", "b": "2/3"})])
    columns = {
        "a": [NOT_APPLICABLE, NOT_APPLICABLE, None, 4, NOT_APPLICABLE],
        "b": [NOT_APPLICABLE, 4, None, 1, None],
    }
    found = carry(Answers.from_columns(columns), walk)

    assert [NOT_APPLICABLE, MISSING, MISSING, 50, MISSING] == cells(found.answers, "c")
    assert [(("partly-answered",), (1,))] == [(each.reasons, each.units) for each in found.losses.asked_again]


def test_a_split_question_is_dropped_only_where_none_of_its_parts_is_asked():
    before = made(Indicator("a", Scale(low=0, high=1)), Indicator("b", Scale(low=0, high=4)))
    asked = {"asked_if": Condition("a", 1)}
    after = made(
        before["a"], Indicator("c", Scale(low=0, high=2), **asked), Indicator("d", Scale(low=0, high=8))
    )
    halves = Link("b", "superset", ["c", "d"], weights={"c": "1/2", "d": "1/2"})
    table = Answers.from_columns({"a": [0, 1], "b": [1, 3]})
    kept = carry(table, crosswalk(before, after, [halves]))
    both = attrs.evolve(after, criteria=[*after.indicators[:2], attrs.evolve(after["d"], **asked)])
    gone = carry(table, crosswalk(before, both, [halves]))

    assert ([MISSING, Fraction(3, 2)], [2, 6]) == (cells(kept.answers, "c"), cells(kept.answers, "d"))
    assert () == kept.losses.dropped
    assert [("b", ("c", "d"), (0,))] == [(each.code, each.of, each.units) for each in gone.losses.dropped]


def test_answers_under_an_alias_arrive_under_the_code():
    before = made(Indicator("a", Scale(low=0, high=4), aliases="u1"))

    assert {"a": 3} == carry({"u1": 3}, crosswalk(before, before)).answers


def test_what_was_ignored_stays_beside_the_answers():
    table = Answers.from_columns({"a": [3], "city": ["Kupang"]}, ignore=["city"])
    before = made(Indicator("a", Scale(low=0, high=4)))

    assert ["Kupang"] == carry(table, crosswalk(before, before)).answers.ignored["city"].tolist()


def test_a_column_that_is_absent_is_missing_where_that_is_said():
    before = made(*(Indicator(code, Scale(low=0, high=4)) for code in "ab"))
    after = made(Indicator("a", Scale(low=0, high=4)), Indicator("c", Scale(low=0, high=4)))
    walk = crosswalk(before, after, [Link(["a", "b"], "subset", "c", weights={"a": "0.5", "b": "0.5"})])
    found = carry(Answers.from_columns({"b": [3]}), walk, absent="missing")

    assert [MISSING, MISSING] == [found.answers.at(0, code) for code in "ac"]


def test_the_short_form_counts_what_became_of_the_questions():
    expected = "Carried(Losses('kios-2024' to 'kios-2025', 0 kept, 0 mapped, 0 split, 4 to be asked again, 1 dropped))"

    assert expected == repr(carry(TABLE, WALK))


# Properties


@given(ps.instruments(**PLAIN).flatmap(lambda each: st.tuples(st.just(each), ps.tables(each))))
def test_nothing_is_lost_along_an_identity(drawn):
    instrument, table = drawn
    found = carry(table, crosswalk(instrument, instrument))

    assert table == found.answers
    assert [each.code for each in instrument.indicators] == [each.code for each in found.losses.kept]
    assert len(found.losses.kept) == len(found.losses.lines)


@st.composite
def carriages(draw, **fields: Any):
    walk = draw(crosswalks(**fields))
    return walk, draw(ps.tables(walk.before))


@given(carriages())
def test_every_question_is_in_one_part_of_the_report(drawn):
    walk, table = drawn
    losses = carry(table, walk).losses
    after = [
        each.code for part in (losses.kept, losses.mapped, losses.split, losses.asked_again) for each in part
    ]
    going = {code for link in walk.links if link.carries for code in link.from_}
    whole = [each.code for each in losses.dropped if not each.units and each.code not in going]

    assert Counter(each.code for each in walk.after.indicators) == Counter(after)
    assert [each.code for each in walk.before.indicators if each.code not in going] == whole
    assert {reason for each in losses.lines for reason in each.reasons} <= set(REASONS)


@given(carriages())
def test_nothing_is_carried_twice(drawn):
    walk, table = drawn
    losses = carry(table, walk).losses
    once = Counter(code for each in (*losses.kept, *losses.mapped) for code in each.of)
    split = {each.of for each in losses.split}

    assert set(once.values()) <= {1}
    assert not {code for of in split for code in of} & set(once)


@given(carriages())
def test_shares_are_kept_exactly(drawn):
    walk, table = drawn
    found = carry(table, walk).answers
    for code, link in walk.by_target.items():
        scale = walk.after.tree.indicator(code).scale
        for row in range(len(table)) if link.carries else ():
            given_cells = [_read(walk.before, table.at(row, each)) for each in link.from_]
            cell = found.at(row, code)
            if isinstance(cell, State):
                continue
            parts = [link.weights[each] for each in link.from_] if len(link.from_) > 1 else [Fraction(1)]
            shares = [
                walk.before.tree.indicator(each).scale.share(c) for each, c in zip(link.from_, given_cells)
            ]
            event("a share")

            assert sum(w * share for w, share in zip(parts, shares)) == scale.share(cell)


def _read(instrument: Instrument, cell: Any) -> Any:
    return MISSING if isinstance(cell, str) and cell in instrument.tokens else cell


@given(carriages())
def test_what_is_missing_was_missing_or_is_to_be_asked_again_or_was_dropped(drawn):
    walk, table = drawn
    found = carry(table, walk)
    units = table.units.tolist()
    told = {each.code: each.units or units for each in found.losses.asked_again}
    told_dropped = {each.code: each.units or units for each in found.losses.dropped}
    for code in found.answers.columns:
        link = walk.by_target.get(code)
        for row, unit in enumerate(units):
            cell = found.answers.at(row, code)
            if unit in told.get(code, ()) and "not-asked-now" not in _reasons(found, code):
                assert cell is MISSING
            elif cell is MISSING and link is not None and link.carries:
                before = [_read(walk.before, table.at(row, each)) for each in link.from_]
                gone = all(
                    unit in told_dropped.get(each, ())
                    for each, c in zip(link.from_, before)
                    if c is not MISSING
                )
                splits = len(link.to) > 1

                assert MISSING in before or gone or splits


def _reasons(found: Any, code: str) -> tuple[str, ...]:
    (line,) = [each for each in found.losses.asked_again if each.code == code]
    return line.reasons


@given(carriages())
def test_one_unit_at_a_time_equals_all_at_once(drawn):
    walk, table = drawn
    together = carry(table, walk)
    again: dict[str, list[Any]] = {}
    for row, unit in enumerate(table.units.tolist()):
        rows = {code: [table.at(row, code)] for code in table.columns}
        alone = carry(Answers.from_columns(rows, units=[unit]), walk)
        single = carry({code: cell for code, (cell,) in rows.items()}, walk)

        assert [together.answers.at(row, code) for code in together.answers.columns] == [
            alone.answers.at(0, code) for code in alone.answers.columns
        ]
        assert dict(single.answers) == {code: alone.answers.at(0, code) for code in single.answers}
        assert single.losses == attrs.evolve(alone.losses)
        for each in alone.losses.asked_again:
            if "not-asked-now" not in each.reasons:
                again.setdefault(each.code, []).append(unit)
    units = table.units.tolist()
    found = {each.code: list(each.units or units) for each in together.losses.asked_again}

    assert again == {code: found[code] for code in again}
    assert all("not-asked-now" in _reasons(together, code) for code in found.keys() - again.keys())


@given(carriages(), st.randoms(use_true_random=False))
def test_the_order_of_units_does_not_matter(drawn, random):
    walk, table = drawn
    order = list(range(len(table)))
    random.shuffle(order)
    turned = Answers.from_columns(
        {code: [table.at(row, code) for row in order] for code in table.columns},
        units=[table.label(row) for row in order],
    )
    found, other = carry(table, walk), carry(turned, walk)

    assert {code: [found.answers.at(row, code) for row in order] for code in found.answers.columns} == {
        code: cells(other.answers, code) for code in other.answers.columns
    }
    assert [(each.code, each.outcome, each.reasons, set(each.units)) for each in found.losses.lines] == [
        (each.code, each.outcome, each.reasons, set(each.units)) for each in other.losses.lines
    ]


@st.composite
def next_editions(draw):
    """An instrument, the same with other scales, states and conditions, and a table of the first."""
    policies = ("zero", "lowest", "exclude")
    before = draw(ps.instruments(**PLAIN, policies=policies, rules=("weighted_mean",), stages=0))
    decisive = {each.criterion for held in before.tree.conditions.values() for each in held}
    criteria = []
    for each in before.criteria.values():
        if isinstance(each, Group):
            criteria.append(each)
            continue
        scale = each.scale
        if scale.form == "range" and each.code not in decisive and draw(st.booleans()):
            scale = Scale(low=scale.low * 2, high=scale.high * 2)
        asked = draw(st.sampled_from([each.asked_if, ()]))
        if criteria and isinstance(criteria[0], Indicator) and draw(st.booleans()):
            answer = draw(ps.responses(criteria[0].scale))
            asked = (Condition(criteria[0].code, [answer]),)
        criteria.append(attrs.evolve(each, scale=scale, optional=draw(st.booleans()), asked_if=asked))
    after = attrs.evolve(before, criteria=criteria, id="next")
    return crosswalk(before, after), draw(ps.tables(before))


@given(next_editions())
def test_carried_answers_score_where_nothing_is_to_be_asked_again(drawn):
    walk, table = drawn
    found = carry(table, walk)
    event(f"to be asked again: {bool(found.losses.asked_again)}, dropped: {bool(found.losses.dropped)}")

    assert found.losses.asked_again or len(score(walk.after, found.answers)) == len(table)


SHORT = (
    YES_NO,
    Scale(options=[Option("tidak", 0), Option("sebagian", "1/2"), Option("ya", 1)]),
    Scale(options=[Option("tidak", 0), Option("kurang", "1/2"), Option("hampir", "1/2")]),
)


@st.composite
def asking(draw, most: int):
    """A few questions, each with up to so many conditions on those before it."""
    found: list[Indicator] = []
    for code in draw(st.lists(st.sampled_from("pqrs"), unique=True, min_size=3)):
        about = [draw(st.sampled_from(found)) for _ in range(draw(st.integers(0, most)) if found else 0)]
        held = [Condition(each.code, draw(st.sampled_from(options(each)))) for each in about]
        scale = draw(st.sampled_from(SHORT))
        found.append(Indicator(code, scale, optional=draw(st.booleans()), asked_if=held))
    return made(*found)


def options(question: Indicator) -> list[str]:
    return [each.code for each in question.scale.options]


@st.composite
def rows(draw, edition: Instrument):
    """What one unit said, also nothing, or that it does not apply, where it may."""
    found: dict[str, Any] = {}
    for each in edition.indicators:
        if all(condition.holds(found[condition.criterion]) for condition in each.asked_if):
            states = [None, NOT_APPLICABLE] if each.optional else [None]
            found[each.code] = draw(st.sampled_from([*options(each), *states]))
        else:
            found[each.code] = draw(st.sampled_from([None, NOT_APPLICABLE]))
    return found


@st.composite
def turns(draw, most: int):
    """Two editions, and what one unit said to the first."""
    before, after = draw(asking(most)), draw(asking(most))
    return before, after, draw(rows(before))


def listed(found: Any) -> set[str]:
    return {each.code for each in found.losses.asked_again if "not-asked-now" not in each.reasons}


def ways(before: Instrument, after: Instrument, row: dict[str, Any]):
    """What must be asked again if all is asked, and the answers with each way to do so."""
    open_ = made(*(attrs.evolve(each, asked_if=()) for each in after.indicators))
    found = carry(Answers.from_rows([row]), crosswalk(before, open_))
    lost = sorted(listed(found))
    kept = {code: found.answers.at(0, code) for code in found.answers.columns}
    answers = product(*(options(after[code]) for code in lost))
    return set(lost), [kept | dict(zip(lost, each)) for each in answers]


@given(turns(1))
def test_what_is_asked_with_some_answers_to_what_is_asked_again_is_told_and_no_more(drawn):
    before, after, row = drawn
    lost, filled = ways(*drawn)
    asked = {code for way in filled for code in way.keys() - after.tree.unasked(way)}
    found = carry(Answers.from_rows([row]), crosswalk(before, after))
    answered = {code for code in filled[0] if not isinstance(found.answers.at(0, code), State)}
    event(f"not asked with some: {bool(lost - asked)}")

    assert lost & asked == listed(found)
    assert {code for code in asked - lost if not isinstance(filled[0][code], State)} == answered


@given(turns(2))
def test_of_several_conditions_nothing_that_may_be_asked_is_untold(drawn):
    before, after, row = drawn
    lost, filled = ways(*drawn)
    asked = {code for way in filled for code in way.keys() - after.tree.unasked(way)}

    assert lost & asked <= listed(carry(row, crosswalk(before, after)))


@given(turns(2))
def test_when_all_is_answered_that_was_told_nothing_is_lacking_but_what_was(drawn):
    before, after, row = drawn
    found = carry(row, crosswalk(before, after))
    unsaid = {code for code in row if row[code] is None} - before.tree.unasked(row)
    again = sorted(listed(found))
    for way in product(*(options(after[code]) for code in again)):
        given_cells = {**dict.fromkeys(after.criteria, MISSING), **found.answers, **dict(zip(again, way))}
        unasked = after.tree.unasked(given_cells)
        answers = {code: cell for code, cell in given_cells.items() if code not in unasked}

        assert {code for code, cell in answers.items() if cell is MISSING} <= unsaid
        assert score_one(after, answers).unit == 0


@given(carriages())
def test_carried_answers_are_on_the_scales_of_the_next_edition(drawn):
    walk, table = drawn
    found = carry(table, walk).answers
    wrong = [
        (code, cell)
        for code in found.columns
        for cell in cells(found, code)
        if not isinstance(cell, State) and walk.after.tree.indicator(code).scale.fault(cell)
        if cell not in walk.after.tokens
    ]

    assert not wrong


# Messages


def told(answers: Any, walk: Any, **fields: Any) -> str:
    with pytest.raises(AnswerError) as error:
        carry(answers, walk, **fields)
    return str(error.value)


def test_answers_to_the_edition_after_are_refused():
    walk = crosswalk(LOAD("ombudsman-2023"), LOAD("ombudsman-2024"))
    expected = "ombudsman-2023: these are answers to ombudsman-2024, and the crosswalk goes from ombudsman-2023 to it @ columns"

    assert expected == told({each.code: 80 for each in walk.after.indicators}, walk)


def test_answers_to_another_instrument_are_refused():
    walk = crosswalk(LOAD("ombudsman-2024"), LOAD("ombudsman-2025"))
    expected = (
        "ombudsman-2024 has 2 problems\n"
        "  there is no indicator 'u1'; known are 'input.kompetensi_pelaksana', 'input.sarana_prasarana', "
        "'proses.standar_pelayanan', 'output.persepsi_maladministrasi', 'output.indeks_kepuasan_masyarakat', "
        "'pengaduan.pengelolaan_pengaduan' @ column 'u1'\n"
        "  'input' is a group and has no answers of its own; see pruned(at=['input']) @ column 'input'"
    )

    assert expected == told({"u1": 3, "input": 80}, walk)


def test_answers_that_the_edition_before_refuses_are_not_carried():
    before = made(
        Indicator("a", Scale(low=0, high=4)),
        Indicator("b", LIKERT, asked_if=Condition("a", 1)),
        Indicator("c", Scale(low=0, high=4), optional=True),
    )
    walk = crosswalk(before, made(Indicator("a", Scale(low=0, high=8))))
    columns = {
        "a": [5, 0, 1, NOT_APPLICABLE],
        "b": [None, 3, 9, None],
        "c": [NOT_APPLICABLE, None, np.inf, "x"],
    }
    expected = (
        "x has 6 problems\n"
        "  the answer 5 is outside the scale 0 to 4; the nearest valid answer is 4 @ unit 0, 'a'\n"
        "  it has the answer 3, and is asked only where 'a' is 1 @ unit 1, 'b'\n"
        "  the answer 9 is outside the scale 1 to 4; the nearest valid answer is 4 @ unit 2, 'b'\n"
        "  the answer inf is not finite @ unit 2, 'c'\n"
        "  not applicable is not allowed; only an optional criterion may be left out @ unit 3, 'a'\n"
        "  the answer 'x' is not a number @ unit 3, 'c'"
    )

    assert expected == told(Answers.from_columns(columns), walk)


def test_of_many_mistakes_the_first_ten_are_told():
    walk = crosswalk(made(Indicator("a", Scale(low=0, high=4))), made(Indicator("a", LIKERT)))
    message = told(Answers.from_columns({"a": [7] * 12}), walk)

    assert "x has 12 problems" == message.splitlines()[0]
    assert "  and 2 more" == message.splitlines()[-1]
    assert 12 == len(message.splitlines())


def test_a_table_that_lacks_a_column_is_refused():
    before = made(*(Indicator(code, Scale(low=0, high=4)) for code in "ab"))
    expected = "x: the table has no column for 'b'; say absent='missing' if they were not asked @ columns"

    assert expected == told(Answers.from_columns({"a": [3]}), crosswalk(before, before))


def test_no_answers_at_all_are_refused():
    assert "kios-2024: there are no answers" == told({}, WALK)


@pytest.mark.parametrize("absent", ["refus", None, ["missing"]])
@pytest.mark.parametrize("answers", [TABLE, {"d2": 3}, {}, Answers.from_columns({"d2b": [3]})])
def test_what_says_nothing_of_columns_that_are_lacking_is_refused(answers, absent):
    expected = f"kios-2024: expected absent='refuse' or 'missing', not {absent!r}"

    assert expected == told(answers, WALK, absent=absent)
