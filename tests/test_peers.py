import copy
import math
import pickle
from fractions import Fraction

import attrs
import numpy as np
import peering
import pytest
from hypothesis import given
from hypothesis import strategies as st
from refusing import error_text

import pelayanan
from pelayanan import (
    Answers,
    Band,
    Distribution,
    Indicator,
    Instrument,
    Rounding,
    Scale,
    Scores,
    Standing,
    Zones,
)
from pelayanan.errors import PeersError, ScoresError, UnknownError
from pelayanan.peers import compare

EDITION = pelayanan.load("ombudsman-2024")

# The twelve green governments of Nusa Tenggara Timur of 2024 (ANTARA Kupang, 17 November 2024).
GREENS = {
    "Kabupaten Timor Tengah Utara": "91.82",
    "Kabupaten Manggarai Barat": "89.62",
    "Kota Kupang": "86.62",
    "Kabupaten Belu": "83.33",
    "Kabupaten Manggarai": "83.22",
    "Kabupaten Kupang": "83.17",
    "Kabupaten Timor Tengah Selatan": "82.87",
    "Kabupaten Ende": "82.06",
    "Kabupaten Manggarai Timur": "80.65",
    "Kabupaten Nagekeo": "80.42",
    "Kabupaten Sikka": "78.63",
    "Kabupaten Sumba Barat": "78.09",
}
FIGURES = ["rank", "of", "percentile", "quartile", "z", "gap_to_best", "gap_to_median", "gap_to_next_zone"]
NAMES = [*FIGURES, *(f"group_{name}" for name in FIGURES)]

STEPS = st.one_of(st.none(), st.integers(0, 10_000), st.integers(7799, 7801), st.sampled_from([8662, 9182]))


@st.composite
def compared(draw):
    """Printed totals in steps, the group of each, and how they are compared."""
    steps = draw(st.lists(STEPS, min_size=1, max_size=15))
    groups = draw(st.lists(st.sampled_from("xyz"), min_size=len(steps), max_size=len(steps)))
    options = {
        "ties": draw(st.sampled_from(peering.TIES)),
        "smallest_group": draw(st.integers(1, 3)),
        "own": draw(st.booleans()),
    }
    flags = draw(st.lists(st.booleans(), min_size=len(steps), max_size=len(steps)).filter(any))
    return steps, groups, flags, options


def printed(steps, edition=EDITION):
    return Scores.of_totals(edition, [None if step is None else Fraction(step, 100) for step in steps])


def definition(steps, row, peers, ties, own):
    """All figures of a row among the rows of its peers, from their definitions."""
    if steps[row] is None or row not in peers:
        return dict.fromkeys(FIGURES, None)
    total = Fraction(steps[row], 100)
    there = [Fraction(steps[each], 100) for each in peers if steps[each] is not None]
    others = (
        there
        if own
        else [Fraction(steps[each], 100) for each in peers if steps[each] is not None and each != row]
    )
    found = {"rank": peering.rank(total, there, ties), "of": len(there)}
    next_floor = [floor for floor in (32, 54, 78, 88) if floor > total]
    found["gap_to_next_zone"] = next_floor[0] - total if next_floor else None
    if others:
        found |= {
            "percentile": peering.percentile(total, others),
            "quartile": peering.quartile(total, others),
            "gap_to_best": max(others) - total,
            "gap_to_median": peering.median_gap(total, others),
        }
        score = peering.z(float(total), [float(each) for each in others])
        found["z"] = None if math.isnan(score) else score
    return {name: found.get(name) for name in FIGURES}


def check(found, expected, name, ties):
    """Assert that an array has the floats nearest to what is expected, or what stands for none."""
    whole = name.removeprefix("group_") in ("rank", "of", "quartile") and (
        ties != "average" or "rank" not in name
    )
    none = -1 if whole else math.nan
    wanted = np.array([none if each is None else float(each) for each in expected])

    assert found.dtype.kind == ("i" if whole else "f")
    assert not found.flags.writeable
    if name.endswith("z"):
        np.testing.assert_allclose(found, wanted, rtol=1e-12, atol=1e-12)
    else:
        assert np.array_equal(found, wanted, equal_nan=True), (name, found, wanted)


# Published figures


def test_kota_kupang_is_third_of_the_twelve_greens_of_2024():
    standing = compare(Scores.of_totals(EDITION, list(GREENS.values()), list(GREENS)))
    city = standing.figures("Kota Kupang")

    assert (3, 12, "B", "hijau") == (city["rank"], city["of"], city["zone"], city["label"])
    assert (5.2, 1.38) == (city["gap_to_best"], city["gap_to_next_zone"])
    assert list(range(1, 13)) == standing.rank.tolist()
    assert -3.6 == city["gap_to_median"]


# Properties


@given(compared())
def test_every_figure_is_that_of_its_definition(drawn):
    steps, groups, flags, options = drawn
    standing = compare(printed(steps), groups, among=np.array(flags), **options)
    everyone = [row for row, flag in enumerate(flags) if flag]
    whole, inside = [], []
    for row, group in enumerate(groups):
        peers = [each for each in everyone if groups[each] == group]
        enough = sum(steps[each] is not None for each in peers) >= options["smallest_group"]
        whole.append(definition(steps, row, everyone, options["ties"], options["own"]))
        inside.append(definition(steps, row, peers if enough else [], options["ties"], options["own"]))
    for name in FIGURES:
        check(getattr(standing, name), [each[name] for each in whole], name, options["ties"])
        check(
            getattr(standing, f"group_{name}"),
            [each[name] for each in inside],
            f"group_{name}",
            options["ties"],
        )

    assert [row for row in everyone if steps[row] is None] == list(standing.unscored)


@given(st.lists(STEPS, min_size=1, max_size=10), st.integers(0, 10_000), st.sampled_from(peering.TIES))
def test_adding_a_unit_never_improves_the_rank_of_another(steps, new, ties):
    before = compare(printed(steps), ties=ties).rank
    after = compare(printed([*steps, new]), ties=ties).rank
    there = [row for row, step in enumerate(steps) if step is not None]

    assert all(after[row] >= before[row] for row in there)


@given(compared(), st.randoms(use_true_random=False))
def test_permuting_the_units_permutes_the_standing(drawn, random):
    steps, groups, flags, options = drawn
    order = list(range(len(steps)))
    random.shuffle(order)
    scores = printed(steps)
    moved = Scores.of_totals(
        EDITION, [None if steps[row] is None else Fraction(steps[row], 100) for row in order], order
    )
    here = compare(scores, groups, among=np.array(flags), **options)
    there = compare(moved, [groups[row] for row in order], among=np.array(flags)[order], **options)
    for name in NAMES:
        assert np.array_equal(getattr(here, name)[order], getattr(there, name), equal_nan=True)


@given(st.lists(STEPS.filter(bool), min_size=1, max_size=12), st.sampled_from(peering.TIES))
def test_a_distribution_ranks_as_the_standing_does(steps, ties):
    standing = compare(printed(steps), ties=ties)
    distribution = standing.distribution()
    for row, total in enumerate(standing.scores.total):
        assert standing.rank[row] == distribution.rank(total, ties)
        assert standing.percentile[row] == distribution.percentile(total)


@given(st.lists(st.integers(0, 10_000), min_size=1, max_size=20), st.data())
def test_ranks_and_percentiles_in_groups_are_those_of_scipy(steps, data):
    stats = pytest.importorskip("scipy.stats")
    groups = np.array(data.draw(st.lists(st.integers(0, 2), min_size=len(steps), max_size=len(steps))))
    ties = data.draw(st.sampled_from(peering.TIES))
    standing = compare(printed(steps), groups, ties=ties)
    for group in np.unique(groups):
        inside = groups == group
        totals = standing.scores.total[inside]
        percentiles = [stats.percentileofscore(totals, total, kind="mean") for total in totals]

        assert stats.rankdata(-totals, ties).tolist() == standing.group_rank[inside].tolist()
        np.testing.assert_allclose(standing.group_percentile[inside], percentiles, rtol=1e-13)
        np.testing.assert_allclose(standing.group_z[inside], peering_z(totals), rtol=1e-12, atol=1e-12)


def peering_z(totals):
    return [peering.z(total, totals.tolist()) for total in totals.tolist()]


@given(compared())
def test_a_standing_is_a_value(drawn):
    steps, groups, flags, options = drawn
    standing = compare(printed(steps), groups, among=np.array(flags), **options)
    for again in (pickle.loads(pickle.dumps(standing)), copy.deepcopy(standing)):
        assert standing == again
        assert np.array_equal(standing.group_rank, again.group_rank, equal_nan=True)
        assert not again.compared.flags.writeable
    assert len(steps) == len(standing)
    assert standing != compare(printed(steps), among=np.array(flags), **options)
    assert standing != attrs.evolve(standing, own=not standing.own)
    assert standing != steps


@given(compared())
def test_columns_hold_all_figures_and_figures_of_a_unit_are_their_row(drawn):
    steps, groups, flags, options = drawn
    standing = compare(printed(steps), groups, among=np.array(flags), **options)
    columns = standing.columns()

    assert ["unit", "total", "zone", "label", "colour", *FIGURES, "group", *NAMES[8:]] == list(columns)
    assert groups == columns["group"].tolist()
    for row in range(len(steps)):
        figures = standing.figures(row)

        assert list(columns) == list(figures)
        for name, value in figures.items():
            cell = columns[name][row]
            assert value == cell if value is not None else cell in (-1, "") or np.isnan(cell)


# Exact totals


def test_totals_that_are_not_rounded_are_ranked_exactly():
    third = Fraction(1, 3)
    instrument = Instrument(
        id="kiosk",
        criteria=[Indicator("a", Scale(low=0, high=4))],
        maximum=4,
        missing="refuse",
        rounding=None,
    )
    totals = [third, third + Fraction(1, 10**25), third, third - Fraction(1, 10**25)]
    standing = compare(Scores.of_totals(instrument, totals))

    assert [2, 1, 2, 4] == standing.rank.tolist()
    assert [50, 87.5, 50, 12.5] == standing.percentile.tolist()


def test_equal_exact_totals_tie_however_they_came_about():
    """A seventh of 78 seven times, and 78 at once, are 78.00 both."""
    criteria = [Indicator(f"i{row}", Scale(low=0, high=100)) for row in range(7)]
    instrument = Instrument(id="sevenths", criteria=criteria, maximum=100, missing="exclude", rounding=None)
    rows = [[78.0] * 7, [78.0, *[None] * 6], [76.0, 80.0, *[78.0] * 5], [78.1, *[78.0] * 6]]
    table = Answers.from_columns({f"i{row}": [each[row] for each in rows] for row in range(7)})
    standing = compare(pelayanan.score(instrument, table))

    assert [2, 2, 2, 1] == standing.rank.tolist()


# Groups, and who is compared


def provinces(**options):
    scores = Scores.of_totals(
        EDITION,
        ["86.62", "89.62", None, "78.09", "54.00"],
        units=["Kupang", "Mabar", "Alor", "Bima", "Mataram"],
    )
    groups = {"Kupang": "NTT", "Mabar": "NTT", "Alor": "Alor", "Bima": "NTB", "Mataram": "NTB"}
    return compare(scores, groups, **options)


def test_groups_have_their_own_ranks():
    standing = provinces()

    assert [2, 1, -1, 1, 2] == standing.group_rank.tolist()
    assert [2, 2, -1, 2, 2] == standing.group_of.tolist()
    assert [2, 1, -1, 3, 4] == standing.rank.tolist()
    assert ("NTT", "Alor", "NTB") == standing.groups
    assert ("Alor",) == standing.unscored
    assert "Standing('ombudsman-2024', 4 of 5 units, 3 groups)" == repr(standing)
    assert provinces() == standing
    assert provinces(smallest_group=2) != standing
    assert standing != "standing"


def test_small_groups_have_no_group_figures():
    standing = provinces(smallest_group=2, among=["Kupang", "Mabar", "Bima"])

    assert [2, 1, -1, -1, -1] == standing.group_rank.tolist()
    assert [2, 1, -1, 3, -1] == standing.rank.tolist()
    assert np.isnan(standing.group_gap_to_next_zone[3:]).all()
    assert 9.91 == standing.gap_to_next_zone[3]
    assert () == standing.unscored


def test_who_is_compared_is_said_by_label_or_by_flag():
    labels = provinces(among=["Kupang", "Alor", "Bima"])
    flags = provinces(among=[True, False, True, True, False])

    assert labels == flags == provinces(among=np.array(["Kupang", "Alor", "Bima"]))
    assert ("Alor",) == labels.unscored
    assert [1, -1, -1, 2, -1] == labels.rank.tolist()
    assert [1, 1] == provinces(among="Bima").of[[3, 3]].tolist()


def test_flags_that_change_later_change_nothing():
    flags = np.array([True, False, True, True, False])
    standing = provinces(among=flags)
    flags[:] = False

    assert [1, -1, -1, 2, -1] == standing.rank.tolist()


def test_a_unit_left_out_of_its_reference_is_compared_with_the_others():
    standing = provinces(own=False)

    assert [2, 1, -1, 3, 4] == standing.rank.tolist()
    assert [-3.0, 8.53] == [standing.gap_to_best[1], standing.group_gap_to_median[3] + 8.53 + 24.09]


def test_nobody_with_a_total_gives_no_figures():
    standing = compare(Scores.of_totals(EDITION, [None, None]), ["x", "y"])

    for name in NAMES:
        assert set(getattr(standing, name).tolist()) <= {-1} or np.isnan(getattr(standing, name)).all()
    assert (0, 1) == standing.unscored
    assert "" == str(standing)


def test_a_distribution_can_be_asked_for_one_group():
    standing = provinces()

    assert Distribution.of(["86.62", "89.62"]) == standing.distribution("NTT")
    assert Distribution.of(["86.62", "89.62", "78.09", "54"]) == standing.distribution()


def test_a_maximum_beside_the_grid_is_rounded_up():
    instrument = attrs.evolve(EDITION.pruned(depth=1), maximum="24.975", zones=Zones(), pruning=None)
    distribution = compare(Scores.of_totals(instrument, ["24.97"])).distribution()

    assert "24.98" == str(distribution.high)


# Prints


def test_a_standing_prints_the_highest_first():
    expected = """\
1  Mabar       89.62  A  hijau
2  Kupang      86.62  B  hijau
3  Bima        78.09  B  hijau
4  Mataram     54.00  C  kuning"""

    assert expected == str(provinces())


def test_a_long_standing_prints_its_first_units():
    many = compare(printed(range(100, 125)), ties="average")

    assert " 1  24      1.24  E  merah" == str(many).splitlines()[0]
    assert "... 5 more" == str(many).splitlines()[-1]
    assert 21 == len(str(many).splitlines())


def test_a_unit_in_no_zone_prints_none():
    gap = Scores.of_totals(pelayanan.load("ombudsman-2018"), ["50.12", "49.00"], ["Gorontalo\x1b", "Alor"])

    assert "1  Gorontalo\ufffd     50.12  -\n2  Alor           49.00  merah  merah" == str(compare(gap))
    assert compare(gap).figures("Alor")["colour"] == "#c0392b"
    assert compare(gap).figures("Gorontalo\x1b")["zone"] is None


def test_labels_of_zones_come_in_the_language_asked_for():
    assert ["green", "green", "", "green", "yellow"] == provinces().columns("en")["label"].tolist()


def test_a_figure_of_minus_one_is_a_figure():
    standing = compare(Scores.of_totals(EDITION, [50, 51, 52], units=[-1, -2, -3]))

    assert -1.0 == standing.figures(-3)["gap_to_median"]
    assert -1 == standing.figures(-1)["unit"]


# Bad input


def test_what_cannot_be_compared_is_refused():
    scores = printed([100, 200])

    assert "expected ties of 'min', 'max', 'dense', 'average', not 'first'" == error_text(
        PeersError, compare, scores, ties="first"
    )
    for wrong in (0, True, 2.0, None):
        assert f"a smallest group is a whole number from 1 on, not {wrong!r}" == error_text(
            PeersError, compare, scores, smallest_group=wrong
        )
    assert "groups has 1 labels for 2 units" == error_text(ScoresError, compare, scores, ["x"])
    assert "groups has no group for the unit 1" == error_text(ScoresError, compare, scores, ["x", None])
    assert "groups names no group for the unit 1" == error_text(UnknownError, compare, scores, {0: "x"})
    assert "among has 3 flags for 2 units" == error_text(PeersError, compare, scores, among=[True] * 3)
    assert "among names no unit, so that there is nobody to compare" == error_text(
        PeersError, compare, scores, among=[]
    )
    assert "among names no unit, so that there is nobody to compare" == error_text(
        PeersError, compare, scores, among=[False, False]
    )
    assert "there is no unit 7; known are '0', '1'" == error_text(UnknownError, compare, scores, among=[0, 7])


def test_a_total_beside_the_grid_is_refused_at_once():
    scores = attrs.evolve(printed([100, 200]), total=np.array([1.0, 86.625]))

    assert "the total 86.625 of the unit 1 has more decimals than the 2 that are published" == error_text(
        ScoresError, compare, scores
    )


@pytest.mark.parametrize("name", NAMES[8:])
def test_without_groups_there_are_no_group_figures(name):
    standing = compare(printed([100]))

    assert "the units were compared without groups; compare them with groups=" == error_text(
        PeersError, getattr, standing, name
    )
    assert name not in standing.columns()


def test_a_group_without_figures_has_no_distribution():
    standing = provinces(smallest_group=3)

    assert "there is no group 'NT'; did you mean 'NTT'?" == error_text(
        UnknownError, standing.distribution, "NT"
    )
    assert "the group 'Alor' has no unit with a total" == error_text(
        PeersError, standing.distribution, "Alor"
    )
    assert "the group 'NTT' has too few units with a total: 2, and figures are given from 3 on" == error_text(
        PeersError, standing.distribution, "NTT"
    )
    assert "the units were compared without groups; compare them with groups=" == error_text(
        PeersError, compare(printed([100])).distribution, "NTT"
    )


def test_totals_that_are_not_rounded_have_no_distribution():
    instrument = Instrument(
        id="kiosk",
        criteria=[Indicator("a", Scale(low=0, high=4))],
        maximum=4,
        missing="refuse",
        rounding=None,
        zones=Zones([Band("A", floor=0)]),
    )

    assert "kiosk does not round its totals, so that they lie on no grid" == error_text(
        PeersError, compare(Scores.of_totals(instrument, [1])).distribution
    )


def test_totals_beyond_the_maximum_have_no_distribution():
    beyond = compare(Scores.of_totals(attrs.evolve(EDITION, rounding=Rounding(2)), [101]))

    assert "total 0, 101, is not between 0 and 100" == error_text(PeersError, beyond.distribution)


def test_an_unknown_unit_has_no_figures():
    assert "there is no unit 'Mab'; did you mean 'Mabar'?" == error_text(
        UnknownError, provinces().figures, "Mab"
    )


def test_the_face_has_what_compares():
    assert pelayanan.compare is compare
    assert pelayanan.Standing is Standing
