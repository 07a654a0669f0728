"""What each panel of the parameters tab shows, in a few sentences, with its formula."""

from __future__ import annotations

from hw2gui.widgets.help_card import Help

PANELS = {
    "Table": Help(
        "Every layer with the shape it makes and what it holds. Choose a row: its formulas stand at the right, its fields open in the "
        "stack. "
        "A tied weight is counted once.",
        r"(K_h K_w\, C_{\mathrm{in}} + 1)\, C_{\mathrm{out}} \qquad (n_{\mathrm{in}} + 1)\, n_{\mathrm{out}}",
        ("Parameter", "MACs", "Bias", "Tied weights"),
    ),
    "First network": Help("The first of the two networks that are compared, at the size chosen above.", terms=("Fully connected layer",)),
    "Second network": Help("The second of the two networks that are compared, at the size chosen above.", terms=("Fully connected layer",)),
    "Take away": Help("The table as a spreadsheet, a paper or a program takes it; the stack as PyTorch code that runs as pasted."),
    "Formulas": Help("Where each count comes from: the general formula, then today's numbers, then the result.", terms=("Parameter",)),
    "Claims": Help("What one hears about parameter counts, held against the numbers on screen.", terms=("Fully connected layer",)),
    "Growth": Help(
        "How both counts grow with one size, on logarithmic axes: a straight line is a power, its slope the exponent. Drag the marker.",
        r"n \propto s^{k} \;\Longleftrightarrow\; \log n = k \log s + c",
        ("Parameter",),
    ),
    "Matrix": Help(
        "The layer as a matrix from pixels to outputs; entries of one colour are one parameter. Step by step from a weight for every "
        "pair to "
        "one kernel for all places.",
        terms=("Convolution", "Fully connected layer", "Weight"),
    ),
    "x: inputs seen": Help("Which pixels the output cell you point at reads.", terms=("Kernel",)),
    "z: cells fed": Help("Which output cells the pixel you point at feeds.", terms=("Kernel",)),
}
