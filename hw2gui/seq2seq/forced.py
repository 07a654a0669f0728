"""What the model thinks of given outputs, a whole batch at once. Only for the processes that compute: it imports torch."""

from __future__ import annotations

from collections.abc import Sequence

import torch

from hw2gui.seq2seq.batches import check, in_batches, padded
from hw2gui.seq2seq.model import Seq2Seq, log_probabilities
from hw2gui.seq2seq.results import Hypothesis, Query, score_of
from hw2gui.seq2seq.search import ROWS
from hw2gui.seq2seq.vocabulary import END, START


@torch.inference_mode()
def score(
    model: Seq2Seq, sources: Sequence[Sequence[int]], targets: Sequence[Sequence[int]], *, alpha: float = 0.0, attention: bool = True
) -> list[Hypothesis]:
    """Each target (without start and end, possibly empty) as an output of its source: its symbols' and its end's log-probabilities.

    An unknown character is scored as the symbol UNKNOWN. Raises what `batches.check` raises.
    """
    check(model, [Query(tuple(source)) for source in sources], 1)
    if len(sources) != len(targets) or not all(0 <= number < model.network.target_symbols for target in targets for number in target):
        raise ValueError("each source has one target, of symbols of the model's vocabulary")
    lengths = [len(source) for source in sources]
    return in_batches(
        lengths,
        ROWS,
        model,
        lambda batch: _score(model, [sources[i] for i in batch], [targets[i] for i in batch], alpha, keep=attention),
    )


def _score(
    model: Seq2Seq, sources: Sequence[Sequence[int]], targets: Sequence[Sequence[int]], alpha: float, *, keep: bool
) -> list[Hypothesis]:
    memory = model.encoder(*padded(sources, model.device))
    read, _ = padded([[START, *target] for target in targets], model.device)  # (B, T)
    written, _ = padded([[*target, END] for target in targets], model.device)  # (B, T)
    logits, weights = model.decoder(read, memory)
    tokens = log_probabilities(logits).gather(2, written[..., None])[..., 0]  # (B, T)
    found = []
    for row, (source, target) in enumerate(zip(sources, targets, strict=True)):
        length = len(target) + 1
        own = tuple(tokens[row, :length].tolist())
        attention = weights[row, :length, : len(source)].double().cpu().numpy() if keep and weights is not None else None
        found.append(Hypothesis((*target, END), own, score_of(sum(own), length, alpha), attention))
    return found
