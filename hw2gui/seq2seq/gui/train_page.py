"""The training room of the character models: recipes, corpora and models; outputs and attention as they improve."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Protocol

from hw2gui.seq2seq import sweeping, train
from hw2gui.seq2seq.config import Seq2SeqConfig
from hw2gui.seq2seq.examples import taken_up
from hw2gui.seq2seq.gui.sample_views import AttentionSample, OutputsView
from hw2gui.seq2seq.gui.train_head import PairsSection, TrainHead
from hw2gui.seq2seq.models import DEFAULT
from hw2gui.seq2seq.network import ModelConfig
from hw2gui.session.store import Store
from hw2gui.training.gui.run_buttons import RunAction
from hw2gui.training.gui.section import FieldsSection
from hw2gui.training.gui.subject import Subject
from hw2gui.training.gui.train_page import TrainPageBase
from hw2gui.widgets.services import Services

MODEL = ("hidden", "layers", "dropout", "cell", "tied", "input_feeding")

RATES = (3e-3,)
"""The homework's learning rate."""


class Given(Protocol):
    """What the tab gives its pages."""

    @property
    def store(self) -> Store[Any]:
        """Of a state with ``recipe``, ``setup`` and ``room``."""
        ...

    @property
    def services(self) -> Services:
        """The window's."""
        ...


class TrainPage(TrainPageBase):
    """A `TrainingRoom` for character models."""

    head: TrainHead

    def __init__(self, given: Given) -> None:
        store = given.store
        super().__init__(store, given.services, TrainHead(given.services), lambda: self._read_with(DEFAULT, store.state.page))
        self.model = FieldsSection(ModelConfig, MODEL, ("model",), shown={"input_feeding": lambda model: model.attention})
        self.reading = FieldsSection(Seq2SeqConfig, ("noise", "buckets", "max_length"))
        self.pairs = PairsSection()
        self.outputs = OutputsView()
        self.attention = AttentionSample()
        subject = Subject(
            key="seq2seq",
            train=train.JOB,
            begin=f"{train.__name__}:begin_all",
            survey="hw2gui.seq2seq.finished:survey",
            score=sweeping.SCORE,
            settings=sweeping.settings,
            data_sets=sweeping.data_sets,
            title=lambda _: f"seq2seq-{store.state.recipe}",
            dropout=lambda config: float(config.model.dropout),
            rates=RATES,
            loss=lambda training: (
                f"L = −mean log p(symbol | source, symbols before it), over batches of {training.batch_size} pairs, "
                "each symbol after the right ones (teacher forcing)."
            ),
            relus=False,
        )
        self.fill(
            subject,
            (("Model", self.model), ("Reading and writing", self.reading), ("Data", self.pairs)),
            (RunAction("Translate with it", "Let this run's model read what is typed", self._use),),
            (("outputs", "Outputs as they improve", self.outputs), ("attention", "Attention, epoch by epoch", self.attention)),
        )

    def show_state(self, before: Any, now: Any) -> None:
        """Show what was chosen; coming to the front (*before* is None), look again which runs there are."""
        if before is not None and (before.recipe, before.setup, before.room) == (now.recipe, now.setup, now.room):
            return
        self.show_chosen()
        if before is None:
            self.room.refresh()

    def _use(self, folder: str) -> None:
        self._read_with(folder, "type")

    def _read_with(self, model: str, page: str) -> None:
        self.store.replace("Model", replace(taken_up(self.store.state, model), page=page))
