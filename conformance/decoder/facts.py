# SPDX-License-Identifier: Apache-2.0
"""What a PNG cannot hold, in the form of the vectors' own files: docs/CONFORMANCE.md, "The JSON files"."""
import hashlib

import numpy

from . import container, latents


def digest(integers):
    """Of signed 32 bits, the lower byte first."""
    return hashlib.sha256(numpy.array(integers, "<i4").tobytes()).hexdigest()


def coefficients(picture, found):
    """Of the low band's planes, then of the bands from level 6 to level 1."""
    values = found.values[0][:3 if picture.colour else 1].ravel().tolist()
    for level in range(6, 0, -1):
        bands = 9 if picture.colour and (level > 1 or found.fine) else 3
        values += found.values[level][:bands].ravel().tolist()
    return digest(values)


def descriptors(found):
    unit = 2 ** (found.step / 4 - 1) if found.step is not None else 0
    amplitudes = sorted([c, v, u, value * unit] for (c, v, u), value in found.amplitudes.items() if value)
    return {
        "columns": found.columns, "rows": found.rows, "layoutCount": len(found.amplitudes), "textureCount": len(found.cepstrum),
        "amplitudes": amplitudes}


def facts(picture, found):
    """The first picture of a file; what was found in its payload depends on the profile."""
    model = picture.model
    said = {
        "profile": container.PROFILES[picture.profile], "width": picture.width, "height": picture.height,
        "planes": ("rgb" if picture.colour else "gray") + "+alpha" * picture.alpha, "bits": picture.depth,
        "model": f"sha256:{model.hex()}" if isinstance(model, bytes) else f"embedded:{model}" if model else "none"}
    if picture.profile == container.TRANSFORM:
        said["coefficients"] = coefficients(picture, found)
    if picture.profile == container.GENERATIVE and latents.shape_in_digest(model):
        channels, stride = latents.shape_in_digest(model)
        said["latents"] = {"channels": channels, "stride": stride, "sha256": digest(latents.in_order(found["latents"]))}
    if picture.profile == container.CAPTION:
        said["text"] = found
    if picture.profile == container.DESCRIPTOR:
        said["text"] = found.text
        said["descriptors"] = descriptors(found)
    return {"pictures": [said]}
