// SPDX-License-Identifier: Apache-2.0
package org.semimage.conformance.kit;

import org.semimage.compute.Cancellation;
import org.semimage.compute.entropy.ArithmeticEncoder;
import org.semimage.compute.entropy.SymbolStep;
import org.semimage.compute.wavelet.Pyramid;
import org.semimage.compute.wavelet.Wavelet97;
import org.semimage.container.Leb128;
import org.semimage.container.ModelRef;
import org.semimage.model.Models;
import org.semimage.model.TransformModel;
import org.semimage.picture.ColourTransform;
import org.semimage.picture.PixelPlanes;
import org.semimage.profile.transform.GainMap;
import org.semimage.profile.transform.QualityIndex;
import org.semimage.profile.transform.QuantizerSteps;

import javax.imageio.IIOException;
import java.awt.Rectangle;
import java.io.ByteArrayOutputStream;
import java.util.List;

/** Parts of transform payloads, made one at a time so that they can be put together as no encoder does. */
final class Streams {

    static final int GAINS = 2;
    static final int FINE_COLOUR = 32;

    private static final float LAMBDA = 0.1f;
    private static final int ADDED = 2;
    private static final int MOST_COUNTS = 1 << 12;

    private Streams() {
    }

    /**
     * The coefficients of a picture in quantizer steps, without an analysis network.
     *
     * @param picture of a size that needs no padding
     */
    static Pyramid coefficients(ModelRef pack, PixelPlanes picture, int qualityIndex, boolean fineColour) throws IIOException {
        int height = picture.height();
        int width = picture.width();
        Pyramid exact = Pyramid.zero(height, width, Pyramid.LEVELS, 1, fineColour);
        float[][] low = Wavelet97.analyse(ColourTransform.forward(picture, height, width), 0, Pyramid.LEVELS, exact, Cancellation.NEVER);
        System.arraycopy(low, 0, exact.low(), 0, low.length);
        Pyramid inSteps = Pyramid.zero(height, width, Pyramid.LEVELS, 1, fineColour);
        try (Models.Lease<TransformModel> lease = Models.transform(pack)) {
            new QuantizerSteps(lease.model().relativeSteps(qualityIndex), GainMap.NONE, new Rectangle(width, height))
                    .quantize(exact, inSteps, Pyramid.LEVELS, 1, QualityIndex.step(qualityIndex));
        }
        return inSteps;
    }

    /** Coefficients as one stream of the base layer. */
    static byte[] of(ModelRef pack, Pyramid coefficients, boolean gray, int qualityIndex, int lanes) throws IIOException {
        try (Models.Lease<TransformModel> lease = Models.transform(pack)) {
            List<SymbolStep> steps = lease.model().prior().quantize(coefficients, gray, qualityIndex, LAMBDA).allSteps();
            return lease.model().prior().coder(0).encode(steps, lanes);
        }
    }

    /** A payload of one stream. */
    static byte[] payload(int qualityIndex, int layout, byte[] gains, int log2Lanes, byte[] stream) {
        return RawPicture.join(new byte[] {(byte) qualityIndex, (byte) layout}, gains, new byte[] {(byte) log2Lanes}, stream);
    }

    /** A stream with its length. */
    static byte[] withLength(int log2Lanes, byte[] stream) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(log2Lanes);
        Leb128.write(out, stream.length);
        out.writeBytes(stream);
        return out.toByteArray();
    }

    /** The field of gains: block size, length, and what codes a map row by row (FORMAT.md, "Gains"). */
    static byte[] gains(int log2Block, int columns, int[] gains) {
        byte[] coded = coded(columns, gains);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(log2Block);
        Leb128.write(out, coded.length);
        out.writeBytes(coded);
        return out.toByteArray();
    }

    private static byte[] coded(int columns, int[] gains) {
        ArithmeticEncoder out = new ArithmeticEncoder();
        int[][] counts = new int[12][];
        for (int i = 0; i < counts.length; i++) {
            counts[i] = new int[] {1, 1};
        }
        int[] magnitudes = new int[gains.length];
        for (int i = 0; i < gains.length; i++) {
            int row = i / columns;
            int column = i % columns;
            int left = column > 0 ? gains[i - 1] : 0;
            int above = row > 0 ? gains[i - columns] : 0;
            int prediction = column == 0 ? above : row == 0 ? left
                    : Math.max(Math.min(left, above), Math.min(Math.max(left, above), left + above - gains[i - columns - 1]));
            int residual = gains[i] - prediction;
            int magnitude = Math.abs(residual);
            magnitudes[i] = magnitude;
            int around = (column > 0 ? magnitudes[i - 1] : 0) + (row > 0 ? magnitudes[i - columns] : 0);
            decide(out, counts[Math.min(3, around)], residual == 0);
            if (residual != 0) {
                decide(out, counts[4], residual < 0);
                for (int m = 1; m <= magnitude && m < 64; m++) {
                    decide(out, counts[4 + Math.min(7, m)], magnitude > m);
                }
            }
        }
        return out.finish();
    }

    private static void decide(ArithmeticEncoder out, int[] counts, boolean yes) {
        int outcome = yes ? 1 : 0;
        out.encode(yes ? counts[0] : 0, counts[outcome], counts[0] + counts[1]);
        counts[outcome] += ADDED;
        if (counts[0] + counts[1] > MOST_COUNTS) {
            counts[0] = counts[0] + 1 >> 1;
            counts[1] = counts[1] + 1 >> 1;
        }
    }
}
