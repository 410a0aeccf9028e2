import pytest
from drawn import LOSSES, WALK
from hypothesis import given
from hypothesis import strategies as st
from refusing import error_text

from pelayanan.errors import CrosswalkError
from pelayanan.losses import OUTCOMES, REASONS, Loss, Losses

FOUND = Losses(
    "kios-2024",
    "kios-2025",
    8,
    [
        Loss("a", "kept", "a", "equal", title={"id": "Tarif", "en": "Fees"}),
        Loss("b2", "kept", "b", "equal"),
        Loss("c", "mapped", ("c1", "c2"), "subset", {"c1": "1/3", "c2": "2/3"}, why="digabung"),
        Loss("d", "split", "x", "superset", {"x": "0.250"}),
        Loss("e", "asked_again", "e", "equivalent", reasons=("no-answer", "not-asked"), units=("North", 7)),
        Loss("f", "asked_again", ("f1", "f2"), "intersects", reasons="intersects", title="Pintu"),
        Loss("g", "asked_again", reasons="no-link"),
        Loss("b", "dropped", "b2", "equal", reasons="not-asked-now", units=("North",)),
        Loss("f1", "dropped", "f", "intersects"),
        Loss("z", "dropped", reasons="no-link"),
    ],
)


def test_the_report_reads_like_this_in_indonesian():
    expected = """\
kios-2024 \u2192 kios-2025  laporan jawaban yang terbawa
terbawa 4 dari 7, ditanyakan lagi 3

tetap (2):
  a Tarif
  b2 (dari b)

disetarakan (1):
  c (dari 1/3 \u00d7 c1, 2/3 \u00d7 c2): digabung

dipecah (1):
  d (dari 0,25 \u00d7 x)

ditanyakan lagi (3):
  e: tidak ada jawaban yang nilainya sama pada skalanya; dulu tidak ditanyakan; 2 dari 8 unit
  f Pintu (bandingkan f1, f2): hanya beririsan
  g: tidak ada padanannya

gugur (3):
  b (ke b2): kini tidak ditanyakan; 1 dari 8 unit
  f1 (bandingkan f)
  z: tidak ada padanannya"""

    assert expected == FOUND.text() == str(FOUND)


def test_the_report_reads_like_this_in_english_and_for_other_languages():
    expected = """\
kios-2024 \u2192 kios-2025  loss report
carried 4 of 7, to be asked again 3

kept (2):
  a Fees
  b2 (from b)

mapped (1):
  c (from 1/3 \u00d7 c1, 2/3 \u00d7 c2): digabung

split (1):
  d (from 0.25 \u00d7 x)

to be asked again (3):
  e: no answer on its scale is worth the same; it was not asked; 2 of 8 units
  f Pintu (compare f1, f2): they only overlap
  g: nothing corresponds to it

dropped (3):
  b (to b2): it is not asked now; 1 of 8 units
  f1 (compare f)
  z: nothing corresponds to it"""

    assert expected == FOUND.text("en")
    assert expected.replace("Fees", "Tarif") == FOUND.text("nl").replace("Fees", "Tarif")


def test_the_report_in_markdown_is_of_lists():
    lines = FOUND.markdown("en").splitlines()

    assert ["## loss report", "", "**carried 4 of 7, to be asked again 3**", "", "**kept (2)**", ""] == lines[
        :6
    ]
    assert "- e: no answer on its scale is worth the same; it was not asked; 2 of 8 units" in lines
    assert "kios-2024 \u2192 kios-2025" == lines[-1]


def test_nothing_in_titles_acts_as_markdown_or_html():
    found = Losses("a", "b", 1, [Loss("x", "kept", "x", title="<b>[y](z)", why="`w`")])

    assert "- x \\<b\\>\\[y\\](z): \\`w\\`" in found.markdown().splitlines()
    assert "<li><bdi>x &lt;b&gt;[y](z): `w`</bdi></li>" in found.html()
    assert found.html() == found._repr_html_()


def test_a_report_of_nothing_is_a_heading():
    assert "a \u2192 b  loss report\ncarried 0 of 0, to be asked again 0" == Losses("a", "b", 0, ()).text(
        "en"
    )


def test_the_short_form_counts():
    expected = "Losses('kios-2024' to 'kios-2025', 2 kept, 1 mapped, 1 split, 3 to be asked again, 3 dropped)"

    assert expected == repr(FOUND)


# Properties


@given(st.lists(LOSSES, max_size=4), st.sampled_from(["id", "en", "nl"]))
def test_each_line_is_in_one_part_and_told(lines, language):
    found = Losses("a", "b", 9, lines)
    parts = (found.kept, found.mapped, found.split, found.asked_again, found.dropped)

    assert sorted(map(repr, lines)) == sorted(repr(each) for part in parts for each in part)
    assert len(lines) <= len(found.text(language).splitlines())
    assert found.html(language).count("<li>") == len(lines)


@pytest.mark.parametrize("language", ["id", "en"])
@pytest.mark.parametrize("outcome", OUTCOMES)
@pytest.mark.parametrize("reason", REASONS)
def test_every_reason_has_words(reason, outcome, language):
    text = Losses("a", "b", 1, [Loss("x", outcome, reasons=reason)]).text(language)

    assert reason not in text.replace("group", "") or reason == "group"
    assert "x: " in text.splitlines()[-1]


def test_the_report_of_a_crosswalk_is_told_before_there_are_answers():
    assert "d2b (from 0.5 \u00d7 d2): dibagi dua" in WALK.losses.text("en")


# Messages


@pytest.mark.parametrize(
    ("line", "message"),
    [
        (
            ("a", "keep"),
            "loss: there is no 'keep' here; did you mean 'kept'? @ outcome",
        ),
        (
            ("a", "nope", (), "", {}, ["no-lnk", "group"]),
            "loss has 2 problems\n"
            "  there is no 'nope' here; known are 'kept', 'mapped', 'split', 'asked_again', 'dropped' @ outcome\n"
            "  there is no 'no-lnk' here; did you mean 'no-link'? @ reasons",
        ),
    ],
)
def test_a_word_that_the_report_does_not_know_is_refused(line, message):
    assert message == error_text(CrosswalkError, Loss, *line)
