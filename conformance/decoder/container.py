# SPDX-License-Identifier: Apache-2.0
"""Header, chunks, micro form and limits: sections 1 to 4 and 14 of docs/FORMAT.md."""
from dataclasses import dataclass, field

MAGIC = b"SEM"
VERSION = 8 + 12 % 4
PROFILES = ["caption", "descriptor", "generative", "transform", "lossless"]
CAPTION, DESCRIPTOR, GENERATIVE, TRANSFORM, LOSSLESS = range(5)
PAYLOAD = {GENERATIVE: "G", TRANSFORM: "T", LOSSLESS: "L"}
CRITICAL = "AGLT"
MAX_CHUNKS, MAX_PIXELS, MAX_METADATA, MAX_PAYLOAD = 1024, 1 << 28, 1 << 26, 1 << 30
LONGER_SIDES = [128, 256, 320, 512, 640, 768, 800, 1024, 1280, 1600, 1920, 2048, 3840, 4032]
COMMON = [(512, 512), (1024, 1024), (640, 480), (480, 640), (768, 512), (512, 768), (1024, 768), (1920, 1080)]
BARE, MOST_BARE = 5, 255
SHAPES = [(1, 1), (5, 4), (4, 3), (3, 2), (16, 9), (4, 5), (3, 4), (2, 3), (9, 16)]


class Malformed(Exception):
    """The picture breaks a rule of the format."""


class Ended(Malformed):
    """The input ended where more was needed."""


class Reader:
    def __init__(self, data, position=0):
        self.data, self.position = data, position

    def left(self):
        return len(self.data) - self.position

    def take(self, size, what):
        if self.left() < size:
            raise Ended(f"expected {size} bytes of {what} at offset {self.position}, found {self.left()}")
        self.position += size
        return self.data[self.position - size:self.position]

    def u8(self, what):
        return self.take(1, what)[0]

    def s8(self, what):
        return (self.u8(what) ^ 128) - 128

    def u32le(self, what):
        return int.from_bytes(self.take(4, what), "little")

    def varint(self, most, what):
        value = 0
        for i in range(most):
            byte = self.u8(what)
            value |= (byte & 127) << 7 * i
            if byte < 128:
                if i and not byte:
                    raise Malformed(f"{what} takes more bytes than it needs at offset {self.position}")
                return value
        raise Malformed(f"{what} takes more than {most} bytes at offset {self.position}")

    def rest(self):
        return self.take(self.left(), "")


@dataclass
class Picture:
    profile: int = 0
    width: int = 0
    height: int = 0
    alpha: bool = False
    colour: bool = True
    depth: int = 8
    model: int = 0
    payloads: dict = field(default_factory=dict)
    ancillary: list = field(default_factory=list)
    truncated: bool = False
    warnings: list = field(default_factory=list)
    size: int = 0


def table_of_crc32c():
    table = []
    for value in range(256):
        for _ in range(8):
            value = value >> 1 ^ (0x82F63B78 if value & 1 else 0)
        table.append(value)
    return table


CRC32C = table_of_crc32c()


def crc32c(data, start=0):
    crc = start ^ 0xFFFFFFFF
    for byte in data:
        crc = crc >> 8 ^ CRC32C[(crc ^ byte) & 255]
    return crc ^ 0xFFFFFFFF


def crc8(data):
    crc = 0xFF
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = (crc << 1 ^ (0x2F if crc & 128 else 0)) & 255
    return crc ^ 0xFF


def parse(data):
    """The first picture of the bytes; it may end before they do."""
    reader = Reader(data)
    if data[:3] != MAGIC or len(data) < 4 or data[3] >> 6 != 2:
        raise Malformed("no picture: expected 53 45 4D and a version at offset 0")
    if data[3] >> 4 != VERSION:
        raise Malformed(f"expected version 12 at offset 3, found a version that is {data[3] >> 4 & 3} modulo 4")
    picture = Picture(profile=data[3] & 15)
    if picture.profile == BARE:
        reader.position = 4
        read_bare_form(reader, picture)
        return picture
    if picture.profile >= len(PROFILES):
        raise Malformed(f"profile {picture.profile} at offset 3 is reserved")
    reader.position = 4
    if picture.profile <= DESCRIPTOR:
        read_micro_form(reader, picture)
    else:
        read_header(reader, picture)
        read_chunks(reader, picture, data[:reader.position])
    picture.size = reader.position
    return picture


def read_header(reader, picture):
    read_sides(reader, picture)
    planes = reader.u8("planes")
    if planes >> 3 or (planes & 4 and picture.profile != LOSSLESS):
        raise Malformed(f"reserved bits in planes {planes:02X} at offset {reader.position - 1}")
    picture.alpha, picture.colour, picture.depth = bool(planes & 1), bool(planes & 2), 16 if planes & 4 else 8
    picture.model = reader.u8("model")
    if picture.model == 255:
        picture.model = reader.take(8, "digest")
    check_size(picture)


def read_sides(reader, picture):
    picture.width = reader.varint(4, "width") + 1
    picture.height = reader.varint(4, "height") + 1
    if max(picture.width, picture.height) > 1 << 24:
        raise Malformed(f"{picture.width} x {picture.height} samples before offset {reader.position}: at most 2^24 to a side")


def check_size(picture):
    width, height = picture.width, picture.height
    if picture.profile == TRANSFORM:
        width, height = folded_size(width, height)[:2]
    if picture.profile in (TRANSFORM, GENERATIVE):
        width, height = padded(width), padded(height)
    if width * height > (1 << 24 if picture.profile == GENERATIVE else MAX_PIXELS):
        raise Malformed(f"{picture.width} x {picture.height} are more pixels than this decoder takes")


def padded(side):
    return -(-side // 64) * 64


def folded_size(width, height):
    """Columns and rows of a picture as the transform payload codes it, samples of a slice, and the number of slices."""
    shorter, longer = min(width, height), max(width, height)
    if shorter > 32 or longer <= 64:
        return width, height, longer, 1
    size = -(-longer // (64 // shorter))
    slices = -(-longer // size)
    return (size, shorter * slices, size, slices) if width > height else (shorter * slices, size, size, slices)


def read_chunks(reader, picture, header):
    """Chunks to the end byte. Profiles 0 and 1 have no critical chunks."""
    needed = PAYLOAD.get(picture.profile)  # the chunk with the payload
    sums = {True: 0, False: 0}
    count = 0
    while True:
        if "T" in picture.payloads and not reader.left():
            picture.truncated = True
            return
        start = reader.position
        tag = reader.u8("a chunk's tag or the end byte")
        if not tag:
            break
        tag, critical = check_tag(tag, start, picture, needed)
        count += 1
        payload = read_chunk(reader, picture, tag, start, header, sums, critical)
        if count > MAX_CHUNKS:
            raise Malformed(f"more than {MAX_CHUNKS} chunks at offset {start}")
        if critical:
            picture.payloads[tag] = payload
            if picture.truncated:
                return
        else:
            add_ancillary(picture, tag, payload, start)
    if needed and needed not in picture.payloads:
        raise Malformed(f"expected chunk {needed} before the end byte at offset {start}")


def check_tag(tag, start, picture, needed):
    letter = chr(tag)
    if not (letter.isascii() and letter.isalpha()):
        raise Malformed(f"expected a letter or 00 at offset {start}, found {tag:02X}")
    critical = letter.isupper()
    if not critical:
        return letter, False
    allowed = needed is not None and (letter == needed or (letter == "A" and picture.alpha and picture.profile != LOSSLESS))
    if not allowed:
        raise Malformed(f"critical chunk {letter} at offset {start} is unknown, or not of this profile and header")
    if letter in picture.payloads or needed in picture.payloads:
        raise Malformed(f"critical chunk {letter} at offset {start} repeats or is out of order")
    if letter == needed and picture.alpha and picture.profile != LOSSLESS and "A" not in picture.payloads:
        raise Malformed(f"expected chunk A before chunk {letter} at offset {start}")
    return letter, True


def read_chunk(reader, picture, tag, start, header, sums, critical):
    length = reader.varint(5, "a chunk's length")
    sums[critical] += length
    if critical:
        limit = min(MAX_PAYLOAD, (1 << 20) + 32 * picture.width * picture.height)
    else:
        limit = MAX_METADATA
    if sums[critical] > limit:
        raise Malformed(f"chunk {tag} at offset {start} has {length} bytes, more than this decoder takes")
    if tag == "T" and reader.left() < length + 4:
        picture.truncated = True
        payload = reader.take(min(length, reader.left()), "payload")
        reader.rest()
        return payload
    payload = reader.take(length, f"chunk {tag}")
    expected = crc32c(header + reader.data[start:reader.position])
    found = reader.u32le("a checksum")
    if found != expected:
        raise Malformed(f"expected checksum {expected:08X} of chunk {tag} at offset {reader.position - 4}, found {found:08X}")
    return payload


def add_ancillary(picture, tag, payload, start):
    if tag == "i" and (picture.payloads or picture.profile <= DESCRIPTOR):
        picture.warnings.append(f"chunk i at offset {start} stands where it does not count")
    picture.ancillary.append((tag, payload))


def read_micro_form(reader, picture):
    form = reader.u8("form")
    code = form & 127
    if code > 126:
        raise Malformed(f"size code {code} at offset 4")
    if code:
        picture.width, picture.height = size_of_code(code - 1)
    else:
        read_sides(reader, picture)
    check_size(picture)
    header = reader.data[:reader.position]
    length = reader.varint(5, "the payload's length")
    if length > min(MAX_PAYLOAD, (1 << 20) + 32 * picture.width * picture.height):
        raise Malformed(f"a payload of {length} bytes at offset {reader.position} is more than this decoder takes")
    if picture.profile == DESCRIPTOR and reader.left() < length + 1:
        picture.payloads["payload"] = reader.take(min(length, reader.left()), "payload")
        picture.truncated = True
        return
    picture.payloads["payload"] = reader.take(length, "the payload")
    expected = crc8(reader.data[:reader.position])
    found = reader.u8("the check")
    if found != expected:
        raise Malformed(f"expected the check {expected:02X} at offset {reader.position - 1}, found {found:02X}")
    if form & 128:
        read_chunks(reader, picture, header)


def read_bare_form(reader, picture):
    """A caption to the end of the input, or to the next picture."""
    picture.profile = CAPTION
    form = reader.u8("form")
    end = next((at for at in range(5, len(reader.data) - 3) if reader.data[at:at + 3] == MAGIC and reader.data[at + 3] >> 6 == 2),
               len(reader.data))
    if not 6 <= end <= 5 + MOST_BARE:
        raise Malformed(f"a caption without a length ends at offset {end}")
    if form & 128 and not 1 <= form & 127 <= 126:
        raise Malformed(f"size code {form & 127} at offset 4")
    picture.width, picture.height = size_of_code((form & 127) - 1) if form & 128 else COMMON[form >> 4]
    check_size(picture)
    rest, found = reader.data[5:end - 1], reader.data[end - 1]
    expected = crc8(reader.data[:end - 1])
    if found != expected:
        raise Malformed(f"expected the check {expected:02X} at offset {end - 1}, found {found:02X}")
    if form & 128:
        picture.payloads["payload"] = rest
    elif rest and not rest[-1]:
        raise Malformed(f"a last byte of 00 at offset {end - 2}")
    else:
        digits = int.from_bytes(bytes([form & 15]) + rest, "big") << 4
        picture.payloads["payload"] = digits.to_bytes(len(rest) + 1, "big").rstrip(b"\0")
    picture.size = end


def size_of_code(code):
    longer = LONGER_SIDES[code // 9]
    width, height = SHAPES[code % 9]
    shorter = (2 * longer * min(width, height) + max(width, height)) // (2 * max(width, height))
    return (longer, shorter) if width >= height else (shorter, longer)
