# SPDX-License-Identifier: Apache-2.0
"""CDF 9/7 wavelet on an orthonormal colour transform, as matrices (training needs gradients and fixed crop sizes only).

Antonini et al., "Image coding using wavelet transform", 1992; lifting factors of Daubechies and Sweldens, 1998.
The lifting form of the same transform is org.semimage.compute.wavelet.Wavelet97; both extend a row whole-sample symmetrically.
"""
from functools import lru_cache

import torch

LEVELS = 6
MULTIPLE = 1 << LEVELS  # picture sides are padded to a multiple of this

_ALPHA, _BETA, _GAMMA, _DELTA, _K = -1.586134342059924, -0.052980118572961, 0.882911075530934, 0.443506852043971, 1.149604398860241

# Orthonormal rows: luma, red-blue, green-magenta. RGB error energy equals component error energy.
COLOUR = torch.tensor([[3 ** -0.5, 3 ** -0.5, 3 ** -0.5],
                       [2 ** -0.5, 0.0, -(2 ** -0.5)],
                       [6 ** -0.5, -2 * 6 ** -0.5, 6 ** -0.5]], dtype=torch.float64).float()


def _lift_even(even, odd, factor):
    return even + factor * (odd + torch.cat([odd[:1], odd[:-1]]))


def _lift_odd(odd, even, factor):
    return odd + factor * (even + torch.cat([even[1:], even[-1:]]))


@lru_cache(maxsize=None)
def analysis_matrix(n):
    """n x n matrix (n even): rows 0..n/2-1 low band, the rest high band, of one 1-D level."""
    x = torch.eye(n, dtype=torch.float64)
    e, o = x[0::2], x[1::2]
    o = _lift_odd(o, e, _ALPHA)
    e = _lift_even(e, o, _BETA)
    o = _lift_odd(o, e, _GAMMA)
    e = _lift_even(e, o, _DELTA)
    return torch.cat([e * _K, o / _K]).float()


@lru_cache(maxsize=None)
def synthesis_matrix(n):
    """Inverse of analysis_matrix(n)."""
    c = torch.eye(n, dtype=torch.float64)
    e, o = c[:n // 2] / _K, c[n // 2:] * _K
    e = _lift_even(e, o, -_DELTA)
    o = _lift_odd(o, e, -_GAMMA)
    e = _lift_even(e, o, -_BETA)
    o = _lift_odd(o, e, -_ALPHA)
    return torch.stack([e, o], 1).reshape(n, n).float()


def to_components(rgb):
    """(B,3,H,W) RGB 0..255 -> luma and two colour differences, centred on 0."""
    return torch.einsum('ij,bjhw->bihw', COLOUR.to(rgb.device), rgb - 127.5)


def to_rgb(components):
    return torch.einsum('ji,bjhw->bihw', COLOUR.to(components.device), components) + 127.5


def analyse(components, levels=LEVELS):
    """(B,3,H,W) with sides multiples of 2^levels -> (low band, details); details[l-1] is (B,9,H/2^l,W/2^l).

    Detail channels are component-major: component 0 (HL, LH, HH), component 1, component 2;
    HL is high in x and low in y.
    """
    details, low = [], components
    for _ in range(levels):
        h, w = low.shape[2:]
        both = analysis_matrix(h).to(low.device) @ low @ analysis_matrix(w).to(low.device).T
        low, hl, lh, hh = both[..., :h // 2, :w // 2], both[..., :h // 2, w // 2:], both[..., h // 2:, :w // 2], both[..., h // 2:, w // 2:]
        details.append(torch.stack([hl, lh, hh], 2).flatten(1, 2))
    return low, details


def synthesise(low, details):
    """Inverse of analyse for any number of levels; details[0] is the finest and may hold luma only (3 channels)."""
    for detail in reversed(details):
        b, _, h, w = low.shape
        if detail.shape[1] == 3:
            detail = torch.cat([detail, torch.zeros_like(detail).repeat(1, 2, 1, 1)], 1)
        hl, lh, hh = detail.view(b, 3, 3, h, w).unbind(2)
        both = torch.cat([torch.cat([low, hl], 3), torch.cat([lh, hh], 3)], 2)
        low = synthesis_matrix(2 * h).to(low.device) @ both @ synthesis_matrix(2 * w).to(low.device).T
    return low


@lru_cache(maxsize=None)
def band_norms(levels=LEVELS):
    """L2 norms of the synthesis basis functions: (low band, [(HL, LH, HH) per level, finest first])."""
    n = 1 << (levels + 4)
    low_1d, high_1d, to_full = [], [], torch.eye(n, dtype=torch.float64)
    for level in range(1, levels + 1):
        m = synthesis_matrix(n >> (level - 1)).double()
        both = to_full @ m
        middle = both.shape[1] // 4
        low_1d.append(both[:, middle].norm().item())
        high_1d.append(both[:, both.shape[1] // 2 + middle].norm().item())
        to_full = both[:, :both.shape[1] // 2]
    details = [(high_1d[i] * low_1d[i], low_1d[i] * high_1d[i], high_1d[i] ** 2) for i in range(levels)]
    return low_1d[-1] ** 2, details
