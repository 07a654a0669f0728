from __future__ import annotations

import json
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from hw2gui.datasets.pairs import open_corpus
from hw2gui.errors import InputError, UnavailableError
from hw2gui.seq2seq import models, provenance
from hw2gui.seq2seq.config import Seq2SeqConfig
from hw2gui.seq2seq.models import card, config_of, epochs, is_ours, load, names
from hw2gui.seq2seq.task import Seq2SeqTask
from hw2gui.seq2seq.train import begin, train
from hw2gui.training import model_files
from hw2gui.training.metrics import read_samples
from hw2gui.training.model_files import sha256
from hw2gui.training.run_folder import RunFolder
from tests.seq2seq.conftest import CONFIG


def test_a_run_is_opened_at_every_epoch(run: Path) -> None:
    assert epochs(str(run)) == (0, 1, 2)
    chosen, first = card(str(run)), card(str(run), 1)
    assert (chosen.epoch, first.epoch) == (2, 1)
    assert chosen.network.parameters == sum(parameter.numel() for parameter in load(str(run)).translator.model.parameters())
    assert "on validation" in chosen.words and "on test" in chosen.words and "test" not in first.words
    weights = [load(str(run), epoch).translator.model.decoder.embedding.weight for epoch in (None, 2, 1)]
    assert torch.equal(weights[0], weights[1]) and not torch.equal(weights[0], weights[2])
    assert load(str(run)).version != load(str(run), 1).version
    assert is_ours(str(run)) and not is_ours("nothing of the kind")


def test_what_is_opened_is_what_was_measured(run: Path) -> None:
    """The weights on the disk give the metrics in the log, to the last digit that is written."""
    opened, corpus = load(str(run)), open_corpus("toy-copy")
    task = Seq2SeqTask(CONFIG, opened.card.alphabets, {"validation": corpus.validation[:300]})
    task.prepare(torch.device("cpu"))
    with torch.inference_mode():
        found = task.evaluate(opened.translator.model, "validation")
    measured = RunFolder.open(run).metrics()
    assert found["error_rate"] == measured.last("validation_error_rate")
    assert found["loss"] == pytest.approx(measured.last("validation_loss"), rel=1e-6)


def test_a_run_shows_samples_and_the_attention_of_each_epoch(run: Path) -> None:
    rows = read_samples(run)
    assert [(row["epoch"], row["name"]) for row in rows] == [(epoch, name) for epoch in (1, 2) for name in ("outputs", "attention")]
    one, other = (row["payload"] for row in rows if row["name"] == "attention")
    assert one["source"] == other["source"] and one["weights"] != other["weights"]


def test_a_run_knows_its_alphabets_and_its_data(run: Path) -> None:
    opened = RunFolder.open(run)
    config = config_of(opened)
    assert config.alphabets is not None and set(config.alphabets.source) == set("abcdefghijklmnopqrstuvwxyz")
    assert replace(config, alphabets=None) == CONFIG
    assert opened.header.data == {f"toy-copy ({split})": sum_ for split, sum_ in open_corpus("toy-copy").sums.items()}


def test_a_table_of_the_users_is_trained_on(tmp_path: Path) -> None:
    table = tmp_path / "mine.tsv"
    table.write_text("".join(f"{chr(97 + i % 26)}{i % 7}\t{i % 7}{chr(65 + i % 26)}\n" for i in range(60)) + "broken\n", encoding="utf-8")
    config = replace(CONFIG, data=f"table:{table}", limit=None, training=replace(CONFIG.training, epochs=1))
    opened = begin(config, tmp_path / "run")
    for _ in train(str(opened.path)):
        pass
    assert opened.state.status == "finished"
    table.write_text("a\tb\nc\td\ne\tf\n", encoding="utf-8")
    resumed = begin(config, tmp_path / "other")
    shutil.copy(opened.path / "config.json", resumed.path)
    with pytest.raises(InputError, match="not those this run was begun with"):
        list(train(str(resumed.path)))


@pytest.mark.parametrize("data", ["nothing", "kmnist", "table:/nowhere/at/all.tsv"])
def test_an_unknown_corpus_is_refused(data: str, tmp_path: Path) -> None:
    with pytest.raises((InputError, UnavailableError)):
        begin(Seq2SeqConfig(data=data), tmp_path / "run")
    assert not (tmp_path / "run").exists()


def test_what_is_no_model_is_refused(run: Path, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="there is no model 'nothing'"):
        card("nothing")
    with pytest.raises(InputError, match="no weights of epoch 7"):
        card(str(run), 7)
    RunFolder.create(tmp_path / "other", "cnn", {})
    with pytest.raises(InputError, match="no character model"):
        card(str(tmp_path / "other"))
    assert not is_ours(str(tmp_path / "other"))


def damaged(run: Path, to: Path) -> Path:
    copy = to / "copy"
    shutil.copytree(run, copy)
    return copy


def test_damaged_weights_are_refused(run: Path, tmp_path: Path) -> None:
    copy = damaged(run, tmp_path)
    file = copy / "epoch-002.safetensors"
    content = bytearray(file.read_bytes())
    content[-5] ^= 0xFF
    file.write_bytes(content)
    with pytest.raises(UnavailableError, match="damaged"):
        load(str(copy))
    file.write_bytes(content[: len(content) // 2])
    with pytest.raises(UnavailableError, match="damaged"):
        load(str(copy))


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"model": {"hidden": 18}}, InputError), ({"model": {"width": 16}}, InputError), ({"alphabets": None}, UnavailableError),
        ({"alphabets": {"source": "aa", "target": "b"}}, InputError), ({"alphabets": {"source": "abc", "target": "abc"}}, InputError),
    ],
)  # fmt: skip
def test_a_configuration_that_does_not_fit_is_refused(run: Path, tmp_path: Path, change: dict[str, object], error: type[Exception]) -> None:
    copy = damaged(run, tmp_path)
    header = json.loads((copy / "config.json").read_text(encoding="utf-8"))
    header["config"] |= change
    (copy / "config.json").write_text(json.dumps(header), encoding="utf-8")
    with pytest.raises(error):
        load(str(copy))


def test_shipped_models_open_and_say_what_they_can() -> None:
    for name in names():
        found = load(name)
        described = provenance.read(name)
        assert found.card.words == described.sentence
        assert {score.split for score in described.scores} == {"validation", "test"}
        (output,) = found.translator.greedy([found.translator.query(found.card.alphabets.source[:4])])
        assert (output.hypothesis.attention is not None) == found.card.network.attention


def test_shipped_models_that_were_changed_are_refused(run: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hw2gui.paths.resource", lambda *parts: tmp_path.joinpath(*parts))
    folder = tmp_path.joinpath(*provenance.FOLDER)
    folder.mkdir(parents=True)
    assert names() == ()
    weights = folder / "mine.safetensors"
    shutil.copy(run / "epoch-002.safetensors", weights)
    score = provenance.Score("test", 10, 1, 0.5, 0.4, 0.1)
    config = config_of(RunFolder.open(run))
    told = provenance.Provenance("mine", "Mine", config, 2, "make it", (), (score,), "", "", "float32", sha256(weights))
    (folder / "mine.json").write_text(model_files.described(told), encoding="utf-8")
    assert names() == ("mine",) and provenance.read("mine") == told
    assert card("mine").words == "Mine, LSTM 16, attention: error rate 0.500 with greedy on 10 test pairs."
    np.testing.assert_array_equal(
        load("mine").translator.model.decoder.output.bias.detach(), load(str(run), 2).translator.model.decoder.output.bias.detach()
    )
    with pytest.raises(InputError, match="holds epoch 2 alone"):
        card("mine", 1)
    shutil.copy(run / "epoch-001.safetensors", weights)
    with pytest.raises(UnavailableError, match="sha256"):
        models.card("mine")


def test_what_the_window_imports_needs_no_torch() -> None:
    modules = "vocabulary network results metrics alignment trace evaluation config recipes report_reference models provenance train"
    code = """
import importlib, sys
for name in sys.argv[1:]:
    importlib.import_module(f"hw2gui.seq2seq.{name}")
print([name for name in ("torch", "matplotlib", "scipy", "PySide6") if name in sys.modules])
"""
    names_ = [*modules.split(), "answers", "options", "commands"]
    answer = subprocess.run([sys.executable, "-c", code, *names_], capture_output=True, text=True, check=True, timeout=60)
    assert answer.stdout.strip() == "[]"


def test_what_is_shipped_is_small_and_whole() -> None:
    assert {"ar-en", "ar-en-plain", "es-en", "es-en-plain"} <= set(models.names())
    assert models.names()[0] == models.DEFAULT
    assert sum(models.weights_path(name).stat().st_size for name in models.names()) < 8_000_000
    for name in models.names():
        known = models.load(name).card  # read strictly: its sum, its network, its alphabets
        assert known.attribution and known.config.model.attention is not name.endswith("-plain")
