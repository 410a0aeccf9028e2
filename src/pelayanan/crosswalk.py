"""
Crosswalks: which questions of one edition are which of another.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction
from functools import cached_property
from typing import Any

import attrs

from pelayanan.criterion import Group, Indicator
from pelayanan.equivalence import same_answers
from pelayanan.errors import CrosswalkError, Hints, Problem, a_text, members_of
from pelayanan.exact import Exact, written
from pelayanan.instrument import Instrument, check_instrument
from pelayanan.losses import Loss, Losses, as_questions, as_weights
from pelayanan.mapping import FrozenMapping, Text
from pelayanan.pairing import named, same_names, unique
from pelayanan.provenance import (
    Source,
    Standing,
    Standings,
    as_codes,
    as_sources,
    as_standings,
    as_text,
    standing_problems,
)
from pelayanan.value import Value

__all__ = ["RELATIONS", "Crosswalk", "Link", "crosswalk", "link_problems"]

RELATIONS = ("equal", "equivalent", "subset", "superset", "intersects")
_FIGURES = ("relation", "weights")


@attrs.frozen
class Link(Value):
    """
    How questions of one edition are related to questions of another.

    Args:
        from_: The code of a question of the edition before, or of several.
        relation: What is asked there, seen from what is asked after: ``"equal"``,
            ``"equivalent"`` (on another scale), ``"subset"`` (a part of it), ``"superset"`` (more
            than it), or ``"intersects"``.
        to: The code of a question of the edition after, or of several.
        weights: What each of several questions is of the one on the other side; they add up to 1.
        why: What readers of a loss report are told, by language.
        source: Codes of sources that say so.
        standing: How well ``"relation"`` and ``"weights"`` are known; without a source they are
            assumed.

    >>> Link("i1", "superset", ["i1a", "i1b"], weights={"i1a": "0.75", "i1b": "0.25"}).carries
    True
    >>> Link("i1", "intersects", "i2").carries
    False
    """

    from_: tuple[str, ...] = attrs.field(converter=as_questions)
    relation: str = attrs.field(validator=a_text)
    to: tuple[str, ...] = attrs.field(converter=as_questions)
    weights: FrozenMapping[Exact] = attrs.field(default=FrozenMapping(), converter=as_weights, kw_only=True)
    why: Text = attrs.field(default=FrozenMapping(), converter=as_text, kw_only=True)
    source: tuple[str, ...] = attrs.field(default=(), converter=as_codes, kw_only=True)
    standing: Standings = attrs.field(default=FrozenMapping(), converter=as_standings, kw_only=True)

    @property
    def carries(self) -> bool:
        """Whether answers go along it."""
        return self.relation in ("equal", "equivalent") or bool(self.weights)


def _links(value: Iterable[Link]) -> tuple[Link, ...]:
    return members_of("links", value, Link, "Links")


def _edition(_: object, field: "attrs.Attribute[Any]", given: object) -> None:
    check_instrument(given, field.name)


@attrs.frozen(slots=False, repr=False)
class Crosswalk(Value):
    """
    The links from the questions of one edition to those of another.

    Args:
        before, after: The editions; both are kept whole, so that answers to another one are noticed.
        links: How their questions are related. Each question after is in one of them at most, and
            the answers to each question before are carried along one of them at most.
        title: Text by language.
        sources: The publications that links cite, by code.

    Raises:
        CrosswalkError: Everything that is not sound, with its place.

    >>> import pelayanan
    >>> before, after = map(pelayanan.load, ("ombudsman-2024", "ombudsman-2025"))
    >>> same = Link("proses.standar_pelayanan", "equivalent", "kualitas.proses")
    >>> Crosswalk(before, after, [same])
    Crosswalk('ombudsman-2024' to 'ombudsman-2025', 1 links)
    """

    before: Instrument = attrs.field(validator=_edition)
    after: Instrument = attrs.field(validator=_edition)
    links: tuple[Link, ...] = attrs.field(default=(), converter=_links)
    title: Text = attrs.field(default=FrozenMapping(), converter=as_text)
    sources: FrozenMapping[Source] = attrs.field(default=FrozenMapping(), converter=as_sources)

    def __attrs_post_init__(self) -> None:
        problems = link_problems(self.before, self.after, self.sources, dict(enumerate(self.links)))
        if problems:
            raise CrosswalkError.of(f"{self.before.id} to {self.after.id}", problems)

    def __repr__(self) -> str:
        return f"Crosswalk({self.before.id!r} to {self.after.id!r}, {len(self.links)} links)"

    @cached_property
    def by_target(self) -> FrozenMapping[Link]:
        """The link of each question after that is in one."""
        return FrozenMapping({code: link for link in self.links for code in link.to})

    @cached_property
    def losses(self) -> Losses:
        """
        The loss report before any answer is carried: what is lost whatever the answers are.
        """
        lines = [self._line(each) for each in self.after.indicators]
        going = {code for link in self.links if link.carries for code in link.from_}
        lines += [self._dropped(each) for each in self.before.indicators if each.code not in going]
        return Losses(self.before.id, self.after.id, 0, lines)

    def _line(self, question: Indicator) -> Loss:
        link = self.by_target.get(question.code)
        if link is None:
            return Loss(question.code, "asked_again", reasons=self._unlinked(question), title=question.title)
        split = len(link.to) > 1
        carried = "split" if split else "kept" if link.relation == "equal" else "mapped"
        weights = link.weights
        if split and weights:
            weights = FrozenMapping({link.from_[0]: weights[question.code]})
        return Loss(
            question.code,
            carried if link.carries else "asked_again",
            link.from_,
            link.relation,
            weights,
            () if link.carries else (link.relation,),
            title=question.title,
            why=link.why,
        )

    def _unlinked(self, question: Indicator) -> str:
        """Return why a question is in no link, as far as its code tells."""
        found = self.before.criteria.get(question.code)
        if isinstance(found, Group):
            return "group"
        alike = found is None or self.before.family != self.after.family or same_names(found, question)
        return "no-link" if alike else "other-names"

    def _dropped(self, question: Indicator) -> Loss:
        near = [link for link in self.links if question.code in link.from_]
        to = dict.fromkeys(code for link in near for code in link.to)
        relations = tuple(dict.fromkeys(link.relation for link in near))
        return Loss(
            question.code,
            "dropped",
            tuple(to),
            relations[0] if len(relations) == 1 else "",
            reasons=() if near else ("no-link",),
            title=question.title,
        )


def link_problems(
    before: Instrument, after: Instrument, sources: Iterable[str], links: Mapping[int, Link]
) -> list[Problem]:
    """
    Return what is wrong with links between two editions.

    Args:
        sources: The codes of the sources that there are.
        links: By their number, from 0 on.

    >>> import pelayanan
    >>> skm = pelayanan.load("skm-2017")
    >>> print(link_problems(skm, skm, [], {3: Link("u1", "same", "u2")})[0])
    expected one of 'equal', 'equivalent', 'subset', 'superset', 'intersects', not 'same' @ links[3].relation
    """
    return list(_Checking(before, after, frozenset(sources)).problems(links))


@attrs.frozen
class _Checking:
    """What is wrong with links between two editions."""

    before: Instrument
    after: Instrument
    sources: frozenset[str]
    hints: Hints = attrs.field(factory=Hints)

    def problems(self, links: Mapping[int, Link]) -> Iterator[Problem]:
        claimed: dict[str, int] = {}
        carried: dict[str, int] = {}
        for index, link in links.items():
            place = f"links[{index}]"
            yield from standing_problems(link, _FIGURES, self.sources, place)
            known = [*self._codes(link, place)]
            yield from known
            yield from self._relation(link, place, sound=not known)
            yield from self._weights(link, f"{place}.weights")
            for code in dict.fromkeys(link.to):
                first = claimed.setdefault(code, index)
                if first != index:
                    message = f"{code!r} stands in the to of links[{first}] already; make one link of the two"
                    yield Problem("target-twice", message, f"{place}.to")
            for code in dict.fromkeys(link.from_ if link.carries else ()):
                first = carried.setdefault(code, index)
                if first != index:
                    message = f"the answers to {code!r} go along links[{first}] already; "
                    message += "say superset with weights in one link, or intersects"
                    yield Problem("source-twice", message, f"{place}.from")

    def _codes(self, link: Link, place: str) -> Iterator[Problem]:
        sides = {"from": (self.before, link.from_), "to": (self.after, link.to)}
        for side, (instrument, codes) in sides.items():
            here = f"{place}.{side}"
            if not codes:
                yield Problem("empty-link", f"a link has a question or more in {side}", here)
            for code, count in Counter(codes).items():
                if count > 1:
                    yield Problem("duplicate-code", f"{code[:60]!r} is there twice", here)
                found = instrument.criteria.get(code)
                if found is None:
                    names = [each.code for each in instrument.indicators]
                    message = f"{instrument.id} has no question {code[:60]!r}{self.hints(code, names)}"
                    yield Problem("unknown-criterion", message, here)
                elif isinstance(found, Group):
                    leaves = ", ".join(map(repr, instrument.tree.members[code][:5]))
                    message = f"{code!r} is a group of {instrument.id}; name its questions, such as {leaves}"
                    yield Problem("group-linked", message, here)

    def _relation(self, link: Link, place: str, *, sound: bool) -> Iterator[Problem]:
        here = f"{place}.relation"
        if link.relation not in RELATIONS:
            known = ", ".join(repr(each) for each in RELATIONS)
            message = f"expected one of {known}, not {link.relation!r:.60}"
            yield Problem("unknown-relation", message, here)
            return
        if link.relation not in ("equal", "equivalent") or not sound:
            return
        if len(link.from_) > 1 or len(link.to) > 1:
            message = (
                f"{link.relation} links one question with one, not {len(link.from_)} with {len(link.to)}"
            )
            message += "; say subset or superset, with weights"
            yield Problem("several-linked", message, here)
        elif link.relation == "equal":
            scales = [
                instrument.tree.indicator(code).scale
                for instrument, code in ((self.before, link.from_[0]), (self.after, link.to[0]))
            ]
            if not same_answers(*scales):
                message = f"{link.from_[0]!r} and {link.to[0]!r} have different scales; say equivalent"
                yield Problem("other-scale", message, here)

    def _weights(self, link: Link, place: str) -> Iterator[Problem]:
        if not link.weights or link.relation not in RELATIONS:
            return
        sides = {"subset": (link.from_, link.to), "superset": (link.to, link.from_)}
        several, one = sides.get(link.relation, ((), ()))
        if len(several) < 2 or len(one) != 1:
            message = "weights go with subset, from several questions to one, "
            message += "and with superset, from one to several"
            yield Problem("weights-unused", message, place)
            return
        for code in several:
            if code not in link.weights:
                yield Problem("lacking", f"the weight of {code[:60]!r} is lacking", place)
        for code, weight in link.weights.items():
            if code not in several:
                message = f"{code[:60]!r} is not one of its questions{self.hints(code, several)}"
                yield Problem("unknown-criterion", message, place)
            if weight <= 0:
                message = f"a weight is greater than 0, not {weight}"
                yield Problem("weight", message, f"{place}[{code[:60]!r}]")
        total = sum(link.weights.values(), Fraction(0))
        if total != 1:
            message = f"the weights add up to {written(total)}, and not to 1"
            yield Problem("weights-sum", message, place)


def crosswalk(
    before: Instrument,
    after: Instrument,
    links: Iterable[Link] = (),
    *,
    title: str | Mapping[str, str] = "",
    sources: Mapping[str, Source] | None = None,
) -> Crosswalk:
    """
    Return the crosswalk between two editions: the links that are given, and what codes say besides.

    Editions of one family keep the code of a question as long as it is the same question. So one
    that is not in ``links`` is linked with that of the same code, or with the one of which either
    has the code of the other as an alias: it is equal, or equivalent where the scale is another. The
    same code is not enough where each has an alias that the other lacks, as numbered questions do
    whose numbers moved, and an alias is not enough where another question could be meant as well.
    An alias that two questions of different codes share says nothing, and neither do codes of
    different families. The order of the questions says nothing either.

    Args:
        before, after: The editions.
        links: What is known of other questions; it comes before what codes say.
        title, sources: As in `Crosswalk`.

    Raises:
        CrosswalkError: As in `Crosswalk`.

    >>> import pelayanan
    >>> found = crosswalk(pelayanan.load("ombudsman-2022"), pelayanan.load("ombudsman-2023"))
    >>> found.losses
    Losses('ombudsman-2022' to 'ombudsman-2023', 30 kept, 1 mapped, 0 split, 7 to be asked again, 4 dropped)
    """
    check_instrument(before, "before")
    check_instrument(after, "after")
    given = _links(links)
    found = (*given, *(_by_code(before, after, given) if before.family == after.family else ()))
    return Crosswalk(before, after, found, title, {} if sources is None else sources)


def _by_code(before: Instrument, after: Instrument, given: tuple[Link, ...]) -> Iterator[Link]:
    """Return the links that codes and aliases make certain, without what is linked already."""
    claimed = {code for link in given for code in link.to}
    spent = {code for link in given if link.carries for code in link.from_}
    sources = {each.code: each for each in before.indicators if each.code not in spent}
    targets = {each.code: each for each in after.indicators if each.code not in claimed}
    alike = {code for code, each in targets.items() if code in sources and same_names(sources[code], each)}
    others = ([each for code, each in side.items() if code not in alike] for side in (sources, targets))
    found = {code: code for code in alike} | {new: old for old, new in unique(named(*others)).items()}
    for code in (code for code in targets if code in found):
        source, target = sources[found[code]], targets[code]
        same = same_answers(source.scale, target.scale)
        why = "both have this code" if source.code == code else "one is an alias of the other"
        standing = {"relation": Standing("inferred", why)}
        yield Link(source.code, "equal" if same else "equivalent", code, standing=standing)
