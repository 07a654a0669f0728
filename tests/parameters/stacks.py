"""Random stacks for the property tests: any layer kind in any order, small enough that PyTorch builds each in a moment."""

from hypothesis import assume
from hypothesis import strategies as st

from hw2gui.parameters.analysis import analyse
from hw2gui.parameters.architecture import Architecture, Tie, trace
from hw2gui.parameters.layers import KINDS, Embedding, Linear, Shape

NUMBERS = {
    "out_channels": (1, 6),
    "kernel_size": (1, 4),
    "stride": (1, 3),
    "padding": (0, 2),
    "dilation": (1, 2),
    "output_padding": (0, 1),
    "groups": (1, 3),
    "output_size": (1, 5),
    "out_features": (1, 9),
    "num_embeddings": (1, 12),
    "embedding_dim": (1, 8),
    "hidden_size": (1, 6),
    "num_layers": (1, 3),
    "num_heads": (1, 4),
    "length": (1, 6),
    "back": (1, 4),
}
"""Values small enough to run. Fixed input sizes stay free: they are tested by themselves."""


def value(spec):
    match spec.kind:
        case "integer" if spec.name in ("in_channels", "in_features"):
            return st.just(0)
        case "integer" if spec.name == "groups":
            return st.sampled_from([1, 1, 1, 2, 3])
        case "integer":
            return st.integers(*NUMBERS[spec.name])
        case "pair":
            low, high = NUMBERS[spec.name]
            side = st.integers(spec.minimum if spec.auto else low, high)
            return st.tuples(side, side)
        case "real":
            return st.floats(spec.minimum, spec.maximum)
        case "switch":
            return st.booleans()
        case "choice":
            return st.sampled_from(spec.choices)
    return st.just("")


def layers(kinds=tuple(KINDS)):
    return st.sampled_from(kinds).flatmap(lambda kind: st.builds(KINDS[kind], **{spec.name: value(spec) for spec in KINDS[kind].fields()}))


sides = st.integers(1, 12)
images = st.builds(lambda c, h, w: Shape((c, h, w)), st.integers(1, 4), sides, sides)
sequences = st.builds(lambda length, d: Shape((length, d)), sides, st.integers(1, 8))
vectors = st.builds(lambda f: Shape((f,)), sides)
tokens = st.builds(lambda length: Shape((length,), tokens=True), st.integers(1, 8))
inputs = st.one_of(images, sequences, vectors, tokens)

FITTING = {
    "image": [
        *("Conv2d", "ConvTranspose2d", "MaxPool2d", "AvgPool2d", "AdaptiveAvgPool2d", "BatchNorm2d", "LayerNorm", "ReLU", "LogSoftmax"),
        *("Flatten", "Residual", "Sigmoid"),
    ],
    "sequence": [
        *("LSTM", "GRU", "BilinearAttention", "MultiheadSelfAttention", "Linear", "LayerNorm", "Tanh", "LogSoftmax", "Dropout"),
        *("TargetTokens", "Flatten", "Residual"),
    ],
    "vector": ["Linear", "Tanh", "LayerNorm", "LogSoftmax", "Residual", "Flatten"],
    "tokens": ["Embedding"],
}


@st.composite
def fitting_stacks(draw, longest=8, given=inputs):
    """Stacks in which every layer fits: a layer drawn that does not is left out."""
    architecture = Architecture("a random stack", draw(given), ())
    for _ in range(draw(st.integers(1, longest))):
        steps, _ = trace(architecture)
        form = (steps[-1].output if steps else architecture.input).form
        longer = architecture.inserted(len(architecture.layers), draw(layers(tuple(FITTING[form]))))
        if trace(longer)[1] is None and sum(step.output.elements for step in trace(longer)[0]) < 50_000:
            architecture = longer
    return architecture


@st.composite
def stacks_with(draw, kind):
    """Stacks that fit and have a layer of *kind* in them: what does not fit is mended, if need be by other layers around it."""
    form = next(form for form, kinds in FITTING.items() if kind in kinds)
    before = draw(fitting_stacks(3, {"image": images, "sequence": sequences, "vector": vectors, "tokens": tokens}[form]))
    architecture = before.inserted(len(before.layers), draw(layers((kind,))))
    while (error := analyse(architecture).error) is not None:
        architecture = error.mends[0].architecture
    assume(kind in [layer.kind for layer in architecture.layers])
    return architecture


@st.composite
def tied_stacks(draw):
    """A decoder whose output layer shares the weight of its embedding."""
    size, symbols = draw(st.integers(1, 6)), draw(st.integers(1, 9))
    frozen = draw(st.booleans())
    stack = (
        Embedding(symbols, size, name="shared", frozen=draw(st.booleans())),
        *draw(st.lists(layers(("Dropout", "Tanh", "LayerNorm")), max_size=2)),
        Linear(symbols, draw(st.booleans()), name="out", frozen=frozen),
    )
    return Architecture("tied", Shape((draw(st.integers(1, 5)),), tokens=True), stack, (Tie("out", "shared"),))


any_stacks = st.builds(
    lambda shape, stack: Architecture("any stack", shape, tuple(stack)),
    inputs,
    st.lists(st.one_of(layers(), st.builds(Linear, st.integers(1, 4), in_features=st.integers(0, 3))), max_size=6),
)
"""Stacks that mostly do not fit."""
