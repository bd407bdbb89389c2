# SPDX-License-Identifier: Apache-2.0
"""Model packs: a folder with weights, and the manifest that vouches for them (docs/MODELS.md). NumPy alone."""
import hashlib
import json
import os

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
