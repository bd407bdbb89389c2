// SPDX-License-Identifier: Apache-2.0
package org.semimage.cli;

import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

import javax.imageio.IIOImage;
import javax.imageio.ImageReader;
import javax.imageio.metadata.IIOMetadata;
import java.awt.AlphaComposite;
import java.awt.Graphics2D;
import java.awt.Rectangle;
import java.awt.image.BufferedImage;
import java.io.IOException;

/**
 * The frames of an animation: each is the part that its file holds, on what those before it leave behind (GIF89a, sections 18, 20 and 23).
 * What is left free is transparent, as browsers show it. Frames are asked for in rising order.
 */
final class GifFrames implements Frames {

    private final ImageReader reader;
    private final int width;
    private final int height;
    private BufferedImage canvas;
    private int composed;

    GifFrames(ImageReader reader) throws IOException {
        this.reader = reader;
        Rectangle first = place(0);
        this.width = Math.max(number(reader.getStreamMetadata(), "LogicalScreenDescriptor", "logicalScreenWidth"), first.x + first.width);
        this.height = Math.max(number(reader.getStreamMetadata(), "LogicalScreenDescriptor", "logicalScreenHeight"),
                first.y + first.height);
        this.canvas = new BufferedImage(width, height, BufferedImage.TYPE_INT_ARGB);
    }

    @Override
    public long pixels(int index) {
        return (long) width * height;
    }

    @Override
    public IIOImage get(int index) throws IOException {
        BufferedImage frame = null;
        for (; composed <= index; composed++) {
            BufferedImage part = reader.read(composed);
            Rectangle place = place(composed);
            BufferedImage before = copy(canvas, BufferedImage.TYPE_INT_ARGB);
            draw(part, place, AlphaComposite.SrcOver);
            frame = copy(canvas, isOpaque(canvas) ? BufferedImage.TYPE_INT_RGB : BufferedImage.TYPE_INT_ARGB);
            switch (text(reader.getImageMetadata(composed), "GraphicControlExtension", "disposalMethod")) {
                case "restoreToBackgroundColor" -> draw(part, place, AlphaComposite.Clear);
                case "restoreToPrevious" -> canvas = before;
                default -> {
                    // The frame stays.
                }
            }
        }
        return new IIOImage(frame, null, reader.getImageMetadata(index));
    }

    private void draw(BufferedImage part, Rectangle place, AlphaComposite how) {
        Graphics2D graphics = canvas.createGraphics();
        graphics.setComposite(how);
        if (how == AlphaComposite.Clear) {
            graphics.fill(place);
        } else {
            graphics.drawImage(part, place.x, place.y, null);
        }
        graphics.dispose();
    }

    private static BufferedImage copy(BufferedImage image, int type) {
        BufferedImage copy = new BufferedImage(image.getWidth(), image.getHeight(), type);
        Graphics2D graphics = copy.createGraphics();
        graphics.setComposite(AlphaComposite.Src);
        graphics.drawImage(image, 0, 0, null);
        graphics.dispose();
        return copy;
    }

    private static boolean isOpaque(BufferedImage image) {
        for (int y = 0; y < image.getHeight(); y++) {
            for (int pixel : image.getRGB(0, y, image.getWidth(), 1, null, 0, image.getWidth())) {
                if (pixel >>> 24 != 255) {
                    return false;
                }
            }
        }
        return true;
    }

    private Rectangle place(int index) throws IOException {
        IIOMetadata metadata = reader.getImageMetadata(index);
        return new Rectangle(number(metadata, "ImageDescriptor", "imageLeftPosition"),
                number(metadata, "ImageDescriptor", "imageTopPosition"), reader.getWidth(index), reader.getHeight(index));
    }

    private static int number(IIOMetadata metadata, String element, String attribute) {
        String text = text(metadata, element, attribute);
        return text.isEmpty() ? 0 : Integer.parseInt(text);
    }

    /** An attribute of metadata in the format of ImageIO's GIF plug-in; empty if it is not there. */
    private static String text(IIOMetadata metadata, String element, String attribute) {
        NodeList found = ((Element) metadata.getAsTree(metadata.getNativeMetadataFormatName())).getElementsByTagName(element);
        return found.getLength() == 0 ? "" : ((Element) found.item(0)).getAttribute(attribute);
    }
}
