"""Take away: what is on screen as NumPy, PyTorch or LaTeX, M as a sparse file, and everything together as one picture."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QMenu, QPlainTextEdit, QPushButton, QVBoxLayout, QWidget

from hw2gui.convolution.attention_scene import AttentionScene
from hw2gui.convolution.gui.tools import Tool
from hw2gui.convolution.latex import attention_latex, convolution_latex
from hw2gui.convolution.snippets import attention_numpy, attention_torch, convolution_numpy, convolution_torch
from hw2gui.convolution.state import ConvolutionState
from hw2gui.session.store import Store
from hw2gui.widgets import theme
from hw2gui.widgets.fields import Choices, row
from hw2gui.widgets.panel import EXPORT_FORMATS
from hw2gui.widgets.services import Services


class CodeBox(QWidget):
    """A choice of languages, the text in the chosen one, and a button that copies it."""

    def __init__(self, services: Services, languages: tuple[tuple[str, str, str], ...]) -> None:
        super().__init__()
        self._texts: Mapping[str, Callable[[], str]] = {}
        self.language = Choices("Language", languages)
        self.language.show_choice(languages[0][0])
        self.language.chosen.connect(lambda _: self._refresh())
        self.text = QPlainTextEdit()
        self.text.setReadOnly(True)
        self.text.setFont(theme.mono_font(8))
        self.text.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.text.setAccessibleName("Code for what is on screen")
        self.text.setAccessibleDescription("Read only; Copy puts it on the clipboard")
        self.text.setTabChangesFocus(True)
        self.text.setMinimumHeight(200)
        self.copy = QPushButton("Copy")
        self.copy.setToolTip("Put this text on the clipboard")
        self.copy.clicked.connect(lambda: services.copy(self.text.toPlainText(), self.language.choice))
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.addWidget(self.language)
        box.addWidget(self.text, 1)

    def offer(self, texts: Mapping[str, Callable[[], str]]) -> None:
        """Offer these texts, one a language; only the chosen one is made."""
        self._texts = texts
        self._refresh()

    def _refresh(self) -> None:
        if self._texts:
            self.text.setPlainText(self._texts[self.language.choice]())


def picture_button(title: str, tip: str, act: Callable[[str], None]) -> QPushButton:
    """A button with a menu of the formats; *act* is called with the chosen one."""
    button = QPushButton(title)
    button.setToolTip(tip)
    menu = QMenu(button)
    for suffix in EXPORT_FORMATS:
        menu.addAction(f"As {suffix.upper()}…").triggered.connect(lambda _=False, chosen=suffix: act(chosen))
    button.setMenu(menu)
    return button


class CodeTool(Tool):
    """The convolution to take away."""

    picture_requested = Signal(str, str)
    """(which picture, format)"""

    def __init__(self, store: Store[ConvolutionState], services: Services) -> None:
        super().__init__(store, services)
        self.code = CodeBox(
            services,
            (
                ("numpy", "NumPy", "Builds M by its closed form and checks vec(z) = M vec(x); runs as pasted"),
                ("torch", "PyTorch", "conv2d, and M as its Jacobian; runs as pasted"),
                ("latex", "LaTeX", "The matrix (shortened with dots when large) and the entry's formula"),
            ),
        )
        self.save = QPushButton("Save M as .npz…")
        self.save.setToolTip("A sparse matrix that scipy.sparse.load_npz reads")
        self.save.clicked.connect(self._save)
        self.whole = picture_button("Save the picture", "x, w, z and M together, on paper", lambda suffix: self._picture(suffix))
        self.box.addWidget(self.code, 1)
        self.box.addWidget(row(self.code.copy, self.save, self.whole))

    def refresh(self) -> None:
        """The text for the scene."""
        scene = self.scene
        if scene is not None:
            self.code.offer(
                {
                    "numpy": lambda: convolution_numpy(scene.matrix, scene.image),
                    "torch": lambda: convolution_torch(scene.matrix, scene.image),
                    "latex": lambda: convolution_latex(scene.matrix, scene.base),
                }
            )

    def _picture(self, suffix: str) -> None:
        self.picture_requested.emit("whole", suffix)

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


class AttentionCode(QWidget):
    """Attention to take away."""

    picture_requested = Signal(str, str)
    """(which picture, format)"""

    def __init__(self, services: Services) -> None:
        super().__init__()
        self.code = CodeBox(
            services,
            (
                ("numpy", "NumPy", "P and Z by the formula, and Z against the tone curve; runs as pasted"),
                ("torch", "PyTorch", "Z by scaled_dot_product_attention; runs as pasted"),
                ("latex", "LaTeX", "The stages, Z, and the tone curve"),
            ),
        )
        curve = picture_button("Save the tone curve", "g(t) with the image's levels on it, on paper", lambda suffix: self._picture(suffix))
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 4, 0, 0)
        box.addWidget(self.code, 1)
        box.addWidget(row(self.code.copy, curve))

    def follow(self, scene: AttentionScene) -> None:
        """A new scene is on screen."""
        attention = scene.attention
        self.code.offer(
            {
                "numpy": lambda: attention_numpy(attention),
                "torch": lambda: attention_torch(attention),
                "latex": lambda: attention_latex(attention),
            }
        )

    def _picture(self, suffix: str) -> None:
        self.picture_requested.emit("tone curve", suffix)
