"""A plain script of the homework's kind, to measure against: the decoder in a loop over steps, sentences decoded one at a time.

The same network with the same names as ours, so that it can be given our weights and must come to the same outputs.
"""

from __future__ import annotations

import torch
from torch import nn
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

PAD, START, END = 0, 1, 2


class Encoder(nn.Module):
    def __init__(self, symbols: int, hidden: int, dropout: float) -> None:
        super().__init__()
        self.embedding = nn.Embedding(symbols, hidden, padding_idx=PAD)
        self.recurrent = nn.LSTM(hidden, hidden // 2, bidirectional=True, batch_first=True)
        self.dropout = nn.Dropout(dropout)

    def forward(self, source, lengths):
        packed = pack_padded_sequence(self.dropout(self.embedding(source)), lengths, batch_first=True, enforce_sorted=False)
        states, (h, c) = self.recurrent(packed)
        states, _ = pad_packed_sequence(states, batch_first=True, total_length=source.shape[1])
        return self.dropout(states), tuple(torch.cat([part[0], part[1]], -1)[None] for part in (h, c))


class Attention(nn.Module):
    def __init__(self, hidden: int) -> None:
        super().__init__()
        self.query = nn.Linear(hidden, hidden, bias=False)
        self.output = nn.Linear(2 * hidden, hidden)

    def forward(self, query, states, real):
        scores = torch.bmm(states, self.query(query).transpose(1, 2)).transpose(1, 2)
        weights = torch.softmax(scores.masked_fill(~real[:, None], float("-inf")), -1)
        return torch.tanh(self.output(torch.cat([query, torch.bmm(weights, states)], -1)))


class Decoder(nn.Module):
    def __init__(self, symbols: int, hidden: int, dropout: float, attention: bool) -> None:
        super().__init__()
        self.embedding = nn.Embedding(symbols, hidden, padding_idx=PAD)
        self.recurrent = nn.LSTM(hidden, hidden, batch_first=True)
        self.attention = Attention(hidden) if attention else None
        self.dropout = nn.Dropout(dropout)
        self.output = nn.Linear(hidden, symbols)
        self.output.weight = self.embedding.weight

    def forward(self, read, states, real, state):
        outputs = []
        for step in range(read.shape[1]):
            out, state = self.recurrent(self.dropout(self.embedding(read[:, step : step + 1])), state)
            if self.attention is not None:
                out = self.attention(out, states, real)
            outputs.append(self.output(self.dropout(out)))
        return torch.cat(outputs, 1), state


class Script(nn.Module):
    def __init__(self, source: int, target: int, hidden: int = 128, dropout: float = 0.3, attention: bool = True) -> None:
        super().__init__()
        self.encoder = Encoder(source, hidden, dropout)
        self.decoder = Decoder(target, hidden, dropout, attention)

    def forward(self, source, lengths, read):
        states, state = self.encoder(source, lengths)
        return self.decoder(read, states, source != PAD, state)[0]


def padded(pairs):
    """Pairs of symbol lists as the homework keeps them: every sentence padded to the longest of the set, targets with START and END."""
    source = torch.zeros(len(pairs), max(len(source) for source, _ in pairs), dtype=torch.long)
    target = torch.zeros(len(pairs), max(len(target) for _, target in pairs) + 2, dtype=torch.long)
    for row, (one, other) in enumerate(pairs):
        source[row, : len(one)] = torch.tensor(one)
        target[row, : len(other) + 2] = torch.tensor([START, *other, END])
    return source, torch.tensor([len(one) for one, _ in pairs]), target


@torch.no_grad()
def greedy(model, source, most=50):
    """One sentence."""
    tokens = torch.tensor([source])
    states, state = model.encoder(tokens, torch.tensor([len(source)]))
    real, symbol, written = tokens != PAD, torch.tensor([[START]]), []
    for _ in range(most):
        logits, state = model.decoder(symbol, states, real, state)
        symbol = logits[:, -1].argmax(-1, keepdim=True)
        written.append(symbol.item())
        if written[-1] == END:
            break
    return written


@torch.no_grad()
def beam(model, source, places=5, most=50):
    """One sentence: its open hypotheses side by side, complete ones keep their place, the best once it is complete."""
    tokens = torch.tensor([source])
    states, state = model.encoder(tokens, torch.tensor([len(source)]))
    real, hypotheses = tokens != PAD, [(0.0, [START])]
    for _ in range(most):
        if hypotheses[0][1][-1] == END:
            break
        going = [one for one in hypotheses if one[1][-1] != END]
        symbols = torch.tensor([[one[1][-1]] for one in going])
        count = len(going)
        logits, state = model.decoder(
            symbols, states.expand(count, -1, -1), real.expand(count, -1), tuple(part.contiguous() for part in state)
        )
        gains = torch.log_softmax(logits[:, -1].double(), -1)
        candidates: list[tuple[float, list[int], int | None]] = [
            (total, numbers, None) for total, numbers in hypotheses if numbers[-1] == END
        ]
        values, indices = gains.topk(places, -1)
        for row, (total, numbers) in enumerate(going):
            candidates += [
                (total + value, [*numbers, index], row) for value, index in zip(values[row].tolist(), indices[row].tolist(), strict=True)
            ]
        candidates = sorted(candidates, key=lambda one: -one[0])[:places]
        hypotheses = [(total, numbers) for total, numbers, _ in candidates]
        rows = [row for _, numbers, row in candidates if numbers[-1] != END]
        state = tuple(part[:, rows] for part in state)
    return hypotheses[0][1][1:]
