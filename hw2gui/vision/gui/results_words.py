"""The results in words: of a trial, of a cell of its matrix, of each image."""

from __future__ import annotations

import numpy as np

from hw2gui.arrays import Ints
from hw2gui.datasets.kmnist import CLASSES
from hw2gui.vision.evaluation import Evaluation
from hw2gui.vision.readings import Compared, Trial


def hovered(trial: Trial, counts: Ints, cell: tuple[int, int], *, change: bool) -> str:
    """What a cell says: how many images, or (*change*) how many more."""
    label, taken = cell
    count, images = int(counts[label, taken]), int(trial.evaluation.confusion[label].sum())
    outcome = "read rightly" if label == taken else f"taken for {CLASSES[taken].romaji}"
    if change:
        return f"{count:+,} of {images:,} images of {CLASSES[label].romaji} {outcome}, from the model to its rival."
    share = f" ({100 * count / images:.2f} %)" if images else ""
    return f"{count:,} of {images:,} images of {CLASSES[label].romaji} {outcome}{share}. Click to see them."


def told(trial: Trial) -> str:
    """The accuracy with its formula, and the most frequent mistake."""
    evaluation = trial.evaluation
    right = int(evaluation.right.sum())
    note = f"<b>{trial.note}</b> " if trial.note else ""
    wrong = evaluation.confusion * (1 - np.eye(len(CLASSES), dtype=np.int64))
    label, taken = divmod(int(wrong.argmax()), len(CLASSES))
    worst = f" Most often {CLASSES[label].romaji} is taken for {CLASSES[taken].romaji}: {int(wrong.max()):,} times." if wrong.any() else ""
    return (
        f"{note}{trial.words}: accuracy = diagonal / all = {right:,} / {len(evaluation):,} = <b>{100 * evaluation.accuracy:.2f} %</b>, "
        f"loss {evaluation.loss:.4f} nats.{worst}"
    )


def cell_title(evaluation: Evaluation, cell: tuple[int, int] | None, count: int) -> str:
    """What the *count* images of a cell (None: all mistakes) are."""
    if cell is None:
        return f"All {count:,} mistakes, the surest first" if count else "No mistake: every image is read rightly."
    label, taken = (CLASSES[which].romaji for which in cell)
    if cell[0] == cell[1]:
        return f"{count:,} images of {label} read rightly, the surest first" if count else f"No image of {label} is read rightly."
    return f"{count:,} images of {label} taken for {taken}, the surest first" if count else f"No image of {label} is taken for {taken}."


def captions(trial: Trial, shown: Ints, both: Compared | None) -> tuple[list[str], list[str], list[bool]]:
    """Of each image a caption, a sentence, and whether the model (a rival, where there is one) gets it wrong."""
    titles, words, bad = [], [], []
    for index in np.asarray(shown, dtype=np.int64):
        chances = trial.evaluation.probabilities[index]
        label, read = int(trial.evaluation.labels[index]), int(chances.argmax())
        is_, as_ = CLASSES[label].romaji, CLASSES[read].romaji
        sentence = f"Image {index}: is {is_}, read as {as_} ({chances[read]:.3f}; {is_} {chances[label]:.3f})"
        if both is None:
            titles.append(is_ if label == read else f"{is_}→{as_}")
            bad.append(label != read)
        else:
            other = both.second.probabilities[index]
            rival = int(other.argmax())
            titles.append(f"{as_}→{CLASSES[rival].romaji}")
            sentence += f"; by the second as {CLASSES[rival].romaji} ({other[rival]:.3f})"
            bad.append(label != rival)
        words.append(sentence)
    return titles, words, bad
