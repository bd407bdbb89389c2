#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Makes one codec of two: merge.py CODEC.pt OTHER.pt OUT.pt [--parts synthesis] takes the named parts of OTHER, that were trained apart, all else of CODEC.

With --mean, OUT has the mean of the weights of two checkpoints of one run (P. Izmailov et al., "Averaging weights leads to wider optima and better
generalization", UAI 2018); it keeps the optimizer of OTHER, so that train.py --resume goes on from there, with its minutes counted from zero.
"""
import argparse

import torch

from semcodec import codec


def taken(weights, others, parts):
    """weights with the named parts of others in place of their own."""
    return {**weights, **{name: value for name, value in others.items() if name.split('.')[0] in parts}}


def mean(weights, others):
    return {name: (value + others[name]) / 2 if value.is_floating_point() else value for name, value in weights.items()}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('codec')
    parser.add_argument('other')
    parser.add_argument('out')
    what = parser.add_mutually_exclusive_group()
    what.add_argument('--parts', default='synthesis', help='of ' + ','.join(codec.PARTS))
    what.add_argument('--mean', action='store_true', help='the mean of all parts')
    args = parser.parse_args()
    parts = codec.PARTS if args.mean else args.parts.split(',')
    if not set(parts) <= set(codec.PARTS):
        parser.error('--parts takes ' + ','.join(codec.PARTS))
    to, other = (codec.checkpoint(path) for path in (args.codec, args.other))
    for name, value in other['ema'].items():
        if name.split('.')[0] in parts and (name not in to['ema'] or to['ema'][name].shape != value.shape):
            parser.error(f'{args.other}: {name} has no place in {args.codec}')
    if args.mean:
        if to['ema'].keys() != other['ema'].keys():
            parser.error(f'{args.codec} has parts that {args.other} lacks')
        weights = mean(to['ema'], other['ema'])
        torch.save({**other, 'ema': weights, 'model': weights, 'minutes': 0.0}, args.out)
    else:
        torch.save({'shape': to['shape'], 'ema': taken(to['ema'], other['ema'], parts), 'step': 0, 'minutes': 0.0}, args.out)


if __name__ == '__main__':
    main()
