"""Everything there is to say of a reproduction in one answer: for the documents, and for the tab by way of the worker."""

from __future__ import annotations

from collections.abc import Generator, Iterable, Sequence
from dataclasses import replace
from pathlib import Path

from hw2gui.datasets import registry
from hw2gui.errors import UnavailableError
from hw2gui.report import errata, question1, question2, question3
from hw2gui.report.evidence import Evidence
from hw2gui.report.items import Erratum, Item, Report, Source
from hw2gui.report.plan import Plan
from hw2gui.report.records import Record, of_folder, shipped
from hw2gui.steps import finish
from hw2gui.training.config import TrainingConfig
from hw2gui.training.fields import number_words
from hw2gui.training.run_folder import machine, versions
from hw2gui.vision.report_reference import LEARNING_RATES

SHIPPED_ROW = "the program's own"


def gather(folder: str, source: Source = "own") -> Report:
    """All items of the reproduction in *folder*, which may be empty or not be there yet. It imports torch."""
    return finish(gather_steps(folder, source=source))


def gather_steps(folder: str, *, quick: bool = False, source: Source = "own") -> Generator[float, None, Report]:
    """`gather` in steps: yields how much is done, 0 to 1. *quick* says which version an empty folder is for."""
    problems: list[str] = []
    found: list[Evidence] = []
    if source != "shipped":
        found.append(Evidence(of_folder(Path(folder), quick)))
        problems += found[0].records.problems
    if source != "own":
        try:
            found.append(Evidence(shipped()))
        except UnavailableError as error:
            if source == "shipped":
                raise
            problems.append(str(error))
    yield 0.1
    first = question1.items()
    yield 0.3
    told: list[tuple[tuple[Item, ...], tuple[Erratum, ...]]] = []
    for number, evidence in enumerate(found):
        second = question2.items(evidence)
        yield 0.3 + 0.4 * (number + 0.7) / len(found)
        told.append(((*first, *second, *question3.items(evidence)), errata.errata(evidence)))
        yield 0.3 + 0.6 * (number + 1) / len(found)
    return _report(found, told, problems)


def _report(found: Sequence[Evidence], told: Sequence[tuple[tuple[Item, ...], tuple[Erratum, ...]]], problems: Sequence[str]) -> Report:
    """The first of *found*, where it has not measured something the second."""
    main = next((one for one in found if one.records.by_identity), found[0])
    items, slips = told[0]
    other = found[1] if len(found) > 1 else None
    origin = words(found[-1]) if found[-1].shipped else ""
    if other is not None:
        items = tuple(_or(mine, theirs, origin) for mine, theirs in zip(items, told[1][0], strict=True))
        slips = tuple(mine if mine.measured else theirs for mine, theirs in zip(slips, told[1][1], strict=True))
    elif main.shipped:
        items = tuple(replace(item, origin=origin) if item.trained else item for item in items)
    used = [main]
    if other is not None and other is not main and any(item.origin for item in items):
        used.append(other)
    return Report(
        main.records.folder,
        main.quick,
        items,
        slips,
        tuple(row if one is main else replace(row, title=f"{row.title} ({SHIPPED_ROW})") for one in used for row in one.rows()),
        tuple(row for one in used for row in settings(one.plan, "" if one is main else f" ({SHIPPED_ROW})")),
        _data(record for one in used for record in one.records.found()),
        _made([record for one in used for record in one.records.found()]),
        tuple(dict.fromkeys(registry.find(name).attribution for one in used for name in one.plan.data)),
        question3.examples(main) or (question3.examples(other) if other is not None else ()),
        tuple(problems),
        origin if any(item.origin for item in items) else "",
    )


def _or(mine: Item, theirs: Item, origin: str) -> Item:
    """*mine*, or *theirs* where *mine* is not measured yet, with what to do to have one's own."""
    if not mine.fetch or theirs.fetch:
        return mine
    return replace(theirs, origin=origin, fetch=f"For figures of your own: {mine.fetch}")


def words(evidence: Evidence) -> str:
    """Of the reproduction that comes with the program: when, where and with which seeds it was measured."""
    records = evidence.records.found()
    days = sorted({record.created[:10] for record in records})
    dates = days[0] if len(days) == 1 else f"{days[0]} to {days[-1]}"
    torches = sorted({record.versions["torch"] for record in records})
    cores = " and ".join(map(str, sorted({int(record.machine["cores"]) for record in records})))
    devices = sorted({record.device.upper() for record in records})
    systems = sorted({f"{record.machine['system']} {record.machine['architecture']}" for record in records})
    seeds = ", ".join(map(str, evidence.plan.seeds))
    return (
        f"The program's own, measured {dates} with seeds {seeds}: {len(records)} trainings on {' and '.join(devices)}, "
        f"{', '.join(systems)}, {cores} cores, torch {' and '.join(torches)}"
    )


def settings(plan: Plan, after: str = "") -> tuple[tuple[str, str], ...]:
    """The protocol of each part, in words; *after* is added to the name of each."""
    rates, fast, pairs = plan.rates_base, plan.experiments_base, plan.pairs_base(True)
    seeds = ", ".join(map(str, plan.seeds))
    trained = f"seed {plan.seeds[0]}" if plan.quick else f"seeds {seeds}"
    limit = f", the first {rates.limit:,} images of each split" if rates.limit else ""
    tried = ", ".join(map(number_words, LEARNING_RATES))
    rows = (
        (
            "2.4, 2.5",
            f"{rates.network.title} on {rates.data}{limit}: {_training(rates.training)}; rates {tried}; seeds {seeds}",
        ),
        (
            "2.1–2.3",
            f"{fast.data}{limit}: {_training(fast.training)}, rate up to {number_words(fast.training.learning_rate)}; {trained}",
        ),
        (
            "3.1",
            f"{pairs.model.title} and without, dropout {pairs.model.dropout:g}, on {pairs.data}: {_training(pairs.training)}, "
            f"rate {number_words(pairs.training.learning_rate)}; seeds {seeds}; "
            f"greedy and beams on the test pairs, at most {pairs.max_length} symbols",
        ),
    )
    return tuple((f"{items}{after}", told) for items, told in rows)


def _training(config: TrainingConfig) -> str:
    return f"{config.optimizer}, {config.schedule} rate, batch {config.batch_size}, {config.epochs} epochs"


def _data(records: Iterable[Record]) -> tuple[tuple[str, str, str], ...]:
    """The sums of the data the runs read; where two read different data of one name, both."""
    found = {(name, value) for record in records for name, value in record.data.items()}
    return tuple((name.partition("/")[0].partition(" (")[0], name, value) for name, value in sorted(found))


def _made(records: Iterable[Record]) -> tuple[tuple[str, str], ...]:
    """What the runs were trained with, and what this document was made with; nothing that names a machine."""
    trained: dict[str, int] = {}
    for record in records:
        told = ", ".join(f"{name} {value}" for name, value in record.versions.items())
        about = record.machine
        device = "" if record.device == "cpu" else f", {record.device}"
        named = f"{told}; {about.get('system', '?')} {about.get('architecture', '?')}, {about.get('cores', '?')} cores{device}"
        trained[named] = trained.get(named, 0) + 1
    here = ", ".join(f"{name} {value}" for name, value in versions().items())
    own = machine()
    rows = [(f"{count} training{'s' if count > 1 else ''}", named) for named, count in trained.items()]
    return (*rows, ("this document", f"{here}; {own['system']} {own['architecture']}, {own['cores']} cores"))
