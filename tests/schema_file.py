"""
The JSON Schemas as files.

    python tests/schema_file.py

writes ``docs/instrument.schema.json`` and ``docs/overlay.schema.json`` anew; a test compares them.
"""

import json
from collections.abc import Iterator
from pathlib import Path

from pelayanan.schema import instrument_schema, overlay_schema

DOCS = Path(__file__).parents[1] / "docs"


def texts() -> Iterator[tuple[Path, str]]:
    """Return each file with what it says."""
    for name, schema in (("instrument", instrument_schema()), ("overlay", overlay_schema())):
        yield DOCS / f"{name}.schema.json", json.dumps(schema, indent=1, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    for path, text in texts():
        path.write_text(text, encoding="utf-8")
