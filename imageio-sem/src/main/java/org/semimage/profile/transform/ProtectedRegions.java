// SPDX-License-Identifier: Apache-2.0
package org.semimage.profile.transform;

import org.semimage.container.Chunk;
import org.semimage.container.Leb128;
import org.semimage.container.SemFile;
import org.semimage.container.SemHeader;
import org.semimage.picture.PixelPlanes;
import org.semimage.picture.PixelSink;
import org.semimage.profile.EncodeOptions;
import org.semimage.profile.EncodeOptions.RegionOfInterest;

import javax.imageio.IIOException;
import java.awt.Rectangle;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The parts of a picture that no detail is added to: faces and lettering must show what the file says, and no more (FORMAT.md,
 * "Protected regions").
 *
 * @param areas in samples of the picture, inside it
 */
record ProtectedRegions(List<Rectangle> areas) {

    static final ProtectedRegions NONE = new ProtectedRegions(List.of());

    /** Samples of the unit in which regions are stored. */
    private static final int UNIT = 16;

    /** Samples around a region over which added detail comes in. */
    private static final int MARGIN = 16;

    /** Samples around a region of a smaller picture that the region depends on in larger ones: three at each of several sizes. */
    private static final int DOUBLING = 8;

    /** Those regions of interest of a picture that are to be protected. */
    static ProtectedRegions of(List<RegionOfInterest> interest, SemHeader header) {
        Rectangle picture = new Rectangle(header.width(), header.height());
        return new ProtectedRegions(interest.stream().filter(roi -> roi.isProtected() && roi.area().intersects(picture))
                .map(roi -> units(roi.area().intersection(picture))).map(units -> inPicture(units, picture)).distinct().toList());
    }

    /**
     * Those of a file; a chunk without meaning is passed over.
     *
     * @param warnings takes what is wrong with it
     */
    static ProtectedRegions of(SemFile file, Consumer<String> warnings) {
        Optional<Chunk> chunk = file.chunk(Chunk.PROTECTED);
        try {
            return chunk.isPresent() ? parse(chunk.get().payload(), file.header()) : NONE;
        } catch (IIOException e) {
            warnings.accept("Chunk '" + Chunk.PROTECTED + "' " + e.getMessage() + "; ignored");
            return NONE;
        }
    }

    private static ProtectedRegions parse(byte[] payload, SemHeader header) throws IIOException {
        Rectangle picture = new Rectangle(header.width(), header.height());
        List<Rectangle> areas = new ArrayList<>();
        Numbers numbers = new Numbers(payload);
        do {
            Rectangle units = new Rectangle(numbers.read(), numbers.read(), 1 + numbers.read(), 1 + numbers.read());
            Rectangle area = inPicture(units, picture);
            if (area.isEmpty() || areas.size() == EncodeOptions.MAX_REGIONS) {
                throw new IIOException(area.isEmpty() ? "has a region outside the picture"
                        : "has more than " + EncodeOptions.MAX_REGIONS + " regions");
            }
            areas.add(area);
        } while (numbers.at < payload.length);
        return new ProtectedRegions(List.copyOf(areas));
    }

    /** Reads the numbers of a payload. */
    private static final class Numbers implements Leb128.Source<IIOException> {

        private static final int MOST_BYTES = 3;

        private final byte[] payload;
        private int at;

        Numbers(byte[] payload) {
            this.payload = payload;
        }

        int read() throws IIOException {
            return (int) Leb128.read(this, MOST_BYTES);
        }

        @Override
        public int next() throws IIOException {
            if (at == payload.length) {
                throw new IIOException("ends within a region");
            }
            return payload[at++] & 0xFF;
        }

        @Override
        public IIOException tooLong() {
            return new IIOException("has a number of more than " + MOST_BYTES + " bytes before offset " + at);
        }

        @Override
        public IIOException notShortest(long value, int bytes) {
            return new IIOException("has " + value + " in " + bytes + " bytes before offset " + at);
        }
    }

    /** The chunk that says so; there must be a region. */
    Chunk toChunk() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (Rectangle area : areas) {
            Rectangle units = units(area);
            Leb128.write(out, units.x);
            Leb128.write(out, units.y);
            Leb128.write(out, units.width - 1);
            Leb128.write(out, units.height - 1);
        }
        return new Chunk(Chunk.PROTECTED, out.toByteArray());
    }

    boolean isEmpty() {
        return areas.isEmpty();
    }

    private static Rectangle units(Rectangle area) {
        int left = area.x / UNIT;
        int top = area.y / UNIT;
        return new Rectangle(left, top, (area.x + area.width - 1) / UNIT - left + 1, (area.y + area.height - 1) / UNIT - top + 1);
    }

    private static Rectangle inPicture(Rectangle units, Rectangle picture) {
        return new Rectangle(UNIT * units.x, UNIT * units.y, UNIT * units.width, UNIT * units.height).intersection(picture);
    }

    /**
     * A sink of a picture with added detail that takes it away again where it must not be.
     *
     * @param plain    the picture without
     * @param place    of plain
     * @param halvings of the picture's size, which both have
     */
    PixelSink keeping(PixelPlanes plain, Rectangle place, int halvings, PixelSink sink) {
        if (isEmpty()) {
            return sink;
        }
        return (rendered, x, y) -> {
            keep(plain, place, halvings, rendered, new Rectangle(x, y, rendered.width(), rendered.height()));
            sink.write(rendered, x, y);
        };
    }

    private void keep(PixelPlanes plain, Rectangle place, int halvings, PixelPlanes rendered, Rectangle at) {
        List<Rectangle> near = areas.stream().map(area -> halved(area, halvings)).filter(area -> reaches(area).intersects(at)).toList();
        for (int y = 0; y < at.height; y++) {
            Rectangle row = new Rectangle(at.x, at.y + y, at.width, 1);
            List<Rectangle> inReach = near.stream().filter(area -> reaches(area).intersects(row)).toList();
            for (int x = 0; x < at.width && !inReach.isEmpty(); x++) {
                float share = share(inReach, at.x + x, at.y + y);
                if (share == 0) {
                    continue;
                }
                int from = (at.y + y - place.y) * place.width + at.x + x - place.x;
                int to = y * at.width + x;
                for (int c = 0; c < rendered.format().colourPlanes(); c++) {
                    float before = rendered.samples()[c][to];
                    rendered.samples()[c][to] = (short) (before + share * (plain.samples()[c][from] - before) + 0.5f);
                }
            }
        }
    }

    /** An area in a smaller picture, with what the area depends on when that is doubled until it is the picture. */
    private static Rectangle halved(Rectangle area, int halvings) {
        int around = halvings == 0 ? 0 : DOUBLING;
        int left = (area.x >> halvings) - around;
        int top = (area.y >> halvings) - around;
        return new Rectangle(left, top, (area.x + area.width - 1 >> halvings) + around - left + 1,
                (area.y + area.height - 1 >> halvings) + around - top + 1);
    }

    private static Rectangle reaches(Rectangle area) {
        return new Rectangle(area.x - MARGIN, area.y - MARGIN, area.width + 2 * MARGIN, area.height + 2 * MARGIN);
    }

    /** How much of the plain picture a sample has: 1 inside a region, 0 from the margin on. */
    private static float share(List<Rectangle> areas, int x, int y) {
        int nearest = MARGIN * MARGIN;
        for (int i = 0; i < areas.size() && nearest > 0; i++) {
            Rectangle area = areas.get(i);
            int across = Math.max(0, Math.max(area.x - x, x - (area.x + area.width - 1)));
            int down = Math.max(0, Math.max(area.y - y, y - (area.y + area.height - 1)));
            nearest = (int) Math.min(nearest, (long) across * across + (long) down * down);
        }
        return 1 - (float) Math.sqrt(nearest) / MARGIN;
    }
}
