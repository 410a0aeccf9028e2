"""
The shipped editions.
"""

from importlib.resources import files

from pelayanan.errors import UnknownError, nearest
from pelayanan.files import parse
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
    shipped = {
        each.name.removesuffix(".toml"): each
        for each in (files("pelayanan") / "instruments").iterdir()
        if each.name.endswith(".toml")
    }
    if id not in shipped:
        message = f"there is no edition {id!r}{nearest(id, sorted(shipped))}"
        raise UnknownError("unknown-edition", message, edition=id)
    return parse(shipped[id].read_text(encoding="utf-8"))
