// SPDX-License-Identifier: Apache-2.0
package org.semimage.spark;

import javax.imageio.ImageIO;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.zip.CRC32;

/** Small pictures, good and bad. */
public final class TestPictures {

    private TestPictures() {
    }

    /** A soft picture that no other seed gives, of a {@link BufferedImage} type. */
    public static BufferedImage picture(int width, int height, int type, long seed) {
        Random random = new Random(seed);
        double[] wave = random.doubles(9, 0.01, 0.2).toArray();
        BufferedImage image = new BufferedImage(width, height, type);
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                int argb = type == BufferedImage.TYPE_INT_ARGB ? (x * 255 / width) << 24 : 0xFF000000;
                for (int c = 0; c < 3; c++) {
                    double value = Math.sin(x * wave[c]) + Math.cos(y * wave[c + 3]) + Math.sin((x + y) * wave[c + 6]);
                    argb |= (int) (127 + 40 * value) + random.nextInt(4) << 8 * c;
                }
                image.setRGB(x, y, argb);
            }
        }
        return image;
    }

    /** A picture as a file. */
    public static byte[] file(BufferedImage image, String format) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        if (!ImageIO.write(image, format, bytes)) {
            throw new IOException("no writer of " + format);
        }
        return bytes.toByteArray();
    }

    /** A PNG of a few dozen bytes that claims to have so many pixels, of samples of 8 or 16 bits. */
    public static byte[] bomb(int width, int height, int depth) throws IOException {
        byte[] png = file(new BufferedImage(1, 1, BufferedImage.TYPE_INT_RGB), "png");
        ByteBuffer header = ByteBuffer.wrap(png, 16, 17);
        header.putInt(width).putInt(height).put((byte) depth);
        CRC32 crc = new CRC32();
        crc.update(png, 12, 17);
        ByteBuffer.wrap(png, 29, 4).putInt((int) crc.getValue());
        return png;
    }

    /**
     * Many pictures in folders, one in twenty of them bad: cut off, text, empty, a bomb, a SEM file's beginning.
     *
     * @return how many are bad
     */
    public static int archive(Path folder, int count) throws IOException {
        int bad = 0;
        for (int i = 0; i < count; i++) {
            Path place = Files.createDirectories(folder.resolve("y" + i % 3).resolve("m " + i % 4));
            boolean png = i % 2 == 0;
            byte[] file = file(picture(16 + i % 17, 12 + i % 13, BufferedImage.TYPE_INT_RGB, i), png ? "png" : "jpg");
            String name = (i % 5 == 0 ? "_" : "") + "p%04d.%s".formatted(i, png ? "png" : "jpg");
            if (i % 20 == 7) {
                bad++;
                file = switch (i / 20 % 5) {
                    case 0 -> Arrays.copyOf(file, file.length / 2);
                    case 1 -> "no picture".getBytes(StandardCharsets.US_ASCII);
                    case 2 -> new byte[0];
                    case 3 -> bomb(60000, 60000, 8);
                    default -> new byte[] {'S', 'E', 'M', (byte) 0x80};
                };
            }
            Files.write(place.resolve(name), file);
        }
        return bad;
    }
}
