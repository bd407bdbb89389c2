# SPDX-License-Identifier: Apache-2.0
"""Model packs: a folder with weights, and the manifest that vouches for them (docs/MODELS.md). NumPy alone."""
import hashlib
import json
import os

import numpy as np

from semcodec import safetensors


def write(folder, file, tensors, facts):
    """Writes arrays by name into a file of a pack, and its manifest of these facts, in their order; the number of the file's bytes."""
    blob = safetensors.dump(tensors)
    os.makedirs(folder, exist_ok=True)
    with open(os.path.join(folder, file), 'wb') as out:
        out.write(blob)
    manifest = {'id': os.path.basename(os.path.normpath(folder)), **facts,
                'files': {file: {'bytes': len(blob), 'sha256': hashlib.sha256(blob).hexdigest()}}}
    with open(os.path.join(folder, 'manifest.json'), 'w') as out:
        json.dump(manifest, out, indent=2)
        out.write('\n')
    return len(blob)


def in_bytes(name, weight):
    """The tensors of weights [out, ...]: whole numbers of a byte, and the scale of each channel that comes out."""
    scale = np.abs(weight.reshape(len(weight), -1)).max(1) / 127 + 1e-12
    stored = np.round(weight / scale.reshape([-1] + [1] * (weight.ndim - 1))).astype(np.int8)
    return {name + '.weight': stored, name + '.scale': scale.astype(np.float32)}
