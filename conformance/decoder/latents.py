# SPDX-License-Identifier: Apache-2.0
"""The generative payload as far as its latents: sections 19 to 21 of docs/FORMAT.md."""
import numpy

from . import pack, text
from .container import Malformed, Reader
from .entropy import Mixer, stream_of_one_lane


def shape_in_digest(model):
    """Channels and stride that a digest tells which is no pack's (docs/CONFORMANCE.md), or None."""
    named = isinstance(model, bytes) and model[0] and model[1] and not any(model[2:])
    return (model[0], model[1]) if named else None


def decode(payload, width, height, channels, stride, tap=None):
    """The fields, and as "latents" the integers that latents are multiples of: quantized values by band, or of the palette's entries."""
    reader = Reader(payload)
    flags = reader.u8("flags")
    reduction = flags >> 1 & 3
    if flags >> 5 or reduction > 2:
        raise Malformed(f"flags {flags:02X} of the generative payload")
    fields = {"reduction": reduction}
    if flags & 8:
        fields.update(diffusion(reader))
    if flags & 16:
        fields["text"] = caption(reader.take(reader.varint(4, "the length of the text"), "the text"))
    height, width = (((side - 1 >> reduction) // stride) + 1 for side in (height, width))
    fields["latents"] = (palette if flags & 1 else by_transform)(reader, channels, height, width, tap)
    return fields


def by_transform(reader, channels, height, width, tap=None):
    return Latents(reader, channels, height, width, tap).by_name()


def in_order(found):
    """The integers of latents in the order of coding."""
    return [value for band in (found.values() if isinstance(found, dict) else [found]) for value in band.ravel().tolist()]


def caption(payload):
    """The text; latents do not need it, so that one that is wrong is none."""
    try:
        return text.decode(payload)
    except Malformed:
        return None


def diffusion(reader):
    steps, method, guidance = (reader.u8(name) for name in ("steps", "method", "guidance"))
    if not 1 <= steps <= 64 or method > 2:
        raise Malformed(f"{steps} steps of method {method}")
    start = reader.u8("start") | reader.u8("start") << 8
    fresh, seed = reader.u8("fresh"), reader.u32le("seed")
    return {"steps": steps, "method": method, "guidance": guidance, "start": start, "fresh": fresh, "seed": seed}


class Tables:
    """Contexts by name, and sets of weights by name."""

    def __init__(self, rans, limit=127):
        self.mixer, self.contexts, self.weights = Mixer(rans, 12, limit), {}, {}

    def decide(self, contexts, weights):
        places = [self.contexts.setdefault((i, context), [1 << 21, 0]) for i, context in enumerate(contexts)]
        return self.mixer.decide(places, self.weights.setdefault(weights, Mixer.weights(len(contexts))))


def palette(reader, channels, height, width, tap=None):
    """The numbers of the entries, which stand for so many 2^(scale / 8) / 127."""
    group, entries, _ = reader.u8("group"), reader.u8("entries") + 1, reader.s8("scale")
    if not group:
        raise Malformed("groups of no channels")
    sizes = [min(group, channels - first) for first in range(0, channels, group)]
    tables = [[[reader.s8("an entry") for _ in range(size)] for _ in range(entries)] for size in sizes]
    rans = stream_of_one_lane(reader.rest(), tap)
    bits = (entries - 1).bit_length()
    high = max(bits - 4, 0)
    planes = []
    for table in tables:
        coder, numbers = Tables(rans), numpy.zeros((height, width), int)
        for y in range(height):
            for x in range(width):
                up = int(numbers[y - 1, x]) if y else 0
                left = int(numbers[y, x - 1]) if x else up
                node = 1
                for _ in range(bits):
                    node = 2 * node + coder.decide([node, (left, node), (up, node), (left >> high, up >> high, node)], 0)
                numbers[y, x] = node - (1 << bits)
        planes += list(numpy.array(table)[numpy.minimum(numbers, entries - 1)].transpose(2, 0, 1))
    rans.finish()
    return numpy.array(planes)


def class_of(x, most):
    if x < 4:
        return x
    bits = x.bit_length() - 1
    return min(most, 2 * bits + (x >> bits - 1 & 1))


class Latents:
    """Section 20: quantized values by band, (level, orientation), 0 the low band."""

    def __init__(self, reader, channels, height, width, tap=None):
        self.channels, self.quality, self.basis = channels, reader.u8("quality"), reader.u8("basis")
        self.axes = self.read_axes(reader) if self.basis == 1 else None
        self.spectrum = self.read_spectrum(reader)
        self.shapes = band_shapes(height, width)
        self.rans = stream_of_one_lane(reader.rest(), tap)
        self.symbols, self.empties = Tables(self.rans), Tables(self.rans, 30)
        self.bands, self.magnitudes = {}, {}
        for (level, orientation), shape in self.shapes.items():
            if min(shape):
                self.band(level, orientation, shape)
        self.rans.finish()

    def by_name(self):
        return {f"level {level}, orientation {orientation}" if level else "low": band for (level, orientation), band in self.bands.items()}

    def read_axes(self, reader):
        axes = []
        for _ in range(self.channels):
            scale = 2 ** (reader.s8("a scale") / 8) / 127
            axes.append([reader.s8("an axis") * scale for _ in range(self.channels)])
        return axes

    def read_spectrum(self, reader):
        """Of each component, by level."""
        if self.basis > 2:
            raise Malformed(f"basis {self.basis} is not embedded")
        if self.basis == 2:
            tensor = pack.load("latents-1")["spectrum"].astype(int)
            if len(tensor) != self.channels:
                raise Malformed(f"basis 2 for {self.channels} channels")
            return tensor.tolist()
        spectrum = []
        for _ in range(self.channels):
            fine, slope = reader.s8("fine"), reader.s8("slope")
            spectrum.append([min(max(fine + slope * (level - 1), -128), 127) for level in (6, 1, 2, 3, 4, 5)])
        return spectrum

    def band(self, level, orientation, shape):
        key = level, orientation
        self.bands[key] = numpy.zeros((self.channels, *shape), int)
        self.magnitudes[key] = numpy.zeros((self.channels, *shape), int)
        before_empty = 0
        for component in range(self.channels):
            expected = min(max(self.spectrum[component][level] + self.quality + 16 >> 2, 0), 31)
            before_empty = self.empties.decide([(expected, before_empty), component], 0)
            if before_empty and level:
                continue
            for y in range(shape[0]):
                for x in range(shape[1]):
                    symbol = 0 if before_empty else self.symbol(key, component, expected, y, x)
                    self.magnitudes[key][component, y, x] = abs(symbol)
                    value = symbol if level else symbol + self.predict(self.bands[key][component], y, x)
                    self.bands[key][component, y, x] = min(max(value, -(1 << 20)), 1 << 20)

    @staticmethod
    def predict(plane, y, x):
        if not y or not x:
            return int(plane[y, x - 1]) if x else int(plane[y - 1, x]) if y else 0
        return int(plane[y, x - 1]) + int(plane[y - 1, x]) + 1 >> 1

    def symbol(self, key, component, expected, y, x):
        contexts = self.contexts(key, component, expected, y, x)
        level, orientation = key
        t = 3 * (level - 1) + orientation if level else 15
        magnitude = 0
        while magnitude < 15:
            kind = min(magnitude, 5)
            if not self.symbols.decide([(kind, *context) for context in contexts], (kind, min(3, t // 3))):
                break
            magnitude += 1
        if magnitude == 15:
            bits = 0
            while bits < 19 and self.rans.bits(1):
                bits += 1
            rest = 1
            for _ in range(bits):
                rest = 2 * rest + self.rans.bits(1)
            magnitude = 14 + rest
        return -magnitude if magnitude and self.rans.bits(1) else magnitude

    def contexts(self, key, component, expected, y, x):
        level, orientation = key
        t = 3 * (level - 1) + orientation if level else 15

        def at(c, dy, dx):
            plane = self.magnitudes[key][c]
            row, column = y + dy, x + dx
            return int(plane[row, column]) if 0 <= row < plane.shape[0] and 0 <= column < plane.shape[1] else 0

        def activity(dy, dx):
            # Magnitudes of this component that are not yet known are 0.
            return sum(min(16, at(c, dy, dx)) for c in range(component + 1))

        w, n = at(component, 0, -1), at(component, -1, 0)
        near = 2 * (w + n) + at(component, -1, -1) + at(component, -1, 1) + at(component, 0, -2) + at(component, -2, 0)
        across = 2 * activity(0, 0) + activity(0, -1) + activity(0, 1) + activity(-1, 0) + activity(1, 0)
        before = (2 * at(component - 1, 0, 0) if component else 0) + (at(component - 2, 0, 0) if component > 1 else 0)
        parent, parent_activity = self.parent(key, component, y, x)
        return [
            (class_of(near, 15), class_of(2 * parent, 7)), (expected, class_of(w + n, 7)),
            (class_of(across, 15), class_of(near, 15) >> 1), (component, t), (class_of(parent_activity, 15), expected),
            (expected, class_of(2 * before + (across >> 2) + near, 15))]

    def parent(self, key, component, y, x):
        level, orientation = key
        planes = self.magnitudes.get((level + 1, orientation)) if level else None
        if planes is None:
            return 0, 0
        row, column = min(y >> 1, planes.shape[1] - 1), min(x >> 1, planes.shape[2] - 1)
        return int(planes[component, row, column]), int(numpy.minimum(16, planes[:, row, column]).sum())


def band_shapes(height, width):
    """Rows and columns of the bands, from the low band to the finest level."""
    levels = 0
    while levels < 5 and min(height, width) >> levels + 1 >= 4:
        levels += 1
    shapes = {}
    for level in range(1, levels + 1):
        low_height, low_width = -(-height // 2), -(-width // 2)
        shapes.update({
            (level, 2): (height - low_height, width - low_width), (level, 1): (height - low_height, low_width),
            (level, 0): (low_height, width - low_width)})
        height, width = low_height, low_width
    shapes[0, 0] = height, width
    return dict(reversed(shapes.items()))
