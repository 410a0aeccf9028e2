from fractions import Fraction
from typing import Any

import attrs
import pytest
from drawn import KIOSK, KIOSK_NTT, instruments
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

import pelayanan
from pelayanan import Band, Group, Indicator, Instrument, Rounding, Scale, Zones
from pelayanan.amendments import interval
from pelayanan.cases import Case
from pelayanan.catalog import editions
from pelayanan.errors import InstrumentError, KindError, UnknownError
from pelayanan.history import KINDS_OF_CHANGE, Amendment, Changes, changes, diff, moves
from pelayanan.overlay import Overlay, extend

SCORE = Scale(low=0, high=4)


def between(before: str, after: str) -> Changes:
    return changes(*(pelayanan.load(f"ombudsman-{year}") for year in (before, after)))


def codes(found: Changes, what: str, section: str = "criteria") -> list[str]:
    return [each.code for each in found.of(what, section)]


# Published: the history of the Ombudsman's assessment.


def test_in_2018_and_2021_three_zones_are_cut_alike_but_for_the_decimals_of_2021():
    found = between("2018", "2021")
    cut = {each.code: (interval(each.before), interval(each.after)) for each in found.bands}

    assert {"merah": "0-50,99", "kuning": "51,00-80,99", "hijau": "81,00-100"} == {
        code: after for code, (_, after) in cut.items()
    }
    assert {"0", "51", "81"} == {before.partition("-")[0] for before, _ in cut.values()}


def test_from_2021_to_2022_one_dimension_becomes_four():
    found = between("2021", "2022")
    weights = {each.code: (each.before, each.after) for each in found.weights}

    assert {
        "input": ("", "21.85"),
        "proses": ("100", "32.37"),
        "output": ("", "24.24"),
        "pengaduan": ("", "21.54"),
    } == weights
    assert {"input", "output", "pengaduan"} <= set(codes(found, "added"))
    assert 1 == sum(each.part_before or 0 for each in found.weights)
    assert 1 == sum(each.part_after or 0 for each in found.weights)


def test_from_2021_to_2022_three_zones_become_categories_a_to_e():
    found = between("2021", "2022")
    cut = {each.code: each.after and interval(each.after) for each in found.bands}

    assert {
        "A": "88,00-100,00",
        "B": "78,00-87,99",
        "C": "54,00-77,99",
        "D": "32,00-53,99",
        "E": "0-31,99",
        "hijau": None,
        "kuning": None,
        "merah": None,
    } == cut
    assert ["A", "B", "C", "D", "E", "hijau", "kuning", "merah"] == list(cut)
    assert {"hijau", "kuning", "merah"} == set(codes(found, "dropped", "bands"))


def test_from_2022_to_2023_weights_of_dimensions_and_zones_stay_and_two_indicators_are_new():
    found = between("2022", "2023")
    of_staff = "input.kompetensi_pelaksana"
    weighed = {(each.code, each.key): each.after for each in found.of("reweighted")}

    assert ((), ()) == (found.weights, found.bands)
    assert [f"{of_staff}.rekomendasi_ombudsman"] == [
        code for code in codes(found, "added") if code.startswith(f"{of_staff}.")
    ]
    assert "output.indeks_kepuasan_masyarakat" in codes(found, "added")
    assert "12.22" == weighed[f"{of_staff}.komponen_standar", "weight"]


def test_the_indicators_of_input_grow_from_5_and_8_to_6_and_9():
    counts = [
        tuple(
            len(pelayanan.load(f"ombudsman-{year}").tree.members[f"input.{variable}"])
            for variable in ("kompetensi_pelaksana", "sarana_prasarana")
        )
        for year in (2022, 2023)
    ]
    found = between("2022", "2023")
    more = [
        sum(code.startswith(f"input.{variable}.") for code in codes(found, "added"))
        - sum(code.startswith(f"input.{variable}.") for code in codes(found, "dropped"))
        for variable in ("kompetensi_pelaksana", "sarana_prasarana")
    ]

    assert [(5, 8), (6, 9)] == counts
    assert [1, 1] == more


def test_from_2022_to_2024_weights_and_zones_stay_and_indicators_are_not_known_any_more():
    found = between("2022", "2024")

    assert ((), ()) == (found.weights, found.bands)
    assert ["output.indeks_kepuasan_masyarakat"] == codes(found, "added")
    assert 35 == len(codes(found, "dropped"))


def test_from_2024_to_2025_four_dimensions_weigh_70_together_and_public_trust_30():
    found = between("2024", "2025")
    after = {each.code: (each.after, each.part_after) for each in found.weights if each.after}

    assert {"kualitas": ("70", Fraction(7, 10)), "kepercayaan": ("30", Fraction(3, 10))} == after
    assert ["tanpa_maladministrasi"] == codes(found, "added", "marks")


def test_from_2024_to_2025_zones_are_cut_alike_and_called_by_words_of_quality():
    found = between("2024", "2025")
    called = {each.code: (each.before.label["id"], each.after.label.get("id", "")) for each in found.bands}

    assert {
        "A": ("hijau", "Sangat Baik"),
        "B": ("hijau", "Baik"),
        "C": ("kuning", "Cukup"),
        "D": ("merah", "Kurang"),
        "E": ("merah", ""),
    } == called
    assert not found.of("recut", "bands")


def test_ministries_had_110_points_where_local_governments_had_100():
    found = changes(pelayanan.load("ombudsman-2018"), pelayanan.load("ombudsman-2017-kl"))

    assert ("100", "110") == found.maxima
    assert "zona menurut nilai (maksimum 100 \u2192 110):" in found.text().splitlines()
    assert ("100", "110") == next(
        (each.before, each.after) for each in found.of("other", "head") if each.key == "maximum"
    )


# Thought


OLD = Instrument(
    id="kios-2023",
    title={"id": "Kios lama", "en": "Old kiosk"},
    criteria=[
        Group("d1", 60, title={"id": "Yang terlihat", "en": "What is seen"}),
        Indicator("d1.tarif", SCORE, 1, title="Tarif"),
        Indicator("d1.loket", SCORE, 1, title="Loket"),
        Indicator("d2", SCORE, 40, title="Yang dikatakan"),
    ],
    maximum=75,
    missing="refuse",
    rounding=Rounding(1),
    zones=Zones([Band("merah", floor=0, below=38), Band("hijau", floor=38, label="hijau")]),
)
NEW = attrs.evolve(
    OLD,
    id="kios-2024",
    title={"id": "Kios *baru*", "en": "New kiosk"},
    criteria=[
        Group("d1", 55, title={"id": "Yang terlihat", "en": "What is seen"}),
        Indicator("d1.biaya", SCORE, 1, title="Biaya", aliases="d1.tarif"),
        Indicator("d1.waktu", SCORE, 1, title="Waktu"),
        Indicator("d1.papan", SCORE, 1, title="Papan"),
        Indicator("d2", Scale(low=1, high=5), 45, title="Yang dikatakan", missing="zero"),
    ],
    maximum=100,
    missing="exclude",
    zones=Zones([Band("merah", floor=0, ceiling=49), Band("hijau", above=49, label="hijau")]),
)
TEXT = """\
kios-2023 \u2192 kios-2024  Kios *baru*
perubahan 18

bobot tingkat pertama:
    bobot kios-2023  bagian kios-2023  bobot kios-2024  bagian kios-2024
d1               60           60,00 %               55           55,00 %  Yang terlihat
d2               40           40,00 %               45           45,00 %  Yang dikatakan

zona menurut nilai (maksimum 75 \u2192 100):
       nilai kios-2023  sebutan kios-2023  nilai kios-2024  sebutan kios-2024
hijau             \u2265 38  hijau                         > 49  hijau
merah         0 - < 38                                0-49

ditambah:
  Yang terlihat: Waktu (d1.waktu); Papan (d1.papan)

dihapus:
  Yang terlihat: Loket

dipindah:
  Biaya (d1.biaya): kode d1.tarif \u2192 d1.biaya

rumusan diubah:
  instrumen: judul Kios lama \u2192 Kios *baru*
  Biaya (d1.biaya): judul Tarif \u2192 Biaya

pembobotan diubah:
  Yang terlihat (d1): bobot 60 \u2192 55
  Yang dikatakan (d2): bobot 40 \u2192 45

cara menjawab diubah:
  Yang dikatakan (d2): skala rentang terendah 0 \u2192 1
  Yang dikatakan (d2): skala rentang tertinggi 4 \u2192 5

lainnya:
  instrumen: nilai maksimum 75 \u2192 100
  instrumen: jawaban kosong refuse \u2192 exclude
  Yang dikatakan (d2): jawaban kosong tidak ada \u2192 zero"""


def test_what_changed_is_told_as_tables_and_lists():
    found = changes(OLD, NEW)
    english = found.text("en")

    assert TEXT == found.text() == str(found)
    assert "  What is seen (d1): weight 60 \u2192 55" in english.splitlines()
    assert "  instrument: title Old kiosk \u2192 New kiosk" in english.splitlines()
    assert "added:" in found.text("fr").splitlines()
    assert found.html() == found._repr_html_()
    assert "Changes('kios-2023' to 'kios-2024', 18 entries)" == repr(found)


def test_markdown_and_html_show_titles_as_they_are():
    found = changes(OLD, NEW)
    page = MarkdownIt("commonmark").enable("table").render(found.markdown())

    assert "<h2>Kios *baru*</h2>" in page
    assert "<em>" not in page
    assert '<div class="zone">' not in found.html()
    assert "<bdi>Kios *baru*</bdi>" in found.html()


def test_what_a_table_says_of_lists_truth_and_nothing_is_one_line():
    old = attrs.evolve(OLD, marks=[])
    criteria = [*OLD.criteria.values()][:-1]
    new = attrs.evolve(OLD, criteria=[*criteria, attrs.evolve(OLD["d2"], optional=True, tags={"a": "b"})])
    requires = [pelayanan.zones.Requirement("d1", at_least="0.50", of="share")]
    zones = attrs.evolve(
        OLD.zones, bands=[OLD.zones.bands[0], attrs.evolve(OLD.zones.bands[1], requires=requires)]
    )
    found = changes(old, attrs.evolve(new, zones=zones))

    assert {("optional", "", "true"), ("tags.a", "", "b")} == {
        (each.key, each.before, each.after) for each in found.of("other")
    }
    assert [("requires", "", "criterion d1, at_least 0.50, of share")] == [
        (each.key, each.before, each.after) for each in found.of("recut", "bands")
    ]


def test_criteria_in_another_order_have_moved():
    found = changes(OLD, attrs.evolve(OLD, criteria=list(OLD.criteria.values())[::-1]))

    assert [Amendment("moved", "criteria", key="order")] == list(found.entries)
    assert "dipindah:\n  urutan kriteria" in found.text()


def test_sources_and_notes_are_counted_alone():
    found = changes(OLD, attrs.evolve(OLD, disputed="by some"))

    assert (
        "kios-2023 \u2192 kios-2023  Kios lama\nperubahan tidak ada\n\nsumber dan keterangan: 1 perubahan"
        == found.text()
    )


@pytest.mark.parametrize(
    ("band", "said"),
    [
        (Band("A", floor="88.00", ceiling=100), "88,00-100"),
        (Band("A", above=80, below=100), "> 80 - < 100"),
        (Band("A", floor=80), "\u2265 80"),
        (Band("A", above="80.5"), "> 80,5"),
        (Band("A", ceiling=50), "\u2264 50"),
        (Band("A", below=50), "< 50"),
        (Band("A"), "-"),
    ],
)
def test_a_band_is_told_by_its_ends(band, said):
    assert said == interval(band)
    assert said.replace(",", ".") == interval(band, "en")


def test_what_an_overlay_of_a_province_says_is_told():
    found = changes(KIOSK, KIOSK_NTT)

    assert ["d4"] == codes(found, "added")
    assert [("60.0", "54"), ("40", "36"), ("", "10.0")] == [
        (each.before, each.after) for each in found.weights
    ]
    assert [("labels.ada.id", "dipasang", "ditempel")] == [
        (each.key, each.before, each.after) for each in found.of("reworded")
    ]


# Properties


@given(instruments(of=("",)))
def test_between_equal_instruments_nothing_changed(instrument):
    found = changes(instrument, instrument)

    assert ((), (), ()) == (found.entries, found.weights, found.bands)
    assert "perubahan tidak ada" == found.text().splitlines()[1]


@given(instruments(of=("",)), instruments(of=("",)))
@settings(max_examples=40)
def test_what_is_told_is_what_the_overlay_says(one, other):
    found, overlay = changes(one, other), diff(one, other)
    to = moves(one, other)
    added = {each["code"] for each in overlay.changes.get("add", ())}
    differ = {each["code"] for each in overlay.changes.get("change", ())}
    told = {
        each.code
        for each in found.entries
        if each.section == "criteria" and each.key not in ("", "code", "order")
    }

    pairs = [(one[code], other[code]) for code in one.criteria.keys() & other.criteria.keys()]
    both = [pair for pair in pairs if all(isinstance(each, Indicator) for each in pair)]
    others = {
        old.code
        for old, new in both
        if set(old.aliases) - set(new.aliases) and set(new.aliases) - set(old.aliases)
    }

    assert {each.what for each in found.entries} <= set(KINDS_OF_CHANGE)
    assert added | others == set(codes(found, "added"))
    assert others <= set(codes(found, "dropped"))
    assert set(to.values()) == {each.code for each in found.of("moved") if each.key == "code"}
    assert differ <= told | set(to.values()) | others
    assert bool(overlay.changes) == bool(found.entries)


@given(instruments(of=("",)), instruments(of=("",)))
@settings(max_examples=30)
def test_the_way_back_adds_what_was_dropped(one, other):
    there, back = changes(one, other), changes(other, one)
    moved: Any = moves(one, other)

    assert len(there.entries) == len(back.entries)
    assert set(codes(there, "dropped", "bands")) == set(codes(back, "added", "bands"))
    assert moved or set(codes(there, "dropped")) == set(codes(back, "added"))


@pytest.mark.parametrize("language", ["id", "en"])
@given(st.sampled_from([each.id for each in editions()]), st.sampled_from([each.id for each in editions()]))
@settings(max_examples=15)
def test_what_differs_between_any_two_editions_can_be_read(language, before, after):
    found = changes(pelayanan.load(before), pelayanan.load(after))
    lines = found.text(language).splitlines()

    assert f"{before} \u2192 {after}" == lines[0].partition("  ")[0]
    assert found.markdown(language).count("\n| ") >= len(found.weights) + len(found.bands)
    assert found == Changes.from_json(found.to_json())


def test_layers_are_not_told():
    same = extend(
        KIOSK,
        Overlay("kios-2024", changes={"issuer": "x"}),
        Overlay("kios-2024", changes={"without": ["issuer"]}, over=[""]),
    )

    assert () == changes(KIOSK, same).entries


# Messages


def test_instruments_that_were_pruned_are_refused():
    whole = pelayanan.load("ombudsman-2024")
    with pytest.raises(InstrumentError) as caught:
        changes(whole.pruned(depth=1), whole)

    message = "it was pruned; compare the whole instruments, and prune what comes of them"
    assert f"ombudsman-2024 to ombudsman-2024: {message} @ before" == str(caught.value)


def test_numbered_questions_whose_numbers_moved_were_dropped_and_added():
    found = changes(pelayanan.load("skm-2004"), pelayanan.load("skm-2017"))
    weights = [(each.code, each.before, each.after) for each in found.weights]

    assert [f"u{item}" for item in range(1, 15)] == [each.code for each in found.of("dropped")]
    assert [f"u{item}" for item in range(1, 10)] == [each.code for each in found.of("added")]
    assert () == found.of("reworded")
    assert [("u1", "", "1/9"), ("u9", "", "1/9"), ("u1", "0.071", ""), ("u14", "0.071", "")] == [
        weights[place] for place in (0, 8, 9, 22)
    ]


def test_a_case_of_the_same_name_that_differs_is_told():
    plain = Instrument(id="k", criteria=[Indicator("a", SCORE)], maximum=4, missing="refuse", rounding=None)
    one, other = (
        attrs.evolve(plain, cases=[Case("Kupang", answers={"a": answer}, total=answer)]) for answer in (1, 2)
    )
    found = changes(one, other)

    assert [("sourced", "cases", "source", "Kupang", "Kupang")] == [
        (each.what, each.section, each.key, each.before, each.after) for each in found.entries
    ]


@pytest.mark.parametrize(
    ("asked", "kind", "message"),
    [
        (
            ("adde",),
            UnknownError,
            "there is no kind of changes 'adde'; did you mean 'added'?",
        ),
        (("added", "band"), UnknownError, "there is no section of changes 'band'; did you mean 'bands'?"),
        ((["added"],), KindError, "what= takes a kind of changes, not a list"),
    ],
)
def test_what_there_is_no_word_for_is_refused(asked, kind, message):
    with pytest.raises(kind) as error:
        changes(pelayanan.load("skm-2004"), pelayanan.load("skm-2017")).of(*asked)

    assert message == str(error.value)
