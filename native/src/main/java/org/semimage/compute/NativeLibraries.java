// SPDX-License-Identifier: Apache-2.0
package org.semimage.compute;

import org.bytedeco.javacpp.Loader;

import java.io.IOException;
import java.io.InputStream;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Properties;

/**
 * Loads the libraries of this project's bindings.
 *
 * <p>A library lies in the folder {@code PLATFORM-CONTENT} beside its binding, and the file {@code PLATFORM-content/extension} says
 * {@code -CONTENT}, the beginning of the library's SHA-256. So another build is another entry of JavaCPP's cache, which tells entries
 * apart by path, size and date. No folder bears the name of a package, so they may come from another module than the binding.
 */
public final class NativeLibraries {

    private NativeLibraries() {
    }

    /** Asked for when there is something to say: the first logger of a process brings logging with it. */
    private static Logger log() {
        return System.getLogger("org.semimage");
    }

    /**
     * Loads the library of a binding, once.
     *
     * @return the folder that it was unpacked to, which holds this content alone; empty if it came from elsewhere
     * @throws UnsatisfiedLinkError if there is none for this platform, or it does not load; the message says why
     */
    public static Optional<Path> load(Class<?> binding) {
        Properties platform = (Properties) Loader.loadProperties().clone();
        String extension = extension(binding, platform.getProperty("platform"));
        platform.setProperty("platform.extension", extension);
        List<String> obstacles = chooseFolder();
        try {
            String library = uninterrupted(() -> Loader.load(binding, platform, false));
            Path folder = library == null ? null : Path.of(library).getParent();
            return folder != null && folder.endsWith(platform.getProperty("platform") + extension) ? Optional.of(folder) : Optional.empty();
        } catch (UnsatisfiedLinkError e) {
            throw obstacles.isEmpty() ? e : (UnsatisfiedLinkError) new UnsatisfiedLinkError("no folder holds native libraries: "
                    + String.join("; ", obstacles) + "; -D" + LibraryCache.PROPERTY + "=DIR names another").initCause(e);
        }
    }

    /**
     * Work of JavaCPP's loader that an interrupt of the thread does not break: the loader locks its folder, which an interrupted thread
     * cannot, and what it fails at once is not tried again in a process. The interrupt is handed on afterwards.
     *
     * @throws X if work did, for another reason
     */
    public static <T, X extends Exception> T uninterrupted(Loading<T, X> work) throws X {
        boolean interrupted = Thread.interrupted();
        try {
            while (true) {
                try {
                    return work.run();
                } catch (Exception | LinkageError e) {
                    if (!Thread.interrupted()) {
                        throw e;
                    }
                    interrupted = true;
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /**
     * What JavaCPP's loader is to do.
     *
     * @param <T> what it gives
     * @param <X> what it may throw
     */
    @FunctionalInterface
    public interface Loading<T, X extends Exception> {

        /** Does it, from the beginning if it is called again. */
        T run() throws X;
    }

    /**
     * Sees to it that JavaCPP unpacks libraries where they can be loaded from, unless it has begun or a system property says where. To be
     * called before its loader is used.
     *
     * @return what is in the way of every folder; empty if there is one
     */
    public static List<String> chooseFolder() {
        List<String> obstacles = new ArrayList<>();
        if (System.getProperty(LibraryCache.PROPERTY) != null || System.getProperty("org.bytedeco.javacpp.cacheDir") != null) {
            return obstacles;
        }
        LibraryCache cache = LibraryCache.ofProcess();
        Optional<Path> folder = cache.find(obstacles);
        if (folder.isPresent() && !folder.get().equals(cache.usual())) {
            log().log(Level.DEBUG, "Native libraries are unpacked to {0}, because {1}", folder.get(), String.join("; ", obstacles));
            System.setProperty(LibraryCache.PROPERTY, folder.get().toString());
        }
        return folder.isPresent() ? List.of() : obstacles;
    }

    /** Where JavaCPP unpacks libraries; empty if it is not there, or can write nowhere. */
    public static Optional<Path> folder() {
        try {
            return Optional.of(Loader.getCacheDir().toPath());
        } catch (LinkageError | IOException e) {
            log().log(Level.DEBUG, "JavaCPP has no folder", e);
            return Optional.empty();
        }
    }

    private static String extension(Class<?> binding, String platform) {
        String place = binding.getPackageName().replace('.', '/') + "/" + platform + "-content/extension";
        try (InputStream in = binding.getClassLoader().getResourceAsStream(place)) {
            if (in == null) {
                throw new UnsatisfiedLinkError("this build has no C++ library for " + platform);
            }
            return new String(in.readAllBytes(), StandardCharsets.US_ASCII);
        } catch (IOException e) {
            throw (UnsatisfiedLinkError) new UnsatisfiedLinkError(binding.getName() + " cannot be read").initCause(e);
        }
    }
}
