#!/usr/bin/env python3
"""Packs a folder of photographs for training: prepare.py PHOTOS OUT [--scale 0.7] [--limit-mb N]

Lossy sources are downscaled first so that their compression residue goes; files whose name starts with 'cid22' are lossless and kept.
"""
import argparse
import glob
import os

import numpy as np
from PIL import Image


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument('photos')
    parser.add_argument('out')
    parser.add_argument('--scale', type=float, default=0.7)
    args = parser.parse_args()
    os.makedirs(args.out, exist_ok=True)
    index, offset = [], 0
    with open(os.path.join(args.out, 'images.bin'), 'wb') as out:
        for path in sorted(glob.glob(os.path.join(args.photos, '*'))):
            try:
                image = Image.open(path).convert('RGB')
            except OSError as e:
                print('skipped', path, e)
                continue
            if not os.path.basename(path).startswith('cid22'):
                image = image.resize((round(image.width * args.scale), round(image.height * args.scale)), Image.LANCZOS)
            a = np.asarray(image)
            out.write(a.tobytes())
            index.append((offset, a.shape[0], a.shape[1]))
            offset += a.size
    np.save(os.path.join(args.out, 'index.npy'), np.array(index, np.int64))
    print(f'{len(index)} pictures, {offset / 3e6:.1f} MP')


if __name__ == '__main__':
    main()
