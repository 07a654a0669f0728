"""What the panels of the report tab show, for their help."""

from __future__ import annotations

from hw2gui.widgets.help_card import Help

PANELS = {
    "Items": Help(
        "Every claim and figure of the report, what is measured here, and a verdict computed from the seeds: the report's value agrees "
        "where one more training of ours would lie 95 times in 100. ◇ marks figures of the program's own reproduction; yours take their "
        "place.",
        r"m \pm t_{n-1}\, s \sqrt{1 + \frac{1}{n}}",
        ("Seed", "Prediction interval", "Accuracy", "Beam search"),
    ),
    "Item": Help(
        "The item in full: the claim in other words, the figures beside each other, why one misses, its formula with today's numbers. "
        "The button opens the tab that shows it; Undo there brings back what was shown before. Your note goes into the document.",
        terms=("Test, training, validation", "Standard deviation", "Learning rate", "Attention"),
    ),
    "Reproduce": Help(
        "Trains and measures what is missing in your folder, in processes of their own. Stop saves first; Reproduce then goes on, also "
        "after a crash. Quick is a small version on built-in data whose figures say nothing of the report's.",
        terms=("Epoch", "Seed"),
    ),
}
