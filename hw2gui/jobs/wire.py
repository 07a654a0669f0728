"""The messages between the window's process and a worker: a kind, the request's number, a pickled value."""

from __future__ import annotations

import io
import pickle
import struct
from enum import IntEnum
from typing import Any, Protocol

_HEADER = struct.Struct("<BQ")


class PipeEnd(Protocol):
    """What we use of an end of a multiprocessing pipe, whose class differs between systems."""

    def send_bytes(self, message: memoryview, /) -> None:
        """Send one message, whole."""

    def recv_bytes(self) -> bytes:
        """The next message; EOFError where the other end is closed."""
        ...

    def poll(self) -> bool:
        """Whether there is a message, or the other end is closed."""
        ...

    def close(self) -> None:
        """Nothing is sent or received any more."""


class Kind(IntEnum):
    """What a message says. Each request is answered by events and then one of DONE, FAILED, STOPPED."""

    RUN = 1  # to the worker: a Job
    CANCEL = 2  # to the worker: stop the request of this number at its next event
    COMMAND = 3  # to the worker: tell the request of this number something
    EVENT = 4
    DONE = 5  # with the result
    FAILED = 6  # with the error
    STOPPED = 7  # cancelled


def pack(kind: Kind, number: int, value: object = None) -> memoryview:
    """One message as bytes; raises what pickle raises for a value that cannot be pickled."""
    message = io.BytesIO()
    message.write(_HEADER.pack(kind, number))
    # Protocol 5 writes an array's memory straight into the message, once.
    pickle.dump(value, message, protocol=5)
    return message.getbuffer()


def unpack(message: bytes) -> tuple[Kind, int, memoryview]:
    """Split *message*, leaving the value pickled: an answer nobody waits for need not be read."""
    kind, number = _HEADER.unpack_from(message)
    return Kind(kind), number, memoryview(message)[_HEADER.size :]


def value_of(pickled: memoryview) -> Any:
    """Read the value. Only for messages between our own two processes."""
    return pickle.loads(pickled)
