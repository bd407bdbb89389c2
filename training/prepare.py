#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Prepares a folder of photographs for training.

prepare.py PHOTOS... OUT [--scale 0.7,1]           packs pixels for train.py: OUT/images.bin, OUT/index.npy
prepare.py PHOTOS... OUT --carry-mb 38 [--scale 0.5]  instead writes small JPEGs to OUT, to carry to another machine and pack there with --scale 1

Lossy sources are scaled down first, so that their compression residue goes; files whose name starts with 'cid22' are lossless and kept.
With several scales each picture is packed once a scale: photographs at their own size are smoother than small ones.
With --drawings, so many pictures of semcodec/drawings.py are packed behind them.
Every sixteenth picture of a folder by name is left out, for choices that are made beside the training (--held-out packs those alone).
"""
import argparse
import glob
import itertools
import os
import random

import numpy as np
from PIL import Image

from semcodec import drawings


HELD_OUT = 16  # one picture in so many is never trained on


def pictures(folders, scales, held_out=False):
    """(name, RGB picture) of every readable picture at every scale, in a fixed random order."""
    paths = [path for folder in folders for i, path in enumerate(sorted(glob.glob(os.path.join(folder, '*')))) if (i % HELD_OUT == 0) == held_out]
    chosen = [(path, scale) for path in paths for scale in scales]
    random.Random(1).shuffle(chosen)
    for path, scale in chosen:
        try:
            image = Image.open(path).convert('RGB')
        except OSError as e:
            print('skipped', path, e)
            continue
        name = os.path.basename(path)
        if name.startswith('cid22'):
            if scale != scales[0]:
                continue
        elif scale != 1:
            image = image.resize((round(image.width * scale), round(image.height * scale)), Image.LANCZOS)
        yield name, image


def pack(source, drawn, out):
    index, offset = [], 0
    with open(os.path.join(out, 'images.bin'), 'wb') as f:
        for image in itertools.chain((image for _, image in source), (drawings.drawing(i) for i in range(drawn))):
            a = np.asarray(image)
            f.write(a.tobytes())
            index.append((offset, a.shape[0], a.shape[1]))
            offset += a.size
    np.save(os.path.join(out, 'index.npy'), np.array(index, np.int64))
    print(f'{len(index)} pictures, {offset / 3e6:.1f} MP')


def shrink(source, out, limit):
    count = size = 0
    for name, image in source:
        path = os.path.join(out, os.path.splitext(name)[0] + '.jpg')
        image.save(path, quality=95, subsampling=0, optimize=True)
        size += os.path.getsize(path)
        if size > limit:
            size -= os.path.getsize(path)
            os.remove(path)
            break
        count += 1
    print(f'{count} pictures, {size / 1e6:.1f} MB')


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('photos', nargs='+')
    parser.add_argument('out')
    parser.add_argument('--scale', type=lambda text: [float(v) for v in text.split(',')], help='one or more, with commas between')
    parser.add_argument('--carry-mb', type=float)
    parser.add_argument('--drawings', type=int, default=0)
    parser.add_argument('--held-out', action='store_true', help='the pictures that are otherwise left out')
    args = parser.parse_args()
    os.makedirs(args.out, exist_ok=True)
    source = pictures(args.photos, args.scale or ([0.5] if args.carry_mb else [0.7]), args.held_out)
    if args.carry_mb:
        shrink(source, args.out, args.carry_mb * 1e6)
    else:
        pack(source, args.drawings, args.out)


if __name__ == '__main__':
    main()
