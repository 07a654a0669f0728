import argparse
import json

import numpy as np
import pytest
import scipy.sparse
from PIL import Image

from hw2gui.cli import main
from hw2gui.convolution.attention import PixelAttention
from hw2gui.convolution.commands import register
from hw2gui.convolution.geometry import Geometry
from hw2gui.convolution.kernels import preset
from hw2gui.convolution.matrix import ConvolutionMatrix
from hw2gui.convolution.reference import torch_convolution
from hw2gui.convolution.sizes import Padding


def run_json(capsys, *arguments) -> dict:
    assert main([*arguments, "--json"]) == 0
    return json.loads(capsys.readouterr().out)


def refused(capsys, *arguments) -> str:
    assert main(list(arguments)) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith("hw2gui: ")
    assert err.count("\n") == 1
    return err


def test_the_verbs_are_registered():
    parser = argparse.ArgumentParser()
    register(parser.add_subparsers())
    assert parser.parse_args(["conv", "--image", "4x6", "--kernel", "1"]).run
    assert parser.parse_args(["attention", "--image", "4x6"]).run


def test_conv_json_has_the_stable_keys(capsys):
    result = run_json(capsys, "conv", "--image", "4x6", "--kernel", "1,2;3,4", "--entry", "7,9")
    assert result["image_shape"] == [4, 6]
    assert result["output_shape"] == [3, 5]
    assert result["matrix_shape"] == [15, 24]
    assert result["nonzeros"] == 60
    assert result["density"] == pytest.approx(60 / 360)
    assert result["is_doubly_block_toeplitz"] is True
    assert 0 <= result["max_abs_error"] < 1e-12
    assert (result["alpha"], result["beta"], result["gamma"], result["delta"], result["value"]) == (2, 2, 2, 3, 2)
    assert "⌊(7−1)/5⌋+1 = 2" in result["formula"]
    assert "w(1, 2) = 2" in result["formula"]


def test_conv_without_an_entry_speaks_of_none(capsys):
    result = run_json(capsys, "conv", "--image", "4x6", "--kernel", "1,2;3,4", "--stride", "2")
    assert not {"alpha", "value", "formula", "saved"} & result.keys()
    assert result["is_doubly_block_toeplitz"] is False


def test_conv_counts_what_is_not_zero_and_what_is_inside_the_kernel(capsys):
    result = run_json(capsys, "conv", "--image", "4x6", "--kernel", "-1,0,1")
    assert result["nonzeros"] == 2 * 16
    assert result["entries_inside_kernel"] == 3 * 16


def test_conv_takes_every_setting(capsys):
    x = [[1.0, 2.0, 3.0, 4.0], [5.0, 6.0, 7.0, 8.0], [9.0, 1.0, 2.0, 3.0]]
    image = ";".join(",".join(map(str, row)) for row in x)
    options = ["--stride", "2", "--padding", "3", "--dilation", "2", "--flip", "--order", "column"]
    result = run_json(capsys, "conv", "--image", image, "--kernel", "1,2;3,-4", *options, "--entry", "2,3")
    geometry = Geometry(3, 4, 2, 2, stride=2, padding=Padding.uniform(3), dilation=2, flipped=True, order="column")
    kernel = np.array([[1.0, 2.0], [3.0, -4.0]])
    assert result["output"] == torch_convolution(np.array(x), kernel, geometry).tolist()
    assert result["matrix_shape"] == list(geometry.matrix_shape)
    assert result["value"] == ConvolutionMatrix(geometry, kernel).entry(1, 2).value
    same = run_json(capsys, "conv", "--image", image, "--kernel", "1,2;3,-4", "--padding", "same")
    assert same["output_shape"] == [3, 4]


def test_every_entry_from_the_shell_is_the_matrixs(capsys):
    geometry = Geometry(3, 3, 2, 2)
    dense = ConvolutionMatrix(geometry, np.array([[1.0, 2.0], [3.0, 4.0]])).dense()
    for i, j in [(1, 1), (4, 9), (2, 5), (4, 1)]:
        result = run_json(capsys, "conv", "--image", "3x3", "--kernel", "1,2;3,4", "--entry", f"{i},{j}")
        assert result["value"] == dense[i - 1, j - 1]


@pytest.mark.parametrize("written", [["--kernel=-1,0,1"], ["--kernel", "-1,0,1"], ["--kernel", "-.5,0,1"], ["--kernel", "−1,0,1"]])
def test_a_kernel_may_begin_with_a_minus(capsys, written):
    assert run_json(capsys, "conv", "--image", "4x6", *written)["kernel_shape"] == [1, 3]


def test_a_kernel_may_be_a_preset(capsys):
    result = run_json(capsys, "conv", "--image", "9x9", "--kernel", "gaussian:5x3", "--entry", "1,1")
    assert result["kernel_shape"] == [5, 3]
    assert result["value"] == preset("gaussian", 5, 3)[0, 0]
    assert run_json(capsys, "conv", "--image", "9x9", "--kernel", "sobel-x")["kernel_shape"] == [3, 3]


def test_the_random_image_is_seeded(capsys):
    first = run_json(capsys, "conv", "--image", "4x6", "--kernel", "1,2;3,4")
    assert run_json(capsys, "conv", "--image", "4x6", "--kernel", "1,2;3,4") == first
    assert run_json(capsys, "conv", "--image", "4x6", "--kernel", "1,2;3,4", "--seed", "5")["output"] != first["output"]


def test_a_picture_file_is_read_as_grey_levels(capsys, tmp_path):
    pixels = np.arange(30, dtype=np.uint8).reshape(5, 6) * 8
    Image.fromarray(pixels).save(tmp_path / "p.png")
    result = run_json(capsys, "conv", "--image", str(tmp_path / "p.png"), "--kernel", "1")
    assert np.allclose(result["output"], pixels / 256)
    assert main(["conv", "--image", str(tmp_path / "p.png"), "--kernel", "1"]) == 0
    assert "p.png" in capsys.readouterr().out


@pytest.mark.parametrize("order", ["row", "column"])
def test_the_saved_matrix_is_scipys(capsys, tmp_path, order):
    path = tmp_path / "new" / "M.npz"
    result = run_json(capsys, "conv", "--image", "5x4", "--kernel", "1,2,0;3,4,5", "--order", order, "--save", str(path))
    saved = scipy.sparse.load_npz(path)
    kernel = np.array([[1.0, 2.0, 0.0], [3.0, 4.0, 5.0]])
    assert np.array_equal(saved.toarray(), ConvolutionMatrix(Geometry(5, 4, 2, 3, order=order), kernel).dense())
    assert saved.nnz == result["nonzeros"]
    assert result["saved"] == str(path)
    assert [child.name for child in path.parent.iterdir()] == ["M.npz"]


def test_conv_for_people(capsys):
    assert main(["conv", "--image", "4x6", "--kernel", "1,2;3,4", "--entry", "7,9"]) == 0
    out = capsys.readouterr().out
    assert "15×24" in out
    assert "doubly block Toeplitz" in out
    assert "M(7, 9): inside the kernel → w(1, 2) = 2" in out
    assert "z =\n" in out
    assert main(["conv", "--image", "20x20", "--kernel", "1"]) == 0
    assert "z is 20×20" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--image", "4x6", "--kernel", "1,2;3"], "Row 2 of the kernel"),
        (["--image", "4x6", "--kernel", "1,a"], "no number"),
        (["--image", "4x6", "--kernel", "wobble"], "no kernel called"),
        (["--image", "4x6", "--kernel", "gaussian:5"], "no size"),
        (["--image", "4x6", "--kernel", ""], "empty"),
        (["--image", "4x6", "--kernel", "1;2;3;4;5"], "does not fit"),
        (["--image", "0x6", "--kernel", "1"], "0×6"),
        (["--image", "4x6000", "--kernel", "1"], "1024"),
        (["--image", "99999999999999999999x4", "--kernel", "1"], "1024"),
        (["--image", "1024x1024", "--kernel", "gaussian:31x31", "--save", "M.npz"], "take a smaller image"),
        (["--image", "1,2;3,x", "--kernel", "1"], "no number"),
        (["--image", "", "--kernel", "1"], "empty"),
        (["--image", "nowhere.png", "--kernel", "1"], "nowhere.png"),
        (["--image", "4x6", "--kernel", "1", "--stride", "0"], "stride"),
        (["--image", "4x6", "--kernel", "1", "--stride", "x"], "--stride"),
        (["--image", "4x6", "--kernel", "1", "--dilation", "-2"], "dilation"),
        (["--image", "4x6", "--kernel", "1", "--padding", "-1"], "padding"),
        (["--image", "4x6", "--kernel", "1", "--padding", "some"], "neither a whole number"),
        (["--image", "4x6", "--kernel", "1", "--seed", "-1"], "seed"),
        (["--image", "4x6", "--kernel", "1", "--entry", "25,1"], "no entry (25, 1)"),
        (["--image", "4x6", "--kernel", "1", "--entry", "1,25"], "24 columns"),
        (["--image", "4x6", "--kernel", "1", "--entry", "0,1"], "no entry (0, 1)"),
        (["--image", "4x6", "--kernel", "1", "--entry", "1"], "no entry"),
        (["--image", "4x6", "--kernel", "1", "--entry", "1.5,2"], "no entry"),
        (["--image", "4x6", "--kernel", "1", "--save", "M.txt"], ".npz"),
        (["--image", "4x6"], "--kernel"),
        (["--image", "4x6", "--kernel", "1", "--order", "spiral"], "--order"),
    ],
)
def test_conv_refuses_wrong_use_with_one_line(capsys, arguments, says):
    assert says in refused(capsys, "conv", *arguments)


def test_a_matrix_that_cannot_be_written_is_a_failure_and_leaves_nothing(capsys, tmp_path):
    (tmp_path / "file").write_text("in the way")
    assert main(["conv", "--image", "4x6", "--kernel", "1", "--save", str(tmp_path / "file" / "M.npz")]) == 1
    assert "cannot be written" in capsys.readouterr().err


def test_attention_json_has_the_stable_keys(capsys):
    x = np.array([[1.0, 2.0], [3.0, 2.0]])
    result = run_json(capsys, "attention", "--image", "1,2;3,2")
    attention = PixelAttention(x)
    assert result["shape"] == [2, 2]
    assert result["levels"] == 3
    assert (result["relative_min"], result["relative_max"]) == attention.relative_range()
    assert np.allclose(result["output"], attention.output())
    assert result["max_abs_error"] < 1e-12
    assert result["formula"].startswith("Z = P x′ with P = exp(x′x′ᵀ/T) ⊘ (exp(x′x′ᵀ/T) 1 1ᵀ)")


def test_attention_takes_scale_and_temperature(capsys):
    result = run_json(capsys, "attention", "--image", "3x4", "--scale", "-2.5", "--temperature", "0.5", "--seed", "3", "--order", "column")
    image = np.random.default_rng(3).integers(0, 256, (3, 4), dtype=np.uint8) / 256
    assert np.allclose(result["output"], PixelAttention(image, -2.5, 0.5).output())


def test_attention_for_people(capsys):
    assert main(["attention", "--image", "1,2;3,4"]) == 0
    out = capsys.readouterr().out
    assert "P·HW" in out
    assert "tone curve" in out
    assert f"{PixelAttention(np.array([[1.0, 2], [3, 4]])).output()[0, 1]:.4g}" in out
    assert main(["attention", "--image", "5;5"]) == 0
    assert "1 to 1" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--image", "1,2;3"], "Row 2 of the image"),
        (["--image", "1,2", "--temperature", "0"], "temperature"),
        (["--image", "1,2", "--temperature", "nan"], "temperature"),
        (["--image", "1,2", "--scale", "inf"], "scale"),
        (["--image", "1,2", "--scale", "1e300"], "too large"),
        (["--image", "nowhere.png"], "nowhere.png"),
        ([], "--image"),
    ],
)
def test_attention_refuses_wrong_use_with_one_line(capsys, arguments, says):
    assert says in refused(capsys, "attention", *arguments)
