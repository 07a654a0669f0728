"""Products of matrices are the same whichever library makes them."""

from __future__ import annotations

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from hw2gui.training import products
from hw2gui.training.products import product

SIZES, BOTH = st.integers(1, 40), st.booleans()


@settings(max_examples=60, deadline=None)
@given(
    m=SIZES, k=SIZES, n=SIZES, turned=st.tuples(st.booleans(), st.booleans()), plus=st.booleans(), put=st.booleans(), quick=st.booleans()
)
def test_they_are_torchs(m: int, k: int, n: int, turned: tuple[bool, bool], plus: bool, put: bool, quick: bool) -> None:
    """Of matrices as they lie or transposed, with something added, into a place that is there, by the quick library or not."""
    generator = torch.Generator().manual_seed(m + 41 * k + 41**2 * n)
    a, b = (
        torch.rand(columns, rows, generator=generator).t() if turn else torch.rand(rows, columns, generator=generator)
        for (rows, columns), turn in zip(((m, k), (k, n)), turned, strict=True)
    )
    added = torch.rand(n, generator=generator) if plus else None
    out = torch.full((m, n), 7.0) if put else None
    with pytest.MonkeyPatch.context() as patch:
        for limit in ("_WORTH", "_WORTH_COPYING"):
            patch.setattr(products, limit, 0 if quick else 10**9)
        found = product(a, b, plus=added, out=out)
    assert out is None or found is out
    torch.testing.assert_close(found, a @ b + (added if plus else 0))


def test_double_precision_stays() -> None:
    a, b = torch.rand(300, 300, dtype=torch.float64), torch.rand(300, 300, dtype=torch.float64)
    assert torch.equal(product(a, b), a @ b)


def test_without_the_quick_library(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(products, "onednn", lambda: None)
    a, b = torch.rand(200, 300), torch.rand(300, 200)
    assert torch.equal(product(a, b), a @ b)
