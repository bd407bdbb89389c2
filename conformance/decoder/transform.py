# SPDX-License-Identifier: Apache-2.0
"""The transform payload, from bytes to samples: sections 6, 7 and 11 of docs/FORMAT.md."""
import numpy

from . import pack
from .container import Ended, Malformed, Reader, folded_size, padded
from .entropy import Arithmetic
from .prior import Prior, SymbolStream, TileLayer, convolve, deinterleave, interleave

GROUPS = [[0, 6, 5, 4], [3], [2], [1]]  # the levels of a tile's streams, 0 for the low band
LIFTING = [-1.586134342059924, -0.052980118572961, 0.882911075530934, 0.443506852043971]
SCALE = 1.149604398860241
DOUBLING = [2, -17, 69, 228, -34, 8]  # 256ths


class Transform:
    def __init__(self, payload, picture, tap=None):
        """A tap is told of each step of the base layer: scale indices, means, states before symbols, symbols."""
        self.picture = picture
        self.prior = Prior(pack.transform(picture.model), tap)
        reader = Reader(payload)
        self.quality, layout = reader.u8("quality"), reader.u8("layout")
        self.shrink = layout >> 6
        self.small = side(picture.width, self.shrink), side(picture.height, self.shrink)
        self.columns, self.rows, self.slice, self.slices = folded_size(*self.small)
        self.width, self.height = padded(self.columns), padded(self.rows)
        self.refinements, self.fine = layout >> 2 & 7, bool(layout & 32)  # fine colour says nothing in gray pictures
        self.check_layers()
        self.tiles = self.read_tiles(reader) if layout & 1 else [(0, 0, self.height, self.width)]
        self.block, self.gains = self.read_gains(reader) if layout & 2 else (6, numpy.zeros((self.height // 64, self.width // 64), int))
        self.bare = not layout & 1 and not self.refinements
        self.split = bool(layout & 1)
        self.last = 0
        self.decode_layers(reader)

    def check_layers(self):
        if self.quality + 32 * self.refinements > 255 or (self.refinements and not self.prior.refines):
            raise Malformed(f"{self.refinements} refinement layers over quality index {self.quality}")

    def read_tiles(self, reader):
        width, height = (64 * (1 + reader.varint(4, "a tile's side")) for _ in range(2))
        if width > self.width or height > self.height or (width, height) == (self.width, self.height):
            raise Malformed(f"tiles of {width} x {height} in a picture of {self.width} x {self.height}")
        return [(y, x, min(height, self.height - y), min(width, self.width - x))
                for y in range(0, self.height, height) for x in range(0, self.width, width)]

    def read_gains(self, reader):
        block = reader.u8("log2 of a block's side")
        if not 4 <= block <= 6:
            raise Malformed(f"blocks of gains of 2^{block} samples to a side")
        length = reader.varint(4, "the length of gains")
        stream = reader.take(min(length, reader.left()), "gains")  # gains that are cut read as zeros behind their end
        return block, Gains(stream).read(self.height >> block, self.width >> block)

    def decode_layers(self, reader):
        """Layers as far as streams are there. Each layer begins from the one before it."""
        before = [None] * len(self.tiles)
        for layer in range(self.refinements + 1):
            if layer and not reader.left():
                break
            passes = [TileLayer(self.prior, self.quality + 32 * layer, height, width, self.picture.colour, self.fine, cells)
                      for (_, _, height, width), cells in zip(self.tiles, before)]
            there = False
            for group in GROUPS if self.split else [sum(GROUPS, [])]:
                for each in passes:
                    stream = self.read_stream(reader)
                    there |= stream is not None
                    for level in group:
                        each.level(level, stream or SymbolStream()) if level else each.low_band(stream or SymbolStream())
            if layer and not there:
                break
            self.last, before = layer, passes
        if reader.left():
            raise Malformed(f"{reader.left()} bytes behind the last stream")
        self.assemble(before)

    def read_stream(self, reader):
        start = reader.position
        try:
            lanes = reader.u8("lanes")
            if lanes > 5:
                raise Malformed(f"2^{lanes} lanes")
            length = reader.left() if self.bare else reader.varint(4, "a stream's length")
        except Ended:
            reader.position = len(reader.data)
            return None
        if length > reader.left() and not self.picture.truncated:
            self.picture.warnings.append(f"the stream at {start} of the payload ends early")
        return SymbolStream(reader.take(min(length, reader.left()), "a stream"), 1 << lanes)

    def assemble(self, passes):
        """The coefficients of the tiles side by side, in sixteenths of the last layer's steps: of the low band, and of levels 1 to 6."""
        self.values = []
        for level in range(7):
            shift = level or 6
            planes = numpy.zeros((9 if level else 3, self.height >> shift, self.width >> shift), numpy.int64)
            for (y, x, height, width), each in zip(self.tiles, passes):
                planes[:, y >> shift:y + height >> shift, x >> shift:x + width >> shift] = each.values[level]
            self.values.append(planes)

    def gain(self, level):
        """The gain at each coefficient of a level, in quarters of an octave."""
        if level <= self.block:
            size = 1 << self.block - level
            return self.gains.repeat(size, 0).repeat(size, 1).astype(float)
        size = 1 << level - self.block
        height, width = self.gains.shape
        return self.gains.reshape(height // size, size, width // size, size).mean((1, 3))

    def samples(self):
        """Rows, columns and colour planes."""
        tensors = self.prior.tensors
        base = 2.0 ** (8 - (self.quality + 32 * self.last) / 32)
        ends = (self.quality + 32 * self.refinements) / 32
        low_steps, detail_steps = (numpy.exp(at(numpy.log(tensors[f"steps.{name}"].astype(float)), ends)) for name in ("low", "detail"))
        low = self.values[0] / 16 * base * low_steps[:, None, None]
        details = {level: self.values[level] / 16 for level in range(1, 7)}

        def steps(level):
            return base * detail_steps[level - 1][:, None, None] / 2 ** (self.gain(level) / 4)

        for level in (6, 5, 4):
            low = synthesize(low, details[level] * steps(level))
        unit = base / 2 ** (self.gain(3) / 4)
        low, corrected = self.correct(low / unit, details)
        low = low * unit
        for level in (3, 2, 1):
            low = synthesize(low, corrected[level] * steps(level))
        samples = self.unfold(self.colours(low))
        for shrink in range(self.shrink, 0, -1):
            samples = double(samples, side(self.picture.width, shrink - 1), side(self.picture.height, shrink - 1))
        return samples

    def correct(self, low, details):
        """What the synthesis network makes of the coefficients of levels 3 to 1."""
        level2, luma = deinterleave(details[2]), deinterleave(deinterleave(details[1][:3]))
        # Phases of a 4 x 4 block are row by row: two deinterleavings give (2 dy + dx of halves within 2 dy + dx of pixels) instead.
        order = [16 * band + 4 * (2 * (y & 1) + (x & 1)) + 2 * (y >> 1) + (x >> 1) for band in range(3) for y in range(4) for x in range(4)]
        coefficients = numpy.concatenate([low, details[3], level2, luma[order]])
        quality = (self.quality + 32 * self.last) / 32
        fade = numpy.maximum(0, numpy.minimum(8, 16 - self.gain(3))) / 8
        corrected = coefficients + network(self.prior.tensors, coefficients, quality) * fade
        inverse = numpy.argsort(order)
        level1 = interleave(interleave(corrected[48:][inverse]))
        return corrected[:3], {3: corrected[3:12], 2: interleave(corrected[12:48]), 1: numpy.concatenate([level1, details[1][3:]])}

    def colours(self, planes):
        c0, c1, c2 = planes[:, :self.rows, :self.columns]
        if self.picture.colour:
            luma, second = c0 / 3 ** .5, c2 / 6 ** .5
            planes = [luma + c1 / 2 ** .5 + second, luma - 2 * second, luma - c1 / 2 ** .5 + second]
        else:
            planes = [c0 / 3 ** .5]
        return numpy.clip(numpy.floor(numpy.stack(planes, -1) + 128), 0, 255).astype(int)

    def unfold(self, samples):
        width, height = self.small
        if self.slices == 1:
            return samples
        axis = 0 if width > height else 1
        pieces = numpy.split(samples, self.slices, axis)
        return numpy.concatenate(pieces, 1 - axis)[:height, :width]


def side(samples, shrink):
    return -(-samples // 2 ** shrink)


def double(samples, width, height):
    """A shrunk picture at twice its size: whole numbers."""
    sums = double_axis(double_axis(samples.astype(int), 0, height), 1, width)
    return numpy.clip(sums + (1 << 15) >> 16, 0, 255)


def double_axis(planes, axis, length):
    line = numpy.moveaxis(planes, axis, 0)
    ends = numpy.concatenate([line[:1]] * 3 + [line] + [line[-1:]] * 3)
    first, second = (sum(tap * ends[at + k:at + k + len(line)] for k, tap in enumerate(taps))
                     for at, taps in ((0, DOUBLING), (1, DOUBLING[::-1])))
    twice = numpy.stack([first, second], 1).reshape(-1, *line.shape[1:])
    return numpy.moveaxis(twice[:length], 0, axis)


def at(table, row):
    """A row of a table between two."""
    low = min(int(row), len(table) - 2)
    return table[low] + (table[low + 1].astype(float) - table[low]) * (row - low)


def synthesize(low, details):
    """The inverse wavelet of one level: low bands by component, then bands HL, LH, HH of each."""
    hl, lh, hh = details[0::3], details[1::3], details[2::3]
    return join(join(low, hl, 2), join(lh, hh, 2), 1)


def join(low, high, axis):
    even, odd = numpy.moveaxis(low, axis, -1) / SCALE, numpy.moveaxis(high, axis, -1) * SCALE
    even = even - LIFTING[3] * (before(odd) + odd)
    odd = odd - LIFTING[2] * (even + behind(even))
    even = even - LIFTING[1] * (before(odd) + odd)
    odd = odd - LIFTING[0] * (even + behind(even))
    line = numpy.stack([even, odd], -1).reshape(*even.shape[:-1], -1)
    return numpy.moveaxis(line, -1, axis)


def before(odd):
    return numpy.concatenate([odd[..., :1], odd[..., :-1]], -1)


def behind(even):
    return numpy.concatenate([even[..., 1:], even[..., -1:]], -1)


def network(tensors, coefficients, quality):
    """The correction of section 11."""
    def layer(name, planes):
        bias = tensors[f"synthesis.{name}.bias"].astype(float)
        return convolve(planes, tensors[f"synthesis.{name}.weight"]) + bias[:, None, None]

    def rectify(planes):
        return numpy.where(planes < 0, 0.1 * planes, planes)

    softened = numpy.sign(coefficients) * 4 * (numpy.sqrt(1 + numpy.abs(coefficients) / 2) - 1)
    h = layer("head", softened) + at(tensors["synthesis.quality"].astype(float), quality)[:, None, None]
    block = 0
    while f"synthesis.blocks.{block}.conv1.weight" in tensors:
        h = h + layer(f"blocks.{block}.conv2", rectify(layer(f"blocks.{block}.conv1", h)))
        block += 1
    f = layer("tail", rectify(h * at(tensors["synthesis.gain"].astype(float), quality)[:, None, None]))
    if len(f) == 96:
        return f
    gain = f[96:] / 16
    factor = numpy.where(gain < 0, 1 / (1 - numpy.minimum(gain, 0)), 1 + gain)
    details = coefficients[3:]
    return numpy.concatenate([f[:3], (details + f[3:96]) * factor - details])


class Gains:
    """The gains of section 6."""

    def __init__(self, stream):
        self.coder = Arithmetic(stream)
        self.zero, self.sign, self.more = [[1, 1] for _ in range(4)], [1, 1], [[1, 1] for _ in range(8)]

    def decide(self, counts):
        outcome = self.coder.symbol(counts)
        counts[outcome] += 2
        if sum(counts) > 4096:
            counts[:] = [count + 1 >> 1 for count in counts]
        return outcome

    def read(self, height, width):
        gains, magnitudes = numpy.zeros((height, width), int), numpy.zeros((height + 1, width + 1), int)
        for y in range(height):
            for x in range(width):
                residual = self.residual(min(3, magnitudes[y + 1, x] + magnitudes[y, x + 1]))
                magnitudes[y + 1, x + 1] = abs(residual)
                gains[y, x] = min(max(self.predict(gains, y, x) + residual, -32), 32)
        return gains

    @staticmethod
    def predict(gains, y, x):
        if not y or not x:
            return gains[y, x - 1] if x else gains[y - 1, x] if y else 0
        left, up = gains[y, x - 1], gains[y - 1, x]
        return sorted([left, up, left + up - gains[y - 1, x - 1]])[1]

    def residual(self, context):
        # Whether it is 0 is told first.
        if self.decide(self.zero[context]):
            return 0
        negative, magnitude = self.decide(self.sign), 1
        while magnitude < 64 and self.decide(self.more[min(7, magnitude)]):
            magnitude += 1
        return -magnitude if negative else magnitude
