# SPDX-License-Identifier: Apache-2.0
"""Frozen features of SqueezeNet 1.0, for losses: F. Iandola and others, "SqueezeNet", arXiv 1602.07360, 2016. Weights are not part of this project."""
import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F

MEANS = (104.0, 117.0, 123.0)  # of blue, green, red in ImageNet
CHANNELS = {'conv1': 96, 'fire2': 128, 'fire3': 128, 'fire4': 256, 'fire5': 256, 'fire6': 384, 'fire7': 384, 'fire8': 512, 'fire9': 512}
POOLED_BEFORE = ('fire2', 'fire5', 'fire9')


class SqueezeNet(nn.Module):
    """(B,3,H,W) RGB 0..255 -> features by layer, after activation: conv1 at 1/2, fire2..fire4 at 1/4, fire5..fire8 at 1/8, fire9 at 1/16."""

    def __init__(self, path, last='fire5'):
        super().__init__()
        with np.load(path) as weights:
            self.weights = nn.ParameterDict({k: nn.Parameter(torch.from_numpy(weights[k]), requires_grad=False) for k in weights.files})
        self.layers = list(CHANNELS)[:list(CHANNELS).index(last) + 1]

    def _conv(self, x, name, **options):
        return F.relu(F.conv2d(x, self.weights[name + '__w'], self.weights[name + '__b'], **options))

    def forward(self, rgb):
        x = rgb.flip(1) - torch.tensor(MEANS, device=rgb.device)[:, None, None]
        x = self._conv(x, 'conv1', stride=2, padding=3)
        out = {'conv1': x}
        for name in self.layers[1:]:
            if name in POOLED_BEFORE:
                x = F.max_pool2d(x, 3, 2, padding=1)
            s = self._conv(x, name + '__conv1x1_1')
            x = torch.cat([self._conv(s, name + '__conv1x1_2'), self._conv(s, name + '__conv3x3_2', padding=1)], 1)
            out[name] = x
        return out
