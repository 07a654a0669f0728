"""The report's slips, each with a counterexample computed here."""

from __future__ import annotations

from statistics import fmean

import numpy as np

from hw2gui.convolution.errata import slips
from hw2gui.convolution.geometry import Geometry
from hw2gui.parameters.analysis import analyse
from hw2gui.parameters.claims import claims
from hw2gui.parameters.presets import cnn
from hw2gui.parameters.state import SAME_WIDTHS, ParametersState
from hw2gui.report.evidence import Evidence
from hw2gui.report.items import Erratum, Show
from hw2gui.report.plan import BEAMS
from hw2gui.report.question1 import COUNTEREXAMPLE, attention_state, convolution_state
from hw2gui.report.question3 import show_model
from hw2gui.vision.experiments import CNN
from hw2gui.vision.pen import drawn
from hw2gui.vision.state import VisionState

NAMES = {"right": "shift", "rotation": "rotation", "scale": "scale"}

DRAWN = 4
"""The class of the character that is turned: na."""

SECOND = Geometry(6, 6, 2, 3)
"""A square image under a kernel that is none: the slip of the divisors shows here as well."""


def errata(evidence: Evidence) -> tuple[Erratum, ...]:
    """All eight, in the report's order."""
    case = COUNTEREXAMPLE
    columns, shape, divisors, index = slips(Geometry(case.H, case.W, case.M, case.N))
    again = slips(SECOND)[2]
    seen = Show("convolution", convolution_state(), "the 4×6 image under a 2×2 kernel, with its slips")
    return (
        Erratum(1, "1.1a", columns.written, columns.right, f"{case}: {columns.here}", seen),
        Erratum(2, "1.1b", shape.written, shape.right, f"{case}: {shape.here}", seen),
        Erratum(3, "1.1b", divisors.written, divisors.right, f"{case}: {divisors.here}. 6×6 image, 2×3 kernel: {again.here}", seen),
        Erratum(4, "1.1b", index.written, index.right, f"{case}: {index.here}", seen),
        _numerator(),
        _beam(evidence),
        _regardless(evidence),
        _fewer(),
    )


def _numerator() -> Erratum:
    x = np.arange(4.0)[:, None]
    try:
        here = f"the product is {(x @ x @ x.T).shape}"
    except ValueError:
        right = x @ x.T
        here = f"x′ is {len(x)}×1 for a 2×2 image: x′x′ cannot be multiplied; x′x′ᵀ is {right.shape[0]}×{right.shape[1]}"
    seen = Show("convolution", attention_state(), "scores, exp, row sums, P and Z of a character: x′x′ᵀ is what exp is taken of")
    return Erratum(5, "1.2", "the numerator of Z has exp{x′x′x′ᵀ}", "exp{x′x′ᵀ}", here, seen)


def _beam(evidence: Evidence) -> Erratum:
    attended, plain = ([one for one in map(evidence.beams, runs) if one is not None] for runs in (evidence.attention, evidence.plain))
    found = attended or plain
    here = "not measured yet: train and measure the character models"
    if found:
        greedily, widest, references = (
            fmean(row[what] for one in found for row in one["beams"] if row["beam"] == beam)
            for beam, what in ((1, "mean_length"), (BEAMS[-1], "mean_length"), (1, "reference_length"))
        )
        here = (
            f"{'with' if attended else 'without'} attention outputs have {greedily:.2f} characters on the mean greedily and {widest:.2f} "
            f"with beam {BEAMS[-1]}, the references {references:.2f}: sums of log-probabilities favour short ones"
        )
    return Erratum(
        6,
        "3.1c",
        "the step of the beam says nothing of finished hypotheses, nor of short ones scoring higher",
        "a finished hypothesis keeps its place while its score does; scores may be divided by length^α",
        here,
        show_model(
            evidence, evidence.attention or evidence.plain, "the beam search step by step: what is finished, and when it stops", "step"
        ),
        bool(found),
    )


def _regardless(evidence: Evidence) -> Erratum:
    networks = [run for run in evidence.experiment_runs("transformations") if run.label == CNN]
    here = "not measured yet: train and measure the networks of 2.2"
    if networks:
        curves = networks[0].curves
        worst = [f"{NAMES[curve.change]} {100 * min(curve.accuracies):.0f} %" for curve in curves]
        here = f"the CNN's test accuracy of {100 * curves[0].unchanged:.0f} % falls, at worst, to: {', '.join(worst)}"
    show = Show(
        "vision", VisionState(page="draw", drawing=drawn(DRAWN), change="rotation"), "a drawn character, and its answer when it is turned"
    )
    return Erratum(7, "2.2", "recognised regardless of shift, rotation and scale", "a claim to be measured", here, show, bool(networks))


def _fewer() -> Erratum:
    analysis = analyse(cnn(), 1)
    own = analysis.totals.parameters
    fewer = [claim for claim in claims(analysis) if claim.verdict == "false"]
    dense = sum(row.parameters for row in analysis.rows if row.kind == "Linear")
    here = "; ".join(f"{claim.against} has {claim.parameters:,}, the CNN {own:,}" for claim in fewer)
    return Erratum(
        8,
        "2.1",
        "a CNN's dense layers are much smaller than its input, so that it has fewer parameters",
        "true at matched widths only",
        f"{here}; {100 * dense / own:.1f} % of the CNN is dense, its first dense layer has 600 units for 784 pixels",
        Show("parameters", ParametersState(page="twins", second=SAME_WIDTHS), "the CNN beside fully connected networks"),
    )
