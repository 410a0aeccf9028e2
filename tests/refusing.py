"""
What the library's errors say, for tests that hold their whole text.
"""

from collections.abc import Callable
from typing import Any

import pytest

from pelayanan.errors import InstrumentError, PelayananError


def error_text(kind: type[Exception] | tuple[type[Exception], ...], ask: Callable[..., Any], *given, **named):
    """The text of the error of that kind that a call raises."""
    with pytest.raises(kind) as caught:
        ask(*given, **named)
    return str(caught.value)


def instrument_problems(make: Callable[[], Any]) -> list[str]:
    """The problems of the instrument error that a call raises, each with its place."""
    with pytest.raises(InstrumentError) as caught:
        make()
    return [str(problem) for problem in caught.value.problems]


def escaping(call: Callable[[Any], Any], thing: Any) -> str | None:
    """What comes out of a call and is no error of the library, nothing where all is well."""
    try:
        call(thing)
    except PelayananError as error:
        return None if str(error) and error.code else repr(error)
    except Exception as error:
        return repr(error)
    return None
