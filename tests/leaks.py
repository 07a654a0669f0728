"""Find what a test left behind: widgets, timers, animations, threads, processes.

A leaked widget or timer acts in some later test, which then fails for no reason of its own.
"""

from __future__ import annotations

import gc
import multiprocessing
import os
import threading
import time
from contextlib import suppress
from multiprocessing import resource_tracker
from pathlib import Path
from typing import Any

import shiboken6
from PySide6.QtCore import QAbstractAnimation, QCoreApplication, QEvent, QObject, QThread, QThreadPool, QTimer
from PySide6.QtWidgets import QApplication, QWidget

GRACE_S = 1.0
"""How long threads and processes that are ending may take to end."""

QTS_OWN_WIDGETS = {"QTipLabel"}  # the one tooltip, kept by Qt for the next time


class Snapshot:
    """What is alive now; to be closed."""

    def __init__(self) -> None:
        self.widgets = set(_widgets())
        self.threads = set(threading.enumerate())
        self.processes = _processes()
        # The collector sets aside what it knows (some 200,000 objects), so that it shows us only what is made from now on.
        gc.freeze()

    def close(self) -> None:
        """Give the collector back what it set aside."""
        gc.unfreeze()


def since(before: Snapshot) -> list[str]:
    """One line for each thing that is alive and was not *before*, with what to do about it."""
    app = QApplication.instance()
    app.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    app.processEvents()
    if _new_objects(before):
        gc.collect()  # what only cycles hold is garbage, not a leak
    return [
        *(_about_widget(thing) if isinstance(thing, QWidget) else _about_object(thing) for thing in _new_objects(before)),
        *_threads_since(before.threads),
        *_processes_since(before.processes),
    ]


def _new_objects(before: Snapshot) -> list[QObject]:
    return [*(set(_widgets()) - before.widgets), *_active_objects()]


def _widgets() -> list[QWidget]:
    return [
        widget
        for widget in QApplication.topLevelWidgets()
        if widget.parent() is None and widget.metaObject().className() not in QTS_OWN_WIDGETS
    ]


def _about_widget(widget: QWidget) -> str:
    title = widget.windowTitle() or widget.objectName()
    held = [type(holder).__name__ for holder in gc.get_referrers(widget) if not isinstance(holder, list)]
    return (
        f"- a top-level {type(widget).__name__}{f' “{title}”' if title else ''} (held by: {', '.join(sorted(set(held))) or 'Qt only'}). "
        "Give it to qtbot.addWidget, or give it a parent, or close it and let it go."
    )


def _active_objects() -> list[QObject]:
    """Timers, animations and QThreads made since the snapshot that are running, as far as Python knows them."""
    # By type, not isinstance: some objects mind being asked for their class.
    kinds = _with_subclasses(QTimer) | _with_subclasses(QAbstractAnimation) | _with_subclasses(QThread)
    found = [thing for thing in gc.get_objects() if type(thing) in kinds]
    return [thing for thing in found if shiboken6.isValid(thing) and _is_active(thing)]


def _with_subclasses(kind: type) -> set[type]:
    return {kind}.union(*(_with_subclasses(subclass) for subclass in kind.__subclasses__()))


def _is_active(thing: Any) -> bool:
    if isinstance(thing, QTimer):
        return thing.isActive()
    if isinstance(thing, QAbstractAnimation):
        return thing.state() == QAbstractAnimation.State.Running
    return thing.isRunning() and thing is not QCoreApplication.instance().thread()


def _about_object(thing: Any) -> str:
    owners = []
    parent = thing
    while parent is not None:
        owners.append(type(parent).__name__ + (f" “{parent.objectName()}”" if parent.objectName() else ""))
        parent = parent.parent()
    chain = " in ".join(owners)
    if isinstance(thing, QTimer):
        return f"- an active timer ({chain}, every {thing.interval()} ms). Stop it when its widget closes, or wait for it."
    if isinstance(thing, QAbstractAnimation):
        return f"- a running animation ({chain}). Stop it when its widget closes, or wait for its finished signal."
    return f"- a running QThread ({chain}). Call quit() and wait() on it."


def _threads_since(before: set[threading.Thread]) -> list[str]:
    found = []
    for thread in set(threading.enumerate()) - before:
        # A QThread that once ran Python stays in this list, as a dummy, when it is long gone.
        if not isinstance(thread, threading._DummyThread):
            thread.join(GRACE_S)
            if thread.is_alive():
                found.append(f"- the thread “{thread.name}”. Close what started it (a runner: close()), or join it.")
    if not QThreadPool.globalInstance().waitForDone(int(GRACE_S * 1000)):
        found.append("- work in Qt's global thread pool. Wait for it in the test, or cancel it when its widget closes.")
    return found


def _processes() -> set[int]:
    """Our child processes, without the one in which multiprocessing keeps its books."""
    children = {process.pid for process in multiprocessing.active_children()}
    for task in Path(f"/proc/{os.getpid()}/task").glob("*/children"):
        with suppress(FileNotFoundError):  # the thread ended in between
            children |= {int(pid) for pid in task.read_text().split()}
    return {pid for pid in children if pid is not None} - {vars(resource_tracker._resource_tracker).get("_pid")}


def _processes_since(before: set[int]) -> list[str]:
    end = time.monotonic() + GRACE_S
    while (left := _processes() - before) and time.monotonic() < end:
        time.sleep(0.02)
    return [f"- the process {pid}. Close what started it (a runner: close()), or wait for it to end." for pid in sorted(left)]
