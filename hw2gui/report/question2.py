"""Question 2 of the report beside the finished runs: the three claims, the learning rates, what the first convolution sees."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from hw2gui import paths
from hw2gui.errors import InputError
from hw2gui.parameters.analysis import analyse
from hw2gui.parameters.claims import claims
from hw2gui.parameters.presets import cnn
from hw2gui.parameters.state import SAME_WIDTHS, ParametersState
from hw2gui.report.evidence import Evidence, Trained, seeds_plot
from hw2gui.report.items import Drawn, Item, Pictures, Show
from hw2gui.report.verdicts import Kind, Spread, Verdict, against
from hw2gui.training.plots import Level, Plot
from hw2gui.training.room import Room
from hw2gui.vision import rates
from hw2gui.vision.config import VisionConfig
from hw2gui.vision.experiments import CHANGES, Compared, Conclusion, Key
from hw2gui.vision.inquiry import MOST_SEEDS, Inquiry, Size
from hw2gui.vision.rates import RacedRun
from hw2gui.vision.report_reference import LEARNING_RATES, VALIDATION_ACCURACY
from hw2gui.vision.state import VisionState
from hw2gui.writers import Table

BEST_RATE = 5e-4
"""The report's best, whose curves are its figures 1 and 2."""

LEAST_KEPT = 0.95
"""A network that keeps so much of its accuracy, whatever is done to the image, hardly minds it."""

POINT = 0.01
"""An advantage below one point of accuracy is called none."""

DIFFERENT = 0.98
"""Maps whose values correlate less than this highlight different things."""


def items(evidence: Evidence) -> tuple[Item, ...]:
    """2.1 to 2.5."""
    return (_parameters(evidence), _transformations(evidence), _permutation(evidence), _rates(evidence), _maps(evidence))


def _parameters(evidence: Evidence) -> Item:
    analysis = analyse(cnn(), 1)
    own, found = analysis.totals.parameters, claims(analysis)
    holds = [claim for claim in found if claim.verdict == "true"]
    fails = [claim for claim in found if claim.verdict == "false"]
    counted = "; ".join(f"{claim.against}: {claim.parameters:,}, {_lower(claim.sentence)}" for claim in found)
    concluded = _concluded(evidence, "parameters")
    sentence = f"The CNN has {own:,} parameters. Fully connected networks beside it: {counted}."
    kind: Kind = "partly" if holds and fails else "right" if holds else "wrong"
    return Item(
        "2.1",
        "Fewer parameters than a fully connected network",
        "A CNN needs fewer parameters than a fully connected network on the same images, for kernels are small and its dense layers late.",
        "fewer",
        f"{own:,}; fully connected from {min(claim.parameters for claim in (*holds, *fails)):,} to "
        f"{max(claim.parameters for claim in (*holds, *fails)):,}",
        Verdict(kind, sentence + _added(concluded)),
        formula="8·(5·5+1) + 16·(8·3·3+1) + 600·(576+1) + 120·(600+1) + 10·(120+1) = " + f"{own:,}",
        look="Choose what the CNN is held against: the claim depends on it.",
        show=Show(
            "parameters", ParametersState(page="twins", second=SAME_WIDTHS), "the CNN beside the fully connected network of its widths"
        ),
        fetch="" if concluded else evidence.missing("the networks of 2.1", *_characters(evidence)),
        drawn=_drawn(concluded),
    )


def _lower(sentence: str) -> str:
    return sentence[0].lower() + sentence[1:].rstrip(".")


def _transformations(evidence: Evidence) -> Item:
    concluded = _concluded(evidence, "transformations")
    verdict, measured = _missing(), ""
    if concluded is not None:
        network, *_, dense = _compared(evidence, "transformations")
        curves = {change: network.curve(change) for change in CHANGES}
        helped = [change for change, curve in curves.items() if curve.kept > dense.curve(change).kept]
        least = min(min(curve.accuracies) / curve.unchanged for curve in curves.values())
        measured = ", ".join(f"{_WORDS[change]} {100 * curve.kept:.0f} %" for change, curve in curves.items()) + " of its accuracy left"
        kind: Kind = "right" if least > LEAST_KEPT else "partly" if helped else "wrong"
        verdict = Verdict(kind, concluded.sentence)
    return Item(
        "2.2",
        "Shift, rotation and scale",
        "Convolution keeps the spatial structure that a fully connected network throws away, and with pooling recognises a character "
        "regardless of shift, rotation and scale.",
        "regardless of shift, rotation, scale",
        measured,
        verdict,
        formula="left = accuracy on the changed test images ÷ accuracy on them unchanged, on the mean over the amounts",
        look="How far each curve falls from its middle, where nothing is changed.",
        show=_experiment(evidence, "transformations"),
        fetch="" if concluded else evidence.missing("and measure the networks of 2.2", *_characters(evidence)),
        drawn=_drawn(concluded),
    )


_WORDS = {"right": "shift", "rotation": "rotation", "scale": "scale"}


def _permutation(evidence: Evidence) -> Item:
    concluded = _concluded(evidence, "permutation")
    verdict, measured = _missing(), ""
    if concluded is not None:
        cnn_still, cnn_moved, dense_still, dense_moved = (one.test for one in _compared(evidence, "permutation"))
        before, after = cnn_still - dense_still, cnn_moved - dense_moved
        measured = f"CNN {100 * before:+.2f} points from fully connected in place, {100 * after:+.2f} permuted"
        kind: Kind = "right" if before > 0 and after < POINT else "partly" if after < before else "wrong"
        verdict = Verdict(kind, concluded.sentence)
    return Item(
        "2.3",
        "Without spatial structure",
        "Where pixels have no order in space, a CNN may generalise worse than a fully connected network, for no unit sees distant inputs "
        "together.",
        "no advantage left",
        measured,
        verdict,
        formula="one permutation π of the 784 pixels, the same for every image: x'_k ← x'_π(k)",
        look="The same networks, once on the pixels as they are and once on the permuted ones.",
        show=_experiment(evidence, "permutation"),
        fetch="" if concluded else evidence.missing("the networks of 2.3", *_characters(evidence)),
        drawn=_drawn(concluded),
    )


def _rates(evidence: Evidence) -> Item:
    found = evidence.rates
    verdict = _missing() if not found else _rates_verdict(evidence)
    best = found.get(BEST_RATE, ())
    return Item(
        "2.4",
        "Three learning rates",
        "Twenty epochs of Adam; validation accuracy at the end is best for the middle rate.",
        "; ".join(f"{rate:g}: {value:.4f}" for rate, value in VALIDATION_ACCURACY.items()),
        "; ".join(f"{rate:g}: {Spread(_last(runs)).text}" for rate, runs in found.items()),
        verdict,
        formula="accuracy = right validation images ÷ all of them",
        look="Validation accuracy by rate; runs at the highest rate can collapse to chance, loss ln 10 = 2.303.",
        show=_training(evidence),
        why=_why_rates(evidence),
        fetch="" if found else evidence.missing("the CNN at the three rates", *_characters(evidence)),
        drawn=(*_figures_1_2(evidence, best), *_race(evidence)),
        tables=(_rates_table(evidence),) if found else (),
    )


def _rates_verdict(evidence: Evidence) -> Verdict:
    found = evidence.rates
    means = {rate: Spread(_last(runs)).mean for rate, runs in found.items()}
    best = max(means, key=means.__getitem__)
    ranked = f"Best on the mean: {best:g}." if len(means) > 1 else ""
    if evidence.quick:
        return Verdict("quick", f"{QUICK} {ranked}".strip())
    each = {rate: against(VALIDATION_ACCURACY[rate], _last(runs)) for rate, runs in found.items()}
    told = " ".join(f"{rate:g} {verdict.word}: {verdict.sentence}" for rate, verdict in each.items())
    kinds = [verdict.kind for verdict in each.values()]
    kind: Kind = "differs" if "differs" in kinds or best != BEST_RATE else "agrees"
    if kind == "agrees" and "undecided" in kinds:
        kind = "undecided" if set(kinds) == {"undecided"} else "mostly"
    return Verdict(kind, f"{told} {ranked}".strip())


QUICK = "The quick version learns other, smaller data for a shorter time: its figures say nothing of the report's."


def _why_rates(evidence: Evidence) -> str:
    parts = []
    for rate, runs in evidence.rates.items():
        collapsed = [one for one in runs if one.column("validation_accuracy")[-1] < rates.COLLAPSED_ACCURACY]
        if collapsed:
            rest = [value for one, value in zip(runs, _last(runs), strict=True) if one not in collapsed]
            others = f"; the others end at {', '.join(f'{value:.4f}' for value in rest)}" if rest else ""
            parts.append(
                f"At {rate:g}, {len(collapsed)} of {len(runs)} seeds collapsed ({_seeds(tuple(collapsed))}: accuracy at chance, training "
                f"loss {collapsed[0].column('train_loss')[-1]:.3f} beside ln 10 = {rates.CHANCE_LOSS:.3f}){others}: at this rate the "
                "outcome is a matter of luck, and one training's figure cannot be reproduced."
            )
    return " ".join(parts)


def _rates_table(evidence: Evidence) -> Table:
    rows = []
    for rate, runs in evidence.rates.items():
        test = Spread(tuple(one.final["test_accuracy"] for one in runs))
        reported = "–" if evidence.quick else f"{VALIDATION_ACCURACY[rate]:.4f}"
        verdict = "–" if evidence.quick else against(VALIDATION_ACCURACY[rate], _last(runs)).word
        each = ", ".join(f"{value:.4f}" for value in _last(runs))
        rows.append((f"{rate:g}", reported, Spread(_last(runs)).text, each, test.text, verdict))
    header = ("Learning rate", "The report", "Validation accuracy", "By seed", "Test accuracy", "Verdict")
    seeds = ", ".join(map(str, evidence.plan.seeds))
    title = f"Accuracy after {evidence.plan.rates_base.training.epochs} epochs, by learning rate (seeds {seeds})"
    return Table(title, header, (True, True, True, False, True, False), tuple(rows))


def _figures_1_2(evidence: Evidence, runs: tuple[Trained, ...]) -> tuple[Drawn, ...]:
    if not runs:
        return ()
    epochs = runs[0].planned.config.training.epochs
    loss = seeds_plot(f"Training loss over {epochs} epochs, learning rate {BEST_RATE:g}", "training loss", runs, "train_loss")
    accuracy = seeds_plot(
        f"Validation accuracy over {epochs} epochs, learning rate {BEST_RATE:g}", "validation accuracy", runs, "validation_accuracy"
    )
    if not evidence.quick:
        accuracy = replace(accuracy, levels=(Level(f"the report {VALIDATION_ACCURACY[BEST_RATE]:.4f}", VALIDATION_ACCURACY[BEST_RATE], 1),))
    spread = Spread(_last(runs)).text
    return (
        Drawn("figure-1", "Figure 1", f"Mean cross-entropy over each epoch's examples, while they are learnt; {_seeds(runs)}.", loss),
        Drawn("figure-2", "Figure 2", f"Accuracy on the validation images; after the last epoch {spread}.", accuracy),
    )


def _race(evidence: Evidence) -> tuple[Drawn, ...]:
    raced = [
        RacedRun(_config(one), one.column("validation_accuracy"), one.final["test_accuracy"])
        for runs in evidence.rates.values()
        for one in runs
    ]
    return (Drawn("rates", "", rates.sentence(raced), replace(rates.plot(raced), note="")),) if raced else ()


def _config(one: Trained) -> VisionConfig:
    assert isinstance(one.planned.config, VisionConfig)
    return one.planned.config


def _maps(evidence: Evidence) -> Item:
    runs = evidence.rates.get(BEST_RATE, ())
    if not runs:
        return Item(
            "2.5",
            "Activation maps of the first convolution",
            _MAPS_CLAIM,
            "eight maps",
            "",
            _missing(),
            fetch=evidence.missing("the CNN at the best rate", *_characters(evidence)),
        )
    from hw2gui.datasets.characters import CLASSES, open_set
    from hw2gui.vision import answers

    run = runs[0].run
    name = "strokes" if evidence.quick else "kmnist"
    chosen = open_set(name)
    image = chosen.image("train", 0).astype(np.float32) / np.float32(256)
    label = CLASSES[chosen.label("train", 0)]
    maps = answers.inside(str(run.path), image).of("conv1")
    alike = np.atleast_2d(np.corrcoef(maps.reshape(len(maps), -1)))
    pairs = alike[np.triu_indices(len(maps), 1)]
    words = f"training image 0 of {chosen.title}, {label.romaji}"
    sentence = (
        f"On {words}, no two of the {len(maps)} maps are alike: their correlations go from {pairs.min():.2f} to {pairs.max():.2f}."
        if pairs.max() < DIFFERENT
        else f"On {words}, two of the {len(maps)} maps are nearly the same (correlation {pairs.max():.2f})."
    )
    return Item(
        "2.5",
        "Activation maps of the first convolution",
        _MAPS_CLAIM,
        "eight maps",
        f"{len(maps)} maps, correlations {pairs.min():.2f} to {pairs.max():.2f}",
        Verdict("right" if pairs.max() < DIFFERENT else "partly", sentence),
        formula="map c = x ⋆ w_c + b_c, 28×28, before the ReLU",
        look="Point at a value of a map: the 5×5 products behind it, and the filter that made it.",
        show=Show(
            "vision",
            VisionState(page="inside", model=str(run.path), source=name, split="train", index=0),
            "this image on its way through this run's network",
        ),
        drawn=(
            Drawn(
                "figure-3",
                "Figure 3",
                f"What leaves the first convolution for the image of figure 4, {run.name}.",
                Pictures(maps.astype(np.float32), tuple(str(number + 1) for number in range(len(maps))), signed=True),
            ),
            Drawn(
                "figure-4", "Figure 4", f"The image: {words}. {chosen.attribution}", Pictures(image[None], (label.romaji,), colours="gray")
            ),
        ),
    )


_MAPS_CLAIM = "Each of the eight maps highlights other features of the character, such as edges and corners of one direction."


def _training(evidence: Evidence) -> Show:
    """The training page with these runs on its plot; the results of the best where they lie elsewhere than among the user's runs."""
    base = evidence.plan.rates_base
    shown = tuple(str(one.run.path) for runs in evidence.rates.values() for one in runs)
    best = evidence.rates.get(BEST_RATE, ())
    if best and not best[0].run.path.is_relative_to(paths.runs_folder()):
        state = VisionState(page="results", model=str(best[0].run.path), tested_split="validation")
        return Show("vision", state, "the validation images that a run at the best rate gets right and wrong")
    state = VisionState(
        page="train",
        recipe="homework",
        setup=replace(base, training=replace(base.training, learning_rate=BEST_RATE)),
        room=Room(shown=shown, across="epoch", rates=LEARNING_RATES, seeds=len(evidence.plan.seeds)),
    )
    return Show("vision", state, "the curves of these runs, and the settings to race them again")


def _experiment(evidence: Evidence, key: Key) -> Show:
    """The page of the experiment, set as this reproduction trains it; what is among the user's runs is not trained again there."""
    size: Size = "quick" if evidence.quick else "full"
    chosen = Inquiry(key, "strokes" if evidence.quick else "kmnist", size, min(len(evidence.plan.seeds), MOST_SEEDS))
    return Show("vision", VisionState(page="experiments", inquiry=chosen), "the experiment, network by network")


def _compared(evidence: Evidence, key: Key) -> list[Compared]:
    """The networks of an experiment in its order, each with its seeds."""
    return evidence.plan.experiment(key).compared([run for run, _ in evidence.experiment_runs(key)])


def _concluded(evidence: Evidence, key: Key) -> Conclusion | None:
    """What the experiment comes to; None while no seed is trained with all networks."""
    try:
        return evidence.plan.experiment(key).conclude([run for run, _ in evidence.experiment_runs(key)])
    except InputError:
        return None


def _added(concluded: Conclusion | None) -> str:
    return f" {concluded.sentence}" if concluded is not None else ""


def _drawn(concluded: Conclusion | None) -> tuple[Drawn, ...]:
    if concluded is None:
        return ()

    def named(plot: Plot) -> str:
        return "-".join(plot.title.lower().split())

    return tuple(Drawn(named(plot), "", "", replace(plot, note="")) for plot in concluded.plots)


def _missing() -> Verdict:
    return Verdict("missing", "Nothing of it is trained yet.")


def _characters(evidence: Evidence) -> tuple[str, ...]:
    return () if evidence.quick else ("kmnist",)


def _last(runs: tuple[Trained, ...]) -> tuple[float, ...]:
    return tuple(one.final["validation_accuracy"] for one in runs)


def _seeds(runs: tuple[Trained, ...]) -> str:
    return f"seed{'s' if len(runs) > 1 else ''} {', '.join(str(one.seed) for one in runs)}"
