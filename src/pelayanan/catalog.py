"""
Editions that can be loaded: those that are shipped, and those of installed packages.
"""

from collections.abc import Iterable
from datetime import date, datetime
from pathlib import Path

from pelayanan.chains import chained
from pelayanan.declaring import Declared, declared
from pelayanan.edition import Edition
from pelayanan.errors import InstrumentError, PackageError, Problem, UnknownError, check_kind, nearest
from pelayanan.files import read
from pelayanan.instrument import InForce, Instrument
from pelayanan.overlays import Overlay

__all__ = ["Edition", "editions", "load", "on_file"]

_FOLDER = Path(__file__).parent / "instruments"


def editions() -> tuple[Edition, ...]:
    """
    Return what can be loaded, by family and day. No instrument file is read.

    Editions of installed packages are among them, looked up on each call; what is wrong with a
    package is told by `pelayanan.packages.packages`, and its editions are left out.

    Raises:
        PackageError: An id is there twice; the packages are named.

    >>> editions()[0]
    Edition('egdi-2018', 2018-01-01 to 2018-12-31)
    """
    installed = declared()
    _check_clashes(installed, set().union(*(each.ids for each in installed)))
    known, _ = _known(installed)
    return known


def load(name: str, on: date | None = None, *, applies_to: str | None = None) -> Instrument:
    """
    Return an edition by its id, or the one of a family that is in force on a day.

    What an installed overlay extends is loaded, too, and the overlay laid over it.

    Args:
        name: An id or, with ``on``, a family.
        on: A day of the assessed period.
        applies_to: To what the edition applies, where several of a family are in force.

    Raises:
        UnknownError: There is no such edition or family, and the nearest is named; or none or
            several are in force on that day, and all ids are listed.
        PackageError: The id is there twice, or the package that holds it cannot be used.

    >>> load("ombudsman-2024")
    Instrument('ombudsman-2024', 6 indicators)
    >>> load("ombudsman", on=date(2024, 9, 1)).id
    'ombudsman-2024'
    """
    check_kind("name", name, str, "the id of an edition, or a family")
    check_kind("applies_to", applies_to, str | None, "a text")
    chosen = name if on is None else _in_force(name, on, applies_to)
    made = on_file(chosen)
    if not isinstance(made, Overlay):
        return made
    try:
        return chained(made, on_file)
    except InstrumentError as error:
        holder = next(each for each in declared() if chosen in each.ids)
        raise holder.unusable(str(error)) from error


def on_file(id: str) -> Instrument | Overlay:
    """
    Return the edition of an id as its file says: an overlay is not yet laid over what it extends.

    Raises:
        UnknownError: There is no such edition; the nearest is named.
        PackageError: The id is there twice, or the package that holds it cannot be used.

    >>> on_file("ombudsman-2024")
    Instrument('ombudsman-2024', 6 indicators)
    """
    check_kind("id", id, str, "the id of an edition")
    installed = declared()
    _check_clashes(installed, {id})
    if any(each.id == id for each in _INDEX):
        return read(_FOLDER / f"{id}.toml")
    for each in installed:
        if id in each.ids:
            return each.read(id)
    raise _unknown(id)


def _known(installed: tuple[Declared, ...]) -> tuple[tuple[Edition, ...], tuple[str, ...]]:
    """Return the editions that can be listed, and what is wrong with packages that cannot be used."""
    found, problems = list(_INDEX), []
    for each in installed:
        try:
            found += each.editions()
        except PackageError as error:
            problems.append(str(error))
    return (tuple(sorted(found, key=_order)) if installed else _INDEX), tuple(problems)


def _order(edition: Edition) -> tuple[str, date, str]:
    return (edition.family, edition.in_force.from_ if edition.in_force else date.min, edition.id)


def _check_clashes(installed: Iterable[Declared], ids: set[str]) -> None:
    shipped = {each.id for each in _INDEX}
    problems = []
    for edition in sorted(ids):
        holders = [each for each in installed for _ in range(each.ids.count(edition))]
        if len(holders) + (edition in shipped) > 1:
            names = ["pelayanan"] * (edition in shipped) + [each.name for each in holders]
            listed = " and ".join(repr(name) for name in sorted(names))
            message = f"the edition {edition!r} is in {listed}"
            message += "; rename it in one of them, or uninstall that one"
            problems.append(Problem("clash", message, ""))
    if problems:
        raise PackageError.of("catalog", problems)


def _unknown(id: str) -> UnknownError:
    installed = declared()
    known, broken = _known(installed)
    family = [each for each in known if each.family == id]
    if family:
        message = f"{id!r} is a family of editions; say on= for a day of one of {_listed(family)}"
    else:
        ids = [*(each.id for each in known), *(name for each in installed for name in each.ids)]
        message = f"there is no edition {id!r}{nearest(id, ids)}{_beside(broken)}"
    return UnknownError("unknown-edition", message, edition=id)


def _beside(broken: Iterable[str]) -> str:
    return "".join(f"; {each}" for each in broken)


def _in_force(family: str, on: date, applies_to: str | None) -> str:
    if not isinstance(on, date):
        raise UnknownError("day", f"on= takes a date, not {on!r}", on=on)
    day = on.date() if isinstance(on, datetime) else on
    installed = declared()
    listed, broken = _known(installed)
    members = [each for each in listed if each.family == family]
    if not members:
        families = sorted({each.family for each in listed} - {""})
        message = f"there is no family {family!r}{nearest(family, families)}{_beside(broken)}"
        if any(each.id == family for each in listed):
            message = f"{family!r} is an edition and no family; load it without on="
        raise UnknownError("unknown-family", message, family=family)
    known = sorted({each.applies_to for each in members} - {""})
    if applies_to is not None and known and applies_to not in known:
        message = f"no edition of {family!r} applies to {applies_to!r}{nearest(applies_to, known)}"
        raise UnknownError("no-edition", message, family=family, on=day, applies_to=applies_to)
    admitted = [each for each in members if applies_to in (None, each.applies_to) or not each.applies_to]
    found = [each for each in admitted if not each.variant_of and each.in_force and day in each.in_force]
    _check_clashes(installed, {each.id for each in found})
    if len(found) == 1:
        return found[0].id
    about = f" for {applies_to!r}" if applies_to is not None else ""
    values = {"family": family, "on": day, "applies_to": applies_to}
    if found:
        message = f"several editions of {family!r} are in force on {day}{about}: {_listed(found)}"
        raise UnknownError("several-editions", f"{message}; say applies_to=", **values)
    message = f"no edition of {family!r} is in force on {day}{about}; there are {_listed(members)}"
    message += _beside(broken)
    raise UnknownError("no-edition", message, **values)


def _listed(found: Iterable[Edition]) -> str:
    return ", ".join(f"{each.id!r} ({_about(each)})" for each in found)


def _about(edition: Edition) -> str:
    parts = [edition.period, edition.applies_to, edition.variant_of and f"variant of {edition.variant_of}"]
    return ", ".join(filter(None, parts))


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
