"""
Installed packages of instrument files: what they declare, and what is wrong with them.
"""

import re
from collections.abc import Iterable, Iterator
from importlib.metadata import Distribution, entry_points
from importlib.resources import as_file, files
from importlib.resources.abc import Traversable
from os import PathLike
from pathlib import Path
from typing import cast

import attrs

from pelayanan.edition import Edition
from pelayanan.errors import FileError, JsonError, PackageError, PelayananError, Problem
from pelayanan.files import read
from pelayanan.instrument import Instrument
from pelayanan.limits import LARGEST
from pelayanan.paths import replaced
from pelayanan.value import Value

__all__ = ["GROUP", "INDEX", "Declared", "Package", "declared", "indexed", "packages", "write_index"]

GROUP = "pelayanan.instruments"
INDEX = "editions.jsonl"
_ID = re.compile(r"[a-z0-9.-]+")


def _editions(value: Iterable[Edition]) -> tuple[Edition, ...]:
    return tuple(value)


@attrs.frozen(repr=False)
class Package(Value):
    """
    An installed package of instrument files, as `packages` finds it.

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


@attrs.frozen(eq=False, repr=False)
class Declared:
    """
    The editions of one module that an installed package declares; nothing of it is read yet.

    Args:
        distribution: What was installed.
        module: The module whose folder holds the files, as in its entry points.
        ids: The ids that it declares, in order.
    """

    distribution: Distribution
    module: str
    ids: tuple[str, ...]

    @property
    def name(self) -> str:
        """Under which name it was installed."""
        return self.distribution.metadata["Name"] or self.module

    def editions(self) -> tuple[Edition, ...]:
        """
        Return the editions of its index; its module is imported, and no instrument file is read.

        Raises:
            PackageError: What it declares names no module or no id, its module cannot be
                imported, or its index cannot be read or lists other editions.
        """
        for each in self.ids:
            if not _ID.fullmatch(each):
                raise self._unusable(f"its entry point {each[:60]!r} is no id of a-z, 0-9, '.' and '-'")
        found = tuple(self._indexed())
        listed, named = sorted(each.id for each in found), sorted(self.ids)
        if listed != named:
            message = f"its index {INDEX!r} lists {_words(listed)}, and its entry points name {_words(named)}"
            raise self._unusable(f"{message}; write the index anew with pelayanan.packages.write_index")
        return found

    def _indexed(self) -> Iterator[Edition]:
        folder = self._folder()
        try:
            with folder.joinpath(INDEX).open("rb") as stream:
                content = stream.read(LARGEST + 1)
            text = content.decode()
        except (OSError, ValueError) as error:
            raise self._unusable(f"its index {INDEX!r} cannot be read: {error}") from error
        if len(content) > LARGEST:
            raise self._unusable(f"its index {INDEX!r} has more than {LARGEST} bytes")
        for number, line in enumerate(text.splitlines(), start=1):
            try:
                yield Edition.from_json(line)
            except JsonError as error:
                raise self._unusable(f"its index {INDEX!r}, line {number}: {error}") from error

    def load(self, id: str) -> Instrument:
        """
        Return the instrument of one of its ids.

        Raises:
            PackageError: Its module cannot be imported, or the file cannot be read, is not
                sound, or has another id.
        """
        folder = self._folder()
        try:
            with as_file(folder.joinpath(f"{id}.toml")) as path:
                made = read(path)
        except (PelayananError, OSError) as error:
            raise self._unusable(str(error)) from error
        if made.id != id:
            raise self._unusable(f"the file '{id}.toml' has the id {made.id!r}")
        return made

    def _folder(self) -> Traversable:
        """Return where the files are; the module is imported."""
        try:
            return files(self.module)
        except (Exception, SystemExit) as error:
            message = f"its module {self.module!r} raises {type(error).__name__}: {error}"
            raise self._unusable(f"{message}; mend the package, or uninstall it") from error

    def _unusable(self, message: str) -> PackageError:
        return PackageError.of(f"the package {self.name!r}", [Problem("package", message, "")])


def declared() -> tuple[Declared, ...]:
    """
    Return what the installed packages declare, by their names; none of their code runs.

    >>> declared()
    ()
    """
    found: dict[tuple[Distribution, str], list[str]] = {}
    for each in entry_points(group=GROUP):
        module = each.value.partition("[")[0].strip()
        found.setdefault((cast(Distribution, each.dist), module), []).append(each.name)
    made = [Declared(dist, module, tuple(names)) for (dist, module), names in found.items()]
    return tuple(sorted(made, key=lambda each: (each.ids, each.module)))


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
    Write the index of the instrument files in the folder of a package, and return what is in it.

    The index ``editions.jsonl`` has a line for each file: the edition as JSON.

    Raises:
        FileError: There is no instrument file, or the index cannot be written.
        InstrumentError: A file that is not sound.

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
    found = tuple(indexed(folder))
    if not found:
        message = f"there is no instrument file '*.toml' in {Path(folder).name!r}"
        raise FileError("no-file", message, path=str(folder))
    replaced(Path(folder) / INDEX, [f"{each.to_json()}\n" for each in found])
    return found


def indexed(folder: str | PathLike[str]) -> Iterator[Edition]:
    """
    Return the editions of the instrument files in a folder, by their names.

    Raises:
        FileError, InstrumentError: A file that cannot be read, or that is not sound.

    >>> list(indexed(Path(__file__).parent / "instruments"))[0]
    Edition('egdi-2018', 2018-01-01 to 2018-12-31)
    """
    for path in sorted(Path(folder).glob("*.toml")):
        yield Edition.of(read(path))


def _words(ids: list[str]) -> str:
    return ", ".join(repr(each) for each in ids) or "none"
