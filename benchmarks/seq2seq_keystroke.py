"""From a keystroke to the answer: greedy, a beam of 5 with its 5 best, and all attention, for names and sentences.

First in the real window with its worker process, from the key event to the painted outputs; then the worker's part alone, on one thread.
"""

from __future__ import annotations

from functools import partial
from time import perf_counter

from _seq2seq_data import corpus
from _table import Row, milliseconds, percentile, report, spread
from _window import open_window
from PySide6.QtCore import QEvent, QEventLoop, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication

from hw2gui.app.tour import settle
from hw2gui.datasets.lexicon import load as lexicon
from hw2gui.seq2seq.answers import step_through, translate
from hw2gui.seq2seq.results import Options

AIM = 30.0


def in_the_window(names: list[str]) -> list[float]:
    """Milliseconds from each key event of typing *names* to both outputs painted with its answer; a name begins in an empty field."""
    window = open_window()
    window.show_tab("seq2seq")
    settle(window)
    tab = window.page("seq2seq")
    field, reader, page = tab.text.text, tab.desk.reader, tab.page("type")  # type: ignore[attr-defined]
    times: list[float] = []
    for name in names:
        field.selectAll()
        for letter in name:
            begun = perf_counter()
            QApplication.sendEvent(field, QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_unknown, Qt.KeyboardModifier.NoModifier, letter))
            while reader.question is None or reader.question.text != field.text():
                QApplication.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents)
            for panel in (page.beside, page.beam):
                panel.repaint()
                panel.map.cells.repaint()
            times.append(1000 * (perf_counter() - begun))
        settle(window)
    window.close()
    return times


def main() -> None:
    """Print the table."""
    shown = in_the_window([pair.source for pair in lexicon().test[:40]])
    import torch

    torch.set_num_threads(1)
    torch.set_flush_denormal(True)
    options = Options(5, 5)
    typed = [name[:end] for name in [pair.source for pair in lexicon().test[:40]] for end in range(1, len(name) + 1)]
    sentences = [pair.source for pair in corpus().test[:100]]
    rows = [
        Row(
            "Key event to both outputs painted, in the window: a name, letter by letter",
            spread(shown),
            aim=f"p95 ≤ {AIM:.0f} ms",
            met=percentile(shown, 0.95) <= AIM,
        )
    ]
    for model, texts, what in (("ar-en", typed, "a name, letter by letter"), ("es-en", sentences, "a sentence")):
        translate(model, texts[0], options)
        times = [one for text in texts for one in milliseconds(partial(translate, model, text, options), 1)]
        p95 = percentile(times, 0.95)
        rows.append(
            Row(f"The worker's part, greedy, beam 5 and attention: {what}", spread(times), aim=f"p95 ≤ {AIM:.0f} ms", met=p95 <= AIM)
        )
    steps = [one for text in typed[:100] for one in milliseconds(partial(step_through, "ar-en", text, options), 1)]
    rows.append(Row("The same search with every step kept", spread(steps)))
    report(rows)


if __name__ == "__main__":
    main()
