package org.semimage.profile;

import javax.imageio.IIOException;
import java.awt.Rectangle;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;

/**
 * Where the quantizer step is finer than elsewhere (FORMAT.md, "Gains"): rectangles of 64x64 blocks with a gain each; where they
 * overlap, the greatest counts.
 *
 * @param regions in blocks
 */
record GainMap(List<Region> regions) {

    static final GainMap NONE = new GainMap(List.of());

    private static final int BLOCK = 64;

    /**
     * @param blocks in blocks of 64x64 samples
     * @param gain   in thirty-seconds of an octave: the step is divided by {@code 2^(gain/32)}, as that much more quality index would
     */
    record Region(Rectangle blocks, int gain) {
    }

    GainMap {
        regions = List.copyOf(regions);
        if (regions.size() > EncodeOptions.MAX_REGIONS) {
            throw new IllegalArgumentException(regions.size() + " regions, at most " + EncodeOptions.MAX_REGIONS);
        }
    }

    boolean isEmpty() {
        return regions.isEmpty();
    }

    /** The regions of interest of a picture: every block that one touches. */
    static GainMap of(List<EncodeOptions.RegionOfInterest> interest, int width, int height) {
        List<Region> regions = new ArrayList<>();
        for (EncodeOptions.RegionOfInterest roi : interest) {
            Rectangle inside = roi.area().intersection(new Rectangle(width, height));
            if (!inside.isEmpty()) {
                int left = inside.x / BLOCK;
                int top = inside.y / BLOCK;
                Rectangle blocks = new Rectangle(left, top, (inside.x + inside.width - 1) / BLOCK - left + 1,
                        (inside.y + inside.height - 1) / BLOCK - top + 1);
                regions.add(new Region(blocks, roi.gain()));
            }
        }
        return new GainMap(regions);
    }

    /** Factors of the quantized values by block, {@code [rows][columns]} of part of a picture. @param part in samples, multiples of 64 */
    float[][] factors(Rectangle part) {
        Rectangle blocks = new Rectangle(part.x / BLOCK, part.y / BLOCK, part.width / BLOCK, part.height / BLOCK);
        int[][] gains = new int[blocks.height][blocks.width];
        for (Region region : regions) {
            Rectangle common = region.blocks.intersection(blocks);
            for (int y = common.y; y < common.y + common.height; y++) {
                for (int x = common.x; x < common.x + common.width; x++) {
                    gains[y - blocks.y][x - blocks.x] = Math.max(gains[y - blocks.y][x - blocks.x], region.gain);
                }
            }
        }
        float[][] factors = new float[blocks.height][blocks.width];
        for (int y = 0; y < blocks.height; y++) {
            for (int x = 0; x < blocks.width; x++) {
                factors[y][x] = (float) Math.pow(2, gains[y][x] / 32.0);
            }
        }
        return factors;
    }

    void write(ByteArrayOutputStream out) {
        out.write(regions.size());
        for (Region region : regions) {
            Varints.write(out, region.blocks.x);
            Varints.write(out, region.blocks.y);
            Varints.write(out, region.blocks.width - 1);
            Varints.write(out, region.blocks.height - 1);
            out.write(region.gain);
        }
    }

    /** @param blocks the picture's */
    static GainMap read(Varints.Reader in, Rectangle blocks) throws IIOException {
        List<Region> regions = new ArrayList<>();
        for (int i = in.u8("the number of gains"); i > 0; i--) {
            int x = in.varint("the column of a gain");
            int y = in.varint("the row of a gain");
            int width = in.varint("the width of a gain") + 1;
            int height = in.varint("the height of a gain") + 1;
            Rectangle region = new Rectangle(x, y, width, height);
            if (!blocks.contains(region)) {
                throw in.failure("gain of " + width + "x" + height + " blocks at " + x + "," + y + " in a picture of " + blocks.width + "x" + blocks.height);
            }
            regions.add(new Region(region, in.u8("a gain")));
        }
        return new GainMap(regions);
    }
}
