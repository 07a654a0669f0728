"""What the panels of a training room show, for the help of every tab that has one."""

from __future__ import annotations

from hw2gui.widgets.help_card import Help

PANELS = {
    "Settings of the next run": Help(
        "How the next run is trained. Start it and go on using the program: it runs in a process of its own and survives a crash.",
        terms=("Learning rate", "Batch", "Epoch", "Adam", "Dropout"),
    ),
    "Loss": Help(
        "How wrong the network is, step by step. The faint line is single batches, the firm one their mean, the dashed one images or "
        "words it "
        "does not learn from. Falling training loss with rising validation loss is overfitting.",
        r"L = -\log p(y \mid x)",
        ("Cross-entropy", "Test, training, validation"),
    ),
    "Charts": Help(
        "The same run seen otherwise: how well it does after each epoch, how large its steps are.", terms=("Accuracy", "Gradient")
    ),
    "Sweep": Help(
        "Every combination of the values you name is trained with every seed; whatever is not named stays as it is set at the left. "
        "Stopped or killed, it goes on with Start: what has finished is not run again.",
        r"\mathrm{runs} = \prod_i n_i \cdot \mathrm{seeds}",
        ("Learning rate", "Batch"),
    ),
    "Cells": Help(
        "A row for each combination, with the mean and the spread of its seeds. The best is chosen by the validation data alone; only of "
        "that one is the test score told. Click a row to see its runs.",
        r"s = \sqrt{\frac{1}{n-1}\sum_i (x_i - \bar{x})^2}",
        ("Test, training, validation",),
    ),
    "Runs": Help(
        "Every run there is, with its settings and how well it did. Choose some to lay their curves over each other, or to go on. "
        "Trash makes room: epochs nobody needs any more go there, and come back."
    ),
}
