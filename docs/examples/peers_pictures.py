"""
Two pictures of printed totals: the zones of Nusa Tenggara Timur in 2024, and Kota Kupang since 2018.

    python docs/examples/peers_pictures.py [folder]

It needs matplotlib, which the library does not. The pictures of the documentation are its output.
"""

import sys
from pathlib import Path
from typing import Any

import numpy as np
from kota_kupang import GREENS_2024, scored

import pelayanan
from pelayanan import Distribution, Scores, Trend

# The regencies and the city of the province. ANTARA Kupang of 17 November 2024 prints the totals
# of the twelve green ones alone.
GOVERNMENTS = 22
CITY = "Kota Kupang"

# Bisnis.com, 14 December 2018; Tajuk Flores, December 2019; ANTARA Kupang 103971 and 142569. In
# 2020 there was no assessment; of 2021 the zone was printed and no total (Kupangberita, 30 December).
CITY_TOTALS = {2018: "49.12", 2019: "40.02", 2022: "79.12", 2024: "86.62"}
EDITIONS = {2018: "ombudsman-2018", 2019: "ombudsman-2018", 2022: "ombudsman-2022", 2024: "ombudsman-2024"}
SAME = ("ombudsman-2022", "ombudsman-2024")

GREY, INK = "#d5d8dc", "#1b2631"
DARK = ("#1e8449", "#c0392b")


def zone_bar() -> dict[str, Any]:
    """Return the zones of the province and how many governments are in each, and in none that was printed."""
    scores = scored("ombudsman-2024", GREENS_2024)
    bars = Distribution.of(scores.total).zone_columns(scores.instrument.zones)
    there = bars["count"] > 0
    found = {name: values[there][::-1] for name, values in bars.items() if name != "share"}
    unknown = {"zone": "", "label": "nilai tidak dicetak", "colour": GREY, "count": GOVERNMENTS - len(scores)}
    return {name: np.append(values, [unknown[name]]) for name, values in found.items()}


def places() -> dict[str, Any]:
    """Return the governments of which a total was printed, the highest first."""
    columns = pelayanan.compare(scored("ombudsman-2024", GREENS_2024)).columns()
    order = np.argsort(columns["rank"], kind="stable")
    return {name: values[order] for name, values in columns.items()}


def city() -> Trend:
    """Return the totals of the city over the years; between 2022 and 2024 only questions changed."""
    years = {
        year: Scores.of_totals(pelayanan.load(EDITIONS[year]), [total], units=[CITY])
        for year, total in CITY_TOTALS.items()
    }
    return pelayanan.trend(years, same=[SAME])


def worded(total: float) -> str:
    """Return a total as it is written in Indonesian."""
    return f"{total:.2f}".replace(".", ",")


def draw_zones(path: Path) -> None:
    """Draw how many governments are in each zone, and below them those that printed a total."""
    import matplotlib.pyplot as plt

    figure, (top, below) = plt.subplots(2, 1, figsize=(8, 5.6), height_ratios=[1, 5.2], layout="constrained")
    bars, left = zone_bar(), 0
    for zone, label, colour, count in zip(*bars.values(), strict=True):
        top.barh(0, count, left=left, color=colour, edgecolor="white", linewidth=2)
        words = f"{zone} {label}\n{count}".strip()
        ink = "white" if colour in DARK else INK
        top.text(left + count / 2, 0, words, ha="center", va="center", color=ink, fontsize=9)
        left += count
    top.set_xlim(0, left)
    top.axis("off")
    top.set_title(f"Nusa Tenggara Timur 2024: zona {left} kabupaten dan kota", loc="left", color=INK)
    rows = places()
    for row, (name, total, colour) in enumerate(
        zip(rows["unit"], rows["total"], rows["colour"], strict=True)
    ):
        below.plot([70, total], [row, row], color=colour, linewidth=2)
        below.plot(total, row, "o", color=colour, markersize=8)
        below.text(total + 0.5, row, worded(total), va="center", fontsize=9, color=INK)
        weight = "bold" if name == CITY else "normal"
        below.text(69.6, row, name, ha="right", va="center", fontsize=9, color=INK, weight=weight)
    zones = pelayanan.load("ombudsman-2024").zones
    for band in zones.bands[-2:]:
        floor = float(band.floor or 0)
        below.axvline(floor, color=GREY, zorder=0)
        below.text(floor, -1, f"{band.code} mulai {worded(floor)}", fontsize=8, ha="center", color=INK)
    below.set_xlim(70, 96)
    below.set_ylim(len(rows["unit"]) - 0.5, -1.4)
    below.set_yticks([])
    below.spines[["top", "right", "left"]].set_visible(False)
    below.set_xlabel("nilai", color=INK)
    _save(figure, path)


def draw_city(path: Path) -> None:
    """Draw the city's totals in the zones of their years, with a gap where the instrument changed."""
    import matplotlib.pyplot as plt

    figure, axes = plt.subplots(figsize=(8, 4.2), layout="constrained")
    found = city()
    columns = found.columns()
    spans = {2018: (2017.5, 2019.5), 2022: (2021.5, 2024.5)}
    for year, (start, end) in spans.items():
        zones = found.scores[found.years.index(year)].instrument.zones
        for band in zones.bands:
            floor, top = float(band.floor or 0), float(band.ceiling or 100)
            axes.fill_between([start, end], floor, top, color=band.colour, alpha=0.25, linewidth=0)
            axes.plot([start, end], [floor, floor], color="white", linewidth=1)
            name = band.label["id"] if band.code == band.label["id"] else f"{band.code} {band.label['id']}"
            place = start + 0.06 if year == 2018 else end + 0.06
            axes.text(place, (floor + top) / 2, name, fontsize=8, va="center", color=INK)
    start = 0
    for stop in [*np.flatnonzero(columns["is_break"]), len(columns["year"])]:
        axes.plot(
            columns["year"][start:stop], columns["total"][start:stop], color=INK, linewidth=1.5, zorder=2
        )
        start = stop
    axes.scatter(columns["year"], columns["total"], c=columns["colour"], edgecolors=INK, s=90, zorder=3)
    for year, total in zip(columns["year"], columns["total"], strict=True):
        axes.annotate(
            worded(total), (year, total), (0, 9), textcoords="offset points", ha="center", color=INK
        )
    for year, words in ((2020, "tidak ada penilaian"), (2021, "kuning, nilai tidak dicetak")):
        axes.text(year, 3, words, rotation=90, fontsize=8, ha="center", va="bottom", color=INK)
    axes.text(2020.5, 97, "instrumen\nberganti", fontsize=9, ha="center", va="top", color=INK, style="italic")
    axes.set_xlim(2017.5, 2024.5)
    axes.set_ylim(0, 100)
    axes.set_xticks(range(2018, 2025))
    axes.spines[["top", "right"]].set_visible(False)
    axes.set_ylabel("nilai", color=INK)
    axes.set_title(f"{CITY}, nilai kepatuhan 2018 sampai 2024", loc="left", color=INK)
    _save(figure, path)


def _save(figure: Any, path: Path) -> None:
    """Write a picture that is the same whenever it is drawn."""
    import matplotlib

    with matplotlib.rc_context({"svg.hashsalt": path.name}):
        figure.savefig(path, metadata=dict.fromkeys(["Creator", "Date", "Format", "Type"]))


def main(folder: Path) -> None:
    """Draw both."""
    draw_zones(folder / "zones-ntt-2024.svg")
    draw_city(folder / "kota-kupang-2018-2024.svg")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parents[1] / "pictures")
