"""What each panel of the transliteration tab shows, in a few sentences, with its formula."""

from __future__ import annotations

from hw2gui.training.gui import help as training
from hw2gui.widgets.help_card import Help

PANELS = {
    **training.PANELS,
    "The beam, step by step": Help(
        "Every beginning the search kept at each step, and those it let go. Lines lead from a beginning to what it grew into; the firm "
        "ones "
        "are what won.",
        terms=("Beam search", "Greedy search"),
    ),
    "Step": Help(
        "All candidates of one step with their log probabilities and scores, and why each was kept or let go.", terms=("Beam search",)
    ),
    "One hypothesis": Help("One output symbol by symbol: what was written, with which probability, and the sum.", terms=("Softmax",)),
    "Its attention": Help(
        "Where the decoder looked while it wrote each symbol: a row for each one written, a column for each one read; rows sum to 1.",
        r"p = \mathrm{softmax}(q^{\top} W_q\, h_i)",
        ("Bilinear attention", "Attention"),
    ),
    "By beam size": Help(
        "The error rate for each beam size, and whose the errors are: the search's where the model itself prefers the right answer.",
        r"\frac{1}{n} \sum_i \frac{\mathrm{lev}(\hat{y}_i, y_i)}{|y_i|}",
        ("Character error rate", "Levenshtein distance", "Exact match"),
    ),
    "By position": Help("How often each place in the output is wrong: do errors come at the beginning, or pile up towards the end?"),
    "By length of the source": Help("The error rate for short and long inputs: what one state has to remember grows with the length."),
    "Confusion of characters": Help(
        "Which letter is written where which was right; rows are the right letters, the last column is left out."
    ),
    "Most frequent": Help("The commonest slips: a letter for another, one too many, one left out.", terms=("Levenshtein distance",)),
    "Pairs": Help("The pairs a model learns from or is tested on, as they are after tidying."),
    "Outputs": Help("What the network writes for a few fixed pairs after each epoch of training."),
    "Attention": Help("Where the decoder looks for one fixed pair, after each epoch of training.", terms=("Attention",)),
}
