import math
import pickle
from decimal import Decimal
from fractions import Fraction
from functools import partial
from unittest import mock

import attrs
import numpy as np
import oracle
import pytest
from drawn import LINEAR
from hypothesis import given, settings
from hypothesis import strategies as st
from refusing import error_text

import pelayanan
from pelayanan import (
    MISSING,
    NOT_APPLICABLE,
    Answers,
    Band,
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
from pelayanan.drafts import Draft
from pelayanan.errors import AnswerError, ScoresError, UnknownError
from pelayanan.strategies import instruments, roundings, tables, zones

NUMBERS = ("range", "count", "anchors", "steps")


def made(criteria, **fields):
    defaults = {"id": "kiosk", "maximum": 100, "missing": "exclude", "rounding": Rounding(2)}
    return Instrument(criteria=criteria, **(defaults | fields))


def rows_of(answers):
    return [{code: answers.at(row, code) for code in answers.columns} for row in range(len(answers))]


def left_open(given):
    """Stand for a draft that tells nothing, so that all is decided in whole numbers."""
    return Draft.empty(len(given.answers))


def in_whole_numbers(instrument, answers):
    """Return the scores of units of which floats tell nothing."""
    with mock.patch("pelayanan.scoring.drafted", left_open):
        return pelayanan.score(instrument, answers)


def assert_like_the_oracle(instrument, answers):
    scores = pelayanan.score(instrument, answers)
    assert in_whole_numbers(instrument, answers) == scores
    for row, each in enumerate(rows_of(answers)):
        exact = oracle.exact_total(instrument, each)
        if exact is None:
            assert math.isnan(scores.total[row])
            assert scores.zone[row] == -1
        else:
            assert float(oracle.rounded(exact, instrument.rounding)) == scores.total[row]
            assert oracle.zone(instrument, exact) == scores.zone[row]
            assert exact == scores.basis.exact(row)


# Published figures


def test_kota_kupang_is_the_mean_of_its_seven_offices():
    printed = ["88.03", "86.15", "82.4", "81.38", "80.43", "60.44", "75.05"]
    offices = Scores.of_totals(pelayanan.load("ombudsman-2022"), printed)
    city = pelayanan.roll_up(offices, by=["Kota Kupang"] * 7)

    assert [79.13] == city.total.tolist()
    assert Fraction("553.88") / 7 == city.exact("Kota Kupang")


def test_seven_weights_of_a_seventh_make_78_00_and_not_77_99():
    instrument = made([Indicator(f"i{i}", Scale(low=0, high=100), "1/7") for i in range(7)])
    instrument = attrs.evolve(instrument, rounding=Rounding(2, "down"))
    scores = pelayanan.score(instrument, Answers.from_columns({f"i{i}": [78.0] for i in range(7)}))

    assert [78.0] == scores.total.tolist()


@pytest.mark.parametrize(
    ("weight", "total"), [("1/9", "95.33"), ("0.1111", "95.32"), ("0.111", "95.23"), ("0.11", "94.37")]
)
def test_the_weight_form_of_a_satisfaction_survey_shows_in_the_second_decimal(weight, total):
    means = ["3.846", "3.769", "3.659", "3.956", "3.890", "3.846", "3.725", "3.769", "3.857"]
    items = [Indicator(f"u{i}", Scale(low=1, high=4), weight) for i in range(1, 10)]
    survey = made(items, missing="refuse", root=Group("*", rule="weighted_sum", weights=Weights(whole=1)))
    card = pelayanan.score_one(survey, {f"u{i}": mean for i, mean in enumerate(means, 1)})

    assert Decimal(total) == card.total


# Properties


@given(st.data())
def test_the_batch_is_the_oracle_on_any_instrument(data):
    instrument = data.draw(instruments())

    assert_like_the_oracle(instrument, data.draw(tables(instrument)))


def ties(rounding, bands, maximum):
    """Totals on which rounding or the zone turns."""
    steps = st.integers(0, int(maximum) * 10**rounding.decimals - 1)
    halves = steps.map(lambda step: Fraction(2 * step + 1, 2 * 10**rounding.decimals))
    grid = steps.map(lambda step: Fraction(step, 10**rounding.decimals))
    edges = [number for number, _ in bands.edges[0] if 0 <= number <= maximum]
    return st.one_of(halves, grid, st.sampled_from(edges)) if edges else st.one_of(halves, grid)


def nearby(value):
    near = float(value)
    exactly = [value] + ([near] if Fraction(repr(near)) == value else [])
    beside = [math.nextafter(near, 0), math.nextafter(near, 200), near + 1e-9]
    return st.sampled_from([*exactly, *(each for each in beside if each <= 100)])


@given(st.data())
def test_totals_on_a_tie_or_a_cut_off_and_just_beside_it_are_those_of_the_oracle(data):
    rounding = data.draw(roundings())
    bands = data.draw(zones())
    instrument = data.draw(
        instruments(
            forms=("range",),
            policies=("exclude",),
            rules=("weighted_mean",),
            conditions=0,
            rounding=st.just(rounding),
        )
    )
    criteria = [
        each if isinstance(each, Group) else attrs.evolve(each, scale=Scale(low=0, high=100))
        for each in instrument.criteria.values()
    ]
    instrument = attrs.evolve(instrument, criteria=criteria, maximum=100, zones=bands)
    columns = {each.code: [] for each in instrument.indicators}
    for _ in range(data.draw(st.integers(1, 8))):
        tie = data.draw(ties(rounding, bands, 100))
        for column in columns.values():
            column.append(data.draw(st.one_of(st.just(tie), st.just(MISSING), nearby(tie))))

    assert_like_the_oracle(instrument, Answers.from_columns(columns))


@given(
    members=st.integers(2, 9),
    split=st.booleans(),
    mode=st.sampled_from(["half_up", "half_even", "down"]),
    decide_on=st.sampled_from(["published", "exact"]),
    gaps=st.booleans(),
    kind=st.sampled_from([np.float64, np.float32, np.int8, np.int64]),
    seed=st.integers(0, 2**32 - 1),
)
def test_equal_weights_and_whole_answers_which_are_half_ties_are_those_of_the_oracle(
    members, split, mode, decide_on, gaps, kind, seed
):
    criteria = [Group("a"), Group("b")] if split else []
    criteria += [
        Indicator(f"{'ab'[i % 2]}.i{i}" if split else f"i{i}", Scale(low=0, high=4)) for i in range(members)
    ]
    bands = Zones([Band("C", below=50), Band("B", floor=50), Band("A", above="66.66")], decide_on)
    instrument = made(criteria, rounding=Rounding(1, mode), zones=bands)
    random = np.random.default_rng(seed)
    columns = {}
    for indicator in instrument.indicators:
        values = random.integers(0, 5, 40).astype(kind)
        if gaps:
            values[random.random(40) < 0.2] = np.nan if values.dtype.kind == "f" else -1
        columns[indicator.code] = values

    assert_like_the_oracle(instrument, Answers.from_columns(columns, missing=-1))


@given(
    counts=st.lists(st.integers(1, 200), min_size=1, max_size=6),
    seed=st.integers(0, 2**32 - 1),
    weight=st.sampled_from(["1/9", "0.111", "0.11"]),
    same=st.booleans(),
)
def test_survey_sums_and_counts_are_those_of_the_oracle(counts, seed, weight, same):
    survey = made(
        [Indicator(f"u{i}", Scale(low=1, high=4), weight) for i in range(9)],
        root=Group("*", rule="weighted_sum", weights=Weights(whole=1), rescale=True),
    )
    random = np.random.default_rng(seed)
    columns = {}
    for i in range(9):
        respondents = np.array(counts) if same else random.integers(1, 200, len(counts))
        columns[f"u{i}"] = (random.integers(respondents, 4 * respondents + 1), respondents)

    assert_like_the_oracle(survey, Answers.from_columns(columns))


@given(st.data())
def test_unrounded_totals_are_the_nearest_floats(data):
    instrument = data.draw(instruments(rounding=st.none(), forms=("range", "options")))

    assert_like_the_oracle(instrument, data.draw(tables(instrument)))


@given(st.data())
def test_one_unit_at_a_time_gives_the_same_as_all_at_once_in_any_order(data):
    instrument = data.draw(instruments())
    answers = data.draw(tables(instrument))
    order = data.draw(st.permutations(range(len(answers))))
    rows = rows_of(answers)
    together = pelayanan.score(instrument, Answers.from_rows([rows[row] for row in order], units=order))
    for row, each in enumerate(rows):
        card = pelayanan.score_one(instrument, each)

        assert card.exact == together.exact(row)
        assert (None if card.total is None else float(card.total)) == (
            None if math.isnan(together.total[order.index(row)]) else together.total[order.index(row)]
        )


@given(st.data())
def test_the_order_of_criteria_does_not_matter(data):
    instrument = data.draw(instruments())
    answers = data.draw(tables(instrument))
    shuffled = data.draw(st.permutations(list(instrument.criteria.values())))
    other = attrs.evolve(instrument, criteria=shuffled)

    assert pelayanan.score(instrument, answers) == pelayanan.score(other, answers)


@given(st.data(), st.integers(2, 97))
def test_the_unit_of_a_mean_s_weights_does_not_matter(data, by):
    instrument = data.draw(instruments(rules=("weighted_mean",)))
    scaled = [
        attrs.evolve(each, weight=None if each.weight is None else each.weight * by)
        for each in instrument.criteria.values()
    ]
    wholes = [
        attrs.evolve(each, weights=attrs.evolve(each.weights, whole=each.weights.whole * by))
        if isinstance(each, Group) and each.weights.whole is not None
        else each
        for each in [instrument.root, *scaled]
    ]
    other = attrs.evolve(instrument, root=wholes[0], criteria=wholes[1:])
    answers = data.draw(tables(instrument))

    assert pelayanan.score(instrument, answers) == pelayanan.score(other, answers)


@given(st.data())
def test_totals_lie_between_the_lowest_and_the_attainable(data):
    instrument = data.draw(instruments(policies=("lowest",), optional=False, conditions=0))
    scores = pelayanan.score(instrument, data.draw(tables(instrument)))
    for unit in scores.units[~np.isnan(scores.total)].tolist():
        assert instrument.lowest <= scores.exact(unit) <= instrument.attainable


@given(st.data())
def test_a_better_answer_never_gives_a_lower_total_or_zone(data):
    forms = ("range", "count", "anchors", "steps")
    instrument = data.draw(instruments(optional=False, forms=forms, conditions=0))
    rows = rows_of(data.draw(tables(instrument, units=1)))
    code = data.draw(st.sampled_from([each.code for each in instrument.indicators]))
    from pelayanan.strategies import responses

    indicator = instrument[code]
    pair = [data.draw(responses(indicator.scale)) for _ in range(2)]
    worse, better = sorted(pair, key=indicator.scale.share)
    scores = pelayanan.score(
        instrument, Answers.from_rows([rows[0] | {code: worse}, rows[0] | {code: better}])
    )

    assert scores.total[0] <= scores.total[1]
    if -1 not in scores.zone.tolist():
        assert scores.zone[0] <= scores.zone[1]


@given(st.data())
def test_contributions_add_up_to_the_exact_total_and_to_their_groups(data):
    instrument = data.draw(instruments())
    scores = pelayanan.score(instrument, data.draw(tables(instrument)))
    for row, unit in enumerate(scores.units.tolist()):
        card = scores.card(unit)
        rounding = {line.code: line.contribution for line in card.lines if line.state == "rounding"}
        for group in instrument.tree.groups:
            inner = [card[code].contribution for code in instrument.tree.combined[group.code]]
            if group.rule.linear is None or instrument.tree.undefined(group.code):
                assert inner == [None] * len(inner)
            else:
                assert card[group.code].contribution == sum(inner) + rounding.get(group.code, 0)
        assert (card.exact or 0) == card["*"].contribution
        for code in instrument.criteria:
            undefined = card.exact is None or card[code].contribution is None
            wanted = math.nan if undefined else float(card[code].contribution)
            found = scores.contribution(code)[row]

            assert math.isclose(wanted, found, abs_tol=1e-9) or (math.isnan(wanted) and math.isnan(found))


@given(st.data())
def test_points_of_every_criterion_are_those_of_its_card(data):
    instrument = data.draw(instruments())
    scores = pelayanan.score(instrument, data.draw(tables(instrument)))
    for code in instrument.criteria:
        points = scores.points(code)
        for row, unit in enumerate(scores.units.tolist()):
            wanted = scores.card(unit)[code].points

            assert (
                math.isnan(points[row]) if wanted is None else math.isclose(wanted, points[row], abs_tol=1e-9)
            )


@given(st.data(), st.sampled_from(["points", "share", "contribution"]))
def test_pruning_keeps_totals(data, of):
    instrument = data.draw(instruments(**LINEAR))
    answers = data.draw(tables(instrument))
    pruned = instrument.pruned(depth=1, of=of)
    scores = pelayanan.score(instrument, answers)
    for unit in scores.units[~np.isnan(scores.total)].tolist():
        card = scores.card(unit)
        unit_of = {"points": instrument.maximum, "share": 1}
        given_ = {}
        for each in pruned.indicators:
            share = card[each.code].share
            by = unit_of.get(of, instrument.maximum * instrument.effective_weights[each.code])
            given_[each.code] = share * by if share is not None else None
        left_out = [code for code, value in given_.items() if value is None]
        table = {
            code: value if value is not None else (NOT_APPLICABLE if pruned[code].optional else MISSING)
            for code, value in given_.items()
        }
        if any(table[code] is MISSING and pruned.tree.policy(code) != "exclude" for code in left_out):
            continue
        again = pelayanan.score_one(pruned, table)

        assert card.exact == again.exact
        assert card.total == again.total


# States


def kiosk(**fields):
    criteria = [
        Group("seen", weight=60),
        Indicator("seen.fees", Scale(low=0, high=10), 3),
        Indicator("seen.hours", Scale(low=0, high=10), 1, optional=True),
        Indicator("said", Scale(options=[Option("tidak", 0), Option("ya", 1), Option("?")]), 40),
    ]
    return made(criteria, **fields)


@pytest.mark.parametrize(("policy", "total"), [("exclude", "100.00"), ("zero", "55.00"), ("lowest", "59.50")])
def test_a_missing_answer_does_what_the_edition_says(policy, total):
    instrument = made(
        [Indicator("a", Scale(low=1, high=10), "45"), Indicator("b", Scale(low=0, high=10), "55")],
        missing=policy,
    )
    table = Answers.from_columns({"a": [np.nan], "b": [10.0]})
    card = pelayanan.score(instrument, table).card(0)

    assert Decimal(total) == card.total
    assert float(total) == pelayanan.score(instrument, table).total[0]
    assert ("a",) == card.missing
    assert policy == card.policies["a"]


def test_a_unit_with_nothing_answered_has_no_score_and_never_becomes_zero():
    scores = pelayanan.score(kiosk(), Answers.from_rows([{}, {"said": "ya"}]), absent="missing")

    assert [True, False] == np.isnan(scores.total).tolist()
    assert -1 == scores.zone[0]
    assert scores.exact(0) is None
    assert scores.card(0).total is None
    assert [3, 2] == scores.missing.tolist()


def test_what_is_not_applicable_is_left_out_under_every_policy():
    zero = kiosk(missing="zero")
    rows = [{"seen.fees": 5, "seen.hours": NOT_APPLICABLE, "said": "ya"}]
    rows.append({"seen.fees": 5, "seen.hours": MISSING, "said": "ya"})
    scores = pelayanan.score(zero, Answers.from_rows(rows))

    assert [70.0, 62.5] == scores.total.tolist()
    assert ("seen.hours",) == scores.card(0).not_applicable
    assert [0, 1] == scores.missing.tolist()


def test_tokens_of_the_edition_are_states_in_any_column():
    instrument = kiosk(tokens={"NA": "not_applicable", "-": "missing"})
    table = Answers.from_columns({"seen.fees": ["5", "-"], "seen.hours": ["NA", "5"], "said": ["ya", "NA"]})

    assert [70.0, 50.0] == pelayanan.score(instrument, table).total.tolist()
    assert [0, 1] == pelayanan.score(instrument, table).missing.tolist()


def test_below_the_least_part_of_answers_there_is_no_score():
    instrument = kiosk(root=Group("*", least_answered="2/3"))
    rows = [
        {"seen.fees": 5, "said": "ya"},
        {"seen.fees": 5},
        {"seen.fees": 5, "seen.hours": NOT_APPLICABLE, "said": "ya"},
        {"seen.fees": 5, "seen.hours": NOT_APPLICABLE},
    ]
    scores = pelayanan.score(instrument, Answers.from_rows(rows))

    assert [False, True, False, True] == np.isnan(scores.total).tolist()
    assert [scores.card(unit).total is None for unit in range(4)] == np.isnan(scores.total).tolist()
    assert 30.0 == scores.points("seen")[1] * 0.6


def test_unscored_indicators_are_collected_and_checked_only():
    instrument = made(
        [Indicator("a", Scale(low=0, high=10)), Indicator("b", Scale(low=0, high=10), scored=False)],
        missing="refuse",
    )
    good = Answers.from_columns({"a": [5.0, 5.0], "b": [9.0, np.nan]})

    assert [50.0, 50.0] == pelayanan.score(instrument, good).total.tolist()
    with pytest.raises(AnswerError) as error:
        pelayanan.score(instrument, Answers.from_columns({"a": [5.0], "b": [11.0]}))

    assert (
        "kiosk: the answer 11 is outside the scale 0 to 10; the nearest valid answer is 10 @ unit 0, 'b'"
        == str(error.value)
    )


def test_aliases_bring_answers_to_their_criterion():
    instrument = made([Indicator("u8", Scale(low=1, high=4), aliases="sarana")])

    assert [75.0] == pelayanan.score(instrument, Answers.from_columns({"sarana": [3]})).total.tolist()


# Kinds of columns


@given(st.lists(st.decimals(0, 100, places=2), min_size=1, max_size=20))
def test_every_kind_of_column_means_the_decimals_that_it_shows(values):
    instrument = made([Indicator("a", Scale(low=0, high=100)), Indicator("b", Scale(low=0, high=100))])
    texts = [str(value) for value in values]
    expected = pelayanan.score(instrument, Answers.from_columns({"a": texts, "b": texts}))
    kinds = [
        np.array(texts, dtype=np.float64),
        np.array(texts, dtype=np.float32),
        np.array(texts, dtype=np.longdouble),
        np.array(texts),
        list(values),
        [Fraction(text) for text in texts],
        np.ma.masked_array(np.array(texts, dtype=float), mask=np.zeros(len(texts))),
    ]
    for kind in kinds:
        assert expected == pelayanan.score(instrument, Answers.from_columns({"a": kind, "b": kinds[0]}))


@pytest.mark.parametrize("kind", [np.int8, np.int16, np.uint8, np.int32, np.int64, np.uint64])
def test_integer_columns_state_their_codes(kind):
    instrument = kiosk()
    columns = {
        "seen.fees": np.array([5, 99, 5], dtype=kind),
        "seen.hours": np.array([10, 10, 98], dtype=kind),
        "said": np.array(["ya", "ya", "ya"]),
    }
    table = Answers.from_columns(columns, missing=99, not_applicable=98)

    assert [77.5, 100.0, 70.0] == pelayanan.score(instrument, table).total.tolist()
    assert table.columns["seen.fees"].values.dtype == kind


def test_whole_numbers_beyond_floats_stay_exact():
    top = 2**60
    instrument = made([Indicator("a", Scale(low=0, high=top))], rounding=Rounding(2, "down"))
    table = Answers.from_columns({"a": np.array([top - 1, top])})

    assert [99.99, 100.0] == pelayanan.score(instrument, table).total.tolist()


def test_floats_with_long_decimals_are_decided_exactly():
    instrument = made([Indicator("a", Scale(low=0, high=100)), Indicator("b", Scale(low=0, high=100))])
    columns = {"a": [50.0123456789012, 50.005], "b": [49.9976543210988, 50.005]}
    table = Answers.from_columns(columns)

    assert_like_the_oracle(instrument, table)


def test_more_units_than_a_block_give_the_same_as_one_by_one():
    instrument = kiosk(zones=Zones([Band("C", below=50), Band("A", floor=50)]))
    random = np.random.default_rng(3)
    fees = random.integers(0, 11, 9000).astype(float)
    fees[::7] = np.nan
    said = np.array(["tidak", "ya", ""])[random.integers(0, 3, 9000)]
    columns = {"seen.fees": fees, "seen.hours": fees[::-1].copy(), "said": said}
    scores = pelayanan.score(instrument, Answers.from_columns(columns))
    for row in range(0, 9000, 500):
        part = {code: column[row : row + 1] for code, column in columns.items()}
        alone = pelayanan.score(instrument, Answers.from_columns(part))

        assert np.array_equal(alone.total, scores.total[row : row + 1], equal_nan=True)
        assert alone.zone[0] == scores.zone[row]


@settings(max_examples=15)
@given(
    seed=st.integers(0, 2**32 - 1), gaps=st.booleans(), value=st.sampled_from(["62.625", "0.005", "33.335"])
)
def test_blocks_that_are_all_ties_are_those_of_the_oracle(seed, gaps, value):
    criteria = []
    for group, weight in zip("abc", ["21.85", "45.78", "32.37"]):
        criteria.append(Group(group, weight=weight))
        criteria += [Indicator(f"{group}.i{i}", Scale(low=0, high=100), i + 1) for i in range(4)]
    instrument = made(criteria, zones=Zones([Band("B", below="62.63"), Band("A", floor="62.63")]))
    random = np.random.default_rng(seed)
    columns = {}
    for indicator in instrument.indicators:
        column = np.full(60, float(value))
        if gaps:
            column[random.random(60) < 0.1] = np.nan
        columns[indicator.code] = column

    assert_like_the_oracle(instrument, Answers.from_columns(columns))


def test_unlike_weights_of_many_digits_fall_back_to_fractions():
    weights = ["0.123456789012345678", "0.2", "0.676543210987654322"]
    instrument = made([Indicator(f"i{i}", Scale(low=0, high=100), w) for i, w in enumerate(weights)])
    table = Answers.from_columns({f"i{i}": [62.625, 12.005] for i in range(3)})

    assert_like_the_oracle(instrument, table)
    assert [62.63, 12.01] == pelayanan.score(instrument, table).total.tolist()


# Scores


def scored(**fields):
    rows = [{"seen.fees": 5, "seen.hours": 10, "said": "ya"}, {"seen.fees": 1, "said": "tidak"}]
    bands = Zones(
        [
            Band("merah", below=50, label="merah", colour="#c00"),
            Band("hijau", floor=50, label="hijau", colour="#0c0"),
        ]
    )
    instrument = kiosk(zones=bands, rollup="published", **fields)
    return pelayanan.score(instrument, Answers.from_rows(rows, units=["North", "South"]))


def test_columns_are_ready_for_a_data_frame():
    columns = scored().columns()

    assert ["unit", "total", "zone", "label", "colour", "seen", "said"] == list(columns)
    assert ["hijau", "merah"] == columns["zone"].tolist()
    assert ["#0c0", "#c00"] == columns["colour"].tolist()
    assert [62.5, 10.0] == columns["seen"].tolist()


def test_columns_of_printed_totals_hold_no_points():
    columns = Scores.of_totals(kiosk(), [50]).columns()

    assert ["unit", "total", "zone", "label", "colour"] == list(columns)
    assert [""] == columns["zone"].tolist()


def test_scores_print_as_a_short_table():
    assert "North     77.50  hijau  hijau\nSouth      6.00  merah  merah" == str(scored())


def test_long_scores_print_their_first_units_and_how_many_more():
    scores = Scores.of_totals(kiosk(), [*range(24), None])

    assert "... 5 more" == str(scores).splitlines()[-1]
    assert "0       0.00  -" == str(scores).splitlines()[0]


def test_a_unit_without_a_score_prints_dashes():
    assert "0         -  -" == str(Scores.of_totals(kiosk(), [None]))


def test_scores_are_values():
    scores = scored()

    assert "Scores('kiosk', 2 units)" == repr(scores)
    assert 2 == len(scores)
    assert scores == pickle.loads(pickle.dumps(scores))
    assert not pickle.loads(pickle.dumps(scores)).total.flags.writeable
    assert scores != scored(rounding=Rounding(1))
    assert (scores == 1) is False
    assert scores.fingerprint == scores.instrument.fingerprint
    with pytest.raises(TypeError, match="^unhashable type: 'Scores'$"):
        hash(scores)
    with pytest.raises(ValueError, match="^assignment destination is read-only$"):
        scores.total[0] = 1


def test_unknown_units_and_criteria_are_named_with_the_nearest():
    scores = scored()
    with pytest.raises(UnknownError) as unit:
        scores.card("Nort")
    with pytest.raises(UnknownError) as criterion:
        scores.points("seen.fee")

    assert "there is no unit 'Nort'; did you mean 'North'?" == str(unit.value)
    assert "kiosk has no criterion 'seen.fee'; did you mean 'seen.fees'?" == str(criterion.value)


def test_groups_that_are_not_scored_have_no_points():
    criteria = [
        Indicator("a", Scale(low=0, high=1)),
        Group("q"),
        Indicator("q.x", Scale(low=0, high=1), scored=False),
    ]
    scores = pelayanan.score(made(criteria), Answers.from_columns({"a": [1.0], "q.x": [1.0]}))
    with pytest.raises(ScoresError) as error:
        scores.points("q")

    assert "'q' is not scored and has no points" == str(error.value)
    assert ["unit", "total", "zone", "label", "colour", "a"] == list(scores.columns())


# Printed totals


def test_printed_totals_are_zoned_as_they_stand():
    scores = Scores.of_totals(pelayanan.load("ombudsman-2024"), ["31.98", 77.99, "78.00", np.float32(86.62)])

    assert ["E", "C", "B", "B"] == scores.columns()["zone"].tolist()
    assert not scores.undetermined.any()


def test_a_printed_total_at_a_cut_off_of_an_edition_that_decides_on_exact_totals_is_undetermined():
    bands = Zones([Band("Cukup", floor=0), Band("Baik", floor="2.6")], decide_on="exact")
    printed = ["2.59", "2.60", "2.61", None]
    half = Scores.of_totals(kiosk(zones=bands, maximum=5), printed)
    down = Scores.of_totals(kiosk(zones=bands, maximum=5, rounding=Rounding(2, "down")), printed)

    assert [False, True, False, False] == half.undetermined.tolist()
    assert [0, -1, 1, -1] == half.zone.tolist()
    assert [False] * 4 == down.undetermined.tolist()
    assert [0, 1, 1, -1] == down.zone.tolist()
    assert half.card(1).undetermined


@given(st.data(), roundings(most=2), zones(maximum=10))
def test_a_determined_printed_total_is_in_the_zone_of_every_total_that_is_printed_so(data, rounding, bands):
    instrument = kiosk(rounding=rounding, zones=bands, maximum=10)
    exact = data.draw(st.integers(0, 100_000)) / Fraction(10_000)
    printed = rounding.of(exact)
    scores = Scores.of_totals(instrument, [printed])
    if scores.undetermined[0]:
        assert -1 == scores.zone[0]
        low, high = rounding.cell(printed)
        grid = bands.grid(rounding)
        edges = [number for number, _ in bands.edges[0]]
        step = Fraction(1, 10 ** (grid.decimals if grid else 6))
        assert any(low - step <= edge <= high + step for edge in edges)
    else:
        assert oracle.zone(instrument, exact) == scores.zone[0]


def test_printed_totals_hold_nothing_but_themselves():
    scores = Scores.of_totals(kiosk(), [50])
    wanted = {
        "points of 'said'": lambda: scores.points("said"),
        "contribution of 'said'": lambda: scores.contribution("said"),
        "exact totals": lambda: scores.exact(0),
        "answers": lambda: scores.missing,
    }
    for what, ask in wanted.items():
        with pytest.raises(ScoresError) as error:
            ask()

        assert f"scores of kiosk that were made from printed totals hold no {what}" == str(error.value)


def test_totals_of_an_edition_that_does_not_round_are_exact():
    scores = Scores.of_totals(kiosk(rounding=None), ["1/3"])

    assert Fraction(1, 3) == scores.exact(0)
    assert Decimal("0.3333333333333333333333333333") == scores.card(0).total


def test_totals_that_cannot_have_been_published_are_refused():
    with pytest.raises(AnswerError) as error:
        Scores.of_totals(kiosk(), ["77.995", "x", np.inf, True])
    with pytest.raises(AnswerError) as empty:
        Scores.of_totals(kiosk(), [])

    assert (
        "kiosk has 4 problems\n"
        "  77.995 has more decimals than the 2 that are published @ total 0\n"
        "  expected a number, not 'x' @ total 1\n"
        "  expected a finite number, not inf @ total 2\n"
        "  expected a number, not True @ total 3" == str(error.value)
    )
    assert "kiosk: there are no totals" == str(empty.value)


# Bad input


refused = partial(error_text, AnswerError, pelayanan.score)


def test_answers_that_cannot_be_scored_are_named_with_unit_criterion_and_nearest_valid_one():
    columns = {
        "seen.fees": [12.0, np.inf, -np.inf, 5.0],
        "seen.hours": [1, 2, NOT_APPLICABLE, [1]],
        "said": ["y", "?", "ya", NOT_APPLICABLE],
    }

    assert (
        "kiosk has 7 problems\n"
        "  the answer 12 is outside the scale 0 to 10; the nearest valid answer is 10 @ unit 'a', 'seen.fees'\n"
        "  the answer 'y' is no option of the scale; did you mean 'ya'? @ unit 'a', 'said'\n"
        "  the answer inf is not finite @ unit 'b', 'seen.fees'\n"
        "  the option '?' has no share and cannot be scored @ unit 'b', 'said'\n"
        "  the answer -inf is not finite @ unit 'c', 'seen.fees'\n"
        "  [1] is neither a number nor a text @ unit 'd', 'seen.hours'\n"
        "  not applicable is not allowed; only an optional criterion may be left out @ unit 'd', 'said'"
        == refused(kiosk(), Answers.from_columns(columns, units=list("abcd")))
    )


def test_missing_answers_are_refused_by_unit_and_criterion_the_first_ten_and_their_number():
    instrument = made([Indicator("a", Scale(low=0, high=1))], missing="refuse")
    table = Answers.from_columns({"a": np.full(5000, np.nan)})
    text = refused(instrument, table)

    assert "kiosk has 5000 problems" == text.splitlines()[0]
    assert "  the answer is missing, and missing answers are refused @ unit 9, 'a'" == text.splitlines()[10]
    assert "  and 4990 more" == text.splitlines()[11]
    assert 12 == len(text.splitlines())


def test_a_refused_answer_may_still_be_not_applicable_where_that_is_allowed():
    instrument = kiosk(missing="refuse")
    good = [{"seen.fees": 5, "seen.hours": NOT_APPLICABLE, "said": "ya"}]

    assert [70.0] == pelayanan.score(instrument, Answers.from_rows(good)).total.tolist()
    assert (
        "kiosk has 2 problems\n"
        "  the answer is missing, and missing answers are refused @ unit 0, 'seen.hours'\n"
        "  not applicable is not allowed; only an optional criterion may be left out @ unit 0, 'said'"
        == refused(
            instrument, Answers.from_rows([{"seen.fees": 5, "seen.hours": None, "said": NOT_APPLICABLE}])
        )
    )


def test_one_unit_is_refused_with_the_same_words():
    with pytest.raises(AnswerError) as error:
        pelayanan.score_one(kiosk(), {"seen.fees": 12, "seen.hours": (5, 0), "said": "ya"}, unit="North")
    with pytest.raises(AnswerError) as empty:
        pelayanan.score_one(kiosk(), {})

    assert (
        "kiosk has 2 problems\n"
        "  the answer 12 is outside the scale 0 to 10; the nearest valid answer is 10 @ unit 'North', 'seen.fees'\n"
        "  a mean of 0 respondents is no answer; leave it missing @ unit 'North', 'seen.hours'"
        == str(error.value)
    )
    assert "kiosk: there are no answers" == str(empty.value)


def test_columns_that_do_not_fit_are_named():
    table = Answers.from_columns({"seen": [1], "seen.fee": [1], "seen.hours": [1]})

    assert (
        "kiosk has 3 problems\n"
        "  'seen' is a group and has no answers of its own; see pruned(at=['seen']) @ column 'seen'\n"
        "  there is no indicator 'seen.fee'; did you mean 'seen.fees'? @ column 'seen.fee'\n"
        "  the table has no column for 'seen.fees', 'said'; say absent='missing' if they were not asked @ columns"
        == refused(kiosk(), table)
    )


def test_many_lacking_columns_are_counted():
    instrument = made([Indicator(f"i{i}", Scale(low=0, high=1)) for i in range(13)])
    text = refused(instrument, Answers.from_columns({"i0": [1]}))

    assert text.endswith("'i9', 'i10' and 2 more; say absent='missing' if they were not asked @ columns")


def test_an_answer_under_two_names_is_refused():
    instrument = made([Indicator("u8", Scale(low=1, high=4), aliases="sarana")])

    assert "kiosk: kiosk has answers to 'u8' twice @ column 'sarana'" == refused(
        instrument, Answers.from_columns({"u8": [1], "sarana": [1]})
    )


def test_absent_has_two_words():
    assert "kiosk: expected absent='refuse' or 'missing', not 'zero'" == refused(
        kiosk(), Answers.from_columns({"said": ["ya"]}), absent="zero"
    )


def test_survey_answers_of_nobody_are_refused():
    columns = {
        "seen.fees": (np.array([5, 5, 9, 9]), np.array([1, 0, -1, 9])),
        "seen.hours": (np.array([5, 5, 5, 5]), np.array([1, -2, 1, 1])),
        "said": ["ya", "ya", "ya", "ya"],
    }
    table = Answers.from_columns(columns, missing=-1, not_applicable=-2)

    assert "kiosk: a mean of 0 respondents is no answer; leave it missing @ unit 1, 'seen.fees'" == refused(
        kiosk(), table
    )


# Exact decisions in whole numbers


@settings(max_examples=10)
@given(st.integers(0, 2**32 - 1), st.sampled_from(["half_up", "half_even"]), st.booleans())
def test_surveys_of_120_respondents_of_which_one_in_sixteen_is_a_tie_are_those_of_the_oracle(
    seed, mode, gaps
):
    survey = made(
        [Indicator(f"u{i}", Scale(low=1, high=4), "0.111") for i in range(8)]
        + [Indicator("u8", Scale(low=0, high=4), "0.111", missing="zero")],
        root=Group("*", rule="weighted_sum", weights=Weights(whole=1), rescale=False),
        rounding=Rounding(2, mode),
    )
    random = np.random.default_rng(seed)
    respondents = np.full(200, 120)
    columns = {f"u{i}": (random.integers(120, 481, 200), respondents) for i in range(8)}
    columns["u8"] = random.integers(0, 5, 200).astype(float)
    if gaps:
        mask = random.random(200) < 0.1
        columns["u1"] = (np.ma.masked_array(columns["u1"][0], mask), respondents)
        columns["u8"][mask] = np.nan

    assert_like_the_oracle(survey, Answers.from_columns(columns))


def test_ties_of_answers_of_every_form_are_settled_in_whole_numbers():
    criteria = [
        Indicator("line", Scale(low=0, high=8)),
        Indicator("steps", Scale(steps=[(0, "1/8"), (4, "1/2"), (6, "7/8")])),
        Indicator("anchors", Scale(anchors=[(0, 1), (8, 0)]), missing="lowest"),
        Indicator("letters", Scale(options=[Option("x", "1/8"), Option("y", "5/8")]), missing="lowest"),
        Indicator("low", Scale(low=1, high=8), missing="lowest"),
    ]
    instrument = made(criteria, rounding=Rounding(0))
    random = np.random.default_rng(5)
    columns = {code: random.integers(1, 9, 400).astype(float) for code in instrument.criteria}
    columns["letters"] = np.array(["x", "y", ""])[random.integers(0, 3, 400)]
    for code in ("line", "anchors", "low"):
        columns[code][random.random(400) < 0.2] = np.nan

    assert_like_the_oracle(instrument, Answers.from_columns(columns))


def test_sparse_ties_are_read_again_and_dense_ones_settled_where_they_stand():
    instrument = made([Indicator(f"i{i}", Scale(low=0, high=100)) for i in range(2)], rounding=Rounding(1))
    values = np.full(40_000, 12.34)
    values[:20_000:2000] = 12.35
    values[20_000:] = 12.35
    values[39_999] = np.nan
    total = pelayanan.score(instrument, Answers.from_columns({"i0": values, "i1": values})).total

    assert [12.4] * 10 == total[:20_000:2000].tolist()
    assert [12.3] * 499 == total[1:500].tolist()
    assert {12.4} == set(total[20_000:39_999].tolist())
    assert math.isnan(total[39_999])


def test_many_blocks_of_ties_are_published_as_ratios():
    instrument = made([Indicator(f"i{i}", Scale(low=0, high=4)) for i in range(8)], rounding=Rounding(1))
    random = np.random.default_rng(1)
    columns = {f"i{i}": random.integers(0, 5, 40_000).astype(float) for i in range(8)}
    columns["i0"][38_000:] += 0.5
    columns["i0"][38_000:] %= 4
    total = pelayanan.score(instrument, Answers.from_columns(columns)).total
    sums = sum(columns.values())
    wanted = [float(oracle.rounded(Fraction(each) * 25 / 8, instrument.rounding)) for each in sums]

    assert wanted == total.tolist()


def test_scales_with_many_digits_are_left_to_fractions():
    third = Scale(options=[Option("a", Fraction(1, 10**17 + 3)), Option("b", 1)])
    long = Scale(anchors=[(0, 0), (10**16 + 1, 1)])
    criteria = [Indicator("x", third), Indicator("y", Scale(low=0, high=1)), Indicator("z", long)]
    instrument = made(criteria, rounding=Rounding(0))
    table = Answers.from_columns({"x": ["b", "a"], "y": [0.005, 0.005], "z": [5.0, 6.0]})

    assert_like_the_oracle(instrument, table)


@given(st.integers(0, 2**32 - 1))
def test_trees_whose_denominators_need_reducing_are_those_of_the_oracle(seed):
    random = np.random.default_rng(seed)
    criteria = []
    for group in "abcdef":
        criteria.append(Group(group, weight=int(random.integers(1, 10**6))))
        for part in "xyz":
            criteria.append(Group(f"{group}.{part}", weight=int(random.integers(1, 10**6))))
            criteria += [
                Indicator(f"{group}.{part}.i{i}", Scale(low=0, high=100), int(random.integers(1, 10**6)))
                for i in range(3)
            ]
    instrument = made(criteria)
    columns = {}
    for indicator in instrument.indicators:
        column = np.array([62.625, 33.335, 0.005, 99.995, 50.0])
        column[random.random(5) < 0.3] = np.nan
        column[4] = random.integers(0, 101)
        columns[indicator.code] = column

    assert_like_the_oracle(instrument, Answers.from_columns(columns))


# Cut-offs and ends that no float shows


def test_a_total_on_a_cut_off_that_no_float_shows_is_on_its_side_exactly():
    for ends, zone in (({"above": "100/3"}, 0), ({"floor": "100/3"}, 1)):
        lower = {"ceiling": "100/3"} if "above" in ends else {}
        bands = Zones([Band("low", **lower), Band("high", **ends)], decide_on="exact")
        instrument = made([Indicator("a", Scale(low=0, high=3))], zones=bands)
        scores = pelayanan.score(instrument, Answers.from_columns({"a": np.ones(3)}))

        assert [zone] * 3 == scores.zone.tolist()
        assert bands.bands[zone] == scores.card(0).zone


def test_unrounded_totals_decide_their_zone_exactly():
    bands = Zones([Band("low", floor=0), Band("high", floor="1/3")])
    instrument = made([Indicator("a", Scale(low=0, high=3))], zones=bands, rounding=None, maximum=1)

    assert [1] == pelayanan.score(
        instrument, Answers.from_columns({"a": np.array([1], np.int8)})
    ).zone.tolist()


@pytest.mark.parametrize(("ends", "answer"), [(("1/3", 1), (1, 3)), ((0, "10/3"), (10, 3))])
def test_a_mean_of_respondents_at_an_end_that_no_decimal_shows_is_on_the_scale(ends, answer):
    instrument = made([Indicator("a", Scale(low=ends[0], high=ends[1]))])
    sums, counts = (np.array([each]) for each in answer)

    assert_like_the_oracle(instrument, Answers.from_columns({"a": (sums, counts)}))


def test_a_mean_of_respondents_is_an_option_only_where_it_is_exactly_one():
    likert = Scale(options=[Option(str(code), Fraction(code, 4)) for code in range(1, 5)])
    kiosk = made([Indicator("a", likert)])
    scores = pelayanan.score(kiosk, Answers.from_columns({"a": (np.array([6, 4]), np.array([2, 4]))}))

    assert [75.0, 25.0] == scores.total.tolist()
    with pytest.raises(AnswerError) as error:
        pelayanan.score(kiosk, Answers.from_columns({"a": (np.array([10]), np.array([3]))}))

    assert (
        "kiosk: the answer 10/3 is no option of the scale; the nearest valid answer is '3' @ unit 0, 'a'"
        == str(error.value)
    )


def test_a_survey_on_a_scale_with_long_ends_is_looked_up():
    instrument = made([Indicator("a", Scale(low=0, high="3.00000000001"))])
    table = Answers.from_columns({"a": (np.array([9, 7]), np.array([3, 3]))})

    assert_like_the_oracle(instrument, table)


def test_short_floats_are_read_as_they_print():
    instrument = made([Indicator("a", Scale(low=0, high=100_000))], maximum=100_000)
    values = np.array([8208, 65504, 0.1], dtype=np.float16)
    scores = pelayanan.score(instrument, Answers.from_columns({"a": values}))

    assert [8210.0, 65500.0, 0.1] == scores.total.tolist()
    assert [Decimal("8210.00"), Decimal("65500.00"), Decimal("0.10")] == [
        scores.card(row).total for row in range(3)
    ]


def test_masked_totals_are_no_scores():
    masked = np.ma.array([88.03, 99.0], mask=[False, True])
    instrument = pelayanan.load("ombudsman-2024")

    assert [4, -1] == Scores.of_totals(instrument, masked).zone.tolist()
    assert [4, -1] == instrument.zones.index(masked).tolist()


def test_printed_totals_at_the_ends_are_determined():
    bands = Zones([Band("C", floor=0), Band("A", floor=50, ceiling=100)], decide_on="exact")
    scores = Scores.of_totals(kiosk(zones=bands), ["0.00", "100.00", "50.00"])

    assert [0, 1, -1] == scores.zone.tolist()


def test_a_fine_grid_of_the_zone_costs_no_time():
    bands = Zones([Band("C", floor=0), Band("A", floor="50.123456789")], decide_on=Rounding(9))
    scores = Scores.of_totals(kiosk(zones=bands, rounding=Rounding(0)), [49, 50, 51])

    assert [0, -1, 1] == scores.zone.tolist()


@pytest.mark.parametrize("policy", ["zero", "lowest"])
def test_a_unit_with_nothing_answered_has_no_score_under_any_policy(policy):
    instrument = made(
        [Indicator("a", Scale(low=1, high=4)), Indicator("b", Scale(low=1, high=4))], missing=policy
    )
    table = Answers.from_columns({"a": [np.nan, 4.0], "b": [np.nan, np.nan]})

    assert [True, False] == np.isnan(pelayanan.score(instrument, table).total).tolist()
    assert_like_the_oracle(instrument, table)


def test_a_weighted_sum_from_which_tokens_skip_must_say_whether_it_rescales():
    with pytest.raises(pelayanan.PelayananError) as error:
        made(
            [Indicator("a", Scale(low=0, high=4)), Indicator("b", Scale(low=0, high=4))],
            root=Group("*", rule="weighted_sum", weights=Weights(whole=1)),
            missing="refuse",
            tokens={"NA": "not_applicable"},
        )

    assert "kiosk: answers below a weighted sum may be left out ('a'); state rescale @ root.rescale" == str(
        error.value
    )


def test_answers_that_hide_a_list_are_no_answers():
    text = refused(kiosk(), Answers.from_columns({"seen.fees": [([1],)], "seen.hours": [1], "said": ["ya"]}))

    assert "kiosk: ([1],) is neither a number nor a text @ unit 0, 'seen.fees'" == text


def test_wide_instruments_have_narrow_blocks():
    instrument = made([Indicator(f"i{i}", Scale(low=0, high=4)) for i in range(3000)])
    column = np.arange(200) % 5
    scores = pelayanan.score(instrument, Answers.from_columns({f"i{i}": column for i in range(3000)}))

    assert [each * 25.0 for each in column.tolist()] == scores.total.tolist()
