# SPDX-License-Identifier: Apache-2.0
"""The worked examples of docs/FORMAT.md, and small pictures: python3 -m pytest conformance/decoder"""
import glob
import json
import os
import re
import subprocess
import sys

import numpy
import pytest

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.dirname(HERE))

from decoder import alpha, container, descriptor, entropy, latents, lossless, noise, text, trace, transform  # noqa: E402
from decoder.__main__ import decode_all  # noqa: E402

VECTORS = os.path.join(HERE, "..", "vectors")
DOCUMENT = os.path.join(HERE, "..", "..", "docs", "FORMAT.md")
ALPHA = "01 89 26 C0 07 00 B0"
LATENTS = "40 00 B1 00 AB 29 7C 00 F7 B1 51 50 39 02 81 4E 61 1E DF 77"
PAYLOAD = "0E 05 01 06 00 00 00 AA 3C A0 8D 0B 51"
PICTURE = "53 45 4D 83 FF 04 DF 03 03 01 41 02 00 FF 35 51 93 2A 54 03 12 34 56 BA C2 18 38 00"
PROTECTED = "6B 04 01 02 01 00 6A 6B DD F1"
TEXT_CHUNK = "74 0C 00 43 61 70 74 69 6F 6E 00 00 48 69 D7 C6 2B 37"
MICRO = "53 45 4D 80 27 02 12 34 44"
BARE = "53 45 4D 85 26 00 18 E9"

GRAY = numpy.array([[0x80] * 4, [0x80, 0x82, 0x82, 0x80], [0x80, 0x82, 0x82, 0x80]])
STRIPS = {
    0: "0A 00 00 00 08 00 00 00 84 27 D9 40 24 14 17 D6 8B 1D 00 26 02 00 00 8C 26 01",
    1: "AA 3C A0 8D 0B 51",
    2: "AD 91 9B 00 84 F2"}
HEADER = bytes.fromhex("53 45 4D 83 FF 04 DF 03 03 01")
PHOTOGRAPH = (
    "53454d833f3f020154aa011c04002e74d32500ec1a17dad12c2d160d021b260723343d1d1d8b808900f904cbacc2163e4d903bcb8706533e42dc727aa8007644"
    "010d0084b43deb73fd39fd6cd6763c623f1ece77ae8739805deda2c61c306234b090ced0c66526a754b893d8dcb3b1f15c75cd95724f538ffd7cd78dd3ccc215"
    "0cbc29c3a86ab588cb10cf6e348fd9f0e157c02c37a4b783d00655183a6fc750eff3ae190287160b7c99d2d0e3d411999a090d5f2948f2c78300")
GRADIENT = (
    "53454d843f3f02004c290a0302220000006b2c1f00a1b10a8bd44d24c935f38a950cdf3e8c3dcd66cc6ba8e3021deaddbabe8c03b7902b00")
DESCRIPTOR = "53454d8100bf02d5011d00836e4510917e97683de27c21b39c0dcf8b515db0d3a3d4c37ef5e11f43"
SAMPLES = [
    88, 77, 62, 131, 119, 105, 97, 91, 82, 73, 65, 57, 51, 48, 39, 115, 95, 82, 91, 86, 80, 101, 95, 86, 98, 86, 67, 118, 95, 73, 81, 75,
    63, 72, 74, 65, 102, 92, 76, 101, 92, 78, 90, 89, 77, 62, 66, 56]  # of every 21st column and row, as the reference decodes them
CAPTION = "53454d80003f3f06046c724f4831d5"


def payload(kind, body):
    return bytes([14, 5, kind]) + len(body).to_bytes(4, "little") + body


@pytest.mark.parametrize("kind", STRIPS)
def test_example_of_strips(kind):
    samples = lossless.decode(payload(kind, bytes.fromhex(STRIPS[kind])), 4, 3, False, False, 8)
    assert (samples[..., 0] == GRAY).all()


@pytest.mark.parametrize("kind", STRIPS)
def test_strip_takes_all_its_bytes(kind):
    body = bytes.fromhex(STRIPS[kind])
    for wrong in (body[:-2], body + b"\0\0"):
        with pytest.raises(container.Malformed):
            lossless.decode(payload(kind, wrong), 4, 3, False, False, 8)


def test_example_of_alpha():
    plane = alpha.decode(bytes.fromhex(ALPHA), 4, 3)
    assert plane.tolist() == [[0] * 4, [0, 255, 255, 0], [0, 255, 255, 0]]


def test_example_of_payload():
    assert bytes.fromhex(PAYLOAD) == payload(1, bytes.fromhex(STRIPS[1]))


def test_example_of_picture():
    picture = container.parse(bytes.fromhex(PICTURE))
    assert (picture.width, picture.height, picture.profile, picture.model, picture.alpha) == (640, 480, 3, 1, True)
    assert picture.payloads == {"A": b"\0\xff", "T": b"\x12\x34\x56"} and not picture.truncated


def test_example_of_text_chunk():
    data = bytes.fromhex(PICTURE)
    picture = container.parse(data[:10] + bytes.fromhex(TEXT_CHUNK) + data[10:])
    assert picture.ancillary == [("t", b"\0Caption\0\0Hi")]


def test_example_of_protected_regions():
    data = bytes.fromhex(PICTURE)
    picture = container.parse(data[:10] + bytes.fromhex(PROTECTED) + data[10:])
    assert picture.ancillary == [("k", b"\1\2\1\0")]


def test_example_of_micro_form():
    picture = container.parse(bytes.fromhex(MICRO))
    assert (picture.width, picture.height, picture.payloads["payload"]) == (640, 480, b"\x12\x34")


def test_example_of_noise():
    assert " ".join(f"{word:08X}" for word in noise.philox((0, 0, 0, 0), (0, 0))) in document()
    assert ", ".join(f"{value:.6f}" for value in noise.normal(0, 4)) in document()


def document():
    with open(DOCUMENT, encoding="utf-8") as file:
        return file.read()


def examples():
    """Bytes in hexadecimal in the document: of a line in backticks, or of blocks with a byte at the beginning of each line."""
    found = [run for run in re.findall(r"`((?:[0-9A-F]{2} )+[0-9A-F]{2})`", document()) if len(run) > 20]
    for block in re.findall(r"```\n(.*?)```", document(), re.S):
        lines = [re.match(r"((?:[0-9A-F]{2} ?)+)( |$)", line) for line in block.splitlines()]
        if lines and all(lines):
            found.append(" ".join(line.group(1).strip() for line in lines))
    return found


def test_example_of_the_bare_form():
    picture = container.parse(bytes.fromhex(BARE))
    assert (picture.width, picture.height, picture.payloads["payload"].hex()) == (640, 480, "600180")


def test_every_example_of_the_document_is_tested():
    tested = {ALPHA, LATENTS, PAYLOAD, PICTURE, PROTECTED, TEXT_CHUNK, MICRO, BARE, *STRIPS.values()}
    assert {re.sub(" +", " ", example) for example in examples()} == {example for example in tested if len(example) > 20}
    assert all(f"`{example}`" in document() for example in tested if len(example) <= 20)


@pytest.mark.parametrize("path", sorted(glob.glob(os.path.join(VECTORS, "*.trace.json"))), ids=os.path.basename)
def test_trace(path):
    with open(path.replace(".trace.json", ".sem"), "rb") as file:
        picture = container.parse(file.read())
    with open(path, encoding="utf-8") as file:
        assert json.loads(json.dumps(trace.trace(picture))) == json.load(file)


def test_latents_beyond_the_limit_are_clamped():
    class Coded(latents.Latents):
        def symbol(self, *_):
            return -(14 + (1 << 20))

    reader = container.Reader(bytes([64, 0, 0, 0, 0, 0, 0, 1]))
    assert Coded(reader, 1, 1, 1).bands[0, 0].tolist() == [[[-(1 << 20)]]]


def test_folder(tmp_path):
    names = ["latents-own", "chunk-bad-crc", "caption-capitals", "header-good"]
    for name in names:
        with open(os.path.join(VECTORS, name + ".sem"), "rb") as file:
            (tmp_path / (name + ".sem")).write_bytes(file.read())
    out = tmp_path / "out"
    assert decode_all(str(tmp_path), str(out), 1) == 0
    assert [(out / (name + ".status")).read_text() for name in names] == ["0\n", "2\n", "0\n", "0\n"]
    for name in ("latents-own", "caption-capitals"):
        with open(os.path.join(VECTORS, name + ".json"), encoding="utf-8") as file:
            due = json.load(file)["pictures"][0]
        said = json.loads((out / (name + ".json")).read_text())["pictures"][0]
        assert said == {key: due[key] for key in said}
    assert "checksum" in (out / "chunk-bad-crc.txt").read_text()
    assert not (out / "latents-own.png").exists() and (out / "header-good.png").exists()


def test_example_of_folding():
    assert container.folded_size(1, 100)[:2] == (50, 2)


def test_example_of_latents():
    reader = container.Reader(bytes.fromhex(LATENTS))
    found = latents.Latents(reader, 1, 8, 8)
    assert found.bands[0, 0][0].tolist() == [[0, 7, 14, 23], [-7, 0, 7, 16], [-14, -7, 0, 8], [-23, -16, -8, 0]]
    assert found.rans.states == [1 << 16]  # where encoders begin


def test_caption():
    assert text.decode(container.parse(bytes.fromhex(CAPTION)).payloads["payload"]) == "A dog runs over a meadow."


def test_logistic_functions_are_inverse():
    assert [entropy.squash(x) for x in (-4000, 0, 4000)] == [1, 32768, 65535]
    assert all(entropy.squash(entropy.STRETCH[i]) >= 16 * i + 8 > entropy.squash(entropy.STRETCH[i] - 1) for i in range(100, 4000, 100))


def test_wavelet_keeps_a_constant():
    low, details = numpy.ones((3, 2, 2)), numpy.zeros((9, 2, 2))
    line = transform.synthesize(low, details)
    assert numpy.allclose(line, line[0, 0, 0])


def transform_picture(body):
    header = bytes.fromhex("53 45 4D 83 3F 3F 02 01")
    chunk = b"T" + bytes([len(body)]) + body
    return header + chunk + container.crc32c(header + chunk).to_bytes(4, "little") + b"\0"


def test_transform_without_streams_is_gray():
    picture = container.parse(transform_picture(b"\x64\x00"))
    found = transform.Transform(picture.payloads["T"], picture)
    assert found.values[0].tolist() == numpy.zeros((3, 1, 1)).tolist()
    assert abs(found.samples() - 128).max() <= 4


def test_blended_colours():
    picture = container.parse(bytes.fromhex(GRADIENT))
    y, x = numpy.mgrid[:64, :64]
    samples = lossless.decode(picture.payloads["L"], 64, 64, True, False, 8)
    assert (samples == numpy.stack([2 * x + y, 3 * y, x + y], -1)).all()


def test_descriptor():
    picture = container.parse(bytes.fromhex(DESCRIPTOR))
    found = descriptor.Descriptor(picture.payloads["payload"], picture.width, picture.height, False)
    assert (found.rows, found.columns, len(found.amplitudes), len(found.cepstrum)) == (21, 32, 79, 12)
    assert 2 ** (found.step / 4 - 1) == 8


def test_photograph():
    picture = container.parse(bytes.fromhex(PHOTOGRAPH))
    found = transform.Transform(picture.payloads["T"], picture)
    assert found.values[0].ravel().tolist() == [-953, 232, -25]
    assert found.values[6].ravel().tolist() == [-130, -284, 93, -8, 5, 8, 13, 7, 0]
    assert abs(found.samples()[::21, ::21].ravel() - SAMPLES).max() <= 1


def test_truncated_transform_is_a_prefix():
    data = transform_picture(b"\x64\x00" + bytes(range(90)))
    picture = container.parse(data[:-30])
    assert picture.truncated
    found = transform.Transform(picture.payloads["T"], picture)
    assert found.samples().shape == (64, 64, 3)


def run(data, tmp_path):
    (tmp_path / "in.sem").write_bytes(data)
    command = [sys.executable, "-m", "decoder", "in.sem", "out.png", "--symbols", "out.json"]
    environment = dict(os.environ, PYTHONPATH=os.path.dirname(HERE))
    return subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)


def test_command_line(tmp_path):
    body = payload(1, bytes.fromhex(STRIPS[1]))
    header = bytes.fromhex("53 45 4D 84 03 02 00 00")
    chunk = b"L" + bytes([len(body)]) + body
    data = header + chunk + container.crc32c(header + chunk).to_bytes(4, "little") + b"\0"
    result = run(data, tmp_path)
    assert result.returncode == 0, result.stderr
    assert json.loads((tmp_path / "out.json").read_text())["samples"] == GRAY[..., None].tolist()
    assert (tmp_path / "out.png").read_bytes().startswith(b"\x89PNG")
    for wrong in (data[:-1], data[:20] + b"\xff" + data[21:], b"no picture"):
        result = run(wrong, tmp_path)
        assert result.returncode == 2 and "malformed" in result.stderr
