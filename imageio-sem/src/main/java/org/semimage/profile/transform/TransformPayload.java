// SPDX-License-Identifier: Apache-2.0
package org.semimage.profile.transform;

import org.semimage.compute.entropy.SymbolEncoder;
import org.semimage.compute.prior.IntegerPrior;
import org.semimage.container.Chunk;
import org.semimage.container.SemHeader;
import org.semimage.container.SemOutline;
import org.semimage.profile.Varints;
import org.semimage.render.Coarse;

import javax.imageio.IIOException;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;

/**
 * The bytes of chunk 'T': how the picture is coded, then its rANS streams, most important first (FORMAT.md, "Transform payload").
 *
 * @param qualityIndex of the base layer, 0..255
 * @param shrink      log2 of the picture's samples along a side to one that is coded, 0..3
 * @param tiles       the tiles; a single one is coded in one stream with all of the picture's levels
 * @param gains       where quantizer steps are finer or coarser than elsewhere
 * @param fineColour  whether level 1 has components 1 and 2
 * @param refinements layers after the base layer, each with half the quantizer step of the one before, 0..7
 * @param segments    the streams in {@link StreamOrder}. A cut payload has fewer, and the last one may be cut.
 */
public record TransformPayload(int qualityIndex, int shrink, TileGrid tiles, GainMap gains, boolean fineColour, int refinements,
                               List<Segment> segments) {

    private static final int TILED = 1;
    private static final int GAINS = 2;
    private static final int REFINEMENTS_SHIFT = 2;
    private static final int REFINEMENTS_MASK = 7;
    private static final int FINE_COLOUR = 32;
    private static final int SHRINK_SHIFT = 6;
    private static final int MAX_LOG2_LANES = 5;

    /**
     * One rANS stream.
     *
     * @param lanes 1..32, a power of two
     * @param bytes the array that holds it; not copied
     * @param from  where it begins
     * @param to    where it ends, in the file or because the file does
     */
    public record Segment(int lanes, byte[] bytes, int from, int to) {

        static Segment of(int lanes, byte[] stream) {
            return new Segment(lanes, stream, 0, stream.length);
        }
    }

    /** A missing segment is a stream of no bytes, all of whose symbols are zero. */
    private static final Segment MISSING = new Segment(1, new byte[0], 0, 0);

    /** A stream, or one of no bytes where the payload ends before it. */
    public Segment segment(int index) {
        return index < segments.size() ? segments.get(index) : MISSING;
    }

    /** The same, as that of a picture which is so much larger. */
    TransformPayload withShrink(int log2) {
        return new TransformPayload(qualityIndex, log2, tiles, gains, fineColour, refinements, segments);
    }

    /** Where streams stand among the segments. */
    StreamOrder order() {
        return new StreamOrder(tiles.count(), 1 + refinements);
    }

    /** The stream that holds a level of a tile in a layer, or one of no bytes; see {@link StreamOrder#index}. */
    Segment segment(int layer, int tile, int level) {
        return segment(order().index(layer, tile, level));
    }

    /** The quality index of a layer, 0 the base. */
    public int qualityIndex(int layer) {
        return qualityIndex + IntegerPrior.QUALITY_INDEX_PER_LAYER * layer;
    }

    /** The quality index of the last layer, whether it is there or not. */
    public int wholeQualityIndex() {
        return qualityIndex(refinements);
    }

    /** The last layer of which there is anything; 0 if not even the base is there. */
    int lastLayer() {
        return order().lastLayer(segments.size());
    }

    /** Whether streams say how long they are. */
    private static boolean haveLengths(TileGrid tiles, int refinements) {
        return tiles.isTiled() || refinements > 0;
    }

    /** Whether a reader that may adds detail to a picture, by its header and an entry of its outline. */
    public static boolean isRendered(SemHeader header, SemOutline.Entry entry) {
        return entry.tag() == Chunk.TRANSFORM && entry.head() >= 0
                && Coarse.isRendered(header, lastQualityIndex(entry.head()), shrink(entry.head()));
    }

    /** How much smaller than the picture is what is coded, by an entry of an outline: 0 too if the entry does not say. */
    public static int shrink(SemOutline.Entry entry) {
        return entry.tag() == Chunk.TRANSFORM && entry.head() >= 0 ? shrink(entry.head()) : 0;
    }

    private static int shrink(int head) {
        return head >> SHRINK_SHIFT & Shrink.MAX;
    }

    /** The quality index of the last layer, by the payload's first two bytes. */
    private static int lastQualityIndex(int head) {
        return (head >> 8) + IntegerPrior.QUALITY_INDEX_PER_LAYER * (head >> REFINEMENTS_SHIFT & REFINEMENTS_MASK);
    }

    /** The payload of chunk 'T', as {@link #parse} reads it. */
    byte[] toBytes() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(qualityIndex);
        out.write((tiles.isTiled() ? TILED : 0) | (gains.isEmpty() ? 0 : GAINS) | refinements << REFINEMENTS_SHIFT
                | (fineColour ? FINE_COLOUR : 0) | shrink << SHRINK_SHIFT);
        if (tiles.isTiled()) {
            Varints.write(out, tiles.tileWidth() / 64 - 1);
            Varints.write(out, tiles.tileHeight() / 64 - 1);
        }
        if (!gains.isEmpty()) {
            out.write(gains.log2Block());
            byte[] coded = GainMapCodec.encode(gains);
            Varints.write(out, coded.length);
            out.writeBytes(coded);
        }
        for (Segment segment : segments) {
            out.write(Integer.numberOfTrailingZeros(segment.lanes));
            if (haveLengths(tiles, refinements)) {
                Varints.write(out, segment.to - segment.from);
            }
            out.write(segment.bytes, segment.from, segment.to - segment.from);
        }
        return out.toByteArray();
    }

    /**
     * @param header of the picture
     * @throws IIOException if a field has no meaning; the message names its offset. A payload that ends early has fewer segments.
     */
    public static TransformPayload parse(byte[] payload, SemHeader header) throws IIOException {
        Varints.Reader in = new Varints.Reader(Chunk.TRANSFORM, payload);
        int qualityIndex = in.u8("the quality index");
        int layout = in.u8("the layout");
        CodedPicture coded = CodedPicture.of(header, shrink(layout));
        int height = coded.paddedHeight();
        int width = coded.paddedWidth();
        int refinements = layout >> REFINEMENTS_SHIFT & REFINEMENTS_MASK;
        if (qualityIndex + IntegerPrior.QUALITY_INDEX_PER_LAYER * refinements > QualityIndex.MAX) {
            throw in.failure(refinements + " refinements of quality index " + qualityIndex + ", the last of which would be above "
                    + QualityIndex.MAX);
        }
        TileGrid tiles = new TileGrid(height, width, height, width);
        if ((layout & TILED) != 0) {
            int tileWidth = side(in, "tile width", width);
            tiles = new TileGrid(height, width, side(in, "tile height", height), tileWidth);
            if (!tiles.isTiled()) {
                throw in.failure("tiles of the picture's size");
            }
        }
        GainMap gains = (layout & GAINS) != 0 ? gains(in, payload, height, width) : GainMap.NONE;
        List<Segment> segments = new ArrayList<>();
        int count = new StreamOrder(tiles.count(), 1 + refinements).count();
        while (segments.size() < count && in.remaining() > 0) {
            int lanes = in.u8("the lanes");
            if (lanes > MAX_LOG2_LANES) {
                throw in.failure("2^" + lanes + " lanes, at most 2^" + MAX_LOG2_LANES + " expected");
            }
            int length = in.remaining();
            if (haveLengths(tiles, refinements)) {
                if (!in.hasVarint()) {
                    break;
                }
                length = Math.min(in.varint("the length of a stream"), in.remaining());
            }
            segments.add(new Segment(1 << lanes, payload, in.position(), in.position() + length));
            in.skip(length);
        }
        if (segments.size() == count && in.remaining() > 0) {
            throw in.failure(in.remaining() + " bytes behind the last of " + count + " streams");
        }
        return new TransformPayload(qualityIndex, shrink(layout), tiles, gains, (layout & FINE_COLOUR) != 0, refinements, segments);
    }

    private static GainMap gains(Varints.Reader in, byte[] payload, int height, int width) throws IIOException {
        int log2Block = in.u8("the size of gains' blocks");
        if (log2Block < GainMap.MIN_LOG2_BLOCK || log2Block > GainMap.MAX_LOG2_BLOCK) {
            throw in.failure("gains of blocks of 2^" + log2Block + " samples, 2^" + GainMap.MIN_LOG2_BLOCK + " to 2^"
                    + GainMap.MAX_LOG2_BLOCK + " expected");
        }
        int length = Math.min(in.varint("the length of the gains"), in.remaining());
        GainMap gains = GainMapCodec.decode(payload, in.position(), in.position() + length, log2Block,
                height >> log2Block, width >> log2Block);
        in.skip(length);
        return gains;
    }

    private static int side(Varints.Reader in, String what, int limit) throws IIOException {
        int side = in.varint(what);
        if (side >= limit / 64) {
            throw in.failure(what + " of " + (side + 1L) * 64 + " in a picture of " + limit);
        }
        return (side + 1) * 64;
    }

    /** The lanes that suit a stream's ideal length. */
    static int lanesFor(double bits) {
        return SymbolEncoder.lanesFor((long) (bits / 8));
    }
}
