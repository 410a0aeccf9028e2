"""
Overlays: a province extends an instrument, and the national score stays computable.
"""

from collections.abc import Iterable

import attrs

from pelayanan.catalog import load, on_file
from pelayanan.chains import chained
from pelayanan.clashing import layers_of
from pelayanan.cores import Core, core_of
from pelayanan.criterion import Group, Indicator
from pelayanan.errors import InstrumentError, Problem, UnknownError, check_kind, in_order, nearest
from pelayanan.instrument import Instrument, check_instrument
from pelayanan.layers import ADDED, ADDED_SOURCE, Layer, Origin, at
from pelayanan.laying import extend
from pelayanan.mapping import FrozenMapping
from pelayanan.marks import Mark
from pelayanan.overlays import Overlay, parse_overlay, read_overlay
from pelayanan.placing import places_of
from pelayanan.provenance import Source, Standing
from pelayanan.rebasing import Rebased, rebased
from pelayanan.scales import Scale
from pelayanan.stages import RoundingStage
from pelayanan.wording import Head
from pelayanan.writing import tables_of
from pelayanan.zones import Band, Zones

__all__ = [
    "Core",
    "Layer",
    "Origin",
    "Overlay",
    "Rebased",
    "core",
    "extend",
    "extended",
    "origin",
    "parse_overlay",
    "read_overlay",
    "rebase",
]

_READ = "; read one with read_overlay"
_KINDS: dict[str, tuple[type, ...]] = {
    "": (Head,),
    "root": (Group,),
    "zones": (Zones,),
    "criteria": (Group, Indicator),
    "zones.bands": (Band,),
    "marks": (Mark,),
    "scales": (Scale,),
    "sources": (Source,),
    "rounding_stages": (RoundingStage,),
}


def extended(overlay: Overlay, among: Iterable[Overlay | Instrument] = ()) -> Instrument:
    """
    Return the instrument of an overlay, with all that it extends: regency, province, nation.

    Args:
        overlay: The last of the chain.
        among: The overlays and instruments that the others may be; what is not among them is
            looked for in the catalog.

    Raises:
        InstrumentError: The chain is a circle or begins with what is not known, two of ``among``
            have the same id, and as for `extend`.
        PackageError: A package that holds one of them cannot be used.

    >>> change = {"code": "u1", "title": {"id": "Syarat"}}
    >>> province = Overlay("skm-2017", "skm-2017-ntt", {"change": [change]})
    >>> city = Overlay("skm-2017-ntt", "skm-2017-kupang", {"issuer": "Kota Kupang"})
    >>> extended(city, among=[province]).layers
    (Layer('skm-2017', 0 fields), Layer('skm-2017-ntt', 1 fields), Layer('skm-2017-kupang', 1 fields))
    """
    known: dict[str, Overlay | Instrument] = {}
    check_kind("overlay", overlay, Overlay, "an Overlay", _READ)
    for each in in_order("among", among, "overlays and instruments"):
        check_kind("among", each, Overlay | Instrument, "overlays and instruments")
        if known.setdefault(each.id, each) != each:
            message = f"two that differ have the id {each.id!r}"
            raise InstrumentError.of(overlay.id or "overlay", [Problem("duplicate-id", message, "among")])
    if overlay.id != overlay.extends:
        known.setdefault(overlay.id, overlay)

    def find(name: str) -> Overlay | Instrument:
        return known[name] if name in known else on_file(name)

    return chained(overlay, find)


def origin(instrument: Instrument, code: str, field: str) -> Origin:
    """
    Return which layer of an instrument set a field, from which source, and since when.

    Args:
        code: That of a criterion, ``"*"`` for the root, ``""`` for the head; or the place of
            another table, such as ``"zones"``, ``"zones.bands['A']"`` or ``"scales['huruf']"``.
        field: A key of that table in the file.

    Raises:
        UnknownError: There is no such criterion, table or field; the nearest is named.

    >>> change = {"code": "input", "title": {"id": "Masukan"}}
    >>> overlay = Overlay("ombudsman-2024", "kota", {"change": [change]})
    >>> kota = extend(load("ombudsman-2024"), overlay)
    >>> origin(kota, "input", "title").layer, origin(kota, "input", "weight").layer
    ('kota', 'ombudsman-2024')
    """
    check_instrument(instrument)
    check_kind("code", code, str, "the code of a criterion or the place of a table")
    tables = places_of(tables_of(instrument))
    place = {"*": "root"}.get(code, code if code in tables else at("criteria", code))
    if place not in tables:
        message = f"{instrument.id} has no criterion {code!r}{nearest(code, [*instrument.criteria, *tables])}"
        raise UnknownError("unknown-criterion", message, instrument=instrument.id, criterion=code)
    kinds = _KINDS[place.partition("[")[0]]
    known = [each.name.rstrip("_") for kind in kinds for each in attrs.fields(kind)]
    if field not in known:
        message = f"{instrument.id} has no field {field!r} at {place or 'its head'}{nearest(field, known)}"
        raise UnknownError("unknown-field", message, instrument=instrument.id, place=place, field=field)
    table = tables[place]
    said = table.get("standing", {}).get(field)
    for layer in reversed(instrument.layers[1:]):
        keys = layer.fields.get(place, FrozenMapping[tuple[str, ...]]())
        sources = keys.get(field, keys.get(ADDED))
        if sources is not None:
            return Origin(layer.id, sources, layer.on, _standing(said, sources))
    scale = table.get("scale")
    if field == "scale" and isinstance(scale, str):
        return origin(instrument, at("scales", scale), "options")
    first = layers_of(instrument)[0]
    laid = [layer.fields.get(place, FrozenMapping[tuple[str, ...]]()) for layer in instrument.layers[1:]]
    later = {each for keys in laid for each in keys.get(ADDED_SOURCE, ())}
    sources = tuple(each for each in table.get("source", ()) if each not in later)
    return Origin(first.id, sources, first.on, _standing(said, sources))


def _standing(said: dict[str, str] | None, sources: tuple[str, ...]) -> Standing:
    if said is not None:
        return Standing(said["is"], said.get("why", ""))
    return Standing("published" if sources else "assumed")


def core(instrument: Instrument, base: Instrument | None = None) -> Core:
    """
    Return the national instrument below overlays, with what turns answers to all into its own.

    Args:
        instrument: One that overlays were laid over.
        base: The one below; loaded from the catalog where it is not given.

    Raises:
        InstrumentError: The instrument has no layers, or ``base`` is not what it was made of.
        UnknownError: What it was made of is not in the catalog.

    >>> overlay = Overlay(
    ...     "ombudsman-2024",
    ...     "kota",
    ...     {
    ...         "rebalance": {"*": "proportional"},
    ...         "add": [{"code": "lokal", "weight": "10", "scale": {"range": {"low": 0, "high": 4}}}],
    ...     },
    ... )
    >>> kota = core(extend(load("ombudsman-2024"), overlay))
    >>> kota, kota.lost
    (Core('ombudsman-2024' of 'kota', 0 lost), ())
    """
    check_instrument(instrument)
    if base is not None:
        check_instrument(base, "base")
    if not instrument.layers:
        message = "no overlay was laid over it, so that it is its own core"
        raise InstrumentError.of(instrument.id, [Problem("no-layers", message, "layers")])
    first = instrument.layers[0]
    found = _loaded(first.id, instrument.id) if base is None else base
    if found.fingerprint != first.fingerprint:
        message = f"it was laid over {first.id!r} with the fingerprint {first.fingerprint[:12]!r}..., and "
        message += f"{found.id!r} has {found.fingerprint[:12]!r}...; give the same as base"
        raise InstrumentError.of(instrument.id, [Problem("other-base", message, "layers")])
    return core_of(instrument, found)


def rebase(overlay: Overlay, *, onto: Instrument, base: Instrument | None = None) -> Rebased:
    """
    Return an overlay on the next edition of what it extends, and what does not fit there.

    What both the overlay and the next edition changed is a conflict, unless they say the same; the
    overlay's own word stays.

    Args:
        onto: The next edition.
        base: The edition that the overlay extends; loaded from the catalog where it is not given.

    Raises:
        InstrumentError: The overlay does not fit the edition that it extends.
        UnknownError: That edition is not in the catalog.

    >>> change = {"code": "input", "title": {"id": "Masukan"}}
    >>> overlay = Overlay("ombudsman-2023", "kota", {"change": [change]})
    >>> rebase(overlay, onto=load("ombudsman-2024"))
    Rebased('kota' on 'ombudsman-2024', 0 conflicts)
    """
    check_kind("overlay", overlay, Overlay, "an Overlay", _READ)
    check_instrument(onto, "onto")
    if base is not None:
        check_instrument(base, "base")
    below = _loaded(overlay.extends, overlay.id or "overlay") if base is None else base
    return rebased(overlay, below, onto)


def _loaded(base: str, name: str) -> Instrument:
    """Return the edition that something was laid over."""
    try:
        return load(base)
    except UnknownError as error:
        message = f"{name} extends {base!r}, which is not in the catalog; give it as base"
        raise UnknownError("unknown-base", message, instrument=name, edition=base) from error
