// SPDX-License-Identifier: Apache-2.0
package org.semimage.imageio;

import org.semimage.compute.Cancellation;
import org.semimage.container.Chunk;
import org.semimage.container.SemFile;
import org.semimage.container.SemHeader;
import org.semimage.container.SemOutline;
import org.semimage.container.SemParser;
import org.semimage.metadata.Ancillary;

import javax.imageio.stream.ImageInputStream;
import java.awt.color.ICC_ColorSpace;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * A picture in a stream, parsed as far as it is asked for. What has been parsed is kept: once the whole is there, nothing is parsed again.
 * For use by one thread at a time.
 */
final class StoredPicture {

    private final ImageInputStream in;
    private final long start;

    private SemHeader header;
    private SemOutline outline;
    private SemFile file;
    private long end;

    /** Of the leading chunks alone until more is known. */
    private Ancillary leading;
    private Ancillary ancillary;
    private Colours colours;

    /**
     * What the picture's ICC profile says.
     *
     * @param space absent if there is no profile, none that can be used, or that of sRGB
     * @param fault why the profile cannot be used
     */
    record Colours(Optional<ICC_ColorSpace> space, Optional<String> fault) {
    }

    /** A picture whose first byte is at {@code start} in the stream. */
    StoredPicture(ImageInputStream in, long start) {
        this.in = in;
        this.start = start;
    }

    private void seek() throws IOException {
        if (in.getStreamPosition() != start) {
            in.seek(start);
        }
    }

    /**
     * The header, read once.
     *
     * @throws IOException if there is no well-formed header, or the stream fails
     */
    SemHeader header() throws IOException {
        if (header == null) {
            seek();
            header = SemParser.parseHeader(in);
        }
        return header;
    }

    /**
     * The whole picture.
     *
     * @throws IOException if it is malformed or too large, or the stream fails
     * @throws java.util.concurrent.CancellationException if the request is made before all is read
     */
    SemFile file(Cancellation cancellation) throws IOException {
        if (file == null) {
            seek();
            file = SemParser.parse(in, cancellation);
            end = in.getStreamPosition();
            header = file.header();
            ancillary = Ancillary.of(file.chunks());
        }
        return file;
    }

    /** The stream's position behind the picture; empty if the input ends before the picture does. */
    OptionalLong end() throws IOException {
        parseOutline();
        boolean truncated = file != null ? file.truncated() : outline.truncated();
        return truncated ? OptionalLong.empty() : OptionalLong.of(end);
    }

    /** All chunks in file order, of a payload that is cut off the length that is declared unless the whole picture has been loaded. */
    List<SemOutline.Entry> entries() throws IOException {
        parseOutline();
        return outline != null ? outline.entries()
                : file.chunks().stream().map(SemOutline.Entry::of).toList();
    }

    /** The ancillary chunks; the coded pixels are not loaded for them. */
    Ancillary ancillary() throws IOException {
        parseOutline();
        return ancillary;
    }

    private void parseOutline() throws IOException {
        if (file == null && outline == null) {
            seek();
            outline = SemParser.outline(in);
            end = in.getStreamPosition();
            header = outline.header();
            ancillary = Ancillary.of(outline.ancillary());
        }
    }

    /** What the ICC profile says, which stands in front of the critical chunks. */
    Colours colours() throws IOException {
        if (colours == null) {
            Optional<byte[]> icc = (ancillary != null ? ancillary : leading()).icc();
            colours = icc.isEmpty() ? new Colours(Optional.empty(), Optional.empty()) : coloursOf(icc.get());
        }
        return colours;
    }

    private Ancillary leading() throws IOException {
        if (leading == null) {
            seek();
            SemFile head = SemParser.parseHead(in);
            header = head.header();
            leading = Ancillary.of(head.chunks());
        }
        return leading;
    }

    private Colours coloursOf(byte[] icc) {
        try {
            ICC_ColorSpace space = SourceColours.space(icc, header.format());
            return new Colours(Optional.of(space).filter(s -> !s.isCS_sRGB()), Optional.empty());
        } catch (IllegalArgumentException e) {
            return new Colours(Optional.empty(), Optional.of("Chunk '" + Chunk.ICC + "' is ignored: " + e.getMessage()));
        }
    }
}
