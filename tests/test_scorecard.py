import pickle
from decimal import Decimal
from fractions import Fraction

import pytest

import pelayanan
from pelayanan import (
    MISSING,
    NOT_APPLICABLE,
    Band,
    Group,
    Indicator,
    Instrument,
    Rounding,
    Scale,
    Scores,
    Zones,
)
from pelayanan.errors import UnknownError
from pelayanan.provenance import Source, Standing


def kiosk(**fields):
    criteria = [
        Group("seen", weight=60, title={"id": "Yang terlihat", "en": "What is seen"}, source="S"),
        Indicator("seen.fees", Scale(low=0, high=10), 3, title="Tarif", source="S"),
        Indicator("seen.hours", Scale(low=0, high=10), 1, optional=True, source="S"),
        Indicator("said", Scale(low=0, high=10), 40, missing="zero", source="S"),
    ]
    bands = Zones(
        [
            Band("C", floor=0, label={"id": "merah", "en": "red"}, source="S"),
            Band(
                "A",
                floor=80,
                label={"id": "hijau", "en": "green"},
                standing={"floor": Standing("inferred", "cases")},
            ),
        ],
        source="S",
    )
    defaults = {
        "maximum": 100,
        "missing": "exclude",
        "rounding": Rounding(2),
        "zones": bands,
        "root": Group("*", source="S"),
        "sources": {"S": Source("Decree")},
        "source": "S",
        "standing": {"missing": Standing("assumed", "not found")},
    }
    return Instrument(id="kiosk", criteria=criteria, **(defaults | fields))


def card(answers, **fields):
    return pelayanan.score_one(kiosk(**fields), answers, unit="North")


FULL = {"seen.fees": 5, "seen.hours": 10, "said": 9}


def test_lines_show_weight_points_contribution_and_what_is_lost():
    line = card(FULL)["seen.fees"]

    assert Fraction(45, 100) == line.weight
    assert (Fraction(1, 2), Fraction(50)) == (line.share, line.points)
    assert (Fraction(45, 2), Fraction(45, 2)) == (line.contribution, line.lost)
    assert (5, "answered", 2) == (line.answer, line.state, line.depth)


def test_weights_are_those_left_after_what_was_left_out():
    found = card({"seen.fees": 5, "seen.hours": NOT_APPLICABLE, "said": MISSING})

    assert Fraction(60, 100) == found["seen.fees"].weight
    assert 0 == found["seen.hours"].weight
    assert 40 == found["said"].lost
    assert ("said",) == found.missing
    assert ("seen.hours",) == found.not_applicable
    assert {"said": "zero"} == dict(found.policies)


def test_the_gap_is_to_the_next_band_with_the_printed_decimals():
    found = card(FULL)

    assert Decimal("6.50") == found.gap
    assert "6.50" == str(found.gap)
    assert "A" == found.following.code
    assert card({"seen.fees": 10, "seen.hours": 10, "said": 9}).gap is None


def test_the_gap_of_a_zone_decided_on_exact_totals_is_exact():
    bands = Zones([Band("C", floor=0), Band("A", floor=80)], decide_on="exact")
    found = card({"seen.fees": "1/3", "seen.hours": 10, "said": 9}, zones=bands)

    assert Decimal("27.5") == found.gap
    assert Decimal("52.50") == found.total


def test_only_assumptions_that_touch_the_score_are_listed():
    told = [str(each) for each in card(FULL).assumptions]
    zero = [str(each) for each in card(FULL | {"said": MISSING}).assumptions]
    excluded = [str(each) for each in card(FULL | {"seen.fees": MISSING}).assumptions]
    green = [str(each) for each in card({"seen.fees": 10, "seen.hours": 10, "said": 9}).assumptions]

    assert [] == told
    assert [] == zero
    assert ["missing is assumed (not found)", "zones: floor of A is inferred (cases)"] == excluded
    assert ["zones: floor of A is inferred (cases)"] == green


def test_a_card_of_a_printed_total_tells_what_its_zone_rests_on():
    printed = Scores.of_totals(kiosk(), [85]).card(0)

    assert ["zones: floor of A is inferred (cases)"] == [str(each) for each in printed.assumptions]
    assert printed.exact is None
    assert () == printed.lines


def test_the_text_is_readable_in_both_languages():
    found = card(FULL | {"seen.hours": NOT_APPLICABLE, "seen.fees": MISSING})

    assert (
        "kiosk  North\n"
        "nilai akhir 90,00, zona A hijau\n"
        "\n"
        "              bobot  nilai  sumbangan  hilang\n"
        "*          100,00 %  90,00      90,00   10,00\n"
        "  seen       0,00 %      -       0,00    0,00  Yang terlihat\n"
        "    fees     0,00 %      -       0,00    0,00  Tarif [tidak dijawab, exclude]\n"
        "    hours    0,00 %      -       0,00    0,00  [tidak berlaku]\n"
        "  said     100,00 %  90,00      90,00   10,00\n"
        "\n"
        "bergantung pada anggapan:\n"
        "  missing is assumed (not found)\n"
        "  zones: floor of A is inferred (cases)" == str(found)
    )
    english = card(FULL).text("en").splitlines()

    assert "total 73.50, zone C red (6.50 short of A)" == english[1]
    assert "  seen      60.00 %   62.50         37.50  22.50  What is seen" == english[5]


def test_a_unit_without_a_score_says_so():
    text = pelayanan.score_one(kiosk(), {"seen.hours": NOT_APPLICABLE, "said": MISSING}).text("en")

    assert "total no score, zone none" == text.splitlines()[1]
    empty = Scores.of_totals(kiosk(), [None]).card(0).text("en")

    assert "kiosk  0\ntotal no score, zone none" == empty


def test_what_a_terminal_could_take_as_a_command_is_not_printed():
    text = pelayanan.score_one(kiosk(), FULL, unit="North\x1b[2J").text()

    assert "kiosk  North\ufffd[2J" == text.splitlines()[0]


def test_a_card_is_a_value():
    found = card(FULL)

    assert "Scorecard('kiosk', 'North', total=73.50, zone='C')" == repr(found)
    assert found == pickle.loads(pickle.dumps(found))
    assert "Scorecard('kiosk', 0, total=None, zone=None)" == repr(Scores.of_totals(kiosk(), [None]).card(0))
    with pytest.raises(UnknownError) as error:
        found["seen.fee"]

    assert "the card of 'North' has no line 'seen.fee'; did you mean 'seen.fees'?" == str(error.value)
