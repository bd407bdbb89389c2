# SPDX-License-Identifier: Apache-2.0
"""The renderer: a coefficient network that adds the detail that a very small file does not hold.

It sees packed wavelet coefficients of whatever the plain decoder made, and noise of known seed. What it says of the low band of level 3
is projected onto what the file says: 2 x 2 coefficients, 16 x 16 samples, keep their mean. So no colour shifts and nothing moves.
"""
import torch
import torch.nn as nn
import torch.nn.functional as F

from . import coefficient_net, wavelet

NOISE = 32    # channels of noise beside the packed coefficients
UNIT = 16     # sample values that the network takes for one
LEVELS = 3    # of the wavelet

# Quality indices that name what the coarse picture is. Those of the transform profile are its own, up to MOST_INDEX.
MOST_INDEX = 56
THUMBNAIL = 128  # an eighth of the size is known, and perhaps the energies of what is finer
LAYOUT = 192     # a small picture of which descriptors say the layout


class Renderer(nn.Module):
    """(B,3,H,W) RGB of the plain decoder with sides multiples of 16, (B,) quality index, (B,NOISE,H/8,W/8) noise -> RGB, not clamped."""

    def __init__(self, width=192, blocks=6):
        super().__init__()
        self.net = coefficient_net.CoefficientNet(width, blocks, inputs=coefficient_net.CHANNELS + NOISE, silent=False)

    def forward(self, rgb, quality_index, noise):
        return self.rendered(rgb, quality_index, noise)[0]

    def rendered(self, rgb, quality_index, noise):
        """-> (RGB, its packed coefficients and those of the plain picture, in the network's unit)."""
        low, details = wavelet.analyse(wavelet.to_components(rgb), LEVELS)
        packed = coefficient_net.pack(low, details) / UNIT
        y = packed + projected(self.net(torch.cat([packed, noise], 1), quality_index))
        low, fine = coefficient_net.unpack(y * UNIT)
        fine[0] = torch.cat([fine[0], details[0][:, 3:]], 1)  # level 1's colour, which the network does not see
        return wavelet.to_rgb(wavelet.synthesise(low, fine)), y, packed


def projected(correction):
    """A correction without what it does to the mean of 2 x 2 coefficients of the low band."""
    low = correction[:, :coefficient_net.LOW]
    mean = F.interpolate(F.avg_pool2d(low, 2), scale_factor=2, mode='nearest')
    return torch.cat([low - mean, correction[:, coefficient_net.LOW:]], 1)


class Discriminator(nn.Module):
    """Tells rendered pictures from photographs: by packed coefficients beside those of the plain picture, and by frozen features.

    Features of a network that knows pictures make a discriminator that learns fast: A. Sauer and others, "Projected GANs converge faster", NeurIPS 2021."""

    def __init__(self, features):
        super().__init__()
        self.packed = nn.Sequential(*_layers(2 * coefficient_net.CHANNELS, 160, 3))
        self.heads = nn.ModuleList(nn.Sequential(*_layers(n, 64, 2)) for n in features)

    def forward(self, packed, features, plain):
        """Packed coefficients, features by layer, packed coefficients of the plain picture -> list of maps of logits."""
        both = torch.cat([coefficient_net.soften(packed), coefficient_net.soften(plain)], 1)
        return [self.packed(both)] + [head(x) for head, x in zip(self.heads, features)]


def _layers(inputs, width, depth):
    norm = nn.utils.parametrizations.spectral_norm
    layers = [norm(nn.Conv2d(inputs, width, 1))]
    for _ in range(depth):
        layers += [nn.LeakyReLU(0.2), norm(nn.Conv2d(width, width, 3, padding=1))]
    return layers + [nn.LeakyReLU(0.2), norm(nn.Conv2d(width, 1, 1))]
