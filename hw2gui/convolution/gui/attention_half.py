"""The attention side of the tab: its page and its inspector, made only when it is first shown."""

from __future__ import annotations

from hw2gui.arrays import Floats
from hw2gui.convolution.attention_scene import AttentionScene, resolve_attention
from hw2gui.convolution.gui.attention_page import AttentionPage
from hw2gui.convolution.gui.code_tool import AttentionCode
from hw2gui.convolution.gui.inspector import Inspector
from hw2gui.convolution.gui.tone_tool import ToneTool
from hw2gui.convolution.state import ConvolutionState
from hw2gui.errors import UserError
from hw2gui.session.store import Store
from hw2gui.widgets.services import Services

IDLE = (
    "<b>Point at a pixel</b> of x: its row of P is painted beside it as an image, relative to uniform (1/HW). "
    "Point at the painted row, or at P itself, to see one weight and how it comes about. Click to pin; arrow keys walk; Esc lets go."
)
FIELDS = ("height", "width", "order", "base", "stage", "attention_scale", "temperature", "permuted", "weights", "flipped")
"""A change of one of these is a new scene."""


class AttentionHalf:
    """Shows the attention over the tab's pixels."""

    def __init__(self, store: Store[ConvolutionState], services: Services) -> None:
        self._services = services
        self.page = AttentionPage(store)
        self.tone = ToneTool(store, services)
        self.code = AttentionCode(services)
        self.inspector = Inspector(
            (
                ("tone", "What it comes to", "The tone curve, and the check against torch", self.tone),
                ("code", "Take away", "NumPy, PyTorch, LaTeX and pictures of what is on screen", self.code),
            ),
            tall=("code",),
        )
        self.inspector.show_tool("tone")
        self.inspector.chosen.connect(self.inspector.show_tool)
        self.page.probed.connect(self._explain)
        self._shown: tuple[Floats, ConvolutionState] | None = None
        self.scene: AttentionScene | None = None

    def show(self, image: Floats, now: ConvolutionState) -> None:
        """Show the attention over *image* as *now* asks for it."""
        before = self._shown[1] if self._shown is not None and self._shown[0] is image else None
        if before is not None and all(getattr(before, name) == getattr(now, name) for name in FIELDS):
            self.page.show_state(now)
            return
        same_levels = before is not None and (before.order, before.permuted) == (now.order, now.permuted)
        known = self.scene.attention.grey if self.scene is not None and same_levels else None
        try:
            self.scene = resolve_attention(now, image, known)
        except UserError as error:
            self._services.message(str(error))
            return
        self._shown = (image, now)
        self.tone.follow(self.scene)
        self.code.follow(self.scene)
        # Last: showing it tells what is probed, which is explained from what the tools hold.
        self.page.show_scene(self.scene, now)

    def _explain(self, i: int | None, j: int | None) -> None:
        scene = self.scene
        if scene is None:
            return
        self.inspector.explain(IDLE if i is None else scene.attention.describe_html(i, j, scene.base))
        self.tone.probe(i)
