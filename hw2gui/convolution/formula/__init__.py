"""The formula checker: an expression for M(i, j) as a student writes it, read, evaluated and compared with the truth.

``tokens`` and ``syntax`` read the text, ``evaluate`` computes it with numpy, ``check`` compares it, ``presets`` holds examples.
Indices count from 1, as in the homework. Nothing is ever handed to Python's own interpreter.
"""

from hw2gui.convolution.formula.check import CheckResult, Counterexample, check, check_steps, formula_values, wrong_entries
from hw2gui.convolution.formula.presets import PRESETS, Preset
from hw2gui.convolution.formula.sweep import Case
from hw2gui.convolution.formula.syntax import parse
from hw2gui.convolution.formula.tree import Formula

__all__ = [
    "PRESETS",
    "Case",
    "CheckResult",
    "Counterexample",
    "Formula",
    "Preset",
    "check",
    "check_steps",
    "formula_values",
    "parse",
    "wrong_entries",
]
