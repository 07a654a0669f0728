"""hw2gui: a desktop laboratory for convolution, parameter counts, character recognition and transliteration."""

__version__ = "0.1.0"
