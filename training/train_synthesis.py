#!/usr/bin/env python3
"""Trains the synthesis network on quantized wavelet coefficients: train_synthesis.py --data runs/data --out runs/synthesis.pt

Rate does not depend on this network, so it trains apart from the prior. With --prior it sees that prior's own means and
rate-distortion optimized rounding; without, coefficients are rounded with a dead zone that stands in for them (a start).
"""
import argparse
import math
import os
import time

import torch
import torch.nn as nn

from semcodec import data, prior, transform, wavelet


def quantize(x, dead):
    return torch.sign(x) * torch.floor(x.abs() + 0.5 - dead)


def degrade(rgb, qi, dead=0.17, model=None):
    """RGB -> packed quantized coefficients in steps (levels 4 and deeper folded back into the low band of level 3)."""
    low, details = wavelet.analyse(wavelet.to_components(rgb))
    low, details = prior.to_steps(low, details, qi)
    if model is not None:
        _, low, details, _ = model(low, details, prior.quality_input(qi), soft=False)
    else:
        low, details = quantize(low, 0), [quantize(d, dead) for d in details]
    return refold(low, details, qi)


def refold(low, details, qi):
    low, scaled = prior.from_steps(low, details, qi)
    low3 = wavelet.synthesise(low, scaled[3:]) / prior.step_of(qi)[:, None, None, None]
    return transform.pack(low3, details[:3])


def to_picture(x, qi):
    low3, details = transform.unpack(x)
    d = prior.step_of(qi)[:, None, None, None]
    _, details = prior.from_steps(low3, details, qi)
    return wavelet.to_rgb(wavelet.synthesise(low3 * d, details))


def evaluate(net, pictures, qualities, model):
    rows = []
    with torch.no_grad():
        for qi in qualities:
            before = after = 0
            for p in pictures:
                x = data.to_tensor(p)
                q = torch.tensor([float(qi)])
                v = degrade(data.pad(x), q, model=model)
                for which, y in ((0, v), (1, v + net(v, q))):
                    y = to_picture(y, q)[..., :x.shape[2], :x.shape[3]].clamp(0, 255).round()
                    psnr = 10 * math.log10(65025 / ((y - x) ** 2).mean().item())
                    before, after = (before + psnr, after) if which == 0 else (before, after + psnr)
            rows.append(f'{qi}: {before / len(pictures):.2f}+{(after - before) / len(pictures):.3f}')
    return '  '.join(rows)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument('--data', required=True)
    parser.add_argument('--out', required=True)
    parser.add_argument('--kodak')
    parser.add_argument('--minutes', type=float, default=60)
    parser.add_argument('--batch', type=int, default=8)
    parser.add_argument('--crop', type=int, default=128)
    parser.add_argument('--rate', type=float, default=5e-4)
    parser.add_argument('--width', type=int, default=128)
    parser.add_argument('--blocks', type=int, default=4)
    parser.add_argument('--threads', type=int, default=1)
    parser.add_argument('--prior')
    parser.add_argument('--resume')
    parser.add_argument('--seed', type=int, default=1)
    args = parser.parse_args()
    torch.set_num_threads(args.threads)
    torch.manual_seed(args.seed)
    net = transform.CoefficientNet(args.width, args.blocks)
    if args.resume:
        net.load_state_dict(torch.load(args.resume))
    model = None
    if args.prior:
        model = prior.Prior()
        model.load_state_dict(torch.load(args.prior))
        model.eval()
    crops = data.Crops(args.data, args.crop, args.seed)
    pictures = data.evaluation_set(args.kodak)[::6] if args.kodak else []
    ema = {k: v.clone() for k, v in net.state_dict().items()}
    optimizer = torch.optim.Adam(net.parameters(), lr=args.rate, betas=(0.9, 0.98))
    start, last, step, skipped, mean_grad, seen = time.time(), 0, 0, 0, None, []
    while True:
        elapsed = (time.time() - start) / 60
        if elapsed >= args.minutes or elapsed - last >= 5:
            last = elapsed
            torch.save(ema, args.out + '.tmp')
            os.replace(args.out + '.tmp', args.out)
            current = {k: v.clone() for k, v in net.state_dict().items()}
            net.load_state_dict(ema)
            print(f'min {elapsed:.1f} step {step} skipped {skipped} | {evaluate(net, pictures, [48, 80, 112, 144], model)}', flush=True)
            net.load_state_dict(current)
            if elapsed >= args.minutes:
                break
        fraction = elapsed / args.minutes
        rate = args.rate * min(1, (step + 1) / 100) * (1 if fraction < .4 else max(.02, .5 * (1 + math.cos(math.pi * (fraction - .4) / .6))))
        for group in optimizer.param_groups:
            group['lr'] = rate
        x = crops.batch(args.batch)
        qi = torch.floor(torch.rand(args.batch) * 192 + 8)
        with torch.no_grad():
            v = degrade(x, qi, dead=0.1 + 0.12 * torch.rand(1).item(), model=model)
            base = ((to_picture(v, qi) - x) ** 2).mean((1, 2, 3))
        mse = ((to_picture(v + net(v, qi), qi) - x) ** 2).mean((1, 2, 3))
        loss = (mse / base).mean()
        optimizer.zero_grad()
        loss.backward()
        grad = nn.utils.clip_grad_norm_(net.parameters(), 0.5).item()
        if not math.isfinite(grad) or (mean_grad and grad > 20 * mean_grad):
            skipped += 1
            continue
        mean_grad = grad if mean_grad is None else .98 * mean_grad + .02 * grad
        optimizer.step()
        step += 1
        decay = min(.999, (1 + step) / (10 + step))
        for k, value in net.state_dict().items():
            ema[k].mul_(decay).add_(value, alpha=1 - decay)
        seen.append(loss.item())
        if step % 100 == 0:
            print(f'  step {step} {elapsed:.1f} min mse ratio {sum(seen) / len(seen):.4f} grad {grad:.3f}', flush=True)
            seen = []


if __name__ == '__main__':
    main()
