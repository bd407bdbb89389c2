# SPDX-License-Identifier: Apache-2.0
"""Training crops and evaluation pictures."""
import glob
import os
import random

import numpy as np
import torch
from PIL import Image

from .wavelet import MULTIPLE


def load_rgb(path):
    return np.asarray(Image.open(path).convert('RGB'))


def to_tensor(rgb):
    """HxWx3 uint8 -> (1,3,H,W) float 0..255."""
    return torch.from_numpy(rgb.transpose(2, 0, 1).copy()).float()[None]


def pad(x):
    """Repeats the last row and column until both sides are multiples of wavelet.MULTIPLE."""
    h, w = x.shape[2:]
    return torch.nn.functional.pad(x, (0, -w % MULTIPLE, 0, -h % MULTIPLE), mode='replicate')


def evaluation_set(folder):
    return [load_rgb(f) for f in sorted(glob.glob(os.path.join(folder, '*.png')))]


class Crops:
    """Random crops of a packed photo folder written by prepare.py (images.bin + index.npy)."""

    def __init__(self, folder, size, seed):
        self.index = np.load(os.path.join(folder, 'index.npy'))  # rows: offset, height, width
        self.pixels = np.memmap(os.path.join(folder, 'images.bin'), np.uint8, 'r')
        self.size = size
        self.random = np.random.RandomState(seed)
        keep = (self.index[:, 1] >= size) & (self.index[:, 2] >= size)
        self.index = self.index[keep]
        weight = np.sqrt(self.index[:, 1] * self.index[:, 2].astype(float))
        self.weight = weight / weight.sum()

    def batch(self, n):
        """(n,3,size,size) float 0..255, with random flips and transposes."""
        out = np.empty((n, 3, self.size, self.size), np.float32)
        s = self.size
        for i, row in enumerate(self.random.choice(len(self.index), n, p=self.weight)):
            offset, h, w = self.index[row]
            a = self.pixels[offset:offset + h * w * 3].reshape(h, w, 3)
            y, x = self.random.randint(h - s + 1), self.random.randint(w - s + 1)
            a = np.asarray(a[y:y + s, x:x + s])
            if self.random.rand() < .5:
                a = a[:, ::-1]
            if self.random.rand() < .25:
                a = a.transpose(1, 0, 2)
            out[i] = a.transpose(2, 0, 1)
        return torch.from_numpy(out)
