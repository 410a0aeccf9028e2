"""
The instrument: one edition of one rubric, as values.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from fractions import Fraction
from functools import cached_property
from typing import Self

import attrs

from pelayanan.aggregation import WEIGHTED_MEAN, Rule
from pelayanan.assumptions import Assumption, assumptions_of
from pelayanan.cases import Case, case_problems
from pelayanan.criteria import Criteria
from pelayanan.criterion import MISSING_POLICIES, ROOT, Criterion, Group, Indicator, lineage
from pelayanan.errors import (
    Hints,
    InstrumentError,
    KindError,
    Problem,
    UnknownError,
    a_text,
    check_kind,
    is_a,
    members_of,
    nearest,
    several,
)
from pelayanan.exact import Exact, Rounding, number_in, shown
from pelayanan.figures import HEAD, figure_problems
from pelayanan.flattening import flat_fields
from pelayanan.identity import digest_of, fingerprint_of
from pelayanan.layers import Layer
from pelayanan.mapping import FrozenMapping, Text
from pelayanan.marks import Mark
from pelayanan.provenance import Source, Standings, as_codes, as_sources, as_standings, as_text, as_texts
from pelayanan.pruning import OF, Pruning, check_conditions, check_stages, cut, pruned
from pelayanan.requiring import about, check_requirements, requirement_problems
from pelayanan.soundness import problems_of
from pelayanan.stages import RoundingStage
from pelayanan.value import Value
from pelayanan.zones import Band, Requirement, Zones

__all__ = ["Case", "InForce", "Instrument", "Pruning"]

_DIGITS = 15
_ID = re.compile(r"[a-z0-9.-]+")


def _day(value: date) -> date:
    check_kind("a day", value, date, "a date")
    return value.date() if isinstance(value, datetime) else value


@attrs.frozen
class InForce(Value):
    """
    The assessed period, both ends included; without an end it goes on.
    """

    from_: date = attrs.field(converter=_day)
    until: date | None = attrs.field(default=None, converter=attrs.converters.optional(_day))

    def __contains__(self, day: date) -> bool:
        day = _day(day)
        return self.from_ <= day and (self.until is None or day <= self.until)


def _cases(value: Iterable[Case]) -> tuple[Case, ...]:
    return members_of("cases", value, Case, "Cases")


def _stages(value: Iterable[RoundingStage]) -> tuple[RoundingStage, ...]:
    return members_of("rounding_stages", value, RoundingStage, "RoundingStages")


def _layers(value: Iterable[Layer]) -> tuple[Layer, ...]:
    return members_of("layers", value, Layer, "Layers")


def _marks(value: Iterable[Mark]) -> tuple[Mark, ...]:
    return members_of("marks", value, Mark, "Marks")


def _by_code(value: Iterable[Criterion] | Mapping[str, Criterion]) -> FrozenMapping[Criterion]:
    given = value.values() if isinstance(value, Mapping) else value
    listed: tuple[Criterion, ...] = members_of("criteria", given, Criterion, "Groups and Indicators")
    found = FrozenMapping((each.code, each) for each in listed)
    if len(found) < len(listed):
        raise InstrumentError.of("criteria", problems_of(Criteria(Group(ROOT), listed)))
    return found


@attrs.frozen(slots=False, kw_only=True, repr=False)
class Instrument(Value):
    """
    One edition of one rubric: the tree, its weights, its zones, its rounding, its sources.

    Args:
        id: ``[a-z0-9.-]+``.
        criteria: Groups and indicators in order; a mapping by code once it is made.
        maximum: What the share 1 of the whole is worth [points].
        missing: What a missing answer does where no criterion says so.
        rounding: How the total is published; ``None`` where it is not rounded.
        zones: The bands.
        root: The group of the first-level criteria.
        rollup: Whether ``"published"`` or ``"exact"`` unit totals are averaged into an
            institution's; empty where the edition has no such rule.
        tokens: Answers that are states, such as ``{"NA": "not_applicable"}``.
        rounding_stages: Where shares are rounded on the way to the total.
        marks: Labels beside the zone.
        layers: What it was made of, where overlays were laid over another; two instruments that
            say the same are equal, however they were made.

    Raises:
        InstrumentError: Lists everything that is not sound, with its place.

    >>> from pelayanan import Scale
    >>> kiosk = Instrument(
    ...     id="kiosk",
    ...     criteria=[Indicator("fees", Scale(low=0, high=10), weight=3)],
    ...     maximum=100,
    ...     missing="refuse",
    ...     rounding=Rounding(2),
    ... )
    >>> kiosk, kiosk["fees"].weight
    (Instrument('kiosk', 1 indicators), Exact('3'))
    """

    id: str = attrs.field(validator=a_text)
    criteria: FrozenMapping[Criterion] = attrs.field(converter=_by_code)
    maximum: Exact = attrs.field(converter=Exact)
    missing: str = attrs.field(validator=a_text)
    rounding: Rounding | None
    zones: Zones = attrs.field(default=Zones(), validator=is_a(Zones, "Zones"))
    root: Group = attrs.field(default=Group(ROOT), validator=is_a(Group, "a Group"))
    family: str = attrs.field(default="", validator=a_text)
    title: Text = attrs.field(default=FrozenMapping(), converter=as_text)
    issuer: str = attrs.field(default="", validator=a_text)
    applies_to: str = attrs.field(default="", validator=a_text)
    variant_of: str = attrs.field(default="", validator=a_text)
    in_force: InForce | None = attrs.field(default=None, validator=is_a(InForce | None, "an InForce"))
    language: str = attrs.field(default="id", validator=a_text)
    rollup: str = attrs.field(default="", validator=a_text)
    tokens: FrozenMapping[str] = attrs.field(default=FrozenMapping(), converter=as_texts)
    sources: FrozenMapping[Source] = attrs.field(default=FrozenMapping(), converter=as_sources)
    rounding_stages: tuple[RoundingStage, ...] = attrs.field(default=(), converter=_stages)
    marks: tuple[Mark, ...] = attrs.field(default=(), converter=_marks)
    cases: tuple[Case, ...] = attrs.field(default=(), converter=_cases)
    source: tuple[str, ...] = attrs.field(default=(), converter=as_codes)
    standing: Standings = attrs.field(default=FrozenMapping(), converter=as_standings)
    disputed: str = attrs.field(default="", validator=a_text)
    pruning: Pruning | None = attrs.field(default=None, validator=is_a(Pruning | None, "a Pruning"))
    layers: tuple[Layer, ...] = attrs.field(default=(), converter=_layers, eq=False)

    def __attrs_post_init__(self) -> None:
        problems = list(self._problems())
        if problems:
            raise InstrumentError.of(self.id, problems)

    def __repr__(self) -> str:
        pruned = f", pruned to {self.pruning.of}" if self.pruning else ""
        return f"Instrument({self.id!r}, {len(self.indicators)} indicators{pruned})"

    def __hash__(self) -> int:
        return hash(self.fingerprint)

    def __contains__(self, code: object) -> bool:
        return isinstance(code, str) and (code == ROOT or code in self.criteria)

    __iter__ = None

    def __getitem__(self, code: str) -> Criterion:
        """
        Return the criterion of that code, ``"*"`` for the root.

        Raises:
            UnknownError: There is none; the nearest code is named.
        """
        known = isinstance(code, str)
        found = self.root if known and code == ROOT else self.criteria.get(code) if known else None
        if found is None:
            message = f"{self.id} has no criterion {shown(code)}{nearest(code, self.criteria)}"
            raise UnknownError("unknown-criterion", message, instrument=self.id, criterion=code)
        return found

    @cached_property
    def tree(self) -> Criteria:
        """The criteria with what follows from their codes."""
        skippable = "not_applicable" in self.tokens.values()
        return Criteria(
            self.root,
            tuple(self.criteria.values()),
            self.missing,
            skippable,
            self.maximum,
            self.rounding_stages,
        )

    @cached_property
    def indicators(self) -> tuple[Indicator, ...]:
        """The questions, in order."""
        return tuple(each for each in self.criteria.values() if isinstance(each, Indicator))

    @property
    def number_tokens(self) -> dict[Fraction, str]:
        """The states of the tokens that are numbers, such as a 99 for missing."""
        numbered = {number_in(token): state for token, state in self.tokens.items()}
        return {number: state for number, state in numbered.items() if number is not None}

    @property
    def weights(self) -> FrozenMapping[Fraction]:
        """The weight of each criterion in the unit of its print, absent ones worked out."""
        return FrozenMapping(self.tree.weights)

    @cached_property
    def effective_weights(self) -> FrozenMapping[Fraction | None]:
        """
        The part of the total that each criterion is worth when everything is answered.

        A group between, whose weights are printed at its leaves, is worth what they are.
        Below a rule that is not linear, such as the weakest link, it is ``None``.
        """
        return FrozenMapping(self.tree.effective_weights)

    def tagged(self, tag: str, value: str) -> tuple[str, ...]:
        """
        Return the codes of the scored criteria of a tag, without those inside another.

        Raises:
            UnknownError: No such tag, or none with that value; the nearest is named.
        """
        tags = {name for each in self.criteria.values() for name in each.tags}
        tagged = self.criteria.values() if isinstance(tag, str) else ()
        values = {each.tags[tag] for each in tagged if tag in each.tags}
        if not isinstance(value, str) or value not in values:
            wanted = f"criterion with the tag {tag} = {value!r}" if values else f"tag {tag!r}"
            hint = nearest(value, sorted(values)) if values else nearest(tag, sorted(tags))
            message = f"{self.id} has no {wanted}{hint}"
            raise UnknownError("unknown-tag", message, instrument=self.id, tag=tag, value=value)
        found = [code for code, each in self.criteria.items() if each.tags.get(tag) == value]
        inside = {code for code in found if not set(found).isdisjoint(list(lineage(code))[1:])}
        return tuple(code for code in found if code not in inside and self.tree.counts(code))

    def about(self, requirement: Requirement) -> tuple[str, ...]:
        """
        Return the codes of the criteria that a requirement measures.
        """
        return about(self.tree, requirement)

    @cached_property
    def attainable(self) -> Fraction:
        """The highest total where all is asked, everything answered with the best [points]."""
        return self.maximum * self._total_of({each.code: each.scale.best for each in self.indicators})

    @cached_property
    def lowest(self) -> Fraction:
        """The lowest total where all is asked, everything answered with the worst [points]."""
        return self.maximum * self._total_of({each.code: each.scale.worst for each in self.indicators})

    def _total_of(self, shares: dict[str, Fraction]) -> Fraction:
        return self.tree.shares(shares)[ROOT] or Fraction(0)

    @property
    def assumptions(self) -> tuple[Assumption, ...]:
        """What is not published, one line a group."""
        derived = self.pruning.codes if self.pruning else ()
        stated = {"rollup": bool(self.rollup), "in_force": self.in_force is not None}
        figures = [figure for figure in HEAD if stated.get(figure, True)]
        return assumptions_of(self, figures, self.tree, self.zones, derived, self.marks)

    @cached_property
    def fingerprint(self) -> str:
        """SHA-256 over what decides a score; labels, titles and sources do not count."""
        head = {name: getattr(self, name) for name in ("id", "maximum", "rounding", "rollup", "tokens")}
        if self.pruning:
            head |= {"pruned": [self.pruning.of, *sorted(self.pruning.codes)]}
        return fingerprint_of(self.tree, self.zones, head, self.marks)

    @cached_property
    def digest(self) -> str:
        """SHA-256 over everything that the instrument says."""
        return digest_of(self)

    @property
    def total_of(self) -> str:
        """The fingerprint of the instrument that this was pruned from; empty for a whole one."""
        pruning = self.pruning
        return pruning.whole if pruning and pruning.own == self.fingerprint else ""

    @property
    def comparable(self) -> str:
        """The fingerprint of the whole instrument whose totals these are."""
        return self.total_of or self.fingerprint

    def pruned(
        self, depth: int | None = None, *, at: Iterable[str] | None = None, of: str = "points"
    ) -> Self:
        """
        Return the same instrument with some criteria as questions, for coarser publications.

        Args:
            depth: All criteria of this level become questions; 1 is the first.
            at: Or those of these codes.
            of: What their answers are: ``"points"`` (0 to the maximum), ``"share"`` (0 to 1)
                or ``"contribution"`` (0 to the effective weight in points).

        A token that is a number on the scale of these questions is none any more.

        Raises:
            InstrumentError: A criterion inside another that becomes a question, or no such level.
            UnknownError: A code that does not exist.

        >>> import pelayanan
        >>> pelayanan.load("ombudsman-2022").pruned(depth=1)
        Instrument('ombudsman-2022', 4 indicators, pruned to points)
        """
        if isinstance(depth, bool) or not isinstance(depth, int | None):
            raise KindError.of("depth", "a whole number", depth)
        given = None if at is None else several("at", at, "codes of criteria")
        codes = cut(self.tree, depth, given if given is None else [self[code].code for code in given])
        required = {f"the zone {band.code!r}": band.requires for band in self.zones.bands}
        required |= {f"the mark {mark.code!r}": mark.requires for mark in self.marks}
        check_requirements(self.tree, required, codes)
        check_stages(self.tree, codes)
        check_conditions(self.tree, codes)
        criteria = pruned(self.tree, codes, of, self.maximum)
        answered = [criteria.indicator(code).scale for code in codes]
        tokens = {
            token: state
            for token, state in self.tokens.items()
            if not any(scale.knows(token) for scale in answered)
        }
        made = attrs.evolve(
            self, criteria=criteria.listed, tokens=tokens, cases=(), pruning=Pruning(codes, of)
        )
        return attrs.evolve(made, pruning=Pruning(codes, of, self.comparable, made.fingerprint))

    def flattened(self, *, rule: str | Rule = WEIGHTED_MEAN, equal: bool = False) -> Self:
        """
        Return the instrument with all its indicators directly under the root.

        Their weights are those that were printed beside them, whatever the groups weigh. A code
        has underscores for its dots, and the one with dots stays as an alias, so that the same
        answers are scored. What groups said of missing answers, conditions and respondents is
        said of each indicator. The id ends in ``-flat``; cases stay behind.

        With the weighted mean, with equal weights, and with all-or-nothing these are the flat,
        the flat-unweighted and the absolute model of XCCDF; the instrument itself is its default.

        Args:
            rule: How the root combines them.
            equal: Whether all weigh the same.

        Raises:
            InstrumentError: A rule that needs more than shares and weights, or a zone, a mark or
                a rounding stage that is about a group.

        Source:
            NIST, Interagency Report 7275 Revision 4 (XCCDF 1.2), section 7.3.2.

        >>> import pelayanan
        >>> pelayanan.load("ombudsman-2018").flattened(rule="all_or_nothing").id
        'ombudsman-2018-flat'
        """
        check_kind("rule", rule, str | Rule, "a rule or its name")
        fields = flat_fields(self.tree, self.zones, self.marks, self.rounding_stages, rule=rule, equal=equal)
        return attrs.evolve(self, id=f"{self.id}-flat", cases=(), pruning=None, layers=(), **fields)

    def _problems(self) -> Iterator[Problem]:
        ids = {"id": self.id, "family": self.family or "x", "variant_of": self.variant_of or "x"}
        for name, given in ids.items():
            if not _ID.fullmatch(given):
                yield Problem("id", f"an id is made of a-z, 0-9, '.' and '-', not {given[:60]!r}", name)
        if self.maximum <= 0:
            yield Problem("maximum", f"a maximum is greater than 0, not {self.maximum}", "maximum")
        yield from self._rounding_problems()
        if self.missing not in MISSING_POLICIES:
            known = ", ".join(repr(policy) for policy in MISSING_POLICIES)
            yield Problem("missing-policy", f"expected one of {known}, not {self.missing!r}", "missing")
        if self.rollup not in ("", "published", "exact"):
            message = f"expected 'published' or 'exact', not {self.rollup!r}"
            yield Problem("rollup", message, "rollup.average")
        if self.in_force and self.in_force.until and self.in_force.until < self.in_force.from_:
            yield Problem("in-force", "the period ends before it begins", "in_force")
        for token, state in self.tokens.items():
            if state not in ("missing", "not_applicable"):
                message = f"expected 'missing' or 'not_applicable', not {state!r}"
                yield Problem("token", message, f"tokens[{token!r}]")
        scales = {id(each.scale): each.scale for each in self.indicators}.values()
        for token in self.tokens:
            if any(scale.knows(token) for scale in scales):
                yield Problem("token", f"{token!r} is an answer of a scale, too", f"tokens[{token!r}]")
        if self.root.weight is not None:
            yield Problem("weight-unused", "the root is the whole and has no weight", "root.weight")
        if self.pruning and self.pruning.of not in OF:
            known = ", ".join(repr(each) for each in OF)
            yield Problem("pruning", f"expected one of {known}, not {self.pruning.of!r}", "pruning.of")
        for code in self.pruning.codes if self.pruning else ():
            if not isinstance(self.criteria.get(code), Indicator):
                yield Problem("pruning", f"there is no indicator {code[:60]!r}", "pruning.codes")
        yield from figure_problems(
            self, self.tree, self.zones, self.marks, self.rounding_stages, self.sources
        )
        unsound = list(self._tree_problems())
        yield from unsound
        for problem in self.zones.adjoining_problems(self.rounding):
            yield attrs.evolve(problem, place=f"zones.{problem.place}")
        requiring: dict[str, Band | Mark] = {
            f"zones.bands[{index}]": band for index, band in enumerate(self.zones.bands)
        }
        requiring |= {f"marks[{index}]": mark for index, mark in enumerate(self.marks)}
        for place, each in requiring.items():
            found = requirement_problems(self.tree, each.requires, self.maximum, sound=not unsound)
            for problem in found:
                yield attrs.evolve(problem, place=f"{place}.{problem.place}")
        seen: set[str] = set()
        for index, mark in enumerate(self.marks):
            if mark.code in seen:
                yield Problem("duplicate-code", f"the mark {mark.code!r} is there twice", f"marks[{index}]")
            seen.add(mark.code)
        hints = Hints()
        for index, case in enumerate(self.cases):
            yield from case_problems(case, f"cases[{index}]", self.tree, self.zones, self.sources, hints)

    def _tree_problems(self) -> Iterator[Problem]:
        if self.root.code == ROOT:
            yield from problems_of(self.tree)
        else:
            yield Problem(
                "code", f"the code of the root is {ROOT!r}, not {self.root.code[:60]!r}", "root.code"
            )

    def _rounding_problems(self) -> Iterator[Problem]:
        if not isinstance(self.rounding, Rounding | None):
            yield Problem("rounding", f"expected a Rounding or None, not {self.rounding!r}", "rounding")
            return
        grids = (self.rounding, self.zones.grid(self.rounding))
        decimals = max((grid.decimals for grid in grids if grid is not None), default=0)
        if self.maximum * 10**decimals >= 10**_DIGITS:
            message = f"totals up to {self.maximum} with {decimals} decimals have more than {_DIGITS} digits"
            yield Problem("too-many-digits", message, "maximum")


def check_instrument(instrument: object, argument: str = "instrument") -> None:
    """
    Refuse what is no instrument.

    Raises:
        KindError: It is none.
    """
    check_kind(argument, instrument, Instrument, "an Instrument", "; load gives that of an id")
