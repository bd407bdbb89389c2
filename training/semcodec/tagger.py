# SPDX-License-Identifier: Apache-2.0
"""A small network that says which words a caption of a picture may have."""
import torch
import torch.nn as nn
import torch.nn.functional as F

SIDE = 224
FEATURES = 384
# Of each stage: channels, channels between, blocks; samples halve from one to the next.
STAGES = ((48, 24, 1), (96, 48, 3), (192, 96, 4), (FEATURES, 128, 2))


class Unit(nn.Module):
    """A convolution and what normalises its output."""

    def __init__(self, channels, out, kernel, stride=1):
        super().__init__()
        self.conv = nn.Conv2d(channels, out, kernel, stride, padding=kernel // 2 if kernel == 3 else 0, bias=False)
        self.norm = nn.BatchNorm2d(out)

    def forward(self, x):
        return self.norm(self.conv(x))

    def folded(self):
        """Kernel and bias of a convolution that does the same at inference."""
        factor = self.norm.weight / torch.sqrt(self.norm.running_var + self.norm.eps)
        return self.conv.weight * factor[:, None, None, None], self.norm.bias - self.norm.running_mean * factor


class Block(nn.Module):
    """K. He and others, "Deep Residual Learning", arXiv 1512.03385, 2015, figure 5 right."""

    def __init__(self, channels, between, out, stride):
        super().__init__()
        self.narrow, self.middle, self.widen = Unit(channels, between, 1), Unit(between, between, 3, stride), Unit(between, out, 1)
        self.past = Unit(channels, out, 1) if stride > 1 or channels != out else None
        self.stride = stride

    def forward(self, x):
        past = x if self.past is None else self.past(F.avg_pool2d(x, self.stride) if self.stride > 1 else x)
        return F.relu(past + self.widen(F.relu(self.middle(F.relu(self.narrow(x))))))


class Tagger(nn.Module):
    """(B,3,224,224) RGB 0..255 -> features (B,384), and logits of the words (B,W)."""

    def __init__(self, words):
        super().__init__()
        self.stem = Unit(3, STAGES[0][0], 4, 4)
        blocks, channels = [], STAGES[0][0]
        for stage, (out, between, count) in enumerate(STAGES):
            for i in range(count):
                blocks.append(Block(channels, between, out, 2 if stage > 0 and i == 0 else 1))
                channels = out
        self.blocks = nn.ModuleList(blocks)
        self.words = nn.Linear(FEATURES, words)

    def features(self, rgb):
        x = F.relu(self.stem(rgb / 64 - 2))
        for block in self.blocks:
            x = block(x)
        return x.mean((2, 3))

    def forward(self, rgb):
        features = self.features(rgb)
        return features, self.words(features)
