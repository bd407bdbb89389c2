package org.semimage.conformance;

import javax.imageio.ImageIO;
import java.awt.image.BufferedImage;
import java.io.File;
import java.io.IOException;

/** An application of the JDK alone that writes a picture over a file; for a process of its own. */
final class OverwritingProbe {

    private OverwritingProbe() {
    }

    public static void main(String[] arguments) throws IOException {
        ImageIO.setUseCache(false);
        try {
            BufferedImage image = new BufferedImage(40, 24, BufferedImage.TYPE_INT_RGB);
            System.out.println("written " + ImageIO.write(image, "sem", new File(arguments[0])));
        } catch (LinkageError e) {
            System.out.println("refused by " + e);
        }
    }
}
