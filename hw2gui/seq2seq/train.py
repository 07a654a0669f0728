"""Training a character model in a run's folder: the job for the training process. Torch is imported when it runs."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import replace
from pathlib import Path

from hw2gui.datasets.characters import Split
from hw2gui.datasets.corpus import Pair, PairCorpus
from hw2gui.datasets.pairs import open_corpus
from hw2gui.datasets.tsv import open_table
from hw2gui.jobs import Commands
from hw2gui.seq2seq import models
from hw2gui.seq2seq.config import TABLE, Alphabets, Seq2SeqConfig
from hw2gui.session.codec import to_plain
from hw2gui.training.events import Event, Finished
from hw2gui.training.run_folder import RunFolder
from hw2gui.training.runs import new_folder

JOB = f"{__name__}:train"
"""The name of `train` for a `hw2gui.jobs.Job`; its argument is ``folder``."""


def begin(config: Seq2SeqConfig, folder: Path | None = None, title: str = "seq2seq") -> RunFolder:
    """Make the folder of a new run of *config*: *folder*, or one named after *title* among the user's runs. It reads the corpus.

    The alphabets are those of the training pairs, unless *config* brings its own. InputError if something is there already or the corpus
    is unknown, UnavailableError if the folder cannot be made or the corpus is missing.
    """
    corpus = corpus_of(config)
    alphabets = config.alphabets or Alphabets.of(pairs(corpus, "train", config.limit))
    config = replace(config, alphabets=alphabets, sentences=corpus.sentences)
    return RunFolder.create(folder or new_folder(title), models.TASK, to_plain(config))


def begin_all(configs: tuple[Seq2SeqConfig, ...], titles: tuple[str, ...]) -> tuple[str, ...]:
    """`begin` for a worker, several at once: answers the new runs' folders."""
    return tuple(str(begin(config, None, title).path) for config, title in zip(configs, titles, strict=True))


def corpus_of(config: Seq2SeqConfig, data: str | None = None) -> PairCorpus:
    """The corpus of *config*, or the one *data* names. InputError and UnavailableError, with what to do, where there is none."""
    name = data or config.data
    if name.startswith(TABLE):
        return open_table(Path(name.removeprefix(TABLE)).expanduser(), config.table)
    return open_corpus(name)


def pairs(corpus: PairCorpus, split: Split, limit: int | None) -> tuple[Pair, ...]:
    """The pairs of *split*, the first *limit* of them where it is given."""
    return corpus.split(split)[:limit]


def train(folder: str, commands: Commands | None = None) -> Generator[Event, None, Finished]:
    """Train the run in *folder* from the start, or go on where it was; see `hw2gui.training.loop.train`."""
    from hw2gui.seq2seq.task import Seq2SeqTask
    from hw2gui.training import loop

    run = RunFolder.open(Path(folder))
    config = models.config_of(run)
    corpus = corpus_of(config)
    splits = {split: pairs(corpus, split, config.limit) for split in corpus.splits}
    alphabets = config.alphabets or Alphabets.of(splits["train"])
    sums = {f"{config.data} ({split})": value for split, value in corpus.sums.items()}
    task = Seq2SeqTask(config, alphabets, splits, sums)
    return (yield from loop.train(task, config.training, run, commands))
