# SPDX-License-Identifier: Apache-2.0
"""The perceptual tune: which bands and which places of a picture take a coarser quantizer step.

An error counts in structural similarity relative to the contrast around it, and hardly at all on the finest scale (Wang et al., Asilomar
2003). So the finest level and colour take coarser steps (band gains, part of the pack), and busy blocks coarser ones than smooth blocks
(block gains, part of each file; the encoder's choice, made in the same way by org.semimage.profile.transform.ContrastMasking).
"""
import math

import torch
import torch.nn.functional as F

from . import fast, ms_ssim

CELL = 8            # samples of the side of cells that variance is measured in
WIDE = 32           # samples of a block's side at low quality indices
NARROW = 16         # the same at high ones
NARROW_FROM = 80    # quality index from which on blocks are narrow
TOLERANCE = {WIDE: 1.5, NARROW: 0.75}  # units of a gain that the predicted one may be off
UNIT = 1 / 4        # of a gain, in octaves
MAX = 8             # gains are -MAX..MAX units
VISIBLE = 100.0     # variance that neither hides nor shows errors
EXPONENT = 0.15      # of the sensitivity in the quantizer step


def band_gains(tune, quality_index):
    """log2 by which bands are finer than unit-norm bands before training: (low band, details [level - 1][3 * component + orientation]).

    At the highest quality indices, where nothing may be seen, all errors are alike."""
    share = 0.0 if tune == 'psnr' else min(1.0, max(0.0, (224 - quality_index) / 64))
    return 0.5 * share, [[((-0.5 if level == 1 else 0.5) - (0.5 if band >= 3 else 0.0)) * share for band in range(9)] for level in range(1, 7)]


def block_gains(rgb, qi):
    """(B,3,H,W) RGB 0..255, sides multiples of WIDE, and quality indices (B) -> (B,1,H/NARROW,W/NARROW) gains in octaves, multiples of UNIT.

    A wide block's gain is that of all the narrow ones in it."""
    y = ms_ssim.luma(rgb)
    mean = F.avg_pool2d(y, CELL)
    sensitivity = 1 / (F.avg_pool2d(y * y, CELL) - mean * mean + VISIBLE)
    out = []
    for picture, index in zip(sensitivity, qi.tolist()):
        block = WIDE if index < NARROW_FROM else NARROW
        octaves = EXPONENT * (torch.log2(F.avg_pool2d(picture, block // CELL)) + math.log2(2 * VISIBLE))
        wished = (octaves[0] / UNIT).clamp(-MAX, MAX)
        gains = fast.cheapened(wished, TOLERANCE[block]) if fast.takes(wished) else torch.tensor(cheapened(wished.tolist(), TOLERANCE[block]), device=rgb.device)
        out.append(gains.repeat_interleave(block // NARROW, 0).repeat_interleave(block // NARROW, 1))
    return torch.stack(out)[:, None] * UNIT


def cheapened(wished, tolerance):
    """Rows of gains in units -> whole ones: as their code predicts them (FORMAT.md, "Gains") where that is within tolerance, else rounded."""
    gains = [[0.0] * len(row) for row in wished]
    for y, row in enumerate(wished):
        for x, wish in enumerate(row):
            left = gains[y][x - 1] if x else gains[y - 1][0] if y else 0.0
            above = gains[y - 1][x] if y else left
            plane = left + above - gains[y - 1][x - 1] if x and y else above
            predicted = max(min(left, above), min(max(left, above), plane))
            gains[y][x] = predicted if abs(wish - predicted) <= tolerance else math.floor(wish + 0.5)
    return gains


def factors(gains, levels):
    """Factor of the quantized values on each level 1..levels: nearest block, or the mean gain of the blocks that a coefficient covers."""
    out = []
    for level in range(1, levels + 1):
        ratio = NARROW / 2 ** level
        g = F.interpolate(gains, scale_factor=int(ratio)) if ratio >= 1 else F.avg_pool2d(gains, int(1 / ratio))
        out.append(torch.exp2(g))
    return out
