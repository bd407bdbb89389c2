// SPDX-License-Identifier: Apache-2.0
package example;

import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.util.Iterator;
import javax.imageio.IIOException;
import javax.imageio.ImageIO;
import javax.imageio.ImageReadParam;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;

/** Takes a picture and answers with a small one. A .sem file's comes from its coarse levels: the large picture is never decoded. */
@WebServlet("/thumbnail")
public class ThumbnailServlet extends HttpServlet {

    private static final int SIDE = 160;

    @Override
    protected void doPost(HttpServletRequest request, HttpServletResponse response) throws IOException {
        try (ImageInputStream in = ImageIO.createImageInputStream(request.getInputStream())) {
            Iterator<ImageReader> readers = ImageIO.getImageReaders(in);
            if (!readers.hasNext()) {
                response.sendError(HttpServletResponse.SC_UNSUPPORTED_MEDIA_TYPE);
                return;
            }
            ImageReader reader = readers.next();
            try {
                reader.setInput(in);
                BufferedImage small = thumbnail(reader);
                response.setContentType("image/png");
                ImageIO.write(small, "png", response.getOutputStream());
            } catch (IIOException e) {
                response.sendError(HttpServletResponse.SC_BAD_REQUEST, e.getMessage());
            } finally {
                reader.dispose();
            }
        }
    }

    private static BufferedImage thumbnail(ImageReader reader) throws IOException {
        int period = (Math.max(reader.getWidth(0), reader.getHeight(0)) + SIDE - 1) / SIDE;
        ImageReadParam param = reader.getDefaultReadParam();
        param.setSourceSubsampling(period, period, 0, 0);
        return reader.read(0, param);
    }
}
