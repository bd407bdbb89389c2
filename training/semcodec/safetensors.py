# SPDX-License-Identifier: Apache-2.0
"""Files of named tensors: the length of a header, the header in JSON, then the numbers (huggingface/safetensors). NumPy alone."""
import json
import struct

import numpy as np

TYPES = {'F16': np.float16, 'F32': np.float32, 'I32': np.int32, 'I16': np.int16, 'I8': np.int8, 'U8': np.uint8}
NAMES = {np.dtype(kind): name for name, kind in TYPES.items()}


def dump(tensors, metadata=None):
    """Arrays by name, and texts by name -> the bytes of a file."""
    header, blobs, at = {'__metadata__': metadata} if metadata else {}, [], 0
    for name, a in tensors.items():
        blob = np.ascontiguousarray(a).tobytes()
        header[name] = {'dtype': NAMES[a.dtype], 'shape': list(a.shape), 'data_offsets': [at, at + len(blob)]}
        blobs.append(blob)
        at += len(blob)
    text = json.dumps(header, separators=(',', ':')).encode()
    text += b' ' * (-len(text) % 8)
    return struct.pack('<Q', len(text)) + text + b''.join(blobs)


def write(path, tensors, metadata=None):
    with open(path, 'wb') as out:
        out.write(dump(tensors, metadata))


def read(path):
    """-> arrays by name, which cannot be written to."""
    with open(path, 'rb') as f:
        data = f.read()
    start = 8 + struct.unpack('<Q', data[:8])[0]
    tensors = {}
    for name, entry in json.loads(data[8:start]).items():
        if name != '__metadata__':
            low, high = entry['data_offsets']
            tensors[name] = np.frombuffer(data[start + low:start + high], TYPES[entry['dtype']]).reshape(entry['shape'])
    return tensors
