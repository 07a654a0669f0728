"""``hw2gui params`` from the shell's side."""

import argparse
import csv
import io
import json
import subprocess
import sys
from pathlib import Path

import pytest

from hw2gui.errors import InputError, UnavailableError
from hw2gui.parameters.commands import register
from hw2gui.parameters.presets import PRESETS, cnn
from hw2gui.parameters.toml_io import from_toml, read_toml, to_toml

ROOT = Path(__file__).parents[2]


def params(*words):
    parser = argparse.ArgumentParser()
    register(parser.add_subparsers())
    arguments = parser.parse_args(["params", *map(str, words)])
    return arguments.run(arguments)


@pytest.fixture
def printed(capsys):
    def run(*words):
        assert params(*words) == 0
        return capsys.readouterr().out

    return run


def refused(*words):
    with pytest.raises(InputError) as caught:
        params(*words)
    assert "\n" not in str(caught.value)
    return str(caught.value)


def test_question_1_as_the_homework_counts(printed):
    data = json.loads(printed("question1", "--input", "1x28x28", "--kernel", "5x5", "--no-bias", "--json"))
    assert (data["total_parameters"], data["fully_connected_twin"]["total_parameters"]) == (457, 113_328)
    assert data["layers"][0].keys() >= {"name", "kind", "output_shape", "parameters", "macs", "formula"}
    assert data["layers"][0].keys() == data["fully_connected_twin"]["layers"][0].keys()
    assert [layer["output_shape"] for layer in data["layers"]] == [[1, 24, 24], [1, 24, 24], [1, 12, 12], [144], [3]]


def test_question_1_defaults_count_biases_too(printed):
    data = json.loads(printed("question1", "--format", "json"))
    assert (data["total_parameters"], data["fully_connected_twin"]["total_parameters"]) == (461, 113_475)
    assert sum(layer["weights"] for layer in data["layers"]) == 457
    assert "113,328 against 457" in printed("question1")  # as the homework counts, also where that was not asked for
    text = printed("question1", "--no-bias")
    assert "113,328 against 457" in text


def test_the_cnn_and_seq2seq(printed):
    data = json.loads(printed("cnn", "--json"))
    assert data["total_parameters"] == data["trainable_parameters"] == 420_906
    with_attention, without = (json.loads(printed("seq2seq", *more, "--json")) for more in ((), ("--no-attention",)))
    assert with_attention["total_parameters"] - without["total_parameters"] == 128 * 128 + 256 * 128 + 128
    assert "fully_connected_twin" not in without
    sized = json.loads(printed("seq2seq", "--vocabulary", "30x40", "--hidden", 64, "--input", 9, "--target-length", 7, "--json"))
    assert sized["input_shape"] == [9]
    assert sized["layers"][-1]["output_shape"] == [7, 40]


def test_sizes_can_be_given(printed):
    data = json.loads(printed("question1", "--input", "17x20", "--kernel", "3x6", "--classes", 7, "--no-bias", "--json"))
    assert data["total_parameters"] == 18 + 7 * 7 * 7
    assert json.loads(printed("cnn", "--input", "3x32x32", "--classes", 5, "--json"))["layers"][-1]["output_shape"] == [5]
    assert json.loads(printed("lenet5", "--input", "1x40x40", "--json"))["input_shape"] == [1, 40, 40]
    assert (
        json.loads(printed("cnn", "--batch", 64, "--json"))["activation_bytes"]
        == 64 * json.loads(printed("cnn", "--json"))["activation_bytes"]
    )


@pytest.mark.parametrize("form", ["table", "csv", "markdown", "latex"])
def test_formats(printed, form):
    text = printed("question1", "--format", form, "--formulas") if form != "table" else printed("question1")
    assert "conv1" in text
    assert ("113475" if form == "csv" else "113,475") in text


def test_csv_is_one_table(printed):
    lines = list(csv.reader(io.StringIO(printed("question1", "--format", "csv"))))
    assert len({len(line) for line in lines}) == 1
    assert lines[0][:2] == ["network", "layer"]


def test_formulas_are_opened(printed):
    text = printed("seq2seq", "--formulas")
    assert "forget gate (f): h·d + h·h = 128·128 + 128·128 = 32,768" in text
    assert "PyTorch keeps two bias vectors a gate" in text
    assert "= 289,442" in text.splitlines()[-1]


def test_a_toml_file_is_counted_like_its_preset(printed, tmp_path):
    path = tmp_path / "mine.toml"
    path.write_text(printed("cnn", "--toml"), encoding="utf-8")
    assert json.loads(printed(path, "--json"))["layers"] == json.loads(printed("cnn", "--json"))["layers"]
    assert "28 × 28" not in printed(path, "--input", "1x32x32")
    assert from_toml(printed("cnn", "--toml")) == cnn()


def test_code_runs(printed, capsys):
    exec(printed("question1", "--no-bias", "--code"), {"__name__": "__main__"})
    assert capsys.readouterr().out == "457 parameters, output (1, 3)\n"


def test_verify(printed):
    assert "agrees: 420,906 parameters" in printed("cnn", "--verify")
    data = json.loads(printed("seq2seq", "--verify", "--json"))
    assert data["agrees"] is True
    assert data["torch_parameters"] == 289_442


def test_a_disagreement_is_a_failure(monkeypatch, capsys):
    import dataclasses

    from hw2gui.parameters import verify

    honest = verify.verify
    monkeypatch.setattr(verify, "verify", lambda *given: dataclasses.replace(honest(*given), torch_parameters=1))
    assert params("cnn", "--verify") == 1
    assert "counts 1 parameters" in capsys.readouterr().out


def test_growth_and_ladder(printed, tmp_path):
    text = printed("cnn", "--against", "side", "--quantity", "macs")
    assert "Break-even between 19 and 20." in text
    data = json.loads(printed("question1", "--against", "side", "--range", "28-28", "--no-bias", "--json"))
    assert [curve["parameters"] for curve in data] == [[457], [113_328]]
    assert len(printed("seq2seq", "--against", "hidden", "--format", "csv").splitlines()[0].split(",")) == 2
    assert "451,584" in printed("question1", "--ladder")
    assert "451584" in printed("question1", "--ladder", "--format", "csv")


def test_plots(printed, tmp_path):
    for name, more in (("bars.svg", ()), ("growth.pdf", ("--against", "channels"))):
        path = tmp_path / name
        assert printed("cnn", *more, "--plot", path).strip() == str(path)
        assert path.stat().st_size > 2000


def test_absurd_sizes_are_counted_exactly(printed):
    data = json.loads(printed("question1", "--input", "1000000000x1000000000", "--no-bias", "--json"))
    pooled = (10**9 - 4) // 2
    assert data["total_parameters"] == 25 + 3 * pooled**2
    assert data["fully_connected_twin"]["total_parameters"] == (10**18 + 3) * pooled**2


def test_presets_are_listed(printed):
    text = printed("--presets")
    assert all(key in text for key in PRESETS)


@pytest.mark.parametrize(
    ("words", "part"),
    [
        ((), "name a network"),
        (("nosuch",), "neither a network nor a file"),
        (("question1", "--input", "4x4"), "conv1 (Conv2d) has a 5×5 kernel for an image of 4×4"),
        (("question1", "--input", "5x5"), "pool1 (MaxPool2d)"),
        (("question1", "--input", "1x28"), "image of 1×28"),
        (("question1", "--input", "28"), "--input is '28'"),
        (("question1", "--input", "0x28x28"), "--input"),
        (("question1", "--input=-1x28x28"), "--input"),
        (("question1", "--input", "1x2.5x28"), "--input"),
        (("question1", "--input", "1x28x99999999999"), "--input"),
        (("question1", "--kernel", "axb"), "--kernel is 'axb'"),
        (("question1", "--classes", "0"), "--classes"),
        (("question1", "--batch", "0"), "--batch"),
        (("cnn", "--kernel", "3x3"), "--kernel is for question1"),
        (("cnn", "--no-attention"), "--attention is for seq2seq"),
        (("lenet5", "--classes", "3"), "--classes is for question1 and cnn"),
        (("seq2seq", "--vocabulary", "1x2x3"), "--vocabulary"),
        (("seq2seq", "--hidden", "127"), "--hidden is 127: give an even number, half for each direction"),
        (("seq2seq", "--against", "kernel"), "no convolution"),
        (("seq2seq", "--ladder"), "no convolution"),
        (("cnn", "--against", "side", "--range", "9"), "--range"),
        (("cnn", "--against", "side", "--range", "9-4"), "axis"),
        (("cnn", "--plot", "figure.bmp"), ".png"),
        (("cnn", "--plot", ""), "--plot names no file"),
        (("cnn", "--code", "--json"), "--code and --toml"),
        (("",), "name a network"),
        ((".",), ". is a folder"),
    ],
)
def test_wrong_use_is_one_sentence_with_the_mend(words, part):
    assert part in refused(*words)


def test_a_broken_file_is_named(tmp_path):
    path = tmp_path / "broken.toml"
    path.write_text(to_toml(cnn()).replace("kernel_size = [5, 5]", "kernel_size = [5, 0]"), encoding="utf-8")
    assert refused(path).startswith("broken.toml: layer 1: Conv2d: kernel_size is [5, 0]")
    path.write_text(to_toml(cnn()).replace("1, 28, 28", "1, 6, 6"), encoding="utf-8")
    assert "pool2 (MaxPool2d)" in refused(path, "--code") + refused(path)
    assert refused(tmp_path).endswith("is a folder; give the TOML file of a network.")
    with pytest.raises(UnavailableError):
        read_toml(tmp_path)


def test_counting_needs_no_torch_no_qt_no_matplotlib():
    code = (
        "import sys, argparse\n"
        "from hw2gui.parameters.commands import register\n"
        "assert not {'numpy', 'torch', 'matplotlib'} & set(sys.modules)\n"
        "parser = argparse.ArgumentParser(); register(parser.add_subparsers())\n"
        "for words in (['cnn', '--json'], ['cnn', '--code'], ['question1', '--against', 'side']):\n"
        "    arguments = parser.parse_args(['params', *words]); assert arguments.run(arguments) == 0\n"
        "assert not {'torch', 'PySide6', 'matplotlib'} & set(sys.modules)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("option", [("--range", "8-64"), ("--quantity", "macs"), ("--quantity", "parameters")])
def test_what_only_growth_shows_is_refused_without_it(option):
    told = refused("question1", *option)
    assert option[0] in told and "--against" in told


def test_json_beside_another_format_is_refused_with_both_names(printed):
    told = refused("question1", "--format", "csv", "--json")
    assert "--json" in told and "--format csv" in told
    assert printed("question1", "--format", "json", "--json") == printed("question1", "--json") == printed("question1", "--format", "json")
