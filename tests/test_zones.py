import math
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pelayanan.errors import InstrumentError, NumberError, Problem
from pelayanan.exact import Rounding, fraction, written
from pelayanan.strategies import decimals, roundings, zones
from pelayanan.zones import Band, Requirement, Zones

OMBUDSMAN = Zones(
    [
        Band("E", floor=0, ceiling="31.99"),
        Band("D", floor=32, ceiling="53.99"),
        Band("C", floor=54, ceiling="77.99"),
        Band("B", floor=78, ceiling="87.99"),
        Band("A", floor=88, ceiling=100),
    ]
)
TRAFFIC = Zones(
    [
        Band("merah", ceiling=50, gap_after=True),
        Band("kuning", floor=51, below=81, gap_after=True),
        Band("hijau", above=81),
    ]
)


def edges_of(drawn: Zones) -> list[Fraction]:
    return [number for number, _ in drawn.edges[0]]


def position_by_hand(drawn: Zones, total: Fraction) -> int:
    """The highest band whose floor holds, unless it ends before the total."""
    found = -1
    for index, band in enumerate(drawn.bands):
        begins = band.floor is None or total >= band.floor
        begins &= band.above is None or total > band.above
        ends = (band.ceiling is not None and total > band.ceiling) or (
            band.below is not None and total >= band.below
        )
        if begins:
            found = -1 if ends else index
    return found


@st.composite
def floats_near(draw, drawn: Zones) -> list[float]:
    edges = [float(number) for number in edges_of(drawn)]
    near = edges + [math.nextafter(number, way) for number in edges for way in (-math.inf, math.inf)]
    anywhere = st.one_of(st.sampled_from(near), st.floats(-10, 120), decimals(high=120).map(float))
    return draw(st.lists(anywhere, min_size=1, max_size=30))


@pytest.mark.parametrize(
    ("total", "code"),
    [(0, "E"), ("31.99", "E"), (32, "D"), (77.99, "C"), ("78.00", "B"), ("86.62", "B"), (100, "A")],
)
def test_totals_lie_in_the_bands_of_the_ombudsman(total, code):
    assert code == OMBUDSMAN.classify(total).code


@pytest.mark.parametrize("total", ["-0.01", "31.995", "53.991", 100.01])
def test_totals_between_printed_bands_have_none(total):
    assert OMBUDSMAN.classify(total) is None
    assert -1 == OMBUDSMAN.index(total)


@pytest.mark.parametrize(
    ("total", "code"),
    [
        (-5, "merah"),
        (50, "merah"),
        ("50.01", None),
        (51, "kuning"),
        ("80.99", "kuning"),
        (81, None),
        ("81.01", "hijau"),
        (10**9, "hijau"),
    ],
)
def test_each_end_says_whether_it_is_included(total, code):
    band = TRAFFIC.classify(total)

    assert code == (band and band.code)


@given(zones(), st.data())
def test_a_float_lies_where_its_decimal_lies(drawn, data):
    totals = data.draw(floats_near(drawn))
    exact = [fraction(total) for total in totals]
    by_hand = [position_by_hand(drawn, total) for total in exact]

    assert by_hand == [drawn.position(total) for total in exact]
    assert by_hand == drawn.index(totals).tolist() == drawn.index(np.array(totals)).tolist()
    assert by_hand == [drawn.index(total).tolist() for total in totals]
    assert by_hand == drawn.index(np.array(exact, dtype=object)).tolist()
    assert [None if i < 0 else drawn.bands[i] for i in by_hand] == [drawn.classify(each) for each in totals]


@given(zones(), st.lists(decimals(high=120), min_size=1))
def test_a_text_lies_where_its_number_lies(drawn, totals):
    expected = [position_by_hand(drawn, total) for total in totals]

    assert expected == drawn.index([written(total) for total in totals]).tolist()
    assert expected == drawn.index([f" {float(total)!r}" for total in totals]).tolist()


@given(zones(), st.lists(decimals(high=120), min_size=1), st.sampled_from([np.float32, np.float16]))
def test_a_short_float_means_the_decimal_that_it_shows(drawn, numbers, kind):
    totals = np.array([float(number) for number in numbers], dtype=kind)
    shown = [fraction(str(total)) for total in totals]

    assert [drawn.position(total) for total in shown] == drawn.index(totals).tolist()


@given(zones(), st.lists(st.integers(-3, 120), min_size=1), st.sampled_from("bhilq"))
def test_whole_numbers_of_every_type_lie_where_they_lie(drawn, numbers, kind):
    expected = [drawn.position(Fraction(number)) for number in numbers]

    assert expected == drawn.index(numbers).tolist() == drawn.index(np.array(numbers, dtype=kind)).tolist()


@given(st.integers(2**53 - 3, 2**63 - 2), st.sampled_from([np.int64, np.uint64]))
def test_whole_numbers_that_floats_cannot_tell_apart_are_told_apart(edge, kind):
    drawn = Zones([Band("low", floor=0, ceiling=edge), Band("high", floor=edge + 1)])

    assert [0, 1] == drawn.index(np.array([edge, edge + 1], dtype=kind)).tolist()


@given(zones(), st.lists(st.one_of(st.just(math.nan), st.floats(0, 100)), min_size=1))
def test_not_a_number_is_in_no_band_however_it_comes(drawn, totals):
    expected = [-1 if math.isnan(total) else drawn.position(fraction(total)) for total in totals]

    assert expected == drawn.index(totals).tolist()
    assert expected == drawn.index(np.array(totals, dtype=object)).tolist()
    assert expected == [drawn.index(total).tolist() for total in totals]


def test_not_a_number_is_not_in_a_band_that_reaches_down():
    totals = np.array([[math.nan, 50.0], [50.5, 51.0]])

    assert [[-1, 0], [-1, 1]] == TRAFFIC.index(totals).tolist()
    assert [[-1, 0], [-1, 1]] == TRAFFIC.index(totals.astype(np.float32)).tolist()
    assert [[-1, 0], [-1, 1]] == TRAFFIC.index(totals.astype(np.longdouble)).tolist()
    assert -1 == TRAFFIC.index(math.nan)


def test_an_empty_column_has_no_zones():
    assert [] == TRAFFIC.index([]).tolist() == TRAFFIC.index(np.array([], dtype=int)).tolist()
    assert (np.intp, (0, 2)) == (TRAFFIC.index(np.zeros((0, 2))).dtype, TRAFFIC.index(np.zeros((0, 2))).shape)


def test_no_bands_hold_nothing():
    assert [-1, -1] == Zones().index([0, 78.5]).tolist()
    assert Zones().classify(78) is None


def test_many_bands_are_told_apart():
    many = Zones([Band(str(step), floor=step) for step in range(300)])

    assert [-1, 0, 255, 256, 299] == many.index([-0.5, 0.5, 255, 256.5, 999]).tolist()


@given(st.sets(st.integers(-50, 150), min_size=1, max_size=6).map(sorted), st.floats(-60, 160), st.booleans())
def test_bands_without_gaps_share_out_the_whole_range(cuts, total, ends_are_said):
    ends = [{"below": cut} if ends_are_said else {} for cut in cuts]
    starts = [{}, *({"floor": cut} for cut in cuts)]
    bands = [
        Band(code, **start, **end) for code, start, end in zip("abcdefg", starts, [*ends, {}], strict=False)
    ]
    adjoining = Zones(bands, "exact")

    assert sum(total >= cut for cut in cuts) == adjoining.index(total) == adjoining.position(fraction(total))
    assert [] == list(adjoining.adjoining_problems(None))


@given(zones(), decimals(high=120), decimals(high=120))
def test_a_higher_total_is_never_in_a_lower_band(drawn, one, another):
    low, high = drawn.position(min(one, another)), drawn.position(max(one, another))

    assert low <= high or high == -1


@given(zones())
def test_drawn_zones_adjoin_or_say_where_not(drawn):
    assert [] == list(drawn.adjoining_problems(None))
    assert drawn == Zones(drawn.bands, drawn.decide_on)
    assert hash(drawn) == hash(Zones(drawn.bands, drawn.decide_on))


@given(zones(), roundings())
def test_the_grid_is_what_the_zone_is_decided_on(drawn, published):
    expected = {"published": published, "exact": None}.get(drawn.decide_on, drawn.decide_on)

    assert expected == drawn.grid(published)


@given(roundings(), st.data())
def test_neighbours_on_the_grid_adjoin_and_a_step_apart_do_not(rounding, data):
    step = Fraction(1, rounding.scale)
    floor = data.draw(st.integers(2, 99)) + step * data.draw(st.integers(0, rounding.scale))
    for distance, code in ((0, "band-overlap"), (1, None), (2, "band-gap")):
        pair = Zones([Band("C", floor=0, ceiling=floor - step * distance), Band("B", floor=floor)])

        assert [code] * (code is not None) == [each.code for each in pair.adjoining_problems(rounding)]


OVERLAP = Problem("band-overlap", "the bands 'C' and 'B' overlap", "bands[0]")
GAP = Problem(
    "band-gap",
    "the bands 'C' and 'B' leave a gap; state gap_after = true if it was printed so",
    "bands[0]",
)
NO_GAP = Problem("band-gap", "the bands 'C' and 'B' leave no gap", "bands[0].gap_after")


@pytest.mark.parametrize(
    ("ends", "decide_on", "found"),
    [
        ({"ceiling": "77.99"}, "published", []),
        ({"ceiling": "77.99"}, "exact", [GAP]),
        ({"ceiling": "77.99", "gap_after": True}, "exact", []),
        ({"ceiling": "77.99", "gap_after": True}, "published", [NO_GAP]),
        ({"ceiling": "77.995"}, "published", []),
        ({"ceiling": "77.98"}, "published", [GAP]),
        ({"ceiling": "77.98", "gap_after": True}, "published", []),
        ({"ceiling": "77.9"}, Rounding(1), []),
        ({"ceiling": "77.99"}, Rounding(3), [GAP]),
        ({"ceiling": 78}, "published", [OVERLAP]),
        ({"ceiling": 78}, "exact", [OVERLAP]),
        ({"ceiling": 78, "gap_after": True}, "exact", [OVERLAP]),
        ({"below": 78}, "exact", []),
        ({"below": 78}, "published", []),
        ({"below": "78.001"}, "published", [OVERLAP]),
        ({"below": "77.991"}, "published", []),
        ({}, "exact", []),
    ],
)
def test_neighbours_are_judged_on_the_grid_of_the_decision(ends, decide_on, found):
    pair = Zones([Band("C", floor=54, **ends), Band("B", floor=78)], decide_on)

    assert found == list(pair.adjoining_problems(Rounding(2)))


def test_an_end_and_a_start_that_leave_out_one_number_leave_a_gap_where_it_can_be_met():
    pair = Zones([Band("C", below=78), Band("B", above=78)])

    assert [GAP] == list(pair.adjoining_problems(None)) == list(pair.adjoining_problems(Rounding(0)))


@pytest.mark.parametrize(
    ("bands", "decide_on", "message"),
    [
        ([], "rounded", "expected 'published', 'exact' or a rounding, not 'rounded' @ decide_on"),
        ([Band("")], "exact", "a code has 1 to 40 characters, not 0 @ bands[0].code"),
        ([Band("x" * 41)], "exact", "a code has 1 to 40 characters, not 41 @ bands[0].code"),
        ([Band("a", floor=0), Band("a", floor=1)], "exact", "the band 'a' is there twice @ bands[1]"),
        ([Band("a", floor=0, above=0)], "exact", "a band has a floor or an above, not both @ bands[0]"),
        ([Band("a", ceiling=1, below=1)], "exact", "a band has a ceiling or a below, not both @ bands[0]"),
        (
            [Band("a"), Band("b")],
            "exact",
            "only the lowest band, and those above it that require more than a total, may leave out a floor @ bands[1]",
        ),
        (
            [Band("a", ceiling=1), Band("b", requires=[Requirement("x", at_least=1, of="share")])],
            "exact",
            "a band below one without a floor has no ceiling @ bands[0]",
        ),
        (
            [Band("a", floor=2, ceiling="1.5")],
            "exact",
            "the band ends at 3/2, where it begins or before @ bands[0]",
        ),
        ([Band("a", floor=2, below=2)], "exact", "the band ends at 2, where it begins or before @ bands[0]"),
        ([Band("a", ceiling=2, gap_after=True)], "exact", "no band follows the gap @ bands[0].gap_after"),
        (
            [Band("a", gap_after=True), Band("b", floor=1)],
            "exact",
            "a band with a gap after it needs a ceiling @ bands[0]",
        ),
        (
            [Band("b", floor=2), Band("a", floor="1.5")],
            "exact",
            "bands go from low to high; 3/2 does not come after 2 @ bands[1]",
        ),
        (
            [Band("b", floor=2), Band("a", floor=2)],
            "exact",
            "bands go from low to high; 2 does not come after 2 @ bands[1]",
        ),
    ],
)
def test_bands_that_are_not_sound_are_refused(bands, decide_on, message):
    with pytest.raises(InstrumentError) as error:
        Zones(bands, decide_on)

    assert f"zones: {message}" == str(error.value)


@pytest.mark.parametrize(
    ("totals", "message"),
    [
        ([78.0, math.inf], "expected a finite number, not inf"),
        (np.array([-math.inf], dtype=np.float32), "expected a finite number, not -inf"),
        ([Decimal("NaN")], "expected a finite number, not NaN"),
        ([None], "expected a number, not None"),
        (["78,5"], "expected a number, not '78,5'"),
        ([True], f"expected a number, not {np.True_!r}"),
    ],
)
def test_totals_that_are_no_numbers_are_refused(totals, message):
    with pytest.raises(NumberError) as error:
        OMBUDSMAN.index(totals)

    assert message == str(error.value)


def test_classify_refuses_what_is_not_a_finite_number():
    with pytest.raises(NumberError) as error:
        OMBUDSMAN.classify(math.nan)

    assert str(error.value) == "expected a finite number, not nan"


@pytest.mark.parametrize(
    ("band", "shown"),
    [
        (Band("E"), "Band('E')"),
        (Band("C", floor=54, ceiling="77.99"), "Band('C', from 54 to 77.99)"),
        (Band("C", above="53.90", below=78), "Band('C', above 53.90 to below 78)"),
    ],
)
def test_a_band_shows_its_ends_as_printed(band, shown):
    assert shown == repr(band)


def test_a_band_keeps_its_attributes():
    band = Band("A", floor=88, attributes={"opini": "Kualitas Tertinggi"}, label="hijau")

    assert {"opini": "Kualitas Tertinggi"} == band.attributes
    assert {"id": "hijau"} == band.label
    assert band == Band("A", floor="88.0", attributes=band.attributes, label=band.label)
