import pytest

import pelayanan
from pelayanan import Instrument
from pelayanan.errors import UnknownError

EDITIONS = ("ombudsman-2022", "ombudsman-2024")


@pytest.mark.parametrize("edition", EDITIONS)
def test_an_edition_is_loaded_by_its_id(edition):
    loaded = pelayanan.load(edition)

    assert isinstance(loaded, Instrument)
    assert edition == loaded.id
    assert loaded == pelayanan.load(edition)


@pytest.mark.parametrize(
    ("id", "said"),
    [
        ("ombudsmn-2024", "there is no edition 'ombudsmn-2024'; did you mean 'ombudsman-2024'?"),
        ("skm", "there is no edition 'skm'; known are 'ombudsman-2022', 'ombudsman-2024'"),
        ("../files", "there is no edition '../files'; known are 'ombudsman-2022', 'ombudsman-2024'"),
    ],
)
def test_an_edition_that_is_not_there_is_refused_with_the_nearest(id, said):
    with pytest.raises(UnknownError) as caught:
        pelayanan.load(id)

    assert said == str(caught.value)
    assert ("unknown-edition", {"edition": id}) == (caught.value.code, caught.value.values)


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


@pytest.mark.parametrize("edition", EDITIONS)
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


@pytest.mark.parametrize("edition", EDITIONS)
def test_an_edition_says_all_that_was_not_published(edition):
    found = [str(each) for each in pelayanan.load(edition).assumptions]

    assert sorted(COMMON + ASSUMED[edition]) == sorted(found)


def test_what_was_assumed_below_the_dimensions_vanishes_where_they_are_the_questions():
    found = pelayanan.load("ombudsman-2022").pruned(depth=1).assumptions

    assert {"", "zones", "*"} == {each.place for each in found}
