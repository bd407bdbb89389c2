// SPDX-License-Identifier: Apache-2.0
package org.semimage.conformance.kit;

import org.semimage.compute.Watcher;
import org.semimage.container.Chunk;
import org.semimage.container.PixelFormat;
import org.semimage.container.SemSerializer;
import org.semimage.picture.PixelPlanes;
import org.semimage.profile.EncodeOptions;
import org.semimage.profile.lossless.LosslessProfile;
import org.semimage.profile.lossless.SingleStrip;

import javax.imageio.IIOException;
import java.awt.Rectangle;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** Vectors of the lossless profile. */
final class LosslessVectors {

    private static final int BANDED = 0;
    private static final int REPEATED = 1;
    private static final int BLENDED = 2;
    private static final int MAX_LOG = 24;
    private static final String[] KINDS = {"banded", "repeated", "blended"};
    private static final String[] SHOWN = {"R-LOS-1", "R-LOS-3", "R-LOS-4"};

    /** Where a strip's kind, and its body, stand in a payload of one strip. */
    private static final int KIND_AT = 2;
    private static final int BODY_AT = 7;

    /** FORMAT.md's picture of 4 x 3 samples, in each of the kinds. */
    private static final PixelPlanes EXAMPLE = new PixelPlanes(4, 3, PixelFormat.GRAY, new short[][] {
            {0x80, 0x80, 0x80, 0x80, 0x80, 0x82, 0x82, 0x80, 0x80, 0x82, 0x82, 0x80}});
    static final String REPEATED_EXAMPLE = "0E 05 01 06000000 AA3CA08D0B51";
    private static final String BLENDED_EXAMPLE = "0E 05 02 06000000 AD919B0084F2";
    private static final String BANDED_EXAMPLE = "0E 05 00 1A000000 0A000000 08000000 8427D9402414 17D68B1D 002602000 08C2601";

    private final List<Plan> plans = new ArrayList<>();

    private LosslessVectors() {
    }

    static List<Plan> all() throws IIOException {
        LosslessVectors vectors = new LosslessVectors();
        vectors.formats();
        vectors.sizes();
        vectors.strips();
        vectors.examples();
        vectors.damage();
        return vectors.plans;
    }

    /** The payload of a picture, in one strip of the kind that is asked for, in one band. */
    static byte[] payload(PixelPlanes picture, int kind) {
        return payload(picture, MAX_LOG, 0, kind);
    }

    /**
     * The payload of a picture in strips of some kinds, which take turns.
     *
     * @param logBand  log2 of the rows of a band
     * @param logStrip log2 of the bands of a strip
     */
    private static byte[] payload(PixelPlanes picture, int logBand, int logStrip, int... kinds) {
        ByteArrayOutputStream payload = new ByteArrayOutputStream();
        payload.write(logBand);
        payload.write(logStrip);
        int rows = Math.min(picture.height(), 1 << logBand + logStrip);
        for (int top = 0, i = 0; top < picture.height(); top += rows, i++) {
            PixelPlanes strip = picture.crop(new Rectangle(0, top, picture.width(), Math.min(rows, picture.height() - top)));
            payload.writeBytes(SingleStrip.encode(kinds[i % kinds.length], strip, 1 << logBand));
        }
        return payload.toByteArray();
    }

    private static byte[] file(PixelPlanes picture, byte[] payload) {
        PixelFormat format = picture.format();
        int planes = (format.hasAlpha() ? RawPicture.ALPHA : 0) | (format.isGray() ? 0 : RawPicture.RGB)
                | (format.bitDepth() > 8 ? RawPicture.WIDE : 0);
        return RawPicture.of(RawPicture.LOSSLESS, picture.width(), picture.height(), planes, 0).chunk(Chunk.LOSSLESS, payload).end();
    }

    /** A picture that is shortest in a kind. */
    private static PixelPlanes picture(int kind, int width, int height, PixelFormat format, int seed) {
        return kind == REPEATED ? Sketches.screen(width, height, format, seed) : Sketches.scene(width, height, format, seed);
    }

    private void formats() throws IIOException {
        for (PixelFormat format : PixelFormat.values()) {
            for (int kind = BANDED; kind <= BLENDED; kind++) {
                PixelPlanes picture = picture(kind, format.bitDepth() > 8 ? 31 : 61, format.bitDepth() > 8 ? 23 : 47, format,
                        7 + format.ordinal());
                List<String> shown = new ArrayList<>(List.of(SHOWN[kind], "R-HDR-9"));
                if (format.bitDepth() > 8) {
                    shown.add("R-LOS-9");
                }
                if (format.hasAlpha()) {
                    shown.add("R-LOS-10");
                }
                String name = format.name().toLowerCase(Locale.ROOT).replace('_', '-');
                plans.add(Plan.exact("lossless-" + KINDS[kind] + "-" + name, picture, file(picture, payload(picture, kind)),
                        "A " + KINDS[kind] + " strip, " + name + ".", shown.toArray(new String[0])));
            }
        }
        PixelPlanes noise = Sketches.noise(33, 20, PixelFormat.RGB_ALPHA_16, 3);
        plans.add(Plan.exact("lossless-noise-16", noise, file(noise, payload(noise, BANDED)),
                "Noise of 16 bits, whose residuals take all tokens.", "R-LOS-1", "R-LOS-9"));
        PixelPlanes stripes = Sketches.stripes(40, 40, PixelFormat.RGB);
        plans.add(Plan.exact("lossless-stripes", stripes, SemSerializer.toBytes(new LosslessProfile()
                .encode(stripes, EncodeOptions.DEFAULT.withEffort(2), Watcher.NONE)), "The greatest residuals of 8 bits, both signs.",
                "R-LOS-2"));
    }

    private void sizes() throws IIOException {
        for (int[] size : new int[][] {{1, 1}, {1, 2}, {2, 1}, {1, 70}, {70, 1}, {2, 2}, {3, 5}, {129, 3}}) {
            PixelPlanes picture = Sketches.scene(size[0], size[1], PixelFormat.RGB, 5);
            plans.add(Plan.exact("lossless-" + size[0] + "x" + size[1], picture, SemSerializer.toBytes(new LosslessProfile()
                    .encode(picture, EncodeOptions.DEFAULT, Watcher.NONE)), "A picture of " + size[0] + "x" + size[1] + ".",
                    "R-HDR-9", "R-LOS-2"));
        }
    }

    /** Strips of every kind in one picture, bands in one strip, and a last one that is shorter. */
    private void strips() {
        PixelPlanes picture = Sketches.scene(48, 70, PixelFormat.RGB, 21);
        PixelPlanes screen = Sketches.screen(48, 16, PixelFormat.RGB, 4);
        for (int p = 0; p < 3; p++) {
            System.arraycopy(screen.samples()[p], 0, picture.samples()[p], 48 * 16, screen.samples()[p].length);
        }
        plans.add(Plan.exact("lossless-strips", picture, file(picture, payload(picture, 4, 0, BANDED, REPEATED, BLENDED)),
                "Five strips of three kinds, the last one of 6 rows.", "R-LOS-1", "R-LOS-2", "R-LOS-3", "R-LOS-4"));
        plans.add(Plan.exact("lossless-strips-16", Sketches.scene(30, 20, PixelFormat.RGB_ALPHA_16, 2),
                file(Sketches.scene(30, 20, PixelFormat.RGB_ALPHA_16, 2), payload(Sketches.scene(30, 20, PixelFormat.RGB_ALPHA_16, 2), 2, 1,
                        BLENDED, BANDED, REPEATED)), "Strips of 8 rows of 16 bits.", "R-LOS-2", "R-LOS-9"));
        for (int logBand : new int[] {0, 1, 3}) {
            plans.add(Plan.exact("lossless-bands-" + (1 << logBand), picture, file(picture, payload(picture, logBand, 24 - logBand,
                    BANDED)),
                    "A strip whose bands have " + (1 << logBand) + " rows.", "R-LOS-1", "R-LOS-2"));
        }
        plans.add(Plan.exact("lossless-bands-strips", picture, file(picture, payload(picture, 3, 2, BANDED)),
                "Strips of four bands of 8 rows; the last one has a band of 6.", "R-LOS-1", "R-LOS-2"));
    }

    private void examples() {
        plans.add(Plan.exact("lossless-example-banded", EXAMPLE, file(EXAMPLE, RawPicture.hex(BANDED_EXAMPLE)),
                "The example of section 13.1.", "R-LOS-1"));
        plans.add(Plan.exact("lossless-example-repeated", EXAMPLE, file(EXAMPLE, RawPicture.hex(REPEATED_EXAMPLE)),
                "The example of section 13.5, repeated.", "R-LOS-3"));
        plans.add(Plan.exact("lossless-example-blended", EXAMPLE, file(EXAMPLE, RawPicture.hex(BLENDED_EXAMPLE)),
                "The example of section 13.5, blended.", "R-LOS-4"));
    }

    private void refuse(String name, PixelPlanes picture, byte[] payload, String about, String requirement) {
        plans.add(Plan.refused("lossless-bad-" + name, file(picture, payload), about, requirement));
    }

    private void damage() {
        byte[] good = RawPicture.hex(REPEATED_EXAMPLE);
        refuse("kind", EXAMPLE, changed(good, KIND_AT, 3), "A strip of kind 3.", "R-LOS-5");
        refuse("band", EXAMPLE, changed(good, 0, 25), "Bands of 2^25 rows.", "R-LOS-8");
        refuse("strip", EXAMPLE, changed(good, 1, 25), "Strips of 2^25 bands.", "R-LOS-8");
        refuse("empty", EXAMPLE, new byte[0], "A payload of no bytes.", "R-LOS-11");
        refuse("none", EXAMPLE, RawPicture.hex("0E 05"), "No strip.", "R-LOS-11");
        refuse("behind", EXAMPLE, RawPicture.join(good, new byte[1]), "A byte behind the last strip.", "R-LOS-11");
        refuse("second", EXAMPLE, RawPicture.join(good, Arrays.copyOfRange(good, KIND_AT, good.length)), "A strip too many.", "R-LOS-11");
        refuse("missing", EXAMPLE, changed(changed(good, 0, 0), 1, 0), "One strip where rows need three.", "R-LOS-11");
        refuse("length", EXAMPLE, changed(good, KIND_AT + 1, 7), "A strip that is a byte longer than the payload.", "R-LOS-7");
        refuse("length-huge", EXAMPLE, RawPicture.join(RawPicture.hex("0E 05 01 FFFFFFFF"), Arrays.copyOfRange(good, BODY_AT, good.length)),
                "A strip of 2^32 - 1 bytes.", "R-LOS-7");
        for (int kind = BANDED; kind <= BLENDED; kind++) {
            PixelPlanes picture = picture(kind, 40, 40, PixelFormat.RGB, 31);
            byte[] payload = payload(picture, kind);
            refuse(KINDS[kind] + "-long", picture, resized(payload, 2), "A " + KINDS[kind] + " strip with a word left.", "R-LOS-6");
            plans.add(Plan.refused("lossless-bad-" + KINDS[kind] + "-short", file(picture, resized(payload, -2)),
                    "A " + KINDS[kind] + " strip that lacks a word.", "R-LOS-6", "R-ENT-2"));
        }
        byte[] banded = RawPicture.hex(BANDED_EXAMPLE);
        refuse("table", EXAMPLE, changed(banded, BODY_AT + 8, 0x85), "A table that the parameters cannot mean.", "R-LOS-12");
        refuse("parameters", EXAMPLE, changed(banded, BODY_AT, 0x0C), "Parameters that end behind their length.", "R-LOS-12");
    }

    /** A payload of one strip whose body is some bytes longer or shorter. */
    private static byte[] resized(byte[] payload, int by) {
        byte[] other = Arrays.copyOf(payload, payload.length + by);
        int length = other.length - BODY_AT;
        for (int i = 0; i < Integer.BYTES; i++) {
            other[KIND_AT + 1 + i] = (byte) (length >>> Byte.SIZE * i);
        }
        // In a banded strip of one band, its length says so too.
        if (payload[KIND_AT] == BANDED) {
            int parameters = other[BODY_AT] & 0xFF | (other[BODY_AT + 1] & 0xFF) << 8;
            int band = length - 2 * Integer.BYTES - parameters;
            for (int i = 0; i < Integer.BYTES; i++) {
                other[BODY_AT + Integer.BYTES + i] = (byte) (band >>> Byte.SIZE * i);
            }
        }
        return other;
    }

    private static byte[] changed(byte[] bytes, int at, int value) {
        byte[] other = bytes.clone();
        other[at] = (byte) value;
        return other;
    }
}
