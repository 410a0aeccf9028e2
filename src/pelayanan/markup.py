"""
Words that came from files, made harmless in Markdown and HTML; colours, and how pages look.
"""

import html
import re

from pelayanan.mapping import printable

__all__ = ["STYLE", "document", "in_html", "in_markdown", "ink_on", "sound_colour"]

_GREY = "#566573"
_LIGHT, _DARK = "#ffffff", "#17202a"
_COLOUR = re.compile(r"#[0-9a-fA-F]{6}")
_MARKED = re.compile(r"[\\`*_{}\[\]<>#|~$&@^=]|:(?=\S)|^[-+](?=[-\s]|$)|(?<=\bwww)\.", re.IGNORECASE)
_ORDERED = re.compile(r"^([0-9]+)([.)])(?=\s|$)")

STYLE = """\
.pelayanan{box-sizing:border-box;max-width:62rem;margin:0 auto;color:#17202a;background:#fff;\
font:15px/1.45 system-ui,"Segoe UI",Roboto,"Noto Sans",sans-serif;\
-webkit-print-color-adjust:exact;print-color-adjust:exact}
.pelayanan header{display:flex;flex-wrap:wrap;justify-content:space-between;align-items:center;\
gap:.6rem 2rem;padding:1.3rem 1.8rem;border-radius:.6rem}
.pelayanan h1{margin:0;font-size:1.9rem;line-height:1.15;font-weight:700;color:inherit}
.pelayanan header p{margin:.25rem 0 0}
.pelayanan .result{display:flex;align-items:flex-end;gap:1.6rem;text-align:right}
.pelayanan .result b{display:block;padding:.1rem 0;font-size:2.7rem;line-height:1.1;\
font-variant-numeric:tabular-nums}
.pelayanan .zone b{padding:.1rem 1rem;border:3px solid;border-radius:.5rem}
.pelayanan .notes{display:flex;flex-wrap:wrap;gap:0 2.4rem;margin:.8rem 1.8rem 0}
.pelayanan section{flex:1 1 16rem;min-width:0}
.pelayanan h2{margin:.9rem 0 .3rem;padding-bottom:.2rem;border-bottom:2px solid #d5d8dc;\
font-size:1rem;font-weight:700;color:#17202a}
.pelayanan h2::first-letter,.pelayanan th::first-letter,.pelayanan summary::first-letter\
{text-transform:uppercase}
.pelayanan ul{margin:.3rem 0 0;padding-left:1.1rem}
.pelayanan li{margin:.12rem 0}
.pelayanan .tables,.pelayanan details{margin:.6rem 1.8rem 0}
.pelayanan table{width:100%;margin:.2rem 0;border-collapse:collapse;font-size:.9rem}
.pelayanan th,.pelayanan td{padding:.24rem .5rem;border-bottom:1px solid #e5e8e8;text-align:right;\
vertical-align:baseline;font-variant-numeric:tabular-nums;background:none}
.pelayanan th{vertical-align:bottom;font-weight:600;line-height:1.25;color:#566573;\
border-bottom:2px solid #aeb6bf}
.pelayanan th:first-child,.pelayanan td:first-child,.pelayanan .words,.pelayanan .bars{text-align:left}
.pelayanan td:first-child{overflow-wrap:break-word}
.pelayanan .tree td:first-child{width:29%}
.pelayanan .tree .d0 td{font-weight:700;background:#f4f6f7}
.pelayanan .tree .d1 td{font-weight:600}
.pelayanan .bars{width:15%}
.pelayanan .tree td.words{width:20%;font-weight:400}
.pelayanan .tree th.words{font-weight:600}
.pelayanan .bars .key{display:inline-block;width:.7rem;height:.7rem;margin-right:.25rem}
.pelayanan .bar{display:flex;height:.75rem;min-width:6rem;line-height:0}
.pelayanan .bar i,.pelayanan .key{background:#1f618d}
.pelayanan .bar i+i,.pelayanan .lost{background:#f1948a}
.pelayanan summary{font-weight:700;cursor:pointer}
.pelayanan footer{margin:.8rem 1.8rem 0;font-size:.8rem;color:#4d5656}
.pelayanan footer h2{font-size:.85rem}
@media print{.pelayanan{max-width:none;font-size:11px}.pelayanan details{display:none}\
.pelayanan tr,.pelayanan section{break-inside:avoid}}\
"""


def in_markdown(words: str) -> str:
    r"""
    Return words that Markdown shows as they are.

    >>> in_markdown("[a](javascript:b) | `c`")
    '\\[a\\](javascript\\:b) \\| \\`c\\`'
    """
    plain = " ".join(printable(words).split())
    return _ORDERED.sub(r"\1\\\2", _MARKED.sub(lambda found: f"\\{found[0]}", plain))


def in_html(words: str) -> str:
    """
    Return words that HTML shows as they are, also within the quotes of an attribute.

    >>> in_html('<script> "a"')
    '&lt;script&gt; &quot;a&quot;'
    """
    return html.escape(printable(words))


def sound_colour(colour: str) -> str:
    """
    Return a colour that can stand in a style, grey for all but ``#rrggbb``.

    >>> sound_colour("#1e8449"), sound_colour("red;background:url(x)")
    ('#1e8449', '#566573')
    """
    return colour if _COLOUR.fullmatch(colour) else _GREY


def ink_on(colour: str) -> str:
    """
    Return white or near black, whichever stands out more on a colour ``#rrggbb``.

    Source:
        W3C, Web Content Accessibility Guidelines 2.1, definitions of relative luminance and of
        contrast ratio.

    >>> ink_on("#1e8449"), ink_on("#f1c40f")
    ('#ffffff', '#17202a')
    """
    here, light, dark = (_luminance(each) + 0.05 for each in (colour, _LIGHT, _DARK))
    return _LIGHT if light / here >= here / dark else _DARK


def _luminance(colour: str) -> float:
    parts = [int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    red, green, blue = (
        part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def document(fragment: str, title: str, language: str = "id") -> str:
    """
    Return a whole HTML document with a piece of HTML in it, to be written to a file as UTF-8.

    Args:
        fragment: What the `html` of a value gave, of one or several.
        title: What a browser calls it.

    >>> document("<p>78,00</p>", "Kupang & Ende").splitlines()[1:3]
    ['<html lang="id">', '<head><meta charset="utf-8"><title>Kupang &amp; Ende</title></head>']
    """
    head = f'<head><meta charset="utf-8"><title>{in_html(title)}</title></head>'
    return (
        f'<!doctype html>\n<html lang="{in_html(language)}">\n{head}\n<body>\n{fragment}\n</body>\n</html>\n'
    )
