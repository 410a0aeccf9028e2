"""
Checks that prove an instrument sound, for the tests of other people's instruments.

Each takes an instrument, and raises a `CheckError` that lists all that it found.
"""

from collections.abc import Callable, Iterable
from os import PathLike
from pathlib import Path

import attrs

from pelayanan.declaring import INDEX
from pelayanan.errors import CheckError, PelayananError, Problem
from pelayanan.faults import (
    batch_problems,
    better_problems,
    case_problems,
    end_problems,
    idle_problems,
    language_problems,
    weight_problems,
    zone_problems,
)
from pelayanan.instrument import Instrument, check_instrument
from pelayanan.packages import indexed
from pelayanan.paths import path_of
from pelayanan.sourcing import unfounded

__all__ = [
    "CHECKS",
    "check_answers_count",
    "check_batch",
    "check_better_never_hurts",
    "check_cases",
    "check_ends",
    "check_index",
    "check_json",
    "check_languages",
    "check_sources",
    "check_weights",
    "check_zones",
]


def _refuse(instrument: Instrument, problems_of: Callable[[Instrument], Iterable[Problem]]) -> None:
    check_instrument(instrument)
    found = tuple(problems_of(instrument))
    if found:
        raise CheckError.of(instrument.id, found)


def check_sources(instrument: Instrument) -> None:
    """
    Check that every figure has a source, or says why it was inferred or assumed.

    A figure that is not published is sound as long as it gives its reason.

    Raises:
        CheckError: Figures that have neither.

    >>> import pelayanan
    >>> check_sources(pelayanan.load("ombudsman-2024"))
    """
    _refuse(instrument, unfounded)


def check_weights(instrument: Instrument) -> None:
    """
    Check that printed weights add up to what they are parts of.

    That is the stated ``whole`` or ``sum``; of a weighted mean without them it is 1 or 100. A step
    rule adds points that are parts of nothing.

    Raises:
        CheckError: Groups whose weights do not.

    >>> import pelayanan
    >>> check_weights(pelayanan.load("ombudsman-2024"))
    """
    _refuse(instrument, weight_problems)


def check_ends(instrument: Instrument) -> None:
    """
    Check that both ends are attainable: the maximum by the best answers, and every band by some total.

    Where printed weights state a ``sum`` of their own, the ends are those as if they made up the
    whole. The best answers must meet what the zone of their total requires, too.

    Raises:
        CheckError: What no unit can reach.

    >>> import pelayanan
    >>> check_ends(pelayanan.load("ombudsman-2024"))
    """
    _refuse(instrument, end_problems)


def check_answers_count(instrument: Instrument) -> None:
    """
    Check that the answer to each scored question can change the exact total.

    Raises:
        CheckError: Questions of which no answer changes it.

    >>> import pelayanan
    >>> check_answers_count(pelayanan.load("ombudsman-2024"))
    """
    _refuse(instrument, idle_problems)


def check_better_never_hurts(instrument: Instrument) -> None:
    """
    Check that a better answer never gives a lower total or a lower zone, all else answered alike.

    Questions are left out on whose answers others are asked. "No zone" is not ordered with zones.

    Raises:
        CheckError: Questions where it does; their answers are told.

    >>> import pelayanan
    >>> check_better_never_hurts(pelayanan.load("ombudsman-2024"))
    """
    _refuse(instrument, better_problems)


def check_batch(instrument: Instrument) -> None:
    """
    Check that many units at once have the totals and zones of each by itself, worked out exactly.

    The units are always the same ones: the worst, the best, and forty between, some of their
    answers missing where that is not refused.

    Raises:
        CheckError: The first unit of which they differ.

    >>> import pelayanan
    >>> check_batch(pelayanan.load("ombudsman-2024"))
    """
    _refuse(instrument, batch_problems)


def check_zones(instrument: Instrument) -> None:
    """
    Check that every total that a unit can have lies in one zone, or in a gap that was printed.

    The totals go from the lowest to the highest, as in `check_ends`, on the grid on which the zone
    is decided.

    Raises:
        CheckError: Totals without a zone.

    >>> import pelayanan
    >>> check_zones(pelayanan.load("ombudsman-2018"))
    """
    _refuse(instrument, zone_problems)


def check_json(instrument: Instrument) -> None:
    """
    Check that the instrument comes back from its JSON as it was.

    Raises:
        CheckError: It has no JSON form, or comes back as another.

    >>> import pelayanan
    >>> check_json(pelayanan.load("ombudsman-2024"))
    """
    check_instrument(instrument)
    try:
        back = Instrument.from_json(instrument.to_json())
    except PelayananError as error:
        raise CheckError.of(instrument.id, [Problem("json", f"it has no JSON form: {error}", "")]) from error
    if back.digest != instrument.digest:
        fields = [each.name for each in attrs.fields(Instrument)]
        other = [name for name in fields if getattr(back, name) != getattr(instrument, name)]
        message = f"it comes back from its JSON with another {', '.join(other) or 'digest'}"
        raise CheckError.of(instrument.id, [Problem("json", message, "")])


def check_languages(instrument: Instrument) -> None:
    """
    Check that every text for people is there in each language of the instrument's title.

    A text that is not there in any is left out, and so is one whose table says under ``disputed``
    why a language is lacking.

    Raises:
        CheckError: Texts in too few languages, or in one that the title has not.

    >>> import pelayanan
    >>> check_languages(pelayanan.load("ombudsman-2024"))
    """
    _refuse(instrument, language_problems)


def check_cases(instrument: Instrument) -> None:
    """
    Check that every printed case is reproduced: its total, as far off as it says, and its zone.

    Raises:
        CheckError: Cases that are not, or that cannot be scored.

    >>> import pelayanan
    >>> check_cases(pelayanan.load("ombudsman-2022"))
    """
    _refuse(instrument, case_problems)


def check_index(folder: str | PathLike[str]) -> None:
    """
    Check that the index of a package is what the instruments and overlays in its folder say.

    Raises:
        CheckError: Another index, or none.
        FileError, InstrumentError, PackageError: As for `pelayanan.packages.indexed`.

    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     _ = Path(folder, INDEX).write_text("")
    ...     check_index(folder)
    """
    said = "".join(f"{each.to_json()}\n" for each in indexed(path_of(folder)))
    path = Path(folder) / INDEX
    if not path.is_file() or path.read_text(encoding="utf-8") != said:
        message = f"the index {INDEX!r} is not what the files say; "
        message += "write it anew with pelayanan.packages.write_index"
        raise CheckError.of(Path(folder).name, [Problem("index", message, INDEX)])


CHECKS = (
    check_sources,
    check_weights,
    check_ends,
    check_answers_count,
    check_better_never_hurts,
    check_batch,
    check_zones,
    check_json,
    check_languages,
    check_cases,
)
