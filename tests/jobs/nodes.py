"""A Ray cluster of this machine's own, on loopback: nodes that can be started, and killed as a machine dies."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from pathlib import Path
from types import TracebackType

ROOT = Path(__file__).parents[2]
MEMORY = 100_000_000
START_S = 90.0


def free_port() -> int:
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        return int(bound.getsockname()[1])


class Cluster:
    """A head without cores, and nodes of one core each beside it."""

    def __init__(self) -> None:
        self._port = free_port()
        # Short: the paths of sockets lie in it, and may have a hundred characters.
        self._folder = Path(tempfile.mkdtemp(prefix="ray", dir="/tmp"))
        self._nodes: list[subprocess.Popen[bytes]] = []
        self._start("--head", f"--port={self._port}", "--include-dashboard=false", cores=0)

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self._port}"

    def __enter__(self) -> Cluster:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        for node in self._nodes:
            self.kill(node)
        shutil.rmtree(self._folder, ignore_errors=True)

    def add(self) -> subprocess.Popen[bytes]:
        """Another node of one core."""
        return self._start(f"--address={self.address}", cores=1)

    def kill(self, node: subprocess.Popen[bytes]) -> None:
        """End the node and all that runs on it, at once."""
        with suppress(ProcessLookupError):
            os.killpg(node.pid, signal.SIGKILL)
        node.wait()

    def _start(self, *options: str, cores: int) -> subprocess.Popen[bytes]:
        command = [
            sys.executable, "-m", "ray.scripts.scripts", "start", "--block", *options, f"--num-cpus={cores}", "--node-ip-address=127.0.0.1",
            f"--object-store-memory={MEMORY}", "--disable-usage-stats", f"--temp-dir={self._folder}",
        ]  # fmt: skip
        health = {"RAY_health_check_period_ms": "500", "RAY_health_check_failure_threshold": "3"}
        environment = {**os.environ, "PYTHONPATH": str(ROOT), **health}
        log = self._folder / f"node-{len(self._nodes)}.log"
        with log.open("wb") as written:
            node = subprocess.Popen(command, stdout=written, stderr=subprocess.STDOUT, env=environment, start_new_session=True)
        self._nodes.append(node)
        end = time.monotonic() + START_S
        while "Ray runtime started" not in log.read_text(errors="replace"):
            assert node.poll() is None and time.monotonic() < end, log.read_text(errors="replace")[-2000:]
            time.sleep(0.05)
        return node
