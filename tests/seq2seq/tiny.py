"""Small random models whose outputs can all be listed, and searches written out plainly for one sentence, to compare with."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

import torch
from hypothesis import strategies as st

from hw2gui.seq2seq.model import Seq2Seq, build, log_probabilities
from hw2gui.seq2seq.network import ModelConfig, Network
from hw2gui.seq2seq.vocabulary import END, SPECIALS, START

Output = tuple[int, ...]
FIRST = len(SPECIALS)


def model(
    seed: int = 0,
    letters: int = 2,
    hidden: int = 8,
    *,
    ends: float = 0.0,
    double: bool = True,
    sharpness: float = 1.0,
    **options: object,
) -> Seq2Seq:
    """A random model, ready for searching. *ends* makes END more probable, *sharpness* scales the logits."""
    network = Network(FIRST + letters, FIRST + letters, ModelConfig(hidden, **options))
    made = build(network, seed)
    with torch.no_grad():
        made.decoder.output.weight.mul_(sharpness)
        made.decoder.output.bias[END] += ends
    return (made.double() if double else made).eval()


@st.composite
def models(draw: st.DrawFn, letters: int = 2) -> Seq2Seq:
    attention = draw(st.booleans())
    return model(
        seed=draw(st.integers(0, 10_000)),
        letters=letters,
        hidden=draw(st.sampled_from([2, 6, 8])),
        ends=draw(st.sampled_from([-1.0, 0.0, 1.0])),
        sharpness=draw(st.sampled_from([0.5, 2.0])),
        attention=attention,
        input_feeding=attention and draw(st.booleans()),
        cell=draw(st.sampled_from(["LSTM", "GRU"])),
        layers=draw(st.sampled_from([1, 2])),
        tied=draw(st.booleans()),
    )


def sources(letters: int = 2, longest: int = 5) -> st.SearchStrategy[tuple[int, ...]]:
    return st.lists(st.integers(3, FIRST + letters - 1), min_size=1, max_size=longest).map(tuple)


def token_log_probabilities(made: Seq2Seq, source: Output, output: Output) -> list[float]:
    """Of every symbol of *output*, by one teacher-forced pass of this one sentence."""
    with torch.inference_mode():
        logits = made(torch.tensor([source]), torch.tensor([len(source)]), torch.tensor([[START, *output[:-1]]]))
    return log_probabilities(logits)[0].gather(1, torch.tensor(output)[:, None])[:, 0].tolist()


def outputs(letters: int, max_length: int) -> Iterator[Output]:
    """Everything a search may find: what ends within the limit, and what is cut at it."""
    alphabet = range(FIRST, FIRST + letters)
    for length in range(max_length):
        for text in itertools.product(alphabet, repeat=length):
            yield (*text, END)
    yield from itertools.product(alphabet, repeat=max_length)


def all_sums(made: Seq2Seq, source: Output, letters: int, max_length: int) -> dict[Output, float]:
    """The log-probability of everything a search may find."""
    return {output: sum(token_log_probabilities(made, source, output)) for output in outputs(letters, max_length)}


def plain_beam(made: Seq2Seq, source: Output, letters: int, places: int, max_length: int, alpha: float) -> list[tuple[float, Output]]:
    """A beam of one sentence, with lists, recomputing everything and stopping only when every place is complete."""
    hypotheses: list[tuple[float, Output]] = [(0.0, ())]
    is_complete = lambda output: output[-1:] == (END,) or len(output) == max_length  # noqa: E731
    while not all(is_complete(output) for _, output in hypotheses):
        candidates: list[tuple[float, float, int, int, Output]] = []
        for place, (total, output) in enumerate(hypotheses):
            if is_complete(output):
                candidates.append((-total / len(output) ** alpha, total, place, 0, output))
                continue
            for symbol in (END, *range(FIRST, FIRST + letters)):
                longer = (*output, symbol)
                sum_ = sum(token_log_probabilities(made, source, longer))
                candidates.append((-sum_ / len(longer) ** alpha, sum_, place, symbol, longer))
        candidates.sort(key=lambda one: (one[0], one[2], one[3]))
        hypotheses = [(one[1], one[4]) for one in candidates[:places]]
    return hypotheses
