# SPDX-License-Identifier: Apache-2.0
"""How a picture is laid out, in a few numbers, and a network that imagines them from tags.

Flow matching: Y. Lipman and others, "Flow matching for generative modeling", arXiv 2210.02747, 2022.
"""
import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F

from semcodec import wavelet

COSINES = 12
# Of luma and of the two colours: cosines whose orders add up to no more are kept.
ORDERS = (13, 9, 9)
LEVELS, REGIONS = 3, 3
FLOOR = 0.25
CELLS = 16
PLACES = [(c, v, u) for c in range(3) for v in range(COSINES) for u in range(COSINES) if u + v <= ORDERS[c]]


def cosines(rgb):
    """(B,3,H,W) 0..255 -> (B, len(PLACES)): amplitudes of 1 and sqrt(2) cos over the picture's width and height."""
    cells = F.adaptive_avg_pool2d(wavelet.to_components(rgb), CELLS)
    x = (torch.arange(CELLS) + 0.5) / CELLS
    basis = torch.cat([torch.ones(1, CELLS), 2 ** 0.5 * torch.cos(torch.pi * torch.arange(1, COSINES)[:, None] * x)]) / CELLS
    amplitudes = torch.einsum('vy,ux,bcyx->bcvu', basis, basis, cells)
    c, v, u = (torch.tensor(i) for i in zip(*PLACES))
    return amplitudes[:, c, v, u]


def texture(rgb):
    """(B,3,H,W) -> (B, 3 * 3 * 9): log2 of luma's deviations by level (finest first), orientation and region, as in FORMAT.md."""
    _, details = wavelet.analyse(wavelet.to_components(rgb)[:, :1], LEVELS)
    squares = torch.cat([F.adaptive_avg_pool2d(bands ** 2, REGIONS).flatten(1) for bands in details], 1)
    return torch.log2(torch.sqrt(squares) + FLOOR)


class Imagination(nn.Module):
    """Velocity at a point between noise (time 0) and layout (time 1): numbers (B,N), times (B,), tags (B,T) -> (B,N)."""

    def __init__(self, numbers, tags, width=384, words=96, blocks=3):
        super().__init__()
        self.tags = nn.Linear(tags, words, bias=False)
        self.start = nn.Linear(numbers + words + 16, width)
        self.blocks = nn.ModuleList(nn.ModuleList([nn.Linear(width + words + 16, width), nn.Linear(width, width)]) for _ in range(blocks))
        self.end = nn.Linear(width, numbers)

    def forward(self, x, time, tags):
        angles = time[:, None] * torch.pi * torch.arange(1, 9)
        known = torch.cat([self.tags(tags), torch.sin(angles), torch.cos(angles)], 1)
        h = self.start(torch.cat([x, known], 1))
        for widen, narrow in self.blocks:
            h = h + narrow(F.silu(widen(torch.cat([h, known], 1))))
        return self.end(h)


@torch.no_grad()
def imagine(network, tags, noise, steps=16, guidance=2.0):
    """Layouts (B,N) of tags (B,T); what tags add to no tags counts more (J. Ho and T. Salimans, arXiv 2207.12598, 2022)."""
    x = noise
    for i in range(steps):
        time = torch.full((len(x),), i / steps)
        with_tags, without = network(x, time, tags), network(x, time, torch.zeros_like(tags))
        x = x + (without + guidance * (with_tags - without)) / steps
    return x


def picture(numbers, side):
    """A square of amplitudes (N,) as RGB (3, side, side), without texture."""
    planes = np.zeros((3, COSINES, COSINES), np.float32)
    for (c, v, u), a in zip(PLACES, numbers[:len(PLACES)]):
        planes[c, v, u] = a
    x = (np.arange(side) + 0.5) / side
    basis = np.concatenate([np.ones((1, side)), 2 ** 0.5 * np.cos(np.pi * np.arange(1, COSINES)[:, None] * x)]).astype(np.float32)
    components = torch.from_numpy(np.einsum('vy,ux,cvu->cyx', basis, basis, planes))[None]
    return wavelet.to_rgb(components)[0].clamp(0, 255)
