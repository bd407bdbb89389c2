package org.semimage.cli;

import picocli.CommandLine.Option;

import java.util.Locale;

/** The choice of where to compute. */
final class BackendOption {

    /** System property that names the kernels to use; read when the codec first runs. */
    static final String PROPERTY = "org.semimage.backend";

    /** Where the kernels run. */
    enum Backend {
        JAVA, NATIVE, CUDA;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    @Option(names = "--backend", paramLabel = "BACKEND",
            description = "Where to compute: ${COMPLETION-CANDIDATES} (default: the fastest that works here).")
    private Backend backend;

    /** Passes the choice on; to be called before any picture is coded. */
    void apply() {
        if (backend != null) {
            System.setProperty(PROPERTY, backend.toString());
        }
    }
}
