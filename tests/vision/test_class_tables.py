"""The results as tables."""

from __future__ import annotations

import csv
import io

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from hw2gui.datasets.kmnist import CLASSES
from hw2gui.vision.evaluation import Evaluation
from hw2gui.vision.tables import class_table, confusion_table
from hw2gui.writers import write


def _evaluation(pairs: list[tuple[int, int]]) -> Evaluation:
    """Images of a class, each surely taken for another."""
    labels = np.array([label for label, _ in pairs])
    return Evaluation(np.eye(10, dtype=np.float32)[[taken for _, taken in pairs]], labels)


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), min_size=1, max_size=60))
def test_recall_and_precision_are_counted(pairs: list[tuple[int, int]]) -> None:
    table = class_table(_evaluation(pairs), "t", plain=True)
    for label, line in enumerate(table.rows):
        images = [taken for each, taken in pairs if each == label]
        taken = [each for each, as_ in pairs if as_ == label]
        right = images.count(label)
        assert line[:3] == (CLASSES[label].romaji, str(len(images)), str(right))
        assert line[3] == (f"{right / len(images):.6f}" if images else "")
        assert line[5] == (f"{right / len(taken):.6f}" if taken else "")
    assert table.footer[1] == str(len(pairs))
    assert table.footer[2] == str(sum(label == taken for label, taken in pairs))


def test_the_most_frequent_mistake_is_named() -> None:
    table = class_table(_evaluation([(2, 3), (2, 3), (2, 4), (2, 2), (5, 5)]), "t")
    assert table.rows[2][-1] == "tsu (2)"
    assert table.rows[5][-1] == ""
    assert table.rows[0][3] == "–"


def test_the_confusion_matrix_is_read_back() -> None:
    evaluation = _evaluation([(2, 3), (2, 3), (9, 0), (5, 5)])
    rows = list(csv.reader(io.StringIO(write(confusion_table(evaluation, "t", plain=True), "csv"))))
    assert rows[0] == ["is", *(character.romaji for character in CLASSES)]
    np.testing.assert_array_equal(np.array([line[1:] for line in rows[1:]], dtype=int), evaluation.confusion)
    assert "\\begin{tabular}" in write(confusion_table(evaluation, "t"), "latex")
    assert write(class_table(evaluation, "t"), "markdown").count("\n| ") >= 11
