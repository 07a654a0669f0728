from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest

from hw2gui.datasets.registry import DataFile

REAL_DATA = os.environ.get("HW2GUI_DATA", "").strip()


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Settings, cache and runs of one test; no data of the user's, and no proxy between the test and its server."""
    monkeypatch.setenv("HW2GUI_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("HW2GUI_DATA", raising=False)
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    return tmp_path / "home"


@pytest.fixture
def real_data(monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of published data sets, or a skip."""
    if not REAL_DATA:
        pytest.skip("HW2GUI_DATA is not set: no published data to test with")
    monkeypatch.setenv("HW2GUI_DATA", REAL_DATA)
    return Path(REAL_DATA)


@dataclass
class Publisher:
    """A web server on this machine that publishes one file and can be told to misbehave."""

    content: bytes
    ranges: bool = True  # whether it answers a Range request with a part
    says_length: bool = True
    sends: int | None = None  # it breaks off after that many bytes of a body
    status: int = 200
    shift: int = 0  # how far the part it sends starts from the byte asked for
    port: int = 0
    requests: list[str | None] = field(default_factory=list)  # the Range header of each request

    def file(self, name: str = "letters.bin", md5: str | None = None, size: int | None = None) -> DataFile:
        right = hashlib.md5(self.content, usedforsecurity=False).hexdigest()
        return DataFile(name, len(self.content) if size is None else size, md5 or right, f"http://127.0.0.1:{self.port}/{name}")


@contextmanager
def publishing() -> Iterator[Publisher]:
    """A publisher at work."""
    shop = Publisher(bytes(range(256)) * 2000)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked = self.headers.get("Range")
            shop.requests.append(asked)
            if shop.status != 200:
                self.send_error(shop.status)
                return
            start = int(asked.removeprefix("bytes=").removesuffix("-")) if asked and shop.ranges else 0
            if start >= len(shop.content):
                self.send_error(416)
                return
            body = shop.content[max(0, start + shop.shift) if start else 0 :]
            self.send_response(206 if start else 200)
            if start:
                first = start + shop.shift
                self.send_header("Content-Range", f"bytes {first}-{len(shop.content) - 1}/{len(shop.content)}")
            if shop.says_length:
                self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body if shop.sends is None else body[: shop.sends])

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name is the base class's
            pass

        def handle_one_request(self) -> None:
            try:
                super().handle_one_request()
            except ConnectionError:
                self.close_connection = True  # the client cancelled

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    shop.port = server.server_address[1]
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield shop
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@pytest.fixture
def publisher() -> Iterator[Publisher]:
    with publishing() as shop:
        yield shop
