#!/usr/bin/env python3
"""Rate (ideal code length of the integer prior) and RGB PSNR of a checkpoint: evaluate.py --prior F [--synthesis F] --images DIR"""
import argparse
import math

import torch

from semcodec import data, prior, transform, wavelet
from train_synthesis import refold, to_picture


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument('--prior', required=True)
    parser.add_argument('--synthesis')
    parser.add_argument('--images', required=True)
    parser.add_argument('--qualities', default='32,48,64,80,96,112,128,144,160')
    parser.add_argument('--every', type=int, default=1, help='take every n-th picture')
    args = parser.parse_args()
    model = prior.Prior()
    model.load_state_dict(torch.load(args.prior))
    model.eval()
    net = None
    if args.synthesis:
        state = torch.load(args.synthesis)
        net = transform.CoefficientNet(state['head.weight'].shape[0], sum(k.endswith('conv1.bias') for k in state))
        net.load_state_dict(state)
        net.eval()
    pictures = data.evaluation_set(args.images)[::args.every]
    if not pictures:
        parser.error(f'no PNG pictures in {args.images}')
    print('quality  bpp  PSNR of the wavelet alone  PSNR')
    with torch.no_grad():
        for qi in (int(q) for q in args.qualities.split(',')):
            q = torch.tensor([float(qi)])
            totals = [0.0, 0.0, 0.0]
            for p in pictures:
                x = data.to_tensor(p)
                coefficients = prior.to_steps(*wavelet.analyse(wavelet.to_components(data.pad(x))), q)
                bits, low, details, _ = model(*coefficients, prior.quality_input(q), soft=False)
                v = refold(low, details, q)
                totals[0] += bits.item() / (x.shape[2] * x.shape[3])
                for i, y in enumerate((v, v + net(v, q) if net else v)):
                    y = to_picture(y, q)[..., :x.shape[2], :x.shape[3]].clamp(0, 255).round()
                    totals[1 + i] += 10 * math.log10(65025 / ((y - x) ** 2).mean().item())
            print(qi, *(f'{t / len(pictures):.4f}' for t in totals), flush=True)


if __name__ == '__main__':
    main()
