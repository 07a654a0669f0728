"""Which trainings a reproduction needs, and when a run on the disk is one of them. Torch-free."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from typing import Literal

from hw2gui.errors import InputError, shortened
from hw2gui.seq2seq.config import Seq2SeqConfig
from hw2gui.seq2seq.network import ModelConfig
from hw2gui.seq2seq.recipes import RECIPES as SEQ2SEQ_RECIPES
from hw2gui.seq2seq.report_reference import DATA
from hw2gui.session.codec import to_plain
from hw2gui.training.config import AFTER_LEARNING, WITHOUT_EFFECT, TrainingConfig
from hw2gui.training.fields import number_words
from hw2gui.vision import experiments
from hw2gui.vision.config import VisionConfig
from hw2gui.vision.experiments import PROTOCOL, Key
from hw2gui.vision.recipes import RECIPES as VISION_RECIPES
from hw2gui.vision.report_reference import LEARNING_RATES

Config = VisionConfig | Seq2SeqConfig
Part = Literal["rates", "experiments", "plain", "attention"]

SEEDS = (42, 43, 44)
QUICK_SEEDS = (42, 43)
MOST_SEEDS = 20
BEAMS = (1, 2, 3, 5, 10)
"""The beam sizes of 3.1c, 1 being greedy."""

QUICK_CHARACTERS = 2_000
QUICK_ACCURACY_EPOCHS = 3
QUICK_PAIRS = "starter-ar-en"
QUICK_PAIR_EPOCHS = 12


@dataclass(frozen=True)
class PlannedRun:
    """One training: a name for its folder, what it is for, its whole configuration, and about how much work it is (steps × cost)."""

    name: str
    title: str
    part: Part
    config: Config
    work: float

    @property
    def identity(self) -> str:
        """Equal for two runs exactly when the same is trained in the same way with the same seed."""
        return identity(self.config)

    @property
    def task(self) -> str:
        """The kind of task, as it stands in a run's folder."""
        return "cnn" if isinstance(self.config, VisionConfig) else "seq2seq"


@dataclass(frozen=True)
class Plan:
    """All trainings of a reproduction; *quick* is the small one on built-in data, which says nothing of the report's figures."""

    quick: bool = False
    seeds: tuple[int, ...] = SEEDS

    def __post_init__(self) -> None:
        if not 1 <= len(self.seeds) <= MOST_SEEDS or len(set(self.seeds)) != len(self.seeds):
            raise InputError(f"The seeds are {', '.join(map(str, self.seeds)) or 'none'}: give 1 to {MOST_SEEDS} different whole numbers.")
        if not all(0 <= seed < 2**32 for seed in self.seeds):
            raise InputError("A seed is a whole number from 0, below 2³²: give others.")

    @property
    def rates_base(self) -> VisionConfig:
        """The protocol of 2.4."""
        base = VISION_RECIPES["homework"].config
        if not self.quick:
            return base
        few = replace(base.training, epochs=QUICK_ACCURACY_EPOCHS, threads=1)
        return replace(base, training=few, data="strokes", limit=QUICK_CHARACTERS)

    @property
    def experiments_base(self) -> VisionConfig:
        """The protocol of 2.1 to 2.3, on one thread as every run of the queue."""
        base = PROTOCOL
        base = replace(base, training=replace(base.training, threads=1))
        return replace(base, data="strokes", limit=QUICK_CHARACTERS) if self.quick else base

    def pairs_base(self, attention: bool) -> Seq2SeqConfig:
        """The protocol of 3.1, without or with attention."""
        base = replace(SEQ2SEQ_RECIPES["homework"].config, model=ModelConfig(attention=attention), data=DATA)
        if not self.quick:
            return base
        return replace(base, training=replace(base.training, epochs=QUICK_PAIR_EPOCHS), data=QUICK_PAIRS)

    @property
    def data(self) -> tuple[str, ...]:
        """The data sets it needs, by their names in the registry."""
        return ("strokes", QUICK_PAIRS) if self.quick else ("kmnist", DATA)

    def runs(self) -> tuple[PlannedRun, ...]:
        """Every training once, in the report's order, the long ones of each part first."""
        found = (*self.seeded_runs(), *self.experiment_runs())
        return tuple({run.identity: run for run in reversed(found)}.values())[::-1]

    def seeded_runs(self) -> tuple[PlannedRun, ...]:
        """Those that are trained with each seed: 2.4 and 3.1."""
        return (*self.rate_runs(), *self.pair_runs(False), *self.pair_runs(True))

    def rate_runs(self) -> tuple[PlannedRun, ...]:
        """2.4: three learning rates with each seed."""
        return tuple(
            _cnn(
                "rates",
                f"cnn-{rate:g}-{seed}",
                f"CNN, learning rate {number_words(rate)}, seed {seed}",
                _trained(self.rates_base, seed, rate),
            )
            for seed in self.seeds
            for rate in LEARNING_RATES
        )

    def pair_runs(self, attention: bool) -> tuple[PlannedRun, ...]:
        """3.1a or 3.1b with each seed."""
        part: Part = "attention" if attention else "plain"
        made = []
        for seed in self.seeds:
            base = self.pairs_base(attention)
            config = replace(base, training=replace(base.training, seed=seed))
            title = f"character model {'with' if attention else 'without'} attention, seed {seed}"
            work = config.training.epochs * 10_483 / config.training.batch_size * (12.0 if attention else 9.0)
            made.append(PlannedRun(f"seq2seq-{part}-{seed}", title, part, config, work / (20 if self.quick else 1)))
        return tuple(made)

    def experiment_runs(self) -> tuple[PlannedRun, ...]:
        """2.1 to 2.3 with each seed (quick: the first), as the experiments plan them."""
        made: dict[str, PlannedRun] = {}
        for key, experiment in self._experiments.items():
            for planned in experiment.runs:
                seed = planned.config.training.seed
                name = f"experiment-{key}-{_word(planned.label)}-{seed}"
                run = _cnn("experiments", name, f"{experiment.question}: {planned.label}, seed {seed}", planned.config)
                made.setdefault(run.identity, run)
        return tuple(made.values())

    def experiment(self, key: Key) -> experiments.Experiment:
        """The experiment *key* on this plan's data."""
        return self._experiments[key]

    @property
    def _experiments(self) -> dict[Key, experiments.Experiment]:
        return experiments.experiments(self.experiments_base, self.seeds[:1] if self.quick else self.seeds)


def identity(config: Config) -> str:
    """Equal for two configurations exactly when the same is trained in the same way with the same seed, wherever and however kept."""
    plain = to_plain(config)
    same = to_plain(TrainingConfig())
    plain["training"] |= {name: same[name] for name in (*WITHOUT_EFFECT, *AFTER_LEARNING)}
    if isinstance(config, Seq2SeqConfig):
        plain |= {"alphabets": None, "sentences": False}  # noted when a run begins: what the corpus says
    return json.dumps([type(config).__name__, plain], sort_keys=True)


def parse_seeds(text: str) -> tuple[int, ...]:
    """Whole numbers between commas. InputError for anything else."""
    try:
        return tuple(int(part) for part in text.split(","))
    except ValueError:
        raise InputError(f"'{shortened(text)}' are no seeds: give whole numbers with commas between, such as 42,43,44") from None


def _trained(base: VisionConfig, seed: int, rate: float) -> VisionConfig:
    return replace(base, training=replace(base.training, learning_rate=rate, seed=seed))


def _cnn(part: Part, name: str, title: str, config: VisionConfig) -> PlannedRun:
    images = min(config.limit or 50_000, 50_000)
    steps = config.training.epochs * images / config.training.batch_size
    return PlannedRun(name, title, part, config, steps * (1.0 + config.training.batch_size / 40) * (1.0 + config.network.parameters / 1e6))


def _word(label: str) -> str:
    return "-".join("".join(character if character.isalnum() else " " for character in label).lower().split())
