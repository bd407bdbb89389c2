// SPDX-License-Identifier: Apache-2.0
package org.semimage.profile.semantic;

import org.semimage.container.Chunk;
import org.semimage.container.ProfileId;
import org.semimage.container.SemFile;
import org.semimage.container.SemHeader;
import org.semimage.container.SemSerializer;
import org.semimage.generate.Descriptors;
import org.semimage.model.Models;
import org.semimage.profile.DoesNotFitException;
import org.semimage.profile.EncodeOptions;
import org.semimage.reflect.Proposal;

import javax.imageio.IIOException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Files of words and looks, of the size that is asked for.
 *
 * @param header  of all of them
 * @param options of which target size, form and quality count
 */
record SemanticFiles(SemHeader header, EncodeOptions options) {

    /** Whole files of the descriptor profile at qualities 0 and 1. */
    private static final int LEAST_BYTES = 40;
    private static final int MOST_BYTES = 300;

    /** The longest caption of a descriptor file in bytes, so that one byte tells its length. */
    private static final int MAX_CAPTION_BYTES = 255;

    /** More bytes than all descriptors take. */
    private static final int MAX_DESCRIPTOR_BYTES = 4096;

    boolean isOfWordsAlone() {
        return header.profile() == ProfileId.CAPTION;
    }

    /**
     * The file of a caption.
     *
     * @throws IIOException if it does not fit
     */
    SemFile captionFile(String text) throws IIOException {
        SemFile file = SemFile.of(header, List.of(new Chunk(Chunk.CAPTION, Models.textCodec().encode(text))));
        int size = (options.bare() ? SemSerializer.toShortestBytes(file) : SemSerializer.toBytes(file)).length;
        if (options.targetBytes().isPresent() && size > options.targetBytes().getAsInt()) {
            throw new DoesNotFitException("the caption does not fit into " + options.targetBytes().getAsInt() + " bytes; the file takes "
                    + size);
        }
        return file;
    }

    /**
     * The file of descriptors, and of a caption if one is proposed.
     *
     * @throws IIOException if it does not fit
     */
    SemFile descriptorFile(Descriptors descriptors, Proposal proposal) throws IIOException {
        byte[] text = proposal.caption().isPresent() ? Models.textCodec().encode(proposal.caption().get()) : null;
        if (text != null && text.length >= MAX_CAPTION_BYTES) {
            throw new IIOException("caption of " + text.length + " bytes, at most " + (MAX_CAPTION_BYTES - 1)
                    + " stand beside descriptors");
        }
        int budget = options.targetBytes().orElse(Math.round(LEAST_BYTES + (MOST_BYTES - LEAST_BYTES) * options.quality())
                + (text == null ? 0 : text.length)) - proposal.spare();
        byte[] prefix = new byte[text == null ? 1 : 1 + text.length];
        prefix[0] = (byte) (text == null ? 0 : text.length + 1);
        if (text != null) {
            System.arraycopy(text, 0, prefix, 1, text.length);
        }
        int left = budget - (int) SemSerializer.size(file(prefix));
        left -= left + prefix.length > 127 ? 1 : 0;
        if (left < 1) {
            throw new DoesNotFitException("descriptors do not fit into " + budget + " bytes; the file takes at least "
                    + (budget - left + 1));
        }
        int bytes = Math.min(left, MAX_DESCRIPTOR_BYTES);
        Descriptors wanted = proposal.contrast() == Proposal.PLAIN ? descriptors : contrasted(descriptors, proposal.contrast() / 100f);
        return file(concat(prefix, proposal.quantizerStep().isPresent()
                ? DescriptorCodec.encode(wanted, proposal.quantizerStep().getAsInt(), bytes)
                : DescriptorCodec.encode(wanted, bytes, header.width(), header.height())));
    }

    /** All amplitudes but those of the means, times a factor. */
    private static Descriptors contrasted(Descriptors d, float factor) {
        float[][] layout = new float[d.layout().length][];
        for (int c = 0; c < layout.length; c++) {
            layout[c] = d.layout()[c].clone();
            for (int i = 1; i < layout[c].length; i++) {
                layout[c][i] *= factor;
            }
        }
        return new Descriptors(d.columns(), d.rows(), layout, d.layoutCount(), d.texture(), d.textureCount());
    }

    /** The bits that the caption of a proposal takes; 0 without one. */
    static double bits(Optional<String> caption) throws IIOException {
        return caption.isPresent() ? Models.textCodec().bits(caption.get()) : 0;
    }

    private SemFile file(byte[] payload) {
        return SemFile.of(header, List.of(new Chunk(Chunk.DESCRIPTORS, payload)));
    }

    private static byte[] concat(byte[] a, byte[] b) {
        byte[] both = Arrays.copyOf(a, a.length + b.length);
        System.arraycopy(b, 0, both, a.length, b.length);
        return both;
    }
}
