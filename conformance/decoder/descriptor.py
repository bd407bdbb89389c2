# SPDX-License-Identifier: Apache-2.0
"""Descriptors: section 17 of docs/FORMAT.md."""
import numpy

from . import text
from .container import Malformed
from .entropy import Arithmetic

LAYOUT = [
    [28, 21, 21, 21, 22, 18, 16, 14, 11, 9, 6, 4, -1], [22, 15, 15, 15, 15, 12, 10, 7, 5, 3, 0, -3, -8],
    [16, 8, 8, 8, 8, 6, 4, 1, -1, -3, -6, -8, -13]]
MEAN = [4.5, 0, -0.25, 0, 1.25, 0.25, 0, -0.25, 0, -0.25, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]
TEXTURE = [3, -4, -1, -7, -4, -7, -13, -4, -8, -3, -15, -13, -14, -7, -8, -16, -13, -12, -11, -19]
ZERO = [
    65000, 65000, 65000, 65000, 65000, 65000, 65000, 65000, 64416, 62014, 56706, 50696, 46083, 41206, 36331, 31878, 26574,
    23399, 19029, 15903, 13229, 11040, 9636, 8265, 6980, 5953, 5132, 4557, 4490, 3604, 2933, 2933, 2798, 2447, 2447, 1615, 1615, 1002,
    1002, 443, 443, 443, 324, 284, 227, 215, 181, 152]
MORE = [
    32, 32, 32, 32, 489, 824, 824, 851, 1292, 1364, 2492, 3778, 4840, 6857, 9964, 13346, 17690, 23340, 28783, 33659, 37871,
    42218, 45543, 48953, 50992, 53270, 55151, 56201, 57672, 58588, 59983, 60177, 60607, 61044, 61825, 61979, 62752, 63247, 63247,
    64000, 64000, 64000, 65260, 65260, 65300, 65300, 65300, 65300]
AROUND = [
    (-1, 0, 2), (0, -1, 2), (1, 0, 2), (0, 1, 2), (-1, -1, 1), (1, -1, 1), (-1, 1, 1), (-2, 0, 1), (0, -2, 1)]  # u, v, w


class Undetermined(Exception):
    """The bytes that are there leave more than one symbol."""


class Determined:
    """Arithmetic decoding as far as the bytes leave no choice: with zeros and with ones behind them."""

    def __init__(self, stream):
        self.coders = [Arithmetic(stream), Arithmetic(stream, 1)]

    def symbol(self, frequencies):
        first, second = (coder.symbol(frequencies) for coder in self.coders)
        if first != second:
            raise Undetermined
        return first

    def uniform(self, count):
        return self.symbol([1] * count)


def clamp(value, least, most):
    return min(max(value, least), most)


def quarters(x):
    """q of section 17: quarter octaves of a number."""
    k = x.bit_length() - 1
    return 4 * k + sum(edge <= (x << 16 >> k) for edge in (77936, 92682, 110218))


class Descriptor:
    """The text, amplitudes by (component, v, u), and cepstral coefficients by number."""

    def __init__(self, payload, width, height, truncated, tap=None):
        longer = max(width, height)
        most = clamp(longer // 16, 32, 48)
        self.columns, self.rows = (clamp((2 * most * side + longer) // (2 * longer), 1, min(side, most)) for side in (width, height))
        self.levels = clamp((longer // 32).bit_length() - 1, 0, 6)
        self.tap = tap
        self.text, stream = self.split(payload, truncated)
        self.amplitudes, self.cepstrum, self.step = {}, {}, None
        self.alone, self.magnitudes = {}, {}
        self.offsets, self.signs = [0, 0, 0], [[1, 1] for _ in range(3)]
        if stream is not None:
            self.coder = Determined(stream)
            try:
                self.decode()
            except Undetermined:
                pass

    @staticmethod
    def split(payload, truncated):
        if not payload:
            return None, None
        size = payload[0] - 1
        if size < 0:
            return None, payload[1:]
        if 1 + size > len(payload):
            if truncated:
                return None, None
            raise Malformed(f"a text of {size} bytes in a payload of {len(payload)}")
        return text.decode(payload[1:1 + size]), payload[1 + size:]

    def square(self, u, v):
        return (u * self.rows) ** 2 + (v * self.columns) ** 2

    def decode(self):
        self.step = self.coder.uniform(32)
        places = [(self.square(u, v) * (1, 8, 24)[c], c, v, u) for c in range(3) for v in range(self.rows) for u in range(self.columns)]
        cepstral = sorted(
            (rx * rx + ry * ry + 3 * s * s + 4 * o * o, ((3 * ry + rx) * self.levels + s) * 3 + o)
            for ry in range(3) for rx in range(3) for s in range(self.levels) for o in range(3))[:20]
        for number, (_, c, v, u) in enumerate(sorted(places)[:2048]):
            self.amplitude(c, v, u)
            k = (number - 12) // 6
            if number >= 12 and number % 6 == 0 and k < len(cepstral):
                value = self.number(TEXTURE[k], 0, 2, [1, 1])[0]
                self.cepstrum[cepstral[k][1]] = MEAN[k] + value / 2

    def amplitude(self, c, v, u):
        bits = (4 * self.square(u, v) // min(self.rows, self.columns) ** 2).bit_length()
        around = self.around(c, v, u)
        others = [self.amplitudes.get((other, v, u), 0) for other in range(c)]
        other = next((value for value in others if value), 0)
        signs = self.signs[c] if other > 0 else self.signs[c][::-1] if other < 0 else [1, 1]
        value, alone = self.number(LAYOUT[c][min(bits, 12)] - self.step, around, min(c, 1), signs)
        self.amplitudes[c, v, u], self.alone[c, v, u] = value, alone
        if value and other:
            self.signs[c][(value > 0) != (other > 0)] += 1

    def around(self, c, v, u):
        found = awaited = 32
        places = [(c, abs(v + dv), abs(u + du), w) for du, dv, w in AROUND] + [(other, v, u, 2) for other in range(c)]
        for other, row, column, w in places:
            alone = self.alone.get((other, row, column))
            if alone is not None:
                found += 16 * w * abs(self.amplitudes[other, row, column])
                awaited += w * (((16, 19, 23, 27)[alone & 3] << (alone >> 2)) >> 4)
        return clamp(3 * (quarters(found) - quarters(awaited)) // 4, -8, 8)

    def number(self, scale, around, offset, signs):
        """A signed number, and what was expected of it without its neighbours."""
        alone = clamp(scale + 16 + (self.offsets[offset] >> 4), 0, 47)
        index = clamp(alone + around, 0, 47)
        magnitude = self.coder.symbol(self.frequencies(index))
        negative = magnitude and self.coder.symbol(signs)
        if magnitude == 15:
            rest = 1
            for _ in range(self.coder.uniform(16)):
                rest = 2 * rest + self.coder.uniform(2)
            magnitude += rest - 1
        if self.tap:
            self.tap(index, magnitude)
        if index > 16:
            change = 8 if magnitude > 1 << (index - 16) // 4 else -5
        else:
            change = 8 if magnitude else -(8 * (65536 - ZERO[index]) // ZERO[index])
        self.offsets[offset] = clamp(self.offsets[offset] + change, -160, 160)
        return -magnitude if negative else magnitude, alone

    @staticmethod
    def frequencies(index):
        listed, rest = [ZERO[index]], 65536 - ZERO[index]
        for _ in range(14):
            listed.append(1 + (rest * (65536 - MORE[index]) >> 16))
            rest = max(0, rest - listed[-1])
        return listed + [1 + rest]

    def symbols(self):
        amplitudes = [[c, v, u, value] for (c, v, u), value in self.amplitudes.items()]
        return {"text": self.text, "step": self.step, "amplitudes": amplitudes, "cepstrum": list(self.cepstrum.items())}

    def rendition(self, width, height):
        """The layout's cosines alone."""
        planes = numpy.zeros((3, height, width))
        for (c, v, u), value in self.amplitudes.items():
            size = value * 2 ** (self.step / 4 - 1)
            planes[c] += size * self.wave(v, height, self.rows)[:, None] * self.wave(u, width, self.columns)
        c0, c1, c2 = planes
        colours = [c0 / 3 ** .5 + c1 / 2 ** .5 + c2 / 6 ** .5, c0 / 3 ** .5 - 2 * c2 / 6 ** .5, c0 / 3 ** .5 - c1 / 2 ** .5 + c2 / 6 ** .5]
        return numpy.clip(numpy.stack(colours, -1) + 128, 0, 255).astype(int)

    @staticmethod
    def wave(number, side, cells):
        middles = (numpy.arange(side) + 0.5) / side
        return 2 ** .5 * numpy.cos(numpy.pi * number * middles) / numpy.sinc(number / (2 * cells)) if number else numpy.ones(side)
