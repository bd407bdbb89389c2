#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Trains the renderer: train_renderer.py --pairs runs/pairs --squeezenet squeezenet_v1.0_imagenet.npz --out runs/renderer.pt --minutes 120

Pairs are what org.semimage.conformance.fit.RendererPairs writes. Losses: Wasserstein distortion between features of SqueezeNet and between wavelet bands,
discriminators of features and of packed coefficients, and squared error, of which more than the plain picture's costs much. --resume goes on from a checkpoint.
"""
import argparse
import os
import signal
import tempfile
import time

from semcodec import machine  # before torch  # noqa: F401

import torch
import torch.distributed as dist
import torch.multiprocessing
import torch.nn.functional as F
from torch.nn.utils import parametrize

from semcodec import codec, pairs, renderer, squeezenet, wasserstein

TASKS = {'transform': 0.5, 'thumbnail': 0.25, 'layout': 0.25}
BATCH = {'transform': 1, 'thumbnail': 1, 'layout': 8}  # times --batch
HEADS = ['fire3', 'fire5']
LAST = 'fire6'
WINDOWS = {'conv1': 8, 'fire2': 4, 'fire3': 4, 'fire4': 6, 'fire5': 3, 'fire6': 3}  # of statistics: 16 to 24 samples
NEAR = {'conv1': 4, 'fire2': 2, 'fire3': 2, 'fire4': 3, 'fire5': 1, 'fire6': 1}  # where files say what is where: 8 to 12 samples
BAND_WINDOW = 3
ADVERSARIAL = {'transform': 0.5, 'thumbnail': 1, 'layout': 1}  # times --adversarial
HELD_OUT = 40  # one pair in so many is left out of training
BUDGET = {'transform': 1.45, 'thumbnail': 1.6, 'layout': 1.5}  # squared error that is nearly free, in that of the plain picture
WITHIN = {'transform': 0.5, 'thumbnail': 0.25, 'layout': 0.1}  # price of what is within the budget
SHIFTS = 8  # pictures are moved by so many samples at most before features are computed, so that no grid of them is learned


class Losses:
    """What a rendered picture costs."""

    def __init__(self, path, bfloat16):
        self.features = squeezenet.SqueezeNet(path, LAST)
        self.bfloat16 = bfloat16
        self.shift = (0, 0)

    def views(self, rgb):
        """[features of HEADS...], and all features by layer."""
        with torch.autocast('cpu', torch.bfloat16, enabled=self.bfloat16):
            features = self.features(rgb.clamp(0, 255)[..., self.shift[0]:, self.shift[1]:])
        features = {k: v.float() for k, v in features.items()}
        return [features[k] / 64 for k in HEADS], features

    @staticmethod
    def texture(task, features, packed, target_features, target_packed):
        """Wasserstein distortion of features and of wavelet bands."""
        windows = NEAR if task == 'transform' else WINDOWS
        layers = list(windows)
        x, y = [features[k] for k in layers], [target_features[k] for k in layers]
        distances = wasserstein.distance(x, y, [min(windows[k], *f.shape[2:]) for k, f in zip(layers, x)])
        bands = wasserstein.distance([packed], [target_packed], [min(BAND_WINDOW, *packed.shape[2:])])
        return 2 * distances.mean() + bands.mean()


def packed_of(rgb):
    return renderer.coefficient_net.pack(*renderer.wavelet.analyse(renderer.wavelet.to_components(rgb), renderer.LEVELS)) / renderer.UNIT


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('--pairs', required=True)
    parser.add_argument('--squeezenet', required=True, help='weights as an npz file')
    parser.add_argument('--out', required=True)
    parser.add_argument('--minutes', type=float, default=60)
    parser.add_argument('--batch', type=int, default=3)
    parser.add_argument('--rate', type=float, default=2e-4)
    parser.add_argument('--adversarial', type=float, default=0.3, help='weight of the discriminators')
    parser.add_argument('--warm', type=int, default=400, help='steps before the discriminators count')
    parser.add_argument('--width', type=int, default=192)
    parser.add_argument('--blocks', type=int, default=6)
    parser.add_argument('--bfloat16', action='store_true')
    parser.add_argument('--processes', type=int, default=1)
    parser.add_argument('--crop', type=int, default=192)
    parser.add_argument('--report', type=float, default=8)
    parser.add_argument('--resume')
    return parser.parse_args()


def mean_over_processes(parameters):
    flat = torch.cat([(torch.zeros_like(p) if p.grad is None else p.grad).flatten() for p in parameters])
    dist.all_reduce(flat)
    flat /= dist.get_world_size()
    for p, grad in zip(parameters, flat.split([p.numel() for p in parameters])):
        p.grad = grad.view_as(p).clone()


class Run:
    """A renderer and its discriminator in training."""

    def __init__(self, rank, args):
        self.rank, self.args = rank, args
        previous = codec.checkpoint(args.resume) if args.resume else None
        self.shape = previous['shape'] if previous else {'width': args.width, 'blocks': args.blocks}
        self.model = renderer.Renderer(**self.shape)
        self.model.net.bfloat16 = args.bfloat16
        self.judge = renderer.Discriminator([squeezenet.CHANNELS[k] for k in HEADS])
        self.losses = Losses(args.squeezenet, args.bfloat16)
        self.parameters = list(self.model.parameters())
        self.judging = list(self.judge.parameters())
        self.optimizer = torch.optim.Adam(self.parameters, args.rate, (0.5, 0.99))
        self.opponent = torch.optim.Adam(self.judging, 2 * args.rate, (0.5, 0.99))
        self.step, self.minutes = 0, 0.0
        self.ema = {k: v.clone() for k, v in self.model.state_dict().items()}
        if previous:
            self.model.load_state_dict(previous['model'])
            self.judge.load_state_dict(previous['judge'])
            self.optimizer.load_state_dict(previous['optimizer'])
            self.opponent.load_state_dict(previous['opponent'])
            self.ema, self.step, self.minutes = previous['ema'], previous['step'], previous['minutes']
        seed = 1 + 1000 * rank + self.step
        torch.manual_seed(seed)
        self.pairs = pairs.Pairs(args.pairs, seed, args.crop, keep=lambda i: i // 3 % HELD_OUT != 0)
        self.held = pairs.Pairs(args.pairs, 7, args.crop, keep=lambda i: i // 3 % HELD_OUT == 0) if rank == 0 else None
        self.sums, self.count = {}, {}

    def one(self):
        """A step of renderer and discriminator on a batch of one task."""
        task = self.pairs.random.choice(list(TASKS), p=list(TASKS.values()))
        plain, original, qi = self.pairs.batch(task, self.args.batch * BATCH[task])
        self.losses.shift = tuple(self.pairs.random.randint(SHIFTS, size=2))
        adversarial = self.args.adversarial * ADVERSARIAL[task] * min(1, max(0, (self.step - self.args.warm) / 400))
        out, y, packed = self.model.rendered(plain, qi, pairs.noise_like(plain))
        with torch.no_grad():
            target = packed_of(original)
            real, real_features = self.losses.views(original)
        views, features = self.losses.views(out)
        texture = self.losses.texture(task, features, y, real_features, target)
        budget = ((original - out) ** 2).mean((1, 2, 3)) / ((original - plain) ** 2).mean((1, 2, 3)).clamp_min(4)
        cost = texture + WITHIN[task] * budget.mean() + 4 * F.relu(budget - BUDGET[task]).mean()
        fooled = 0.0
        if self.step >= self.args.warm - 200 and self.step % 2 == 0:
            self.judging_step((y.detach(), [v.detach() for v in views]), (target, real), packed)
        if adversarial:
            for p in self.judging:
                p.requires_grad_(False)
            with torch.autocast('cpu', torch.bfloat16, enabled=self.args.bfloat16):
                fooled = -sum(m.float().mean() for m in self.judge(y, views, packed)) / (1 + len(HEADS))
            cost = cost + adversarial * fooled
            for p in self.judging:
                p.requires_grad_(True)
        self.optimizer.zero_grad()
        cost.backward()
        if self.args.processes > 1:
            mean_over_processes(self.parameters)
        torch.nn.utils.clip_grad_norm_(self.parameters, 1.0)
        self.optimizer.step()
        self.step += 1
        decay = min(0.999, self.step / (self.step + 20))
        for k, v in self.model.state_dict().items():
            self.ema[k].lerp_(v, 1 - decay) if v.is_floating_point() else self.ema[k].copy_(v)
        self.note(task, [texture.item(), budget.mean().item(), float(fooled)])

    def judging_step(self, rendered, real, plain):
        with parametrize.cached(), torch.autocast('cpu', torch.bfloat16, enabled=self.args.bfloat16):
            loss = sum(F.relu(1 - r.float()).mean() + F.relu(1 + f.float()).mean() for r, f in zip(self.judge(*real, plain), self.judge(*rendered, plain)))
        self.opponent.zero_grad()
        loss.backward()
        if self.args.processes > 1:
            mean_over_processes(self.judging)
        self.opponent.step()
        self.note('judge', [loss.item() / (1 + len(HEADS))])

    def note(self, name, values):
        old = self.sums.get(name, [0.0] * len(values))
        self.sums[name] = [a + b for a, b in zip(old, values)]
        self.count[name] = self.count.get(name, 0) + 1

    def report(self):
        shown = '  '.join(f'{k} ' + ' '.join(f'{v / self.count[k]:.3f}' for v in values) for k, values in sorted(self.sums.items()))
        print(f'min {self.minutes:.1f} step {self.step} | {shown} | held out: {self.evaluate()}', flush=True)
        self.sums, self.count = {}, {}

    def evaluate(self):
        """Wasserstein distortion and squared error against the plain picture's, of the averaged weights."""
        model = renderer.Renderer(**self.shape)
        model.load_state_dict(self.ema)
        model.eval()
        rows = []
        self.held.random.seed(7)
        self.losses.shift = (0, 0)
        with torch.no_grad():
            for task in TASKS:
                plain, original, qi = self.held.batch(task, 8)
                out, y, packed = model.rendered(plain, qi, pairs.noise_like(plain, torch.Generator().manual_seed(1)))
                target = packed_of(original)
                _, real = self.losses.views(original)
                wd = [self.losses.texture(task, self.losses.views(p)[1], q, real, target).item() for p, q in ((plain, packed), (out, y))]
                error = ((original - out) ** 2).mean() / ((original - plain) ** 2).mean()
                rows.append(f'{task} {wd[0]:.3f} -> {wd[1]:.3f}, x{error.item():.2f}')
        return '; '.join(rows)

    def save(self):
        state = {'shape': self.shape, 'model': self.model.state_dict(), 'ema': self.ema, 'judge': self.judge.state_dict(), 'optimizer': self.optimizer.state_dict(),
                 'opponent': self.opponent.state_dict(), 'step': self.step, 'minutes': self.minutes}
        torch.save(state, self.args.out + '.new')
        os.replace(self.args.out + '.new', self.args.out)

    def go(self):
        start, done = time.time(), self.minutes
        last = start
        while True:
            fraction = torch.tensor([(time.time() - start) / 60 + done])
            if self.args.processes > 1:
                dist.broadcast(fraction, 0)
            self.minutes = fraction.item()
            if self.minutes >= self.args.minutes:
                break
            scale = min(1, (self.step + 1) / 100) * min(1, max(0.05, 2.5 * (1 - self.minutes / self.args.minutes)))
            self.optimizer.param_groups[0]['lr'] = scale * self.args.rate
            self.opponent.param_groups[0]['lr'] = scale * 2 * self.args.rate
            self.one()
            if self.rank == 0 and time.time() - last > 60 * self.args.report:
                self.report()
                self.save()
                last = time.time()
        if self.rank == 0:
            self.report()
            self.save()


def work(rank, args, rendezvous=None):
    if rendezvous:
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        dist.init_process_group('gloo', init_method=rendezvous, rank=rank, world_size=args.processes)
    torch.set_num_threads(1 if args.processes > 1 else 2)
    torch.manual_seed(1)
    Run(rank, args).go()


def main():
    args = arguments()
    if args.processes == 1:
        return work(0, args)
    with tempfile.TemporaryDirectory() as folder:
        torch.multiprocessing.spawn(work, (args, 'file://' + os.path.join(folder, 'rendezvous')), args.processes)


if __name__ == '__main__':
    main()
