"""
A page to hang up: an office explained beside seven others, as a document in HTML.

The offices and their answers are invented; the instrument is that of the Ombudsman of 2018.
Run it with the name of the file to write.
"""

import sys
from pathlib import Path

import pelayanan
from pelayanan.explain import explain
from pelayanan.markup import document

# What each of eight offices lacks, by the last part of its code; all else is there.
LACKING = {
    "Dinas Contoh Utara": ["biaya", "maklumat", "toilet", "sarana_khusus", "petugas"],
    "Dinas Contoh Selatan": ["sistem_informasi", "pelayanan"],
    "Dinas Contoh Timur": ["maklumat", "jangka_waktu", "loket"],
    "Dinas Contoh Barat": ["penilaian_kinerja"],
    "Dinas Contoh Tengah": ["sistem_informasi", "penilaian_kinerja", "pelayanan_terpadu"],
    "Puskesmas Contoh I": ["sistem_informasi", "biaya", "produk", "petugas"],
    "Puskesmas Contoh II": ["penilaian_kinerja", "visi_misi_moto"],
    "Puskesmas Contoh III": ["sistem_informasi", "persyaratan", "pelayanan_terpadu"],
}


def page(unit: str, language: str = "id") -> str:
    """Return the document of one of the offices."""
    instrument = pelayanan.load("ombudsman-2018")
    rows = [
        {
            each.code: "tidak_ada" if each.code.rpartition(".")[2] in lacking else "ada"
            for each in instrument.indicators
        }
        for lacking in LACKING.values()
    ]
    scores = pelayanan.score(instrument, pelayanan.Answers.from_rows(rows, units=list(LACKING)))
    return document(explain(scores, unit, peers=scores).html(language), unit, language)


def main(path: str) -> None:
    """Write the page of the first office."""
    Path(path).write_text(page("Dinas Contoh Utara"), encoding="utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
