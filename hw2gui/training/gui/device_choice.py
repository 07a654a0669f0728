"""Choosing where to train: a device is looked for before it is taken."""

from __future__ import annotations

from collections.abc import Callable

from hw2gui.widgets.services import Services

EVERYWHERE = ("auto", "cpu")
"""Devices that every computer has."""


class DeviceChoice:
    """The device of the next run of the subject *key*. The latest choice counts, however late the answer about an earlier one comes."""

    def __init__(self, key: str, services: Services, refuse: Callable[[str], None]) -> None:
        self._key = key
        self._services = services
        self._refuse = refuse
        self._wanted = ""

    def choose(self, device: str, take: Callable[[], None], *, elsewhere: bool) -> None:
        """*take* it at once, or when it was found here; on a cluster (*elsewhere*) that is not this computer's to say."""
        self._wanted = device
        if device in EVERYWHERE or elsewhere:
            take()
            return
        self._services.ask(
            f"device {self._key}",
            "hw2gui.training.compute:check_device",
            {"wanted": device},
            lambda _: self._answer(device, take),
            failed=lambda why: self._answer(device, lambda: self._refuse(why)),
            what="Looking for the device",
        )

    def _answer(self, device: str, act: Callable[[], None]) -> None:
        if device == self._wanted:
            act()
