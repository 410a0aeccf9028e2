"""
How an instrument file words what an instrument says; each table becomes a value.
"""

import functools
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from types import GenericAlias
from typing import Any, TypeVar, get_origin

import attrs
import cattrs
from cattrs.gen import make_dict_structure_fn, override

from pelayanan.aggregation import Rule
from pelayanan.cases import Case
from pelayanan.conditions import Condition
from pelayanan.criterion import ROOT
from pelayanan.crosswalk import Link
from pelayanan.exact import Exact, Rounding
from pelayanan.instrument import InForce
from pelayanan.mapping import FrozenMapping
from pelayanan.provenance import Standing
from pelayanan.scales import Option, Scale
from pelayanan.zones import Band, Zones

__all__ = ["Head", "converter", "kind_of", "made_of", "of_table"]

Made = TypeVar("Made")


@attrs.frozen(eq=False, repr=False)
class _Rollup:
    average: str


@attrs.frozen(eq=False, repr=False)
class Head:
    """The keys above the first table."""

    id: str
    maximum: Exact
    missing: str
    rounding: Rounding
    family: str = ""
    title: FrozenMapping[str] = FrozenMapping()
    issuer: str = ""
    applies_to: str = ""
    variant_of: str = ""
    in_force: InForce | None = None
    language: str = "id"
    tokens: FrozenMapping[str] = FrozenMapping()
    rollup: _Rollup | None = None
    source: tuple[str, ...] = ()
    standing: FrozenMapping[Standing] = FrozenMapping()
    disputed: str = ""


def kind_of(value: Any) -> str:
    """
    Return what a value of a file is, in words.
    """
    kinds = {bool: "a truth value", str: "a text", list: "a list", dict: "a table", type(None): "null"}
    number = "a number" if isinstance(value, int | Decimal) else f"a {type(value).__name__}"
    return kinds.get(type(value), number)


@attrs.frozen(eq=False, repr=False)
class _Range:
    low: Exact
    high: Exact


@attrs.frozen(eq=False, repr=False)
class _Count:
    of: Exact
    full: Exact


@attrs.frozen(eq=False, repr=False)
class _Scale:
    options: tuple[Option, ...] = ()
    range: _Range | None = None
    count: _Count | None = None
    anchors: tuple[tuple[Exact, Exact], ...] = ()
    steps: tuple[tuple[Exact, Exact], ...] = ()
    between: bool = False
    source: tuple[str, ...] = ()
    standing: FrozenMapping[Standing] = FrozenMapping()
    disputed: str = ""

    def value(self) -> Scale:
        """Return the scale."""
        return Scale(
            options=self.options,
            between=self.between,
            low=self.range and self.range.low,
            high=self.range and self.range.high,
            of=self.count and self.count.of,
            full=self.count and self.count.full,
            anchors=self.anchors,
            steps=self.steps,
            source=self.source,
            standing=self.standing,
            disputed=self.disputed,
        )


@attrs.frozen(eq=False, repr=False)
class _Zones:
    bands: tuple[Band, ...]
    decide_on: str | Rounding = "published"
    source: tuple[str, ...] = ()
    standing: FrozenMapping[Standing] = FrozenMapping()
    disputed: str = ""

    def value(self) -> Zones:
        """Return the zones."""
        return Zones(
            self.bands,
            self.decide_on,
            source=self.source,
            standing=self.standing,
            disputed=self.disputed,
        )


@attrs.frozen(eq=False, repr=False)
class _Expects:
    total: Exact | None = None
    zone: str = ""


@attrs.frozen(eq=False, repr=False)
class _Case:
    name: str
    expects: _Expects
    answers: FrozenMapping[Any] = FrozenMapping()
    units: tuple[Exact, ...] = ()
    of: str = ""
    at: str = ROOT
    within: Exact = Exact(0)
    reason: str = ""
    source: tuple[str, ...] = ()

    def value(self) -> Case:
        """Return the case."""
        fields = attrs.asdict(self, recurse=False)
        expects = fields.pop("expects")
        return Case(total=expects.total, zone=expects.zone, **fields)


@attrs.frozen(eq=False, repr=False)
class _Rounding:
    decimals: int
    mode: str


_RENAMED = {
    Condition: {"is_": "is"},
    InForce: {"from_": "from"},
    Link: {"from_": "from"},
    Standing: {"is_": "is"},
}
_WORDED = {Scale: _Scale, Zones: _Zones, Case: _Case}
_PLAIN = {str: "a text", bool: "true or false", int: "a whole number", date: "a date"}


def of_table(made: cattrs.Converter, kind: Any, **differing: Any) -> Any:
    """
    Return how a table becomes a value of an attrs class; other kinds and unknown keys are refused.

    Args:
        made: What makes the values of the fields.
        differing: Overrides of cattrs for fields that are said otherwise.
    """
    structure: Any = make_dict_structure_fn(
        kind, made, _cattrs_forbid_extra_keys=True, _cattrs_detailed_validation=True, **differing
    )

    def structured(value: Any, kind: Any) -> Any:
        if not isinstance(value, dict):
            raise TypeError(f"expected a table, not {kind_of(value)}")
        return structure(value, kind)

    return structured


def _strict(kind: type, words: str) -> Any:
    def structured(value: Any, _: Any) -> Any:
        if type(value) is not kind:
            raise TypeError(f"expected {words}, not {kind_of(value)}")
        return value

    return structured


def _answer(value: Any, _: Any) -> Any:
    return value if isinstance(value, str) else Exact(value)


def _codes(value: Any, _: Any) -> tuple[str, ...]:
    listed = [value] if isinstance(value, str) else value
    if not isinstance(listed, list) or not all(isinstance(each, str) for each in listed):
        raise TypeError(f"expected a text or a list of texts, not {kind_of(value)}")
    return tuple(listed)


def _is(origin: type) -> Callable[[Any], bool]:
    return lambda kind: get_origin(kind) is origin


@attrs.frozen(eq=False, repr=False)
class _Hooks:
    """How the kinds of values are made of what stands in a file."""

    made: cattrs.Converter

    def of_table(self, kind: Any) -> Any:
        """Return how a table becomes a value of an attrs class; other kinds are refused."""
        renamed = {name: override(rename=key) for name, key in _RENAMED.get(kind, {}).items()}
        return of_table(self.made, kind, **renamed)

    def of_list(self, kind: Any) -> Any:
        """Return how a list becomes a tuple; other kinds are refused."""
        parts = kind.__args__
        alike: Any = GenericAlias(list, parts[:1]) if parts[-1] is Ellipsis else None

        def structured(value: Any, _: Any) -> Any:
            if not isinstance(value, list):
                raise TypeError(f"expected a list, not {kind_of(value)}")
            if alike is not None:
                return tuple(self.made.structure(value, alike))
            if len(value) != len(parts):
                raise ValueError(f"expected a list of {len(parts)}, found {len(value)}")
            return tuple(self.made.structure(each, part) for each, part in zip(value, parts, strict=True))

        return structured

    def mapping(self, value: Any, kind: Any) -> FrozenMapping[Any]:
        if not isinstance(value, dict):
            raise TypeError(f"expected a table, not {kind_of(value)}")
        plain: Any = GenericAlias(dict, (str, *kind.__args__))
        return FrozenMapping(self.made.structure(value, plain))

    def worded(self, value: Any, kind: Any) -> Any:
        return self.made.structure(value, _WORDED[kind]).value()

    def conditions(self, value: Any, _: Any) -> tuple[Condition, ...]:
        if not isinstance(value, list):
            return (self.made.structure(value, Condition),)
        alike: Any = GenericAlias(list, Condition)
        return tuple(self.made.structure(value, alike))

    def one_or_more(self, value: Any, _: Any) -> tuple[Any, ...]:
        answer: Any = str | Exact
        if not isinstance(value, list):
            return (self.made.structure(value, answer),)
        alike: Any = GenericAlias(list, answer)
        return tuple(self.made.structure(value, alike))

    def decide_on(self, value: Any, _: Any) -> str | Rounding | None:
        return value if isinstance(value, str) else self.rounding(value, Rounding)

    def rounding(self, value: Any, _: Any) -> Rounding | None:
        if value == "none":
            return None
        return Rounding(**attrs.asdict(self.made.structure(value, _Rounding)))


def converter() -> cattrs.Converter:
    """
    Return what makes values of the tables of a TOML file.
    """
    made = cattrs.Converter(detailed_validation=True)
    hooks = _Hooks(made)
    made.register_structure_hook_factory(attrs.has, hooks.of_table)
    made.register_structure_hook_factory(_is(tuple), hooks.of_list)
    made.register_structure_hook_func(_is(FrozenMapping), hooks.mapping)
    made.register_structure_hook_func(lambda kind: kind == tuple[str, ...], _codes)
    made.register_structure_hook_func(lambda kind: kind is Any or kind == str | Exact, _answer)
    made.register_structure_hook_func(lambda kind: kind == tuple[Condition, ...], hooks.conditions)
    made.register_structure_hook_func(lambda kind: kind == tuple[str | Exact, ...], hooks.one_or_more)
    made.register_structure_hook_func(lambda kind: kind == str | Rounding, hooks.decide_on)
    for kind, words in _PLAIN.items():
        made.register_structure_hook(kind, _strict(kind, words))
    made.register_structure_hook(Rule, _strict(str, "a text"))
    made.register_structure_hook(Exact, lambda value, _: Exact(value))
    made.register_structure_hook(Rounding, hooks.rounding)
    for kind in _WORDED:
        made.register_structure_hook(kind, hooks.worded)
    return made


_toml = functools.cache(converter)


def made_of(value: Any, kind: type[Made]) -> Made:
    """
    Return a value of that kind, made of what stands in a TOML file.

    Raises:
        cattrs.BaseValidationError, TypeError, ValueError: All that is wrong with it.
    """
    return _toml().structure(value, kind)
