"""Programs that make what the transliteration tab shows: greedy writing, the attention of each step, a beam; in plain PyTorch."""

from __future__ import annotations

from hw2gui.errors import InputError
from hw2gui.seq2seq import models
from hw2gui.seq2seq.answers import normalised
from hw2gui.seq2seq.batches import NEVER_WRITTEN
from hw2gui.seq2seq.results import Options
from hw2gui.seq2seq.state import Seq2SeqState
from hw2gui.seq2seq.vocabulary import END, SPECIALS, START, Vocabulary


def programs(state: Seq2SeqState) -> tuple[tuple[str, str], ...]:
    """(what it is, source) of each, for the text on screen. InputError where nothing is left of it, or the outputs are not searched "
    "freely.
    """
    if state.prefix or state.override.active:
        raise InputError("These programs search freely: empty the forced beginning, and give the attention back.")
    text = normalised(state.text, models.card(state.model, state.epoch)).text
    if not text:
        raise InputError("There is no text to read: type one, then there is a program that reads it.")
    return programs_for(state.model, text, state.options, state.epoch)


def programs_for(model: str, text: str, options: Options, epoch: int | None = None) -> tuple[tuple[str, str], ...]:
    """(what it is, source) of each, for *text* as the model's corpus writes it. InputError for a model they do not cover."""
    most = options.max_length
    card = models.card(model, epoch)
    source, target = card.alphabets.vocabularies()
    network = card.network
    if network.model.cell != "LSTM" or network.model.input_feeding:
        raise InputError("These programs are for an LSTM without input feeding: choose such a model.")
    head = _head(card.title, str(models.weights_path(model, epoch)), source, target, text, network.hidden, network.model.layers)
    step = _step(network.attention, tied=network.model.tied)
    made = [("Greedy, step by step", _greedy(most))]
    if network.attention:
        made.append(("Attention of every step", _attention(most)))
    exponent = f", α = {options.alpha:g}" if options.alpha else ""
    made.append((f"Beam search, k = {options.beam}{exponent}", _beam(options)))
    return tuple((title, _text([*head, *step, *lines])) for title, lines in made)


def _head(title: str, weights: str, source: Vocabulary, target: Vocabulary, text: str, hidden: int, layers: int) -> list[str]:
    return [
        f"# {title}",
        "import torch",
        "from safetensors.torch import load_file",
        "",
        f"w = {{name: tensor.float() for name, tensor in load_file({weights!r}).items()}}",
        "part = lambda name: {key.removeprefix(name): value for key, value in w.items() if key.startswith(name)}",
        f"symbols = {[*target.symbols]!r}",
        f"source = torch.tensor([{source.encode(text)}])  # {text!r}",
        f"encoder = torch.nn.LSTM({hidden}, {hidden // 2}, {layers}, batch_first=True, bidirectional=True)",
        f"decoder = torch.nn.LSTM({hidden}, {hidden}, {layers}, batch_first=True)",
        'encoder.load_state_dict(part("encoder.recurrent."))',
        'decoder.load_state_dict(part("decoder.recurrent."))',
        "torch.set_grad_enabled(False)",
        'states, final = encoder(w["encoder.embedding.weight"][source])',
        "start = tuple(torch.cat([side[0::2], side[1::2]], dim=-1) for side in final)  # both directions side by side",
        "",
        "",
    ]


def _step(attention: bool, *, tied: bool) -> list[str]:
    """One symbol read: log probabilities of the next, the state after it, and where the attention lay."""
    attended = [
        '    p = (q @ w["decoder.attention.query.weight"].T @ states.mT).softmax(-1)',
        '    both = torch.cat([q, p @ states], -1) @ w["decoder.attention.output.weight"].T + w["decoder.attention.output.bias"]',
        "    q = torch.tanh(both)",
    ]
    return [
        "def step(symbol, state):",
        '    q, state = decoder(w["decoder.embedding.weight"][torch.tensor([[symbol]])], state)',
        *(attended if attention else ["    p = None"]),
        f'    logits = q @ w["decoder.{"embedding" if tied else "output"}.weight"].T + w["decoder.output.bias"]',
        "    log_p = logits[0, 0].double().log_softmax(-1)",
        f"    log_p[{[*NEVER_WRITTEN]}] = -torch.inf  # {', '.join(SPECIALS[number] for number in NEVER_WRITTEN)} are never written",
        "    return log_p, state, p",
        "",
        "",
    ]


def _greedy(most: int) -> list[str]:
    return [
        f"written, total, state = [{START}], 0.0, start",
        f"while written[-1] != {END} and len(written) <= {most}:",
        "    log_p, state, p = step(written[-1], state)",
        "    total += log_p.max().item()",
        "    written.append(log_p.argmax().item())",
        f'output = "".join(symbols[number] for number in written[1:] if number != {END})',
        "print(output, total)",
    ]


def _attention(most: int) -> list[str]:
    return [
        f"written, rows, state = [{START}], [], start",
        f"while written[-1] != {END} and len(written) <= {most}:",
        "    log_p, state, p = step(written[-1], state)",
        "    rows.append(p[0, 0])",
        "    written.append(log_p.argmax().item())",
        "attention = torch.stack(rows)  # a row for each symbol written, a column for each one read",
        "print(attention.numpy().round(2))",
    ]


def _beam(options: Options) -> list[str]:
    """The n best of k places; complete ones compete as they are."""
    score = f"one[0] / (len(one[1]) - 1) ** {options.alpha!r}" if options.alpha else "one[0]"
    return [
        f"beam = [(0.0, [{START}], start)]",
        f"for _ in range({options.max_length}):",
        "    grown = []",
        "    for total, written, state in beam:",
        f"        if written[-1] == {END}:  # complete ones compete as they are",
        "            grown.append((total, written, state))",
        "            continue",
        "        log_p, after, p = step(written[-1], state)",
        f"        grown += [(total + g.item(), [*written, n.item()], after) for g, n in zip(*log_p.topk({options.beam}), strict=True)]",
        f"    beam = sorted(grown, key=lambda one: {score}, reverse=True)[:{options.beam}]",
        f"    if all(written[-1] == {END} for _, written, _ in beam):",
        "        break",
        f'outputs = [("".join(symbols[number] for number in written[1:] if number != {END}), total) for total, written, _ in beam]',
        f"for output, total in outputs[:{options.nbest}]:",
        "    print(output, total)",
    ]


def _text(lines: list[str]) -> str:
    return "\n".join(lines) + "\n"
