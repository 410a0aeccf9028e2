"""
Files are read up to a bound, and replaced as a whole or not at all.
"""

import os
import secrets
import shutil
from collections.abc import Iterable
from os import PathLike
from pathlib import Path
from typing import cast

from pelayanan.errors import FileError, check_kind

__all__ = ["content_of", "path_of", "replaced", "unusable"]


def path_of(path: object) -> Path:
    """
    Return a path that was given.

    Raises:
        KindError: It is none.
    """
    check_kind("path", path, str | PathLike, "a path")
    return Path(cast(str, path))


def content_of(path: str | PathLike[str], most: int) -> bytes:
    """
    Return the first ``most + 1`` bytes of a file: more than ``most`` where it is longer.

    Raises:
        FileError: It cannot be read.
    """
    try:
        with Path(path).open("rb") as stream:
            return stream.read(most + 1)
    except (OSError, ValueError) as error:
        raise unusable("read", path, error) from error


def replaced(path: str | PathLike[str], parts: Iterable[str], encoding: str = "utf-8") -> None:
    """
    Write a text of several parts; a file that was there stays until the new one is complete.

    Raises:
        FileError: It cannot be written.
    """
    try:
        file = Path(os.path.realpath(path))
        beside = file.with_name(f".{secrets.token_hex(8)}.part")
        try:
            with beside.open("x", encoding=encoding, newline="") as stream:
                stream.writelines(parts)
            if file.exists():
                shutil.copymode(file, beside)
            beside.replace(file)
        finally:
            beside.unlink(missing_ok=True)
    except (OSError, ValueError) as error:
        raise unusable("write", path, error) from error


def unusable(what: str, path: str | PathLike[str], error: Exception) -> FileError:
    """
    Return the error of a file that cannot be read or written.
    """
    message = f"cannot {what} {Path(path).name!r}: {getattr(error, 'strerror', None) or error}"
    return FileError({"read": "unreadable", "write": "unwritable"}[what], message, path=str(path))
