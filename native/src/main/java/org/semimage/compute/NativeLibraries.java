// SPDX-License-Identifier: Apache-2.0
package org.semimage.compute;

import org.bytedeco.javacpp.Loader;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Properties;

/**
 * Loads the libraries of this project's bindings.
 *
 * <p>A library lies in the folder {@code PLATFORM-CONTENT} beside its binding, and the file {@code PLATFORM.extension} says
 * {@code -CONTENT}, the
 * beginning of the library's SHA-256. So another build is another entry of JavaCPP's cache, which tells entries apart by path, size and
 * date.
 */
public final class NativeLibraries {

    private NativeLibraries() {
    }

    /**
     * Loads the library of a binding, once.
     *
     * @throws UnsatisfiedLinkError if there is none for this platform, or it does not load; the message says why
     */
    public static void load(Class<?> binding) {
        Properties platform = (Properties) Loader.loadProperties().clone();
        platform.setProperty("platform.extension", extension(binding, platform.getProperty("platform")));
        Loader.load(binding, platform, false);
    }

    private static String extension(Class<?> binding, String platform) {
        try (InputStream in = binding.getResourceAsStream(platform + ".extension")) {
            if (in == null) {
                throw new UnsatisfiedLinkError("this build has no C++ library for " + platform);
            }
            return new String(in.readAllBytes(), StandardCharsets.US_ASCII);
        } catch (IOException e) {
            throw (UnsatisfiedLinkError) new UnsatisfiedLinkError(binding.getName() + " cannot be read").initCause(e);
        }
    }
}
