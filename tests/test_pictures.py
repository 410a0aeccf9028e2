"""
What the pictures of the documentation are drawn from; how they look is for the eye.
"""

import runpy
import sys
from pathlib import Path

import numpy as np
import pytest

import pelayanan

EXAMPLES = Path(__file__).parents[1] / "docs" / "examples"


def _run(name):
    sys.path.insert(0, str(EXAMPLES))
    try:
        return runpy.run_path(str(EXAMPLES / name))
    finally:
        sys.path.remove(str(EXAMPLES))


@pytest.fixture(scope="module")
def pictures():
    return _run("peers_pictures.py")


@pytest.fixture(scope="module")
def history():
    return _run("history_pictures.py")


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


def test_the_totals_of_the_city_are_placed_in_the_zones_of_every_year(history):
    found = {year: [each.band.code for each in row] for year, row in history["placements"]().items()}

    assert {
        2018: ["merah", "merah", "D", "D"],
        2019: ["merah", "merah", "D", "D"],
        2022: ["kuning", "kuning", "B", "B"],
        2024: ["hijau", "hijau", "B", "B"],
    } == found
    assert [0, 0, 2, 2] == [history["own_column"](year) for year in found]


def test_the_zones_of_a_column_are_cut_as_those_of_all_its_years(history):
    edges = {
        year: pelayanan.load(f"ombudsman-{year}").zones.edges for year in (2018, 2021, 2022, 2023, 2024, 2025)
    }
    drawn = [each.zones.edges for each in history["columns"]().values()]

    assert [edges[2018], edges[2021], edges[2024], edges[2025]] == drawn
    assert edges[2022] == edges[2023] == edges[2024] == edges[2025]


@pytest.mark.filterwarnings("default")
def test_all_pictures_are_drawn(pictures, history, tmp_path):
    pytest.importorskip("matplotlib").use("agg")
    pictures["main"](tmp_path)
    history["main"](tmp_path)
    drawn = {each.name: each.read_text("utf-8") for each in tmp_path.iterdir()}

    assert {each.name for each in (EXAMPLES.parent / "pictures").iterdir()} == drawn.keys()
    assert all(text.startswith("<?xml") and "<svg" in text for text in drawn.values())
