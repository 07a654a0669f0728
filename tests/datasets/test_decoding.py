from __future__ import annotations

import codecs
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hw2gui.datasets import decoding
from hw2gui.datasets.decoding import read_text
from hw2gui.errors import InputError

TEXT = "محمد\tMohammed\nعلي\tAli\n"


def written(folder: Path, content: bytes) -> Path:
    path = folder / "pairs.tsv"
    path.write_bytes(content)
    return path


@pytest.mark.parametrize(
    ("content", "encoding", "how"),
    [
        (TEXT.encode(), "utf-8", "every byte"),
        (TEXT.encode("utf-8-sig"), "utf-8", "byte order mark"),
        (TEXT.encode("utf-16"), "utf-16", "byte order mark"),
        (codecs.BOM_UTF16_BE + TEXT.encode("utf-16-be"), "utf-16", "byte order mark"),
        (TEXT.encode("utf-16-le"), "utf-16", "zero bytes"),
        (TEXT.encode("utf-16-be"), "utf-16", "zero bytes"),
        ("ab\tcd\n".encode("utf-16-le"), "utf-16", "zero bytes"),
    ],
)
def test_encodings_are_found(tmp_path: Path, content: bytes, encoding: str, how: str) -> None:
    found = read_text(written(tmp_path, content))
    assert found.lines in (TEXT.split("\n"), ["ab\tcd", ""])
    assert found.encoding == encoding
    assert how in found.note


def test_latin_1_is_the_last_resort_and_is_said(tmp_path: Path) -> None:
    found = read_text(written(tmp_path, "señor\tsir\n".encode("latin-1")))
    assert found.lines == ["señor\tsir", ""]
    assert found.encoding == "latin-1"
    assert "since byte 2 is no UTF-8: if letters look wrong, choose its encoding" in found.note


def test_an_encoding_can_be_chosen(tmp_path: Path) -> None:
    path = written(tmp_path, TEXT.encode("windows-1256"))
    assert read_text(path).encoding == "latin-1"
    assert read_text(path, "windows-1256").lines == TEXT.split("\n")
    with pytest.raises(InputError, match=r"not in UTF-8 \(byte 0\)"):
        read_text(path, "utf-8")
    assert read_text(written(tmp_path, TEXT.encode("utf-16-be")), "utf-16").lines == TEXT.split("\n")
    assert read_text(written(tmp_path, TEXT.encode("utf-16")), "utf-16").lines == TEXT.split("\n")
    with pytest.raises(InputError, match="choose one of utf-8, utf-16, latin-1, windows-1256"):
        read_text(path, "ebcdic")


def test_lines_end_at_line_ends_alone(tmp_path: Path) -> None:
    found = read_text(written(tmp_path, "a\u2028b\r\nc\rd\ne\u0085f".encode()))
    assert found.lines == ["a\u2028b", "c", "d", "e\u0085f"]


@pytest.mark.parametrize("content", [b"", b"\n \n", codecs.BOM_UTF8, codecs.BOM_UTF16_LE])
def test_nothing_in_it(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(InputError, match="is empty"):
        read_text(written(tmp_path, content))


@pytest.mark.parametrize("content", [bytes(range(256)) * 40, b"\x89PNG\r\n\x1a\n" + bytes(range(32)) * 20, b"\x00" * 50])
def test_no_text(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(InputError, match="is not a text file"):
        read_text(written(tmp_path, content))


def test_half_a_character(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="not in UTF-16"):
        read_text(written(tmp_path, TEXT.encode("utf-16")[:-1]))


def test_what_is_no_file(tmp_path: Path) -> None:
    for path, reason in (
        (tmp_path, "is not a file"),
        (tmp_path / "none.tsv", "No such file"),
        (Path("a\0b"), "cannot be opened"),
        (tmp_path / ("x" * 300), "cannot be opened"),
    ):
        with pytest.raises(InputError, match=reason) as caught:
            read_text(path)
        assert "\n" not in str(caught.value)


def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    if not hasattr(os, "mkfifo"):
        pytest.skip("this system has no named pipes")
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(InputError, match="is not a file"):
        read_text(tmp_path / "pipe")


def test_too_large_a_file_is_refused_before_reading(tmp_path: Path) -> None:
    path = tmp_path / "large.tsv"
    with path.open("wb") as file:
        file.truncate(decoding.MAX_FILE_BYTES + 1)
    with pytest.raises(InputError, match="at most 32 MiB"):
        read_text(path)


@given(st.binary(max_size=300), st.sampled_from([None, *decoding.ENCODINGS]))
def test_any_bytes(tmp_path_factory: pytest.TempPathFactory, content: bytes, encoding: decoding.Encoding | None) -> None:
    try:
        found = read_text(written(tmp_path_factory.getbasetemp(), content), encoding)
    except InputError as error:
        told = str(error)
    else:
        assert any(line.strip() for line in found.lines)
        told = found.note
    assert "\n" not in told
