"""The perceptual tune: which bands and which places of a picture take a coarser quantizer step.

An error counts in structural similarity relative to the contrast around it, and hardly at all on the finest scale (Wang et al., Asilomar
2003). So the finest level and colour take coarser steps (band gains, part of the pack), and busy blocks coarser ones than smooth blocks
(block gains, part of each file; the encoder's choice, made in nearly the same way by org.semimage.profile.ContrastMasking, whose blocks are
narrower at high quality and whose gains stay as their code predicts them where that is near enough).
"""
import math

import torch
import torch.nn.functional as F

from . import quality

BLOCK = 32          # samples of a block's side
UNIT = 1 / 4        # of a gain, in octaves
MAX = 8             # gains are -MAX..MAX units
VISIBLE = 100.0     # variance that neither hides nor shows errors
EXPONENT = 0.3      # of the sensitivity in the step


def band_gains(tune):
    """log2 by which bands are finer than unit-norm bands: (low band, details [level - 1][3 * component + orientation])."""
    if tune == 'psnr':
        return 0.0, [[0.0] * 9 for _ in range(6)]
    return 0.5, [[(-0.5 if level == 1 else 0.5) - (0.5 if band >= 3 else 0.0) for band in range(9)] for level in range(1, 7)]


def block_gains(rgb):
    """(B,3,H,W) RGB 0..255, sides multiples of BLOCK -> (B,1,H/BLOCK,W/BLOCK) gains in octaves, multiples of UNIT."""
    y = quality.luma(rgb)
    mean = F.avg_pool2d(y, 8)
    sensitivity = F.avg_pool2d(1 / (F.avg_pool2d(y * y, 8) - mean * mean + VISIBLE), BLOCK // 8)
    octaves = EXPONENT * (torch.log2(sensitivity) + math.log2(2 * VISIBLE))
    return torch.floor(octaves / UNIT + 0.5).clamp(-MAX, MAX) * UNIT


def factors(gains, levels):
    """Factor of the quantized values on each level 1..levels: nearest block, or the mean gain of the blocks that a coefficient covers."""
    out = []
    for level in range(1, levels + 1):
        ratio = BLOCK / 2 ** level
        g = F.interpolate(gains, scale_factor=int(ratio)) if ratio >= 1 else F.avg_pool2d(gains, int(1 / ratio))
        out.append(torch.exp2(g))
    return out
