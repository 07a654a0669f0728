"""Pasted code runs, has the counted parameters and the stated shapes."""

import keyword

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hw2gui.errors import InputError
from hw2gui.parameters.analysis import analyse
from hw2gui.parameters.architecture import Architecture, Tie
from hw2gui.parameters.codegen import MODULE_ATTRIBUTES, attribute, to_pytorch
from hw2gui.parameters.layers import GRU, LSTM, Conv2d, Embedding, Flatten, Linear, Residual, Shape, TargetTokens
from hw2gui.parameters.presets import PRESETS
from tests.parameters.stacks import fitting_stacks, tied_stacks


def pasted(architecture):
    """The network built by running the code, and what it makes of one example."""
    import torch

    source = to_pytorch(architecture)
    namespace = {"__name__": "pasted"}
    exec(source, namespace)
    network = namespace["Network"]().eval()
    shapes = [architecture.input, *(row.output for row in analyse(architecture).rows if row.kind == "TargetTokens")]
    inputs = [torch.zeros(2, *shape.sizes, dtype=torch.long if shape.tokens else torch.float32) for shape in shapes]
    return network, network(*inputs)


@given(st.one_of(fitting_stacks(), tied_stacks()))
@settings(max_examples=80)
def test_the_code_has_the_counted_parameters_and_the_stated_shape(architecture):
    network, output = pasted(architecture)
    analysis = analyse(architecture)
    assert sum(p.numel() for p in network.parameters()) == analysis.totals.parameters
    assert sum(p.numel() for p in network.parameters() if p.requires_grad) == analysis.totals.trainable
    assert tuple(output.shape) == (2, *analysis.output.sizes)


@pytest.mark.parametrize("key", PRESETS)
def test_presets_run_as_pasted(key, capsys):
    exec(to_pytorch(PRESETS[key].build()), {"__name__": "__main__"})
    assert capsys.readouterr().out.startswith(f"{analyse(PRESETS[key].build()).totals.parameters:,} parameters, output (1, ")


def test_the_decoder_starts_from_both_directions_of_the_encoder():
    import torch

    layers = (LSTM(3, num_layers=2, bidirectional=True), TargetTokens(4), Embedding(5, 2), LSTM(6, num_layers=2, initial_state="encoder"))
    network, _ = pasted(Architecture("x", Shape((7, 2)), layers))
    source, target = torch.randn(1, 7, 2), torch.tensor([[1, 2, 3, 4]])
    h, c = network.lstm1(source)[1]
    start = [torch.stack([torch.cat([part[0], part[1]], -1), torch.cat([part[2], part[3]], -1)]) for part in (h, c)]
    expected = network.lstm2(network.embedding1(target), tuple(start))[0]
    assert torch.equal(network(source, target), expected)


def test_a_gru_hands_on_its_state_too():
    layers = (GRU(3), TargetTokens(4), Embedding(5, 2), GRU(3, initial_state="encoder"))
    source = to_pytorch(Architecture("x", Shape((7, 2)), layers))
    assert "x, _ = self.gru2(x, state)" in source
    assert "joined" not in source


def test_residuals_add_the_signal_before():
    import torch

    layers = (Conv2d(2, 3, padding=1), Conv2d(4, 3, stride=2, padding=1), Residual(2, projection=True, stride=2), Flatten(), Linear(3))
    network, _ = pasted(Architecture("x", Shape((1, 6, 6)), layers))
    image = torch.randn(1, 1, 6, 6)
    expected = network.conv2(network.conv1(image)) + network.add1(image)
    assert torch.allclose(network(image), network.fc1(expected.flatten(1)))


def test_bilinear_attention_is_the_homeworks():
    """z = W_qᵀq, s = zᵀh, p = softmax(s) over real positions, c = Σ p·h, a = tanh(W_oᵀ[q; c] + b)."""
    import torch

    namespace = {"__name__": "pasted"}
    exec(to_pytorch(PRESETS["seq2seq"].build()), namespace)
    attention = namespace["BilinearAttention"](4, 3, 5)
    q, h = torch.randn(1, 2, 4), torch.randn(1, 6, 3)
    real = torch.tensor([[True, True, True, True, False, False]])
    answer = attention(q, h, real)
    for t in range(2):
        z = attention.compare.weight @ q[0, t]
        p = torch.softmax(h[0, :4] @ z, 0)
        mixed = torch.tanh(attention.mix.weight @ torch.cat([q[0, t], p @ h[0, :4]]) + attention.mix.bias)
        assert torch.allclose(answer[0, t], mixed, atol=1e-6)


def test_every_name_pytorch_keeps_for_itself_is_known():
    from torch import nn

    module = nn.Module()
    kept = {name for name in set(dir(module)) | set(vars(module)) if not name.startswith("_")}
    assert kept <= MODULE_ATTRIBUTES
    assert not any(keyword.iskeyword(attribute(name)) for name in kept)


def test_layers_named_like_pytorchs_own_still_run():
    layers = (Linear(3, name="forward"), Linear(4, name="train", frozen=True), Linear(5, name="parameters"), Linear(4, name="to"))
    network, output = pasted(Architecture('quotes """ and \\ in it', Shape((3,)), layers, (Tie("to", "train"),) if False else ()))
    assert output.shape == (2, 4)
    assert network.train_.weight.requires_grad is False


def test_an_empty_stack_and_one_that_does_not_fit():
    assert pasted(Architecture("empty", Shape((3,)), ()))[1].shape == (2, 3)
    with pytest.raises(InputError, match="Mend it"):
        to_pytorch(Architecture("x", Shape((3,)), (Conv2d(),)))
