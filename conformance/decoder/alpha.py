# SPDX-License-Identifier: Apache-2.0
"""The alpha chunk: section 5 of docs/FORMAT.md."""
import numpy

from .container import Malformed, Reader
from .entropy import BinaryContexts, Rans
from .mixed import median


def decode(payload, width, height):
    """Rows of the alpha plane."""
    reader = Reader(payload)
    kind = reader.u8("the kind of alpha")
    if kind > 1:
        raise Malformed(f"alpha of kind {kind}")
    if kind == 0:
        value = reader.u8("constant alpha")
        if reader.left():
            raise Malformed(f"{reader.left()} bytes behind constant alpha")
        return numpy.full((height, width), value)
    contexts = BinaryContexts(16 + 4 * 256)
    rows = max(1, (1 << 20) // width)
    above, magnitudes, plane = [0] * width, [0] * (width + 2), []
    for y in range(height):
        if y % rows == 0:  # another stream, which begins where the one before it ended
            rans = Rans(reader.rest(), 1)
        above, magnitudes = decode_row(rans, contexts, above, magnitudes, y == 0)
        plane.append(above)
        if y % rows == rows - 1:
            reader.position -= len(rans.data) - rans.position
    if height % rows:
        reader.position -= len(rans.data) - rans.position
    if reader.left():
        raise Malformed(f"{reader.left()} bytes behind the alpha plane")
    return numpy.array(plane)


def decode_row(rans, contexts, above, above_magnitudes, first):
    """A row's samples, and their magnitudes between two zeros."""
    row, magnitudes = [], [0]
    for x, n in enumerate(above):
        w = row[x - 1] if x else n
        nw = 0 if first else above[x - 1] if x else n
        activity = min(7, (magnitudes[x] + sum(above_magnitudes[x:x + 3])).bit_length())
        residual = 0
        if contexts.decide(rans, 2 * activity + (w != n)):
            residual = contexts.tree(rans, 16 + 256 * (activity >> 1), 8)
        row.append(median(w, n, nw) + residual & 255)
        magnitudes.append(min(residual, 256 - residual))
    return row, magnitudes + [0]
