"""Where a Ray cluster is: addresses, whether one answers there, and the connection of this process to it."""

from __future__ import annotations

import importlib
import logging
import socket
from importlib.util import find_spec
from typing import Any

from hw2gui.errors import UnavailableError

ANSWER_S = 3.0
"""So long a cluster's address may take to answer."""

SHOWN = 80
"""So many characters of an address are told in a sentence."""


def check_form(address: str) -> None:
    """Raise `UnavailableError`, one sentence, for what is no address of a cluster: host:port, ray://host:port or auto."""
    place = address.removeprefix("ray://")
    host, colon, port = place.rpartition(":")
    if place not in ("auto", "local") and not (colon and host and port.isdecimal() and 0 < int(port) < 65_536):
        raise UnavailableError(f"'{address[:SHOWN]}' is no address of a Ray cluster: give host:port, ray://host:port, or auto.")


def check(address: str) -> None:
    """Raise `UnavailableError` where Ray is not installed or nothing answers at *address*. It takes seconds; Ray would try for a minute."""
    if find_spec("ray") is None:
        raise UnavailableError("Ray is not installed: run pip install 'hw2gui[cluster]', or leave the cluster out and train here.")
    check_form(address)
    place = address.removeprefix("ray://")
    if place in ("auto", "local"):
        return
    host, _, port = place.rpartition(":")
    try:
        socket.create_connection((host, int(port)), timeout=ANSWER_S).close()
    except OSError as error:
        what = error.strerror or str(error)
        raise UnavailableError(
            f"No Ray cluster answers at {address[:SHOWN]} ({what}): start one there with 'ray start --head', or correct the address."
        ) from error


def connect(address: str) -> Any:
    """The module ray, connected to the cluster at *address*. Raises `UnavailableError`."""
    check(address)
    ray: Any = importlib.import_module("ray")
    if ray.is_initialized():
        return ray
    try:
        ray.init(address=address, namespace="hw2gui", log_to_driver=False, logging_level=logging.ERROR, configure_logging=False)
    except Exception as error:
        why = str(error).strip().splitlines()[0][:160] if str(error).strip() else type(error).__name__
        raise UnavailableError(f"The Ray cluster at '{address[:SHOWN]}' refuses ({why}): check address and Ray's version.") from error
    return ray
