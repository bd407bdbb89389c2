// SPDX-License-Identifier: Apache-2.0
package example;

import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.InputStream;
import javax.imageio.ImageIO;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.annotation.Bean;
import org.springframework.http.HttpStatus;
import org.springframework.http.converter.BufferedImageHttpMessageConverter;
import org.springframework.http.converter.HttpMessageConverter;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ResponseStatusException;

/** Takes pictures of every format that ImageIO reads, and answers with a .sem file or a thumbnail. */
@SpringBootApplication
public class PictureApplication {

    public static void main(String[] arguments) {
        SpringApplication.run(PictureApplication.class, arguments);
    }

    /** Writes what a controller returns in the format that its address produces. */
    @Bean
    HttpMessageConverter<BufferedImage> pictures() {
        return new BufferedImageHttpMessageConverter();
    }

    /** The two addresses. */
    @RestController
    static class Pictures {

        @PostMapping(path = "/sem", produces = "image/x-sem")
        BufferedImage sem(InputStream body) throws IOException {
            return read(body);
        }

        @PostMapping(path = "/thumbnail", produces = "image/png")
        BufferedImage thumbnail(InputStream body, @RequestParam(defaultValue = "160") int side) throws IOException {
            BufferedImage picture = read(body);
            double scale = Math.min(1, (double) side / Math.max(picture.getWidth(), picture.getHeight()));
            int width = (int) Math.max(1, Math.round(scale * picture.getWidth()));
            int height = (int) Math.max(1, Math.round(scale * picture.getHeight()));
            BufferedImage small = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
            Graphics2D graphics = small.createGraphics();
            graphics.setRenderingHint(RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_BICUBIC);
            graphics.drawImage(picture, 0, 0, width, height, null);
            graphics.dispose();
            return small;
        }

        private static BufferedImage read(InputStream body) throws IOException {
            BufferedImage picture = ImageIO.read(body);
            if (picture == null) {
                throw new ResponseStatusException(HttpStatus.UNSUPPORTED_MEDIA_TYPE);
            }
            return picture;
        }
    }
}
