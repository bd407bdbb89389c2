// SPDX-License-Identifier: Apache-2.0
package org.semimage.generate;

import java.util.Optional;
import java.util.ServiceLoader;

/** The captioners and generators on the class path. */
public final class Services {

    private Services() {
    }

    /** The first captioner that is installed. */
    public static Optional<Captioner> captioner() {
        return ServiceLoader.load(Captioner.class).findFirst();
    }

    /** The first generator that is installed and accepts a request. */
    public static Optional<Generator> generator(Generator.Request request) {
        for (Generator generator : ServiceLoader.load(Generator.class)) {
            if (generator.accepts(request)) {
                return Optional.of(generator);
            }
        }
        return Optional.empty();
    }

    /** Whether any generator is installed. */
    public static boolean hasGenerator() {
        return ServiceLoader.load(Generator.class).stream().anyMatch(generator -> generator.get().isInstalled());
    }
}
