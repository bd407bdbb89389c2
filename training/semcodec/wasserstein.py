# SPDX-License-Identifier: Apache-2.0
"""Wasserstein distortion: features' means and deviations in windows are compared, not features themselves.

Y. Qiu, A. Wagner, J. Balle, L. Theis, "Wasserstein distortion: unifying fidelity and realism", CISS 2024; as a loss for codecs, J. Balle and others,
"Good, cheap, and fast: overfitted image compression with Wasserstein distortion", CVPR 2025.
"""
import torch
import torch.nn.functional as F


def statistics(x, window):
    """(B,C,h,w) -> means, standard deviations and mean squares in windows side by side."""
    mean = F.avg_pool2d(x, window)
    square = F.avg_pool2d(x * x, window)
    return mean, (square - mean * mean).clamp_min(0).add(1e-6).sqrt(), square


def distance(features, targets, windows):
    """Lists of (B,C,h,w), and a window for each -> (B,): mean squared distance of local statistics, in deviations of the target's channels."""
    total = 0
    for x, y, window in zip(features, targets, windows):
        with torch.no_grad():
            my, sy, square = statistics(y, window)
            variance = square.mean((0, 2, 3), keepdim=True) - my.mean((0, 2, 3), keepdim=True) ** 2
            scale = variance.clamp_min(0) + 1e-2 * variance.mean() + 1e-6
        mx, sx, _ = statistics(x, window)
        total = total + (((mx - my) ** 2 + (sx - sy) ** 2) / scale).mean((1, 2, 3))
    return total / len(windows)
