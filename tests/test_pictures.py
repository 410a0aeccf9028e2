"""
What the pictures of the documentation are drawn from; how they look is for the eye.
"""

import runpy
import sys
from pathlib import Path

import numpy as np
import pytest

EXAMPLES = Path(__file__).parents[1] / "docs" / "examples"


@pytest.fixture(scope="module")
def pictures():
    sys.path.insert(0, str(EXAMPLES))
    try:
        yield runpy.run_path(str(EXAMPLES / "peers_pictures.py"))
    finally:
        sys.path.remove(str(EXAMPLES))


def test_the_zone_bar_has_all_governments_of_the_province(pictures):
    bar = pictures["zone_bar"]()

    assert ["A", "B", ""] == bar["zone"].tolist()
    assert ["hijau", "hijau", "nilai tidak dicetak"] == bar["label"].tolist()
    assert ["#1e8449", "#58d68d"] == bar["colour"][:2].tolist()
    assert [2, 10, 10] == bar["count"].tolist()


def test_the_governments_stand_below_each_other_by_their_total(pictures):
    rows = pictures["places"]()

    assert list(range(1, 13)) == rows["rank"].tolist()
    assert ["Kabupaten Timor Tengah Utara", "Kabupaten Manggarai Barat", "Kota Kupang"] == rows["unit"][
        :3
    ].tolist()
    assert [91.82, 89.62, 86.62] == rows["total"][:3].tolist()
    assert ["#1e8449"] * 2 + ["#58d68d"] * 10 == rows["colour"].tolist()


def test_the_line_of_the_city_breaks_where_the_instrument_changed(pictures):
    columns = pictures["city"]().columns()

    assert [2018, 2019, 2022, 2024] == columns["year"].tolist()
    assert [49.12, 40.02, 79.12, 86.62] == columns["total"].tolist()
    assert ["merah", "merah", "hijau", "hijau"] == columns["label"].tolist()
    assert ["#c0392b", "#c0392b", "#58d68d", "#58d68d"] == columns["colour"].tolist()
    assert [2] == np.flatnonzero(columns["is_break"]).tolist()


@pytest.mark.filterwarnings("default")
def test_both_pictures_are_drawn(pictures, tmp_path):
    pytest.importorskip("matplotlib").use("agg")
    pictures["main"](tmp_path)
    drawn = {each.name: each.read_text("utf-8") for each in tmp_path.iterdir()}

    assert {each.name for each in (EXAMPLES.parent / "pictures").iterdir()} == drawn.keys()
    assert all(text.startswith("<?xml") and "<svg" in text for text in drawn.values())
