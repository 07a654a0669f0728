"""Everything there is to say of a reproduction in one answer: for the documents, and for the tab by way of the worker."""

from __future__ import annotations

from collections.abc import Generator, Iterable
from pathlib import Path

from hw2gui.datasets import registry
from hw2gui.report import errata, question1, question2, question3
from hw2gui.report.evidence import Evidence
from hw2gui.report.items import Report
from hw2gui.report.plan import Plan
from hw2gui.training.config import TrainingConfig
from hw2gui.training.run_folder import RunFolder, machine, versions


def gather(folder: str) -> Report:
    """All items of the reproduction in *folder*, which may be empty or not be there yet. It imports torch."""
    steps = gather_steps(folder)
    while True:
        try:
            next(steps)
        except StopIteration as end:
            return end.value  # type: ignore[no-any-return]


def gather_steps(folder: str, *, quick: bool = False) -> Generator[float, None, Report]:
    """`gather` in steps: yields how much is done, 0 to 1. *quick* says which version an empty folder is for."""
    evidence = Evidence(Path(folder), quick)
    runs = evidence.runs()
    yield 0.1
    first = question1.items()
    yield 0.3
    second = question2.items(evidence)
    yield 0.7
    third = question3.items(evidence)
    yield 0.9
    return Report(
        folder,
        evidence.quick,
        (*first, *second, *third),
        errata.errata(evidence),
        evidence.rows(),
        settings(evidence.plan),
        _data(runs),
        _made(runs),
        _attributions(evidence),
        question3.examples(evidence),
        tuple(evidence.library.problems),
    )


def settings(plan: Plan) -> tuple[tuple[str, str], ...]:
    """The protocol of each part, in words."""
    rates, fast, pairs = plan.rates_base, plan.experiments_base, plan.pairs_base(True)
    seeds = ", ".join(map(str, plan.seeds))
    trained = f"seed {plan.seeds[0]}" if plan.quick else f"seeds {seeds}"
    limit = f", the first {rates.limit:,} images of each split" if rates.limit else ""
    return (
        (
            "2.4, 2.5",
            f"{rates.network.title} on {rates.data}{limit}: {_training(rates.training)}; rates 1e-05, 0.0005, 0.01; seeds {seeds}",
        ),
        (
            "2.1–2.3",
            f"{fast.data}{limit}: {_training(fast.training)}, rate up to {fast.training.learning_rate:g}; {trained}",
        ),
        (
            "3.1",
            f"{pairs.model.title} and without, dropout {pairs.model.dropout:g}, on {pairs.data}: {_training(pairs.training)}, rate "
            f"{pairs.training.learning_rate:g}; seeds {seeds}; greedy and beams on the test pairs, at most {pairs.max_length} symbols",
        ),
    )


def _training(config: TrainingConfig) -> str:
    return f"{config.optimizer}, {config.schedule} rate, batch {config.batch_size}, {config.epochs} epochs"


def _data(runs: Iterable[RunFolder]) -> tuple[tuple[str, str, str], ...]:
    """The sums of the data the runs read; where two read different data of one name, both."""
    found = {(name, value) for run in runs for name, value in run.header.data.items()}
    return tuple((name.partition("/")[0].partition(" (")[0], name, value) for name, value in sorted(found))


def _made(runs: Iterable[RunFolder]) -> tuple[tuple[str, str], ...]:
    """What the runs were trained with, and what this document was made with; nothing that names a machine."""
    trained: dict[str, int] = {}
    for run in runs:
        told = ", ".join(f"{name} {value}" for name, value in run.header.versions.items())
        about = run.header.machine
        words = f"{told}; {about.get('system', '?')} {about.get('architecture', '?')}, {about.get('cores', '?')} cores"
        trained[words] = trained.get(words, 0) + 1
    here = ", ".join(f"{name} {value}" for name, value in versions().items())
    own = machine()
    rows = [(f"{count} training{'s' if count > 1 else ''}", words) for words, count in trained.items()]
    return (*rows, ("this document", f"{here}; {own['system']} {own['architecture']}, {own['cores']} cores"))


def _attributions(evidence: Evidence) -> tuple[str, ...]:
    return tuple(registry.find(name).attribution for name in evidence.data_names)
