"""
Fenced blocks of a page of the documentation.
"""

import re
from pathlib import Path

import attrs

_FENCE = re.compile(
    r"^(?:<!-- (?P<note>[^\n]+) -->\n)?```(?P<kind>\w+)\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL
)


@attrs.frozen
class Fence:
    """A fenced block of a page: its language, the comment above it, and where it stands."""

    kind: str
    note: str
    text: str
    line: int

    @property
    def path(self) -> str:
        """The file that the block is, empty where it is none."""
        return self.note if re.fullmatch(r"[\w./-]+\.(toml|py)", self.note) else ""


def fences(page: Path) -> list[Fence]:
    text = page.read_text(encoding="utf-8")
    return [
        Fence(found["kind"], found["note"] or "", found["text"], text.count("\n", 0, found.start("text")))
        for found in _FENCE.finditer(text)
    ]
