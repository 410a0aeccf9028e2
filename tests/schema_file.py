"""
The JSON Schema of the instrument file as a file.

    python tests/schema_file.py

writes ``docs/instrument.schema.json`` anew; a test compares the two.
"""

import json
from pathlib import Path

from pelayanan.schema import instrument_schema

FILE = Path(__file__).parents[1] / "docs" / "instrument.schema.json"


def text() -> str:
    return json.dumps(instrument_schema(), indent=1, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    FILE.write_text(text(), encoding="utf-8")
