import os
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pelayanan.errors import FileError
from pelayanan.paths import content_of, replaced, unusable

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)


def failing() -> Iterator[str]:
    """A text that breaks off."""
    yield "new"
    raise OSError(28, "No space left on device")


def refused(make) -> FileError:
    with pytest.raises(FileError) as caught:
        make()
    return caught.value


# Properties


@given(content=st.binary(max_size=20), most=st.integers(0, 25))
def test_the_content_is_the_beginning_and_one_byte_more_where_it_is_longer(tmp_path_factory, content, most):
    path = tmp_path_factory.getbasetemp() / "content"
    path.write_bytes(content)

    assert content[: most + 1] == content_of(path, most) == content_of(str(path), most)
    assert (len(content) > most) == (len(content_of(path, most)) > most)


@given(before=st.one_of(st.none(), TEXTS), parts=st.lists(TEXTS, max_size=4))
def test_a_file_holds_the_parts_and_nothing_else_is_left(tmp_path_factory, before, parts):
    folder = tmp_path_factory.mktemp("parts")
    path = folder / "x.json"
    if before is not None:
        path.write_text(before, encoding="utf-8")
    replaced(path, iter(parts))

    assert "".join(parts).encode() == path.read_bytes()
    assert [path] == list(folder.iterdir())


@pytest.mark.parametrize("mode", [0o600, 0o640, 0o644, 0o755])
def test_a_replaced_file_keeps_its_permissions(tmp_path, mode):
    path = tmp_path / "x.json"
    path.write_text("old")
    path.chmod(mode)
    replaced(path, ["new"])

    assert ("new", mode) == (path.read_text(), stat.S_IMODE(path.stat().st_mode))


def test_a_new_file_has_the_permissions_of_any_new_file(tmp_path):
    plain, path = tmp_path / "plain", tmp_path / "x.json"
    plain.touch()
    replaced(path, ["new"])

    assert plain.stat().st_mode == path.stat().st_mode


def test_what_a_link_leads_to_is_replaced_and_the_link_stays(tmp_path):
    (tmp_path / "inner").mkdir()
    target, link = tmp_path / "inner" / "x.json", tmp_path / "link.json"
    target.write_text("old")
    link.symlink_to(target)
    replaced(link, ["new"])

    assert link.is_symlink()
    assert "new" == target.read_text()
    assert [target] == list((tmp_path / "inner").iterdir())


def test_an_encoding_may_be_said(tmp_path):
    replaced(tmp_path / "x.csv", ["é\r\n"], "utf-8-sig")

    assert b"\xef\xbb\xbf\xc3\xa9\r\n" == (tmp_path / "x.csv").read_bytes()


# Messages


@pytest.mark.parametrize(
    ("parts", "said"),
    [
        (failing(), "cannot write 'x.json': No space left on device"),
        (
            ["new", "\ud800"],
            "cannot write 'x.json': 'utf-8' codec can't encode character '\\ud800' in position 0: "
            "surrogates not allowed",
        ),
    ],
    ids=["broken off", "no text"],
)
def test_a_file_stays_as_it_was_where_the_new_one_cannot_be_written(tmp_path, parts, said):
    path = tmp_path / "x.json"
    path.write_text("old")
    error = refused(lambda: replaced(path, parts))

    assert said == str(error)
    assert ("unwritable", str(path)) == (error.code, error.values["path"])
    assert ("old", [path]) == (path.read_text(), list(tmp_path.iterdir()))


def test_what_is_no_mistake_of_a_file_is_not_told_as_one(tmp_path):
    def parts() -> Iterator[str]:
        yield "new"
        raise KeyError("a mistake of the caller")

    with pytest.raises(KeyError):
        replaced(tmp_path / "x.json", parts())

    assert [] == list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("absent/x.json", "cannot write 'x.json': No such file or directory"),
        ("file/x.json", "cannot write 'x.json': Not a directory"),
        ("folder", "cannot write 'folder': Is a directory"),
        ("nul\0.json", "cannot write 'nul\\x00.json': embedded null byte"),
    ],
)
def test_where_no_file_can_be_nothing_is_written(tmp_path, name, said):
    (tmp_path / "folder").mkdir()
    (tmp_path / "file").touch()
    error = refused(lambda: replaced(tmp_path / name, ["new"]))

    assert said == str(error)
    assert ["file", "folder"] == sorted(each.name for each in tmp_path.iterdir())


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_that_is_read_only_keeps_its_file(tmp_path):
    path = tmp_path / "x.json"
    path.write_text("old")
    tmp_path.chmod(0o500)
    error = refused(lambda: replaced(path, ["new"]))
    tmp_path.chmod(0o700)

    assert "cannot write 'x.json': Permission denied" == str(error)
    assert "old" == path.read_text()


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("absent.json", "cannot read 'absent.json': No such file or directory"),
        ("folder", "cannot read 'folder': Is a directory"),
        ("nul\0.json", "cannot read 'nul\\x00.json': embedded null byte"),
    ],
)
def test_what_cannot_be_read_is_refused(tmp_path, name, said):
    (tmp_path / "folder").mkdir()
    error = refused(lambda: content_of(tmp_path / name, 9))

    assert said == str(error)
    assert ("unreadable", str(tmp_path / name)) == (error.code, error.values["path"])


@pytest.mark.parametrize(("what", "code"), [("read", "unreadable"), ("write", "unwritable")])
def test_an_error_names_the_file_and_not_where_it_is(what, code):
    error = unusable(what, Path("/somewhere") / "x.json", ValueError("no reason"))

    assert (code, f"cannot {what} 'x.json': no reason") == (error.code, str(error))
    assert os.path.join("/somewhere", "x.json") == error.values["path"]
