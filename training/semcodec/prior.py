# SPDX-License-Identifier: Apache-2.0
"""The integer prior: coarse-to-fine context networks that pick, for every symbol, a mean and a scale index.

Everything here is integer arithmetic in disguise: activations are multiples of 1/16 in 0..127/16, weights are int8 times a
power of two per output channel, accumulators are exact in float32. A forward pass gives the very integers that the Java,
C++ and CUDA decoders compute (docs/FORMAT.md, "Integer prior").

Wavelet coefficients with a context model: Ma et al., "End-to-end optimized versatile image compression with wavelet-like
transform" (iWave++), TPAMI 2020; two-pass checkerboard: He et al., CVPR 2021.
"""
import math

import torch
import torch.nn as nn
import torch.nn.functional as F

from . import dependent, fast, masking, wavelet

LEVELS = wavelet.LEVELS
CONTEXT = {6: 0, 5: 64, 4: 64, 3: 64, 2: 48, 1: 32}  # channels handed down to level l, unless a checkpoint says otherwise
HIDDEN = {6: 96, 5: 96, 4: 96, 3: 96, 2: 64, 1: 48}
LOG_SCALE_MIN, SCALE_INDICES, TABLES = -128, 128, 80  # log2 scale of index 0 in sixteenths, indices in all, indices with a table of their own
LEARNED_TO = 168  # quality index above which relative steps are not learned: the price of a bit there says nothing about them
KNOTS = 9  # relative steps of bands at quality index 0, 32, ..., 256
LEAK = 0.1  # of the gradient where an activation is cut
CERTAIN = 24  # below this index the mean is zero: bits would not say where it is, and it would drift


def phases(level):
    return 1 if level == LEVELS else 4


def symbol_steps(level):
    """Channel lists of the symbol steps of one level: luma a phase at a time, then colour in two passes. Channels of the phase tensor: (component*3 + orientation)*phases + phase."""
    p = phases(level)
    luma, colour = ([[0]], [[0]]) if p == 1 else ([[0], [3], [1], [2]], [[0, 3], [1, 2]])
    return [[(c * 3 + o) * p + f for c in comps for o in range(3) for f in ph] for comps, passes in (([0], luma), ([1, 2], colour)) for ph in passes]


def is_colour(channels, level):
    """Whether a symbol step is of colour; on level 1 only pictures with fine colour have those."""
    return channels[0] >= 3 * phases(level)


def round_half_up(x):
    return torch.floor(x + 0.5)


def ste(x, y):
    """Value y, gradient of x."""
    return x + (y - x).detach()


def activation(x):
    """ReLU to multiples of 1/16 in 0..127/16. Where it is cut, a little of the gradient passes, without which most units would die."""
    if fast.takes(x):
        return fast.activation(x)
    c = x.clamp(0, 127 / 16)
    return ste(c + LEAK * (x - c), round_half_up(c * 16) / 16)


def sixteenth(x):
    return ste(x, round_half_up(x * 16) / 16)


def compand(x):
    """sign(x) log2(1+|x|) in sixteenths, the networks' view of a coefficient."""
    return torch.sign(x) * (round_half_up(16 * torch.log2(1 + x.abs())) / 16).clamp(max=127 / 16)


class IntConv(nn.Module):
    """Convolution with int8 weights times 2^-shift[channel] and a bias in units of 2^-(4+shift); odd kernels, zero padding."""

    def __init__(self, cin, cout, kernel, bias=True, quality=False):
        super().__init__()
        self.weight = nn.Parameter(torch.randn(cout, cin, kernel, kernel) / math.sqrt(cin * kernel * kernel))
        self.bias = nn.Parameter(torch.zeros(cout)) if bias else None
        self.quality = nn.Parameter(torch.zeros(cout)) if quality else None

    def shift(self, *others):
        if fast.takes(self.weight):
            return fast.shift([p for m in (self, *others) for p in (m.weight, m.quality) if p is not None])
        top = self.weight.detach().abs().amax((1, 2, 3))
        for o in others:
            top = torch.maximum(top, o.weight.detach().abs().amax((1, 2, 3)))
        if self.quality is not None:
            top = torch.maximum(top, self.quality.detach().abs())
        return torch.floor(torch.log2(127 / top.clamp_min(1e-3))).clamp(0, 12)

    def quantized(self, shift):
        if fast.takes(self.weight):
            return fast.quantized(shift, self.weight, self.bias, self.quality)
        u = torch.exp2(shift)
        v = u[:, None, None, None]
        w = ste(self.weight, (torch.round(self.weight * v)).clamp(-127, 127) / v)
        b = q = None
        if self.bias is not None:
            b = ste(self.bias, torch.round(self.bias * u * 16) / (u * 16))
        if self.quality is not None:
            q = ste(self.quality, torch.round(self.quality * u).clamp(-127, 127) / u)
        return w, b, q

    def forward(self, x, q=None, shift=None):
        w, b, wq = self.quantized(self.shift() if shift is None else shift)
        y = F.conv2d(x, w, b, padding=w.shape[-1] // 2)
        return y if wq is None else y + wq[None, :, None, None] * q[:, None, None, None]


class Level(nn.Module):
    def __init__(self, level, hidden, context, below):
        """hidden channels, channels of the context from the level before, channels handed down to the level below."""
        super().__init__()
        self.level = level
        n = 9 * phases(level)
        context = context or 6
        self.context = IntConv(context, hidden, 3, quality=True)
        self.symbols = IntConv(2 * n, hidden, 3, bias=False)
        self.hidden = nn.ModuleList([IntConv(hidden, hidden, 1) for _ in symbol_steps(level)])
        self.out = nn.ModuleList([IntConv(hidden, 2 * len(s), 1) for s in symbol_steps(level)])
        for o in self.out:
            nn.init.normal_(o.weight, std=0.01)
        if level > 1:
            self.up_hidden = IntConv(hidden, hidden, 1)
            self.up_out = IntConv(hidden, below * (1 if level == LEVELS else 4), 1)


class Prior(nn.Module):
    def __init__(self, hidden=None, context=None):
        """hidden and context: channels of each level, 1 to 6, like HIDDEN and CONTEXT."""
        super().__init__()
        hidden, context = hidden or HIDDEN, context or CONTEXT
        self.levels = nn.ModuleDict({str(l): Level(l, hidden[l], context[l], context.get(l - 1)) for l in range(1, LEVELS + 1)})
        self.low = nn.Parameter(torch.tensor([[4.0, 0.0, 0.5], [2.0, 0.0, 0.5], [2.0, 0.0, 0.5]]))  # bias, quality, neighbours
        self.mix = nn.Parameter(torch.tensor([1.4, 0.9]))

    def mixture(self):
        return torch.sigmoid(self.mix[0]), 1 + torch.exp(self.mix[1])

    def low_band(self, low, q):
        """DPCM of the low band: (B,3,h,w) in quantizer steps -> rounded values, residuals, log2 scales."""
        v = round_half_up(low)
        left, up = F.pad(v, (1, 0))[..., :-1], F.pad(v, (0, 0, 1, 0))[..., :-1, :]
        h, w = v.shape[2:]
        pred = torch.floor((left + up + 1) / 2)
        pred[..., 0, :] = left[..., 0, :]
        pred[..., :, 0] = up[..., :, 0]
        r = v - pred
        m = compand(r).abs()
        near = F.pad(m, (1, 0))[..., :-1] + F.pad(m, (0, 0, 1, 0))[..., :-1, :]
        p = ste(self.low, torch.round(self.low * 16) / 16)
        s = p[None, :, 0, None, None] + p[None, :, 1, None, None] * q[:, None, None, None] + p[None, :, 2, None, None] * near
        return v, r, sixteenth(s)

    def forward(self, low, details, q, rdo=0.1, soft=True, fine=None):
        """low (B,3,h,w), details[l-1] (B,9,h_l,w_l), both in quantizer steps; q (B,) quality index / 256 in sixteenths' range 0..127/16; fine (B,) bool: which
        pictures have colour on level 1, or None for none.

        Returns (bits per picture, quantized low, quantized details, list of (symbols, quantizers, scale indices) per symbol step)."""
        mixture = self.mixture()
        coded = []
        v, r, ls = self.low_band(low, q)
        idx = scale_index(ls)
        total = dependent.bits_of(r, 0, spread_of(idx), mixture).sum((1, 2, 3))
        coded.append((r, torch.zeros_like(r), idx))
        c = compand(r)
        g = torch.cat([c, c.abs()], 1)
        out = [None] * LEVELS
        for level in range(LEVELS, 0, -1):
            net = self.levels[str(level)]
            y = details[level - 1]
            if phases(level) == 4:
                y = F.pixel_unshuffle(y, 2)
            shift = net.context.shift(net.symbols)
            acc = net.context(g, q, shift)
            ws, _, _ = net.symbols.quantized(shift)
            parts = symbol_steps(level)
            order = sum(parts, [])
            planes = y[:, order].split([len(part) for part in parts], 1)
            n = y.shape[1]
            symbol_weights = ws[:, [i + c for part in parts for i in (0, n) for c in part]].split([2 * len(part) for part in parts], 1)
            values = []
            for k, given in enumerate(planes):
                some = None
                if level == 1 and is_colour(parts[k], level):
                    if fine is None or not fine.any():
                        values += [torch.zeros_like(rest) for rest in planes[k:]]
                        break
                    some = fine.float()
                o = net.out[k](activation(net.hidden[k](activation(acc))))
                bits, z, view, *symbols = code_symbol_step(o, given, mixture, rdo, soft)
                if some is not None:
                    bits, z, view, symbols[0] = bits * some, *(t * some[:, None, None, None] for t in (z, view, symbols[0]))
                total = total + bits
                coded.append(tuple(symbols))
                values.append(z)
                acc = acc + F.conv2d(view, symbol_weights[k], padding=1)
            rec = torch.cat(values, 1)[:, sorted(range(n), key=order.__getitem__)]
            out[level - 1] = F.pixel_shuffle(rec, 2) if phases(level) == 4 else rec
            if level > 1:
                g = net.up_out(activation(net.up_hidden(activation(acc))))
                if level < LEVELS:
                    g = F.pixel_shuffle(g, 2)
                g = activation(g)
        return total, v, out, coded


def scale_index(log_scale):
    """Index 0..127 as a straight-through float."""
    i = (log_scale * 16 - LOG_SCALE_MIN) / 2
    return ste(i, round_half_up(i)).clamp(0, SCALE_INDICES - 1)


def code_symbol_step(o, y, mixture, price, soft):
    """What a network says of the values y (B,n,h,w) of one symbol step, o (B,2n,h,w): means, then log scales -> (bits per picture, values as decoded, the networks'
    view of them (B,2n,h,w), symbols, quantizers, scale indices). Only the first two have gradients.

    soft: training, with many short chains, which take less time than those of the format."""
    size = y[0].numel()
    chains = max(dependent.chains(size), size // 48 if soft else 0)
    noise = torch.rand_like(y) if soft else None
    if fast.takes(o, y):
        return fast.code_symbol_step(o, y, mixture, noise, price, chains)
    mu, log_scale = o.split(y.shape[1], 1)
    mu, idx = sixteenth(mu.clamp(-127, 127)), scale_index(sixteenth(log_scale))
    certain = idx < CERTAIN
    mu = mu.masked_fill(certain, 0)
    spread = spread_of(idx)
    d = y - mu
    with torch.no_grad():
        symbols, quantizers = dependent.quantize(d, spread, certain, mixture, price, chains)
        r = dependent.reconstruction_level(symbols, quantizers) * dependent.SPACING
    bits = torch.where(quantizers == 0, dependent.bits_of(symbols, 0, spread, mixture), dependent.bits_of(symbols, 1, spread, mixture))
    if soft:  # gradient for the mean: the cost of a cell around a noisy, unrounded residual
        fixed = spread.detach(), [m.detach() for m in mixture]
        noisy = (d + (2 * noise - 1) * dependent.SPACING).abs()
        noisy = dependent.bits_between(noisy - dependent.SPACING, noisy + dependent.SPACING, *fixed)
        bits = bits + noisy - noisy.detach()
    # Behind a symbol that is not zero the error does not depend on the mean, which moves the cells along; its gradient would be noise.
    z = r + torch.where(symbols == 0, mu, mu.detach())
    c = compand(z.detach())
    return bits.sum((1, 2, 3)), z, torch.cat([c, c.abs()], 1), symbols, quantizers, idx.detach()


def spread_of(index):
    """The spread of a scale index's narrow logistic, in quantizer steps."""
    return torch.exp2(index / 8 + LOG_SCALE_MIN / 16)


def quantizer_step(quality_index):
    """Quantizer step of the picture: 2^(8 - index/32)."""
    return torch.exp2(8 - quality_index / 32)


class QuantizerSteps(nn.Module):
    """Coefficients to quantizer steps and back: the picture's quantizer step, relative steps of bands by quality index, gains of blocks.

    gains: log2 by which bands are finer than those of unit norm, at quality index 0, 32, ..., 256: (KNOTS, 3 + 6 * 9), the low band's components, then
    9 * (level - 1) + 3 * component + orientation."""

    def __init__(self, tune='psnr'):
        super().__init__()
        low, details = wavelet.band_norms()
        norms = [low] * 3 + [n for level in details for n in level * 3]
        self.register_buffer('norms', torch.tensor(norms), persistent=False)
        knots = [masking.band_gains(tune, 32 * k) for k in range(KNOTS)]
        self.gains = nn.Parameter(torch.tensor([[low_gain] * 3 + [g for row in gains for g in row] for low_gain, gains in knots]))

    def factors(self, quality_index):
        """-> factors of the low band (B,3,1,1) and of details [level - 1] (B,9,1,1), the picture's step included."""
        t = quality_index / 32
        k = t.floor().long().clamp(0, KNOTS - 2)
        f = (t - k)[:, None]
        gains = self.gains[k] * (1 - f) + self.gains[k + 1] * f
        gains = torch.where(quality_index[:, None] > LEARNED_TO, gains.detach(), gains)
        both = self.norms * torch.exp2(gains) / quantizer_step(quality_index)[:, None]
        low, *details = both[:, :, None, None].split([3] + [9] * LEVELS, 1)
        return low, details

    def quantize(self, low, details, quality_index, blocks=None, fine_levels=0):
        """Coefficients -> units of the quantizer step of their band and block; the first fine_levels of details are left alone.

        blocks: factors by level (masking.factors), or None."""
        low_factor, factors = self.factors(quality_index)
        out = list(details[:fine_levels])
        for i, x in list(enumerate(details))[fine_levels:]:
            x = x * factors[i]
            out.append(x if blocks is None else x * blocks[i])
        return low * low_factor, out

    def dequantize(self, low, details, quality_index, blocks=None):
        """The reverse, for as many levels as there are; of the finest there may be luma alone."""
        low_factor, factors = self.factors(quality_index)
        out = []
        for i, x in enumerate(details):
            x = x / factors[i][:, :x.shape[1]]
            out.append(x if blocks is None else x / blocks[i])
        return low / low_factor, out


def quality_input(quality_index):
    """The networks' view of the quality index: index/2 in sixteenths, 0..127/16."""
    return torch.floor(quality_index / 2) / 16
