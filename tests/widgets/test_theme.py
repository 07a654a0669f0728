from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import (
    QApplication,
    QCheckBox,
    QComboBox,
    QDoubleSpinBox,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QSpinBox,
    QTabBar,
    QVBoxLayout,
    QWidget,
)

from hw2gui.widgets import theme
from hw2gui.widgets.buttons import make_primary
from hw2gui.widgets.themes import DARK, LIGHT, Theme
from tests.widgets.hands import share_of, shot

THEMES = (LIGHT, DARK)
LEAST = 4.5
"""WCAG 2.1, level AA, for text."""
LEAST_SHAPE = 3.0
"""The same for shapes that one must see."""


def luminance(colour: str) -> float:
    channels = [int(colour[k : k + 2], 16) / 255 for k in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_contrast_is_measured_right() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("colours", THEMES, ids=("light", "dark"))
@pytest.mark.parametrize("ink", ["text", "muted", "good", "bad", "warning", "accent"])
@pytest.mark.parametrize("ground", ["window", "panel", "sunken"])
def test_every_ink_can_be_read_on_every_ground(colours: Theme, ink: str, ground: str) -> None:
    assert contrast(getattr(colours, ink), getattr(colours, ground)) >= LEAST


@pytest.mark.parametrize("colours", THEMES, ids=("light", "dark"))
def test_text_on_buttons_and_letters_of_markers_can_be_read(colours: Theme) -> None:
    assert contrast(colours.on_accent, colours.accent) >= LEAST
    assert contrast(colours.panel, colours.bad) >= LEAST
    assert contrast(colours.panel, colours.good) >= LEAST


@pytest.mark.parametrize("colours", THEMES, ids=("light", "dark"))
def test_curves_handles_and_the_frame_of_the_focus_are_seen(colours: Theme) -> None:
    from hw2gui.widgets import categorical, plot_lines

    hues = plot_lines.DARK_HUES + categorical._DARK if colours.dark else plot_lines.HUES + categorical._LIGHT
    assert min(contrast(hue, colours.panel) for hue in hues) >= LEAST_SHAPE
    for ground in (colours.window, colours.panel, colours.sunken):
        assert contrast(colours.handle, ground) >= LEAST_SHAPE
        assert contrast(colours.edge, ground) >= LEAST_SHAPE
        assert contrast(colours.accent, ground) >= LEAST_SHAPE


@pytest.mark.parametrize("colours", THEMES, ids=("light", "dark"))
def test_the_frame_of_the_focus_is_seen_on_every_colour_a_picture_can_have(colours: Theme) -> None:
    from hw2gui.colour import lookup_table
    from hw2gui.widgets.focus import frame_colours

    for name in ("diverging", "sequential", "grey"):
        for value in lookup_table(name, colours.dark).tolist():
            cell = f"#{value & 0xFFFFFF:06x}"
            assert max(contrast(line, cell) for line in frame_colours(colours)) >= LEAST_SHAPE, (name, cell)


@pytest.mark.parametrize("colours", THEMES, ids=("light", "dark"))
def test_linked_cells_stand_out_by_their_hue_or_by_its_rim(colours: Theme) -> None:
    """On every colour a cell can have, one of the two is easy to see."""
    from hw2gui.colour import lookup_table

    for name in ("diverging", "sequential", "grey"):
        for value in lookup_table(name, colours.dark)[::5].tolist():
            cell = f"#{value & 0xFFFFFF:06x}"
            assert max(contrast(colours.link, cell), contrast(colours.link_edge, cell)) >= LEAST_SHAPE
    assert contrast(colours.link, colours.link_edge) >= LEAST_SHAPE


def test_a_theme_reaches_the_style_sheet_the_palette_and_what_is_shown(qtbot: Any, qapp: QApplication) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    column = QVBoxLayout(window)
    label, edit, button, check, bar = QLabel("█████"), QLineEdit("text"), QPushButton("Do"), QCheckBox("Tint"), QTabBar()
    button.setCheckable(True)
    button.setChecked(True)
    bar.addTab("One")
    for widget in (label, edit, button, check, bar):
        column.addWidget(widget)
    theme.dress(window)
    window.show()
    for colours in (LIGHT, DARK, LIGHT):
        theme.apply(qapp, colours)
        assert theme.current() is colours
        assert qapp.palette().color(QPalette.ColorRole.WindowText) == QColor(colours.text)
        picture = shot(window)
        assert share_of(picture, colours.window) > 0.3  # the ground
        assert share_of(picture, colours.text) > 0.002  # the letters
        assert share_of(picture, colours.accent) > 0.02  # the pressed button
        assert share_of(picture, colours.panel) > 0.02  # the field
        other = DARK if colours is LIGHT else LIGHT
        assert share_of(picture, other.window) == 0


@pytest.mark.parametrize("colours", THEMES, ids=("light", "dark"))
@pytest.mark.parametrize("kind", [QLineEdit, QPlainTextEdit, QSpinBox, QDoubleSpinBox, QComboBox, QCheckBox])
def test_the_frame_of_each_field_is_seen_on_its_ground(qtbot: Any, qapp: QApplication, colours: Theme, kind: type[QWidget]) -> None:
    """Measured in the picture: the darkest or lightest pixel on the way from the ground into the field."""
    theme.apply(qapp, colours)
    window = QWidget()
    qtbot.addWidget(window)
    column = QVBoxLayout(window)
    first, field = QPushButton("Do"), kind()
    column.addWidget(first)
    column.addWidget(field)
    theme.dress(window)
    window.show()
    first.setFocus()
    picture = window.grab().toImage()
    scale = picture.devicePixelRatio()
    middle = field.geometry().center().y()
    way = [picture.pixelColor(round(x * scale), round(middle * scale)).name() for x in range(field.x() - 2, field.x() + 4)]
    assert max(contrast(pixel, colours.window) for pixel in way) >= LEAST_SHAPE, way
    theme.apply(qapp, LIGHT)


def test_what_is_made_later_has_the_theme_too(qtbot: Any, qapp: QApplication) -> None:
    theme.apply(qapp, DARK)
    label = QLabel("█████ new")
    qtbot.addWidget(label)
    assert share_of(shot(label), DARK.text) > 0.05


def test_the_fixed_width_font_is_one(qapp: QApplication) -> None:
    from PySide6.QtGui import QFontMetricsF

    metrics = QFontMetricsF(theme.mono_font(9))
    assert metrics.horizontalAdvance("i") == pytest.approx(metrics.horizontalAdvance("W"))


@pytest.mark.parametrize("colours", THEMES, ids=("light", "dark"))
def test_the_main_act_of_a_page_stands_out_and_is_not_taken_for_a_button_that_is_down(
    qtbot: Any, qapp: QApplication, colours: Theme
) -> None:
    """Measured in the picture, against the other buttons, at work and at rest."""
    theme.apply(qapp, colours)
    window = QWidget()
    qtbot.addWidget(window)
    row = QVBoxLayout(window)
    _, down, main, off = buttons = tuple(QPushButton("███") for _ in range(4))
    for button in buttons:
        row.addWidget(button)
    down.setCheckable(True)
    down.setChecked(True)
    make_primary(main)
    make_primary(off)
    off.setEnabled(False)
    theme.dress(window)
    window.show()
    window.setFocus()

    def ground(button: QPushButton) -> str:
        picture = button.grab().toImage()
        return str(picture.pixelColor(picture.width() // 6, picture.height() // 2).name())

    grounds = [ground(button) for button in buttons]
    assert contrast(grounds[2], colours.panel) >= 7
    assert contrast(grounds[2], grounds[0]) >= LEAST_SHAPE
    assert len(set(grounds)) == 4  # plain, down, the main one, and that at rest
    assert share_of(shot(main), colours.panel) > 0.02  # its letters
    make_primary(main, False)
    assert ground(main) == grounds[0]
    theme.apply(qapp, LIGHT)
