"""
What the library's errors say, for tests that hold their whole text.
"""

from collections.abc import Callable
from typing import Any

import pytest

from pelayanan.errors import InstrumentError


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
