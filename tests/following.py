"""
Does what a page says, in an empty folder: writes its files, and runs its commands one by one.

    python tests/following.py docs/how-to/ship-a-rubric.md

What a command prints must be what the page shows below it, where ``...`` stands for anything.
"""

import doctest
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from pages import Fence, fences

_CHECKER = doctest.OutputChecker()


def commands(text: str) -> Iterator[tuple[str, str]]:
    """Return the commands of a console block, each with what it prints."""
    for each in text.split("$ ")[1:]:
        command, _, printed = each.partition("\n")
        yield command, printed


def follow(found: list[Fence], folder: Path) -> Iterator[str]:
    """Return the commands that fail, or print otherwise than the page shows."""
    environment = {
        key: each for key, each in os.environ.items() if not key.startswith(("PYTHON", "VIRTUAL_ENV"))
    }
    for fence in found:
        if fence.path:
            (folder / fence.path).write_text(fence.text, encoding="utf-8")
        if fence.kind != "console":
            continue
        for command, expected in commands(fence.text):
            done = subprocess.run(
                ["bash", "-c", command],
                cwd=folder,
                env=environment,
                capture_output=True,
                text=True,
                check=False,
            )
            print(f"$ {command}\n{done.stdout}{done.stderr}", end="", flush=True)
            if done.returncode or not _CHECKER.check_output(expected, done.stdout, doctest.ELLIPSIS):
                printed = f"{done.stdout}\nand failed\n{done.stderr}" if done.returncode else done.stdout
                yield f"line {fence.line}: {command}\nexpected\n{expected}\nprinted\n{printed}"


def main(page: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        wrong = list(follow(fences(Path(page)), Path(folder)))
    if wrong:
        sys.exit("\n".join(wrong))


if __name__ == "__main__":
    main(sys.argv[1])
