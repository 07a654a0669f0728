"""The homework as a plain PyTorch script has it: a Dataset, a DataLoader, Adam as it comes, the network as a module."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional
from torch.utils.data import DataLoader, Dataset

BATCH, RATE, EPOCHS = 8, 5e-4, 20


class Characters(Dataset):
    """Images (28, 28) uint8 and their labels, one at a time."""

    def __init__(self, images: np.ndarray, labels: np.ndarray) -> None:
        self.images = torch.tensor(images[:, None] / 256, dtype=torch.float32)
        self.labels = torch.tensor(labels)

    def __len__(self) -> int:
        return len(self.labels)

    def __getitem__(self, index: int) -> tuple[Tensor, Tensor]:
        return self.images[index], self.labels[index]


class CNN(nn.Module):
    """8@5×5, 16@3×3, 600, 120, 10."""

    def __init__(self) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(1, 8, 5, padding=2)
        self.conv2 = nn.Conv2d(8, 16, 3)
        self.pool = nn.MaxPool2d(2)
        self.dense1 = nn.Linear(576, 600)
        self.dropout = nn.Dropout(0.3)
        self.dense2 = nn.Linear(600, 120)
        self.dense3 = nn.Linear(120, 10)

    def forward(self, x: Tensor) -> Tensor:
        """Log-probabilities (N, 10)."""
        x = self.pool(functional.relu(self.conv1(x)))
        x = self.pool(functional.relu(self.conv2(x)))
        x = self.dropout(functional.relu(self.dense1(x.flatten(1))))
        return functional.log_softmax(self.dense3(functional.relu(self.dense2(x))), dim=1)


def loader(images: np.ndarray, labels: np.ndarray, *, shuffle: bool) -> DataLoader:
    """Batches of the homework's size."""
    return DataLoader(Characters(images, labels), batch_size=BATCH, shuffle=shuffle)


def step(model: CNN, optimizer: torch.optim.Optimizer, images: Tensor, labels: Tensor) -> float:
    """One step; its loss."""
    optimizer.zero_grad()
    loss = functional.nll_loss(model(images), labels)
    loss.backward()
    optimizer.step()
    return loss.item()


@torch.no_grad()
def accuracy(model: CNN, batches: DataLoader) -> float:
    """The share that is right."""
    model.eval()
    right = sum(int((model(images).argmax(dim=1) == labels).sum()) for images, labels in batches)
    model.train()
    examples: Any = batches.dataset
    return right / len(examples)
