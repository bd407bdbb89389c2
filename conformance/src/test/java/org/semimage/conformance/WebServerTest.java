// SPDX-License-Identifier: Apache-2.0
package org.semimage.conformance;

import org.apache.catalina.Context;
import org.apache.catalina.startup.Tomcat;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.semimage.picture.Psnr;
import org.semimage.picture.RgbSamples;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.converter.BufferedImageHttpMessageConverter;
import org.springframework.http.converter.HttpMessageConverter;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.ResponseBody;
import org.springframework.web.context.support.AnnotationConfigWebApplicationContext;
import org.springframework.web.servlet.DispatcherServlet;
import org.springframework.web.servlet.config.annotation.EnableWebMvc;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;

import javax.imageio.ImageIO;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** A Spring application in Tomcat that has never heard of SEM: pictures come in any format, and go out in the one that is asked for. */
class WebServerTest {

    private static final BufferedImage PICTURE = EncodedFiles.picture(120, 90, BufferedImage.TYPE_INT_RGB);

    private static Tomcat tomcat;

    @TempDir
    private static Path folder;

    /** The application. */
    @Configuration
    @EnableWebMvc
    static class Application implements WebMvcConfigurer {

        @Override
        public void extendMessageConverters(List<HttpMessageConverter<?>> converters) {
            converters.add(0, new BufferedImageHttpMessageConverter());
        }
    }

    /** Its one service: gives back the picture that it gets. */
    @Controller
    static class Echo {

        @PostMapping("/picture")
        @ResponseBody
        BufferedImage echo(@RequestBody BufferedImage picture) {
            return picture;
        }
    }

    @BeforeAll
    static void start() throws Exception {
        tomcat = new Tomcat();
        tomcat.setBaseDir(folder.toString());
        tomcat.setPort(0);
        Context context = tomcat.addContext("", folder.toString());
        AnnotationConfigWebApplicationContext application = new AnnotationConfigWebApplicationContext();
        application.register(Application.class, Echo.class);
        Tomcat.addServlet(context, "spring", new DispatcherServlet(application));
        context.addServletMappingDecoded("/*", "spring");
        tomcat.getConnector();
        tomcat.start();
    }

    @AfterAll
    static void stop() throws Exception {
        tomcat.stop();
        tomcat.destroy();
    }

    private static byte[] send(byte[] picture, String type, String wanted) throws IOException, InterruptedException {
        URI uri = URI.create("http://localhost:" + tomcat.getConnector().getLocalPort() + "/picture");
        HttpRequest request = HttpRequest.newBuilder(uri).header("Content-Type", type).header("Accept", wanted)
                .POST(HttpRequest.BodyPublishers.ofByteArray(picture)).build();
        HttpResponse<byte[]> response = HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofByteArray());
        assertEquals(200, response.statusCode());
        assertEquals(wanted, response.headers().firstValue("Content-Type").orElseThrow());
        return response.body();
    }

    @Test
    void aPngGoesUpAndASemComesDownAndBack() throws Exception {
        ByteArrayOutputStream png = new ByteArrayOutputStream();
        ImageIO.write(PICTURE, "png", png);
        byte[] sem = send(png.toByteArray(), "image/png", "image/x-sem");
        assertEquals("SEM", new String(sem, 0, 3));
        byte[] back = send(sem, "image/x-sem", "image/png");
        BufferedImage decoded = ImageIO.read(new ByteArrayInputStream(back));
        assertTrue(Psnr.of(RgbSamples.of(PICTURE), RgbSamples.of(decoded)) > 26);
    }
}
