"""Facts: sizes, non-zeros, density, rank, bytes, and the badge that M really is the convolution."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import Any

from hw2gui.convolution.entry import format_number
from hw2gui.convolution.errata import Slip
from hw2gui.convolution.facts import facts
from hw2gui.convolution.geometry import Geometry
from hw2gui.convolution.gui.tools import TOLERANCE, Tool
from hw2gui.convolution.state import ConvolutionState
from hw2gui.session.store import Store
from hw2gui.widgets.badge import Badge
from hw2gui.widgets.fields import text_label
from hw2gui.widgets.services import Services


class FactsTool(Tool):
    """The table of facts; the slow ones (rank, torch) arrive when they are ready."""

    def __init__(self, store: Store[ConvolutionState], services: Services) -> None:
        super().__init__(store, services)
        self.badge = Badge("Check against torch")
        self.rank = Badge("Rank of M")
        self.table = text_label(selectable=True)
        self.slips = text_label(selectable=True)
        self._slips_of: Geometry | None = None
        self.fill(self.badge, self.table, self.rank, self.slips)

    def refresh(self) -> None:
        """All facts of the scene."""
        scene = self.scene
        assert scene is not None
        rows = "".join(
            f"<tr><td colspan='2' style='padding-top:5px'><b>{escape(fact.label)}</b></td></tr>"
            f"<tr><td>{escape(fact.formula)}{'<br>' if fact.formula else ''}<b>{escape(fact.value)}</b></td></tr>"
            for fact in facts(scene.geometry, scene.kernel)
        )
        self.table.setText(f"<table cellspacing='0'>{rows}</table>")
        self.badge.show_verdict("waiting", "checking against torch")
        self.rank.show_verdict("waiting", "computing the rank")
        arguments = {"x": scene.image, "kernel": scene.kernel, "geometry": scene.geometry}
        self.services.ask(
            "torch",
            "hw2gui.convolution.reference:max_abs_error",
            arguments,
            self._checked,
            failed=self._failed,
            what="Checking against torch",
        )
        self._ask_slips(scene.geometry)
        self.services.ask(
            "rank",
            "hw2gui.convolution.facts:rank_fact",
            {"matrix": scene.matrix},
            lambda fact: self.rank.show_verdict("note", f"rank {fact.value}", fact.formula),
            failed=lambda text: self.rank.show_verdict("note", text),
            what="Computing the rank of M",
        )

    def _ask_slips(self, geometry: Geometry) -> None:
        """They depend on the sizes alone: another kernel or picture leaves what is said of them."""
        if geometry == self._slips_of:
            return

        def take(found: tuple[Slip, ...]) -> None:
            self._slips_of = geometry
            self.slips.setText(_slips_html(found))

        self._slips_of = None
        self.slips.clear()
        self.services.ask(
            "slips", "hw2gui.convolution.errata:slips", {"geometry": geometry}, take, what="Counting what slips come to at these sizes"
        )

    def _checked(self, error: Any) -> None:
        scene = self.scene
        assert scene is not None
        largest = float(abs(scene.output).max()) if scene.output is not None and scene.output.size else 1.0
        good = error <= TOLERANCE * max(1.0, largest)
        words = f"max |M vec(x) − vec(conv2d(x))| = {format_number(error)}"
        tip = "M vec(x), computed from the matrix's own entries, against torch.nn.functional.conv2d in float64"
        self.badge.show_verdict("good" if good else "bad", words, tip)

    def _failed(self, why: str) -> None:
        self.badge.show_verdict("note", why)


def _slips_html(slips: Sequence[Slip]) -> str:
    """What the report writes otherwise, and what it comes to at these sizes."""
    lines = "".join(
        f"<p>{'✗' if slip.matters else '≈'} <i>{escape(slip.written)}</i><br>right: {escape(slip.right)}<br>{escape(slip.here)}</p>"
        for slip in slips
    )
    return f"<p><b>Slips in the report, at these sizes</b> (without padding)</p>{lines}" if lines else ""
