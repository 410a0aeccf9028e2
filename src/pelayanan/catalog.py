"""
The shipped editions, by id and by the day that they are in force.
"""

from collections.abc import Iterable
from datetime import date, datetime
from pathlib import Path

import attrs

from pelayanan.errors import UnknownError, nearest
from pelayanan.files import read
from pelayanan.instrument import InForce, Instrument
from pelayanan.mapping import FrozenMapping, Text, text
from pelayanan.value import Value

__all__ = ["Edition", "editions", "load"]

_FOLDER = Path(__file__).parent / "instruments"


@attrs.frozen(repr=False)
class Edition(Value):
    """
    What is known of an edition before its file is read.

    Args:
        id: What `load` takes.
        family: Of which rubric it is an edition.
        title: Text by language.
        in_force: The assessed period; ``None`` where it is not known.
        applies_to: What tells editions of a family apart that are in force together; empty
            for one that applies to all.
        variant_of: The edition that it is a variant of; a variant is never chosen by day.
    """

    id: str
    family: str
    title: Text = attrs.field(default=FrozenMapping(), converter=text)
    in_force: InForce | None = None
    applies_to: str = ""
    variant_of: str = ""

    @classmethod
    def of(cls, instrument: Instrument) -> "Edition":
        """
        Return what an instrument says of itself.
        """
        fields = {field.name: getattr(instrument, field.name) for field in attrs.fields(cls)}
        return cls(**fields)

    def __repr__(self) -> str:
        return f"Edition({self.id!r}, {_period(self)})"


def editions() -> tuple[Edition, ...]:
    """
    Return what can be loaded, by family and day. No file is read.

    >>> editions()[0]
    Edition('egdi-2018', 2018-01-01 to 2018-12-31)
    """
    return _INDEX


def load(name: str, on: date | None = None, *, applies_to: str | None = None) -> Instrument:
    """
    Return a shipped edition by its id, or the one of a family that is in force on a day.

    Args:
        name: An id or, with ``on``, a family.
        on: A day of the assessed period.
        applies_to: To what the edition applies, where several of a family are in force.

    Raises:
        UnknownError: There is no such edition or family, and the nearest is named; or none or
            several are in force on that day, and all ids are listed.

    >>> load("ombudsman-2024")
    Instrument('ombudsman-2024', 6 indicators)
    >>> load("ombudsman", on=date(2024, 9, 1)).id
    'ombudsman-2024'
    """
    found = _by_id(name) if on is None else _in_force(name, on, applies_to)
    return read(_FOLDER / f"{found.id}.toml")


def _by_id(id: str) -> Edition:
    for each in _INDEX:
        if each.id == id:
            return each
    family = [each for each in _INDEX if each.family == id]
    if family:
        message = f"{id!r} is a family of editions; say on= for a day of one of {_listed(family)}"
    else:
        message = f"there is no edition {id!r}{nearest(id, [each.id for each in _INDEX])}"
    raise UnknownError("unknown-edition", message, edition=id)


def _in_force(family: str, on: date, applies_to: str | None) -> Edition:
    if not isinstance(on, date):
        raise UnknownError("day", f"on= takes a date, not {on!r}", on=on)
    day = on.date() if isinstance(on, datetime) else on
    members = [each for each in _INDEX if each.family == family]
    if not members:
        families = sorted({each.family for each in _INDEX})
        message = f"there is no family {family!r}{nearest(family, families)}"
        if any(each.id == family for each in _INDEX):
            message = f"{family!r} is an edition and no family; load it without on="
        raise UnknownError("unknown-family", message, family=family)
    known = sorted({each.applies_to for each in members} - {""})
    if applies_to is not None and known and applies_to not in known:
        message = f"no edition of {family!r} applies to {applies_to!r}{nearest(applies_to, known)}"
        raise UnknownError("no-edition", message, family=family, on=day, applies_to=applies_to)
    admitted = [each for each in members if applies_to in (None, each.applies_to) or not each.applies_to]
    found = [each for each in admitted if not each.variant_of and each.in_force and day in each.in_force]
    if len(found) == 1:
        return found[0]
    about = f" for {applies_to!r}" if applies_to is not None else ""
    values = {"family": family, "on": day, "applies_to": applies_to}
    if found:
        message = f"several editions of {family!r} are in force on {day}{about}: {_listed(found)}"
        raise UnknownError("several-editions", f"{message}; say applies_to=", **values)
    message = f"no edition of {family!r} is in force on {day}{about}; there are {_listed(members)}"
    raise UnknownError("no-edition", message, **values)


def _listed(found: Iterable[Edition]) -> str:
    return ", ".join(f"{each.id!r} ({_about(each)})" for each in found)


def _about(edition: Edition) -> str:
    parts = [_period(edition), edition.applies_to, edition.variant_of and f"variant of {edition.variant_of}"]
    return ", ".join(filter(None, parts))


def _period(edition: Edition) -> str:
    if edition.in_force is None:
        return "no known period"
    until = edition.in_force.until
    return f"{edition.in_force.from_} to {until}" if until else f"from {edition.in_force.from_}"


_INDEX: tuple[Edition, ...] = (
    Edition(
        "egdi-2018",
        "egdi",
        {
            "id": "Indeks Pengembangan Pemerintahan Elektronik (EGDI), Survei PBB 2018",
            "en": "E-Government Development Index (EGDI), UN survey of 2018",
        },
        InForce(date(2018, 1, 1), date(2018, 12, 31)),
    ),
    Edition(
        "ipp-2022",
        "ipp",
        {
            "id": "Indeks Pelayanan Publik (PEKPPP), formulir A untuk layanan luring",
            "en": "Index of public service (PEKPPP), forms A for services at a counter",
        },
        InForce(date(2022, 1, 1)),
        "luring",
    ),
    Edition(
        "kip-2022",
        "kip",
        {
            "id": "Monitoring dan Evaluasi Keterbukaan Informasi Publik",
            "en": "Monitoring and evaluation of the openness of public information",
        },
        InForce(date(2022, 1, 5)),
    ),
    Edition(
        "ombudsman-2013",
        "ombudsman",
        {
            "id": "Penilaian Kepatuhan Standar Pelayanan Publik",
            "en": "Assessment of compliance with public-service standards",
        },
        InForce(date(2013, 1, 1), date(2013, 12, 31)),
        "pemerintah daerah",
    ),
    Edition(
        "ombudsman-2015",
        "ombudsman",
        {
            "id": "Penelitian Kepatuhan terhadap Standar Pelayanan Publik",
            "en": "Study of compliance with public-service standards",
        },
        InForce(date(2015, 1, 1), date(2016, 12, 31)),
    ),
    Edition(
        "ombudsman-2017-kl",
        "ombudsman",
        {
            "id": "Penilaian Kepatuhan Standar Pelayanan Publik",
            "en": "Assessment of compliance with public-service standards",
        },
        InForce(date(2017, 1, 1), date(2019, 12, 31)),
        "kementerian, lembaga dan Polres",
    ),
    Edition(
        "ombudsman-2018",
        "ombudsman",
        {
            "id": "Penilaian Kepatuhan Standar Pelayanan Publik",
            "en": "Assessment of compliance with public-service standards",
        },
        InForce(date(2017, 1, 1), date(2019, 12, 31)),
        "pemerintah daerah",
    ),
    Edition(
        "ombudsman-2021",
        "ombudsman",
        {
            "id": "Penilaian Kepatuhan Standar Pelayanan Publik",
            "en": "Assessment of compliance with public-service standards",
        },
        InForce(date(2021, 1, 1), date(2021, 12, 31)),
    ),
    Edition(
        "ombudsman-2022",
        "ombudsman",
        {
            "id": "Penilaian Kepatuhan Penyelenggaraan Pelayanan Publik",
            "en": "Assessment of compliance in the delivery of public services",
        },
        InForce(date(2022, 1, 1), date(2022, 12, 31)),
    ),
    Edition(
        "ombudsman-2023",
        "ombudsman",
        {
            "id": "Penilaian Kepatuhan Penyelenggaraan Pelayanan Publik",
            "en": "Assessment of compliance in the delivery of public services",
        },
        InForce(date(2023, 1, 1), date(2023, 12, 31)),
    ),
    Edition(
        "ombudsman-2024",
        "ombudsman",
        {
            "id": "Penilaian Kepatuhan Penyelenggaraan Pelayanan Publik",
            "en": "Assessment of compliance in the delivery of public services",
        },
        InForce(date(2024, 1, 1), date(2024, 12, 31)),
    ),
    Edition(
        "ombudsman-2025",
        "ombudsman",
        {
            "id": "Penilaian Maladministrasi Penyelenggaraan Pelayanan Publik",
            "en": "Assessment of maladministration in the delivery of public services",
        },
        InForce(date(2025, 1, 1), date(2025, 12, 31)),
    ),
    Edition(
        "pefa-m1",
        "pefa",
        {
            "id": "PEFA 2016, indikator dengan metode M1 (mata rantai terlemah)",
            "en": "PEFA 2016, an indicator by method M1 (the weakest link)",
        },
        InForce(date(2016, 2, 1)),
        "M1",
    ),
    Edition(
        "pefa-m2",
        "pefa",
        {
            "id": "PEFA 2016, indikator dengan metode M2 (perataan)",
            "en": "PEFA 2016, an indicator by method M2 (averaging)",
        },
        InForce(date(2016, 2, 1)),
        "M2",
    ),
    Edition(
        "pemdi-2026",
        "pemdi",
        {
            "id": "Evaluasi Kinerja Pemerintah Digital (Pemdi)",
            "en": "Evaluation of the performance of digital government (Pemdi)",
        },
        InForce(date(2026, 6, 5)),
    ),
    Edition(
        "sakip-2021",
        "sakip",
        {
            "id": "Evaluasi Akuntabilitas Kinerja Instansi Pemerintah (AKIP)",
            "en": "Evaluation of the accountability for performance of government bodies (AKIP)",
        },
        InForce(date(2021, 1, 1)),
    ),
    Edition(
        "skm-2004",
        "skm",
        {"id": "Indeks Kepuasan Masyarakat", "en": "Index of user satisfaction"},
        InForce(date(2004, 2, 24), date(2014, 12, 31)),
    ),
    Edition(
        "skm-2017",
        "skm",
        {"id": "Survei Kepuasan Masyarakat", "en": "Survey of user satisfaction"},
        InForce(date(2017, 1, 1)),
    ),
    Edition(
        "skm-2017-w0.11",
        "skm",
        {"id": "Survei Kepuasan Masyarakat, bobot 0,11", "en": "Survey of user satisfaction, weight 0.11"},
        InForce(date(2017, 1, 1)),
        variant_of="skm-2017",
    ),
    Edition(
        "skm-2017-w0.111",
        "skm",
        {"id": "Survei Kepuasan Masyarakat, bobot 0,111", "en": "Survey of user satisfaction, weight 0.111"},
        InForce(date(2017, 1, 1)),
        variant_of="skm-2017",
    ),
    Edition(
        "skm-2017-w0.1111",
        "skm",
        {
            "id": "Survei Kepuasan Masyarakat, bobot 0,1111",
            "en": "Survey of user satisfaction, weight 0.1111",
        },
        InForce(date(2017, 1, 1)),
        variant_of="skm-2017",
    ),
    Edition(
        "spbe-2018",
        "spbe",
        {
            "id": "Evaluasi Sistem Pemerintahan Berbasis Elektronik (SPBE)",
            "en": "Evaluation of electronic-based government systems (SPBE)",
        },
        InForce(date(2018, 1, 1), date(2019, 12, 31)),
    ),
    Edition(
        "spbe-2023",
        "spbe",
        {
            "id": "Evaluasi Sistem Pemerintahan Berbasis Elektronik (SPBE)",
            "en": "Evaluation of electronic-based government systems (SPBE)",
        },
        InForce(date(2023, 1, 1), date(2023, 12, 31)),
    ),
    Edition(
        "spbe-2024",
        "spbe",
        {
            "id": "Evaluasi Sistem Pemerintahan Berbasis Elektronik (SPBE)",
            "en": "Evaluation of electronic-based government systems (SPBE)",
        },
        InForce(date(2024, 1, 1), date(2024, 12, 31)),
    ),
    Edition(
        "zi-2021",
        "zi",
        {"id": "Zona Integritas menuju WBK/WBBM", "en": "Integrity zone on the way to WBK/WBBM"},
        InForce(date(2022, 1, 1)),
    ),
)
