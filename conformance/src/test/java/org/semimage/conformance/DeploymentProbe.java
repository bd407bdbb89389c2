// SPDX-License-Identifier: Apache-2.0
package org.semimage.conformance;

import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;

/** An application of the JDK alone that reads a picture, writes it and says where its reader came from; for a process of its own. */
final class DeploymentProbe {

    private DeploymentProbe() {
    }

    public static void main(String[] arguments) throws IOException {
        ImageIO.setUseCache(false);
        BufferedImage image = ImageIO.read(new File(arguments[0]));
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        boolean written = ImageIO.write(image, "sem", out);
        ImageReader reader = ImageIO.getImageReadersByFormatName("sem").next();
        System.out.println("read " + image.getWidth() + "x" + image.getHeight() + ", written " + written + ", module "
                + reader.getClass().getModule().getName());
    }
}
