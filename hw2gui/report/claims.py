"""2.1 to 2.3: the three claims about convolutional networks, beside the experiments' finished runs."""

from __future__ import annotations

from dataclasses import replace

from hw2gui.errors import InputError
from hw2gui.parameters.analysis import analyse
from hw2gui.parameters.claims import claims
from hw2gui.parameters.presets import cnn
from hw2gui.parameters.state import SAME_WIDTHS, ParametersState
from hw2gui.report.evidence import Evidence, among_the_users
from hw2gui.report.items import Drawn, Item, Show
from hw2gui.report.verdicts import NOTHING, Kind, Verdict, printed
from hw2gui.training.plots import Plot
from hw2gui.vision.experiments import Conclusion, Key
from hw2gui.vision.inquiry import MOST_SEEDS, Inquiry, Size
from hw2gui.vision.judgements import CHANGES
from hw2gui.vision.state import VisionState

LEAST_KEPT = 0.95
"""A network that keeps so much of its accuracy, whatever is done to the image, hardly minds it."""

POINT = 0.01
"""An advantage below one point of accuracy is called none."""


def parameters(evidence: Evidence) -> Item:
    """2.1: how many parameters, and what for."""
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
        fetch="" if concluded else evidence.missing("the networks of 2.1", *evidence.characters_to_get),
        drawn=_drawn(concluded),
    )


def _lower(sentence: str) -> str:
    return sentence[0].lower() + sentence[1:].rstrip(".")


def transformations(evidence: Evidence) -> Item:
    """2.2: what is left of the accuracy on changed images."""
    concluded = _concluded(evidence, "transformations")
    verdict, measured = NOTHING, ""
    if concluded is not None:
        network, *_, dense = evidence.compared("transformations")
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
        fetch="" if concluded else evidence.missing("and measure the networks of 2.2", *evidence.characters_to_get),
        drawn=_drawn(concluded),
    )


_WORDS = {"right": "shift", "rotation": "rotation", "scale": "scale"}


def permutation(evidence: Evidence) -> Item:
    """2.3: what is left of the advantage without order in space."""
    concluded = _concluded(evidence, "permutation")
    verdict, measured = NOTHING, ""
    if concluded is not None:
        cnn_still, cnn_moved, dense_still, dense_moved = (one.test for one in evidence.compared("permutation"))
        before, after = cnn_still - dense_still, cnn_moved - dense_moved
        measured = f"CNN {printed(100 * before, '+.2f')} points from fully connected in place, {printed(100 * after, '+.2f')} permuted"
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
        formula="one permutation π of the 784 pixels, the same for every image: x′_k ← x′_π(k)",
        look="The same networks, once on the pixels as they are and once on the permuted ones.",
        show=_experiment(evidence, "permutation"),
        fetch="" if concluded else evidence.missing("the networks of 2.3", *evidence.characters_to_get),
        drawn=_drawn(concluded),
    )


def _experiment(evidence: Evidence, key: Key) -> Show:
    """The page of the experiment, set as this reproduction trains it; what is among the user's runs is not trained again there."""
    size: Size = "quick" if evidence.quick else "full"
    chosen = Inquiry(key, evidence.characters, size, min(len(evidence.plan.seeds), MOST_SEEDS))
    found = [evidence.records.find(planned.config) for planned in chosen.experiment.runs]
    there = all(one is not None and among_the_users(one) for one in found)
    words = (
        "the experiment, network by network" if there else "the experiment, set as it was done here: its button trains the networks anew"
    )
    return Show("vision", VisionState(page="experiments", inquiry=chosen), words)


def _concluded(evidence: Evidence, key: Key) -> Conclusion | None:
    """What the experiment comes to; None while no seed is trained with all networks."""
    try:
        return evidence.conclude(key)
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
