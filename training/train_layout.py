#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Trains the network that imagines a layout from a caption's tags.

train_layout.py --pictures photos.tsv --views runs/views --tagger runs/tagger-1.pt --out runs/layout-1.pt --minutes 20

It learns from the views that teach_tagger.py cut: those of whole pictures with the tags of their captions, all with tags drawn by the tagger's
probabilities. Every sixteenth picture is held out; printed is the error of the velocity there, with and without tags.
"""
import argparse
import copy
import time

import numpy as np
import torch

from semcodec import layout
from semcodec.tagger import Tagger
from train_tagger import HELD_OUT, said

# Part of the variance of the numbers that is kept.
KEPT = 0.995
TEXTURE_WEIGHT = 6.0


def numbers(views):
    """Layout and texture of all views, side by side; texture is weighed as layout is, in sample values."""
    parts = []
    for rows in np.array_split(np.arange(len(views)), max(1, len(views) // 64)):
        rgb = torch.from_numpy(views[rows]).float()
        parts.append(torch.cat([layout.cosines(rgb), TEXTURE_WEIGHT * layout.texture(rgb)], 1))
    return torch.cat(parts)


def mirrored(values):
    """The same of pictures that are seen in a mirror."""
    sign = torch.ones(values.shape[1])
    sign[:len(layout.PLACES)] = torch.tensor([(-1.0) ** u for _, _, u in layout.PLACES])
    regions = torch.arange(len(layout.PLACES), values.shape[1]).view(-1, layout.REGIONS).flip(1).flatten()
    return (values * sign)[:, torch.cat([torch.arange(len(layout.PLACES)), regions])]


class Axes:
    """Principal axes of the numbers, each of variance 1."""

    def __init__(self, values):
        self.mean = values.mean(0)
        spread, vectors = torch.linalg.eigh(torch.cov((values - self.mean).T))
        spread, vectors = spread.flip(0), vectors.flip(1)
        count = int((torch.cumsum(spread, 0) / spread.sum() < KEPT).sum()) + 1
        self.spread, self.vectors = spread[:count].sqrt(), vectors[:, :count]

    def forward(self, values):
        return (values - self.mean) @ self.vectors / self.spread

    def inverse(self, places):
        return places * self.spread @ self.vectors.T + self.mean


@torch.no_grad()
def seen(tagger, views):
    return torch.cat([torch.sigmoid(tagger(torch.from_numpy(views[rows]).float())[1]) for rows in np.array_split(np.arange(len(views)), len(views) // 64 + 1)])


def drawn(probabilities, captions, random):
    """Tags for a batch: of a caption where there is one, else drawn; now and then fewer, now and then none."""
    tags = (torch.rand(probabilities.shape, generator=random) < probabilities).float()
    has = captions.sum(1) > 0
    tags[has] = torch.where(torch.rand((int(has.sum()), 1), generator=random) < 0.7, (captions[has] > 0).float(), tags[has])
    kept = torch.rand((len(tags), 1), generator=random)
    tags = tags * (torch.rand(tags.shape, generator=random) < kept.clamp(0.3)).float()
    return tags * (torch.rand((len(tags), 1), generator=random) >= 0.1).float()


def cost(network, target, tags, spread, random):
    noise, time = torch.randn(target.shape, generator=random), torch.rand(len(target), generator=random)
    point = time[:, None] * target + (1 - time[:, None]) * noise
    return (((network(point, time, tags) - (target - noise)) ** 2) * spread).mean()


def save(args, network, axes, known, steps):
    torch.save({'network': network.state_dict(), 'width': args.width, 'mean': axes.mean, 'spread': axes.spread, 'vectors': axes.vectors,
                'texture_weight': TEXTURE_WEIGHT, 'tags': known, 'steps': steps}, args.out)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split('\n')[0])
    parser.add_argument('--pictures', required=True)
    parser.add_argument('--views', required=True)
    parser.add_argument('--tagger', required=True)
    parser.add_argument('--out', required=True)
    parser.add_argument('--minutes', type=float, default=20)
    parser.add_argument('--batch', type=int, default=128)
    parser.add_argument('--rate', type=float, default=1e-3)
    parser.add_argument('--width', type=int, default=384)
    parser.add_argument('--threads', type=int, default=1)
    parser.add_argument('--seed', type=int, default=1)
    args = parser.parse_args()
    torch.set_num_threads(args.threads)
    torch.manual_seed(args.seed)
    saved = torch.load(args.tagger)
    known = saved['tags']
    tagger = Tagger(len(known))
    tagger.load_state_dict(saved['tagger'])
    views = np.load(args.views + '/views.npy', mmap_mode='r')
    table = np.loadtxt(args.views + '/views.tsv', dtype=int)
    values = numbers(views)
    probabilities = seen(tagger.eval(), views)
    share, silence = said(args.pictures, known)
    told = torch.from_numpy(share)[table[:, 0]] * torch.from_numpy((table[:, 3] == 0) & (silence[table[:, 0]] == 1)).float()[:, None]
    held = torch.from_numpy(table[:, 0] % HELD_OUT == 0)
    axes = Axes(torch.cat([values[~held], mirrored(values[~held])]))
    weight = axes.spread / axes.spread.mean()
    both = [axes.forward(values), axes.forward(mirrored(values))]
    network = layout.Imagination(len(axes.spread), len(known), args.width)
    mean = copy.deepcopy(network)
    optimizer = torch.optim.AdamW(network.parameters(), lr=args.rate, weight_decay=0.05)
    train, judged = torch.nonzero(~held)[:, 0], torch.nonzero(held)[:, 0]
    print(f'{len(train)} views, {values.shape[1]} numbers on {len(axes.spread)} axes, {sum(p.numel() for p in network.parameters())} parameters', flush=True)
    random = torch.Generator().manual_seed(args.seed)
    start, steps, total = time.time(), 0, 0.0
    while (done := (time.time() - start) / 60 / args.minutes) < 1:
        # Whole pictures with captions are few and count for half.
        rows = train[torch.randint(len(train), (args.batch,), generator=random)]
        captioned = train[told[train].sum(1) > 0]
        rows[::2] = captioned[torch.randint(len(captioned), (len(rows[::2]),), generator=random)]
        for group in optimizer.param_groups:
            group['lr'] = args.rate * min(1, (steps + 1) / 200) * (0.01 + 0.99 * 0.5 * (1 + np.cos(np.pi * done)))
        side = torch.rand(len(rows), 1, generator=random) < 0.5
        target = torch.where(side, both[0][rows], both[1][rows])
        loss = cost(network, target, drawn(probabilities[rows], told[rows], random), weight, random)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        steps += 1
        total += loss.item()
        with torch.no_grad():
            for a, b in zip(mean.parameters(), network.parameters()):
                a.lerp_(b, max(1e-3, 1 / (steps / 4 + 1)))
        if steps % 1000 == 0:
            judge = torch.Generator().manual_seed(7)
            with torch.no_grad():
                tags = (told[judged] > 0).float() + (told[judged].sum(1, keepdim=True) == 0) * (probabilities[judged] > 0.4).float()
                errors = [cost(mean, both[0][judged], t, weight, torch.Generator().manual_seed(8)).item() for t in (tags, torch.zeros_like(tags))]
            print(f'min {(time.time() - start) / 60:.1f} step {steps} cost {total / 1000:.4f} | held out: with tags {errors[0]:.4f}, without {errors[1]:.4f}', flush=True)
            total = 0.0
            save(args, mean, axes, known, steps)
    save(args, mean, axes, known, steps)


if __name__ == '__main__':
    main()
