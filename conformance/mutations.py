#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Checks the conformance vectors: puts small faults into the decoder in Java, one at a time, and tells which vectors catch each.

Run it in the checkout after a build: `./sem conformance`, then `python3 conformance/mutations.py`. A name behind it runs faults whose names
contain it. The sources stay as they are: what is changed is compiled into a temporary folder, which comes first on the class path. Status 1:
a fault was not caught.
"""
import glob
import os
import re
import subprocess
import sys
import tempfile

NATIVE = "native/src/main/java/org/semimage/compute/"
IMAGE = "imageio-sem/src/main/java/org/semimage/"

# Parts of vectors' names that are tried first, by part of the file's name; all vectors run where these catch nothing.
FIRST = {
    "profile/lossless/": ["lossless"], "LogisticMixer": ["lossless"], "text/": ["caption"], "semantic/": ["descriptor"],
    "MicroForm": ["micro"], "Alpha": ["alpha"], "BinaryContexts": ["alpha"], "container/SemParser": ["chunk"], "Leb128": ["header"],
    "metadata/": ["ancillary"], "Gain": ["gains"], "Refinement": ["layers"], "Slices": ["thin"], "StreamOrder": ["tiles", "layers"],
    "TileGrid": ["tiles"], "TransformPayload": ["tiles", "handmade-bad"], "TransformDecoder": ["layers"], "entropy/": ["lanes", "spikes"],
    "prior/": ["lanes", "spikes"], "wavelet/Colours": ["handmade-noise"], "Shrink": ["shrunk"],
    "Doubled": ["shrunk"], "Fold": ["thin"], "BareForm": ["bare"], "network/": ["psnr"], "wavelet/": ["psnr"],
}

# Name, file, what is there, what is put in its place.
FAULTS = [
    ("samples are cut off, not rounded", NATIVE + "wavelet/Colours.java", "centred + MIDDLE + 0.5f", "centred + MIDDLE"),
    ("samples of 255 become 254", NATIVE + "wavelet/Colours.java", "Math.min(255, (int)", "Math.min(254, (int)"),
    ("red and blue change places", NATIVE + "wavelet/Colours.java", "luma + redBlue + green", "luma - redBlue + green"),
    ("a state of the trellis", NATIVE + "entropy/Trellis.java", "3, 1, 7, 5}", "3, 1, 5, 7}"),
    ("chains of 128 symbols", NATIVE + "entropy/Trellis.java", "SYMBOLS_PER_CHAIN = 64", "SYMBOLS_PER_CHAIN = 128"),
    ("levels without a sign", NATIVE + "entropy/Trellis.java", "2 * symbol - quantizer * Integer.signum(symbol);\n    }\n\n    /** The symbol",
     "2 * symbol - quantizer * (symbol == 0 ? 0 : 1);\n    }\n\n    /** The symbol"),
    ("low bits begin at 0", NATIVE + "entropy/JavaSymbolDecoder.java", "+ lows[lane] - (1 << low - 1)", "+ lows[lane]"),
    ("the sign of escapes", NATIVE + "entropy/JavaSymbolDecoder.java", "(heads[lane] & 1) == 1 ? -magnitude", "(heads[lane] & 1) == 0 ? -magnitude"),
    ("the higher bits of escapes", NATIVE + "entropy/JavaSymbolDecoder.java",
     "- SymbolEncoder.ESCAPE_ROUND_BITS) << SymbolEncoder.ESCAPE_ROUND_BITS;", "- SymbolEncoder.ESCAPE_ROUND_BITS) << 11;"),
    ("lanes in the reverse order in a round", NATIVE + "entropy/JavaSymbolDecoder.java",
     "for (int round = 0; round < 3; round++) {\n            for (int lane = 0; lane < n; lane++) {",
     "for (int round = 0; round < 3; round++) {\n            for (int lane = n - 1; lane >= 0; lane--) {"),
    ("the symbol whose bits lack is kept", NATIVE + "entropy/JavaSymbolDecoder.java", "return stop(symbols, group, firstRaw);",
     "return stop(symbols, group, n);"),
    ("states begin with their higher word", NATIVE + "entropy/RansDecoder.java", "word() | word() << 16", "word() << 16 | word()"),
    ("means of uncertain symbols alone", NATIVE + "prior/JavaPriorLevels.java", "? 0 : mean", "? mean : mean"),
    ("the quality index unhalved for the low band", NATIVE + "prior/JavaPriorLevels.java", "(item.qualityIndex() >> 1) + low[3 * c + 2]",
     "item.qualityIndex() + low[3 * c + 2]"),
    ("the low band's prediction rounds down", NATIVE + "prior/JavaPriorLevels.java", "left + up + 1 >> 1", "left + up >> 1"),
    ("rows and columns of phases", NATIVE + "prior/JavaPriorLevels.java", "(2 * y + (phase >> 1)) * bandWidth + (phase & 1)",
     "(2 * y + (phase & 1)) * bandWidth + (phase >> 1)"),
    ("log scales round down", NATIVE + "prior/PriorWeights.java", "logScale + 129 >> 1", "logScale + 128 >> 1"),
    ("a refinement class at its border", NATIVE + "prior/RefinementTables.java", "away >= NARROW_DISTANCE", "away > NARROW_DISTANCE"),
    ("refinement without a symbol stays in the middle", NATIVE + "prior/RefinementTables.java",
     "int offset = distance < 0 ? -expected[refinementClass] : expected[refinementClass];", "int offset = 0;"),
    ("refinement does not turn with the mean", NATIVE + "prior/RefinementTables.java", "int offset = distance < 0 ? -cells[at] : cells[at];",
     "int offset = cells[at];"),
    ("relative steps of the layer that is there", IMAGE + "profile/transform/WindowSynthesis.java",
     "model.relativeSteps(payload.wholeQualityIndex())", "model.relativeSteps(payload.qualityIndex(lastLayer))"),
    ("networks told the base layer's quality index", IMAGE + "profile/transform/WindowSynthesis.java",
     "this.qualityIndex = payload.qualityIndex(lastLayer);", "this.qualityIndex = payload.qualityIndex(0);"),
    ("a layer counts once it has a symbol of its finest level", IMAGE + "profile/transform/StreamOrder.java", "Math.max(0, streams - 1) / perLayer()",
     "Math.max(0, streams / perLayer() - 1)"),
    ("levels of tiles from the finest on", IMAGE + "profile/transform/StreamOrder.java", "Math.max(0, TILE_LEVELS + 1 - level) * tiles",
     "(level > TILE_LEVELS ? 0 : level) * tiles"),
    ("tiles of the last column are whole", IMAGE + "profile/transform/TileGrid.java", "return (a + b - 1) / b;", "return Math.max(1, a / b);"),
    ("tile width and height change places", IMAGE + "profile/transform/TransformPayload.java",
     'new TileGrid(height, width, side(in, "tile height", height), tileWidth)',
     'new TileGrid(height, width, tileWidth, side(in, "tile height", height))'),
    ("bytes behind the last stream are no matter", IMAGE + "profile/transform/TransformPayload.java",
     "segments.size() == count && in.remaining() > 0)", "segments.size() > count && in.remaining() > 0)"),
    ("gains predicted by the left one", IMAGE + "profile/transform/GainMapCodec.java",
     "return Math.max(Math.min(left, above), Math.min(Math.max(left, above), plane));", "return left;"),
    ("gains without a limit", IMAGE + "profile/transform/GainMapCodec.java",
     "(byte) Math.max(-GainMap.MAX_GAIN, Math.min(GainMap.MAX_GAIN, prediction + residual))", "(byte) (prediction + residual)"),
    ("gains of one block where several are covered", IMAGE + "profile/transform/GainMap.java",
     "sum / (UNITS_PER_OCTAVE * covered * covered)", "gains[top * columns + left] / UNITS_PER_OCTAVE"),
    ("networks fade from 12 on", IMAGE + "profile/transform/GainMap.java", "FADING_FROM = 8", "FADING_FROM = 12"),
    ("networks never fall silent", IMAGE + "profile/transform/GainMap.java", "SILENT_FROM = 16", "SILENT_FROM = 64"),
    ("slices one shorter", IMAGE + "container/Slices.java", "int length = (longer + most - 1) / most;", "int length = longer / most + 1;"),
    ("a rectifier that leaks less", NATIVE + "network/JavaCoefficientNet.java", "x[i] = v < 0 ? SLOPE * v : v;", "x[i] = Math.max(0, v);"),
    ("a wavelet's lifting step", NATIVE + "wavelet/Wavelet97.java", "0.443506852043971", "0.442506852043971"),
    ("probabilities adapt more slowly", IMAGE + "profile/BinaryContexts.java", "SLOWEST_RATE = 5", "SLOWEST_RATE = 6"),
    ("alpha without slopes", IMAGE + "profile/AlphaCodec.java", "sloped = left == above ? 0 : 1;", "sloped = 0;"),
    ("a level of texture one later", IMAGE + "profile/lossless/PlanePredictor.java",
     "horizontal + vertical >> bitDepth - 8;\n        texture = 3 * ((4 - level >>> 31)", "horizontal + vertical >> bitDepth - 8;\n        texture = 3 * ((5 - level >>> 31)"),
    ("a streak one longer", IMAGE + "profile/lossless/RepeatModel.java", "(streak > 8 ? 1 : 0)", "(streak > 9 ? 1 : 0)"),
    ("a memory forgets at 3", IMAGE + "profile/lossless/ColourMemory.java", "counts[place] >= 4", "counts[place] >= 3"),
    ("weights rounded down", IMAGE + "profile/lossless/AdaptivePredictor.java", "weights[t] += (long) error * differences[t] * rate / power;",
     "weights[t] += Math.floorDiv((long) error * differences[t] * rate, power);"),
    ("a miss of a corner left out", IMAGE + "profile/lossless/BlendModel.java", "1L + miss[0][i - 1] + miss[1][i] + miss[1][i + 1] + miss[1][i - 1]",
     "1L + miss[0][i - 1] + miss[1][i] + miss[1][i + 1]"),
    ("mixing weights rounded down", NATIVE + "entropy/LogisticMixer.java", "* error + (1 << 19) >> 20", "* error >> 20"),
    ("checksums without the header", IMAGE + "container/SemParser.java", "        crc.update(header);\n", ""),
    ("varints of any length", IMAGE + "container/Leb128.java", "if (b == 0 && i > 0) {", "if (b == 0 && i > 9) {"),
    ("critical chunks twice", IMAGE + "container/SemParser.java", "order <= criticalSeen", "order < criticalSeen"),
    ("the last ICC profile counts", IMAGE + "metadata/Ancillary.java", "tagged(tag).limit(1)", "tagged(tag).skip(Math.max(0, tagged(tag).count() - 1))"),
    ("sizes round down", IMAGE + "container/MicroForm.java", "Math.max(shape[0], shape[1]) + 1) / 2", "Math.max(shape[0], shape[1])) / 2"),
    ("capitals outlive a word", IMAGE + "text/TextCodec.java", "                join = false;\n                modifier = -1;", "                join = false;"),
    ("spelled classes in the reverse order", IMAGE + "text/TextCodec.java", "int symbol = decode(prior.spelling(before, last), in);",
     "int symbol = decode(prior.spelling(last, before), in);"),
    ("descriptors adapt more slowly", IMAGE + "profile/semantic/DescriptorCodec.java", "(above ? ADAPT : -down)", "(above ? ADAPT - 1 : -down)"),
    ("an enlarged sample from the wrong side", IMAGE + "picture/Doubled.java", "(second ? 1 : 0)];", "(second ? 0 : 1)];"),
    ("enlarged samples are cut off, not rounded", IMAGE + "picture/Doubled.java", "sums[x] + (1 << 2 * LOG2_SUM - 1) >> 2 * LOG2_SUM",
     "sums[x] >> 2 * LOG2_SUM"),
    ("an enlarged picture is rounded in between", IMAGE + "picture/Doubled.java", "wide[at + x] = sum;", "wide[at + x] = sum + 128 >> 8 << 8;"),
    ("sizes that are coded round down", IMAGE + "profile/transform/Shrink.java", "return (side - 1 >> halvings) + 1;",
     "return Math.max(1, side >> halvings);"),
    ("a size code in the lower four bits", IMAGE + "container/BareForm.java", "COMMON[form >> HALF_BYTE];", "COMMON[form & 7];"),
    ("the last half byte of a text is lost", IMAGE + "container/BareForm.java", "byte[] text = new byte[rest.length + 1];",
     "byte[] text = new byte[Math.max(1, rest.length)];"),
    ("signs do not follow one another", IMAGE + "profile/semantic/DescriptorCodec.java", "if (number != 0 && other != 0) {",
     "if (number > 0 && other != 0) {"),
]


def classpath(root):
    with open(os.path.join(root, "target/sem-classpath"), encoding="utf-8") as file:
        return file.read().strip()


def text(root, path):
    with open(os.path.join(root, path), encoding="utf-8") as file:
        return file.read()


def changed(before, path, old, new):
    """A source with the fault in the one place where it belongs."""
    if before.count(old) != 1:
        raise SystemExit(f"{path} holds {before.count(old)} times: {old}")
    return before.replace(old, new)


def run(root, path, faulty, libraries):
    """The vectors that fail, or None if the fault does not compile."""
    with tempfile.TemporaryDirectory() as folder:
        file = os.path.join(folder, os.path.basename(path))
        with open(file, "w", encoding="utf-8") as out:
            out.write(faulty)
        classes = os.path.join(folder, "classes")
        # They hold copies of its constants.
        neighbours = [other for other in glob.glob(os.path.join(root, os.path.dirname(path), "*.java"))
                      if os.path.basename(other) != os.path.basename(path)]
        compiled = subprocess.run(["javac", "-nowarn", "-proc:none", "-d", classes, "-cp", libraries, file, *neighbours],
                                  capture_output=True, text=True)
        if compiled.returncode != 0:
            print(compiled.stderr)
            return None
        first = next((names for part, names in FIRST.items() if part in path), [])
        for names in first + [""]:
            done = subprocess.run(["java", "-Djava.awt.headless=true", "-Dorg.semimage.backend=java", "-cp", classes + os.pathsep + libraries,
                                   "org.semimage.conformance.kit.ConformanceCommand", "--limit", "120", "--only", names],
                                  cwd=root, capture_output=True, text=True)
            failed = re.findall(r"^FAIL  ([a-z]\S*)", done.stdout, re.MULTILINE)
            if failed:
                return failed
        return []


def main():
    root = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    libraries = os.environ.get("SEM_CLASSPATH") or classpath(root)
    wanted = sys.argv[1] if len(sys.argv) > 1 else ""
    missed = 0
    faults = [fault for fault in FAULTS if wanted in fault[0]]
    for name, path, old, new in faults:
        caught = run(root, path, changed(text(root, path), path, old, new), libraries)
        missed += 0 if caught else 1
        shown = "does not compile" if caught is None else f"{len(caught)} vectors: {' '.join(caught[:3])}" if caught else "NOT CAUGHT"
        print(f"{name} ({os.path.basename(path)}): {shown}", flush=True)
    print(f"{len(faults) - missed} of {len(faults)} faults caught")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
