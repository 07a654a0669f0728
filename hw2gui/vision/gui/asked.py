"""The worker asked on behalf of a page, with an eye on what is still on its way."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from hw2gui.widgets.services import Services

TASKS, SAVING = "hw2gui.vision.tasks", "hw2gui.vision.saving"


class Asked:
    """Requests by key, as `Services.ask` makes them; what plays waits while one is under way."""

    def __init__(self, services: Services) -> None:
        self.services = services
        self._waiting: set[str] = set()

    @property
    def waiting(self) -> bool:
        """Whether an answer is on its way."""
        return bool(self._waiting)

    def ask(
        self,
        key: str,
        task: str,
        arguments: Mapping[str, Any],
        done: Callable[[Any], None],
        *,
        failed: Callable[[str], None] | None = None,
        progress: Callable[[Any], None] | None = None,
        what: str,
    ) -> None:
        """Call *task* (of :mod:`hw2gui.vision.tasks`, unless it names its module).

        *failed* (default: the message bar) is told what is wrong in one sentence, also when it is cancelled.
        """
        tell = failed or self.services.message

        def settled(then: Callable[[Any], None], told: Any) -> None:
            self._waiting.discard(key)
            then(told)

        self._waiting.add(key)
        self.services.ask(
            key,
            task if ":" in task else f"{TASKS}:{task}",
            arguments,
            lambda answer: settled(done, answer),
            failed=lambda why: settled(tell, why),
            progress=progress,
            cancelled=lambda: settled(tell, f"{what}: cancelled."),
            what=what,
        )

    def forget(self, key: str) -> None:
        """Whatever was asked under *key* is no longer wanted."""
        self._waiting.discard(key)
        self.services.forget(key)
