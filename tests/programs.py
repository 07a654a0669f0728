"""Running a program as a reader who pastes it would."""

from __future__ import annotations

from typing import Any


def run(source: str) -> dict[str, Any]:
    """The names it leaves behind. What it sets for its whole process (gradients off) is set back."""
    import torch

    names: dict[str, Any] = {}
    with torch.set_grad_enabled(True):
        exec(compile(source, "<pasted>", "exec"), names)
    return names
