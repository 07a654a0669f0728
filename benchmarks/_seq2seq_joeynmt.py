"""JoeyNMT on the same sentences, run by the Python of its own environment (`_joeynmt_environment`).

Reads JSON (sources as lists of symbols, how many symbols every output has, the vocabulary's size) and prints JSON: seconds.
"""

from __future__ import annotations

import json
import statistics
import sys
from importlib.metadata import version
from time import perf_counter
from types import SimpleNamespace

import torch

REPEATS = 3
BATCHES = (100, 250, 1000)


def main() -> None:
    """The fastest of several batch sizes counts."""
    torch.set_num_threads(1)
    torch.set_flush_denormal(True)
    given = json.load(sys.stdin)
    model, symbols = build(given["vocabulary"]), given["symbols"]
    sources = sorted(given["sources"], key=len, reverse=True)
    told: dict[str, object] = {"version": version("joeynmt")}
    for name, places in (("greedy", 1), ("beam 5", 5)):
        told[name] = min(seconds(model, sources, size, places, symbols) for size in BATCHES)
    print(json.dumps(told))


def build(size: int):
    """The homework's sizes: bidirectional encoder of 64 a direction, decoder of 128, Luong's attention, tied output."""
    from joeynmt.model import build_model
    from joeynmt.vocabulary import Vocabulary

    special = SimpleNamespace(
        unk_token="<unk>", pad_token="<pad>", bos_token="<s>", eos_token="</s>", sep_token=None,
        unk_id=0, pad_id=1, bos_id=2, eos_id=3, sep_id=None, lang_tags=[],
    )  # fmt: skip
    words = Vocabulary([chr(ord("a") + index) for index in range(size - 4)], special)
    embeddings = {"embedding_dim": 128, "scale": False, "dropout": 0.3}
    config = {
        "tied_softmax": True,
        "encoder": {
            "type": "recurrent", "rnn_type": "lstm", "embeddings": embeddings, "hidden_size": 64, "bidirectional": True, "num_layers": 1,
        },
        "decoder": {
            "type": "recurrent", "rnn_type": "lstm", "embeddings": embeddings, "hidden_size": 128, "num_layers": 1, "input_feeding": False,
            "init_hidden": "last", "attention": "luong",
        },
    }  # fmt: skip
    model = build_model(config, words, words).eval()
    with torch.no_grad():
        model.decoder.output_layer.weight[words.eos_index] = 0.0  # hardly ever the most probable: outputs run to the limit
    return model


@torch.no_grad()
def seconds(model, sources: list[list[int]], size: int, places: int, symbols: int) -> float:
    """The median time for all sentences, in batches of *size*."""
    from joeynmt.search import search

    def once() -> None:
        for start in range(0, len(sources), size):
            rows = sources[start : start + size]
            longest = max(len(row) for row in rows)
            source = torch.tensor([[*row, *[1] * (longest - len(row))] for row in rows])
            batch = SimpleNamespace(
                src=source,
                has_trg=False,
                src_length=torch.tensor([len(row) for row in rows]),
                src_mask=(source != 1)[:, None],
                trg_prompt_mask=None,
                nseqs=len(rows),
            )
            search(batch=batch, model=model, max_output_length=symbols, beam_size=places, beam_alpha=-1, n_best=1)

    once()
    taken = []
    for _ in range(REPEATS):
        begun = perf_counter()
        once()
        taken.append(perf_counter() - begun)
    return statistics.median(taken)


if __name__ == "__main__":
    main()
