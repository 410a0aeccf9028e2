"""
Pages of results as text, Markdown and HTML; what came from files is harmless in all three.
"""

from collections.abc import Iterable, Iterator
from decimal import Decimal
from fractions import Fraction

import attrs

from pelayanan.errors import check_kind
from pelayanan.exact import Rounding, decimal, number_in, written
from pelayanan.mapping import printable
from pelayanan.markup import STYLE, in_html, in_markdown, ink_on, sound_colour

__all__ = ["Banner", "Notes", "Page", "Row", "Table", "exactly", "number", "stated"]


@attrs.frozen
class Notes:
    """
    A heading with sentences below it, or a sentence alone.

    Args:
        small: Whether it stands at the foot of a page.

    >>> Notes("lost", ("Fees: 9.00",)).small
    False
    """

    title: str
    items: tuple[str, ...] = ()
    small: bool = False


@attrs.frozen
class Banner:
    """
    What stands at the top of a page.

    Args:
        total: A word, and the number.
        zone: A word, the code of the zone, and its label; empty where there is none to tell.
        gap: How far the next zone is.
        colour: Of the zone; where it is not ``#rrggbb`` it is grey.

    >>> Banner("kiosk", "North", ("total", "78.00"), ("zone", "B", "green")).zone[1]
    'B'
    """

    edition: str
    unit: str
    total: tuple[str, str]
    zone: tuple[str, str, str] = ("", "", "")
    gap: str = ""
    colour: str = ""
    notes: tuple[Notes, ...] = ()


@attrs.frozen
class Row:
    """
    A row of a table.

    Args:
        name: The last part of its code, or a label.
        cells: Numbers and words, already in the language of the page.
        about: Its title, and what else is said of it.
        depth: How far it is indented.
        bar: What was reached and what was lost, to be drawn; in any unit.

    >>> Row("fees", ("50.00",), "Fees", depth=1).cells
    ('50.00',)
    """

    name: str
    cells: tuple[str, ...]
    about: str = ""
    depth: int = 0
    bar: tuple[Fraction, Fraction] | None = None


@attrs.frozen
class Table:
    """
    A table; one without columns has no header.

    Args:
        columns: The heads of the cells.
        words: Which of the columns hold words.
        legend: What the bars show as reached, and as lost.
        folded: Whether HTML shows it only when it is asked for.

    >>> Table(("points",), (Row("fees", ("50.00",)),)).folded
    False
    """

    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    title: str = ""
    words: frozenset[int] = frozenset()
    legend: tuple[str, str] = ("", "")
    folded: bool = False


@attrs.frozen
class Page:
    """
    A page of results, which becomes text, Markdown or HTML.

    >>> page = Page("id", Banner("kiosk", "<North>", ("nilai akhir", "78,00"), ("zona", "B", "hijau")))
    >>> print(page.text())
    kiosk  <North>
    nilai akhir 78,00, zona B hijau
    >>> page.markdown().splitlines()[0]
    '## \\\\<North\\\\>'
    """

    language: str
    banner: Banner
    blocks: tuple[Notes | Table, ...] = ()

    def text(self) -> str:
        """
        Return the page for a terminal; what that could take as a command is replaced.
        """
        top = self.banner
        gap = f" ({top.gap})" if top.gap else ""
        zone = printable(" ".join(filter(None, top.zone)))
        found = [
            f"{printable(top.edition)}  {printable(top.unit)}",
            ", ".join(filter(None, [" ".join(top.total), zone])) + printable(gap),
        ]
        for note in top.notes:
            found += _lines(note)
        for block in self.blocks:
            found += ["", *(_lines(block) if isinstance(block, Notes) else _rows(block))]
        return "\n".join(found)

    def markdown(self) -> str:
        """
        Return the page in Markdown with tables, as GitHub shows them.

        Labels are escaped, so that none becomes a link, code, HTML, or a part of a table.
        """
        top = self.banner
        gap = f" ({in_markdown(top.gap)})" if top.gap else ""
        zone = in_markdown(" ".join(filter(None, top.zone)))
        result = ", ".join(filter(None, [" ".join(top.total), zone]))
        found = [f"## {in_markdown(top.unit)}", f"**{result}**{gap}"]
        found += [_note_in_markdown(note) for note in top.notes]
        for block in self.blocks:
            found.append(_note_in_markdown(block) if isinstance(block, Notes) else _table_in_markdown(block))
        return "\n\n".join([*found, in_markdown(top.edition)]) + "\n"

    def html(self) -> str:
        """
        Return the page as a piece of HTML that stands by itself: no scripts, no links, its own style.

        Labels are escaped.
        """
        tables = [each for each in self.blocks if isinstance(each, Table)]
        notes = [each for each in self.blocks if isinstance(each, Notes)]
        parts = [
            f'<article class="pelayanan" lang="{in_html(self.language)}">',
            f"<style>\n{STYLE}\n</style>",
            self._header(),
            _notes_in_html([*self.banner.notes, *(each for each in notes if not each.small)], "div", "notes"),
            *(_table_in_html(each) for each in tables),
            _notes_in_html([each for each in notes if each.small], "footer", "small"),
            "</article>",
        ]
        return "\n".join(filter(None, parts))

    def _header(self) -> str:
        top = self.banner
        colour = sound_colour(top.colour)
        zone, code, label = top.zone
        label = "" if label == code else label
        gap = f"<p>{_isolated(top.gap)}</p>" if top.gap else ""
        box = f'<div class="zone">{in_html(zone)} {_isolated(label)}<b>{_isolated(code)}</b></div>'
        return (
            f'<header style="background:{colour};color:{ink_on(colour)}">'
            f"<div><h1>{_isolated(top.unit)}</h1><p>{_isolated(top.edition)}</p>{gap}</div>"
            f'<div class="result"><div>{in_html(top.total[0])}<b>{in_html(top.total[1])}</b></div>'
            f"{box if code else ''}</div></header>"
        )


def check_language(language: object) -> None:
    """
    Refuse what is no code of a language.

    Raises:
        KindError: It is none.
    """
    check_kind("language", language, str, "the code of a language, such as 'id'")


def number(value: Fraction | Decimal | None, language: str, places: int = 2) -> str:
    """
    Return a number as a page shows it, with the decimal comma of Indonesian; ``-`` for none.

    Args:
        places: How many decimals a fraction is shown with.

    >>> number(Fraction(2, 3), "id"), number(Decimal("78.00"), "en"), number(None, "id")
    ('0,67', '78.00', '-')
    """
    if value is None:
        return "-"
    shown = str(decimal(value, Rounding(places)) if isinstance(value, Fraction) else value)
    return shown.replace(".", ",") if language == "id" else shown


def stated(said: str, language: str) -> str:
    """
    Return what stands in a file as a page shows it: a number as it was printed, with its comma.

    >>> stated("21.850", "id"), stated("1.2.3", "id"), stated("21.850", "en")
    ('21,850', '1.2.3', '21.850')
    """
    return said.replace(".", ",") if language == "id" and number_in(said) is not None else said


def exactly(value: Fraction, language: str) -> str:
    """
    Return an exact number as a page shows it, all its decimals or a quotient.

    >>> exactly(Fraction(1, 40), "id"), exactly(Fraction(1, 9), "id")
    ('0,025', '1/9')
    """
    return written(value).replace(".", ",") if language == "id" else written(value)


def _lines(notes: Notes) -> list[str]:
    return [
        printable(notes.title) + (":" if notes.items else ""),
        *(f"  {printable(each)}" for each in notes.items),
    ]


def _rows(table: Table) -> list[str]:
    listed = [("  " * row.depth + row.name, *row.cells, row.about) for row in table.rows]
    heads = [("", *table.columns, "")] if table.columns else []
    left = {0, len(listed[0]) - 1} | {place + 1 for place in table.words}
    return [f"{printable(table.title)}:"] * bool(table.title) + _aligned([*heads, *listed], left)


def _aligned(rows: Iterable[tuple[str, ...]], left: set[int]) -> list[str]:
    """Return rows as text, some columns to the left and the others to the right."""
    listed = [tuple(printable(cell) for cell in row) for row in rows]
    widths = [max(map(len, column)) for column in zip(*listed, strict=True)]
    return [
        "  ".join(
            cell.ljust(width) if index in left else cell.rjust(width)
            for index, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in listed
    ]


def _note_in_markdown(notes: Notes) -> str:
    if not notes.items:
        return in_markdown(notes.title)
    return _heading(notes.title) + "\n".join(f"- {in_markdown(each)}" for each in notes.items)


def _heading(title: str) -> str:
    words = in_markdown(title)
    return f"**{words}**\n\n" if words else ""


def _table_in_markdown(table: Table) -> str:
    about = [""] if any(row.about for row in table.rows) else []
    width = len(table.rows[0].cells)
    heads = ["", *(map(in_markdown, table.columns) if table.columns else [""] * width), *about]
    rules = [":--", *(":--" if place in table.words else "--:" for place in range(width)), ":--"]
    lines = [heads, rules[: len(heads)]]
    for row in table.rows:
        name = "&emsp;" * row.depth + in_markdown(row.name)
        lines.append([name, *map(in_markdown, row.cells), *([in_markdown(row.about)] if about else [])])
    return _heading(table.title) + "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _isolated(words: str) -> str:
    """Return words that keep their direction of writing to themselves."""
    return f"<bdi>{in_html(words)}</bdi>" if words else ""


def _notes_in_html(notes: list[Notes], tag: str, kind: str) -> str:
    if not notes:
        return ""
    parts = []
    for each in notes:
        items = "".join(f"<li>{_isolated(item)}</li>" for item in each.items)
        body = (
            f"<h2>{_isolated(each.title)}</h2><ul>{items}</ul>"
            if items
            else f"<p>{_isolated(each.title)}</p>"
        )
        parts.append(f"<section>{body}</section>")
    return f'<{tag} class="{kind}">{"".join(parts)}</{tag}>'


def _table_in_html(table: Table) -> str:
    barred = any(row.bar for row in table.rows)
    heads = "".join(
        f"<th{' class=words' if place in table.words else ''}>{in_html(each)}</th>"
        for place, each in enumerate(table.columns)
    )
    keys = zip(("key", "key lost"), table.legend, strict=True)
    legend = "<br>".join(f'<span class="{key}"></span>{in_html(each)}' for key, each in keys)
    bars = f'<th class="bars">{legend}</th>' if barred else ""
    head = f"<thead><tr><th></th>{bars}{heads}</tr></thead>" if heads else ""
    tree = ' class="tree"' if barred else ""
    rows = "\n".join(_rows_in_html(table, barred))
    inner = f"<table{tree}>{head}<tbody>\n{rows}\n</tbody></table>"
    if table.folded:
        return f"<details><summary>{_isolated(table.title)}</summary>{inner}</details>"
    title = f"<h2>{_isolated(table.title)}</h2>" if table.title else ""
    return f'<div class="tables">{title}{inner}</div>'


def _rows_in_html(table: Table, barred: bool) -> Iterator[str]:
    longest: dict[int, Fraction] = {}
    for row in table.rows:
        if row.bar:
            longest[row.depth] = max(longest.get(row.depth, Fraction(0)), row.bar[0] + row.bar[1])
    for row in table.rows:
        cells = "".join(
            f"<td{' class=words' if place in table.words else ''}>{_isolated(cell)}</td>"
            for place, cell in enumerate(row.cells)
        )
        bar = f'<td class="bars">{_bar(row.bar, longest.get(row.depth))}</td>' if barred else ""
        yield (
            f'<tr class="d{row.depth}"><td title="{in_html(row.name)}" '
            f'style="padding-left:{row.depth * 1.1 + 0.5:.1f}rem">{_isolated(row.about or row.name)}</td>'
            f"{bar}{cells}</tr>"
        )


def _bar(bar: tuple[Fraction, Fraction] | None, longest: Fraction | None) -> str:
    """Return what was reached and what was lost as lengths; those of one depth have one scale."""
    if bar is None or not longest:
        return ""
    reached, lost = (f"width:{float(100 * max(part, Fraction(0)) / longest):.2f}%" for part in bar)
    return f'<span class="bar"><i style="{reached}"></i><i style="{lost}"></i></span>'
