// SPDX-License-Identifier: Apache-2.0
package org.semimage.picture;

import java.awt.Point;
import java.awt.Rectangle;
import java.awt.image.BufferedImage;
import java.awt.image.ColorModel;
import java.awt.image.Raster;
import java.awt.image.RenderedImage;
import java.awt.image.SampleModel;
import java.awt.image.WritableRaster;
import java.util.Vector;

/** A view of an image as tiles, its upper left corner anywhere. */
public final class TiledImage implements RenderedImage {

    private final BufferedImage image;
    private final int minX;
    private final int minY;
    private final int tileSize;

    public TiledImage(BufferedImage image, int minX, int minY, int tileSize) {
        this.image = image;
        this.minX = minX;
        this.minY = minY;
        this.tileSize = tileSize;
    }

    @Override
    public Vector<RenderedImage> getSources() {
        return null;
    }

    @Override
    public Object getProperty(String name) {
        return java.awt.Image.UndefinedProperty;
    }

    @Override
    public String[] getPropertyNames() {
        return null;
    }

    @Override
    public ColorModel getColorModel() {
        return image.getColorModel();
    }

    @Override
    public SampleModel getSampleModel() {
        return image.getSampleModel().createCompatibleSampleModel(tileSize, tileSize);
    }

    @Override
    public int getWidth() {
        return image.getWidth();
    }

    @Override
    public int getHeight() {
        return image.getHeight();
    }

    @Override
    public int getMinX() {
        return minX;
    }

    @Override
    public int getMinY() {
        return minY;
    }

    @Override
    public int getNumXTiles() {
        return (getWidth() + tileSize - 1) / tileSize;
    }

    @Override
    public int getNumYTiles() {
        return (getHeight() + tileSize - 1) / tileSize;
    }

    @Override
    public int getMinTileX() {
        return 0;
    }

    @Override
    public int getMinTileY() {
        return 0;
    }

    @Override
    public int getTileWidth() {
        return tileSize;
    }

    @Override
    public int getTileHeight() {
        return tileSize;
    }

    @Override
    public int getTileGridXOffset() {
        return minX;
    }

    @Override
    public int getTileGridYOffset() {
        return minY;
    }

    @Override
    public Raster getTile(int tileX, int tileY) {
        Rectangle all = new Rectangle(minX, minY, getWidth(), getHeight());
        return getData(all.intersection(new Rectangle(minX + tileX * tileSize, minY + tileY * tileSize, tileSize, tileSize)));
    }

    @Override
    public Raster getData() {
        return getData(new Rectangle(minX, minY, getWidth(), getHeight()));
    }

    @Override
    public Raster getData(Rectangle rect) {
        Raster part = image.getRaster().createChild(rect.x - minX, rect.y - minY, rect.width, rect.height, rect.x, rect.y, null);
        WritableRaster copy = part.createCompatibleWritableRaster(rect);
        copy.setRect(part);
        return copy;
    }

    @Override
    public WritableRaster copyData(WritableRaster raster) {
        WritableRaster target = raster != null ? raster
                : getSampleModelRaster(new Rectangle(minX, minY, getWidth(), getHeight()));
        target.setRect(getData(target.getBounds()));
        return target;
    }

    private WritableRaster getSampleModelRaster(Rectangle rect) {
        return Raster.createWritableRaster(image.getSampleModel().createCompatibleSampleModel(rect.width, rect.height),
                new Point(rect.x, rect.y));
    }
}
