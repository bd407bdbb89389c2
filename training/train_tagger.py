#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Trains the captioner's tagger against its teachers and against captions.

train_tagger.py --pictures photos.tsv --views runs/views --tags tags.txt --out runs/tagger-1.pt --minutes 60 [--bfloat16]

The table of pictures is the one that teach_tagger.py read. Every sixteenth picture is held out. Printed are the cost of the held-out pictures'
words, in bits a picture, without the picture (words' frequencies alone) and with it, and how many of the five likeliest words their captions have.
"""
import argparse
import copy
import re
import time

import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F

from semcodec.tagger import FEATURES, Tagger

WORD = re.compile(r'[a-z]+(?:-[a-z]+)*')
# A caption that was made of a label names one thing and is silent about all else.
LABEL = re.compile(r'(a photo of .*|\S+ on a shelf in a shop)$')
SILENT = 0.03
HELD_OUT = 16
MOVED = 16


def tags(path):
    """Of each tag: its words, and the teachers' classes, of ImageNet and of COCO."""
    out = []
    with open(path) as lines:
        for line in lines:
            if not line.startswith('#'):
                words, imagenet, coco = (line.rstrip('\n').split(';') + ['', ''])[:3]
                out.append((words.split(), numbers(imagenet), numbers(coco)))
    return out


def numbers(text):
    spans = [[int(n) for n in part.split('-')] for part in text.split(',') if part]
    return [n for span in spans for n in range(span[0], span[-1] + 1)]


def said(path, known):
    """Of each picture: how often its captions have each tag [P, T], how much it means that they do not have one [P]."""
    place = {word: i for i, (words, _, _) in enumerate(known) for word in words}
    share, silence = [], []
    with open(path) as table:
        for line in table:
            if line.startswith('#'):
                continue
            captions = [c.lower() for c in line.rstrip('\n').split('\t')[2:]]
            row = np.zeros(len(known), np.float32)
            for caption in captions:
                row[list({place[w] for w in WORD.findall(caption) if w in place})] += 1 / len(captions)
            share.append(row)
            silence.append(0 if not captions else SILENT if all(LABEL.match(c) for c in captions) else 1)
    return np.stack(share), np.array(silence, np.float32)


class Views:
    """Views with what is to be said of them."""

    def __init__(self, args, known):
        self.views = np.load(args.views + '/views.npy').transpose(0, 2, 3, 1).copy()
        self.logits, self.features, self.coco = (np.load(f'{args.views}/{n}.npy').astype(np.float32) for n in ('squeezenet', 'features', 'centernet'))
        table = np.loadtxt(args.views + '/views.tsv', dtype=int)
        self.picture, whole = table[:, 0], table[:, 3] == 0
        share, silence = said(args.pictures, known)
        self.target, self.weight = share[self.picture], np.zeros((len(table), len(known)), np.float32)
        self.weight[whole] = np.where(self.target[whole] > 0, 1, silence[self.picture[whole], None])
        classes = np.exp(self.logits - self.logits.max(1, keepdims=True))
        classes /= classes.sum(1, keepdims=True)
        self.target[~whole] = 0
        for tag, (_, imagenet, coco) in enumerate(known):
            if imagenet or coco:
                seen = np.maximum(classes[:, imagenet].sum(1), np.clip(self.coco[:, coco].max(1, initial=0) * 1.5 - 0.2, 0, 1))
                self.target[:, tag] = np.maximum(self.target[:, tag], seen)
                self.weight[:, tag] = np.maximum(self.weight[:, tag], 0.5)
        self.features = (self.features - self.features.mean(0)) / (self.features.std(0) + 1e-3)
        self.captioned = silence[self.picture] == 1
        held = self.picture % HELD_OUT == 0
        self.train, self.held = np.flatnonzero(~held), np.flatnonzero(held & whole & self.captioned)

    def batch(self, rows):
        """Pixels (B,H,W,3) in bytes, then what the student is to say."""
        return (self.views[rows],) + tuple(torch.from_numpy(a[rows]) for a in (self.logits, self.features, self.coco, self.target, self.weight))


class Student(nn.Module):
    """The tagger, and heads that only training needs."""

    def __init__(self, tagger):
        super().__init__()
        self.tagger = tagger
        self.classes, self.features, self.coco = nn.Linear(FEATURES, 1000), nn.Linear(FEATURES, 512), nn.Linear(FEATURES, 80)

    def loss(self, rgb, logits, features, coco, target, weight):
        seen, words = self.tagger(rgb)
        seen, words = seen.float(), words.float()
        distilled = F.kl_div(F.log_softmax(self.classes(seen).float(), 1), F.softmax(logits, 1), reduction='batchmean')
        copied = F.mse_loss(self.features(seen).float(), features)
        found = F.binary_cross_entropy_with_logits(self.coco(seen).float(), coco, reduction='sum') / len(rgb)
        told = (F.binary_cross_entropy_with_logits(words, target, reduction='none') * weight).sum() / len(rgb)
        return distilled + 2 * copied + 0.3 * found + 0.3 * told, (distilled, copied, found, told)


def varied(rgb, random):
    """(B,H,W,3) bytes, mirrored, moved by up to MOVED samples, brighter or with more contrast -> (B,3,H,W), not much beyond 0..255."""
    height, width = rgb.shape[1:3]
    y, x = random.integers(0, 2 * MOVED + 1, 2)
    rgb = np.pad(rgb, ((0, 0), (MOVED, MOVED), (MOVED, MOVED), (0, 0)), mode='edge')[:, y:y + height, x:x + width]
    if random.random() < 0.5:
        rgb = rgb[:, :, ::-1]
    gain = random.uniform(0.75, 1.25, (len(rgb), 1, 1, 1)).astype(np.float32)
    shift = random.uniform(-20, 20, (len(rgb), 1, 1, 1)).astype(np.float32) + 128 * (1 - gain)
    return torch.from_numpy(rgb * gain + shift).permute(0, 3, 1, 2)


@torch.no_grad()
def judge(tagger, views):
    """Bits a held-out picture's words cost without and with the picture, and the share of its five likeliest words that are said."""
    tagger.eval()
    train = np.intersect1d(views.train, np.flatnonzero(views.captioned & (views.weight.min(1) >= 0.5)))
    base = np.clip(views.target[train].mean(0), 1e-3, 1 - 1e-3)
    p = torch.cat([torch.sigmoid(tagger(torch.from_numpy(views.views[rows]).permute(0, 3, 1, 2).float())[1].float()) for rows in np.array_split(views.held, max(1, len(views.held) // 16))])
    p = np.clip(p.numpy(), 1e-4, 1 - 1e-4)
    target = views.target[views.held]
    def bits(p):
        return -(target * np.log2(p) + (1 - target) * np.log2(1 - p)).sum(1).mean()
    five = np.argsort(-p, 1)[:, :5]
    tagger.train()
    return bits(np.broadcast_to(base, target.shape)), bits(p), (np.take_along_axis(target, five, 1) > 0).mean()


def main():
    parser = argparse.ArgumentParser(description=__doc__.split('\n')[0])
    parser.add_argument('--pictures', required=True)
    parser.add_argument('--views', required=True)
    parser.add_argument('--tags', default='tags.txt')
    parser.add_argument('--out', required=True)
    parser.add_argument('--start', help='checkpoint to begin with')
    parser.add_argument('--minutes', type=float, default=60)
    parser.add_argument('--batch', type=int, default=32)
    parser.add_argument('--rate', type=float, default=2e-3)
    parser.add_argument('--threads', type=int, default=1)
    parser.add_argument('--seed', type=int, default=1)
    parser.add_argument('--bfloat16', action='store_true')
    args = parser.parse_args()
    torch.set_num_threads(args.threads)
    torch.manual_seed(args.seed)
    random = np.random.default_rng(args.seed)
    known = tags(args.tags)
    views = Views(args, known)
    student = Student(Tagger(len(known))).to(memory_format=torch.channels_last)
    student.tagger.words.bias.data.fill_(-4)
    if args.start:
        student.load_state_dict(torch.load(args.start)['student'])
    mean = copy.deepcopy(student.tagger)
    optimizer = torch.optim.AdamW(student.parameters(), lr=args.rate, weight_decay=0.05)
    start, steps, sums = time.time(), 0, np.zeros(5)
    student.train()
    while (done := (time.time() - start) / 60 / args.minutes) < 1:
        rows = random.choice(views.train, args.batch, replace=False)
        for group in optimizer.param_groups:
            group['lr'] = args.rate * min(1, (steps + 1) / 100) * (0.01 + 0.99 * 0.5 * (1 + np.cos(np.pi * done)))
        rgb, *told = views.batch(rows)
        with torch.autocast('cpu', dtype=torch.bfloat16, enabled=args.bfloat16):
            loss, parts = student.loss(varied(rgb, random), *told)
        optimizer.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(student.parameters(), 5)
        optimizer.step()
        steps += 1
        keep = min(0.999, 1 - 1 / (steps / 4 + 1))
        with torch.no_grad():
            for a, b in zip(mean.state_dict().values(), student.tagger.state_dict().values()):
                a.lerp_(b, 1 - keep) if a.dtype.is_floating_point else a.copy_(b)
        sums += [loss.item()] + [part.item() for part in parts]
        if steps % 100 == 0:
            report = ''
            if steps % 500 == 0:
                report = ' | held out: {:.1f} -> {:.1f} bits, {:.2f} of five'.format(*judge(mean, views))
                torch.save({'tagger': mean.state_dict(), 'student': student.state_dict(), 'steps': steps, 'tags': known}, args.out)
            print(f'min {(time.time() - start) / 60:.1f} step {steps} cost ' + ' '.join(f'{s:.3f}' for s in sums / 100) + report, flush=True)
            sums[:] = 0
    print('held out: {:.1f} -> {:.1f} bits, {:.2f} of five'.format(*judge(mean, views)))
    torch.save({'tagger': mean.state_dict(), 'student': student.state_dict(), 'steps': steps, 'tags': known}, args.out)


if __name__ == '__main__':
    main()
