"""What a Ray cluster adds to the contract: folders and data that travel, machines that are lost, clusters that are not there."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from hw2gui.errors import UnavailableError
from hw2gui.jobs import Job, Luggage
from hw2gui.jobs.cluster import RayRunner
from tests.jobs.conftest import PACKAGES, Heard, Lab, Loop, running
from tests.jobs.nodes import Cluster, free_port

LONG = 300
"""Enough for another node to start meanwhile."""

FOLDER = Luggage(folders=("folder",))


@pytest.fixture
def ray_lab(cluster: Cluster) -> Iterator[Lab]:
    """Two jobs at a time, one on each node."""
    loop = Loop()
    runner = RayRunner(cluster.address, loop.deliver, most=2, packages=PACKAGES)
    yield Lab(runner, loop)
    runner.close()


def writing(folder: Path, to: int, pause: float = 0.0, luggage: Luggage = FOLDER) -> Job:
    return Job("tests.jobs.functions:write_on", {"folder": str(folder), "to": to, "pause": pause}, luggage)


def test_a_folder_travels_there_and_what_is_written_comes_back(ray_lab: Lab, tmp_path: Path) -> None:
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "given.txt").write_text("given")
    heard = ray_lab.run(writing(tmp_path, 5))
    assert [event.number for event in heard.events] == [0, 1, 2, 3, 4]
    assert (tmp_path / "log.jsonl").read_text() == "0\n1\n2\n3\n4\n" and (tmp_path / "reached").read_text() == "5"
    elsewhere, given = heard.results[0]
    assert given == "given" and not Path(elsewhere).exists() and elsewhere != str(tmp_path)


def test_data_travels_to_the_folder_of_data_sets(ray_lab: Lab, tmp_path: Path) -> None:
    (tmp_path / "here.txt").write_text("as published")
    luggage = Luggage(data={"set/published.txt": str(tmp_path / "here.txt")})
    heard = ray_lab.run(Job("tests.jobs.functions:published", {"name": "set/published.txt"}, luggage))
    assert heard.results == ["as published"]


def test_what_was_written_is_there_before_the_event_that_says_so(ray_lab: Lab, tmp_path: Path) -> None:
    seen: list[str] = []
    heard = Heard(then=lambda event: seen.append((tmp_path / "reached").read_text()) if hasattr(event, "files") else None)
    ray_lab.submit(Job("tests.jobs.functions:save_and_tell", {"folder": str(tmp_path)}, FOLDER), heard)
    ray_lab.loop.until(lambda: heard.ended)
    assert seen == ["1", "2", "3"]


def test_a_lost_machine_costs_a_job_what_had_not_come_back(tmp_path: Path) -> None:
    """Two nodes; the one that works is killed half-way, and the other goes on from there."""
    ray = pytest.importorskip("ray", reason="the extra 'cluster' is not installed")
    ray.shutdown()  # from the other tests' cluster
    with Cluster() as own:
        first = own.add()
        loop = Loop()
        runner = RayRunner(own.address, loop.deliver, packages=PACKAGES)
        lab = Lab(runner, loop)
        handle, heard = lab.submit(writing(tmp_path, LONG, pause=0.1))
        loop.until(lambda: len(heard.events) >= 12)
        own.add()
        assert not heard.ended
        own.kill(first)
        loop.until(lambda: heard.ended, seconds=90)
        runner.close()
        ray.shutdown()
    assert heard.errors == [] and handle.state == "done"
    assert (tmp_path / "log.jsonl").read_text() == "".join(f"{number}\n" for number in range(LONG))
    numbers = [event.number for event in heard.events]
    again = next(at for at in range(1, len(numbers)) if numbers[at] <= numbers[at - 1])
    assert numbers[again] > 0 and numbers[-1] == LONG - 1, "it went on, it did not begin anew"


def test_a_job_without_a_folder_is_not_done_twice(tmp_path: Path) -> None:
    ray = pytest.importorskip("ray", reason="the extra 'cluster' is not installed")
    ray.shutdown()
    with Cluster() as own:
        node = own.add()
        loop = Loop()
        runner = RayRunner(own.address, loop.deliver, packages=PACKAGES)
        _, heard = Lab(runner, loop).submit(Job("tests.jobs.functions:count", {"to": 10_000, "pause": 0.05}))
        loop.until(lambda: len(heard.events) >= 3)
        own.kill(node)
        loop.until(lambda: heard.ended, seconds=90)
        runner.close()
        ray.shutdown()
    assert [type(error) for error in heard.errors] == [UnavailableError] and "was lost" in str(heard.errors[0])


def test_cancel_ends_a_job_that_does_not_listen(ray_lab: Lab, tmp_path: Path) -> None:
    heard = Heard()
    handle, _ = ray_lab.submit(Job("tests.jobs.functions:tell_pid_and_sleep", {"seconds": 600}), heard)
    ray_lab.loop.until(lambda: heard.events)
    pid = heard.events[0].number
    assert running(pid)
    handle.cancel()
    ray_lab.loop.until(lambda: handle.over and not running(pid))
    assert not heard.ended


@pytest.mark.parametrize("address", ["", "nowhere", "host:", "host:port", ":1", "127.0.0.1:99999"])
def test_what_is_no_address_is_one_sentence(address: str) -> None:
    pytest.importorskip("ray")
    with pytest.raises(UnavailableError, match="no address of a Ray cluster"):
        RayRunner(address)


def test_a_cluster_that_is_not_there_is_one_sentence_within_seconds() -> None:
    pytest.importorskip("ray")
    begun = time.monotonic()
    with pytest.raises(UnavailableError, match="No Ray cluster answers"):
        RayRunner(f"127.0.0.1:{free_port()}")
    assert time.monotonic() - begun < 60


def test_without_ray_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    from hw2gui.jobs import address

    monkeypatch.setattr(address, "find_spec", lambda name: None)
    with pytest.raises(UnavailableError, match=r"pip install 'hw2gui\[cluster\]'"):
        RayRunner("auto")


def test_nothing_of_ray_is_imported_with_the_runner() -> None:
    import sys

    code = "import sys, hw2gui.jobs.cluster; sys.exit('ray' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
