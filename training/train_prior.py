#!/usr/bin/env python3
"""Trains the integer prior on the fixed wavelet: train_prior.py --data runs/data --out runs/prior.pt --minutes 60 [--resume F]"""
import argparse
import math
import os
import time

import torch
import torch.nn as nn

from semcodec import data, prior, wavelet


def evaluate(model, pictures, qualities):
    model.eval()
    rows = []
    with torch.no_grad():
        for qi in qualities:
            bpp = psnr = 0
            for p in pictures:
                x = data.to_tensor(p)
                q = torch.tensor([float(qi)])
                low, details = prior.to_steps(*wavelet.analyse(wavelet.to_components(data.pad(x))), q)
                bits, v, rec, _ = model(low, details, prior.quality_input(q), soft=False)
                y = wavelet.to_rgb(wavelet.synthesise(*prior.from_steps(v, rec, q)))[..., :x.shape[2], :x.shape[3]]
                bpp += bits.item() / (x.shape[2] * x.shape[3])
                psnr += 10 * math.log10(65025 / ((y.clamp(0, 255).round() - x) ** 2).mean().item())
            rows.append(f'{qi}: {bpp / len(pictures):.4f}/{psnr / len(pictures):.2f}')
    model.train()
    return '  '.join(rows)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument('--data', required=True)
    parser.add_argument('--out', required=True)
    parser.add_argument('--kodak')
    parser.add_argument('--minutes', type=float, default=60)
    parser.add_argument('--batch', type=int, default=4)
    parser.add_argument('--crop', type=int, default=256)
    parser.add_argument('--rate', type=float, default=2e-3)
    parser.add_argument('--threads', type=int, default=1)
    parser.add_argument('--resume')
    parser.add_argument('--seed', type=int, default=1)
    args = parser.parse_args()
    torch.set_num_threads(args.threads)
    torch.manual_seed(args.seed)
    model = prior.Prior()
    if args.resume:
        model.load_state_dict(torch.load(args.resume))
    crops = data.Crops(args.data, args.crop, args.seed)
    pictures = data.evaluation_set(args.kodak)[::6] if args.kodak else []
    ema = {k: v.clone() for k, v in model.state_dict().items()}
    optimizer = torch.optim.Adam(model.parameters(), lr=args.rate, betas=(0.9, 0.98))
    start, last, step, skipped, mean_grad, seen = time.time(), 0, 0, 0, None, []
    while True:
        elapsed = (time.time() - start) / 60
        if elapsed >= args.minutes or elapsed - last >= 5:
            last = elapsed
            torch.save(ema, args.out + '.tmp')
            os.replace(args.out + '.tmp', args.out)
            current = {k: v.clone() for k, v in model.state_dict().items()}
            model.load_state_dict(ema)
            print(f'min {elapsed:.1f} step {step} skipped {skipped} | {evaluate(model, pictures, [64, 96, 128])}', flush=True)
            model.load_state_dict(current)
            if elapsed >= args.minutes:
                break
        fraction = elapsed / args.minutes
        rate = args.rate * min(1, (step + 1) / 100) * (1 if fraction < .4 else max(.02, .5 * (1 + math.cos(math.pi * (fraction - .4) / .6))))
        for group in optimizer.param_groups:
            group['lr'] = rate
        x = crops.batch(args.batch)
        qi = torch.floor(torch.rand(args.batch) * 200 + 8)
        with torch.no_grad():
            low, details = prior.to_steps(*wavelet.analyse(wavelet.to_components(x)), qi)
        bits, _, _, _ = model(low, details, prior.quality_input(qi))
        bpp = bits / args.crop ** 2
        loss = (bpp / bpp.detach().clamp_min(0.05) ** 0.7).mean()  # between bits and log bits: low rates count too
        optimizer.zero_grad()
        loss.backward()
        grad = nn.utils.clip_grad_norm_(model.parameters(), 1.0).item()
        if not math.isfinite(grad) or (mean_grad and grad > 20 * mean_grad):
            skipped += 1
            continue
        mean_grad = grad if mean_grad is None else .98 * mean_grad + .02 * grad
        optimizer.step()
        step += 1
        decay = min(.999, (1 + step) / (10 + step))
        for k, v in model.state_dict().items():
            ema[k].mul_(decay).add_(v, alpha=1 - decay)
        seen.append((loss.item(), bpp.mean().item()))
        if step % 100 == 0:
            print(f'  step {step} {elapsed:.1f} min loss {sum(s[0] for s in seen) / len(seen):.4f} bpp {sum(s[1] for s in seen) / len(seen):.4f} grad {grad:.2f}', flush=True)
            seen = []


if __name__ == '__main__':
    main()
