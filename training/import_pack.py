#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Turns a model pack back into a checkpoint for train.py --start: import_pack.py PACK OUT.pt

Weights come back as the integers and half-precision numbers that they were exported as; training goes on from there.
"""
import argparse
import json
import os

import numpy as np
import torch

from semcodec import codec, coefficient_net, prior, safetensors

def restore(conv, tensors, name, shift=None):
    unit = torch.exp2(tensors[name + '.shift'] if shift is None else shift)
    conv.weight.data = tensors[name + '.weight'] / unit[:, None, None, None]
    if conv.bias is not None:
        conv.bias.data = tensors[name + '.bias'] / (16 * unit)
    if conv.quality is not None:
        conv.quality.data = tensors[name + '.quality'] / unit


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument('pack')
    parser.add_argument('out')
    args = parser.parse_args()
    t = {name: torch.from_numpy(a.astype(np.float32)) for name, a in safetensors.read(os.path.join(args.pack, 'transform.safetensors')).items()}
    nets = {part: {k[len(part) + 1:]: v for k, v in t.items() if k.startswith(part + '.')} for part in ('synthesis', 'analysis')}
    blocks = {part: sum(k.endswith('conv1.bias') for k in state) for part, state in nets.items()}
    shape = {'parts': ['prior'] + [p for p in ('synthesis', 'analysis') if nets[p]], 'width': nets['synthesis']['head.weight'].shape[0],
             'blocks': blocks['synthesis'], 'gains': nets['synthesis']['tail.weight'].shape[0] > coefficient_net.CHANNELS}
    if nets['analysis']:
        shape['analysis_blocks'] = blocks['analysis']
    shape['hidden'] = {level: t[f'prior.level{level}.context.weight'].shape[0] for level in range(1, prior.LEVELS + 1)}
    shape['context'] = {level: t[f'prior.level{level}.context.weight'].shape[1] for level in range(1, prior.LEVELS)}
    shape['context'][prior.LEVELS] = 0
    with open(os.path.join(args.pack, 'manifest.json')) as f:
        manifest = json.load(f)
    shape['tune'] = manifest.get('tune', 'psnr')
    model = codec.Codec(**shape)
    model.prior.low.data = t['prior.low'] / 16
    model.prior.mix.data = torch.tensor(manifest['mixture'])
    for level in range(1, prior.LEVELS + 1):
        net, name = model.prior.levels[str(level)], f'prior.level{level}.'
        restore(net.context, t, name + 'context')
        restore(net.symbols, t, name + 'symbols', t[name + 'context.shift'])
        for k in range(len(net.hidden)):
            restore(net.hidden[k], t, f'{name}step{k}.hidden')
            restore(net.out[k], t, f'{name}step{k}.out')
        if level > 1:
            restore(net.up_hidden, t, name + 'up_hidden')
            restore(net.up_out, t, name + 'up_out')
    relative = torch.cat([t['steps.low'], t['steps.detail'].flatten(1)], 1)
    model.steps.gains.data = -torch.log2(relative * model.steps.norms)
    for part, state in nets.items():
        if state:
            getattr(model, part).load_state_dict(state)
    torch.save({'shape': shape, 'model': model.state_dict(), 'ema': model.state_dict(), 'step': 0, 'minutes': 0.0}, args.out)


if __name__ == '__main__':
    main()
