#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Writes a renderer's pack: export_renderer.py --checkpoint runs/renderer.pt --manifest photos-MANIFEST.tsv --pack DIR

The pack holds the averaged weights in half precision."""
import argparse
import hashlib
import json
import os

from semcodec import machine  # before torch  # noqa: F401

from semcodec import codec, renderer, safetensors
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
    blob = safetensors.dump(net_tensors('renderer', model.net))
    os.makedirs(args.pack, exist_ok=True)
    with open(os.path.join(args.pack, 'renderer.safetensors'), 'wb') as f:
        f.write(blob)
    manifest = {
        'id': os.path.basename(os.path.normpath(args.pack)),
        'number': args.number,
        'format': 1,
        'profile': 'transform',
        'licence': 'Apache-2.0',
        'provenance': provenance(args.manifest) + [JUDGE],
        'steps': saved['step'],
        'files': {'renderer.safetensors': {'bytes': len(blob), 'sha256': hashlib.sha256(blob).hexdigest()}},
    }
    with open(os.path.join(args.pack, 'manifest.json'), 'w') as f:
        json.dump(manifest, f, indent=2)
        f.write('\n')
    print(f'{len(blob)} bytes, {saved["step"]} steps')


if __name__ == '__main__':
    main()
