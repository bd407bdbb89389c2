#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Trains the codec or parts of it: train.py --data runs/data --out runs/codec.pt --train prior,synthesis --minutes 60

Parts are trained apart or together. The prior minimizes bits and the error of coefficients; the synthesis network, which does not touch the rate, minimizes error;
with the analysis network all are one rate-distortion cost, at the slope that the encoder's rounding uses or, with the perceptual tune, at that of its own curve. --resume goes on from a
checkpoint, optimizer included but with the learning rates given; --start takes the averaged weights of one and begins anew, also with other parts (they start at zero).
Runs on a CPU or, in bfloat16 for the coefficient networks, on CUDA. On a CPU with few cores, train the prior with --feed FILE in one process and the synthesis
network with the same --feed in another: the second learns on what the first quantizes, as it changes.
"""
import argparse
import math
import os
import signal
import tempfile
import time

from semcodec import machine  # before torch  # noqa: F401

import torch
import torch.distributed as dist
import torch.multiprocessing
import torch.nn as nn

from semcodec import butteraugli, codec, data, feed, muon, prior, revive, ssimulacra2

LAMBDA = 0.1  # price of a bit in squared quantizer steps, as in the encoder's rounding
RATE_BY_STEP = 19  # bits per pixel times the quantizer step, of photographs with the perceptual tune
SLOPE = 1.05  # of the logarithm of the perceptual distortion against that of the rate


def evaluate(model, pictures, qualities, device):
    rows = []
    with torch.no_grad():
        for qi in qualities:
            totals = [0.0, 0.0, 0.0, 0.0]
            for p in pictures:
                x = data.to_tensor(p).to(device)
                bits, _, *outs = model(data.pad(x), torch.tensor([float(qi)], device=device), soft=False)
                totals[0] += bits.item() / (x.shape[2] * x.shape[3])
                outs = [y[..., :x.shape[2], :x.shape[3]].clamp(0, 255).round() for y in outs]
                for i, y in enumerate(outs):
                    totals[1 + i] += 10 * math.log10(65025 / ((y - x) ** 2).mean().item())
                totals[3] += ssimulacra2.score(ssimulacra2.error(x, outs[0])).item()
            bpp, psnr, plain, ms = (t / len(pictures) for t in totals)
            rows.append(f'{qi}: {bpp:.4f}/{psnr:.2f} ({psnr - plain:+.2f}) {ms:.2f}')
    return '  '.join(rows)


def distortion(model, x, y):
    """Mean squared error of each picture; with the perceptual tune errors of structure and edges, worst errors, and squared error for what both do not see."""
    if model.tune == 'psnr':
        return ((y - x) ** 2).mean((1, 2, 3))
    return ssimulacra2.error(x, y) + 2 * butteraugli.error(x, y) + 0.01 * ((y - x) ** 2).mean((1, 2, 3))


def relative(after, before):
    """What is left of each picture's error; finite where there was none."""
    return after / before.clamp_min(1e-3)


def cost_of_feed(model, given, batch):
    """The cost of the synthesis network for pictures that another process quantized: error of coefficients against that of the wavelet alone."""
    qi, quantized, original = given.batch(batch)
    before = ((quantized - original) ** 2).mean((1, 2, 3))
    after = ((quantized + model.synthesis(quantized, qi) - original) ** 2).mean((1, 2, 3))
    return relative(after, before).mean(), 0.0, (10 * torch.log10(before / after)).mean().item()


def prior_cost(bpp, squares):
    """Of bits, and of squared errors of coefficients, without which means would drift where they cost no bits."""
    both = bpp + squares / LAMBDA
    return both / both.detach().clamp_min(0.05) ** 0.7


def cost(model, x, qi, trained, given=None):
    """Mean over the batch of a cost whose gradient is balanced between qualities; and what to print."""
    if trained == ['prior'] and given is None:
        bits, squares, *_ = model.code(x, qi)
        area = x.shape[2] * x.shape[3]
        return prior_cost(bits / area, squares / area).mean(), (bits / area).mean().item(), (-10 * torch.log10(squares / area)).mean().item()
    bits, squares, out, plain = model(x, qi, feed=given, compare='synthesis' in trained and 'analysis' not in trained)
    bpp = bits / (x.shape[2] * x.shape[3])
    mse = distortion(model, x, out).clamp_min(1e-2)  # by rounding, pictures of one colour may be more than alike
    if 'analysis' in trained and model.tune == 'perceptual':
        # Along its curve a distortion of this kind goes with the rate to the power of -SLOPE, and the rate with one over the step.
        loss = bpp * prior.quantizer_step(qi) / RATE_BY_STEP + torch.log(mse) / SLOPE
    elif 'analysis' in trained:
        joint = LAMBDA * bpp + 3 * mse / prior.quantizer_step(qi) ** 2
        loss = joint / joint.detach() ** 0.7
    else:
        loss = 0.0
        if 'prior' in trained:
            loss = loss + prior_cost(bpp, squares / (x.shape[2] * x.shape[3]))
        if 'synthesis' in trained:
            loss = loss + relative(mse, distortion(model, x, plain).detach())
    return loss.mean(), bpp.mean().item(), (10 * torch.log10(65025 / mse)).mean().item()


def sample_run(model, crops, device):
    """A function that runs the prior on the same few pictures each time."""
    x, qi = crops.batch(6).to(device), torch.linspace(30, 150, 6, device=device)
    return lambda: model(x, qi, soft=False)


def qualities(n, span, device):
    """n quality indices: most in span, where pictures on the web are, the others anywhere."""
    everywhere = 256 * torch.rand(n, device=device)
    usual = span[0] + (span[1] - span[0]) * torch.rand(n, device=device)
    return torch.where(torch.rand(n, device=device) < 0.25, everywhere, usual)


def span(text):
    low, high = (float(v) for v in text.split(','))
    return low, high


def widths(text):
    """Channels by level of a list that begins with level 1; level 6 has no context."""
    return {**{6: 0}, **{i + 1: int(n) for i, n in enumerate(text.split(','))}}


def mean_over_processes(parameters, minutes):
    """Replaces gradients by their mean over all processes -> the mean of minutes, which is the same for all."""
    for p in parameters:
        if p.grad is None:  # none of this process's pictures had fine colour
            p.grad = torch.zeros_like(p)
    flat = torch.cat([p.grad.flatten() for p in parameters] + [torch.tensor([minutes])])
    dist.all_reduce(flat)
    flat /= dist.get_world_size()
    for p, grad in zip(parameters, flat.split([p.numel() for p in parameters] + [1])):
        p.grad.copy_(grad.view_as(p))
    return flat[-1].item()


def optimizers_of(model, trained, args):
    """Muon for the convolutions of the networks' blocks, Adam for all else."""
    networks = [getattr(model, part) for part in codec.PARTS if part in trained and part != 'prior']
    hidden = [p for net in networks for p in net.blocks.parameters() if p.dim() == 4] if args.muon else []
    others = [p for net in networks for p in net.parameters() if all(p is not h for h in hidden)]
    groups = [(others, args.network_rate), ([model.steps.gains] if args.steps_rate else [], args.steps_rate), (list(model.prior.parameters()) if 'prior' in trained else [], args.prior_rate)]
    optimizers = [torch.optim.Adam([{'params': p, 'lr': r} for p, r in groups if p], betas=(0.9, 0.98))]
    if hidden:
        optimizers.append(muon.Muon(hidden, args.network_rate, dtype=torch.bfloat16 if args.bfloat16 else torch.float32))
    return optimizers


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('--data', required=True, help='folder written by prepare.py')
    parser.add_argument('--out', required=True, help='checkpoint to write')
    parser.add_argument('--train', default='prior,synthesis', help='parts to train, of ' + ','.join(codec.PARTS))
    parser.add_argument('--images', help='PNG pictures to report on (every sixth)')
    parser.add_argument('--minutes', type=float, default=60)
    parser.add_argument('--batch', type=int, default=4)
    parser.add_argument('--crop', type=int, default=256)
    parser.add_argument('--qualities', type=span, default='20,150', help='quality indices that three quarters of the pictures take, LOW,HIGH; the others 0..255')
    parser.add_argument('--prior-rate', type=float, default=5e-4, help='higher ones let units of the prior die')
    parser.add_argument('--network-rate', type=float, default=4e-4)
    parser.add_argument('--steps-rate', type=float, default=0, help='of the relative steps of bands; 0 leaves them as they are')
    parser.add_argument('--hidden', type=widths, help='with --start: hidden channels of the prior on levels 1 to 6, like 64,96,128,128,128,96')
    parser.add_argument('--context', type=widths, help='with --start: channels handed down to levels 1 to 5')
    parser.add_argument('--tune', choices=['psnr', 'perceptual'], help='with --start: what quantizer steps and error are for')
    parser.add_argument('--gains', action='store_true', help='with --start: give the coefficient networks gains, that start at one')
    parser.add_argument('--muon', action='store_true', help='Muon for the coefficient networks')
    parser.add_argument('--bfloat16', action='store_true', help='networks in bfloat16, as always on CUDA; twice as fast on processors that have it')
    parser.add_argument('--revive', action='store_true', help='with --start: give units of the prior that never fire new weights')
    parser.add_argument('--feed', help='file that --train prior leaves quantized pictures in, or that --train synthesis takes them from')
    parser.add_argument('--threads', type=int, help='of each process; a share of the processors unless given, as threads that outnumber them wait for one another')
    parser.add_argument('--processes', type=int, default=1, help='on a CPU: each takes batches of its own, gradients are averaged; better than threads')
    parser.add_argument('--seed', type=int, default=1)
    parser.add_argument('--report', type=float, default=5, help='minutes between reports and checkpoints')
    source = parser.add_mutually_exclusive_group()
    source.add_argument('--resume')
    source.add_argument('--start')
    args = parser.parse_args()
    args.train = args.train.split(',')
    if not set(args.train) <= set(codec.PARTS):
        parser.error('--train takes ' + ','.join(codec.PARTS))
    if args.feed and args.train not in (['prior'], ['synthesis']):
        parser.error('--feed is for --train prior or --train synthesis')
    if args.processes < 1 or args.processes > 1 and torch.cuda.is_available():
        parser.error('--processes takes 1 or more, and 1 with CUDA')
    return args


def main():
    args = arguments()
    if args.processes == 1:
        return work(0, args)
    with tempfile.TemporaryDirectory() as folder:
        torch.multiprocessing.spawn(work, (args, 'file://' + os.path.join(folder, 'rendezvous')), args.processes)


def work(rank, args, rendezvous=None):
    """One process; the first also reports."""
    if rendezvous:
        # A parent that ends tells its processes by an interrupt, which those of a background job would ignore.
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        dist.init_process_group('gloo', init_method=rendezvous, rank=rank, world_size=args.processes)
    torch.set_num_threads(args.threads or max(1, (os.cpu_count() or 1) // args.processes))
    torch.backends.cuda.matmul.allow_tf32 = torch.backends.cudnn.allow_tf32 = False  # the prior's integers need 24 bits
    torch.manual_seed(args.seed)
    Run(rank, args, 'cuda' if torch.cuda.is_available() else 'cpu').go()


def model_of(args, previous, device):
    """-> (a model with the weights of a checkpoint, if there is one, its shape)."""
    shape = dict(previous['shape']) if previous else {'parts': ['prior', 'synthesis']}
    shape['parts'] = [p for p in codec.PARTS if p in shape['parts'] or p in args.train]
    for name in ('hidden', 'context', 'tune', 'gains'):
        if getattr(args, name):
            shape[name] = getattr(args, name)
    model = codec.Codec(**shape).to(device)
    if previous:
        state = previous['model'] if args.resume else codec.grown(previous['ema'], model)
        if shape.get('tune') != previous['shape'].get('tune'):
            state['steps.gains'] = model.steps.gains.data  # those of the other tune are for another error
        missing, surplus = model.load_state_dict(state, strict=False)
        new = tuple(set(args.train) - set(previous['shape']['parts']))
        if surplus or any(not name.startswith(new or '-') for name in missing):
            raise SystemExit(f'{args.resume or args.start} does not fit: {surplus or missing}')
    return model, shape


def prepare(model, args, device):
    """What is computed in bfloat16, and what is left as it is."""
    for net in (model.synthesis, model.analysis):
        if net is not None:
            net.bfloat16 = args.bfloat16 or device == 'cuda'
    for part in codec.PARTS:
        if part not in args.train and getattr(model, part) is not None:
            getattr(model, part).requires_grad_(False)
    model.steps.requires_grad_(args.steps_rate > 0)


def rate_at(fraction, step):
    """Factor of the learning rates: they rise over the first 100 steps and fall with a cosine after 0.4 of the time."""
    return min(1, (step + 1) / 100) * (1 if fraction < .4 else max(.02, .5 * (1 + math.cos(math.pi * (fraction - .4) / .6))))


class Run:
    """A model in training, with all that a checkpoint keeps of it."""

    def __init__(self, rank, args, device):
        self.rank, self.args, self.device = rank, args, device
        previous = codec.checkpoint(args.resume or args.start, device) if args.resume or args.start else None
        self.model, self.shape = model_of(args, previous, device)
        seed = args.seed + (previous['step'] if args.resume else 0)
        self.crops = data.Crops(args.data, args.crop, seed)
        if args.revive:
            units, dead = revive.revive(self.model.prior, sample_run(self.model, self.crops, device))
            if rank == 0:
                print(f'{dead} of {units} units of the prior were dead', flush=True)
        torch.manual_seed(seed + 1000 * rank)
        self.crops.random.seed(seed + 1000 * rank)
        prepare(self.model, args, device)
        self.optimizers = optimizers_of(self.model, args.train, args)
        self.groups = [group for optimizer in self.optimizers for group in optimizer.param_groups]
        self.rates = [group['lr'] for group in self.groups]  # before a checkpoint brings its last ones
        self.parameters = [p for group in self.groups for p in group['params']]
        self.ema = {k: v.clone() for k, v in self.model.state_dict().items()}
        self.step, self.minutes, self.skipped, self.mean_grad, self.seen = 0, 0.0, 0, None, []
        if args.resume:
            self.restore(previous)
        self.feed, self.takes = self.feed_of(seed)
        self.pictures = data.evaluation_set(args.images)[::6] if args.images else []

    def restore(self, previous):
        for optimizer, state in zip(self.optimizers, previous['optimizers']):
            optimizer.load_state_dict(state)
        self.step, self.minutes, self.ema = previous['step'], previous['minutes'], previous['ema']

    def feed_of(self, seed):
        """-> (the feed, None without one; whether pictures are taken from it)."""
        gives, takes = self.args.train == ['prior'] and self.rank == 0, self.args.train == ['synthesis']
        if not self.args.feed or not (gives or takes):
            return None, False
        if takes and self.model.tune != 'psnr':
            raise SystemExit('--feed trains the synthesis network for squared error alone; leave it out with the perceptual tune')
        return feed.Feed(self.args.feed, self.args.crop, seed + self.rank, write=gives), takes

    def go(self):
        start, last = time.time() - 60 * self.minutes, self.minutes
        while True:
            if self.args.processes == 1:
                self.minutes = (time.time() - start) / 60
            if self.minutes >= self.args.minutes or self.minutes - last >= self.args.report:
                last = self.minutes
                self.report()
                if self.minutes >= self.args.minutes:
                    break
            grad = self.learn(start)
            if grad is not None and self.step % 100 == 0 and self.rank == 0:
                loss, bpp, psnr = (sum(v) / len(self.seen) for v in zip(*self.seen))
                rate = self.args.batch * self.args.crop ** 2 * self.step / 1e6 / (time.time() - start)
                print(f'  step {self.step} {self.minutes:.1f} min cost {loss:.4f} bpp {bpp:.4f} PSNR {psnr:.2f} grad {grad:.2f} {rate:.2f} MP/s', flush=True)
                self.seen = []

    def cost(self):
        """The cost of a batch and what to print of it."""
        if self.takes:
            return cost_of_feed(self.model, self.feed, self.args.batch)
        x = self.crops.batch(self.args.batch).to(self.device)
        qi = torch.floor(qualities(self.args.batch, self.args.qualities, self.device))
        return cost(self.model, x, qi, self.args.train, self.feed)

    def learn(self, start):
        """One step -> the norm of its gradient, or None if that was out of bounds and the step is skipped."""
        scale = rate_at(self.minutes / self.args.minutes, self.step)
        for group, rate in zip(self.groups, self.rates):
            group['lr'] = rate * scale
        loss, bpp, psnr = self.cost()
        for p in self.parameters:
            p.grad = None
        loss.backward()
        if self.args.processes > 1:
            self.minutes = mean_over_processes(self.parameters, (time.time() - start) / 60)
        grad = nn.utils.clip_grad_norm_(self.parameters, 1.0).item()
        if not math.isfinite(grad) or (self.mean_grad and grad > 20 * self.mean_grad):
            self.skipped += 1
            return None
        self.mean_grad = grad if self.mean_grad is None else .98 * self.mean_grad + .02 * grad
        for optimizer in self.optimizers:
            optimizer.step()
        self.step += 1
        self.average()
        self.seen.append((loss.item(), bpp, psnr))
        return grad

    @torch.no_grad()
    def average(self):
        """Moves the averaged weights towards the present ones."""
        decay = min(.999, (1 + self.step) / (10 + self.step))
        now = self.model.state_dict()
        torch._foreach_mul_(list(self.ema.values()), decay)
        torch._foreach_add_(list(self.ema.values()), [now[name] for name in self.ema], alpha=1 - decay)

    def report(self):
        """Writes a checkpoint and says how well the averaged weights do."""
        if self.rank:
            return
        torch.save({'shape': self.shape, 'model': self.model.state_dict(), 'ema': self.ema, 'optimizers': [o.state_dict() for o in self.optimizers],
                    'step': self.step, 'minutes': self.minutes}, self.args.out + '.tmp')
        os.replace(self.args.out + '.tmp', self.args.out)
        current = {k: v.clone() for k, v in self.model.state_dict().items()}
        self.model.load_state_dict(self.ema)
        self.model.eval()
        measured = evaluate(self.model, self.pictures, [48, 96, 144, 192, 240], self.device) if self.pictures else ''
        print(f'min {self.minutes:.1f} step {self.step} skipped {self.skipped} | {measured}', flush=True)
        self.model.train()
        self.model.load_state_dict(current)


if __name__ == '__main__':
    main()
