"""Longer work of the convolution tab as jobs for the worker: generators that yield their progress and can be stopped between two steps."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass
from pathlib import Path

from hw2gui import files
from hw2gui.convolution.formula import CheckResult, check_steps
from hw2gui.convolution.matrix import ConvolutionMatrix
from hw2gui.errors import UnavailableError


@dataclass(frozen=True)
class Progress:
    """The part done, 0 to 1."""

    share: float


def check_formula(text: str) -> Generator[Progress, None, CheckResult]:
    """Compare the formula *text* with the truth on every small setting. Raises InputError for what is no formula."""
    steps = check_steps(text)
    while True:
        try:
            yield Progress(next(steps))
        except StopIteration as finished:
            result: CheckResult = finished.value
            return result


def save_matrix(matrix: ConvolutionMatrix, path: str) -> int:
    """Write *matrix* to *path* as ``scipy.sparse.load_npz`` reads it, whole or not at all, and answer the number of stored entries.

    Raises :class:`UnavailableError` for a matrix too large to be listed and for a file that cannot be written.
    """
    from scipy.sparse import save_npz

    sparse = matrix.sparse()
    target = Path(path)
    try:
        with files.replacing(target) as temporary:
            save_npz(temporary, sparse)
    except OSError as error:
        raise UnavailableError(f"{target} cannot be written ({error.strerror}): choose another place.") from error
    return int(sparse.nnz)
