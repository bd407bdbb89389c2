#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Exports trained weights as a model pack and, beside it, vectors that pin the integer prior down.

export.py --checkpoint runs/codec.pt --data runs/data
          --manifest photos-MANIFEST.tsv --pack ../imageio-sem/src/main/resources/org/semimage/packs/transform-1
          --vectors ../imageio-sem/src/test/resources/org/semimage/profile/transform/prior-vectors.json
"""
import argparse
import collections
import csv
import json
import math
import os
import zlib

import numpy as np
import torch

from semcodec import codec, data, dependent, drawings, pack, prior

TOTAL = 1 << 16
CURVE = [*range(0, 255, 16), 255]  # quality indices at which a pack must be better than at the one before


def convolution(tensors, name, conv, other=None):
    """Integers of one IntConv; `other` adds into the same accumulators and shares the shift."""
    shift = conv.shift(other) if other is not None else conv.shift()
    u = torch.exp2(shift)
    def quantize(c):
        return torch.round(c.weight.detach() * u[:, None, None, None]).clamp(-127, 127).numpy().astype(np.int8)
    tensors[name + '.weight'] = quantize(conv)
    tensors[name + '.bias'] = torch.round(conv.bias.detach() * u * 16).numpy().astype(np.int32)
    tensors[name + '.shift'] = shift.numpy().astype(np.int8)
    if conv.quality is not None:
        tensors[name + '.quality'] = torch.round(conv.quality.detach() * u).clamp(-127, 127).numpy().astype(np.int8)
    if other is not None:
        tensors[name.rsplit('.', 1)[0] + '.symbols.weight'] = quantize(other)


def prior_tensors(model):
    t = {}
    m = np.arange(4096)
    t['prior.compand'] = np.minimum(127, np.floor(16 * np.log2(1 + m / 16) + 0.5)).astype(np.int8)
    t['prior.low'] = torch.round(model.low.detach() * 16).numpy().astype(np.int32)
    for level in range(prior.LEVELS, 0, -1):
        net, p = model.levels[str(level)], f'prior.level{level}.'
        convolution(t, p + 'context', net.context, net.symbols)
        for k in range(len(prior.symbol_steps(level))):
            convolution(t, f'{p}step{k}.hidden', net.hidden[k])
            convolution(t, f'{p}step{k}.out', net.out[k])
        if level > 1:
            convolution(t, p + 'up_hidden', net.up_hidden)
            convolution(t, p + 'up_out', net.up_out)
    return t


def histograms(whole, crops, batches, radius=512):
    """Counts of symbols by table, those of quantizer 1 behind those of quantizer 0, over random qualities."""
    counts = np.zeros((2 * prior.TABLES, 2 * radius + 1))
    with torch.no_grad():
        for _ in range(batches):
            x = crops.batch(4)
            qi = torch.floor(torch.rand(4) * 240 + 8)
            _, _, _, coded = whole.prior(*whole.analyse(x, qi, whole.block_factors(x, qi)), prior.quality_input(qi), soft=False, fine=qi >= codec.FINE_COLOUR_FROM)
            for symbols, quantizers, idx in coded:
                i = idx.long()
                low = torch.where(i < prior.TABLES, torch.zeros_like(i), 1 + (i - prior.TABLES) // 8)
                half = torch.where(low > 0, 2.0 ** (low.float() - 1), torch.zeros_like(symbols))
                high = torch.floor((symbols + half) / 2.0 ** low.float()).long().clamp(-radius, radius)
                table = i - 8 * low + prior.TABLES * quantizers.long()
                np.add.at(counts, (table.numpy().ravel(), high.numpy().ravel() + radius), 1)
    return counts


def tables(model, counts):
    """Integer frequencies per table: counts blended with the model's own distribution, symmetric, escape last."""
    mixture = [m.item() for m in model.mixture()]
    radius = counts.shape[1] // 2
    sizes, rows = [], []
    symbols = torch.arange(0, radius + 1).float()
    for t in range(len(counts)):
        spread = prior.spread_of(torch.tensor(float(t % prior.TABLES)))
        p = torch.exp2(-dependent.bits_of(symbols, t // prior.TABLES, spread, mixture)).numpy().astype(float)
        p[1:] *= 2
        p /= p.sum()
        seen = counts[t, radius:].copy()
        seen[1:] += counts[t, :radius][::-1]
        p = (seen + 200 * p) / (seen.sum() + 200)
        tail = np.cumsum(p[::-1])[::-1]
        limit = max(1, min(126, int((tail > 2e-5).sum()) - 1))
        ideal = np.concatenate([[p[0]], np.repeat(p[1:limit + 1] / 2, 2), [max(1e-9, 1 - p[:limit + 1].sum())]])
        freq = np.maximum(1, np.floor(ideal * TOTAL)).astype(int)
        while freq.sum() != TOTAL:  # rounding and the floor of one move a few counts; the likeliest entries can spare or use them
            k = int(np.argmax(freq))
            freq[k] += np.clip(TOTAL - freq.sum(), -(freq[k] // 4), freq[k] // 4)
        sizes.append(len(freq))
        rows.append(freq)
    return np.array(sizes, np.int32), np.concatenate(rows).astype(np.int32)


def curve(whole, x):
    """(bits, PSNR) of a picture (1, 3, H, W) at every sixteenth quality index."""
    points = []
    with torch.no_grad():
        for index in CURVE:
            bits, _, out, _ = whole(x, torch.tensor([float(index)]), soft=False, compare=False)
            error = ((out.clamp(0, 255).round() - x) ** 2).mean().item()
            points.append((bits.item(), 10 * math.log10(65025 / max(error, 1e-4))))
    return points


def falls(points):
    """Where a better quality index gives fewer bits or, by more than rounding explains, a worse picture."""
    return [f'index {CURVE[i]}: {b[0]:.0f} bits, {b[1]:.2f} dB after {a[0]:.0f} bits, {a[1]:.2f} dB'
            for i, (a, b) in enumerate(zip(points, points[1:]), 1) if b[0] < a[0] or b[1] < min(a[1], 60) - 0.1]


def check_curve(whole, crops):
    """Refuses a model whose quality does not rise with its index, on a photograph and on drawings of every kind."""
    pictures = [('a photograph', crops.batch(1))]
    for number in range(len(drawings.KINDS)):
        picture = np.asarray(drawings.drawing(number).crop((0, 0, 192, 192)))
        pictures.append((f'drawing {number}', data.to_tensor(picture)))
    found = [f'{name}, {fall}' for name, x in pictures for fall in falls(curve(whole, x))]
    if found:
        raise SystemExit('the pack is not written, as its curve falls: ' + '; '.join(found))


def net_tensors(prefix, net, in_bytes=False):
    """A coefficient network's tensors in half precision, or with its convolutions in bytes: the pack is half as large, and what comes out is no longer the same."""
    tensors = {}
    for name, value in {**net.state_dict(), 'gain': net.quality_factors().detach()}.items():
        if in_bytes and value.dim() == 4:
            tensors.update(pack.in_bytes(f'{prefix}.{name.removesuffix(".weight")}', value.numpy()))
        else:
            tensors[f'{prefix}.{name}'] = value.numpy().astype(np.float16)
    return tensors


def vectors(model, path, height=128, width=192, quality_index=100):
    """CRC-32 of rows and symbols of every symbol step, for a pyramid made by a linear congruential generator."""
    state = [12345]
    def plane(h, w, level):
        values = np.empty(h * w)
        for i in range(h * w):
            state[0] = (state[0] * 1664525 + 1013904223) & 0xFFFFFFFF
            a = ((state[0] >> 16) & 0xFF) - 128
            values[i] = np.sign(a) * ((a * a) >> (14 - level)) / 16 * (1 + level)
        return values.reshape(h, w)
    low = np.stack([plane(height >> 6, width >> 6, 9) for _ in range(3)])
    details = [np.stack([plane(height >> l, width >> l, l) for _ in range(9)]) for l in range(1, 7)]
    q = torch.tensor([float(quality_index)])
    with torch.no_grad():
        _, v, rec, coded = model(torch.from_numpy(low).float()[None], [torch.from_numpy(d).float()[None] for d in details],
                                 prior.quality_input(q), rdo=0, soft=False, fine=torch.tensor([True]))
    steps = [{'rows': zlib.crc32((idx + 128 * quantizers).numpy().astype(np.uint8).tobytes()),
              'symbols': zlib.crc32(symbols.numpy().astype('<i4').tobytes())} for symbols, quantizers, idx in coded]
    out = {'height': height, 'width': width, 'quality': quality_index, 'steps': steps}
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, 'w') as f:
        json.dump(out, f, indent=1)
        f.write('\n')


DRAWINGS = {'source': 'drawings of training/semcodec/drawings.py', 'licence': 'Apache-2.0'}


def provenance(path):
    """Sources of the training photographs with licences and counts, from a table with the columns repo and licence."""
    with open(path, newline='') as f:
        counts = collections.Counter((row['repo'], row['licence'].split(' via ')[0]) for row in csv.DictReader(f, delimiter='\t'))
    return [{'source': 'https://github.com/' + repo, 'licence': licence, 'photographs': n} for (repo, licence), n in sorted(counts.items())]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('--checkpoint', required=True)
    parser.add_argument('--data', required=True)
    parser.add_argument('--manifest', required=True)
    parser.add_argument('--pack', required=True)
    parser.add_argument('--number', type=int, default=1, help='of the embedded pack')
    parser.add_argument('--drawn', action='store_true', help='the model was trained on drawings too')
    parser.add_argument('--vectors')
    parser.add_argument('--batches', type=int, default=100)
    args = parser.parse_args()
    torch.manual_seed(7)
    whole = codec.load(args.checkpoint)
    check_curve(whole, data.Crops(args.data, 256, 99))
    model = whole.prior
    t = prior_tensors(model)
    t['prior.tables.sizes'], t['prior.tables.frequencies'] = tables(model, histograms(whole, data.Crops(args.data, 256, 99), args.batches))
    relative = torch.exp2(-whole.steps.gains.detach()) / whole.steps.norms
    t['steps.low'] = relative[:, :3].numpy().astype(np.float32)
    t['steps.detail'] = relative[:, 3:].reshape(prior.KNOTS, prior.LEVELS, 9).numpy().astype(np.float32)
    t.update(net_tensors('synthesis', whole.synthesis))
    if whole.analysis is not None:
        t.update(net_tensors('analysis', whole.analysis, in_bytes=True))
    size = pack.write(args.pack, 'transform.safetensors', t, {
        'number': args.number,
        'format': 1,
        'profile': 'transform',
        'tune': whole.tune,
        'licence': 'Apache-2.0',
        'mixture': model.mix.tolist(),
        'provenance': provenance(args.manifest) + [DRAWINGS] * args.drawn,
    })
    if args.vectors:
        vectors(model, args.vectors)
    print(f'{args.pack}: {len(t)} tensors, {size} bytes')


if __name__ == '__main__':
    main()
