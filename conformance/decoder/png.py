# SPDX-License-Identifier: Apache-2.0
"""Writes PNG files, of 8 or 16 bits."""
import struct
import zlib

COLOUR_TYPES = {1: 0, 2: 4, 3: 2, 4: 6}


def chunk(tag, body):
    return struct.pack(">I", len(body)) + tag + body + struct.pack(">I", zlib.crc32(tag + body))


def write(path, samples, depth):
    """Samples are an array of rows, columns and planes: gray or R, G, B, and alpha if there is any."""
    height, width, planes = samples.shape
    rows = samples.astype(">u2" if depth == 16 else "u1").reshape(height, -1)
    raw = b"".join(b"\0" + row.tobytes() for row in rows)
    header = struct.pack(">IIBBBBB", width, height, depth, COLOUR_TYPES[planes], 0, 0, 0)
    with open(path, "wb") as file:
        file.write(b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(raw)) + chunk(b"IEND", b""))
