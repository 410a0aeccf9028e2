"""
A picture of printed totals in the zones of every year: Kota Kupang by the cut-offs of 2018 to 2025.

    python docs/examples/history_pictures.py [folder]

It needs matplotlib, which the library does not. The picture of the documentation is its output.
"""

import sys
from pathlib import Path

from peers_pictures import CITY, CITY_TOTALS, EDITIONS, GREY, INK, worded

import pelayanan
from pelayanan import Instrument
from pelayanan.history import Placement, placed

# Editions whose zones are cut alike stand together; of 2025 no interval was printed.
CUT_ALIKE = {
    "2018, 2019": "ombudsman-2018",
    "2021": "ombudsman-2021",
    "2022 sampai 2024": "ombudsman-2024",
    "2025 (disimpulkan)": "ombudsman-2025",
}


def columns() -> dict[str, Instrument]:
    """Return an edition of each column."""
    return {years: pelayanan.load(edition) for years, edition in CUT_ALIKE.items()}


def placements() -> dict[int, list[Placement]]:
    """Return each printed total in the zones of every column, by the year it was printed for."""
    return {
        year: [placed(total, pelayanan.load(EDITIONS[year]), under) for under in columns().values()]
        for year, total in CITY_TOTALS.items()
    }


def own_column(year: int) -> int:
    """Return the column of the zones by which a total was judged when it was printed."""
    return 0 if year < 2020 else 2


def draw(path: Path) -> None:
    """Draw the zones of the columns beside each other, and a line across them for each total."""
    import matplotlib
    import matplotlib.pyplot as plt

    figure, axes = plt.subplots(figsize=(8, 5), layout="constrained")
    for place, instrument in enumerate(columns().values()):
        for band in instrument.zones.bands:
            floor, top = float(band.floor or 0), float(band.ceiling or 100)
            axes.bar(place, top - floor, 0.86, floor, color=band.colour, alpha=0.3, edgecolor="white")
            label = band.label.get("id", "")
            name = label if label == band.code else f"{band.code} {label}".strip()
            axes.text(place - 0.4, (floor + top) / 2, name, fontsize=8, va="center", color=INK)
    for year, found in placements().items():
        total = float(found[0].total)
        axes.plot([-0.43, len(found) - 0.57], [total, total], color=INK, linewidth=1, linestyle=":")
        axes.plot(own_column(year) + 0.28, total, "o", color=INK, markersize=7)
        axes.text(len(found) - 0.53, total, f"{worded(total)}\n({year})", fontsize=8, va="center", color=INK)
    axes.set_xlim(-0.5, len(CUT_ALIKE) - 0.15)
    axes.set_ylim(0, 100)
    axes.set_xticks(range(len(CUT_ALIKE)), list(CUT_ALIKE))
    axes.tick_params(length=0)
    axes.spines[["top", "right", "bottom"]].set_visible(False)
    axes.spines["left"].set_color(GREY)
    axes.set_ylabel("nilai", color=INK)
    axes.set_title(f"Nilai {CITY} menurut batas zona setiap tahun", loc="left", color=INK)
    with matplotlib.rc_context({"svg.hashsalt": path.name}):
        figure.savefig(path, metadata=dict.fromkeys(["Creator", "Date", "Format", "Type"]))


def main(folder: Path) -> None:
    """Draw it."""
    draw(folder / "kota-kupang-zones-of-every-year.svg")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parents[1] / "pictures")
