"""Download of published files: resumed where it was cut off, never longer than published, and kept only with the published md5 sum.

The work is a generator of :class:`Progress`. Closing it cancels; what has come stays in ``<name>.part`` for the next time.
"""

from __future__ import annotations

import http.client
import os
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeVar
from urllib.parse import urlsplit

from hw2gui.datasets import registry
from hw2gui.datasets.registry import DataFile, Dataset
from hw2gui.datasets.verify import md5_of
from hw2gui.errors import UnavailableError

T = TypeVar("T")

CHUNK = 1 << 16
EVENT_SECONDS = 0.1
"""Least time between two events of one file (the last one always comes)."""

TIMEOUT_SECONDS = 15.0
"""How long the network may be silent before the download gives up; also the longest a cancellation can take."""


@dataclass(frozen=True)
class Progress:
    """How far a download is: *done* of *total* bytes, *rate* in bytes a second (0 while unknown), *file* being fetched."""

    file: str
    done: int
    total: int
    rate: float

    @property
    def seconds_left(self) -> float | None:
        """Time left at this rate; None while the rate is unknown."""
        return (self.total - self.done) / self.rate if self.rate > 0 else None


def fetch(dataset: Dataset, folder: Path | None = None, *, timeout: float = TIMEOUT_SECONDS) -> Iterator[Progress]:
    """Download what is missing or damaged of *dataset* into *folder* (its folder in the cache); bytes count over all files together.

    Nothing happens for a built-in set or when every file is there. UnavailableError, one sentence, for whatever goes wrong.
    """
    missing = [found.file for found in registry.status(dataset) if found.state != "ok"]
    if missing and not dataset.fetchable:
        raise UnavailableError(f"{dataset.title} cannot be downloaded: {dataset.mend}")
    total, before = sum(file.size for file in missing), 0
    for file in missing:
        for event in download(file, folder or registry.cache_folder(dataset), timeout=timeout):
            yield replace(event, done=before + event.done, total=total)
        before += file.size


def download(file: DataFile, folder: Path, *, timeout: float = TIMEOUT_SECONDS) -> Iterator[Progress]:
    """Download one file into *folder*, going on with ``<name>.part`` if there is one; rename it once its md5 sum is right.

    UnavailableError names the host and what to do: out of reach, refused, silent for *timeout* seconds, cut short (what came is
    kept), longer than published or with a wrong sum (what came is deleted), or a disk that cannot be written.
    """
    part = folder / f"{file.name}.part"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        have = part.stat().st_size if part.exists() else 0
        if have > file.size:
            part.unlink()
            have = 0
        if have < file.size:
            yield from _transfer(file, part, have, timeout)
        if md5_of(part) != file.md5:
            part.unlink(missing_ok=True)
            raise UnavailableError(
                f"{file.name} from {_host(file)} is not the file that was published (its md5 sum differs) and was deleted: {_mend(file)}"
            )
        part.replace(folder / file.name)
    except OSError as error:
        raise UnavailableError(
            f"{folder} cannot be written ({error.strerror or error}): make room there, or set HW2GUI_HOME to another folder"
        ) from error


def _transfer(file: DataFile, part: Path, have: int, timeout: float) -> Iterator[Progress]:
    """Bring *part* from *have* bytes to the full size, or raise; never more than the full size is written."""
    response, done = _open(file, have, timeout)
    with response, part.open("ab" if done else "wb") as out:
        began = last = time.monotonic()
        first = done
        while chunk := _asking(file, lambda: response.read1(CHUNK)):
            if done + len(chunk) > file.size:
                part.unlink(missing_ok=True)
                raise UnavailableError(f"{_host(file)} sends more than the {file.size:,} bytes of {file.name} as published: {_mend(file)}")
            out.write(chunk)
            done += len(chunk)
            now = time.monotonic()
            if now - last >= EVENT_SECONDS and done < file.size:
                last = now
                yield Progress(file.name, done, file.size, (done - first) / (now - began))
        out.flush()
        os.fsync(out.fileno())
        elapsed = time.monotonic() - began
    yield Progress(file.name, done, file.size, (done - first) / elapsed if elapsed > 0 else 0.0)
    if done < file.size:
        raise UnavailableError(f"{_host(file)} broke off after {done:,} of {file.size:,} bytes of {file.name} (kept): {_mend(file)}")


def _open(file: DataFile, have: int, timeout: float) -> tuple[http.client.HTTPResponse, int]:
    """Ask for *file* from byte *have* on; answer the response and the byte its body really starts at (0 if the server starts over)."""
    request = urllib.request.Request(str(file.url), headers={"User-Agent": "hw2gui"} | ({"Range": f"bytes={have}-"} if have else {}))
    try:
        response: http.client.HTTPResponse = _asking(file, lambda: urllib.request.urlopen(request, timeout=timeout))
    except urllib.error.HTTPError as error:
        error.close()
        if error.code == http.HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE and have:
            return _open(file, 0, timeout)
        raise UnavailableError(f"{_host(file)} refuses {file.name} (HTTP {error.code} {error.reason}): {_mend(file)}") from error
    partial = response.status == http.HTTPStatus.PARTIAL_CONTENT
    if partial and not (response.headers.get("Content-Range") or "").startswith(f"bytes {have}-"):
        response.close()
        if have:
            return _open(file, 0, timeout)
        raise UnavailableError(f"{_host(file)} sends only a part of {file.name}: {_mend(file)}")
    start = have if partial else 0
    length = response.length  # None if the server does not say
    if length is not None and start + length != file.size:
        response.close()
        raise UnavailableError(
            f"{_host(file)} offers {start + length:,} bytes for {file.name}, which was published with {file.size:,}: {_mend(file)}"
        )
    return response, start


def _asking(file: DataFile, ask: Callable[[], T]) -> T:
    """Do something on the network; whatever goes wrong there, HTTP's own refusals apart, becomes one sentence."""
    try:
        return ask()
    except urllib.error.HTTPError:
        raise
    except (OSError, http.client.HTTPException) as error:
        raise UnavailableError(
            f"{_host(file)} is out of reach for {file.name} ({_reason(error)}): check the network and {_mend(file)}"
        ) from error


def _reason(error: Exception) -> str:
    cause = error.reason if isinstance(error, urllib.error.URLError) else error
    if isinstance(cause, TimeoutError):
        return "no answer in time"
    return getattr(cause, "strerror", None) or str(cause) or type(cause).__name__


def _host(file: DataFile) -> str:
    return urlsplit(str(file.url)).hostname or str(file.url)


def _mend(file: DataFile) -> str:
    return f"fetch again, or set HW2GUI_DATA to a folder that holds {file.name}"
