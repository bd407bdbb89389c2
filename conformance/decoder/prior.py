# SPDX-License-Identifier: Apache-2.0
"""The integer prior, symbols and refinement layers: sections 8 and 9 of docs/FORMAT.md."""
from itertools import accumulate

import numpy

from .container import Ended
from .entropy import Rans

STEP_PHASES = [[0], [3], [1], [2]]  # of luma; colour has phases 0 and 3, then 1 and 2
EVEN, ODD = [0, 5, 1, 6, 2, 4, 3, 7], [2, 7, 3, 4, 0, 6, 1, 5]
LARGEST = 1 << 20


def rounded(value, shift):
    return value + ((1 << shift) >> 1) >> shift


def limited(value):
    return numpy.clip(value, -(1 << 28), 1 << 28)


def convolve(planes, weights):
    """A convolution of odd size with zero padding; sums are exact, as they are whole and far below 2^53."""
    outputs, inputs, size, _ = weights.shape
    _, height, width = planes.shape
    border = size // 2
    padded = numpy.pad(planes.astype(numpy.float64), ((0, 0), (border, border), (border, border)))
    total = numpy.zeros((outputs, height * width))
    for y in range(size):
        for x in range(size):
            total += weights[:, :, y, x].astype(numpy.float64) @ padded[:, y:y + height, x:x + width].reshape(inputs, -1)
    return total.reshape(outputs, height, width)


def whole(planes, weights):
    return convolve(planes, weights).astype(numpy.int64)


def column(vector):
    return vector.astype(numpy.int64)[:, None, None]


def activate(sums, shifts):
    return numpy.clip(rounded(sums, column(shifts)), 0, 127)


def interleave(phases):
    """Channels 4 c + f, f = 2 dy + dx, become channels c of twice the size."""
    count, height, width = phases.shape
    return phases.reshape(count // 4, 2, 2, height, width).transpose(0, 3, 1, 4, 2).reshape(count // 4, 2 * height, 2 * width)


def deinterleave(bands):
    count, height, width = bands.shape
    return bands.reshape(count, height // 2, 2, width // 2, 2).transpose(0, 2, 4, 1, 3).reshape(4 * count, height // 2, width // 2)


def steps(level, colour, fine):
    """The phase channels of each step."""
    if level == 6:
        return [[0, 1, 2]] + [[3, 4, 5, 6, 7, 8]] * colour
    listed = [[4 * band + f for band in range(3) for f in phases] for phases in STEP_PHASES]
    if colour and (level > 1 or fine):
        listed += [[4 * band + f for band in range(3, 9) for f in phases] for phases in ([0, 3], [1, 2])]
    return listed


def chains(count):
    most = min(count // 64, 32)
    return 1 << most.bit_length() - 1 if most else 1


class SymbolStream:
    """A rANS stream of symbols. Where it ends, symbols are None."""

    def __init__(self, data=b"", lanes=1):
        self.lanes = lanes
        try:
            self.rans = Rans(data, lanes)
        except Ended:
            self.rans = None

    def group(self, tables, bits):
        """A symbol from each of the first lanes: its table, and its number of low bits."""
        if self.rans is None:
            return [None] * len(tables)
        entries = []
        try:
            for lane, ends in enumerate(tables):
                entries.append(self.rans.entry(ends, lane))
            return self.rest_of_group(tables, bits, entries)
        except Ended:
            self.rans = None
            return self.kept(tables, bits, entries)

    def rest_of_group(self, tables, bits, entries):
        rans = self.rans
        lows = [rans.bits(k, lane) for lane, k in enumerate(bits)]
        escapes = [lane for lane, entry in enumerate(entries) if entry == len(tables[lane]) - 1]
        heads = {lane: rans.bits(6, lane) for lane in escapes}
        sizes = {lane: min(head >> 1, 21) for lane, head in heads.items()}
        tails = {lane: rans.bits(min(size, 12), lane) for lane, size in sizes.items()}
        for lane, size in sizes.items():
            tails[lane] |= rans.bits(max(size - 12, 0), lane) << 12
        symbols = []
        for lane, (entry, k) in enumerate(zip(entries, bits)):
            high = entry + 1 >> 1 if entry & 1 else -(entry >> 1)
            if lane in heads:
                radius = (len(tables[lane]) - 2) // 2
                high = radius + (1 << sizes[lane] | tails[lane])
                if heads[lane] & 1:
                    high = -high
            symbol = (high << k) + lows[lane] - (1 << k >> 1)
            symbols.append(min(max(symbol, -LARGEST), LARGEST))
        return symbols

    @staticmethod
    def kept(tables, bits, entries):
        """Of a group that was cut: symbols before the first that needs more than its entry."""
        symbols = []
        for ends, k, entry in zip(tables, bits, entries):
            if k or entry == len(ends) - 1:
                break
            symbols.append(entry + 1 >> 1 if entry & 1 else -(entry >> 1))
        return symbols + [None] * (len(tables) - len(symbols))


class Prior:
    """Tables and networks of a pack."""

    def __init__(self, tensors, tap=None):
        self.tensors, self.tap = tensors, tap
        sizes, frequencies = tensors["prior.tables.sizes"].tolist(), tensors["prior.tables.frequencies"].tolist()
        starts = [0] + list(accumulate(sizes))
        self.tables = [list(accumulate(frequencies[start:start + size])) for start, size in zip(starts, sizes)]
        self.compand_table = tensors["prior.compand"].astype(numpy.int64)
        self.refines = "refine.frequencies" in tensors
        if self.refines:
            weights = tensors["refine.frequencies"].astype(numpy.int64)
            self.class_tables = numpy.cumsum(weights, 1).tolist()
            self.cells = tensors["refine.cells"].astype(numpy.int64)
            self.expected = rounded((weights[:, :5] * self.cells[:, :, 0]).sum(1), 16)

    def compand(self, values):
        return self.compand_table[numpy.minimum(numpy.abs(values), 4095)] * numpy.sign(values)

    def tensor(self, level, name):
        return self.tensors[f"prior.level{level}.{name}"]

    def table(self, quantizer, index):
        """The table of a scale index, and the number of low bits."""
        k = 1 + (index - 80 >> 3) if index >= 80 else 0
        return self.tables[80 * quantizer + index - 8 * k], k


class BaseCoder:
    """Values of the base layer: dependent quantization."""

    def __init__(self, prior):
        self.prior = prior

    def low(self, stream, index, prediction, _):
        """Value and its difference to the prediction, in sixteenths; the prediction is in sixteenths, of whole steps."""
        ends, k = self.prior.table(0, index)
        symbol = stream.group([ends], [k])[0] or 0
        if self.prior.tap:
            self.prior.tap([index], [0], [0], [symbol])
        return prediction + 16 * symbol

    def step(self, stream, means, indices, _):
        count = len(means)
        c = chains(count)
        lanes = min(stream.lanes, c)
        states, levels = [0] * c, []
        told = []
        for first in range(0, count, lanes):
            group = range(first, min(first + lanes, count))
            quantizers = [states[i % c] & 1 for i in group]
            found = [self.prior.table(z, indices[i]) for z, i in zip(quantizers, group)]
            symbols = stream.group([ends for ends, _ in found], [k for _, k in found])
            for i, z, symbol in zip(group, quantizers, symbols):
                r = symbol or 0
                levels.append(2 * r - z * ((r > 0) - (r < 0)))
                told.append((states[i % c], r))
                states[i % c] = (ODD if r & 1 else EVEN)[states[i % c]]
        if self.prior.tap:
            self.prior.tap(indices, means.tolist(), *(list(part) for part in zip(*told)))
        return 10 * numpy.array(levels) + means


class RefinementCoder:
    """Values of a refinement layer, from the cells of the layer before."""

    def __init__(self, prior):
        self.prior = prior

    @staticmethod
    def classes(index, distance, narrow):
        magnitude = numpy.abs(distance)
        from_narrow = 66 + 2 * numpy.clip((index - 32) // 6, 0, 6) + (magnitude >= 8)
        from_other = 6 * numpy.clip(index - 28 >> 2, 0, 10) + sum(magnitude >= edge for edge in (3, 6, 10, 16, 28))
        return numpy.where(narrow, from_narrow, from_other)

    def low(self, stream, index, prediction, cell):
        value, narrow = cell
        c = limited(2 * limited(value))
        number = int(self.classes(numpy.int64(index), prediction - c, narrow))
        return self.value(number, stream.group([self.prior.class_tables[number]], [0])[0], c, prediction - c)

    def step(self, stream, means, indices, cell):
        values, narrow = cell
        centres = limited(2 * limited(values))
        classes = self.classes(numpy.array(indices), means - centres, narrow).tolist()
        count = len(means)
        lanes = min(stream.lanes, chains(count))
        symbols = []
        for first in range(0, count, lanes):
            group = classes[first:first + lanes]
            symbols += stream.group([self.prior.class_tables[number] for number in group], [0] * len(group))
        return [self.value(*each) for each in zip(classes, symbols, centres.tolist(), (means - centres).tolist())]

    def value(self, number, symbol, centre, distance):
        """The value, and whether its cell is narrow."""
        if symbol is None:
            offset, narrow = int(self.prior.expected[number]), 0
        else:
            symbol = min(max(symbol, -2), 2)
            offset, narrow = self.prior.cells[number][2 * symbol - 1 if symbol > 0 else -2 * symbol].tolist()
        return min(max(centre - offset if distance < 0 else centre + offset, -(1 << 28)), 1 << 28), narrow


class TileLayer:
    """One layer of a tile: coefficients in sixteenths of the layer's steps, low band first, then levels 6 to 1."""

    def __init__(self, prior, quality, height, width, colour, fine, before=None):
        self.prior, self.half_quality, self.height, self.width = prior, quality >> 1, height, width
        self.components, self.colour, self.fine = 3 if colour else 1, colour, fine
        self.before = before
        self.coder = RefinementCoder(prior) if before else BaseCoder(prior)
        # Values and narrowness: of the low band by component, of level l by band.
        self.values, self.narrow = {}, {}
        for level in range(7):
            shift = level or 6
            shape = (3 if level == 0 else 9, height >> shift, width >> shift)
            self.values[level], self.narrow[level] = numpy.zeros(shape, numpy.int64), numpy.zeros(shape, bool)
        self.context = None

    def low_band(self, stream):
        values = self.values[0]
        differences = numpy.zeros_like(values)
        _, height, width = values.shape
        for component in range(self.components):
            for y in range(height):
                for x in range(width):
                    self.low_sample(stream, values[component], differences[component], component, y, x)
        seen = self.prior.compand(differences)
        self.context = numpy.concatenate([seen, numpy.abs(seen)])

    def low_sample(self, stream, values, differences, component, y, x):
        left, up = int(values[y, x - 1]) if x else None, int(values[y - 1, x]) if y else None
        around = (differences[y, x - 1] if x else 0), (differences[y - 1, x] if y else 0)
        base, slope, near = self.prior.tensors["prior.low"][component].tolist()
        activity = int(sum(abs(self.prior.compand(numpy.int64(v))) for v in around))
        log_scale = rounded(16 * base + slope * self.half_quality + near * activity, 4)
        index = min(max(log_scale + 129 >> 1, 0), 127)
        if self.before:
            cell = int(self.before.values[0][component, y, x]), bool(self.before.narrow[0][component, y, x])
            prediction = self.predict(left, up, 1)
            values[y, x], self.narrow[0][component, y, x] = self.coder.low(stream, index, prediction, cell)
        else:
            prediction = self.predict(left, up, 16)
            values[y, x] = self.coder.low(stream, index, prediction, None)
        differences[y, x] = values[y, x] - prediction

    @staticmethod
    def predict(left, up, unit):
        """From neighbours in sixteenths, in whole numbers of so many of them."""
        if left is None and up is None:
            return 0
        if left is None or up is None:
            return up if left is None else left
        return (left // unit + up // unit + 1 >> 1) * unit

    def level(self, level, stream):
        prior, tensor = self.prior, lambda name: self.prior.tensor(level, name)
        split, join = (lambda bands: bands, lambda phases: phases) if level == 6 else (deinterleave, interleave)
        values, narrow = split(self.values[level]), split(self.narrow[level])
        cells = (split(self.before.values[level]), split(self.before.narrow[level])) if self.before else None
        sums = column(tensor("context.bias")) + column(tensor("context.quality")) * self.half_quality
        sums = sums + whole(self.context, tensor("context.weight"))
        for k, channels in enumerate(steps(level, self.colour, self.fine)):
            self.step(level, k, channels, sums, stream, values, narrow, cells)
            seen = numpy.zeros_like(values)
            seen[channels] = prior.compand(values[channels])
            sums = sums + whole(numpy.concatenate([seen, numpy.abs(seen)]), tensor("symbols.weight"))
        self.values[level], self.narrow[level] = join(values), join(narrow)
        if level > 1:
            hidden = self.dense(level, "up_hidden", activate(sums, tensor("context.shift")))
            hidden = activate(hidden, tensor("up_hidden.shift"))
            handed = activate(self.dense(level, "up_out", hidden), tensor("up_out.shift"))
            self.context = handed if level == 6 else interleave(handed)

    def dense(self, level, name, planes):
        return whole(planes, self.prior.tensor(level, name + ".weight")) + column(self.prior.tensor(level, name + ".bias"))

    def step(self, level, k, channels, sums, stream, values, narrow, cells):
        tensor = self.prior.tensor
        hidden = self.dense(level, f"step{k}.hidden", activate(sums, tensor(level, "context.shift")))
        hidden = activate(hidden, tensor(level, f"step{k}.hidden.shift"))
        out = rounded(self.dense(level, f"step{k}.out", hidden), column(tensor(level, f"step{k}.out.shift")))
        count = len(channels)
        means, indices = numpy.clip(out[:count], -2032, 2032), numpy.clip(out[count:] + 129 >> 1, 0, 127)
        means = numpy.where(indices < 24, 0, means)
        cell = (cells[0][channels].ravel(), cells[1][channels].ravel()) if cells else None
        found = numpy.array(self.coder.step(stream, means.ravel(), indices.ravel().tolist(), cell))
        shape = means.shape
        if cells:
            values[channels], narrow[channels] = found[:, 0].reshape(shape), found[:, 1].reshape(shape)
        else:
            values[channels] = found.reshape(shape)
