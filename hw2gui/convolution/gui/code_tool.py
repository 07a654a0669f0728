"""Take away: the screen as NumPy, PyTorch or LaTeX, and M as a sparse file."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QMenu, QPlainTextEdit, QPushButton, QToolButton

from hw2gui.convolution.gui.tools import Tool
from hw2gui.convolution.latex import convolution_latex
from hw2gui.convolution.snippets import convolution_numpy, convolution_torch
from hw2gui.convolution.state import ConvolutionState
from hw2gui.session.store import Store
from hw2gui.widgets import theme
from hw2gui.widgets.fields import Choices, row
from hw2gui.widgets.panel import EXPORT_FORMATS
from hw2gui.widgets.services import Services

LANGUAGES = (
    ("numpy", "NumPy", "Builds M by its closed form and checks vec(z) = M vec(x); runs as pasted"),
    ("torch", "PyTorch", "conv2d, and M as its Jacobian; runs as pasted"),
    ("latex", "LaTeX", "The matrix (shortened with dots when large) and the entry's formula"),
)


class CodeTool(Tool):
    """Text to copy, and files to save."""

    picture_requested = Signal(str, str)
    """(which picture, format)"""

    def __init__(self, store: Store[ConvolutionState], services: Services) -> None:
        super().__init__(store, services)
        self.language = Choices("Language", LANGUAGES)
        self.language.show_choice("numpy")
        self.language.chosen.connect(lambda _: self.refresh())
        self.text = QPlainTextEdit()
        self.text.setReadOnly(True)
        self.text.setFont(theme.mono_font(8))
        self.text.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.text.setAccessibleName("Code for what is on screen")
        self.text.setMinimumHeight(200)
        self.copy = QPushButton("Copy")
        self.copy.setToolTip("Put this text on the clipboard")
        self.copy.clicked.connect(lambda: services.copy(self.text.toPlainText(), self.language.choice))
        self.save = QPushButton("Save M as .npz…")
        self.save.setToolTip("A sparse matrix that scipy.sparse.load_npz reads")
        self.save.clicked.connect(self._save)
        self.box.addWidget(self.language)
        self.box.addWidget(self.text, 1)
        self.whole = QToolButton()
        self.whole.setText("Save the picture")
        self.whole.setToolTip("x, w, z and M together, on paper")
        self.whole.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        menu = QMenu(self.whole)
        for suffix in EXPORT_FORMATS:
            menu.addAction(f"As {suffix.upper()}…").triggered.connect(
                lambda _=False, chosen=suffix: self.picture_requested.emit("whole", chosen)
            )
        self.whole.setMenu(menu)
        self.box.addWidget(row(self.copy, self.save, self.whole))

    def refresh(self) -> None:
        """The text for the scene."""
        scene = self.scene
        if scene is None:
            return
        if self.language.choice == "latex":
            text = convolution_latex(scene.matrix, scene.base)
        else:
            text = (convolution_numpy if self.language.choice == "numpy" else convolution_torch)(scene.matrix, scene.image)
        self.text.setPlainText(text)

    def _save(self) -> None:
        scene = self.scene
        path = self.services.choose_file("Save M", "M.npz", "Sparse matrix (*.npz)", save=True)
        if scene is None or path is None:
            return
        path = path if path.suffix == ".npz" else path.with_name(f"{path.name}.npz")
        self.services.ask(
            "save",
            "hw2gui.convolution.tasks:save_matrix",
            {"matrix": scene.matrix, "path": str(path)},
            lambda size: self.services.status(f"M saved to {path}, {size:,} non-zeros"),
            what="Writing M",
        )
