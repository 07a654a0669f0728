"""Runs on the disk as the table of runs tells them. Torch-free."""

from __future__ import annotations

from pathlib import Path

from hw2gui.datasets import registry
from hw2gui.seq2seq import models
from hw2gui.seq2seq.config import TABLE
from hw2gui.seq2seq.report_reference import reference
from hw2gui.training.run_folder import RunFolder
from hw2gui.training.survey import Described, RunRow
from hw2gui.training.survey import survey as survey_of


def data_words(name: str) -> str:
    """The corpus *name* as a user would say it. InputError for one that is unknown."""
    return Path(name.removeprefix(TABLE)).name if name.startswith(TABLE) else registry.find(name).title


def describe(run: RunFolder) -> Described:
    """What the table of runs says of *run*. InputError where it is no character model's."""
    config = models.config_of(run)
    report = reference(config)
    limited = f", first {config.limit:,}" if config.limit is not None else ""
    validation = report.validation if report else None
    return Described(config.model.title, data_words(config.data) + limited, validation, dropout=config.model.dropout)


def survey() -> tuple[RunRow, ...]:
    """The user's runs of character models."""
    return survey_of(models.TASK, describe)
