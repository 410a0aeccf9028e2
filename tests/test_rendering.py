from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from test_markup import WORDS, Reader, squeezed

from pelayanan.mapping import printable
from pelayanan.rendering import Banner, Notes, Page, Row, Table, exactly, number

TAGS = {
    "article", "style", "header", "div", "h1", "p", "b", "bdi", "section", "h2", "ul", "li", "table", "thead",
    "tbody", "tr", "th", "td", "span", "i", "br", "details", "summary", "footer",
}  # fmt: skip
BARS = st.none() | st.tuples(st.fractions(-9, 99), st.fractions(-9, 99))


@st.composite
def tables(draw) -> Table:
    width = draw(st.integers(1, 3))
    cells = st.lists(WORDS, min_size=width, max_size=width).map(tuple)
    rows = st.builds(Row, WORDS, cells, WORDS, st.integers(0, 4), BARS)
    return Table(
        draw(st.sampled_from([(), draw(cells)])),
        tuple(draw(st.lists(rows, min_size=1, max_size=3))),
        draw(WORDS),
        frozenset(draw(st.sets(st.integers(0, width - 1)))),
        (draw(WORDS), draw(WORDS)),
        draw(st.booleans()),
    )


NOTES = st.builds(Notes, WORDS, st.lists(WORDS, max_size=2).map(tuple), st.booleans())
BANNERS = st.builds(
    Banner,
    WORDS,
    WORDS,
    st.tuples(st.just("total"), st.just("78.00")),
    st.tuples(st.just("zone"), WORDS, WORDS),
    WORDS,
    WORDS,
    st.lists(NOTES, max_size=2).map(tuple),
)
PAGES = st.builds(
    Page, st.sampled_from(["id", "en"]), BANNERS, st.lists(NOTES | tables(), max_size=3).map(tuple)
)


def words_of(page: Page) -> list[str]:
    """All that a page says that came from elsewhere."""
    top = page.banner
    found = [top.edition, top.unit, top.zone[1], top.gap]
    for block in (*top.notes, *page.blocks):
        found += [block.title, *(block.items if isinstance(block, Notes) else [])]
        if isinstance(block, Table):
            found += [cell for row in block.rows for cell in (row.about or row.name, *row.cells)]
    return found


@given(PAGES)
def test_the_text_of_any_page_can_be_printed_and_says_all(page):
    text = page.text()

    assert all(each.isprintable() for each in text.split("\n"))
    for words in words_of(page):
        assert printable(words).strip() in text


@given(PAGES)
def test_the_html_of_any_page_has_no_other_tags_links_or_scripts(page):
    read = Reader(page.html())

    assert set(read.tags) <= TAGS
    assert {name for name, _ in read.attributes} <= {"class", "lang", "style", "title"}
    said = "".join(read.words)
    for words in words_of(page):
        assert printable(words) in said


@given(PAGES)
def test_styles_hold_colours_and_lengths_only(page):
    styles = [value or "" for name, value in Reader(page.html()).attributes if name == "style"]

    assert styles
    for style in styles:
        for part in style.split(";"):
            name, _, value = part.partition(":")

            assert name in ("background", "color", "width", "padding-left")
            assert (
                value.startswith("#") if name in ("background", "color") else float(value.rstrip("%rem")) >= 0
            )


@given(PAGES)
def test_the_markdown_of_any_page_makes_nothing_but_headings_lists_and_tables(page):
    read = Reader(MarkdownIt("commonmark").enable("table").render(page.markdown()))
    said = " ".join("".join(read.words).split())

    assert set(read.tags) <= {"h2", "p", "strong", "ul", "li", "table", "thead", "tbody", "tr", "th", "td"}
    assert all(name == "style" and "text-align" in str(value) for name, value in read.attributes)
    assert sum(len(each.rows) for each in page.blocks if isinstance(each, Table)) + sum(
        isinstance(each, Table) for each in page.blocks
    ) == read.tags.count("tr")
    for words in words_of(page):
        assert squeezed(words) in said


@given(st.fractions(-999, 999))
def test_a_number_is_rounded_half_up_and_a_comma_stands_in_indonesian(value):
    english, indonesian = number(value, "en"), number(value, "id")

    assert abs(Fraction(english) - value) <= Fraction(1, 200)
    assert english == indonesian.replace(",", ".")
    assert "," in indonesian
    assert value == Fraction(exactly(value, "en"))


PAGE = Page(
    "id",
    Banner("kiosk", "Dinas", ("nilai akhir", "78,00"), ("zona", "B", "hijau"), "kurang 2,00 ke A", "#1e8449"),
    (
        Notes("kelemahan", ("Tarif: 9,00", "Jam: 3,00")),
        Table(
            ("nilai", "langkah"),
            (
                Row("*", ("78,00", ""), "Kios", 0, (Fraction(78), Fraction(22))),
                Row("tarif", ("40,00", "ada"), "", 1, (Fraction(6), Fraction(9))),
                Row("~", ("-", ""), "", 1),
            ),
            "menurut kriteria",
            words=frozenset({1}),
            legend=("sumbangan", "hilang"),
        ),
        Table((), (Row("Puskesmas", ("80,00",)),), "unit", folded=True),
        Notes("anggapan", ("bobot",), small=True),
    ),
)


def test_a_page_as_text():
    assert (
        "kiosk  Dinas\n"
        "nilai akhir 78,00, zona B hijau (kurang 2,00 ke A)\n"
        "\n"
        "kelemahan:\n"
        "  Tarif: 9,00\n"
        "  Jam: 3,00\n"
        "\n"
        "menurut kriteria:\n"
        "         nilai  langkah\n"
        "*        78,00           Kios\n"
        "  tarif  40,00  ada\n"
        "  ~          -\n"
        "\n"
        "unit:\n"
        "Puskesmas  80,00\n"
        "\n"
        "anggapan:\n"
        "  bobot" == PAGE.text()
    )


def test_a_page_as_markdown():
    assert (
        "## Dinas\n"
        "\n"
        "**nilai akhir 78,00, zona B hijau** (kurang 2,00 ke A)\n"
        "\n"
        "**kelemahan**\n"
        "\n"
        "- Tarif: 9,00\n"
        "- Jam: 3,00\n"
        "\n"
        "**menurut kriteria**\n"
        "\n"
        "|  | nilai | langkah |  |\n"
        "| :-- | --: | :-- | :-- |\n"
        "| \\* | 78,00 |  | Kios |\n"
        "| &emsp;tarif | 40,00 | ada |  |\n"
        "| &emsp;\\~ | \\- |  |  |\n"
        "\n"
        "**unit**\n"
        "\n"
        "|  |  |\n"
        "| :-- | --: |\n"
        "| Puskesmas | 80,00 |\n"
        "\n"
        "**anggapan**\n"
        "\n"
        "- bobot\n"
        "\n"
        "kiosk\n" == PAGE.markdown()
    )


def test_bars_of_one_depth_have_one_scale_and_what_is_below_nothing_has_no_length():
    rows = (
        Row("a", ("",), depth=1, bar=(Fraction(6), Fraction(2))),
        Row("b", ("",), depth=1, bar=(Fraction(1), Fraction(-1))),
        Row("c", ("",), depth=2, bar=(Fraction(0), Fraction(0))),
    )
    html = Page("id", PAGE.banner, (Table((), rows),)).html()
    styles = [
        value for name, value in Reader(html).attributes if name == "style" and value.startswith("width")
    ]

    assert ["width:75.00%", "width:25.00%", "width:12.50%", "width:0.00%"] == styles


def test_a_zone_that_is_called_like_its_label_is_said_once_in_html():
    banner = Banner("e", "u", ("total", "67.00"), ("zone", "kuning", "kuning"), colour="#f1c40f")
    read = Reader(Page("en", banner).html())

    assert 1 == "".join(read.words).count("kuning")
    assert "background:#f1c40f;color:#17202a" in [value for name, value in read.attributes if name == "style"]
