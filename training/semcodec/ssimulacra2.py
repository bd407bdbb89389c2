# SPDX-License-Identifier: Apache-2.0
"""SSIMULACRA 2 as a loss: the definition of the Java class Ssimulacra2, with windows of eleven samples.

J. Sneyers, "SSIMULACRA 2", version 2.1, Cloudinary, 2023. Structure that differs, edges that are new and edges that are lost, in the XYB colour space on six
scales; a mean and a 4-norm of each, weighted so that the sum agrees with what people said of compressed photographs.
"""
from functools import lru_cache

import torch
import torch.nn.functional as F

from . import fast

C2 = 0.0009
MIXING = torch.tensor([[0.30, 0.622, 0.078], [0.23, 0.692, 0.078], [0.24342268924547819, 0.20476744424496821, 0.5518098665095536]])
BIAS = 0.0037930732552754493
MIDDLE = 0.4  # of Y
X, Y, B = range(3)
STRUCTURE, NEW, LOST = range(3)

# Weights by scale and channel: (mean's, 4-norm's) of structure, new edges and lost edges. The publication's 83 others are below 0.003 and change no score by 0.01.
WEIGHTS = [
    {Y: {STRUCTURE: (0, 7.466890328078848), LOST: (0, 17.445833984131262)}},
    {X: {STRUCTURE: (0, 1.1041726426657346)},
     Y: {STRUCTURE: (0, 6.683678146179332), LOST: (0, 1.027889937768264)}},
    {X: {STRUCTURE: (0, 1.8422455520539298), NEW: (0, 11.441172603757666)},
     Y: {STRUCTURE: (225.20515300849274, 19.213238186143016)}},
    {X: {STRUCTURE: (0, 1.8787594979546387), NEW: (0, 10.94906990605142)},
     Y: {STRUCTURE: (176.39317598450694, 24.43300999870476), NEW: (0, 0.28520802612117757)},
     B: {STRUCTURE: (0, 8.826982764996862), NEW: (0, 23.19243343998926)}},
    {X: {NEW: (0.9677937080626833, 0.9981766977854967)},
     Y: {STRUCTURE: (0, 34.77906344483772), NEW: (0, 44.835625328877896)},
     B: {STRUCTURE: (95.1080498811086, 0), NEW: (0.9863978034400682, 171.2667255897307), LOST: (0.9834382792465353, 0.9807858872435379)}},
]
SIGMA = 1.5
RADIUS = 5


def linear(rgb):
    """sRGB, cut to 0..255 -> linear light 0..1."""
    if fast.takes(rgb):
        return fast.pointwise('linear', [rgb])[0]
    v = rgb.clamp(0, 255) / 255
    return torch.where(v <= 0.04045, v / 12.92, ((v.clamp_min(0.04045) + 0.055) / 1.055) ** 2.4)


def xyb(light):
    """Linear RGB -> XYB around zero: errors are the same wherever it is, and there variances of float squares lose fewer digits."""
    if fast.takes(light):
        return torch.stack(fast.pointwise('xyb', light.unbind(1), constants=(*MIXING.flatten().tolist(), BIAS, BIAS ** (1 / 3))), 1)
    m = torch.einsum('ij,bjhw->bihw', MIXING.to(light.device), light) + BIAS
    m = m.clamp_min(1e-6) ** (1 / 3) - BIAS ** (1 / 3)
    y = (m[:, 0] + m[:, 1]) / 2
    return torch.stack([(m[:, 0] - m[:, 1]) * 7, y - MIDDLE, m[:, 2] - y], 1)


@lru_cache(maxsize=None)
def means(n, sigma, radius):
    """n x n matrix of Gaussian means; at the ends, of the samples that are there. A product with it takes less time than a convolution of one channel."""
    t = torch.arange(n).float()
    d = t[:, None] - t[None, :]
    m = torch.exp(-d * d / (2 * sigma * sigma)) * (d.abs() <= radius)
    return m / m.sum(1, keepdim=True)


def blur(x, sigma=SIGMA, radius=RADIUS):
    """(...,H,W) -> Gaussian means."""
    if fast.takes(x):
        return fast.blur(x, sigma, radius)
    h, w = x.shape[-2:]
    return means(h, sigma, radius).to(x.device) @ x @ means(w, sigma, radius).to(x.device).T


def products(p, q):
    """-> p*p + q*q, p*q. p has no gradient."""
    if fast.takes(p, q):
        return fast.pointwise('products', [q], [p])
    return p * p + q * q, p * q


def norms(p, q, mp, mq, squares, product):
    """A channel of both pictures (B,h,w), their means and those of products() -> [(mean, 4-norm)] (B,) each of structure that differs, new and lost edges."""
    if fast.takes(p, q):
        sums = fast.pointwise('errors', [q, mq, squares, product], [p, mp], [C2])
        n = p[0].numel()
        return [(s / n, (fourth / n + 1e-18) ** .25) for s, fourth in zip(sums[::2], sums[1::2])]
    structure = (2 * (product - mp * mq) + C2) / (squares - mp * mp - mq * mq + C2)
    edges = (1 + (q - mq).abs()) / (1 + (p - mp).abs()) - 1
    maps = (1 - (1 - (mp - mq) ** 2) * structure).clamp_min(0), edges.clamp_min(0), (-edges).clamp_min(0)
    return [(m.mean((1, 2)), ((m ** 4).mean((1, 2)) + 1e-18) ** .25) for m in maps]


def error(reference, picture):
    """(B,3,H,W) RGB 0..255 twice -> (B,) weighted sum of errors: 0 if alike, 6 at a score of 50."""
    a, b = linear(reference), linear(picture)
    total = torch.zeros(a.shape[0], device=a.device)
    for scale, weights in enumerate(WEIGHTS):
        if scale:
            a, b = F.avg_pool2d(a, 2), F.avg_pool2d(b, 2)
        p3, q3 = xyb(a).unbind(1), xyb(b).unbind(1)
        for channel, maps in weights.items():
            p, q = p3[channel], q3[channel]
            values = norms(p, q, blur(p), blur(q), *map(blur, products(p, q)))
            for kind, (mean, norm) in maps.items():
                total = total + mean * values[kind][0] + norm * values[kind][1]
    return total


def score(error):
    """Weighted sums of errors -> scores, 100 at best."""
    e = error * 0.9562382616834844
    e = 2.326765642916932 * e - 0.020884521182843837 * e * e + 6.248496625763138e-05 * e ** 3
    return 100 - 10 * e.clamp_min(0) ** 0.6276336467831387
