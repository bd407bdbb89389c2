# SPDX-License-Identifier: Apache-2.0
"""Photographs and what plain decoders make of small files of them, as org.semimage.conformance.fit.RendererPairs writes them."""
import csv
import os

import numpy as np
import torch
import torch.nn.functional as F

from . import renderer, wavelet

ALIGNED = 16  # crops begin at multiples of it, where a decoder's wavelet coefficients are the crop's
THUMBNAILS = (48, 64), (64, 64), (64, 96), (80, 112), (96, 128)


class Pairs:
    """Batches (plain, original, quality index) of the renderer's three tasks; pictures are (B,3,H,W) RGB 0..255."""

    def __init__(self, folder, seed, crop=256, keep=lambda row: True):
        with open(os.path.join(folder, 'pairs.csv')) as f:
            rows = [tuple(map(int, row)) for row in csv.reader(f)]
        rows = [row for i, row in enumerate(rows) if keep(i)]
        self.transform = [row for row in rows if row[4] >= 0 and min(row[2:4]) >= crop + ALIGNED]
        self.descriptor = [row for row in rows if row[4] < 0 and min(row[2:4]) >= crop + ALIGNED]
        self.pixels = np.memmap(os.path.join(folder, 'pairs.bin'), np.uint8, 'r')
        self.random = np.random.RandomState(seed)
        self.crop = crop

    def batch(self, task, n):
        return {'transform': self.of_transform, 'thumbnail': self.of_thumbnail, 'layout': self.of_layout}[task](n)

    def of_transform(self, n):
        """What the transform profile's decoder gives."""
        rows = self._choose(self.transform, n)
        plain, original = self._crops(rows)
        return plain, original, torch.tensor([float(row[4]) for row in rows])

    def of_thumbnail(self, n):
        """An eighth of the size is known, more or less well; finer detail is grain of the right energies, or nothing."""
        _, original = self._crops(self._choose(self.descriptor, n))
        low, details = wavelet.analyse(wavelet.to_components(original), renderer.LEVELS)
        mild = torch.from_numpy(self.random.rand(n, 1, 1, 1).astype(np.float32)) ** 2
        smooth = F.avg_pool2d(F.pad(low, (1, 1, 1, 1), mode='replicate'), 3, 1)
        low = low + 0.5 * mild * (smooth - low) + 24 * mild * torch.randn_like(low)
        return wavelet.to_rgb(wavelet.synthesise(low, self._grain(details))), original, torch.full((n,), float(renderer.THUMBNAIL))

    def _grain(self, details):
        """Noise in luma's details, whose deviation is that of some regions, as the plain rendition of descriptors has it; for some pictures nothing."""
        out = [torch.zeros_like(d) for d in details]
        regions = self.random.randint(1, 4)
        some = torch.from_numpy((self.random.rand(details[0].shape[0], 1, 1, 1) < 0.8).astype(np.float32))
        for d, o in zip(details, out):
            deviation = F.adaptive_avg_pool2d(d[:, :3] ** 2, regions).sqrt()
            uniform = 2 * torch.rand_like(d[:, :3]) - 1
            laplacian = -uniform.sign() * torch.log(1 - uniform.abs() + 1e-7) / 2 ** 0.5
            o[:, :3] = some * laplacian * F.interpolate(deviation, d.shape[2:], mode='bilinear', align_corners=False)
        return out

    def of_layout(self, n):
        """Small pictures of which a descriptor file says the layout."""
        h, w = THUMBNAILS[self.random.randint(len(THUMBNAILS))]
        rows = self._choose([row for row in self.descriptor if row[3] >= row[2]], n)
        pictures = [[F.interpolate(self._picture(row, k), (h, w), mode='area') for k in (1, 0)] for row in rows]
        plain, original = (torch.cat(p) for p in zip(*pictures))
        if self.random.rand() < .5:
            plain, original = plain.flip(3), original.flip(3)
        return plain, original, torch.full((n,), float(renderer.LAYOUT))

    def _choose(self, rows, n):
        return [rows[i] for i in self.random.randint(len(rows), size=n)]

    def _picture(self, row, which):
        h, w = row[2:4]
        a = self.pixels[row[which]:row[which] + h * w * 3].reshape(h, w, 3)
        return torch.from_numpy(np.asarray(a).transpose(2, 0, 1).copy()).float()[None]

    def _crops(self, rows):
        out = []
        for row in rows:
            h, w = row[2:4]
            y, x = (ALIGNED * self.random.randint((side - self.crop) // ALIGNED + 1) for side in (h, w))
            cut = [self.pixels[at:at + h * w * 3].reshape(h, w, 3)[y:y + self.crop, x:x + self.crop] for at in (row[1], row[0])]
            if self.random.rand() < .5:
                cut = [a[:, ::-1] for a in cut]
            out.append([torch.from_numpy(np.asarray(a).transpose(2, 0, 1).copy()).float()[None] for a in cut])
        return tuple(torch.cat(p) for p in zip(*out))


def noise_like(rgb, generator=None):
    b, _, h, w = rgb.shape
    return torch.randn(b, renderer.NOISE, h // 8, w // 8, generator=generator, device=rgb.device)


