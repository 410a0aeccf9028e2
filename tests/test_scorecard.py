import pickle
from decimal import Decimal
from fractions import Fraction

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from test_markup import WORDS, Reader, squeezed

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
from pelayanan.mapping import printable
from pelayanan.marks import Mark
from pelayanan.provenance import Source, Standing
from pelayanan.zones import Requirement


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


@given(st.lists(WORDS, min_size=8, max_size=8), st.sampled_from(["id", "en"]))
def test_hostile_labels_are_words_in_html_and_markdown(words, language):
    title, band, colour, unit, reason, mark, tag, whole = words
    instrument = kiosk(
        title={language: whole},
        marks=[Mark(mark.ljust(1, "x")[:40], [Requirement("said", at_least=1, of="points")])],
        standing={"missing": Standing("assumed", reason)},
    )
    low, high = instrument.zones.bands
    bands = [low, attrs.evolve(high, code=band.ljust(2, "x")[:40], label={language: band}, colour=colour)]
    fees = attrs.evolve(instrument["seen.fees"], title={language: title}, tags={"part": tag})
    criteria = [fees if code == "seen.fees" else each for code, each in instrument.criteria.items()]
    instrument = attrs.evolve(
        instrument, criteria=criteria, zones=attrs.evolve(instrument.zones, bands=bands)
    )
    found = pelayanan.score_one(instrument, {"seen.fees": MISSING, "said": 9, "seen.hours": 9}, unit=unit)
    plain = pelayanan.score_one(kiosk(), {"seen.fees": MISSING, "said": 9, "seen.hours": 9}, unit="North")
    html, markdown = (
        Reader(found.html(language)),
        Reader(MarkdownIt("commonmark").enable("table").render(found.markdown(language))),
    )
    known = Reader(plain.html(language))

    assert set(html.tags) <= {*known.tags, "p", "section"}
    assert {name for name, _ in html.attributes} <= {"class", "lang", "style", "title"}
    assert set(markdown.tags) <= {
        "h2",
        "p",
        "strong",
        "ul",
        "li",
        "table",
        "thead",
        "tbody",
        "tr",
        "th",
        "td",
    }
    assert "href" not in {name for name, _ in markdown.attributes}
    said, shown = "".join(html.words), " ".join("".join(markdown.words).split())
    for each in (title, band, unit, reason, mark, whole):
        assert printable(each) in said
        assert squeezed(each) in shown


def test_a_card_as_markdown():
    found = card(FULL | {"seen.hours": NOT_APPLICABLE, "seen.fees": MISSING})

    assert (
        "## North\n"
        "\n"
        "**total 90.00, zone A green**\n"
        "\n"
        "|  | weight | points | contribution | lost |  |\n"
        "| :-- | --: | --: | --: | --: | :-- |\n"
        "| \\* | 100.00 % | 90.00 | 90.00 | 10.00 |  |\n"
        "| &emsp;seen | 0.00 % | \\- | 0.00 | 0.00 | What is seen |\n"
        "| &emsp;&emsp;fees | 0.00 % | \\- | 0.00 | 0.00 | Tarif \\[missing, exclude\\] |\n"
        "| &emsp;&emsp;hours | 0.00 % | \\- | 0.00 | 0.00 | \\[not applicable\\] |\n"
        "| &emsp;said | 100.00 % | 90.00 | 90.00 | 10.00 |  |\n"
        "\n"
        "**rests on assumptions**\n"
        "\n"
        "- missing is assumed (not found)\n"
        "- zones: floor of A is inferred (cases)\n"
        "\n"
        "kiosk\n" == found.markdown("en")
    )


def test_a_card_as_html_has_its_zone_and_bars():
    bands = [Band("C", floor=0, label="merah", colour="#c0392b"), Band("A", floor=80)]
    found = card(FULL, zones=Zones(bands))
    read = Reader(found.html())
    styles = [value for name, value in read.attributes if name == "style"]

    assert found.html() == found._repr_html_()
    assert "background:#c0392b;color:#ffffff" == styles[0]
    # 73.5 of 100; then 37.5 of 60 and 36 of 40 on the scale of 60; then 22.5 of 45 and 15 of 15 on that of 45.
    assert [
        *["width:73.50%", "width:26.50%"],
        *["width:62.50%", "width:37.50%"],
        *["width:50.00%", "width:50.00%"],
        *["width:33.33%", "width:0.00%"],
        *["width:60.00%", "width:6.67%"],
    ] == [each for each in styles if each.startswith("width")]
    words = [each for each in read.words if each.strip()]
    assert ["North", "kiosk", "kurang 6,50 ke A", "nilai akhir", "73,50"] == words[1:6]


def test_the_card_of_an_institution_lists_its_units_in_every_form():
    scores = Scores.of_totals(kiosk(rollup="published"), [70, "80.5"], units=["Dinas <A>", "B|C"])
    found = pelayanan.roll_up(scores, by=["Kota", "Kota"]).card("Kota")

    assert "unit:\nDinas <A>  70,00\nB|C        80,50" in found.text()
    assert "| Dinas \\<A\\> | 70,00 |\n| B\\|C | 80,50 |" in found.markdown()
    assert "<bdi>Dinas &lt;A&gt;</bdi>" in found.html()


def test_a_card_is_a_value():
    found = card(FULL)

    assert "Scorecard('kiosk', 'North', total=73.50, zone='C')" == repr(found)
    assert found == pickle.loads(pickle.dumps(found))
    assert "Scorecard('kiosk', 0, total=None, zone=None)" == repr(Scores.of_totals(kiosk(), [None]).card(0))
    with pytest.raises(UnknownError) as error:
        found["seen.fee"]

    assert "the card of 'North' has no line 'seen.fee'; did you mean 'seen.fees'?" == str(error.value)
