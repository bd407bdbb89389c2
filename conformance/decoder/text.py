# SPDX-License-Identifier: Apache-2.0
"""Captions: section 16 of docs/FORMAT.md."""
import functools

import numpy

from . import pack
from .container import Malformed
from .entropy import Arithmetic

END, SPELL, JOIN, CAPITAL, UPPER, MIDDLE, RARE, WORDS = range(8)
RANGES = {MIDDLE: (1024, 4096), RARE: (4096, None)}
PIECE_END, OTHER, PAGES, MOST = 95, 96, 8704, 16384


@functools.lru_cache(None)
def tensors():
    """Of the pack, as wide numbers but for the words."""
    found = pack.load("caption-1")
    return {name: tensor if name == "words" else tensor.astype(numpy.int64) for name, tensor in found.items()}


def decode(payload, tap=None):
    """The text of a payload. A tap is told of each token, the state before it, and the frequencies of tokens 0..1023 there."""
    coder = Arithmetic(payload)
    text = Writer(coder, tap).text()
    coder.finish()
    return text


class Network:
    """The gated recurrent unit."""

    def __init__(self):
        self.tensors = tensors()
        self.state = numpy.zeros(self.tensors["h.weight"].shape[1], numpy.int64)

    def matrix(self, name, vector, shift):
        weights, scale = self.tensors[name + ".weight"], self.tensors[name + ".scale"]
        return weights @ vector * scale + (1 << shift - 1) >> shift

    def curve(self, name, value):
        return self.tensors[name][numpy.clip((value >> 4) + 2048, 0, 4095)]

    def logits(self, before):
        """Of every token, behind the token before."""
        tensor, h = self.tensors, self.state
        e = tensor["embedding.weight"][before] * tensor["embedding.scale"][before] + 128 >> 8
        x = numpy.split(self.matrix("x", e, 20) + tensor["x.bias"], 3)
        y = numpy.split(self.matrix("h", h, 22), 3)
        z, r = self.curve("sigmoid", x[0] + y[0]), self.curve("sigmoid", x[1] + y[1])
        n = self.curve("tanh", x[2] + (r * (y[2] + tensor["h.bias"]) + (1 << 13) >> 14))
        self.state = n + (z * (h - n) + (1 << 13) >> 14)
        q = self.matrix("out", self.state, 22) + tensor["out.bias"]
        m = 94548 * tensor["embedding.scale"] + (1 << 15) >> 16
        return (tensor["embedding.weight"] @ q * m + (1 << 23) >> 24) + tensor["embedding.bias"]

    def frequencies(self, logits):
        d = logits.max() - logits
        return (1 + (self.tensors["exp2"][d & 255] >> numpy.minimum(d >> 8, 31))).tolist()


class Writer:
    def __init__(self, coder, tap=None):
        self.coder, self.network, self.tap = coder, Network(), tap
        self.words = bytes(tensors()["words"].tobytes()).decode("ascii").split("\n")
        self.page, self.low_counts = 0, [1] * 128
        self.units, self.pieces = 0, []

    def text(self):
        before, markers = END, []
        while True:
            before = self.token(before)
            if before == END:
                break
            if before in (JOIN, CAPITAL, UPPER):
                markers.append(before)
                if len(markers) > 2:
                    raise Malformed("a third marker before a word")
                continue
            self.say(self.spelled() if before == SPELL else self.word(before, markers))
            markers = []
        text = "".join(self.pieces)
        if text and (text[0] != " " or len(text) < 2):
            raise Malformed("a text that does not begin with a space that has something behind it")
        return text[1:]

    def say(self, piece):
        self.units += len(piece) + sum(character > "\uFFFF" for character in piece)
        if self.units - 1 > MOST:
            raise Malformed(f"a text of more than {MOST} code units")
        self.pieces.append(piece)

    def token(self, before):
        logits = self.network.logits(before)
        frequencies = self.network.frequencies(logits[:1024])
        token = self.coder.symbol(frequencies)
        if token in RANGES:
            first, last = RANGES[token]
            token = first + self.coder.symbol(self.network.frequencies(logits[first:last]))
        if self.tap:
            self.tap(token, self.network.state, frequencies)
        return token

    def word(self, token, markers):
        word = self.words[token - WORDS]
        case = [marker for marker in markers if marker != JOIN]
        if case and case[-1] == UPPER:
            word = word.upper()
        elif case:
            space = word.startswith(" ")
            word = word[:space] + word[space:space + 1].upper() + word[space + 1:]
        return word[1:] if JOIN in markers and word.startswith(" ") else word

    def spelled(self):
        older, newer, piece = 0, 0, ""
        while True:
            symbol = self.coder.symbol(spelling()[29 * older + newer])
            if symbol == PIECE_END:
                if not piece:
                    raise Malformed("a spelled piece without a character")
                return piece
            character = self.other() if symbol == OTHER else chr(32 + symbol)
            piece += character
            if len(piece) > MOST + 1:
                raise Malformed(f"a text of more than {MOST} code units")
            letter = symbol != OTHER and character.isalpha()
            older, newer = newer, ord(character.lower()) - ord("a") + 1 if letter else 28 if symbol == OTHER else 27

    def other(self):
        """A code point beyond U+0020..U+007E."""
        if self.coder.symbol([3, 1]):
            self.page = self.coder.uniform(PAGES)
        low = self.coder.symbol(self.low_counts)
        self.low_counts[low] += 12
        code = self.page << 7 | low
        if 0x20 <= code <= 0x7E:
            raise Malformed(f"U+{code:04X} is spelled as another code point")
        return chr(code)


@functools.lru_cache(None)
def spelling():
    exponents = 32 * (tensors()["spelling"] & 255)
    return (1 + (tensors()["exp2"][exponents & 255] >> (exponents >> 8))).tolist()
