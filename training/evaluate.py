#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Rate (ideal code length of the integer prior), RGB PSNR and SSIMULACRA 2 of a checkpoint: evaluate.py CHECKPOINT --images DIR"""
import argparse

import torch

from semcodec import codec, data
from train import evaluate


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument('checkpoint')
    parser.add_argument('--images', required=True)
    parser.add_argument('--qualities', default='32,48,64,80,96,112,128,144,160')
    parser.add_argument('--every', type=int, default=1, help='take every n-th picture')
    args = parser.parse_args()
    device = 'cuda' if torch.cuda.is_available() else 'cpu'
    model = codec.load(args.checkpoint, device)
    pictures = data.evaluation_set(args.images)[::args.every]
    if not pictures:
        parser.error(f'no PNG pictures in {args.images}')
    print('quality index: bpp/PSNR (gain of the synthesis network) SSIMULACRA 2')
    for quality_index in (int(q) for q in args.qualities.split(',')):
        print(evaluate(model, pictures, [quality_index], device), flush=True)


if __name__ == '__main__':
    main()
