// SPDX-License-Identifier: Apache-2.0
package org.semimage.conformance.fuzz;

import org.semimage.container.Chunk;
import org.semimage.container.SemFile;
import org.semimage.container.SemOutline;
import org.semimage.container.SemParser;
import org.semimage.container.SemSerializer;
import org.semimage.imageio.SemImageReaderSpi;

import javax.imageio.IIOException;
import javax.imageio.ImageReadParam;
import javax.imageio.ImageReader;
import javax.imageio.ImageTypeSpecifier;
import javax.imageio.metadata.IIOMetadata;
import javax.imageio.stream.ImageInputStream;
import javax.imageio.stream.MemoryCacheImageInputStream;
import java.awt.Rectangle;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;

/** Whole files. Their checksums are set right first, so that what is behind them is reached. */
final class FileTargets {

    /** What takes long to decode says no more than what does not. */
    private static final int MOST_PIXELS = 1 << 14;
    private static final int MOST_PICTURES = 3;

    /** A question to a reader. */
    @FunctionalInterface
    private interface Question<T> {
        T ask() throws IOException;
    }

    private FileTargets() {
    }

    private static ImageInputStream stream(byte[] file) {
        return new MemoryCacheImageInputStream(new ByteArrayInputStream(file));
    }

    /** The answer; empty if it is refused. */
    private static <T> Optional<T> ask(Question<T> question) throws IOException {
        try {
            return Optional.of(question.ask());
        } catch (IIOException refused) {
            FuzzTarget.checkRefusal(refused);
            return Optional.empty();
        }
    }

    static void reader(FuzzInput in) throws IOException {
        ImageReader reader = new SemImageReaderSpi().createReaderInstance();
        try (ImageInputStream stream = stream(Checksums.repaired(in.rest()))) {
            reader.setInput(stream);
            int count = ask(() -> reader.getNumImages(true)).orElse(1);
            for (int i = 0; i < Math.min(count, MOST_PICTURES); i++) {
                picture(reader, i);
            }
        } finally {
            reader.dispose();
        }
    }

    private static void picture(ImageReader reader, int i) throws IOException {
        Optional<IIOMetadata> metadata = ask(() -> reader.getImageMetadata(i));
        for (String format : metadata.map(IIOMetadata::getMetadataFormatNames).orElse(new String[0])) {
            metadata.get().getAsTree(format);
        }
        for (int t = 0; t < Math.min(ask(() -> reader.getNumThumbnails(i)).orElse(0), MOST_PICTURES); t++) {
            int thumbnail = t;
            ask(() -> reader.getThumbnailWidth(i, thumbnail));
            ask(() -> reader.readThumbnail(i, thumbnail));
        }
        int width = ask(() -> reader.getWidth(i)).orElse(0);
        int height = ask(() -> reader.getHeight(i)).orElse(0);
        if (width < 1 || height < 1 || (long) width * height > MOST_PIXELS) {
            return;
        }
        Optional<Iterator<ImageTypeSpecifier>> types = ask(() -> reader.getImageTypes(i));
        Optional<BufferedImage> whole = ask(() -> reader.read(i));
        whole.ifPresent(image -> Found.unless(image.getWidth() == width && image.getHeight() == height, "a picture of another size"));
        Found.unless(whole.isEmpty() || types.isPresent() && types.get().hasNext(), "a picture without a type");
        ImageReadParam part = reader.getDefaultReadParam();
        part.setSourceRegion(new Rectangle(width / 3, height / 3, width - width / 3, height - height / 3));
        part.setSourceSubsampling(2, 3, 0, 0);
        ask(() -> reader.read(i, part));
        Optional<?> raster = ask(() -> reader.readRaster(i, null));
        Found.unless(whole.isEmpty() || raster.isPresent(), "a picture without samples");
        ask(() -> reader.readAll(i, null));
    }

    /** The parts of the parser agree, and what is written again means the same. */
    static void container(FuzzInput in) throws IOException {
        byte[] file = in.rest();
        parse(file);
        parse(Checksums.repaired(file));
    }

    private static void parse(byte[] file) throws IOException {
        Optional<SemOutline> outline = ask(() -> SemParser.outline(stream(file)));
        Optional<SemFile> head = ask(() -> SemParser.parseHead(stream(file)));
        Optional<SemFile> parsed = ask(() -> SemParser.parse(stream(file)));
        if (parsed.isEmpty()) {
            return;
        }
        SemFile whole = parsed.get();
        Found.unless(head.isPresent() && head.get().header().equals(whole.header()), "a file without a head");
        Found.unless(outline.isPresent() && outline.get().truncated() == whole.truncated(), "a file without an outline");
        List<Character> tags = new ArrayList<>();
        outline.get().entries().forEach(entry -> tags.add(entry.tag()));
        Found.unless(tags.equals(whole.chunks().stream().map(Chunk::tag).toList()), "an outline of other chunks");
        if (!whole.truncated()) {
            byte[] again = SemSerializer.toBytes(whole);
            Found.unless(again.length == SemSerializer.size(whole), "a file of another size than foretold");
            SemFile reparsed = SemParser.parse(again);
            Found.unless(reparsed.header().equals(whole.header()) && contents(reparsed).equals(contents(whole)),
                    "a file that is written again means something else");
        }
    }

    /** Chunks whose payloads can be compared. */
    private static List<List<Object>> contents(SemFile file) {
        return file.chunks().stream().map(chunk -> List.<Object>of(chunk.tag(), ByteBuffer.wrap(chunk.payload()))).toList();
    }
}
