"""The convolution tab: controls at the left, the views in the middle, the inspector at the right."""

from __future__ import annotations

from typing import Any

import numpy as np
from PySide6.QtCore import QRectF, Qt
from PySide6.QtWidgets import QHBoxLayout, QScrollArea, QStackedWidget, QWidget

from hw2gui.convolution import images
from hw2gui.convolution.explain import explain
from hw2gui.convolution.gui.controls import Controls
from hw2gui.convolution.gui.convolution_page import ConvolutionPage
from hw2gui.convolution.gui.facts_tool import FactsTool
from hw2gui.convolution.gui.inspector import Inspector
from hw2gui.convolution.gui.tools import Tool
from hw2gui.convolution.links import Probe
from hw2gui.convolution.scene import Scene, resolve
from hw2gui.convolution.state import ConvolutionState
from hw2gui.errors import UserError
from hw2gui.session.store import Store
from hw2gui.widgets import theme
from hw2gui.widgets.services import Services

SCENE_FIELDS = ("height", "width", "weights", "stride", "padding", "padding_size", "dilation", "flipped", "order", "base", "transposed")
"""A change of one of these is a new scene; other fields are marks on it."""


class ConvolutionTab(QWidget):
    """Follows its store: every picture on screen is made from the state, none is changed by hand."""

    def __init__(self, store: Store[ConvolutionState], services: Services) -> None:
        super().__init__()
        self._store = store
        self._services = services
        self._image = np.zeros((store.state.height, store.state.width))
        self._image_of: tuple[Any, ...] | None = None
        self.scene: Scene | None = None
        self.controls = Controls(store, services)
        self.page = ConvolutionPage(store, services)
        self._tools: dict[str, Tool] = {"facts": FactsTool(store, services)}
        self.inspector = Inspector((("facts", "Facts", "Sizes, non-zeros, rank, bytes, and the check against torch", self._tools["facts"]),))
        self._build()
        self.page.probed.connect(self._explain)
        self.controls.image.paint.toggled.connect(self.page.set_painting)
        self.controls.image.level.valueChanged.connect(self._set_brush)
        self.inspector.chosen.connect(lambda key: store.move(tool=key))
        store.changed.connect(self._follow)
        self._load_image()
        self._show(store.state)

    def _build(self) -> None:
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setWidget(self.controls)
        area.setFixedWidth(theme.SIDEBAR_WIDTH)
        self._pages = QStackedWidget()
        self._pages.addWidget(self.page)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(theme.SPACE)
        layout.addWidget(area)
        layout.addWidget(self._pages, 1)
        layout.addWidget(self.inspector)

    def _set_brush(self, level: float) -> None:
        self.page.brush_level = level

    # -- following the store ------------------------------------------------------------------------------------------------------

    def _follow(self, before: ConvolutionState, after: ConvolutionState) -> None:
        self.controls.show_state(after)
        if (after.image, after.height, after.width) != self._image_of:
            self._load_image()
        elif any(getattr(before, name) != getattr(after, name) for name in SCENE_FIELDS):
            self._show(after)
        else:
            self.page.show_state(after)
            self.inspector.show_tool(after.tool)

    def _load_image(self) -> None:
        """Get the pixels: at once where that is quick, else from the worker; what comes late is dropped by its key."""
        now = self._store.state
        wanted = (now.image, now.height, now.width)
        self._image_of = wanted
        if now.image.kind in images.QUICK_KINDS:
            self._services.forget("pixels")
            self._take(images.load(*wanted))
            return
        self._services.ask(
            "pixels",
            "hw2gui.convolution.images:load",
            {"choice": now.image, "height": now.height, "width": now.width},
            self._take,
            failed=self._no_image,
            what="Loading the image",
        )

    def _take(self, loaded: images.Loaded) -> None:
        self._image = loaded.pixels
        self.controls.image.show_note(loaded.note)
        self._show(self._store.state)

    def _no_image(self, why: str) -> None:
        """The picture is not to be had: say why in place and show the built-in set instead."""
        self._services.message(why, "error", ("Use the built-in characters", self._use_built_in))
        self.controls.image.show_note(why)
        now = self._store.state
        self._image = np.zeros((now.height, now.width))
        self._show(now)

    def _use_built_in(self) -> None:
        self.controls.image.choose_kind("strokes")

    def _show(self, now: ConvolutionState) -> None:
        self.controls.show_state(now)
        if self._image.shape != (now.height, now.width):
            return  # The pixels of this size are on their way.
        try:
            self.scene = resolve(now, self._image)
        except UserError as error:
            self._services.message(str(error))
            return
        self.page.show_scene(self.scene, now)
        if self.scene.heavy:
            self._ask_output(self.scene)
        self.inspector.show_tool(now.tool)
        self._tools[now.tool].follow(self.scene)

    def _ask_output(self, scene: Scene) -> None:
        def take(output: Any) -> None:
            self.scene = Scene(scene.geometry, scene.image, scene.matrix, output, scene.base)
            self.page.show_scene(self.scene, self._store.state)

        self._services.ask(
            "output",
            "hw2gui.convolution.window:convolve",
            {"x": scene.image, "kernel": scene.kernel, "geometry": scene.geometry},
            take,
            what="Computing z",
        )

    def _explain(self, probe: Probe | None) -> None:
        if self.scene is not None:
            self.inspector.explain(explain(self.scene, probe))
            self._tools[self._store.state.tool].probe(probe)

    def view_rect(self, widget: QWidget) -> QRectF:
        """Where *widget* lies in this tab."""
        return QRectF(widget.mapTo(self, widget.rect().topLeft()), widget.rect().size())
