import pytest

from hw2gui.parameters import state
from hw2gui.parameters.analysis import analyse
from hw2gui.parameters.explain import explain_layer, explain_scene
from hw2gui.parameters.layers import KINDS
from hw2gui.parameters.presets import PRESETS
from hw2gui.parameters.scene import resolve
from hw2gui.parameters.state import ParametersState

START = ParametersState()


@pytest.mark.parametrize("key", list(PRESETS))
def test_every_layer_of_every_preset_is_explained_with_its_counts(key):
    analysis = analyse(PRESETS[key].build(), 8)
    for row in analysis.rows:
        text = explain_layer(row, analysis)
        assert f"<b>{row.parameters:,}</b> parameters" in text
        assert row.kind in KINDS


def test_a_network_that_does_not_fit_says_how_far_its_totals_go():
    broken = state.with_architecture(START, START.architecture.removed(6))
    assert "Only up to fc1" in explain_scene(resolve(broken))
