# SPDX-License-Identifier: Apache-2.0
"""Multi-scale structural similarity as a loss: the definition of the Java class MsSsim.

Z. Wang, E. P. Simoncelli, A. C. Bovik, "Multiscale structural similarity for image quality assessment", Asilomar 2003.
"""
import torch
import torch.nn.functional as F

WEIGHTS = (0.0448, 0.2856, 0.3001, 0.2363, 0.1333)
C1, C2 = (0.01 * 255) ** 2, (0.03 * 255) ** 2
MIDDLE = 128  # around it, variances of float squares lose fewer digits


def luma(rgb):
    """(B,3,H,W) RGB 0..255 -> (B,1,H,W) BT.601 luma."""
    return (rgb * torch.tensor([0.299, 0.587, 0.114], device=rgb.device)[None, :, None, None]).sum(1, keepdim=True)


class _Windowed(torch.autograd.Function):
    """Means in Gaussian windows. As the window is symmetric, the gradient is a convolution as well, which autograd's own takes ten times as long for."""

    @staticmethod
    def forward(ctx, x):
        t = torch.arange(11, dtype=torch.float32, device=x.device) - 5
        g = torch.exp(-t * t / 4.5)
        ctx.window = g / g.sum()
        return F.conv2d(F.conv2d(x, ctx.window[None, None, None, :]), ctx.window[None, None, :, None])

    @staticmethod
    def backward(ctx, grad):
        return F.conv2d(F.conv2d(grad, ctx.window[None, None, :, None], padding=(10, 0)), ctx.window[None, None, None, :], padding=(0, 10))


_windowed = _Windowed.apply


def similarities(a, b):
    """(B,3,H,W) RGB 0..255 each, shorter side at least 176 -> (B,) similarity 0..1 on each scale, from the finest on; that of the last one includes luminance."""
    p, q = luma(a) - MIDDLE, luma(b) - MIDDLE
    means = []
    for scale in range(len(WEIGHTS)):
        mp, mq = _windowed(p), _windowed(q)
        vp, vq = _windowed(p * p) - mp * mp, _windowed(q * q) - mq * mq
        s = (2 * (_windowed(p * q) - mp * mq) + C2) / (vp + vq + C2)
        if scale == len(WEIGHTS) - 1:
            mp, mq = mp + MIDDLE, mq + MIDDLE
            s = s * (2 * mp * mq + C1) / (mp * mp + mq * mq + C1)
        means.append(s.mean((1, 2, 3)))
        p, q = F.avg_pool2d(p, 2), F.avg_pool2d(q, 2)
    return means


def multi_scale(similarities):
    """(B,) structural similarity 0..1 by that on each scale."""
    product = 1.0
    for similarity, weight in zip(similarities, WEIGHTS):
        product = product * similarity.clamp_min(1e-4) ** weight
    return product


def ms_ssim(a, b):
    """(B,3,H,W) RGB 0..255 each, shorter side at least 176 -> (B,) similarity 0..1."""
    return multi_scale(similarities(a, b))
