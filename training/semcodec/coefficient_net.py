# SPDX-License-Identifier: Apache-2.0
"""Coefficient networks: residual convolutions on wavelet coefficients at 1/8 resolution, in units of the quantizer step.

The same shape serves as the decoder's synthesis network (quantized coefficients -> corrected ones) and as the encoder's analysis
network before the quantizer. Its last convolution starts at zero, so an untrained codec is the plain wavelet. That has no bias, so that
a network whose quality factors are zero does nothing.

With divisive gains, a network also multiplies detail coefficients by what it sees around them: divisive normalization before the quantizer and its
inverse after it (J. Balle, V. Laparra, E. P. Simoncelli, "End-to-end optimization of nonlinear transform codes for perceptual quality",
PCS 2016). Sums of convolutions alone can hardly do that.
"""
import torch
import torch.nn as nn
import torch.nn.functional as F

from . import fast

CHANNELS = 96  # 3 low at 1/8, 9 of level 3, 9*4 of level 2, 3*16 of level 1 luma
LOW = 3        # of them take no divisive gain: their mean is not zero
GAIN_UNIT = 1 / 16  # so that training steps change gains gently
KNOTS = 9      # embeddings at quality index 0, 32, ..., 256
SILENT = 7     # from this knot on a network does nothing: at such rates it has nothing to mend, and what it adds on drawings is the error


def pack(low3, details):
    """low band of 3 levels and details[0..2] -> (B,96,H/8,W/8); of level 1 luma alone."""
    return torch.cat([low3, details[2], F.pixel_unshuffle(details[1], 2), F.pixel_unshuffle(details[0][:, :3], 4)], 1)


def unpack(x):
    """Inverse of pack: low, [level 1 luma, level 2, level 3]."""
    low, d3, d2, d1 = x.split([3, 9, 36, 48], 1)
    return low, [F.pixel_shuffle(d1, 4), F.pixel_shuffle(d2, 2), d3]


def soften(x, knee=4.0):
    """Linear near zero, square root far out: keeps big coefficients from swamping the network."""
    if fast.takes(x):
        return fast.soften(x, knee)
    return torch.sign(x) * knee * (torch.sqrt(1 + 2 * x.abs() / knee) - 1)


def factor(gain):
    """1 + gain, and for negative ones its mirror 1 / (1 - gain): smooth, positive, and factor(-gain) undoes factor(gain)."""
    return torch.where(gain < 0, 1 / (1 - gain.clamp_max(0)), 1 + gain)


def gained(x, correction, gains):
    """Corrected coefficients with their divisive gains, less x."""
    if fast.takes(x, correction, gains):
        return fast.gained(x, correction, gains, GAIN_UNIT)
    return correction + (factor(GAIN_UNIT * gains) - 1) * (x + correction)


class Block(nn.Module):
    def __init__(self, n):
        super().__init__()
        self.conv1 = nn.Conv2d(n, n, 3, padding=1)
        self.conv2 = nn.Conv2d(n, n, 3, padding=1)
        nn.init.zeros_(self.conv2.bias)
        self.conv2.weight.data *= 0.3

    def forward(self, x):
        return x + self.conv2(F.leaky_relu(self.conv1(x), 0.1))


class CoefficientNet(nn.Module):
    """(B,96,h,w) coefficients in quantizer steps, (B,) quality index 0..255 -> correction in quantizer steps, same shape."""

    def __init__(self, width=128, blocks=4, gains=False, inputs=CHANNELS, silent=True):
        """inputs: channels of coefficients and of what stands behind them. silent: whether it does nothing from knot SILENT on."""
        super().__init__()
        self.bfloat16 = False  # compute in it while training
        self.head = nn.Conv2d(inputs, width, 3, padding=1)
        self.quality = nn.Parameter(torch.zeros(KNOTS, width))
        self.gain = nn.Parameter(torch.ones(KNOTS, width))
        self.blocks = nn.ModuleList([Block(width) for _ in range(blocks)])
        self.tail = nn.Conv2d(width, 2 * CHANNELS - LOW if gains else CHANNELS, 3, padding=1)
        nn.init.zeros_(self.tail.weight)
        nn.init.zeros_(self.tail.bias)
        self.tail.bias.requires_grad_(False)
        self.register_buffer('audible', (torch.arange(KNOTS) < (SILENT if silent else KNOTS)).float()[:, None], persistent=False)

    def quality_factors(self):
        """(KNOTS, width): what the last hidden values are multiplied by."""
        return self.gain * self.audible

    def embed(self, table, quality_index):
        t = quality_index / 32
        k = t.floor().long().clamp(0, KNOTS - 2)
        f = (t - k)[:, None]
        return (table[k] * (1 - f) + table[k + 1] * f)[:, :, None, None]

    def forward(self, x, quality_index):
        with torch.autocast(x.device.type, torch.bfloat16, enabled=self.bfloat16 and self.training):
            h = self.head(soften(x)) + self.embed(self.quality, quality_index)
            for b in self.blocks:
                h = b(h)
            y = self.tail(F.leaky_relu(h * self.embed(self.quality_factors(), quality_index), 0.1)).float()
        correction, gains = y[:, :CHANNELS], y[:, CHANNELS:]
        if gains.shape[1] == 0:
            return correction
        low, details = correction[:, :LOW], correction[:, LOW:]
        return torch.cat([low, gained(x[:, LOW:CHANNELS], details, gains)], 1)
