"""Butteraugli as a loss: worst errors behind the mask of the contrast around them; a little simpler than libjxl's, and differentiable.

J. Alakuijala and others, "Guetzli: perceptually guided JPEG encoder", 2017, and Butteraugli as of libjxl 0.7, whose constants these are. Rows and
columns stand for lines of sixteen directions. What it says is within a few percent of the 3-norm of `butteraugli_main`.
"""
from functools import lru_cache

import torch
import torch.nn.functional as F

from . import fast, ssimulacra2

NITS = 80.0
MIXING = torch.tensor([[0.29956550340058319, 0.63373087833825936, 0.077705617820981968],
                       [0.22158691104574774, 0.69391388044116142, 0.0987313588422],
                       [0.02, 0.02, 0.20480129041026129]])
BIAS = torch.tensor([1.7557483643287353, 1.7557483643287353, 12.226454707163354])
LOW, MIDDLE, HIGH = 7.15593339443, 3.22489901262, 1.56416327805  # sigmas between low, middle, high and highest frequencies
ASYMMETRY = 0.8  # what is new weighs more than what is gone
LINE = 8.5       # normalization of a sum along a line
GOOD = 17.83 * 0.79079917404
DENSE, SPARSE = torch.ones(5), torch.tensor([1.0, 0.0, 1.0, 0.0, 1.0])  # weights along a line, from its middle on


@lru_cache(maxsize=None)
def line_sums(n, dense):
    """n x n matrix of sums of the nine samples around each, or of every second of them."""
    t = torch.arange(n)
    d = (t[:, None] - t[None, :]).abs()
    return ((d <= 4) & (dense | (d % 2 == 0))).float()


def blur(x, sigma):
    return ssimulacra2.blur(x, sigma, max(1, int(2.25 * sigma)))


def response(v):
    return 19.245013259874995 * torch.log(v + 9.9710635769299145) - 23.16046239805755


def opsin(light):
    """Linear RGB 0..1 -> XYB of the eye's response."""
    mixing, bias = MIXING.to(light.device), BIAS.to(light.device)[None, :, None, None]
    seen = torch.einsum('ij,bjhw->bihw', mixing, blur(light, 1.2) * NITS) + bias
    mixed = torch.einsum('ij,bjhw->bihw', mixing, light * NITS) + bias
    r = torch.maximum(mixed * (response(seen) / seen), bias)
    return torch.stack([r[:, 0] - r[:, 1], r[:, 0] + r[:, 1], r[:, 2]], 1)


def without(x, width):
    """What is beyond a dead zone."""
    return x - x.clamp(-width, width)


def amplified(x, width):
    return x + x.clamp(-width, width)


def compressed(x, limit):
    return x.clamp(-limit, limit) + 0.724216146 * (x - x.clamp(-limit, limit))


def bands(xyb):
    """XYB -> frequencies: low (B,3,h,w), middle (B,3,h,w), high and highest (B,2,h,w) of X and Y."""
    low = blur(xyb, LOW)
    rest = xyb - low
    middle = blur(rest, MIDDLE)
    x, y = (rest - middle)[:, :2].split(1, 1)
    x = x * (0.653020556257 + 0.346979443743 * 46.0 / (46.0 + y * y))
    fine = torch.cat([x, y], 1)
    high = blur(fine, HIGH)
    hx, hy = high.split(1, 1)
    hy = compressed(hy, 28.4691806922)
    ux, uy = x - hx, 2.69313763794 * compressed(y - hy, 5.19175294647)
    middle = torch.cat([without(middle[:, :1], 0.29), amplified(middle[:, 1:2], 0.1), middle[:, 2:]], 1)
    high = torch.cat([without(hx, 1.5), amplified(2.155 * hy, 0.132)], 1)
    low_b = 49.87984651440 * (low[:, 2:] - 0.362267051518 * low[:, 1:2])
    low = torch.cat([33.832837186260 * low[:, :1], 14.458268100570 * low[:, 1:2], low_b], 1)
    return low, middle, high, torch.cat([without(ux, 0.04), uy], 1)


def malta(a, b, weight_lost, weight_new, norm, dense):
    """Energy of a difference along lines; a (B,1,h,w) is the reference's band."""
    scale = (0.39905817637 if dense else 0.611612573796) / LINE * norm / (norm + 0.5 * (a.abs() + b.abs()))
    along = b * torch.sign(a)
    lost, new = (0.55 * a.abs() - along).clamp_min(0), (along - 1.05 * a.abs()).clamp_min(0)
    d = scale * ((0.5 * weight_lost) ** .5 * (a - b) + (0.33 * weight_new) ** .5 * torch.sign(a) * (lost - new))
    if fast.takes(d):
        rows, columns = (fast.line_sums(d, axis, DENSE if dense else SPARSE) for axis in (-1, -2))
        return 8 * (rows * rows + columns * columns)
    h, w = d.shape[-2:]
    rows, columns = d @ line_sums(w, dense).to(d.device), line_sums(h, dense).to(d.device) @ d
    return 8 * (rows * rows + columns * columns)


def asymmetric(a, b, weight):
    along = b * torch.sign(a)
    v = (0.4 * a.abs() - along).clamp_min(0) + (along - a.abs()).clamp_min(0)
    return 0.8 * weight * (ASYMMETRY * (a - b) ** 2 + v * v / ASYMMETRY)


def contrast(high, highest):
    """Activity around each sample, which hides errors."""
    both = high + highest
    activity = torch.sqrt((2.5 * both[:, :1]) ** 2 + (0.4 * both[:, 1:]) ** 2 + 1e-6)
    return blur(torch.sqrt(6.19424080439 * activity + 12.61050594197) - 12.61050594197 ** .5, 2.7)


def eroded(x):
    """Mostly the smallest values around, so that errors beside an edge stay visible."""
    smallest = -F.max_pool2d(-x, 7, 1, 3)
    return 0.6 * smallest + 0.4 * x


def visibility(mask, offset, scaler, factor):
    return ((1 + factor / (scaler * mask + offset)) / GOOD) ** 2


def difference(a, b):
    """Linear RGB 0..1 twice, (B,3,H,W) -> (B,1,H,W) how visible the difference is."""
    (low0, middle0, high0, highest0), (low1, middle1, high1, highest1) = bands(opsin(a)), bands(opsin(b))
    root = ASYMMETRY ** .5
    x, y = slice(0, 1), slice(1, 2)
    fine_y = malta(highest0[:, y], highest1[:, y], 1.10039032555 * ASYMMETRY, 1.10039032555 / ASYMMETRY, 71.7800275169, True)
    fine_x = malta(highest0[:, x], highest1[:, x], 173.5 * ASYMMETRY, 173.5 / ASYMMETRY, 5.0, True)
    fine_y = fine_y + malta(high0[:, y], high1[:, y], 18.7237414387 * root, 18.7237414387 / root, 4498534.45232, False)
    fine_x = fine_x + malta(high0[:, x], high1[:, x], 6923.99476109 * root, 6923.99476109 / root, 8051.15833247, False)
    fine_y = fine_y + malta(middle0[:, y], middle1[:, y], 37.0819870399, 37.0819870399, 130262059.556, False)
    fine_x = fine_x + malta(middle0[:, x], middle1[:, x], 8246.75321353, 8246.75321353, 1009002.70582, False)
    fine_x = fine_x + asymmetric(high0[:, x], high1[:, x], 400.0)
    fine_y = fine_y + asymmetric(high0[:, y], high1[:, y], 1.50815703118)
    squares = (middle0 - middle1) ** 2
    fine = fine_x + fine_y + 2150.0 * squares[:, x] + 10.6195433239 * squares[:, y] + 16.2176043152 * squares[:, 2:]
    squares = (low0 - low1) ** 2
    coarse = 29.2353797994 * squares[:, x] + 0.844626970982 * squares[:, y] + 0.703646627719 * squares[:, 2:]
    hiding0, hiding1 = contrast(high0, highest0), contrast(high1, highest1)
    fine = fine + 10 * (hiding0 - hiding1) ** 2
    mask = eroded(hiding0)
    return torch.sqrt(fine * visibility(mask, 0.829591754942, 0.451936922203, 2.5485944793)
                      + coarse * visibility(mask, 0.20025578522, 3.87449418804, 0.505054525019) + 1e-8)


def error(reference, picture):
    """(B,3,H,W) RGB 0..255 twice, sides even -> (B,) the mean of 3-, 6- and 12-norms of how visible the difference is."""
    a, b = ssimulacra2.linear(reference), ssimulacra2.linear(picture.clamp(0, 255))
    seen = difference(a, b)
    coarse = difference(F.avg_pool2d(a, 2), F.avg_pool2d(b, 2))
    seen = 0.85 * seen + 0.5 * F.interpolate(coarse, scale_factor=2)
    return sum((seen ** p).mean((1, 2, 3)) ** (1 / p) for p in (3, 6, 12)) / 3
