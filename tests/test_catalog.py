from datetime import date, datetime, timedelta
from pathlib import Path

import attrs
import pytest

import pelayanan
from pelayanan import Instrument, catalog
from pelayanan.catalog import Edition
from pelayanan.errors import UnknownError
from pelayanan.files import read
from pelayanan.instrument import InForce

FILES = sorted((Path(catalog.__file__).parent / "instruments").glob("*.toml"))
EDITIONS = [each.id for each in pelayanan.editions()]
PERIODS = {
    "ombudsman-2013": "2013-01-01 to 2013-12-31, pemerintah daerah",
    "ombudsman-2015": "2015-01-01 to 2016-12-31",
    "ombudsman-2017-kl": "2017-01-01 to 2019-12-31, kementerian, lembaga dan Polres",
    "ombudsman-2018": "2017-01-01 to 2019-12-31, pemerintah daerah",
    "ombudsman-2021": "2021-01-01 to 2021-12-31",
    "ombudsman-2022": "2022-01-01 to 2022-12-31",
    "ombudsman-2023": "2023-01-01 to 2023-12-31",
    "ombudsman-2024": "2024-01-01 to 2024-12-31",
    "ombudsman-2025": "2025-01-01 to 2025-12-31",
}
LISTED = ", ".join(f"{edition!r} ({period})" for edition, period in PERIODS.items())


def _order(edition: Edition) -> tuple[str, date, str]:
    return (edition.family, edition.in_force.from_, edition.id)


def test_the_index_is_what_the_files_say():
    found = sorted((Edition.of(read(file)) for file in FILES), key=_order)

    assert tuple(found) == pelayanan.editions()
    assert sorted(file.stem for file in FILES) == sorted(EDITIONS)


def test_listing_and_choosing_read_no_file_but_the_one_that_is_loaded(monkeypatch):
    asked = []
    monkeypatch.setattr(catalog, "read", asked.append)
    listed = pelayanan.editions()
    pelayanan.load("ombudsman", on=date(2023, 9, 1))

    assert 10 <= len(listed)
    assert ["ombudsman-2023.toml"] == [path.name for path in asked]


def test_no_two_editions_of_a_family_are_in_force_for_the_same_body_on_one_day():
    chosen = [each for each in pelayanan.editions() if not each.variant_of]
    pairs = [
        (a.id, b.id)
        for place, a in enumerate(chosen)
        for b in chosen[place + 1 :]
        if a.family == b.family
        and (a.applies_to == b.applies_to or not (a.applies_to and b.applies_to))
        and (a.in_force.until is None or b.in_force.from_ <= a.in_force.until)
        and (b.in_force.until is None or a.in_force.from_ <= b.in_force.until)
    ]

    assert [] == pairs


@pytest.mark.parametrize("edition", EDITIONS)
def test_an_edition_is_loaded_by_its_id(edition):
    loaded = pelayanan.load(edition)

    assert isinstance(loaded, Instrument)
    assert edition == loaded.id
    assert loaded == pelayanan.load(edition)


@pytest.mark.parametrize("edition", [each for each in pelayanan.editions() if not each.variant_of], ids=repr)
def test_an_edition_is_found_on_the_first_and_the_last_day_of_its_period(edition):
    first = edition.in_force.from_
    last = edition.in_force.until or first + timedelta(days=36_500)
    applies_to = edition.applies_to or None

    assert [edition.id] * 3 == [
        pelayanan.load(edition.family, on=day, applies_to=applies_to).id
        for day in (first, last, datetime(last.year, last.month, last.day, 23, 59))
    ]


def test_an_edition_for_all_is_found_for_each_of_them():
    day = date(2021, 6, 1)

    assert "ombudsman-2021" == pelayanan.load("ombudsman", on=day, applies_to="pemerintah daerah").id
    assert "skm-2017" == pelayanan.load("skm", on=day, applies_to="pemerintah daerah").id


def test_a_variant_is_loaded_by_its_id_and_never_chosen_by_its_day(monkeypatch):
    base = Edition("skm-1", "skm", in_force=InForce(date(2017, 1, 1)))
    variant = Edition("skm-1-w", "skm", in_force=InForce(date(2017, 1, 1)), variant_of="skm-1")
    undated = Edition("skm-0", "skm")
    monkeypatch.setattr(catalog, "_INDEX", (undated, base, variant))
    monkeypatch.setattr(catalog, "read", lambda path: path.stem)

    assert ("skm-1", "skm-1-w") == (pelayanan.load("skm", on=date(2020, 1, 1)), pelayanan.load("skm-1-w"))
    with pytest.raises(UnknownError) as caught:
        pelayanan.load("skm", on=date(2016, 12, 31))
    assert (
        "no edition of 'skm' is in force on 2016-12-31; there are 'skm-0' (no known period), "
        "'skm-1' (from 2017-01-01), 'skm-1-w' (from 2017-01-01, variant of skm-1)" == str(caught.value)
    )
    assert "Edition('skm-0', no known period)" == repr(undated)


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"name": "ombudsmn-2024"}, "there is no edition 'ombudsmn-2024'; did you mean 'ombudsman-2024'?"),
        (
            {"name": "ombudsman"},
            f"'ombudsman' is a family of editions; say on= for a day of one of {LISTED}",
        ),
        (
            {"name": "ombudsmn", "on": date(2023, 1, 1)},
            "there is no family 'ombudsmn'; did you mean 'ombudsman'?",
        ),
        (
            {"name": "ombudsman-2023", "on": date(2023, 1, 1)},
            "'ombudsman-2023' is an edition and no family; load it without on=",
        ),
        (
            {"name": "ombudsman", "on": date(2020, 6, 1)},
            f"no edition of 'ombudsman' is in force on 2020-06-01; there are {LISTED}",
        ),
        (
            {"name": "ombudsman", "on": date(2013, 6, 1), "applies_to": "kementerian, lembaga dan Polres"},
            "no edition of 'ombudsman' is in force on 2013-06-01 for 'kementerian, lembaga dan Polres'; "
            f"there are {LISTED}",
        ),
        (
            {"name": "ombudsman", "on": date(2018, 12, 31)},
            "several editions of 'ombudsman' are in force on 2018-12-31: 'ombudsman-2017-kl' "
            "(2017-01-01 to 2019-12-31, kementerian, lembaga dan Polres), 'ombudsman-2018' "
            "(2017-01-01 to 2019-12-31, pemerintah daerah); say applies_to=",
        ),
        (
            {"name": "ombudsman", "on": date(2018, 12, 31), "applies_to": "pemerintah"},
            "no edition of 'ombudsman' applies to 'pemerintah'; did you mean 'pemerintah daerah'?",
        ),
        ({"name": "ombudsman", "on": "2018-12-31"}, "on= takes a date, not '2018-12-31'"),
    ],
)
def test_what_finds_no_edition_or_several_is_told_with_the_ids(asked, said):
    with pytest.raises(UnknownError) as caught:
        pelayanan.load(**asked)

    assert said == str(caught.value)


def test_an_unknown_id_is_no_path(tmp_path):
    with pytest.raises(UnknownError) as caught:
        pelayanan.load("../files")

    assert ("unknown-edition", {"edition": "../files"}) == (caught.value.code, caught.value.values)


def test_an_edition_is_a_value():
    edition = pelayanan.editions()[0]

    assert edition == Edition.from_json(edition.to_json())
    assert attrs.evolve(edition, id="x") != edition


@pytest.mark.parametrize("edition", EDITIONS)
def test_every_source_of_an_edition_is_used_and_has_an_address(edition):
    loaded = pelayanan.load(edition)
    tables = [
        loaded,
        loaded.root,
        loaded.zones,
        *loaded.zones.bands,
        *loaded.criteria.values(),
        *loaded.cases,
    ]
    tables += [each.scale for each in loaded.indicators]
    used = {code for table in tables for code in table.source}

    assert set(loaded.sources) == used
    assert all(source.url.startswith("https://") for source in loaded.sources.values())


@pytest.mark.parametrize("edition", ["ombudsman-2022", "ombudsman-2023", "ombudsman-2024"])
def test_the_dimensions_of_an_edition_are_worth_what_was_printed(edition):
    weights = pelayanan.load(edition).pruned(depth=1).effective_weights
    printed = {"input": "21.85", "proses": "32.37", "output": "24.24", "pengaduan": "21.54"}

    assert printed == {code: f"{float(weights[code] * 100):.2f}" for code in printed}


COMMON = [
    "missing is assumed (no rule for missing answers or missing dimensions was found)",
    "zones: decide_on is assumed (not stated; the printed bands adjoin only on two decimals)",
    "*: rule is inferred (no formula was found; the weights are printed in percent, and the weighted values "
    "printed for units of 2023 add up to their totals)",
]
ASSUMED = {
    "ombudsman-2022": [
        "rounding is assumed (two decimals are printed; half-up or cutting is not stated and the printed "
        "cases do not settle it)",
        "rollup is assumed (the plain mean of the units is stated for 2024 and fits the cities of 2022; "
        "whether it is taken of rounded or exact unit totals is not published)",
        "in_force is inferred (the assessed year; its data were collected from August to November 2022)",
        "zones: floor of E, D is inferred (not seen printed by the Ombudsman; a press table of 26 Jan 2023 "
        "(Mistar) has it beside misprinted bounds of B and C; every published case agrees)",
        "zones: ceiling of E, D is inferred (not seen printed by the Ombudsman; a press table of 26 Jan 2023 "
        "(Mistar) has it beside misprinted bounds of B and C; every published case agrees)",
        "scales['nol_tiga']: share is assumed (0 to 3 is published, what each value is worth is not; equal "
        "steps)",
        "*: weight of pengaduan is inferred (the line is not readable in the slides of 2022; it is the "
        "weight of 2023 and what the other three leave of 100)",
        "input: weight of kompetensi_pelaksana, sarana_prasarana is assumed (not published)",
        "input.kompetensi_pelaksana: weight of komponen_standar, tugas_kewenangan, lembaga_ombudsman, "
        "bentuk_maladministrasi, kelompok_rentan is assumed (not published)",
        "input.sarana_prasarana: weight of pengawasan_internal, jumlah_petugas, penjaminan_mutu, "
        "keamanan_keselamatan, i10, i11 and 2 more is assumed (not published)",
        "proses.standar_pelayanan: weight of persyaratan, prosedur, jangka_waktu, biaya, produk, maklumat "
        "and 5 more is assumed (not published)",
        "output.persepsi_maladministrasi: criterion of penundaan_berlarut, permintaan_imbalan, "
        "penyimpangan_prosedur, tidak_kompeten, tidak_patut is inferred (in the list of 2023; not read for "
        "2022)",
        "output.persepsi_maladministrasi: weight of penundaan_berlarut, permintaan_imbalan, "
        "penyimpangan_prosedur, tidak_kompeten, tidak_patut is assumed (not published)",
        "pengaduan.pengelolaan_pengaduan: criterion of i1, i2, i3, i4, i5, i6 is inferred (the list of 2023 "
        "has six; the count of 2022 was not read)",
        "pengaduan.pengelolaan_pengaduan: weight of i1, i2, i3, i4, i5, i6 is assumed (not published)",
    ],
    "ombudsman-2024": [
        "rounding is assumed (two decimals are printed; the printed means fit half-up and cutting alike)",
        "rollup is assumed (the plain mean of the units is published; whether it is taken of rounded or "
        "exact unit totals is not, nor how points for follow-up, which one report names, "
        "would enter (Logovektor))",
        "in_force is inferred (the assessed year; its data were collected from May to September 2024)",
        "zones: floor of E, D is inferred (not seen printed for 2024; the interval of 2022, the cases of "
        "2024 agree)",
        "zones: ceiling of E, D is inferred (not seen printed for 2024; the interval of 2022, the cases of "
        "2024 agree)",
        "scales['persen']: scale is assumed (how the variables of 2024 were answered was not found; points "
        "of 100 are ours)",
        "scales['persen']: share is assumed (a point is worth a hundredth)",
        "*: weight of input, proses, output, pengaduan is inferred (no weights of 2024 were found; those of "
        "2023, no sign of a change)",
        "input: weight of kompetensi_pelaksana, sarana_prasarana is assumed (not published)",
        "output: weight of persepsi_maladministrasi, indeks_kepuasan_masyarakat is assumed (not published)",
    ],
}


@pytest.mark.parametrize("edition", ASSUMED)
def test_an_edition_says_all_that_was_not_published(edition):
    found = [str(each) for each in pelayanan.load(edition).assumptions]

    assert sorted(COMMON + ASSUMED[edition]) == sorted(found)


def test_what_was_assumed_below_the_dimensions_vanishes_where_they_are_the_questions():
    found = pelayanan.load("ombudsman-2022").pruned(depth=1).assumptions

    assert {"", "zones", "*"} == {each.place for each in found}
