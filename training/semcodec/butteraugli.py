# SPDX-License-Identifier: Apache-2.0
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
NORMS = 3, 6, 12
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
    if fast.takes(light):
        constants = ((MIXING * NITS).flatten().tolist() + BIAS.tolist())
        return torch.stack(fast.pointwise('opsin', light.unbind(1) + blur(light, 1.2).unbind(1), constants=constants), 1)
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


def suppressed(x, y):
    """Red-green, less where luma is busy."""
    if fast.takes(x, y):
        return fast.pointwise('suppressed', [x, y])[0]
    return x * (0.653020556257 + 0.346979443743 * 46.0 / (46.0 + y * y))


def fine_bands(x, y, hx, hy):
    """X and Y without low and middle frequencies, and their high ones -> high X and Y, highest X and Y."""
    if fast.takes(x, y, hx, hy):
        return fast.pointwise('fine', [x, y, hx, hy])
    hy = compressed(hy, 28.4691806922)
    highest = without(x - hx, 0.04), 2.69313763794 * compressed(y - hy, 5.19175294647)
    return without(hx, 1.5), amplified(2.155 * hy, 0.132), *highest


def bands(xyb):
    """XYB -> planes (B,h,w): low X, Y, B, middle X, Y, B, high X and Y, highest X and Y."""
    low = blur(xyb, LOW)
    rest = xyb - low
    middle = blur(rest, MIDDLE)
    x, y, _ = (rest - middle).unbind(1)
    x = suppressed(x, y)
    high = blur(torch.stack([x, y]), HIGH)
    low_x, low_y, low_b = low.unbind(1)
    low = 33.832837186260 * low_x, 14.458268100570 * low_y, 49.87984651440 * (low_b - 0.362267051518 * low_y)
    middle_x, middle_y, middle_b = middle.unbind(1)
    middle = without(middle_x, 0.29), amplified(middle_y, 0.1), middle_b
    hx, hy, ux, uy = fine_bands(x, y, *high.unbind(0))
    return low, middle, (hx, hy), (ux, uy)


def along_lines(a, b, weight_lost, weight_new, norm, scale):
    """A difference as it goes into sums along lines."""
    lost_weight, new_weight = (0.5 * weight_lost) ** .5, (0.33 * weight_new) ** .5
    if fast.takes(a, b):
        return fast.pointwise('malta', [b], [a], (scale, norm, lost_weight, new_weight))[0]
    along = b * torch.sign(a)
    lost, new = (0.55 * a.abs() - along).clamp_min(0), (along - 1.05 * a.abs()).clamp_min(0)
    return scale * norm / (norm + 0.5 * (a.abs() + b.abs())) * (lost_weight * (a - b) + new_weight * torch.sign(a) * (lost - new))


def malta(a, b, weight_lost, weight_new, norm, dense):
    """Energy of a difference along lines; a (B,h,w) is the reference's band, which has no gradient."""
    d = along_lines(a, b, weight_lost, weight_new, norm, (0.39905817637 if dense else 0.611612573796) / LINE)
    if fast.takes(d):
        return fast.pointwise('energy', [fast.line_sums(d, axis, DENSE if dense else SPARSE) for axis in (-1, -2)])[0]
    h, w = d.shape[-2:]
    rows, columns = d @ line_sums(w, dense).to(d.device), line_sums(h, dense).to(d.device) @ d
    return 8 * (rows * rows + columns * columns)


def asymmetric(a, b, weight):
    if fast.takes(a, b):
        return fast.pointwise('asymmetric', [b], [a], [weight])[0]
    along = b * torch.sign(a)
    v = (0.4 * a.abs() - along).clamp_min(0) + (along - a.abs()).clamp_min(0)
    return 0.8 * weight * (ASYMMETRY * (a - b) ** 2 + v * v / ASYMMETRY)


def contrast(high, highest):
    """Activity around each sample, which hides errors."""
    x, y = high[0] + highest[0], high[1] + highest[1]
    activity = torch.sqrt((2.5 * x) ** 2 + (0.4 * y) ** 2 + 1e-6)
    return blur(torch.sqrt(6.19424080439 * activity + 12.61050594197) - 12.61050594197 ** .5, 2.7)


def eroded(x):
    """Mostly the smallest values around, so that errors beside an edge stay visible."""
    smallest = -F.max_pool2d(F.max_pool2d(-x, (1, 7), 1, (0, 3)), (7, 1), 1, (3, 0))
    return 0.6 * smallest + 0.4 * x


def visibility(mask, offset, scaler, factor):
    return ((1 + factor / (scaler * mask + offset)) / GOOD) ** 2


def squares(a, b, weights):
    """Weighted sum of squared differences of planes."""
    return sum(w * (p - q) ** 2 for p, q, w in zip(a, b, weights))


def difference(a, b):
    """Linear RGB 0..1 twice, (B,3,H,W) -> (B,H,W) how visible the difference is. a has no gradient."""
    (low0, middle0, high0, highest0), (low1, middle1, high1, highest1) = bands(opsin(a)), bands(opsin(b))
    root = ASYMMETRY ** .5
    x, y = range(2)
    fine = [malta(highest0[y], highest1[y], 1.10039032555 * ASYMMETRY, 1.10039032555 / ASYMMETRY, 71.7800275169, True),
            malta(highest0[x], highest1[x], 173.5 * ASYMMETRY, 173.5 / ASYMMETRY, 5.0, True),
            malta(high0[y], high1[y], 18.7237414387 * root, 18.7237414387 / root, 4498534.45232, False),
            malta(high0[x], high1[x], 6923.99476109 * root, 6923.99476109 / root, 8051.15833247, False),
            malta(middle0[y], middle1[y], 37.0819870399, 37.0819870399, 130262059.556, False),
            malta(middle0[x], middle1[x], 8246.75321353, 8246.75321353, 1009002.70582, False),
            asymmetric(high0[x], high1[x], 400.0), asymmetric(high0[y], high1[y], 1.50815703118),
            squares(middle0, middle1, (2150.0, 10.6195433239, 16.2176043152))]
    coarse = squares(low0, low1, (29.2353797994, 0.844626970982, 0.703646627719))
    hiding0, hiding1 = contrast(high0, highest0), contrast(high1, highest1)
    fine = sum(fine) + 10 * (hiding0 - hiding1) ** 2
    mask = eroded(hiding0)
    return torch.sqrt(fine * visibility(mask, 0.829591754942, 0.451936922203, 2.5485944793)
                      + coarse * visibility(mask, 0.20025578522, 3.87449418804, 0.505054525019) + 1e-8)


def error(reference, picture):
    """(B,3,H,W) RGB 0..255 twice, sides even; the reference has no gradient. -> (B,) the mean of 3-, 6- and 12-norms of how visible the difference is."""
    a, b = ssimulacra2.linear(reference), ssimulacra2.linear(picture)
    seen = difference(a, b)
    coarse = difference(F.avg_pool2d(a, 2), F.avg_pool2d(b, 2))
    coarse = F.interpolate(coarse[:, None], scale_factor=2)[:, 0]
    if fast.takes(seen, coarse):
        means = [s / seen[0].numel() for s in fast.pointwise('norms', [seen, coarse])]
    else:
        means = [((0.85 * seen + 0.5 * coarse) ** p).mean((1, 2)) for p in NORMS]
    return sum(m ** (1 / p) for m, p in zip(means, NORMS)) / len(NORMS)
