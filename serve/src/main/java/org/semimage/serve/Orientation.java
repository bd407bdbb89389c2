// SPDX-License-Identifier: Apache-2.0
package org.semimage.serve;

import org.semimage.metadata.Exif;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

import javax.imageio.IIOException;
import javax.imageio.ImageReader;
import javax.imageio.metadata.IIOMetadata;
import javax.imageio.metadata.IIOMetadataFormatImpl;
import javax.imageio.metadata.IIOMetadataNode;
import java.awt.Color;
import java.awt.Dimension;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.geom.AffineTransform;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * How a stored picture is to be turned.
 *
 * @param number 1..8, Exif's
 */
record Orientation(int number) {

    /** Those from here on swap columns and rows. */
    private static final int FIRST_TRANSPOSED = 5;

    /** The standard metadata format's names of 1..8, in lower case. */
    private static final List<String> NAMES = List.of("normal", "fliph", "rotate180", "flipv", "fliphrotate90", "rotate270",
            "flipvrotate90", "rotate90");

    private static final String JPEG_FORMAT = "javax_imageio_jpeg_image_1.0";
    private static final String EXIF_MARKER = "225";
    private static final byte[] EXIF_HEAD = "Exif\0\0".getBytes(StandardCharsets.US_ASCII);

    /** What the metadata of a reader's first picture says; 1 if it says nothing, or is damaged. */
    static Orientation of(ImageReader reader) throws IOException {
        try {
            IIOMetadata metadata = reader.getImageMetadata(0);
            if (metadata == null) {
                return new Orientation(1);
            }
            return new Orientation(JPEG_FORMAT.equals(metadata.getNativeMetadataFormatName()) ? ofJpeg(metadata) : ofStandard(metadata));
        } catch (IIOException e) {
            System.getLogger(Orientation.class.getName()).log(System.Logger.Level.DEBUG, "metadata is damaged", e);
            return new Orientation(1);
        }
    }

    private static int ofStandard(IIOMetadata metadata) {
        if (!metadata.isStandardMetadataFormatSupported()) {
            return 1;
        }
        NodeList found = ((IIOMetadataNode) metadata.getAsTree(IIOMetadataFormatImpl.standardMetadataFormatName))
                .getElementsByTagName("ImageOrientation");
        String name = found.getLength() == 0 ? "" : ((Element) found.item(0)).getAttribute("value");
        return Math.max(1, NAMES.indexOf(name.toLowerCase(Locale.ROOT)) + 1);
    }

    /** The JDK's reader does not read Exif, but gives it. */
    private static int ofJpeg(IIOMetadata metadata) {
        NodeList markers = ((IIOMetadataNode) metadata.getAsTree(JPEG_FORMAT)).getElementsByTagName("unknown");
        for (int i = 0; i < markers.getLength(); i++) {
            IIOMetadataNode marker = (IIOMetadataNode) markers.item(i);
            boolean isExif = EXIF_MARKER.equals(marker.getAttribute("MarkerTag"));
            if (isExif && marker.getUserObject() instanceof byte[] bytes && bytes.length > EXIF_HEAD.length
                    && Arrays.equals(EXIF_HEAD, Arrays.copyOf(bytes, EXIF_HEAD.length))) {
                return Exif.of(Arrays.copyOfRange(bytes, EXIF_HEAD.length, bytes.length)).orientation();
            }
        }
        return 1;
    }

    /** A stored size as it is to be looked at. */
    Dimension upright(Dimension stored) {
        return transposes() ? new Dimension(stored.height, stored.width) : stored;
    }

    private boolean transposes() {
        return number >= FIRST_TRANSPOSED;
    }

    /** The size, still as stored, at which a picture has this width once it is upright; never larger than it is. */
    Dimension scaled(Dimension stored, int width) {
        double scale = Math.min(1, width / (double) (transposes() ? stored.height : stored.width));
        return new Dimension(Math.max(1, (int) Math.round(stored.width * scale)), Math.max(1, (int) Math.round(stored.height * scale)));
    }

    /** The picture as it is to be looked at, in sRGB with 8 bits, with alpha if it had some. */
    BufferedImage upright(BufferedImage stored) {
        int width = transposes() ? stored.getHeight() : stored.getWidth();
        int height = transposes() ? stored.getWidth() : stored.getHeight();
        boolean alpha = stored.getColorModel().hasAlpha();
        BufferedImage upright = new BufferedImage(width, height, alpha ? BufferedImage.TYPE_INT_ARGB : BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = upright.createGraphics();
        graphics.setRenderingHint(RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_NEAREST_NEIGHBOR);
        graphics.drawImage(stored, turning(width, height), null);
        graphics.dispose();
        return upright;
    }

    /** From stored places to those of an upright picture of this size. */
    private AffineTransform turning(int width, int height) {
        return switch (number) {
            case 2 -> new AffineTransform(-1, 0, 0, 1, width, 0);
            case 3 -> new AffineTransform(-1, 0, 0, -1, width, height);
            case 4 -> new AffineTransform(1, 0, 0, -1, 0, height);
            case 5 -> new AffineTransform(0, 1, 1, 0, 0, 0);
            case 6 -> new AffineTransform(0, 1, -1, 0, width, 0);
            case 7 -> new AffineTransform(0, -1, -1, 0, width, height);
            case 8 -> new AffineTransform(0, -1, 1, 0, 0, height);
            default -> new AffineTransform();
        };
    }

    /** The picture on white. */
    static BufferedImage opaque(BufferedImage picture) {
        if (!picture.getColorModel().hasAlpha()) {
            return picture;
        }
        BufferedImage opaque = new BufferedImage(picture.getWidth(), picture.getHeight(), BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = opaque.createGraphics();
        graphics.drawImage(picture, 0, 0, Color.WHITE, null);
        graphics.dispose();
        return opaque;
    }
}
