"""
Bounds on an instrument file, checked on its text before it is parsed.
"""

import re
from collections.abc import Iterator

from pelayanan.errors import Problem

__all__ = ["LARGEST", "limit_problems", "unprintable"]

LARGEST = 2**20
_DEPTH = 20
_KEY = 200
_DOTS = 12
_DIGITS = 30
_EXPONENT = 20
_MOST = 20

_TOKEN = re.compile(
    r"""
      (?P<comment>\#[^\n]*)
    | (?P<text>\"\"\"(?:\\.|[^\\])*?\"{3,5} | '''.*?'{3,5}
             | (?!\"\"\")"(?:\\.|[^"\\\n])*" | (?!''')'[^'\n]*')
    | (?P<open>[\[{])
    | (?P<close>[\]}])
    | (?P<bare>[A-Za-z0-9_+:-]+)
    | (?P<dot>\.)
    | (?P<line>\n)
    | (?P<separator>[=,])
    | (?P<space>[ \t\r]+)
    | (?P<quote>["'])
    | (?P<other>.)
    """,
    re.VERBOSE | re.DOTALL,
)
_NUMBER = re.compile(r"[+-]?[0-9][0-9_]*(?:\.[0-9_]+)?(?:[eE]([+-]?[0-9_]+))?")
_OTHER_BASE = re.compile(r"[+-]?0[xob][0-9A-Fa-f_]+")


def limit_problems(text: str) -> list[Problem]:
    """
    Return what makes a text too large, too deep or too long to be parsed safely.

    It looks at strings, comments and brackets as TOML does, and at nothing else: keys of
    200 characters and 12 dots, 20 brackets inside each other, numbers of 30 digits with an
    exponent of 20.

    >>> print(limit_problems("weight = 1e999")[0])
    1e999 has an exponent of more than 20 @ line 1
    """
    if len(text) > LARGEST:
        return [Problem("too-large", f"a file has at most {LARGEST} bytes, not {len(text)}", "")]
    found = []
    for problem in _problems(text):
        found.append(problem)
        if len(found) == _MOST:
            break
    return found


def _problems(text: str) -> Iterator[Problem]:
    depth, dots, length, run = 0, 0, 0, ""
    start, header = True, False
    for match in _TOKEN.finditer(text):
        kind, token, place = match.lastgroup, match.group(), match.start()
        if kind in ("space", "comment"):
            continue
        if kind == "quote":
            yield Problem("not-toml", "a string is not closed", _line(text, place))
            return
        ends_key = token == "=" or (header and kind == "close")
        if length > _KEY and (ends_key or kind == "dot"):
            yield Problem("key-length", f"a key has at most {_KEY} characters", _line(text, place))
        length = len(token) - 2 if kind == "text" else len(token) if kind == "bare" else 0
        if kind in ("bare", "dot"):
            run += token if len(run) <= 3 * _DIGITS else ""
        else:
            if not ends_key:
                yield from _number_problems(run, text, place)
            run = ""
        if kind == "dot":
            dots += 1
            if dots == _DOTS + 1:
                yield Problem("key-dots", f"a key has at most {_DOTS} dots", _line(text, place))
        elif kind == "open":
            header = header or (start and token == "[")
            depth += 1
            if depth == _DEPTH + 1:
                message = f"brackets lie in each other at most {_DEPTH} times"
                yield Problem("too-deep", message, _line(text, place))
        elif kind == "close":
            depth -= 1
        if kind in ("separator", "open", "close", "line"):
            dots = 0
        if kind == "line":
            start, header = depth <= 0, False
        elif kind != "open":
            start = False
    yield from _number_problems(run, text, len(text))


def _number_problems(run: str, text: str, place: int) -> Iterator[Problem]:
    shown = run if len(run) <= 40 else f"{run[:37]}..."
    if _OTHER_BASE.fullmatch(run):
        yield Problem("not-a-number", f"write {shown} as a decimal", _line(text, place))
    match = _NUMBER.match(run)
    if match is None or (match.end() < len(run) and run[match.end()] != "."):
        return
    digits = sum(each.isdigit() for each in run.lower().partition("e")[0])
    if digits > _DIGITS:
        yield Problem("too-many-digits", f"{shown} has more than {_DIGITS} digits", _line(text, place))
    exponent = (match[1] or "").replace("_", "").lstrip("+-0")
    if len(exponent) > 2 or int(exponent or 0) > _EXPONENT:
        yield Problem(
            "too-many-digits", f"{shown} has an exponent of more than {_EXPONENT}", _line(text, place)
        )


def _line(text: str, place: int) -> str:
    return f"line {text.count(chr(10), 0, place) + 1}"


def unprintable(words: str) -> str | None:
    """
    Return the first character that cannot be printed, but for line ends and tabs.

    >>> unprintable("Dinas\\x1b[2J"), unprintable("Dinas\\n")
    ('\\x1b', None)
    """
    return next((each for each in words if not each.isprintable() and each not in "\n\t"), None)
