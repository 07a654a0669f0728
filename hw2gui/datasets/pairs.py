"""One way to open any set of pairs: published names and sentences, the built-in lexicon, toy tasks."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import lru_cache
from pathlib import Path

from hw2gui.datasets import lexicon, registry, toy
from hw2gui.datasets.corpus import Pair, PairCorpus
from hw2gui.errors import InputError, UnavailableError, shortened

_ANETAC_PARTS = ("train", "dev", "test")
_SPA_ENG_PARTS = ("train", "val", "test")
_SPA_ENG_COLUMNS = 3

_Version = tuple[tuple[Path, int], ...]


def names() -> tuple[str, ...]:
    """The sets of pairs in the registry, in its order."""
    return tuple(dataset.name for dataset in registry.DATASETS.values() if dataset.kind == "pairs")


def open_corpus(name: str) -> PairCorpus:
    """The set of pairs called *name* in the registry, with its own split; a toy task in its usual size.

    Sides are as published, to the last space. InputError for any other name; UnavailableError, with what to do, where files are missing or
    damaged. What was read is kept until the files change.
    """
    if name not in names():
        raise InputError(f"'{shortened(name, 60)}' is no set of pairs: choose one of {', '.join(names())}")
    if name == lexicon.NAME:
        return lexicon.load()
    if name in toy.TASKS:
        return toy.make(name)
    dataset = registry.find(name)
    files = [registry.require(dataset, file.name) for file in dataset.files]
    return _read(name, tuple((path, path.stat().st_mtime_ns) for path in files))


@lru_cache(maxsize=3)
def _read(name: str, version: _Version) -> PairCorpus:
    paths = {path.name: path for path, _ in version}
    return _READERS[name](paths)


def _anetac_ar_en(paths: dict[str, Path]) -> PairCorpus:
    dataset = registry.find("anetac-ar-en")
    parts = [_parallel(paths[f"{part}.ar"], paths[f"{part}.en"]) for part in _ANETAC_PARTS]
    notes = (
        "A source can have several spellings: report the n best as well, and count a spelling that training lists as right, saying so.",
        "Alef is written without hamza throughout, and some sources hold a tatweel.",
    )
    return _published(dataset, ("Arabic", "English"), parts, notes)


def _anetac_en_ar(paths: dict[str, Path]) -> PairCorpus:
    dataset = registry.find("anetac-en-ar")
    parts = [_parallel(paths[f"{part}.en"], paths[f"{part}.ar"]) for part in _ANETAC_PARTS]
    notes = ("Capital letters are kept.", "Alef is written without hamza throughout, and some targets hold a tatweel.")
    return _published(dataset, ("English", "Arabic"), parts, notes)


def _spa_eng(paths: dict[str, Path]) -> PairCorpus:
    dataset = registry.find("spa-eng")
    parts = [_columns(paths[f"{part}-eng-spa.txt"]) for part in _SPA_ENG_PARTS]
    notes = (
        "The homework's own split; some of its pairs and sources stand in train as well: report with and without them.",
        "Texts are in small letters without accents; where a sentence began with ¿ or ¡ a space is left.",
    )
    return _published(dataset, ("Spanish", "English"), parts, notes, sentences=True)


def _published(
    dataset: registry.Dataset, languages: tuple[str, str], parts: list[tuple[Pair, ...]], notes: tuple[str, ...], sentences: bool = False
) -> PairCorpus:
    train, validation, test = parts
    return PairCorpus(
        dataset.name, dataset.title, *languages, train, validation, test, dataset.attribution, dataset.citation, notes, sentences
    )


_READERS: dict[str, Callable[[dict[str, Path]], PairCorpus]] = {
    "anetac-ar-en": _anetac_ar_en,
    "anetac-en-ar": _anetac_en_ar,
    "spa-eng": _spa_eng,
}


def _parallel(sources: Path, targets: Path) -> tuple[Pair, ...]:
    """Two files with a text a line, of which equal lines belong together."""
    pairs = list(_lines(sources)), list(_lines(targets))
    if len(pairs[0]) != len(pairs[1]):
        raise UnavailableError(f"{sources} has {len(pairs[0]):,} lines but {targets.name} {len(pairs[1]):,}: fetch them again")
    return tuple(map(Pair, *pairs))


def _columns(path: Path) -> tuple[Pair, ...]:
    """A file of English, Spanish and a constant, read from Spanish to English."""
    found = []
    for number, line in enumerate(_lines(path), start=1):
        columns = line.split("\t")
        if len(columns) != _SPA_ENG_COLUMNS:
            raise UnavailableError(f"line {number:,} of {path} has {len(columns)} columns instead of 3: put the original file in its place")
        found.append(Pair(source=columns[1], target=columns[0]))
    return tuple(found)


def _lines(path: Path) -> Iterator[str]:
    try:
        text = path.read_bytes().decode("utf-8")
    except OSError as error:
        raise UnavailableError(f"{path} cannot be read ({error.strerror or error}): fetch it again") from error
    except UnicodeDecodeError as error:
        raise UnavailableError(f"{path} is no text in UTF-8 (byte {error.start:,}): fetch it again") from error
    # Not splitlines, which also divides at characters that are part of a text.
    lines = text.removesuffix("\n").split("\n") if text else []
    return (line.removesuffix("\r") for line in lines)
