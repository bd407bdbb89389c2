# SPDX-License-Identifier: Apache-2.0
"""python3 -m decoder IN.sem OUT.png: exit status 2 and a reason on stderr for a malformed picture.

python3 -m decoder --all IN OUT: all files of a folder, to NAME.png, NAME.json and NAME.status, and what was said in NAME.txt.
"""
import argparse
import json
import multiprocessing
import os
import sys
import traceback

import numpy

from . import alpha, container, descriptor, facts, latents, lossless, png, text, trace, transform

CRASHED = 255


def main():
    parser = argparse.ArgumentParser(prog="decoder", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("input")
    parser.add_argument("output")
    parser.add_argument("--symbols", help="write the integers that have one possible result, as JSON")
    parser.add_argument("--facts", help="write what the picture cannot hold, as JSON in the form of the vectors")
    parser.add_argument("--trace", help="write what is found on the way, as JSON in the form of the vectors' traces")
    parser.add_argument("--latents", help="channels and stride of the autoencoder that a generative picture names, such as 32,8")
    parser.add_argument("--all", action="store_true", help="decode a folder")
    parser.add_argument("--jobs", type=int, default=os.cpu_count(), help="processes for --all")
    arguments = parser.parse_args()
    if arguments.all:
        return decode_all(arguments.input, arguments.output, arguments.jobs)
    autoencoder = [int(number) for number in arguments.latents.split(",")] if arguments.latents else None
    try:
        picture, samples, symbols, found = decode_file(arguments.input, autoencoder)
    except container.Malformed as fault:
        print(f"decoder: malformed: {fault}", file=sys.stderr)
        return 2
    for warning in picture.warnings:
        print(f"decoder: warning: {warning}", file=sys.stderr)
    if samples is not None:
        png.write(arguments.output, samples, picture.depth)
    if arguments.symbols:
        write_json(arguments.symbols, symbols)
    if arguments.facts:
        write_json(arguments.facts, facts.facts(picture, found))
    if arguments.trace:
        write_json(arguments.trace, trace.trace(picture))
    return 0


def write_json(path, value):
    with open(path, "w", encoding="utf-8") as file:
        json.dump(value, file, default=lambda number: number.tolist())


def decode_all(source, target, jobs):
    """Every file of a folder, some at a time."""
    os.makedirs(target, exist_ok=True)
    names = sorted(name[:-4] for name in os.listdir(source) if name.endswith(".sem"))
    with multiprocessing.Pool(jobs) as pool:
        for _ in pool.imap_unordered(decode_one, [(source, target, name) for name in names]):
            pass
    return 0


def decode_one(place):
    """A file of a folder; what goes wrong is told by its status."""
    source, target, name = place
    out = os.path.join(target, name)
    said = ""
    try:
        picture, samples, _, found = decode_file(os.path.join(source, name + ".sem"), None)
        if samples is not None:
            png.write(out + ".png", samples, picture.depth)
        write_json(out + ".json", facts.facts(picture, found))
        status, said = 0, "\n".join(picture.warnings)
    except container.Malformed as fault:
        status, said = 2, f"malformed: {fault}"
    except Exception:  # a crash is this decoder's fault, and is told as such
        status, said = CRASHED, traceback.format_exc()
    for suffix, content in ((".status", f"{status}\n"), (".txt", said)):
        with open(out + suffix, "w", encoding="utf-8") as file:
            file.write(content)


def decode_file(path, autoencoder):
    with open(path, "rb") as file:
        picture = container.parse(file.read())
    decoded = decode(picture, autoencoder)
    if picture.truncated:
        picture.warnings.append("the picture is truncated")
    return (picture, *decoded)


def decode(picture, autoencoder):
    """Samples, if the profile has any; the integers that every decoder must find; and what they were found as."""
    profile, payloads = picture.profile, picture.payloads
    if profile == container.LOSSLESS:
        samples = lossless.decode(payloads["L"], picture.width, picture.height, picture.colour, picture.alpha, picture.depth)
        return samples, {"samples": samples}, None
    if profile == container.TRANSFORM:
        found = transform.Transform(payloads["T"], picture)
        samples = found.samples()
        if picture.alpha:
            samples = numpy.dstack([samples, alpha.decode(payloads["A"], picture.width, picture.height)])
        return samples, {"low": found.values[0], "levels": found.values[1:], "gains": found.gains}, found
    if profile == container.GENERATIVE:
        # Networks of latent packs are not part of this decoder: there are latents alone, and no samples.
        shape = autoencoder or latents.shape_in_digest(picture.model)
        if not shape:
            raise container.Malformed(f"the pack {picture.model!r} is not there")
        found = latents.decode(payloads["G"], picture.width, picture.height, *shape)
        return None, found, found
    if profile == container.DESCRIPTOR:
        found = descriptor.Descriptor(payloads["payload"], picture.width, picture.height, picture.truncated)
        return found.rendition(picture.width, picture.height), found.symbols(), found
    caption = text.decode(payloads["payload"])
    return numpy.full((picture.height, picture.width, 3), 128), {"text": caption}, caption


if __name__ == "__main__":
    sys.exit(main())
