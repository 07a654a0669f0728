"""The document as one HTML file that needs nothing else: style, tables and vector figures are in it."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from html import escape

from hw2gui.report.document import TITLE, Block, Grid, Heading, Illustration, Paragraph
from hw2gui.report.drawing import caption, svg
from hw2gui.report.verdicts import Kind
from hw2gui.writers import Table

COLOURS: dict[Kind, str] = {
    "agrees": "#00694f",
    "right": "#00694f",
    "mostly": "#00694f",
    "open": "#005a8c",
    "quick": "#5a5a5a",
    "undecided": "#7a5200",
    "partly": "#7a5200",
    "slip": "#a34700",
    "differs": "#a34700",
    "wrong": "#a34700",
    "missing": "#5a5a5a",
}
"""Dark enough to be read on white (at least 5:1), told apart by the word as well."""

_STYLE = """
:root { color-scheme: light; }
body { font: 16px/1.5 Georgia, "Times New Roman", "DejaVu Serif", serif; color: #1b1b1b; background: #fff; max-width: 60rem;
  margin: 2rem auto; padding: 0 1.2rem; }
h1, h2, h3 { font-family: "Helvetica Neue", Arial, "DejaVu Sans", sans-serif; line-height: 1.2; margin: 1.6em 0 .4em; }
h1 { font-size: 1.9rem; } h2 { font-size: 1.35rem; border-bottom: 1px solid #ccc; padding-bottom: .2em; } h3 { font-size: 1.08rem; }
p { margin: .45em 0; } .lead { font-weight: bold; margin-right: .35em; }
.table { overflow-x: auto; margin: 1em 0; } table { border-collapse: collapse; font: 13px/1.4 Arial, "DejaVu Sans", sans-serif; }
caption { text-align: left; font-weight: bold; padding: .3em 0; } th, td { padding: .28em .6em; text-align: left; vertical-align: top; }
thead th { border-top: 1.5px solid #1b1b1b; border-bottom: 1px solid #1b1b1b; }
tbody tr:last-child td { border-bottom: 1.5px solid #1b1b1b; }
tbody tr + tr td { border-top: 1px solid #e3e3e3; } .number { text-align: right; font-variant-numeric: tabular-nums; }
figure { margin: 1.2em 0; page-break-inside: avoid; } figure img { max-width: 100%; height: auto; display: block; }
figcaption, .note { font-size: .86rem; color: #444; }
@media print { body { font-size: 10.5pt; margin: 0; max-width: none; } h2, h3 { page-break-after: avoid; } }
"""


def write_html(blocks: Sequence[Block]) -> str:
    """The whole file."""
    body = "\n".join(map(_block, blocks))
    return (
        f'<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n<title>{escape(TITLE)}</title>\n'
        f'<meta name="viewport" content="width=device-width, initial-scale=1">\n<style>{_STYLE}</style>\n</head>\n<body>\n{body}\n'
        "</body>\n</html>\n"
    )


def _block(block: Block) -> str:
    match block:
        case Heading(text, level, anchor):
            named = f' id="{escape(anchor)}"' if anchor else ""
            return f"<h{level}{named}>{escape(text)}</h{level}>"
        case Paragraph(text, lead, kind):
            colour = f' style="color:{COLOURS[kind]}"' if kind else ""
            bold = f'<span class="lead"{colour}>{escape(lead)}</span>' if lead else ""
            return f'<p dir="auto">{bold}{escape(text)}</p>'
        case Grid(table):
            return _table(table)
        case Illustration(drawn):
            picture = base64.b64encode(svg(drawn).encode()).decode()
            words = escape(caption(drawn))
            alt = escape(drawn.content.title if hasattr(drawn.content, "title") else drawn.caption)
            return f'<figure><img alt="{alt}" src="data:image/svg+xml;base64,{picture}"><figcaption>{words}</figcaption></figure>'


def _table(table: Table) -> str:
    sides = ['class="number"' if right else 'dir="auto"' for right in table.numeric]
    head = "".join(f'<th scope="col" {side}>{escape(cell)}</th>' for cell, side in zip(table.header, sides, strict=True))
    rows = "".join(
        "<tr>" + "".join(f"<td {side}>{escape(cell)}</td>" for cell, side in zip(row, sides, strict=True)) + "</tr>\n"
        for row in table.all_rows
    )
    notes = "".join(f'<p class="note">{escape(note)}</p>' for note in table.notes)
    return (
        f'<div class="table"><table><caption>{escape(table.title)}</caption><thead><tr>{head}</tr></thead>\n<tbody>{rows}</tbody></table>'
        f"{notes}</div>"
    )
