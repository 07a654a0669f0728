"""What each panel of the convolution tab shows, in a few sentences, with its formula."""

from __future__ import annotations

from hw2gui.widgets.help_card import Help

PANELS = {
    "x": Help(
        "The image, pixel by pixel, in grey levels from 0 to 1. Point at a pixel: its column of M and every output that uses it light up. "
        "With Paint on, the mouse draws.",
        terms=("vec", "Padding"),
    ),
    "w": Help(
        "The weights that slide over the image. Click a cell and type to change one; all weights at once come from the presets.",
        terms=("Kernel", "Weight"),
    ),
    "z": Help(
        "What comes out: each cell is the sum of products under the kernel. Point at one to see its window on x and its row of M.",
        r"z_{\alpha\beta} = \sum_{m,n} w_{mn}\, x_{s(\alpha-1)+m,\; s(\beta-1)+n}",
        ("Convolution", "Stride", "Dilation"),
    ),
    "M": Help(
        "The matrix that does the same work as the kernel: one row for each output, one column for each pixel, the same few weights "
        "again and "
        "again along diagonals. Nothing of it is stored; every visible entry comes from its formula. The wheel zooms.",
        r"\mathrm{vec}(z) = M\, \mathrm{vec}(x)",
        ("Toeplitz", "Doubly block Toeplitz", "Jacobian"),
    ),
    "This cell": Help("The cell you point at: where it comes from in general, and with today's numbers."),
    "P": Help(
        "How much each pixel (a row) takes from each other (a column): every row sums to 1. Pixels of one grey level have "
        "equal rows. Shown relative to the uniform 1/HW, or as scores and exponentials. T is 1 in the homework.",
        r"P_{ij} = \frac{e^{x^{\prime}_i x^{\prime}_j / T}}{\sum_k e^{x^{\prime}_i x^{\prime}_k / T}}",
        ("Attention", "Softmax", "Temperature"),
    ),
    "row i": Help(
        "The row of P of one pixel, painted as an image: how much that pixel takes from every other, in units of the uniform weight 1/HW.",
        r"P_{ij} = \frac{e^{x^{\prime}_i x^{\prime}_j / T}}{\sum_k e^{x^{\prime}_i x^{\prime}_k / T}}",
        ("Attention", "Softmax", "Temperature"),
    ),
    "Z": Help(
        "What attention makes of the image. Each pixel goes through one rising curve, which the grey levels of all make together.",
        r"Z_i = g(x^{\prime}_i),\qquad g(t) = T \frac{d}{dt} \log \sum_k e^{t\, x^{\prime}_k / T}",
        ("Attention",),
    ),
}
