#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Cuts views of pictures and asks the teachers of the tagger what they see. Once; train_tagger.py reads what it writes.

teach_tagger.py --pictures photos.tsv --squeezenet SQUEEZENET.npz --centernet FOLDER --out runs/views

The table has a line a picture: file, views, captions... A view is a square of 224 samples; the first of a picture is all of it, the others are
cut at random places. Written are views.npy [N,3,224,224] (bytes), squeezenet.npy [N,1000] (logits), features.npy [N,512], centernet.npy [N,80]
(highest value of a class in the view) and views.tsv (line of the picture, left, top, side; whole pictures have side 0).
"""
import argparse
import os

import numpy as np
import torch
import torch.nn.functional as F
from PIL import Image

from semcodec.centernet import CenterNet
from semcodec.squeezenet import SqueezeNet
from semcodec.tagger import SIDE

HEAT_SIDE = 384


def pictures(path):
    with open(path) as table:
        for line in table:
            if not line.startswith('#'):
                name, views = line.rstrip('\n').split('\t')[:2]
                yield name, int(views)


def heat_map(net, image):
    """(80, H/4, W/4) of a picture whose shorter side is near HEAT_SIDE."""
    factor = HEAT_SIDE / min(image.size)
    size = [max(32, round(n * factor / 32) * 32) for n in image.size]
    return net.heat(tensor(image.resize(size, Image.BILINEAR))[None])[0].float()


def tensor(image):
    return torch.from_numpy(np.array(image)).float().permute(2, 0, 1)


def squares(image, count, random):
    """Boxes (left, top, side); the first is the whole picture, as side 0."""
    yield 0, 0, 0
    shorter = min(image.size)
    for _ in range(count - 1):
        side = max(min(128, shorter), int(shorter * random.uniform(0.35, 1)))
        yield int(random.integers(image.size[0] - side + 1)), int(random.integers(image.size[1] - side + 1)), side


def highest(heat, image, left, top, side):
    if side == 0:
        return heat.amax((1, 2))
    x, y = heat.shape[2] / image.size[0], heat.shape[1] / image.size[1]
    part = heat[:, int(top * y):int((top + side) * y) + 1, int(left * x):int((left + side) * x) + 1]
    return part.amax((1, 2))


@torch.no_grad()
def main():
    parser = argparse.ArgumentParser(description=__doc__.split('\n')[0])
    parser.add_argument('--pictures', required=True)
    parser.add_argument('--squeezenet', required=True)
    parser.add_argument('--centernet', required=True)
    parser.add_argument('--out', required=True)
    parser.add_argument('--seed', type=int, default=1)
    parser.add_argument('--threads', type=int, default=1)
    parser.add_argument('--bfloat16', action='store_true')
    args = parser.parse_args()
    torch.set_num_threads(args.threads)
    os.makedirs(args.out, exist_ok=True)
    random = np.random.default_rng(args.seed)
    squeezenet, centernet = SqueezeNet(args.squeezenet, 'fire9').eval(), CenterNet(args.centernet)
    views, logits, features, classes, index = [], [], [], [], []
    autocast = torch.autocast('cpu', dtype=torch.bfloat16, enabled=args.bfloat16)
    for line, (name, count) in enumerate(pictures(args.pictures)):
        image = Image.open(name).convert('RGB')
        with autocast:
            heat = heat_map(centernet, image)
        batch = []
        for left, top, side in squares(image, count, random):
            box = (0, 0) + image.size if side == 0 else (left, top, left + side, top + side)
            batch.append(np.array(image.resize((SIDE, SIDE), Image.BILINEAR, box)).transpose(2, 0, 1))
            classes.append(highest(heat, image, left, top, side).half().numpy())
            index.append(f'{line}\t{left}\t{top}\t{side}')
        batch = np.stack(batch)
        views.append(batch)
        for part in torch.from_numpy(batch).float().split(8):
            with autocast:
                fire9 = squeezenet(F.interpolate(part, size=227, mode='bilinear', align_corners=False))['fire9']
                conv10 = F.relu(F.conv2d(fire9, squeezenet.weights['conv_final__w'], squeezenet.weights['conv_final__b']))
            logits.append(conv10.float().mean((2, 3)).half().numpy())
            features.append(fire9.float().mean((2, 3)).half().numpy())
        if line % 100 == 0:
            print(line, len(index), flush=True)
    for name, parts in (('views', np.concatenate(views)), ('squeezenet', np.concatenate(logits)), ('features', np.concatenate(features)),
                        ('centernet', np.stack(classes))):
        np.save(os.path.join(args.out, name + '.npy'), parts)
    with open(os.path.join(args.out, 'views.tsv'), 'w') as out:
        out.write('\n'.join(index) + '\n')


if __name__ == '__main__':
    main()
