"""The pad with its brush, eraser, undo and clear: the drawing of the state, on whichever page it is drawn."""

from __future__ import annotations

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import QCheckBox, QSlider

from hw2gui.errors import InputError
from hw2gui.session.store import Store
from hw2gui.vision.pen import Drawing, Stroke
from hw2gui.vision.state import VisionState
from hw2gui.widgets.buttons import IconButton
from hw2gui.widgets.drawing_pad import DrawingPad
from hw2gui.widgets.fields import row
from hw2gui.widgets.panel import Panel
from hw2gui.widgets.pen_strokes import PadStroke


class PadPanel(Panel):
    """Follows the store, and changes its drawing."""

    drawn = Signal(object)
    """The drawing with the stroke under way, while the pen moves."""

    def __init__(self, store: Store[VisionState], title: str = "Draw", *, exports: bool = False) -> None:
        self.pad = DrawingPad("Drawing pad")
        super().__init__(title, self.pad, exports=exports)
        self._store = store
        self.brush = QSlider(Qt.Orientation.Horizontal)
        self.brush.setRange(2, 16)
        self.brush.setAccessibleName("Brush width")
        self.brush.setToolTip("Brush width, in hundredths of the pad's side")
        self.brush.valueChanged.connect(lambda value: store.move(brush=value / 100))
        self.eraser = QCheckBox("Eraser")
        self.eraser.setToolTip("Erase ink (the right button always does)")
        self.eraser.toggled.connect(lambda on: store.move(erasing=on))
        self.undo = IconButton("back", "Take the last stroke back", self._take_back)
        self.clear = IconButton("close", "Clear the pad", self.clear_pad)
        self.add_below(row("Brush", self.brush, self.eraser, self.undo, self.clear, stretch=False))
        self.pad.moved.connect(self._moved)
        self.pad.finished.connect(self._finished)
        self.pad.cleared.connect(self.clear_pad)

    def show_state(self, now: VisionState) -> None:
        """Show what is drawn, and with what is drawn next."""
        self.pad.show_strokes(tuple(PadStroke(stroke.points, stroke.width, stroke.eraser) for stroke in now.drawing.strokes))
        self.pad.width_now, self.pad.erasing = now.brush, now.erasing
        with QSignalBlocker(self.brush), QSignalBlocker(self.eraser):
            self.brush.setValue(round(now.brush * 100))
            self.eraser.setChecked(now.erasing)
        self.offer_export(bool(now.drawing.strokes))
        self.undo.setEnabled(bool(now.drawing.strokes))
        self.clear.setEnabled(bool(now.drawing.strokes))

    def _moved(self, strokes: tuple[PadStroke, ...]) -> None:
        drawing = self._taken(strokes)
        if drawing is not None:
            self.drawn.emit(drawing)

    def _finished(self, strokes: tuple[PadStroke, ...]) -> None:
        drawing = self._taken(strokes)
        if drawing is not None:
            self._store.change("Stroke", drawing=drawing)
        else:
            self.show_state(self._store.state)

    def _taken(self, strokes: tuple[PadStroke, ...]) -> Drawing | None:
        """The strokes as a drawing; None, and the reason in the title, where they are too many."""
        try:
            drawing = Drawing(tuple(Stroke(stroke.points, stroke.width, stroke.erases) for stroke in strokes))
        except InputError as error:
            self.info.setText(str(error))
            return None
        self.info.setText("")
        return drawing

    def clear_pad(self) -> None:
        """Begin with an empty pad again; undo brings the drawing back."""
        if self._store.state.drawing.strokes:
            self._store.change("Clear the pad", drawing=Drawing())

    def _take_back(self) -> None:
        strokes = self._store.state.drawing.strokes
        if strokes:
            self._store.change("Last stroke taken back", drawing=Drawing(strokes[:-1]))
