"""Stacks as TOML: what is written opens again, what is not ours is refused in a sentence."""

import tomllib
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hw2gui.errors import InputError, UnavailableError
from hw2gui.parameters.architecture import Architecture
from hw2gui.parameters.layers import KINDS, MAX_SIZE, Conv2d, Shape
from hw2gui.parameters.presets import PRESETS, seq2seq
from hw2gui.parameters.toml_io import MAX_BYTES, from_toml, read_toml, to_toml
from tests.parameters.stacks import any_stacks, tied_stacks

titles = st.text(min_size=1, max_size=80).filter(str.isprintable)
HEAD = "input = [1, 8, 8]\n"


@given(st.one_of(any_stacks, tied_stacks()), titles)
@settings(max_examples=150)
def test_what_is_written_opens_again(architecture, title):
    named = replace(architecture, name=title)
    assert from_toml(to_toml(named)) == named


@pytest.mark.parametrize("key", PRESETS)
def test_presets_open_again(key, tmp_path):
    (tmp_path / "net.toml").write_text(to_toml(PRESETS[key].build()), encoding="utf-8")
    assert read_toml(tmp_path / "net.toml") == PRESETS[key].build()


def test_absurd_sizes_open_again():
    layer = Conv2d(MAX_SIZE, MAX_SIZE, MAX_SIZE, MAX_SIZE, MAX_SIZE, MAX_SIZE, in_channels=MAX_SIZE)
    architecture = Architecture("x", Shape((MAX_SIZE,) * 3), (layer,))
    assert from_toml(to_toml(architecture)) == architecture


def test_the_file_is_written_for_people():
    text = to_toml(seq2seq())
    assert 'kind = "LSTM"\nhidden_size = 64\nbidirectional = true\nname = "encoder"' in text
    assert "input = { tokens = 19 }" in text
    assert '[[ties]]\nlayer = "output_layer"\nto = "target_embedding"' in text
    assert "frozen" not in text


def test_hand_written_files_may_leave_out_the_head():
    text = 'input = [1, 28, 28]\n[[layers]]\nkind = "Conv2d"\nout_channels = 8\nkernel_size = 5\npadding = [2, 2]\n'
    assert from_toml(text) == Architecture("my network", Shape((1, 28, 28)), (Conv2d(8, (5, 5), padding=(2, 2)),))
    assert from_toml("input = 7\nlayers = []").input == Shape((7,))


BAD = [
    ("", "no architecture"),
    ("[project]\nname = 'x'", "no architecture"),
    ("format = 'other'\ninput = [1]\nlayers = []", "no architecture"),
    ("version = 2\ninput = [1]\nlayers = []", "version 2"),
    ("version = true\ninput = [1]\nlayers = []", "version True"),
    ("this is not toml", "not TOML"),
    ("a = " + "[" * 9000, "not TOML"),
    ("a = " + "9" * 9000, "not TOML"),
    ("input = [1, 8]\nlayers = 3", "[[layers]]"),
    ("input = [1, 8]\nlayers = [3]", "[[layers]]"),
    ("input = [1, 8]\nlayers = []\ncolour = 1", "'colour'"),
    ("input = [1, 0]\nlayers = []", "input"),
    ("input = [1, 2.5]\nlayers = []", "input"),
    ("input = ['a']\nlayers = []", "input"),
    ("input = [[1], [2]]\nlayers = []", "input"),
    ("input = 1979-05-27\nlayers = []", "input"),
    ("input = {tokens = -3}\nlayers = []", "input"),
    ("input = {symbols = 3}\nlayers = []", "'symbols'"),
    ("name = 3\ninput = [1]\nlayers = []", "name is 3"),
    ("name = ''\ninput = [1]\nlayers = []", "called ''"),
    (HEAD + "[[layers]]\nout_channels = 3", "layer 1: kind is missing"),
    (HEAD + "[[layers]]\nkind = 'Conv3d'", "did you mean Conv2d"),
    (HEAD + "[[layers]]\nkind = 7", "kind is 7"),
    (HEAD + "[[layers]]\nkind = 'Conv2d'\nchannels = 3", "no field 'channels'"),
    (HEAD + "[[layers]]\nkind = 'ReLU'\n[[layers]]\nkind = 'Conv2d'\nout_channels = -3", "layer 2: Conv2d: out_channels is -3"),
    (HEAD + "[[layers]]\nkind = 'Conv2d'\nout_channels = 3.0", "out_channels is 3.0"),
    (HEAD + "[[layers]]\nkind = 'Conv2d'\nout_channels = 10000000000", "1,000,000,000"),
    (HEAD + "[[layers]]\nkind = 'Dropout'\np = nan", "p is nan"),
    (HEAD + "[[layers]]\nkind = 'ReLU'\nself = 1", "no field 'self'"),
    (HEAD + "[[layers]]\nkind = 'ReLU'\nname = 'a'\n[[layers]]\nkind = 'ReLU'\nname = 'a'", "two layers"),
    (HEAD + "layers = []\n[[ties]]\nlayer = 'a'\nto = 'b'", "no layer is named 'a'"),
    (HEAD + "layers = []\n[[ties]]\nlayer = 'a'", "to of a tie is missing"),
    (HEAD + "layers = []\n[[ties]]\nlayer = 'a'\nto = 'b'\nthird = 'c'", "'third'"),
    (HEAD + "layers = [" + "{kind='ReLU'}," * 1001 + "]", "1,000 are the most"),
    ("x" * (MAX_BYTES + 1), "too many"),
]


@pytest.mark.parametrize(("text", "word"), BAD)
def test_what_is_not_ours_is_refused_in_one_sentence(text, word):
    with pytest.raises(InputError) as caught:
        from_toml(text, "net.toml")
    message = str(caught.value)
    assert word in message
    assert message.startswith("net.toml")
    assert "\n" not in message
    assert len(message) < 600


def read_or_refuse(text):
    """The architecture, or None after one sentence; anything else fails the test."""
    sentence = ""
    try:
        return from_toml(text)
    except InputError as error:
        sentence = str(error)
    assert sentence
    assert "\n" not in sentence
    return None


@given(st.one_of(st.text(max_size=300), st.binary(max_size=300).map(lambda data: data.decode("latin-1"))))
@settings(max_examples=150)
def test_any_text_is_read_or_refused(text):
    read_or_refuse(text)


lines = st.sampled_from([line for key in ("cnn", "seq2seq", "resnet") for line in to_toml(PRESETS[key].build()).splitlines()])
values = st.sampled_from(
    ["-1", "0", "1e9", "true", '""', "[]", "[1, 2]", "{}", "nan", "'x'", "10000000000000000000", "1979-05-27", "[[1]]"]
)
names = st.sampled_from(sorted({spec.name for kind in KINDS.values() for spec in kind.fields()} | {"input", "kind", "layers", "to", "x y"}))


@given(st.lists(st.one_of(lines, st.builds("{} = {}".format, names, values), st.just("[[layers]]"), st.just("[[ties]]")), max_size=14))
@settings(max_examples=250)
def test_shuffled_and_damaged_files_are_read_or_refused(parts):
    architecture = read_or_refuse("\n".join(parts))
    assert architecture is None or from_toml(to_toml(architecture)) == architecture


def test_files_that_cannot_be_read(tmp_path):
    with pytest.raises(UnavailableError, match="cannot be read"):
        read_toml(tmp_path / "missing.toml")
    with pytest.raises(UnavailableError):
        read_toml(tmp_path)
    (tmp_path / "bytes.toml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(InputError, match="UTF-8"):
        read_toml(tmp_path / "bytes.toml")
    (tmp_path / "long.toml").write_bytes(b"#" * (MAX_BYTES + 2))
    with pytest.raises(InputError, match="too many"):
        read_toml(tmp_path / "long.toml")


def test_titles_keep_every_character():
    architecture = Architecture('é "quotes" \\ 畳み込み 🙂', Shape((3,)), ())
    assert tomllib.loads(to_toml(architecture))["name"] == architecture.name
