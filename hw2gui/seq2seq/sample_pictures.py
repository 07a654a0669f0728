"""What was shown of a model while it trained, as files: drawn in the worker."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from hw2gui.figures import save
from hw2gui.seq2seq import figures


def save_attention(payload: dict[str, Any], epoch: int, path: str) -> None:
    """The attention of the fixed pair after *epoch*. InputError and UnavailableError as `hw2gui.figures.save`."""
    title = f"Attention after epoch {epoch}; the reference is {payload['reference']}."
    figure = figures.attention_figure(np.array(payload["weights"]), list(payload["source"]), payload["output"], title)
    save(figure, Path(path))
