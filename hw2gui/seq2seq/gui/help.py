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
    "What is read": Help(
        "The text as the model reads it, symbol by symbol, and everything that was done to it before: accents, letters it does not know, "
        "what was cut off."
    ),
    "Greedy": Help(
        "What is written when the likeliest symbol is taken at every step, or what you chose to stand beside the beam. Below it, where the "
        "decoder looked while it wrote.",
        terms=("Greedy search", "Attention"),
    ),
    "Beam": Help(
        "The output chosen among the n best of the beam, with where the decoder looked. Click a cell to keep it lit, or move the "
        "attention.",
        r"p = \mathrm{softmax}(q^{\top} W_q\, h_i)",
        ("Beam search", "Bilinear attention"),
    ),
    "The n best": Help(
        "The best outputs the beam found, with their log probabilities and scores. Choose one to look at.", terms=("Beam search",)
    ),
    "What it comes to": Help(
        "Where greedy and beam part, and, if you say what is right, whose error it is: the search's, or the model's.",
        terms=("Greedy search", "Levenshtein distance"),
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
    "Scores": Help(
        "What each beam size reaches on these pairs; ★: the least error rate. Choose a row: everything below looks at that beam.",
        terms=("Error rate", "Character error rate", "Exact match", "Beam search"),
    ),
    "By beam size": Help(
        "What a wider beam gives and what it costs, from the same decoding: the error rate (dashed: of whichever of the n "
        "best is nearest to the reference), the mean log probability of what is found, the time, and the length beside the references'.",
        r"\frac{1}{n} \sum_i \frac{\mathrm{lev}(\hat{y}_i, y_i)}{|y_i|}",
        ("Error rate", "Levenshtein distance", "Exact match"),
    ),
    "By position": Help(
        "Of the references that reach a position, the share whose letter there was replaced, left out, or had one inserted before it: "
        "do errors come at the beginning, or pile up towards the end?"
    ),
    "By length of the source": Help(
        "The error rate for short and long inputs, with a band of one standard error: the longer the input, the more one state "
        "has to remember; attention looks back instead. Measure a model with it beside one without."
    ),
    "Confusion of characters": Help(
        "Which letter is written in place of which. Rows are the references' letters, columns the outputs'; row ∅ is inserted, "
        "column ∅ left out. Colour is the share of the row; a click shows the examples."
    ),
    "Most frequent": Help("The commonest slips: a letter for another, one too many, one left out.", terms=("Levenshtein distance",)),
    "Pairs": Help("The pairs a model learns from or is tested on, as they are after tidying."),
    "About the set": Help(
        "Where the pairs are from, whom to thank, how many there are and of what letters; below, how many training pairs have a source, "
        "and a target, of each length. The sums say whether two computers have the same pairs.",
        terms=("Test, training, validation", "Vocabulary"),
    ),
    "Outputs": Help("What the network writes for a few fixed pairs after each epoch of training."),
    "Attention": Help("Where the decoder looks for one fixed pair, after each epoch of training.", terms=("Attention",)),
}
