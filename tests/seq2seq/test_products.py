from __future__ import annotations

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch.nn import functional

from hw2gui.seq2seq import products
from hw2gui.seq2seq.products import ROWS, linear


@given(
    rows=st.sampled_from([1, ROWS - 1, ROWS, ROWS + 5]), inputs=st.integers(1, 40), outputs=st.integers(1, 40), bias=st.booleans(),
    turned=st.booleans(), deep=st.booleans(), double=st.booleans(), seed=st.integers(0, 99),
)  # fmt: skip
def test_a_product_is_pytorchs(rows: int, inputs: int, outputs: int, bias: bool, turned: bool, deep: bool, double: bool, seed: int) -> None:
    """Few rows and many, in two axes and three, with weights row by row and not."""
    generator = torch.Generator().manual_seed(seed)
    kind = torch.float64 if double else torch.float32
    given_ = torch.randn(rows, inputs, generator=generator, dtype=kind)
    weight = torch.randn(inputs, outputs, generator=generator, dtype=kind).T if turned else torch.randn(outputs, inputs, dtype=kind)
    added = torch.randn(outputs, generator=generator, dtype=kind) if bias else None
    if deep:
        given_ = given_[:, None]
    with torch.inference_mode():
        torch.testing.assert_close(linear(given_, weight, added), functional.linear(given_, weight, added), rtol=1e-4, atol=1e-5)


def test_where_pytorch_has_no_onednn_its_own_product_serves(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(products, "onednn", lambda: None)
    inputs, weight = torch.randn(2 * ROWS, 4), torch.randn(3, 4)
    assert torch.equal(linear(inputs, weight), functional.linear(inputs, weight))
