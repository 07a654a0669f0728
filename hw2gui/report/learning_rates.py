"""2.4: three learning rates, beside their finished runs."""

from __future__ import annotations

from dataclasses import replace

from hw2gui.report.evidence import Evidence, among_the_users, seed_words, seeds_plot, vision_config
from hw2gui.report.items import Drawn, Item, Show
from hw2gui.report.records import Record
from hw2gui.report.verdicts import NOTHING, QUICK, Kind, Spread, Verdict, against
from hw2gui.training.fields import number_words
from hw2gui.training.plots import Level
from hw2gui.training.room import MOST_RACERS, Room
from hw2gui.vision import rates
from hw2gui.vision.rates import RacedRun
from hw2gui.vision.report_reference import BEST_RATE, LEARNING_RATES, VALIDATION_ACCURACY
from hw2gui.vision.state import VisionState
from hw2gui.writers import Table


def learning_rates(evidence: Evidence) -> Item:
    """The CNN at the three rates, each with its seeds."""
    found = evidence.rates
    verdict = NOTHING if not found else _rates_verdict(evidence)
    best = found.get(BEST_RATE, ())
    return Item(
        "2.4",
        "Three learning rates",
        "Twenty epochs of Adam; validation accuracy at the end is best for the middle rate.",
        "; ".join(f"{number_words(rate)}: {value:.4f}" for rate, value in VALIDATION_ACCURACY.items()),
        "; ".join(f"{number_words(rate)}: {Spread(_last(runs)).text}" for rate, runs in found.items()),
        verdict,
        formula="accuracy = right validation images ÷ all of them",
        look="Validation accuracy by rate; runs at the highest rate can collapse to chance, loss ln 10 = 2.303.",
        show=_training(evidence),
        why=_why_rates(evidence),
        fetch="" if found else evidence.missing("the CNN at the three rates", *evidence.characters_to_get),
        drawn=(*_figures_1_2(evidence, best), *_race(evidence)),
        tables=(_rates_table(evidence),) if found else (),
    )


def _rates_verdict(evidence: Evidence) -> Verdict:
    found = evidence.rates
    means = {rate: Spread(_last(runs)).mean for rate, runs in found.items()}
    best = max(means, key=means.__getitem__)
    ranked = f"Best on the mean: {number_words(best)}." if len(means) > 1 else ""
    if evidence.quick:
        return Verdict("quick", f"{QUICK} {ranked}".strip())
    each = {rate: against(VALIDATION_ACCURACY[rate], _last(runs)) for rate, runs in found.items()}
    told = " ".join(f"{number_words(rate)} {verdict.word}: {verdict.sentence}" for rate, verdict in each.items())
    kinds = [verdict.kind for verdict in each.values()]
    kind: Kind = "differs" if "differs" in kinds or best != BEST_RATE else "agrees"
    if kind == "agrees" and "undecided" in kinds:
        kind = "undecided" if set(kinds) == {"undecided"} else "mostly"
    return Verdict(kind, f"{told} {ranked}".strip())


def _why_rates(evidence: Evidence) -> str:
    parts = []
    for rate, runs in evidence.rates.items():
        collapsed = tuple(one for one in runs if one.column("validation_accuracy")[-1] < rates.COLLAPSED_ACCURACY)
        if collapsed:
            rest = [value for one, value in zip(runs, _last(runs), strict=True) if one not in collapsed]
            others = f"; the others end at {', '.join(f'{value:.4f}' for value in rest)}" if rest else ""
            loss = f"training loss {collapsed[0].column('train_loss')[-1]:.3f} beside ln 10 = {rates.CHANCE_LOSS:.3f}"
            who = f"{len(collapsed)} of {len(runs)} seeds collapsed ({seed_words(collapsed)}: accuracy at chance, {loss}){others}"
            parts.append(
                f"At {number_words(rate)}, {who}: at this rate the outcome is a matter of luck, "
                f"and one training's figure cannot be reproduced."
            )
    return " ".join(parts)


def _rates_table(evidence: Evidence) -> Table:
    rows = []
    for rate, runs in evidence.rates.items():
        test = Spread(tuple(one.final["test_accuracy"] for one in runs))
        reported = "–" if evidence.quick else f"{VALIDATION_ACCURACY[rate]:.4f}"
        verdict = "–" if evidence.quick else against(VALIDATION_ACCURACY[rate], _last(runs)).word
        each = ", ".join(f"{value:.4f}" for value in _last(runs))
        rows.append((number_words(rate), reported, Spread(_last(runs)).text, each, test.text, verdict))
    header = ("Learning rate", "The report", "Validation accuracy", "By seed", "Test accuracy", "Verdict")
    seeds = ", ".join(map(str, evidence.plan.seeds))
    title = f"Accuracy after {evidence.plan.rates_base.training.epochs} epochs, by learning rate (seeds {seeds})"
    return Table(title, header, (True, True, True, False, True, False), tuple(rows))


def _figures_1_2(evidence: Evidence, runs: tuple[Record, ...]) -> tuple[Drawn, ...]:
    if not runs:
        return ()
    epochs = runs[0].config.training.epochs
    loss = seeds_plot(f"Training loss over {epochs} epochs, learning rate {number_words(BEST_RATE)}", "training loss", runs, "train_loss")
    accuracy = seeds_plot(
        f"Validation accuracy over {epochs} epochs, learning rate {number_words(BEST_RATE)}",
        "validation accuracy",
        runs,
        "validation_accuracy",
    )
    if not evidence.quick:
        accuracy = replace(accuracy, levels=(Level(f"the report {VALIDATION_ACCURACY[BEST_RATE]:.4f}", VALIDATION_ACCURACY[BEST_RATE], 1),))
    spread = Spread(_last(runs)).text
    return (
        Drawn("figure-1", "Figure 1", f"Mean cross-entropy over each epoch's examples, while they are learnt; {seed_words(runs)}.", loss),
        Drawn("figure-2", "Figure 2", f"Accuracy on the validation images; after the last epoch {spread}.", accuracy),
    )


def _race(evidence: Evidence) -> tuple[Drawn, ...]:
    raced = [
        RacedRun(vision_config(one), one.column("validation_accuracy"), one.final["test_accuracy"])
        for runs in evidence.rates.values()
        for one in runs
    ]
    return (Drawn("rates", "", rates.sentence(raced), replace(rates.plot(raced), note="")),) if raced else ()


def _training(evidence: Evidence) -> Show:
    """The training page with these runs on its plot. Where they lie elsewhere than among the user's: the results of one at the best rate;
    where their folders are gone, the settings of the race.
    """
    runs = [one for found in evidence.rates.values() for one in found]
    elsewhere = next((one for one in evidence.rates.get(BEST_RATE, ()) if one.path is not None and not among_the_users(one)), None)
    if elsewhere is not None:
        state = VisionState(page="results", model=str(elsewhere.path), tested_split="validation")
        return Show("vision", state, "the validation images that a run at the best rate gets right and wrong")
    base = evidence.plan.rates_base
    seeds = min(len(evidence.plan.seeds), MOST_RACERS // len(LEARNING_RATES))
    state = VisionState(
        page="train",
        recipe="homework",
        setup=replace(base, training=replace(base.training, learning_rate=BEST_RATE)),
        room=Room(shown=tuple(str(one.path) for one in runs if among_the_users(one)), across="epoch", rates=LEARNING_RATES, seeds=seeds),
    )
    if state.room.shown:
        return Show("vision", state, "the curves of these runs, and the settings to race them again")
    return Show(
        "vision", state, "the race of the three rates, set as the report trains them: it draws these curves anew, which takes a while"
    )


def _last(runs: tuple[Record, ...]) -> tuple[float, ...]:
    return tuple(one.final["validation_accuracy"] for one in runs)
