"""
What installed packages declare: which instruments and overlays they hold, and where.
"""

import re
from collections.abc import Iterator
from importlib.metadata import Distribution, entry_points
from importlib.resources import as_file, files
from importlib.resources.abc import Traversable
from typing import cast

import attrs

from pelayanan.edition import Edition
from pelayanan.errors import JsonError, PackageError, PelayananError, Problem
from pelayanan.exchange import exchanged
from pelayanan.instrument import Instrument
from pelayanan.jsonvalue import table_in, value_in
from pelayanan.limits import LARGEST
from pelayanan.overlays import Overlay, read_either

__all__ = ["GROUP", "INDEX", "Declared", "declared"]

GROUP = "pelayanan.instruments"
INDEX = "editions.jsonl"
_ID = re.compile(r"[a-z0-9.-]+")


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
                raise self.unusable(f"its entry point {each[:60]!r} is no id of a-z, 0-9, '.' and '-'")
        found = tuple(self._indexed())
        listed, named = sorted(each.id for each in found), sorted(self.ids)
        if listed != named:
            message = f"its index {INDEX!r} lists {_words(listed)}, and its entry points name {_words(named)}"
            raise self.unusable(f"{message}; write the index anew with pelayanan.packages.write_index")
        return found

    def _indexed(self) -> Iterator[Edition]:
        folder = self._folder()
        try:
            with folder.joinpath(INDEX).open("rb") as stream:
                content = stream.read(LARGEST + 1)
            text = content.decode()
        except (OSError, ValueError) as error:
            raise self.unusable(f"its index {INDEX!r} cannot be read: {error}") from error
        if len(content) > LARGEST:
            raise self.unusable(f"its index {INDEX!r} has more than {LARGEST} bytes")
        for number, line in enumerate(text.splitlines(), start=1):
            try:
                yield value_in(table_in(line, "Edition"), Edition, exchanged().structure)
            except JsonError as error:
                raise self.unusable(f"its index {INDEX!r}, line {number}: {error}") from error

    def read(self, id: str) -> Instrument | Overlay:
        """
        Return the instrument or the overlay of one of its ids, as its file says.

        Raises:
            PackageError: Its module cannot be imported, or the file cannot be read, is not
                sound, or has another id.
        """
        folder = self._folder()
        try:
            with as_file(folder.joinpath(f"{id}.toml")) as path:
                made = read_either(path)
        except (PelayananError, OSError) as error:
            raise self.unusable(str(error)) from error
        if made.id != id:
            raise self.unusable(f"the file '{id}.toml' has the id {made.id!r}")
        return made

    def _folder(self) -> Traversable:
        """Return where the files are; the module is imported."""
        try:
            return files(self.module)
        except (Exception, SystemExit) as error:
            message = f"its module {self.module!r} raises {type(error).__name__}: {error}"
            raise self.unusable(f"{message}; mend the package, or uninstall it") from error

    def unusable(self, message: str) -> PackageError:
        """
        Return the error that names the package and says what is wrong with it.
        """
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


def _words(ids: list[str]) -> str:
    return ", ".join(repr(each) for each in ids) or "none"
