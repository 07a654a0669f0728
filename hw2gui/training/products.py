"""Products of matrices by the quicker of PyTorch's two libraries.

`torch.mm` goes to MKL, which leaves half of the vector units of other makers' processors idle; oneDNN, which PyTorch computes
convolutions with, does not.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

import torch
from torch import Tensor

_WORTH = 2_000_000
"""Multiplications from which on oneDNN makes up for what a call of it costs, …"""
_WORTH_COPYING = 64
"""… and how many of them an entry must take for it to be worth copying to its place."""


def product(a: Tensor, b: Tensor, *, plus: Tensor | None = None, out: Tensor | None = None) -> Tensor:
    """*a* (M, K) times *b* (K, N), or that and *plus* (N,) in every row; put into *out* if that is given.

    Without gradients. The same operands give the same bits.
    """
    quick = onednn() if a.dtype == torch.float32 and a.device.type == "cpu" else None
    worth = a.numel() * b.shape[1] >= _WORTH and (out is None or len(b) >= _WORTH_COPYING)
    if quick is not None and worth:
        found = quick(a, b, plus)
        return found if out is None else out.copy_(found)
    return torch.mm(a, b, out=out) if plus is None else torch.addmm(plus, a, b, out=out)


@lru_cache(maxsize=1)
def onednn() -> Callable[[Tensor, Tensor, Tensor | None], Tensor] | None:
    """The product a b + plus by oneDNN, of (…, K), (K, N) and (N,), which PyTorch has for its compiled programs only.

    None where it has none, or another than expected.
    """
    try:
        linear = torch.ops.mkldnn._linear_pointwise.default

        def quick(a: Tensor, b: Tensor, plus: Tensor | None) -> Tensor:
            found: Tensor = linear(a, b.t(), plus, "none", [], "")
            return found

        a, b = torch.arange(6.0).view(2, 3), torch.arange(12.0).view(3, 4)
        right = torch.equal(quick(a, b, b[0]), a @ b + b[0])
    except (AttributeError, RuntimeError, TypeError):
        return None
    return quick if right else None
