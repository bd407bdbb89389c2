// SPDX-License-Identifier: Apache-2.0
package org.semimage.profile.transform;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.Rectangle;
import java.util.List;
import org.junit.jupiter.api.Test;

class TileGridTest {

    @Test
    void picturesOfTwoMegapixelsAreInOnePiece() {
        assertFalse(TileGrid.of(1, 1).isTiled());
        assertFalse(TileGrid.of(1024, 2048).isTiled());
        assertTrue(TileGrid.of(1024, 2049).isTiled());
    }

    @Test
    void tilesOfALargePictureAreOfNearlyOneSizeAndCoverIt() {
        TileGrid tiles = TileGrid.of(3000, 4000);
        assertEquals(12, tiles.count());
        long area = 0;
        for (int i = 0; i < tiles.count(); i++) {
            Rectangle tile = tiles.tile(i);
            assertTrue(tile.width >= 960 && tile.height >= 960 && tile.width % 64 == 0 && tile.height % 64 == 0, tile.toString());
            area += (long) tile.width * tile.height;
        }
        assertEquals((long) tiles.width() * tiles.height(), area);
    }

    @Test
    void aLineOfPixelsHasTilesToo() {
        TileGrid tiles = TileGrid.of(1, 65535);
        assertEquals(64, tiles.tileHeight());
        assertEquals(64, tiles.count());
    }

    @Test
    void theTilesThatARegionTouchesAreFound() {
        TileGrid tiles = new TileGrid(256, 320, 128, 128);
        assertEquals(List.of(0, 1, 2, 3, 4, 5), tiles.touching(new Rectangle(320, 256)));
        assertEquals(List.of(4), tiles.touching(new Rectangle(128, 128, 128, 128)));
        assertEquals(List.of(0, 1, 3, 4), tiles.touching(new Rectangle(127, 127, 2, 2)));
        assertEquals(new Rectangle(192, 64, 128, 192), tiles.around(5, 64));
    }

    @Test
    void aRegionIsCutAtTileBordersIfItIsLongerThanATile() {
        TileGrid tiles = new TileGrid(256, 320, 128, 128);
        assertEquals(List.of(new Rectangle(100, 90, 128, 120)), tiles.columnsOf(new Rectangle(100, 90, 128, 120)));
        assertEquals(List.of(new Rectangle(100, 90, 128, 120)), tiles.rowsOf(new Rectangle(100, 90, 128, 120)));
        assertEquals(List.of(new Rectangle(100, 0, 28, 9), new Rectangle(128, 0, 101, 9)), tiles.columnsOf(new Rectangle(100, 0, 129, 9)));
        assertEquals(List.of(new Rectangle(0, 0, 320, 128), new Rectangle(0, 128, 320, 120)), tiles.rowsOf(new Rectangle(0, 0, 320, 248)));
    }

    @Test
    void blocksAroundAPlaceStayInsideThePicture() {
        TileGrid tiles = new TileGrid(256, 320, 128, 128);
        assertEquals(new Rectangle(0, 0, 128, 128), tiles.blocksAround(new Rectangle(10, 20, 30, 40), 64));
        assertEquals(new Rectangle(64, 64, 192, 192), tiles.blocksAround(new Rectangle(130, 128, 60, 65), 64));
        assertEquals(new Rectangle(192, 128, 128, 128), tiles.blocksAround(new Rectangle(319, 255, 1, 1), 64));
    }
}
