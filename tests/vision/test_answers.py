"""What the window asks the worker, as jobs, with the shipped model and the built-in set."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from hw2gui.datasets import strokes
from hw2gui.errors import InputError
from hw2gui.jobs.inline import InlineRunner
from hw2gui.jobs.job import Failure, Job
from hw2gui.vision import answers, models
from hw2gui.vision.network import BEST
from hw2gui.vision.results import Progress
from hw2gui.vision.strip import AMOUNTS

IMAGES, LABELS = strokes.generate(40, strokes.SPLITS["test"][0])
PICTURE = IMAGES[0].astype(np.float32) / np.float32(256)


def ask(function: str, **arguments: Any) -> Any:
    """The result of a job, run as every job is; its events must be progress that grows."""
    done: list[Any] = []
    failed: list[Failure] = []
    events: list[Progress] = []
    job = Job(f"hw2gui.vision.answers:{function}", arguments)
    InlineRunner().submit(job, on_done=done.append, on_error=failed.append, on_event=events.append)
    if failed:
        raise failed[0]
    assert [event.share for event in events] == sorted(event.share for event in events)
    return done[0]


def test_classify_and_inside_agree() -> None:
    inside = ask("inside", model="shipped", picture=PICTURE)
    probabilities = ask("classify", model="shipped", pictures=PICTURE[None]).probabilities
    np.testing.assert_allclose(probabilities[0], inside.probabilities, atol=1e-5)
    assert inside.predicted == LABELS[0]
    assert inside.network == BEST


def test_weights() -> None:
    weights, bias = ask("weights", model="shipped", stage="conv1")
    assert (weights.shape, bias.shape) == ((24, 1, 5, 5), (24,))
    with pytest.raises(InputError, match="relu1 has no filters"):
        ask("weights", model="shipped", stage="relu1")


def test_what_it_depends_on() -> None:
    saliency = ask("saliency", model="shipped", picture=PICTURE, label=int(LABELS[0]))
    occlusion = ask("occlusion", model="shipped", picture=PICTURE, label=int(LABELS[0]))
    assert saliency.values.shape == occlusion.values.shape == (28, 28)
    assert "slope" in saliency.note
    assert "blanked" in occlusion.note


def test_top_images_and_neighbours() -> None:
    top = ask("top_images", model="shipped", stage="relu5", name="strokes", limit=60)
    assert top.indices.shape == (96, 9)
    assert top.indices.max() < 60
    training = strokes.generate(80, strokes.SPLITS["train"][0])[0]
    near = ask("nearest_by_pixels", picture=training[11] / np.float32(256), name="strokes", limit=80)
    assert near.indices[0] == 11
    alike = ask("nearest_by_features", model="shipped", picture=training[11] / np.float32(256), name="strokes", limit=80)
    again = ask("nearest_by_features", model="shipped", picture=training[11] / np.float32(256), name="strokes", limit=80)
    assert alike.indices[0] == 11
    np.testing.assert_array_equal(alike.indices, again.indices)


def test_evaluation_and_robustness() -> None:
    found = ask("evaluate", model="shipped", name="strokes", limit=40)
    assert len(found) == 40
    assert found.accuracy > 0.9
    curve = ask("robustness", model="shipped", change="right", name="strokes", limit=40)
    assert curve.amounts == AMOUNTS["right"]
    assert curve.unchanged == pytest.approx(found.accuracy)


def test_onnx(tmp_path: Path) -> None:
    ask("export_onnx", model="shipped", path=str(tmp_path / "model.onnx"))
    weights = models.load("shipped").module.state_dict()["dense1.weight"].numpy()
    assert weights.tobytes() in (tmp_path / "model.onnx").read_bytes()


def test_a_model_that_changes_is_opened_again(monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[str] = []
    loaded = models.load("shipped")
    monkeypatch.setattr(models, "load", lambda model, epoch: opened.append(model) or loaded)
    versions = iter(["a", "a", "b"])
    monkeypatch.setattr(models, "version", lambda model, epoch: next(versions))
    for _ in range(3):
        answers.classify("shipped", PICTURE[None])
    assert len(opened) == 2
