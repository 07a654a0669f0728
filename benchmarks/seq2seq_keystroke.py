"""From a keystroke to the answer: greedy, a beam of 5 with its 5 best, and all attention, for names and sentences, on one thread."""

from __future__ import annotations

from functools import partial

import torch
from _seq2seq_data import corpus
from _table import Row, milliseconds, percentile, report, spread

from hw2gui.datasets.lexicon import load as lexicon
from hw2gui.seq2seq.answers import step_through, translate
from hw2gui.seq2seq.results import Options

AIM = 30.0


def main() -> None:
    """Print the table."""
    torch.set_num_threads(1)
    torch.set_flush_denormal(True)
    options = Options(5, 5)
    typed = [name[:end] for name in [pair.source for pair in lexicon().test[:40]] for end in range(1, len(name) + 1)]
    sentences = [pair.source for pair in corpus().test[:100]]
    rows = []
    for model, texts, what in (("ar-en", typed, "a name, letter by letter"), ("es-en", sentences, "a sentence")):
        translate(model, texts[0], options)
        times = [one for text in texts for one in milliseconds(partial(translate, model, text, options), 1)]
        p95 = percentile(times, 0.95)
        rows.append(Row(f"Keystroke to greedy, beam 5 and attention: {what}", spread(times), aim=f"p95 ≤ {AIM:.0f} ms", met=p95 <= AIM))
    steps = [one for text in typed[:100] for one in milliseconds(partial(step_through, "ar-en", text, options), 1)]
    rows.append(Row("The same search with every step kept", spread(steps)))
    report(rows)


if __name__ == "__main__":
    main()
