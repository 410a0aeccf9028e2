"""
Packages of instrument files in a folder, as an installer leaves them.
"""

import sys
from collections.abc import Iterable, Mapping
from pathlib import Path

KIOSK = """\
format = 1
id = "{id}"
family = "{family}"
title = {{ id = "Kios", en = "Kiosk" }}
in_force = {{ from = {day} }}
maximum = 10
missing = "refuse"
rounding = "none"

[[criteria]]
code = "a"
scale = {{ range = {{ low = 0, high = 4 }} }}
"""


def kiosk(id: str, family: str = "kios", day: str = "2024-01-01") -> str:
    return KIOSK.format(id=id, family=family, day=day)


def install(
    site: Path, name: str, files: Mapping[str, str], ids: Iterable[str], *, module: str = "", code: str = ""
) -> Path:
    """Write a package with files and entry points, and return the folder of its module."""
    module = module or name.replace("-", "_")
    folder = site / module.partition(":")[0]
    folder.mkdir()
    (folder / "__init__.py").write_text(code, encoding="utf-8")
    for path, text in files.items():
        (folder / path).write_text(text, encoding="utf-8")
    about = site / f"{name.replace('-', '_')}-1.0.dist-info"
    about.mkdir()
    (about / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n")
    rows = "".join(f"{each} = {module}\n" for each in ids)
    (about / "entry_points.txt").write_text(f"[pelayanan.instruments]\n{rows}")
    return folder


def forget(modules: Iterable[str]) -> None:
    for name in modules:
        sys.modules.pop(name, None)
