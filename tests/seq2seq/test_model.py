from __future__ import annotations

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

from hw2gui.errors import InputError
from hw2gui.seq2seq.batches import padded
from hw2gui.seq2seq.model import Seq2Seq, build, load_weights
from hw2gui.seq2seq.network import ModelConfig, Network
from hw2gui.seq2seq.recurrent import both_ways, both_ways_of_symbols
from hw2gui.seq2seq.vocabulary import PAD, START
from tests.seq2seq import tiny


def stepwise(made: Seq2Seq, source: torch.Tensor, lengths: torch.Tensor, read: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor | None]:
    """Logits (B, T, V) and attention (B, T, S), one symbol at a time."""
    memory = made.encoder(source, lengths)
    state, logits, attention = made.decoder.start(memory, 1), [], []
    for step in range(read.shape[1]):
        one, state, weights = made.decoder.step(read[:, step : step + 1], state, memory)
        logits.append(one)
        attention.append(weights)
    return torch.cat(logits, 1), torch.cat(attention, 1) if made.network.attention else None


@settings(max_examples=25)
@given(tiny.models(letters=4), st.lists(tiny.sources(letters=4), min_size=1, max_size=4), st.integers(1, 6), st.integers(0, 99))
def test_whole_sequences_and_single_steps_agree_to_rounding(made: Seq2Seq, texts: list[tuple[int, ...]], steps: int, seed: int) -> None:
    lengths = torch.tensor([len(text) for text in texts])
    source = torch.nn.utils.rnn.pad_sequence([torch.tensor(text) for text in texts], batch_first=True, padding_value=PAD)
    read = torch.randint(4, 8, (len(texts), steps), generator=torch.Generator().manual_seed(seed))
    read[:, 0] = START
    with torch.inference_mode():
        whole, attention = made.decoder(read, made.encoder(source, lengths))
        by_step, step_attention = stepwise(made, source, lengths, read)
        alone = [made(torch.tensor([text]), torch.tensor([len(text)]), read[row : row + 1]) for row, text in enumerate(texts)]
    torch.testing.assert_close(whole, by_step, rtol=1e-10, atol=1e-12)
    torch.testing.assert_close(whole, torch.cat(alone), rtol=1e-10, atol=1e-12)  # padding changes nothing
    if attention is not None and step_attention is not None:
        torch.testing.assert_close(attention, step_attention, rtol=1e-10, atol=1e-12)
        torch.testing.assert_close(attention.sum(-1), torch.ones(whole.shape[:2], dtype=torch.float64))
        assert attention[(source == PAD)[:, None].expand_as(attention)].eq(0).all()
    else:
        assert attention is None and step_attention is None


def test_the_homeworks_model_written_out() -> None:
    """The same numbers from the formulas of the homework, with nothing of ours but the weights."""
    made = tiny.model(seed=3, letters=4, hidden=6)
    source, read = torch.tensor([[4, 7, 5]]), torch.tensor([[START, 6, 4]])
    weights = dict(made.named_parameters())
    encoder = torch.nn.LSTM(6, 3, bidirectional=True, batch_first=True, dtype=torch.float64)
    decoder = torch.nn.LSTM(6, 6, batch_first=True, dtype=torch.float64)
    encoder.load_state_dict({name.removeprefix("encoder.recurrent."): w for name, w in weights.items() if "encoder.recurrent" in name})
    decoder.load_state_dict({name.removeprefix("decoder.recurrent."): w for name, w in weights.items() if "decoder.recurrent" in name})
    with torch.inference_mode():
        h, (final, cell) = encoder(weights["encoder.embedding.weight"][source])
        start = torch.cat([final[0], final[1]], -1)[None], torch.cat([cell[0], cell[1]], -1)[None]
        q, _ = decoder(weights["decoder.embedding.weight"][read], start)
        logits, attention = [], []
        for query in q[0]:
            z = weights["decoder.attention.query.weight"] @ query
            p = torch.stack([z @ h_i for h_i in h[0]]).softmax(0)
            c = sum(p_i * h_i for p_i, h_i in zip(p, h[0], strict=True))
            mixed = weights["decoder.attention.output.weight"] @ torch.cat([query, c]) + weights["decoder.attention.output.bias"]
            logits.append(weights["decoder.embedding.weight"] @ torch.tanh(mixed) + weights["decoder.output.bias"])
            attention.append(p)
        ours, ours_attention = made.decoder(read, made.encoder(source, torch.tensor([3])))
    torch.testing.assert_close(ours[0], torch.stack(logits), rtol=1e-10, atol=1e-12)
    torch.testing.assert_close(ours_attention[0], torch.stack(attention), rtol=1e-10, atol=1e-12)


@given(
    source=st.integers(5, 40), target=st.integers(5, 40), half=st.integers(1, 20), layers=st.integers(1, 3), attention=st.booleans(),
    tied=st.booleans(), gates=st.sampled_from([4, 3]), feeding=st.booleans(),
)  # fmt: skip
def test_parameters_follow_the_closed_form(
    source: int, target: int, half: int, layers: int, attention: bool, tied: bool, gates: int, feeding: bool
) -> None:
    h, fed = 2 * half, feeding and attention
    network = Network(source, target, ModelConfig(h, layers, 0.3, attention, tied, "LSTM" if gates == 4 else "GRU", fed))
    below = 2 * h if fed else h  # what the decoder's first layer reads
    expected = (
        (source + target) * h
        + layers * 2 * gates * (half * (h + half) + 2 * half)
        + gates * (h * (below + h) + 2 * h)
        + (layers - 1) * gates * (h * 2 * h + 2 * h)
        + (3 * h * h + h if attention else 0)
        + (target if tied else target * (h + 1))
    )
    assert network.parameters == expected == sum(parameter.numel() for parameter in build(network, 0).parameters())
    assert sum(network.parts().values()) == expected


def test_the_homeworks_counts() -> None:
    """On Spanish and English, 30 characters and 4 special symbols a side; embeddings, encoder, decoder, bias."""
    without = 34 * 128 * 2 + 2 * 4 * 64 * (128 + 64 + 2) + 4 * 128 * (128 + 128 + 2) + 34
    assert Network(34, 34, ModelConfig(attention=False)).parameters == without
    assert Network(34, 34).parameters == without + 128 * 128 + 2 * 128 * 128 + 128


@pytest.mark.parametrize(
    "wrong",
    [
        {"hidden": 7}, {"hidden": 0}, {"hidden": 4096}, {"layers": 0}, {"layers": 9}, {"dropout": 1.0},
        {"dropout": -0.1}, {"cell": "RNN"}, {"input_feeding": True, "attention": False},
    ],
)  # fmt: skip
def test_impossible_networks_are_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(InputError):
        ModelConfig(**wrong)


def test_a_network_needs_characters() -> None:
    with pytest.raises(InputError, match="at least one character"):
        Network(4, 9)


def test_seeds_make_the_weights_and_leave_the_generator_alone() -> None:
    state = torch.get_rng_state()
    one, same, other = (build(Network(9, 9, ModelConfig(4)), seed).state_dict() for seed in (1, 1, 2))
    assert torch.equal(state, torch.get_rng_state())
    assert all(torch.equal(one[name], same[name]) for name in one)
    assert not torch.equal(one["encoder.embedding.weight"], other["encoder.embedding.weight"])


@pytest.mark.parametrize("tied", [True, False])
def test_weights_go_from_one_model_to_another(tied: bool) -> None:
    network = Network(9, 9, ModelConfig(4, tied=tied))
    one, other = build(network, 1), build(network, 2)
    load_weights(other, {name: weight.half() for name, weight in one.state_dict().items()}, "the file")
    for name, weight in other.state_dict().items():
        assert weight.dtype == torch.float32
        torch.testing.assert_close(weight, one.state_dict()[name], rtol=1e-3, atol=1e-4)
    assert (other.decoder.output.weight is other.decoder.embedding.weight) == tied


def test_weights_that_do_not_fit_are_refused_and_change_nothing() -> None:
    made = build(Network(9, 9, ModelConfig(4)), 1)
    before = {name: weight.clone() for name, weight in made.state_dict().items()}
    good = build(Network(9, 9, ModelConfig(4)), 2).state_dict()
    name = "decoder.attention.query.weight"
    for wrong, message in (
        ({key: value for key, value in good.items() if key != name}, f"lacks '{name}'"),
        ({**good, "more": torch.zeros(1)}, "holds 'more'"),
        ({**good, name: torch.zeros(4, 5)}, "is 4×5, not 4×4"),
        ({**good, name: torch.tensor([1.0] * 15 + [torch.nan]).view(4, 4)}, "not finite"),
        ({**good, "decoder.output.weight": torch.zeros(9, 4)}, "tied weights differ"),
    ):
        with pytest.raises(InputError, match=message):
            load_weights(made, wrong, "the file")
    assert all(torch.equal(weight, before[key]) for key, weight in made.state_dict().items())


@given(
    cell=st.sampled_from([torch.nn.LSTM, torch.nn.GRU]), layers=st.integers(1, 2),
    lengths=st.lists(st.integers(1, 6), min_size=1, max_size=5), longer=st.integers(0, 2), double=st.booleans(), seed=st.integers(0, 99),
)  # fmt: skip
def test_both_ways_is_what_packed_sequences_give(
    cell: type[torch.nn.LSTM], layers: int, lengths: list[int], longer: int, double: bool, seed: int
) -> None:
    """Outputs, final states and gradients, whatever lies behind the sentences' ends."""
    torch.manual_seed(seed)
    kind = torch.float64 if double else torch.float32
    made = cell(3, 4, layers, batch_first=True, bidirectional=True, dtype=kind)
    inputs = torch.randn(len(lengths), max(lengths) + longer, 3, dtype=kind, requires_grad=True)
    packed = pack_padded_sequence(inputs, torch.tensor(lengths), batch_first=True, enforce_sorted=False)
    outputs, final = made(packed)
    expected, _ = pad_packed_sequence(outputs, batch_first=True, total_length=inputs.shape[1])
    ours, ours_final = both_ways(made, inputs, torch.tensor(lengths))
    exact = {"rtol": 1e-10, "atol": 1e-12} if double else {"rtol": 1e-4, "atol": 1e-5}
    torch.testing.assert_close(ours, expected, **exact)
    for part, expected_part in zip(ours_final, final if isinstance(final, tuple) else (final,), strict=True):
        torch.testing.assert_close(part, expected_part, **exact)
    wanted = [inputs, *made.parameters()]
    gradients = [torch.autograd.grad((one**2).sum(), wanted) for one in (expected, ours)]
    for one, other in zip(*gradients, strict=True):
        torch.testing.assert_close(one, other, **exact)


@given(
    cell=st.sampled_from([torch.nn.LSTM, torch.nn.GRU]), layers=st.integers(1, 2),
    sentences=st.lists(st.lists(st.integers(1, 5), min_size=1, max_size=6), min_size=1, max_size=5), seed=st.integers(0, 99),
)  # fmt: skip
def test_symbols_are_read_as_their_embeddings_are(cell: type[torch.nn.LSTM], layers: int, sentences: list[list[int]], seed: int) -> None:
    torch.manual_seed(seed)
    made = cell(8, 4, layers, batch_first=True, bidirectional=True, dtype=torch.float64)
    embedding = torch.nn.Embedding(6, 8, padding_idx=0, dtype=torch.float64)
    symbols, lengths = padded(sentences)
    with torch.no_grad():
        (ours, ours_final), (wanted, final) = (
            both_ways_of_symbols(made, embedding.weight, symbols, lengths), both_ways(made, embedding(symbols), lengths),
        )  # fmt: skip
    real = (symbols != 0)[..., None]
    torch.testing.assert_close(ours * real, wanted * real, rtol=1e-10, atol=1e-12)
    for part, other in zip(ours_final, final, strict=True):
        torch.testing.assert_close(part, other, rtol=1e-10, atol=1e-12)


def test_dropout_between_layers_is_drawn_in_training_alone() -> None:
    made = torch.nn.LSTM(3, 4, 2, batch_first=True, bidirectional=True, dropout=0.5)
    inputs, lengths = torch.randn(2, 5, 3), torch.tensor([5, 3])
    once, again = both_ways(made, inputs, lengths)[0], both_ways(made, inputs, lengths)[0]
    assert not torch.equal(once, again)
    assert (once[0] != 0).all()  # behind the last layer nothing is left out
    made.eval()
    assert torch.equal(both_ways(made, inputs, lengths)[0], both_ways(made, inputs, lengths)[0])
