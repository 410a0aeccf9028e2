import contextlib
import doctest
import importlib
import importlib.util
import io
import itertools
import pkgutil
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from following import follow
from pages import Fence, fences

import pelayanan

HERE = Path(__file__).parents[1]
README = HERE / "README.md"
DOCS = HERE / "docs"
REFERENCE = DOCS / "reference"
PAGES = sorted([README, *DOCS.rglob("*.md")])
MODULES = sorted(each.name for each in pkgutil.iter_modules(pelayanan.__path__))

_LINK = re.compile(r"\]\((?!https?://)([^)#]+)")


def failures(test: doctest.DocTest) -> str:
    """Return what differs from the expected output, nothing where all is as expected."""
    said = io.StringIO()
    runner = doctest.DocTestRunner(optionflags=doctest.ELLIPSIS, verbose=False)
    runner.run(test, out=said.write, clear_globs=False)
    return said.getvalue()


def run_page(page: Path, folder: Path) -> Iterator[str]:
    """
    Return what is wrong with the examples of a page; they share their names, and a folder.

    One that needs a library which is not there, as the comment above it says, is passed over.
    """
    names: dict[str, Any] = {"__name__": "page"}
    found = fences(page)
    for fence, following in itertools.zip_longest(found, found[1:]):
        needed = fence.note.removeprefix("needs ")
        if needed != fence.note and importlib.util.find_spec(needed) is None:
            continue
        if fence.kind == "toml" or fence.path:
            path = folder / (fence.note or "fragment.toml")
            path.parent.mkdir(parents=True, exist_ok=True)
            with path.open("a", encoding="utf-8") as stream:
                stream.write(fence.text)
            if fence.kind == "toml":
                tomllib.loads(fence.text)
        elif fence.kind == "python" and ">>>" in fence.text:
            parser = doctest.DocTestParser()
            test = parser.get_doctest(fence.text, {}, page.name, str(page), fence.line)
            test.globs = names
            yield failures(test)
        elif fence.kind == "python":
            printed = io.StringIO()
            with contextlib.redirect_stdout(printed):
                exec(compile(fence.text, f"{page}:{fence.line}", "exec"), names)
            expected = following.text if following and following.kind == "text" else ""
            if printed.getvalue() != expected:
                yield f"{page.name}, line {fence.line}: expected\n{expected}\nprinted\n{printed.getvalue()}"


def command(note: str) -> str:
    """Return the command of the README below a comment."""
    (found,) = [fence.text for fence in fences(README) if fence.note == note and fence.kind == "sh"]
    return found


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(HERE).as_posix())
def test_the_examples_of_a_page_give_what_it_says(
    page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    found = "".join(run_page(page, tmp_path))

    assert not found, found


@pytest.mark.parametrize("module", ["__init__", *MODULES])
def test_the_examples_of_a_module_give_what_it_says(module: str) -> None:
    found = importlib.import_module(f"pelayanan.{module}".removesuffix(".__init__"))
    wrong = "".join(map(failures, doctest.DocTestFinder().find(found)))

    assert not wrong, wrong


def test_a_wrong_example_is_caught(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text(
        "```python\n>>> 1 + 1\n3\n```\n\n```python\nprint(1)\n```\n\n```text\n2\n```\n", encoding="utf-8"
    )

    wrong, other = run_page(page, tmp_path)

    assert "Expected:\n    3\nGot:\n    2\n" in wrong
    assert "expected\n2\n\nprinted\n1\n" in other


def test_an_example_that_needs_a_library_runs_where_that_is(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    block = "```python\n>>> 1 + 1\n3\n```\n"
    page.write_text(
        f"<!-- needs attrs -->\n{block}\n<!-- needs no_such_library -->\n{block}", encoding="utf-8"
    )

    (wrong,) = run_page(page, tmp_path)

    assert "Expected:\n    3\nGot:\n    2\n" in wrong


def test_a_page_is_followed_command_by_command(tmp_path: Path) -> None:
    block = "$ cat a.py\n1...\n$ cat a.py; exit 3\n1\n$ echo other\nsame\n"
    found = [
        Fence("python", "a.py", "1\n2\n", 1),
        Fence("text", "", "$ exit 9\n", 4),
        Fence("console", "", block, 7),
    ]

    assert [
        "line 7: cat a.py; exit 3\nexpected\n1\n\nprinted\n1\n2\n\nand failed\n",
        "line 7: echo other\nexpected\nsame\n\nprinted\nother\n",
    ] == list(follow(found, tmp_path))


def test_the_page_of_shipping_makes_the_package_that_is_there() -> None:
    folder = DOCS / "examples" / "pelayanan-ntt"
    made = {fence.path: fence.text for fence in fences(DOCS / "how-to" / "ship-a-rubric.md") if fence.path}
    there = {
        path.relative_to(folder).as_posix(): path.read_text("utf-8")
        for path in folder.rglob("*")
        if path.suffix in (".py", ".toml")
    }

    assert there == {path: text for path, text in made.items() if path != "loket.py"}


def test_the_main_job_prints_what_the_readme_shows() -> None:
    (expected,) = [fence.text for fence in fences(README) if fence.note == "output of the main job"]
    script = DOCS / "examples" / "kota_kupang.py"
    done = subprocess.run([sys.executable, str(script)], capture_output=True, text=True, check=False)

    assert ("", expected) == (done.stderr, done.stdout)


def test_the_readme_has_one_command_for_the_main_job() -> None:
    expected = (
        "python3 -m venv .venv && .venv/bin/pip install . && .venv/bin/python docs/examples/kota_kupang.py\n"
    )

    assert expected == command("main job")


def test_the_readme_has_one_command_for_the_tests() -> None:
    expected = 'python3 -m venv .venv && .venv/bin/pip install ".[test]" && .venv/bin/python -m pytest\n'

    assert expected == command("tests")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(HERE).as_posix())
def test_the_links_of_a_page_lead_somewhere(page: Path) -> None:
    links = _LINK.findall(page.read_text(encoding="utf-8"))
    dead = [link for link in links if not (page.parent / link).exists()]

    assert not dead


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(HERE).as_posix())
def test_a_page_can_be_reached_from_the_start(page: Path) -> None:
    reached, waiting = {README}, [README]
    while waiting:
        here = waiting.pop()
        for link in _LINK.findall(here.read_text(encoding="utf-8")):
            there = (here.parent / link).resolve()
            if there.suffix == ".md" and there not in reached:
                reached.add(there)
                waiting.append(there)

    assert page in reached


@pytest.mark.parametrize("module", MODULES)
def test_a_module_stands_on_a_reference_page(module: str) -> None:
    pages = [page for page in REFERENCE.glob("*.md") if f"`pelayanan.{module}`" in page.read_text("utf-8")]

    assert pages


@pytest.mark.parametrize("module", [each for each in MODULES if (REFERENCE / f"{each}.md").exists()])
def test_the_names_of_a_module_stand_on_its_page(module: str) -> None:
    text = (REFERENCE / f"{module}.md").read_text("utf-8")
    names = importlib.import_module(f"pelayanan.{module}").__all__
    absent = [name for name in names if not re.search(rf"`{name}\b", text)]

    assert not absent


def test_the_page_of_the_layers_says_what_is_checked() -> None:
    settings = tomllib.loads((HERE / "pyproject.toml").read_text("utf-8"))
    (contract,) = settings["tool"]["importlinter"]["contracts"]
    expected = [re.findall(r"pelayanan\.(\w+)", layer) for layer in contract["layers"]]
    page = (DOCS / "explanation" / "where-things-belong.md").read_text("utf-8")
    rows = re.findall(r"^\| \d+ \| ([^|]+) \|", page, re.MULTILINE)

    assert expected == [re.findall(r"`(\w+)`", row) for row in rows]


@pytest.mark.parametrize("name", pelayanan.__all__)
def test_a_name_of_the_face_stands_on_a_reference_page(name: str) -> None:
    pages = [
        page for page in REFERENCE.glob("*.md") if re.search(rf"`pelayanan\.{name}`", page.read_text("utf-8"))
    ]

    assert pages
