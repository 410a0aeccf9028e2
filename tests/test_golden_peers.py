from collections import Counter
from itertools import combinations

import pytest
from printed import read

import pelayanan
from pelayanan import Distribution, Scores, compare

RANKS = read("ombudsman_ranks.csv")
EDITION = {str(year): pelayanan.load(f"ombudsman-{year}") for year in range(2021, 2025)}

# How many there are in all of Indonesia, as the rows print it.
NATIONAL = {
    "kabupaten": ("415", "416"),
    "kementerian": ("24", "25"),
    "kota": ("98",),
    "lembaga": ("14",),
    "provinsi": ("34",),
}

# Provinces of which every government was printed.
COMPLETE = {("2023", "Nusa Tenggara Barat"): 11, ("2023", "Sulawesi Selatan"): 24, ("2024", "Maluku"): 12}

# Rows whose printed rank is not that of their printed total.
SLIPS = {
    ("2022", "Provinsi Bali", "54.01"): "a slip for 94.01, which others print; 54.01 is no second of 34",
    ("2023", "Kota Bima", "83.90"): "printed second, before the province with 84.51",
}


def is_slip(row):
    return (row["year"], row["entity"], row["score"]) in SLIPS


def scored(rows):
    """The scores of rows, whose labels are their places in the list."""
    return Scores.of_totals(EDITION[rows[0]["year"]], [row["score"] for row in rows])


def national():
    found = {}
    for row in RANKS:
        if row["rank_of"] in NATIONAL[row["entity_type"]]:
            found.setdefault((row["year"], row["entity_type"]), []).append(row)
    return found


def contradictions(rows):
    """The pairs of rows of which the one that is printed ahead has the lower total."""
    standing = compare(scored(rows))
    return [
        (rows[one], rows[other])
        for one, other in combinations(range(len(rows)), 2)
        if (int(rows[one]["rank"]) - int(rows[other]["rank"]))
        * int(standing.rank[one] - standing.rank[other])
        < 0
    ]


def test_the_rows_with_a_national_rank_are_those_that_were_collected():
    assert 75 == sum(map(len, national().values()))
    assert ["Provinsi Jawa Timur"] == [row["entity"] for row in RANKS if not row["rank"]]


@pytest.mark.parametrize("listed", national(), ids="-".join)
def test_every_national_rank_is_in_the_order_of_the_totals(listed):
    rows = [row for row in national()[listed] if row["rank"] and not is_slip(row)]
    once = list({row["entity"]: row for row in rows}.values())
    ranks = compare(scored(once)).rank.tolist()

    assert [] == contradictions(rows)
    assert all(rank <= int(row["rank"]) for rank, row in zip(ranks, once))


def test_the_misprint_of_bali_contradicts_its_rank():
    rows = [row for row in national()["2022", "provinsi"] if row["rank"]]
    wrong = {each["score"] for pair in contradictions(rows) for each in pair if is_slip(each)}

    assert {"54.01"} == wrong
    assert all(any(map(is_slip, pair)) for pair in contradictions(rows))


@pytest.mark.parametrize("listed", COMPLETE, ids="-".join)
def test_the_ranks_of_a_complete_province_are_those_that_were_printed(listed):
    rows = [row for row in RANKS if (row["year"], row["province"]) == listed]
    standing = compare(scored(rows), ties="min")
    highest = compare(scored(rows), ties="max").rank
    printed = [int(row["rank"]) for row in rows]

    assert COMPLETE[listed] == len(rows)
    assert list(range(1, len(rows) + 1)) == sorted(printed)
    for rank, last, row, place in zip(standing.rank.tolist(), highest.tolist(), rows, printed):
        swapped = {2: 3, 3: 2}.get(place, place) if listed == ("2023", "Nusa Tenggara Barat") else place

        assert rank <= swapped <= last, row


@pytest.mark.parametrize("listed", COMPLETE, ids="-".join)
def test_the_zones_of_a_complete_province_add_up(listed):
    rows = [row for row in RANKS if (row["year"], row["province"]) == listed]
    zones = EDITION[listed[0]].zones
    counts = Distribution.of([row["score"] for row in rows]).zone_counts(zones)
    colours = Counter()
    for band in zones.bands:
        colours[band.label["id"]] += counts[band.code]

    assert COMPLETE[listed] == sum(counts.values())
    assert Counter(row["zone"] for row in rows) == +colours


def test_kota_bima_is_printed_before_one_with_more_points():
    rows = [row for row in RANKS if (row["year"], row["province"]) == ("2023", "Nusa Tenggara Barat")]
    ((one, other),) = contradictions(rows)

    assert is_slip(one) != is_slip(other)
    assert {("Kota Bima", "2"), ("Provinsi Nusa Tenggara Barat", "3")} == {
        (row["entity"], row["rank"]) for row in (one, other)
    }


def test_kota_kupang_is_third_of_the_twelve_greens_of_2024():
    rows = [row for row in RANKS if (row["year"], row["province"]) == ("2024", "Nusa Tenggara Timur")]
    scores = Scores.of_totals(
        EDITION["2024"], [row["score"] for row in rows], [row["entity"] for row in rows]
    )
    standing = compare(scores)

    assert (3, 12) == tuple(standing.figures("Kota Kupang")[name] for name in ("rank", "of"))
    assert [int(row["rank"]) for row in rows] == standing.rank.tolist()
    assert {"hijau"} == set(standing.columns()["label"].tolist())
    assert {"E": 0, "D": 0, "C": 0, "B": 10, "A": 2} == dict(
        standing.distribution().zone_counts(EDITION["2024"].zones)
    )
