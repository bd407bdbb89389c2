#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Wasserstein distortion of decoded pictures, by features that no training here uses: judge.py ORIGINALS DECODED --squeezenet squeezenet_v1.0_imagenet.npz

DECODED is what org.semimage.conformance.bench.SmallFiles writes, a folder SIZE/CODEC/NAME.png for each picture. The renderer is trained on SqueezeNet's layers up to
fire6; this measures by fire7, fire8 and fire9, in windows of 32 samples (64 for fire9).
"""
import argparse
import os

from semcodec import machine  # before torch  # noqa: F401

import torch

from semcodec import data, squeezenet, wasserstein

LAYERS = ('fire7', 'fire8', 'fire9')
WINDOW = 4  # at an eighth of the size


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('originals')
    parser.add_argument('decoded')
    parser.add_argument('--squeezenet', required=True)
    args = parser.parse_args()
    network = squeezenet.SqueezeNet(args.squeezenet, LAYERS[-1])
    cache = {}

    def features(path):
        found = network(data.to_tensor(data.load_rgb(path)))
        return [found[k] for k in LAYERS]

    print('| size | codec | pictures | Wasserstein distortion |\n|---|---|---|---|')
    with torch.no_grad():
        for size in sorted(os.listdir(args.decoded)):
            folder = os.path.join(args.decoded, size)
            for codec in sorted(os.listdir(folder)) if os.path.isdir(folder) else []:
                values = []
                for name in sorted(os.listdir(os.path.join(folder, codec))):
                    if name not in cache:
                        cache[name] = features(os.path.join(args.originals, name))
                    decoded = features(os.path.join(folder, codec, name))
                    values.append(wasserstein.distance(decoded, cache[name], [WINDOW] * len(LAYERS)).item())
                print(f'| {size} | {codec} | {len(values)} | {sum(values) / len(values):.4f} |', flush=True)


if __name__ == '__main__':
    main()
