// SPDX-License-Identifier: Apache-2.0
package example;

import java.awt.image.BufferedImage;
import java.io.File;
import java.io.IOException;
import javax.imageio.ImageIO;

/** Converts a picture between any two formats of ImageIO, of which the jar brings SEM. */
public class Convert {

    public static void main(String[] arguments) throws IOException {
        if (arguments.length != 2) {
            System.err.println("usage: Convert FROM TO");
            System.exit(2);
        }
        BufferedImage picture = ImageIO.read(new File(arguments[0]));
        String suffix = arguments[1].substring(arguments[1].lastIndexOf('.') + 1);
        if (picture == null || !ImageIO.write(picture, suffix, new File(arguments[1]))) {
            System.err.println("one of the two formats is unknown");
            System.exit(1);
        }
        System.out.println(arguments[1] + ": " + picture.getWidth() + " x " + picture.getHeight());
    }
}
