"""The training room of the character networks: recipes, images and networks; what a run is good for afterwards."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from hw2gui.session.store import Store
from hw2gui.training.gui.run_buttons import RunAction
from hw2gui.training.gui.section import FieldsSection
from hw2gui.training.gui.subject import Subject
from hw2gui.training.gui.train_page import TrainPageBase
from hw2gui.vision import sweeping, train
from hw2gui.vision.augmentation import Augmentation
from hw2gui.vision.gui.network_editor import NetworkEditor
from hw2gui.vision.gui.train_head import DataSection, TrainHead
from hw2gui.vision.network import CLASS_COUNT
from hw2gui.vision.rates import CHANCE_LOSS
from hw2gui.vision.report_reference import LEARNING_RATES
from hw2gui.vision.state import SHIPPED, VisionState
from hw2gui.widgets.services import Services

AUGMENTATION = ("shift", "rotation", "scale", "stretch", "slant", "thickness", "bend")


class TrainPage(TrainPageBase):
    """A `TrainingRoom` for character networks; *use* lets a model read and be looked into, *draw* lets it and goes to the pad."""

    head: TrainHead

    def __init__(self, store: Store[VisionState], services: Services, use: Callable[[str], None], draw: Callable[[str], None]) -> None:
        super().__init__(store, services, TrainHead(services), lambda: use(SHIPPED))
        self.network = NetworkEditor()
        self.augmentation = FieldsSection(Augmentation, AUGMENTATION, ("augmentation",))
        self.images = DataSection()
        subject = Subject(
            key="cnn",
            train=train.JOB,
            begin=f"{train.__name__}:begin_all",
            survey="hw2gui.vision.finished:survey",
            score=sweeping.SCORE,
            settings=sweeping.settings,
            data_sets=sweeping.data_sets,
            title=lambda _: f"cnn-{store.state.recipe}",
            dropout=lambda config: float(config.network.dropout),
            rates=LEARNING_RATES,
            loss=lambda training: (
                f"L = −1/B Σ log p(right class), over batches of B = {training.batch_size}. Guessing costs ln 10 = {CHANCE_LOSS:.3f}: "
                "a curve that stays there has collapsed."
            ),
            classes=CLASS_COUNT,
        )
        self.fill(
            subject,
            (("Network", self.network), ("Augmentation", self.augmentation), ("Data", self.images)),
            (
                RunAction("Draw with it", "Go to the pad and let this run's model read it; it is the one looked into as well", draw),
                RunAction("ONNX…", "Save the model for other programs, as an ONNX file", self._save_onnx),
            ),
        )

    def refresh(self) -> None:
        """Look again which runs there are."""
        self.room.refresh()

    def _save_onnx(self, folder: str) -> None:
        path = self.services.choose_file("Save the model", f"{Path(folder).name}.onnx", "*.onnx", save=True)
        if path is None:
            return
        self.services.ask(
            f"export {path}",
            "hw2gui.vision.answers:export_onnx",
            {"model": folder, "path": str(path)},
            lambda _: self.services.status(f"Saved {path}: input image (N, 1, 28, 28), pixels / 256; output logits (N, 10)"),
            what="Saving the model",
        )
