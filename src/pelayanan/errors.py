"""
Everything that the library raises on purpose.
"""

import difflib
from collections.abc import Callable, Iterable, Mapping, Set
from types import UnionType
from typing import Any, Self, TypeVar, cast

import attrs

__all__ = [
    "AnswerError",
    "CheckError",
    "CrosswalkError",
    "ExtraError",
    "FileError",
    "Hints",
    "InstrumentError",
    "JsonError",
    "KindError",
    "NumberError",
    "PackageError",
    "PeersError",
    "PelayananError",
    "PlanError",
    "Problem",
    "ScoresError",
    "UnknownError",
]

Member = TypeVar("Member")
Validator = Callable[[object, "attrs.Attribute[Any]", object], None]


class PelayananError(Exception):
    """
    Base of all errors of the library.

    Args:
        code: A stable name of the kind of error, such as ``"unknown-criterion"``.
        message: The English text: where, what, what was found, what to do.
        values: What the text is made of, so that a bot can word it in another language.
    """

    def __init__(self, code: str, message: str, **values: object) -> None:
        super().__init__(message)
        self.code = code
        self.values = values

    def __reduce__(self) -> tuple[object, ...]:
        return _rebuilt, (type(self), self.code, str(self), self.values)


def _rebuilt(
    kind: type[PelayananError], code: str, message: str, values: dict[str, object]
) -> PelayananError:
    return kind(code, message, **values)


class NumberError(PelayananError, ValueError):
    """A number that is not one, not finite, or has too many digits."""


class UnknownError(PelayananError, LookupError):
    """A criterion, unit, edition or source that does not exist."""


class KindError(PelayananError, TypeError):
    """Something of another kind than is taken, such as a text where an instrument is."""

    @classmethod
    def of(cls, name: str, expected: str, given: object, hint: str = "") -> Self:
        """
        Return the error of an argument or a field called ``name``, or of what is so described.
        """
        found = kind_of_given(given)
        takes = f"{name}= takes" if name.isidentifier() else f"{name} is"
        message = f"{takes} {expected}, not {found}{hint}"
        return cls("kind", message, name=name, expected=expected, found=found)


class ScoresError(PelayananError, ValueError):
    """Scores that do not hold what is asked of them, or do not fit together."""


class PeersError(PelayananError, ValueError):
    """Totals or units that cannot be compared, or of which there are too few."""


class FileError(PelayananError, OSError):
    """A file that cannot be read or written."""


class ExtraError(PelayananError, ImportError):
    """Something that an extra of the library brings, and that is not installed."""


class PlanError(PelayananError, ValueError):
    """A plan that is asked for in a way that has no answer."""


@attrs.frozen
class Problem:
    """
    One mistake: what is wrong, and where.

    >>> print(Problem("weight", "weight must be greater than 0, not 0", "criteria['a'].weight"))
    weight must be greater than 0, not 0 @ criteria['a'].weight
    """

    code: str
    message: str
    place: str

    def __str__(self) -> str:
        return f"{self.message} @ {self.place}" if self.place else self.message


class _ManyProblemsError(PelayananError, ValueError):
    @property
    def problems(self) -> tuple[Problem, ...]:
        """All mistakes, each with its place."""
        return cast(tuple[Problem, ...], self.values["problems"])

    @classmethod
    def of(cls, subject: str, problems: Iterable[Problem], *, shown: int = 100, count: int = 0) -> Self:
        """
        Return the error that lists the first ``shown`` problems of ``subject``.

        Args:
            count: How many there are, where ``problems`` are only the first.
        """
        found = tuple(problems)
        count = max(count, len(found))
        if count == 1:
            return cls(found[0].code, f"{subject}: {found[0]}", subject=subject, problems=found)
        code = found[0].code if len({each.code for each in found}) == 1 else "several-problems"
        lines = [f"{subject} has {count} problems"]
        lines += [f"  {problem}" for problem in found[:shown]]
        if count > len(found[:shown]):
            lines.append(f"  and {count - len(found[:shown])} more")
        return cls(code, "\n".join(lines), subject=subject, problems=found)


class InstrumentError(_ManyProblemsError):
    """An instrument, or a file of one, that is not sound; `problems` lists every mistake."""


class JsonError(_ManyProblemsError):
    """JSON that is not the value asked for, or a value without a JSON form; `problems` lists why."""


class CheckError(_ManyProblemsError, AssertionError):
    """An instrument that a check of `pelayanan.testing` finds fault with; `problems` lists all of it."""


class PackageError(_ManyProblemsError):
    """An installed package of instrument files that cannot be used, or packages that clash."""


class CrosswalkError(_ManyProblemsError):
    """A crosswalk, or a file of one, that is not sound; `problems` lists every mistake."""


class AnswerError(_ManyProblemsError):
    """Answers that cannot be scored; `problems` lists them."""


def nearest(name: object, known: Iterable[object]) -> str:
    """
    Return what to do about an unknown name: the nearest known one, or all of a few.

    >>> nearest("d1.fee", ["d1.fees", "d1.door"])
    "; did you mean 'd1.fees'?"
    >>> nearest("x", ["hijau", "kuning"])
    "; known are 'hijau', 'kuning'"
    >>> nearest("x", [])
    ''
    """
    names = [str(each) for each in known]
    close = difflib.get_close_matches(str(name)[:200], names[:10_000], n=1)
    if close:
        return f"; did you mean {close[0]!r}?"
    if not names:
        return ""
    listed = ", ".join(repr(each) for each in names[:10])
    return f"; known are {listed}" + (f" and {len(names) - 10} more" if len(names) > 10 else "")


def kind_of_given(given: object) -> str:
    """
    Return what was given: a short text, number or nothing as it is, else its kind.

    >>> kind_of_given("skm-2017"), kind_of_given(2.5), kind_of_given(None), kind_of_given([1, 2])
    ("'skm-2017'", '2.5', 'None', 'a list')
    """
    if given is None or isinstance(given, bool | float | str):
        text = repr(given)
        return text if len(text) <= 60 else f"{text[:57]}..."
    if isinstance(given, int) and abs(given) < 10**30:
        return str(given)
    name = type(given).__name__.removeprefix("nd")
    return f"{'an' if name[0] in 'aeioAEIO' else 'a'} {name}"


def check_kind(name: str, given: object, kind: type[Any] | UnionType, expected: str, hint: str = "") -> None:
    """
    Refuse an argument or a field of another kind.

    Raises:
        KindError: It is of another.
    """
    if not isinstance(given, kind):
        raise KindError.of(name, expected, given, hint)


def is_a(kind: type[Any] | UnionType, expected: str) -> Validator:
    """
    Return what refuses a field of a value that is of another kind.

    >>> is_a(str, "a text")(None, attrs.fields(Problem).place, "criteria")
    """

    def check(_: object, field: "attrs.Attribute[Any]", given: object) -> None:
        check_kind(field.name, given, kind, expected)

    return check


def members_of(name: str, given: object, kind: type[Member] | UnionType, expected: str) -> tuple[Member, ...]:
    """
    Return several values of one kind as a tuple.

    Raises:
        KindError: They are not several, or one is of another kind.
    """
    listed = in_order(name, given, expected)
    for each in listed:
        check_kind(name, each, kind, expected)
    return tuple(listed)


def several(name: str, given: Any, expected: str) -> list[Any]:
    """
    Return several things, in whatever order, as a list.

    Raises:
        KindError: A text, a table, or one thing.

    >>> several("ignore", {"city": None}, "names of columns")
    ['city']
    """
    if not _are_several(given):
        raise KindError.of(name, expected, given)
    return list(given)


def _are_several(given: Any) -> bool:
    single = isinstance(given, str | bytes) or getattr(given, "__iter__", None) is None
    return not single and len(getattr(given, "shape", (1,))) == 1


def check_order(name: str, given: Any, expected: str) -> None:
    """
    Refuse what holds no things one after another: a text, a set, a mapping, a table, one thing.

    Raises:
        KindError: It does not.
    """
    if not _are_several(given) or isinstance(given, Set | Mapping):
        raise KindError.of(name, expected, given)


def in_order(name: str, given: Any, expected: str) -> list[Any]:
    """
    Return things that come one after another as a list.

    Raises:
        KindError: As for `check_order`.

    >>> in_order("units", (f"office {number}" for number in (1, 2)), "labels, one a unit")
    ['office 1', 'office 2']
    """
    check_order(name, given, expected)
    return list(given)


def is_hashable(given: object) -> bool:
    """
    Return whether something can be looked up.

    >>> is_hashable(("a", 1)), is_hashable(("a", [1]))
    (True, False)
    """
    try:
        hash(given)
    except (TypeError, ValueError):
        return False
    return True


a_text = is_a(str, "a text")
a_flag = is_a(bool, "True or False")


def a_count(_: object, field: "attrs.Attribute[Any]", given: object) -> None:
    """
    Refuse a field of a value that is no whole number, nor left out.

    Raises:
        KindError: It is none.
    """
    if isinstance(given, bool) or not isinstance(given, int | None):
        raise KindError.of(field.name, "a whole number", given)


@attrs.define
class Hints:
    """
    Nearest names for the first unknown ones; looking for them is slow, and nobody reads more.
    """

    left: int = 20

    def __call__(self, name: str, known: Iterable[str]) -> str:
        self.left -= 1
        return nearest(name, known) if self.left >= 0 else ""
