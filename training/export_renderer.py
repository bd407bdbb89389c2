#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Writes a renderer's pack: export_renderer.py --checkpoint runs/renderer.pt --manifest photos-MANIFEST.tsv --pack DIR

The pack holds the averaged weights, those of convolutions in bytes."""
import argparse

from semcodec import machine  # before torch  # noqa: F401

from semcodec import codec, pack, renderer
from export import net_tensors, provenance

JUDGE = {'source': 'https://github.com/forresti/SqueezeNet (judged textures in training)', 'licence': 'BSD-2-Clause'}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('--checkpoint', required=True)
    parser.add_argument('--manifest', required=True, help='sources and licences of the photographs')
    parser.add_argument('--number', type=int, default=5, help='of the pack')
    parser.add_argument('--pack', required=True, help='folder to write')
    args = parser.parse_args()
    saved = codec.checkpoint(args.checkpoint)
    model = renderer.Renderer(**saved['shape'])
    model.load_state_dict(saved['ema'])
    size = pack.write(args.pack, 'renderer.safetensors', net_tensors('renderer', model.net, in_bytes=True), {
        'number': args.number,
        'format': 1,
        'profile': 'transform',
        'licence': 'Apache-2.0',
        'provenance': provenance(args.manifest) + [JUDGE],
        'steps': saved['step'],
    })
    print(f'{size} bytes, {saved["step"]} steps')


if __name__ == '__main__':
    main()
