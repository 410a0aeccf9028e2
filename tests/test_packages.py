import re
import sys
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from installing import forget, install, kiosk

import pelayanan
from pelayanan import packages
from pelayanan.catalog import Edition
from pelayanan.declaring import INDEX
from pelayanan.errors import FileError, PackageError, UnknownError
from pelayanan.instrument import InForce
from pelayanan.overlay import extended, parse_overlay
from pelayanan.packages import Package, write_index
from pelayanan.testing import check_index

SHIPPED = pelayanan.editions()


@pytest.fixture
def site(tmp_path, monkeypatch):
    before = set(sys.modules)
    monkeypatch.syspath_prepend(str(tmp_path))
    yield tmp_path
    forget(set(sys.modules) - before)


def _kios(site, name="pelayanan-ntt", ids=("kios-1",), **said):
    folder = install(site, name, {f"{each}.toml": kiosk(each) for each in ids}, ids, **said)
    write_index(folder)
    return folder


def _told(call, *args, **named):
    with pytest.raises(PackageError) as caught:
        call(*args, **named)
    assert caught.value.code in ("package", "clash")
    return str(caught.value)


# What is installed.


def test_an_installed_edition_is_listed_and_loaded_by_its_id_and_by_its_day(site):
    install(site, "pelayanan-ntt", files := {"kios-2.toml": kiosk("kios-2", day="2025-01-01")}, ["kios-2"])
    write_index(site / "pelayanan_ntt")
    edition = Edition("kios-2", "kios", {"id": "Kios", "en": "Kiosk"}, InForce(date(2025, 1, 1)))

    assert {*SHIPPED, edition} == set(pelayanan.editions())
    assert (Package("pelayanan-ntt", "pelayanan_ntt", (edition,)),) == packages.packages()
    assert pelayanan.parse(files["kios-2.toml"]) == pelayanan.load("kios-2")
    assert "kios-2" == pelayanan.load("kios", on=date(2025, 6, 1)).id


def test_all_editions_are_listed_by_family_and_day(site):
    _kios(site, ids=("kios-1", "aaa-1"))

    listed = [(each.family, each.in_force.from_, each.id) for each in pelayanan.editions()]

    assert sorted(listed) == listed
    assert len(SHIPPED) + 2 == len(listed)


def test_packages_are_looked_up_on_each_call(site):
    assert SHIPPED == pelayanan.editions()

    _kios(site)

    assert len(SHIPPED) + 1 == len(pelayanan.editions())


def test_listing_reads_no_instrument_file_and_loading_reads_one(site):
    _kios(site, ids=("kios-1", "kios-2"))
    (site / "pelayanan_ntt" / "kios-2.toml").write_text("this is no TOML")

    listed = [each.id for each in pelayanan.editions() if each.family == "kios"]

    assert ["kios-1", "kios-2"] == listed
    assert "kios-1" == pelayanan.load("kios-1").id


def test_loading_by_id_imports_no_other_package(site):
    _kios(site)
    _kios(site, "pelayanan-lain", ["lain-1"], code="raise ValueError('not asked for')")

    assert "kios-1" == pelayanan.load("kios-1").id
    assert "ombudsman-2024" == pelayanan.load("ombudsman-2024").id
    assert "pelayanan_lain" not in sys.modules


def test_two_modules_of_one_package_are_two_lines(site):
    _kios(site)
    about = site / "pelayanan_ntt-1.0.dist-info" / "entry_points.txt"
    folder = install(site, "x", {"lain-1.toml": kiosk("lain-1", "lain")}, [], module="lain")
    write_index(folder)
    about.write_text(about.read_text() + "lain-1 = lain\n")

    found = [
        (each.name, each.module, [edition.id for edition in each.editions]) for each in packages.packages()
    ]

    assert [("pelayanan-ntt", "lain", ["lain-1"]), ("pelayanan-ntt", "pelayanan_ntt", ["kios-1"])] == found


def test_the_index_is_what_the_files_say(site):
    folder = _kios(site, ids=("kios-1", "kios-2"))
    lines = (folder / INDEX).read_text(encoding="utf-8").splitlines()

    assert ["kios-1", "kios-2"] == [Edition.from_json(line).id for line in lines]
    assert [Edition.from_json(line) for line in lines] == list(write_index(folder))


def test_a_folder_without_files_has_no_index(tmp_path):
    with pytest.raises(FileError) as caught:
        write_index(tmp_path)

    assert f"there is no instrument or overlay '*.toml' in {tmp_path.name!r}" == str(caught.value)
    assert not list(tmp_path.iterdir())


# Overlays.

PROVINCE = """\
format = 1
extends = "ombudsman-2024"
id = "ntt-2024"
title = { id = "Penilaian NTT", en = "Assessment of NTT" }
rebalance = { "*" = "proportional" }

[[add]]
code = "jemput_bola"
weight = 10
scale = { range = { low = 0, high = 4 } }
"""
REGENCY = """\
format = 1
extends = "ntt-2024"
id = "ende-2024"
family = "ende"
in_force = { from = 2024-07-01 }
"""


def _overlays(site, files, name="pelayanan-ntt"):
    folder = install(site, name, {f"{name}.toml": text for name, text in files.items()}, files)
    write_index(folder)
    return folder


def test_an_installed_overlay_is_a_variant_of_what_it_extends_and_is_loaded_with_it(site):
    _overlays(site, {"ntt-2024": PROVINCE})
    edition = Edition(
        "ntt-2024",
        "ombudsman",
        {"id": "Penilaian NTT", "en": "Assessment of NTT"},
        InForce(date(2024, 1, 1), date(2024, 12, 31)),
        variant_of="ombudsman-2024",
    )
    made = pelayanan.load("ntt-2024")

    assert {*SHIPPED, edition} == set(pelayanan.editions())
    assert ["ombudsman-2024", "ntt-2024"] == [layer.id for layer in made.layers]
    assert made == pelayanan.extend(pelayanan.load("ombudsman-2024"), parse_overlay(PROVINCE))
    assert "ombudsman-2024" == pelayanan.load("ombudsman", on=date(2024, 9, 1)).id


def test_what_an_overlay_extends_may_be_in_another_package(site):
    _overlays(site, {"ntt-2024": PROVINCE})
    _overlays(site, {"ende-2024": REGENCY}, "pelayanan-ende")
    made = pelayanan.load("ende", on=date(2024, 9, 1))

    assert ["ombudsman-2024", "ntt-2024", "ende-2024"] == [layer.id for layer in made.layers]
    assert [""] == [each.variant_of for each in pelayanan.editions() if each.family == "ende"]
    assert made == extended(parse_overlay(REGENCY))


def test_what_an_overlay_extends_may_be_beside_it(site):
    files = {"ende-2024": REGENCY, "ntt-2024": PROVINCE}
    folder = site / "beside"
    folder.mkdir()
    for name, text in files.items():
        (folder / f"{name}.toml").write_text(text)

    assert ["ende-2024", "ntt-2024"] == [each.id for each in write_index(folder)]
    check_index(folder)


def test_listing_reads_no_overlay(site):
    (_overlays(site, {"ntt-2024": PROVINCE}) / "ntt-2024.toml").unlink()

    assert "ntt-2024" in [each.id for each in pelayanan.editions()]


CHAINS = {
    "a circle": (
        {"ntt-2024": PROVINCE, "ende-2024": REGENCY},
        {"ntt-2024": PROVINCE.replace('"ombudsman-2024"', '"ende-2024"')},
        "ende-2024",
        "ende-2024: 'ende-2024' extends 'ntt-2024' extends 'ende-2024', in a circle @ extends",
    ),
    "a base that is not there": (
        {"ntt-2024": PROVINCE},
        {"ntt-2024": PROVINCE.replace('"ombudsman-2024"', '"ombudsman-2099"')},
        "ntt-2024",
        "ntt-2024: it extends 'ombudsman-2099', which is not known; "
        "there is no edition 'ombudsman-2099'; did you mean 'ombudsman-2025'? @ extends",
    ),
    "what does not fit": (
        {"ntt-2024": PROVINCE},
        {"ntt-2024": PROVINCE.replace("*", "inputs")},
        "ntt-2024",
        "ntt-2024: there is no group 'inputs'; did you mean 'input'? @ rebalance['inputs']",
    ),
    "a mistake in the file": (
        {"ntt-2024": PROVINCE},
        {"ntt-2024": PROVINCE.replace("weight", "wieght")},
        "ntt-2024",
        "ntt-2024.toml: there is no key 'wieght' here; did you mean 'weight'? @ add['jemput_bola'].wieght",
    ),
    "another id": (
        {"ntt-2024": PROVINCE},
        {"ntt-2024": PROVINCE.replace('"ntt-2024"', '"ntt-2025"')},
        "ntt-2024",
        "the file 'ntt-2024.toml' has the id 'ntt-2025'",
    ),
}


@pytest.mark.parametrize(("files", "later", "asked", "said"), CHAINS.values(), ids=CHAINS)
def test_an_overlay_that_cannot_be_laid_is_told_with_its_package(site, files, later, asked, said):
    folder = _overlays(site, files)
    for name, text in later.items():
        (folder / f"{name}.toml").write_text(text)

    assert f"the package 'pelayanan-ntt': {said}" == _told(pelayanan.load, asked)


def test_the_package_of_what_an_overlay_extends_is_told_where_that_cannot_be_used(site):
    (_overlays(site, {"ntt-2024": PROVINCE}) / "ntt-2024.toml").write_text("format = 2")
    folder = install(site, "pelayanan-ende", {"ende-2024.toml": REGENCY}, ["ende-2024"])
    said = "the package 'pelayanan-ntt': ntt-2024.toml has 6 problems"

    assert said == _told(pelayanan.load, "ende-2024").splitlines()[0]
    assert said == _told(write_index, folder).splitlines()[0]
    assert said == _told(extended, parse_overlay(REGENCY)).splitlines()[0]


# Properties.


@given(content=st.one_of(st.text(), st.binary().map(lambda raw: raw.decode("latin-1"))))
@settings(max_examples=40)
def test_whatever_an_index_holds_the_other_editions_are_listed(tmp_path_factory, content):
    site = tmp_path_factory.mktemp("site")
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(site))
        before = set(sys.modules)
        folder = _kios(site, "pelayanan-lain", ["lain-1"])
        (folder / INDEX).write_bytes(content.encode("latin-1", "replace"))
        _kios(site)
        listed, found = pelayanan.editions(), packages.packages()
        forget(set(sys.modules) - before)

    assert len(SHIPPED) + 1 == len(listed)
    assert ["pelayanan-lain", "pelayanan-ntt"] == [each.name for each in found]
    assert found[0].problem.startswith("the package 'pelayanan-lain': its index 'editions.jsonl'")
    assert not found[1].problem


# What is wrong.

RAISES = (
    "the package 'pelayanan-lain': its module 'pelayanan_lain' raises ValueError: boom; "
    "mend the package, or uninstall it"
)


@pytest.mark.parametrize(
    ("code", "raised"),
    [
        ("raise ValueError('boom')", "ValueError: boom"),
        ("import no_such_module", "ModuleNotFoundError: No module named 'no_such_module'"),
        ("raise SystemExit(3)", "SystemExit: 3"),
    ],
)
def test_a_package_that_raises_is_named_and_the_others_still_load(site, code, raised):
    _kios(site)
    _kios(site, "pelayanan-lain", ["lain-1"], code=code)
    said = RAISES.replace("ValueError: boom", raised)

    assert "kios-1" in [each.id for each in pelayanan.editions()]
    assert "lain-1" not in [each.id for each in pelayanan.editions()]
    assert [said, ""] == [each.problem for each in packages.packages()]
    assert "kios-1" == pelayanan.load("kios", on=date(2024, 1, 1)).id
    assert said == _told(pelayanan.load, "lain-1")


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"name": "kios-9"}, f"there is no edition 'kios-9'; did you mean 'kios-1'?; {RAISES}"),
        ({"name": "lain-2"}, f"there is no edition 'lain-2'; did you mean 'lain-1'?; {RAISES}"),
        (
            {"name": "zzz", "on": date(2024, 1, 1)},
            "there is no family 'zzz'; known are 'egdi', 'ipp', 'kios', 'kip', 'ombudsman', 'pefa', 'pemdi', "
            f"'sakip', 'skm', 'spbe' and 1 more; {RAISES}",
        ),
        (
            {"name": "kios", "on": date(2023, 1, 1)},
            f"no edition of 'kios' is in force on 2023-01-01; there are 'kios-1' (from 2024-01-01); {RAISES}",
        ),
    ],
)
def test_what_is_not_found_may_be_in_a_package_that_cannot_be_used(site, asked, said):
    _kios(site)
    _kios(site, "pelayanan-lain", ["lain-1"], code="raise ValueError('boom')")

    with pytest.raises(UnknownError) as caught:
        pelayanan.load(**asked)

    assert said == str(caught.value)


def test_a_family_of_an_installed_package_needs_a_day(site):
    _kios(site)

    with pytest.raises(UnknownError) as caught:
        pelayanan.load("kios")

    assert "'kios' is a family of editions; say on= for a day of one of 'kios-1' (from 2024-01-01)" == str(
        caught.value
    )


def test_an_id_that_is_shipped_is_no_id_of_a_package(site):
    _kios(site, ids=("skm-2017",))
    said = (
        "catalog: the edition 'skm-2017' is in 'pelayanan' and 'pelayanan-ntt'; "
        "rename it in one of them, or uninstall that one"
    )

    assert said == _told(pelayanan.editions)
    assert said == _told(pelayanan.load, "skm-2017")
    assert said == _told(pelayanan.load, "skm", on=date(2020, 1, 1))
    assert "skm-2004" == pelayanan.load("skm-2004").id


def test_all_ids_that_two_packages_have_are_told_with_both(site):
    _kios(site, ids=("kios-1", "kios-2", "kios-3"))
    _kios(site, "pelayanan-lain", ("kios-2", "kios-1"))

    assert (
        "catalog has 2 problems\n"
        "  the edition 'kios-1' is in 'pelayanan-lain' and 'pelayanan-ntt'; "
        "rename it in one of them, or uninstall that one\n"
        "  the edition 'kios-2' is in 'pelayanan-lain' and 'pelayanan-ntt'; "
        "rename it in one of them, or uninstall that one" == _told(pelayanan.editions)
    )
    assert "kios-3" == pelayanan.load("kios-3").id


def test_what_clashes_keeps_nothing_else_from_loading(site):
    _kios(site, ids=("kios-1",))
    _kios(site, "pelayanan-lain", ids=("kios-1", "skm-2017"))

    assert "ombudsman-2024" == pelayanan.load("ombudsman", on=date(2024, 5, 5)).id
    assert "spbe-2024" == pelayanan.load("spbe-2024").id
    assert _told(pelayanan.editions) == _told(pelayanan.load, "kios", on=date(2024, 5, 5))
    with pytest.raises(UnknownError, match="there is no edition 'spbe-2042'; did you mean 'spbe-2024'"):
        pelayanan.load("spbe-2042")


def test_an_id_that_one_package_declares_twice_is_told(site):
    _kios(site)
    about = site / "pelayanan_ntt-1.0.dist-info" / "entry_points.txt"
    about.write_text(about.read_text() + "kios-1 = pelayanan_ntt\n")

    assert (
        "catalog: the edition 'kios-1' is in 'pelayanan-ntt' and 'pelayanan-ntt'; "
        "rename it in one of them, or uninstall that one" == _told(pelayanan.editions)
    )


def _edit(folder, text):
    (folder / INDEX).write_text(text, encoding="utf-8")


INDEXES = {
    "absent": (lambda folder: (folder / INDEX).unlink(), "its index 'editions.jsonl' cannot be read"),
    "not text": (
        lambda folder: (folder / INDEX).write_bytes(b"\xff"),
        "its index 'editions.jsonl' cannot be read",
    ),
    "too long": (
        lambda folder: _edit(folder, " " * (2**20 + 1)),
        "its index 'editions.jsonl' has more than 1048576 bytes",
    ),
    "not JSON": (
        lambda folder: _edit(folder, "{}\n"),
        "its index 'editions.jsonl', line 1: Edition: expected the JSON of a Edition, found that of a 'nothing' @ kind",
    ),
    "another edition": (
        lambda folder: _edit(folder, Edition("kios-2", "kios").to_json()),
        "its index 'editions.jsonl' lists 'kios-2', and its entry points name 'kios-1'; "
        "write the index anew with pelayanan.packages.write_index",
    ),
    "none": (
        lambda folder: _edit(folder, ""),
        "its index 'editions.jsonl' lists none, and its entry points name 'kios-1'; "
        "write the index anew with pelayanan.packages.write_index",
    ),
}


@pytest.mark.parametrize(("broken", "said"), INDEXES.values(), ids=INDEXES)
def test_an_index_that_is_not_that_of_the_package_is_told(site, broken, said):
    broken(_kios(site))
    (found,) = packages.packages()

    assert found.editions == ()
    assert re.fullmatch(re.escape(f"the package 'pelayanan-ntt': {said}") + "(: .+)?", found.problem)
    assert SHIPPED == pelayanan.editions()


def test_an_entry_point_that_is_no_id_is_told(site):
    install(site, "pelayanan-ntt", {}, ["Kios 1"])
    (found,) = packages.packages()

    assert (
        "the package 'pelayanan-ntt': its entry point 'Kios 1' is no id of a-z, 0-9, '.' and '-'"
        == found.problem
    )


def test_an_entry_point_that_names_an_object_is_told(site):
    install(site, "pelayanan-ntt", {}, ["kios-1"], module="pelayanan_ntt:EDITIONS")
    (found,) = packages.packages()

    assert (
        "the package 'pelayanan-ntt': its module 'pelayanan_ntt:EDITIONS' raises ModuleNotFoundError: "
        "No module named 'pelayanan_ntt:EDITIONS'; mend the package, or uninstall it" == found.problem
    )


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (None, "cannot read 'kios-1.toml': No such file or directory"),
        ("format = 2", "kios-1.toml has 6 problems"),
        (kiosk("kios-2"), "the file 'kios-1.toml' has the id 'kios-2'"),
    ],
)
def test_a_file_that_is_not_what_its_package_declares_is_told(site, text, said):
    path = _kios(site) / "kios-1.toml"
    path.unlink() if text is None else path.write_text(text)

    assert f"the package 'pelayanan-ntt': {said}" == _told(pelayanan.load, "kios-1").splitlines()[0]


def test_a_package_without_a_name_is_called_by_its_module(site):
    _kios(site, code="raise ValueError('boom')")
    (site / "pelayanan_ntt-1.0.dist-info" / "METADATA").write_text("")

    assert "the package 'pelayanan_ntt'" == _told(pelayanan.load, "kios-1").partition(":")[0]


def test_a_package_is_a_value():
    found = Package("pelayanan-ntt", "pelayanan_ntt", SHIPPED[:2])

    assert "Package('pelayanan-ntt', 'egdi-2018', 'ipp-2022')" == repr(found)
    assert "Package('x', with a problem)" == repr(Package("x", "x", problem="no index"))

    assert found == Package.from_json(found.to_json())
