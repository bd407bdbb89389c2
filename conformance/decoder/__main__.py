# SPDX-License-Identifier: Apache-2.0
"""python3 -m decoder IN.sem OUT.png [--symbols OUT.json]: exit status 2 and a reason on stderr for a malformed picture."""
import argparse
import json
import sys

import numpy

from . import alpha, container, descriptor, latents, lossless, png, text, transform


def main():
    parser = argparse.ArgumentParser(prog="decoder", description=__doc__)
    parser.add_argument("input")
    parser.add_argument("output")
    parser.add_argument("--symbols", help="write the integers that have one possible result, as JSON")
    parser.add_argument("--latents", default="32,8", help="channels and stride of the autoencoder that a generative picture names")
    arguments = parser.parse_args()
    with open(arguments.input, "rb") as file:
        data = file.read()
    try:
        picture = container.parse(data)
        samples, symbols = decode(picture, [int(number) for number in arguments.latents.split(",")])
    except container.Malformed as fault:
        print(f"decoder: malformed: {fault}", file=sys.stderr)
        return 2
    if picture.truncated:
        picture.warnings.append("the picture is truncated")
    for warning in picture.warnings:
        print(f"decoder: warning: {warning}", file=sys.stderr)
    if samples is not None:
        png.write(arguments.output, samples, picture.depth)
    if arguments.symbols:
        with open(arguments.symbols, "w", encoding="utf-8") as file:
            json.dump(symbols, file, default=lambda value: value.tolist())
    return 0


def decode(picture, autoencoder):
    """Samples, if the profile has any, and the integers that every decoder must find."""
    profile, payloads = picture.profile, picture.payloads
    if profile == container.LOSSLESS:
        samples = lossless.decode(payloads["L"], picture.width, picture.height, picture.colour, picture.alpha, picture.depth)
        return samples, {"samples": samples}
    if profile == container.TRANSFORM:
        found = transform.Transform(payloads["T"], picture)
        samples = found.samples()
        if picture.alpha:
            samples = numpy.dstack([samples, alpha.decode(payloads["A"], picture.width, picture.height)])
        return samples, {"low": found.values[0], "levels": found.values[1:], "gains": found.gains}
    if profile == container.GENERATIVE:
        # Networks of latent packs are not part of this decoder: there are latents alone, and no samples.
        return None, latents.decode(payloads["G"], picture.width, picture.height, *autoencoder)
    if profile == container.DESCRIPTOR:
        found = descriptor.Descriptor(payloads["payload"], picture.width, picture.height, picture.truncated)
        return found.rendition(picture.width, picture.height), found.symbols()
    caption = text.decode(payloads["payload"])
    return numpy.full((picture.height, picture.width, 3), 128), {"text": caption}


if __name__ == "__main__":
    sys.exit(main())
