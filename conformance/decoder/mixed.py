# SPDX-License-Identifier: Apache-2.0
"""Mixed strips of the lossless payload: sections 13.2 to 13.4 of docs/FORMAT.md."""
from .entropy import Mixer

MASK = (1 << 64) - 1
NEIGHBOURHOOD = [
    (-1, 0), (0, 1), (-1, 1), (1, 1), (-2, 0), (0, 2), (2, 1), (-2, 1), (-1, 2), (1, 2),
    (-3, 0), (3, 1), (-4, 0), (-5, 0), (2, 2), (-2, 2), (0, 3), (-1, 3), (1, 3), (-3, 1)]
MEMORIES = [20, 12, 6, 4, 2]


def hashed(start, *values):
    """The hash of a list, and of what follows the list with the hash start."""
    for value in values:
        start = (start * 0x9E3779B97F4A7C15 + value) * 0xD6E8FEB86659FD93 & MASK
        start ^= start >> 29
    return start


def median(w, n, nw):
    """The median of W, N and W + N - NW."""
    return min(w, n) if nw >= max(w, n) else max(w, n) if nw <= min(w, n) else w + n - nw


def sign(value):
    return (value > 0) - (value < 0)


def unfold(folded):
    return -(folded + 1 >> 1) if folded & 1 else folded >> 1


def halves(value):
    if value < 2:
        return value
    bits = value.bit_length() - 1
    return 2 * bits + (value >> bits - 1 & 1)


def signed(value):
    return 2 * halves(abs(value)) + (value < 0)


def quotient(number, divisor):
    """Rounded towards 0."""
    return number // divisor if number >= 0 else -(-number // divisor)


class Inputs:
    """Decisions of a kind: a table of contexts for each input, and sets of weights."""

    def __init__(self, rans, bits, inputs, sets, rate, limit):
        self.mixer = Mixer(rans, rate, limit)
        self.shift = 64 - bits
        self.tables = [{} for _ in range(inputs)]  # a place that was never used has chance 2^21 and count 0
        self.weights = [Mixer.weights(inputs) for _ in range(sets)]

    def decide(self, hashes, key, weights):
        contexts = [
            table.setdefault(hashed(start, key) >> self.shift, [1 << 21, 0]) for table, start in zip(self.tables, hashes)]
        return self.mixer.decide(contexts, self.weights[weights])


class Strip:
    """What both kinds of mixed strips have: rows of planes, each sample with the value above the strip and beyond the sides."""

    def __init__(self, rans, width, height, refs, depth):
        self.rans, self.width, self.height, self.refs, self.depth = rans, width, height, refs, depth
        self.bits = min(max((width * height - 1).bit_length() - 1, 12), 18)
        self.planes = [[] for _ in refs]

    def samples(self):
        return [[plane[y] for plane in self.planes] for y in range(self.height)]

    def neighbour(self, rows, x, y, right, up, above):
        """The value so many columns to the right and rows up, of rows whose last one may be incomplete."""
        x, y = x + right, y - up
        if x < 0:  # left of column 0 a row has what is in column 0 of the row above it
            x, y = 0, y - 1
        return above if y < 0 else rows[y][min(x, self.width - 1)]

    def inside(self, rows, x, y, right, up):
        """The same, but 0 outside the strip."""
        x, y = x + right, y - up
        return rows[y][x] if y >= 0 and 0 <= x < self.width else 0


class RepeatedStrip(Strip):
    """Section 13.3."""

    def __init__(self, rans, width, height, refs, depth):
        super().__init__(rans, width, height, refs, depth)
        self.flats = Inputs(rans, self.bits, 3, 1, 24, 60)
        self.copies = Inputs(rans, self.bits, 9, 200, 24, 60)
        self.told = Inputs(rans, self.bits, 13, len(refs) * depth, 24, 60)
        self.memories = [{} for _ in MEMORIES]  # place: key, colour, count
        self.colours, self.fates, self.streak = [], [], 0
        self.residuals = [[] for _ in refs]

    def decode(self):
        for y in range(self.height):
            for rows in [self.colours, self.fates] + self.planes + self.residuals:
                rows.append([])
            for x in range(self.width):
                self.pixel(x, y)

    def pixel(self, x, y):
        near = [self.neighbour(self.colours, x, y, right, up, 0) for right, up in NEIGHBOURHOOD]
        flat = len(set(near)) == 1
        if flat and self.goes_on(near[0]):
            self.take(y, near[0], 0)
            return
        hashes = self.hashes(near)
        found = [self.look_up(memory, number) for memory, number in zip(self.memories, hashes)]
        fates = [self.inside(self.fates, x, y, *place) for place in ((-1, 0), (0, 1), (1, 1), (-1, 1))]  # W, N, NE, NW
        candidates = [colour for colour in self.candidates(near, found) if not (flat and colour == near[0])][:2 if fates == [2, 2, 2, 2] else 8]
        right = next((k for k, colour in enumerate(candidates) if self.is_copy(k, colour, near, hashes, found, fates)), None)
        if right is None:
            colour = self.new_colour(x, y, near)
            self.streak = 0
            self.colours[y].append(colour)
            self.fates[y].append(2)
        else:
            colour = candidates[right]
            self.take(y, colour, min(right, 1))
        for memory, number in zip(self.memories, hashes):
            self.learn(memory, number, colour)

    def goes_on(self, colour):
        length = self.streak.bit_length()
        return self.flats.decide([colour, length, hashed(0, colour, length)], 0, 0)

    def take(self, y, colour, fate):
        """A pixel of a colour that was there before."""
        for plane, (rows, residuals) in enumerate(zip(self.planes, self.residuals)):
            rows[y].append(colour >> 16 * plane & 0xFFFF)
            residuals[y].append(0)
        self.streak = self.streak + 1 if fate == 0 else 0
        self.colours[y].append(colour)
        self.fates[y].append(fate)

    @staticmethod
    def hashes(near):
        return [hashed(0, *near[:count]) for count in MEMORIES]

    def place(self, number):
        return number >> 64 - self.bits, number & 0xFFFFFFFF | 1

    def look_up(self, memory, number):
        """The colour and the confidence of a memory; no colour if it does not know the neighbourhood."""
        place, key = self.place(number)
        known = memory.get(place)
        if not known or known[0] != key:
            return None, 0
        count = known[2]
        return known[1], 1 if count < 2 else 2 if count < 4 else 3 if count < 16 else 4

    def learn(self, memory, number, colour):
        place, key = self.place(number)
        known = memory.get(place)
        if known and known[0] == key and known[1] == colour:
            known[2] = min(known[2] + 1, 100)
        elif known and known[0] == key and known[2] >= 4:
            known[2] >>= 2
        else:
            memory[place] = [key, colour, 1]

    def candidates(self, near, found):
        w, n, nw, ne = near[:4]
        middle = sum(median(*(c >> 16 * plane & 0xFFFF for c in (w, n, nw))) << 16 * plane for plane in range(len(self.refs)))
        listed = [colour for colour, _ in found if colour is not None] + [w, n, middle, ne, nw]
        return list(dict.fromkeys(listed))

    def is_copy(self, k, candidate, near, hashes, found, fates):
        w, n, nw, ne, ww, nn = near[:6]
        c = [confidence for _, confidence in found]
        agreeing = sum((colour == candidate) << m for m, (colour, _) in enumerate(found))
        nearest = next((i + 1 for i, colour in enumerate((w, n, ne, nw)) if colour == candidate), 0)
        equal = sum(same << i for i, same in enumerate((w == n, n == nw, n == ne, w == nw, w == ww, n == nn)))
        conf = 25 * c[0] + 5 * c[1] + c[2]
        fate = 27 * fates[0] + 9 * fates[1] + 3 * fates[2] + fates[3]
        contexts = [
            2 * agreeing + (self.streak > 8), 5 * conf + nearest, hashed(0, w, n, candidate), equal, hashed(0, candidate, hashes[3]),
            hashed(0, candidate, hashes[1]), 3 * fate + min(2, self.streak >> 2), hashed(0, candidate, hashes[2]),
            hashed(0, 64 * nearest + equal, agreeing, conf)]
        return self.copies.decide(contexts, k, 25 * k + 5 * max(c[0], c[1]) + c[3])

    def new_colour(self, x, y, near):
        known, before, green = 0, 0, (0, 0)
        for plane, refs in enumerate(self.refs):
            w, n, nw, ne, ww, nn = [colour >> 16 * plane & 0xFFFF for colour in near[:6]]
            prediction = middle = median(w, n, nw)
            if refs:
                prediction = min(max(middle + green[0] - green[1], 0), (1 << self.depth) - 1)
            around = (w, n, nw, ne, ww, nn)
            contexts = self.sample_contexts(x, y, plane, around, prediction, near, known, before)
            before = self.residual(contexts, plane)
            sample = prediction + before & (1 << self.depth) - 1
            if plane == 0:
                green = sample, middle
            self.planes[plane][y].append(sample)
            self.residuals[plane][y].append(before)
            known |= sample << 16 * plane
        return known

    def sample_contexts(self, x, y, plane, around, p, near, known, before):
        w, n, nw, ne, ww, nn = around
        cw, cn, _, cne = near[:4]
        rw = self.inside(self.residuals[plane], x, y, -1, 0)
        rn = self.inside(self.residuals[plane], x, y, 0, 1)
        change = abs(w - nw) + abs(n - nw) + abs(n - ne)
        a = (change >> self.depth - 8).bit_length()
        activity = 16 * a + min(7, (abs(rw) + abs(rn)).bit_length())
        return [
            activity, p, hashed(0, w, n), hashed(0, known, p), known, hashed(0, cw, cn), hashed(0, before, a), hashed(0, rw, rn),
            hashed(0, cw, known), hashed(0, cn, known), w + n - nw - p, hashed(0, 2 * w - ww - p, 2 * n - nn - p),
            hashed(0, cw, cn, cne)]

    def residual(self, contexts, plane):
        node = 1
        for bit in range(self.depth):
            node = 2 * node + self.told.decide(contexts, (plane << 17) + node, self.depth * plane + bit)
        return unfold(node - (1 << self.depth))


class BlendedStrip(Strip):
    """Section 13.4."""

    def __init__(self, rans, width, height, refs, depth):
        super().__init__(rans, width, height, refs, depth)
        self.told = Inputs(rans, self.bits, 19, len(refs) * 12 * 26, 16, 127)
        self.residuals = [[] for _ in refs]
        self.misses = [[] for _ in refs]
        self.weights = [[self.first_weights(len(r)) for _ in range(2)] for r in refs]

    @staticmethod
    def first_weights(references):
        weights = [0] * (10 + 6 * references)
        if references:
            weights[10] = 1 << 16
        else:
            weights[0], weights[1] = 1 << 15, 1 << 14
        return weights

    def decode(self):
        for y in range(self.height):
            for rows in self.planes + self.residuals + self.misses:
                rows.append([])
            for x in range(self.width):
                for plane in range(len(self.refs)):
                    self.sample(x, y, plane)

    def at(self, plane, x, y, *places):
        return [self.neighbour(self.planes[plane], x, y, right, up, 1 << self.depth - 1) for right, up in places]

    def differences(self, x, y, plane):
        """Eight times the differences; and the samples around in the plane and in its references, nearest first."""
        places = NEIGHBOURHOOD[:6]
        w, n, nw, ne, ww, nn = own = self.at(plane, x, y, *places)
        far = self.at(plane, x, y, (2, 1), (-2, 1), (1, 2), (-3, 0))
        values = [8 * (value - w) for value in (n, ne, nw, ww, nn, *far[:3], median(w, n, nw), far[3])]
        others = []
        for reference in reversed(self.refs[plane]):
            s = self.planes[reference][y][x]
            rw, rn, rnw, rne, rww, rnn = around = self.at(reference, x, y, *places)
            values += [8 * (value - rw) for value in (s, rn, rne, rnw, rww, rnn)]
            others.append((s, around))
        return values, own + [far[2]], others

    def predictions(self, plane, values, own, others):
        top = 8 * ((1 << self.depth) - 1)
        w, n, nw = own[:3]
        found = [8 * w + (sum(map(int.__mul__, weights, values)) >> 16) for weights in self.weights[plane]]
        third = median(w, n, nw)
        if others:
            s, around = others[0]
            third += s - median(*around[:3])
        return [min(max(p, 0), top) for p in found + [8 * third]]

    def blend(self, x, y, plane, predictions):
        shares = []
        for i in range(3):
            m = 1
            for right, up in NEIGHBOURHOOD[:4]:
                misses = self.inside(self.misses[plane], x, y, right, up)
                m += misses[i] if misses else 0
            shares.append((1 << 24) // (m * m + 1) + 1)
        return sum(map(int.__mul__, shares, predictions)) // sum(shares)

    def sample(self, x, y, plane):
        values, own, others = self.differences(x, y, plane)
        predictions = self.predictions(plane, values, own, others)
        blend = self.blend(x, y, plane, predictions)
        p = blend + 4 >> 3
        contexts, energy = self.contexts(x, y, plane, own, others, predictions, blend, p)
        residual = self.residual(plane, contexts, energy)
        sample = p + residual & (1 << self.depth) - 1
        self.planes[plane][y].append(sample)
        self.residuals[plane][y].append(residual)
        self.misses[plane][y].append([abs(8 * sample - prediction) for prediction in predictions])
        q = 512 + sum(d * d >> 3 for d in values)
        for weights, prediction, rate in zip(self.weights[plane], predictions, (256, 1280)):
            e = (8 * sample - prediction) * rate
            weights[:] = [weight + quotient(e * d, q) for weight, d in zip(weights, values)]

    def contexts(self, x, y, plane, own, others, predictions, blend, p):
        w, n, nw, ne, ww, nn, up2 = own
        shift = self.depth - 8
        ew, en, enw, ene, eww, enn = [self.inside(self.residuals[plane], x, y, *place) for place in NEIGHBOURHOOD[:6]]
        e1, e2 = ([self.residuals[r][y][x] for r in reversed(self.refs[plane])] + [0, 0])[:2]
        f = blend + 4 >> 1 & 3
        near = 2 * (abs(ew) + abs(en)) + abs(ene) + abs(enw) + abs(eww) + abs(enn) >> shift
        change = abs(w - nw) + abs(n - nw) + abs(n - ne) >> shift
        across = 2 * (abs(e1) + abs(e2)) >> shift
        energy, nc, ac = halves(near + (change >> 2) + 2 * across), halves(near), halves(across)
        signs = sign(ew) + 1 + 3 * (sign(en) + 1)
        bias = ew + en
        wide = bias + eww + ene + enw
        q1, q2, q3 = predictions
        s = others[0][0] if others else 0
        if others:
            last = (s - others[0][1][0] + w - p, s - others[0][1][1] + n - p)
        else:
            last = (w + ne - n - p, n + ne - up2 - p)
        contexts = [
            (ac << 16) + 4 * energy + f, 64 * nc + ac, (p, energy >> 1), (w, n), (4 * p + f, s), (q1 - blend >> 1, energy >> 1),
            (q2 - blend >> 1, q3 - blend >> 2), (w + n - nw - p, energy >> 2), (ne - p, w - p), (n - p, nw - p),
            (2 * w - ww - p, 2 * n - nn - p), (e1, energy >> 1), (e1, e2), (ew, en), (64 * halves(change) + nc, signs),
            (nn - p, ww - p), last, (signed(bias), signed(wide)), 0]
        return [c if isinstance(c, int) else hashed(0, *c) for c in contexts], energy

    def residual(self, plane, contexts, energy):
        base = 26 * (12 * plane + min(11, energy >> 1))

        def decide(key, kind):
            return self.told.decide(contexts, 4 * key + plane, base + kind)

        if decide(0, 0):
            return 0
        negative = decide(1, 1)
        bits = 0
        while bits < self.depth - 1 and decide(2 + 2 * bits + negative, 2 + bits):
            bits += 1
        node = 1
        for told in range(bits):
            node = 2 * node + decide(64 + 2 * ((bits << 16) + node) + negative, 18 + min(7, told))
        return -node if negative else node
