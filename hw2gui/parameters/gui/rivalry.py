"""Two networks over one axis: the controls that the twin tables and the growth share, and the one request to the worker behind both."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Hashable

from PySide6.QtCore import QObject, QSignalBlocker, Qt, QTimer, Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QSlider, QVBoxLayout, QWidget

from hw2gui.errors import InputError
from hw2gui.parameters.analysis import Analysis
from hw2gui.parameters.comparison import TWINS, Duel, Growth, Rival, duel, rivals, variable_problem
from hw2gui.parameters.growth import VARIABLES, Variable, axis_name, sample_values
from hw2gui.parameters.presets import PRESETS
from hw2gui.parameters.scene import Scene
from hw2gui.parameters.state import FIRSTS, SECONDS, STACK, ParametersState
from hw2gui.parameters.twins import QUANTITIES
from hw2gui.session.store import Store, Stroke
from hw2gui.widgets.fields import Choices, WholeField, narrow, teach_manners
from hw2gui.widgets.services import Services

AT_ONCE = 60
"""What takes longer (growth, verification, text) waits, for a stack of more layers, until that rests."""
GROW_AFTER_MS = 200
POSITIONS = 240
VALUE = "value"
"""The gesture of whoever changes the value step by step: the field's arrows, the plot's keys."""
LEAST_TITLE = 12
"""So many characters of a network's title are seen where there is little room (beside the questions); else all."""

SHORT: dict[Variable, str] = {"side": "image side", "channels": "channels", "kernel": "kernel", "hidden": "hidden size"}


def short_name(variable: Variable, pair: tuple[Rival, Rival] | None) -> str:
    """What *variable* is called where there is little room: that of the first network."""
    return axis_name(variable, pair[0].architecture) if pair is not None and variable == "side" else SHORT[variable]


def title_of(key: str) -> str:
    """What a choice is called in the lists."""
    if key == STACK:
        return "This stack"
    return TWINS[key][1].capitalize() if key in TWINS else PRESETS[key].title


class Rivalry(QObject):
    """What is known of the two networks: at once at the chosen value, and a little later over the whole axis."""

    grown_changed = Signal()
    """The worker's answer came."""

    def __init__(self, store: Store[ParametersState], services: Services) -> None:
        super().__init__()
        self._store = store
        self._services = services
        self._asked: tuple[object, ...] | None = None
        self._shown: tuple[object, ...] | None = None
        self._known: Analysis | None = None
        self.duel: Duel | None = None
        self.grown: Growth | None = None
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(GROW_AFTER_MS)
        self._timer.timeout.connect(self._ask)
        self.problem = ""
        """Why the two cannot be compared."""

    def follow(self, scene: Scene) -> None:
        """Compare the two networks of *scene*."""
        now = scene.state
        axis = (now.first, now.second, now.variable, now.quantity)
        wanted = (*axis, now.stack, now.batch, now.ignore_biases)
        new = wanted != self._asked
        if new and (self._asked is None or self._asked[:4] != axis):
            self.grown = None
        self._asked, self._known = wanted, scene.analysis
        self._compare(now)
        if self.duel is None:
            self._asked = None
            self._timer.stop()
            self._services.forget("growth")
        elif new and len(scene.architecture.layers) <= AT_ONCE:
            self._ask()
        elif new:
            self._services.forget("growth")
            self._timer.start()

    def _ask(self) -> None:
        self._services.ask(
            "growth",
            "hw2gui.parameters.tasks:grow",
            {"state": self._store.state},
            self._take,
            failed=self._refuse,
            what="Growing the networks",
        )

    def _compare(self, now: ParametersState) -> None:
        fresh = self.grown is not None and self._shown == self._asked
        try:
            self.duel, self.problem = duel(now, self.grown.axis if fresh and self.grown else None, self._known), ""
        except InputError as error:
            self.duel, self.problem = None, str(error)[0].upper() + str(error)[1:]

    def _take(self, grown: Growth) -> None:
        self.grown, self._shown = grown, self._asked
        self._compare(self._store.state)
        self.grown_changed.emit()

    def _refuse(self, why: str) -> None:
        self.grown, self._asked = None, None
        self.problem = why[0].upper() + why[1:]
        self.grown_changed.emit()


class RivalryBar(QWidget):
    """Which two, along which axis, at which value."""

    def __init__(self, store: Store[ParametersState], rivalry: Rivalry) -> None:
        super().__init__()
        self._store = store
        self._rivalry = rivalry
        self._values: tuple[int, ...] = (1,)
        self.first, self.second = QComboBox(), QComboBox()
        for box, name, keys, change in (
            (self.first, "First network", FIRSTS, lambda key: store.change("First network", first=key, value=None)),
            (self.second, "Second network", SECONDS, lambda key: store.change("Second network", second=key, value=None)),
        ):
            box.setAccessibleName(name)
            box.setToolTip(f"{name} of the two that are compared")
            for key in keys:
                box.addItem(title_of(key), key)
            box.activated.connect(lambda index, box=box, change=change: change(box.itemData(index)))
        self.quantity = QComboBox()
        self.quantity.setAccessibleName("Quantity")
        self.quantity.setToolTip("What is counted")
        for number, (key, name) in enumerate(QUANTITIES.items()):
            self.quantity.addItem(name.removeprefix("bytes of "), key)
            self.quantity.setItemData(number, _QUANTITY_TIPS[key], Qt.ItemDataRole.ToolTipRole)
        self.quantity.activated.connect(lambda index: store.change("Quantity", quantity=self.quantity.itemData(index)))
        for box in (self.first, self.second, self.quantity):
            teach_manners(box)
        for box in (self.first, self.second):
            narrow(box, LEAST_TITLE)
        self.variable = Choices("What grows", tuple((key, SHORT[key], VARIABLES[key]) for key in VARIABLES))
        self.variable.chosen.connect(lambda key: store.change("What grows", variable=key, value=None))
        self.value = WholeField("Value", "Where the two are compared")
        self.value.setFixedWidth(78)
        self.value.edited.connect(lambda value: self._set(value))
        self.slider = QSlider(Qt.Orientation.Horizontal)
        self.slider.setAccessibleName("Value, on a logarithmic scale")
        self.slider.setToolTip("Where the two are compared, on a logarithmic scale")
        self._gesture: Hashable = VALUE
        self.slider.sliderPressed.connect(lambda: self._hold(Stroke()))
        self.slider.sliderReleased.connect(lambda: self._hold(VALUE))
        self.slider.valueChanged.connect(lambda position: self._set(self._values[position], self._gesture))
        self._build()

    def _build(self) -> None:
        against = QLabel("against")
        against.setObjectName("muted")
        upper, lower = QHBoxLayout(), QHBoxLayout()
        upper.addWidget(self.first, 1)
        upper.addWidget(against)
        upper.addWidget(self.second, 1)
        upper.addWidget(self.quantity)
        lower.addWidget(self.variable)
        lower.addWidget(self.value)
        lower.addWidget(self.slider, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(5)
        layout.addLayout(upper)
        layout.addLayout(lower)

    def show_scene(self, scene: Scene) -> None:
        """Show what is chosen, and how far the value may go."""
        now = scene.state
        for box, key in ((self.first, now.first), (self.second, now.second), (self.quantity, now.quantity)):
            with QSignalBlocker(box):
                box.setCurrentIndex(box.findData(key))
        self.variable.show_choice(now.variable)
        self._allow_variables(now)
        compared = self._rivalry.duel
        for widget in (self.value, self.slider):
            widget.setEnabled(compared is not None)
        if compared is None:
            return
        span = compared.axis
        self._values = sample_values(span.low, span.high, POSITIONS, 1)
        with QSignalBlocker(self.slider):
            self.slider.setRange(0, len(self._values) - 1)
            self.slider.setPageStep(max(1, len(self._values) // 12))
            self.slider.setValue(min(bisect_left(self._values, compared.value), len(self._values) - 1))
        self.value.show_value(compared.value, span.low, span.high, span.why_low, span.why_high)

    def _allow_variables(self, now: ParametersState) -> None:
        try:
            pair: tuple[Rival, Rival] | None = rivals(now)
        except InputError:
            pair = None
        for key in VARIABLES:
            problem = variable_problem(pair, key) if pair is not None else ""
            button = self.variable.button(key)
            button.setEnabled(not problem or key == now.variable)
            name = axis_name(key, *(rival.architecture for rival in pair)) if pair is not None else VARIABLES[key]
            button.setToolTip(problem or name)
            if key == "side":
                button.setText(short_name(key, pair))

    def _hold(self, gesture: Hashable) -> None:
        self._gesture = gesture

    def _set(self, value: int, gesture: Hashable = VALUE) -> None:
        self._store.change(f"Compared at {value:,}", gesture=gesture, value=value)


_QUANTITY_TIPS = {
    "parameters": "Weights and biases",
    "macs": "Products with the addition that gathers them; FLOPs are about twice as many",
    "memory": "Parameters and the batch's activations together, in float32",
}
