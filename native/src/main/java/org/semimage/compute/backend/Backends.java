// SPDX-License-Identifier: Apache-2.0
package org.semimage.compute.backend;

import org.semimage.compute.kernel.JavaKernels;
import org.semimage.compute.kernel.Kernels;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.TreeMap;

/**
 * Chooses the {@link Kernels} of the process.
 *
 * <p>By default the C++ kernels, or those in Java where the former are not available. {@code -Dorg.semimage.backend=} with
 * {@code java}, {@code native} or {@code cuda} forces one. CUDA is used only if forced: it pays for many pictures at a time, and what
 * is to be coded one at a time is done before a device has been woken.
 *
 * <p>Kernels other than Java's are compared with Java's on known inputs before they are used: once per machine where the
 * provider has a place to note it, else once per process.
 */
public final class Backends {

    /** System property that forces a backend; read at the first use of {@link #get}. */
    public static final String PROPERTY = "org.semimage.backend";

    private static final String FALLBACK = "java";
    private static final String PREFERRED = "native";

    /** Kernels, or the reason why there are none. */
    private record Outcome(Kernels kernels, UnavailableException failure) {
    }

    private static final Map<String, Outcome> OUTCOMES = new TreeMap<>();

    private static Kernels chosen;

    private Backends() {
    }

    /**
     * The kernels of this process, chosen at the first call.
     *
     * @throws IllegalStateException if {@link #PROPERTY} names a backend that is unknown or not available; at every call
     */
    public static synchronized Kernels get() {
        if (chosen == null) {
            chosen = choose(System.getProperty(PROPERTY));
        }
        return chosen;
    }

    /**
     * The kernels of a name; the same object every time.
     *
     * @param name "java", "native", "cuda", or that of another {@link KernelsProvider}
     * @throws IllegalStateException if there are none of that name, or they are not available here; its cause says why
     */
    public static synchronized Kernels of(String name) {
        Outcome outcome = outcome(name);
        if (outcome.failure != null) {
            throw new IllegalStateException("Backend '" + name + "' is not available: " + outcome.failure.getMessage(), outcome.failure);
        }
        return outcome.kernels;
    }

    /** Whether there are kernels of a name, and they work here. */
    public static synchronized boolean isAvailable(String name) {
        return outcome(name).failure == null;
    }

    static Kernels choose(String forced) {
        if (forced != null) {
            Kernels kernels = of(forced);
            log().log(Level.DEBUG, "Kernels: {0}, as {1} demands", kernels, PROPERTY);
            return kernels;
        }
        Outcome preferred = outcome(PREFERRED);
        if (preferred.failure == null) {
            return preferred.kernels;
        }
        log().log(Level.WARNING,
                "Pictures are coded in Java, 6 to 20 times slower than in C++, because the C++ kernels are not available: {0}",
                preferred.failure.getMessage());
        return of(FALLBACK);
    }

    /** Asked for when there is something to say that nobody expects: the first logger of a process brings logging with it. */
    private static Logger log() {
        return System.getLogger("org.semimage");
    }

    private static Outcome outcome(String name) {
        Outcome outcome = OUTCOMES.get(name);
        if (outcome == null) {
            outcome = create(name);
            OUTCOMES.put(name, outcome);
        }
        return outcome;
    }

    private static Outcome create(String name) {
        if (name.equals(FALLBACK)) {
            return new Outcome(new JavaKernels(), null);
        }
        try {
            return new Outcome(tested(provider(name)), null);
        } catch (UnavailableException e) {
            return new Outcome(null, e);
        } catch (LinkageError | RuntimeException e) {
            return new Outcome(null, new UnavailableException("it does not run", e));
        }
    }

    static Kernels tested(KernelsProvider provider) throws UnavailableException {
        Kernels kernels = provider.create();
        Optional<Path> passed = provider.passed();
        if (passed.isEmpty() || !Files.exists(passed.get())) {
            SelfTest.check(kernels);
            passed.ifPresent(Backends::note);
        }
        return kernels;
    }

    /** An empty file, which is there or is not, whoever else makes it. */
    private static void note(Path passed) {
        try {
            Files.createFile(passed);
        } catch (IOException | SecurityException e) {
            log().log(Level.DEBUG, "That the kernels passed the self-test is not noted", e);
        }
    }

    private static KernelsProvider provider(String name) throws UnavailableException {
        List<String> names = new ArrayList<>(List.of(FALLBACK));
        try {
            for (KernelsProvider provider : ServiceLoader.load(KernelsProvider.class, Backends.class.getClassLoader())) {
                if (provider.name().equals(name)) {
                    return provider;
                }
                names.add(provider.name());
            }
        } catch (ServiceConfigurationError e) {
            throw new UnavailableException("looking for it failed", e);
        }
        throw new UnavailableException("there are only " + names);
    }
}
