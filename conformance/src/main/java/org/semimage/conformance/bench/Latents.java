// SPDX-License-Identifier: Apache-2.0
package org.semimage.conformance.bench;

import java.awt.image.RenderedImage;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.semimage.compute.Watcher;
import org.semimage.compute.entropy.ScaleTables;
import org.semimage.compute.entropy.SymbolDecoder;
import org.semimage.compute.entropy.SymbolStep;
import org.semimage.compute.prior.IntegerPrior;
import org.semimage.compute.wavelet.Pyramid;
import org.semimage.container.Chunk;
import org.semimage.container.SemFile;
import org.semimage.model.Models;
import org.semimage.model.TransformModel;
import org.semimage.picture.Images;
import org.semimage.picture.PixelPlanes;
import org.semimage.profile.EncodeOptions;
import org.semimage.profile.transform.TransformPayload;
import org.semimage.profile.transform.TransformProfile;

/**
 * The symbols of an encoded picture.
 *
 * @param tables the embedded pack's
 * @param steps  in coding order
 * @param lanes  that the encoder chose
 * @param stream the rANS stream in the picture's file
 */
record Latents(ScaleTables tables, List<SymbolStep> steps, int lanes, byte[] stream) {

    /** Passes on a decoder's work and keeps what it decoded. */
    private record Recorder(SymbolDecoder decoder, List<SymbolStep> steps) implements SymbolDecoder {

        @Override
        public int decode(byte[] scales, int[] symbols) {
            int decoded = decoder.decode(scales, symbols);
            steps.add(SymbolStep.ofReconstructionLevels(symbols, scales));
            return decoded;
        }

        @Override
        public boolean exhausted() {
            return decoder.exhausted();
        }

        @Override
        public void close() {
            decoder.close();
        }
    }

    /**
     * Encodes a picture with the embedded pack at a quality 0..1.
     *
     * @throws IllegalArgumentException if it is too large for one piece
     */
    static Latents of(RenderedImage picture, float quality) throws IOException {
        PixelPlanes planes = Images.toPlanes(picture);
        SemFile file = new TransformProfile().encode(planes, EncodeOptions.ofQuality(quality), Watcher.NONE);
        int height = Pyramid.padded(planes.height());
        int width = Pyramid.padded(planes.width());
        TransformPayload payload = TransformPayload.parse(file.chunk(Chunk.TRANSFORM).orElseThrow().payload(), file.header());
        if (payload.tiles().isTiled()) {
            throw new IllegalArgumentException(picture.getWidth() + "x" + picture.getHeight() + " is coded in tiles");
        }
        TransformPayload.Segment segment = payload.segments().get(0);
        int lanes = segment.lanes();
        byte[] stream = Arrays.copyOfRange(segment.bytes(), segment.from(), segment.to());
        List<SymbolStep> steps = new ArrayList<>();
        try (Models.Lease<TransformModel> lease = Models.transform(file.header().model());
             Recorder recorder = new Recorder(lease.model().prior().coder(0).decoder(stream, 0, stream.length, lanes), steps)) {
            IntegerPrior prior = lease.model().prior();
            prior.decode(height, width, planes.format().isGray(), payload.fineColour(), payload.qualityIndex(), recorder);
            return new Latents(prior.coder(0).tables(), steps, lanes, stream);
        }
    }

    /** How many symbols there are. */
    int size() {
        return steps.stream().mapToInt(step -> step.symbols().length).sum();
    }

    /** Length of an ideal code in bits, computed from the format's text and not as the encoder estimates it. */
    double idealBits() {
        int[][] frequencies = tables.frequencies();
        double bits = 0;
        for (SymbolStep step : steps) {
            for (int i = 0; i < step.symbols().length; i++) {
                int row = step.rows()[i] & 0xFF;
                int scale = row % ScaleTables.SCALE_INDICES;
                int low = scale < ScaleTables.TABLES ? 0 : 1 + (scale - ScaleTables.TABLES) / 8;
                bits += low + idealBits(frequencies[scale - 8 * low + row / ScaleTables.SCALE_INDICES * ScaleTables.TABLES],
                        step.symbols()[i] + (1 << low >> 1) >> low);
            }
        }
        return bits;
    }

    private static double idealBits(int[] frequencies, int high) {
        int escape = frequencies.length - 1;
        int excess = Math.abs(high) - (frequencies.length - 2) / 2;
        int entry = excess > 0 ? escape : high > 0 ? 2 * high - 1 : -2 * high;
        int raw = excess > 0 ? 6 + 31 - Integer.numberOfLeadingZeros(excess) : 0;
        return raw + 16 - Math.log(frequencies[entry]) / Math.log(2);
    }

    /** One step of any size with the picture's statistics: runs of its symbols from evenly spaced places, over and over. */
    SymbolStep sample(int size) {
        int run = 256;
        int[] symbols = steps.stream().flatMapToInt(step -> Arrays.stream(step.symbols())).toArray();
        byte[] scales = new byte[symbols.length];
        int at = 0;
        for (SymbolStep step : steps) {
            System.arraycopy(step.scaleIndices(), 0, scales, at, step.symbols().length);
            at += step.symbols().length;
        }
        int[] sampled = new int[size];
        byte[] sampledScales = new byte[size];
        int runs = (size + run - 1) / run;
        int places = symbols.length - run;
        for (int k = 0; k < runs; k++) {
            int from = runs < symbols.length / run ? (int) ((long) places * k / runs) : (int) ((long) run * k % places);
            int length = Math.min(run, size - k * run);
            System.arraycopy(symbols, from, sampled, k * run, length);
            System.arraycopy(scales, from, sampledScales, k * run, length);
        }
        return SymbolStep.of(sampled, sampledScales);
    }
}
