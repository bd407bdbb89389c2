# SPDX-License-Identifier: Apache-2.0
"""rANS (section 10), its binary contexts (5), logistic mixing (20), and arithmetic coding (15)."""
from bisect import bisect_right

from .container import Ended, Malformed


class Rans:
    """A rANS stream. Where a word is missing, Ended is raised."""

    def __init__(self, data, lanes):
        self.data, self.position = data, 4 * lanes
        if len(data) < self.position:
            raise Ended(f"expected {4 * lanes} bytes of states in a rANS stream, found {len(data)}")
        self.states = [int.from_bytes(data[4 * i:4 * i + 4], "little") for i in range(lanes)]

    def take(self, start, freq, lane=0):
        """Leaves the interval that holds the slot."""
        state = self.states[lane]
        state = freq * (state >> 16) + (state & 0xFFFF) - start
        if state < 1 << 16:
            position = self.position
            if position + 2 > len(self.data):
                raise Ended("expected another word of a rANS stream, found its end")
            state = state << 16 | self.data[position] | self.data[position + 1] << 8
            self.position = position + 2
        self.states[lane] = state

    def bits(self, count, lane=0):
        if not count:
            return 0
        value = (self.states[lane] & 0xFFFF) >> 16 - count
        self.take(value << 16 - count, 1 << 16 - count, lane)
        return value

    def entry(self, ends, lane=0, shift=0):
        """The entry of a table whose intervals end at these places, multiplied by 2^shift."""
        entry = bisect_right(ends, (self.states[lane] & 0xFFFF) >> shift)
        start = ends[entry - 1] if entry else 0
        self.take(start << shift, ends[entry] - start << shift, lane)
        return entry

    def decision(self, zero, lane=0):
        """A binary decision whose outcome 0 has frequency zero."""
        if self.states[lane] & 0xFFFF < zero:
            self.take(0, zero, lane)
            return 0
        self.take(zero, 65536 - zero, lane)
        return 1

    def finish(self):
        if self.position != len(self.data):
            raise Malformed(f"{len(self.data) - self.position} bytes are left of a rANS stream")


class TappedRans(Rans):
    """A stream that tells of each binary decision: the chance of outcome 1, and the outcome."""

    def __init__(self, data, lanes, tap):
        super().__init__(data, lanes)
        self.tap = tap

    def decision(self, zero, lane=0):
        outcome = super().decision(zero, lane)
        self.tap(65536 - zero, outcome)
        return outcome

    def bits(self, count, lane=0):
        value = super().bits(count, lane)
        if count == 1:
            self.tap(32768, value)
        return value


def stream_of_one_lane(data, tap=None):
    return TappedRans(data, 1, tap) if tap else Rans(data, 1)


class BinaryContexts:
    """Adaptive probabilities of section 5."""

    def __init__(self, count):
        self.zero, self.rate = [1 << 15] * count, [0] * count

    def decide(self, rans, context):
        p = self.zero[context]
        outcome = rans.decision(p)
        k = self.rate[context] = min(self.rate[context] + 1, 5)
        self.zero[context] = p - (p >> k) if outcome else p + (65536 - p >> k)
        return outcome

    def tree(self, rans, base, bits):
        """A number of so many bits, the highest first; a node is a 1 followed by the bits already coded."""
        node = 1
        for _ in range(bits):
            node = 2 * node + self.decide(rans, base + node)
        return node - (1 << bits)


LOGISTIC = [
    32768, 36843, 40793, 44511, 47911, 50941, 53581, 55834, 57724, 59287, 60565, 61598, 62428, 63090, 63615, 64030, 64357, 64614,
    64816, 64974, 65097, 65194, 65269, 65328, 65374, 65410, 65438, 65459, 65476, 65489, 65500, 65508, 65514, 65519, 65523, 65526,
    65528, 65530, 65531, 65532, 65533, 65534, 65534, 65535, 65535, 65535, 65535, 65535, 65535]


def squash(x):
    """P of section 20: the chance that a logit stands for."""
    if x < 0:
        return 65536 - squash(-x)
    x = min(x, 3071)
    k, r = x >> 6, x & 63
    return LOGISTIC[k] + ((LOGISTIC[k + 1] - LOGISTIC[k]) * r + 32 >> 6)


def stretches():
    """S of section 20: the logits of chances."""
    table, x = [], -3071
    for i in range(4096):
        while x < 3071 and squash(x) < 16 * i + 8:
            x += 1
        table.append(x)
    return table


SQUASH = [squash(x) for x in range(-3071, 3072)]
STRETCH = stretches()
SHARES = [(1 << 17) // (2 * count + 3) for count in range(256)]


class Mixer:
    """Decisions of section 20: contexts are places in tables of chances and counts."""

    def __init__(self, rans, rate=12, limit=127):
        self.rans, self.rate, self.limit = rans, rate, limit

    @staticmethod
    def weights(inputs):
        return [78643 // inputs] * inputs

    def decide(self, contexts, weights):
        """Contexts are pairs [chance, count], which change, as weights do."""
        logits = [STRETCH[context[0] >> 10] for context in contexts]
        total = sum(map(int.__mul__, logits, weights)) >> 16
        p = min(max(SQUASH[min(max(total, -3071), 3071) + 3071], 4), 65532)
        outcome = self.rans.decision(65536 - p)
        error = self.rate * ((outcome << 16) - p)
        weights[:] = [weight + (error * logit + 0x80000 >> 20) for weight, logit in zip(weights, logits)]
        target = 0x3FFFFF if outcome else 0
        limit = self.limit
        for context in contexts:
            chance, count = context
            context[0] = chance + ((target - chance) * SHARES[count] >> 16)
            if count < limit:
                context[1] = count + 1
        return outcome


class Arithmetic:
    """The arithmetic decoder of section 15, with zeros behind the last byte, or ones."""

    def __init__(self, data, fill=0):
        self.data, self.fill = data, fill
        self.low, self.high, self.code, self.shifted = 0, 0xFFFFFFFF, 0, 0
        for i in range(32):
            self.code = 2 * self.code + self.bit(i)

    def bit(self, index):
        return self.data[index >> 3] >> 7 - (index & 7) & 1 if index >> 3 < len(self.data) else self.fill

    def target(self, total):
        """Where in 0..total - 1 the next symbol's interval lies."""
        return ((self.code - self.low + 1) * total - 1) // (self.high - self.low + 1)

    def take(self, start, freq, total):
        span = self.high - self.low + 1
        self.high = self.low + span * (start + freq) // total - 1
        self.low += span * start // total
        while True:
            if self.high < 1 << 31:
                less = 0
            elif self.low >= 1 << 31:
                less = 1 << 31
            elif self.low >= 1 << 30 and self.high < 3 << 30:
                less = 1 << 30
            else:
                return
            self.low = 2 * (self.low - less)
            self.high = 2 * (self.high - less) + 1
            self.code = 2 * (self.code - less) + self.bit(32 + self.shifted)
            self.shifted += 1

    def uniform(self, count):
        value = self.target(count)
        self.take(value, 1, count)
        return value

    def symbol(self, frequencies):
        total = sum(frequencies)
        target = self.target(total)
        start = 0
        for i, frequency in enumerate(frequencies):
            if target < start + frequency:
                self.take(start, frequency, total)
                return i
            start += frequency
        raise AssertionError("a target behind the last symbol")

    def finish(self):
        """Section 15: how many bytes a payload must have."""
        most = (self.shifted + 8) // 8
        if not most - 5 <= len(self.data) <= most:
            raise Malformed(f"an arithmetic-coded payload of {len(self.data)} bytes should have {most - 5} to {most}")
