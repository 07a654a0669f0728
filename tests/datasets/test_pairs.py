from __future__ import annotations

import hashlib
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from hw2gui.datasets import pairs, registry
from hw2gui.datasets.characters import SPLITS
from hw2gui.datasets.corpus import Pair
from hw2gui.datasets.normalise import plain_sentence
from hw2gui.datasets.pairs import open_corpus
from hw2gui.datasets.registry import DataFile, Dataset
from hw2gui.errors import InputError, UnavailableError

Publish = Callable[[str, dict[str, str]], None]


@pytest.fixture
def publish(monkeypatch: pytest.MonkeyPatch) -> Publish:
    """Puts small files of a published set in the cache, and their sums in the registry."""

    def put(name: str, texts: dict[str, str]) -> None:
        files = []
        folder = registry.cache_folder(registry.find(name))
        folder.mkdir(parents=True, exist_ok=True)
        for file, text in texts.items():
            content = text.encode("utf-8", "surrogateescape")
            (folder / file).write_bytes(content)
            files.append(DataFile(file, len(content), hashlib.md5(content, usedforsecurity=False).hexdigest()))
        small = Dataset(name, "Small", "pairs", "", "", "Thanks.", "Somebody: Something.", folders=(folder.name,), files=tuple(files))
        monkeypatch.setitem(registry.DATASETS, name, small)

    return put


ANETAC = {
    "train.ar": "جون\nعلي\nجون",
    "train.en": "John\nAli\nJon\n",
    "dev.ar": "حسن",
    "dev.en": "Hasan",
    "test.ar": "عمر",
    "test.en": "Omar",
}
SPA_ENG = {"train-eng-spa.txt": "hi .\thola .\t42\n", "val-eng-spa.txt": "no .\tno .\t42\n", "test-eng-spa.txt": "who ?\t quien ?\t42\n"}


def test_names() -> None:
    assert pairs.names() == (
        "anetac-ar-en", "anetac-en-ar", "spa-eng", "starter-ar-en", "toy-reverse", "toy-copy", "toy-double", "toy-vowels", "toy-digits",
    )  # fmt: skip


def test_parallel_files_both_ways(publish: Publish) -> None:
    publish("anetac-ar-en", ANETAC)
    publish("anetac-en-ar", ANETAC)
    there, back = open_corpus("anetac-ar-en"), open_corpus("anetac-en-ar")
    assert there.train == (Pair("جون", "John"), Pair("علي", "Ali"), Pair("جون", "Jon"))
    assert (there.direction, back.direction) == ("Arabic → English", "English → Arabic")
    for split in SPLITS:
        assert back.split(split) == tuple(pair.turned for pair in there.split(split))
    assert there.references("جون") == ("John", "Jon")
    assert (there.attribution, there.citation) == ("Thanks.", "Somebody: Something.")


def test_columns_are_turned_and_the_third_is_left_out(publish: Publish) -> None:
    publish("spa-eng", SPA_ENG)
    corpus = open_corpus("spa-eng")
    assert corpus.train == (Pair("hola .", "hi ."),)
    assert corpus.test == (Pair(" quien ?", "who ?"),)  # as published, to the last space
    assert corpus.direction == "Spanish → English"
    assert corpus.sentences


def test_what_was_read_is_kept_until_the_file_changes(publish: Publish) -> None:
    publish("spa-eng", SPA_ENG)
    first = open_corpus("spa-eng")
    assert open_corpus("spa-eng") is first
    publish("spa-eng", SPA_ENG | {"train-eng-spa.txt": "hello .\thola .\t42\n"})
    assert open_corpus("spa-eng").references("hola .") == ("hello .",)


@pytest.mark.parametrize(
    ("name", "texts", "reason"),
    [
        ("anetac-ar-en", ANETAC | {"dev.en": "Hasan\nAli"}, r"dev\.ar has 1 lines but dev\.en 2"),
        ("anetac-ar-en", ANETAC | {"dev.en": "Ha\udcff"}, "no text in UTF-8"),
        ("spa-eng", SPA_ENG | {"val-eng-spa.txt": "no .\tno .\t42\nno .\tno .\n"}, "line 2 of .* has 2 columns instead of 3"),
    ],
)
def test_files_that_do_not_fit_are_refused(publish: Publish, name: str, texts: dict[str, str], reason: str) -> None:
    publish(name, texts)
    with pytest.raises(UnavailableError, match=reason):
        open_corpus(name)


def test_an_empty_target_is_refused(publish: Publish) -> None:
    publish("spa-eng", SPA_ENG | {"train-eng-spa.txt": "hi .\thola .\t42\n\tadios .\t42\n"})
    with pytest.raises(InputError, match=r"pair 2 of Small \(train\) has an empty target"):
        open_corpus("spa-eng")


def test_missing_files_say_what_to_do() -> None:
    with pytest.raises(UnavailableError, match="hw2gui data fetch anetac-en-ar"):
        open_corpus("anetac-en-ar")
    with pytest.raises(UnavailableError, match="the homework's folder"):
        open_corpus("spa-eng")


@pytest.mark.parametrize("name", ["kmnist", "nothing", "", "toy-nothing"])
def test_other_names_are_refused(name: str) -> None:
    with pytest.raises(InputError, match="choose one of anetac-ar-en, "):
        open_corpus(name)


@pytest.mark.parametrize("name", ["starter-ar-en", "toy-reverse", "toy-copy", "toy-double", "toy-vowels", "toy-digits"])
def test_built_in_sets_are_there_and_do_not_overlap(name: str) -> None:
    corpus = open_corpus(name)
    assert corpus.name == name
    assert corpus.title == registry.find(name).title
    assert corpus.attribution.endswith(".")
    for split in ("validation", "test"):
        assert corpus.overlap(split).known == ()
    assert not {pair.source for pair in corpus.validation} & {pair.source for pair in corpus.test}


def test_published_names(real_data: Path) -> None:
    there, back = open_corpus("anetac-ar-en"), open_corpus("anetac-en-ar")
    assert tuple(there.counts.values()) == (75_907, 1_003, 3_014)
    assert (there.source_count, there.ambiguous_count) == (64_264, 7_752)
    found = there.overlap("test")
    assert (len(found.repeated), len(found.known), len(found.other)) == (0, 844, 844)
    assert back.ambiguous_count == 0
    assert back.overlap("test").known == back.overlap("validation").known == ()
    letters = [set("".join(pair[side] for split in SPLITS for pair in there.split(split))) for side in (0, 1)]
    assert list(map(len, letters)) == [34, 67]
    pair = there.test[found.known[0]]
    assert there.all_references(pair)[0] == pair.target
    assert len(there.all_references(pair)) > 1


def test_published_sentences(real_data: Path) -> None:
    corpus = open_corpus("spa-eng")
    assert tuple(corpus.counts.values()) == (10_483, 1_000, 1_000)
    overlaps = corpus.overlap("test"), corpus.overlap("validation")
    assert [(len(one.repeated), len(one.known), len(one.other)) for one in overlaps] == [(10, 166, 157), (8, 176, 169)]
    assert max(len(text) for split in SPLITS for pair in corpus.split(split) for text in pair) < 20
    # The form typed text is brought into is the form of the data.
    for pair in corpus.test + corpus.validation:
        assert plain_sentence(pair.source).text == pair.source


def test_opening_loads_no_torch_and_no_network() -> None:
    script = (
        "import sys; from hw2gui.datasets.pairs import open_corpus; from hw2gui.datasets import tsv; open_corpus('starter-ar-en');"
        "print(*sorted({'torch', 'PIL', 'scipy', 'matplotlib', 'PySide6', 'urllib.request'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == ""
