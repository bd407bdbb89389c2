// SPDX-License-Identifier: Apache-2.0
package org.semimage.conformance;

import java.io.File;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;

/** The jars that an application carries: the plug-in's, the kernels', and the libraries'. */
final class ApplicationJars {

    private ApplicationJars() {
    }

    /** Those of this class path; of what is classes there, jars are made in a folder. */
    static List<Path> in(Path folder) throws IOException {
        List<Path> jars = new ArrayList<>();
        for (String entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
            Path path = Path.of(entry);
            String name = path.getFileName().toString();
            if (path.toString().contains("imageio-sem") && !name.contains("test")) {
                jars.add(jar(path, folder, "org.semimage.imageio"));
            } else if (path.toString().contains("native" + File.separator + "target") && !name.contains("test")) {
                jars.add(jar(path, folder, "org.semimage.compute"));
            } else if (isLibrary(path)) {
                jars.add(path);
            }
        }
        return jars;
    }

    private static boolean isLibrary(Path path) {
        String name = path.getFileName().toString();
        return name.endsWith(".jar") && !name.contains("-tests") && !name.startsWith("servlet-")
                && (path.toString().contains("twelvemonkeys") || name.startsWith("javacpp-"));
    }

    /** A jar as the build makes it; the path itself if it is one. */
    private static Path jar(Path classes, Path folder, String module) throws IOException {
        if (Files.isRegularFile(classes)) {
            return classes;
        }
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        manifest.getMainAttributes().put(new Attributes.Name("Automatic-Module-Name"), module);
        Path jar = folder.resolve(module + ".jar");
        try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar), manifest)) {
            Files.walkFileTree(classes, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                    out.putNextEntry(new JarEntry(classes.relativize(file).toString().replace(File.separatorChar, '/')));
                    Files.copy(file, out);
                    return FileVisitResult.CONTINUE;
                }
            });
        }
        return jar;
    }
}
