from __future__ import annotations

import csv
import io
import json
import shutil
from pathlib import Path

import pytest

from hw2gui.cli import build_parser, main
from hw2gui.seq2seq.config import Seq2SeqConfig
from hw2gui.seq2seq.models import config_of
from hw2gui.seq2seq.options import chosen
from hw2gui.training.run_folder import RunFolder

SMALL = ["--data", "toy-copy", "--limit", "120", "--hidden", "8", "--epochs", "1"]


def test_translate_prints_what_the_window_shows(run: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["translate", "hello", "--model", str(run), "--beam", "4", "--nbest", "2", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["source"] == "hello" and len(told["beams"]) == 2
    for one in (told["greedy"], *told["beams"]):
        assert {"text", "log_probability", "score", "tokens", "token_log_probabilities", "attention"} <= set(one)
        assert sum(one["token_log_probabilities"]) == one["log_probability"]
        assert len(one["tokens"]) == len(one["token_log_probabilities"]) == len(one["attention"])
        assert all(len(row) == 5 and abs(sum(row) - 1) < 1e-5 for row in one["attention"])
        assert one["text"] == "".join(token for token in one["tokens"] if token != "</s>")
    scores = [one["score"] for one in told["beams"]]
    assert scores == sorted(scores, reverse=True)


def test_translate_for_people(run: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["translate", "HELLO ش", "--model", str(run), "--beam", "2", "--nbest", "2", "--alpha", "1", "--reference", "hello"]) == 0
    out = capsys.readouterr().out
    assert out.startswith("read as: hello") and "greedy" in out and "beam 2.2" in out and "'ش'" in out and "reference" in out


def test_evaluate_prints_every_beam_size(run: Path, capsys: pytest.CaptureFixture[str]) -> None:
    line = ["evaluate", str(run), "--beam", "1,3", "--split", "validation", "--limit", "30", "--optimum"]
    assert main([*line, "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert list(told["beams"]) == ["1", "3"] and told["data"] == "toy-copy" and told["split"] == "validation"
    for row in told["beams"].values():
        assert {"error_rate", "cer", "exact_match", "n", "seconds"} <= set(row) and row["n"] == 30
        assert row["oracle_1_best" if row["beam"] == 1 else "oracle_3_best"]["error_rate"] <= row["multi_reference"]["error_rate"]
        assert row["without_known_sources"]["n"] == 30
    assert told["optimum"]["proven"] == 30
    assert main(line) == 0
    out = capsys.readouterr().out
    assert "greedy" in out and "optimum" in out


def test_evaluate_beside_another_model_and_onto_paper(run: Path, capsys: pytest.CaptureFixture[str]) -> None:
    line = ["evaluate", str(run), "--beam", "2,1", "--split", "validation", "--limit", "20", "--against", str(run)]
    assert main([*line, "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["beams"]["2"]["kept_from"] is None and told["overlap"]["total"] == 20
    assert told["against"]["changes"]["2"]["same"] == 20 and told["against"]["changes"]["1"]["difference"] == 0
    assert told["against"]["beams"]["2"]["kept_from"]
    assert main([*line, "--format", "csv"]) == 0
    rows = list(csv.reader(io.StringIO(capsys.readouterr().out)))
    assert rows[0][:2] == ["beam", "error rate"] and float(rows[2][1]) == round(told["beams"]["2"]["error_rate"], 4)
    assert main([*line, "--fresh"]) == 0
    out = capsys.readouterr().out
    assert "repairs 0 and spoils 0" in out and "decoded before" not in out


@pytest.mark.parametrize("shown", ["examples", "characters", "positions", "lengths"])
def test_evaluate_shows_where_the_errors_lie(run: Path, shown: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    line = ["evaluate", str(run), "--beam", "2", "--split", "validation", "--limit", "20", "--show", shown]
    assert main([*line, "--format", "csv"]) == 0
    rows = list(csv.reader(io.StringIO(capsys.readouterr().out)))
    assert len(rows) > 1 and (shown != "examples" or len(rows) == 21)
    assert main([*line, "--plot", str(tmp_path / "a.svg")]) == 0
    assert "<svg" in (tmp_path / "a.svg").read_text("utf-8")
    assert main([*line, "--plot", str(tmp_path / "a.gif")]) == 2


def test_train_follows_the_options_and_resumes(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "run"
    line = ["train", "seq2seq", *SMALL, "--no-attention", "--lr", "0.01", "--batch-size", "32", "--seed", "7", "--noise", "0.1", "--json"]
    assert main([*line, "--out", str(folder)]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["reason"] == "done" and told["epoch"] == 1 and {"validation_error_rate", "test_error_rate"} <= set(told)
    config = config_of(RunFolder.open(folder))
    training, model = config.training, config.model
    assert (training.learning_rate, training.batch_size, training.seed, training.epochs) == (0.01, 32, 7, 1)
    assert (model.attention, model.hidden, config.limit, config.noise, config.data) == (False, 8, 120, 0.1, "toy-copy")
    assert main(["train", "seq2seq", "--resume", "--out", str(folder)]) == 2
    assert "finished" in capsys.readouterr().err


def test_the_recipes_by_name() -> None:
    def of(*line: str) -> Seq2SeqConfig:
        return chosen(build_parser().parse_args(["train", "seq2seq", *line]))

    homework = of()
    assert homework == Seq2SeqConfig() == of("--recipe", "homework")
    assert (homework.training.epochs, homework.training.batch_size, homework.training.learning_rate) == (50, 64, 3e-3)
    assert (homework.model.hidden, homework.model.dropout, homework.model.attention, homework.training.seed) == (128, 0.3, True, 42)
    assert of("--recipe", "fast").model == homework.model and of("--recipe", "fast").training.epochs < 50
    assert of("--recipe", "best") != homework
    assert of("--recipe", "best", "--no-attention", "--seed", "1").training.seed == 1


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (["translate", ""], "empty"),
        (["translate", "a", "--beam", "0"], "beam size"),
        (["translate", "a", "--nbest", "9"], "best"),
        (["translate", "a", "--model", "nothing"], "no model 'nothing'"),
        (["translate", "a", "--prefix", "ش"], "never writes"),
        (["evaluate", "nothing"], "one of shipped, homework, ar-en,"),
        (["evaluate", "RUN", "--beam", "1,x"], "--beam"),
        (["evaluate", "RUN", "--beam", "21"], "--beam"),
        (["evaluate", "RUN", "--beam", ""], "--beam"),
        (["evaluate", "RUN", "--data", "nothing"], "no set of pairs"),
        (["evaluate", "RUN", "--limit", "0"], "--limit"),
        (["train", "seq2seq", "--recipe", "none"], "no recipe"),
        (["train", "seq2seq", "--hidden", "7"], "even"),
        (["train", "seq2seq", "--epochs", "0"], "Epochs"),
        (["train", "seq2seq", "--data", "nothing"], "no set of pairs"),
        (["train", "seq2seq", "--input-feeding", "--no-attention"], "nput feeding"),
        (["train", "seq2seq", "--resume"], "--out"),
    ],
)
def test_wrong_use_is_one_line_and_2(run: Path, line: list[str], said: str, capsys: pytest.CaptureFixture[str]) -> None:
    line = [str(run) if part == "RUN" else part for part in line]
    if line[0] == "translate" and "--model" not in line:
        line += ["--model", str(run)]
    assert main(line) == 2
    err = capsys.readouterr().err
    assert err.startswith("hw2gui: ") and err.count("\n") == 1 and said in err


def test_evaluate_still_serves_the_others(tmp_path: Path, run: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """What is no character model goes to whoever had the verb before; a beam is then wrong use."""
    RunFolder.create(tmp_path / "other", "cnn", {})
    assert main(["evaluate", str(tmp_path / "other"), "--beam", "3"]) == 2
    assert "for character models" in capsys.readouterr().err
    assert main(["evaluate", str(tmp_path / "other")]) in (1, 2)
    assert "character model" not in capsys.readouterr().err


def test_a_damaged_run_is_1(run: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(run, copy)
    (copy / "epoch-002.safetensors").write_bytes(b"nothing of the kind")
    assert main(["translate", "abc", "--model", str(copy)]) == 1
    assert "epoch-002" in capsys.readouterr().err


def test_json_and_a_table_contradict_each_other(capsys: pytest.CaptureFixture[str], home: Path) -> None:
    assert main(["evaluate", "ar-en", "--json", "--format", "csv"]) == 2
    assert "contradict each other" in capsys.readouterr().err
