"""
Instrument files: TOML and JSON in, JSON out.
"""

import json
import tomllib
from decimal import Decimal
from os import PathLike
from typing import Any

import attrs

from pelayanan.errors import FileError, InstrumentError, JsonError, Problem, check_kind
from pelayanan.exchange import exchanged, parsed
from pelayanan.instrument import Instrument, check_instrument
from pelayanan.layers import Layer
from pelayanan.limits import LARGEST, limit_problems
from pelayanan.paths import content_of, path_of, replaced
from pelayanan.pruning import Pruning
from pelayanan.reading import Reading, text_problems
from pelayanan.writing import said, tables_of

__all__ = ["exchange_tables", "instrument_of", "of_json", "parse", "read", "toml_tables", "write"]

_LARGEST_JSON = 16 * LARGEST
_BESIDES = ("fingerprint", "pruning", "layers")


def read(path: str | PathLike[str]) -> Instrument:
    """
    Return the instrument of a TOML or JSON file.

    Raises:
        FileError: The file cannot be read, or its name ends in neither ``.toml`` nor ``.json``.
        InstrumentError: As for `parse`; JSON that was changed after it was written.
    """
    file = path_of(path)
    if file.suffix == ".json":
        text = _text(content_of(path, _LARGEST_JSON), _LARGEST_JSON, "json", file.name)
        return of_json(text, file.name)
    if file.suffix != ".toml":
        message = f"{file.name!r} is no instrument file; its name ends in '.toml' or '.json'"
        raise FileError("file-name", message, path=str(path))
    return _parsed(content_of(path, LARGEST), file.name)


def write(instrument: Instrument, path: str | PathLike[str]) -> None:
    """
    Write an instrument as JSON, which `read` gives back; a file that was there is replaced.

    The fingerprint stands in it, so that a change of what decides a score does not go unseen.

    Raises:
        FileError: The file cannot be written, or its name does not end in ``.json``.
        InstrumentError: A rule that the library does not ship, a text that cannot be printed, or
            more than 16 MiB.
    """
    check_instrument(instrument)
    file = path_of(path)
    if file.suffix != ".json":
        message = f"an instrument is written as JSON; the name {file.name!r} does not end in '.json'"
        raise FileError("file-name", message, path=str(path))
    text = json.dumps(exchange_tables(instrument), ensure_ascii=False, indent=1) + "\n"
    if len(text.encode()) > _LARGEST_JSON:
        raise InstrumentError.of(instrument.id, [_too_large(_LARGEST_JSON)])
    replaced(path, [text])


def parse(text: str) -> Instrument:
    """
    Return the instrument that a TOML text describes.

    Raises:
        InstrumentError: Every mistake, each with its place: not TOML, too large or deep,
            keys that are unknown or lacking, values of another kind, and all that is not
            sound in the instrument.

    >>> parse("format = 1")
    Traceback (most recent call last):
        ...
    pelayanan.errors.InstrumentError: instrument has 5 problems
      'id' is lacking @ id
      'maximum' is lacking @ maximum
      'missing' is lacking @ missing
      'rounding' is lacking @ rounding
      there are no criteria @ criteria
    """
    check_kind("text", text, str, "TOML text")
    return _parsed(text.encode("utf-8", "surrogatepass"), "instrument")


def of_json(text: str, name: str = "instrument") -> Instrument:
    """
    Return the instrument that a JSON text describes.

    Raises:
        InstrumentError: As for `parse`, of what is no JSON, and as for `instrument_of`.
    """
    check_kind("text", text, str | bytes, "JSON text")
    if len(text) > _LARGEST_JSON:
        raise InstrumentError.of(name, [_too_large(_LARGEST_JSON)])
    try:
        tables = parsed(text)
    except JsonError as error:
        raise InstrumentError.of(name, error.problems) from error
    return instrument_of(tables, name)


def exchange_tables(instrument: Instrument) -> dict[str, Any]:
    """
    Return the tables of the JSON form of an instrument: those of its file, and its fingerprint.

    Raises:
        InstrumentError: It could not be read again: a rule that the library does not ship, a
            text that cannot be printed, or more than 16 MiB.
    """
    tables = tables_of(instrument) | {"fingerprint": instrument.fingerprint}
    if instrument.pruning:
        tables["pruning"] = said(instrument.pruning)
    if instrument.layers:
        tables["layers"] = said(instrument.layers)
    problems = list(text_problems(tables))
    if len(json.dumps(tables)) > _LARGEST_JSON:
        problems.append(_too_large(_LARGEST_JSON))
    if problems:
        raise InstrumentError.of(instrument.id, problems)
    return tables


def instrument_of(tables: dict[str, Any], name: str) -> Instrument:
    """
    Return the instrument of the tables of JSON.

    Raises:
        InstrumentError: As for `parse`; the JSON of another kind of value; a fingerprint that
            is not that of the instrument.
    """
    if "kind" in tables:
        message = f"expected the JSON of an instrument, found that of a {tables['kind']!r:.60}"
        raise InstrumentError.of(name, [Problem("other-kind", message, "kind")])
    besides = {key: tables[key] for key in _BESIDES if key in tables}
    reading = Reading(made_of=exchanged().structure, problems=list(text_problems(besides)))
    laid = reading.made(tuple[Layer, ...], besides.get("layers", []), "layers")
    pruning = reading.made(Pruning, besides["pruning"], "pruning") if "pruning" in besides else None
    made = reading.instrument({key: tables[key] for key in tables if key not in besides}, pruning)
    if made is None:
        raise InstrumentError.of(name, reading.problems)
    stated = besides.get("fingerprint", made.fingerprint)
    if stated != made.fingerprint:
        message = f"what decides a score was changed: the fingerprint says {str(stated)[:12]!r}..., and "
        message += f"what stands here has {made.fingerprint[:12]!r}...; write it anew, or leave it out"
        raise InstrumentError.of(name, [Problem("changed", message, "fingerprint")])
    return attrs.evolve(made, layers=laid) if laid else made


def _parsed(content: bytes, name: str) -> Instrument:
    return toml_instrument(toml_tables(content, name), name)


def toml_instrument(tables: dict[str, Any], name: str) -> Instrument:
    """
    Return the instrument of the tables of TOML.

    Raises:
        InstrumentError: As for `parse`; the tables of an overlay.
    """
    if "extends" in tables:
        message = "what extends another instrument is an overlay; read it with pelayanan.read_overlay"
        raise InstrumentError.of(name, [Problem("overlay", message, "extends")])
    reading = Reading()
    made = reading.instrument(tables)
    if made is None:
        raise InstrumentError.of(name, reading.problems)
    return made


def toml_tables(content: bytes, name: str) -> dict[str, Any]:
    """
    Return the tables of a TOML text, which is bounded before it is parsed.

    Raises:
        InstrumentError: Not TOML, not UTF-8, or too large or deep.

    >>> toml_tables(b"weight = 21.85", "kiosk.toml")
    {'weight': Decimal('21.85')}
    """
    text = _text(content, LARGEST, "toml", name)
    problems = limit_problems(text)
    if problems:
        raise InstrumentError.of(name, problems)
    try:
        return tomllib.loads(text, parse_float=Decimal)
    except (ValueError, ArithmeticError, RecursionError) as error:
        problem = Problem("not-toml", f"this is not TOML: {error}", "")
        raise InstrumentError.of(name, [problem]) from error


def _text(content: bytes, most: int, kind: str, name: str) -> str:
    if len(content) > most:
        raise InstrumentError.of(name, [_too_large(most)])
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        problem = Problem(f"not-{kind}", "the text is not UTF-8", f"byte {error.start}")
        raise InstrumentError.of(name, [problem]) from error


def _too_large(most: int) -> Problem:
    return Problem("too-large", f"a file has at most {most} bytes", "")
