#!/usr/bin/env python3
"""Puts parts that were trained apart together: merge.py CODEC.pt OTHER.pt OUT.pt [--parts synthesis] takes the named parts of OTHER, all else of CODEC."""
import argparse

import torch

from semcodec import codec


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument('codec')
    parser.add_argument('other')
    parser.add_argument('out')
    parser.add_argument('--parts', default='synthesis', help='of ' + ','.join(codec.PARTS))
    args = parser.parse_args()
    parts = args.parts.split(',')
    if not set(parts) <= set(codec.PARTS):
        parser.error('--parts takes ' + ','.join(codec.PARTS))
    to, other = (torch.load(path, map_location='cpu') for path in (args.codec, args.other))
    weights = dict(to['ema'])
    for name, value in other['ema'].items():
        if name.split('.')[0] in parts:
            if name not in weights or weights[name].shape != value.shape:
                parser.error(f'{args.other}: {name} has no place in {args.codec}')
            weights[name] = value
    torch.save({'shape': to['shape'], 'ema': weights, 'step': 0, 'minutes': 0.0}, args.out)


if __name__ == '__main__':
    main()
