"""
Kota Kupang in the Ombudsman's compliance assessment: its offices in 2022, its peers in 2024.

The scores were printed by others, at the addresses beside them. Zones, categories, the mean,
the places and the distances are computed here.
"""

import pelayanan
from pelayanan import Band, Scorecard, Scores

# NTTBersuara, 17 February 2023; the city's seven offices, Puskesmas Oepoi with one decimal:
# https://www.nttbersuara.com/2023/02/17/dinas-pendidikan-kota-kupang-dapat-nilai-kuning-dari-ombudsman/
OFFICES_2022 = {
    "Puskesmas Oebobo": "88.03",
    "Dinas Kependudukan dan Pencatatan Sipil": "86.15",
    "Puskesmas Oepoi": "82.4",
    "Dinas Sosial": "81.38",
    "Dinas Penanaman Modal dan PTSP": "80.43",
    "Dinas Kesehatan": "75.05",
    "Dinas Pendidikan dan Kebudayaan": "60.44",
}

# Cited as ANTARA Kupang 103971; the page itself was not read:
# https://kupang.antaranews.com/berita/103971
PUBLISHED_2022 = "79.12"

# ANTARA Kupang, 17 November 2024; all that were green. For Nagekeo it prints 80.42, which is
# used here; ANTARA Kupang of 3 December 2024 (berita/143577) prints 80.43. No place changes.
# https://kupang.antaranews.com/berita/142569/ombudsman-sebut-12-pemda-di-ntt-raih-predikat-zona-hijau-pelayanan-publik
GREENS_2024 = {
    "Kabupaten Belu": "83.33",
    "Kabupaten Ende": "82.06",
    "Kabupaten Kupang": "83.17",
    "Kabupaten Manggarai": "83.22",
    "Kabupaten Manggarai Barat": "89.62",
    "Kabupaten Manggarai Timur": "80.65",
    "Kabupaten Nagekeo": "80.42",
    "Kabupaten Sikka": "78.63",
    "Kabupaten Sumba Barat": "78.09",
    "Kabupaten Timor Tengah Selatan": "82.87",
    "Kabupaten Timor Tengah Utara": "91.82",
    "Kota Kupang": "86.62",
}


def scored(edition: str, printed: dict[str, str]) -> Scores:
    """Return the scores of printed totals."""
    return Scores.of_totals(pelayanan.load(edition), list(printed.values()), units=list(printed))


def cards(scores: Scores) -> list[Scorecard]:
    """Return the card of every unit, the highest total first."""
    found = [scores.card(unit) for unit in scores.units.tolist()]
    return sorted(found, key=lambda card: card.total or 0, reverse=True)


def worded(zone: Band | None) -> str:
    """Return a zone as its code, label and opinion."""
    if zone is None:
        return "no zone"
    return f"{zone.code}  {zone.label['id']:6}  {zone.attributes['opini']:18}"


def short_of(card: Scorecard) -> str:
    """Return how far a unit is below the next category."""
    return f"{card.gap} short of {card.following.code}" if card.following else "in the highest category"


def show_city() -> None:
    """Print the offices of 2022, their mean, and who holds it down."""
    scores = scored("ombudsman-2022", OFFICES_2022)
    print("Kota Kupang 2022, seven offices")
    for card in cards(scores):
        print(f"  {card.total}  {worded(card.zone)}  {card.unit}")

    city = pelayanan.roll_up(scores, by=["Kota Kupang"] * len(scores)).card("Kota Kupang")
    published = scores.instrument.zones.classify(PUBLISHED_2022)
    print()
    print(f"  {city.total}  {worded(city.zone)}  mean of these seven, {float(city.exact or 0):.4f} half-up")
    print(f"  {PUBLISHED_2022}  {worded(published)}  as published")
    print("  They differ because the seven are themselves printed rounded, one to one decimal:")
    print("  79.12 fits a mean of unrounded scores, and it fits cutting instead of rounding.")

    print()
    print("Below zona hijau")
    for card in cards(scores):
        if card.zone and card.zone.label["id"] != "hijau":
            print(f"  {card.total}  {card.unit}, {short_of(card)}")


def show_peers() -> None:
    """Print the green local governments of 2024 and the city's place among them."""
    print("Nusa Tenggara Timur 2024, local governments in zona hijau")
    scores = scored("ombudsman-2024", GREENS_2024)
    standing = pelayanan.compare(scores)
    greens = cards(scores)
    for card in greens:
        place = standing.figures(card.unit)["rank"]
        print(f"  {place:2}  {card.total}  {worded(card.zone)}  {card.unit}")
    print("  Nagekeo is printed as 80.42 and as 80.43; 80.42 is used, and no place hangs on it.")

    city = standing.figures("Kota Kupang")
    row = [card.unit for card in greens].index("Kota Kupang")
    above, own, below = greens[row - 1 : row + 2]
    print()
    print(f"Kota Kupang is number {city['rank']} of {city['of']}, {short_of(own)};")
    print(f"  {(above.total or 0) - (own.total or 0)} behind {above.unit},")
    print(f"  {(own.total or 0) - (below.total or 0)} ahead of {below.unit};")
    print(f"  {-city['gap_to_median']:.2f} above the median, {city['gap_to_best']:.2f} below the best.")


def main() -> None:
    """Print both."""
    show_city()
    print()
    show_peers()


if __name__ == "__main__":
    main()
