"""What is trained: pairs of texts, the model, the loss, and what is measured and shown after each epoch. It imports torch."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, ClassVar

import torch
from torch import Tensor, nn
from torch.nn import functional

from hw2gui.datasets.characters import Split
from hw2gui.seq2seq.config import Alphabets, Seq2SeqConfig
from hw2gui.seq2seq.metrics import as_json, measure
from hw2gui.seq2seq.model import Seq2Seq, build
from hw2gui.seq2seq.network import Network
from hw2gui.seq2seq.sentences import Sentences
from hw2gui.seq2seq.translator import Translator
from hw2gui.seq2seq.vocabulary import END, PAD, START, UNKNOWN
from hw2gui.training.task import Best, Task, shuffled

Pair = tuple[str, str]

SAMPLES = 8
"""Validation examples whose outputs are shown after each epoch."""

POOL = 50
"""Batches within whose sentences those of like length are put together, when that is asked for."""

EVALUATION_ROWS = 512


class Seq2SeqTask(Task):
    """Training on the pairs of *splits* as *config* says, with its alphabets. *sums* tell the data apart from others of the same name."""

    name: ClassVar[str] = "seq2seq"
    best = Best("validation_error_rate")

    def __init__(
        self, config: Seq2SeqConfig, alphabets: Alphabets, splits: Mapping[Split, Sequence[Pair]], sums: Mapping[str, str] | None = None
    ) -> None:
        self._config = config
        self._source, self._target = alphabets.vocabularies()
        self._splits = splits
        self._sums = dict(sums or {})
        self._device = torch.device("cpu")
        self._encoded: dict[Split, tuple[Sentences, Sentences]] = {}

    @property
    def data(self) -> Mapping[str, str]:
        """The sums of the pairs."""
        return self._sums

    def prepare(self, device: torch.device) -> None:
        """Encode all pairs; targets with START in front and END behind."""
        self._device = device
        for split, pairs in self._splits.items():
            targets = [[START, *self._target.encode(target), END] for _, target in pairs]
            sources = Sentences([self._source.encode(source) for source, _ in pairs], device)
            self._encoded[split] = sources, Sentences(targets, device)

    def build(self) -> Seq2Seq:
        """The configured model."""
        return build(Network(len(self._source), len(self._target), self._config.model))

    def plan(self, epoch: int, generator: torch.Generator) -> Sequence[Tensor]:
        """Indices (batch,) of the pairs of each batch, in random order; with buckets, of like length within pools of some batches."""
        sources, size = self._encoded["train"][0], self._config.training.batch_size
        if not self._config.buckets:
            return shuffled(len(sources), size, generator, self._device)
        batches: list[Tensor] = []
        for pool in shuffled(len(sources), POOL * size, generator, self._device):
            batches += torch.split(pool[sources.lengths[pool].argsort(stable=True)], size)
        return [batches[index] for index in torch.randperm(len(batches), generator=generator).tolist()]

    def loss(self, model: nn.Module, batch: Tensor) -> Tensor:
        """Mean cross-entropy of the symbols of the batch's targets, in nats, teacher-forced, with the configured label smoothing."""
        return self._loss(model, "train", batch, self._config.training.label_smoothing, "mean", self._config.noise)[0]

    def _loss(
        self, model: nn.Module, split: Split, which: Tensor, smoothing: float, reduction: str, noise: float = 0.0
    ) -> tuple[Tensor, int]:
        """The loss, and over how many symbols it goes."""
        sources, targets = self._encoded[split]
        source, lengths = sources.rows(which)  # (B, S), (B,)
        target, target_lengths = targets.rows(which)  # (B, T + 1), (B,)
        logits = model(_noisy(source, noise), lengths, _noisy(target[:, :-1], noise))  # (B, T, V)
        # A shorter sentence reads its END too, and what it would write after it is padding, which does not count.
        loss = functional.cross_entropy(
            logits.flatten(0, 1), target[:, 1:].flatten(), ignore_index=PAD, label_smoothing=smoothing, reduction=reduction
        )
        return loss, int((target_lengths - 1).sum())

    def evaluate(self, model: nn.Module, split: Split) -> Mapping[str, float]:
        """Cross-entropy a symbol, and of the greedy outputs the error rates and the share that is exactly right."""
        pairs = self._splits[split]
        loss, symbols = 0.0, 0
        for which in torch.split(torch.arange(len(pairs), device=self._device), EVALUATION_ROWS):
            part, count = self._loss(model, split, which, 0.0, "sum")
            loss, symbols = loss + float(part), symbols + count
        translator = self._translator(model)
        outputs = translator.greedy([translator.query(source) for source, _ in pairs], self._config.max_length, attention=False)
        scores = as_json(measure([output.text for output in outputs], [(target,) for _, target in pairs]))
        return {"loss": loss / symbols, **{name: scores[name] for name in ("error_rate", "cer", "exact_match", "mean_length")}}

    def samples(self, model: nn.Module, epoch: int) -> Iterable[tuple[str, Any]]:
        """Greedy outputs of some validation examples, and the attention of one of them, symbol by symbol."""
        pairs = self._splits["validation"]
        shown = [pairs[index] for index in sample_indices(len(pairs))]
        translator = self._translator(model)
        found = translator.greedy([translator.query(source) for source, _ in shown], self._config.max_length)
        rows = [
            {"source": source, "reference": target, "output": one.text, "log_probability": one.hypothesis.log_probability}
            for (source, target), one in zip(shown, found, strict=True)
        ]
        yield "outputs", rows
        source, target = example(pairs)
        (one,) = translator.greedy([translator.query(source)], self._config.max_length)
        attention = one.hypothesis.attention
        if attention is not None:
            weights = [[round(weight, 4) for weight in row] for row in attention.tolist()]
            yield "attention", {"source": source, "reference": target, "output": list(one.symbols), "weights": weights}

    def _translator(self, model: nn.Module) -> Translator:
        assert isinstance(model, Seq2Seq)
        return Translator(model, self._source, self._target)


def _noisy(symbols: Tensor, share: float) -> Tensor:
    """*symbols*, that share of the characters among them replaced by the unknown one."""
    if not share:
        return symbols
    replaced = (torch.rand(symbols.shape, device=symbols.device) < share) & (symbols > UNKNOWN)
    return symbols.masked_fill(replaced, UNKNOWN)


def sample_indices(count: int) -> list[int]:
    """Up to `SAMPLES` of *count* examples, evenly spread, always the same."""
    return [index * count // min(SAMPLES, count) for index in range(min(SAMPLES, count))]


def example(pairs: Sequence[Pair]) -> Pair:
    """The fixed example whose attention is followed: the first whose source has the median length."""
    lengths = sorted(len(source) for source, _ in pairs)
    return next(pair for pair in pairs if len(pair[0]) == lengths[len(lengths) // 2])
