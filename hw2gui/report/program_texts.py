"""The programs of the report tab that need nothing but themselves, and the part that those about seeds share."""

from __future__ import annotations

from hw2gui.report.verdicts import WIDEST

SIZES = """# How many places a window has, and what the formulas say of it.
from itertools import product

settings = right = slipped = 0
for H, W in product(range(1, 7), repeat=2):
    for M, N, s in product(range(1, H + 1), range(1, W + 1), (1, 2)):
        rows = sum(top + M <= H for top in range(0, H, s))
        columns = sum(left + N <= W for left in range(0, W, s))
        settings += 1
        right += (rows, columns) == ((H - M) // s + 1, (W - N) // s + 1)
        slipped += columns != (H - M) // s + 1
print("right with H, M for rows and W, N for columns:", right, "of", settings)
print("wrong with H, M for the columns too:", slipped)
H, W, M, N, s = 4, 6, 2, 2, 1
written = (H - M) // s + 1
there = sum(left + N <= W for left in range(0, W, s))
print("columns of a 4 x 6 image under a 2 x 2 kernel: written", written, "there", there)
"""

MATRIX = """# The matrix of a convolution as the Jacobian, and its entry by the formula, with the right divisors and those of the report.
import torch

H, W, M, N = 4, 6, 2, 2
Hz, Wz = H - M + 1, W - N + 1
w = torch.arange(1.0, M * N + 1, dtype=torch.float64).reshape(M, N)


def convolution(x):
    return torch.nn.functional.conv2d(x.reshape(1, 1, H, W), w[None, None]).flatten()


jacobian = torch.autograd.functional.jacobian(convolution, torch.zeros(H * W, dtype=torch.float64))


def entry(i, j, over_z, over_x):
    a, b = (i - 1) // over_z + 1, (i - 1) % Wz + 1
    c, d = (j - 1) // over_x + 1, (j - 1) % W + 1
    inside = 0 <= c - a < M and 0 <= d - b < N
    return w[c - a, d - b].item() if inside else 0.0


def wrong(over_z, over_x):
    pairs = [(i, j) for i in range(1, Hz * Wz + 1) for j in range(1, H * W + 1)]
    return sum(entry(i, j, over_z, over_x) != jacobian[i - 1, j - 1].item() for i, j in pairs)


right_divisors, written_divisors = wrong(Wz, W), wrong(Hz, H)
print("entries", jacobian.numel(), "wrong dividing by W', W:", right_divisors, "by H', H:", written_divisors)
"""

COUNTS = """# The weights of the small network and of its fully connected twin, counted by torch and by the formulas.
from torch import nn

H = W = 28
M = N = 5
places = ((H - M + 1) // 2) * ((W - N + 1) // 2)
cnn = nn.Sequential(
    nn.Conv2d(1, 1, (M, N), bias=False), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(), nn.Linear(places, 3, bias=False)
)
twin = nn.Sequential(nn.Flatten(), nn.Linear(H * W, places, bias=False), nn.ReLU(), nn.Linear(places, 3, bias=False))
counted = [sum(p.numel() for p in network.parameters()) for network in (cnn, twin)]
formulas = [M * N + 3 * places, (H * W + 3) * places]
print("counted", counted, "by the formulas", formulas)
"""

ATTENTION = """# Attention over the pixels of an image with all projections 1, written out, and by torch.
import base64

import torch

pixels = (
PIXELS
)
x = torch.tensor(list(base64.b64decode(pixels)), dtype=torch.float64)[:, None] / 256
scores = x @ x.T
P = scores.exp() / scores.exp().sum(1, keepdim=True)
Z = P @ x
reference = torch.nn.functional.scaled_dot_product_attention(x[None], x[None], x[None])[0]
error = (Z - reference).abs().max().item()
print("largest difference", error, "P times its number of columns:", (P * len(x)).min().item(), (P * len(x)).max().item())
try:
    x @ x @ x.T
except RuntimeError as why:
    print("x'x'x'^T:", why)
"""

NETWORKS = """# How many parameters the CNN has, and fully connected networks beside it.
from torch import nn


def count(network):
    return sum(p.numel() for p in network.parameters())


def dense(*widths):
    return nn.Sequential(*(nn.Linear(n, m) for n, m in zip(widths, widths[1:])))


cnn = nn.Sequential(nn.Conv2d(1, 8, 5, padding=2), nn.Conv2d(8, 16, 3), dense(576, 600, 120, 10))
own = count(cnn)
print("CNN", own)
beside = {}
for widths in ((784, 600, 120, 10), (784, 576, 600, 120, 10), (784, 512, 10)):
    beside[widths] = count(dense(*widths))
    print(widths, beside[widths], f"{beside[widths] / own:.2f} times the CNN's")
"""

VERDICT = f"""import math
import statistics

from scipy.stats import t


def verdict(reported, values):
    n, mean = len(values), statistics.fmean(values)
    if n < 2:
        return f"{{mean:.4f}} (1 seed) beside {{reported:.4f}}: train more"
    spread = statistics.stdev(values)
    half = t.ppf(0.975, n - 1) * spread * math.sqrt(1 + 1 / n)
    where = f"{{mean:.4f}} ± {{spread:.4f}}, interval {{mean - half:.4f}} … {{mean + half:.4f}}, reported {{reported:.4f}}"
    if half > {WIDEST:g}:
        return f"{{where}}: cannot be told"
    return f"{{where}}: {{'agrees' if abs(reported - mean) <= half else 'differs'}}"

"""
"""What judges a reported value by the values of the seeds, as `hw2gui.report.verdicts` does."""
