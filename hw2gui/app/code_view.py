"""Show me the code: the program that makes what is on screen, to read, to copy, to save."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QComboBox, QDialog, QPlainTextEdit, QPushButton, QVBoxLayout

from hw2gui.widgets import theme
from hw2gui.widgets.fields import row, teach_manners, text_label
from hw2gui.widgets.saving import save_text

if TYPE_CHECKING:
    from hw2gui.app.main_window import MainWindow

Programs = tuple[tuple[str, str], ...]
NONE = "This tab has no code to show."


class CodeView(QDialog):
    """Beside the window, stopping nothing; follows the tab in front while it is open."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        theme.dress(self)
        self.setWindowTitle("Show me the code")
        self._window = window
        self._programs: Programs = ()
        self.text = QPlainTextEdit()
        self.text.setReadOnly(True)
        self.text.setFont(theme.mono_font(9))
        self.text.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.text.setAccessibleName("Code for what is on screen")
        self.text.setAccessibleDescription("Read only; Copy puts it on the clipboard")
        self.text.setTabChangesFocus(True)
        self.which = QComboBox()
        self.which.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self.which.setAccessibleName("Which program")
        self.which.setToolTip("What the program computes")
        teach_manners(self.which)
        self.which.currentIndexChanged.connect(self._show_one)
        self.copy = QPushButton("Copy")
        self.copy.setToolTip("Put the program on the clipboard")
        self.copy.clicked.connect(lambda: window.services.copy(self.text.toPlainText(), self.which.currentText()))
        self.save = QPushButton("Save…")
        self.save.setToolTip("Write the program to a file")
        self.save.clicked.connect(self._save)
        self.note = text_label("It runs as pasted, without hw2gui, and prints the numbers on screen.", muted=True)
        layout = QVBoxLayout(self)
        layout.addWidget(row(self.which, self.copy, self.save))
        layout.addWidget(self.note)
        layout.addWidget(self.text, 1)
        self.resize(820, 560)

    def open_up(self) -> None:
        """Come to the front with the program of what is on screen now."""
        self.show()
        self.refresh()
        self.raise_()
        self.activateWindow()

    def follow(self) -> None:
        """Another tab is in front: show its code, if code is shown at all."""
        if self.isVisible():
            self.refresh()

    def event(self, event: QEvent) -> bool:
        """Come to by the user, show the code of what is on screen now."""
        if event.type() == QEvent.Type.WindowActivate:
            self.refresh()
        return super().event(event)

    def refresh(self) -> None:
        """Ask for the programs of the tab in front."""
        window = self._window
        spec = next(spec for spec in window.tabs if spec.key == window.front)
        if not spec.programs:
            window.services.forget("programs")
            self._take((), NONE)
            return
        window.services.ask(
            "programs",
            spec.programs,
            {"state": window.front_store().state},
            self._take,
            failed=lambda why: self._take((), why),
            what="Writing the code",
        )

    def _take(self, programs: Programs, why: str = "") -> None:
        chosen = self.which.currentText()
        self._programs = programs
        self.which.blockSignals(True)
        self.which.clear()
        self.which.addItems([title for title, _ in programs])
        self.which.setCurrentIndex(max(0, self.which.findText(chosen)))
        self.which.blockSignals(False)
        for widget in (self.which, self.copy, self.save):
            widget.setEnabled(bool(programs))
        if programs:
            self._show_one(self.which.currentIndex())
        else:
            self.text.setPlainText(why)

    def _show_one(self, index: int) -> None:
        if 0 <= index < len(self._programs):
            self.text.setPlainText(self._programs[index][1])

    def _save(self) -> None:
        save_text(self._window.services, self.text.toPlainText, self._window.front, "py", "Save the program")
