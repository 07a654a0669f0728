from __future__ import annotations

import socket
from collections.abc import Generator
from pathlib import Path

import pytest

from hw2gui.datasets import download as module
from hw2gui.datasets import registry
from hw2gui.datasets.download import Progress, download, fetch
from hw2gui.datasets.registry import DataFile, Dataset
from hw2gui.errors import UnavailableError
from tests.datasets.conftest import Publisher


@pytest.fixture(autouse=True)
def every_event(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "EVENT_SECONDS", 0.0)


def part_of(folder: Path, content: bytes) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    part = folder / "letters.bin.part"
    part.write_bytes(content)
    return part


def refused(file: DataFile, folder: Path) -> str:
    with pytest.raises(UnavailableError) as caught:
        list(download(file, folder, timeout=5))
    sentence = str(caught.value)
    assert "127.0.0.1" in sentence
    assert "HW2GUI_DATA" in sentence
    assert "\n" not in sentence
    assert not (folder / file.name).exists()
    return sentence


def test_a_download_arrives_whole_with_rising_progress(publisher: Publisher, tmp_path: Path) -> None:
    events = list(download(publisher.file(), tmp_path))
    assert (tmp_path / "letters.bin").read_bytes() == publisher.content
    assert not (tmp_path / "letters.bin.part").exists()
    done = [event.done for event in events]
    assert done == sorted(set(done))
    assert done[-1] == events[-1].total == len(publisher.content)
    assert len(events) > 2
    assert events[-1].seconds_left == 0
    assert publisher.requests == [None]


def test_time_left_follows_from_rate() -> None:
    assert Progress("a", 25, 100, 50.0).seconds_left == 1.5
    assert Progress("a", 0, 100, 0.0).seconds_left is None


@pytest.mark.parametrize("have", [1, 100_000, 511_999])
def test_a_part_is_gone_on_with(publisher: Publisher, tmp_path: Path, have: int) -> None:
    part_of(tmp_path, publisher.content[:have])
    events = list(download(publisher.file(), tmp_path))
    assert publisher.requests == [f"bytes={have}-"]
    assert (tmp_path / "letters.bin").read_bytes() == publisher.content
    assert all(event.done > have for event in events)


def test_a_complete_part_needs_no_network(publisher: Publisher, tmp_path: Path) -> None:
    part_of(tmp_path, publisher.content)
    assert list(download(publisher.file(), tmp_path)) == []
    assert publisher.requests == []
    assert (tmp_path / "letters.bin").read_bytes() == publisher.content


def test_a_part_longer_than_published_is_thrown_away(publisher: Publisher, tmp_path: Path) -> None:
    part_of(tmp_path, publisher.content + b"x")
    list(download(publisher.file(), tmp_path))
    assert publisher.requests == [None]
    assert (tmp_path / "letters.bin").read_bytes() == publisher.content


def test_a_server_that_ignores_range_starts_over(publisher: Publisher, tmp_path: Path) -> None:
    publisher.ranges = False
    part_of(tmp_path, b"z" * 1000)
    list(download(publisher.file(), tmp_path))
    assert (tmp_path / "letters.bin").read_bytes() == publisher.content


def test_a_part_from_the_wrong_byte_starts_over(publisher: Publisher, tmp_path: Path) -> None:
    publisher.shift = -10
    part_of(tmp_path, publisher.content[:1000])
    list(download(publisher.file(), tmp_path))
    assert publisher.requests == ["bytes=1000-", None]
    assert (tmp_path / "letters.bin").read_bytes() == publisher.content


def test_range_not_satisfiable_starts_over(publisher: Publisher, tmp_path: Path) -> None:
    # The publisher's file is now shorter than what has come: it answers 416, and then offers another size.
    file = publisher.file()
    part_of(tmp_path, publisher.content[:1000])
    publisher.content = publisher.content[:500]
    assert "500 bytes" in refused(file, tmp_path)
    assert publisher.requests == ["bytes=1000-", None]


def test_closing_cancels_and_keeps_what_came(publisher: Publisher, tmp_path: Path) -> None:
    work = download(publisher.file(), tmp_path)
    first = next(work)
    assert isinstance(work, Generator)
    work.close()
    part = tmp_path / "letters.bin.part"
    assert part.stat().st_size == first.done < len(publisher.content)
    assert not (tmp_path / "letters.bin").exists()
    list(download(publisher.file(), tmp_path))
    assert publisher.requests == [None, f"bytes={first.done}-"]
    assert (tmp_path / "letters.bin").read_bytes() == publisher.content


def test_cut_short_keeps_the_part_and_the_next_time_goes_on(publisher: Publisher, tmp_path: Path) -> None:
    publisher.sends = 70_000
    assert "70,000" in refused(publisher.file(), tmp_path)
    publisher.sends = None
    list(download(publisher.file(), tmp_path))
    assert publisher.requests == [None, "bytes=70000-"]
    assert (tmp_path / "letters.bin").read_bytes() == publisher.content


def test_a_tampered_file_is_deleted(publisher: Publisher, tmp_path: Path) -> None:
    file = publisher.file()
    publisher.content = b"?" + publisher.content[1:]
    assert "md5" in refused(file, tmp_path)
    assert list(tmp_path.glob("letters*")) == []


def test_another_length_is_refused_before_anything_is_written(publisher: Publisher, tmp_path: Path) -> None:
    file = publisher.file(size=1000)
    assert "1,000" in refused(file, tmp_path)
    assert list(tmp_path.glob("letters*")) == []


def test_an_endless_body_is_stopped_at_the_published_size(publisher: Publisher, tmp_path: Path) -> None:
    publisher.says_length = False
    file = publisher.file(size=100_000)
    assert "more than the 100,000 bytes" in refused(file, tmp_path)
    assert list(tmp_path.glob("letters*")) == []


def test_without_a_length_the_sum_decides(publisher: Publisher, tmp_path: Path) -> None:
    publisher.says_length = False
    list(download(publisher.file(), tmp_path))
    assert (tmp_path / "letters.bin").read_bytes() == publisher.content


@pytest.mark.parametrize("status", [403, 404, 416, 500, 503])
def test_a_refusal_names_the_status(publisher: Publisher, tmp_path: Path, status: int) -> None:
    publisher.status = status
    assert f"HTTP {status}" in refused(publisher.file(), tmp_path)


def test_offline(tmp_path: Path) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        port = unused.getsockname()[1]
    sentence = refused(DataFile("letters.bin", 10, "0" * 32, f"http://127.0.0.1:{port}/letters.bin"), tmp_path)
    assert "out of reach" in sentence


def test_a_silent_server_runs_into_the_time_limit(tmp_path: Path) -> None:
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        file = DataFile("letters.bin", 10, "0" * 32, f"http://127.0.0.1:{silent.getsockname()[1]}/letters.bin")
        with pytest.raises(UnavailableError, match="no answer in time"):
            list(download(file, tmp_path, timeout=0.2))


def test_a_server_that_speaks_no_http(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as odd:
        file = DataFile("letters.bin", 10, "0" * 32, f"http://127.0.0.1:{odd.getsockname()[1]}/letters.bin")
        client = download(file, tmp_path, timeout=5)

        from threading import Thread

        def answer() -> None:
            connection, _ = odd.accept()
            with connection:
                connection.recv(1000)
                connection.sendall(b"hello there\r\n\r\n")

        thread = Thread(target=answer)
        thread.start()
        with pytest.raises(UnavailableError, match=r"127\.0\.0\.1"):
            next(client)
        thread.join()


def test_a_folder_that_cannot_be_made(publisher: Publisher, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(UnavailableError, match="HW2GUI_HOME"):
        list(download(publisher.file(), tmp_path / "file" / "folder"))


def made(*files: DataFile) -> Dataset:
    return Dataset(
        name="made", title="Made", kind="pairs", publisher="", licence="", attribution="", citation="", folders=("made",), files=files
    )


def test_fetch_counts_over_all_files_and_skips_what_is_there(publisher: Publisher, home: Path) -> None:
    dataset = made(publisher.file("a"), publisher.file("b"), publisher.file("c"))
    cache = registry.cache_folder(dataset)
    cache.mkdir(parents=True)
    (cache / "a").write_bytes(publisher.content)
    events = list(fetch(dataset))
    done = [event.done for event in events]
    assert done == sorted(done)
    assert done[-1] == events[-1].total == 2 * len(publisher.content)
    assert {event.file for event in events} == {"b", "c"}
    assert registry.is_present(dataset)
    assert list(fetch(dataset)) == []


def test_fetch_replaces_a_damaged_file_that_hw2gui_data_shadows(
    publisher: Publisher, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    dataset = made(publisher.file("a"))
    shadow = tmp_path / "published" / "made"
    shadow.mkdir(parents=True)
    (shadow / "a").write_bytes(b"!" * len(publisher.content))
    monkeypatch.setenv("HW2GUI_DATA", str(tmp_path / "published"))
    list(fetch(dataset))
    assert registry.require(dataset, "a") == registry.cache_folder(dataset) / "a"


def test_fetch_says_what_to_do_where_nothing_is_published(home: Path) -> None:
    with pytest.raises(UnavailableError, match="homework's folder"):
        list(fetch(registry.find("spa-eng")))


def test_fetch_of_a_built_in_set_does_nothing(home: Path) -> None:
    assert list(fetch(registry.find("strokes"))) == []
