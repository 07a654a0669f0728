"""The convolution tab: controls at the left, the views in the middle, the inspector at the right, in two modes over the same pixels."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from PySide6.QtCore import QEvent, QMimeData, Qt
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QHBoxLayout, QScrollArea, QStackedWidget

from hw2gui.convolution import images
from hw2gui.convolution.explain import explain
from hw2gui.convolution.explain_transposed import explain_transposed
from hw2gui.convolution.gui.code_tool import CodeTool
from hw2gui.convolution.gui.controls import Controls
from hw2gui.convolution.gui.convolution_page import ConvolutionPage
from hw2gui.convolution.gui.exporting import Exporter
from hw2gui.convolution.gui.facts_tool import FactsTool
from hw2gui.convolution.gui.formula_tool import FormulaTool
from hw2gui.convolution.gui.image_controls import PICTURE_SUFFIXES
from hw2gui.convolution.gui.inspector import Inspector
from hw2gui.convolution.gui.jacobian_tool import JacobianTool
from hw2gui.convolution.gui.pixel_source import PixelSource
from hw2gui.convolution.gui.toeplitz_tool import ToeplitzTool
from hw2gui.convolution.gui.tools import Tool
from hw2gui.convolution.gui.transpose_tool import TransposeTool
from hw2gui.convolution.links import Probe
from hw2gui.convolution.scene import Scene, gradient, resolve
from hw2gui.convolution.state import ConvolutionState
from hw2gui.errors import UserError
from hw2gui.session.store import Store
from hw2gui.widgets import theme
from hw2gui.widgets.focus import stop_where_it_scrolls
from hw2gui.widgets.services import Services
from hw2gui.widgets.staged import Staged

if TYPE_CHECKING:
    from hw2gui.convolution.gui.attention_half import AttentionHalf

WAIT_S = 0.005
"""How long one part of the making waits for the first picture; then the window looks at what the user does."""

MARKS = ("position", "pinned", "nudge", "formula", "formula_note", "tool", "mode", "stage", "attention_scale", "temperature", "permuted")
"""A change of one of these leaves the convolution's scene as it is."""


class ConvolutionTab(Staged):
    """Follows its store: every picture on screen is made from the state, none is changed by hand."""

    def __init__(self, store: Store[ConvolutionState], services: Services, *, whole: bool = True) -> None:
        super().__init__()
        self._store = store
        self._services = services
        self._loaded = images.Loaded(np.zeros((store.state.height, store.state.width)))
        self._pixels = PixelSource(store, services, self._take, lambda kind: self.controls.image.choose_kind(kind))
        self.scene: Scene | None = None
        self._scene_of: ConvolutionState | None = None
        self._attention: AttentionHalf | None = None
        self._exporter = Exporter(store, services, lambda: self._loaded)
        self.setAcceptDrops(True)
        self.build(whole=whole)

    def parts(self) -> Iterator[None]:
        """Controls, views, tools, inspector; meanwhile a thread reads the file the first picture is in."""
        store, services = self._store, self._services
        reading = threading.Thread(target=images.warm, name="first picture", daemon=True)
        if store.state.image.kind == "kmnist" and not images.is_quick(store.state.image):
            reading.start()
        area = self._build()
        yield
        self.controls = Controls(store, services)
        yield
        area.setWidget(self.controls)
        yield
        self.page = ConvolutionPage(store, services)
        yield
        self._pages.addWidget(self.page)
        yield
        self.tools: dict[str, Tool] = {
            "facts": FactsTool(store, services),
            "toeplitz": ToeplitzTool(store, services, self.page.matrix),
            "jacobian": JacobianTool(store, services),
        }
        yield
        code = CodeTool(store, services)
        code.picture_requested.connect(self._exporter.save_picture)
        self.tools |= {"transpose": TransposeTool(store, services), "formula": FormulaTool(store, services), "code": code}
        yield
        self.inspector = Inspector(
            (
                ("facts", "Facts", "Sizes, non-zeros, rank, bytes, and the check against torch", self.tools["facts"]),
                ("toeplitz", "Toeplitz?", "Which diagonals are constant, block by block and as a whole", self.tools["toeplitz"]),
                ("jacobian", "Jacobian", "Nudge a pixel and watch z move", self.tools["jacobian"]),
                ("transpose", "Mᵀ", "The transposed convolution, the gradient with respect to x", self.tools["transpose"]),
                ("formula", "My formula", "Type your own M(i, j) and have it checked", self.tools["formula"]),
                ("code", "Take away", "NumPy, PyTorch, LaTeX and files of what is on screen", self.tools["code"]),
            ),
            tall=("formula", "code"),
        )
        yield
        self._inspectors.addWidget(self.inspector)
        self._connect()
        while reading.is_alive():
            yield
            reading.join(WAIT_S)

    def live(self) -> None:
        """Follow the store."""
        self._store.changed.connect(self._follow)
        self._load_image()

    def ahead(self) -> Iterator[None]:
        """The attention side."""
        yield from self._make_attention()

    def _build(self) -> QScrollArea:
        """Lay out what is to come; the place of the controls is answered."""
        area = QScrollArea()
        stop_where_it_scrolls(area)
        area.setAccessibleName("Controls")
        area.setWidgetResizable(True)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setFixedWidth(theme.SIDEBAR_WIDTH)
        self._pages, self._inspectors = QStackedWidget(), QStackedWidget()
        self._inspectors.setFixedWidth(theme.INSPECTOR_WIDTH)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(theme.SPACE)
        layout.addWidget(area)
        layout.addWidget(self._pages, 1)
        layout.addWidget(self._inspectors)
        return area

    def _connect(self) -> None:
        self.page.probed.connect(self._explain)
        self.page.export_requested.connect(self._exporter.save_picture)
        self.controls.image.paint.toggled.connect(self.page.set_painting)
        self.controls.image.level.valueChanged.connect(self.page.set_brush)
        self.inspector.chosen.connect(lambda key: self._store.move(tool=key))

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """A picture file may be dropped anywhere on the tab."""
        if _picture_of(event.mimeData()) is not None:
            _take_copy(event)

    def dropEvent(self, event: QDropEvent) -> None:
        """Open the dropped picture."""
        path = _picture_of(event.mimeData())
        if path is not None:
            _take_copy(event)
            self.controls.image.open_picture(path)

    # -- following the store ------------------------------------------------------------------------------------------------------

    def home(self) -> None:
        """Zoom out every view."""
        (self.attention if self.attending else self).page.home()

    @property
    def attention(self) -> AttentionHalf:
        """The attention side, made when it is first needed: its plot takes longer to load than all the rest."""
        for _ in self._make_attention():
            pass
        assert self._attention is not None
        return self._attention

    def _make_attention(self) -> Iterator[None]:
        if self._attention is None:
            from hw2gui.convolution.gui.attention_half import AttentionHalf

            self._attention = half = AttentionHalf(self._store, self._services)
            self._pages.addWidget(half.page)
            self._inspectors.addWidget(half.inspector)
            half.page.export_requested.connect(self._exporter.save_picture)
            half.code.picture_requested.connect(self._exporter.save_picture)
            yield

    @property
    def attending(self) -> bool:
        """Whether attention is shown."""
        return self._store.state.mode == "attention"

    def _follow(self, before: ConvolutionState, after: ConvolutionState) -> None:
        if self._pixels.are_others(after):
            self._load_image()
        else:
            self._show(after)

    def _load_image(self) -> None:
        self.controls.show_state(self._store.state)
        self._pixels.load()

    def _take(self, loaded: images.Loaded) -> None:
        self._loaded, self._scene_of = loaded, None
        self.controls.image.show_note(loaded.note)
        self._show(self._store.state)

    def _show(self, now: ConvolutionState) -> None:
        self.controls.show_state(now)
        half = self.attention if self.attending else self
        self._pages.setCurrentWidget(half.page)
        self._inspectors.setCurrentWidget(half.inspector)
        if self._loaded.pixels.shape != (now.height, now.width):
            return  # The pixels of this size are on their way.
        if self.attending:
            self.attention.show(self._loaded.pixels, now)
            return
        self._show_tool(now.tool)
        if self._scene_of is None or _differs(self._scene_of, now):
            self._show_scene(now)
        else:
            if now.transposed and now.gradient == "single" and now.pinned != self._scene_of.pinned and self.scene is not None:
                self.page.show_scene(self.scene, now)
            self.page.show_state(now)
            self.tools[now.tool].mark(self._scene_of, now)
        self._scene_of = now

    def _show_scene(self, now: ConvolutionState) -> None:
        try:
            self.scene = resolve(now, self._loaded.pixels)
        except UserError as error:
            self._services.message(str(error))
            return
        self.page.show_scene(self.scene, now)
        if self.scene.heavy:
            self._ask_output(self.scene)
        self.tools[now.tool].follow(self.scene)
        self._explain(self.page.probe)

    def _show_tool(self, key: str) -> None:
        front = self.inspector.tool
        self.inspector.show_tool(key)
        if front != key:
            self.tools[front].leave()
            if self.scene is not None and self._scene_of is not None and not _differs(self._scene_of, self._store.state):
                self.tools[key].follow(self.scene)

    def _ask_output(self, scene: Scene) -> None:
        def take(output: Any) -> None:
            if self.scene is not scene:
                return  # a smaller scene was computed at once meanwhile
            self.scene = Scene(scene.geometry, scene.image, scene.matrix, output, scene.base)
            self.page.show_scene(self.scene, self.page.shown)  # the store may be ahead of what this is the output of
            self.tools[self.page.shown.tool].follow(self.scene)

        self._services.ask(
            "output",
            "hw2gui.convolution.window:convolve",
            {"x": scene.image, "kernel": scene.kernel, "geometry": scene.geometry},
            take,
            what="Computing z",
        )

    def changeEvent(self, event: QEvent) -> None:
        """A new theme: the colours in the explanation are others."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and self.alive:
            self._explain(self.page.probe)

    def _explain(self, probe: Probe | None) -> None:
        if self.scene is not None:
            now, dark = self.page.shown, theme.current().dark
            if now.transposed:
                self.inspector.explain(explain_transposed(self.scene, gradient(now, self.scene), probe, dark=dark))
            else:
                self.inspector.explain(explain(self.scene, probe, dark=dark))
            self.tools[now.tool].probe(probe)


def _take_copy(event: QDropEvent) -> None:
    """Accept what is dragged as a copy: what is moved is taken away where it was."""
    event.setDropAction(Qt.DropAction.CopyAction)
    event.accept()


def _picture_of(data: QMimeData) -> Path | None:
    """The picture file that is dragged, if it is one."""
    paths = [Path(url.toLocalFile()) for url in data.urls() if url.isLocalFile()]
    return next((path for path in paths if path.suffix.lower() in PICTURE_SUFFIXES), None)


def _differs(before: ConvolutionState, after: ConvolutionState) -> bool:
    """Whether the convolution's scene of the two states is another."""
    return any(getattr(before, name) != getattr(after, name) for name in before.__dataclass_fields__ if name not in MARKS)
