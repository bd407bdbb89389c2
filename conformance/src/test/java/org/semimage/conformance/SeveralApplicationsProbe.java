// SPDX-License-Identifier: Apache-2.0
package org.semimage.conformance;

import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.spi.ImageReaderSpi;
import javax.imageio.stream.ImageInputStream;
import java.awt.image.BufferedImage;
import java.io.File;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * A server whose applications have the plug-in each, in class loaders of their own, and read a picture at the same moment; for a process
 * of its own. Says for each which kernels it has, and a number made of the pixels.
 */
final class SeveralApplicationsProbe {

    private SeveralApplicationsProbe() {
    }

    public static void main(String[] arguments) throws Exception {
        File picture = new File(arguments[0]);
        URL[] jars = urls(arguments[1].split(File.pathSeparator));
        int applications = Integer.parseInt(arguments[2]);
        ImageIO.setUseCache(false);
        CyclicBarrier start = new CyclicBarrier(applications);
        ExecutorService threads = Executors.newFixedThreadPool(applications);
        List<Future<String>> said = new ArrayList<>();
        for (int i = 0; i < applications; i++) {
            said.add(threads.submit((Callable<String>) () -> {
                try (URLClassLoader application = new URLClassLoader(jars, ClassLoader.getPlatformClassLoader())) {
                    start.await();
                    return read(application, picture);
                }
            }));
        }
        for (Future<String> one : said) {
            System.out.println(one.get());
        }
        threads.shutdown();
    }

    private static String read(ClassLoader application, File picture) throws Exception {
        ImageReaderSpi provider = (ImageReaderSpi) application.loadClass("org.semimage.imageio.SemImageReaderSpi")
                .getConstructor().newInstance();
        ImageReader reader = provider.createReaderInstance();
        try (ImageInputStream in = ImageIO.createImageInputStream(picture)) {
            reader.setInput(in);
            BufferedImage image = reader.read(0);
            int pixels = Arrays.hashCode(image.getRGB(0, 0, image.getWidth(), image.getHeight(), null, 0, image.getWidth()));
            Object kernels = application.loadClass("org.semimage.compute.backend.Backends").getMethod("get").invoke(null);
            return kernels + " " + pixels;
        } finally {
            reader.dispose();
        }
    }

    private static URL[] urls(String[] jars) throws MalformedURLException {
        URL[] urls = new URL[jars.length];
        for (int i = 0; i < jars.length; i++) {
            urls[i] = new File(jars[i]).toURI().toURL();
        }
        return urls;
    }
}
