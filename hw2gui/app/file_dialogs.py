"""Asking for a file or a folder with the system's own dialog."""

from __future__ import annotations

import re
from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QWidget

from hw2gui.widgets import theme


class FileDialogs:
    """Over *window*; the next one opens where the last file was chosen."""

    def __init__(self, window: QWidget) -> None:
        self._window = window
        self._folder = Path()

    def choose_file(self, title: str, suggestion: str, kinds: str, *, save: bool) -> Path | None:
        """Ask for a file with the system's own dialog, where the last one was chosen. A name without a suffix gets that of *kinds*."""
        dialog = QFileDialog(self._window, title, str(self._folder), kinds)
        theme.dress(dialog)
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave if save else QFileDialog.AcceptMode.AcceptOpen)
        dialog.setFileMode(QFileDialog.FileMode.AnyFile if save else QFileDialog.FileMode.ExistingFile)
        suffix = re.search(r"\*\.(\w+)", kinds)
        if save and suffix:
            dialog.setDefaultSuffix(suffix[1])
        dialog.selectFile(suggestion)
        chosen = dialog.selectedFiles() if dialog.exec() else []
        dialog.deleteLater()
        if not chosen:
            return None
        path = Path(chosen[0])
        self._folder = path.parent
        return path

    def choose_folder(self, title: str) -> Path | None:
        """Ask for a folder with the system's own dialog."""
        chosen = QFileDialog.getExistingDirectory(self._window, title, str(self._folder))
        return Path(chosen) if chosen else None
