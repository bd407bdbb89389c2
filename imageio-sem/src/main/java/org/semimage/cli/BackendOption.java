// SPDX-License-Identifier: Apache-2.0
package org.semimage.cli;

import org.semimage.compute.backend.Backends;
import picocli.CommandLine.Option;

import java.util.Locale;

/** The choice of where to compute. */
public final class BackendOption {

    /** Where the kernels run. */
    enum Backend {
        JAVA, NATIVE, CUDA;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    @Option(names = "--backend", paramLabel = "BACKEND",
            description = "Where to compute: ${COMPLETION-CANDIDATES} (default: native, or java where there is none).")
    private Backend backend;

    /** Passes the choice on; to be called before any picture is coded. */
    public void apply() {
        if (backend != null) {
            System.setProperty(Backends.PROPERTY, backend.toString());
        }
    }
}
