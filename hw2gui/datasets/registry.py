"""What data sets there are, where a copy may lie, and what to do when there is none.

Adding a set is one entry in :data:`DATASETS`. A file counts only with the published md5 sum; where it
comes from does not matter.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from hw2gui import paths
from hw2gui.datasets.verify import is_intact
from hw2gui.errors import InputError, UnavailableError, shortened

Kind = Literal["characters", "pairs"]
State = Literal["ok", "missing", "damaged"]
Characters = Literal["kmnist", "strokes"]
"""The sets of characters: Kuzushiji-MNIST and the built-in one."""


@dataclass(frozen=True)
class DataFile:
    """One file as published: its name, size in bytes, md5 sum, and its address (None: the publisher offers none)."""

    name: str
    size: int
    md5: str
    url: str | None = None


@dataclass(frozen=True)
class Dataset:
    """A data set and whom to thank for it.

    *folders* are where its files may lie inside ``HW2GUI_DATA`` ("." is that folder itself); the first is also its folder in the cache.
    *attribution* is the sentence to show wherever its content is shown or exported. *mend* says how else to get at it.
    """

    name: str
    title: str
    kind: Kind
    publisher: str
    licence: str
    attribution: str
    citation: str
    folders: tuple[str, ...] = ()
    files: tuple[DataFile, ...] = ()
    mend: str = "set HW2GUI_DATA to a folder that holds it"
    instead: str = ""
    """The built-in set that serves as well."""

    @property
    def built_in(self) -> bool:
        """Whether the program makes it itself, so that nothing is needed."""
        return not self.files

    @property
    def fetchable(self) -> bool:
        """Whether every file has an address to be downloaded from."""
        return not self.built_in and all(file.url for file in self.files)

    @property
    def size(self) -> int:
        """Bytes of all files together."""
        return sum(file.size for file in self.files)

    @property
    def how_to_get(self) -> str:
        """What to do when it is missing, as the end of a sentence."""
        return f"fetch it ('hw2gui data fetch {self.name}') or {self.mend}" if self.fetchable else self.mend


@dataclass(frozen=True)
class FileStatus:
    """What stands on this computer for one file: intact at *path*, damaged at *path*, or missing (*path* is None)."""

    file: DataFile
    state: State
    path: Path | None


_KMNIST_URL = "http://codh.rois.ac.jp/kmnist/dataset/kmnist/"
_ANETAC_URL = "https://raw.githubusercontent.com/MohamedHadjAmeur/ANETAC/7984b91/EN-AR%20Translit/"

_KMNIST_FILES = tuple(
    DataFile(name, size, md5, _KMNIST_URL + name)
    for name, size, md5 in (
        ("train-images-idx3-ubyte.gz", 18_165_135, "bdb82020997e1d708af4cf47b453dcf7"),
        ("train-labels-idx1-ubyte.gz", 29_497, "e144d726b3acfaa3e44228e80efcd344"),
        ("t10k-images-idx3-ubyte.gz", 3_041_136, "5c965bf0a639b31b8f53240b1b52f4d7"),
        ("t10k-labels-idx1-ubyte.gz", 5_120, "7320c461ea6c1c855c0b718fb2a4b134"),
    )
)

_ANETAC_FILES = tuple(
    DataFile(name, size, md5, _ANETAC_URL + name)
    for name, size, md5 in (
        ("train.ar", 1_038_168, "0cb31004d0fad3394680c0399232a18b"),
        ("train.en", 605_447, "5039d2c9e74e9517554fe3b43690cdbc"),
        ("dev.ar", 13_584, "bbca2fe477eecd9c821cb4e5d072cd54"),
        ("dev.en", 7_555, "14c5423cad7b10f2102b94cc5c43200e"),
        ("test.ar", 40_335, "25af3ad992f82e7c471ed84a452c2b7f"),
        ("test.en", 22_413, "d4382459aa220b4ea1150f7929cb183a"),
    )
)

_SPA_ENG_FILES = (
    DataFile("train-eng-spa.txt", 375_161, "39f390673de66d1ccb988a0fc9352720"),
    DataFile("val-eng-spa.txt", 35_986, "edd5c57e0c922921d15df660886f802e"),
    DataFile("test-eng-spa.txt", 35_851, "124b1efab225853fcb42881db2230963"),
)


def _toy(name: str, title: str) -> Dataset:
    return Dataset(
        name=name,
        title=title,
        kind="pairs",
        publisher="hw2gui",
        licence="MIT, as the program",
        attribution="Pairs made up by hw2gui.",
        citation="",
    )


def _anetac(name: str, title: str, instead: str = "") -> Dataset:
    return Dataset(
        name=name,
        title=title,
        kind="pairs",
        publisher="MohamedHadjAmeur/ANETAC on GitHub",
        licence="none stated; its authors ask for citation",
        attribution="Names from ANETAC (Arabic Named Entity Transliteration and Classification Dataset), arXiv:1907.03110.",
        citation=(
            "M. S. Hadj Ameur, F. Meziane, A. Guessoum: "
            "ANETAC: Arabic Named Entity Transliteration and Classification Dataset. arXiv:1907.03110, 2019."
        ),
        folders=("anetac", "EN-AR Translit", "."),
        files=_ANETAC_FILES,
        instead=instead,
    )


_ALL = (
    Dataset(
        name="kmnist",
        title="Kuzushiji-MNIST",
        kind="characters",
        publisher="Center for Open Data in the Humanities (CODH)",
        licence="CC BY-SA 4.0",
        attribution=(
            '"KMNIST Dataset" (created by CODH), adapted from "Kuzushiji Dataset" (created by NIJL and others), '
            "doi:10.20676/00000341, CC BY-SA 4.0."
        ),
        citation=(
            "T. Clanuwat, M. Bober-Irizar, A. Kitamoto, A. Lamb, K. Yamamoto, D. Ha: "
            "Deep Learning for Classical Japanese Literature. arXiv:1812.01718, 2018."
        ),
        folders=("kmnist", "KMNIST/raw", "."),
        files=_KMNIST_FILES,
        instead="strokes",
    ),
    Dataset(
        name="strokes",
        title="Drawn hiragana",
        kind="characters",
        publisher="hw2gui",
        licence="MIT, as the program",
        attribution="Characters drawn by hw2gui.",
        citation="",
    ),
    _anetac("anetac-ar-en", "ANETAC names, Arabic to English", "starter-ar-en"),
    _anetac("anetac-en-ar", "ANETAC names, English to Arabic"),
    Dataset(
        name="spa-eng",
        title="Short sentences, Spanish to English",
        kind="pairs",
        publisher="Tatoeba, as handed out with the assignment",
        licence="CC BY 2.0 FR",
        attribution="Sentences from Tatoeba (tatoeba.org), CC BY 2.0 FR.",
        citation="",
        folders=("spa-eng", "data", "."),
        files=_SPA_ENG_FILES,
        mend="set HW2GUI_DATA to the homework's folder (the one whose 'data' folder has train-eng-spa.txt)",
    ),
    Dataset(
        name="starter-ar-en",
        title="Starter lexicon, Arabic names to English",
        kind="pairs",
        publisher="hw2gui",
        licence="CC0 1.0",
        attribution="Names from the starter lexicon of hw2gui, CC0 1.0.",
        citation="",
    ),
    _toy("toy-reverse", "Toy task: a word backwards"),
    _toy("toy-copy", "Toy task: a word as it is"),
    _toy("toy-double", "Toy task: each letter twice"),
    _toy("toy-vowels", "Toy task: a word without its vowels"),
    _toy("toy-digits", "Toy task: digits to words"),
)

DATASETS: dict[str, Dataset] = {dataset.name: dataset for dataset in _ALL}
"""Every data set by name, in the order to list them."""


def find(name: str) -> Dataset:
    """The data set called *name*; InputError with the known names otherwise."""
    try:
        return DATASETS[name]
    except KeyError:
        raise InputError(f"there is no data set '{shortened(name)}': choose one of {', '.join(DATASETS)}") from None


def cache_folder(dataset: Dataset) -> Path:
    """Where the files of *dataset* are downloaded to."""
    return paths.cache_folder() / "datasets" / dataset.folders[0]


def search_folders(dataset: Dataset) -> tuple[Path, ...]:
    """Where its files are looked for, in this order: the user's ``HW2GUI_DATA``, then the cache."""
    if dataset.built_in:
        return ()
    root = paths.published_data_folder()
    published = [root / folder for folder in dataset.folders] if root else []
    return (*published, cache_folder(dataset))


def file_status(dataset: Dataset, file: DataFile, *, fresh: bool = False) -> FileStatus:
    """The first intact copy of *file*; failing that the first damaged one. With *fresh* sums are computed again, not remembered."""
    damaged = None
    for path in _copies(dataset, file):
        if is_intact(path, file.size, file.md5, fresh=fresh):
            return FileStatus(file, "ok", path)
        damaged = damaged or path
    return FileStatus(file, "damaged" if damaged else "missing", damaged)


def status(dataset: Dataset, *, fresh: bool = False) -> tuple[FileStatus, ...]:
    """What stands on this computer for every file of *dataset* (nothing for a built-in one)."""
    return tuple(file_status(dataset, file, fresh=fresh) for file in dataset.files)


def is_present(dataset: Dataset) -> bool:
    """Whether it can be opened, judged by file sizes alone: quick enough for building a menu."""
    return all(any(path.stat().st_size == file.size for path in _copies(dataset, file)) for file in dataset.files)


def usual_characters() -> Characters:
    """The set to take unless told otherwise: Kuzushiji-MNIST where it is there, else the built-in one."""
    return "kmnist" if is_present(find("kmnist")) else "strokes"


def require(dataset: Dataset, name: str) -> Path:
    """The intact file *name* of *dataset*; UnavailableError, with what to do, when it is missing or damaged."""
    found = file_status(dataset, next(file for file in dataset.files if file.name == name))
    if found.path is None:
        also = f", or choose '{dataset.instead}', which is built in" if dataset.instead else ""
        raise UnavailableError(f"{dataset.title} is not on this computer ({name} is missing): {dataset.how_to_get}{also}")
    if found.state == "damaged":
        again = f"fetch it again ('hw2gui data fetch {dataset.name}')" if dataset.fetchable else "put the original file in its place"
        raise UnavailableError(f"{found.path} is not the published file (its size or md5 sum differs): {again}")
    return found.path


def _copies(dataset: Dataset, file: DataFile) -> Iterator[Path]:
    # os.path.isfile, unlike Path.is_file, answers False for a folder that may not be entered.
    return (path for folder in search_folders(dataset) if os.path.isfile(path := folder / file.name))
