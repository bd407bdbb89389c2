# SPDX-License-Identifier: Apache-2.0
"""The lossless payload: section 13 of docs/FORMAT.md."""
from itertools import accumulate

import numpy

from .container import Malformed, Reader
from .entropy import BinaryContexts, Rans, stream_of_one_lane
from .mixed import BlendedStrip, RepeatedStrip, median, unfold

BANDED, REPEATED, BLENDED = range(3)


def decode(payload, width, height, colour, alpha, depth, tap=None):
    """Rows, columns and planes in the order of a picture: R, G, B or gray, then alpha.

    A tap is told of each symbol of a banded strip, or of each decision of another one.
    """
    reader = Reader(payload)
    band, strip = reader.u8("band"), reader.u8("strip")
    if band > 24 or strip > 24:
        raise Malformed(f"bands of 2^{band} rows, strips of 2^{strip} bands: at most 2^24")
    planes = (3 if colour else 1) + alpha
    strips = []
    for top in range(0, height, 1 << band + strip):
        rows = min(1 << band + strip, height - top)
        kind, length = reader.u8("a strip's kind"), reader.u32le("a strip's length")
        body = reader.take(length, "a strip")
        strips.append(decode_strip(kind, body, band, width, rows, planes, colour, depth, tap))
    if reader.left():
        raise Malformed(f"{reader.left()} bytes behind the last strip")
    samples = numpy.array([row for rows in strips for row in rows])  # rows, planes in the order of coding, columns
    order = [1, 0, 2] + [3] * alpha if colour else list(range(planes))
    return samples[:, order].transpose(0, 2, 1)


def references(plane, colour):
    """The planes that this one is predicted from, in the order of coding: R from G, B from G and R."""
    return [[], [0], [0, 1], []][plane] if colour else []


def decode_strip(kind, body, band, width, rows, planes, colour, depth, tap):
    if kind == BANDED:
        return banded_strip(body, band, width, rows, planes, colour, depth, tap)
    if kind not in (REPEATED, BLENDED):
        raise Malformed(f"a strip of kind {kind}")
    rans = stream_of_one_lane(body, tap)
    refs = [references(plane, colour) for plane in range(planes)]
    strip = (RepeatedStrip if kind == REPEATED else BlendedStrip)(rans, width, rows, refs, depth)
    strip.decode()
    rans.finish()
    return strip.samples()


def banded_strip(body, band, width, rows, planes, colour, depth, tap):
    reader = Reader(body)
    bands = -(-rows >> band)
    lengths = [reader.u32le("a length") for _ in range(bands + 1)]
    refs = [references(plane, colour) for plane in range(planes)]
    rans = Rans(reader.take(lengths[0], "parameters"), 1)
    contexts = BinaryContexts(2 + 16 * 16)
    parameters = [Parameters(rans, contexts, len(refs[plane]), depth) for plane in range(planes)]
    rans.finish()
    result = []
    for i in range(bands):
        count = min(1 << band, rows - (i << band))
        rans = Rans(reader.take(lengths[1 + i], "a band"), 2)
        result += Band(rans, width, parameters, refs, depth, tap).rows(count)
        rans.finish()
    if reader.left():
        raise Malformed(f"{reader.left()} bytes behind a strip's last band")
    return result


class Parameters:
    """A plane's weights by class, and tables by context."""

    def __init__(self, rans, contexts, references, depth):
        weights = [0] * (6 + 4 * references)
        if references:
            weights[0], weights[6], weights[7] = 512, 1024, -512
        else:
            weights[5] = 1024
        self.weights, self.ends = [], []
        for _ in range(12):
            if contexts.decide(rans, 0):
                weights = [rans.bits(12) - 2048 for _ in weights]
            self.weights.append(weights)
        tokens = 44 if depth == 8 else 76
        ends = [4096] * tokens
        for _ in range(40):
            if contexts.decide(rans, 1):
                ends = self.table(rans, contexts, tokens)
            self.ends.append(ends)

    @staticmethod
    def table(rans, contexts, tokens):
        rest, last = rans.bits(7), rans.bits(7)
        if rest > last or last >= tokens:
            raise Malformed(f"a table with the rest in token {rest} and the last token {last} of {tokens}")
        frequencies, before = [0] * tokens, 0
        for token in range(last + 1):
            if token == rest:
                continue
            length = contexts.tree(rans, 2 + 16 * before, 4)
            if length:
                count = min(4, length - 1)
                frequencies[token] = (1 << count | rans.bits(count)) << length - 1 - count
            before = length
        frequencies[rest] = 4096 - sum(frequencies)
        if frequencies[rest] <= 0:
            raise Malformed("a table whose frequencies leave nothing for the rest")
        return list(accumulate(frequencies))


class Neighbours:
    """The samples around a sample, by name."""

    def __init__(self, row, above, above2, x):
        self.w = row[x - 1] if x else above[0]
        self.ww = row[x - 2] if x > 1 else above[0]
        self.n, self.nn = above[x], above2[x]
        # Left of column 0 a row above has what is in column 0 of the row above it.
        self.nw = above[x - 1] if x else above2[0]
        self.ne = above[min(x + 1, len(above) - 1)]

    def differences(self):
        w = self.w
        return [self.n - w, self.nw - w, self.ne - w, self.ww - w, self.nn - w, median(w, self.n, self.nw) - w]


class Band:
    """One band: rows of planes."""

    def __init__(self, rans, width, parameters, refs, depth, tap):
        self.tap = tap
        self.rans, self.width, self.parameters, self.refs, self.depth = rans, width, parameters, refs, depth
        planes = len(refs)
        middle = [1 << depth - 1] * width
        self.current, self.above, self.above2 = ([middle] * planes for _ in range(3))
        # Errors have a border of two columns of zeros on both sides.
        zeros = [0] * (width + 4)
        self.errors, self.errors1, self.errors2 = ([zeros] * planes for _ in range(3))
        self.symbol = 0

    def rows(self, count):
        return [self.row(y == 0) for y in range(count)]

    def row(self, first):
        planes = len(self.refs)
        self.above2, self.above, self.current = self.above, self.current, [[0] * self.width for _ in range(planes)]
        self.errors2, self.errors1, self.errors = self.errors1, self.errors, [[0] * (self.width + 4) for _ in range(planes)]
        for plane in range(planes):
            for x in range(self.width):
                self.sample(plane, x, first)
        return self.current

    def sample(self, plane, x, first):
        depth = self.depth
        near = Neighbours(self.current[plane], self.above[plane], self.above2[plane], x)
        h = abs(near.w - near.ww) + abs(near.n - near.nw) + abs(near.n - near.ne)
        v = abs(near.w - near.nw) + abs(near.n - near.nn)
        prediction = min(max(self.prediction(plane, x, near, h, v, first), 0), (1 << depth) - 1)
        residual = self.residual(plane, self.context(plane, x, h, v))
        self.current[plane][x] = prediction + residual & (1 << depth) - 1
        self.errors[plane][x + 2] = abs(residual)

    def prediction(self, plane, x, near, h, v, first):
        others = [(self.current[r][x], Neighbours(self.current[r], self.above[r], self.above2[r], x)) for r in self.refs[plane]]
        if first:
            return near.w + (others[0][0] - others[0][1].w if others else 0)
        direction = 0 if 4 * h < 3 * v else 2 if 3 * v < h else 1
        c = h + v >> self.depth - 8
        level = 0 if c < 5 else 1 if c < 14 else 2 if c < 35 else 3
        differences = near.differences()
        for s, other in others:
            differences += [s - other.w, other.n - other.w, other.nw - other.w, other.ne - other.w]
        weights = self.parameters[plane].weights[3 * level + direction]
        return near.w + (sum(map(int.__mul__, weights, differences)) + 512 >> 10)

    def context(self, plane, x, h, v):
        row, above, above2 = self.errors[plane], self.errors1[plane], self.errors2[plane]
        x += 2
        a = 2 * (row[x - 1] + above[x]) + above[x - 1] + above[x + 1] + row[x - 2] + above2[x] + (h + v >> 2)
        a += sum(2 * self.errors[r][x] for r in self.refs[plane])
        b = 2 * a + 2
        bits = b.bit_length() - 2
        return min(2 * bits + (b >> bits & 1), 39)

    def residual(self, plane, context):
        lane = self.symbol & 1
        self.symbol += 1
        u = self.rans.entry(self.parameters[plane].ends[context], lane, 4)
        if u >= 32:
            bits = 3 + (u - 32 >> 2)
            u = (4 + (u & 3) << bits) + self.rans.bits(bits, lane)
        if self.tap:
            self.tap(plane, context, u)
        return unfold(u)
