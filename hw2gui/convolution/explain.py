"""The cell under the pointer in words and numbers, as HTML for the inspector: the general formula, today's numbers, the sum of products."""

from __future__ import annotations

from html import escape

from hw2gui.arrays import Floats
from hw2gui.colour import Scale
from hw2gui.convolution.entry import FormulaLine, describe_entry, format_number
from hw2gui.convolution.links import Probe
from hw2gui.convolution.scene import Scene
from hw2gui.convolution.window import Products, products

MOST_PRODUCTS = 81
"""A window of more products than this is summed up, not listed."""

MOST_COLUMNS = 9

TINT = 0.42
"""The part of the colour map, from its middle, that lies under text."""

IDLE = (
    "<b>Point at any cell</b> of x, w, z or M: its partners light up in the other views and its formula appears here. "
    "Click to pin it; arrow keys walk, Esc lets go."
)


def explain(scene: Scene, probe: Probe | None, *, dark: bool = False) -> str:
    """What the cell *probe* is and how it comes about, for a light screen or a *dark* one."""
    if probe is None:
        return f"<p>{IDLE}</p>{_stripes(scene)}"
    if probe.view == "matrix":
        return _entry(scene, probe.row, probe.column)
    if probe.view == "output":
        return _output(scene, probe.row, probe.column, dark)
    if probe.view == "image":
        return _pixel(scene, probe.row, probe.column)
    return _weight(scene, probe.row, probe.column)


def _stripes(scene: Scene) -> str:
    """Why M looks as it does: what a row of it is, where its stripes come from and how far they lie apart."""
    geometry, (height, width) = scene.geometry, scene.geometry.kernel_shape
    by_rows = geometry.order == "row"
    line, beside = ("row", "below") if by_rows else ("column", "to the right")
    stripes, entries = (height, geometry.width) if by_rows else (width, geometry.height)
    steps = geometry.dilation
    apart = f"{steps}·{entries:,} = {steps * entries:,}" if steps > 1 else f"{entries:,}"
    pixel = f"{steps} pixels" if steps > 1 else "the pixel"
    why = (
        f"<b>Why stripes?</b> Each {line} of w makes one: {stripes} of them, {apart} columns apart, for in vec(x) {pixel} {beside} "
        f"{'come' if steps > 1 else 'comes'} so many entries later."
        if stripes > 1
        else f"<b>Why one stripe?</b> w has a single {line}."
    )
    return (
        f"<p>Row i of M makes entry i of vec(z). Of its {geometry.matrix_columns:,} entries at most {scene.kernel.size:,} lie inside the "
        f"kernel; all others are 0.</p><p>{why} Thin lines part M into blocks, one for each {line} of z (down) and of x (across).</p>"
    )


def _entry(scene: Scene, i: int, j: int) -> str:
    entry = scene.matrix.entry(i, j)
    description = describe_entry(entry, scene.geometry, scene.base)
    b = scene.base
    value = format_number(entry.value)
    lines = "".join(_line(line) for line in description.lines)
    return (
        f"<p><b>M({i + b}, {j + b}) = {value}</b> &nbsp;<i>how z({entry.alpha + b}, {entry.beta + b}) uses "
        f"x({entry.gamma + b}, {entry.delta + b})</i></p><table cellspacing='0' cellpadding='1'>{lines}</table>"
        f"<p>{escape(description.formula)}<br><b>{escape(description.verdict)}</b></p>"
    )


def _line(line: FormulaLine) -> str:
    return (
        f"<tr style='white-space: nowrap; font-size: 11px'><td><i>{escape(line.symbol)}</i></td><td> = {escape(line.general)}</td>"
        f"<td> = {escape(line.numbers)}</td><td> = <b>{escape(line.value)}</b></td></tr>"
    )


def _output(scene: Scene, alpha: int, beta: int, dark: bool) -> str:
    b, geometry = scene.base, scene.geometry
    terms = products(scene.image, scene.kernel, geometry, alpha, beta)
    row = geometry.row_of_output(alpha, beta)
    padding = geometry.padding
    place = (
        _place("m", geometry.stride, alpha, geometry.dilation, padding.top, b),
        _place("n", geometry.stride, beta, geometry.dilation, padding.left, b),
    )
    head = (
        f"<p><b>z({alpha + b}, {beta + b}) = {format_number(terms.total)}</b> &nbsp;<i>entry {row + b} of vec(z): "
        f"row {row + b} of M times vec(x)</i></p>"
        f"<p>z({alpha + b}, {beta + b}) = Σ<sub>m</sub> Σ<sub>n</sub> w(m, n) · x({place[0]}, {place[1]})</p>"
    )
    return head + _products_table(terms, b, dark) + _sum(terms)


def _place(symbol: str, stride: int, cell: int, dilation: int, padding: int, base: int) -> str:
    """Where the window of output *cell* reads with kernel index *symbol*: s·cell − p + d·(symbol − base) + base."""
    start = stride * cell - padding + base
    tap = symbol if dilation == 1 else f"{dilation}({symbol}−1)" if base else f"{dilation}{symbol}"
    offset = start - base if dilation == 1 else start
    sign = "+" if offset >= 0 else "−"
    return f"{tap} {sign} {abs(offset)}" if offset else tap


def _products_table(terms: Products, base: int, dark: bool) -> str:
    """Weight · pixel, laid as the kernel lies on the image, on a ground as blue or red as the product is far below or above 0."""
    if terms.products.size > MOST_PRODUCTS or terms.products.shape[1] > MOST_COLUMNS:
        return f"<p><i>{terms.products.size} products, {int(terms.inside.sum())} of them on pixels (too many to list)</i></p>"
    small = " style='font-size:small'"
    names = "".join(f"<td align='center'{small}><i>{column + base}</i></td>" for column in terms.columns.tolist())
    rows = [f"<tr><td></td>{names}</tr>"]
    grounds = _tints(terms.products, dark)
    for r, at in enumerate(terms.rows.tolist()):
        cells = []
        for c in range(len(terms.columns)):
            if not terms.inside[r, c]:
                cells.append(f"<td align='center'{small}>pad</td>")
                continue
            weight, pixel = format_short(float(terms.weights[r, c])), format_short(float(terms.patch[r, c]))
            cells.append(f"<td align='center' bgcolor='{grounds[r][c]}'{small}>{weight}·{pixel}</td>")
        rows.append(f"<tr><td align='right'{small}><i>{at + base}</i></td>{''.join(cells)}</tr>")
    return f"<table cellspacing='0' cellpadding='3'>{''.join(rows)}</table>"


def _tints(values: Floats, dark: bool) -> list[list[str]]:
    """A colour #rrggbb for each of *values* (rows, columns): the diverging map's quiet middle part, on which text is easy to read."""
    scale = Scale.diverging(values)
    quiet = Scale("diverging", scale.low / TINT, scale.high / TINT)
    return [[f"#{colour & 0xFFFFFF:06x}" for colour in row] for row in quiet.colours(values, dark).tolist()]


def _sum(terms: Products) -> str:
    parts = [float(value) for value in terms.products.reshape(-1) if value]
    if not parts:
        return "<p>Every product is 0, and so is the sum.</p>"
    shown = " ".join(
        (("+ " if value >= 0 else "− ") if index else ("" if value >= 0 else "−")) + format_short(abs(value))
        for index, value in enumerate(parts[:24])
    )
    more = f" + … ({len(parts) - 24} more)" if len(parts) > 24 else ""
    return f"<p>= {shown}{more}<br>= <b>{format_number(terms.total)}</b></p>"


def _pixel(scene: Scene, gamma: int, delta: int) -> str:
    b, geometry = scene.base, scene.geometry
    column = geometry.column_of_pixel(gamma, delta)
    rows, values = scene.matrix.column(column)
    uses = len(rows)
    first = [(*geometry.output_index(int(row)), format_short(float(value))) for row, value in list(zip(rows, values, strict=True))[:12]]
    # A line does not end within a pair.
    listed = ", ".join(f"z({alpha + b},&nbsp;{beta + b})&nbsp;×&nbsp;{weight}" for alpha, beta, weight in first)
    tail = f", … ({uses - 12} more)" if uses > 12 else ""
    fate = "No window reads it: z does not depend on it."
    if uses:
        fate = f"It is used by <b>{uses}</b> output cell{'s' if uses != 1 else ''}: {listed}{tail}."
    return (
        f"<p><b>x({gamma + b}, {delta + b}) = {format_number(float(scene.image[gamma, delta]))}</b> &nbsp;<i>entry {column + b} of vec(x): "
        f"column {column + b} of M</i></p><p>{fate}</p>"
        f"<p>Column {column + b} of M is ∂vec(z)/∂x({gamma + b}, {delta + b}): how all of z moves with this pixel.</p>"
    )


def _weight(scene: Scene, m: int, n: int) -> str:
    b, geometry = scene.base, scene.geometry
    slow, fast = (m, n) if geometry.order == "row" else (n, m)
    places = int(scene.matrix.slow.hits()[slow] * scene.matrix.fast.hits()[fast])
    rows, columns = scene.matrix.shape
    return (
        f"<p><b>w({m + b}, {n + b}) = {format_number(float(scene.kernel[m, n]))}</b> &nbsp;<i>one of {scene.kernel.size} weights</i></p>"
        f"<p>It stands <b>{places:,}</b> times in M ({rows:,}×{columns:,}): once for every output cell whose window puts it on a pixel. "
        "One parameter, many connections: that is weight sharing.</p>"
    )


def format_short(value: float) -> str:
    """Three significant digits, for tables of products."""
    text = f"{value:.3g}" if abs(value) < 1e4 else f"{value:.2e}"
    return text.replace("-", "−")
