"""Runs of character networks: trained, opened, gone on with; tiny, on the built-in set."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from hw2gui.cli import main
from hw2gui.errors import InputError, UnavailableError
from hw2gui.jobs import Commands
from hw2gui.steps import finish
from hw2gui.training.config import TrainingConfig
from hw2gui.training.controls import Pause, Stop
from hw2gui.training.events import EpochDone, Finished, Paused
from hw2gui.training.run_folder import RunFolder
from hw2gui.vision import answers, collection, data, models, train
from hw2gui.vision.augmentation import HANDWRITING
from hw2gui.vision.config import VisionConfig
from hw2gui.vision.experiments import experiments
from hw2gui.vision.finished import config_of, finished_run
from hw2gui.vision.network import BEST, HOMEWORK, Convolution, Network
from hw2gui.vision.pen import Drawing, Stroke
from hw2gui.vision.recipes import fine_tuning

SMALL = Network((Convolution(4, 3, normalised=True), Convolution(6, 3, normalised=True), Convolution(6, 3, pooling="none")), (20,))
TINY = VisionConfig(TrainingConfig(epochs=2, batch_size=16, seed=1), network=SMALL, augmentation=HANDWRITING, data="strokes", limit=64)


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> RunFolder:
    """A finished run."""
    found = train.begin(TINY, tmp_path_factory.mktemp("runs") / "tiny")
    finish(train.train(str(found.path)))
    return found


def weights(run: RunFolder, which: int) -> dict[str, np.ndarray]:
    return dict(run.weights(which).arrays)


def test_a_finished_run_can_be_opened_at_every_epoch(run: RunFolder) -> None:
    assert models.epochs(str(run.path)) == (0, 1, 2)
    card = models.card(str(run.path))
    assert (card.config, card.epoch, card.network) == (TINY, 2, SMALL)
    assert f"trained on {data.words(TINY.data)}:" in card.words and "strokes" not in card.words
    assert "on test" in card.words
    assert "on test" not in models.words(str(run.path), 1)
    first, last = models.load(str(run.path), 0), models.load(str(run.path))
    assert first.version != last.version
    assert not np.array_equal(first.module.state_dict()["conv1.weight"], last.module.state_dict()["conv1.weight"])
    with pytest.raises(InputError, match="no weights of epoch 7"):
        models.load(str(run.path), 7)


def test_the_same_seed_gives_the_same_weights(run: RunFolder, tmp_path: Path) -> None:
    again = train.begin(TINY, tmp_path / "again")
    finish(train.train(str(again.path)))
    for name, array in weights(run, 2).items():
        np.testing.assert_array_equal(weights(again, 2)[name], array, err_msg=name)
    other = train.begin(replace(TINY, training=replace(TINY.training, seed=2)), tmp_path / "other")
    finish(train.train(str(other.path)))
    assert not np.array_equal(weights(other, 2)["conv1.weight"], weights(run, 2)["conv1.weight"])


def test_stopped_and_resumed_is_uninterrupted(run: RunFolder, tmp_path: Path) -> None:
    """In the midst of an epoch, with augmentation, dropout, normalisation and channels side by side in memory."""
    stopped = train.begin(TINY, tmp_path / "stopped")
    commands = Commands()
    commands.put(Pause())
    for event in train.train(str(stopped.path), commands):
        if isinstance(event, Paused):
            commands.put(Stop())
    assert stopped.state.status == "stopped"
    commands = Commands()
    steps = train.train(str(stopped.path), commands)
    for event in steps:
        if isinstance(event, EpochDone):
            break
    steps.close()  # as if the process were killed
    finish(train.train(str(stopped.path)))
    for name, array in weights(run, 2).items():
        np.testing.assert_array_equal(weights(stopped, 2)[name], array, err_msg=name)


def test_what_a_run_measured_is_read_by_the_experiments(run: RunFolder) -> None:
    found = finished_run("CNN", run)
    assert found
    assert len(found.validation) == 2
    assert found.config == config_of(run) == TINY
    samples = data.load("strokes", "test", 64)
    predicted = answers.classify(str(run.path), samples.images / np.float32(256)).probabilities.argmax(axis=1)
    assert found.test == pytest.approx(np.mean(predicted == samples.labels))
    started = train.begin(TINY)
    assert finished_run("CNN", started) is None
    experiment = experiments(TINY)["permutation"]
    conclusion = experiment.conclude([replace(found, label=planned.label) for planned in experiment.runs])
    assert "+0.00 points" in conclusion.sentence


def test_evaluation_of_a_permuted_run_permutes(tmp_path: Path) -> None:
    config = replace(
        TINY,
        augmentation=replace(HANDWRITING, **dict.fromkeys(("shift", "rotation", "scale", "stretch", "slant", "thickness", "bend"), 0.0)),
        permutation=3,
    )
    run = train.begin(config, tmp_path / "permuted")
    finished: Finished = finish(train.train(str(run.path)))
    found = finish(answers.evaluate(str(run.path), "strokes", limit=64))
    assert found.accuracy == pytest.approx(finished.metrics["test_accuracy"])


def test_no_run_or_another_subjects(tmp_path: Path) -> None:
    other = RunFolder.create(tmp_path / "other", "seq2seq", {})
    with pytest.raises(InputError, match="is no character network"):
        models.card(str(other.path))
    with pytest.raises(InputError, match="no model"):
        models.card(str(tmp_path))
    foreign = RunFolder.create(tmp_path / "foreign", models.TASK, {"colour": "blue"})
    with pytest.raises(InputError, match="unknown field 'colour'"):
        config_of(foreign)
    with pytest.raises(InputError):
        models.load(str(foreign.path))


def test_truncated_weights_are_refused(run: RunFolder, tmp_path: Path) -> None:
    copy = train.begin(TINY, tmp_path / "copy")
    content = run.epoch_file(1).read_bytes()
    copy.epoch_file(1).write_bytes(content[:-100])
    with pytest.raises(UnavailableError, match="is damaged"):
        models.load(str(copy.path), 1)
    copy.epoch_file(1).write_bytes(train.begin(replace(TINY, network=HOMEWORK), tmp_path / "x").path.joinpath("config.json").read_bytes())
    with pytest.raises(UnavailableError):
        models.load(str(copy.path), 1)


def test_teach_it_your_hand(tmp_path: Path) -> None:
    """A sign of one's own for "tsu", drawn a few times, is read as one after fine-tuning, and the rest is not forgotten."""
    rng = np.random.default_rng(0)

    def sign() -> Drawing:
        zigzag = np.array([[0.2, 0.2], [0.8, 0.3], [0.2, 0.4], [0.8, 0.5], [0.2, 0.6], [0.8, 0.7], [0.2, 0.8]]) + rng.normal(
            0, 0.02, (7, 2)
        )
        return Drawing((Stroke(tuple((float(x), float(y)) for x, y in zigzag), 0.05),))

    for _ in range(8):
        collection.keep(sign(), 3)
    mine = data.load("drawings", "train")
    before = finish(answers.evaluate("shipped", "drawings", "train"))
    config = fine_tuning("shipped", BEST, "strokes:150")
    run = train.begin(replace(config, training=replace(config.training, threads=1)), tmp_path / "mine")
    finish(train.train(str(run.path)))
    after = finish(answers.evaluate(str(run.path), "drawings", "train"))
    assert len(mine) == len(after)
    assert after.accuracy > before.accuracy
    assert after.accuracy >= 0.8
    assert finish(answers.evaluate(str(run.path), "strokes", limit=100)).accuracy >= 0.95


def test_the_command_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "run"
    options = "--data strokes --limit 48 --epochs 1 --batch-size 16 --seed 5 --json"
    assert main(["train", "cnn", *options.split(), "--out", str(out)]) == 0
    printed = capsys.readouterr()
    told = json.loads(printed.out)
    assert told["reason"] == "done"
    assert told["parameters"] == 420_906
    assert {"validation_accuracy", "test_accuracy"} <= set(told)
    assert printed.err.startswith("epoch 1: ")
    assert main(["train", "cnn", "--data", "strokes", "--out", str(out)]) == 2
    assert "is there already" in capsys.readouterr().err
    assert main(["train", "cnn", "--resume"]) == 2
    assert main(["train", "cnn", "--resume", "--out", str(out)]) == 2
    assert "has finished" in capsys.readouterr().err
    assert main(["evaluate", str(out), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["accuracy"] == pytest.approx(told["test_accuracy"])


def test_resuming_from_the_command_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run = train.begin(TINY, tmp_path / "run")
    commands = Commands()
    commands.put(Stop())
    finish(train.train(str(run.path), commands))
    assert run.state.status == "stopped"
    assert main(["train", "cnn", "--resume", "--out", str(run.path)]) == 0
    assert capsys.readouterr().out.startswith("done after epoch 2: ")
    assert run.state.status == "finished"
