// SPDX-License-Identifier: Apache-2.0
package org.semimage.generate;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.ServiceLoader.Provider;

/** The captioners and generators on the class path. */
public final class Services {

    /** The rank of what is there without anybody asking for it. */
    public static final int EMBEDDED = 0;

    /** The rank of what a user has set up, which comes before what is embedded. */
    public static final int CONFIGURED = 1;

    private Services() {
    }

    /** The captioners that are installed, those of the highest rank first, else in the order of the class path. */
    public static List<Captioner> captioners() {
        return ServiceLoader.load(Captioner.class).stream().map(Provider::get).filter(Captioner::isInstalled)
                .sorted(Comparator.comparingInt(Captioner::rank).reversed()).toList();
    }

    /** The first of the captioners that are installed. */
    public static Optional<Captioner> captioner() {
        return captioners().stream().findFirst();
    }

    /** The first generator that accepts a request, those of the highest rank asked first. */
    public static Optional<Generator> generator(Generator.Request request) {
        return ServiceLoader.load(Generator.class).stream().map(Provider::get)
                .sorted(Comparator.comparingInt(Generator::rank).reversed())
                .filter(generator -> generator.accepts(request)).findFirst();
    }

    /**
     * Whether any generator is installed that makes pictures of such files.
     *
     * @param caption what the file says that the picture shows
     */
    public static boolean hasGenerator(Optional<String> caption) {
        boolean words = caption.isPresent() && !caption.get().isBlank();
        return ServiceLoader.load(Generator.class).stream().map(Provider::get)
                .anyMatch(generator -> generator.isInstalled() && (words || !generator.needsCaption()));
    }
}
