import re
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from pelayanan.mapping import printable
from pelayanan.markup import STYLE, document, in_html, in_markdown, ink_on, sound_colour

MARKS = "\\`*_{}[]()<>#+-.!|~$&:@^='\"/ \n\t\r\x00\x1b\u202e\u200f\ud800"
HOSTILE = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "' onmouseover='alert(1)",
    "a | b | c",
    "`rm -rf`",
    "``` \n<b>",
    "[click](javascript:alert(1))",
    "![x](http://example.org/x.png)",
    "<javascript:alert(1)>",
    "&lt;script&gt; &#60;script&#62;",
    "# heading\n## other",
    "- item\n1. item",
    "12) item",
    "***bold*** __bold__ ~~gone~~",
    "\\| \\\\| \\`",
    "\u202egnp.exe\u200f",
    "\x1b[2J\x00\x07",
    "www.example.org http://example.org",
    "---\n===",
    "[ref]: javascript:alert(1)",
    "{{ site.title }} $x$",
]
WORDS = st.one_of(
    st.sampled_from(HOSTILE),
    st.text(st.one_of(st.sampled_from(MARKS), st.sampled_from("ab1 "), st.characters()), max_size=12),
)


class Reader(HTMLParser):
    """What a browser takes HTML for: its tags, the names of attributes, and its text."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.words: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes += attrs

    def handle_data(self, data):
        self.words.append(data)


def squeezed(words: str) -> str:
    return " ".join(printable(words).split())


# Published figures.


def test_the_ink_stands_out_by_the_contrast_of_the_guidelines():
    # WCAG 2.1 gives white on black 21 to 1, and #767676 as the lightest grey with 4.5 to 1 on white.
    assert ["#17202a", "#ffffff", "#ffffff"] == [ink_on("#ffffff"), ink_on("#000000"), ink_on("#595959")]
    assert ["#ffffff", "#17202a", "#17202a", "#ffffff"] == [
        ink_on(colour) for colour in ("#c0392b", "#f1c40f", "#58d68d", "#1e8449")
    ]


# Properties.


@given(WORDS)
def test_markdown_shows_words_as_they_are_and_nothing_acts(words):
    for around in ("{}", "- {}", "## {}", "**{}**"):
        escaped = in_markdown(words)
        if not escaped and around == "**{}**":
            continue
        shown = MarkdownIt("commonmark").enable("table").render(around.format(escaped))
        read = Reader(shown)

        assert set(read.tags) <= {"p", "ul", "li", "h2", "strong"}
        assert squeezed(words) == " ".join("".join(read.words).split())


@given(WORDS, WORDS)
def test_words_stay_in_their_cells_of_a_markdown_table(first, second):
    table = f"| a | b |\n| :-- | --: |\n| {in_markdown(first)} | {in_markdown(second)} |\n"
    shown = MarkdownIt("commonmark").enable("table").render(table)
    cells = re.findall(r"<td[^>]*>(.*?)</td>", shown, re.DOTALL)

    assert [squeezed(first), squeezed(second)] == ["".join(Reader(each).words) for each in cells]
    assert set(Reader(shown).tags) <= {"table", "thead", "tbody", "tr", "th", "td"}


@given(WORDS)
def test_html_shows_words_as_they_are_in_text_and_in_attributes(words):
    read = Reader(f'<p title="{in_html(words)}">{in_html(words)}</p>')

    assert ["p"] == read.tags
    assert [("title", printable(words))] == read.attributes
    assert printable(words) == "".join(read.words)


@given(WORDS)
def test_only_a_colour_of_six_digits_stands_in_a_style(words):
    found = sound_colour(words)

    assert re.fullmatch(r"#[0-9a-fA-F]{6}", found)
    assert words == found or "#566573" == found


@pytest.mark.parametrize(
    "colour",
    [
        "red",
        "#fff",
        "#12345g",
        "#1e8449;x",
        "#1e8449\n",
        "url(x)",
        "",
        "#\uff11\uff11\uff11\uff11\uff11\uff11",
    ],
)
def test_what_is_no_colour_is_grey(colour):
    assert "#566573" == sound_colour(colour)


def test_the_style_asks_nothing_of_the_network():
    assert re.search(r"url|import|http|expression|<", STYLE) is None


@given(WORDS, WORDS)
def test_a_document_says_its_language_and_title(title, language):
    read = Reader(document("<p>x</p>", title, language))

    assert ["html", "head", "meta", "title", "body", "p"] == read.tags
    assert ("lang", printable(language)) == read.attributes[0]
