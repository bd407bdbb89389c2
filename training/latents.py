#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Fits an embedded basis to the latents of a tiny autoencoder (FORMAT.md, "Basis"), and writes its pack.

latents.py --weights TAEF2 --photos PHOTOS --manifest PHOTOS-MANIFEST.tsv --count 40
           --pack ../imageio-sem/src/main/resources/org/semimage/packs/latents-1

TAEF2 is a folder with taef2_encoder.safetensors and taef2_decoder.safetensors (MIT, madebyollin/taesd). Of so many photographs, in an order that a
fixed seed shuffles, a part at a random place is encoded. The sensitivity is the mean of J'J over latents of 16 of them with the noise that coarse
quantization leaves, J being the decoder's derivative, estimated from its transposed products with random pictures. Needs PyTorch, NumPy and Pillow.
"""
import argparse
import collections
import os
import random

import numpy as np
import torch
import torch.nn.functional as F
from PIL import Image

from semcodec import pack, safetensors

LEVELS = 6
HEIGHT, WIDTH = 384, 512
MEASURED, SIDE, NOISE, PRODUCTS, BORDER = 16, 16, 0.25, 6, 3
LIFTING, SCALE = (-1.586134342059924, -0.052980118572961, 0.882911075530934, 0.443506852043971), 1.149604398860241


def load(path):
    return {name: torch.from_numpy(a.astype(np.float32)) for name, a in safetensors.read(path).items()}


def conv(weights, name, x, stride=1):
    kernel = weights[name + '.weight']
    return F.conv2d(x, kernel, weights.get(name + '.bias'), stride=stride, padding=kernel.shape[-1] // 2)


def block(weights, name, x):
    if name + '.pool.0.weight' in weights:
        h = F.group_norm(F.conv2d(x, weights[name + '.pool.0.weight']), 4, weights[name + '.pool.1.weight'], weights[name + '.pool.1.bias'])
        x = x + F.conv2d(F.relu(h), weights[name + '.pool.3.weight'])
    h = F.relu(conv(weights, name + '.conv.0', x))
    return F.relu(conv(weights, name + '.conv.4', F.relu(conv(weights, name + '.conv.2', h))) + x)


def encode(weights, x):
    x = block(weights, '1', conv(weights, '0', x))
    for down in (2, 6, 10):
        x = conv(weights, str(down), x, 2)
        for i in (1, 2, 3):
            x = block(weights, str(down + i), x)
    return conv(weights, '14', x)


def decode(weights, z):
    x = F.relu(conv(weights, '1', torch.tanh(z / 3) * 3))
    for i in (3, 4, 5):
        x = block(weights, str(i), x)
    for up, blocks in ((7, (8, 9, 10)), (12, (13, 14, 15)), (17, (18,))):
        x = conv(weights, str(up), F.interpolate(x, scale_factor=2, mode='nearest'))
        for i in blocks:
            x = block(weights, str(i), x)
    return conv(weights, '19', x)


def photographs(folder, weights, count):
    """Names and latents of photographs."""
    random.seed(1)
    names = sorted(os.listdir(folder))
    random.shuffle(names)
    latents = []
    with torch.no_grad():
        for name in names[:count]:
            pixels = np.asarray(Image.open(os.path.join(folder, name)).convert('RGB')).astype(np.float32) / 255
            height, width = (min(side, most) // 64 * 64 for side, most in zip(pixels.shape, (HEIGHT, WIDTH)))
            top, left = random.randrange(pixels.shape[0] - height + 1), random.randrange(pixels.shape[1] - width + 1)
            part = torch.from_numpy(pixels[top:top + height, left:left + width]).permute(2, 0, 1)[None]
            latents.append(encode(weights, part)[0].numpy())
    return names[:count], latents


def sensitivity(weights, latents):
    """E[J'J], of determinant 1."""
    torch.manual_seed(0)
    parts = torch.stack([torch.from_numpy(z[:, 8:8 + SIDE, 8:8 + SIDE]) for z in latents[:MEASURED]])
    channels = parts.shape[1]
    sums = torch.zeros(channels, channels, dtype=torch.float64)
    for _ in range(PRODUCTS):
        z = (parts + NOISE * torch.randn_like(parts)).requires_grad_()
        picture = decode(weights, z)
        picture.backward(torch.randn_like(picture))
        gradient = z.grad[:, :, BORDER:-BORDER, BORDER:-BORDER].permute(0, 2, 3, 1).reshape(-1, channels).double()
        sums += gradient.T @ gradient
    matrix = sums.numpy()
    return matrix / np.exp(np.mean(np.log(np.linalg.eigvalsh(matrix))))


def axes(covariance, metric):
    """Columns along which equal errors make equal errors of the picture, those along which latents vary most first."""
    values, vectors = np.linalg.eigh(metric)
    root, inverse = (vectors * np.sqrt(values)) @ vectors.T, (vectors / np.sqrt(values)) @ vectors.T
    strengths, directions = np.linalg.eigh(root @ covariance @ root)
    return inverse @ directions[:, np.argsort(-strengths)]


def split(x):
    x = x.copy()
    n = x.shape[-1]
    for step, factor in enumerate(LIFTING):
        at = np.arange(1 - step % 2, n, 2)
        x[..., at] += factor * (x[..., np.where(at == 0, 1, at - 1)] + x[..., np.where(at == n - 1, at - 1, at + 1)])
    return x[..., 0::2] * SCALE, x[..., 1::2] / SCALE


def spectrum(components):
    """Mean magnitudes of each component's levels in sixteenths of an octave, those of the low band's prediction errors first."""
    channels = components[0].shape[0]
    sums, counts = np.zeros((channels, LEVELS)), np.zeros(LEVELS)
    for y in components:
        levels = 0
        while levels < LEVELS - 1 and min(y.shape[1:]) >> levels + 1 >= 4:
            levels += 1
        for level in range(1, levels + 1):
            low, high = split(y)
            (low, lh), (hl, hh) = (split(half.swapaxes(1, 2)) for half in (low, high))
            for band in (lh, hl, hh):
                sums[:, level] += np.abs(band).sum((1, 2))
                counts[level] += band[0].size
            y = low.swapaxes(1, 2)
        error = y[:, 1:, 1:] - (y[:, 1:, :-1] + y[:, :-1, 1:]) / 2
        sums[:, 0] += np.abs(error).sum((1, 2))
        counts[0] += error[0].size
    means = sums / np.maximum(counts, 1)
    for level in range(1, LEVELS):
        if counts[level] == 0:
            means[:, level] = means[:, level - 1]
    return np.clip(np.round(16 * np.log2(1.2 * means)) - 48, -128, 127).astype(np.int8)


AUTOENCODER = {'source': 'https://github.com/madebyollin/taesd (TAEF2, whose latents the basis describes)', 'licence': 'MIT'}


def provenance(manifest, names):
    with open(manifest) as file:
        rows = {line.split('\t')[0]: line.rstrip('\n').split('\t') for line in file}
    used = collections.Counter((rows[name][1], rows[name][5]) for name in names)
    return [{'source': 'https://github.com/' + source, 'licence': licence, 'photographs': n} for (source, licence), n in sorted(used.items())] + [AUTOENCODER]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for option in ('weights', 'photos', 'manifest', 'pack'):
        parser.add_argument('--' + option, required=True)
    parser.add_argument('--count', type=int, default=40)
    options = parser.parse_args()
    names, latents = photographs(options.photos, load(os.path.join(options.weights, 'taef2_encoder.safetensors')), options.count)
    metric = sensitivity(load(os.path.join(options.weights, 'taef2_decoder.safetensors')), latents)
    places = np.concatenate([z.reshape(z.shape[0], -1) for z in latents], 1).astype(np.float64)
    mean = places.mean(1)
    synthesis = axes(np.cov(places), metric)
    components = [np.tensordot(np.linalg.inv(synthesis), z - mean[:, None, None], 1) for z in latents]
    pack.write(options.pack, 'latents.safetensors',
               {'synthesis': synthesis.astype('<f4'), 'mean': mean.astype('<f4'), 'spectrum': spectrum(components)},
               {'format': 1, 'profile': 'generative', 'licence': 'Apache-2.0',
                'latents': "FLUX.2's, 32 channels, stride 8, as TAEF2 makes them", 'provenance': provenance(options.manifest, names)})


if __name__ == '__main__':
    main()
