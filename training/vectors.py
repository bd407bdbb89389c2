#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Writes vectors that hold the wavelet, coefficient networks, MS-SSIM and gains of blocks here and in Java to the same numbers: vectors.py, without arguments.

Inputs are drawn by a linear congruential generator that both have. Planes and channels are told by a number: their product with weights, also drawn.
"""
import json
import os

import numpy as np
import torch

from semcodec import coefficient_net, masking, ms_ssim, wavelet

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
COEFFICIENTS = os.path.join(ROOT, 'native/src/test/resources/org/semimage/compute/network/coefficient-vectors.json')
PERCEPTION = os.path.join(ROOT, 'conformance/src/test/resources/org/semimage/conformance/measure/perception-vectors.json')
WIDTH = 8  # of the networks


class Generator:
    """Numbers -1..127/128."""

    def __init__(self, seed):
        self.state = seed

    def draw(self, *shape):
        out = np.empty(int(np.prod(shape)), np.float32)
        for i in range(len(out)):
            self.state = (self.state * 1664525 + 1013904223) & 0xFFFFFFFF
            out[i] = (self.state >> 24) / 128 - 1
        return torch.from_numpy(out.reshape(shape))


def told(planes):
    """(..., n) -> for each plane the sum of its values times weights that begin anew with each."""
    weights = Generator(99).draw(planes.shape[-1]).double()
    return [round(v, 6) for v in (planes.double() * weights).sum(-1).flatten().tolist()]


def wavelet_vectors(height=64, width=128):
    components = 100 * Generator(1).draw(3, height, width)
    low, details = wavelet.analyse(components[None])
    back = wavelet.synthesise(low, [d if level else d[:, :3] for level, d in enumerate(details)])
    return {'height': height, 'width': width, 'low': told(low[0].flatten(1)), 'details': [told(d[0].flatten(1)) for d in details],
            'synthesised': told(back[0].flatten(1))}


def network(gains):
    """A network whose weights are drawn one tensor after the other, in the order of a pack's convolutions; embeddings last."""
    net, draw = coefficient_net.CoefficientNet(WIDTH, 2, gains).eval(), Generator(2).draw
    for conv in (net.head, *(c for block in net.blocks for c in (block.conv1, block.conv2)), net.tail):
        conv.weight.data = draw(*conv.weight.shape) / 16
        conv.bias.data = draw(*conv.bias.shape) / 4
    net.quality.data = draw(*net.quality.shape)
    net.gain.data = 1 + draw(*net.gain.shape) / 2
    return net


@torch.no_grad()
def network_vectors(gains, height=4, width=6, quality_index=100):
    packed = 12 * Generator(3).draw(1, coefficient_net.CHANNELS, height, width)
    correction = network(gains)(packed, torch.tensor([float(quality_index)]))
    return {'height': height, 'width': width, 'qualityIndex': quality_index, 'correction': told(correction[0].flatten(1))}


def picture(height, width, seed, contrast):
    """(1,3,H,W) samples 0..255 around a slope; contrast grows to the right, as a share of the width."""
    x = torch.arange(width).float()
    return torch.floor(128 + x / 4 + contrast * Generator(seed).draw(3, height, width) * torch.floor(x / 32) * 32 / width).clamp(0, 255)[None]


def similarity_vectors(height=192, width=240):
    a, b = picture(height, width, 4, 90), picture(height, width, 5, 90)
    b = torch.floor((3 * a + b) / 4)
    return {'height': height, 'width': width, 'similarity': round(ms_ssim.ms_ssim(a, b).item(), 6)}


def gain_vectors(height=128, width=192):
    """Gains in units, a row after the other, and their factors on each level."""
    out = {'height': height, 'width': width, 'qualities': []}
    for quality_index in (40, 120):
        gains = masking.block_gains(picture(height, width, 6, 120), torch.tensor([float(quality_index)]))
        side = masking.WIDE if quality_index < masking.NARROW_FROM else masking.NARROW
        units = (gains[0, 0] / masking.UNIT)[::side // masking.NARROW, ::side // masking.NARROW]
        factors = [told(f[0].flatten(1)) for f in masking.factors(gains, wavelet.LEVELS)]
        out['qualities'].append({'qualityIndex': quality_index, 'gains': [int(v) for v in units.flatten()], 'factors': factors})
    return out


def coefficients():
    return {'wavelet': wavelet_vectors(), 'network': network_vectors(False), 'networkWithGains': network_vectors(True)}


def perception():
    return {'similarity': similarity_vectors(), 'gains': gain_vectors()}


def main():
    for path, vectors in ((COEFFICIENTS, coefficients()), (PERCEPTION, perception())):
        with open(path, 'w') as f:
            json.dump(vectors, f, indent=1)
            f.write('\n')


if __name__ == '__main__':
    main()
