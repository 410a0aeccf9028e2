"""
The shipped editions.
"""

from pathlib import Path

from pelayanan.errors import UnknownError, nearest
from pelayanan.files import read
from pelayanan.instrument import Instrument

__all__ = ["load"]


def load(id: str) -> Instrument:
    """
    Return a shipped edition by its id.

    Raises:
        UnknownError: There is none; the nearest is named.

    >>> load("ombudsman-2024")
    Instrument('ombudsman-2024', 6 indicators)
    """
    shipped = {each.stem: each for each in (Path(__file__).parent / "instruments").glob("*.toml")}
    if id not in shipped:
        message = f"there is no edition {id!r}{nearest(id, sorted(shipped))}"
        raise UnknownError("unknown-edition", message, edition=id)
    return read(shipped[id])
