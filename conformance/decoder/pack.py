# SPDX-License-Identifier: Apache-2.0
"""Model packs: section 12 of docs/FORMAT.md."""
import functools
import hashlib
import json
import os

import numpy

from .container import Malformed

HERE = os.path.dirname(os.path.abspath(__file__))
PACKS = os.path.join(HERE, "..", "..", "imageio-sem", "src", "main", "resources", "org", "semimage", "packs")
TYPES = {"I8": "i1", "I32": "<i4", "F16": "<f2", "F32": "<f4"}
TRANSFORM = {1: "transform-1", 3: "transform-perceptual-1"}


@functools.lru_cache(None)
def load(name):
    """The tensors of an embedded pack; their types are those of the file."""
    folder = os.path.join(PACKS, name)
    with open(os.path.join(folder, "manifest.json"), encoding="utf-8") as file:
        manifest = json.load(file)
    tensors = {}
    for file_name, claim in manifest["files"].items():
        with open(os.path.join(folder, file_name), "rb") as file:
            data = file.read()
        if hashlib.sha256(data).hexdigest() != claim["sha256"]:
            raise AssertionError(f"{file_name} is not the file that its manifest vouches for")
        tensors.update(safetensors(data))
    return tensors


def safetensors(data):
    """The file is u64le, so many bytes of JSON, and the tensors, row by row; offsets count from behind the JSON."""
    start = 8 + int.from_bytes(data[:8], "little")
    header = json.loads(data[8:start])
    tensors = {}
    for name, entry in header.items():
        if name != "__metadata__":
            first, last = entry["data_offsets"]
            tensors[name] = numpy.frombuffer(data[start + first:start + last], TYPES[entry["dtype"]]).reshape(entry["shape"])
    return tensors


def transform(model):
    if model not in TRANSFORM:
        raise Malformed(f"no transform pack is embedded as model {model!r}")
    return load(TRANSFORM[model])
