"""
Installed packages of instruments and overlays: what is in them, and what is wrong with them.
"""

from collections.abc import Iterable, Iterator
from os import PathLike
from pathlib import Path

import attrs

from pelayanan.declaring import INDEX, declared
from pelayanan.edition import Edition
from pelayanan.errors import FileError, PackageError
from pelayanan.overlay import extended
from pelayanan.overlays import Overlay, read_either
from pelayanan.paths import path_of, replaced, unusable
from pelayanan.value import Value

__all__ = ["Package", "indexed", "packages", "write_index"]


def _editions(value: Iterable[Edition]) -> tuple[Edition, ...]:
    return tuple(value)


@attrs.frozen(repr=False)
class Package(Value):
    """
    An installed package of instruments and overlays, as `packages` finds it.

    Args:
        name: Under which it was installed.
        module: The module whose folder holds the files.
        editions: What its index says is in it; empty where something is wrong.
        problem: Why its editions cannot be listed; empty where they can.

    >>> Package("pelayanan-ntt", "pelayanan_ntt", [Edition("ntt-2024", "ntt")])
    Package('pelayanan-ntt', 'ntt-2024')
    """

    name: str
    module: str
    editions: tuple[Edition, ...] = attrs.field(default=(), converter=_editions)
    problem: str = ""

    def __repr__(self) -> str:
        ids = [f", {each.id!r}" for each in self.editions]
        return f"Package({self.name!r}{''.join(ids)}{', with a problem' if self.problem else ''})"


def packages() -> tuple[Package, ...]:
    """
    Return the installed packages with what is in them, or with what is wrong with them.

    Each has declared its editions in the group ``pelayanan.instruments`` of its entry points.
    A package that cannot be used stands here with its problem, and the others are listed all the
    same.

    >>> packages()
    ()
    """
    made = []
    for each in declared():
        try:
            made.append(Package(each.name, each.module, each.editions()))
        except PackageError as error:
            made.append(Package(each.name, each.module, problem=str(error)))
    return tuple(sorted(made, key=lambda each: (each.name, each.module)))


def write_index(folder: str | PathLike[str]) -> tuple[Edition, ...]:
    """
    Write the index of the files in the folder of a package, and return what is in it.

    The index ``editions.jsonl`` has a line for each file: the edition as JSON.

    Raises:
        FileError: There is no file, or the index cannot be written.
        InstrumentError, PackageError: As for `indexed`.

    >>> from tempfile import TemporaryDirectory
    >>> text = '''format = 1
    ... id = "kios-1"
    ... family = "kios"
    ... maximum = 10
    ... missing = "refuse"
    ... rounding = "none"
    ... criteria = [{ code = "a", scale = { range = { low = 0, high = 4 } } }]
    ... '''
    >>> with TemporaryDirectory() as folder:
    ...     count = Path(folder, "kios-1.toml").write_text(text)
    ...     write_index(folder)
    (Edition('kios-1', no known period),)
    """
    found = tuple(indexed(path_of(folder)))
    if not found:
        message = f"there is no instrument or overlay '*.toml' in {Path(folder).name!r}"
        raise FileError("no-file", message, path=str(folder))
    replaced(Path(folder) / INDEX, [f"{each.to_json()}\n" for each in found])
    return found


def indexed(folder: str | PathLike[str]) -> Iterator[Edition]:
    """
    Return the editions of the instruments and overlays in a folder, by the names of their files.

    What an overlay extends is looked for in the folder, and then in the catalog.

    Raises:
        FileError, InstrumentError: A file that cannot be read, or that is not sound; an overlay
            that extends what is not known, or does not fit there.
        PackageError: A package that holds what an overlay extends, and cannot be used.

    >>> list(indexed(Path(__file__).parent / "instruments"))[0]
    Edition('egdi-2018', 2018-01-01 to 2018-12-31)
    """
    try:
        files = sorted(path_of(folder).glob("*.toml"))
    except OSError as error:
        raise unusable("read", folder, error) from error
    found = [read_either(path) for path in files]
    for each in found:
        yield Edition.of(extended(each, among=found) if isinstance(each, Overlay) else each)
