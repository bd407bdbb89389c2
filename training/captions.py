#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Trains the caption prior and exports it as a model pack (FORMAT.md, "Text"). Needs NumPy alone; one core will do.

captions.py --captions captions.txt --held-out held-out.txt --minutes 25 --work runs/captions
            --pack ../imageio-sem/src/main/resources/org/semimage/packs/caption-1
            --vectors ../imageio-sem/src/test/resources/org/semimage/text/text-vectors.json

The files hold a caption a line; captions of a file that is named twice count twice. Those held out are kept out of training and measured on.
--start PACK goes on from a pack, with its words; larger --embedding and --hidden than the pack's are made of its own, which new features
and units join without a say at first. A run that was stopped goes on from its checkpoint with --resume; --export makes the pack of a checkpoint.

It is one long file, as words, model, training and export are those of one network that nothing else trains.
"""
import argparse
import collections
import json
import os
import re
import time

import numpy as np

from semcodec import pack, safetensors

END, SPELL, JOIN, CAPITAL, UPPER, TAIL_A, TAIL_B = range(7)
SPECIAL = 7
HEAD, MIDDLE = 1024, 4096
LONGEST = 24
SPELL_END, SPELL_OTHER, SPELL_SYMBOLS = 95, 96, 97
PIECE = re.compile(r" ?[a-z0-9]+(?:-[a-z0-9]+)*|'[a-z]+| ?[^a-z0-9 ]")


def vocabulary(lines, minimum=2):
    counts = collections.Counter(p for line in lines for p in PIECE.findall(' ' + line) if len(p) <= LONGEST)
    words = [w for w, n in sorted(counts.items(), key=lambda item: (-item[1], item[0]))
             if n >= minimum and w.isascii() and (w[0] == ' ' or not w[0].isalnum())]
    return [''] * SPECIAL + words


class Tokenizer:
    """Cuts a text into vocabulary words and spelled pieces, longest match first; the inverse is concatenation."""

    def __init__(self, words):
        self.ids = {w: i for i, w in enumerate(words) if w}

    def match(self, text, at):
        """The longest word at a position that does not end inside a run of letters and digits: (id, length) or None."""
        for n in range(min(LONGEST, len(text) - at), 0, -1):
            end = at + n
            word = text[at:end]
            if word in self.ids and not (end < len(text) and alnum(text[end]) and alnum(text[end - 1])):
                return self.ids[word], n
        return None

    def tokens(self, text):
        """Token ids and, for each SPELL, what is spelled."""
        out, spelled = [], []
        text = ' ' + text if text else ''
        at = 0
        while at < len(text):
            joined = alnum(text[at])
            rest = ' ' + text[at:at + LONGEST + 1] if joined else text[at:at + LONGEST + 2]
            found, modifiers = self.match(rest, 0), [JOIN] if joined else []
            if found is None and len(rest) > 1 and 'A' <= rest[1] <= 'Z':
                run = re.match(r' [A-Z]+(?![a-z0-9])', rest)
                if run and run.end() > 2:
                    found = self.match(rest[:run.end()].lower() + rest[run.end():], 0)
                    found = found if found and found[1] == run.end() else None
                    modifiers.append(UPPER)
                else:
                    found = self.match(rest[0] + rest[1].lower() + rest[2:], 0)
                    modifiers.append(CAPITAL)
            if found:
                out += modifiers + [found[0]]
                at += found[1] - joined
            else:
                end = at + 1
                while end < len(text) and (alnum(text[end]) or ord(text[end]) > 127
                                           or text[end] == ' ' and ord(text[end + 1:end + 2] or ' ') > 127):
                    end += 1
                out.append(SPELL)
                spelled.append(text[at:end])
                at = end
        return out + [END], spelled


def alnum(c):
    return 'a' <= c <= 'z' or 'A' <= c <= 'Z' or '0' <= c <= '9'


def dressed(line, random):
    """Now and then a caption as people punctuate it."""
    if random.random() < 0.04:
        line = line[0].upper() + line[1:]
        return line + '.' if random.random() < 0.7 else line
    return line + '.' if random.random() < 0.01 else line


def spelling_class(c):
    if c.isascii() and c.isalpha():
        return ord(c.lower()) - 96
    return 27 if 32 <= ord(c) < 127 else 28


def spelling_symbol(c):
    return SPELL_END if c is None else ord(c) - 32 if 32 <= ord(c) < 127 else SPELL_OTHER


def spelling_table(lines, words):
    """Eighths of a bit [29 * 29, 97] that the next character of a spelled piece costs, given the classes of the two before it."""
    known = set(words)
    counts = collections.Counter(p for line in lines for p in PIECE.findall(' ' + line))
    order1 = np.full((29, SPELL_SYMBOLS), 0.02)
    order2 = np.zeros((29 * 29, SPELL_SYMBOLS))
    for word, n in counts.items():
        weight = min(n, 3) if word not in known else 0.3
        a = b = 0
        for c in list(word) + [None]:
            order1[b, spelling_symbol(c)] += weight
            order2[a * 29 + b, spelling_symbol(c)] += weight
            if c is not None:
                a, b = b, spelling_class(c)
    order1 += 0.02 * order1.sum(1, keepdims=True) / SPELL_SYMBOLS
    order1 /= order1.sum(1, keepdims=True)
    p = (order2 + 6 * np.tile(order1, (29, 1))) / (order2.sum(1, keepdims=True) + 6)
    # What the captions lack: capitals like their small letters but rarer, and other scripts, which come in runs with spaces between.
    p[:, 33:59] += 0.04 * p[:, 65:91]
    other = np.zeros(SPELL_SYMBOLS)
    other[[SPELL_OTHER, SPELL_END, 0]] = 0.8, 0.12, 0.05
    foreign = [a * 29 + 28 for a in range(29)] + [28 * 29 + 27]
    p[foreign] = 0.03 * p[foreign] + other
    p /= p.sum(1, keepdims=True)
    return np.clip(np.round(-8 * np.log2(p)), 0, 127).astype(np.int8)


def spelling_bits(table, text):
    a = b = 0
    bits = 0
    for c in list(text) + [None]:
        row = 1 + (2.0 ** (18 - table[a * 29 + b] / 8)).astype(int)
        bits += np.log2(row.sum() / row[spelling_symbol(c)])
        if c is not None:
            bits += 8 if spelling_class(c) == 28 else 0
            a, b = b, spelling_class(c)
    return bits


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


class Gru:
    """A word embedding, a GRU, a projection and a softmax of two levels over the same embedding."""

    def __init__(self, size, features, units, random):
        def normal(*shape, scale):
            return (random.standard_normal(shape) * scale).astype(np.float32)
        self.p = {
            'embedding': normal(size, features, scale=0.1), 'bias': np.zeros(size, np.float32),
            'x': normal(features, 3 * units, scale=features ** -0.5), 'xb': np.zeros(3 * units, np.float32),
            'h': normal(units, 3 * units, scale=units ** -0.5), 'hb': np.zeros(units, np.float32),
            'out': normal(units, features, scale=units ** -0.5), 'outb': np.zeros(features, np.float32)}
        self.m = {k: np.zeros_like(v) for k, v in self.p.items()}
        self.v = {k: np.zeros_like(v) for k, v in self.p.items()}
        self.steps = 0

    def take(self, old):
        """The parameters of a model of the same words that is no larger. What is new reads what was there and is not yet read."""
        features, units = old['out'].shape[1], old['out'].shape[0]
        def parts(a):
            return a.reshape(*a.shape[:-1], 3, -1)
        p = self.p
        p['embedding'][:, :features] = old['embedding']
        p['bias'] = old['bias'].astype(np.float32)
        parts(p['x'])[features:] = 0
        parts(p['x'])[:features, :, :units] = parts(old['x'])
        parts(p['xb'])[:, :units] = parts(old['xb'])
        parts(p['h'])[units:, :, :units] = 0
        parts(p['h'])[:units, :, :units] = parts(old['h'])
        p['hb'][:units] = old['hb']
        p['out'][units:] = 0
        p['out'][:, features:] = 0
        p['out'][:units, :features] = old['out']
        p['outb'][:features] = old['outb']

    def gradients(self, tokens, mask, drop, random):
        """Loss in nats a token, and gradients. tokens [T, B], mask [T, B]: which are coded."""
        p, (T, B) = self.p, tokens.shape
        units, features = p['out'].shape
        inputs = np.vstack([np.full((1, B), END), tokens[:-1]])
        def dropout(shape):
            return (random.random(shape, dtype=np.float32) >= drop).astype(np.float32) / np.float32(1 - drop)
        # One mask of features a text, and one word in ten not seen at all: the model must not lean on single words.
        din = dropout((1, B, features)) * (random.random((T, B, 1), dtype=np.float32) >= 0.1)
        x = p['embedding'][inputs] * din
        flat = x.reshape(-1, features)
        gx = (flat @ p['x'] + p['xb']).reshape(T, B, 3 * units)
        hs = np.zeros((T + 1, B, units), np.float32)
        zs, rs, ns, us = (np.empty((T, B, units), np.float32) for _ in range(4))
        for t in range(T):
            gh = hs[t] @ p['h']
            zr = sigmoid(gx[t, :, :2 * units] + gh[:, :2 * units])
            zs[t], rs[t] = zr[:, :units], zr[:, units:]
            us[t] = gh[:, 2 * units:] + p['hb']
            ns[t] = np.tanh(gx[t, :, 2 * units:] + rs[t] * us[t])
            hs[t + 1] = ns[t] + zs[t] * (hs[t] - ns[t])
        chosen = np.flatnonzero(mask)
        target = tokens.reshape(-1)[chosen]
        dout = dropout((T, B, units)).reshape(-1, units)[chosen]
        hidden = hs[1:].reshape(-1, units)[chosen] * dout
        q = hidden @ p['out'] + p['outb']
        g = {k: np.zeros_like(v) for k, v in p.items()}
        dq = np.zeros_like(q)
        loss = 0.0
        first = np.where(target < HEAD, target, np.where(target < MIDDLE, TAIL_A, TAIL_B))
        for low, high, rows, label in ((0, HEAD, np.arange(len(target)), first),
                                       (HEAD, MIDDLE, np.flatnonzero(first == TAIL_A), target),
                                       (MIDDLE, len(p['bias']), np.flatnonzero(first == TAIL_B), target)):
            if not len(rows):
                continue
            e = p['embedding'][low:high]
            logits = q[rows] @ e.T + p['bias'][low:high]
            logits -= logits.max(1, keepdims=True)
            np.exp(logits, out=logits)
            logits /= logits.sum(1, keepdims=True)
            at = (np.arange(len(rows)), label[rows] - low)
            loss -= np.log(logits[at] + 1e-20).sum()
            logits[at] -= 1
            logits /= len(target)
            dq[rows] += logits @ e
            g['embedding'][low:high] += logits.T @ q[rows]
            g['bias'][low:high] += logits.sum(0)
        g['out'] = hidden.T @ dq
        g['outb'] = dq.sum(0)
        dhs = np.zeros((T * B, units), np.float32)
        dhs[chosen] = dq @ p['out'].T * dout
        dhs = dhs.reshape(T, B, units)
        dgx = np.empty_like(gx)
        dgh = np.empty_like(gx)
        dh = np.zeros((B, units), np.float32)
        for t in range(T - 1, -1, -1):
            dh = dh + dhs[t]
            z, r, n = zs[t], rs[t], ns[t]
            dn = dh * (1 - z) * (1 - n * n)
            dgx[t, :, :units] = dh * (hs[t] - n) * z * (1 - z)
            dgx[t, :, units:2 * units] = dn * us[t] * r * (1 - r)
            dgx[t, :, 2 * units:] = dn
            dgh[t] = dgx[t]
            dgh[t, :, 2 * units:] *= r
            dh = dh * z + dgh[t] @ p['h'].T
        dgx = dgx.reshape(-1, 3 * units)
        dgh = dgh.reshape(-1, 3 * units)
        g['h'] = hs[:-1].reshape(-1, units).T @ dgh
        g['hb'] = dgh[:, 2 * units:].sum(0)
        g['x'] = flat.T @ dgx
        g['xb'] = dgx.sum(0)
        dx = (dgx @ p['x'].T).reshape(T, B, features) * din
        flat_inputs = inputs.reshape(-1)
        order = np.argsort(flat_inputs, kind='stable')
        ids, starts = np.unique(flat_inputs[order], return_index=True)
        g['embedding'][ids] += np.add.reduceat(dx.reshape(-1, features)[order], starts, axis=0)
        return loss / len(target), g

    def step(self, g, rate):
        norm = np.sqrt(sum(float((a * a).sum()) for a in g.values()))
        scale = np.float32(min(1, 1 / norm))
        self.steps += 1
        adjusted = np.float32(rate * np.sqrt(1 - 0.999 ** self.steps) / (1 - 0.9 ** self.steps))
        for k, a in g.items():
            a *= scale
            self.m[k] += np.float32(0.1) * (a - self.m[k])
            a *= a
            self.v[k] += np.float32(0.001) * (a - self.v[k])
            np.sqrt(self.v[k], out=a)
            a += np.float32(1e-8)
            np.divide(self.m[k], a, out=a)
            a *= adjusted
            self.p[k] -= a


def batches(sequences, size, random):
    """Batches [T, B] of sequences of like length, and their masks, in random order."""
    order = sorted(range(len(sequences)), key=lambda i: (len(sequences[i]) + random.random() * 1.5))
    cuts = [order[i:i + size] for i in range(0, len(order), size)]
    random.shuffle(cuts)
    for cut in cuts:
        longest = max(len(sequences[i]) for i in cut)
        tokens = np.zeros((longest, len(cut)), np.int64)
        mask = np.zeros((longest, len(cut)), bool)
        for b, i in enumerate(cut):
            tokens[:len(sequences[i]), b] = sequences[i]
            mask[:len(sequences[i]), b] = True
        yield tokens, mask


def train(lines, held, words, args):
    random = np.random.default_rng(args.seed)
    tokenizer = Tokenizer(words)
    model = Gru(len(words), args.embedding, args.hidden, random)
    elapsed = 0.0
    checkpoint = os.path.join(args.work, 'captions.npz')
    if args.resume:
        with np.load(checkpoint) as saved:
            for name in ('p', 'm', 'v'):
                for k in model.p:
                    getattr(model, name)[k] = saved[name + '.' + k]
            model.steps, elapsed = int(saved['steps']), float(saved['elapsed'])
    elif args.start:
        model.take(parameters(safetensors.read(os.path.join(args.start, 'caption.safetensors'))))
    start, epoch = time.time() - elapsed, 0
    budget = 60 * args.minutes
    losses = []
    while time.time() - start < budget:
        weighted = [l for l in lines if len(l) < 110 or random.random() < args.long]
        sequences = [tokenizer.tokens(dressed(l, random))[0][:64] for l in weighted]
        for tokens, mask in batches(sequences, args.batch, random):
            done = (time.time() - start) / budget
            if done >= 1:
                break
            rate = args.rate * min(1, (model.steps + 1) / 200) * (0.02 + 0.98 * 0.5 * (1 + np.cos(np.pi * done)))
            loss, g = model.gradients(tokens, mask, args.drop, random)
            model.step(g, rate)
            losses.append(loss)
            if model.steps % 200 == 0:
                print(f'{(time.time() - start) / 60:.1f} min, step {model.steps}, rate {rate:.5f}, '
                      f'{np.mean(losses[-200:]) / np.log(2):.3f} bits a token', flush=True)
        epoch += 1
        np.savez(checkpoint, steps=model.steps, elapsed=time.time() - start,
                 **{n + '.' + k: a for n in ('p', 'm', 'v') for k, a in getattr(model, n).items()})
        q = quantize(model.p)
        print(f'epoch {epoch}: held out, integer prior:', measure(q, words, held[::10], spelling_table(lines, words)), flush=True)
    return model


def quantize(p):
    """Integer tensors of FORMAT.md's section "Text prior"."""
    def rows(matrix):
        scale = np.abs(matrix).max(1) / 127 + 1e-9
        weight = np.round(matrix / scale[:, None]).astype(np.int8)
        return weight, np.round(scale * 2 ** 20).astype(np.int32)
    q = {}
    q['embedding.weight'], q['embedding.scale'] = rows(p['embedding'])
    q['embedding.bias'] = np.round(p['bias'] / np.log(2) * 256).astype(np.int32)
    for name in 'x', 'h', 'out':
        q[name + '.weight'], q[name + '.scale'] = rows(p[name].T)
    q['x.bias'] = np.round(p['xb'] * 4096).astype(np.int32)
    q['h.bias'] = np.round(p['hb'] * 4096).astype(np.int32)
    q['out.bias'] = np.round(p['outb'] * 4096).astype(np.int32)
    v = (np.arange(4096) - 2048 + 0.5) / 256
    q['sigmoid'] = np.round(16384 * sigmoid(v)).astype(np.int32)
    q['tanh'] = np.round(16384 * np.tanh(v)).astype(np.int32)
    q['exp2'] = np.round(2.0 ** (18 - np.arange(256) / 256)).astype(np.int32)
    return q


def parameters(tensors):
    """Real parameters that quantize() made tensors of; its inverse up to rounding."""
    p = {k: (tensors[k + '.weight'] * (tensors[k + '.scale'] / 2.0 ** 20)[:, None]).astype(np.float32) for k in ('embedding', 'x', 'h', 'out')}
    for k in 'x', 'h', 'out':
        p[k] = np.ascontiguousarray(p[k].T)
        p[k + 'b'] = (tensors[k + '.bias'] / 4096).astype(np.float32)
    p['bias'] = (tensors['embedding.bias'] * np.log(2) / 256).astype(np.float32)
    return p


class IntegerPrior:
    """What a decoder computes, for a batch of texts at once."""

    def __init__(self, q):
        # Sums of products stay below 2^53, so float64 holds them exactly and multiplies fast.
        self.q = {k: a.astype(np.int64) for k, a in q.items()}
        self.f = {k: q[k + '.weight'].astype(np.float64).T.copy() for k in ('x', 'h', 'out', 'embedding')}

    def affine(self, name, x, shift):
        sums = (x.astype(np.float64) @ self.f[name]).astype(np.int64)
        return (sums * self.q[name + '.scale'] + (1 << shift - 1)) >> shift

    def table(self, name, v):
        return self.q[name][np.clip((v >> 4) + 2048, 0, 4095)]

    def next(self, h, token):
        q, H = self.q, self.q['h.bias'].shape[0]
        x = (q['embedding.weight'][token] * q['embedding.scale'][token][:, None] + 128) >> 8
        gx = self.affine('x', x, 20) + q['x.bias']
        gh = self.affine('h', h, 22)
        z, r = self.table('sigmoid', gx[:, :H] + gh[:, :H]), self.table('sigmoid', gx[:, H:2 * H] + gh[:, H:2 * H])
        u = gh[:, 2 * H:] + q['h.bias']
        n = self.table('tanh', gx[:, 2 * H:] + ((r * u + 8192) >> 14))
        return n + ((z * (h - n) + 8192) >> 14)

    def query(self, h):
        return self.affine('out', h, 22) + self.q['out.bias']

    def frequencies(self, query, low, high):
        """Of the words low..high-1, [B, high - low]."""
        q = self.q
        sums = (query.astype(np.float64) @ self.f['embedding'][:, low:high]).astype(np.int64)
        # Q12 of the query and 2^20 of the scale leave Q8 of octaves behind a shift of 24 and log2(e) in 2^-16: in one product.
        scale = (q['embedding.scale'][low:high] * 94548 + (1 << 15)) >> 16
        logits = ((sums * scale + (1 << 23)) >> 24) + q['embedding.bias'][low:high]
        below = logits.max(1, keepdims=True) - logits
        return 1 + (q['exp2'][below & 255] >> np.minimum(below >> 8, 31))


def cost(f, at):
    return np.log2(f.sum(1)) - np.log2(f[np.arange(len(f)), at])


def measure(q, words, lines, table):
    """Ideal code length of texts: {'bits': a text, 'bits_per_char': ..., 'spelled': bits a text spent in spelling}."""
    tokenizer = Tokenizer(words)
    prior = IntegerPrior(q)
    bits = spelled_bits = 0.0
    parsed = [tokenizer.tokens(l) for l in lines]
    parsed.sort(key=lambda s: len(s[0]))
    for i in range(0, len(parsed), 256):
        part = parsed[i:i + 256]
        h = np.zeros((len(part), q['h.bias'].shape[0]), np.int64)
        previous = np.zeros(len(part), np.int64)
        for t in range(max(len(s) for s, _ in part)):
            h = prior.next(h, previous)
            alive = np.array([t < len(s) for s, _ in part])
            token = np.array([s[t] if t < len(s) else 0 for s, _ in part])
            query = prior.query(h)
            first = np.where(token < HEAD, token, np.where(token < MIDDLE, TAIL_A, TAIL_B))
            c = cost(prior.frequencies(query, 0, HEAD), first)
            for tail, low, high in ((TAIL_A, HEAD, MIDDLE), (TAIL_B, MIDDLE, len(words))):
                rows = np.flatnonzero(first == tail)
                if len(rows):
                    c[rows] += cost(prior.frequencies(query[rows], low, high), token[rows] - low)
            bits += c[alive].sum()
            previous = token
        spelled_bits += sum(spelling_bits(table, s) for _, pieces in part for s in pieces)
    n = len(lines)
    return {'bits': round(float(bits + spelled_bits) / n, 3), 'bits_per_char': round(float(bits + spelled_bits) / sum(map(len, lines)), 4),
            'spelled': round(float(spelled_bits) / n, 3), 'texts': n}


PROVENANCE = [
    {'source': 'https://cocodataset.org (captions)', 'licence': 'CC-BY-4.0'},
    {'source': 'https://github.com/google-research-datasets/conceptual-captions (validation)', 'licence': 'free use with acknowledgement'},
    {'source': 'https://github.com/google/imageinwords', 'licence': 'CC-BY-4.0'},
    {'source': 'two captions each of three in four of the photographs that transform-1 names', 'licence': 'free use'}]


def export(q, words, lines, args):
    """Writes the pack, and vectors that hold a decoder to this program's numbers."""
    tensors = dict(q, spelling=spelling_table(lines, words))
    tensors['words'] = np.frombuffer('\n'.join(words[SPECIAL:]).encode('ascii'), np.int8)
    pack.write(args.pack, 'caption.safetensors', tensors, {
        'number': 2, 'format': 1, 'profile': 'caption', 'licence': 'Apache-2.0', 'provenance': PROVENANCE, 'captions': len(lines)})
    prior, tokenizer, vectors = IntegerPrior(q), Tokenizer(words), []
    for text in ('a cat sitting on top of a wooden bench', 'A STOP sign, close-up.', ''):
        h, previous, steps = np.zeros((1, q['h.bias'].shape[0]), np.int64), 0, []
        for token in tokenizer.tokens(text)[0]:
            h = prior.next(h, np.array([previous]))
            query = prior.query(h)
            low, high = (0, HEAD) if token < HEAD else (HEAD, MIDDLE) if token < MIDDLE else (MIDDLE, len(words))
            f = prior.frequencies(query, low, high)[0]
            steps.append({'token': int(token), 'frequency': int(f[token - low]), 'total': int(f.sum()), 'query': query[0, :4].tolist()})
            previous = token
        vectors.append({'text': text, 'steps': steps})
    os.makedirs(os.path.dirname(os.path.abspath(args.vectors)), exist_ok=True)
    with open(args.vectors, 'w') as f:
        json.dump(vectors, f)
        f.write('\n')


def read_lines(path):
    with open(path, encoding='utf-8') as f:
        return [line for line in f.read().splitlines() if line]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('--captions', required=True, nargs='+')
    parser.add_argument('--held-out', required=True, nargs='+')
    parser.add_argument('--work', default='runs/captions')
    parser.add_argument('--minutes', type=float, default=25)
    parser.add_argument('--rate', type=float, default=2.5e-3)
    parser.add_argument('--drop', type=float, default=0.35)
    parser.add_argument('--batch', type=int, default=128)
    parser.add_argument('--embedding', type=int, default=96, help='features of a word')
    parser.add_argument('--hidden', type=int, default=256, help='units of the state')
    parser.add_argument('--long', type=float, default=0.5, help='part of the captions of 110 characters and more to train on')
    parser.add_argument('--seed', type=int, default=1)
    parser.add_argument('--resume', action='store_true')
    parser.add_argument('--start', help='pack whose words and weights to begin with')
    parser.add_argument('--export', action='store_true', help='do not train: export the checkpoint')
    parser.add_argument('--pack', required=True)
    parser.add_argument('--vectors', required=True)
    args = parser.parse_args()
    os.makedirs(args.work, exist_ok=True)
    held = [line for path in args.held_out for line in read_lines(path)]
    kept_out = set(held)
    lines = [line for path in args.captions for line in read_lines(path) if line not in kept_out]
    if args.start:
        stored = safetensors.read(os.path.join(args.start, 'caption.safetensors'))['words']
        words = [''] * SPECIAL + stored.tobytes().decode('ascii').split('\n')
    else:
        words = vocabulary(lines)
    with open(os.path.join(args.work, 'words.json'), 'w', encoding='utf-8') as f:
        json.dump(words, f)
    print(len(lines), 'captions,', len(words), 'words', flush=True)
    if args.export:
        with np.load(os.path.join(args.work, 'captions.npz')) as saved:
            weights = {k[2:]: saved[k] for k in saved if k.startswith('p.')}
    else:
        weights = train(lines, held, words, args).p
    q = quantize(weights)
    export(q, words, lines, args)
    print('held out:', measure(q, words, held, spelling_table(lines, words)))


if __name__ == '__main__':
    main()
