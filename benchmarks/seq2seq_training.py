"""An epoch of the homework's protocol with its validation, beside a plain script of the homework's kind, by turns, on one thread."""

from __future__ import annotations

import statistics
from time import perf_counter

import _seq2seq_script as script
import torch
from _seq2seq_data import corpus
from _table import Row, report
from torch.nn import functional

from hw2gui.seq2seq.config import Alphabets, Seq2SeqConfig
from hw2gui.seq2seq.metrics import measure
from hw2gui.seq2seq.network import ModelConfig
from hw2gui.seq2seq.task import Seq2SeqTask

EPOCHS = 3


def main() -> None:
    """Print the table."""
    torch.set_num_threads(1)
    for attention in (True, False):
        ours, theirs = _Ours(attention), _Script(attention)
        for part in (ours, theirs):
            part.train(share=0.02)  # warm up
        times: dict[str, list[float]] = {name: [] for name in ("ours", "ours validation", "script", "script validation")}
        for epoch in range(1, EPOCHS + 1):
            for name, part in (("ours", ours), ("script", theirs)):
                begun = perf_counter()
                part.train(epoch)
                times[name].append(perf_counter() - begun)
                begun = perf_counter()
                part.validate()
                times[f"{name} validation"].append(perf_counter() - begun)
        middle = {name: statistics.median(values) for name, values in times.items()}
        mine, other = middle["ours"] + middle["ours validation"], middle["script"] + middle["script validation"]
        with_ = "with" if attention else "without"
        report(
            [
                Row(
                    f"Epoch of the homework {with_} attention and its validation",
                    f"{mine:.1f} s",
                    f"plain script {other:.1f} s",
                    f"{other / mine:.1f}×",
                    "≥ 2.5×",
                    other / mine >= 2.5,
                ),
                Row(
                    f"… the training alone, {with_} attention",
                    f"{middle['ours']:.1f} s",
                    f"{middle['script']:.1f} s",
                    f"{middle['script'] / middle['ours']:.1f}×",
                ),
                Row(
                    f"… the validation alone, {with_} attention",
                    f"{middle['ours validation']:.2f} s",
                    f"{middle['script validation']:.1f} s",
                    f"{middle['script validation'] / middle['ours validation']:.0f}×",
                ),
            ]
        )


class _Ours:
    def __init__(self, attention: bool) -> None:
        found = corpus()
        self._config = Seq2SeqConfig(model=ModelConfig(attention=attention), data=found.name)
        self._task = Seq2SeqTask(self._config, Alphabets.of(found.train), found.splits)
        self._task.prepare(torch.device("cpu"))
        torch.manual_seed(42)
        self._model = self._task.build()
        self._optimizer = torch.optim.Adam(self._model.parameters(), lr=3e-3, fused=True)

    def train(self, epoch: int = 1, share: float = 1.0) -> None:
        self._model.train()
        plan = self._task.plan(epoch, torch.Generator().manual_seed(epoch))
        for batch in plan[: max(1, int(share * len(plan)))]:
            loss = self._task.loss(self._model, batch)
            self._optimizer.zero_grad()
            loss.backward()
            self._optimizer.step()

    def validate(self) -> None:
        with torch.no_grad():
            self._task.evaluate(self._model.eval(), "validation")


class _Script:
    def __init__(self, attention: bool) -> None:
        found = corpus()
        self._source, self._target = Alphabets.of(found.train).vocabularies()
        self._train, self._validation = (
            [(self._source.encode(source), self._target.encode(target)) for source, target in part]
            for part in (found.train, found.validation)
        )
        self._padded = script.padded(self._train)
        self._references = [[target] for _, target in found.validation]
        torch.manual_seed(42)
        self._model = script.Script(len(self._source), len(self._target), attention=attention)
        self._optimizer = torch.optim.Adam(self._model.parameters(), lr=3e-3)

    def train(self, epoch: int = 1, share: float = 1.0) -> None:
        self._model.train()
        order = torch.randperm(len(self._train), generator=torch.Generator().manual_seed(epoch))
        for which in torch.split(order[: max(64, int(share * len(order)))], 64):
            source, lengths, target = (part[which] for part in self._padded)
            logits = self._model(source, lengths, target[:, :-1])
            loss = functional.cross_entropy(logits.flatten(0, 1), target[:, 1:].flatten(), ignore_index=script.PAD)
            self._optimizer.zero_grad()
            loss.backward()
            self._optimizer.step()

    def validate(self) -> None:
        self._model.eval()
        outputs = [self._target.decode(script.greedy(self._model, source)) for source, _ in self._validation]
        measure(outputs, self._references)


if __name__ == "__main__":
    main()
