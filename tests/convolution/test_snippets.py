import re
import shutil
import subprocess
import sys
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from hw2gui.convolution import latex, snippets
from hw2gui.convolution.attention import PixelAttention
from hw2gui.convolution.formula import Case, wrong_entries
from hw2gui.convolution.geometry import Geometry
from hw2gui.convolution.matrix import ConvolutionMatrix
from hw2gui.convolution.sizes import Padding
from hw2gui.convolution.snippet_lines import Gradient
from hw2gui.convolution.transpose import backproject
from hw2gui.convolution.window import convolve
from hw2gui.datasets.characters import open_set


def run(program: str) -> dict[str, Any]:
    """The names a program leaves behind."""
    names: dict[str, object] = {}
    exec(compile(program, "<pasted>", "exec"), names)
    return names


def as_numpy(value) -> np.ndarray:
    return value.toarray() if hasattr(value, "toarray") else np.asarray(value)


@st.composite
def cases(draw):
    kernel_height, kernel_width = draw(st.integers(1, 3)), draw(st.integers(1, 3))
    dilation = draw(st.integers(1, 2))
    padding = Padding(*draw(st.tuples(*[st.integers(0, 2)] * 4)))
    geometry = Geometry(
        draw(st.integers(dilation * (kernel_height - 1) + 1, 7)),
        draw(st.integers(dilation * (kernel_width - 1) + 1, 7)),
        kernel_height,
        kernel_width,
        stride=draw(st.integers(1, 3)),
        padding=padding,
        dilation=dilation,
        flipped=draw(st.booleans()),
        order=draw(st.sampled_from(["row", "column"])),
    )
    kernel = np.random.default_rng(draw(st.integers(0, 9))).normal(size=geometry.kernel_shape)
    return ConvolutionMatrix(geometry, kernel), np.random.default_rng(1).integers(0, 256, geometry.image_shape) / 256


@settings(max_examples=40, deadline=None)
@given(cases(), st.booleans())
def test_the_numpy_program_makes_this_matrix_dense_or_sparse(case, sparse):
    matrix, image = case
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(snippets, "DENSE_ENTRIES", 0 if sparse else snippets.DENSE_ENTRIES)
        program = snippets.convolution_numpy(matrix, image)
    names = run(program)
    assert ("coo_array" in program) == sparse
    assert np.array_equal(names["x"], image)
    assert np.array_equal(as_numpy(names["matrix"]), matrix.dense())
    assert np.allclose(names["z"], convolve(image, matrix.kernel, matrix.geometry))
    assert max(map(len, program.splitlines())) <= 140


@settings(max_examples=25, deadline=None)
@given(cases(), st.booleans())
def test_the_torch_program_makes_this_matrix_or_unfolds(case, large):
    matrix, image = case
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(snippets, "DENSE_ENTRIES", 0 if large else snippets.DENSE_ENTRIES)
        names = run(snippets.convolution_torch(matrix, image))
    z = convolve(image, matrix.kernel, matrix.geometry)
    if large:
        assert np.allclose(names["z"].numpy()[0, 0], z)
        assert names["windows"].shape == (1, matrix.kernel.size, z.size)
    else:
        assert np.allclose(names["matrix"].numpy(), matrix.dense())
        assert np.allclose(names["vec_z"].numpy(), matrix.geometry.vec(z))


@settings(max_examples=40, deadline=None)
@given(cases(), st.booleans(), st.sampled_from(["output", "ones", "single"]), st.data())
def test_the_programs_of_the_transpose_give_its_gradient(case, large, kind, data):
    matrix, image = case
    height, width = matrix.geometry.output_shape
    gradient = Gradient(kind, (data.draw(st.integers(0, height - 1)), data.draw(st.integers(0, width - 1))))
    z = convolve(image, matrix.kernel, matrix.geometry)
    g = z if kind == "output" else np.ones_like(z) if kind == "ones" else np.zeros_like(z)
    if kind == "single":
        g[gradient.cell] = 1
    expected = backproject(g, matrix.kernel, matrix.geometry)
    for make in (snippets.convolution_numpy, snippets.convolution_torch):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(snippets, "DENSE_ENTRIES", 0 if large else snippets.DENSE_ENTRIES)
            names = run(make(matrix, image, gradient))
        assert np.allclose(as_numpy(names["gradient"].detach() if hasattr(names["gradient"], "detach") else names["gradient"]), expected)


def test_what_a_program_prints_is_what_the_screen_shows(capsys):
    image = np.arange(24).reshape(4, 6) / 256
    matrix = ConvolutionMatrix(Geometry(4, 6, 2, 2, order="column"), np.array([[1.0, 2], [3, 4]]))
    z = convolve(image, matrix.kernel, matrix.geometry)
    run(snippets.convolution_numpy(matrix, image))
    assert capsys.readouterr().out == f"{z}\n(15, 24) 0.0\n"
    run(snippets.convolution_torch(matrix, image))
    assert capsys.readouterr().out.startswith(f"{torch.from_numpy(z)}\n(15, 24) ")
    attention = PixelAttention(image, order="column")
    run(snippets.attention_numpy(attention))
    assert capsys.readouterr().out.startswith(f"{attention.output()}\nP (24, 24) from ")


@pytest.mark.parametrize("make", [snippets.convolution_numpy, snippets.convolution_torch])
def test_a_program_runs_as_pasted_with_the_real_character(make):
    image = open_set("strokes").image("train", 3) / 256
    matrix = ConvolutionMatrix(Geometry(28, 28, 5, 5), np.arange(25.0).reshape(5, 5) / 7)
    done = subprocess.run([sys.executable, "-c", make(matrix, image)], capture_output=True, text=True, check=True)
    assert done.stderr == ""
    least, greatest, shape, error = re.fullmatch(r"z from (\S+) to (\S+)\n(\(\d+, \d+\)) (\S+)\n", done.stdout).groups()
    z = convolve(image, matrix.kernel, matrix.geometry)
    assert (float(least), float(greatest)) == pytest.approx((z.min(), z.max()))
    assert shape == "(576, 784)"
    assert float(error) < 1e-10
    names = run(snippets.convolution_numpy(matrix, image))
    assert np.array_equal(names["x"], image)
    assert len(snippets.convolution_numpy(matrix, image).splitlines()) < 40


def test_a_small_image_of_any_numbers_is_written_out_exactly():
    image = np.random.default_rng(3).normal(size=(10, 10)) * 1e5
    program = snippets.convolution_numpy(ConvolutionMatrix(Geometry(10, 10, 1, 2), np.array([[1e-7, 1 / 3]])), image)
    assert np.array_equal(run(program)["x"], image)
    assert np.array_equal(run(program)["w"], [[1e-7, 1 / 3]])


def test_an_image_too_large_or_too_fine_to_write_out_is_left_to_the_reader():
    for image in (np.zeros((100, 80)), np.random.default_rng(0).random((20, 20))):
        program = snippets.convolution_numpy(ConvolutionMatrix(Geometry(image.shape[0], image.shape[1], 2, 2), np.ones((2, 2))), image)
        assert "put your image here" in program
        assert run(program)["x"].shape == image.shape


@pytest.mark.parametrize(("scale", "temperature"), [(1.0, 1.0), (2.5, 0.5)])
@pytest.mark.parametrize("order", ["row", "column"])
@pytest.mark.parametrize("large", [False, True])
def test_the_attention_programs_give_this_p_and_z(scale, temperature, large, order, monkeypatch, capsys):
    image = np.random.default_rng(2).integers(0, 256, (5, 6)) / 256
    attention = PixelAttention(image, scale, temperature, order)
    if large:
        monkeypatch.setattr(snippets, "DENSE_ENTRIES", 0)
    rows = range(16 if large else 30)
    p, z = attention.probabilities(rows, range(30)), attention.output().reshape(-1, order="F" if order == "column" else "C")[: len(rows)]
    for make in (snippets.attention_numpy, snippets.attention_torch):
        names = run(make(attention))
        assert np.allclose(as_numpy(names["P"]), p)
        assert np.allclose(as_numpy(names["Z"]).reshape(-1), z)
        assert float(capsys.readouterr().out.split()[-1]) < 1e-12


# LaTeX


def balanced(text: str) -> None:
    """Braces and environments close in order."""
    assert text.count("{") == text.count("}")
    open_environments = []
    for kind, name in re.findall(r"\\(begin|end)\{([^}]*)\}", text):
        if kind == "begin":
            open_environments.append(name)
        else:
            assert open_environments.pop() == name
    assert not open_environments
    assert text.count("\\[") == text.count("\\]")
    assert text.count("\\left") - text.count("\\leftarrow") == text.count("\\right")


@pytest.mark.skipif(shutil.which("pdflatex") is None, reason="no LaTeX to set it with")
@pytest.mark.parametrize("order", ["row", "column"])
def test_the_packages_named_at_the_head_set_it(tmp_path, order):
    image = np.arange(8).reshape(2, 4) / 8
    geometries = (Geometry(4, 6, 2, 2, order=order), Geometry(28, 28, 5, 5, stride=2, padding=Padding.uniform(2), order=order))
    made = [latex.convolution_latex(ConvolutionMatrix(geometry, np.ones(geometry.kernel_shape)), base=0) for geometry in geometries]
    for text in (*made, latex.attention_latex(PixelAttention(image, 2.0, 0.5, order))):
        needs = "\n".join(re.findall(r"(?m)^% needs (.*)$", text))
        (tmp_path / "a.tex").write_text(f"\\documentclass{{article}}\n{needs}\n\\begin{{document}}\n{text}\\end{{document}}\n")
        done = subprocess.run(["pdflatex", "-interaction=nonstopmode", "a.tex"], cwd=tmp_path, capture_output=True, check=False)
        if b".sty' not found" in done.stdout:
            pytest.skip("a package is missing")
        assert done.returncode == 0, done.stdout[-2000:].decode(errors="replace")


def as_formula(text: str) -> str:
    """The aligned lines and the cases of the LaTeX as a formula our own checker reads."""
    lines = re.search(r"\\begin\{align\*\}\n(.*?)\n\\end\{align\*\}", text, re.DOTALL)[1]
    condition = re.search(r"w\(m, n\) & (.*?) \\\\", text)[1]
    whole = "and both whole" in condition
    condition = condition.replace("\\text{ and both whole}", "").replace("\\text{ and }", " and ").replace("\\le", "<=")
    lines = lines.replace("\\\\", "").replace("&=", "=").replace("\\left\\lfloor", "⌊").replace("\\right\\rfloor", "⌋")
    lines = lines.replace("\\left(", "(").replace("\\right)", ")").replace("\\bmod", "mod")
    lines = re.sub(r"\\frac\{([^{}]*)\}\{([^{}]*)\}", r"(\1)/(\2)", lines)
    lines = re.sub(r"\\(alpha|beta|gamma|delta)", r" \1", lines)
    lines = re.sub(r"(\d)( alpha|\()", r"\1*\2", lines)
    lines = re.sub(r"(\d) beta", r"\1* beta", lines)
    if whole:
        condition += " and floor(m) = m and floor(n) = n"
    return f"{lines}\nw(floor(m), floor(n)) if {condition} else 0"


@pytest.mark.parametrize("case", [Case(4, 6, 2, 2, 1), Case(7, 5, 3, 2, 2), Case(6, 6, 1, 3, 3)])
def test_the_latex_formula_is_right_when_read_back_by_the_checker(case):
    matrix = ConvolutionMatrix(Geometry(case.H, case.W, case.M, case.N, stride=case.s), np.ones((case.M, case.N)))
    text = latex.convolution_latex(matrix)
    balanced(text)
    assert not wrong_entries(as_formula(text), case).any()


@settings(max_examples=60, deadline=None)
@given(cases(), st.sampled_from([0, 1]))
def test_the_latex_formula_gives_every_entry_in_every_setting(case, base):
    """Read back and evaluated entry by entry in Python, with the matrix's own sizes."""
    matrix, _ = case
    geometry = matrix.geometry
    text = latex.convolution_latex(matrix, base)
    balanced(text)
    program = as_formula(text).replace("⌊", "floor(").replace("⌋", ")").replace("H'", "H_").replace("W'", "W_").replace(" mod ", " % ")
    *lines, result = program.replace(" = m and", " == m and").replace(" = n else", " == n else").strip().splitlines()

    def w(m, n):
        return matrix.kernel[m - base, n - base]

    sizes = dict(
        zip(("H", "W", "H_", "W_", "M", "N"), (*geometry.image_shape, *geometry.output_shape, *geometry.kernel_shape), strict=True)
    )
    for i, j in [(0, 0), (matrix.shape[0] - 1, matrix.shape[1] - 1), (matrix.shape[0] // 2, matrix.shape[1] // 3)]:
        for column in range(matrix.shape[1]) if i == 0 else [j]:
            names = sizes | {"i": i + base, "j": column + base, "w": w, "floor": lambda value: int(value // 1)}
            exec("\n".join(line.strip() for line in lines), names)
            assert eval(result, names) == matrix.entry(i, column).value


@pytest.mark.parametrize("order", ["row", "column"])
def test_a_small_matrix_is_written_out_whole(order):
    matrix = ConvolutionMatrix(Geometry(3, 4, 2, 2, order=order), np.array([[1.5, -2], [0, 4]]))
    text = latex.convolution_latex(matrix)
    body = re.search(r"\\begin\{bmatrix\}\n(.*?)\n\\end", text, re.DOTALL)[1]
    assert np.array_equal([[float(cell) for cell in row.split("&")] for row in body.split("\\\\")], matrix.dense())
    assert "\\setcounter{MaxMatrixCols}{24}" in text


def test_a_large_matrix_is_written_by_its_blocks_with_dots():
    kernel = np.arange(1.0, 13.0).reshape(4, 3)
    matrix = ConvolutionMatrix(Geometry(28, 28, 4, 3), kernel)
    text = latex.convolution_latex(matrix)
    balanced(text)
    grid, *blocks = re.findall(r"\\begin\{bmatrix\}\n(.*?)\n\\end", text, re.DOTALL)
    assert len(blocks) == latex.BLOCKS_SHOWN
    first = [cell.strip() for cell in grid.split("\\\\")[0].split("&")]
    assert first[:6] == ["\\mathbf{B}_{1}", "\\mathbf{B}_{2}", "\\mathbf{B}_{3}", "\\mathbf{B}_{4}", "\\mathbf{0}", "\\mathbf{0}"]
    assert first[6] == "\\cdots"
    assert grid.split("\\\\")[-1].split("&")[-1].strip() == "\\mathbf{B}_{4}"
    for k, block in enumerate(blocks):
        rows = [[cell.strip() for cell in row.split("&")] for row in block.split("\\\\\n")]
        assert [float(cell) for cell in rows[0][:3]] == list(kernel[k])
        assert float(rows[-1][-1]) == kernel[k, 2]
        assert len({len(row) for row in rows}) == 1
        assert len(rows) <= latex.LARGEST_CUT


@pytest.mark.parametrize(("scale", "temperature"), [(1.0, 1.0), (2.0, 0.5)])
def test_the_attention_latex(scale, temperature):
    attention = PixelAttention(np.array([[0.25, 0.5], [1.0, 0.0]]), scale, temperature)
    text = latex.attention_latex(attention)
    balanced(text)
    p, z = (
        np.array([[float(cell) for cell in row.split("&")] for row in body.split("\\\\")])
        for body in re.findall(r"\\begin\{bmatrix\}\n(.*?)\n\\end", text, re.DOTALL)
    )
    assert np.allclose(p, attention.probabilities(range(4), range(4)), atol=5e-5)
    assert np.allclose(z.reshape(2, 2), attention.output(), atol=5e-5)
    assert ("/ 0.5" in text) == (temperature == 0.5)
    large = latex.attention_latex(PixelAttention(np.ones((5, 5))))
    balanced(large)
    assert "bmatrix" not in large
