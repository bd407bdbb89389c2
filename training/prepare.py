#!/usr/bin/env python3
"""Prepares a folder of photographs for training.

prepare.py PHOTOS OUT [--scale 0.7]                packs pixels for train.py: OUT/images.bin, OUT/index.npy
prepare.py PHOTOS OUT --carry-mb 38 [--scale 0.5]  instead writes small JPEGs to OUT, to carry to another machine and pack there with --scale 1

Lossy sources are scaled down first, so that their compression residue goes; files whose name starts with 'cid22' are lossless and kept.
"""
import argparse
import glob
import os
import random

import numpy as np
from PIL import Image


def pictures(folder, scale):
    """(name, RGB picture) of every readable picture, in a fixed random order."""
    paths = sorted(glob.glob(os.path.join(folder, '*')))
    random.Random(1).shuffle(paths)
    for path in paths:
        try:
            image = Image.open(path).convert('RGB')
        except OSError as e:
            print('skipped', path, e)
            continue
        name = os.path.basename(path)
        if not name.startswith('cid22') and scale != 1:
            image = image.resize((round(image.width * scale), round(image.height * scale)), Image.LANCZOS)
        yield name, image


def pack(source, out):
    index, offset = [], 0
    with open(os.path.join(out, 'images.bin'), 'wb') as f:
        for _, image in source:
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
    parser.add_argument('photos')
    parser.add_argument('out')
    parser.add_argument('--scale', type=float)
    parser.add_argument('--carry-mb', type=float)
    args = parser.parse_args()
    os.makedirs(args.out, exist_ok=True)
    if args.carry_mb:
        shrink(pictures(args.photos, args.scale or 0.5), args.out, args.carry_mb * 1e6)
    else:
        pack(pictures(args.photos, args.scale or 0.7), args.out)


if __name__ == '__main__':
    main()
